"""Ids, members, numbers, yes or no, and several of those: as they are, or refused with the name of the field."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest
from attrs import field, frozen

from ownership.domain import shapes, texts
from ownership.errors import InvalidInput


class Colour(StrEnum):
    """Two members."""

    RED = "red"
    BLUE = "blue"


@frozen
class PaintPot:
    """One field for each shape."""

    id: str = field(default="p1.x1", validator=shapes.identifier)
    for_id: str = field(default="", validator=shapes.identifier_or_empty)
    mixed_by_id: str | None = field(default=None, validator=shapes.optional(shapes.identifier))
    is_open: bool = field(default=True, validator=shapes.flag)
    colour: Colour = field(default=Colour.RED, validator=shapes.kind_of(Colour))
    layers: int = field(default=1, validator=shapes.whole(1, 3))
    litres: float = field(default=0.5, validator=shapes.number(0, 1))
    tags: tuple[str, ...] = field(default=(), validator=shapes.each(shapes.identifier))
    shades: frozenset[Colour] = field(default=frozenset(), validator=shapes.each(shapes.kind_of(Colour), frozenset))
    prices: Mapping[str, int] = field(factory=dict, validator=shapes.by_key(shapes.identifier, shapes.whole(0, 9)))


GOOD: Mapping[str, list[Any]] = {
    "id": ["a", "p1.g0", "x" * 200, "é", "<b>"],
    "for_id": ["", "p1"],
    "mixed_by_id": [None, "p1"],
    "is_open": [True, False],
    "colour": [*Colour],
    "layers": [1, 2, 3],
    "litres": [0, 0.0, 1, 0.25],
    "tags": [(), ("a", "b")],
    "shades": [frozenset(), frozenset(Colour)],
    "prices": [{}, {"a": 0, "b": 9}],
}
BAD: Mapping[str, list[Any]] = {
    "id": [None, "", " ", "a b", "a\tb", "a\x00", "\ud800", "a\u202eb", "\u200b", "\xa0", "x" * 201, 7, b"a", True],
    "for_id": [None, " ", "a b", 0, False],
    "mixed_by_id": ["", "a b", 0, False],
    "is_open": [None, 0, 1, "yes"],
    "colour": [None, "red", "green", 1],
    "layers": [None, 0, 4, 1.0, "1", True, float("nan"), 10**30],
    "litres": [None, -0.1, 1.1, "1", True, float("nan"), float("inf"), 1j],
    "tags": [None, "a", ["a"], ("a", ""), ("a", 7)],
    "shades": [None, (), {Colour.RED}, frozenset({"red"})],
    "prices": [None, (), [("a", 1)], {"": 1}, {7: 1}, {"a": 10}, {"a": "1"}],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_a_value_of_the_shape_is_kept_as_it_is(name: str, value: Any) -> None:
    """What fits is stored as it was given."""
    assert getattr(PaintPot(**{name: value}), name) is value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_any_other_value_is_refused_under_the_name_of_its_field(name: str, value: Any) -> None:
    """What does not fit is refused, with class and field as the path and nothing of the value in the message."""
    with pytest.raises(InvalidInput) as refused:
        PaintPot(**{name: value})
    (problem,) = refused.value.problems
    assert problem.path == f"paint_pot.{name}"
    assert not isinstance(value, str) or len(value) < 4 or value not in problem.message


@pytest.mark.parametrize(
    ("name", "path"), [("Goal", "goal"), ("CheckIn", "check_in"), ("GoalUpdate", "goal_update"), ("ABTest", "a_b_test")]
)
def test_a_path_is_spelt_as_the_words_of_the_class(name: str, path: str) -> None:
    """A path has the class in small letters and underscores, then the field."""
    cls = type(name, (), {})
    with pytest.raises(InvalidInput) as refused:
        texts.line(cls(), type("Field", (), {"name": "title"}), "")
    assert refused.value.problems[0].path == f"{path}.title"
