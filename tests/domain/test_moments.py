"""Days, instants and local time as people live it, against a clock that counts minute by minute."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import accumulate
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain import moments
from ownership.errors import InvalidInput
from ownership.testing import days, instants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MINUTE = timedelta(minutes=1)
SAMPLE = (
    "Africa/Casablanca",  # back and forth around Ramadan
    "America/Caracas",  # half an hour, once
    "America/New_York",
    "America/Nuuk",
    "America/Sao_Paulo",  # midnight itself is skipped
    "Antarctica/Troll",  # two hours
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Australia/Lord_Howe",  # half an hour, every year
    "Europe/Amsterdam",
    "Europe/Dublin",
    "Pacific/Apia",  # a whole day is skipped
    "UTC",
)


@frozen
class Note:
    """One field for each rule of time."""

    at: datetime = field(default=datetime(2026, 1, 1, tzinfo=UTC), validator=moments.instant)
    on: date = field(default=date(2026, 1, 1), validator=moments.day)
    zone: str = field(default="UTC", validator=moments.zone)


class MinuteByMinute:
    """A slow clock: it writes down what the clocks of a zone show in every minute around a day, and looks there."""

    def __init__(self, day: date, zone: ZoneInfo) -> None:
        start = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=16)
        self._minutes = [start + n * MINUTE for n in range(66 * 60)]
        shown = [minute.astimezone(zone).replace(tzinfo=None) for minute in self._minutes]
        self._furthest = list(accumulate(shown, max))

    def first_minute_at_or_after(self, wanted: datetime) -> datetime:
        """Give the first minute in which the clocks show the wanted time, or have jumped past it."""
        return self._minutes[bisect_left(self._furthest, wanted)]


def days_of_change(zone: ZoneInfo, years: Iterable[int]) -> Iterator[date]:
    """Give each day of some years on which the offset of a zone changes, and the days around it."""
    near: set[date] = set()
    for year in years:
        for number in range(366):
            midnight = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=number)
            tomorrow = midnight + timedelta(days=1)
            if midnight.astimezone(zone).utcoffset() != tomorrow.astimezone(zone).utcoffset():
                near |= {midnight.date() + timedelta(days=n) for n in (-1, 0, 1)}
    yield from sorted(near)


def test_local_time_equals_a_minute_by_minute_clock_at_every_change(request: pytest.FixtureRequest) -> None:
    """Around every change of an offset a local time is the first minute that shows it, or the first after the gap."""
    everything = request.getfixturevalue("effort").is_exhaustive
    years, step = (range(2007, 2038), 1) if everything else ((2007, 2011, 2016, 2018, 2026, 2037), 13)
    for name in sorted(available_timezones() if everything else SAMPLE):
        for day in days_of_change(ZoneInfo(name), years):
            clock = MinuteByMinute(day, ZoneInfo(name))
            for minutes in {*range(day.toordinal() % step, 1440, step), *range(0, 1440, 30)}:
                wanted = datetime.combine(day, time(*divmod(minutes, 60)))
                assert moments.at_local(day, wanted.time(), name) == clock.first_minute_at_or_after(wanted), (
                    name,
                    wanted,
                )


def test_the_minute_by_minute_clock_catches_an_ordinary_conversion() -> None:
    """A conversion that knows no gaps differs from the slow clock, so that the test above has teeth."""
    day, zone = date(2026, 3, 29), ZoneInfo("Europe/Amsterdam")
    naive = datetime.combine(day, time(2, 30), tzinfo=zone).astimezone(UTC)
    assert naive != MinuteByMinute(day, zone).first_minute_at_or_after(datetime(2026, 3, 29, 2, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "clock", "zone", "expected"),
    [
        (date(2026, 3, 29), time(2), "Europe/Amsterdam", "2026-03-29T01:00"),
        (date(2026, 3, 29), time(2, 59), "Europe/Amsterdam", "2026-03-29T01:00"),
        (date(2026, 3, 29), time(3), "Europe/Amsterdam", "2026-03-29T01:00"),
        (date(2026, 3, 29), time(1, 59), "Europe/Amsterdam", "2026-03-29T00:59"),
        (date(2026, 10, 25), time(2), "Europe/Amsterdam", "2026-10-25T00:00"),
        (date(2026, 10, 25), time(2, 59), "Europe/Amsterdam", "2026-10-25T00:59"),
        (date(2026, 10, 25), time(3), "Europe/Amsterdam", "2026-10-25T02:00"),
        (date(2018, 11, 4), time(0, 30), "America/Sao_Paulo", "2018-11-04T03:00"),
        (date(2011, 12, 30), time(9), "Pacific/Apia", "2011-12-30T10:00"),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", "2026-10-03T15:30"),
    ],
)
def test_a_gap_moves_forward_and_a_repeated_hour_is_the_first(day: date, clock: time, zone: str, expected: str) -> None:
    """A skipped time means the first minute after the gap; a time that comes twice means the first."""
    assert moments.at_local(day, clock, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(days(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from(SAMPLE), st.times(), st.times())
def test_later_on_the_clock_is_never_earlier_in_time(day: date, zone: str, one: time, other: time) -> None:
    """Local times of one day keep their order as instants."""
    first, second = sorted((one, other))
    assert moments.at_local(day, first, zone) <= moments.at_local(day, second, zone)


@given(days(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from(SAMPLE), st.times().map(lambda t: t.replace(second=0)))
def test_a_local_time_is_on_its_day_or_after_a_gap(day: date, zone: str, clock: time) -> None:
    """The instant shows the wanted time where the clocks do, and else a later one, in UTC."""
    instant = moments.at_local(day, clock, zone)
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert instant.tzinfo is UTC
    assert shown >= datetime.combine(day, clock).replace(microsecond=0)


@given(instants(), st.sampled_from(SAMPLE))
def test_the_local_day_is_the_day_on_the_wall(now: datetime, zone: str) -> None:
    """The day is that of the zone, not of UTC."""
    assert moments.local_day(now, zone) == now.astimezone(ZoneInfo(zone)).date()


def test_the_local_day_differs_across_the_world() -> None:
    """At one moment it is three calendar days at once between Samoa, Greenwich and Hawaii."""
    assert moments.local_day(datetime(2026, 6, 1, 10, 30, tzinfo=UTC), "Pacific/Kiritimati") == date(2026, 6, 2)
    assert moments.local_day(datetime(2026, 6, 1, 10, 30, tzinfo=UTC), "UTC") == date(2026, 6, 1)
    assert moments.local_day(datetime(2026, 6, 1, 10, 30, tzinfo=UTC), "Pacific/Pago_Pago") == date(2026, 5, 31)


def path_of_refusal(**given_fields: Any) -> str:
    """Give the path in the error that a note with these fields gives."""
    with pytest.raises(InvalidInput) as refused:
        Note(**given_fields)
    (problem,) = refused.value.problems
    return problem.path


@pytest.mark.parametrize(
    "value",
    [
        None,
        "2026-01-01T00:00Z",
        1_700_000_000,
        date(2026, 1, 1),
        datetime(2026, 1, 1),  # noqa: DTZ001
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1899, 12, 31, 23, 59, tzinfo=UTC),
        datetime(2200, 1, 2, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_an_instant_is_aware_and_in_our_time(value: object) -> None:
    """A naive datetime, a far one and what is no datetime are refused with the field's name."""
    assert path_of_refusal(at=value) == "note.at"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "2026-01-01",
        20260101,
        datetime(2026, 1, 1, tzinfo=UTC),
        date.min,
        date.max,
        date(1899, 12, 31),
        date(2200, 1, 2),
    ],
)
def test_a_day_is_a_date_in_our_time(value: object) -> None:
    """A datetime, a far day and what is no date are refused with the field's name."""
    assert path_of_refusal(on=value) == "note.on"


def test_the_bounds_themselves_belong_to_our_time() -> None:
    """The first and last day that may be stored are stored."""
    assert Note(on=moments.EARLIEST).on == moments.EARLIEST
    assert Note(on=moments.LATEST).on == moments.LATEST


def test_an_instant_may_bear_any_offset() -> None:
    """Aware is enough; it need not be in UTC."""
    there = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert Note(at=there).at == there


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "Mars/Olympus",
        "../etc/passwd",
        "/etc/passwd",
        "Europe",
        "Europe/",
        "a\x00b",
        "\ud800",
        "x" * 500,
        "+02:00",
    ],
)
def test_a_zone_is_an_iana_name(value: object) -> None:
    """An offset, a path and a name of no zone are refused with the field's name."""
    assert not moments.is_zone(value)
    assert path_of_refusal(zone=value) == "note.zone"


@pytest.mark.parametrize("name", SAMPLE)
def test_known_zones_are_accepted(name: str) -> None:
    """The zones of the world are zones."""
    assert Note(zone=name).zone == name
