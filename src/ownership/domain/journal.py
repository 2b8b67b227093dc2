"""The read journal: who looked at what of a person, and when; hers to read."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, NewType

from attrs import field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    LINK,
    OTHER_PERSON,
    OWN_FACTS,
    OWNER_ID,
    REAL_USER,
    RECORD_ID,
    VERSION,
    Keeping,
    Purpose,
    Term,
)
from ownership.domain.people import PersonId

LookId = NewType("LookId", str)


@frozen
class Look:
    """Someone looked at items of ``owner_id``. Holds ids, never text.

    ``on_behalf_of`` names the real user when someone acted as ``viewer_id``, and is empty otherwise.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.ACCOUNT, term=Term.LOOKS, since="at")

    id: LookId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    viewer_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    item_ids: tuple[str, ...] = field(default=(), validator=shapes.each(shapes.identifier), metadata=LINK)
    on_behalf_of: str = field(default="", validator=texts.paragraph, repr=False, metadata=REAL_USER)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)
