"""Visibility: who would see an item, and why, before it is shared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ownership.domain.goals import Goal, GoalFact
from ownership.domain.moments import local_day
from ownership.domain.people import Audience, AudienceKind, Person
from ownership.domain.visibility import Relations, Viewer, decide, preview
from ownership.errors import NotAllowed, NotFound
from ownership.workspace.records import NOUNS, class_of
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight


class Visibility:
    """Who sees the actor's items."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def preview(self, item_id: str, *, audience: Any) -> tuple[Viewer, ...]:
        """Tell who would see an item if it were shared with an audience today, and why; nothing is changed.

        Raises:
            NotFound: the item is not there, or not the actor's to see.
            NotAllowed: another owns it.
            InvalidInput: there is no such audience.
        """
        with self._seat.reading() as sight:
            item = _own(sight, item_id)
            return viewers(sight, item, self._seat.audience(sight.unit, audience))

    def who_sees(self, item_id: str) -> tuple[Viewer, ...]:
        """Tell who can see an item now, and why.

        Raises:
            NotFound: the item is not there, or not the actor's to see.
            NotAllowed: another owns it.
        """
        with self._seat.reading() as sight:
            item = _own(sight, item_id)
            seen = viewers(sight, item, item.audience)
            people = sight.people(viewer.person_id for viewer in seen)
            relations = _relations(sight)
            return tuple(viewer for viewer in seen if decide(people[viewer.person_id], item, relations))

    def share(self, item_id: str, audience: Any) -> Any:
        """Share any own item from today on, or take it back ("only_me").

        Raises:
            NotFound: the item is not there, or not the actor's to see.
            NotAllowed: another owns it.
            NotAllowed: its audience is fixed (a question is for whoever is asked).
            InvalidInput: there is no such audience.
        """
        with self._seat.writing() as sight:
            item = _own(sight, item_id)
            if not hasattr(item, "with_audience"):
                raise NotAllowed(f"{NOUNS[type(item)]} {item_id!r} has a fixed audience")
            return self._seat.share(sight, item, audience, GoalFact.SHARED if isinstance(item, Goal) else "")


def _own(sight: Sight, item_id: str) -> Any:
    """Give an own item that can have an audience; messages and looks, for instance, are nobody else's ever."""
    cls = class_of(item_id)
    if not hasattr(cls, "audience"):
        raise NotFound("item", item_id)
    return sight.own(cls, item_id)


def _relations(sight: Sight) -> Relations:
    owner = sight.viewer
    return Relations(owner, local_day(sight.now, owner.zone.key))


def viewers(sight: Sight, item: Any, audience: Audience) -> tuple[Viewer, ...]:
    """Tell who would see an own item with an audience."""
    relations = _relations(sight)
    return preview(item, audience, _candidates(sight, item, audience, relations), relations)


def _candidates(sight: Sight, item: Any, audience: Audience, relations: Relations) -> Iterable[Person]:
    """Give everyone who might be in an audience; who is, is for the decision to say."""
    owner, on = relations.owner, relations.on
    line = owner.partner_on(on) if audience.kind is AudienceKind.PARTNER else owner.reporting_line_on(on)
    membership = owner.membership_on(on)
    match audience.kind:
        case AudienceKind.EVERYONE:
            return sight.unit.find(Person)
        case AudienceKind.TEAM if membership is not None and membership.team:
            return sight.unit.find(Person, "team", equals=membership.team)
        case AudienceKind.MANAGER | AudienceKind.PARTNER if line is not None:
            ids = {line.manager_id, *getattr(item, "party_ids", ())}
        case _:
            ids = {*audience.person_ids, *getattr(item, "party_ids", ())}
    return sight.people(ids).values()
