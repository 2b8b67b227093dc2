"""The next small step: explained rules in a fixed order, never a score.

The rules are the table :data:`RULES`; the first that applies comes first, and nobody gets more than three. Each step
says which rule it comes from and what that rule saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from attrs import field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.check_ins import CheckIn
from ownership.domain.delegations import Delegation
from ownership.domain.feedback import Feedback, FeedbackRequest
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.hand_over import HandOverPlan
from ownership.domain.learning import ChoiceStatus, LearningChoice
from ownership.domain.moments import local_day
from ownership.domain.people import PersonId
from ownership.domain.plans import ON_OFFER, DevelopmentPlan
from ownership.domain.pulse import Pulse, PulseAnswers, PulseStatus
from ownership.domain.shapes import optional
from ownership.domain.suggestions import GoalSuggestion

AT_MOST = 3


class StepKind(StrEnum):
    """What someone could do next."""

    FIND_DIRECTION = "find_direction"
    PREPARE_CHECK_IN = "prepare_check_in"
    GIVE_FEEDBACK = "give_feedback"
    RESPOND_TO_PULSE = "respond_to_pulse"
    ANSWER_PULSE = "answer_pulse"
    LOOK_BACK = "look_back"
    CHOOSE_WHAT_MOVES = "choose_what_moves"
    ACKNOWLEDGE_PLAN = "acknowledge_plan"
    READ_SUGGESTION = "read_suggestion"
    START_GOAL = "start_goal"
    SAY_HOW_IT_GOES = "say_how_it_goes"
    CHOOSE_LEARNING = "choose_learning"
    READ_FEEDBACK = "read_feedback"
    NOTHING = "nothing"


class RuleName(StrEnum):
    """What a rule sees in a situation."""

    NO_GOAL = "no_goal"
    CHECK_IN_OPEN = "check_in_open"
    ASKED_BY_COLLEAGUE = "asked_by_colleague"
    PULSE_WAITS = "pulse_waits"
    PULSE_OPEN = "pulse_open"
    DECISION_RIPE = "decision_ripe"
    MANAGER_NEW = "manager_new"
    PLAN_ON_OFFER = "plan_on_offer"
    SUGGESTION_WAITS = "suggestion_waits"
    ONLY_DRAFTS = "only_drafts"
    GOAL_QUIET = "goal_quiet"
    NO_WAY_OF_LEARNING = "no_way_of_learning"
    FEEDBACK_NEW = "feedback_new"
    NONE_APPLIES = "none_applies"


_count = shapes.whole(0, 1_000_000)


def _seen(instance: Any, attribute: Any, value: Any) -> None:
    check = _count if isinstance(value, int) else moments.day
    check(instance, attribute, value)


_saw = shapes.by_key(texts.line, _seen)


@frozen
class Because:
    """Why a step is there: the rule that applied, and what it saw."""

    rule: RuleName = field(validator=shapes.kind_of(RuleName))
    saw: Mapping[str, int | date] = field(factory=dict, validator=_saw, repr=False)


@frozen
class NextStep:
    """One small thing to do: its kind, the item that it is about (if any), its title, the minutes it takes, and why."""

    kind: StepKind = field(validator=shapes.kind_of(StepKind))
    because: Because = field(validator=shapes.kind_of(Because))
    about_id: str = field(default="", validator=shapes.identifier_or_empty)
    title: str = field(default="", validator=texts.label, repr=False)
    minutes: int = field(default=2, validator=shapes.whole(0, 60))


def _all_of(cls: type[Any]) -> Any:
    """Make a field for things of one class; there may be none."""
    return field(default=(), validator=shapes.each(shapes.kind_of(cls), Sequence))


@frozen
class Situation:
    """What the rules look at: all that is one person's own, what colleagues ask of her, and the pulses of now."""

    person_id: PersonId = field(validator=shapes.identifier)
    now: datetime = field(validator=moments.instant)
    goals: Sequence[Goal] = _all_of(Goal)
    check_ins: Sequence[CheckIn] = _all_of(CheckIn)
    choices: Sequence[LearningChoice] = field(
        default=(), validator=shapes.each(shapes.kind_of(LearningChoice), Sequence)
    )
    feedback: Sequence[Feedback] = _all_of(Feedback)
    asked_of_me: Sequence[FeedbackRequest] = field(
        default=(), validator=shapes.each(shapes.kind_of(FeedbackRequest), Sequence)
    )
    delegations: Sequence[Delegation] = _all_of(Delegation)
    suggestions: Sequence[GoalSuggestion] = field(
        default=(), validator=shapes.each(shapes.kind_of(GoalSuggestion), Sequence)
    )
    plans: Sequence[DevelopmentPlan] = field(
        default=(), validator=shapes.each(shapes.kind_of(DevelopmentPlan), Sequence)
    )
    could_move: HandOverPlan | None = field(default=None, validator=optional(shapes.kind_of(HandOverPlan)))
    pulses: Sequence[Pulse] = _all_of(Pulse)
    pulse_answers: Sequence[PulseAnswers] = _all_of(PulseAnswers)
    rests: bool = field(default=False, validator=shapes.flag)
    timezone: str = field(default="UTC", validator=moments.zone)

    def goals_in(self, status: GoalStatus) -> list[Goal]:
        """Give her goals of one status."""
        return [goal for goal in self.goals if goal.status is status]

    def day_of(self, moment: datetime) -> date:
        """Tell the day of a moment where she is."""
        return local_day(moment, self.timezone)


@frozen
class Sighting:
    """What a rule saw: the item that its step is about (if any), its title, and the facts that made it apply."""

    about_id: str = field(default="", validator=shapes.identifier_or_empty)
    title: str = field(default="", validator=texts.label, repr=False)
    saw: Mapping[str, int | date] = field(factory=dict, validator=_saw, repr=False)


class Rule(NamedTuple):
    """A rule for the next step: its name, what it suggests, the minutes that takes, and when it applies."""

    name: RuleName
    suggests: StepKind
    minutes: int
    looks: Callable[[Situation], Sighting | None]

    def step(self, situation: Situation) -> NextStep | None:
        """Give the step that the rule suggests in a situation, if it applies."""
        seen = self.looks(situation)
        if seen is None:
            return None
        return NextStep(self.suggests, Because(self.name, seen.saw), seen.about_id, seen.title, self.minutes)


def _no_goal(at: Situation) -> Sighting | None:
    has_one = at.goals_in(GoalStatus.DRAFT) or at.goals_in(GoalStatus.ACTIVE)
    return None if has_one else Sighting(saw={"ended": len(at.goals)})


def _check_in_open(at: Situation) -> Sighting | None:
    today = at.day_of(at.now)
    open_ones = (check_in for check_in in at.check_ins if check_in.is_open_on(today))
    waiting = (c for c in open_ones if not ((mine := c.preparation_of(at.person_id)) and mine.is_shown))
    return next((Sighting(c.id, saw={"until": c.closes_on}) for c in waiting), None)


def _asked_by_colleague(at: Situation) -> Sighting | None:
    waiting = (asked for asked in at.asked_of_me if asked.open_until)
    return next((Sighting(asked.id, saw={"until": asked.expires_on}) for asked in waiting), None)


def _pulse_waits(at: Situation) -> Sighting | None:
    mine = [pulse for pulse in at.pulses if pulse.status is PulseStatus.CLOSED and pulse.opened_by_id == at.person_id]
    return next((Sighting(pulse.id, saw={"reply_by": pulse.reply_by_on}) for pulse in mine if pulse.reply_by_on), None)


def _pulse_open(at: Situation) -> Sighting | None:
    answered = {hers.pulse_id for hers in at.pulse_answers}
    waiting = (p for p in at.pulses if p.status is PulseStatus.OPEN and not p.is_over(at.now) and p.id not in answered)
    return next((Sighting(pulse.id, saw={"minutes": pulse.minutes}) for pulse in waiting), None)


def _decision_ripe(at: Situation) -> Sighting | None:
    today = at.day_of(at.now)
    ripe = (decision for decision in at.delegations if decision.is_ripe(today))
    return next((Sighting(d.id, saw={"chosen_on": d.look_back_on or today}) for d in ripe), None)


def _manager_new(at: Situation) -> Sighting | None:
    plan = at.could_move
    return Sighting(saw={"since": plan.since, "items": len(plan.items)}) if plan else None


def _plan_on_offer(at: Situation) -> Sighting | None:
    waiting = (plan for plan in at.plans if plan.status in ON_OFFER and not plan.is_acknowledged_by(at.person_id))
    return next((Sighting(plan.id, saw={"made_on": plan.made_on}) for plan in waiting), None)


def _suggestion_waits(at: Situation) -> Sighting | None:
    waiting = (suggestion for suggestion in at.suggestions if suggestion.is_waiting)
    return next((Sighting(s.id, s.title, {"suggested_on": at.day_of(s.suggested_at)}) for s in waiting), None)


def _only_drafts(at: Situation) -> Sighting | None:
    drafts = at.goals_in(GoalStatus.DRAFT)
    if at.goals_in(GoalStatus.ACTIVE):
        return None
    return next((Sighting(goal.id, goal.title, {"drafts": len(drafts)}) for goal in drafts), None)


def _goal_quiet(at: Situation) -> Sighting | None:
    quiet = (goal for goal in at.goals if goal.is_quiet(at.now))
    return next((Sighting(g.id, g.title, {"last_word_on": at.day_of(g.heard_of_at())}) for g in quiet), None)


def _no_way_of_learning(at: Situation) -> Sighting | None:
    served = {choice.goal_id for choice in at.choices if choice.status is not ChoiceStatus.STOPPED}
    without = [goal for goal in at.goals_in(GoalStatus.ACTIVE) if goal.id not in served]
    return next((Sighting(goal.id, goal.title, {"goals": len(without)}) for goal in without), None)


def _feedback_new(at: Situation) -> Sighting | None:
    unthanked = (given for given in at.feedback if given.thanked_on is None)
    return next((Sighting(given.id, saw={"given_on": at.day_of(given.given_at)}) for given in unthanked), None)


RULES: tuple[Rule, ...] = (
    Rule(RuleName.NO_GOAL, StepKind.FIND_DIRECTION, 5, _no_goal),
    Rule(RuleName.CHECK_IN_OPEN, StepKind.PREPARE_CHECK_IN, 5, _check_in_open),
    Rule(RuleName.ASKED_BY_COLLEAGUE, StepKind.GIVE_FEEDBACK, 2, _asked_by_colleague),
    Rule(RuleName.PULSE_WAITS, StepKind.RESPOND_TO_PULSE, 5, _pulse_waits),
    Rule(RuleName.PULSE_OPEN, StepKind.ANSWER_PULSE, 2, _pulse_open),
    Rule(RuleName.DECISION_RIPE, StepKind.LOOK_BACK, 5, _decision_ripe),
    Rule(RuleName.MANAGER_NEW, StepKind.CHOOSE_WHAT_MOVES, 2, _manager_new),
    Rule(RuleName.PLAN_ON_OFFER, StepKind.ACKNOWLEDGE_PLAN, 2, _plan_on_offer),
    Rule(RuleName.SUGGESTION_WAITS, StepKind.READ_SUGGESTION, 2, _suggestion_waits),
    Rule(RuleName.ONLY_DRAFTS, StepKind.START_GOAL, 2, _only_drafts),
    Rule(RuleName.GOAL_QUIET, StepKind.SAY_HOW_IT_GOES, 2, _goal_quiet),
    Rule(RuleName.NO_WAY_OF_LEARNING, StepKind.CHOOSE_LEARNING, 5, _no_way_of_learning),
    Rule(RuleName.FEEDBACK_NEW, StepKind.READ_FEEDBACK, 2, _feedback_new),
)
"""The rules, in the order in which they are asked; the first that apply are the next steps."""

FOR_OTHERS = frozenset({RuleName.ASKED_BY_COLLEAGUE, RuleName.PULSE_WAITS})
"""The rules that serve somebody else: the only ones that are asked while someone rests."""


def next_steps(situation: Situation) -> tuple[NextStep, ...]:
    """Give the next small steps, at most three; when no rule applies, that nothing needs doing.

    Who rests hears of what others need, and of nothing else.
    """
    found = (rule.step(situation) for rule in RULES if not situation.rests or rule.name in FOR_OTHERS)
    steps = tuple(islice(filter(None, found), AT_MOST))
    return steps or (NextStep(StepKind.NOTHING, Because(RuleName.NONE_APPLIES, {"rules": len(RULES)}), minutes=0),)
