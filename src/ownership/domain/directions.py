"""Directions: from a few answers about oneself to three ways to go.

Rules choose them, not a model: one direction of each kind, in the words of a pack. Beside it stands what she wrote
herself, whole, for her alone; nothing is read out of it but whether a word occurs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NewType

from attrs import field, frozen

from ownership.domain import shapes, texts
from ownership.domain.reflections import Prompt, PromptId, Reflection, ReflectionId, Theme
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

DirectionId = NewType("DirectionId", str)

_WORD = re.compile(r"\w+")


class DirectionKind(StrEnum):
    """What a direction does: build on what fits, take a step towards what is wanted, make room by taking away."""

    BUILD_ON = "build_on"
    STEP_TOWARDS = "step_towards"
    MAKE_ROOM = "make_room"


def _titles(instance: Any, attribute: Any, value: Any) -> None:
    texts.translated(instance, attribute, value)
    for title in filter(None, value.values()):
        texts.line(instance, attribute, title)


@frozen
class DirectionText:
    """The words of a direction, as a pack brings them, and the opening question whose answer it springs from.

    ``cues`` are beginnings of words, by language. With cues it is for answers in which one of them occurs; without any
    it is for all.
    """

    id: DirectionId = field(validator=shapes.identifier)
    kind: DirectionKind = field(validator=shapes.kind_of(DirectionKind))
    prompt_id: PromptId = field(validator=shapes.identifier)
    theme: Theme = field(validator=shapes.kind_of(Theme))
    titles: Mapping[str, str] = field(validator=_titles)
    reasons: Mapping[str, str] = field(validator=texts.translated)
    cues: Mapping[str, tuple[str, ...]] = field(
        factory=dict, validator=shapes.by_key(texts.language, shapes.each(texts.line))
    )

    def occurs_in(self, text: str) -> bool:
        """Whether a word of a text begins with one of the cues, in whatever language."""
        beginnings = tuple(cue.casefold() for cues in self.cues.values() for cue in cues)
        return any(word.startswith(beginnings) for word in _WORD.findall(text.casefold()))


@frozen
class Opening:
    """A question to begin with, in the language of who begins, and her latest answer to it so far."""

    prompt: Prompt = field(validator=shapes.kind_of(Prompt))
    question: str = field(validator=texts.written, repr=False)
    answer: Reflection | None = field(default=None, validator=optional(shapes.kind_of(Reflection)))

    @property
    def id(self) -> PromptId:
        """The id of the prompt that it asks."""
        return self.prompt.id


@frozen
class Direction:
    """A way to go: its title, why it may be one, and what she wrote that it springs from. Nobody else is shown it."""

    id: DirectionId = field(validator=shapes.identifier)
    kind: DirectionKind = field(validator=shapes.kind_of(DirectionKind))
    title: str = field(validator=texts.line, repr=False)
    because: str = field(validator=texts.written, repr=False)
    words: str = field(validator=texts.written, repr=False)
    reflection_id: ReflectionId = field(validator=shapes.identifier)
    theme: Theme = field(validator=shapes.kind_of(Theme))


def plan_openings(prompts: Iterable[Prompt], written: Iterable[Reflection], language: str) -> tuple[Opening, ...]:
    """Put beside each question to begin with, in their order, the latest of what she wrote in answer to it."""
    latest: dict[PromptId, Reflection] = {}
    for reflection in sorted(written, key=lambda it: (it.written_at, it.id)):
        latest[reflection.prompt_id] = reflection
    return tuple(Opening(prompt, prompt.text(language), latest.get(prompt.id)) for prompt in prompts)


def plan_directions(
    offered: Iterable[DirectionText], openings: Iterable[Opening], language: str
) -> tuple[Direction, ...]:
    """Plan a direction of each kind that is offered, in the language of who asks.

    Of a kind comes, in this order: one with a cue in the answer that it springs from; one for all answers to a question
    that was answered; one for all answers. Where the own question has no answer yet, the first answer there is stands
    beside it.

    Raises:
        InvalidInput: no question to begin with has an answer yet.
    """
    answers = {opening.prompt.id: opening.answer for opening in openings if opening.answer is not None}
    if not answers:
        raise InvalidInput.at("directions", "need an answer first; answer one of the questions to begin with")
    by_kind: dict[DirectionKind, list[DirectionText]] = {kind: [] for kind in DirectionKind}
    for text in offered:
        by_kind[text.kind].append(text)
    chosen = [min(of_kind, key=lambda text: _unfit(text, answers)) for of_kind in by_kind.values() if of_kind]
    first = next(iter(answers.values()))
    return tuple(_direction(text, answers.get(text.prompt_id, first), language) for text in chosen)


def _unfit(text: DirectionText, answers: Mapping[PromptId, Reflection]) -> int:
    answer = answers.get(text.prompt_id)
    if text.cues:
        return 0 if answer is not None and text.occurs_in(answer.text) else 3
    return 1 if answer is not None else 2


def _direction(text: DirectionText, answer: Reflection, language: str) -> Direction:
    return Direction(
        id=text.id,
        kind=text.kind,
        title=text.titles.get(language) or text.titles["en"],
        because=text.reasons.get(language) or text.reasons["en"],
        words=answer.text,
        reflection_id=answer.id,
        theme=text.theme,
    )


def direction_of(id_: str, directions: Sequence[Direction]) -> Direction | None:
    """Give the direction of an id among those that were planned, if it is there."""
    return next((direction for direction in directions if direction.id == id_), None)
