"""W4: one person's overview: goals, the last 12 check-ins, feedback, choices; and how it grows with history."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks import ours, peers, tables
from benchmarks.measure import Contest, Prepare, Report, Row, contest, quotients
from benchmarks.population import PEOPLE, TALKS_EACH
from benchmarks.sides import DURABILITY, OURS, RAW, Workload, raw

W4 = Workload("W4", "an overview", "overviews")
TARGET = 2
"""How many times the raw time it may take."""

STATEMENTS = 8
"""How many statements it may take, with any number of people and any history."""

LONG = 10 * TALKS_EACH
"""The check-ins of ten years."""

WITH_LONG_HISTORY = f"ownership, {LONG} check-ins"


def measure(*, quick: bool) -> Report:
    """Measure all sides in turns."""
    sides: Mapping[str, Prepare] = {
        OURS: ours.overview,
        WITH_LONG_HISTORY: partial(ours.overview, talks_each=LONG),
        RAW: partial(raw, tables.overview, PEOPLE, TALKS_EACH),
        **peers.installed("overview", talks_each=TALKS_EACH),
    }
    rounds, times = (5, 50) if quick else (20, 300)
    with tempfile.TemporaryDirectory() as folder:
        found = contest(sides, Path(folder), rounds=rounds, times=times, durability=DURABILITY)
    return Report([*W4.ratios(found, time=TARGET), *_growth(found)], W4.absolute(found, times))


def _growth(found: Contest) -> Iterator[Row]:
    cpus = {name: [took.cpu for took in found.rounds[name]] for name in (OURS, WITH_LONG_HISTORY)}
    growth = quotients(cpus[WITH_LONG_HISTORY], cpus[OURS])
    yield Row(f"W4 processor time, {LONG} check-ins ÷ {TALKS_EACH}", f"{growth:.2f}")
    for name, talks in {OURS: TALKS_EACH, WITH_LONG_HISTORY: LONG}.items():
        statements = len(found.traced[name].statements)
        yield Row(
            f"W4 statements of ours, {talks} check-ins",
            str(statements),
            f"at most {STATEMENTS}",
            statements <= STATEMENTS,
        )
