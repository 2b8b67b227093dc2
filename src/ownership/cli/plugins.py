"""List the installed plugins; with --check, import each and say which are broken, or silent about what leaves."""

from __future__ import annotations

import argparse

from ownership.cli.options import add_json, print_json
from ownership.compose import Registry


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--check", action="store_true", help="import every plugin; exit with 1 when one is broken")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """List what is announced, and what is wrong with it when asked."""
    registry = Registry()
    broken = {name: str(error) for name, error in registry.check().items()} if args.check else {}
    silent = registry.silent
    problems = [
        {"problem": broken.get(plugin.name), "says_what_leaves": plugin.name not in silent} if args.check else {}
        for plugin in registry.announced()
    ]
    rows = [plugin._asdict() | problem for plugin, problem in zip(registry.announced(), problems, strict=True)]
    if args.json:
        print_json(rows)
    else:
        width = max((len(row["name"]) for row in rows), default=0)
        for row in rows:
            problem = f"  BROKEN: {row['problem']}" if row.get("problem") else ""
            silence = "" if row.get("says_what_leaves", True) else "  does not say which personal data leave through it"
            print(f"{row['name']:{width}}  {row['distribution']} {row['version']}{problem}{silence}")
    return 1 if broken else 0
