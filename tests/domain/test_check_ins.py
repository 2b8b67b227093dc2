"""Check-ins: cadences against a calendar counted day by day, and talks whose agenda is hers."""

from __future__ import annotations

import calendar
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.check_ins import (
    CYCLE_MOVES,
    MOVES,
    SEARCH_YEARS,
    WITH_PARTNER,
    AgendaItem,
    Agreement,
    AgreementId,
    Cadence,
    CheckIn,
    CheckInFact,
    CheckInId,
    CheckInMove,
    CheckInStatus,
    Cycle,
    CycleId,
    CycleMove,
    CycleStatus,
    Period,
    Preparation,
    agreement_ids,
    check_in_id,
    check_in_of,
    open_check_in,
)
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, Person, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import audiences, cadences, check_ins, cycles, days, hostile_texts

ADA, SAM, LIAM = PersonId("ada"), PersonId("sam"), PersonId("liam")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
PROMISE = Agreement(AgreementId("ada.k1/1"), "Call the school", ADA)

IsOn = Callable[[date, date], bool]
"""Tell whether a cadence that starts on the second day names the first, counted on one's fingers."""


def week(day: date) -> int:
    """Number the weeks, each beginning on a Monday."""
    return (day.toordinal() - 1) // 7


def month(day: date) -> int:
    """Number the months."""
    return day.year * 12 + day.month


def last_of_month(day: date) -> int:
    """Give the number of days in the month of a day."""
    return calendar.monthrange(day.year, day.month)[1]


def is_last_working_day(day: date) -> bool:
    """Tell whether no Monday to Friday follows in the month."""
    rest = [day.replace(day=number) for number in range(day.day + 1, last_of_month(day) + 1)]
    return day.weekday() < 5 and all(later.weekday() >= 5 for later in rest)


CALENDARS: Mapping[str, IsOn] = {
    "FREQ=DAILY": lambda _day, _: True,
    "FREQ=DAILY;INTERVAL=10": lambda day, start: (day - start).days % 10 == 0,
    "FREQ=DAILY;BYDAY=SA,SU": lambda day, _: day.weekday() >= 5,
    "FREQ=WEEKLY;BYDAY=MO": lambda day, _: day.weekday() == 0,
    "FREQ=WEEKLY": lambda day, start: day.weekday() == start.weekday(),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=MO": (
        lambda day, start: day.weekday() in {1, 3} and (week(day) - week(start)) % 2 == 0
    ),
    "FREQ=MONTHLY;BYDAY=1TU": lambda day, _: day.weekday() == 1 and day.day <= 7,
    "freq=monthly;byday=5tu": lambda day, _: day.weekday() == 1 and day.day > 28,
    "FREQ=MONTHLY;BYDAY=-1FR": lambda day, _: day.weekday() == 4 and day.day > last_of_month(day) - 7,
    "FREQ=MONTHLY;BYDAY=+2WE,-2WE": (
        lambda day, _: day.weekday() == 2 and (8 <= day.day <= 14 or 7 <= last_of_month(day) - day.day <= 13)
    ),
    "FREQ=MONTHLY;BYMONTHDAY=31": lambda day, _: day.day == 31,
    "FREQ=MONTHLY;BYMONTHDAY=-1": lambda day, _: day.day == last_of_month(day),
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15": lambda day, start: day.day == 15 and (month(day) - month(start)) % 3 == 0,
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1": lambda day, _: is_last_working_day(day),
    "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1": lambda day, _: day.month in {1, 7} and day.day == 1,
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29": lambda day, _: (day.month, day.day) == (2, 29),
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=WE": lambda day, _: day.isocalendar()[1:] == (20, 3),
    "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO": lambda day, _: day.isocalendar()[1:] in {(1, 1), (53, 1)},
    "FREQ=YEARLY;BYYEARDAY=100,-1": (lambda day, _: day.timetuple().tm_yday == 100 or (day.month, day.day) == (12, 31)),
}
STARTS = (date(2026, 1, 1), date(2024, 2, 29), date(2027, 1, 31))


def counted(rule: Any, start: date, years: int) -> list[date]:
    """Give the days that a cadence names in some years, each day looked at on its own."""
    is_on = CALENDARS[rule]
    every_day = (start + number * DAY for number in range(366 * years))
    return [day for day in every_day if is_on(day, start)]


class TestCadence:
    """A rhythm of days."""

    @pytest.mark.parametrize("start", STARTS, ids=str)
    @pytest.mark.parametrize("rule", CALENDARS)
    def test_it_names_the_days_that_one_counts_on_ones_fingers(self, rule: Any, start: date) -> None:
        """A rule names exactly the days that a calendar looked at day by day gives."""
        until = start + timedelta(days=366 * 12 - 1)
        assert list(Cadence(rule, start).days(until)) == counted(rule, start, 12)

    @pytest.mark.parametrize("rule", CALENDARS)
    def test_days_from_a_day_are_the_next_ones(self, rule: Any) -> None:
        """The days from a day on begin with that day if it is named, and never before the start."""
        start, later = date(2026, 1, 1), date(2027, 6, 15)
        known = counted(rule, start, 25)
        cadence = Cadence(rule, start)
        assert list(cadence.days_from(later, limit=2)) == [day for day in known if day >= later][:2]
        assert list(cadence.days_from(known[1], limit=1)) == [known[1]]
        assert list(cadence.days_from(date(2000, 1, 1), limit=2)) == known[:2]

    @pytest.mark.parametrize(
        "rule",
        [
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=DAILY;BYMONTH=13",
            "FREQ=DAILY;BYYEARDAY=400",
            "FREQ=DAILY;BYSETPOS=2",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=YEARLY;BYWEEKNO=54",
            "FREQ=YEARLY;INTERVAL=11",
            "FREQ=MONTHLY;INTERVAL=121",
            "FREQ=YEARLY;INTERVAL=999",
        ],
    )
    def test_a_rule_that_names_no_two_days_is_refused_quickly(self, rule: Any) -> None:
        """A rule that never comes, or not twice in ten years, is refused in a moment, whatever its frequency."""
        began = time.process_time()
        with pytest.raises(InvalidInput, match=f"fewer than two days within {SEARCH_YEARS} years"):
            Cadence(rule, TODAY)
        assert time.process_time() - began < 2

    @pytest.mark.parametrize(
        "rule",
        [
            "FREQ=SECONDLY",
            "FREQ=MINUTELY",
            "FREQ=HOURLY",
            "FREQ=FORTNIGHTLY",
            "FREQ=",
            "BYDAY=MO",
            "MONTHLY",
            "every month",
            "RRULE:FREQ=DAILY",
            "DTSTART:20260101\nRRULE:FREQ=DAILY",
            "FREQ=DAILY\nRRULE:FREQ=SECONDLY",
            "FREQ=DAILY;INTERVAL=1\nRRULE:FREQ=SECONDLY;WKST=MO",
            "FREQ=DAILY;INTERVAL=1 RRULE:FREQ=SECONDLY;WKST=MO",
            "FREQ=SECONDLY;FREQ=DAILY",
            "FREQ=DAILY;FREQ=SECONDLY",
            "FREQ=DAILY;COUNT=3",
            "FREQ=DAILY;COUNT=",
            "FREQ=DAILY;UNTIL=20270101",
            "FREQ=DAILY;BYHOUR=9",
            "FREQ=DAILY;BYMINUTE=0",
            "FREQ=DAILY;BYSECOND=0",
            "FREQ=YEARLY;BYEASTER=0",
            "FREQ=DAILY;X-OWN=1",
            "FREQ=DAILY;",
            ";",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=-1",
            "FREQ=DAILY;INTERVAL=1.5",
            "FREQ=DAILY;INTERVAL=99999999999999999999",
            "FREQ=MONTHLY;INTERVAL=٣",
            "FREQ=MONTHLY;BYDAY=",
            "FREQ=MONTHLY;BYDAY=XX",
            "FREQ=MONTHLY;BYDAY=0TU",
            "FREQ=MONTHLY;BYDAY=6TU",
            "FREQ=MONTHLY;BYDAY=9999999999MO",
            "FREQ=WEEKLY;BYDAY=1TU",
            "FREQ=DAILY;BYDAY=MO,-1TU",
            "FREQ=MONTHLY;BYMONTHDAY=0",
            "FREQ=MONTHLY;BYMONTHDAY=1,,2",
            "FREQ=MONTHLY;BYSETPOS=400;BYDAY=MO",
            "FREQ=DAILY;WKST=XX",
            "",
            " ",
            "\x00",
            "FREQ=DAILY\x00",
            "FREQ=DAILY;" * 50,
            None,
            7,
            b"FREQ=DAILY",
        ],
    )
    def test_what_is_no_rhythm_of_days_is_refused_quickly(self, rule: Any) -> None:
        """Less than a day, ends, more rules in one, numbers out of range and garbage are refused in a moment."""
        began = time.process_time()
        with pytest.raises(InvalidInput, match=r"cadence|Cadence\.rule"):
            Cadence(rule, TODAY)
        assert time.process_time() - began < 2

    @given(
        hostile_texts()
        | st.lists(
            st.sampled_from(
                ["FREQ=DAILY", "FREQ=MONTHLY", "BYDAY=5SU", "INTERVAL=7", "BYMONTH=2", "WKST=SU", "=", ",", "\n"]
            )
        ).map(";".join)
    )
    def test_any_text_is_a_cadence_or_refused(self, rule: Any) -> None:
        """Whatever text is given, there is a cadence with days in order, or a clear refusal."""
        try:
            cadence = Cadence(rule, TODAY)
        except InvalidInput:
            return
        first = list(cadence.days_from(TODAY, limit=5))
        assert first
        assert all(before < after for before, after in pairwise(first))

    @pytest.mark.parametrize("starts_on", [None, "2026-01-01", NOW, date(2300, 1, 1), date(1899, 1, 1)])
    def test_a_cadence_counts_from_a_day(self, starts_on: Any) -> None:
        """Without a day in our time to count from there is no cadence."""
        with pytest.raises(InvalidInput, match=r"Cadence\.starts_on"):
            Cadence("FREQ=DAILY", starts_on)

    @pytest.mark.parametrize("starts_on", [date(1900, 1, 1), date(2200, 1, 1), date(2096, 2, 29)])
    def test_the_whole_of_our_time_can_be_counted_from(self, starts_on: date) -> None:
        """The first and the last day that may be stored begin a cadence like any other."""
        assert next(Cadence("FREQ=DAILY", starts_on).days_from(starts_on, limit=1)) == starts_on


def cycle(rule: str = "FREQ=MONTHLY;BYDAY=1TU", starts_on: date = date(2026, 1, 1), **fields: Any) -> Cycle:
    """Make a cycle."""
    return Cycle(CycleId("organisation.y1"), "Monthly", Cadence(rule, starts_on), **fields)


class TestPeriods:
    """Each day from the start on belongs to exactly one period."""

    @pytest.mark.parametrize("rule", CALENDARS)
    def test_periods_divide_the_days_as_one_counts_them(self, rule: Any) -> None:
        """Each day is in the period of the last named day, numbered from one, as counted day by day."""
        start = date(2026, 1, 1)
        named = counted(rule, start, 20)
        programme = cycle(rule, start)
        for number in range(-40, 400 if len(named) > 1_000 else 900):
            day = start + number * DAY
            before = [other for other in named if other <= day]
            expected = Period(len(before), before[-1], named[len(before)]) if before else None
            assert programme.period_on(day) == expected

    @given(cadences(), st.integers(0, 2_000))
    def test_periods_follow_each_other_without_a_gap(self, cadence: Cadence, wait: int) -> None:
        """The day after a period is in the next one, whose ordinal is one higher; its first and last day are in it."""
        programme = evolve(cycle(), cadence=cadence)
        first = next(cadence.days_from(cadence.starts_on, limit=1))
        assert programme.period_on(first - DAY) is None
        period = programme.period_on(first + wait * DAY)
        assert period is not None
        assert period.starts_on <= first + wait * DAY < period.ends_on
        assert programme.period_on(period.starts_on) == programme.period_on(period.ends_on - DAY) == period
        after = programme.period_on(period.ends_on)
        assert after is not None
        assert (after.ordinal, after.starts_on) == (period.ordinal + 1, period.ends_on)

    def test_where_no_next_day_is_in_reach_there_is_no_period(self) -> None:
        """A period whose end is more than ten years away is told once its end comes in reach, and never wrongly."""
        rare = cycle("FREQ=YEARLY;INTERVAL=8;BYMONTH=2;BYMONTHDAY=29", date(2084, 1, 1))  # 2100 is no leap year
        assert rare.period_on(date(2091, 1, 1)) == Period(1, date(2084, 2, 29), date(2092, 2, 29))
        assert rare.period_on(date(2093, 1, 1)) is None
        assert rare.period_on(date(2099, 1, 1)) == Period(2, date(2092, 2, 29), date(2108, 2, 29))

    @pytest.mark.parametrize(
        ("open_days", "last"),
        [(1, date(2026, 1, 6)), (14, date(2026, 1, 19)), (28, date(2026, 2, 2)), (366, date(2026, 2, 2))],
    )
    def test_a_check_in_closes_before_the_next_opens(self, open_days: int, last: date) -> None:
        """A check-in is open for its days, and never into the next period."""
        programme = cycle(open_days=open_days)
        assert programme.closing_day(Period(1, date(2026, 1, 6), date(2026, 2, 3))) == last

    @given(cycles(), st.integers(0, 800))
    def test_the_closing_day_lies_in_the_period(self, programme: Cycle, wait: int) -> None:
        """Whatever the cadence and the open days, the last open day is a day of the period."""
        period = programme.period_on(programme.cadence.starts_on + wait * DAY)
        if period is not None:
            assert period.starts_on <= programme.closing_day(period) < period.ends_on

    @pytest.mark.parametrize("open_days", [0, -1, 367])
    def test_open_days_are_from_one_to_a_year(self, open_days: int) -> None:
        """A check-in is open for at least a day and at most a year."""
        with pytest.raises(InvalidInput, match=r"cycle\.open_days"):
            cycle(open_days=open_days)

    @pytest.mark.parametrize("status", CycleStatus)
    def test_a_cycle_moves_as_its_table_says(self, status: CycleStatus) -> None:
        """A cycle that runs can be stopped, and one that was stopped stays so."""
        assert set(CYCLE_MOVES) == set(CycleStatus)
        assert {move for row in CYCLE_MOVES.values() for move in row} == set(CycleMove)
        programme = cycle(status=status)
        if CycleMove.STOP in CYCLE_MOVES[status]:
            assert programme.stop() == evolve(programme, status=CYCLE_MOVES[status][CycleMove.STOP])
        else:
            with pytest.raises(IllegalMove):
                programme.stop()

    def test_a_cycle_belongs_to_the_organisation(self) -> None:
        """The owner of a cycle is named by its id, and it runs until it is stopped."""
        assert cycle().owner_id == "organisation"
        assert cycle().status is CycleStatus.RUNNING

    @pytest.mark.parametrize(
        ("named", "fields", "included"),
        [
            (None, {}, True),
            ((ADA,), {}, True),
            ((SAM,), {}, False),
            ((), {}, False),
            (None, {"active": False}, False),
            (None, {"end_on": TODAY - DAY}, False),
            (None, {"start_on": TODAY + DAY}, False),
            (None, {"on_leave": True}, False),
            ((ADA,), {"on_leave": True}, False),
        ],
    )
    def test_who_takes_part(self, named: tuple[PersonId, ...] | None, fields: dict[str, Any], included: bool) -> None:
        """Everyone or those named take part, when at work and not on leave."""
        assert cycle(person_ids=named).includes(Person(ADA, "Ada", **fields), TODAY) is included


def check_in(**fields: Any) -> CheckIn:
    """Make an open check-in of Ada with Sam."""
    made: dict[str, Any] = {
        "id": CheckInId("ada.k1-0001"),
        "owner_id": ADA,
        "cycle_id": CycleId("organisation.y1"),
        "period": Period(1, TODAY, TODAY + 30 * DAY),
        "closes_on": TODAY + 13 * DAY,
        "partner_id": SAM,
    }
    return CheckIn(**made | fields)


VERBS: Mapping[CheckInMove, Callable[[CheckIn], CheckIn]] = {
    CheckInMove.PREPARE: lambda at: at.prepare(Preparation(at.owner_id, progress="It went well"), ["Room to try"]),
    CheckInMove.HAND_OVER: lambda at: at.hand_over(LIAM, TODAY),
    CheckInMove.HOLD: lambda at: at.hold(TODAY, [evolve(PROMISE, by_id=at.owner_id)]),
    CheckInMove.SKIP: lambda at: at.skip(),
    CheckInMove.LET_PASS: lambda at: at.let_pass(),
}


class TestMoves:
    """The table of legal moves, every status by every verb."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(MOVES) == set(CheckInStatus)
        assert set(VERBS) == set(CheckInMove) == {move for row in MOVES.values() for move in row}
        assert {status for row in MOVES.values() for status in row.values()} == set(CheckInStatus)

    @pytest.mark.parametrize("status", CheckInStatus)
    @pytest.mark.parametrize("move", CheckInMove)
    def test_a_verb_does_what_the_table_says(self, status: CheckInStatus, move: CheckInMove) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
        at = check_in(status=status)
        assert at.may(move) == (move in MOVES[status])
        if move in MOVES[status]:
            assert VERBS[move](at).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove) as refused:
                VERBS[move](at)
            assert refused.value.allowed == tuple(sorted(MOVES[status]))

    @given(st.lists(st.sampled_from(CheckInMove), max_size=12))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[CheckInMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
        at, expected = check_in(), CheckInStatus.OPEN
        for move in moves:
            try:
                at = VERBS[move](at)
            except IllegalMove:
                assert move not in MOVES[expected]
            else:
                expected = MOVES[expected][move]
            assert at.status is expected
            assert (at.open_until is None) == (expected is not CheckInStatus.OPEN)


class TestTalk:
    """One talk: prepared by both, its agenda hers."""

    def test_both_put_things_on_the_agenda_once(self) -> None:
        """Each topic of each of the two stands on the agenda once, in the order in which they came."""
        at = check_in().prepare(Preparation(ADA), ["Workload", "A course"]).prepare(Preparation(SAM), ["Workload"])
        at = at.prepare(Preparation(ADA), ["Workload", "Feedback"])
        assert at.agenda == (
            AgendaItem("Workload", ADA),
            AgendaItem("A course", ADA),
            AgendaItem("Workload", SAM),
            AgendaItem("Feedback", ADA),
        )

    def test_a_new_preparation_takes_the_place_of_ones_own(self) -> None:
        """Preparing again replaces what the same person prepared, and leaves the other's."""
        first, again, his = Preparation(ADA, "a"), Preparation(ADA, "b"), Preparation(SAM, "c")
        at = check_in().prepare(first).prepare(his).prepare(again)
        assert at.preparation_of(ADA) == again
        assert at.preparation_of(SAM) == his
        assert at.preparation_of(LIAM) is None

    @pytest.mark.parametrize("partner_id", [SAM, None])
    def test_only_the_two_prepare_and_promise(self, partner_id: PersonId | None) -> None:
        """Someone else prepares nothing and promises nothing, also when there is no partner."""
        at = check_in(partner_id=partner_id)
        with pytest.raises(InvalidInput, match=r"preparation\.by_id"):
            at.prepare(Preparation(LIAM))
        with pytest.raises(InvalidInput, match=r"agreement\.by_id"):
            at.hold(TODAY, [evolve(PROMISE, by_id=LIAM)])

    def test_what_is_agreed_is_kept(self) -> None:
        """Holding the talk notes the day and what each of the two promised."""
        his = evolve(PROMISE, id=AgreementId("ada.k1/2"), by_id=SAM)
        held = check_in().hold(TODAY, iter([PROMISE, his]))
        assert (held.held_on, held.agreements) == (TODAY, (PROMISE, his))

    @pytest.mark.parametrize("status", CheckInStatus)
    def test_a_promise_can_be_kept_in_every_status(self, status: CheckInStatus) -> None:
        """A promise may be kept long after the talk, and leaves the other promises as they are."""
        other = evolve(PROMISE, id=AgreementId("ada.k1/2"))
        kept = check_in(status=status, agreements=(PROMISE, other)).keep_promise(PROMISE.id, TODAY)
        assert kept.agreements == (evolve(PROMISE, done_on=TODAY), other)
        assert kept.status is status

    def test_a_promise_that_is_not_there_cannot_be_kept(self) -> None:
        """An id of no agreement of this check-in is refused."""
        with pytest.raises(InvalidInput, match="agreement_id"):
            check_in().keep_promise(PROMISE.id, TODAY)

    @given(check_ins(), st.sampled_from(["owner", "partner", "other"]))
    def test_each_reads_what_is_theirs_to_read(self, at: CheckIn, who: str) -> None:
        """The owner reads all that is ready; anyone else what is hers and their own, never a third person's words."""
        viewer = {"owner": at.owner_id, "partner": at.partner_id or LIAM, "other": PersonId("nobody-here")}[who]
        authors = {at.owner_id, viewer} | ({at.partner_id} if who == "owner" else set())
        seen = at.seen_by(viewer)
        assert list(seen.agenda) == [item for item in at.agenda if item.by_id in authors]
        assert list(seen.agreements) == [promise for promise in at.agreements if promise.by_id in authors]
        assert list(seen.preparations) == [
            preparation
            for preparation in at.preparations
            if preparation.by_id == viewer or (preparation.by_id in authors and preparation.ready_at)
        ]
        assert evolve(seen, agenda=(), agreements=(), preparations=()) == evolve(
            at, agenda=(), agreements=(), preparations=()
        )

    def test_it_can_be_handed_over_to_another_partner(self) -> None:
        """The new partner sees from that day on what is hers, and not what the one before put in."""
        hers, his = Preparation(ADA, "a", ready_at=NOW), Preparation(SAM, "b", ready_at=NOW)
        at = check_in(shared_on=TODAY - DAY).prepare(hers, ["Mine"]).prepare(his, ["His"])
        handed = at.hand_over(LIAM, TODAY)
        assert handed == evolve(at, partner_id=LIAM, shared_on=TODAY, audience=WITH_PARTNER)
        assert handed.seen_by(LIAM).preparations == (hers,)
        assert [item.text for item in handed.seen_by(LIAM).agenda] == ["Mine"]
        assert handed.seen_by(ADA).preparations == (hers, his)
        with pytest.raises(InvalidInput, match=r"preparation\.by_id"):
            handed.prepare(Preparation(SAM))
        assert at.hand_over(None, TODAY).partner_id is None

    @given(check_ins(), audiences(), days())
    def test_it_can_be_shared_from_a_day_on(self, at: CheckIn, audience: Audience, on: date) -> None:
        """Sharing notes audience and day."""
        shared = at.with_audience(audience, on)
        assert (shared.audience, shared.shared_on) == (audience, on)

    @pytest.mark.parametrize("name", ["progress", "challenges", "needs"])
    def test_a_preparation_holds_text_that_can_be_kept(self, name: str) -> None:
        """Text that cannot be kept is refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"Preparation\.{name}"):
            Preparation(ADA, **{name: "\u202e"})  # type: ignore[arg-type]

    @pytest.mark.parametrize("make", [lambda text: AgendaItem(text, ADA), lambda text: evolve(PROMISE, text=text)])
    @pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800"])
    def test_a_topic_and_a_promise_say_something(self, make: Callable[[str], object], text: Any) -> None:
        """An empty topic or promise, or one that cannot be kept, is refused."""
        with pytest.raises(InvalidInput, match=r"\.text"):
            make(text)


class TestOpening:
    """A period opens once for each person."""

    def test_it_opens_with_the_partner_of_the_day(self) -> None:
        """The partner is who she has on the day it opens, and both see it from then on."""
        programme, person = cycle(), Person(ADA, "Ada").reporting_to(SAM, since=date(2025, 1, 1))
        period = Period(3, date(2026, 3, 3), date(2026, 4, 7))
        opened = open_check_in(programme, person, period, date(2026, 3, 4))
        assert opened == CheckIn(
            id=CheckInId("ada.ky1-0003"),
            owner_id=ADA,
            cycle_id=programme.id,
            period=period,
            closes_on=date(2026, 3, 16),
            partner_id=SAM,
            shared_on=date(2026, 3, 4),
        )
        assert opened.audience == WITH_PARTNER == Audience(AudienceKind.PARTNER)
        assert opened.occurrence == "organisation.y1@2026-03-03"
        assert opened.open_until == "2026-03-16"

    def test_it_opens_without_a_partner_too(self) -> None:
        """Whoever has nobody to talk with has a check-in all the same."""
        period = Period(1, TODAY, TODAY + 30 * DAY)
        assert open_check_in(cycle(), Person(ADA, "Ada"), period, TODAY).partner_id is None

    @given(st.lists(st.tuples(st.sampled_from([ADA, SAM]), st.sampled_from(["o.y1", "o.y2"]), st.integers(1, 20_000))))
    def test_ids_are_one_per_person_cycle_and_period(self, keys: list[tuple[PersonId, str, int]]) -> None:
        """Two check-ins have the same id exactly when person, cycle and ordinal are the same."""
        ids = {check_in_id(who, CycleId(which), Period(ordinal, TODAY, TODAY)) for who, which, ordinal in keys}
        assert len(ids) == len(set(keys))

    def test_agreements_bear_the_id_of_their_check_in(self) -> None:
        """Ids of agreements count on, and tell in which check-in they were made."""
        assert list(islice(agreement_ids(check_in()), 2)) == ["ada.k1-0001/1", "ada.k1-0001/2"]
        assert next(agreement_ids(check_in(agreements=(PROMISE,)))) == "ada.k1-0001/2"
        assert check_in_of("ada.k1-0001/2") == "ada.k1-0001"

    def test_facts_are_past_participles(self) -> None:
        """Facts say what happened to a check-in."""
        assert {fact.value for fact in CheckInFact} == {"CheckInHeld"}


@given(check_ins())
def test_nothing_changes_in_place(at: CheckIn) -> None:
    """Every verb makes another value, and no field can be set."""
    before = evolve(at)
    for move in MOVES[at.status]:
        assert VERBS[move](at) is not at
    at.seen_by(LIAM)
    at.with_audience(ONLY_ME, TODAY)
    assert at == before
    frozen: list[Any] = [at, at.period, *at.agenda, *at.preparations, *at.agreements, cycle(), cycle().cadence]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"
