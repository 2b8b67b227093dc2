"""The docs say what the code says: every name, move, hook, option, error and collection."""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

import ownership
from ownership import cli, domain, errors, hooks
from ownership.domain import (
    budgets,
    check_ins,
    cycles,
    delegations,
    experiments,
    feedback,
    goals,
    learning,
    needs,
    plans,
    pulse,
    reminders,
    rests,
    suggestions,
    team_moments,
)
from ownership.domain.directory import COLUMNS
from ownership.domain.explanations import FORMULAS
from ownership.domain.next_steps import RULES
from ownership.domain.people import AudienceKind
from ownership.domain.visibility import Reason
from ownership.ports.adapters import Adapter
from ownership.ports.content import Pack
from ownership.ports.storage import COLLECTIONS
from ownership.workspace.actor import Actor
from ownership.workspace.records import SHELVES

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)


def page(name: str) -> str:
    """Give the text of a page."""
    return (DOCS / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """Give what stands under one heading of a page, up to the next of the same rank."""
    _, _, after = page(name).partition(f"\n## {heading}\n")
    assert after, f"{name} has no heading {heading!r}"
    return after.partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """Give the cells of every row of the tables in a text, headings left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    tables = [line for i, line in enumerate(lines) if not set(line) <= set("|- ") and not is_heading(lines, i)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in tables]


def blocks(language: str, path: Path) -> list[str]:
    """Give the fenced blocks of one language in a page."""
    fenced = rf"^```{re.escape(language)}\n(.*?)^```"
    return re.findall(fenced, path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def is_heading(lines: list[str], i: int) -> bool:
    """Whether a line of a table is followed by the line that makes it the heading."""
    return i + 1 < len(lines) and set(lines[i + 1]) <= set("|- ")


def quoted(text: str) -> set[str]:
    """Give everything between backticks in a text."""
    return set(re.findall(r"`([^`\n]+)`", text))


def classes_of(module: ModuleType) -> dict[str, type[Any]]:
    """Give the public classes that a module defines."""
    return {
        name: cls
        for name, cls in vars(module).items()
        if inspect.isclass(cls) and cls.__module__ == module.__name__ and not name.startswith("_")
    }


def test_public_names_are_sorted_complete_and_there() -> None:
    """What can be imported from ``ownership`` is exactly its ``__all__``, in order, and every error is in it."""
    assert ownership.__all__ == sorted(ownership.__all__)
    there = {name for name in dir(ownership) if name[0] != "_" and not inspect.ismodule(getattr(ownership, name))}
    assert there - {"TYPE_CHECKING", "import_module"} == set(ownership.__all__)
    assert classes_of(errors).keys() <= there


def test_every_public_name_is_on_the_page_of_the_api() -> None:
    """Each public name has a place in the table on top of the page of the Python API."""
    top = page("reference/api.md").partition("\n## ")[0]
    names = {name for row in rows(top) for name in quoted(row[0])}
    assert names == set(ownership.__all__)


def test_every_noun_of_an_actor_is_documented() -> None:
    """Each class with use cases that an actor gives has its place on the page of the Python API."""
    nouns = [getattr(noun, "func", None) for noun in vars(Actor).values()]
    told = {inspect.get_annotations(noun)["return"] for noun in nouns if isinstance(noun, FunctionType)}
    assert len(told) == 21
    shown = {name.rpartition(".")[2] for name in re.findall(r"autoclass:: (\S+)", page("reference/api.md"))}
    assert told <= shown
    purposes = {cells[0]: cells[1] for cells in rows(section("reference/api.md", "The nouns of an actor"))}
    named = {f"`actor.{name}`" for name, noun in vars(Actor).items() if isinstance(noun, cached_property)}
    assert purposes.keys() == named
    assert all(purposes.values())


def spoken(text: str) -> set[str]:
    """Give the calls of an actor that a text names, such as ``goals.draft`` and ``overview``."""
    return {name.removeprefix("actor.") for name in quoted(text) if name.startswith("actor.")}


LEVERS = "explanation/levers-and-obstacles.md"


@pytest.mark.parametrize("call", sorted(spoken(page(LEVERS))))
def test_every_call_that_serves_a_lever_is_there(call: str) -> None:
    """What the page of levers tells people to call can be called on an actor."""
    noun, _, verb = call.partition(".")
    there = inspect.getattr_static(Actor, noun)
    if verb:
        assert callable(getattr(inspect.get_annotations(there.func, eval_str=True)["return"], verb))


def led_to() -> Iterator[tuple[str, str]]:
    """Give each call on the page of levers, and the page of the docs to which its row leads."""
    targets = dict(re.findall(r"^\[([^\]]+)\]: \.\./([^\s#]+)", page(LEVERS), re.MULTILINE))
    for row in rows(page(LEVERS)):
        for call in spoken(row[1]):
            yield call, targets[row[-1].strip("[]")]


@pytest.mark.parametrize(("call", "target"), sorted(set(led_to())))
def test_a_lever_leads_to_a_page_that_shows_the_call(call: str, target: str) -> None:
    """Who follows a row of the page of levers sees the call of that row made."""
    assert re.search(rf"\.{re.escape(call)}\b", page(target))


def test_every_noun_of_an_actor_serves_a_lever() -> None:
    """Everything that an actor has is on the page of levers, with all five levers and four obstacles."""
    assert {call.partition(".")[0] for call in spoken(page(LEVERS))} == {name for name in vars(Actor) if name[0] != "_"}
    headings = re.findall(r"^### ([LO]\d) ", page(LEVERS), re.MULTILINE)
    assert headings == ["L1", "L2", "L3", "L4", "L5", "O1", "O2", "O3", "O4"]


def test_every_module_of_the_domain_is_documented() -> None:
    """Each room of the domain has its place on the page of the domain."""
    there = {f"ownership.domain.{module.name}" for module in pkgutil.iter_modules(domain.__path__)}
    assert set(re.findall(r"automodule:: (\S+)", page("reference/domain.md"))) == there


def nouns() -> Iterator[str]:
    """Give every public class of the domain."""
    for found in pkgutil.iter_modules(domain.__path__):
        yield from classes_of(importlib.import_module(f"ownership.domain.{found.name}"))


@pytest.mark.parametrize("noun", sorted(nouns()))
def test_every_noun_is_in_the_glossary(noun: str) -> None:
    """Each public class of the domain stands in the glossary."""
    assert noun in quoted(page("glossary.md"))


@pytest.mark.parametrize(
    ("heading", "moves"),
    [
        ("Goal", goals.MOVES),
        ("Cycle", cycles.MOVES),
        ("Experiment", experiments.MOVES),
        ("Suggestion", suggestions.MOVES),
        ("Check-in", check_ins.MOVES),
        ("Agreement", check_ins.AGREEMENT_MOVES),
        ("Learning option", learning.OPTION_MOVES),
        ("Learning choice", learning.MOVES),
        ("Learning request", budgets.MOVES),
        ("Feedback request", feedback.MOVES),
        ("Need", needs.MOVES),
        ("Pulse", pulse.MOVES),
        ("Delegation", delegations.MOVES),
        ("Development plan", plans.MOVES),
        ("Team moment", team_moments.MOVES),
        ("Rest", rests.MOVES),
        ("Delivery", reminders.MOVES),
    ],
)
def test_moves_are_the_tables_of_the_code(heading: str, moves: Mapping[StrEnum, Mapping[StrEnum, StrEnum]]) -> None:
    """The page of moves has every status and move, and where it leads, as the code has it."""
    told = [
        [str(status), ", ".join(f"`{move}` → {end}" for move, end in ways.items()) or "none: this is an end"]
        for status, ways in moves.items()
    ]
    assert rows(section("reference/moves.md", heading)) == told


def test_rules_and_grounds_are_those_of_the_code() -> None:
    """The page of the domain has every rule for the next step in its order, and every ground with its formula."""
    rules = [[f"`{rule.name}`", f"`{rule.suggests}`"] for rule in RULES]
    assert [cells[:2] for cells in rows(section("reference/domain.md", "Next steps"))] == rules
    grounds = [[f"`{ground}`", f"`{formula}`"] for ground, formula in FORMULAS.items()]
    assert rows(section("reference/domain.md", "Explanations")) == grounds


def signature(hook: FunctionType) -> str:
    """Give a function's name and signature as they are written."""
    tree = ast.parse(inspect.getsource(hook)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    assert tree.returns
    return f"{tree.name}({ast.unparse(tree.args)}) -> {ast.unparse(tree.returns)}"


def test_every_hook_is_documented_with_its_signature() -> None:
    """The page of hooks has exactly the hooks that there are, each under its name and with its signature."""
    there = {name: hook for name, hook in vars(hooks).items() if isinstance(hook, FunctionType) and name[0] != "_"}
    assert set(re.findall(r"^## (ownership_\w+)$", page("reference/hooks.md"), re.MULTILINE)) == there.keys()
    for name, hook in there.items():
        text = section("reference/hooks.md", name)
        assert f"```py\n{signature(hook)}\n```" in text
        assert "When it raises" in text


def commands() -> dict[str, argparse.ArgumentParser]:
    """Give the parser of every command."""
    [subparsers] = [a for a in cli.parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(subparsers.choices)


def test_every_command_is_documented() -> None:
    """The page of the command line has exactly the commands that there are."""
    assert set(re.findall(r"^## ownership (\w+)$", page("reference/command-line.md"), re.MULTILINE)) == set(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_is_documented(name: str) -> None:
    """Each command's table has exactly its options, as ``--help`` writes them, with its summary above."""
    parser = commands()[name]
    text = section("reference/command-line.md", f"ownership {name}")
    shown = {frozenset(quoted(option)) for option, _ in rows(text)}
    there = set()
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        word = action.metavar or ("" if action.nargs == 0 else action.dest.upper())
        there.add(frozenset(f"{option} {word}".strip() for option in action.option_strings) or frozenset({str(word)}))
    assert shown == there
    assert parser.description is not None
    assert text.replace("`", "").lstrip().startswith(parser.description)


def test_errors_are_those_of_the_code() -> None:
    """The table of errors has every error, what else it is, and what it carries."""
    told = {cells[0]: cells[1:] for cells in rows(page("reference/errors.md"))}
    there = {
        f"`{name}`": cls
        for name, cls in classes_of(errors).items()
        if issubclass(cls, errors.OwnershipError) and cls is not errors.OwnershipError
    }
    assert told.keys() == there.keys()
    for name, cls in there.items():
        also, _, carries = told[name]
        assert quoted(also) == {base.__name__ for base in cls.__bases__} - {"OwnershipError"}
        carried = re.findall(r"self\.(\w+) =", inspect.getsource(cls))
        assert carries == ", ".join(f"`{fact}`" for fact in carried)


def test_every_error_has_a_status() -> None:
    """The table of statuses for a web tool has every error, and the code under it says the same."""
    text = page("how-to/embed-in-a-web-tool.md")
    table = {cells[0].strip("`"): int(cells[1]) for cells in rows(text)}
    assert table.keys() == classes_of(errors).keys() - {"OwnershipError", "Problem"}
    code = re.search(r"^STATUSES = \{.*?^\}", text, re.DOTALL | re.MULTILINE)
    assert code is not None
    told = {name: int(status) for name, status in re.findall(r"(\w+): (\d+)", code.group())}
    assert told == {name: status for name, status in table.items() if status != 500}


def test_storage_format_has_every_collection() -> None:
    """The page of the storage format has every collection, its class, letter and keys."""
    told = rows(section("reference/storage-format.md", "Records"))
    there = [
        [
            f"`{collection}`",
            f"`{cls.__name__}`",
            f"`{letter}`" if letter else "none",
            ", ".join(f"`{key}`" for key in COLLECTIONS[collection]) or "none",
        ]
        for cls, (collection, letter) in SHELVES.items()
    ]
    assert told == there


def test_adapters_are_those_that_come_with_it() -> None:
    """The table of adapters has every one of ours, with what it says of itself."""
    there: list[Adapter] = []
    announced = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    for module in sorted(set(announced["ownership"].values())):
        if register := getattr(importlib.import_module(module), "ownership_register_adapters", None):
            register(register=there.append)
    told = rows(section("reference/ports.md", "The adapters that come with it"))
    assert sorted(told) == sorted(
        [
            f"`{adapter.schemes[0]}:`",
            str(adapter.kind),
            adapter.summary,
            ", ".join(f"`{word}`" for word in sorted(adapter.capabilities)) or "none",
            ", ".join(f"`{word}`" for word in sorted(adapter.egress or ())) or "none",
        ]
        for adapter in there
    )


def test_audiences_and_reasons_are_those_of_the_code() -> None:
    """The page of visibility has every audience and every reason."""
    audiences = [cells[0] for cells in rows(section("reference/visibility.md", "Audiences"))][: len(AudienceKind)]
    assert audiences == [f"`{kind}`" for kind in AudienceKind]
    reasons = [cells[0] for cells in rows(section("reference/visibility.md", "Reasons"))]
    assert reasons == [f"`{reason}`" for reason in Reason]


def test_columns_are_those_that_are_read() -> None:
    """The table of columns names every column that a CSV file can have, and no other."""
    told = [quoted(cells[0]) for cells in rows(section("how-to/people-from-a-csv.md", "Make the file"))]
    assert set().union(*told) == set(COLUMNS)


def test_messages_are_those_that_are_sent() -> None:
    """The guide for packs names every message that a pack can change."""
    packs: list[Pack] = []
    importlib.import_module("ownership.content.starter").ownership_register_content(register=packs.append)
    assert packs[0].messages.keys() <= quoted(page("how-to/bring-your-own-prompts.md"))


def test_every_page_is_in_a_toctree() -> None:
    """Whoever begins at the index finds every page; no page is listed that is not there."""
    listed = {"index.md"}
    for path in PAGES:
        for tree in blocks("{toctree}", path):
            names = [line for line in tree.splitlines() if line and not line.startswith(":")]
            listed |= {(path.parent / f"{name}.md").relative_to(DOCS).as_posix() for name in names}
    assert {path.relative_to(DOCS).as_posix() for path in PAGES} == listed


def test_decisions_are_numbered_without_gaps() -> None:
    """Decisions count from 1 on, each with its context, what was chosen and why, on half a page."""
    pages = [path for path in PAGES if path.parent.name == "decisions" and path.stem != "index"]
    for number, path in enumerate(pages, start=1):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {number:03}: ")
        assert path.name.startswith(f"{number:03}-")
        for part in ("**Context.**", "**Decision.**", "chose against.**"):
            assert part in text
        assert len(text.splitlines()) <= 40


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_shown_code_is_code(path: Path) -> None:
    """What is shown without being run (a ``py`` block: frameworks, a package's module) can at least be compiled."""
    for block in blocks("py", path):
        if path.name != "hooks.md":  # it has signatures, which another test holds against the code
            compile(block, str(path), "exec")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_lines_fit(path: Path) -> None:
    """No line of a page is longer than 140 characters."""
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 140] == []


def test_every_call_on_the_page_of_levers_is_shown_where_it_leads() -> None:
    """A newcomer who follows a row finds its calls there as they are typed, in a guide or the tutorial."""
    text = page(LEVERS)
    places = dict(re.findall(r"^\[([^\]]+)\]: \.\./((?:how-to/|tutorial)[^\s#]*)", text, re.MULTILINE))
    calls = [(call.removeprefix("actor."), row[-1].strip("[]")) for row in rows(text) for call in quoted(row[1])]
    assert len(calls) > 80
    lost = [
        (call, link)
        for call, link in calls
        if link not in places or not re.search(rf"\.{re.escape(call)}\b", page(places[link]))
    ]
    assert lost == []


class TestExamples:
    """Adapters that are shown and are no part of the package."""

    def test_the_example_of_a_store_can_be_read_in_one_go(self) -> None:
        """The store on LMDB has fewer than 250 lines of code: those that are not empty, a comment or a docstring."""
        text = (DOCS / "examples" / "lmdb_store" / "ownership_lmdb.py").read_text(encoding="utf-8")
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        said = [
            node.body[0]
            for node in ast.walk(ast.parse(text))
            if isinstance(node, documented) and ast.get_docstring(node)
        ]
        without = set[int]().union(*(range(each.lineno, (each.end_lineno or 0) + 1) for each in said))
        lines = [line.strip() for number, line in enumerate(text.splitlines(), start=1) if number not in without]
        assert sum(bool(line) and not line.startswith("#") for line in lines) < 250

    def test_the_package_is_not_grown_by_its_examples(self) -> None:
        """An example is shown in the docs and not installed: nothing of it lies in the package."""
        assert not list(Path(ownership.__file__).parent.rglob("*lmdb*"))
