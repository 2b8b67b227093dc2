"""Starting: from nothing, in a few calls, to three directions and a private draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from ownership import InvalidInput, NotFound
from ownership.content import Content
from ownership.domain.directions import DirectionId, DirectionKind, DirectionText
from ownership.domain.goals import GoalStatus
from ownership.domain.reflections import PromptId, Theme
from ownership.ports.content import Pack

if TYPE_CHECKING:
    from tests.workspace.conftest import World

OPENINGS = ("start-where-i-stand", "start-where-i-want-to-go", "start-what-i-need")


def test_from_nothing_to_a_draft(world: World) -> None:
    """Three questions, three answers, three directions of different kinds, and a draft that nobody else sees."""
    ada = world.acting("ada")
    opening = ada.start.questions()
    assert tuple(each.prompt.id for each in opening) == OPENINGS
    assert {each.answer for each in opening} == {None}
    said = ["Explaining things fits me.", "I want to lead a workshop.", "Someone who thinks along."]
    for each, text in zip(opening, said, strict=True):
        ada.start.answer(each.prompt.id, text)
    assert [each.answer.text for each in ada.start.questions() if each.answer] == said
    directions = ada.start.directions()
    assert [direction.kind for direction in directions] == list(DirectionKind)
    assert [direction.words for direction in directions] == said
    goal = ada.start.draft(directions[1].id)
    assert (goal.status, goal.audience.is_private) == (GoalStatus.DRAFT, True)
    assert (goal.title, goal.why, goal.theme) == ("Take the lead once, in something small", said[1], "ambition")
    assert ada.goals.mine() == (goal,)
    assert world.facts() == ()
    assert world.looks("ada") == []
    with pytest.raises(NotFound):
        world.acting("sam").goals.get(goal.id)


def test_the_chooser_leads_the_same_way(world: World) -> None:
    """Who follows the next prompt three times has begun as well: it is the same three questions and answers."""
    ada = world.acting("ada")
    for _ in range(3):
        ada.reflections.write(ada.reflections.next_prompt().id, "Words.")
    assert [each.answer is not None for each in ada.start.questions()] == [True] * 3
    assert len(ada.start.directions()) == 3


def test_in_her_language(world: World) -> None:
    """Questions and directions are in the language of who begins."""
    noor = world.acting("noor")
    assert noor.start.questions()[0].question.startswith("Waar sta je nu")
    noor.start.answer(OPENINGS[0], "Rust.")
    assert noor.start.directions()[0].title == "Meer doen van wat goed bij me past"


def test_one_answer_is_enough(world: World) -> None:
    """With one answer there are three directions; without any, the way out is told."""
    ada = world.acting("ada")
    for call in (ada.start.directions, lambda: ada.start.draft("build-on-what-fits")):
        with pytest.raises(InvalidInput, match="answer one of the questions"):
            call()
    written = ada.start.answer(OPENINGS[2], "Time.")
    directions = ada.start.directions()
    assert len({direction.kind for direction in directions}) == 3
    assert {direction.reflection_id for direction in directions} == {written.id}
    ada.reflections.remove(written.id)
    with pytest.raises(InvalidInput):
        ada.start.directions()


def test_nothing_is_cut_off(world: World) -> None:
    """An answer as long as there are becomes the why of the draft, to the letter; and a title of one's own counts."""
    ada = world.acting("ada")
    text = "\n" + "é" * 9_998 + "\t"
    ada.start.answer(OPENINGS[1], text)
    goal = ada.start.draft("step-towards-what-i-want", title="My own words for it")
    assert (goal.why, goal.title) == (text, "My own words for it")
    with pytest.raises(InvalidInput, match=r"goal\.title"):
        ada.start.draft("step-towards-what-i-want", title="x" * 201)
    assert len(ada.goals.mine()) == 1


def test_the_latest_answer_counts(world: World) -> None:
    """Who answers again keeps both answers, and goes on with the latest."""
    ada = world.acting("ada")
    ada.start.answer(OPENINGS[1], "I want to lead.")
    assert ada.start.directions()[1].id == "step-towards-leading"
    world.clock.move(minutes=1)
    ada.start.answer(OPENINGS[1], "I want peace and quiet.")
    assert ada.start.directions()[1].words == "I want peace and quiet."
    assert len(ada.reflections.mine()) == 2
    with pytest.raises(NotFound, match="direction"):
        ada.start.draft("step-towards-leading")
    with pytest.raises(NotFound, match="question"):
        ada.start.answer("energy-good-moment", "A walk.")


def test_answers_of_others_are_not_hers(world: World) -> None:
    """What another answered leads to nothing for her, also when it is shared with her."""
    liam = world.acting("liam")
    liam.reflections.share(liam.start.answer(OPENINGS[0], "Mine."), "everyone")
    ada = world.acting("ada")
    assert {each.answer for each in ada.start.questions()} == {None}
    with pytest.raises(InvalidInput):
        ada.start.directions()


def test_a_pack_can_replace_them(make_world: Callable[..., World]) -> None:
    """A pack's direction takes the place of ours under its id, and one with cues of its own is there too."""
    replaced = DirectionText(
        DirectionId("build-on-what-fits"),
        DirectionKind.BUILD_ON,
        PromptId(OPENINGS[0]),
        Theme.STRENGTHS,
        {"en": "Bake more of the bread I love"},
        {"en": "Love is half the bread."},
    )
    rye = DirectionText(
        DirectionId("bakery-rye"),
        DirectionKind.BUILD_ON,
        PromptId(OPENINGS[0]),
        Theme.STRENGTHS,
        {"en": "Become the one for rye"},
        {"en": "Rye came up in what you wrote."},
        {"en": ("rye",)},
    )
    ada = make_world(packs=[Pack(directions=(replaced, rye))]).acting("ada")
    ada.start.answer(OPENINGS[0], "Kneading.")
    assert ada.start.directions()[0].title == "Bake more of the bread I love"
    ada.start.answer(OPENINGS[0], "Kneading rye.")
    assert ada.start.directions()[0].id == "bakery-rye"


def test_without_packs(world: World) -> None:
    """Without any pack there are no questions, and that an answer is missing is said."""
    world.ws._desk.content = Content(())
    assert world.acting("ada").start.questions() == ()
    with pytest.raises(InvalidInput):
        world.acting("ada").start.directions()
