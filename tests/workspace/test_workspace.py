"""The workspace as a whole: who may act, whole or nothing, and no personal text where it does not belong."""

from __future__ import annotations

import json
import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from attrs import asdict, evolve

from ownership import (
    InvalidInput,
    Measure,
    Misconfigured,
    NotAllowed,
    NotFound,
    Promise,
    Unavailable,
    codec,
    open_workspace,
)
from ownership.domain.directory import Snapshot
from ownership.domain.journal import Look
from ownership.domain.people import Person

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workspace.conftest import World

    from ownership.workspace.actor import Actor

# ------------------------------------------------------------------------------------------------------ who may act


def test_acting_as(world: World) -> None:
    """One acts as a person that is named by id, external id or e-mail; it is the same person."""
    ids = {world.acting(who).person.id for who in ("ada", "ada@example.org", world.id("ada"))}
    assert ids == {world.id("ada")}
    assert world.acting("ada", roles=["organiser"]).roles == {"organiser"}
    for who in ("", "nobody", "ada@example.com"):
        with pytest.raises(NotFound):
            world.acting(who)


def test_who_cannot_act(world: World, tell_row: Callable[..., Any]) -> None:
    """Nobody acts as someone who left or has not started, or in a role that there is not; on leave one can."""
    world.tell(
        tell_row("ada", manager="sam", active=False),
        tell_row("liam", manager="sam", start_on=date(2026, 1, 6)),
        tell_row("zoe", manager="mia", team="Red", on_leave=True),
    )
    for name in ("ada", "liam"):
        with pytest.raises(NotAllowed):
            world.acting(name)
    assert world.acting("zoe").person.on_leave
    with pytest.raises(NotAllowed, match="emperor"):
        world.acting("sam", roles={"emperor"})
    world.clock.move(days=1)
    assert world.acting("liam").overview().goals == ()


def test_naive_clock_is_refused(make_world: Callable[..., World]) -> None:
    """A clock without a time zone is refused: nobody knows what moment it means."""
    world = make_world()
    world.clock.now = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - that is the point
    with pytest.raises(InvalidInput, match="clock"):
        world.acting("ada")


def test_same_seed_same_ids(make_world: Callable[..., World]) -> None:
    """With the same clock and the same source of chance everything gets the same ids."""
    one, two = (make_world().acting("ada").goals.draft(title="A goal") for _ in range(2))
    assert one == two


def test_close_closes_all(world: World) -> None:
    """Closing a workspace closes its channels and its store, and can be done twice."""
    with world.ws:
        pass
    world.ws.close()
    assert (world.post.is_closed, world.pigeon.is_closed) == (True, True)


def test_check(world: World) -> None:
    """A sound store has nothing wrong with it."""
    assert world.ws.check() == ()


def test_tenants_do_not_meet(make_world: Callable[..., World], tmp_path: Path) -> None:
    """Two tenants in one file know nothing of each other's people, goals and messages."""
    url = f"sqlite:///{tmp_path}/both.db"
    world = make_world(url)
    goal = world.acting("ada").goals.draft(title="A goal")
    world.given()
    with open_workspace(url, tenant="other", channels=("post:",), clock=world.clock, plugins=[world]) as other:
        assert other.people.all() == ()
        for who in ("ada", world.id("ada")):
            with pytest.raises(NotFound):
                other.acting_as(who)
        assert other.run_due_work().is_empty
        other.people.sync("rows:")
        with pytest.raises(NotFound):
            other.acting_as("ada").goals.get(goal.id)
    assert world.work().deliveries.sent == 1
    with pytest.raises(Misconfigured, match="tenant"):
        open_workspace(tenant="")


# -------------------------------------------------------------------------------------------------- whole or nothing


def asked(world: World) -> str:
    """Let Ada have asked Liam something."""
    return world.acting("ada").feedback.ask("liam", question="What?").id


def started(world: World) -> str:
    """Let Ada have an active goal that is shared."""
    goal = world.acting("ada").goals.draft(title="A goal")
    return world.acting("ada").goals.share(world.acting("ada").goals.start(goal), "manager").id


def opened(world: World) -> str:
    """Let Ada have an open check-in."""
    return world.open_check_in().id


VERBS: dict[str, tuple[Callable[[World], str], str, Callable[[Actor, str], object]]] = {
    "answer": (asked, "liam", lambda actor, id_: actor.feedback.answer(id_, "That.")),
    "decline": (asked, "liam", lambda actor, id_: actor.feedback.decline(id_)),
    "ask": (asked, "ada", lambda actor, _: actor.feedback.ask("sam", question="What?")),
    "give": (asked, "sam", lambda actor, _: actor.feedback.give("ada", "That.")),
    "share": (started, "ada", lambda actor, id_: actor.goals.share(id_, "everyone")),
    "reach": (started, "ada", lambda actor, id_: actor.goals.reach(id_, "Done")),
    "offer": (started, "ada", lambda actor, _: actor.learning.offer("coaching", title="Three talks")),
    "read": (started, "sam", lambda actor, id_: actor.goals.get(id_)),
    "team": (opened, "sam", lambda actor, _: actor.team.overview()),
    "hold": (opened, "sam", lambda actor, id_: actor.check_ins.hold(id_, agreements=["Make room"])),
}


@pytest.mark.parametrize("name", VERBS)
def test_whole_or_nothing(make_world: Callable[..., World], name: str) -> None:
    """Whichever call to the store fails, a verb leaves all as it was before, or all as it should be after."""
    prepare, who, verb = VERBS[name]
    for fails_after in range(40):
        world = make_world("frail:")
        id_ = prepare(world)
        actor = world.acting(who)
        before = world.store.state()
        world.store.fails_after = fails_after
        try:
            verb(actor, id_)
        except Unavailable:
            assert world.store.state() == before
        else:
            assert world.store.state() != before
            if world.store.fails_after is not None:
                break
    assert 3 <= fails_after < 39


def test_telling_is_whole_or_nothing(make_world: Callable[..., World], tell_row: Callable[..., Any]) -> None:
    """All messages about the check-ins of a batch are planned, or none; a check-in is not stored for that."""
    people = [tell_row("hr"), tell_row("sam"), tell_row("ada", manager="sam"), tell_row("liam", manager="sam")]
    seen = set()
    for fails_after in range(60):
        world = make_world("frail:", people=people)
        world.start_cycle()
        world.clock.set(2026, 1, 6, 12)
        world.store.fails_after = fails_after
        with suppress(Unavailable):
            world.work()
        world.store.fails_after = None
        records, outbox = world.store.state()
        kept = Counter(collection for collection, _ in records)
        waiting = sum(topic == "delivery" for topic, _ in outbox.values())
        seen.add((kept["check_ins"], kept["deliveries"], waiting))
    assert seen == {(0, 0, 0), (0, 6, 6), (0, 6, 0)}


def test_sync_is_whole_or_nothing(make_world: Callable[..., World], tell_row: Callable[..., Any]) -> None:
    """People come in together or not at all."""
    for fails_after in range(20):
        world = make_world("frail:", people=())
        world.store.fails_after = fails_after
        with suppress(Unavailable):
            world.tell(tell_row("sam"), tell_row("ada", manager="sam"))
        world.store.fails_after = None
        assert len(world.ws.people.all()) in {0, 2}
    assert len(world.ws.people.all()) == 2


# --------------------------------------------------------------------------------- no text where it does not belong

CANARY = "Zq7" + "canary"
"""In every text that people write in the tests below, and nowhere in their source."""


def canary(number: int = 0) -> str:
    """Give a text by which a leak is known."""
    return f"{CANARY}{number}"


def raised(verb: Callable[[], object]) -> BaseException | None:
    """Give what a misuse raises, if anything."""
    try:
        verb()
    except Exception as error:  # noqa: BLE001 - any error must be silent about what people wrote
        return error
    return None


@pytest.fixture
def full(world: World, tell_row: Callable[..., Any]) -> World:
    """Give a world in which every text of Ada has the canary in it."""
    world.tell(
        tell_row(
            "ada",
            manager="sam",
            display_name=canary(1),
            title=canary(2),
            employee_number=canary(3),
            email=f"{CANARY}@example.org",
        )
    )
    world.open_check_in()
    ada, liam, sam = world.acting("ada"), world.acting("liam"), world.acting("sam")
    goal = ada.goals.draft(
        title=canary(), why=canary(), theme=canary(), measure=Measure(unit=canary()), milestones=[canary()]
    )
    ada.goals.record(ada.goals.start(goal), progress=10, note=canary())
    ada.goals.share(goal.id, "everyone")
    ada.goals.let_go(ada.goals.draft(title=canary()), canary())
    ada.reflections.share(ada.reflections.write(ada.reflections.next_prompt().id, canary()), "manager")
    ada.learning.complete(ada.learning.choose("own", title=canary(), why=canary(), goal_id=goal.id), canary())
    ada.learning.offer("coaching", title=canary(), description=canary(), themes=[canary()])
    ada.feedback.ask("liam", question=canary(), about=canary())
    liam.feedback.answer(liam.feedback.asked_of_me()[0].id, canary())
    liam.feedback.give("ada", canary(), about=canary())
    ada.check_ins.prepare(progress=canary(), challenges=canary(), needs=canary(), topics=[canary()])
    sam.check_ins.prepare(sam.check_ins.with_me()[0], progress=canary(), topics=[canary()])
    sam.check_ins.hold(sam.check_ins.with_me()[0].id, agreements=[canary()])
    return world


Misuse = Callable[[], object]


def misuse(verb: Callable[..., object], *args: Any, **how: Any) -> Misuse:
    """Keep a call for later, whatever its types."""
    return lambda: verb(*args, **how)


def wrong_texts(world: World) -> Iterator[Misuse]:
    """Give texts that cannot be kept, in every place where a text goes."""
    ada, liam, text = world.acting("ada"), world.acting("liam"), canary()
    goal, check_in, prompt = ada.goals.mine()[0], ada.check_ins.mine()[0], ada.reflections.next_prompt()
    for wrong in (text + "\x00", text * 2_000, [text], {text: text}, text.encode(), text + "\ud800", text + "\n\u202e"):
        for field in ("title", "why", "theme", "due_on", "measure", "milestones"):
            yield misuse(ada.goals.draft, **({"title": text} | {field: wrong}))
            yield misuse(ada.goals.edit, goal.id, **({"why": text} | {field: wrong}))
        for field in ("note", "progress", "confidence"):
            yield misuse(ada.goals.record, goal.id, **{field: wrong})
        for verb in (ada.goals.reach, ada.goals.learn, ada.goals.let_go):
            yield misuse(verb, goal.id, wrong)
        yield misuse(ada.reflections.write, prompt.id, wrong)
        yield misuse(ada.learning.choose, "own", title=wrong)
        yield misuse(ada.learning.choose, "own", title=text, why=wrong)
        for field in ("title", "description", "hours", "link"):
            yield misuse(ada.learning.offer, "coaching", **({"title": text} | {field: wrong}))
        yield misuse(ada.learning.offer, "coaching", title=text, themes=[wrong])
        yield misuse(ada.feedback.ask, "liam", question=wrong)
        yield misuse(ada.feedback.ask, "ada", question=wrong)
        yield misuse(ada.feedback.ask, "liam", question=text, about=wrong)
        yield misuse(liam.feedback.give, "ada", wrong)
        yield misuse(ada.check_ins.hold, check_in.id, agreements=[wrong])
        for field in ("progress", "challenges", "needs", "topics"):
            yield misuse(ada.check_ins.prepare, check_in.id, **{field: wrong})
        yield misuse(Measure, unit=wrong)
        yield misuse(Measure, target=wrong)


def wrong_moves(world: World) -> Iterator[Misuse]:
    """Give moves that cannot be made, on values that are no longer the latest, and with names that are none."""
    ada, liam, text = world.acting("ada"), world.acting("liam"), canary()
    goal, *_, ended = sorted(ada.goals.mine(), key=lambda it: it.status.value)
    reflection, choice = ada.reflections.mine()[0], ada.learning.mine()[0]
    feedback, check_in = ada.feedback.received()[0], ada.check_ins.mine()[0]
    ada.goals.record(goal.id, note=text)
    ada.feedback.thank(feedback.id)
    ada.reflections.share(reflection.id, "team")
    yield misuse(ada.goals.draft, title=text, wye=text)
    yield misuse(ada.goals.edit, goal.id, titel=text)
    yield misuse(ada.goals.edit, ended.id, title=text)
    yield misuse(ada.goals.edit, goal, title=text)
    yield misuse(ada.goals.start, goal.id)
    yield misuse(ada.goals.resume, goal)
    yield misuse(ada.goals.reach, ended, text)
    yield misuse(ada.reflections.share, reflection, "manager")
    yield misuse(ada.learning.stop, choice, text)
    yield misuse(ada.learning.stop, choice.id, text)
    yield misuse(ada.feedback.thank, feedback)
    yield misuse(ada.feedback.answer, feedback.request_id, text)
    yield misuse(liam.feedback.answer, feedback.request_id, text)
    yield misuse(ada.check_ins.prepare, check_in, progress=text)
    yield misuse(ada.check_ins.prepare, progress=text)
    yield misuse(ada.check_ins.hold, check_in.id, agreements=[Promise(text, by="zoe")])
    yield misuse(ada.check_ins.keep_promise, check_in.agreements[0].id)
    world.snapshot = Snapshot("rows", world.snapshot.rows * 2)
    yield misuse(world.ws.people.sync, "rows:")


def wrong_people(world: World) -> Iterator[Misuse]:
    """Give what others may not do with her things."""
    ada, text = world.acting("ada"), canary()
    things = (ada.goals, ada.reflections, ada.learning, ada.check_ins)
    items: list[Any] = [ada.feedback.received()[0], *(nouns.mine()[0] for nouns in things)]
    for item in items:
        for other in (world.acting("liam"), world.acting("sam")):
            yield misuse(other.goals.edit, item.id, title=text)
            yield misuse(other.goals.get, item.id)
            yield misuse(other.goals.share, item, "everyone")
            yield misuse(other.reflections.get, item.id)
            yield misuse(other.check_ins.prepare, item.id, progress=text)
            yield misuse(other.visibility.share, item.id, "everyone")
            yield misuse(other.learning.complete, item.id, text)
            yield misuse(other.learning.choose, "own", title=text, goal_id=item.id)


def damaged(world: World) -> Iterator[Misuse]:
    """Give reads of a goal of which the stored body is damaged."""
    body, text = json.loads(codec.dump(world.acting("ada").goals.mine()[0])), canary()
    yield misuse(stored, world, text)
    yield misuse(stored, world, json.dumps(text))
    yield misuse(stored, world, json.dumps(body | {"of_a_newer_release": text}))
    for name in body.keys() - {"format"}:
        for wrong in (text, [text], {"id": text}, [{"title": text, "at": text, "note": text, "progress": text}], None):
            yield misuse(stored, world, json.dumps(body | {name: wrong}))
        yield misuse(stored, world, json.dumps({key: value for key, value in body.items() if key != name}))


def stored(world: World, body: str) -> object:
    """Read a goal of which the stored body is damaged."""
    ada = world.acting("ada")
    goal = ada.goals.mine()[0]
    goals = world.store._tenant("default").records["goals"]
    kept, goals[goal.id] = goals[goal.id], evolve(goals[goal.id], body=body)
    try:
        return ada.goals.mine()
    finally:
        goals[goal.id] = kept


def everything_in(values: Iterable[Any]) -> str:
    """Give all that values hold, also what they do not print."""
    return repr([asdict(value) for value in values])


def test_canary_in_no_error_and_no_log(full: World, caplog: pytest.LogCaptureFixture) -> None:
    """However the library is misused, no error, no cause of an error and no log line tells what a person wrote."""
    caplog.set_level(logging.DEBUG)
    count = 0
    for verb in chain(wrong_texts(full), wrong_moves(full), wrong_people(full), damaged(full)):
        error = raised(verb)
        if error is None:
            continue
        count += 1
        told = "".join(traceback.format_exception(error))
        assert CANARY not in told, told
        assert CANARY not in repr(error.args) + repr(vars(error))
    assert count > 150
    full.work()
    assert CANARY not in caplog.text


def test_canary_in_no_subject_and_no_repr(full: World) -> None:
    """No subject and no key of a message holds a name or a text; a message and its receiver print without any."""
    full.clock.move(days=40)
    full.work()
    messages = full.post.sent + full.pigeon.sent
    assert any(CANARY in message.body for message in messages)  # a message may say her name
    for message in messages:
        assert CANARY not in message.subject + message.key
        assert CANARY not in repr(message) + repr(message.receiver) + str(message)
        assert CANARY + "0" not in message.body


def test_canary_in_no_fact_and_no_dead_letter(full: World) -> None:
    """Facts, the outbox and dead letters hold ids, and reasons in our own words."""
    full.post.script[full.id("ada")] = [ValueError(canary())] * 100
    for _ in range(20):
        full.work()
        full.clock.move(days=1)
    assert full.ws.dead_letters()
    assert CANARY not in everything_in(full.ws.dead_letters())
    assert full.facts()
    assert CANARY not in everything_in(list(full.store._tenant("default").outbox.values()))


def test_canary_in_no_journal(full: World) -> None:
    """The journal of who looked holds ids, whatever was looked at; the names are looked up for her."""
    full.acting("sam").team.overview()
    assert CANARY in everything_in(full.acting("ada").data.who_looked())
    with full.ws._desk.reading() as unit:
        looks = unit.all_of(full.id("ada"), Look)
    assert looks
    assert CANARY not in everything_in(looks)


def test_canary_is_where_it_belongs(full: World) -> None:
    """The canary is found where it should be, in her own overview, so that the tests above can fail."""
    assert everything_in([full.acting("ada").overview()]).count(CANARY) > 20
    with full.ws._desk.reading() as unit:
        assert everything_in([unit.one(Person, full.id("ada"))]).count(CANARY) == 4


def test_canary_in_no_repr(full: World) -> None:
    """What the library gives prints without what people wrote: it ends up in logs."""
    ada, sam = full.acting("ada"), full.acting("sam")
    for value in (ada, ada.person, ada.overview(), sam.team.overview(), ada.inbox.messages(), ada.learning.options()):
        assert CANARY not in repr(value)
    assert CANARY not in repr(sam.leadership.prepare(ada.check_ins.mine()[0].id))
