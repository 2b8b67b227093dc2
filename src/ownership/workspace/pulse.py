"""A pulse, for whoever is asked: the questions, what could be published, her answers and trend, what came out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from attrs import evolve, field, frozen

from ownership.content import Content, in_language
from ownership.domain import moments, shapes, texts
from ownership.domain.publication import Band, Preview, ReleasePlan, preview_for
from ownership.domain.pulse import (
    NeedChoice,
    Pulse,
    PulseAnswers,
    PulseId,
    PulseMove,
    PulseReply,
    PulseResults,
    PulseStatus,
    Trend,
    pulse_answers_id,
    refuse_odd_answers,
    trend_of,
)
from ownership.domain.scales import ScaleQuestion
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput, NotFound
from ownership.workspace.records import ORGANISATION, ValueUnit, id_of
from ownership.workspace.releases import standing_now
from ownership.workspace.seat import Seat, several
from ownership.workspace.sight import Sight

PulseOrId = Pulse | PulseId | str
"""A pulse, or its id."""


@frozen
class AskedQuestion:
    """A question of a pulse in the reader's language, what the ends of the scale are, and what she answered so far."""

    id: str = field(validator=shapes.identifier)
    text: str = field(validator=texts.written, repr=False)
    about: str = field(validator=texts.line, repr=False)
    lowest: int = field(validator=shapes.whole(0, 1_000))
    highest: int = field(validator=shapes.whole(0, 1_000))
    answer: int | None = field(default=None, validator=optional(shapes.whole(0, 1_000)), repr=False)


@frozen
class AskedNeed:
    """Something that would help, in the reader's language, and whether she chose it so far."""

    id: str = field(validator=shapes.identifier)
    text: str = field(validator=texts.written, repr=False)
    is_chosen: bool = field(default=False, validator=shapes.flag, repr=False)


@frozen
class OpenPulse:
    """A pulse that is open: until which day where she is, how many minutes it takes, what it asks."""

    id: PulseId = field(validator=shapes.identifier)
    until: date = field(validator=moments.day)
    minutes: int = field(validator=shapes.whole(1, 60))
    questions: tuple[AskedQuestion, ...] = field(validator=shapes.each(shapes.kind_of(AskedQuestion)))
    needs: tuple[AskedNeed, ...] = field(validator=shapes.each(shapes.kind_of(AskedNeed)), repr=False)


@frozen
class PulsePreview:
    """What could be published with an answer in it: of which groups, from how many answers on, in which bands.

    ``could_show`` has the groups, the narrowest first: where too few answer, the next is told. ``minutes`` is what it
    takes to answer.
    """

    pulse_id: PulseId = field(validator=shapes.identifier)
    minutes: int = field(validator=shapes.whole(1, 60))
    could_show: Preview = field(validator=shapes.kind_of(Preview))
    threshold: int = field(validator=shapes.whole(0, 2**31))
    bands: tuple[Band, ...] = field(validator=shapes.each(shapes.kind_of(Band)))


@frozen
class PulseOutcome:
    """What came out of a pulse and what is done with it, the same for everyone.

    ``results`` is None of a pulse that was called off, ``reply`` until there is one; it is due on ``reply_by_on``.
    """

    pulse: Pulse = field(validator=shapes.kind_of(Pulse))
    results: PulseResults | None = field(validator=optional(shapes.kind_of(PulseResults)))

    @property
    def reply(self) -> PulseReply | None:
        """What people heard on it, if anything yet."""
        return self.pulse.reply

    @property
    def reply_by_on(self) -> date | None:
        """Until which day a reply is due; None when there is one, or nothing to reply to."""
        return self.pulse.reply_by_on if self.pulse.status is PulseStatus.CLOSED else None


class PulseAnswering:
    """The actor's side of pulses: what is asked of her, what she answers, and her own trend.

    What she answers is hers: no call lets anybody else read it, also not who answered. What is published is of groups.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def current(self) -> OpenPulse | None:
        """Give the pulse that is open now, if any, in the actor's language, with what she answered so far."""
        with self._seat.reading() as sight:
            return next((self._opened(sight, pulse) for pulse in _asking(sight)), None)

    def open_questions(self) -> tuple[AskedQuestion, ...]:
        """Give the questions of the pulse that is open now, in the actor's language; nothing when none is open."""
        current = self.current()
        return () if current is None else current.questions

    def _opened(self, sight: Sight, pulse: Pulse) -> OpenPulse:
        language, content = sight.viewer.language, self._seat.desk.content
        hers = _hers(sight, self._seat, pulse.id)
        given, chosen = (hers.answers, hers.needs or ()) if hers else ({}, ())
        return OpenPulse(
            pulse.id,
            sight.viewer.day_of(pulse.closes_at - timedelta(microseconds=1)),
            pulse.minutes,
            tuple(_asked(question, content, language, given.get(question.id)) for question in pulse.questions),
            tuple(_need(choice, language, chosen) for choice in pulse.need_choices),
        )

    def preview(self, pulse: PulseOrId | OpenPulse | None = None) -> PulsePreview:
        """Tell what could be published about groups that the actor is in, before she answers, and the minutes it takes.

        Without a pulse, of the one that is open now.

        Raises:
            NotFound: there is no such pulse, or none is open.
        """
        with self._seat.reading() as sight:
            asked = _asked_now(sight) if pulse is None else sight.unit.one(Pulse, id_of(pulse))
            plan = sight.unit.one(ReleasePlan, asked.plan_id)
            could_show = preview_for(plan, self._seat.person_id, standing_now(sight.unit, sight.now))
            return PulsePreview(asked.id, asked.minutes, could_show, plan.threshold, plan.bands)

    def answer(
        self,
        pulse: PulseOrId | OpenPulse,
        answers: Mapping[str, int],
        *,
        needs: Iterable[str] | None = None,
        keep: bool = True,
    ) -> PulseAnswers:
        """Answer a pulse, by the ids of its questions; what is left out is not answered. Answering again replaces it.

        ``needs`` are ids of what would help; an empty list says that nothing is needed, None skips it. Until the pulse
        closes you may change all of it, and take it back. With ``keep=False`` nothing of it is left then.

        Raises:
            NotFound: there is no such pulse.
            InvalidInput: an answer is out of range or not asked for, a need is no choice, nothing is answered, the
                window is over, or what was fixed at opening has changed.
            IllegalMove: the pulse is closed.
        """
        chosen = None if needs is None else tuple(dict.fromkeys(several(needs, "pulse.needs")))
        with self._seat.writing() as sight:
            asked = sight.unit.one(Pulse, id_of(pulse)).accepting(PulseMove.ANSWER, sight.now)
            refuse_altered(sight.unit, asked)
            refuse_odd_answers(asked, _by_question(answers), chosen)
            new = PulseAnswers(
                id=pulse_answers_id(self._seat.person_id, asked.id),
                owner_id=self._seat.person_id,
                pulse_id=asked.id,
                answered_at=sight.now,
                answers=dict(answers),
                needs=chosen,
                keeps=keep,
                questions=asked.questions,
            )
            before = _hers(sight, self._seat, asked.id)
            return sight.unit.save(evolve(new, version=before.version) if before else new)

    def take_back(self, pulse: PulseOrId | OpenPulse) -> None:
        """Take back what the actor answered to a pulse, as if she had not; possible until it closes.

        Raises:
            NotFound: there is no such pulse, or she answered nothing.
            InvalidInput: the window is over.
            IllegalMove: the pulse is closed.
        """
        with self._seat.writing() as sight:
            asked = sight.unit.one(Pulse, id_of(pulse)).accepting(PulseMove.TAKE_BACK, sight.now)
            hers = _hers(sight, self._seat, asked.id)
            if hers is None:
                raise NotFound("pulse answers", see="pulse.mine()")
            sight.unit.remove(hers)

    def mine(self) -> tuple[PulseAnswers, ...]:
        """Give all that the actor answered and keeps, the oldest first."""
        with self._seat.reading() as sight:
            hers = sight.unit.all_of(self._seat.person_id, PulseAnswers)
            return tuple(sorted(hers, key=lambda given: given.answered_at))

    def trend(self, construct: str) -> Trend:
        """Tell how a construct, such as ``autonomy``, went by the actor's own answers, from 0 to 100.

        Where she answered less than half of what was asked, and where there is nothing to set a value beside, it says
        "not enough data".

        Raises:
            InvalidInput: no pack and no pulse of hers has such a construct; the error names those that there are.
        """
        with self._seat.reading() as sight:
            hers = sight.unit.all_of(self._seat.person_id, PulseAnswers)
            known = {c.id for c in self._seat.desk.content.constructs}
            known |= {construct for given in hers for construct in given.constructs}
            if construct not in known:
                raise InvalidInput.at("construct", f"is not one of {', '.join(sorted(known))}")
            return trend_of(construct, hers)

    def results(self) -> tuple[PulseOutcome, ...]:
        """Give what was published of every pulse that closed, and the answer to it, the newest first.

        Everyone sees the same.
        """
        with self._seat.reading() as sight:
            return outcomes(sight.unit)


def pulses_about(unit: ValueUnit) -> list[Pulse]:
    """Give the pulses that are open, and those that wait for a reply, the oldest first."""
    return list(unit.find(Pulse, "current", equals="current"))


def outcomes(unit: ValueUnit) -> tuple[PulseOutcome, ...]:
    """Give what came out of every pulse that is over, the newest first."""
    published = {results.pulse_id: results for results in unit.all_of(ORGANISATION, PulseResults)}
    over = [pulse for pulse in unit.all_of(ORGANISATION, Pulse) if pulse.status is not PulseStatus.OPEN]
    newest = sorted(over, key=lambda pulse: pulse.opened_at, reverse=True)
    return tuple(PulseOutcome(pulse, published.get(pulse.id)) for pulse in newest)


def refuse_altered(unit: ValueUnit, pulse: Pulse) -> None:
    """Refuse a pulse of which questions, window or plan are not what they were at opening.

    Raises:
        InvalidInput: they are not; no answer is taken, and nothing will be published.
    """
    if not pulse.is_as_opened(unit.one(ReleasePlan, pulse.plan_id)):
        raise InvalidInput.at("pulse.fingerprint", "shows that questions or plan changed after opening; call it off")


def _asking(sight: Sight) -> list[Pulse]:
    """Give the pulse that asks something now, if there is one."""
    return [p for p in pulses_about(sight.unit) if p.status is PulseStatus.OPEN and not p.is_over(sight.now)]


def _asked_now(sight: Sight) -> Pulse:
    for pulse in _asking(sight):
        return pulse
    raise NotFound("pulse", see="pulse.results()")


def _hers(sight: Sight, seat: Seat, pulse_id: PulseId) -> PulseAnswers | None:
    id_ = pulse_answers_id(seat.person_id, pulse_id)
    return sight.unit.many(PulseAnswers, [id_]).get(id_)


def _by_question(answers: Mapping[str, int]) -> Mapping[str, int]:
    if not isinstance(answers, Mapping):
        raise InvalidInput.at("pulse.answers", f"is {type(answers).__name__}; give answers by the ids of questions")
    return answers


def _asked(question: ScaleQuestion, content: Content, language: str, answer: int | None) -> AskedQuestion:
    about = next((in_language(c.titles, language) for c in content.constructs if c.id == question.construct), "")
    text = in_language(question.texts, language)
    return AskedQuestion(question.id, text, about or question.construct, question.lowest, question.highest, answer)


def _need(choice: NeedChoice, language: str, chosen: Iterable[str]) -> AskedNeed:
    return AskedNeed(choice.id, in_language(choice.texts, language), choice.id in chosen)
