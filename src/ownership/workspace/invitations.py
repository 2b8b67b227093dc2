"""Invitations: everyone whose check-in is open hears of it, and her partner too, once and in their working hours.

What is to be told is worked out at each run from the calendar; what was told is known by the messages that are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.cycles import Cadence, Cycle, Participation
from ownership.domain.people import Person, whose
from ownership.domain.reminders import (
    Delivery,
    DeliveryId,
    may_hear_of,
    plan_check_in_reminders,
    told_of_check_in,
)
from ownership.domain.visibility import Relations, decide
from ownership.workspace.calendar import Calendar, Opening
from ownership.workspace.desk import Desk, repeatedly
from ownership.workspace.records import ValueUnit

BATCH = 500
"""People who are told of their check-ins in one unit of work."""

Listener = Callable[[str, int, int], None]
"""Hears of long work: the name of the step, how much is done, how much was found so far that is to be done."""


def tell_of_check_ins(desk: Desk, progress: Listener) -> int:
    """Let everyone whose check-in is open hear of it, and her partner; gives how many check-ins were told of."""
    told = found = 0
    for people in _pages_of_people(desk) if _is_season(desk) else ():
        check_ins = repeatedly(partial(_tell_batch, desk, people))
        told, found = told + check_ins, found + len(people)
        progress("check-ins", told, found)
    return told


def _pages_of_people(desk: Desk) -> Iterator[list[Person]]:
    """Give everyone, some at a time, so that of a hundred thousand people no more than a batch is in memory."""
    after_id = ""
    while True:
        with desk.reading() as unit:
            page = list(unit.find(Person, after_id=after_id, limit=BATCH))
        yield page
        if len(page) < BATCH:
            return
        after_id = page[-1].id


def _is_season(desk: Desk) -> bool:
    """Whether a check-in can be open anywhere on earth, where it is the day before or after ours."""
    today = desk.now().date()
    days = [today + timedelta(days=days) for days in (-1, 0, 1)]
    with desk.reading() as unit:
        return any(
            cycle.open_period(cadence, day)
            for cycle in Calendar(unit, desk.now()).cycles
            for cadence in cycle.cadences | _own_rhythms(unit, cycle)
            for day in days
        )


def _own_rhythms(unit: ValueUnit, cycle: Cycle) -> set[Cadence]:
    """Give the rhythms that people chose for themselves."""
    chosen = unit.find(Participation, "own_rhythm_in", equals=cycle.id)
    return {participation.cadence for participation in chosen if participation.cadence}


def _tell_batch(desk: Desk, people: list[Person]) -> int:
    with desk.reading() as unit:
        planned = _check_in_reminders(unit, people, desk.now())
        known = unit.known(Delivery, [reminder.id for reminder in planned])
    new = [reminder for reminder in planned if reminder.id not in known]
    if not new:
        return 0
    with desk.writing() as unit:
        told = unit.deliver(new)  # another worker may have been here since
    return sum(whose(reminder.about_id) == reminder.owner_id for reminder in told)


def _check_in_reminders(unit: ValueUnit, people: list[Person], now: datetime) -> list[Delivery]:
    """Plan what is to be told of people's open check-ins; what was told already is sorted out before it is made."""
    calendar = Calendar(unit, now)
    openings = calendar.openings(people)
    unit.know(people)
    here = unit.people(id_ for it in openings for id_ in (it.person.id, it.partner_id) if id_)
    due = [set(_due(it, here, now)) for it in openings]
    known = unit.known(Delivery, chain.from_iterable(due))
    untold = {it.person.id: it.person for it, ids in zip(openings, due, strict=True) if not ids <= known}
    open_ones = [it for it in calendar.open_for([*untold.values()]) if it.status is CheckInStatus.OPEN]
    here |= unit.people(it.partner_id for it in open_ones if it.partner_id)
    return [reminder for it in open_ones for reminder in _told_of(it, here, now)]


def _told_of(check_in: CheckIn, here: Mapping[str, Person], now: datetime) -> Iterator[Delivery]:
    """Plan what is told of an open check-in, to those who may see it."""
    owner = here[check_in.owner_id]
    relations = Relations(owner, owner.day_of(now))
    for reminder in plan_check_in_reminders(check_in, owner, here.get(check_in.partner_id or ""), now):
        if decide(here[reminder.owner_id], check_in, relations):
            yield reminder


def _due(opening: Opening, here: Mapping[str, Person], now: datetime) -> Iterator[DeliveryId]:
    """Name what those have heard by now who are told of an opening as it is when nobody did anything with it."""
    partner = opening.partner_at_work(here)
    for who, id_ in told_of_check_in(opening.id, opening.person.id, partner.id if partner else None).items():
        if may_hear_of(opening.period.starts_on, here[who], now):
            yield id_
