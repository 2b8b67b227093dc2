"""Resting: free of nudges, and invisible. Two worlds that differ in her rest alone are one world to everyone else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ownership import InvalidInput, NotFound, OwnershipError
from ownership.domain.reminders import Delivery, DeliveryStatus
from ownership.domain.rests import Rest, rest_id
from ownership.ports.channels import Outcome

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def test_resting_and_back(world: World) -> None:
    """She rests until she says so, or until the day that she named; then she is back by herself."""
    profile = world.acting("ada").profile
    assert not profile.is_resting()
    assert profile.rest().since == date(2026, 1, 5)
    assert profile.is_resting()
    assert profile.rest(until=date(2026, 1, 12)).until == date(2026, 1, 12)
    world.clock.set(2026, 1, 11, 22)
    assert profile.is_resting()
    world.clock.set(2026, 1, 11, 23)  # midnight in Amsterdam
    assert not profile.is_resting()
    assert profile.rest().since == date(2026, 1, 12)
    assert profile.stop_resting().ended_on == date(2026, 1, 12)
    assert not profile.is_resting()


def test_nothing_to_stop(world: World) -> None:
    """Who does not rest, or not any more, is told so when she stops resting, and a day that is past is refused."""
    profile = world.acting("ada").profile
    with pytest.raises(NotFound, match="rest"):
        profile.stop_resting()
    for past in (date(2026, 1, 5), date(2025, 12, 31)):
        with pytest.raises(InvalidInput, match=r"rest\.until"):
            profile.rest(until=past)
    profile.rest(until=date(2026, 1, 6))
    world.clock.move(days=1)
    with pytest.raises(NotFound, match="rest"):
        profile.stop_resting()


def test_no_nudge(world: World) -> None:
    """Who rests hears nothing of her own check-in; it is open all the same, and her partner hears of it as always."""
    world.start_cycle(people=["ada", "liam"])
    world.acting("ada").profile.rest()
    world.clock.set(2026, 1, 6)
    world.work()
    assert world.acting("ada").check_ins.current() is not None
    assert set(world.sent()) == {"liam", "sam"}
    assert world.acting("ada").inbox.messages() == ()
    assert [each.status for each in deliveries(world, "ada")] == [DeliveryStatus.LAPSED]


def test_no_nudge_without_partner(world: World) -> None:
    """Who has nobody to talk with and rests hears nothing either."""
    world.start_cycle(people=["mia"])
    world.acting("mia").profile.rest()
    world.clock.set(2026, 1, 6)
    world.work()
    assert world.sent() == {}


def test_planned_before_she_rested(world: World) -> None:
    """What was planned before she began to rest lapses; what comes after she is back is sent."""
    world.start_cycle(people=["ada"])
    world.clock.set(2026, 1, 6, 0, 0)
    world.work()
    world.acting("ada").profile.rest(until=date(2026, 2, 1))
    world.clock.set(2026, 1, 6, 12)
    world.work()
    assert set(world.sent()) == {"sam"}
    world.clock.set(2026, 2, 3)
    world.work()
    assert len(world.sent()["ada"]) == 1


def test_own_question_expires_in_silence(world: World) -> None:
    """That a question of hers passed without an answer is not told while she rests."""
    world.acting("ada").feedback.ask("liam", question="What?")
    world.acting("ada").profile.rest()
    world.clock.move(days=30)
    assert world.work().expired == 1
    assert "ada" not in world.sent()


def test_what_others_need_reaches_her(world: World) -> None:
    """A question of a colleague, feedback given to her and the talk of someone whose partner she is reach her."""
    world.acting("noor").profile.choose_partner("ada")
    world.acting("ada").profile.rest()
    world.start_cycle(people=["noor"])
    world.acting("liam").feedback.ask("ada", question="What?")
    world.given()
    world.clock.set(2026, 1, 6)
    world.work()
    (message,) = world.sent()["ada"]
    assert message.body.count("\n- ") == 3


def test_nobody_elses(world: World) -> None:
    """Nobody can open, share or preview a rest: for others it is not there, and for her it has no audience."""
    ada = world.acting("ada")
    rest = ada.profile.rest()
    for name in ("ada", "sam", "liam", "hr"):
        actor = world.acting(name)
        with pytest.raises(NotFound):
            actor.visibility.preview(rest.id, audience="everyone")
        with pytest.raises(NotFound):
            actor.visibility.who_sees(rest.id)
        with pytest.raises(NotFound):
            actor.visibility.share(rest.id, "everyone")
        with pytest.raises(NotFound):
            actor.goals.get(rest.id)
        assert actor.profile.is_resting() == (name == "ada")
    assert world.facts() == ()
    assert "rest" not in repr(ada.person)


def test_one_rest_each(world: World) -> None:
    """However often she rests and comes back, one record tells of now and none of before."""
    profile = world.acting("ada").profile
    for _ in range(5):
        profile.rest()
        world.clock.move(days=3)
        profile.stop_resting()
        world.clock.move(days=3)
    with world.ws._desk.reading() as unit:
        (kept,) = unit.all_of(world.id("ada"), Rest)
    assert (kept.id, kept.since) == (rest_id(kept.owner_id), date(2026, 1, 29))


def deliveries(world: World, name: str) -> list[Delivery]:
    """Give all deliveries to a person."""
    with world.ws._desk.reading() as unit:
        return unit.all_of(world.id(name), Delivery)


# ----------------------------------------------------------------------------------------------------- a pair of worlds

OTHERS = ("mia", "sam", "liam", "noor", "zoe", "hr")

STEPS: dict[str, Callable[[World], Any]] = {
    "a day": lambda world: world.clock.move(days=1),
    "a week": lambda world: world.clock.move(days=7),
    "a month": lambda world: world.clock.move(days=31),
    "work": lambda world: world.work(),
    "ada prepares": lambda world: world.acting("ada").check_ins.prepare(progress="Some", topics=["More"]),
    "ada skips": lambda world: world.acting("ada").check_ins.skip(),
    "ada shares": lambda world: world.acting("ada").goals.share(
        world.acting("ada").goals.draft(title="A goal"), "manager"
    ),
    "ada asks": lambda world: world.acting("ada").feedback.ask("liam", question="What?"),
    "ada takes liam": lambda world: world.acting("ada").profile.choose_partner("liam"),
    "liam asks": lambda world: world.acting("liam").feedback.ask("ada", question="What?"),
    "liam takes ada": lambda world: world.acting("liam").profile.choose_partner("ada"),
    "liam gives": lambda world: world.given(),
    "mail is down": lambda world: world.post.script.update({world.id("sam"): [Outcome.RETRY]}),
}

RESTS: dict[str, Callable[[World], Any]] = {
    "ada rests": lambda world: world.acting("ada").profile.rest(),
    "ada rests a while": lambda world: world.acting("ada").profile.rest(
        until=date.fromordinal(world.clock.now.toordinal() + 20)
    ),
    "ada is back": lambda world: world.acting("ada").profile.stop_resting(),
}


def attempt(step: Callable[[World], Any], world: World) -> None:
    """Take a step; one that is not possible now is not possible in the other world either."""
    try:
        step(world)
    except OwnershipError:
        return


def as_others_see(world: World) -> dict[str, Any]:
    """Give all that anybody but her sees, hears or is sent, and all that is stored but her rest and her messages."""
    seen: dict[str, Any] = {name: messages for name, messages in world.sent().items() if name != "ada"}
    hers = world.id("ada")
    seen["stored"] = {
        key: record
        for key, record in records(world).items()
        if not (record.owner_id == hers and record.collection in {"rests", "deliveries"})
    }
    seen["facts"] = world.facts()
    for name in OTHERS:
        actor = world.acting(name)
        seen[f"{name}'s team"] = actor.team.overview()
        seen[f"{name}'s inbox"] = actor.inbox.messages()
        seen[f"{name}'s talks"] = talks = actor.check_ins.with_me()
        seen[f"{name}'s preparation"] = [actor.leadership.prepare(talk.id) for talk in talks]
    return seen


def records(world: World) -> dict[Any, Any]:
    """Give every record of the store."""
    return {
        (collection, id_): record
        for collection, of in world.store._tenant("default").records.items()
        for id_, record in of.items()
    }


@given(st.lists(st.sampled_from([*STEPS, *RESTS, "work", "a week"]), max_size=14))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_nobody_can_tell(make_world: Callable[..., World], steps: list[str]) -> None:
    """Whatever she and others do, to everyone else the world is the same, to the byte, whether she rests or not.

    Planted and caught: a partner whose message lapses because she rests.
    """
    restless, resting = make_world(), make_world()
    for world in (restless, resting):
        world.start_cycle()
    attempt(RESTS["ada rests"], resting)
    for name in (*steps, "a month", "work"):
        if name in RESTS:
            attempt(RESTS[name], resting)
            continue
        for world in (restless, resting):
            attempt(STEPS[name], world)
    assert as_others_see(resting) == as_others_see(restless)


def test_the_pair_would_show_a_difference(make_world: Callable[..., World]) -> None:
    """The comparison above sees it when a rest leaks: one byte of a message, or one goal more."""
    one, other = make_world(), make_world()
    for world in (one, other):
        world.start_cycle()
        world.clock.set(2026, 1, 6)
        world.work()
    assert as_others_see(one) == as_others_see(other)
    other.post.sent[-1] = evolve(other.post.sent[-1], body=other.post.sent[-1].body + ".")
    assert as_others_see(one) != as_others_see(other)
    third = make_world()
    third.start_cycle()
    third.clock.set(2026, 1, 6)
    third.work()
    third.acting("ada").goals.draft(title="A goal")
    assert as_others_see(one) != as_others_see(third)


def test_read_by_another_is_journalled(world: World) -> None:
    """Who acts as her and sees whether she rests stands in her journal under the real name."""
    world.acting("ada").profile.rest()
    assert world.acting("ada", on_behalf_of="kim").profile.is_resting()
    assert [real for _, _, real in world.looks("ada")] == ["kim"]
