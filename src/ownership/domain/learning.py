"""Ways of learning: what there is to choose from, and what someone chose, why.

There is never one prescribed option: a menu offers several kinds, its order is explained, and something of one's own is
always possible besides. What is mandatory is no choice and stands apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from enum import StrEnum
from heapq import nsmallest
from typing import Any, ClassVar, NewType
from zlib import crc32

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.budgets import NOTHING, LearningRequestId, Means, means, offered_by
from ownership.domain.classification import (
    LINK,
    OWN_FACTS,
    OWN_WORDS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    Holder,
    Keeping,
    Purpose,
    Reader,
)
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.domain.shapes import optional
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


class OptionStatus(StrEnum):
    """Whether a way of learning is open to people."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"


class OptionMove(StrEnum):
    """What can be done with a way of learning, by who offers it or who is given it."""

    TAKE_PLACE = "take_place"
    GIVE_PLACE_BACK = "give_place_back"
    WITHDRAW = "withdraw"


class ChoiceStatus(StrEnum):
    """Where a choice is in its life."""

    CHOSEN = "chosen"
    COMPLETED = "completed"
    STOPPED = "stopped"


class ChoiceMove(StrEnum):
    """What someone can do with a choice."""

    COMPLETE = "complete"
    STOP = "stop"
    LOOK_BACK = "look_back"


class Because(StrEnum):
    """Why an option stands where it stands on a menu."""

    FITS_THEME = "fits_theme"
    HELPED_BEFORE = "helped_before"
    COLLEAGUE_OFFERS = "colleague_offers"
    ANOTHER_KIND = "another_kind"


class Helped(StrEnum):
    """Whether a way of learning helped, as she sees it afterwards."""

    HELPED = "helped"
    A_BIT = "a_bit"
    NOT_FOR_ME = "not_for_me"


class WasReal(StrEnum):
    """Whether it was a real choice, as she sees it; hers only."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


OPTION_MOVES: Mapping[OptionStatus, Mapping[OptionMove, OptionStatus]] = {
    OptionStatus.OPEN: {
        OptionMove.TAKE_PLACE: OptionStatus.OPEN,
        OptionMove.GIVE_PLACE_BACK: OptionStatus.OPEN,
        OptionMove.WITHDRAW: OptionStatus.WITHDRAWN,
    },
    OptionStatus.WITHDRAWN: {OptionMove.GIVE_PLACE_BACK: OptionStatus.WITHDRAWN},
}

MOVES: Mapping[ChoiceStatus, Mapping[ChoiceMove, ChoiceStatus]] = {
    ChoiceStatus.CHOSEN: {
        ChoiceMove.COMPLETE: ChoiceStatus.COMPLETED,
        ChoiceMove.STOP: ChoiceStatus.STOPPED,
    },
    ChoiceStatus.COMPLETED: {ChoiceMove.LOOK_BACK: ChoiceStatus.COMPLETED},
    ChoiceStatus.STOPPED: {ChoiceMove.LOOK_BACK: ChoiceStatus.STOPPED},
}


class LearningFact(StrEnum):
    """What others may hear of learning that was shared."""

    OFFERED = "LearningOffered"
    WITHDRAWN = "LearningOfferWithdrawn"


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
    ``titles`` and ``descriptions`` hold the texts in other languages. ``places_left`` is None where there is no limit.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.LEARN, (Reader.EVERYONE,), Holder.EITHER)

    id: LearningOptionId = field(validator=shapes.identifier, metadata=RECORD_ID)
    kind: LearningKind = field(validator=shapes.kind_of(LearningKind), metadata=OWN_FACTS)
    title: str = field(validator=texts.line, repr=False, metadata=OWN_WORDS)
    description: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    themes: tuple[str, ...] = field(default=(), validator=shapes.each(texts.paragraph), repr=False, metadata=OWN_WORDS)
    hours: float | None = field(default=None, validator=optional(_hours), metadata=OWN_FACTS)
    link: str = field(default="", validator=texts.web_address, repr=False, metadata=OWN_WORDS)
    is_mandatory: bool = field(default=False, validator=shapes.flag, metadata=OWN_FACTS)
    owner_id: PersonId = field(default=NOBODY, validator=shapes.identifier_or_empty, metadata=OWNER_ID)
    audience: Audience = field(default=FOR_EVERYONE, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    titles: Mapping[str, str] = field(
        factory=dict, validator=shapes.by_key(texts.line, texts.line), repr=False, metadata=OWN_WORDS
    )
    descriptions: Mapping[str, str] = field(
        factory=dict, validator=shapes.by_key(texts.line, texts.paragraph), repr=False, metadata=OWN_WORDS
    )
    places_left: int | None = field(default=None, validator=optional(shapes.whole(0, 10_000)), metadata=OWN_FACTS)
    status: OptionStatus = field(default=OptionStatus.OPEN, validator=shapes.kind_of(OptionStatus), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    @property
    def is_open(self) -> bool:
        """Whether it can be chosen: it was not withdrawn, and a place is left where places are limited."""
        return self.status is OptionStatus.OPEN and self.places_left != 0

    def in_language(self, language: str) -> LearningOption:
        """Return the option in a language, where it has texts in it."""
        title, description = self.titles.get(language), self.descriptions.get(language)
        if title is None and description is None:
            return self
        return evolve(self, title=title or self.title, description=description or self.description)

    def take_place(self) -> LearningOption:
        """Return the option with one place less; without a limit it stays as it is.

        Raises:
            IllegalMove: it was withdrawn.
            InvalidInput: no place is left.
        """
        self._after(OptionMove.TAKE_PLACE)
        if self.places_left == 0:
            raise InvalidInput.at("learning_option.places_left", "is 0; ask who offers it, or choose something else")
        return self if self.places_left is None else evolve(self, places_left=self.places_left - 1)

    def give_place_back(self) -> LearningOption:
        """Return the option with one place more; without a limit it stays as it is."""
        status = self._after(OptionMove.GIVE_PLACE_BACK)
        return self if self.places_left is None else evolve(self, status=status, places_left=self.places_left + 1)

    def withdraw(self) -> LearningOption:
        """Return the option as taken back: nobody chooses it any more, and who chose it keeps her choice."""
        return evolve(self, status=self._after(OptionMove.WITHDRAW))

    def _after(self, move: OptionMove) -> OptionStatus:
        return status_after(OPTION_MOVES, self.status, move, "learning option", self.id)

    def with_audience(self, audience: Audience, on: date) -> LearningOption:
        """Return the offer open to another audience from a day on, or to nobody (only me)."""
        return evolve(self, audience=audience, shared_on=None if audience.is_private else on)


@frozen
class MenuEntry:
    """An option on a menu, and why it stands where it stands."""

    option: LearningOption = field(validator=shapes.kind_of(LearningOption))
    because: Because = field(validator=shapes.kind_of(Because))

    @property
    def id(self) -> LearningOptionId:
        """The id of the option."""
        return self.option.id


@frozen
class LearningChoice:
    """What someone chose to learn from, why, and what else she could have chosen.

    ``options_seen`` counts, by kind, what was on the menu at that moment, so that a choice can be told from no choice.
    ``cost`` is what it takes of her budget, or, when it was stopped, what it took; it is paid beside her budget where
    ``request_id`` names a request that was granted. ``instead_of_id`` is the choice that she swapped for this one.
    """

    keeping: ClassVar[Keeping] = Keeping(
        Purpose.LEARN,
        shows=(
            "id",
            "owner_id",
            "option_id",
            "kind",
            "title",
            "chosen_at",
            "why",
            "options_seen",
            "status",
            "ended_on",
            "looking_back",
            "helped",
            "audience",
            "shared_on",
        ),
    )

    id: LearningChoiceId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    option_id: LearningOptionId = field(validator=shapes.identifier, metadata=LINK)
    kind: LearningKind = field(validator=shapes.kind_of(LearningKind), metadata=OWN_FACTS)
    title: str = field(validator=texts.line, repr=False, metadata=OWN_WORDS)
    chosen_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    goal_id: str | None = field(default=None, validator=optional(shapes.identifier), metadata=LINK)
    why: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    options_seen: Mapping[str, int] = field(
        factory=dict, validator=shapes.by_key(texts.line, shapes.whole(0, 1_000_000)), metadata=OWN_FACTS
    )
    status: ChoiceStatus = field(
        default=ChoiceStatus.CHOSEN, validator=shapes.kind_of(ChoiceStatus), metadata=OWN_FACTS
    )
    ended_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    looking_back: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    helped: Helped | None = field(default=None, validator=optional(shapes.kind_of(Helped)), metadata=OWN_FACTS)
    was_real: WasReal | None = field(default=None, validator=optional(shapes.kind_of(WasReal)), metadata=OWN_FACTS)
    cost: Means = field(default=NOTHING, validator=means)
    request_id: LearningRequestId | None = field(default=None, validator=optional(shapes.identifier), metadata=LINK)
    instead_of_id: LearningChoiceId | None = field(default=None, validator=optional(shapes.identifier), metadata=LINK)
    audience: Audience = field(default=ONLY_ME, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    @property
    def mentions(self) -> tuple[str, ...]:
        """Whose offer was chosen, if it is a colleague's: the stored key by which these are found."""
        return offered_by(self.option_id, self.owner_id)

    @property
    def had_kinds(self) -> int:
        """How many kinds of learning there were to choose from."""
        return len(self.options_seen)

    def complete(self, on: date, looking_back: str = "") -> LearningChoice:
        """Return the choice as completed."""
        return self._ended(ChoiceMove.COMPLETE, on, looking_back)

    def stop(self, on: date, looking_back: str = "", *, used: Means = NOTHING) -> LearningChoice:
        """Return the choice as stopped; another can be chosen at once. What was not used comes back.

        Raises:
            InvalidInput: more was used than it was to cost.
        """
        stopped = self._ended(ChoiceMove.STOP, on, looking_back)
        if not used.is_within(self.cost):
            raise InvalidInput.at("learning_choice.used", "is more than the choice was to cost, or another currency")
        return evolve(stopped, cost=used)

    def _ended(self, move: ChoiceMove, on: date, looking_back: str) -> LearningChoice:
        return evolve(self, status=self._after(move), ended_on=on, looking_back=looking_back)

    def look_back(self, helped: Helped, looking_back: str = "") -> LearningChoice:
        """Return the ended choice with whether it helped; without words, what was written before stays."""
        status = self._after(ChoiceMove.LOOK_BACK)
        return evolve(self, status=status, helped=helped, looking_back=looking_back or self.looking_back)

    def _after(self, move: ChoiceMove) -> ChoiceStatus:
        return status_after(MOVES, self.status, move, "learning choice", self.id)

    def was_a_real_choice(self, answer: WasReal) -> LearningChoice:
        """Return the choice with whether it was a real one, in whatever status."""
        return evolve(self, was_real=answer)

    def seen_by_others(self) -> LearningChoice:
        """Return what others read of a choice that she shared.

        Not whether it was a real choice, what it cost, what it came in place of, or for which goal it is: that may be
        hers alone. And no version, which would count that she said something about these.
        """
        return evolve(self, was_real=None, cost=NOTHING, request_id=None, instead_of_id=None, goal_id=None, version=0)

    def with_audience(self, audience: Audience, on: date) -> LearningChoice:
        """Return the choice shared with an audience from a day on, or taken back (only me)."""
        return evolve(self, audience=audience, shared_on=None if audience.is_private else on)


def choosable(option: LearningOption) -> LearningOption:
    """Give an option back if it can be chosen at all.

    Raises:
        InvalidInput: it is mandatory, and so no choice.
    """
    if option.is_mandatory:
        raise InvalidInput.at("learning_choice.option_id", f"{option.id!r} is mandatory, and that is no choice")
    return option


def choice_of(
    option: LearningOption,
    *,
    id: LearningChoiceId,  # noqa: A002 - the name of the field
    owner_id: PersonId,
    chosen_at: datetime,
    seen: Iterable[MenuEntry] = (),
    **told: Any,
) -> LearningChoice:
    """Choose an option, with what else was on the menu; ``told`` are further fields of the choice.

    Raises:
        InvalidInput: the option is mandatory, and so no choice.
    """
    return LearningChoice(
        id=id,
        owner_id=owner_id,
        option_id=choosable(option).id,
        kind=option.kind,
        title=option.title,
        chosen_at=chosen_at,
        options_seen=kinds_on(seen),
        **told,
    )


Order = Callable[[LearningOption], tuple[bool, bool, bool, int]]
"""Gives each option its place: smaller comes first."""


def menu(
    options: Iterable[LearningOption],
    *,
    theme: str = "",
    seed: int = 0,
    helped: frozenset[LearningKind] = frozenset(),
) -> tuple[MenuEntry, ...]:
    """Lay out several kinds of options to choose from, the best fit of each kind first.

    One option of each kind before a second of any: first those that touch the theme, then kinds that helped before,
    then those a colleague offers, then by a draw that the seed fixes, so that nothing is always on top. Mandatory
    training is left out: it is no choice. So is what is withdrawn or has no place left.
    """
    can_be_chosen = [
        option
        for option in options
        if option.status is OptionStatus.OPEN
        and option.places_left != 0
        and not option.is_mandatory
        and option.kind is not LearningKind.OWN
    ]
    laid_out = one_of_each_kind(can_be_chosen, menu_order(theme, seed, helped))
    return tuple(MenuEntry(option, _because(option, theme, helped)) for option in laid_out)


def menu_order(theme: str, seed: int, helped: frozenset[LearningKind]) -> Order:
    """Give the order of a menu: theme, what helped before, colleagues' offers, and a draw."""

    def place(option: LearningOption) -> tuple[bool, bool, bool, int]:
        draw = crc32(f"{seed}:{option.id}".encode())
        return (not (theme and theme in option.themes), option.kind not in helped, not option.owner_id, draw)

    return place


def one_of_each_kind(options: Sequence[LearningOption], order: Order) -> tuple[LearningOption, ...]:
    """Give at most a menu's size of options: the first of each kind, and only then the next of any.

    One pass finds the first of each kind; a second, where kinds are few, what fills the menu. Nothing else is sorted.
    """
    by_kind: defaultdict[LearningKind, list[LearningOption]] = defaultdict(list)
    for option in options:
        by_kind[option.kind].append(option)
    heads = sorted((min(of_kind, key=order) for of_kind in by_kind.values()), key=order)[:MENU_SIZE]
    if len(heads) == MENU_SIZE:
        return tuple(heads)
    rest = [option for option in nsmallest(MENU_SIZE, options, key=order) if option not in heads]
    return (*heads, *rest)[:MENU_SIZE]


def _because(option: LearningOption, theme: str, helped: frozenset[LearningKind]) -> Because:
    if theme and theme in option.themes:
        return Because.FITS_THEME
    if option.kind in helped:
        return Because.HELPED_BEFORE
    return Because.COLLEAGUE_OFFERS if option.owner_id else Because.ANOTHER_KIND


def kinds_on(entries: Iterable[MenuEntry]) -> dict[str, int]:
    """Count the options on a menu by kind."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.option.kind] = counts.get(entry.option.kind, 0) + 1
    return counts


def kinds_that_helped(choices: Iterable[LearningChoice]) -> frozenset[LearningKind]:
    """Give the kinds that somebody looked back on as helpful."""
    return frozenset(choice.kind for choice in choices if choice.helped is Helped.HELPED)


def costs_in(choices: Iterable[LearningChoice], year: int, zone: tzinfo) -> list[Means]:
    """Give what choices took of somebody's own budget in a year of her calendar; what was granted is paid beside it."""
    return [
        choice.cost
        for choice in choices
        if choice.request_id is None and choice.chosen_at.astimezone(zone).year == year
    ]
