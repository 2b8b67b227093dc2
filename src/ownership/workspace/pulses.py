"""Pulses, for who runs the programme: preview, opening, results and reply; and closing them, as due work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from attrs import field, frozen

from ownership.domain import moments, shapes
from ownership.domain.cohorts import Group, standing_at
from ownership.domain.people import Person, PersonId
from ownership.domain.publication import Band, ReleasePlan
from ownership.domain.pulse import (
    LONGEST,
    SHORTEST,
    Pulse,
    PulseAnswers,
    PulseId,
    PulseReply,
    PulseResults,
    PulseResultsId,
    PulseStatus,
    draw_pulse_questions,
    open_pulse,
    publish_pulse,
)
from ownership.domain.reminders import Delivery, ReminderKind, delivery_to, plan_pulse_invitations
from ownership.domain.scales import ScaleQuestion
from ownership.errors import InvalidInput, NotFound
from ownership.workspace.desk import Desk
from ownership.workspace.pulse import PulseOrId, PulseOutcome, outcomes, pulses_about
from ownership.workspace.records import ORGANISATION, ValueUnit, id_of
from ownership.workspace.releases import latest_plan, plan_after, save_next_plan, standing_now
from ownership.workspace.seat import ORGANISER, Seat, several
from ownership.workspace.sight import Sight

DAYS = 7
"""Days that a pulse is open, unless another number is given."""


@frozen
class GroupToTell:
    """A group of which a pulse could show a result, if enough people in it answer, and how many are in it."""

    group: Group = field(validator=shapes.kind_of(Group))
    people: int = field(validator=shapes.whole(0, 2**31))


@frozen
class ReleasePreview:
    """What a pulse could publish if it opened now, before anyone is asked anything.

    ``waiting`` is how many people would not be counted yet: joiners that are too few, or people who moved.
    """

    minutes: int = field(validator=shapes.whole(1, 60))
    question_ids: tuple[str, ...] = field(validator=shapes.each(shapes.identifier))
    groups: tuple[GroupToTell, ...] = field(validator=shapes.each(shapes.kind_of(GroupToTell)))
    waiting: int = field(validator=shapes.whole(0, 2**31))
    threshold: int = field(validator=shapes.whole(0, 2**31))
    bands: tuple[Band, ...] = field(validator=shapes.each(shapes.kind_of(Band)))


class Pulses:
    """The pulses of the organisation: opened and replied to by an organiser, who sees what everyone sees."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def preview(
        self, *, questions: Iterable[str] | None = None, days: int = DAYS, threshold: int | None = None
    ) -> ReleasePreview:
        """Tell what a pulse could publish if it opened now; nothing is written, and nobody hears of it.

        Raises:
            NotAllowed: the actor is no organiser.
            NotFound: there is no such question.
            InvalidInput: as :meth:`open`.
        """
        self._seat.require(ORGANISER)
        with self._seat.reading() as sight:
            standing = standing_now(sight.unit, sight.now)
            plan = plan_after(latest_plan(sight.unit), standing, threshold=threshold)
            pulse = self._pulse(sight, plan, questions, days)
            groups = _to_tell(plan, standing)
            counted = sum(told.people for told in groups)
            ids = tuple(question.id for question in pulse.questions)
            return ReleasePreview(pulse.minutes, ids, groups, len(standing) - counted, plan.threshold, plan.bands)

    def open(self, *, questions: Iterable[str] | None = None, days: int = DAYS, threshold: int | None = None) -> Pulse:
        """Ask everyone a few questions, from now until the end of the last of some days, and tell them.

        Without ``questions`` (ids of what packs bring) it is a handful: what was asked about longest ago. Questions,
        choices, threshold and who is published with whom are fixed now. Who rests is not nudged.

        Raises:
            NotAllowed: the actor is no organiser.
            NotFound: there is no such question.
            InvalidInput: another pulse is open, it would ask too much of people's time, it lasts too short or too long,
                or the threshold is under the floor or under that of an earlier one.
            Conflict: somebody opened one at the same moment.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            people = list(sight.unit.find(Person))
            plan = save_next_plan(sight.unit, standing_at(people, sight.now), sight.now, threshold=threshold)
            opened = sight.unit.save(self._pulse(sight, plan, questions, days))
            sight.unit.deliver(plan_pulse_invitations(opened, people, sight.now))
            return opened

    def _pulse(self, sight: Sight, plan: ReleasePlan, questions: Iterable[str] | None, days: int) -> Pulse:
        earlier = sight.unit.all_of(ORGANISATION, Pulse)
        pulse = Pulse(
            id=self._seat.desk.new_id(ORGANISATION, Pulse),
            owner_id=PersonId(ORGANISATION),
            opened_by_id=self._seat.person_id,
            opened_at=sight.now,
            closes_at=self._closing(sight, days),
            plan_id=plan.id,
            questions=self._questions(questions, earlier),
            need_choices=self._seat.desk.content.need_choices,
        )
        return open_pulse(pulse, plan, earlier)

    def _questions(self, picked: Iterable[str] | None, earlier: Iterable[Pulse]) -> tuple[ScaleQuestion, ...]:
        there = {question.id: question for question in self._seat.desk.content.pulse_questions}
        if picked is None:
            return draw_pulse_questions(there.values(), earlier)
        ids = list(several(picked, "pulse.questions"))
        for id_ in ids:
            if id_ not in there:
                raise NotFound("question of a pulse", str(id_), see="pulses.questions()")
        return tuple(there[id_] for id_ in ids)

    def _closing(self, sight: Sight, days: int) -> datetime:
        if type(days) is not int or not SHORTEST <= days <= LONGEST:
            raise InvalidInput.at("pulse.days", f"is not a whole number from {SHORTEST} to {LONGEST}")
        after = self._seat.today(sight) + timedelta(days=days)
        return moments.at_local(after, time(), sight.viewer.zone.key)

    def questions(self) -> tuple[ScaleQuestion, ...]:
        """Give the questions that a pulse can ask: ours, and those of every pack that is installed.

        Raises:
            NotAllowed: the actor is no organiser.
        """
        self._seat.require(ORGANISER)
        return self._seat.desk.content.pulse_questions

    def results(self, pulse: PulseOrId | None = None) -> tuple[PulseOutcome, ...]:
        """Give what was published of every pulse that is over, or of one, the newest first; it is what everyone sees.

        Raises:
            NotAllowed: the actor is no organiser.
            NotFound: there is no such pulse, or it is open: then there is nothing to see, and no "so far".
        """
        self._seat.require(ORGANISER)
        with self._seat.reading() as sight:
            told = outcomes(sight.unit)
        found = tuple(outcome for outcome in told if pulse is None or outcome.pulse.id == id_of(pulse))
        if pulse is not None and not found:
            raise NotFound("result of pulse", id_of(pulse), see="pulses.results()")
        return found

    def respond(self, pulse: PulseOrId, *, we_will: str = "", not_now: str = "", because: str = "") -> Pulse:
        """Answer people on what they said: what will be done, or what not now and why, or both. All hear of it.

        Raises:
            NotAllowed: the actor is no organiser.
            NotFound: there is no such pulse.
            InvalidInput: nothing is said, or "not now" has no reason.
            IllegalMove: the pulse is open, was called off, or has its answer.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            reply = PulseReply(self._seat.person_id, self._seat.today(sight), we_will, not_now, because)
            answered = sight.unit.save(sight.unit.one(Pulse, id_of(pulse)).respond(reply))
            here = [person for person in sight.unit.find(Person) if person.works_on(person.day_of(sight.now))]
            others = [person for person in here if person.id != self._seat.person_id]
            kind = ReminderKind.PULSE_REPLIED
            sight.unit.deliver(delivery_to(person, kind, answered.id, now=sight.now) for person in others)
            return answered

    def call_off(self, pulse: PulseOrId) -> Pulse:
        """Call off a pulse that is open: nothing of it is ever published, and what was not to be kept goes.

        Raises:
            NotAllowed: the actor is no organiser.
            NotFound: there is no such pulse.
            IllegalMove: it is over.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            off = sight.unit.save(sight.unit.one(Pulse, id_of(pulse)).call_off(sight.now))
            _forget(sight.unit, _answers_to(sight.unit, off.id))
            return off


def _to_tell(plan: ReleasePlan, standing: Mapping[PersonId, Group]) -> tuple[GroupToTell, ...]:
    """Give the homes of cohorts, with how many people would be counted in each."""
    people: dict[Group, int] = {}
    for cohort in plan.cohorts:
        inside = sum(who in standing and cohort.home.contains(standing[who]) for who in cohort.member_ids)
        people[cohort.home] = people.get(cohort.home, 0) + inside
    return tuple(GroupToTell(group, people[group]) for group in sorted(people))


def over(desk: Desk) -> list[PulseId]:
    """Give the pulses whose window is over and that nobody closed yet."""
    now = desk.now()
    with desk.reading() as unit:
        return [p.id for p in pulses_about(unit) if p.status is PulseStatus.OPEN and p.is_over(now)]


def close_pulse(desk: Desk, pulse_id: PulseId) -> int:
    """Close a pulse whose window is over: publish, remove what was not to be kept, tell who opened it; in one unit.

    One that is not what it was at opening is called off instead: nothing of it is published. Gives how many closed.
    """
    now = desk.now()
    with desk.writing() as unit:
        pulse = unit.one(Pulse, pulse_id)
        if pulse.status is not PulseStatus.OPEN or not pulse.is_over(now):
            return 0
        plan, given = unit.one(ReleasePlan, pulse.plan_id), _answers_to(unit, pulse_id)
        if pulse.is_as_opened(plan):
            _publish(desk, unit, pulse, plan, given)
        else:
            unit.save(pulse.call_off(now))
        _forget(unit, given)
    return 1


def _publish(desk: Desk, unit: ValueUnit, pulse: Pulse, plan: ReleasePlan, given: list[PulseAnswers]) -> None:
    now, people = desk.now(), {person.id: person for person in unit.find(Person)}
    standing = standing_at(people.values(), pulse.closes_at - timedelta(microseconds=1))
    figures, need_figures = publish_pulse(pulse, plan, standing, given)
    id_: PulseResultsId = desk.new_id(ORGANISATION, PulseResults)
    unit.save(PulseResults(id_, pulse.owner_id, pulse.id, now, figures, need_figures))
    closed = unit.save(pulse.close(now))
    unit.deliver(_reply_due(closed, people, now))


def _reply_due(pulse: Pulse, people: Mapping[PersonId, Person], now: datetime) -> list[Delivery]:
    opener = people.get(pulse.opened_by_id)
    if opener is None or not opener.works_on(opener.day_of(now)):
        return []
    return [delivery_to(opener, ReminderKind.PULSE_REPLY_DUE, pulse.id, now=now, until=pulse.reply_by_on)]


def _answers_to(unit: ValueUnit, pulse_id: PulseId) -> list[PulseAnswers]:
    return list(unit.find(PulseAnswers, "pulse_id", equals=pulse_id))


def _forget(unit: ValueUnit, given: Iterable[PulseAnswers]) -> None:
    """Remove what people did not want to keep."""
    unit.remove(*(answers for answers in given if not answers.keeps))
