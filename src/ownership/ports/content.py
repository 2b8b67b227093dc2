"""The content port: prompts, guides, options and message texts, collected from packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from attrs import frozen

from ownership.domain.directions import DirectionText
from ownership.domain.leadership import GuideQuestion, LettingGo, PathStage
from ownership.domain.learning import LearningKind
from ownership.domain.pulse import NeedChoice
from ownership.domain.reflections import Prompt
from ownership.domain.scales import Construct, ScaleQuestion
from ownership.domain.self_checks import SelfCheckQuestion
from ownership.domain.team_moments import TeamQuestion


@frozen
class CatalogueOption:
    """A way of learning in a catalogue, in several languages; ``hours`` is the effort to expect.

    What is mandatory is no choice: it is on no menu, and told apart.
    """

    id: str
    kind: LearningKind
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    themes: tuple[str, ...] = ()
    hours: float | None = None
    link: str = ""
    is_mandatory: bool = False


@frozen
class MessageText:
    """The subject and body of a message, in several languages."""

    subjects: Mapping[str, str]
    bodies: Mapping[str, str]


@frozen
class Pack:
    """What one plugin brings; every part may be empty.

    Later packs add to earlier ones; an id that is known already is replaced.
    """

    prompts: tuple[Prompt, ...] = ()
    options: tuple[CatalogueOption, ...] = ()
    questions: tuple[GuideQuestion, ...] = ()
    letting_go: tuple[LettingGo, ...] = ()
    messages: Mapping[str, MessageText] = {}
    digest_lines: Mapping[str, Mapping[str, str]] = {}
    stages: tuple[PathStage, ...] = ()
    team_questions: tuple[TeamQuestion, ...] = ()
    self_check: tuple[SelfCheckQuestion, ...] = ()
    directions: tuple[DirectionText, ...] = ()
    constructs: tuple[Construct, ...] = ()
    pulse_questions: tuple[ScaleQuestion, ...] = ()
    need_choices: tuple[NeedChoice, ...] = ()


class RegisterContent(Protocol):
    """What a plugin calls to bring a pack."""

    def __call__(self, pack: Pack) -> None:
        """Take a pack."""
