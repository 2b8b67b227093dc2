"""People, their dated relations, and the audiences they choose.

A manager is a relation with dates, not a field: who reported to whom on a given day can always be told, and a right
never outlives the relation that gave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from enum import StrEnum
from typing import NewType, TypeVar
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen
from attrs.validators import optional

from ownership.domain import moments, shapes, texts
from ownership.errors import InvalidInput

PersonId = NewType("PersonId", str)
"""The id of a person; opaque. Ids of what a person owns begin with it."""


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

    kind: AudienceKind = field(default=AudienceKind.ONLY_ME, validator=shapes.kind_of(AudienceKind))
    person_ids: tuple[PersonId, ...] = field(default=(), validator=shapes.each(shapes.identifier))

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
        known = ", ".join(AudienceKind)
        raise InvalidInput.at(
            "audience", f"{word!r} is no audience; choose from {known}, or give a list of people"
        ) from None


ONLY_ME = Audience()


@frozen
class ReportingLine:
    """To whom a person reports, from a day (included) until a day (not included; None: still)."""

    manager_id: PersonId = field(validator=shapes.identifier)
    since: date = field(validator=moments.day)
    until: date | None = field(default=None, validator=optional(moments.day))

    def covers(self, day: date) -> bool:
        """Whether the line holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@frozen
class Membership:
    """The department and team that a person is in, from a day (included) until a day (not included; None: still)."""

    department: str = field(validator=texts.paragraph, repr=False)
    team: str = field(validator=texts.paragraph, repr=False)
    since: date = field(validator=moments.day)
    until: date | None = field(default=None, validator=optional(moments.day))

    def covers(self, day: date) -> bool:
        """Whether the membership holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@frozen
class Person:
    """Someone who works here. Fields that SCIM (RFC 7643) also has bear its names, in snake case.

    ``locale_override`` and ``timezone_override`` are the person's own wish; no synchronisation touches them.
    ``partner_id`` is a conversation partner other than the manager; ``on_leave`` knows no reason, on purpose.
    """

    id: PersonId = field(validator=shapes.identifier)
    display_name: str = field(validator=texts.line, repr=False)
    external_id: str = field(default="", validator=texts.paragraph, repr=False)
    source: str = field(default="", validator=texts.label)
    email: str | None = field(default=None, validator=optional(texts.email), repr=False)
    employee_number: str = field(default="", validator=texts.paragraph, repr=False)
    title: str = field(default="", validator=texts.paragraph, repr=False)
    active: bool = field(default=True, validator=shapes.flag)
    on_leave: bool = field(default=False, validator=shapes.flag)
    locale: str = field(default="en", validator=texts.language)
    timezone: str = field(default="UTC", validator=moments.zone)
    locale_override: str | None = field(default=None, validator=optional(texts.language))
    timezone_override: str | None = field(default=None, validator=optional(moments.zone))
    shift: Shift = field(default=Shift.DAY, validator=shapes.kind_of(Shift))
    start_on: date | None = field(default=None, validator=optional(moments.day))
    end_on: date | None = field(default=None, validator=optional(moments.day))
    partner_id: PersonId | None = field(default=None, validator=optional(shapes.identifier))
    partner_since: date | None = field(default=None, validator=optional(moments.day))
    reporting_lines: tuple[ReportingLine, ...] = field(default=(), validator=shapes.each(shapes.kind_of(ReportingLine)))
    memberships: tuple[Membership, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Membership)))
    version: int = field(default=0, validator=shapes.version)

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
    def manager_id(self) -> tuple[str, ...]:
        """Everyone this person ever reported to, the stored key by which managers find their people."""
        return tuple(dict.fromkeys(line.manager_id for line in self.reporting_lines))

    @property
    def team(self) -> tuple[str, ...]:
        """Every team this person was ever in, the stored key by which colleagues are found."""
        return tuple(dict.fromkeys(m.team for m in self.memberships if m.team))

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
        """Give the conversation partner on a day: the one she chose, else her manager, with the day it began."""
        if self.partner_id is not None:
            return ReportingLine(self.partner_id, self.partner_since or moments.EARLIEST)
        return self.reporting_line_on(day)

    def reporting_to(self, manager_id: PersonId | None, *, since: date) -> Person:
        """Return this person with another manager from a day on, or with none."""
        current = self.reporting_line_on(since)
        if (current.manager_id if current else None) == manager_id:
            return self
        kept = _ended(self.reporting_lines, since)
        new = () if manager_id is None else (ReportingLine(manager_id, since),)
        return evolve(self, reporting_lines=kept + new)

    def joining(self, department: str, team: str, *, since: date) -> Person:
        """Return this person in another department and team from a day on."""
        current = self.membership_on(since)
        if current is not None and (current.department, current.team) == (department, team):
            return self
        if current is None and not (department or team):
            return self
        return evolve(self, memberships=(*_ended(self.memberships, since), Membership(department, team, since)))

    def with_partner(self, partner_id: PersonId | None, *, since: date) -> Person:
        """Return this person with a conversation partner of their own choice, or (None) with the manager again."""
        if partner_id == self.id:
            raise InvalidInput.at("partner", "is yourself; choose someone else, or None for your manager")
        return evolve(self, partner_id=partner_id, partner_since=since if partner_id else None)


_Dated = TypeVar("_Dated", ReportingLine, Membership)


def _ended(dated: tuple[_Dated, ...], day: date) -> tuple[_Dated, ...]:
    """End what holds on a day, and drop what would only have begun after it."""
    return tuple(evolve(d, until=day) if d.covers(day) else d for d in dated if d.since < day)


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
