"""W3: open a monthly cycle for N people, and let everyone hear of it; and how both grow with N."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks import ours, peers, tables
from benchmarks.measure import Act, Contest, Prepare, Report, Row, Spread, contest, quotients
from benchmarks.sides import DURABILITY, OURS, RAW, Workload

TARGET = 2
"""How many times the raw time it may take."""

TELLING = "ownership, everyone and her partner told"
"""What follows when a cycle opens: with us a run of due work. The others have nothing of the kind."""

SAME_ROWS = "raw sqlite3, the rows of that"

GROWTH = 1.1
"""How much more processor time a person may take when there are a hundred times as many."""

SIZES: Mapping[int, int] = {1_000: 7, 10_000: 3, 100_000: 2}
"""For each number of people, how many rounds."""


def raw(people: int, folder: Path) -> Act:
    """Open a cycle in one statement."""
    connection = tables.connect(tables.build(folder, people=people))
    return lambda number: tables.open_cycle(connection, number)


def measure(*, quick: bool) -> Report:
    """Measure all sides in turns, for each number of people; the peers up to ten thousand."""
    found = {people: _contest(people, rounds) for people, rounds in SIZES.items() if not quick or people == 1_000}
    return Report(
        [*(row for people, each in found.items() for row in _ratios(people, each)), *_growth(found)],
        [row for people, each in found.items() for row in _absolute(people, each)],
    )


def _contest(people: int, rounds: int) -> Contest:
    sides: dict[str, Prepare] = {
        OURS: partial(ours.open_cycle, people=people),
        RAW: partial(raw, people),
        TELLING: partial(ours.tell_everyone, people=people),
        SAME_ROWS: partial(ours.same_rows, people=people),
    }
    if people <= 10_000:
        sides |= peers.installed("open_cycle", people=people)
    with tempfile.TemporaryDirectory() as folder:
        return contest(sides, Path(folder), rounds=rounds, times=1, durability=DURABILITY)


def _ratios(people: int, found: Contest) -> Iterator[Row]:
    yield from Workload(f"W3, {people:,} people,", "a cycle", "cycles").ratios(found, time=TARGET)
    rows = quotients(*([took.cpu for took in found.rounds[name]] for name in (TELLING, SAME_ROWS)))
    yield Row(f"W3, {people:,} people, processor time, everyone told ÷ the rows of that written raw", f"{rows:.2f}")


def _growth(found: Mapping[int, Contest]) -> Iterator[Row]:
    few, many = min(found), max(found)
    if few == many:
        return
    of = f"{many:,} ÷ {few:,} people"
    for name, what in ((OURS, "opened"), (TELLING, "told")):
        each = {people: Spread.of(took.cpu / people for took in found[people].rounds[name]) for people in (few, many)}
        growth = each[many].median / each[few].median
        yield Row(
            f"W3 processor time for each person {what}, {of}", f"{growth:.2f}", f"at most {GROWTH}", growth <= GROWTH
        )
        statements = {people: len(found[people].traced[name].statements) / people for people in (few, many)}
        yield Row(f"W3 statements for each person {what}, {of}", f"{statements[many] / statements[few]:.2f}")


def _absolute(people: int, found: Contest) -> Iterator[Row]:
    for name, rounds in found.rounds.items():
        of = f"{people:,} people, {name}"
        wall, cpu = Spread.of(took.wall for took in rounds), Spread.of(took.cpu for took in rounds)
        yield Row(f"W3 {of}", f"{wall:.3f} s, of which processor {cpu.median:.3f} s")
        yield Row(f"W3 statements, {of}", f"{len(found.traced[name].statements):,}")
        yield Row(f"W3 peak memory, {of}", f"{found.peaks[name]:.0f} MB")
