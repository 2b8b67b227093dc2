"""A unit of work: what the storage port asks, as statements in one transaction."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self

from ownership.adapters.storage.sqlite.refusals import ADAPTER
from ownership.errors import Conflict
from ownership.ports.storage import LISTED, Changes, Entry, Record, half_a_character, owner_of, stamp

_AT_ONCE = 200
"""Records asked for in one statement; two variables each stay below every build's limit of 999."""

IS_LISTED = "collection IN ('" + "', '".join(LISTED) + "')"
"""SQLite uses an index on a part of a table only for a statement that says the same words."""

_THEIR_RECORDS = (
    " CROSS JOIN records r ON r.tenant = :tenant AND r.collection = :collection AND r.id = k.id"
    " AND r.owner = CASE WHEN instr(k.id, '.') THEN substr(k.id, 1, instr(k.id, '.') - 1) ELSE k.id END"
)

_Key = tuple[str, str, str, str]
"""A key as it lies in its table: collection and id of the record, name and value."""


def _at_once(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Give ids, each once and in order, in as many as one statement takes."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]


class SqliteChanges(Changes):
    """What a unit changes: a text that SQLite cannot write has half a character."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, UnicodeEncodeError):
            self.failure = half_a_character()
            raise self.failure from None  # the error of Python holds the text
        super().__exit__(kind, error, trace)


class Speaker(Protocol):
    """What a unit speaks to: a connection of its own, or one of the host's."""

    def execute(self, statement: str, values: Any = ..., /) -> sqlite3.Cursor:
        """Carry out a statement."""

    def executemany(self, statement: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        """Carry out a statement for each of some rows."""

    @property
    def total_changes(self) -> int:
        """How many rows were changed through it."""


class SqliteUnit:
    """A unit of work on one connection, in one transaction, which is open while the unit is entered."""

    _connection: Speaker

    def __init__(self, transaction: AbstractContextManager[Speaker], tenant: str, *, writes: bool) -> None:
        self._transaction = transaction
        self._tenant = tenant
        self._changes = SqliteChanges(ADAPTER, writes=writes)
        self._streams: list[sqlite3.Cursor] = []

    def __enter__(self) -> Self:
        self._connection = self._transaction.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Commit, unless the block raised or swallowed a failure: the unit is then half of what it should have been."""
        try:
            for stream in self._streams:  # an open statement would show this state to the connection's next unit
                stream.close()
        except sqlite3.ProgrammingError:
            pass  # the connection was closed meanwhile, and its statements with it
        except BaseException:  # an interrupt
            self._transaction.__exit__(*sys.exc_info())
            raise
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
            listed = f"AND {IS_LISTED}" if collection in LISTED else ""
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
