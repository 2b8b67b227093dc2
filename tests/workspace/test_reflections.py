"""Reflections: a question a day, answers that are private until shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ownership import Conflict, InvalidInput, NotFound
from ownership.content import Content
from ownership.domain.reflections import Context

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def test_prompt_stays_for_a_day(world: World) -> None:
    """The question to think about stays the same for a day, however often it is asked for."""
    ada = world.acting("ada")
    assert len({ada.reflections.next_prompt().id for _ in range(5)}) == 1


def test_prompts_do_not_repeat(world: World) -> None:
    """A question that was answered comes back only after all the others."""
    ada = world.acting("ada")
    asked = []
    for _ in range(12):
        prompt = ada.reflections.next_prompt()
        ada.reflections.write(prompt.id, "An answer")
        asked.append(prompt.id)
    assert len(set(asked)) == 12


def test_prompt_fits_the_situation(world: World) -> None:
    """Who has no goal is asked about that, and who received feedback is asked about what it says."""
    ada = world.acting("ada")
    assert Context.NO_GOAL in ada.reflections.next_prompt().contexts
    ada.goals.start(ada.goals.draft(title="A goal"))
    assert not ada.reflections.next_prompt().contexts
    world.given()
    assert Context.FEEDBACK_RECEIVED in ada.reflections.next_prompt().contexts
    world.clock.move(days=36)
    assert Context.GOAL_QUIET in ada.reflections.next_prompt().contexts


def test_written_in_her_language(world: World) -> None:
    """A reflection keeps the question as it was asked, in the language of who answered it."""
    noor = world.acting("noor")
    prompt = noor.reflections.next_prompt()
    written = noor.reflections.write(prompt.id, "Een antwoord")
    assert (written.question, written.theme) == (prompt.texts["nl"], prompt.theme)
    noor.profile.use_language("en-GB")
    assert noor.reflections.write(prompt.id, "An answer").question == prompt.texts["en"]
    assert [it.text for it in noor.reflections.mine()] == ["Een antwoord", "An answer"]


def test_private_until_shared(world: World) -> None:
    """A reflection is nobody else's until it is shared, and again once it is taken back; no plugin hears of it."""
    ada, sam = world.acting("ada"), world.acting("sam")
    written = ada.reflections.write(ada.reflections.next_prompt().id, "I would like to lead.")
    with pytest.raises(NotFound):
        sam.reflections.get(written.id)
    shared = ada.reflections.share(written, "manager")
    assert sam.reflections.get(written.id) == shared
    ada.reflections.share(shared, "only_me")
    with pytest.raises(NotFound):
        sam.reflections.get(written.id)
    assert world.facts() == ()


def test_stale_share_conflicts(world: World) -> None:
    """Sharing a value that was changed meanwhile is refused; the id takes the latest."""
    ada = world.acting("ada")
    stale = ada.reflections.write(ada.reflections.next_prompt().id, "A thought")
    ada.reflections.share(stale, "manager")
    with pytest.raises(Conflict):
        ada.reflections.share(stale, "everyone")
    assert ada.reflections.share(stale.id, "only_me").version == 3


def test_bad_input(world: World) -> None:
    """An unknown prompt and an empty answer are refused, and nothing is written."""
    ada = world.acting("ada")
    with pytest.raises(NotFound):
        ada.reflections.write("no-such-prompt", "An answer")
    for text in ("", " \n", "\x00", "x" * 10_001):
        with pytest.raises(InvalidInput):
            ada.reflections.write(ada.reflections.next_prompt().id, text)
    assert ada.reflections.mine() == ()


def test_no_prompts(world: World) -> None:
    """Without any pack there is no next question, and that is said."""
    world.ws._desk.content = Content(())
    with pytest.raises(NotFound, match="prompt"):
        world.acting("ada").reflections.next_prompt()
