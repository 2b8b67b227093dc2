"""The SQLite store (``sqlite:///file.db``): the embedded default, on the standard library alone.

One table of records clustered by (tenant, owner, collection, id), so that all of a person's records lie together; one
of keys; one for the outbox. WAL with ``synchronous=FULL``: what is acknowledged is on the disk. ``secure_delete``
overwrites what is removed where it lies, and :meth:`SqliteStore.scrub` the copies that moving rows left behind. Each
transaction has a connection of its own; writers take turns (``BEGIN IMMEDIATE``), readers see one consistent state.
"""

from __future__ import annotations

from pathlib import Path

from ownership.adapters.storage.sqlite.schema import APPLICATION_ID, SCHEMA_VERSION
from ownership.adapters.storage.sqlite.store import SqliteStore
from ownership.errors import Misconfigured
from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Kind, RegisterAdapter

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION", "SqliteStore", "open_sqlite", "ownership_register_adapters"]


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register the store under ``sqlite:``."""
    register(
        Adapter(
            kind=Kind.STORAGE,
            schemes=("sqlite",),
            factory=open_sqlite,
            summary="keeps everything in one SQLite file",
            capabilities=frozenset({"durable", "outbox.claim", "txn.join", "units.serial"}),
            egress=frozenset({"records"}),
        )
    )


def open_sqlite(address: Address) -> SqliteStore:
    """Open a file, and make it when it is not there: ``sqlite:///relative.db``, ``sqlite:////absolute.db``.

    Options: ``busy`` is the number of seconds to wait for another writer (5); ``synchronous=NORMAL`` is faster and can
    lose the last commits when the power fails.
    """
    address.only("busy", "synchronous")
    name = address.path.removeprefix("/") if address.path.startswith("/") else address.path
    if address.host or not name or "\0" in name or name == ":memory:":
        raise Misconfigured(
            "sqlite", "needs a file, after three slashes, as in sqlite:///development.db; in memory is memory:"
        )
    synchronous = address.option("synchronous", "FULL").upper()
    if synchronous not in {"FULL", "NORMAL"}:
        raise Misconfigured("sqlite:?synchronous", "is FULL or NORMAL")
    busy = address.option("busy", "5")
    if not busy.isascii() or not busy.isdecimal() or len(busy) > 5:
        raise Misconfigured("sqlite:?busy", "is a whole number of seconds, of at most five digits")
    return SqliteStore(Path(name), busy_seconds=int(busy), synchronous=synchronous)
