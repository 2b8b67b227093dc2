"""Transactions of the store's own."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import TracebackType

from ownership.adapters.storage.sqlite.connections import Connections
from ownership.adapters.storage.sqlite.refusals import in_our_words


class Transaction:
    """A transaction of the store's own, on a connection that it lends; what SQLite says comes out in our words.

    Most of what is done here takes less time than a generator takes to begin and to end: so it is none.
    """

    __slots__ = ("_begin", "_connection", "_connections", "_path", "_turn")

    def __init__(
        self, connections: Connections, path: Path, begin: str, turn: AbstractContextManager[None] | None = None
    ) -> None:
        self._connections = connections
        self._path = path
        self._begin = begin
        self._turn = turn

    def __enter__(self) -> sqlite3.Connection:
        if self._turn:
            self._turn.__enter__()
        try:
            self._connection = self._connections.lend()
            try:
                self._connection.execute(self._begin)
            except BaseException:
                self._roll_back()  # an interrupt comes when SQLite has begun
                self._connections.take_back(self._connection)
                raise
        except BaseException as error:
            if self._turn:
                self._turn.__exit__(None, None, None)
            if isinstance(error, sqlite3.DatabaseError):
                raise in_our_words(error, self._path) from error
            raise
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            try:
                if error is None:
                    self._commit()
                else:
                    self._roll_back()
            finally:
                self._connections.take_back(self._connection)
        finally:
            if self._turn:
                self._turn.__exit__(None, None, None)
        if isinstance(error, sqlite3.DatabaseError):
            raise in_our_words(error, self._path) from error

    def _commit(self) -> None:
        try:
            self._end("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, sqlite3.DatabaseError):
                raise in_our_words(error, self._path) from error
            raise

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            self._end("ROLLBACK")

    def _end(self, how: str) -> None:
        """End the transaction, unless it came along with a fork: then it is the parent's to end."""
        if not self._connections.is_open(self._connection):
            raise sqlite3.ProgrammingError
        self._connection.execute(how)
