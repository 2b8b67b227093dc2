"""The PostgreSQL store: who opens it, on which engine, and at which isolation each unit works."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, exc

from ownership.adapters.storage.sqlalchemy.joined import JoinedSqlStore
from ownership.adapters.storage.sqlalchemy.outbox import SqlOutbox
from ownership.adapters.storage.sqlalchemy.schema import MAINTENANCE, Schema, ddl
from ownership.adapters.storage.sqlalchemy.transactions import OwnTransaction
from ownership.adapters.storage.sqlalchemy.unit import ADAPTER, SqlUnit, storable
from ownership.errors import Misconfigured
from ownership.ports.adapters import Address
from ownership.ports.storage import Outbox, Store, Turns, Unit, refuse_nameless

SCHEMA = "ownership"
"""The schema in which the tables lie, if none is named."""

TLS_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")

_OPTIONS = ("busy", "host", "password", "pool", "schema", "timeout", *TLS_OPTIONS)


def open_postgresql(address: Address) -> SqlStore:
    """Open a database: ``postgresql://user@host:5432/database?password=@env:NAME``.

    Options: ``schema`` (ownership) is where the tables lie; ``busy`` (5) is the number of seconds to wait for another
    writer, ``timeout`` (10) to wait for a connection, ``pool`` (5) how many connections are kept. ``sslmode``,
    ``sslrootcert``, ``sslcert`` and ``sslkey`` are those of PostgreSQL; ``host`` can be the folder of a socket.
    """
    engine = _engine(address)
    try:
        return SqlStore(engine, schema=address.option("schema", SCHEMA), owns_engine=True)
    except BaseException:
        engine.dispose()
        raise


class SqlMigrations:
    """What brings the tables of a database to this release."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._schema = refuse_odd_names(address.option("schema", SCHEMA))

    def apply(self) -> None:
        """Migrate, step by step, in one transaction."""
        engine = _engine(self._address)
        try:
            Schema(engine, self._schema, where(engine)).migrate()
        finally:
            engine.dispose()

    def sql(self) -> str:
        """Write the statements that lay the tables in an empty database."""
        return ddl(self._schema)


def migrations(address: Address) -> SqlMigrations:
    """Give what brings the tables of a database to this release."""
    return SqlMigrations(address)


def _engine(address: Address) -> Engine:
    address.only(*_OPTIONS)
    database = address.path.removeprefix("/")
    if not database or "/" in database:
        raise Misconfigured("postgresql", "needs the name of a database, as in postgresql://host/ownership")
    engine = create_engine(
        URL.create(
            "postgresql+psycopg",
            username=address.user or None,
            password=_password(address),
            host=address.host or address.options.get("host"),
            port=address.port,
            database=database,
            query={name: address.options[name] for name in TLS_OPTIONS if name in address.options},
        ),
        hide_parameters=True,
        pool_size=_number(address, "pool", "5", least=1),
        pool_timeout=_number(address, "timeout", "10", least=1),
        connect_args={
            "connect_timeout": _number(address, "timeout", "10", least=1),
            "application_name": "ownership",
            "client_encoding": "utf8",
            "options": f"-c lock_timeout={_number(address, 'busy', '5', least=1)}s -c synchronous_commit=on",
        },
    )
    event.listen(engine, "connect", _remember_process)
    event.listen(engine, "checkout", _refuse_inherited)
    return engine


def where(engine: Engine) -> str:
    """Say where a database is, without who goes there."""
    url = engine.url
    return f"postgresql://{url.host or ''}" + (f":{url.port}" if url.port else "") + f"/{url.database}"


def refuse_odd_names(schema: str) -> str:
    """Refuse the name of a schema that would have to be quoted."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema):
        raise Misconfigured("postgresql:?schema", "is a name of small letters, digits and underscores")
    return schema


def _password(address: Address) -> str | None:
    secret = address.secret("password")
    return secret.reveal() if secret else None


def _number(address: Address, name: str, default: str, *, least: int) -> int:
    spoken = address.option(name, default)
    if not spoken.isascii() or not spoken.isdecimal() or len(spoken) > 4 or int(spoken) < least:
        raise Misconfigured(f"postgresql:?{name}", f"is a whole number of at most four digits, {least} or more")
    return int(spoken)


def _remember_process(_: Any, record: Any) -> None:
    record.info["process"] = os.getpid()


def _refuse_inherited(_: Any, record: Any, proxy: Any) -> None:
    """Give a process its own connections: one that it has from its parent is in use there too."""
    if record.info["process"] != os.getpid():
        record.dbapi_connection = proxy.dbapi_connection = None
        raise exc.DisconnectionError("the connection belongs to another process")


class SqlStore:
    """A store in a PostgreSQL database.

    Reading units see one snapshot and block nobody. Writing units are serializable: each is as if it had been alone,
    or is a :class:`Conflict`.
    """

    def __init__(self, engine: Engine, *, schema: str = SCHEMA, owns_engine: bool = False) -> None:
        if engine.dialect.name != "postgresql":
            raise Misconfigured("engine", f"is one for {engine.dialect.name}; give one for PostgreSQL")
        self._schema = refuse_odd_names(schema)
        self._where = where(engine)
        self._engine = engine
        self._owns_engine = owns_engine
        self._readers = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._writers = engine.execution_options(isolation_level="SERIALIZABLE")
        self._takers = engine.execution_options(isolation_level="READ COMMITTED")
        self._turns = Turns(ADAPTER)
        self._tables = Schema(engine, schema, self._where)
        self._tables.prepare()

    def __repr__(self) -> str:
        return f"<SqlStore {self._where}>"

    def reading(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that only reads."""
        turn = self._turns.taken(tenant, reads=True)
        return SqlUnit(OwnTransaction(self._readers, self._where), turn, tenant, self._schema, writes=False)

    def writing(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that commits at its end."""
        turn = self._turns.taken(tenant)
        return SqlUnit(OwnTransaction(self._writers, self._where), turn, tenant, self._schema, writes=True)

    def outbox(self, tenant: str) -> Outbox:
        """Give the outbox of a tenant."""
        refuse_nameless(tenant)
        storable("tenant", tenant)
        return SqlOutbox(lambda: OwnTransaction(self._takers, self._where), self._turns, tenant, self._schema)

    def joined(self, connection: object) -> Store:
        """Give this store inside the transaction that is open on a connection, or in a session, of the host's."""
        return JoinedSqlStore(self, connection, self._engine.url.database or "", self._schema, self._where)

    def check(self) -> Sequence[str]:
        """Tell where tables are not as this release needs them, and what of the server endangers what is stored."""
        return self._tables.drift()

    def scrub(self) -> Sequence[str]:
        """Rewrite the tables, so that nothing that was removed is left in them, and say what is left elsewhere.

        Raises:
            Unavailable: somebody's transaction is older than a removal, or a table is locked.
        """
        for_the_owner = self._tables.rewrite()
        statements = "; ".join(MAINTENANCE).replace("'ownership')", f"'{self._schema}')")
        return (
            *(f"this user may not rewrite the tables; their owner runs in {self._where}: {s}" for s in for_the_owner),
            f"statistics and log keep what was removed; an administrator runs in {self._where}: {statements}",
            "archived logs, replicas and backups from before keep it until they run out",
        )

    def close(self) -> None:
        """Close the connections, unless they are the host's."""
        if self._owns_engine:
            self._engine.dispose()
