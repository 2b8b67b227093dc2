"""Cycles: the programme of check-ins, and the rhythm of days in it.

A :class:`Cycle` is the programme, a :class:`Cadence` its rule (an RFC 5545 recurrence), a :class:`Period` one
occurrence for one person. A :class:`Rhythm` is a cadence for some of the people: the narrower wins, and her own
choice, kept in her :class:`Participation`, wins over all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    LINK,
    OTHER_PEOPLE,
    OTHER_PERSON,
    OWN_FACTS,
    OWN_WORDS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    Holder,
    Keeping,
    Purpose,
    Reader,
)
from ownership.domain.moves import status_after
from ownership.domain.people import Person, PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

CycleId = NewType("CycleId", str)
ParticipationId = NewType("ParticipationId", str)

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

    rule: str = field(validator=texts.line, repr=False, metadata=OWN_FACTS)
    starts_on: date = field(validator=moments.day, metadata=OWN_FACTS)

    def __attrs_post_init__(self) -> None:
        _refuse_no_rhythm(self.rule, self.starts_on)

    def days(self, until: date) -> Iterator[date]:
        """Give every day that the rule names, from its start to a day (included)."""
        return _days(self.rule, self.starts_on, until)

    def days_from(self, day: date, *, limit: int) -> Iterator[date]:
        """Give the first days that the rule names on or after a day, looking at most :data:`SEARCH_YEARS` ahead."""
        horizon = max(day, self.starts_on) + timedelta(days=366 * SEARCH_YEARS)
        return islice((found for found in self.days(horizon) if found >= day), limit)

    def period_on(self, day: date) -> Period | None:
        """Give the period that a day falls in; None before the first, and when no next day is in reach."""
        return _period_on(self, day)


@lru_cache(maxsize=1024)  # a cadence is read again with each of its cycles, and counting days is slow
def _refuse_no_rhythm(rule: str, starts_on: date) -> None:
    """Refuse a rule that is no rhythm of days.

    Raises:
        InvalidInput: a part of it is none of ours, or it names fewer than two days in reach.
    """
    parts = _parts(rule)
    if parts.get("FREQ") not in _FREQUENCIES:
        known = ", ".join(_FREQUENCIES)
        raise InvalidInput.at("cadence.rule", f"needs FREQ= one of {known}, such as FREQ=MONTHLY;BYDAY=1TU")
    if wrong := sorted(name for name, value in parts.items() if not re.fullmatch(_PARTS.get(name, _NEVER), value)):
        raise InvalidInput.at("cadence.rule", "; ".join(_what_is_wrong_with(name, parts[name]) for name in wrong))
    if parts["FREQ"] in {"DAILY", "WEEKLY"} and re.search("[0-9]", parts.get("BYDAY", "")):
        raise InvalidInput.at("cadence.rule", "counts days of the week (1TU), which needs FREQ=MONTHLY or YEARLY")
    start = starts_on.replace(year=starts_on.year + _LATE)
    try:
        found = list(islice(_days(rule, start, start + timedelta(days=366 * SEARCH_YEARS)), 2))
    except ValueError as error:
        raise InvalidInput.at("cadence.rule", f"is no recurrence rule of RFC 5545 ({error})") from error
    if len(found) < 2:
        raise InvalidInput.at("cadence.rule", f"names fewer than two days within {SEARCH_YEARS} years of its start")


@lru_cache(maxsize=4096)  # everyone in a cycle asks for the same days
def _period_on(cadence: Cadence, day: date) -> Period | None:
    days = cadence.days(day + timedelta(days=366 * SEARCH_YEARS))
    for ordinal, (starts_on, ends_on) in enumerate(pairwise(days), start=1):
        if day < ends_on:
            return Period(ordinal, starts_on, ends_on) if starts_on <= day else None
    return None


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

    ordinal: int = field(validator=shapes.whole(0, 1_000_000), metadata=OWN_FACTS)
    starts_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    ends_on: date = field(validator=moments.day, metadata=OWN_FACTS)

    def __attrs_post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise InvalidInput.at("period.ends_on", "is before the first day")


class CycleStatus(StrEnum):
    """Whether a cycle goes on."""

    RUNNING = "running"
    STOPPED = "stopped"


class CycleMove(StrEnum):
    """What an organiser can do with a cycle."""

    SET_RHYTHM = "set_rhythm"
    DROP_RHYTHM = "drop_rhythm"
    STOP = "stop"


MOVES: Mapping[CycleStatus, Mapping[CycleMove, CycleStatus]] = {
    CycleStatus.RUNNING: {
        CycleMove.SET_RHYTHM: CycleStatus.RUNNING,
        CycleMove.DROP_RHYTHM: CycleStatus.RUNNING,
        CycleMove.STOP: CycleStatus.STOPPED,
    },
    CycleStatus.STOPPED: {},
}


class RhythmScope(StrEnum):
    """For whom a rhythm is, the widest first."""

    DEPARTMENT = "department"
    TEAM = "team"
    PERSON = "person"


@frozen
class Rhythm:
    """A cadence for some of the people in a cycle: a department, a team, or one person (then the name is their id)."""

    scope: RhythmScope = field(validator=shapes.kind_of(RhythmScope), metadata=OWN_FACTS)
    name: str = field(validator=texts.line, repr=False, metadata=OTHER_PERSON)
    cadence: Cadence = field(validator=shapes.kind_of(Cadence))


@frozen
class Cycle:
    """A programme of check-ins: who takes part, in which rhythm, and for how many days each one is open.

    ``cadence`` is for everyone for whom none of the ``rhythms`` is. A check-in opens on the day that the rule names;
    the first ``prepare_days`` are for both to prepare, and the talk is from then on.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.RUN_PROGRAMME, (Reader.ORGANISER,), Holder.ORGANISATION)

    id: CycleId = field(validator=shapes.identifier, metadata=RECORD_ID)
    name: str = field(validator=texts.line, repr=False, metadata=OWN_WORDS)
    cadence: Cadence = field(validator=shapes.kind_of(Cadence))
    person_ids: tuple[PersonId, ...] | None = field(
        default=None, validator=optional(shapes.each(shapes.identifier)), metadata=OTHER_PEOPLE
    )
    open_days: int = field(default=14, validator=shapes.whole(1, 366), metadata=OWN_FACTS)
    status: CycleStatus = field(default=CycleStatus.RUNNING, validator=shapes.kind_of(CycleStatus), metadata=OWN_FACTS)
    prepare_days: int = field(default=0, validator=shapes.whole(0, 365), metadata=OWN_FACTS)
    rhythms: tuple[Rhythm, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Rhythm)))
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if self.prepare_days >= self.open_days:
            raise InvalidInput.at("cycle.prepare_days", "leaves no day for the talk; make it less than the open days")

    @property
    def owner_id(self) -> PersonId:
        """A cycle belongs to the organisation, not to a person."""
        return PersonId(self.id.partition(".")[0])

    def _after(self, move: CycleMove) -> CycleStatus:
        return status_after(MOVES, self.status, move, "cycle", self.id)

    def stop(self) -> Cycle:
        """Return the cycle as stopped."""
        return evolve(self, status=self._after(CycleMove.STOP))

    def set_cadence(self, cadence: Cadence) -> Cycle:
        """Return the cycle with another cadence for everyone who has none of their own."""
        return evolve(self, status=self._after(CycleMove.SET_RHYTHM), cadence=cadence)

    def set_rhythm(self, rhythm: Rhythm) -> Cycle:
        """Return the cycle with a rhythm for some of its people, in place of the one that they had."""
        status = self._after(CycleMove.SET_RHYTHM)
        return evolve(self, status=status, rhythms=(*self._rhythms_besides(rhythm.scope, rhythm.name), rhythm))

    def drop_rhythm(self, scope: RhythmScope, name: str) -> Cycle:
        """Return the cycle without the rhythm of some of its people, who follow the wider one again."""
        status, others = self._after(CycleMove.DROP_RHYTHM), self._rhythms_besides(scope, name)
        if others == self.rhythms:
            raise InvalidInput.at("rhythm", f"is not there: this {scope} has none of its own")
        return evolve(self, status=status, rhythms=others)

    def _rhythms_besides(self, scope: RhythmScope, name: str) -> tuple[Rhythm, ...]:
        return tuple(rhythm for rhythm in self.rhythms if (rhythm.scope, rhythm.name) != (scope, name))

    @cached_property
    def set_for(self) -> Mapping[tuple[RhythmScope, str], Cadence]:
        """The cadences that were set for some, by the group that they are for."""
        return {(rhythm.scope, rhythm.name): rhythm.cadence for rhythm in self.rhythms}

    @property
    def cadences(self) -> frozenset[Cadence]:
        """All the cadences that its organiser set."""
        return frozenset({self.cadence, *self.set_for.values()})

    def cadence_of(self, person: Person, on: date) -> Cadence:
        """Give the cadence that the organiser set for a person, as she is placed on a day: the narrower wins."""
        return narrowest(self.set_for, person, on) or self.cadence

    def includes(self, person: Person, on: date) -> bool:
        """Whether a person takes part on a day: named or everyone, at work, and not on leave."""
        return self.is_for(person.id) and person.works_on(on) and not person.on_leave

    def is_for(self, person_id: PersonId) -> bool:
        """Whether someone is named, or everyone is meant."""
        return self._named is None or person_id in self._named

    @cached_property
    def _named(self) -> frozenset[PersonId] | None:
        return None if self.person_ids is None else frozenset(self.person_ids)

    def period_of(self, person: Person, own: Cadence | None, on: date) -> Period | None:
        """Give the period whose check-in is open for a person on a day; None if none is.

        It is one of the rhythm that she chose for herself (``own``), or else of the one that is set for her.
        """
        return self.open_period(own or self.cadence_of(person, on), on) if self.includes(person, on) else None

    def open_period(self, cadence: Cadence, on: date) -> Period | None:
        """Give the period of a rhythm whose check-in is open on a day; None if none is."""
        period = cadence.period_on(on)
        return period if period is not None and on <= self.closing_day(period) else None

    def closing_day(self, period: Period) -> date:
        """Give the last day on which the check-in of a period is open."""
        return min(period.ends_on, period.starts_on + timedelta(days=self.open_days)) - timedelta(days=1)

    def talk_day(self, period: Period) -> date | None:
        """Give the day from which the talk of a period is, after the days to prepare; None: any day that it is open."""
        if not self.prepare_days:
            return None
        return min(period.starts_on + timedelta(days=self.prepare_days), self.closing_day(period))


@frozen
class Participation:
    """How one person takes part in a cycle: the rhythm that she chose for herself, if any, and her last period.

    ``last`` is her last period in which somebody wrote something. The next begins only when that one is over, so that a
    change of cadence, team or mind makes no second check-in for the same days.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.RUN_PROGRAMME)

    id: ParticipationId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    cycle_id: CycleId = field(validator=shapes.identifier, metadata=LINK)
    cadence: Cadence | None = field(default=None, validator=optional(shapes.kind_of(Cadence)))
    last: Period | None = field(default=None, validator=optional(shapes.kind_of(Period)))
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    @property
    def own_rhythm_in(self) -> CycleId | None:
        """The cycle in which she has a rhythm of her own: the stored key by which those who chose one are found."""
        return self.cycle_id if self.cadence else None

    def choose(self, cadence: Cadence) -> Participation:
        """Return it with a rhythm of her own, which starts when her last period is over."""
        return evolve(self, cadence=cadence)

    def follow(self) -> Participation:
        """Return it in the rhythm of her group again."""
        return evolve(self, cadence=None)

    def may_begin(self, period: Period) -> bool:
        """Whether her last period is over when this one begins."""
        return self.last is None or self.last.ends_on <= period.starts_on

    def begun_on(self, day: date) -> Period | None:
        """Give the period in which somebody did something and that a day falls in, if there is one."""
        return self.last if self.last is not None and self.last.starts_on <= day < self.last.ends_on else None

    def begin(self, period: Period) -> Participation:
        """Return it in a new period."""
        if not self.may_begin(period):
            raise InvalidInput.at("period.starts_on", "lies in the period before it")
        return evolve(self, last=period)

    def numbered(self, period: Period) -> Period:
        """Give a period with its number for her: the one of the rule, unless her last has that number or a higher."""
        following = self.last.ordinal + 1 if self.last else 1
        return period if following <= period.ordinal else evolve(period, ordinal=following)


def narrowest(set_for: Mapping[tuple[RhythmScope, str], Cadence], person: Person, on: date) -> Cadence | None:
    """Give the cadence set for a person, else for her team, else for her department, as she is placed on a day."""
    if not set_for:
        return None
    place = person.membership_on(on)
    groups: list[tuple[RhythmScope, str]] = [(RhythmScope.PERSON, person.id)]
    if place is not None:
        groups += [(RhythmScope.TEAM, place.team), (RhythmScope.DEPARTMENT, place.department)]
    return next((set_for[group] for group in groups if group in set_for), None)


def participation_id(person_id: PersonId, cycle_id: CycleId) -> ParticipationId:
    """Give the one id that the participation of a person in a cycle can have."""
    return ParticipationId(f"{person_id}.j{cycle_id.rpartition('.')[2]}")


def participation_of(person_id: PersonId, cycle_id: CycleId) -> Participation:
    """Give how a person takes part in a cycle of which nothing was stored yet."""
    return Participation(participation_id(person_id, cycle_id), person_id, cycle_id)
