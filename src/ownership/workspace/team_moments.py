"""Team moments: planned by anyone in a team, with what people choose to bring, and what the team agrees on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from ownership.content import in_language
from ownership.domain.people import Membership, Person, PersonId
from ownership.domain.reminders import ReminderKind
from ownership.domain.team_moments import TeamAgreement, TeamMoment, TeamMomentId, draw_questions
from ownership.errors import InvalidInput
from ownership.workspace.check_ins import Promise
from ownership.workspace.desk import find_person
from ownership.workspace.seat import Seat, several
from ownership.workspace.sight import Sight

MomentOrId = TeamMoment | TeamMomentId | str


class TeamMoments:
    """The moments in which the actor's team talks about development.

    A verb takes a moment (then it must be the latest version) or its id. Each raises NotFound for one that is not there
    or to which the actor is not invited, and IllegalMove when its status does not allow the verb. Everyone reads what
    is their own and what others show.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def plan_moment(
        self, *, theme: str, on: date, questions: Iterable[str] | None = None, guests: Iterable[str] = ()
    ) -> TeamMoment:
        """Plan a moment of the actor's team, as the team is on that day, with guests perhaps; all hear of it.

        Without questions, three are drawn from :meth:`moment_questions`. Coming is free, and nobody keeps who came.

        Raises:
            NotFound: a guest is nobody.
            InvalidInput: the day is past, a guest does not work here that day, there is nobody to talk with, or a field
                cannot be kept.
        """
        with self._seat.writing() as sight:
            moment_id: TeamMomentId = self._seat.desk.new_id(self._seat.person_id, TeamMoment)
            group = sight.viewer.membership_on(_day_to_come(on, self._seat.today(sight)))
            guests_ = [_guest(sight, who, on) for who in several(guests, "team_moment.guests")]
            people = {person.id: person for person in [sight.viewer, *_team_on(sight, group, on), *guests_]}
            moment = TeamMoment(
                id=moment_id,
                owner_id=self._seat.person_id,
                theme=theme,
                meets_on=on,
                participant_ids=tuple(people),
                department=group.department if group else "",
                team=group.team if group else "",
                questions=self._questions(sight, moment_id, questions),
            )
            planned = sight.unit.save(moment)
            self._tell_others(sight, planned, people.values(), ReminderKind.TEAM_MOMENT_PLANNED)
            return planned

    def _questions(self, sight: Sight, seed: str, picked: Iterable[str] | None) -> tuple[str, ...]:
        if picked is not None:
            return tuple(several(picked, "team_moment.questions"))
        drawn = draw_questions(self._seat.desk.content.team_questions, seed)
        return tuple(in_language(question.texts, sight.viewer.language) for question in drawn)

    def _tell_others(self, sight: Sight, moment: TeamMoment, people: Iterable[Person], kind: ReminderKind) -> None:
        others = [person for person in people if person.id != self._seat.person_id]
        self._seat.tell(sight, kind, moment.id, *others, until=moment.meets_on)

    def moment_questions(self) -> tuple[str, ...]:
        """Give open questions for a team to choose from, in the actor's language."""
        with self._seat.reading() as sight:
            language = sight.viewer.language
            return tuple(in_language(question.texts, language) for question in self._seat.desk.content.team_questions)

    def moments(self) -> tuple[TeamMoment, ...]:
        """Give the moments to which the actor is invited, in the order of their days."""
        me = self._seat.person_id
        with self._seat.writing() as sight:
            seen = sight.see_all(sight.unit.find(TeamMoment, "participant_ids", equals=me))
            return tuple(moment.seen_by(me) for moment in sorted(seen, key=lambda it: (it.meets_on, it.id)))

    def moment(self, moment: MomentOrId) -> TeamMoment:
        """Give one moment, as it is now, to which the actor is invited."""
        with self._seat.writing() as sight:
            return sight.see(TeamMoment, moment).seen_by(self._seat.person_id)

    def bring(self, moment: MomentOrId, text: str) -> TeamMoment:
        """Bring something to a moment, in place of what the actor brought before; nobody reads it until it is shown.

        Raises:
            InvalidInput: the text cannot be kept.
        """
        return self._move(moment, lambda it, _: it.bring(self._seat.person_id, text))

    def show(self, moment: MomentOrId) -> TeamMoment:
        """Show the participants what the actor brought.

        Raises:
            InvalidInput: the actor brought nothing.
        """
        return self._move(moment, lambda it, sight: it.show(self._seat.person_id, sight.now))

    def take_back(self, moment: MomentOrId) -> TeamMoment:
        """Take back what the actor brought, shown or not; whoever read it has read it."""
        return self._move(moment, lambda it, _: it.take_back(self._seat.person_id))

    def hold_moment(self, moment: MomentOrId, *, agreements: Iterable[Promise | str] = ()) -> TeamMoment:
        """Note that the team talked, with what it agreed on; any participant can.

        A text is what all agree on, a ``Promise`` what one participant promises.

        Raises:
            NotFound: a promise is by nobody.
            InvalidInput: a promise is by somebody who is no participant, or its text cannot be kept.
        """

        def move(it: TeamMoment, sight: Sight) -> TeamMoment:
            agreed = [self._agreement(sight, spoken) for spoken in several(agreements, "team_moment.agreements")]
            return it.hold(self._seat.today(sight), agreed)

        return self._move(moment, move)

    def _agreement(self, sight: Sight, spoken: Promise | str) -> TeamAgreement:
        if isinstance(spoken, str):
            return TeamAgreement(spoken)
        by_id: PersonId = find_person(sight.unit, spoken.by).id if spoken.by else self._seat.person_id
        return TeamAgreement(spoken.text, by_id, spoken.due_on)

    def call_off_moment(self, moment: MomentOrId) -> TeamMoment:
        """Call off a moment that the actor called for; the others hear of it, and no reason is asked.

        Raises:
            NotAllowed: somebody else called for it.
        """
        with self._seat.writing() as sight:
            called_off = sight.unit.save(self._seat.own(sight, TeamMoment, moment).call_off())
            people = sight.people(called_off.participant_ids).values()
            self._tell_others(sight, called_off, people, ReminderKind.TEAM_MOMENT_CALLED_OFF)
            return called_off.seen_by(self._seat.person_id)

    def _move(self, spoken: MomentOrId, move: Callable[[TeamMoment, Sight], TeamMoment]) -> TeamMoment:
        with self._seat.writing() as sight:
            latest = self._seat.latest(sight, TeamMoment, spoken)
            return sight.unit.save(move(latest, sight)).seen_by(self._seat.person_id)


def _day_to_come(on: Any, today: date) -> date:
    if not isinstance(on, date) or isinstance(on, datetime) or on < today:
        raise InvalidInput.at("team_moment.meets_on", "is no day to come; choose today or a later day")
    return on


def _guest(sight: Sight, who: str, on: date) -> Person:
    person = find_person(sight.unit, who)
    if not person.works_on(on):
        raise InvalidInput.at("team_moment.guests", f"{person.id!r} does not work here that day; leave them out")
    return person


def _team_on(sight: Sight, group: Membership | None, on: date) -> list[Person]:
    """Give everyone who is in a team on a day, as far as known now."""
    if group is None or not group.team:
        return []
    return [person for person in sight.unit.find(Person, "team", equals=group.team) if _is_in(person, group, on)]


def _is_in(person: Person, group: Membership, on: date) -> bool:
    theirs = person.membership_on(on)
    if theirs is None or not person.works_on(on):
        return False
    return (theirs.department, theirs.team) == (group.department, group.team)
