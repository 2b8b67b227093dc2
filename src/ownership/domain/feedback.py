"""Feedback: asked for by the person who wants to learn from it, given by a colleague, owned by who receives it.

It looks back, or forward (a suggestion for next time instead of a judgement). Until the receiver reads it, its author
can take it back; from then on it is hers, and with whom she shares it, under its author's name, is her choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    LINK,
    OTHER_PERSON,
    OWN_FACTS,
    OWN_WORDS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    WORDS_FOR_ANOTHER,
    Keeping,
    Purpose,
    Reader,
)
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.domain.shapes import optional

FeedbackRequestId = NewType("FeedbackRequestId", str)
FeedbackId = NewType("FeedbackId", str)

OPEN_DAYS = 21
"""Days in which a question waits for an answer before it expires, kindly."""

OPEN_PER_PERSON = 5
"""Questions that wait for one person's answer at a time, from everybody together."""

ASKS_PER_PAIR = 3
"""Questions that one person can put to the same colleague within :data:`PAIR_DAYS`."""

PAIR_DAYS = 30
"""Days after which a question to a colleague no longer counts towards :data:`ASKS_PER_PAIR`."""


class FeedbackKind(StrEnum):
    """Whether it looks back at what was, or suggests something for next time."""

    FEEDBACK = "feedback"
    FEED_FORWARD = "feed_forward"


class RequestStatus(StrEnum):
    """Where a question for feedback is in its life."""

    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RequestMove(StrEnum):
    """What the two people, or the calendar, can do with a question for feedback."""

    GIVE = "give"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    TAKE_BACK = "take_back"


MOVES: Mapping[RequestStatus, Mapping[RequestMove, RequestStatus]] = {
    RequestStatus.ASKED: {
        RequestMove.GIVE: RequestStatus.GIVEN,
        RequestMove.DECLINE: RequestStatus.DECLINED,
        RequestMove.WITHDRAW: RequestStatus.WITHDRAWN,
        RequestMove.EXPIRE: RequestStatus.EXPIRED,
    },
    RequestStatus.GIVEN: {RequestMove.TAKE_BACK: RequestStatus.ASKED},
    RequestStatus.DECLINED: {},
    RequestStatus.WITHDRAWN: {},
    RequestStatus.EXPIRED: {},
}


@frozen
class FeedbackRequest:
    """A question to one colleague, about a goal or a theme of one's own.

    It can be answered until ``expires_on`` (included).
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.HEAR_FROM_COLLEAGUES, (Reader.NAMED,))

    id: FeedbackRequestId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    asked_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    question: str = field(validator=texts.written, repr=False, metadata=OWN_WORDS)
    asked_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    expires_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    about: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    kind: FeedbackKind = field(
        default=FeedbackKind.FEEDBACK, validator=shapes.kind_of(FeedbackKind), metadata=OWN_FACTS
    )
    status: RequestStatus = field(
        default=RequestStatus.ASKED, validator=shapes.kind_of(RequestStatus), metadata=OWN_FACTS
    )
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    @property
    def audience(self) -> Audience:
        """A question may be seen by the one who is asked, and by nobody else."""
        return Audience(AudienceKind.PEOPLE, (self.asked_id,))

    @property
    def open_until(self) -> str | None:
        """The last day of an unanswered question: the stored key by which those that are over are found."""
        return str(self.expires_on) if self.status is RequestStatus.ASKED else None

    def give(self) -> FeedbackRequest:
        """Return the question as answered."""
        return self._after(RequestMove.GIVE)

    def decline(self) -> FeedbackRequest:
        """Return the question as declined; no reason is needed."""
        return self._after(RequestMove.DECLINE)

    def withdraw(self) -> FeedbackRequest:
        """Return the question as withdrawn by who asked it."""
        return self._after(RequestMove.WITHDRAW)

    def expire(self) -> FeedbackRequest:
        """Return the question as expired."""
        return self._after(RequestMove.EXPIRE)

    def take_back(self) -> FeedbackRequest:
        """Return the question as waiting again, since its answer was taken back unread."""
        return self._after(RequestMove.TAKE_BACK)

    def _after(self, move: RequestMove) -> FeedbackRequest:
        return evolve(self, status=status_after(MOVES, self.status, move, "feedback request", self.id))


@frozen
class Feedback:
    """What a colleague gave back.

    Owned by the receiver (``owner_id``), with its author known to her and able to read it. ``read_on`` is the first day
    on which she did; sharing it and thanking for it are reading it too.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.HEAR_FROM_COLLEAGUES, (Reader.NAMED,))

    id: FeedbackId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    author_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    text: str = field(validator=texts.written, repr=False, metadata=WORDS_FOR_ANOTHER)
    given_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    question: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    about: str = field(default="", validator=texts.paragraph, repr=False, metadata=WORDS_FOR_ANOTHER)
    request_id: FeedbackRequestId | None = field(default=None, validator=optional(shapes.identifier), metadata=LINK)
    kind: FeedbackKind = field(
        default=FeedbackKind.FEEDBACK, validator=shapes.kind_of(FeedbackKind), metadata=OWN_FACTS
    )
    read_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    thanked_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    audience: Audience = field(default=ONLY_ME, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    @property
    def subject_id(self) -> PersonId:
        """Whom the feedback is about; the receiver, who owns it."""
        return self.owner_id

    @property
    def party_ids(self) -> frozenset[PersonId]:
        """Who may see this by having a part in it: its author."""
        return frozenset({self.author_id})

    @property
    def is_read(self) -> bool:
        """Whether the receiver has read it, so that it cannot be taken back any more."""
        return not (self.read_on is None and self.thanked_on is None and self.shared_on is None)

    def read(self, on: date) -> Feedback:
        """Return the feedback as read by its receiver; the first day counts."""
        return self if self.read_on else evolve(self, read_on=on)

    def thank(self, on: date) -> Feedback:
        """Return the feedback with thanks for it."""
        return evolve(self.read(on), thanked_on=on)

    def with_audience(self, audience: Audience, on: date) -> Feedback:
        """Return the feedback shared with an audience from a day on, or taken back (only me)."""
        return evolve(self.read(on), audience=audience, shared_on=None if audience.is_private else on)


def first_day_to_ask(put_to_her: Iterable[FeedbackRequest], asker_id: PersonId, today: date) -> date:
    """Tell from which day someone can put a question to a colleague: today, unless enough were put to her.

    Enough is :data:`OPEN_PER_PERSON` that wait for her, from whomever, or :data:`ASKS_PER_PAIR` from this asker in
    :data:`PAIR_DAYS`, whatever became of them.
    """
    put = list(put_to_her)
    waiting = [request.expires_on + timedelta(days=1) for request in put if request.status is RequestStatus.ASKED]
    his = [request.asked_at.date() + timedelta(days=PAIR_DAYS) for request in put if request.owner_id == asker_id]
    return max(today, _room_from(waiting, OPEN_PER_PERSON, today), _room_from(his, ASKS_PER_PAIR, today))


def _room_from(free_on: Iterable[date], limit: int, today: date) -> date:
    """Give the first day on which fewer than a limit are taken, of places that are free again from their days on."""
    taken = sorted(day for day in free_on if day > today)
    return taken[-limit] if len(taken) >= limit else today
