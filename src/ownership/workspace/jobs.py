"""What is due: tell of open check-ins, let pass what is over, expire questions, deliver.

Safe to run twice, late, and in several places at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from attrs import define, field

from ownership.domain.budgets import LearningRequest
from ownership.domain.check_ins import CheckIn
from ownership.domain.feedback import FeedbackRequest
from ownership.domain.needs import Need
from ownership.domain.people import Person
from ownership.domain.reminders import OFFER_DAYS, Delivery, ReminderKind, delivery_to, is_leaving, plan_offer
from ownership.errors import Unavailable
from ownership.workspace import learning_requests, needs, pulses
from ownership.workspace.deliveries import DeliveryReport, deliver_due
from ownership.workspace.desk import Desk, repeatedly
from ownership.workspace.erasure import scrub_if_asked
from ownership.workspace.invitations import Listener, tell_of_check_ins
from ownership.workspace.records import FACTS, ValueUnit
from ownership.workspace.reindex import reindex
from ownership.workspace.retention import let_go

T = TypeVar("T")

BATCH = 500
"""Check-ins, questions or people that are taken care of in one unit of work."""

AFTER_ALL_DAYS = "9"
"""A text that comes after every day, to find whatever has one."""

FACTS_KEPT = timedelta(days=30)
"""How long facts stay in the outbox for those who listen."""

ReminderOf = Callable[[Any, Mapping[str, Person], datetime], Delivery | None]
"""Plans the one reminder of what waits for an answer, given the people it is between, when its day is there."""

_UNANSWERED: Mapping[type[Any], ReminderOf] = {Need: needs.reminder_of, LearningRequest: learning_requests.reminder_of}


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
    report.opened = tell_of_check_ins(desk, progress)
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
