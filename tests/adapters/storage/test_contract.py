"""The stores that come with the library keep every law of the storage port."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest

from ownership.adapters.storage import sqlalchemy
from ownership.testing import StoreContract


class TestMemory(StoreContract):
    """The memory store."""

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give a place that is gone when its store is."""
        yield "memory:"


class TestSqlite(StoreContract):
    """The SQLite store."""

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give a file in a folder of its own."""
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/store.db?busy=30"


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
