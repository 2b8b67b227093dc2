from __future__ import annotations

from itertools import pairwise

import pytest

from ownership.audit.organisations import LARGEST, SMALLEST, organisation

SEEDS = range(40)


def test_the_same_seed_is_the_same_organisation() -> None:
    """Seeded: again is the same, another seed is another."""
    assert organisation(1, windows=3) == organisation(1, windows=3) != organisation(2, windows=3)


def test_organisations_are_of_all_sizes_and_answer_as_they_should() -> None:
    """From about 40 to about 400 people, of whom seven in ten answer, with teams from tiny to large."""
    made = [organisation(seed, windows=2) for seed in SEEDS]
    sizes = [len(one.surveys[0].members) for one in made]
    assert SMALLEST <= min(sizes) < 100
    assert 300 < max(sizes) <= LARGEST + 40
    there, answered = sum(sizes), sum(len(one.surveys[0].answered) for one in made)
    assert answered / there == pytest.approx(0.7, abs=0.03)
    teams = [
        sum(member.team == team for member in one.surveys[0].members)
        for one in made
        for team in {member.team for member in one.surveys[0].members}
    ]
    assert min(teams) == 1
    assert max(teams) >= 16


def test_people_come_move_and_go() -> None:
    """Between windows some leave, some join, some move, and some who left come back."""
    surveys = organisation(3, people=200).surveys
    teams = [{member.id: member.team for member in survey.members} for survey in surveys]
    first, last = teams[0], teams[-1]
    assert first.keys() - last.keys()
    assert last.keys() - first.keys()
    assert any(first[person] != last[person] for person in first.keys() & last.keys())
    left = {person for before, after in pairwise(teams) for person in before.keys() - after.keys()}
    assert left & last.keys()


def test_some_leave_a_measure_out() -> None:
    """In some organisations people who answer leave something out; in the others they answer everything."""
    for seed, is_whole in ((1, True), (2, False)):
        [survey] = organisation(seed, people=200, windows=1).surveys
        assert (len({frozenset(given) for given in survey.answers.values()}) == 1) == is_whole


def test_at_full_steadiness_nobody_changes_an_answer() -> None:
    """Steady people answer the same in every window."""
    first, *later = organisation(3, people=60, windows=6, steadiness=1).surveys
    for measure, given in first.answers.items():
        for survey in later:
            assert all(survey.answers[measure].get(person, answer) == answer for person, answer in given.items())


def test_some_teams_are_of_one_mind_and_some_organisations_one_sided() -> None:
    """Among many there are unanimous teams, and organisations in which nearly everybody is at one end."""
    made = [organisation(seed, windows=1).surveys[0] for seed in SEEDS]
    shares = [sum(answer == 100 for answer in one.answers["autonomy"].values()) / len(one.answered) for one in made]
    assert min(shares) < 0.15
    assert max(shares) > 0.6
