"""One's own data: who looked at it, all of it to take along, and what one brings along from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from attrs import field, frozen

from ownership.domain.arrivals import Arrival
from ownership.domain.bundle import WRITTEN_IN, Belongings, Bundle, bundle_of, check_whose, plan_import
from ownership.domain.feedback import Feedback
from ownership.domain.journal import Look, LookId
from ownership.domain.people import PersonId
from ownership.domain.visibility import title_of
from ownership.errors import InvalidInput
from ownership.portable import digest_of, read_bundle
from ownership.workspace.feedback import read_by_receiver
from ownership.workspace.records import NOUNS, ORGANISATION, class_of
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight


@frozen
class SeenItem:
    """One item that was looked at: what kind of thing it is, and what it is called, if anything."""

    id: str
    kind: str
    title: str = field(repr=False)


@frozen
class NamedLook:
    """A look at the actor's things, with the names that are hers to read.

    ``on_behalf_of`` names the real user when someone acted as the viewer. Without items it was a look at her own pages
    by someone who acted as her.
    """

    id: LookId
    at: datetime
    viewer_id: PersonId
    viewer_name: str = field(repr=False)
    items: tuple[SeenItem, ...]
    on_behalf_of: str = field(repr=False)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The ids of what was looked at."""
        return tuple(item.id for item in self.items)


class Takeaway:
    """What someone may read and take along of her own data, also in the first weeks after she left."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def who_looked(self) -> tuple[NamedLook, ...]:
        """Give every look that others took at the actor's items, the newest first, with the real user if any.

        Who looked, and what the items are called, is told as it is now: a look itself keeps ids only.
        """
        with self._seat.reading() as sight:
            looks = sight.unit.all_of(self._seat.person_id, Look)
            titles = _titles(sight, {id_ for look in looks for id_ in look.item_ids})
            names = sight.names({look.viewer_id for look in looks})
            return tuple(_named(look, names.get(look.viewer_id, ""), titles) for look in reversed(looks))

    def export(self) -> Bundle:
        """Give all that is hers, to take along: what she owns, what is about her, and what she wrote for others.

        Write it down with :func:`ownership.bundle_text` (JSON) and :func:`ownership.bundle_markdown` (to read).
        Feedback in it counts as read. What others own stays theirs: of that there are her own words in what she may
        see, and looking for these is journalled. What others prepared and did not show yet is not in it.
        """
        with self._seat.writing() as sight:
            owned = sight.unit.owned(self._seat.person_id, *Belongings.classes().values())
            owned[Feedback] = read_by_receiver(sight, owned[Feedback])
            seen = sight.see_all(_with_her_words(sight, self._seat.person_id))
            return bundle_of(sight.viewer, self._seat.desk.tenant, owned, seen, sight.now, names_of=sight.names)


class DataRights(Takeaway):
    """The rights of the actor on her own data."""

    def import_bundle(self, bundle: Bundle | str | bytes, *, whose: str = "") -> Arrival:
        """Bring in what the actor took along from an earlier workplace: a bundle, or the text of one. All or nothing.

        She brings in her own: the bundle has her e-mail address, or ``whose`` says the one it has (or her id there).
        All of it is for nobody but her, whomever she shared it with; people there become names, as told then; what
        waited for one of them does not wait any more; plugins hear nothing. Budgets stay behind. The same bundle again
        changes nothing.

        Raises:
            InvalidInput: it is somebody else's, changed after it was made, of a newer version or too large, or has what
                does not exist here.
            InvalidInput: another bundle from there came in before, or it is what she has here already.
        """
        brought = bundle if isinstance(bundle, Bundle) else read_bundle(bundle)
        with self._seat.writing() as sight:
            check_whose(brought, sight.viewer, whose)
            if (brought.tenant, brought.person.id) == (self._seat.desk.tenant, self._seat.person_id):
                raise InvalidInput.at("bundle.person", "is you, here: all of it is in this workspace already")
            plan = plan_import(brought, sight.viewer, digest_of(brought), sight.now, organisation_id=ORGANISATION)
            before = sight.unit.many(Arrival, [plan.arrival.id]).get(plan.arrival.id)
            if before is None:
                sight.unit.save_all(_not_there_yet(sight, plan.things))
                return sight.unit.save(plan.arrival)
            if before.digest != plan.arrival.digest:
                raise InvalidInput.at("bundle", f"is not the one that came from there on {before.arrived_at:%Y-%m-%d}")
            return before


def _with_her_words(sight: Sight, person_id: PersonId) -> Iterator[Any]:
    """Give what others own in which someone's words can stand."""
    for cls, place in WRITTEN_IN.items():
        for item in sight.unit.find(cls, place.key, equals=person_id):
            if item.owner_id != person_id:
                yield item


def _not_there_yet(sight: Sight, things: Iterable[Any]) -> list[Any]:
    """Leave out what there can be one of, as a rest, and is here already: what she has here comes first."""
    by_class: dict[type[Any], dict[str, Any]] = {}
    for thing in things:
        by_class.setdefault(type(thing), {})[thing.id] = thing
    return [
        thing
        for cls, of_class in by_class.items()
        for known in [sight.unit.known(cls, of_class)]
        for id_, thing in of_class.items()
        if id_ not in known
    ]


def _titles(sight: Sight, ids: Iterable[str]) -> dict[str, str]:
    by_class: dict[type[Any], list[str]] = {}
    for id_ in ids:
        by_class.setdefault(class_of(id_), []).append(id_)
    found = (item for cls, of_class in by_class.items() for item in sight.unit.many(cls, of_class).values())
    return {item.id: title_of(item) for item in found}


def _named(look: Look, viewer_name: str, titles: dict[str, str]) -> NamedLook:
    items = tuple(SeenItem(id_, NOUNS[class_of(id_)], titles.get(id_, "")) for id_ in look.item_ids)
    return NamedLook(look.id, look.at, look.viewer_id, viewer_name, items, look.on_behalf_of)
