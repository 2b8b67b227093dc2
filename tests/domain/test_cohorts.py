"""Cohorts: always at least five together, only ever split, so that no two rosters differ by a few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.cohorts import FLOOR, Cohort, Group, Level, common_group, plan_release, standing_at
from ownership.domain.people import Membership, Person, PersonId
from ownership.errors import InvalidInput
from ownership.testing import changed_standings, groups, standings

Standing = dict[PersonId, Group]

ORGANISATION = Group()
CARE, WORKS = Group("Care"), Group("Works")
BLUE, RED, GREEN = Group("Works", "Blue"), Group("Works", "Red"), Group("Works", "Green")
NIGHT = Group("Care", "Night")


def people(*names: str) -> tuple[PersonId, ...]:
    """Name people: ``a1-6`` are six."""
    return tuple(PersonId(one) for name in names for one in _spelled(name))


def _spelled(name: str) -> list[str]:
    first, _, last = name.partition("-")
    return [f"{first[0]}{n}" for n in range(int(first[1:]), int(last) + 1)] if last else [name]


def at(**places: Group) -> Standing:
    """Let people stand somewhere: ``a1_6=BLUE`` are six."""
    return {who: place for name, place in places.items() for who in people(name.replace("_", "-"))}


def homes(cohorts: Sequence[Cohort]) -> list[tuple[Group, int]]:
    """Give where cohorts are at home, with how many are on their list."""
    return [(cohort.home, len(cohort.member_ids)) for cohort in cohorts]


@st.composite
def histories(draw: st.DrawFn) -> list[Standing]:
    """Draw where people stand, window after window."""
    standing = draw(standings())
    history = [standing]
    for _ in range(draw(st.integers(1, 5))):
        standing = draw(changed_standings(standing))
        history.append(standing)
    return history


def plans_of(history: Sequence[Standing], threshold: int = FLOOR) -> Iterator[tuple[Cohort, ...]]:
    """Plan window after window."""
    cohorts: tuple[Cohort, ...] = ()
    for standing in history:
        cohorts = plan_release(standing, cohorts, threshold=threshold)
        yield cohorts


class TestGroup:
    def test_a_group_lies_in_wider_ones(self) -> None:
        """A team lies in its department, and every group in the organisation; a team alone in the organisation only."""
        assert BLUE.lineage == (BLUE, WORKS, ORGANISATION)
        assert WORKS.lineage == (WORKS, ORGANISATION)
        assert ORGANISATION.lineage == (ORGANISATION,)
        assert Group(team="Board").lineage == (Group(team="Board"), ORGANISATION)
        assert [group.level for group in BLUE.lineage] == list(Level)

    def test_a_group_contains_what_lies_in_it(self) -> None:
        """The organisation contains all, a department its teams, and teams of one name in two departments are two."""
        assert all(ORGANISATION.contains(group) for group in (BLUE, WORKS, ORGANISATION))
        assert WORKS.contains(BLUE)
        assert not WORKS.contains(NIGHT)
        assert not BLUE.contains(WORKS)
        assert not BLUE.contains(Group("Care", "Blue"))
        assert not WORKS.contains(ORGANISATION)

    @given(groups(), groups())
    def test_to_contain_is_to_be_in_the_lineage(self, one: Group, other: Group) -> None:
        """A group contains another exactly when it is itself among that one and the wider ones."""
        assert one.contains(other) is (one in other.lineage)

    @given(st.lists(groups(), max_size=5))
    def test_the_common_group_is_the_narrowest_that_contains_all(self, some: list[Group]) -> None:
        """Every group that contains all of some contains their common group, which contains them all."""
        common = common_group(some)
        assert all(common.contains(group) for group in some)
        wider = [group for group in (some[0].lineage if some else [ORGANISATION]) if all(map(group.contains, some))]
        assert all(group.contains(common) for group in wider)


class TestFirstPlan:
    @pytest.mark.parametrize(
        ("standing", "expected"),
        [
            (at(a1_6=BLUE, b1_9=RED), [(BLUE, 6), (RED, 9)]),
            (at(a1_4=BLUE, b1_9=RED), [(WORKS, 13)]),
            (at(a1_4=BLUE, b1_3=GREEN, c1_9=RED), [(WORKS, 7), (RED, 9)]),
            (at(a1_4=BLUE, b1_3=NIGHT, c1_9=RED), [(ORGANISATION, 7), (RED, 9)]),
            (at(a1_4=BLUE, b1_9=CARE), [(ORGANISATION, 13)]),
            (at(a1_4=WORKS, b1_3=BLUE), [(WORKS, 7)]),
            (at(a1_5=WORKS, b1_5=BLUE), [(WORKS, 5), (BLUE, 5)]),
            (at(a1_4=ORGANISATION, b1_9=RED, c1_7=BLUE), [(ORGANISATION, 11), (RED, 9)]),
            (at(a1_4=BLUE), []),
            ({}, []),
        ],
    )
    def test_who_are_too_few_go_up_and_then_take_in_the_smallest(
        self, standing: Standing, expected: list[tuple[Group, int]]
    ) -> None:
        """Teams too small join in their department, then in the organisation; who are left take in the smallest."""
        assert homes(plan_release(standing)) == expected

    def test_of_equals_the_first_by_name_is_taken_in(self) -> None:
        """Two groups of one size are taken in by the order of their names, whatever the order of people."""
        standing = at(a1_5=RED, b1_5=BLUE, c1_1=GREEN)
        assert homes(plan_release(standing)) == [(WORKS, 6), (RED, 5)]

    def test_the_smallest_is_taken_in_whatever_it_is_called(self) -> None:
        """It is the number of people that counts, and then the name."""
        standing = at(a1_9=BLUE, b1_5=RED, c1_1=GREEN)
        assert homes(plan_release(standing)) == [(WORKS, 6), (BLUE, 9)]

    def test_the_threshold_can_be_higher_and_never_lower(self) -> None:
        """With a threshold of eight nobody is published with fewer than seven others; under five is refused."""
        standing = at(a1_7=BLUE, b1_8=RED)
        assert homes(plan_release(standing, threshold=8)) == [(WORKS, 15)]
        assert homes(plan_release(at(a1_8=BLUE, b1_8=RED), threshold=8)) == [(BLUE, 8), (RED, 8)]
        with pytest.raises(InvalidInput, match=r"release_plan\.threshold: is under 5"):
            plan_release(standing, threshold=4)


class TestLaterPlans:
    def test_joiners_wait_until_they_are_enough(self) -> None:
        """Four joiners wait; the fifth makes a cohort of them, in the narrowest group in which all five stand."""
        first = at(a1_9=BLUE)
        cohorts = plan_release(first)
        waiting = plan_release(first | at(j1_4=BLUE), cohorts)
        assert waiting == cohorts
        assert homes(plan_release(first | at(j1_5=BLUE), waiting)) == [(BLUE, 9), (BLUE, 5)]
        assert homes(plan_release(first | at(j1_4=BLUE, k1=RED), waiting)) == [(WORKS, 5), (BLUE, 9)]
        assert homes(plan_release(first | at(j1_4=BLUE, k1=NIGHT), waiting)) == [(ORGANISATION, 5), (BLUE, 9)]

    def test_who_left_stays_on_the_list(self) -> None:
        """A leaver changes no list: the others are published with the same people as before."""
        cohorts = plan_release(at(a1_9=BLUE))
        assert plan_release(at(a1_6=BLUE), cohorts) == cohorts

    def test_a_few_movers_stay_on_the_list(self) -> None:
        """Four who moved are too few to be told apart from the rest."""
        cohorts = plan_release(at(a1_9=BLUE, b1_9=NIGHT))
        assert plan_release(at(a1_5=BLUE, a6_9=NIGHT, b1_9=NIGHT), cohorts) == cohorts

    def test_movers_split_off_when_both_parts_are_enough(self) -> None:
        """Five of ten who now stand in another team become a cohort there, and the leavers stay with the others."""
        cohorts = plan_release(at(a1_12=BLUE))
        split = plan_release(at(a1_5=BLUE, a6_10=NIGHT), cohorts)
        assert split == (Cohort(NIGHT, people("a10", "a6-9")), Cohort(BLUE, people("a1", "a11", "a12", "a2-5")))

    def test_scattered_movers_split_off_together(self) -> None:
        """Movers who stand in no one team are told in the group that contains them."""
        cohorts = plan_release(at(a1_12=BLUE))
        assert homes(plan_release(at(a1_5=BLUE, a6_8=RED, a9_12=GREEN), cohorts)) == [(WORKS, 7), (BLUE, 5)]
        assert homes(plan_release(at(a1_5=BLUE, a6_8=RED, a9_12=NIGHT), cohorts)) == [(ORGANISATION, 7), (BLUE, 5)]

    def test_all_who_move_take_their_home_along(self) -> None:
        """When nobody stays, the cohort is at home where it went; a new name of a team is such a move."""
        cohorts = plan_release(at(a1_9=BLUE))
        assert homes(plan_release(at(a1_9=NIGHT), cohorts)) == [(NIGHT, 9)]
        assert homes(plan_release(at(a1_5=NIGHT), cohorts)) == [(NIGHT, 9)]

    def test_who_stay_too_few_are_told_in_a_wider_group(self) -> None:
        """When four stay and four went to the next team, the eight are told in their department."""
        cohorts = plan_release(at(a1_8=BLUE))
        assert homes(plan_release(at(a1_4=BLUE, a5_8=RED), cohorts)) == [(WORKS, 8)]
        assert homes(plan_release(at(a1_4=BLUE, a5_8=NIGHT), cohorts)) == [(ORGANISATION, 8)]
        assert homes(plan_release(at(a1_4=BLUE, a5_8=RED), cohorts, threshold=9)) == [(WORKS, 8)]

    def test_a_cohort_that_is_almost_gone_is_told_where_its_last_stand(self) -> None:
        """With fewer than five still here it is told where these stand, and with nobody it stays as it was."""
        cohorts = plan_release(at(a1_8=BLUE))
        assert homes(plan_release(at(a1_4=RED), cohorts)) == [(RED, 8)]
        assert homes(plan_release(at(a1_2=RED, a3=GREEN), cohorts)) == [(WORKS, 8)]
        assert homes(plan_release(at(b1_5=RED), cohorts)) == [(BLUE, 8), (RED, 5)]
        assert homes(plan_release({}, cohorts)) == [(BLUE, 8)]

    def test_a_department_that_gets_teams_is_told_by_team(self) -> None:
        """A reorganisation into teams splits a cohort; a team too small takes in the smallest of the others."""
        cohorts = plan_release(at(a1_15=WORKS))
        assert homes(plan_release(at(a1_5=BLUE, a6_15=RED), cohorts)) == [(BLUE, 5), (RED, 10)]
        assert homes(plan_release(at(a1_3=BLUE, a4_9=GREEN, a10_15=RED), cohorts)) == [(WORKS, 9), (RED, 6)]
        assert homes(plan_release(at(a1_4=BLUE, a5_8=GREEN, a9_12=RED), cohorts)) == [(WORKS, 15)]

    def test_who_are_on_the_list_only_stay_with_those_at_home(self) -> None:
        """Leavers stay on the list of those who are still at home, and else on the longest."""
        cohorts = plan_release(at(a1_17=WORKS))
        assert homes(plan_release(at(a1_5=WORKS, a6_15=RED), cohorts)) == [(WORKS, 7), (RED, 10)]
        assert homes(plan_release(at(a1_5=BLUE, a6_15=RED), cohorts)) == [(BLUE, 5), (RED, 12)]
        assert homes(plan_release(at(a1_5=BLUE, a6_10=RED), cohorts)) == [(BLUE, 5), (RED, 12)]


class TestAlways:
    @given(histories(), st.integers(FLOOR, 7))
    def test_cohorts_are_disjoint_and_enough(self, history: list[Standing], threshold: int) -> None:
        """Whoever joins, moves, leaves or comes back: nobody is in two cohorts, and none is under the threshold."""
        for cohorts in plans_of(history, threshold):
            everyone = [who for cohort in cohorts for who in cohort.member_ids]
            assert len(everyone) == len(set(everyone))
            assert all(len(cohort.member_ids) >= threshold for cohort in cohorts)
            assert all(list(cohort.member_ids) == sorted(cohort.member_ids) for cohort in cohorts)

    @given(histories())
    def test_cohorts_only_ever_split(self, history: list[Standing]) -> None:
        """Every cohort is exactly some of the cohorts of each later plan, put together."""
        plans = list(plans_of(history))
        for earlier, later in combinations(plans, 2):
            for cohort in earlier:
                whole = set(cohort.member_ids)
                parts = [set(part.member_ids) for part in later if whole & set(part.member_ids)]
                assert set().union(*parts) == whole

    @given(histories())
    def test_a_higher_threshold_splits_no_further(self, history: list[Standing]) -> None:
        """When the threshold rises between two plans, what is split from then on is at least that many."""
        cohorts: tuple[Cohort, ...] = ()
        for threshold, standing in enumerate(history, FLOOR):
            earlier = {cohort.member_ids for cohort in cohorts}
            cohorts = plan_release(standing, cohorts, threshold=threshold)
            assert all(len(c.member_ids) >= threshold for c in cohorts if c.member_ids not in earlier)

    @given(histories())
    def test_a_part_that_splits_off_has_enough_who_are_here(self, history: list[Standing]) -> None:
        """No split and no new cohort rests on people who left: five of each part are here and at home."""
        earlier: tuple[Cohort, ...] = ()
        for standing, cohorts in zip(history, plans_of(history), strict=True):
            before = {cohort.member_ids for cohort in earlier}
            for cohort in cohorts:
                at_home = [who for who in cohort.member_ids if who in standing and cohort.home.contains(standing[who])]
                assert len(at_home) >= FLOOR or cohort.member_ids in before
            earlier = cohorts

    @given(histories(), st.data())
    def test_the_order_of_people_and_cohorts_does_not_matter(
        self, history: list[Standing], data: st.DataObject
    ) -> None:
        """The same people at the same places with the same past make the same plan."""
        *before, standing = history
        past = next(reversed(list(plans_of(before))))
        shuffled = dict(data.draw(st.permutations(sorted(standing.items()))))
        past_shuffled = data.draw(st.permutations(past))
        assert plan_release(shuffled, past_shuffled) == plan_release(standing, past)

    @given(standings())
    def test_of_the_first_plan_nobody_is_left_out(self, standing: Standing) -> None:
        """At the first plan everyone is in a cohort and at home in it, unless the organisation is under five."""
        cohorts = plan_release(standing)
        at_home = {who for cohort in cohorts for who in cohort.member_ids if cohort.home.contains(standing[who])}
        assert at_home == (set(standing) if len(standing) >= FLOOR else set())


def test_people_stand_where_they_are_members_on_their_own_day() -> None:
    """Who works here stands in the team of her day; without one, in the organisation; who has left stands nowhere."""
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    blue = Membership("Works", "Blue", date(2025, 1, 1), date(2026, 1, 1))
    red = Membership("Works", "Red", date(2026, 1, 1))
    memberships = (blue, red)
    here = Person(PersonId("a"), "Ada", timezone="Europe/Amsterdam", memberships=memberships)
    west = Person(PersonId("b"), "Bo", timezone="America/New_York", memberships=memberships)
    alone = Person(PersonId("c"), "Cas")
    gone = Person(PersonId("d"), "Di", memberships=memberships, end_on=date(2025, 12, 30))
    assert standing_at([here, west, alone, gone], new_year) == {"a": RED, "b": BLUE, "c": ORGANISATION}


@pytest.mark.parametrize(
    ("member_ids", "message"),
    [
        (people("a1-4"), "are fewer than 5; they have to wait for more"),
        (people("a1-5", "a1"), "names somebody twice"),
        ((), "are fewer than 5; they have to wait for more"),
        ((PersonId("two words"),), "is not an id: 1 to 200 visible characters"),
    ],
)
def test_no_cohort_is_made_of_a_few(member_ids: tuple[PersonId, ...], message: str) -> None:
    """The constructor itself refuses four people, and five of whom two are one."""
    with pytest.raises(InvalidInput) as refused:
        Cohort(ORGANISATION, member_ids)
    assert str(refused.value) == f"cohort.member_ids: {message}"
