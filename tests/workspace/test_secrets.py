"""Two worlds that differ in one secret look the same to everybody else, byte for byte.

A world gets a random past. Then somebody does something private in one copy of it and not in the other, or with another
text; both go on in the same way. Whoever else looks, with every call that reads, must be told the same, and so must
plugins. Calls are found by introspection: a new noun is looked at without a word here, or its verbs are listed.
"""

from __future__ import annotations

import inspect
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import date
from functools import cached_property
from itertools import count, islice
from pathlib import Path
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs
import pytest

from ownership import NotAllowed, OwnershipError
from ownership.domain import visibility
from ownership.domain.check_ins import CheckIn
from ownership.domain.facts import Fact
from ownership.domain.feedback import Feedback, FeedbackRequest
from ownership.domain.goals import Goal
from ownership.domain.learning import LearningChoice
from ownership.domain.needs import Need
from ownership.domain.pulse import PulseAnswers
from ownership.domain.reflections import Reflection
from ownership.domain.team_moments import TeamMoment
from ownership.workspace.actor import Actor
from ownership.workspace.records import SHELVES, new_id
from ownership.workspace.sight import Sight

if TYPE_CHECKING:
    from tests.workspace.conftest import World

LATER = date(2026, 12, 1)
NAMES = ("mia", "sam", "ada", "liam", "noor", "zoe", "hr")
AUDIENCES: tuple[Any, ...] = ("only_me", "only_me", "partner", "manager", "team", "everyone", ["liam", "zoe"])

# --- every call that reads

VERBS = {
    "profile": {"use_language", "use_timezone", "choose_partner", "go_without_partner", "rest", "stop_resting"},
    "goals": {
        *{"draft", "edit", "start", "record", "finish_milestone", "reach", "learn", "let_go", "resume", "share"},
        *{"accept", "decline", "suggest", "withdraw", "invite_supporter", "remove_supporter", "stop_supporting"},
        *{"add_milestone", "try_out", "keep_experiment", "drop_experiment"},
    },
    "check_ins": {
        *{"prepare", "hold", "record", "hand_over", "skip", "keep_promise", "choose_rhythm", "follow_rhythm"},
        *{"bring_up", "arrange", "take_off", "reveal_together", "postpone"},
        *{"release", "take_over", "ask_to_adopt", "adopt"},
    },
    "team": {"plan_moment", "bring", "show", "take_back", "hold_moment", "call_off_moment"},
    "plan": {"draft", "offer", "ask_to_talk", "acknowledge", "withdraw"},
    "reflections": {"write", "share", "to_goal", "remove"},
    "learning": {
        *{"choose", "complete", "stop", "share", "offer", "withdraw_offer", "look_back", "swap", "was_real_choice"},
    },
    "learning_requests": {"ask", "grant", "decline", "withdraw", "take_up"},
    "feedback": {"ask", "answer", "give", "decline", "withdraw", "thank", "share", "take_back"},
    "needs": {"raise_need", "we_will", "not_now", "met", "withdraw", "hand_on"},
    "pulse": {"answer", "take_back"},
    "pulses": {"open", "respond", "call_off"},
    "visibility": {"share", "hand_over"},
    "inbox": {"read"},
    "leadership": {"hand_over_decision", "announce", "drop", "keep", "take_back", "self_check"},
    "start": {"answer", "draft"},
    "data": {"import_bundle"},
    "catalogue": {"add", "retire"},
    "budgets": {"grant"},
    "figures": {"publish"},
    "cycles": {"start", "stop", "set_rhythm", "drop_rhythm"},
}
"""What changes something: nobody learns a secret by it that reading would not tell. All the rest is called."""

GIVEN: Mapping[str, tuple[Any, ...]] = {
    "audience": ("everyone",),
    "what": ("all",),
    "parts": (["goals", "choices", "agreements"],),
    "role": ("employee",),
    "theme": ("",),
    "construct": ("autonomy",),
}
"""What is given for a parameter that needs no id."""

THINGS = frozenset({"check_in", "goal", "goal_id", "item", "moment", "plan", "reflection"})
"""The parameters that name a thing; they are given the ids of other people's things."""


class Call(NamedTuple):
    """One call that reads: its noun ("" for the actor's own), its name, and its parameters that must be given."""

    noun: str
    name: str
    needs: tuple[str, ...]


def calls() -> Iterator[Call]:
    """Give every public call that an actor has, but for the verbs."""
    for name, member in vars(Actor).items():
        if isinstance(member, cached_property):
            noun = inspect.get_annotations(member.func, eval_str=True)["return"]
            functions = dict(inspect.getmembers(noun, inspect.isfunction))
            names = functions.keys() - VERBS.get(name, set())
            yield from (Call(name, call, _needs(functions[call])) for call in sorted(names) if call[0] != "_")
        elif inspect.isfunction(member) and name[0] != "_":
            yield Call("", name, _needs(member))


def _needs(function: Callable[..., Any]) -> tuple[str, ...]:
    parameters = list(inspect.signature(function).parameters.values())[1:]
    optional = {"goal_id"}  # what may be left out, and yet names a thing
    return tuple(p.name for p in parameters if p.default is p.empty or p.name in optional)


CALLS = tuple(calls())


def is_given(call: Call) -> bool:
    """Tell whether there is something to give for all that a call needs."""
    return all(parameter in GIVEN or parameter in THINGS for parameter in call.needs)


def test_every_call_is_called_or_listed() -> None:
    """A call of an actor is made by this test with what it needs, or stands above among the verbs."""
    unknown = [call for call in CALLS if not is_given(call)]
    assert unknown == [], "list it among VERBS if it changes something, or say in GIVEN what to give"
    there = {name: set(dir(inspect.get_annotations(m.func, eval_str=True)["return"])) for name, m in _nouns().items()}
    assert {noun: verbs - there.get(noun, set()) for noun, verbs in VERBS.items() if verbs - there[noun]} == {}


def _nouns() -> dict[str, Any]:
    return {name: member for name, member in vars(Actor).items() if isinstance(member, cached_property)}


# --- what others are told


def told(value: Any) -> Any:
    """Turn an answer into what JSON knows, with every field, whatever its repr hides."""
    if attrs.has(type(value)):
        fields = {field.name: told(getattr(value, field.name)) for field in attrs.fields(type(value))}
        return {"": type(value).__name__} | fields
    if isinstance(value, Mapping):
        return [[told(key), told(one)] for key, one in value.items()]
    if isinstance(value, list | tuple):
        return [told(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    return value if isinstance(value, str | int | float | bool | None) else repr(value)


def answers(actor: Actor, ids: Iterable[str]) -> Iterator[Any]:
    """Make every call that reads, and give what it answered: a value, or the words of a refusal."""
    for call in filter(is_given, CALLS):
        place = getattr(actor, call.noun) if call.noun else actor
        for arguments in _arguments(call.needs, tuple(ids)):
            try:
                yield [call.noun, call.name, told(getattr(place, call.name)(**arguments))]
            except OwnershipError as refused:
                yield [call.noun, call.name, type(refused).__name__, str(refused)]


def _arguments(needs: tuple[str, ...], ids: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    if not needs:
        yield {}
        return
    first, rest = needs[0], needs[1:]
    for given in GIVEN.get(first, ids):
        yield from ({first: given} | others for others in _arguments(rest, ids))


def told_to_others(world: World, owners: set[str], ids: Iterable[str]) -> str:
    """Give all that everybody but the owners of a secret is told, and all that plugins and mailboxes hear."""
    ids = tuple(ids)
    lines = {}
    for name in NAMES:
        if name not in owners:
            lines[name] = list(answers(world.acting(name, roles={"organiser"} if name == "hr" else ()), ids))
    sent = {name: [told(m) for m in messages] for name, messages in world.sent().items() if name not in owners}
    return json.dumps([lines, sent, world.facts()], ensure_ascii=False)


# --- worlds with a past


def live(world: World, random: Random, acts: int) -> None:
    """Let people do random things, shared with random others or not."""
    world.start_cycle(open_days=28)
    world.acting("hr", roles={"organiser"}).pulses.open(days=60)
    for name in NAMES:
        world.acting(name).goals.draft(title="A draft")
        with suppress(OwnershipError):  # he suggests nothing to himself
            world.acting("sam").goals.suggest(name, title="A suggestion")
    for number in range(acts):
        if random.random() < 0.1:
            world.clock.move(days=random.randint(1, 6))
            world.work()
        actor = world.acting(random.choice(NAMES))
        with suppress(OwnershipError, AttributeError):  # nothing to do it with
            random.choice(ACTS)(actor, random, f"Text {number}.")
    world.clock.set(2026, 2, 3) if random.random() < 0.5 else None
    world.work()


def _share(actor: Actor, random: Random, item: Any) -> None:
    actor.visibility.share(item.id, random.choice(AUDIENCES))


def _one(things: Iterable[Any], random: Random) -> Any:
    return random.choice(list(things) or [None])


ACTS: tuple[Callable[[Actor, Random, str], object], ...] = (
    lambda actor, random, text: _share(actor, random, actor.goals.draft(title=text, milestones=[text])),
    lambda actor, random, text: _share(actor, random, actor.reflections.write("start-what-i-need", text)),
    lambda actor, random, text: _share(actor, random, actor.learning.choose("own", title=text)),
    lambda actor, random, text: _share(actor, random, actor.learning.offer("coaching", title=text)),
    lambda actor, random, _: actor.goals.start(_one(actor.goals.mine(), random)),
    lambda actor, random, text: actor.goals.record(_one(actor.goals.mine(), random), progress=10, note=text),
    lambda actor, random, text: actor.goals.let_go(_one(actor.goals.mine(), random), text),
    lambda actor, random, text: actor.feedback.ask(random.choice(NAMES), question=text),
    lambda actor, random, text: actor.feedback.give(random.choice(NAMES), text),
    lambda actor, random, text: actor.needs.raise_need(text, to=random.choice(["partner", "manager", *NAMES])),
    lambda actor, random, text: actor.needs.not_now(_one(actor.needs.asked_of_me(), random).id, text),
    lambda actor, random, text: actor.feedback.answer(_one(actor.feedback.asked_of_me(), random).id, text),
    lambda actor, random, _: _share(actor, random, _one(actor.feedback.received(), random)),
    lambda actor, random, text: actor.check_ins.prepare(progress=text, topics=[text], ready=random.random() < 0.5),
    lambda actor, _, text: actor.check_ins.hold(agreements=[text]),
    lambda actor, random, _: actor.profile.choose_partner(random.choice([None, *NAMES])),
)


def copy_of(past: World) -> World:
    """Make a world that is exactly like another one."""
    copied = type(past)(people=())
    copied.clock.now, copied.ws._desk.content = past.clock.now, past.ws._desk.content
    theirs, ours = past.store._tenant("default"), copied.store._tenant("default")
    for of_collection in theirs.records.values():
        for record in of_collection.values():
            ours.replace(record)
    ours.outbox.update({id_: attrs.evolve(lease) for id_, lease in theirs.outbox.items()})
    return copied


# --- secrets


class Secret(NamedTuple):
    """Something private: what is done, given a text, and whether nobody may even tell that it was done."""

    act: Callable[[Actor, str], object]
    is_invisible: bool = True
    parties: frozenset[str] = frozenset()


def _private(things: Iterable[Any]) -> Any:
    """Give one thing that nobody else may see."""
    return next(thing for thing in things if thing.audience.is_private)


def _draft(actor: Actor, text: str) -> Any:
    return actor.goals.draft(title=text, why=text)


def _suggested(actor: Actor) -> Any:
    return next(iter(actor.goals.suggestions()))


def _answered(actor: Actor, **how: Any) -> PulseAnswers:
    asked = actor.pulse.current()
    if asked is None:
        raise StopIteration
    return actor.pulse.answer(asked, {question.id: 2 for question in asked.questions}, **how)


def _shared_choice(actor: Actor) -> str:
    choice = actor.learning.choose("own", title="A book")
    return str(actor.learning.share(choice, ["sam", "zoe", "ada"]).id)


def _draft_and_start(actor: Actor, text: str) -> Any:
    return actor.goals.start(_draft(actor, text).id)


SECRETS: Mapping[str, Secret] = {
    "draft": Secret(_draft),
    "edited draft": Secret(lambda actor, text: actor.goals.edit(_private(actor.goals.mine()).id, title=text)),
    "start": Secret(_draft_and_start),
    "note": Secret(lambda actor, text: actor.goals.record(_draft_and_start(actor, text), note=text)),
    "ending": Secret(lambda actor, text: actor.goals.let_go(_draft_and_start(actor, text), text)),
    "reflection": Secret(lambda actor, text: actor.reflections.write("start-what-i-need", text)),
    "choice": Secret(lambda actor, text: actor.learning.choose("own", title=text, why=text)),
    "looking back": Secret(
        lambda actor, text: actor.learning.complete(actor.learning.choose("own", title="A book").id, text)
    ),
    "whether a shared choice was real": Secret(
        lambda actor, text: actor.learning.was_real_choice(_shared_choice(actor), "no" if "secret" in text else "yes"),
        is_invisible=False,
    ),
    "narrowed": Secret(lambda actor, text: actor.visibility.share(_draft(actor, text).id, "only_me")),
    "preview": Secret(lambda actor, text: actor.visibility.preview(_draft(actor, text).id, audience="everyone")),
    "accepted": Secret(lambda actor, _: actor.goals.accept(_suggested(actor)), parties=frozenset({"sam"})),
    "declined": Secret(lambda actor, _: actor.goals.decline(_suggested(actor)), parties=frozenset({"sam"})),
    "what became of a suggestion": Secret(
        lambda actor, text: (actor.goals.accept if "secret" in text else actor.goals.decline)(_suggested(actor)),
        is_invisible=False,
    ),
    "rest": Secret(lambda actor, _: actor.profile.rest()),
    "drafted plan": Secret(lambda actor, text: (_draft_and_start(actor, text), actor.plan.draft())),
    "self-check": Secret(
        lambda actor, _: actor.leadership.self_check({q.id: 3 for q in actor.leadership.self_check_questions()})
    ),
    "pulse answers": Secret(lambda actor, text: _answered(actor, needs=["need-time"] if "secret" in text else [])),
    "pulse answers not kept": Secret(lambda actor, _: _answered(actor, keep=False)),
    "pulse answers taken back": Secret(lambda actor, _: actor.pulse.take_back(_answered(actor).pulse_id)),
    "decision not announced": Secret(lambda actor, text: actor.leadership.hand_over_decision(text)),
    "fresh start": Secret(lambda actor, _: actor.visibility.hand_over("fresh_start")),
    "acting as her": Secret(lambda actor, text: Actor(_seat_of(actor, text)).goals.mine()),
    "unready preparation": Secret(
        lambda actor, text: actor.check_ins.prepare(progress=text, needs=text, ready=False), is_invisible=False
    ),
    "contribution not shown": Secret(
        lambda actor, text: actor.team.bring(actor.team.plan_moment(theme="Learning", on=LATER, guests=["zoe"]), text),
        is_invisible=False,
    ),
    "feedback": Secret(lambda actor, text: actor.feedback.give("zoe", text), parties=frozenset({"zoe"})),
    "taken back": Secret(
        lambda actor, text: actor.feedback.take_back(actor.feedback.give("zoe", text)), parties=frozenset({"zoe"})
    ),
    "need": Secret(lambda actor, text: actor.needs.raise_need(text, to="zoe"), parties=frozenset({"zoe"})),
    "question": Secret(lambda actor, text: actor.feedback.ask("zoe", question=text), parties=frozenset({"zoe"})),
}
"""Everything private that someone does; ``parties`` are those who have a part in it."""


MADE: Mapping[type[Any], str] = {
    Goal: "",
    Reflection: "",
    LearningChoice: "",
    Feedback: "zoe",
    FeedbackRequest: "",
    Need: "",
}
"""The classes of what is made in secret, and whose it is then; others ask for it by the id it has, or would have."""


def _seat_of(actor: Actor, text: str) -> Any:
    seat = actor._seat
    return type(seat)(seat.desk, seat.person_id, seat.roles, text)


class Pair(NamedTuple):
    """What everybody else is told in two worlds, and the one thing that is different between them."""

    secret: str
    one: str
    other: str

    @property
    def is_told_apart(self) -> bool:
        """Whether anybody can tell the two worlds apart."""
        return self.one != self.other


class Past:
    """A world with a random past, of which copies are made that differ in one secret of one person."""

    def __init__(self, world: World, number: int) -> None:
        random = Random(number)
        self._world = world
        world.ws._desk.random.seed(number)
        live(world, random, acts=40)
        self._owner = random.choice(NAMES)
        made = [new_id(world.id(name or self._owner), cls, world.clock.now, Random(1)) for cls, name in MADE.items()]
        self._ids = (*random.sample(_ids(world), 3), *made)
        self._untouched: dict[frozenset[str], str] = {}

    def pairs(self, names: Iterable[str]) -> Iterator[Pair]:
        """Give a pair for each of these secrets that this person can have now."""
        for name in names:
            secret = SECRETS[name]
            with_it = self._told(secret, "A secret.")
            if with_it is None:
                continue
            if secret.is_invisible:
                yield Pair(name, self._told_without(secret), with_it)
            else:
                yield Pair(name, self._told(secret, "Something else entirely.") or "", with_it)

    def _told_without(self, secret: Secret) -> str:
        if secret.parties not in self._untouched:
            nothing = Secret(lambda _, __: None, parties=secret.parties)
            self._untouched[secret.parties] = self._told(nothing, "") or ""
        return self._untouched[secret.parties]

    def _told(self, secret: Secret, text: str) -> str | None:
        """Give what others are told once it was done; None if there is no such thing to do for this person now."""
        with copy_of(self._world) as world:
            world.ws._desk.random.seed(1)
            try:
                secret.act(world.acting(self._owner), text)
            except (OwnershipError, StopIteration):
                return None
            world.ws._desk.random.seed(2)
            world.clock.move(hours=1)
            world.work()
            return told_to_others(world, {self._owner, *secret.parties}, self._ids)


def pairs(world: World, *names: str) -> Iterator[Pair]:
    """Make pairs of worlds without end, of all secrets or of some."""
    for number in count(2026):
        with type(world)() as past:
            past.ws._desk.content = world.ws._desk.content
            yield from Past(past, number).pairs(names or SECRETS)


def _ids(world: World) -> list[str]:
    """Give the ids of all that somebody may see."""
    with world.ws._desk.reading() as unit:
        return [thing.id for cls in SHELVES if hasattr(cls, "audience") for thing in unit.find(cls)]


# --- the figure, and faults that it must notice


def test_nobody_can_tell_two_worlds_apart(world: World, request: pytest.FixtureRequest) -> None:
    """Of 50 pairs (5,000 in CI, 200,000 nightly) each looks the same to everybody but the owner of the secret."""
    wanted = request.getfixturevalue("effort").pairs
    met: Counter[str] = Counter()
    for pair in islice(pairs(world), wanted):
        assert pair.one == pair.other, pair.secret
        met[pair.secret] += 1
    assert met.keys() == SECRETS.keys()


def open_what_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the guard of private things out of the decision."""
    guard = "if item.audience.is_private or item.shared_on is None or relations.on < item.shared_on:"
    source = inspect.getsource(visibility)
    assert source.count(guard) == 1
    weaker = source.replace(
        guard, "if item.audience.is_private:\n        return Allowed(Reason.EVERYONE)\n    if False:"
    )
    planted = ModuleType("planted")
    exec(compile(weaker, "planted", "exec"), planted.__dict__)
    monkeypatch.setattr("ownership.workspace.sight.decide", planted.__dict__["decide"])


def read_what_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everyone who sees a check-in read all of it."""
    monkeypatch.setattr(CheckIn, "seen_by", lambda check_in, _: check_in)


def read_what_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everyone who is invited to a team moment read all of it."""
    monkeypatch.setattr(TeamMoment, "seen_by", lambda moment, _: moment)


def announce_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let plugins hear of private things."""

    def announce(sight: Any, item: Any, name: str) -> None:
        sight.unit.announce([Fact(name, item.owner_id, item.id, sight.now)])

    monkeypatch.setattr("ownership.workspace.goals.announce", announce)


def show_what_another_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show somebody's answers to a pulse as if they were one's own."""

    def whoever(sight: Sight, _: object, pulse_id: str) -> Any:
        return next(sight.unit.find(PulseAnswers, "pulse_id", equals=pulse_id), None)

    monkeypatch.setattr("ownership.workspace.pulse._hers", whoever)


def refuse_in_other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell what is there and not yours from what is not there."""
    see = Sight.see

    def seeing(self: Sight, cls: type[Any], id_: str) -> Any:
        if self.unit.many(cls, [id_]) and not self.decide(self.unit.one(cls, id_)):
            raise NotAllowed(f"{id_} is not yours")
        return see(self, cls, id_)

    monkeypatch.setattr(Sight, "see", seeing)


@pytest.mark.parametrize(
    ("plant", "secret"),
    [
        (open_what_is_private, "draft"),
        (open_what_is_private, "feedback"),
        (read_what_is_not_ready, "unready preparation"),
        (read_what_is_not_shown, "contribution not shown"),
        (announce_everything, "start"),
        (refuse_in_other_words, "reflection"),
        (show_what_another_answered, "pulse answers"),
    ],
)
def test_a_planted_leak_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, plant: Callable[[pytest.MonkeyPatch], None], secret: str
) -> None:
    """Each guard, taken out, lets somebody tell two of the first ten pairs apart."""
    plant(monkeypatch)
    assert any(pair.is_told_apart for pair in islice(pairs(world, secret), 10))


# --- two tenants


def test_tenants_with_equal_ids_never_meet(world: World, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Two tenants in one file have equal ids; in 1,000 calls (50,000 in CI) each is told only its own."""
    texts = {"a": "Only in tenant a.", "b": "Only in tenant b."}
    wanted = min(50_000, request.getfixturevalue("effort").pairs * 20)
    made, kept = 0, Counter[str]()
    with ExitStack() as stack:
        tenants = {t: stack.enter_context(type(world)(f"sqlite:///{tmp_path}/x.db", tenant=t)) for t in texts}
        assert tenants["a"].id("ada") == tenants["b"].id("ada")
        for tenant, own in tenants.items():
            for name in NAMES:
                actor = own.acting(name)
                for audience in AUDIENCES:
                    actor.goals.share(actor.goals.draft(title=texts[tenant]).id, audience)
                    actor.reflections.share(actor.reflections.write("start-what-i-need", texts[tenant]), audience)
        assert _ids(tenants["a"]) == _ids(tenants["b"])
        ids, random = _ids(tenants["a"]), Random(7)
        while made < wanted:
            tenant, other = random.sample(["a", "b"], 2)
            for answer in answers(tenants[tenant].acting(random.choice(NAMES)), random.sample(ids, 3)):
                told_ = json.dumps(answer)
                assert texts[other] not in told_
                kept[tenant] += texts[tenant] in told_
                made += 1
        for tenant, own in tenants.items():
            assert {goal.title for name in NAMES for goal in own.acting(name).goals.mine()} == {texts[tenant]}
    assert min(kept.values()) > wanted / 100
