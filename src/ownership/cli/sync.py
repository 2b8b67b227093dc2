"""Bring the people of a workspace in line with a directory, such as csv:people.csv."""

from __future__ import annotations

import argparse
from typing import Any

from ownership.cli.options import add_workspace, print_json, print_problems, workspace_of
from ownership.domain.directory import SyncPlan
from ownership.errors import PlanHeld


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("directory", metavar="URL", help="csv:people.csv, sample:, or what a plugin brings")
    parser.add_argument("--dry-run", action="store_true", help="show the plan and change nothing")
    parser.add_argument("--confirm", action="store_true", help="apply a plan that a guard holds, after you read it")
    parser.add_argument(
        "--rehired", action="append", default=[], metavar="ID", help="works here anew, though erased; may be repeated"
    )
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Plan, show, and apply unless it is a dry run or a guard holds it."""
    with workspace_of(args) as workspace:
        plan = workspace.people.plan(args.directory, rehired=args.rehired)
        _show(plan, args)
        if args.dry_run:
            return 0
        if plan.holds and not args.confirm:
            raise PlanHeld([*plan.holds, "nothing was changed; look at it with --dry-run, and apply it with --confirm"])
        workspace.people.apply(plan.confirmed())
    if not args.json:
        print("applied")
    return 0


def _show(plan: SyncPlan, args: argparse.Namespace) -> None:
    if args.json:
        print_json(_as_dict(plan))
        return
    counts = {"new": plan.joiners, "changed": plan.changed, "leaving": plan.leavers}
    words = ", ".join(f"{len(people)} {word}" for word, people in counts.items())
    print(f"plan for {plan.source}: {words}, {plan.unchanged} as they were")
    print_problems((*plan.problems, *plan.kept_out))


def _as_dict(plan: SyncPlan) -> dict[str, Any]:
    return {
        "source": plan.source,
        "joiners": [person.external_id for person in plan.joiners],
        "changed": [person.external_id for person in plan.changed],
        "leavers": [person.external_id for person in plan.leavers],
        "unchanged": plan.unchanged,
        "problems": [{"path": problem.path, "message": problem.message} for problem in plan.problems],
        "kept_out": [problem.path for problem in plan.kept_out],
        "holds": list(plan.holds),
    }
