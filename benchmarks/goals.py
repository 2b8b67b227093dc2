"""W1: set a goal with three milestones, in one commit. Ours, the raw limit, and object-relational mappers as peers."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from benchmarks import ours, peers, tables
from benchmarks.measure import Prepare, Report, contest
from benchmarks.population import PEOPLE
from benchmarks.sides import DURABILITY, OURS, RAW, Workload, raw

W1 = Workload("W1", "a goal", "goals")
TARGET = 0.6
"""How much of the raw speed must be left, with all that the library does besides writing."""


def measure(*, quick: bool) -> Report:
    """Measure all sides in turns."""
    sides: Mapping[str, Prepare] = {
        OURS: ours.set_goal,
        RAW: partial(raw, tables.set_goal, PEOPLE, 0),
        **peers.installed("set_goal"),
    }
    rounds, times = (5, 50) if quick else (20, 500)
    with tempfile.TemporaryDirectory() as folder:
        found = contest(sides, Path(folder), rounds=rounds, times=times, durability=DURABILITY)
    return Report(W1.ratios(found, speed=TARGET), W1.absolute(found, times))
