"""What earlier releases stored is read by this one: a file of each schema is kept, and opened as its owner would."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ownership import open_workspace
from ownership.adapters.storage.sqlite import SCHEMA_VERSION, SqliteStore
from ownership.ports.storage import COLLECTIONS, Record, Store
from ownership.workspace.records import from_record, to_record

FOLDER = Path(__file__).parent / "formats"
KEPT = sorted(FOLDER.glob("schema-*.db.gz"))


@pytest.fixture(params=KEPT, ids=lambda path: path.name.partition(".")[0])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a copy of a file that an earlier release wrote."""
    copy = tmp_path / "kept.db"
    copy.write_bytes(gzip.decompress(request.param.read_bytes()))
    return copy


def everything(store: Store) -> Iterator[Record]:
    """Give all records of the tenant."""
    with store.reading("default") as unit:
        for collection in COLLECTIONS:
            yield from unit.find(collection)


def test_there_is_a_file_of_the_first_schema() -> None:
    """A file of the first schema is kept, with something in each collection that there was."""
    assert KEPT[0].name == "schema-1.db.gz"


def test_every_record_is_read(path: Path) -> None:
    """Every record of an earlier release is read as a value, and written again it is what it was."""
    with closing(SqliteStore(path)) as store:
        records = list(everything(store))
        assert len({record.collection for record in records}) >= 23
        for record in records:
            value = from_record(record)
            assert from_record(to_record(value)) == value


def test_a_kept_file_is_brought_to_this_schema(path: Path) -> None:
    """Opened once, a file of an earlier schema has the tables of this release, and is sound."""
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    with closing(SqliteStore(path)) as store:
        assert list(store.check()) == []


def test_a_kept_file_is_worked_with(path: Path) -> None:
    """In a workspace on a file of an earlier release people find what is theirs, and go on."""
    with open_workspace(f"sqlite:///{path}", clock=lambda: datetime(2026, 11, 2, 9, tzinfo=UTC)) as workspace:
        workspace.run_due_work()
        for person in workspace.people.all():
            if person.works_on(datetime(2026, 11, 2, tzinfo=UTC).date()):
                assert workspace.acting_as(person.id).overview().person.id == person.id


def test_records_of_a_file_live_on_in_postgresql(path: Path, postgres: Any) -> None:
    """What lay in a file is read in PostgreSQL as it was, record by record."""
    with closing(SqliteStore(path)) as file, closing(postgres.opened()) as server:
        records = list(everything(file))
        with server.writing("default") as unit:
            unit.put([Record(r.collection, r.id, 1, r.body) for r in records])
        assert [(r.id, r.body) for r in everything(server)] == [(r.id, r.body) for r in records]
