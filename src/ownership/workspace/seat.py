"""A seat: who acts, in which roles and for whom, and the ways to open a unit of work from there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from types import TracebackType
from typing import Any, TypeVar

from ownership.domain.facts import Fact
from ownership.domain.people import Audience, Person, PersonId
from ownership.domain.reminders import ReminderKind, delivery_to
from ownership.errors import Conflict, InvalidInput, NotAllowed
from ownership.workspace.desk import Desk, find_person
from ownership.workspace.records import NOUNS, ValueUnit
from ownership.workspace.sight import Sight

T = TypeVar("T")

ORGANISER = "organiser"
"""The role that runs the programme: cycles and catalogue. It opens no personal text."""


class Seat:
    """What the use cases of one actor share: who acts, in which roles, for whom, and ways to open a unit of work."""

    def __init__(self, desk: Desk, person_id: PersonId, roles: frozenset[str], on_behalf_of: str) -> None:
        self.desk = desk
        self.person_id = person_id
        self.roles = roles
        self.on_behalf_of = on_behalf_of

    @contextmanager
    def reading(self) -> Iterator[Sight]:
        """Open a unit to read one's own things.

        Someone else acting as this person is journalled, so that unit writes.
        """
        if self.on_behalf_of:
            with self.writing() as sight:
                yield sight
            return
        with self.desk.reading() as unit:
            yield Sight(self.desk, unit, self.person_id)

    def writing(self) -> AbstractContextManager[Sight]:
        """Open a unit to change things, or to look at others' things: what is looked at is journalled in it.

        Raises:
            NotFound: the actor was erased since she began; nothing of hers is written any more.
        """
        return _Writing(self)

    def require(self, role: str) -> None:
        """Refuse an actor without a role.

        Raises:
            NotAllowed: the actor does not act in that role.
        """
        if role not in self.roles:
            raise NotAllowed(f"this takes the role {role!r}; act with roles={{{role!r}}}")

    def today(self, sight: Sight) -> date:
        """Give the day it is where the actor is."""
        return sight.viewer.day_of(sight.now)

    def own(self, sight: Sight, cls: type[T], spoken: T | str) -> T:
        """Give the actor's own item that a value or an id means. Given a value, its version must still be the latest.

        Raises:
            NotFound: it is not there, or not the actor's to see.
            NotAllowed: another owns it.
            Conflict: the value was changed in the meantime.
        """
        return _of_this_version(spoken, sight.own(cls, spoken), NOUNS[cls])

    def own_each(self, sight: Sight, cls: type[T], spoken: Sequence[T | str]) -> list[T]:
        """Give each of some of the actor's own items in their order, as :meth:`own` gives one, in one read.

        Raises:
            NotFound: one is not there, or not the actor's to see.
            NotAllowed: another owns one.
            Conflict: a value was changed in the meantime.
        """
        latest = sight.own_each(cls, spoken)
        return [_of_this_version(each, found, NOUNS[cls]) for each, found in zip(spoken, latest, strict=True)]

    def latest(self, sight: Sight, cls: type[T], spoken: T | str) -> T:
        """Give an item that the actor may see, own or another's; a value must still be the latest version.

        Raises:
            NotFound: it is not there, or not the actor's to see.
            Conflict: the value was changed in the meantime.
        """
        return _of_this_version(spoken, sight.see(cls, spoken), NOUNS[cls])

    def tell(self, sight: Sight, kind: ReminderKind, about_id: str, *people: Person, until: date | None = None) -> None:
        """Let people hear, once, of something that the actor did."""
        me = self.person_id
        sight.unit.deliver(delivery_to(p, kind, about_id, now=sight.now, other_id=me, until=until) for p in people)

    def colleague(self, sight: Sight, who: str, path: str) -> Person:
        """Find the colleague whom someone means: somebody else, who works here today.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: it is oneself, or somebody who does not work here now.
        """
        person = find_person(sight.unit, who)
        if person.id == self.person_id:
            raise InvalidInput.at(path, "is yourself; choose somebody else")
        if not person.works_on(self.today(sight)):
            raise InvalidInput.at(path, f"{person.id!r} does not work here now; choose somebody else")
        return person

    def audience(self, unit: ValueUnit, spoken: Any) -> Audience:
        """Read an audience as people write it; people can be named by id, external id or e-mail."""
        if isinstance(spoken, Audience | str):
            return Audience.of(spoken)
        return Audience.of([find_person(unit, who).id for who in spoken])

    def share(self, sight: Sight, item: Any, spoken: Any, fact: str = "") -> Any:
        """Share an item of the actor with an audience from today on, or take it back."""
        shared = sight.save(item.with_audience(self.audience(sight.unit, spoken), self.today(sight)))
        if fact:
            announce(sight, shared, fact)
        return shared


def several(spoken: Iterable[T], path: str) -> Iterable[T]:
    """Refuse what is no list where several are meant, one text above all: its letters would be taken one by one.

    Raises:
        InvalidInput: it is one text, or nothing that has several.
    """
    if isinstance(spoken, str | bytes):
        raise InvalidInput.at(path, "is one text; give a list, also for one")
    if not hasattr(spoken, "__iter__"):
        raise InvalidInput.at(path, f"is {type(spoken).__name__}; give a list, an empty one for none")
    return spoken


def _of_this_version(spoken: T | str, latest: T, noun: str) -> T:
    """Give the latest, unless a value was spoken of that was changed in the meantime."""
    found: Any = latest
    if not isinstance(spoken, str) and spoken.version != found.version:  # type: ignore[attr-defined]  # stored values have one
        raise Conflict(noun, found.id)
    return latest


class _Writing:
    """A unit that begins when its actor was found in it, and ends with what was looked at in the journal.

    Every verb of every actor opens one, so it is no generator, which takes longer to begin and to end.
    """

    __slots__ = ("_opening", "_seat", "_sight")

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._opening = seat.desk.writing()

    def __enter__(self) -> Sight:
        unit = self._opening.__enter__()
        try:
            self._sight = Sight(self._seat.desk, unit, self._seat.person_id, self._seat.on_behalf_of)
            self._sight.require_viewer()
            self._sight.note_own()
        except BaseException:
            self._opening.__exit__(*sys.exc_info())
            raise
        return self._sight

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        if error is None:
            try:
                self._sight.journal()
            except BaseException:
                self._opening.__exit__(*sys.exc_info())
                raise
        return self._opening.__exit__(kind, error, trace)


def announce(sight: Sight, item: Any, name: str) -> None:
    """Let plugins hear of something that others may see; of what is private they hear nothing."""
    if not item.audience.is_private:
        sight.unit.announce([Fact(name, item.owner_id, item.id, sight.now)])
