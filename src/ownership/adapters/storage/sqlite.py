"""The SQLite store (``sqlite:///file.db``): the embedded default, on the standard library alone.

One table of records clustered by (tenant, owner, collection, id), so that all of a person's records lie together; one
of keys; one for the outbox. WAL with ``synchronous=FULL``: what is acknowledged is on the disk. ``secure_delete``
overwrites what is removed where it lies, and :meth:`SqliteStore.scrub` the copies that moving rows left behind. Each
transaction has a connection of its own; writers take turns (``BEGIN IMMEDIATE``), readers see one consistent state.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

from ownership.errors import Conflict, Misconfigured, OwnershipError, Unavailable, Unsupported
from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Kind, RegisterAdapter
from ownership.ports.storage import (
    LISTED,
    Changes,
    Entry,
    JoinedOutbox,
    Outbox,
    Record,
    Store,
    Turns,
    Unit,
    half_a_character,
    owner_of,
    refuse_nameless,
    stamp,
)

ADAPTER = "SQLite store"

APPLICATION_ID = 0x6F776E73
"""Marks a SQLite file as ours ("owns")."""

_AT_ONCE = 200
"""Records asked for in one statement; two variables each stay below every build's limit of 999."""

_PAGE_SIZE = 4096
"""Bytes. A row longer than a quarter of a page goes on in pages of its own, and most changes write one small page."""

_CACHE_KIBIBYTES = 8192
"""What a connection keeps of the file at most: the pages of many people are changed in turns."""

_LOG_PAGES = 4000
"""The log goes over into the file when it has grown to so many pages, 16 MB."""

_FILES = ("", "-wal", "-journal")
"""What SQLite adds to a name for the files that hold data."""

_A_MOMENT = 0.02
"""Seconds in which somebody who makes a file changes it at least once."""

_STORES: WeakSet[SqliteStore] = WeakSet()
"""All stores of this process, for a fork.

SQLite takes a file's locks once for a process, and a fork does not inherit them. A child that inherits an open
connection has no lock, and what it writes later is lost when the parent closes the file. So none is open at a fork.
"""

_OF_ANOTHER_PROCESS: dict[Path, list[sqlite3.Connection]] = {}
"""Connections that came along with a fork all the same, in the midst of a unit: kept, so that nothing closes them."""

_IS_LISTED = "collection IN ('" + "', '".join(LISTED) + "')"
"""SQLite uses an index on a part of a table only for a statement that says the same words."""

_STEPS = (
    (
        """CREATE TABLE records (
        tenant TEXT NOT NULL, owner TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL,
        version INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (tenant, owner, collection, id)
    ) WITHOUT ROWID""",
        """CREATE TABLE keys (
        tenant TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (tenant, collection, id, key, value)
    ) WITHOUT ROWID""",
        "CREATE INDEX keys_by_value ON keys (tenant, collection, key, value, id)",
        """CREATE INDEX records_by_collection ON records (tenant, collection, id)
        WHERE collection IN ('people', 'cycles', 'learning_options')""",
        """CREATE TABLE outbox (
        tenant TEXT NOT NULL, id TEXT NOT NULL, topic TEXT NOT NULL, about TEXT NOT NULL,
        due_at TEXT NOT NULL, attempts INTEGER NOT NULL, lease_until TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (tenant, id)
    ) WITHOUT ROWID""",
        "CREATE INDEX outbox_by_due ON outbox (tenant, topic, due_at)",
    ),
    ("CREATE INDEX outbox_by_about ON outbox (tenant, about)",),
    (
        "DROP INDEX IF EXISTS records_by_collection",
        """CREATE INDEX records_by_collection ON records (tenant, collection, id)
        WHERE collection IN ('people', 'cycles', 'learning_options', 'pulses')""",
    ),
)
"""What leads from each schema to the next; a step that was released is never changed. A new file takes all of them."""

SCHEMA_VERSION = len(_STEPS)

_THEIR_RECORDS = (
    " CROSS JOIN records r ON r.tenant = :tenant AND r.collection = :collection AND r.id = k.id"
    " AND r.owner = CASE WHEN instr(k.id, '.') THEN substr(k.id, 1, instr(k.id, '.') - 1) ELSE k.id END"
)


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register the store under ``sqlite:``."""
    register(
        Adapter(
            kind=Kind.STORAGE,
            schemes=("sqlite",),
            factory=open_sqlite,
            summary="keeps everything in one SQLite file",
            capabilities=frozenset({"durable", "outbox.claim", "txn.join", "units.serial"}),
            egress=frozenset({"records"}),
        )
    )


def open_sqlite(address: Address) -> SqliteStore:
    """Open a file, and make it when it is not there: ``sqlite:///relative.db``, ``sqlite:////absolute.db``.

    Options: ``busy`` is the number of seconds to wait for another writer (5); ``synchronous=NORMAL`` is faster and can
    lose the last commits when the power fails.
    """
    address.only("busy", "synchronous")
    name = address.path.removeprefix("/") if address.path.startswith("/") else address.path
    if address.host or not name or "\0" in name or name == ":memory:":
        raise Misconfigured(
            "sqlite", "needs a file, after three slashes, as in sqlite:///development.db; in memory is memory:"
        )
    synchronous = address.option("synchronous", "FULL").upper()
    if synchronous not in {"FULL", "NORMAL"}:
        raise Misconfigured("sqlite:?synchronous", "is FULL or NORMAL")
    busy = address.option("busy", "5")
    if not busy.isascii() or not busy.isdecimal() or len(busy) > 5:
        raise Misconfigured("sqlite:?busy", "is a whole number of seconds, of at most five digits")
    return SqliteStore(Path(name), busy_seconds=int(busy), synchronous=synchronous)


def _in_our_words(error: sqlite3.Error, path: Path) -> OwnershipError:
    """Say what SQLite says in our words."""
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, sqlite3.ProgrammingError):
        return Unavailable(f"{path} was closed meanwhile")
    if not isinstance(error, sqlite3.OperationalError):
        return Misconfigured(
            "sqlite", f"{path} is no SQLite database, or a damaged one; give another file or restore it"
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return Misconfigured(
            "sqlite", f"{path} cannot be opened for writing; see that its folder is there and writable"
        )
    unknown = f"could not be used ({name or 'SQLite error'})"
    words = next((words for codes, words in _UNAVAILABLE.items() if name.startswith(codes)), None)
    return Unavailable(f"{path} {words or unknown}")


_UNAVAILABLE = {
    ("SQLITE_BUSY", "SQLITE_LOCKED"): "is being written by someone else",
    ("SQLITE_FULL",): "cannot grow: its disk is full",
    ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"): "cannot grow: its disk is full or broken, or a quota is reached",
}
"""What goes over, by how SQLite's names for it begin."""


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _in_our_words(error, path) from error


@contextmanager
def _whole_characters() -> Iterator[None]:
    """Say in our words that SQLite has no place for half a character."""
    try:
        yield
    except UnicodeEncodeError:
        raise half_a_character() from None  # the error of Python holds the text


def _size_and_moment(path: Path) -> tuple[int, int] | None:
    """Tell by what one sees that a file is being changed; None when it is not there."""
    try:
        seen = path.stat()
    except (FileNotFoundError, NotADirectoryError):  # asking first would be too early: who makes the file also deletes
        return None
    return seen.st_size, seen.st_mtime_ns


def _at_once(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Give ids, each once and in order, in as many as one statement takes."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]


class _HostConnection:
    """A connection of the host's, read in our way: rows are tuples, whatever they are to the host."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Mapping[str, object] | Sequence[object] = ()) -> sqlite3.Cursor:
        return self._cursor().execute(statement, values)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> sqlite3.Cursor:
        return self._cursor().executemany(statement, rows)

    @property
    def total_changes(self) -> int:
        return self._connection.total_changes

    def _cursor(self) -> sqlite3.Cursor:
        cursor = sqlite3.Cursor(self._connection)
        cursor.row_factory = None
        return cursor


_Connection = sqlite3.Connection | _HostConnection
_Key = tuple[str, str, str, str]
"""A key as it lies in its table: collection and id of the record, name and value."""


class _SqliteChanges(Changes):
    """What a unit changes: a text that SQLite cannot write has half a character."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, UnicodeEncodeError):
            self.failure = half_a_character()
            raise self.failure from None  # the error of Python holds the text
        super().__exit__(kind, error, trace)


class _SqliteUnit:
    """A unit of work on one connection, in one transaction, which is open while the unit is entered."""

    _connection: _Connection

    def __init__(self, transaction: AbstractContextManager[_Connection], tenant: str, *, writes: bool) -> None:
        self._transaction = transaction
        self._tenant = tenant
        self._changes = _SqliteChanges(ADAPTER, writes=writes)
        self._streams: list[sqlite3.Cursor] = []

    def __enter__(self) -> Self:
        self._connection = self._transaction.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Commit, unless the block raised or swallowed a failure: the unit is then half of what it should have been."""
        for stream in self._streams:  # an open statement would show this state to the connection's next unit
            stream.close()
        if error is None and (failure := self._changes.failure):
            self._transaction.__exit__(type(failure), failure, None)
            raise failure
        return bool(self._transaction.__exit__(kind, error, trace))

    def _ask(self, statement: str, values: Mapping[str, object] | Sequence[object]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except UnicodeEncodeError:
            raise half_a_character() from None  # the error of Python holds the text

    def get(self, collection: str, ids: Sequence[str]) -> Sequence[Record]:
        if len(ids) == 1:
            return self._get_one(collection, ids[0])
        found: list[Record] = []
        for batch in _at_once(ids):
            marks = ", ".join(["(?, ?)"] * len(batch))
            rows = self._ask(
                f"WITH wanted (owner, id) AS (VALUES {marks})"  # noqa: S608 - only question marks are put in
                " SELECT r.collection, r.id, r.version, r.body FROM wanted w CROSS JOIN records r"
                " ON r.tenant = ? AND r.owner = w.owner AND r.collection = ? AND r.id = w.id",
                (*(part for id_ in batch for part in (owner_of(id_), id_)), self._tenant, collection),
            )
            found += [Record(*row) for row in rows]
        return sorted(found, key=lambda record: record.id)

    def _get_one(self, collection: str, id_: str) -> Sequence[Record]:
        rows = self._ask(
            "SELECT version, body FROM records WHERE tenant = ? AND owner = ? AND collection = ? AND id = ?",
            (self._tenant, owner_of(id_), collection, id_),
        )
        return [Record(collection, id_, version, body) for version, body in rows]

    def owned(self, owner_id: str, collections: Sequence[str]) -> Sequence[Record]:
        marks = ", ".join("?" * len(collections))
        rows = self._ask(
            "SELECT collection, id, version, body FROM records"  # noqa: S608 - only question marks are put in
            f" WHERE tenant = ? AND owner = ? AND collection IN ({marks}) ORDER BY collection, id",
            (self._tenant, owner_id, *collections),
        )
        return [Record(*row) for row in rows]

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
        rows = self._ask(
            f"SELECT r.collection, r.id, r.version, r.body {self._those(collection, key, equals, before)}",
            {
                "tenant": self._tenant,
                "collection": collection,
                "key": key,
                "equals": equals,
                "before": before,
                "after": after_id,
                "limit": -1 if limit is None else limit,
            },
        )
        self._streams.append(rows)
        return (Record(*row) for row in rows)

    @staticmethod
    def _those(collection: str, key: str, equals: str | None, before: str | None) -> str:
        if not key:
            listed = f"AND {_IS_LISTED}" if collection in LISTED else ""
            return (
                f"FROM records r WHERE r.tenant = :tenant AND r.collection = :collection {listed} AND r.id > :after"
                " ORDER BY r.id LIMIT :limit"
            )
        keys = "WHERE k.tenant = :tenant AND k.collection = :collection AND k.key = :key AND k.id > :after"
        if equals is not None:
            return f"FROM keys k {_THEIR_RECORDS} {keys} AND k.value = :equals ORDER BY k.id LIMIT :limit"
        # A range of values is not in the order of ids: the ids alone are sorted, and a CROSS JOIN keeps their order.
        below = "" if before is None else "AND k.value < :before"
        ids = f"FROM keys k INDEXED BY keys_by_value {keys} {below} GROUP BY k.id ORDER BY k.id LIMIT :limit"
        return f"FROM (SELECT k.id {ids}) k {_THEIR_RECORDS}"

    def put(self, records: Sequence[Record]) -> None:
        with self._changes:
            if len(records) == 1 or len({(record.collection, record.id) for record in records}) == len(records):
                self._put(records)
            else:  # a record is there twice: each goes over the one before it
                for record in records:
                    self._put([record])

    def _put(self, records: Sequence[Record]) -> None:
        if new := [record for record in records if record.version == 1]:
            self._insert(new)
        changed = [record for record in records if record.version != 1]
        if changed:
            self._update(changed)
        self._put_keys(records, self._keys_of(changed) if changed else set())

    def _put_keys(self, records: Sequence[Record], there: set[_Key]) -> None:
        """Write what is another key than before: most changes of a record leave its keys as they are."""
        wanted = {(r.collection, r.id, key, value): None for r in records for key, value in r.keys}
        if gone := there - wanted.keys():
            self._connection.executemany(
                "DELETE FROM keys WHERE tenant = ? AND collection = ? AND id = ? AND key = ? AND value = ?",
                [(self._tenant, *key) for key in gone],
            )
        if new := [key for key in wanted if key not in there]:
            self._connection.executemany(
                "INSERT INTO keys (tenant, collection, id, key, value) VALUES (?, ?, ?, ?, ?)",
                [(self._tenant, *key) for key in new],
            )

    def _keys_of(self, records: Sequence[Record]) -> set[_Key]:
        found: set[_Key] = set()
        for start in range(0, len(records), _AT_ONCE):
            batch = records[start : start + _AT_ONCE]
            marks = ", ".join(["(?, ?)"] * len(batch))
            found |= set(
                self._connection.execute(
                    f"WITH wanted (collection, id) AS (VALUES {marks})"  # noqa: S608 - only question marks are put in
                    " SELECT k.collection, k.id, k.key, k.value FROM wanted w CROSS JOIN keys k"
                    " ON k.tenant = ? AND k.collection = w.collection AND k.id = w.id",
                    (*(part for record in batch for part in (record.collection, record.id)), self._tenant),
                )
            )
        return found

    def _insert(self, records: Sequence[Record]) -> None:
        reached = records[0]

        def rows() -> Iterator[tuple[str, ...]]:
            nonlocal reached
            for reached in records:
                yield (self._tenant, reached.owner_id, reached.collection, reached.id, reached.body)

        try:
            self._connection.executemany(
                "INSERT INTO records (tenant, owner, collection, id, version, body) VALUES (?, ?, ?, ?, 1, ?)", rows()
            )
        except sqlite3.IntegrityError:
            raise Conflict(reached.collection, reached.id) from None

    def _update(self, records: Sequence[Record]) -> None:
        def rows() -> Iterator[tuple[object, ...]]:
            for record in records:
                before = self._connection.total_changes
                yield (
                    record.version,
                    record.body,
                    self._tenant,
                    record.owner_id,
                    record.collection,
                    record.id,
                    record.version - 1,
                )
                if self._connection.total_changes == before:  # the row just given met none with that version
                    raise Conflict(record.collection, record.id)

        self._connection.executemany(
            "UPDATE records SET version = ?, body = ?"
            " WHERE tenant = ? AND owner = ? AND collection = ? AND id = ? AND version = ?",
            rows(),
        )

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        with self._changes:
            for batch in _at_once(ids):
                marks = ", ".join("?" * len(batch))
                pairs = ", ".join(["(?, ?)"] * len(batch))
                named = (self._tenant, collection, *batch)
                self._connection.execute(
                    "DELETE FROM records WHERE tenant = ? AND collection = ?"  # noqa: S608 - only question marks
                    f" AND (owner, id) IN (VALUES {pairs})",
                    (self._tenant, collection, *(part for id_ in batch for part in (owner_of(id_), id_))),
                )
                self._connection.execute(
                    f"DELETE FROM keys WHERE tenant = ? AND collection = ? AND id IN ({marks})",  # noqa: S608
                    named,
                )
                self._connection.execute(
                    f"DELETE FROM outbox WHERE tenant = ? AND about IN ({marks})",  # noqa: S608
                    (self._tenant, *batch),
                )

    def emit(self, entries: Sequence[Entry]) -> None:
        with self._changes:
            self._connection.executemany(
                "INSERT OR IGNORE INTO outbox (tenant, id, topic, about, due_at, attempts) VALUES (?, ?, ?, ?, ?, ?)",
                [(self._tenant, e.id, e.topic, e.about, stamp(e.due_at), e.attempts) for e in entries],
            )


class _JoinedStore:
    """The store inside a transaction of the host's, on the host's connection."""

    def __init__(self, store: SqliteStore, path: Path, spoken: object) -> None:
        self._store = store
        self._path = path
        self._spoken = spoken
        self._turns = Turns(ADAPTER)

    @contextmanager
    def savepoint(self, tenant: str, *, reads: bool = False) -> Iterator[_HostConnection]:
        """Give the host's connection, and take back what the block did when it raises."""
        with self._turns.taken(tenant, reads=reads), _translated(self._path):
            connection = _HostConnection(_open_transaction(self._spoken, writes=not reads))
            connection.execute("SAVEPOINT ownership")
            try:
                yield connection
                connection.execute("RELEASE ownership")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have rolled back all there is, as on a full disk
                    connection.execute("ROLLBACK TO ownership")
                    connection.execute("RELEASE ownership")
                raise

    def refuse_strangers(self) -> None:
        """Refuse a connection to another file than that of the store, or whose texts are none."""
        driver = _open_transaction(self._spoken, writes=False)
        if driver.text_factory is not str:
            raise Misconfigured("connection", "has a text_factory; leave it as it is")
        with _translated(self._path):
            files = {name: file for _, name, file in _HostConnection(driver).execute("PRAGMA database_list")}
        if not files["main"] or not self._path.samefile(files["main"]):
            raise Misconfigured("connection", f"leads to another file than {self._path}; connect to that one")

    def reading(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that only reads."""
        return _SqliteUnit(self.savepoint(tenant, reads=True), tenant, writes=False)

    def writing(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit whose end is the end of its savepoint."""
        return _SqliteUnit(self.savepoint(tenant), tenant, writes=True)

    def outbox(self, tenant: str) -> Outbox:
        """Give the outbox of a tenant, to be counted."""
        refuse_nameless(tenant)

        def count(topic: str) -> int:
            with self.savepoint(tenant, reads=True) as connection:
                return _count(connection, tenant, topic)

        return JoinedOutbox(count, ADAPTER)

    def check(self) -> Sequence[str]:
        """Let SQLite examine its file."""
        return self._store.check()

    def scrub(self) -> Sequence[str]:
        """Refuse."""
        raise Unsupported("scrubbing inside a transaction of the host's", ADAPTER)

    def close(self) -> None:
        """Leave the connection to the host."""


def _open_transaction(spoken: Any, *, writes: bool) -> sqlite3.Connection:
    """Give the connection that the host means: one of ``sqlite3``, or SQLAlchemy's connection or session over one."""
    driver = spoken
    if not isinstance(spoken, sqlite3.Connection) and callable(getattr(spoken, "in_transaction", None)):
        if not spoken.in_transaction():
            raise _no_transaction()
        connection = spoken.connection() if callable(getattr(spoken, "connection", None)) else spoken
        driver = getattr(getattr(connection, "connection", None), "driver_connection", None)
        # SQLAlchemy has begun; the driver begins in the file only when something is written.
        if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
            driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    if not isinstance(driver, sqlite3.Connection):
        raise Misconfigured("connection", "is none of sqlite3, nor one of SQLAlchemy to a SQLite file")
    if not driver.in_transaction:
        raise _no_transaction()
    return driver


def _no_transaction() -> Misconfigured:
    return Misconfigured("connection", "has no open transaction; begin one, which you then commit or roll back")


def _count(connection: _Connection, tenant: str, topic: str) -> int:
    statement = "SELECT count(*) FROM outbox WHERE tenant = ? AND topic = ?"
    return int(connection.execute(statement, (tenant, topic)).fetchone()[0])


class _SqliteOutbox:
    """The outbox of one tenant."""

    def __init__(self, store: SqliteStore, tenant: str) -> None:
        self._store = store
        self._tenant = tenant

    @contextmanager
    def _turn(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._store.turn(begin, self._tenant) as connection, _whole_characters():
            yield connection

    def claim(self, topic: str, *, now: datetime, lease_until: datetime, limit: int) -> Sequence[Entry]:
        with self._turn("BEGIN IMMEDIATE") as connection:
            rows = connection.execute(
                "SELECT id, about, due_at, attempts + 1 FROM outbox"
                " WHERE tenant = ? AND topic = ? AND due_at <= ? AND lease_until <= ? ORDER BY due_at, id LIMIT ?",
                (self._tenant, topic, stamp(now), stamp(now), limit),
            ).fetchall()
            connection.executemany(
                "UPDATE outbox SET lease_until = ?, attempts = ? WHERE tenant = ? AND id = ?",
                [(stamp(lease_until), attempts, self._tenant, id_) for id_, _, _, attempts in rows],
            )
        return [
            Entry(id_, topic, about, datetime.fromisoformat(due_at), attempts) for id_, about, due_at, attempts in rows
        ]

    def settle(self, ids: Sequence[str]) -> None:
        with self._turn("BEGIN IMMEDIATE") as connection:
            connection.executemany(
                "DELETE FROM outbox WHERE tenant = ? AND id = ?", [(self._tenant, id_) for id_ in ids]
            )

    def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
        with self._turn("BEGIN IMMEDIATE") as connection:
            connection.executemany(
                "UPDATE outbox SET due_at = ?, lease_until = '' WHERE tenant = ? AND id = ?",
                [(stamp(until), self._tenant, id_) for id_ in ids],
            )

    def pending(self, topic: str) -> int:
        with self._turn("BEGIN") as connection:
            return _count(connection, self._tenant, topic)


_LAID = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"


def _drift(there: Mapping[str, str]) -> Iterator[str]:
    """Compare what lies in a file with what this release lays; tables of a host's may lie beside ours."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statement in (statement for step in _STEPS for statement in step):
            fresh.execute(statement)
        for name, wanted in fresh.execute(_LAID):
            if there.get(name) != wanted:
                yield f"{name} is {'not as this release lays it' if name in there else 'missing'}"


class _Transaction:
    """A transaction of the store's own, on a connection that it lends; what SQLite says comes out in our words.

    Most of what is done here takes less time than a generator takes to begin and to end: so it is none.
    """

    __slots__ = ("_begin", "_connection", "_path", "_store", "_turn")

    def __init__(
        self, store: SqliteStore, path: Path, begin: str, turn: AbstractContextManager[None] | None = None
    ) -> None:
        self._store = store
        self._path = path
        self._begin = begin
        self._turn = turn

    def __enter__(self) -> sqlite3.Connection:
        if self._turn:
            self._turn.__enter__()
        try:
            self._connection = self._store.lend()
            try:
                self._connection.execute(self._begin)
            except BaseException:
                self._store.take_back(self._connection)
                raise
        except BaseException as error:
            if self._turn:
                self._turn.__exit__(None, None, None)
            if isinstance(error, sqlite3.DatabaseError):
                raise _in_our_words(error, self._path) from error
            raise
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._commit()
            else:
                self._roll_back()
        finally:
            self._store.take_back(self._connection)
            if self._turn:
                self._turn.__exit__(None, None, None)
        if isinstance(error, sqlite3.DatabaseError):
            raise _in_our_words(error, self._path) from error

    def _commit(self) -> None:
        try:
            self._end("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, sqlite3.DatabaseError):
                raise _in_our_words(error, self._path) from error
            raise

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            self._end("ROLLBACK")

    def _end(self, how: str) -> None:
        """End the transaction, unless it came along with a fork: then it is the parent's to end."""
        if not self._store.is_open(self._connection):
            raise sqlite3.ProgrammingError
        self._connection.execute(how)


class SqliteStore:
    """A store in one SQLite file."""

    def __init__(self, path: Path, *, busy_seconds: int = 5, synchronous: str = "FULL") -> None:
        self._path = path.absolute()  # for the process may change its folder, and SQLite reads meaning into "file:"
        self._busy_seconds = busy_seconds
        self._synchronous = synchronous
        self._turns = Turns(ADAPTER)
        self._begin_in_this_process()
        _STORES.add(self)
        _mind_forks()
        with _translated(self._path), self._opening:
            self._refuse_what_was_forked_in_use()
            self._refuse_strangers()
        try:
            with self.transaction("BEGIN IMMEDIATE") as connection:
                self._lay_tables(connection)
        except BaseException:
            self.close()
            raise

    def _begin_in_this_process(self) -> None:
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._open: list[sqlite3.Connection] = []
        self._idle: list[sqlite3.Connection] = []

    def before_fork(self) -> None:
        """Close every connection that nobody uses, and open none until the fork is over."""
        self._opening.acquire()
        with self._lock:
            for connection in self._idle:
                connection.close()
                self._open.remove(connection)
            self._idle.clear()

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self._opening.release()

    def after_fork_in_child(self) -> None:
        """Leave the parent what is the parent's."""
        if self._open:
            _OF_ANOTHER_PROCESS.setdefault(self._path.resolve(), []).extend(self._open)
        self._begin_in_this_process()

    def _refuse_what_was_forked_in_use(self) -> None:
        if _OF_ANOTHER_PROCESS and self._path.resolve() in _OF_ANOTHER_PROCESS:
            raise Unsupported("a file that another thread was using when this process was forked", ADAPTER)

    def _refuse_strangers(self) -> None:
        """Look at a file that is there, through a connection that cannot change it: it must be ours and of our time.

        Another process may be making the file meanwhile, so only what stays the same for a moment is refused.
        """
        while True:
            before = self._state()
            try:
                return self._look(is_whole=not before[-1])
            except (Misconfigured, sqlite3.DatabaseError):
                time.sleep(_A_MOMENT)
                if self._state() == before:
                    raise

    def _state(self) -> tuple[object, ...]:
        """Tell by what one sees that the file, or what lies beside it, is being changed; the latter comes last."""
        try:
            file, *beside = (_size_and_moment(self._path.with_name(self._path.name + end)) for end in _FILES)
        except OSError as error:
            raise Misconfigured("sqlite", f"{self._path} cannot be reached ({error.strerror})") from error
        return (file, list(filter(None, beside)))

    def _look(self, *, is_whole: bool) -> None:
        if not self._path.exists():
            return
        if not self._path.is_file():
            raise Misconfigured("sqlite", f"{self._path} is no file; give the path of one")
        # SQLite says so only at the first write, and leaves a read-only log that stays in the way.
        if not os.access(self._path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise Misconfigured("sqlite", f"{self._path} may not be written; give this user the right to")
        # A read-only connection leaves files beside its own; an immutable one, for a file without a log, does not.
        address = f"{self._path.as_uri()}?{'immutable=1' if is_whole else 'mode=ro'}"
        size = self._path.stat().st_size
        try:
            with closing(sqlite3.connect(address, uri=True, timeout=self._busy_seconds)) as connection:
                connection.execute("BEGIN")  # one state for all questions, whoever lays the tables meanwhile
                self._tables(connection)
        except sqlite3.OperationalError as error:
            # A first opening that was killed leaves an empty page and a journal, which only a writer may roll back.
            if size > _PAGE_SIZE or getattr(error, "sqlite_errorname", "") != "SQLITE_READONLY_ROLLBACK":
                raise

    def _tables(self, connection: sqlite3.Connection) -> int:
        """Count the tables and indexes, and refuse those that are not ours or not of our time."""
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and application_id != APPLICATION_ID:
            raise Misconfigured("sqlite", f"{self._path} is a database of another program; give a file of its own")
        if tables and version > SCHEMA_VERSION:
            raise Misconfigured(
                "sqlite", f"{self._path} was written by a newer release (schema {version}); upgrade ownership"
            )
        return int(tables)

    def _lay_tables(self, connection: sqlite3.Connection) -> None:
        """Bring a file of an earlier schema, or one without tables, to this one, in the transaction that opens it."""
        version = 0
        if self._tables(connection):
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == SCHEMA_VERSION:
            return
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        for statement in (statement for step in _STEPS[version:] for statement in step):
            connection.execute(statement)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            for pragma in (
                f"page_size = {_PAGE_SIZE}",
                "journal_mode = WAL",
                f"synchronous = {self._synchronous}",
                "secure_delete = ON",
                "temp_store = MEMORY",
                f"cache_size = -{_CACHE_KIBIBYTES}",
                f"wal_autocheckpoint = {_LOG_PAGES}",
            ):
                self._set(connection, pragma)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set(self, connection: sqlite3.Connection, pragma: str) -> None:
        """Set what a connection keeps to. SQLite does not wait for who else turns a new file to WAL, so we do."""
        patience = time.monotonic() + self._busy_seconds
        while True:
            try:
                connection.execute(f"PRAGMA {pragma}")
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorname", "") != "SQLITE_BUSY" or time.monotonic() > patience:
                    raise
                time.sleep(_A_MOMENT)
            else:
                return

    def lend(self) -> sqlite3.Connection:
        """Lend a connection: as many are open as were ever needed at once, however many threads come and go."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        with self._opening:
            self._refuse_what_was_forked_in_use()
            connection = self._connect()
            with self._lock:
                self._open.append(connection)
        return connection

    def take_back(self, connection: sqlite3.Connection) -> None:
        """Keep a lent connection for who needs one next."""
        with self._lock:
            if connection in self._open:  # and not closed in the meantime
                self._idle.append(connection)

    def transaction(self, begin: str) -> _Transaction:
        """Give a transaction: commit at the end, roll back when the block raises."""
        return _Transaction(self, self._path, begin)

    def is_open(self, connection: sqlite3.Connection) -> bool:
        """Whether a connection is one of this store in this process, and was not closed meanwhile."""
        return connection in self._open

    def turn(self, begin: str, tenant: str, *, reads: bool = False) -> _Transaction:
        """Give a transaction that is opened when it is this thread's turn to open one."""
        return _Transaction(self, self._path, begin, self._turns.taken(tenant, reads=reads))

    def reading(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that only reads."""
        return _SqliteUnit(self.turn("BEGIN", tenant, reads=True), tenant, writes=False)

    def writing(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that commits at its end."""
        return _SqliteUnit(self.turn("BEGIN IMMEDIATE", tenant), tenant, writes=True)

    def outbox(self, tenant: str) -> Outbox:
        """Give the outbox of a tenant."""
        refuse_nameless(tenant)
        return _SqliteOutbox(self, tenant)

    def joined(self, connection: object) -> Store:
        """Give this store inside the transaction that is open on a connection of the host's."""
        joined = _JoinedStore(self, self._path, connection)
        joined.refuse_strangers()
        return joined

    def check(self) -> Sequence[str]:
        """Let SQLite examine its file, and tell where the tables are not as they were laid."""
        with self.transaction("BEGIN") as connection:
            lines = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
            there = dict(connection.execute(_LAID))
        return [*(line for line in lines if line != "ok"), *_drift(there)]

    def scrub(self) -> Sequence[str]:
        """Rewrite the file, so that nothing that was removed is left in it; this needs room for a copy.

        Raises:
            Unavailable: someone else reads or writes; the rewriting waits for them as a writer does.
        """
        with _translated(self._path):
            connection = self.lend()
            try:
                connection.execute("VACUUM")
                (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self.take_back(connection)
        if is_busy:
            raise Unavailable(f"{self._path} is being read by someone else: what was removed may still be in its log")
        return ()

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
            self._idle.clear()


@cache
def _mind_forks() -> None:
    """Have all stores of this process ready at each fork, from the first store on."""
    if not hasattr(os, "register_at_fork"):
        return
    one_at_a_time = threading.Lock()
    ready: list[SqliteStore] = []

    def before() -> None:
        one_at_a_time.acquire()
        ready[:] = _STORES
        for store in ready:
            store.before_fork()

    def after(what: Callable[[SqliteStore], None]) -> None:
        for store in ready:
            what(store)
        ready.clear()
        one_at_a_time.release()

    os.register_at_fork(
        before=before,
        after_in_parent=lambda: after(SqliteStore.after_fork_in_parent),
        after_in_child=lambda: after(SqliteStore.after_fork_in_child),
    )
