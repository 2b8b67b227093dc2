"""The tables in a file: what lays them, brings them from one schema to the next, and tells where they differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from ownership.errors import Misconfigured

APPLICATION_ID = 0x6F776E73
"""Marks a SQLite file as ours ("owns")."""

_STEPS = (
    (
        """CREATE TABLE records (
        tenant TEXT NOT NULL, owner TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL,
        version INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (tenant, owner, collection, id)
    ) WITHOUT ROWID""",
        """CREATE TABLE keys (
        tenant TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (tenant, collection, id, key, value)
    ) WITHOUT ROWID""",
        "CREATE INDEX keys_by_value ON keys (tenant, collection, key, value, id)",
        """CREATE INDEX records_by_collection ON records (tenant, collection, id)
        WHERE collection IN ('people', 'cycles', 'learning_options')""",
        """CREATE TABLE outbox (
        tenant TEXT NOT NULL, id TEXT NOT NULL, topic TEXT NOT NULL, about TEXT NOT NULL,
        due_at TEXT NOT NULL, attempts INTEGER NOT NULL, lease_until TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (tenant, id)
    ) WITHOUT ROWID""",
        "CREATE INDEX outbox_by_due ON outbox (tenant, topic, due_at)",
    ),
    ("CREATE INDEX outbox_by_about ON outbox (tenant, about)",),
    (
        "DROP INDEX IF EXISTS records_by_collection",
        """CREATE INDEX records_by_collection ON records (tenant, collection, id)
        WHERE collection IN ('people', 'cycles', 'learning_options', 'pulses')""",
    ),
)
"""What leads from each schema to the next; a step that was released is never changed. A new file takes all of them."""

SCHEMA_VERSION = len(_STEPS)

LAID = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"


def count_tables(connection: sqlite3.Connection, path: Path) -> int:
    """Count the tables and indexes, and refuse those that are not ours or not of our time."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application_id != APPLICATION_ID:
        raise Misconfigured("sqlite", f"{path} is a database of another program; give a file of its own")
    if tables and version > SCHEMA_VERSION:
        raise Misconfigured("sqlite", f"{path} was written by a newer release (schema {version}); upgrade ownership")
    return int(tables)


def lay_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a file of an earlier schema, or one without tables, to this one, in the transaction that opens it."""
    version = 0
    if count_tables(connection, path):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == SCHEMA_VERSION:
        return
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    for statement in (statement for step in _STEPS[version:] for statement in step):
        connection.execute(statement)


def drift(there: Mapping[str, str]) -> Iterator[str]:
    """Compare what lies in a file with what this release lays; tables of a host's may lie beside ours."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statement in (statement for step in _STEPS for statement in step):
            fresh.execute(statement)
        for name, wanted in fresh.execute(LAID):
            if there.get(name) != wanted:
                yield f"{name} is {'not as this release lays it' if name in there else 'missing'}"
