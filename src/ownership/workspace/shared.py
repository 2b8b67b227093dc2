"""What others share with the actor, found by name and through relations, and decided upon item by item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import field, frozen

from ownership.domain.people import Person, PersonId
from ownership.domain.visibility import Reason
from ownership.workspace.records import SHAREABLE
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight

WITH_ME = frozenset({Reason.NAMED, Reason.PARTNER, Reason.MANAGER, Reason.TEAM})
"""Why something is shared with the actor; what is for everyone is shared with nobody in particular."""


@frozen
class SharedItem:
    """One item that is shared with the actor, as far as it is hers to read, and why."""

    item: Any
    reason: Reason


@frozen
class SharedByPerson:
    """What one person shares with the actor; at least one item."""

    owner_id: PersonId
    display_name: str = field(repr=False)
    items: tuple[SharedItem, ...]


def shared_with(seat: Seat) -> tuple[SharedByPerson, ...]:
    """Give all that others share with the actor; see :meth:`Visibility.shared_with_me`."""
    with seat.writing() as sight:
        by_owner: dict[PersonId, list[SharedItem]] = {}
        for item, reason in seen_with(sight, seat.person_id, SHAREABLE):
            readable = item.seen_by(seat.person_id) if hasattr(item, "seen_by") else item
            by_owner.setdefault(item.owner_id, []).append(SharedItem(readable, reason))
        owners = sight.people(by_owner).values()
        shared = (SharedByPerson(o.id, o.display_name, tuple(by_owner[o.id])) for o in owners)
        return tuple(sorted(shared, key=lambda things: (things.display_name, things.owner_id)))


def seen_with(sight: Sight, person_id: PersonId, classes: Sequence[type[Any]]) -> Iterable[tuple[Any, Reason]]:
    """Give what of some classes others share with someone, and why."""
    others = {item.id: item for item in _candidates(sight, person_id, classes) if item.owner_id != person_id}
    return sight.see_why(others.values(), WITH_ME)


def _candidates(sight: Sight, person_id: PersonId, classes: Sequence[type[Any]]) -> Iterator[Any]:
    """Give all that might be shared with someone; what is, is for the decision to say."""
    for owner in _related(sight, person_id).values():
        owned = sight.unit.owned(owner.id, *classes)
        yield from (item for cls in classes for item in owned[cls])
    for cls in classes:
        yield from sight.unit.find(cls, "viewer_ids", equals=person_id)


def _related(sight: Sight, person_id: PersonId) -> dict[PersonId, Person]:
    """Give everyone who has, or had, this person as a manager, a partner or a colleague in the team."""
    by_key = [("manager_id", person_id), ("partner_id", person_id), *(("team", team) for team in sight.viewer.team)]
    return {person.id: person for key, value in by_key for person in sight.unit.find(Person, key, equals=value)}
