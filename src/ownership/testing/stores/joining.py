"""Laws about working inside a transaction of the host's: what we wrote is the host's to commit or to take back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from attrs import frozen

from ownership.errors import Conflict, Misconfigured, Unsupported
from ownership.ports.storage import Store, Unit, joined_to
from ownership.testing.laws import NOT_CLAIMED, law
from ownership.testing.stores.place import Place, StoreLaws
from ownership.testing.stores.vocabulary import NOON, entry, in_unit, read, record, snapshot, write

JOIN = "txn.join"


@frozen
class Host:
    """An application that has a connection of its own to the database in which a store lies."""

    connection: object
    begin: Callable[[], object]
    commit: Callable[[], object]
    rollback: Callable[[], object]


class Joining(StoreLaws):
    """What a store that joins a transaction may do there, and what it must not."""

    def host(self, url: str) -> AbstractContextManager[Host]:  # noqa: ARG002 - a subclass uses it
        """Give a host with a connection to the same database, and close that in the end; for ``txn.join`` only."""
        pytest.skip(f"{NOT_CLAIMED}: host() is not given")

    @contextmanager
    def _joined(self) -> Iterator[tuple[Place, Host, Store]]:
        """Give a place with something in it, a host whose transaction is open, and the store inside it."""
        with self.place() as place:
            write(place.store, record("p.g1", body="before", status="draft"), entries=[entry("e1")])
            with self.host(place.url) as host:
                host.begin()
                yield place, host, joined_to(place.store, host.connection)

    @law(
        "STO-085",
        why="The host writes its own row and ours; after a rollback neither may be there.",
        causes=("a commit of our own", "a connection of our own instead of the host's"),
        needs=JOIN,
    )
    def test_sto_085_what_the_host_takes_back_was_never_there(self) -> None:
        """What was written inside a host's transaction nobody else sees, and a rollback of the host's takes it back."""
        with self._joined() as (place, host, joined):
            before = snapshot(place.store)
            write(joined, record("p.g1", 2, "inside"), record("q.g1"), entries=[entry("e2")])
            assert read(joined, "p.g1", "q.g1") == [("p.g1", 2, "inside"), ("q.g1", 1, "{}")]
            assert joined.outbox("acme").pending("mail") == 2
            assert snapshot(place.store) == before
            host.rollback()
            assert snapshot(place.store) == before

    @law(
        "STO-086",
        why="After the host's commit both are there, and its later units are none of ours.",
        causes=("a savepoint that is never released", "the outbox is written elsewhere"),
        needs=JOIN,
    )
    def test_sto_086_what_the_host_commits_is_there(self) -> None:
        """All units inside a host's transaction are there together when the host commits, with their entries."""
        with self._joined() as (place, host, joined):
            write(joined, record("q.g1"), entries=[entry("e2")])
            write(joined, record("q.g1", 2, "twice"), record("q.g2"), entries=[entry("e3")])
            assert read(place.store, "q.g1", "q.g2") == []
            host.commit()
            assert read(place.store, "q.g1", "q.g2") == [("q.g1", 2, "twice"), ("q.g2", 1, "{}")]
            assert place.store.outbox("acme").pending("mail") == 3

    @law(
        "STO-087",
        why="A use case that fails must not take the host's own work with it, nor leave its half.",
        causes=("no savepoint", "a rollback of the whole transaction"),
        needs=JOIN,
    )
    def test_sto_087_a_unit_that_fails_leaves_the_rest_to_the_host(self) -> None:
        """A unit that fails inside a host's transaction leaves nothing of itself, and what was there before stays."""
        with self._joined() as (place, host, joined):
            write(joined, record("q.g1", body="kept"))
            with pytest.raises(Conflict):
                write(joined, record("q.g2"), record("p.g1", 9), entries=[entry("e2")])
            with pytest.raises(KeyError):
                in_unit(joined, _put_and_fail)
            write(joined, record("q.g4"))
            host.commit()
            assert [id_ for id_, _, _ in read(place.store, "q.g1", "q.g2", "q.g3", "q.g4")] == ["q.g1", "q.g4"]
            assert place.store.outbox("acme").pending("mail") == 1

    @law(
        "STO-088",
        why="Without a transaction each statement is a commit of its own, and who took a piece of work has begun it.",
        causes=("a transaction begun for the host", "a claim inside a transaction that may be rolled back"),
        needs=JOIN,
    )
    def test_sto_088_what_cannot_be_done_inside_is_refused(self) -> None:
        """Joining no transaction or no connection is Misconfigured; claiming or scrubbing inside one is Unsupported."""
        with self._joined() as (place, host, joined):
            with pytest.raises(Unsupported):
                joined.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=1)
            with pytest.raises(Unsupported):
                joined.scrub()
            host.rollback()
            with pytest.raises(Misconfigured):
                write(joined_to(place.store, host.connection), record("q.g1"))
            with pytest.raises(Misconfigured):
                joined_to(place.store, object())
            assert read(place.store, "q.g1") == []


def _put_and_fail(unit: Unit) -> None:
    """Write something in a unit that is not to be."""
    unit.put([record("q.g3")])
    raise KeyError
