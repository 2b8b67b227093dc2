"""Leadership: the next talk prepared with questions, from shared things only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ownership import NotFound, Promise
from ownership.domain.leadership import Step

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def test_preparation(world: World) -> None:
    """The partner gets her topics, what she prepared, what he promised, three questions, one thing to let go of."""
    first = world.open_check_in()
    ada, sam = world.acting("ada"), world.acting("sam")
    sam.check_ins.hold(first.id, agreements=["Make room", Promise("Try it", by="ada")])
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "partner")
    ada.goals.draft(title="A secret")
    world.clock.set(2026, 2, 3)
    world.work()
    second = ada.check_ins.prepare(progress="Going well", topics=["Room for the workshop"])
    talk = sam.leadership.prepare(second.id)
    assert (talk.check_in.id, talk.person.external_id) == (second.id, "ada")
    assert [topic.text for topic in talk.topics] == ["Room for the workshop"]
    assert talk.her_preparation is not None
    assert talk.her_preparation.progress == "Going well"
    assert [promise.text for promise in talk.your_promises] == ["Make room"]
    assert [shared.id for shared in talk.shared_goals] == [goal.id]
    assert [question.step for question in talk.questions] == [Step.GOAL, Step.REALITY, Step.OPTIONS]
    assert talk.let_go is not None
    assert sam.leadership.prepare(second.id) == talk


def test_journalled(world: World) -> None:
    """She reads in her journal that he prepared, and which of her things he saw then."""
    check_in = world.open_check_in()
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    world.acting("sam").leadership.prepare(check_in.id)
    assert world.looks("ada") == [("sam", (check_in.id, goal.id), "")]


def test_not_for_others(world: World) -> None:
    """Nobody prepares for a talk that is not theirs to see, and a talk that is not there is the same."""
    check_in = world.open_check_in()
    for name in ("liam", "mia", "zoe", "hr"):
        for id_ in (check_in.id, f"{check_in.id}9", "x"):
            with pytest.raises(NotFound):
                world.acting(name).leadership.prepare(id_)
    assert world.looks("ada") == []
