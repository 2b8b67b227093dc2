"""Feedback: asked, given, declined, withdrawn, thanked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ownership.domain.feedback import OPEN_DAYS, Feedback, FeedbackId, FeedbackRequest, FeedbackRequestId, RequestStatus
from ownership.domain.goals import Goal
from ownership.domain.people import Person
from ownership.domain.reminders import ReminderKind, delivery_to
from ownership.errors import InvalidInput, NotAllowed
from ownership.workspace.desk import find_person
from ownership.workspace.records import is_id_of
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight


class FeedbackRounds:
    """Feedback that the actor asks, gives and receives."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def ask(self, who: str, *, question: str, about: str = "") -> FeedbackRequest:
        """Ask a colleague one question, about a goal (its id) or a theme; it waits three weeks for an answer.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: it is yourself, or somebody who left, or the question is empty.
            NotAllowed: it is about another's goal.
        """
        with self._seat.writing() as sight:
            asked = self._colleague(sight, who)
            if is_id_of(Goal, about):
                sight.own(Goal, about)
            request = sight.unit.save(
                FeedbackRequest(
                    id=FeedbackRequestId(self._seat.desk.new_id(self._seat.person_id, FeedbackRequest)),
                    owner_id=self._seat.person_id,
                    asked_id=asked.id,
                    question=question,
                    about=about,
                    asked_at=sight.now,
                    expires_on=self._seat.today(sight) + timedelta(days=OPEN_DAYS),
                    shared_on=self._seat.today(sight),
                )
            )
            kind = ReminderKind.FEEDBACK_ASKED
            sight.unit.deliver(
                [
                    delivery_to(
                        asked, kind, request.id, now=sight.now, other_id=request.owner_id, until=request.expires_on
                    )
                ]
            )
            return request

    def _colleague(self, sight: Sight, who: str) -> Person:
        person = find_person(sight.unit, who)
        if person.id == self._seat.person_id:
            raise InvalidInput.at("feedback.who", "is yourself; write a reflection instead")
        if not person.works_on(self._seat.today(sight)):
            raise InvalidInput.at("feedback.who", f"{person.id!r} does not work here now; ask somebody else")
        return person

    def asked_of_me(self) -> tuple[FeedbackRequest, ...]:
        """Give the questions that colleagues put to the actor and that wait for an answer."""
        with self._seat.writing() as sight:
            asked = sight.unit.find(FeedbackRequest, "asked_id", equals=self._seat.person_id)
            return tuple(sight.see_all(request for request in asked if request.status is RequestStatus.ASKED))

    def answer(self, request_id: str, text: str) -> Feedback:
        """Give the feedback that a colleague asked for; from then on it is the colleague's.

        Raises:
            NotFound: there is no such question to the actor.
            IllegalMove: it was answered, declined, withdrawn, or has expired.
        """
        with self._seat.writing() as sight:
            request = self._asked(sight, request_id)
            sight.unit.save(request.give())
            return self._give(sight, sight.people([request.owner_id])[request.owner_id], text, request)

    def give(self, who: str, text: str, *, about: str = "") -> Feedback:
        """Give a colleague feedback unasked.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: it is yourself, or somebody who left, or the text is empty.
        """
        with self._seat.writing() as sight:
            return self._give(sight, self._colleague(sight, who), text, None, about)

    def _give(
        self, sight: Sight, receiver: Person, text: str, request: FeedbackRequest | None, about: str = ""
    ) -> Feedback:
        given = sight.unit.save(
            Feedback(
                id=FeedbackId(self._seat.desk.new_id(receiver.id, Feedback)),
                owner_id=receiver.id,
                author_id=self._seat.person_id,
                text=text,
                given_at=sight.now,
                question=request.question if request else "",
                about=request.about if request else about,
                request_id=request.id if request else None,
            )
        )
        kind = ReminderKind.FEEDBACK_GIVEN
        sight.unit.deliver([delivery_to(receiver, kind, given.id, now=sight.now, other_id=self._seat.person_id)])
        return given

    def _asked(self, sight: Sight, request_id: str) -> FeedbackRequest:
        request = sight.see(FeedbackRequest, request_id)
        if request.asked_id != self._seat.person_id:
            raise NotAllowed(f"feedback request {request_id!r} was put to somebody else")
        return request

    def decline(self, request_id: str) -> FeedbackRequest:
        """Decline a question; no reason is needed.

        Raises:
            NotFound: there is no such question to the actor.
            IllegalMove: it was answered, declined, withdrawn, or has expired.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(self._asked(sight, request_id).decline())

    def withdraw(self, request: FeedbackRequest | str) -> FeedbackRequest:
        """Take back a question that has not been answered."""
        with self._seat.writing() as sight:
            return sight.unit.save(self._seat.own(sight, FeedbackRequest, request).withdraw())

    def received(self) -> tuple[Feedback, ...]:
        """Give the feedback that the actor received, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(sight.unit.all_of(self._seat.person_id, Feedback))

    def given(self) -> tuple[Feedback, ...]:
        """Give the feedback that the actor wrote for others."""
        with self._seat.writing() as sight:
            return tuple(sight.see_all(sight.unit.find(Feedback, "author_id", equals=self._seat.person_id)))

    def thank(self, feedback: Feedback | str) -> Feedback:
        """Thank for feedback received."""
        with self._seat.writing() as sight:
            return sight.unit.save(self._seat.own(sight, Feedback, feedback).thank(self._seat.today(sight)))

    def share(self, feedback: Feedback | str, audience: Any) -> Feedback:
        """Share feedback received from today on, or take it back ("only_me")."""
        with self._seat.writing() as sight:
            shared: Feedback = self._seat.share(sight, self._seat.own(sight, Feedback, feedback), audience)
            return shared
