"""The team: what the people who report to the actor chose to share, and nothing about who shared nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from attrs import field, frozen

from ownership.domain.check_ins import Agreement, CheckIn
from ownership.domain.delegations import Delegation
from ownership.domain.goals import Goal
from ownership.domain.leadership import open_promises
from ownership.domain.learning import LearningChoice
from ownership.domain.people import Person, PersonId
from ownership.domain.reflections import Reflection
from ownership.workspace.sight import Sight
from ownership.workspace.team_moments import TeamMoments


@frozen
class SharedThings:
    """What one person shared with the actor; at least one thing."""

    person: Person
    goals: tuple[Goal, ...]
    choices: tuple[LearningChoice, ...]
    reflections: tuple[Reflection, ...]


@frozen
class TeamOverview:
    """What a manager or partner has in hand.

    The talks that are open, what *he* promised, and what was shared with him.
    """

    as_of: datetime
    open_talks: tuple[CheckIn, ...]
    your_promises: tuple[Agreement, ...]
    shared: tuple[SharedThings, ...]
    names: dict[str, str] = field(repr=False)


class Team(TeamMoments):
    """The people who report to the actor or have her as a conversation partner."""

    def overview(self) -> TeamOverview:
        """Give what the people who report to the actor shared with her, and the talks in which she is the partner."""
        with self._seat.writing() as sight:
            me = self._seat.person_id
            in_hand = sight.calendar.in_hand_of(me)
            open_ids = {it.id for it in sight.open_ones(in_hand)}
            talks = sight.see_all(it for it in in_hand if it.id in open_ids or open_promises([it], me))
            shared = [things for person in reports_of(sight, me) if (things := self._shared_by(sight, person))]
            mentioned = sight.people({check_in.owner_id for check_in in talks})
            return TeamOverview(
                as_of=sight.now,
                open_talks=tuple(c.seen_by(me) for c in talks if c.id in open_ids),
                your_promises=open_promises(talks, me),
                shared=tuple(sorted(shared, key=lambda things: things.person.display_name)),
                names={person.id: person.display_name for person in mentioned.values()},
            )

    def decisions(self) -> tuple[Delegation, ...]:
        """Give the decisions that were handed over to the actor, by whoever did so, with what came of each."""
        with self._seat.writing() as sight:
            return tuple(sight.see_all(sight.unit.find(Delegation, "viewer_ids", equals=self._seat.person_id)))

    def _shared_by(self, sight: Sight, person: Person) -> SharedThings | None:
        owned = sight.unit.owned(person.id, Goal, LearningChoice, Reflection)
        goals: Sequence[Goal] = sight.see_all(owned[Goal])
        choices: Sequence[LearningChoice] = sight.see_all(owned[LearningChoice])
        reflections: Sequence[Reflection] = sight.see_all(owned[Reflection])
        if not (goals or choices or reflections):
            return None
        return SharedThings(person.seen_by_others(), tuple(goals), tuple(choices), tuple(reflections))


def reports_of(sight: Sight, manager_id: PersonId) -> list[Person]:
    """Give the people who report to someone today, where they are."""
    known = sight.unit.find(Person, "manager_id", equals=manager_id)
    return [person for person in known if _reports_to(person, manager_id, person.day_of(sight.now))]


def _reports_to(person: Person, manager_id: PersonId, on: date) -> bool:
    line = person.reporting_line_on(on)
    return line is not None and line.manager_id == manager_id and person.works_on(on)
