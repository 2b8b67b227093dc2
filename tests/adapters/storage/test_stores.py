"""Every promise of the storage port, kept by the memory store, by SQLite and by PostgreSQL alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from attrs import evolve

from ownership.adapters.storage.memory import open_memory
from ownership.adapters.storage.sqlalchemy.store import SqlStore
from ownership.adapters.storage.sqlite import open_sqlite
from ownership.errors import Conflict, InvalidInput, Unsupported
from ownership.ports.adapters import Address
from ownership.ports.storage import Entry, Record, Store, Unit, owner_of

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
RACES = 10_000 if os.environ.get("OWNERSHIP_PROFILE") == "nightly" else 1_000

HOSTILE = {
    "empty": "",
    "emoji": "👩🏽‍💻 🏳️‍🌈 e\u0301",
    "right to left": "\u202eאב\u202c \u2066خطة\u2069",
    "control": "nul \x00 bell \x07 escape \x1b[31m delete \x7f",
    "line ends": "\r\n \n \r \u2028 \u2029 \x85",
    "edges of Unicode": "\ud7ff\ue000\uffff\U00010000\U0010ffff",
    "SQL": "'; DROP TABLE records; -- \" ` % _ ? :tenant {}",
    "spaces": " \t\u00a0\u200b\ufeff ",
    "a megabyte": "🌱 groei " * 100_000,
}


KINDS: dict[str, Callable[[pytest.FixtureRequest], Store]] = {
    "memory": lambda _: open_memory(Address.parse("memory:")),
    "sqlite": lambda request: open_sqlite(
        Address.parse(f"sqlite:///{request.getfixturevalue('tmp_path')}/store.db?synchronous=NORMAL")
    ),
    "postgresql": lambda request: request.getfixturevalue("postgres").opened(),
}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Give an empty store of each kind; that SQLite flushes is looked at in its own tests."""
    opened = KINDS[request.param](request)
    yield opened
    opened.close()


@pytest.fixture
def postgres_store(postgres: Any) -> Iterator[Store]:
    """Give an empty PostgreSQL store."""
    opened = postgres.opened()
    yield opened
    opened.close()


@pytest.fixture(params=[kind for kind in KINDS if kind != "postgresql"])
def taking_turns(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Give an empty store of each kind whose writing units take turns."""
    opened = KINDS[request.param](request)
    yield opened
    opened.close()


def record(id_: str, version: int = 1, body: str = "{}", *, collection: str = "goals", **keys: str) -> Record:
    """Make a record with one value per key."""
    return Record(collection, id_, version, body, tuple(keys.items()))


def entry(id_: str, due_at: datetime = NOON, *, topic: str = "mail", about: str = "p.g1") -> Entry:
    """Make an entry that is due at noon."""
    return Entry(id_, topic, about, due_at)


def write(store: Store, *records: Record, tenant: str = "acme", entries: Sequence[Entry] = ()) -> None:
    """Put records and entries in a unit of their own."""
    with store.writing(tenant) as unit:
        unit.put(records)
        unit.emit(entries)


def read(store: Store, *ids: str, collection: str = "goals", tenant: str = "acme") -> list[tuple[str, int, str]]:
    """Give id, version and body of records."""
    with store.reading(tenant) as unit:
        return [(r.id, r.version, r.body) for r in unit.get(collection, ids)]


def found(
    store: Store,
    key: str = "",
    *,
    equals: str | None = None,
    before: str | None = None,
    after_id: str = "",
    limit: int | None = None,
    collection: str = "goals",
    tenant: str = "acme",
) -> list[str]:
    """Give the ids of the records that are found."""
    with store.reading(tenant) as unit:
        stream = unit.find(collection, key, equals=equals, before=before, after_id=after_id, limit=limit)
        return [r.id for r in stream]


def claimed(store: Store, now: datetime = NOON, *, topic: str = "mail", limit: int = 100) -> list[str]:
    """Claim for an hour, and give the ids."""
    return [e.id for e in store.outbox("acme").claim(topic, now=now, lease_until=now + HOUR, limit=limit)]


def at_once(workers: int, work: Callable[[int], int]) -> list[int]:
    """Do a piece of work in many threads."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, range(workers)))


# --- get, owned


def test_get_gives_what_was_put(store: Store) -> None:
    """A record is read as it was put."""
    write(store, record("p.g1", body='{"title":"x"}', status="open"))
    with store.reading("acme") as unit:
        (got,) = unit.get("goals", ["p.g1"])
    assert evolve(got, keys=()) == Record("goals", "p.g1", 1, '{"title":"x"}')
    assert got.owner_id == "p"


def test_get_gives_those_that_are_there_in_order(store: Store) -> None:
    """Of the ids asked for, those that are there come once each and in order, however many are asked for."""
    ids = [f"p{number % 7}.g{number:04}" for number in range(900)]
    write(store, *map(record, ids))
    assert [id_ for id_, _, _ in read(store, *reversed(ids), "p1.nobody", *ids)] == sorted(ids)
    assert read(store) == []
    assert read(store, "p1.nobody") == []


def test_get_keeps_to_its_collection(store: Store) -> None:
    """The same id in two collections is two records."""
    write(store, record("p", body="goal"), record("p", body="person", collection="people"))
    assert read(store, "p") == [("p", 1, "goal")]
    assert read(store, "p", collection="people") == [("p", 1, "person")]


def test_owned_gives_all_of_one_owner(store: Store) -> None:
    """All records of one owner come in the order of (collection, id), and nobody else's."""
    mine = [
        record("p", collection="people"),
        record("p.g2"),
        record("p.g1"),
        record("p.f1", collection="feedback"),
        record("p.k1", collection="check_ins"),
    ]
    write(store, *mine, record("p1.g1"), record("P.g1"), record("o.p"), record("p1", collection="people"))
    with store.reading("acme") as unit:
        owned = [(r.collection, r.id) for r in unit.owned("p", ["people", "goals", "feedback", "goals"])]
        assert owned == [("feedback", "p.f1"), ("goals", "p.g1"), ("goals", "p.g2"), ("people", "p")]
        assert [r.id for r in unit.owned("p1", ["goals"])] == ["p1.g1"]
        assert list(unit.owned("p", [])) == list(unit.owned("nobody", ["goals"])) == []


# --- find


def test_find_all_in_order(store: Store) -> None:
    """Without a key all records of the collection come, in the order of their ids by code points."""
    ids = ["p.g1", "p.g10", "p.g2", "P.g1", "é.g1", "\uffff.g1", "\U0001f600.g1", "p", "p1.g1"]
    write(store, *map(record, ids), record("p.f1", collection="feedback"))
    assert found(store) == sorted(ids)


def test_find_equals(store: Store) -> None:
    """With a key those come whose key has exactly the value, in the order of their ids."""
    write(
        store,
        record("p3.g1", status="open"),
        record("p1.g1", status="open"),
        record("p2.g1", status="Open"),
        record("p4.g1", status="open "),
        record("p5.g1", team="open"),
        record("p6.g1"),
        record("p7.g1", status="open", collection="cycles"),
    )
    assert found(store, "status", equals="open") == ["p1.g1", "p3.g1"]
    assert found(store, "status", equals="") == found(store, "nokey", equals="open") == []


def test_find_before(store: Store) -> None:
    """Those come whose key is below the value as text by code points, in the order of their ids, not of the values."""
    days = {
        "p1.g1": "2026-03-01",
        "p2.g1": "2026-01-31",
        "p3.g1": "2026-02-01",
        "p4.g1": "2025-12-31",
        "p5.g1": "2026-02",
    }
    write(
        store, *(record(id_, open_until=day) for id_, day in days.items()), record("p6.g1"), record("p7.g1", status="0")
    )
    assert found(store, "open_until", before="2026-02-01") == ["p2.g1", "p4.g1", "p5.g1"]
    assert found(store, "open_until", before="2025") == []


def test_find_before_counts_code_points(store: Store) -> None:
    """A value compares by code points: an emoji is above the last character of the first plane, Z is below a."""
    write(store, record("p1.g1", team="\uffff"), record("p2.g1", team="\U0001f600"), record("p3.g1", team="Z"))
    assert found(store, "team", before="\U0001f600") == ["p1.g1", "p3.g1"]
    assert found(store, "team", before="a") == ["p3.g1"]


@pytest.mark.parametrize(
    "find",
    [partial(found), partial(found, key="status", equals="open"), partial(found, key="status", before="p")],
    ids=["all", "equals", "before"],
)
def test_find_by_pages(store: Store, find: Callable[..., list[str]]) -> None:
    """With ``after_id`` only greater ids come and with ``limit`` at most so many, so that pages make up the whole."""
    ids = [f"p{number:02}.g1" for number in range(23)]
    write(store, *(record(id_, status="open") for id_ in ids))
    pages: list[str] = []
    while page := find(store, after_id=pages[-1] if pages else "", limit=5):
        assert len(page) <= 5
        pages += page
    assert pages == ids
    assert find(store, after_id="p21.g") == ["p21.g1", "p22.g1"]
    assert find(store, after_id="p22.g1") == find(store, limit=0) == []
    assert find(store, limit=1_000) == ids


def test_find_by_a_key_of_many_values(store: Store) -> None:
    """A record whose key has several values is found by each of them, and once by a range that holds several."""
    many = Record("goals", "p.g1", 1, "{}", (("partner", "a"), ("partner", "b"), ("partner", "z"), ("partner", "b")))
    write(store, many, record("q.g1", partner="b"))
    assert found(store, "partner", equals="a") == found(store, "partner", equals="z") == ["p.g1"]
    assert found(store, "partner", equals="b") == found(store, "partner", before="c") == ["p.g1", "q.g1"]
    assert found(store, "partner", before="c", limit=1) == ["p.g1"]


def test_keys_follow_their_record(store: Store) -> None:
    """A record is found by the keys of its present version only, and by none after it was removed."""
    write(store, record("p.g1", status="draft", team="blue"))
    write(store, record("p.g1", 2, status="open"))
    assert found(store, "status", equals="draft") == found(store, "team", before="z") == []
    assert found(store, "status", equals="open") == ["p.g1"]
    write(store, record("p.g1", 3))
    assert found(store, "status", before="z") == []
    write(store, record("p.g1", 4, status="open"))
    with store.writing("acme") as unit:
        unit.remove("goals", "p.g1")
    assert found(store, "status", equals="open") == found(store) == []


def test_a_stream_stands_writing(store: Store) -> None:
    """Records can be written while they are streamed, and each of the stream comes once."""
    ids = [f"p{number:03}.g1" for number in range(300)]
    write(store, *(record(id_, open_until="2026-01-01") for id_ in ids))
    for key, before in (("", None), ("open_until", "2028"), ("open_until", None)):
        with store.writing("acme") as unit:
            seen = []
            for each in unit.find("goals", key, before=before):
                seen.append(each.id)
                unit.put([record(each.id, each.version + 1, open_until="2027-01-01")])
        assert seen == ids
    assert {version for _, version, _ in read(store, *ids)} == {4}


@pytest.mark.parametrize("key", ["", "status"])
def test_a_stream_left_half_read(store: Store, key: str) -> None:
    """A stream that was not read to its end does not hold its state: the next unit sees what others wrote."""
    write(store, *(record(f"p{number}.g1", status="open") for number in range(9)))
    with store.reading("acme") as unit:
        stream = unit.find("goals", key, equals="open")
        next(stream)
    others = Thread(target=write, args=(store, record("q.g1")))
    others.start()
    others.join()
    write(store, record("q.g1", 2, "seen"))
    assert read(store, "q.g1") == [("q.g1", 2, "seen")]
    del stream


# --- tenants


def test_tenants_are_apart(store: Store) -> None:
    """Two tenants with equal ids see and change only their own."""
    for tenant in ("acme", "Acme", "acme "):
        write(store, record("p.g1", body=tenant, status="open"), tenant=tenant, entries=[entry("e1", about=tenant)])
    write(store, record("p.g1", 2, body="changed", status="shut"), record("q.g1"), tenant="acme")
    with store.writing("acme ") as unit:
        unit.remove("goals", "p.g1")
    assert read(store, "p.g1", "q.g1") == [("p.g1", 2, "changed"), ("q.g1", 1, "{}")]
    assert read(store, "p.g1", "q.g1", tenant="Acme") == [("p.g1", 1, "Acme")]
    assert found(store, "status", equals="open", tenant="Acme") == found(store, tenant="Acme") == ["p.g1"]
    assert read(store, "p.g1", tenant="acme ") == []
    assert found(store, "status", equals="open", tenant="acme ") == []
    with store.reading("Acme") as reading:
        assert [r.body for r in reading.owned("p", ["goals"])] == ["Acme"]


def test_outboxes_of_tenants_are_apart(store: Store) -> None:
    """Claiming, settling and postponing in one tenant leaves the equal entries of another alone."""
    for tenant in ("acme", "other"):
        write(store, tenant=tenant, entries=[entry("e1", about=tenant), entry("e2", about=tenant)])
    assert claimed(store, limit=1) == ["e1"]
    store.outbox("acme").settle(["e1"])
    store.outbox("acme").postpone(["e2"], until=NOON + HOUR)
    (first, second) = store.outbox("other").claim("mail", now=NOON, lease_until=NOON, limit=9)
    assert (first.about, second.about, second.attempts) == ("other", "other", 1)
    assert [store.outbox(tenant).pending("mail") for tenant in ("acme", "other", "none")] == [1, 2, 0]


# --- put, remove


def refuse(store: Store, *records: Record, noun: str = "goals", id_: str = "p.g1") -> None:
    """Put records in a unit that wrote other things before, and see it refused with nothing written."""
    before = snapshot(store)

    def attempt() -> None:
        with store.writing("acme") as unit:
            unit.put([record("z.g1", body="written before")])
            unit.remove("goals", "p.g2")
            unit.emit([entry("e9")])
            unit.put(records)

    with pytest.raises(Conflict) as caught:
        attempt()
    assert (caught.value.noun, caught.value.id) == (noun, id_)
    assert snapshot(store) == before


def snapshot(store: Store) -> list[object]:
    """Give all that one tenant has."""
    with store.reading("acme") as unit:
        records = [(r.collection, r.id, r.version, r.body) for name in ("goals", "people") for r in unit.find(name)]
        keyed = [r.id for key in ("status", "team") for r in unit.find("goals", key)]
    return [*records, *keyed, store.outbox("acme").pending("mail")]


@pytest.mark.parametrize("version", [1, 2, 4, 5, 0, -1])
def test_put_over_another_version(store: Store, version: int) -> None:
    """Over any version but the one before its own, a record is a conflict, and nothing is written."""
    write(store, record("p.g2", team="blue"), *(record("p.g1", number, status=f"v{number}") for number in (1, 2)))
    refuse(store, record("a.g1"), record("p.g1", version, status="open"), record("b.g1"))
    write(store, record("p.g1", 3, body="next"))
    assert read(store, "p.g1") == [("p.g1", 3, "next")]


@pytest.mark.parametrize("version", [0, 2, 3])
def test_put_where_nothing_is(store: Store, version: int) -> None:
    """A record that is not there begins with version 1; any other is a conflict, also after it was removed."""
    write(store, record("p.g2"))
    refuse(store, record("p.g1", version))
    write(store, record("p.g1"))
    with store.writing("acme") as unit:
        unit.remove("goals", "p.g1")
    refuse(store, record("p.g1", version))


def test_put_one_record_twice(store: Store) -> None:
    """A record can be put twice in one go, each over the one before it, and is found by the keys of the last."""
    write(
        store,
        record("p.g1", 1, "a", status="a", team="x"),
        record("q.g1"),
        record("p.g1", 2, "b", status="b", team="x"),
    )
    write(store, record("p.g1", 3, "c", status="c"), record("p.g1", 4, "d", status="d"), record("r.g1"))
    assert read(store, "p.g1", "q.g1", "r.g1") == [("p.g1", 4, "d"), ("q.g1", 1, "{}"), ("r.g1", 1, "{}")]
    assert found(store, "status", before="z") == found(store, "status", equals="d") == ["p.g1"]
    assert found(store, "team", before="z") == []


@pytest.mark.parametrize("versions", [(2, 1), (1, 1), (1, 3)])
def test_put_one_record_twice_in_another_order(store: Store, versions: tuple[int, int]) -> None:
    """A record put twice in one go is a conflict when the second does not follow the first."""
    write(store, record("p.g2"))
    refuse(store, *(record("p.g1", version) for version in versions))


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_swallowed_conflict(store: Store, goes_on: bool) -> None:
    """A unit that had a conflict is not written, even when its block goes on: its end raises the conflict."""
    write(store, record("p.g1"), record("p.g2"))
    before = snapshot(store)

    def swallow() -> None:
        with store.writing("acme") as unit:
            unit.put([record("q.g1")])
            with suppress(Conflict):
                unit.put([record("q.g2"), record("p.g1", 5)])
            if goes_on:
                unit.put([record("q.g3")])

    with pytest.raises(Conflict) as caught:
        swallow()
    assert caught.value.id == "p.g1"
    assert snapshot(store) == before


def test_a_unit_sees_what_it_wrote(store: Store) -> None:
    """What a unit wrote it reads at once; nobody else does before its end."""
    write(store, record("p.g1", status="draft"), record("p.g2"))
    with store.writing("acme") as unit:
        unit.put([record("p.g1", 2, "mine", status="open"), record("p.g3")])
        unit.remove("goals", "p.g2")
        assert [(r.id, r.body) for r in unit.get("goals", ["p.g1", "p.g2"])] == [("p.g1", "mine")]
        assert [r.id for r in unit.owned("p", ["goals"])] == ["p.g1", "p.g3"]
        assert [r.id for r in unit.find("goals", "status", equals="open")] == ["p.g1"]
        unit.put([record("p.g2", 1, "again")])
    assert read(store, "p.g1", "p.g2") == [("p.g1", 2, "mine"), ("p.g2", 1, "again")]


def test_remove(store: Store) -> None:
    """A removed record is gone from everywhere, removing what is not there does nothing, and its id can begin again."""
    write(store, record("p.g1", 1, "old", status="open"), record("p.g2"), record("p.g1", collection="people"))
    with store.writing("acme") as unit:
        unit.remove("goals", "p.g1")
        unit.remove("goals", "p.g1")
        unit.remove("goals", "nobody.g1")
        unit.remove("nothing", "p.g2")
    assert read(store, "p.g1") == []
    assert found(store, "status", equals="open") == []
    assert found(store) == ["p.g2"]
    assert read(store, "p.g1", collection="people") == [("p.g1", 1, "{}")]
    write(store, record("p.g1", 1, "new"))
    assert read(store, "p.g1") == [("p.g1", 1, "new")]


def test_entries_go_with_what_they_are_about(store: Store) -> None:
    """A removed record takes its entries out of the outbox, leased or not; a unit that fails brings them back."""
    entries = [entry("e1"), entry("e2"), entry("e3", about="p.g2")]
    for tenant in ("acme", "other"):
        write(store, record("p.g1"), record("p.g2"), tenant=tenant, entries=entries)
    claimed(store, limit=1)

    def remove(error: type[BaseException] | None) -> None:
        with store.writing("acme") as unit:
            unit.remove("goals", "p.g1")
            unit.emit([entry("e1", about="p.g2"), entry("e4")])
            unit.remove("goals", "p.g1")
            if error:
                raise error

    with pytest.raises(Bang):
        remove(Bang)
    assert claimed(store, now=NOON + HOUR) == ["e1", "e2", "e3"]
    remove(None)
    assert claimed(store, now=NOON + 2 * HOUR) == ["e1", "e3"]
    assert store.outbox("other").pending("mail") == 3


# --- units


class Bang(BaseException):
    """Something that no handler expects."""


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, Bang])
def test_a_block_that_raises_leaves_nothing(store: Store, error: type[BaseException]) -> None:
    """When the block raises, no record, key or entry of the unit is left, and what it replaced or removed is back."""
    write(store, record("p.g1", body="kept", status="draft"), record("p.g2", team="blue"), entries=[entry("e1")])
    before = snapshot(store)

    def fail() -> None:
        with store.writing("acme") as unit:
            unit.put([record("p.g1", 2, "lost", status="open"), record("p.g3", team="red")])
            unit.remove("goals", "p.g2")
            unit.put([record("p.g2", 1, "lost"), record("p.g1", 3, "lost")])
            unit.remove("goals", "p.g1")
            unit.emit([entry("e1", about="lost"), entry("e2")])
            raise error

    with pytest.raises(error):
        fail()
    assert snapshot(store) == before
    assert read(store, "p.g1") == [("p.g1", 1, "kept")]
    assert found(store, "team", equals="blue") == ["p.g2"]
    (kept,) = store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=9)
    assert (kept.id, kept.about) == ("e1", "p.g1")


@pytest.mark.parametrize(
    "work",
    [
        lambda unit: unit.put([record("p.g1", 2)]),
        lambda unit: unit.put([]),
        lambda unit: unit.remove("goals", "p.g1"),
        lambda unit: unit.emit([entry("e2")]),
    ],
    ids=["put", "put nothing", "remove", "emit"],
)
def test_a_reading_unit_only_reads(store: Store, work: Callable[[Unit], None]) -> None:
    """The writing calls of a reading unit raise Unsupported and change nothing."""
    write(store, record("p.g1"), entries=[entry("e1")])
    before = snapshot(store)
    with store.reading("acme") as unit:
        with pytest.raises(Unsupported):
            work(unit)
        assert [r.id for r in unit.get("goals", ["p.g1"])] == ["p.g1"]
    assert snapshot(store) == before


def test_a_unit_sees_one_state(store: Store) -> None:
    """A reading unit sees the same state from its first look to its end, whatever others write meanwhile."""
    write(store, record("p.g1"))
    other = Thread(target=write, args=(store, record("p.g1", 2), record("q.g1")))
    with store.reading("acme") as unit:
        first = list(unit.find("goals"))
        other.start()
        other.join(0.1)
        assert list(unit.find("goals")) == first
    other.join()
    assert found(store) == ["p.g1", "q.g1"]


def test_nobody_sees_half_a_unit(store: Store) -> None:
    """What a unit wrote is seen by others all at once, at its end."""
    total = 200

    def move(_: int) -> int:
        for version in range(1, total + 1):
            with store.writing("acme") as unit:
                unit.put([record("p.g1", version)])
                unit.put([record("q.g1", version)])
                unit.emit([entry(f"e{version}")])
        return 0

    def look(_: int) -> int:
        torn = last = 0
        while last < total:
            got = read(store, "p.g1", "q.g1")
            torn += len({version for _, version, _ in got}) > 1 or len(got) == 1
            last = got[0][1] if got else 0
        return torn

    assert at_once(3, lambda worker: (look if worker else move)(worker)) == [0, 0, 0]


def test_races_of_writers_who_read_the_same(store: Store) -> None:
    """Of eight writers who read the same version exactly one wins, and the other seven are told of a conflict."""
    workers, rounds = 8, RACES // 8
    barrier = Barrier(workers, timeout=60)
    write(store, record("p.g1"))

    def race(worker: int) -> int:
        wins = 0
        for _ in range(rounds):
            ((_, version, _),) = read(store, "p.g1")
            barrier.wait()
            try:
                write(store, record("p.g1", version + 1), record(f"w{worker}.g{version}"))
                wins += 1
            except Conflict:
                pass
            barrier.wait()
        return wins

    wins = at_once(workers, race)
    ((_, version, _),) = read(store, "p.g1")
    assert sum(wins) == rounds == version - 1
    assert len(found(store)) == rounds + 1


def test_races_with_another_try(store: Store) -> None:
    """Writers who try again after a conflict count exactly, whatever others do meanwhile."""
    workers, each = 4, RACES // 4
    write(store, record("p.g1", body="0"))

    def count(worker: int) -> int:
        done = 0
        while done < each:
            ((_, version, counted),) = read(store, "p.g1")
            try:
                write(store, record("p.g1", version + 1, str(int(counted) + 1)))
            except Conflict:
                continue
            done += 1
        return done

    assert sum(at_once(workers, count)) == RACES
    assert read(store, "p.g1") == [("p.g1", RACES + 1, str(RACES))]


def count_up(store: Store) -> None:
    """Read a count and write the next in one unit."""
    with store.writing("acme") as unit:
        versions = [r.version for r in unit.get("goals", ["p.g1"])]
        unit.put([record("p.g1", sum(versions) + 1)])


def test_units_that_take_turns(taking_turns: Store) -> None:
    """Where writing units take turns, one that reads before it writes meets no conflict, and no count is lost."""
    workers, each = 4, RACES // 8

    def count(_: int) -> int:
        for _ in range(each):
            count_up(taking_turns)
        return each

    assert sum(at_once(workers, count)) == workers * each
    assert read(taking_turns, "p.g1") == [("p.g1", workers * each, "{}")]


def test_units_that_read_and_write(store: Store) -> None:
    """Of units that read before they write each is as if it were alone, or a conflict: no count is lost."""
    workers, each = 4, RACES // 8

    def count(_: int) -> int:
        done = 0
        while done < each:
            with suppress(Conflict):
                count_up(store)
                done += 1
        return done

    assert sum(at_once(workers, count)) == workers * each
    assert read(store, "p.g1") == [("p.g1", workers * each, "{}")]


@pytest.mark.parametrize("found_by", ["id", "key", "owner", "collection"])
def test_what_a_unit_read_still_holds_when_it_is_written(store: Store, found_by: str) -> None:
    """Of two units that each find a place free and take it, one wins, however they looked: nobody gets in too many."""
    looks: dict[str, Callable[[Unit], Iterable[Record]]] = {
        "id": lambda unit: unit.get("goals", ["p.g0", "p.g1"]),
        "key": lambda unit: unit.find("goals", "team", equals="blue"),
        "owner": lambda unit: unit.owned("p", ["goals"]),
        "collection": lambda unit: unit.find("goals"),
    }
    barrier = Barrier(2, timeout=10)

    def take(worker: int) -> int:
        for _ in range(9):
            with suppress(Conflict), store.writing("acme") as unit:
                is_free = not list(looks[found_by](unit))
                with suppress(BrokenBarrierError):
                    barrier.wait(0.2)
                if is_free:
                    unit.put([record(f"p.g{worker}", team="blue")])
        return 0

    at_once(2, take)
    assert len(found(store, "team", equals="blue")) == 1


# --- texts


@pytest.mark.parametrize("text", ["nul \0", "half \ud800 a pair", "\udfff"])
def test_texts_that_postgresql_cannot_hold(postgres_store: Store, text: str) -> None:
    """What PostgreSQL has no character for is refused in each place, and nothing of the unit is written."""
    store = postgres_store
    places: list[Callable[[Unit], object]] = [
        lambda unit: unit.put([record("p.g2", body=text)]),
        lambda unit: unit.put([record(f"p.{text}")]),
        lambda unit: unit.put([record("p.g2", team=text)]),
        lambda unit: unit.put([record("p.g2", collection=text)]),
        lambda unit: unit.put([Record("goals", "p.g2", 1, "{}", ((text, "x"),))]),
        lambda unit: unit.remove("goals", text),
        lambda unit: unit.emit([entry(text)]),
        lambda unit: unit.emit([entry("e2", topic=text)]),
        lambda unit: unit.emit([entry("e2", about=text)]),
        lambda unit: unit.get("goals", [text]),
        lambda unit: unit.owned(text, ["goals"]),
        lambda unit: unit.find("goals", "team", equals=text),
        lambda unit: unit.find("goals", "team", before=text),
        lambda unit: unit.find("goals", after_id=text),
        lambda unit: unit.find(text),
        lambda unit: unit.find("goals", text),
    ]

    def attempt(place: Callable[[Unit], object]) -> None:
        with store.writing("acme") as unit:
            unit.put([record("p.g1")])
            place(unit)

    for place in places:
        with pytest.raises(InvalidInput, match=r"cannot hold|half a character"):
            attempt(place)
    calls: list[Callable[[], object]] = [
        lambda: write(store, record("p.g1"), tenant=text),
        lambda: read(store, "p.g1", tenant=text),
        lambda: claimed(store, topic=text),
        lambda: store.outbox("acme").settle([text]),
        lambda: store.outbox("acme").postpone([text], until=NOON),
        lambda: store.outbox("acme").pending(text),
        lambda: store.outbox(text).pending("mail"),
    ]
    for call in calls:
        with pytest.raises(InvalidInput, match=r"cannot hold|half a character"):
            call()
    assert snapshot(store) == [0]


def _held_by(store: Store, text: str) -> str:
    """Give a text without what the store refuses."""
    return text.replace("\0", "") if isinstance(store, SqlStore) else text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_texts_come_back_as_they_were(store: Store, text: str) -> None:
    """Every text that can be stored is read as it was written, in bodies, keys, topics and what entries are about."""
    text = _held_by(store, text)
    key = text[:400] or "empty"
    owner = owner_of(key) + "p"
    write(
        store,
        record(f"{owner}.g1", body=text, team=key),
        record("q.g2", team=key + "x"),
        tenant=key,
        entries=[entry(key, topic=key, about=key)],
    )
    with store.reading(key) as unit:
        (owned,) = unit.owned(owner, ["goals"])
        assert owned.body == text
    assert read(store, f"{owner}.g1", tenant=key) == [(f"{owner}.g1", 1, text)]
    assert found(store, tenant=key) == sorted([f"{owner}.g1", "q.g2"])
    (got,) = store.outbox(key).claim(key, now=NOON, lease_until=NOON, limit=9)
    assert (got.id, got.topic, got.about) == (key, key, key)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_texts_as_keys(store: Store, text: str) -> None:
    """A record is found by exactly the text that its key has, however strange."""
    key = _held_by(store, text)[:400]
    write(store, record("p.g1", team=key), record("q.g1", team=key + "x"), record("r.g1", team="x" + key))
    assert found(store, "team", equals=key) == ["p.g1"]
    assert found(store, "team", before=key + "x")[0] == "p.g1"


# --- outbox


def test_emit_once_by_id(store: Store) -> None:
    """An entry whose id is there already stays as it is, claimed or not; one that was settled can come again."""
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


def test_entries_come_with_their_unit(store: Store) -> None:
    """Nobody can claim an entry before the unit that emitted it has ended."""
    claims: list[str] = []
    other = Thread(target=lambda: claims.extend(claimed(store)))
    with store.writing("acme") as unit:
        unit.emit([entry("e1")])
        unit.put([record("p.g1")])
        other.start()
        other.join(0.1)
        assert claims == []
    other.join()
    assert claims or claimed(store) == ["e1"]  # who claimed meanwhile waited for the unit, or found nothing yet


def test_claim_what_is_due_oldest_first(store: Store) -> None:
    """Entries that are due come oldest first, those of one moment by id, at most as many as asked for."""
    late = [entry("later", NOON + MOMENT), entry("b"), entry("a"), entry("early", NOON - HOUR)]
    elsewhere = entry("zoned", datetime(2026, 6, 1, 12, 30, tzinfo=timezone(timedelta(hours=2))))
    write(store, entries=[*late, elsewhere])
    assert claimed(store, limit=0) == []
    assert claimed(store, limit=3) == ["zoned", "early", "a"]
    assert claimed(store) == ["b"]
    assert claimed(store) == []
    assert claimed(store, NOON + MOMENT) == ["later"]


def test_an_entry_comes_back_whole(store: Store) -> None:
    """A claimed entry is what was emitted, its moment to the microsecond, with the attempts counted up."""
    sent = Entry("e1", "mail", "p.g1", datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC), attempts=3)
    write(store, entries=[sent])
    (got,) = store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=1)
    assert got == evolve(sent, attempts=4)


def test_a_lease_holds_until_its_end(store: Store) -> None:
    """Nobody else gets a claimed entry before its lease ends; then it comes again, with one more attempt."""
    write(store, entries=[entry("e1")])
    outbox = store.outbox("acme")
    assert claimed(store) == ["e1"]
    assert claimed(store, NOON + HOUR - MOMENT) == []
    (again,) = outbox.claim("mail", now=NOON + HOUR, lease_until=NOON + 2 * HOUR, limit=9)
    assert (again.id, again.attempts, again.due_at) == ("e1", 2, NOON)
    assert outbox.pending("mail") == 1


def test_settle(store: Store) -> None:
    """A settled entry is gone, leased or not; settling what is not there does nothing."""
    write(store, entries=[entry("e1"), entry("e2"), entry("e3")])
    assert claimed(store, limit=1) == ["e1"]
    store.outbox("acme").settle(["e1", "e2", "nothing", "e1"])
    store.outbox("acme").settle([])
    assert claimed(store, NOON + 2 * HOUR) == ["e3"]
    assert store.outbox("acme").pending("mail") == 1


def test_postpone(store: Store) -> None:
    """A postponed entry is free at the moment it was put off to, not before, and its attempts go on."""
    write(store, entries=[entry("e1"), entry("e2")])
    outbox = store.outbox("acme")
    assert claimed(store) == ["e1", "e2"]
    outbox.postpone(["e1", "nothing"], until=NOON + MOMENT)
    assert claimed(store) == []
    (again,) = outbox.claim("mail", now=NOON + MOMENT, lease_until=NOON + HOUR, limit=9)
    assert (again.id, again.attempts, again.due_at) == ("e1", 2, NOON + MOMENT)
    assert outbox.pending("mail") == 2


def test_topics_are_apart(store: Store) -> None:
    """A worker gets and counts the entries of its own topic only."""
    write(store, entries=[entry("e1"), entry("e2", topic="fact"), entry("e3", topic="mail ")])
    assert claimed(store) == ["e1"]
    assert [store.outbox("acme").pending(topic) for topic in ("mail", "fact", "mail ", "none")] == [1, 1, 1, 0]
    assert claimed(store, topic="fact") == ["e2"]


def test_workers_share_the_outbox(store: Store) -> None:
    """Of many workers who claim at once, each entry goes to exactly one."""
    write(store, entries=[entry(f"e{number:03}") for number in range(400)])
    taken: list[str] = []

    def work(_: int) -> int:
        while batch := claimed(store, limit=7):
            taken.extend(batch)
        return 0

    at_once(6, work)
    assert sorted(taken) == [f"e{number:03}" for number in range(400)]


# --- store


def test_sound(store: Store) -> None:
    """A store in use says that nothing is wrong with it."""
    write(store, record("p.g1"), entries=[entry("e1")])
    assert list(store.check()) == []


def test_scrub(store: Store) -> None:
    """A scrub keeps what is there, may be repeated, and leaves nothing to do for anybody but who runs a server."""
    write(store, record("p.g1", body="kept", status="open"), entries=[entry("e1")])
    before = snapshot(store)
    assert [len(store.scrub()) for _ in range(2)] == [isinstance(store, SqlStore)] * 2
    assert snapshot(store) == before
    assert read(store, "p.g1") == [("p.g1", 1, "kept")]


def test_close_twice(store: Store) -> None:
    """A store can be closed twice."""
    write(store, record("p.g1"))
    store.close()
    store.close()


def test_memory_forgets() -> None:
    """Nothing of a removed record stays in memory, not even the value of a key."""
    store = open_memory(Address.parse("memory:"))
    write(store, record("p.g1", body="canary", email="canary@example.org"))
    with store.writing("acme") as unit:
        unit.remove("goals", "p.g1")
    assert "canary" not in repr(store._tenants)
