"""Laws about what people wrote: it turns up where it was put, and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from traceback import format_exception

import pytest

from ownership.errors import OwnershipError
from ownership.ports.storage import Record, Store
from ownership.testing.laws import NOT_CLAIMED, law
from ownership.testing.stores.place import StoreLaws
from ownership.testing.stores.vocabulary import (
    CANARY,
    HALF,
    NOON,
    NUL,
    entry,
    found,
    read,
    record,
    remove,
    snapshot,
    write,
)


def canary(id_: str, version: int = 1, times: int = 1) -> Record:
    """Make a record with canaries in its text and its key."""
    return record(id_, version, f"{CANARY} " * times, team=f"{CANARY}@example.org")


class Privacy(StoreLaws):
    """What must not leak out of a store, and what must not stay in it."""

    def raw_files(self, url: str) -> Iterable[Path]:  # noqa: ARG002 - a subclass uses it
        """Give the files in which the store at a URL keeps its records, logs and indexes as well.

        Where :meth:`scrub` says that something is yet to be done, do that first. It is only for the law STO-091; leave
        it out when the files are not within reach, or are encrypted.
        """
        pytest.skip(f"{NOT_CLAIMED}: raw_files() is not given")

    @law(
        "STO-090",
        why="Errors and logs are read by people whom nobody chose to share with.",
        causes=(
            "the technology puts values in its messages",
            "raise without 'from None'",
            "statements logged with values",
        ),
    )
    def test_sto_090_texts_reach_no_error_and_no_log(self) -> None:
        """What stands in bodies and keys is in no error, not in what an error came from, in no log and in no repr."""
        with self.opened() as store, _listening() as heard:
            write(store, canary("p.g1"), entries=[entry("e1")])
            assert CANARY not in repr(store) + repr(canary("p.g1"))
            told = [_what_is_told(wrong) for wrong in _wrongs(store)]
            assert all(told[:4]), "a stale version or half a character was not refused"
            assert [each for each in told if CANARY in each] == []
            assert [line for line in heard if CANARY in line] == []
            assert read(store, "p.g1") == [("p.g1", 1, f"{CANARY} ")]

    @law(
        "STO-091",
        why="Erasure is a promise about disks, not about what a query shows.",
        causes=(
            "free pages keep what was removed",
            "a log or an index with old copies",
            "rows that moved leave copies",
        ),
    )
    def test_sto_091_a_scrub_leaves_nothing_in_raw_files(self) -> None:
        """However a person's records were changed and moved, nothing removed is in any raw file after a scrub."""
        for seed in range(3):
            with self.place() as place:
                theirs = _live(place.store, Random(seed))
                assert _hits(self.raw_files(place.url)) > 0, "raw_files() gives no file in which a text can be found"
                remove(place.store, *theirs)
                kept = found(place.store)
                place.store.scrub()
                assert _hits(self.raw_files(place.url)) == 0
                assert found(place.store) == kept
                assert list(place.store.check()) == []
                place.close()
                assert _hits(self.raw_files(place.url)) == 0

    @law(
        "STO-092",
        why="Who cleans up must not clean away.",
        causes=("a scrub that rewrites without the keys or the outbox",),
    )
    def test_sto_092_a_scrub_keeps_what_is_there(self) -> None:
        """A scrub keeps all that is there, and can be repeated; what is yet to do is told without a text."""
        with self.opened() as store:
            write(store, canary("p.g1"), record("p.g2", status="open"), entries=[entry("e1")])
            before = snapshot(store)
            for _ in range(2):
                assert CANARY not in "".join(store.scrub())
                assert snapshot(store) == before
            write(store, record("p.g3"))


def _what_is_told(wrong: Callable[[], object]) -> str:
    """Do what is refused, and give all that a traceback would show."""
    try:
        wrong()
    except OwnershipError as error:
        return "".join(format_exception(error))
    return ""


def _wrongs(store: Store) -> list[Callable[[], object]]:
    """Give calls that a store refuses, all with canaries in them."""

    def within() -> None:
        with store.writing("acme") as unit:
            unit.put([canary("p.g8")])
            read(store, "p.g1")

    def fail() -> None:
        with store.writing("acme") as unit:
            unit.put([canary("p.g7"), canary("p.g1", 9)])

    def look() -> None:
        with store.reading("acme") as unit:
            unit.put([canary("p.g1", 2)])

    half = record("p.g9", body=f"{CANARY} {HALF}", team=f"{CANARY}{HALF}")
    return [
        lambda: write(store, canary("p.g1")),
        lambda: write(store, canary("p.g1", 5)),
        lambda: write(store, canary("p.g2", 3)),
        lambda: write(store, half),
        lambda: write(store, record("p.g6", body=f"{CANARY}{NUL}", team=f"{CANARY}{NUL}")),
        lambda: found(store, "team", equals=f"{CANARY}{HALF}"),
        lambda: store.outbox("acme").claim(f"{CANARY}{HALF}", now=NOON, lease_until=NOON, limit=1),
        within,
        fail,
        look,
    ]


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Hear everything that is logged, down to the least."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, message: logging.LogRecord) -> None:
            heard.append(self.format(message))

    root, ear = logging.getLogger(), Ear()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.NOTSET)
    try:
        yield heard
    finally:
        root.setLevel(level)
        root.removeHandler(ear)


def _live(store: Store, random: Random) -> list[str]:
    """Let many records be written, changed and moved from page to page, and give those with canaries."""
    versions: dict[str, int] = {}
    for _ in range(25):
        with store.writing("acme") as unit:
            for _ in range(25):
                id_ = f"p{random.randrange(40):02}.g{random.randrange(12):03}"
                versions[id_] = versions.get(id_, 0) + 1
                text = record(id_, versions[id_], "x" * random.choice([30, 900, 5_000]), team="blue")
                unit.put([canary(id_, versions[id_], random.choice([3, 60, 900])) if id_.startswith("p0") else text])
                unit.emit([entry(f"e-{CANARY}-{id_}", about=id_)] if id_.startswith("p0") else [])
    return [id_ for id_ in versions if id_.startswith("p0")]


def _hits(files: Iterable[Path]) -> int:
    return sum(file.read_bytes().count(CANARY.encode()) for file in files)
