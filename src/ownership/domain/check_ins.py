"""Check-in cycles: a rhythm of talks whose agenda belongs to the person whose development it is.

A :class:`Cycle` is the programme, a :class:`Cadence` its rule (an RFC 5545 recurrence), a :class:`Period` one
occurrence for one person, and a :class:`CheckIn` the talk in it. Both sides prepare; each sees the other's preparation
once it is ready.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, islice, pairwise
from typing import NewType

from attrs import evolve, field, frozen
from attrs.validators import optional

from ownership.domain import moments, texts
from ownership.domain.moves import status_after
from ownership.domain.people import Audience, AudienceKind, Person, PersonId
from ownership.errors import InvalidInput

CycleId = NewType("CycleId", str)
CheckInId = NewType("CheckInId", str)
AgreementId = NewType("AgreementId", str)

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
            raise InvalidInput.at("cadence", f"needs FREQ= one of {known}, such as FREQ=MONTHLY;BYDAY=1TU")
        if wrong := sorted(name for name, value in parts.items() if not re.fullmatch(_PARTS.get(name, _NEVER), value)):
            raise InvalidInput.at("cadence", "; ".join(_what_is_wrong_with(name, parts[name]) for name in wrong))
        if parts["FREQ"] in {"DAILY", "WEEKLY"} and re.search("[0-9]", parts.get("BYDAY", "")):
            raise InvalidInput.at("cadence", "counts days of the week (1TU), which needs FREQ=MONTHLY or YEARLY")
        start = self.starts_on.replace(year=self.starts_on.year + _LATE)
        try:
            found = list(islice(_days(self.rule, start, start + timedelta(days=366 * SEARCH_YEARS)), 2))
        except ValueError as error:
            raise InvalidInput.at("cadence", f"is no recurrence rule of RFC 5545 ({error})") from error
        if len(found) < 2:
            raise InvalidInput.at("cadence", f"names fewer than two days within {SEARCH_YEARS} years of its start")

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
        raise InvalidInput.at("cadence", "says the same part twice")
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

    ordinal: int
    starts_on: date
    ends_on: date


class CycleStatus(StrEnum):
    """Whether a cycle goes on."""

    RUNNING = "running"
    STOPPED = "stopped"


class CycleMove(StrEnum):
    """What an organiser can do with a cycle."""

    STOP = "stop"


CYCLE_MOVES: Mapping[CycleStatus, Mapping[CycleMove, CycleStatus]] = {
    CycleStatus.RUNNING: {CycleMove.STOP: CycleStatus.STOPPED},
    CycleStatus.STOPPED: {},
}


@frozen
class Cycle:
    """A programme of check-ins: who takes part, in which rhythm, and for how many days each one is open."""

    id: CycleId
    name: str = field(validator=texts.line, repr=False)
    cadence: Cadence
    person_ids: tuple[PersonId, ...] | None = None
    open_days: int = 14
    status: CycleStatus = CycleStatus.RUNNING
    version: int = 0

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.open_days <= 366:
            raise InvalidInput.at("cycle.open_days", "is not from 1 to 366")

    @property
    def owner_id(self) -> PersonId:
        """A cycle belongs to the organisation, not to a person."""
        return PersonId(self.id.partition(".")[0])

    def stop(self) -> Cycle:
        """Return the cycle as stopped."""
        return evolve(self, status=status_after(CYCLE_MOVES, self.status, CycleMove.STOP, "cycle", self.id))

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


class CheckInStatus(StrEnum):
    """Where a check-in is in its life."""

    OPEN = "open"
    HELD = "held"
    SKIPPED = "skipped"
    PASSED = "passed"


class CheckInMove(StrEnum):
    """What the two people, or the calendar, can do with a check-in."""

    PREPARE = "prepare"
    HAND_OVER = "hand_over"
    HOLD = "hold"
    SKIP = "skip"
    LET_PASS = "let_pass"  # noqa: S105 - a move, no password


MOVES: Mapping[CheckInStatus, Mapping[CheckInMove, CheckInStatus]] = {
    CheckInStatus.OPEN: {
        CheckInMove.PREPARE: CheckInStatus.OPEN,
        CheckInMove.HAND_OVER: CheckInStatus.OPEN,
        CheckInMove.HOLD: CheckInStatus.HELD,
        CheckInMove.SKIP: CheckInStatus.SKIPPED,
        CheckInMove.LET_PASS: CheckInStatus.PASSED,
    },
    CheckInStatus.HELD: {},
    CheckInStatus.SKIPPED: {},
    CheckInStatus.PASSED: {},
}


class CheckInFact(StrEnum):
    """What others may hear of a check-in."""

    HELD = "CheckInHeld"


@frozen
class AgendaItem:
    """Something one of the two wants to talk about."""

    text: str = field(validator=texts.written, repr=False)
    by_id: PersonId


@frozen
class Preparation:
    """What one of the two thought of beforehand: what moved, what is hard, what is needed."""

    by_id: PersonId
    progress: str = field(default="", validator=texts.paragraph, repr=False)
    challenges: str = field(default="", validator=texts.paragraph, repr=False)
    needs: str = field(default="", validator=texts.paragraph, repr=False)
    ready_at: datetime | None = field(default=None, validator=optional(moments.instant))


@frozen
class Agreement:
    """What one of the two promised, and by when."""

    id: AgreementId
    text: str = field(validator=texts.written, repr=False)
    by_id: PersonId
    due_on: date | None = field(default=None, validator=optional(moments.day))
    done_on: date | None = field(default=None, validator=optional(moments.day))


WITH_PARTNER = Audience(AudienceKind.PARTNER)


@frozen
class CheckIn:
    """One talk: its agenda hers, open until a day (included), prepared by both, with what they agreed."""

    id: CheckInId
    owner_id: PersonId
    cycle_id: CycleId
    period: Period
    closes_on: date = field(validator=moments.day)
    partner_id: PersonId | None = None
    agenda: tuple[AgendaItem, ...] = ()
    preparations: tuple[Preparation, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    status: CheckInStatus = CheckInStatus.OPEN
    held_on: date | None = None
    audience: Audience = WITH_PARTNER
    shared_on: date | None = None
    version: int = 0

    @property
    def occurrence(self) -> str:
        """The cycle and the day it began: the stored key by which all check-ins of one occurrence are found."""
        return f"{self.cycle_id}@{self.period.starts_on}"

    @property
    def open_until(self) -> str | None:
        """The last day of an open check-in: the stored key by which those that are over are found."""
        return str(self.closes_on) if self.status is CheckInStatus.OPEN else None

    def may(self, move: CheckInMove) -> bool:
        """Whether the status allows a move."""
        return move in MOVES[self.status]

    def _after(self, move: CheckInMove) -> CheckInStatus:
        return status_after(MOVES, self.status, move, "check-in", self.id)

    def _of_the_two(self, person_id: PersonId, path: str) -> PersonId:
        if person_id not in {self.owner_id, self.partner_id}:
            raise InvalidInput.at(path, f"{person_id!r} is not one of the two people of check-in {self.id!r}")
        return person_id

    def preparation_of(self, person_id: PersonId) -> Preparation | None:
        """Give what one of the two prepared, if anything."""
        return next((p for p in self.preparations if p.by_id == person_id), None)

    def prepare(self, preparation: Preparation, topics: Iterable[str] = ()) -> CheckIn:
        """Return the check-in prepared by one of the two, in place of what they had; topics join the agenda."""
        status = self._after(CheckInMove.PREPARE)
        by_id = self._of_the_two(preparation.by_id, "preparation.by_id")
        others = tuple(p for p in self.preparations if p.by_id != by_id)
        known = {(item.text, item.by_id) for item in self.agenda}
        new = tuple(AgendaItem(topic, by_id) for topic in topics if (topic, by_id) not in known)
        return evolve(self, status=status, preparations=(*others, preparation), agenda=self.agenda + new)

    def hold(self, on: date, agreements: Iterable[Agreement] = ()) -> CheckIn:
        """Return the check-in as held, with what the two agreed."""
        promised = tuple(agreements)
        for agreement in promised:
            self._of_the_two(agreement.by_id, "agreement.by_id")
        return evolve(self, status=self._after(CheckInMove.HOLD), held_on=on, agreements=self.agreements + promised)

    def skip(self) -> CheckIn:
        """Return the check-in as skipped: this time not, and that is fine."""
        return evolve(self, status=self._after(CheckInMove.SKIP))

    def let_pass(self) -> CheckIn:
        """Return the check-in as passed: its days went by without a talk."""
        return evolve(self, status=self._after(CheckInMove.LET_PASS))

    def keep_promise(self, agreement_id: AgreementId, on: date) -> CheckIn:
        """Return the check-in with one agreement done; possible in every status."""
        if agreement_id not in {agreement.id for agreement in self.agreements}:
            raise InvalidInput.at("agreement_id", f"{agreement_id!r} is no agreement of check-in {self.id!r}")
        kept = tuple(evolve(a, done_on=on) if a.id == agreement_id else a for a in self.agreements)
        return evolve(self, agreements=kept)

    def seen_by(self, viewer_id: PersonId) -> CheckIn:
        """Return what a viewer may read: the owner everything that is ready, anyone else what is hers and their own.

        So the owner can show her check-in to a third person, and her partner's words stay with her.
        """
        readable = {self.owner_id, viewer_id}

        def may_read(by_id: PersonId) -> bool:
            return viewer_id == self.owner_id or by_id in readable

        return evolve(
            self,
            agenda=tuple(item for item in self.agenda if may_read(item.by_id)),
            preparations=tuple(
                p for p in self.preparations if p.by_id == viewer_id or (p.ready_at is not None and may_read(p.by_id))
            ),
            agreements=tuple(agreement for agreement in self.agreements if may_read(agreement.by_id)),
        )

    def hand_over(self, partner_id: PersonId | None, on: date) -> CheckIn:
        """Return the check-in with another partner, who may see from this day on what is hers; or with none."""
        status = self._after(CheckInMove.HAND_OVER)
        return evolve(self, status=status, partner_id=partner_id, audience=WITH_PARTNER, shared_on=on)

    def with_audience(self, audience: Audience, on: date) -> CheckIn:
        """Return the check-in shared with an audience from a day on."""
        return evolve(self, audience=audience, shared_on=on)


def check_in_id(person_id: PersonId, cycle_id: CycleId, period: Period) -> CheckInId:
    """Give the one id that a check-in of this person in this period can have, so that a period opens only once."""
    return CheckInId(f"{person_id}.k{cycle_id.rpartition('.')[2]}-{period.ordinal:04d}")


def agreement_ids(check_in: CheckIn) -> Iterator[AgreementId]:
    """Give the ids of the next agreements of a check-in; each begins with the check-in's own id."""
    return (AgreementId(f"{check_in.id}/{number}") for number in count(len(check_in.agreements) + 1))


def check_in_of(agreement_id: str) -> CheckInId:
    """Tell by its id in which check-in something was agreed."""
    return CheckInId(agreement_id.partition("/")[0])


def open_check_in(cycle: Cycle, person: Person, period: Period, on: date) -> CheckIn:
    """Open the check-in of a person in a period, with the partner that she has that day."""
    partner = person.partner_on(on)
    return CheckIn(
        id=check_in_id(person.id, cycle.id, period),
        owner_id=person.id,
        cycle_id=cycle.id,
        period=period,
        closes_on=cycle.closing_day(period),
        partner_id=partner.manager_id if partner else None,
        shared_on=on,
    )
