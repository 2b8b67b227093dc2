"""The memory store (``memory:``): for tests, notebooks and a first look. Gone when the process ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from itertools import chain
from threading import RLock

from attrs import define, evolve, field

from ownership.errors import Conflict
from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Kind, RegisterAdapter
from ownership.ports.storage import (
    Changes,
    Entry,
    Outbox,
    Record,
    Turns,
    Unit,
    owner_of,
    refuse_half_characters,
    refuse_nameless,
)


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register the store under ``memory:``."""
    register(
        Adapter(
            kind=Kind.STORAGE,
            schemes=("memory",),
            factory=open_memory,
            summary="keeps everything in memory, gone when the process ends",
            capabilities=frozenset({"outbox.claim", "units.serial"}),
            egress=frozenset(),
        )
    )


def open_memory(address: Address) -> MemoryStore:
    """Make an empty store."""
    address.only()
    return MemoryStore()


@define
class _Lease:
    entry: Entry
    until: datetime | None = None


@define
class _Tenant:
    """What one tenant has: records and keys by collection, and the outbox."""

    records: dict[str, dict[str, Record]] = field(factory=dict)
    keyed: dict[tuple[str, str, str], set[str]] = field(factory=dict)
    outbox: dict[str, _Lease] = field(factory=dict)

    def replace(self, record: Record) -> None:
        self.remove(record.collection, record.id)
        self.records.setdefault(record.collection, {})[record.id] = record
        for key, value in record.keys:
            self.keyed.setdefault((record.collection, key, value), set()).add(record.id)

    def remove(self, collection: str, id_: str) -> None:
        gone = self.records.get(collection, {}).pop(id_, None)
        for key, value in set(gone.keys) if gone else ():
            ids = self.keyed[collection, key, value]
            ids.discard(id_)
            if not ids:  # a value can be a person's e-mail: it goes with her
                del self.keyed[collection, key, value]


ADAPTER = "memory store"


class _MemoryUnit:
    """A unit that writes at once and remembers how to undo it."""

    def __init__(self, tenant: _Tenant, *, writes: bool) -> None:
        self._tenant = tenant
        self.changes = Changes(ADAPTER, writes=writes)
        self._before: dict[tuple[str, str], Record | None] = {}
        self._emitted: list[str] = []
        self._withdrawn: dict[str, _Lease] = {}

    def get(self, collection: str, ids: Sequence[str]) -> Sequence[Record]:
        refuse_half_characters(collection, *ids)
        records = self._tenant.records.get(collection, {})
        return [records[id_] for id_ in sorted(set(ids)) if id_ in records]

    def owned(self, owner_id: str, collections: Sequence[str]) -> Sequence[Record]:
        refuse_half_characters(owner_id, *collections)
        return [
            record
            for collection in sorted(set(collections))
            for id_, record in sorted(self._tenant.records.get(collection, {}).items())
            if owner_of(id_) == owner_id
        ]

    def find(
        self,
        collection: str,
        key: str = "",
        *,
        equals: str | None = None,
        before: str | None = None,
        after_id: str = "",
        limit: int | None = None,
    ) -> Iterator[Record]:
        refuse_half_characters(collection, key, equals or "", before or "", after_id)
        records = self._tenant.records.get(collection, {})
        if key and equals is not None:
            ids = set(self._tenant.keyed.get((collection, key, equals), ()))
        elif key:
            ids = {
                id_
                for id_, r in records.items()
                for name, value in r.keys
                if name == key and (before is None or value < before)
            }
        else:
            ids = set(records)
        wanted = sorted(id_ for id_ in ids if id_ > after_id)
        return iter([records[id_] for id_ in wanted[:limit]])

    def _stored(self, collection: str, id_: str) -> Record | None:
        return self._tenant.records.get(collection, {}).get(id_)

    def _remember(self, collection: str, id_: str) -> None:
        self._before.setdefault((collection, id_), self._stored(collection, id_))

    def put(self, records: Sequence[Record]) -> None:
        with self.changes:
            for record in records:
                refuse_half_characters(record.collection, record.id, record.body, *chain.from_iterable(record.keys))
                stored = self._stored(record.collection, record.id)
                if (stored.version if stored else 0) != record.version - 1:
                    raise Conflict(record.collection, record.id)
                self._remember(record.collection, record.id)
                self._tenant.replace(record)

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        with self.changes:
            refuse_half_characters(collection, *ids)
            gone = set(ids)
            for id_ in gone:
                self._remember(collection, id_)
                self._tenant.remove(collection, id_)
            for lease in [lease for lease in self._tenant.outbox.values() if lease.entry.about in gone]:
                del self._tenant.outbox[lease.entry.id]
                if lease.entry.id not in self._emitted:
                    self._withdrawn[lease.entry.id] = lease

    def emit(self, entries: Sequence[Entry]) -> None:
        with self.changes:
            for entry in entries:
                refuse_half_characters(entry.id, entry.topic, entry.about)
                if entry.id not in self._tenant.outbox:
                    self._tenant.outbox[entry.id] = _Lease(entry)
                    self._emitted.append(entry.id)

    def undo(self) -> None:
        for (collection, id_), record in self._before.items():
            if record is None:
                self._tenant.remove(collection, id_)
            else:
                self._tenant.replace(record)
        for id_ in self._emitted:
            self._tenant.outbox.pop(id_, None)
        self._tenant.outbox |= self._withdrawn


class _MemoryOutbox:
    """The outbox of one tenant."""

    def __init__(self, tenant: _Tenant, turn: Callable[[], AbstractContextManager[None]]) -> None:
        self._leases = tenant.outbox
        self._turn = turn

    def claim(self, topic: str, *, now: datetime, lease_until: datetime, limit: int) -> Sequence[Entry]:
        refuse_half_characters(topic)
        with self._turn():
            due = [
                lease
                for lease in self._leases.values()
                if lease.entry.topic == topic
                and lease.entry.due_at <= now
                and (lease.until is None or lease.until <= now)
            ]
            due.sort(key=lambda lease: (lease.entry.due_at, lease.entry.id))
            for lease in due[:limit]:
                lease.entry = evolve(lease.entry, attempts=lease.entry.attempts + 1)
                lease.until = lease_until
            return [lease.entry for lease in due[:limit]]

    def settle(self, ids: Sequence[str]) -> None:
        refuse_half_characters(*ids)
        with self._turn():
            for id_ in ids:
                self._leases.pop(id_, None)

    def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
        refuse_half_characters(*ids)
        with self._turn():
            for lease in filter(None, map(self._leases.get, ids)):
                lease.entry = evolve(lease.entry, due_at=until)
                lease.until = None

    def pending(self, topic: str) -> int:
        refuse_half_characters(topic)
        with self._turn():
            return sum(lease.entry.topic == topic for lease in self._leases.values())


class MemoryStore:
    """A store in memory. Units of all threads take turns."""

    def __init__(self) -> None:
        self._tenants: dict[str, _Tenant] = {}
        self._lock = RLock()
        self._turns = Turns(ADAPTER)

    @contextmanager
    def _turn(self, tenant: str, *, reads: bool = False) -> Iterator[None]:
        with self._turns.taken(tenant, reads=reads), self._lock:
            yield

    def _tenant(self, tenant: str) -> _Tenant:
        refuse_nameless(tenant)
        return self._tenants.setdefault(tenant, _Tenant())

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Unit]:
        """Open a unit that only reads."""
        with self._turn(tenant, reads=True):
            yield _MemoryUnit(self._tenant(tenant), writes=False)

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Unit]:
        """Open a unit that is undone when its block raises."""
        with self._turn(tenant):
            unit = _MemoryUnit(self._tenant(tenant), writes=True)
            try:
                yield unit
                unit.changes.confirm()
            except BaseException:
                unit.undo()
                raise

    def outbox(self, tenant: str) -> Outbox:
        """Give the outbox of a tenant."""
        return _MemoryOutbox(self._tenant(tenant), partial(self._turn, tenant))

    def check(self) -> Sequence[str]:
        """Find nothing wrong: there is no file that could be damaged."""
        return ()

    def scrub(self) -> Sequence[str]:
        """Find nothing to do: what was removed is nowhere, for there is no file."""
        return ()

    def close(self) -> None:
        """Let everything go."""
        self._tenants.clear()
