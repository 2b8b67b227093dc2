"""Menus and prompts: lay out a menu over 10,000 options, choose among 1,000 prompts, beside one `min` over the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from benchmarks.measure import Report, Row, Spread, quotients, turns

if TYPE_CHECKING:
    from ownership.domain.learning import LearningOption
    from ownership.domain.reflections import Prompt

    Work = Callable[[], object]

OPTIONS, PROMPTS = 10_000, 1_000
SEED = 7
TARGETS = {"menu": 2.0, "prompt": 1.5}
"""Times one `min` with the same key: a menu keeps a few of each kind, a prompt is one pass and the counts before it."""


def measure(*, quick: bool) -> Report:
    """Do each, and its one pass, in turns on one core."""
    sides = {"menu": _menus(_options()), "prompt": _prompts(_questions())}
    rounds = 5 if quick else 40
    ratios, absolute = [], []
    for name, works in sides.items():
        took = _in_turns(works, rounds)
        over = quotients(took[name], took["min"])
        what = f"{OPTIONS:,} options" if name == "menu" else f"{PROMPTS:,} prompts"
        row = Row(f"Choosing a {name} ÷ one min, {what}", f"{over:.2f}", f"at most {TARGETS[name]}")
        ratios.append(row._replace(is_met=over.median <= TARGETS[name]))
        spread = Spread.of(seconds * 1000 for seconds in took[name])
        absolute.append(Row(f"Choosing a {name}, {what}", f"{spread:.2f} ms"))
    return Report(ratios, absolute)


def _in_turns(works: dict[str, Work], rounds: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {name: [] for name in works}
    for number in range(-1, rounds):
        for name in turns(list(works), max(number, 0)):
            begun = time.process_time()
            works[name]()
            if number >= 0:  # the first time warms up
                took[name].append(time.process_time() - begun)
    return took


def _menus(options: Sequence[LearningOption]) -> dict[str, Work]:
    from ownership.domain.learning import LearningKind, menu, menu_order

    helped = frozenset({LearningKind.COACHING})
    order = menu_order("craft", SEED, helped)
    return {
        "menu": lambda: menu(options, theme="craft", seed=SEED, helped=helped),
        "min": lambda: min(options, key=order),
    }


def _prompts(prompts: Sequence[Prompt]) -> dict[str, Work]:
    from ownership.domain.reflections import Context, choose_prompt, prompt_order

    contexts = frozenset({Context.NO_GOAL})
    order = prompt_order(prompts, (), contexts, SEED)
    return {
        "prompt": lambda: choose_prompt(prompts, (), contexts, seed=SEED),
        "min": lambda: min(prompts, key=order),
    }


def _options() -> Sequence[LearningOption]:
    """Make options of all kinds, a few of which touch the theme and some of which a colleague offers."""
    from ownership.domain.learning import LearningKind, LearningOption, LearningOptionId
    from ownership.domain.people import PersonId

    kinds = list(LearningKind)
    return [
        LearningOption(
            LearningOptionId(f"p{number % 500}.o{number}"),
            kinds[number % len(kinds)],
            f"Way {number}",
            themes=("craft",) if number % 40 == 0 else ("planning", "data"),
            owner_id=PersonId(f"p{number % 500}" if number % 3 else ""),
        )
        for number in range(OPTIONS)
    ]


def _questions() -> Sequence[Prompt]:
    """Make prompts of all themes, a third of which fit a situation."""
    from ownership.domain.reflections import Context, Prompt, PromptId, Theme

    themes = list(Theme)
    return [
        Prompt(
            PromptId(f"starter.{number}"),
            themes[number % len(themes)],
            {"en": f"Question {number}?"},
            contexts=frozenset({Context.NO_GOAL}) if number % 3 == 0 else frozenset(),
        )
        for number in range(PROMPTS)
    ]
