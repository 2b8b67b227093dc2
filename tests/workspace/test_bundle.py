"""All that is hers, taken along: what is in it, and the same overview wherever she brings it in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workspace.conftest import World, row

from ownership.domain.bundle import Belongings, Bundle, arriving, comes_along, differences, passage_of
from ownership.domain.people import PersonId
from ownership.portable import bundle_text
from ownership.testing import belongings
from ownership.workspace.records import ORGANISATION, to_record

if TYPE_CHECKING:
    from ownership.domain.overview import Overview

MakeWorld = Callable[..., World]


@pytest.fixture
def elsewhere(make_world: MakeWorld) -> World:
    """Give another workplace, of another tenant, in which only Ada and a manager of another name work."""
    return make_world(people=(row("kim"), row("ada", manager="kim", team="Green")), tenant="elsewhere")


def a_month(world: World) -> None:
    """Let Ada live a month in which a bit of everything happens."""
    ada, sam, liam = (world.acting(name) for name in ("ada", "sam", "liam"))
    world.open_check_in()
    goal = ada.goals.draft(title="Lead a workshop", why="I come alive", theme="speaking")
    ada.goals.start(goal.id)
    ada.goals.record(goal.id, progress=40, confidence=7, note="Dry run")
    ada.goals.invite_supporter(goal.id, "liam")
    ada.goals.share(goal.id, audience="manager")
    reached = ada.goals.draft(title="Read a book")
    ada.goals.start(reached.id)
    ada.goals.learn(reached.id, reflection="Slow is fine")
    ada.goals.draft(title="Something of my own")
    sam.goals.suggest("ada", title="Speak at the fair")
    ada.check_ins.prepare(progress="Well", topics=["Room"])
    sam.check_ins.prepare(ada.check_ins.current().id, progress="Proud")  # type: ignore[union-attr]
    ada.check_ins.hold(ada.check_ins.current().id, agreements=["Book a room"])  # type: ignore[union-attr]
    ada.reflections.write(ada.reflections.next_prompt().id, "Mornings")
    ada.learning.choose(ada.learning.options(goal.id)[0].id, goal_id=goal.id, why="It fits")
    ada.feedback.ask("liam", about=goal.id, question="What should I keep?")
    liam.feedback.answer(liam.feedback.asked_of_me()[0].id, "Your questions.")
    liam.feedback.give("ada", "Thanks for your help.", about="helping")
    ada.feedback.give("liam", "You explain well.")
    ada.needs.raise_need("An hour a week", to="manager")
    ada.profile.rest(until=date(2026, 3, 1))
    sam.visibility.shared_with_me()
    world.work()


def taken_to(elsewhere: World, world: World) -> tuple[Overview, Overview, Bundle]:
    """Let Ada take all of hers from one world to another; gives both overviews and the bundle."""
    elsewhere.clock.now = world.clock.now
    before = world.acting("ada").overview()
    bundle = world.acting("ada").data.export()
    elsewhere.acting("ada").data.import_bundle(bundle_text(bundle))
    return before, elsewhere.acting("ada").overview(), bundle


def everything(world: World, name: str = "ada") -> Belongings:
    """Give all that somebody owns."""
    return world.acting(name).data.export().own


class TestSameOverview:
    def test_a_month_is_the_same_elsewhere(self, world: World, elsewhere: World) -> None:
        """Taken along from one workspace and brought into another, her overview is what it was."""
        a_month(world)
        before, after, bundle = taken_to(elsewhere, world)
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()
        assert [goal.goal.title for goal in after.goals] == [goal.goal.title for goal in before.goals]
        assert {"Liam", "Sam"} <= set(after.names.values())
        assert after.feedback
        assert after.looks

    @pytest.mark.parametrize("part", ["goals", "feedback", "choices", "reflections", "needs", "looks", "ended"])
    def test_what_is_lost_is_noticed(self, world: World, elsewhere: World, part: str) -> None:
        """An overview that lacks something is not the same."""
        a_month(world)
        before, after, bundle = taken_to(elsewhere, world)
        poorer = evolve(after, **{part: getattr(after, part)[1:]})
        assert part in differences(before, poorer, bundle, organisation_id=ORGANISATION)
        nameless = evolve(after, names={})
        assert differences(before, nameless, bundle, organisation_id=ORGANISATION) == ("names",)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
    @given(data=st.data())
    def test_a_drawn_life_is_the_same_elsewhere(self, make_world: MakeWorld, data: st.DataObject) -> None:
        """Whatever somebody owns, her overview elsewhere is the same, and all of it is what it was, as it arrives."""
        world, there = make_world(), make_world(people=(row("ada"),), tenant="elsewhere")
        put(world, data.draw(belongings(st.just(PersonId(world.id("ada"))))))
        before, after, bundle = taken_to(there, world)
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()
        passage = passage_of(bundle, PersonId(there.id("ada")), organisation_id=ORGANISATION)
        expected = sorted(
            (arriving(thing, passage, after.today) for thing in bundle.own.all() if comes_along(thing)),
            key=lambda thing: thing.id,
        )
        [*found] = sorted(everything(there).all(), key=lambda thing: thing.id)
        [arrival] = [thing for thing in found if thing.id == passage.arrival_id]
        found.remove(arrival)
        assert found == expected
        there.work()
        world.ws.close()
        there.ws.close()


def put(world: World, things: Belongings) -> None:
    """Put things into the store, past every call."""
    with world.store.writing(world.ws._desk.tenant) as unit:
        unit.put([to_record(evolve(thing, version=1)) for thing in things.all()])
