"""Delegations: named in private, announced, looked back on; both ends are honourable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.delegations import MOVES, Delegation, DelegationId, DelegationMove, DelegationStatus
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import days, delegations

SAM, ADA, LIAM = PersonId("sam"), PersonId("ada"), PersonId("liam")
TODAY = date(2026, 3, 2)
NAMED = Delegation(DelegationId("sam.h1"), SAM, "Who works when", TODAY, look_back_on=date(2026, 5, 1))
VERBS: Mapping[DelegationMove, Callable[[Delegation], Delegation]] = {
    DelegationMove.ANNOUNCE: lambda it: it.announce([ADA], TODAY),
    DelegationMove.DROP: Delegation.drop,
    DelegationMove.KEEP: lambda it: it.keep(TODAY, "It runs by itself"),
    DelegationMove.TAKE_BACK: lambda it: it.take_back(TODAY, "The summer is too full"),
}


def test_the_table_is_whole() -> None:
    """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
    assert set(MOVES) == set(DelegationStatus)
    assert set(VERBS) == set(DelegationMove) == {move for row in MOVES.values() for move in row}
    reached = {status for row in MOVES.values() for status in row.values()}
    assert reached | {DelegationStatus.NAMED} == set(DelegationStatus)


@pytest.mark.parametrize("status", DelegationStatus)
@pytest.mark.parametrize("move", DelegationMove)
def test_a_verb_does_what_the_table_says(status: DelegationStatus, move: DelegationMove) -> None:
    """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
    at = evolve(NAMED, status=status)
    assert at.may(move) is (move in MOVES[status])
    if at.may(move):
        assert VERBS[move](at).status is MOVES[status][move]
    else:
        with pytest.raises(IllegalMove) as refused:
            VERBS[move](at)
        assert refused.value.allowed == tuple(sorted(MOVES[status]))


@given(delegations(), st.lists(st.sampled_from(DelegationMove), max_size=6))
def test_no_sequence_of_verbs_leaves_the_table(at: Delegation, moves: list[DelegationMove]) -> None:
    """Whatever is tried, the status is one of the table, and what is private stays so until it is announced."""
    for move in moves:
        try:
            at = VERBS[move](at)
        except IllegalMove:
            continue
        assert at.status in MOVES
        assert at.audience.is_private is (at.status in {DelegationStatus.NAMED, DelegationStatus.DROPPED})


def test_naming_is_private() -> None:
    """Nobody sees a decision that is only named."""
    assert (NAMED.audience, NAMED.shared_on) == (ONLY_ME, None)


def test_announcing_tells_people_by_name() -> None:
    """Those who are told can read it from that day on; the owner is not told, and the first day stays."""
    told = NAMED.announce([LIAM, ADA, SAM, ADA], TODAY)
    assert told.audience == Audience.of([ADA, LIAM])
    assert (told.audience.person_ids, told.announced_on, told.shared_on) == ((ADA, LIAM), TODAY, TODAY)
    later = told.announce([ADA, PersonId("noor")], TODAY + timedelta(days=9))
    assert later.audience.person_ids == (ADA, "noor")
    assert (later.announced_on, later.shared_on) == (TODAY, TODAY)


@pytest.mark.parametrize("nobody", [[], [SAM]])
def test_announcing_to_nobody_is_refused(nobody: list[PersonId]) -> None:
    """A decision that reaches nobody but its owner is not handed over."""
    with pytest.raises(InvalidInput, match="reaches nobody"):
        NAMED.announce(nobody, TODAY)


def test_taking_back_has_a_reason() -> None:
    """Those who had the decision can read why it goes back; without a reason it stays where it is."""
    told = NAMED.announce([ADA], TODAY)
    back = told.take_back(TODAY, "The summer is too full")
    assert (back.looking_back, back.looked_back_on, back.audience) == ("The summer is too full", TODAY, told.audience)
    with pytest.raises(InvalidInput, match=r"delegation\.reason"):
        told.take_back(TODAY, " ")


def test_keeping_needs_no_words() -> None:
    """Looking back can be done without writing anything."""
    kept = NAMED.announce([ADA], TODAY).keep(TODAY)
    assert (kept.status, kept.looking_back, kept.looked_back_on) == (DelegationStatus.KEPT, "", TODAY)


@given(days(), st.sampled_from(DelegationStatus))
def test_it_is_ripe_from_the_day_that_was_chosen(on: date, status: DelegationStatus) -> None:
    """Only what was announced and not looked back on asks for it, from the chosen day on; without a day never."""
    at = evolve(NAMED, status=status)
    assert at.is_ripe(on) is (status is DelegationStatus.ANNOUNCED and date(2026, 5, 1) <= on)
    assert not evolve(at, look_back_on=None).is_ripe(on)


@pytest.mark.parametrize("kind", sorted(set(AudienceKind) - {AudienceKind.TEAM, AudienceKind.PEOPLE}))
def test_it_is_for_the_team_or_people_by_name(kind: AudienceKind) -> None:
    """A decision is handed over to the team or to people; no other audience can take one."""
    with pytest.raises(InvalidInput, match="neither the team nor people"):
        evolve(NAMED, to=Audience(kind))


@pytest.mark.parametrize("text", ["", "  ", "x" * 10_001, "\x00", 7])
def test_nonsense_is_refused(text: str) -> None:
    """A decision has words that can be kept; the error names the field and does not repeat them."""
    with pytest.raises(InvalidInput, match=r"delegation\.text"):
        evolve(NAMED, text=text)


def test_looking_back_comes_after() -> None:
    """The day to look back does not lie before the day from which the decision is theirs."""
    with pytest.raises(InvalidInput, match="look_back_on"):
        evolve(NAMED, look_back_on=TODAY - timedelta(days=1))
    assert evolve(NAMED, look_back_on=TODAY).look_back_on == TODAY


def test_nothing_changes_in_place() -> None:
    """No field can be set, and a verb leaves the value as it was."""
    before = evolve(NAMED)
    NAMED.announce([ADA], TODAY)
    assert before == NAMED
    with pytest.raises(exceptions.FrozenInstanceError):
        NAMED.status = DelegationStatus.KEPT  # type: ignore[misc]
