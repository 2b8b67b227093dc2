"""The stores that come with the library keep every law of the storage port."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import pytest
from counting import one_call_fails
from sqlalchemy import Connection, create_engine, event

from ownership.adapters.storage import sqlalchemy
from ownership.adapters.storage.sqlalchemy import store as sqlalchemy_store
from ownership.adapters.storage.sqlalchemy.store import SqlStore
from ownership.adapters.storage.sqlite import SqliteStore
from ownership.ports.adapters import Address
from ownership.testing import StoreContract
from ownership.testing.efforts import effort_asked_for
from ownership.testing.stores.child import write_unit
from ownership.testing.stores.joining import Host

AT_LEAST_500_KILLS = effort_asked_for()._replace(kills=max(500, effort_asked_for().kills))
"""Our own store is killed more often than a vendor's need be.

PostgreSQL's clients are not, in the fast run: to connect takes as long as many units do.
"""


class TestMemory(StoreContract):
    """The memory store."""

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give a place that is gone when its store is."""
        yield "memory:"


class TestSqlite(StoreContract):
    """The SQLite store."""

    effort = AT_LEAST_500_KILLS

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give a file in a folder of its own."""
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/store.db?busy=30"

    @contextmanager
    def failing(self, url: str, nth: int) -> Iterator[SqliteStore]:
        """Let one statement fail, which may be the commit."""
        with closing(SqliteStore(path_of(url))) as store, one_call_fails(store, nth):
            yield store

    @contextmanager
    def host(self, url: str) -> Iterator[Host]:
        """Connect as the standard library does."""
        with closing(sqlite3.connect(path_of(url), isolation_level=None)) as own:
            yield Host(own, lambda: own.execute("BEGIN"), own.commit, own.rollback)

    def raw_files(self, url: str) -> Iterator[Path]:
        """Give the file and its log."""
        return path_of(url).parent.iterdir()


class TestPostgresql(StoreContract):
    """The PostgreSQL store."""

    plugins: ClassVar[Sequence[object]] = (sqlalchemy,)
    server: ClassVar[Any]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _on_a_server(cls, postgres: Any) -> None:
        cls.server = postgres

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give a database of its own."""
        yield self.server.new()

    @contextmanager
    def host(self, url: str) -> Iterator[Host]:
        """Connect as SQLAlchemy does."""
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as own:
            yield Host(own, own.begin, own.commit, own.rollback)
        engine.dispose()

    @contextmanager
    def failing(self, url: str, nth: int) -> Iterator[SqlStore]:
        """Let the server end the session before one statement, or before the commit."""
        calls = 0

        def tick(connection: Connection, *_: object) -> None:
            nonlocal calls
            calls += 1
            if calls == nth:
                self._end_session(connection)

        with closing(sqlalchemy_store.open_postgresql(Address.parse(url))) as store:
            event.listen(store._engine, "before_cursor_execute", tick)
            event.listen(store._engine, "commit", tick)
            yield store

    def _end_session(self, connection: Connection) -> None:
        session = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
        assert self.server.sql("postgres", f"SELECT pg_terminate_backend({session}, 9000)").strip() == "t"

    def raw_files(self, url: str) -> Iterator[Path]:
        """Do what the page on PostgreSQL asks of an administrator, and give the files but those of other databases."""
        for statement in ("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"):
            self.server.sql("postgres", statement)
        database = url.rpartition("/")[2]
        own = self.server.sql("postgres", f"SELECT oid FROM pg_database WHERE datname = '{database}'").strip()
        base = self.server.data / "base"
        return (file for file in self.server.data.rglob("*") if file.is_file() and _is_of(file, base, own))

    def flushes(self, url: str) -> list[int]:
        """Ask the server, which tells of a connection when that is over."""
        counted = [self._flushed(url)]
        for number in range(1, 7):
            with closing(sqlalchemy_store.open_postgresql(Address.parse(url))) as store:
                write_unit(store, "f", number)
            counted.append(self._flushed(url))
        return [after - before for before, after in pairwise(counted)]

    def _flushed(self, url: str) -> int:
        database = url.rpartition("/")[2]
        busy = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'"
        while self.server.sql("postgres", busy).strip() != "0":
            time.sleep(0.01)
        told = "SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal' AND backend_type = 'client backend'"
        return int(self.server.sql("postgres", told))


def _is_of(file: Path, base: Path, database: str) -> bool:
    return base not in file.parents or file.parent.name == database


def path_of(url: str) -> Path:
    """Give the path in a URL."""
    return Path(url.removeprefix("sqlite:///").partition("?")[0])
