"""Suggestions: what a colleague thinks that might be a goal for someone. Nobody but the receiver makes it one.

It is hers: she accepts it as it is or in her own words, which gives a private draft, or declines it; neither takes a
reason, and nobody hears of either. Its author sees what he wrote and whether it still waits, and never what became of
it: what she did with it is no answer that she owes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    LINK,
    OTHER_PERSON,
    OWN_FACTS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    WORDS_FOR_ANOTHER,
    Keeping,
    Purpose,
    Reader,
)
from ownership.domain.goals import GoalId
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

SuggestionId = NewType("SuggestionId", str)


class SuggestionStatus(StrEnum):
    """Where a suggestion is in its life."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SuggestionMove(StrEnum):
    """What the receiver can do with a suggestion; withdrawing it is its author's."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


MOVES: Mapping[SuggestionStatus, Mapping[SuggestionMove, SuggestionStatus]] = {
    SuggestionStatus.SUGGESTED: {
        SuggestionMove.ACCEPT: SuggestionStatus.ACCEPTED,
        SuggestionMove.DECLINE: SuggestionStatus.DECLINED,
        SuggestionMove.WITHDRAW: SuggestionStatus.WITHDRAWN,
    },
    SuggestionStatus.ACCEPTED: {},
    SuggestionStatus.DECLINED: {},
    SuggestionStatus.WITHDRAWN: {},
}


@frozen
class SuggestionWritten:
    """A suggestion as its author sees it: his own words, and whether it waits. What became of it is not in it."""

    id: SuggestionId = field(validator=shapes.identifier)
    receiver_id: PersonId = field(validator=shapes.identifier)
    title: str = field(validator=texts.line, repr=False)
    why: str = field(validator=texts.paragraph, repr=False)
    theme: str = field(validator=texts.paragraph, repr=False)
    suggested_at: datetime = field(validator=moments.instant)
    is_waiting: bool = field(validator=shapes.flag)


@frozen
class GoalSuggestion:
    """A goal that a colleague (``author_id``) suggests to someone (``owner_id``), whose it is from then on.

    ``goal_id`` is the draft that it became, once she accepted it.
    """

    keeping: ClassVar[Keeping] = Keeping(
        Purpose.DEVELOP, (Reader.NAMED,), shows=("id", "owner_id", "title", "why", "theme", "suggested_at")
    )

    id: SuggestionId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    author_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    title: str = field(validator=texts.line, repr=False, metadata=WORDS_FOR_ANOTHER)
    suggested_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    why: str = field(default="", validator=texts.paragraph, repr=False, metadata=WORDS_FOR_ANOTHER)
    theme: str = field(default="", validator=texts.paragraph, repr=False, metadata=WORDS_FOR_ANOTHER)
    status: SuggestionStatus = field(
        default=SuggestionStatus.SUGGESTED, validator=shapes.kind_of(SuggestionStatus), metadata=OWN_FACTS
    )
    goal_id: GoalId | None = field(default=None, validator=optional(shapes.identifier), metadata=LINK)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if self.author_id == self.owner_id:
            raise InvalidInput.at("goal_suggestion.author_id", "is its receiver; draft a goal of your own instead")
        if (self.goal_id is not None) is not (self.status is SuggestionStatus.ACCEPTED):
            raise InvalidInput.at("goal_suggestion.goal_id", "is the draft that it became: there is one once accepted")

    @property
    def audience(self) -> Audience:
        """Only its receiver, besides its author."""
        return ONLY_ME

    @property
    def shared_on(self) -> None:
        """Never: a suggestion is not shared."""
        return

    @property
    def party_ids(self) -> frozenset[PersonId]:
        """Who may see this by having a part in it: its author, to whom only :meth:`as_written` is shown."""
        return frozenset({self.author_id})

    @property
    def is_waiting(self) -> bool:
        """Whether nothing was done with it yet."""
        return self.status is SuggestionStatus.SUGGESTED

    def accept(self, goal_id: GoalId) -> GoalSuggestion:
        """Return the suggestion as accepted: it became a draft."""
        return evolve(self, status=self._after(SuggestionMove.ACCEPT), goal_id=goal_id)

    def decline(self) -> GoalSuggestion:
        """Return the suggestion as declined; no reason is needed."""
        return evolve(self, status=self._after(SuggestionMove.DECLINE))

    def withdraw(self) -> GoalSuggestion:
        """Return the suggestion as withdrawn by its author."""
        return evolve(self, status=self._after(SuggestionMove.WITHDRAW))

    def _after(self, move: SuggestionMove) -> SuggestionStatus:
        return status_after(MOVES, self.status, move, "suggestion", self.id)

    def as_written(self) -> SuggestionWritten:
        """Give the suggestion as its author sees it."""
        return SuggestionWritten(
            self.id, self.owner_id, self.title, self.why, self.theme, self.suggested_at, self.is_waiting
        )
