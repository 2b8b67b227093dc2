"""The starter pack: our own prompts, guides, learning options and messages, from the data files beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from ownership.domain.directions import DirectionId, DirectionKind, DirectionText
from ownership.domain.leadership import Fit, GuideQuestion, LettingGo, PathStage, Stage, Step
from ownership.domain.learning import LearningKind
from ownership.domain.pulse import NeedChoice
from ownership.domain.reflections import Context, Prompt, PromptId, PromptRole, Theme
from ownership.domain.scales import Construct, Polarity, ScaleQuestion
from ownership.domain.self_checks import Habit, SelfCheckQuestion
from ownership.domain.team_moments import TeamQuestion
from ownership.hooks import hookimpl
from ownership.ports.content import CatalogueOption, MessageText, Pack, RegisterContent


@hookimpl
def ownership_register_content(register: RegisterContent) -> None:
    """Register the starter pack."""
    register(starter_pack())


def starter_pack() -> Pack:
    """Read the data files."""
    guides, path = _read("guides"), _read("path")
    messages, pulse = _read("messages"), _read("pulse")
    digest_lines: Mapping[str, Mapping[str, str]] = messages.pop("digest_line")
    return Pack(
        prompts=tuple(map(_prompt, _read("prompts")["prompt"])),
        options=tuple(map(_option, _read("catalogue")["option"])),
        questions=tuple(map(_question, guides["question"])),
        letting_go=tuple(LettingGo(item["id"], item["text"]) for item in guides["let_go"]),
        messages={kind: MessageText(text["subject"], text["body"]) for kind, text in messages.items()},
        digest_lines=digest_lines,
        stages=tuple(PathStage(Stage(row["stage"]), row["title"], row["text"]) for row in path["stage"]),
        team_questions=tuple(TeamQuestion(row["id"], row["text"]) for row in _read("team_moments")["question"]),
        self_check=tuple(map(_self_check, path["self_check"])),
        directions=tuple(map(_direction, _read("directions")["direction"])),
        constructs=tuple(Construct(row["id"], row["title"]) for row in pulse["construct"]),
        pulse_questions=tuple(map(_pulse_question, pulse["question"])),
        need_choices=tuple(NeedChoice(row["id"], row["text"]) for row in pulse["need"]),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _prompt(row: Mapping[str, Any]) -> Prompt:
    return Prompt(
        id=PromptId(row["id"]),
        theme=Theme(row["theme"]),
        texts=row["text"],
        role=PromptRole(row["role"]),
        need=row["need"],
        minutes=row["minutes"],
        contexts=frozenset(map(Context, row["contexts"])),
        follow_ups=tuple(map(PromptId, row["follow_ups"])),
        opening=row.get("opening"),
    )


def _question(row: Mapping[str, Any]) -> GuideQuestion:
    return GuideQuestion(row["id"], Step(row["step"]), row["text"], frozenset(map(Fit, row.get("fits", ()))))


def _self_check(row: Mapping[str, Any]) -> SelfCheckQuestion:
    return SelfCheckQuestion(row["id"], Habit(row["habit"]), row["text"], is_reversed=row["is_reversed"])


def _pulse_question(row: Mapping[str, Any]) -> ScaleQuestion:
    return ScaleQuestion(row["id"], row["construct"], Polarity(row["polarity"]), row["text"])


def _direction(row: Mapping[str, Any]) -> DirectionText:
    return DirectionText(
        id=DirectionId(row["id"]),
        kind=DirectionKind(row["kind"]),
        prompt_id=PromptId(row["prompt"]),
        theme=Theme(row["theme"]),
        titles=row["title"],
        reasons=row["because"],
        cues={language: tuple(cues) for language, cues in row.get("cues", {}).items()},
    )


def _option(row: Mapping[str, Any]) -> CatalogueOption:
    return CatalogueOption(
        id=row["id"],
        kind=LearningKind(row["kind"]),
        titles=row["title"],
        descriptions=row["description"],
        themes=tuple(row["themes"]),
        hours=row["hours"],
        is_mandatory=row.get("is_mandatory", False),
    )
