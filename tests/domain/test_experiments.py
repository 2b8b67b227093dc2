"""Experiments: small trials, both of whose ends are worth having tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.experiments import MOVES, Experiment, ExperimentId, ExperimentMove, ExperimentStatus
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import experiments

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TRIAL = Experiment(ExperimentId("x1"), "Ask one question more", NOW)
VERBS: Mapping[ExperimentMove, Callable[[Experiment], Experiment]] = {
    ExperimentMove.KEEP: lambda trial: trial.keep(NOW, "It calms me"),
    ExperimentMove.DROP: lambda trial: trial.drop(NOW, "It is not me"),
}


def at_status(status: ExperimentStatus) -> Experiment:
    """Give the trial in a status."""
    return evolve(TRIAL, status=status, concluded_at=None if status is ExperimentStatus.TRYING else NOW)


def test_the_table_is_whole() -> None:
    """Every status has a row and every move a verb, and every status can be come to."""
    assert set(MOVES) == set(ExperimentStatus)
    assert set(VERBS) == set(ExperimentMove) == {move for row in MOVES.values() for move in row}
    assert {end for row in MOVES.values() for end in row.values()} | {TRIAL.status} == set(ExperimentStatus)


@pytest.mark.parametrize("status", ExperimentStatus)
@pytest.mark.parametrize("move", ExperimentMove)
def test_a_verb_does_what_the_table_says(status: ExperimentStatus, move: ExperimentMove) -> None:
    """A legal move leads to the status in the table, and an illegal one is refused."""
    if move in MOVES[status]:
        assert VERBS[move](at_status(status)).status is MOVES[status][move]
    else:
        with pytest.raises(IllegalMove):
            VERBS[move](at_status(status))


@given(st.lists(st.sampled_from(ExperimentMove), max_size=6))
def test_no_sequence_of_verbs_leaves_the_table(moves: list[ExperimentMove]) -> None:
    """The first end is the end: whatever is tried afterwards is refused and changes nothing."""
    at, expected = TRIAL, ExperimentStatus.TRYING
    for move in moves:
        try:
            at = VERBS[move](at)
        except IllegalMove:
            assert move not in MOVES[expected]
        else:
            expected = MOVES[expected][move]
        assert at.status is expected


def test_news_is_the_end_or_else_the_beginning() -> None:
    """A trial is heard of when it begins and when it ends."""
    later = NOW.replace(year=2027)
    assert TRIAL.heard_of_at() == NOW
    assert TRIAL.drop(later).heard_of_at() == later


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("what", " "),
        ("what", "\x00"),
        ("begun_at", NOW.replace(tzinfo=None)),
        ("until", NOW),
        ("saw", "\ud800"),
        ("saw", "Nothing yet"),
        ("concluded_at", NOW),
        ("concluded_at", "now"),
    ],
    ids=repr,
)
def test_nonsense_is_refused_with_the_fields_name(name: str, value: Any) -> None:
    """Texts that cannot be kept, no days, and an end of what is under way are refused under the field's name."""
    with pytest.raises(InvalidInput, match=rf"experiment\.{name}"):
        evolve(TRIAL, **{name: value})


@pytest.mark.parametrize("status", [ExperimentStatus.KEPT, ExperimentStatus.DROPPED])
def test_what_is_over_has_a_moment_of_its_end(status: ExperimentStatus) -> None:
    """A concluded trial without a moment is refused."""
    with pytest.raises(InvalidInput, match=r"experiment\.concluded_at"):
        evolve(TRIAL, status=status)


@given(experiments())
def test_nothing_changes_in_place(trial: Experiment) -> None:
    """No field can be set."""
    value: Any = trial
    with pytest.raises(exceptions.FrozenInstanceError):
        value.what = "Something else"
