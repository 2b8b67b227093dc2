"""The storage port: a place for records, changed in units that happen whole or not at all.

A store knows nothing of goals or people. It keeps a :class:`Record` per (tenant, owner, collection, id), finds records
by the keys that :data:`COLLECTIONS` declares, and holds an :class:`Outbox` whose entries are written in the same unit
as the records they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import ClassVar, Protocol

from attrs import field, frozen

from ownership.domain.classification import LINK, OWN_FACTS, VERSION, Holder, Keeping, Purpose, Term

COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "people": ("email", "external_id", "manager_id", "partner_id", "team"),
    "goals": ("supporter_ids", "viewer_ids"),
    "goal_suggestions": ("author_id",),
    "cycles": ("status",),
    "check_ins": ("partner_id", "occurrence", "open_until", "viewer_ids"),
    "shared_initiatives": (),
    "participations": ("own_rhythm_in",),
    "reflections": ("viewer_ids",),
    "learning_options": ("viewer_ids",),
    "learning_choices": ("viewer_ids",),
    "learning_requests": ("asked_id", "open_until"),
    "budgets": ("year", "group"),
    "feedback_requests": ("asked_id", "open_until"),
    "feedback": ("author_id", "viewer_ids"),
    "needs": ("receiver_id", "open_until"),
    "development_plans": ("partner_id",),
    "team_moments": ("participant_ids",),
    "deliveries": ("status",),
    "looks": (),
    "hand_overs": (),
    "delegations": ("viewer_ids",),
    "self_checks": (),
    "rests": (),
    "release_plans": ("latest",),
}
"""Every collection, with the keys by which its records can be found besides by owner and id."""

LISTED = ("people", "cycles", "learning_options")
"""The collections that a whole tenant is asked for, in the order of ids; the others are found by owner or by key."""


def owner_of(id_: str) -> str:
    """Tell whose a record is by its id: ids are opaque, but begin with their owner's id.

    Examples:
        >>> owner_of("9k2m.g01")
        '9k2m'
        >>> owner_of("9k2m")  # a person's own record
        '9k2m'
    """
    return id_.partition(".")[0]


@frozen
class Record:
    """One stored value: ``body`` is JSON text, ``keys`` are (name, value) pairs, ``version`` counts from 1.

    To put a record, give it the version after the one that was read: 1 for a new record, n + 1 for one read at n.
    Keys are told when a record is put; a store need not give them back.
    """

    collection: str
    id: str
    version: int
    body: str = field(repr=False)
    keys: tuple[tuple[str, str], ...] = ()

    @property
    def owner_id(self) -> str:
        """Whose it is."""
        return owner_of(self.id)


@frozen
class Entry:
    """One entry of the outbox: something to do after the commit, at least once. Ids only, never text.

    ``topic`` says which worker takes it, ``about`` what it is about; from ``due_at`` (UTC) on it can be claimed.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.REMIND, holder=Holder.EITHER, term=Term.MESSAGES, since="due_at")

    id: str = field(metadata=LINK)
    topic: str = field(metadata=OWN_FACTS)
    about: str = field(metadata=LINK)
    due_at: datetime = field(metadata=OWN_FACTS)
    attempts: int = field(default=0, metadata=VERSION)


class Unit(Protocol):
    """A unit of work in one tenant: sees one consistent state, and changes it whole or not at all."""

    def get(self, collection: str, ids: Sequence[str]) -> Sequence[Record]:
        """Give the records that are there, of those asked for, in the order of their ids."""

    def owned(self, owner_id: str, collections: Sequence[str]) -> Sequence[Record]:
        """Give all of one owner's records in some collections, in the order of (collection, id).

        One range of the store.
        """

    def find(
        self,
        collection: str,
        key: str = "",
        *,
        equals: str | None = None,
        before: str | None = None,
        after_id: str = "",
        limit: int | None = None,
    ) -> Iterator[Record]:
        """Stream the records of a collection, in the order of their ids.

        With ``key``: those whose key has the value ``equals``, or a value below ``before``, compared as text in code
        point order. With ``after_id``: those with a greater id only. With ``limit``: at most so many.
        """

    def put(self, records: Sequence[Record]) -> None:
        """Write records, each over exactly the version before its own.

        Raises:
            Conflict: a stored version is another one; nothing of the unit is written.
        """

    def remove(self, collection: str, id_: str) -> None:
        """Remove a record, its keys, and every entry of the outbox about it; there need be none of these."""

    def emit(self, entries: Sequence[Entry]) -> None:
        """Add entries to the outbox, in this unit; an id that is there already stays as it is."""


class Outbox(Protocol):
    """What is still to be done after commits, in one tenant: claim with a lease, do, settle."""

    def claim(self, topic: str, *, now: datetime, lease_until: datetime, limit: int) -> Sequence[Entry]:
        """Take entries that are due and leased to nobody, the oldest due first; nobody else gets them meanwhile.

        The entries come back with ``attempts`` counted up by this claim.
        """

    def settle(self, ids: Sequence[str]) -> None:
        """Remove entries that are done."""

    def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
        """Give claimed entries back, to be claimed again from a moment on."""

    def pending(self, topic: str) -> int:
        """Count the entries of a topic that are not settled."""


class Store(Protocol):
    """A place for records."""

    def reading(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that only reads; its writing calls raise Unsupported."""

    def writing(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that commits when its block ends, and leaves nothing behind when the block raises.

        Raises:
            Unavailable: the store is locked or does not answer.
        """

    def outbox(self, tenant: str) -> Outbox:
        """Give the outbox of a tenant."""

    def check(self) -> Sequence[str]:
        """Examine the store and say what is wrong, a line each; empty when it is sound."""

    def scrub(self) -> Sequence[str]:
        """Leave nothing of what was removed in any file that the store keeps: in no free page, log or index.

        Gives what somebody has yet to do for that outside the store's reach, a line each; empty when all is done.

        Raises:
            Unavailable: someone else holds on to an older state; call it again later.
        """

    def close(self) -> None:
        """Release what is held; can be called twice."""
