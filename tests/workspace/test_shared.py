"""What others share with someone: found, and exactly what the decision allows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from ownership.domain.goals import Goal
from ownership.domain.learning import LearningChoice
from ownership.domain.moments import local_day
from ownership.domain.people import Person
from ownership.domain.visibility import Reason, Relations, decide
from ownership.workspace.records import SHAREABLE
from ownership.workspace.shared import _candidates, _related
from ownership.workspace.sight import Sight

if TYPE_CHECKING:
    from tests.workspace.conftest import World

NAMES = ("mia", "sam", "ada", "liam", "noor", "zoe", "hr")
AUDIENCES: tuple[Any, ...] = ("only_me", "partner", "manager", "team", "everyone", ["liam", "zoe"])


def shared(world: World, name: str) -> dict[str, Reason]:
    """Give what someone finds, by id, with the reason."""
    found = world.acting(name).visibility.shared_with_me()
    return {item.item.id: item.reason for person in found for item in person.items}


def allowed(world: World, name: str) -> dict[str, Reason]:
    """Decide about everything that is stored, item by item, and keep what is shared with someone in particular."""
    with world.ws._desk.reading() as unit:
        everyone = {person.id: person for person in unit.find(Person)}
        viewer = everyone[world.id(name)]  # type: ignore[index]
        owned = [unit.owned(owner_id, *SHAREABLE) for owner_id in everyone]
    decided = {}
    for item in [item for things in owned for of_class in things.values() for item in of_class]:
        owner = everyone[item.owner_id]
        decision = decide(viewer, item, Relations(owner, local_day(world.clock.now, owner.zone.key)))
        if decision:
            decided[item.id] = decision.reason
    others = {Reason.OWNER, Reason.PARTY, Reason.EVERYONE}
    return {id_: reason for id_, reason in decided.items() if reason not in others}


def share_everything(world: World) -> None:
    """Let Ada, Liam and Sam share a thing of each kind with each audience."""
    for name, audience in product(("ada", "liam", "sam"), AUDIENCES):
        actor = world.acting(name)
        actor.visibility.share(actor.goals.draft(title="A goal").id, audience)
        actor.visibility.share(actor.reflections.write("start-what-i-need", "Time.").id, audience)
        actor.visibility.share(actor.learning.choose("own", title="A book").id, audience)
        actor.visibility.share(actor.learning.offer("coaching", title="Talks").id, audience)
        actor.visibility.share(world.acting("zoe").feedback.give(name, "Well done.").id, audience)


def test_the_list_is_the_check_on_everything(world: World, tell_row: Callable[..., Any]) -> None:
    """For everyone, before and after people move, the list is exactly the decision applied to all that is stored."""
    world.open_check_in()
    share_everything(world)
    met: set[Reason] = set()

    def compare() -> None:
        for name in NAMES:
            expected = allowed(world, name)
            assert shared(world, name) == expected
            met.update(expected.values())

    compare()
    world.acting("ada").profile.choose_partner("noor")
    world.clock.move(days=20)
    share_everything(world)
    compare()
    world.tell(tell_row("ada", manager="zoe", team="Red"), tell_row("liam", manager="mia"), tell_row("noor", team=""))
    world.clock.move(days=1)
    compare()
    share_everything(world)
    compare()
    world.acting("ada").profile.choose_partner(None)
    compare()
    assert met == {Reason.NAMED, Reason.PARTNER, Reason.MANAGER, Reason.TEAM}


def test_it_is_grouped_by_owner_and_journalled(world: World) -> None:
    """Each person stands there once, by name, with what they share; and reads that it was looked at."""
    for name in ("noor", "ada"):
        actor = world.acting(name)
        actor.goals.share(actor.goals.draft(title="A goal"), ["zoe"])
        actor.goals.draft(title="A draft")
    ada, noor = world.acting("zoe").visibility.shared_with_me()
    assert [person.display_name for person in (ada, noor)] == ["Ada", "Noor"]
    assert (ada.owner_id, len(ada.items), ada.items[0].reason) == (world.id("ada"), 1, Reason.NAMED)
    assert world.looks("ada") == [("zoe", (ada.items[0].item.id,), "")]
    assert world.looks("liam") == []


def test_of_a_check_in_only_what_is_his_to_read(world: World) -> None:
    """A check-in shows in the list what it shows when it is opened: nothing that is still being prepared."""
    check_in = world.open_check_in()
    world.acting("ada").check_ins.prepare(progress="Not ready yet.", ready=False)
    world.acting("sam").check_ins.prepare(check_in.id, topics=["Mine"])
    ((item,),) = [person.items for person in world.acting("sam").visibility.shared_with_me()]
    assert item.item == world.acting("sam").check_ins.get(check_in.id)
    assert [preparation.by_id for preparation in item.item.preparations] == [world.id("sam")]
    assert [topic.text for topic in item.item.agenda] == ["Mine"]


def test_what_stays_hers_of_what_she_shares(world: World) -> None:
    """Of a choice that is shared she alone reads whether it was a real one, in every way that it can be read."""
    ada = world.acting("ada")
    choice = ada.learning.share(ada.learning.choose("own", title="A book"), "manager")
    ada.learning.was_real_choice(choice.id, "no")
    ((item,),) = [person.items for person in world.acting("sam").visibility.shared_with_me()]
    assert item.item == choice.seen_by_others()
    with world.ws._desk.reading() as unit:
        look = Sight(world.ws._desk, unit, world.id("sam"))  # type: ignore[arg-type]
        assert look.see(LearningChoice, choice.id) == choice.seen_by_others()
        own = Sight(world.ws._desk, unit, world.id("ada"))  # type: ignore[arg-type]
        assert own.see(LearningChoice, choice.id).was_real == "no"


def test_only_what_might_be_hers_is_looked_through(world: World) -> None:
    """What is read to find it belongs to those who have her as manager, partner or colleague, or names her."""
    for name in ("ada", "liam", "noor"):
        actor = world.acting(name)
        actor.goals.share(actor.goals.draft(title="A goal"), "everyone")
    world.acting("liam").goals.share(world.acting("liam").goals.draft(title="For somebody else"), ["mia"])
    named = world.acting("hr").goals.share(world.acting("hr").goals.draft(title="A goal"), ["zoe"])
    world.acting("ada").profile.choose_partner("zoe")
    zoe_id: Any = world.id("zoe")
    with world.ws._desk.reading() as unit:
        sight = Sight(world.ws._desk, unit, zoe_id)
        assert _related(sight, zoe_id).keys() == {zoe_id, world.id("ada")}
        found = {goal.id for goal in _candidates(sight, zoe_id, [Goal])}
    assert found == {named.id, world.acting("ada").goals.mine()[0].id}
    partner = world.acting("ada").goals.share(world.acting("ada").goals.draft(title="For two"), "partner")
    assert shared(world, "zoe") == {named.id: Reason.NAMED, partner.id: Reason.PARTNER}


def test_taken_back_is_out_of_the_list(world: World) -> None:
    """Who is named no longer finds it no longer."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), ["zoe", "hr"])
    assert shared(world, "hr") == {goal.id: Reason.NAMED}
    ada.goals.share(goal.id, ["zoe"])
    assert (shared(world, "hr"), shared(world, "zoe")) == ({}, {goal.id: Reason.NAMED})
    ada.goals.share(goal.id, "only_me")
    assert shared(world, "zoe") == {}


@pytest.mark.parametrize("url", ["memory:", "sqlite:"])
def test_every_store_finds_the_named(make_world: Callable[..., World], tmp_path: Any, url: str) -> None:
    """By name, in every store that comes with it."""
    world = make_world(f"{url}///{tmp_path}/x.db" if url == "sqlite:" else url)
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), ["zoe", "hr"])
    assert shared(world, "zoe") == shared(world, "hr") == {goal.id: Reason.NAMED}
