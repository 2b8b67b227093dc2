"""Check-ins: prepared by both, her agenda, promises that are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from ownership import Conflict, IllegalMove, InvalidInput, NotAllowed, NotFound, Progress, Promise
from ownership.domain.check_ins import MOVES, CheckInMove, CheckInStatus

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    from ownership.domain.check_ins import CheckIn
    from ownership.workspace.actor import Actor

VERBS: dict[CheckInMove, Callable[[Actor, Any], CheckIn]] = {
    CheckInMove.PREPARE: lambda actor, check_in: actor.check_ins.prepare(check_in, progress="Something"),
    CheckInMove.ARRANGE: lambda actor, check_in: actor.check_ins.arrange(check_in, order=[]),
    CheckInMove.POSTPONE: lambda actor, check_in: actor.check_ins.postpone(check_in, to=date(2026, 2, 2)),
    CheckInMove.HAND_OVER: lambda actor, check_in: actor.check_ins.hand_over(check_in),
    CheckInMove.HOLD: lambda actor, check_in: actor.check_ins.hold(check_in),
    CheckInMove.SKIP: lambda actor, check_in: actor.check_ins.skip(check_in),
}


def test_current(world: World) -> None:
    """There is no current check-in before one opens, then it is the open one, and none again once it was held."""
    ada = world.acting("ada")
    assert ada.check_ins.current() is None
    with pytest.raises(NotFound):
        ada.check_ins.prepare(progress="x")
    check_in = world.open_check_in()
    assert (check_in.partner_id, check_in.closes_on) == (world.id("sam"), date(2026, 1, 19))
    ada.check_ins.hold()
    assert ada.check_ins.current() is None
    assert [it.status for it in ada.check_ins.mine()] == [CheckInStatus.HELD]


def test_what_is_open_is_found_without_opening_the_past(world: World) -> None:
    """An open check-in is read without the talks before it, by both: one that is damaged does not stand in its way."""
    past = world.open_check_in()
    ada = world.acting("ada")
    ada.check_ins.hold()
    world.clock.set(2026, 2, 3)
    ada.check_ins.hold()
    with world.store.writing("default") as unit:
        (record,) = unit.get("check_ins", [past.id])
        unit.put([evolve(record, version=record.version + 1, body="damaged")])
    world.clock.set(2026, 3, 3)
    open_one = ada.check_ins.current()
    assert open_one is not None
    assert open_one.period.starts_on == date(2026, 3, 3)
    assert ada.check_ins.prepare(topics=["My month"]) == ada.check_ins.current()
    sam = world.acting("sam")
    assert (
        [it.id for it in sam.check_ins.with_me()] == [it.id for it in sam.team.overview().open_talks] == [open_one.id]
    )
    assert sam.check_ins.agreements() == ()
    with pytest.raises(InvalidInput, match="not stored as JSON"):
        ada.check_ins.mine()


@pytest.mark.parametrize("status", CheckInStatus)
@pytest.mark.parametrize("move", VERBS)
def test_every_status_and_verb(world: World, status: CheckInStatus, move: CheckInMove) -> None:
    """A verb does what the table of moves says, and is refused, changing nothing, where the table has no such move."""
    check_in = world.open_check_in()
    ada = world.acting("ada")
    if status is CheckInStatus.PASSED:
        ada.check_ins.bring_up(topics=["My month"])
        world.clock.move(days=20)
        world.work()
    for verb in [v for v, to in MOVES[CheckInStatus.OPEN].items() if to is status and v in VERBS and to != "open"]:
        VERBS[verb](ada, check_in.id)
    before = ada.check_ins.get(check_in.id)
    assert before.status is status
    if move in MOVES[status]:
        assert VERBS[move](ada, check_in.id).status is MOVES[status][move]
    else:
        with pytest.raises(IllegalMove):
            VERBS[move](ada, check_in.id)
        assert ada.check_ins.get(check_in.id) == before


@pytest.mark.parametrize("move", VERBS)
def test_stale_value_conflicts(world: World, move: CheckInMove) -> None:
    """A verb on a value that the other changed meanwhile is refused; on the id it takes the latest."""
    stale = world.open_check_in()
    world.acting("sam").check_ins.prepare(stale.id, progress="His")
    with pytest.raises(Conflict):
        VERBS[move](world.acting("ada"), stale)
    assert VERBS[move](world.acting("ada"), stale.id).version > stale.version


def test_words_for_one_partner_do_not_reach_the_next(world: World, tell_row: Callable[..., Any]) -> None:
    """Who looked at a talk with one partner does not prepare it, unasked, for the one who came in the meantime."""
    talk = world.open_check_in()
    world.tell(tell_row("ada", manager="zoe"))
    ada = world.acting("ada")
    with pytest.raises(Conflict):
        ada.check_ins.prepare(talk, progress="For Sam")
    assert ada.check_ins.prepare(ada.check_ins.current(), progress="For Zoe").partner_id == world.id("zoe")


def test_other_reads_when_ready(world: World) -> None:
    """What one prepares is not seen by the other before it is ready; topics are on the agenda at once."""
    check_in = world.open_check_in()
    ada, sam = world.acting("ada"), world.acting("sam")
    ada.check_ins.prepare(progress="A start", topics=["My week"], ready=False)
    seen = sam.check_ins.get(check_in.id)
    assert (seen.preparations, [item.text for item in seen.agenda]) == ((), ["My week"])
    assert sam.check_ins.with_me() == (seen,)
    assert sam.team.overview().open_talks == (seen,)
    assert sam.leadership.prepare(check_in.id).her_preparation is None
    ada.check_ins.prepare(progress="Finished")
    assert [p.progress for p in sam.check_ins.get(check_in.id).preparations] == ["Finished"]
    sam.check_ins.prepare(check_in.id, needs="Half a thought", ready=False)
    for own in (
        ada.check_ins.get(check_in.id),
        ada.check_ins.current(),
        ada.check_ins.mine()[0],
        ada.overview().check_in,
    ):
        assert own is not None
        assert [p.by_id for p in own.preparations] == [world.id("ada")]
    assert [p.by_id for p in ada.check_ins.prepare(progress="Finished").preparations] == [world.id("ada")]


def test_prepare_again_replaces(world: World) -> None:
    """Preparing again replaces one's own preparation and adds each topic once."""
    world.open_check_in()
    ada = world.acting("ada")
    ada.check_ins.prepare(progress="One", topics=["A", "B"])
    check_in = ada.check_ins.prepare(progress="Two", topics=["B", "C"])
    assert [p.progress for p in check_in.preparations] == ["Two"]
    assert [item.text for item in check_in.agenda] == ["A", "B", "C"]


def test_only_she_skips(world: World) -> None:
    """The partner cannot skip a talk about somebody else's development."""
    check_in = world.open_check_in()
    with pytest.raises(NotAllowed):
        world.acting("sam").check_ins.skip(check_in.id)
    assert world.acting("ada").check_ins.skip().status is CheckInStatus.SKIPPED


def test_promises(world: World) -> None:
    """Each of the two keeps what that one promised, and not what the other did."""
    check_in = world.open_check_in()
    ada, sam = world.acting("ada"), world.acting("sam")
    due = date(2026, 2, 1)
    held = ada.check_ins.hold(agreements=["I try it", Promise("Make room", by="sam@example.org", due_on=due)])
    mine, his = held.agreements
    assert (mine.by_id, his.by_id, his.due_on) == (world.id("ada"), world.id("sam"), due)
    assert sam.team.overview().your_promises == (his,)
    assert (ada.overview().my_promises, ada.overview().promised_to_me) == ((mine,), (his,))
    with pytest.raises(NotAllowed):
        ada.check_ins.keep_promise(his.id)
    for unknown in (f"{check_in.id}/9", f"{check_in.id}x/1", "a9", ""):
        with pytest.raises((InvalidInput, NotFound)):
            sam.check_ins.keep_promise(unknown)
    kept = sam.check_ins.keep_promise(his.id)
    assert kept.agreements[1].done_on == date(2026, 1, 6)
    assert sam.team.overview().your_promises == ()


def test_a_whole_talk_is_recorded_at_once(world: World) -> None:
    """What she brought, how her goals are going and what was agreed are kept by one call, as by a call for each."""
    world.open_check_in()
    ada = world.acting("ada")
    stretch, read = (ada.goals.start(ada.goals.draft(title=title)) for title in ("Stretch", "Read"))
    held = ada.check_ins.record(
        challenges="Time",
        agreements=["I try it", Promise("Make room", by="sam")],
        goals=[Progress(stretch, 40, confidence=7, note="It goes"), Progress(read.id, 60)],
    )
    assert (held.status, held.held_on) == (CheckInStatus.HELD, date(2026, 1, 6))
    assert [(p.challenges, p.is_shown) for p in held.preparations] == [("Time", True)]
    assert [(a.text, a.by_id) for a in held.agreements] == [
        ("I try it", world.id("ada")),
        ("Make room", world.id("sam")),
    ]
    assert (ada.goals.get(stretch.id).progress, ada.goals.get(read.id).progress) == (0.4, 0.6)
    assert [(u.confidence, u.note) for u in ada.goals.get(stretch.id).updates] == [(7, "It goes")]
    assert world.acting("sam").check_ins.get(held.id).preparations == held.preparations


def test_a_record_leaves_what_was_prepared(world: World) -> None:
    """Who says nothing of what she brought keeps what she prepared."""
    world.open_check_in()
    ada = world.acting("ada")
    ada.check_ins.prepare(progress="A start")
    assert [p.progress for p in ada.check_ins.record().preparations] == ["A start"]


def test_a_record_is_whole_or_nothing(world: World) -> None:
    """When one part cannot be kept, nothing of it is: not the talk, and not a goal."""
    check_in = world.open_check_in()
    ada, sam = world.acting("ada"), world.acting("sam")
    goal = ada.goals.start(ada.goals.draft(title="Stretch"))
    draft = ada.goals.draft(title="Not begun")
    his = sam.goals.draft(title="His own")
    before = set(world.facts())
    refused: list[tuple[type[Exception], Any]] = [
        (IllegalMove, [Progress(goal.id, 10), Progress(draft.id, 10)]),
        (InvalidInput, [Progress(goal, 10), Progress(goal.id, 20)]),
        (InvalidInput, [Progress(goal.id, confidence=11)]),
        (InvalidInput, [Progress(goal.id)]),
        (InvalidInput, [goal]),
        (InvalidInput, goal.id),
        (NotFound, [Progress(goal.id, 10), Progress(his.id, 10)]),
    ]
    for error, wrong in refused:
        with pytest.raises(error):
            ada.check_ins.record(challenges="Time", agreements=["I try it"], goals=wrong)
    with pytest.raises(InvalidInput):
        ada.check_ins.record(agreements=[Promise("Do it", by="zoe")], goals=[Progress(goal.id, 10)])
    assert ada.check_ins.current() == ada.check_ins.get(check_in.id)
    assert (ada.check_ins.get(check_in.id).preparations, ada.goals.get(goal.id)) == ((), goal)
    assert set(world.facts()) == before


def test_a_partner_records_no_goal_of_hers(world: World) -> None:
    """Her partner can write a talk down too, and how her goals go is hers to say."""
    check_in = world.open_check_in()
    ada, sam = world.acting("ada"), world.acting("sam")
    goal = ada.goals.start(ada.goals.draft(title="Stretch"))
    ada.goals.share(goal, "manager")
    with pytest.raises(NotAllowed):
        sam.check_ins.record(check_in.id, goals=[Progress(goal.id, 90)])
    assert sam.check_ins.record(check_in.id, agreements=["I make room"]).status is CheckInStatus.HELD


def test_a_stale_goal_conflicts(world: World) -> None:
    """A goal that is given as a value must be the latest, as everywhere."""
    world.open_check_in()
    ada = world.acting("ada")
    goal = ada.goals.start(ada.goals.draft(title="Stretch"))
    ada.goals.record(goal.id, progress=10)
    with pytest.raises(Conflict):
        ada.check_ins.record(goals=[Progress(goal, 20)])


def test_one_text_is_no_list(world: World) -> None:
    """One text where a list is meant is refused: it would become an agenda of letters."""
    world.open_check_in()
    ada = world.acting("ada")
    with pytest.raises(InvalidInput, match="list"):
        ada.check_ins.prepare(topics="My week")
    with pytest.raises(InvalidInput, match="list"):
        ada.check_ins.hold(agreements="I try it")
    no_lists: tuple[Any, ...] = (None, 5)
    for wrong in no_lists:
        with pytest.raises(InvalidInput, match=r"agreements: is .*; give a list"):
            ada.check_ins.hold(agreements=wrong)
        with pytest.raises(InvalidInput, match=r"goals: is .*; give a list"):
            ada.check_ins.record(goals=wrong)
    assert ada.check_ins.current() == ada.check_ins.mine()[0]
    assert ada.check_ins.mine()[0].agenda == ()


def test_promise_of_a_third(world: World) -> None:
    """Nobody promises for someone who is not in the talk, and then the talk is not noted either."""
    world.open_check_in()
    with pytest.raises(InvalidInput):
        world.acting("ada").check_ins.hold(agreements=[Promise("Do it", by="zoe")])
    assert world.acting("ada").check_ins.current() is not None


def test_held_is_heard(world: World) -> None:
    """That a talk was held can be heard; of a talk that she keeps to herself nothing is."""
    check_in = world.open_check_in()
    before = set(world.facts())
    world.acting("sam").check_ins.hold(check_in.id)
    assert [fact.split(":")[:2] for fact in set(world.facts()) - before] == [[check_in.id, "CheckInHeld"]]


def test_private_talk_is_not_heard(world: World) -> None:
    """Of a talk that she keeps to herself no plugin hears, and her partner does not see it any more."""
    check_in = world.open_check_in()
    ada, sam = world.acting("ada"), world.acting("sam")
    ada.visibility.share(check_in.id, "only_me")
    before = world.facts()
    ada.check_ins.hold()
    assert world.facts() == before
    assert sam.check_ins.with_me() == ()
    with pytest.raises(NotFound):
        sam.check_ins.get(check_in.id)


def test_reader_does_not_write(world: World) -> None:
    """Someone with whom she shares a talk reads it, and does nothing in it."""
    check_in = world.open_check_in()
    world.acting("ada").visibility.share(check_in.id, ["liam"])
    liam = world.acting("liam")
    assert liam.check_ins.get(check_in.id).id == check_in.id
    for verb in VERBS.values():
        with pytest.raises(NotAllowed):
            verb(liam, check_in.id)


def test_peer_as_partner(world: World) -> None:
    """With a partner of her own choice the talk is with that one, and her manager does not see it."""
    world.acting("ada").profile.choose_partner("liam")
    check_in = world.open_check_in()
    assert check_in.partner_id == world.id("liam")
    assert [it.id for it in world.acting("liam").check_ins.with_me()] == [check_in.id]
    with pytest.raises(NotFound):
        world.acting("sam").check_ins.get(check_in.id)


def test_without_partner(world: World) -> None:
    """Who has no manager and no partner has check-ins all the same, and is told so kindly."""
    check_in = world.open_check_in("mia")
    assert check_in.partner_id is None
    assert [message.subject for message in world.sent()["mia"]] == ["A check-in for yourself"]
    assert world.acting("mia").check_ins.hold(agreements=["I try it"]).status is CheckInStatus.HELD


def test_with_me_is_the_decision(world: World) -> None:
    """The talks in which someone is the partner are exactly those open ones that may be seen."""
    world.open_check_in(people=["ada", "liam", "noor"])
    world.acting("liam").visibility.share(world.acting("liam").check_ins.mine()[0].id, "only_me")
    world.acting("noor").check_ins.skip()
    assert [it.owner_id for it in world.acting("sam").check_ins.with_me()] == [world.id("ada")]


def test_the_partners_words_stay_with_the_two(world: World) -> None:
    """Shown a check-in by its owner, a third person reads what is hers, and nothing that her partner wrote."""
    check_in = world.open_check_in()
    ada, sam, liam = world.acting("ada"), world.acting("sam"), world.acting("liam")
    ada.check_ins.prepare(progress="Mine", topics=["My point"])
    sam.check_ins.prepare(check_in.id, progress="His", topics=["His point"])
    ada.check_ins.hold(agreements=["I will", Promise("He will", by="sam")])
    ada.visibility.share(check_in.id, "everyone")
    seen = liam.check_ins.get(check_in.id)
    assert [preparation.progress for preparation in seen.preparations] == ["Mine"]
    assert [item.text for item in seen.agenda] == ["My point"]
    assert [agreement.text for agreement in seen.agreements] == ["I will"]
    assert len(ada.check_ins.get(check_in.id).preparations) == 2


def test_a_new_partner_takes_over_when_she_hands_it_over(world: World, tell_row: Callable[..., Any]) -> None:
    """After a change of manager nobody else sees the open check-in, until its owner hands it over."""
    check_in = world.open_check_in()
    ada, sam = world.acting("ada"), world.acting("sam")
    ada.check_ins.prepare(progress="Mine")
    sam.check_ins.prepare(check_in.id, progress="His")
    world.clock.move(days=1)
    world.tell(tell_row("ada", manager="zoe"))
    zoe = world.acting("zoe")
    for other in (sam, zoe):
        with pytest.raises(NotFound):
            other.check_ins.get(check_in.id)
    with pytest.raises(NotFound):
        zoe.check_ins.hand_over(check_in.id)
    ada.check_ins.hand_over()
    assert [p.progress for p in zoe.check_ins.get(check_in.id).preparations] == ["Mine"]
    assert zoe.check_ins.hold(check_in.id).held_on is not None
    with pytest.raises(NotFound):
        sam.check_ins.get(check_in.id)


def test_the_agenda_is_hers(world: World) -> None:
    """Both bring topics up; only she arranges them and takes them off, also her partner's."""
    check_in = world.open_check_in()
    ada, sam = world.acting("ada"), world.acting("sam")
    ada.check_ins.prepare(progress="Well", topics=["Mine"])
    his = sam.check_ins.bring_up(check_in.id, topics=["His", "More of his"]).agenda[1:]
    not_his: tuple[Callable[[], object], ...] = (
        lambda: sam.check_ins.arrange(check_in.id, order=[his[0].id]),
        lambda: sam.check_ins.take_off(his[0].id),
        lambda: sam.check_ins.postpone(check_in.id, to=date(2026, 1, 9)),
        lambda: sam.check_ins.reveal_together(check_in.id),
        lambda: sam.check_ins.hand_over(check_in.id),
    )
    for verb in not_his:
        with pytest.raises(NotAllowed):
            verb()
    assert [item.text for item in ada.check_ins.arrange(order=[his[1].id]).agenda] == ["More of his", "Mine", "His"]
    ada.check_ins.take_off(his[1].id)
    agenda = sam.check_ins.get(check_in.id).agenda
    assert [item.text for item in agenda] == ["Mine", "His"]
    mine = ada.check_ins.current()
    assert mine is not None
    assert mine.preparation_of(ada.person.id) is not None
    for wrong in (his[1].id, "x", ""):
        with pytest.raises((InvalidInput, NotFound)):
            ada.check_ins.take_off(wrong)
    with pytest.raises(InvalidInput, match="list"):
        ada.check_ins.bring_up(topics="Mine")


def test_revealed_together(world: World) -> None:
    """When she wishes so, neither reads the other's preparation before both are ready."""
    check_in = world.open_check_in()
    ada, sam = world.acting("ada"), world.acting("sam")
    ada.check_ins.reveal_together()
    ada.check_ins.prepare(progress="Mine")
    assert sam.check_ins.get(check_in.id).preparations == ()
    assert sam.leadership.prepare(check_in.id).her_preparation is None
    sam.check_ins.prepare(check_in.id, progress="His")
    for actor in (ada, sam):
        assert sorted(p.progress for p in actor.check_ins.get(check_in.id).preparations) == ["His", "Mine"]


def test_postponed_within_the_period(world: World) -> None:
    """A talk can be postponed to the last day of its period, stays open until then, and the next opens all the same."""
    world.open_check_in()
    ada = world.acting("ada")
    with pytest.raises(InvalidInput):
        ada.check_ins.postpone(to=date(2026, 2, 3))
    postponed = ada.check_ins.postpone(to=date(2026, 2, 2))
    assert (postponed.talk_on, postponed.closes_on) == (date(2026, 2, 2), date(2026, 2, 2))
    world.clock.set(2026, 2, 2)
    assert world.work().passed == 0
    world.clock.set(2026, 2, 3)
    report = world.work()
    assert (report.passed, report.opened) == (1, 1)


def test_leave_without_blame(world: World, tell_row: Callable[..., Any]) -> None:
    """A check-in that opened before her leave just passes: nobody is reminded, and the next opens when she is back."""
    world.open_check_in()
    world.acting("ada").check_ins.bring_up(topics=["My month"])
    told = len(world.sent()["ada"])
    world.tell(tell_row("ada", manager="sam", on_leave=True))
    for _ in range(60):
        world.clock.move(days=1)
        world.work()
    assert [it.status for it in world.acting("ada").check_ins.mine()] == [CheckInStatus.PASSED]
    world.tell(tell_row("ada", manager="sam", on_leave=False))
    assert [it.status for it in world.acting("ada").check_ins.mine()] == [CheckInStatus.PASSED, CheckInStatus.OPEN]
    assert len(world.sent()["ada"]) == told
    world.clock.set(2026, 4, 7)
    assert world.work().opened == 1


def promise_of_sam(world: World) -> str:
    """Let Sam promise Ada something, then give her another manager, and let a new talk open with that one."""
    world.open_check_in()
    world.acting("ada").check_ins.hold(agreements=["I try it", Promise("Make room", by="sam")])
    return world.acting("ada").check_ins.mine()[0].agreements[1].id


def change_manager(world: World, tell_row: Callable[..., Any]) -> CheckIn:
    """Give Ada another manager, and open her next talk."""
    world.clock.set(2026, 2, 2)
    world.tell(tell_row("ada", manager="zoe"))
    world.clock.set(2026, 2, 3)
    world.work()
    check_in = world.acting("ada").check_ins.current()
    assert check_in is not None
    assert check_in.partner_id == world.id("zoe")
    return check_in


def test_agreements_are_carried_over(world: World) -> None:
    """Open agreements come back for both, with the talk they came from, until they are kept or let go of."""
    his = promise_of_sam(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    world.clock.set(2026, 2, 3)
    world.work()
    check_in = ada.check_ins.current()
    assert check_in is not None
    for actor in (ada, sam):
        assert [o.agreement.text for o in actor.check_ins.agreements()] == ["I try it", "Make room"]
        assert {o.held_on for o in actor.check_ins.agreements()} == {date(2026, 1, 6)}
    page = sam.leadership.prepare(check_in.id)
    assert [a.text for a in page.your_promises] == ["Make room"]
    assert [a.text for a in page.her_promises] == ["I try it"]
    with pytest.raises(NotAllowed):
        sam.check_ins.release(his)
    ada.check_ins.release(his)
    hers = ada.check_ins.agreements()[0].agreement.id
    with pytest.raises(NotAllowed):
        ada.check_ins.release(hers)
    sam.check_ins.release(hers)
    assert ada.check_ins.agreements() == sam.check_ins.agreements() == ()
    for verb in (ada.check_ins.keep_promise, ada.check_ins.release):
        with pytest.raises((IllegalMove, NotAllowed)):
            verb(hers)


def test_agreements_are_those_that_may_be_seen(world: World) -> None:
    """Of a talk that she keeps to herself her partner hears no agreement."""
    promise_of_sam(world)
    ada, sam = world.acting("ada"), world.acting("sam")
    ada.visibility.share(ada.check_ins.mine()[0].id, "only_me")
    assert sam.check_ins.agreements() == ()
    assert len(ada.check_ins.agreements()) == 2


def test_an_ownerless_promise_is_let_go_or_taken_over(world: World, tell_row: Callable[..., Any]) -> None:
    """After a change of manager she sees what nobody does any more; she takes it over, or lets go of it."""
    his = promise_of_sam(world)
    ada = world.acting("ada")
    assert ada.check_ins.ownerless() == ()
    with pytest.raises(NotFound):
        ada.check_ins.take_over(his)
    change_manager(world, tell_row)
    assert [o.agreement.id for o in ada.check_ins.ownerless()] == [his]
    with pytest.raises(NotFound):
        world.acting("sam").check_ins.keep_promise(his)
    ada.check_ins.take_over(his)
    assert ada.check_ins.ownerless() == ()
    assert ada.check_ins.keep_promise(his).agreement(his).done_on == date(2026, 2, 3)
    hers = ada.check_ins.agreements()[0].agreement.id
    assert ada.check_ins.release(hers).agreement(hers).released_on == date(2026, 2, 3)


def test_a_new_partner_adopts_a_promise(world: World, tell_row: Callable[..., Any]) -> None:
    """Asked on the agenda, the new partner promises it again, and the promise of the one before is closed."""
    his = promise_of_sam(world)
    ada, zoe = world.acting("ada"), world.acting("zoe")
    with pytest.raises(NotFound):
        ada.check_ins.ask_to_adopt(his)
    check_in = change_manager(world, tell_row)
    (asked,) = ada.check_ins.ask_to_adopt(his).agenda
    assert ada.check_ins.ask_to_adopt(his).agenda == (asked,)
    assert [item.text for item in zoe.check_ins.get(check_in.id).agenda] == ["Make room"]
    with pytest.raises(NotFound):
        zoe.check_ins.get(ada.check_ins.mine()[0].id)
    with pytest.raises(NotAllowed):
        ada.check_ins.adopt(asked.id)
    adopted = zoe.check_ins.adopt(asked.id, due_on=date(2026, 3, 1))
    assert [(a.text, a.by_id, a.due_on) for a in adopted.agreements] == [
        ("Make room", world.id("zoe"), date(2026, 3, 1))
    ]
    assert ada.check_ins.ownerless() == ()
    assert ada.check_ins.mine()[0].agreement(his).released_on == date(2026, 2, 3)
    with pytest.raises(InvalidInput):
        zoe.check_ins.adopt(asked.id)
    # Adopted and handed over once more within the same talk, it is adopted there again.
    world.clock.move(days=1)
    world.tell(tell_row("ada", manager="mia"))
    ada.check_ins.hand_over()
    (again,) = ada.check_ins.ask_to_adopt(adopted.agreements[0].id).agenda
    latest = world.acting("mia").check_ins.adopt(again.id)
    assert [a.by_id for a in latest.agreements] == [world.id("mia")]
    assert [a.is_open for a in ada.check_ins.get(check_in.id).agreements] == [False, True]


def test_what_was_kept_meanwhile_is_not_adopted(world: World, tell_row: Callable[..., Any]) -> None:
    """A promise that she closed after she asked is adopted by nobody, and nothing is written."""
    his = promise_of_sam(world)
    ada, zoe = world.acting("ada"), world.acting("zoe")
    check_in = change_manager(world, tell_row)
    (asked,) = ada.check_ins.ask_to_adopt(his).agenda
    ada.check_ins.release(his)
    with pytest.raises(IllegalMove):
        zoe.check_ins.adopt(asked.id)
    assert ada.check_ins.get(check_in.id).agreements == ()


def test_to_adopt_takes_a_partner(world: World, tell_row: Callable[..., Any]) -> None:
    """Without a partner nobody can be asked; she can still take it over or let go of it."""
    his = promise_of_sam(world)
    world.clock.set(2026, 2, 2)
    world.tell(tell_row("ada", manager=""))
    world.clock.set(2026, 2, 3)
    world.work()
    with pytest.raises(NotFound):
        world.acting("ada").check_ins.ask_to_adopt(his)
    assert len(world.acting("ada").check_ins.ownerless()) == 1


def test_a_partner_who_leaves_leaves_it_with_none(world: World, tell_row: Callable[..., Any]) -> None:
    """When her partner leaves, the check-in stays hers, with nobody; whoever comes next does not see it by that."""
    check_in = world.open_check_in()
    ada = world.acting("ada")
    ada.check_ins.prepare(progress="Mine")
    world.tell(tell_row("sam", manager="mia", team="Board", active=False), tell_row("ada", manager="zoe"))
    left = ada.check_ins.get(check_in.id)
    assert (left.partner_id, left.status) == (None, CheckInStatus.OPEN)
    assert [p.progress for p in left.preparations] == ["Mine"]
    assert ada.check_ins.hand_over().partner_id == world.id("zoe")
    world.clock.set(2026, 2, 3)
    assert world.work().opened == 1


def test_a_partner_who_is_gone_gets_no_new_check_in(world: World, tell_row: Callable[..., Any]) -> None:
    """With a partner who does not work here any more a check-in opens without one, and is handed over to nobody."""
    world.tell(tell_row("sam", manager="mia", team="Board", end_on=date(2026, 1, 5)))
    assert world.open_check_in().partner_id is None
    assert world.acting("ada").check_ins.hand_over().partner_id is None


def test_initiative_is_hers(world: World) -> None:
    """After some talks she reads who took the initiative; before that there is not enough to say something."""
    world.start_cycle(people=["ada"])
    ada = world.acting("ada")
    ada.goals.start(ada.goals.draft(title="A goal"))
    ada.goals.draft(title="A thought")
    for title in ("His idea", "An idea left as a draft"):
        world.acting("sam").goals.suggest("ada", title=title)
    taken = {goal.title: goal for goal in map(ada.goals.accept, ada.goals.suggestions())}
    ada.goals.start(taken["His idea"])
    for month in (1, 2, 3):
        assert not ada.check_ins.initiative().has_enough
        world.clock.set(2026, month, 7)
        world.work()
        ada.check_ins.prepare(topics=["Mine"])
        ada.check_ins.hold()
    sides = ada.check_ins.initiative().sides
    assert {str(kind): (of.hers, of.partners) for kind, of in sides.items()} == {
        "agenda": (3, 0),
        "preparation": (3, 0),
        "actions": (0, 0),
        "goals": (1, 1),
    }


def test_initiative_is_hers_to_show(world: World) -> None:
    """She shows her partner the balance if she likes; he reads it before a talk, and who comes after him does not."""
    world.start_cycle(people=["ada"])
    ada, sam = world.acting("ada"), world.acting("sam")
    with pytest.raises(InvalidInput, match="too few talks"):
        ada.check_ins.show_initiative()
    for month in (1, 2, 3):
        world.clock.set(2026, month, 7)
        world.work()
        ada.check_ins.prepare(topics=["Mine"])
        ada.check_ins.hold()
    world.clock.set(2026, 4, 8)
    world.work()
    talk = ada.check_ins.current()
    assert talk is not None
    assert sam.leadership.prepare(talk).initiative is None
    shown = ada.check_ins.show_initiative()
    assert shown.balance == ada.check_ins.initiative()
    assert sam.leadership.prepare(talk).initiative == shown
    assert any(shown.id in item_ids for _, item_ids, _ in world.looks("ada"))
    ada.check_ins.take_back_initiative()
    assert sam.leadership.prepare(talk).initiative is None
    ada.check_ins.show_initiative()
    world.clock.move(days=1)
    ada.profile.choose_partner("liam")
    ada.check_ins.hand_over()
    assert world.acting("liam").leadership.prepare(talk.id).initiative is None
