"""Write all that is one person's to files that she takes along: JSON, and Markdown to read."""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from ownership.cli.options import add_place, workspace_of
from ownership.domain.bundle import Bundle
from ownership.errors import Misconfigured, NotAllowed
from ownership.portable import bundle_text
from ownership.render.bundle import bundle_markdown
from ownership.workspace.data import Takeaway
from ownership.workspace.workspace import Workspace


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("person", metavar="PERSON", help="an id, external id or e-mail address; also of who left")
    parser.add_argument("--to", type=Path, metavar="FOLDER", default=Path(), help="where to write (default: here)")
    parser.add_argument("--dry-run", action="store_true", help="tell what would be written, and write nothing")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--json", action="store_true", help="only the JSON, for machines")
    kinds.add_argument("--markdown", action="store_true", help="only the Markdown, to read")
    add_place(parser)


def run(args: argparse.Namespace) -> int:
    """Write the files. Whoever runs this is not the person herself, so it is in her journal; no text is shown."""
    kinds = [ending for ending, is_left_out in ((".json", args.markdown), (".md", args.json)) if not is_left_out]
    with workspace_of(args) as workspace:
        person = workspace.people.find(args.person)
        paths = {ending: args.to / f"bundle-{person.id}{ending}" for ending in kinds}
        if not args.to.is_dir():
            raise Misconfigured("--to", f"{args.to} is no folder here; make it first, or write to another one")
        if there := [path for path in paths.values() if path.exists()]:
            raise Misconfigured(str(there[0]), "is there already; move it, or write to another folder with --to")
        takeaway = _takeaway_of(workspace, person.id)
        if args.dry_run:
            print(*(f"would write {path}" for path in paths.values()), sep="\n")
            return 0
        bundle = takeaway.export()
    for ending, path in paths.items():
        write_privately(path, _WRITERS[ending](bundle))
        print(f"wrote {path}")
    return 0


_WRITERS: Mapping[str, Callable[[Bundle], str]] = {".json": bundle_text, ".md": bundle_markdown}


def _takeaway_of(workspace: Workspace, person_id: str) -> Takeaway:
    """Act as somebody who works here or who left, to hand out what is hers."""
    real_user = f"command line: {getpass.getuser()}"
    try:
        return workspace.acting_as(person_id, on_behalf_of=real_user).data
    except NotAllowed:
        return workspace.acting_as_leaver(person_id, on_behalf_of=real_user).data


def write_privately(path: Path, text: str) -> None:
    """Write a new file that only who runs this can read.

    Raises:
        Misconfigured: it is there already, or cannot be written there.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be written ({error.strerror})") from error
