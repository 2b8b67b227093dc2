"""The PostgreSQL store: its tables, its errors, its statements and its plans, on real servers."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from postgres import Server, why_not
from sqlalchemy import create_engine, event, text
from tests.workspace.conftest import World
from tests.workspace.test_calendar import begun_at_once

from ownership import Registry
from ownership.adapters.storage import sqlalchemy
from ownership.adapters.storage.sqlalchemy import schema, statements
from ownership.adapters.storage.sqlalchemy.store import SqlStore, open_postgresql
from ownership.errors import (
    Conflict,
    InvalidInput,
    Misconfigured,
    OwnershipError,
    PluginBroken,
    Unavailable,
    Unknown,
    Unsupported,
)
from ownership.ports.adapters import Address, Kind
from ownership.ports.storage import COLLECTIONS, LISTED, Entry, Record, Store, Unit

CANARY = "yranac"[::-1]
"""A text that must be told nowhere; turned round, for a traceback shows lines of this file."""

SECRET = "terc3s"[::-1]

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
IS_NIGHTLY = os.environ.get("OWNERSHIP_PROFILE") == "nightly"
WORKERS, KILLS, ENTRIES = (16, 60, 20_000) if IS_NIGHTLY else (4, 6, 1_500)


@pytest.fixture
def url(postgres: Any) -> str:
    """Give the URL of a new database with tables."""
    made: str = postgres.new()
    return made


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """Give an empty store."""
    with closing(opened(url)) as made:
        yield made


def opened(url: str) -> SqlStore:
    """Open a database by its URL."""
    return open_postgresql(Address.parse(url, lambda reference: os.environ[reference.removeprefix("@env:")]))


def write(store: Store, *records: Record) -> None:
    """Put records in a unit of their own."""
    with store.writing("acme") as unit:
        unit.put(records)


def ids(store: Store) -> list[str]:
    """Give the ids of all goals."""
    with store.reading("acme") as unit:
        return [record.id for record in unit.find("goals")]


# --- opening


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("postgresql:", "postgresql"),
        ("postgresql://127.0.0.1", "postgresql"),
        ("postgresql://127.0.0.1/", "postgresql"),
        ("postgresql://127.0.0.1/a/b", "postgresql"),
        ("postgresql://127.0.0.1/hr?Schema=x", "postgresql:?Schema"),
        ("postgresql://127.0.0.1/hr?dbname=x", "postgresql:?dbname"),
        ("postgresql://127.0.0.1/hr?busy=0", "postgresql:?busy"),
        ("postgresql://127.0.0.1/hr?busy=-1", "postgresql:?busy"),
        ("postgresql://127.0.0.1/hr?pool=²", "postgresql:?pool"),
        ("postgresql://127.0.0.1/hr?timeout=99999", "postgresql:?timeout"),
        ('postgresql://127.0.0.1/hr?schema=a"b', "postgresql:?schema"),
        ("postgresql://127.0.0.1/hr?schema=Big", "postgresql:?schema"),
        ("postgresql://127.0.0.1/hr?password=hunter2", "postgresql:?password"),
        ("postgresql://ada:hunter2@127.0.0.1/hr", "url"),
    ],
)
def test_wrong_url(url: str, field: str) -> None:
    """A URL that is not right is refused by the part that is wrong, before any connection."""
    with pytest.raises(Misconfigured) as caught:
        opened(url)
    assert caught.value.field == field
    assert "hunter2" not in str(caught.value)


def test_it_is_imported_only_when_it_is_opened() -> None:
    """Neither the library nor the declaration of the store imports SQLAlchemy."""
    script = (
        "import sys, ownership, ownership.adapters.storage.sqlalchemy as ours\n"
        "from ownership import Registry; Registry([ours]); ownership.open_workspace()\n"
        "sys.exit(bool({'sqlalchemy', 'alembic', 'psycopg'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLAlchemy is not installed, opening says what to install."""
    for name in [name for name in sys.modules if name.startswith("ownership.adapters.storage.sqlalchemy.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(PluginBroken, match=r"install ownership\[sql\]"):
        Registry([sqlalchemy]).open(Kind.STORAGE, "postgresql://127.0.0.1/hr")


def test_an_engine_of_the_hosts(url: str) -> None:
    """A host's engine is used as it is, and is the host's to dispose of."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    registry = Registry([sqlalchemy.OnEngine(engine)])
    with closing(registry.open(Kind.STORAGE, "engine:")) as store:
        write(store, Record("goals", "p.g1", 1, "{}"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM ownership.records")) == 1
    engine.dispose()
    with pytest.raises(Misconfigured, match="engine: is one for sqlite"):
        SqlStore(create_engine("sqlite://"))


def test_two_schemas_are_two_places(url: str) -> None:
    """Two stores in one database, each in a schema of its own, know nothing of each other."""
    with closing(opened(url)) as one, closing(opened(url + "?schema=other_place")) as other:
        write(one, Record("goals", "p.g1", 1, "{}"))
        assert (ids(one), ids(other)) == (["p.g1"], [])


# --- tables


def test_many_open_a_new_database_at_once(postgres: Any) -> None:
    """Of several who open an empty database at once one lays the tables, and all can work."""
    url = postgres.url(postgres.database())
    barrier = threading.Barrier(6, timeout=60)
    stores: list[SqlStore] = []

    def open_one() -> None:
        barrier.wait()
        stores.append(opened(url))

    threads = [threading.Thread(target=open_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [list(store.check()) for store in stores] == [[]] * 6
    for store in stores:
        store.close()


def test_a_database_of_a_newer_release(postgres: Any, url: str) -> None:
    """Tables of a newer release are refused with the way out, and nothing of them is changed."""
    database = url.rpartition("/")[2]
    postgres.sql(database, "UPDATE ownership.schema_version SET version_num = '99'")
    with pytest.raises(Misconfigured, match=r"newer release \(schema 99\); upgrade ownership"):
        opened(url)
    assert postgres.sql(database, "SELECT version_num FROM ownership.schema_version").strip() == "99"


def test_a_database_of_an_earlier_release(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of an earlier release are refused until somebody migrates them: workers of both may be running."""
    monkeypatch.setattr(schema, "REVISIONS", ("1", "2"))
    with pytest.raises(Misconfigured, match=r"earlier release \(schema 1\); run ownership migrate"):
        opened(url)


def test_every_version_has_its_file() -> None:
    """The versions that the store knows are those that Alembic finds, in their order."""
    folder = Path(schema.__file__).parent / "migrations" / "versions"
    found = [
        re.findall(r'^revision = "(\d+)"', file.read_text(), re.MULTILINE) for file in sorted(folder.glob("v*.py"))
    ]
    assert tuple(version for (version,) in found) == schema.REVISIONS


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP INDEX ownership.keys_by_value", "index keys_by_value is missing"),
        ("ALTER TABLE ownership.records ALTER body DROP NOT NULL", "column records.body is text COLLATE C;"),
        ("ALTER TABLE ownership.records ADD notes text", "column records.notes is not ours"),
        ("ALTER TABLE ownership.outbox DROP attempts", "column outbox.attempts is missing"),
        ('ALTER TABLE ownership.keys ALTER value TYPE text COLLATE "POSIX"', "column keys.value is text COLLATE POSIX"),
        ("DROP TABLE ownership.outbox", "index outbox_pkey is missing"),
        (
            "DROP INDEX ownership.outbox_by_due; CREATE INDEX outbox_by_due ON ownership.outbox (tenant, due_at)",
            "index outbox_by_due is (tenant, due_at); it should be (tenant, topic, due_at, id)",
        ),
    ],
)
def test_drift_is_told(postgres: Any, store: SqlStore, url: str, change: str, told: str) -> None:
    """Where the tables are not as this release needs them, the check says what is and what should be."""
    assert list(store.check()) == []
    postgres.sql(url.rpartition("/")[2], change)
    assert any(line.startswith(told) for line in store.check()), list(store.check())


def test_a_host_lays_the_tables_itself(postgres: Any) -> None:
    """What ``ddl`` writes lays the same tables, for a host that migrates itself, in the schema that it names."""
    database = postgres.database()
    for name in ("ownership", "elsewhere"):
        postgres.sql(database, schema.ddl(name))
        with closing(opened(postgres.url(database, f"?schema={name}"))) as store:
            assert list(store.check()) == []
            write(store, Record("goals", "p.g1", 1, "{}"))


def test_tables_in_partitions(postgres: Any) -> None:
    """On tables that are split by owner the store works as ever, and what one person owns is sought in one part."""
    database = postgres.database()
    postgres.sql(database, schema.ddl(partitions=4))
    with closing(opened(postgres.url(database))) as store:
        assert list(store.check()) == []
        people = [f"p{number:02}" for number in range(40)]
        write(store, *(Record("goals", f"{p}.g1", 1, "{}", (("team", "blue"),)) for p in people))
        write(store, *(Record("goals", f"{p}.g1", 2, "{}", (("team", "red"),)) for p in people))
        with store.writing("acme") as unit:
            assert [r.owner_id for r in unit.find("goals", "team", equals="red")] == people
            unit.emit([Entry(f"e{n}", "mail", "p01.g1", NOON) for n in range(9)])
        assert len(store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=99)) == 9
        read = {str(step.get("Relation Name", "")) for step in plans(store, PLANS["owned"])}
        assert len([name for name in read if name.startswith("records_")]) == 1, read
        assert len(store.scrub()) == 2
        with store.writing("acme") as unit:
            unit.remove("goals", ["p01.g1"])
        assert store.outbox("acme").pending("mail") == 0


def test_migrating_by_hand(postgres: Any) -> None:
    """Migrations lay the tables where there are none, once, and as text are what ``ddl`` writes."""
    database = postgres.database()
    migrations = Registry([sqlalchemy]).migrations(postgres.url(database, "?schema=by_hand"))
    for _ in range(2):
        migrations.apply()
    assert migrations.sql() == schema.ddl("by_hand")
    with closing(opened(postgres.url(database, "?schema=by_hand"))) as store:
        assert list(store.check()) == []
    with pytest.raises(Misconfigured, match="small letters"):
        Registry([sqlalchemy]).migrations(postgres.url(database, "?schema=By"))
    with pytest.raises(Unsupported, match="when it is opened"):
        Registry().migrations("memory:")


def test_the_index_on_what_is_listed_says_what_is_listed() -> None:
    """The index that lists whole collections is on exactly those; who lists another one writes a migration."""
    assert all(f"'{name}'" in schema.INDEXES["records_by_collection"] for name in LISTED)
    assert schema.INDEXES["records_by_collection"].count("'::text") == len(LISTED)


def test_a_server_that_does_not_flush_is_told(postgres: Any, url: str) -> None:
    """A host's engine whose commits do not wait for the disk is told by the check."""
    engine = create_engine(
        url.replace("postgresql:", "postgresql+psycopg:"), connect_args={"options": "-c synchronous_commit=off"}
    )
    (line,) = SqlStore(engine).check()
    assert "synchronous_commit" in line
    engine.dispose()


def test_a_database_in_another_encoding(postgres: Any) -> None:
    """A database that is not in UTF-8 could not keep what people write, and is refused."""
    postgres.sql("postgres", "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(Misconfigured, match="LATIN1"):
        opened(postgres.url("latin"))


# --- errors


def refusal(call: Callable[[], object]) -> OwnershipError:
    """Make a call that is refused, and see that nothing but our own words is told, here or in what it came from."""
    with pytest.raises(OwnershipError) as caught:
        call()
    told = "".join(traceback.format_exception(caught.value))
    assert CANARY not in told
    assert SECRET not in told
    assert "sqlalchemy.exc" not in told
    return caught.value


def test_nobody_answers() -> None:
    """A port where nobody listens is Unavailable."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = refusal(lambda: opened(f"postgresql://{CANARY}@127.0.0.1:{taken.getsockname()[1]}/hr?timeout=2"))
    assert isinstance(error, Unavailable)


def test_wrong_credentials(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user, password or database that the server refuses is Misconfigured, and no credential is told."""
    monkeypatch.setenv("PG_PASSWORD", SECRET)
    hba = postgres.data / "pg_hba.conf"
    before = hba.read_text()
    postgres.sql("postgres", f"CREATE ROLE {CANARY} LOGIN PASSWORD 'right'")
    hba.write_text(f"host all {CANARY} 127.0.0.1/32 scram-sha-256\n{before}")
    postgres.sql("postgres", "SELECT pg_reload_conf()")
    try:
        for options in ("", "?password=@env:PG_PASSWORD"):
            error = refusal(partial(opened, postgres.url("postgres", options, user=CANARY)))
            assert isinstance(error, Misconfigured)
    finally:
        hba.write_text(before)
        postgres.sql("postgres", "SELECT pg_reload_conf()")
    for url in (postgres.url("nowhere"), postgres.url("postgres", user=f"nobody_{CANARY}")):
        error = refusal(partial(opened, url))
        assert isinstance(error, Misconfigured)
    with closing(opened(postgres.new() + "?password=@env:PG_PASSWORD")) as store:
        assert SECRET not in repr(store) + repr(vars(store))


def test_a_user_without_rights(postgres: Any, url: str) -> None:
    """A user who may not lay tables, or only read them, is told so."""
    database = url.rpartition("/")[2]
    postgres.sql("postgres", "DROP ROLE IF EXISTS reader")
    postgres.sql("postgres", "CREATE ROLE reader LOGIN")
    postgres.sql(database, "GRANT USAGE ON SCHEMA ownership TO reader")
    postgres.sql(database, "GRANT SELECT ON ALL TABLES IN SCHEMA ownership TO reader")
    with closing(opened(postgres.url(database, user="reader"))) as store:
        assert ids(store) == []
        error = refusal(lambda: write(store, Record("goals", "p.g1", 1, CANARY)))
        assert isinstance(error, Misconfigured)
    assert isinstance(refusal(lambda: opened(postgres.url(postgres.database(), user="reader"))), Misconfigured)
    postgres.sql("postgres", f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    with closing(opened(url)) as store:
        error = refusal(lambda: store.outbox("acme").settle(["e1"]))
        assert isinstance(error, Misconfigured)
        assert "only reads" in str(error)


def test_somebody_else_holds_a_row(postgres: Any, url: str) -> None:
    """Who waits longer than ``busy`` seconds for another writer is Unavailable, and nothing is written."""
    with closing(opened(url + "?busy=1")) as store:
        write(store, Record("goals", "p.g1", 1, "{}"))
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as other:
            other.execute(text("SELECT 1 FROM ownership.records FOR UPDATE"))
            error = refusal(lambda: write(store, Record("goals", "p.g2", 1, "{}"), Record("goals", "p.g1", 2, CANARY)))
            assert isinstance(error, Unavailable)
            assert "written by someone else" in str(error)
        engine.dispose()
        assert ids(store) == ["p.g1"]


def test_all_connections_are_in_use(url: str) -> None:
    """Who waits longer than ``timeout`` seconds for a connection is Unavailable."""
    done, ready = threading.Event(), threading.Semaphore(0)
    with closing(opened(url + "?pool=1&timeout=1")) as store:

        def hold() -> None:
            with store.reading("acme"):
                ready.release()
                done.wait(60)

        threads = [threading.Thread(target=hold) for _ in range(11)]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert ready.acquire(timeout=60)
        error = refusal(lambda: ids(store))
        done.set()
        for thread in threads:
            thread.join()
        assert isinstance(error, Unavailable)
        assert "in use" in str(error)
        assert ids(store) == []


def test_a_key_that_is_too_long(store: SqlStore) -> None:
    """An id or a key longer than an index takes is refused, and nothing of its unit is written."""
    noise = "".join(Random(7).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9_000))
    error = refusal(lambda: write(store, Record("goals", "p.g1", 1, CANARY, (("team", noise),))))
    assert isinstance(error, InvalidInput)
    assert ids(store) == []


def test_swallowed_errors_of_the_database(store: SqlStore) -> None:
    """A unit whose block swallows what the database refused is not written, and its end says so."""

    def swallow() -> None:
        with store.writing("acme") as unit:
            unit.put([Record("goals", "p.g1", 1, "{}")])
            with suppress(OwnershipError):
                list(unit.find("goals", limit=-1))
            with suppress(OwnershipError):
                unit.put([Record("goals", "p.g2", 1, "{}")])

    with pytest.raises(Unavailable):
        swallow()
    assert ids(store) == []


SERIALIZATION = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$"
"""What PostgreSQL answers when a unit could not have been alone; it does so where it likes, here where we do."""


def test_a_unit_that_could_not_have_been_alone(store: SqlStore) -> None:
    """What is undone since others changed what it read is a conflict, also where the unit had not yet written."""
    unit = store.writing("acme")
    with pytest.raises(Conflict), unit as open_unit:
        open_unit._rows(SERIALIZATION)  # type: ignore[attr-defined]
    reading = store.reading("acme")
    with pytest.raises(Unavailable), reading as open_reading:
        open_reading._rows(SERIALIZATION)  # type: ignore[attr-defined]


class Cable:
    """The cable between a store and its server, which can be cut at a moment."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.cut_when: Callable[[bytes], bool] = lambda _: False
        self.passes_on = True
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            for source, target, is_sent in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=(source, target, is_sent), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_sent: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if is_sent and self.cut_when(data):
                    source.shutdown(socket.SHUT_RDWR)
                    if self.passes_on:
                        target.sendall(data)
                        time.sleep(0.3)
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        """Take no new connections."""
        self._listener.close()


@contextmanager
def cabled(postgres: Any, url: str) -> Iterator[tuple[Cable, SqlStore]]:
    """Give a store at the end of a cable."""
    with ExitStack() as stack:
        cable = stack.enter_context(closing(Cable(postgres.port)))
        url = url.replace(f":{postgres.port}/", f":{cable.port}/")
        yield cable, stack.enter_context(closing(opened(url)))


@pytest.mark.parametrize("arrives", [True, False], ids=["the commit arrives", "it does not"])
def test_the_connection_is_lost_at_the_commit(postgres: Any, url: str, arrives: bool) -> None:
    """A commit whose answer is lost is Unknown: it may have happened, whole or not at all; and the store goes on."""
    with cabled(postgres, url) as (cable, store):
        write(store, Record("goals", "p.g1", 1, "{}"))
        cable.passes_on = arrives
        cable.cut_when = lambda sent: b"COMMIT" in sent
        error = refusal(lambda: write(store, Record("goals", "p.g2", 1, CANARY), Record("goals", "p.g3", 1, CANARY)))
        assert isinstance(error, Unknown)
        assert "look before you repeat it" in str(error)
        cable.cut_when = lambda _: False
        assert ids(store) == (["p.g1", "p.g2", "p.g3"] if arrives else ["p.g1"])


def test_the_connection_is_lost_in_the_midst(postgres: Any, url: str) -> None:
    """A connection that is lost before the commit is Unavailable, nothing is written, and the next unit works."""
    with cabled(postgres, url) as (cable, store):
        write(store, Record("goals", "p.g1", 1, "{}"))
        cable.passes_on = False
        cable.cut_when = lambda sent: CANARY.encode() in sent
        error = refusal(lambda: write(store, Record("goals", "p.g2", 1, CANARY)))
        assert isinstance(error, Unavailable)
        assert not isinstance(error, Unknown)
        cable.cut_when = lambda _: False
        assert ids(store) == ["p.g1"]


def test_the_server_ends_the_connections(postgres: Any, url: str) -> None:
    """When the server ends the connections, the unit under way is Unavailable, and the next one works."""
    database = url.rpartition("/")[2]
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
    with closing(opened(url)) as store:
        write(store, Record("goals", "p.g1", 1, "{}"))

        def interrupted() -> None:
            with store.writing("acme") as unit:
                unit.put([Record("goals", "p.g2", 1, CANARY)])
                postgres.sql("postgres", end)
                unit.put([Record("goals", "p.g3", 1, CANARY)])

        assert isinstance(refusal(interrupted), Unavailable)
        assert ids(store) == ["p.g1"]


def test_a_full_disk(postgres: Any) -> None:
    """A unit that finds the disk full is Unavailable and leaves nothing."""
    if not Path("/proc/mounts").exists() or os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    place = postgres.folder / "small"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", place], check=False).returncode:
        with closing(postgres.opened()) as store:  # where no disk can be made: the same state, raised by the server
            error = refusal(lambda: _raise(store, "53100"))
    else:
        try:
            error = _fill(postgres, place)
        finally:
            subprocess.run(["umount", "-l", place], check=True)
    assert isinstance(error, Unavailable)
    assert "disk" in str(error)


def _raise(store: SqlStore, state: str) -> None:
    with store.writing("acme") as unit:
        unit._rows(f"DO $$ BEGIN RAISE EXCEPTION '{CANARY}' USING ERRCODE = '{state}'; END $$")  # type: ignore[attr-defined]


def _fill(postgres: Any, place: Path) -> OwnershipError:
    shutil.chown(place, postgres._user)
    postgres.sql("postgres", f"CREATE TABLESPACE small LOCATION '{place}'")
    url = postgres.new()
    database = url.rpartition("/")[2]
    postgres.sql(database, "ALTER TABLE ownership.records SET TABLESPACE small")
    noise = Random(7)
    bodies = [noise.randbytes(4_000).hex() for _ in range(1_500)]
    with closing(opened(url)) as store:
        error = refusal(lambda: write(store, *(Record("goals", f"p.g{n}", 1, body) for n, body in enumerate(bodies))))
        assert ids(store) == []
    postgres.sql(database, "DROP TABLE ownership.records")
    postgres.sql("postgres", "DROP TABLESPACE small")
    return error


# --- statements


@contextmanager
def counted(store: SqlStore) -> Iterator[list[str]]:
    """Count the statements that reach the server, transactions aside."""
    said: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(store._engine, "before_cursor_execute", note)


CALLS: dict[str, tuple[int, Callable[[Unit, int], object]]] = {
    "get": (1, lambda unit, n: unit.get("check_ins", [f"p{i}.k1" for i in range(n)])),
    "owned": (1, lambda unit, _: unit.owned("p1", list(COLLECTIONS))),
    "find equals": (1, lambda unit, _: list(unit.find("check_ins", "partner_id", equals="nobody"))),
    "put new": (1, lambda unit, n: unit.put([Record("goals", f"q{i}.g", 1, "{}", (("team", "a"),)) for i in range(n)])),
    "put new without keys": (1, lambda unit, n: unit.put([Record("goals", f"q{i}.g", 1, "{}") for i in range(n)])),
    "put changed": (
        1,
        lambda unit, n: unit.put([Record("check_ins", f"p{i}.k1", 2, "{}", (("partner_id", "b"),)) for i in range(n)]),
    ),
    "put new and changed": (
        1,
        lambda unit, n: unit.put(
            [Record("check_ins", f"p{i}.k{k}", 3 - k, "{}") for i in range(n // 2 + 1) for k in (1, 2)]
        ),
    ),
    "remove": (1, lambda unit, n: unit.remove("check_ins", [f"p{i}.k1" for i in range(n)])),
    "emit": (1, lambda unit, n: unit.emit([Entry(f"e{i}", "mail", "p1", NOON) for i in range(n)])),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_number_of_statements_is_fixed(store: SqlStore, name: str) -> None:
    """Each call takes one statement for one record, and one for a thousand: one round trip."""
    number, call = CALLS[name]
    write(store, *(Record("check_ins", f"p{i}.k1", 1, "{}", (("partner_id", "a"),)) for i in range(900)))
    for n in (1, 900):
        with counted(store) as said:

            def undone(n: int = n) -> None:
                with store.writing("acme") as unit:
                    call(unit, n)
                    raise KeyError

            with pytest.raises(KeyError):
                undone()
        assert len(said) == number, said


def test_ten_thousand_records_take_a_batch_for_a_thousand(store: SqlStore) -> None:
    """More than a thousand records are written a thousand at a time."""
    with counted(store) as said:
        write(store, *(Record("goals", f"p{i}.g", 1, "{}") for i in range(10_000)))
    assert len(said) == 10


# --- plans


@pytest.fixture(scope="module")
def filled(postgres: Any) -> Iterator[SqlStore]:
    """Give a store with 6,000 people and 60,000 of their records, as PostgreSQL plans after it has counted them."""
    with closing(postgres.opened()) as store:
        for part in range(12):
            numbers = range(part * 500, part * 500 + 500)
            people = [f"p{number:05}" for number in numbers]
            with store.writing("acme") as unit:
                unit.put([Record("people", p, 1, "x" * 300, (("team", f"t{p[:4]}"),)) for p in people])
                unit.put([_check_in(number, k) for number in numbers for k in range(10)])
                entries = [(p, n) for p in people for n in range(4)]
                unit.emit([Entry(f"{p}:{n}", f"t{n}", p, NOON + timedelta(minutes=n)) for p, n in entries])
        with store._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        yield store


def _check_in(number: int, k: int) -> Record:
    keys = (("open_until", "2026-01-01"), ("partner_id", f"p{number // 8:05}"))
    return Record("check_ins", f"p{number:05}.k{k}", 1, "x" * 200, keys)


PLANS: dict[str, Callable[[SqlStore, Unit], object]] = {
    "get one": lambda _, unit: unit.get("check_ins", ["p00001.k1"]),
    "get many": lambda _, unit: unit.get("check_ins", [f"p{i:05}.k1" for i in range(0, 6_000, 60)]),
    "owned": lambda _, unit: unit.owned("p00001", list(COLLECTIONS)),
    "find a page of people": lambda _, unit: list(unit.find("people", after_id="p002", limit=50)),
    "find people": lambda _, unit: list(unit.find("people", after_id="p059")),
    "find equals": lambda _, unit: list(unit.find("check_ins", "partner_id", equals="p00001")),
    "find a page of equals": lambda _, unit: list(
        unit.find("check_ins", "open_until", equals="2026-01-01", after_id="p004", limit=50)
    ),
    "find before": lambda _, unit: list(unit.find("check_ins", "open_until", before="2025-12-31")),
    "put new": lambda _, unit: unit.put([Record("check_ins", "p00001.k99", 1, "{}", (("partner_id", "p1"),))]),
    "put changed": lambda _, unit: unit.put([Record("check_ins", "p00001.k1", 2, "{}", (("partner_id", "p1"),))]),
    "put many changed": lambda _, unit: unit.put(
        [Record("check_ins", f"p{i:05}.k1", 2, "{}", (("partner_id", "p1"),)) for i in range(0, 6_000, 60)]
    ),
    "remove": lambda _, unit: unit.remove("check_ins", ["p00001.k1"]),
    "remove many": lambda _, unit: unit.remove("check_ins", [f"p{i:05}.k1" for i in range(0, 6_000, 60)]),
    "emit": lambda _, unit: unit.emit([Entry("new", "mail", "p1", NOON)]),
    "claim": lambda _, unit: _explained(unit, statements.CLAIM, topic="t1", now=NOON, lease_until=NOON, limit=9),
    "settle": lambda _, unit: _explained(unit, statements.SETTLE, ids=["p00001:1", "p00002:1"]),
    "postpone": lambda _, unit: _explained(unit, statements.POSTPONE, ids=["p00001:1"], until=NOON),
    "pending": lambda _, unit: _explained(unit, statements.PENDING, topic="t1"),
}
"""Every hot query: all of the port but the listing of a collection that nobody lists."""


def _explained(unit: Any, statement: str, **values: Any) -> None:
    unit._rows(statement, **values)


Plan = dict[str, Any]


def plans(store: SqlStore, call: Callable[[SqlStore, Unit], object]) -> list[Plan]:
    """Give the steps in which PostgreSQL carries out the statements of a call, with one plan for all values too."""
    steps: list[Plan] = []

    def explain(connection: Any, _: Any, statement: str, parameters: Any, *__: Any) -> None:
        if statement.lstrip().startswith("EXPLAIN"):
            return
        steps.extend(
            _steps(connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()[0])
        )

    event.listen(store._engine, "before_cursor_execute", explain)
    try:
        with suppress(KeyError), store.writing("acme") as unit:
            call(store, unit)
            raise KeyError
    finally:
        event.remove(store._engine, "before_cursor_execute", explain)
    assert steps
    return steps


def _steps(node: Plan) -> Iterator[Plan]:
    plan = node.get("Plan", node)
    yield plan
    for part in plan.get("Plans", ()):
        yield from _steps(part)


def slow(steps: list[Plan]) -> list[str]:
    """Give the steps that read a table otherwise than by an index that begins with the shard key."""
    told = []
    for step in steps:
        table, condition = step.get("Relation Name"), str(step.get("Index Cond", ""))
        is_read = table in schema.TABLES and step["Node Type"] not in {"ModifyTable", "Insert", "Update", "Delete"}
        index = step["Node Type"] == "Bitmap Index Scan"
        if (is_read and step["Node Type"] != "Bitmap Heap Scan") or index:
            shard = "tenant = " in condition and ("owner = " in condition or _may_lack_owner(step))
            if "Index" not in step["Node Type"] or not shard:
                told.append(f"{step['Node Type']} on {table or step.get('Index Name')}: {condition}")
    return told


def _may_lack_owner(step: Plan) -> bool:
    """Whether a step is one that cannot know the owner: it looks for whose records have a key, or for what is due."""
    return step.get("Index Name") not in {"records_pkey", "keys_pkey"}


@pytest.mark.parametrize("name", PLANS)
def test_every_hot_query_uses_an_index_with_the_shard_key(filled: SqlStore, name: str) -> None:
    """Each statement finds its rows by an index, with the tenant, and by the owner where it knows whose they are."""
    steps = plans(filled, PLANS[name])
    assert slow(steps) == []
    assert any(str(step.get("Index Name", "")) in schema.INDEXES for step in steps) or "new" in name or name == "emit"


def test_a_page_is_read_in_the_order_of_an_index(filled: SqlStore) -> None:
    """A page of what has a key, or of a whole collection, is sorted by nobody: the index has it in order."""
    for name in ("find a page of people", "find a page of equals", "find equals"):
        assert not [step for step in plans(filled, PLANS[name]) if step["Node Type"] == "Sort"], name


def test_a_missing_index_is_seen(filled: SqlStore) -> None:
    """The tests above see it when an index is missing."""
    for index, name in (
        ("keys_by_value", "find equals"),
        ("records_by_collection", "find a page of people"),
        ("outbox_by_due", "claim"),
        ("outbox_by_about", "remove"),
    ):
        said = _statements_of(filled, name)
        with filled._engine.connect() as connection:
            connection.execute(text(f"DROP INDEX ownership.{index}"))
            steps: list[Plan] = []
            for statement in said:
                steps += _steps(connection.exec_driver_sql(*statement).scalar_one()[0])
            connection.rollback()
        assert slow(steps), index


def _statements_of(store: SqlStore, name: str) -> list[tuple[str, Any]]:
    said: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((f"EXPLAIN (FORMAT JSON) {statement}", parameters))

    event.listen(store._engine, "before_cursor_execute", note)
    with suppress(KeyError), store.writing("acme") as unit:
        PLANS[name](store, unit)
        raise KeyError
    event.remove(store._engine, "before_cursor_execute", note)
    return said


# --- workers


WORKER = """if True:
    import os, sys, time
    from datetime import UTC, datetime, timedelta
    from ownership.adapters.storage.sqlalchemy.store import open_postgresql
    from ownership.ports.adapters import Address

    out = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND)
    store = open_postgresql(Address.parse(sys.argv[1]))
    outbox = store.outbox("acme")
    while True:
        now = datetime.now(UTC)
        batch = outbox.claim("mail", now=now, lease_until=now + timedelta(seconds=2), limit=5)
        for entry in batch:
            os.write(out, f"{entry.id}\\n".encode())   # this is the sending
            outbox.settle([entry.id])
        if not batch:
            time.sleep(0.05)
"""


def test_workers_with_kills(url: str, store: SqlStore, tmp_path: Path) -> None:
    """Processes that share the outbox and are killed at any moment lose no entry; a kill makes one double at most."""
    names = [f"e{number:05}" for number in range(ENTRIES)]
    with store.writing("acme") as unit:
        unit.emit([Entry(name, "mail", "p1", NOON - timedelta(days=99)) for name in names])
    sent = tmp_path / "sent"
    sent.touch()
    random = Random(KILLS)

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", WORKER, url, str(sent)])

    workers = [start() for _ in range(WORKERS)]
    deadline = time.monotonic() + 300
    kills = 0
    try:
        while store.outbox("acme").pending("mail"):
            assert time.monotonic() < deadline
            assert all(worker.poll() is None for worker in workers)
            time.sleep(random.uniform(0.02, 0.2))
            if kills < KILLS and sent.stat().st_size:
                victim = random.randrange(WORKERS)
                workers[victim].send_signal(signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = start()
                kills += 1
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    lines = sent.read_text().split()
    assert kills == KILLS
    assert set(lines) == set(names)
    assert len(lines) - len(names) <= kills


# --- what is removed


def test_raw_files_are_clean_after_the_documented_step() -> None:
    """What was removed is in no raw file after a scrub and what it leaves to an administrator, and was in many before.

    The server is as it comes: it had recycled files of its log, and had counted what is in the tables.
    """
    if reason := why_not("wheel"):
        pytest.skip(reason)
    with ExitStack() as stack:
        server = stack.enter_context(Server())
        database = server.database()
        store = stack.enter_context(closing(opened(server.url(database))))
        kept = [Record("goals", f"q{n}.g1", 1, "kept " * 50, (("team", "kept"),)) for n in range(300)]
        hers = [Record("goals", f"{CANARY}.g{n}", 1, CANARY * 90, (("team", CANARY),)) for n in range(300)]
        write(store, *kept, *hers)
        with store.writing("acme") as unit:
            unit.emit([Entry(f"e{n}", "mail", hers[0].id, NOON) for n in range(9)])
            unit.put([Record("goals", record.id, 2, CANARY * 100, record.keys) for record in hers])
        for statement in ("ANALYZE", "SELECT pg_switch_wal()", "CHECKPOINT"):
            server.sql(database, statement)
        assert {"base", "pg_wal"} <= {place.split("/")[0] for place in places(server)}
        assert hits(server) > 300
        with store.writing("acme") as unit:
            unit.remove("goals", [record.id for record in hers])
        left, _ = store.scrub()
        assert left.partition("/" + database + ": ")[2] == "; ".join(schema.MAINTENANCE)
        server.sql(database, "CHECKPOINT")
        statistics = server.sql(database, "SELECT pg_relation_filepath('pg_statistic')").strip()
        assert {statistics} == {place for place in places(server) if not place.startswith("pg_wal")}
        for statement in schema.MAINTENANCE:
            server.sql(database, statement)
        assert places(server) == {}
        assert len(ids(store)) == 300
        assert server.sql(database, "SHOW wal_recycle") == "on\n"


def test_the_page_has_what_an_administrator_runs() -> None:
    """The page on PostgreSQL shows the statements that a scrub leaves to do."""
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "use-postgresql.md").read_text(encoding="utf-8")
    shown = re.findall(r"```postgresql\n(.*?)```", page, re.DOTALL)[-1]
    assert " ".join(shown.split()) == " ".join("; ".join((*schema.MAINTENANCE, "")).split())


def test_an_older_transaction_keeps_what_was_removed(postgres: Any) -> None:
    """While somebody, in whatever table, has an older transaction open, scrubbing is refused; afterwards it works."""
    url = postgres.new()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="REPEATABLE READ")
    with closing(opened(url)) as store, engine.connect() as old:
        write(store, Record("goals", "p.g1", 1, CANARY))
        old.execute(text("SELECT count(*) FROM pg_class"))
        with store.writing("acme") as unit:
            unit.remove("goals", ["p.g1"])
        with pytest.raises(Unavailable, match="older"):
            store.scrub()
        assert CANARY in raw_table(postgres, url)
        old.rollback()
        assert len(store.scrub()) == 2
        assert CANARY not in raw_table(postgres, url)
    engine.dispose()


def test_a_user_who_does_not_own_the_tables_is_told(postgres: Any) -> None:
    """PostgreSQL passes over tables of somebody else with a warning; a scrub gives what their owner is to run."""
    url = postgres.new()
    database = url.rpartition("/")[2]
    for statement in (
        "CREATE ROLE app LOGIN",
        "GRANT USAGE ON SCHEMA ownership TO app",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ownership TO app",
    ):
        postgres.sql(database, statement)
    with closing(opened(postgres.url(database, user="app"))) as store:
        write(store, Record("goals", "p.g1", 1, CANARY))
        with store.writing("acme") as unit:
            unit.remove("goals", ["p.g1"])
        *of_the_owner, _, _ = store.scrub()
        assert CANARY in raw_table(postgres, url)
        for line in of_the_owner:
            postgres.sql(database, line.partition(f"/{database}: ")[2])
        assert CANARY not in raw_table(postgres, url)


def raw_table(server: Server, url: str) -> str:
    """Give what lies in the raw file of the table of records."""
    database = url.rpartition("/")[2]
    server.sql(database, "CHECKPOINT")
    place = server.sql(database, "SELECT pg_relation_filepath('ownership.records')").strip()
    return (server.data / place).read_bytes().decode("latin-1")


def places(server: Server) -> dict[str, int]:
    """Count the canaries in each file of a server but its log of errors, where there are any."""
    files = [file for file in server.data.rglob("*") if file.is_file()]
    found = {str(file.relative_to(server.data)): file.read_bytes().count(CANARY.encode()) for file in files}
    return {place: number for place, number in found.items() if number}


def hits(server: Server) -> int:
    """Count the canaries in all files of a server but its log of errors."""
    return sum(places(server).values())


# --- the other version


@pytest.mark.parametrize("place", ["debian"])
def test_another_version_of_postgresql(place: str) -> None:
    """On Debian's PostgreSQL the tables are laid, are as they should be, and a record lives its life."""
    if reason := why_not(place):
        pytest.skip(reason)
    with Server(place) as server, closing(opened(server.url(server.database()))) as store:
        assert list(store.check()) == []
        write(store, Record("people", "p", 1, "{}", (("team", "blue"),)), Record("goals", "p.g1", 1, "{}"))
        write(store, Record("goals", "p.g1", 2, "again", (("team", "red"),)))
        with pytest.raises(Conflict):
            write(store, Record("goals", "p.g1", 2, "late"))
        with store.writing("acme") as unit:
            unit.emit([Entry("e1", "mail", "p.g1", NOON)])
            assert [r.body for r in unit.find("goals", "team", equals="red")] == ["again"]
            assert [r.id for r in unit.find("people")] == ["p"]
            assert [r.id for r in unit.find("goals", "team", before="s")] == ["p.g1"]
        assert len(store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=9)) == 1
        with store.writing("acme") as unit:
            unit.remove("goals", ["p.g1"])
        assert store.outbox("acme").pending("mail") == 0
        assert len(store.scrub()) == 2


def test_two_who_begin_a_talk_at_once(url: str) -> None:
    """Of two who begin a talk that nobody did anything with, one is told that the other was first."""
    with World(url) as world:
        begun_at_once(world)
