"""Team moments: a team talks together about development. Anyone in it can call for one, and coming is free.

What somebody brings is her own until she shows it to the others. Nothing here keeps who came, and nothing who did not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, NewType
from zlib import crc32

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    OTHER_PERSON,
    OWN_FACTS,
    OWN_WORDS,
    OWNER_ID,
    PREPARED_WORDS,
    RECORD_ID,
    VERSION,
    WORDS_FOR_ANOTHER,
    Keeping,
    Purpose,
    Reader,
    Term,
)
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

TeamMomentId = NewType("TeamMomentId", str)

MOST_PARTICIPANTS = 200
"""People in a moment at most: beyond this it is no talk."""

MOST_QUESTIONS = 10
"""Questions of a moment at most."""

MOST_AGREEMENTS = 50
"""Agreements of a moment at most."""

DRAWN = 3
"""Questions that a moment gets when nobody picks any."""


class MomentStatus(StrEnum):
    """Where a team moment is in its life."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"


class MomentMove(StrEnum):
    """What a participant can do with a team moment."""

    BRING = "bring"
    SHOW = "show"
    TAKE_BACK = "take_back"
    HOLD = "hold"
    CALL_OFF = "call_off"


MOVES: Mapping[MomentStatus, Mapping[MomentMove, MomentStatus]] = {
    MomentStatus.PLANNED: {
        MomentMove.BRING: MomentStatus.PLANNED,
        MomentMove.SHOW: MomentStatus.PLANNED,
        MomentMove.TAKE_BACK: MomentStatus.PLANNED,
        MomentMove.HOLD: MomentStatus.HELD,
        MomentMove.CALL_OFF: MomentStatus.CALLED_OFF,
    },
    MomentStatus.HELD: {MomentMove.TAKE_BACK: MomentStatus.HELD},
    MomentStatus.CALLED_OFF: {MomentMove.TAKE_BACK: MomentStatus.CALLED_OFF},
}


@frozen
class TeamQuestion:
    """An open question for a team to talk about, in several languages."""

    id: str = field(validator=texts.line)
    texts: Mapping[str, str] = field(validator=texts.translated)


@frozen
class Contribution:
    """What one participant brings. Nobody else reads it before it is shown, and it can be taken back."""

    by_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    text: str = field(validator=texts.written, repr=False, metadata=PREPARED_WORDS)
    shown_at: datetime | None = field(default=None, validator=optional(moments.instant), metadata=OWN_FACTS)

    @property
    def is_shown(self) -> bool:
        """Whether the others may read it."""
        return self.shown_at is not None


@frozen
class TeamAgreement:
    """What the team agreed on in the open: one participant's promise, or everyone's when ``by_id`` is None."""

    text: str = field(validator=texts.written, repr=False, metadata=WORDS_FOR_ANOTHER)
    by_id: PersonId | None = field(default=None, validator=optional(shapes.identifier), metadata=OTHER_PERSON)
    due_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)


@frozen
class TeamMoment:
    """A talk of a team about development, on a day: its theme, its questions, what people bring, what they agree on.

    ``owner_id`` called for it; ``department`` and ``team`` are hers as they are on that day, and ``participant_ids``
    everyone in that team, with guests perhaps. They are invited, and that is all that is known of them.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.TALK, (Reader.GROUP,), term=Term.TEAM_MOMENTS, since="meets_on")

    id: TeamMomentId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    theme: str = field(validator=texts.line, repr=False, metadata=OWN_WORDS)
    meets_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    participant_ids: tuple[PersonId, ...] = field(validator=shapes.each(shapes.identifier), metadata=OTHER_PERSON)
    department: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_FACTS)
    team: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_FACTS)
    questions: tuple[str, ...] = field(default=(), validator=shapes.each(texts.written), repr=False, metadata=OWN_WORDS)
    contributions: tuple[Contribution, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Contribution)))
    agreements: tuple[TeamAgreement, ...] = field(default=(), validator=shapes.each(shapes.kind_of(TeamAgreement)))
    status: MomentStatus = field(
        default=MomentStatus.PLANNED, validator=shapes.kind_of(MomentStatus), metadata=OWN_FACTS
    )
    held_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        self._check_participants()
        if len(self.questions) > MOST_QUESTIONS:
            raise InvalidInput.at("team_moment.questions", f"are more than {MOST_QUESTIONS}; pick a few")
        if len(self.agreements) > MOST_AGREEMENTS:
            raise InvalidInput.at("team_moment.agreements", f"are more than {MOST_AGREEMENTS}; keep those that matter")
        if (self.held_on is not None) != (self.status is MomentStatus.HELD):
            raise InvalidInput.at("team_moment.held_on", f"does not fit a moment that is {self.status}")
        if self.agreements and self.status is not MomentStatus.HELD:
            raise InvalidInput.at("team_moment.agreements", f"do not fit a moment that is {self.status}")

    def _check_participants(self) -> None:
        invited = frozenset(self.participant_ids)
        if not 2 <= len(self.participant_ids) <= MOST_PARTICIPANTS or len(invited) < len(self.participant_ids):
            path, limit = "team_moment.participant_ids", MOST_PARTICIPANTS
            raise InvalidInput.at(path, f"are not 2 to {limit} different people; name guests, or plan it in parts")
        if self.owner_id not in invited:
            raise InvalidInput.at("team_moment.owner_id", "is not among the participants")
        brought = [contribution.by_id for contribution in self.contributions]
        if len(set(brought)) < len(brought) or not invited.issuperset(brought):
            raise InvalidInput.at("team_moment.contributions", "are not one each, of participants")
        if not invited.issuperset(agreement.by_id for agreement in self.agreements if agreement.by_id is not None):
            raise InvalidInput.at("team_moment.agreements", "hold a promise of somebody who is no participant")

    @property
    def party_ids(self) -> frozenset[PersonId]:
        """Who may see this by having a part in it: everyone who is invited."""
        return frozenset(self.participant_ids)

    @property
    def audience(self) -> Audience:
        """Nobody sees it but who has a part in it."""
        return ONLY_ME

    @property
    def shared_on(self) -> date | None:
        """It is shared with nobody besides."""
        return None

    def may(self, move: MomentMove) -> bool:
        """Whether the status allows a move."""
        return move in MOVES[self.status]

    def _after(self, move: MomentMove) -> MomentStatus:
        return status_after(MOVES, self.status, move, "team moment", self.id)

    def is_over(self, on: date) -> bool:
        """Whether its day has passed."""
        return on > self.meets_on

    def contribution_of(self, person_id: PersonId) -> Contribution | None:
        """Give what a participant brings, if anything."""
        return next((c for c in self.contributions if c.by_id == person_id), None)

    def _without(self, person_id: PersonId) -> tuple[Contribution, ...]:
        return tuple(c for c in self.contributions if c.by_id != person_id)

    def bring(self, by_id: PersonId, text: str) -> TeamMoment:
        """Return the moment with what a participant brings, in place of what she brought before, and not shown yet.

        Raises:
            InvalidInput: it is no participant, or the text cannot be kept.
            IllegalMove: the moment is not planned any more.
        """
        status = self._after(MomentMove.BRING)
        return evolve(self, status=status, contributions=(*self._without(by_id), Contribution(by_id, text)))

    def show(self, by_id: PersonId, at: datetime) -> TeamMoment:
        """Return the moment with a participant's contribution shown to the others; the first time counts.

        Raises:
            InvalidInput: she brought nothing.
            IllegalMove: the moment is not planned any more.
        """
        status = self._after(MomentMove.SHOW)
        brought = self.contribution_of(by_id)
        if brought is None:
            raise InvalidInput.at("team_moment.contributions", "have nothing of this person to show; bring it first")
        shown = evolve(brought, shown_at=brought.shown_at or at)
        return evolve(self, status=status, contributions=(*self._without(by_id), shown))

    def take_back(self, by_id: PersonId) -> TeamMoment:
        """Return the moment without what a participant brought; possible in every status."""
        return evolve(self, status=self._after(MomentMove.TAKE_BACK), contributions=self._without(by_id))

    def hold(self, on: date, agreements: Iterable[TeamAgreement] = ()) -> TeamMoment:
        """Return the moment as held, with what was agreed.

        Raises:
            InvalidInput: somebody who is no participant would promise something, or there is too much of it.
            IllegalMove: the moment is not planned any more.
        """
        return evolve(self, status=self._after(MomentMove.HOLD), held_on=on, agreements=tuple(agreements))

    def call_off(self) -> TeamMoment:
        """Return the moment as called off; no reason is needed."""
        return evolve(self, status=self._after(MomentMove.CALL_OFF))

    def seen_by(self, viewer_id: PersonId) -> TeamMoment:
        """Return what a participant may read: her own contribution, and those that others show."""
        readable = tuple(c for c in self.contributions if c.by_id == viewer_id or c.shown_at is not None)
        return evolve(self, contributions=readable)


def draw_questions(questions: Iterable[TeamQuestion], seed: str) -> tuple[TeamQuestion, ...]:
    """Draw some questions for a moment; the same seed draws the same."""
    drawn = sorted(questions, key=lambda question: (crc32(f"{seed}:{question.id}".encode()), question.id))
    return tuple(drawn[:DRAWN])
