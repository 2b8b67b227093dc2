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

from ownership.domain.experiments import Experiment, ExperimentId, ExperimentStatus
from ownership.domain.goals import (
    MAX_EXPERIMENTS,
    MAX_LINES,
    MAX_MILESTONES,
    MAX_SUPPORTERS,
    MAX_UPDATES,
    MOVES,
    PERCENT,
    QUIET_AFTER,
    Direction,
    Ending,
    Goal,
    GoalFact,
    GoalId,
    GoalKind,
    GoalMove,
    GoalNews,
    GoalStatus,
    GoalUpdate,
    Measure,
    Milestone,
    MilestoneId,
    milestones_titled,
)
from ownership.domain.people import ONLY_ME, Audience, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import audiences, days, figures, goal_updates, goals, instants, measures

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
STEP = MilestoneId("ada.m1")
UPDATE = GoalUpdate(NOW, progress=40)
TRIAL = Experiment(ExperimentId("x1"), "Ask one question more", NOW)

VERBS: Mapping[GoalMove, Callable[[Goal], Goal]] = {
    GoalMove.EDIT: lambda goal: goal.edit(title="Another title"),
    GoalMove.START: lambda goal: goal.start(TODAY),
    GoalMove.RECORD: lambda goal: goal.record(UPDATE),
    GoalMove.TRY_OUT: lambda goal: goal.try_out("Ask one question more", NOW),
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
        ended = goal(status=status, started_on=first, ended_on=TODAY, closing_reflection="It was good")
        resumed = ended.resume(TODAY)
        assert (resumed.status, resumed.started_on, resumed.ended_on) == (GoalStatus.ACTIVE, first, None)
        assert (resumed.resumed_on, resumed.closing_reflection) == (TODAY, "")
        assert resumed.earlier_ends == (Ending(status, TODAY, "It was good"),)

    def test_a_draft_that_was_let_go_starts_when_it_is_taken_up(self) -> None:
        """A goal that never started starts on the day it is resumed."""
        assert goal().let_go(TODAY).resume(TODAY).started_on == TODAY

    @given(st.lists(st.sampled_from([GoalMove.REACH, GoalMove.LEARN, GoalMove.LET_GO]), min_size=1, max_size=6))
    def test_no_closing_reflection_is_ever_lost(self, ends: list[GoalMove]) -> None:
        """However often a goal ends and is taken up again, what was thought at every end is still there, in order."""
        at, thought = goal().start(TODAY), []
        for move in ends:
            ended = VERBS[move](at)
            thought.append((MOVES[GoalStatus.ACTIVE][move], ended.closing_reflection))
            at = ended.resume(TODAY)
        assert [(end.status, end.reflection) for end in at.earlier_ends] == thought

    def test_what_an_earlier_release_left_on_a_resumed_goal_is_kept(self) -> None:
        """A goal in motion that still bears an old closing reflection keeps it when it ends again."""
        at = goal(status=GoalStatus.ACTIVE, closing_reflection="As I saw it then")
        ended = at.reach(TODAY, "As I see it now")
        assert ended.closing_reflection == "As I see it now"
        assert ended.earlier_ends == (Ending(reflection="As I saw it then"),)

    def test_an_end_keeps_its_day_and_what_was_thought(self) -> None:
        """The closing reflection and the day of the end are kept with the goal."""
        ended = goal().start(TODAY).learn(TODAY, "It taught me to ask")
        assert (ended.ended_on, ended.closing_reflection) == (TODAY, "It taught me to ask")


def test_every_goal_is_for_development() -> None:
    """There is one kind of goal here, apart from targets of work."""
    assert goal().kind is GoalKind.DEVELOPMENT


class TestEditing:
    """What can be edited, and only while it goes on."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("title", "Another"),
            ("why", "Because"),
            ("theme", "speaking"),
            ("skills", ("listening", "planning")),
            ("strengths", ("patience",)),
            ("due_on", TODAY),
            ("measure", None),
            ("measure", Measure(1, 2)),
            ("milestones", (Milestone(STEP, "Ask around"),)),
        ],
    )
    def test_what_a_goal_says_can_be_edited(self, name: str, value: Any) -> None:
        """Title, why, theme, skills, strengths, due day, measure and milestones may change while it goes on."""
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
            ("started_on", "2026-03-01"),
            ("resumed_on", NOW),
            ("ended_on", TODAY),
            ("shared_on", date(1800, 1, 1)),
            ("closing_reflection", "A draft has not ended"),
            ("measure", 100),
            ("measure", "%"),
            ("skills", "listening"),
            ("skills", ("",)),
            ("skills", ("two\nlines",)),
            ("skills", ("a",) * (MAX_LINES + 1)),
            ("strengths", ["patience"]),
            ("strengths", ("x" * 201,)),
            ("milestones", [Milestone(STEP, "Ask")]),
            ("milestones", (Milestone(STEP, "Ask"), Milestone(STEP, "Another"))),
            ("milestones", tuple(Milestone(MilestoneId(f"m{n}"), "Ask") for n in range(MAX_MILESTONES + 1))),
            ("experiments", (TRIAL, TRIAL)),
            ("experiments", tuple(evolve(TRIAL, id=ExperimentId(f"x{n}")) for n in range(MAX_EXPERIMENTS + 1))),
            ("updates", (UPDATE,) * (MAX_UPDATES + 1)),
            ("supporter_ids", (PersonId("ada"),)),
            ("supporter_ids", (PersonId("sam"), PersonId("sam"))),
            ("supporter_ids", tuple(PersonId(f"p{n}") for n in range(MAX_SUPPORTERS + 1))),
        ],
        ids=lambda value: repr(value)[:40],
    )
    def test_nonsense_is_refused_with_the_fields_name(self, name: str, value: Any) -> None:
        """Two lines of title, a far day, a naive moment, doubles, too many: refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"goal\.{name}"):
            goal(**{name: value})

    @pytest.mark.parametrize("status", [GoalStatus.DRAFT, GoalStatus.ACTIVE])
    def test_a_goal_that_has_not_ended_has_no_day_of_its_end(self, status: GoalStatus) -> None:
        """The day of the end stands on an ended goal only."""
        with pytest.raises(InvalidInput, match=r"goal\.ended_on"):
            goal(status=status, ended_on=TODAY)

    def test_as_many_as_fit_fit(self) -> None:
        """The stated limits themselves are still allowed."""
        full = goal(
            skills=("a",) * MAX_LINES,
            milestones=tuple(Milestone(MilestoneId(f"m{n}"), "Ask") for n in range(MAX_MILESTONES)),
            updates=(UPDATE,) * MAX_UPDATES,
            supporter_ids=tuple(PersonId(f"p{n}") for n in range(MAX_SUPPORTERS)),
        )
        with pytest.raises(InvalidInput, match=r"goal\.supporter_ids"):
            full.with_supporter(PersonId("one more"))

    def test_a_milestone_is_added_under_a_free_id(self) -> None:
        """A new step comes last, with a day if one is given, and never takes the id of another."""
        at = goal(milestones=(Milestone(MilestoneId("m2"), "Ask"),))
        at = at.add_milestone("First", TODAY).add_milestone("Second")
        assert [milestone.id for milestone in at.milestones] == ["m2", "m1", "m3"]
        assert [milestone.due_on for milestone in at.milestones] == [None, TODAY, None]

    def test_a_milestone_whose_title_stays_keeps_its_days(self) -> None:
        """Titles that are told again are the milestones that they were; the others are new, or gone."""
        known = (Milestone(MilestoneId("m1"), "Ask", done_on=TODAY), Milestone(MilestoneId("m2"), "Gone"))
        told = milestones_titled(["New", "Ask", "Ask"], known)
        assert [(milestone.title, milestone.done_on) for milestone in told] == [
            ("New", None),
            ("Ask", TODAY),
            ("Ask", None),
        ]
        assert len({milestone.id for milestone in told}) == 3

    @given(st.lists(st.sampled_from("abcd"), max_size=6), st.lists(st.sampled_from("abcd"), max_size=6))
    def test_milestones_have_the_titles_that_are_told(self, before: list[str], after: list[str]) -> None:
        """Whatever was there, the titles are those told, in their order, and no id comes twice."""
        told = milestones_titled(after, milestones_titled(before))
        assert [milestone.title for milestone in told] == after
        assert len({milestone.id for milestone in told}) == len(after)

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
        at = evolve(at, status=GoalStatus.ACTIVE, ended_on=None, measure=at.measure or PERCENT)
        assert at.record(update).updates == (*at.updates, update)


class TestWithoutAFigure:
    """A goal that has no figure, on purpose."""

    def test_it_has_no_progress_and_everything_else(self) -> None:
        """Without a figure there is no progress, ever; confidence and notes work as always."""
        at = goal(measure=None).start(TODAY).record(GoalUpdate(NOW, confidence=6, note="Better than last week"))
        assert (at.progress, at.trail, at.confidence, len(at.updates)) == (None, (), 6, 1)

    def test_a_figure_is_refused(self) -> None:
        """A figure for a goal without one is refused, with a way out."""
        with pytest.raises(InvalidInput, match=r"record\.progress: .* note"):
            goal(measure=None).start(TODAY).record(UPDATE)

    def test_a_figure_that_is_given_up_takes_its_progress_along(self) -> None:
        """What was recorded stays, and is not shown as progress of something that has no figure."""
        at = goal().start(TODAY).record(UPDATE).edit(measure=None)
        assert (at.progress, at.updates) == (None, (UPDATE,))
        assert at.edit(measure=PERCENT).progress == 0.4

    @given(goals())
    def test_progress_is_the_end_of_the_trail(self, at: Goal) -> None:
        """The progress is the last of the trail, and the trail has a share for every figure of a goal that has one."""
        figures_told = [update for update in at.updates if update.progress is not None]
        assert len(at.trail) == (len(figures_told) if at.measure else 0)
        assert at.progress == (at.trail[-1] if at.trail else None)


class TestExperiments:
    """Small trials inside a goal."""

    def test_a_trial_begins_and_ends(self) -> None:
        """Each trial has an id of its own, and is kept or dropped with what was seen."""
        at = goal().start(TODAY).try_out("Ask first", NOW, TODAY).try_out("Stand up", NOW)
        assert [trial.id for trial in at.experiments] == ["x1", "x2"]
        at = at.keep_experiment(ExperimentId("x1"), NOW, "It calms me").drop_experiment(ExperimentId("x2"), NOW)
        assert [trial.status for trial in at.experiments] == [ExperimentStatus.KEPT, ExperimentStatus.DROPPED]
        assert at.experiments[0].saw == "It calms me"

    @pytest.mark.parametrize("status", GoalStatus)
    def test_what_was_seen_can_be_said_after_the_goal_has_ended(self, status: GoalStatus) -> None:
        """A trial can be concluded in every status of its goal, which does not change by that."""
        at = goal(status=status, experiments=(TRIAL,)).keep_experiment(TRIAL.id, NOW)
        assert (at.status, at.experiments[0].status) == (status, ExperimentStatus.KEPT)

    def test_a_trial_that_is_not_there_cannot_end(self) -> None:
        """An id of no trial of this goal is refused."""
        for conclude in (goal().keep_experiment, goal().drop_experiment):
            with pytest.raises(InvalidInput, match="experiment_id"):
                conclude(ExperimentId("x9"), NOW)


class TestSupporters:
    """Colleagues whom she asked to support her."""

    def test_a_supporter_has_a_part_in_it(self) -> None:
        """Who supports a goal is a party to it until removed; once more changes nothing."""
        at = goal().with_supporter(PersonId("liam"))
        assert at.party_ids == frozenset({"liam"})
        assert at.with_supporter(PersonId("liam")) is at
        assert at.without_supporter(PersonId("sam")) is at
        assert at.without_supporter(PersonId("liam")) == goal()

    def test_only_me_is_only_me(self) -> None:
        """Taking a goal back takes it back from its supporters too, and sharing it wider leaves them."""
        at = goal().with_supporter(PersonId("liam"))
        assert at.with_audience(Audience.of("team"), TODAY).supporter_ids == ("liam",)
        assert at.with_audience(ONLY_ME, TODAY).supporter_ids == ()


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

    def test_that_a_goal_is_taken_up_again_is_news(self) -> None:
        """A goal of long ago that is resumed today is not quiet, and becomes so when nothing follows."""
        old = TODAY - timedelta(days=400)
        resumed = goal(drafted_at=NOW - timedelta(days=400)).start(old).let_go(old).resume(TODAY)
        assert resumed.news(NOW + QUIET_AFTER) is GoalNews.FRESH
        assert resumed.news(NOW + QUIET_AFTER + timedelta(days=1)) is GoalNews.NO_NEWS

    def test_a_step_and_a_trial_are_news(self) -> None:
        """A milestone ticked off, a trial begun and a trial concluded are news like a word."""
        long_ago = NOW - timedelta(days=400)
        at = goal(drafted_at=long_ago, milestones=(Milestone(STEP, "Ask"),)).start(long_ago.date())
        assert at.news(NOW) is GoalNews.NO_NEWS
        assert at.finish_milestone(STEP, TODAY).news(NOW) is GoalNews.FRESH
        assert at.try_out("Ask", NOW).news(NOW) is GoalNews.FRESH
        begun = at.try_out("Ask", long_ago)
        assert begun.news(NOW) is GoalNews.NO_NEWS
        assert begun.drop_experiment(ExperimentId("x1"), NOW).news(NOW) is GoalNews.FRESH

    @given(goals(), instants(last=date(2034, 1, 1)))
    def test_silence_is_never_fresh(self, at: Goal, now: datetime) -> None:
        """A goal of which nothing at all was heard in the time before is not fresh, whatever it was once."""
        since = now - QUIET_AFTER
        said = [at.drafted_at, *(u.at for u in at.updates), *(x.heard_of_at() for x in at.experiments)]
        days_told = (at.started_on, at.resumed_on, *(milestone.done_on for milestone in at.milestones))
        if max(said) < since and all(day < since.date() for day in days_told if day):
            assert at.news(now) is (GoalNews.NO_NEWS if at.status is GoalStatus.ACTIVE else GoalNews.AT_REST)
        assert at.is_quiet(now) == (at.news(now) is GoalNews.NO_NEWS)

    @pytest.mark.parametrize("status", [status for status in GoalStatus if status is not GoalStatus.ACTIVE])
    def test_only_a_goal_in_motion_can_be_quiet(self, status: GoalStatus) -> None:
        """A draft may lie as long as it likes, and an ended goal is over."""
        assert not goal(status=status).is_quiet(NOW + timedelta(days=1_000))
        assert goal(status=status).news(NOW + timedelta(days=1_000)) is GoalNews.AT_REST


class TestSharing:
    """Sharing is an act, and it can be taken back."""

    def test_a_draft_is_nobody_elses(self) -> None:
        """A new goal has only its owner as its audience."""
        assert goal().audience == ONLY_ME
        assert goal().shared_on is None

    @given(goals(), audiences(), days())
    def test_an_audience_sees_from_the_day_of_sharing(self, at: Goal, audience: Audience, on: date) -> None:
        """Sharing notes the day; taking back forgets it, and who supported; nothing else changes."""
        shared = at.with_audience(audience, on)
        supporters = () if audience.is_private else at.supporter_ids
        shared_on = None if audience.is_private else on
        assert shared == evolve(at, audience=audience, shared_on=shared_on, supporter_ids=supporters)

    def test_facts_are_past_participles(self) -> None:
        """Facts say what happened to a goal."""
        assert {fact.value for fact in GoalFact} == {"GoalShared", "GoalStarted", "GoalEnded"}


@given(goals())
def test_nothing_changes_in_place(at: Goal) -> None:
    """Every verb makes another value, and no field can be set."""
    at = evolve(at, measure=at.measure or PERCENT)
    before = evolve(at)
    for move in MOVES[at.status]:
        assert VERBS[move](at) is not at
    assert at == before
    frozen: list[Any] = [at, PERCENT, *at.experiments, *at.earlier_ends, *at.milestones, *at.updates]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"
