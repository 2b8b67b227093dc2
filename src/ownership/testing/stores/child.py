"""Another process that works on a store: what the laws kill, fork and watch. It talks JSON, a line each.

``main("kill", ...)`` (or flush, or fork) takes orders from standard input; what comes after the first word are modules
of plugins, registered before a URL is opened.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from random import Random
from traceback import print_exc
from typing import Any

from ownership.compose import Registry
from ownership.errors import Conflict, Unavailable
from ownership.ports.adapters import Address, Kind
from ownership.ports.storage import Entry, Record, Store

DAWN = datetime(2026, 1, 1, tzinfo=UTC)
TENANT = "acme"
MARK = 999_999
"""The number of a file that is not open, by which a mark is known in a trace."""


def owner(batch: int, worker: int) -> str:
    """Whose records one worker of a batch writes."""
    return f"k{batch}w{worker}"


def write_unit(store: Store, who: str, number: int) -> None:
    """Write the unit of a number: it counts, adds a record with its key and entry, and removes the one but last."""
    with store.writing(TENANT) as unit:
        unit.put([Record("cycles", f"{who}.c", number, "{}")])
        unit.put([Record("goals", f"{who}.g{number}", 1, "x" * (number * 1_000 % 9_000), (("team", who),))])
        unit.remove("goals", [f"{who}.g{number - 2}"])
        unit.emit([Entry(f"{who}.e{number}", who, f"{who}.g{number}", DAWN)])


def write_surely(store: Store, who: str, number: int) -> None:
    """Write the unit of a number, again and again while others are first."""
    while True:
        try:
            return write_unit(store, who, number)
        except (Conflict, Unavailable):
            continue


def records_after(who: str, number: int) -> list[str]:
    """Give the ids of the records that are there after the unit of a number; each has one entry about it."""
    return sorted(f"{who}.g{n}" for n in (number - 1, number) if n > 0)


def work_until_killed(store: Store, who: str, acknowledge: int) -> None:
    """Write units, and acknowledge each with a byte."""
    number = 0
    while True:
        number += 1
        write_surely(store, who, number)
        os.write(acknowledge, b".")


class Worker:
    """A forked process that writes until it is killed, some moments after it acknowledged so many units."""

    def __init__(self, registry: Registry, url: str, who: str, random: Random) -> None:
        self.acknowledged = 0
        self._goal = random.choice((0, 0, 1, 1, 1, 2, 3))
        self._delay = random.uniform(0, 0.012 if self._goal == 0 else 0.003)
        self._due = time.monotonic() + self._delay if self._goal == 0 else float("inf")
        self.pipe, write_end = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            try:
                work_until_killed(registry.open(Kind.STORAGE, url), who, write_end)
            except BaseException:  # noqa: BLE001 - whatever ends a writer is told
                print_exc()
            finally:
                os._exit(1)
        os.close(write_end)

    def is_over(self) -> bool:
        """Look whether its moment has come, and kill it then."""
        if time.monotonic() < self._due:
            return False
        os.kill(self.process, signal.SIGKILL)
        _, status = os.waitpid(self.process, 0)
        while got := os.read(self.pipe, 4096):
            self.acknowledged += len(got)
        os.close(self.pipe)
        if not os.WIFSIGNALED(status):
            msg = "a writer ended by itself; see what it wrote to standard error"
            raise RuntimeError(msg)
        return True

    def end(self) -> None:
        """Let nothing of it stay behind, whatever happened."""
        with suppress(OSError):
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)

    def hear(self) -> None:
        """Take up what it acknowledged."""
        got = os.read(self.pipe, 4096)
        self.acknowledged += len(got)
        if not got or (self.acknowledged >= self._goal and self._due == float("inf")):
            self._due = time.monotonic() + self._delay

    def left(self) -> float:
        """How many seconds are left to it."""
        return max(0.0, min(1.0, self._due - time.monotonic()))


def kill_batch(registry: Registry, url: str, batch: int, workers: int) -> list[int]:
    """Let some workers write at once, kill each at a moment of its own, and give how many units each acknowledged."""
    gc.freeze()  # so that a fork copies less
    factory = registry.declaration(Kind.STORAGE, Address.parse(url).scheme).factory
    if isinstance(factory, str):
        import_module(factory.partition(":")[0])  # once here, and not in every worker
    random = Random(batch)
    everyone = [Worker(registry, url, owner(batch, worker), random) for worker in range(workers)]
    alive = list(everyone)
    try:
        while alive:
            ready, _, _ = select.select([w.pipe for w in alive], [], [], min(w.left() for w in alive))
            for worker in alive:
                if worker.pipe in ready:
                    worker.hear()
            alive = [worker for worker in alive if not worker.is_over()]
    finally:
        for worker in alive:
            worker.end()
    return [worker.acknowledged for worker in everyone]


def orders() -> Iterator[Mapping[str, Any]]:
    """Give the orders that come in, a line each."""
    for line in sys.stdin:
        yield json.loads(line)


def answer(value: object) -> None:
    """Answer an order."""
    print(json.dumps(value), flush=True)


def kill(registry: Registry) -> None:
    """Carry out orders to let workers write and to kill them. This process never opens the store itself."""
    for order in orders():
        answer(kill_batch(registry, order["url"], order["batch"], order["workers"]))


def flush(registry: Registry) -> None:
    """Write units, each between two marks that whoever traces the calls of this process sees."""
    for order in orders():
        with _opened(registry, order["url"]) as store:
            for number in range(1, order["units"] + 1):
                mark()
                write_surely(store, "f", number)
            mark()
        answer("done")


def mark() -> None:
    """Make a call that fails and changes nothing, to be found again in a trace: flush no file at all."""
    with suppress(OSError):
        os.fsync(MARK)


def fork(registry: Registry) -> None:
    """Use one store on both sides of a fork, and close it here first; tell how that went on the other side."""
    for order in orders():
        with _opened(registry, order["url"]) as store:
            write_surely(store, "parent", 1)
            closed, to_tell = os.pipe()
            child = os.fork()
            if child == 0:
                worked = False
                try:
                    os.close(to_tell)
                    worked = _on_the_other_side(store, registry, order["url"], closed)
                finally:
                    os._exit(0 if worked else 1)
            os.close(closed)
            for number in (2, 3):
                write_surely(store, "parent", number)
        os.close(to_tell)
        _, status = os.waitpid(child, 0)
        with _opened(registry, order["url"]) as store:
            write_surely(store, "parent", 4)
        answer(os.waitstatus_to_exitcode(status))


def _on_the_other_side(store: Store, registry: Registry, url: str, closed: int) -> bool:
    """Write while the parent does, and again when that has closed its store; then open the place once more."""
    write_surely(store, "child", 1)
    write_surely(store, "child", 2)
    os.read(closed, 1)
    write_surely(store, "child", 3)
    with _opened(registry, url) as again:
        write_surely(again, "child", 4)
    with store.reading(TENANT) as unit:
        seen = [(record.id, record.version) for who in ("child", "parent") for record in unit.owned(who, ["cycles"])]
    store.close()
    return seen == [("child.c", 4), ("parent.c", 3)]


@contextmanager
def _opened(registry: Registry, url: str) -> Iterator[Store]:
    with closing(registry.open(Kind.STORAGE, url)) as store:
        yield store


def main(what: str, *modules: str) -> None:
    """Do one kind of work for who started this process."""
    registry = Registry([import_module(name) for name in modules])
    {"kill": kill, "flush": flush, "fork": fork}[what](registry)
