"""Nothing is ranked: no public name of the domain or the workspace speaks of setting people beside each other."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from enum import Enum
from types import FunctionType, ModuleType
from typing import Any

import pytest
from attrs import define

from ownership import domain, workspace

RANKING = {
    *("rank", "ranks", "ranked", "ranking", "rankings", "leaderboard", "percentile", "percentiles", "quartile"),
    *("score", "scores", "scored", "scoring", "rating", "ratings", "rated", "grade", "grades", "graded"),
    *("compare", "compares", "compared", "comparison", "comparisons", "better", "worse", "best", "worst"),
    *("top", "bottom", "performer", "performers", "performance"),
}
"""Words for setting people beside each other."""


def rooms() -> Iterator[ModuleType]:
    """Give every module of the domain and the workspace."""
    for package in (domain, workspace):
        for found in pkgutil.iter_modules(package.__path__):
            yield importlib.import_module(f"{package.__name__}.{found.name}")


def names_of(thing: Any) -> Iterator[str]:
    """Give every public name that a class or function makes known: its own, its members', parameters' and types'."""
    yield thing.__name__
    if isinstance(thing, FunctionType):
        for parameter in inspect.signature(thing).parameters.values():
            yield parameter.name
        yield from map(str, thing.__annotations__.values())
        return
    yield from map(str, vars(thing).get("__annotations__", {}).values())
    for name, member in vars(thing).items():
        if name.startswith("_"):
            continue
        yield name
        if isinstance(member, Enum):
            yield str(member.value)
        elif isinstance(function := function_of(member), FunctionType):
            yield from names_of(function)


def function_of(member: Any) -> Any:
    """Give the function behind a property, a cached property, a class method or a static method."""
    return next((found for name in ("fget", "func", "__func__") if (found := getattr(member, name, None))), member)


def public_things(room: ModuleType) -> Iterator[Any]:
    """Give the public classes and functions that a module defines."""
    for name, thing in vars(room).items():
        is_ours = getattr(thing, "__module__", None) == room.__name__ and not name.startswith("_")
        if is_ours and (inspect.isclass(thing) or isinstance(thing, FunctionType)):
            yield thing


def words_in(name: str) -> set[str]:
    """Take a name apart: ``TopScore`` and ``top_score`` both have "top" and "score"."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def ranking_in(thing: Any) -> set[str]:
    """Give the names of a class or function that speak of ranking."""
    return {name for name in names_of(thing) if words_in(name) & RANKING}


@pytest.mark.parametrize("room", list(rooms()), ids=lambda room: room.__name__.removeprefix("ownership."))
def test_no_public_name_speaks_of_ranking(room: ModuleType) -> None:
    """No class, field, property, method, parameter, type or member of an enum sets people beside each other."""
    assert {thing.__name__: found for thing in public_things(room) if (found := ranking_in(thing))} == {}


@define
class Field:
    """A planted field."""

    percentile: int


class Property:
    """A planted property."""

    @property
    def top_three(self) -> int:
        """Be planted."""
        return 3


class Method:
    """A planted method."""

    def compare(self) -> None:
        """Be planted."""


class Parameter:
    """A planted parameter."""

    def people(self, best_first: bool) -> None:
        """Be planted."""


class Result:
    """A planted type."""

    def standing(self) -> TeamRating:  # type: ignore[name-defined] # noqa: F821
        """Be planted."""


class Member(Enum):
    """A planted member."""

    ONE = "worst"


@pytest.mark.parametrize("planted", [Field, Property, Method, Parameter, Result, Member])
def test_a_planted_ranking_is_found(planted: type[Any]) -> None:
    """The guard itself sees a field, a property, a method, a parameter, a type and a member."""
    assert ranking_in(planted)
