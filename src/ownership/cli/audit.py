"""Attack what would be published of made-up organisations, and show how far the attackers get and how useful it is."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import asdict

from ownership.cli.options import add_json, print_json, progress_bar
from ownership.domain.publication import Band, Cell, Finding
from ownership.errors import Misconfigured

if TYPE_CHECKING:
    from ownership.audit.report import Reach, Report, Use

MOST_WINDOWS = 60
MOST_ORGANISATIONS = 10_000


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--organisations", type=int, default=1, metavar="N", help="how many (default: %(default)s)")
    parser.add_argument("--windows", type=int, default=24, metavar="N", help="pulses in each (default: %(default)s)")
    parser.add_argument(
        "--people", type=int, metavar="N", help="about how many people in each (default: from 40 to 400, drawn)"
    )
    parser.add_argument(
        "--seed", type=int, default=12, help="another seed is another organisation (default: %(default)s)"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Publish, attack, and show; not done when an attacker got through."""
    for option, most in (("organisations", MOST_ORGANISATIONS), ("windows", MOST_WINDOWS)):
        if not 1 <= getattr(args, option) <= most:
            raise Misconfigured(f"--{option}", f"is not from 1 to {most}")
    if args.people is not None and not 20 <= args.people <= 5_000:
        raise Misconfigured("--people", "is not from 20 to 5000")
    try:
        from ownership.audit.report import report_on
    except ModuleNotFoundError:
        raise Misconfigured("audit", 'needs scipy; pip install "ownership[audit]"') from None
    with progress_bar("attacking") as bar:
        report = report_on(
            seed=args.seed, organisations=args.organisations, windows=args.windows, people=args.people, told=bar
        )
    if args.json:
        print_json(in_json(report))
    else:
        print("\n".join(in_words(report)))
    return 0 if report.guard.is_safe else 1


def in_json(report: Report) -> dict[str, Any]:
    """Give the numbers of a report, and all that the first organisation published."""
    return {
        "seed": report.seed,
        "organisations": report.organisations,
        "windows": len(report.use),
        "is_safe": report.guard.is_safe,
        "guard": asdict(report.guard),
        "other_rules": [asdict(reach) for reach in report.naive],
        "use": asdict(report.use_over_all),
        "use_per_window": [asdict(use) for use in report.use],
        "published": [
            {"window": one.survey.window + 1, "cells": [_cell_in_json(cell) for cell in one.publication.cells]}
            for one in report.shown.rounds
        ],
    }


def in_words(report: Report) -> Iterator[str]:
    """Write a report for a reviewer."""
    yield from _published(report)
    yield ""
    yield from _worked_out(report)
    yield ""
    yield from _useful(report)


def _published(report: Report) -> Iterator[str]:
    last = report.shown.rounds[-1]
    people, answered = len(last.survey.members), len(last.survey.answered)
    cells = last.publication.cells
    measures = sorted(last.survey.answers)
    yield f"WHAT WAS PUBLISHED: pulse {len(report.use)} of a made-up organisation (seed {report.seed})"
    yield f"{people} people in {_groups(report)}; {answered} answered. Each answer is in one figure, or in none:"
    yield ""
    yield from _table(
        ["", "answers", *measures],
        (
            [_name(cell), str(cell.answered), *(_band(_finding(cell, measure)) for measure in measures)]
            for cell in cells
        ),
    )
    closed = sum(bool(one.group.team) for one in last.publication.closed)
    yield ""
    yield f"{closed} teams have no figure of their own. Departments and the whole are worked out from these figures."


def _worked_out(report: Report) -> Iterator[str]:
    guard, some = report.guard, report.organisations
    who = "one organisation" if some == 1 else f"{some:,} organisations"
    yield f"WHAT ATTACKERS WORKED OUT: of {who}, {len(report.use)} pulses, {guard.answers:,} answers"
    yield ""
    yield from _table(
        ["", "by subtraction", "between pulses", "by a colleague"],
        ([reach.rule, *_found(reach)] for reach in (guard, *report.naive)),
    )
    yield ""
    yield "by subtraction: answers known exactly, to somebody who knows every mean and not only its band"
    yield "between pulses: people in a group under 5 that differences between rosters tell apart"
    yield "by a colleague: answers with one possible value left, for whoever knows the bands and any one answer"
    yield f"Two colleagues together, beyond what is promised: {_share(guard.paired, guard.tried)} of the answers."


def _useful(report: Report) -> Iterator[str]:
    over_all, first, last = report.use_over_all, report.use[0], report.use[-1]
    yield "HOW USEFUL IT WAS: at 70 % response, how many got a result"
    yield ""
    yield from _table(
        ["", "all pulses", "first", "last"],
        (
            [title, *(_percent(share(use)) for use in (over_all, first, last))]
            for title, share in (
                ("teams of 8 and more", _teams),
                ("departments", _departments),
                ("answers in a figure", _answers),
            )
        ),
    )


def _teams(use: Use) -> float:
    return use.share_of_teams


def _departments(use: Use) -> float:
    return use.share_of_departments


def _answers(use: Use) -> float:
    return use.share_of_answers


def _groups(report: Report) -> str:
    members = report.shown.rounds[-1].survey.members
    departments, teams = ({getattr(one, kind) for one in members} for kind in ("department", "team"))
    return f"{len(departments)} departments and {len(teams)} teams"


def _name(cell: Cell) -> str:
    group = cell.group
    name = f"{group.department} team {group.team.removeprefix('D')}" if group.team else group.department or "everyone"
    return f"{name}, what is left" if cell.is_rest else name


def _finding(cell: Cell, measure: str) -> Finding:
    return next(finding for finding in cell.findings if finding.measure == measure)


def _band(finding: Finding) -> str:
    return "too few" if finding.band is None else _in_figures(finding.band)


def _in_figures(band: Band) -> str:
    if band.low is None:
        return "any" if band.high is None else f"below {band.high:g}"
    return f"{band.low:g} and over" if band.high is None else f"{band.low:g} to {band.high:g}"


def _found(reach: Reach) -> list[str]:
    return [
        _share(reach.known, reach.answers) if reach.known or not reach.groups else f"{reach.groups} groups",
        _share(reach.isolated, reach.people),
        "not tried" if reach.narrowed is None else _share(reach.narrowed, reach.tried),
    ]


def _share(some: int | None, of: int) -> str:
    return _percent((some or 0) / max(1, of)) if some else "none"


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")


def _table(heading: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """Set columns: words to the left, the rest to the right."""
    lines = [heading, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *others in lines:
        cells = (f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True))
        yield f"  {first:{widths[0]}}   {'   '.join(cells)}".rstrip()


def _cell_in_json(cell: Cell) -> dict[str, Any]:
    return {
        "department": cell.group.department,
        "team": cell.group.team,
        "is_rest": cell.is_rest,
        "answered": cell.answered,
        "bands": {
            finding.measure: finding.band and [finding.band.lowest, finding.band.highest] for finding in cell.findings
        },
    }
