"""Budgets: money and hours inside which nobody needs to ask, and the request above them.

Amounts are decimal numbers, never floats, and are added within one currency only. What was spent is worked out from
what was chosen and is stored nowhere, so whoever grants a budget does not learn from it who spends what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Context, Decimal
from enum import StrEnum
from typing import Any, ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    LINK,
    OTHER_PERSON,
    OWN_FACTS,
    OWN_WORDS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    WORDS_FOR_ANOTHER,
    Holder,
    Keeping,
    Purpose,
    Reader,
)
from ownership.domain.moves import status_after
from ownership.domain.people import Audience, AudienceKind, Membership, PersonId, whose
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

BudgetId = NewType("BudgetId", str)
LearningRequestId = NewType("LearningRequestId", str)

ANSWER_DAYS = 14
"""Days within which whoever is asked promises to answer, unless another day is named."""


class LearningRequestStatus(StrEnum):
    """Where a request above the budget is in its life."""

    ASKED = "asked"
    GRANTED = "granted"
    TAKEN_UP = "taken_up"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class LearningRequestMove(StrEnum):
    """What the two people can do with a request above the budget."""

    GRANT = "grant"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    TAKE_UP = "take_up"


MOVES: Mapping[LearningRequestStatus, Mapping[LearningRequestMove, LearningRequestStatus]] = {
    LearningRequestStatus.ASKED: {
        LearningRequestMove.GRANT: LearningRequestStatus.GRANTED,
        LearningRequestMove.DECLINE: LearningRequestStatus.DECLINED,
        LearningRequestMove.WITHDRAW: LearningRequestStatus.WITHDRAWN,
    },
    LearningRequestStatus.GRANTED: {
        LearningRequestMove.TAKE_UP: LearningRequestStatus.TAKEN_UP,
        LearningRequestMove.WITHDRAW: LearningRequestStatus.WITHDRAWN,
    },
    LearningRequestStatus.TAKEN_UP: {},
    LearningRequestStatus.DECLINED: {},
    LearningRequestStatus.WITHDRAWN: {},
}

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_EXACT = Context(prec=34)
"""Sums here are exact, whatever the host's own decimal context is."""

ZERO = Decimal(0)


def _exact(value: object, path: str) -> Decimal:
    try:
        text = str(value)
    except ValueError:  # Python writes no whole number of more than a few thousand digits
        text = ""
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise InvalidInput.at(path, "is not a plain decimal number, such as 12.50, with at most four decimals")
    return Decimal(text)


def _amount(value: Decimal | int | str) -> Decimal:
    if isinstance(value, float):
        raise InvalidInput.at(
            "money.amount", "is a float, which is not exact; give a Decimal or a text such as '12.50'"
        )
    return _exact(value, "money.amount")


def _hours(value: Decimal | float | str) -> Decimal:
    return _exact(value, "means.hours")


def _currency(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise InvalidInput.at(texts.path_of(instance, attribute), "is not a currency code of ISO 4217, such as EUR")


@frozen
class Money:
    """An amount in one currency (ISO 4217), with at most four decimals.

    Examples:
        >>> Money("12.50", "EUR") + Money(3, "EUR")
        Money(amount=Decimal('15.50'), currency='EUR')
        >>> str(Money("12.50", "EUR"))
        'EUR 12.50'
    """

    amount: Decimal = field(converter=_amount, metadata=OWN_FACTS)
    currency: str = field(validator=_currency, metadata=OWN_FACTS)

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"

    def __add__(self, other: Money) -> Money:
        return Money(_EXACT.add(self.amount, self._same(other).amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(_EXACT.subtract(self.amount, self._same(other).amount), self.currency)

    def is_at_most(self, other: Money) -> bool:
        """Whether this is no more than another amount in the same currency.

        Raises:
            InvalidInput: the two are in different currencies.
        """
        return self.amount <= self._same(other).amount

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise InvalidInput.at("money.currency", f"is {other.currency} where {self.currency} is needed")
        return other


@frozen
class Means:
    """Money and hours together, either of which may be absent."""

    money: Money | None = field(default=None, validator=optional(shapes.kind_of(Money)))
    hours: Decimal = field(default=ZERO, converter=_hours, metadata=OWN_FACTS)

    @property
    def is_nothing(self) -> bool:
        """Whether there is neither money nor time in it."""
        return self.hours == 0 and (self.money is None or self.money.amount == 0)

    @property
    def is_debt(self) -> bool:
        """Whether either of the two is below zero."""
        return self.hours < 0 or (self.money is not None and self.money.amount < 0)

    def is_within(self, there: Means) -> bool:
        """Whether this fits in what is there: in its hours, and in its money if that is of the same currency."""
        return self.hours <= max(there.hours, ZERO) and self._pays_with(there.money)

    def _pays_with(self, there: Money | None) -> bool:
        if self.money is None or self.money.amount == 0:
            return True
        return there is not None and there.currency == self.money.currency and self.money.is_at_most(there)


NOTHING = Means()


def means(instance: object, attribute: Any, value: Any) -> None:
    """Refuse all but money and hours from zero up (an attrs validator)."""
    shapes.kind_of(Means)(instance, attribute, value)
    if value.is_debt:
        raise InvalidInput.at(texts.path_of(instance, attribute), "is below zero")


@frozen
class Budget:
    """What one person may spend on her own learning in a calendar year without asking.

    It belongs to that person, or to the organisation: then it is for everyone in a department or team, or, with both
    left empty, for everyone.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.LEARN, (Reader.ORGANISER,), Holder.EITHER)

    id: BudgetId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    year: int = field(validator=shapes.whole(1900, 2200), metadata=OWN_FACTS)
    means: Means = field(validator=means)
    department: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_FACTS)
    team: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    @property
    def group(self) -> str:
        """The year and the group that it is for: the stored key by which those of groups are found."""
        return group_key(self.year, self.department, self.team)

    def with_means(self, means: Means) -> Budget:
        """Return the budget with other money and hours."""
        return evolve(self, means=means)


@frozen
class BudgetStanding:
    """What there is in a year, and what was spent of it; for the person herself."""

    year: int = field(validator=shapes.whole(1900, 2200))
    there: Means = field(validator=means)
    spent: Means = field(validator=means)

    @property
    def left(self) -> Means:
        """What is left; below zero when the budget became smaller than what was spent."""
        money = self.there.money
        if money is not None and self.spent.money is not None:
            money = money - self.spent.money
        return Means(money, _EXACT.subtract(self.there.hours, self.spent.hours))

    def covers(self, cost: Means) -> bool:
        """Whether something fits in what is left, so that nobody needs to be asked."""
        return cost.is_within(self.left)


def offered_by(option_id: str, owner_id: PersonId) -> tuple[str, ...]:
    """Tell by the id of an option whose offer it is: nobody's if it is somebody's own, or of no person.

    Examples:
        >>> offered_by("9k2m.o01", PersonId("4zzz")), offered_by("own", PersonId("4zzz"))
        (('9k2m',), ())
    """
    of_id = whose(option_id)
    return (of_id,) if "." in option_id and of_id not in {owner_id, "organisation"} else ()


@frozen
class LearningRequest:
    """A request for what goes beyond one's own budget, to somebody who promises an answer by a day (included).

    A later answer is an answer all the same. "Not now" has a reason. ``asked_again_on`` is the day of the one reminder.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.LEARN, (Reader.NAMED,))

    id: LearningRequestId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    asked_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    option_id: str = field(validator=shapes.identifier, metadata=LINK)
    title: str = field(validator=texts.line, repr=False, metadata=OWN_WORDS)
    cost: Means = field(validator=means)
    asked_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    answer_by_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    why: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    status: LearningRequestStatus = field(
        default=LearningRequestStatus.ASKED, validator=shapes.kind_of(LearningRequestStatus), metadata=OWN_FACTS
    )
    answered_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    because: str = field(default="", validator=texts.paragraph, repr=False, metadata=WORDS_FOR_ANOTHER)
    asked_again_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if self.cost.is_nothing:
            raise InvalidInput.at("learning_request.cost", "is nothing, and then it can be chosen without asking")

    @property
    def mentions(self) -> tuple[str, ...]:
        """Whose offer it is about, if it is a colleague's: the stored key by which these are found."""
        return offered_by(self.option_id, self.owner_id)

    @property
    def audience(self) -> Audience:
        """A request may be seen by the one who is asked, and by nobody else."""
        return Audience(AudienceKind.PEOPLE, (self.asked_id,))

    @property
    def open_until(self) -> str | None:
        """The day by which an answer was promised, until it was asked for again: the key to find those by."""
        is_waiting = self.status is LearningRequestStatus.ASKED and self.asked_again_on is None
        return str(self.answer_by_on) if is_waiting else None

    @property
    def answerer_id(self) -> PersonId:
        """Who is to answer."""
        return self.asked_id

    def ask_again(self, on: date) -> LearningRequest:
        """Return the request as one of which whoever promised an answer was reminded."""
        return evolve(self, asked_again_on=on)

    def grant(self, on: date) -> LearningRequest:
        """Return the request as granted; the choice is still hers."""
        return evolve(self, status=self._after(LearningRequestMove.GRANT), answered_on=on)

    def decline(self, on: date, because: str) -> LearningRequest:
        """Return the request as declined: not now, with the reason."""
        status = self._after(LearningRequestMove.DECLINE)
        if not because.strip():
            raise InvalidInput.at("learning_request.because", "is empty; say why not now")
        return evolve(self, status=status, answered_on=on, because=because)

    def withdraw(self) -> LearningRequest:
        """Return the request as taken back by who asked it."""
        return evolve(self, status=self._after(LearningRequestMove.WITHDRAW))

    def take_up(self) -> LearningRequest:
        """Return the granted request as chosen with; once."""
        return evolve(self, status=self._after(LearningRequestMove.TAKE_UP))

    def _after(self, move: LearningRequestMove) -> LearningRequestStatus:
        return status_after(MOVES, self.status, move, "learning request", self.id)


def group_key(year: int, department: str, team: str) -> str:
    """Name a year and a group; different groups may share a name, so compare the fields of what is found."""
    return f"{year}/{department}/{team}"


def groups_of(membership: Membership | None) -> tuple[tuple[str, str], ...]:
    """Give the groups (department, team) that somebody is in, the narrowest first, and last the one of everyone."""
    if membership is None:
        return (("", ""),)
    return tuple(dict.fromkeys([(membership.department, membership.team), (membership.department, ""), ("", "")]))


def narrowest(
    budgets: Iterable[Budget], person_id: PersonId, membership: Membership | None, year: int
) -> Budget | None:
    """Give the budget of a year that holds for somebody: her own, else her team's, her department's, everyone's.

    The narrower replaces the wider; they are not added up.
    """
    groups = groups_of(membership)

    def width(budget: Budget) -> int:
        return 0 if budget.owner_id == person_id else 1 + groups.index((budget.department, budget.team))

    hers = [
        budget
        for budget in budgets
        if budget.year == year and (budget.owner_id == person_id or (budget.department, budget.team) in groups)
    ]
    return min(hers, key=width, default=None)


def stand(year: int, budget: Budget | None, costs: Iterable[Means]) -> BudgetStanding:
    """Work out where a person stands in a year: what there is, and what the costs of her choices took.

    Money in another currency than the budget's was not taken from it, and is left out.
    """
    there = budget.means if budget else NOTHING
    money = None if there.money is None else Money(0, there.money.currency)
    hours = ZERO
    for cost in costs:
        hours = _EXACT.add(hours, cost.hours)
        if money is not None and cost.money is not None and cost.money.currency == money.currency:
            money = money + cost.money
    return BudgetStanding(year, there, Means(money, hours))
