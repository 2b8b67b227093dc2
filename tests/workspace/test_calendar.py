"""The calendar: who looks at an open check-in from anywhere sees the same one, whoever did something with it or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from tests.workspace.conftest import row

from ownership import Conflict, IllegalMove, InvalidInput, NotAllowed, NotFound
from ownership.domain.check_ins import CheckIn
from ownership.domain.cycles import Participation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.workspace.conftest import World

    from ownership.workspace.actor import Actor

HER = ("ada", "liam", "noor")
ALL = (*HER, "sam", "zoe", "mia")
RULES = ("FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=1TU", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO")
REFUSED = (NotFound, IllegalMove, NotAllowed, InvalidInput)


class Life:
    """What happens to three people and those beside them, by a seed, and what was ever written in their talks."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = Random(seed)
        self.written: dict[str, set[str]] = {}
        self.organiser = world.acting("hr", roles={"organiser"}).cycles
        self.cycles = [
            world.start_cycle(people=people, cadence=self.one_of(RULES), open_days=self.one_of((1, 3, 14))).id
            for people in (HER, None)
        ]

    def one_of(self, things: Iterable[Any]) -> Any:
        """Give one of some things."""
        return self.chance.choice([*things])

    def go_on(self) -> None:
        """Let one thing happen, or be refused."""
        deed, name = self.one_of(_DEEDS), self.one_of(HER)
        try:
            check_in = _DEEDS[deed](self, name)
        except REFUSED:
            return
        if isinstance(check_in, CheckIn):
            self.written.setdefault(check_in.id, set()).update(item.text for item in check_in.agenda)

    def raise_topic(self, name: str, check_in: CheckIn | None = None) -> CheckIn:
        """Let somebody put a topic on an agenda."""
        return self.world.acting(name).check_ins.bring_up(check_in, topics=[f"Topic {self.chance.random()}"])

    def raise_topic_with(self, name: str) -> CheckIn | None:
        """Let the partner of somebody put a topic on the agenda of a talk."""
        talk = self.world.acting(name).check_ins.current()
        partner = next((one for one in ALL if talk and self.world.id(one) == talk.partner_id), None)
        return self.raise_topic(partner, talk) if partner else None

    def postpone(self, name: str) -> CheckIn:
        """Let somebody postpone a talk to the end of its period."""
        check_ins = self.world.acting(name).check_ins
        talk = check_ins.current()
        return check_ins.postpone(talk, to=talk.period.ends_on - timedelta(days=1) if talk else None)  # type: ignore[arg-type]

    def tell(self, name: str, **told: Any) -> None:
        """Let the directory tell of somebody."""
        self.world.tell(row(name, **{"manager": "sam"} | told))


_DEEDS: Mapping[str, Callable[[Life, str], Any]] = {
    "hours": lambda life, _: life.world.clock.move(hours=life.one_of((5, 9, 13))),
    "days": lambda life, _: life.world.clock.move(days=life.one_of((1, 2, 7))),
    "more days": lambda life, _: life.world.clock.move(days=life.one_of((1, 3, 14))),
    "work": lambda life, _: life.world.work(),
    "topic": Life.raise_topic,
    "topic of the other": Life.raise_topic_with,
    "hold": lambda life, name: life.world.acting(name).check_ins.hold(agreements=["Read"]),
    "skip": lambda life, name: life.world.acting(name).check_ins.skip(),
    "postpone": Life.postpone,
    "hand over": lambda life, name: life.world.acting(name).check_ins.hand_over(),
    "share": lambda life, name: life.world.acting(name).visibility.share(
        life.world.acting(name).check_ins.current(), life.one_of(("only_me", "team", "partner"))
    ),
    "rhythm": lambda life, name: life.organiser.set_rhythm(
        life.one_of(life.cycles), cadence=life.one_of(RULES), **life.one_of(({}, {"team": "Blue"}, {"person": name}))
    ),
    "choose": lambda life, name: life.world.acting(name).check_ins.choose_rhythm(
        life.one_of(life.cycles), life.one_of(RULES)
    ),
    "follow": lambda life, name: life.world.acting(name).check_ins.follow_rhythm(life.one_of(life.cycles)),
    "stop": lambda life, _: life.organiser.stop(life.cycles[1]),
    "manager": lambda life, name: life.tell(name, manager=life.one_of(("sam", "mia", "zoe", ""))),
    "team": lambda life, name: life.tell(name, team=life.one_of(("Blue", "Red"))),
    "leave": lambda life, name: life.tell(name, on_leave=life.one_of((True, False))),
    "partner": lambda life, name: life.world.acting(name).profile.choose_partner(life.one_of((None, "sam", "zoe"))),
    "no partner": lambda life, name: life.world.acting(name).profile.go_without_partner(),
}


def assert_seen_alike(life: Life) -> None:
    """Compare all the ways to see a check-in."""
    world = life.world
    hers: dict[str, CheckIn] = {}
    for name in HER:
        actor = world.acting(name)
        current, mine, overview = actor.check_ins.current(), actor.check_ins.mine(), actor.overview()
        open_ones = [it for it in mine if it.is_open_on(overview.today)]
        assert current == overview.check_in == (open_ones[-1] if open_ones else None)
        assert [actor.check_ins.get(it.id) for it in mine] == [*mine]
        steps = {step.about_id for step in overview.next_steps if ".k" in step.about_id}
        assert steps <= {it.id for it in open_ones}
        hers |= {it.id: it for it in open_ones}
    with_them: dict[str, str] = {}
    for name in ALL:
        actor = world.acting(name)
        talks = [it for it in actor.check_ins.with_me() if it.id in hers]
        assert talks == [it for it in actor.team.overview().open_talks if it.id in hers]
        for talk in talks:
            assert actor.check_ins.get(talk.id) == talk == actor.leadership.prepare(talk.id).check_in
            assert (hers[talk.id].partner_id, hers[talk.id].version) == (actor.person.id, talk.version)
            with_them[talk.id] = actor.person.id
    assert all(with_them.get(id_) == it.partner_id for id_, it in hers.items() if it.is_untouched)


def assert_kept(life: Life) -> None:
    """See that what was written is there, nothing besides, and that no days are in two check-ins of one cycle."""
    with life.world.ws._desk.reading() as unit:
        stored = {it.id: it for it in unit.find(CheckIn)}
        last = {(it.owner_id, it.cycle_id): it.last for it in unit.find(Participation) if it.last}
    assert {id_: {item.text for item in it.agenda} for id_, it in stored.items()} == life.written
    begun: dict[Any, list[CheckIn]] = {}
    for it in sorted(stored.values(), key=lambda it: it.period.starts_on):
        begun.setdefault((it.owner_id, it.cycle_id), []).append(it)
    assert {whose: periods[-1].period for whose, periods in begun.items()} == last
    for periods in begun.values():
        for one, following in pairwise(periods):
            assert one.closes_on < one.period.ends_on <= following.period.starts_on


@pytest.mark.parametrize("seed", range(6))
def test_whoever_looks_from_anywhere_sees_the_same_check_in(world: World, seed: int) -> None:
    """Whatever happens, with due work and without, every view has the same open check-ins; nothing written is lost."""
    life = Life(world, seed)
    for _ in range(30):
        life.go_on()
        assert_seen_alike(life)
        assert_kept(life)
    told = Counter(key for sent in world.sent().values() for message in sent for key in message.key.split("+"))
    assert all(times == 1 for times in told.values())


def begun_at_once(world: World) -> None:
    """Let both begin a talk at the same moment: what either was not refused is kept, and the period began once."""
    world.start_cycle(people=["ada"])
    world.clock.set(2026, 1, 6)
    talk = world.acting("ada").check_ins.current()
    actors, barrier = [world.acting("ada"), world.acting("sam")], Barrier(2)
    kept: list[CheckIn] = []
    refused: list[Exception] = []

    def begin(actor: Actor) -> None:
        barrier.wait()
        try:
            kept.append(actor.check_ins.bring_up(talk, topics=[actor.person.display_name]))
        except Exception as error:  # noqa: BLE001 - the main thread looks at it
            refused.append(error)

    threads = [Thread(target=begin, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(error) for error in refused] == [Conflict]
    with world.ws._desk.reading() as unit:
        (stored,), (participation,) = unit.find(CheckIn), unit.find(Participation)
    assert ([stored], participation.last) == (kept, stored.period)


@pytest.mark.parametrize("place", ["memory:", "sqlite:///{}/ownership.db"])
def test_two_who_begin_a_talk_at_once(make_world: Callable[..., World], tmp_path: Path, place: str) -> None:
    """Of two who begin a talk that both looked at, one is told that the other was first; nothing is written twice."""
    begun_at_once(make_world(place.format(tmp_path)))
