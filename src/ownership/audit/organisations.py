"""Made-up organisations that answer a pulse: departments of unequal size, tiny teams, and people who come, move and go.

Seeded: the same number is the same organisation. What people answer is often one-sided or the same in a whole team,
because that is where figures tell most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from random import Random

from attrs import evolve, frozen

SMALLEST, LARGEST = 40, 400
WINDOWS = 24
MEASURES = ("autonomy", "workload")
RESPONSE = 0.7
"""The share of people that answers in a window."""
LEAVE, MOVE, RETURN = 0.015, 0.01, 0.2
"""How many leave or move from one window to the next, and how many of those who join were there before."""
REORGANISE, HIRE = 0.08, 0.1
"""How often teams are regrouped, and how often several people join one team at once."""
SCALE = (0, 25, 50, 75, 100)
MOODS = {
    "mixed": (1, 2, 3, 3, 2),
    "content": (0, 0, 1, 3, 12),
    "gloomy": (12, 3, 1, 0, 0),
    "divided": (5, 1, 0, 1, 5),
}
"""How likely each answer is where people are of a mind."""
STEADINESS = 0.8
"""How often somebody answers as she mostly does."""
SKIPPED = 0.06
"""In one organisation of three: how often somebody who answers leaves a measure out."""
UNANIMOUS = 0.12
"""The share of teams in which all answer the same."""
TEAM_SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9, 10, 11, 12, 14, 16, 20)
TENURES = ("under a year", "1 to 3 years", "3 to 10 years", "over 10 years")
PLACES = ("Utrecht", "Groningen", "Gent")
CONTRACTS = ("full time", "part time")


@frozen
class Member:
    """Somebody who works there, as the people file has it."""

    id: str
    department: str
    team: str
    tenure: str
    place: str
    contract: str


@frozen
class Survey:
    """One window: who is there, and what was answered, by measure and person."""

    window: int
    members: tuple[Member, ...]
    answers: Mapping[str, Mapping[str, int]]

    @property
    def answered(self) -> frozenset[str]:
        """Who answered anything in this window."""
        return frozenset(person for given in self.answers.values() for person in given)


@frozen
class Organisation:
    """An organisation over all its windows."""

    seed: int
    surveys: tuple[Survey, ...]

    @property
    def answers(self) -> int:
        """The number of answers given."""
        return sum(len(given) for survey in self.surveys for given in survey.answers.values())


def organisation(
    seed: int, *, people: int | None = None, windows: int = WINDOWS, steadiness: float = STEADINESS
) -> Organisation:
    """Make up an organisation and let it answer for some windows.

    Args:
        seed: Another seed is another organisation.
        people: About how many work there; drawn when none.
        windows: How many rounds of questions.
        steadiness: How often somebody answers as she mostly does; at 1 nobody ever changes an answer.
    """
    dice = Random(seed)
    staff = _Staff(dice)
    members = staff.founded(people or dice.randint(SMALLEST, LARGEST))
    minds = _Minds(dice, steadiness, SKIPPED if seed % 3 == 2 else 0.0)
    surveys = []
    for window in range(windows):
        if window:
            members = staff.later(members)
        surveys.append(Survey(window, tuple(members), minds.asked(members)))
    return Organisation(seed, tuple(surveys))


def yes_or_no(some: Organisation) -> Organisation:
    """Give the same organisation, asked for a yes or a no: 100 where the answer was above the middle, else 0."""
    surveys = (
        evolve(
            survey,
            answers={
                measure: {person: 100 * (answer > 50) for person, answer in given.items()}
                for measure, given in survey.answers.items()
            },
        )
        for survey in some.surveys
    )
    return evolve(some, surveys=tuple(surveys))


class _Minds:
    """What people think: mostly as before, sometimes all of a team the same."""

    def __init__(self, dice: Random, steadiness: float, skipped: float) -> None:
        self.dice = dice
        self.steadiness = steadiness
        self.skipped = skipped
        self.mood = dice.choice(list(MOODS.values()))
        self.willing: dict[str, float] = {}
        self.usual: dict[tuple[str, str], int] = {}
        self.alike: dict[tuple[str, str], int | None] = {}

    def asked(self, members: Sequence[Member]) -> dict[str, dict[str, int]]:
        """Ask everybody; gives the answers by measure and person of those who answer."""
        there = [member for member in members if self._answers(member)]
        return {
            measure: {
                member.id: self._answer(member, measure)
                for member in there
                if not self.skipped or self.dice.random() >= self.skipped
            }
            for measure in MEASURES
        }

    def _answers(self, member: Member) -> bool:
        """Some mostly do, some seldom."""
        willing = self.willing.setdefault(member.id, self.dice.choice((RESPONSE + 0.2, RESPONSE, RESPONSE - 0.2)))
        return self.dice.random() < willing

    def _answer(self, member: Member, measure: str) -> int:
        team = (f"{member.department} {member.team}", measure)
        if team not in self.alike:
            self.alike[team] = self.dice.choice(SCALE) if self.dice.random() < UNANIMOUS else None
        shared = self.alike[team]
        usual = self.usual.setdefault((member.id, measure), self._drawn() if shared is None else shared)
        if shared is not None and self.steadiness < 1:
            return shared
        return usual if self.dice.random() < self.steadiness else self._drawn()

    def _drawn(self) -> int:
        return self.dice.choices(SCALE, self.mood)[0]


class _Staff:
    """Who works there: people join, leave, come back, and move; teams are regrouped."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.restless = dice.choice((1, 1, 4))
        self.numbers = count(1)
        self.gone: list[Member] = []

    def founded(self, people: int) -> list[Member]:
        """Fill departments, the first ones largest, with teams of any size."""
        departments = [f"D{number + 1}" for number in range(max(2, round(people / 30)))]
        weights = [1 / (number + 1) for number in range(len(departments))]
        members: list[Member] = []
        for department, weight in zip(departments, weights, strict=True):
            left = max(2, round(people * weight / sum(weights)))
            for team in count(1):
                size = min(left, self.dice.choice(TEAM_SIZES))
                members += [self._joiner(department, f"{department}.{team}") for _ in range(size)]
                left -= size
                if not left:
                    break
        return members

    def later(self, members: Sequence[Member]) -> list[Member]:
        """Give those who work there in the next window; each who leaves has a successor, in any team."""
        teams = sorted({(member.department, member.team) for member in members})
        after = []
        for member in members:
            if self.dice.random() < LEAVE * self.restless:
                self.gone.append(member)
                after.append(self._successor(*self.dice.choice(teams)))
            elif self.dice.random() < MOVE * self.restless:
                department, team = self.dice.choice(teams)
                after.append(evolve(member, department=department, team=team))
            else:
                after.append(member)
        if self.dice.random() < HIRE:
            place = self.dice.choice(teams)
            after += [self._joiner(*place, tenure=TENURES[0]) for _ in range(self.dice.randint(1, 8))]
        return _regrouped(after, teams, self.dice) if self.dice.random() < REORGANISE else after

    def _successor(self, department: str, team: str) -> Member:
        """Let somebody new join, or somebody who was there before."""
        if self.gone[:-1] and self.dice.random() < RETURN:
            returned = self.gone.pop(self.dice.randrange(len(self.gone) - 1))
            return evolve(returned, department=department, team=team)
        return self._joiner(department, team, tenure=TENURES[0])

    def _joiner(self, department: str, team: str, *, tenure: str = "") -> Member:
        return Member(
            f"p{next(self.numbers)}",
            department,
            team,
            tenure or self.dice.choices(TENURES, (2, 3, 3, 2))[0],
            self.dice.choices(PLACES, (5, 3, 1))[0],
            self.dice.choices(CONTRACTS, (3, 2))[0],
        )


def _regrouped(members: Sequence[Member], teams: Sequence[tuple[str, str]], dice: Random) -> list[Member]:
    """Merge two teams, bring one under another department, or split one."""
    (department, team), (other_department, other) = dice.choice(teams), dice.choice(teams)
    kind = dice.choice(("merge", "transfer", "split"))
    after = []
    for member in members:
        if (member.department, member.team) != (department, team):
            after.append(member)
        elif kind == "merge":
            after.append(evolve(member, department=other_department, team=other))
        elif kind == "transfer":
            after.append(evolve(member, department=other_department))
        else:
            after.append(evolve(member, team=f"{team}{dice.choice('ab')}"))
    return after
