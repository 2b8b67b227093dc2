"""Resting: not developing anything now, as a full choice.

A rest is nobody's but its owner's: it has no audience, so there is no way to share it, and everything that others see
goes on as it did. Each person has one :class:`Rest`, which tells of now; what is over is not kept as a history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes
from ownership.domain.classification import OWN_FACTS, OWNER_ID, RECORD_ID, VERSION, Keeping, Purpose
from ownership.domain.moves import status_after
from ownership.domain.people import PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

RestId = NewType("RestId", str)


class RestStatus(StrEnum):
    """Whether someone chose to rest."""

    RESTING = "resting"
    ENDED = "ended"


class RestMove(StrEnum):
    """What someone can do with her rest."""

    BEGIN = "begin"
    RESCHEDULE = "reschedule"
    END = "end"


MOVES: Mapping[RestStatus, Mapping[RestMove, RestStatus]] = {
    RestStatus.RESTING: {
        RestMove.RESCHEDULE: RestStatus.RESTING,
        RestMove.END: RestStatus.ENDED,
    },
    RestStatus.ENDED: {RestMove.BEGIN: RestStatus.RESTING},
}


@frozen
class Rest:
    """The rest of a person, from a day (included) until a day (not included; None: until she says so)."""

    keeping: ClassVar[Keeping] = Keeping(Purpose.DEVELOP)

    id: RestId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    since: date = field(validator=moments.day, metadata=OWN_FACTS)
    until: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    ended_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise InvalidInput.at("rest.until", "is not after the day on which the rest begins")
        if self.ended_on is not None and self.ended_on < self.since:
            raise InvalidInput.at("rest.ended_on", "lies before the day on which the rest begins")

    @property
    def status(self) -> RestStatus:
        """Whether the rest was ended."""
        return RestStatus.RESTING if self.ended_on is None else RestStatus.ENDED

    def is_on(self, day: date) -> bool:
        """Whether the person rests on a day."""
        return self.ended_on is None and self.since <= day and (self.until is None or day < self.until)

    def begin(self, on: date, until: date | None = None) -> Rest:
        """Return a rest that begins anew."""
        self._after(RestMove.BEGIN)
        return evolve(self, since=on, until=until, ended_on=None)

    def reschedule(self, until: date | None, on: date) -> Rest:
        """Return the rest with another end, which is still to come, or with none."""
        self._after(RestMove.RESCHEDULE)
        if until is not None and until <= on:
            raise InvalidInput.at("rest.until", "is not after today; choose a later day, or stop resting")
        return evolve(self, until=until)

    def end(self, on: date) -> Rest:
        """Return the rest as ended: from that day on the person does not rest."""
        self._after(RestMove.END)
        return evolve(self, ended_on=max(on, self.since))

    def _after(self, move: RestMove) -> RestStatus:
        return status_after(MOVES, self.status, move, "rest", self.id)


def rest_id(person_id: PersonId) -> RestId:
    """Give the id of the one rest of a person."""
    return RestId(f"{person_id}.z")


def rest_from(rest: Rest | None, owner_id: PersonId, on: date, until: date | None) -> Rest:
    """Plan the rest of a person who chooses, today, to rest until a day (None: until she says so).

    ``rest`` is the one that she has, if any. A rest that goes on gets another end; one that is over makes place.
    """
    if rest is None:
        return Rest(rest_id(owner_id), owner_id, on, until)
    if rest.is_on(on):
        return rest.reschedule(until, on)
    over = rest.end(on) if rest.status is RestStatus.RESTING else rest
    return over.begin(on, until)


def is_resting(rest: Rest | None, on: date) -> bool:
    """Whether someone rests on a day: then nothing needs doing, and nothing of ours nudges her."""
    return rest is not None and rest.is_on(on)
