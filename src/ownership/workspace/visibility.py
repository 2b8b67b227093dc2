"""Visibility: who would see an item, and why, before it is shared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ownership.domain import shapes
from ownership.domain.goals import Goal, GoalFact
from ownership.domain.hand_over import HandOver, HandOverChoice, HandOverPlan, hand_over_to_choose, plan_hand_over
from ownership.domain.people import Audience, AudienceKind, Person
from ownership.domain.visibility import Relations, Viewer, decide, preview
from ownership.errors import NotAllowed, NotFound
from ownership.workspace.records import NOUNS, SHAREABLE, class_of, id_of
from ownership.workspace.seat import Seat
from ownership.workspace.shared import SharedByPerson, shared_with
from ownership.workspace.sight import Sight


class Visibility:
    """Who sees the actor's items."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def preview(self, item: Any, *, audience: Any) -> tuple[Viewer, ...]:
        """Tell who would see an item if it were shared with an audience today, and why; nothing is changed.

        Raises:
            NotFound: the item is not there, or not the actor's to see.
            NotAllowed: another owns it.
            InvalidInput: there is no such audience.
        """
        with self._seat.reading() as sight:
            own, spoken = _own(sight, item), self._seat.audience(sight.unit, audience)
            as_if = own.with_audience(spoken, self._seat.today(sight)) if hasattr(own, "with_audience") else own
            return viewers(sight, as_if, spoken)

    def who_sees(self, item: Any) -> tuple[Viewer, ...]:
        """Tell who can see an item now, and why.

        Raises:
            NotFound: the item is not there, or not the actor's to see.
            NotAllowed: another owns it.
        """
        with self._seat.reading() as sight:
            own = _own(sight, item)
            seen = viewers(sight, own, own.audience)
            people = sight.people(viewer.person_id for viewer in seen)
            relations = _relations(sight)
            return tuple(viewer for viewer in seen if decide(people[viewer.person_id], own, relations))

    def share(self, item: Any, audience: Any) -> Any:
        """Share any own item from today on, or take it back ("only_me").

        Raises:
            NotFound: the item is not there, or not the actor's to see.
            NotAllowed: another owns it.
            NotAllowed: its audience is fixed (a question is for whoever is asked).
            InvalidInput: there is no such audience.
        """
        with self._seat.writing() as sight:
            own = _own(sight, item)
            if not hasattr(own, "with_audience"):
                raise NotAllowed(f"{NOUNS[type(own)]} {own.id!r} has a fixed audience")
            return self._share(sight, own, audience)

    def _share(self, sight: Sight, item: Any, audience: Any) -> Any:
        return self._seat.share(sight, item, audience, GoalFact.SHARED if isinstance(item, Goal) else "")

    def shared_with_me(self) -> tuple[SharedByPerson, ...]:
        """Give all that others share with the actor by name, as their manager or partner, or with the team, and why.

        It is exactly what the decision allows for one of those reasons; what is for everyone is not in it, nor what the
        actor wrote herself. The owners read in their journals that it was looked at.
        """
        return shared_with(self._seat)

    def plan_hand_over(self, what: HandOver | str) -> HandOverPlan:
        """Plan what moves along to the actor's manager of today, and change nothing.

        ``what`` is "all", "goals_only" or "fresh_start".

        Raises:
            InvalidInput: ``what`` is none of these.
            NotAllowed: the actor reports to nobody today.
        """
        with self._seat.reading() as sight:
            return self._plan(sight, what, _shareable(sight).values())

    def hand_over(self, what: HandOver | str) -> HandOverPlan:
        """Choose what moves along to the actor's manager of today: "all", "goals_only" or "fresh_start" (nothing).

        What moves is shared again from today on, with the audience that it had. An open check-in is handed over by
        itself; see :meth:`CheckIns.hand_over`. One may choose again: what moved is taken back item by item.

        Raises:
            InvalidInput: ``what`` is none of these.
            NotAllowed: the actor reports to nobody today.
        """
        with self._seat.writing() as sight:
            items = _shareable(sight)
            plan = self._plan(sight, what, items.values())
            for moving in plan.items:
                self._share(sight, items[moving.item_id], items[moving.item_id].audience)
            sight.unit.save(
                HandOverChoice(
                    id=self._seat.desk.new_id(self._seat.person_id, HandOverChoice),
                    owner_id=self._seat.person_id,
                    what=plan.what,
                    manager_id=plan.manager_id,
                    since=plan.since,
                    chosen_on=plan.on,
                )
            )
            return plan

    def _plan(self, sight: Sight, what: HandOver | str, items: Iterable[Any]) -> HandOverPlan:
        chosen = shapes.member_of(HandOver, what, "hand_over")
        return plan_hand_over(sight.viewer, _manager(sight), items, chosen, self._seat.today(sight))

    def hand_over_to_choose(self) -> HandOverPlan | None:
        """Give what could move along to a new manager while the actor has not chosen; None if nothing is to choose."""
        with self._seat.reading() as sight:
            choices = sight.unit.all_of(self._seat.person_id, HandOverChoice)
            items, today = _shareable(sight).values(), self._seat.today(sight)
            return hand_over_to_choose(sight.viewer, _manager(sight), items, choices, today)


def _manager(sight: Sight) -> Person | None:
    """Give the viewer's manager of today, if there is one in the store."""
    line = sight.viewer.reporting_line_on(_relations(sight).on)
    return sight.people([line.manager_id]).get(line.manager_id) if line else None


def _shareable(sight: Sight) -> dict[str, Any]:
    """Give everything of the actor that can be shared, by id."""
    owned = sight.unit.owned(sight.viewer.id, *SHAREABLE)
    return {item.id: item for cls in SHAREABLE for item in owned[cls]}


def _own(sight: Sight, item: Any) -> Any:
    """Give an own item that can have an audience; messages and looks, for instance, are nobody else's ever."""
    item_id = id_of(item)
    cls = class_of(item_id)
    if not hasattr(cls, "audience"):
        raise NotFound("item", item_id)
    return sight.own(cls, item_id)


def _relations(sight: Sight) -> Relations:
    owner = sight.viewer
    return Relations(owner, owner.day_of(sight.now))


def viewers(sight: Sight, item: Any, audience: Audience) -> tuple[Viewer, ...]:
    """Tell who would see an own item with an audience."""
    relations = _relations(sight)
    return preview(item, audience, _candidates(sight, item, audience, relations), relations)


def _candidates(sight: Sight, item: Any, audience: Audience, relations: Relations) -> Iterable[Person]:
    """Give everyone who might be in an audience; who is, is for the decision to say."""
    owner, on = relations.owner, relations.on
    line = owner.partner_on(on) if audience.kind is AudienceKind.PARTNER else owner.reporting_line_on(on)
    membership = owner.membership_on(on)
    ids: set[str] = {*audience.person_ids, *getattr(item, "party_ids", ())}
    match audience.kind:
        case AudienceKind.EVERYONE:
            return sight.unit.find(Person)
        case AudienceKind.TEAM if membership is not None and membership.team:
            ids |= {person.id for person in sight.team(membership.team)}
        case AudienceKind.MANAGER | AudienceKind.PARTNER if line is not None:
            ids.add(line.manager_id)
    return sight.people(ids).values()
