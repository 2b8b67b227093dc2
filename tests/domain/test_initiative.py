"""Initiative: counts of who set things going, over enough talks; hers, and no score."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.check_ins import (
    AgendaItem,
    Agreement,
    AgreementId,
    CheckIn,
    CheckInId,
    CheckInStatus,
    Preparation,
)
from ownership.domain.cycles import CycleId, Period
from ownership.domain.initiative import (
    FEWEST_TALKS,
    InitiativeKind,
    SharedInitiative,
    Sides,
    initiative_balance,
    shared_initiative_id,
    shared_initiative_of,
)
from ownership.domain.people import ONLY_ME, AudienceKind, PersonId
from ownership.errors import InvalidInput
from ownership.testing import check_ins, shared_initiatives

ADA, SAM = PersonId("ada"), PersonId("sam")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
LATER = NOW + timedelta(hours=1)
KEPT = Agreement(AgreementId("1"), "Make room", SAM, done_on=date(2026, 3, 1))


def held(number: int) -> CheckIn:
    """Make a talk that was held: her two topics and his one, she ready first, his promise kept and hers open."""
    return CheckIn(
        CheckInId(f"ada.k{number}"),
        ADA,
        CycleId("organisation.y1"),
        Period(number, TODAY, TODAY),
        TODAY,
        partner_id=SAM,
        agenda=(AgendaItem("a", ADA), AgendaItem("b", ADA), AgendaItem("c", SAM)),
        preparations=(Preparation(SAM, ready_at=LATER), Preparation(ADA, ready_at=NOW)),
        agreements=(KEPT, Agreement(AgreementId("2"), "Try it", ADA)),
        status=CheckInStatus.HELD,
    )


def test_it_counts_both_sides() -> None:
    """Topics, who was ready first, actions that were closed, and goals are counted for her and for her partner."""
    balance = initiative_balance([held(n) for n in range(3)], ADA, Sides(2, 1))
    assert balance.has_enough
    assert balance.sides == {
        InitiativeKind.AGENDA: Sides(6, 3),
        InitiativeKind.PREPARATION: Sides(3, 0),
        InitiativeKind.ACTIONS: Sides(0, 3),
        InitiativeKind.GOALS: Sides(2, 1),
    }


@pytest.mark.parametrize(
    ("ready", "sides"),
    [
        ([], Sides(0, 0)),
        ([(SAM, None)], Sides(0, 0)),
        ([(SAM, NOW), (ADA, None)], Sides(0, 3)),
        ([(SAM, NOW), (ADA, LATER)], Sides(0, 3)),
        ([(SAM, NOW), (ADA, NOW)], Sides(0, 0)),
    ],
)
def test_who_was_ready_first(ready: list[tuple[PersonId, datetime | None]], sides: Sides) -> None:
    """The first who was ready counts; nobody when nobody was, or both at once."""
    prepared = tuple(Preparation(who, ready_at=at) for who, at in ready)
    balance = initiative_balance([evolve(held(n), preparations=prepared) for n in range(3)], ADA, Sides())
    assert balance.sides[InitiativeKind.PREPARATION] == sides


def test_few_talks_say_nothing() -> None:
    """Below the fewest talks there are no counts; talks alone, not held or of somebody else do not count."""
    enough = [held(n) for n in range(FEWEST_TALKS)]
    others = [
        evolve(enough[0], status=CheckInStatus.SKIPPED),
        evolve(enough[0], partner_id=None),
        evolve(enough[0], owner_id=SAM),
    ]
    balance = initiative_balance([*enough[1:], *others], ADA, Sides(9, 9))
    assert (balance.talks, balance.has_enough, balance.sides) == (FEWEST_TALKS - 1, False, {})


@given(st.lists(check_ins(st.just(ADA)), max_size=8))
def test_every_topic_is_counted_once(talks: list[CheckIn]) -> None:
    """Hers and her partner's topics together are the topics of the talks that count."""
    balance = initiative_balance(talks, ADA, Sides())
    counted = [c for c in talks if c.status is CheckInStatus.HELD and c.partner_id]
    assert balance.talks == len(counted)
    if balance.has_enough:
        agenda = balance.sides[InitiativeKind.AGENDA]
        assert agenda.hers + agenda.partners == sum(len(c.agenda) for c in counted)


ENOUGH = initiative_balance([held(n) for n in range(FEWEST_TALKS)], ADA, Sides(2, 1))


def test_shown_and_taken_back() -> None:
    """What she shows is the balance of that day, for her partner; taken back, it is hers alone again."""
    before = shared_initiative_of(ADA)
    assert (before.id, before.audience) == (shared_initiative_id(ADA), ONLY_ME)
    shown = before.show(ENOUGH, TODAY)
    assert (shown.balance, shown.shared_on, shown.audience.kind) == (ENOUGH, TODAY, AudienceKind.PARTNER)
    assert shown.take_back().audience == ONLY_ME


def test_too_few_talks_are_not_shown() -> None:
    """What says nothing is not shown, and the error says when it will."""
    with pytest.raises(InvalidInput, match=r"^initiative: has too few talks so far; it says something after 3$"):
        shared_initiative_of(ADA).show(initiative_balance([held(1)], ADA, Sides()), TODAY)


@given(shared_initiatives())
def test_nobody_but_a_partner_ever(shared: SharedInitiative) -> None:
    """There is no way to show it to anybody but a partner, so it cannot be evidence."""
    assert shared.audience.kind in {AudienceKind.PARTNER, AudienceKind.ONLY_ME}
    assert not hasattr(shared, "with_audience")
