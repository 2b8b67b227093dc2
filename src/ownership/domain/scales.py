"""Scales: questions that together say one thing, how answers are counted, and how well they hang together.

What several questions measure is a *construct*. A question whose high answer means less of it is reversed before it
counts. Where there are too few answers, the outcome is :class:`NotEnoughData`: a value, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import combinations
from math import fsum, isfinite
from statistics import covariance, variance

from attrs import field, frozen

from ownership.domain import shapes, texts
from ownership.domain.classification import LINK, OWN_FACTS, RECORD_ID
from ownership.errors import InvalidInput, Problem

HUNDRED = 100.0
"""What a scale goes to, from 0."""

FEWEST_POINTS = 5
"""Answers that a question leaves open at the least: with fewer, a published band would say more of one answer."""

MOST_POINTS = 101
"""Answers that a question leaves open at the most."""


class Polarity(StrEnum):
    """Whether a high answer means more of a construct, or less."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


@frozen
class Construct:
    """What some questions measure together, as it is called in several languages."""

    id: str = field(validator=shapes.identifier)
    titles: Mapping[str, str] = field(validator=texts.translated)


@frozen
class ScaleQuestion:
    """A statement to agree with more or less, from ``lowest`` (not at all) to ``highest`` (fully)."""

    id: str = field(validator=shapes.identifier, metadata=RECORD_ID)
    construct: str = field(validator=shapes.identifier, metadata=LINK)
    polarity: Polarity = field(validator=shapes.kind_of(Polarity), metadata=OWN_FACTS)
    texts: Mapping[str, str] = field(validator=texts.translated, metadata=OWN_FACTS)
    lowest: int = field(default=1, validator=shapes.whole(0, 1_000), metadata=OWN_FACTS)
    highest: int = field(default=5, validator=shapes.whole(0, 1_000), metadata=OWN_FACTS)

    def __attrs_post_init__(self) -> None:
        if not FEWEST_POINTS <= self.highest - self.lowest + 1 <= MOST_POINTS:
            path = "scale_question.highest"
            raise InvalidInput.at(path, f"does not leave {FEWEST_POINTS} to {MOST_POINTS} answers open")

    def counted(self, answer: int) -> float:
        """Give what an answer counts, from 0 to 100: the more, the more there is of the construct.

        Examples:
            >>> ScaleQuestion("q", "workload", Polarity.NEGATIVE, {"en": "I have time enough."}).counted(2)
            75.0
        """
        forward = answer if self.polarity is Polarity.POSITIVE else reversed_answer(answer, self.lowest, self.highest)
        return on_hundred(forward, self.lowest, self.highest)


def constructs_in(questions: Iterable[ScaleQuestion]) -> tuple[str, ...]:
    """Give what questions are about, in their order."""
    return tuple(dict.fromkeys(question.construct for question in questions))


@frozen
class NotEnoughData:
    """There is not enough to say anything: how much there is, and how much it takes."""

    there: int = field(default=0, validator=shapes.whole(0, 2**31))
    needed: int = field(default=1, validator=shapes.whole(1, 2**31))

    def __bool__(self) -> bool:
        return False


def reversed_answer(answer: float, lowest: float, highest: float) -> float:
    """Turn an answer round: the lowest becomes the highest.

    Examples:
        >>> reversed_answer(2, 1, 5)
        4
    """
    return lowest + highest - answer


def on_hundred(answer: float, lowest: float, highest: float) -> float:
    """Put an answer on the scale from 0 to 100, in a straight line."""
    return (answer - lowest) / (highest - lowest) * HUNDRED


def mean_of_answered(answers: Sequence[float | None]) -> float | NotEnoughData:
    """Give the mean of what was answered, if that is at least half of what was asked.

    Examples:
        >>> mean_of_answered([4, None])
        4.0
        >>> mean_of_answered([4, None, None])
        NotEnoughData(there=1, needed=2)
    """
    given = [answer for answer in answers if answer is not None]
    needed = max((len(answers) + 1) // 2, 1)
    return fsum(given) / len(given) if len(given) >= needed else NotEnoughData(len(given), needed)


def scale_mean(questions: Iterable[ScaleQuestion], construct: str, answers: Mapping[str, int]) -> float | NotEnoughData:
    """Give what somebody's answers say of a construct, from 0 to 100, of those questions that were asked about it.

    The mean of what was answered, reversed where the question is, if at least half was answered.
    """
    asked = [question for question in questions if question.construct == construct]
    return mean_of_answered(
        [question.counted(answers[question.id]) if question.id in answers else None for question in asked]
    )


def refuse_answers(questions: Iterable[ScaleQuestion], answers: Mapping[str, int], path: str) -> None:
    """Refuse answers to what was not asked, and those that a question does not leave open; each is named.

    Raises:
        InvalidInput: there are such answers; their values are not repeated.
    """
    asked = {question.id: question for question in questions}
    problems = [
        Problem(f"{path}.{id_}", found) for id_, answer in answers.items() if (found := _odd(asked, id_, answer))
    ]
    if problems:
        raise InvalidInput(problems)


def _odd(asked: Mapping[str, ScaleQuestion], id_: str, answer: object) -> str:
    if id_ not in asked:
        return "is not asked here"
    question = asked[id_]
    is_whole = isinstance(answer, int) and not isinstance(answer, bool)
    if not is_whole or not question.lowest <= answer <= question.highest:  # type: ignore[operator]
        return f"is not a whole number from {question.lowest} to {question.highest}"
    return ""


@frozen
class Alpha:
    """Cronbach's alpha: how far answers to some questions go together, 1 at most, and from how many people it is.

    Cronbach (1951), "Coefficient alpha and the internal structure of tests", Psychometrika 16, 297-334. It says
    nothing about anybody; it tells whether questions belong together.
    """

    value: float = field(validator=shapes.number(-1e300, 1))
    people: int = field(validator=shapes.whole(2, 2**31))
    questions: int = field(validator=shapes.whole(2, 1_000_000))


Row = Sequence[float | None]
"""What one person answered to each of some questions, already reversed where needed; None: no answer."""


def alpha_listwise(rows: Sequence[Row]) -> Alpha | NotEnoughData:
    """Work out alpha from those who answered everything.

    ``NotEnoughData`` when these are fewer than two, when there are fewer than two questions, or when they all answered
    alike, so that nothing varies.

    Raises:
        InvalidInput: a row has another number of answers than the first, or an answer is no number.
    """
    _refuse_odd_rows(rows)
    return _alpha([row for row in rows if None not in row])


def alpha_pairwise(rows: Sequence[Row]) -> Alpha | NotEnoughData:
    """Work out alpha with, for each two questions, everybody who answered both, as is usual where answers are missing.

    ``people`` is how many answered both of the two questions that fewest answered. ``NotEnoughData`` as for
    :func:`alpha_listwise`. The formula is that of ``alpha`` in the R package psych (Revelle): the variances on the
    diagonal beside all covariances.

    Raises:
        InvalidInput: a row has another number of answers than the first, or an answer is no number.
    """
    _refuse_odd_rows(rows)
    return _alpha(rows)


def _refuse_odd_rows(rows: Sequence[Row]) -> None:
    if any(len(row) != len(rows[0]) for row in rows):
        raise InvalidInput.at("rows", "have different numbers of answers; write None where there is none")
    if not all(answer is None or _is_number(answer) for row in rows for answer in row):
        raise InvalidInput.at("rows", "have an answer that is no number; write None where there is none")


def _is_number(answer: object) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool) and isfinite(answer)


def _alpha(rows: Sequence[Row]) -> Alpha | NotEnoughData:
    columns = list(zip(*rows, strict=True))
    both = [_answered_both(one, other) for one, other in combinations(columns, 2)]
    people = min(map(len, both), default=0)
    if people < 2:
        return NotEnoughData(people, 2)
    variances = fsum(variance(answer for answer in column if answer is not None) for column in columns)
    total = variances + 2 * fsum(covariance(*zip(*pairs, strict=True)) for pairs in both)
    if total <= 0:
        return NotEnoughData(people, people + 1)
    many = len(columns)
    return Alpha(min(many / (many - 1) * (1 - variances / total), 1.0), people, many)


def _answered_both(one: Row, other: Row) -> list[tuple[float, float]]:
    return [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
