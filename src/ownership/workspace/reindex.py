"""Keys of a later release: what was stored before they were declared is written anew, so that it can be found by them.

Keys are told when a record is put, and a store cannot work them out. So each tenant keeps the names of the keys with
which all of its records were stored; where this release declares more, the records that have such keys are put again.
"""

from __future__ import annotations

from functools import partial

from ownership.domain.people import Person
from ownership.workspace.desk import Desk, repeatedly
from ownership.workspace.records import ORGANISATION

BATCH = 100
"""People whose records are looked through in one unit of work."""


def keys_due(desk: Desk) -> tuple[str, ...]:
    """Give the declared keys that older records may lack, as ``collection.key``."""
    with desk.reading() as unit:
        return tuple(sorted(unit.keys_lacking()))


def reindex(desk: Desk) -> int:
    """Write anew what lacks keys of this release; gives how many records. See :meth:`Workspace.reindex`."""
    with desk.reading() as unit:
        lacking = unit.keys_lacking()
        owners = [ORGANISATION, *(person.id for person in unit.find(Person))] if lacking else []
    batches = [owners[start : start + BATCH] for start in range(0, len(owners), BATCH)]
    written = sum(repeatedly(partial(_write_anew, desk, lacking, batch)) for batch in batches)
    if lacking:
        repeatedly(partial(_remember, desk))
    return written


def _write_anew(desk: Desk, lacking: frozenset[str], owners: list[str]) -> int:
    with desk.writing() as unit:
        return sum(unit.write_anew(owner, lacking) for owner in owners)


def _remember(desk: Desk) -> int:
    with desk.writing() as unit:
        unit.remember_keys()
    return 0
