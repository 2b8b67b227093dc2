"""Needs: raised, answered by a day, met, handed on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from ownership.domain.needs import ANSWER_DAYS, OPEN, Need, NeedId
from ownership.domain.people import Audience, AudienceKind, Person, ReportingLine
from ownership.domain.reminders import Delivery, ReminderKind, delivery_to
from ownership.domain.visibility import Relations, decide
from ownership.errors import InvalidInput, NotAllowed
from ownership.workspace.desk import find_person
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight

TO: Mapping[str, tuple[AudienceKind, Callable[[Person, date], ReportingLine | None]]] = {
    "partner": (AudienceKind.PARTNER, Person.partner_on),
    "manager": (AudienceKind.MANAGER, Person.reporting_line_on),
}
"""To whom a need can be put by relation; it then has a receiver for as long as the relation holds."""


class Needs:
    """What the actor needs from others, and what others need from her."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def raise_need(self, text: str, *, to: str = "partner", by: date | None = None) -> Need:
        """Put a need to someone, who hears that it is there and answers by a day: two weeks from now if none is given.

        ``to`` is "partner" (who is your manager, if you chose no other), "manager", or a person. You and the receiver
        see it, and nobody else; a partner or manager for as long as that is what he is to you.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: it says nothing, it is put to yourself or somebody who does not work here, you have no such
                partner or manager now, or its day is over.
        """
        with self._seat.writing() as sight:
            return self._raise(sight, text, to, by)

    def _raise(self, sight: Sight, text: str, to: str, by: date | None) -> Need:
        today = self._seat.today(sight)
        receiver, audience = self._receiver(sight, to, today)
        need = Need(
            id=NeedId(self._seat.desk.new_id(self._seat.person_id, Need)),
            owner_id=self._seat.person_id,
            receiver_id=receiver.id,
            text=text,
            raised_at=sight.now,
            answer_by_on=by or today + timedelta(days=ANSWER_DAYS),
            audience=audience,
            shared_on=today,
        )
        if need.answer_by_on < today:
            raise InvalidInput.at("need.answer_by_on", f"is over; give a day from {today} on")
        raised = sight.unit.save(need)
        self._seat.tell(sight, ReminderKind.NEED_RAISED, raised.id, receiver, until=raised.answer_by_on)
        return raised

    def _receiver(self, sight: Sight, to: str, today: date) -> tuple[Person, Audience]:
        if to in TO:
            kind, line_on = TO[to]
            receiver, audience = _related(sight, line_on(sight.viewer, today), to), Audience(kind)
        else:
            receiver = find_person(sight.unit, to)
            audience = Audience(AudienceKind.PEOPLE, (receiver.id,))
        if not receiver.works_on(today):
            raise InvalidInput.at("need.to", f"{receiver.id!r} does not work here now; put it to somebody else")
        return receiver, audience

    def mine(self) -> tuple[Need, ...]:
        """Give all that the actor needs or needed, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(sight.unit.all_of(self._seat.person_id, Need))

    def without_receiver(self) -> tuple[Need, ...]:
        """Give what the actor needs and that nobody looks after now: who was to do so left, or is that to her no more.

        Nothing is lost: :meth:`hand_on` puts it to someone else.
        """
        with self._seat.reading() as sight:
            needs = [need for need in sight.unit.all_of(self._seat.person_id, Need) if need.status in OPEN]
            receivers = sight.people({need.receiver_id for need in needs})
            relations = Relations(sight.viewer, self._seat.today(sight))
            return tuple(need for need in needs if not is_looked_after(need, receivers, relations))

    def asked_of_me(self) -> tuple[Need, ...]:
        """Give what others put to the actor and waits for her answer, or for what she promised; the first day first."""
        with self._seat.writing() as sight:
            put = sight.unit.find(Need, "receiver_id", equals=self._seat.person_id)
            seen = sight.see_all(need for need in put if need.status in OPEN)
            return tuple(sorted(seen, key=lambda need: (need.due_on or need.answer_by_on, need.id)))

    def we_will(self, need: Need | NeedId | str, what: str, *, by: date) -> Need:
        """Answer what will be done about a need, and by when.

        Raises:
            NotFound: there is no such need, or it is not put to the actor any more.
            InvalidInput: the answer says nothing, or its day is over.
            IllegalMove: it was answered, or does not wait any more.
        """
        with self._seat.writing() as sight:
            return self._answered(sight, self._put_to_me(sight, need).we_will(what, by, self._seat.today(sight)))

    def not_now(self, need: Need | NeedId | str, because: str) -> Need:
        """Answer that nothing can be done about a need now, and why.

        Raises:
            NotFound: there is no such need, or it is not put to the actor any more.
            InvalidInput: there is no reason.
            IllegalMove: it was answered, or does not wait any more.
        """
        with self._seat.writing() as sight:
            return self._answered(sight, self._put_to_me(sight, need).not_now(because, self._seat.today(sight)))

    def _put_to_me(self, sight: Sight, need: Need | str) -> Need:
        latest = self._seat.latest(sight, Need, need)
        if latest.receiver_id != self._seat.person_id:
            raise NotAllowed(f"need {latest.id!r} was put to somebody else")
        return latest

    def _answered(self, sight: Sight, answered: Need) -> Need:
        saved = sight.unit.save(answered)
        owner = sight.people([saved.owner_id])[saved.owner_id]
        self._seat.tell(sight, ReminderKind.NEED_ANSWERED, saved.id, owner)
        return saved

    def met(self, need: Need | str) -> Need:
        """Tell that a need was met, as promised.

        Raises:
            NotFound: there is no such need, or it is not the actor's to see.
            NotAllowed: it is another's.
            IllegalMove: nothing was promised.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(self._seat.own(sight, Need, need).meet(self._seat.today(sight)))

    def withdraw(self, need: Need | str) -> Need:
        """Withdraw a need: who received it sees it no more, and no reason is needed.

        Raises:
            NotFound: there is no such need, or it is not the actor's to see.
            NotAllowed: it is another's.
            IllegalMove: it is not open any more.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(self._seat.own(sight, Need, need).withdraw())

    def hand_on(self, need: Need | str, *, to: str = "partner", by: date | None = None) -> Need:
        """Put a need to someone else, as a new one with the same words; who had it first sees neither any more.

        The earlier one stays with its owner, with its answer.

        Raises:
            NotFound: there is no such need, or it is not the actor's to see, or nobody is meant.
            NotAllowed: it is another's.
            InvalidInput: as :meth:`raise_need`.
            IllegalMove: it was met, withdrawn or handed on.
        """
        with self._seat.writing() as sight:
            earlier = sight.unit.save(self._seat.own(sight, Need, need).hand_on())
            return self._raise(sight, earlier.text, to, by)


def reminder_of(need: Need, people: Mapping[str, Person], now: datetime) -> Delivery | None:
    """Plan the one reminder of a need that waits on its day: to its receiver, or for want of one to its owner.

    None: the day has not come where she is, she left, or who is to hear it is on leave and hears it on coming back.
    """
    owner = people[need.owner_id]
    today = owner.day_of(now)
    if today < need.answer_by_on or not owner.works_on(today):
        return None
    is_in_hands = is_looked_after(need, people, Relations(owner, today))
    hears, other = (people[need.receiver_id], owner.id) if is_in_hands else (owner, need.receiver_id)
    kind = ReminderKind.NEED_WAITING if is_in_hands else ReminderKind.NEED_WITHOUT_RECEIVER
    return None if hears.on_leave else delivery_to(hears, kind, need.id, now=now, other_id=other)


def is_looked_after(need: Need, people: Mapping[str, Person], relations: Relations) -> bool:
    """Whether the receiver of a need works here and may still see it."""
    receiver = people.get(need.receiver_id)
    return receiver is not None and bool(decide(receiver, need, relations))


def _related(sight: Sight, line: ReportingLine | None, to: str) -> Person:
    found = sight.people([line.manager_id]) if line else {}
    if line is None or line.manager_id not in found:
        raise InvalidInput.at("need.to", f"is not there: you have no {to} now; name a colleague")
    return found[line.manager_id]
