"""W8: what `import ownership` costs over a bare interpreter, beside the libraries that it stands on."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from benchmarks.measure import Report, Row, Spread, Took, quotients, run_python, turns

BARE = "a bare interpreter"
BASE = "import attrs, cattrs, pluggy"
OURS = "import ownership"
ALL = "import all public names of ownership"
OPENED = "import ownership and open a workspace in memory"

PROGRAMS: Mapping[str, str] = {
    BARE: "pass",
    BASE: "import attrs, cattrs, pluggy",
    OURS: "import ownership",
    ALL: "from ownership import *",
    OPENED: "import ownership; ownership.open_workspace()",
}

TARGET = 2.0
MEMORY_TARGET = 40.0

# A process's own peak: what getrusage tells of a child includes the memory of the parent that it was forked from.
_PEAK = "; print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"


def measure(*, quick: bool) -> Report:
    """Start each program in turns, after one start that writes the bytecode."""
    rounds = 5 if quick else 40
    names = list(PROGRAMS)
    took: dict[str, list[Took]] = {name: [] for name in names}
    for program in PROGRAMS.values():
        run_python(["-c", program])
    for number in range(rounds):
        for name in turns(names, number):
            took[name].append(run_python(["-c", PROGRAMS[name]])[0])
    walls = {name: [each.wall * 1e3 for each in rounds_] for name, rounds_ in took.items()}
    cpus = {name: [each.cpu * 1e3 for each in rounds_] for name, rounds_ in took.items()}
    memory = {name: _peak_megabytes(program) for name, program in PROGRAMS.items()}
    return Report(_ratios(walls, cpus), _absolute(walls, cpus, memory))


def _peak_megabytes(program: str) -> float | None:
    if sys.platform != "linux":
        return None
    return int(run_python(["-c", program + _PEAK])[1]) / 1024


def _over_bare(times: Mapping[str, Sequence[float]], name: str) -> list[float]:
    return [a - b for a, b in zip(times[name], times[BARE], strict=True)]


def _ratios(walls: Mapping[str, Sequence[float]], cpus: Mapping[str, Sequence[float]]) -> Sequence[Row]:
    wall = quotients(_over_bare(walls, OURS), _over_bare(walls, BASE))
    cpu = quotients(_over_bare(cpus, OURS), _over_bare(cpus, BASE))
    everything = quotients(_over_bare(cpus, ALL), _over_bare(cpus, BASE))
    opened = quotients(_over_bare(cpus, OPENED), _over_bare(cpus, BASE))
    what = "over bare ÷ attrs + cattrs + pluggy over bare"
    return [
        Row(f"W8 import {what}, wall", f"{wall:.2f}", f"at most {TARGET:g}", wall.median <= TARGET),
        Row(f"W8 import {what}, processor time", f"{cpu:.2f}", f"at most {TARGET:g}", cpu.median <= TARGET),
        Row(
            f"W8 import of all public names {what}, processor time",
            f"{everything:.2f}",
            f"at most {TARGET:g}",
            everything.median <= TARGET,
        ),
        Row(f"W8 import and first workspace {what}, processor time", f"{opened:.2f}"),
    ]


def _absolute(
    walls: Mapping[str, Sequence[float]], cpus: Mapping[str, Sequence[float]], memory: Mapping[str, float | None]
) -> Sequence[Row]:
    rows = []
    for name in PROGRAMS:
        wall, cpu = Spread.of(walls[name]), Spread.of(cpus[name])
        rows.append(Row(f"W8 {name}", f"{wall:.0f} ms, of which processor {cpu.median:.0f} ms"))
        peak = memory[name]
        if peak is not None:
            has_target = name in {OURS, ALL}
            rows.append(
                Row(
                    f"W8 peak memory, {name}",
                    f"{peak:.0f} MB",
                    f"at most {MEMORY_TARGET:g} MB" if has_target else "",
                    peak <= MEMORY_TARGET if has_target else None,
                )
            )
    return rows
