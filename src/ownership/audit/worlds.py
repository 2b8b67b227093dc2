"""Which answers are possible, given what was published and what an insider knows.

A *world* gives every block of people a sum of answers, counted in steps of a question (of five points: 0 to 4 for 0,
25, 50, 75 and 100). Bands bound the sums of published groups; HiGHS finds the world with the highest or lowest sum
somewhere, in whole steps. Every world that was found is kept: it answers many later questions without solving anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil, floor
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from ownership.audit.figures import PublishedFigure
from ownership.audit.rowspace import blocks_of

Counts = NDArray[np.int64]

ROUNDING = 1e-9


@frozen(eq=False)
class Knowledge:
    """What insiders know by themselves: per block how many of them are in it, and what they answered together."""

    insiders: Counts
    total: Counts


@define(eq=False)
class Worlds:
    """The possible worlds of one window and measure."""

    blocks: tuple[frozenset[str], ...]
    sizes: Counts
    cells: Counts
    lows: Counts
    highs: Counts
    steps: int = 4
    seen: list[Counts] = field(factory=list)

    @classmethod
    def of(cls, figures: Iterable[PublishedFigure]) -> Worlds:
        """Take the figures of one window and measure together."""
        bounds: dict[frozenset[str], tuple[int, int]] = {}
        steps = 4
        for figure in figures:
            steps = figure.steps
            low, high = bounds.get(figure.answered, (0, steps * len(figure.answered)))
            bounds[figure.answered] = (max(low, lowest_sum(figure)), min(high, highest_sum(figure)))
        bounds.pop(frozenset(), None)
        groups = list(bounds)
        blocks = tuple(blocks_of(groups))
        inside = [[min(block) in people for block in blocks] for people in groups]
        return cls(
            blocks,
            np.array([len(block) for block in blocks], dtype=np.int64),
            np.array(inside, dtype=np.int64).reshape(len(groups), len(blocks)),
            np.array([low for low, _ in bounds.values()], dtype=np.int64),
            np.array([high for _, high in bounds.values()], dtype=np.int64),
            steps,
        )

    def nobody(self) -> Knowledge:
        """Give what an outsider knows by himself: nothing."""
        return Knowledge(np.zeros_like(self.sizes), np.zeros_like(self.sizes))

    def knowing(self, answers: Mapping[str, int]) -> Knowledge:
        """Give what insiders with these answers, of 0 to 100, know together."""
        known = [
            [round(answers[person] / 100 * self.steps) for person in block & answers.keys()] for block in self.blocks
        ]
        return Knowledge(
            np.array([len(steps) for steps in known], dtype=np.int64),
            np.array([sum(steps) for steps in known], dtype=np.int64),
        )

    def answer(self, steps: int) -> int:
        """Give an answer, of 0 to 100, that is so many steps above the lowest."""
        return round(100 * steps / self.steps)

    def span(self, knowledge: Knowledge) -> tuple[Counts, Counts]:
        """Give the lowest and highest sum that each block may have beside what the insiders answered."""
        return knowledge.total, knowledge.total + self.steps * (self.sizes - knowledge.insiders)

    def extreme(self, block: int, *, direction: int, knowledge: Knowledge) -> Counts | None:
        """Find a world in which a block's sum is highest (1) or lowest (-1); none when nothing is possible."""
        objective = np.zeros(len(self.sizes))
        objective[block] = -direction
        return self._solved(objective, knowledge)

    def remember_usual(self) -> None:
        """Look for one world in which no block is near an end: that settles most questions at once."""
        count = len(self.sizes)
        room = np.minimum(2 * self.steps, (self.steps * self.sizes) // 2)
        # Per block its sum, and how far that is from each end, as far as this matters.
        objective = np.concatenate([np.zeros(count), -np.ones(2 * count)])
        eye, none = np.eye(count), np.zeros((count, count))
        rules = [
            LinearConstraint(np.hstack([self.cells, np.zeros((len(self.cells), 2 * count))]), self.lows, self.highs),
            LinearConstraint(np.hstack([-eye, eye, none]), -np.inf, 0),
            LinearConstraint(np.hstack([eye, none, eye]), -np.inf, self.steps * self.sizes),
        ]
        limits = Bounds(0, np.concatenate([self.steps * self.sizes, room, room]))
        self._kept(milp(objective, integrality=np.ones(3 * count), bounds=limits, constraints=rules))

    def _solved(self, objective: NDArray[np.float64], knowledge: Knowledge) -> Counts | None:
        lowest, highest = self.span(knowledge)
        rules = LinearConstraint(self.cells, self.lows, self.highs)
        return self._kept(
            milp(objective, integrality=np.ones(len(objective)), bounds=Bounds(lowest, highest), constraints=rules)
        )

    def _kept(self, answer: Any) -> Counts | None:
        if answer.x is None:
            return None
        world: Counts = np.rint(answer.x[: len(self.sizes)]).astype(np.int64)
        sums = self.cells @ world
        if not ((self.lows <= sums) & (sums <= self.highs)).all():  # pragma: no cover - HiGHS keeps what it is told
            return None
        self.seen.append(world)
        return world


def lowest_sum(figure: PublishedFigure) -> int:
    """Give the lowest sum, in steps, that a figure allows."""
    return ceil(len(figure.answered) * figure.low / 100 * figure.steps - ROUNDING)


def highest_sum(figure: PublishedFigure) -> int:
    """Give the highest sum, in steps, that a figure allows."""
    return floor(len(figure.answered) * figure.high / 100 * figure.steps + ROUNDING)


def lowest_answer(others: Counts, total: Counts, steps: int) -> Counts:
    """Give the lowest answer that one of these others can have when they have so much together."""
    return np.asarray(np.maximum(0, total - steps * (others - 1)))


def highest_answer(total: Counts, steps: int) -> Counts:
    """Give the highest answer that one of others can have when they have so much together."""
    return np.asarray(np.minimum(steps, total))
