"""Every constructor of the domain refuses nonsense, and says in which field: also those of classes that come later.

A class is found by importing the domain, an example of it is made from its annotations, and then every field in turn
gets what it must not hold.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple, NewType, Union, get_args, get_origin, get_type_hints

import attrs
import pytest

import ownership.domain
from ownership.codec import dump, load
from ownership.domain import texts
from ownership.domain.budgets import Budget, BudgetStanding, LearningRequest, Means, Money
from ownership.domain.cohorts import Cohort, Group
from ownership.domain.cycles import Cadence
from ownership.domain.directory import DirectoryRow
from ownership.domain.figures import Change, Window
from ownership.domain.goals import GoalId, GoalUpdate
from ownership.domain.initiative import InitiativeBalance
from ownership.domain.people import PersonId
from ownership.domain.plans import PlanContents, PlannedGoal
from ownership.domain.publication import BandShare, Cell, Preview, RolledUp
from ownership.domain.pulse import Pulse, PulseReply
from ownership.domain.scales import Alpha, Polarity, ScaleQuestion
from ownership.domain.suggestions import GoalSuggestion
from ownership.domain.team_moments import TeamMoment
from ownership.errors import InvalidInput, Problem
from ownership.testing import HOSTILE

EXAMPLES: Mapping[type[Any], Mapping[str, Any]] = {
    BandShare: {"answered": 5},
    Alpha: {"people": 2, "questions": 2},
    Budget: {"year": 2026},
    BudgetStanding: {"year": 2026},
    Cell: {"answered": 5},
    Change: {"answered": 25},
    Cohort: {"member_ids": ("p1", "p2", "p3", "p4", "p5")},
    Cadence: {"rule": "FREQ=DAILY"},
    GoalSuggestion: {"author_id": PersonId("p2")},
    GoalUpdate: {"confidence": 7},
    TeamMoment: {"participant_ids": ("owner_id", "p2")},
    InitiativeBalance: {"sides": {}},
    Pulse: {
        "closes_at": datetime(2026, 3, 8, tzinfo=UTC),
        "questions": (ScaleQuestion("q1", "autonomy", Polarity.POSITIVE, {"en": "I choose."}),),
    },
    PulseReply: {"we_will": "word", "not_now": "word", "because": "word"},
    ScaleQuestion: {"texts": {"en": "word"}},
    Preview: {"groups": (Group(),)},
    RolledUp: {"answered": 5},
    Window: {"since_on": date(2026, 1, 1)},
    PlanContents: {"goals": (PlannedGoal(GoalId("p1.g1"), "word"),)},
    LearningRequest: {"cost": Means(Money(1, "EUR"))},
    Money: {"currency": "EUR"},
}
"""What an example needs besides its annotations."""

AS_TOLD = {DirectoryRow}
"""Classes that keep texts and days as they were told, however strange: a plan judges them and says where."""

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCALARS: Mapping[type[Any], Any] = {
    str: "word",
    int: 1,
    float: 0.5,
    bool: True,
    Decimal: Decimal(1),
    date: TODAY,
    datetime: NOW,
    Problem: Problem("people.csv:2", "is empty"),
}
FAR = [date(1, 1, 1), date(9999, 12, 31)]
NAN, INFINITY = float("nan"), float("inf")


def value_classes() -> Iterator[type[Any]]:
    """Give every attrs class of the domain."""
    for found in iter_modules(ownership.domain.__path__):
        module = import_module(f"ownership.domain.{found.name}")
        for cls in vars(module).values():
            if inspect.isclass(cls) and attrs.has(cls) and cls.__module__ == module.__name__:
                yield cls


class Place(NamedTuple):
    """A field of a class, with what its annotation says."""

    cls: type[Any]
    name: str
    hint: Any

    @property
    def path(self) -> str:
        """What an error calls it."""
        return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", self.cls.__name__).lower() + f".{self.name}"


PLACES = [
    Place(cls, field.name, get_type_hints(cls)[field.name]) for cls in value_classes() for field in attrs.fields(cls)
]


def example_of(cls: type[Any]) -> Any:
    """Make a plain value of a class: what has no default is made from its annotation. Every id is another."""
    hints = get_type_hints(cls)
    needed = {
        field.name: field.name if parts_of(hints[field.name])[0] == "id" else plain(hints[field.name])
        for field in attrs.fields(cls)
        if field.default is attrs.NOTHING
    }
    return cls(**(needed | dict(EXAMPLES.get(cls, {}))))


def plain(hint: Any) -> Any:
    """Give a plain value of a type."""
    kind, cls, *members = parts_of(hint)
    if kind == "value":
        return example_of(cls) if attrs.has(cls) else plain_scalar(cls)
    if kind == "mapping":
        return {"en": plain(*members)}
    if kind == "several":
        return () if cls is Sequence else cls()
    if kind == "either":
        return plain(cls)
    return "p1" if kind == "id" else None


def plain_scalar(cls: type[Any]) -> Any:
    """Give a plain value of a type without parts."""
    if issubclass(cls, Enum):
        return next(iter(cls))
    return SCALARS[cls]


def parts_of(hint: Any) -> tuple[Any, ...]:
    """Take an annotation apart: what it is, and of what."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        some = [argument for argument in arguments if argument is not type(None)]
        one = some[0] if len(some) == 1 else Union[tuple(some)]  # noqa: UP007 - made of a list
        return ("optional", one) if type(None) in arguments else ("either", *some)
    if origin is not None and issubclass(origin, Mapping):
        return "mapping", *arguments
    if origin is not None and issubclass(origin, Sequence | frozenset):
        return "several", origin, arguments[0]
    return ("id", hint) if isinstance(hint, NewType) else ("value", hint)


def wrong(hint: Any) -> Iterator[Any]:
    """Give what a field of a type must not hold."""
    match parts_of(hint):
        case "optional", inner:
            yield from (value for value in wrong(inner) if value is not None)
        case "several", of, member:
            yield from (None, 7, "text", {"en": 1}, *([] if of is Sequence else [[plain(member)]]))
            yield from (
                [value] if of is Sequence else of([value])
                for value in wrong(member)
                if of is not frozenset or value.__hash__
            )
        case "mapping", _, member:
            yield from (None, 7, "text", ["text"], {7: plain(member)})
            yield from ({"en": value} for value in wrong(member))
        case "either", *_:
            yield from (None, b"bytes", ["list"], object(), NAN)
        case "id", _:
            yield from (None, 7, True, b"id", ["id"], "two words", "x" * 201)
        case "value", cls:
            yield from (value for value in (None, b"bytes", ["list"], object()))
            yield from WRONG.get(cls, ("word", 7))


WRONG: Mapping[type[Any], Sequence[Any]] = {
    str: (7, 1.5, True),
    bool: (1, 0, "yes"),
    int: (True, "1", 1.5, NAN, INFINITY, -(10**30), 10**30),
    float: (True, "1", NAN, INFINITY, -INFINITY, 1j),
    Decimal: (True, 1j, 10**30, NAN, INFINITY, Decimal("NaN"), Decimal("1E+2"), Decimal("1E-7"), "1e2", "1 "),
    date: ("2026-03-01", 20260301, True, NOW, *FAR),
    datetime: (
        "2026-03-01T12:00Z",
        1_700_000_000,
        TODAY,
        NOW.replace(tzinfo=None),
        *(datetime.combine(day, NOW.timetz()) for day in FAR),
    ),
}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path)
def test_nonsense_is_refused_under_the_name_of_its_field(place: Place) -> None:
    """A value of another type, NaN, a naive or far moment, or None where it is needed gives the path of the field."""
    example = example_of(place.cls)
    for value in wrong(place.hint):
        if place.cls in AS_TOLD and value in FAR:
            continue
        with pytest.raises(InvalidInput) as refused:
            attrs.evolve(example, **{place.name: value})
        assert refused.value.problems[0].path == place.path, value


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path)
def test_a_member_of_an_enum_is_not_its_text(place: Place) -> None:
    """The text of a member is refused: words become members at the surface, and nowhere else."""
    match parts_of(place.hint):
        case (("value" | "optional"), cls) if inspect.isclass(cls) and issubclass(cls, Enum):
            with pytest.raises(InvalidInput) as refused:
                attrs.evolve(example_of(place.cls), **{place.name: next(iter(cls)).value})
            assert refused.value.problems[0].path == place.path


def with_text(hint: Any, text: str) -> Any:
    """Give a value of a type with a text in it, or None when there is no place for one."""
    match parts_of(hint):
        case "optional", inner:
            return with_text(inner, text)
        case "several", of, member:
            inside = with_text(member, text)
            return None if inside is None else of([inside])
        case "mapping", _, member:
            inside = with_text(member, text)
            return None if inside is None else {"en": inside}
        case "either", *members:
            return text if str in members else None
        case kind, cls:
            return text if kind == "id" or cls is str else None
        case _:
            raise AssertionError(hint)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path)
def test_hostile_text_is_refused_or_stored_as_it_is(place: Place) -> None:
    """NUL, surrogates, bidi overrides and what is too long are refused under the field's name; all else is kept."""
    example = example_of(place.cls)
    for text in HOSTILE:
        value = with_text(place.hint, text)
        kept, refusal = (example, None) if value is None else tried(example, place.name, value)
        if refusal is not None:
            assert {problem.path for problem in refusal.problems} == {place.path}
            assert len(text) < 4 or text not in str(refusal)
        elif value is not None:
            assert getattr(kept, place.name) == value
            assert place.cls in AS_TOLD or texts.problem_with(text, limit=texts.TEXT_LIMIT) is None
            assert not hasattr(kept, "version") or load(place.cls, dump(kept)) == kept


def tried(example: Any, name: str, value: Any) -> tuple[Any, InvalidInput | None]:
    """Put a value into a field, and give what came of it or how it was refused."""
    try:
        return attrs.evolve(example, **{name: value}), None
    except InvalidInput as refusal:
        return example, refusal


def test_a_field_without_its_check_is_seen() -> None:
    """A class that takes anything keeps what it must not hold, so that the tests above have teeth."""

    @attrs.frozen
    class Careless:
        at: datetime

    careless = Careless(NOW)
    assert [tried(careless, "at", value)[1] for value in wrong(datetime)] == [None] * len(list(wrong(datetime)))
