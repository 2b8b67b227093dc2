"""The two kinds of transaction in which a unit works: one of its own, or a savepoint in the host's."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from sqlalchemy import Connection, Engine, NestedTransaction, exc

from ownership.adapters.storage.sqlalchemy import refusals


class Transaction(Protocol):
    """What a unit needs of a transaction; each call raises in our words."""

    where: str

    def begin(self) -> Connection:
        """Begin, and give the connection."""

    def commit(self, about: tuple[str, str] | None = None) -> None:
        """Make it so; ``about`` is what was written."""

    def rollback(self) -> None:
        """Leave nothing behind."""


class OwnTransaction:
    """A transaction on a connection of the pool, from its beginning to its end."""

    _connection: Connection

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self.where = where

    def begin(self) -> Connection:
        """Take a connection."""
        try:
            self._connection = self._engine.connect()
        except exc.SQLAlchemyError as error:
            raise refusals.at_connecting(error, self.where) from None
        return self._connection

    def commit(self, about: tuple[str, str] | None = None) -> None:
        """Commit, and give the connection back."""
        try:
            self._connection.commit()
        except exc.SQLAlchemyError as error:
            raise refusals.at_commit(error, self.where, about) from None
        finally:
            self._give_back()

    def rollback(self) -> None:
        """Roll back, and give the connection back."""
        self._give_back()

    def _give_back(self) -> None:
        with suppress(exc.SQLAlchemyError):
            self._connection.close()


class Savepoint:
    """A savepoint in a transaction of the host, which alone commits it or rolls it back."""

    _savepoint: NestedTransaction

    def __init__(self, connection: Connection, where: str) -> None:
        self._connection = connection
        self.where = where

    def begin(self) -> Connection:
        """Set the savepoint."""
        with refusals.translated(self.where):
            self._savepoint = self._connection.begin_nested()
        return self._connection

    def commit(self, about: tuple[str, str] | None = None) -> None:
        """Release the savepoint: it is now up to the host."""
        del about
        with refusals.translated(self.where):
            self._savepoint.commit()

    def rollback(self) -> None:
        """Go back to the savepoint."""
        with suppress(exc.SQLAlchemyError):
            self._savepoint.rollback()
