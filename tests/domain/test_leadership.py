"""Supportive leadership: questions instead of answers, and what one promised oneself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.check_ins import Agreement, AgreementId, CheckIn, CheckInId, Preparation
from ownership.domain.cycles import CycleId, Period
from ownership.domain.delegations import Delegation, DelegationId, DelegationStatus
from ownership.domain.goals import Goal, GoalId, GoalStatus
from ownership.domain.leadership import (
    FITS,
    OFFERED,
    Fit,
    GuideQuestion,
    LettingGo,
    OfferedQuestion,
    PathMove,
    Step,
    TalkPreparation,
    open_promises,
    prepare_talk,
    walk_path,
)
from ownership.domain.people import Person, PersonId
from ownership.testing import check_ins, delegations, goals

ADA, SAM = Person(PersonId("ada"), "Ada"), Person(PersonId("sam"), "Sam")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
QUESTIONS = [GuideQuestion(f"{step}-{number}", step, {"en": "?"}) for step in Step for number in range(7)]
HABITS = [LettingGo(f"habit-{number}", {"en": "Answering first"}) for number in range(7)]


def talk(number: int = 1, **fields: Any) -> CheckIn:
    """Make a check-in of Ada with Sam."""
    period = Period(number, TODAY, TODAY + timedelta(days=30))
    made: dict[str, Any] = {
        "id": CheckInId(f"ada.k{number}"),
        "owner_id": ADA.id,
        "cycle_id": CycleId("organisation.y1"),
        "period": period,
        "closes_on": TODAY,
        "partner_id": SAM.id,
    }
    return CheckIn(**made | fields)


def prepared(check_in: CheckIn, reader_id: PersonId = SAM.id, **given_: Any) -> TalkPreparation:
    """Prepare one of the two."""
    material: dict[str, Any] = {"earlier": [], "shared_goals": [], "questions": QUESTIONS, "letting_go": HABITS}
    material |= {"now": NOW}
    return prepare_talk(check_in, ADA, reader_id, **material | given_)


def promise(id_: str, by: Person = SAM, due_on: date | None = None, done_on: date | None = None) -> Agreement:
    """Make an agreement."""
    return Agreement(AgreementId(id_), "Make room", by.id, due_on, done_on)


def test_three_open_questions_in_the_order_of_a_talk() -> None:
    """One question of each of the first three steps: where to, where now, what could be."""
    assert [question.step for question in prepared(talk()).questions] == [Step.GOAL, Step.REALITY, Step.OPTIONS]


def test_a_step_without_a_question_makes_room_for_the_next() -> None:
    """With questions for other steps only, those are asked, still in order."""
    some = [question for question in reversed(QUESTIONS) if question.step is not Step.REALITY]
    assert [question.step for question in prepared(talk(), questions=some).questions] == [
        Step.GOAL,
        Step.OPTIONS,
        Step.WILL,
    ]
    assert prepared(talk(), questions=[], letting_go=[]).questions == ()
    assert prepared(talk(), questions=[], letting_go=[]).let_go is None


def test_the_draw_is_fixed_by_the_check_in() -> None:
    """The same talk has the same questions whenever one looks, and other talks have others."""
    first = prepared(talk())
    again = prepared(talk(), questions=reversed(QUESTIONS), letting_go=reversed(HABITS))
    assert (again.questions, again.let_go) == (first.questions, first.let_go)
    others = [prepared(talk(number)) for number in range(20)]
    assert len({tuple(question.id for question in other.questions) for other in others}) > 3
    assert len({other.let_go.id for other in others if other.let_go}) > 3


def test_every_step_has_three_to_choose_from() -> None:
    """All four steps of a talk are there in order, each with three different questions of that step."""
    guide = prepared(talk()).guide
    assert [step.step for step in guide] == list(Step)
    for step in guide:
        assert len({offer.question.id for offer in step.offered}) == OFFERED
        assert {offer.question.step for offer in step.offered} == {step.step}


def test_the_next_talk_has_other_questions() -> None:
    """As long as there are enough, nothing of one talk comes back in the next: neither a question nor a habit."""
    for number in range(1, 9):
        now, then = prepared(talk(number)), prepared(talk(number + 1))
        offered, next_offered = ({o.question.id for step in it.guide for o in step.offered} for it in (now, then))
        assert not offered & next_offered
        assert now.let_go != then.let_go


QUIET = Goal(
    GoalId("ada.g1"), ADA.id, "Plan", NOW - timedelta(days=200), status=GoalStatus.ACTIVE, started_on=date(2025, 9, 1)
)
STARTED = evolve(QUIET, started_on=TODAY - timedelta(days=9))
ENDED = evolve(QUIET, status=GoalStatus.LEARNED, ended_on=TODAY - timedelta(days=9))
LONG_ENDED = evolve(ENDED, ended_on=TODAY - timedelta(days=90))


def fitting(shared: list[Goal] | None = None, **wrote: str) -> list[Fit]:
    """Give why the questions are offered, those that fit always left out, with a question for each occasion."""
    special = [GuideQuestion(f"x-{fit}", Step.REALITY, {"en": "?"}, frozenset({fit})) for fit in FITS]
    check_in = talk(preparations=(Preparation(ADA.id, ready_at=NOW, **wrote),)) if wrote else talk()
    found: list[Fit] = []
    for fit in special:
        made = prepared(check_in, questions=[*QUESTIONS, fit], shared_goals=shared or [])
        found += [o.because for step in made.guide for o in step.offered if o.because is not Fit.ALWAYS]
    return found


@pytest.mark.parametrize(
    ("occasion", "fits"),
    [
        ({}, []),
        ({"shared": [QUIET]}, [Fit.GOAL_QUIET]),
        ({"shared": [STARTED]}, [Fit.GOAL_STARTED]),
        ({"shared": [ENDED]}, [Fit.GOAL_ENDED]),
        ({"shared": [LONG_ENDED]}, []),
        ({"progress": "Fine"}, []),
        ({"challenges": "No client"}, [Fit.HARD]),
        ({"needs": "Two hours"}, [Fit.NEED]),
        ({"shared": [QUIET, ENDED], "needs": "Time"}, [Fit.GOAL_QUIET, Fit.GOAL_ENDED, Fit.NEED]),
    ],
    ids=str,
)
def test_questions_fit_what_she_shared(occasion: dict[str, Any], fits: list[Fit]) -> None:
    """A question for an occasion is offered exactly when what she shared, or wrote for the talk, gives the occasion."""
    assert fitting(**occasion) == fits


def test_what_she_did_not_make_ready_gives_no_occasion() -> None:
    """A preparation that is hers alone so far has no part in what he is offered."""
    special = GuideQuestion("x", Step.REALITY, {"en": "?"}, frozenset({Fit.HARD}))
    thinking = talk(preparations=(Preparation(ADA.id, challenges="No client"),))
    assert prepared(thinking, questions=[*QUESTIONS, special]) == evolve(
        prepared(talk(), questions=[*QUESTIONS, special]), check_in=thinking.seen_by(SAM.id)
    )


def test_one_question_that_fits_leads_and_the_rest_fit_always() -> None:
    """What fits in particular comes first, one for each step, and the first reason that holds is the one given."""
    both = GuideQuestion("x", Step.GOAL, {"en": "?"}, frozenset({Fit.GOAL_QUIET, Fit.GOAL_ENDED}))
    another = evolve(both, id="y")
    goal, *others = prepared(talk(), questions=[*QUESTIONS, both, another], shared_goals=[ENDED, QUIET]).guide
    first, *rest = goal.offered
    assert first in [OfferedQuestion(both, Fit.GOAL_QUIET), OfferedQuestion(another, Fit.GOAL_QUIET)]
    assert {offer.because for offer in rest} == {offer.because for step in others for offer in step.offered}
    assert prepared(talk(), questions=[*QUESTIONS, both], shared_goals=[QUIET]).questions[0] == both


def test_hers_comes_first() -> None:
    """What she wants to talk about stands above what he put on the agenda, each in the order in which it came."""
    both = talk().prepare(Preparation(SAM.id), ["Mine"]).prepare(Preparation(ADA.id), ["Hers", "Hers too"])
    assert [topic.text for topic in prepared(both).topics] == ["Hers", "Hers too", "Mine"]


def test_the_partner_sees_her_preparation_once_it_is_ready() -> None:
    """Until she is ready her preparation is hers; what she wants to talk about is on the agenda at once."""
    thinking = talk().prepare(Preparation(ADA.id, "It is hard"), ["Workload"])
    ready = thinking.prepare(Preparation(ADA.id, "It is hard", ready_at=NOW))
    assert prepared(thinking).her_preparation is None
    assert prepared(thinking, ADA.id).her_preparation == Preparation(ADA.id, "It is hard")
    assert prepared(ready).her_preparation == Preparation(ADA.id, "It is hard", ready_at=NOW)
    assert [topic.text for topic in prepared(thinking).topics] == ["Workload"]
    assert prepared(thinking).check_in == thinking.seen_by(SAM.id)


def test_he_is_reminded_of_what_he_promised() -> None:
    """One's own open promises of all talks are there, the first due on top, and not the other's."""
    earlier = talk(1, agreements=(promise("c"), promise("b", due_on=date(2026, 5, 1)), promise("d", done_on=TODAY)))
    now = talk(2, agreements=(promise("a", due_on=date(2026, 4, 1)), promise("e", by=ADA)))
    assert [agreement.id for agreement in prepared(now, earlier=[earlier]).your_promises] == ["a", "b", "c"]
    assert [agreement.id for agreement in prepared(now, ADA.id, earlier=[earlier]).your_promises] == ["e"]


@given(st.lists(check_ins(st.just(ADA.id)), max_size=4), st.booleans())
def test_open_promises_are_all_and_only_ones_own(talks: list[CheckIn], hers: bool) -> None:
    """Nothing that is closed, nothing of the other, nothing left out; in order of day, those without a day last."""
    by_id = ADA.id if hers or not talks else (talks[0].partner_id or ADA.id)
    found = open_promises(iter(talks), by_id)
    everything = [agreement for check_in in talks for agreement in check_in.agreements]
    expected = [agreement for agreement in everything if agreement.holder_id == by_id and agreement.is_open]
    assert len(found) == len(expected)
    assert all(agreement in expected for agreement in found)
    due = [agreement.due_on or date.max for agreement in found]
    assert due == sorted(due)


@given(st.lists(goals(st.just(ADA.id)), max_size=3))
def test_only_what_was_shared_is_shown(shared: list[object]) -> None:
    """The goals in a preparation are those that were given as shared, and no others."""
    assert prepared(talk(), shared_goals=iter(shared)).shared_goals == tuple(shared)


NAMED = Delegation(DelegationId("sam.h1"), SAM.id, "Who works when", TODAY, look_back_on=TODAY)
ANNOUNCED = NAMED.announce([ADA.id], TODAY)


@pytest.mark.parametrize(
    ("decisions", "told", "moves"),
    [
        ([], {}, [PathMove.NAME_A_DECISION]),
        ([NAMED.drop()], {}, [PathMove.NAME_A_DECISION]),
        ([NAMED], {}, [PathMove.ANNOUNCE]),
        ([ANNOUNCED, NAMED], {}, [PathMove.LOOK_BACK, PathMove.ANNOUNCE]),
        ([evolve(ANNOUNCED, look_back_on=TODAY + timedelta(days=1))], {}, [PathMove.LISTEN]),
        ([ANNOUNCED.keep(TODAY)], {}, [PathMove.LISTEN]),
        ([ANNOUNCED.take_back(TODAY, "Too full")], {}, [PathMove.LISTEN]),
        ([ANNOUNCED.keep(TODAY)], {"share_first": True}, [PathMove.SHARE_A_GOAL]),
        ([ANNOUNCED.keep(TODAY)], {"has_checked": False}, [PathMove.CHECK_YOURSELF]),
    ],
)
def test_the_path_says_what_could_be_next(
    decisions: list[Delegation], told: dict[str, bool], moves: list[PathMove]
) -> None:
    """What could be next follows from fixed rules about himself; when none holds, listening is enough."""
    facts: dict[str, Any] = {"share_first": False, "has_checked": True} | told
    path = walk_path([], decisions, [], on=TODAY, **facts)
    assert list(path.next_moves) == moves
    assert list(path.to_look_back_on) == [decision for decision in decisions if decision.is_ripe(TODAY)]


@given(st.lists(delegations(st.just(SAM.id)), max_size=4))
def test_all_decisions_are_on_the_path(decisions: list[Delegation]) -> None:
    """Every decision that he handed over is there with where it stands, the dropped and taken back ones too."""
    path = walk_path([], iter(decisions), [], on=TODAY, share_first=False, has_checked=False)
    assert list(path.decisions) == decisions
    assert {decision.status for decision in path.to_look_back_on} <= {DelegationStatus.ANNOUNCED}


def test_nothing_changes_in_place() -> None:
    """No field of a preparation, a question or a habit can be set."""
    before = talk()
    made = prepared(before)
    assert before == evolve(before)
    frozen: list[Any] = [made, QUESTIONS[0], HABITS[0]]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"
