"""Which sums follow from other sums, in exact arithmetic.

Every published mean is an equation: the sum over these people is so much. Whatever can be worked out by adding and
subtracting is in the row space of those equations. People who are in exactly the same sums cannot be told apart and
form one *block*, so that the matrices are as small as the structure of the groups, whatever the number of people; that
is why plain fractions suffice, and no library for exact matrices is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

Row = dict[int, Fraction]
"""A weighted sum: the coefficient of each column that is not zero."""


def blocks_of(sets: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Split people into blocks that are in exactly the same sets, in a stable order."""
    places: dict[str, list[int]] = {}
    for number, people in enumerate(sets):
        for person in people:
            places.setdefault(person, []).append(number)
    blocks: dict[tuple[int, ...], set[str]] = {}
    for person, numbers in places.items():
        blocks.setdefault(tuple(numbers), set()).add(person)
    return [frozenset(blocks[numbers]) for numbers in sorted(blocks)]


def determined_groups(sets: Collection[frozenset[str]], below: int) -> list[frozenset[str]]:
    """Find the smallest groups of fewer than so many people about whom the sums over the sets tell something.

    A group is found when some combination of the sums is about nobody else. A group of one is a person whose answer is
    known exactly; no group that contains another one found is listed. Nothing found means that there is none, and every
    person is found; of larger groups, once some lie on the surface, those that are hidden deeper are not listed.
    """
    distinct = sorted(set(sets), key=lambda people: (len(people), sorted(people)))
    blocks = sorted(blocks_of(distinct), key=lambda block: (-len(block), min(block)))
    column = {person: number for number, block in enumerate(blocks) for person in block}
    first_small = sum(len(block) >= below for block in blocks)
    if first_small == len(blocks):
        return []
    basis = reduced({column[person]: 1 for person in people} for people in distinct)
    # The large blocks come first, so the rows that begin after them span all that is about small blocks only.
    light = light_supports(
        {pivot: row for pivot, row in basis.items() if pivot >= first_small},
        {number: len(block) for number, block in enumerate(blocks)},
        below,
    )
    return [frozenset().union(*(blocks[number] for number in support)) for support in light]


def reduced(rows: Iterable[Mapping[int, int | Fraction]]) -> dict[int, Row]:
    """Bring rows to reduced echelon form; gives the rows that are left by their first column."""
    basis: dict[int, Row] = {}
    for given in rows:
        row: Row = {column: Fraction(value) for column, value in given.items()}
        for pivot in [column for column in row if column in basis]:
            _subtract(row, basis[pivot], row[pivot])
        if not row:
            continue
        pivot = min(row)
        first = row[pivot]
        row = {column: value / first for column, value in row.items()}
        for other in basis.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        basis[pivot] = row
    return basis


def light_supports(basis: Mapping[int, Row], weight: Mapping[int, int], below: int) -> list[frozenset[int]]:
    """Find the minimal sets of columns, lighter than a bound, on which some combination of the rows lives.

    The rows are in reduced echelon form. So a set of one column is a row by itself, and the first column of every row
    that takes part is in the set: fewer rows than the bound can take part, and they hang together. Combinations of rows
    are only searched, and then all of them, when no row by itself is light.
    """
    found: list[frozenset[int]] = []
    touched = _rows_by_column(basis)
    level = {frozenset({pivot}) for pivot in basis if weight[pivot] < below}
    while level and not found:
        for pivots in sorted(level, key=sorted):
            spare = below - 1 - sum(weight[pivot] for pivot in pivots)
            found.extend(_supports(pivots, basis, weight, spare))
        level = {
            wider for pivots in level for wider in _wider(pivots, basis, touched) if _weighs(wider, weight) < below
        }
    return _minimal(found)


def _subtract(row: Row, other: Row, factor: Fraction) -> None:
    for column, value in other.items():
        left = row.get(column, 0) - factor * value
        if left:
            row[column] = Fraction(left)
        else:
            row.pop(column, None)


def _rows_by_column(basis: Mapping[int, Row]) -> dict[int, set[int]]:
    touched: dict[int, set[int]] = {}
    for pivot, row in basis.items():
        for column in row.keys() - {pivot}:
            touched.setdefault(column, set()).add(pivot)
    return touched


def _wider(
    pivots: frozenset[int], basis: Mapping[int, Row], touched: Mapping[int, set[int]]
) -> Iterable[frozenset[int]]:
    """Add one row that shares a column with those that are there."""
    columns = set().union(*(basis[pivot].keys() for pivot in pivots)) - pivots
    neighbours = set().union(*(touched[column] for column in columns)) - pivots if columns else set()
    return (pivots | {neighbour} for neighbour in neighbours)


def _supports(
    pivots: frozenset[int], basis: Mapping[int, Row], weight: Mapping[int, int], spare: int
) -> Iterable[frozenset[int]]:
    """Find the light sets on which a combination of exactly these rows lives."""
    users: dict[int, int] = {}
    for pivot in pivots:
        for column in basis[pivot].keys() - {pivot}:
            users[column] = users.get(column, 0) + 1
    alone = [column for column, number in users.items() if number == 1]  # nothing cancels these
    spare -= _weighs(alone, weight)
    shared = [column for column, number in users.items() if number > 1 and weight[column] <= spare]
    for size in range(spare + 1) if spare >= 0 else ():
        for kept in combinations(shared, size):
            if _weighs(kept, weight) > spare:
                continue
            cancelled = users.keys() - kept - set(alone)
            rows = ({c: v for c, v in basis[pivot].items() if c in cancelled} for pivot in pivots)
            if len(reduced(rows)) < len(pivots):
                yield pivots.union(alone, kept)


def _weighs(columns: Iterable[int], weight: Mapping[int, int]) -> int:
    return sum(weight[column] for column in columns)


def _minimal(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    kept: list[frozenset[int]] = []
    for candidate in sorted(set(sets), key=lambda columns: (len(columns), sorted(columns))):
        if not any(smaller <= candidate for smaller in kept):
            kept.append(candidate)
    return kept
