"""The overview and the next step: one read of all that is the actor's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from attrs import evolve

from ownership.content import in_language
from ownership.domain.cycles import Participation
from ownership.domain.feedback import FeedbackRequest, RequestStatus
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.next_steps import NextStep, next_steps
from ownership.domain.overview import Overview, OwnThings, compose_overview, people_mentioned, situation_of
from ownership.domain.people import AudienceKind, Person, PersonId
from ownership.domain.visibility import Viewer
from ownership.workspace.calendar import in_order
from ownership.workspace.feedback import read_by_receiver
from ownership.workspace.learning import menu_for
from ownership.workspace.pulse import pulses_about
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight
from ownership.workspace.visibility import viewers


def overview_of(seat: Seat) -> Overview:
    """Compose the actor's overview.

    It shows the questions that colleagues put to the actor, and what they wrote: then it is a unit that journals the
    look, and notes that the feedback was read.
    """
    with seat.reading() as sight:
        own = _own_things(seat, sight, people_mentioned)
        if not own.asked_of_me and all(feedback.read_on for feedback in own.feedback):
            return _composed(seat, sight, own)
    with seat.writing() as sight:
        own = _own_things(seat, sight, people_mentioned)
        asked, feedback = sight.see_all(own.asked_of_me), read_by_receiver(sight, own.feedback)
        return _composed(seat, sight, evolve(own, asked_of_me=asked, feedback=feedback))


def _composed(seat: Seat, sight: Sight, own: OwnThings) -> Overview:
    theme, about = _menu_subject(own)
    menu = menu_for(seat, sight, theme, about, own.choices)
    return compose_overview(
        sight.viewer,
        own,
        sight.now,
        menu=menu,
        viewers_of=lambda goal: _viewers_of(sight, goal),
        names={PersonId(id_): name for id_, name in sight.names(people_mentioned(own, menu)).items()},
        construct_titles={c.id: in_language(c.titles, sight.viewer.language) for c in seat.desk.content.constructs},
    )


def next_steps_of(seat: Seat) -> tuple[NextStep, ...]:
    """Work out the actor's next small steps."""
    with seat.reading() as sight:
        return next_steps(situation_of(sight.viewer, _own_things(seat, sight), sight.now))


def _own_things(
    seat: Seat, sight: Sight, besides: Callable[[OwnThings], frozenset[PersonId]] = lambda _: frozenset()
) -> OwnThings:
    """Read all that is hers, and the people who count for the rules with those who will be asked for besides."""
    classes = OwnThings.classes()
    owned = sight.own_things(*classes.values(), Participation)
    openings = sight.calendar.openings_of(sight.viewer, owned[Participation])
    hers: dict[str, Any] = {name: owned[cls] for name, cls in classes.items()}
    own = OwnThings(**hers, asked_of_me=_asked_of(seat, sight), pulses=pulses_about(sight.unit))
    beside = _beside(sight.viewer, own, seat.today(sight))
    people = sight.people(beside | besides(own) | {it.partner_id for it in openings if it.partner_id})
    untouched = sight.calendar.untouched(openings, {check_in.id for check_in in own.check_ins})
    return evolve(
        own,
        check_ins=in_order([*own.check_ins, *untouched]),
        beside={PersonId(id_): person for id_, person in people.items() if id_ in beside},
    )


def _beside(viewer: Person, own: OwnThings, today: date) -> set[PersonId]:
    """Name who counts for the rules: the manager, and whoever promised something that is still open."""
    line = viewer.reporting_line_on(today)
    managers = {line.manager_id} if line else set()
    return managers | {a.holder_id for check_in in own.check_ins for a in check_in.agreements if a.is_open}


def _asked_of(seat: Seat, sight: Sight) -> list[FeedbackRequest]:
    asked = sight.unit.find(FeedbackRequest, "asked_id", equals=seat.person_id)
    return [request for request in asked if request.status is RequestStatus.ASKED and sight.decide(request)]


def _menu_subject(own: OwnThings) -> tuple[str, str]:
    """Give the theme and id of the goal for which the menu is laid out: the first active one."""
    active = [goal for goal in own.goals if goal.status is GoalStatus.ACTIVE]
    return (active[0].theme, active[0].id) if active else ("", "")


def _viewers_of(sight: Sight, goal: Goal) -> tuple[Viewer, ...]:
    """Name who sees a goal; "everyone" is said, not listed."""
    if goal.audience.kind in {AudienceKind.ONLY_ME, AudienceKind.EVERYONE}:
        return ()
    return viewers(sight, goal, goal.audience)
