"""Supportive leadership: the next talk prepared from shared things, and one's own path from instructor to guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ownership.domain.check_ins import CheckIn, CheckInId
from ownership.domain.delegations import TO_THE_TEAM, Delegation, DelegationFact, DelegationId
from ownership.domain.goals import Goal
from ownership.domain.initiative import SharedInitiative
from ownership.domain.leadership import LeadershipPath, TalkPreparation, prepare_talk, walk_path
from ownership.domain.people import Audience, Person
from ownership.domain.reminders import ReminderKind, plan_announcement
from ownership.domain.self_checks import HabitReading, SelfCheck, SelfCheckId, SelfCheckQuestion, read_self_checks
from ownership.domain.visibility import Relations, decide
from ownership.errors import InvalidInput
from ownership.workspace.seat import Seat, announce
from ownership.workspace.sight import Sight
from ownership.workspace.team import reports_of

DelegationOrId = Delegation | DelegationId | str


class Leadership:
    """What helps the actor to support somebody else: questions for the next talk, and a path of the actor's own.

    Verbs on a decision take its latest value or its id. Each raises NotFound for one that is not there or not the
    actor's to see, NotAllowed for one that belongs to another, and IllegalMove when its status does not allow the verb.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def prepare(self, check_in: CheckIn | CheckInId | str) -> TalkPreparation:
        """Prepare the actor for a talk in which she is the partner: topics, her promises, questions to choose from.

        Raises:
            NotFound: there is no such check-in, or it is not the actor's to see.
        """
        with self._seat.writing() as sight:
            talk = sight.see(CheckIn, check_in)
            owned = sight.unit.owned(talk.owner_id, CheckIn, Goal, SharedInitiative)
            earlier = sight.see_all(other for other in owned[CheckIn] if other.id != talk.id)
            person = sight.people([talk.owner_id])[talk.owner_id]
            return prepare_talk(
                talk,
                person.seen_by_others(),
                self._seat.person_id,
                now=sight.now,
                earlier=earlier,
                shared_goals=sight.see_all(owned[Goal]),
                questions=self._seat.desk.content.questions,
                letting_go=self._seat.desk.content.letting_go,
                initiative=next(iter(sight.see_all(owned[SharedInitiative])), None),
                share_first=not self._reaches(sight, sight.unit.all_of(self._seat.person_id, Goal), [person]),
            )

    def hand_over_decision(
        self, text: str, *, to: Any = "team", from_on: date | None = None, look_back_on: date | None = None
    ) -> Delegation:
        """Name a decision to hand over: to the team (who report to the actor) or to people by name.

        Nobody hears of it before it is announced. ``from_on`` is the day from which they decide (today).

        Raises:
            InvalidInput: it is for somebody else than the team or people by name, or a field cannot be kept.
            NotFound: someone who is named is not known.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(
                Delegation(
                    id=DelegationId(self._seat.desk.new_id(self._seat.person_id, Delegation)),
                    owner_id=self._seat.person_id,
                    text=text,
                    from_on=from_on or self._seat.today(sight),
                    to=self._seat.audience(sight.unit, to),
                    look_back_on=look_back_on,
                )
            )

    def announce(self, decision: DelegationOrId) -> Delegation:
        """Say to those concerned that the decision is theirs: they hear it, and can read it from now on.

        Again, it reaches those who came since. On the day chosen to look back the actor gets a reminder.

        Raises:
            InvalidInput: nobody is there to take it.
        """
        with self._seat.writing() as sight:
            today, named = self._seat.today(sight), self._seat.own(sight, Delegation, decision)
            told = self._receivers(sight, named.to, today)
            announced = sight.unit.save(named.announce([person.id for person in told], today))
            sight.unit.deliver(plan_announcement(announced, told, sight.viewer, sight.now))
            announce(sight, announced, DelegationFact.HANDED_OVER)
            return announced

    def drop(self, decision: DelegationOrId) -> Delegation:
        """Drop a decision that was named and not announced; nobody ever hears of it."""
        return self._move(decision, lambda it, _: it.drop())

    def keep(self, decision: DelegationOrId, looking_back: str = "") -> Delegation:
        """Look back, and keep the decision where it is. Those who have it can read what the actor writes."""
        return self._move(
            decision, lambda it, sight: it.keep(self._seat.today(sight), looking_back), DelegationFact.KEPT
        )

    def take_back(self, decision: DelegationOrId, reason: str) -> Delegation:
        """Look back, and take the decision back, which is honourable; those who had it hear it and read the reason.

        Raises:
            InvalidInput: no reason is given.
        """
        with self._seat.writing() as sight:
            own = self._seat.own(sight, Delegation, decision)
            back = sight.unit.save(own.take_back(self._seat.today(sight), reason))
            told = sight.people(back.audience.person_ids).values()
            self._seat.tell(sight, ReminderKind.DECISION_TAKEN_BACK, back.id, *told)
            announce(sight, back, DelegationFact.TAKEN_BACK)
            return back

    def path(self) -> LeadershipPath:
        """Give the actor's own path: its stages, all decisions and where each stands, what could be next."""
        with self._seat.reading() as sight:
            today, content = self._seat.today(sight), self._seat.desk.content
            owned = sight.unit.owned(self._seat.person_id, Delegation, Goal, SelfCheck)
            people = self._people(sight)
            return walk_path(
                content.stages,
                owned[Delegation],
                read_self_checks(owned[SelfCheck], content.self_check),
                on=today,
                share_first=bool(people) and not self._reaches(sight, owned[Goal], people),
                has_checked=bool(owned[SelfCheck]),
            )

    def self_check_questions(self) -> tuple[SelfCheckQuestion, ...]:
        """Give the questions to ask oneself about giving room, to answer from 1 (hardly ever) to 5 (nearly always)."""
        return self._seat.desk.content.self_check

    def self_check(self, answers: Mapping[str, int]) -> tuple[HabitReading, ...]:
        """Keep answers to oneself, by the id of the question, and say what they tell. Nobody else ever sees them.

        Raises:
            InvalidInput: an answer is not a whole number from 1 to 5, or belongs to no question.
        """
        questions = self.self_check_questions()
        if not isinstance(answers, Mapping):
            raise InvalidInput.at("self_check.answers", "are no mapping; give each by the id of its question")
        if answers.keys() - {question.id for question in questions}:
            raise InvalidInput.at(
                "self_check.answers", "have one to a question that is not there; see self_check_questions()"
            )
        with self._seat.writing() as sight:
            sight.unit.save(
                SelfCheck(
                    id=SelfCheckId(self._seat.desk.new_id(self._seat.person_id, SelfCheck)),
                    owner_id=self._seat.person_id,
                    answered_at=sight.now,
                    answers=dict(answers),
                )
            )
            return read_self_checks(sight.unit.all_of(self._seat.person_id, SelfCheck), questions)

    def self_checks(self) -> tuple[SelfCheck, ...]:
        """Give all that the actor ever answered, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(sight.unit.all_of(self._seat.person_id, SelfCheck))

    def _move(
        self, decision: DelegationOrId, move: Callable[[Delegation, Sight], Delegation], fact: str = ""
    ) -> Delegation:
        with self._seat.writing() as sight:
            moved = sight.unit.save(move(self._seat.own(sight, Delegation, decision), sight))
            if fact:
                announce(sight, moved, fact)
            return moved

    def _receivers(self, sight: Sight, to: Audience, today: date) -> Sequence[Person]:
        people = self._people(sight) if to == TO_THE_TEAM else sight.people(to.person_ids).values()
        return [p for p in people if p.works_on(today) and p.id != self._seat.person_id]

    def _people(self, sight: Sight) -> list[Person]:
        return reports_of(sight, self._seat.person_id)

    def _reaches(self, sight: Sight, goals: Iterable[Goal], people: Sequence[Person]) -> bool:
        """Whether one of the actor's own goals is shared with one of some people."""
        relations = Relations(sight.viewer, self._seat.today(sight))
        return any(decide(person, goal, relations) for goal in goals for person in people)
