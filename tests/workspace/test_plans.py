"""Development plans: drafted alone, offered to the partner, acknowledged by both, carried elsewhere by her alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ownership import Conflict, IllegalMove, InvalidInput, NotAllowed, NotFound, OwnershipError, Promise
from ownership.domain.plans import MOVES, DevelopmentPlan, PlanMove, PlanPart, PlanStatus

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def life_of(world: World, name: str = "ada") -> tuple[str, str, str]:
    """Let someone have a goal, a way of learning and an agreement with her manager; give their ids."""
    actor = world.acting(name)
    goal = actor.goals.draft(title="Lead a workshop", why="I come alive there", due_on=date(2026, 9, 1))
    actor.goals.start(goal.id)
    actor.goals.record(goal.id, progress=40)
    choice = actor.learning.choose("own", title="Watch Liam at work", goal_id=goal.id)
    check_in = world.open_check_in(name)
    held = world.acting("sam").check_ins.hold(check_in.id, agreements=[Promise("I free up Friday afternoons")])
    return goal.id, choice.id, held.agreements[0].id


def offered(world: World) -> DevelopmentPlan:
    """Let Ada offer a plan to Sam."""
    life_of(world)
    ada = world.acting("ada")
    return ada.plan.offer(ada.plan.draft())


def settled(world: World) -> DevelopmentPlan:
    """Let both acknowledge a plan."""
    plan = offered(world)
    world.acting("ada").plan.acknowledge(plan.id)
    return world.acting("sam").plan.acknowledge(plan.id)


def others_see_nothing(world: World, plan_id: str, *names: str) -> None:
    """Hold that people see nothing of a plan."""
    for name in names:
        other = world.acting(name)
        assert plan_id not in [plan.id for plan in other.plan.with_me()]
        for call in (other.plan.get, other.plan.acknowledge, other.plan.ask_to_talk, other.plan.withdraw):
            with pytest.raises(NotFound):
                call(plan_id)


def test_a_plan_from_draft_to_settled(world: World) -> None:
    """She drafts what is active, he sees it once offered, both acknowledge, and then it is the current one."""
    goal_id, choice_id, agreement_id = life_of(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    drafted = ada.plan.draft()
    assert drafted.contents.ids == (goal_id, choice_id, agreement_id)
    assert (drafted.made_on, drafted.contents.goals[0].progress) == (date(2026, 1, 6), 0.4)
    others_see_nothing(world, drafted.id, "sam", "liam", "hr", "mia")
    plan = ada.plan.offer(drafted)
    assert sam.plan.with_me() == (plan,)
    assert ada.plan.current() is None
    ada.plan.acknowledge(plan)
    done = sam.plan.acknowledge(plan.id)
    assert (done.status, done.settled_on) == (PlanStatus.SETTLED, date(2026, 1, 6))
    assert ada.plan.current() == done == sam.plan.get(plan.id)
    assert sam.plan.with_me() == (done,)
    others_see_nothing(world, plan.id, "liam", "hr", "mia", "zoe")


def test_she_chooses_what_goes_in(world: World) -> None:
    """Exactly what she picks is in it; by sharing the copies the goals themselves stay hers alone."""
    goal_id, choice_id, agreement_id = life_of(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    secret = ada.goals.draft(title="Find another trade")
    ada.goals.start(secret.id)
    idea = ada.goals.draft(title="Write a column")
    plan = ada.plan.offer(ada.plan.draft(goals=[goal_id, idea], choices=[], agreements=[]))
    assert sam.plan.get(plan.id).contents.ids == (goal_id, idea.id)
    for id_ in (goal_id, idea.id, secret.id):
        with pytest.raises(NotFound):
            sam.goals.get(id_)
    again = ada.plan.draft(goals=[], choices=[ada.learning.mine()[0]], agreements=[agreement_id])
    assert again.contents.ids == (choice_id, agreement_id)
    held = ada.check_ins.mine()[0].agreements[0]
    assert ada.plan.draft(goals=[], choices=[], agreements=[held]).contents.ids == (agreement_id,)


def test_what_cannot_be_picked(world: World) -> None:
    """Another's, the unknown, one text for several, what has ended and nothing at all are refused; nothing is made."""
    _, _, agreement_id = life_of(world)
    ada, liam = world.acting("ada"), world.acting("liam")
    other = liam.goals.draft(title="Mine")
    liam.goals.share(other.id, "everyone")
    ended = ada.goals.let_go(ada.goals.draft(title="Old").id)
    refused: list[tuple[type[Exception], dict[str, Any]]] = [
        (NotAllowed, {"goals": [other.id]}),
        (NotFound, {"goals": ["nothing"]}),
        (NotFound, {"choices": [other.id]}),
        (NotFound, {"agreements": [f"{agreement_id}9"]}),
        (InvalidInput, {"goals": ended.id}),
        (InvalidInput, {"choices": "x"}),
        (InvalidInput, {"agreements": agreement_id}),
        (InvalidInput, {"goals": [ended]}),
        (InvalidInput, {"goals": [], "choices": [], "agreements": []}),
    ]
    for error, picked in refused:
        with pytest.raises(error):
            ada.plan.draft(**picked)
    world.acting("sam").check_ins.keep_promise(agreement_id)
    with pytest.raises(InvalidInput, match="is closed"):
        ada.plan.draft(agreements=[agreement_id])
    assert ada.plan.history() == ()


def test_drafting_again_changes_the_draft(world: World) -> None:
    """There is one draft at a time, and it can be made anew until it is offered; a draft that is offered is another."""
    goal_id, _, _ = life_of(world)
    ada = world.acting("ada")
    first = ada.plan.draft()
    world.clock.move(days=1)
    second = ada.plan.draft(goals=[goal_id], choices=[], agreements=[])
    assert (second.id, second.made_on, second.contents.ids) == (first.id, date(2026, 1, 7), (goal_id,))
    with pytest.raises(Conflict):
        ada.plan.offer(first)
    ada.plan.offer(second)
    third = ada.plan.draft()
    assert third.id != second.id
    assert [plan.id for plan in ada.plan.history()] == [second.id, third.id]


@pytest.mark.parametrize("status", PlanStatus)
@pytest.mark.parametrize("move", PlanMove)
def test_every_status_and_verb(world: World, status: PlanStatus, move: PlanMove) -> None:
    """A verb does what the table of moves says, and is refused, changing nothing, where the table has no such move."""
    life_of(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    plan = ada.plan.draft()
    for step in {
        PlanStatus.DRAFTED: (),
        PlanStatus.OFFERED: (ada.plan.offer,),
        PlanStatus.ACKNOWLEDGED: (ada.plan.offer, ada.plan.acknowledge),
        PlanStatus.SETTLED: (ada.plan.offer, ada.plan.acknowledge, sam.plan.acknowledge),
        PlanStatus.REPLACED: (ada.plan.offer, ada.plan.acknowledge, sam.plan.acknowledge),
        PlanStatus.WITHDRAWN: (ada.plan.withdraw,),
    }[status]:
        step(plan.id)

    def settle_another(_: str) -> None:
        another = ada.plan.offer(ada.plan.draft())
        ada.plan.acknowledge(another)
        sam.plan.acknowledge(another.id)

    if status is PlanStatus.REPLACED:
        settle_another(plan.id)
    assert ada.plan.get(plan.id).status is status
    verbs: dict[PlanMove, Callable[[str], Any]] = {
        PlanMove.OFFER: ada.plan.offer,
        PlanMove.ASK_TO_TALK: sam.plan.ask_to_talk,
        PlanMove.ACKNOWLEDGE: sam.plan.acknowledge,
        PlanMove.WITHDRAW: ada.plan.withdraw,
    }
    before = ada.plan.get(plan.id)
    if move in (PlanMove.EDIT, PlanMove.REPLACE):  # these come about by drafting again, and by settling another
        return
    if move in MOVES[status]:
        assert verbs[move](plan.id).status is MOVES[status][move]
    else:
        with pytest.raises((IllegalMove, NotFound)):  # he does not see drafts and withdrawn ones
            verbs[move](plan.id)
        assert ada.plan.get(plan.id) == before


def test_a_settled_plan_never_changes(world: World) -> None:
    """Whatever becomes of goals, choices and agreements, what both acknowledged stays as it was."""
    plan = settled(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    world.clock.move(days=1)
    goal, choice = ada.goals.mine()[0], ada.learning.mine()[0]
    ada.goals.edit(goal.id, title="Something else", why="", due_on=None)
    ada.goals.record(goal.id, progress=90)
    ada.goals.let_go(goal.id)
    ada.learning.stop(choice.id)
    sam.check_ins.keep_promise(plan.contents.agreements[0].agreement_id)
    ada.goals.start(ada.goals.draft(title="New").id)
    ada.plan.draft()
    assert ada.plan.current() == plan == sam.plan.get(plan.id)


def test_a_new_plan_replaces_the_settled_one(world: World) -> None:
    """The one before is replaced when the new one is settled and not a moment earlier; both can be read."""
    old = settled(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    new = ada.plan.offer(ada.plan.draft())
    sam.plan.acknowledge(new.id)
    assert ada.plan.current() == old
    ada.plan.acknowledge(new.id)
    current = ada.plan.current()
    assert current is not None
    assert current.id == new.id
    assert [plan.status for plan in ada.plan.history()] == [PlanStatus.REPLACED, PlanStatus.SETTLED]
    assert [plan.id for plan in sam.plan.with_me()] == [new.id]
    assert sam.plan.get(old.id).contents == old.contents


def test_one_plan_is_on_offer(world: World) -> None:
    """Offering another withdraws the one that was on offer, and he sees only the new one."""
    old = offered(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    new = ada.plan.offer(ada.plan.draft(choices=[]))
    assert sam.plan.with_me() == (new,)
    assert ada.plan.get(old.id).status is PlanStatus.WITHDRAWN
    others_see_nothing(world, old.id, "sam")


def test_the_partner_asks_to_talk_first(world: World) -> None:
    """He asks without a reason, she hears of it, and it blocks nothing."""
    plan = offered(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    with pytest.raises(NotAllowed):
        ada.plan.ask_to_talk(plan.id)
    asked = sam.plan.ask_to_talk(plan)
    assert asked.talk_asked_on == date(2026, 1, 6)
    ada.plan.acknowledge(plan.id)
    world.work()
    assert "Talk about your plan first?" in [message.subject for message in ada.inbox.messages()]
    assert sam.plan.acknowledge(plan.id).status is PlanStatus.SETTLED


def test_messages(world: World) -> None:
    """The partner hears once that there is a plan, in words that hold nothing of it; one that is withdrawn lapses."""
    plan = offered(world)
    world.work()
    sent = world.sent()["sam"]
    assert "A development plan for you to read" in [message.subject for message in sent]
    assert not any("workshop" in message.subject + message.body for message in sent)
    ada = world.acting("ada")
    before = len(sent)
    ada.plan.withdraw(plan.id)
    ada.plan.withdraw(ada.plan.offer(ada.plan.draft()).id)
    assert world.work().deliveries.lapsed == 1
    assert len(world.sent()["sam"]) == before


def test_nobody_acknowledges_for_another(world: World) -> None:
    """Each acknowledges once, and neither can do it for the other."""
    plan = offered(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    ada.plan.acknowledge(plan.id)
    with pytest.raises(InvalidInput):
        ada.plan.acknowledge(plan.id)
    for verb in (sam.plan.withdraw, sam.plan.offer):
        with pytest.raises(NotAllowed):
            verb(plan.id)
    with pytest.raises(Conflict):
        sam.plan.acknowledge(plan)


def test_without_a_partner(world: World, tell_row: Callable[..., Any]) -> None:
    """Who has no partner, or one who left, drafts and extracts alone, and offers once she has chosen one."""
    goal_id, _, _ = life_of(world)
    ada = world.acting("ada")
    world.tell(tell_row("ada", manager=""))
    plan = ada.plan.draft(goals=[goal_id])
    with pytest.raises(InvalidInput, match="choose_partner"):
        ada.plan.offer(plan)
    ada.profile.choose_partner("zoe")
    world.tell(tell_row("zoe", manager="mia", team="Red", active=False))
    with pytest.raises(InvalidInput, match="choose_partner"):
        ada.plan.offer(plan)
    assert ada.plan.extract(plan.id, parts=["goals"]).settled_on is None
    ada.profile.choose_partner("liam")
    assert ada.plan.offer(plan).partner_id == world.id("liam")
    assert world.acting("liam").plan.with_me()[0].id == plan.id


def test_after_a_change_of_manager(world: World, tell_row: Callable[..., Any]) -> None:
    """The old partner sees it no more and the new one does not either; that the old one acknowledged stays recorded."""
    plan = settled(world)
    world.clock.move(days=10)
    world.tell(tell_row("ada", manager="zoe"))
    others_see_nothing(world, plan.id, "sam", "zoe")
    ada = world.acting("ada")
    current = ada.plan.current()
    assert current == plan
    assert world.id("sam") in [acknowledgement.by_id for acknowledgement in plan.acknowledgements]
    new = ada.plan.draft()
    assert new.contents.agreements == ()  # what Sam promised stays between those two
    with pytest.raises(InvalidInput, match="earlier partner"):
        ada.plan.draft(agreements=[plan.contents.agreements[0].agreement_id])
    assert ada.plan.offer(new.id).partner_id == world.id("zoe")
    others_see_nothing(world, new.id, "sam")


def test_a_draft_of_before_a_change_of_manager(world: World, tell_row: Callable[..., Any]) -> None:
    """A draft with the promise of an earlier partner is not offered to the next, and stays a draft."""
    life_of(world)
    ada = world.acting("ada")
    plan = ada.plan.draft()
    world.clock.move(days=10)
    world.tell(tell_row("ada", manager="zoe"))
    with pytest.raises(InvalidInput, match=r"development_plan\.contents"):
        ada.plan.offer(plan)
    assert ada.plan.get(plan.id).status is PlanStatus.DRAFTED
    assert world.acting("zoe").plan.with_me() == ()


def test_a_new_partner_of_the_same_day_is_not_one_of_the_two(world: World) -> None:
    """Who becomes the partner on the day of the offer may read it, and acknowledges nothing that was put to another."""
    plan = offered(world)
    world.acting("ada").profile.choose_partner("liam")
    liam = world.acting("liam")
    assert liam.plan.get(plan.id).id == plan.id
    with pytest.raises(NotAllowed):
        liam.plan.acknowledge(plan.id)
    with pytest.raises(NotAllowed):
        liam.plan.ask_to_talk(plan.id)


def test_only_she_makes_an_extract(world: World) -> None:
    """No call gives an extract of another's plan, not even to the one who acknowledged it; hers has what she picked."""
    plan = settled(world)
    for name, error in (("sam", NotAllowed), ("liam", NotFound), ("hr", NotFound), ("mia", NotFound)):
        for roles in ((), ("organiser",)):
            with pytest.raises(error):
                world.acting(name, roles=roles).plan.extract(plan.id, parts=PlanPart)
    ada = world.acting("ada")
    before = world.store.outbox("default").pending("delivery"), ada.plan.history()
    extract = ada.plan.extract(plan.id, parts=["goals", "agreements"])
    assert extract.contents.choices == ()
    assert extract.contents.agreements == plan.contents.agreements
    assert (extract.contents.goals[0].why, extract.contents.goals[0].progress) == ("", None)
    assert extract.names == {world.id("ada"): "Ada", world.id("sam"): "Sam"}
    assert ada.plan.extract(plan.id, parts=["goals"]).names == {world.id("ada"): "Ada"}
    assert (world.store.outbox("default").pending("delivery"), ada.plan.history()) == before
    with pytest.raises(InvalidInput):
        ada.plan.extract(plan.id, parts="goals")


def test_preview_and_fixed_audience(world: World) -> None:
    """Before she offers it she can see who would see it; and its audience follows its status, not another call."""
    life_of(world)
    ada = world.acting("ada")
    plan = ada.plan.draft()
    assert [viewer.person_id for viewer in ada.visibility.preview(plan.id, audience="partner")] == [world.id("sam")]
    assert ada.visibility.who_sees(plan.id) == ()
    with pytest.raises(NotAllowed):
        ada.visibility.share(plan.id, "everyone")
    ada.plan.offer(plan)
    assert [viewer.person_id for viewer in ada.visibility.who_sees(plan.id)] == [world.id("sam")]


def test_a_look_at_a_plan_is_journalled(world: World) -> None:
    """That her partner read it stands in her journal; her own reading does not, and no plugin hears of a plan."""
    plan = offered(world)
    facts = world.facts()
    before = world.looks("ada")
    world.acting("ada").plan.get(plan.id)
    assert world.looks("ada") == before
    world.acting("sam").plan.get(plan.id)
    assert world.looks("ada") == [*before, ("sam", (plan.id,), "")]
    assert world.facts() == facts


@given(st.sets(st.integers(0, 3)), st.sets(st.integers(0, 1)), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_in_a_plan_is_exactly_what_she_picked(
    make_world: Callable[..., World], goals: set[int], choices: set[int], has_agreement: bool
) -> None:
    """Whatever she picks of all that she has, that is in the plan, and her partner reads no more and no less."""
    world = make_world()
    first, way, agreement = life_of(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    all_goals = [first, *(ada.goals.draft(title=f"Goal {number}").id for number in range(3))]
    all_choices = [way, ada.learning.choose("own", title="Read a book").id]
    picked = {
        "goals": [all_goals[number] for number in sorted(goals)],
        "choices": [all_choices[number] for number in sorted(choices)],
        "agreements": [agreement] if has_agreement else [],
    }
    if not any(picked.values()):
        with pytest.raises(InvalidInput):
            ada.plan.draft(**picked)
        return
    plan = ada.plan.offer(ada.plan.draft(**picked))
    assert sam.plan.get(plan.id).contents.ids == (*picked["goals"], *picked["choices"], *picked["agreements"])
    assert ada.plan.extract(plan.id, parts=plan.contents.ids).contents.ids == plan.contents.ids


AFTERWARDS: dict[str, Callable[[World, DevelopmentPlan], Any]] = {
    "edit": lambda world, plan: world.acting("ada").goals.edit(plan.contents.goals[0].goal_id, title="Other", why=""),
    "record": lambda world, plan: world.acting("ada").goals.record(plan.contents.goals[0].goal_id, progress=90),
    "reach": lambda world, plan: world.acting("ada").goals.reach(plan.contents.goals[0].goal_id),
    "resume": lambda world, plan: world.acting("ada").goals.resume(plan.contents.goals[0].goal_id),
    "share": lambda world, plan: world.acting("ada").goals.share(plan.contents.goals[0].goal_id, "everyone"),
    "stop": lambda world, plan: world.acting("ada").learning.stop(plan.contents.choices[0].choice_id),
    "keep": lambda world, plan: world.acting("sam").check_ins.keep_promise(plan.contents.agreements[0].agreement_id),
    "partner": lambda world, _: world.acting("ada").profile.choose_partner("liam"),
    "manager again": lambda world, _: world.acting("ada").profile.choose_partner(None),
    "draft": lambda world, _: world.acting("ada").plan.draft(),
    "offer": lambda world, _: world.acting("ada").plan.offer(world.acting("ada").plan.draft()),
    "her again": lambda world, plan: world.acting("ada").plan.acknowledge(plan.id),
    "his again": lambda world, plan: world.acting("sam").plan.acknowledge(plan.id),
    "settle another": lambda world, _: [
        world.acting("ada").plan.acknowledge(world.acting("ada").plan.history()[-1].id),
        world.acting("sam").plan.acknowledge(world.acting("ada").plan.history()[-1].id),
    ],
    "withdraw": lambda world, plan: world.acting("ada").plan.withdraw(plan.id),
    "work": lambda world, _: world.work(),
    "a week": lambda world, _: world.clock.move(days=7),
}
"""What can happen after a plan is settled."""


@given(st.lists(st.sampled_from(sorted(AFTERWARDS)), max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_changes_what_was_settled(make_world: Callable[..., World], happenings: list[str]) -> None:
    """Whatever happens in whatever order, contents, days and acknowledgements of a settled plan stay as they were."""
    world = make_world()
    plan = settled(world)
    for name in happenings:
        with suppress(OwnershipError):
            AFTERWARDS[name](world, plan)
        now = world.acting("ada").plan.get(plan.id)
        kept = (now.contents, now.made_on, now.settled_on, now.acknowledgements, now.partner_id)
        assert kept == (plan.contents, plan.made_on, plan.settled_on, plan.acknowledgements, plan.partner_id)
        assert now.status in {PlanStatus.SETTLED, *MOVES[PlanStatus.SETTLED].values()}
