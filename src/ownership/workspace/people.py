"""People: brought in line with a directory. Plan, guard, apply: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable

from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.directory import Guard, SyncPlan, plan_sync
from ownership.domain.moments import local_day
from ownership.domain.people import Person
from ownership.errors import PlanHeld
from ownership.workspace.desk import Desk, find_person
from ownership.workspace.records import ValueUnit

DEFAULT_GUARD = Guard()


class People:
    """The people of a workspace, as the operator sees them: who they are, nothing that they wrote."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, who: str) -> Person:
        """Give the person that an id, an external id or an e-mail address means.

        Raises:
            NotFound: it means nobody.
            InvalidInput: it means more than one person.
        """
        with self._desk.reading() as unit:
            return find_person(unit, who)

    def all(self) -> tuple[Person, ...]:
        """Give everyone, in the order of their ids."""
        with self._desk.reading() as unit:
            return tuple(unit.find(Person))

    def plan(self, url: str, *, guard: Guard = DEFAULT_GUARD) -> SyncPlan:
        """Plan a synchronisation with the directory behind a URL, and change nothing: a dry run.

        Raises:
            InvalidInput: the directory cannot be read as a whole; every problem names file, line and field.
            Misconfigured: no directory answers to the URL.
        """
        directory = self._desk.directory(url)
        now = self._desk.now()
        snapshot = directory.read(local_day(now, "UTC"))
        with self._desk.reading() as unit:
            known = list(unit.find(Person))
        return plan_sync(known, snapshot, now, new_id=self._desk.new_person_id, guard=guard)

    def apply(self, plan: SyncPlan) -> SyncPlan:
        """Carry out a plan, all of it or nothing.

        Raises:
            PlanHeld: a guard was exceeded; read ``plan.holds`` and apply ``plan.confirmed()`` if it is right.
            Conflict: someone was changed since the plan was made.
        """
        if plan.holds:
            raise PlanHeld(plan.holds)
        with self._desk.writing() as unit:
            unit.save_all(plan.people)
            unit.save_all(_talks_left_by(unit, plan.people))
        return plan

    def sync(self, url: str, *, guard: Guard = DEFAULT_GUARD) -> SyncPlan:
        """Plan and apply a synchronisation; gives the plan that was applied, with its report.

        Raises:
            InvalidInput: the directory cannot be read as a whole.
            Misconfigured: no directory answers to the URL.
            PlanHeld: a guard was exceeded; nothing was changed.
        """
        return self.apply(self.plan(url, guard=guard))


def _talks_left_by(unit: ValueUnit, people: Iterable[Person]) -> list[CheckIn]:
    """Give the open check-ins of those whose partner left, without one: nothing else in them changes."""
    left = [
        check_in
        for leaver in people
        if not leaver.active
        for check_in in unit.find(CheckIn, "partner_id", equals=leaver.id)
    ]
    return [check_in.without_partner() for check_in in left if check_in.status is CheckInStatus.OPEN]
