"""What an attacker can work out from everything that was published.

Three attackers, each with more than any real one has:

- :func:`subtract` knows every mean exactly, not only its band, and who answered;
- :func:`compare_rosters` knows the same of every window, while nobody ever changes an answer;
- :func:`narrow` knows an answer (or two) from within, and in what steps answers are given.

:func:`assume_stable` is the honest limit: no rule of publication holds against answers that never change while who
answers changes by the week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations_with_replacement

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from ownership.audit.figures import PublishedFigure
from ownership.audit.rowspace import determined_groups
from ownership.audit.worlds import Counts, Knowledge, Worlds, highest_answer, lowest_answer

FLOOR = 5


@frozen
class Exposed:
    """A person (a group of one) or a small group about whom the published sums tell something of their own.

    Attributes:
        window: The window; none when figures of several windows were needed.
        measure: What was asked.
        people: Who.
    """

    window: int | None
    measure: str
    people: frozenset[str]


@frozen
class Narrowed:
    """The answers that an insider must still think possible for a colleague, at his luckiest.

    Attributes:
        window: The window.
        measure: What was asked.
        people: The colleagues, who for him are all alike; he may be one of them.
        lowest: The lowest possible answer, of 0 to 100.
        highest: The highest.
    """

    window: int
    measure: str
    people: frozenset[str]
    lowest: int
    highest: int

    @property
    def is_known(self) -> bool:
        """Whether one answer is left."""
        return self.lowest == self.highest


def subtract(figures: Iterable[PublishedFigure], *, threshold: int = FLOOR) -> list[Exposed]:
    """Add and subtract all cells of a window and measure, knowing every mean exactly."""
    found = []
    known: dict[frozenset[frozenset[str]], list[frozenset[str]]] = {}
    for (window, measure), published in by_window_and_measure(figures).items():
        cells = frozenset(figure.answered for figure in published)
        if cells not in known:
            known[cells] = determined_groups(cells, threshold)
        found += [Exposed(window, measure, people) for people in known[cells]]
    return found


def compare_rosters(figures: Iterable[PublishedFigure], *, threshold: int = FLOOR) -> list[Exposed]:
    """Add and subtract the rosters of all windows, as if everybody always answered and never otherwise."""
    return _over_windows(((figure.measure, figure.roster) for figure in figures), threshold)


def assume_stable(figures: Iterable[PublishedFigure], *, threshold: int = FLOOR) -> list[Exposed]:
    """Add and subtract over all windows who answered, knowing every mean exactly, as if answers never changed."""
    return _over_windows(((figure.measure, figure.answered) for figure in figures), threshold)


def narrow(
    figures: Iterable[PublishedFigure],
    *,
    insiders: int = 1,
    answers: Mapping[tuple[int, str], Mapping[str, int]] | None = None,
) -> list[Narrowed]:
    """Let insiders, each with any answer that the bands allow, bound the answers of each colleague.

    Args:
        figures: Everything that was published.
        insiders: How many of them put what they know together.
        answers: What people did answer, by window and measure: then only insiders who exist are tried.

    Returns:
        Per window, measure and block of people who are alike, what is left when the insiders learn most; only where
        something was learnt.
    """
    found = []
    for (window, measure), published in by_window_and_measure(figures).items():
        worlds = Worlds.of(published)
        given = None if answers is None else answers[window, measure]
        lowest, highest = _luckiest(worlds, list(_coalitions(worlds, insiders, given)))
        found += [
            Narrowed(window, measure, block, worlds.answer(low), worlds.answer(high))
            for block, low, high in zip(worlds.blocks, lowest, highest, strict=True)
            if high - low < worlds.steps
        ]
    return found


def possible_answers(figures: Iterable[PublishedFigure], known: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Give the lowest and highest possible answer of each other person in one window and measure.

    Args:
        figures: Everything that was published about it.
        known: The answers, of 0 to 100, of whoever attacks.
    """
    worlds = Worlds.of(figures)
    knowledge = worlds.knowing(known)
    lowest, highest = _bounds(worlds, [knowledge])
    return {
        person: (worlds.answer(lowest[0, number]), worlds.answer(highest[0, number]))
        for number, block in enumerate(worlds.blocks)
        for person in sorted(block - known.keys())
    }


def by_window_and_measure(figures: Iterable[PublishedFigure]) -> dict[tuple[int, str], list[PublishedFigure]]:
    """Put figures together that are about the same answers."""
    together: dict[tuple[int, str], list[PublishedFigure]] = {}
    for figure in figures:
        together.setdefault((figure.window, figure.measure), []).append(figure)
    return together


def _over_windows(sets: Iterable[tuple[str, frozenset[str]]], threshold: int) -> list[Exposed]:
    by_measure: dict[str, set[frozenset[str]]] = {}
    for measure, people in sets:
        by_measure.setdefault(measure, set()).add(people)
    known: dict[frozenset[frozenset[str]], list[frozenset[str]]] = {}
    for distinct in map(frozenset, by_measure.values()):
        if distinct not in known:
            known[distinct] = determined_groups(distinct, threshold)
    return [
        Exposed(None, measure, people)
        for measure, distinct in by_measure.items()
        for people in known[frozenset(distinct)]
    ]


def _coalitions(worlds: Worlds, insiders: int, answers: Mapping[str, int] | None) -> Iterator[Knowledge]:
    """Give every combination of blocks and answers that so many insiders can have."""
    there = [
        (number, step)
        for number, block in enumerate(worlds.blocks)
        for step in (
            list(range(worlds.steps + 1)) * len(block) if answers is None else _steps(answers, block, worlds.steps)
        )
    ]
    most = Counter(there)
    for members in combinations_with_replacement(sorted(most), insiders):
        blocks = Counter(number for number, _ in members)
        if Counter(members) <= most and all(count <= worlds.sizes[number] for number, count in blocks.items()):
            yield _knowledge(worlds, members)


def _steps(answers: Mapping[str, int], block: frozenset[str], steps: int) -> list[int]:
    return [round(answers[person] / 100 * steps) for person in block]


def _knowledge(worlds: Worlds, members: Iterable[tuple[int, int]]) -> Knowledge:
    knowledge = worlds.nobody()
    for number, step in members:
        knowledge.insiders[number] += 1
        knowledge.total[number] += step
    return knowledge


def _luckiest(worlds: Worlds, coalitions: list[Knowledge]) -> tuple[Counts, Counts]:
    """Give per block the bounds of the coalition that learns most about a person in it."""
    lowest, highest = _bounds(worlds, coalitions)
    room = np.where(
        lowest <= highest, highest - lowest, worlds.steps
    )  # nobody else is in the block, or no such insider is
    outside = np.full((1, len(worlds.blocks)), worlds.steps)
    best = np.vstack([outside, room]).argmin(axis=0)[None, :]
    low = np.take_along_axis(np.vstack([0 * outside, lowest]), best, axis=0)[0]
    high = np.take_along_axis(np.vstack([outside, highest]), best, axis=0)[0]
    return low, high


def _bounds(worlds: Worlds, coalitions: list[Knowledge]) -> tuple[Counts, Counts]:
    """Give per coalition and block the lowest and highest answer of one other person, exactly.

    Where the highest is below the lowest there is no such person, or the coalition is impossible.
    """
    search = _Search(worlds, coalitions)
    worlds.remember_usual()
    search.learn()
    for direction in (-1, 1):
        search.settle(direction)
    return search.lowest, search.highest


class _Search:
    """Bounds from the worlds found so far, tightened until they are exact."""

    def __init__(self, worlds: Worlds, coalitions: list[Knowledge]) -> None:
        shape = (len(coalitions), len(worlds.blocks))
        self.worlds = worlds
        self.coalitions = coalitions
        self.insiders = np.array([one.insiders for one in coalitions], dtype=np.int64).reshape(shape)
        self.total = np.array([one.total for one in coalitions], dtype=np.int64).reshape(shape)
        self.others = worlds.sizes - self.insiders
        self.lowest = np.full(shape, worlds.steps, dtype=np.int64)
        self.highest = np.full(shape, -1, dtype=np.int64)
        self.learnt = 0

    def learn(self) -> None:
        """Widen the bounds by the worlds that were found since the last time."""
        for world in self.worlds.seen[self.learnt :]:
            left = world - self.total
            is_possible = np.logical_and(left >= 0, left <= self.worlds.steps * self.others).all(axis=1, keepdims=True)
            fits = np.logical_and(is_possible, self.others > 0)
            self.lowest = np.where(
                fits, np.minimum(self.lowest, lowest_answer(self.others, left, self.worlds.steps)), self.lowest
            )
            self.highest = np.where(
                fits, np.maximum(self.highest, highest_answer(left, self.worlds.steps)), self.highest
            )
        self.learnt = len(self.worlds.seen)

    def settle(self, direction: int) -> None:
        """Solve what the worlds found so far leave open, from the loosest bound on."""
        limit = self._limits(direction)
        for coalition, block in self._open(direction, limit):
            if bool(self._open_at(direction, limit)[coalition, block]):
                world = self.worlds.extreme(block, direction=direction, knowledge=self.coalitions[coalition])
                if world is None:
                    self.others[coalition] = 0  # nobody can know this
                self.learn()

    def _limits(self, direction: int) -> Counts:
        """Give per block the bound that an outsider has already: no insider is to be found beyond it."""
        nobody, most = self.worlds.nobody(), self.worlds.steps
        limit = np.full(len(self.worlds.blocks), most if direction > 0 else 0, dtype=np.int64)
        for block in sorted({block for _, block in self._open(direction, limit)}):
            world = self.worlds.extreme(block, direction=direction, knowledge=nobody)
            if world is None:
                break
            size, total = self.worlds.sizes[[block]], world[[block]]
            limit[block] = (highest_answer(total, most) if direction > 0 else lowest_answer(size, total, most))[0]
        self.learn()
        return limit

    def _open(self, direction: int, limit: Counts) -> list[tuple[int, int]]:
        return [(int(row), int(column)) for row, column in np.argwhere(self._open_at(direction, limit))]

    def _open_at(self, direction: int, limit: Counts) -> NDArray[np.bool_]:
        reached = self.highest >= limit if direction > 0 else self.lowest <= limit
        return np.asarray((self.others > 0) & np.logical_not(reached))
