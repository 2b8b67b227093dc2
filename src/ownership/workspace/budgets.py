"""Budgets: granted by an organiser, who does not learn from it who spends what."""

from __future__ import annotations

from decimal import Decimal

from ownership.domain.budgets import Budget, BudgetStanding, Means, Money, group_key, groups_of, narrowest, stand
from ownership.domain.learning import LearningChoice, costs_in
from ownership.domain.people import PersonId
from ownership.errors import InvalidInput
from ownership.workspace.desk import find_person
from ownership.workspace.records import ORGANISATION, ValueUnit
from ownership.workspace.seat import ORGANISER, Seat
from ownership.workspace.sight import Sight


class Budgets:
    """What people may spend on learning without asking.

    Every call takes the role of organiser and raises NotAllowed without it. What was spent is nobody's to see here.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def grant(
        self,
        *,
        money: Money | None = None,
        hours: Decimal | float = 0,
        year: int | None = None,
        person: str = "",
        department: str = "",
        team: str = "",
    ) -> Budget:
        """Grant money and hours for a calendar year (default: this one), to each person of a group.

        For one person, for everyone in a department or in a team of it, or, without any of these, for everyone. The
        narrower replaces the wider for whom both hold, and granting again replaces what was granted before.

        Raises:
            InvalidInput: it is for a person and a group at once, or for a team without its department, or money or
                hours cannot be.
            NotFound: nobody is meant.
        """
        self._seat.require(ORGANISER)
        if person and (department or team):
            raise InvalidInput.at("budget.person", "and a group are two budgets; grant them one by one")
        if team and not department:
            raise InvalidInput.at("budget.department", "is needed with a team; name the department that it is in")
        with self._seat.writing() as sight:
            owner_id = find_person(sight.unit, person).id if person else PersonId(ORGANISATION)
            for_year = self._seat.today(sight).year if year is None else year
            means = Means(money, hours)
            new = Budget(
                self._seat.desk.new_id(owner_id, Budget), owner_id, for_year, means, department=department, team=team
            )
            earlier = next((b for b in _like(sight.unit, new) if _is_for_the_same(b, new)), None)
            return sight.unit.save(earlier.with_means(means) if earlier else new)

    def all(self, year: int | None = None) -> tuple[Budget, ...]:
        """Give the budgets that were granted for a year (default: this one)."""
        self._seat.require(ORGANISER)
        with self._seat.reading() as sight:
            for_year = self._seat.today(sight).year if year is None else year
            return tuple(sight.unit.find(Budget, "year", equals=str(for_year)))


def _like(unit: ValueUnit, budget: Budget) -> list[Budget]:
    return [*unit.find(Budget, "group", equals=budget.group), *unit.all_of(budget.owner_id, Budget)]


def _is_for_the_same(one: Budget, other: Budget) -> bool:
    return (one.owner_id, one.year, one.department, one.team) == (
        other.owner_id,
        other.year,
        other.department,
        other.team,
    )


def standing_of(sight: Sight, choices: list[LearningChoice], year: int | None = None) -> BudgetStanding:
    """Work out where the viewer stands in a year (default: this one) with her choices."""
    person = sight.viewer
    today = person.day_of(sight.now)
    for_year = today.year if year is None else year
    membership = person.membership_on(today)
    granted = sight.unit.all_of(person.id, Budget)
    for group in groups_of(membership):
        granted += sight.unit.find(Budget, "group", equals=group_key(for_year, *group))
    hers = narrowest((b for b in granted if b.owner_id in {person.id, ORGANISATION}), person.id, membership, for_year)
    return stand(for_year, hers, costs_in(choices, for_year, person.zone))
