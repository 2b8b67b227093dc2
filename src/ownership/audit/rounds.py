"""What the guard publishes of a made-up organisation, window after window, as an attacker sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import field, frozen

from ownership.audit.figures import PublishedFigure
from ownership.audit.organisations import Organisation, Survey
from ownership.domain.cohorts import Group
from ownership.domain.people import PersonId
from ownership.domain.publication import (
    HIGHEST,
    STEP,
    Band,
    Cell,
    Publication,
    ReleasePlan,
    ReleasePlanId,
    Usefulness,
    first_plan,
    next_plan,
    publish,
    usefulness,
)

OWNER = PersonId("organisation")
ABOVE = 1e-6
"""A band stops before its high end; this much is before it, and less than any mean can be."""

Standing = Mapping[PersonId, Group]


@frozen
class Round:
    """One window: the plan, where everybody stood, and what was published."""

    survey: Survey
    plan: ReleasePlan
    standing: Standing
    publication: Publication

    @property
    def usefulness(self) -> Usefulness:
        """How many of those groups that may expect a result got one."""
        return usefulness(self.publication, self.standing)

    def roster(self, cell: Cell) -> frozenset[str]:
        """Give all on the lists of a cell's cohorts."""
        return frozenset(member for index in cell.cohorts for member in self.plan.cohorts[index].member_ids)

    def countable(self, cell: Cell) -> frozenset[str]:
        """Give those of a cell whose answers could have counted in this window."""
        cohorts = (self.plan.cohorts[index] for index in cell.cohorts)
        return frozenset(
            member
            for cohort in cohorts
            for member in cohort.member_ids
            if member in self.standing and cohort.home.contains(self.standing[member])
        )


@frozen
class Rounds:
    """All windows of an organisation."""

    organisation: Organisation
    rounds: tuple[Round, ...] = field(repr=False)

    @property
    def usefulness(self) -> Usefulness:
        """How many of those groups that may expect a result got one, over all windows."""
        each = [one.usefulness for one in self.rounds]
        return Usefulness(
            sum(one.teams for one in each),
            sum(one.teams_told for one in each),
            sum(one.departments for one in each),
            sum(one.departments_told for one in each),
        )

    @property
    def figures(self) -> list[PublishedFigure]:
        """Give everything that was published; a roster is all who are on the lists."""
        return [figure for one in self.rounds for figure in _figures(one, one.roster)]

    @property
    def figures_of_present(self) -> list[PublishedFigure]:
        """Give the same to somebody who leaves out of a roster who is gone, or stands elsewhere."""
        return [figure for one in self.rounds for figure in _figures(one, one.countable)]


def rounds_of(organisation: Organisation, *, step: float = STEP) -> Rounds:
    """Plan and publish every window of an organisation with the guard; its answers lie so far apart."""
    rounds: list[Round] = []
    for survey in organisation.surveys:
        standing = {PersonId(one.id): Group(one.department, one.team) for one in survey.members}
        id_ = ReleasePlanId(f"{OWNER}.t{survey.window}")
        plan = (
            next_plan(rounds[-1].plan, id_, standing, step=step)
            if rounds
            else first_plan(id_, OWNER, standing, step=step)
        )
        rounds.append(Round(survey, plan, standing, publish(plan, standing, _given(survey))))
    return Rounds(organisation, tuple(rounds))


def _given(survey: Survey) -> dict[PersonId, dict[str, float | None]]:
    return {
        PersonId(person): {measure: given.get(person) for measure, given in survey.answers.items()}
        for person in survey.answered
    }


def _figures(one: Round, roster: Callable[[Cell], frozenset[str]]) -> Iterator[PublishedFigure]:
    """Give what every cell and every rolled-up group tells of every measure."""
    steps = round(HIGHEST / one.plan.step)
    for measure, given in one.survey.answers.items():
        shown = {cell: band for cell in one.publication.cells if (band := _band(cell, measure))}
        for cell, band in shown.items():
            high = band.highest if band.high is None else band.highest - ABOVE
            answered = one.countable(cell).intersection(given)
            yield PublishedFigure(one.survey.window, measure, roster(cell), answered, band.lowest, high, steps)
        for wider in one.publication.rolled_up:
            cells = [cell for cell in shown if wider.group in cell.group.lineage]
            people = frozenset().union(*map(roster, cells))
            answered = frozenset().union(*map(one.countable, cells)).intersection(given)
            for told in wider.findings:
                if told.measure == measure and told.bands:
                    yield PublishedFigure(
                        one.survey.window, measure, people, answered, told.lowest, told.highest, steps
                    )


def _band(cell: Cell, measure: str) -> Band | None:
    return next(finding.band for finding in cell.findings if finding.measure == measure)
