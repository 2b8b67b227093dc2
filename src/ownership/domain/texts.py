"""Text that people write: what may be stored, and how much of it.

Stored equals read, or it is refused: no character here can be lost, hide others or reorder a line unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ownership.errors import InvalidInput

LINE_LIMIT = 200
"""Characters in a title or a name."""

TEXT_LIMIT = 10_000
"""Characters in a note, a question, a reflection."""

# Controls but tab and newlines (terminals obey some of them); lone surrogates; bidirectional overrides and isolates,
# which can show a line other than it is; the two separators and non-characters that formats disagree about.
_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\u2028\u2029\ufffe\uffff]"
)
_LINE_BREAK = re.compile(r"[\r\n\t\x85]")
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\.]+(\.[^@\s<>\"(),:;\[\]\\.]+)*")

Check = Callable[[Any, Any, Any], None]


def problem_with(value: str, *, limit: int) -> str | None:
    """Say what is wrong with a text, or None when it can be stored as it is."""
    if len(value) > limit:
        return f"has {len(value)} characters; at most {limit} fit"
    if not value.isprintable() and (found := _UNSTORABLE.search(value)):
        character = f"U+{ord(found.group()):04X}"
        return f"has the character {character} at position {found.start()}, which cannot be kept; leave it out"
    return None


def _checked(instance: Any, attribute: Any, value: object, limit: int) -> str:
    if isinstance(value, str) and len(value) <= limit and value.isprintable():  # most of what people write
        return value
    if not isinstance(value, str):
        raise InvalidInput.at(path_of(instance, attribute), f"is {type(value).__name__}; a text is needed")
    if problem := problem_with(value, limit=limit):
        raise InvalidInput.at(path_of(instance, attribute), problem)
    return value


def line(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but one line of text with something on it (an attrs validator)."""
    text = _checked(instance, attribute, value, LINE_LIMIT)
    if not text or text.isspace():
        raise InvalidInput.at(path_of(instance, attribute), "is empty; write a few words")
    if not text.isprintable() and _LINE_BREAK.search(text):
        raise InvalidInput.at(path_of(instance, attribute), "has a line break or tab; one line is needed")


def label(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but at most one line of text; empty is fine (an attrs validator)."""
    text = _checked(instance, attribute, value, LINE_LIMIT)
    if not text.isprintable() and _LINE_BREAK.search(text):
        raise InvalidInput.at(path_of(instance, attribute), "has a line break or tab; one line is needed")


def paragraph(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse text that cannot be kept; empty is fine (an attrs validator)."""
    _checked(instance, attribute, value, TEXT_LIMIT)


def written(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse text that cannot be kept, and text with nothing in it (an attrs validator)."""
    if not _checked(instance, attribute, value, TEXT_LIMIT).strip():
        raise InvalidInput.at(path_of(instance, attribute), "is empty; write a few words")


def email(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what cannot be an e-mail address (an attrs validator)."""
    if not is_email(value):
        raise InvalidInput.at(path_of(instance, attribute), "is not an e-mail address such as name@example.org")


def translated(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but texts by language that can be kept, of which the English one says something (an attrs validator).

    A translation may be empty: then there is none.
    """
    if not isinstance(value, Mapping) or not all(map(is_language, value)):
        raise InvalidInput.at(path_of(instance, attribute), "is not a text for each language")
    for text in value.values():
        paragraph(instance, attribute, text)
    if not value.get("en", "").strip():
        raise InvalidInput.at(path_of(instance, attribute), 'has no text in English; give one under "en"')


def web_address(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse links other than http and https; empty is no link (an attrs validator)."""
    text = _checked(instance, attribute, value, 2_000)
    if text and not re.fullmatch(r"https?://[^\s<>\"']+", text):
        raise InvalidInput.at(path_of(instance, attribute), "is not a link that starts with https:// or http://")


def language(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but the tag of a language (an attrs validator)."""
    if not is_language(value):
        raise InvalidInput.at(path_of(instance, attribute), "is no language tag such as nl or en-GB")


def is_language(value: object) -> bool:
    """Tell whether this is the tag of a language, as BCP 47 writes them; an underscore is read as a hyphen."""
    return isinstance(value, str) and bool(_LANGUAGE.fullmatch(value))


def is_email(value: object) -> bool:
    """Tell whether this can be an e-mail address: one ``@``, no spaces, at most 254 characters (RFC 5321)."""
    return (
        isinstance(value, str)
        and len(value) <= 254
        and not problem_with(value, limit=254)
        and bool(_EMAIL.fullmatch(value))
    )


def path_of(instance: object, attribute: Any) -> str:
    """Name the place of a field, as errors show it: ``check_in.closes_on``."""
    noun = _WORD_START.sub("_", type(instance).__name__).lower()
    return f"{noun}.{attribute.name}"
