import builtins
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve, validators

from ownership.domain.overview import Overview
from ownership.errors import Misconfigured
from ownership.render import page
from ownership.render.page import overview_page, policy

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}</style>&amp;"
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Seen(HTMLParser):
    """What a page is made of: its elements with their attributes, its text, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element that is opened."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element that is closed at once."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """See that what is closed is what was open."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """Give all text, its spaces tidied."""
        return re.sub(r"\s+", " ", "".join(self.words))

    def attributes(self, name: str) -> Iterator[str]:
        """Give every value of an attribute."""
        return (attributes[name] for _, attributes in self.elements if name in attributes)


def poisoned(overview: Overview) -> Overview:
    """Put hostile text in every field that holds what people wrote, past all validators, as a broken store could."""

    def hostile(value: Any, *fields: str) -> Any:
        return evolve(value, **dict.fromkeys(fields, HOSTILE))

    with validators.disabled():
        standings = []
        for standing in overview.goals:
            goal = hostile(standing.goal, "title", "why", "theme")
            goal = evolve(
                goal,
                measure=hostile(goal.measure, "unit"),
                milestones=tuple(hostile(m, "title") for m in goal.milestones),
                updates=tuple(hostile(u, "note") for u in goal.updates),
            )
            viewers = tuple(hostile(v, "display_name") for v in standing.viewers)
            standings.append(evolve(standing, goal=goal, viewers=viewers))
        assert overview.check_in
        check_in = evolve(
            overview.check_in,
            agenda=tuple(hostile(item, "text") for item in overview.check_in.agenda),
            preparations=tuple(hostile(p, "progress", "challenges", "needs") for p in overview.check_in.preparations),
        )
        return evolve(
            overview,
            person=hostile(overview.person, "display_name"),
            goals=tuple(standings),
            ended=tuple(hostile(g, "title", "closing_reflection") for g in overview.ended),
            check_in=check_in,
            my_promises=tuple(hostile(a, "text") for a in overview.my_promises),
            promised_to_me=tuple(hostile(a, "text") for a in overview.promised_to_me),
            feedback=tuple(hostile(f, "text", "question", "about") for f in overview.feedback),
            waiting_for=tuple(hostile(r, "question") for r in overview.waiting_for),
            asked_of_me=tuple(hostile(r, "question") for r in overview.asked_of_me),
            choices=tuple(hostile(c, "title", "why", "looking_back") for c in overview.choices),
            could_choose=tuple(
                evolve(e, option=evolve(hostile(e.option, "title", "description"), link="javascript:alert(1)"))
                for e in overview.could_choose
            ),
            reflections=tuple(hostile(r, "question", "text") for r in overview.reflections),
            next_steps=tuple(hostile(s, "title") for s in overview.next_steps),
            looks=tuple(hostile(look, "on_behalf_of") for look in overview.looks),
            names=dict.fromkeys(overview.names, HOSTILE),
        )


def test_hostile_text_is_shown_as_it_was_written(overview: Overview) -> None:
    """Whatever people write stays text: the page has the same elements, no handler, and no template is run in it."""
    clean, hostile = Seen(overview_page(overview)), Seen(overview_page(poisoned(overview)))
    tags = {tag for tag, _ in hostile.elements}
    assert tags <= {tag for tag, _ in clean.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "base"}
    assert hostile.text.count("<script>alert(1)</script>") > 50
    assert "{{ 7 * 7 }}" in hostile.text
    assert not any(name.startswith("on") for _, attributes in hostile.elements for name in attributes)


def test_a_link_that_is_not_http_is_no_link(overview: Overview) -> None:
    """A javascript: link from an unchecked source is left out, not shown and not followed."""
    html = overview_page(poisoned(overview))
    assert "javascript:" not in html


@pytest.mark.parametrize("name", ["rich", "empty"])
def test_nothing_comes_from_the_network(
    rich_in: Callable[[str], Overview], empty_in: Callable[[str], Overview], locale: str, name: str
) -> None:
    """No address but the links that people may follow, and nothing in the style that loads anything."""
    overview = {"rich": rich_in, "empty": empty_in}[name](locale)
    html = overview_page(overview)
    links = {entry.option.link.replace("&", "&amp;") for entry in overview.could_choose if entry.option.link}
    assert set(re.findall(r"https?://[^\s\"'<>]+", html)) == links
    assert not re.search(r"url\(|@import|src=", html)


def test_links_of_people_tell_nothing_to_where_they_go(overview: Overview) -> None:
    """Every outside link goes without opener and referrer, and says what it is about."""
    links = [a for tag, a in Seen(overview_page(overview)).elements if tag == "a" and not a["href"].startswith("#")]
    assert links
    assert all(a["rel"] == "noopener noreferrer" for a in links)
    assert links[0]["href"] == "https://learning.example.org/questions?a=1&b=2"


def test_the_policy_allows_its_own_style_and_nothing_else(overview: Overview) -> None:
    """The page's policy names the very style that it has, by hash, and no unsafe word."""
    html = overview_page(overview)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    (allowed,) = (a["content"] for _, a in Seen(html).elements if a.get("http-equiv") == "Content-Security-Policy")
    assert allowed == policy(style)
    assert f"style-src 'sha256-{digest}'" in allowed
    assert allowed.startswith("default-src 'none';")
    assert "unsafe" not in allowed
    assert html.index("Content-Security-Policy") < html.index("<style>")


def test_a_style_that_was_changed_is_not_the_one_allowed() -> None:
    """One character more in the style is another hash, so the test above would catch it."""
    assert policy("p { }") != policy("p { } ")


def test_no_element_has_a_style_of_its_own(overview: Overview) -> None:
    """Inline styles would need an unsafe policy; there are none."""
    assert not list(Seen(overview_page(overview)).attributes("style"))


@pytest.mark.parametrize("name", ["rich", "empty"])
def test_the_page_is_well_made(
    rich_in: Callable[[str], Overview], empty_in: Callable[[str], Overview], locale: str, name: str
) -> None:
    """Every element is closed, ids are unique, links within the page arrive, and headings come in order."""
    seen = Seen(overview_page({"rich": rich_in, "empty": empty_in}[name](locale)))
    assert seen.open == []
    ids = list(seen.attributes("id"))
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in seen.attributes("href") if href.startswith("#")} <= set(ids)
    assert set(seen.attributes("aria-labelledby")) <= set(ids)
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_says_its_language(rich_in: Callable[[str], Overview], locale: str) -> None:
    """A screen reader hears the language that the words are in."""
    assert f'<html lang="{locale}">' in overview_page(rich_in(locale))


def test_a_language_without_words_is_marked_as_english(rich_in: Callable[[str], Overview]) -> None:
    """Who reads a language that we have no words in gets English that says it is English."""
    assert '<html lang="en">' in overview_page(rich_in("fr-FR"))


def test_an_empty_page_is_kind_and_helps(empty_in: Callable[[str], Overview], locale: str) -> None:
    """Someone with nothing yet reads a first step and where to begin, and something of her own is on the list."""
    text = Seen(overview_page(empty_in(locale))).text
    assert {"en": "Find a direction", "nl": "Vind een richting"}[locale] in text
    assert {"en": "Always on the list", "nl": "Staat altijd op de lijst"}[locale] in text
    assert "None" not in text


def test_it_says_the_same_as_the_text(overview: Overview) -> None:
    """What stands in a terminal stands on the page too."""
    text = Seen(overview_page(overview)).text
    for expected in (
        "40% of the way",
        "From 20 down to 4; now 9 evenings a month.",
        "Within the range you want to keep, 34 to 38 hours.",
        "No news",
        "Not enough data yet",
        "Sam Okafor, as your manager",
        "Only you and Liam de Boer, who wrote it",
        "Open until 30 Nov 2026",
        "Let go on 18 Sep 2026",
        "You said thanks on 11 Nov 2026",
        "Yuki Tanaka, acting as Sam Okafor",
        "Nothing here is graded or ranked",
    ):
        assert expected in text


def test_what_is_quiet_is_not_drawn_as_going_well(overview: Overview) -> None:
    """A goal without news has its own look: none of the colour of one in motion."""
    html = overview_page(overview)
    (quiet,) = re.findall(r'<article class="card goal quiet">.*?</article>', html, re.DOTALL)
    assert "No news" in quiet
    assert "moving" not in quiet


def test_every_drawing_is_described(overview: Overview) -> None:
    """A drawing that means something has words; every other one is hidden from a screen reader."""
    drawings = [attributes for tag, attributes in Seen(overview_page(overview)).elements if tag == "svg"]
    assert all(("aria-label" in a) != (a.get("aria-hidden") == "true") for a in drawings)
    assert {a["aria-label"] for a in drawings if a.get("role") == "img"} >= {
        "How it went: from 5% to 40% of the way, in 5 notes",
        "How it went: from 41 hours to 36.5 hours, in 4 notes; the shaded range is the one you want to keep",
    }


def test_a_trend_is_a_dot_on_a_line_from_0_to_100(overview: Overview) -> None:
    """Each value has its dot, the last one larger; a construct with too few answers has an empty line, and no zero."""
    drawn = re.findall(r'<svg class="on-a-line".*?</svg>', overview_page(overview), re.DOTALL)
    dots = [[(float(x), r) for x, r in re.findall(r'cx="([\d.]+)" cy="6" r="(\d)"', each)] for each in drawn]
    assert dots == [[(105.0, "3"), (155.0, "5")], []]


def test_no_red_anywhere() -> None:
    """No colour of the style is red: none has a hue near red with more than a trace of colour."""
    style = files("ownership.render").joinpath("templates", "overview.css").read_text(encoding="utf-8")
    for code in re.findall(r"#([0-9a-f]{6})\b", style):
        red, green, blue = (int(code[i : i + 2], 16) for i in (0, 2, 4))
        assert not (red > green + 60 and red > blue + 60 and green < 0.55 * red), code


def test_long_lists_unfold(overview: Overview) -> None:
    """All of her feedback is on the page; what is not recent unfolds without any script."""
    html = overview_page(overview)
    assert "<details><summary>4 earlier ones</summary>" in html
    assert all(f"time {n}." in html for n in range(3, 9))


def test_without_jinja_it_says_what_to_install(overview: Overview, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who did not install the extra reads how to, in one line."""
    real = builtins.__import__

    def without_jinja(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("jinja2"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    page._environment.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without_jinja)
    with pytest.raises(Misconfigured, match=r'pages: needs Jinja2; pip install "ownership\[pages\]"'):
        overview_page(overview)
