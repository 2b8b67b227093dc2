from __future__ import annotations

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
    assert 300 < max(sizes) <= LARGEST + 10
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
    """Between windows some leave, some join, some move; the number of people stays."""
    first, *_, last = organisation(3, people=200).surveys
    before, after = ({member.id: member.team for member in survey.members} for survey in (first, last))
    assert len(before) == len(after)
    assert before.keys() - after.keys()
    assert after.keys() - before.keys()
    assert any(before[person] != after[person] for person in before.keys() & after.keys())


def test_some_teams_are_of_one_mind_and_some_organisations_one_sided() -> None:
    """Among many there are unanimous teams, and organisations in which nearly everybody is at one end."""
    made = [organisation(seed, windows=1).surveys[0] for seed in SEEDS]
    shares = [sum(answer == 100 for answer in one.answers["autonomy"].values()) / len(one.answered) for one in made]
    assert min(shares) < 0.15
    assert max(shares) > 0.6
