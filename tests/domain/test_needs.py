"""Needs: a receiver, a day and an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.needs import ANSWER_DAYS, MOVES, OPEN, Need, NeedId, NeedMove, NeedStatus
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import days, needs

ADA, SAM = PersonId("ada"), PersonId("sam")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
TO_MANAGER = Audience(AudienceKind.MANAGER)
RAISED = Need(
    NeedId("ada.n1"),
    ADA,
    SAM,
    "A quiet morning each week",
    NOW,
    TODAY + timedelta(days=ANSWER_DAYS),
    audience=TO_MANAGER,
    shared_on=TODAY,
)
VERBS: Mapping[NeedMove, Callable[[Need], Need]] = {
    NeedMove.WE_WILL: lambda need: need.we_will("Tuesdays before noon", date(2026, 3, 20), TODAY),
    NeedMove.NOT_NOW: lambda need: need.not_now("Until June two of us are away", TODAY),
    NeedMove.MEET: lambda need: need.meet(TODAY),
    NeedMove.HAND_ON: Need.hand_on,
    NeedMove.WITHDRAW: Need.withdraw,
}


def at(status: NeedStatus) -> Need:
    """Give a need in a status."""
    return evolve(RAISED, status=status, answer="Tuesdays")


def test_the_table_is_whole() -> None:
    """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
    assert set(MOVES) == set(NeedStatus)
    assert set(VERBS) == set(NeedMove) == {move for row in MOVES.values() for move in row}
    assert {status for row in MOVES.values() for status in row.values()} | {NeedStatus.RAISED} == set(NeedStatus)
    assert {status for status in NeedStatus if NeedMove.WITHDRAW in MOVES[status]} == OPEN


@pytest.mark.parametrize("status", NeedStatus)
@pytest.mark.parametrize("move", NeedMove)
def test_a_verb_does_what_the_table_says(status: NeedStatus, move: NeedMove) -> None:
    """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
    if move in MOVES[status]:
        assert VERBS[move](at(status)).status is MOVES[status][move]
    else:
        with pytest.raises(IllegalMove) as refused:
            VERBS[move](at(status))
        assert refused.value.allowed == tuple(sorted(MOVES[status]))


@given(st.lists(st.sampled_from(NeedMove), max_size=8))
def test_no_sequence_of_verbs_leaves_the_table(moves: list[NeedMove]) -> None:
    """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
    need, expected = RAISED, NeedStatus.RAISED
    for move in moves:
        try:
            need = VERBS[move](need)
        except IllegalMove:
            assert move not in MOVES[expected]
        else:
            expected = MOVES[expected][move]
        assert need.status is expected


def test_an_answer_says_what_and_by_when_or_why_not() -> None:
    """Yes comes with what and a day, not now with a reason; both note the day on which they were given."""
    yes, no = VERBS[NeedMove.WE_WILL](RAISED), VERBS[NeedMove.NOT_NOW](RAISED)
    assert (yes.answer, yes.due_on, yes.answered_on) == ("Tuesdays before noon", date(2026, 3, 20), TODAY)
    assert (no.answer, no.due_on, no.answered_on) == ("Until June two of us are away", None, TODAY)
    assert yes.meet(TODAY).met_on == TODAY


@pytest.mark.parametrize("nothing", ["", " ", "\n"])
def test_an_answer_that_says_nothing_is_refused(nothing: str) -> None:
    """Neither yes nor no stands without words."""
    with pytest.raises(InvalidInput, match=r"^need\.answer: is empty"):
        RAISED.we_will(nothing, TODAY, TODAY)
    with pytest.raises(InvalidInput, match=r"^need\.answer: is empty"):
        RAISED.not_now(nothing, TODAY)


@pytest.mark.parametrize("words", [None, 7, "a\x00b", "x" * 10_001])
def test_an_answer_that_cannot_be_kept_is_refused(words: Any) -> None:
    """What is no text, or none that can be kept, is refused under its field's name."""
    with pytest.raises(InvalidInput, match=r"^need\.answer:"):
        RAISED.we_will(words, TODAY, TODAY)
    with pytest.raises(InvalidInput, match=r"^need\.answer:"):
        RAISED.not_now(words, TODAY)


@pytest.mark.parametrize("day", [None, "tomorrow", TODAY - timedelta(days=1), date(1, 1, 1), NOW])
def test_a_promise_has_a_day_to_come(day: Any) -> None:
    """By when is needed, and it is not over: today is early enough."""
    with pytest.raises(InvalidInput, match=r"^need\.due_on:"):
        RAISED.we_will("Tuesdays", day, TODAY)
    assert RAISED.we_will("Tuesdays", TODAY, TODAY).due_on == TODAY


@pytest.mark.parametrize("verb", [Need.hand_on, Need.withdraw])
def test_who_had_it_sees_it_no_more(verb: Callable[[Need], Need]) -> None:
    """What was handed on or withdrawn is its owner's alone."""
    ended = verb(RAISED)
    assert (ended.audience, ended.shared_on) == (ONLY_ME, None)


def test_nobody_puts_a_need_to_herself() -> None:
    """A receiver is somebody else."""
    with pytest.raises(InvalidInput, match=r"^need\.receiver_id:"):
        evolve(RAISED, receiver_id=ADA)


@given(needs(), days())
def test_a_need_is_found_by_its_day_until_it_was_asked_about(need: Need, on: date) -> None:
    """Only what waits for an answer, and of which nobody was reminded, has a day to be found by."""
    waits = need.status is NeedStatus.RAISED and need.asked_again_on is None
    assert need.open_until == (str(need.answer_by_on) if waits else None)
    assert need.ask_again(on).open_until is None


@given(needs())
def test_nothing_changes_in_place(need: Need) -> None:
    """Every verb makes another value, and no field can be set."""
    before = evolve(need)
    for move in MOVES[need.status]:
        assert VERBS[move](need) is not need
    assert need == before
    with pytest.raises(exceptions.FrozenInstanceError):
        need.text = "other"  # type: ignore[misc]
