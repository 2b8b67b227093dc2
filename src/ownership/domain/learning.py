"""Ways of learning: what there is to choose from, and what someone chose, why.

There is never one prescribed option: a menu offers several kinds, its order is explained, and something of one's own is
always on it. What is mandatory is no choice and stands apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType
from zlib import crc32

from attrs import evolve, field, frozen
from attrs.validators import optional

from ownership.domain import moments, shapes, texts
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.errors import InvalidInput

LearningOptionId = NewType("LearningOptionId", str)
LearningChoiceId = NewType("LearningChoiceId", str)

MENU_SIZE = 7
"""Options on a menu, apart from something of one's own: about as many as can be weighed against each other."""


class LearningKind(StrEnum):
    """The kinds of learning."""

    COACHING = "coaching"
    E_LEARNING = "e_learning"
    TASK_ROTATION = "task_rotation"
    INTERNAL_PROJECT = "internal_project"
    EXTERNAL_COURSE = "external_course"
    MENTORING = "mentoring"
    SHADOWING = "shadowing"
    READING = "reading"
    COMMUNITY = "community"
    OWN = "own"


class ChoiceStatus(StrEnum):
    """Where a choice is in its life."""

    CHOSEN = "chosen"
    COMPLETED = "completed"
    STOPPED = "stopped"


class ChoiceMove(StrEnum):
    """What someone can do with a choice."""

    COMPLETE = "complete"
    STOP = "stop"


MOVES: Mapping[ChoiceStatus, Mapping[ChoiceMove, ChoiceStatus]] = {
    ChoiceStatus.CHOSEN: {
        ChoiceMove.COMPLETE: ChoiceStatus.COMPLETED,
        ChoiceMove.STOP: ChoiceStatus.STOPPED,
    },
    ChoiceStatus.COMPLETED: {},
    ChoiceStatus.STOPPED: {},
}


class LearningFact(StrEnum):
    """What others may hear of learning that was shared."""

    OFFERED = "LearningOffered"


NOBODY = PersonId("")
FOR_EVERYONE = Audience(AudienceKind.EVERYONE)

OWN_OPTION = LearningOptionId("own")


def _hours(instance: object, attribute: object, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10_000:
        raise InvalidInput.at(texts.path_of(instance, attribute), "is not a number of hours from 0 to 10,000")


@frozen
class LearningOption:
    """One way of learning that is open to people: from a catalogue, from the organisation, or offered by a colleague.

    ``hours`` is the effort to expect; ``owner_id`` names the colleague who offers it, or is empty for a catalogue.
    """

    id: LearningOptionId = field(validator=shapes.identifier)
    kind: LearningKind = field(validator=shapes.kind_of(LearningKind))
    title: str = field(validator=texts.line, repr=False)
    description: str = field(default="", validator=texts.paragraph, repr=False)
    themes: tuple[str, ...] = field(default=(), validator=shapes.each(texts.paragraph), repr=False)
    hours: float | None = field(default=None, validator=optional(_hours))
    link: str = field(default="", validator=texts.web_address, repr=False)
    is_mandatory: bool = field(default=False, validator=shapes.flag)
    owner_id: PersonId = field(default=NOBODY, validator=shapes.identifier_or_empty)
    audience: Audience = field(default=FOR_EVERYONE, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day))
    version: int = field(default=0, validator=shapes.version)

    def with_audience(self, audience: Audience, on: date) -> LearningOption:
        """Return the offer open to another audience from a day on, or taken back (only me)."""
        return evolve(self, audience=audience, shared_on=None if audience.is_private else on)


@frozen
class MenuEntry:
    """An option on a menu, and why it stands where it stands."""

    option: LearningOption = field(validator=shapes.kind_of(LearningOption))
    because: str = field(validator=texts.label)


@frozen
class LearningChoice:
    """What someone chose to learn from, why, and what else she could have chosen.

    ``options_seen`` counts, by kind, what was on the menu at that moment, so that a choice can be told from no choice.
    """

    id: LearningChoiceId = field(validator=shapes.identifier)
    owner_id: PersonId = field(validator=shapes.identifier)
    option_id: LearningOptionId = field(validator=shapes.identifier)
    kind: LearningKind = field(validator=shapes.kind_of(LearningKind))
    title: str = field(validator=texts.line, repr=False)
    chosen_at: datetime = field(validator=moments.instant)
    goal_id: str | None = field(default=None, validator=optional(shapes.identifier))
    why: str = field(default="", validator=texts.paragraph, repr=False)
    options_seen: Mapping[str, int] = field(
        factory=dict, validator=shapes.by_key(texts.line, shapes.whole(0, 1_000_000))
    )
    status: ChoiceStatus = field(default=ChoiceStatus.CHOSEN, validator=shapes.kind_of(ChoiceStatus))
    ended_on: date | None = field(default=None, validator=optional(moments.day))
    looking_back: str = field(default="", validator=texts.paragraph, repr=False)
    audience: Audience = field(default=ONLY_ME, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day))
    version: int = field(default=0, validator=shapes.version)

    @property
    def had_kinds(self) -> int:
        """How many kinds of learning there were to choose from."""
        return len(self.options_seen)

    def complete(self, on: date, looking_back: str = "") -> LearningChoice:
        """Return the choice as completed."""
        return self._ended(ChoiceMove.COMPLETE, on, looking_back)

    def stop(self, on: date, looking_back: str = "") -> LearningChoice:
        """Return the choice as stopped; another can be chosen at once."""
        return self._ended(ChoiceMove.STOP, on, looking_back)

    def _ended(self, move: ChoiceMove, on: date, looking_back: str) -> LearningChoice:
        status = status_after(MOVES, self.status, move, "learning choice", self.id)
        return evolve(self, status=status, ended_on=on, looking_back=looking_back)

    def with_audience(self, audience: Audience, on: date) -> LearningChoice:
        """Return the choice shared with an audience from a day on, or taken back (only me)."""
        return evolve(self, audience=audience, shared_on=None if audience.is_private else on)


def menu(options: Iterable[LearningOption], *, theme: str = "", seed: int = 0) -> tuple[MenuEntry, ...]:
    """Lay out several kinds of options to choose from, the best fit of each kind first.

    One option of each kind before a second of any: first those that touch the theme, then those a colleague offers,
    then by a draw that the seed fixes, so that nothing is always on top. Mandatory training is left out: it is no
    choice.
    """
    by_kind: dict[LearningKind, list[LearningOption]] = {}
    for option in options:
        if not option.is_mandatory and option.kind is not LearningKind.OWN:
            by_kind.setdefault(option.kind, []).append(option)

    def fit(option: LearningOption) -> tuple[bool, bool, int]:
        return (theme not in option.themes, not option.owner_id, crc32(f"{seed}:{option.id}".encode()))

    best = sorted((min(of_kind, key=fit) for of_kind in by_kind.values()), key=fit)
    chosen = best[:MENU_SIZE]
    if len(chosen) < MENU_SIZE:
        rest = sorted((o for of_kind in by_kind.values() for o in of_kind if o not in best), key=fit)
        chosen += rest[: MENU_SIZE - len(chosen)]
    return tuple(MenuEntry(option, _because(option, theme)) for option in chosen)


def _because(option: LearningOption, theme: str) -> str:
    if theme and theme in option.themes:
        return "fits_theme"
    return "colleague_offers" if option.owner_id else "another_kind"


def kinds_on(entries: Sequence[MenuEntry]) -> dict[str, int]:
    """Count the options on a menu by kind."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.option.kind] = counts.get(entry.option.kind, 0) + 1
    return counts
