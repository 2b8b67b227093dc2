"""Feedback: asked for, given, declined, withdrawn, expired, thanked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, IllegalMove, InvalidInput, NotAllowed, NotFound
from ownership.domain.feedback import MOVES, FeedbackKind, FeedbackRequest, RequestMove, RequestStatus
from ownership.domain.moments import local_day
from ownership.domain.visibility import Relations, decide

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def ask(world: World, who: str = "liam", by: str = "ada") -> FeedbackRequest:
    """Let someone ask someone for feedback."""
    return world.acting(by).feedback.ask(who, question="What should I keep doing?", about="Workshops")


def test_ask_and_answer(world: World) -> None:
    """An answer belongs to who asked, with its question; she hears of it in words that hold nothing of it."""
    ada, liam = world.acting("ada"), world.acting("liam")
    request = ask(world)
    assert (request.expires_on, request.owner_id, request.asked_id) == (
        date(2026, 1, 26),
        world.id("ada"),
        world.id("liam"),
    )
    assert liam.feedback.asked_of_me() == (request,)
    given = liam.feedback.answer(request.id, "Asking before telling.")
    assert (given.owner_id, given.author_id, given.request_id) == (world.id("ada"), world.id("liam"), request.id)
    assert (given.question, given.about) == (request.question, request.about)
    assert liam.feedback.given() == (given,)
    assert liam.feedback.asked_of_me() == ()
    world.work()
    assert [message.subject for message in world.sent()["ada"]] == ["There is feedback for you"]
    assert [(read.text, read.read_on) for read in ada.feedback.received()] == [
        ("Asking before telling.", date(2026, 1, 5))
    ]
    assert not any("Asking" in m.body + m.subject for messages in world.sent().values() for m in messages)


def test_unasked(world: World) -> None:
    """Feedback can be given unasked; its receiver owns it and its author can read it."""
    given = world.acting("liam").feedback.give("ada@example.org", "You listen well.", about="The meeting")
    assert [read.id for read in world.acting("ada").feedback.received()] == [given.id]
    assert (given.question, given.about, given.audience.is_private) == ("", "The meeting", True)


def test_nobody_else_sees(world: World) -> None:
    """A question is seen by the two alone, and so is feedback until it is shared; no plugin hears of either."""
    request, given = ask(world), world.given()
    for name in ("sam", "noor", "zoe", "hr"):
        other = world.acting(name)
        assert (other.feedback.asked_of_me(), other.feedback.given(), other.feedback.received()) == ((), (), ())
        with pytest.raises(NotFound):
            other.feedback.answer(request.id, "Me too")
        with pytest.raises(NotFound):
            other.feedback.thank(given.id)
    world.acting("ada").feedback.share(given, "manager")
    with pytest.raises(NotAllowed):
        world.acting("sam").feedback.thank(given.id)
    assert world.facts() == ()


@pytest.mark.parametrize("status", RequestStatus)
@pytest.mark.parametrize("move", [RequestMove.GIVE, RequestMove.DECLINE, RequestMove.WITHDRAW])
def test_every_status_and_verb(world: World, status: RequestStatus, move: RequestMove) -> None:
    """A verb does what the table of moves says, and is refused, changing nothing, where the table has no such move."""
    request = ask(world)
    ada, liam = world.acting("ada"), world.acting("liam")
    verbs: dict[RequestMove, Callable[[], Any]] = {
        RequestMove.GIVE: lambda: liam.feedback.answer(request.id, "Yes"),
        RequestMove.DECLINE: lambda: liam.feedback.decline(request.id),
        RequestMove.WITHDRAW: lambda: ada.feedback.withdraw(request.id),
    }
    if status is RequestStatus.EXPIRED:
        world.clock.move(days=22)
        world.work()
    for way, to in MOVES[RequestStatus.ASKED].items():
        if to is status and way in verbs:
            verbs[way]()
    received = ada.feedback.received()
    if move in MOVES[status]:
        verbs[move]()
    else:
        with pytest.raises(IllegalMove):
            verbs[move]()
        assert ada.feedback.received() == received


def test_wrong_side(world: World) -> None:
    """Who asked does not answer or decline, and who was asked does not withdraw."""
    request = ask(world)
    ada, liam = world.acting("ada"), world.acting("liam")
    for verb in (lambda: ada.feedback.answer(request.id, "Yes"), lambda: ada.feedback.decline(request.id)):
        with pytest.raises(NotAllowed):
            verb()
    with pytest.raises(NotAllowed):
        liam.feedback.withdraw(request.id)
    assert liam.feedback.asked_of_me() == (request,)


def test_whom_not_to_ask(world: World, tell_row: Callable[..., Any]) -> None:
    """Oneself, nobody and someone who does not work here cannot be asked or given feedback."""
    ada = world.acting("ada")
    world.tell(tell_row("liam", manager="sam", active=False), tell_row("noor", start_on=date(2026, 6, 1)))
    for who, error in (("ada", InvalidInput), ("liam", InvalidInput), ("noor", InvalidInput), ("nobody", NotFound)):
        with pytest.raises(error):
            ada.feedback.ask(who, question="What?")
        with pytest.raises(error):
            ada.feedback.give(who, "That.")
    assert ada.overview().waiting_for == ()
    world.work()
    assert world.sent_besides_offers() == set()


@pytest.mark.parametrize("text", ["", " ", "\x07", "x" * 10_001], ids=["empty", "blank", "bell", "long"])
def test_bad_text(world: World, text: str) -> None:
    """Feedback and questions that cannot be kept are refused, and the question waits as it did."""
    request = ask(world)
    ada, liam = world.acting("ada"), world.acting("liam")
    for verb in (
        lambda: liam.feedback.answer(request.id, text),
        lambda: liam.feedback.give("ada", text),
        lambda: ada.feedback.ask("sam", question=text),
    ):
        with pytest.raises(InvalidInput):
            verb()
    assert liam.feedback.asked_of_me() == (request,)
    assert ada.feedback.received() == ()


def test_thank(world: World) -> None:
    """The receiver thanks on the day it is, the author reads that, and nobody thanks for another."""
    given = world.given()
    with pytest.raises(NotAllowed):
        world.acting("liam").feedback.thank(given.id)
    thanked = world.acting("ada").feedback.thank(given)
    assert thanked.thanked_on == date(2026, 1, 5)
    assert world.acting("liam").feedback.given() == (thanked,)


def test_stale_value_conflicts(world: World) -> None:
    """A verb on a value that was changed meanwhile is refused; on the id it takes the latest."""
    ada = world.acting("ada")
    stale = world.given()
    ada.feedback.thank(stale)
    for verb in (ada.feedback.thank, lambda it: ada.feedback.share(it, "manager")):
        with pytest.raises(Conflict):
            verb(stale)
    assert ada.feedback.share(stale.id, "manager").version == 3


def test_author_keeps_sight_while_here(world: World, tell_row: Callable[..., Any]) -> None:
    """The author reads back what was written as long as the author works here, whatever the receiver shares."""
    given, liam = world.given(), world.acting("liam")
    world.acting("ada").feedback.share(given, ["zoe"])
    assert [it.id for it in liam.feedback.given()] == [given.id]
    world.tell(tell_row("liam", manager="sam", active=False))
    assert liam.feedback.given() == ()


def test_lists_are_the_decision(world: World) -> None:
    """What is asked of someone, and what someone gave, is exactly what the decision allows of all that there is."""
    for by in ("ada", "noor", "zoe"):
        ask(world, by=by)
        ask(world, by=by, who="sam")
        world.given(receiver=by)
    world.acting("liam").feedback.decline(world.acting("liam").feedback.asked_of_me()[1].id)
    for by in ("ada", "noor", "zoe"):
        world.acting(by).overview()  # reads what was given, so that nothing changes below
    with world.ws._desk.reading() as unit:
        from ownership.domain.feedback import Feedback
        from ownership.domain.people import Person

        people = {person.id: person for person in unit.find(Person)}
        requests, feedback = list(unit.find(FeedbackRequest)), list(unit.find(Feedback))
    for name in ("mia", "sam", "ada", "liam", "noor", "zoe", "hr"):
        actor = world.acting(name)
        me = people[actor.person.id]

        def seen(item: Any, me: Any = me) -> bool:
            owner = people[item.owner_id]
            return bool(decide(me, item, Relations(owner, local_day(world.clock.now, owner.zone.key))))

        asked = [r for r in requests if r.owner_id != me.id and seen(r) and r.status is RequestStatus.ASKED]
        given = [f for f in feedback if f.owner_id != me.id and seen(f)]
        assert list(actor.feedback.asked_of_me()) == asked
        assert list(actor.feedback.given()) == given
        assert list(actor.overview().asked_of_me) == asked


def test_expires(world: World) -> None:
    """A question waits through its last day where its owner is, then expires, and only the asker hears, kindly."""
    request = ask(world)
    world.work()
    world.clock.set(2026, 1, 26, 22, 59)
    assert world.work().expired == 0
    world.clock.set(2026, 1, 26, 23, 0)  # midnight in Amsterdam
    assert world.work().expired == 1
    world.clock.set(2026, 1, 27, 9, 0)
    world.work()
    assert world.acting("liam").feedback.asked_of_me() == ()
    with pytest.raises(IllegalMove):
        world.acting("liam").feedback.answer(request.id, "Late")
    assert len(world.sent()["ada"]) == 1
    assert len(world.sent()["liam"]) == 1


def test_feed_forward(world: World) -> None:
    """A suggestion for next time can be asked for and given unasked; an answer is of the kind that was asked."""
    ada, liam = world.acting("ada"), world.acting("liam")
    asked = ada.feedback.ask("liam", question="What could I try next time?", kind="feed_forward")
    answered = liam.feedback.answer(asked.id, "Begin with their question.")
    unasked = liam.feedback.give("ada", "Let Noor open the next one.", kind="feed_forward")
    assert {asked.kind, answered.kind, unasked.kind} == {FeedbackKind.FEED_FORWARD}
    assert liam.feedback.answer(ask(world).id, "Listening.").kind is FeedbackKind.FEEDBACK
    for verb in (
        lambda: ada.feedback.ask("liam", question="?", kind="x"),
        lambda: liam.feedback.give("ada", "!", kind="x"),
    ):
        with pytest.raises(InvalidInput, match=r"^feedback\.kind"):
            verb()


class TestTakingBack:
    """Feedback that its receiver has not read is still its author's to withdraw."""

    def test_nothing_of_it_stays(self, world: World) -> None:
        """Neither a text, nor a message about it, nor a place in anyone's list."""
        given = world.given(text="Too harsh")
        world.work()
        assert len(world.acting("ada").inbox.messages()) == 1
        world.acting("liam").feedback.take_back(given)
        assert world.acting("ada").feedback.received() == world.acting("liam").feedback.given() == ()
        assert world.acting("ada").inbox.messages() == ()
        with pytest.raises(NotFound):
            world.acting("liam").feedback.take_back(given.id)

    def test_before_its_message_went_out(self, world: World) -> None:
        """Who takes it back in time is never announced."""
        world.acting("liam").feedback.take_back(world.given().id)
        world.work()
        assert world.sent() == {}

    def test_the_question_waits_again(self, world: World) -> None:
        """An answer that is taken back can be given anew, until the question expires."""
        request, liam = ask(world), world.acting("liam")
        liam.feedback.take_back(liam.feedback.answer(request.id, "First thought"))
        assert [waiting.status for waiting in liam.feedback.asked_of_me()] == [RequestStatus.ASKED]
        again = liam.feedback.answer(request.id, "Second thought")
        assert [read.text for read in world.acting("ada").feedback.received()] == [again.text] == ["Second thought"]

    @pytest.mark.parametrize("reading", ["received", "thank", "share"])
    def test_not_once_it_is_read(self, world: World, reading: str) -> None:
        """What she has read, thanked for or shared is hers, and her list still has it."""
        given, ada = world.given(), world.acting("ada")
        ways: dict[str, Callable[[], Any]] = {
            "received": ada.feedback.received,
            "thank": lambda: ada.feedback.thank(given),
            "share": lambda: ada.feedback.share(given, "manager"),
        }
        ways[reading]()
        with pytest.raises(IllegalMove, match="is read"):
            world.acting("liam").feedback.take_back(given.id)
        assert [read.id for read in ada.feedback.received()] == [given.id]

    def test_only_by_its_author(self, world: World) -> None:
        """The receiver does not take it back, and to anyone else it is not there."""
        given = world.given()
        with pytest.raises(NotAllowed):
            world.acting("ada").feedback.take_back(given)
        with pytest.raises(NotFound):
            world.acting("sam").feedback.take_back(given)

    def test_the_first_day_of_reading_stays(self, world: World) -> None:
        """Reading again writes nothing."""
        world.given()
        first = world.acting("ada").feedback.received()
        world.clock.move(days=3)
        assert world.acting("ada").feedback.received() == first

    def test_who_read_it_is_not_told_that_it_is_there(self, world: World) -> None:
        """A message about feedback that was read before it went out lapses."""
        world.given()
        world.acting("ada").feedback.received()
        world.work()
        assert world.sent() == {}


class TestRoomToAsk:
    """Questions to one person are capped, kindly."""

    def test_five_wait_for_one_person(self, world: World) -> None:
        """One more is refused with the day on which there is room, and without a word on who asked."""
        for name in ("ada", "noor", "zoe", "sam", "mia"):
            ask(world, by=name)
        with pytest.raises(InvalidInput, match=r"^feedback\.who: has enough .* from 2026-01-27") as refused:
            ask(world, by="hr")
        assert not any(world.id(name) in str(refused.value) for name in ("ada", "noor", "zoe", "sam", "mia"))
        world.acting("liam").feedback.decline(world.acting("liam").feedback.asked_of_me()[0].id)
        assert ask(world, by="hr").status is RequestStatus.ASKED

    def test_three_from_one_person_in_thirty_days(self, world: World) -> None:
        """Withdrawn ones count too; others can ask, and after thirty days so can she."""
        for _ in range(3):
            world.acting("ada").feedback.withdraw(ask(world))
        with pytest.raises(InvalidInput, match="from 2026-02-04"):
            ask(world)
        ask(world, by="zoe")
        world.clock.move(days=29)
        with pytest.raises(InvalidInput):
            ask(world)
        world.clock.move(days=1)
        ask(world)


class TestLeaving:
    """A question closes kindly when there is nobody left to answer it."""

    def test_the_asked_person_leaves(self, world: World, tell_row: Callable[..., Any]) -> None:
        """The asker hears that the question closed, once, and it waits for nobody."""
        ask(world)
        world.work()
        world.tell(tell_row("liam", manager="sam", active=False))
        assert (world.work().expired, world.work().expired) == (1, 0)
        assert [message.subject for message in world.sent()["ada"]] == ["Your question can go to someone else"]
        assert "Liam no longer works here" in world.sent()["ada"][0].body
        assert world.acting("ada").overview().waiting_for == ()

    def test_the_asker_leaves(self, world: World, tell_row: Callable[..., Any]) -> None:
        """Nobody writes for someone who is not there, and nobody is told."""
        ask(world)
        world.tell(tell_row("ada", manager="sam", active=False))
        assert world.work().expired == 1
        assert world.acting("liam").feedback.asked_of_me() == ()
        assert world.sent_besides_offers() == set()

    def test_on_leave_a_question_waits(self, world: World, tell_row: Callable[..., Any]) -> None:
        """Who is on leave can be asked like anyone, hears nothing of it meanwhile, and finds it on coming back."""
        world.tell(tell_row("liam", manager="sam", on_leave=True))
        request = ask(world)
        assert world.work().expired == 0
        assert world.sent() == {}
        world.tell(tell_row("liam", manager="sam", on_leave=False))
        assert world.acting("liam").feedback.answer(request.id, "I am back").request_id == request.id
