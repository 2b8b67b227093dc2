from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownership.audit.rowspace import blocks_of, determined_groups, reduced

PEOPLE = "abcdefgh"


def sets(*words: str) -> list[frozenset[str]]:
    return [frozenset(word) for word in words]


def rank(rows: list[list[int]]) -> int:
    """Count independent rows, the schoolbook way."""
    left = [[Fraction(value) for value in row] for row in rows]
    done = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in range(done, len(left)) if left[row][column]), None)
        if pivot is None:
            continue
        left[done], left[pivot] = left[pivot], left[done]
        for row in range(done + 1, len(left)):
            factor = left[row][column] / left[done][column]
            left[row] = [a - factor * b for a, b in zip(left[row], left[done], strict=True)]
        done += 1
    return done


def tells_about(groups: list[frozenset[str]], few: frozenset[str]) -> bool:
    """Whether some combination of the sums is about nobody but a few: leaving them out lowers the rank."""
    full = [[int(person in group) for person in PEOPLE] for group in groups]
    rest = [[int(person in group - few) for person in PEOPLE] for group in groups]
    return rank(full) > rank(rest)


@pytest.mark.parametrize(
    ("cells", "below", "found"),
    [
        (["abcdefgh", "bcdefgh"], 5, ["a"]),
        (["abcdefgh", "abcd", "efgh"], 5, ["abcd", "efgh"]),
        (["abcdefgh"], 5, []),
        (["abc"], 4, ["abc"]),
        (["abcde", "defgh", "abcfgh"], 2, []),
        (["ab", "bc", "ac"], 2, ["a", "b", "c"]),
        ([], 5, []),
    ],
)
def test_what_follows_from_sums_is_found(cells: list[str], below: int, found: list[str]) -> None:
    """Whoever is told apart by adding and subtracting is found, and nobody else."""
    assert sorted(determined_groups(sets(*cells), below), key=sorted) == sets(*found)


@given(st.lists(st.frozensets(st.sampled_from(PEOPLE), min_size=1), max_size=5), st.integers(2, 5))
def test_it_finds_what_trying_every_group_finds(groups: list[frozenset[str]], below: int) -> None:
    """Nothing is found exactly when no small group lowers the rank; all persons are found; what is found is true."""
    found = determined_groups(groups, below)
    small = [frozenset(few) for size in range(1, below) for few in combinations(PEOPLE, size)]
    told = [few for few in small if tells_about(groups, few)]
    assert bool(found) == bool(told)
    assert {group for group in found if len(group) == 1} == {few for few in told if len(few) == 1}
    assert all(tells_about(groups, group) and len(group) < below for group in found)


@given(st.lists(st.frozensets(st.sampled_from(PEOPLE)), max_size=6))
def test_people_of_a_block_cannot_be_told_apart(groups: list[frozenset[str]]) -> None:
    """Every group is a union of blocks, and the blocks hold everybody who is in a group once."""
    blocks = blocks_of(groups)
    assert sum(map(len, blocks)) == len(frozenset().union(*groups))
    assert all(block <= group or not block & group for block in blocks for group in groups)


def test_rows_that_follow_from_others_vanish() -> None:
    """The reduced form has as many rows as are independent, each beginning with a one that no other row has."""
    assert reduced([{0: 1, 1: 1}, {1: 1, 2: 1}, {0: 1, 2: -1}]) == {0: {0: 1, 2: -1}, 1: {1: 1, 2: 1}}
