"""Run the benchmarks and print their tables: `python benchmarks/run.py [NAME ...] [--quick] [--write]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.measure import Report, Row

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main() -> None:
    measures = _measures()
    parser = argparse.ArgumentParser(description="Measure; the machine must be otherwise idle.")
    parser.add_argument(
        "which",
        nargs="*",
        metavar="NAME",
        help=f"what to measure (default: all): {', '.join(measures)}",
    )
    parser.add_argument("--quick", action="store_true", help="a few small rounds, to see that everything runs")
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    args = parser.parse_args()
    if unknown := set(args.which) - measures.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(measures)}")
    if args.write and (args.quick or args.which):
        parser.error("--write takes a whole run: leave out --quick and the names")
    text = _tables([measures[name](quick=args.quick) for name in args.which or measures])
    print(text)
    if args.write:
        before, _, rest = RESULTS.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        RESULTS.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def _measures() -> dict[str, Callable[..., Report]]:
    sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests" / "real")]  # the latter starts a PostgreSQL
    from benchmarks import (
        check_ins,
        cycles,
        decisions,
        demo,
        goals,
        growth,
        menu,
        overviews,
        postgresql,
        publication,
        start,
    )

    return {
        "start": start.measure,
        "goals": goals.measure,
        "check_ins": check_ins.measure,
        "cycles": cycles.measure,
        "overviews": overviews.measure,
        "growth": growth.measure,
        "decisions": decisions.measure,
        "menu": menu.measure,
        "publication": publication.measure,
        "demo": demo.measure,
        "postgresql": postgresql.measure,
    }


def _tables(reports: Iterable[Report]) -> str:
    found = list(reports)
    ratios = _table("Ratio", [row for report in found for row in report.ratios])
    absolute = _table("Number", [row for report in found for row in report.absolute])
    return f"### Ratios\n\n{ratios}\n### Absolute numbers\n\n{absolute}"


def _table(head: str, rows: Iterable[Row]) -> str:
    lines = [f"| {head} | measured: median (quartiles) | target | |", "|---|---|---|---|"]
    verdicts = {True: "met", False: "**missed**", None: ""}
    lines += [f"| {row.what} | {row.measured} | {row.target} | {verdicts[row.is_met]} |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
