"""Deliberately wrong stores, each of which one law was written for: so the contract proves that it sees.

Each animal is reached by a URL of its own, ``zoo-NAME:``, with ``?file=PATH`` when it keeps a file. Never keep anything
in one.
"""

from __future__ import annotations

import json
import sqlite3
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from threading import get_ident
from typing import Any, ClassVar

from attrs import evolve, frozen

from ownership.adapters.storage.memory import MemoryStore
from ownership.adapters.storage.sqlite import SqliteStore
from ownership.adapters.storage.sqlite.connections import LENDERS
from ownership.errors import Conflict, Unavailable
from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Kind, RegisterAdapter
from ownership.ports.storage import Entry, Record

SOUND = frozenset({"outbox.claim", "units.serial"})
DURABLE = SOUND | {"durable", "txn.join"}


class WrongUnit:
    """A unit that does most things as another does."""

    def __init__(self, unit: Any, store: Any, tenant: str) -> None:
        self.inner = unit
        self.store = store
        self.tenant = tenant

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def stored(self, record: Record) -> int:
        """The version that is stored, 0 when there is none."""
        return sum(got.version for got in self.inner.get(record.collection, [record.id]))


class WrongOutbox:
    """An outbox that does most things as another does."""

    def __init__(self, outbox: Any, store: Any, tenant: str) -> None:
        self.inner = outbox
        self.store = store
        self.tenant = tenant

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    @property
    def leases(self) -> Any:
        """What the memory store keeps of the entries."""
        return self.store.inner._tenants[self.tenant].outbox


class WrongStore:
    """A store that does most things as another does; each animal says in its docstring what it does wrong."""

    unit: ClassVar[Any] = WrongUnit
    box: ClassVar[Any] = WrongOutbox

    def __init__(self, address: Address) -> None:
        self.inner: Any = self.make(address)

    def make(self, address: Address) -> Any:
        """Make the store that does things right."""
        address.only()
        return MemoryStore()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Any]:
        """Open a unit that only reads."""
        with self.inner.reading(tenant) as unit:
            yield self.unit(unit, self, tenant)

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Open a unit that writes."""
        with self.inner.writing(tenant) as unit:
            yield self.unit(unit, self, tenant)

    def outbox(self, tenant: str) -> Any:
        """Give the outbox."""
        return self.box(self.inner.outbox(tenant), self, tenant)


class WrongFile(WrongStore):
    """A wrong store that keeps a file."""

    def make(self, address: Address) -> Any:
        """Open the file."""
        address.only("file")
        return SqliteStore(Path(address.option("file")), busy_seconds=30)

    def joined(self, connection: object) -> Any:
        """Work inside a transaction of the host's."""
        return self.inner.joined(connection)


@frozen
class Animal:
    """A wrong store: by what name it is reached, the law that it breaks, and others that cannot but see it too."""

    name: str
    law: str
    store: type[WrongStore]
    also: frozenset[str] = frozenset()
    capabilities: frozenset[str] = SOUND

    @property
    def scheme(self) -> str:
        """The scheme of its URL."""
        return f"zoo-{self.name}"

    @property
    def wrong(self) -> str:
        """What is wrong with it."""
        return str(self.store.__doc__).strip()

    @property
    def is_kept_in_a_file(self) -> bool:
        """Whether its URL needs a file."""
        return issubclass(self.store, WrongFile)


ANIMALS: list[Animal] = []
"""All animals of the zoo."""


def animal(
    law: str, *also: str, capabilities: frozenset[str] = SOUND
) -> Callable[[type[WrongStore]], type[WrongStore]]:
    """Put a wrong store into the zoo, under the law that was written for it."""

    def put(store: type[WrongStore]) -> type[WrongStore]:
        name = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in store.__name__).strip("-")
        ANIMALS.append(Animal(name, law, store, frozenset(also), capabilities))
        return store

    return put


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register every animal under a scheme of its own."""
    for each in ANIMALS:
        register(
            Adapter(
                kind=Kind.STORAGE,
                schemes=(each.scheme,),
                factory=each.store,
                summary=each.wrong,
                capabilities=each.capabilities,
                egress=frozenset(),
            )
        )


# --- what it says of itself


@animal("STO-001", capabilities=SOUND | {"durabel"})
class Misspelt(WrongStore):
    """Claims a capability that nobody ever asks for."""


@animal("STO-002", capabilities=frozenset())
class Modest(WrongStore):
    """Does what it does not claim."""


@animal("STO-003", "STO-085", "STO-086", "STO-087", "STO-088", capabilities=DURABLE)
class Forgetful(WrongStore):
    """Claims to be durable and keeps everything in memory."""


_ONE_FOR_ALL = MemoryStore()


@animal("STO-004")
class OnePlace(WrongStore):
    """Keeps what it has at the level of its module, whatever the URL."""

    def make(self, address: Address) -> Any:
        """Give the same to everybody."""
        address.only()
        return _ONE_FOR_ALL


@animal("STO-005")
class TakesAnything(WrongStore):
    """Takes any option and does not look at it."""

    def make(self, address: Address) -> Any:  # noqa: ARG002 - that is what is wrong
        """Look at nothing."""
        return MemoryStore()


# --- records


@animal("STO-010")
class WritesAnew(WrongStore):
    """Parses the text of a record and writes it anew."""

    class unit(WrongUnit):
        def get(self, collection: str, ids: Sequence[str]) -> Any:
            return [evolve(got, body=_anew(got.body)) for got in self.inner.get(collection, ids)]


def _anew(text: str) -> str:
    try:
        return json.dumps(json.loads(text))
    except ValueError:
        return text


@animal("STO-011")
class AtMostAThousand(WrongStore):
    """Asks for a thousand ids at most, as many as its statement takes variables."""

    class unit(WrongUnit):
        def get(self, collection: str, ids: Sequence[str]) -> Any:
            return self.inner.get(collection, sorted(set(ids))[:1_000])


@animal("STO-012", "STO-023")
class RemovesEverywhere(WrongStore):
    """Removes a record by its id alone."""

    class unit(WrongUnit):
        def remove(self, collection: str, ids: Sequence[str]) -> None:
            for name in {collection, "goals", "people"}:
                self.inner.remove(name, ids)


@animal("STO-013")
class OwnerByPrefix(WrongStore):
    """Takes everything whose id begins like the owner's."""

    class unit(WrongUnit):
        def owned(self, owner_id: str, collections: Sequence[str]) -> Any:
            return [
                got for name in sorted(set(collections)) for got in self.inner.find(name) if got.id.startswith(owner_id)
            ]


@animal("STO-014")
class OrderOfHalves(WrongStore):
    """Orders ids as UTF-16 does."""

    class unit(WrongUnit):
        def find(self, collection: str, key: str = "", **how: Any) -> Any:
            got = self.inner.find(collection, key, **how)
            return got if key else iter(sorted(got, key=lambda each: each.id.encode("utf-16-be")))


@animal("STO-015")
class TrimsValues(WrongStore):
    """Takes a value with spaces behind it for the value."""

    class unit(WrongUnit):
        def find(self, collection: str, key: str = "", *, equals: str | None = None, **how: Any) -> Any:
            got = list(self.inner.find(collection, key, equals=equals, **how))
            if equals:
                got += self.inner.find(collection, key, equals=f"{equals} ", **how)
            return iter(sorted(got, key=lambda each: each.id))


@animal("STO-016")
class UpToAndWith(WrongStore):
    """Takes a value that is the limit for one that is below it."""

    class unit(WrongUnit):
        def find(self, collection: str, key: str = "", *, before: str | None = None, **how: Any) -> Any:
            return self.inner.find(collection, key, before=None if before is None else f"{before}\0", **how)


@animal("STO-017", "STO-023")
class FromThereOn(WrongStore):
    """Begins a page with the last record of the page before."""

    class unit(WrongUnit):
        def find(self, collection: str, key: str = "", *, after_id: str = "", **how: Any) -> Any:
            return self.inner.find(collection, key, after_id=after_id[:-1], **how)


@animal("STO-018")
class OneValue(WrongStore):
    """Has room for one value of each key."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([evolve(each, keys=tuple(dict(each.keys).items())) for each in records])


@animal("STO-019", "STO-022", "STO-042")
class KeepsOldKeys(WrongStore):
    """Adds the keys of a new version and leaves those of the old."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([])
            old = self.store.__dict__.setdefault("old_keys", {})
            for each in records:
                keys = old.get((self.tenant, each.id), ()) if each.version > 1 else ()
                old[self.tenant, each.id] = (*keys, *each.keys)
                self.inner.put([evolve(each, keys=old[self.tenant, each.id])])


@animal("STO-020")
class SkipsVersions(WrongStore):
    """Takes any version that is greater than the second."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([])
            for each in records:
                if self.stored(each) == 2:
                    self.inner.put([evolve(each, version=version) for version in range(3, each.version)])
                self.inner.put([each])


@animal("STO-021", "STO-090")
class Revives(WrongStore):
    """Brings a record back that was removed, when somebody changes it."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([])
            for each in records:
                if each.version == 3 and not self.stored(each):
                    self.inner.put([evolve(each, version=version) for version in (1, 2)])
                self.inner.put([each])


@animal("STO-022")
class SortsFirst(WrongStore):
    """Puts what it is given in the order of versions, and not in the order in which it was given."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put(sorted(records, key=lambda each: each.version))


@animal("STO-023")
class RemovesAlike(WrongStore):
    """Removes what is like an id."""

    class unit(WrongUnit):
        def remove(self, collection: str, ids: Sequence[str]) -> None:
            like = tuple(id_[:-1] for id_ in ids if id_.endswith("%"))
            alike = [got.id for got in self.inner.find(collection) if got.id.startswith(like)]
            self.inner.remove(collection, [*ids, *alike])


@animal("STO-023")
class RemovesTwoThousand(WrongStore):
    """Removes as many as its statement takes variables, and forgets the rest."""

    class unit(WrongUnit):
        def remove(self, collection: str, ids: Sequence[str]) -> None:
            self.inner.remove(collection, sorted(set(ids))[:2_000])


@animal("STO-024")
class FoldsTenants(WrongStore):
    """Takes tenants for one that differ in case, when it reads."""

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Any]:
        """Read in the wrong tenant."""
        with self.inner.reading("acme" if tenant == "Acme" else tenant) as unit:
            yield unit


@animal("STO-025")
class Nameless(WrongStore):
    """Has a place for tenants without a name."""

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Any]:
        """Read for nobody in particular."""
        with self.inner.reading(tenant or "nobody") as unit:
            yield unit


@animal("STO-026", "STO-032")
class Normalises(WrongStore):
    """Writes letters in their shortest form."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([evolve(each, body=unicodedata.normalize("NFC", each.body)) for each in records])


@animal("STO-027", "STO-026")
class ShortValues(WrongStore):
    """Keeps the first three hundred characters of a value."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([evolve(each, keys=tuple((k, value[:300]) for k, value in each.keys)) for each in records])


@animal("STO-028")
class QuestionMarks(WrongStore):
    """Writes a question mark for what it cannot encode."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([evolve(each, body=each.body.encode(errors="replace").decode()) for each in records])


@animal("STO-029")
class EndsAtNul(WrongStore):
    """Takes a NUL for the end of the text."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([evolve(each, body=each.body.partition("\0")[0]) for each in records])


@animal("STO-030")
class OneCursor(WrongStore):
    """Has one cursor for everything: what is being read ends when something is written."""

    class unit(WrongUnit):
        def find(self, collection: str, key: str = "", **how: Any) -> Any:
            found = list(self.inner.find(collection, key, **how))
            written = self.__dict__.get("written", 0)
            return (each for each in found if self.__dict__.get("written", 0) == written)

        def put(self, records: Sequence[Record]) -> None:
            self.inner.put(records)
            self.written = self.__dict__.get("written", 0) + 1


@animal("STO-031")
class HoldsItsCursor(WrongStore):
    """Shows the next reader what a stream that was left half-read has seen."""

    class unit(WrongUnit):
        def find(self, collection: str, key: str = "", **how: Any) -> Any:
            for each in self.inner.find(collection, key, **how):
                self.store.held = self.tenant, deepcopy(self.inner._tenant)
                yield each
            self.store.held = "", None

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Any]:
        """Read what is held, or what is there."""
        whose, held = self.__dict__.get("held", ("", None))
        with self.inner.reading(tenant) as unit:
            if whose == tenant:
                unit._tenant = held
            yield self.unit(unit, self, tenant)


@animal("STO-032")
class FoldsDigits(WrongStore):
    """Writes the digits of other scripts as its own."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([evolve(each, body=each.body.translate(_DIGITS)) for each in records])


_DIGITS = {0x660 + digit: str(digit) for digit in range(10)}


# --- units


@animal("STO-040")
class KeepsOnInterrupt(WrongStore):
    """Undoes a unit for errors only, and not when the process is stopped in it."""

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Commit what was interrupted."""
        stopped: BaseException | None = None
        with self.inner.writing(tenant) as unit:
            try:
                yield unit
            except Exception:
                raise
            except BaseException as error:  # noqa: BLE001 - that is what is wrong
                stopped = error
        if stopped:
            raise stopped


@animal("STO-041")
class ForgivesConflicts(WrongStore):
    """Commits a unit whose conflict was swallowed."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([])
            for each in records:
                if self.stored(each) != each.version - 1:
                    raise Conflict(each.collection, each.id)
                self.inner.put([each])


@animal("STO-042")
class WritesAtTheEnd(WrongStore):
    """Keeps what a unit writes in a list until its end."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([])
            self.__dict__.setdefault("late", []).extend(records)

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Write in the end."""
        with super().writing(tenant) as unit:
            yield unit
            unit.inner.put(unit.__dict__.get("late", []))


@animal("STO-043")
class ReadsAndWrites(WrongStore):
    """Lets a reading unit write as long as it writes nothing."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            if records:
                self.inner.put(records)


@animal("STO-045")
class NestsGladly(WrongStore):
    """Opens a unit within a unit, which sees the half of what the outer one has done."""

    def make(self, address: Address) -> Any:
        """Take the turns away."""
        store = super().make(address)
        store._turns = _AnyTurn()
        return store


@animal("STO-044", "STO-045")
class QueueElsewhere(WrongStore):
    """Keeps its outbox in another system, where entries are seen before their unit has ended."""

    class unit(WrongUnit):
        def emit(self, entries: Sequence[Entry]) -> None:
            self.inner.emit([])
            self.elsewhere(lambda unit: unit.emit(entries))

        def remove(self, collection: str, ids: Sequence[str]) -> None:
            self.inner.remove(collection, ids)
            self.elsewhere(lambda unit: unit.remove(collection, ids))

        def elsewhere(self, work: Callable[[Any], None]) -> None:
            with self.store.queue.writing(self.tenant) as unit:
                work(unit)

    def make(self, address: Address) -> Any:
        """Make both."""
        self.queue = MemoryStore()
        return super().make(address)

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Take back by hand what was emitted."""
        with self.inner.writing(tenant) as unit:
            before = deepcopy(self.queue._tenant(tenant).outbox)
            try:
                yield self.unit(unit, self, tenant)
            except BaseException:
                self.queue._tenant(tenant).outbox = before
                raise

    def outbox(self, tenant: str) -> Any:
        """Give the other system's."""
        return self.queue.outbox(tenant)


@animal("STO-046")
class LosesAConnection(WrongStore):
    """After two conflicts, gives another thread a connection on which a transaction was left open."""

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Remember who met a conflict."""
        met = self.__dict__.setdefault("met", [])
        if len(met) > 1 and get_ident() not in met:
            met.clear()
            raise Unavailable("the connection is in the midst of another transaction")
        try:
            with self.inner.writing(tenant) as unit:
                yield unit
        except Conflict:
            met.append(get_ident())
            raise


@animal("STO-047")
class ClosesOnce(WrongStore):
    """Cannot be closed twice."""

    def close(self) -> None:
        """Close, and remember it."""
        if self.__dict__.get("closed"):
            raise Unavailable("the store was closed already")
        self.closed = True


class _AnyTurn:
    @contextmanager
    def taken(self, tenant: str, *, reads: bool = False) -> Iterator[None]:  # noqa: ARG002 - that is what is wrong
        yield


# --- the outbox


@animal("STO-050")
class EmitsAgain(WrongStore):
    """Writes an entry over the one that is there."""

    class unit(WrongUnit):
        def emit(self, entries: Sequence[Entry]) -> None:
            for each in entries:
                self.inner._tenant.outbox.pop(each.id, None)
                self.inner.emit([each])


@animal("STO-051", "STO-055", "STO-059")
class NewestFirst(WrongStore):
    """Gives the newest entry first."""

    class box(WrongOutbox):
        def claim(self, topic: str, **how: Any) -> Any:
            return list(reversed(self.inner.claim(topic, **how)))


@animal("STO-052", "STO-051")
class WholeSeconds(WrongStore):
    """Keeps moments in whole seconds."""

    class unit(WrongUnit):
        def emit(self, entries: Sequence[Entry]) -> None:
            self.inner.emit([evolve(each, due_at=each.due_at.replace(microsecond=0)) for each in entries])


@animal("STO-053", "STO-059")
class LongLeases(WrongStore):
    """Holds on to a lease at the moment of its end."""

    class box(WrongOutbox):
        def claim(self, topic: str, *, now: datetime, lease_until: datetime, limit: int) -> Any:
            longer = lease_until + timedelta(microseconds=1)
            return self.inner.claim(topic, now=now, lease_until=longer, limit=limit)


@animal("STO-054")
class SettlesTheLeased(WrongStore):
    """Settles only what was claimed."""

    class box(WrongOutbox):
        def settle(self, ids: Sequence[str]) -> None:
            self.inner.settle([id_ for id_ in ids if id_ in self.leases and self.leases[id_].until])


@animal("STO-055")
class ForgetsAttempts(WrongStore):
    """Begins to count the attempts again when an entry is put off."""

    class box(WrongOutbox):
        def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
            self.inner.postpone(ids, until=until)
            for id_ in set(ids) & self.leases.keys():
                self.leases[id_].entry = evolve(self.leases[id_].entry, attempts=0)


@animal("STO-056")
class FoldsTopics(WrongStore):
    """Takes topics for one that differ in case."""

    class unit(WrongUnit):
        def emit(self, entries: Sequence[Entry]) -> None:
            self.inner.emit([evolve(each, topic="mail") if each.topic == "Mail" else each for each in entries])


@animal("STO-057")
class SettlesForAll(WrongStore):
    """Settles an entry of every tenant."""

    class box(WrongOutbox):
        def settle(self, ids: Sequence[str]) -> None:
            for tenant in list(self.store.inner._tenants):
                self.store.inner.outbox(tenant).settle(ids)


@animal("STO-058")
class GivesTwice(WrongStore):
    """Gives a batch to two workers now and then."""

    class box(WrongOutbox):
        def claim(self, topic: str, **how: Any) -> Any:
            batches = self.store.__dict__.setdefault("batches", [])
            batches.append(self.inner.claim(topic, **how))
            return batches[-2] if len(batches) % 15 == 0 else batches[-1]


@animal("STO-059")
class KeepsEntries(WrongStore):
    """Leaves in the outbox what is about a record that was removed."""

    class unit(WrongUnit):
        def remove(self, collection: str, ids: Sequence[str]) -> None:
            outbox = self.inner._tenant.outbox
            before = dict(outbox)
            self.inner.remove(collection, ids)
            outbox |= before


# --- what no other law sees


@animal("STO-060")
class NarrowsDown(WrongStore):
    """Takes a value and a limit given together for both, where the value alone decides."""

    class unit(WrongUnit):
        def find(
            self, collection: str, key: str = "", *, equals: str | None = None, before: str | None = None, **how: Any
        ) -> Any:
            is_beyond = key and equals is not None and before is not None and equals >= before
            return iter(()) if is_beyond else self.inner.find(collection, key, equals=equals, before=before, **how)


@animal("STO-060")
class PostponesTheLeased(WrongStore):
    """Postpones only what was claimed."""

    class box(WrongOutbox):
        def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
            leased = [id_ for id_ in ids if id_ in self.leases and self.leases[id_].until]
            self.inner.postpone(leased, until=until)


class _PutOff(WrongOutbox):
    """Remembers what was put off."""

    @property
    def put_off(self) -> set[str]:
        """The ids of what was."""
        kept: dict[str, set[str]] = self.store.__dict__.setdefault("put_off", {})
        return kept.setdefault(self.tenant, set())

    def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
        self.inner.postpone(ids, until=until)
        self.put_off.update(ids)


@animal("STO-060")
class SettlesLater(WrongStore):
    """Does not settle what was put off, until it is claimed again."""

    class box(_PutOff):
        def claim(self, topic: str, **how: Any) -> Any:
            taken = self.inner.claim(topic, **how)
            self.put_off.difference_update(each.id for each in taken)
            return taken

        def settle(self, ids: Sequence[str]) -> None:
            self.inner.settle([id_ for id_ in ids if id_ not in self.put_off])


@animal("STO-060")
class NeverAgain(WrongStore):
    """Takes no entry again that was once put off, though it was settled since."""

    box = _PutOff

    class unit(WrongUnit):
        def emit(self, entries: Sequence[Entry]) -> None:
            put_off = self.store.outbox(self.tenant).put_off
            self.inner.emit([each for each in entries if each.id not in put_off])


# --- two at once


@animal("STO-070", "STO-045")
class ChecksBefore(WrongStore):
    """Compares versions when it puts, and writes at the end whatever was written meanwhile."""

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Work on a copy, and write it over what is there."""
        with _copied(self.inner, tenant) as (copy, unit):
            yield unit
        with self.inner.writing(tenant) as into:
            theirs, ours = into._tenant, copy._tenants[tenant]
            theirs.records, theirs.keyed, theirs.outbox = ours.records, ours.keyed, ours.outbox


@animal("STO-073", "STO-045")
class SnapshotIsolation(WrongStore):
    """Lets each unit see the state at its beginning, and looks in the end only at what both wrote."""

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Work on a copy, and do the same again at the end."""
        with _copied(self.inner, tenant) as (_, unit):
            again = _Noting(unit, self, tenant)
            yield again
        with self.inner.writing(tenant) as into:
            for name, arguments in again.done:
                getattr(into, name)(*arguments)


class _Noting(WrongUnit):
    """Notes what was done."""

    def __init__(self, unit: Any, store: Any, tenant: str) -> None:
        super().__init__(unit, store, tenant)
        self.done: list[tuple[str, Any]] = []

    def put(self, records: Sequence[Record]) -> None:
        self.done.append(("put", (list(records),)))
        self.inner.put(records)

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        self.done.append(("remove", (collection, list(ids))))
        self.inner.remove(collection, ids)

    def emit(self, entries: Sequence[Entry]) -> None:
        self.done.append(("emit", (list(entries),)))
        self.inner.emit(entries)


@contextmanager
def _copied(store: MemoryStore, tenant: str) -> Iterator[tuple[Any, Any]]:
    """Give a copy of a store in memory, and a unit in it."""
    copy = MemoryStore()
    with store.reading(tenant) as unit:
        copy._tenants[tenant] = deepcopy(unit._tenant)  # type: ignore[attr-defined]
    with copy.writing(tenant) as working:
        yield copy, working


@animal("STO-071", "STO-045", "STO-072")
class ReadsTheUnfinished(WrongStore):
    """Lets readers see what others have written so far."""

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Any]:
        """Wait for nobody."""
        with MemoryStore().reading(tenant) as unit:
            unit._tenant = self.inner._tenant(tenant)  # type: ignore[attr-defined]
            yield unit


@animal("STO-072", "STO-045")
class EachLookAnew(WrongStore):
    """Lets each look of a reading unit see its own moment."""

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Any]:
        """Look each time anew."""
        with MemoryStore().reading(tenant) as empty:
            yield _Anew(empty, self.inner, tenant)


class _Anew(WrongUnit):
    def get(self, *what: Any, **how: Any) -> Any:
        with self.store.reading(self.tenant) as unit:
            return unit.get(*what, **how)

    def owned(self, *what: Any, **how: Any) -> Any:
        with self.store.reading(self.tenant) as unit:
            return unit.owned(*what, **how)

    def find(self, *what: Any, **how: Any) -> Any:
        with self.store.reading(self.tenant) as unit:
            return unit.find(*what, **how)


@animal("STO-074", "STO-045")
class OneByOne(WrongStore):
    """Reads the records that it is asked for one by one, each at a moment of its own."""

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Any]:
        """Read most things from a copy."""
        with _copied(self.inner, tenant) as (copy, _), MemoryStore().reading(tenant) as unit:
            unit._tenant = copy._tenants[tenant]  # type: ignore[attr-defined]
            yield _OneByOne(unit, self.inner, tenant)

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Take some time."""
        with self.inner.writing(tenant) as unit:
            yield unit
        time.sleep(0.001)


class _OneByOne(WrongUnit):
    def get(self, collection: str, ids: Sequence[str]) -> Any:
        if len(ids) == 1:
            return self.inner.get(collection, ids)
        found: list[Record] = []
        for id_ in sorted(set(ids)):
            with self.store.reading(self.tenant) as unit:
                found += unit.get(collection, [id_])
            time.sleep(0)
        return found


@animal("STO-075")
class SecondIsSilent(WrongStore):
    """Drops what comes second without a word, when another thread was a moment faster."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            self.inner.put([])
            wrote = self.store.__dict__.setdefault("wrote", {})
            for each in records:
                if each.version > 4 and self.stored(each) == each.version and wrote.get(each.id) != get_ident():
                    continue
                self.inner.put([each])
                wrote[each.id] = get_ident()


@animal("STO-076")
class ConflictAfterwards(WrongStore):
    """Tells now and then of a conflict though what was written is there."""

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Write, and sometimes deny it."""
        with self.inner.writing(tenant) as unit:
            noting = _Noting(unit, self, tenant)
            yield noting
        late = [each for name, arguments in noting.done if name == "put" for each in arguments[0] if each.version == 9]
        if late:
            raise Conflict(late[0].collection, late[0].id)


# --- faults


@animal("STO-080", "STO-020", "STO-021", "STO-022", "STO-028", "STO-040", "STO-059")
class EmitsForEver(WrongStore):
    """Keeps the entries of a unit that was undone."""

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Emit once more what was undone."""
        done: Any = None
        try:
            with self.inner.writing(tenant) as unit:
                done = _Noting(unit, self, tenant)
                yield done
        except BaseException:
            with self.inner.writing(tenant) as again:
                for name, arguments in done.done if done else ():
                    if name == "emit":
                        again.emit([each for each in arguments[0] if each.about.isascii()])
            raise


@animal("STO-082", "STO-041", "STO-070", "STO-086", capabilities=DURABLE)
class AcknowledgesEarly(WrongFile):
    """Says that a unit is written, and writes it before the next call."""

    def __getattr__(self, name: str) -> Any:
        """Write what is late before anything else."""
        self.catch_up()
        return getattr(self.__dict__["inner"], name)

    def outbox(self, tenant: str) -> Any:
        """Catch up and give the outbox."""
        self.catch_up()
        return super().outbox(tenant)

    def catch_up(self) -> None:
        """Write what is late."""
        tenant, late = self.__dict__.pop("late", ("", None))
        if late:
            with self.inner.writing(tenant) as unit:
                for name, arguments in late:
                    getattr(unit, name)(*arguments)

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Any]:
        """Catch up and read."""
        self.catch_up()
        with self.inner.reading(tenant) as unit:
            yield unit

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Try it out, undo it, and do it later."""
        self.catch_up()
        try:
            with self.inner.writing(tenant) as unit:
                noting = _Noting(unit, self, tenant)
                yield noting
                raise _LaterError  # noqa: TRY301 - the unit must be undone
        except _LaterError:
            self.late = (tenant, noting.done)


class _LaterError(Exception):
    """Not now."""


@animal("STO-082", "STO-028", "STO-059", capabilities=DURABLE)
class TwoTransactions(WrongFile):
    """Commits the records first, and the entries of the outbox in a transaction of their own."""

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Commit twice."""
        with self.inner.writing(tenant) as unit:
            later = _EmitsLater(unit, self, tenant)
            yield later
        time.sleep(0.002)
        with self.inner.writing(tenant) as unit:
            unit.emit(later.__dict__.get("late", []))


class _EmitsLater(WrongUnit):
    def emit(self, entries: Sequence[Entry]) -> None:
        self.__dict__.setdefault("late", []).extend(entries)


@animal("STO-081", capabilities=DURABLE)
class LetsErrorsThrough(WrongFile):
    """Lets the errors of its technology through as they are."""

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Unpack what was translated."""
        try:
            with self.inner.writing(tenant) as unit:
                yield unit
        except Unavailable as error:
            raise error.__cause__ or error from None


@animal("STO-083", capabilities=DURABLE)
class NeverFlushes(WrongFile):
    """Leaves it to the system when the disk gets what was written."""

    def make(self, address: Address) -> Any:
        """Turn flushing off."""
        address.only("file")
        return SqliteStore(Path(address.option("file")), busy_seconds=30, synchronous="OFF")


@animal("STO-085", "STO-086", "STO-088", capabilities=DURABLE)
class ConnectsItself(WrongFile):
    """Says that it works in the host's transaction, and commits on a connection of its own."""

    def joined(self, connection: object) -> Any:  # noqa: ARG002 - that is what is wrong
        return self.inner


@animal("STO-084", capabilities=DURABLE)
class KnowsNoForks(WrongFile):
    """Goes on after a fork with the connections that it had before."""

    def make(self, address: Address) -> Any:
        """Tell nobody of the store."""
        store = super().make(address)
        LENDERS.discard(store._connections)
        return store


class _Inside(WrongStore):
    """A wrong store inside a transaction of the host's."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner


@animal("STO-086", "STO-085", capabilities=DURABLE)
class ForgetsToEmit(WrongFile):
    """Emits nothing inside a transaction of the host's."""

    def joined(self, connection: object) -> Any:
        """Forget the outbox."""
        return _Forgetful(self.inner.joined(connection))


class _Forgetful(_Inside):
    class unit(WrongUnit):
        def emit(self, entries: Sequence[Entry]) -> None:
            self.inner.emit(entries[:0])


@animal("STO-087", capabilities=DURABLE)
class NoSavepoint(WrongFile):
    """Leaves the half of a unit that fails to the host."""

    def joined(self, connection: object) -> Any:
        """Take nothing back."""
        return _KeepsHalves(self.inner.joined(connection))


class _KeepsHalves(_Inside):
    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Keep what was done so far."""
        stopped: KeyError | None = None
        with self.inner.writing(tenant) as unit:
            try:
                yield unit
            except KeyError as error:
                stopped = error
        if stopped:
            raise stopped


@animal("STO-088", capabilities=DURABLE)
class BeginsForTheHost(WrongFile):
    """Begins a transaction in the host's name when there is none."""

    def joined(self, connection: Any) -> Any:
        """Begin."""
        if isinstance(connection, sqlite3.Connection) and not connection.in_transaction:
            connection.execute("BEGIN")
        return self.inner.joined(connection)


# --- privacy


@animal("STO-090")
class TellsTexts(WrongStore):
    """Says in an error what it could not write."""

    class unit(WrongUnit):
        def put(self, records: Sequence[Record]) -> None:
            try:
                self.inner.put(records)
            except Conflict as error:
                raise error from ValueError(f"could not write {[each.body for each in records]}")


@animal("STO-091", capabilities=DURABLE)
class ScrubsNothing(WrongFile):
    """Says that nothing is left of what was removed, without looking."""

    def scrub(self) -> Sequence[str]:
        """Do nothing."""
        return ()


@animal("STO-092")
class ScrubsTooMuch(WrongStore):
    """Clears the outbox away with the rest."""

    def scrub(self) -> Sequence[str]:
        """Clear too much away."""
        for tenant in self.inner._tenants.values():
            tenant.outbox.clear()
        return ()
