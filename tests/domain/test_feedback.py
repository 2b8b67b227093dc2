"""Feedback: asked for by who wants to learn, owned by who receives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.feedback import (
    ASKS_PER_PAIR,
    MOVES,
    OPEN_DAYS,
    OPEN_PER_PERSON,
    PAIR_DAYS,
    Feedback,
    FeedbackId,
    FeedbackKind,
    FeedbackRequest,
    FeedbackRequestId,
    RequestMove,
    RequestStatus,
    first_day_to_ask,
)
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.domain.shapes import member_of
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
    RequestMove.TAKE_BACK: FeedbackRequest.take_back,
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
    """Thanking notes the day, is reading it too, and changes nothing else."""
    assert given_.thank(on) == evolve(given_, thanked_on=on, read_on=given_.read_on or on)


@given(feedback(), days(), days())
def test_the_first_day_of_reading_counts(given_: Feedback, first: date, again: date) -> None:
    """Reading again leaves the day on which it was first read."""
    read = evolve(given_, read_on=None).read(first)
    assert read.read_on == read.read(again).read_on == first
    assert read.is_read


def test_what_was_shared_or_thanked_for_was_read() -> None:
    """Unread is what nobody did anything with; sharing and thanking are reading, also when sharing is undone."""
    assert not GIVEN.is_read
    assert GIVEN.thank(TODAY).is_read
    assert GIVEN.with_audience(ONLY_ME, TODAY).is_read
    assert evolve(GIVEN, shared_on=TODAY).is_read
    assert evolve(GIVEN, thanked_on=TODAY).is_read


@pytest.mark.parametrize("kind", FeedbackKind)
def test_a_kind_is_read_as_people_write_it(kind: FeedbackKind) -> None:
    """The word for a kind gives the kind; without a word it looks back."""
    assert (
        member_of(FeedbackKind, kind.value, "feedback.kind") is member_of(FeedbackKind, kind, "feedback.kind") is kind
    )
    assert (ASKED.kind, GIVEN.kind) == (FeedbackKind.FEEDBACK, FeedbackKind.FEEDBACK)


@pytest.mark.parametrize("word", ["", "FEEDBACK", "verdict", None, 7])
def test_another_kind_is_refused(word: Any) -> None:
    """There are two kinds, and who names a third is told which."""
    with pytest.raises(InvalidInput, match=r"^feedback\.kind: is not one of feedback, feed_forward$"):
        member_of(FeedbackKind, word, "feedback.kind")


class TestRoomToAsk:
    """Questions to one person are capped: those that wait, and those from one asker."""

    def put(self, number: int, by: str = "sam", **fields: Any) -> FeedbackRequest:
        """Put a question to Liam, that waits for a number of days more."""
        return evolve(ASKED, owner_id=PersonId(by), expires_on=TODAY + timedelta(days=number), **fields)

    def test_today_while_there_is_room(self) -> None:
        """One fewer than the limits leaves room today."""
        waiting = [self.put(number) for number in range(1, OPEN_PER_PERSON)]
        mine = [evolve(ASKED, status=RequestStatus.WITHDRAWN)] * (ASKS_PER_PAIR - 1)
        assert first_day_to_ask([], ADA, TODAY) == first_day_to_ask(waiting + mine, ADA, TODAY) == TODAY

    def test_the_day_after_the_first_of_those_that_wait_is_over(self) -> None:
        """Who is asked enough can be asked again on the day after the first question that is over."""
        waiting = [self.put(number) for number in range(1, OPEN_PER_PERSON + 1)]
        assert first_day_to_ask(waiting, ADA, TODAY) == TODAY + timedelta(days=2)
        assert first_day_to_ask([*waiting, self.put(9)], ADA, TODAY) == TODAY + timedelta(days=3)

    @pytest.mark.parametrize("status", sorted(set(RequestStatus) - {RequestStatus.ASKED}))
    def test_what_waits_no_more_leaves_room(self, status: RequestStatus) -> None:
        """Answered, declined, withdrawn or expired: it takes none of her attention."""
        put = [self.put(number, status=status) for number in range(1, 20)]
        assert first_day_to_ask(put, ADA, TODAY) == TODAY

    def test_a_question_whose_last_day_was_yesterday_takes_no_room(self) -> None:
        """A question that is over, and that no due work has expired yet, is over."""
        assert first_day_to_ask([self.put(-1)] * OPEN_PER_PERSON, ADA, TODAY) == TODAY
        assert first_day_to_ask([self.put(0)] * OPEN_PER_PERSON, ADA, TODAY) == TODAY + timedelta(days=1)

    @pytest.mark.parametrize("status", RequestStatus)
    def test_one_asker_waits_thirty_days_after_the_first_of_three(self, status: RequestStatus) -> None:
        """Whatever became of them, three questions within thirty days are enough from one person to another."""
        days_ago = (20, 10, 1)
        mine = [evolve(ASKED, asked_at=NOW - timedelta(days=ago), status=status) for ago in days_ago]
        assert len(mine) == ASKS_PER_PAIR
        assert first_day_to_ask(mine, ADA, TODAY) == TODAY + timedelta(days=PAIR_DAYS - 20)
        assert first_day_to_ask(mine, PersonId("sam"), TODAY) == TODAY
        assert first_day_to_ask(mine, ADA, TODAY + timedelta(days=PAIR_DAYS - 20)) == TODAY + timedelta(days=10)

    @given(st.lists(requests(), max_size=12), days())
    def test_on_the_day_that_is_told_there_is_room(self, put: list[FeedbackRequest], today: date) -> None:
        """Who comes back on that day, and finds nothing new, can ask."""
        day = first_day_to_ask(put, ADA, today)
        assert day >= today
        assert first_day_to_ask(put, ADA, day) == day


@given(feedback(), audiences(), days())
def test_sharing_is_an_act_that_can_be_taken_back(given_: Feedback, audience: Audience, on: date) -> None:
    """Sharing notes the day, taking back forgets it; by itself it is the receiver's alone."""
    shared = given_.with_audience(audience, on)
    read_on, shared_on = given_.read_on or on, None if audience.is_private else on
    assert shared == evolve(given_, audience=audience, shared_on=shared_on, read_on=read_on)
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
