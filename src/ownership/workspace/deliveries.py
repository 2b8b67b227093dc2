"""Deliveries: from what is due in the outbox to messages that went out, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from attrs import define, field

from ownership.content import Content, day_in_words
from ownership.domain.check_ins import CheckIn
from ownership.domain.feedback import FeedbackRequest
from ownership.domain.moments import local_day
from ownership.domain.people import Person
from ownership.domain.reminders import MAX_ATTEMPTS, Delivery, DeliveryStatus, fold, is_overtaken
from ownership.errors import Conflict
from ownership.ports.channels import Channel, Message, Outcome, Receipt, Receiver
from ownership.ports.storage import Entry
from ownership.workspace.desk import Desk
from ownership.workspace.records import DELIVERIES, ValueUnit, class_of

BATCH = 500
"""Deliveries that are claimed, sent and marked together."""

LEASE = timedelta(minutes=10)
"""How long a worker has for a batch before another may take it."""


@define
class DeliveryReport:
    """What became of the deliveries that were due: counts of deliveries, and of messages they were folded into."""

    messages: int = 0
    sent: int = 0
    lapsed: int = 0
    postponed: int = 0
    dead: int = 0


@define
class _Batch:
    """What was claimed together, with all that is needed to send it."""

    entries: Mapping[str, Entry]
    deliveries: Mapping[str, Delivery]
    people: Mapping[str, Person]
    about: Mapping[str, Any]
    done: list[Delivery] = field(factory=list)
    again: list[str] = field(factory=list)


def deliver_due(desk: Desk) -> DeliveryReport:
    """Send what is due: claim with a lease, send with a stable key, mark.

    Safe to run twice and in several places at once.
    """
    report = DeliveryReport()
    outbox = desk.store.outbox(desk.tenant)
    while True:
        now = desk.now()
        entries = outbox.claim(DELIVERIES, now=now, lease_until=now + LEASE, limit=BATCH)
        if not entries:
            return report
        batch = _load(desk, entries)
        _lapse_overtaken(batch, now, report)
        _send(desk, batch, now, report)
        _mark(desk, batch.done)
        again = set(batch.again)
        outbox.settle([id_ for id_ in batch.entries if id_ not in again])
        for id_ in batch.again:
            outbox.postpone([id_], until=now + _patience(batch.entries[id_].attempts))
        report.postponed += len(again)


def _mark(desk: Desk, done: Sequence[Delivery]) -> None:
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


def _load(desk: Desk, entries: Sequence[Entry]) -> _Batch:
    with desk.reading() as unit:
        stored = unit.many(Delivery, (entry.about for entry in entries))
        waiting = {id_: delivery for id_, delivery in stored.items() if delivery.status is DeliveryStatus.WAITING}
        mentioned = {d.owner_id for d in waiting.values()} | {d.other_id for d in waiting.values() if d.other_id}
        return _Batch(
            entries={entry.id: entry for entry in entries},
            deliveries=waiting,
            people=unit.many(Person, mentioned),
            about=_occasions(unit, waiting.values()),
        )


def _occasions(unit: ValueUnit, deliveries: Iterable[Delivery]) -> dict[str, Any]:
    by_class: dict[type[Any], list[str]] = {}
    for delivery in deliveries:
        by_class.setdefault(class_of(delivery.about_id), []).append(delivery.about_id)
    about: dict[str, Any] = {}
    for cls in by_class.keys() & {CheckIn, FeedbackRequest}:
        about |= unit.many(cls, by_class[cls])
    return about


def _lapse_overtaken(batch: _Batch, now: datetime, report: DeliveryReport) -> None:
    for delivery in batch.deliveries.values():
        person = batch.people.get(delivery.owner_id)
        about = batch.about.get(delivery.about_id)
        if person is None or is_overtaken(delivery, about, person, local_day(now, person.zone.key)):
            batch.done.append(delivery.lapse())
            report.lapsed += 1


def _send(desk: Desk, batch: _Batch, now: datetime, report: DeliveryReport) -> None:
    lapsed = {delivery.id for delivery in batch.done}
    folded = fold(delivery for delivery in batch.deliveries.values() if delivery.id not in lapsed)
    by_channel: dict[str, list[tuple[Message, tuple[Delivery, ...]]]] = {}
    for person_id, deliveries in folded.items():
        try:
            message = _message(desk.content, batch.people[person_id], deliveries, batch.people)
        except Exception as error:  # noqa: BLE001 - a pack's text can fail in any way; it must not stop the others
            batch.done += [
                delivery.bury(f"its text could not be made ({type(error).__name__})") for delivery in deliveries
            ]
            report.dead += len(deliveries)
            continue
        name = next((name for name, channel in desk.channels if _reaches(channel, message)), "")
        by_channel.setdefault(name, []).append((message, deliveries))
    for name, pairs in by_channel.items():
        receipts = _through(dict(desk.channels).get(name), [message for message, _ in pairs])
        for (_, deliveries), receipt in zip(pairs, receipts, strict=True):
            _settle(batch, deliveries, receipt, name, now, report)


def _reaches(channel: Channel, message: Message) -> bool:
    """Ask a channel whether it reaches someone; one that cannot say so does not."""
    try:
        return channel.can_reach(message.receiver)
    except Exception:  # noqa: BLE001 - one broken channel must not stop the others
        return False


def _through(channel: Channel | None, messages: Sequence[Message]) -> Sequence[Receipt]:
    """Hand messages to a channel; a channel that raises has sent nothing that we know of."""
    if channel is None:
        return [Receipt(message.key, Outcome.REJECTED, "no channel reaches this person") for message in messages]
    try:
        by_key = {receipt.key: receipt for receipt in channel.send(messages)}
    except Exception as error:  # noqa: BLE001 - one broken channel must not stop the others
        return [Receipt(message.key, Outcome.UNKNOWN, f"channel raised {type(error).__name__}") for message in messages]
    missing = Receipt("", Outcome.UNKNOWN, "channel gave no receipt")
    return [by_key.get(message.key, missing) for message in messages]


def _settle(
    batch: _Batch, deliveries: Sequence[Delivery], receipt: Receipt, channel: str, now: datetime, report: DeliveryReport
) -> None:
    attempts = max(batch.entries[delivery.id].attempts for delivery in deliveries)
    if receipt.outcome is Outcome.DELIVERED:
        batch.done += [delivery.send(channel, now) for delivery in deliveries]
        report.messages += 1
        report.sent += len(deliveries)
    elif receipt.outcome is Outcome.REJECTED or attempts >= MAX_ATTEMPTS:
        batch.done += [delivery.bury(receipt.reason or str(receipt.outcome)) for delivery in deliveries]
        report.dead += len(deliveries)
    else:
        batch.again += [delivery.id for delivery in deliveries]


def _message(content: Content, person: Person, deliveries: Sequence[Delivery], people: Mapping[str, Person]) -> Message:
    """Make the one message of what goes to a person now.

    Its key names exactly what it tells, so every try has the same.
    """
    names = {id_: other.display_name for id_, other in people.items()}
    receiver = Receiver(person.id, person.display_name, person.email, person.language)
    if len(deliveries) == 1:
        return Message(deliveries[0].id, receiver, *texts_of(deliveries[0], person, names, content))
    lines = "\n".join(f"- {_line_of(delivery, person, names, content)}" for delivery in deliveries)
    subject, body = content.message("digest", person.language, name=person.display_name, lines=lines)
    return Message("+".join(delivery.id for delivery in deliveries), receiver, subject, body)


def texts_of(delivery: Delivery, person: Person, names: Mapping[str, str], content: Content) -> tuple[str, str]:
    """Give the subject and body of a delivery, in the language of its reader."""
    return content.message(delivery.kind, person.language, name=person.display_name, **_facts(delivery, person, names))


def _line_of(delivery: Delivery, person: Person, names: Mapping[str, str], content: Content) -> str:
    return content.digest_line(delivery.kind, person.language, **_facts(delivery, person, names))


def _facts(delivery: Delivery, person: Person, names: Mapping[str, str]) -> dict[str, str]:
    until = day_in_words(delivery.until, person.language) if delivery.until else ""
    return {"other": names.get(delivery.other_id or "", "…"), "until": until}


def dead_letters(unit: ValueUnit) -> tuple[Delivery, ...]:
    """Give the deliveries that no channel could deliver, with their reasons."""
    return tuple(unit.find(Delivery, "status", equals=DeliveryStatus.DEAD))


def retry_dead(desk: Desk) -> int:
    """Put every dead letter back into the outbox; gives how many."""
    with desk.writing() as unit:
        again = [delivery.retry() for delivery in dead_letters(unit)]
        unit.save_all(again)
        unit.emit([Entry(delivery.id, DELIVERIES, delivery.id, desk.now()) for delivery in again])
    return len(again)
