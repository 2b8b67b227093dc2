"""Days and instants: what may be stored, and local time as people live it.

Instants are aware and in UTC; days are calendar days where the person is. A local time that the clock skips moves
forward to the first minute that exists; one that comes twice means the first of the two.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ownership.domain.texts import path_of
from ownership.errors import InvalidInput

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)


def instant(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but an aware datetime within two centuries of now (an attrs validator)."""
    if not isinstance(value, datetime):
        raise InvalidInput.at(path_of(instance, attribute), "is not a datetime")
    if value.utcoffset() is None:
        path = path_of(instance, attribute)
        raise InvalidInput.at(path, "has no time zone; give an aware datetime, in UTC for instance")
    day(instance, attribute, value.date())


def calendar_day(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but a calendar day, of whatever year (an attrs validator)."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidInput.at(path_of(instance, attribute), "is not a date")


def day(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but a calendar day from 1900 to 2200 (an attrs validator)."""
    if type(value) is not date:
        calendar_day(instance, attribute, value)
    if not EARLIEST <= value <= LATEST:
        raise InvalidInput.at(path_of(instance, attribute), f"lies outside {EARLIEST} to {LATEST}")


def zone(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but the name of an IANA time zone (an attrs validator)."""
    if not is_zone(value):
        raise InvalidInput.at(path_of(instance, attribute), "is not an IANA time zone such as Europe/Amsterdam")


def is_zone(value: object) -> bool:
    """Tell whether this names an IANA time zone."""
    if not isinstance(value, str) or not value:
        return False
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local_day(now: datetime, timezone: str) -> date:
    """Give the calendar day that it is in a zone."""
    return now.astimezone(ZoneInfo(timezone)).date()


def at_local(day: date, clock: time, timezone: str) -> datetime:
    """Give the instant, in UTC, at which the clocks of a zone show this time on this day.

    Examples:
        >>> at_local(date(2026, 3, 29), time(2, 30), "Europe/Amsterdam")  # skipped: the clock goes from 2:00 to 3:00
        datetime.datetime(2026, 3, 29, 1, 0, tzinfo=datetime.timezone.utc)
        >>> at_local(date(2026, 10, 25), time(2, 30), "Europe/Amsterdam")  # comes twice: the first
        datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.timezone.utc)
    """
    local = datetime.combine(day, clock, tzinfo=ZoneInfo(timezone))
    utc = local.astimezone(UTC)
    if utc.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None):
        return utc
    return _end_of_gap(local)


def _end_of_gap(local: datetime) -> datetime:
    """Find the first instant after a gap: the offset before it, applied to the wall time, overshoots by the gap."""
    before = local.replace(fold=0).utcoffset()
    after = local.replace(fold=1).utcoffset()
    if before is None or after is None:  # pragma: no cover - an aware time of a ZoneInfo has an offset
        raise InvalidInput.at("timezone", "gives no offset")
    low, high = local.astimezone(UTC) - abs(after - before), local.astimezone(UTC)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(local.tzinfo).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
