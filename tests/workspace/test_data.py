"""One's own data: who looked, and no look without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from attrs import asdict

from ownership import InvalidInput, Unavailable
from ownership.domain.journal import Look
from ownership.domain.people import Person
from ownership.workspace.records import ValueUnit

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    from ownership.workspace.actor import Actor

OWN_READS: dict[str, Callable[[Actor], Any]] = {
    "person": lambda actor: actor.person,
    "goals": lambda actor: actor.goals.mine(),
    "check-ins": lambda actor: actor.check_ins.mine(),
    "current": lambda actor: actor.check_ins.current(),
    "prepare": lambda actor: actor.check_ins.prepare(progress="x"),
    "reflections": lambda actor: actor.reflections.mine(),
    "prompt": lambda actor: actor.reflections.next_prompt(),
    "openings": lambda actor: actor.start.questions(),
    "resting": lambda actor: actor.profile.is_resting(),
    "choices": lambda actor: actor.learning.mine(),
    "options": lambda actor: actor.learning.options(),
    "received": lambda actor: actor.feedback.received(),
    "given": lambda actor: actor.feedback.given(),
    "asked": lambda actor: actor.feedback.asked_of_me(),
    "inbox": lambda actor: actor.inbox.messages(),
    "looks": lambda actor: actor.data.who_looked(),
    "steps": lambda actor: actor.next_steps(),
    "overview": lambda actor: actor.overview(),
    "team": lambda actor: actor.team.overview(),
    "with-me": lambda actor: actor.check_ins.with_me(),
    "path": lambda actor: actor.leadership.path(),
    "self-checks": lambda actor: actor.leadership.self_checks(),
    "decisions": lambda actor: actor.team.decisions(),
}


@pytest.mark.parametrize("name", OWN_READS)
def test_own_reads_are_not_journalled(world: World, name: str) -> None:
    """What someone reads of her own leaves no look."""
    world.open_check_in()
    OWN_READS[name](world.acting("ada"))
    assert world.looks("ada") == []


@pytest.mark.parametrize("name", OWN_READS)
def test_acting_as_her_is_journalled(world: World, name: str) -> None:
    """Whatever someone who acts as her reads, she reads afterwards who it really was."""
    world.open_check_in()
    OWN_READS[name](world.acting("ada", on_behalf_of="support desk: kim"))
    assert [(viewer, real_user) for viewer, _, real_user in world.looks("ada")] == [("ada", "support desk: kim")]


@pytest.mark.parametrize("nameless", ["", "  ", 7])
def test_a_real_user_has_a_name(world: World, nameless: Any) -> None:
    """An empty name would leave somebody else's looks out of her journal, so it is refused; None is herself."""
    for act in (world.ws.acting_as, world.ws.acting_as_leaver):
        with pytest.raises(InvalidInput, match=r"on_behalf_of: has no name"):
            act("ada", on_behalf_of=nameless)
    assert world.acting("ada", on_behalf_of=None).goals.mine() == ()
    assert world.looks("ada") == []


def test_acting_as_another_reader(world: World) -> None:
    """Who acts as the manager and reads her goal stands in her journal under the real name, and in his."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    world.acting("sam", on_behalf_of="kim").goals.get(goal.id)
    assert world.looks("ada") == [("sam", (goal.id,), "kim")]
    assert world.looks("sam") == [("sam", (), "kim")]


def test_own_item_read_for_her(world: World) -> None:
    """A single item that is read by someone acting as her stands in her journal by its id."""
    goal = world.acting("ada").goals.draft(title="A goal")
    world.acting("ada", on_behalf_of="kim").goals.get(goal.id)
    assert world.looks("ada") == [("ada", (goal.id,), "kim")]


def test_no_read_without_a_trace(make_world: Callable[..., World]) -> None:
    """When the look cannot be written, nothing is shown: both are one transaction."""
    for fails_after in range(20):
        world = make_world("frail:")
        ada = world.acting("ada")
        goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
        sam = world.acting("sam")
        world.store.fails_after = fails_after
        try:
            shown = sam.goals.get(goal.id)
        except Unavailable:
            assert world.looks("ada") == []
        else:
            assert shown == goal
            world.store.fails_after = None
            assert world.looks("ada") == [("sam", (goal.id,), "")]
            break
    assert 3 < fails_after < 19


def test_a_look_holds_no_text(world: World) -> None:
    """A look holds ids and a moment; nothing of what was read."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="Unmistakable"), "manager")
    world.acting("sam").goals.get(goal.id)
    with world.ws._desk.reading() as unit:
        (look,) = unit.all_of(world.id("ada"), Look)
    assert (look.viewer_id, look.at, look.item_ids) == (world.id("sam"), world.clock.now, (goal.id,))
    assert "Unmistakable" not in repr(asdict(look))


def test_newest_look_first(world: World) -> None:
    """She reads the newest look first, and only looks at her own things."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "everyone")
    for name in ("sam", "liam", "zoe"):
        world.clock.move(hours=1)
        world.acting(name).goals.get(goal.id)
    assert [viewer for viewer, _, _ in world.looks("ada")] == ["sam", "liam", "zoe"]
    moments = [look.at for look in ada.data.who_looked()]
    assert moments == sorted(moments, reverse=True)
    assert all(world.acting(name).data.who_looked() == () for name in ("sam", "liam", "zoe"))


def test_looks_cannot_be_seen_by_others(world: World) -> None:
    """Who looked is hers to know: no door shows the journal of another."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "everyone")
    world.acting("sam").goals.get(goal.id)
    with world.ws._desk.reading() as unit:
        assert isinstance(unit, ValueUnit)
        (look,) = unit.find(Look)
        assert look.owner_id == unit.one(Person, world.id("ada")).id
    assert world.acting("sam").data.who_looked() == ()


def test_a_look_is_told_with_names(world: World) -> None:
    """She reads who looked by name, and what was looked at by its kind and its title of now; the journal keeps ids."""
    ada = world.acting("ada")
    check_in = world.open_check_in()
    ada.check_ins.bring_up(topics=["My week"])
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    offer = ada.visibility.share(ada.learning.offer("coaching", title="Three talks").id, "manager")
    written = ada.reflections.write("start-what-i-need", "Time.")
    ada.reflections.share(written, "manager")
    world.acting("sam", on_behalf_of="support: kim").visibility.shared_with_me()
    ada.goals.edit(goal.id, title="A better goal")
    (look,) = ada.data.who_looked()
    assert (look.viewer_id, look.viewer_name, look.on_behalf_of) == (world.id("sam"), "Sam", "support: kim")
    assert {(item.id, item.kind, item.title) for item in look.items} == {
        (check_in.id, "check-in", ""),
        (goal.id, "goal", "A better goal"),
        (offer.id, "learning option", "Three talks"),
        (written.id, "reflection", written.question),
    }
    assert "A better goal" not in repr(look)
    assert "Sam" not in repr(look)


def test_what_is_gone_has_no_name(world: World) -> None:
    """An item that is removed, and a viewer who is, stay in the journal by their ids."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    seen = world.acting("sam").goals.get(goal.id)
    sam = world.ws.people.find("sam")
    with world.ws._desk.writing() as unit:
        unit.remove(seen)
        unit.remove(sam)
    (look,) = ada.data.who_looked()
    assert (look.viewer_name, look.items[0].kind, look.items[0].title) == ("", "goal", "")
    assert look.item_ids == (goal.id,)
