"""The drill: a backup made while people work is restored, and nobody who was erased since is back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any, Protocol

import pytest
from tests.workspace.conftest import PEOPLE, World, row
from tests.workspace.test_reindex import lived_by_an_earlier_release, shared_with_liam

from ownership import NotFound, Workspace
from ownership.cli import main
from ownership.codec import load
from ownership.domain.ledger import Erasure, Ledger
from ownership.ports.storage import COLLECTIONS
from ownership.workspace.erasure import remember

CANARY = "canary of hers"


# --- copies of a file


def vacuum_into(live: Path, copy: Path) -> None:
    """Let SQLite write a new file."""
    with closing(sqlite3.connect(live)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))


def back_up(live: Path, copy: Path) -> None:
    """Let SQLite copy page by page."""
    with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target, pages=8)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[World, Path]]:
    """Give a world in a file."""
    path = tmp_path / "live" / "development.db"
    path.parent.mkdir()
    world = World(f"sqlite:///{path}")
    yield world, path
    world.ws.close()


def titles(url: str) -> list[int]:
    """Give the goals of Ada, whose titles are numbers, in a store that is sound."""
    with opened(url) as world:
        assert world.ws.check() == ()
        return sorted(int(goal.title) for goal in world.acting("ada").goals.mine())


@contextmanager
def opened(url: str) -> Iterator[World]:
    """Give a world in a place that has people already; closed at the end of its block."""
    world = World(url, people=())
    world.ws._desk.random = Random(8)  # no id of before is drawn again
    with world.ws:
        yield world


@pytest.mark.parametrize("copying", [vacuum_into, back_up])
def test_a_copy_that_sqlite_makes(
    live: tuple[World, Path], tmp_path: Path, copying: Callable[[Path, Path], None]
) -> None:
    """Made while people write, it is sound and has all that was acknowledged before, and nothing half."""
    (world, path), copy = live, tmp_path / "copy.db"
    ada, stopped, done = world.acting("ada"), Event(), 0

    def write() -> None:
        nonlocal done
        while not stopped.is_set():
            ada.goals.draft(title=str(done))
            done += 1

    writer = Thread(target=write)
    writer.start()
    try:
        while done < 20:
            stopped.wait(0.01)
        acknowledged = done
        copying(path, copy)
    finally:
        stopped.set()
        writer.join()
    there = titles(f"sqlite:///{copy}")
    assert there == list(range(len(there)))
    assert acknowledged <= len(there) <= done


def test_a_plain_copy_of_a_file_in_use_is_none(live: tuple[World, Path], tmp_path: Path) -> None:
    """What was acknowledged lies in the log beside the file: a copy of the file alone does not have it."""
    (world, path), copy = live, tmp_path / "copy.db"
    shutil.copyfile(path, copy)
    before = len(copy.read_bytes())
    world.acting("ada").goals.draft(title="1")
    shutil.copyfile(path, copy)
    assert len(copy.read_bytes()) == before
    with opened(f"sqlite:///{copy}") as restored, pytest.raises(NotFound):
        restored.acting("ada")


def test_a_plain_copy_of_a_closed_file_is_whole(live: tuple[World, Path], tmp_path: Path) -> None:
    """When everybody has closed the workspace there is no log, and the file is all there is."""
    (world, path), copy = live, tmp_path / "copy.db"
    world.acting("ada").goals.draft(title="1")
    world.ws.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    shutil.copyfile(path, copy)
    assert titles(f"sqlite:///{copy}") == [1]


def test_a_log_that_is_left_over_must_go(live: tuple[World, Path], tmp_path: Path) -> None:
    """Beside a restored file, the log of the one before would be written into it: without the log it is the backup."""
    (world, path), copy = live, tmp_path / "copy.db"
    ada = world.acting("ada")
    ada.goals.draft(title="1")
    vacuum_into(path, copy)
    for number in range(2, 9):
        ada.goals.draft(title=str(number))
    killed = tmp_path / "killed"  # as a process leaves it that is killed: with its log
    shutil.copytree(path.parent, killed)
    assert (killed / "development.db-wal").stat().st_size
    shutil.copyfile(copy, killed / "development.db")
    assert is_the_backup(killed / "development.db") is False
    for end in ("-wal", "-shm"):
        (killed / f"development.db{end}").unlink(missing_ok=True)
    shutil.copyfile(copy, killed / "development.db")
    assert is_the_backup(killed / "development.db")


def is_the_backup(path: Path) -> bool:
    """Whether a file opens, is sound and has the one goal of the backup."""
    try:
        return titles(f"sqlite:///{path}") == [1]
    except Exception:  # noqa: BLE001 - whatever comes of a file and a log that do not belong together
        return False


# --- the drill


class Place(Protocol):
    """Where a store lies, and how it is backed up there."""

    url: str

    def back_up(self) -> None:
        """Make a backup while the workspace is open."""

    def restore(self) -> None:
        """Put the backup in the place of the store; nobody has it open."""


class FilePlace:
    """A SQLite file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "development.db"
        self._backup = folder / "backup.db"
        self.url = f"sqlite:///{self._path}"

    def back_up(self) -> None:
        """Make a backup while the workspace is open."""
        vacuum_into(self._path, self._backup)

    def restore(self) -> None:
        """Put the file back, without the log of the one before."""
        for end in ("-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        shutil.copyfile(self._backup, self._path)


class DatabasePlace:
    """A PostgreSQL database, dumped and restored by PostgreSQL's own programs."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url = server.new()
        self._database = self.url.rpartition("/")[2]
        self._dump = str(server.folder / f"{self._database}.dump")

    def back_up(self) -> None:
        """Make a backup while the workspace is open."""
        how = ("--format=custom", "--schema=ownership", f"--file={self._dump}")
        self._server.run("pg_dump", *how, self._database)

    def restore(self) -> None:
        """Put the tables back, all of them or none."""
        how = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
        self._server.run("pg_restore", *how, f"--dbname={self._database}", self._dump)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Give a place for each durable store."""
    if request.param == "sqlite":
        return FilePlace(tmp_path)
    if not entry_points(group="ownership", name="storage.postgresql"):
        pytest.skip("storage.postgresql is not announced; install the package anew")
    return DatabasePlace(request.getfixturevalue("postgres"))


def test_the_drill(place: Place, tmp_path: Path) -> None:
    """Who was erased after the backup is back with the restore; the check tells, the replay erases, no sync brings her.

    All others have what they had when the backup was made.
    """
    world, ledger = World(place.url), tmp_path / "erasures.jsonl"
    try:
        world.acting("ada").goals.draft(title=CANARY)
        world.acting("liam").goals.draft(title="His own")
        world.given("ada", "liam", "You listen well.")
        place.back_up()
        world.acting("liam").goals.draft(title="After the backup")
        erase(place.url, ledger, "ada@example.org")
    finally:
        world.ws.close()
    kept = read(ledger)
    place.restore()
    with opened(place.url) as world:
        assert world.acting("ada").goals.mine()[0].title == CANARY
        assert world.ws.check() == ()  # the store's own ledger is as old as the store
        assert len(world.ws.check(kept)) == 2
        assert all("replay_erasures" in line for line in world.ws.check(kept))
    replay(place.url, ledger)
    with opened(place.url) as world:
        assert world.ws.check(kept) == ()
        assert len(world.tell(*PEOPLE).kept_out) == 1
        with pytest.raises(NotFound):
            world.acting("ada")
        liam = world.acting("liam")
        assert [goal.title for goal in liam.goals.mine()] == ["His own"]
        assert [given.text for given in liam.feedback.received()] == ["You listen well."]
        assert CANARY not in everything(world.ws)


def test_a_replay_that_was_stopped_is_told_by_the_store_alone(place: Place, tmp_path: Path) -> None:
    """Once the ledger is in the store, a check tells who is still to be erased without the one outside."""
    world, ledger = World(place.url), tmp_path / "erasures.jsonl"
    place.back_up()
    erase(place.url, ledger, "ada@example.org")
    world.ws.close()
    place.restore()
    with opened(place.url) as world:
        remember(world.ws._desk, read(ledger))
        (line,) = world.ws.check()
        assert "1 people are here" in line
        assert len(world.ws.people.replay_erasures()) == 1
        assert world.ws.check(read(ledger)) == ()


def test_who_was_rehired_since_the_backup_comes_back_by_the_directory(place: Place, tmp_path: Path) -> None:
    """A rehire lies in the ledger outside as well: after restore and replay the next synchronisation brings her in."""
    world, ledger = World(place.url), tmp_path / "erasures.jsonl"
    place.back_up()
    erase(place.url, ledger, "ada@example.org")
    old = world.ws.people.erasures().entries[0]
    world.ws.people.sync("rows:", rehired=["ada"])
    replay(place.url, ledger)
    world.ws.close()
    place.restore()
    replay(place.url, ledger)
    with opened(place.url) as world:
        assert read(ledger).entries[0].person == old.person
        world.tell(*PEOPLE, row("new"))
        assert world.acting("ada").goals.mine() == ()


def test_records_whose_keys_are_missing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier release stored is found by the keys of this one after ``ownership migrate``, in either store."""
    with monkeypatch.context() as earlier:
        lived_by_an_earlier_release(World(place.url, people=()), earlier).ws.close()
    with opened(place.url) as world:
        assert ("goals.viewer_ids" in world.ws.check()[0], shared_with_liam(world)) == (True, [])
    assert main(["migrate", place.url]) == 0
    with opened(place.url) as world:
        assert (world.ws.check(), shared_with_liam(world)) == ((), ["Shared"])


def erase(url: str, ledger: Path, who: str) -> None:
    """Erase somebody as an operator does, with the ledger kept outside the store."""
    assert main(["erase", who, "--confirm", "--ledger", str(ledger), "-w", url]) == 0


def replay(url: str, ledger: Path) -> None:
    """Do the erasures again, as an operator does."""
    assert main(["erase", "--replay", "--ledger", str(ledger), "-w", url]) == 0


def read(ledger: Path) -> Ledger:
    """Read a ledger that was kept outside."""
    return Ledger(tuple(load(Erasure, line) for line in ledger.read_text(encoding="utf-8").splitlines()))


def everything(workspace: Workspace) -> str:
    """Give the bodies of all records as one text."""
    with workspace._desk.store.reading("default") as unit:
        return "\n".join(record.body for name in COLLECTIONS for record in unit.find(name))
