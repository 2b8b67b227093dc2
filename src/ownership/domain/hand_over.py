"""Hand-over: when someone gets another manager, she chooses what moves along. Nothing moves by itself.

What was shared with the manager or the partner before the new one's time stays closed to the new one. A plan says what
would open, item by item; carrying it out shares those items again from that day on, with the audience they had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, NewType

from attrs import field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.classification import OTHER_PERSON, OWN_FACTS, OWNER_ID, RECORD_ID, VERSION, Keeping, Purpose
from ownership.domain.goals import Goal
from ownership.domain.people import AudienceKind, Person, PersonId, ReportingLine
from ownership.domain.visibility import Reason, Relations, decide, title_of
from ownership.errors import NotAllowed

HandOverChoiceId = NewType("HandOverChoiceId", str)


class HandOver(StrEnum):
    """What moves along to a new manager."""

    ALL = "all"
    GOALS_ONLY = "goals_only"
    FRESH_START = "fresh_start"

    def includes(self, item: Any) -> bool:
        """Whether an item is among what moves along."""
        match self:
            case HandOver.ALL:
                return not (isinstance(item, CheckIn) and item.status is CheckInStatus.OPEN)
            case HandOver.GOALS_ONLY:
                return isinstance(item, Goal)
            case _:
                return False


@frozen
class HandOverChoice:
    """What someone chose at a change of manager: which one, since when, what moved along. Nobody else ever sees it."""

    keeping: ClassVar[Keeping] = Keeping(Purpose.DEVELOP)

    id: HandOverChoiceId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    what: HandOver = field(validator=shapes.kind_of(HandOver), metadata=OWN_FACTS)
    manager_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    since: date = field(validator=moments.day, metadata=OWN_FACTS)
    chosen_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def is_about(self, line: ReportingLine) -> bool:
        """Whether this was chosen for a reporting line."""
        return (self.manager_id, self.since) == (line.manager_id, line.since)


@frozen
class MovingItem:
    """One instruction: share this item again. It says what it is, since when it is shared, and as whom he sees it."""

    item_id: str = field(validator=shapes.identifier)
    title: str = field(validator=texts.paragraph, repr=False)
    shared_on: date = field(validator=moments.day)
    reason: Reason = field(validator=shapes.kind_of(Reason))


@frozen
class HandOverPlan:
    """What a new manager would see from a day on that is closed to him now."""

    what: HandOver = field(validator=shapes.kind_of(HandOver))
    manager_id: PersonId = field(validator=shapes.identifier)
    since: date = field(validator=moments.day)
    on: date = field(validator=moments.day)
    items: tuple[MovingItem, ...] = field(default=(), validator=shapes.each(shapes.kind_of(MovingItem)))

    @property
    def is_empty(self) -> bool:
        """Whether nothing would move."""
        return not self.items


def plan_hand_over(
    owner: Person, manager: Person | None, items: Iterable[Any], what: HandOver, on: date
) -> HandOverPlan:
    """Plan what moves along to the manager that someone has on a day; nothing is changed.

    An open check-in is no part of it: a talk is handed over by itself, whatever else moves.

    Raises:
        NotAllowed: she does not report to this manager that day.
    """
    line = owner.reporting_line_on(on)
    if line is None or manager is None or manager.id != line.manager_id:
        raise NotAllowed(f"person {owner.id!r} has no manager here today, so there is nobody to hand over to")
    chosen = (item for item in items if what.includes(item))
    return HandOverPlan(what, manager.id, line.since, on, tuple(_moving(manager, chosen, Relations(owner, on))))


def _moving(manager: Person, items: Iterable[Any], relations: Relations) -> Iterator[MovingItem]:
    for item in items:
        is_through_him = item.audience.kind in {AudienceKind.MANAGER, AudienceKind.PARTNER}
        if is_through_him and decide(manager, item, relations).reason is Reason.BEFORE_THEIR_TIME:
            yield MovingItem(item.id, title_of(item), item.shared_on, Reason(item.audience.kind))


def hand_over_to_choose(
    owner: Person, manager: Person | None, items: Iterable[Any], choices: Iterable[HandOverChoice], on: date
) -> HandOverPlan | None:
    """Give what could move along to a new manager, while she has not chosen; None when there is nothing to choose."""
    line = owner.reporting_line_on(on)
    if line is None or manager is None or any(choice.is_about(line) for choice in choices):
        return None
    plan = plan_hand_over(owner, manager, items, HandOver.ALL, on)
    return None if plan.is_empty else plan
