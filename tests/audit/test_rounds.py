from __future__ import annotations

import os
from functools import cache
from random import Random

import pytest
from attrs import evolve

from ownership.audit.attackers import assume_stable, compare_rosters, narrow, subtract
from ownership.audit.naive import narrow_bands
from ownership.audit.organisations import MEASURES, Member, Organisation, Survey, organisation, yes_or_no
from ownership.audit.report import Use, attacked, report_on, use_of
from ownership.audit.rounds import OWNER, Rounds, Standing, rounds_of
from ownership.domain import publication
from ownership.domain.publication import ReleasePlan, ReleasePlanId
from ownership.errors import InvalidInput

SEEDS = range(1_000 if os.environ.get("OWNERSHIP_PROFILE") == "nightly" else 6)


def unheard(done: int, total: int) -> None:
    """Show no progress."""


@cache
def some(seed: int) -> Rounds:
    return rounds_of(organisation(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_can_be_worked_out(seed: int) -> None:
    """Over 24 windows no person and no group under five follows by subtraction, between rosters, or for an insider."""
    rounds = some(seed)
    figures = rounds.figures
    assert subtract(figures) == []
    assert compare_rosters(figures) == []
    assert [one for one in narrow(figures) if one.is_known] == []
    some.cache_clear()


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_nor_can_what_was_a_yes_or_a_no(seed: int) -> None:
    """What people need is a choice: with two answers possible, both stay so for everybody."""
    chosen = yes_or_no(organisation(seed))
    figures = rounds_of(chosen, step=100).figures
    assert [one for one in narrow(figures) if one.is_known] == []


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_nor_can_anybody_where_everything_moves(seed: int) -> None:
    """Nor in small places where people come, go, move and say nothing as chance has it, in any measure."""
    figures = rounds_of(restless(seed)).figures
    assert subtract(figures) == []
    assert compare_rosters(figures) == []
    assert [one for one in narrow(figures) if one.is_known] == []


PLACES = [("A", "A1"), ("A", "A2"), ("A", ""), ("B", "B1"), ("B", "B2"), ("B", "B3"), ("C", ""), ("", "")]


def restless(seed: int) -> Organisation:
    """Make up what no organisation is: of its people any may be anywhere, or gone, in any window."""
    dice = Random(seed)
    move, turn, response = (dice.choice(odds) for odds in ((0.02, 0.1, 0.5), (0.02, 0.1, 0.4), (0.3, 0.7, 1)))
    scale = dice.choice(((0, 100), (0, 25), (75, 100), (0, 25, 50, 75, 100)))
    place = {f"p{number:02}": dice.choice(PLACES) for number in range(dice.randint(8, 45))}
    here = {person for person in place if dice.random() < 0.8}
    surveys = []
    for window in range(14):
        place = {person: dice.choice(PLACES) if dice.random() < move else at for person, at in place.items()}
        here ^= {person for person in place if dice.random() < turn}
        usual = {at: dice.choice(scale) for at in PLACES}
        members = tuple(Member(person, *place[person], "", "", "") for person in sorted(here))
        answers = {
            one.id: usual[place[one.id]] if dice.random() < 0.7 else dice.choice(scale)
            for one in members
            if dice.random() < response
        }
        surveys.append(Survey(window, members, {"room": answers}))
    return Organisation(seed, tuple(surveys))


def test_what_the_attackers_read_is_what_was_published() -> None:
    """Every cell's figures are about as many people as it says, and its bands are those of their answers."""
    for one in rounds_of(organisation(2, people=150, windows=8)).rounds:
        for cell in one.publication.cells:
            assert len(one.countable(cell) & one.survey.answered) == cell.answered
            assert one.countable(cell) <= one.roster(cell)
            for finding in cell.findings:
                given = one.survey.answers[finding.measure]
                told = [given[person] for person in one.countable(cell) if person in given]
                assert (finding.band is None) == (len(told) < 5)
                if finding.band:
                    assert len(told) == finding.answered
                    assert finding.band.holds(sum(told) / len(told))


class TestGuardTakenOut:
    """Without a part of the guard the attackers find somebody."""

    def test_bands_that_follow_the_answers_closely(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With bands of 10, which are refused, an insider knows others."""
        monkeypatch.setattr(publication, "refuse_edges", lambda *_: None)
        monkeypatch.setattr(publication, "edges_for", lambda _: tuple(range(10, 100, 10)))
        assert any(one.is_known for one in narrow(rounds_of(organisation(1, windows=6)).figures))

    def test_joiners_who_do_not_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With a fresh plan in each window, instead of one that follows the earlier, rosters give people away."""

        def afresh(earlier: ReleasePlan, id_: ReleasePlanId, standing: Standing, *, step: float) -> ReleasePlan:
            return publication.first_plan(id_, OWNER, standing, step=step)

        monkeypatch.setattr("ownership.audit.rounds.next_plan", afresh)
        assert compare_rosters(rounds_of(organisation(1, windows=6)).figures)

    def test_a_figure_of_the_whole_beside_the_cells(self) -> None:
        """With one more figure, about everybody who answered, subtraction finds those who are in no cell."""
        rounds = rounds_of(organisation(1, windows=24))
        last = rounds.rounds[-1]
        told = frozenset().union(*map(last.countable, last.publication.cells))
        few = sorted(last.survey.answered - told)[:3]
        whole = (told & last.survey.answered) | set(few)
        figures = [one for one in rounds.figures if one.window == 23]
        extra = evolve(figures[0], roster=whole, answered=whole, measure=MEASURES[0])
        assert few
        assert [one.people for one in subtract([*figures, extra])] == [frozenset(few)]


class TestUse:
    def test_it_is_measured_beside_it(self) -> None:
        """At 70 % response most teams of eight and more, and nearly all departments, get a result at first."""
        use = Use()
        for seed in range(10):
            use = use.plus(use_of(rounds_of(organisation(seed, windows=1)).rounds[0]))
        assert use.share_of_teams > 0.85
        assert use.share_of_departments > 0.9
        assert use.share_of_answers > 0.99


class TestLimit:
    """What the docs say that is not promised."""

    def test_answers_that_never_change(self) -> None:
        """Who knows every mean exactly, and each time who answered, works out people whose answers never change."""
        rounds = rounds_of(organisation(3, people=200, windows=6, steadiness=1))
        assert assume_stable(rounds.figures, threshold=2)

    def test_a_single_window_tells_nothing_even_then(self) -> None:
        """It takes several windows: in one, stable answers are answers like any other."""
        rounds = rounds_of(organisation(3, people=200, windows=1, steadiness=1))
        assert assume_stable(rounds.figures) == []


class TestReport:
    def test_it_counts_what_the_attackers_found(self) -> None:
        """The guard is safe, each other rule is not, and all organisations add up."""
        report = report_on(seed=1, organisations=2, windows=3, people=150, told=unheard)
        one, other = (rounds_of(organisation(seed, people=150, windows=3)) for seed in (1, 2))
        assert report.guard.is_safe
        assert not [rule for rule in report.naive if rule.is_safe]
        assert report.guard.answers == one.organisation.answers + other.organisation.answers
        assert report.use[0] == use_of(one.rounds[0]).plus(use_of(other.rounds[0]))
        assert report.use_over_all.answered == sum(use.answered for use in report.use)

    def test_insiders_are_tried_where_it_is_asked(self) -> None:
        """Without windows to try them in, nothing is said about insiders."""
        target = organisation(1, people=150, windows=2)
        assert attacked("bands", target, narrow_bands(target)).narrowed is None
        assert attacked("bands", target, narrow_bands(target), tried=1).narrowed

    def test_no_organisation_is_refused(self) -> None:
        """A report is about at least one."""
        with pytest.raises(InvalidInput):
            report_on(seed=1, organisations=0, windows=1, told=unheard)
