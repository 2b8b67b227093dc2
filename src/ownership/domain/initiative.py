"""Initiative: who set things going, she or her partner. Hers to read, and to show her partner if she likes.

Never a ranking, never evidence: there is no other audience for it than the one with whom she talks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes
from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.classification import OWN_FACTS, OWNER_ID, RECORD_ID, VERSION, Keeping, Purpose
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

SharedInitiativeId = NewType("SharedInitiativeId", str)

FEWEST_TALKS = 3
"""Talks that were held before there is a balance to speak of."""


class InitiativeKind(StrEnum):
    """In what someone can take the initiative."""

    AGENDA = "agenda"
    PREPARATION = "preparation"
    ACTIONS = "actions"
    GOALS = "goals"


@frozen
class Sides:
    """How often she did something, and how often her partner did."""

    hers: int = field(default=0, validator=shapes.whole(0, 1_000_000), metadata=OWN_FACTS)
    partners: int = field(default=0, validator=shapes.whole(0, 1_000_000), metadata=OWN_FACTS)


@frozen
class InitiativeBalance:
    """Counts of who took the initiative in her talks; none when there were too few to say something."""

    talks: int = field(validator=shapes.whole(0, 1_000_000), metadata=OWN_FACTS)
    sides: Mapping[InitiativeKind, Sides] = field(
        validator=shapes.by_key(shapes.kind_of(InitiativeKind), shapes.kind_of(Sides))
    )

    @property
    def has_enough(self) -> bool:
        """Whether enough talks were held to say something."""
        return self.talks >= FEWEST_TALKS


@frozen
class SharedInitiative:
    """Her balance as it was on the day she showed it to her partner: a copy, of which each person has one.

    Who is her partner that day reads it for as long as he is, and until she takes it back.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.TALK)

    id: SharedInitiativeId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    balance: InitiativeBalance = field(validator=shapes.kind_of(InitiativeBalance))
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    @property
    def audience(self) -> Audience:
        """Her partner, from the day she shows it; nobody else, ever."""
        return ONLY_ME if self.shared_on is None else Audience(AudienceKind.PARTNER)

    def show(self, balance: InitiativeBalance, on: date) -> SharedInitiative:
        """Return it with the balance of a day, for her partner to read from then on.

        Raises:
            InvalidInput: too few talks were held to say something.
        """
        if not balance.has_enough:
            raise InvalidInput.at("initiative", f"has too few talks so far; it says something after {FEWEST_TALKS}")
        return evolve(self, balance=balance, shared_on=on)

    def take_back(self) -> SharedInitiative:
        """Return it taken back: from now on only she reads it."""
        return evolve(self, shared_on=None)


def shared_initiative_of(owner_id: PersonId) -> SharedInitiative:
    """Give the one that a person has before she showed anything."""
    return SharedInitiative(shared_initiative_id(owner_id), owner_id, InitiativeBalance(0, {}))


def shared_initiative_id(owner_id: PersonId) -> SharedInitiativeId:
    """Give the id of the one that a person can have."""
    return SharedInitiativeId(f"{owner_id}.i")


def initiative_balance(check_ins: Iterable[CheckIn], owner_id: PersonId, goals: Sides) -> InitiativeBalance:
    """Count, over the talks that a person held, who put topics on the agenda, prepared first and closed actions.

    ``goals`` says how many of her goals she set herself, and how many came from a suggestion.
    """
    held = [c for c in check_ins if c.owner_id == owner_id and c.partner_id and c.status is CheckInStatus.HELD]
    if len(held) < FEWEST_TALKS:
        return InitiativeBalance(len(held), {})
    topics = [item.by_id for c in held for item in c.agenda]
    closed = [a.holder_id for c in held for a in c.agreements if a.done_on]
    sides = {
        InitiativeKind.AGENDA: _sides(topics, owner_id),
        InitiativeKind.PREPARATION: _sides([who for c in held if (who := _first_ready(c))], owner_id),
        InitiativeKind.ACTIONS: _sides(closed, owner_id),
        InitiativeKind.GOALS: goals,
    }
    return InitiativeBalance(len(held), sides)


def _first_ready(check_in: CheckIn) -> PersonId | None:
    """Tell who was ready first; nobody when nobody was, or both at once."""
    ready = sorted((p.ready_at, p.by_id) for p in check_in.preparations if p.ready_at)
    if not ready or (len(ready) > 1 and ready[0][0] == ready[1][0]):
        return None
    return ready[0][1]


def _sides(doers: Sequence[PersonId], owner_id: PersonId) -> Sides:
    hers = sum(who == owner_id for who in doers)
    return Sides(hers, len(doers) - hers)
