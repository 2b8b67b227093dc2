"""People: brought in line with a directory. Plan, guard, apply: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.directory import Guard, SyncPlan, plan_sync
from ownership.domain.erasure import ErasureReport
from ownership.domain.ledger import NOBODY_ERASED, Ledger
from ownership.domain.moments import local_day
from ownership.domain.people import Person
from ownership.domain.reminders import Delivery, is_leaving, plan_offer
from ownership.errors import InvalidInput, PlanHeld
from ownership.workspace.desk import Desk, find_person
from ownership.workspace.erasure import Erased, erase, erasure_plan, ledger_of, replay
from ownership.workspace.records import ValueUnit
from ownership.workspace.seat import several

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

    def plan(self, url: str, *, guard: Guard = DEFAULT_GUARD, rehired: Iterable[str] = ()) -> SyncPlan:
        """Plan a synchronisation with the directory behind a URL, and change nothing: a dry run.

        Who was erased stays out, and ``plan.kept_out`` says where the directory names such a person. ``rehired`` are
        the external ids of those who work here anew: they come back as new people, without a past.

        Raises:
            InvalidInput: the directory cannot be read as a whole; every problem names file, line and field. Or somebody
                is named as rehired whom nothing keeps out.
            Misconfigured: no directory answers to the URL.
        """
        directory = self._desk.directory(url)
        now = self._desk.now()
        snapshot = directory.read(local_day(now, "UTC"))
        with self._desk.reading() as unit:
            known, ledger = list(unit.find(Person)), ledger_of(unit)
        again = frozenset(several(rehired, "rehired"))
        new_id = self._desk.new_person_id
        return plan_sync(known, snapshot, now, new_id=new_id, guard=guard, ledger=ledger, rehired=again)

    def apply(self, plan: SyncPlan) -> SyncPlan:
        """Carry out a plan, all of it or nothing.

        Raises:
            PlanHeld: a guard was exceeded; read ``plan.holds`` and apply ``plan.confirmed()`` if it is right.
            Conflict: someone was changed since the plan was made.
        """
        if plan.holds:
            raise PlanHeld([*plan.holds, "nothing was changed; read the plan, and apply plan.confirmed() if it is so"])
        with self._desk.writing() as unit:
            if not any(person.version for person in plan.people) and unit.is_new():
                unit.remember_keys()
            unit.save_all(plan.people)
            unit.save_all(_talks_left_by(unit, plan.people))
            unit.save_all(plan.rehires)
            unit.deliver(_offers_to(plan.people, self._desk.now()))
        return plan

    def sync(self, url: str, *, guard: Guard = DEFAULT_GUARD, rehired: Iterable[str] = ()) -> SyncPlan:
        """Plan and apply a synchronisation; gives the plan that was applied, with its report.

        Raises:
            InvalidInput: the directory cannot be read as a whole, or somebody is rehired whom nothing keeps out.
            Misconfigured: no directory answers to the URL.
            PlanHeld: a guard was exceeded; nothing was changed.
        """
        return self.apply(self.plan(url, guard=guard, rehired=rehired))

    def plan_erasure(self, who: str) -> ErasureReport:
        """Plan to erase a person, and change nothing: a dry run that counts, and shows no text.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: more than one person is meant.
        """
        with self._desk.reading() as unit:
            return erasure_plan(self._desk, unit, find_person(unit, who)).report

    def erase(self, plan: ErasureReport) -> Erased:
        """Erase the person of a plan, all of it or nothing, and let the store scrub what it removed.

        What is hers goes; what she wrote for others stays theirs, and its author becomes someone who left. The plan is
        made anew at this moment, so nothing that came since is left. There is no way back.

        Raises:
            InvalidInput: it is no plan.
            NotFound: she is not here, or was erased already.
            PlanHeld: she still works here; read ``plan.holds`` and erase with ``plan.confirmed()`` if it is right.
            Unsupported: the workspace is joined to a transaction of the host, which could bring her back.
            Conflict: somebody changed something of it at this moment; nothing was changed, and it can be repeated.
        """
        if not isinstance(plan, ErasureReport):
            raise InvalidInput.at("plan", "is no report of an erasure; give the one of people.plan_erasure")
        return erase(self._desk, plan)

    def erasures(self) -> Ledger:
        """Give the ledger of erasures, to be kept outside the store: a restore brings an older one back."""
        with self._desk.reading() as unit:
            return ledger_of(unit)

    def replay_erasures(self, kept: Ledger = NOBODY_ERASED) -> tuple[Erased, ...]:
        """After a restore, erase again everyone whom the ledger names, also the one that was kept outside the store.

        Raises:
            Unsupported: the workspace is joined to a transaction of the host.
        """
        return replay(self._desk, kept)


def _offers_to(people: Iterable[Person], now: datetime) -> list[Delivery]:
    """Let those who were just deactivated hear that they can take along what is theirs, while they can be reached."""
    return [plan_offer(p, now) for p in people if not p.active and is_leaving(p, p.day_of(now))]


def _talks_left_by(unit: ValueUnit, people: Iterable[Person]) -> list[CheckIn]:
    """Give the open check-ins of those whose partner left, without one: nothing else in them changes."""
    left = [
        check_in
        for leaver in people
        if not leaver.active
        for check_in in unit.find(CheckIn, "partner_id", equals=leaver.id)
    ]
    return [check_in.without_partner() for check_in in left if check_in.status is CheckInStatus.OPEN]
