"""Resting: a full choice, of which nobody else can know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions, fields
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.people import PersonId
from ownership.domain.rests import MOVES, Rest, RestMove, RestStatus, is_resting, rest_from, rest_id
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import days, rests

TODAY = date(2026, 3, 2)
ADA = PersonId("ada")
RESTING = Rest(rest_id(ADA), ADA, TODAY)
IN = {RestStatus.RESTING: RESTING, RestStatus.ENDED: evolve(RESTING, ended_on=TODAY)}
VERBS: Mapping[RestMove, Callable[[Rest], Rest]] = {
    RestMove.BEGIN: lambda rest: rest.begin(TODAY),
    RestMove.RESCHEDULE: lambda rest: rest.reschedule(TODAY + timedelta(days=7), TODAY),
    RestMove.END: lambda rest: rest.end(TODAY),
}


def on(days_later: int) -> date:
    """Give a day from the first on."""
    return TODAY + timedelta(days=days_later)


class TestMoves:
    """The table of legal moves, every status by every verb."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(MOVES) == set(RestStatus)
        assert set(VERBS) == set(RestMove) == {move for row in MOVES.values() for move in row}
        assert {status for row in MOVES.values() for status in row.values()} == set(RestStatus)

    @pytest.mark.parametrize("status", RestStatus)
    @pytest.mark.parametrize("move", RestMove)
    def test_a_verb_does_what_the_table_says(self, status: RestStatus, move: RestMove) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
        if move in MOVES[status]:
            assert VERBS[move](IN[status]).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove) as refused:
                VERBS[move](IN[status])
            assert refused.value.allowed == tuple(sorted(MOVES[status]))

    @given(st.lists(st.sampled_from(RestMove), max_size=12))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[RestMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads."""
        at, expected = RESTING, RestStatus.RESTING
        for move in moves:
            try:
                at = VERBS[move](at)
            except IllegalMove:
                assert move not in MOVES[expected]
            else:
                expected = MOVES[expected][move]
            assert at.status is expected


class TestRest:
    """From a day, included, until a day, not included."""

    def test_it_has_no_audience(self) -> None:
        """A rest cannot be shared: it has no audience and no day of sharing."""
        assert {"audience", "shared_on"} & {field.name for field in fields(Rest)} == set()
        assert not hasattr(RESTING, "audience")

    def test_it_lasts_until_she_is_back(self) -> None:
        """The first day counts, and the day on which she is back does not."""
        week = evolve(RESTING, until=on(7))
        assert [is_resting(week, on(day)) for day in (-1, 0, 6, 7)] == [False, True, True, False]
        assert [is_resting(RESTING, on(day)) for day in (-1, 0, 9_999)] == [False, True, True]
        assert not is_resting(None, TODAY)

    @given(rests(), days())
    def test_who_ended_her_rest_does_not_rest(self, rest: Rest, day: date) -> None:
        """On no day is a rest on that was ended, or whose last day is past, or that has not begun."""
        if is_resting(rest, day):
            assert rest.status is RestStatus.RESTING
            assert rest.since <= day < (rest.until or date.max)
        assert not is_resting(evolve(rest, ended_on=rest.since), day)

    def test_ending_is_never_before_the_beginning(self) -> None:
        """Who travels west can end on the day before she began, by the calendar there: the first day counts then."""
        assert RESTING.end(on(-1)).ended_on == TODAY
        assert RESTING.end(on(3)).ended_on == on(3)

    @pytest.mark.parametrize(
        ("name", "wrong"),
        [
            ("since", datetime(2026, 3, 2, tzinfo=UTC)),
            ("since", None),
            ("since", date(1066, 10, 14)),
            ("until", TODAY),
            ("until", on(-1)),
            ("until", "tomorrow"),
            ("until", date(9999, 1, 1)),
            ("ended_on", on(-1)),
            ("ended_on", 7),
        ],
    )
    def test_nonsense_is_refused(self, name: str, wrong: Any) -> None:
        """What is no day, or comes before the beginning, is refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"rest\.{name}"):
            evolve(RESTING, **{name: wrong})

    @pytest.mark.parametrize("until", [on(0), on(-1)])
    def test_another_end_is_still_to_come(self, until: date) -> None:
        """A rest cannot be made to end today or earlier by its date: for that one stops resting."""
        with pytest.raises(InvalidInput, match=r"rest\.until"):
            evolve(RESTING, since=on(-9)).reschedule(until, TODAY)

    @given(rests())
    def test_nothing_changes_in_place(self, rest: Rest) -> None:
        """Every verb makes another value, and no field can be set."""
        before = evolve(rest)
        for move in MOVES[rest.status]:
            assert (rest.begin if move is RestMove.BEGIN else rest.end)(rest.since) is not rest
        assert rest == before
        with pytest.raises(exceptions.FrozenInstanceError):
            rest.until = None  # type: ignore[misc]


class TestPlan:
    """To choose to rest, whatever was before."""

    def test_the_first_time(self) -> None:
        """Who never rested gets a rest from today on."""
        assert rest_from(None, ADA, TODAY, None) == RESTING
        assert rest_from(None, ADA, TODAY, on(7)) == evolve(RESTING, until=on(7))

    def test_a_rest_that_goes_on_gets_another_end(self) -> None:
        """Resting while one rests keeps the first day and sets the end, or takes it away."""
        week = evolve(RESTING, until=on(7))
        assert rest_from(week, ADA, on(3), on(30)) == evolve(week, until=on(30))
        assert rest_from(week, ADA, on(3), None) == RESTING

    @pytest.mark.parametrize("over", [evolve(RESTING, until=on(7)), evolve(RESTING, until=on(20), ended_on=on(3))])
    def test_a_rest_that_is_over_makes_place(self, over: Rest) -> None:
        """A rest that ran out, or was ended, leaves nothing behind when another begins."""
        assert rest_from(over, ADA, on(8), None) == evolve(RESTING, since=on(8))

    @given(st.none() | rests(st.just(ADA)), days(), st.none() | st.integers(-3, 300))
    def test_who_chooses_to_rest_rests(self, rest: Rest | None, today: date, length: int | None) -> None:
        """Whatever was before, she rests from today until the day that she said; a day that is past is refused."""
        until = None if length is None else today + timedelta(days=length)
        if until is not None and until <= today:
            with pytest.raises(InvalidInput, match=r"rest\.until"):
                rest_from(rest, ADA, today, until)
            return
        chosen = rest_from(rest, ADA, today, until)
        assert (chosen.id, chosen.until, chosen.ended_on) == (rest_id(ADA), until, None)
        assert chosen.is_on(today)
        assert until is None or not chosen.is_on(until)
