"""The self-check: questions that someone who supports others asks himself, about giving room.

The answers are his alone: no audience, nobody to share them with, nothing set beside another's. What they tell is said
in words: how often he does something by his own account, and whether that changed since the time before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NewType

from attrs import field, frozen

from ownership.domain import moments, shapes
from ownership.domain.classification import OWN_FACTS, OWNER_ID, RECORD_ID, VERSION, Keeping, Purpose
from ownership.domain.people import PersonId
from ownership.domain.texts import translated
from ownership.errors import InvalidInput

SelfCheckId = NewType("SelfCheckId", str)

LEAST, MOST = 1, 5
"""The ends of an answer: hardly ever, and nearly always."""

OFTEN_FROM, SOMETIMES_FROM = 3.5, 2.5
"""From which mean on something is done often, or sometimes."""

_ANSWERS = shapes.by_key(shapes.identifier, shapes.whole(LEAST, MOST))

CHANGED_BY = 0.5
"""How far a mean moves before a change is told; less is about the same."""


class Habit(StrEnum):
    """What a guide does: listen, ask before telling, give room, let go."""

    LISTENING = "listening"
    ASKING = "asking"
    GIVING_ROOM = "giving_room"
    LETTING_GO = "letting_go"


class HowOften(StrEnum):
    """How often someone does something, by his own account."""

    OFTEN = "often"
    SOMETIMES = "sometimes"
    SELDOM = "seldom"
    NOT_ENOUGH_DATA = "not_enough_data"


class Change(StrEnum):
    """What changed since the time before."""

    MORE = "more"
    SAME = "same"
    LESS = "less"
    NOT_ENOUGH_DATA = "not_enough_data"


@frozen
class SelfCheckQuestion:
    """A question to oneself about the last weeks; ``is_reversed`` when "often" means less of the habit."""

    id: str = field(validator=shapes.identifier)
    habit: Habit = field(validator=shapes.kind_of(Habit))
    texts: Mapping[str, str] = field(validator=translated)
    is_reversed: bool = field(default=False, validator=shapes.flag)


@frozen
class SelfCheck:
    """What someone answered to himself at a moment: by question, from 1 (hardly ever) to 5 (nearly always)."""

    keeping: ClassVar[Keeping] = Keeping(Purpose.LEAD)

    id: SelfCheckId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    answered_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    answers: Mapping[str, int] = field(validator=_ANSWERS, repr=False, metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if not self.answers:
            raise InvalidInput.at("self_check.answers", "is empty; give at least one, by the id of its question")


@frozen
class HabitReading:
    """What a person's own answers say of one habit, with the ids of the questions that it comes from."""

    habit: Habit = field(validator=shapes.kind_of(Habit))
    how_often: HowOften = field(validator=shapes.kind_of(HowOften))
    change: Change = field(validator=shapes.kind_of(Change))
    question_ids: tuple[str, ...] = field(validator=shapes.each(shapes.identifier))


def read_self_checks(checks: Sequence[SelfCheck], questions: Iterable[SelfCheckQuestion]) -> tuple[HabitReading, ...]:
    """Say what someone's own answers tell of each habit, by the last check, beside his own one before."""
    asked = tuple(questions)
    newest = sorted(checks, key=lambda check: check.answered_at, reverse=True)[:2]
    return tuple(_reading(habit, newest, [q for q in asked if q.habit is habit]) for habit in Habit)


def _reading(habit: Habit, newest: Sequence[SelfCheck], questions: Sequence[SelfCheckQuestion]) -> HabitReading:
    means = [_mean(check, questions) for check in newest]
    last, before = (*means, None, None)[:2]
    answered = newest[0].answers if newest else {}
    ids = tuple(question.id for question in questions if question.id in answered)
    return HabitReading(habit, _how_often(last), _change(last, before), ids)


def _mean(check: SelfCheck, questions: Sequence[SelfCheckQuestion]) -> float | None:
    """Give the mean of the answers, reversed where the question is; None unless at least half are there."""
    answers = [
        LEAST + MOST - check.answers[question.id] if question.is_reversed else check.answers[question.id]
        for question in questions
        if question.id in check.answers
    ]
    return sum(answers) / len(answers) if answers and 2 * len(answers) >= len(questions) else None


def _how_often(mean: float | None) -> HowOften:
    if mean is None:
        return HowOften.NOT_ENOUGH_DATA
    if mean >= OFTEN_FROM:
        return HowOften.OFTEN
    return HowOften.SOMETIMES if mean >= SOMETIMES_FROM else HowOften.SELDOM


def _change(last: float | None, before: float | None) -> Change:
    if last is None or before is None:
        return Change.NOT_ENOUGH_DATA
    if abs(last - before) < CHANGED_BY:
        return Change.SAME
    return Change.MORE if last > before else Change.LESS
