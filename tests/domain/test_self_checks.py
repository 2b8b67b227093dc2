"""The self-check: one's own answers, in words, beside one's own answers of the time before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import exceptions, fields
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.people import PersonId
from ownership.domain.self_checks import (
    Change,
    Habit,
    HabitReading,
    HowOften,
    SelfCheck,
    SelfCheckId,
    SelfCheckQuestion,
    read_self_checks,
)
from ownership.errors import InvalidInput
from ownership.testing import self_checks

SAM = PersonId("sam")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PLAIN = [SelfCheckQuestion(f"q{n}", Habit.LISTENING, {"en": "How often?"}) for n in (1, 2, 3)]
REVERSED = SelfCheckQuestion("r1", Habit.ASKING, {"en": "How often?"}, is_reversed=True)


def check(days: int = 0, **answers: int) -> SelfCheck:
    """Make a check, some days ago."""
    return SelfCheck(SelfCheckId(f"sam.c{days}"), SAM, NOW - timedelta(days=days), answers)


def listening(*checks: SelfCheck) -> HabitReading:
    """Read what some checks say of listening."""
    return next(r for r in read_self_checks(checks, [*PLAIN, REVERSED]) if r.habit is Habit.LISTENING)


def test_without_an_answer_there_is_not_enough_data() -> None:
    """Every habit is there, and each says that there is not enough to say anything."""
    readings = read_self_checks([], [*PLAIN, REVERSED])
    assert [reading.habit for reading in readings] == list(Habit)
    assert {(r.how_often, r.change, r.question_ids) for r in readings} == {
        (HowOften.NOT_ENOUGH_DATA, Change.NOT_ENOUGH_DATA, ())
    }


@pytest.mark.parametrize(
    ("answers", "how_often"),
    [
        ({"q1": 5, "q2": 4, "q3": 3}, HowOften.OFTEN),
        ({"q1": 3, "q2": 4}, HowOften.OFTEN),
        ({"q1": 3, "q2": 2}, HowOften.SOMETIMES),
        ({"q1": 2, "q2": 2, "q3": 3}, HowOften.SELDOM),
        ({"q1": 5}, HowOften.NOT_ENOUGH_DATA),
    ],
)
def test_answers_are_said_in_words(answers: dict[str, int], how_often: HowOften) -> None:
    """The mean of the answers is said in words, once at least half of the questions of a habit are answered."""
    assert listening(check(**answers)).how_often is how_often


def test_a_reversed_question_counts_the_other_way() -> None:
    """Where often means less of the habit, an answer is turned round: 6 minus it."""
    readings = {reading.habit: reading.how_often for reading in read_self_checks([check(r1=5)], [REVERSED])}
    assert readings[Habit.ASKING] is HowOften.SELDOM


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [(2, 3, Change.MORE), (3, 2, Change.LESS), (3, 3, Change.SAME)],
)
def test_a_change_is_told_beside_the_time_before(before: int, after: int, change: Change) -> None:
    """With two checks it is told whether something changed; the order in which they come does not matter."""
    old, new = check(30, q1=before, q2=before), check(0, q1=after, q2=after)
    assert listening(old, new).change is listening(new, old).change is change


def test_one_check_makes_no_trend() -> None:
    """Under two checks, or when the one before had too few answers, there is not enough to tell a change."""
    assert listening(check(q1=4, q2=4)).change is Change.NOT_ENOUGH_DATA
    assert listening(check(30, q1=4), check(q1=4, q2=4)).change is Change.NOT_ENOUGH_DATA


def test_only_the_last_two_count() -> None:
    """What was answered long ago is neither said nor set beside."""
    old, before, now = check(60, q1=1, q2=1), check(30, q1=5, q2=5), check(q1=5, q2=5)
    assert listening(old, before, now) == HabitReading(Habit.LISTENING, HowOften.OFTEN, Change.SAME, ("q1", "q2"))


@given(st.lists(self_checks(st.just(SAM)), max_size=4))
def test_whatever_was_answered_it_can_be_read(checks: list[SelfCheck]) -> None:
    """From any answers comes one reading for each habit, from questions that were asked only."""
    readings = read_self_checks(checks, [*PLAIN, REVERSED])
    assert [reading.habit for reading in readings] == list(Habit)
    assert all(set(reading.question_ids) <= {"q1", "q2", "q3", "r1"} for reading in readings)


@pytest.mark.parametrize("answers", [{}, None, [], {"q1": 0}, {"q1": 6}, {"q1": True}, {"q1": 2.5}, {"q1": "3"}])
def test_nonsense_is_refused(answers: Any) -> None:
    """Answers are whole numbers from 1 to 5, at least one; the error does not repeat them."""
    with pytest.raises(InvalidInput, match=r"self_check\.answers"):
        SelfCheck(SelfCheckId("sam.c1"), SAM, NOW, answers)


def test_it_can_be_shared_with_nobody() -> None:
    """A check has no audience, so that no decision can ever let someone else see it, and its answers are in no log."""
    assert not hasattr(SelfCheck, "audience")
    assert "answers" not in {field.name for field in fields(SelfCheck) if field.repr}


def test_nothing_changes_in_place() -> None:
    """No field of a check can be set."""
    with pytest.raises(exceptions.FrozenInstanceError):
        check(q1=3).version = 2  # type: ignore[misc]
