"""Show one person's own overview, as text, as a page or as JSON."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path

from ownership.cli.options import add_workspace, print_json, workspace_of
from ownership.codec import plain
from ownership.errors import Misconfigured
from ownership.render.page import overview_page
from ownership.render.text import overview_text


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("person", metavar="PERSON", help="an id, external id or e-mail address")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a self-contained page to a file")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Show the overview. Whoever runs this is not the person herself, so the look is in her journal."""
    with workspace_of(args) as workspace:
        overview = workspace.acting_as(args.person, on_behalf_of=f"command line: {getpass.getuser()}").overview()
    if args.html:
        write_text(args.html, overview_page(overview))
        print(f"wrote {args.html}")
    elif args.json:
        print_json(plain(overview))
    else:
        print(overview_text(overview))
    return 0


def write_text(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        Misconfigured: it cannot be written there.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be written ({error.strerror})") from error
