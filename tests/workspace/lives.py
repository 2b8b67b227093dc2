"""Lives that use every collection, by the types: a canary in every text of one person, her id in things of others.

Nothing here is told which fields there are: a new class, a new text or a new id is in these lives without a word.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from random import Random
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import evolve, frozen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ownership import testing
from ownership.codec import dump, load
from ownership.domain.arrivals import Arrival
from ownership.domain.classification import FieldClass, Holder, class_of_field
from ownership.domain.people import Person, PersonId
from ownership.domain.team_moments import TeamMoment
from ownership.errors import InvalidInput
from ownership.ports.storage import owner_of
from ownership.testing import strategies
from ownership.workspace.records import SHELVES

HER = PersonId("canarypersonid00")
"""Her id; no text and no other id holds it."""

CANARY = "Zq7canary"

POOL = 40 if settings.default and settings.default.max_examples >= 2000 else 12
"""Things that are drawn of each class, to put lives together of."""

IDS = frozenset(
    {
        *(FieldClass.OWNER_ID, FieldClass.OTHER_PERSON, FieldClass.OTHER_PEOPLE, FieldClass.ROSTER),
        *(FieldClass.RECORD_ID, FieldClass.LINK),
    }
)
"""The classes of fields that hold ids and no text."""

PEOPLE_NAMED = frozenset({FieldClass.OTHER_PERSON, FieldClass.OTHER_PEOPLE, FieldClass.ROSTER, FieldClass.LINK})
"""The classes of fields in which a record can name somebody else."""


def strategy_of(cls: type[Any]) -> Any:
    """Give the public strategy that draws a stored class, whoever owns it."""
    return _STRATEGIES[cls]


def strategies_named() -> Iterator[str]:
    """Give the names of the public strategies."""
    return (name for name in testing.__all__ if inspect.isfunction(getattr(strategies, name, None)))


def _drawn_by() -> dict[type[Any], Any]:
    by_class: dict[Any, Any] = {}
    known = vars(strategies) | {"SearchStrategy": SearchStrategy}
    for name in strategies_named():
        made = getattr(strategies, name)
        hint = get_type_hints(made, known).get("return")
        cls = get_args(hint)[0] if get_args(hint) else None
        if cls in SHELVES:
            by_class[cls] = made
    return by_class


_STRATEGIES = _drawn_by()


def ids_in(value: Any, within: str = "") -> Iterator[tuple[str, str]]:
    """Give every id of a field that can name somebody else, with the path of the field."""
    for attribute in attrs.fields(type(value)):
        path, said, held = f"{within}{attribute.name}", class_of_field(attribute), getattr(value, attribute.name)
        if said in PEOPLE_NAMED:
            yield from ((path, id_) for id_ in (held if isinstance(held, tuple) else (held,)) if id_)
        elif said is None:
            for part in held if isinstance(held, tuple) else (held,):
                if attrs.has(type(part)):
                    yield from ids_in(part, f"{path}.")


def mentioning(value: Any, somebody: str) -> Any:
    """Give a value in which she stands in the place of somebody, wherever an id is his or begins with his."""
    body = re.sub(rf'"{re.escape(somebody)}(?=["./#])', f'"{HER}', dump(value))
    return load(type(value), body)


def texts_of(cls: type[Any], within: str = "") -> Iterator[str]:
    """Give the path of every field of a class that can hold a text, those of the values inside it included."""
    hints = get_type_hints(cls)
    for attribute in attrs.fields(cls):
        path, said = f"{within}{attribute.name}", class_of_field(attribute)
        if said is None:
            for part in _classes_in(hints[attribute.name]):
                yield from texts_of(part, f"{path}.")
        elif said not in IDS and str in _plain_types(hints[attribute.name]):
            yield path


def parts_prepared(cls: type[Any]) -> Iterator[type[Any]]:
    """Give the classes inside a class that hold words which nobody else reads before they are shown."""
    hints = get_type_hints(cls)
    said = {attribute.name: class_of_field(attribute) for attribute in attrs.fields(cls)}
    if FieldClass.PREPARED_WORDS in said.values():
        yield cls
    for name in (name for name, field_class in said.items() if field_class is None):
        for part in _classes_in(hints[name]):
            yield from parts_prepared(part)


def _classes_in(hint: Any) -> Iterator[type[Any]]:
    if isinstance(hint, type) and attrs.has(hint):
        yield hint
    for inner in get_args(hint):
        yield from _classes_in(inner)


def _plain_types(hint: Any) -> set[Any]:
    if get_origin(hint) in {Union, UnionType, tuple}:
        return {plain for inner in get_args(hint) for plain in _plain_types(inner)}
    if isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        return _plain_types(get_args(hint)[1])
    return {hint}


class Canaries:
    """Puts canaries, each another one, into every text of values, and remembers where."""

    def __init__(self) -> None:
        self._number = count(1000)
        self.put_into: set[str] = set()

    def into(self, value: Any, within: str = "") -> Any:
        """Give a value with a canary in every text that may hold one, inside it too."""
        for attribute in attrs.fields(type(value)):
            said, held = class_of_field(attribute), getattr(value, attribute.name)
            path = f"{within or type(value).__name__}.{attribute.name}"
            if said is None:
                value = evolve(value, **{attribute.name: self._inside(held, path)})
            elif said not in IDS and str in _plain_types(get_type_hints(type(value))[attribute.name]):
                value = self._marked(value, attribute.name, held, path)
        return value

    def _inside(self, held: Any, path: str) -> Any:
        if isinstance(held, tuple):
            return tuple(self._inside(part, path) for part in held)
        return self.into(held, path) if attrs.has(type(held)) else held

    def _marked(self, value: Any, name: str, held: Any, path: str) -> Any:
        word = f"{CANARY}{next(self._number)}"
        for text in (word, f"{word}@example.org", f"https://example.org/{word}"):
            marked: Any = text
            if isinstance(held, tuple):
                marked = (text,)
            if isinstance(held, Mapping):
                marked = {"en": text}
            try:
                changed = evolve(value, **{name: marked})
            except (InvalidInput, TypeError):
                continue
            self.put_into.add(path)
            return changed
        return value


@frozen(repr=False)  # it is very long
class Life:
    """What is stored of a person and of others: her things full of canaries, and others' that name her or do not."""

    person: Person
    hers: tuple[Any, ...]
    others: tuple[Any, ...]
    canaries: Canaries


@cache
def _pool(cls: Any, *, is_hers: bool) -> tuple[Any, ...]:
    """Draw things of a class, hers or anyone's: lives are put together of these, which is a hundred times as fast."""
    if is_hers and cls.keeping.holder is Holder.ORGANISATION:
        return ()
    strategy, drawn = _STRATEGIES[cls], []
    of_her = is_hers and "of" in inspect.signature(strategy).parameters

    @settings(max_examples=POOL, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    @given(strategy(st.just(HER)) if of_her else strategy())
    def draw(value: Any) -> None:
        if (owner_of(value.id) == HER) is is_hers:
            drawn.append(evolve(value, version=1))

    draw()
    return tuple(drawn)


def a_life(random: Random) -> Life:
    """Put together a life with things of every class, as far as each can be hers or can name her."""
    canaries = Canaries()
    hers = [_marked(value, canaries) for cls in _STRATEGIES if cls is not Person for value in _some(random, cls, True)]
    ends = {value.id.partition(".")[2] for value in hers}  # outside of tests no two are the same
    others: list[Any] = []
    for drawn in (value for cls in _STRATEGIES for value in _some(random, cls, False)):
        value = drawn
        if value.id.partition(".")[2] in ends - {""}:
            continue
        people = {owner_of(id_) for _, id_ in ids_in(value)} - {owner_of(value.id)}
        people = {id_ for id_ in people if re.fullmatch("p[0-9]+", id_)}
        if people and random.random() < 0.8 and not isinstance(value, Arrival):  # those are people of another place
            value = mentioning(value, random.choice(sorted(people)))
        others.append(_unshown_marked(value, canaries))
    person = canaries.into(evolve(random.choice(_pool(Person, is_hers=True)), active=False))
    real_user = random.choice([person.display_name, person.email or HER, person.external_id or HER])
    others = [_acted_for(value, real_user) if random.random() < 0.5 else value for value in others]
    return Life(person, _once(hers), _once(others), canaries)


def _some(random: Random, cls: Any, is_hers: bool) -> list[Any]:
    pool = _pool(cls, is_hers=is_hers)
    return random.sample(pool, min(len(pool), random.randint(1, 3)))


def _once(values: list[Any]) -> tuple[Any, ...]:
    return tuple({(type(value), value.id): value for value in values}.values())


def _marked(value: Any, canaries: Canaries) -> Any:
    """Put canaries into what is hers alone: of a team moment, which passes on, into what she never showed."""
    return _unshown_marked(value, canaries) if isinstance(value, TeamMoment) else canaries.into(value)


def _unshown_marked(value: Any, canaries: Canaries) -> Any:
    """Put canaries into what she prepared in a record of another and nobody has read."""
    for name in ("preparations", "contributions"):
        if parts := getattr(value, name, ()):
            marked = (
                canaries.into(p, f"{type(value).__name__}.{name}") if p.by_id == HER and not p.is_shown else p
                for p in parts
            )
            value = evolve(value, **{name: tuple(marked)})
    return value


def _acted_for(value: Any, real_user: str) -> Any:
    return evolve(value, on_behalf_of=real_user) if hasattr(value, "on_behalf_of") else value


def told_apart(before: str, after: str) -> list[str]:
    """Give what differs in a record of somebody else that it should not: all but that she is not in it any more.

    Written from the promise alone: it knows nothing of how an erasure does it.
    """
    old, new = json.loads(before), json.loads(after)
    old["version"] = new["version"] = 0
    return list(_differences(old, new, ""))


def _differences(old: Any, new: Any, path: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old.keys() | new.keys():
            yield from _differences(old.get(name, []), new.get(name, []), f"{path}.{name}")
    elif isinstance(old, list) and isinstance(new, list):
        yield from _differences_of_lists([part for part in old if not _goes(part, path)], new, path)
    elif not _is_the_same(old, new, path):
        yield path


def _differences_of_lists(left: list[Any], new: list[Any], path: str) -> Iterator[str]:
    names_nobody_else = not left and path.endswith("person_ids") and len(new) == 1 and new[0].startswith("left")
    if len(left) != len(new) and not names_nobody_else:
        yield path
    for one, other in zip(left, new, strict=False):
        yield from _differences(one, other, f"{path}[]")


def _is_the_same(old: Any, new: Any, path: str) -> bool:
    if isinstance(old, str) and owner_of(old) == HER and isinstance(new, str):
        return new.startswith("left") and new[16:] == old[len(HER) :]
    if path.endswith("on_behalf_of") and CANARY in old:
        return str(new).startswith("left")
    return bool(old == new)


def _goes(part: Any, path: str) -> bool:
    if part == HER and path.endswith(("person_ids", "supporter_ids")):
        return True
    is_hers = isinstance(part, dict) and part.get("by_id") == HER
    return is_hers and path.endswith(("preparations", "contributions")) and not {"ready_at", "shown_at"} & part.keys()
