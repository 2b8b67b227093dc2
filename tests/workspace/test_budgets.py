"""Budgets: granted by an organiser, the narrower wins, and what is spent is hers only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ownership import InvalidInput, Money, NotAllowed, NotFound
from ownership.domain.budgets import Means

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def euro(amount: int) -> Money:
    """Make an amount in euros."""
    return Money(amount, "EUR")


def test_it_takes_the_role(world: World) -> None:
    """Nobody grants or lists budgets without the role of organiser."""
    for call in (lambda: world.acting("sam").budgets.grant(hours=1), world.acting("sam").budgets.all):
        with pytest.raises(NotAllowed, match="organiser"):
            call()


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{}/ownership.db"])
def test_the_narrower_wins(make_world: Callable[..., World], tmp_path: Path, url: str) -> None:
    """A person's own budget comes before her team's, that before her department's, and that before everyone's."""
    world = make_world(url.format(tmp_path))
    hr = world.acting("hr", roles={"organiser"})

    def there() -> dict[str, Means]:
        return {name: world.acting(name).learning.budget().there for name in ("ada", "liam", "zoe")}

    assert set(there().values()) == {Means()}
    hr.budgets.grant(money=euro(100))
    assert set(there().values()) == {Means(euro(100))}
    hr.budgets.grant(money=euro(200), department="Works")
    assert set(there().values()) == {Means(euro(200))}
    hr.budgets.grant(money=euro(300), department="Works", team="Blue")
    hr.budgets.grant(hours=16, person="ada@example.org")
    assert there() == {"ada": Means(hours=16), "liam": Means(euro(300)), "zoe": Means(euro(200))}
    assert len(hr.budgets.all()) == 4
    assert hr.budgets.all(2027) == ()


def test_granting_again_replaces(world: World) -> None:
    """There is one budget for a group or a person in a year; other years are apart."""
    hr = world.acting("hr", roles={"organiser"})
    groups: list[Mapping[str, Any]] = [{}, {"person": "ada"}, {"department": "Works"}, {"department": "W", "team": "B"}]
    for to in groups:
        first = hr.budgets.grant(money=euro(100), **to)
        again = hr.budgets.grant(money=euro(150), hours=8, **to)
        assert (again.id, again.means) == (first.id, Means(euro(150), 8))
        assert hr.budgets.grant(year=2027, hours=2, **to).id != first.id
    assert len(hr.budgets.all()) == len(hr.budgets.all(2027)) == 4


def test_names_of_groups_that_run_together(world: World) -> None:
    """Groups whose names look alike when they are put together are different groups."""
    hr = world.acting("hr", roles={"organiser"})
    one = hr.budgets.grant(hours=1, department="a/b")
    other = hr.budgets.grant(hours=2, department="a", team="b/")
    assert one.id != other.id
    assert {budget.means.hours for budget in hr.budgets.all()} == {1, 2}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"person": "ada", "team": "Blue"}, InvalidInput),
        ({"team": "Blue"}, InvalidInput),
        ({"person": "nobody@example.org"}, NotFound),
        ({"hours": -1}, InvalidInput),
        ({"money": Money(-1, "EUR")}, InvalidInput),
        ({"money": 100}, InvalidInput),
        ({"year": 26}, InvalidInput),
        ({"department": "\ud800"}, InvalidInput),
    ],
)
def test_what_cannot_be_granted(world: World, wrong: dict[str, Any], error: type[Exception]) -> None:
    """A budget that cannot be is refused, and nothing is granted."""
    hr = world.acting("hr", roles={"organiser"})
    with pytest.raises(error):
        hr.budgets.grant(**wrong)
    assert hr.budgets.all() == ()


def test_the_organiser_does_not_learn_who_spends_what(make_world: Callable[..., World]) -> None:
    """In worlds that differ in what she spends, an organiser and her manager see the same."""
    seen = []
    for cost in (None, euro(70)):
        world = make_world()
        hr = world.acting("hr", roles={"organiser"})
        hr.budgets.grant(money=euro(100), person="ada")
        ada = world.acting("ada")
        ada.learning.choose("own", title="A course", cost=cost)
        world.work()
        others = [hr, world.acting("sam")]
        pages = [hr.budgets.all(), hr.catalogue.all(), world.facts(), world.looks("ada"), sorted(world.sent())]
        pages += [[other.team.overview().shared, other.inbox.messages()] for other in others]
        seen.append(repr(pages))
        assert hr.learning.budget().there == Means()
    assert seen[0] == seen[1]


def test_a_smaller_budget_takes_nothing_back(world: World) -> None:
    """When the budget becomes smaller than what was spent, her choices stay, and what is left says so."""
    hr, ada = world.acting("hr", roles={"organiser"}), world.acting("ada")
    hr.budgets.grant(money=euro(100))
    choice = ada.learning.choose("own", title="A course", cost=euro(80))
    hr.budgets.grant(money=euro(50))
    assert ada.learning.budget().left == Means(euro(-30))
    assert ada.learning.mine() == (choice,)
    ada.learning.choose("own", title="A walk")
    with pytest.raises(NotAllowed):
        ada.learning.choose("own", title="More", cost=euro(1))
