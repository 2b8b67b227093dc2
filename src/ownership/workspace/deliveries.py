"""Deliveries: from what is due in the outbox to messages that went out, once.

Claim with a lease, send with a stable key, mark. Whoever is stopped in between has marked nothing: the lease ends, and
another takes over with the same key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, get_args

from attrs import define

from ownership.domain import texts
from ownership.domain.check_ins import CheckIn
from ownership.domain.people import Person, whose
from ownership.domain.reminders import MAX_ATTEMPTS, Delivery, DeliveryStatus, Occasion, fold, is_hushed, is_overtaken
from ownership.domain.rests import Rest, rest_id
from ownership.domain.visibility import Relations, decide
from ownership.errors import Conflict
from ownership.ports.channels import Channel, Message, Outcome, Receipt, Receiver
from ownership.ports.storage import Entry
from ownership.workspace.calendar import Calendar
from ownership.workspace.desk import Desk
from ownership.workspace.letters import letter_to
from ownership.workspace.records import DELIVERIES, ValueUnit, class_of
from ownership.workspace.reindex import reindex

BATCH = 500
"""Deliveries that are claimed, sent and marked together."""

LEASE = timedelta(minutes=10)
"""How long a worker has for a batch before another may take it."""

Letter = tuple[Message, tuple[Delivery, ...]]
"""A message, and the deliveries of which it tells."""


@define
class DeliveryReport:
    """What became of the deliveries that were due: counts of deliveries, and of messages they were folded into."""

    messages: int = 0
    sent: int = 0
    lapsed: int = 0
    postponed: int = 0
    dead: int = 0


def deliver_due(desk: Desk) -> DeliveryReport:
    """Send what is due. Safe to run twice, and in several places at once."""
    report = DeliveryReport()
    outbox = desk.store.outbox(desk.tenant)
    while entries := outbox.claim(DELIVERIES, now=desk.now(), lease_until=desk.now() + LEASE, limit=BATCH):
        batch = _Batch(desk, entries)
        batch.lapse_what_is_overtaken()
        batch.send()
        batch.mark()
        batch.add_to(report)
    return report


class _Batch:
    """What was claimed together: sent together, and marked together."""

    def __init__(self, desk: Desk, entries: Sequence[Entry]) -> None:
        self._desk = desk
        self._now = desk.now()
        self._entries = {entry.id: entry for entry in entries}
        with desk.reading() as unit:
            stored = unit.many(Delivery, (entry.about for entry in entries))
            self._waiting = {id_: d for id_, d in stored.items() if d.status is DeliveryStatus.WAITING}
            mentioned = {id_ for d in self._waiting.values() for id_ in (d.owner_id, d.other_id) if id_}
            self._people = unit.people(mentioned)
            self._about = _occasions(unit, self._waiting)
            self._about |= self._untouched(unit)
            self._rests = unit.many(Rest, [rest_id(delivery.owner_id) for delivery in self._waiting.values()])
        self._done: dict[str, Delivery] = {}
        self._again: set[str] = set()
        self._messages = 0

    def _untouched(self, unit: ValueUnit) -> dict[str, Any]:
        """Give the open check-ins that deliveries are about and that are not stored: nobody did anything with them."""
        owners = {whose(d.about_id) for d in self._waiting.values() if d.about_id not in self._about}
        people = [person for id_, person in self._people.items() if id_ in owners]
        return {it.id: it for it in Calendar(unit, self._now).open_for(people)}

    def lapse_what_is_overtaken(self) -> None:
        """Let go of what there is no reason to send any more, and of what would nudge who rests."""
        for id_, delivery in self._waiting.items():
            person = self._people.get(delivery.owner_id)
            if person is None or self._is_over(delivery, person, person.day_of(self._now)):
                self._done[id_] = delivery.lapse()

    def _is_over(self, delivery: Delivery, person: Person, today: date) -> bool:
        about, rest = self._about.get(delivery.about_id), self._rests.get(rest_id(delivery.owner_id))
        is_over = is_overtaken(delivery, about, person, today) or is_hushed(delivery, rest, today)
        return is_over or (isinstance(about, CheckIn) and not self._may_see(person, about))

    def _may_see(self, person: Person, check_in: CheckIn) -> bool:
        owner = self._people.get(check_in.owner_id)
        return owner is not None and bool(decide(person, check_in, Relations(owner, owner.day_of(self._now))))

    def send(self) -> None:
        """Send everyone one message, through the first channel that reaches them."""
        by_place: dict[int | None, list[Letter]] = {}
        for message, deliveries in self._letters():
            by_place.setdefault(self._channel_for(message), []).append((message, deliveries))
        for place, letters in by_place.items():
            name, channel = ("", None) if place is None else self._desk.channels[place]
            receipts = _through(channel, [message for message, _ in letters])
            for (_, deliveries), receipt in zip(letters, receipts, strict=True):
                self._settle(deliveries, receipt, name)

    def _letters(self) -> Iterator[Letter]:
        names = {id_: person.display_name for id_, person in self._people.items()}
        to_send = [delivery for id_, delivery in self._waiting.items() if id_ not in self._done]
        for person_id, deliveries in fold(to_send).items():
            try:
                subject, body = letter_to(self._people[person_id], deliveries, names, self._desk.content)
                yield Message(_key_of(deliveries), _receiver(self._people[person_id]), subject, body), deliveries
            except Exception as error:  # noqa: BLE001 - a pack's text can fail in any way; it must not stop the others
                self._bury(deliveries, f"its text could not be made ({type(error).__name__})")

    def _channel_for(self, message: Message) -> int | None:
        """Give the place of the first channel that reaches someone; two of one scheme are two places."""
        return next((i for i, (_, channel) in enumerate(self._desk.channels) if _reaches(channel, message)), None)

    def _settle(self, deliveries: Sequence[Delivery], receipt: Receipt, channel: str) -> None:
        attempts = max(self._entries[delivery.id].attempts for delivery in deliveries)
        if receipt.outcome is Outcome.DELIVERED:
            self._done |= {delivery.id: delivery.send(channel, self._now) for delivery in deliveries}
            self._messages += 1
        elif receipt.outcome is Outcome.REJECTED or attempts >= MAX_ATTEMPTS:
            self._bury(deliveries, _storable(receipt.reason) or str(receipt.outcome))
        else:
            self._again |= {delivery.id for delivery in deliveries}

    def _bury(self, deliveries: Sequence[Delivery], reason: str) -> None:
        self._done |= {delivery.id: delivery.bury(reason) for delivery in deliveries}

    def mark(self) -> None:
        """Write down what became of the deliveries, and settle or postpone their entries."""
        _save(self._desk, list(self._done.values()))
        outbox = self._desk.store.outbox(self._desk.tenant)
        outbox.settle([id_ for id_ in self._entries if id_ not in self._again])
        for id_ in sorted(self._again):
            outbox.postpone([id_], until=self._now + _patience(self._entries[id_].attempts))

    def add_to(self, report: DeliveryReport) -> None:
        """Count what became of the deliveries."""
        ends = [delivery.status for delivery in self._done.values()]
        report.messages += self._messages
        report.sent += ends.count(DeliveryStatus.SENT)
        report.lapsed += ends.count(DeliveryStatus.LAPSED)
        report.dead += ends.count(DeliveryStatus.DEAD)
        report.postponed += len(self._again)


def _key_of(deliveries: Sequence[Delivery]) -> str:
    """Name exactly what a message tells, so that every try of it has the same key."""
    return "+".join(delivery.id for delivery in deliveries)


def _receiver(person: Person) -> Receiver:
    return Receiver(person.id, person.display_name, person.email, person.language)


def _occasions(unit: ValueUnit, deliveries: Mapping[str, Delivery]) -> dict[str, Any]:
    by_class: dict[type[Any], list[str]] = {}
    for delivery in deliveries.values():
        cls = class_of(delivery.about_id) if "." in delivery.about_id else Person
        by_class.setdefault(cls, []).append(delivery.about_id)
    about: dict[str, Any] = {}
    for cls in by_class.keys() & set(get_args(Occasion)):
        about |= unit.many(cls, by_class[cls])
    return about


def _reaches(channel: Channel, message: Message) -> bool:
    """Ask a channel whether it reaches someone; one that cannot say so does not."""
    try:
        return channel.can_reach(message.receiver)
    except Exception:  # noqa: BLE001 - one broken channel must not stop the others
        return False


def _through(channel: Channel | None, messages: Sequence[Message]) -> Sequence[Receipt]:
    """Hand messages to a channel; of one that raises, nobody knows what it sent."""
    if channel is None:
        return [Receipt(message.key, Outcome.REJECTED, "no channel reaches this person") for message in messages]
    try:
        by_key = {receipt.key: receipt for receipt in channel.send(messages)}
    except Exception as error:  # noqa: BLE001 - one broken channel must not stop the others
        return [Receipt(message.key, Outcome.UNKNOWN, f"channel raised {type(error).__name__}") for message in messages]
    missing = Receipt("", Outcome.UNKNOWN, "channel gave no receipt")
    return [by_key.get(message.key, missing) for message in messages]


def _storable(reason: str) -> str:
    """Give the reason of a channel, or nothing when it cannot be kept: a server's words can hold anything."""
    return reason if texts.problem_with(reason, limit=texts.LINE_LIMIT) is None else ""


def _save(desk: Desk, done: Sequence[Delivery]) -> None:
    """Write down what became of deliveries; one that another worker marked meanwhile is left as it is."""
    try:
        with desk.writing() as unit:
            unit.save_all(done)
    except Conflict:
        for delivery in done:
            with suppress(Conflict), desk.writing() as unit:
                unit.save(delivery)


def _patience(attempts: int) -> timedelta:
    """Wait twice as long after each try: 2, 4, 8 … minutes, at most half a day."""
    return min(timedelta(minutes=2**attempts), timedelta(hours=12))


def dead_letters(unit: ValueUnit) -> tuple[Delivery, ...]:
    """Give the deliveries that no channel could deliver, with their reasons."""
    return tuple(unit.find(Delivery, "dead", equals=DeliveryStatus.DEAD))


def retry_dead(desk: Desk) -> int:
    """Put every dead letter back into the outbox; gives how many."""
    with desk.writing() as unit:
        if not unit.keys_lacking():
            again = [delivery.retry() for delivery in dead_letters(unit)]
            unit.save_all(again)
            unit.emit([Entry(delivery.id, DELIVERIES, delivery.id, desk.now()) for delivery in again])
            return len(again)
    reindex(desk)  # an earlier release stored them without the key by which they are found
    return retry_dead(desk)
