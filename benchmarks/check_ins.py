"""W2: record a check-in: on two goals how they go, two challenges, one need, two agreements."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import ours, peers, tables
from benchmarks.measure import Act, Prepare, Report, Row, contest, quotients
from benchmarks.population import PEOPLE
from benchmarks.sides import DURABILITY, OURS, RAW, Workload

W2 = Workload("W2", "a check-in", "check-ins")
TARGET = 0.6
"""How much of the raw speed must be left."""

JOINED = "ownership, four calls in a transaction of the host's"


def raw(folder: Path) -> Act:
    """Record check-ins by hand."""
    return by_month(tables.connect(tables.build(folder)))


def by_month(connection: Any) -> Act:
    """Record check-ins on a connection, a month of them after the other."""
    cycle_ids: dict[int, int] = {}

    def act(number: int) -> None:
        month = number // PEOPLE
        if month not in cycle_ids:
            cycle_ids[month] = tables.open_occurrence(connection, month)
        tables.record_check_in(connection, cycle_ids[month], 1 + number % PEOPLE)

    return act


def measure(*, quick: bool) -> Report:
    """Measure all sides in turns."""
    rounds, times = (5, 50) if quick else (20, 300)
    sides: Mapping[str, Prepare] = {
        OURS: ours.record_check_in,
        JOINED: ours.record_check_in_joined,
        RAW: raw,
        **peers.installed("record_check_in"),
    }
    with tempfile.TemporaryDirectory() as folder:
        found = contest(sides, Path(folder), rounds=rounds, times=times, durability=DURABILITY)
    joined = quotients(*([took.wall for took in found.rounds[name]] for name in (RAW, JOINED)))
    row = Row("W2 speed, ours in four calls joined ÷ raw sqlite3", f"{joined:.2f}")
    return Report([*W2.ratios(found, speed=TARGET), row], W2.absolute(found, times))
