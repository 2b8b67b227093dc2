"""A workspace inside a transaction of the host's: the host's table and ours are committed together or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from ownership import Misconfigured, NotFound, Unavailable, Unsupported, Workspace, open_workspace
from ownership.adapters.storage import sqlalchemy
from ownership.adapters.storage.sqlalchemy.store import open_postgresql
from ownership.adapters.storage.sqlite import open_sqlite
from ownership.domain.goals import Goal
from ownership.errors import Conflict, IllegalMove
from ownership.ports.adapters import Address
from ownership.ports.storage import Record, Store, joined_to

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@frozen
class Host:
    """An application with a table of its own in the database in which a workspace lies."""

    workspace: Workspace
    connection: Any
    """What the host gives to be joined."""
    do: Callable[[str], Any]
    begin: Callable[[], object]
    commit: Callable[[], object]
    rollback: Callable[[], object]
    look: Callable[[], list[str]]
    """Gives what somebody else sees in the host's table."""

    def add(self, name: str) -> None:
        """Write in the host's own table."""
        self.do(f"INSERT INTO notes (name) VALUES ('{name}')")


@contextmanager
def over_sqlite(path: Path, connect: Callable[[Path], Any]) -> Iterator[Host]:
    """Make a host whose tables lie in the file of a workspace."""

    def look() -> list[str]:
        with closing(sqlite3.connect(path)) as other:
            return [name for (name,) in other.execute("SELECT name FROM notes ORDER BY name")]

    with open_workspace(f"sqlite:///{path}?busy=1") as workspace, connect(path) as (connection, begin):
        with closing(sqlite3.connect(path)) as laying:
            laying.execute("CREATE TABLE notes (name TEXT)")
        is_driver = isinstance(connection, sqlite3.Connection)
        do = connection.execute if is_driver else lambda statement: connection.execute(text(statement))
        yield Host(workspace, connection, do, begin, connection.commit, connection.rollback, look)
        connection.rollback()


@contextmanager
def explicit(path: Path) -> Iterator[Any]:
    """Use sqlite3, begin by hand, and have rows that are dictionaries."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = lambda cursor, row: dict(zip((c[0] for c in cursor.description), row, strict=True))
        yield connection, lambda: connection.execute("BEGIN")


@contextmanager
def implicit(path: Path) -> Iterator[Any]:
    """Use sqlite3 as it comes: it begins with the first statement that writes."""
    with closing(sqlite3.connect(path)) as connection:
        yield connection, lambda: connection.execute("INSERT INTO notes (name) SELECT 'nothing' WHERE 0")


@contextmanager
def alchemy_in_a_file(path: Path) -> Iterator[Any]:
    """Use SQLAlchemy over SQLite: it begins in words, and in the file when it writes."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        yield connection, connection.begin
    engine.dispose()


@contextmanager
def over_postgresql(url: str, connect: Callable[[Engine], Any]) -> Iterator[Host]:
    """Make a host that uses SQLAlchemy over PostgreSQL."""
    engine = engine_of(url)
    with engine.begin() as laying:
        laying.execute(text("CREATE TABLE notes (name TEXT)"))

    def look() -> list[str]:
        with engine.connect() as other:
            return [row[0] for row in other.execute(text("SELECT name FROM notes ORDER BY name"))]

    with open_workspace(url, plugins=[sqlalchemy]) as workspace, connect(engine) as connection:
        yield Host(
            workspace,
            connection,
            lambda statement: connection.execute(text(statement)),
            connection.begin,
            connection.commit,
            connection.rollback,
            look,
        )
        connection.rollback()
    engine.dispose()


def engine_of(url: str, **options: Any) -> Engine:
    """Make an engine of a host's."""
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"), **options)


HOSTS: dict[str, Callable[[Path, Callable[[], Any]], AbstractContextManager[Host]]] = {
    "sqlite3": lambda folder, _: over_sqlite(folder / "host.db", explicit),
    "sqlite3 as it comes": lambda folder, _: over_sqlite(folder / "host.db", implicit),
    "SQLAlchemy over SQLite": lambda folder, _: over_sqlite(folder / "host.db", alchemy_in_a_file),
    "SQLAlchemy": lambda _, server: over_postgresql(server().new(), Engine.connect),
    "SQLAlchemy session": lambda _, server: over_postgresql(server().new(), Session),
}


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    """Give each kind of host, with a few people in the workspace."""
    with HOSTS[request.param](tmp_path, lambda: request.getfixturevalue("postgres")) as host:
        host.workspace.people.sync("sample:?people=20")
        yield host


def draft(workspace: Workspace, title: str = "Lead a client workshop") -> Goal:
    """Draft a goal of Ada's."""
    return workspace.acting_as("ada@example.org").goals.draft(title=title)


def titles(workspace: Workspace) -> list[str]:
    """Give the titles of Ada's goals."""
    return [goal.title for goal in workspace.acting_as("ada@example.org").goals.mine()]


def test_what_the_host_commits_is_committed_together(host: Host) -> None:
    """What the host writes in its table and what is done in the workspace are there together, after its commit."""
    host.begin()
    host.add("before")
    goal = draft(host.workspace.joined(host.connection))
    host.add("after")
    assert host.look() == titles(host.workspace) == []
    host.commit()
    assert host.look() == ["after", "before"]
    assert titles(host.workspace) == [goal.title]


def test_what_the_host_rolls_back_is_gone_together(host: Host) -> None:
    """What the host rolls back is gone from its table and from the workspace."""
    host.begin()
    host.add("gone")
    draft(host.workspace.joined(host.connection))
    host.rollback()
    assert host.look() == titles(host.workspace) == []


def test_nothing_is_seen_before_the_commit(host: Host) -> None:
    """Before the commit the joined workspace sees what was done in it, and nobody else does: no record, no entry."""
    host.begin()
    joined = host.workspace.joined(host.connection)
    ada = joined.acting_as("ada@example.org")
    ada.goals.share(ada.goals.start(draft(joined)), "manager")
    assert titles(joined) == ["Lead a client workshop"]
    assert titles(host.workspace) == []
    outbox, inside = (ws._desk.store.outbox("default") for ws in (host.workspace, joined))
    assert (outbox.pending("fact"), inside.pending("fact") > 0) == (0, True)
    host.commit()
    assert outbox.pending("fact") > 0


def test_without_an_open_transaction_it_is_refused(host: Host) -> None:
    """A connection on which nothing is open is refused, at joining and at each call after the host has ended it."""
    with pytest.raises(Misconfigured, match="no open transaction"):
        host.workspace.joined(host.connection)
    for end in (host.commit, host.rollback):
        host.begin()
        joined = host.workspace.joined(host.connection)
        titles(joined)
        end()
        with pytest.raises(Misconfigured, match="no open transaction"):
            draft(joined)
    assert titles(host.workspace) == []


def test_a_call_that_fails_leaves_the_hosts_transaction_as_it_was(host: Host) -> None:
    """A call that is refused undoes its own savepoint only: what went before stays, and the host goes on."""
    host.begin()
    host.add("before")
    joined = host.workspace.joined(host.connection)
    kept = draft(joined, "Kept")
    ada = joined.acting_as("ada@example.org")
    with pytest.raises(NotFound):
        ada.goals.start(kept.id + "x")
    ada.goals.start(kept)
    with pytest.raises(Conflict):
        ada.goals.start(kept)
    with pytest.raises(IllegalMove):
        ada.goals.resume(kept.id)
    host.add("after")
    draft(joined, "And on")
    host.commit()
    assert host.look() == ["after", "before"]
    assert sorted(titles(host.workspace)) == ["And on", "Kept"]


def test_a_unit_that_fails_half_way_leaves_nothing_of_itself(host: Host) -> None:
    """Of a unit that wrote and then failed nothing is left, also when the failure was swallowed; others' stays."""
    host.begin()
    store = joined_to(host.workspace._desk.store, host.connection)

    def put(*records: Record, error: type[Exception] | None = None) -> None:
        with store.writing("acme") as unit:
            unit.put([Record("goals", "p.g9", 1, "{}")])
            with suppress(Conflict):
                unit.put(records)
            if error:
                raise error

    with store.writing("acme") as unit:
        unit.put([Record("goals", "p.g1", 1, "kept")])
    with pytest.raises(Conflict):
        put(Record("goals", "p.g1", 1, "lost"))
    with pytest.raises(KeyError):
        put(error=KeyError)
    host.commit()
    with host.workspace._desk.store.reading("acme") as unit:
        assert [(r.id, r.body) for r in unit.find("goals")] == [("p.g1", "kept")]


def test_what_must_not_wait_for_a_host_is_refused(host: Host) -> None:
    """Erasing, due work, which sends, the taking of entries and scrubbing are refused inside, and change nothing."""
    host.begin()
    joined = host.workspace.joined(host.connection)
    store = joined._desk.store
    outbox = store.outbox("default")
    calls: list[Callable[[], object]] = [
        joined.run_due_work,
        lambda: joined.people.erase(joined.people.plan_erasure("ada@example.org").confirmed()),
        store.scrub,
        lambda: outbox.claim("fact", now=NOON, lease_until=NOON, limit=1),
        lambda: outbox.settle(["e1"]),
        lambda: outbox.postpone(["e1"], until=NOON),
    ]
    for call in calls:
        with pytest.raises(Unsupported):
            call()
    host.add("after")
    host.commit()
    assert host.look() == ["after"]


def test_joined_is_no_place_to_join_from(host: Host) -> None:
    """A joined workspace cannot be joined once more."""
    host.begin()
    with pytest.raises(Unsupported, match=r"txn\.join"):
        host.workspace.joined(host.connection).joined(host.connection)


def test_closing_it_closes_nothing_of_the_hosts(host: Host) -> None:
    """After the joined workspace is closed, the host commits as ever, and the workspace itself goes on."""
    host.begin()
    with host.workspace.joined(host.connection) as joined:
        draft(joined)
        assert joined.check() == ()
    host.add("after")
    host.commit()
    assert host.look() == ["after"]
    assert titles(host.workspace) == ["Lead a client workshop"]


def test_a_long_answer_is_streamed_inside_too(host: Host) -> None:
    """More records than are read at once come whole and in order, while others of the unit are written."""
    ids = [f"p{number:04}.g1" for number in range(2_500)]
    host.begin()
    store = joined_to(host.workspace._desk.store, host.connection)
    with store.writing("acme") as unit:
        unit.put([Record("goals", id_, 1, "{}", (("team", "blue"),)) for id_ in ids])
    with store.writing("acme") as unit:
        seen = []
        for each in unit.find("goals", "team", equals="blue"):
            seen.append(each.id)
            if len(seen) % 500 == 1:
                unit.put([Record("goals", each.id, 2, "{}")])
        assert seen == ids
    host.commit()


@pytest.mark.parametrize("what", [None, "a text", object()])
def test_what_is_no_connection_is_refused(host: Host, what: object) -> None:
    """What is no connection is refused, with what to give."""
    with pytest.raises(Misconfigured, match="connection: is no"):
        host.workspace.joined(what)


def test_memory_joins_nothing() -> None:
    """A store that claims no joining refuses it."""
    with pytest.raises(Unsupported, match=r"txn\.join"):
        open_workspace().joined(object())


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A connection to another file than the workspace's is refused, also when that one is ours too."""
    with closing(open_sqlite(Address.parse(f"sqlite:///{tmp_path}/ours.db"))) as ours:
        open_sqlite(Address.parse(f"sqlite:///{tmp_path}/other.db")).close()
        for other in (str(tmp_path / "other.db"), ":memory:"):
            with closing(sqlite3.connect(other, isolation_level=None)) as connection:
                connection.execute("BEGIN")
                with pytest.raises(Misconfigured, match="another file"):
                    ours.joined(connection)


def test_texts_that_are_none_are_refused(tmp_path: Path) -> None:
    """A connection that gives something else for texts would give it to us too, and is refused."""
    path = tmp_path / "ours.db"
    with (
        closing(open_sqlite(Address.parse(f"sqlite:///{path}"))) as ours,
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
    ):
        connection.text_factory = bytes
        connection.execute("BEGIN")
        with pytest.raises(Misconfigured, match="text_factory"):
            ours.joined(connection)


def test_a_host_that_waits_for_another_writer(tmp_path: Path) -> None:
    """While another writes in the file, a joined call is Unavailable, and the host decides what then."""
    path = tmp_path / "host.db"
    with over_sqlite(path, explicit) as host, closing(sqlite3.connect(path, isolation_level=None)) as other:
        host.workspace.people.sync("sample:?people=20")
        host.do("PRAGMA busy_timeout = 50")
        host.begin()
        joined = host.workspace.joined(host.connection)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="written by someone else"):
            draft(joined)
        assert host.connection.in_transaction
        other.execute("ROLLBACK")
        draft(joined)
        host.commit()
        assert titles(host.workspace) == ["Lead a client workshop"]


# --- what only PostgreSQL has


@pytest.fixture
def url(postgres: Any) -> str:
    """Give the URL of a new database."""
    made: str = postgres.new()
    return made


@pytest.fixture
def ours(url: str) -> Iterator[Store]:
    """Give its store."""
    with closing(open_postgresql(Address.parse(url))) as store:
        yield store


def test_a_connection_that_commits_by_itself_is_refused(ours: Any, url: str) -> None:
    """A connection in AUTOCOMMIT has begun in words only, and is refused."""
    engine = engine_of(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection, connection.begin(), pytest.raises(Misconfigured, match="AUTOCOMMIT"):
        ours.joined(connection)
    engine.dispose()


def test_another_database_is_refused(ours: Any, postgres: Any) -> None:
    """A connection to another database, and a session of another kind of database, are refused."""
    for other in (engine_of(postgres.new()), create_engine("sqlite://")):
        with other.connect() as connection, connection.begin(), pytest.raises(Misconfigured, match="leads to"):
            ours.joined(connection)
        other.dispose()


def test_a_host_whose_transaction_has_failed(ours: Any, url: str) -> None:
    """In a transaction that PostgreSQL has given up nothing can be done, and it is still the host's to roll back."""
    engine = engine_of(url)
    with engine.connect() as connection:
        connection.begin()
        joined = ours.joined(connection)
        with suppress(Exception):
            connection.execute(text("SELECT 1 / 0"))
        with pytest.raises(Unavailable, match="25P02"), joined.reading("acme"):
            pass
        connection.rollback()
    engine.dispose()


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_at_every_isolation_of_the_hosts(ours: Any, url: str, level: Any) -> None:
    """Whatever the isolation of the host, what another wrote meanwhile is a conflict, and the host's own stays."""
    engine = engine_of(url, isolation_level=level)
    with ours.writing("acme") as unit:
        unit.put([Record("goals", "p.g1", 1, "{}")])
    with engine.connect() as connection:
        connection.begin()
        joined = ours.joined(connection)
        with joined.writing("acme") as unit:
            assert len(unit.get("goals", ["p.g1"])) == 1
            unit.put([Record("goals", "p.g2", 1, "mine")])
        with ours.writing("acme") as unit:
            unit.put([Record("goals", "p.g1", 2, "theirs")])
        with pytest.raises(Conflict) as caught, joined.writing("acme") as unit:
            unit.put([Record("goals", "p.g1", 2, "mine")])
        assert caught.value.id == "p.g1"
        connection.commit()
    with ours.reading("acme") as unit:
        assert [(r.id, r.body) for r in unit.find("goals")] == [("p.g1", "theirs"), ("p.g2", "mine")]
    engine.dispose()
