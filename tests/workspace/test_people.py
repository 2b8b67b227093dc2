"""People: brought in line with a directory, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, InvalidInput, Misconfigured, NotFound, PlanHeld
from ownership.domain.directory import DirectoryRow, Guard, Snapshot
from ownership.sample.people import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workspace.conftest import World


def test_find(world: World) -> None:
    """A person is found by id, by external id and by e-mail in any case; anything else is nobody."""
    ada = world.ws.people.find("ada")
    for who in (ada.id, "ada@example.org", "Ada@Example.ORG"):
        assert world.ws.people.find(who) == ada
    for who in ("", "Ada", "ada@", f"{ada.id}.g0", "nobody"):
        with pytest.raises(NotFound):
            world.ws.people.find(who)


@pytest.mark.parametrize("who", [None, 7, b"ada"])
def test_who_is_named_by_a_text(world: World, who: Any) -> None:
    """What is no text names nobody: it is refused with what would, wherever a person is named."""
    with pytest.raises(InvalidInput, match=r"person: is no text; give an id"):
        world.ws.acting_as(who)


@pytest.mark.parametrize("who", ["Ada Byron", "ada.byron@example.org"])
def test_a_name_given_for_an_id_is_not_repeated(world: World, who: str) -> None:
    """Errors end up in logs: a name or an address that means nobody is not in them."""
    with pytest.raises(NotFound) as caught:
        world.ws.people.find(who)
    assert who not in str(caught.value)


def test_find_by_external_id_like_an_address(world: World, tell_row: Callable[..., Any]) -> None:
    """An external id that looks like an address, in whatever case, finds its person."""
    world.tell(DirectoryRow("Kai.Smit@Corp.example", "Kai", email="kai@example.org"))
    assert world.ws.people.find("Kai.Smit@Corp.example").display_name == "Kai"


def test_ambiguous_is_refused(world: World, tell_row: Callable[..., Any]) -> None:
    """An address that means two people is refused with their ids, not with the address; one who left does not count."""
    address = "shared@example.org"
    world.tell(tell_row("ada", email=address), tell_row("zoe", email=address))
    with pytest.raises(InvalidInput) as caught:
        world.ws.acting_as(address)
    assert address not in str(caught.value)
    assert world.id("ada") in str(caught.value)
    world.tell(tell_row("zoe", email=address, active=False))
    assert world.ws.acting_as(address).person.external_id == "ada"


def test_plan_is_a_dry_run(world: World, tell_row: Callable[..., Any]) -> None:
    """A plan changes nothing; applied, it makes the next plan empty."""
    before = world.ws.people.all()
    world.snapshot = Snapshot("rows", (tell_row("kai", manager="sam"), tell_row("ada", manager="sam", title="Lead")))
    plan = world.ws.people.plan("rows:")
    assert ([p.external_id for p in plan.joiners], [p.external_id for p in plan.changed]) == (["kai"], ["ada"])
    assert world.ws.people.all() == before
    world.ws.people.sync("rows:")
    assert world.ws.people.plan("rows:").people == ()
    assert world.ws.people.find("ada").title == "Lead"


def test_guard_holds(world: World, tell_row: Callable[..., Any]) -> None:
    """A plan beyond its guard is held and nothing is changed, until someone confirms it."""
    before = world.ws.people.all()
    world.snapshot = Snapshot("rows", (tell_row("mia", team="Board"),), is_complete=True)
    with pytest.raises(PlanHeld) as caught:
        world.ws.people.sync("rows:")
    assert "6 of 7 people would leave" in caught.value.reasons[0]
    assert "plan.confirmed()" in caught.value.reasons[-1]
    assert world.ws.people.all() == before
    wide = world.ws.people.plan("rows:", guard=Guard(leavers=1))
    assert wide.holds == ()
    world.ws.people.apply(world.ws.people.plan("rows:").confirmed())
    assert [person.external_id for person in world.ws.people.all() if person.active] == ["mia"]


def test_plan_of_an_older_state_conflicts(world: World, tell_row: Callable[..., Any]) -> None:
    """A plan that was made before someone in it changed is refused as a whole."""
    world.snapshot = Snapshot("rows", (tell_row("kai", manager="sam"), tell_row("ada", manager="sam", title="Lead")))
    plan = world.ws.people.plan("rows:")
    world.acting("ada").profile.use_language("nl")
    before = world.ws.people.all()
    with pytest.raises(Conflict):
        world.ws.people.apply(plan)
    assert world.ws.people.all() == before
    assert world.ws.people.sync("rows:").joiners[0].external_id == "kai"


def test_rehire_is_the_same_person(world: World, tell_row: Callable[..., Any]) -> None:
    """Who comes back is the same person, with everything that was hers."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    world.tell(tell_row("ada", manager="sam", active=False))
    world.clock.move(days=100)
    world.tell(tell_row("ada", manager="sam", active=True))
    assert world.acting("ada").goals.mine() == (goal,)


def test_directory_that_fails(world: World) -> None:
    """A scheme that nobody answers to, and a file that is not there, change nothing."""
    before = world.ws.people.all()
    with pytest.raises(Misconfigured, match=r"nothing\.at\.all|nothing"):
        world.ws.people.sync("nothing:at-all")
    with pytest.raises(InvalidInput, match=r"no\.csv"):
        world.ws.people.sync("csv:no.csv")
    assert world.ws.people.all() == before


def test_csv_file(make_world: Callable[..., World], tmp_path: Path) -> None:
    """A CSV file of people comes in with managers, teams and languages, and a second time changes nothing."""
    lines = [",".join(COLUMNS)]
    people = {"boss": "", "ada": "boss", "liam": "boss"}
    for name, manager in people.items():
        cells = dict.fromkeys(COLUMNS, "") | {"external_id": name, "display_name": name.title(), "manager_id": manager}
        cells |= {"email": f"{name}@example.org", "active": "yes", "locale": "nl-NL", "timezone": "Europe/Amsterdam"}
        cells |= {"department": "Works", "team": "Blue"}
        lines.append(",".join(cells[column] for column in COLUMNS))
    file = tmp_path / "people.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    world = make_world(people=())
    plan = world.ws.people.sync(f"csv:{file}")
    assert (len(plan.joiners), plan.problems) == (3, ())
    ada = world.acting("ada@example.org")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    assert world.acting("boss").goals.get(goal.id) == goal
    assert world.ws.people.sync(f"csv:{file}").people == ()


def test_sample(make_world: Callable[..., World]) -> None:
    """The sample organisation comes in whole, and some months later as a change of the same people."""
    world = make_world(people=())
    assert len(world.ws.people.sync("sample:?people=40").joiners) == 40
    world.clock.move(days=120)
    later = world.ws.people.plan("sample:?people=40&later=yes")
    assert later.joiners
    assert later.leavers
    world.ws.people.apply(later.confirmed())
    assert world.ws.people.plan("sample:?people=40&later=yes").people == ()


def test_who_comes_back_to_another_manager(world: World, tell_row: Callable[..., Any]) -> None:
    """A returner finds what was hers; the old manager sees it no more, and the new one when she shares it again."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    world.tell(tell_row("ada", manager="sam", active=False))
    world.clock.move(days=200)
    world.tell(tell_row("ada", manager="zoe", active=True))
    ada = world.acting("ada")
    assert ada.goals.mine() == (goal,)
    for name in ("sam", "zoe"):
        with pytest.raises(NotFound):
            world.acting(name).goals.get(goal.id)
    ada.goals.share(goal.id, "manager")
    assert world.acting("zoe").goals.get(goal.id).title == "A goal"
    assert [line.manager_id for line in ada.person.reporting_lines] == [world.id("sam"), world.id("zoe")]


def test_everything_works_without_mail_manager_and_fixed_days(world: World, tell_row: Callable[..., Any]) -> None:
    """A person without an address, a manager or a day shift hears, talks, is suggested a goal and finds support."""
    world.tell(tell_row("noor", manager="", email="", shift="other", locale="nl-NL"))
    noor = world.acting("noor")
    world.acting("liam").goals.suggest("noor", title="Een idee")
    check_in = world.open_check_in("noor")
    assert check_in.partner_id is None
    assert len(noor.inbox.messages()) == 2
    goal = noor.goals.start(noor.goals.accept(noor.goals.suggestions()[0]))
    noor.goals.invite_supporter(goal, "liam")
    assert [shared.id for shared in world.acting("liam").goals.supported()] == [goal.id]
    noor.check_ins.prepare(check_in.id, progress="Begonnen")
    assert noor.check_ins.hold(check_in.id).held_on is not None
