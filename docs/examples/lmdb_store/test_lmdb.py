"""The LMDB store keeps every law of the storage port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ownership.testing import StoreContract

lmdb = pytest.importorskip("lmdb")
ownership_lmdb = pytest.importorskip("ownership_lmdb", reason="needs the locks of Unix", exc_type=ImportError)


class Failing:
    """Something of LMDB's, of which one call fails, counted with all others."""

    def __init__(self, of: Any, store: FailingStore) -> None:
        self._of, self._store = of, store

    def __getattr__(self, name: str) -> Any:
        self._store.left -= 1
        if self._store.left == 0 and name != "abort":
            msg = "mdb_txn_commit: Input/output error"
            raise lmdb.DiskError(msg)
        return getattr(self._of, name)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self._of.abort()


class FailingStore(ownership_lmdb.LmdbStore):
    """A store of which one call to a transaction of LMDB's fails."""

    left = 1_000_000

    def _begin(self, env: Any, *, write: bool = False) -> Any:
        return Failing(super()._begin(env, write=write), self)


class TestLmdb(StoreContract):
    """The store, in a folder of its own."""

    plugins = (ownership_lmdb,)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give a folder that is not there yet."""
        with TemporaryDirectory() as folder:
            yield f"lmdb:///{folder}/store"

    @contextmanager
    def failing(self, url: str, nth: int) -> Iterator[FailingStore]:
        """Let one call fail, which may be the commit."""
        with closing(FailingStore(Path(url.removeprefix("lmdb:///")))) as store:
            store.left = nth
            yield store

    def raw_files(self, url: str) -> Iterator[Path]:
        """Give every file in the folder."""
        return (path for path in Path(url.removeprefix("lmdb:///")).rglob("*") if path.is_file())
