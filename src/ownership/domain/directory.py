"""The directory: who works here according to an HRIS, and the plan that brings our people in line with it.

Plan, guard, apply: :func:`plan_sync` changes nothing. A person is known by (source, external id), never by e-mail.
Only a snapshot that says it is complete can make someone a leaver by not naming them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import evolve, field, fields, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.ledger import NOBODY_ERASED, Erasure, Ledger
from ownership.domain.people import Membership, Person, PersonId, Shift, managers_in_a_loop
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput, Problem

_TOLD = optional(shapes.kind_of(str))
_TOLD_WHETHER = optional(shapes.flag)
_TOLD_DAY = optional(moments.calendar_day)


@frozen
class DirectoryRow:
    """One person as a directory tells it.

    None means: not told, keep what is known; an empty text means: told to be empty. A language, time zone or shift
    cannot be empty, so there an empty text tells nothing. Who is told to be active without an end has no end.
    ``place`` is where the row stands (``people.csv:14``), for the report.
    """

    external_id: str = field(validator=shapes.kind_of(str))
    display_name: str = field(validator=shapes.kind_of(str), repr=False)
    place: str = field(default="", validator=shapes.kind_of(str))
    email: str | None = field(default=None, validator=_TOLD, repr=False)
    employee_number: str | None = field(default=None, validator=_TOLD, repr=False)
    title: str | None = field(default=None, validator=_TOLD, repr=False)
    department: str | None = field(default=None, validator=_TOLD)
    team: str | None = field(default=None, validator=_TOLD)
    manager_id: str | None = field(default=None, validator=_TOLD)
    active: bool | None = field(default=None, validator=_TOLD_WHETHER)
    on_leave: bool | None = field(default=None, validator=_TOLD_WHETHER)
    locale: str | None = field(default=None, validator=_TOLD)
    timezone: str | None = field(default=None, validator=_TOLD)
    shift: str | None = field(default=None, validator=_TOLD)
    start_on: date | None = field(default=None, validator=_TOLD_DAY)
    end_on: date | None = field(default=None, validator=_TOLD_DAY)


COLUMNS = tuple(field.name for field in fields(DirectoryRow) if field.name != "place")
"""What a directory can tell of a person, by the names that a file's columns bear."""

NEEDED = ("external_id", "display_name")
"""What a directory must tell of everyone."""


@frozen
class Snapshot:
    """All rows that a directory gave at one time, whether they are everyone, and what was wrong while reading them.

    A complete snapshot in which no row tells ``active`` tells it by naming: who is named works here.
    """

    source: str = field(validator=texts.label)
    rows: tuple[DirectoryRow, ...] = field(validator=shapes.each(shapes.kind_of(DirectoryRow)))
    is_complete: bool = field(default=False, validator=shapes.flag)
    problems: tuple[Problem, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Problem)))


@frozen
class Guard:
    """The shares of the people who work here above which a plan is held for a person to confirm."""

    leavers: float = field(default=0.2, validator=shapes.number(0, 1))
    emptied: float = field(default=0.2, validator=shapes.number(0, 1))
    managers: float = field(default=0.2, validator=shapes.number(0, 1))


@frozen
class SyncPlan:
    """What a synchronisation would change: nothing has been changed yet.

    ``holds`` says which guards were exceeded; a plan with holds is applied only once it is :meth:`confirmed`.
    ``kept_out`` says where the directory names somebody who was erased, and ``rehires`` who may come back.
    """

    source: str = field(validator=texts.label)
    joiners: tuple[Person, ...] = field(validator=shapes.each(shapes.kind_of(Person)))
    changed: tuple[Person, ...] = field(validator=shapes.each(shapes.kind_of(Person)))
    leavers: tuple[Person, ...] = field(validator=shapes.each(shapes.kind_of(Person)))
    unchanged: int = field(validator=shapes.whole(0, 2**63 - 1))
    problems: tuple[Problem, ...] = field(validator=shapes.each(shapes.kind_of(Problem)))
    holds: tuple[str, ...] = field(default=(), validator=shapes.each(texts.line))
    kept_out: tuple[Problem, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Problem)))
    rehires: tuple[Erasure, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Erasure)))

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone whose record the plan writes."""
        return self.joiners + self.changed + self.leavers

    def confirmed(self) -> SyncPlan:
        """Return the plan as confirmed by a person who read what holds it."""
        return evolve(self, holds=())


def read_row(cells: Mapping[str, str | None], place: str) -> tuple[DirectoryRow | None, list[Problem]]:
    """Read what a directory tells of one person as texts, by column, and say what in it cannot be read.

    A column that is absent or None is not told, and so is what cannot be read. An empty text empties a text; of a day
    or a yes or no it tells nothing. Without an external id and a name there is no row.

    Examples:
        >>> row, problems = read_row({"external_id": "E1", "display_name": "Ada", "start_on": "31-02-2027"}, "a.csv:2")
        >>> print(*problems)
        a.csv:2:start_on: is not a day such as 2027-06-01 or 01-06-2027; it is left out
    """
    told = {name: text.strip() for name in COLUMNS if (text := cells.get(name)) is not None}
    if missing := [name for name in NEEDED if not told.get(name)]:
        return None, [Problem(f"{place}:{name}", "is empty; the row is left out") for name in missing]
    values: dict[str, Any] = {"place": place}
    wrong: list[Problem] = []
    for name, text in told.items():
        read, reason = _READERS.get(name, (str, ""))
        try:
            values[name] = read(text)
        except (ValueError, KeyError):
            wrong.append(Problem(f"{place}:{name}", f"{reason}; it is left out"))
    return DirectoryRow(**values), wrong


_YES_OR_NO = (
    {"": None} | dict.fromkeys(("yes", "true", "1", "ja"), True) | dict.fromkeys(("no", "false", "0", "nee"), False)
)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DUTCH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")


def _yes_or_no(text: str) -> bool | None:
    return _YES_OR_NO[text.casefold()]


def _day(text: str) -> date | None:
    if not text:
        return None
    iso = _DUTCH_DAY.sub(r"\3-\2-\1", text) if _DUTCH_DAY.fullmatch(text) else text
    if not _ISO_DAY.fullmatch(iso):
        raise ValueError
    return date.fromisoformat(iso)


_NO_WORD = "is neither yes nor no"
_NO_DAY = "is not a day such as 2027-06-01 or 01-06-2027"
_READERS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "active": (_yes_or_no, _NO_WORD),
    "on_leave": (_yes_or_no, _NO_WORD),
    "start_on": (_day, _NO_DAY),
    "end_on": (_day, _NO_DAY),
}


def plan_sync(
    known: Iterable[Person],
    snapshot: Snapshot,
    now: datetime,
    *,
    new_id: Callable[[], PersonId],
    guard: Guard = Guard(),
    ledger: Ledger = NOBODY_ERASED,
    rehired: frozenset[str] = frozenset(),
) -> SyncPlan:
    """Plan how to bring the known people in line with a snapshot; who was erased and not ``rehired`` stays out.

    Raises:
        InvalidInput: two rows bear the same external id, so that nobody can tell which is right; or somebody is
            rehired whom the snapshot does not name, or whom nothing keeps out.
    """
    _refuse_duplicates(snapshot.rows)
    before = {person.external_id: person for person in known if person.source == snapshot.source}
    erased = _erased_among(before, snapshot, ledger)
    if unknown := sorted(rehired - erased.keys()):
        raise InvalidInput([Problem("rehired", f"{id_!r:.60} is kept out by nothing; leave it out") for id_ in unknown])
    kept_out = erased.keys() - rehired
    problems = list(snapshot.problems)
    rows = _usable_rows(snapshot, kept_out, problems)
    problems += _shared_addresses(rows)
    after = _people_after(before, rows, snapshot.source, new_id, problems)
    related = _with_relations(before, after, [row for row in rows if row.external_id in after], now, problems)
    gone = _missing(before, snapshot, now)
    joiners = [person for id_, person in related.items() if id_ not in before]
    changed = [person for id_, person in related.items() if id_ in before and person != before[id_]]
    leavers = [person for person in changed if before[person.external_id].active and not person.active] + gone
    stayed = [person for person in changed if person.active or not before[person.external_id].active]
    return SyncPlan(
        source=snapshot.source,
        joiners=tuple(joiners),
        changed=tuple(stayed),
        leavers=tuple(leavers),
        unchanged=len(before) - len(stayed) - len(leavers),
        problems=tuple(problems),
        holds=_holds(before, stayed, leavers, guard, now),
        kept_out=tuple(
            Problem(f"{row.place}:external_id", _KEPT_OUT) for row in snapshot.rows if row.external_id in kept_out
        ),
        rehires=tuple(entry.rehire(now.date()) for id_, entry in erased.items() if id_ in rehired),
    )


_KEPT_OUT = "was erased and stays out; if this person works here anew, name the external id as rehired"


def _erased_among(before: Container[str], snapshot: Snapshot, ledger: Ledger) -> dict[str, Erasure]:
    """Give the erasures that keep out somebody whom a snapshot names and nobody knows, by external id."""
    if not ledger.entries:
        return {}
    unknown = [row.external_id for row in snapshot.rows if row.external_id not in before]
    return {id_: entry for id_ in unknown if (entry := ledger.of_account(snapshot.source, id_))}


def _refuse_duplicates(rows: Iterable[DirectoryRow]) -> None:
    first: dict[str, DirectoryRow] = {}
    twice = [
        Problem(
            f"{row.place}:external_id",
            f"{row.external_id!r:.60} stands already at {first[row.external_id].place}; one must go",
        )
        for row in rows
        if first.setdefault(row.external_id, row) is not row
    ]
    if twice:
        raise InvalidInput(twice)


def _is_storable(value: str) -> bool:
    return texts.problem_with(value, limit=texts.LINE_LIMIT) is None


def _is_in_our_time(value: date) -> bool:
    return moments.EARLIEST <= value <= moments.LATEST


_NOT_STORABLE = f"is longer than {texts.LINE_LIMIT} characters or has one that cannot be kept"
_NOT_IN_OUR_TIME = f"lies outside {moments.EARLIEST} to {moments.LATEST}"
_CHECKS: Mapping[str, tuple[Callable[[Any], object], str]] = {
    "email": (texts.is_email, "is not an e-mail address"),
    "employee_number": (_is_storable, _NOT_STORABLE),
    "title": (_is_storable, _NOT_STORABLE),
    "department": (_is_storable, _NOT_STORABLE),
    "team": (_is_storable, _NOT_STORABLE),
    "locale": (texts.is_language, "is not a language such as nl-NL"),
    "timezone": (moments.is_zone, "is not an IANA time zone such as Europe/Amsterdam"),
    "start_on": (_is_in_our_time, _NOT_IN_OUR_TIME),
    "end_on": (_is_in_our_time, _NOT_IN_OUR_TIME),
}


def _usable_rows(snapshot: Snapshot, kept_out: Container[str], problems: list[Problem]) -> list[DirectoryRow]:
    """Give the rows without what cannot be used, which is then as if it were not told."""
    names_the_active = snapshot.is_complete and all(row.active is None for row in snapshot.rows)
    usable: list[DirectoryRow] = []
    for row in (row for row in snapshot.rows if row.external_id not in kept_out):
        wrong = [name for name, (is_fine, _) in _CHECKS.items() if (told := getattr(row, name)) and not is_fine(told)]
        problems += [Problem(f"{row.place}:{name}", f"{_CHECKS[name][1]}; it is left out") for name in wrong]
        mends: dict[str, Any] = dict.fromkeys(wrong) | ({"active": True} if names_the_active else {})
        usable.append(evolve(row, **mends))
    return usable


def _shared_addresses(rows: Iterable[DirectoryRow]) -> Iterator[Problem]:
    """Say of which rows at work another bears the address too: both are kept, and neither can be found by it."""
    first: dict[str, DirectoryRow] = {}
    for row in rows:
        if row.email and row.active is not False and (other := first.setdefault(row.email.casefold(), row)) is not row:
            yield Problem(f"{row.place}:email", f"stands already at {other.place}; neither can be found by it")


def _people_after(
    before: Mapping[str, Person],
    rows: Iterable[DirectoryRow],
    source: str,
    new_id: Callable[[], PersonId],
    problems: list[Problem],
) -> dict[str, Person]:
    after: dict[str, Person] = {}
    for row in rows:
        known = before.get(row.external_id)
        told = _told_by(row)
        try:
            if known is None:
                after[row.external_id] = Person(id=new_id(), external_id=row.external_id, source=source, **told)
            else:
                after[row.external_id] = evolve(known, **told)
        except InvalidInput as error:
            problems += [
                Problem(f"{row.place}:{problem.path.rpartition('.')[2]}", f"{problem.message}; the row is left out")
                for problem in error.problems
            ]
    return after


def _told_by(row: DirectoryRow) -> dict[str, Any]:
    """Give the fields of a person that a row tells; relations come later, when everyone has an id."""
    may_be_empty = ("display_name", "employee_number", "title", "active", "on_leave", "start_on", "end_on")
    told = {name: value for name in may_be_empty if (value := getattr(row, name)) is not None}
    told |= {name: value for name in ("locale", "timezone") if (value := getattr(row, name))}
    if row.email is not None:
        told["email"] = row.email or None
    if row.shift:
        shift = row.shift.casefold()
        told["shift"] = Shift(shift) if shift in set(Shift) else Shift.OTHER
    if row.active:
        told["end_on"] = row.end_on
    return told


def _with_relations(
    before: Mapping[str, Person],
    after: Mapping[str, Person],
    rows: Sequence[DirectoryRow],
    now: datetime,
    problems: list[Problem],
) -> dict[str, Person]:
    """Resolve managers and memberships, now that everyone has an id; who is in a loop gets no manager."""
    everyone = {**before, **after}
    looping = _looping(everyone, rows, now)
    related: dict[str, Person] = {}
    for row in rows:
        person, known = after[row.external_id], before.get(row.external_id)
        today = person.day_of(now)
        if known is not None and known.active and not person.active and person.end_on is None:
            person = evolve(person, end_on=today)
        if row.manager_id is not None:
            person = person.reporting_to(_manager_of(row, everyone, looping, problems), since=today)
        has_left = not person.active and person.end_on is None
        related[row.external_id] = _placed(evolve(person, end_on=today) if has_left else person, row, today)
    return related


def _looping(everyone: Mapping[str, Person], rows: Iterable[DirectoryRow], now: datetime) -> frozenset[str]:
    """Find loops in the lines that hold today, with those that the rows tell in their places."""
    names = {person.id: name for name, person in everyone.items()}
    lines = {
        name: names.get(line.manager_id, "")
        for name, person in everyone.items()
        if (line := person.reporting_line_on(person.day_of(now)))
    }
    return managers_in_a_loop(lines | {row.external_id: row.manager_id for row in rows if row.manager_id is not None})


def _manager_of(
    row: DirectoryRow, everyone: Mapping[str, Person], looping: frozenset[str], problems: list[Problem]
) -> PersonId | None:
    if not row.manager_id:
        return None
    if row.external_id in looping:
        problems.append(Problem(f"{row.place}:manager_id", "leads back to this person in a loop; no manager is set"))
        return None
    if row.manager_id not in everyone:
        problems.append(Problem(f"{row.place}:manager_id", f"{row.manager_id!r:.60} is nobody here; no manager is set"))
        return None
    return everyone[row.manager_id].id


def _placed(person: Person, row: DirectoryRow, today: date) -> Person:
    """Put a person in the department and team that are told; of the two, what is not told stays."""
    if row.department is None and row.team is None:
        return person
    current = person.membership_on(today) or Membership("", "", today)
    department = current.department if row.department is None else row.department
    team = current.team if row.team is None else row.team
    return person.joining(department, team, since=today)


def _missing(before: Mapping[str, Person], snapshot: Snapshot, now: datetime) -> list[Person]:
    if not snapshot.is_complete:
        return []
    named = {row.external_id for row in snapshot.rows}
    return [
        evolve(person, active=False, end_on=person.end_on or person.day_of(now))
        for external_id, person in before.items()
        if external_id not in named and person.active
    ]


def _holds(
    before: Mapping[str, Person], stayed: Iterable[Person], leavers: Sequence[Person], guard: Guard, now: datetime
) -> tuple[str, ...]:
    """Count against those who work here: people who left long ago must not make a guard wider."""
    total = sum(person.active for person in before.values())
    pairs = [(old, new) for new in stayed if (old := before[new.external_id]).active]
    counts = {
        "leavers": len(leavers),
        "emptied": sum(_loses_a_field(old, new, now) for old, new in pairs),
        "managers": sum(old.reporting_lines != new.reporting_lines for old, new in pairs),
    }
    words = {"leavers": "would leave", "emptied": "would lose a field", "managers": "would change manager"}
    return tuple(
        f"{count} of {total} people {words[name]}, more than the guard's {getattr(guard, name):.0%}"
        for name, count in counts.items()
        if count > getattr(guard, name) * total
    )


def _loses_a_field(old: Person, new: Person, now: datetime) -> bool:
    pairs = zip(_texts_of(old, now), _texts_of(new, now), strict=True)
    return any(was and not is_now for was, is_now in pairs)


def _texts_of(person: Person, now: datetime) -> tuple[str | None, ...]:
    place = person.membership_on(person.day_of(now)) or Membership("", "", moments.EARLIEST)
    return person.email, person.title, person.employee_number, place.department, place.team
