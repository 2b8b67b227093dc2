"""The team: what was shared, and nothing about who shared nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.goals import Goal
from ownership.domain.learning import LearningChoice
from ownership.domain.moments import local_day
from ownership.domain.people import Person
from ownership.domain.reflections import Reflection
from ownership.domain.visibility import Relations, decide
from ownership.workspace.calendar import Calendar

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def share_much(world: World) -> None:
    """Let people share things of every kind with every audience."""
    audiences = ("only_me", "manager", "team", "partner", "everyone", ["sam"], ["zoe"])
    for name in ("ada", "noor", "zoe", "mia"):
        actor = world.acting(name)
        for audience in audiences:
            actor.goals.share(actor.goals.draft(title=f"Goal of {name}").id, audience)
            actor.learning.share(actor.learning.choose("own", title=f"Way of {name}").id, audience)
            written = actor.reflections.write(actor.reflections.next_prompt().id, f"Thought of {name}")
            actor.reflections.share(written.id, audience)


def test_overview_is_the_decision(world: World, tell_row: Callable[..., Any]) -> None:
    """The overview of a manager has exactly what the decision allows of all that the people who report to him have."""
    share_much(world)
    world.open_check_in(people=["ada", "liam", "noor"])
    world.acting("noor").check_ins.skip()
    world.tell(tell_row("noor", manager="zoe", team="Red"))
    with world.ws._desk.reading() as unit:
        people = {person.id: person for person in unit.find(Person)}
        stored: dict[type[Any], list[Any]] = {
            cls: list(unit.find(cls)) for cls in (Goal, LearningChoice, Reflection, CheckIn)
        }
        stored[CheckIn] += Calendar(unit, world.clock.now).open_for([*people.values()])

    for name in ("mia", "sam", "ada", "liam", "noor", "zoe", "hr"):
        me = people[world.ws.people.find(name).id]

        def seen(item: Any, me: Person = me) -> bool:
            owner = people[item.owner_id]
            return bool(decide(me, item, Relations(owner, local_day(world.clock.now, owner.zone.key))))

        def reports(item: Any, me: Person = me) -> bool:
            line = people[item.owner_id].reporting_line_on(world.clock.now.date())
            return line is not None and line.manager_id == me.id

        overview = world.acting(name).team.overview()
        for cls, of in ((Goal, "goals"), (LearningChoice, "choices"), (Reflection, "reflections")):
            shown = {item.id for things in overview.shared for item in getattr(things, of)}
            assert shown == {item.id for item in stored[cls] if reports(item) and seen(item)}
        assert {talk.id for talk in overview.open_talks} == {
            talk.id
            for talk in stored[CheckIn]
            if talk.partner_id == me.id and talk.status is CheckInStatus.OPEN and seen(talk)
        }


def test_who_shares_nothing_is_not_named(world: World) -> None:
    """The page of a manager does not tell who shared nothing, nor that there is more than is shared."""
    ada, liam = world.acting("ada"), world.acting("liam")
    ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    liam.goals.draft(title="A draft")
    overview = world.acting("sam").team.overview()
    assert [things.person.external_id for things in overview.shared] == ["ada"]
    assert (overview.open_talks, overview.your_promises, overview.names) == ((), (), {})


def test_who_somebody_is_comes_without_how_she_works(world: World) -> None:
    """A manager with whom something is shared gets no numbers, days, wishes or partner of who shares it."""
    ada = world.acting("ada")
    ada.profile.go_without_partner()
    ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    (things,) = world.acting("sam").team.overview().shared
    assert things.person == ada.person.seen_by_others() != ada.person


def test_page_is_the_same_whatever_is_private(make_world: Callable[..., World]) -> None:
    """In two worlds that differ in private things only, the page of the manager is the same."""
    pages: list[list[object]] = []
    for secret in (False, True):
        world = make_world()
        ada, liam = world.acting("ada"), world.acting("liam")
        shared = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
        if secret:
            for person in (ada, liam):
                person.goals.record(person.goals.start(person.goals.draft(title="Secret")), note="Secret")
                person.reflections.write(person.reflections.next_prompt().id, "Secret")
                person.learning.choose("own", title="Secret")
            world.given()
        overview = world.acting("sam").team.overview()
        pages.append(
            [
                (overview.as_of, overview.open_talks, overview.your_promises, overview.names, shared.title),
                *(
                    (
                        things.person.external_id,
                        [goal.title for goal in things.goals],
                        things.choices,
                        things.reflections,
                    )
                    for things in overview.shared
                ),
            ]
        )
    assert pages[0] == pages[1]


def test_looks_are_journalled(world: World) -> None:
    """Everyone whose things the page shows reads in her own journal which; who shared nothing has no look."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    ada.goals.draft(title="A draft")
    world.acting("sam").team.overview()
    assert world.looks("ada") == [("sam", (goal.id,), "")]
    assert world.looks("liam") == []


def test_leavers_are_not_on_the_page(world: World, tell_row: Callable[..., Any]) -> None:
    """Who left is on nobody's page."""
    ada = world.acting("ada")
    ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    world.tell(tell_row("ada", manager="sam", active=False))
    assert world.acting("sam").team.overview().shared == ()
