"""Publication: one answer in one cell, whole cohorts, bands; and nothing that can be subtracted."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ownership.domain.cohorts import Group
from ownership.domain.people import PersonId
from ownership.domain.publication import ReleasePlanId, first_plan, publish

SALES, TECHNOLOGY = Group("Sales"), Group("Technology")


def everyone(**sizes: int) -> dict[PersonId, Group]:
    """Give so many people in each department."""
    return {PersonId(f"{name}{n}"): Group(name) for name, size in sizes.items() for n in range(size)}


def told(standing: Mapping[PersonId, Group]) -> list[tuple[Group, int]]:
    """Give the cells, with how many answered, when everybody answers."""
    plan = first_plan(ReleasePlanId("organisation.t1"), PersonId("organisation"), standing)
    return [
        (cell.group, cell.answered) for cell in publish(plan, standing, {who: {"room": 50} for who in standing}).cells
    ]


@pytest.mark.parametrize(
    ("sales", "technology", "cells"),
    [(4, 9, [(Group(), 13)]), (6, 9, [(SALES, 6), (TECHNOLOGY, 9)]), (3, 1, []), (5, 5, [(SALES, 5), (TECHNOLOGY, 5)])],
)
def test_four_beside_nine_close_both(sales: int, technology: int, cells: list[tuple[Group, int]]) -> None:
    """Four in Sales and nine in Technology give one cell of thirteen; a remainder of six stays open."""
    assert told(everyone(Sales=sales, Technology=technology)) == cells
