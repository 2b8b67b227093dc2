"""Pulses: a few questions to everyone, two minutes, now and then; and the answer that people get to what they said.

What somebody answers is her own private record. When the window closes, counts go into the cells that the release plan
permits (see ``publication``), and the organisation keeps nothing else. Questions, needs and plan are fixed at opening;
a fingerprint tells when any of them is not what it was then. Every pulse that was published waits for "we will", or
"not now, because".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    GROUP_FIGURES,
    LINK,
    OTHER_PERSON,
    OWN_FACTS,
    OWN_WORDS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    Holder,
    Keeping,
    Purpose,
    Reader,
    Term,
)
from ownership.domain.cohorts import Group
from ownership.domain.moves import status_after
from ownership.domain.people import PersonId
from ownership.domain.publication import (
    HIGHEST,
    Publication,
    ReleasePlan,
    ReleasePlanId,
    edges_for,
    publish,
)
from ownership.domain.scales import NotEnoughData, Polarity, ScaleQuestion, constructs_in, refuse_answers, scale_mean
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput, Problem

PulseId = NewType("PulseId", str)
PulseAnswersId = NewType("PulseAnswersId", str)
PulseResultsId = NewType("PulseResultsId", str)

CONSTRUCTS_ASKED = 3
"""Constructs that a pulse asks about when nobody picks questions; the next asks about others."""

QUESTIONS_EACH = 2
"""Questions that it asks about each of these, one of each polarity where there are."""

MOST_QUESTIONS = 20
"""Questions of a pulse at most."""

SECONDS_EACH = 15
"""The time that a question takes."""

MOST_MINUTES = 5
"""Minutes that pulses ask of anyone within :data:`MINUTES_WITHIN`, all together."""

MINUTES_WITHIN = timedelta(days=28)

SHORTEST, LONGEST = 2, 60
"""Days that a pulse is open, at the least and at the most."""

REPLY_DAYS = 14
"""Days after closing in which people are to hear what is done with what they said."""


class PulseStatus(StrEnum):
    """Where a pulse is in its life."""

    OPEN = "open"
    CLOSED = "closed"
    ANSWERED = "answered"
    CALLED_OFF = "called_off"


class PulseMove(StrEnum):
    """What people can do with a pulse (answer, take back), due work (close it) and an organiser (the rest)."""

    ANSWER = "answer"
    TAKE_BACK = "take_back"
    CLOSE = "close"
    RESPOND = "respond"
    CALL_OFF = "call_off"


MOVES: Mapping[PulseStatus, Mapping[PulseMove, PulseStatus]] = {
    PulseStatus.OPEN: {
        PulseMove.ANSWER: PulseStatus.OPEN,
        PulseMove.TAKE_BACK: PulseStatus.OPEN,
        PulseMove.CLOSE: PulseStatus.CLOSED,
        PulseMove.CALL_OFF: PulseStatus.CALLED_OFF,
    },
    PulseStatus.CLOSED: {PulseMove.RESPOND: PulseStatus.ANSWERED},
    PulseStatus.ANSWERED: {},
    PulseStatus.CALLED_OFF: {},
}


@frozen
class NeedChoice:
    """Something that would help, to choose from, in several languages."""

    id: str = field(validator=shapes.identifier, metadata=RECORD_ID)
    texts: Mapping[str, str] = field(validator=texts.translated, metadata=OWN_FACTS)


@frozen
class PulseReply:
    """What people hear on what they said: what will be done, or what not now and why, or both."""

    by_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    on: date = field(validator=moments.day, metadata=OWN_FACTS)
    we_will: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    not_now: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    because: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)

    def __attrs_post_init__(self) -> None:
        if not (self.we_will.strip() or self.not_now.strip()):
            raise InvalidInput.at("pulse_reply.we_will", "is empty; say what you will do, or what not now and why")
        if self.not_now.strip() and not self.because.strip():
            raise InvalidInput.at("pulse_reply.because", "is empty; say why not now")


@frozen
class Pulse:
    """A few questions to everyone, from ``opened_at`` until ``closes_at`` (not included), as they were at opening.

    ``plan_id`` is the release plan: who is published with whom. ``reply`` is what people heard on it.
    """

    keeping: ClassVar[Keeping] = Keeping(
        Purpose.LISTEN, (Reader.EVERYONE,), Holder.ORGANISATION, Term.PULSES, "closed_at"
    )

    id: PulseId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    opened_by_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    opened_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    closes_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    plan_id: ReleasePlanId = field(validator=shapes.identifier, metadata=LINK)
    questions: tuple[ScaleQuestion, ...] = field(validator=shapes.each(shapes.kind_of(ScaleQuestion)))
    need_choices: tuple[NeedChoice, ...] = field(default=(), validator=shapes.each(shapes.kind_of(NeedChoice)))
    fingerprint: str = field(default="", validator=shapes.identifier_or_empty, metadata=OWN_FACTS)
    status: PulseStatus = field(default=PulseStatus.OPEN, validator=shapes.kind_of(PulseStatus), metadata=OWN_FACTS)
    closed_at: datetime | None = field(default=None, validator=optional(moments.instant), metadata=OWN_FACTS)
    reply: PulseReply | None = field(default=None, validator=optional(shapes.kind_of(PulseReply)))
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        asked = [question.id for question in self.questions]
        if not 1 <= len(asked) <= MOST_QUESTIONS or len(set(asked)) < len(asked):
            raise InvalidInput.at("pulse.questions", f"are not 1 to {MOST_QUESTIONS} different ones")
        if len({need.id for need in self.need_choices}) < len(self.need_choices):
            raise InvalidInput.at("pulse.need_choices", "have one twice")
        if self.closes_at <= self.opened_at:
            raise InvalidInput.at("pulse.closes_at", "is not after it opens")
        if (self.reply is not None) != (self.status is PulseStatus.ANSWERED):
            raise InvalidInput.at("pulse.reply", f"does not fit a pulse that is {self.status}")
        if (self.closed_at is None) != (self.status is PulseStatus.OPEN):
            raise InvalidInput.at("pulse.closed_at", f"does not fit a pulse that is {self.status}")

    @property
    def current(self) -> str | None:
        """Whether it is open or waits for a reply: the stored key by which those are found."""
        return "current" if MOVES[self.status] else None

    @property
    def constructs(self) -> tuple[str, ...]:
        """What it asks about, in the order of its questions."""
        return constructs_in(self.questions)

    @property
    def minutes(self) -> int:
        """How long it takes to answer, needs included."""
        return minutes_for(len(self.questions) + bool(self.need_choices))

    @property
    def reply_by_on(self) -> date | None:
        """The day on which people hear at the latest what is done with what they said; None before it closed."""
        return None if self.closed_at is None else self.closed_at.date() + timedelta(days=REPLY_DAYS)

    def is_over(self, now: datetime) -> bool:
        """Whether its window is over."""
        return now >= self.closes_at

    def is_as_opened(self, plan: ReleasePlan) -> bool:
        """Whether questions, needs, window and plan are what they were at opening."""
        return plan.id == self.plan_id and self.fingerprint == fingerprint_of(self, plan)

    def _after(self, move: PulseMove) -> PulseStatus:
        return status_after(MOVES, self.status, move, "pulse", self.id)

    def accepting(self, move: PulseMove, now: datetime) -> Pulse:
        """Return the pulse if somebody may answer it now, or take her answers back.

        Raises:
            IllegalMove: the pulse is closed.
            InvalidInput: its last moment has passed.
        """
        status = self._after(move)
        if self.is_over(now):
            raise InvalidInput.at("pulse.closes_at", "has passed; what was answered until then counts")
        return evolve(self, status=status)

    def close(self, at: datetime) -> Pulse:
        """Return the pulse as closed: what may be published is published, and an answer is due."""
        return evolve(self, status=self._after(PulseMove.CLOSE), closed_at=at)

    def call_off(self, at: datetime) -> Pulse:
        """Return the pulse as called off: nothing of it is ever published."""
        return evolve(self, status=self._after(PulseMove.CALL_OFF), closed_at=at)

    def respond(self, reply: PulseReply) -> Pulse:
        """Return the pulse with what people hear on it.

        Raises:
            IllegalMove: it is open, or was answered before.
        """
        return evolve(self, status=self._after(PulseMove.RESPOND), reply=reply)


@frozen
class PulseAnswers:
    """What one person answered to a pulse: hers, and nobody else ever reads it.

    ``answers`` are by question, ``needs`` what she chose of the choices; None when she skipped that. ``questions`` are
    all that she was asked, as she was asked it: so her trend needs nothing else, wherever she takes it and however long
    the pulse is kept. Without ``keeps`` it goes when the pulse closes, and is in no trend.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.LISTEN, (Reader.PUBLISHED,))

    id: PulseAnswersId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    pulse_id: PulseId = field(validator=shapes.identifier, metadata=LINK)
    answered_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    answers: Mapping[str, int] = field(
        factory=dict,
        validator=shapes.by_key(shapes.identifier, shapes.whole(0, 1_000)),
        repr=False,
        metadata=OWN_FACTS,
    )
    needs: tuple[str, ...] | None = field(
        default=None, validator=optional(shapes.each(shapes.identifier)), repr=False, metadata=OWN_FACTS
    )
    keeps: bool = field(default=True, validator=shapes.flag, metadata=OWN_FACTS)
    questions: tuple[ScaleQuestion, ...] = field(
        default=(), validator=shapes.each(shapes.kind_of(ScaleQuestion)), repr=False
    )
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if self.questions:
            refuse_answers(self.questions, self.answers, "pulse_answers.answers")

    @property
    def constructs(self) -> tuple[str, ...]:
        """What she was asked about, in the order of the questions."""
        return constructs_in(self.questions)

    def value_of(self, construct: str) -> float | NotEnoughData:
        """Give what her answers say of a construct, from 0 to 100."""
        return scale_mean(self.questions, construct, self.answers)


@frozen
class PulseResults:
    """All that is kept of a pulse besides what people keep for themselves: what could be published, and no more.

    ``figures`` tell of each construct the band in which a mean lies, ``need_figures`` of each choice whether at least
    half chose it; both of the same cells.
    """

    keeping: ClassVar[Keeping] = Keeping(
        Purpose.LISTEN, (Reader.EVERYONE,), Holder.ORGANISATION, Term.PULSES, "published_at"
    )

    id: PulseResultsId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    pulse_id: PulseId = field(validator=shapes.identifier, metadata=LINK)
    published_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    figures: Publication = field(validator=shapes.kind_of(Publication), metadata=GROUP_FIGURES)
    need_figures: Publication = field(validator=shapes.kind_of(Publication), metadata=GROUP_FIGURES)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)


@frozen
class TrendPoint:
    """What some of somebody's own answers say of a construct, from 0 to 100, and when she gave them."""

    answers_id: PulseAnswersId = field(validator=shapes.identifier)
    answered_at: datetime = field(validator=moments.instant)
    value: float | NotEnoughData = field(
        validator=shapes.one_of(shapes.number(0, HIGHEST), shapes.kind_of(NotEnoughData)), repr=False
    )


@frozen
class Trend:
    """How a construct went by somebody's own answers, the oldest first; for herself alone."""

    construct: str = field(validator=shapes.identifier)
    points: tuple[TrendPoint, ...] = field(default=(), validator=shapes.each(shapes.kind_of(TrendPoint)))

    @property
    def change(self) -> float | NotEnoughData:
        """How far the last value lies from the one before; not enough data while there are no two."""
        values = [point.value for point in self.points if not isinstance(point.value, NotEnoughData)]
        return values[-1] - values[-2] if len(values) >= 2 else NotEnoughData(len(values), 2)


def pulse_answers_id(person_id: PersonId, pulse_id: PulseId) -> PulseAnswersId:
    """Give the id of what a person answers to a pulse: there is one, however often she changes it."""
    return PulseAnswersId(f"{person_id}.a{pulse_id.partition('.')[2][1:]}")


def minutes_for(questions: int) -> int:
    """Tell how many minutes so many questions take, rounded up.

    Examples:
        >>> minutes_for(6)
        2
    """
    return -(-questions * SECONDS_EACH // 60)


def fingerprint_of(pulse: Pulse, plan: ReleasePlan) -> str:
    """Give a text that differs when anything of what is asked, until when, or of what may be published differs.

    Of a cohort its home and how many are in it count, not who: erasing somebody puts nobody in her place.
    """
    asked = [
        (q.id, q.construct, str(q.polarity), q.lowest, q.highest, sorted(q.texts.items())) for q in pulse.questions
    ]
    needs = [(need.id, sorted(need.texts.items())) for need in pulse.need_choices]
    together = [(cohort.home.department, cohort.home.team, len(cohort.member_ids)) for cohort in plan.cohorts]
    permitted = (plan.id, plan.threshold, [f"{edge:g}" for edge in plan.edges], f"{plan.step:g}", together)
    window = (pulse.opened_at.isoformat(), pulse.closes_at.isoformat())
    return sha256(repr((asked, needs, permitted, window)).encode()).hexdigest()


def draw_pulse_questions(questions: Iterable[ScaleQuestion], earlier: Iterable[Pulse]) -> tuple[ScaleQuestion, ...]:
    """Draw a handful of questions: of what was asked about longest ago, or never, a few of each polarity.

    The same questions after the same pulses give the same draw.
    """
    asked_at = {
        key: pulse.opened_at.isoformat()
        for pulse in sorted(earlier, key=lambda pulse: pulse.opened_at)
        for question in pulse.questions
        for key in (question.id, question.construct)
    }
    by_construct: dict[str, list[ScaleQuestion]] = {}
    for question in questions:
        by_construct.setdefault(question.construct, []).append(question)
    constructs = sorted(by_construct, key=lambda construct: asked_at.get(construct, ""))[:CONSTRUCTS_ASKED]
    return tuple(
        question
        for construct in constructs
        for question in _both_ways(sorted(by_construct[construct], key=lambda q: asked_at.get(q.id, "")))
    )


def _both_ways(questions: Sequence[ScaleQuestion]) -> list[ScaleQuestion]:
    """Take the first question of each polarity, and then whatever comes first."""
    first = [next((q for q in questions if q.polarity is polarity), None) for polarity in Polarity]
    of_each = [question for question in first if question is not None]
    return [*of_each, *(question for question in questions if question not in of_each)][:QUESTIONS_EACH]


def refuse_too_much(pulse: Pulse, earlier: Iterable[Pulse]) -> None:
    """Refuse a pulse beside another, or one with which pulses would ask too much of people's time.

    Raises:
        InvalidInput: one is open still, or the minutes within four weeks would be more than the most.
    """
    recent = [other for other in earlier if pulse.opened_at - other.opened_at < MINUTES_WITHIN]
    minutes = sum(other.minutes for other in recent) + pulse.minutes
    if any(other.status is PulseStatus.OPEN for other in earlier):
        raise InvalidInput.at("pulse", "is one beside another that is open; let that one close first")
    if minutes > MOST_MINUTES:
        message = f"would ask {minutes} minutes of people within four weeks; at most {MOST_MINUTES}: ask less, or later"
        raise InvalidInput.at("pulse.questions", message)


def open_pulse(pulse: Pulse, plan: ReleasePlan, earlier: Iterable[Pulse]) -> Pulse:
    """Return a new pulse with the fingerprint of what is fixed now.

    Raises:
        InvalidInput: see :func:`refuse_too_much`; or it asks too much at once by itself.
    """
    refuse_too_much(pulse, list(earlier))
    return evolve(pulse, fingerprint=fingerprint_of(pulse, plan))


def refuse_odd_answers(pulse: Pulse, answers: Mapping[str, int], needs: Sequence[str] | None) -> None:
    """Refuse answers out of range, to what is not asked, needs that are not among the choices, and nothing at all.

    Raises:
        InvalidInput: there are such answers; each is named.
    """
    refuse_answers(pulse.questions, answers, "pulse.answers")
    choices = {need.id for need in pulse.need_choices}
    problems = [
        Problem("pulse.needs", "hold one that is no choice here") for need in needs or () if need not in choices
    ]
    if not answers and not needs:
        problems.append(Problem("pulse.answers", "are empty; answer at least one question, or choose what you need"))
    if problems:
        raise InvalidInput(problems)


def publish_pulse(
    pulse: Pulse, plan: ReleasePlan, standing: Mapping[PersonId, Group], answers: Iterable[PulseAnswers]
) -> tuple[Publication, Publication]:
    """Publish what the plan of a pulse permits: of its constructs, and of what people need.

    Both are of the same cells. A choice is a yes or a no, so that its bands are the two that fit such answers.

    Raises:
        InvalidInput: the pulse or its plan is not what it was at opening; nothing is published.
    """
    if not pulse.is_as_opened(plan):
        raise InvalidInput.at("pulse.fingerprint", "shows that questions or plan changed after opening; call it off")
    given = list(answers)
    figures = publish(plan, standing, {hers.owner_id: _figures_of(pulse, hers) for hers in given})
    of_yes_or_no = evolve(plan, step=HIGHEST, edges=edges_for(HIGHEST))
    needs = publish(of_yes_or_no, standing, {hers.owner_id: _needs_of(pulse, hers) for hers in given})
    return figures, needs


def _figures_of(pulse: Pulse, hers: PulseAnswers) -> dict[str, float | None]:
    means = {construct: scale_mean(pulse.questions, construct, hers.answers) for construct in pulse.constructs}
    return {construct: None if isinstance(mean, NotEnoughData) else mean for construct, mean in means.items()}


def _needs_of(pulse: Pulse, hers: PulseAnswers) -> dict[str, float | None]:
    chosen = hers.needs
    return {need.id: None if chosen is None else HIGHEST * (need.id in chosen) for need in pulse.need_choices}


def trend_of(construct: str, answers: Iterable[PulseAnswers]) -> Trend:
    """Work out how a construct went by somebody's own answers that she keeps, where she was asked about it."""
    points = [
        TrendPoint(hers.id, hers.answered_at, hers.value_of(construct))
        for hers in _kept(answers)
        if construct in hers.constructs
    ]
    return Trend(construct, tuple(points))


def trends_of(answers: Iterable[PulseAnswers]) -> tuple[Trend, ...]:
    """Work out how each construct went by somebody's own answers, in the order in which she was first asked."""
    kept = _kept(answers)
    asked = dict.fromkeys(construct for hers in kept for construct in hers.constructs)
    return tuple(trend_of(construct, kept) for construct in asked)


def _kept(answers: Iterable[PulseAnswers]) -> list[PulseAnswers]:
    return sorted((hers for hers in answers if hers.keeps), key=lambda hers: (hers.answered_at, hers.id))
