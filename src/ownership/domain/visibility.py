"""Who may see what: one pure decision, with its reason.

Every read, list, count, overview and message goes through :func:`decide`. It knows no role: an organiser is here a
colleague like any other. What is not allowed by one of the rules below is denied.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from attrs import field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.people import Audience, AudienceKind, Person, PersonId, ReportingLine


class Item(Protocol):
    """Anything that has an owner and an audience."""

    @property
    def owner_id(self) -> PersonId:
        """Whose it is."""

    @property
    def audience(self) -> Audience:
        """Who may see it besides the owner."""

    @property
    def shared_on(self) -> date | None:
        """Since when the audience may see it."""


class Reason(StrEnum):
    """Why someone may see an item, or why not."""

    OWNER = "owner"
    PARTY = "party"
    PARTNER = "partner"
    MANAGER = "manager"
    NAMED = "named"
    TEAM = "team"
    EVERYONE = "everyone"
    PRIVATE = "private"
    NOT_IN_AUDIENCE = "not_in_audience"
    BEFORE_THEIR_TIME = "before_their_time"
    NOT_HERE = "not_here"


@frozen
class Allowed:
    """The viewer may see the item."""

    reason: Reason = field(validator=shapes.kind_of(Reason))

    def __bool__(self) -> bool:
        return True


@frozen
class Denied:
    """The viewer may not see the item; the reason is for the owner only."""

    reason: Reason = field(validator=shapes.kind_of(Reason))

    def __bool__(self) -> bool:
        return False


Decision = Allowed | Denied


@frozen
class Relations:
    """What is known of the owner of an item, on a day."""

    owner: Person = field(validator=shapes.kind_of(Person))
    on: date = field(validator=moments.day)


def decide(viewer: Person, item: Item, relations: Relations) -> Decision:
    """Decide whether a viewer may see an item of the person in ``relations``, and say why.

    A right through a relation (manager, partner, team) asks that the relation holds on this day *and* held already when
    the item was shared: whoever comes later sees it when the owner shares it again; whoever left sees nothing any more.
    Sharing ends with the owner's last day: then only those see it who have a part in it that she did not give.
    """
    owner = relations.owner
    if item.owner_id != owner.id:
        return Denied(Reason.NOT_IN_AUDIENCE)
    if viewer.id == owner.id:
        return Allowed(Reason.OWNER)
    if not viewer.works_on(relations.on):
        return Denied(Reason.NOT_HERE)
    is_here = owner.works_on(relations.on)
    if viewer.id in getattr(item, "party_ids", ()) and (is_here or viewer.id not in getattr(item, "guest_ids", ())):
        return Allowed(Reason.PARTY)
    return _as_shared(viewer, item, relations) if is_here else Denied(Reason.NOT_HERE)


def _as_shared(viewer: Person, item: Item, relations: Relations) -> Decision:
    if item.audience.is_private or item.shared_on is None or relations.on < item.shared_on:
        return Denied(Reason.PRIVATE)
    return _by_audience(viewer, item, item.shared_on, relations)


def _by_audience(viewer: Person, item: Item, shared_on: date, relations: Relations) -> Decision:
    owner, on = relations.owner, relations.on
    match item.audience.kind:
        case AudienceKind.EVERYONE:
            return Allowed(Reason.EVERYONE)
        case AudienceKind.PEOPLE if viewer.id in item.audience.person_ids:
            return Allowed(Reason.NAMED)
        case AudienceKind.MANAGER:
            return _through(viewer, owner.reporting_line_on(on), shared_on, Reason.MANAGER)
        case AudienceKind.PARTNER:
            return _through(viewer, owner.partner_on(on), shared_on, Reason.PARTNER)
        case AudienceKind.TEAM:
            return _through_team(viewer, owner, shared_on, on)
        case _:
            return Denied(Reason.NOT_IN_AUDIENCE)


def _through(viewer: Person, line: ReportingLine | None, shared_on: date, reason: Reason) -> Decision:
    if line is None or viewer.id != line.manager_id:
        return Denied(Reason.NOT_IN_AUDIENCE)
    return Allowed(reason) if line.since <= shared_on else Denied(Reason.BEFORE_THEIR_TIME)


def _through_team(viewer: Person, owner: Person, shared_on: date, on: date) -> Decision:
    mine, theirs = viewer.membership_on(on), owner.membership_on(on)
    if (
        mine is None
        or theirs is None
        or not mine.team
        or (mine.department, mine.team) != (theirs.department, theirs.team)
    ):
        return Denied(Reason.NOT_IN_AUDIENCE)
    if max(mine.since, theirs.since) <= shared_on:
        return Allowed(Reason.TEAM)
    return Denied(Reason.BEFORE_THEIR_TIME)


def title_of(item: Any) -> str:
    """Give what an item is called, to whoever may see it: its title or its question; nothing if it has none.

    Examples:
        >>> from types import SimpleNamespace
        >>> title_of(SimpleNamespace(question="What gives you energy?"))
        'What gives you energy?'
    """
    return next((name for key in ("title", "question") if (name := getattr(item, key, ""))), "")


@frozen
class Viewer:
    """Someone who would see an item, and why."""

    person_id: PersonId = field(validator=shapes.identifier)
    display_name: str = field(validator=texts.line, repr=False)
    reason: Reason = field(validator=shapes.kind_of(Reason))

    def __str__(self) -> str:
        return f"{self.display_name} ({self.reason})"


def preview(item: Item, audience: Audience, people: Iterable[Person], relations: Relations) -> tuple[Viewer, ...]:
    """Tell who would see an item if it were shared with an audience today; by name, the owner left out."""
    shared = _AsIfShared(item.owner_id, audience, relations.on, getattr(item, "party_ids", frozenset()))
    decisions = ((person, decide(person, shared, relations)) for person in people if person.id != item.owner_id)
    seen = (Viewer(person.id, person.display_name, decision.reason) for person, decision in decisions if decision)
    return tuple(sorted(seen, key=lambda viewer: (viewer.display_name, viewer.person_id)))


class _AsIfShared(NamedTuple):
    owner_id: PersonId
    audience: Audience
    shared_on: date
    party_ids: frozenset[PersonId]
