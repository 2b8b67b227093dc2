"""Check-ins: prepared by both, her agenda, promises that are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, IllegalMove, InvalidInput, NotAllowed, NotFound, Promise
from ownership.domain.check_ins import MOVES, CheckInMove, CheckInStatus

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    from ownership.domain.check_ins import CheckIn
    from ownership.workspace.actor import Actor

VERBS: dict[CheckInMove, Callable[[Actor, Any], CheckIn]] = {
    CheckInMove.PREPARE: lambda actor, check_in: actor.check_ins.prepare(check_in, progress="Something"),
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


@pytest.mark.parametrize("status", CheckInStatus)
@pytest.mark.parametrize("move", VERBS)
def test_every_status_and_verb(world: World, status: CheckInStatus, move: CheckInMove) -> None:
    """A verb does what the table of moves says, and is refused, changing nothing, where the table has no such move."""
    check_in = world.open_check_in()
    ada = world.acting("ada")
    if status is CheckInStatus.PASSED:
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


def test_one_text_is_no_list(world: World) -> None:
    """One text where a list is meant is refused: it would become an agenda of letters."""
    world.open_check_in()
    ada = world.acting("ada")
    with pytest.raises(InvalidInput, match="list"):
        ada.check_ins.prepare(topics="My week")
    with pytest.raises(InvalidInput, match="list"):
        ada.check_ins.hold(agreements="I try it")
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
