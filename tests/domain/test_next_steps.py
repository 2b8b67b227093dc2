"""The next small step: rules in a fixed order, explained, never a score."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given, settings
from hypothesis import strategies as st

from ownership.domain.check_ins import CheckIn, CheckInId, CheckInStatus, Preparation
from ownership.domain.cycles import CycleId, Period
from ownership.domain.delegations import Delegation, DelegationId
from ownership.domain.feedback import Feedback, FeedbackId, FeedbackRequest, FeedbackRequestId, RequestStatus
from ownership.domain.goals import Goal, GoalId, GoalStatus, GoalUpdate
from ownership.domain.learning import (
    ChoiceStatus,
    LearningChoice,
    LearningChoiceId,
    LearningKind,
    LearningOptionId,
)
from ownership.domain.next_steps import AT_MOST, RULES, Because, NextStep, RuleName, Situation, StepKind, next_steps
from ownership.domain.people import PersonId
from ownership.domain.plans import DevelopmentPlan, DevelopmentPlanId, PlanContents, PlannedGoal
from ownership.domain.publication import first_plan, release_plan_id
from ownership.domain.pulse import Pulse, PulseAnswers, PulseId, PulseReply, PulseStatus, pulse_answers_id
from ownership.domain.scales import Polarity, ScaleQuestion
from ownership.domain.suggestions import GoalSuggestion, SuggestionId
from ownership.testing import (
    check_ins,
    choices,
    delegations,
    feedback,
    goals,
    instants,
    plans,
    pulse_answers,
    pulses,
    requests,
    suggestions,
)

ADA, LIAM = PersonId("ada"), PersonId("liam")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO = NOW - timedelta(days=100)

FEWER = settings(max_examples=settings.default.max_examples // 2)  # type: ignore[union-attr]
"""A whole situation takes a while to draw."""

ACTIVE = Goal(GoalId("ada.g1"), ADA, "Lead a workshop", NOW, status=GoalStatus.ACTIVE, started_on=TODAY)
QUIET = evolve(ACTIVE, id=GoalId("ada.g2"), drafted_at=LONG_AGO, started_on=LONG_AGO.date())
DRAFT = Goal(GoalId("ada.g3"), ADA, "Learn to plan", NOW)
TALK = CheckIn(CheckInId("ada.k1"), ADA, CycleId("organisation.y1"), Period(1, TODAY, TODAY), TODAY)
ASKED = FeedbackRequest(FeedbackRequestId("liam.q1"), LIAM, ADA, "How was it?", NOW, TODAY)
GIVEN = Feedback(FeedbackId("ada.f1"), ADA, LIAM, "Well done.", NOW)
RIPE = Delegation(DelegationId("ada.h1"), ADA, "Who works when", TODAY, look_back_on=TODAY).announce([LIAM], TODAY)
OFFERED = DevelopmentPlan(
    DevelopmentPlanId("ada.p1"), ADA, TODAY, PlanContents(goals=(PlannedGoal(ACTIVE.id, ACTIVE.title),))
).offer(LIAM, TODAY)
SUGGESTED = GoalSuggestion(SuggestionId("ada.s1"), ADA, LIAM, "Write more", NOW)
NOTHING = NextStep(StepKind.NOTHING, Because(RuleName.NONE_APPLIES, {"rules": len(RULES)}), minutes=0)
ORGANISATION = PersonId("organisation")
PLAN = first_plan(release_plan_id(ORGANISATION, 1), ORGANISATION, {})
PULSE = Pulse(
    PulseId("organisation.u1"),
    ORGANISATION,
    LIAM,
    NOW,
    NOW + timedelta(days=7),
    PLAN.id,
    (ScaleQuestion("q1", "autonomy", Polarity.POSITIVE, {"en": "I choose."}),),
)
ANSWERED = PulseAnswers(pulse_answers_id(ADA, PULSE.id), ADA, PULSE.id, NOW, {"q1": 3})
CHOICE = LearningChoice(
    LearningChoiceId("ada.l1"), ADA, LearningOptionId("o1"), LearningKind.READING, "A book", NOW, goal_id=ACTIVE.id
)


def kinds(**fields: Any) -> list[StepKind]:
    """Give the kinds of the next steps in a situation."""
    return [step.kind for step in next_steps(Situation(ADA, NOW, **fields))]


def situations() -> st.SearchStrategy[Situation]:
    """Draw situations of one person."""
    hers = st.just(ADA)
    return st.builds(
        Situation,
        hers,
        instants(),
        st.lists(goals(hers), max_size=3),
        st.lists(check_ins(hers), max_size=2),
        st.lists(choices(hers), max_size=2),
        st.lists(feedback(hers), max_size=2),
        st.lists(requests(), max_size=2),
        st.lists(delegations(hers), max_size=2),
        st.lists(suggestions(hers), max_size=2),
        st.lists(plans(hers), max_size=2),
        pulses=st.lists(pulses(), max_size=2),
        pulse_answers=st.lists(pulse_answers(hers), max_size=2),
        rests=st.booleans(),
    )


def test_from_an_empty_history_the_first_step_is_to_find_a_direction() -> None:
    """Without any goal the step is to find one; it takes five minutes and is about nothing yet."""
    because = Because(RuleName.NO_GOAL, {"ended": 0})
    assert next_steps(Situation(ADA, NOW)) == (NextStep(StepKind.FIND_DIRECTION, because, minutes=5),)


@pytest.mark.parametrize("status", GoalStatus)
def test_a_draft_or_a_goal_in_motion_is_a_direction(status: GoalStatus) -> None:
    """Only when all goals have ended is a new direction asked for."""
    has_direction = status in {GoalStatus.DRAFT, GoalStatus.ACTIVE}
    assert (StepKind.FIND_DIRECTION in kinds(goals=[evolve(ACTIVE, status=status)])) is not has_direction


@pytest.mark.parametrize("status", CheckInStatus)
def test_an_open_check_in_is_prepared(status: CheckInStatus) -> None:
    """An open check-in asks for her preparation until that is ready; the other's does not count."""
    at = evolve(TALK, status=status, partner_id=LIAM)
    is_open = status is CheckInStatus.OPEN
    his = evolve(at, preparations=(Preparation(LIAM, ready_at=NOW),))
    thinking = evolve(at, preparations=(Preparation(ADA, "So far"),))
    ready = evolve(at, preparations=(Preparation(ADA, "So far", ready_at=NOW),))
    for waits in (at, his, thinking):
        assert (StepKind.PREPARE_CHECK_IN in kinds(goals=[ACTIVE], check_ins=[waits])) is is_open
    assert StepKind.PREPARE_CHECK_IN not in kinds(goals=[ACTIVE], check_ins=[ready])
    over = evolve(at, closes_on=TODAY - timedelta(days=1))
    assert StepKind.PREPARE_CHECK_IN not in kinds(goals=[ACTIVE], check_ins=[over])
    assert (StepKind.PREPARE_CHECK_IN in kinds(goals=[ACTIVE], check_ins=[ready, at])) is is_open


@pytest.mark.parametrize("status", RequestStatus)
def test_a_colleague_who_asks_gets_an_answer(status: RequestStatus) -> None:
    """A question that waits for her is a step; one that was answered, declined, withdrawn or expired is not."""
    asked = evolve(ASKED, status=status)
    assert (StepKind.GIVE_FEEDBACK in kinds(goals=[ACTIVE], asked_of_me=[asked])) is (status is RequestStatus.ASKED)


def test_a_draft_is_started_when_nothing_is_in_motion() -> None:
    """A draft asks to be started, by its title, unless she is at work on another goal."""
    because = Because(RuleName.ONLY_DRAFTS, {"drafts": 1})
    step = NextStep(StepKind.START_GOAL, because, DRAFT.id, DRAFT.title)
    assert next_steps(Situation(ADA, NOW, goals=[DRAFT])) == (step,)
    assert StepKind.START_GOAL not in kinds(goals=[DRAFT, ACTIVE])


def test_a_quiet_goal_asks_how_it_goes() -> None:
    """After a month without news there is a question, and a word is enough to answer it."""
    assert StepKind.SAY_HOW_IT_GOES in kinds(goals=[QUIET])
    spoken = evolve(QUIET, updates=(GoalUpdate(NOW, note="Slowly"),))
    assert StepKind.SAY_HOW_IT_GOES not in kinds(goals=[spoken])


@pytest.mark.parametrize("status", ChoiceStatus)
def test_a_goal_in_motion_has_a_way_of_learning(status: ChoiceStatus) -> None:
    """A goal asks for a choice as long as there is none for it, or only one that was stopped."""
    served = status is not ChoiceStatus.STOPPED
    assert (StepKind.CHOOSE_LEARNING in kinds(goals=[ACTIVE], choices=[evolve(CHOICE, status=status)])) is not served
    assert StepKind.CHOOSE_LEARNING in kinds(goals=[ACTIVE], choices=[evolve(CHOICE, goal_id=None)])


def test_feedback_is_read() -> None:
    """Feedback is a step until she thanked for it."""
    rested = {"goals": [ACTIVE], "choices": [CHOICE]}
    assert kinds(**rested, feedback=[GIVEN]) == [StepKind.READ_FEEDBACK]
    assert kinds(**rested, feedback=[GIVEN.thank(date(2026, 3, 2))]) == [StepKind.NOTHING]


def test_when_nothing_needs_doing_it_says_so() -> None:
    """Nothing is a full answer, and takes no minutes."""
    assert next_steps(Situation(ADA, NOW, goals=[ACTIVE], choices=[CHOICE])) == (NOTHING,)


def test_three_at_most_in_the_order_of_the_rules() -> None:
    """With everything to do at once, the first three rules that apply are what is asked."""
    assert kinds(goals=[DRAFT, QUIET], check_ins=[TALK], asked_of_me=[ASKED], feedback=[GIVEN]) == [
        StepKind.PREPARE_CHECK_IN,
        StepKind.GIVE_FEEDBACK,
        StepKind.SAY_HOW_IT_GOES,
    ]


@given(situations())
@FEWER
def test_the_steps_are_the_first_rules_that_apply(situation: Situation) -> None:
    """In any situation the steps are those of the first three rules that apply, each rule at most once.

    While she rests only the rules that serve others are asked.
    """
    steps = next_steps(situation)
    for_others = {RuleName.ASKED_BY_COLLEAGUE, RuleName.PULSE_WAITS}
    asked = [rule for rule in RULES if not situation.rests or rule.name in for_others]
    found = [step for step in (rule.step(situation) for rule in asked) if step]
    assert list(steps) == (found[:AT_MOST] or [NOTHING])
    assert len({step.kind for step in steps}) == len(steps)


@given(situations())
@FEWER
def test_a_step_is_small_and_about_something_that_is_there(situation: Situation) -> None:
    """Every step takes five minutes or less and points at one of her things, or at none."""
    things: list[Any] = [
        *situation.goals,
        *situation.check_ins,
        *situation.feedback,
        *situation.asked_of_me,
        *situation.delegations,
        *situation.suggestions,
        *situation.plans,
        *situation.pulses,
    ]
    there = {thing.id for thing in things}
    for step in next_steps(situation):
        assert step.minutes <= 5
        assert not step.about_id or step.about_id in there


def test_every_kind_has_a_rule() -> None:
    """Each kind of step and each name has one rule; that nothing needs doing has none."""
    assert [rule.suggests for rule in RULES] == [kind for kind in StepKind if kind is not StepKind.NOTHING]
    assert [rule.name for rule in RULES] == [name for name in RuleName if name is not RuleName.NONE_APPLIES]


@pytest.mark.parametrize(
    ("fields", "rule", "saw"),
    [
        ({"goals": [evolve(ACTIVE, status=GoalStatus.LET_GO)]}, RuleName.NO_GOAL, {"ended": 1}),
        ({"goals": [ACTIVE], "check_ins": [TALK]}, RuleName.CHECK_IN_OPEN, {"until": TODAY}),
        ({"goals": [ACTIVE], "asked_of_me": [ASKED]}, RuleName.ASKED_BY_COLLEAGUE, {"until": TODAY}),
        ({"goals": [ACTIVE], "delegations": [RIPE]}, RuleName.DECISION_RIPE, {"chosen_on": TODAY}),
        ({"goals": [ACTIVE], "plans": [OFFERED]}, RuleName.PLAN_ON_OFFER, {"made_on": TODAY}),
        ({"goals": [ACTIVE], "suggestions": [SUGGESTED]}, RuleName.SUGGESTION_WAITS, {"suggested_on": TODAY}),
        ({"goals": [ACTIVE], "pulses": [PULSE]}, RuleName.PULSE_OPEN, {"minutes": 1}),
        (
            {"goals": [ACTIVE], "pulses": [evolve(PULSE, opened_by_id=ADA).close(NOW)]},
            RuleName.PULSE_WAITS,
            {"reply_by": TODAY + timedelta(days=14)},
        ),
        ({"goals": [DRAFT, evolve(DRAFT, id=GoalId("ada.g4"))]}, RuleName.ONLY_DRAFTS, {"drafts": 2}),
        ({"goals": [QUIET]}, RuleName.GOAL_QUIET, {"last_word_on": LONG_AGO.date()}),
        ({"goals": [ACTIVE]}, RuleName.NO_WAY_OF_LEARNING, {"goals": 1}),
        ({"goals": [ACTIVE], "choices": [CHOICE], "feedback": [GIVEN]}, RuleName.FEEDBACK_NEW, {"given_on": TODAY}),
        ({"goals": [ACTIVE], "choices": [CHOICE]}, RuleName.NONE_APPLIES, {"rules": len(RULES)}),
    ],
    ids=str,
)
def test_a_step_says_which_rule_applied_and_what_it_saw(fields: Any, rule: RuleName, saw: dict[str, Any]) -> None:
    """Each step comes with the name of its rule and the facts that made it apply, and nothing that was written."""
    assert next_steps(Situation(ADA, NOW, **fields))[0].because == Because(rule, saw)


def test_a_decision_is_looked_back_on_from_the_day_where_he_is() -> None:
    """Before the day that was chosen nothing is asked; where the day has begun already, it is."""
    tomorrow = evolve(RIPE, look_back_on=TODAY + timedelta(days=1))
    here = Situation(ADA, NOW, goals=[ACTIVE], choices=[CHOICE], delegations=[tomorrow])
    assert next_steps(here) == (NOTHING,)
    assert next_steps(evolve(here, timezone="Pacific/Auckland"))[0].kind is StepKind.LOOK_BACK


def test_days_are_told_where_she_is() -> None:
    """What a rule saw on a day is told by the calendar of the person's own time zone."""
    (step,) = next_steps(
        Situation(ADA, NOW, goals=[ACTIVE], choices=[CHOICE], feedback=[GIVEN], timezone="Pacific/Auckland")
    )
    assert step.because.saw == {"given_on": date(2026, 3, 3)}


def test_a_pulse_is_a_step_until_it_is_answered_or_over() -> None:
    """An open pulse is a step for who did not answer it, until its window is over."""
    assert StepKind.ANSWER_PULSE in kinds(goals=[ACTIVE], pulses=[PULSE])
    assert StepKind.ANSWER_PULSE not in kinds(goals=[ACTIVE], pulses=[PULSE], pulse_answers=[ANSWERED])
    for over in (evolve(PULSE, closes_at=NOW, opened_at=LONG_AGO), PULSE.close(NOW), PULSE.call_off(NOW)):
        assert StepKind.ANSWER_PULSE not in kinds(goals=[ACTIVE], pulses=[over])


@pytest.mark.parametrize("status", PulseStatus)
def test_who_opened_a_pulse_owes_an_answer(status: PulseStatus) -> None:
    """A pulse that closed without a reply is a step for who opened it, and for nobody else; also for one who rests."""
    reply = PulseReply(ADA, TODAY, we_will="Free mornings") if status is PulseStatus.ANSWERED else None
    hers = evolve(
        PULSE, opened_by_id=ADA, status=status, closed_at=None if status is PulseStatus.OPEN else NOW, reply=reply
    )
    is_due = status is PulseStatus.CLOSED
    for rests in (True, False):
        assert (StepKind.RESPOND_TO_PULSE in kinds(goals=[ACTIVE], pulses=[hers], rests=rests)) is is_due
    assert StepKind.RESPOND_TO_PULSE not in kinds(goals=[ACTIVE], pulses=[evolve(hers, opened_by_id=LIAM)])


def test_nothing_changes_in_place() -> None:
    """Steps and situations cannot be set."""
    frozen: list[Any] = [NOTHING, NOTHING.because, Situation(ADA, NOW)]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.kind = StepKind.NOTHING
    rule: Any = RULES[0]
    with pytest.raises(AttributeError):
        rule.suggests = StepKind.NOTHING


def test_a_plan_on_offer_waits_for_her_own_word() -> None:
    """A plan that she offered is a next step until she has acknowledged it herself."""
    step = StepKind.ACKNOWLEDGE_PLAN
    assert step in kinds(goals=[ACTIVE], plans=[OFFERED])
    assert step in kinds(goals=[ACTIVE], plans=[OFFERED.acknowledge(LIAM, TODAY)])
    assert step not in kinds(goals=[ACTIVE], plans=[OFFERED.acknowledge(ADA, TODAY)])


def test_a_suggestion_waits_and_does_not_press() -> None:
    """A suggestion that waits is a next step; one that she declined is none."""
    assert StepKind.READ_SUGGESTION in kinds(goals=[ACTIVE], suggestions=[SUGGESTED])
    assert StepKind.READ_SUGGESTION not in kinds(goals=[ACTIVE], suggestions=[SUGGESTED.decline()])
