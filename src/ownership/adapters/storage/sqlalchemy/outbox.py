"""The outbox in PostgreSQL: workers in many processes pass over what another is claiming."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from ownership.adapters.storage.sqlalchemy import refusals, statements
from ownership.adapters.storage.sqlalchemy.transactions import Transaction
from ownership.adapters.storage.sqlalchemy.unit import storable
from ownership.ports.storage import Entry, Turns


def done(transaction: Transaction, statement: str, schema: str, **values: Any) -> list[Any]:
    """Carry out one statement in a transaction of its own, and give its rows."""
    connection = transaction.begin()
    try:
        with refusals.translated(transaction.where):
            result = connection.execute(statements.said(statement, schema), values)
            rows = list(result) if result.returns_rows else []
    except BaseException:
        transaction.rollback()
        raise
    transaction.commit()
    return rows


class SqlOutbox:
    """The outbox of one tenant. Each call is a short transaction of its own."""

    def __init__(self, begin: Callable[[], Transaction], turns: Turns, tenant: str, schema: str) -> None:
        self._begin = begin
        self._turns = turns
        self._tenant = tenant
        self._schema = schema

    def _do(self, statement: str, **values: Any) -> list[Any]:
        with self._turns.taken(self._tenant):
            return done(self._begin(), statement, self._schema, tenant=self._tenant, **values)

    def claim(self, topic: str, *, now: datetime, lease_until: datetime, limit: int) -> Sequence[Entry]:
        storable("topic", topic)
        rows = self._do(statements.CLAIM, topic=topic, now=now, lease_until=lease_until, limit=limit)
        claimed = [Entry(id_, topic, about, due.astimezone(UTC), attempts) for id_, about, due, attempts in rows]
        return sorted(claimed, key=lambda entry: (entry.due_at, entry.id))

    def settle(self, ids: Sequence[str]) -> None:
        storable("id", *ids)
        self._do(statements.SETTLE, ids=list(ids))

    def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
        storable("id", *ids)
        self._do(statements.POSTPONE, ids=list(ids), until=until)

    def pending(self, topic: str) -> int:
        storable("topic", topic)
        return int(self._do(statements.PENDING, topic=topic)[0][0])
