"""A unit of work in PostgreSQL: a few statements for a call, whatever the number of records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import chain
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, CursorResult, exc

from ownership.adapters.storage.sqlalchemy import refusals, statements
from ownership.adapters.storage.sqlalchemy.transactions import Transaction
from ownership.errors import Conflict, InvalidInput
from ownership.ports.storage import LISTED, Changes, Entry, Record, owner_of, refuse_half_characters

ADAPTER = "PostgreSQL store"

AT_ONCE = 1_000
"""Records written by one statement, and read ahead of a stream."""


class SqlUnit:
    """A unit of work in one transaction, which is open while the unit is entered."""

    _connection: Connection
    _open: ExitStack

    def __init__(
        self, transaction: Transaction, turn: AbstractContextManager[None], tenant: str, schema: str, *, writes: bool
    ) -> None:
        self._transaction = transaction
        self._turn = turn
        self._tenant = tenant
        self._schema = schema
        self._streams: list[CursorResult[Any]] = []
        self._about = ("tenant", tenant) if writes else None  # what a conflict is told to be about
        self._changes = Changes(ADAPTER, writes=writes)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._turn)
            storable("tenant", self._tenant)
            self._connection = self._transaction.begin()
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, unless the block raised or swallowed a failure: the database has then undone what it had."""
        with self._open:
            for stream in self._streams:
                with suppress(exc.SQLAlchemyError):
                    stream.close()
            if error is None and self._changes.failure is None:
                self._transaction.commit(self._about)
            else:
                self._transaction.rollback()
            if error is None:
                self._changes.confirm()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Raise in our words, and remember: PostgreSQL carries out nothing more in this transaction."""
        try:
            yield
        except exc.SQLAlchemyError as error:
            self._changes.failure = refusals.in_our_words(error, self._transaction.where, self._about)
            raise self._changes.failure from None

    def _rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with self._failing():
            result = self._connection.execute(
                statements.said(statement, self._schema), {"tenant": self._tenant, **values}
            )
            return [tuple(row) for row in result] if result.returns_rows else []

    def _records(self, statement: str, **values: Any) -> list[Record]:
        return [Record(*row) for row in self._rows(statement, **values)]

    def get(self, collection: str, ids: Sequence[str]) -> Sequence[Record]:
        wanted = sorted(set(ids))
        storable("id", collection, *wanted)
        return self._records(statements.GET, collection=collection, ids=wanted, owners=[*map(owner_of, wanted)])

    def owned(self, owner_id: str, collections: Sequence[str]) -> Sequence[Record]:
        storable("id", owner_id, *collections)
        return self._records(statements.OWNED, owner=owner_id, collections=list(collections))

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
        storable("key", collection, key, equals or "", before or "", after_id)
        values = {"collection": collection}
        statement = statements.FIND_LISTED if collection in LISTED else statements.FIND_ALL
        if key:
            values |= {"key": key}
            statement = statements.FIND_KEYED
        if key and equals is not None:
            values |= {"equals": equals}
            statement = statements.FIND_EQUAL
        elif key and before is not None:
            values |= {"before": before}
            statement = statements.FIND_BEFORE
        at_once = AT_ONCE if limit is None else min(limit, AT_ONCE)
        first = self._records(statement, after=after_id, limit=at_once, **values)
        if len(first) < AT_ONCE or limit == AT_ONCE:
            return iter(first)
        # Most answers are short and take one round trip; the rest of a long one comes through a cursor, opened now,
        # so that what the unit writes meanwhile does not change it.
        left = None if limit is None else limit - AT_ONCE
        return chain(first, self._stream(statement, after=first[-1].id, limit=left, **values))

    def _stream(self, statement: str, **values: Any) -> Iterator[Record]:
        with self._failing():
            rows = self._connection.execute(
                statements.said(statement, self._schema),
                {"tenant": self._tenant, **values},
                execution_options={"yield_per": AT_ONCE},
            )
        self._streams.append(rows)
        return self._fetched(rows)

    def _fetched(self, rows: CursorResult[Any]) -> Iterator[Record]:
        while True:
            with self._failing():
                batch = rows.fetchmany(AT_ONCE)
            if not batch:
                return
            yield from (Record(*each) for each in map(tuple, batch))

    def put(self, records: Sequence[Record]) -> None:
        with self._changes:
            for record in records:
                storable("record", record.collection, record.id, record.body, *chain(*record.keys))
            for batch in _batches(records):
                self._put(batch)

    def _put(self, records: Sequence[Record]) -> None:
        """Write records that differ; in the order of their keys, so that two units rarely wait for each other."""
        ordered = sorted(records, key=lambda record: (record.owner_id, record.collection, record.id))
        first = next((record for record in ordered if record.version != 1), ordered[0])
        self._about = first.collection, first.id
        written = set(
            self._rows(
                statements.PUT,
                **_names_of(ordered),
                versions=[record.version for record in ordered],
                bodies=[record.body for record in ordered],
                **_keys_of(ordered),
            )
        )
        for record in records:
            if (record.collection, record.id) not in written:
                raise Conflict(record.collection, record.id)

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        with self._changes:
            storable("id", collection, *ids)
            gone = sorted(set(ids))
            for start in range(0, len(gone), AT_ONCE):
                batch = gone[start : start + AT_ONCE]
                self._about = collection, batch[0]
                self._rows(statements.REMOVE, collection=collection, ids=batch, owners=[*map(owner_of, batch)])

    def emit(self, entries: Sequence[Entry]) -> None:
        with self._changes:
            for entry in entries:
                storable("entry", entry.id, entry.topic, entry.about)
            once = {entry.id: entry for entry in reversed(entries)}
            if once:
                told = [once[id_] for id_ in sorted(once)]
                self._rows(
                    statements.EMIT,
                    ids=[entry.id for entry in told],
                    topics=[entry.topic for entry in told],
                    abouts=[entry.about for entry in told],
                    dues=[entry.due_at for entry in told],
                    attempts=[entry.attempts for entry in told],
                )


def storable(path: str, *texts: str) -> None:
    """Refuse a text that PostgreSQL cannot hold.

    Raises:
        InvalidInput: a text has a NUL, or half a character.
    """
    refuse_half_characters(*texts)
    if any("\0" in each for each in texts):
        raise InvalidInput.at(path, "has a NUL character, which PostgreSQL cannot hold; leave it out")


def _batches(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Give records in groups for a statement; where one is there twice, each goes over the one before it."""
    batch: dict[tuple[str, str], Record] = {}
    for record in records:
        if len(batch) == AT_ONCE or (record.collection, record.id) in batch:
            yield list(batch.values())
            batch = {}
        batch[record.collection, record.id] = record
    if batch:
        yield list(batch.values())


def _names_of(records: Sequence[Record]) -> dict[str, list[str]]:
    return {
        "owners": [record.owner_id for record in records],
        "collections": [record.collection for record in records],
        "ids": [record.id for record in records],
    }


def _keys_of(records: Sequence[Record]) -> dict[str, list[str]]:
    rows = [(record, key, value) for record in records for key, value in sorted(set(record.keys))]
    return {
        "key_owners": [record.owner_id for record, _, _ in rows],
        "key_collections": [record.collection for record, _, _ in rows],
        "key_ids": [record.id for record, _, _ in rows],
        "keys": [key for _, key, _ in rows],
        "values": [value for _, _, value in rows],
    }
