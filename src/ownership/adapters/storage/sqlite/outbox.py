"""The outbox of one tenant."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Protocol

from ownership.adapters.storage.sqlite.refusals import whole_characters
from ownership.adapters.storage.sqlite.unit import Speaker
from ownership.ports.storage import Entry, stamp


class Transacting(Protocol):
    """What opens a transaction for a tenant."""

    def __call__(self, begin: str, tenant: str) -> AbstractContextManager[sqlite3.Connection]:
        """Give a connection in a transaction."""


def count(connection: Speaker, tenant: str, topic: str) -> int:
    """Count the entries of a topic that are not settled."""
    statement = "SELECT count(*) FROM outbox WHERE tenant = ? AND topic = ?"
    return int(connection.execute(statement, (tenant, topic)).fetchone()[0])


class SqliteOutbox:
    """The outbox of one tenant."""

    def __init__(self, turn: Transacting, tenant: str) -> None:
        self._open_turn = turn
        self._tenant = tenant

    @contextmanager
    def _turn(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._open_turn(begin, self._tenant) as connection, whole_characters():
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
            return count(connection, self._tenant, topic)
