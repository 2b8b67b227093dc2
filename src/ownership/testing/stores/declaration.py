"""Laws about what an adapter says of itself: what it claims it does, and what it does not claim it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from ownership.errors import Misconfigured, Unsupported
from ownership.ports.storage import CAPABILITIES, Store, joined_to
from ownership.testing.laws import NOT_CLAIMED, law
from ownership.testing.stores.outboxes import CLAIM
from ownership.testing.stores.place import StoreLaws
from ownership.testing.stores.vocabulary import NOON, entry, found, record, snapshot, write

CALLS: Mapping[str, Callable[[Store], object]] = {
    CLAIM: lambda store: store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=9),
    "txn.join": lambda store: joined_to(store, object()),
}
"""What a store that does not claim a capability must refuse."""


class Declaration(StoreLaws):
    """Laws about the capabilities of a store."""

    @law(
        "STO-001",
        why="A host asks for a capability by its word; a word of one's own is never asked for.",
        causes=("a typing error", "a capability of another kind of adapter"),
    )
    def test_sto_001_capabilities_are_published_words(self) -> None:
        """Every capability that the adapter claims is one of the published list."""
        assert self.claimed() <= CAPABILITIES.keys()

    @law(
        "STO-002",
        why="Who calls what is not there must hear so at once, and not find out by what is missing later.",
        causes=("the call does nothing and returns", "the capability works and is not declared"),
    )
    def test_sto_002_what_is_not_claimed_is_refused(self) -> None:
        """A call that belongs to a capability which is not claimed raises Unsupported and changes nothing."""
        refused = [call for capability, call in CALLS.items() if capability not in self.claimed()]
        if not refused:
            pytest.skip(f"there is nothing that is {NOT_CLAIMED}")
        with self.opened() as store:
            write(store, record("p.g1", status="open"), entries=[entry("e1")])
            before = snapshot(store)
            for call in refused:
                with pytest.raises(Unsupported):
                    call(store)
                assert snapshot(store) == before

    @law(
        "STO-003",
        why="A host that is told its data are kept must find them again tomorrow.",
        causes=("the last changes wait in memory for a flush", "the tables are laid anew at every opening"),
        needs="durable",
    )
    def test_sto_003_a_durable_store_is_as_it_was(self) -> None:
        """A durable store that is closed and opened again, or opened twice, has all that was written."""
        with self.place() as place:
            write(place.store, record("p.g1", status="open"), record("p", collection="people"), entries=[entry("e1")])
            before = snapshot(place.store)
            assert snapshot(place.open()) == before
            assert snapshot(place.reopen()) == before
            assert found(place.store, "status", equals="open") == ["p.g1"]
            write(place.store, record("p.g1", 2))

    @law(
        "STO-004",
        why="Two places must not be one: a test, a trial and the real thing lie side by side.",
        causes=("state at the level of the module", "the path in the URL is not looked at"),
    )
    def test_sto_004_two_places_are_two(self) -> None:
        """What is written in one place is not in another."""
        with self.opened() as one, self.opened() as other:
            write(one, record("p.g1"), entries=[entry("e1")])
            assert found(other) == []
            assert other.outbox("acme").pending("mail") == 0

    @law(
        "STO-005",
        why="A misspelt option is silently another setting than the one that was meant.",
        causes=("the factory does not call address.only()",),
    )
    def test_sto_005_an_unknown_option_is_refused(self) -> None:
        """A URL with an option that the adapter does not know is Misconfigured, by the name of the option."""
        with self.place() as place:
            place.url += place.url and ("&" if "?" in place.url else "?") + "no_such_option=1"
            with pytest.raises(Misconfigured, match="no_such_option"):
                place.open()
