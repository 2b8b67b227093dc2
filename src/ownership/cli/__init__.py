"""The command line: ``ownership COMMAND``, where each of ``COMMANDS`` is one; its file says what it does.

A file per command, each with ``add`` (its options) and ``run``. Exit codes: 0 done, 1 not done (one line says why and
the way out), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ownership import __version__
from ownership.cli import audit, demo, erase, explain, export, migrate, overview, plugins, register, sync, work
from ownership.errors import OwnershipError

COMMANDS = {
    "demo": demo,
    "sync": sync,
    "work": work,
    "overview": overview,
    "export": export,
    "erase": erase,
    "register": register,
    "audit": audit,
    "migrate": migrate,
    "plugins": plugins,
    "explain": explain,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except OwnershipError as error:
        print(f"ownership: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        print("ownership: stopped; what was done so far is kept", file=sys.stderr)
        return 1
    return code


def parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    top = argparse.ArgumentParser(
        prog="ownership", description="Put people in the lead of their own development.", allow_abbrev=False
    )
    top.add_argument("--version", action="version", version=f"ownership {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        summary = str(module.__doc__).partition("\n")[0]
        sub = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        module.add(sub)
        sub.set_defaults(run=module.run)
    return top
