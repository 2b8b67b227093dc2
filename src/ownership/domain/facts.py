"""Facts: what happened to something that was shared, as ids, for whoever listens.

Each noun names its own facts, in the past participle (``GoalStarted``). A fact holds no text, and nothing private makes
one: not even that a draft exists can be heard.
"""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from ownership.domain import moments, shapes
from ownership.domain.people import PersonId


@frozen
class Fact:
    """One thing that happened: its name, whose it was, which item, when (UTC)."""

    name: str = field(validator=shapes.identifier)
    owner_id: PersonId = field(validator=shapes.identifier)
    subject_id: str = field(validator=shapes.identifier)
    at: datetime = field(validator=moments.instant)
