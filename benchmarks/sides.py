"""The sides of the contests: ours, the raw limit, the peers; and what is reported of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import tables
from benchmarks.measure import Act, Contest, Row, Spread, quotients
from benchmarks.peers import PEERS

OURS = "ownership"
RAW = "raw sqlite3"
DURABILITY = "wal FULL"


def raw(work: Callable[[Any, int], object], people: int, talks_each: int, folder: Path) -> Act:
    """Be somebody who writes every statement by hand and checks nothing, for the numbered people in turn."""
    connection = tables.connect(tables.build(folder, people=people, talks_each=talks_each))
    return lambda number: work(connection, 1 + number % people)


class Workload(NamedTuple):
    """How a workload is told of: its label, what one operation makes ("goal"), what many are called, the limit."""

    label: str
    one: str
    many: str
    raw: str = RAW

    def ratios(self, found: Contest, *, speed: float | None = None, time: float | None = None) -> Sequence[Row]:
        """Give the ratios, with a target for our speed over the raw one, or for our time over it."""
        walls = {name: [took.wall for took in rounds] for name, rounds in found.rounds.items()}
        cpus = {name: [took.cpu for took in rounds] for name, rounds in found.rounds.items()}
        rows = [self._against_raw(walls, speed, time)]
        work = quotients(cpus[OURS], cpus[self.raw])
        rows.append(Row(f"{self.label} processor time, ours ÷ {self.raw}", f"{work:.2f}"))
        if trips := found.traced[OURS].trips:
            against = found.traced[self.raw].trips
            rows.append(Row(f"{self.label} round trips, ours ÷ {self.raw}", f"{trips} ÷ {against}"))
        if min(found.bytes_each.values()) > 0:
            bytes_ = found.bytes_each[OURS] / found.bytes_each[self.raw]
            rows.append(Row(f"{self.label} bytes on disk, ours ÷ {self.raw}", f"{bytes_:.2f}"))
        for name in [name for name in walls if name in PEERS]:
            ahead = quotients(walls[name], walls[OURS])
            rows.append(Row(f"{self.label} speed, ours ÷ {name}", f"{ahead:.2f}", "ahead (above 1)", ahead.median > 1))
            of_raw = quotients(walls[self.raw], walls[name])
            rows.append(Row(f"{self.label} speed, {name} ÷ {self.raw}", f"{of_raw:.2f}"))
        return rows

    def _against_raw(self, walls: dict[str, list[float]], speed: float | None, time: float | None) -> Row:
        if time is None:
            ours = quotients(walls[self.raw], walls[OURS])
            told = f"{self.label} speed, ours ÷ {self.raw}"
            if speed is None:
                return Row(told, f"{ours:.2f}")
            return Row(told, f"{ours:.2f}", f"at least {speed}", ours.median >= speed)
        ours = quotients(walls[OURS], walls[self.raw])
        return Row(f"{self.label} time, ours ÷ {self.raw}", f"{ours:.2f}", f"at most {time}", ours.median <= time)

    def absolute(self, found: Contest, times: int) -> Sequence[Row]:
        """Give the numbers of each side."""
        rows = []
        for name, rounds in found.rounds.items():
            speed = Spread.of(times / took.wall for took in rounds)
            cpu = Spread.of(took.cpu / times * 1e6 for took in rounds)
            rows += [
                Row(f"{self.label} {self.many} a second, {name}", f"{speed:,.0f}"),
                Row(f"{self.label} processor time for {self.one}, {name}", f"{cpu.median:,.0f} µs"),
                Row(f"{self.label} statements for {self.one}, {name}", str(len(found.traced[name].statements))),
            ]
            if trips := found.traced[name].trips:
                rows.append(Row(f"{self.label} round trips for {self.one}, {name}", str(trips)))
            if found.bytes_each[name] > 0:
                rows.append(Row(f"{self.label} bytes on disk for {self.one}, {name}", f"{found.bytes_each[name]:,.0f}"))
        return rows
