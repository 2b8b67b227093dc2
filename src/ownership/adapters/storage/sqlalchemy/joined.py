"""The store inside a transaction of the host's: on SQLAlchemy's connection, or on that of a session."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, exc, text

from ownership.adapters.storage.sqlalchemy import refusals, statements
from ownership.adapters.storage.sqlalchemy.outbox import done
from ownership.adapters.storage.sqlalchemy.schema import REVISIONS, VERSION_TABLE
from ownership.adapters.storage.sqlalchemy.transactions import Savepoint
from ownership.adapters.storage.sqlalchemy.unit import ADAPTER, SqlUnit, storable
from ownership.errors import Misconfigured, Unsupported
from ownership.ports.storage import JoinedOutbox, Outbox, Store, Turns, Unit, refuse_nameless


class JoinedSqlStore:
    """The store on a connection of the host's, who alone commits."""

    def __init__(self, store: Store, spoken: Any, database: str, schema: str, where: str) -> None:
        self._store = store
        self._spoken = spoken
        self._schema = schema
        self._where = where
        self._turns = Turns(ADAPTER)
        self._refuse_strangers(database)

    def _refuse_strangers(self, database: str) -> None:
        savepoint = self._savepoint()
        connection = savepoint.begin()
        try:
            with refusals.translated(self._where):
                here = connection.scalar(text("SELECT current_database()"))
                if here != database:
                    raise Misconfigured("connection", f"leads to another database than {self._where}")
                version = connection.scalar(text(f'SELECT version_num FROM "{self._schema}".{VERSION_TABLE}'))  # noqa: S608
        finally:
            savepoint.rollback()
        if version != REVISIONS[-1]:
            raise Misconfigured("connection", f"leads to tables of another release (schema {version})")

    def _savepoint(self) -> Savepoint:
        return Savepoint(open_transaction(self._spoken, self._where), self._where)

    def _unit(self, tenant: str, *, writes: bool) -> AbstractContextManager[Unit]:
        turn = self._turns.taken(tenant, reads=not writes)
        return SqlUnit(self._savepoint(), turn, tenant, self._schema, writes=writes)

    def reading(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that only reads."""
        return self._unit(tenant, writes=False)

    def writing(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit whose end is the end of its savepoint."""
        return self._unit(tenant, writes=True)

    def outbox(self, tenant: str) -> Outbox:
        """Give the outbox of a tenant, to be counted."""
        refuse_nameless(tenant)
        storable("tenant", tenant)

        def count(topic: str) -> int:
            storable("topic", topic)
            with self._turns.taken(tenant, reads=True):
                counted = done(self._savepoint(), statements.PENDING, self._schema, tenant=tenant, topic=topic)
            return int(counted[0][0])

        return JoinedOutbox(count, ADAPTER)

    def check(self) -> Sequence[str]:
        """Tell what the store tells."""
        return self._store.check()

    def scrub(self) -> Sequence[str]:
        """Refuse."""
        raise Unsupported("scrubbing inside a transaction of the host's", ADAPTER)

    def close(self) -> None:
        """Leave the connection to the host."""


def open_transaction(spoken: Any, where: str) -> Connection:
    """Give the connection that the host means, on which a transaction is open: SQLAlchemy's own, or a session's."""
    has_begun = getattr(spoken, "in_transaction", None)
    is_session = not isinstance(spoken, Connection) and callable(getattr(spoken, "connection", None))
    if not callable(has_begun) or not (is_session or isinstance(spoken, Connection)):
        raise Misconfigured("connection", "is no connection or session of SQLAlchemy; of async ones give the sync one")
    if not has_begun():
        raise Misconfigured("connection", "has no open transaction; begin one, which you then commit or roll back")
    try:
        connection = spoken.connection() if is_session else spoken
    except exc.SQLAlchemyError as error:
        raise Misconfigured("connection", f"of the session cannot be had ({type(error).__name__})") from None
    if not isinstance(connection, Connection):
        raise Misconfigured("connection", "is no connection or session of SQLAlchemy; of async ones give the sync one")
    if connection.dialect.name != "postgresql":
        raise Misconfigured("connection", f"leads to {connection.dialect.name}, and not to {where}")
    if getattr(connection.connection.driver_connection, "autocommit", False):
        raise Misconfigured("connection", "commits each statement by itself (AUTOCOMMIT); give one that does not")
    return connection
