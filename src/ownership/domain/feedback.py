"""Feedback: asked for by the person who wants to learn from it, given by a colleague, owned by who receives it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from attrs import evolve, field, frozen
from attrs.validators import optional

from ownership.domain import moments, shapes, texts
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId

FeedbackRequestId = NewType("FeedbackRequestId", str)
FeedbackId = NewType("FeedbackId", str)

OPEN_DAYS = 21
"""Days in which a question waits for an answer before it expires, kindly."""


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


MOVES: Mapping[RequestStatus, Mapping[RequestMove, RequestStatus]] = {
    RequestStatus.ASKED: {
        RequestMove.GIVE: RequestStatus.GIVEN,
        RequestMove.DECLINE: RequestStatus.DECLINED,
        RequestMove.WITHDRAW: RequestStatus.WITHDRAWN,
        RequestMove.EXPIRE: RequestStatus.EXPIRED,
    },
    RequestStatus.GIVEN: {},
    RequestStatus.DECLINED: {},
    RequestStatus.WITHDRAWN: {},
    RequestStatus.EXPIRED: {},
}


@frozen
class FeedbackRequest:
    """A question to one colleague, about a goal or a theme of one's own.

    It can be answered until ``expires_on`` (included).
    """

    id: FeedbackRequestId = field(validator=shapes.identifier)
    owner_id: PersonId = field(validator=shapes.identifier)
    asked_id: PersonId = field(validator=shapes.identifier)
    question: str = field(validator=texts.written, repr=False)
    asked_at: datetime = field(validator=moments.instant)
    expires_on: date = field(validator=moments.day)
    about: str = field(default="", validator=texts.paragraph, repr=False)
    status: RequestStatus = field(default=RequestStatus.ASKED, validator=shapes.kind_of(RequestStatus))
    shared_on: date | None = field(default=None, validator=optional(moments.day))
    version: int = field(default=0, validator=shapes.version)

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

    def _after(self, move: RequestMove) -> FeedbackRequest:
        return evolve(self, status=status_after(MOVES, self.status, move, "feedback request", self.id))


@frozen
class Feedback:
    """What a colleague gave back.

    Owned by the receiver (``owner_id``), with its author known to her and able to read it.
    """

    id: FeedbackId = field(validator=shapes.identifier)
    owner_id: PersonId = field(validator=shapes.identifier)
    author_id: PersonId = field(validator=shapes.identifier)
    text: str = field(validator=texts.written, repr=False)
    given_at: datetime = field(validator=moments.instant)
    question: str = field(default="", validator=texts.paragraph, repr=False)
    about: str = field(default="", validator=texts.paragraph, repr=False)
    request_id: FeedbackRequestId | None = field(default=None, validator=optional(shapes.identifier))
    thanked_on: date | None = field(default=None, validator=optional(moments.day))
    audience: Audience = field(default=ONLY_ME, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day))
    version: int = field(default=0, validator=shapes.version)

    @property
    def subject_id(self) -> PersonId:
        """Whom the feedback is about; the receiver, who owns it."""
        return self.owner_id

    @property
    def party_ids(self) -> frozenset[PersonId]:
        """Who may see this by having a part in it: its author."""
        return frozenset({self.author_id})

    def thank(self, on: date) -> Feedback:
        """Return the feedback with thanks for it."""
        return evolve(self, thanked_on=on)

    def with_audience(self, audience: Audience, on: date) -> Feedback:
        """Return the feedback shared with an audience from a day on, or taken back (only me)."""
        return evolve(self, audience=audience, shared_on=None if audience.is_private else on)
