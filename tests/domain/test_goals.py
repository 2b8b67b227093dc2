"""Goals: hers from draft to end, with figures that may go up, go down or hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.goals import (
    MOVES,
    PERCENT,
    QUIET_AFTER,
    Direction,
    Goal,
    GoalFact,
    GoalId,
    GoalMove,
    GoalStatus,
    GoalUpdate,
    Measure,
    Milestone,
    MilestoneId,
)
from ownership.domain.people import ONLY_ME, Audience, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import audiences, days, figures, goal_updates, goals, measures

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
STEP = MilestoneId("ada.m1")
UPDATE = GoalUpdate(NOW, progress=40)

VERBS: Mapping[GoalMove, Callable[[Goal], Goal]] = {
    GoalMove.EDIT: lambda goal: goal.edit(title="Another title"),
    GoalMove.START: lambda goal: goal.start(TODAY),
    GoalMove.RECORD: lambda goal: goal.record(UPDATE),
    GoalMove.REACH: lambda goal: goal.reach(TODAY, "It worked"),
    GoalMove.LEARN: lambda goal: goal.learn(TODAY, "It taught me"),
    GoalMove.LET_GO: lambda goal: goal.let_go(TODAY, "Not now"),
    GoalMove.RESUME: lambda goal: goal.resume(TODAY),
}


def goal(**fields: Any) -> Goal:
    """Make a goal, by default a draft of now."""
    made = {"id": GoalId("ada.g1"), "owner_id": PersonId("ada"), "title": "Lead a workshop", "drafted_at": NOW} | fields
    return Goal(**made)  # type: ignore[arg-type]


class TestMoves:
    """The table of legal moves, every status by every verb."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(MOVES) == set(GoalStatus)
        assert set(VERBS) == set(GoalMove) == {move for row in MOVES.values() for move in row}
        assert {status for row in MOVES.values() for status in row.values()} == set(GoalStatus)

    @pytest.mark.parametrize("status", GoalStatus)
    @pytest.mark.parametrize("move", GoalMove)
    def test_a_verb_does_what_the_table_says(self, status: GoalStatus, move: GoalMove) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
        at = goal(status=status)
        assert at.may(move) == (move in MOVES[status])
        if move in MOVES[status]:
            assert VERBS[move](at).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove) as refused:
                VERBS[move](at)
            assert refused.value.allowed == tuple(sorted(MOVES[status]))
            assert (refused.value.noun, refused.value.id, refused.value.move) == ("goal", at.id, move)

    @given(st.lists(st.sampled_from(GoalMove), max_size=20))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[GoalMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
        at, expected = goal(), GoalStatus.DRAFT
        for move in moves:
            try:
                at = VERBS[move](at)
            except IllegalMove:
                assert move not in MOVES[expected]
            else:
                expected = MOVES[expected][move]
            assert at.status is expected
            assert (at.ended_on is None) == (expected in {GoalStatus.DRAFT, GoalStatus.ACTIVE})

    @pytest.mark.parametrize("status", [GoalStatus.REACHED, GoalStatus.LEARNED, GoalStatus.LET_GO])
    def test_any_end_can_be_taken_up_again(self, status: GoalStatus) -> None:
        """Reached, learned and let go are honourable ends, and none is final."""
        first = TODAY - timedelta(days=90)
        resumed = goal(status=status, started_on=first, ended_on=TODAY).resume(TODAY)
        assert (resumed.status, resumed.started_on, resumed.ended_on) == (GoalStatus.ACTIVE, first, None)

    def test_a_draft_that_was_let_go_starts_when_it_is_taken_up(self) -> None:
        """A goal that never started starts on the day it is resumed."""
        assert goal().let_go(TODAY).resume(TODAY).started_on == TODAY

    def test_an_end_keeps_its_day_and_what_was_thought(self) -> None:
        """The closing reflection and the day of the end are kept with the goal."""
        ended = goal().start(TODAY).learn(TODAY, "It taught me to ask")
        assert (ended.ended_on, ended.closing_reflection) == (TODAY, "It taught me to ask")


class TestEditing:
    """What can be edited, and only while it goes on."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("title", "Another"),
            ("why", "Because"),
            ("theme", "speaking"),
            ("due_on", TODAY),
            ("measure", Measure(1, 2)),
            ("milestones", (Milestone(STEP, "Ask around"),)),
        ],
    )
    def test_what_a_goal_says_can_be_edited(self, name: str, value: Any) -> None:
        """Title, why, theme, due day, measure and milestones may be changed in a draft and in a goal in motion."""
        for at in (goal(), goal().start(TODAY)):
            assert at.edit(**{name: value}) == evolve(at, **{name: value})

    @pytest.mark.parametrize(
        "name", ["id", "owner_id", "status", "audience", "shared_on", "version", "updates", "colour"]
    )
    def test_what_a_goal_is_cannot_be_edited(self, name: str) -> None:
        """Owner, status, audience and the like have their own verbs."""
        with pytest.raises(InvalidInput, match=rf"goal\.{name}"):
            goal().edit(**{name: "x"})

    @pytest.mark.parametrize("name", ["title", "why", "theme", "closing_reflection"])
    @pytest.mark.parametrize("hostile", ["nul\x00", "\ud800", "evil\u202etxt", "x" * 10_001, None, 3])
    def test_text_that_cannot_be_kept_is_refused_with_the_fields_name(self, name: str, hostile: Any) -> None:
        """NUL, surrogates, bidi overrides and what is too long are refused under the field's name."""
        with pytest.raises(InvalidInput) as refused:
            goal(**{name: hostile})
        assert [problem.path for problem in refused.value.problems] == [f"goal.{name}"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("title", "two\nlines"),
            ("title", "x" * 201),
            ("due_on", date(9999, 1, 1)),
            ("due_on", NOW),
            ("drafted_at", NOW.replace(tzinfo=None)),
        ],
    )
    def test_bad_titles_and_days_are_refused_with_the_fields_name(self, name: str, value: Any) -> None:
        """A title of two lines, a far day and a naive moment are refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"goal\.{name}"):
            goal(**{name: value})

    def test_a_milestone_is_finished_on_a_day(self) -> None:
        """Finishing one milestone leaves the others as they are."""
        other = Milestone(MilestoneId("ada.m2"), "Another step")
        done = goal(milestones=(Milestone(STEP, "Ask"), other)).finish_milestone(STEP, TODAY)
        assert done.milestones == (Milestone(STEP, "Ask", done_on=TODAY), other)

    def test_a_milestone_that_is_not_there_cannot_be_finished(self) -> None:
        """An id of no milestone of this goal is refused."""
        with pytest.raises(InvalidInput, match="milestone_id"):
            goal().finish_milestone(STEP, TODAY)

    @pytest.mark.parametrize("status", GoalStatus)
    def test_milestones_move_only_while_a_goal_can_be_edited(self, status: GoalStatus) -> None:
        """Finishing a milestone is an edit, so an ended goal refuses it."""
        at = goal(status=status, milestones=(Milestone(STEP, "Ask"),))
        if GoalMove.EDIT in MOVES[status]:
            assert at.finish_milestone(STEP, TODAY).status is status
        else:
            with pytest.raises(IllegalMove):
                at.finish_milestone(STEP, TODAY)


class TestMeasure:
    """Figures to raise, to reduce and to hold."""

    @pytest.mark.parametrize(
        ("measure", "value", "share"),
        [
            (Measure(200, 0), 100, 0.5),
            (Measure(200, 0), 200, 0.0),
            (Measure(200, 0), 0, 1.0),
            (Measure(200, 0), -50, 1.0),
            (Measure(200, 0), 300, 0.0),
            (Measure(50, 100), 50, 0.0),
            (Measure(50, 100), 40, 0.0),
            (Measure(50, 100), 75, 0.5),
            (Measure(50, 100), 100, 1.0),
            (Measure(50, 100), 120, 1.0),
            (Measure(-10, 10), 0, 0.5),
            (PERCENT, 40, 0.4),
            (Measure(target=36, tolerance=2), 37, 1.0),
            (Measure(target=36, tolerance=2), 34, 1.0),
            (Measure(target=36, tolerance=2), 38, 1.0),
            (Measure(target=36, tolerance=2), 38.01, 0.0),
            (Measure(target=36, tolerance=2), 33, 0.0),
            (Measure(target=36, tolerance=0), 36, 1.0),
        ],
    )
    def test_examples(self, measure: Measure, value: float, share: float) -> None:
        """The share is linear between start and target and cut off at both; a figure to hold is in its band or not."""
        assert measure.share_of(value) == share

    @given(measures(), figures())
    def test_a_share_lies_from_nought_to_one(self, measure: Measure, value: float) -> None:
        """Whatever is recorded, the share is a number from 0 to 1."""
        assert 0.0 <= measure.share_of(value) <= 1.0

    @given(measures())
    def test_the_target_is_all_and_the_start_of_a_way_is_nothing(self, measure: Measure) -> None:
        """At the target the share is 1, and at the start of a way it is 0."""
        assert measure.share_of(measure.target) == 1.0
        if measure.direction is not Direction.HOLD:
            assert measure.share_of(measure.start) == 0.0

    @given(measures(), figures(), figures())
    def test_nearer_the_target_is_never_less(self, measure: Measure, one: float, other: float) -> None:
        """On the way to a target, a step in the right direction never lowers the share."""
        low, high = sorted((one, other))
        match measure.direction:
            case Direction.RAISE:
                assert measure.share_of(low) <= measure.share_of(high)
            case Direction.REDUCE:
                assert measure.share_of(low) >= measure.share_of(high)
            case Direction.HOLD:
                far, near = sorted((one, other), key=lambda value: -abs(value - measure.target))
                assert measure.share_of(far) <= measure.share_of(near)

    @pytest.mark.parametrize(
        ("measure", "direction"),
        [
            (Measure(0, 1), Direction.RAISE),
            (Measure(1, 0), Direction.REDUCE),
            (Measure(1, 1, tolerance=0), Direction.HOLD),
            (Measure(0, 9, tolerance=1), Direction.HOLD),
        ],
    )
    def test_the_direction_follows_from_the_figures(self, measure: Measure, direction: Direction) -> None:
        """A tolerance means hold; else the target lies above or below the start."""
        assert measure.direction is direction

    @pytest.mark.parametrize(
        "value", [math.nan, math.inf, -math.inf, 1.1e15, -1.1e15, 10**16, 10**400, "1", None, True, 1j, [1]]
    )
    @pytest.mark.parametrize("name", ["start", "target"])
    def test_what_is_no_ordinary_number_is_refused(self, name: str, value: Any) -> None:
        """NaN, infinities, numbers beyond 1e15, truth values and texts are refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"measure\.{name}"):
            Measure(**{name: value})

    @pytest.mark.parametrize("value", [math.nan, math.inf, 2e15, -1, "1", True])
    def test_a_tolerance_is_an_ordinary_number_from_nought(self, value: Any) -> None:
        """A tolerance that is no number, or below zero, is refused."""
        with pytest.raises(InvalidInput, match="tolerance"):
            Measure(tolerance=value)

    def test_a_way_needs_a_distance(self) -> None:
        """A target that equals the start is refused, unless a tolerance makes it a figure to hold."""
        with pytest.raises(InvalidInput, match=r"measure\.target"):
            Measure(5, 5)
        assert Measure(5, 5, tolerance=0).share_of(5) == 1.0


class TestRecording:
    """How a goal is going: a figure, a confidence, a note."""

    @pytest.mark.parametrize("said", [{"progress": 0.0}, {"confidence": 1}, {"confidence": 10}, {"note": "Tried it"}])
    def test_one_of_three_is_enough(self, said: dict[str, Any]) -> None:
        """A figure, a confidence or a note alone is a word on how it goes."""
        assert GoalUpdate(NOW, **said).at == NOW

    @pytest.mark.parametrize("said", [{}, {"note": "  "}])
    def test_nothing_is_not_news(self, said: dict[str, str]) -> None:
        """An update that says nothing is refused."""
        with pytest.raises(InvalidInput, match="record"):
            GoalUpdate(NOW, **said)  # type: ignore[arg-type]

    @pytest.mark.parametrize("confidence", [0, 11, -1, 5.0, "5", True, math.nan])
    def test_a_confidence_is_a_whole_number_from_one_to_ten(self, confidence: Any) -> None:
        """Any other confidence is refused under the field's name."""
        with pytest.raises(InvalidInput, match=r"goal_update\.confidence"):
            GoalUpdate(NOW, confidence=confidence)

    @pytest.mark.parametrize("progress", [math.nan, math.inf, 1e16, "40", True])
    def test_a_progress_is_an_ordinary_number(self, progress: Any) -> None:
        """NaN, infinities, huge numbers and texts are refused under the field's name."""
        with pytest.raises(InvalidInput, match=r"goal_update\.progress"):
            GoalUpdate(NOW, progress=progress)

    def test_without_a_figure_there_is_no_progress(self) -> None:
        """Not enough to say something is None, not zero."""
        assert (goal().progress, goal().confidence) == (None, None)
        noted = goal().start(TODAY).record(GoalUpdate(NOW, note="Hard to say"))
        assert (noted.progress, noted.confidence) == (None, None)

    def test_the_last_figure_and_the_last_confidence_count(self) -> None:
        """Progress and confidence are the last of each, also when they were not said together."""
        at = goal().start(TODAY)
        for said in ({"progress": 20.0, "confidence": 3}, {"progress": 60.0}, {"confidence": 8}, {"note": "Fine"}):
            at = at.record(GoalUpdate(NOW, **said))
        assert (at.progress, at.confidence) == (0.6, 8)

    @given(goals(), goal_updates())
    def test_a_record_is_added_at_the_end(self, at: Goal, update: GoalUpdate) -> None:
        """What was recorded before stays as it was."""
        at = evolve(at, status=GoalStatus.ACTIVE)
        assert at.record(update).updates == (*at.updates, update)


class TestQuiet:
    """Silence is quiet, never on track."""

    def test_a_goal_is_quiet_after_a_month_and_a_few_days(self) -> None:
        """Exactly at the limit there is still news, one moment later there is none."""
        at = goal(status=GoalStatus.ACTIVE, updates=(GoalUpdate(NOW, progress=1),))
        assert not at.is_quiet(NOW + QUIET_AFTER)
        assert at.is_quiet(NOW + QUIET_AFTER + timedelta(seconds=1))

    def test_without_updates_the_draft_is_the_last_news(self) -> None:
        """A goal that nobody said a word about is heard of when it was drafted."""
        assert goal().heard_of_at() == NOW
        assert goal(updates=(GoalUpdate(NOW + timedelta(days=1), note="x"),)).heard_of_at() == NOW + timedelta(days=1)

    def test_that_a_goal_started_is_news(self) -> None:
        """An old draft that starts today is not quiet, and becomes so when nothing follows."""
        started = goal(drafted_at=NOW - timedelta(days=200)).start(TODAY)
        assert not started.is_quiet(NOW)
        assert not started.is_quiet(NOW + QUIET_AFTER)
        assert started.is_quiet(NOW + QUIET_AFTER + timedelta(days=1))

    @pytest.mark.parametrize("status", [status for status in GoalStatus if status is not GoalStatus.ACTIVE])
    def test_only_a_goal_in_motion_can_be_quiet(self, status: GoalStatus) -> None:
        """A draft may lie as long as it likes, and an ended goal is over."""
        assert not goal(status=status).is_quiet(NOW + timedelta(days=1_000))


class TestSharing:
    """Sharing is an act, and it can be taken back."""

    def test_a_draft_is_nobody_elses(self) -> None:
        """A new goal has only its owner as its audience."""
        assert goal().audience == ONLY_ME
        assert goal().shared_on is None

    @given(goals(), audiences(), days())
    def test_an_audience_sees_from_the_day_of_sharing(self, at: Goal, audience: Audience, on: date) -> None:
        """Sharing notes the day; taking back forgets it; nothing else changes."""
        shared = at.with_audience(audience, on)
        assert shared == evolve(at, audience=audience, shared_on=None if audience.is_private else on)

    def test_facts_are_past_participles(self) -> None:
        """Facts say what happened to a goal."""
        assert {fact.value for fact in GoalFact} == {"GoalShared", "GoalStarted", "GoalEnded"}


@given(goals())
def test_nothing_changes_in_place(at: Goal) -> None:
    """Every verb makes another value, and no field can be set."""
    before = evolve(at)
    for move in MOVES[at.status]:
        assert VERBS[move](at) is not at
    assert at == before
    frozen: list[Any] = [at, at.measure, *at.milestones, *at.updates]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"
