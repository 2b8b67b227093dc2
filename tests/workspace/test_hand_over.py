"""A new manager: she is asked what moves along, and nothing moves by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ownership import InvalidInput, NotAllowed, NotFound, Unavailable
from ownership.domain.hand_over import HandOver
from ownership.domain.visibility import Reason

if TYPE_CHECKING:
    from tests.workspace.conftest import World

TellRow = Callable[..., Any]


@pytest.fixture
def moved(world: World, tell_row: TellRow) -> dict[str, str]:
    """Let Ada share a goal with her manager and a reflection with her partner, and then report to Zoe, not Sam."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    written = ada.reflections.write("start-what-i-need", "An hour a week.")
    ada.reflections.share(written, "partner")
    draft = ada.goals.draft(title="A draft")
    world.clock.move(days=30)
    world.tell(tell_row("ada", manager="zoe"))
    return {"goal": goal.id, "reflection": written.id, "draft": draft.id}


def seen_by(world: World, name: str) -> set[str]:
    """Give the ids of Ada's goals and reflections that someone sees in the team's overview."""
    shared = world.acting(name).team.overview().shared
    return {goal.id for of in shared for goal in of.goals} | {written.id for of in shared for written in of.reflections}


def test_nothing_moves_by_itself(world: World, moved: dict[str, str]) -> None:
    """After a change of manager neither the old nor the new one sees anything, whatever is planned or due."""
    ada = world.acting("ada")
    for what in HandOver:
        ada.visibility.plan_hand_over(what)
    ada.visibility.hand_over_to_choose()
    world.work()
    assert seen_by(world, "sam") == seen_by(world, "zoe") == set()


@pytest.mark.parametrize(
    ("what", "moving"), [("all", {"goal", "reflection"}), ("goals_only", {"goal"}), ("fresh_start", set())]
)
def test_what_she_chooses_moves_along(world: World, moved: dict[str, str], what: str, moving: set[str]) -> None:
    """What the plan told is what the new manager sees, for the reason it told, and the old one sees nothing."""
    ada = world.acting("ada")
    plan = ada.visibility.plan_hand_over(what)
    assert ada.visibility.hand_over(what) == plan
    assert {item.item_id for item in plan.items} == seen_by(world, "zoe") == {moved[name] for name in moving}
    for item in plan.items:
        assert [viewer.reason for viewer in ada.visibility.who_sees(item.item_id)] == [item.reason]
    assert seen_by(world, "sam") == set()
    with pytest.raises(NotFound):
        world.acting("zoe").goals.get(moved["draft"])


def test_she_is_asked_once_for_each_manager(world: World, moved: dict[str, str], tell_row: TellRow) -> None:
    """What could move is offered until she chose, be it a fresh start, and offered again with another manager."""
    ada = world.acting("ada")
    offered = ada.visibility.hand_over_to_choose()
    assert offered is not None
    question = ada.reflections.get(moved["reflection"]).question
    assert [(item.title, item.reason) for item in offered.items] == [
        ("A goal", Reason.MANAGER),
        (question, Reason.PARTNER),
    ]
    ada.visibility.hand_over("fresh_start")
    assert ada.visibility.hand_over_to_choose() is None
    world.clock.move(days=30)
    world.tell(tell_row("ada", manager="mia"))
    again = ada.visibility.hand_over_to_choose()
    assert again is not None
    assert again.manager_id == world.id("mia")


def test_she_may_choose_again(world: World, moved: dict[str, str]) -> None:
    """After a fresh start she can still hand over; what moved is taken back item by item."""
    ada = world.acting("ada")
    ada.visibility.hand_over("fresh_start")
    ada.visibility.hand_over("all")
    ada.visibility.hand_over("all")
    assert seen_by(world, "zoe") == {moved["goal"], moved["reflection"]}
    ada.visibility.share(moved["goal"], "only_me")
    assert seen_by(world, "zoe") == {moved["reflection"]}


def test_a_choice_is_seen_by_nobody_else(world: World, moved: dict[str, str]) -> None:
    """Nobody hears of a fresh start, nor that there was something to choose; of a goal that moved plugins hear."""
    ada = world.acting("ada")
    before = world.facts()
    ada.visibility.hand_over("fresh_start")
    assert world.facts() == before
    with world.ws._desk.reading() as unit:
        (choice,) = unit._unit.owned(world.id("ada"), ["hand_overs"])
    for name in ("zoe", "sam", "ada"):
        with pytest.raises(NotFound):
            world.acting(name).visibility.who_sees(choice.id)
    ada.visibility.hand_over("all")
    (heard,) = set(world.facts()) - set(before)
    assert heard.startswith(f"{moved['goal']}:GoalShared:")


def test_what_is_no_choice_is_refused(world: World, moved: dict[str, str]) -> None:
    """A word that is none of the three is refused, and who has no manager has nobody to hand over to."""
    for verb in (world.acting("ada").visibility.hand_over, world.acting("ada").visibility.plan_hand_over):
        with pytest.raises(InvalidInput):
            verb("everything")
    for verb in (world.acting("mia").visibility.hand_over, world.acting("mia").visibility.plan_hand_over):
        with pytest.raises(NotAllowed):
            verb("all")
    assert world.acting("mia").visibility.hand_over_to_choose() is None


def test_it_moves_whole_or_not_at_all(make_world: Callable[..., World], tell_row: TellRow) -> None:
    """Whichever call of the store fails, everything has moved and is remembered, or nothing has."""
    outcomes = set()
    for fails_after in range(40):
        world = make_world("frail:")
        ada = world.acting("ada")
        for title in ("One", "Two"):
            ada.goals.share(ada.goals.draft(title=title), "manager")
        world.clock.move(days=30)
        world.tell(tell_row("ada", manager="zoe"))
        before = world.store.state()
        world.store.fails_after = fails_after
        try:
            ada.visibility.hand_over("all")
        except Unavailable:
            assert world.store.state() == before
            outcomes.add("before")
        else:
            world.store.fails_after = None
            assert len(seen_by(world, "zoe")) == 2
            assert ada.visibility.hand_over_to_choose() is None
            outcomes.add("after")
            break
    assert outcomes == {"before", "after"}
