"""Cycles: the programme of check-ins, run by an organiser who reads none of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ownership.domain.cycles import Cadence, Cycle, CycleId
from ownership.domain.people import PersonId
from ownership.workspace.desk import find_person
from ownership.workspace.records import ORGANISATION
from ownership.workspace.seat import ORGANISER, Seat, several


class Cycles:
    """The cycles of a workspace. Every call takes the role of organiser and raises NotAllowed without it."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def start(
        self,
        *,
        name: str,
        cadence: str,
        people: Iterable[str] | None = None,
        starts_on: date | None = None,
        open_days: int = 14,
    ) -> Cycle:
        """Start a cycle for people (by id, external id or e-mail; None: everyone), from a day on (default: today).

        ``cadence`` is a recurrence rule of RFC 5545, from DAILY to YEARLY, such as ``FREQ=MONTHLY;BYDAY=1TU``; each
        check-in is open for ``open_days`` days. Check-ins open when due work runs.

        Raises:
            InvalidInput: the cadence is no such rule, or a field cannot be kept.
            NotFound: nobody is meant by one of the people.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            spoken = None if people is None else several(people, "cycle.people")
            named = None if spoken is None else tuple(PersonId(find_person(sight.unit, who).id) for who in spoken)
            return sight.unit.save(
                Cycle(
                    id=CycleId(self._seat.desk.new_id(ORGANISATION, Cycle)),
                    name=name,
                    cadence=Cadence(cadence, starts_on or self._seat.today(sight)),
                    person_ids=named,
                    open_days=open_days,
                )
            )

    def all(self) -> tuple[Cycle, ...]:
        """Give all cycles, the oldest first."""
        self._seat.require(ORGANISER)
        with self._seat.reading() as sight:
            return tuple(sight.unit.find(Cycle))

    def stop(self, cycle_id: CycleId | str) -> Cycle:
        """Stop a cycle: no more check-ins open in it; those that are open stay open.

        Raises:
            NotFound: there is no such cycle.
            IllegalMove: it was stopped before.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            return sight.unit.save(sight.unit.one(Cycle, cycle_id).stop())
