"""Classification: what each stored field is, said where the field is defined.

A field says its class (``metadata=OWN_WORDS``), and the class says whose it is, whether it is in her export and what
erasure does to it. A stored class says once, as its ``keeping``, what all of it is for, who reads it and how long it is
kept. Registers, exports, erasures and retention read this and nothing else, so none of them can forget a field.

A field that holds values of our own (a goal's milestones, a talk's agenda) says nothing: its parts do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, get_args, get_type_hints

from attrs import field, fields, frozen, has

from ownership.domain import shapes
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

CLASS_OF_FIELD = "ownership.class"
"""Under which key of its metadata a field says its class."""


class FieldClass(StrEnum):
    """What a stored field is. The owner is the owner of the record: a person, or the organisation."""

    OWN_WORDS = "own_words"
    OWN_FACTS = "own_facts"
    WORDS_FOR_ANOTHER = "words_for_another"
    PREPARED_WORDS = "prepared_words"
    IDENTITY = "identity"
    EMPLOYMENT = "employment"
    OWNER_ID = "owner_id"
    OTHER_PERSON = "other_person"
    OTHER_PEOPLE = "other_people"
    ROSTER = "roster"
    REAL_USER = "real_user"
    RECORD_ID = "record_id"
    LINK = "link"
    GROUP_FIGURES = "group_figures"
    VERSION = "version"


class Whose(StrEnum):
    """Whose a field is: of who owns the record, wrote it for her or is named in it; of a group; of nobody."""

    OWNER = "owner"
    AUTHOR = "author"
    NAMED = "named"
    GROUP = "group"
    NOBODY = "nobody"


class Exported(StrEnum):
    """Whether the owner of the record has the field in her export."""

    YES = "yes"
    ONCE_SHOWN = "once_shown"
    NO = "no"


class OnErasure(StrEnum):
    """What erasing a person does to a field in a record of somebody else; her own records go with all that is in them.

    ``untouched``: it is nothing of hers. ``stays``: she wrote it for another, who keeps it; its author becomes someone
    who left. ``stays_once_shown``: likewise, but what she had not shown goes. ``replaced``: where it is she, it becomes
    someone who left. ``dropped``: she goes from the list. ``unlinked``: an id of nobody takes her place, so that counts
    stay.
    """

    UNTOUCHED = "untouched"
    STAYS = "stays"
    STAYS_ONCE_SHOWN = "stays_once_shown"
    REPLACED = "replaced"
    DROPPED = "dropped"
    UNLINKED = "unlinked"


class Meaning(NamedTuple):
    """What a class says of each of its fields."""

    whose: Whose
    exported: Exported
    on_erasure: OnErasure


MEANINGS: Mapping[FieldClass, Meaning] = {
    FieldClass.OWN_WORDS: Meaning(Whose.OWNER, Exported.YES, OnErasure.UNTOUCHED),
    FieldClass.OWN_FACTS: Meaning(Whose.OWNER, Exported.YES, OnErasure.UNTOUCHED),
    FieldClass.WORDS_FOR_ANOTHER: Meaning(Whose.AUTHOR, Exported.YES, OnErasure.STAYS),
    FieldClass.PREPARED_WORDS: Meaning(Whose.AUTHOR, Exported.ONCE_SHOWN, OnErasure.STAYS_ONCE_SHOWN),
    FieldClass.IDENTITY: Meaning(Whose.OWNER, Exported.YES, OnErasure.UNTOUCHED),
    FieldClass.EMPLOYMENT: Meaning(Whose.OWNER, Exported.YES, OnErasure.UNTOUCHED),
    FieldClass.OWNER_ID: Meaning(Whose.OWNER, Exported.YES, OnErasure.REPLACED),
    FieldClass.OTHER_PERSON: Meaning(Whose.NAMED, Exported.YES, OnErasure.REPLACED),
    FieldClass.OTHER_PEOPLE: Meaning(Whose.NAMED, Exported.YES, OnErasure.DROPPED),
    FieldClass.ROSTER: Meaning(Whose.NAMED, Exported.NO, OnErasure.UNLINKED),
    FieldClass.REAL_USER: Meaning(Whose.NAMED, Exported.YES, OnErasure.REPLACED),
    FieldClass.RECORD_ID: Meaning(Whose.NOBODY, Exported.YES, OnErasure.REPLACED),
    FieldClass.LINK: Meaning(Whose.NOBODY, Exported.YES, OnErasure.REPLACED),
    FieldClass.GROUP_FIGURES: Meaning(Whose.GROUP, Exported.NO, OnErasure.UNTOUCHED),
    FieldClass.VERSION: Meaning(Whose.NOBODY, Exported.NO, OnErasure.UNTOUCHED),
}
"""For each class what it says. There are no other classes, and every field has one."""


def _class(name: FieldClass) -> Mapping[str, FieldClass]:
    return {CLASS_OF_FIELD: name}


OWN_WORDS = _class(FieldClass.OWN_WORDS)
"""What the owner wrote."""

OWN_FACTS = _class(FieldClass.OWN_FACTS)
"""What the owner chose or did, and when: days, statuses, figures, audiences."""

WORDS_FOR_ANOTHER = _class(FieldClass.WORDS_FOR_ANOTHER)
"""What somebody wrote for another to read: feedback for the owner, an answer to her, a point of a talk of two."""

PREPARED_WORDS = _class(FieldClass.PREPARED_WORDS)
"""What one of several prepared, and nobody else reads before it is shown."""

IDENTITY = _class(FieldClass.IDENTITY)
"""Who the owner is, from the HR system: name, address, numbers, function."""

EMPLOYMENT = _class(FieldClass.EMPLOYMENT)
"""Where and when the owner works, from the HR system."""

OWNER_ID = _class(FieldClass.OWNER_ID)
"""The id of the owner herself."""

OTHER_PERSON = _class(FieldClass.OTHER_PERSON)
"""The id of another person: an author, a manager, a partner, who is asked, who looked, who took part."""

OTHER_PEOPLE = _class(FieldClass.OTHER_PEOPLE)
"""Ids of several people, each of whom can go from the list: an audience, supporters."""

ROSTER = _class(FieldClass.ROSTER)
"""Ids of people who are counted together, so that their number must stay."""

REAL_USER = _class(FieldClass.REAL_USER)
"""The real user when someone acted as another, as the host names him."""

RECORD_ID = _class(FieldClass.RECORD_ID)
"""The id of the record or of a part of it; it begins with the id of its owner."""

LINK = _class(FieldClass.LINK)
"""The id of another record, which begins with the id of *its* owner; or of what is nobody's, as a question."""

GROUP_FIGURES = _class(FieldClass.GROUP_FIGURES)
"""What may be known of a group: counts and bands that passed the rules of publication, and what these rules need."""

VERSION = _class(FieldClass.VERSION)
"""How often a record was written, or tried."""


class Purpose(StrEnum):
    """What a record is kept for."""

    IDENTIFY = "identify"
    DEVELOP = "develop"
    LEARN = "learn"
    TALK = "talk"
    HEAR_FROM_COLLEAGUES = "hear_from_colleagues"
    GET_SUPPORT = "get_support"
    LEAD = "lead"
    LISTEN = "listen"
    RUN_PROGRAMME = "run_programme"
    REMIND = "remind"
    ACCOUNT = "account"
    FORGET = "forget"


class Reader(StrEnum):
    """Who reads a record besides its owner, while she changes nothing about that.

    ``nobody``; ``partner``: the other of a talk of two; ``named``: whom it names as author, asked or supporter;
    ``group``: the people of a team or moment; ``everyone`` who works here; ``organiser``; ``published``: nobody reads
    the record, and what may be published of it is for everyone.
    """

    NOBODY = "nobody"
    PARTNER = "partner"
    NAMED = "named"
    GROUP = "group"
    EVERYONE = "everyone"
    ORGANISER = "organiser"
    PUBLISHED = "published"


class Holder(StrEnum):
    """Who owns the records of a class."""

    PERSON = "person"
    ORGANISATION = "organisation"
    EITHER = "either"


class Term(StrEnum):
    """The terms of retention; each is a setting of :class:`Retention`."""

    AFTER_LEAVING = "after_leaving"
    MESSAGES = "messages"
    LOOKS = "looks"
    TEAM_MOMENTS = "team_moments"
    PULSES = "pulses"


def _days(default: int, shortest: int, longest: int) -> int:
    days: int = field(default=default, validator=shapes.whole(shortest, longest))
    return days


@frozen
class Retention:
    """How long is kept what: days after the event that each record names. A host may choose, within bounds.

    ``after_leaving`` counts from somebody's last day, and ends all that is hers: at least a month, in which she can
    still take it along. The others count from the day of the record itself: when a message was due, when somebody
    looked, when a team met, when a pulse closed.

    Examples:
        >>> Retention(looks=400).days_of(Term.LOOKS)
        400
    """

    after_leaving: int = _days(90, shortest=30, longest=730)
    messages: int = _days(365, shortest=7, longest=730)
    looks: int = _days(1_095, shortest=365, longest=1_825)
    team_moments: int = _days(1_095, shortest=90, longest=1_825)
    pulses: int = _days(1_825, shortest=365, longest=3_650)

    def days_of(self, term: Term) -> int:
        """Give the days of a term."""
        days: int = getattr(self, term)
        return days


@frozen
class Keeping:
    """What all of a stored class is for, who reads it by default, who owns it and how long it is kept.

    Readers read all of it, or only the fields in ``shows``. What a person owns is kept until :attr:`Term.AFTER_LEAVING`
    after her last day. With ``term``, it is kept no longer than that after the day in the field ``since`` either.
    """

    purpose: Purpose = field(validator=shapes.kind_of(Purpose))
    readers: tuple[Reader, ...] = field(default=(Reader.NOBODY,), validator=shapes.each(shapes.kind_of(Reader)))
    holder: Holder = field(default=Holder.PERSON, validator=shapes.kind_of(Holder))
    term: Term | None = field(default=None, validator=optional(shapes.kind_of(Term)))
    since: str = field(default="", validator=shapes.identifier_or_empty)
    shows: tuple[str, ...] = field(default=(), validator=shapes.each(shapes.identifier))

    def __attrs_post_init__(self) -> None:
        if not self.readers:
            raise InvalidInput.at("keeping.readers", "is empty; say who reads it, or Reader.NOBODY")
        if (self.term is None) != (not self.since):
            raise InvalidInput.at("keeping.since", "names the field from which a term counts; give both or neither")

    def kept_until(self, value: Any, left_on: date | None, retention: Retention) -> date | None:
        """Give the last day on which a value is kept; None as long as neither its term nor that after leaving runs.

        ``left_on`` is the last day of its owner at work, None while she works here or when it is the organisation's.
        """
        ends = []
        if left_on is not None:
            ends.append(left_on + timedelta(days=retention.after_leaving))
        if self.term is not None and (begun := getattr(value, self.since)) is not None:
            day = begun.date() if isinstance(begun, datetime) else begun
            ends.append(day + timedelta(days=retention.days_of(self.term)))
        return min(ends, default=None)


class ClassifiedField(NamedTuple):
    """A stored field by its path inside the record (``agenda.text``), and its class; None when it has none."""

    path: str
    field_class: FieldClass | None


def class_of_field(attribute: Any) -> FieldClass | None:
    """Give the class that a field of an attrs class says it has; None when it says nothing."""
    said: FieldClass | None = attribute.metadata.get(CLASS_OF_FIELD)
    return said


def classified_fields(cls: type[Any], within: str = "") -> Iterator[ClassifiedField]:
    """Give every field of a stored class, those of the values inside it included, with its class."""
    hints = get_type_hints(cls)
    for attribute in fields(cls):
        path = f"{within}{attribute.name}"
        said = class_of_field(attribute)
        parts = () if said else tuple(_values_in(hints[attribute.name]))
        for part in parts:
            yield from classified_fields(part, f"{path}.")
        if not parts:
            yield ClassifiedField(path, said)


def _values_in(hint: Any) -> Iterator[type[Any]]:
    """Give the classes of our own that a type speaks of: Milestone in ``tuple[Milestone, ...]``."""
    if isinstance(hint, type) and has(hint):
        yield hint
    for inner in get_args(hint):
        yield from _values_in(inner)


def gaps(cls: type[Any]) -> tuple[str, ...]:
    """Say what a stored class leaves unsaid: each field without a class, and its keeping when that is not there.

    Examples:
        >>> @frozen
        ... class Badge:
        ...     id: str = field(metadata=RECORD_ID)
        ...     colour: str = field()
        >>> gaps(Badge)
        ('Badge.keeping', 'Badge.colour')
    """
    unsaid = [found.path for found in classified_fields(cls) if found.field_class is None]
    if not isinstance(getattr(cls, "keeping", None), Keeping):
        unsaid.insert(0, "keeping")
    return tuple(f"{cls.__name__}.{path}" for path in unsaid)
