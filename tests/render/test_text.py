import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from ownership.domain.goals import PERCENT, Goal, GoalId, GoalUpdate, Measure
from ownership.domain.journal import Look, LookId
from ownership.domain.overview import GoalStanding, Overview
from ownership.domain.people import Audience, PersonId
from ownership.domain.visibility import Viewer
from ownership.render.phrases import Phrases, Trail
from ownership.render.text import NARROWEST, overview_text, sparkline

NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)


def standing(
    measure: Measure, *figures: float, is_quiet: bool = False, viewers: tuple[Viewer, ...] = ()
) -> GoalStanding:
    """Make a goal that stands somewhere."""
    goal = Goal(GoalId("ada.g"), PersonId("ada"), "A goal", NOW - timedelta(days=90), measure=measure).start(NOW.date())
    for figure in figures:
        goal = goal.record(GoalUpdate(NOW - timedelta(days=50), figure))
    trail = tuple(measure.share_of(figure) for figure in figures)
    return GoalStanding(goal, goal.progress, goal.confidence, trail, is_quiet, viewers)


def only(overview: Overview, one: GoalStanding) -> str:
    """Write the overview with just one goal in it."""
    return overview_text(evolve(overview, goals=(one,)))


def test_supporters_see_a_goal_that_is_shared_with_nobody_else(overview: Overview) -> None:
    """A goal for her alone and those who support her says so, and by name."""
    alone = standing(PERCENT, 40)
    supported = evolve(alone, goal=alone.goal.with_supporter(PersonId("liam")))
    assert "Only you and who supports you: Liam de Boer" in only(overview, supported)
    assert "Only you and who" not in only(overview, alone)


def test_it_says_what_a_person_wants_to_know(overview: Overview) -> None:
    """Greeting, next step, standing, promises, choices, feedback, ends, reflections and looks are all there."""
    text = overview_text(overview)
    for expected in (
        "Good to see you, Ada Vermeer\nTuesday 24 November 2026",
        "→ Prepare your check-in (about 5 minutes)",
        "40% of the way  ▁▂▂▂▄",
        "How sure you feel: 7 out of 10",
        "✓ Watch Noor lead one (done on 3 Sep 2026)",
        "Shared with your manager, since 1 Oct 2026\n    Sam Okafor, as your manager",
        "With Sam Okafor · Open until",
        "• More room on Fridays (from you)",
        "• Sam Okafor: Keep Fridays free of meetings for my team",
        "Open with a question instead of slides: kept: They talked to each other.",
        "• What you need: Fridays to practise\n  Sam Okafor answers by 4 Dec 2026",
        "  Sam Okafor will, by 1 Dec 2026: ask the client in Delft",
        "  Sam Okafor: not now, because the money is spent this year",
        "• Suggested to you: Write for the whole company\n  by Liam de Boer",
        "• Asked for, above your budget: A week of improvisation\n  Sam Okafor answers by 8 Dec 2026",
        "• Your development plan: Lead a client workshop\n  Made on 2 Nov 2026, and you both stand by it",
        "There were 4 kinds to choose from.",
        "Fits the theme of your goal · Offered by Yuki Tanaka · 4 hours",
        "You asked: What should I keep doing when I lead a workshop?",
        "About “Lead a client workshop” · Only you and Liam de Boer, who wrote it",
        "• Yuki Tanaka asks: How clear was my handover?",
        "Let go on 18 Sep 2026",
        "• Who is on call\n  Theirs · Told on 1 Sep 2026 to Liam de Boer and Noor el Amrani",
        "Taken back on 2 Nov 2026",
        "You look back on 4 Jan 2027",
        "Energy · 12 Nov 2026 · Only you",
        "• Yuki Tanaka, acting as Sam Okafor · 15 Nov 2026, 11:30 · 1 item",
    ):
        assert expected in text


def test_a_trend_says_what_there_is_and_what_there_is_not(overview: Overview) -> None:
    """A construct has its last value and the one before; where there are too few answers it says so, and no zero."""
    text = overview_text(overview)
    assert "• Autonomy: 75, on 12 Nov 2026 · before that 50" in text
    assert "• Recovery: not enough answers to say something yet" in text
    assert "Nobody else sees this." in " ".join(text.split())
    assert "• recovery: not enough" in overview_text(evolve(overview, construct_titles={}))


def test_an_empty_overview_is_kind_and_helps(empty_in: Callable[[str], Overview], locale: str) -> None:
    """Someone with nothing yet reads a first step and where to begin, and something of her own is on the list."""
    text = overview_text(empty_in(locale))
    assert {"en": "→ Find a direction", "nl": "→ Vind een richting"}[locale] in text
    assert {"en": "• Something of your own", "nl": "• Iets van jezelf"}[locale] in text
    assert "None" not in text


def test_it_speaks_her_language(rich_in: Callable[[str], Overview]) -> None:
    """A Dutch reader gets Dutch, with Dutch figures and days."""
    text = overview_text(rich_in("nl-NL"))
    assert "dinsdag 24 november 2026" in text
    assert "36,5 hours" in text
    assert "Je volgende kleine stap" in text


@pytest.mark.parametrize("width", [1, 24, 40, 80, 120])
def test_no_line_is_longer_than_the_width(rich_in: Callable[[str], Overview], locale: str, width: int) -> None:
    """Whatever the width, every line fits, down to the narrowest that can be read."""
    assert max(map(len, overview_text(rich_in(locale), width=width).splitlines())) <= max(width, NARROWEST)


def test_a_word_that_is_too_long_is_broken(overview: Overview) -> None:
    """A title without a space in it is broken, with nothing lost."""
    one = standing(Measure())
    text = only(overview, evolve(one, goal=evolve(one.goal, title="x" * 200)))
    assert max(map(len, text.splitlines())) <= 80
    assert "x" * 200 in re.sub(r"\s", "", text)


def test_a_terminal_is_given_no_commands(overview: Overview) -> None:
    """A character that a terminal obeys (U+009B) is shown, not sent, should one come past the validators."""
    one = standing(Measure())
    goal = evolve(one.goal)
    object.__setattr__(goal, "why", "before\x9b31mafter\ttab\nnext")
    text = only(overview, evolve(one, goal=goal))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert "before\N{REPLACEMENT CHARACTER}31mafter" in text


def test_silence_is_no_news(overview: Overview) -> None:
    """A quiet goal says that there is no news before any figure, however far it was."""
    text = only(overview, standing(Measure(), 80, 90, is_quiet=True))
    assert "No news" in text
    assert "The last word was on 5 Oct 2026. What you noted last: 90% of the way." in re.sub(r"\s+", " ", text)
    assert "\n  90% of the way" not in text


def test_silence_without_a_figure_says_no_more_than_that(overview: Overview) -> None:
    """A quiet goal that never had a figure invents none."""
    text = only(overview, standing(Measure(), is_quiet=True))
    assert "The last word was on 26 Aug 2026.\n" in text
    assert "What you noted last" not in text


def test_without_a_figure_there_is_not_enough_data(overview: Overview) -> None:
    """No figure is "not enough data yet", never nought per cent."""
    text = only(overview, standing(Measure()))
    assert "Not enough data yet" in text
    assert "0%" not in text


@pytest.mark.parametrize(
    ("measure", "figure", "said"),
    [
        (Measure(0, 40, "talks"), 10, "25% of the way\n  From 0 up to 40; now 10 talks."),
        (Measure(200, 50, "mails"), 125, "50% of the way\n  From 200 down to 50; now 125 mails."),
        (Measure(40, 36, "hours", 2), 37, "37 hours\n  Within the range you want to keep, 34 to 38 hours."),
        (Measure(40, 36, "hours", 2), 41, "41 hours\n  Outside the range you want to keep, 34 to 38 hours."),
        (Measure(), 30, "30% of the way\n"),
    ],
)
def test_a_figure_is_read_in_its_own_direction(overview: Overview, measure: Measure, figure: float, said: str) -> None:
    """A figure to raise, to reduce and to hold is each told in its own way."""
    assert said in only(overview, standing(measure, figure))


def test_many_viewers_are_counted(overview: Overview, everyone_sees: tuple[Viewer, ...]) -> None:
    """A goal shared with everyone names a few people and counts the rest."""
    text = re.sub(r"\s+", " ", only(overview, standing(Measure(), viewers=everyone_sees)))
    assert "Colleague 5 and 295 others, because you shared it with everyone" in text


def test_sharing_that_reaches_nobody_says_so(overview: Overview) -> None:
    """A goal shared with a manager whom there is none of now is not shown as seen."""
    one = standing(Measure())
    one = evolve(one, goal=one.goal.with_audience(Audience.of("manager"), NOW.date()))
    assert "At the moment that reaches nobody." in only(overview, one)


def test_a_look_by_someone_who_left_is_still_told(overview: Overview) -> None:
    """Who is not known any more is someone who left, with the moment and the number of items."""
    look = Look(LookId("ada.l"), PersonId("ada"), PersonId("gone"), NOW, ("a", "b"))
    assert "• Someone who left · 24 Nov 2026, 14:05 · 2 items" in overview_text(evolve(overview, looks=(look,)))


def test_a_look_through_her_own_account_names_the_real_user(overview: Overview) -> None:
    """Whoever acted as her is named first, also when the host's user is nobody the library knows."""
    look = Look(LookId("ada.l"), PersonId("ada"), PersonId("ada"), NOW, ("a",), on_behalf_of="support-7")
    assert "support-7, acting as Ada Vermeer" in overview_text(evolve(overview, looks=(look,)))


@pytest.mark.parametrize(
    ("heights", "drawn"), [((0.0, 1.0), "▁█"), ((1.0, 0.5, 0.0), "█▅▁"), (tuple([0.0] * 50 + [1.0]), "▁" * 23 + "█")]
)
def test_a_sparkline_draws_the_last_part_of_the_way(heights: tuple[float, ...], drawn: str) -> None:
    """From low to high in eight blocks, and no longer than fits beside a figure."""
    assert sparkline(Trail(heights, None, "")) == drawn


def test_a_line_needs_two_figures(overview: Overview) -> None:
    """One figure is a point, and a point has no direction to show."""
    assert Phrases(overview).trail(standing(Measure(), 40)) is None


def test_a_figure_to_hold_is_drawn_as_it_was(overview: Overview) -> None:
    """The line of a figure to hold shows the figures and their range, not just in or out."""
    trail = Phrases(overview).trail(standing(Measure(40, 36, "hours", 2), 42, 34, 38))
    assert trail is not None
    assert trail.heights == (1.0, 0.0, 0.5)
    assert trail.band == (0.0, 0.5)


def test_a_figure_that_never_moved_is_a_level_line(overview: Overview) -> None:
    """Equal figures with no tolerance divide by nothing."""
    trail = Phrases(overview).trail(standing(Measure(36, 36, "hours", 0), 36, 36))
    assert trail is not None
    assert trail.heights == (0.5, 0.5)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_number_can_be_explained_in_words(rich_in: Callable[[str], Overview], language: str) -> None:
    """There is not one number in an overview for which the reader gets no sentence, in her own language."""
    say = Phrases(rich_in(language))
    for path in say.overview.numbers():
        sentence = say.explained(path)
        assert sentence.endswith(".")
        assert "{" not in sentence


def test_a_number_is_explained_with_what_she_noted(overview: Overview) -> None:
    """The last figure, its day and both ends of the way are in the sentence, and a step says which rule it follows."""
    say = Phrases(overview)
    assert say.standing_explained(overview.goals[0], "progress").startswith("On ")
    assert "on the way from 0 to 100" in say.standing_explained(overview.goals[0], "progress")
    assert "Because your check-in is open until" in overview_text(overview)
