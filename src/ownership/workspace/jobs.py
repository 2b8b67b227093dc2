"""What is due: tell of open check-ins, let pass what is over, expire questions, deliver.

Safe to run twice, late, and in several places at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any, TypeVar

from attrs import define, field

from ownership.domain.budgets import LearningRequest
from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.cycles import Cadence, Cycle, Participation
from ownership.domain.feedback import FeedbackRequest
from ownership.domain.needs import Need
from ownership.domain.people import Person, whose
from ownership.domain.reminders import (
    OFFER_DAYS,
    Delivery,
    DeliveryId,
    ReminderKind,
    delivery_to,
    is_leaving,
    may_hear_of,
    plan_check_in_reminders,
    plan_offer,
    told_of_check_in,
)
from ownership.domain.visibility import Relations, decide
from ownership.errors import Unavailable
from ownership.workspace import learning_requests, needs, pulses
from ownership.workspace.calendar import Calendar, Opening
from ownership.workspace.deliveries import DeliveryReport, deliver_due
from ownership.workspace.desk import Desk, repeatedly
from ownership.workspace.erasure import scrub_if_asked
from ownership.workspace.records import FACTS, ValueUnit
from ownership.workspace.reindex import reindex
from ownership.workspace.retention import let_go

T = TypeVar("T")

BATCH = 500
"""People, check-ins or questions that are taken care of in one unit of work."""

AFTER_ALL_DAYS = "9"
"""A text that comes after every day, to find whatever has one."""

FACTS_KEPT = timedelta(days=30)
"""How long facts stay in the outbox for those who listen."""

ReminderOf = Callable[[Any, Mapping[str, Person], datetime], Delivery | None]
"""Plans the one reminder of what waits for an answer, given the people it is between, when its day is there."""

_UNANSWERED: Mapping[type[Any], ReminderOf] = {Need: needs.reminder_of, LearningRequest: learning_requests.reminder_of}

Listener = Callable[[str, int, int], None]
"""Hears of long work: the name of the step, how much is done, how much was found so far that is to be done."""


@define
class WorkReport:
    """What a run of due work did, as counts."""

    opened: int = 0
    passed: int = 0
    expired: int = 0
    let_go: int = 0
    pulses: int = 0
    deliveries: DeliveryReport = field(factory=DeliveryReport)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was due."""
        return self == WorkReport()


def _silent(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def run_due_work(desk: Desk, progress: Listener = _silent) -> WorkReport:
    """Do all that is due now; see :meth:`Workspace.run_due_work`."""
    reindex(desk)  # all that follows finds what it needs by keys
    report = WorkReport()
    report.passed = _let_pass(desk)
    report.opened = _tell_of_check_ins(desk, progress)
    report.expired = _expire_questions(desk)
    report.pulses = _close_pulses(desk)
    _ask_again(desk)
    _offer_bundles(desk)
    report.deliveries = deliver_due(desk)
    _forget_old_facts(desk)
    report.let_go = let_go(desk)
    with suppress(Unavailable):  # someone holds on to an older state: the next run scrubs
        scrub_if_asked(desk)
    return report


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(things)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _tell_of_check_ins(desk: Desk, progress: Listener) -> int:
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


def _let_pass(desk: Desk) -> int:
    """Let check-ins pass whose last open day is over where their owner is."""
    return sum(repeatedly(partial(_pass_batch, desk, ids)) for ids in _overdue(desk, CheckIn))


def _expire_questions(desk: Desk) -> int:
    """Expire questions whose last day is over, or of which either person left; the asker hears it kindly."""
    with desk.reading() as unit:
        waiting = list(_batches(unit.find(FeedbackRequest, "open_until", before=AFTER_ALL_DAYS)))
        closing: list[list[str]] = [
            [request.id for request, _ in _closing(unit, batch, desk.now())] for batch in waiting
        ]
    return sum(repeatedly(partial(_expire_batch, desk, ids)) for ids in closing if ids)


def _closing(
    unit: ValueUnit, requests: Iterable[FeedbackRequest], now: datetime
) -> Iterator[tuple[FeedbackRequest, Delivery]]:
    """Give the questions that nobody will answer any more, each with what its asker hears."""
    waiting = [request for request in requests if request.open_until]
    people = unit.many(Person, {id_ for request in waiting for id_ in (request.owner_id, request.asked_id)})
    for request in waiting:
        owner, asked = people[request.owner_id], people.get(request.asked_id)
        today, has_left = owner.day_of(now), asked is None or not asked.works_on(asked.day_of(now))
        if has_left or request.expires_on < today or not owner.works_on(today):
            kind = ReminderKind.FEEDBACK_ASKED_LEFT if has_left else ReminderKind.FEEDBACK_EXPIRED
            yield request, delivery_to(owner, kind, request.id, now=now, other_id=request.asked_id)


def _close_pulses(desk: Desk) -> int:
    """Close the pulses whose window is over, and publish what may be."""
    return sum(repeatedly(partial(pulses.close_pulse, desk, pulse_id)) for pulse_id in pulses.over(desk))


def _ask_again(desk: Desk) -> None:
    """Remind, once, of each need and request whose day has come without an answer."""
    for cls, reminder_of in _UNANSWERED.items():
        for ids in _overdue(desk, cls, days_ahead=2):
            repeatedly(partial(_ask_again_batch, desk, cls, reminder_of, ids))


def _ask_again_batch(desk: Desk, cls: type[Any], reminder_of: ReminderOf, ids: list[str]) -> int:
    now = desk.now()
    with desk.writing() as unit:
        waiting = [item for item in unit.many(cls, ids).values() if item.open_until]
        people = unit.many(Person, {id_ for item in waiting for id_ in (item.owner_id, item.answerer_id)})
        told = [(item, reminder) for item in waiting if (reminder := reminder_of(item, people, now))]
        unit.save_all(item.ask_again(now.date()) for item, _ in told)
        unit.deliver(reminder for _, reminder in told)
    return len(told)


def _offer_bundles(desk: Desk) -> None:
    """Let those whose last day is near hear, once, that they can take along what is theirs."""
    now = desk.now()
    latest = now.date() + timedelta(days=OFFER_DAYS + 2)
    with desk.reading() as unit:
        known_to_leave = (person for person in unit.find(Person, "left_on", before=str(latest)) if person.active)
        leaving = [person for person in known_to_leave if is_leaving(person, person.day_of(now))]
        known = unit.known(Delivery, [plan_offer(person, now).id for person in leaving])
    for batch in _batches(offer for person in leaving if (offer := plan_offer(person, now)).id not in known):
        with desk.writing() as unit:
            unit.deliver(batch)


def _overdue(desk: Desk, cls: type[Any], days_ahead: int = 1) -> list[list[str]]:
    """Give the ids of what is over somewhere on earth before the first of some days ahead, in batches.

    Whether it is over where its owner is, is looked at per item.
    """
    latest = desk.now().date() + timedelta(days=days_ahead)
    with desk.reading() as unit:
        return list(_batches([item.id for item in unit.find(cls, "open_until", before=str(latest))]))


def _pass_batch(desk: Desk, ids: list[str]) -> int:
    now = desk.now()
    with desk.writing() as unit:
        check_ins = [check_in for check_in in unit.many(CheckIn, ids).values() if check_in.open_until]
        owners = unit.many(Person, {check_in.owner_id for check_in in check_ins})
        over = [check_in for check_in in check_ins if check_in.closes_on < owners[check_in.owner_id].day_of(now)]
        unit.save_all(check_in.let_pass() for check_in in over)
    return len(over)


def _expire_batch(desk: Desk, ids: list[str]) -> int:
    with desk.writing() as unit:
        closing = list(_closing(unit, unit.many(FeedbackRequest, ids).values(), desk.now()))
        unit.save_all(request.expire() for request, _ in closing)
        unit.deliver(delivery for _, delivery in closing)
    return len(closing)


def _forget_old_facts(desk: Desk) -> None:
    """Remove facts that are older than anyone who listens may be late."""
    outbox = desk.store.outbox(desk.tenant)
    now = desk.now()
    while old := outbox.claim(FACTS, now=now - FACTS_KEPT, lease_until=now, limit=BATCH):
        outbox.settle([entry.id for entry in old])
