"""Laws about what goes wrong: a call that fails, a process that is killed, a disk that is not asked to keep, a fork."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from itertools import count
from pathlib import Path
from threading import Event, Timer
from types import ModuleType
from typing import Any, Self

import pytest
from attrs import define

from ownership.errors import OwnershipError
from ownership.ports.storage import Store, Unit
from ownership.testing.laws import NOT_CLAIMED, law
from ownership.testing.stores import child
from ownership.testing.stores.place import StoreLaws
from ownership.testing.stores.vocabulary import entry, in_unit, read, record, snapshot, write

DURABLE = "durable"
WORKERS = 10
"""How many processes write at once, and are killed."""
KILLS_PER_PLACE = 100
UNITS = 12
"""How many commits are watched for flushes."""

FLUSHES = re.compile(r"^\d+ +(?:fsync|fdatasync|msync|sync_file_range|sync|syncfs)\(")


class Boom(Exception):
    """A call that fails."""


@define
class Failing:
    """A unit of which the call of a number fails, before or after it is done."""

    unit: Unit
    nth: int
    is_after: bool
    calls: int = 0

    def call(self, work: Callable[[], Any]) -> None:
        """Do a call, unless it is the one that fails."""
        self.calls += 1
        if self.calls == self.nth and not self.is_after:
            raise Boom
        work()
        if self.calls == self.nth:
            raise Boom


def a_use_case(unit: Unit) -> list[Callable[[], Any]]:
    """Give the calls of a unit that does everything that a unit can do."""
    return [
        lambda: unit.get("goals", ["p.g1"]),
        lambda: unit.put([record("p.g1", 2, "changed", status="open"), record("p.g9", team="red")]),
        lambda: list(unit.find("goals", "team", equals="blue")),
        lambda: unit.remove("goals", ["p.g2"]),
        lambda: unit.emit([entry("e2"), entry("e3", about="p.g9")]),
        lambda: unit.put([record("p.g2", 1, "begun again", team="green")]),
        lambda: unit.owned("p", ["goals"]),
        lambda: unit.remove("goals", ["p.g3"]),
    ]


def before_it(store: Store) -> None:
    """Write what the use case finds."""
    write(store, record("p.g1", status="draft"), record("p.g2", team="blue"), record("p.g3", team="blue"))
    write(store, entries=[entry("e1", about="p.g3")])


def do_it(unit: Unit) -> None:
    """Do the whole use case."""
    for call in a_use_case(unit):
        call()


PATIENCE = 120
"""How many seconds an order may take; the longest takes a few."""


class Process:
    """Another process that does what it is ordered to, one order after the other."""

    def __init__(self, what: str, plugins: Iterable[object], *tracer: str) -> None:
        modules = [plugin.__name__ for plugin in plugins if isinstance(plugin, ModuleType)]
        script = f"import sys; from {child.__name__} import main; main(*sys.argv[1:])"
        command = [*tracer, sys.executable, "-c", script, what, *modules]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter runs our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def order(self, **order: object) -> Any:
        """Give an order, and wait for the answer; what waits for ever is ended, with all that it started."""
        assert self._process.stdin
        assert self._process.stdout
        late = Event()
        watch = Timer(PATIENCE, self._end, [late])
        watch.start()
        try:
            print(json.dumps(order), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        finally:
            watch.cancel()
        assert not late.is_set(), f"no answer within {PATIENCE} s; a call to the store waits and does not come back"
        assert line, "the process ended; see what it wrote to standard error"
        return json.loads(line)

    def _end(self, late: Event) -> None:
        late.set()
        os.killpg(self._process.pid, signal.SIGKILL)


class Faults(StoreLaws):
    """What remains when something fails: before or after, never between."""

    def failing(self, url: str, nth: int) -> AbstractContextManager[Store]:  # noqa: ARG002 - a subclass uses them
        """Give a store on a place whose ``nth`` call to its technology fails, as when a connection is lost.

        It is only for the law STO-081; leave it out where you cannot make calls fail.
        """
        pytest.skip(f"{NOT_CLAIMED}: failing() is not given")

    def flushes(self, url: str) -> list[int]:
        """Count how often the disk is asked to keep what it has, in each of some commits in a row.

        This looks at the calls of a process of ours, with strace. For a store whose files are written by a server, ask
        the server.
        """
        strace = shutil.which("strace")
        if strace is None:
            pytest.skip("strace is not installed here; install it, or give flushes() another way to count")
        with tempfile.TemporaryDirectory() as folder:
            trace = Path(folder) / "trace"
            calls = "trace=fsync,fdatasync,msync,sync_file_range,sync,syncfs"
            with Process("flush", self.plugins, strace, "-f", "-e", calls, "-o", str(trace)) as process:
                assert process.order(url=url, units=UNITS) == "done"
            return list(_flushes_between_marks(trace.read_text()))

    @law(
        "STO-080",
        why="Whatever fails in a use case, and wherever, people must find things as they were, or all of it done.",
        causes=("some kinds of calls are not part of the transaction", "an undo that forgets what was removed"),
    )
    def test_sto_080_each_call_that_fails_leaves_before_or_after(self) -> None:
        """When any one call of a unit fails, before it is done or after, everything is as it was before the unit."""
        with self.opened() as store:
            before_it(store)
            before = snapshot(store)
            for nth in range(1, 9):
                for is_after in (False, True):

                    def fail(unit: Unit, nth: int = nth, is_after: bool = is_after) -> None:
                        failing = Failing(unit, nth, is_after)
                        for call in a_use_case(unit):
                            failing.call(call)

                    with pytest.raises(Boom):
                        in_unit(store, fail)
                    assert snapshot(store) == before, f"call {nth} failed"
            in_unit(store, do_it)
            assert snapshot(store) != before
            assert [id_ for id_, _, _ in read(store, "p.g1", "p.g2", "p.g3", "p.g9")] == ["p.g1", "p.g2", "p.g9"]

    @law(
        "STO-081",
        why="A connection is lost at any statement, at the commit too, and a disk is full in the midst of a file.",
        causes=("several transactions for one unit", "an error of the technology that is not translated"),
        needs=DURABLE,
    )
    def test_sto_081_each_call_of_the_technology_that_fails(self) -> None:
        """When any one call to the technology fails, it is an error of ours, and the place is as before or after."""
        for nth in count(1):
            with self.place() as place:
                before_it(place.open())
                before = snapshot(place.store)
                place.close()
                with self.failing(place.url, nth) as store:
                    failed = _attempt(store)
                after = snapshot(place.open())
                if failed:
                    assert after == before or read(place.store, "p.g9"), f"call {nth} failed: {failed}"
                    continue
                assert after != before
                assert nth > 3, "failing() let nothing fail"
                return

    @law(
        "STO-082",
        why="Power and processes go at any moment; what somebody was told is kept must be there.",
        causes=(
            "acknowledged before the commit",
            "records and outbox in two transactions",
            "a cache that is written later",
            "a lock in shared memory: whoever waits for a process that is killed waits for ever",
        ),
        needs=DURABLE,
    )
    def test_sto_082_killed_at_any_moment(self) -> None:
        """After kill -9 at any moment every acknowledged unit is there whole, and none is torn."""
        if not hasattr(os, "fork"):
            pytest.skip("this system cannot fork")
        kills = self.effort.kills
        with Process("kill", self.plugins) as process:
            for first in range(0, kills, KILLS_PER_PLACE):
                with self.place() as place:
                    place.refuse_no_url()
                    for batch in range(first, min(first + KILLS_PER_PLACE, kills), WORKERS):
                        acknowledged = process.order(url=place.url, batch=batch, workers=WORKERS)
                        with closing(place.open()) as store:
                            for worker, units in enumerate(acknowledged):
                                whole(store, child.owner(batch, worker), units)
                    assert list(place.open().check()) == []

    @law(
        "STO-083",
        why="A kill does not show what a power failure takes: what the system has in memory and not on the disk.",
        causes=("synchronous=OFF or NORMAL", "fsync=off on the server", "commits that return before they are written"),
        needs=DURABLE,
    )
    def test_sto_083_each_commit_is_flushed(self) -> None:
        """Each commit asks the disk at least once to keep what was written, before it returns."""
        with self.place() as place:
            place.refuse_no_url()
            counted = self.flushes(place.url)
            assert len(counted) > 3
            assert all(counted), f"flushes in each of {len(counted)} commits: {counted}"

    @law(
        "STO-084",
        why="Web servers fork their workers after the application was loaded, store and all.",
        causes=(
            "connections or locks that are shared by both sides",
            "the child closes what is the parent's",
            "the parent's closing takes a log away in which the child goes on writing",
        ),
        needs=DURABLE,
    )
    def test_sto_084_both_sides_of_a_fork(self) -> None:
        """A store that was opened before a fork works on both sides of it, also when one of them closes it."""
        if not hasattr(os, "fork"):
            pytest.skip("this system cannot fork")
        with self.place() as place, Process("fork", self.plugins) as process:
            place.refuse_no_url()
            assert process.order(url=place.url) == 0
            for who, units in (("child", 4), ("parent", 4)):
                whole(place.store, who, units)
            assert list(place.store.check()) == []


def _attempt(store: Store) -> str:
    """Do the use case, and tell which error it met, if any; only errors of ours are expected."""
    try:
        in_unit(store, do_it)
    except OwnershipError as error:
        return str(error)
    return ""


def whole(store: Store, who: str, acknowledged: int) -> None:
    """See that of a killed writer all that it acknowledged is there whole, and perhaps one unit more."""
    with store.reading(child.TENANT) as unit:
        counter = [got.version for got in unit.get("cycles", [f"{who}.c"])]
        records = [got.id for got in unit.owned(who, ["goals"])]
        keyed = [got.id for got in unit.find("goals", "team", equals=who)]
    number = sum(counter)
    assert acknowledged <= number <= acknowledged + 1, f"{who}: {acknowledged} units acknowledged, {number} there"
    expected = child.records_after(who, number)
    assert (records, keyed) == (expected, expected), f"{who}: unit {number} is torn"
    assert store.outbox(child.TENANT).pending(who) == len(expected), f"{who}: unit {number} and its entries are torn"


def _flushes_between_marks(trace: str) -> Iterator[int]:
    """Count the flushes between each two marks in a trace; a flush that failed is none."""
    flushed: int | None = None
    for line in trace.splitlines():
        if f"fsync({child.MARK})" in line:
            if flushed is not None:
                yield flushed
            flushed = 0
        elif flushed is not None and FLUSHES.match(line) and "= -1" not in line:
            flushed += 1
