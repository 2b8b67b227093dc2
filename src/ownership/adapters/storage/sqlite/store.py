"""The store: one file, and what opens units, outbox and joined stores on it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from ownership.adapters.storage.sqlite.connections import Connections
from ownership.adapters.storage.sqlite.joined import JoinedStore
from ownership.adapters.storage.sqlite.looking import refuse_strangers
from ownership.adapters.storage.sqlite.outbox import SqliteOutbox
from ownership.adapters.storage.sqlite.refusals import ADAPTER, translated
from ownership.adapters.storage.sqlite.schema import LAID, drift, lay_tables
from ownership.adapters.storage.sqlite.transactions import Transaction
from ownership.adapters.storage.sqlite.unit import SqliteUnit
from ownership.errors import Unavailable
from ownership.ports.storage import Outbox, Store, Turns, Unit, refuse_nameless


class SqliteStore:
    """A store in one SQLite file."""

    def __init__(self, path: Path, *, busy_seconds: int = 5, synchronous: str = "FULL") -> None:
        self._path = path.absolute()  # for the process may change its folder, and SQLite reads meaning into "file:"
        self._connections = Connections(self._path, busy_seconds=busy_seconds, synchronous=synchronous)
        self._turns = Turns(ADAPTER)
        with translated(self._path):
            self._connections.after(lambda: refuse_strangers(self._path, busy_seconds))
        try:
            with self.transaction("BEGIN IMMEDIATE") as connection:
                lay_tables(connection, self._path)
        except BaseException:
            self.close()
            raise

    def transaction(self, begin: str) -> Transaction:
        """Give a transaction: commit at the end, roll back when the block raises."""
        return Transaction(self._connections, self._path, begin)

    def turn(self, begin: str, tenant: str, *, reads: bool = False) -> Transaction:
        """Give a transaction that is opened when it is this thread's turn to open one."""
        return Transaction(self._connections, self._path, begin, self._turns.taken(tenant, reads=reads))

    def reading(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that only reads."""
        return SqliteUnit(self.turn("BEGIN", tenant, reads=True), tenant, writes=False)

    def writing(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that commits at its end."""
        return SqliteUnit(self.turn("BEGIN IMMEDIATE", tenant), tenant, writes=True)

    def outbox(self, tenant: str) -> Outbox:
        """Give the outbox of a tenant."""
        refuse_nameless(tenant)
        return SqliteOutbox(self.turn, tenant)

    def joined(self, connection: object) -> Store:
        """Give this store inside the transaction that is open on a connection of the host's."""
        joined = JoinedStore(self.check, self._path, connection)
        joined.refuse_strangers()
        return joined

    def check(self) -> Sequence[str]:
        """Let SQLite examine its file, and tell where the tables are not as they were laid."""
        with self.transaction("BEGIN") as connection:
            lines = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
            there = dict(connection.execute(LAID))
        return [*(line for line in lines if line != "ok"), *drift(there)]

    def scrub(self) -> Sequence[str]:
        """Rewrite the file, so that nothing that was removed is left in it; this needs room for a copy.

        Raises:
            Unavailable: someone else reads or writes; the rewriting waits for them as a writer does.
        """
        with translated(self._path):
            connection = self._connections.lend()
            try:
                connection.execute("VACUUM")
                (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._connections.take_back(connection)
        if is_busy:
            raise Unavailable(f"{self._path} is being read by someone else: what was removed may still be in its log")
        return ()

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()
