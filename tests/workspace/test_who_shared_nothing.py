"""Who shared nothing is nowhere: no view of a manager, partner or organiser changes when such a person joins."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from ownership.codec import plain
from ownership.domain.check_ins import CheckIn
from ownership.errors import OwnershipError
from ownership.workspace.actor import Actor

if TYPE_CHECKING:
    from tests.workspace.conftest import World

VIEWERS = {"sam": frozenset[str](), "mia": frozenset[str](), "liam": frozenset[str](), "hr": frozenset({"organiser"})}
"""The manager, his manager, a colleague and partner, and the organiser."""

DRAWN = re.compile(r'(?<="id": ")organisation\.2\w+')
"""The id of figures that a call publishes: drawn by chance, so that who drew before makes it another."""


def calls(actor: Actor) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Give every call of an actor that needs no argument, those that come later included."""
    for name, noun in inspect.getmembers(type(actor), lambda member: not isinstance(member, property)):
        if name.startswith("_"):
            continue
        of_noun = [(name, getattr(actor, name))] if inspect.isfunction(noun) else methods_of(name, getattr(actor, name))
        for path, call in of_noun:
            if not inspect.signature(call).parameters:
                yield path, call


def methods_of(name: str, noun: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Give the public methods of a noun, by path."""
    for method, call in inspect.getmembers(noun, inspect.ismethod):
        if not method.startswith("_"):
            yield f"{name}.{method}", call


def talks(actor: Actor) -> tuple[CheckIn, ...]:
    """Give the talks in which an actor is the partner."""
    return actor.check_ins.with_me()


def answer_of(call: Callable[[], Any]) -> str:
    """Give what a call answers as JSON, to the byte; a refusal is an answer too."""
    try:
        return DRAWN.sub("drawn", json.dumps(plain(call()), default=str, sort_keys=True))
    except OwnershipError as error:
        return f"{type(error).__name__}: {error}"


def live(world: World) -> None:
    """Let some months go by in which people share things, and talks are open."""
    world.start_cycle(people=["ada", "liam", "noor"])
    ada, sam = world.acting("ada"), world.acting("sam")
    ada.profile.choose_partner("liam")
    world.clock.set(2026, 1, 6)
    world.work()
    ada.goals.start(ada.goals.share(ada.goals.draft(title="A goal"), "everyone").id)
    ada.check_ins.prepare(challenges="No client", topics=["A workshop"])
    sam.leadership.announce(sam.leadership.hand_over_decision("Who works when"))
    sam.leadership.self_check({sam.leadership.self_check_questions()[0].id: 4})
    world.work()


def join_and_share_nothing(world: World, tell_row: Callable[..., Any]) -> None:
    """Let somebody join the team who does much and shares nothing."""
    world.tell(tell_row("quinn", manager="sam", team="Blue"))
    quinn = world.acting("quinn")
    goal = quinn.goals.start(quinn.goals.draft(title="A secret").id)
    quinn.goals.record(goal.id, progress=40, confidence=3)
    quinn.reflections.write(quinn.reflections.next_prompt().id, "A secret thought")
    quinn.learning.choose("own", title="A secret way", goal_id=goal.id)


@pytest.mark.parametrize("name", VIEWERS)
def test_no_view_changes_by_who_shares_nothing(
    make_world: Callable[..., World], tell_row: Callable[..., Any], name: str
) -> None:
    """Each call answers the same to the byte, whether or not there is somebody in the team who shared nothing."""
    answers: list[dict[str, str]] = []
    for joins in (False, True):
        world = make_world()
        live(world)
        if joins:
            join_and_share_nothing(world, tell_row)
        actor = world.acting(name, roles=VIEWERS[name])
        answers.append({path: answer_of(call) for path, call in calls(actor)})
        answers[-1] |= {f"prepare {it.id}": answer_of(partial(actor.leadership.prepare, it.id)) for it in talks(actor)}
    without, with_quinn = answers
    assert {path: (without[path], with_quinn[path]) for path in without if without[path] != with_quinn[path]} == {}
    assert without.keys() == with_quinn.keys()
    assert {"team.overview", "team.decisions", "leadership.path", "overview", "next_steps"} <= without.keys()
    assert "quinn" not in "".join(with_quinn.values()).casefold()


def test_a_shared_thing_does_change_a_view(make_world: Callable[..., World], tell_row: Callable[..., Any]) -> None:
    """The test above sees something: when that person shares one goal, the manager's view is another."""
    views = []
    for shares in (False, True):
        world = make_world()
        live(world)
        join_and_share_nothing(world, tell_row)
        if shares:
            quinn = world.acting("quinn")
            quinn.goals.share(quinn.goals.mine()[0].id, "manager")
        views.append(answer_of(world.acting("sam").team.overview))
    assert views[0] != views[1]
