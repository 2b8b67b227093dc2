"""Pulses: a few questions, fixed at opening; private answers, cells that are permitted, and a reply that is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions, fields
from hypothesis import given
from hypothesis import strategies as st

from ownership.content.starter import starter_pack
from ownership.domain.cohorts import Cohort, Group
from ownership.domain.people import PersonId
from ownership.domain.publication import Band, Publication, ReleasePlan, first_plan, release_plan_id
from ownership.domain.pulse import (
    MOST_MINUTES,
    MOVES,
    NeedChoice,
    Pulse,
    PulseAnswers,
    PulseId,
    PulseMove,
    PulseReply,
    PulseStatus,
    Trend,
    draw_pulse_questions,
    minutes_for,
    open_pulse,
    publish_pulse,
    pulse_answers_id,
    refuse_odd_answers,
    trend_of,
    trends_of,
)
from ownership.domain.scales import NotEnoughData, Polarity, ScaleQuestion, scale_mean
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import pulse_answers, pulses

ORGANISATION = PersonId("organisation")
HR = PersonId("hr")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
QUESTIONS = (
    ScaleQuestion("a1", "autonomy", Polarity.POSITIVE, {"en": "I choose."}),
    ScaleQuestion("a2", "autonomy", Polarity.NEGATIVE, {"en": "Others choose."}),
    ScaleQuestion("w1", "workload", Polarity.POSITIVE, {"en": "It is much."}),
)
NEEDS = (NeedChoice("time", {"en": "Time"}), NeedChoice("talk", {"en": "A talk"}))
SALES = {PersonId(f"s{n}"): Group("Sales", "North") for n in range(6)}
TECH = {PersonId(f"t{n}"): Group("Tech", "Web") for n in range(9)}
STANDING = SALES | TECH
PLAN = first_plan(release_plan_id(ORGANISATION, 1), ORGANISATION, STANDING)
REPLY = PulseReply(HR, date(2026, 3, 20), we_will="Free mornings")


def pulse(days: int = 0, plan: ReleasePlan = PLAN, **how: Any) -> Pulse:
    """Make an open pulse that opened some days from now."""
    opened_at = NOW + timedelta(days=days)
    made = Pulse(
        id=PulseId(f"organisation.u{100 + days}"),
        owner_id=ORGANISATION,
        opened_by_id=HR,
        opened_at=opened_at,
        closes_at=opened_at + timedelta(days=7),
        plan_id=plan.id,
        questions=how.pop("questions", QUESTIONS),
        need_choices=NEEDS,
    )
    return evolve(open_pulse(made, plan, how.pop("earlier", ())), **how)


def closed(days: int = 0, **how: Any) -> Pulse:
    """Make a pulse that is closed."""
    opened = pulse(days, **how)
    return opened.close(opened.closes_at)


def answers(who: str, of: Pulse | None = None, needs: tuple[str, ...] | None = None, **given: int) -> PulseAnswers:
    """Make what somebody answers."""
    asked, person_id = of or pulse(), PersonId(who)
    id_ = pulse_answers_id(person_id, asked.id)
    return PulseAnswers(id_, person_id, asked.id, asked.opened_at, given, needs, questions=asked.questions)


def bands(publication: Publication, measure: str) -> dict[str, tuple[int, Band | None]]:
    """Give what the cells show of a measure, by department."""
    return {
        cell.group.department: (found.answered, found.band)
        for cell in publication.cells
        for found in cell.findings
        if found.measure == measure
    }


class TestMoves:
    """What a status allows."""

    @pytest.mark.parametrize("move", PulseMove)
    @pytest.mark.parametrize("status", PulseStatus)
    def test_only_what_the_table_allows(self, status: PulseStatus, move: PulseMove) -> None:
        """Every verb leads where the table says, or is refused."""
        closed_at = None if status is PulseStatus.OPEN else NOW
        start = pulse(status=status, closed_at=closed_at, reply=REPLY if status is PulseStatus.ANSWERED else None)
        verbs: Mapping[PulseMove, Any] = {
            PulseMove.ANSWER: lambda: start.accepting(move, NOW),
            PulseMove.TAKE_BACK: lambda: start.accepting(move, NOW),
            PulseMove.CLOSE: lambda: start.close(NOW),
            PulseMove.RESPOND: lambda: start.respond(REPLY),
            PulseMove.CALL_OFF: lambda: start.call_off(NOW),
        }
        if move in MOVES[status]:
            assert verbs[move]().status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove):
                verbs[move]()

    @given(pulses())
    def test_a_reply_is_due_once_it_closed(self, drawn: Pulse) -> None:
        """Two weeks after closing people have heard something; before that no day is set."""
        assert (drawn.reply_by_on is None) == (drawn.status is PulseStatus.OPEN)
        if drawn.closed_at:
            assert drawn.reply_by_on == drawn.closed_at.date() + timedelta(days=14)

    def test_after_the_last_moment_nothing_is_accepted(self) -> None:
        """When the window is over, an answer is refused also while nobody closed the pulse yet."""
        opened = pulse()
        opened.accepting(PulseMove.ANSWER, opened.closes_at - timedelta(seconds=1))
        with pytest.raises(InvalidInput, match=r"pulse\.closes_at: has passed"):
            opened.accepting(PulseMove.ANSWER, opened.closes_at)


class TestNonsense:
    """What a pulse cannot be."""

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"questions": ()}, "pulse.questions"),
            ({"questions": QUESTIONS[:1] * 2}, "pulse.questions"),
            ({"questions": tuple(evolve(QUESTIONS[0], id=f"q{n}") for n in range(21))}, "pulse.questions"),
            ({"need_choices": NEEDS[:1] * 2}, "pulse.need_choices"),
            ({"closes_at": NOW}, "pulse.closes_at"),
            ({"reply": REPLY}, "pulse.reply"),
            ({"closed_at": NOW}, "pulse.closed_at"),
            ({"status": PulseStatus.CLOSED}, "pulse.closed_at"),
        ],
    )
    def test_is_refused(self, changes: dict[str, Any], path: str) -> None:
        """No questions, too many or one twice, a window that ends before it begins, or a status that does not fit."""
        with pytest.raises(InvalidInput) as refused:
            evolve(pulse(), **changes)
        assert refused.value.problems[0].path == path

    @pytest.mark.parametrize(
        ("said", "path"),
        [({}, "we_will"), ({"we_will": " "}, "we_will"), ({"because": "x"}, "we_will"), ({"not_now": "x"}, "because")],
    )
    def test_a_reply_says_something(self, said: dict[str, str], path: str) -> None:
        """A reply says what will be done, or what not now and why; a "not now" without a reason is none."""
        with pytest.raises(InvalidInput, match=rf"pulse_reply\.{path}"):
            PulseReply(HR, date(2026, 3, 20), **said)
        assert PulseReply(HR, date(2026, 3, 20), not_now="A new tool", because="It is spent").because == "It is spent"

    @pytest.mark.parametrize(
        ("given_", "needs", "paths"),
        [
            ({"a1": 6}, None, ["pulse.answers.a1"]),
            ({"a1": 0, "zz": 3}, None, ["pulse.answers.a1", "pulse.answers.zz"]),
            ({"a1": 3}, ["nothing"], ["pulse.needs"]),
            ({}, None, ["pulse.answers"]),
            ({}, [], ["pulse.answers"]),
        ],
    )
    def test_odd_answers_are_refused(self, given_: dict[str, int], needs: list[str] | None, paths: list[str]) -> None:
        """Out of range, not asked, no choice, or nothing at all: each is named, and no answer is repeated."""
        with pytest.raises(InvalidInput) as refused:
            refuse_odd_answers(pulse(), given_, needs)
        assert [problem.path for problem in refused.value.problems] == paths
        refuse_odd_answers(pulse(), {}, ["time"])

    def test_answers_are_in_no_log_and_can_be_shared_with_nobody(self) -> None:
        """Answers have no audience, and neither they nor needs are in a repr; nothing changes in place."""
        assert not hasattr(PulseAnswers, "audience")
        assert not {"answers", "needs"} & {field.name for field in fields(PulseAnswers) if field.repr}
        with pytest.raises(exceptions.FrozenInstanceError):
            answers("s1", a1=3).version = 2  # type: ignore[misc]


class TestFixed:
    """What is fixed at opening."""

    @pytest.mark.parametrize(
        "changes",
        [
            {"questions": (evolve(QUESTIONS[0], polarity=Polarity.NEGATIVE), *QUESTIONS[1:])},
            {"questions": (evolve(QUESTIONS[0], texts={"en": "I choose nothing."}), *QUESTIONS[1:])},
            {"questions": QUESTIONS[1:]},
            {"need_choices": NEEDS[1:]},
            {"closes_at": NOW + timedelta(days=30)},
            {"plan_id": release_plan_id(ORGANISATION, 2)},
            {"fingerprint": ""},
        ],
    )
    def test_a_pulse_that_changed_is_not_published(self, changes: dict[str, Any]) -> None:
        """Another question, text, polarity, choice, window or plan is noticed, and nothing is published."""
        opened = pulse()
        assert opened.is_as_opened(PLAN)
        changed = evolve(opened, **changes)
        assert not changed.is_as_opened(PLAN)
        with pytest.raises(InvalidInput, match=r"pulse\.fingerprint"):
            publish_pulse(changed, PLAN, STANDING, [])

    @pytest.mark.parametrize(
        "changes",
        [
            {"threshold": 6},
            {"edges": (40.0, 60.0)},
            {"cohorts": PLAN.cohorts[:1]},
            {"cohorts": (evolve(PLAN.cohorts[0], home=Group()), *PLAN.cohorts[1:])},
            {"cohorts": (Cohort(PLAN.cohorts[0].home, PLAN.cohorts[0].member_ids[1:]), *PLAN.cohorts[1:])},
        ],
    )
    def test_a_plan_that_changed_is_not_published(self, changes: dict[str, Any]) -> None:
        """Another threshold, other bands, or people put together otherwise: nothing is published."""
        with pytest.raises(InvalidInput, match=r"pulse\.fingerprint"):
            publish_pulse(pulse(), evolve(PLAN, **changes), STANDING, [])

    def test_a_plan_that_another_follows_is_the_same(self) -> None:
        """What happens to a plan by itself (another follows it) changes nothing of what may be published."""
        assert pulse().is_as_opened(evolve(PLAN.followed(date(2026, 3, 5)), version=7))


class TestPublishing:
    """What is published of a pulse."""

    def test_means_are_told_in_bands(self) -> None:
        """Of each construct a cell tells in which band the mean lies, reversed questions turned round."""
        given_ = [answers(who, a1=5, a2=1, w1=1) for who in SALES] + [answers(who, a1=1, a2=5, w1=3) for who in TECH]
        figures, _ = publish_pulse(pulse(), PLAN, STANDING, given_)
        assert bands(figures, "autonomy") == {"Sales": (6, Band(65, None)), "Tech": (9, Band(None, 35))}
        assert bands(figures, "workload") == {"Sales": (6, Band(None, 35)), "Tech": (9, Band(50, 65))}

    def test_needs_are_told_by_half(self) -> None:
        """Of each choice a cell tells whether half or more chose it: two bands, since an answer is a yes or a no."""
        given_ = [answers(who, needs=("time",) if n < 3 else ()) for n, who in enumerate(SALES)]
        _, needs = publish_pulse(pulse(), PLAN, STANDING, given_)
        assert bands(needs, "time") == {"Sales": (6, Band(50, None))}
        assert bands(needs, "talk") == {"Sales": (6, Band(None, 50))}

    def test_what_too_few_answered_is_not_told(self) -> None:
        """A construct, or the needs, that fewer than five of a cell answered has no band and no number."""
        given_ = [answers(who, a1=5, w1=5) if n < 4 else answers(who, a1=5) for n, who in enumerate(SALES)]
        figures, needs = publish_pulse(pulse(), PLAN, STANDING, given_)
        assert bands(figures, "workload") == {"Sales": (0, None)}
        assert bands(figures, "autonomy") == {"Sales": (6, Band(65, None))}
        assert bands(needs, "time") == {"Sales": (0, None)}

    def test_both_are_of_the_same_cells(self) -> None:
        """Figures and needs have the same cells, so that neither says more of a group than the other."""
        given_ = [answers(who, a1=2) for who in list(SALES)[:4]] + [answers(who, needs=()) for who in TECH]
        figures, needs = publish_pulse(pulse(), PLAN, STANDING, given_)
        assert [(cell.group, cell.cohorts, cell.answered) for cell in figures.cells] == [
            (cell.group, cell.cohorts, cell.answered) for cell in needs.cells
        ]
        assert [(cell.group, cell.answered) for cell in figures.cells] == [(Group(), 13)]

    @given(st.lists(st.sampled_from(list(STANDING)), unique=True, max_size=4))
    def test_under_the_threshold_nothing_is_published(self, who: list[PersonId]) -> None:
        """Of fewer than five answers nothing is told, not even that there are some."""
        figures, needs = publish_pulse(pulse(), PLAN, STANDING, [answers(one, a1=3, needs=("time",)) for one in who])
        assert figures.cells == needs.cells == ()


class TestRotation:
    """Which questions a pulse asks when nobody picks any."""

    def rounds(self, many: int) -> list[Pulse]:
        """Hold some pulses after each other with the questions of the starter pack."""
        held: list[Pulse] = []
        for number in range(many):
            questions = draw_pulse_questions(starter_pack().pulse_questions, held)
            held.append(closed(28 * number, questions=questions))
        return held

    def test_each_takes_two_minutes(self) -> None:
        """A drawn pulse has six questions, three constructs of two, one of each polarity, and takes two minutes."""
        for held in self.rounds(6):
            assert (len(held.questions), held.minutes) == (6, 2)
            polarities = [{q.polarity for q in held.questions if q.construct == c} for c in held.constructs]
            assert polarities == [set(Polarity)] * 3

    def test_all_comes_round(self) -> None:
        """In three pulses everything was asked about once, and in six every question was asked once."""
        held = self.rounds(6)
        asked = [construct for one in held[:3] for construct in one.constructs]
        assert sorted(asked) == sorted({q.construct for q in starter_pack().pulse_questions})
        questions = [question.id for one in held for question in one.questions]
        assert sorted(questions) == sorted(question.id for question in starter_pack().pulse_questions)

    def test_a_single_question_is_asked_too(self) -> None:
        """A pack with one question of one polarity is asked as far as it goes; with none there is nothing."""
        assert draw_pulse_questions(QUESTIONS[2:], ()) == QUESTIONS[2:]
        assert draw_pulse_questions((), ()) == ()

    @pytest.mark.parametrize(("questions", "minutes"), [(1, 1), (4, 1), (5, 2), (8, 2), (9, 3), (20, 5)])
    def test_minutes_are_rounded_up(self, questions: int, minutes: int) -> None:
        """Four questions take a minute."""
        assert minutes_for(questions) == minutes


class TestTime:
    """How much is asked of people."""

    def test_two_are_never_open_at_once(self) -> None:
        """While one is open no other opens."""
        with pytest.raises(InvalidInput, match="let that one close first"):
            pulse(40, earlier=[pulse()])

    def test_minutes_are_capped(self) -> None:
        """Within four weeks pulses ask five minutes at most, whoever opens them; after that there is room again."""
        long = tuple(evolve(QUESTIONS[0], id=f"q{n}") for n in range(15))
        earlier = [closed(0, questions=long)]
        assert earlier[0].minutes + pulse().minutes == MOST_MINUTES
        pulse(10, earlier=earlier)
        with pytest.raises(InvalidInput, match="would ask 6 minutes"):
            pulse(20, earlier=[*earlier, closed(10)])
        pulse(29, earlier=[*earlier, closed(10)])

    def test_one_is_too_long_by_itself(self) -> None:
        """A pulse that takes longer than the most is refused without any other."""
        long = tuple(evolve(QUESTIONS[0], id=f"q{n}") for n in range(20))
        with pytest.raises(InvalidInput, match=r"pulse\.questions: would ask 6 minutes"):
            pulse(questions=long)


class TestTrend:
    """What somebody's own answers say over time."""

    def test_it_goes_by_her_own_answers(self) -> None:
        """Each pulse that asked about it is a point, the oldest first; the change is from the one before."""
        first, second = closed(0), closed(28)
        later, earlier = answers("s1", second, a1=5, a2=1), answers("s1", first, a1=3, a2=3)
        trend = trend_of("autonomy", [later, earlier])
        assert [(point.answers_id, point.value) for point in trend.points] == [(earlier.id, 50), (later.id, 100)]
        assert trend.change == 50

    def test_where_there_is_too_little_it_says_so(self) -> None:
        """A pulse that she half skipped is a point without a value; with one value there is no change yet."""
        first, second = closed(0), closed(28)
        trend = trend_of("workload", [answers("s1", first, w1=3), answers("s1", second, a1=3)])
        assert [point.value for point in trend.points] == [50, NotEnoughData(0, 1)]
        assert trend.change == NotEnoughData(1, 2)
        assert trend_of("recovery", [answers("s1", first, w1=3)]) == Trend("recovery")
        assert Trend("recovery").change == NotEnoughData(0, 2)

    def test_what_she_does_not_keep_is_in_no_trend(self) -> None:
        """Answers that go when the pulse closes are no point, also while it is open."""
        assert trends_of([evolve(answers("s1", a1=3), keeps=False)]) == ()

    def test_without_its_questions_an_answer_says_nothing(self) -> None:
        """Answers of before the questions came with them load, and are no point."""
        assert trends_of([evolve(answers("s1", a1=3), questions=())]) == ()

    @given(pulse_answers())
    def test_answers_fit_their_questions(self, hers: PulseAnswers) -> None:
        """An answer to what was not asked, or that a question does not leave open, is refused without its value."""
        for id_ in ("not-asked", hers.questions[0].id):
            with pytest.raises(InvalidInput, match=rf"pulse_answers\.answers\.{id_}") as refused:
                evolve(hers, answers={id_: 987})
            assert "987" not in str(refused.value)

    @given(pulse_answers())
    def test_her_record_is_complete_in_itself(self, hers: PulseAnswers) -> None:
        """Each construct that she was asked about has a point from her record alone, in the order of the questions."""
        trends = trends_of([evolve(hers, keeps=True)])
        assert tuple(trend.construct for trend in trends) == hers.constructs
        for trend in trends:
            (point,) = trend.points
            assert point.value == scale_mean(hers.questions, trend.construct, hers.answers)
