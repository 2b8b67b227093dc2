"""Retention: what is past its term goes, in batches, found by declared keys and never by looking through everything."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ownership.domain.classification import Term
from ownership.domain.people import Person
from ownership.domain.retention import RetentionPlan, begun_before, plan_retention
from ownership.errors import Conflict
from ownership.workspace.desk import Desk
from ownership.workspace.erasure import ask_to_scrub, erase_leaver
from ownership.workspace.records import SHELVES

BATCH = 500
"""Records that go in one unit of work."""

WITH_TERM: Mapping[type[Any], tuple[str, Term]] = {
    cls: (collection, cls.keeping.term) for cls, (collection, _) in SHELVES.items() if cls.keeping.term
}
"""The stored classes with a term of their own, each with its collection; the key ``since`` says when that began."""


def let_go(desk: Desk) -> int:
    """Remove all that is past its term; gives how many records went, and people with all that was theirs."""
    things = sum(_let_go_of(desk, cls, collection, term) for cls, (collection, term) in WITH_TERM.items())
    return things + _let_leavers_go(desk)


def _let_go_of(desk: Desk, cls: type[Any], collection: str, term: Term) -> int:
    on = desk.now().date()
    before, after_id, gone = str(begun_before(term, desk.retention, on)), "", 0
    while True:
        with desk.reading() as unit:
            batch = list(unit.find(cls, "since", before=before, after_id=after_id, limit=BATCH))
        plan = plan_retention([(collection, thing) for thing in batch], (), desk.retention, on)
        with suppress(Conflict):  # somebody changes one of them at this moment: the next run lets go of them
            gone += _carry_out(desk, plan)
        if len(batch) < BATCH:
            return gone
        after_id = batch[-1].id


def _carry_out(desk: Desk, plan: RetentionPlan) -> int:
    if plan.removals:
        with desk.writing() as unit:
            unit.drop(plan.removals)
            ask_to_scrub(desk, unit)
    return len(plan.removals)


def _let_leavers_go(desk: Desk) -> int:
    on = desk.now().date()
    with desk.reading() as unit:
        before = str(begun_before(Term.AFTER_LEAVING, desk.retention, on))
        plan = plan_retention((), unit.find(Person, "left_on", before=before), desk.retention, on)
    gone = 0
    for id_ in plan.leavers:
        with suppress(Conflict):
            gone += erase_leaver(desk, id_)
    return gone
