"""The tables in PostgreSQL: laid at the first opening, migrated by Alembic, compared with what they should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

from ownership.adapters.storage.sqlalchemy import refusals
from ownership.adapters.storage.sqlalchemy.transactions import OwnTransaction
from ownership.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = ("1",)
"""The versions of the tables, the first first; each has a file in ``migrations/versions``."""

VERSION_TABLE = "schema_version"
"""Where Alembic notes the version, in our schema."""

_LOCK = 0x6F776E73
"""Of several processes that open a new database at once, one lays the tables and the others wait ("owns")."""

_TEXT = "text COLLATE C NOT NULL"
TABLES = {
    "records": {"tenant": _TEXT, "owner": _TEXT, "collection": _TEXT, "id": _TEXT, "version": "bigint NOT NULL"}
    | {"body": _TEXT},
    "keys": dict.fromkeys(("tenant", "owner", "collection", "id", "key", "value"), _TEXT),
    "outbox": dict.fromkeys(("tenant", "id", "topic", "about"), _TEXT)
    | {"due_at": "timestamp with time zone NOT NULL", "attempts": "integer NOT NULL"}
    | {"lease_until": "timestamp with time zone NOT NULL"},
}
"""Each table with its columns, as this release needs them."""

INDEXES = {
    "records_pkey": "(tenant, owner, collection, id)",
    "records_by_collection": "(tenant, collection, id) WHERE"
    " (collection = ANY (ARRAY['people'::text, 'cycles'::text, 'learning_options'::text, 'pulses'::text]))",
    "keys_pkey": "(tenant, owner, collection, id, key, value)",
    "keys_by_value": "(tenant, collection, key, value, id) INCLUDE (owner)",
    "outbox_pkey": "(tenant, id)",
    "outbox_by_due": "(tenant, topic, due_at, id)",
    "outbox_by_about": "(tenant, about)",
}
"""Each index with what it is on, in PostgreSQL's own words."""

_COLUMNS = text("""
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || coalesce(' COLLATE ' || l.collname, '')
      || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname = ANY (CAST(:tables AS text[]))""")
_INDEXES = text("""
    SELECT c.relname, substring(pg_get_indexdef(i.indexrelid) FROM ' USING btree (.*)') FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = to_regnamespace(:schema) AND t.relname = ANY (CAST(:tables AS text[])) AND i.indisvalid""")
_SETTINGS = {
    "fsync": "the server does not flush (fsync is off): a crash loses or tears what was acknowledged",
    "full_page_writes": "the server does not write full pages: a crash can tear them",
    "synchronous_commit": "commits do not wait for the disk (synchronous_commit is off): a crash loses the last ones",
}


_OURS = text("""
    SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
    WHERE relnamespace = to_regnamespace(:schema) AND relname = ANY (CAST(:tables AS text[]))""")
_NOW = text("SELECT CAST(CAST(pg_current_xact_id() AS xid) AS text)")
_KEPT = text("""
    SELECT count(*) FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    JOIN pg_class t ON t.oid = coalesce(i.inhparent, c.oid)
    WHERE t.relnamespace = to_regnamespace(:schema) AND t.relname = ANY (CAST(:tables AS text[])) AND c.relkind = 'r'
      AND age(c.relfrozenxid) >= age(CAST(:now AS xid))""")
"""A table that was frozen when it was rewritten tells up to which transaction nobody sees what was there before."""

MAINTENANCE = (
    (
        "DELETE FROM pg_catalog.pg_statistic USING pg_catalog.pg_class c"
        " WHERE starelid = c.oid AND relnamespace = to_regnamespace('ownership') AND reltuples <= 0"
    ),
    "VACUUM FULL pg_catalog.pg_statistic",
    "ALTER SYSTEM SET wal_recycle = off",
    "SELECT pg_reload_conf()",
    (
        "DO $$ BEGIN FOR each IN 1..(SELECT count(*) FROM pg_ls_waldir()) LOOP"
        " PERFORM pg_logical_emit_message(false, 'ownership', 'next file'), pg_switch_wal(); END LOOP; END $$"
    ),
    "CHECKPOINT",
    "ALTER SYSTEM RESET wal_recycle",
    "SELECT pg_reload_conf()",
)
"""What an administrator runs in the database after a scrub, so that no raw file has what was removed.

Statistics keep samples of columns, those of a table that is empty by now until it has rows again. Files of the log that
are no longer needed are renamed to be written over later: each of these is passed through, and then they are removed.
"""


class Schema:
    """The tables of a store."""

    def __init__(self, engine: Engine, name: str, where: str) -> None:
        self._engine = engine.execution_options(isolation_level="READ COMMITTED")
        self._vacuuming = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._name = name
        self._where = where

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        transaction = OwnTransaction(self._engine, self._where)
        connection = transaction.begin()
        try:
            with refusals.translated(self._where):
                yield connection
        except BaseException:
            transaction.rollback()
            raise
        transaction.commit()

    def prepare(self) -> None:
        """Lay the tables where there are none, and refuse those that are not of our time.

        Raises:
            Misconfigured: the tables are older or newer than this release, or the database is not in UTF-8.
        """
        with self._transaction() as connection:
            version = self._version(connection)
        if version is None:
            self.migrate()
        elif version not in REVISIONS:
            raise Misconfigured(
                "postgresql", f"{self._where} was written by a newer release (schema {version}); upgrade ownership"
            )
        elif version != REVISIONS[-1]:
            raise Misconfigured(
                "postgresql",
                f"{self._where} has tables of an earlier release (schema {version}); run ownership migrate",
            )

    def _version(self, connection: Connection) -> str | None:
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise Misconfigured(
                "postgresql", f"{self._where} is in {encoding}; create the database with ENCODING 'UTF8'"
            )
        table = f'"{self._name}".{VERSION_TABLE}'
        if connection.scalar(text("SELECT to_regclass(:table)"), {"table": table}) is None:
            return None
        version: str | None = connection.scalar(text(f"SELECT version_num FROM {table}"))  # noqa: S608 - our own names
        return version

    def migrate(self) -> None:
        """Bring the tables to this release, step by step, in one transaction; nothing happens when they are."""
        from alembic import command  # noqa: PLC0415 - most openings need no migration

        with self._transaction() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            version = self._version(connection)
            if version in (None, *REVISIONS):
                config = _config(self._name)
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def rewrite(self) -> Sequence[str]:
        """Rewrite every table and index as a whole, without what was removed; gives what another user is to run.

        Raises:
            Unavailable: somebody's transaction is older than a removal, and what was removed is kept for it.
        """
        statements = [f'VACUUM (FULL, FREEZE, ANALYZE) "{self._name}".{table}' for table in TABLES]
        named = {"schema": self._name, "tables": list(TABLES)}
        vacuum = OwnTransaction(self._vacuuming, self._where)
        connection = vacuum.begin()
        try:
            with refusals.translated(self._where):
                if not connection.scalar(_OURS, named):  # PostgreSQL would pass over them, and only warn
                    return statements
                now = connection.scalar(_NOW)
                for statement in statements:
                    connection.execute(text(statement))
                kept = connection.scalar(_KEPT, {**named, "now": now})
        finally:
            vacuum.rollback()
        if not kept:
            return ()
        raise Unavailable(f"a transaction in {self._where} is older than the removal and keeps what was removed")

    def drift(self) -> Sequence[str]:
        """Tell where the tables differ from what this release needs."""
        named = {"schema": self._name, "tables": list(TABLES)}
        with self._transaction() as connection:
            columns = {(table, column): kind for table, column, kind in connection.execute(_COLUMNS, named)}
            indexes = {row[0]: row[1] for row in connection.execute(_INDEXES, named)}
            settings = [name for name in _SETTINGS if connection.scalar(text(f"SHOW {name}")) == "off"]
        wanted = {(table, column): kind for table, columns_ in TABLES.items() for column, kind in columns_.items()}
        lines = [
            f"column {table}.{column} is {columns.get((table, column), 'missing')}; it should be {kind}"
            for (table, column), kind in wanted.items()
            if columns.get((table, column)) != kind
        ]
        lines += [f"column {table}.{column} is not ours" for table, column in columns.keys() - wanted.keys()]
        lines += [
            f"index {name} is {indexes.get(name, 'missing')}; it should be {on}"
            for name, on in INDEXES.items()
            if indexes.get(name) != on
        ]
        return [*lines, *(_SETTINGS[name] for name in settings)]


def _config(schema: str) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - most openings need no migration

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["schema"] = schema
    return config


PARTITIONED_BY = {"records": "owner", "keys": "owner", "outbox": "id"}
"""By what each table can be split: all of a person's records lie in one part."""


def ddl(schema: str = "ownership", *, partitions: int = 0) -> str:
    """Write the statements that lay the tables in an empty database, for a host that migrates itself.

    With ``partitions`` each table is split into so many parts, by a hash of the owner; the outbox by that of its ids.
    """
    from alembic import command  # noqa: PLC0415 - only who prints it needs it

    config = _config(schema)
    config.output_buffer = written = StringIO()
    command.upgrade(config, "head", sql=True)
    statements = written.getvalue()
    for table, column in PARTITIONED_BY.items() if partitions else ():
        name = f'"{schema}".{table}'
        parts = "".join(
            f"CREATE TABLE {name}_{part} PARTITION OF {name}"
            f" FOR VALUES WITH (MODULUS {partitions}, REMAINDER {part});\n"
            for part in range(partitions)
        )
        laid, end, rest = statements[(at := statements.index(f"CREATE TABLE {name} ")) :].partition("\n    );\n")
        statements = f"{statements[:at]}{laid}\n    ) PARTITION BY HASH ({column});\n{parts}{rest if end else ''}"
    return statements
