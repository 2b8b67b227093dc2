"""Requests above the budget: a promise to answer, a reason for "not now", and a choice that stays hers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, IllegalMove, InvalidInput, Money, NotAllowed, NotFound
from ownership.domain.budgets import LearningRequest, LearningRequestStatus, Means
from ownership.domain.reminders import ReminderKind

if TYPE_CHECKING:
    from tests.workspace.conftest import World

COURSE = Money(900, "EUR")


def asked(world: World, name: str = "ada", **how: Any) -> LearningRequest:
    """Let somebody ask for a course."""
    told: dict[str, Any] = {"title": "A course", "cost": COURSE, "why": "It starts in May"} | how
    return world.acting(name).learning_requests.ask("own", **told)


def kinds(world: World, name: str) -> list[str]:
    """Give the kinds of messages that reached somebody, the oldest first."""
    return [message.delivery.kind for message in reversed(world.acting(name).inbox.messages())]


def test_it_goes_to_her_manager_with_a_day(world: World) -> None:
    """Her manager hears of it, reads what it is and why, and has promised an answer within two weeks."""
    request = asked(world)
    assert (request.asked_id, request.answer_by_on) == (world.id("sam"), date(2026, 1, 19))
    world.work()
    assert kinds(world, "sam") == [ReminderKind.LEARNING_ASKED]
    (seen,) = world.acting("sam").learning_requests.asked_of_me()
    assert seen == request
    assert (seen.title, seen.cost, seen.why) == ("A course", Means(COURSE), "It starts in May")
    assert world.looks("ada") == [("sam", (request.id,), "")]
    assert world.acting("ada").learning_requests.mine() == (request,)
    assert world.acting("mia").learning_requests.asked_of_me() == ()


def test_a_grant_is_room_and_the_choice_stays_hers(world: World) -> None:
    """What is granted is paid beside her budget, chosen by herself and once; nothing is chosen for her."""
    world.acting("hr", roles={"organiser"}).budgets.grant(money=Money(100, "EUR"))
    ada, sam = world.acting("ada"), world.acting("sam")
    goal = ada.goals.draft(title="Lead a workshop")
    request = sam.learning_requests.grant(asked(world).id)
    assert (request.status, request.answered_on) == (LearningRequestStatus.GRANTED, date(2026, 1, 5))
    assert ada.learning.mine() == ()
    world.work()
    assert kinds(world, "ada") == [ReminderKind.LEARNING_ANSWERED]
    choice = ada.learning_requests.take_up(request.id, goal_id=goal.id, why="At last")
    assert (choice.title, choice.cost, choice.request_id, choice.goal_id) == (
        "A course",
        Means(COURSE),
        request.id,
        goal.id,
    )
    assert ada.learning.budget().left == Means(Money(100, "EUR"))
    with pytest.raises(IllegalMove):
        ada.learning_requests.take_up(request.id)
    assert ada.learning.mine() == (choice,)


def test_not_now_has_a_reason(world: World) -> None:
    """A request is declined with a reason, which she reads; without one it stays open."""
    ada, sam = world.acting("ada"), world.acting("sam")
    request = asked(world)
    with pytest.raises(InvalidInput, match="because"):
        sam.learning_requests.decline(request.id, because=" ")
    assert sam.learning_requests.asked_of_me() == (request,)
    sam.learning_requests.decline(request.id, because="Two of us are away this spring")
    (read,) = ada.learning_requests.mine()
    assert (read.status, read.because) == (LearningRequestStatus.DECLINED, "Two of us are away this spring")
    with pytest.raises(IllegalMove):
        ada.learning_requests.take_up(request.id)


def test_a_late_answer_is_an_answer(world: World) -> None:
    """When the promised day has passed he hears it once, kindly, and his answer still counts."""
    request = asked(world, answer_by=date(2026, 1, 9))
    for day in (5, 9, 12, 13):
        world.clock.set(2026, 1, day)
        world.work()
        world.work()
    assert kinds(world, "sam") == [ReminderKind.LEARNING_ASKED, ReminderKind.LEARNING_WAITING]
    sam = world.acting("sam")
    assert "today" in sam.inbox.messages()[0].body
    assert sam.learning_requests.grant(request.id).answered_on == date(2026, 1, 13)
    world.work()
    assert len(kinds(world, "sam")) == 2
    assert kinds(world, "ada") == [ReminderKind.LEARNING_ANSWERED]


def test_what_is_answered_before_it_is_told_is_not_told(world: World) -> None:
    """Whoever answered before the messages went out hears nothing any more; nor of what was withdrawn."""
    answered, gone = asked(world), asked(world, title="Another")
    world.acting("sam").learning_requests.grant(answered.id)
    world.acting("ada").learning_requests.withdraw(gone)
    world.acting("ada").learning_requests.take_up(answered.id)
    world.work()
    assert world.sent() == {}


def test_withdrawing(world: World) -> None:
    """She takes back what waits, or a grant that she will not use; after that it is nobody's to answer."""
    ada, sam = world.acting("ada"), world.acting("sam")
    request = asked(world)
    assert ada.learning_requests.withdraw(request).status is LearningRequestStatus.WITHDRAWN
    with pytest.raises(IllegalMove):
        sam.learning_requests.grant(request.id)
    granted = sam.learning_requests.grant(asked(world).id)
    assert ada.learning_requests.withdraw(granted.id).status is LearningRequestStatus.WITHDRAWN
    with pytest.raises(IllegalMove):
        ada.learning_requests.take_up(granted.id)
    with pytest.raises(Conflict):
        ada.learning_requests.withdraw(request)


def test_only_who_is_asked_answers(world: World) -> None:
    """For everyone else a request is not there; she does not answer her own, and he does not take it up."""
    request = asked(world)
    for name in ("mia", "liam", "hr"):
        other = world.acting(name, roles={"organiser"})
        for call in (other.learning_requests.grant, other.learning_requests.withdraw, other.learning_requests.take_up):
            with pytest.raises(NotFound):
                call(request.id)
        with pytest.raises(NotFound):
            other.learning_requests.decline(request.id, because="No")
    with pytest.raises(NotAllowed):
        world.acting("ada").learning_requests.grant(request.id)
    for call in (world.acting("sam").learning_requests.withdraw, world.acting("sam").learning_requests.take_up):
        with pytest.raises(NotAllowed):
            call(request.id)
    with pytest.raises(NotAllowed):
        world.acting("ada").visibility.share(request.id, "everyone")
    assert world.acting("ada").learning_requests.mine() == (request,)


def test_without_a_manager_she_names_who_answers(world: World) -> None:
    """Somebody without a manager names a colleague; somebody with one asks him and nobody else."""
    with pytest.raises(InvalidInput, match="who"):
        asked(world, "mia")
    request = asked(world, "mia", who="hr@example.org")
    assert world.acting("hr").learning_requests.asked_of_me() == (request,)
    for wrong in ({"name": "mia", "who": "mia"}, {"name": "ada", "who": "liam"}):
        with pytest.raises(InvalidInput, match="who"):
            asked(world, **wrong)
    assert asked(world, "ada", who="sam").asked_id == world.id("sam")


def test_a_manager_who_left_is_asked_nothing(world: World, tell_row: Callable[..., Any]) -> None:
    """When her manager left she names somebody, and who left can answer nothing any more."""
    request = asked(world)
    sam = world.acting("sam")
    world.tell(tell_row("sam", manager="mia", team="Board", active=False))
    with pytest.raises(NotFound):
        sam.learning_requests.grant(request.id)
    with pytest.raises(InvalidInput, match="who"):
        asked(world, who="sam") if world.acting("ada").person.manager_id == () else asked(world)
    assert asked(world, who="liam").asked_id == world.id("liam")


@pytest.mark.parametrize(
    "wrong",
    [
        {"cost": None},
        {"cost": Money(0, "EUR")},
        {"cost": Money(-1, "EUR")},
        {"title": ""},
        {"why": "\x00"},
        {"answer_by": date(2026, 1, 4)},
    ],
    ids=repr,
)
def test_bad_request(world: World, wrong: dict[str, Any]) -> None:
    """What costs nothing, has no title or a day that is past is not asked, and nobody hears of it."""
    with pytest.raises(InvalidInput):
        asked(world, **wrong)
    world.work()
    assert (world.acting("ada").learning_requests.mine(), world.sent()) == ((), {})


def test_an_option_that_is_gone_cannot_be_taken_up(world: World) -> None:
    """When the offer was taken back meanwhile, the grant stays to be withdrawn, and nothing is chosen."""
    ada, liam = world.acting("ada"), world.acting("liam")
    offer = liam.learning.offer("coaching", title="Three talks")
    request = ada.learning_requests.ask(offer.id, hours=30)
    world.acting("sam").learning_requests.grant(request.id)
    liam.learning.withdraw_offer(offer)
    with pytest.raises(NotFound):
        ada.learning_requests.take_up(request.id)
    assert ada.learning_requests.mine()[0].status is LearningRequestStatus.GRANTED
    assert ada.learning.mine() == ()
