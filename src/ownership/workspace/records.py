"""Values as records: in which collection a class lies, what its ids look like, and a unit that speaks values."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from operator import attrgetter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import NOTHING, fields, fields_dict

from ownership.codec import dump, load
from ownership.domain.arrivals import Arrival
from ownership.domain.budgets import Budget, LearningRequest
from ownership.domain.check_ins import CheckIn
from ownership.domain.cycles import Cycle, Participation
from ownership.domain.delegations import Delegation
from ownership.domain.erasure import Removal
from ownership.domain.facts import Fact
from ownership.domain.feedback import Feedback, FeedbackRequest
from ownership.domain.figures import OrganisationFigures
from ownership.domain.goals import Goal
from ownership.domain.hand_over import HandOverChoice
from ownership.domain.initiative import SharedInitiative
from ownership.domain.journal import Look
from ownership.domain.learning import LearningChoice, LearningOption
from ownership.domain.ledger import Erasure
from ownership.domain.needs import Need
from ownership.domain.people import Person
from ownership.domain.plans import DevelopmentPlan
from ownership.domain.publication import ReleasePlan
from ownership.domain.pulse import Pulse, PulseAnswers, PulseResults
from ownership.domain.reflections import Reflection
from ownership.domain.reminders import Delivery
from ownership.domain.rests import Rest
from ownership.domain.self_checks import SelfCheck
from ownership.domain.suggestions import GoalSuggestion
from ownership.domain.team_moments import TeamMoment
from ownership.errors import InvalidInput, NotFound
from ownership.ports.storage import COLLECTIONS, Entry, Record, Unit, owner_of

if TYPE_CHECKING:
    from random import Random

T = TypeVar("T")

SHELVES: Mapping[type[Any], tuple[str, str]] = {
    Person: ("people", ""),
    Goal: ("goals", "g"),
    GoalSuggestion: ("goal_suggestions", "s"),
    Cycle: ("cycles", "y"),
    CheckIn: ("check_ins", "k"),
    SharedInitiative: ("shared_initiatives", "i"),
    Participation: ("participations", "j"),
    Reflection: ("reflections", "r"),
    LearningOption: ("learning_options", "o"),
    LearningChoice: ("learning_choices", "l"),
    LearningRequest: ("learning_requests", "x"),
    Budget: ("budgets", "b"),
    FeedbackRequest: ("feedback_requests", "q"),
    Feedback: ("feedback", "f"),
    Need: ("needs", "n"),
    DevelopmentPlan: ("development_plans", "p"),
    TeamMoment: ("team_moments", "m"),
    Delivery: ("deliveries", "d"),
    Look: ("looks", "v"),
    HandOverChoice: ("hand_overs", "w"),
    Delegation: ("delegations", "h"),
    SelfCheck: ("self_checks", "c"),
    Rest: ("rests", "z"),
    Erasure: ("erasures", "9"),
    ReleasePlan: ("release_plans", "t"),
    OrganisationFigures: ("organisation_figures", "2"),
    Pulse: ("pulses", "u"),
    PulseAnswers: ("pulse_answers", "a"),
    PulseResults: ("pulse_results", "e"),
    Arrival: ("arrivals", "6"),
}
"""For each stored class its collection, and the letter that the ids of its values have after their owner's."""

NOUNS: Mapping[type[Any], str] = {
    Person: "person",
    Goal: "goal",
    GoalSuggestion: "suggestion",
    Cycle: "cycle",
    CheckIn: "check-in",
    SharedInitiative: "initiative balance",
    Participation: "participation",
    Reflection: "reflection",
    LearningOption: "learning option",
    LearningChoice: "learning choice",
    LearningRequest: "learning request",
    Budget: "budget",
    FeedbackRequest: "feedback request",
    Feedback: "feedback",
    Need: "need",
    DevelopmentPlan: "development plan",
    TeamMoment: "team moment",
    Delivery: "message",
    Look: "look",
    HandOverChoice: "hand-over",
    Delegation: "delegation",
    SelfCheck: "self-check",
    Rest: "rest",
    Erasure: "erasure",
    ReleasePlan: "release plan",
    OrganisationFigures: "organisation's figures",
    Pulse: "pulse",
    PulseAnswers: "pulse answers",
    PulseResults: "pulse results",
    Arrival: "arrival",
}
"""What each stored class is called in messages."""

SHAREABLE: tuple[type[Any], ...] = tuple(cls for cls in SHELVES if hasattr(cls, "with_audience"))
"""The stored classes whose values an owner shares."""

ORGANISATION = "organisation"
"""The owner of what belongs to everyone: cycles, the organisation's catalogue, budgets of groups."""

KEYS_IN_FORCE = "keys_in_force"
"""The collection of one record, which is no value: the names of the keys with which all records were put."""

_KEYS_ID = f"{ORGANISATION}.{KEYS_IN_FORCE}"
_CLASSES: Mapping[str, type[Any]] = {collection: cls for cls, (collection, _) in SHELVES.items()}

FACTS = "fact"
DELIVERIES = "delivery"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that looks like something else
_TWO_DIGITS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)


def _in_base_32(number: int, digits: int) -> str:
    """Write a number in base 32, two digits at a time, the odd one in front."""
    odd = _ALPHABET[number >> 5 * digits - 5 & 31] if digits % 2 else ""
    return odd + "".join([_TWO_DIGITS[number >> shift & 1023] for shift in range(digits // 2 * 10 - 10, -10, -10)])


def new_id(owner_id: str, cls: type[Any], now: datetime, random: Random) -> str:
    """Make an id: its owner's, then a letter for the class, the time in milliseconds and 60 random bits.

    Ids of a later millisecond sort after earlier ones; within one millisecond their order is chance.
    """
    local = _in_base_32(int(now.timestamp() * 1000) << 60 | random.getrandbits(60), 21)
    return f"{owner_id}.{SHELVES[cls][1]}{local}"


def new_person_id(random: Random) -> str:
    """Make the id of a person: 80 random bits, nothing of the person."""
    return _in_base_32(random.getrandbits(80), 16)


def id_of(spoken: Any) -> str:
    """Give the id that is meant: the id itself, or that of a value.

    Raises:
        InvalidInput: it is neither.
    """
    id_ = spoken if isinstance(spoken, str) else getattr(spoken, "id", None)
    if not isinstance(id_, str):
        raise InvalidInput.at("id", f"is {type(spoken).__name__}; give the thing itself, or its id")
    return id_


def class_of(id_: str) -> type[Any]:
    """Tell by its id what class an item is.

    Raises:
        NotFound: no item has such an id.
    """
    letter = id_.partition(".")[2][:1]
    for cls, (_, own_letter) in SHELVES.items():
        if letter and letter == own_letter:
            return cls
    raise NotFound("item", id_)


def is_id_of(cls: type[Any], text: str) -> bool:
    """Whether a text has the form of an id of a class: the owner's id, the letter of the class, and 21 characters."""
    owner, _, local = text.partition(".")
    return (
        len(owner) == 16 and len(local) == 22 and local.startswith(SHELVES[cls][1]) and set(text) <= {*_ALPHABET, "."}
    )


def to_record(value: Any) -> Record:
    """Turn a value into the record to store.

    Its keys are its attributes of those names, and ``viewer_ids`` are the people whom its audience names.
    """
    collection, _ = SHELVES[type(value)]
    keys = tuple([(key, text) for key in COLLECTIONS[collection] for text in _key_values(_key(value, key))])
    return Record(collection, value.id, value.version, dump(value, _kept_beside(value)), keys)


def from_record(record: Record) -> Any:
    """Turn a record back into the value that was stored: what its body leaves out, the record says.

    Raises:
        InvalidInput: it cannot be read, or was written by a newer release.
    """
    cls: Any = _CLASSES[record.collection]
    beside: dict[str, object] = {"id": record.id, "version": record.version}
    if _always_has_owner(cls):
        beside["owner_id"] = record.owner_id
    return load(cls, record.body, beside)


def _kept_beside(value: Any) -> tuple[str, ...]:
    """Name the fields of a value that its record says as well."""
    cls: Any = type(value)
    if _always_has_owner(cls) and value.owner_id == owner_of(value.id):
        return ("id", "version", "owner_id")
    return ("id", "version")


@cache
def _always_has_owner(cls: Any) -> bool:
    """Whether each value of a class is told its owner. Where there may be none, that is not what the record says."""
    owner = fields_dict(cls).get("owner_id")
    return owner is not None and owner.default is NOTHING


def _key(value: Any, key: str) -> object:
    if key == "viewer_ids":
        return value.audience.person_ids
    if key == "since":  # the day from which its term counts
        begun = getattr(value, value.keeping.since)
        return begun.date() if isinstance(begun, datetime) else begun
    return getattr(value, key)


def _key_values(value: object) -> Iterable[str]:
    if value is None or value == "":
        return ()
    if isinstance(value, tuple):
        return map(str, value)
    return (spoken_key(str(value)),)


def spoken_key(text: str) -> str:
    """Give a text as it is kept as a key: whoever looks for an address need not write it as it was told."""
    return text.casefold() if "@" in text else text


def _keys_declared() -> frozenset[str]:
    return frozenset(f"{collection}.{key}" for collection, keys in COLLECTIONS.items() for key in keys)


def _has_any(record: Record, wanted: Container[tuple[str, ...]]) -> bool:
    return any((record.collection, key) in wanted for key, _ in record.keys)


def _following(value: T) -> T:
    """Give a value with the version after its own. Nothing else changes, so nothing is checked again."""
    cls: Any = type(value)
    names, all_of = _fields_of(cls)
    following: Any = object.__new__(cls)
    for name, each in zip(names, all_of(value), strict=True):
        object.__setattr__(following, name, each)
    object.__setattr__(following, "version", following.version + 1)
    return cast("T", following)


@cache
def _fields_of(cls: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Give the names of the fields of a class, and what reads all of them at once."""
    names = tuple(attribute.name for attribute in fields(cls))
    return names, attrgetter(*names)


class ValueUnit:
    """A unit of work that speaks values instead of records; it lasts as long as it is entered."""

    _unit: Unit

    def __init__(self, opening: AbstractContextManager[Unit]) -> None:
        self._opening = opening
        self._people: dict[str, Person] = {}

    def __enter__(self) -> Self:
        self._unit = self._opening.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._opening.__exit__(kind, error, trace)

    def many(self, cls: type[T], ids: Iterable[str]) -> dict[str, T]:
        """Give the values that are there, of those asked for, by id."""
        wanted = list(dict.fromkeys(ids))
        return {record.id: from_record(record) for record in self._unit.get(SHELVES[cls][0], wanted)} if wanted else {}

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Give people by id; each is read once in a unit, unless it is written in it."""
        wanted = list(ids)
        self._people |= self.many(Person, [id_ for id_ in wanted if id_ not in self._people])
        return {id_: self._people[id_] for id_ in wanted if id_ in self._people}

    def person(self, id_: str) -> Person | None:
        """Give somebody by id, read once in a unit, if she is there."""
        return self._people.get(id_) or self.people([id_]).get(id_)

    def know(self, people: Iterable[Person]) -> None:
        """Remember people who were read in this unit by another way than their ids."""
        self._people |= {person.id: person for person in people}

    def unopened(self, cls: type[Any], id_: str) -> Record:
        """Give the record of one value, for whom it matters that it is there, and seldom what it says.

        Raises:
            NotFound: it is not there.
        """
        for record in self._unit.get(SHELVES[cls][0], [id_]):
            return record
        raise NotFound(NOUNS[cls], id_)

    def known(self, cls: type[Any], ids: Iterable[str]) -> set[str]:
        """Tell which ids are taken, of those asked for, without reading what lies there."""
        wanted = list(ids)
        return {record.id for record in self._unit.get(SHELVES[cls][0], wanted)} if wanted else set()

    def one(self, cls: type[T], id_: str) -> T:
        """Give one value.

        Raises:
            NotFound: it is not there.
        """
        found = self.many(cls, [id_])
        if id_ not in found:
            raise NotFound(NOUNS[cls], id_)
        return found[id_]

    def owned(self, owner_id: str, *classes: type[Any]) -> dict[type[Any], list[Any]]:
        """Give all that a person owns of some classes, in one read."""
        by_collection = {SHELVES[cls][0]: cls for cls in classes}
        things: dict[type[Any], list[Any]] = {cls: [] for cls in classes}
        for record in self._unit.owned(owner_id, list(by_collection)):
            cls = by_collection[record.collection]
            things[cls].append(from_record(record))
        return things

    def all_of(self, owner_id: str, cls: type[T]) -> list[T]:
        """Give all that a person owns of one class."""
        return self.owned(owner_id, cls)[cls]

    def find(
        self,
        cls: type[T],
        key: str = "",
        *,
        equals: str | None = None,
        before: str | None = None,
        after_id: str = "",
        limit: int | None = None,
    ) -> Iterator[T]:
        """Stream the values of a class, all of them or those with a key of some value; see the storage port."""
        found = self._unit.find(SHELVES[cls][0], key, equals=equals, before=before, after_id=after_id, limit=limit)
        return (from_record(record) for record in found)

    def belongings(self, owner_id: str) -> list[Record]:
        """Give the records of all that a person owns, in one read; none of them is opened."""
        return list(self._unit.owned(owner_id, sorted(COLLECTIONS)))

    def naming(self, owner_id: str, id_: str) -> Iterator[Any]:
        """Give all that an owner has in which an id occurs; only that is opened."""
        found = (record for record in self.belongings(owner_id) if id_ in record.body)
        return (from_record(record) for record in found)

    def keys_lacking(self) -> frozenset[str]:
        """Give the declared keys, as ``collection.key``, that older records may have been put without."""
        for record in self._unit.get(KEYS_IN_FORCE, [_KEYS_ID]):
            return _keys_declared() - frozenset(json.loads(record.body))
        return frozenset() if self.is_new() else _keys_declared()

    def is_new(self) -> bool:
        """Whether nobody was ever stored here."""
        return not any(True for _ in self.find(Person, limit=1)) and not self._unit.get(KEYS_IN_FORCE, [_KEYS_ID])

    def remember_keys(self) -> None:
        """Remember that all records were put with the keys that are declared now."""
        stored = self._unit.get(KEYS_IN_FORCE, [_KEYS_ID])
        version = 1 + sum(record.version for record in stored)
        self._unit.put([Record(KEYS_IN_FORCE, _KEYS_ID, version, json.dumps(sorted(_keys_declared())))])

    def write_anew(self, owner_id: str, keys: Iterable[str]) -> int:
        """Write anew what an owner has that can be found by one of some keys; gives how much that is."""
        wanted = {tuple(key.split(".")) for key in keys}
        records = self._unit.owned(owner_id, sorted({collection for collection, _ in wanted}))
        values = [from_record(record) for record in records]
        anew = [record for record in map(to_record, map(_following, values)) if _has_any(record, wanted)]
        self._unit.put(anew)
        return len(anew)

    def put(self, *values: Any) -> None:
        """Write values, each over exactly the version it was read at."""
        self._unit.put([to_record(value) for value in values])
        if self._people:
            self._forget(value.id for value in values)

    def remove(self, *values: Any) -> None:
        """Remove values."""
        self.drop(Removal(SHELVES[type(value)][0], value.id) for value in values)

    def drop(self, removals: Iterable[Removal]) -> None:
        """Remove records by their names, whatever lies in them; all of a collection go in one call."""
        by_collection: dict[str, list[str]] = {}
        for removal in removals:
            by_collection.setdefault(removal.collection, []).append(removal.id)
        for collection, ids in by_collection.items():
            self._unit.remove(collection, ids)
            self._forget(ids)

    def _forget(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            self._people.pop(id_, None)

    def add(self, value: T) -> T:
        """Write a new value that was made at version 1, and give it: unlike :meth:`save` this copies nothing."""
        self.put(value)
        return value

    def save(self, value: T) -> T:
        """Write one value and give it with its new version."""
        saved = _following(value)
        self.put(saved)
        return saved

    def save_all(self, values: Iterable[T]) -> list[T]:
        """Write many values in one go, and give them with their new versions."""
        saved = [_following(value) for value in values]
        if saved:
            self.put(*saved)
        return saved

    def announce(self, facts: Sequence[Fact]) -> None:
        """Put facts into the outbox, in this unit."""
        self._unit.emit(
            [
                Entry(f"{fact.subject_id}:{fact.name}:{fact.at.isoformat()}", FACTS, fact.subject_id, fact.at)
                for fact in facts
            ]
        )

    def deliver(self, deliveries: Iterable[Delivery]) -> list[Delivery]:
        """Plan deliveries that were not planned before, and give them: store them and put them into the outbox."""
        planned = {delivery.id: delivery for delivery in deliveries}
        known = self.known(Delivery, planned)
        if new := [delivery for id_, delivery in planned.items() if id_ not in known]:
            self.save_all(new)
            self._unit.emit([Entry(delivery.id, DELIVERIES, delivery.id, delivery.due_at) for delivery in new])
        return new

    def emit(self, entries: Sequence[Entry]) -> None:
        """Put entries into the outbox, in this unit."""
        self._unit.emit(entries)
