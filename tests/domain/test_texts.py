"""What may be stored as text: stored equals read, or it is refused with the name of the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from attrs import field, frozen
from hypothesis import given

from ownership.domain import texts
from ownership.errors import InvalidInput
from ownership.testing import hostile_texts, lines, paragraphs, writings


@frozen
class Card:
    """One field for each rule of text."""

    line: str = field(default="a line", validator=texts.line)
    paragraph: str = field(default="", validator=texts.paragraph)
    written: str = field(default="written", validator=texts.written)
    label: str = field(default="", validator=texts.label)
    language: str = field(default="en", validator=texts.language)
    translations: Mapping[str, str] = field(default={"en": "word"}, validator=texts.translated)
    email: str = field(default="ada@example.org", validator=texts.email)
    link: str = field(default="", validator=texts.web_address)


FIELDS = ("line", "label", "paragraph", "written", "language", "email", "link")
UNSTORABLE = [
    *range(9),
    0x0B,
    0x0C,
    *range(0x0E, 0x20),
    *range(0x7F, 0x85),
    *range(0x86, 0xA0),
    0xD800,
    0xDBFF,
    0xDC00,
    0xDFFF,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0x2028,
    0x2029,
    0xFFFE,
    0xFFFF,
]


def path_of_refusal(**given_fields: Any) -> str:
    """Give the path in the error that a card with these fields gives."""
    with pytest.raises(InvalidInput) as refused:
        Card(**given_fields)
    (problem,) = refused.value.problems
    return problem.path


@pytest.mark.parametrize("code", UNSTORABLE, ids=hex)
@pytest.mark.parametrize("name", FIELDS)
def test_a_character_that_cannot_be_kept_is_refused_in_every_kind_of_text(name: str, code: int) -> None:
    """NUL, controls, surrogates, bidi overrides and separators are refused with the field's name, anywhere."""
    start = {"email": "ada@example.org", "link": "https://example.org/"}.get(name, "words ")
    for text in (start + chr(code), chr(code) + start):
        assert path_of_refusal(**{name: text}) == f"card.{name}"


@pytest.mark.parametrize("code", UNSTORABLE, ids=hex)
def test_the_message_names_the_character_and_where_it_stands(code: int) -> None:
    """Whoever is refused is told which character at which position, never the text itself."""
    problem = texts.problem_with(f"secret{chr(code)}", limit=99)
    assert problem is not None
    assert f"U+{code:04X} at position 6" in problem
    assert "secret" not in problem


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [None, 7, b"bytes", ["list"], 1.5, True])
def test_what_is_no_text_is_refused(name: str, value: Any) -> None:
    """Only a str is text."""
    assert path_of_refusal(**{name: value}) == f"card.{name}"


@pytest.mark.parametrize(("name", "limit"), [("line", 200), ("label", 200), ("paragraph", 10_000), ("written", 10_000)])
def test_as_much_fits_as_the_limit_says(name: str, limit: int) -> None:
    """A text of exactly the limit is kept and one character more is refused."""
    fits: dict[str, Any] = {name: "x" * limit}
    assert getattr(Card(**fits), name) == "x" * limit
    assert path_of_refusal(**{name: "x" * (limit + 1)}) == f"card.{name}"


def test_ten_megabytes_are_refused_without_being_echoed() -> None:
    """A text of ten million characters is refused in a message of less than a line."""
    problem = texts.problem_with("x" * 10_000_000, limit=texts.TEXT_LIMIT)
    assert problem is not None
    assert len(problem) < 80


@pytest.mark.parametrize("name", ["line", "written"])
@pytest.mark.parametrize("empty", ["", " ", "\u00a0", "\u3000 "])
def test_a_title_and_an_answer_say_something(name: str, empty: str) -> None:
    """Nothing but spaces is nothing."""
    assert path_of_refusal(**{name: empty}) == f"card.{name}"


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\t", "\x85"])
def test_a_line_is_one_line(line_break: str) -> None:
    """A line break or tab has no place in a title, and has one in a paragraph."""
    assert path_of_refusal(line=f"a{line_break}b") == "card.line"
    assert Card(paragraph=f"a{line_break}b").paragraph == f"a{line_break}b"


@pytest.mark.parametrize(
    "address",
    ["ada@example.org", "a.b+c@sub.example.org", "ada@localhost", "o'neil@example.org", "zoë@exämple.org", "a@b.c"],
)
def test_addresses_that_can_be_are_accepted(address: str) -> None:
    """An address with one @ and no spaces may be an e-mail address."""
    assert Card(email=address).email == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@@example.org",
        "ada@ex@ample.org",
        "a da@example.org",
        "ada@example.org\n",
        "ada@example.org\r\nBcc: all@example.org",
        "ada@.org",
        "ada@example.",
        "ada@example..org",
        "Ada <ada@example.org>",
        "ada@example.org, sam@example.org",
        "a" * 250 + "@b.nl",
    ],
)
def test_addresses_that_cannot_be_are_refused(address: str) -> None:
    """What could smuggle a second receiver or a header into a mail is no address."""
    assert not texts.is_email(address)
    assert path_of_refusal(email=address) == "card.email"


@pytest.mark.parametrize("link", ["", "https://example.org", "http://example.org/a?b=c#d"])
def test_links_to_the_web_are_kept(link: str) -> None:
    """A link starts with http or https, and no link is fine."""
    assert Card(link=link).link == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "//example.org",
        "https://",
        "https://a b",
        'https://a"onclick="x',
        "https://a'b",
        "https://<script>",
        " https://example.org",
        "https://example.org\n",
        "https://" + "x" * 2_000,
    ],
)
def test_other_links_are_refused(link: str) -> None:
    """A link that could run something, or break out of an attribute, is refused."""
    assert path_of_refusal(link=link) == "card.link"


@given(hostile_texts())
def test_stored_equals_read_or_it_is_refused(text: str) -> None:
    """What a paragraph accepts is kept to the letter and can be written as UTF-8; else its field is named."""
    if texts.problem_with(text, limit=texts.TEXT_LIMIT):
        assert path_of_refusal(paragraph=text) == "card.paragraph"
    else:
        assert Card(paragraph=text).paragraph == text
        assert text.encode().decode() == text


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("secret", ["my secret\x00", "\ud800my secret", "my secret\u202e", "my secret" * 2_000])
def test_a_refusal_never_holds_the_text(secret: str, name: str) -> None:
    """An error may end up in a log, so it names the field and never quotes what was written."""
    written: dict[str, Any] = {name: secret}
    with pytest.raises(InvalidInput) as refused:
        Card(**written)
    assert "secret" not in str(refused.value)


@given(lines(), paragraphs(), writings())
def test_ordinary_text_in_any_script_is_kept(line: str, paragraph: str, written: str) -> None:
    """Every script and emoji that says something is kept as it is."""
    card = Card(line=line, paragraph=paragraph, written=written)
    assert (card.line, card.paragraph, card.written) == (line, paragraph, written)


@pytest.mark.parametrize("text", ["", "one line", " "])
def test_a_label_is_at_most_one_line(text: str) -> None:
    """A label may be empty, and has no line break."""
    assert Card(label=text).label == text
    assert path_of_refusal(label=text + "\n") == "card.label"


@pytest.mark.parametrize("tag", ["nl", "en-GB", "en_GB", "zh-Hant-TW", "fil"])
def test_the_tag_of_a_language_is_kept(tag: str) -> None:
    """A language is two or three letters, with subtags perhaps."""
    assert Card(language=tag).language == tag


@pytest.mark.parametrize("tag", ["", "e", "dutch", "en-", "en GB", "nl\n", "-nl", "en-GB-a-b-c", 7])
def test_what_names_no_language_is_refused(tag: Any) -> None:
    """Anything else is no language."""
    assert path_of_refusal(language=tag) == "card.language"


@pytest.mark.parametrize("given_", [{"en": "word"}, {"en": "word", "nl": ""}, {"nl": "woord", "en": "word"}])
def test_a_translated_text_is_there_in_english(given_: dict[str, str]) -> None:
    """English says something; another language may still be empty, and is then read in English."""
    assert Card(translations=given_).translations == given_


@pytest.mark.parametrize(
    "given_",
    [None, "word", {}, {"nl": "woord"}, {"en": " "}, {"en": "word", "dutch": "x"}, {"en": "\x00"}, {"en": 7}, {7: "x"}],
)
def test_a_translated_text_without_english_or_words_is_refused(given_: Any) -> None:
    """No English, an unknown language, or a text that cannot be kept is refused."""
    assert path_of_refusal(translations=given_) == "card.translations"
