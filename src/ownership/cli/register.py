"""Write the register of processing, or tell what changed since one was agreed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ownership.cli.options import add_channels, add_workspace, channels_of, print_json, workspace_of
from ownership.codec import FORMAT, load, plain
from ownership.domain.register import Register
from ownership.errors import InvalidInput, Misconfigured
from ownership.render.register import drift_lines, register_markdown
from ownership.render.words import LANGUAGES, Words


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--markdown", action="store_true", help="print Markdown, for people (the default)")
    parser.add_argument(
        "--agreed",
        type=Path,
        metavar="FILE",
        help="tell what changed since this one (JSON); exit with 1 if anything did",
    )
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the text (default: %(default)s)")
    add_channels(parser)
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Write the register, or what differs from the agreed one; 1 when anything differs, or something does not say."""
    with workspace_of(args, channels_of(args)) as workspace:
        register = workspace.register()
    for gap in register.gaps:
        print(f"ownership: {gap} does not say what it is", file=sys.stderr)
    changed = args.agreed is not None and _tell_drift(args, register)
    if args.agreed is None:
        _print(args, register)
    return 1 if changed or register.gaps else 0


def _print(args: argparse.Namespace, register: Register) -> None:
    if args.json and not args.markdown:
        print_json({"format": FORMAT, **plain(register)})
    else:
        print(register_markdown(register, args.language), end="")


def _tell_drift(args: argparse.Namespace, register: Register) -> bool:
    """Print what differs from the agreed register; gives whether anything does."""
    drifts = register.drift_from(_read(args.agreed))
    if args.json:
        print_json(plain(drifts))
    else:
        lines = drift_lines(drifts, args.language) or (Words(args.language)("register.drift.none"),)
        print("\n".join(lines))
    return bool(drifts)


def _read(path: Path) -> Register:
    """Read a register that was agreed.

    Raises:
        Misconfigured: it cannot be read, or is no register.
    """
    try:
        return load(Register, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured("--agreed", f"{path} cannot be read; give a file that register --json wrote") from error
    except InvalidInput as error:
        raise Misconfigured("--agreed", f"{path} is no register; give a file that register --json wrote") from error
