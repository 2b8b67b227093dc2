"""The organisation's figures: published by an organiser, read by everyone, made of records that nobody saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.workspace.conftest import row

from ownership import InvalidInput, NotAllowed
from ownership.domain.classification import Retention
from ownership.domain.figures import WINDOW_DAYS, Figure, OrganisationFigures, Window
from ownership.domain.people import PersonId
from ownership.domain.publication import Band, ReleasePlan, release_plan_id
from ownership.domain.pulse import Pulse, PulseAnswers, PulseId, PulseStatus, pulse_answers_id
from ownership.domain.scales import Polarity, ScaleQuestion
from ownership.workspace.actor import Actor
from ownership.workspace.records import ORGANISATION, SHELVES
from ownership.workspace.releases import latest_plan

if TYPE_CHECKING:
    from tests.workspace.conftest import World

BLUE = [f"b{number}" for number in range(18)]
RED = [f"r{number}" for number in range(12)]
PEOPLE = (
    row("sam"),
    row("hr"),
    *(row(name, manager="sam") for name in BLUE),
    *(row(name, manager="sam", team="Red") for name in RED),
)
LOW, MIDDLE, HIGH = Band(None, 35), Band(35, 65), Band(65, None)


def organiser(world: World) -> Actor:
    """Act as the organiser."""
    return world.acting("hr", roles={"organiser"})


@pytest.fixture
def world(make_world: Callable[..., World], tmp_path: Path) -> World:
    """A world of two teams that can be told apart, in a store with a file."""
    return make_world(f"sqlite:///{tmp_path}/ownership.db", people=PEOPLE)


def bands(figures: OrganisationFigures, figure: Figure) -> Mapping[str, Band | None]:
    """Give the bands of a figure by team, or by what else a cell is of."""
    return {
        cell.group.team or "rest": finding.band
        for cell in figures.publication.cells
        for finding in cell.findings
        if finding.measure == figure
    }


TUESDAYS = ((2026, 1, 6), (2026, 2, 3), (2026, 3, 3))
"""The first Tuesdays of the first months, on which check-ins open."""


def hold_talks(world: World, *names: str) -> None:
    """Let the check-ins of three months pass, in which only these people hold theirs."""
    world.start_cycle()
    for tuesday in TUESDAYS:
        world.clock.set(*tuesday, 12)
        world.work()
        for name in names:
            world.acting(name).check_ins.hold()
    world.clock.set(2026, 3, 31)
    world.work()


def test_it_takes_the_role_to_publish(world: World) -> None:
    """Nobody publishes figures without the role of organiser; reading them takes none."""
    with pytest.raises(NotAllowed, match="organiser"):
        world.acting("sam").figures.publish()
    assert world.acting("b1").figures.latest() is None
    published = organiser(world).figures.publish()
    assert world.acting("b1").figures.latest() == published
    assert world.acting("b1").figures.all() == (published,)


def test_rhythm_is_told_by_team(world: World) -> None:
    """Where talks were held the band is high, where they passed it is low."""
    hold_talks(world, *BLUE)
    figures = organiser(world).figures.publish()
    assert bands(figures, Figure.RHYTHM) == {"Blue": HIGH, "Red": LOW}
    assert figures.window == Window.before(figures.published_on)


@pytest.mark.parametrize(("days", "told"), [(13, {}), (14, {"Blue": HIGH, "Red": LOW})])
def test_rhythm_is_told_where_messages_are_kept_as_long_as_talks_count(
    world: World, days: int, told: Mapping[str, Band]
) -> None:
    """A talk can close on the last of its fourteen days, and who heard of it on the first must still be known."""
    hold_talks(world, *BLUE)
    world.ws._desk.retention = Retention(messages=WINDOW_DAYS + days)
    assert bands(organiser(world).figures.publish(), Figure.RHYTHM) == told


def test_real_choice_and_initiative_are_told_too(world: World) -> None:
    """Choices that people judged real, and talks to which only they brought something, give high bands."""
    world.start_cycle()
    for tuesday in TUESDAYS:
        world.clock.set(*tuesday, 12)
        world.work()
        for name in BLUE:
            actor = world.acting(name)
            actor.check_ins.prepare(topics=["A topic"])
            actor.check_ins.hold()
            actor.learning.was_real_choice(actor.learning.choose("own", title="A book"), "yes")
    world.clock.set(2026, 3, 31)
    figures = organiser(world).figures.publish()
    assert bands(figures, Figure.REAL_CHOICE)["Blue"] == HIGH
    assert bands(figures, Figure.INITIATIVE)["Blue"] == HIGH


def test_who_rests_is_not_counted(world: World) -> None:
    """With all but four of a team at rest there is nothing to tell of it."""
    hold_talks(world, *BLUE, *RED)
    for name in RED[4:]:
        world.acting(name).profile.rest()
    figures = organiser(world).figures.publish()
    assert sum(cell.answered for cell in figures.publication.cells) == len(BLUE) + 4
    assert "Red" not in bands(figures, Figure.RHYTHM)


def test_nothing_of_a_person_is_kept_or_looked_at(world: World) -> None:
    """What is stored are cells and cohorts; no look is written down, and new records are the organisation's only."""
    hold_talks(world, *BLUE)
    before = records_of(world)
    figures = organiser(world).figures.publish()
    assert records_of(world) - before == {figures.id, figures.plan_id}
    assert all(not world.acting(name).data.who_looked() for name in BLUE)


def records_of(world: World) -> set[str]:
    """Give the ids of all that is stored."""
    with world.ws._desk.reading() as unit:
        return {value.id for cls in SHELVES for value in unit.find(cls)}


def test_no_two_figures_tell_of_the_same_day(world: World) -> None:
    """They can be published again after half a year, by a plan that follows; a refusal leaves nothing behind."""
    hr = organiser(world)
    first = hr.figures.publish()
    world.clock.move(days=100)
    before = records_of(world)
    with pytest.raises(InvalidInput, match="can be again from 2026-07-08 on"):
        hr.figures.publish()
    assert records_of(world) == before
    world.clock.move(days=84)
    second = hr.figures.publish()
    assert hr.figures.all() == (first, second)
    assert hr.figures.latest() == second
    with world.ws._desk.reading() as unit:
        plan = latest_plan(unit)
        assert plan is not None
        assert (plan.id, plan.number) == (second.plan_id, 2)


def test_how_useful_they_are_is_told_beside_them(world: World) -> None:
    """Of the teams of eight and more, and of the departments, how many got a result."""
    hold_talks(world, *BLUE)
    told = organiser(world).figures.publish().usefulness
    assert (told.teams, told.teams_told, told.departments, told.departments_told) == (2, 2, 1, 1)


def ask(world: World, number: int, answers: Mapping[str, int]) -> None:
    """Store a pulse that is over, and what people kept of their answers to it."""
    desk = world.ws._desk
    opened_at, closed_at = desk.now(), desk.now() + timedelta(days=7)
    question = ScaleQuestion(f"room-{number}", "room", Polarity.POSITIVE, {"en": "I have room."})
    pulse = Pulse(
        id=PulseId(f"{ORGANISATION}.u{number}"),
        owner_id=PersonId(ORGANISATION),
        opened_by_id=PersonId("hr"),
        opened_at=opened_at,
        closes_at=closed_at,
        plan_id=release_plan_id(PersonId(ORGANISATION), number),
        questions=(question,),
        status=PulseStatus.CLOSED,
        closed_at=closed_at,
    )
    hers = {world.acting(name).person.id: answer for name, answer in answers.items()}
    with desk.writing() as unit:
        unit.save(pulse)
        for who, answer in hers.items():
            given = {question.id: answer}
            unit.save(PulseAnswers(pulse_answers_id(who, pulse.id), who, pulse.id, opened_at, given))
    world.clock.move(days=30)


def test_changes_since_the_baseline_are_told_of_everyone(world: World) -> None:
    """Of those who answered at the first pulse and at the last, which part rose and which part fell."""
    everyone = [*BLUE, *RED]
    ask(world, 1, dict.fromkeys(everyone, 3))
    ask(world, 2, {name: 5 if name in BLUE else 2 for name in everyone[:28]})
    figures = organiser(world).figures.publish()
    (change,) = figures.changes
    assert (change.measure, change.answered) == ("room", 28)
    assert (change.rose, change.fell) == (Band(50, 75), Band(25, 50))
    assert figures.publication.cells == ()


def test_joiners_wait_for_each_other(world: World) -> None:
    """Who came since the last plan is in no cell before five came."""
    organiser(world).figures.publish()
    world.tell(*(row(name, manager="sam") for name in ("n1", "n2", "n3", "n4")))
    world.clock.move(days=184)
    plan_id = organiser(world).figures.publish().plan_id
    with world.ws._desk.reading() as unit:
        plan = unit.one(ReleasePlan, plan_id)
    joiners = {world.acting(name).person.id for name in ("n1", "n2", "n3", "n4")}
    assert not joiners & {who for cohort in plan.cohorts for who in cohort.member_ids}
