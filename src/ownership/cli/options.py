"""What commands share: which workspace is meant, output for machines, and progress on long work."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from ownership.compose import open_workspace
from ownership.domain.classification import Retention, Term
from ownership.errors import Misconfigured, Problem
from ownership.workspace.workspace import Workspace

DEMO_DATABASE = Path("ownership-demo.db")
WORKSPACE_VARIABLE = "OWNERSHIP_WORKSPACE"
CHANNELS_VARIABLE = "OWNERSHIP_CHANNELS"
RETENTION_VARIABLE = "OWNERSHIP_RETENTION"


def add_workspace(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which workspace is meant, and the one for output that machines read."""
    add_place(parser)
    add_json(parser)


def add_place(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which workspace is meant."""
    parser.add_argument(
        "-w",
        "--workspace",
        metavar="URL",
        help=f"such as sqlite:///development.db (default: ${WORKSPACE_VARIABLE}, else the demo's file if it is here)",
    )
    parser.add_argument("--tenant", default="default", help="the organisation within the store (default: %(default)s)")
    parser.add_argument(
        "--retention",
        metavar="TERMS",
        help=f"days that are not the usual ones, such as messages=90,looks=730 (default: ${RETENTION_VARIABLE})",
    )


def add_channels(parser: argparse.ArgumentParser) -> None:
    """Add the option that says how messages go out."""
    parser.add_argument(
        "--channel",
        action="append",
        metavar="URL",
        help="how messages go out, such as smtp://mail.example.org?sender=hr@example.org; may be repeated,"
        f" the first that reaches a person is taken (default: ${CHANNELS_VARIABLE}, separated by spaces, else inbox:)",
    )


def channels_of(args: argparse.Namespace) -> Sequence[str]:
    """Give the channels that are meant."""
    return args.channel or os.environ.get(CHANNELS_VARIABLE, "inbox:").split()


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the option for output that machines read."""
    parser.add_argument("--json", action="store_true", help="print JSON, for machines")


def workspace_of(args: argparse.Namespace, channels: Sequence[str] = ("inbox:",)) -> Workspace:
    """Open the workspace that is meant.

    Raises:
        Misconfigured: none is named, and there is no demo here.
    """
    url = args.workspace or os.environ.get(WORKSPACE_VARIABLE)
    if url is None and DEMO_DATABASE.exists():
        url = f"sqlite:///{DEMO_DATABASE}"
    if url is None:
        raise Misconfigured(
            "--workspace",
            f"is needed, such as sqlite:///development.db; or set {WORKSPACE_VARIABLE}, or run 'ownership demo' first",
        )
    retention = retention_in(args.retention or os.environ.get(RETENTION_VARIABLE, ""))
    return open_workspace(url, tenant=args.tenant, channels=channels, retention=retention)


def retention_in(text: str) -> Retention:
    """Read terms as people write them: ``messages=90,looks=730``.

    Raises:
        Misconfigured: there is no such term, or it has no days.
        InvalidInput: the days are out of bounds.

    Examples:
        >>> retention_in("messages=90").messages
        90
    """
    days: dict[str, int] = {}
    for part in text.replace(",", " ").split():
        name, _, number = part.partition("=")
        if name not in set(Term) or not number.isdecimal():
            raise Misconfigured("--retention", f"has {part!r}; write TERM=DAYS, where a term is {', '.join(Term)}")
        days[name] = int(number)
    return Retention(**days)


def print_json(value: Any) -> None:
    """Print a value for machines."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_problems(problems: Sequence[Problem], limit: int = 20) -> None:
    """Print what was wrong, a line each, to the error stream."""
    for problem in problems[:limit]:
        print(f"  {problem}", file=sys.stderr)
    if len(problems) > limit:
        print(f"  and {len(problems) - limit} more", file=sys.stderr)


class Bar(Protocol):
    """Shows how far long work is."""

    def __call__(self, done: int, total: int) -> None:
        """Tell that so much of so much is done."""


def _no_bar(done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def progress_bar(title: str) -> Iterator[Bar]:
    """Show a bar on the error stream while work goes on, where it is a terminal and rich is installed."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
    except ImportError:
        yield _no_bar
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
