"""What the people of the sample organisation say: a script of invented words, and a voice that draws from it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, TypeVar

from attrs import frozen

from ownership.domain.people import Person

Drawn = TypeVar("Drawn")


@cache
def script() -> Mapping[str, Any]:
    """Give the script, read once."""
    return tomllib.loads(files(__package__).joinpath("life.toml").read_text(encoding="utf-8"))


@frozen
class Voice:
    """What someone says, in a language that the script knows, and what someone draws."""

    language: str
    random: Random

    @classmethod
    def of(cls, person: Person, random: Random) -> Voice:
        """Give somebody a voice: Dutch for who speaks it, English for everyone else."""
        return cls("nl" if person.language == "nl" else "en", random)

    def says(self, what: str) -> str:
        """Say something of a kind."""
        return str(self.one_of(script()["says"][what][self.language]))

    def answers(self, prompt_id: str) -> str:
        """Answer a question: with words for it in the script, or else with a thought of any kind."""
        return self.says(prompt_id if prompt_id in script()["says"] else "reflection")

    def makes_of(self, thought: str) -> str | None:
        """Make the title of a goal of a reflection, if it is one of the script."""
        says = script()["says"]
        titles = dict(zip(says["reflection"][self.language], says["grown"][self.language], strict=True))
        return titles.get(thought)

    def row(self, kind: str, but_not: Iterable[str] = ()) -> Mapping[str, Any]:
        """Draw a row of the script, on a theme that is new if there is one."""
        rows: Sequence[Mapping[str, Any]] = script()[kind]
        known = set(but_not)
        return self.one_of([row for row in rows if row["theme"] not in known] or rows)

    def row_titled(self, kind: str, title: str) -> Mapping[str, Any] | None:
        """Find a row of the script by its title in whatever language."""
        return next((row for row in script()[kind] if title in row["title"].values()), None)

    def text(self, row: Mapping[str, Any], name: str) -> Any:
        """Give a part of a row in this language; nothing where the row has no such part."""
        return row[name][self.language] if name in row else ()

    def one_of(self, things: Sequence[Drawn]) -> Drawn:
        """Draw one thing."""
        return self.random.choice(things)

    def maybe(self, chance: float) -> bool:
        """Draw whether something happens."""
        return self.random.random() < chance

    def in_drawn_order(self, weights: Mapping[Drawn, float]) -> list[Drawn]:
        """Draw an order in which the heavier tend to come first."""
        return sorted(weights, key=lambda thing: self.random.random() ** (1 / weights[thing]), reverse=True)
