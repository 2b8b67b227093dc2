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


def test_without_partner(world: World) -> None:
    """Who wants no partner holds her talks for herself, shows nothing to a partner, and may choose one again."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "partner")
    assert ada.profile.go_without_partner().is_without_partner
    assert ada.visibility.who_sees(goal.id) == ()
    check_in = world.open_check_in("ada")
    assert check_in.partner_id is None
    assert [message.subject for message in world.sent()["ada"]] == ["A check-in for yourself"]
    assert "sam" not in world.sent()
    ada.check_ins.prepare(check_in.id, challenges="Time")
    ada.check_ins.hold(check_in.id)
    ada.profile.choose_partner(None)
    assert world.acting("sam").goals.get(goal.id) == goal


def test_a_partner_works_here(world: World, tell_row: Callable[..., Any]) -> None:
    """Who left cannot be chosen, and nothing changes."""
    world.tell(tell_row("liam", manager="sam", active=False))
    with pytest.raises(InvalidInput, match="partner"):
        world.acting("ada").profile.choose_partner("liam")
    assert world.acting("ada").person.partner_id is None


def test_no_partner(world: World) -> None:
    """Oneself and nobody are no partner, and nothing changes."""
    ada = world.acting("ada")
    before = ada.person
    with pytest.raises(InvalidInput):
        ada.profile.choose_partner("ada")
    with pytest.raises(NotFound):
        ada.profile.choose_partner("nobody")
    assert ada.person == before
