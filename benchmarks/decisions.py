"""Access: decide who may see what, beside what a frozen class costs anyway: attrs `evolve` of a class of ten fields."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import attrs
from benchmarks.measure import Report, Row, Spread, quotients, turns

if TYPE_CHECKING:
    from ownership.domain.goals import Goal
    from ownership.domain.people import Person, PersonId
    from ownership.domain.visibility import Relations

    Question = tuple[Person, Goal, Relations]

TARGET = 0.15
"""Decisions for each evolve: 150,000 a second on a core that does 1,000,000 evolves."""

PURE, IN_A_UNIT, EVOLVE = "decisions", "decisions in a unit of work", "attrs evolves of ten fields"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
PEOPLE, QUESTIONS = 200, 5_000


@attrs.frozen
class Ten:
    """Ten fields, none of them checked."""

    a: int = 0
    b: int = 0
    c: int = 0
    d: int = 0
    e: int = 0
    f: int = 0
    g: int = 0
    h: int = 0
    i: int = 0
    j: int = 0


def measure(*, quick: bool) -> Report:
    """Decide and evolve in turns, on one core."""
    asked = questions()
    sides = {PURE: _deciding(asked), IN_A_UNIT: _deciding_in_a_unit(asked), EVOLVE: _evolving()}
    for work in sides.values():
        work()
    speeds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(5 if quick else 40):
        for name in turns(list(sides), number):
            speeds[name].append(QUESTIONS / _seconds(sides[name]))
    return Report(
        [_ratio(name, quotients(speeds[name], speeds[EVOLVE])) for name in (PURE, IN_A_UNIT)],
        [Row(f"Access {name} a second, one core", f"{Spread.of(each):,.0f}") for name, each in speeds.items()],
    )


def _ratio(name: str, ratio: Spread) -> Row:
    return Row(f"Access {name} ÷ {EVOLVE}", f"{ratio:.2f}", f"at least {TARGET}", ratio.median >= TARGET)


def _seconds(work: Callable[[], None]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _deciding(asked: Sequence[Question]) -> Callable[[], None]:
    """Decide with the day and the owner at hand, as a list does for its second item on."""
    from ownership.domain.visibility import decide

    def work() -> None:
        for viewer, goal, relations in asked:
            decide(viewer, goal, relations)

    return work


def _deciding_in_a_unit(asked: Sequence[Question]) -> Callable[[], None]:
    """Decide as a use case does: from the moment it is, with people that were read before."""
    from ownership import open_workspace
    from ownership.workspace.sight import Sight

    desk = open_workspace(clock=lambda: NOW)._desk  # noqa: SLF001 - what a use case opens its units at
    everyone = {person.id: person for viewer, _, relations in asked for person in (viewer, relations.owner)}
    with desk.writing() as unit:
        unit.save_all(everyone.values())
    with desk.reading() as unit:
        sights = {id_: Sight(desk, unit, id_) for id_ in everyone}
        for sight in sights.values():
            sight.people(everyone)

    def work() -> None:
        for viewer, goal, _ in asked:
            sights[viewer.id].decide(goal)

    return work


def _evolving() -> Callable[[], None]:
    ten, evolve = Ten(), attrs.evolve

    def work() -> None:
        for number in range(QUESTIONS):
            evolve(ten, a=number)

    return work


def questions() -> Sequence[Question]:
    """Draw questions of all audiences: mostly by those who have something to do with the owner, as in real lists."""
    from ownership.domain.people import PersonId
    from ownership.domain.visibility import Relations

    random = Random(2026)
    ids = [PersonId(f"p{number}") for number in range(PEOPLE)]
    everyone = {id_: _person(random, id_, ids) for id_ in ids}
    drawn = []
    for _ in range(QUESTIONS):
        owner = everyone[random.choice(ids)]
        line, partner = owner.reporting_line_on(TODAY), owner.partner_on(TODAY)
        near = [who.manager_id for who in (line, partner) if who] or ids
        viewer = everyone[random.choice(near) if random.random() < 0.5 else random.choice(ids)]
        drawn.append((viewer, _goal(random, owner, ids), Relations(owner, TODAY)))
    return drawn


def _person(random: Random, id_: PersonId, ids: Sequence[PersonId]) -> Person:
    """Draw someone with one to four managers and one to three teams, the last of each going on."""
    from ownership.domain.people import Person

    person = Person(id_, id_.title(), start_on=TODAY - timedelta(days=1500))
    others = [other for other in ids if other != id_]
    for days in sorted(random.sample(range(1500), random.randint(1, 4)), reverse=True):
        person = person.reporting_to(random.choice(others), since=TODAY - timedelta(days=days))
    for days in sorted(random.sample(range(1500), random.randint(1, 3)), reverse=True):
        person = person.joining("Works", random.choice(["Blue", "Red", "Green"]), since=TODAY - timedelta(days=days))
    partner_id = random.choice(others) if random.random() < 0.2 else None
    return person.with_partner(partner_id, since=TODAY - timedelta(days=90))


def _goal(random: Random, owner: Person, ids: Sequence[PersonId]) -> Goal:
    from ownership.domain.goals import Goal, GoalId
    from ownership.domain.people import Audience, AudienceKind

    kind = random.choice(list(AudienceKind))
    audience = Audience(kind, tuple(random.sample(ids, 3)) if kind is AudienceKind.PEOPLE else ())
    shared_on = None if audience.is_private else TODAY - timedelta(days=random.randrange(400))
    drafted_at = datetime(2025, 1, 1, tzinfo=UTC)
    return Goal(
        GoalId(f"{owner.id}.g1"), owner.id, "Lead a workshop", drafted_at, audience=audience, shared_on=shared_on
    )
