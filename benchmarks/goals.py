"""W1: set a goal with three milestones, in one commit. Ours, the raw limit, and object-relational mappers as peers."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from benchmarks import peers, tables
from benchmarks.measure import DATABASE, Act, Contest, Prepare, Report, Row, Spread, contest, quotients
from benchmarks.population import DESCRIPTION, DUE_ON, GOALS_EACH, MILESTONES, PEOPLE, TITLE, employees, write_csv

OURS = "ownership"
RAW = "raw sqlite3"
DURABILITY = "wal FULL"
TARGET = 0.6
"""How much of the raw speed must be left, with all that the library does besides writing."""


def ours(folder: Path) -> Act:
    """Set goals through the front door: each person acts for herself."""
    from ownership import open_workspace

    people = employees()
    write_csv(people, folder / "people.csv")
    workspace = open_workspace(f"sqlite:///{folder / DATABASE}")
    workspace.people.sync(f"csv:{folder / 'people.csv'}")
    actors = [workspace.acting_as(person.email) for person in people]
    due_on = date.fromisoformat(DUE_ON)

    def set_goal(number: int) -> None:
        goals = actors[number % PEOPLE].goals
        goals.draft(title=TITLE, why=DESCRIPTION, due_on=due_on, milestones=MILESTONES)

    for number in range(GOALS_EACH * PEOPLE):
        set_goal(number)
    return set_goal


def raw(folder: Path) -> Act:
    """Set goals as somebody would who writes every statement by hand and checks nothing."""
    connection = tables.connect(tables.build(folder))
    return lambda number: tables.set_goal(connection, 1 + number % PEOPLE)


def measure(*, quick: bool) -> Report:
    """Measure all sides in turns."""
    sides: Mapping[str, Prepare] = {OURS: ours, RAW: raw, **peers.installed()}
    rounds, times = (5, 50) if quick else (20, 500)
    with tempfile.TemporaryDirectory() as folder:
        found = contest(sides, Path(folder), rounds=rounds, times=times, durability=DURABILITY)
    return Report(_ratios(found), _absolute(found, times))


def _ratios(found: Contest) -> Sequence[Row]:
    walls = {name: [took.wall for took in rounds] for name, rounds in found.rounds.items()}
    cpus = {name: [took.cpu for took in rounds] for name, rounds in found.rounds.items()}
    speed = quotients(walls[RAW], walls[OURS])
    rows = [
        Row("W1 speed, ours ÷ raw sqlite3", f"{speed:.2f}", f"at least {TARGET}", speed.median >= TARGET),
        Row("W1 processor time, ours ÷ raw sqlite3", f"{quotients(cpus[OURS], cpus[RAW]):.2f}"),
        Row("W1 bytes on disk, ours ÷ raw sqlite3", f"{found.bytes_each[OURS] / found.bytes_each[RAW]:.2f}"),
    ]
    for name in [name for name in walls if name not in {OURS, RAW}]:
        ahead = quotients(walls[name], walls[OURS])
        rows.append(Row(f"W1 speed, ours ÷ {name}", f"{ahead:.1f}", "ahead (above 1)", ahead.median > 1))
        rows.append(Row(f"W1 speed, {name} ÷ raw sqlite3", f"{quotients(walls[RAW], walls[name]):.2f}"))
    return rows


def _absolute(found: Contest, times: int) -> Sequence[Row]:
    rows = []
    for name, rounds in found.rounds.items():
        speed = Spread.of(times / took.wall for took in rounds)
        cpu = Spread.of(took.cpu / times * 1e6 for took in rounds)
        rows += [
            Row(f"W1 goals a second, {name}", f"{speed:,.0f}"),
            Row(f"W1 processor time for a goal, {name}", f"{cpu.median:,.0f} µs"),
            Row(f"W1 statements for a goal, {name}", str(len(found.statements[name]))),
            Row(f"W1 bytes on disk for a goal, {name}", f"{found.bytes_each[name]:,.0f}"),
        ]
    return rows
