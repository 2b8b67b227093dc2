"""The overview: all that is one's own in one value, and the next small step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import asdict

from ownership.domain.next_steps import StepKind

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def test_empty_history(world: World) -> None:
    """From an empty history the overview says that there is nothing yet, and the first step is to find a direction."""
    ada = world.acting("ada")
    overview = ada.overview()
    assert (overview.goals, overview.ended, overview.check_in, overview.talks_held) == ((), (), None, 0)
    assert (overview.feedback, overview.choices, overview.reflections, overview.looks) == ((), (), (), ())
    assert overview.could_choose
    assert [step.kind for step in overview.next_steps] == [StepKind.FIND_DIRECTION]
    assert ada.next_step() == overview.next_steps[0]
    assert overview.person == ada.person


def test_everything_of_her_own(world: World) -> None:
    """The overview has everything that is hers, with the names of whom it mentions."""
    check_in = world.open_check_in()
    ada, liam, sam = (world.acting(name) for name in ("ada", "liam", "sam"))
    goal = ada.goals.start(ada.goals.draft(title="A goal", theme="facilitation"))
    ada.goals.record(goal.id, progress=20)
    ada.goals.record(goal.id, progress=60, confidence=8)
    ada.goals.share(goal.id, "manager")
    ended = ada.goals.let_go(ada.goals.draft(title="Let go"))
    choice = ada.learning.choose(ada.learning.options(goal.id)[0].option.id, goal_id=goal.id)
    written = ada.reflections.write(ada.reflections.next_prompt().id, "A thought")
    asked = ada.feedback.ask("liam", question="What?")
    given = world.given("zoe")
    question = liam.feedback.ask("ada", question="And me?")
    sam.goals.get(goal.id)
    overview = ada.overview()
    (standing,) = overview.goals
    assert (standing.progress, standing.confidence, standing.trail, standing.is_quiet) == (0.6, 8, (0.2, 0.6), False)
    assert [viewer.display_name for viewer in standing.viewers] == ["Sam"]
    assert (overview.ended, overview.choices, overview.reflections) == ((ended,), (choice,), (written,))
    assert (overview.waiting_for, overview.asked_of_me) == ((asked,), (question,))
    assert [(f.id, f.read_on) for f in overview.feedback] == [(given.id, world.clock().date())]
    assert overview.check_in is not None
    assert overview.check_in.id == check_in.id
    assert [look.viewer_id for look in overview.looks] == [world.id("sam")]
    assert {overview.name_of(world.ws.people.find(name).id) for name in ("sam", "liam", "zoe")} == {
        "Sam",
        "Liam",
        "Zoe",
    }
    assert overview.could_choose[0].because == "fits_theme"


def test_nothing_of_others(world: World) -> None:
    """Nothing that others have, shared or not, is in the overview of someone else, but what they ask of her."""
    ada = world.acting("ada")
    goal = ada.goals.start(ada.goals.draft(title="Unmistakable"))
    ada.goals.share(goal, "everyone")
    ada.reflections.share(ada.reflections.write(ada.reflections.next_prompt().id, "Unmistakable").id, "everyone")
    world.given(text="Unmistakable")
    for name in ("sam", "liam", "zoe", "hr"):
        assert "Unmistakable" not in repr(asdict(world.acting(name).overview()))
    assert "Unmistakable" in repr(asdict(ada.overview()))


def test_silence_is_no_news(world: World) -> None:
    """A goal of which nothing was heard for over a month is quiet, and saying how it goes is a next step."""
    ada = world.acting("ada")
    goal = ada.goals.start(ada.goals.draft(title="A goal"))
    world.clock.move(days=36)
    assert ada.overview().goals[0].is_quiet
    steps = {step.kind: step for step in ada.next_steps()}
    assert steps[StepKind.SAY_HOW_IT_GOES].about_id == goal.id
    ada.goals.record(goal, note="Still here")
    assert not ada.overview().goals[0].is_quiet


def test_steps_lead_on(world: World) -> None:
    """Each small step that is done makes room for the next, at most three at a time, until nothing needs doing."""
    world.open_check_in()
    ada = world.acting("ada")
    world.acting("liam").feedback.ask("ada", question="What?")
    goal = ada.goals.draft(title="A goal")
    assert [step.kind for step in ada.next_steps()] == [
        StepKind.PREPARE_CHECK_IN,
        StepKind.GIVE_FEEDBACK,
        StepKind.START_GOAL,
    ]
    ada.check_ins.prepare(progress="x")
    ada.feedback.answer(ada.next_step().about_id, "That.")
    ada.goals.start(ada.next_step().about_id)
    assert ada.next_step().kind is StepKind.CHOOSE_LEARNING
    ada.learning.choose("own", title="A way", goal_id=goal.id)
    assert ada.next_step().kind is StepKind.NOTHING
    assert len(ada.next_steps()) == 1


def test_a_question_shown_is_a_look(world: World) -> None:
    """An overview that shows what a colleague asks is a look at it; one that shows nothing of others is none."""
    ada, liam = world.acting("ada"), world.acting("liam")
    liam.overview()
    assert ada.data.who_looked() == ()
    request = ada.feedback.ask("liam", question="What?")
    liam.overview()
    assert [look.item_ids for look in ada.data.who_looked()] == [(request.id,)]
