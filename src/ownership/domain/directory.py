"""The directory: who works here according to an HRIS, and the plan that brings our people in line with it.

Plan, guard, apply: :func:`plan_sync` changes nothing. A person is known by (source, external id), never by e-mail. Only a snapshot that
says it is complete can make someone a leaver by not naming them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from attrs import evolve, frozen

from ownership.domain import moments, texts
from ownership.domain.people import Person, PersonId, Shift, managers_in_a_loop
from ownership.errors import InvalidInput, Problem


@frozen
class DirectoryRow:
    """One person as a directory tells it. None means: not told, keep what is known; an empty text means: told to be empty.

    ``place`` is where the row stands (``people.csv:14``), for the report.
    """

    external_id: str
    display_name: str
    place: str = ""
    email: str | None = None
    employee_number: str | None = None
    title: str | None = None
    department: str | None = None
    team: str | None = None
    manager_id: str | None = None
    active: bool | None = None
    on_leave: bool | None = None
    locale: str | None = None
    timezone: str | None = None
    shift: str | None = None
    start_on: date | None = None
    end_on: date | None = None


@frozen
class Snapshot:
    """All rows that a directory gave at one time, whether they are everyone, and what was wrong while reading them."""

    source: str
    rows: tuple[DirectoryRow, ...]
    is_complete: bool = False
    problems: tuple[Problem, ...] = ()


@frozen
class Guard:
    """The shares of the known people above which a plan is held for a person to confirm."""

    leavers: float = 0.2
    emptied: float = 0.2
    managers: float = 0.2

    def __attrs_post_init__(self) -> None:
        for name in ("leavers", "emptied", "managers"):
            if not 0 <= getattr(self, name) <= 1:
                raise InvalidInput.at(f"guard.{name}", "is not a share from 0 to 1")


@frozen
class SyncPlan:
    """What a synchronisation would change: nothing has been changed yet.

    ``holds`` says which guards were exceeded; a plan with holds is applied only once it is :meth:`confirmed`.
    """

    source: str
    joiners: tuple[Person, ...]
    changed: tuple[Person, ...]
    leavers: tuple[Person, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    holds: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone whose record the plan writes."""
        return self.joiners + self.changed + self.leavers

    def confirmed(self) -> SyncPlan:
        """Return the plan as confirmed by a person who read what holds it."""
        return evolve(self, holds=())


def plan_sync(
    known: Iterable[Person],
    snapshot: Snapshot,
    now: datetime,
    *,
    new_id: Callable[[], PersonId],
    guard: Guard = Guard(),  # noqa: B008 - a frozen value
) -> SyncPlan:
    """Plan how to bring the known people in line with a snapshot.

    Raises:
        InvalidInput: two rows bear the same external id, so that nobody can tell which is right.
    """
    _refuse_duplicates(snapshot.rows)
    before = {person.external_id: person for person in known if person.source == snapshot.source}
    problems = list(snapshot.problems)
    after = _people_after(before, snapshot, new_id, problems)
    related = _with_managers(after, before, snapshot, now, problems)
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
        holds=_holds(before, stayed, leavers, guard),
    )


def _refuse_duplicates(rows: Iterable[DirectoryRow]) -> None:
    first: dict[str, DirectoryRow] = {}
    twice = [
        Problem(f"{row.place}:external_id", f"{row.external_id!r} stands already at {first[row.external_id].place}; one must go")
        for row in rows
        if first.setdefault(row.external_id, row) is not row
    ]
    if twice:
        raise InvalidInput(twice)


def _people_after(
    before: Mapping[str, Person], snapshot: Snapshot, new_id: Callable[[], PersonId], problems: list[Problem]
) -> dict[str, Person]:
    after: dict[str, Person] = {}
    for row in snapshot.rows:
        fields, wrong = _fields_of(row)
        problems += wrong
        known = before.get(row.external_id)
        try:
            if known is None:
                after[row.external_id] = Person(id=new_id(), external_id=row.external_id, source=snapshot.source, **fields)
            else:
                after[row.external_id] = evolve(known, **fields)
        except InvalidInput as error:
            problems += [Problem(f"{row.place}:{_last(p.path)}", f"{p.message}; the row is left out") for p in error.problems]
    return after


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _fields_of(row: DirectoryRow) -> tuple[dict[str, Any], list[Problem]]:
    """Give the fields that a row tells, and what in it cannot be used (and is therefore as if it were not told)."""
    told: dict[str, Any] = {"display_name": row.display_name}
    wrong: list[Problem] = []
    for name in ("employee_number", "title", "active", "on_leave", "locale", "timezone", "start_on", "end_on", "email"):
        value = getattr(row, name)
        if value is not None:
            told[name] = value
    if row.email == "":
        told["email"] = None
    elif row.email is not None and not texts.is_email(row.email):
        del told["email"]
        wrong.append(Problem(f"{row.place}:email", "is not an e-mail address; it is left out"))
    if row.timezone is not None and not moments.is_zone(row.timezone):
        del told["timezone"]
        wrong.append(Problem(f"{row.place}:timezone", "is not an IANA time zone such as Europe/Amsterdam; it is left out"))
    if row.shift is not None:
        told["shift"] = Shift(row.shift) if row.shift in set(Shift) else Shift.OTHER
    if row.active:
        told["end_on"] = row.end_on
    return told, wrong


def _with_managers(
    after: Mapping[str, Person], before: Mapping[str, Person], snapshot: Snapshot, now: datetime, problems: list[Problem]
) -> dict[str, Person]:
    """Resolve managers and memberships, now that everyone has an id; who is in a loop gets no manager."""
    ids = {external_id: person.id for external_id, person in (*before.items(), *after.items())}
    told = {row.external_id: row.manager_id for row in snapshot.rows if row.manager_id}
    looping = managers_in_a_loop(told)
    related: dict[str, Person] = {}
    for row in snapshot.rows:
        if row.external_id not in after:
            continue
        person = after[row.external_id]
        today = moments.local_day(now, person.zone.key)
        if row.manager_id is not None:
            person = person.reporting_to(_manager_of(row, ids, looping, problems), since=today)
        if row.department is not None or row.team is not None:
            person = person.joining(row.department or "", row.team or "", since=today)
        related[row.external_id] = person
    return related


def _manager_of(
    row: DirectoryRow, ids: Mapping[str, PersonId], looping: frozenset[str], problems: list[Problem]
) -> PersonId | None:
    if not row.manager_id:
        return None
    if row.external_id in looping:
        problems.append(Problem(f"{row.place}:manager_id", "leads back to this person in a loop; no manager is set"))
        return None
    if row.manager_id not in ids:
        problems.append(Problem(f"{row.place}:manager_id", f"{row.manager_id!r} is nobody here; no manager is set"))
    return ids.get(row.manager_id)


def _missing(before: Mapping[str, Person], snapshot: Snapshot, now: datetime) -> list[Person]:
    if not snapshot.is_complete:
        return []
    named = {row.external_id for row in snapshot.rows}
    return [
        evolve(person, active=False, end_on=person.end_on or moments.local_day(now, person.zone.key))
        for external_id, person in before.items()
        if external_id not in named and person.active
    ]


def _holds(
    before: Mapping[str, Person], stayed: Iterable[Person], leavers: Iterable[Person], guard: Guard
) -> tuple[str, ...]:
    pairs = [(before[person.external_id], person) for person in stayed]
    counts = {
        "leavers": sum(1 for _ in leavers),
        "emptied": sum(1 for old, new in pairs if (old.email and not new.email) or (old.title and not new.title)),
        "managers": sum(1 for old, new in pairs if old.reporting_lines != new.reporting_lines),
    }
    total = len(before)
    words = {"leavers": "would leave", "emptied": "would lose a field", "managers": "would change manager"}
    return tuple(
        f"{count} of {total} people {words[name]}, more than the guard's {getattr(guard, name):.0%}"
        for name, count in counts.items()
        if total and count > getattr(guard, name) * total
    )
