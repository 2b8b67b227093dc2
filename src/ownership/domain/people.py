"""People, their dated relations, and the audiences they choose.

A manager is a relation with dates, not a field: who reported to whom on a given day can always be told, and a right
never outlives the relation that gave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar, NewType, TypeVar
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    EMPLOYMENT,
    IDENTITY,
    OTHER_PEOPLE,
    OTHER_PERSON,
    OWN_FACTS,
    OWNER_ID,
    VERSION,
    Keeping,
    Purpose,
    Reader,
)
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

PersonId = NewType("PersonId", str)
"""The id of a person; opaque. Ids of what a person owns begin with it."""


def whose(id_: str) -> str:
    """Tell by its id whose something is: every id begins with its owner's.

    Examples:
        >>> whose("9k2m.g01"), whose("9k2m")
        ('9k2m', '9k2m')
    """
    return id_.partition(".")[0]


class Shift(StrEnum):
    """When in the day a person works, so that messages arrive in working time."""

    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"
    OTHER = "other"


STARTS_AT: Mapping[Shift, time] = {
    Shift.DAY: time(9),
    Shift.EVENING: time(15),
    Shift.NIGHT: time(22),
    Shift.OTHER: time(9),
}
"""The local time from which a message may reach someone of a shift."""


class AudienceKind(StrEnum):
    """Who may see an item besides its owner."""

    ONLY_ME = "only_me"
    PARTNER = "partner"
    MANAGER = "manager"
    PEOPLE = "people"
    TEAM = "team"
    EVERYONE = "everyone"


@frozen
class Audience:
    """Who may see an item besides its owner: a kind, and for named people who they are.

    Examples:
        >>> Audience.of("manager").kind
        <AudienceKind.MANAGER: 'manager'>
        >>> Audience.of(["p1", "p2"]).person_ids
        ('p1', 'p2')
    """

    kind: AudienceKind = field(default=AudienceKind.ONLY_ME, validator=shapes.kind_of(AudienceKind), metadata=OWN_FACTS)
    person_ids: tuple[PersonId, ...] = field(
        default=(), validator=shapes.each(shapes.identifier), metadata=OTHER_PEOPLE
    )

    def __attrs_post_init__(self) -> None:
        if (self.kind is AudienceKind.PEOPLE) != bool(self.person_ids):
            raise InvalidInput.at(
                "audience.person_ids",
                "of people needs their names, and no other audience has any; give a list of people",
            )

    @classmethod
    def of(cls, spoken: Audience | str | Iterable[str]) -> Audience:
        """Read an audience as people write it: its kind, or the ids of the people that may see.

        Raises:
            InvalidInput: the word is no kind of audience, or nobody is named.
        """
        if isinstance(spoken, Audience):
            return spoken
        if isinstance(spoken, str):
            return cls(_audience_kind(spoken))
        return cls(AudienceKind.PEOPLE, tuple(dict.fromkeys(PersonId(name) for name in spoken)))

    @property
    def is_private(self) -> bool:
        """Whether nobody but the owner may see."""
        return self.kind is AudienceKind.ONLY_ME


def _audience_kind(word: str) -> AudienceKind:
    try:
        return AudienceKind(word)
    except ValueError:
        known = ", ".join(kind for kind in AudienceKind if kind is not AudienceKind.PEOPLE)
        raise InvalidInput.at("audience", f"is none of {known}; choose one, or give a list of people") from None


ONLY_ME = Audience()


def _refuse_backwards(path: str, since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise InvalidInput.at(path, "is not after the day on which it begins")


@frozen
class ReportingLine:
    """To whom a person reports, from a day (included) until a day (not included; None: still)."""

    manager_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    since: date = field(validator=moments.day, metadata=EMPLOYMENT)
    until: date | None = field(default=None, validator=optional(moments.day), metadata=EMPLOYMENT)

    def __attrs_post_init__(self) -> None:
        _refuse_backwards("reporting_line.until", self.since, self.until)

    def covers(self, day: date) -> bool:
        """Whether the line holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@frozen
class Membership:
    """The department and team that a person is in, from a day (included) until a day (not included; None: still)."""

    department: str = field(validator=texts.paragraph, repr=False, metadata=EMPLOYMENT)
    team: str = field(validator=texts.paragraph, repr=False, metadata=EMPLOYMENT)
    since: date = field(validator=moments.day, metadata=EMPLOYMENT)
    until: date | None = field(default=None, validator=optional(moments.day), metadata=EMPLOYMENT)

    def __attrs_post_init__(self) -> None:
        _refuse_backwards("membership.until", self.since, self.until)

    def covers(self, day: date) -> bool:
        """Whether the membership holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@frozen
class Person:
    """Someone who works here. Fields that SCIM (RFC 7643) also has bear its names, in snake case.

    ``locale_override`` and ``timezone_override`` are the person's own wish; no synchronisation touches them.
    ``partner_id`` is a conversation partner other than the manager, and ``is_without_partner`` her wish to have none;
    ``on_leave`` knows no reason, on purpose. On a day there is at most one reporting line, and one membership.
    """

    keeping: ClassVar[Keeping] = Keeping(
        Purpose.IDENTIFY, (Reader.EVERYONE,), shows=("id", "display_name", "external_id", "email", "title")
    )

    id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    display_name: str = field(validator=texts.line, repr=False, metadata=IDENTITY)
    external_id: str = field(default="", validator=texts.paragraph, repr=False, metadata=IDENTITY)
    source: str = field(default="", validator=texts.label, metadata=IDENTITY)
    email: str | None = field(default=None, validator=optional(texts.email), repr=False, metadata=IDENTITY)
    employee_number: str = field(default="", validator=texts.paragraph, repr=False, metadata=IDENTITY)
    title: str = field(default="", validator=texts.paragraph, repr=False, metadata=IDENTITY)
    active: bool = field(default=True, validator=shapes.flag, metadata=EMPLOYMENT)
    on_leave: bool = field(default=False, validator=shapes.flag, metadata=EMPLOYMENT)
    locale: str = field(default="en", validator=texts.language, metadata=EMPLOYMENT)
    timezone: str = field(default="UTC", validator=moments.zone, metadata=EMPLOYMENT)
    locale_override: str | None = field(default=None, validator=optional(texts.language), metadata=OWN_FACTS)
    timezone_override: str | None = field(default=None, validator=optional(moments.zone), metadata=OWN_FACTS)
    shift: Shift = field(default=Shift.DAY, validator=shapes.kind_of(Shift), metadata=EMPLOYMENT)
    start_on: date | None = field(default=None, validator=optional(moments.day), metadata=EMPLOYMENT)
    end_on: date | None = field(default=None, validator=optional(moments.day), metadata=EMPLOYMENT)
    partner_id: PersonId | None = field(default=None, validator=optional(shapes.identifier), metadata=OTHER_PERSON)
    partner_since: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    is_without_partner: bool = field(default=False, validator=shapes.flag, metadata=OWN_FACTS)
    reporting_lines: tuple[ReportingLine, ...] = field(default=(), validator=shapes.each(shapes.kind_of(ReportingLine)))
    memberships: tuple[Membership, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Membership)))
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if self.partner_id == self.id:
            raise InvalidInput.at("person.partner_id", "is the person's own; a talk takes two")
        if self.partner_id is None and self.partner_since is not None:
            raise InvalidInput.at("person.partner_since", "is the first day of a partner, and there is none")
        if self.partner_id is not None and self.is_without_partner:
            raise InvalidInput.at("person.is_without_partner", "is the wish to have no partner, and there is one")
        if any(line.manager_id == self.id for line in self.reporting_lines):
            raise InvalidInput.at("person.reporting_lines", "have the person as their own manager")
        _refuse_overlap("person.reporting_lines", self.reporting_lines)
        _refuse_overlap("person.memberships", self.memberships)

    @property
    def owner_id(self) -> PersonId:
        """A person's record is their own."""
        return self.id

    @property
    def language(self) -> str:
        """The language to speak to this person in, as two letters."""
        return (self.locale_override or self.locale).split("-")[0].split("_")[0].lower()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that this person lives in."""
        return ZoneInfo(self.timezone_override or self.timezone)

    @property
    def left_on(self) -> date | None:
        """The last day of who left or will leave: the stored key by which they are found, before it and long after."""
        return self.end_on

    @property
    def manager_id(self) -> tuple[str, ...]:
        """Everyone this person ever reported to, the stored key by which managers find their people."""
        return tuple(dict.fromkeys(line.manager_id for line in self.reporting_lines))

    @property
    def team(self) -> tuple[str, ...]:
        """Every team this person was ever in, the stored key by which colleagues are found."""
        return tuple(dict.fromkeys(m.team for m in self.memberships if m.team))

    def seen_by_others(self) -> Person:
        """Return what colleagues read of a person: who it is, and nothing of how she works, nor of what she chose."""
        return Person(self.id, self.display_name, external_id=self.external_id, email=self.email, title=self.title)

    def day_of(self, moment: datetime) -> date:
        """Give the day that it is, at a moment, where this person lives."""
        return moment.astimezone(self.zone).date()

    def works_on(self, day: date) -> bool:
        """Whether this person is employed on a day."""
        started = self.start_on is None or self.start_on <= day
        return self.active and started and (self.end_on is None or day <= self.end_on)

    def reporting_line_on(self, day: date) -> ReportingLine | None:
        """Give the reporting line that holds on a day, if any."""
        return next((line for line in self.reporting_lines if line.covers(day)), None)

    def membership_on(self, day: date) -> Membership | None:
        """Give the membership that holds on a day, if any."""
        return next((membership for membership in self.memberships if membership.covers(day)), None)

    def partner_on(self, day: date) -> ReportingLine | None:
        """Give the conversation partner on a day: the one she chose, else her manager, with the day it began.

        None when she has no manager, or wants no partner.
        """
        if self.is_without_partner:
            return None
        if self.partner_id is not None:
            return ReportingLine(self.partner_id, self.partner_since or moments.EARLIEST)
        return self.reporting_line_on(day)

    def reporting_to(self, manager_id: PersonId | None, *, since: date) -> Person:
        """Return this person with a manager from a day on, or with none; lines that were to begin later do not."""
        lines = _holding(self.reporting_lines, None if manager_id is None else ReportingLine(manager_id, since), since)
        return self if lines == self.reporting_lines else evolve(self, reporting_lines=lines)

    def joining(self, department: str, team: str, *, since: date) -> Person:
        """Return this person in a department and team from a day on; memberships that were to begin later do not.

        To be in none is only noted of someone who was in one.
        """
        is_nowhere = not (department or team) and self.membership_on(since) is None
        held = _holding(self.memberships, None if is_nowhere else Membership(department, team, since), since)
        return self if held == self.memberships else evolve(self, memberships=held)

    def with_partner(self, partner_id: PersonId | None, *, since: date) -> Person:
        """Return this person with a conversation partner of their own choice, or (None) with the manager again."""
        partner_since = since if partner_id else None
        return evolve(self, partner_id=partner_id, partner_since=partner_since, is_without_partner=False)

    def without_partner(self) -> Person:
        """Return this person with no conversation partner, not the manager either."""
        return evolve(self, partner_id=None, partner_since=None, is_without_partner=True)


_Dated = TypeVar("_Dated", ReportingLine, Membership)


def _refuse_overlap(path: str, dated: Iterable[ReportingLine | Membership]) -> None:
    for one, following in pairwise(sorted(dated, key=lambda each: each.since)):
        if one.until is None or following.since < one.until:
            raise InvalidInput.at(path, f"overlap from {following.since} on; one must end before the next begins")


def _holding(dated: tuple[_Dated, ...], new: _Dated | None, day: date) -> tuple[_Dated, ...]:
    """Let something new, or nothing, hold from a day on.

    What holds that day ends, unless it is the same: then it goes on. What would begin later is dropped.
    """
    held: list[_Dated] = []
    for each in dated:
        if new is not None and each.covers(day) and evolve(each, since=day, until=None) == new:
            new = evolve(each, until=None)
        elif each.since < day:
            held.append(evolve(each, until=day) if each.covers(day) else each)
    if new is not None:
        held.append(new)
    return tuple(held)


def managers_in_a_loop(manager_of: Mapping[str, str]) -> frozenset[str]:
    """Find everyone whose chain of managers comes back to themselves.

    Each person is walked over once, so the work grows with the number of people only.

    Examples:
        >>> sorted(managers_in_a_loop({"ann": "bob", "bob": "ann", "cas": "bob"}))
        ['ann', 'bob']
    """
    settled: set[str] = set()
    looping: set[str] = set()
    for start in manager_of:
        trail: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in settled and at not in trail:
            trail[at] = len(trail)
            at = manager_of.get(at)
        if at in trail:
            looping.update(name for name, step in trail.items() if step >= trail[at])
        settled.update(trail)
    return frozenset(looping)
