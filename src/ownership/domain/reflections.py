"""Reflection: one question, two minutes, and an answer that is nobody else's unless it is shared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, NewType
from zlib import crc32

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import LINK, OWN_FACTS, OWN_WORDS, OWNER_ID, RECORD_ID, VERSION, Keeping, Purpose
from ownership.domain.people import ONLY_ME, Audience, PersonId
from ownership.domain.shapes import optional
from ownership.domain.texts import paragraph, translated
from ownership.errors import InvalidInput

PromptId = NewType("PromptId", str)
ReflectionId = NewType("ReflectionId", str)


class Theme(StrEnum):
    """What a prompt is about."""

    AMBITION = "ambition"
    STRENGTHS = "strengths"
    LEARNING_WISH = "learning_wish"
    ENERGY = "energy"
    OBSTACLES = "obstacles"
    WORKLOAD_AND_ROOM = "workload_and_room"
    SAFETY = "safety"
    SUPPORT = "support"
    LOOKING_BACK = "looking_back"


class PromptRole(StrEnum):
    """To whom a prompt speaks."""

    EMPLOYEE = "employee"
    PEER = "peer"
    MANAGER = "manager"


class Context(StrEnum):
    """A situation that some prompts fit in particular."""

    FIRST_WEEK = "first_week"
    NO_GOAL = "no_goal"
    GOAL_QUIET = "goal_quiet"
    FEEDBACK_RECEIVED = "feedback_received"


@frozen
class Prompt:
    """A question to think about, in several languages; ``minutes`` is the time that an answer takes.

    ``opening`` is its place among the questions with which someone begins; None: it is not one of these.
    """

    id: PromptId = field(validator=shapes.identifier)
    theme: Theme = field(validator=shapes.kind_of(Theme))
    texts: Mapping[str, str] = field(validator=translated)
    role: PromptRole = field(default=PromptRole.EMPLOYEE, validator=shapes.kind_of(PromptRole))
    need: str = field(default="", validator=paragraph)
    minutes: int = field(default=2, validator=shapes.whole(1, 10))
    contexts: frozenset[Context] = field(default=frozenset(), validator=shapes.each(shapes.kind_of(Context), frozenset))
    follow_ups: tuple[PromptId, ...] = field(default=(), validator=shapes.each(shapes.identifier))
    opening: int | None = field(default=None, validator=optional(shapes.whole(1, 1_000_000)))

    def __attrs_post_init__(self) -> None:
        if self.id in self.follow_ups:
            raise InvalidInput.at("prompt.follow_ups", "names the prompt itself; name others")

    def text(self, language: str) -> str:
        """Give the question in a language, or in English where it is not translated."""
        return self.texts.get(language) or self.texts["en"]


@frozen
class Reflection:
    """An answer to a prompt, private until its owner shares it. The question is kept with it, as it was asked."""

    keeping: ClassVar[Keeping] = Keeping(Purpose.DEVELOP)

    id: ReflectionId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    prompt_id: PromptId = field(validator=shapes.identifier, metadata=LINK)
    question: str = field(validator=texts.written, repr=False, metadata=OWN_WORDS)
    text: str = field(validator=texts.written, repr=False, metadata=OWN_WORDS)
    written_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    theme: Theme = field(default=Theme.LOOKING_BACK, validator=shapes.kind_of(Theme), metadata=OWN_FACTS)
    audience: Audience = field(default=ONLY_ME, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def with_audience(self, audience: Audience, on: date) -> Reflection:
        """Return the reflection shared with an audience from a day on, or taken back (only me)."""
        return evolve(self, audience=audience, shared_on=None if audience.is_private else on)


def choose_prompt(
    prompts: Iterable[Prompt], answered: Sequence[Reflection], contexts: frozenset[Context], *, seed: int
) -> Prompt | None:
    """Choose the prompt to ask next; None when there are none.

    Who wrote nothing yet gets the opening questions, in their order. Then, in this order: not answered yet and
    following up on the last answer, least often answered, fits the situation, its theme least often touched; a draw
    that the seed fixes settles the rest. A few passes over the prompts, and no sort.
    """
    candidates = list(prompts)
    return min(candidates, key=prompt_order(candidates, answered, contexts, seed), default=None)


PromptOrder = Callable[[Prompt], tuple[bool, int, bool, int, bool, int, int]]
"""Gives each prompt its place: smaller is asked first."""


def prompt_order(
    candidates: Sequence[Prompt], answered: Sequence[Reflection], contexts: frozenset[Context], seed: int
) -> PromptOrder:
    """Give the order in which prompts are asked; see :func:`choose_prompt`."""
    last = max(answered, key=lambda reflection: (reflection.written_at, reflection.id), default=None)
    following = {id_ for prompt in candidates if last and prompt.id == last.prompt_id for id_ in prompt.follow_ups}
    openings = {prompt.id: prompt.opening for prompt in candidates if prompt.opening is not None}
    is_beginning = all(reflection.prompt_id in openings for reflection in answered)
    times: dict[str, int] = {}
    touched: dict[Theme, int] = {}
    for reflection in answered:
        times[reflection.prompt_id] = times.get(reflection.prompt_id, 0) + 1
        touched[reflection.theme] = touched.get(reflection.theme, 0) + 1

    first = {id_: place for id_, place in openings.items() if is_beginning and id_ not in times}

    def unfit(prompt: Prompt) -> tuple[bool, int, bool, int, bool, int, int]:
        return (
            prompt.id not in first,
            first.get(prompt.id, 0),
            prompt.id in times or prompt.id not in following,
            times.get(prompt.id, 0),
            not prompt.contexts & contexts if contexts else bool(prompt.contexts),
            touched.get(prompt.theme, 0),
            crc32(f"{seed}:{prompt.id}".encode()),
        )

    return unfit
