"""Any order of calls is the same on the store and on a plain model: zero differences.

A history is short, so its calls are made to meet: there are few ids and values, all of them awkward, one find is a find
with each of its arguments given and left out, and what is done to an entry of the outbox goes on with the same entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import TypeVar

from attrs import define, evolve, field, frozen
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ownership.errors import Conflict, InvalidInput
from ownership.ports.storage import Entry, Outbox, Record, Unit, refuse_half_characters
from ownership.testing.laws import law
from ownership.testing.stores.outboxes import CLAIM
from ownership.testing.stores.place import StoreLaws
from ownership.testing.stores.vocabulary import HALF, told

Keys = tuple[tuple[str, str], ...]
Value = TypeVar("Value")

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONG = timedelta(hours=1)
"""After so long every lease is over."""

COLLECTIONS = ("goals", "feedback")
TOPICS = ("mail", "fact")
IDS = ("p.g1", "p.g10", "p.g2", "p", "p.", "p1.g1", "P.g1", "é.a.b", "\uffff.g1", "\U0001f600.g1")

VALUES = ("open", "open", "", "Open", "\uffff", "\U0001f600")
PIECES = ("put", "put", "put", "put twice", "put stale", "put half", "remove", "remove", "emit")
CALLS = ("claim", "claim", "claim late", "settle", "postpone", "postpone", "emit", "remove", "undo")
REFUSALS = (Conflict, InvalidInput)
"""What a call to a unit raises here."""
ERRORS = (KeyError, KeyboardInterrupt)
"""What the block of a unit raises here."""


def few(*values: Value) -> st.SearchStrategy[tuple[Value, ...]]:
    """Give one or two of some values, in one choice: many small choices take longer than what they are for."""
    return st.sampled_from([*product(values), *product(values, repeat=2)])


TENANT = st.sampled_from(["acme", "acme", "acme", "other"])
COLLECTION = st.sampled_from(["goals", "goals", "feedback"])
ID = st.sampled_from([*IDS[:3], *IDS])
SOME_IDS = few(*IDS)
OWNER = st.sampled_from(["p", "p", "p1", "P", "é", "\uffff"])
VALUE = st.sampled_from(VALUES)
KEYED = few(*product(("status", "status", "team"), VALUES))
KEYS = st.one_of(st.just(()), KEYED)
TOPIC = st.sampled_from(TOPICS)
ENTRY_IDS = few("e1", "e2", "e3")
MINUTES = range(-3, 4)
BODY = st.sampled_from(["{}", "", "👩🏽‍💻", "\u202e", "x" * 20_000])
LIMIT = st.sampled_from([2, 0, 1, 3])


@frozen
class Waiting:
    """An entry of the model's outbox, and until when it is leased."""

    entry: Entry
    until: datetime = START - timedelta(days=1)


@define
class Model:
    """What one tenant should have: the port in plain dicts."""

    records: dict[tuple[str, str], Record] = field(factory=dict)
    outbox: dict[str, Waiting] = field(factory=dict)

    def copy(self) -> Model:
        """Give another one that is the same."""
        return Model(dict(self.records), dict(self.outbox))

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
            refuse_half_characters(record.body)
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
        taken = [evolve(w.entry, attempts=w.entry.attempts + 1) for w in due]
        self.outbox |= {entry.id: Waiting(entry, lease_until) for entry in taken}
        return taken

    def settle(self, ids: Sequence[str]) -> None:
        """Let go of entries."""
        for id_ in ids:
            self.outbox.pop(id_, None)

    def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
        """End leases, and let entries be due at another moment."""
        for id_ in set(ids) & self.outbox.keys():
            self.outbox[id_] = Waiting(evolve(self.outbox[id_].entry, due_at=until))

    def pending(self, topic: str) -> int:
        """Count the entries of a topic."""
        return sum(waiting.entry.topic == topic for waiting in self.outbox.values())


def everything(unit: Unit) -> list[object]:
    """Give all that a unit sees, and what it finds by a key."""
    return [told(unit.find(collection, key)) for collection in COLLECTIONS for key in ("", "status")]


@frozen
class Look:
    """One look into a unit: some records, those of an owner, and a find with each argument given and left out."""

    collection: str
    ids: Sequence[str]
    owner_id: str
    key: str
    equals: str
    before: str
    after_id: str
    limit: int

    def __call__(self, unit: Unit) -> list[object]:
        """Look, and give what was seen."""
        given = product((None, self.equals), (None, self.before), ("", self.after_id), (None, self.limit))
        return [
            told(unit.get(self.collection, self.ids)),
            told(unit.owned(self.owner_id, [self.collection])),
            told(unit.owned(self.owner_id, COLLECTIONS)),
            *(
                (
                    told(unit.find(self.collection, self.key, equals=e, before=b, after_id=a, limit=limit)),
                    e,
                    b,
                    a,
                    limit,
                )
                for e, b, a, limit in given
            ),
        ]


LOOK = st.builds(
    Look,
    collection=COLLECTION,
    ids=SOME_IDS,
    owner_id=OWNER,
    key=st.sampled_from(["status", "status", "team", ""]),
    equals=VALUE,
    before=VALUE,
    after_id=ID,
    limit=LIMIT,
)


@frozen
class Piece:
    """One piece of the work in a unit: put, remove or emit."""

    what: str
    collection: str
    ids: Sequence[str]
    body: str
    keys: Keys
    entries: Sequence[Entry]

    def __call__(self, unit: Unit) -> None:
        """Do it."""
        match self.what:
            case "put":
                unit.put([self._next(unit, id_) for id_ in sorted(set(self.ids))])
            case "put twice":
                first = self._next(unit, self.ids[0])
                unit.put([first, evolve(first, version=first.version + 1, body="again", keys=())])
            case "put stale":
                first = self._next(unit, self.ids[0])
                unit.put([first, first])
            case "put half":
                unit.put([evolve(self._next(unit, self.ids[0]), body=HALF)])
            case "remove":
                unit.remove(self.collection, self.ids)
            case "emit":
                unit.emit(self.entries)

    def _next(self, unit: Unit, id_: str) -> Record:
        version = sum(there.version for there in unit.get(self.collection, [id_]))
        return Record(self.collection, id_, version + 1, self.body, self.keys)


def outcome(work: Callable[[], object]) -> object:
    """Give what a unit saw, or what it raised; a conflict says about which record it is."""
    try:
        return work()
    except (*REFUSALS, *ERRORS) as raised:
        return type(raised), str(raised) if isinstance(raised, Conflict) else ""


def agree(got: object, expected: object) -> None:
    """See that the store gives what the model does, or show the first difference.

    pytest would explain each of the hundreds of differences that are met while an example is made small.
    """
    if got == expected:
        return
    if isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected):
        for one, other in zip(got, expected, strict=True):
            agree(one, other)
    msg = f"the store gives\n  {got}\nand should give\n  {expected}\n(bodies are not shown)"
    raise AssertionError(msg)


class Machine(RuleBasedStateMachine):
    """Any order of units, reads and calls of the outbox, the same on the store and on the model."""

    def __init__(self, contract: StoreLaws) -> None:
        super().__init__()
        self._open = ExitStack()
        self.place = self._open.enter_context(contract.place())
        self.may_claim = CLAIM in contract.claimed()
        self.may_reopen = bool(self.place.url) and "durable" in contract.claimed()
        self.models = {"acme": Model(), "other": Model()}
        self.now = START

    def teardown(self) -> None:
        """Leave nothing behind."""
        self._open.close()

    def same(
        self, tenant: str, work: Callable[[Unit], object], error: type[BaseException] | None = None, *, swallows: bool
    ) -> None:
        """Do work in a unit of the store, and on the model: both see the same, and who raises has changed nothing."""

        def do(unit: Unit) -> object:
            seen = work(unit)
            if error:
                raise error
            return seen

        def on_the_store() -> object:
            with self.place.store.writing(tenant) as unit, suppress(*(REFUSALS if swallows else ())):
                return do(unit)
            return None  # unreachable, unless the store forgot what was swallowed

        model = self.models[tenant].copy()
        expected = outcome(lambda: do(model))
        agree(outcome(on_the_store), expected)
        if not isinstance(expected, tuple):
            self.models[tenant] = model

    @initialize(tenant=TENANT, keys=st.lists(KEYED, min_size=7, max_size=7))
    def begin(self, tenant: str, keys: Sequence[Keys]) -> None:
        """Begin with some records, so that there is something to find."""
        records = [Record("goals", id_, 1, "{}", each) for id_, each in zip(IDS, keys, strict=False)]
        self.same(tenant, lambda unit: unit.put(records), swallows=False)

    @rule(
        tenant=TENANT,
        collection=COLLECTION,
        ids=SOME_IDS,
        body=BODY,
        pieces=st.lists(st.tuples(st.sampled_from(PIECES), KEYS), max_size=4),
        entry_ids=ENTRY_IDS,
        topic=TOPIC,
        later=st.sampled_from(MINUTES),
        look=LOOK,
        error=st.sampled_from([None, None, None, *ERRORS]),
        swallows=st.booleans(),
    )
    def unit(
        self,
        *,
        tenant: str,
        collection: str,
        ids: Sequence[str],
        body: str,
        pieces: Sequence[tuple[str, Keys]],
        entry_ids: Sequence[str],
        topic: str,
        later: int,
        look: Look,
        error: type[BaseException] | None,
        swallows: bool,
    ) -> None:
        """Do pieces of work with the same records in one unit; a call may fail, which may be swallowed."""
        entries = [Entry(id_, topic, ids[0], self.now + later * MINUTE) for id_ in entry_ids]
        work = [Piece(what, collection, ids, body, keys, entries) for what, keys in pieces]

        def all_of_it(unit: Unit) -> object:
            seen = []
            for piece in work:
                piece(unit)
                seen.append(everything(unit))
            return [*seen, look(unit)]

        self.same(tenant, all_of_it, error, swallows=swallows)

    @rule(
        tenant=TENANT,
        ids=ENTRY_IDS,
        topic=TOPIC,
        about=ID,
        limit=LIMIT,
        calls=st.lists(st.sampled_from([*product(CALLS, MINUTES)]), min_size=1, max_size=8),
    )
    def work(
        self,
        *,
        tenant: str,
        ids: Sequence[str],
        topic: str,
        about: str,
        limit: int,
        calls: Sequence[tuple[str, int]],
    ) -> None:
        """Emit entries, and do one thing after the other with them."""
        for what, later in [("emit", 0), *calls]:
            when = self.now + later * MINUTE
            entries = [Entry(id_, topic, about, when) for id_ in ids]
            if what in ("emit", "remove", "undo"):
                self.entered(tenant, what, entries)
            elif self.may_claim:
                got = self.called(self.place.store.outbox(tenant), what, entries, limit)
                agree(got, self.called(self.models[tenant], what, entries, limit))
            for each in TOPICS:
                agree(self.place.store.outbox(tenant).pending(each), self.models[tenant].pending(each))

    def entered(self, tenant: str, what: str, entries: Sequence[Entry]) -> None:
        """Emit entries in a unit, or remove what they are about, or do both and undo it."""

        def do(unit: Unit) -> None:
            if what != "emit":
                unit.remove("goals", [each.about for each in entries])
            if what != "remove":
                unit.emit(entries)

        self.same(tenant, do, KeyError if what == "undo" else None, swallows=False)

    def called(self, outbox: Outbox, what: str, entries: Sequence[Entry], limit: int) -> list[Entry]:
        """Call an outbox, and give what was claimed."""
        when, topic, ids = entries[0].due_at, entries[0].topic, [each.id for each in entries]
        match what:
            case "settle":
                outbox.settle(ids)
            case "postpone":
                outbox.postpone(ids, until=when)
            case "claim":
                return list(outbox.claim(topic, now=self.now, lease_until=when, limit=limit))
            case "claim late":
                return list(outbox.claim(topic, now=self.now + LONG, lease_until=when, limit=9))
        return []

    @rule(tenant=TENANT, minutes=st.sampled_from([0, 1, 4]), reopens=st.sampled_from([False] * 4 + [True]), look=LOOK)
    def later(self, *, tenant: str, minutes: int, reopens: bool, look: Look) -> None:
        """Look some time later; the store may have been closed, and its place opened again."""
        self.now += minutes * MINUTE
        if reopens and self.may_reopen:
            agree(list(self.place.store.check()), [])
            self.place.reopen()
        with self.place.store.reading(tenant) as unit:
            agree(look(unit), look(self.models[tenant]))

    @invariant()
    def all_is_the_same(self) -> None:
        """Both tenants have in the store what the model says."""
        for tenant, model in self.models.items():
            with self.place.store.reading(tenant) as unit:
                agree(everything(unit), everything(model))


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
