"""Publication: one answer in one cell, whole cohorts, bands; and nothing that can be subtracted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from ownership.domain.cohorts import FLOOR, Cohort, Group, Level
from ownership.domain.people import PersonId
from ownership.domain.publication import (
    EDGES,
    Answers,
    Band,
    BandShare,
    Cell,
    Closed,
    ClosedReason,
    Finding,
    NotCounted,
    Preview,
    Publication,
    ReleasePlan,
    ReleasePlanId,
    RolledUp,
    RolledUpFinding,
    Usefulness,
    bands_between,
    edges_for,
    first_plan,
    next_plan,
    preview_for,
    publish,
    refuse_edges,
    release_plan_id,
    usefulness,
)
from ownership.errors import InvalidInput
from ownership.testing import answers_of, changed_standings, standings

Standing = dict[PersonId, Group]

OWNER = PersonId("organisation")
ORGANISATION = Group()
SALES, TECHNOLOGY = Group("Sales"), Group("Technology")
NORTH, SOUTH, EAST = Group("Sales", "North"), Group("Sales", "South"), Group("Sales", "East")
TEST = Group("Technology", "Test")
FIRST = release_plan_id(OWNER, 1)


def at(*sizes: tuple[Group, int]) -> Standing:
    """Let so many people stand in each group."""
    return {PersonId(f"{group.department}.{group.team}.{n}"): group for group, size in sizes for n in range(size)}


def some(standing: Mapping[PersonId, Group], *sizes: tuple[Group, int], answer: float = 50) -> Answers:
    """Let so many people of each group answer the same to one question."""
    return {
        who: {"room": answer}
        for group, size in sizes
        for who in [who for who, place in standing.items() if place == group][:size]
    }


def told(publication: Publication) -> list[tuple[Group, int, bool]]:
    """Give the cells in short: the group, how many answered, whether it is a rest."""
    return [(cell.group, cell.answered, cell.is_rest) for cell in publication.cells]


@st.composite
def windows(draw: st.DrawFn) -> tuple[ReleasePlan, Standing, Answers]:
    """Draw a plan, where people stand when the window closes, and what they answered."""
    standing = draw(standings())
    plan = first_plan(FIRST, OWNER, standing, threshold=draw(st.integers(FLOOR, 7)))
    if draw(st.booleans()):
        standing = draw(changed_standings(standing))
        plan = next_plan(plan, release_plan_id(OWNER, 2), standing)
    closing = draw(st.just(standing) | changed_standings(standing))
    return plan, closing, draw(answers_of(closing))


class TestOracle:
    @pytest.mark.parametrize(
        ("sales", "technology", "cells"),
        [
            (4, 9, [(ORGANISATION, 13)]),
            (6, 9, [(SALES, 6), (TECHNOLOGY, 9)]),
            (5, 5, [(SALES, 5), (TECHNOLOGY, 5)]),
            (9, 4, [(ORGANISATION, 13)]),
            (4, 4, [(ORGANISATION, 8)]),
            (3, 1, []),
            (0, 9, [(TECHNOLOGY, 9)]),
        ],
    )
    @pytest.mark.parametrize("people", ["as many", "twelve"])
    def test_four_beside_nine_close_both(
        self, sales: int, technology: int, cells: list[tuple[Group, int]], people: str
    ) -> None:
        """Four answers in Sales and nine in Technology give one cell of thirteen; a remainder of six stays open."""
        many = {"as many": (sales, technology), "twelve": (12, 12)}[people]
        standing = at((SALES, many[0]), (TECHNOLOGY, many[1]))
        answers = some(standing, (SALES, sales), (TECHNOLOGY, technology))
        publication = publish(first_plan(FIRST, OWNER, standing), standing, answers)
        assert [(group, answered) for group, answered, _ in told(publication)] == cells


class TestCells:
    def publish(self, *counts: tuple[Group, int], people: int = 12) -> Publication:
        """Publish with so many answers in each of some groups of twelve people."""
        standing = at(*((group, people) for group, _ in counts))
        return publish(first_plan(FIRST, OWNER, standing), standing, some(standing, *counts))

    def test_every_group_with_enough_answers_is_told(self) -> None:
        """Five answers open a team; the department is worked out from its teams and has no cell beside them."""
        publication = self.publish((NORTH, 5), (SOUTH, 7))
        assert told(publication) == [(NORTH, 5, False), (SOUTH, 7, False)]
        assert [(up.group, up.answered) for up in publication.rolled_up] == [(ORGANISATION, 12), (SALES, 12)]
        assert publication.closed == ()

    def test_small_teams_are_told_together_in_their_department(self) -> None:
        """Two teams with too few answers give the rest of their department."""
        publication = self.publish((NORTH, 3), (SOUTH, 2), (EAST, 8))
        assert told(publication) == [(SALES, 5, True), (EAST, 8, False)]
        assert publication.closed == (
            Closed(NORTH, ClosedReason.TOO_FEW_ANSWERS),
            Closed(SOUTH, ClosedReason.TOO_FEW_ANSWERS),
        )

    def test_a_cell_beside_narrower_ones_is_a_rest(self) -> None:
        """Small teams that were put together beforehand are the rest of their department where another team is told."""
        standing = at((NORTH, 3), (SOUTH, 3), (EAST, 9))
        plan = first_plan(FIRST, OWNER, standing)
        everyone = some(standing, (NORTH, 3), (SOUTH, 3), (EAST, 9))
        assert told(publish(plan, standing, everyone)) == [(SALES, 6, True), (EAST, 9, False)]
        only = some(standing, (NORTH, 3), (SOUTH, 3))
        assert told(publish(plan, standing, only)) == [(SALES, 6, False)]

    def test_what_is_too_small_in_each_department_is_told_in_the_organisation(self) -> None:
        """Rests of departments that are too small join in the organisation, and close no team."""
        publication = self.publish((NORTH, 3), (EAST, 8), (TEST, 2), (Group("Technology", "Build"), 6))
        assert told(publication) == [
            (ORGANISATION, 5, True),
            (EAST, 8, False),
            (Group("Technology", "Build"), 6, False),
        ]

    def test_what_is_left_takes_in_the_smallest_cell(self) -> None:
        """One answer that is left over takes in the smallest cell, which is closed for that; of equals the first."""
        publication = self.publish((NORTH, 1), (SOUTH, 7), (EAST, 6), (TEST, 6))
        assert told(publication) == [(SALES, 7, True), (SOUTH, 7, False), (TEST, 6, False)]
        assert publication.closed == (
            Closed(EAST, ClosedReason.TAKEN_IN),
            Closed(NORTH, ClosedReason.TOO_FEW_ANSWERS),
        )

    def test_a_cell_over_departments_is_the_organisations(self) -> None:
        """What is left over in one department takes in a cell of another: then it is told of the organisation."""
        publication = self.publish((NORTH, 1), (SOUTH, 7), (TEST, 6))
        assert told(publication) == [(ORGANISATION, 7, True), (SOUTH, 7, False)]
        assert [closed.group for closed in publication.closed] == [NORTH, TECHNOLOGY, TEST]

    def test_a_rest_that_takes_in_the_rest_of_the_organisation_keeps_its_name(self) -> None:
        """The rest of a department that is taken in is closed as such when the name changes, and only then."""
        standing = at((SALES, 12), (NORTH, 12), (ORGANISATION, 12))
        plan = first_plan(FIRST, OWNER, standing)
        publication = publish(plan, standing, some(standing, (SALES, 5), (NORTH, 9), (ORGANISATION, 1)))
        assert told(publication) == [(ORGANISATION, 6, True), (NORTH, 9, False)]
        publication = publish(plan, standing, some(standing, (SALES, 5), (NORTH, 3)))
        assert told(publication) == [(SALES, 8, True)]
        assert publication.closed == (Closed(NORTH, ClosedReason.TOO_FEW_ANSWERS),)
        publication = publish(plan, standing, some(standing, (SALES, 1), (NORTH, 5)))
        assert told(publication) == [(SALES, 6, True)]
        assert publication.closed == (Closed(NORTH, ClosedReason.TAKEN_IN),)

    def test_where_nobody_answers_nothing_is_told(self) -> None:
        """A team without answers is in no cell, and closes no other one."""
        publication = self.publish((NORTH, 0), (SOUTH, 7))
        assert told(publication) == [(SOUTH, 7, False)]
        assert publication.cells[0].cohorts == (1,)
        assert publication.closed == (Closed(NORTH, ClosedReason.TOO_FEW_ANSWERS),)

    def test_with_four_answers_in_all_nothing_is_told(self) -> None:
        """Under the threshold there is no cell anywhere, and every group says so."""
        publication = self.publish((NORTH, 2), (TEST, 2))
        assert (publication.cells, publication.rolled_up) == ((), ())
        assert {closed.group for closed in publication.closed} == {ORGANISATION, SALES, NORTH, TECHNOLOGY, TEST}
        assert {closed.reason for closed in publication.closed} == {ClosedReason.TOO_FEW_ANSWERS}

    def test_nothing_is_told_of_an_empty_organisation(self) -> None:
        """Without people there is nothing to tell, and the organisation itself has nothing to close."""
        assert publish(first_plan(FIRST, OWNER, {}), {}, {}) == Publication()

    def test_why_a_group_is_closed(self) -> None:
        """Too few people, enough people who are told with others, or too few answers: each says which."""
        standing = at((NORTH, 4), (SOUTH, 9), (EAST, 1), (TEST, 9))
        plan = first_plan(FIRST, OWNER, standing)
        assert {cohort.home for cohort in plan.cohorts} == {SALES, SOUTH, TEST}
        publication = publish(plan, standing, some(standing, (NORTH, 4), (EAST, 1), (SOUTH, 3), (TEST, 9)))
        assert {closed.group: closed.reason for closed in publication.closed} == {
            NORTH: ClosedReason.TOO_FEW_PEOPLE,
            EAST: ClosedReason.TOO_FEW_PEOPLE,
            SOUTH: ClosedReason.TOO_FEW_ANSWERS,
        }
        taken = first_plan(FIRST, OWNER, at((NORTH, 4), (SOUTH, 9)))
        standing = at((NORTH, 4), (SOUTH, 9))
        publication = publish(taken, standing, some(standing, (NORTH, 4), (SOUTH, 9)))
        assert {closed.group: closed.reason for closed in publication.closed} == {
            NORTH: ClosedReason.TOO_FEW_PEOPLE,
            SOUTH: ClosedReason.TAKEN_IN,
        }

    def test_a_group_that_is_told_with_others_says_so(self) -> None:
        """Five of a team, or of the teams of a department together, who are told in a wider group: taken in."""
        small, enough = Group("Care"), at((NORTH, 5), (SOUTH, 4))
        publication = publish(first_plan(FIRST, OWNER, enough), enough, some(enough, (NORTH, 5), (SOUTH, 4)))
        assert Closed(NORTH, ClosedReason.TAKEN_IN) in publication.closed
        standing = at((NORTH, 3), (SOUTH, 3), (TEST, 9), (small, 2))
        plan = first_plan(FIRST, OWNER, standing)
        publication = publish(plan, standing, some(standing, (NORTH, 3), (SOUTH, 3), (TEST, 9), (small, 2)))
        assert {closed.group: closed.reason for closed in publication.closed} == {
            SALES: ClosedReason.TAKEN_IN,
            NORTH: ClosedReason.TOO_FEW_PEOPLE,
            SOUTH: ClosedReason.TOO_FEW_PEOPLE,
            small: ClosedReason.TOO_FEW_PEOPLE,
        }

    def test_an_answer_counts_where_she_stands_at_home(self) -> None:
        """Who moved or left since the plan was made is not counted, and neither is who waits for other joiners."""
        standing = at((NORTH, 9), (SOUTH, 9))
        plan = first_plan(FIRST, OWNER, standing)
        gone, moved, *_ = standing
        now = {**standing, moved: SOUTH, PersonId("new"): NORTH}
        del now[gone]
        answers = {**some(standing, (NORTH, 9), (SOUTH, 9)), PersonId("new"): {"room": 50.0}}
        assert told(publish(plan, now, answers)) == [(NORTH, 7, False), (SOUTH, 9, False)]

    @given(windows())
    def test_cells_are_a_partition_of_whole_cohorts(self, window: tuple[ReleasePlan, Standing, Answers]) -> None:
        """No cohort is in two cells; a cell counts exactly the members of its cohorts who answered and are at home."""
        plan, standing, answers = window
        cells = publish(plan, standing, answers).cells
        indexes = [index for cell in cells for index in cell.cohorts]
        assert len(indexes) == len(set(indexes))
        for cell in cells:
            counted = counted_in(plan, standing, answers, cell.cohorts)
            assert cell.answered == len(counted) >= plan.threshold
            assert all(cell.group.contains(plan.cohorts[index].home) for index in cell.cohorts)

    @given(windows())
    def test_whoever_can_be_heard_is_heard(self, window: tuple[ReleasePlan, Standing, Answers]) -> None:
        """Every answer that counts is in a cell, unless there are fewer than the threshold of them in all."""
        plan, standing, answers = window
        everyone = counted_in(plan, standing, answers, range(len(plan.cohorts)))
        heard = sum(cell.answered for cell in publish(plan, standing, answers).cells)
        assert heard == (len(everyone) if len(everyone) >= plan.threshold else 0)

    @given(windows(), st.data())
    def test_the_order_of_people_does_not_matter(
        self, window: tuple[ReleasePlan, Standing, Answers], data: st.DataObject
    ) -> None:
        """The same answers at the same places give the same publication, in whatever order they come."""
        plan, standing, answers = window
        shuffled = {who: answers[who] for who in data.draw(st.permutations(sorted(answers)))}
        reversed_standing = dict(reversed(standing.items()))
        assert publish(plan, reversed_standing, shuffled) == publish(plan, standing, answers)

    @given(windows(), st.data())
    def test_nothing_but_bands_depends_on_what_was_answered(
        self, window: tuple[ReleasePlan, Standing, Answers], data: st.DataObject
    ) -> None:
        """With every number replaced by another, everything is the same but the bands."""
        plan, standing, answers = window
        others = {
            who: {name: None if number is None else data.draw(st.floats(0, 100)) for name, number in given_.items()}
            for who, given_ in answers.items()
        }
        assert without_bands(publish(plan, standing, others)) == without_bands(publish(plan, standing, answers))

    @given(windows())
    def test_every_group_with_people_is_told_or_says_why_not(
        self, window: tuple[ReleasePlan, Standing, Answers]
    ) -> None:
        """A team is told by its own cell, a department and the organisation by the cells in them; or it is closed."""
        plan, standing, answers = window
        publication = publish(plan, standing, answers)
        closed = {closed.group for closed in publication.closed}
        for group in {wider for place in standing.values() for wider in place.lineage}:
            inside = [cell.group for cell in publication.cells if group.contains(cell.group)]
            is_told = group in inside if group.level is Level.TEAM else bool(inside)
            assert is_told is (group not in closed)

    @pytest.mark.parametrize("number", [-0.1, 100.1, float("nan"), float("inf"), True, "50"])
    def test_an_answer_out_of_range_is_refused(self, number: Any) -> None:
        """What is no number from 0 to 100 stops the publication; the message holds neither number nor person."""
        standing = at((NORTH, 6))
        answers = {**some(standing, (NORTH, 5)), next(iter(standing)): {"room": number}}
        with pytest.raises(InvalidInput) as refused:
            publish(first_plan(FIRST, OWNER, standing), standing, answers)
        assert str(refused.value) == "answers: are not all numbers from 0 to 100, or None"


def counted_in(
    plan: ReleasePlan, standing: Standing, answers: Answers, cohorts: Sequence[int] | range
) -> set[PersonId]:
    """Give who of some cohorts answered and stands at home, from the words of the rule."""
    return {
        who
        for index in cohorts
        for who in plan.cohorts[index].member_ids
        if who in answers and who in standing and plan.cohorts[index].home in standing[who].lineage
    }


def without_bands(publication: Publication) -> Publication:
    """Give a publication of which every band is the same one."""
    same = Band()

    def plain(finding: Finding) -> Finding:
        return finding if finding.band is None else evolve(finding, band=same)

    cells = tuple(evolve(cell, findings=tuple(map(plain, cell.findings))) for cell in publication.cells)
    rolled = tuple(
        evolve(up, findings=tuple(RolledUpFinding(finding.measure, finding.answered) for finding in up.findings))
        for up in publication.rolled_up
    )
    return evolve(publication, cells=cells, rolled_up=rolled)


class TestFindings:
    def findings(self, *numbers: float | None, **others: float | None) -> tuple[Finding, ...]:
        """Publish what the people of one team answered."""
        standing = at((NORTH, len(numbers)))
        answers = {who: {"room": number, **others} for who, number in zip(standing, numbers, strict=True)}
        (cell,) = publish(first_plan(FIRST, OWNER, standing), standing, answers).cells
        return cell.findings

    @pytest.mark.parametrize(
        ("mean", "band"),
        [
            (0, Band(None, 35)),
            (34.9, Band(None, 35)),
            (34.9999999998, Band(35, 50)),
            (34.999999998, Band(None, 35)),
            (35, Band(35, 50)),
            (49.9, Band(35, 50)),
            (50, Band(50, 65)),
            (65, Band(65, None)),
            (100, Band(65, None)),
        ],
    )
    def test_a_mean_is_told_as_its_band(self, mean: float, band: Band) -> None:
        """A mean on an edge is in the band above it; however unanimous people are, the band is the same."""
        assert self.findings(*[mean] * 5) == (Finding("room", 5, band),)

    def test_thirds_add_up(self) -> None:
        """Five means of three items that are exactly 50 together are told as 50, whatever floats make of thirds."""
        third = 100 / 3
        numbers = (third, third, 50.0, 50.0, 250 - 100 - 2 * third)
        assert self.findings(*numbers)[0].band == Band(50, 65)
        assert self.findings(100 / 6, 200 / 6, 50.0, 400 / 6, 500 / 6)[0].band == Band(50, 65)

    def test_what_too_few_answered_is_not_told(self) -> None:
        """With four answers to a measure there is neither band nor number: how few is nobody's business."""
        assert self.findings(None, 50, 50, 50, 50) == (Finding("room"),)
        assert self.findings(None, 50, 50, 50, 50, 50) == (Finding("room", 5, Band(50, 65)),)
        assert self.findings(None, None, None, None, None) == (Finding("room"),)

    def test_every_cell_shows_every_measure(self) -> None:
        """Measures come in the order of their names, also in cells where nobody was asked them."""
        standing = at((NORTH, 5), (SOUTH, 5))
        answers: Answers = {who: {"b": 50} if place == NORTH else {"a": 50} for who, place in standing.items()}
        north, south = publish(first_plan(FIRST, OWNER, standing), standing, answers).cells
        assert north.findings == (Finding("a"), Finding("b", 5, Band(50, 65)))
        assert south.findings == (Finding("a", 5, Band(50, 65)), Finding("b"))

    @given(windows())
    def test_a_band_rests_on_enough_answers_and_holds_their_mean(
        self, window: tuple[ReleasePlan, Standing, Answers]
    ) -> None:
        """Of every band the exact mean lies in it, and as many answered that measure as the cell says."""
        plan, standing, answers = window
        for cell in publish(plan, standing, answers).cells:
            counted = counted_in(plan, standing, answers, cell.cohorts)
            for finding in cell.findings:
                numbers = [n for who in counted if (n := answers[who].get(finding.measure)) is not None]
                assert finding.answered == (len(numbers) if len(numbers) >= plan.threshold else 0)
                if finding.band is not None:
                    mean = sum(map(Fraction, numbers)) / len(numbers)
                    assert finding.band.lowest - 1e-8 <= mean <= finding.band.highest + 1e-8


class TestRolledUp:
    def test_a_department_is_worked_out_from_its_cells(self) -> None:
        """It tells how many answers lie in cells of each band, and between what the mean of all of them lies."""
        standing = at((NORTH, 5), (SOUTH, 15), (TEST, 5))
        answers = {
            **some(standing, (NORTH, 5), answer=80),
            **some(standing, (SOUTH, 15), answer=40),
            **some(standing, (TEST, 5), answer=20),
        }
        rolled = publish(first_plan(FIRST, OWNER, standing), standing, answers).rolled_up
        low, middle, high = Band(None, 35), Band(35, 50), Band(65, None)
        sales = RolledUpFinding("room", 20, (BandShare(middle, 15), BandShare(high, 5)), 42.5, 62.5)
        everyone = RolledUpFinding(
            "room", 25, (BandShare(low, 5), BandShare(middle, 15), BandShare(high, 5)), 34.0, 57.0
        )
        technology = RolledUpFinding("room", 5, (BandShare(low, 5),), 0.0, 35.0)
        assert rolled == (
            RolledUp(ORGANISATION, 25, (everyone,)),
            RolledUp(SALES, 20, (sales,)),
            RolledUp(TECHNOLOGY, 5, (technology,)),
        )

    def test_cells_of_one_band_are_added_up(self) -> None:
        """Two cells that show the same band are one share of their department, of all their answers."""
        standing = at((NORTH, 5), (SOUTH, 15))
        answers = some(standing, (NORTH, 5), (SOUTH, 15), answer=40)
        finding = publish(first_plan(FIRST, OWNER, standing), standing, answers).rolled_up[1].findings[0]
        assert (finding.answered, finding.bands) == (20, (BandShare(Band(35, 50), 20),))
        assert (finding.lowest, finding.highest) == (35, 50)

    def test_what_no_cell_shows_can_be_anything(self) -> None:
        """Where too few answered a measure in each cell, the department says so too."""
        standing = at((NORTH, 5), (SOUTH, 5))
        answers: Answers = {who: {"room": None} for who in standing}
        rolled = publish(first_plan(FIRST, OWNER, standing), standing, answers).rolled_up
        assert rolled[1] == RolledUp(SALES, 10, (RolledUpFinding("room", 0, (), 0.0, 100.0),))

    @given(windows())
    def test_it_adds_nothing_to_the_cells(self, window: tuple[ReleasePlan, Standing, Answers]) -> None:
        """Everything that is rolled up follows from the cells alone, and each answer is counted once in it."""
        plan, standing, answers = window
        publication = publish(plan, standing, answers)
        for up in publication.rolled_up:
            inside = [cell for cell in publication.cells if up.group.contains(cell.group)]
            assert up.answered == sum(cell.answered for cell in inside)
            for number, finding in enumerate(up.findings):
                shown = [cell.findings[number] for cell in inside if cell.findings[number].band]
                assert finding.answered == sum(one.answered for one in shown)
                assert finding.answered == sum(share.answered for share in finding.bands)
                assert {share.band for share in finding.bands} == {one.band for one in shown}
                assert 0 <= finding.lowest < finding.highest <= 100

    @given(windows())
    def test_the_mean_of_all_lies_between_its_bounds(self, window: tuple[ReleasePlan, Standing, Answers]) -> None:
        """The mean of the answers in cells that show a band lies where the department says."""
        plan, standing, answers = window
        publication = publish(plan, standing, answers)
        for up in publication.rolled_up:
            for number, finding in enumerate(up.findings):
                numbers = [
                    n
                    for cell in publication.cells
                    if up.group.contains(cell.group) and cell.findings[number].band
                    for who in counted_in(plan, standing, answers, cell.cohorts)
                    if (n := answers[who].get(finding.measure)) is not None
                ]
                if numbers:
                    assert finding.lowest - 1e-8 <= sum(numbers) / len(numbers) <= finding.highest + 1e-8


class TestNothingToSubtract:
    @given(standings(), st.data())
    def test_two_rosters_differ_by_nobody_or_by_enough(self, standing: Standing, data: st.DataObject) -> None:
        """Over windows with joiners, movers and leavers: any two rosters ever published differ by 0 or at least 5."""
        plan = first_plan(FIRST, OWNER, standing)
        rosters: set[frozenset[PersonId]] = set()
        for number in range(2, 6):
            publication = publish(plan, standing, data.draw(answers_of(standing)))
            rosters |= {
                frozenset(who for index in cell.cohorts for who in plan.cohorts[index].member_ids)
                for cell in publication.cells
            }
            standing = data.draw(changed_standings(standing))
            plan = next_plan(plan, release_plan_id(OWNER, number), standing)
        assert all(len(roster) >= FLOOR for roster in rosters)
        for one, other in combinations(rosters, 2):
            for part in (one - other, other - one, one & other, one ^ other):
                assert not part or len(part) >= FLOOR

    def test_naive_rosters_do_differ_by_one(self) -> None:
        """The law above has teeth: a team that is told as it stands each month gives away who came in between."""
        january = at((NORTH, 9))
        february = {**january, PersonId("new"): NORTH}
        assert len(set(february) ^ set(january)) == 1


def values_left(edges: Sequence[float], answers: int, step: int, known: int = 1) -> int:
    """Count the fewest values that another's answer can still have for whoever knows one answer of a cell.

    By trying everything: all that the others can have answered, and every answer of one's own.
    """
    scale = range(0, 101, step)
    left: dict[tuple[tuple[int, ...], Band], set[int]] = {}
    for own in combinations_with_replacement(scale, known):
        for others in combinations_with_replacement(scale, answers - known):
            mean = Fraction(sum(own) + sum(others), answers)
            band = next(band for band in bands_between(edges) if band.holds(mean))  # type: ignore[arg-type]
            left.setdefault((own, band), set()).update(others)
    return min(map(len, left.values()))


class TestBands:
    @pytest.mark.parametrize(("step", "edges"), EDGES.items())
    @pytest.mark.parametrize("answers", [5, 6, 7])
    def test_who_knows_her_own_answer_narrows_nobody_to_one_value(
        self, step: float, edges: tuple[float, ...], answers: int
    ) -> None:
        """In the smallest cells every other may have given at least two answers, whatever band is shown."""
        refuse_edges(edges, FLOOR, step)
        assert values_left(edges, answers, int(step)) >= 2
        assert values_left(edges, answers, int(step), known=0) >= 2

    @pytest.mark.parametrize(
        ("edges", "step", "answers"),
        [((25.0,), 25, 5), ((75.1,), 25, 5), ((35.0, 50.0, 76.0), 25, 5), ((30.0,), 50, 5), ((40.0,), 100, 5)],
    )
    def test_bands_that_tell_somebodys_answer_are_refused(
        self, edges: tuple[float, ...], step: int, answers: int
    ) -> None:
        """An edge further out does tell one answer, found by trying everything; and it is refused."""
        assert values_left(edges, answers, step) == 1
        with pytest.raises(InvalidInput, match=r"release_plan\.edges: have to be above"):
            refuse_edges(edges, answers, step)

    @given(
        st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True).map(sorted),
        st.sampled_from([25, 50, 100]),
        st.integers(5, 6),
    )
    def test_whatever_is_accepted_narrows_nobody(self, edges: list[int], step: int, threshold: int) -> None:
        """Of all edges that pass, none tells an answer: not in the smallest cell, and not in one that is larger."""
        try:
            refuse_edges(edges, threshold, step)
        except InvalidInput:
            assume(False)
        assert values_left(edges, threshold, step) >= 2
        assert values_left(edges, threshold + 1, step) >= 2

    @pytest.mark.parametrize(
        ("edges", "threshold", "step", "message"),
        [
            ((), 5, 25.0, r"^release_plan\.edges: are not one or more numbers that go up$"),
            ((50.0, 50.0), 5, 25.0, "are not one or more numbers that go up"),
            ((60.0, 40.0), 5, 25.0, "are not one or more numbers that go up"),
            ((25.0,), 5, 25.0, "have to be above 25 and at most 75"),
            ((75.5,), 5, 25.0, "have to be above 25 and at most 75"),
            ((12.5,), 10, 25.0, r"have to be above 12\.5 and at most 87\.5"),
            ((35.0, 44.9), 5, 25.0, "lie closer together than 10"),
        ],
    )
    def test_why_bands_are_refused(self, edges: tuple[float, ...], threshold: int, step: float, message: str) -> None:
        """Edges that do not go up, lie too far out, or lie too close together: the message says which."""
        with pytest.raises(InvalidInput, match=message):
            refuse_edges(edges, threshold, step)
        with pytest.raises(InvalidInput, match=message):
            ReleasePlan(FIRST, OWNER, threshold, edges, step)

    @pytest.mark.parametrize(
        ("edges", "threshold"), [((25.1,), 5), ((75.0,), 5), ((35.0, 45.0), 5), ((12.6, 17.6, 87.5), 10)]
    )
    def test_edges_just_inside_pass(self, edges: tuple[float, ...], threshold: int) -> None:
        """The limits are as the messages say them."""
        refuse_edges(edges, threshold, 25.0)
        assert ReleasePlan(FIRST, OWNER, threshold, edges).bands == bands_between(edges)

    @pytest.mark.parametrize(
        ("step", "edges"),
        [
            (25, (35, 50, 65)),
            (0.5, (35, 50, 65)),
            (10, (35, 50, 65)),
            (26, (35, 65)),
            (50, (35, 65)),
            (51, (50,)),
            (100, (50,)),
        ],
    )
    def test_bands_follow_from_how_far_answers_lie_apart(self, step: float, edges: tuple[float, ...]) -> None:
        """Nobody chooses bands: the coarser the answers, the coarser the bands."""
        assert edges_for(step) == edges
        plan = first_plan(FIRST, OWNER, {}, step=step)
        assert (plan.edges, plan.step) == (edges, step)
        following = next_plan(plan, release_plan_id(OWNER, 2), {}, step=step)
        assert (following.edges, following.step) == (edges, step)

    @pytest.mark.parametrize("step", [0, -1, 100.1])
    def test_answers_cannot_lie_further_apart(self, step: float) -> None:
        """Answers lie apart, and at most a hundred."""
        with pytest.raises(InvalidInput, match=r"release_plan\.step: is not above 0 and at most 100"):
            edges_for(step)

    @given(st.floats(0, 100))
    def test_every_mean_is_in_one_band(self, mean: float) -> None:
        """The bands leave no gap, and no mean is in two of them."""
        assert sum(band.holds(mean) for band in bands_between(EDGES[25.0])) == 1

    def test_a_band_has_ends(self) -> None:
        """An open end is as far as a mean can go; a band that holds nothing is refused."""
        assert (Band(None, 35).lowest, Band(None, 35).highest) == (0, 35)
        assert (Band(65, None).lowest, Band(65, None).highest) == (65, 100)
        for low, high in ((50, 50), (60, 50)):
            with pytest.raises(InvalidInput, match=r"band\.high: is not above its low end"):
                Band(low, high)


class TestPlans:
    def test_a_plan_follows_another(self) -> None:
        """It keeps the cohorts, counts on, and its threshold is the same, or higher."""
        standing = at((NORTH, 9))
        assert first_plan(FIRST, OWNER, standing, threshold=10).cohorts == ()
        plan = first_plan(FIRST, OWNER, standing, threshold=6)
        following = next_plan(plan, release_plan_id(OWNER, 2), standing | at((SOUTH, 6)))
        assert [cohort.home for cohort in following.cohorts] == [NORTH, SOUTH]
        assert (plan.number, following.number, following.threshold, following.owner_id) == (1, 2, 6, OWNER)
        assert next_plan(plan, release_plan_id(OWNER, 2), standing, threshold=7).threshold == 7
        with pytest.raises(InvalidInput, match=r"release_plan\.threshold: was 6 before, and never goes down"):
            next_plan(plan, release_plan_id(OWNER, 2), standing, threshold=5)

    def test_a_higher_threshold_holds_for_who_joins(self) -> None:
        """Six joiners are enough for a threshold of six, and wait for two more when it goes up to eight."""
        standing = at((NORTH, 9))
        plan = first_plan(FIRST, OWNER, standing)
        later = standing | at((SOUTH, 6))
        for threshold, homes in ((6, [NORTH, SOUTH]), (8, [NORTH])):
            following = next_plan(plan, release_plan_id(OWNER, 2), later, threshold=threshold)
            assert [cohort.home for cohort in following.cohorts] == homes

    def test_a_plan_can_tell_of_everyone_as_one(self) -> None:
        """Its only cell has the same cohorts, however large some teams are; who moved within is counted there."""
        standing = at((NORTH, 12), (SOUTH, 9))
        plan = first_plan(FIRST, OWNER, standing)
        as_one = plan.of_everyone(8, (35.0, 65.0))
        assert (as_one.threshold, as_one.edges, as_one.step) == (8, (35.0, 65.0), 100)
        mover, *_ = standing
        now = {**standing, mover: SOUTH}
        assert told(publish(as_one, now, some(standing, (NORTH, 12), (SOUTH, 9)))) == [(ORGANISATION, 21, False)]

    def test_the_latest_plan_is_found_as_such(self) -> None:
        """A plan is the latest until another follows; then it says since when."""
        plan = first_plan(FIRST, OWNER, {})
        assert plan.latest == "latest"
        followed = plan.followed(date(2026, 3, 1))
        assert (followed.latest, followed.followed_on) == (None, date(2026, 3, 1))

    def test_ids_of_plans_count(self) -> None:
        """There is one id for each number, and ids sort as their numbers do."""
        ids = [release_plan_id(OWNER, number) for number in (1, 2, 10, 10_000)]
        assert ids[0] == "organisation.t000000000000000000001"
        assert ids == sorted(set(ids))

    def test_cohorts_of_a_plan_share_nobody(self) -> None:
        """The constructor itself refuses a plan in which somebody is in two cohorts."""
        five = tuple(PersonId(f"p{n}") for n in range(5))
        six = (*(PersonId(f"q{n}") for n in range(5)), five[0])
        with pytest.raises(InvalidInput, match=r"release_plan\.cohorts: have somebody in common"):
            ReleasePlan(FIRST, OWNER, cohorts=(Cohort(NORTH, five), Cohort(SOUTH, six)))

    def test_the_threshold_of_a_plan_is_at_least_the_floor(self) -> None:
        """No plan has a threshold under five, however it is made."""
        with pytest.raises(InvalidInput, match=r"release_plan\.threshold"):
            ReleasePlan(ReleasePlanId("organisation.t1"), OWNER, threshold=4)


class TestPreview:
    def test_she_sees_beforehand_where_her_answer_could_be_told(self) -> None:
        """The groups come in the order in which her answer falls back; a team too small is not among them."""
        standing = at((NORTH, 9), (SOUTH, 3), (EAST, 2), (TEST, 4), (ORGANISATION, 1))
        plan = first_plan(FIRST, OWNER, standing)
        groups = {place: preview_for(plan, who, standing).groups for who, place in standing.items()}
        assert groups == {
            NORTH: (NORTH, SALES, ORGANISATION),
            SOUTH: (SALES, ORGANISATION),
            EAST: (SALES, ORGANISATION),
            TEST: (ORGANISATION,),
            ORGANISATION: (ORGANISATION,),
        }

    def test_she_sees_why_her_answer_would_not_count_yet(self) -> None:
        """Who joined waits for others, who moved too; who does not work here has nothing to answer."""
        standing = at((NORTH, 9))
        plan = first_plan(FIRST, OWNER, standing)
        mover, *_ = standing
        now = {**standing, mover: SOUTH, PersonId("new"): NORTH}
        assert preview_for(plan, mover, now) == Preview(not_counted=NotCounted.MOVED)
        assert preview_for(plan, PersonId("new"), now) == Preview(not_counted=NotCounted.WAITS_FOR_JOINERS)
        assert preview_for(plan, PersonId("gone"), now) == Preview(not_counted=NotCounted.NOT_HERE)

    @given(windows())
    def test_no_answer_is_told_where_the_preview_does_not_say(
        self, window: tuple[ReleasePlan, Standing, Answers]
    ) -> None:
        """The group of every cell is in the preview of everyone whose answer is in it."""
        plan, standing, answers = window
        for cell in publish(plan, standing, answers).cells:
            for who in counted_in(plan, standing, answers, cell.cohorts):
                assert cell.group in preview_for(plan, who, standing).groups


class TestUsefulness:
    def test_large_teams_and_departments_are_counted(self) -> None:
        """Of teams, those of eight and more that have a cell; of departments, those in which there is any cell."""
        standing = at((NORTH, 8), (SOUTH, 7), (EAST, 9), (TEST, 8), (Group("Care"), 1))
        plan = first_plan(FIRST, OWNER, standing)
        publication = publish(plan, standing, some(standing, (NORTH, 5), (SOUTH, 7), (EAST, 2), (TEST, 3)))
        assert usefulness(publication, standing) == Usefulness(3, 1, 3, 1)
        assert usefulness(Publication(), standing) == Usefulness(3, 0, 3, 0)


class TestConstructors:
    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: Finding("room", 5), r"finding\.band: goes with a number of answers"),
            (lambda: Finding("room", 0, Band()), r"finding\.band: goes with a number of answers"),
            (lambda: Finding("room", 4, Band()), r"finding\.answered: is not a whole number"),
            (lambda: Cell(NORTH, (0,), 4), r"cell\.answered: is not a whole number from 5"),
            (lambda: BandShare(Band(), 4), r"band_share\.answered: is not a whole number from 5"),
            (lambda: RolledUp(SALES, 4), r"rolled_up\.answered: is not a whole number from 5"),
            (Preview, r"preview\.groups: and a reason why there are none exclude"),
            (lambda: Preview((NORTH,), NotCounted.MOVED), r"preview\.groups: and a reason why there are none exclude"),
            (
                lambda: Publication((Cell(NORTH, (0, 1), 5), Cell(SOUTH, (1,), 5))),
                r"publication\.cells: have a cohort in common",
            ),
        ],
    )
    def test_what_must_not_be_published_cannot_be_made(self, make: Callable[[], object], message: str) -> None:
        """Counts under five, a band without a count, and cells that share people are refused by their constructors."""
        with pytest.raises(InvalidInput, match=message):
            make()


def calls_in(work: Callable[[], object]) -> int:
    """Count the calls that some work makes."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def organisations(*teams: int) -> Iterator[Standing]:
    """Give organisations of teams of four to eleven, some too small, ten teams in a department."""
    for many in teams:
        yield at(*((Group(f"d{n // 10}", f"t{n}"), 4 + n % 8) for n in range(many)))


def test_the_work_grows_with_the_people() -> None:
    """Twice the people cost at most 2.2 times the calls, for the plan, the plan after it, and the publication."""
    work = []
    for standing in organisations(100, 200, 400):
        leavers = {who: place for n, (who, place) in enumerate(standing.items()) if n % 9}
        answers = {who: {"room": 50.0, "workload": 75.0} for n, who in enumerate(leavers) if n % 3}

        def one_window(standing: Standing = standing, leavers: Standing = leavers, answers: Answers = answers) -> None:
            plan = next_plan(first_plan(FIRST, OWNER, standing), release_plan_id(OWNER, 2), leavers)
            publish(plan, leavers, answers)

        work.append(calls_in(one_window))
    assert all(twice / once < 2.2 for once, twice in pairwise(work)), work
