"""Erase a person: --dry-run counts, --confirm does it, --replay does it again after a restore. No text is printed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from attrs import asdict

from ownership.cli.options import add_workspace, print_json, workspace_of
from ownership.codec import dump, load
from ownership.domain.erasure import ErasureReport
from ownership.domain.ledger import Erasure, Ledger
from ownership.errors import InvalidInput, Misconfigured, Unavailable
from ownership.workspace.erasure import Erased
from ownership.workspace.workspace import Workspace


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("person", metavar="PERSON", nargs="?", help="id, external id or e-mail address")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--dry-run", action="store_true", help="count what would go, and change nothing")
    how.add_argument("--confirm", action="store_true", help="erase, after you read the dry run; there is no way back")
    how.add_argument("--replay", action="store_true", help="after a restore, erase again whom the ledger names")
    parser.add_argument("--ledger", metavar="FILE", help="the ledger of erasures, kept outside the store")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Count, erase or replay, and keep the ledger outside the store."""
    if args.replay == bool(args.person):
        raise Misconfigured("PERSON", "is needed with --dry-run and --confirm, and has no place with --replay")
    kept = _read(args.ledger) if args.ledger else Ledger()
    with workspace_of(args) as workspace:
        if args.replay:
            return _replay(workspace, kept, args)
        report = workspace.people.plan_erasure(args.person)
        if args.dry_run:
            return _show_plan(report, args)
        erased = workspace.people.erase(report.confirmed())
        _keep(workspace, kept, args)
        return _told(erased, args)


def _replay(workspace: Workspace, kept: Ledger, args: argparse.Namespace) -> int:
    erased = workspace.people.replay_erasures(kept)
    _keep(workspace, kept, args)
    if args.json:
        print_json({"erased_again": len(erased)})
    else:
        print(f"erased again: {len(erased)} of {len(workspace.people.erasures().entries)} in the ledger")
    return 0 if all(each.is_scrubbed for each in erased) else _unscrubbed()


def _told(erased: Erased, args: argparse.Namespace) -> int:
    _show(erased.report, "did", args)
    if not args.json:
        for line in erased.left_to_do:
            print(f"left to do: {line}")
    return 0 if erased.is_scrubbed else _unscrubbed()


def _unscrubbed() -> int:
    raise Unavailable("erased, but others read the store, so its files are not scrubbed yet; let 'ownership work'")


def _show_plan(report: ErasureReport, args: argparse.Namespace) -> int:
    _show(report, "would", args)
    if not args.json:
        for hold in report.holds:
            print(f"to be confirmed: {hold}")
    return 0


def _show(report: ErasureReport, tense: str, args: argparse.Namespace) -> int:
    if args.json:
        print_json(asdict(report))
        return 0
    print(f"{tense} go: {_counts(report.removed)}")
    print(f"{tense} stay for others, by someone who left: {_counts(report.kept_for_others)}")
    return 0


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counted.items()) or "nothing"


def _read(name: str) -> Ledger:
    """Read the ledger in a file, an entry a line; a file that is not there is empty."""
    path = Path(name)
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured("--ledger", f"{path} cannot be read") from error
    try:
        return Ledger(tuple(load(Erasure, line) for line in lines if line))
    except InvalidInput as error:
        raise Misconfigured("--ledger", f"{path} is no ledger of erasures, or a damaged one") from error


def _keep(workspace: Workspace, kept: Ledger, args: argparse.Namespace) -> None:
    """Write the ledger beside its file and put it in place: it is the old one or the new one, never half of it."""
    if not args.ledger:
        return
    entries = {entry.id: entry for entry in (*kept.entries, *workspace.people.erasures().entries)}
    path = Path(args.ledger)
    try:
        beside = path.with_name(f"{path.name}.new")
        beside.write_text("".join(f"{dump(entry)}\n" for entry in entries.values()), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        message = f"{path} cannot be written; the erasure is done, so mend this and run 'ownership erase --replay'"
        raise Misconfigured("--ledger", message) from error
