"""What is shown is run: the README, every page of the docs, and the examples in docstrings.

Each document has an empty folder of its own to work in, and names that live from its top to its end. In Markdown

- a ``python`` block is run; one that begins with ``>>>`` is compared with the answers that it shows;
- a ``text`` block is what the ``python`` block before it printed;
- in a ``console`` block, ``$ ownership ...`` is run, and what stands under it is what the command printed.

In what is shown, ``...`` stands for anything.
"""

from __future__ import annotations

import os
import shlex
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from doctest import ELLIPSIS, OutputChecker
from importlib.metadata import entry_points
from io import StringIO
from tempfile import TemporaryDirectory
from typing import Any

from postgres import Server, why_not
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

PRINTED = "_printed"
FOLDER = "_folder"


class Printing(PythonEvaluator):
    """Runs a block, and keeps what it prints for a ``text`` block after it."""

    def __call__(self, example: Example) -> None:
        """Run the block."""
        with redirect_stdout(StringIO()) as printed:
            super().__call__(example)
        example.namespace[PRINTED] = printed.getvalue()


def as_printed(example: Example) -> str | None:
    """Compare a ``text`` block with what was printed."""
    if PRINTED not in example.namespace:
        return "no python block goes before this text block"
    return _difference(example.parsed, example.namespace[PRINTED])


def as_commanded(example: Example) -> str | None:
    """Run the commands of a ``console`` block, and compare what each prints."""
    from ownership.cli import main  # noqa: PLC0415 - coverage begins before the package is imported

    _, *steps = f"\n{example.parsed}".split("\n$ ownership ")
    for step in steps:
        command, _, shown = step.partition("\n")
        with redirect_stdout(StringIO()) as printed, redirect_stderr(printed):
            main(shlex.split(command))
        if difference := _difference(shown, printed.getvalue()):
            return f"ownership {command}\n{difference}"
    return None


def _difference(shown: str, printed: str) -> str | None:
    shown, printed = (
        "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines()) for text in (shown, printed)
    )
    if OutputChecker().check_output(shown, printed, ELLIPSIS):
        return None
    return f"shown:\n{shown}\nprinted:\n{printed}"


SERVED = ["docs/how-to/use-postgresql.md"]
"""Pages that need a PostgreSQL to run."""


def can_serve() -> bool:
    """Whether such pages are run: where all must be, in CI, they are; elsewhere if what they need is installed."""
    is_announced = bool(entry_points(group="ownership", name="storage.postgresql"))
    return bool(os.environ.get("OWNERSHIP_REQUIRE_ALL")) or (is_announced and not why_not("wheel"))


def set_out_with_a_server(namespace: dict[str, Any]) -> None:
    """Give a document a folder, and a PostgreSQL with an empty database for it."""
    set_out(namespace)
    server = namespace[FOLDER].enter_context(Server())
    server.sql("postgres", "CREATE DATABASE ownership ENCODING 'UTF8' TEMPLATE template0")
    os.environ.update(PGHOST="127.0.0.1", PGPORT=str(server.port), PGUSER="owner")


def set_out(namespace: dict[str, Any]) -> None:
    """Give a document an empty folder, and an environment that it may change."""
    folder = ExitStack()
    folder.enter_context(chdir(folder.enter_context(TemporaryDirectory())))
    folder.callback(_restore_environment, dict(os.environ))
    namespace[FOLDER] = folder


def _restore_environment(before: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(before)


def come_home(namespace: dict[str, Any]) -> None:
    """Close what a document opened, and leave its folder."""
    from ownership import Workspace  # noqa: PLC0415 - coverage begins before the package is imported

    for value in list(namespace.values()):
        if isinstance(value, Workspace):
            value.close()
    namespace.pop(FOLDER).close()


def _markdown() -> list[Any]:
    python = PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)
    python.codeblock_parser = CodeBlockParser("python", Printing())
    return [python, CodeBlockParser("text", as_printed), CodeBlockParser("console", as_commanded)]


pages = Sybil(
    _markdown(),
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    excludes=["docs/_build/**/*", *SERVED],
    setup=set_out,
    teardown=come_home,
)
docstrings = Sybil(
    [DocTestParser(optionflags=ELLIPSIS)], path="src/ownership", pattern="*.py", setup=set_out, teardown=come_home
)

served = Sybil(_markdown(), patterns=SERVED, setup=set_out_with_a_server, teardown=come_home)

pytest_collect_file = SybilCollection([pages, docstrings] + [served] * can_serve()).pytest()
