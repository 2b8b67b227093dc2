"""A PostgreSQL for the tests of this folder, each of whose databases begins with the tables laid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgres import Server, why_not

from ownership.adapters.storage.sqlalchemy.store import SqlStore, open_postgresql
from ownership.ports.adapters import Address


class Postgres(Server):
    """A server with a template in which the tables lie."""

    def __init__(self, place: str = "wheel") -> None:
        super().__init__(place, ["wal_recycle=off"])
        self.template = self.database()
        open_postgresql(Address.parse(self.url(self.template))).close()

    def new(self) -> str:
        """Make a database with tables, and give its URL."""
        return self.url(self.database(self.template))

    def opened(self, options: str = "") -> SqlStore:
        """Open a new database with tables."""
        return open_postgresql(Address.parse(self.new() + options))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give a server."""
    if reason := why_not("wheel"):
        pytest.skip(reason)
    with Postgres() as server:
        yield server
