"""The LMDB store keeps every law of the storage port."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ownership import Unavailable
from ownership.ports.storage import Record
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


TENANT = "t"
GOAL = Record("goals", "ada.g1", 1, "{}")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a store that is soon out of patience."""
    monkeypatch.setattr(ownership_lmdb, "PATIENCE", 0.05)
    return ownership_lmdb.LmdbStore(tmp_path)


@pytest.fixture
def another() -> Iterator[ThreadPoolExecutor]:
    """Give another thread."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


def is_there(store: Any) -> bool:
    """Tell whether the goal is in the store."""
    with store.reading(TENANT) as unit:
        return bool(unit.get("goals", [GOAL.id]))


def is_refused(store: Any) -> bool:
    """Tell whether the store is not to be had, since somebody else is at work there."""
    try:
        is_there(store)
    except Unavailable:
        return True
    return False


def forked(question: Callable[[], bool]) -> bool:
    """Ask in a fork."""
    child = os.fork()
    if not child:
        answer = 2
        try:
            answer = int(question())
        finally:
            os._exit(answer)
    answer = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert answer in {0, 1}, "the fork failed"
    return bool(answer)


def test_a_unit_ends_in_any_thread(store: Any, another: ThreadPoolExecutor) -> None:
    """What one thread began and wrote, another commits."""
    opening = store.writing(TENANT)
    another.submit(lambda: opening.__enter__().put([GOAL])).result()
    opening.__exit__(None, None, None)
    assert is_there(store)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_is_told_of_a_unit_of_its_parent(store: Any, another: ThreadPoolExecutor) -> None:
    """A process that is forked in the midst of another thread's unit hears Unavailable, and disturbs nobody."""
    with store.writing(TENANT) as unit:
        unit.put([GOAL])
    opening = store.reading(TENANT)
    unit = another.submit(opening.__enter__).result()
    assert forked(lambda: is_refused(store))
    assert unit.get("goals", [GOAL.id])
    another.submit(opening.__exit__, None, None, None).result()
    assert not forked(lambda: is_refused(store))


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_takes_no_lock_from_its_parent(store: Any, another: ThreadPoolExecutor) -> None:
    """What a fork has of a unit of its parent ends without an effect: neither a commit nor the end of its lock."""
    openings = [store.writing(TENANT)]
    another.submit(lambda: openings[0].__enter__().put([GOAL])).result()

    def let_go() -> bool:
        openings.clear()
        gc.collect()
        return is_refused(store)

    assert forked(let_go)
    assert is_refused(store)
    another.submit(openings[0].__exit__, None, None, None).result()
    assert is_there(store)
