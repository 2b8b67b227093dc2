"""The organisation's figures: numbers of people from their own records, told by the rules of publication only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations_with_replacement

import pytest
from attrs import evolve

from ownership.domain.check_ins import CheckIn, CheckInId, CheckInStatus
from ownership.domain.cohorts import FLOOR, Group
from ownership.domain.cycles import CycleId, Period
from ownership.domain.figures import (
    CHANGE_EDGES,
    FEWEST_FOR_CHANGES,
    FIGURE_STEP,
    WINDOW_DAYS,
    Baseline,
    Change,
    Figure,
    FiguresId,
    OrganisationFigures,
    Window,
    baselines_of,
    changes_of,
    initiative_of,
    numbers_of,
    publish_changes,
    real_choice_of,
    refuse_too_soon,
    rhythm_of,
    sides_of_goals,
)
from ownership.domain.goals import Goal, GoalId, GoalStatus
from ownership.domain.initiative import InitiativeBalance, InitiativeKind, Sides
from ownership.domain.learning import LearningChoice, LearningChoiceId, LearningKind, LearningOptionId, WasReal
from ownership.domain.people import PersonId
from ownership.domain.publication import (
    Band,
    Publication,
    Usefulness,
    bands_between,
    edges_for,
    first_plan,
    refuse_edges,
    release_plan_id,
)
from ownership.domain.pulse import Pulse, PulseAnswers, PulseId, PulseStatus, pulse_answers_id
from ownership.domain.scales import Polarity, ScaleQuestion
from ownership.domain.suggestions import GoalSuggestion, SuggestionId, SuggestionStatus
from ownership.errors import InvalidInput

ADA, SAM = PersonId("ada"), PersonId("sam")
OWNER = PersonId("organisation")
TODAY = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
WINDOW = Window.before(TODAY)
HELD, SKIPPED, PASSED, OPEN = CheckInStatus.HELD, CheckInStatus.SKIPPED, CheckInStatus.PASSED, CheckInStatus.OPEN


def talk(status: CheckInStatus, *, on: date = TODAY, partner_id: PersonId | None = SAM, number: int = 1) -> CheckIn:
    """Make a check-in that closed on a day."""
    period = Period(number, on, on + timedelta(days=1))
    return CheckIn(
        CheckInId(f"ada.k{number}"), ADA, CycleId("organisation.y1"), period, on, partner_id=partner_id, status=status
    )


def choice(was_real: WasReal | None, *, at: datetime = NOW) -> LearningChoice:
    """Make a choice that she judged, or did not."""
    option = LearningOptionId("organisation.o1")
    return LearningChoice(
        LearningChoiceId("ada.l1"), ADA, option, LearningKind.READING, "A book", at, was_real=was_real
    )


def goal(id_: str, status: GoalStatus = GoalStatus.ACTIVE, *, at: datetime = NOW) -> Goal:
    """Make a goal in some status."""
    return Goal(GoalId(id_), ADA, "A goal", at, status=status)


def suggestion(goal_id: str) -> GoalSuggestion:
    """Make a suggestion that became a goal."""
    made = GoalSuggestion(SuggestionId("ada.s1"), ADA, SAM, "A goal", NOW)
    return evolve(made, status=SuggestionStatus.ACCEPTED, goal_id=GoalId(goal_id))


def rhythm_with(*talks: CheckIn, untouched: list[date] | None) -> float | None:
    """Give what her numbers say of her rhythm, with these talks and the last days of periods without one."""
    return numbers_of(ADA, WINDOW, check_ins=talks, untouched=untouched, choices=[], goals=[], suggestions=[])["rhythm"]


class TestNumbers:
    @pytest.mark.parametrize(
        ("statuses", "number"),
        [
            ([HELD, HELD], 100),
            ([HELD, SKIPPED], 50),
            ([HELD, PASSED, PASSED, PASSED], 25),
            ([PASSED, SKIPPED], 0),
            ([HELD], None),
            ([], None),
        ],
    )
    def test_rhythm_is_the_share_of_periods_with_a_talk(
        self, statuses: list[CheckInStatus], number: float | None
    ) -> None:
        """Of her periods that are over, those in which a talk was held; with fewer than two there is no number."""
        assert rhythm_of(map(talk, statuses)) == number

    def test_without_a_partner_there_is_no_talk_to_hold(self) -> None:
        """A period in which she had nobody to talk with is not counted."""
        assert rhythm_of([talk(HELD), talk(HELD), talk(PASSED, partner_id=None)]) == 100

    def test_periods_in_which_nobody_did_anything_count(self) -> None:
        """A period that left no check-in is one without a talk; where such periods are not known, nothing is told."""
        assert rhythm_of([talk(HELD)], untouched=1) == 50
        ended = [TODAY, WINDOW.since_on, WINDOW.since_on - timedelta(days=1), TODAY + timedelta(days=1)]
        assert rhythm_with(talk(HELD), untouched=ended) == pytest.approx(100 / 3)
        assert rhythm_with(talk(HELD), talk(HELD), untouched=None) is None

    @pytest.mark.parametrize(
        ("judged", "number"),
        [
            ([WasReal.YES, WasReal.YES], 100),
            ([WasReal.YES, WasReal.PARTLY], 75),
            ([WasReal.YES, WasReal.NO, None], 50),
            ([WasReal.NO, WasReal.NO], 0),
            ([WasReal.YES, None], None),
            ([], None),
        ],
    )
    def test_real_choice_is_as_she_judged_it(self, judged: list[WasReal | None], number: float | None) -> None:
        """Partly is half; what she did not judge is not counted, and with fewer than two there is no number."""
        assert real_choice_of(map(choice, judged)) == number

    def test_initiative_is_her_share(self) -> None:
        """Of all that was set going, what she did; nothing to share out is no number."""
        balance = InitiativeBalance(3, {InitiativeKind.AGENDA: Sides(2, 4), InitiativeKind.GOALS: Sides(1, 1)})
        assert initiative_of(balance) == 37.5
        assert initiative_of(InitiativeBalance(3, {InitiativeKind.AGENDA: Sides(1, 0)})) is None
        assert initiative_of(InitiativeBalance(2, {})) is None

    def test_goals_that_were_suggested_are_told_apart(self) -> None:
        """Of goals that she began, those that came from a suggestion are another's initiative; drafts are none."""
        goals = [goal("ada.g1"), goal("ada.g2"), goal("ada.g3", GoalStatus.DRAFT), goal("ada.g4")]
        assert sides_of_goals(goals, [suggestion("ada.g2"), suggestion("ada.g3")]) == Sides(2, 1)

    def test_only_the_half_year_counts(self) -> None:
        """Talks, choices and goals of another time, of somebody else, or still open, are not counted."""
        before = WINDOW.since_on - timedelta(days=1)
        long_ago = datetime.combine(before, NOW.timetz())
        talks = [
            *(talk(HELD, on=day, number=n) for n, day in enumerate((WINDOW.since_on, TODAY, TODAY), 1)),
            talk(PASSED, number=4),
            talk(PASSED, on=before, number=5),
            talk(OPEN, number=6),
            evolve(talk(PASSED, number=7), owner_id=SAM, partner_id=ADA),
            talk(PASSED, on=TODAY + timedelta(days=1), number=8),
        ]
        numbers = numbers_of(
            ADA,
            WINDOW,
            check_ins=talks,
            untouched=[],
            choices=[choice(WasReal.YES), choice(WasReal.YES), choice(WasReal.NO, at=long_ago)],
            goals=[goal("ada.g1"), goal("ada.g2"), goal("ada.g3", at=long_ago)],
            suggestions=[suggestion("ada.g2"), suggestion("ada.g3")],
        )
        assert numbers == {Figure.RHYTHM: 75, Figure.REAL_CHOICE: 100, Figure.INITIATIVE: 50}

    def test_bands_of_figures_fit_their_numbers(self) -> None:
        """With two occasions a number is nothing, half or all: the bands are those for answers so far apart."""
        refuse_edges(edges_for(FIGURE_STEP), FLOOR, FIGURE_STEP)
        assert FIGURE_STEP == 50


class TestWindow:
    def test_a_window_is_half_a_year(self) -> None:
        """It holds its first and its last day, and none besides."""
        assert (WINDOW.until_on, (WINDOW.until_on - WINDOW.since_on).days) == (TODAY, WINDOW_DAYS)
        assert WINDOW.holds(WINDOW.since_on)
        assert WINDOW.holds(TODAY)
        assert not WINDOW.holds(WINDOW.since_on - timedelta(days=1))
        assert not WINDOW.holds(TODAY + timedelta(days=1))

    def test_a_window_does_not_end_before_it_begins(self) -> None:
        """Its last day is after its first."""
        with pytest.raises(InvalidInput, match=r"window\.until_on: is not after the day on which it begins"):
            Window(TODAY, TODAY)

    @pytest.mark.parametrize("days", [0, 1, 182, 183, 184, 400])
    def test_no_two_tell_of_the_same_day(self, days: int) -> None:
        """Figures are refused exactly as long as they would tell of a day of which the last ones told."""
        last = OrganisationFigures(
            FiguresId("organisation.2"),
            OWNER,
            release_plan_id(OWNER, 1),
            TODAY,
            WINDOW,
            Publication(),
            Usefulness(0, 0, 0, 0),
        )
        earlier = evolve(last, published_on=TODAY - timedelta(days=200))
        today = TODAY + timedelta(days=days)
        refuse_too_soon([], today)
        if Window.before(today).since_on > TODAY:
            refuse_too_soon([last, earlier], today)
            return
        with pytest.raises(InvalidInput) as refused:
            refuse_too_soon([last, earlier], today)
        assert str(refused.value) == "figures: were published on 2026-06-30; they can be again from 2026-12-31 on"


def pulse(number: int, *constructs: str, status: PulseStatus = PulseStatus.CLOSED) -> Pulse:
    """Make a pulse of one question about each construct."""
    opened_at = NOW + timedelta(days=30 * number)
    closed_at = None if status is PulseStatus.OPEN else opened_at + timedelta(days=7)
    questions = (ScaleQuestion(f"{name}-{number}", name, Polarity.POSITIVE, {"en": name}) for name in constructs)
    return Pulse(
        PulseId(f"organisation.u{number}"),
        OWNER,
        SAM,
        opened_at,
        opened_at + timedelta(days=7),
        release_plan_id(OWNER, number),
        tuple(questions),
        status=status,
        closed_at=closed_at,
    )


def answered(to: Pulse, owner_id: PersonId = ADA, **answers: int) -> PulseAnswers:
    """Let somebody answer the questions of a pulse, by construct."""
    of = {question.construct: question.id for question in to.questions}
    by_question = {of[name]: answer for name, answer in answers.items()}
    return PulseAnswers(pulse_answers_id(owner_id, to.id), owner_id, to.id, to.opened_at, by_question)


FIRST, SECOND, THIRD = pulse(1, "room", "workload"), pulse(2, "workload"), pulse(3, "workload", "room")


class TestChanges:
    def test_a_baseline_is_the_first_pulse_that_asked(self) -> None:
        """Of each measure the first pulse that is over and asked about it, and the last; one alone is no change."""
        running = pulse(4, "workload", status=PulseStatus.OPEN)
        called_off = pulse(0, "room", status=PulseStatus.CALLED_OFF)
        pulses = [THIRD, running, FIRST, called_off, SECOND]
        assert baselines_of(pulses) == (Baseline("room", FIRST, THIRD), Baseline("workload", FIRST, THIRD))
        assert baselines_of([FIRST, SECOND]) == (Baseline("workload", FIRST, SECOND),)
        assert baselines_of([]) == ()

    def test_her_own_record_says_whether_it_rose_or_fell(self) -> None:
        """Each measure gives two numbers, all or nothing; with an answer missing there and then, neither is known."""
        baselines = baselines_of([FIRST, SECOND, THIRD])
        hers = [answered(FIRST, room=2, workload=3), answered(SECOND, workload=5), answered(THIRD, room=4, workload=3)]
        assert changes_of(hers, baselines) == {
            "rose: room": 100,
            "fell: room": 0,
            "rose: workload": 0,
            "fell: workload": 0,
        }
        worse = [answered(FIRST, room=2), answered(THIRD, room=1, workload=3)]
        assert changes_of(worse, baselines) == {
            "rose: room": 0,
            "fell: room": 100,
            "rose: workload": None,
            "fell: workload": None,
        }
        assert set(changes_of(hers[:2], baselines).values()) == {None}

    def test_the_smallest_change_is_one(self) -> None:
        """On a scale of a hundred and one points, one point up has risen, and one down has fallen."""
        fine = [
            evolve(each, questions=tuple(evolve(q, lowest=0, highest=100) for q in each.questions))
            for each in (FIRST, THIRD)
        ]
        hers = [answered(fine[0], room=50, workload=50), answered(fine[1], room=51, workload=49)]
        assert changes_of(hers, baselines_of(fine)) == {
            "rose: room": 100,
            "fell: room": 0,
            "rose: workload": 0,
            "fell: workload": 100,
        }

    def told(self, risers: int, fallers: int, others: int) -> tuple[Change, ...]:
        """Publish of so many who rose, fell, or did neither, spread over ten teams."""
        numbers = [(100, 0)] * risers + [(0, 100)] * fallers + [(0, 0)] * others
        standing = {PersonId(f"p{n}"): Group("Works", f"t{n % 10}") for n in range(len(numbers))}
        plan = first_plan(release_plan_id(OWNER, 1), OWNER, standing)
        answers = {
            who: {"rose: room": float(rose), "fell: room": float(fell)}
            for who, (rose, fell) in zip(standing, numbers, strict=True)
        }
        return publish_changes(plan, standing, answers)

    def test_changes_are_told_of_everyone_together(self) -> None:
        """Which part rose and which part fell is told as bands of a quarter, with how much chance makes of it."""
        (change,) = self.told(60, 20, 20)
        assert change == Change("room", 100, Band(50, 75), Band(None, 25))
        assert change.give_or_take == 10
        assert self.told(20, 5, 75)[0].rose == Band(None, 25)

    def test_changes_of_a_large_team_are_not_told_apart(self) -> None:
        """Also where one team is large enough, everyone is told of together."""
        teams = [Group("Works", "Large")] * 30 + [Group("Works", "Small")] * 10
        standing = {PersonId(f"p{n}"): team for n, team in enumerate(teams)}
        answers = {who: {"rose: room": 100.0, "fell: room": 0.0} for who in standing}
        (change,) = publish_changes(first_plan(release_plan_id(OWNER, 1), OWNER, standing), standing, answers)
        assert change.answered == 40

    def test_changes_of_a_few_are_not_told(self) -> None:
        """With fewer than twenty-five who answered both times nothing is told, whatever the threshold is."""
        assert self.told(24, 0, 0) == ()
        assert len(self.told(25, 0, 0)) == 1
        with pytest.raises(InvalidInput, match=r"change\.answered"):
            Change("room", 24, Band(), Band())

    def test_a_higher_threshold_holds_for_changes_too(self) -> None:
        """An organisation that publishes from forty people on does so here."""
        standing = {PersonId(f"p{n}"): Group() for n in range(39)}
        plan = first_plan(release_plan_id(OWNER, 1), OWNER, standing, threshold=38)
        answers = {who: {"rose: room": 100.0, "fell: room": 0.0} for who in standing}
        assert publish_changes(plan, standing, answers)[0].answered == 39
        assert publish_changes(evolve(plan, threshold=40), standing, answers) == ()

    def test_bands_of_changes_are_wide_enough(self) -> None:
        """Of twenty-five who each rose or did not, nobody who knows her own answer learns another's."""
        refuse_edges(CHANGE_EDGES, FEWEST_FOR_CHANGES, 100)


Pair = tuple[int, int]


def narrowed(measures: Sequence[tuple[Sequence[float], Mapping[Pair, float]]]) -> Iterator[tuple[object, ...]]:
    """Give what somebody in a cell of five must see to learn another's answer, then or now, from all its bands at once.

    By trying everything that four others can have answered at two pulses.
    """
    pairs = [(then, now) for then in range(0, 101, 25) for now in range(0, 101, 25)]
    left: dict[tuple[object, ...], tuple[set[int], set[int]]] = {}
    for others in combinations_with_replacement(pairs, 4):
        sums = [sum(number[pair] for pair in others) for _, number in measures]
        for own in ((0, 0), (100, 75), (100, 100)):
            bands = tuple(
                sum((total + number[own]) / 5 >= edge for edge in edges)
                for total, (edges, number) in zip(sums, measures, strict=True)
            )
            then, now = left.setdefault((own, bands), (set(), set()))
            then.update(pair[0] for pair in others)
            now.update(pair[1] for pair in others)
    return (key for key, values in left.items() if min(map(len, values)) < 2)


PAIRS = [(then, now) for then in range(0, 101, 25) for now in range(0, 101, 25)]
LEVELS = [
    ((35.0, 50.0, 65.0), {pair: float(pair[0]) for pair in PAIRS}),
    ((35.0, 50.0, 65.0), {pair: float(pair[1]) for pair in PAIRS}),
]
DIFFERENCE = ((35.0, 65.0), {pair: min(max(50.0 + 2 * (pair[1] - pair[0]), 0.0), 100.0) for pair in PAIRS})


def test_the_change_of_a_team_beside_its_levels_gives_somebody_away() -> None:
    """Why changes are told of everyone only: levels alone give nobody away, with a band of the change they do."""
    assert list(narrowed(LEVELS)) == []
    assert list(narrowed([*LEVELS, DIFFERENCE])) != []


def test_bands_leave_no_gap() -> None:
    """Every share is in one of the bands of changes."""
    assert sum(band.holds(share) for band in bands_between(CHANGE_EDGES) for share in (0, 25, 50, 75, 100)) == 5
