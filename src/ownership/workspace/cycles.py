"""Cycles: the programme of check-ins, run by an organiser who reads none of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ownership.domain.cycles import Cadence, Cycle, CycleId, Rhythm, RhythmScope
from ownership.domain.people import PersonId
from ownership.errors import InvalidInput
from ownership.workspace.desk import find_person
from ownership.workspace.records import ORGANISATION, id_of
from ownership.workspace.seat import ORGANISER, Seat, several
from ownership.workspace.sight import Sight

CycleOrId = Cycle | CycleId | str


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
        prepare_days: int = 0,
    ) -> Cycle:
        """Start a cycle for people (by id, external id or e-mail; None: everyone), from a day on (default: today).

        ``cadence`` is a recurrence rule of RFC 5545, from DAILY to YEARLY, such as ``FREQ=MONTHLY;BYDAY=1TU``; each
        check-in is open for ``open_days`` days, of which the first ``prepare_days`` are for both to prepare.

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
                    prepare_days=prepare_days,
                )
            )

    def all(self) -> tuple[Cycle, ...]:
        """Give all cycles, the oldest first."""
        self._seat.require(ORGANISER)
        with self._seat.reading() as sight:
            return tuple(sight.unit.find(Cycle))

    def set_rhythm(
        self,
        cycle: CycleOrId,
        *,
        cadence: str,
        department: str = "",
        team: str = "",
        person: str = "",
        starts_on: date | None = None,
    ) -> Cycle:
        """Set the cadence of a department, a team or a person; of everyone else when none is named. The narrower wins.

        Days are counted from ``starts_on`` (default: today). A period in which somebody did something is finished: the
        next begins on the first day that the cadence names when that one is over.

        Raises:
            InvalidInput: the cadence is no recurrence rule, or more than one group is named.
            NotFound: there is no such cycle, or nobody is meant by ``person``.
            IllegalMove: the cycle was stopped.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            latest = sight.unit.one(Cycle, id_of(cycle))
            rule = Cadence(cadence, starts_on or self._seat.today(sight))
            group = _group(sight, department=department, team=team, person=person)
            return sight.unit.save(latest.set_rhythm(Rhythm(*group, rule)) if group else latest.set_cadence(rule))

    def drop_rhythm(self, cycle: CycleOrId, *, department: str = "", team: str = "", person: str = "") -> Cycle:
        """Let a department, a team or a person follow the wider rhythm again, when their period is over.

        Raises:
            InvalidInput: they have no rhythm of their own, or not exactly one group is named.
            NotFound: there is no such cycle, or nobody is meant by ``person``.
            IllegalMove: the cycle was stopped.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            latest = sight.unit.one(Cycle, id_of(cycle))
            group = _group(sight, department=department, team=team, person=person)
            if group is None:
                raise InvalidInput.at("rhythm", "is whose? name a department, a team or a person")
            return sight.unit.save(latest.drop_rhythm(*group))

    def stop(self, cycle: CycleOrId) -> Cycle:
        """Stop a cycle: no more check-ins open in it; those with which somebody did something stay open.

        Raises:
            NotFound: there is no such cycle.
            IllegalMove: it was stopped before.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            return sight.unit.save(sight.unit.one(Cycle, id_of(cycle)).stop())


def _group(sight: Sight, **named: str) -> tuple[RhythmScope, str] | None:
    """Read which group is meant; None for everyone."""
    groups = {RhythmScope(scope): name for scope, name in named.items() if name}
    if len(groups) > 1:
        raise InvalidInput.at("rhythm", "is for one group: a department, a team or a person")
    if who := groups.get(RhythmScope.PERSON):
        return RhythmScope.PERSON, find_person(sight.unit, who).id
    return next(iter(groups.items()), None)
