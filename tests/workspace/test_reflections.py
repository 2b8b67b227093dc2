"""Reflections: a question a day, answers that are private until shared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, InvalidInput, NotAllowed, NotFound
from ownership.content import Content
from ownership.domain.goals import GoalStatus
from ownership.domain.reflections import Context

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    from ownership.workspace.actor import Actor


OPENINGS = ("start-where-i-stand", "start-where-i-want-to-go", "start-what-i-need")


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


def test_the_first_three(world: World) -> None:
    """Who wrote nothing yet is asked where she stands, where she wants to go and what she needs, in this order."""
    ada = world.acting("ada")
    ada.goals.start(ada.goals.draft(title="A goal"))
    asked = []
    for _ in range(4):
        asked.append(ada.reflections.next_prompt().id)
        ada.reflections.write(asked[-1], "An answer")
    assert tuple(asked[:3]) == OPENINGS
    assert asked[3] not in OPENINGS


def test_prompt_fits_the_situation(world: World) -> None:
    """Who has no goal is asked about that, and who received feedback is asked about what it says."""
    ada = world.acting("ada")
    for prompt_id in OPENINGS:
        ada.reflections.write(prompt_id, "An answer")
    world.clock.move(days=8)
    ada.reflections.write("energy-putting-work-aside", "A walk.")
    assert Context.NO_GOAL in ada.reflections.next_prompt().contexts
    ada.goals.start(ada.goals.draft(title="A goal"))
    assert not ada.reflections.next_prompt().contexts
    world.given()
    assert Context.FEEDBACK_RECEIVED in ada.reflections.next_prompt().contexts
    world.clock.move(days=36)
    assert Context.GOAL_QUIET in ada.reflections.next_prompt().contexts


@pytest.mark.parametrize(("days", "is_new"), [(0, True), (6, True), (7, False), (None, False)])
def test_the_first_week(world: World, tell_row: Callable[..., Any], days: int | None, is_new: bool) -> None:
    """In the first seven days of work a question for that week comes, and not after it or when the day is unknown."""
    start_on = None if days is None else world.clock.now.date() - timedelta(days=days)
    world.tell(tell_row("kai", start_on=start_on))
    world.acting("kai").goals.start(world.acting("kai").goals.draft(title="A goal"))
    world.acting("kai").reflections.write("energy-putting-work-aside", "A walk.")
    assert (Context.FIRST_WEEK in world.acting("kai").reflections.next_prompt().contexts) is is_new


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


@pytest.mark.parametrize("audience", ["partner", "manager", "team", "everyone", ["sam", "zoe"]])
def test_taken_back_from_every_audience(world: World, audience: Any) -> None:
    """Whoever it was shared with, once it is taken back nobody but its owner sees it, and the day is forgotten."""
    world.acting("ada").profile.choose_partner("liam")
    ada = world.acting("ada")
    written = ada.reflections.share(ada.reflections.write("energy-good-moment", "A walk."), audience)
    others = [world.acting(name) for name in ("sam", "liam", "noor", "zoe", "mia")]
    assert [actor for actor in others if sees(actor, written.id)]
    assert ada.visibility.who_sees(written.id)
    back = ada.reflections.share(written, "only_me")
    assert (back.audience.is_private, back.shared_on) == (True, None)
    assert ada.visibility.who_sees(written.id) == ()
    assert [actor for actor in others if sees(actor, written.id)] == []


def sees(actor: Actor, reflection_id: str) -> bool:
    """Whether someone can read a reflection."""
    try:
        return bool(actor.reflections.get(reflection_id))
    except NotFound:
        return False


def test_a_goal_in_one_step(world: World) -> None:
    """From a reflection springs a private draft: why is what was written, word for word, and the theme its own."""
    ada = world.acting("ada")
    text = "\n\tI come alive in front of a group. " + "x" * 9_000
    written = ada.reflections.write("energy-good-moment", text)
    goal = ada.reflections.to_goal(written, title="Stand before a group once a month")
    assert type(goal.theme) is str
    assert (goal.why, goal.theme, goal.title) == (text, "energy", "Stand before a group once a month")
    assert goal.status is GoalStatus.DRAFT
    assert goal.audience.is_private
    assert ada.goals.mine() == (goal,)
    assert ada.reflections.mine() == (written,)
    assert world.facts() == ()


def test_no_goal_from_what_is_not_hers(world: World) -> None:
    """Only the owner makes a goal of a reflection or removes it: to others it is not there, or not theirs to move."""
    ada, sam = world.acting("ada"), world.acting("sam")
    written = ada.reflections.write("energy-good-moment", "A walk.")
    with pytest.raises(NotFound):
        sam.reflections.to_goal(written.id, title="A goal")
    with pytest.raises(NotFound):
        sam.reflections.remove(written.id)
    ada.reflections.share(written, "manager")
    with pytest.raises(NotAllowed):
        sam.reflections.to_goal(written.id, title="A goal")
    with pytest.raises(NotAllowed):
        sam.reflections.remove(written.id)
    with pytest.raises(InvalidInput, match=r"goal\.title"):
        ada.reflections.to_goal(written.id, title="")
    assert ada.goals.mine() == sam.goals.mine() == ()
    assert len(ada.reflections.mine()) == 1


def test_removed_is_gone(world: World) -> None:
    """What was removed is nowhere any more: not for her, not for whom it was shared with, and not in the store."""
    ada, sam = world.acting("ada"), world.acting("sam")
    kept = ada.reflections.write("energy-lighter-task", "Minutes.")
    shared = ada.reflections.share(ada.reflections.write("energy-good-moment", "c4n4ry"), "manager")
    assert sam.reflections.get(shared.id) == shared
    ada.reflections.remove(shared.id)
    assert ada.reflections.mine() == (kept,)
    with pytest.raises(NotFound):
        sam.reflections.get(shared.id)
    with pytest.raises(NotFound):
        ada.reflections.remove(shared.id)
    assert "c4n4ry" not in stored(world)
    assert kept.text in stored(world)


def stored(world: World) -> str:
    """Give all that lies in the store, as text."""
    return "".join(record.body for of in world.store._tenant("default").records.values() for record in of.values())


def test_stale_removal_conflicts(world: World) -> None:
    """Removing a value that was changed meanwhile is refused; it is still there."""
    ada = world.acting("ada")
    stale = ada.reflections.write("energy-good-moment", "A walk.")
    latest = ada.reflections.share(stale, "manager")
    with pytest.raises(Conflict):
        ada.reflections.remove(stale)
    assert ada.reflections.mine() == (latest,)


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
