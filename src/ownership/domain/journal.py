"""The read journal: who looked at what of a person, and when; hers to read."""

from __future__ import annotations

from datetime import datetime
from typing import NewType

from attrs import field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.people import PersonId

LookId = NewType("LookId", str)


@frozen
class Look:
    """Someone looked at items of ``owner_id``. Holds ids, never text.

    ``on_behalf_of`` names the real user when someone acted as ``viewer_id``, and is empty otherwise.
    """

    id: LookId = field(validator=shapes.identifier)
    owner_id: PersonId = field(validator=shapes.identifier)
    viewer_id: PersonId = field(validator=shapes.identifier)
    at: datetime = field(validator=moments.instant)
    item_ids: tuple[str, ...] = field(default=(), validator=shapes.each(shapes.identifier))
    on_behalf_of: str = field(default="", validator=texts.paragraph, repr=False)
    version: int = field(default=0, validator=shapes.version)
