"""Suggestions: the receiver's, and what she does with one is no answer that she owes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve, exceptions, fields
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.goals import GoalId
from ownership.domain.people import ONLY_ME, PersonId
from ownership.domain.suggestions import (
    MOVES,
    GoalSuggestion,
    SuggestionId,
    SuggestionMove,
    SuggestionStatus,
    SuggestionWritten,
)
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import suggestions

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOAL_ID = GoalId("ada.g1")
IDEA = GoalSuggestion(
    SuggestionId("ada.s1"), PersonId("ada"), PersonId("sam"), "Lead a workshop", NOW, "You would shine"
)
VERBS: Mapping[SuggestionMove, Callable[[GoalSuggestion], GoalSuggestion]] = {
    SuggestionMove.ACCEPT: lambda idea: idea.accept(GOAL_ID),
    SuggestionMove.DECLINE: lambda idea: idea.decline(),
    SuggestionMove.WITHDRAW: lambda idea: idea.withdraw(),
}


def at_status(status: SuggestionStatus) -> GoalSuggestion:
    """Give the suggestion in a status."""
    return evolve(IDEA, status=status, goal_id=GOAL_ID if status is SuggestionStatus.ACCEPTED else None)


def test_the_table_is_whole() -> None:
    """Every status has a row and every move a verb, and every status can be come to."""
    assert set(MOVES) == set(SuggestionStatus)
    assert set(VERBS) == set(SuggestionMove) == {move for row in MOVES.values() for move in row}
    assert {end for row in MOVES.values() for end in row.values()} | {IDEA.status} == set(SuggestionStatus)


@pytest.mark.parametrize("status", SuggestionStatus)
@pytest.mark.parametrize("move", SuggestionMove)
def test_a_verb_does_what_the_table_says(status: SuggestionStatus, move: SuggestionMove) -> None:
    """A legal move leads to the status in the table, and an illegal one is refused."""
    if move in MOVES[status]:
        moved = VERBS[move](at_status(status))
        assert moved.status is MOVES[status][move]
        assert not moved.is_waiting
    else:
        with pytest.raises(IllegalMove):
            VERBS[move](at_status(status))


@given(st.lists(st.sampled_from(SuggestionMove), max_size=6))
def test_no_sequence_of_verbs_leaves_the_table(moves: list[SuggestionMove]) -> None:
    """The first answer stands: whatever is tried afterwards is refused and changes nothing."""
    at, expected = IDEA, SuggestionStatus.SUGGESTED
    for move in moves:
        try:
            at = VERBS[move](at)
        except IllegalMove:
            assert move not in MOVES[expected]
        else:
            expected = MOVES[expected][move]
        assert at.status is expected


@given(suggestions())
def test_its_author_sees_the_same_whatever_became_of_it(idea: GoalSuggestion) -> None:
    """Accepted, declined or withdrawn: to its author it is his words, which wait no longer, to the letter the same."""
    seen = {evolve(idea, status=s, goal_id=GOAL_ID if s == "accepted" else None).as_written() for s in SuggestionStatus}
    assert {written.is_waiting for written in seen} == {True, False}
    assert len(seen) == 2
    assert not {"status", "goal_id", "version"} & {field.name for field in fields(SuggestionWritten)}


@given(suggestions())
def test_it_is_the_receivers_and_its_authors(idea: GoalSuggestion) -> None:
    """Besides its receiver only its author has a part in it, and it is never shared."""
    assert (idea.audience, idea.shared_on, idea.party_ids) == (ONLY_ME, None, frozenset({idea.author_id}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", "two\nlines"),
        ("why", "\x00"),
        ("theme", "\ud800"),
        ("suggested_at", NOW.replace(tzinfo=None)),
        ("author_id", PersonId("ada")),
        ("goal_id", GOAL_ID),
    ],
    ids=repr,
)
def test_nonsense_is_refused_with_the_fields_name(name: str, value: Any) -> None:
    """Bad texts, oneself as author, and a goal of what still waits are refused under the field's name."""
    with pytest.raises(InvalidInput, match=rf"goal_suggestion\.{name}"):
        evolve(IDEA, **{name: value})


def test_what_was_accepted_became_a_goal() -> None:
    """An accepted suggestion without the draft that it became is refused."""
    with pytest.raises(InvalidInput, match=r"goal_suggestion\.goal_id"):
        evolve(IDEA, status=SuggestionStatus.ACCEPTED)


@given(suggestions())
def test_nothing_changes_in_place(idea: GoalSuggestion) -> None:
    """No field can be set."""
    frozen: list[Any] = [idea, idea.as_written()]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.title = "Another"
