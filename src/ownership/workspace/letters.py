"""Letters: the words of deliveries, in the language of their reader. One letter tells of all that goes out at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ownership.content import Content, day_in_words
from ownership.domain.people import Person
from ownership.domain.reminders import Delivery


def letter_to(
    person: Person, deliveries: Sequence[Delivery], names: Mapping[str, str], content: Content
) -> tuple[str, str]:
    """Give the subject and body of the one letter that tells a person of some deliveries."""
    if len(deliveries) == 1:
        return texts_of(deliveries[0], person, names, content)
    lines = "\n".join(f"- {_line_of(delivery, person, names, content)}" for delivery in deliveries)
    return content.message("digest", person.language, name=person.display_name, lines=lines)


def texts_of(delivery: Delivery, person: Person, names: Mapping[str, str], content: Content) -> tuple[str, str]:
    """Give the subject and body of a delivery, in the language of its reader."""
    return content.message(delivery.kind, person.language, name=person.display_name, **_facts(delivery, person, names))


def _line_of(delivery: Delivery, person: Person, names: Mapping[str, str], content: Content) -> str:
    return content.digest_line(delivery.kind, person.language, **_facts(delivery, person, names))


def _facts(delivery: Delivery, person: Person, names: Mapping[str, str]) -> dict[str, str]:
    until = day_in_words(delivery.until, person.language) if delivery.until else ""
    return {"other": names.get(delivery.other_id or "", "…"), "until": until}
