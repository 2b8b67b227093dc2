"""Feedback: asked, given, declined, withdrawn, read, taken back, thanked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from ownership.domain import shapes
from ownership.domain.feedback import (
    OPEN_DAYS,
    Feedback,
    FeedbackId,
    FeedbackKind,
    FeedbackRequest,
    FeedbackRequestId,
    RequestStatus,
    first_day_to_ask,
)
from ownership.domain.goals import Goal
from ownership.domain.people import Person
from ownership.domain.reminders import Delivery, ReminderKind, delivery_to
from ownership.errors import IllegalMove, InvalidInput, NotAllowed
from ownership.workspace.records import is_id_of
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight

RequestOrId = FeedbackRequest | FeedbackRequestId | str


class FeedbackRounds:
    """Feedback that the actor asks, gives and receives."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def ask(self, who: str, *, question: str, about: str = "", kind: str = FeedbackKind.FEEDBACK) -> FeedbackRequest:
        """Ask a colleague one question, about a goal (its id) or a theme; it waits three weeks for an answer.

        ``kind`` is "feedback", or "feed_forward" for a suggestion for next time. Somebody on leave can be asked: no
        message reaches her there, the question waits with her others, and it expires as kindly as any.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: it is yourself, or somebody who left, or the question is empty, or there is no such kind.
            InvalidInput: enough questions wait for her, or you asked her often lately; the day to ask again is told.
            NotAllowed: it is about another's goal.
        """
        with self._seat.writing() as sight:
            asked = self._seat.colleague(sight, who, "feedback.who")
            self._leave_room(sight, asked)
            if is_id_of(Goal, about):
                sight.own(Goal, about)
            request = sight.unit.save(
                FeedbackRequest(
                    id=FeedbackRequestId(self._seat.desk.new_id(self._seat.person_id, FeedbackRequest)),
                    owner_id=self._seat.person_id,
                    asked_id=asked.id,
                    question=question,
                    about=about,
                    kind=_kind_of(kind),
                    asked_at=sight.now,
                    expires_on=self._seat.today(sight) + timedelta(days=OPEN_DAYS),
                    shared_on=self._seat.today(sight),
                )
            )
            self._seat.tell(sight, ReminderKind.FEEDBACK_ASKED, request.id, asked, until=request.expires_on)
            return request

    def _leave_room(self, sight: Sight, asked: Person) -> None:
        """Refuse one question too many to one person, without telling who else asked."""
        put = sight.unit.find(FeedbackRequest, "asked_id", equals=asked.id)
        today = self._seat.today(sight)
        if (day := first_day_to_ask(put, self._seat.person_id, today)) > today:
            raise InvalidInput.at(
                "feedback.who", f"has enough questions for now; ask again from {day}, or ask somebody else today"
            )

    def asked_of_me(self) -> tuple[FeedbackRequest, ...]:
        """Give the questions that colleagues put to the actor and that wait for an answer."""
        with self._seat.writing() as sight:
            asked = sight.unit.find(FeedbackRequest, "asked_id", equals=self._seat.person_id)
            return tuple(sight.see_all(request for request in asked if request.status is RequestStatus.ASKED))

    def answer(self, request: RequestOrId, text: str) -> Feedback:
        """Give the feedback that a colleague asked for; from then on it is the colleague's.

        Raises:
            NotFound: there is no such question to the actor.
            IllegalMove: it was answered, declined, withdrawn, or has expired.
        """
        with self._seat.writing() as sight:
            asked = self._asked(sight, request)
            sight.unit.save(asked.give())
            asker = sight.people([asked.owner_id])[asked.owner_id]
            return self._give(
                sight,
                asker,
                text,
                about=asked.about,
                kind=asked.kind,
                question=asked.question,
                request_id=asked.id,
            )

    def give(self, who: str, text: str, *, about: str = "", kind: str = FeedbackKind.FEEDBACK) -> Feedback:
        """Give a colleague feedback unasked, or with ``kind="feed_forward"`` a suggestion for next time.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: it is yourself, or somebody who left, or the text is empty, or there is no such kind.
        """
        with self._seat.writing() as sight:
            said, receiver = _kind_of(kind), self._seat.colleague(sight, who, "feedback.who")
            return self._give(sight, receiver, text, about=about, kind=said)

    def _give(self, sight: Sight, receiver: Person, text: str, **of: Any) -> Feedback:
        given = sight.unit.save(
            Feedback(
                id=FeedbackId(self._seat.desk.new_id(receiver.id, Feedback)),
                owner_id=receiver.id,
                author_id=self._seat.person_id,
                text=text,
                given_at=sight.now,
                **of,
            )
        )
        sight.unit.deliver([_news_of(sight, given, receiver)])
        return given

    def _asked(self, sight: Sight, request: RequestOrId) -> FeedbackRequest:
        latest = self._seat.latest(sight, FeedbackRequest, request)
        if latest.asked_id != self._seat.person_id:
            raise NotAllowed(f"feedback request {latest.id!r} was put to somebody else")
        return latest

    def decline(self, request: RequestOrId) -> FeedbackRequest:
        """Decline a question; no reason is needed.

        Raises:
            NotFound: there is no such question to the actor.
            IllegalMove: it was answered, declined, withdrawn, or has expired.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(self._asked(sight, request).decline())

    def withdraw(self, request: FeedbackRequest | str) -> FeedbackRequest:
        """Take back a question that has not been answered."""
        with self._seat.writing() as sight:
            return sight.unit.save(self._seat.own(sight, FeedbackRequest, request).withdraw())

    def received(self) -> tuple[Feedback, ...]:
        """Give the feedback that the actor received, the oldest first, and mark it as read.

        What has been read cannot be taken back by its author any more.
        """
        with self._seat.writing() as sight:
            return tuple(read_by_receiver(sight, sight.unit.all_of(self._seat.person_id, Feedback)))

    def given(self) -> tuple[Feedback, ...]:
        """Give the feedback that the actor wrote for others."""
        with self._seat.writing() as sight:
            return tuple(sight.see_all(sight.unit.find(Feedback, "author_id", equals=self._seat.person_id)))

    def take_back(self, feedback: Feedback | str) -> None:
        """Take back feedback that the actor gave and the receiver has not read. Nothing of it stays.

        The message about it in her inbox goes too; one that went out by mail cannot be called back, and has no text of
        it. A question that it answered waits for an answer again.

        Raises:
            NotFound: there is no such feedback, or it is not the actor's to see.
            NotAllowed: another wrote it.
            IllegalMove: it was read.
        """
        with self._seat.writing() as sight:
            given = self._given_by_actor(sight, feedback)
            receiver = sight.people([given.owner_id])[given.owner_id]
            for news in sight.unit.many(Delivery, [_news_of(sight, given, receiver).id]).values():
                sight.unit.remove(news)
            sight.unit.remove(sight.unit.save(given))  # over its version: whoever reads it meanwhile is first
            if given.request_id:
                sight.unit.save(sight.unit.one(FeedbackRequest, given.request_id).take_back())

    def _given_by_actor(self, sight: Sight, feedback: Feedback | str) -> Feedback:
        given = sight.see(Feedback, feedback)
        if given.author_id != self._seat.person_id:
            raise NotAllowed(f"feedback {given.id!r} was written by somebody else")
        if given.is_read:
            raise IllegalMove("feedback", given.id, "read", "take_back", ())
        return given

    def thank(self, feedback: Feedback | str) -> Feedback:
        """Thank for feedback received."""
        with self._seat.writing() as sight:
            return sight.unit.save(self._seat.own(sight, Feedback, feedback).thank(self._seat.today(sight)))

    def share(self, feedback: Feedback | str, audience: Any) -> Feedback:
        """Share feedback received from today on, or take it back ("only_me").

        It goes under its author's name, to whom the actor chooses and to nobody else.
        """
        with self._seat.writing() as sight:
            shared: Feedback = self._seat.share(sight, self._seat.own(sight, Feedback, feedback), audience)
            return shared


def read_by_receiver(sight: Sight, received: Iterable[Feedback]) -> list[Feedback]:
    """Mark feedback that its receiver now sees as read, wherever it is shown, and give it so."""
    today = sight.viewer.day_of(sight.now)
    there = {feedback.id: feedback for feedback in received}
    news = sight.unit.save_all(feedback.read(today) for feedback in there.values() if not feedback.read_on)
    return list((there | {feedback.id: feedback for feedback in news}).values())


def _kind_of(spoken: str) -> FeedbackKind:
    return shapes.member_of(FeedbackKind, spoken, "feedback.kind")


def _news_of(sight: Sight, given: Feedback, receiver: Person) -> Delivery:
    """Plan the message that there is feedback."""
    return delivery_to(receiver, ReminderKind.FEEDBACK_GIVEN, given.id, now=sight.now, other_id=given.author_id)
