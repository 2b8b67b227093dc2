"""The demo: `ownership demo` as a whole process in an empty folder, beside the commits that it makes, made raw."""

from __future__ import annotations

import re
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Report, Row, Spread, Took, quotients, run_python

DEMO = ["demo", "--until", "2026-10-31"]
SECONDS_TARGET = 60
"""A newcomer sees the whole idea work within a minute."""

# Runs the demo in one process and counts what it asks of SQLite; never timed.
_COUNTED = """
import sqlite3, sys
commits = statements = 0
writes = False
def count(statement):
    global commits, statements, writes
    statements += 1
    if statement.startswith("BEGIN"):
        writes = statement == "BEGIN IMMEDIATE"
    commits += statement == "COMMIT" and writes
def connect(*arguments, **options):
    connection = plain_connect(*arguments, **options)
    connection.set_trace_callback(count)
    return connection
plain_connect, sqlite3.connect = sqlite3.connect, connect
from ownership.cli import main
code = main(sys.argv[1:])
print("COUNTED", commits, statements)
sys.exit(code)
"""


def measure(*, quick: bool) -> Report:
    """Run the demo several times, each in a folder of its own, in turns with as many raw commits."""
    arguments = [*DEMO, "--people", "40", "--months", "1"] if quick else DEMO
    commits, statements = _counted(arguments)
    runs: list[Took] = []
    floors: list[float] = []
    for _ in range(2 if quick else 5):
        with tempfile.TemporaryDirectory() as folder:
            took, printed = run_python(["-m", "ownership.cli", *arguments], folder=Path(folder))
            size = Path(folder, "ownership-demo.db").stat().st_size
            floors.append(_raw_commits(Path(folder), commits))
        runs.append(took)
    acts = _acts(printed)
    wall, cpu = Spread.of(run.wall for run in runs), Spread.of(run.cpu for run in runs)
    return Report(
        [Row("Demo, time ÷ its commits made raw", f"{quotients((run.wall for run in runs), floors):.1f}")],
        [
            Row(
                "Demo, whole process",
                f"{wall:.1f} s, of which processor {cpu.median:.1f} s",
                f"under {SECONDS_TARGET} s",
                wall.median < SECONDS_TARGET,
            ),
            Row("Demo, things done by people", f"{acts:,}, {acts / wall.median:,.0f} a second"),
            Row("Demo, writing commits", f"{commits:,}, {commits / wall.median:,.0f} a second"),
            Row("Demo, statements", f"{statements:,}"),
            Row("Demo, size of the file", f"{size / 1e6:.1f} MB"),
            Row("The same number of commits, raw", f"{Spread.of(floors):.1f} s"),
        ],
    )


def _counted(arguments: Sequence[str]) -> tuple[int, int]:
    with tempfile.TemporaryDirectory() as folder:
        _, printed = run_python(["-c", _COUNTED, *arguments], folder=Path(folder))
    commits, statements = printed.rpartition("COUNTED ")[2].split()
    return int(commits), int(statements)


def _acts(printed: str) -> int:
    found = re.search(r"(\d+) things done by people", printed)
    if found is None:
        raise RuntimeError("the demo does not say how much people did")
    return int(found[1])


def _raw_commits(folder: Path, commits: int) -> float:
    """Commit one small row so many times, as durably as the demo does; gives the seconds that took."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE floor (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    begun = time.perf_counter()
    for _ in range(commits):
        connection.execute("INSERT INTO floor (body) VALUES (?)", ("b" * 400,))
    took = time.perf_counter() - begun
    connection.close()
    return took
