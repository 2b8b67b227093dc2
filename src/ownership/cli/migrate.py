"""Bring the tables of a store to this release, or print the statements that lay them; let older records be found."""

from __future__ import annotations

import argparse
from contextlib import suppress

from ownership.compose import Registry, open_workspace
from ownership.errors import Unsupported


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("store", metavar="URL", help="such as postgresql://user@host/database")
    parser.add_argument("--tenant", default="default", help="whose records are to be found (default: %(default)s)")
    parser.add_argument("--sql", action="store_true", help="print the statements for an empty place, and do nothing")


def run(args: argparse.Namespace) -> int:
    """Migrate, or print."""
    if args.sql:
        print(Registry().migrations(args.store).sql(), end="")
        return 0
    with suppress(Unsupported):  # a store that does it when it is opened
        Registry().migrations(args.store).apply()
    with open_workspace(args.store, tenant=args.tenant) as workspace:
        written = workspace.reindex()
    print("the tables are those of this release")
    if written:
        print(f"written anew, to be found by keys of this release: {written} records")
    return 0
