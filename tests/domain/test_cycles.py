"""Cycles: cadences against a calendar counted day by day, and periods that divide the days."""

from __future__ import annotations

import calendar
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.cycles import (
    MOVES,
    SEARCH_YEARS,
    Cadence,
    Cycle,
    CycleId,
    CycleMove,
    CycleStatus,
    Period,
    Rhythm,
    RhythmScope,
    participation_of,
)
from ownership.domain.people import Person, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import cadences, cycles, hostile_texts

ADA, SAM = PersonId("ada"), PersonId("sam")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)

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
        with pytest.raises(InvalidInput, match=r"^cadence\.rule:"):
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
        with pytest.raises(InvalidInput, match=r"cadence\.starts_on"):
            Cadence("FREQ=DAILY", starts_on)

    @pytest.mark.parametrize("starts_on", [date(1900, 1, 1), date(2200, 1, 1), date(2096, 2, 29)])
    def test_the_whole_of_our_time_can_be_counted_from(self, starts_on: date) -> None:
        """The first and the last day that may be stored begin a cadence like any other."""
        assert next(Cadence("FREQ=DAILY", starts_on).days_from(starts_on, limit=1)) == starts_on


def cycle(rule: str = "FREQ=MONTHLY;BYDAY=1TU", starts_on: date = date(2026, 1, 1), **fields: Any) -> Cycle:
    """Make a cycle."""
    return Cycle(CycleId("organisation.y1"), "Monthly", Cadence(rule, starts_on), **fields)


def test_a_period_does_not_end_before_it_begins() -> None:
    """A period whose next begins before it is refused by the field's name."""
    with pytest.raises(InvalidInput, match=r"period\.ends_on"):
        Period(1, date(2026, 1, 6), date(2026, 1, 5))


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
            assert programme.cadence.period_on(day) == expected

    @given(cadences(), st.integers(0, 2_000))
    def test_periods_follow_each_other_without_a_gap(self, cadence: Cadence, wait: int) -> None:
        """The day after a period is in the next one, whose ordinal is one higher; its first and last day are in it."""
        programme = evolve(cycle(), cadence=cadence)
        first = next(cadence.days_from(cadence.starts_on, limit=1))
        assert programme.cadence.period_on(first - DAY) is None
        period = programme.cadence.period_on(first + wait * DAY)
        assert period is not None
        assert period.starts_on <= first + wait * DAY < period.ends_on
        assert (
            programme.cadence.period_on(period.starts_on) == programme.cadence.period_on(period.ends_on - DAY) == period
        )
        after = programme.cadence.period_on(period.ends_on)
        assert after is not None
        assert (after.ordinal, after.starts_on) == (period.ordinal + 1, period.ends_on)

    def test_where_no_next_day_is_in_reach_there_is_no_period(self) -> None:
        """A period whose end is more than ten years away is told once its end comes in reach, and never wrongly."""
        rare = cycle("FREQ=YEARLY;INTERVAL=8;BYMONTH=2;BYMONTHDAY=29", date(2084, 1, 1))  # 2100 is no leap year
        assert rare.cadence.period_on(date(2091, 1, 1)) == Period(1, date(2084, 2, 29), date(2092, 2, 29))
        assert rare.cadence.period_on(date(2093, 1, 1)) is None
        assert rare.cadence.period_on(date(2099, 1, 1)) == Period(2, date(2092, 2, 29), date(2108, 2, 29))

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
        period = programme.cadence.period_on(programme.cadence.starts_on + wait * DAY)
        if period is not None:
            assert period.starts_on <= programme.closing_day(period) < period.ends_on

    @pytest.mark.parametrize("open_days", [0, -1, 367])
    def test_open_days_are_from_one_to_a_year(self, open_days: int) -> None:
        """A check-in is open for at least a day and at most a year."""
        with pytest.raises(InvalidInput, match=r"cycle\.open_days"):
            cycle(open_days=open_days)

    @pytest.mark.parametrize(("open_days", "prepare_days"), [(14, -1), (14, 14), (1, 1), (3, 9)])
    def test_there_is_a_day_left_for_the_talk(self, open_days: int, prepare_days: int) -> None:
        """The days to prepare are fewer than those that a check-in is open."""
        with pytest.raises(InvalidInput, match=r"cycle\.prepare_days"):
            cycle(open_days=open_days, prepare_days=prepare_days)

    @given(cycles(), st.integers(0, 800))
    def test_the_talk_is_on_a_day_that_it_is_open(self, programme: Cycle, wait: int) -> None:
        """With days to prepare there is a first day for the talk, on which the check-in is open; else any day is."""
        period = programme.cadence.period_on(programme.cadence.starts_on + wait * DAY)
        if period is not None:
            day = programme.talk_day(period)
            assert (day is None) == (programme.prepare_days == 0)
            if day is not None:
                assert period.starts_on <= day <= programme.closing_day(period)
                assert day == min(period.starts_on + programme.prepare_days * DAY, programme.closing_day(period))

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


WEEKLY, DAILY = Cadence("FREQ=WEEKLY", TODAY), Cadence("FREQ=DAILY", TODAY)
OF_THE_TEAM = Rhythm(RhythmScope.TEAM, "Blue", WEEKLY)

VERBS: Mapping[CycleMove, Callable[[Cycle], Cycle]] = {
    CycleMove.SET_RHYTHM: lambda it: it.set_rhythm(OF_THE_TEAM),
    CycleMove.DROP_RHYTHM: lambda it: it.drop_rhythm(RhythmScope.TEAM, "Blue"),
    CycleMove.STOP: lambda it: it.stop(),
}


class TestMoves:
    """The table of legal moves, every status by every verb."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, and every move a verb and a place in some row."""
        assert set(MOVES) == set(CycleStatus)
        assert set(VERBS) == set(CycleMove) == {move for row in MOVES.values() for move in row}

    @pytest.mark.parametrize("status", CycleStatus)
    @pytest.mark.parametrize("move", CycleMove)
    def test_a_verb_does_what_the_table_says(self, status: CycleStatus, move: CycleMove) -> None:
        """A legal move leads to the status in the table; in a cycle that was stopped nothing moves."""
        it = cycle(status=status, rhythms=(OF_THE_TEAM,))
        if move in MOVES[status]:
            assert VERBS[move](it).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove):
                VERBS[move](it)

    def test_another_cadence_for_everyone_is_a_move_too(self) -> None:
        """The organisation's cadence changes while the cycle runs, and those with their own keep it."""
        changed = cycle(rhythms=(OF_THE_TEAM,)).set_cadence(DAILY)
        assert (changed.cadence, changed.rhythms) == (DAILY, (OF_THE_TEAM,))
        with pytest.raises(IllegalMove):
            cycle(status=CycleStatus.STOPPED).set_cadence(DAILY)


ADA_IN_BLUE = Person(ADA, "Ada").joining("Works", "Blue", since=date(2025, 1, 1))


class TestRhythms:
    """A cadence for some: the narrower wins."""

    @pytest.mark.parametrize("has_own", [True, False])
    @pytest.mark.parametrize("has_team", [True, False])
    @pytest.mark.parametrize("has_department", [True, False])
    def test_the_narrower_wins(self, has_own: bool, has_team: bool, has_department: bool) -> None:
        """Her own rhythm goes before her team's, that before her department's, and that before the organisation's."""
        narrow_first = [
            (RhythmScope.PERSON, ADA, has_own),
            (RhythmScope.TEAM, "Blue", has_team),
            (RhythmScope.DEPARTMENT, "Works", has_department),
        ]
        mine = [
            Rhythm(scope, name, Cadence("FREQ=DAILY", TODAY + n * DAY))
            for n, (scope, name, is_there) in enumerate(narrow_first)
            if is_there
        ]
        others = [evolve(rhythm, name="Elsewhere", cadence=WEEKLY) for rhythm in mine]
        programme = cycle(rhythms=(*others, *reversed(mine)))
        expected = mine[0].cadence if mine else programme.cadence
        assert programme.cadence_of(ADA_IN_BLUE, TODAY) == expected

    def test_whoever_is_in_no_group_has_the_cadence_of_all(self) -> None:
        """Before she joined, her team's rhythm is not hers; names that are empty mean nobody."""
        programme = cycle(rhythms=(OF_THE_TEAM,))
        assert programme.cadence_of(ADA_IN_BLUE, date(2024, 12, 31)) == programme.cadence
        assert programme.cadence_of(ADA_IN_BLUE, TODAY) == WEEKLY
        with pytest.raises(InvalidInput, match=r"rhythm\.name"):
            Rhythm(RhythmScope.TEAM, "", WEEKLY)

    def test_a_group_has_one_rhythm(self) -> None:
        """A new rhythm takes the place of the one that the group had; dropping what is not there is refused."""
        again = evolve(OF_THE_TEAM, cadence=DAILY)
        other = Rhythm(RhythmScope.DEPARTMENT, "Blue", WEEKLY)
        programme = cycle().set_rhythm(OF_THE_TEAM).set_rhythm(other).set_rhythm(again)
        assert programme.rhythms == (other, again)
        assert programme.drop_rhythm(RhythmScope.TEAM, "Blue").rhythms == (other,)
        with pytest.raises(InvalidInput, match="rhythm"):
            programme.drop_rhythm(RhythmScope.TEAM, "Red")


class TestParticipation:
    """How one person takes part: periods that follow each other, whatever became of the rhythm."""

    @given(st.lists(cadences(), min_size=1, max_size=4), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 90))))
    def test_periods_never_meet_and_numbers_never_go_back(
        self, rules: list[Cadence], runs: list[tuple[int, int]]
    ) -> None:
        """Whatever cadence holds on whatever days of looking, ranges of days do not overlap, and ordinals rise."""
        at, day = participation_of(ADA, CycleId("organisation.y1")), date(2028, 12, 31)
        begun: list[Period] = []
        for which, wait in runs:
            day += wait * DAY
            period = rules[which % len(rules)].period_on(day)
            if period is not None and at.may_begin(period):
                begun.append(at.numbered(period))
                at = at.begin(begun[-1])
                assert at.last == begun[-1]
        for one, next_one in pairwise(begun):
            assert one.ends_on <= next_one.starts_on
            assert one.ordinal < next_one.ordinal

    def test_a_period_within_the_last_is_refused(self) -> None:
        """A period does not begin before the last one is over; on the day that it is over it does."""
        at = participation_of(ADA, CycleId("organisation.y1")).begin(Period(3, TODAY, TODAY + 7 * DAY))
        early, right = (Period(1, TODAY + n * DAY, TODAY + 30 * DAY) for n in (6, 7))
        with pytest.raises(InvalidInput, match=r"period\.starts_on"):
            at.begin(early)
        assert at.begin(at.numbered(right)).last == evolve(right, ordinal=4)

    def test_a_period_that_was_begun_lasts_until_it_is_over(self) -> None:
        """She is in the period in which somebody did something, from its first day until the first day after it."""
        at = participation_of(ADA, CycleId("organisation.y1"))
        week = Period(1, TODAY, TODAY + 7 * DAY)
        assert at.begun_on(TODAY) is None
        assert [at.begin(week).begun_on(TODAY + n * DAY) for n in (-1, 0, 6, 7)] == [None, week, week, None]

    def test_her_own_rhythm_is_found_by_its_cycle(self) -> None:
        """Who chose a rhythm is found by the cycle, and who follows the group is not; the last period stays."""
        at = participation_of(ADA, CycleId("organisation.y1")).begin(Period(1, TODAY, TODAY + DAY))
        assert (at.id, at.owner_id, at.own_rhythm_in) == ("ada.jy1", ADA, None)
        assert at.choose(WEEKLY).own_rhythm_in == "organisation.y1"
        assert at.choose(WEEKLY).follow() == at
