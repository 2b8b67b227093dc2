"""A SQLite store of which one call to SQLite fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ownership.adapters.storage.sqlite import SqliteStore


class Counting:
    """A connection whose calls are counted with others', and of which one fails."""

    def __init__(self, connection: sqlite3.Connection, tick: Callable[[], None]) -> None:
        self._connection = connection
        self._tick = tick

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """Carry out a statement, or fail."""
        self._tick()
        return self._connection.execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        """Carry out a statement for many, or fail."""
        self._tick()
        return self._connection.executemany(*arguments)


@contextmanager
def one_call_fails(store: SqliteStore, nth: int) -> Iterator[None]:
    """Let the nth call to SQLite from now on fail; the commit is one, too."""
    calls = 0

    def tick() -> None:
        nonlocal calls
        calls += 1
        if calls == nth:
            msg = "disk I/O error"
            raise sqlite3.OperationalError(msg)

    lent = store._connections
    counted: list[Any] = [Counting(connection, tick) for connection in lent._open]
    lent._open[:] = lent._idle[:] = counted
    yield
