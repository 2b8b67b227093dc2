"""Facts: what happened to something that was shared, as ids, for whoever listens.

Each noun names its own facts, in the past participle (``GoalStarted``). A fact holds no text, and nothing private makes
one: not even that a draft exists can be heard.
"""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from ownership.domain.people import PersonId


@frozen
class Fact:
    """One thing that happened: its name, whose it was, which item, when (UTC)."""

    name: str
    owner_id: PersonId
    subject_id: str
    at: datetime
