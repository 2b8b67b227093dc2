"""Laws about the outbox: what is still to be done comes at least once, when it is due, to one worker at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from attrs import evolve

from ownership.ports.storage import Entry, Unit
from ownership.testing.laws import law
from ownership.testing.stores.place import StoreLaws
from ownership.testing.stores.vocabulary import HOUR, MOMENT, NOON, at_once, claimed, entry, in_unit, record, write

CLAIM = "outbox.claim"


class Outboxes(StoreLaws):
    """Examples of what the outbox promises to those who do the work."""

    @law(
        "STO-050",
        why="A unit that is tried again emits again, and nobody wants the message twice.",
        causes=("an upsert that resets the entry", "the lease is lost when the entry comes again"),
        needs=CLAIM,
    )
    def test_sto_050_emit_once_by_id(self) -> None:
        """An entry whose id is there already stays as it is, claimed or not; one that was settled can come again."""
        with self.opened() as store:
            write(store, entries=[entry("e1", about="first"), entry("e1", about="second")])
            write(store, entries=[entry("e1", NOON + HOUR, about="third", topic="other")])
            (first,) = store.outbox("acme").claim("mail", now=NOON, lease_until=NOON + HOUR, limit=9)
            assert (first.about, first.due_at) == ("first", NOON)
            write(store, entries=[entry("e1", about="fourth")])
            assert claimed(store) == []
            assert [store.outbox("acme").pending(topic) for topic in ("mail", "other")] == [1, 0]
            store.outbox("acme").settle(["e1"])
            write(store, entries=[entry("e1")])
            assert claimed(store) == ["e1"]

    @law(
        "STO-051",
        why="What waits longest goes first, and nothing goes before its time.",
        causes=(
            "moments compared as texts of different zones",
            "moments kept in whole seconds",
            "no second order by id",
        ),
        needs=CLAIM,
    )
    def test_sto_051_what_is_due_comes_oldest_first(self) -> None:
        """Entries that are due come oldest first, those of one moment by id, at most as many as asked for."""
        zoned = entry("zoned", datetime(2026, 6, 1, 12, 30, tzinfo=timezone(timedelta(hours=2))))
        with self.opened() as store:
            late = [entry("later", NOON + MOMENT), entry("b"), entry("a"), entry("early", NOON - HOUR)]
            write(store, entries=[*late, zoned])
            assert claimed(store, limit=0) == []
            assert claimed(store, limit=3) == ["zoned", "early", "a"]
            assert claimed(store) == ["b"]
            assert claimed(store) == []
            assert claimed(store, NOON + MOMENT) == ["later"]

    @law(
        "STO-052",
        why="Who does the work needs all that was said when it was asked for.",
        causes=("microseconds cut off", "a moment that comes back naive", "attempts that begin at 0 again"),
        needs=CLAIM,
    )
    def test_sto_052_an_entry_comes_back_whole(self) -> None:
        """A claimed entry is what was emitted, its moment to the microsecond, with the attempts counted up."""
        moments = (
            datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime(2024, 2, 29, 0, 0, 0, 1, tzinfo=UTC),
        )
        with self.opened() as store:
            for number, moment in enumerate(moments):
                sent = Entry(f"e{number}", f"mail{number}", "p.g1", moment, attempts=3)
                write(store, entries=[sent])
                (got,) = store.outbox("acme").claim(sent.topic, now=NOON, lease_until=NOON, limit=1)
                assert got == evolve(sent, attempts=4)
                assert got.due_at.utcoffset() == timedelta()

    @law(
        "STO-053",
        why="A worker that died must not take its work with it; one that lives must not be doubled.",
        causes=(
            "the lease is compared with the machine's clock instead of the now that was given",
            "<= where < is meant",
        ),
        needs=CLAIM,
    )
    def test_sto_053_a_lease_holds_until_its_end(self) -> None:
        """Nobody else gets a claimed entry before its lease ends; then it comes again, with one more attempt."""
        with self.opened() as store:
            write(store, entries=[entry("e1")])
            assert claimed(store) == ["e1"]
            assert claimed(store, NOON + HOUR - MOMENT) == []
            outbox = store.outbox("acme")
            (again,) = outbox.claim("mail", now=NOON + HOUR, lease_until=NOON + 2 * HOUR, limit=9)
            assert (again.id, again.attempts, again.due_at) == ("e1", 2, NOON)
            assert outbox.pending("mail") == 1

    @law(
        "STO-054",
        why="What is done must not be done again.",
        causes=("only leased entries are settled", "an error for what is gone already"),
        needs=CLAIM,
    )
    def test_sto_054_settle(self) -> None:
        """A settled entry is gone, leased or not; settling what is not there does nothing."""
        with self.opened() as store:
            write(store, entries=[entry("e1"), entry("e2"), entry("e3")])
            assert claimed(store, limit=1) == ["e1"]
            store.outbox("acme").settle(["e1", "e2", "nothing", "e1"])
            store.outbox("acme").settle([])
            assert claimed(store, NOON + 2 * HOUR) == ["e3"]
            assert store.outbox("acme").pending("mail") == 1

    @law(
        "STO-055",
        why="A channel that asks to wait must be tried again, later and not never.",
        causes=(
            "the lease stays",
            "due_at stays as it was, so that it comes before its turn",
            "the attempts begin again, so that nothing ever ends among the dead letters",
        ),
        needs=CLAIM,
    )
    def test_sto_055_postpone(self) -> None:
        """A postponed entry is free at the moment it was put off to, not before, and its attempts go on."""
        with self.opened() as store:
            write(store, entries=[entry("e1"), entry("e2")])
            outbox = store.outbox("acme")
            assert claimed(store) == ["e1", "e2"]
            outbox.postpone(["e1", "nothing"], until=NOON + MOMENT)
            assert claimed(store) == []
            (again,) = outbox.claim("mail", now=NOON + MOMENT, lease_until=NOON + HOUR, limit=9)
            assert (again.id, again.attempts, again.due_at) == ("e1", 2, NOON + MOMENT)
            assert outbox.pending("mail") == 2

    @law(
        "STO-056",
        why="A worker that cannot do a piece of work must not take it.",
        causes=("topics compared without case or trailing spaces", "LIKE instead of ="),
        needs=CLAIM,
    )
    def test_sto_056_topics_are_apart(self) -> None:
        """A worker gets and counts the entries of its own topic only."""
        with self.opened() as store:
            write(
                store,
                entries=[entry("e1"), entry("e2", topic="fact"), entry("e3", topic="mail "), entry("e4", topic="Mail")],
            )
            assert claimed(store) == ["e1"]
            assert [store.outbox("acme").pending(topic) for topic in ("mail", "fact", "mail ", "none")] == [1, 1, 1, 0]
            assert claimed(store, topic="fact") == ["e2"]

    @law(
        "STO-057",
        why="Two organisations use the same ids for their work.",
        causes=("the id alone is the primary key", "settling forgets the tenant"),
        needs=CLAIM,
    )
    def test_sto_057_outboxes_of_tenants_are_apart(self) -> None:
        """Claiming, settling and postponing in one tenant leaves the equal entries of another alone."""
        with self.opened() as store:
            for tenant in ("acme", "Acme", "acme "):
                write(store, tenant=tenant, entries=[entry("e1", about=tenant), entry("e2", about=tenant)])
            assert claimed(store, limit=1) == ["e1"]
            store.outbox("acme").settle(["e1"])
            store.outbox("acme").postpone(["e2"], until=NOON + HOUR)
            for tenant in ("Acme", "acme "):
                first, second = store.outbox(tenant).claim("mail", now=NOON, lease_until=NOON, limit=9)
                assert (first.about, second.about, second.attempts) == (tenant, tenant, 1)
            assert [store.outbox(tenant).pending("mail") for tenant in ("acme", "Acme", "none")] == [1, 2, 0]

    @law(
        "STO-059",
        why="Who is erased must not turn up in a message that was still to be sent.",
        causes=("only the records are removed", "the withdrawn entries do not come back when the unit fails"),
        needs=CLAIM,
    )
    def test_sto_059_entries_go_with_what_they_are_about(self) -> None:
        """A removed record takes its entries out of the outbox, leased or not; a unit that fails brings them back."""
        entries = [entry("e1"), entry("e2"), entry("e3", about="p.g2"), entry("e5", about="p.g10")]

        def work(unit: Unit) -> None:
            unit.remove("goals", ["p.g1"])
            unit.emit([entry("e1", about="p.g2"), entry("e4")])
            unit.remove("goals", ["p.g1"])

        def fail(unit: Unit) -> None:
            work(unit)
            raise KeyError

        with self.opened() as store:
            for tenant in ("acme", "other"):
                write(store, record("p.g1"), record("p.g2"), tenant=tenant, entries=entries)
            claimed(store, limit=1)
            with pytest.raises(KeyError):
                in_unit(store, fail)
            assert claimed(store, NOON + HOUR) == ["e1", "e2", "e3", "e5"]
            in_unit(store, work)
            assert claimed(store, NOON + 2 * HOUR) == ["e1", "e3", "e5"]
            assert store.outbox("other").pending("mail") == 4

    @law(
        "STO-058",
        why="Several workers do the work together, and each message goes out once.",
        causes=("the claim reads first and marks afterwards, and the two are not one transaction",),
        needs=CLAIM,
    )
    def test_sto_058_workers_share_the_outbox(self) -> None:
        """Of many workers who claim at once, each entry goes to exactly one."""
        ids = [f"e{number:03}" for number in range(400)]
        taken: list[str] = []
        with self.opened() as store:
            write(store, entries=[entry(id_) for id_ in ids])

            def work(_: int) -> int:
                while batch := claimed(store, limit=23):
                    taken.extend(batch)
                return 0

            at_once(6, work)
            assert sorted(taken) == ids
