"""The PostgreSQL store (``postgresql://host/database``), on SQLAlchemy Core: several processes, machines, a cluster.

This file only declares it: SQLAlchemy is imported when such a URL is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Egress, Kind, RegisterAdapter

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ownership.adapters.storage.sqlalchemy.store import SqlStore

CAPABILITIES = frozenset({"durable", "outbox.claim", "txn.join", "units.serial"})
EGRESS = frozenset({Egress.RECORDS})


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register the store under ``postgresql:`` and ``postgresql+psycopg:``."""
    register(
        Adapter(
            kind=Kind.STORAGE,
            schemes=("postgresql", "postgresql+psycopg"),
            factory="ownership.adapters.storage.sqlalchemy.store:open_postgresql",
            summary="keeps everything in a PostgreSQL database",
            capabilities=CAPABILITIES,
            egress=EGRESS,
            extra="ownership[sql]",
            migrations="ownership.adapters.storage.sqlalchemy.store:migrations",
        )
    )


class OnEngine:
    """A plugin that brings an engine which the host has already: ``open_workspace("engine:", plugins=[OnEngine(e)])``.

    The host configures the engine, and disposes of it; ``schema`` is where the tables lie in its database.
    """

    def __init__(self, engine: Engine, *, schema: str = "ownership") -> None:
        self._engine = engine
        self._schema = schema

    @hookimpl
    def ownership_register_adapters(self, register: RegisterAdapter) -> None:
        """Register the engine under ``engine:``."""
        register(Adapter(Kind.STORAGE, ("engine",), self._open, capabilities=CAPABILITIES, egress=EGRESS))

    def _open(self, address: Address) -> SqlStore:
        from ownership.adapters.storage.sqlalchemy.store import SqlStore  # noqa: PLC0415 - SQLAlchemy loads when opened

        address.only()
        return SqlStore(self._engine, schema=self._schema)
