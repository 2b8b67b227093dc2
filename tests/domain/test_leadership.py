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
from ownership.domain.leadership import GuideQuestion, LettingGo, Step, TalkPreparation, open_promises, prepare_talk
from ownership.domain.people import Person, PersonId
from ownership.testing import check_ins, goals

ADA, SAM = Person(PersonId("ada"), "Ada"), Person(PersonId("sam"), "Sam")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
QUESTIONS = [GuideQuestion(f"{step}-{number}", step, {"en": "?"}) for step in Step for number in range(6)]
HABITS = [LettingGo(f"habit-{number}", {"en": "Answering first"}) for number in range(6)]


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
    """Nothing done, nothing of the other, nothing left out; in order of day, those without a day last."""
    by_id = ADA.id if hers or not talks else (talks[0].partner_id or ADA.id)
    found = open_promises(iter(talks), by_id)
    everything = [agreement for check_in in talks for agreement in check_in.agreements]
    expected = [agreement for agreement in everything if agreement.by_id == by_id and not agreement.done_on]
    assert len(found) == len(expected)
    assert all(agreement in expected for agreement in found)
    due = [agreement.due_on or date.max for agreement in found]
    assert due == sorted(due)


@given(st.lists(goals(st.just(ADA.id)), max_size=3))
def test_only_what_was_shared_is_shown(shared: list[object]) -> None:
    """The goals in a preparation are those that were given as shared, and no others."""
    assert prepared(talk(), shared_goals=iter(shared)).shared_goals == tuple(shared)


def test_nothing_changes_in_place() -> None:
    """No field of a preparation, a question or a habit can be set."""
    before = talk()
    made = prepared(before)
    assert before == evolve(before)
    frozen: list[Any] = [made, QUESTIONS[0], HABITS[0]]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"
