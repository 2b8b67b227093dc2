"""Bring the tables of a store to this release, or print the statements that lay them."""

from __future__ import annotations

import argparse

from ownership.compose import Registry


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("store", metavar="URL", help="postgresql://user@host/database")
    parser.add_argument("--sql", action="store_true", help="print the statements for an empty place, and do nothing")


def run(args: argparse.Namespace) -> int:
    """Migrate, or print."""
    migrations = Registry().migrations(args.store)
    if args.sql:
        print(migrations.sql(), end="")
    else:
        migrations.apply()
        print("the tables are those of this release")
    return 0
