"""Deliveries: once, in working time, together, tried again, and set apart with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ownership import IllegalMove
from ownership.domain.reminders import MAX_ATTEMPTS, Delivery, DeliveryStatus, ReminderKind
from ownership.ports.channels import Message, Outcome, Receipt
from ownership.ports.content import MessageText, Pack

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def of(world: World, name: str) -> list[Delivery]:
    """Give all deliveries to a person."""
    with world.ws._desk.reading() as unit:
        return [delivery for delivery in unit.find(Delivery) if delivery.owner_id == world.id(name)]


@pytest.mark.parametrize(
    ("shift", "zone", "begins"),
    [
        ("day", "Europe/Amsterdam", (8, 0)),
        ("evening", "Europe/Amsterdam", (14, 0)),
        ("night", "Europe/Amsterdam", (21, 0)),
        ("other", "Europe/Amsterdam", (8, 0)),
        ("night", "Asia/Kolkata", (16, 30)),
        ("day", "America/Los_Angeles", (17, 0)),
    ],
)
def test_start_of_the_shift(
    world: World, tell_row: Callable[..., Any], shift: str, zone: str, begins: tuple[int, int]
) -> None:
    """A message waits for the start of its reader's shift in local time: nine, fifteen or twenty-two o'clock."""
    world.tell(tell_row("kai", shift=shift, timezone=zone))
    world.start_cycle(people=["kai"])
    world.clock.set(2026, 1, 6, *begins)
    world.clock.move(minutes=-1)
    assert world.acting("kai").check_ins.current() is not None
    world.work()
    assert not of(world, "kai")
    world.clock.move(minutes=1)
    world.work()
    assert len(world.sent()["kai"]) == 1


def test_late_opening_goes_out_at_once(world: World) -> None:
    """When the shift has begun by the time that a check-in opens, the message goes out in the same run."""
    world.start_cycle(people=["ada"])
    world.clock.set(2026, 1, 6, 13)
    assert world.work().deliveries.messages == 2
    assert [delivery.due_at for delivery in of(world, "ada")] == [world.clock.now]


def test_both_hear(world: World) -> None:
    """She hears that her check-in is open and he that he is the listener, each by name, and no more than that."""
    world.open_check_in()
    (hers,), (his,) = world.sent()["ada"], world.sent()["sam"]
    assert "Hi Ada" in hers.body
    assert "19 Jan 2026" in hers.body
    assert "The check-in with Ada" in his.body
    assert (hers.receiver.email, hers.receiver.language) == ("ada@example.org", "en")


@pytest.mark.parametrize("verb", ["prepare", "hold", "skip"])
def test_who_did_it_already_hears_nothing(world: World, verb: str) -> None:
    """Who did already what a message would ask for gets none; the partner gets his as long as the talk is to come."""
    world.start_cycle(people=["ada"])
    world.clock.set(2026, 1, 6, 0, 0)
    world.work()
    getattr(world.acting("ada").check_ins, verb)(**({"progress": "x"} if verb == "prepare" else {}))
    world.clock.set(2026, 1, 6, 12)
    world.work()
    assert of(world, "ada") == []
    assert ("sam" in world.sent()) == (verb == "prepare")
    assert world.work().is_empty


@pytest.mark.parametrize("verb", ["prepare", "hold", "skip"])
def test_overtaken_lapses(world: World, verb: str) -> None:
    """Who does what a message asks for before it could be delivered does not get it; it lapses, and stays lapsed."""
    world.start_cycle(people=["ada"])
    world.post.script = {world.id(name): [Outcome.UNKNOWN] for name in ("ada", "sam")}
    world.clock.set(2026, 1, 6, 12)
    assert world.work().deliveries.postponed == 2
    getattr(world.acting("ada").check_ins, verb)(**({"progress": "x"} if verb == "prepare" else {}))
    world.clock.move(minutes=5)
    world.work()
    assert "ada" not in world.sent()
    assert ("sam" in world.sent()) == (verb == "prepare")
    assert [delivery.status for delivery in of(world, "ada")] == [DeliveryStatus.LAPSED]
    assert world.work().is_empty


def test_half_prepared_still_hears(world: World) -> None:
    """Who began to prepare and is not ready still gets the message."""
    world.start_cycle(people=["ada"])
    world.clock.set(2026, 1, 6, 0, 0)
    world.work()
    world.acting("ada").check_ins.prepare(progress="x", ready=False)
    world.clock.set(2026, 1, 6, 12)
    world.work()
    assert len(world.sent()["ada"]) == 1


def test_answered_question_lapses(world: World) -> None:
    """A question that was withdrawn before it went out is not told any more; feedback that was given is."""
    world.clock.set(2026, 1, 5, 3)
    request = world.acting("ada").feedback.ask("liam", question="What?")
    other = world.acting("zoe").feedback.ask("liam", question="What?")
    world.acting("ada").feedback.withdraw(request)
    world.acting("liam").feedback.answer(other.id, "That.")
    world.clock.set(2026, 1, 5, 12)
    report = world.work().deliveries
    assert (report.lapsed, report.sent) == (2, 1)
    assert set(world.sent()) == {"zoe"}


def test_digest(world: World) -> None:
    """What is due to one person at one time goes out as one message with a line for each, in the reader's language."""
    world.start_cycle(people=["ada", "liam", "noor", "sam"])
    world.acting("zoe").feedback.ask("sam", question="What?")
    world.clock.set(2026, 1, 6, 9)
    report = world.work().deliveries
    (digest,) = world.sent()["sam"]
    assert digest.body.count("\n- ") == 5
    for name in ("Ada", "Liam", "Noor", "Zoe"):
        assert name in digest.body
    assert (report.messages, report.sent) == (4, 8)
    assert {delivery.status for delivery in of(world, "sam")} == {DeliveryStatus.SENT}
    assert digest.key == "+".join(sorted(digest.key.split("+"), key=digest.key.index))
    assert len(digest.key.split("+")) == 5


@pytest.mark.parametrize("outcome", [Outcome.RETRY, Outcome.UNKNOWN, RuntimeError("no connection")], ids=str)
def test_tried_again_with_the_same_key(world: World, outcome: Outcome | Exception) -> None:
    """What could not be sent, or maybe, is tried again later, each time with the same key and after a longer wait."""
    world.post.script[world.id("ada")] = [outcome] * 3
    world.given()
    assert world.work().deliveries.postponed == 1
    for minutes in (2, 4, 8):
        world.clock.move(minutes=minutes, seconds=-1)
        assert world.work().is_empty
        world.clock.move(seconds=1)
        world.work()
    assert len(world.post.tried) == 4
    assert len({message.key for message in world.post.tried}) == 1
    assert len(world.sent()["ada"]) == 1
    assert world.work().is_empty


def test_retry_of_a_digest_has_the_same_key(world: World) -> None:
    """A digest that is tried again tells the same things under the same key."""
    world.post.script[world.id("sam")] = [Outcome.UNKNOWN]
    world.start_cycle(people=["ada", "liam"])
    world.clock.set(2026, 1, 6, 9)
    world.work()
    world.clock.move(minutes=2)
    world.work()
    first, second = (message for message in world.post.tried if message.receiver.person_id == world.id("sam"))
    assert first == second


def test_too_many_tries(world: World) -> None:
    """After eight tries a message is set apart with the reason, and the rest has gone on."""
    world.post.script[world.id("ada")] = [Outcome.RETRY] * 100
    world.given()
    world.given("ada", "liam")
    for _ in range(20):
        world.work()
        world.clock.move(days=1)
    assert len(world.sent()["liam"]) == 1
    tries = [message for message in world.post.tried if message.receiver.person_id == world.id("ada")]
    assert len(tries) == MAX_ATTEMPTS
    (dead,) = world.ws.dead_letters()
    assert (dead.owner_id, dead.reason, dead.status) == (world.id("ada"), "as scripted", DeliveryStatus.DEAD)


def test_rejected_is_set_apart_and_retried(world: World) -> None:
    """What a channel refuses is a dead letter with the reason at once; it can be retried, and then it goes out."""
    world.post.script[world.id("ada")] = [Outcome.REJECTED]
    world.given()
    assert world.work().deliveries.dead == 1
    world.clock.move(days=1)
    assert world.work().is_empty
    (dead,) = world.ws.dead_letters()
    assert dead.reason == "as scripted"
    assert world.ws.retry_dead_letters() == 1
    assert world.ws.dead_letters() == ()
    assert world.work().deliveries.sent == 1
    assert world.ws.retry_dead_letters() == 0
    with pytest.raises(IllegalMove):
        of(world, "ada")[0].retry()
    assert len({message.key for message in world.post.tried}) == 1


def test_broken_channel_does_not_stop_the_others(world: World) -> None:
    """A channel that raises does not stop another; what it had is tried again later."""
    world.post.script[world.id("ada")] = [RuntimeError("down")]
    world.given()
    world.given(receiver="noor")
    world.clock.set(2026, 1, 5, 21)
    report = world.work().deliveries
    assert (report.sent, report.postponed) == (1, 1)
    assert set(world.sent()) == {"noor"}
    world.clock.move(minutes=2)
    world.work()
    assert set(world.sent()) == {"noor", "ada"}


def test_channel_that_cannot_say_whom_it_reaches(world: World) -> None:
    """A channel that raises when it is asked whom it reaches reaches nobody, and the next one is taken."""
    world.post.is_lost = True
    world.given()
    assert world.work().deliveries.sent == 1
    assert len(world.pigeon.sent) == 1


@pytest.mark.parametrize("answer", [None, [], [None], [Receipt("another", Outcome.DELIVERED)]], ids=repr)
def test_channel_that_answers_nonsense(world: World, answer: Any) -> None:
    """Without a receipt for it, a message counts as maybe sent: it is tried again under the same key."""
    world.given()
    send = world.post.send
    setattr(world.post, "send", lambda messages: [*send(messages), None] and answer)  # noqa: B010
    assert world.work().deliveries.postponed == 1
    setattr(world.post, "send", send)  # noqa: B010
    world.clock.move(minutes=2)
    assert world.work().deliveries.sent == 1
    assert len({message.key for message in world.post.tried}) == 1


@pytest.mark.parametrize("reason", ["\x00", "\ud800", "x" * 100_000, ""], ids=["nul", "surrogate", "long", "none"])
def test_reason_that_cannot_be_kept(world: World, reason: str) -> None:
    """When the reason that a channel gives cannot be kept, the message is a dead letter all the same."""
    world.given()
    send = lambda messages: [Receipt(message.key, Outcome.REJECTED, reason) for message in messages]  # noqa: E731
    setattr(world.post, "send", send)  # noqa: B010
    assert world.work().deliveries.dead == 1
    assert [dead.reason for dead in world.ws.dead_letters()] == ["rejected"]


def test_no_channel_reaches(world: World) -> None:
    """Who is reached by no channel has a dead letter that says so, and hears of it once there is a way."""
    world.pigeon.needs_email = True
    world.given(receiver="noor")
    world.clock.set(2026, 1, 5, 21)
    world.work()
    assert [dead.reason for dead in world.ws.dead_letters()] == ["no channel reaches this person"]
    world.pigeon.needs_email = False
    world.ws.retry_dead_letters()
    assert world.work().deliveries.sent == 1


@pytest.mark.parametrize("body", ["{nobody}", "{name.nope}", "{name[nope]}", "{", "{0}", "{name:%}", "{name!x}"])
def test_poison_text(make_world: Callable[..., World], body: str) -> None:
    """A text that cannot be made is set apart with the reason, without its words, and everyone else hears."""
    text = MessageText({"en": "Subject", "nl": "Onderwerp"}, {"en": body, "nl": body})
    world = make_world(packs=[Pack(messages={ReminderKind.FEEDBACK_GIVEN: text})])
    world.given()
    world.acting("ada").feedback.ask("sam", question="What?")
    report = world.work().deliveries
    assert (report.dead, report.sent) == (1, 1)
    (dead,) = world.ws.dead_letters()
    assert dead.reason.startswith("its text could not be made (")
    assert world.work().is_empty


def test_first_channel_that_reaches(world: World) -> None:
    """Channels are tried in their order, and the one that took a message is kept with it."""
    world.given()
    world.given(receiver="noor")
    world.clock.set(2026, 1, 5, 21)
    world.work()
    assert [delivery.channel for name in ("ada", "noor") for delivery in of(world, name)] == ["post", "pigeon"]
    assert [message.receiver.email for message in world.post.sent + world.pigeon.sent] == ["ada@example.org", None]


def test_worker_that_died(world: World) -> None:
    """What a worker had claimed when it died goes out when its lease ends, under the same key."""
    world.given()
    claimed = world.store.outbox("default").claim(
        "delivery", now=world.clock.now, lease_until=world.clock.now.replace(minute=10), limit=9
    )
    assert len(claimed) == 1
    assert world.work().is_empty
    world.clock.move(minutes=10)
    assert world.work().deliveries.sent == 1
    assert world.post.sent[0].key == claimed[0].id


def test_names_of_people_are_not_formats(world: World, tell_row: Callable[..., Any]) -> None:
    """A name with braces or percent signs in it is shown as it is."""
    world.tell(tell_row("liam", manager="sam", display_name="L{iam} {name} %s"))
    world.acting("liam").feedback.ask("ada", question="What?")
    world.work()
    assert isinstance(world.post.sent[0], Message)
    assert "L{iam} {name} %s" in world.post.sent[0].body
