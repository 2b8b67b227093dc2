"""Learning: several kinds to choose from, the choice with its reason, and what colleagues offer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from ownership import Conflict, IllegalMove, InvalidInput, Money, NotAllowed, NotFound
from ownership.domain.budgets import Means
from ownership.domain.learning import (
    MENU_SIZE,
    Because,
    ChoiceStatus,
    Helped,
    LearningChoice,
    LearningKind,
    MenuEntry,
    OptionStatus,
    WasReal,
)
from ownership.domain.reminders import ReminderKind
from ownership.ports.content import CatalogueOption, Pack
from ownership.workspace.sight import Sight

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
        world.acting("liam").learning.offer(**wrong)
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


def test_kinds_of_menu_always_leave_a_choice(make_world: Callable[..., World]) -> None:
    """Also where the whole catalogue is a single way or a mandatory one, something of her own can be chosen instead."""
    world = make_world()
    hr = world.acting("hr", roles={"organiser"})
    training = hr.catalogue.add("e_learning", title="Working safely", is_mandatory=True)
    ada = world.acting("ada")
    assert training.id not in {entry.option.id for entry in ada.learning.options()}
    assert ada.learning.mandatory() == (training,)
    before = ada.learning.budget(), ada.learning.mine()
    with pytest.raises(InvalidInput, match="no choice"):
        ada.learning.choose(training.id)
    with pytest.raises(InvalidInput, match="no choice"):
        ada.learning_requests.ask(training.id, hours=4)
    assert (ada.learning.budget(), ada.learning.mine()) == before
    own = ada.learning.choose("own", title="Ask the smith next door")
    assert sum(own.options_seen.values()) == MENU_SIZE


def test_packs_can_have_mandatory_options(make_world: Callable[..., World]) -> None:
    """What a pack marks as mandatory is told apart, in her language, and is on no menu."""
    safe = CatalogueOption("safe", LearningKind.E_LEARNING, {"en": "Safely", "nl": "Veilig"}, {"en": ""}, ("craft",))
    world = make_world(packs=[Pack(options=(evolve(safe, is_mandatory=True), evolve(safe, id="other")))])
    ada = world.acting("ada")
    assert [option.title for option in ada.learning.mandatory()] == ["Safely"]
    assert [option.title for option in world.acting("noor").learning.mandatory()] == ["Veilig"]
    shown = {entry.option.id for day in range(9) for entry in _menu_on(world, day, theme="craft")}
    assert "safe" not in shown
    assert ada.learning.choose("other").title == "Safely"


def _menu_on(world: World, days: int, **how: Any) -> tuple[MenuEntry, ...]:
    world.clock.set(2026, 1, 5 + days)
    return world.acting("ada").learning.options(**how)


def test_what_helped_before_informs_the_next_menu(world: World) -> None:
    """A kind that she looked back on as helpful comes first among equals, and the menu says why."""
    ada = world.acting("ada")
    last = ada.learning.options()[-1].option
    done = ada.learning.complete(ada.learning.choose(last.id))
    assert ada.learning.look_back(done, "a_bit").helped is Helped.A_BIT
    assert Because.HELPED_BEFORE not in {entry.because for entry in ada.learning.options()}
    looked = ada.learning.look_back(done.id, Helped.HELPED, "I dare now")
    assert (looked.helped, looked.looking_back) == (Helped.HELPED, "I dare now")
    first = ada.learning.options()[0]
    assert (first.because, first.option.kind) == (Because.HELPED_BEFORE, last.kind)
    assert Because.HELPED_BEFORE not in {entry.because for entry in world.acting("liam").learning.options()}


def test_answers_are_of_the_list(world: World) -> None:
    """Looking back and judging the choice take one of three answers each, and looking back waits until it has ended."""
    ada = world.acting("ada")
    choice = ada.learning.choose("own", title="One")
    with pytest.raises(InvalidInput, match="helped, a_bit, not_for_me"):
        ada.learning.look_back(choice, "5 stars")
    with pytest.raises(InvalidInput, match="yes, partly, no"):
        ada.learning.was_real_choice(choice, "maybe")
    with pytest.raises(IllegalMove):
        ada.learning.look_back(choice, "helped")
    assert ada.learning.mine() == (choice,)


def test_whether_it_was_real_is_hers_only(make_world: Callable[..., World]) -> None:
    """In worlds that differ in her answer or in what it cost, everyone else sees the same of a shared choice."""
    seen: list[str] = []
    for answer, cost in ((None, None), ("yes", None), ("no", Money(50, "EUR"))):
        world = make_world()
        world.acting("hr", roles={"organiser"}).budgets.grant(money=Money(500, "EUR"))
        ada = world.acting("ada")
        choice = ada.learning.choose("own", title="A way", cost=cost)
        if answer:
            assert ada.learning.was_real_choice(choice.id, answer).was_real is WasReal(answer)
        ada.learning.share(choice.id, ["sam", "liam", "hr"])
        pages: list[object] = [world.facts(), world.acting("hr", roles={"organiser"}).budgets.all()]
        for name in ("sam", "liam", "hr"):
            other = world.acting(name, roles={"organiser"})
            (shared,) = other.visibility.shared_with_me()
            pages += [shared, other.team.overview(), other.inbox.messages(), other.overview()]
            other_id = other.person.id
            with world.ws._desk.writing() as unit:
                pages.append(Sight(world.ws._desk, unit, other_id).see(LearningChoice, choice.id))
        seen.append(repr(pages))
    assert seen[0] == seen[1] == seen[2]


def test_swap(world: World) -> None:
    """A swap stops one and chooses another for the same goal, linked, whole or not at all."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="Lead a workshop")
    first = ada.learning.choose("own", title="One", goal_id=goal.id)
    other = ada.learning.options(goal.id)[0].option
    with pytest.raises(NotFound):
        ada.learning.swap(first, "no-such-option")
    assert ada.learning.mine() == (first,)
    second = ada.learning.swap(first.id, other.id, why="Together is easier")
    assert (second.instead_of_id, second.goal_id, second.why) == (first.id, goal.id, "Together is easier")
    stopped, chosen = ada.learning.mine()
    assert (stopped.status, chosen) == (ChoiceStatus.STOPPED, second)
    with pytest.raises(IllegalMove):
        ada.learning.swap(first.id, other.id)


def test_offer_with_an_audience(world: World) -> None:
    """An offer is for whom it is meant: everyone, a team or people that are named; the others cannot choose it."""
    liam = world.acting("liam")
    for audience, hears in (("everyone", "ada zoe"), ("team", "ada"), (["zoe@example.org"], "zoe"), ("only_me", "")):
        offer = liam.learning.offer("coaching", title="Three talks", audience=audience)
        for name in ("ada", "zoe"):
            options = {entry.option.id for entry in world.acting(name).learning.options()}
            assert (offer.id in options) == (name in hears.split())
            if offer.id not in options:
                with pytest.raises(NotFound):
                    world.acting(name).learning.choose(offer.id)
        liam.learning.withdraw_offer(offer)
    assert len([fact for fact in world.facts() if "LearningOffered" in fact]) == 3
    assert len([fact for fact in world.facts() if "LearningOfferWithdrawn" in fact]) == 3


def test_an_offer_that_is_withdrawn(world: World) -> None:
    """An offer that was taken back is on nobody's menu; who chose it keeps the choice; it ends once."""
    ada, liam = world.acting("ada"), world.acting("liam")
    offer = liam.learning.offer("coaching", title="Three talks")
    chosen = ada.learning.choose(offer.id)
    with pytest.raises(NotAllowed):
        ada.learning.withdraw_offer(offer.id)
    assert liam.learning.withdraw_offer(offer.id).status is OptionStatus.WITHDRAWN
    assert offer.id not in {entry.option.id for entry in world.acting("zoe").learning.options()}
    with pytest.raises(NotFound):
        world.acting("zoe").learning.choose(offer.id)
    with pytest.raises(IllegalMove):
        liam.learning.withdraw_offer(offer.id)
    assert ada.learning.mine() == (chosen,)
    assert [o.status for o in liam.learning.offered()] == [OptionStatus.WITHDRAWN]


def test_places(world: World) -> None:
    """Limited places are taken by who chooses, given back by who stops or swaps, and used up by who completes."""
    ada, zoe, liam = world.acting("ada"), world.acting("zoe"), world.acting("liam")
    offer = liam.learning.offer("shadowing", title="A day along", places=1)

    def left() -> int | None:
        return liam.learning.offered()[0].places_left

    chosen = ada.learning.choose(offer.id)
    assert left() == 0
    with pytest.raises(NotFound):
        zoe.learning.choose(offer.id)
    assert offer.id not in {entry.option.id for entry in zoe.learning.options()}
    ada.learning.stop(chosen)
    assert left() == 1
    taken = zoe.learning.choose(offer.id)
    zoe.learning.swap(taken, "own", title="Something else")
    assert left() == 1
    zoe.learning.complete(zoe.learning.choose(offer.id))
    assert left() == 0


def test_the_offerer_hears_that_it_was_chosen(world: World) -> None:
    """Choosing an offer tells who offers it that she did, and no more; of one that was stopped he hears nothing."""
    ada, liam = world.acting("ada"), world.acting("liam")
    offer = liam.learning.offer("coaching", title="Three talks")
    chosen = ada.learning.choose(offer.id, why="SECRET")
    world.acting("zoe").learning.stop(world.acting("zoe").learning.choose(offer.id))
    world.work()
    (message,) = liam.inbox.messages()
    assert (message.delivery.kind, message.delivery.other_id) == (ReminderKind.OFFER_CHOSEN, world.id("ada"))
    assert "Ada" in message.body
    assert "SECRET" not in message.subject + message.body
    with pytest.raises(NotFound):
        liam.visibility.who_sees(chosen.id)
    ada.learning.choose(ada.learning.options()[0].option.id)
    world.work()
    assert len(liam.inbox.messages()) == 1


def test_cost_inside_the_budget_needs_nobody(world: World) -> None:
    """What fits in the budget is chosen at once, and nobody is asked or told."""
    hr = world.acting("hr", roles={"organiser"})
    hr.budgets.grant(money=Money(500, "EUR"), hours=40)
    ada = world.acting("ada")
    choice = ada.learning.choose("own", title="A course", cost=Money("199.95", "EUR"), hours=7.5)
    assert ada.learning.budget().left == Means(Money("300.05", "EUR"), "32.5")
    with pytest.raises(NotAllowed, match=r"learning_requests\.ask"):
        ada.learning.choose("own", title="Another", cost=Money("300.06", "EUR"))
    with pytest.raises(NotAllowed):
        ada.learning.choose("own", title="Another", cost=Money(1, "USD"))
    ada.learning.choose("own", title="Another", cost=Money("300.05", "EUR"))
    world.work()
    assert world.sent() == {}
    ada.learning.stop(choice, used=Money(100, "EUR"), used_hours=2)
    assert ada.learning.budget().left == Means(Money("99.95", "EUR"), 38)
    assert ada.learning.budget(2025).left == Means()
    assert ada.learning.budget(2027).there == Means()


def test_a_swap_pays_with_what_comes_back(world: World) -> None:
    """What the first was to cost comes back before the second is paid, and a swap that is too dear changes nothing."""
    world.acting("hr", roles={"organiser"}).budgets.grant(money=Money(100, "EUR"))
    ada = world.acting("ada")
    first = ada.learning.choose("own", title="One", cost=Money(80, "EUR"))
    with pytest.raises(NotAllowed):
        ada.learning.swap(first, "own", title="Two", cost=Money(101, "EUR"))
    assert ada.learning.mine() == (first,)
    ada.learning.swap(first, "own", title="Two", cost=Money(100, "EUR"))
    assert ada.learning.budget().left == Means(Money(0, "EUR"))
