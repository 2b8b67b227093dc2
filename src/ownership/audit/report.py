"""How far the attackers get, and how useful what was published is: numbers, and a page of text for a reviewer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce

from attrs import astuple, field, frozen

from ownership.audit.attackers import Narrowed, compare_rosters, narrow, subtract
from ownership.audit.figures import PublishedFigure
from ownership.audit.naive import RULES, narrow_bands
from ownership.audit.organisations import Organisation, organisation
from ownership.audit.rounds import Round, Rounds, rounds_of
from ownership.errors import InvalidInput

GUARD = "this library"
BANDS = "at least 5 answers and left, bands of 10"
LOOKED_INTO = 2
"""The windows in which insiders are tried on a rule that is not ours: enough to see that it breaks."""


@frozen
class Reach:
    """How far the attackers got with what one rule published.

    Attributes:
        rule: The rule of publication.
        figures: How many figures it published.
        answers: The answers that were given.
        known: Those of them that subtraction tells exactly.
        groups: Groups under the threshold of which it tells something.
        people: The people who were there at any time, once per measure.
        isolated: Those of them who are in a group under the threshold that rosters of several windows tell apart.
        tried: The answers on which insiders were tried.
        narrowed: Those of them of which an insider has one value left; none when insiders were not tried.
        paired: The same for two insiders who put together what they know.
    """

    rule: str
    figures: int = 0
    answers: int = 0
    known: int = 0
    groups: int = 0
    people: int = 0
    isolated: int = 0
    tried: int = 0
    narrowed: int | None = None
    paired: int | None = None

    @property
    def is_safe(self) -> bool:
        """Whether no person and no group under the threshold was found, by anybody alone."""
        return not (self.known or self.groups or self.isolated or self.narrowed)

    def plus(self, other: Reach) -> Reach:
        """Add up with the same rule on another organisation."""
        _, *mine = astuple(self)
        _, *theirs = astuple(other)
        return Reach(self.rule, *(a if b is None else (a or 0) + b for a, b in zip(mine, theirs, strict=True)))


@frozen
class Use:
    """How many groups that may expect a result got one, and how many answers are in a figure."""

    teams: int = 0
    teams_told: int = 0
    departments: int = 0
    departments_told: int = 0
    answered: int = 0
    told: int = 0

    @property
    def share_of_teams(self) -> float:
        """The share of teams of eight and more with a result of their own."""
        return self.teams_told / max(1, self.teams)

    @property
    def share_of_departments(self) -> float:
        """The share of departments with a result."""
        return self.departments_told / max(1, self.departments)

    @property
    def share_of_answers(self) -> float:
        """The share of those who answered who are in a figure."""
        return self.told / max(1, self.answered)

    def plus(self, other: Use) -> Use:
        """Add up with another window."""
        return Use(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@frozen
class Report:
    """What was published of some organisations, how far the attackers got, and how useful it was.

    Attributes:
        seed: The first organisation; the next ones follow.
        organisations: How many.
        shown: The first of them, window after window.
        guard: How far the attackers got with what this library published, of all of them.
        naive: How far they got with other rules, of the first.
        use: How useful it was, per window.
    """

    seed: int
    organisations: int
    shown: Rounds = field(repr=False)
    guard: Reach
    naive: tuple[Reach, ...]
    use: tuple[Use, ...]

    @property
    def use_over_all(self) -> Use:
        """How useful it was over all windows."""
        return reduce(Use.plus, self.use)


def report_on(
    *,
    seed: int,
    organisations: int = 1,
    windows: int,
    people: int | None = None,
    told: Callable[[int, int], None],
) -> Report:
    """Make up organisations, publish, attack, and count.

    Args:
        seed: The first organisation; the next ones follow.
        organisations: How many.
        windows: How many rounds of questions in each.
        people: About how many people in each; drawn when none.
        told: Is told how far it is.
    """
    guard, use = Reach(GUARD), [Use()] * windows
    shown: Rounds | None = None
    for number in range(organisations):
        told(number, organisations)
        rounds = rounds_of(organisation(seed + number, people=people, windows=windows))
        shown = shown or rounds
        guard = guard.plus(attacked(GUARD, rounds.organisation, rounds.figures, tried=windows, pairs=True))
        use = [before.plus(use_of(one)) for before, one in zip(use, rounds.rounds, strict=True)]
    if shown is None:
        raise InvalidInput.at("organisations", "is not at least 1")
    naive = (attacked(name, shown.organisation, rule(shown.organisation)) for name, rule in RULES.items())
    bands = attacked(BANDS, shown.organisation, narrow_bands(shown.organisation), tried=LOOKED_INTO)
    return Report(seed, organisations, shown, guard, (*naive, bands), tuple(use))


def attacked(
    rule: str, target: Organisation, figures: Sequence[PublishedFigure], *, tried: int = 0, pairs: bool = False
) -> Reach:
    """Let the attackers work on what a rule published of an organisation.

    Args:
        rule: Its name.
        target: The organisation.
        figures: All that was published.
        tried: In how many windows insiders are tried.
        pairs: Whether insiders are also tried two by two; then with what people did answer.
    """
    exposed = subtract(figures)
    people = {(measure, one.id) for survey in target.surveys for one in survey.members for measure in survey.answers}
    answers = {(one.window, measure): given for one in target.surveys for measure, given in one.answers.items()}
    looked_into = [figure for figure in figures if figure.window < tried]
    return Reach(
        rule,
        figures=len(figures),
        answers=target.answers,
        known=sum(len(one.people) == 1 for one in exposed),
        groups=sum(len(one.people) > 1 for one in exposed),
        people=len(people),
        isolated=len({(one.measure, person) for one in compare_rosters(figures) for person in one.people}),
        tried=sum(len(given) for (window, _), given in answers.items() if window < tried),
        narrowed=_known(narrow(looked_into)) if tried else None,
        paired=_known(narrow(looked_into, insiders=2, answers=answers)) if pairs else None,
    )


def use_of(one: Round) -> Use:
    """Count what a window's publication is good for."""
    groups = one.usefulness
    return Use(
        groups.teams,
        groups.teams_told,
        groups.departments,
        groups.departments_told,
        len(one.survey.answered),
        sum(cell.answered for cell in one.publication.cells),
    )


def _known(found: Iterable[Narrowed]) -> int:
    return sum(len(one.people) for one in found if one.is_known)
