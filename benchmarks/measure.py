"""What every benchmark here shares: spreads and ratios of rounds, contests between processes, and rows to report."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

Act = Callable[[int], object]
"""One operation, given its number in the run."""

Prepare = Callable[[Path], Act]
"""Makes a database, in a folder if it is a file (``goals.db``), and gives the operation to measure on it."""

DATABASE = "goals.db"


class Took(NamedTuple):
    """Seconds that something took: by the clock on the wall, and of processor time (user and system)."""

    wall: float
    cpu: float


class Spread(NamedTuple):
    """The median of several rounds, and the quartiles around it."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Summarise rounds."""
        rounds = sorted(values)
        if len(rounds) < 2:
            return cls(rounds[0], rounds[0], rounds[0])
        return cls(*statistics.quantiles(rounds, n=4, method="inclusive"))

    def __format__(self, spec: str) -> str:
        return f"{self.median:{spec}} ({self.low:{spec}} to {self.high:{spec}})"


class Row(NamedTuple):
    """One line of the report; ``is_met`` is None for what has no target."""

    what: str
    measured: str
    target: str = ""
    is_met: bool | None = None


class Report(NamedTuple):
    """What a benchmark found: ratios, which hold on other machines too, and absolute numbers, which do not."""

    ratios: Sequence[Row]
    absolute: Sequence[Row]


def quotients(over: Iterable[float], under: Iterable[float]) -> Spread:
    """Divide round by round, so that what slows one round slows both sides of its quotient."""
    return Spread.of(a / b for a, b in zip(over, under, strict=True))


def turns(names: Sequence[str], number: int) -> Sequence[str]:
    """Give the order of a round: another side begins each time."""
    first = number % len(names)
    return [*names[first:], *names[:first]]


def child_environment() -> Mapping[str, str]:
    """Give an environment in which children write and use bytecode, and measure nothing of themselves."""
    unwanted = {"PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONDEVMODE", "PYTHONTRACEMALLOC"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def run_python(arguments: Sequence[str], *, folder: Path | None = None) -> tuple[Took, str]:
    """Run a Python process to its end; gives what it took as a whole and what it printed.

    Raises:
        RuntimeError: it failed.
    """
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=child_environment(), stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        printed = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        took = Took(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {child.returncode}")
    return took, printed


class Traced(NamedTuple):
    """What one operation asked of its database: statements, and how often it waited for a server to answer."""

    statements: Sequence[str]
    trips: int = 0


class Watch(Protocol):
    """What is seen of the database of a side, in the process of that side."""

    def durability(self) -> str:
        """Read from a connection that is in use how durably it writes."""

    def traced(self, act: Act, number: int) -> Traced:
        """Do an operation, and give what it asked of the database."""

    def size(self) -> int:
        """Give the bytes that the database takes."""


class Contestant:
    """One side of a contest, in a process of its own that works only when told to.

    So no side carries the memory, the garbage or the imports of another.
    """

    def __init__(self, prepare: Prepare, folder: Path, watch: Callable[[Path], Watch]) -> None:
        folder.mkdir()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(prepare, folder, watch, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.durability: str = self._pipe.recv()

    def _asked(self, told: int | str) -> Any:
        self._pipe.send(told)
        return self._pipe.recv()

    def run(self, times: int) -> Took:
        """Do the operation so many times more."""
        took: Took = self._asked(times)
        return took

    def traced(self) -> Traced:
        """Do the operation once more, and give what it asked of the database."""
        traced: Traced = self._asked("traced")
        return traced

    def peak(self) -> float:
        """Give the most memory that its process took until now, in MB."""
        peak: float = self._asked("peak")
        return peak

    def size(self) -> int:
        """Give the bytes that the database takes."""
        size: int = self._asked("size")
        return size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._pipe.close()
        self._process.join(timeout=10)
        self._process.terminate()


def _work(prepare: Prepare, folder: Path, watch: Callable[[Path], Watch], pipe: Connection) -> None:
    """Be a contestant: prepare, then do as told until the pipe closes."""
    watching = watch(folder)
    act = prepare(folder)
    act(0)
    done = 1
    pipe.send(watching.durability())
    while True:
        try:
            told = pipe.recv()
        except EOFError:
            return
        if told == "traced":
            pipe.send(watching.traced(act, done))
            done += 1
            continue
        if told == "peak":
            pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            continue
        if told == "size":
            pipe.send(watching.size())
            continue
        wall, cpu = time.perf_counter(), time.process_time()
        for number in range(done, done + told):
            act(number)
        pipe.send(Took(time.perf_counter() - wall, time.process_time() - cpu))
        done += told


class SqliteFile:
    """A watch on the SQLite file of a side, from its first connection on."""

    def __init__(self, folder: Path) -> None:
        self._database = folder / DATABASE
        self._opened: list[sqlite3.Connection] = []
        sys.addaudithook(self._notice)

    def _notice(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "sqlite3.connect/handle":
            self._opened.append(arguments[0])

    def _alive(self) -> list[sqlite3.Connection]:
        alive = []
        for connection in self._opened:
            try:
                connection.execute("PRAGMA user_version").fetchone()
            except sqlite3.ProgrammingError:
                continue  # closed meanwhile, or another thread's
            alive.append(connection)
        return alive

    def durability(self) -> str:
        """Read from the last connection that is in use how it writes: journal mode and synchronous."""
        connection = self._alive()[-1]
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
        return f"{journal} {('OFF', 'NORMAL', 'FULL', 'EXTRA')[synchronous]}"

    def traced(self, act: Act, number: int) -> Traced:
        """Do an operation, and give the SQL statements that SQLite ran for it."""
        statements: list[str] = []
        connections = self._alive()
        for connection in connections:
            connection.set_trace_callback(statements.append)
        act(number)
        for connection in connections:
            connection.set_trace_callback(None)
        return Traced(statements)

    def size(self) -> int:
        """Give the bytes that the database takes, what is still in its log included."""
        with closing(sqlite3.connect(self._database)) as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            (page_size,) = connection.execute("PRAGMA page_size").fetchone()
        return int(pages) * int(page_size)


class Contest(NamedTuple):
    """What came of a contest, by the name of each side: rounds, what one operation asks, bytes for each, MB."""

    rounds: Mapping[str, Sequence[Took]]
    traced: Mapping[str, Traced]
    bytes_each: Mapping[str, float]
    peaks: Mapping[str, float]


def _grown(contestants: Mapping[str, Contestant], before: Mapping[str, int], times: int) -> Mapping[str, float]:
    return {name: (contestant.size() - before[name]) / times for name, contestant in contestants.items()}


def contest(
    sides: Mapping[str, Prepare],
    folder: Path,
    *,
    rounds: int,
    times: int,
    durability: str,
    watch: Callable[[Path], Watch] = SqliteFile,
) -> Contest:
    """Let the sides do the same operation in turns, round after round, each on a database of its own.

    Raises:
        RuntimeError: a side does not write as durably as asked.
    """
    names = list(sides)
    took: dict[str, list[Took]] = {name: [] for name in names}
    with ExitStack() as stack:
        contestants = {
            name: stack.enter_context(Contestant(prepare, folder / name, watch)) for name, prepare in sides.items()
        }
        for name, contestant in contestants.items():
            if contestant.durability != durability:
                raise RuntimeError(f"{name} writes with {contestant.durability}, not with {durability}")
            contestant.run(times)
        before = {name: contestant.size() for name, contestant in contestants.items()}
        for number in range(rounds):
            for name in turns(names, number):
                took[name].append(contestants[name].run(times))
        return Contest(
            took,
            bytes_each=_grown(contestants, before, rounds * times),
            peaks={name: contestant.peak() for name, contestant in contestants.items()},
            traced={name: contestant.traced() for name, contestant in contestants.items()},
        )
