"""The storage port: a place for records, changed in units that happen whole or not at all.

A store knows nothing of goals or people. It keeps a :class:`Record` per (tenant, owner, collection, id), finds records
by the keys that :data:`COLLECTIONS` declares, and holds an :class:`Outbox` whose entries are written in the same unit
as the records they are about.

What holds for every store, and is easily forgotten:

- *Texts* are kept exactly, and compared and ordered by code points. There is no longest one: where your technology has
  a longest key, give it a digest and keep the text beside it. A lone surrogate is refused as InvalidInput by
  every store, wherever it is given; NUL is kept, or refused in the same way.
- *A tenant* has a name: an empty one is refused as InvalidInput.
- *Units of one thread do not nest*, unless they all read. Opening a unit within one that writes, writing within one
  that reads, and calling the outbox within either is refused as Unsupported at once. Units of several threads,
  processes and stores are what a store is for.
- *Two units* that put the same record never both win. What they only read may be changed by the other (write skew),
  unless the store claims ``units.serial``: then writing units are as if one came after the other.
- *After a fork* a durable store can be used on both sides; neither touches the connections of the other. What a store
  in memory has is, from the fork on, two.
- *A call that failed* (a conflict, a refused text) fails its unit, even when the block goes on: nothing of it is
  written, and the end of the unit raises the same error. :class:`Changes` keeps to this.
- *A failure in the midst* leaves everything as it was before the unit or as it is after it, never between, and the
  next unit works.

``ownership.testing.StoreContract`` tests all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from threading import get_ident
from types import TracebackType
from typing import ClassVar, Protocol, runtime_checkable

from attrs import field, frozen

from ownership.domain.classification import LINK, OWN_FACTS, VERSION, Holder, Keeping, Purpose, Term
from ownership.errors import InvalidInput, Unsupported

COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "people": ("email", "external_id", "manager_id", "partner_id", "team", "left_on"),
    "goals": ("supporter_ids", "viewer_ids"),
    "goal_suggestions": ("author_id",),
    "cycles": ("status",),
    "check_ins": ("partner_id", "in_hand_of", "open_until", "viewer_ids", "mentions"),
    "shared_initiatives": (),
    "participations": ("own_rhythm_in",),
    "reflections": ("viewer_ids",),
    "learning_options": ("viewer_ids",),
    "learning_choices": ("viewer_ids", "mentions"),
    "learning_requests": ("asked_id", "open_until", "mentions"),
    "budgets": ("year", "group"),
    "feedback_requests": ("asked_id", "open_until"),
    "feedback": ("author_id", "viewer_ids"),
    "needs": ("receiver_id", "open_until", "viewer_ids"),
    "development_plans": ("partner_id", "mentions"),
    "team_moments": ("participant_ids", "since"),
    "deliveries": ("dead", "mentions", "since"),
    "looks": ("viewer_id", "on_behalf_of", "since"),
    "hand_overs": ("manager_id",),
    "delegations": ("viewer_ids", "mentions"),
    "self_checks": (),
    "rests": (),
    "erasures": (),
    "release_plans": ("latest", "since"),
    "organisation_figures": ("since",),
    "pulses": ("current", "since"),
    "pulse_answers": ("pulse_id",),
    "pulse_results": ("since",),
    "arrivals": (),
}
"""Every collection, with the keys by which its records can be found besides by owner and id."""

LISTED = ("people", "cycles", "learning_options", "pulses")
"""The collections that a whole tenant is asked for, in the order of ids; the others are found by owner or by key."""


CAPABILITIES: Mapping[str, str] = {
    "durable": "what a unit wrote is there after a crash, and for every process that opens the same URL",
    "outbox.claim": "workers can claim from the outbox, each entry one at a time",
    "txn.join": "units can work inside a transaction of the host's, which alone commits it",
    "units.serial": "writing units of one tenant are as if one came after the other: no write skew",
}
"""What a store can claim, and what it then promises."""


def owner_of(id_: str) -> str:
    """Tell whose a record is by its id: ids are opaque, but begin with their owner's id.

    Examples:
        >>> owner_of("9k2m.g01")
        '9k2m'
        >>> owner_of("9k2m")  # a person's own record
        '9k2m'
    """
    return id_.partition(".")[0]


def refuse_nameless(tenant: str) -> None:
    """Refuse a tenant without a name: what belongs to nobody in particular would all meet in it.

    Raises:
        InvalidInput: the tenant is empty, or has half a character.
    """
    if not tenant:
        raise InvalidInput.at("tenant", "is empty; every organisation in a store has a name")
    refuse_half_characters(tenant)


def refuse_half_characters(*texts: str) -> None:
    """Refuse texts that no encoding has a place for; for stores whose technology would keep them.

    Raises:
        InvalidInput: a text has a lone surrogate.
    """
    if not all(text.isascii() for text in texts) and any(map(_HALF.search, texts)):
        raise half_a_character()


def half_a_character() -> InvalidInput:
    """Make the error for a text with a lone surrogate; it does not show the text."""
    return InvalidInput.at("text", "holds half a character (a lone surrogate); cut texts between characters")


_HALF = re.compile("[\ud800-\udfff]")


def stamp(moment: datetime) -> str:
    """Write an instant so that the order of texts is the order of time; ``datetime.fromisoformat`` reads it.

    Examples:
        >>> stamp(datetime(2026, 1, 6, 10, 0, tzinfo=UTC))
        '2026-01-06T10:00:00.000000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Turns:
    """Keeps the units of one thread apart: one that reads may stand within another that reads, nothing else may nest.

    What it knows of a unit it forgets when the unit ends, in whichever thread.
    """

    def __init__(self, adapter: str) -> None:
        self._adapter = adapter
        self._open: dict[int, list[bool]] = {}

    def taken(self, tenant: str, *, reads: bool = False) -> AbstractContextManager[None]:
        """Take this thread's turn for a tenant, from the beginning of a block to its end.

        Raises:
            InvalidInput: the tenant is empty, or has half a character.
            Unsupported: this thread is within a unit already, and one of the two writes.
        """
        refuse_nameless(tenant)
        return _Turn(self._open, self._adapter, reads)


class _Turn:
    """A turn of one thread. Units begin and end so often that a generator in its place would show."""

    __slots__ = ("_adapter", "_open", "_reads", "_thread")

    def __init__(self, open_units: dict[int, list[bool]], adapter: str, reads: bool) -> None:
        self._open = open_units
        self._adapter = adapter
        self._reads = reads

    def __enter__(self) -> None:
        self._thread = get_ident()
        mine = self._open.setdefault(self._thread, [])
        if mine and not (self._reads and all(mine)):
            raise Unsupported("a unit within a unit of the same thread, unless both read", self._adapter)
        mine.append(self._reads)

    def __exit__(self, *_: object) -> None:
        mine = self._open[self._thread]
        mine.remove(self._reads)
        if not mine:
            self._open.pop(self._thread, None)


class Changes:
    """What a unit changes: once a call that writes has failed, none is carried out, and the unit is never committed.

    A unit carries out each such call ``with`` its changes, and has them confirmed before it commits. A unit that only
    reads has changes that refuse to begin.

    Examples:
        >>> from contextlib import suppress
        >>> changes = Changes("store of Acme")
        >>> with suppress(ZeroDivisionError), changes:
        ...     1 / 0
        >>> changes.confirm()
        Traceback (most recent call last):
        ZeroDivisionError: division by zero
    """

    def __init__(self, adapter: str, *, writes: bool = True) -> None:
        self._adapter = adapter
        self._writes = writes
        self.failure: BaseException | None = None
        """What failed first. A store sets it when what failed was no call that writes, and fails the unit as well."""

    def __enter__(self) -> None:
        """Begin a call that writes.

        Raises:
            Unsupported: the unit only reads.
        """
        if not self._writes:
            raise Unsupported("writing in a reading unit", self._adapter)
        self.confirm()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remember what failed, whatever the block around the call does about it."""
        if error is not None:
            self.failure = error

    def confirm(self) -> None:
        """Agree to the commit, or raise what failed."""
        if self.failure is not None:
            raise self.failure


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
    keys: tuple[tuple[str, str], ...] = field(default=(), repr=False)

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
        point order; with neither, those that have the key at all. Given both, ``equals`` alone decides; without
        ``key``, neither does. With ``after_id``: those with a greater id only. With ``limit``: at most so many, and
        none with 0.

        The unit may write while it streams: which records come is settled when the call is made or later, and each
        comes at most once, as it was or as it is by then.
        """

    def put(self, records: Sequence[Record]) -> None:
        """Write records, each over exactly the version before its own.

        Raises:
            Conflict: a stored version is another one; nothing of the unit is written.
            InvalidInput: a text is none that can be kept; nothing of the unit is written.
        """

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        """Remove records, their keys, and every entry of the outbox about them; there need be none of these.

        An entry is about a record when ``about`` is its id, whatever the collection.
        """

    def emit(self, entries: Sequence[Entry]) -> None:
        """Add entries to the outbox, in this unit; an id that is there already stays as it is."""


class Outbox(Protocol):
    """What is still to be done after commits, in one tenant: claim with a lease, do, settle."""

    def claim(self, topic: str, *, now: datetime, lease_until: datetime, limit: int) -> Sequence[Entry]:
        """Take entries that are due and leased to nobody; nobody else gets them before ``lease_until``.

        They come in the order of (``due_at``, id), with ``attempts`` counted up by this claim; a lease does not change
        ``due_at``.
        """

    def settle(self, ids: Sequence[str]) -> None:
        """Remove entries that are done, leased or not; those that are gone are passed over."""

    def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
        """Give entries back, to be claimed again from a moment on, which is then their ``due_at``.

        Their lease ends and their attempts go on; those that are gone are passed over.
        """

    def pending(self, topic: str) -> int:
        """Count the entries of a topic that are not settled."""


class Store(Protocol):
    """A place for records."""

    def reading(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that only reads; its writing calls raise Unsupported.

        Raises:
            InvalidInput: the tenant is empty.
            Unsupported: this thread has a writing unit open on this store.
        """

    def writing(self, tenant: str) -> AbstractContextManager[Unit]:
        """Open a unit that commits when its block ends, and leaves nothing behind when the block raises.

        Raises:
            Conflict: at the end, when another unit was first.
            InvalidInput: the tenant is empty.
            Unavailable: the store is locked or does not answer.
            Unknown: the answer to the commit was lost.
            Unsupported: this thread has a unit open on this store already.
        """

    def outbox(self, tenant: str) -> Outbox:
        """Give the outbox of a tenant.

        Raises:
            InvalidInput: the tenant is empty.
        """

    def check(self) -> Sequence[str]:
        """Examine the store and say what is wrong, a line each; empty when it is sound."""

    def scrub(self) -> Sequence[str]:
        """Leave nothing of what was removed in any file that the store keeps: in no free page, log or index.

        Gives what somebody has yet to do for that outside the store's reach, a line each; empty when all is done.

        Raises:
            Unavailable: someone else holds on to an older state; call it again later.
        """

    def close(self) -> None:
        """Release what is held, at once and not when it is collected; can be called twice."""


@runtime_checkable
class Joining(Protocol):
    """What a store has besides when it claims ``txn.join``."""

    def joined(self, connection: object) -> Store:
        """Give this store inside the transaction that the host has open on a connection to the same database.

        Each unit works in a savepoint there. Nothing is committed, rolled back or tried again for the host, and nobody
        sees anything before the host commits. What was committed to disk, and what is left of what was removed, is
        then the host's: the outbox can be counted and not claimed from, and ``scrub`` is refused.

        Raises:
            Misconfigured: it is no connection of a kind that this store knows, has no open transaction (``connection``
                is what is wrong), or leads to another database. The same holds when a unit is opened later.
        """


def joined_to(store: Store, connection: object) -> Store:
    """Give a store inside a transaction of the host's.

    Raises:
        Unsupported: the store cannot join one.
        Misconfigured: the connection is none that it can join.
    """
    if not isinstance(store, Joining):
        raise Unsupported("txn.join", type(store).__name__)
    return store.joined(connection)


class JoinedOutbox:
    """The outbox inside a transaction of the host's: what is in it can be counted, and not be taken.

    What is taken is done before anybody knows whether the host commits.
    """

    def __init__(self, count: Callable[[str], int], adapter: str) -> None:
        self._count = count
        self._adapter = adapter

    def _refuse(self) -> Unsupported:
        return Unsupported("the outbox inside a transaction of the host's", self._adapter)

    def claim(self, topic: str, *, now: datetime, lease_until: datetime, limit: int) -> Sequence[Entry]:
        """Refuse."""
        del topic, now, lease_until, limit
        raise self._refuse()

    def settle(self, ids: Sequence[str]) -> None:
        """Refuse."""
        del ids
        raise self._refuse()

    def postpone(self, ids: Sequence[str], *, until: datetime) -> None:
        """Refuse."""
        del ids, until
        raise self._refuse()

    def pending(self, topic: str) -> int:
        """Count the entries of a topic."""
        return self._count(topic)
