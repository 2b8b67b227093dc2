"""Release plans: each follows the one before, in the unit of work that needs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ownership.domain.cohorts import FLOOR, Group, standing_at
from ownership.domain.people import Person, PersonId
from ownership.domain.publication import STEP, ReleasePlan, first_plan, next_plan, release_plan_id
from ownership.workspace.records import ORGANISATION, ValueUnit

_OWNER = PersonId(ORGANISATION)


def latest_plan(unit: ValueUnit) -> ReleasePlan | None:
    """Give the plan that no other follows yet, if there is any."""
    return next(unit.find(ReleasePlan, "latest", equals="latest"), None)


def standing_now(unit: ValueUnit, now: datetime) -> dict[PersonId, Group]:
    """Tell where everyone who works here now stands."""
    return standing_at(unit.find(Person), now)


def save_next_plan(
    unit: ValueUnit,
    standing: Mapping[PersonId, Group],
    now: datetime,
    *,
    threshold: int | None = None,
    step: float = STEP,
) -> ReleasePlan:
    """Make and write the plan that follows the latest, or the first one. Nothing that was written before changes.

    Of two that are made at once, one is a Conflict.

    Raises:
        InvalidInput: the threshold is under the floor or under that of the plan before.
    """
    earlier = latest_plan(unit)
    following = plan_after(earlier, standing, threshold=threshold, step=step)
    saved: ReleasePlan = unit.save_all([*([earlier.followed(now.date())] if earlier else []), following])[-1]
    return saved


def plan_after(
    earlier: ReleasePlan | None,
    standing: Mapping[PersonId, Group],
    *,
    threshold: int | None = None,
    step: float = STEP,
) -> ReleasePlan:
    """Make the plan that follows another, or the first one; nothing is written.

    Raises:
        InvalidInput: the threshold is under the floor or under that of the plan before.
    """
    if earlier is None:
        at_least = FLOOR if threshold is None else threshold
        return first_plan(release_plan_id(_OWNER, 1), _OWNER, standing, threshold=at_least, step=step)
    id_ = release_plan_id(_OWNER, earlier.number + 1)
    return next_plan(earlier, id_, standing, threshold=threshold, step=step)
