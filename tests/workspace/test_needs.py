"""Needs: put to one person, answered by a day, handed on when nobody looks after them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, IllegalMove, InvalidInput, NotAllowed, NotFound
from ownership.domain.needs import MOVES, Need, NeedMove, NeedStatus

if TYPE_CHECKING:
    from tests.workspace.conftest import World

TODAY = date(2026, 1, 5)
WORDS = "A quiet morning each week"


def need_of(world: World, **how: Any) -> Need:
    """Let Ada put a need to someone."""
    return world.acting("ada").needs.raise_need(WORDS, **how)


def subjects(world: World, name: str) -> list[str]:
    """Do what is due and give the subjects of all messages that someone got."""
    world.work()
    return [message.subject for message in world.sent().get(name, [])]


def test_a_need_has_a_receiver_a_day_and_an_answer(world: World) -> None:
    """Her manager hears that it is there, answers what and by when, she hears of it, and says when it is met."""
    ada, sam = world.acting("ada"), world.acting("sam")
    need = need_of(world)
    assert (need.receiver_id, need.answer_by_on) == (world.id("sam"), TODAY + timedelta(days=14))
    assert subjects(world, "sam") == ["Someone needs something to grow"]
    assert sam.needs.asked_of_me() == (need,)
    answered = sam.needs.we_will(need.id, "Tuesdays before noon", by=date(2026, 1, 20))
    assert ada.needs.mine() == sam.needs.asked_of_me() == (answered,)
    assert subjects(world, "ada") == ["There is an answer to what you need"]
    met = ada.needs.met(answered)
    assert (met.status, met.met_on) == (NeedStatus.MET, TODAY)
    assert sam.needs.asked_of_me() == ada.needs.without_receiver() == ()
    assert not any(WORDS in m.body + m.subject or "Tuesdays" in m.body for ms in world.sent().values() for m in ms)
    assert world.facts() == ()


def test_not_now_has_a_reason(world: World) -> None:
    """An honest no is an answer too, and it says why."""
    need, sam = need_of(world), world.acting("sam")
    with pytest.raises(InvalidInput, match=r"^need\.answer"):
        sam.needs.not_now(need.id, " ")
    refused = sam.needs.not_now(need.id, "Until June two of us are away")
    assert (refused.status, refused.answer) == (NeedStatus.ANSWERED_NOT_NOW, "Until June two of us are away")
    assert sam.needs.asked_of_me() == ()
    assert subjects(world, "ada") == ["There is an answer to what you need"]


@pytest.mark.parametrize(
    ("to", "receiver"), [("partner", "zoe"), ("manager", "sam"), ("liam@example.org", "liam"), ("noor", "noor")]
)
def test_to_whom(world: World, to: str, receiver: str) -> None:
    """To the partner of her choice, to her manager, or to anyone by name."""
    world.acting("ada").profile.choose_partner("zoe")
    assert need_of(world, to=to).receiver_id == world.id(receiver)
    assert len(world.acting(receiver).needs.asked_of_me()) == 1


def test_to_whom_not(world: World, tell_row: Callable[..., Any]) -> None:
    """Not to herself, to nobody, to someone who does not work here, or to a manager whom she does not have."""
    world.tell(tell_row("liam", manager="sam", active=False))
    for who, to, error in (
        ("ada", "ada", InvalidInput),
        ("ada", "nobody", NotFound),
        ("ada", "liam", InvalidInput),
        ("hr", "manager", InvalidInput),
        ("hr", "partner", InvalidInput),
    ):
        with pytest.raises(error):
            world.acting(who).needs.raise_need(WORDS, to=to)
    assert world.acting("ada").needs.mine() == world.acting("hr").needs.mine() == ()


@pytest.mark.parametrize("wrong", [{"text": " "}, {"text": "\x00"}, {"by": TODAY - timedelta(days=1)}, {"by": "soon"}])
def test_bad_input_writes_nothing(world: World, wrong: dict[str, Any]) -> None:
    """A need says something, and hopes for an answer on a day to come."""
    with pytest.raises(InvalidInput, match=r"^need\.(text|answer_by_on):"):
        world.acting("ada").needs.raise_need(**({"text": WORDS} | wrong))
    assert world.acting("ada").needs.mine() == ()
    assert subjects(world, "sam") == []


def test_nobody_else_sees(world: World) -> None:
    """Not her partner, not the manager of her manager, not the organiser; and her receiver's look is in her journal."""
    need = need_of(world)
    for name in ("mia", "liam", "zoe", "noor"):
        other = world.acting(name)
        assert other.needs.asked_of_me() == other.needs.mine() == ()
        with pytest.raises(NotFound):
            other.needs.not_now(need.id, "No")
    with pytest.raises(NotFound):
        world.acting("hr", roles={"organiser"}).needs.we_will(need.id, "Yes", by=TODAY)
    with pytest.raises(NotAllowed):
        world.acting("ada").visibility.share(need.id, "everyone")
    world.acting("sam").needs.asked_of_me()
    assert world.looks("ada") == [("sam", (need.id,), "")]


@pytest.mark.parametrize("status", NeedStatus)
@pytest.mark.parametrize("move", NeedMove)
def test_every_status_and_verb(world: World, status: NeedStatus, move: NeedMove) -> None:
    """A verb does what the table of moves says, and is refused, changing nothing, where the table has no such move."""
    need = need_of(world, to="liam")
    ada, liam = world.acting("ada"), world.acting("liam")
    verbs: dict[NeedMove, Callable[[], Any]] = {
        NeedMove.WE_WILL: lambda: liam.needs.we_will(need.id, "Yes", by=TODAY),
        NeedMove.NOT_NOW: lambda: liam.needs.not_now(need.id, "No"),
        NeedMove.MEET: lambda: ada.needs.met(need.id),
        NeedMove.HAND_ON: lambda: ada.needs.hand_on(need.id, to="zoe"),
        NeedMove.WITHDRAW: lambda: ada.needs.withdraw(need.id),
    }
    if status is NeedStatus.MET:
        verbs[NeedMove.WE_WILL]()
    for way, to in [*MOVES[NeedStatus.RAISED].items(), (NeedMove.MEET, NeedStatus.MET)]:
        if to is status:
            verbs[way]()
    before = ada.needs.mine()
    is_answer = move in {NeedMove.WE_WILL, NeedMove.NOT_NOW}
    if move in MOVES[status]:
        verbs[move]()
        assert ada.needs.mine()[0].status is MOVES[status][move]
    else:
        gone = is_answer and status in {NeedStatus.WITHDRAWN, NeedStatus.HANDED_ON}
        with pytest.raises(NotFound if gone else IllegalMove):
            verbs[move]()
        assert ada.needs.mine() == before


def test_wrong_side(world: World) -> None:
    """The receiver does not withdraw, meet or hand on, and the owner does not answer."""
    need, sam = need_of(world), world.acting("sam")
    for verb in (sam.needs.withdraw, sam.needs.met, sam.needs.hand_on):
        with pytest.raises(NotAllowed):
            verb(need.id)
    with pytest.raises(NotAllowed):
        world.acting("ada").needs.not_now(need.id, "No")


def test_a_value_must_be_the_latest(world: World) -> None:
    """Who decides on an old state hears that it changed."""
    need = need_of(world)
    world.acting("sam").needs.not_now(need.id, "No")
    with pytest.raises(Conflict):
        world.acting("ada").needs.withdraw(need)


class TestTheDay:
    """When the day has come without an answer somebody hears it, once."""

    def test_the_receiver_hears_it_once(self, world: World) -> None:
        """On the day, not before it and not after it again."""
        need_of(world, by=date(2026, 1, 8))
        assert subjects(world, "sam") == ["Someone needs something to grow"]
        world.clock.set(2026, 1, 7, 12)
        assert len(subjects(world, "sam")) == 1
        for day in (8, 9, 30):
            world.clock.set(2026, 1, day)
            assert subjects(world, "sam")[1:] == ["An answer would help someone today"]
        assert subjects(world, "ada") == []
        assert [need.asked_again_on for need in world.acting("ada").needs.mine()] == [date(2026, 1, 8)]

    def test_nobody_once_it_is_answered(self, world: World) -> None:
        """An answer, or taking it back, leaves nothing to be reminded of."""
        answered, withdrawn = (need_of(world, by=TODAY + timedelta(days=1)) for _ in range(2))
        world.acting("sam").needs.not_now(answered.id, "No")
        world.acting("ada").needs.withdraw(withdrawn)
        world.clock.move(days=2)
        assert subjects(world, "sam") == []

    def test_on_leave_he_hears_it_when_he_is_back(self, world: World, tell_row: Callable[..., Any]) -> None:
        """A reminder waits for someone on leave, and is not lost."""
        need_of(world)
        world.work()
        world.tell(tell_row("sam", manager="mia", team="Board", on_leave=True))
        world.clock.move(days=14)
        assert len(subjects(world, "sam")) == 1
        world.tell(tell_row("sam", manager="mia", team="Board", on_leave=False))
        assert subjects(world, "sam")[1:] == ["An answer would help someone today"]

    def test_for_want_of_a_receiver_she_hears_it(self, world: World, tell_row: Callable[..., Any]) -> None:
        """When he does not look after it any more, she hears that she can put it to someone else."""
        need_of(world)
        world.work()
        world.tell(tell_row("ada", manager="mia"))
        world.clock.move(days=14)
        assert subjects(world, "ada") == ["Who could help you with this now?"]
        assert len(subjects(world, "sam")) == 1

    def test_who_left_is_reminded_of_nothing(self, world: World, tell_row: Callable[..., Any]) -> None:
        """When she left, nobody is asked for an answer that nobody waits for."""
        need_of(world)
        world.work()
        world.tell(tell_row("ada", manager="sam", active=False))
        world.clock.move(days=14)
        assert len(subjects(world, "sam")) == 1


class TestWithoutReceiver:
    """A need outlives the relation that it was put to."""

    @pytest.mark.parametrize("promised", [True, False])
    @pytest.mark.parametrize("change", ["new manager", "he left"])
    def test_nothing_is_lost(self, world: World, tell_row: Callable[..., Any], change: str, promised: bool) -> None:
        """It shows as without a receiver: the earlier one sees it no more, the new one only once it is put to him."""
        need, ada, sam = need_of(world), world.acting("ada"), world.acting("sam")
        if promised:
            sam.needs.we_will(need.id, "Tuesdays", by=date(2026, 2, 1))
        assert ada.needs.without_receiver() == ()
        world.clock.move(days=1)
        if change == "new manager":
            world.tell(tell_row("ada", manager="mia"))
            assert sam.needs.asked_of_me() == ()
            with pytest.raises(NotFound):
                sam.needs.not_now(need.id, "No")
        else:
            world.tell(tell_row("sam", manager="mia", active=False), tell_row("ada", manager="mia"))
        assert [lost.id for lost in ada.needs.without_receiver()] == [need.id]
        assert world.acting("mia").needs.asked_of_me() == ()
        again = ada.needs.hand_on(need.id, to="manager")
        assert world.acting("mia").needs.asked_of_me() == (again,)
        assert (again.text, again.status, again.answer) == (WORDS, NeedStatus.RAISED, "")
        assert ada.needs.without_receiver() == ()
        assert [each.status for each in ada.needs.mine()] == [NeedStatus.HANDED_ON, NeedStatus.RAISED]
        assert ada.needs.mine()[0].answer == ("Tuesdays" if promised else "")
        assert subjects(world, "mia") == ["Someone needs something to grow"]

    def test_handing_on_is_her_choice_at_any_time(self, world: World) -> None:
        """After "not now" she can put it to someone else, and who refused sees neither the old nor the new one."""
        need, sam = need_of(world), world.acting("sam")
        refused = sam.needs.not_now(need.id, "No")
        world.clock.move(minutes=1)
        again = world.acting("ada").needs.hand_on(refused, to="zoe", by=date(2026, 3, 1))
        assert again.answer_by_on == date(2026, 3, 1)
        for id_ in (need.id, again.id):
            with pytest.raises(NotFound):
                sam.needs.not_now(id_, "Still no")

    def test_a_hand_on_that_fails_changes_nothing(self, world: World) -> None:
        """To nobody, it stays where it was."""
        need = need_of(world)
        with pytest.raises(NotFound):
            world.acting("ada").needs.hand_on(need, to="nobody")
        assert world.acting("ada").needs.mine() == (need,)
