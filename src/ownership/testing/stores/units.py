"""Laws about units of work: whole or not at all, one state, and one at a time in a thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Thread

import pytest

from ownership.errors import Conflict, Unsupported
from ownership.ports.storage import Unit
from ownership.testing.laws import law
from ownership.testing.stores.interleavings import Hand
from ownership.testing.stores.place import StoreLaws
from ownership.testing.stores.vocabulary import NOON, entry, found, in_unit, read, record, snapshot, write


class Bang(BaseException):
    """Something that no handler expects."""


class Units(StoreLaws):
    """Examples of what a unit of work promises to whoever opens it."""

    @law(
        "STO-040",
        why="A use case that stops half-way must leave nothing of its half.",
        causes=("each call commits by itself", "only Exception is caught, and not what stops the process"),
    )
    def test_sto_040_a_block_that_raises_leaves_nothing(self) -> None:
        """When the block raises, no record, key or entry of its unit is left, and what it changed is back."""
        with self.opened() as store:
            kept = record("p.g1", body="kept", status="draft")
            write(store, kept, record("p.g2", team="blue"), entries=[entry("e1")])
            before = snapshot(store)

            def fail(error: type[BaseException]) -> None:
                with store.writing("acme") as unit:
                    unit.put([record("p.g1", 2, "lost", status="open"), record("p.g3", team="red")])
                    unit.remove("goals", ["p.g2"])
                    unit.put([record("p.g2", 1, "lost"), record("p.g1", 3, "lost")])
                    unit.remove("goals", ["p.g1"])
                    unit.emit([entry("e1", about="lost"), entry("e2")])
                    raise error

            for error in (ValueError, KeyboardInterrupt, Bang):
                with pytest.raises(error):
                    fail(error)
                assert snapshot(store) == before
            assert read(store, "p.g1") == [("p.g1", 1, "kept")]
            assert found(store, "team", equals="blue") == ["p.g2"]
            (left,) = store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=9)
            assert (left.id, left.about) == ("e1", "p.g1")

    @law(
        "STO-041",
        why="A block that swallows a conflict has done half of what it should have.",
        causes=(
            "a batch is written up to the conflict",
            "the store rolls back and each call after it commits by itself",
        ),
    )
    def test_sto_041_a_swallowed_conflict_is_raised_at_the_end(self) -> None:
        """A unit that had a conflict is not written, even when its block goes on: its end raises the conflict."""
        for goes_on in (True, False):
            with self.opened() as store:
                write(store, record("p.g1"), record("p.g2"))
                before = snapshot(store)

                def swallow(unit: Unit, goes_on: bool = goes_on) -> None:
                    unit.put([record("q.g1")])
                    with suppress(Conflict):
                        unit.put([record("q.g2"), record("p.g1", 5)])
                    if goes_on:
                        with suppress(Conflict):
                            unit.put([record("q.g3")])

                with pytest.raises(Conflict) as caught:
                    in_unit(store, swallow)
                assert caught.value.id == "p.g1"
                assert snapshot(store) == before

    @law(
        "STO-042",
        why="A use case reads again what it changed a moment ago, and decides by it.",
        causes=("writes wait in a list until the end", "keys are written at the end"),
    )
    def test_sto_042_a_unit_sees_what_it_wrote(self) -> None:
        """What a unit wrote or removed it reads at once, by id, by owner and by key."""
        with self.opened() as store:
            write(store, record("p.g1", status="draft"), record("p.g2", status="draft"))
            with store.writing("acme") as unit:
                unit.put([record("p.g1", 2, "mine", status="open"), record("p.g3")])
                unit.remove("goals", ["p.g2"])
                assert [(r.id, r.body) for r in unit.get("goals", ["p.g1", "p.g2"])] == [("p.g1", "mine")]
                assert [r.id for r in unit.owned("p", ["goals"])] == ["p.g1", "p.g3"]
                assert [r.id for r in unit.find("goals", "status", equals="open")] == ["p.g1"]
                assert list(unit.find("goals", "status", equals="draft")) == []
                unit.put([record("p.g2", 1, "again")])
            assert read(store, "p.g1", "p.g2") == [("p.g1", 2, "mine"), ("p.g2", 1, "again")]

    @law(
        "STO-043",
        why="A look must not change anything, whoever looks.",
        causes=("one class of unit for both",),
    )
    def test_sto_043_a_reading_unit_only_reads(self) -> None:
        """The writing calls of a reading unit raise Unsupported and change nothing."""
        calls: list[Callable[[Unit], None]] = [
            lambda unit: unit.put([record("p.g1", 2)]),
            lambda unit: unit.put([]),
            lambda unit: unit.remove("goals", ["p.g1"]),
            lambda unit: unit.emit([entry("e2")]),
        ]
        with self.opened() as store:
            write(store, record("p.g1"), entries=[entry("e1")])
            before = snapshot(store)
            for call in calls:
                with store.reading("acme") as unit:
                    with pytest.raises(Unsupported):
                        call(unit)
                    assert [r.id for r in unit.get("goals", ["p.g1"])] == ["p.g1"]
            assert snapshot(store) == before

    @law(
        "STO-044",
        why="What is about a change must neither come without it nor before it.",
        causes=("the outbox is written in a transaction of its own", "the queue is another system"),
    )
    def test_sto_044_entries_come_with_their_unit(self) -> None:
        """Nobody can claim an entry before the unit that emitted it has ended."""
        with self.opened() as store:
            claims: list[str] = []

            def claim() -> None:
                got = store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=9)
                claims.extend(e.id for e in got)

            other = Thread(target=claim)
            with store.writing("acme") as unit:
                unit.emit([entry("e1")])
                unit.put([record("p.g1")])
                other.start()
                other.join(0.1)
                assert claims == []
            other.join()
            claim()
            assert set(claims) == {"e1"}

    @law(
        "STO-045",
        why="A unit within a unit would wait for itself, or see half of what is not yet written.",
        causes=("a lock that one thread may take twice", "a second connection that waits for the first"),
    )
    def test_sto_045_a_unit_within_a_unit_is_refused(self) -> None:
        """A thread that opens a unit or uses the outbox within its unit is refused at once, unless both units read."""
        with self.opened() as store:
            write(store, record("p.g1"), entries=[entry("e1")])
            writing: list[Callable[[], object]] = [
                lambda: write(store, record("q.g1")),
                lambda: store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=1),
                lambda: store.outbox("acme").pending("mail"),
                lambda: store.outbox("acme").settle(["e1"]),
                lambda: store.outbox("acme").postpone(["e1"], until=NOON),
            ]
            reading = [lambda: read(store, "p.g1")]
            for outer, inner in ((store.reading, writing), (store.writing, [*writing, *reading])):
                for call in inner:
                    with outer("acme") as unit:
                        with pytest.raises(Unsupported):
                            call()
                        assert [r.id for r in unit.get("goals", ["p.g1"])] == ["p.g1"]
            with store.reading("acme"):
                assert read(store, "p.g1", "q.g1") == [("p.g1", 1, "{}")]
            assert read(store, "p.g1", "q.g1") == [("p.g1", 1, "{}")]
            assert store.outbox("acme").pending("mail") == 1

    @law(
        "STO-046",
        why="An unexpected end of one unit must not be the end of the store.",
        causes=("a connection goes back to its pool in the midst of a transaction", "a lock that nobody gives back"),
    )
    def test_sto_046_after_a_failure_the_next_unit_works(self) -> None:
        """After a unit that raised, a conflict or a refusal, the next unit of the same thread and of others works."""
        with self.opened() as store:
            write(store, record("p.g1"))
            for number, wrong in enumerate((record("p.g1", 9), record("p.g1", 1))):
                with pytest.raises(Conflict):
                    write(store, wrong)
                write(store, record(f"q.g{number}"))
            elsewhere = Hand(store.writing("acme"), [lambda unit: unit.put([record("r.g1")])])
            elsewhere.end()
            elsewhere.join()
            assert elsewhere.refusal is None
            assert found(store) == ["p.g1", "q.g0", "q.g1", "r.g1"]
            assert list(store.check()) == []

    @law(
        "STO-047",
        why="A host closes what it opened in every way out, and a finally may come twice.",
        causes=("a second close raises", "a background thread that outlives its store"),
    )
    def test_sto_047_close_twice(self) -> None:
        """A store in use says that nothing is wrong with it, and can be closed twice."""
        with self.opened() as store:
            write(store, record("p.g1"), entries=[entry("e1")])
            assert list(store.check()) == []
            store.close()
            store.close()
