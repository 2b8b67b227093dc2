"""Publication: plan and publish 1,000 teams in 24 windows, beside means that can be subtracted; and how it grows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log2
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.measure import Report, Row, Spread, quotients, turns

if TYPE_CHECKING:
    from ownership.domain.cohorts import Group
    from ownership.domain.people import PersonId
    from ownership.domain.publication import Answers

WINDOWS = 24
TEAMS, QUICK_TEAMS = 1_000, 50
SMALL, LARGE, QUICK_LARGE = 1_000, 100_000, 10_000
"""People, of which growth is told from the first to the second."""

MEASURES = ("autonomy", "room", "workload")
SEED = 7
OURS, NAIVE = "guarded", "naive"


class Window(NamedTuple):
    """Where people stand in a window, and what they answer."""

    standing: Mapping[PersonId, Group]
    answers: Answers


def measure(*, quick: bool) -> Report:
    """Publish two years of a large organisation, and one window of ever larger ones; in processor time, on one core."""
    teams, large = (QUICK_TEAMS, QUICK_LARGE) if quick else (TEAMS, LARGE)
    years = windows(teams, WINDOWS)
    took: dict[str, list[float]] = {OURS: [], NAIVE: []}
    for number in range(1 if quick else 5):
        for name in turns([OURS, NAIVE], number):
            took[name].append(_seconds(publish_all if name == OURS else means_of_teams, years))
    growth = _growth(SMALL, large, rounds=3 if quick else 7)
    what = f"{teams:,} teams in {WINDOWS} windows"
    people = f"{SMALL:,} to {large:,} people"
    at_most = large * log2(large) / (SMALL * log2(SMALL))
    return Report(
        [
            Row(f"Publication, {what}, guarded ÷ means of teams", f"{quotients(took[OURS], took[NAIVE]):.1f}"),
            Row(
                f"Publication, {people}, time ÷ time",
                f"{growth:.0f}",
                f"at most {at_most:.0f} (n log n)",
                growth.median <= at_most,
            ),
        ],
        [Row(f"Publication, {what}, {name}", f"{Spread.of(each):.2f} s") for name, each in took.items()],
    )


def _growth(small: int, large: int, *, rounds: int) -> Spread:
    """Give how much longer a window of many takes than one of few: each round many of the few and one of the many."""
    few, many = windows(small // 10, 2), windows(large // 10, 2)
    repeats = large // small // 10
    over, under = [], []
    for _ in range(rounds):
        under.append(_seconds(lambda each: [publish_all(each) for _ in range(repeats)], few) / repeats)
        over.append(_seconds(publish_all, many))
    return quotients(over, under)


def _seconds(work: Any, of: Sequence[Window]) -> float:
    begun = time.process_time()
    work(of)
    return time.process_time() - begun


def publish_all(years: Sequence[Window]) -> list[Any]:
    """Plan and publish window after window, each plan following the one before."""
    from ownership.domain.people import PersonId
    from ownership.domain.publication import first_plan, next_plan, publish, release_plan_id

    owner_id, published = PersonId("organisation"), []
    plan = first_plan(release_plan_id(owner_id, 1), owner_id, years[0].standing)
    for number, window in enumerate(years, start=1):
        if number > 1:
            plan = next_plan(plan, release_plan_id(owner_id, number), window.standing)
        published.append(publish(plan, window.standing, window.answers))
    return published


def means_of_teams(years: Sequence[Window]) -> list[Any]:
    """Do what must not be published: the mean of every team with five answers, window by window."""
    means = []
    for window in years:
        by_team: dict[Any, list[Any]] = defaultdict(list)
        for who, given in window.answers.items():
            by_team[window.standing[who]].append(given)
        means.append(
            {
                team: {name: sum(given[name] for given in some) / len(some) for name in MEASURES}
                for team, some in by_team.items()
                if len(some) >= 5
            }
        )
    return means


def windows(teams: int, many: int) -> list[Window]:
    """Make windows of teams of ten, of whom 70 % answer; between two of them 2 % join, 1.5 % leave and 1 % move."""
    from ownership.domain.cohorts import Group
    from ownership.domain.people import PersonId

    random = Random(SEED)
    groups = [Group(f"Department {number // 8}", f"Team {number}") for number in range(teams)]
    standing = {PersonId(f"p{number}"): groups[number // 10] for number in range(10 * teams)}
    made, came = [], len(standing)
    for _ in range(many):
        answers = {
            who: {name: 25.0 * random.randint(0, 4) for name in MEASURES} for who in standing if random.random() < 0.7
        }
        made.append(Window(dict(standing), answers))
        for who in list(standing):
            chance = random.random()
            if chance < 0.015:
                del standing[who]
            elif chance < 0.025:
                standing[who] = random.choice(groups)
        joiners = round(0.02 * len(standing))
        standing |= {PersonId(f"p{came + number}"): random.choice(groups) for number in range(joiners)}
        came += joiners
    return made
