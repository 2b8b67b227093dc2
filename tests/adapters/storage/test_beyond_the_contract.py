"""What some of our stores promise beyond the contract that all of them keep."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from ownership.adapters.storage.memory import open_memory
from ownership.adapters.storage.sqlite import open_sqlite
from ownership.errors import InvalidInput
from ownership.ports.adapters import Address
from ownership.ports.storage import Record, Store, Unit
from ownership.testing.stores.vocabulary import NOON, at_once, claimed, entry, read, record, snapshot, write

COUNTS = 1_000


@pytest.fixture
def postgres_store(postgres: Any) -> Iterator[Store]:
    """Give an empty PostgreSQL store."""
    with closing(postgres.opened()) as opened:
        yield opened


@pytest.fixture(params=["memory", "sqlite"])
def taking_turns(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Give an empty store of each kind whose writing units take turns."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = f"sqlite:///{folder}/store.db?synchronous=NORMAL"
        memory = request.param == "memory"
        with closing(open_memory(Address.parse("memory:")) if memory else open_sqlite(Address.parse(sqlite))) as opened:
            yield opened


def count_up(store: Store) -> None:
    """Read a count and write the next in one unit."""
    with store.writing("acme") as unit:
        versions = [r.version for r in unit.get("goals", ["p.g1"])]
        unit.put([record("p.g1", sum(versions) + 1)])


def test_units_that_take_turns(taking_turns: Store) -> None:
    """Where writing units take turns, one that reads before it writes meets no conflict, and no count is lost."""
    workers, each = 4, COUNTS // 8

    def count(_: int) -> int:
        for _ in range(each):
            count_up(taking_turns)
        return each

    assert sum(at_once(workers, count)) == workers * each
    assert read(taking_turns, "p.g1") == [("p.g1", workers * each, "{}")]


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
        lambda unit: unit.remove("goals", [text]),
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
    assert snapshot(store) == [0, 0]


def test_memory_forgets() -> None:
    """Nothing of a removed record stays in memory, not even the value of a key."""
    store = open_memory(Address.parse("memory:"))
    write(store, record("p.g1", body="canary", email="canary@example.org"))
    with store.writing("acme") as unit:
        unit.remove("goals", ["p.g1"])
    assert "canary" not in repr(store._tenants)
