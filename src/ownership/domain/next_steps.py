"""The next small step: explained rules in a fixed order, never a score.

The rules are the table :data:`RULES`; the first that applies comes first, and nobody gets more than three.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from attrs import field, frozen

from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.feedback import Feedback, FeedbackRequest
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.learning import ChoiceStatus, LearningChoice
from ownership.domain.people import PersonId

AT_MOST = 3


class StepKind(StrEnum):
    """What someone could do next."""

    FIND_DIRECTION = "find_direction"
    PREPARE_CHECK_IN = "prepare_check_in"
    GIVE_FEEDBACK = "give_feedback"
    START_GOAL = "start_goal"
    SAY_HOW_IT_GOES = "say_how_it_goes"
    CHOOSE_LEARNING = "choose_learning"
    READ_FEEDBACK = "read_feedback"
    NOTHING = "nothing"


@frozen
class NextStep:
    """One small thing to do: its kind, the item that it is about (if any), its title, and the minutes it takes."""

    kind: StepKind
    about_id: str = ""
    title: str = field(default="", repr=False)
    minutes: int = 2


@frozen
class Situation:
    """What the rules look at: all of one person's own things, and the questions that colleagues put to her."""

    person_id: PersonId
    now: datetime
    goals: Sequence[Goal] = ()
    check_ins: Sequence[CheckIn] = ()
    choices: Sequence[LearningChoice] = ()
    feedback: Sequence[Feedback] = ()
    asked_of_me: Sequence[FeedbackRequest] = ()

    def goals_in(self, status: GoalStatus) -> list[Goal]:
        """Give her goals of one status."""
        return [goal for goal in self.goals if goal.status is status]


def _find_direction(at: Situation) -> NextStep | None:
    has_one = at.goals_in(GoalStatus.DRAFT) or at.goals_in(GoalStatus.ACTIVE)
    return None if has_one else NextStep(StepKind.FIND_DIRECTION, minutes=5)


def _prepare_check_in(at: Situation) -> NextStep | None:
    for check_in in at.check_ins:
        mine = check_in.preparation_of(at.person_id)
        if check_in.status is CheckInStatus.OPEN and (mine is None or mine.ready_at is None):
            return NextStep(StepKind.PREPARE_CHECK_IN, check_in.id, minutes=5)
    return None


def _give_feedback(at: Situation) -> NextStep | None:
    return next((NextStep(StepKind.GIVE_FEEDBACK, asked.id) for asked in at.asked_of_me if asked.open_until), None)


def _start_goal(at: Situation) -> NextStep | None:
    if at.goals_in(GoalStatus.ACTIVE):
        return None
    return next((NextStep(StepKind.START_GOAL, g.id, g.title) for g in at.goals_in(GoalStatus.DRAFT)), None)


def _say_how_it_goes(at: Situation) -> NextStep | None:
    return next((NextStep(StepKind.SAY_HOW_IT_GOES, g.id, g.title) for g in at.goals if g.is_quiet(at.now)), None)


def _choose_learning(at: Situation) -> NextStep | None:
    served = {choice.goal_id for choice in at.choices if choice.status is not ChoiceStatus.STOPPED}
    without = (goal for goal in at.goals_in(GoalStatus.ACTIVE) if goal.id not in served)
    return next((NextStep(StepKind.CHOOSE_LEARNING, g.id, g.title, minutes=5) for g in without), None)


def _read_feedback(at: Situation) -> NextStep | None:
    return next((NextStep(StepKind.READ_FEEDBACK, f.id) for f in at.feedback if f.thanked_on is None), None)


RULES: tuple[Callable[[Situation], NextStep | None], ...] = (
    _find_direction,
    _prepare_check_in,
    _give_feedback,
    _start_goal,
    _say_how_it_goes,
    _choose_learning,
    _read_feedback,
)


def next_steps(situation: Situation) -> tuple[NextStep, ...]:
    """Give the next small steps, at most three; when no rule applies, that nothing needs doing."""
    found = (rule(situation) for rule in RULES)
    steps = [step for step in found if step is not None]
    return tuple(steps[:AT_MOST]) or (NextStep(StepKind.NOTHING, minutes=0),)
