"""Team moments: planned by anyone in the team, free to join, with what people choose to show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, IllegalMove, InvalidInput, NotAllowed, NotFound, Promise
from ownership.domain.people import Person
from ownership.domain.team_moments import MOVES, MomentMove, MomentStatus, TeamAgreement, TeamMoment
from ownership.domain.visibility import Relations, decide

if TYPE_CHECKING:
    from tests.workspace.conftest import World

DAY = date(2026, 1, 20)


def plan(world: World, by: str = "ada", **how: Any) -> TeamMoment:
    """Let someone plan a moment of her team."""
    return world.acting(by).team.plan_moment(**(dict[str, Any](theme="Learning from each other", on=DAY) | how))


def test_anyone_in_the_team_plans_one(world: World) -> None:
    """The whole team is invited and sees it, with three questions drawn; nobody else does."""
    moment = plan(world, by="liam")
    assert set(moment.participant_ids) == {world.id(name) for name in ("ada", "liam", "noor")}
    assert (moment.team, moment.department, moment.owner_id) == ("Blue", "Works", world.id("liam"))
    assert len(set(moment.questions)) == 3
    assert set(moment.questions) <= set(world.acting("liam").team.moment_questions())
    for name in ("ada", "liam", "noor"):
        assert world.acting(name).team.moments() == (moment,)
    for name in ("sam", "mia", "zoe", "hr"):
        other = world.acting(name).team
        assert other.moments() == ()
        for call in (other.moment, other.show, other.take_back, other.hold_moment, other.call_off_moment):
            with pytest.raises(NotFound):
                call(moment.id)
        with pytest.raises(NotFound):
            other.bring(moment.id, "Me too")


def test_guests_take_part(world: World) -> None:
    """Who is named besides the team is a participant like the others, once."""
    moment = plan(world, guests=["sam", "liam"], questions=["What shall we try?"])
    assert set(moment.participant_ids) == {world.id(name) for name in ("ada", "liam", "noor", "sam")}
    assert moment.questions == ("What shall we try?",)
    assert world.acting("sam").team.moments() == (moment,)


def test_a_guest_works_here(world: World, tell_row: Callable[..., Any]) -> None:
    """Who left, or will have left by then, is not invited."""
    world.tell(tell_row("zoe", manager="mia", end_on=date(2026, 1, 19)), tell_row("hr", active=False))
    for guest in ("zoe", "hr"):
        with pytest.raises(InvalidInput, match=r"team_moment\.guests"):
            plan(world, guests=[guest])


def test_without_a_team(world: World, tell_row: Callable[..., Any]) -> None:
    """Who is in no team, or alone in one, plans one with guests."""
    for team in ("", "Solo"):
        world.tell(tell_row("zoe", manager="mia", team=team))
        with pytest.raises(InvalidInput, match="name guests"):
            plan(world, by="zoe")
        assert plan(world, by="zoe", guests=["ada"], questions=[]).participant_ids == (world.id("zoe"), world.id("ada"))


def test_the_team_is_that_of_the_day(world: World, tell_row: Callable[..., Any]) -> None:
    """Who left the team before, or does not work here that day, is not invited; nor is a team of the same name."""
    world.tell(
        tell_row("liam", manager="sam", end_on=date(2026, 1, 19)),
        tell_row("zoe", manager="mia", team="Blue", department="Elsewhere"),
    )
    assert set(plan(world).participant_ids) == {world.id("ada"), world.id("noor")}
    world.clock.move(days=1)
    world.tell(tell_row("noor", manager="sam", team="Red"), tell_row("hr", team="Blue"))
    assert set(plan(world).participant_ids) == {world.id("ada"), world.id("hr")}


def test_who_left_the_team_keeps_what_she_took_part_in(world: World, tell_row: Callable[..., Any]) -> None:
    """A participant sees a moment as long as she works here, and a new colleague does not see an earlier one."""
    moment = plan(world)
    world.clock.move(days=1)
    world.tell(tell_row("liam", manager="sam", team="Red"), tell_row("zoe", manager="mia", team="Blue"))
    assert world.acting("liam").team.moment(moment.id).id == moment.id
    assert world.acting("zoe").team.moments() == ()


@pytest.mark.parametrize(
    "how",
    [
        {"on": date(2026, 1, 4)},
        {"on": date(1, 1, 1)},
        {"on": date(9999, 1, 1)},
        {"on": "2026-01-20"},
        {"on": datetime(2026, 1, 20, tzinfo=UTC)},
        {"theme": ""},
        {"theme": "two\nlines"},
        {"questions": "What?"},
        {"questions": [""]},
        {"questions": ["What?"] * 11},
        {"guests": "sam"},
    ],
    ids=str,
)
def test_what_cannot_be_planned(world: World, how: dict[str, Any]) -> None:
    """A day that is past, an empty theme, one text for several and too much are refused, and nothing is planned."""
    with pytest.raises(InvalidInput):
        plan(world, **how)
    with pytest.raises(NotFound):
        plan(world, guests=["nobody"])
    assert world.acting("ada").team.moments() == ()
    assert world.work().is_empty


def test_what_somebody_brings_is_hers_until_she_shows_it(world: World) -> None:
    """Nobody reads it before, not the one who planned it; then everyone does, until it is taken back."""
    moment = plan(world)
    ada, liam, noor = (world.acting(name) for name in ("ada", "liam", "noor"))
    brought = liam.team.bring(moment.id, "I find asking hard")
    assert [contribution.text for contribution in brought.contributions] == ["I find asking hard"]
    for actor in (ada, noor):
        assert actor.team.moment(moment.id).contributions == ()
        assert actor.team.moments()[0].contributions == ()
        assert actor.team.bring(moment.id, "Mine").contributions[0].by_id == actor.person.id
        assert len(actor.team.moment(moment.id).contributions) == 1
    liam.team.show(moment.id)
    assert [c.text for c in ada.team.moment(moment.id).contributions] == ["Mine", "I find asking hard"]
    ada.team.hold_moment(moment.id)
    liam.team.take_back(moment.id)
    assert [c.text for c in ada.team.moment(moment.id).contributions] == ["Mine"]
    other = plan(world)
    with pytest.raises(InvalidInput):
        liam.team.show(other.id)


def test_calling_off_reads_nothing_that_is_not_shown(world: World) -> None:
    """Who calls a moment off gets it back without what others had not shown."""
    moment = plan(world)
    world.acting("liam").team.bring(moment.id, "A doubt")
    assert world.acting("ada").team.call_off_moment(moment.id).contributions == ()


def test_a_day_that_has_gone_by(world: World) -> None:
    """Yesterday is no day to plan a moment on, and today is."""
    world.clock.move(days=2)
    with pytest.raises(InvalidInput, match=r"team_moment\.meets_on"):
        plan(world, on=date(2026, 1, 6))
    assert plan(world, on=date(2026, 1, 7)).meets_on == date(2026, 1, 7)


def test_looks_are_journalled(world: World) -> None:
    """Who called for a moment reads in her journal who looked at it, in a list too."""
    moment = plan(world)
    world.acting("liam").team.moments()
    world.acting("ada").team.moments()
    assert world.looks("ada") == [("liam", (moment.id,), "")]


def test_held_with_agreements_in_the_open(world: World) -> None:
    """Any participant notes what was agreed: a text is everyone's, a promise one participant's, and all read it."""
    moment = plan(world)
    held = world.acting("noor").team.hold_moment(
        moment,
        agreements=["No meetings on Friday", Promise("I book a room"), Promise("I bring a book", "liam", DAY)],
    )
    assert held.agreements == (
        TeamAgreement("No meetings on Friday"),
        TeamAgreement("I book a room", world.acting("noor").person.id),
        TeamAgreement("I bring a book", world.acting("liam").person.id, DAY),
    )
    assert (held.held_on, held.status) == (date(2026, 1, 5), MomentStatus.HELD)
    assert world.acting("ada").team.moments() == (held,)


def test_nobody_promises_for_an_outsider(world: World) -> None:
    """Somebody who is not invited, or nobody, promises nothing; one text for several is refused."""
    moment = plan(world)
    ada = world.acting("ada")
    refused: list[tuple[type[Exception], Any]] = [
        (InvalidInput, [Promise("I pay", "zoe")]),
        (NotFound, [Promise("I pay", "nobody")]),
        (InvalidInput, "No meetings"),
    ]
    for error, agreements in refused:
        with pytest.raises(error):
            ada.team.hold_moment(moment.id, agreements=agreements)
    assert ada.team.moments() == (moment,)


@pytest.mark.parametrize("status", MomentStatus)
@pytest.mark.parametrize("move", MomentMove)
def test_every_status_and_verb(world: World, status: MomentStatus, move: MomentMove) -> None:
    """A verb does what the table of moves says, and is refused, changing nothing, where the table has no such move."""
    ada = world.acting("ada").team
    moment = ada.bring(plan(world), "Mine")
    verbs: dict[MomentMove, Callable[[], TeamMoment]] = {
        MomentMove.BRING: lambda: ada.bring(moment.id, "Other"),
        MomentMove.SHOW: lambda: ada.show(moment.id),
        MomentMove.TAKE_BACK: lambda: ada.take_back(moment.id),
        MomentMove.HOLD: lambda: ada.hold_moment(moment.id),
        MomentMove.CALL_OFF: lambda: ada.call_off_moment(moment.id),
    }
    if status is not MomentStatus.PLANNED:
        verbs[MomentMove.HOLD if status is MomentStatus.HELD else MomentMove.CALL_OFF]()
    before = ada.moment(moment.id)
    if move in MOVES[status]:
        assert verbs[move]().status is MOVES[status][move]
    else:
        with pytest.raises(IllegalMove):
            verbs[move]()
        assert ada.moment(moment.id) == before


def test_only_who_planned_it_calls_it_off(world: World) -> None:
    """A participant cannot; and a verb on a value that was changed meanwhile is refused."""
    moment = plan(world)
    with pytest.raises(NotAllowed):
        world.acting("liam").team.call_off_moment(moment.id)
    world.acting("liam").team.bring(moment, "A book")
    with pytest.raises(Conflict):
        world.acting("noor").team.bring(moment, "Another")
    with pytest.raises(Conflict):
        world.acting("ada").team.call_off_moment(moment)
    with pytest.raises(NotAllowed):
        world.acting("ada").visibility.share(moment.id, "everyone")


def test_everyone_invited_hears_of_it_once(world: World) -> None:
    """The others hear of a moment, in words that hold nothing of it, and its planner does not."""
    plan(world, theme="A secret theme", guests=["sam"])
    world.clock.move(days=1)
    world.work()
    world.work()
    sent = world.sent()
    assert set(sent) == {"liam", "noor", "sam"}
    assert [message.subject for message in sent["liam"]] == ["A development moment with your team"]
    assert "20 Jan 2026" in sent["liam"][0].body
    assert not any("secret" in message.subject + message.body for messages in sent.values() for message in messages)


def test_what_is_called_off_is_told_instead(world: World) -> None:
    """The invitation lapses when it has not gone out, and the others hear that it is off."""
    moment = plan(world)
    world.acting("ada").team.call_off_moment(moment.id)
    world.clock.move(days=1)
    assert world.work().deliveries.lapsed == 2
    assert [message.subject for message in world.sent()["liam"]] == ["A development moment is off"]


def test_what_is_over_is_not_told(world: World) -> None:
    """A message that could not go out before the day was over lapses."""
    plan(world)
    world.clock.move(days=16)
    report = world.work().deliveries
    assert (report.lapsed, report.sent) == (2, 0)


def test_lists_are_the_decision(world: World, tell_row: Callable[..., Any]) -> None:
    """The moments that someone gets are exactly those that the decision allows, and no plugin hears of any."""
    for by in ("ada", "sam", "zoe"):
        plan(world, by=by, guests=["hr", "liam"])
    world.clock.move(days=1)
    world.tell(tell_row("liam", manager="sam", team="Red"))
    with world.ws._desk.reading() as unit:
        people = {person.id: person for person in unit.find(Person)}
        every = [moment for owner in people for moment in unit.all_of(owner, TeamMoment)]
    assert len(every) == 3
    for name in ("mia", "sam", "ada", "liam", "noor", "zoe", "hr"):
        actor = world.acting(name)
        today = world.clock.now.date()
        seen = {m.id for m in every if decide(people[actor.person.id], m, Relations(people[m.owner_id], today))}
        assert {moment.id for moment in actor.team.moments()} == seen
    assert world.facts() == ()
