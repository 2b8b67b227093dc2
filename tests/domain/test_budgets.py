"""Budgets: exact amounts, what is left for whom, and a request that is promised an answer."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.budgets import (
    MOVES,
    NOTHING,
    Budget,
    BudgetId,
    BudgetStanding,
    LearningRequest,
    LearningRequestId,
    LearningRequestMove,
    LearningRequestStatus,
    Means,
    Money,
    groups_of,
    narrowest,
    stand,
)
from ownership.domain.people import Audience, Membership, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import budgets, learning_requests, means, money

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
ADA = PersonId("ada")
ORGANISATION = PersonId("organisation")
IN_BLUE = Membership("Works", "Blue", date(2025, 1, 1))
VERBS: Mapping[LearningRequestMove, Callable[[LearningRequest], LearningRequest]] = {
    LearningRequestMove.GRANT: lambda request: request.grant(TODAY),
    LearningRequestMove.DECLINE: lambda request: request.decline(TODAY, "Not this quarter: two of us are away"),
    LearningRequestMove.WITHDRAW: lambda request: request.withdraw(),
    LearningRequestMove.TAKE_UP: lambda request: request.take_up(),
}


def euro(amount: Decimal | int | str) -> Money:
    """Make an amount in euros."""
    return Money(amount, "EUR")


def request(**fields: Any) -> LearningRequest:
    """Make a request."""
    made: dict[str, Any] = {
        "id": LearningRequestId("ada.x1"),
        "owner_id": ADA,
        "asked_id": PersonId("sam"),
        "option_id": "course",
        "title": "A course",
        "cost": Means(euro(900)),
        "asked_at": NOW,
        "answer_by_on": date(2026, 3, 15),
    }
    return LearningRequest(**made | fields)


def budget(means: Means, owner_id: str = ORGANISATION, **fields: Any) -> Budget:
    """Make a budget of this year."""
    return Budget(BudgetId(f"{owner_id}.b1"), PersonId(owner_id), **({"year": 2026} | fields), means=means)


class TestMoney:
    """Amounts that are exact, in one currency."""

    @pytest.mark.parametrize("amount", [Decimal("12.50"), "12.50", 12, "-3", "0.0001", Decimal("0.0000"), 10**14])
    def test_an_amount_is_what_was_given_to_the_last_digit(self, amount: Decimal | int | str) -> None:
        """A decimal, a whole number or a text becomes an exact amount."""
        assert euro(amount).amount == Decimal(amount)
        assert str(euro(amount)) == f"EUR {Decimal(amount)}"

    @pytest.mark.parametrize(
        "amount",
        [
            0.1,
            1.0,
            True,
            None,
            "",
            "NaN",
            "1e3",
            "1,50",
            "1_0",
            " 1",
            "\u0661",
            "0.00001",
            Decimal("NaN"),
            Decimal("sNaN"),
            Decimal("Infinity"),
            Decimal("1E+2"),
            Decimal("1E-7"),
            10**15,
            10**5_000,
            [],
        ],
        ids=lambda amount: str(type(amount)) if isinstance(amount, int) else repr(amount),
    )
    def test_what_is_not_exact_or_cannot_be_money_is_refused(self, amount: Any) -> None:
        """A float, an exponent, a fifth decimal and what has no end are refused under the field's name."""
        with pytest.raises(InvalidInput, match=r"money\.amount"):
            euro(amount)

    @pytest.mark.parametrize("currency", ["", "eur", "EURO", "E1R", "EU", "\u00c9UR", None, 7])
    def test_a_currency_is_three_capital_letters(self, currency: Any) -> None:
        """What has not the form of a code of ISO 4217 is refused under the field's name."""
        with pytest.raises(InvalidInput, match=r"money\.currency"):
            Money(1, currency)

    @given(money("EUR"), money("EUR"))
    def test_sums_are_exact_whatever_the_hosts_context(self, one: Money, other: Money) -> None:
        """What is added can be taken off again, also where the host rounds to two digits."""
        with decimal.localcontext() as context:
            context.prec = 2
            assert (one + other) - other == one
            assert one.is_at_most(one + other)

    @pytest.mark.parametrize("sum_", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a.is_at_most(b)])
    def test_currencies_do_not_mix(self, sum_: Callable[[Money, Money], object]) -> None:
        """Two currencies are never added, taken off or compared."""
        with pytest.raises(InvalidInput, match="USD where EUR"):
            sum_(euro(1), Money(1, "USD"))


class TestMeans:
    """Money and hours together."""

    @pytest.mark.parametrize("hours", [0, 2.5, "2.5", Decimal("2.25"), 10_000])
    def test_hours_may_be_told_in_any_plain_number(self, hours: Any) -> None:
        """Hours are exact, and people may write them as they are used to."""
        assert Means(hours=hours).hours == Decimal(str(hours))

    @pytest.mark.parametrize("hours", [0.1 + 0.2, float("nan"), float("inf"), 1e300, True, None, "two"])
    def test_hours_that_are_no_plain_number_are_refused(self, hours: Any) -> None:
        """What is no plain number is refused under the field's name."""
        with pytest.raises(InvalidInput, match=r"means\.hours"):
            Means(hours=hours)

    @pytest.mark.parametrize(
        ("cost", "there", "fits"),
        [
            (NOTHING, NOTHING, True),
            (Means(euro(0)), NOTHING, True),
            (Means(euro(0)), Means(euro(-1), -1), True),
            (Means(euro(1)), NOTHING, False),
            (Means(euro(5)), Means(euro(5)), True),
            (Means(euro("5.01")), Means(euro(5)), False),
            (Means(euro(5)), Means(Money(50, "USD")), False),
            (Means(hours=2), Means(hours=2), True),
            (Means(hours=2), Means(euro(900)), False),
            (Means(euro(5), 2), Means(euro(5), 1), False),
        ],
    )
    def test_both_must_fit(self, cost: Means, there: Means, fits: bool) -> None:
        """Something fits when its hours do and its money does, in the same currency; nothing always fits."""
        assert cost.is_within(there) is fits


class TestBudget:
    """What there is for somebody in a year."""

    @pytest.mark.parametrize("year", [1899, 2201, "2026", 2026.0, True, None])
    def test_a_year_is_a_year(self, year: Any) -> None:
        """What is no year is refused under the field's name."""
        with pytest.raises(InvalidInput, match=r"budget\.year"):
            budget(NOTHING, year=year)

    @pytest.mark.parametrize("less", [Means(euro(-1)), Means(hours=-1)])
    def test_nothing_below_zero_is_granted(self, less: Means) -> None:
        """Money and hours of a budget are not below zero."""
        with pytest.raises(InvalidInput, match=r"budget\.means"):
            budget(less)
        with pytest.raises(InvalidInput, match=r"budget\.means"):
            budget(NOTHING).with_means(less)

    def test_the_narrower_wins(self) -> None:
        """Her own budget comes before her team's, that before her department's, and that before everyone's."""
        everyone = budget(Means(euro(100)))
        department = budget(Means(euro(200)), department="Works")
        team = budget(Means(euro(300)), department="Works", team="Blue")
        own = budget(Means(euro(400)), ADA)
        elsewhere = budget(Means(euro(900)), department="Care", team="Blue")
        there = [everyone, elsewhere, department, team, own]
        for expected in (own, team, department, everyone):
            assert narrowest(there, ADA, IN_BLUE, 2026) == expected
            there.remove(expected)
        assert narrowest(there, ADA, IN_BLUE, 2026) is None
        assert narrowest([everyone], ADA, None, 2026) == everyone
        assert narrowest([everyone, own], ADA, None, 2027) is None

    @given(st.lists(budgets(), max_size=6), st.randoms())
    def test_no_order_of_reading_changes_whose_budget_it_is(self, there: list[Budget], random: Any) -> None:
        """Whatever the order in which budgets are read, the one that holds is as narrow."""
        shuffled = random.sample(there, len(there))
        first, second = (narrowest(each, ADA, IN_BLUE, 2026) for each in (there, shuffled))
        assert (first and (first.owner_id, first.group)) == (second and (second.owner_id, second.group))

    def test_the_groups_of_somebody_begin_with_the_narrowest(self) -> None:
        """Team, department, everyone; each once."""
        assert groups_of(IN_BLUE) == (("Works", "Blue"), ("Works", ""), ("", ""))
        assert groups_of(Membership("Works", "", date(2026, 1, 1))) == (("Works", ""), ("", ""))
        assert groups_of(None) == (("", ""),)

    def test_what_is_left_is_what_there_is_without_what_was_spent(self) -> None:
        """Money and hours of her choices are taken off what there is."""
        standing = stand(2026, budget(Means(euro(500), 40)), [Means(euro("99.95"), 8), Means(hours=2.5), NOTHING])
        assert standing.spent == Means(euro("99.95"), "10.5")
        assert standing.left == Means(euro("400.05"), "29.5")
        assert standing.covers(Means(euro("400.05"), "29.5"))
        assert not standing.covers(Means(euro("400.06")))

    def test_another_currency_was_not_taken_from_it(self) -> None:
        """What was spent in another currency than the budget's is left out, and nothing breaks."""
        dollars = Means(Money(50, "USD"), 1)
        assert stand(2026, budget(Means(euro(500))), [dollars]).left == Means(euro(500), -1)
        assert stand(2026, None, [dollars]) == BudgetStanding(2026, NOTHING, Means(None, 1))

    def test_without_a_budget_only_what_costs_nothing_is_covered(self) -> None:
        """Where nothing was granted, whatever costs something is asked for."""
        assert stand(2026, None, []).covers(NOTHING)
        assert not stand(2026, None, []).covers(Means(euro(1)))

    @given(means("EUR"), st.lists(means("EUR"), max_size=5))
    def test_whoever_stays_within_what_is_left_never_owes(self, there: Means, wanted: list[Means]) -> None:
        """However often she chooses what is covered, nothing below zero is left."""
        spent: list[Means] = []
        for cost in wanted:
            if stand(2026, budget(there), spent).covers(cost):
                spent.append(cost)
        assert not stand(2026, budget(there), spent).left.is_debt


class TestRequest:
    """The request beyond the budget, with its promise."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(MOVES) == set(LearningRequestStatus)
        assert set(VERBS) == set(LearningRequestMove) == {move for row in MOVES.values() for move in row}
        reached = {status for row in MOVES.values() for status in row.values()}
        assert reached | {LearningRequestStatus.ASKED} == set(LearningRequestStatus)

    @pytest.mark.parametrize("status", LearningRequestStatus)
    @pytest.mark.parametrize("move", LearningRequestMove)
    def test_a_verb_does_what_the_table_says(self, status: LearningRequestStatus, move: LearningRequestMove) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
        at = request(status=status)
        if move in MOVES[status]:
            assert VERBS[move](at).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove) as refused:
                VERBS[move](at)
            assert refused.value.allowed == tuple(sorted(MOVES[status]))

    @given(st.lists(st.sampled_from(LearningRequestMove), max_size=6))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[LearningRequestMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
        at, expected = request(), LearningRequestStatus.ASKED
        for move in moves:
            try:
                at = VERBS[move](at)
            except IllegalMove:
                assert move not in MOVES[expected]
            else:
                expected = MOVES[expected][move]
            assert at.status is expected

    @pytest.mark.parametrize("because", ["", "  \n"])
    def test_not_now_has_a_reason(self, because: str) -> None:
        """A request is not declined without saying why."""
        with pytest.raises(InvalidInput, match=r"learning_request\.because"):
            request().decline(TODAY, because)

    def test_a_late_answer_is_an_answer(self) -> None:
        """After the promised day it can still be granted, on the day that it is."""
        late = request().grant(date(2026, 6, 1))
        assert (late.status, late.answered_on) == (LearningRequestStatus.GRANTED, date(2026, 6, 1))

    def test_only_what_costs_something_is_asked_for(self) -> None:
        """What costs nothing can be chosen, so nobody is asked for it; and nothing costs less than nothing."""
        for cost in (NOTHING, Means(euro(0), 0), Means(euro(-1))):
            with pytest.raises(InvalidInput, match=r"learning_request\.cost"):
                request(cost=cost)

    @given(learning_requests())
    def test_it_waits_until_it_is_answered(self, at: LearningRequest) -> None:
        """The promised day is a key while it waits, and only whoever is asked may see it."""
        waits = at.status is LearningRequestStatus.ASKED and at.asked_again_on is None
        assert at.open_until == (str(at.answer_by_on) if waits else None)
        assert at.ask_again(at.answer_by_on).open_until is None
        assert at.audience == Audience.of([at.asked_id])

    @pytest.mark.parametrize(
        ("name", "value"),
        [("title", ""), ("why", "\x00"), ("because", "\ud800"), ("answer_by_on", "soon"), ("asked_at", None)],
    )
    def test_what_cannot_be_kept_is_refused_with_the_fields_name(self, name: str, value: Any) -> None:
        """Bad text and what is no day are refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"learning_request\.{name}"):
            request(**{name: value})


@given(learning_requests(), budgets(), means())
def test_nothing_changes_in_place(at: LearningRequest, there: Budget, more: Means) -> None:
    """Every verb makes another value, and no field can be set."""
    before = evolve(at), evolve(there)
    for move in MOVES[at.status]:
        assert VERBS[move](at) is not at
    there.with_means(more)
    assert (at, there) == before
    frozen: list[Any] = [at, there, more, euro(1), stand(2026, there, [])]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.year = 2030
