"""Team moments: anyone calls for one, coming is free, and what somebody brings is hers until she shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.people import ONLY_ME, Person, PersonId
from ownership.domain.team_moments import (
    DRAWN,
    MOST_AGREEMENTS,
    MOST_PARTICIPANTS,
    MOST_QUESTIONS,
    MOVES,
    Contribution,
    MomentMove,
    MomentStatus,
    TeamAgreement,
    TeamMoment,
    TeamMomentId,
    TeamQuestion,
    draw_questions,
)
from ownership.domain.visibility import Reason, Relations, decide
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import person_ids, team_moments, team_questions, writings

ADA, LIAM, NOOR, ZOE = (PersonId(name) for name in ("ada", "liam", "noor", "zoe"))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
PLANNED = TeamMoment(TeamMomentId("ada.m1"), ADA, "Learning from each other", TODAY, (ADA, LIAM, NOOR))
BROUGHT = PLANNED.bring(ADA, "How I ask for feedback")
AT: Mapping[MomentStatus, TeamMoment] = {
    MomentStatus.PLANNED: BROUGHT,
    MomentStatus.HELD: BROUGHT.hold(TODAY),
    MomentStatus.CALLED_OFF: BROUGHT.call_off(),
}
VERBS: Mapping[MomentMove, Callable[[TeamMoment], TeamMoment]] = {
    MomentMove.BRING: lambda at: at.bring(LIAM, "A book"),
    MomentMove.SHOW: lambda at: at.bring(ADA, "Again").show(ADA, NOW),
    MomentMove.TAKE_BACK: lambda at: at.take_back(ADA),
    MomentMove.HOLD: lambda at: at.hold(TODAY),
    MomentMove.CALL_OFF: TeamMoment.call_off,
}


class TestMoves:
    """The table of legal moves, every status by every verb."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(MOVES) == set(AT) == set(MomentStatus)
        assert set(VERBS) == set(MomentMove) == {move for row in MOVES.values() for move in row}
        assert {end for row in MOVES.values() for end in row.values()} == set(MomentStatus)

    @pytest.mark.parametrize("status", MomentStatus)
    @pytest.mark.parametrize("move", MomentMove)
    def test_a_verb_does_what_the_table_says(self, status: MomentStatus, move: MomentMove) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
        at = AT[status]
        assert at.status is status
        assert at.may(move) == (move in MOVES[status])
        if at.may(move):
            assert VERBS[move](at).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove) as refused:
                VERBS[move](at)
            assert refused.value.allowed == tuple(sorted(MOVES[status]))

    @given(st.lists(st.sampled_from(MomentMove), max_size=8))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[MomentMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
        at, expected = PLANNED, MomentStatus.PLANNED
        for move in moves:
            try:
                at = VERBS[move](at)
            except IllegalMove:
                assert move not in MOVES[expected]
            else:
                expected = MOVES[expected][move]
            assert at.status is expected


class TestContributions:
    """What somebody brings is hers until she shows it."""

    def test_only_the_bringer_reads_it_before_it_is_shown(self) -> None:
        """Not the one who called for the moment either."""
        moment = PLANNED.bring(LIAM, "A doubt")
        assert moment.seen_by(LIAM) == moment
        for other in (ADA, NOOR):
            assert moment.seen_by(other).contributions == ()
            assert moment.show(LIAM, NOW).seen_by(other).contributions == (Contribution(LIAM, "A doubt", NOW),)

    def test_bringing_again_replaces_and_hides(self) -> None:
        """One contribution each: a new text is not shown because an old one was."""
        again = BROUGHT.show(ADA, NOW).bring(ADA, "Something else")
        assert again.contributions == (Contribution(ADA, "Something else"),)
        assert again.contribution_of(LIAM) is None

    def test_the_first_showing_counts(self) -> None:
        """Showing again changes nothing."""
        shown = BROUGHT.show(ADA, NOW)
        assert shown.show(ADA, NOW + timedelta(days=1)) == shown

    def test_nothing_brought_is_nothing_to_show(self) -> None:
        """Who brought nothing is told so."""
        with pytest.raises(InvalidInput, match=r"team_moment\.contributions"):
            PLANNED.show(ADA, NOW)

    @pytest.mark.parametrize("status", MomentStatus)
    def test_it_can_be_taken_back_at_any_time(self, status: MomentStatus) -> None:
        """In every status, and without having brought anything."""
        assert AT[status].take_back(ADA) == evolve(AT[status], contributions=())
        assert AT[status].take_back(LIAM) == AT[status]

    @given(team_moments(), st.data(), writings())
    def test_nobody_else_reads_what_is_not_shown(self, moment: TeamMoment, data: st.DataObject, text: str) -> None:
        """A viewer reads exactly her own contribution and those that are shown, and all the rest as it is."""
        if moment.status is MomentStatus.PLANNED:
            moment = moment.bring(data.draw(st.sampled_from(moment.participant_ids)), text)
        viewer = data.draw(st.sampled_from(moment.participant_ids) | person_ids())
        seen = moment.seen_by(viewer)
        assert set(seen.contributions) == {c for c in moment.contributions if c.by_id == viewer or c.shown_at}
        assert evolve(seen, contributions=moment.contributions) == moment


class TestParticipants:
    """Who is invited has a part in it; nothing is kept of who came."""

    @given(team_moments(), person_ids())
    def test_exactly_those_who_are_invited_see_it(self, moment: TeamMoment, someone: PersonId) -> None:
        """The owner as the owner, the others as parties, and nobody else whatever the day."""
        owner, viewer = Person(moment.owner_id, "O"), Person(someone, "V")
        decision = decide(viewer, moment, Relations(owner, TODAY))
        assert bool(decision) == (someone in moment.participant_ids)
        assert (moment.audience, moment.shared_on) == (ONLY_ME, None)
        party = next(id_ for id_ in moment.participant_ids if id_ != moment.owner_id)
        assert decide(Person(party, "P"), moment, Relations(owner, TODAY)).reason is Reason.PARTY

    def test_nothing_says_who_came(self) -> None:
        """There is no field for who came, who did not, or who brought nothing."""
        names = {field.name for field in attrs.fields(TeamMoment)}
        assert not [name for name in names if any(word in name for word in ("absent", "attend", "came", "missing"))]

    def test_its_day_passes(self) -> None:
        """It is over from the day after."""
        assert not PLANNED.is_over(TODAY)
        assert PLANNED.is_over(TODAY + timedelta(days=1))


class TestOutcome:
    """What is agreed on, is agreed on in the open."""

    def test_held_with_agreements(self) -> None:
        """One promise of a participant, and one of everyone."""
        agreed = (TeamAgreement("No meetings on Friday"), TeamAgreement("I book the room", LIAM, date(2026, 4, 1)))
        held = PLANNED.hold(TODAY, agreed)
        assert held == evolve(PLANNED, status=MomentStatus.HELD, held_on=TODAY, agreements=agreed)

    def test_nobody_promises_for_an_outsider(self) -> None:
        """A promise of somebody who was not invited is refused."""
        with pytest.raises(InvalidInput, match=r"team_moment\.agreements"):
            PLANNED.hold(TODAY, [TeamAgreement("I pay", ZOE)])


class TestNonsense:
    """Constructors refuse what cannot be, with their limits."""

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"participant_ids": ()}, "participant_ids"),
            ({"participant_ids": (ADA,)}, "participant_ids"),
            ({"participant_ids": (ADA, LIAM, LIAM)}, "participant_ids"),
            ({"participant_ids": (ADA, *(PersonId(f"p{n}") for n in range(MOST_PARTICIPANTS)))}, "participant_ids"),
            ({"participant_ids": (LIAM, NOOR)}, "owner_id"),
            ({"questions": ("What?",) * (MOST_QUESTIONS + 1)}, "questions"),
            ({"questions": (" ",)}, "questions"),
            ({"contributions": (Contribution(ZOE, "Hi"),)}, "contributions"),
            ({"contributions": (Contribution(ADA, "One"), Contribution(ADA, "Two"))}, "contributions"),
            ({"agreements": (TeamAgreement("Yes"),)}, "agreements"),
            ({"held_on": TODAY}, "held_on"),
            ({"status": MomentStatus.HELD}, "held_on"),
            ({"status": MomentStatus.HELD, "held_on": TODAY, "agreements": (TeamAgreement("x"),) * 51}, "agreements"),
        ],
    )
    def test_a_moment_fits_together(self, changes: dict[str, Any], path: str) -> None:
        """Participants, contributions and agreements are those that a moment of this status can have."""
        with pytest.raises(InvalidInput, match=rf"team_moment\.{path}"):
            evolve(PLANNED, **changes)

    def test_the_limits_themselves_fit(self) -> None:
        """As many as the limit says are fine."""
        many = (ADA, *(PersonId(f"p{n}") for n in range(MOST_PARTICIPANTS - 1)))
        full = evolve(PLANNED, participant_ids=many, questions=("What?",) * MOST_QUESTIONS)
        assert len(full.hold(TODAY, [TeamAgreement("Yes")] * MOST_AGREEMENTS).agreements) == 50

    @pytest.mark.parametrize("text", ["", " ", "\x00", "a\u202eb", "x" * 10_001])
    def test_text_that_cannot_be_kept_is_refused(self, text: str) -> None:
        """An empty or hostile contribution, agreement or theme is refused."""
        with pytest.raises(InvalidInput, match=r"contribution\.text"):
            PLANNED.bring(ADA, text)
        with pytest.raises(InvalidInput, match=r"team_agreement\.text"):
            TeamAgreement(text)
        with pytest.raises(InvalidInput, match=r"team_moment\.theme"):
            evolve(PLANNED, theme=text)


@given(st.lists(team_questions(), max_size=8, unique_by=lambda question: question.id), st.text(max_size=8))
def test_questions_are_drawn(questions: list[TeamQuestion], seed: str) -> None:
    """At most three, each once, and the same for the same seed in whatever order they come."""
    seed = seed.encode("utf-8", "replace").decode()
    drawn = draw_questions(questions, seed)
    assert drawn == draw_questions(reversed(questions), seed)
    assert len(set(map(id, drawn))) == len(drawn) == min(DRAWN, len(questions))


@given(team_moments())
def test_nothing_changes_in_place(moment: TeamMoment) -> None:
    """No field of a moment can be set."""
    with pytest.raises(exceptions.FrozenInstanceError):
        moment.status = MomentStatus.HELD  # type: ignore[misc]
