"""Reminders: a fact about a period, not a tick of a clock.

A :class:`Delivery` is the one message about one occasion to one person; its id is made of person, kind and occasion, so
that it exists once however often it is planned. Whether it is due is asked on every run; being late changes nothing.
What has been overtaken (prepared, closed, left) lapses, and so does what would nudge someone who rests. What is due
together goes out together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.budgets import LearningRequest, LearningRequestStatus
from ownership.domain.check_ins import CheckIn, CheckInId, CheckInStatus
from ownership.domain.classification import (
    LINK,
    OTHER_PERSON,
    OWN_FACTS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    Keeping,
    Purpose,
    Term,
)
from ownership.domain.delegations import Delegation, DelegationStatus
from ownership.domain.feedback import Feedback, FeedbackRequest, RequestStatus
from ownership.domain.goals import Goal
from ownership.domain.learning import ChoiceStatus, LearningChoice
from ownership.domain.moves import status_after
from ownership.domain.needs import Need, NeedStatus
from ownership.domain.people import STARTS_AT, Person, PersonId, whose
from ownership.domain.plans import ON_OFFER, DevelopmentPlan
from ownership.domain.pulse import Pulse, PulseStatus
from ownership.domain.rests import Rest, is_resting
from ownership.domain.shapes import optional
from ownership.domain.suggestions import GoalSuggestion
from ownership.domain.team_moments import MomentStatus, TeamMoment

DeliveryId = NewType("DeliveryId", str)

MAX_ATTEMPTS = 8
"""Times that a delivery is tried before it is set apart."""


class ReminderKind(StrEnum):
    """The occasions on which people hear from us."""

    CHECK_IN_OPEN = "check_in_open"
    CHECK_IN_PARTNER = "check_in_partner"
    CHECK_IN_WITHOUT_PARTNER = "check_in_without_partner"
    FEEDBACK_ASKED = "feedback_asked"
    FEEDBACK_GIVEN = "feedback_given"
    FEEDBACK_EXPIRED = "feedback_expired"
    FEEDBACK_ASKED_LEFT = "feedback_asked_left"
    NEED_RAISED = "need_raised"
    NEED_WAITING = "need_waiting"
    NEED_ANSWERED = "need_answered"
    NEED_WITHOUT_RECEIVER = "need_without_receiver"
    DECISION_HANDED_OVER = "decision_handed_over"
    DECISION_LOOK_BACK = "decision_look_back"
    DECISION_TAKEN_BACK = "decision_taken_back"
    PLAN_OFFERED = "plan_offered"
    PLAN_TALK_ASKED = "plan_talk_asked"
    GOAL_SUGGESTED = "goal_suggested"
    SUPPORT_ASKED = "support_asked"
    TEAM_MOMENT_PLANNED = "team_moment_planned"
    TEAM_MOMENT_CALLED_OFF = "team_moment_called_off"
    OFFER_CHOSEN = "offer_chosen"
    LEARNING_ASKED = "learning_asked"
    LEARNING_WAITING = "learning_waiting"
    LEARNING_ANSWERED = "learning_answered"
    BUNDLE_OFFERED = "bundle_offered"
    PULSE_OPEN = "pulse_open"
    PULSE_REPLY_DUE = "pulse_reply_due"
    PULSE_REPLIED = "pulse_replied"


NUDGES = frozenset(
    {
        ReminderKind.CHECK_IN_OPEN,
        ReminderKind.CHECK_IN_WITHOUT_PARTNER,
        ReminderKind.FEEDBACK_EXPIRED,
        ReminderKind.FEEDBACK_ASKED_LEFT,
        ReminderKind.NEED_WITHOUT_RECEIVER,
        ReminderKind.DECISION_LOOK_BACK,
        ReminderKind.GOAL_SUGGESTED,
        ReminderKind.PULSE_OPEN,
        ReminderKind.PULSE_REPLIED,
    }
)
"""What is about her own development and can wait: who rests does not hear it.

What another needs from her, or gave her, reaches her all the same.
"""


class DeliveryStatus(StrEnum):
    """Where a delivery is in its life."""

    WAITING = "waiting"
    SENT = "sent"
    LAPSED = "lapsed"
    DEAD = "dead"


class DeliveryMove(StrEnum):
    """What can happen to a delivery."""

    SEND = "send"
    LAPSE = "lapse"
    BURY = "bury"
    RETRY = "retry"


MOVES: Mapping[DeliveryStatus, Mapping[DeliveryMove, DeliveryStatus]] = {
    DeliveryStatus.WAITING: {
        DeliveryMove.SEND: DeliveryStatus.SENT,
        DeliveryMove.LAPSE: DeliveryStatus.LAPSED,
        DeliveryMove.BURY: DeliveryStatus.DEAD,
    },
    DeliveryStatus.SENT: {},
    DeliveryStatus.LAPSED: {},
    DeliveryStatus.DEAD: {DeliveryMove.RETRY: DeliveryStatus.WAITING},
}


@frozen
class Delivery:
    """One message about one occasion to one person (``owner_id``); it is also what her inbox shows.

    ``about_id`` is the check-in, question or feedback that it is about, ``other_id`` the other person in it, ``until``
    the day by which to do the one thing. Texts are made when it is sent or read, in the reader's language.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.REMIND, term=Term.MESSAGES, since="due_at")

    id: DeliveryId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    kind: ReminderKind = field(validator=shapes.kind_of(ReminderKind), metadata=OWN_FACTS)
    about_id: str = field(validator=shapes.identifier, metadata=LINK)
    due_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    other_id: PersonId | None = field(default=None, validator=optional(shapes.identifier), metadata=OTHER_PERSON)
    until: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    status: DeliveryStatus = field(
        default=DeliveryStatus.WAITING, validator=shapes.kind_of(DeliveryStatus), metadata=OWN_FACTS
    )
    channel: str = field(default="", validator=texts.label, metadata=OWN_FACTS)
    sent_at: datetime | None = field(default=None, validator=optional(moments.instant), metadata=OWN_FACTS)
    read_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    reason: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    @property
    def dead(self) -> DeliveryStatus | None:
        """Its status when no channel could deliver it: the stored key by which such messages are found."""
        return self.status if self.status is DeliveryStatus.DEAD else None

    @property
    def mentions(self) -> tuple[str, ...]:
        """Who else is in it, and whose it is about: the stored key by which these are found."""
        return tuple(sorted({self.other_id or self.owner_id, whose(self.about_id)} - {self.owner_id}))

    def _after(self, move: DeliveryMove) -> DeliveryStatus:
        return status_after(MOVES, self.status, move, "delivery", self.id)

    def send(self, channel: str, at: datetime) -> Delivery:
        """Return the delivery as sent through a channel."""
        return evolve(self, status=self._after(DeliveryMove.SEND), channel=channel, sent_at=at)

    def lapse(self) -> Delivery:
        """Return the delivery as lapsed: it was overtaken before it went out."""
        return evolve(self, status=self._after(DeliveryMove.LAPSE))

    def bury(self, reason: str) -> Delivery:
        """Return the delivery as one that no channel could deliver, with the reason; it can be retried."""
        return evolve(self, status=self._after(DeliveryMove.BURY), reason=reason)

    def retry(self) -> Delivery:
        """Return a dead delivery as waiting again."""
        return evolve(self, status=self._after(DeliveryMove.RETRY), reason="")

    def read(self, on: date) -> Delivery:
        """Return the delivery as read in the inbox; the first day counts."""
        return self if self.read_on else evolve(self, read_on=on)


def delivery_to(
    person: Person,
    kind: ReminderKind,
    about_id: str,
    *,
    now: datetime,
    other_id: PersonId | None = None,
    until: date | None = None,
) -> Delivery:
    """Plan the one message to a person about an occasion, for the first working moment of her day from now on."""
    return Delivery(
        id=delivery_id(person.id, kind, about_id),
        owner_id=person.id,
        kind=kind,
        about_id=about_id,
        due_at=due_from(person, now),
        other_id=other_id,
        until=until,
    )


def delivery_id(person_id: PersonId, kind: ReminderKind, about_id: str) -> DeliveryId:
    """Give the one id that a message to a person about an occasion can have, so that it is planned only once."""
    whose, _, what = about_id.partition(".")
    return DeliveryId(f"{person_id}.d{what}-{whose}-{kind}")


def due_from(person: Person, now: datetime) -> datetime:
    """Give the moment from which a message may reach a person today.

    The local start of her shift, or now if that is past.
    """
    today = person.day_of(now)
    return max(now, moments.at_local(today, STARTS_AT[person.shift], person.zone.key))


def plan_check_in_reminders(
    check_in: CheckIn, person: Person, partner: Person | None, now: datetime
) -> tuple[Delivery, ...]:
    """Plan what both hear of an open check-in: she to prepare it, the partner to prepare to listen.

    On the day that it opens there is nothing to plan before someone's first working moment. Who is ready hears nothing;
    nor does she of one without a partner, with which something was done already.
    """
    told = partial(delivery_to, about_id=check_in.id, now=now, until=check_in.closes_on)
    planned: list[tuple[Person, Delivery]] = []
    if partner is not None:
        planned.append((person, told(person, ReminderKind.CHECK_IN_OPEN, other_id=partner.id)))
        planned.append((partner, told(partner, ReminderKind.CHECK_IN_PARTNER, other_id=person.id)))
    elif check_in.is_untouched:
        planned.append((person, told(person, ReminderKind.CHECK_IN_WITHOUT_PARTNER)))
    may_hear = [(who.day_of(now), it) for who, it in planned if may_hear_of(check_in.period.starts_on, who, now)]
    return tuple(it for today, it in may_hear if not _is_talked(it, check_in, today))


def may_hear_of(opened_on: date, person: Person, now: datetime) -> bool:
    """Whether it is time to tell somebody of what opened on a day: at work, from the first working moment of it on."""
    return not person.on_leave and (opened_on < person.day_of(now) or due_from(person, now) <= now)


def told_of_check_in(
    check_in_id: CheckInId, person_id: PersonId, partner_id: PersonId | None
) -> Mapping[PersonId, DeliveryId]:
    """Give the ids of what is told of an open check-in, by who hears it."""
    if partner_id is None:
        return {person_id: delivery_id(person_id, ReminderKind.CHECK_IN_WITHOUT_PARTNER, check_in_id)}
    return {
        person_id: delivery_id(person_id, ReminderKind.CHECK_IN_OPEN, check_in_id),
        partner_id: delivery_id(partner_id, ReminderKind.CHECK_IN_PARTNER, check_in_id),
    }


def untouched_periods(told: Iterable[Delivery], check_ins: Iterable[CheckIn], on: date) -> tuple[date, ...]:
    """Give the last days of her periods with a partner that are over, and in which nobody did anything.

    Of these there is no check-in, but she heard that it was open. One in whose days another of its cycle began, with
    a new rhythm say, is not counted besides that one.
    """
    opened = {it.about_id: it.until for it in told if it.kind is ReminderKind.CHECK_IN_OPEN and it.until is not None}
    written = {check_in.id for check_in in check_ins}
    known = sorted(opened.keys() | written)
    over = ((about_id, until) for about_id, until in opened.items() if until < on and about_id not in written)
    return tuple(until for about_id, until in over if not _is_replaced(about_id, until, known))


def _is_replaced(about_id: str, until: date, known: Sequence[str]) -> bool:
    """Whether another check-in of a cycle began in the days of one; the ids of known ones are sorted, by first days."""
    last_of_its_days = f"{about_id.rpartition('-')[0]}-{until:%Y%m%d}"
    return bisect_right(known, about_id) < bisect_right(known, last_of_its_days)


def plan_announcement(delegation: Delegation, told: Iterable[Person], owner: Person, now: datetime) -> list[Delivery]:
    """Plan what those hear to whom a decision is handed over, and that its owner looks back on the day he chose."""
    kind = ReminderKind.DECISION_HANDED_OVER
    hears = [delivery_to(person, kind, delegation.id, now=now, other_id=owner.id) for person in told]
    if delegation.look_back_on is None:
        return hears
    that_day = moments.at_local(delegation.look_back_on, STARTS_AT[owner.shift], owner.zone.key)
    return [*hears, delivery_to(owner, ReminderKind.DECISION_LOOK_BACK, delegation.id, now=max(now, that_day))]


def plan_pulse_invitations(pulse: Pulse, people: Iterable[Person], now: datetime) -> list[Delivery]:
    """Plan what everyone who works here hears when a pulse opens; the last day is the one where she is."""
    last = pulse.closes_at - timedelta(microseconds=1)
    return [
        delivery_to(person, ReminderKind.PULSE_OPEN, pulse.id, now=now, until=person.day_of(last))
        for person in people
        if person.works_on(person.day_of(now))
    ]


FETCH_DAYS = 30
"""Days after somebody's last one in which she can still take along what is hers."""

OFFER_DAYS = 14
"""Days before somebody's last one, if it is known, from which she hears that she can."""


def fetched_until(person: Person) -> date | None:
    """Give the last day on which somebody who leaves can take hers along; None as long as no last day is known."""
    return person.end_on + timedelta(days=FETCH_DAYS) if person.end_on else None


def is_leaving(person: Person, on: date) -> bool:
    """Whether somebody's last day is near, or was not long ago."""
    if person.end_on is None:
        return False
    return person.end_on - timedelta(days=OFFER_DAYS) <= on <= person.end_on + timedelta(days=FETCH_DAYS)


def plan_offer(person: Person, now: datetime) -> Delivery:
    """Plan that somebody who leaves hears, once for each last day, that she can take hers along, and until when."""
    told = delivery_to(person, ReminderKind.BUNDLE_OFFERED, person.id, now=now, until=fetched_until(person))
    return evolve(told, id=DeliveryId(f"{told.id}-{person.end_on}"))


Occasion = (
    CheckIn
    | FeedbackRequest
    | Feedback
    | Need
    | Delegation
    | DevelopmentPlan
    | GoalSuggestion
    | Goal
    | TeamMoment
    | LearningChoice
    | LearningRequest
    | Pulse
    | Person
)
"""What a delivery can be about."""


def _is_talked(delivery: Delivery, about: CheckIn, _: date) -> bool:
    prepared = about.preparation_of(delivery.owner_id)
    return about.status is not CheckInStatus.OPEN or (prepared is not None and prepared.ready_at is not None)


def _is_told_no_more(delivery: Delivery, about: CheckIn, on: date) -> bool:
    """Whether there is nothing left to tell, or others are told of it: the partner that she has now, or she of none."""
    told = told_of_check_in(about.id, about.owner_id, about.partner_id)
    return delivery.id not in told.values() or _is_talked(delivery, about, on)


def _is_answered(delivery: Delivery, about: FeedbackRequest, _: date) -> bool:
    return delivery.kind is ReminderKind.FEEDBACK_ASKED and about.status is not RequestStatus.ASKED


def _is_heard(delivery: Delivery, about: Need, _: date) -> bool:
    return delivery.kind is not ReminderKind.NEED_ANSWERED and about.status is not NeedStatus.RAISED


def _is_decided(delivery: Delivery, about: Delegation, _: date) -> bool:
    is_back = delivery.kind is ReminderKind.DECISION_TAKEN_BACK
    return not is_back and about.status is not DelegationStatus.ANNOUNCED


def _is_planned(delivery: Delivery, about: DevelopmentPlan, _: date) -> bool:
    is_known = delivery.kind is ReminderKind.PLAN_OFFERED and about.is_acknowledged_by(delivery.owner_id)
    return about.status not in ON_OFFER or is_known


def _is_past(delivery: Delivery, about: TeamMoment, on: date) -> bool:
    is_off = delivery.kind is ReminderKind.TEAM_MOMENT_CALLED_OFF
    told_of = MomentStatus.CALLED_OFF if is_off else MomentStatus.PLANNED
    return about.is_over(on) or about.status is not told_of


def _is_settled(delivery: Delivery, about: LearningRequest, _: date) -> bool:
    if delivery.kind is ReminderKind.LEARNING_ANSWERED:
        return about.status not in {LearningRequestStatus.GRANTED, LearningRequestStatus.DECLINED}
    return about.status is not LearningRequestStatus.ASKED


_TOLD_WHILE: Mapping[ReminderKind, PulseStatus] = {
    ReminderKind.PULSE_OPEN: PulseStatus.OPEN,
    ReminderKind.PULSE_REPLY_DUE: PulseStatus.CLOSED,
    ReminderKind.PULSE_REPLIED: PulseStatus.ANSWERED,
}


def _is_closed(delivery: Delivery, about: Pulse, on: date) -> bool:
    is_late = delivery.kind is ReminderKind.PULSE_OPEN and delivery.until is not None and delivery.until < on
    return is_late or about.status is not _TOLD_WHILE.get(delivery.kind)


def _is_fetched_no_more(delivery: Delivery, about: Person, on: date) -> bool:
    """Whether the days are over in which a leaver takes hers along, or she stays after all."""
    stays = about.active and about.end_on is None
    return stays or (delivery.until is not None and on > delivery.until)


_OVER: Mapping[type[Occasion], Callable[[Delivery, Any, date], bool]] = {
    CheckIn: _is_told_no_more,
    FeedbackRequest: _is_answered,
    Feedback: lambda _, about, _on: about.is_read,
    Need: _is_heard,
    Delegation: _is_decided,
    DevelopmentPlan: _is_planned,
    GoalSuggestion: lambda _, about, _on: not about.is_waiting,
    Goal: lambda delivery, about, _on: delivery.owner_id not in about.supporter_ids,
    TeamMoment: _is_past,
    LearningChoice: lambda _, about, _on: about.status is ChoiceStatus.STOPPED,
    LearningRequest: _is_settled,
    Pulse: _is_closed,
    Person: _is_fetched_no_more,
}
"""For each kind of occasion, when there is nothing left to tell of it."""


def is_overtaken(delivery: Delivery, about: Occasion | None, person: Person, on: date) -> bool:
    """Whether there is no reason any more to send a delivery: its person is not at work, or the occasion is over.

    The one thing that a leaver still hears, while she can fetch it, is that she can take along what is hers.
    """
    if isinstance(about, Person):
        return _OVER[Person](delivery, about, on)
    return not person.works_on(on) or person.on_leave or about is None or _OVER[type(about)](delivery, about, on)


def is_hushed(delivery: Delivery, rest: Rest | None, on: date) -> bool:
    """Whether a delivery nudges someone about her own development while she rests."""
    return delivery.kind in NUDGES and is_resting(rest, on)


def fold(deliveries: Iterable[Delivery]) -> dict[PersonId, tuple[Delivery, ...]]:
    """Put together what goes to one person at one time, so that everyone gets one message."""
    folded: dict[PersonId, list[Delivery]] = {}
    for delivery in deliveries:
        folded.setdefault(delivery.owner_id, []).append(delivery)
    return {owner_id: tuple(together) for owner_id, together in folded.items()}
