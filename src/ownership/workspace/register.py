"""The register of processing of a workspace: what it stores, with its own settings and adapters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import asdict

from ownership.domain.cohorts import FLOOR
from ownership.domain.directory import Guard
from ownership.domain.publication import EDGES, STEP, ReleasePlan
from ownership.domain.register import Register, RegisteredAdapter, register_of
from ownership.ports.adapters import Adapter
from ownership.ports.storage import Entry
from ownership.workspace.desk import Desk
from ownership.workspace.records import NOUNS

OUTBOX_ENTRY = "outbox entry"
"""What an entry of the outbox is called: it is stored, and in no collection."""


def register_at(desk: Desk) -> Register:
    """Give the register of processing of a workspace."""
    stored = {noun: cls for cls, noun in NOUNS.items()} | {OUTBOX_ENTRY: Entry}
    adapters = tuple(_registered(adapter) for adapter in desk.adapters)
    return register_of(stored | dict(_kept_by(desk.adapters)), desk.retention, _settings(desk), adapters)


def _settings(desk: Desk) -> Mapping[str, str]:
    """Give the settings that a promise of privacy hangs on; those of retention are the register's own.

    The threshold and bands are those of the latest pulse, else those with which the first one opens.
    """
    guards = {f"guard.{name}": str(share) for name, share in asdict(Guard()).items()}
    with desk.reading() as unit:
        plan = next(iter(unit.find(ReleasePlan, "latest", equals="latest")), None)
    return {
        "channels": ", ".join(scheme for scheme, _ in desk.channels) or "none",
        "pulse.threshold": str(plan.threshold if plan else FLOOR),
        "pulse.bands": ", ".join(f"{edge:g}" for edge in (plan.edges if plan else EDGES[STEP])),
        **guards,
    }


def _name_of(adapter: Adapter) -> str:
    return f"{adapter.kind}.{adapter.schemes[0]}"


def _registered(adapter: Adapter) -> RegisteredAdapter:
    egress = None if adapter.egress is None else tuple(sorted(adapter.egress))
    return RegisteredAdapter(_name_of(adapter), adapter.summary, egress)


def _kept_by(adapters: Iterable[Adapter]) -> Iterator[tuple[str, type[Any]]]:
    """Give the classes that adapters store of their own, each named after its adapter."""
    for adapter in adapters:
        for cls in adapter.keeps:
            yield f"{_name_of(adapter)} {cls.__name__}", cls
