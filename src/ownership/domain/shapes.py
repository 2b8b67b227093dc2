"""Shapes: what a field may hold that is neither text nor time. Ids, members, numbers, yes or no, and several of those.

Each is an attrs validator, or makes one. It names the place only when it refuses, so that a good value costs next to
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any, TypeVar

from ownership.domain.texts import LINE_LIMIT, Check, path_of
from ownership.errors import InvalidInput

Member = TypeVar("Member", bound=StrEnum)


def identifier(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but an id: 1 to 200 characters that can be seen, none of them a space."""
    if not (isinstance(value, str) and 0 < len(value) <= LINE_LIMIT and value.isprintable() and " " not in value):
        raise InvalidInput.at(path_of(instance, attribute), f"is not an id: 1 to {LINE_LIMIT} visible characters")


def identifier_or_empty(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but an id, or an empty text for none."""
    if value != "":
        identifier(instance, attribute, value)


def flag(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse all but True and False."""
    if value is not True and value is not False:
        raise InvalidInput.at(path_of(instance, attribute), "is neither True nor False")


def kind_of(cls: type[Any]) -> Check:
    """Make the check that refuses all but a value of a class: a member of an enum, or one of our own values."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not isinstance(value, cls):
            raise InvalidInput.at(path_of(instance, attribute), f"is {type(value).__name__}; {cls.__name__} is needed")

    return check


def optional(some: Check) -> Check:
    """Make the check that leaves None alone, and all else to a check."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if value is not None:
            some(instance, attribute, value)

    return check


def one_of(*checks: Check) -> Check:
    """Make the check that refuses what passes none of some checks; the last of them says why."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        for each_check in checks[:-1]:
            with suppress(InvalidInput):
                each_check(instance, attribute, value)
                return
        checks[-1](instance, attribute, value)

    return check


def member_of(members: type[Member], spoken: str, path: str) -> Member:
    """Read a member of an enum as people write it.

    Raises:
        InvalidInput: it is none; the error names all there are.
    """
    try:
        return members(spoken)
    except ValueError:
        raise InvalidInput.at(path, f"is not one of {', '.join(members)}") from None


def whole(lowest: int, highest: int) -> Check:
    """Make the check that refuses all but a whole number within two bounds."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            path = path_of(instance, attribute)
            raise InvalidInput.at(path, f"is not a whole number from {lowest} to {highest}")

    return check


def number(lowest: float, highest: float) -> Check:
    """Make the check that refuses all but a number within two bounds; NaN is within none."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
            raise InvalidInput.at(path_of(instance, attribute), f"is not a number from {lowest} to {highest}")

    return check


version = whole(0, 2**63 - 1)
"""The check of a version: how often a value was written."""


def each(member: Check, of: type[Any] = tuple, *, at_most: int | None = None) -> Check:
    """Make the check that refuses all but a tuple (or another collection) whose every member passes a check.

    With ``at_most``: and all with more members than that.
    """

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not isinstance(value, of):
            raise InvalidInput.at(path_of(instance, attribute), f"is {type(value).__name__}; a {of.__name__} is needed")
        for one in value:
            member(instance, attribute, one)
        if at_most is not None and len(value) > at_most:
            raise InvalidInput.at(path_of(instance, attribute), f"has {len(value)}; at most {at_most} fit")

    return check


def by_key(key: Check, member: Check) -> Check:
    """Make the check that refuses all but a mapping whose every key and value pass theirs."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not isinstance(value, Mapping):
            raise InvalidInput.at(path_of(instance, attribute), f"is {type(value).__name__}; a mapping is needed")
        for name, one in value.items():
            key(instance, attribute, name)
            member(instance, attribute, one)

    return check
