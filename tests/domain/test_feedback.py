"""Feedback: asked for by who wants to learn, owned by who receives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.feedback import (
    MOVES,
    OPEN_DAYS,
    Feedback,
    FeedbackId,
    FeedbackRequest,
    FeedbackRequestId,
    RequestMove,
    RequestStatus,
)
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import audiences, days, feedback, requests

ADA, LIAM = PersonId("ada"), PersonId("liam")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
ASKED = FeedbackRequest(FeedbackRequestId("ada.q1"), ADA, LIAM, "What should I keep doing?", NOW, date(2026, 3, 22))
GIVEN = Feedback(FeedbackId("ada.f1"), ADA, LIAM, "You ask good questions.", NOW)
VERBS: Mapping[RequestMove, Callable[[FeedbackRequest], FeedbackRequest]] = {
    RequestMove.GIVE: FeedbackRequest.give,
    RequestMove.DECLINE: FeedbackRequest.decline,
    RequestMove.WITHDRAW: FeedbackRequest.withdraw,
    RequestMove.EXPIRE: FeedbackRequest.expire,
}


def test_the_table_is_whole() -> None:
    """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
    assert set(MOVES) == set(RequestStatus)
    assert set(VERBS) == set(RequestMove) == {move for row in MOVES.values() for move in row}
    assert {status for row in MOVES.values() for status in row.values()} | {RequestStatus.ASKED} == set(RequestStatus)


@pytest.mark.parametrize("status", RequestStatus)
@pytest.mark.parametrize("move", RequestMove)
def test_a_verb_does_what_the_table_says(status: RequestStatus, move: RequestMove) -> None:
    """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
    at = evolve(ASKED, status=status)
    if move in MOVES[status]:
        assert VERBS[move](at) == evolve(at, status=MOVES[status][move])
    else:
        with pytest.raises(IllegalMove) as refused:
            VERBS[move](at)
        assert refused.value.allowed == tuple(sorted(MOVES[status]))


@given(st.lists(st.sampled_from(RequestMove), max_size=6))
def test_no_sequence_of_verbs_leaves_the_table(moves: list[RequestMove]) -> None:
    """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
    at, expected = ASKED, RequestStatus.ASKED
    for move in moves:
        try:
            at = VERBS[move](at)
        except IllegalMove:
            assert move not in MOVES[expected]
        else:
            expected = MOVES[expected][move]
        assert at.status is expected


@given(requests())
def test_a_question_may_be_seen_by_who_is_asked(request: FeedbackRequest) -> None:
    """The audience of a question is the one colleague who is asked."""
    assert request.audience == Audience(AudienceKind.PEOPLE, (request.asked_id,))


@given(requests())
def test_a_question_is_open_while_it_waits(request: FeedbackRequest) -> None:
    """Only an unanswered question has a last day to be found by."""
    assert request.open_until == (str(request.expires_on) if request.status is RequestStatus.ASKED else None)
    assert OPEN_DAYS == 21


@given(feedback())
def test_feedback_belongs_to_who_receives_it(given_: Feedback) -> None:
    """The receiver owns it and is its subject; the author has a part in it."""
    assert given_.subject_id == given_.owner_id
    assert given_.party_ids == {given_.author_id}


@given(feedback(), days())
def test_thanks_are_noted(given_: Feedback, on: date) -> None:
    """Thanking notes the day and changes nothing else."""
    assert given_.thank(on) == evolve(given_, thanked_on=on)


@given(feedback(), audiences(), days())
def test_sharing_is_an_act_that_can_be_taken_back(given_: Feedback, audience: Audience, on: date) -> None:
    """Sharing notes the day, taking back forgets it; by itself it is the receiver's alone."""
    shared = given_.with_audience(audience, on)
    assert shared == evolve(given_, audience=audience, shared_on=None if audience.is_private else on)
    assert GIVEN.audience == ONLY_ME


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (value, name, text)
        for value, names in ((ASKED, ("question", "about")), (GIVEN, ("text", "question", "about")))
        for name in names
        for text in ("\x00", "\ud800", "a\u202eb", "x" * 10_001, None)
    ],
)
def test_text_that_cannot_be_kept_is_refused(value: Any, name: str, text: Any) -> None:
    """NUL, surrogates, bidi overrides and what is too long are refused under the field's name."""
    with pytest.raises(InvalidInput, match=rf"^feedback(_request)?\.{name}:"):
        evolve(value, **{name: text})


@pytest.mark.parametrize(("value", "name"), [(ASKED, "question"), (GIVEN, "text")])
def test_a_question_and_an_answer_say_something(value: Any, name: str) -> None:
    """An empty question or answer is refused."""
    with pytest.raises(InvalidInput, match="is empty"):
        evolve(value, **{name: " "})


@given(requests(), feedback())
def test_nothing_changes_in_place(request: FeedbackRequest, given_: Feedback) -> None:
    """Every verb makes another value, and no field can be set."""
    before = evolve(request)
    for move in MOVES[request.status]:
        assert VERBS[move](request) is not request
    assert request == before
    frozen: list[Any] = [request, given_]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"
