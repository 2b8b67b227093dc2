"""Cycles: the programme of check-ins, and the rhythm of days in it.

A :class:`Cycle` is the programme, a :class:`Cadence` its rule (an RFC 5545 recurrence), a :class:`Period` one
occurrence for one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from typing import NewType

from attrs import evolve, field, frozen
from attrs.validators import optional

from ownership.domain import moments, shapes, texts
from ownership.domain.moves import status_after
from ownership.domain.people import Person, PersonId
from ownership.errors import InvalidInput

CycleId = NewType("CycleId", str)

SEARCH_YEARS = 10
"""How far ahead of a day the next occurrence of a cadence is looked for."""

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_NEVER = "(?!)"
_NUMBERS = r"[+-]?[1-9][0-9]{0,2}(,[+-]?[1-9][0-9]{0,2})*"
_DAY = "(MO|TU|WE|TH|FR|SA|SU)"
_NTH_DAY = rf"([+-]?[1-5])?{_DAY}"
_PARTS: Mapping[str, str] = {
    "FREQ": "|".join(_FREQUENCIES),
    "INTERVAL": "[1-9][0-9]{0,2}",
    "BYDAY": f"{_NTH_DAY}(,{_NTH_DAY})*",
    "BYMONTHDAY": _NUMBERS,
    "BYMONTH": _NUMBERS,
    "BYWEEKNO": _NUMBERS,
    "BYYEARDAY": _NUMBERS,
    "BYSETPOS": _NUMBERS,
    "WKST": _DAY,
}
"""What each part of a rule may say; RFC 5545 knows more, none of which is a rhythm of talks."""

_LATE = 19 * 400
"""Years. The calendar repeats every 400 of them; late in it, a rule that names no day soon meets the end of time."""


@frozen
class Cadence:
    """A rhythm of days: an RFC 5545 recurrence rule from DAILY to YEARLY, with an explicit first day to count from.

    In ``BYDAY`` the first to fifth of a month can be named, from the front or the back (``1TU``, ``-1FR``).

    Examples:
        >>> first_tuesdays = Cadence("FREQ=MONTHLY;BYDAY=1TU", starts_on=date(2026, 1, 1))
        >>> [str(day) for day in first_tuesdays.days_from(date(2026, 1, 1), limit=3)]
        ['2026-01-06', '2026-02-03', '2026-03-03']
    """

    rule: str = field(validator=texts.line, repr=False)
    starts_on: date = field(validator=moments.day)

    def __attrs_post_init__(self) -> None:
        parts = _parts(self.rule)
        if parts.get("FREQ") not in _FREQUENCIES:
            known = ", ".join(_FREQUENCIES)
            raise InvalidInput.at("cadence.rule", f"needs FREQ= one of {known}, such as FREQ=MONTHLY;BYDAY=1TU")
        if wrong := sorted(name for name, value in parts.items() if not re.fullmatch(_PARTS.get(name, _NEVER), value)):
            raise InvalidInput.at("cadence.rule", "; ".join(_what_is_wrong_with(name, parts[name]) for name in wrong))
        if parts["FREQ"] in {"DAILY", "WEEKLY"} and re.search("[0-9]", parts.get("BYDAY", "")):
            raise InvalidInput.at("cadence.rule", "counts days of the week (1TU), which needs FREQ=MONTHLY or YEARLY")
        start = self.starts_on.replace(year=self.starts_on.year + _LATE)
        try:
            found = list(islice(_days(self.rule, start, start + timedelta(days=366 * SEARCH_YEARS)), 2))
        except ValueError as error:
            raise InvalidInput.at("cadence.rule", f"is no recurrence rule of RFC 5545 ({error})") from error
        if len(found) < 2:
            raise InvalidInput.at("cadence.rule", f"names fewer than two days within {SEARCH_YEARS} years of its start")

    def days(self, until: date) -> Iterator[date]:
        """Give every day that the rule names, from its start to a day (included)."""
        return _days(self.rule, self.starts_on, until)

    def days_from(self, day: date, *, limit: int) -> Iterator[date]:
        """Give the first days that the rule names on or after a day, looking at most :data:`SEARCH_YEARS` ahead."""
        horizon = max(day, self.starts_on) + timedelta(days=366 * SEARCH_YEARS)
        return islice((found for found in self.days(horizon) if found >= day), limit)


def _what_is_wrong_with(name: str, value: str) -> str:
    if name not in _PARTS:
        return f"cannot have {name}; possible are {', '.join(sorted(_PARTS))}"
    return f"has {name}={value}, which says no days here; write for instance BYDAY=1TU, BYMONTHDAY=1 or INTERVAL=2"


def _parts(rule: str) -> dict[str, str]:
    parts = [part.partition("=")[::2] for part in rule.upper().split(";")]
    if len(named := dict(parts)) < len(parts):
        raise InvalidInput.at("cadence.rule", "says the same part twice")
    return named


def _days(rule: str, start: date, until: date) -> Iterator[date]:
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - only who counts days pays for it

    end = datetime.combine(until, time.max)
    for moment in rrulestr(rule, dtstart=datetime.combine(start, time())):
        if moment > end:
            return
        yield moment.date()


@frozen
class Period:
    """One occurrence of a cycle for one person: the first day, and the first day of the next."""

    ordinal: int = field(validator=shapes.whole(0, 1_000_000))
    starts_on: date = field(validator=moments.day)
    ends_on: date = field(validator=moments.day)

    def __attrs_post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise InvalidInput.at("period.ends_on", "is before the first day")


class CycleStatus(StrEnum):
    """Whether a cycle goes on."""

    RUNNING = "running"
    STOPPED = "stopped"


class CycleMove(StrEnum):
    """What an organiser can do with a cycle."""

    STOP = "stop"


MOVES: Mapping[CycleStatus, Mapping[CycleMove, CycleStatus]] = {
    CycleStatus.RUNNING: {CycleMove.STOP: CycleStatus.STOPPED},
    CycleStatus.STOPPED: {},
}


@frozen
class Cycle:
    """A programme of check-ins: who takes part, in which rhythm, and for how many days each one is open."""

    id: CycleId = field(validator=shapes.identifier)
    name: str = field(validator=texts.line, repr=False)
    cadence: Cadence = field(validator=shapes.kind_of(Cadence))
    person_ids: tuple[PersonId, ...] | None = field(default=None, validator=optional(shapes.each(shapes.identifier)))
    open_days: int = field(default=14, validator=shapes.whole(1, 366))
    status: CycleStatus = field(default=CycleStatus.RUNNING, validator=shapes.kind_of(CycleStatus))
    version: int = field(default=0, validator=shapes.version)

    @property
    def owner_id(self) -> PersonId:
        """A cycle belongs to the organisation, not to a person."""
        return PersonId(self.id.partition(".")[0])

    def stop(self) -> Cycle:
        """Return the cycle as stopped."""
        return evolve(self, status=status_after(MOVES, self.status, CycleMove.STOP, "cycle", self.id))

    def includes(self, person: Person, on: date) -> bool:
        """Whether a person takes part on a day: named or everyone, at work, and not on leave."""
        return (self.person_ids is None or person.id in self.person_ids) and person.works_on(on) and not person.on_leave

    def closing_day(self, period: Period) -> date:
        """Give the last day on which the check-in of a period is open."""
        return min(period.ends_on, period.starts_on + timedelta(days=self.open_days)) - timedelta(days=1)

    def period_on(self, day: date) -> Period | None:
        """Give the period that a day falls in; None before the first, and when no next day is in reach."""
        days = self.cadence.days(day + timedelta(days=366 * SEARCH_YEARS))
        for ordinal, (starts_on, ends_on) in enumerate(pairwise(days), start=1):
            if day < ends_on:
                return Period(ordinal, starts_on, ends_on) if starts_on <= day else None
        return None
