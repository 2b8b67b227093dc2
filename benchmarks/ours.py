"""The library's side of the workloads: everything that is measured goes through the front door.

Only a past that is there before the first round is written in bulk, with the library's own values and its own unit of
work: it is what the calls would have left.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import tables
from benchmarks.measure import DATABASE, Act
from benchmarks.population import (
    AGREED_DUE_ON,
    AGREEMENT,
    CHALLENGE,
    CHOICES_EACH,
    DESCRIPTION,
    DUE_ON,
    FEEDBACK,
    FEEDBACK_EACH,
    GOALS_EACH,
    MILESTONES,
    NEED,
    NOTE,
    PEOPLE,
    PROGRESS,
    TALKS_EACH,
    TITLE,
    employees,
    write_csv,
)

if TYPE_CHECKING:
    from ownership import Workspace
    from ownership.domain.people import Person
    from ownership.workspace.actor import Actor

NIGHT = datetime(2026, 1, 6, 0, 30, tzinfo=UTC)
"""The moment at which all of it happens: the first Tuesday of the year, before anybody's messages are due."""

MIDDAY = NIGHT + timedelta(hours=12)
"""Later that day, when everyone is at work."""

MONTHLY = "FREQ=MONTHLY;BYDAY=1TU"
EVERY_FOUR_WEEKS = "FREQ=WEEKLY;INTERVAL=4;BYDAY=TU"
ROWS_OF_OURS = ("records", "keys")
ADDRESS = "user{}@example.org"
AGREED = date.fromisoformat(AGREED_DUE_ON)


def opened(folder: Path, people: int = PEOPLE, url: str = "", **how: Any) -> Workspace:
    """Open a workspace with everyone in it: in a file of a folder, or in the database that a URL names."""
    from ownership import open_workspace

    write_csv(employees(people), folder / "people.csv")
    workspace = open_workspace(url or f"sqlite:///{folder / DATABASE}", **how)
    workspace.people.sync(f"csv:{folder / 'people.csv'}")
    return workspace


def opened_at_night(folder: Path, people: int = PEOPLE, url: str = "") -> Workspace:
    """Open a workspace in which the clock stands still."""
    return opened(folder, people, url, clock=lambda: NIGHT)


def acting(workspace: Workspace, people: int = PEOPLE) -> list[Actor]:
    """Give a thousand of the people, evenly from the whole file; of a thousand that is everyone."""
    return [workspace.acting_as(ADDRESS.format(number)) for number in range(0, people, people // PEOPLE)]


def set_goal(folder: Path, *, people: int = PEOPLE, url: str = "") -> Act:
    """W1: each of a thousand people drafts a goal for herself."""
    actors = acting(opened(folder, people, url), people)
    due_on = date.fromisoformat(DUE_ON)

    def act(number: int) -> None:
        actors[number % PEOPLE].goals.draft(title=TITLE, why=DESCRIPTION, due_on=due_on, milestones=MILESTONES)

    for number in range(GOALS_EACH * PEOPLE):
        act(number)
    return act


def open_cycle(folder: Path, *, people: int) -> Act:
    """W3: start a monthly cycle for everyone, and let somebody see that her check-in is open."""
    workspace = opened_at_night(folder, people)
    cycles = workspace.acting_as(ADDRESS.format(0), roles={"organiser"}).cycles
    somebody = workspace.acting_as(ADDRESS.format(people - 1))

    def act(number: int) -> None:
        cycle = cycles.start(name=f"Cycle {number}", cadence=MONTHLY)
        check_in = somebody.check_ins.current()
        assert check_in is not None
        assert check_in.cycle_id == cycle.id
        cycles.stop(cycle)  # so that the next one has no other beside it

    return act


def tell_everyone(folder: Path, *, people: int) -> Act:
    """W3, what follows it: in the morning everyone hears of her check-in, and her partner of it too, in the inbox."""
    workspace = opened(folder, people, clock=lambda: MIDDAY)
    cycles = workspace.acting_as(ADDRESS.format(0), roles={"organiser"}).cycles

    def act(number: int) -> None:
        cycle = cycles.start(name=f"Cycle {number}", cadence=MONTHLY)
        found = workspace.run_due_work()
        cycles.stop(cycle)
        assert (found.opened, found.deliveries.dead) == (people, 0)
        assert found.deliveries.sent >= people

    return act


def same_rows(folder: Path, *, people: int) -> Act:
    """What telling everyone leaves, written by hand into our tables in batches as large as ours."""
    act, path = tell_everyone(folder, people=people), folder / DATABASE
    connection = tables.connect(path)
    before = {table: set(connection.execute(f"SELECT * FROM {table}")) for table in ROWS_OF_OURS}
    act(0)
    left = {table: sorted(set(connection.execute(f"SELECT * FROM {table}")) - before[table]) for table in ROWS_OF_OURS}

    def write(number: int) -> None:
        for start in range(0, people, 500):
            connection.execute("BEGIN IMMEDIATE")
            for table, rows in left.items():
                batch = rows[start * len(rows) // people : (start + 500) * len(rows) // people]
                marks = ", ".join("?" * len(rows[0]))
                tenant = f"tenant {number}"
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", ((tenant, *row[1:]) for row in batch))
            connection.execute("COMMIT")

    return write


class _Weeks:
    """A clock that goes on by four weeks when everyone has had her talk."""

    def __init__(self) -> None:
        self.now = NIGHT

    def __call__(self) -> datetime:
        return self.now

    def of_act(self, number: int) -> date:
        """Go to the weeks in which an act is, and give the day on which the talks of these began."""
        self.now = NIGHT + timedelta(weeks=4 * (number // PEOPLE))
        return self.now.date()


class _Talk(NamedTuple):
    """Who records a talk, which it is, and her goals."""

    actor: Actor
    person_id: str
    check_in_id: str
    goal_ids: Sequence[str]


def _with_open_talks(workspace: Workspace, weeks: _Weeks, people: int = PEOPLE) -> Callable[[int], _Talk]:
    """Give everyone a check-in every four weeks, a thousand people two goals each, and what an act is about."""
    from ownership.domain.check_ins import check_in_id
    from ownership.domain.cycles import Period

    organiser = workspace.acting_as(ADDRESS.format(0), roles={"organiser"})
    cycle = organiser.cycles.start(name="A cycle", cadence=EVERY_FOUR_WEEKS)
    actors = acting(workspace, people)
    people_acting = [actor.person for actor in actors]
    _write_past(workspace, people_acting, talks_each=0)
    goals = [[goal.id for goal in actor.goals.mine()] for actor in actors]

    def of(number: int) -> _Talk:
        day, place = weeks.of_act(number), number % PEOPLE
        id_ = people_acting[place].id
        return _Talk(actors[place], id_, check_in_id(id_, cycle.id, Period(1, day, day)), goals[place])

    return of


def record_check_in(folder: Path, *, people: int = PEOPLE, url: str = "") -> Act:
    """W2 in one call: two goals, what was brought, what was agreed."""
    from ownership import Progress, Promise

    weeks = _Weeks()
    of = _with_open_talks(opened(folder, people, url, clock=weeks), weeks, people)
    promised = [Promise(AGREEMENT, due_on=AGREED)] * 2

    def act(number: int) -> None:
        talk = of(number)
        talk.actor.check_ins.record(
            talk.check_in_id,
            challenges=f"{CHALLENGE}\n{CHALLENGE}",
            needs=NEED,
            agreements=promised,
            goals=[Progress(goal_id, PROGRESS, note=NOTE) for goal_id in talk.goal_ids],
        )

    return act


def _record(actor: Actor, check_in_id: str, goal_ids: Sequence[str]) -> None:
    from ownership import Promise

    for goal_id in goal_ids:
        actor.goals.record(goal_id, progress=PROGRESS, note=NOTE)
    actor.check_ins.prepare(check_in_id, challenges=f"{CHALLENGE}\n{CHALLENGE}", needs=NEED)
    actor.check_ins.hold(check_in_id, agreements=[Promise(AGREEMENT, due_on=AGREED)] * 2)


def record_check_in_joined(folder: Path) -> Act:
    """W2 in four calls, in one commit: inside a transaction of the host's on its own connection."""
    weeks = _Weeks()
    workspace = opened(folder, clock=weeks)
    of = _with_open_talks(workspace, weeks)
    host = sqlite3.connect(folder / DATABASE, isolation_level=None, cached_statements=256)
    host.execute("PRAGMA synchronous = FULL")

    def act(number: int) -> None:
        talk = of(number)
        host.execute("BEGIN IMMEDIATE")
        _record(workspace.joined(host).acting_as(talk.person_id), talk.check_in_id, talk.goal_ids)
        host.execute("COMMIT")

    return act


def overview(folder: Path, *, talks_each: int = TALKS_EACH, people: int = PEOPLE, url: str = "") -> Act:
    """W4: each of a thousand people asks for her overview."""
    workspace = opened_at_night(folder, people, url)
    actors = acting(workspace, people)
    _write_past(workspace, [actor.person for actor in actors], talks_each=talks_each)

    def act(number: int) -> None:
        found = actors[number % PEOPLE].overview()
        assert (len(found.goals), found.talks_held, len(found.feedback)) == (GOALS_EACH, talks_each, FEEDBACK_EACH)

    return act


def _write_past(workspace: Workspace, people: Sequence[Person], *, talks_each: int) -> None:
    from ownership.workspace.records import ORGANISATION

    desk = workspace._desk  # noqa: SLF001 - a past in bulk has no front door
    cycle_id = desk.new_id(ORGANISATION, _classes()["Cycle"])
    for start in range(0, len(people), 100):
        with desk.writing() as unit:
            for number, person in enumerate(people[start : start + 100], start=start):
                author = people[(number * 7 + 1) % len(people)]
                for values in _past_of(partial(desk.new_id, person.id), person, author, cycle_id, talks_each):
                    unit.save_all(values)


def _classes() -> dict[str, Any]:
    from ownership.workspace.records import SHELVES

    return {cls.__name__: cls for cls in SHELVES}


def _past_of(
    new_id: Callable[[Any], Any], person: Person, author: Person, cycle_id: Any, talks_each: int
) -> Iterator[list[Any]]:
    """Give the goals of a person, and with talks in her past also these, feedback that she read, and her choices."""
    from ownership.domain.goals import GoalUpdate, milestones_titled
    from ownership.domain.learning import LearningKind

    classes, today = _classes(), person.day_of(NIGHT)
    begun = NIGHT - timedelta(days=31 * (talks_each + 1))
    words = {"title": TITLE, "why": DESCRIPTION, "due_on": date.fromisoformat(DUE_ON)}
    goals = [
        classes["Goal"](
            id=new_id(classes["Goal"]),
            owner_id=person.id,
            milestones=milestones_titled(MILESTONES),
            drafted_at=begun,
            **words,
        ).start(begun.date())
        for _ in range(GOALS_EACH)
    ]
    days = [today - timedelta(days=31 * number) for number in range(talks_each, 0, -1)]
    for day in days:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        goals = [goal.record(GoalUpdate(at, PROGRESS, note=NOTE)) for goal in goals]
    yield goals
    if not talks_each:
        return
    yield [_held(person, cycle_id, ordinal, day) for ordinal, day in enumerate(days, start=1)]
    feedback, choice = classes["Feedback"], classes["LearningChoice"]
    yield [
        feedback(new_id(feedback), person.id, author.id, FEEDBACK, begun, read_on=today) for _ in range(FEEDBACK_EACH)
    ]
    yield [
        choice(new_id(choice), person.id, f"own-{number}", LearningKind.READING, f"Option {number}", begun)
        for number in range(CHOICES_EACH)
    ]


def _held(person: Person, cycle_id: Any, ordinal: int, day: date) -> Any:
    from ownership.domain.check_ins import Agreement, CheckIn, Preparation, agreement_ids, check_in_id
    from ownership.domain.cycles import Period

    period = Period(ordinal, day, day + timedelta(days=31))
    line = person.reporting_line_on(day)
    talk = CheckIn(
        check_in_id(person.id, cycle_id, period),
        person.id,
        cycle_id,
        period,
        closes_on=day + timedelta(days=14),
        partner_id=line.manager_id if line else None,
    )
    ready_at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    prepared = talk.prepare(
        Preparation(person.id, challenges=f"{CHALLENGE}\n{CHALLENGE}", needs=NEED, ready_at=ready_at)
    )
    ids = agreement_ids(talk)
    return prepared.hold(day, [Agreement(next(ids), AGREEMENT, person.id, AGREED) for _ in range(2)])
