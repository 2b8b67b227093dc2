"""The overview and the next step: one read of all that is the actor's own."""

from __future__ import annotations

from attrs import evolve

from ownership.domain.feedback import FeedbackRequest, RequestStatus
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.next_steps import NextStep, next_steps
from ownership.domain.overview import Overview, OwnThings, compose_overview, people_mentioned, situation_of
from ownership.domain.people import AudienceKind
from ownership.domain.visibility import Viewer
from ownership.workspace.learning import menu_for
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight
from ownership.workspace.visibility import viewers


def overview_of(seat: Seat) -> Overview:
    """Compose the actor's overview.

    It shows the questions that colleagues put to the actor: theirs, so that unit is one that journals the look.
    """
    with seat.desk.reading() as unit:
        is_asked = bool(_asked_of(seat, Sight(seat.desk, unit, seat.person_id)))
    with seat.writing() if is_asked else seat.reading() as sight:
        own = _own_things(seat, sight)
        own = evolve(own, asked_of_me=sight.see_all(own.asked_of_me))
        theme, about = _menu_subject(own)
        menu = menu_for(seat, sight, theme, about, own.choices)
        mentioned = sight.people(people_mentioned(own, menu)).values()
        return compose_overview(
            sight.viewer,
            own,
            sight.now,
            menu=menu,
            viewers_of=lambda goal: _viewers_of(sight, goal),
            names={person.id: person.display_name for person in mentioned},
        )


def next_steps_of(seat: Seat) -> tuple[NextStep, ...]:
    """Work out the actor's next small steps."""
    with seat.reading() as sight:
        return next_steps(situation_of(sight.viewer, _own_things(seat, sight), sight.now))


def _own_things(seat: Seat, sight: Sight) -> OwnThings:
    classes = OwnThings.classes()
    owned = sight.unit.owned(seat.person_id, *classes.values())
    hers = {name: owned[cls] for name, cls in classes.items()}
    return OwnThings(**hers, asked_of_me=_asked_of(seat, sight))


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
