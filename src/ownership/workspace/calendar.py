"""The calendar: which check-ins are open now, also those with which nobody has done anything yet.

Such a check-in is what its cycle, her rhythm and her partner of today make of it, and is stored nowhere. The first who
does something with it stores it, and with it that her period began.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from ownership.domain.check_ins import CheckIn, CheckInId, check_in_id, open_check_in
from ownership.domain.cycles import Cycle, CycleStatus, Participation, Period, participation_id, participation_of
from ownership.domain.people import Person, PersonId
from ownership.workspace.records import ValueUnit


class Opening(NamedTuple):
    """A period of somebody whose check-in can be open, on the day that it is where she is."""

    person: Person
    cycle: Cycle
    period: Period
    today: date
    may_begin: bool

    @property
    def id(self) -> CheckInId:
        """The id of the check-in."""
        return check_in_id(self.person.id, self.cycle.id, self.period)

    @property
    def partner_id(self) -> PersonId | None:
        """Her partner of today."""
        line = self.person.partner_on(self.today)
        return line.manager_id if line else None

    def partner_at_work(self, people: Mapping[str, Person]) -> Person | None:
        """Give her partner of today, if that one works here now."""
        partner = people.get(self.partner_id or "")
        return partner if partner is not None and partner.works_on(self.today) else None

    def check_in(self, people: Mapping[str, Person]) -> CheckIn:
        """Give the check-in as it is when nobody did anything with it."""
        return open_check_in(self.cycle, self.person, self.period, self.today, self.partner_at_work(people))


class Calendar:
    """The check-ins that are open now, in one unit of work."""

    def __init__(self, unit: ValueUnit, now: datetime) -> None:
        self._unit = unit
        self._now = now
        self._taking_part: dict[str, Participation | None] = {}

    @cached_property
    def cycles(self) -> Sequence[Cycle]:
        """The cycles that are running."""
        return list(self._unit.find(Cycle, "status", equals=CycleStatus.RUNNING))

    def openings(self, people: Sequence[Person]) -> list[Opening]:
        """Give the periods of people whose check-ins can be open."""
        self._look_up(participation_id(person.id, cycle.id) for person in people for cycle in self.cycles)
        return [opening for person in people for opening in self._openings(person)]

    def openings_of(self, person: Person, taking_part: Iterable[Participation]) -> list[Opening]:
        """Give the periods of a person whose check-ins can be open, given all that says how she takes part."""
        self._taking_part |= dict.fromkeys(participation_id(person.id, cycle.id) for cycle in self.cycles)
        self._taking_part |= {one.id: one for one in taking_part}
        return list(self._openings(person))

    def untouched(self, openings: Iterable[Opening], written: Collection[str]) -> list[CheckIn]:
        """Give the check-ins of periods that can begin, and are not among those that are written down."""
        untouched = [it for it in openings if it.may_begin and it.id not in written]
        partners = self._unit.people(it.partner_id for it in untouched if it.partner_id)
        return [it.check_in(partners) for it in untouched]

    def open_for(self, people: Sequence[Person]) -> list[CheckIn]:
        """Give the check-ins of people's periods of today: written down, and then whatever became of them, or not."""
        openings = self.openings(people)
        written = self._unit.many(CheckIn, [it.id for it in openings])
        return [*written.values(), *self.untouched(openings, written)]

    def open_of(self, person: Person, taking_part: Sequence[Participation]) -> list[CheckIn]:
        """Give the check-ins of a person that are open, however many there were, given how she takes part.

        Only her last period in which somebody did something can be open, and those of today: a period begins when the
        one before it is over.
        """
        openings = self.openings_of(person, taking_part)
        last = [check_in_id(person.id, one.cycle_id, one.last) for one in taking_part if one.last]
        written = self._unit.many(CheckIn, [*(it.id for it in openings), *last])
        today = person.day_of(self._now)
        open_ones = [check_in for check_in in written.values() if check_in.is_open_on(today)]
        return in_order([*open_ones, *self.untouched(openings, written)])

    def in_hand_of(self, partner_id: PersonId) -> list[CheckIn]:
        """Give the check-ins in which someone is the partner and has something to do, those that are open above all."""
        return in_order([*self.written_in_hand_of(partner_id), *self._untouched_with(partner_id)])

    def written_in_hand_of(self, partner_id: PersonId) -> list[CheckIn]:
        """Give those of them that are written down, without looking at what lies behind him."""
        is_keyed = "check_ins.in_hand_of" not in self._unit.keys_lacking()  # an earlier release stored them without
        found = self._unit.find(CheckIn, "in_hand_of" if is_keyed else "partner_id", equals=partner_id)
        return [check_in for check_in in found if check_in.in_hand_of]

    def _untouched_with(self, partner_id: PersonId) -> list[CheckIn]:
        found = (self._unit.find(Person, key, equals=partner_id) for key in ("manager_id", "partner_id"))
        people = {person.id: person for some in found for person in some}
        theirs = [it for it in self.openings([*people.values()]) if it.partner_id == partner_id]
        written = self._unit.known(CheckIn, [it.id for it in theirs])
        return [it for it in self.untouched(theirs, written) if it.partner_id == partner_id]

    def begun(self, check_ins: Iterable[CheckIn]) -> list[Participation]:
        """Give how people take part from when these check-ins of theirs are written down."""
        wanted = {participation_id(it.owner_id, it.cycle_id): it for it in check_ins}
        self._look_up(wanted)
        return [
            (self._taking_part.get(id_) or participation_of(it.owner_id, it.cycle_id)).begin(it.period)
            for id_, it in wanted.items()
        ]

    def _look_up(self, ids: Iterable[str]) -> None:
        """Look up how people take part, and remember of whom nothing is stored."""
        unknown = [id_ for id_ in ids if id_ not in self._taking_part]
        self._taking_part |= dict.fromkeys(unknown) | self._unit.many(Participation, unknown)

    def _openings(self, person: Person) -> Iterator[Opening]:
        today = person.day_of(self._now)
        for cycle in self.cycles:
            taking_part = self._taking_part.get(participation_id(person.id, cycle.id))
            if taking_part and (begun := taking_part.begun_on(today)):
                if cycle.includes(person, today):
                    yield Opening(person, cycle, begun, today, may_begin=False)
            elif period := cycle.period_of(person, taking_part.cadence if taking_part else None, today):
                numbered = taking_part.numbered(period) if taking_part else period
                yield Opening(person, cycle, numbered, today, taking_part is None or taking_part.may_begin(period))


def in_order(check_ins: Iterable[CheckIn]) -> list[CheckIn]:
    """Give check-ins with the oldest of each cycle first."""
    return sorted(check_ins, key=lambda check_in: check_in.id)
