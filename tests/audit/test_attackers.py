from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from time import perf_counter

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ownership.audit.attackers import (
    Exposed,
    Narrowed,
    assume_stable,
    compare_rosters,
    narrow,
    possible_answers,
    subtract,
)
from ownership.audit.figures import PublishedFigure
from ownership.audit.naive import RULES, narrow_bands, threshold_only
from ownership.audit.organisations import MEASURES, organisation

SCALE = (0, 25, 50, 75, 100)
BANDS = ((0, 40), (40, 60), (60, 80), (80, 100), (0, 100))


def figure(
    people: str, *, low: float = 0, high: float = 100, window: int = 0, roster: str = "", measure: str = "room"
) -> PublishedFigure:
    return PublishedFigure(window, measure, frozenset(roster or people), frozenset(people), low, high)


def exposed(window: int | None, *groups: str) -> list[Exposed]:
    return [Exposed(window, "room", frozenset(group)) for group in groups]


class TestSubtraction:
    def test_a_total_without_a_part_is_the_rest(self) -> None:
        """Four in Sales and nine in Technology: the total minus Technology is Sales."""
        assert subtract([figure("abcdefghijklm"), figure("efghijklm")]) == exposed(0, "abcd")

    def test_a_rest_of_the_threshold_tells_nothing(self) -> None:
        """With six in Sales nobody and no small group is found."""
        assert subtract([figure("abcdefghijklmno"), figure("ghijklmno")]) == []

    def test_windows_and_measures_are_apart(self) -> None:
        """Figures of another window or measure are about other answers."""
        apart = [figure("abcdef"), figure("bcdef", window=1), figure("abcde", measure="load")]
        assert subtract(apart) == []

    def test_who_did_not_answer_is_no_unknown(self) -> None:
        """Two cells with different rosters and the same answers tell nothing apart."""
        assert subtract([figure("abcde", roster="abcdexyz"), figure("abcde")]) == []


class TestRosters:
    def test_one_who_left_is_the_difference(self) -> None:
        """A group that loses one person between windows shows that person; within a window it does not."""
        figures = [figure("abcdef"), figure("abcde", window=1)]
        assert subtract(figures) == []
        assert compare_rosters(figures) == exposed(None, "f")

    def test_combinations_over_windows_are_found(self) -> None:
        """Where no two rosters differ by few, three together may."""
        figures = [figure("abcdefghijk"), figure("abcdexyzvw", window=1), figure("fghijxyzvw", window=2)]
        assert compare_rosters(figures) == []
        figures += [figure("abcdefghij", window=3)]
        assert compare_rosters(figures) == exposed(None, "k")

    def test_a_change_of_five_tells_of_no_fewer(self) -> None:
        """Five who join at once stay among each other."""
        assert compare_rosters([figure("abcdef"), figure("abcdefghijk", window=1)]) == []

    def test_stable_answers_are_another_matter(self) -> None:
        """With one roster, and other people answering each time, answers that never change can be told apart."""
        figures = [figure("abcdef", roster="abcdefg"), figure("abcdeg", roster="abcdefg", window=1)]
        assert compare_rosters(figures) == []
        assert assume_stable(figures) == exposed(None, "fg")


def worlds(figures: Sequence[PublishedFigure], known: dict[str, int]) -> Iterator[dict[str, int]]:
    """Try everything that everybody can have answered."""
    people = sorted(frozenset().union(*(one.answered for one in figures)))
    for answers in product(*((known[person],) if person in known else SCALE for person in people)):
        world = dict(zip(people, answers, strict=True))
        sums = ((one, sum(world[person] for person in one.answered)) for one in figures)
        if all(one.low * len(one.answered) <= total <= one.high * len(one.answered) for one, total in sums):
            yield world


@st.composite
def published(draw: st.DrawFn) -> tuple[list[PublishedFigure], dict[str, int]]:
    """Draw bands about a few people, as true answers give them, and what the people answered."""
    answers = draw(st.fixed_dictionaries({person: st.sampled_from(SCALE) for person in "abcde"}))
    groups = draw(st.lists(st.frozensets(st.sampled_from("abcde"), min_size=1), min_size=1, max_size=3))
    figures = []
    for people in groups:
        mean = sum(answers[person] for person in people) / len(people)
        low, high = draw(st.sampled_from([band for band in BANDS if band[0] <= mean <= band[1]] + [(mean, mean)]))
        figures.append(PublishedFigure(0, "room", people, people, low, high))
    there = frozenset().union(*groups)
    return figures, {person: answer for person, answer in answers.items() if person in there}


class TestInsiders:
    @given(published())
    def test_bounds_are_those_of_trying_every_answer(self, given: tuple[list[PublishedFigure], dict[str, int]]) -> None:
        """For an outsider and for each insider the lowest and highest answer of everybody is exact."""
        figures, answers = given
        for known in ({}, *({person: answer} for person, answer in answers.items())):
            possible = list(worlds(figures, known))
            expected = {
                person: (min(world[person] for world in possible), max(world[person] for world in possible))
                for person in answers.keys() - known.keys()
            }
            assert possible_answers(figures, known) == expected

    @given(published(), st.integers(0, 2), st.booleans())
    def test_the_luckiest_insiders_are_found(
        self, given: tuple[list[PublishedFigure], dict[str, int]], insiders: int, is_real: bool
    ) -> None:
        """Who learns most about somebody, of all who are there or could be, leaves just as much as trying all tells."""
        figures, answers = given
        room: dict[str, int] = {}
        for members in product(answers, repeat=insiders):
            for told in product(*((answers[one],) if is_real else SCALE for one in members)):
                known = dict(zip(members, told, strict=True))
                possible = list(worlds(figures, known)) if len(known) == insiders else []
                for person in answers.keys() - known.keys() if possible else ():
                    seen = [world[person] for world in possible]
                    room[person] = min(room.get(person, 100), max(seen) - min(seen))
        found = narrow(figures, insiders=insiders, answers={(0, "room"): answers} if is_real else None)
        left = {person: one.highest - one.lowest for one in found for person in one.people}
        alike = {person: frozenset(one for one in figures if person in one.answered) for person in answers}
        best = {place: min(room[one] for one in room if alike[one] == place) for place in map(alike.get, room)}
        assert left == {one: best[place] for one, place in alike.items() if best.get(place, 100) < 100}

    def test_a_unanimous_group_is_an_open_book_without_bands(self) -> None:
        """A published mean of 100 tells what everybody said; the same in a band with an open end tells nothing."""
        assert narrow([figure("abcde", low=100)]) == [Narrowed(0, "room", frozenset("abcde"), 100, 100)]
        assert narrow([figure("abcde", low=60)]) == []

    def test_nested_bands_near_the_ends_tell_on_each_other(self) -> None:
        """Two parts whose bands pull one way and a total that pulls the other: an insider knows his colleagues."""
        figures = [figure("abcdefghij", low=70), figure("abcde", low=30, high=49.9), figure("fghij", low=70)]
        assert not [told for one in figures for told in narrow([one]) if told.is_known]
        assert Narrowed(0, "room", frozenset("fghij"), 100, 100) in narrow(figures)

    def test_a_yes_or_a_no_leaves_less_to_think(self) -> None:
        """Four yes or more of five tells whoever said no what the others said; on five points it does not."""
        four = figure("abcde", low=80)
        assert not [one for one in narrow([four], insiders=0) if one.is_known]
        assert narrow([evolve(four, steps=1)]) == [Narrowed(0, "room", frozenset("abcde"), 100, 100)]

    def test_two_together_know_more_than_one(self) -> None:
        """Two colleagues who both answered low narrow the others of a group where one alone does not."""
        figures = [figure("abcde", low=60)]
        assert narrow(figures) == []
        assert narrow(figures, insiders=2) == [Narrowed(0, "room", frozenset("abcde"), 100, 100)]


class TestNaiveRules:
    """Every rule that looks safe is broken, or the attackers would prove nothing by finding nothing."""

    @pytest.mark.parametrize(
        ("rule", "at_least"),
        [
            ("at least 5 answers, two filters", 0.03),
            ("at least 5 answers, three filters", 0.15),
            ("at least 5 answers, at least 5 left", 0.005),
        ],
    )
    def test_subtraction_recovers_answers(self, rule: str, at_least: float) -> None:
        """Of 200 people, a threshold alone gives this share of answers away exactly, a remainder a little less."""
        some = organisation(7, people=200, windows=6)
        known = [one for one in subtract(RULES[rule](some)) if len(one.people) == 1]
        assert len(known) / some.answers > at_least

    def test_insiders_recover_answers_from_narrow_bands(self) -> None:
        """Where subtraction finds nothing, colleagues who exist still know others' answers when bands are narrow."""
        known = given = 0
        for seed in (3, 4, 6, 7):
            some = organisation(seed, windows=2)
            figures = narrow_bands(some)
            assert subtract(figures) == []
            answers = {(one.window, measure): told for one in some.surveys for measure, told in one.answers.items()}
            known += sum(len(one.people) for one in narrow(figures, answers=answers) if one.is_known)
            given += some.answers
        assert known / given > 0.01

    def test_rosters_that_follow_every_joiner_give_people_away(self) -> None:
        """A rule that takes in everybody at once isolates people between windows."""
        assert any(len(one.people) == 1 for one in compare_rosters(narrow_bands(organisation(7, people=200))))


def test_an_organisation_of_200_over_24_windows_is_attacked_within_a_second_or_two() -> None:
    """Cells are few however many people are in them: subtraction and rosters take no time where nothing is found."""
    whole = threshold_only(organisation(7, people=200), filters=0)
    begun = perf_counter()
    assert subtract(whole) == []
    assert narrow(whole) == []
    assert perf_counter() - begun < 2
    assert len(whole) == 24 * len(MEASURES)
