"""A verb takes the thing itself or its id, whoever owns it; of a thing, the latest version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, InvalidInput, Money, NotFound, Promise

if TYPE_CHECKING:
    from tests.workspace.conftest import World

Deed = Callable[[Any], Any]


def _need(world: World) -> tuple[Any, Deed]:
    need = world.acting("ada").needs.raise_need("Time", to="manager")
    return need, lambda it: world.acting("sam").needs.not_now(it, "the budget is spent")


def _question(world: World) -> tuple[Any, Deed]:
    asked = world.acting("ada").feedback.ask("liam", question="What?")
    return asked, lambda it: world.acting("liam").feedback.answer(it, "That.")


def _request(world: World) -> tuple[Any, Deed]:
    asked = world.acting("ada").learning_requests.ask("own", title="A course", cost=Money(600, "EUR"))
    return asked, world.acting("sam").learning_requests.grant


def _suggestion(world: World) -> tuple[Any, Deed]:
    liam = world.acting("liam")
    return liam.goals.suggest("ada", title="Write"), liam.goals.withdraw


def _cycle(world: World) -> tuple[Any, Deed]:
    hr = world.acting("hr", roles={"organiser"})
    cycle = hr.cycles.start(name="Monthly", cadence="FREQ=MONTHLY")
    return cycle, lambda it: hr.cycles.set_rhythm(it, cadence="FREQ=WEEKLY", team="Blue")


def _rhythm(world: World) -> tuple[Any, Deed]:
    cycle, _ = _cycle(world)
    return cycle, lambda it: world.acting("ada").check_ins.choose_rhythm(it, "FREQ=WEEKLY")


def _agreement(world: World) -> tuple[Any, Deed]:
    world.open_check_in()
    ada = world.acting("ada")
    ada.check_ins.prepare(progress="x")
    ada.check_ins.hold(agreements=[Promise("Write it down")])
    return ada.check_ins.agreements()[0], ada.check_ins.keep_promise


def _topic(world: World) -> tuple[Any, Deed]:
    world.open_check_in()
    ada = world.acting("ada")
    return ada.check_ins.bring_up(topics=["A", "B"]).agenda[1], ada.check_ins.take_off


def _experiment(world: World) -> tuple[Any, Deed]:
    ada = world.acting("ada")
    goal = ada.goals.try_out(ada.goals.start(ada.goals.draft(title="Grow")), "A week without mail")
    return goal.experiments[0], lambda it: ada.goals.keep_experiment(goal.id, it)


def _milestone(world: World) -> tuple[Any, Deed]:
    ada = world.acting("ada")
    goal = ada.goals.draft(title="Grow", milestones=["A step"])
    return goal.milestones[0], lambda it: ada.goals.finish_milestone(goal.id, it)


def _prompt(world: World) -> tuple[Any, Deed]:
    reflections = world.acting("ada").reflections
    return reflections.next_prompt(), lambda it: reflections.write(it, "A thought")


def _opening(world: World) -> tuple[Any, Deed]:
    start = world.acting("ada").start
    return start.questions()[0], lambda it: start.answer(it, "Here")


def _direction(world: World) -> tuple[Any, Deed]:
    start = world.acting("ada").start
    start.answer(start.questions()[0], "Here")
    return start.directions()[0], start.draft


def _option(world: World) -> tuple[Any, Deed]:
    learning = world.acting("ada").learning
    return learning.options()[0], learning.choose


def _catalogue(world: World) -> tuple[Any, Deed]:
    catalogue = world.acting("hr", roles={"organiser"}).catalogue
    return catalogue.add("reading", title="A book"), catalogue.retire


def _moment(world: World) -> tuple[Any, Deed]:
    ada = world.acting("ada")
    return ada.team.plan_moment(theme="Growing", on=date(2026, 2, 2)), lambda it: ada.team.bring(it, "A wish")


def _item(world: World) -> tuple[Any, Deed]:
    ada = world.acting("ada")
    return ada.goals.draft(title="Grow"), lambda it: ada.visibility.preview(it, audience="manager")


MAKERS = [maker for name, maker in sorted(globals().items()) if name[0] == "_" and name[1] != "_" and callable(maker)]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("spoken", ["thing", "id"])
def test_the_thing_or_its_id(world: World, make: Callable[[World], tuple[Any, Deed]], spoken: str) -> None:
    """What was just given back can be handed in again, as it is or by its id."""
    thing, deed = make(world)
    deed(thing if spoken == "thing" else thing.id)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("nonsense", [None, 7, {}, ["x"]], ids=repr)
def test_what_is_neither(world: World, make: Callable[[World], tuple[Any, Deed]], nonsense: object) -> None:
    """What is neither a thing nor an id is refused as such, and the error says what to give."""
    _, deed = make(world)
    with pytest.raises(InvalidInput, match=r"^id: .*give the thing itself, or its id"):
        deed(nonsense)


@pytest.mark.parametrize("make", [_need, _question, _request, _moment], ids=lambda make: make.__name__)
def test_a_thing_that_was_changed_meanwhile(world: World, make: Callable[[World], tuple[Any, Deed]]) -> None:
    """Of a thing the version must be the latest, also when it is another's."""
    thing, deed = make(world)
    deed(thing)
    with pytest.raises(Conflict):
        deed(thing)


def test_an_error_shows_ids_and_no_repr(world: World) -> None:
    """A thing that is not hers to see is named by its id."""
    need = world.acting("ada").needs.raise_need("Time", to="manager")
    with pytest.raises(NotFound) as refused:
        world.acting("liam").needs.not_now(need, "no")
    assert str(refused.value) == f"no need {need.id!r} here, or it is not yours to see"
