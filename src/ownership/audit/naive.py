"""Rules of publication that look safe and are not: what the attackers must break before they count.

Each takes an organisation and gives what it would publish. None is used for anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from math import floor

from ownership.audit.figures import PublishedFigure
from ownership.audit.organisations import Member, Organisation, Survey

Cells = Mapping[str, frozenset[str]]
"""Groups of people by name."""

FLOOR = 5
FILTERS = ("department", "team", "tenure", "place", "contract")


def threshold_only(organisation: Organisation, *, filters: int = 2) -> list[PublishedFigure]:
    """Publish each mean over at least five answers, for any combination of so many filters."""
    return [
        figure
        for survey in organisation.surveys
        for people in filtered(survey.members, filters).values()
        if len(people & survey.answered) >= FLOOR
        for figure in exact(survey, people)
    ]


def threshold_and_remainder(organisation: Organisation, *, filters: int = 2) -> list[PublishedFigure]:
    """Publish as above, if what is left of each wider group, with one filter fewer, is nobody or at least five."""
    figures: list[PublishedFigure] = []
    for survey in organisation.surveys:
        cells = filtered(survey.members, filters)
        for name, people in cells.items():
            answered = people & survey.answered
            wider = (cells[one] & survey.answered for one in _wider(name))
            if len(answered) >= FLOOR and all(len(more) - len(answered) not in range(1, FLOOR) for more in wider):
                figures += exact(survey, people)
    return figures


def narrow_bands(organisation: Organisation, *, width: int = 10) -> list[PublishedFigure]:
    """Publish organisation, departments and teams in narrow bands, with every part and remainder at least five."""
    figures: list[PublishedFigure] = []
    for survey in organisation.surveys:
        for people in separable(survey):
            figures += banded(survey, people, width)
    return figures


RULES: Mapping[str, Callable[[Organisation], list[PublishedFigure]]] = {
    "at least 5 answers, two filters": lambda one: threshold_only(one, filters=2),
    "at least 5 answers, three filters": lambda one: threshold_only(one, filters=3),
    "at least 5 answers, at least 5 left": threshold_and_remainder,
}


def filtered(members: Iterable[Member], filters: int) -> dict[str, frozenset[str]]:
    """Give everybody, and every group that up to so many filters select."""
    groups: dict[str, set[str]] = {}
    for member in members:
        values = [f"{name}={getattr(member, name)}" for name in FILTERS]
        for number in range(filters + 1):
            for chosen in combinations(values, number):
                groups.setdefault("&".join(chosen), set()).add(member.id)
    return {name: frozenset(people) for name, people in groups.items()}


def _wider(name: str) -> Iterator[str]:
    """Give the names of the groups with one filter fewer."""
    parts = name.split("&") if name else []
    return ("&".join(parts[:place] + parts[place + 1 :]) for place in range(len(parts)))


def exact(survey: Survey, people: frozenset[str]) -> Iterator[PublishedFigure]:
    """Publish a group's means as they are."""
    for measure, given in survey.answers.items():
        answered = people.intersection(given)
        mean = sum(given[person] for person in answered) / len(answered)
        yield PublishedFigure(survey.window, measure, people, answered, mean, mean)


def banded(survey: Survey, people: frozenset[str], width: int) -> Iterator[PublishedFigure]:
    """Publish the bands, all of one width, that a group's means are in."""
    for figure in exact(survey, people):
        low = min(floor(figure.low / width) * width, 100 - width)
        yield PublishedFigure(figure.window, figure.measure, people, figure.answered, low, low + width)


def separable(survey: Survey) -> list[frozenset[str]]:
    """Give everybody, and departments and teams such that no part or remainder has fewer than five answers."""
    everyone = frozenset(member.id for member in survey.members)
    groups = filtered(survey.members, 2)
    departments = {member.department for member in survey.members}
    whole = _parts(everyone, [groups[f"department={name}"] for name in sorted(departments)], survey.answered)
    cells = [everyone, *whole]
    for department in whole:
        teams = {f"department={one.department}&team={one.team}" for one in survey.members if one.id in department}
        cells += _parts(department, [groups[name] for name in sorted(teams)], survey.answered)
    return cells


def _parts(whole: frozenset[str], parts: Iterable[frozenset[str]], answered: frozenset[str]) -> list[frozenset[str]]:
    """Take the parts with enough answers, largest first, as long as enough is left or nothing."""
    taken: list[frozenset[str]] = []
    left = whole & answered
    for part in sorted(parts, key=lambda people: (-len(people & answered), sorted(people))):
        rest = left - part
        if len(part & answered) >= FLOOR and (not rest or len(rest) >= FLOOR):
            taken.append(part)
            left = rest
    return taken
