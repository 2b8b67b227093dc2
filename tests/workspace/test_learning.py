"""Learning: several kinds to choose from, the choice with its reason, and what colleagues offer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, IllegalMove, InvalidInput, NotFound
from ownership.domain.learning import MENU_SIZE, ChoiceStatus, LearningKind

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def test_menu_has_several_kinds(world: World) -> None:
    """A menu has several kinds of ways, the same all day, and says of each why it is there."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="Lead a workshop", theme="facilitation")
    menu = ada.learning.options(goal.id)
    assert menu == ada.learning.options(goal.id)
    assert len(menu) == MENU_SIZE
    assert len({entry.option.kind for entry in menu}) == MENU_SIZE
    assert menu[0].because == "fits_theme"
    assert ada.learning.options(theme="facilitation")[0].because == "fits_theme"


def test_menu_speaks_her_language(world: World) -> None:
    """The catalogue speaks the language of who reads it."""
    dutch = {entry.option.title for entry in world.acting("noor").learning.options(theme="craft")}
    world.acting("noor").profile.use_language("en")
    assert not dutch & {entry.option.title for entry in world.acting("noor").learning.options(theme="craft")}


def test_choice_keeps_what_there_was(world: World) -> None:
    """A choice keeps its reason and, by kind, what else could have been chosen at that moment."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="Lead a workshop", theme="facilitation")
    menu = ada.learning.options(goal.id)
    choice = ada.learning.choose(menu[1].option.id, goal_id=goal.id, why="It fits my week")
    assert (choice.goal_id, choice.why, choice.had_kinds) == (goal.id, "It fits my week", MENU_SIZE)
    assert (choice.kind, choice.title) == (menu[1].option.kind, menu[1].option.title)
    assert ada.learning.mine() == (choice,)


def test_something_of_my_own(world: World) -> None:
    """Something of one's own can always be chosen, with a title."""
    ada = world.acting("ada")
    assert ada.learning.choose("own", title="Walk along with my aunt").kind is LearningKind.OWN
    with pytest.raises(InvalidInput):
        ada.learning.choose("own")
    assert len(ada.learning.mine()) == 1


def test_offers_are_options(world: World) -> None:
    """What a colleague offers can be chosen by the others, not by the offerer, and is heard of."""
    ada, liam = world.acting("ada"), world.acting("liam")
    offer = liam.learning.offer("coaching", title="Three talks", themes=["craft"], hours=3)
    assert [fact.split(":")[:2] for fact in world.facts()] == [[offer.id, "LearningOffered"]]
    entry = next(entry for entry in ada.learning.options() if entry.option.id == offer.id)
    assert entry.because == "colleague_offers"
    assert ada.learning.choose(offer.id).title == "Three talks"
    with pytest.raises(NotFound):
        liam.learning.choose(offer.id)


def test_offer_of_someone_who_left(world: World, tell_row: Callable[..., Any]) -> None:
    """The offer of a colleague who left is on nobody's menu, and comes back with the colleague."""
    ada, offer = world.acting("ada"), world.acting("liam").learning.offer("coaching", title="Three talks")
    world.tell(tell_row("liam", manager="sam", active=False))
    assert offer.id not in {entry.option.id for entry in ada.learning.options()}
    with pytest.raises(NotFound):
        ada.learning.choose(offer.id)
    world.tell(tell_row("liam", manager="sam", active=True))
    assert ada.learning.choose(offer.id).option_id == offer.id


def test_who_left_has_the_catalogue_only(world: World, tell_row: Callable[..., Any]) -> None:
    """Who left sees nothing that colleagues offer, also from a seat that was taken before."""
    ada, offer = world.acting("ada"), world.acting("liam").learning.offer("coaching", title="Three talks")
    world.tell(tell_row("ada", manager="sam", active=False))
    assert offer.id not in {entry.option.id for entry in ada.learning.options()}


def test_unknown_option(world: World) -> None:
    """An option that is not there cannot be chosen."""
    for unknown in ("no-such-option", f"{world.id('liam')}.o00000000", ""):
        with pytest.raises(NotFound):
            world.acting("ada").learning.choose(unknown)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "own", "title": "x"},
        {"kind": "nothing", "title": "x"},
        {"kind": "coaching", "title": ""},
        {"kind": "coaching", "title": "x", "hours": -1},
        {"kind": "coaching", "title": "x", "hours": float("nan")},
        {"kind": "coaching", "title": "x", "link": "javascript:alert(1)"},
        {"kind": "coaching", "title": "x", "themes": ["\ud800"]},
        {"kind": "coaching", "title": "x", "themes": "craft"},
    ],
    ids=repr,
)
def test_bad_offer(world: World, wrong: dict[str, Any]) -> None:
    """An offer that cannot be kept is refused, and nobody hears of it."""
    with pytest.raises(InvalidInput):
        world.acting("liam").learning.offer(wrong.pop("kind"), **wrong)
    assert world.facts() == ()


def test_goal_must_be_hers(world: World) -> None:
    """A choice is for a goal of one's own; another's private goal is as good as absent."""
    goal = world.acting("ada").goals.draft(title="Hers")
    liam = world.acting("liam")
    with pytest.raises(NotFound):
        liam.learning.choose("own", title="x", goal_id=goal.id)
    with pytest.raises(NotFound):
        liam.learning.options(goal.id)
    assert liam.learning.mine() == ()


def test_ends_once(world: World) -> None:
    """A choice ends as completed or stopped, on that day and with what it brought, and only once."""
    ada = world.acting("ada")
    done = ada.learning.complete(ada.learning.choose("own", title="One"), "I dare now")
    assert (done.status, done.ended_on, done.looking_back) == (ChoiceStatus.COMPLETED, date(2026, 1, 5), "I dare now")
    left = ada.learning.stop(ada.learning.choose("own", title="Two").id)
    assert left.status is ChoiceStatus.STOPPED
    for choice in (done, left):
        for verb in (ada.learning.complete, ada.learning.stop):
            with pytest.raises(IllegalMove):
                verb(choice.id)


def test_stale_value_conflicts(world: World) -> None:
    """A verb on a value that was changed meanwhile is refused; on the id it takes the latest."""
    ada = world.acting("ada")
    stale = ada.learning.choose("own", title="One")
    ada.learning.share(stale, "manager")
    for verb in (ada.learning.complete, ada.learning.stop, lambda it: ada.learning.share(it, "only_me")):
        with pytest.raises(Conflict):
            verb(stale)
    assert ada.learning.complete(stale.id).version == 3


def test_shared_choice(world: World) -> None:
    """A choice is private until shared; sharing shows it to the manager in his overview."""
    ada, sam = world.acting("ada"), world.acting("sam")
    choice = ada.learning.choose("own", title="One")
    assert sam.team.overview().shared == ()
    shared = ada.learning.share(choice, "manager")
    assert sam.team.overview().shared[0].choices == (shared.seen_by_others(),)
