"""Sight: the one place where someone looks at items.

Each is decided upon, and a look at another's is journalled in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from ownership.domain.arrivals import Arrival, names_told
from ownership.domain.check_ins import CheckIn
from ownership.domain.cycles import Participation
from ownership.domain.journal import Look, LookId
from ownership.domain.people import Person, PersonId
from ownership.domain.visibility import Decision, Denied, Reason, Relations, decide
from ownership.errors import NotAllowed, NotFound, Unavailable
from ownership.ports.storage import Record, owner_of
from ownership.workspace.calendar import Calendar, in_order
from ownership.workspace.desk import Desk
from ownership.workspace.records import NOUNS, ValueUnit, from_record, id_of

T = TypeVar("T")


class Sight:
    """What one viewer sees in one unit of work.

    ``on_behalf_of`` is the real user when someone acts as the viewer; then the viewer's own items are journalled too.
    """

    def __init__(self, desk: Desk, unit: ValueUnit, viewer_id: PersonId, on_behalf_of: str = "") -> None:
        self.unit = unit
        self.now: datetime = desk.now()
        self._desk = desk
        self._viewer_id = viewer_id
        self._on_behalf_of = on_behalf_of
        self._unopened_viewer: Record | None = None
        self._teams: dict[str, list[Person]] = {}
        self._looks: dict[PersonId, list[str]] = {}

    @property
    def viewer(self) -> Person:
        """The person who looks.

        Raises:
            NotFound: she was erased since she began.
        """
        return self._person(self._viewer_id)

    def require_viewer(self) -> None:
        """Make sure that the viewer is still there; who she is, is only looked up when it matters.

        Raises:
            NotFound: she was erased since she began.
        """
        self._unopened_viewer = self.unit.unopened(Person, self._viewer_id)

    def _person(self, id_: str) -> Person:
        self._open_viewer([id_])
        person = self.unit.person(id_)
        if person is None:
            raise NotFound(NOUNS[Person], id_)
        return person

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Give people by id, each read once."""
        wanted = list(ids)
        self._open_viewer(wanted)
        return self.unit.people(wanted)

    def _open_viewer(self, wanted: Container[str]) -> None:
        if self._unopened_viewer and self._viewer_id in wanted:
            self.unit.know([from_record(self._unopened_viewer)])
            self._unopened_viewer = None

    def team(self, name: str) -> list[Person]:
        """Give everyone who is, was or will be in a team of this name, read once."""
        if name not in self._teams:
            self._teams[name] = list(self.unit.find(Person, "team", equals=name))
            self.unit.know(self._teams[name])
        return self._teams[name]

    def own_things(self, *classes: type[Any]) -> dict[type[Any], list[Any]]:
        """Give all that the viewer owns of some classes, in one read, by which the viewer is known as well."""
        owned = self.unit.owned(self._viewer_id, Person, *classes)
        self.unit.know(owned[Person])
        return owned

    @cached_property
    def calendar(self) -> Calendar:
        """The check-ins that are open now."""
        return Calendar(self.unit, self.now)

    def own_check_ins(self) -> list[CheckIn]:
        """Give all check-ins of the viewer, the oldest of each cycle first: what is written down, and what is open."""
        owned = self.own_things(CheckIn, Participation)
        openings = self.calendar.openings_of(self.viewer, owned[Participation])
        untouched = self.calendar.untouched(openings, {check_in.id for check_in in owned[CheckIn]})
        return in_order([*owned[CheckIn], *untouched])

    def own_open_check_ins(self) -> list[CheckIn]:
        """Give the viewer's check-ins that are open, the oldest of each cycle first."""
        return self.calendar.open_of(self.viewer, self.own_things(Participation)[Participation])

    def open_ones(self, check_ins: Iterable[CheckIn]) -> list[CheckIn]:
        """Give those of some check-ins that are open, where their owners are."""
        not_ended = [check_in for check_in in check_ins if check_in.open_until]
        owners = self.people({check_in.owner_id for check_in in not_ended})
        return [it for it in not_ended if it.is_open_on(owners[it.owner_id].day_of(self.now))]

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Give the names of people by id: as they are now, or as told then for those of an earlier workplace."""
        wanted = set(ids)
        named = {id_: person.display_name for id_, person in self.people(wanted).items()}
        if wanted - named.keys():
            told = names_told(self.unit.all_of(self._viewer_id, Arrival))
            named |= {id_: name for id_, name in told.items() if id_ in wanted}
        return named

    def decide(self, item: Any) -> Decision:
        """Decide whether the viewer may see an item; whatever goes wrong on the way is a denial.

        Only that the store does not answer, or that who looks cannot be read, is said as such: "not there" would be
        untrue, and a list would be short in silence.
        """
        viewer = self.viewer
        try:
            owner = self._person(item.owner_id)
            return decide(viewer, item, Relations(owner, owner.day_of(self.now)))
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - deny by default: a fault in a decision opens nothing
            return Denied(Reason.NOT_IN_AUDIENCE)

    def see(self, cls: type[T], spoken: T | str) -> T:
        """Give one item, by a value of it or its id, if the viewer may see it; it is the latest that is given.

        Raises:
            NotFound: it is not there, or not the viewer's to see.
        """
        (seen,) = self.see_each(cls, [spoken])
        return seen

    def see_each(self, cls: type[T], spoken: Iterable[T | str]) -> list[T]:
        """Give each of some items in their order, as :meth:`see` gives one, in one read.

        Raises:
            NotFound: one is not there, or not the viewer's to see.
        """
        ids = [id_of(each) for each in spoken]
        found: dict[str, Any] = {**self.unit.many(cls, ids)}
        if cls is CheckIn:
            found |= self._untouched(set(ids) - found.keys())
        for id_ in ids:
            if id_ not in found or not self.decide(found[id_]):
                raise NotFound(NOUNS[cls], id_)
            self._note(found[id_])
        return [self._shown(found[id_]) for id_ in ids]

    def _untouched(self, ids: Collection[str]) -> dict[str, CheckIn]:
        """Give those check-ins that are not stored, and are open all the same: nobody did anything with them."""
        owners = self.people({owner_of(id_) for id_ in ids})
        openings = [it for it in self.calendar.openings([*owners.values()]) if it.id in ids]
        return {it.id: it for it in self.calendar.untouched(openings, ())}

    def save(self, value: T) -> T:
        """Write one value and give it with its new version; see :meth:`save_all`."""
        return self.save_all([value])[0]

    def save_all(self, values: Iterable[T]) -> list[T]:
        """Write many values in one go, and give them with their new versions.

        With a check-in that is written down for the first time it is noted that her period began.
        """
        given: list[Any] = list(values)
        begun = self.calendar.begun(it for it in given if isinstance(it, CheckIn) and it.is_untouched)
        return self.unit.save_all([*given, *begun])[: len(given)]

    def see_all(self, items: Iterable[T]) -> list[T]:
        """Give those items that the viewer may see: exactly the decision applied to each."""
        return [item for item, _ in self.see_why(items, frozenset(Reason))]

    def see_why(self, items: Iterable[T], reasons: Container[Reason]) -> list[tuple[T, Reason]]:
        """Give those items that the viewer may see for one of some reasons, each with the reason."""
        candidates: list[Any] = list(items)
        self.people({item.owner_id for item in candidates})
        decided = [(item, self.decide(item)) for item in candidates]
        seen = [(item, decision.reason) for item, decision in decided if decision and decision.reason in reasons]
        for item, _ in seen:
            self._note(item)
        return [(self._shown(item), reason) for item, reason in seen]

    def own(self, cls: type[T], spoken: T | str) -> T:
        """Give one of the viewer's own items, to do something with it.

        Raises:
            NotFound: it is not there, or not the viewer's to see.
            NotAllowed: the viewer sees it, but another owns it.
        """
        (owned,) = self.own_each(cls, [spoken])
        return owned

    def own_each(self, cls: type[T], spoken: Iterable[T | str]) -> list[T]:
        """Give each of some of the viewer's own items in their order, as :meth:`own` gives one, in one read.

        Raises:
            NotFound: one is not there, or not the viewer's to see.
            NotAllowed: the viewer sees one, but another owns it.
        """
        items: list[Any] = self.see_each(cls, spoken)
        for item in items:
            if item.owner_id != self._viewer_id:
                raise NotAllowed(f"{NOUNS[cls]} {item.id!r} belongs to somebody else, and only its owner changes it")
        return items

    def _shown(self, item: Any) -> Any:
        """Give what the viewer reads of an item: of another's, not what stays its owner's also when it is shared."""
        is_own = item.owner_id == self._viewer_id
        return item if is_own or not hasattr(item, "seen_by_others") else item.seen_by_others()

    def _note(self, item: Any) -> None:
        if item.owner_id != self._viewer_id or self._on_behalf_of:
            self._looks.setdefault(item.owner_id, []).append(item.id)

    def note_own(self) -> None:
        """Note that the viewer's own things are read, which matters when someone acts as the viewer."""
        if self._on_behalf_of:
            self._looks.setdefault(self._viewer_id, [])

    def journal(self) -> None:
        """Write down what was looked at, in this unit."""
        if not self._looks:
            return
        owners = self.people(self._looks)
        self.unit.save_all(
            Look(
                id=LookId(self._desk.new_id(owner_id, Look)),
                owner_id=owner_id,
                viewer_id=self._viewer_id,
                at=self.now,
                item_ids=tuple(dict.fromkeys(item_ids)),
                on_behalf_of=self._on_behalf_of,
            )
            for owner_id, item_ids in self._looks.items()
            if owner_id in owners
        )
        self._looks.clear()
