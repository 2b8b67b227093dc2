"""What is due: open periods, let pass what is over, expire questions, deliver.

Safe to run twice, late, and in several places at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from attrs import define, field

from ownership.domain.budgets import LearningRequest
from ownership.domain.check_ins import CheckIn, check_in_id, open_check_in
from ownership.domain.cycles import (
    Cadence,
    Cycle,
    CycleStatus,
    Participation,
    Period,
    narrowest,
    participation_id,
    participation_of,
)
from ownership.domain.feedback import FeedbackRequest
from ownership.domain.needs import Need
from ownership.domain.people import Person, PersonId
from ownership.domain.reminders import (
    OFFER_DAYS,
    Delivery,
    ReminderKind,
    delivery_to,
    is_leaving,
    plan_check_in_reminders,
    plan_offer,
)
from ownership.errors import Unavailable
from ownership.workspace import learning_requests, needs, pulses
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
    report.opened = _open_periods(desk, progress)
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


def _open_periods(desk: Desk, progress: Listener) -> int:
    """Open a check-in for everyone in a running cycle whose period has begun and who has none in it yet."""
    now = desk.now()
    with desk.reading() as unit:
        running = list(unit.find(Cycle, "status", equals=CycleStatus.RUNNING))
        calendars = {cycle: _Calendar(cycle, _own_rhythms(unit, cycle)) for cycle in running}
        in_season = {cycle: calendar for cycle, calendar in calendars.items() if calendar.is_open_somewhere(now)}
    opened = due = 0
    for people in _pages_of_people(desk) if in_season else ():
        for cycle, calendar in in_season.items():
            if batch := [person for person in people if calendar.is_open_for(person, now)]:
                opened, due = opened + repeatedly(partial(_open_batch, desk, cycle, calendar, batch)), due + len(batch)
                progress("check-ins", opened, due)
    return opened


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


def _own_rhythms(unit: ValueUnit, cycle: Cycle) -> dict[PersonId, Cadence]:
    """Give the rhythms that people chose for themselves, by person."""
    chosen = unit.find(Participation, "own_rhythm_in", equals=cycle.id)
    return {participation.owner_id: participation.cadence for participation in chosen if participation.cadence}


class _Calendar:
    """The periods of a cycle in all its rhythms, each day's worked out once per rhythm."""

    def __init__(self, cycle: Cycle, own: Mapping[PersonId, Cadence]) -> None:
        self._cycle = cycle
        self._own = own
        self._set_for = cycle.set_for
        self._periods: dict[tuple[Cadence, date], Period | None] = {}

    def period_of(self, person: Person, now: datetime) -> tuple[Period | None, date]:
        """Give the period that a person is in now, in her rhythm, and the day it is there."""
        today = person.day_of(now)
        return self._period_on(self._cadence_of(person, today), today), today

    def _cadence_of(self, person: Person, today: date) -> Cadence:
        return self._own.get(person.id) or narrowest(self._set_for, person, today) or self._cycle.cadence

    def is_open_somewhere(self, now: datetime) -> bool:
        """Whether a check-in could be open anywhere on earth, where it is the day before or after ours."""
        cadences = {self._cycle.cadence, *(rhythm.cadence for rhythm in self._cycle.rhythms), *self._own.values()}
        days = [now.date() + timedelta(days=days) for days in (-1, 0, 1)]
        return any(self._is_open_on(cadence, day) for cadence in cadences for day in days)

    def _is_open_on(self, cadence: Cadence, day: date) -> bool:
        period = self._period_on(cadence, day)
        return period is not None and day <= self._cycle.closing_day(period)

    def _period_on(self, cadence: Cadence, day: date) -> Period | None:
        if (cadence, day) not in self._periods:
            self._periods[cadence, day] = cadence.period_on(day)
        return self._periods[cadence, day]

    def is_open_for(self, person: Person, now: datetime) -> bool:
        """Whether a check-in should be open for a person now."""
        today = person.day_of(now)
        return self._cycle.includes(person, today) and self._is_open_on(self._cadence_of(person, today), today)


class _Beginning(NamedTuple):
    """A period that begins now for someone, how she takes part from then on, and the day it is there."""

    person: Person
    participation: Participation
    period: Period
    today: date


def _open_batch(desk: Desk, cycle: Cycle, calendar: _Calendar, people: list[Person]) -> int:
    now = desk.now()
    wanted = dict(_wanted(cycle, calendar, people, now))
    with desk.reading() as unit:
        begun = _beginnings(unit, cycle, wanted)
        partners = _partners(unit, begun)
    if not begun:
        return 0
    new = [_opened(cycle, beginning, partners) for beginning in begun]
    reminders = _reminders(new, partners, {person.id: person for person in people}, now)
    with desk.writing() as unit:  # over exactly what was read: whoever did the same meanwhile is a conflict
        unit.save_all([*new, *(beginning.participation for beginning in begun)])
        unit.deliver(reminders)
    return len(new)


def _wanted(
    cycle: Cycle, calendar: _Calendar, people: list[Person], now: datetime
) -> Iterator[tuple[str, tuple[Person, Period, date]]]:
    """Give the check-ins that should be there, by id, with what it takes to open each."""
    for person in people:
        period, today = calendar.period_of(person, now)
        if period is not None:
            yield check_in_id(person.id, cycle.id, period), (person, period, today)


def _beginnings(unit: ValueUnit, cycle: Cycle, wanted: Mapping[str, tuple[Person, Period, date]]) -> list[_Beginning]:
    """Give what begins now: what is not there yet, for those whose last period is over when this one begins."""
    there = unit.known(CheckIn, wanted)
    missing = [facts for id_, facts in wanted.items() if id_ not in there]
    known = unit.many(Participation, [participation_id(person.id, cycle.id) for person, _, _ in missing])
    begun: list[_Beginning] = []
    for person, period, today in missing:
        id_ = participation_id(person.id, cycle.id)
        participation = known.get(id_) or participation_of(person.id, cycle.id)
        if participation.may_begin(period):
            numbered = participation.numbered(period)
            begun.append(_Beginning(person, participation.begin(numbered), numbered, today))
    return begun


def _partners(unit: ValueUnit, begun: list[_Beginning]) -> dict[str, Person]:
    """Give the conversation partners of today, by id."""
    lines = [beginning.person.partner_on(beginning.today) for beginning in begun]
    return unit.many(Person, {line.manager_id for line in lines if line})


def _opened(cycle: Cycle, beginning: _Beginning, partners: Mapping[str, Person]) -> CheckIn:
    """Open a check-in, with her partner if that one works here now."""
    check_in = open_check_in(cycle, beginning.person, beginning.period, beginning.today)
    partner = partners.get(check_in.partner_id or "")
    is_here = partner is not None and partner.works_on(beginning.today)
    return check_in if is_here else check_in.without_partner()


def _reminders(
    new: list[CheckIn], partners: Mapping[str, Person], people: Mapping[str, Person], now: datetime
) -> list[Delivery]:
    planned: list[Delivery] = []
    for check_in in new:
        partner = partners.get(check_in.partner_id or "")
        planned += plan_check_in_reminders(check_in, people[check_in.owner_id], partner, now)
    return planned


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
