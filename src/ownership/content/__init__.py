"""Content: prompts, guides, learning options and message texts in Dutch and English.

The starter pack lies here as data files; a plugin's pack comes in by the same hook and adds to it. :class:`Content` is
all packs together, ready to look things up in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ownership.domain.directions import DirectionText
from ownership.domain.leadership import GuideQuestion, LettingGo, PathStage, Stage
from ownership.domain.learning import LearningOption, LearningOptionId
from ownership.domain.pulse import NeedChoice
from ownership.domain.reflections import Prompt, PromptRole
from ownership.domain.scales import Construct, ScaleQuestion
from ownership.domain.self_checks import SelfCheckQuestion
from ownership.domain.team_moments import TeamQuestion
from ownership.errors import InvalidInput, NotFound, Problem

if TYPE_CHECKING:
    from ownership.ports.content import CatalogueOption, MessageText, Pack

DEFAULT_LANGUAGE = "en"

MONTHS: Mapping[str, Sequence[str]] = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "nl": ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
}


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Give the text of a language, or the English one where there is none."""
    return texts.get(language) or texts[DEFAULT_LANGUAGE]


def day_in_words(day: date, language: str) -> str:
    """Write a day as people read it.

    Examples:
        >>> day_in_words(date(2026, 5, 24), "nl")
        '24 mei 2026'
    """
    months = MONTHS.get(language, MONTHS[DEFAULT_LANGUAGE])
    return f"{day.day} {months[day.month - 1]} {day.year}"


def check_references(packs: Iterable[Pack], known: Iterable[str] = ()) -> None:
    """Refuse packs that name a prompt which neither they nor those before them (``known``) bring.

    Raises:
        InvalidInput: a follow-up, or the question of a direction, is not there; each is named.
    """
    packs = list(packs)
    there = {*known, *(prompt.id for pack in packs for prompt in pack.prompts)}
    named = [(f"prompt {prompt.id}", id_) for pack in packs for prompt in pack.prompts for id_ in prompt.follow_ups]
    named += [(f"direction {text.id}", text.prompt_id) for pack in packs for text in pack.directions]
    missing = [Problem(who, f"names the prompt {id_!r}, which is not there") for who, id_ in named if id_ not in there]
    if missing:
        raise InvalidInput(missing)


class Content:
    """All packs together; what a later pack brings under a known id replaces the earlier."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._prompts: dict[str, Prompt] = {}
        self._options: dict[str, CatalogueOption] = {}
        self._options_in: dict[str, tuple[LearningOption, ...]] = {}
        self._questions: dict[str, GuideQuestion] = {}
        self._letting_go: dict[str, LettingGo] = {}
        self._messages: dict[str, MessageText] = {}
        self._digest_lines: dict[str, Mapping[str, str]] = {}
        self._stages: dict[Stage, PathStage] = {}
        self._team_questions: dict[str, TeamQuestion] = {}
        self._self_check: dict[str, SelfCheckQuestion] = {}
        self._directions: dict[str, DirectionText] = {}
        self._constructs: dict[str, Construct] = {}
        self._pulse_questions: dict[str, ScaleQuestion] = {}
        self._need_choices: dict[str, NeedChoice] = {}
        for pack in packs:
            self._prompts |= {prompt.id: prompt for prompt in pack.prompts}
            self._options |= {option.id: option for option in pack.options}
            self._questions |= {question.id: question for question in pack.questions}
            self._letting_go |= {item.id: item for item in pack.letting_go}
            self._messages |= pack.messages
            self._digest_lines |= pack.digest_lines
            self._stages |= {stage.stage: stage for stage in pack.stages}
            self._team_questions |= {question.id: question for question in pack.team_questions}
            self._self_check |= {question.id: question for question in pack.self_check}
            self._directions |= {text.id: text for text in pack.directions}
            self._constructs |= {construct.id: construct for construct in pack.constructs}
            self._pulse_questions |= {question.id: question for question in pack.pulse_questions}
            self._need_choices |= {need.id: need for need in pack.need_choices}

    def prompts(self, role: PromptRole) -> tuple[Prompt, ...]:
        """Give the prompts that speak to a role."""
        return tuple(prompt for prompt in self._prompts.values() if prompt.role is role)

    def prompt(self, id_: str) -> Prompt:
        """Give one prompt.

        Raises:
            NotFound: no pack has it.
        """
        if id_ not in self._prompts:
            raise NotFound("prompt", id_)
        return self._prompts[id_]

    def openings(self) -> tuple[Prompt, ...]:
        """Give the questions with which someone begins, in their order."""
        openings = [(prompt.opening, prompt) for prompt in self.prompts(PromptRole.EMPLOYEE) if prompt.opening]
        return tuple(prompt for _, prompt in sorted(openings, key=lambda placed: placed[0]))

    @property
    def directions(self) -> tuple[DirectionText, ...]:
        """The directions for who begins."""
        return tuple(self._directions.values())

    def options(self, language: str) -> tuple[LearningOption, ...]:
        """Give the catalogue's ways of learning in a language; each language is worked out once."""
        if language not in self._options_in:
            self._options_in[language] = tuple(self._option(option, language) for option in self._options.values())
        return self._options_in[language]

    def _option(self, option: CatalogueOption, language: str) -> LearningOption:
        return LearningOption(
            id=LearningOptionId(option.id),
            kind=option.kind,
            title=in_language(option.titles, language),
            description=in_language(option.descriptions, language),
            themes=option.themes,
            hours=option.hours,
            link=option.link,
            is_mandatory=option.is_mandatory,
        )

    @property
    def questions(self) -> tuple[GuideQuestion, ...]:
        """The open questions for a talk."""
        return tuple(self._questions.values())

    @property
    def letting_go(self) -> tuple[LettingGo, ...]:
        """Things to let go of in a talk."""
        return tuple(self._letting_go.values())

    @property
    def stages(self) -> tuple[PathStage, ...]:
        """The stages of the path from instructor to guide, in that order."""
        return tuple(self._stages[stage] for stage in Stage if stage in self._stages)

    @property
    def team_questions(self) -> tuple[TeamQuestion, ...]:
        """The open questions for a team that talks about development."""
        return tuple(self._team_questions.values())

    @property
    def self_check(self) -> tuple[SelfCheckQuestion, ...]:
        """The questions that someone who supports others asks himself."""
        return tuple(self._self_check.values())

    @property
    def constructs(self) -> tuple[Construct, ...]:
        """What questions of a pulse measure."""
        return tuple(self._constructs.values())

    @property
    def pulse_questions(self) -> tuple[ScaleQuestion, ...]:
        """The questions that a pulse can ask."""
        return tuple(self._pulse_questions.values())

    @property
    def need_choices(self) -> tuple[NeedChoice, ...]:
        """What somebody who is asked what she needs can choose from."""
        return tuple(self._need_choices.values())

    def message(self, kind: str, language: str, **facts: str) -> tuple[str, str]:
        """Give the subject and body of a message; the subject holds no fact about anyone."""
        text = self._messages[kind]
        return in_language(text.subjects, language), in_language(text.bodies, language).format(**facts)

    def digest_line(self, kind: str, language: str, **facts: str) -> str:
        """Give the one line about an occasion in a message that tells of several."""
        return in_language(self._digest_lines[kind], language).format(**facts)
