"""Erasing a person: find all that is hers or mentions her, carry out the plan in one unit, and scrub the store.

That the store is still to be scrubbed lies in the outbox, written in the same unit: who is stopped in between has lost
nothing, and the next run of due work goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from attrs import field, frozen

from ownership.domain.erasure import ErasurePlan, ErasureReport, Removal, is_waiting, plan_erasure
from ownership.domain.ledger import Erasure, Ledger, erasure_of
from ownership.domain.people import Person, PersonId
from ownership.domain.team_moments import TeamMoment
from ownership.errors import PlanHeld, Unavailable
from ownership.ports.storage import Entry
from ownership.workspace.desk import Desk
from ownership.workspace.records import DELIVERIES, ORGANISATION, SHELVES, ValueUnit, spoken_key
from ownership.workspace.reindex import reindex

SCRUBS = "scrub"
"""The topic of the outbox under which a store waits to be scrubbed."""

SCRUB_LEASE = timedelta(hours=6)
"""How long a worker has to scrub before another may."""

SCRUB_AGAIN = timedelta(minutes=10)
"""How long to wait when others hold on to an older state."""

REPLAY = "call people.replay_erasures(ledger) after a restore"

KEYS_OF_PEOPLE: Mapping[str, tuple[str, ...]] = {
    "people": ("manager_id", "partner_id"),
    "goals": ("supporter_ids", "viewer_ids"),
    "goal_suggestions": ("author_id",),
    "check_ins": ("partner_id", "viewer_ids", "mentions"),
    "reflections": ("viewer_ids",),
    "learning_options": ("viewer_ids",),
    "learning_choices": ("viewer_ids", "mentions"),
    "learning_requests": ("asked_id", "mentions"),
    "feedback_requests": ("asked_id",),
    "feedback": ("author_id", "viewer_ids"),
    "needs": ("receiver_id", "viewer_ids"),
    "development_plans": ("partner_id", "mentions"),
    "team_moments": ("participant_ids",),
    "deliveries": ("mentions",),
    "looks": ("viewer_id",),
    "hand_overs": ("manager_id",),
    "delegations": ("viewer_ids", "mentions"),
}
"""The declared keys that hold ids of people other than the owner; a test holds them against the types."""


@frozen
class Erased:
    """What an erasure did, as counts, and what is left to do so that no raw file holds anything of it.

    ``is_scrubbed`` is False while others held on to an older state of the store: due work tries again.
    """

    report: ErasureReport
    is_scrubbed: bool
    left_to_do: tuple[str, ...] = field(default=())


def ledger_of(unit: ValueUnit) -> Ledger:
    """Give all erasures of the tenant."""
    return Ledger(tuple(unit.all_of(ORGANISATION, Erasure)))


def erasure_plan(desk: Desk, unit: ValueUnit, person: Person) -> ErasurePlan:
    """Plan the erasure of a person from what a unit sees."""
    own = [Removal(record.collection, record.id) for record in unit.belongings(person.id)]
    ledger, today = ledger_of(unit), person.day_of(desk.now())
    return plan_erasure(
        person,
        today,
        own=own,
        own_moments=unit.all_of(person.id, TeamMoment),
        others=_others(unit, person),
        entry=ledger.of_person(person.id) or erasure_of(person, today, ledger.salt or _drawn(desk)),
        seed=_drawn(desk),
    )


def _drawn(desk: Desk) -> str:
    return f"{desk.random.getrandbits(128):032x}"


def _others(unit: ValueUnit, person: Person) -> Iterator[Any]:
    """Give each record of others that may mention a person, once: found by keys, and those of the organisation."""
    classes = {collection: cls for cls, (collection, _) in SHELVES.items()}
    searches = [(name, key, str(person.id)) for name, keys in KEYS_OF_PEOPLE.items() for key in keys]
    names = (person.id, person.external_id, person.email, person.display_name)
    searches += [("looks", "on_behalf_of", spoken_key(name)) for name in names if name]
    seen: set[str] = set()
    for collection, key, equals in searches:
        for value in unit.find(classes[collection], key, equals=equals):
            if value.id not in seen and not value.id.startswith(f"{person.id}.") and value.id != person.id:
                seen.add(value.id)
                yield value
    yield from unit.naming(ORGANISATION, person.id)


def erase(desk: Desk, plan: ErasureReport) -> Erased:
    """Carry out an erasure, all of it or nothing, and scrub the store; see :meth:`People.erase`."""
    desk.require_own_transaction("erasing")
    reindex(desk)  # what others have of her is found by keys
    return _scrubbed(desk, erase_unscrubbed(desk, plan))


def erase_unscrubbed(desk: Desk, plan: ErasureReport) -> ErasureReport:
    """Carry out an erasure, all of it or nothing; the store waits to be scrubbed."""
    with desk.writing() as unit:
        person = unit.one(Person, plan.person_id)
        fresh = erasure_plan(desk, unit, person)
        if fresh.holds and not plan.is_confirmed:
            raise PlanHeld([*fresh.holds, "nothing was changed; confirm the plan to erase this person all the same"])
        _carry_out(desk, unit, fresh)
    return fresh.report


def erase_leaver(desk: Desk, person_id: PersonId) -> bool:
    """Erase somebody who left, in one unit; gives whether: she may be back, or be erased by somebody else already."""
    with desk.writing() as unit:
        for person in unit.many(Person, [person_id]).values():
            plan = erasure_plan(desk, unit, person)
            if not plan.holds:
                _carry_out(desk, unit, plan)
                return True
    return False


def _carry_out(desk: Desk, unit: ValueUnit, plan: ErasurePlan) -> None:
    unit.drop(plan.removals)
    unit.save_all([*plan.changed, *plan.passed_on])
    told = unit.save_all(plan.told_anew)
    if not unit.known(Erasure, [plan.entry.id]):
        unit.save(plan.entry)
    unit.emit([Entry(d.id, DELIVERIES, d.id, d.due_at) for d in told if is_waiting(d)])
    ask_to_scrub(desk, unit)


def ask_to_scrub(desk: Desk, unit: ValueUnit) -> None:
    """Put into the outbox, in this unit, that the store is to be scrubbed of what the unit removes."""
    unit.emit([Entry(f"{ORGANISATION}:{SCRUBS}:{_drawn(desk)}", SCRUBS, ORGANISATION, desk.now())])


def _scrubbed(desk: Desk, report: ErasureReport) -> Erased:
    """Scrub, and tell what an erasure did."""
    try:
        left_to_do = scrub_if_asked(desk)
    except Unavailable:
        return Erased(report, is_scrubbed=False)
    return Erased(report, is_scrubbed=True, left_to_do=left_to_do)


def scrub_if_asked(desk: Desk) -> tuple[str, ...]:
    """Scrub the store if anything was removed since; gives what is left to do outside its reach.

    Raises:
        Unavailable: others hold on to an older state; it is asked for again in a while.
    """
    outbox, now = desk.store.outbox(desk.tenant), desk.now()
    asked = outbox.claim(SCRUBS, now=now, lease_until=now + SCRUB_LEASE, limit=1000)
    if not asked:
        return ()
    ids = [entry.id for entry in asked]
    try:
        left_to_do = desk.store.scrub()
    except Unavailable:
        for id_ in ids:
            outbox.postpone([id_], until=now + SCRUB_AGAIN)
        raise
    outbox.settle(ids)
    return tuple(left_to_do)


def due_after_a_restore(unit: ValueUnit, kept: Ledger) -> Iterator[str]:
    """Tell what a restore brought back, seen by the ledger of the store and by one that was kept outside it."""
    ledger = ledger_of(unit)
    if missing := len(kept.missing_in(ledger)):
        yield f"{missing} entries of the ledger that was kept outside are not in the store: {REPLAY}"
    if back := len(returned(unit, Ledger((*ledger.entries, *kept.entries)))):
        yield f"{back} people are here whom the ledger of erasures names: {REPLAY}"


def returned(unit: ValueUnit, ledger: Ledger) -> list[PersonId]:
    """Give those whom a ledger names and whose records are here, as after a restore."""
    return [person.id for person in unit.find(Person) if ledger.of_person(person.id)] if ledger.entries else []


def remember(desk: Desk, ledger: Ledger) -> int:
    """Take entries over from a ledger that was kept outside the store; gives how many were new."""
    with desk.writing() as unit:
        missing = ledger.missing_in(ledger_of(unit))
        unit.save_all(missing)
    return len(missing)


def replay(desk: Desk, kept: Ledger) -> tuple[Erased, ...]:
    """Erase again whom the ledger names; see :meth:`People.replay_erasures`."""
    remember(desk, kept)
    with desk.reading() as unit:
        back = returned(unit, ledger_of(unit))
        plans = [erasure_plan(desk, unit, unit.one(Person, id_)).report.confirmed() for id_ in back]
    return tuple(erase(desk, plan) for plan in plans)
