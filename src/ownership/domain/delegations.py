"""Delegations: decisions that someone hands over by name, says so, and looks back on.

Naming one is private. Those whom it concerns hear of it when it is announced, and not before. Looking back ends in
keeping it with them or in taking it back: both are honourable, and the second comes with a reason for those who had it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import OWN_FACTS, OWN_WORDS, OWNER_ID, RECORD_ID, VERSION, Keeping, Purpose
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

DelegationId = NewType("DelegationId", str)


class DelegationStatus(StrEnum):
    """Where a decision that is handed over is in its life."""

    NAMED = "named"
    ANNOUNCED = "announced"
    KEPT = "kept"
    TAKEN_BACK = "taken_back"
    DROPPED = "dropped"


class DelegationMove(StrEnum):
    """What its owner can do with a decision that he hands over."""

    ANNOUNCE = "announce"
    DROP = "drop"
    KEEP = "keep"
    TAKE_BACK = "take_back"


MOVES: Mapping[DelegationStatus, Mapping[DelegationMove, DelegationStatus]] = {
    DelegationStatus.NAMED: {
        DelegationMove.ANNOUNCE: DelegationStatus.ANNOUNCED,
        DelegationMove.DROP: DelegationStatus.DROPPED,
    },
    DelegationStatus.ANNOUNCED: {
        DelegationMove.ANNOUNCE: DelegationStatus.ANNOUNCED,
        DelegationMove.KEEP: DelegationStatus.KEPT,
        DelegationMove.TAKE_BACK: DelegationStatus.TAKEN_BACK,
    },
    DelegationStatus.KEPT: {DelegationMove.TAKE_BACK: DelegationStatus.TAKEN_BACK},
    DelegationStatus.TAKEN_BACK: {},
    DelegationStatus.DROPPED: {},
}


class DelegationFact(StrEnum):
    """What others may hear of a decision that was announced."""

    HANDED_OVER = "DecisionHandedOver"
    KEPT = "DecisionKept"
    TAKEN_BACK = "DecisionTakenBack"


def _team_or_people(instance: Any, attribute: Any, value: Any) -> None:
    shapes.kind_of(Audience)(instance, attribute, value)
    if value.kind not in {AudienceKind.TEAM, AudienceKind.PEOPLE}:
        raise InvalidInput.at(texts.path_of(instance, attribute), "is neither the team nor people by name")


TO_THE_TEAM = Audience(AudienceKind.TEAM)
"""A decision for all who report to its owner on the day when it is announced."""


@frozen
class Delegation:
    """A decision that its owner takes no longer: the team, or people by name, take it from a day on.

    ``to`` is for whom it is meant, ``audience`` who was told. ``look_back_on`` is the day that he chose to look back.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.LEAD)

    id: DelegationId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    text: str = field(validator=texts.written, repr=False, metadata=OWN_WORDS)
    from_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    to: Audience = field(default=TO_THE_TEAM, validator=_team_or_people)
    look_back_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    status: DelegationStatus = field(
        default=DelegationStatus.NAMED, validator=shapes.kind_of(DelegationStatus), metadata=OWN_FACTS
    )
    announced_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    looked_back_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    looking_back: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    audience: Audience = field(default=ONLY_ME, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if self.look_back_on is not None and self.look_back_on < self.from_on:
            raise InvalidInput.at("delegation.look_back_on", "lies before the day from which the decision is theirs")

    @property
    def mentions(self) -> tuple[str, ...]:
        """To whom it is to be told by name: the stored key by which these are found."""
        return self.to.person_ids

    def may(self, move: DelegationMove) -> bool:
        """Whether the status allows a move."""
        return move in MOVES[self.status]

    def _after(self, move: DelegationMove) -> DelegationStatus:
        return status_after(MOVES, self.status, move, "delegation", self.id)

    def announce(self, to: Iterable[PersonId], on: date) -> Delegation:
        """Return the decision as announced to people by name; again, it reaches those who came since.

        Raises:
            InvalidInput: there is nobody to tell, or nobody but its owner.
        """
        status, told = self._after(DelegationMove.ANNOUNCE), tuple(sorted(set(to) - {self.owner_id}))
        if not told:
            raise InvalidInput.at("delegation.to", "reaches nobody now; name the people who take the decision")
        return evolve(
            self,
            status=status,
            announced_on=self.announced_on or on,
            audience=Audience(AudienceKind.PEOPLE, told),
            shared_on=self.shared_on or on,
        )

    def drop(self) -> Delegation:
        """Return the decision as dropped before anyone was told."""
        return evolve(self, status=self._after(DelegationMove.DROP))

    def keep(self, on: date, looking_back: str = "") -> Delegation:
        """Return the decision as kept where it is: theirs."""
        return evolve(self, status=self._after(DelegationMove.KEEP), looked_back_on=on, looking_back=looking_back)

    def take_back(self, on: date, reason: str) -> Delegation:
        """Return the decision as taken back, with a reason for those who had it.

        Raises:
            InvalidInput: no reason is given.
        """
        status = self._after(DelegationMove.TAKE_BACK)
        if not reason.strip():
            raise InvalidInput.at("delegation.reason", "is empty; those who had the decision read why it goes back")
        return evolve(self, status=status, looked_back_on=on, looking_back=reason)

    def is_ripe(self, on: date) -> bool:
        """Whether the day has come that its owner chose to look back on it."""
        is_theirs = self.status is DelegationStatus.ANNOUNCED
        return is_theirs and self.look_back_on is not None and self.look_back_on <= on
