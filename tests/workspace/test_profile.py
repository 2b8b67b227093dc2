"""The profile: one's own settings, which no synchronisation touches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ownership import InvalidInput, NotFound

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def test_language(world: World, tell_row: Callable[..., Any]) -> None:
    """A language of one's own choice outlives a synchronisation, and None follows the directory again."""
    ada = world.acting("ada")
    assert ada.profile.use_language("nl").language == "nl"
    world.tell(tell_row("ada", manager="sam", locale="de-DE"))
    assert ada.person.language == "nl"
    assert ada.profile.use_language(None).language == "de"


def test_timezone(world: World, tell_row: Callable[..., Any]) -> None:
    """A time zone of one's own choice outlives a synchronisation, and None follows the directory again."""
    ada = world.acting("ada")
    assert ada.profile.use_timezone("Pacific/Auckland").zone.key == "Pacific/Auckland"
    world.tell(tell_row("ada", manager="sam", timezone="America/New_York"))
    assert ada.person.zone.key == "Pacific/Auckland"
    assert ada.profile.use_timezone(None).zone.key == "America/New_York"


@pytest.mark.parametrize("wrong", ["", "n", "English please", "nl nl", "../nl"])
def test_no_language(world: World, wrong: str) -> None:
    """What is no language tag is refused, and nothing changes."""
    ada = world.acting("ada")
    before = ada.person
    with pytest.raises(InvalidInput):
        ada.profile.use_language(wrong)
    assert ada.person == before


@pytest.mark.parametrize("wrong", ["", "Amsterdam", "Europe/Nowhere", "../etc/passwd", "\x00"])
def test_no_timezone(world: World, wrong: str) -> None:
    """What is no time zone is refused, and nothing changes."""
    ada = world.acting("ada")
    before = ada.person
    with pytest.raises(InvalidInput):
        ada.profile.use_timezone(wrong)
    assert ada.person == before


def test_partner(world: World) -> None:
    """A partner of one's own choice takes the place of the manager, until None gives the manager back."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "partner")
    ada.profile.choose_partner("liam")
    with pytest.raises(NotFound):
        world.acting("sam").goals.get(goal.id)
    assert world.acting("liam").goals.get(goal.id) == goal
    ada.profile.choose_partner(None)
    assert world.acting("sam").goals.get(goal.id) == goal


def test_no_partner(world: World) -> None:
    """Oneself and nobody are no partner, and nothing changes."""
    ada = world.acting("ada")
    before = ada.person
    with pytest.raises(InvalidInput):
        ada.profile.choose_partner("ada")
    with pytest.raises(NotFound):
        ada.profile.choose_partner("nobody")
    assert ada.person == before
