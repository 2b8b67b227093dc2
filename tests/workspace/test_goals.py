"""Goals: private as a draft, moved by their owner, heard of when shared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, IllegalMove, InvalidInput, Measure, NotAllowed, NotFound
from ownership.domain.goals import MOVES, GoalMove, GoalStatus

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    from ownership.domain.goals import Goal
    from ownership.workspace.actor import Actor

VERBS: dict[GoalMove, Callable[[Actor, Any], Goal]] = {
    GoalMove.EDIT: lambda actor, goal: actor.goals.edit(goal, title="Another title"),
    GoalMove.START: lambda actor, goal: actor.goals.start(goal),
    GoalMove.RECORD: lambda actor, goal: actor.goals.record(goal, progress=10),
    GoalMove.REACH: lambda actor, goal: actor.goals.reach(goal),
    GoalMove.LEARN: lambda actor, goal: actor.goals.learn(goal),
    GoalMove.LET_GO: lambda actor, goal: actor.goals.let_go(goal),
    GoalMove.RESUME: lambda actor, goal: actor.goals.resume(goal),
}
WAYS: dict[GoalStatus, tuple[GoalMove, ...]] = {
    GoalStatus.DRAFT: (),
    GoalStatus.ACTIVE: (GoalMove.START,),
    GoalStatus.REACHED: (GoalMove.START, GoalMove.REACH),
    GoalStatus.LEARNED: (GoalMove.START, GoalMove.LEARN),
    GoalStatus.LET_GO: (GoalMove.LET_GO,),
}


def test_draft_keeps_all(world: World) -> None:
    """A draft is kept with everything that was said of it, and belongs to who drafted it."""
    ada = world.acting("ada")
    goal = ada.goals.draft(
        title="Lead a client workshop",
        why="I want to grow",
        theme="facilitation",
        due_on=date(2026, 6, 1),
        measure=Measure(start=5, target=0, unit="errors"),
        milestones=["Watch one", "Lead half of one"],
    )
    assert ada.goals.get(goal.id) == goal
    assert (goal.owner_id, goal.status, goal.version) == (world.id("ada"), GoalStatus.DRAFT, 1)
    assert [milestone.title for milestone in goal.milestones] == ["Watch one", "Lead half of one"]
    assert goal.drafted_at == world.clock.now


def test_mine_is_mine(world: World) -> None:
    """A person's list has her own goals, the oldest first, and nobody else's."""
    ada = world.acting("ada")
    titles = ["One", "Two", "Three"]
    for title in titles:
        ada.goals.draft(title=title)
        world.clock.move(minutes=1)
    world.acting("liam").goals.draft(title="Liam's")
    assert [goal.title for goal in ada.goals.mine()] == titles


@pytest.mark.parametrize("status", GoalStatus)
@pytest.mark.parametrize("move", GoalMove)
def test_every_status_and_verb(world: World, status: GoalStatus, move: GoalMove) -> None:
    """A verb does what the table of moves says, and is refused, changing nothing, where the table has no such move."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    for way in WAYS[status]:
        goal = VERBS[way](ada, goal)
    if move in MOVES[status]:
        assert VERBS[move](ada, goal).status is MOVES[status][move]
    else:
        with pytest.raises(IllegalMove) as caught:
            VERBS[move](ada, goal)
        assert set(caught.value.allowed) == {str(m) for m in MOVES[status]}
        assert ada.goals.get(goal.id) == goal


@pytest.mark.parametrize("move", [GoalMove.EDIT, GoalMove.START, GoalMove.LET_GO])
def test_stale_value_conflicts(world: World, move: GoalMove) -> None:
    """A verb on a value that was changed meanwhile is refused; on the id it takes the latest."""
    ada = world.acting("ada")
    stale = ada.goals.draft(title="A goal")
    ada.goals.edit(stale.id, why="Because")
    with pytest.raises(Conflict):
        VERBS[move](ada, stale)
    moved = VERBS[move](ada, stale.id)
    assert (moved.version, moved.why) == (3, "Because")


def test_stale_share_conflicts(world: World) -> None:
    """Sharing a value that was changed meanwhile is refused: she would share what she did not read."""
    ada = world.acting("ada")
    stale = ada.goals.draft(title="A goal")
    ada.goals.edit(stale, title="A changed goal")
    with pytest.raises(Conflict):
        ada.goals.share(stale, "manager")
    assert ada.goals.get(stale.id).audience.is_private


def test_milestones(world: World) -> None:
    """A milestone is ticked off on the day it is where she is, and one that is not there is refused."""
    ada = world.acting("ada")
    world.clock.set(2026, 1, 5, 23, 30)  # Amsterdam is a day further
    goal = ada.goals.draft(title="A goal", milestones=["First", "Second"])
    goal = ada.goals.finish_milestone(goal, "m2")
    assert [milestone.done_on for milestone in goal.milestones] == [None, date(2026, 1, 6)]
    with pytest.raises(InvalidInput, match="m9"):
        ada.goals.finish_milestone(goal, "m9")
    assert [m.title for m in ada.goals.edit(goal, milestones=["Only"]).milestones] == ["Only"]


def test_record_trail(world: World) -> None:
    """Every word on how it goes is kept, with the moment; the last figure and confidence count."""
    ada = world.acting("ada")
    goal = ada.goals.start(ada.goals.draft(title="A goal"))
    ada.goals.record(goal.id, progress=40, confidence=7)
    world.clock.move(days=1)
    goal = ada.goals.record(goal.id, note="Only a word")
    assert (goal.progress, goal.confidence, len(goal.updates)) == (0.4, 7, 2)
    assert goal.heard_of_at() == world.clock.now


def test_private_goal_makes_no_fact(world: World) -> None:
    """Whatever happens to a private goal, no plugin hears of it, not even that it exists."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    for verb in (ada.goals.start, ada.goals.reach, ada.goals.resume, ada.goals.let_go):
        goal = verb(goal)
    ada.goals.share(goal, "only_me")
    assert world.store.outbox("default").pending("fact") == 0


def test_shared_goal_makes_facts(world: World) -> None:
    """Plugins hear that a shared goal was shared, started and ended, as ids; once taken back, nothing more."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    goal = ada.goals.start(goal)
    world.clock.move(minutes=1)
    goal = ada.goals.learn(goal)
    names = {fact.removeprefix(f"{goal.id}:").partition(":")[0] for fact in world.facts()}
    assert names == {"GoalShared", "GoalStarted", "GoalEnded"}
    goal = ada.goals.share(goal, "only_me")
    world.clock.move(minutes=1)
    ada.goals.resume(goal)
    assert len(world.facts()) == 3


def test_share_and_take_back(world: World) -> None:
    """What is shared can be seen by its audience from then on, and no more once it is taken back."""
    ada, sam = world.acting("ada"), world.acting("sam")
    goal = ada.goals.draft(title="A goal")
    ada.goals.share(goal, "manager")
    assert sam.goals.get(goal.id).title == "A goal"
    ada.goals.share(goal.id, "only_me")
    with pytest.raises(NotFound):
        sam.goals.get(goal.id)


def test_share_with_named_people(world: World) -> None:
    """People can be named by external id or e-mail; who is not named does not see it, and nobody is no audience."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    shared = ada.goals.share(goal, ["liam", "zoe@example.org"])
    assert shared.audience.person_ids == (world.id("liam"), world.id("zoe"))
    assert world.acting("zoe").goals.get(goal.id) == shared
    with pytest.raises(NotFound):
        world.acting("noor").goals.get(goal.id)
    for nobody in ([], ["nobody"], "nobody"):
        with pytest.raises((InvalidInput, NotFound)):
            ada.goals.share(goal.id, nobody)
    assert ada.goals.get(goal.id) == shared


def test_new_manager_sees_from_new_sharing(world: World, tell_row: Callable[..., Any]) -> None:
    """A new manager sees nothing from before his time, the old one nothing any more; sharing again hands over."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    world.clock.move(days=10)
    world.tell(tell_row("ada", manager="zoe"))
    for name in ("sam", "zoe"):
        with pytest.raises(NotFound):
            world.acting(name).goals.get(goal.id)
    ada.goals.share(goal.id, "manager")
    assert world.acting("zoe").goals.get(goal.id).title == "A goal"


def test_only_owner_moves(world: World) -> None:
    """Nobody but the owner moves a goal, her manager included, also when he sees it."""
    ada, sam = world.acting("ada"), world.acting("sam")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    for verb in VERBS.values():
        with pytest.raises(NotAllowed):
            verb(sam, goal.id)
    assert ada.goals.get(goal.id) == goal


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "two\nlines"},
        {"title": 7},
        {"title": "x" * 201},
        {"title": "x", "why": "\x00"},
        {"title": "x", "why": "y" * 10_001},
        {"title": "x", "theme": "\ud800"},
        {"title": "x", "due_on": "2026-06-01"},
        {"title": "x", "due_on": date(3000, 1, 1)},
        {"title": "x", "milestones": ["fine", ""]},
        {"title": "x", "milestones": "one text"},
    ],
    ids=repr,
)
def test_bad_input_writes_nothing(world: World, wrong: dict[str, Any]) -> None:
    """What cannot be kept is refused with the name of the field, and nothing is written."""
    ada = world.acting("ada")
    with pytest.raises(InvalidInput) as caught:
        ada.goals.draft(**wrong)
    assert caught.value.problems[0].path.partition(".")[0] in {"goal", "milestone"}
    assert ada.goals.mine() == ()


@pytest.mark.parametrize(
    "wrong",
    [{}, {"progress": float("nan")}, {"progress": float("inf")}, {"confidence": 11}, {"confidence": 0.5}],
    ids=repr,
)
def test_bad_record_writes_nothing(world: World, wrong: dict[str, Any]) -> None:
    """A record that says nothing, or a figure that is none, is refused and nothing is written."""
    ada = world.acting("ada")
    goal = ada.goals.start(ada.goals.draft(title="A goal"))
    with pytest.raises(InvalidInput):
        ada.goals.record(goal, **wrong)
    assert ada.goals.get(goal.id) == goal


def test_unknown_field_of_edit(world: World) -> None:
    """Status, owner and audience cannot be edited: there are verbs for them, or nothing."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    for name in ("status", "owner_id", "audience", "version", "updates"):
        with pytest.raises(InvalidInput, match=f"goal.{name}"):
            ada.goals.edit(goal.id, **{name: "x"})


def test_kept_by_sqlite(make_world: Callable[..., World], tmp_path: Any) -> None:
    """A goal that was written to a SQLite file is there, the same, when the file is opened again."""
    url = f"sqlite:///{tmp_path}/development.db"
    first = make_world(url)
    goal = first.acting("ada").goals.draft(
        title="Å goal with 多 and 🎯", why="a\nb", measure=Measure(target=36.5, tolerance=2)
    )
    first.ws.close()
    again = make_world(url, people=())
    assert again.acting("ada").goals.mine() == (goal,)
