"""Short words for what laws about stores say again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from attrs import evolve

from ownership.ports.storage import Entry, Record, Store, Unit

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
CANARY = "canary-7f3a"
"""A text that must turn up nowhere but in the record that it was written in."""

AWKWARD = {
    "empty": "",
    "emoji": "👩🏽‍💻 🏳️‍🌈 e\u0301",
    "right to left": "\u202eאב\u202c \u2066خطة\u2069",
    "control": "bell \x07 escape \x1b[31m delete \x7f",
    "line ends": "\r\n \n \r \u2028 \u2029 \x85",
    "edges of Unicode": "\ud7ff\ue000\uffff\U00010000\U0010ffff",
    "SQL": "'; DROP TABLE records; -- \" ` % _ ? :tenant {} \\ \\u0041",
    "spaces": " \t\u00a0\u200b\ufeff ",
    "a megabyte": "🌱 groei " * 100_000,
}
"""Texts that stores like to get wrong, by what is awkward in them; every store keeps them."""

NUL = "nul \x00 in the midst"
"""A store keeps it, or refuses it: some databases have no place for it."""

HALF = "half a character \ud83d"
"""A lone surrogate: no encoding has a place for it, so every store refuses it."""


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


def remove(store: Store, *ids: str, tenant: str = "acme", collection: str = "goals") -> None:
    """Remove records in a unit of their own."""
    with store.writing(tenant) as unit:
        unit.remove(collection, ids)


def read(store: Store, *ids: str, collection: str = "goals", tenant: str = "acme") -> list[tuple[str, int, str]]:
    """Give id, version and body of records."""
    with store.reading(tenant) as unit:
        return [(r.id, r.version, r.body) for r in unit.get(collection, ids)]


def owned(store: Store, owner_id: str, *collections: str, tenant: str = "acme") -> list[tuple[str, str]]:
    """Give collection and id of all of one owner's records."""
    with store.reading(tenant) as unit:
        return [(r.collection, r.id) for r in unit.owned(owner_id, collections)]


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


def claimed(
    store: Store, now: datetime = NOON, *, topic: str = "mail", limit: int = 100, tenant: str = "acme"
) -> list[str]:
    """Claim for an hour, and give the ids."""
    return [e.id for e in store.outbox(tenant).claim(topic, now=now, lease_until=now + HOUR, limit=limit)]


def told(records: Iterable[Record]) -> list[Record]:
    """Give all of some records but their keys, which a store need not give back."""
    return [evolve(each, keys=()) for each in records]


def snapshot(store: Store, tenant: str = "acme") -> list[object]:
    """Give all that one tenant has in the collections and topics that laws write in."""
    with store.reading(tenant) as unit:
        records = [each for name in ("goals", "feedback", "people") for each in told(unit.find(name))]
        keyed = [each.id for key in ("status", "team") for each in unit.find("goals", key)]
    return [*records, *keyed, *(store.outbox(tenant).pending(topic) for topic in ("mail", "fact"))]


def in_unit(store: Store, work: Callable[[Unit], object], tenant: str = "acme") -> None:
    """Do work in a unit of its own."""
    with store.writing(tenant) as unit:
        work(unit)


def at_once(workers: int, work: Callable[[int], int]) -> list[int]:
    """Do a piece of work in many threads."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, range(workers)))
