"""The same history on the memory store, on SQLite, on PostgreSQL and on a plain dict: zero differences."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from attrs import define, evolve, field
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ownership.adapters.storage.memory import MemoryStore
from ownership.adapters.storage.sqlalchemy.store import SqlStore, open_postgresql
from ownership.adapters.storage.sqlite import SqliteStore
from ownership.errors import Conflict
from ownership.ports.adapters import Address
from ownership.ports.storage import Entry, Record, Store, Unit

Keys = tuple[tuple[str, str], ...]
Work = Callable[[Unit], object]

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

COLLECTIONS = ("goals", "feedback")
OWNERS = ("p", "p1", "P", "é", "\uffff", "\U0001f600")
VALUES = ("", "2026-01-01", "2026-01-02", "open", "Open", "\uffff", "\U0001f600")

TENANT = st.sampled_from(["acme", "other"])
COLLECTION = st.sampled_from(COLLECTIONS)
OWNER = st.sampled_from(OWNERS)
IDS = st.sampled_from([*OWNERS, *(f"{owner}.{local}" for owner in OWNERS for local in ("g1", "g10", "g2", "a.b", ""))])
KEY = st.sampled_from(["status", "team"])
VALUE = st.sampled_from(VALUES)
KEYS = st.lists(st.tuples(KEY, VALUE), max_size=4).map(tuple)
BODY = st.sampled_from(["{}", "", "\x07", "👩🏽‍💻", "\u202e", "x" * 20_000])
TOPIC = st.sampled_from(["mail", "fact"])
ENTRY_ID = st.sampled_from([f"e{number}" for number in range(8)])
WHEN = st.integers(-3, 3).map(lambda minutes: minutes * MINUTE)
ENTRY = st.builds(lambda id_, topic, due: Entry(id_, topic, "p.g1", START + due), ENTRY_ID, TOPIC, WHEN)
LIMIT = st.one_of(st.none(), st.integers(0, 5))
MOSTLY_RIGHT = st.sampled_from([0] * 18 + [-1, 1])
ERROR = st.sampled_from([None, None, None, KeyError, KeyboardInterrupt])


@define
class Waiting:
    """An entry of the model's outbox, and until when it is leased."""

    entry: Entry
    until: datetime = START - timedelta(days=1)


@define
class Model:
    """What one tenant should have."""

    records: dict[tuple[str, str], Record] = field(factory=dict)
    outbox: dict[str, Waiting] = field(factory=dict)

    def get(self, collection: str, ids: Sequence[str]) -> Sequence[Record]:
        """Give records by id."""
        return [r for (name, id_), r in sorted(self.records.items()) if name == collection and id_ in ids]

    def owned(self, owner_id: str, collections: Sequence[str]) -> Sequence[Record]:
        """Give all of one owner."""
        return [r for (name, _), r in sorted(self.records.items()) if name in collections and r.owner_id == owner_id]

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
        """Give what has a key of some value."""

        def matches(value: str) -> bool:
            return value == equals if equals is not None else before is None or value < before

        found = [
            record
            for (name, id_), record in sorted(self.records.items())
            if name == collection and id_ > after_id
            if not key or any(name == key and matches(value) for name, value in record.keys)
        ]
        return iter(found[:limit])

    def put(self, records: Sequence[Record]) -> None:
        """Put records, each over the version before its own."""
        for record in records:
            if record.version != self.version(record.collection, record.id) + 1:
                raise Conflict(record.collection, record.id)
            self.records[record.collection, record.id] = record

    def version(self, collection: str, id_: str) -> int:
        """Give the version of a record, 0 when it is not there."""
        stored = self.records.get((collection, id_))
        return stored.version if stored else 0

    def remove(self, collection: str, id_: str) -> None:
        """Remove a record, and what the outbox says about it."""
        self.records.pop((collection, id_), None)
        self.outbox = {key: waiting for key, waiting in self.outbox.items() if waiting.entry.about != id_}

    def emit(self, entries: Sequence[Entry]) -> None:
        """Add the entries that are not there."""
        for entry in entries:
            self.outbox.setdefault(entry.id, Waiting(entry))

    def claim(self, topic: str, *, now: datetime, lease_until: datetime, limit: int) -> Sequence[Entry]:
        """Lease what is due and free."""
        due = [w for w in self.outbox.values() if w.entry.topic == topic and w.entry.due_at <= now and w.until <= now]
        due = sorted(due, key=lambda w: (w.entry.due_at, w.entry.id))[:limit]
        for waiting in due:
            waiting.entry = evolve(waiting.entry, attempts=waiting.entry.attempts + 1)
            waiting.until = lease_until
        return [waiting.entry for waiting in due]


def told(records: Iterable[Record]) -> list[Record]:
    """Give all of some records but their keys, which a store need not give back."""
    return [evolve(record, keys=()) for record in records]


def everything(unit: Unit) -> list[Record]:
    """Give all that a unit sees."""
    return [record for collection in COLLECTIONS for record in told(unit.find(collection))]


def carry_out(unit: Unit, work: Iterable[Work], error: type[BaseException] | None) -> list[list[Record]]:
    """Do pieces of work one after the other, tell what the unit saw after each, and raise in the end."""
    seen = []
    for piece in work:
        piece(unit)
        seen.append(everything(unit))
    if error:
        raise error
    return seen


class History(RuleBasedStateMachine):
    """Any order of units, reads and calls of the outbox, the same on each store and on the model."""

    new_database: ClassVar[Callable[[], str]]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.url = type(self).new_database()
        self.memory = MemoryStore()
        self.sqlite, self.postgresql = self.opened()
        self.models = {"acme": Model(), "other": Model()}
        self.now = START

    def opened(self) -> tuple[SqliteStore, SqlStore]:
        """Open the file and the database."""
        return SqliteStore(self.folder / "store.db", synchronous="NORMAL"), open_postgresql(Address.parse(self.url))

    def stores(self) -> Iterator[Store]:
        """Give each store."""
        yield self.memory
        yield self.sqlite
        yield self.postgresql

    def teardown(self) -> None:
        """Leave no file and no connection behind."""
        self.sqlite.close()
        self.postgresql.close()
        shutil.rmtree(self.folder)

    def same(self, expected: object, ask: Callable[[Store], object]) -> None:
        """Ask each store, and see that it answers as the model does."""
        for store in self.stores():
            assert ask(store) == expected, type(store).__name__

    def write(self, tenant: str, work: Sequence[Work], error: type[BaseException] | None = None) -> None:
        """Do work in one unit of each store, and on the model; who raises has changed nothing."""
        model = deepcopy(self.models[tenant])
        expected: object
        try:
            expected = carry_out(model, work, error)
            self.models[tenant] = model
        except (Conflict, KeyError, KeyboardInterrupt) as raised:
            expected = type(raised), str(raised)

        def attempt(store: Store) -> object:
            try:
                with store.writing(tenant) as unit:
                    return carry_out(unit, work, error)
            except (Conflict, KeyError, KeyboardInterrupt) as raised:
                return type(raised), str(raised)

        self.same(expected, attempt)

    def read(self, tenant: str, look: Callable[[Unit], Iterable[Record]]) -> None:
        """Look into each store, and see what the model has."""

        def ask(store: Store) -> list[Record]:
            with store.reading(tenant) as unit:
                return told(look(unit))

        self.same(told(look(self.models[tenant])), ask)

    @initialize(tenant=TENANT, ids=st.lists(IDS, min_size=5, unique=True), keys=KEYS)
    def begin(self, tenant: str, ids: list[str], keys: Keys) -> None:
        """Begin with some records, so that there is something to find."""
        self.write(tenant, [lambda unit: unit.put([Record("goals", id_, 1, "{}", keys) for id_ in ids])])

    @rule(tenant=TENANT, data=st.data(), pieces=st.integers(0, 5), error=ERROR)
    def unit(self, tenant: str, data: st.DataObject, pieces: int, error: type[BaseException] | None) -> None:
        """Put, remove and emit in one unit, which may meet a conflict on its way or raise in the end."""
        ahead = deepcopy(self.models[tenant])
        work = [
            data.draw(st.sampled_from([self.a_put, self.a_removal, self.an_emission]))(data, ahead)
            for _ in range(pieces)
        ]
        self.write(tenant, work, error)

    def a_put(self, data: st.DataObject, ahead: Model) -> Work:
        """Put records, mostly at the right version."""
        records = []
        for collection, id_, body, keys in data.draw(st.lists(st.tuples(COLLECTION, IDS, BODY, KEYS), max_size=5)):
            right = Record(collection, id_, ahead.version(collection, id_) + 1, body, keys)
            ahead.put([right])
            records.append(evolve(right, version=right.version + data.draw(MOSTLY_RIGHT)))
        return lambda unit: unit.put(records)

    def a_removal(self, data: st.DataObject, ahead: Model) -> Work:
        """Remove a record, there or not."""
        collection, id_ = data.draw(COLLECTION), data.draw(IDS)
        ahead.remove(collection, id_)
        return lambda unit: unit.remove(collection, id_)

    def an_emission(self, data: st.DataObject, _: Model) -> Work:
        """Emit entries, new or not."""
        entries = data.draw(st.lists(ENTRY, max_size=3))
        return lambda unit: unit.emit(entries)

    @rule(tenant=TENANT, collection=COLLECTION, ids=st.lists(IDS, max_size=9))
    def get(self, tenant: str, collection: str, ids: list[str]) -> None:
        """Get records by id."""
        self.read(tenant, lambda unit: unit.get(collection, ids))

    @rule(tenant=TENANT, owner=OWNER, collections=st.lists(COLLECTION, max_size=3))
    def owned(self, tenant: str, owner: str, collections: list[str]) -> None:
        """Get all of one owner."""
        self.read(tenant, lambda unit: unit.owned(owner, collections))

    @rule(
        tenant=TENANT,
        collection=COLLECTION,
        key=st.one_of(KEY, st.just("")),
        equals=st.one_of(st.none(), VALUE),
        before=st.one_of(st.none(), VALUE),
        after_id=st.one_of(st.just(""), IDS),
        limit=LIMIT,
    )
    def find(
        self,
        *,
        tenant: str,
        collection: str,
        key: str,
        equals: str | None,
        before: str | None,
        after_id: str,
        limit: int | None,
    ) -> None:
        """Find records by a key, in pages."""
        self.read(
            tenant,
            lambda unit: unit.find(collection, key, equals=equals, before=before, after_id=after_id, limit=limit),
        )

    @rule(tenant=TENANT, topic=TOPIC, lease=WHEN, limit=st.integers(0, 5))
    def claim(self, tenant: str, topic: str, lease: timedelta, limit: int) -> None:
        """Claim what is due."""
        now, until = self.now, self.now + lease
        self.same(
            self.models[tenant].claim(topic, now=now, lease_until=until, limit=limit),
            lambda store: list(store.outbox(tenant).claim(topic, now=now, lease_until=until, limit=limit)),
        )

    @rule(tenant=TENANT, ids=st.lists(ENTRY_ID, max_size=3))
    def settle(self, tenant: str, ids: list[str]) -> None:
        """Settle entries, claimed or not, there or not."""
        for id_ in ids:
            self.models[tenant].outbox.pop(id_, None)
        self.same(None, lambda store: store.outbox(tenant).settle(ids))

    @rule(tenant=TENANT, ids=st.lists(ENTRY_ID, max_size=3), delay=WHEN)
    def postpone(self, tenant: str, ids: list[str], delay: timedelta) -> None:
        """Postpone entries, claimed or not, there or not."""
        until = self.now + delay
        for id_ in set(ids) & self.models[tenant].outbox.keys():
            waiting = self.models[tenant].outbox[id_]
            self.models[tenant].outbox[id_] = Waiting(evolve(waiting.entry, due_at=until))
        self.same(None, lambda store: store.outbox(tenant).postpone(ids, until=until))

    @rule(tenant=TENANT, topic=TOPIC)
    def pending(self, tenant: str, topic: str) -> None:
        """Count what is not settled."""
        count = sum(waiting.entry.topic == topic for waiting in self.models[tenant].outbox.values())
        self.same(count, lambda store: store.outbox(tenant).pending(topic))

    @rule(minutes=st.integers(0, 4))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.now += minutes * MINUTE

    @rule()
    def reopen(self) -> None:
        """Close what can be closed and open it again: everything is still there."""
        for store in (self.sqlite, self.postgresql):
            assert list(store.check()) == []
            store.close()
        self.sqlite, self.postgresql = self.opened()

    @invariant()
    def all_is_the_same(self) -> None:
        """Both tenants have in each store what the model says."""
        for tenant in self.models:
            self.read(tenant, everything)


def test_history(postgres: Any) -> None:
    """Any history is the same on memory, on SQLite, on PostgreSQL and on the model."""
    History.new_database = postgres.new
    run_state_machine_as_test(History, settings=settings(stateful_step_count=30))
