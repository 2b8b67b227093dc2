"""Arrivals: what someone brought along from an earlier workplace, and the names of the people there.

Whoever she worked with there is nobody here: no relation, no right, no person of this workspace. What stays is the name
as it was told then, under an id that is made of hers and means nothing to anybody else.
"""

from __future__ import annotations

from base64 import b32hexencode
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import ClassVar, NewType

from attrs import field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    IDENTITY,
    OTHER_PERSON,
    OWN_FACTS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    WORDS_FOR_ANOTHER,
    Keeping,
    Purpose,
)
from ownership.domain.people import PersonId
from ownership.errors import InvalidInput

ArrivalId = NewType("ArrivalId", str)


@frozen
class NamedPerson:
    """Somebody who is mentioned, and what they were called then."""

    id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    name: str = field(validator=texts.line, repr=False, metadata=WORDS_FOR_ANOTHER)


@frozen
class Arrival:
    """What someone brought along, once: from where, in which bundle (its digest), and who was there.

    ``earlier_id`` was her own id there, ``records`` is how many things came along.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.ACCOUNT)

    id: ArrivalId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    tenant: str = field(validator=texts.line, repr=False, metadata=OWN_FACTS)
    earlier_id: PersonId = field(validator=shapes.identifier, metadata=IDENTITY)
    digest: str = field(validator=shapes.identifier, metadata=OWN_FACTS)
    made_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    arrived_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    records: int = field(validator=shapes.whole(0, 1_000_000), metadata=OWN_FACTS)
    people: tuple[NamedPerson, ...] = field(default=(), validator=shapes.each(shapes.kind_of(NamedPerson)))
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if len({person.id for person in self.people}) < len(self.people):
            raise InvalidInput.at("arrival.people", "has somebody twice")


def arrival_id(owner_id: PersonId, tenant: str, earlier_id: PersonId) -> ArrivalId:
    """Give the id of the one arrival that a person can have from one earlier workplace."""
    return ArrivalId(f"{owner_id}.6{_mark(owner_id, tenant, earlier_id, 'arrival')}")


def stand_in_id(owner_id: PersonId, tenant: str, earlier_id: str) -> PersonId:
    """Give the id under which somebody from an earlier workplace is mentioned in what one person owns.

    The same colleague has another id in what another brings along, so that the two cannot be put side by side.

    Examples:
        >>> stand_in_id(PersonId("ada"), "acme", "sam") == stand_in_id(PersonId("liam"), "acme", "sam")
        False
    """
    return PersonId(_mark(owner_id, tenant, earlier_id, "person"))


def _mark(*parts: str) -> str:
    return b32hexencode(sha256("\0".join(parts).encode()).digest()).decode().lower()[:16]


def names_told(arrivals: Iterable[Arrival]) -> dict[PersonId, str]:
    """Give the names of everyone from earlier workplaces, by the id under which they are mentioned here."""
    return {person.id: person.name for arrival in arrivals for person in arrival.people}
