"""How W1, W2 and W4 grow: a thousand people do the same in a store of a thousand, and in one of a hundred thousand."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks import check_ins, goals, ours, overviews
from benchmarks.measure import Act, Report, Row, contest, quotients
from benchmarks.population import PEOPLE
from benchmarks.sides import DURABILITY, Workload

MANY = 100_000

GROWTH = 1.1
"""How much more it may take when there are a hundred times as many."""

WORKLOADS: Mapping[Workload, Callable[..., Act]] = {
    goals.W1: ours.set_goal,
    check_ins.W2: ours.record_check_in,
    overviews.W4: ours.overview,
}


def measure(*, quick: bool) -> Report:
    """Measure each workload in both stores in turns."""
    many, rounds, times = (2 * PEOPLE, 3, 50) if quick else (MANY, 15, 300)
    return Report([row for one, work in WORKLOADS.items() for row in _ratios(one, work, many, rounds, times)], [])


def _ratios(workload: Workload, work: Callable[..., Act], many: int, rounds: int, times: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        sides = {f"{people:,} people": partial(work, people=people) for people in (PEOPLE, many)}
        found = contest(sides, Path(folder), rounds=rounds, times=times, durability=DURABILITY)
    few_name, many_name = sides
    of = f"{many:,} ÷ {PEOPLE:,} people"
    growth = quotients(*([took.cpu for took in found.rounds[name]] for name in (many_name, few_name)))
    yield Row(f"{workload.label} processor time, {of}", f"{growth:.2f}", f"at most {GROWTH}", growth.median <= GROWTH)
    few, many_ = (len(found.traced[name].statements) for name in sides)
    yield Row(f"{workload.label} statements, {of}", f"{many_ / few:.2f}")
