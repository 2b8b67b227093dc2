"""Visibility: absent and not yours are the same, and nobody but the owner changes what is seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Audience, InvalidInput, NotAllowed, NotFound, Unavailable
from ownership.codec import plain
from ownership.domain.visibility import Reason

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    from ownership.workspace.actor import Actor

Make = Callable[["World"], str]
Verb = Callable[["Actor", str], Any]


def a_goal(world: World) -> str:
    """Let Ada have an active goal with a milestone."""
    ada = world.acting("ada")
    return ada.goals.start(ada.goals.draft(title="A goal", milestones=["First"])).id


def a_reflection(world: World) -> str:
    """Let Ada have a reflection."""
    ada = world.acting("ada")
    return ada.reflections.write(ada.reflections.next_prompt().id, "A thought").id


def a_choice(world: World) -> str:
    """Let Ada have a choice."""
    return world.acting("ada").learning.choose("own", title="A way").id


def feedback(world: World) -> str:
    """Let Ada have feedback of Liam."""
    return world.given().id


def a_check_in(world: World) -> str:
    """Let Ada have an open check-in that nobody else sees yet."""
    check_in = world.open_check_in()
    return str(world.acting("ada").visibility.share(check_in.id, "only_me").id)


MAKERS: dict[str, Make] = {
    "goal": a_goal,
    "reflection": a_reflection,
    "choice": a_choice,
    "feedback": feedback,
    "check-in": a_check_in,
}
READS: dict[str, dict[str, Verb]] = {
    "goal": {"get": lambda actor, id_: actor.goals.get(id_)},
    "reflection": {"get": lambda actor, id_: actor.reflections.get(id_)},
    "choice": {},
    "feedback": {},
    "check-in": {
        "get": lambda actor, id_: actor.check_ins.get(id_),
        "prepare-talk": lambda actor, id_: actor.leadership.prepare(id_),
    },
}
EVERY: dict[str, Verb] = {
    "preview": lambda actor, id_: actor.visibility.preview(id_, audience="everyone"),
    "who-sees": lambda actor, id_: actor.visibility.who_sees(id_),
    "share-any": lambda actor, id_: actor.visibility.share(id_, "everyone"),
}
CHANGES: dict[str, dict[str, Verb]] = {
    "goal": {
        "edit": lambda actor, id_: actor.goals.edit(id_, title="Mine now"),
        "start": lambda actor, id_: actor.goals.start(id_),
        "record": lambda actor, id_: actor.goals.record(id_, progress=50),
        "finish-milestone": lambda actor, id_: actor.goals.finish_milestone(id_, "m1"),
        "reach": lambda actor, id_: actor.goals.reach(id_),
        "learn": lambda actor, id_: actor.goals.learn(id_),
        "let-go": lambda actor, id_: actor.goals.let_go(id_),
        "resume": lambda actor, id_: actor.goals.resume(id_),
        "share": lambda actor, id_: actor.goals.share(id_, "everyone"),
        "options": lambda actor, id_: actor.learning.options(id_),
        "choose": lambda actor, id_: actor.learning.choose("own", title="x", goal_id=id_),
    },
    "reflection": {"share": lambda actor, id_: actor.reflections.share(id_, "everyone")},
    "choice": {
        "complete": lambda actor, id_: actor.learning.complete(id_),
        "stop": lambda actor, id_: actor.learning.stop(id_),
        "swap": lambda actor, id_: actor.learning.swap(id_, "own", title="x"),
        "look-back": lambda actor, id_: actor.learning.look_back(id_, "helped"),
        "was-real": lambda actor, id_: actor.learning.was_real_choice(id_, "yes"),
        "share": lambda actor, id_: actor.learning.share(id_, "everyone"),
    },
    "feedback": {
        "thank": lambda actor, id_: actor.feedback.thank(id_),
        "share": lambda actor, id_: actor.feedback.share(id_, "everyone"),
    },
    "check-in": {
        "prepare": lambda actor, id_: actor.check_ins.prepare(id_, progress="x"),
        "hold": lambda actor, id_: actor.check_ins.hold(id_),
        "skip": lambda actor, id_: actor.check_ins.skip(id_),
    },
}
ALL = [
    pytest.param(noun, verb, id=f"{noun}-{name}")
    for noun in MAKERS
    for name, verb in (READS[noun] | CHANGES[noun] | EVERY).items()
]
CHANGING = [
    pytest.param(noun, verb, id=f"{noun}-{name}") for noun in MAKERS for name, verb in (CHANGES[noun] | EVERY).items()
]
READING = [pytest.param(noun, verb, id=f"{noun}-{name}") for noun in MAKERS for name, verb in READS[noun].items()]


@pytest.mark.parametrize(("noun", "verb"), ALL)
def test_absent_and_not_yours_are_the_same(world: World, noun: str, verb: Verb) -> None:
    """Whatever one tries with an item that one does not see, it answers as for one that is not there, word for word."""
    id_ = MAKERS[noun](world)
    absent = id_[:-4] + "zzzz"
    before = world.looks("ada")
    for name, roles in (("zoe", ()), ("sam", ()), ("hr", {"organiser"})):
        other = world.acting(name, roles=roles)
        with pytest.raises(NotFound) as not_yours:
            verb(other, id_)
        with pytest.raises(NotFound) as not_there:
            verb(other, absent)
        assert str(not_yours.value) == str(not_there.value).replace(absent, id_)
        assert not_yours.value.id == id_
        assert not_yours.value.noun
    assert world.looks("ada") == before


@pytest.mark.parametrize(("noun", "verb"), CHANGING)
def test_seen_is_not_owned(world: World, noun: str, verb: Verb) -> None:
    """Who sees an item of another is told that only its owner changes it, and nothing changes."""
    id_ = MAKERS[noun](world)
    shared = world.acting("ada").visibility.share(id_, "everyone")
    for name, roles in (("zoe", ()), ("sam", ()), ("hr", {"organiser"})):
        if noun == "check-in" and name == "sam" and verb not in EVERY.values():
            continue  # sam is the partner: it is his talk too
        with pytest.raises(NotAllowed, match=r"only its owner changes it|is between two other people"):
            verb(world.acting(name, roles=roles), id_)
    assert world.acting("ada").visibility.share(id_, "everyone").version == shared.version + 1


@pytest.mark.parametrize(("noun", "verb"), READING)
def test_reads_by_others_are_journalled(world: World, noun: str, verb: Verb) -> None:
    """A read by another is in her journal, with the ids of what was read; her own reads are not."""
    id_ = MAKERS[noun](world)
    ada = world.acting("ada")
    ada.visibility.share(id_, "everyone")
    before = world.looks("ada")
    verb(ada, id_)
    assert world.looks("ada") == before
    verb(world.acting("zoe"), id_)
    ((viewer, item_ids, real_user),) = world.looks("ada")[len(before) :]
    assert (viewer, real_user) == ("zoe", "")
    assert id_ in item_ids


@pytest.mark.parametrize("noun", MAKERS)
def test_preview_comes_true(world: World, noun: str) -> None:
    """Who would see an item, by the preview, is exactly who sees it once it is shared so, and for the same reason."""
    id_ = MAKERS[noun](world)
    ada = world.acting("ada")
    for audience in ("only_me", "partner", "manager", "team", "everyone", ["liam", "hr"]):
        foreseen = ada.visibility.preview(id_, audience=audience)
        ada.visibility.share(id_, audience)
        assert ada.visibility.who_sees(id_) == foreseen
        seeing = {name for name in ("mia", "sam", "liam", "noor", "zoe", "hr") if sees(world, name, id_)}
        assert {world.ws.people.find(viewer.person_id).external_id for viewer in foreseen} == seeing


def sees(world: World, name: str, id_: str) -> bool:
    """Tell whether someone sees an item: whether touching it is refused for being another's, not for being absent."""
    try:
        world.acting(name).visibility.who_sees(id_)
    except NotAllowed:
        return True
    except NotFound:
        return False
    raise AssertionError("another's item was opened")


def test_preview_changes_nothing(world: World) -> None:
    """A preview tells who and why, by name, and changes nothing."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    viewers = ada.visibility.preview(goal.id, audience="team")
    assert [(viewer.display_name, viewer.reason) for viewer in viewers] == [
        ("Liam", Reason.TEAM),
        ("Noor", Reason.TEAM),
    ]
    assert [v.reason for v in ada.visibility.preview(goal.id, audience=["sam@example.org"])] == [Reason.NAMED]
    assert ada.goals.get(goal.id) == goal
    with pytest.raises(InvalidInput):
        ada.visibility.preview(goal.id, audience="the whole world")


def test_author_always_sees(world: World) -> None:
    """The preview of feedback names its author, who reads it whatever the audience."""
    given = world.given()
    for audience in ("only_me", "manager"):
        viewers = world.acting("ada").visibility.preview(given.id, audience=audience)
        assert (world.id("liam"), Reason.PARTY) in {(viewer.person_id, viewer.reason) for viewer in viewers}


def test_leaver_sees_nothing(world: World, tell_row: Callable[..., Any]) -> None:
    """Who left sees nothing any more, also with a seat that was taken before, and is no viewer."""
    ada, sam = world.acting("ada"), world.acting("sam")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    world.tell(tell_row("sam", manager="mia", team="Board", active=False))
    with pytest.raises(NotFound):
        sam.goals.get(goal.id)
    assert ada.visibility.who_sees(goal.id) == ()
    assert sam.team.overview().shared == ()


def test_who_sees_leaves_out_who_came_later(world: World, tell_row: Callable[..., Any]) -> None:
    """Who sees an item now is told, not who would see it if it were shared today."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    world.clock.move(days=1)
    world.tell(tell_row("ada", manager="zoe"))
    assert ada.visibility.who_sees(goal.id) == ()
    assert [v.display_name for v in ada.visibility.preview(goal.id, audience="manager")] == ["Zoe"]


def test_share_any_item_is_heard_as_such(world: World) -> None:
    """A goal that is shared through this door is heard of as through its own."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    ada.visibility.share(goal.id, Audience.of("manager"))
    assert [fact.split(":")[1] for fact in world.facts()] == ["GoalShared"]


def test_fixed_audiences(world: World) -> None:
    """A question is for whoever is asked, and nobody changes that."""
    ada = world.acting("ada")
    request = ada.feedback.ask("liam", question="What?")
    with pytest.raises(NotAllowed):
        ada.visibility.share(request.id, "only_me")
    assert [viewer.display_name for viewer in ada.visibility.who_sees(request.id)] == ["Liam"]


def test_an_offer_can_be_taken_back(world: World) -> None:
    """An offer is for everyone until its owner narrows it or takes it back; then it is on nobody's menu."""
    ada, liam = world.acting("ada"), world.acting("liam")
    offer = ada.learning.offer("coaching", title="Three talks")
    assert len(ada.visibility.who_sees(offer.id)) == 6
    liam.learning.choose(offer.id, why="I would like that")
    ada.visibility.share(offer.id, "only_me")
    with pytest.raises(NotFound):
        liam.learning.choose(offer.id, why="Once more")


def test_what_has_no_audience(world: World) -> None:
    """Messages and looks are nobody else's ever, and what is no id is not found."""
    world.acting("liam").feedback.ask("ada", question="What?")
    world.work()
    ada = world.acting("ada")
    (message,) = ada.inbox.messages()
    for id_ in (message.delivery.id, world.id("ada"), "", "x", "x.g", "x.?1", f"{world.id('ada')}.v0000000"):
        for verb in EVERY.values():
            with pytest.raises(NotFound):
                verb(ada, id_)
    with pytest.raises(NotFound):
        world.acting("liam").inbox.read(message.delivery.id)


def test_fault_in_decision_opens_nothing(world: World) -> None:
    """When something goes wrong while it is decided, the answer is no."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "everyone")
    person = ada.person
    with world.ws._desk.writing() as unit:
        unit.remove(person)
    with pytest.raises(NotFound):
        world.acting("sam").goals.get(goal.id)


AUDIENCES = {"partner", "manager", "team", "everyone", "people"}
POINTS = {
    "the decision": ("ownership.workspace.sight.decide", AUDIENCES),
    "the day": ("ownership.domain.people.Person.day_of", AUDIENCES),
    "what is known": ("ownership.workspace.sight.Relations", AUDIENCES),
    "who works here": ("ownership.domain.people.Person.works_on", AUDIENCES),
    "private or not": ("ownership.domain.people.Audience.is_private", AUDIENCES),
    "the audience": ("ownership.domain.visibility._by_audience", AUDIENCES),
    "a relation": ("ownership.domain.visibility._through", {"manager", "partner"}),
    "the manager": ("ownership.domain.people.Person.reporting_line_on", {"manager", "partner"}),
    "the partner": ("ownership.domain.people.Person.partner_on", {"partner"}),
    "the team": ("ownership.domain.visibility._through_team", {"team"}),
    "the membership": ("ownership.domain.people.Person.membership_on", {"team"}),
}


class Broken:
    """Raises when it is called and when it is read as a property."""

    def __get__(self, *_: object) -> Broken:
        return self

    def __call__(self, *_: object) -> None:
        raise RuntimeError("a planted fault")

    def __bool__(self) -> bool:
        raise RuntimeError("a planted fault")


@pytest.mark.parametrize("audience", sorted(AUDIENCES))
@pytest.mark.parametrize("point", POINTS)
def test_a_fault_at_any_point_of_a_decision_opens_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, point: str, audience: str
) -> None:
    """Wherever a decision breaks, the answer is "not there", and nothing is journalled; what it does not ask, stays."""
    place, concerned = POINTS[point]
    ada, viewer = world.acting("ada"), world.acting("liam" if audience == "team" else "sam")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), [viewer.person.id] if audience == "people" else audience)
    monkeypatch.setattr(place, Broken())
    if audience in concerned:
        with pytest.raises(NotFound):
            viewer.goals.get(goal.id)
    else:
        assert viewer.goals.get(goal.id).title == "A goal"
    monkeypatch.undo()
    assert bool(world.looks("ada")) == (audience not in concerned)


def test_a_store_that_does_not_answer_is_no_denial(make_world: Callable[..., World]) -> None:
    """When the store fails in the middle of a decision, that is said: a list must not be short in silence."""
    world = make_world("frail:")
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    sam = world.acting("sam")
    for fails_after in range(1, 5):
        world.store.fails_after = fails_after
        with pytest.raises(Unavailable):
            sam.goals.get(goal.id)
    world.store.fails_after = None
    assert sam.goals.get(goal.id).title == "A goal"


def test_the_operator_is_shown_nothing_that_anyone_wrote(world: World) -> None:
    """Whatever the operator's calls give, no text of anybody is in it: they need no journal."""
    check_in = world.open_check_in()
    ada = world.acting("ada")
    for noun, make in MAKERS.items():
        if noun != "check-in":
            ada.visibility.share(make(world), "everyone")
    ada.check_ins.prepare(check_in.id, progress="Canary.", topics=["Canary."])
    ada.goals.draft(title="Canary.", why="Canary.")
    ada.reflections.write("start-what-i-need", "Canary.")
    ada.feedback.ask("liam", question="Canary.")
    operator: dict[str, Callable[[], Any]] = {
        "people.find": lambda: world.ws.people.find("ada"),
        "people.all": world.ws.people.all,
        "people.plan": lambda: world.ws.people.plan("rows:"),
        "people.sync": lambda: world.ws.people.sync("rows:"),
        "run_due_work": world.ws.run_due_work,
        "dead_letters": world.ws.dead_letters,
        "retry_dead_letters": world.ws.retry_dead_letters,
        "check": world.ws.check,
        "register": world.ws.register,
        "reindex": world.ws.reindex,
        "people.plan_erasure": lambda: world.ws.people.plan_erasure("liam"),
        "people.erase": lambda: world.ws.people.erase(world.ws.people.plan_erasure("liam").confirmed()),
        "people.erasures": world.ws.people.erasures,
        "people.replay_erasures": world.ws.people.replay_erasures,
    }
    for name, call in operator.items():
        assert "Canary." not in json.dumps(plain(call())), name
    left = {"acting_as", "acting_as_leaver", "joined", "close", "people", "people.apply"}
    there = {*_public(world.ws), *(f"people.{name}" for name in _public(world.ws.people))}
    assert there == operator.keys() | left
    assert world.looks("ada") == []


def _public(place: object) -> set[str]:
    return {name for name in vars(type(place)) if name[0] != "_"}


@pytest.mark.parametrize("noun", MAKERS)
def test_organiser_sees_no_personal_text(world: World, noun: str) -> None:
    """The role of organiser opens nothing: the organiser sees what anyone would, and no more."""
    id_ = MAKERS[noun](world)
    ada = world.acting("ada")
    ada.visibility.share(id_, "manager")
    hr = world.acting("hr", roles={"organiser"})
    for verb in (READS[noun] | EVERY).values():
        with pytest.raises(NotFound):
            verb(hr, id_)
    overview = hr.overview()
    assert (overview.goals, overview.feedback, overview.reflections, overview.choices) == ((), (), (), ())
    assert hr.team.overview().shared == ()
    assert "hr" not in {viewer for viewer, _, _ in world.looks("ada")}
