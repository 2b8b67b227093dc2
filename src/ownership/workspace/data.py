"""One's own data: who looked at it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from attrs import field, frozen

from ownership.domain.journal import Look, LookId
from ownership.domain.people import PersonId
from ownership.domain.visibility import title_of
from ownership.workspace.records import NOUNS, class_of
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


class DataRights:
    """The rights of the actor on her own data."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def who_looked(self) -> tuple[NamedLook, ...]:
        """Give every look that others took at the actor's items, the newest first, with the real user if any.

        Who looked, and what the items are called, is told as it is now: a look itself keeps ids only.
        """
        with self._seat.reading() as sight:
            looks = sight.unit.all_of(self._seat.person_id, Look)
            titles = _titles(sight, {id_ for look in looks for id_ in look.item_ids})
            names = {id_: who.display_name for id_, who in sight.people({look.viewer_id for look in looks}).items()}
            return tuple(_named(look, names.get(look.viewer_id, ""), titles) for look in reversed(looks))


def _titles(sight: Sight, ids: Iterable[str]) -> dict[str, str]:
    by_class: dict[type[Any], list[str]] = {}
    for id_ in ids:
        by_class.setdefault(class_of(id_), []).append(id_)
    found = (item for cls, of_class in by_class.items() for item in sight.unit.many(cls, of_class).values())
    return {item.id: title_of(item) for item in found}


def _named(look: Look, viewer_name: str, titles: dict[str, str]) -> NamedLook:
    items = tuple(SeenItem(id_, NOUNS[class_of(id_)], titles.get(id_, "")) for id_ in look.item_ids)
    return NamedLook(look.id, look.at, look.viewer_id, viewer_name, items, look.on_behalf_of)
