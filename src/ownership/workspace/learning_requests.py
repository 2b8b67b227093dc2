"""Requests above the budget: asked by the person, answered by her manager by a day, and then hers to choose with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from ownership.domain.budgets import (
    ANSWER_DAYS,
    LearningRequest,
    LearningRequestId,
    LearningRequestStatus,
    Means,
    Money,
)
from ownership.domain.learning import LearningChoice
from ownership.domain.people import Person
from ownership.domain.reminders import Delivery, ReminderKind, delivery_to
from ownership.errors import InvalidInput, NotAllowed
from ownership.workspace.desk import find_person
from ownership.workspace.learning import OptionOrId, choose_in, option_for
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight


class LearningRequests:
    """What goes beyond the budget: asked by the actor, and asked of the actor."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def ask(
        self,
        option: OptionOrId,
        *,
        cost: Money | None = None,
        hours: Decimal | float = 0,
        why: str = "",
        title: str = "",
        answer_by: date | None = None,
        who: str = "",
    ) -> LearningRequest:
        """Ask the actor's manager for what goes beyond the budget; he promises an answer by a day (two weeks).

        He reads what it is, what it costs and why, and nothing else. Only somebody without a manager names ``who``
        answers instead.

        Raises:
            NotFound: there is no such option, or nobody is meant.
            InvalidInput: it costs nothing, is mandatory, something of your own has no title, the day is past, or there
                is nobody to ask.
        """
        with self._seat.writing() as sight:
            wanted = option_for(self._seat, sight, option, title)
            today = self._seat.today(sight)
            asked = self._answerer(sight, who, today)
            until = answer_by or today + timedelta(days=ANSWER_DAYS)
            if until < today:
                raise InvalidInput.at("learning_request.answer_by", "is past; name a day from today on")
            request = sight.unit.save(
                LearningRequest(
                    id=LearningRequestId(self._seat.desk.new_id(self._seat.person_id, LearningRequest)),
                    owner_id=self._seat.person_id,
                    asked_id=asked.id,
                    option_id=wanted.id,
                    title=wanted.title,
                    cost=Means(cost, hours),
                    asked_at=sight.now,
                    answer_by_on=until,
                    why=why,
                    shared_on=today,
                )
            )
            self._seat.tell(sight, ReminderKind.LEARNING_ASKED, request.id, asked, until=until)
            return request

    def _answerer(self, sight: Sight, who: str, today: date) -> Person:
        line = sight.viewer.reporting_line_on(today)
        manager = sight.people([line.manager_id]).get(line.manager_id) if line else None
        if manager is not None and manager.works_on(today):
            if who and find_person(sight.unit, who).id != manager.id:
                raise InvalidInput.at("learning_request.who", "is your manager as long as you have one; leave it out")
            return manager
        if not who:
            raise InvalidInput.at(
                "learning_request.who", "is needed: you have no manager now; name who answers instead"
            )
        person = find_person(sight.unit, who)
        if person.id == self._seat.person_id or not person.works_on(today):
            raise InvalidInput.at("learning_request.who", "is yourself or somebody who left; name somebody else")
        return person

    def mine(self) -> tuple[LearningRequest, ...]:
        """Give the actor's own requests, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(sight.unit.all_of(self._seat.person_id, LearningRequest))

    def withdraw(self, request: LearningRequest | str) -> LearningRequest:
        """Take back a request that was not declined, or a grant that was not taken up."""
        with self._seat.writing() as sight:
            return sight.unit.save(self._seat.own(sight, LearningRequest, request).withdraw())

    def take_up(self, request: LearningRequest | str, *, goal_id: str | None = None, why: str = "") -> LearningChoice:
        """Choose what was granted; it is paid beside the actor's own budget.

        Raises:
            NotFound: there is no such request, or the option is not there any more.
            IllegalMove: it was not granted, or taken up before.
        """
        with self._seat.writing() as sight:
            taken = sight.unit.save(self._seat.own(sight, LearningRequest, request).take_up())
            choices = sight.unit.all_of(self._seat.person_id, LearningChoice)
            option = option_for(self._seat, sight, taken.option_id, taken.title)
            return choose_in(
                self._seat,
                sight,
                option,
                choices,
                goal_id=goal_id,
                why=why,
                cost=taken.cost,
                request_id=taken.id,
            )

    def asked_of_me(self) -> tuple[LearningRequest, ...]:
        """Give the requests that wait for the actor's answer."""
        with self._seat.writing() as sight:
            found = sight.unit.find(LearningRequest, "asked_id", equals=self._seat.person_id)
            return tuple(sight.see_all(r for r in found if r.status is LearningRequestStatus.ASKED))

    def grant(self, request: LearningRequest | LearningRequestId | str) -> LearningRequest:
        """Grant a request, also when its day has passed; the choice is then its owner's.

        Raises:
            NotFound: there is no such request to the actor.
            IllegalMove: it was answered or withdrawn.
        """
        return self._answer(request, lambda it, today: it.grant(today))

    def decline(self, request: LearningRequest | LearningRequestId | str, *, because: str) -> LearningRequest:
        """Say "not now, because": here a reason is needed.

        Raises:
            NotFound: there is no such request to the actor.
            InvalidInput: there is no reason.
            IllegalMove: it was answered or withdrawn.
        """
        return self._answer(request, lambda it, today: it.decline(today, because))

    def _answer(
        self, request: LearningRequest | str, move: Callable[[LearningRequest, date], LearningRequest]
    ) -> LearningRequest:
        with self._seat.writing() as sight:
            latest = self._seat.latest(sight, LearningRequest, request)
            if latest.asked_id != self._seat.person_id:
                raise NotAllowed(f"learning request {latest.id!r} was put to somebody else")
            answered = sight.unit.save(move(latest, self._seat.today(sight)))
            asker = sight.people([answered.owner_id])[answered.owner_id]
            self._seat.tell(sight, ReminderKind.LEARNING_ANSWERED, answered.id, asker)
            return answered


def reminder_of(request: LearningRequest, people: Mapping[str, Person], now: datetime) -> Delivery | None:
    """Plan the one reminder of a promised answer, when its day has passed where it was promised.

    None: it has not, or whoever promised it is gone, or is on leave and hears it on coming back.
    """
    asked = people.get(request.asked_id)
    if asked is None or asked.on_leave or asked.day_of(now) <= request.answer_by_on:
        return None
    return delivery_to(asked, ReminderKind.LEARNING_WAITING, request.id, now=now, other_id=request.owner_id)
