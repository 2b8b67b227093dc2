"""Release plans in a store: one chain, in which no two follow the same one and nothing that was written changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from ownership.domain.cohorts import Group
from ownership.domain.people import PersonId
from ownership.domain.publication import first_plan, release_plan_id
from ownership.errors import Conflict, InvalidInput
from ownership.workspace.desk import Desk
from ownership.workspace.records import ORGANISATION
from ownership.workspace.releases import latest_plan, save_next_plan, standing_now

if TYPE_CHECKING:
    from tests.workspace.conftest import World

OWNER = PersonId(ORGANISATION)


@pytest.fixture
def desk(world: World) -> Desk:
    """The desk of a world of seven people."""
    return world.ws._desk


def test_everyone_stands_where_the_directory_put_them(world: World, desk: Desk) -> None:
    """Who works here now stands in a team; who has left does not."""
    with desk.reading() as unit:
        places = [place.team for place in standing_now(unit, desk.now()).values()]
    assert sorted(places) == ["Blue", "Blue", "Blue", "Board", "Board", "People", "Red"]


def test_each_plan_follows_the_one_before(desk: Desk) -> None:
    """There is one latest plan. What a plan said stays as it was; it only learns that another follows."""
    with desk.reading() as unit:
        assert latest_plan(unit) is None
        standing = standing_now(unit, desk.now())
    with desk.writing() as unit:
        first = save_next_plan(unit, standing, desk.now(), threshold=6)
    with desk.writing() as unit:
        second = save_next_plan(unit, {who: Group("Works") for who in standing}, desk.now())
    with desk.reading() as unit:
        assert latest_plan(unit) == second
        kept = unit.one(type(first), first.id)
    assert kept == evolve(first.followed(desk.now().date()), version=2)
    assert (second.number, second.threshold) == (2, 6)
    assert [len(cohort.member_ids) for cohort in second.cohorts] == [7]


def test_the_threshold_never_goes_down(desk: Desk) -> None:
    """A plan with a lower threshold than the one before is refused, and nothing is written."""
    with desk.writing() as unit:
        first = save_next_plan(unit, {}, desk.now(), threshold=8)
    with pytest.raises(InvalidInput, match="never goes down"), desk.writing() as unit:
        save_next_plan(unit, {}, desk.now(), threshold=7)
    with desk.reading() as unit:
        assert latest_plan(unit) == first


def test_two_plans_never_follow_the_same_one(desk: Desk) -> None:
    """Whoever makes a plan beside one that was made meanwhile gets a Conflict: the chain does not fork."""
    with desk.writing() as unit:
        first = save_next_plan(unit, {}, desk.now())
    with pytest.raises(Conflict), desk.writing() as unit:
        unit.save(first_plan(release_plan_id(OWNER, 1), OWNER, {}))
    with desk.writing() as unit:
        save_next_plan(unit, {}, desk.now())
    with pytest.raises(Conflict), desk.writing() as unit:
        unit.save(first.followed(desk.now().date()))
