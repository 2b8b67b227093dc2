"""The stores that come with the library keep every law of the storage port."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

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
