"""Leadership: the next talk prepared with questions, and one's own path from instructor to guide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ownership import IllegalMove, InvalidInput, NotAllowed, NotFound, Promise
from ownership.domain.delegations import DelegationStatus
from ownership.domain.leadership import Fit, PathMove, Stage, Step
from ownership.domain.self_checks import Change, Habit, HowOften

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


def test_a_peer_prepares_as_well(world: World) -> None:
    """A colleague whom she chose as her partner gets the same preparation as a manager would."""
    ada = world.acting("ada")
    ada.profile.choose_partner("liam")
    check_in = world.open_check_in()
    ada.check_ins.prepare(challenges="No client", topics=["A workshop"], ready=True)
    talk = world.acting("liam").leadership.prepare(check_in.id)
    assert [step.step for step in talk.guide] == list(Step)
    assert {offer.because for step in talk.guide for offer in step.offered} == {Fit.ALWAYS, Fit.HARD}
    with pytest.raises(NotFound):
        world.acting("sam").leadership.prepare(check_in.id)


@pytest.mark.parametrize(("audience", "suggested"), [("manager", True), (["ada"], False), ("everyone", False)])
def test_sharing_first_is_about_himself(world: World, audience: Any, suggested: bool) -> None:
    """It is suggested to share a goal of his own as long as he shared none that she can see."""
    check_in, sam = world.open_check_in(), world.acting("sam")
    assert sam.leadership.prepare(check_in.id).share_first
    assert PathMove.SHARE_A_GOAL in sam.leadership.path().next_moves
    sam.goals.share(sam.goals.draft(title="Ask more"), audience)
    assert sam.leadership.prepare(check_in.id).share_first is suggested
    assert sam.leadership.path().share_first is suggested


def test_who_supports_nobody_is_asked_to_share_nothing(world: World) -> None:
    """Somebody to whom nobody reports has a path too, and no suggestion to share."""
    path = world.acting("ada").leadership.path()
    assert [stage.stage for stage in path.stages] == list(Stage)
    assert (path.decisions, path.share_first) == ((), False)


def test_a_named_decision_is_private(world: World) -> None:
    """Until it is announced nobody hears or reads of a decision, and no plugin either."""
    sam = world.acting("sam")
    named = sam.leadership.hand_over_decision("Who works when", look_back_on=date(2026, 2, 2))
    world.work()
    assert (named.status, named.from_on) == (DelegationStatus.NAMED, date(2026, 1, 5))
    assert world.acting("ada").team.decisions() == ()
    assert (world.sent(), world.facts()) == ({}, ())
    dropped = sam.leadership.drop(named)
    assert [decision.status for decision in sam.leadership.path().decisions] == [DelegationStatus.DROPPED]
    with pytest.raises(IllegalMove):
        sam.leadership.announce(dropped)


def test_announcing_reaches_those_who_report_to_him(world: World) -> None:
    """His people hear that a decision is theirs, without its text in the message, and can read it; nobody else can."""
    sam = world.acting("sam")
    named = sam.leadership.hand_over_decision("Who works when")
    announced = sam.leadership.announce(named)
    world.clock.move(hours=20)
    world.work()
    assert set(world.sent()) == {"ada", "liam", "noor"}
    assert all("Who works" not in message.body + message.subject for of in world.sent().values() for message in of)
    for name in ("ada", "liam", "noor"):
        assert [decision.text for decision in world.acting(name).team.decisions()] == ["Who works when"]
    for name in ("mia", "zoe", "hr", "sam"):
        assert world.acting(name).team.decisions() == ()
    assert world.facts() == (f"{announced.id}:DecisionHandedOver:2026-01-05T09:00:00+00:00",)
    assert set(world.looks("sam")) == {(name, (announced.id,), "") for name in ("ada", "liam", "noor")}


def test_who_joins_later_hears_it_when_it_is_announced_again(world: World, tell_row: Callable[..., Any]) -> None:
    """Announcing again reaches those who came since, and those who heard it already hear nothing twice."""
    sam = world.acting("sam")
    announced = sam.leadership.announce(sam.leadership.hand_over_decision("Who works when"))
    world.work()
    world.tell(tell_row("zoe", manager="sam"))
    assert world.acting("zoe").team.decisions() == ()
    sam.leadership.announce(announced)
    world.clock.move(hours=20)
    world.work()
    assert len(world.acting("zoe").team.decisions()) == 1
    assert {name: len(messages) for name, messages in world.sent().items()} == dict.fromkeys(
        ("ada", "liam", "noor", "zoe"), 1
    )


def test_people_by_name(world: World) -> None:
    """A decision can go to people by name, also by somebody to whom nobody reports; nobody else reads it."""
    liam = world.acting("liam")
    liam.leadership.announce(liam.leadership.hand_over_decision("The order of the demo", to=["ada@example.org"]))
    assert len(world.acting("ada").team.decisions()) == 1
    assert world.acting("noor").team.decisions() == ()


@pytest.mark.parametrize("to", ["team", ["liam"]])
def test_a_decision_needs_somebody_to_take_it(world: World, to: Any) -> None:
    """Without people, or with nobody but oneself, there is nobody to tell, and nothing is changed."""
    liam = world.acting("liam")
    named = liam.leadership.hand_over_decision("The order of the demo", to=to)
    with pytest.raises(InvalidInput, match="reaches nobody"):
        liam.leadership.announce(named)
    assert liam.leadership.path().decisions == (named,)


@pytest.mark.parametrize("to", ["manager", "everyone", "only_me", "nonsense"])
def test_other_audiences_take_no_decision(world: World, to: str) -> None:
    """A decision is handed over to the team or to people by name."""
    with pytest.raises(InvalidInput):
        world.acting("sam").leadership.hand_over_decision("Who works when", to=to)


def test_looking_back_is_on_the_day_he_chose(world: World) -> None:
    """He is reminded on his day and not before; until then the path is quiet about it."""
    sam = world.acting("sam")
    named = sam.leadership.hand_over_decision("Who works when", look_back_on=date(2026, 2, 2))
    sam.leadership.announce(named.id)
    for day in (5, 31):
        world.clock.set(2026, 1, day)
        world.work()
    assert "sam" not in world.sent()
    assert sam.leadership.path().to_look_back_on == ()
    world.clock.set(2026, 2, 2)
    world.work()
    (message,) = world.sent()["sam"]
    assert "Who works" not in message.body
    (ripe,) = sam.leadership.path().to_look_back_on
    assert PathMove.LOOK_BACK in sam.leadership.path().next_moves
    kept = sam.leadership.keep(ripe, "It runs by itself")
    assert kept.status is DelegationStatus.KEPT
    assert world.acting("noor").team.decisions()[0].looking_back == "It runs by itself"


def test_looking_back_early_makes_the_reminder_lapse(world: World) -> None:
    """Who looked back already is not reminded any more."""
    sam = world.acting("sam")
    named = sam.leadership.hand_over_decision("Who works when", look_back_on=date(2026, 2, 2))
    sam.leadership.keep(sam.leadership.announce(named))
    world.clock.set(2026, 2, 2)
    world.work()
    assert "sam" not in world.sent()


def test_taking_back_is_told_with_a_reason(world: World) -> None:
    """Those who had the decision hear that it goes back, and read why; without a reason it stays theirs."""
    sam = world.acting("sam")
    announced = sam.leadership.announce(sam.leadership.hand_over_decision("Who works when", to=["ada"]))
    world.clock.move(hours=2)
    world.work()
    with pytest.raises(InvalidInput):
        sam.leadership.take_back(announced, "")
    sam.leadership.take_back(announced, "The summer is too full")
    world.work()
    assert [message.subject for message in world.sent()["ada"]] == ["A decision is yours now", "A decision goes back"]
    (read,) = world.acting("ada").team.decisions()
    assert (read.status, read.looking_back) == (DelegationStatus.TAKEN_BACK, "The summer is too full")
    assert [fact.split(":")[1] for fact in world.facts()] == ["DecisionHandedOver", "DecisionTakenBack"]


def test_only_its_owner_moves_a_decision(world: World) -> None:
    """Those who took a decision over read it; announcing, keeping and taking back is its owner's."""
    sam, ada = world.acting("sam"), world.acting("ada")
    named = sam.leadership.hand_over_decision("Who works when")
    verbs: list[Callable[[str], object]] = [
        ada.leadership.announce,
        ada.leadership.drop,
        ada.leadership.keep,
        lambda id_: ada.leadership.take_back(id_, "Why not"),
    ]
    for verb in verbs:
        with pytest.raises(NotFound):
            verb(named.id)
    sam.leadership.announce(named)
    for verb in verbs:
        with pytest.raises(NotAllowed):
            verb(named.id)
    with pytest.raises(NotAllowed, match="fixed audience"):
        sam.visibility.share(named.id, "everyone")


def test_a_self_check_is_his_alone(world: World) -> None:
    """His answers are said to him in words, with a change from the second time on, and nobody can reach them."""
    sam = world.acting("sam")
    questions = sam.leadership.self_check_questions()
    hearing = [question for question in questions if question.habit is Habit.LISTENING]
    first = sam.leadership.self_check({q.id: 5 if q.is_reversed else 1 for q in hearing})
    assert [(r.how_often, r.change) for r in first if r.habit is Habit.LISTENING] == [
        (HowOften.SELDOM, Change.NOT_ENOUGH_DATA)
    ]
    world.clock.move(days=30)
    second = sam.leadership.self_check({q.id: 1 if q.is_reversed else 5 for q in hearing})
    assert [(r.how_often, r.change) for r in second if r.habit is Habit.LISTENING] == [(HowOften.OFTEN, Change.MORE)]
    assert sam.leadership.path().habits == second
    kept = sam.leadership.self_checks()
    assert len(kept) == 2
    assert world.facts() == ()
    for name in ("sam", "mia", "ada", "hr"):
        with pytest.raises(NotFound):
            world.acting(name).visibility.share(kept[0].id, "everyone")
    assert world.acting("ada").leadership.self_checks() == ()


@pytest.mark.parametrize("answers", [{}, {"nonsense": 3}, {"listening-own-words": 6}, [3, 4]])
def test_a_self_check_refuses_nonsense(world: World, answers: Any) -> None:
    """Answers belong to questions that there are, on the scale that there is; nothing is stored otherwise."""
    sam = world.acting("sam")
    with pytest.raises(InvalidInput, match=r"self_check\.answers"):
        sam.leadership.self_check(answers)
    assert sam.leadership.self_checks() == ()
