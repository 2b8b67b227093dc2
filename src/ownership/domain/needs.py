"""Needs: what someone needs to develop, put to one person, who answers by a day: "we will", or "not now, because".

A need is seen by its owner and its receiver, and by nobody else. When the receiver leaves, or is no longer her manager
or partner, it has no receiver any more: then, or whenever she likes, she hands it on to someone else. What was handed
on ends, and a new need begins with its words, so that nobody reads what was between her and another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    OTHER_PERSON,
    OWN_FACTS,
    OWN_WORDS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    WORDS_FOR_ANOTHER,
    Keeping,
    Purpose,
    Reader,
)
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

NeedId = NewType("NeedId", str)

ANSWER_DAYS = 14
"""Days in which an answer is hoped for, unless another day is given."""


class NeedStatus(StrEnum):
    """Where a need is in its life."""

    RAISED = "raised"
    ANSWERED_YES = "answered_yes"
    ANSWERED_NOT_NOW = "answered_not_now"
    MET = "met"
    HANDED_ON = "handed_on"
    WITHDRAWN = "withdrawn"


class NeedMove(StrEnum):
    """What the receiver can do with a need (answer it), and its owner (the rest)."""

    WE_WILL = "we_will"
    NOT_NOW = "not_now"
    MEET = "meet"
    HAND_ON = "hand_on"
    WITHDRAW = "withdraw"


MOVES: Mapping[NeedStatus, Mapping[NeedMove, NeedStatus]] = {
    NeedStatus.RAISED: {
        NeedMove.WE_WILL: NeedStatus.ANSWERED_YES,
        NeedMove.NOT_NOW: NeedStatus.ANSWERED_NOT_NOW,
        NeedMove.HAND_ON: NeedStatus.HANDED_ON,
        NeedMove.WITHDRAW: NeedStatus.WITHDRAWN,
    },
    NeedStatus.ANSWERED_YES: {
        NeedMove.MEET: NeedStatus.MET,
        NeedMove.HAND_ON: NeedStatus.HANDED_ON,
        NeedMove.WITHDRAW: NeedStatus.WITHDRAWN,
    },
    NeedStatus.ANSWERED_NOT_NOW: {NeedMove.HAND_ON: NeedStatus.HANDED_ON},
    NeedStatus.MET: {},
    NeedStatus.HANDED_ON: {},
    NeedStatus.WITHDRAWN: {},
}

_ANSWERED = frozenset({NeedStatus.ANSWERED_YES, NeedStatus.ANSWERED_NOT_NOW, NeedStatus.MET})

OPEN = frozenset({NeedStatus.RAISED, NeedStatus.ANSWERED_YES})
"""What still waits for somebody: for an answer, or for what was promised."""


@frozen
class Need:
    """What someone needs, to whom she put it, and what he answered.

    An answer is hoped for until ``answer_by_on`` (included). ``answer`` says what will be done, by ``due_on``, or why
    not now; ``asked_again_on`` is the day on which the receiver was reminded of the one that waits.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.GET_SUPPORT, (Reader.NAMED,))

    id: NeedId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    receiver_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    text: str = field(validator=texts.written, repr=False, metadata=OWN_WORDS)
    raised_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    answer_by_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    status: NeedStatus = field(default=NeedStatus.RAISED, validator=shapes.kind_of(NeedStatus), metadata=OWN_FACTS)
    answer: str = field(default="", validator=texts.paragraph, repr=False, metadata=WORDS_FOR_ANOTHER)
    answered_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    due_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    met_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    asked_again_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    audience: Audience = field(default=ONLY_ME, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if self.receiver_id == self.owner_id:
            raise InvalidInput.at("need.receiver_id", "is yourself; put it to someone else")
        if self.status in _ANSWERED and not self.answer.strip():
            raise InvalidInput.at("need.answer", "is empty; say what you will do, or why not now")

    @property
    def open_until(self) -> str | None:
        """The day of a need that waits for an answer, until its receiver was reminded: the key to find those by."""
        return str(self.answer_by_on) if self.status is NeedStatus.RAISED and self.asked_again_on is None else None

    @property
    def answerer_id(self) -> PersonId:
        """Who is to answer."""
        return self.receiver_id

    def _after(self, move: NeedMove) -> NeedStatus:
        return status_after(MOVES, self.status, move, "need", self.id)

    def we_will(self, what: str, by: date | None, on: date) -> Need:
        """Return the need with the promise to do something about it by a day.

        Raises:
            InvalidInput: the promise says nothing, or its day is over.
            IllegalMove: it does not wait for an answer.
        """
        status = self._after(NeedMove.WE_WILL)
        promised = evolve(self, status=status, answer=what, answered_on=on, due_on=by)
        if by is None or by < on:
            raise InvalidInput.at("need.due_on", f"is not a day from {on} on; say by when")
        return promised

    def not_now(self, because: str, on: date) -> Need:
        """Return the need with the reason why nothing can be done about it now.

        Raises:
            InvalidInput: there is no reason.
            IllegalMove: it does not wait for an answer.
        """
        return evolve(self, status=self._after(NeedMove.NOT_NOW), answer=because, answered_on=on)

    def meet(self, on: date) -> Need:
        """Return the need as met, in its owner's eyes."""
        return evolve(self, status=self._after(NeedMove.MEET), met_on=on)

    def hand_on(self) -> Need:
        """Return the need as handed on: nobody but its owner sees this one any more."""
        return evolve(self, status=self._after(NeedMove.HAND_ON), audience=ONLY_ME, shared_on=None)

    def withdraw(self) -> Need:
        """Return the need as withdrawn: nobody but its owner sees it any more."""
        return evolve(self, status=self._after(NeedMove.WITHDRAW), audience=ONLY_ME, shared_on=None)

    def ask_again(self, on: date) -> Need:
        """Return the need as one of which its receiver, or for want of one its owner, was reminded."""
        return evolve(self, asked_again_on=on)
