"""The store inside a transaction of the host's, on the host's connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from ownership.adapters.storage.sqlite.outbox import count
from ownership.adapters.storage.sqlite.refusals import ADAPTER, translated
from ownership.adapters.storage.sqlite.unit import SqliteUnit
from ownership.errors import Misconfigured, Unsupported
from ownership.ports.storage import JoinedOutbox, Outbox, Turns, Unit, refuse_nameless


class HostConnection:
    """A connection of the host's, read in our way: rows are tuples, whatever they are to the host."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Mapping[str, object] | Sequence[object] = ()) -> sqlite3.Cursor:
        """Carry out a statement."""
        return self._cursor().execute(statement, values)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> sqlite3.Cursor:
        """Carry out a statement for each of some rows."""
        return self._cursor().executemany(statement, rows)

    @property
    def total_changes(self) -> int:
        """How many rows were changed through the host's connection."""
        return self._connection.total_changes

    def _cursor(self) -> sqlite3.Cursor:
        cursor = sqlite3.Cursor(self._connection)
        cursor.row_factory = None
        return cursor


class JoinedStore:
    """The store inside a transaction of the host's, on the host's connection."""

    def __init__(self, check: Callable[[], Sequence[str]], path: Path, spoken: object) -> None:
        self._check = check
        self._path = path
        self._spoken = spoken
        self._turns = Turns(ADAPTER)

    @contextmanager
    def savepoint(self, tenant: str, *, reads: bool = False) -> Iterator[HostConnection]:
        """Give the host's connection, and take back what the block did when it raises."""
        with self._turns.taken(tenant, reads=reads), translated(self._path):
            connection = HostConnection(_open_transaction(self._spoken, writes=not reads))
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
        with translated(self._path):
            files = {name: file for _, name, file in HostConnection(driver).execute("PRAGMA database_list")}
        if not files["main"] or not self._path.samefile(files["main"]):
            raise Misconfigured("connection", f"leads to another file than {self._path}; connect to that one")

    def reading(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that only reads."""
        return SqliteUnit(self.savepoint(tenant, reads=True), tenant, writes=False)

    def writing(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit whose end is the end of its savepoint."""
        return SqliteUnit(self.savepoint(tenant), tenant, writes=True)

    def outbox(self, tenant: str) -> Outbox:
        """Give the outbox of a tenant, to be counted."""
        refuse_nameless(tenant)

        def pending(topic: str) -> int:
            with self.savepoint(tenant, reads=True) as connection:
                return count(connection, tenant, topic)

        return JoinedOutbox(pending, ADAPTER)

    def check(self) -> Sequence[str]:
        """Let SQLite examine its file."""
        return self._check()

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
