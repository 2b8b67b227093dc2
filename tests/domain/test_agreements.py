"""Agreements: open ones from all talks, and those that have nobody to do them any more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.agreements import is_beside, open_agreements, ownerless
from ownership.domain.check_ins import Agreement, AgreementId, CheckIn, CheckInId
from ownership.domain.cycles import CycleId, Period
from ownership.domain.people import Person, PersonId
from ownership.testing import check_ins

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
SAM, LIAM = Person(PersonId("sam"), "Sam"), Person(PersonId("liam"), "Liam")
ADA = Person(PersonId("ada"), "Ada").reporting_to(SAM.id, since=date(2025, 1, 1))


def talk(*agreements: Agreement, number: int = 1) -> CheckIn:
    """Make a talk of Ada with Sam, with what they agreed."""
    return CheckIn(
        CheckInId(f"ada.k{number}"),
        ADA.id,
        CycleId("organisation.y1"),
        Period(number, TODAY, TODAY + DAY),
        TODAY,
        partner_id=SAM.id,
        agreements=agreements,
        held_on=TODAY,
    )


def promise(id_: str, by: Person, due_on: date | None = None) -> Agreement:
    """Make a promise."""
    return Agreement(AgreementId(id_), "Make room", by.id, due_on)


def test_open_ones_are_carried_over_from_every_talk() -> None:
    """What is open in any talk comes back with the talk it came from, the first due on top; what is closed does not."""
    done, gone = evolve(promise("1", SAM), done_on=TODAY), evolve(promise("2", SAM), released_on=TODAY)
    late, hers, soon = promise("3", SAM), promise("4", ADA, TODAY + DAY), promise("5", SAM, TODAY)
    found = open_agreements([talk(done, gone, late), talk(hers, soon, number=2)], ADA.id)
    assert [(o.agreement.id, o.to_id, o.check_in_id) for o in found] == [
        ("5", ADA.id, "ada.k2"),
        ("4", SAM.id, "ada.k2"),
        ("3", ADA.id, "ada.k1"),
    ]
    assert found == open_agreements([talk(done, gone, late), talk(hers, soon, number=2)], SAM.id)
    assert open_agreements([talk(late)], LIAM.id) == ()


@given(st.lists(check_ins(st.just(ADA.id)), max_size=4))
def test_they_are_exactly_those_that_are_open_and_concern_her(talks: list[CheckIn]) -> None:
    """Every open promise that she made, or that was made to her, is there once, and nothing else."""
    every = [(c, a) for c in talks for a in c.agreements if a.is_open]
    theirs = [(c.id, a.id) for c, a in every if ADA.id in {a.holder_id, c.promised_to(a)}]
    assert sorted((o.check_in_id, o.agreement.id) for o in open_agreements(talks, ADA.id)) == sorted(theirs)


@pytest.mark.parametrize(
    ("owner", "holder", "is_ownerless"),
    [
        (ADA, SAM, False),
        (ADA.reporting_to(LIAM.id, since=TODAY), SAM, True),
        (ADA.reporting_to(None, since=TODAY), SAM, True),
        (ADA.with_partner(LIAM.id, since=TODAY), SAM, False),
        (ADA.reporting_to(LIAM.id, since=TODAY).with_partner(SAM.id, since=TODAY), SAM, False),
        (ADA, evolve(SAM, active=False), True),
        (ADA, evolve(SAM, end_on=TODAY - DAY), True),
        (ADA.reporting_to(LIAM.id, since=TODAY), ADA, False),
    ],
)
def test_ownerless_is_what_somebody_promised_who_is_no_longer_beside_her(
    owner: Person, holder: Person, is_ownerless: bool
) -> None:
    """Who is neither her manager nor her partner now, or does not work here, leaves a promise that nobody does."""
    people = {person.id: person for person in (holder, LIAM)}
    found = ownerless(open_agreements([talk(promise("1", holder))], owner.id), owner, people, TODAY)
    assert bool(found) is is_ownerless


def test_somebody_unknown_is_not_beside_her() -> None:
    """Of whom nothing is known is beside nobody."""
    assert not is_beside(ADA, None, TODAY)
