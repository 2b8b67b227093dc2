"""The workspace: people and their development, in one store and one tenant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Self

from ownership.domain.people import PersonId
from ownership.domain.reminders import Delivery, fetched_until
from ownership.errors import InvalidInput, NotAllowed
from ownership.workspace.actor import Actor, Leaver
from ownership.workspace.desk import Desk, find_person
from ownership.workspace.seat import ORGANISER, Seat, several

if TYPE_CHECKING:
    from ownership.domain.ledger import Ledger
    from ownership.domain.register import Register
    from ownership.workspace.invitations import Listener
    from ownership.workspace.jobs import WorkReport
    from ownership.workspace.people import People

ROLES = frozenset({ORGANISER})

# What the operator does (bring people in line, due work) is loaded when it is done: a web process never does it.


class Workspace:
    """People and their development, in one store and one tenant; made by :func:`ownership.open_workspace`.

    Safe to use from several threads. Close it, or use it in a ``with`` block.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @cached_property
    def people(self) -> People:
        """The people, brought in line with a directory by the operator."""
        from ownership.workspace.people import People

        return People(self._desk)

    def acting_as(self, who: str, *, roles: Iterable[str] = (), on_behalf_of: str | None = None) -> Actor:
        """Act as a person, named by id, external id or e-mail. The host has made sure that it is this person.

        ``on_behalf_of`` names the real user when someone acts as this person; then every read is journalled for the
        person to see.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: more than one person is meant, the roles are one text, or the real user has no name.
            NotAllowed: the person does not work here now, or a role is unknown.
        """
        for role in set(several(roles, "roles")) - ROLES:
            raise NotAllowed(f"there is no role {role!r}; possible: {', '.join(sorted(ROLES))}")
        real_user = _real_user(on_behalf_of)
        with self._desk.reading() as unit:
            person = find_person(unit, who)
        if not person.works_on(person.day_of(self._desk.now())):
            raise NotAllowed(f"person {person.id!r} does not work here now")
        return Actor(Seat(self._desk, PersonId(person.id), frozenset(roles), real_user))

    def joined(self, connection: object) -> Workspace:
        """Give this workspace inside a transaction that is open on a connection of yours to the same database.

        What is done there is committed with what is yours, or rolled back with it: each call works in a savepoint, and
        nobody sees any of it before you commit. Due work, erasure and scrubbing are refused there, and a look at
        another's things that you roll back is not in her journal. Closing it closes nothing of yours.

        Raises:
            Unsupported: this store joins no transaction.
            Misconfigured: there is no open transaction, or the connection leads elsewhere.
        """
        return Workspace(self._desk.joined(connection))

    def acting_as_leaver(self, who: str, *, on_behalf_of: str | None = None) -> Leaver:
        """Act as a person who left, in the 30 days after her last one: to take along what is hers, and nothing else.

        ``on_behalf_of`` names the real user when someone hands it to her; he can as long as it is kept, and she reads
        who did.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: more than one person is meant, or the real user has no name.
            NotAllowed: she works here now, has not begun, or left longer ago.
        """
        real_user = _real_user(on_behalf_of)
        with self._desk.reading() as unit:
            person = find_person(unit, who)
        today = person.day_of(self._desk.now())
        if person.works_on(today) or (person.start_on is not None and today < person.start_on):
            raise NotAllowed(f"person {person.id!r} did not leave; act as her with acting_as")
        until = fetched_until(person)
        if until is not None and today > until and not real_user:
            raise NotAllowed(f"the days to fetch it ended on {until}; who runs this workspace can still hand it over")
        return Leaver(Seat(self._desk, PersonId(person.id), frozenset(), real_user))

    def run_due_work(self, progress: Listener | None = None) -> WorkReport:
        """Tell of open check-ins, let pass what is over, expire questions, deliver what is due; as often as you like.

        ``progress`` hears of long work.
        """
        from ownership.workspace.jobs import run_due_work

        self._desk.require_own_transaction("due work")
        return run_due_work(self._desk, progress) if progress else run_due_work(self._desk)

    def dead_letters(self) -> tuple[Delivery, ...]:
        """Give the deliveries that no channel could deliver, with the reasons; ids only, no text.

        After an upgrade, those of an earlier release are among them from the first run of due work on.
        """
        from ownership.workspace.deliveries import dead_letters

        with self._desk.reading() as unit:
            return dead_letters(unit)

    def retry_dead_letters(self) -> int:
        """Try all dead letters again at the next run of due work; gives how many."""
        from ownership.workspace.deliveries import retry_dead

        return retry_dead(self._desk)

    def register(self) -> Register:
        """Give the register of processing: what is stored, why, who reads it, how long, and what leaves.

        It is worked out from the code, the settings and the adapters of this workspace; it holds nothing of anybody.
        ``register().drift_from(agreed)`` tells what differs from one that was agreed.
        """
        from ownership.workspace.register import register_at

        return register_at(self._desk)

    def reindex(self) -> int:
        """Write anew what an earlier release stored without keys that this one finds things by; gives how many records.

        Nothing happens when nothing is due, which :meth:`check` tells. Due work and erasing do it first; call it after
        an upgrade, when no process of the earlier release writes any more. It goes in batches, while people work, and
        begins again when it is stopped. Records get their next version.

        Raises:
            Unsupported: the workspace is joined to a transaction of the host.
        """
        from ownership.workspace.reindex import reindex

        self._desk.require_own_transaction("reindexing")
        return reindex(self._desk)

    def check(self, kept: Ledger | None = None) -> tuple[str, ...]:
        """Examine the store; gives what is wrong and what is due, a line each.

        With ``kept``, the ledger of erasures that was kept outside the store, it also tells what a restore brought
        back: the store's own ledger is as old as the store.
        """
        from ownership.domain.ledger import NOBODY_ERASED
        from ownership.workspace.erasure import due_after_a_restore

        with self._desk.reading() as unit:
            due = tuple(due_after_a_restore(unit, kept or NOBODY_ERASED))
            lacking = ", ".join(sorted(unit.keys_lacking()))
        keys = f"an earlier release stored records without the keys {lacking}: run ownership migrate, or call reindex()"
        return (*self._desk.store.check(), *due, *([keys] if lacking else []))

    def close(self) -> None:
        """Release store and channels; can be called twice."""
        for _, channel in self._desk.channels:
            channel.close()
        self._desk.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _real_user(name: object) -> str:
    """Read who is really there; an empty name would leave the looks of somebody else out of the journal."""
    if name is None:
        return ""
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput.at("on_behalf_of", "has no name in it; give one, or None when it is the person herself")
    return name
