"""Any order of calls is the same on the store and on a plain model: zero differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import partial

from attrs import define, evolve, field
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ownership.errors import Conflict
from ownership.ports.storage import Entry, Record, Unit
from ownership.testing.laws import law
from ownership.testing.stores.outboxes import CLAIM
from ownership.testing.stores.place import StoreLaws
from ownership.testing.stores.vocabulary import told

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
BODY = st.sampled_from(["{}", "", "👩🏽‍💻", "\u202e", "x" * 20_000])
TOPIC = st.sampled_from(["mail", "fact"])
ENTRY_ID = st.sampled_from([f"e{number}" for number in range(8)])
WHEN = st.integers(-3, 3).map(lambda minutes: minutes * MINUTE)
ABOUT = st.sampled_from(["p.g1", "p.g2", "P.g1"])
ENTRY = st.builds(lambda id_, topic, about, due: Entry(id_, topic, about, START + due), ENTRY_ID, TOPIC, ABOUT, WHEN)
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
    """What one tenant should have: the port in plain dicts."""

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

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        """Remove records, and what the outbox says about them."""
        for id_ in ids:
            self.records.pop((collection, id_), None)
        self.outbox = {key: waiting for key, waiting in self.outbox.items() if waiting.entry.about not in ids}

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


class Machine(RuleBasedStateMachine):
    """Any order of units, reads and calls of the outbox, the same on the store and on the model."""

    def __init__(self, contract: StoreLaws) -> None:
        super().__init__()
        self._open = ExitStack()
        self.place = self._open.enter_context(contract.place())
        self.claimed = contract.claimed()
        self.models = {"acme": Model(), "other": Model()}
        self.now = START

    def teardown(self) -> None:
        """Leave nothing behind."""
        self._open.close()

    def write(self, tenant: str, work: Sequence[Work], error: type[BaseException] | None = None) -> None:
        """Do work in one unit of the store, and on the model; who raises has changed nothing."""
        model = deepcopy(self.models[tenant])
        expected: object
        try:
            expected = carry_out(model, work, error)
            self.models[tenant] = model
        except (Conflict, KeyError, KeyboardInterrupt) as raised:
            expected = type(raised), str(raised)
        got: object
        try:
            with self.place.store.writing(tenant) as unit:
                got = carry_out(unit, work, error)
        except (Conflict, KeyError, KeyboardInterrupt) as raised:
            got = type(raised), str(raised)
        assert got == expected

    def read(self, tenant: str, look: Callable[[Unit], Iterable[Record]]) -> None:
        """Look into the store, and see what the model has."""
        with self.place.store.reading(tenant) as unit:
            assert told(look(unit)) == told(look(self.models[tenant]))

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
        """Remove records, there or not."""
        collection, ids = data.draw(COLLECTION), data.draw(st.lists(IDS, max_size=4))
        ahead.remove(collection, ids)
        return lambda unit: unit.remove(collection, ids)

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

    @precondition(lambda self: CLAIM in self.claimed)
    @rule(tenant=TENANT, topic=TOPIC, lease=WHEN, limit=st.integers(0, 5))
    def claim(self, tenant: str, topic: str, lease: timedelta, limit: int) -> None:
        """Claim what is due."""
        now, until = self.now, self.now + lease
        expected = self.models[tenant].claim(topic, now=now, lease_until=until, limit=limit)
        got = self.place.store.outbox(tenant).claim(topic, now=now, lease_until=until, limit=limit)
        assert list(got) == expected

    @precondition(lambda self: CLAIM in self.claimed)
    @rule(tenant=TENANT, ids=st.lists(ENTRY_ID, max_size=3))
    def settle(self, tenant: str, ids: list[str]) -> None:
        """Settle entries, claimed or not, there or not."""
        for id_ in ids:
            self.models[tenant].outbox.pop(id_, None)
        self.place.store.outbox(tenant).settle(ids)

    @precondition(lambda self: CLAIM in self.claimed)
    @rule(tenant=TENANT, ids=st.lists(ENTRY_ID, max_size=3), delay=WHEN)
    def postpone(self, tenant: str, ids: list[str], delay: timedelta) -> None:
        """Postpone entries, claimed or not, there or not."""
        until = self.now + delay
        for id_ in set(ids) & self.models[tenant].outbox.keys():
            waiting = self.models[tenant].outbox[id_]
            self.models[tenant].outbox[id_] = Waiting(evolve(waiting.entry, due_at=until))
        self.place.store.outbox(tenant).postpone(ids, until=until)

    @rule(tenant=TENANT, topic=TOPIC)
    def pending(self, tenant: str, topic: str) -> None:
        """Count what is not settled."""
        count = sum(waiting.entry.topic == topic for waiting in self.models[tenant].outbox.values())
        assert self.place.store.outbox(tenant).pending(topic) == count

    @rule(minutes=st.integers(0, 4))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.now += minutes * MINUTE

    @precondition(lambda self: self.place.url and "durable" in self.claimed)
    @rule()
    def reopen(self) -> None:
        """Close the store and open its place again: everything is still there."""
        assert list(self.place.store.check()) == []
        self.place.reopen()

    @invariant()
    def all_is_the_same(self) -> None:
        """Both tenants have in the store what the model says."""
        for tenant in self.models:
            self.read(tenant, everything)


class History(StoreLaws):
    """The law that finds what nobody thought of."""

    @law(
        "STO-060",
        why="Examples test what somebody thought of; a history of any calls in any order finds the rest.",
        causes=(
            "whatever the other laws do not name: read the falsifying example from its end",
            "a second store cannot be opened, since close() gave nothing back: Hypothesis calls that inconsistent",
        ),
    )
    def test_sto_060_any_history_is_that_of_the_model(self) -> None:
        """After any history of calls the store answers as a plain model in dicts does."""
        run_state_machine_as_test(partial(Machine, self), settings=self.effort.settings())  # type: ignore[arg-type]
