"""The SQLite store keeps what it acknowledged, refuses what is not its own, and leaves nothing of what is removed."""

from __future__ import annotations

import gc
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event, Thread, Timer

import pytest

from ownership.adapters.storage.sqlite import APPLICATION_ID, SCHEMA_VERSION, SqliteStore, open_sqlite
from ownership.errors import Misconfigured, Unavailable
from ownership.ports.adapters import Address
from ownership.ports.storage import COLLECTIONS, LISTED, Entry, Record, Unit

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
CANARY = b"canary"


def opened(path: Path, options: str = "") -> SqliteStore:
    """Open a file by its URL."""
    return open_sqlite(Address.parse(f"sqlite:///{path}{options}"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a file that is not there."""
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """Give an empty store in a new file."""
    made = opened(path, "?busy=1")
    yield made
    made.close()


def write(store: SqliteStore, *records: Record) -> None:
    """Put records in a unit of their own."""
    with store.writing("acme") as unit:
        unit.put(records)


def ids(store: SqliteStore) -> list[str]:
    """Give the ids of all goals."""
    with store.reading("acme") as unit:
        return [record.id for record in unit.find("goals")]


def raw(folder: Path) -> dict[str, bytes]:
    """Give all files of a folder, but for the index that SQLite keeps of a log while it reads."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith("-shm")}


def pragma(connection: sqlite3.Connection, name: str) -> object:
    """Read a setting back."""
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


# --- bad input


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("sqlite:", "sqlite"),
        ("sqlite://", "sqlite"),
        ("sqlite:///", "sqlite"),
        ("sqlite:///:memory:", "sqlite"),
        ("sqlite::memory:", "sqlite"),
        ("sqlite://host/store.db", "sqlite"),
        ("sqlite:///nul%00.db", "sqlite"),
        ("sqlite:///store.db?mode=memory", "sqlite:?mode"),
        ("sqlite:///store.db?Busy=5", "sqlite:?Busy"),
        ("sqlite:///store.db?busy=", "sqlite:?busy"),
        ("sqlite:///store.db?busy=-1", "sqlite:?busy"),
        ("sqlite:///store.db?busy=1.5", "sqlite:?busy"),
        ("sqlite:///store.db?busy=²", "sqlite:?busy"),
        (f"sqlite:///store.db?busy={'9' * 9_999}", "sqlite:?busy"),
        ("sqlite:///store.db?synchronous=OFF", "sqlite:?synchronous"),
        ("sqlite:///store.db?synchronous=", "sqlite:?synchronous"),
    ],
)
def test_wrong_url(url: str, field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A URL that is not right is refused by the part that is wrong, and no file is made."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Misconfigured) as caught:
        open_sqlite(Address.parse(url))
    assert caught.value.field == field
    assert raw(tmp_path) == {}


@pytest.mark.parametrize("name", ["file::memory:", "file:store.db?mode=memory", "sub:memory:", "with space é 🌱.db"])
def test_every_name_is_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name in which SQLite could read more than a name is a file like others, and keeps what is written."""
    monkeypatch.chdir(tmp_path)
    for number in range(2):
        with closing(SqliteStore(Path(name))) as store:
            write(store, Record("goals", f"p.g{number}", 1, "{}"))
    assert list(raw(tmp_path)) == [name]
    with closing(SqliteStore(tmp_path / name)) as store:
        assert ids(store) == ["p.g0", "p.g1"]


def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the process changes its folder, a store with a relative path stays with its file."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with closing(open_sqlite(Address.parse("sqlite:///store.db"))) as store, store.transaction("BEGIN"):
        monkeypatch.chdir(tmp_path / "elsewhere")
        write(store, Record("goals", "p.g1", 1, "{}"))
        assert raw(tmp_path / "elsewhere") == {}
    with closing(opened(tmp_path / "store.db")) as store:
        assert ids(store) == ["p.g1"]


def python(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a script in a process of its own, with its input and output at hand."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, today I wrote a file that is no database.\n" * 100)


def short_file(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00")


def torn_file(path: Path) -> None:
    opened(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:200] + b"\xa5" * (len(whole) - 200))


def another_program(path: Path, mode: str = "DELETE") -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE invoices (id INTEGER PRIMARY KEY, amount TEXT)")
        connection.execute("INSERT INTO invoices VALUES (1, '12.50')")
        connection.commit()


def another_program_with_a_log(path: Path) -> None:
    another_program(path, "WAL")


def another_program_that_was_killed(path: Path, mode: str) -> None:
    script = f"""if True:
        import os, sqlite3, sys
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
        connection.execute("PRAGMA journal_mode = {mode}")
        connection.execute("PRAGMA cache_size = 2")
        connection.execute("CREATE TABLE invoices (id INTEGER PRIMARY KEY, amount TEXT)")
        connection.execute("BEGIN")
        for number in range(99):
            connection.execute("INSERT INTO invoices VALUES (?, ?)", (number, "x" * 3000))
        if "{mode}" == "WAL":
            connection.execute("COMMIT")
        os.kill(os.getpid(), 9)
    """
    with python(script, path) as process:
        process.communicate()


def killed_with_a_log(path: Path) -> None:
    another_program_that_was_killed(path, "WAL")
    assert path.with_name("store.db-wal").stat().st_size > 99_000


def killed_with_a_journal(path: Path) -> None:
    another_program_that_was_killed(path, "DELETE")
    assert path.with_name("store.db-journal").stat().st_size > 0


def newer_schema(path: Path) -> None:
    opened(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (no_database, "no SQLite database"),
        (short_file, "no SQLite database"),
        (torn_file, "damaged"),
        (another_program, "another program"),
        (another_program_with_a_log, "another program"),
        (killed_with_a_log, "another program"),
        (killed_with_a_journal, "cannot be opened"),
        (newer_schema, f"newer release (schema {SCHEMA_VERSION + 1})"),
    ],
)
def test_a_file_that_is_not_ours(make: Callable[[Path], None], words: str, path: Path) -> None:
    """A file that is not ours, damaged or of a newer release is refused in words, and not one byte of it is changed."""
    make(path)
    before = raw(path.parent)
    with pytest.raises(Misconfigured, match=re.escape(words)) as caught:
        opened(path)
    assert caught.value.field == "sqlite"
    assert str(path) in str(caught.value)
    assert raw(path.parent) == before


def test_a_newer_schema_that_came_meanwhile(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look inside the transaction that lays the tables refuses as the first look does."""
    newer_schema(path)
    before = raw(path.parent)
    monkeypatch.setattr("ownership.adapters.storage.sqlite.store.refuse_strangers", lambda *_: None)
    with pytest.raises(Misconfigured, match="newer release"):
        opened(path)
    assert raw(path.parent) == before


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/store.db", "folder is there and writable"),
        ("file/store.db", "folder is there and writable"),
        ("folder", "is no file"),
        ("n" * 300, "cannot be reached"),
        (f"{'n' * 300}/store.db", "cannot be reached"),
    ],
)
def test_a_path_where_no_file_can_be(name: str, words: str, tmp_path: Path) -> None:
    """A path that is a folder, or in a folder that is not there, is refused, and nothing is made."""
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    with pytest.raises(Misconfigured, match=words):
        opened(tmp_path / name)
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "kept"


@contextmanager
def nobody_special() -> Iterator[None]:
    """Be a user whom permissions bind, for they do not bind root."""
    if not hasattr(os, "seteuid"):
        pytest.skip("this system has no users to become")
    me = os.geteuid()
    os.seteuid(me or 65_534)
    try:
        yield
    finally:
        os.seteuid(me)


@pytest.fixture
def shared_path() -> Iterator[Path]:
    """Give the path of a file in a folder that every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder) / "store.db"
        Path(folder).chmod(0o777)


@pytest.mark.parametrize(
    ("folder_mode", "file_mode"),
    [(0o555, None), (0o555, 0o444), (0o777, 0o444), (0o555, 0o666), (0o777, 0o000), (0o000, 0o666)],
    ids=["no file in a read-only folder", "all read-only", "file", "folder", "unreadable file", "closed folder"],
)
def test_no_permission(folder_mode: int, file_mode: int | None, shared_path: Path) -> None:
    """A file or folder that this user may not write is told at opening, and nothing is changed."""
    if file_mode is not None:
        opened(shared_path).close()
        shared_path.chmod(file_mode)
    before = raw(shared_path.parent)
    shared_path.parent.chmod(folder_mode)
    with nobody_special(), pytest.raises(Misconfigured, match=r"writable|cannot be reached|may not be written"):
        opened(shared_path)
    shared_path.parent.chmod(0o777)
    if file_mode is not None:
        shared_path.chmod(0o666)
    assert raw(shared_path.parent) == before
    with nobody_special():
        opened(shared_path).close()


def test_the_user_nobody_special_can_write(shared_path: Path) -> None:
    """The user of the tests above may write where permissions allow it: so it is they that bind."""
    with nobody_special(), closing(opened(shared_path)) as store:
        write(store, Record("goals", "p.g1", 1, "{}"))
        assert ids(store) == ["p.g1"]


LOCK = """if True:
    import sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    print("locked", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def locked_by_another(path: Path) -> Iterator[None]:
    """Have another process write in the file."""
    with python(LOCK, path) as process:
        assert process.stdout
        assert process.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            process.communicate("\n")


@pytest.mark.parametrize("busy", [0, 1])
def test_locked_by_another_process(path: Path, busy: int) -> None:
    """While another process writes, writing is Unavailable after ``busy`` seconds; reading goes on."""
    with closing(opened(path, f"?busy={busy}")) as store:
        write(store, Record("goals", "p.g1", 1, "{}"))
        calls: list[Callable[[], object]] = [
            lambda: write(store, Record("goals", "p.g2", 1, "{}")),
            lambda: store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=1),
            lambda: opened(path, f"?busy={busy}"),
        ]
        with locked_by_another(path):
            for call in calls[:1] if busy else calls:
                began = time.monotonic()
                with pytest.raises(Unavailable, match="written by someone else"):
                    call()
                assert busy * 0.8 <= time.monotonic() - began < busy + 1.5
                assert ids(store) == ["p.g1"]
        write(store, Record("goals", "p.g2", 1, "{}"))
        assert ids(store) == ["p.g1", "p.g2"]


def test_a_full_disk(store: SqliteStore) -> None:
    """A unit that finds the disk full is Unavailable and leaves nothing, even when its block goes on."""
    write(store, Record("goals", "p.g1", 1, "{}"))
    with store.transaction("BEGIN") as connection:
        connection.execute(f"PRAGMA max_page_count = {pragma(connection, 'page_count')}")

    def swallow() -> None:
        with store.writing("acme") as unit:
            unit.put([Record("goals", "p.g2", 1, "{}")])
            with suppress(sqlite3.Error):
                unit.put([Record("goals", f"q.g{number}", 1, "x" * 9_000) for number in range(99)])
            unit.remove("goals", ["p.g1"])
            unit.put([Record("goals", "p.g3", 1, "{}")])

    with pytest.raises(Unavailable, match="is full"):
        write(store, *(Record("goals", f"q.g{number}", 1, "x" * 9_000) for number in range(99)))
    with pytest.raises(Unavailable, match="is full"):
        swallow()
    assert ids(store) == ["p.g1"]
    assert list(store.check()) == []


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[], None]]:
    """Let a folder be a disk of four megabytes, of which three can be freed by a call; only root can make one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=False).returncode:
        with small_files(folder) as make_room:
            yield make_room
        return
    try:
        (folder / "ballast").write_bytes(bytes(3_000_000))
        yield (folder / "ballast").unlink
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def small_files(_: Path) -> Iterator[Callable[[], None]]:
    """Let no file of this process grow over a megabyte, until a call."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def make_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        yield make_room
    finally:
        make_room()


@pytest.mark.parametrize("small", [small_disk, small_files])
def test_no_room_is_left(small: Callable[[Path], AbstractContextManager[Callable[[], None]]], tmp_path: Path) -> None:
    """On a disk that is really full a unit is Unavailable and leaves nothing; with room again the store goes on."""
    path, noise = tmp_path / "disk" / "store.db", Random(7)
    path.parent.mkdir()
    kept: list[str] = []

    def fill(store: SqliteStore) -> None:
        while True:
            name = f"p.g{len(kept):04}"
            write(store, *(Record("goals", f"{name}{half}", 1, noise.randbytes(4_000).hex()) for half in "ab"))
            kept.extend((f"{name}a", f"{name}b"))

    with small(path.parent) as make_room:
        with closing(opened(path)) as store:
            for _ in range(2):
                with pytest.raises(Unavailable, match="is full"):
                    fill(store)
                assert ids(store) == kept
            assert len(kept) > 20
            assert list(store.check()) == []
            with pytest.raises(Unavailable, match="is full"):
                store.scrub()
            assert ids(store) == kept
            make_room()
            write(store, Record("goals", "q.g1", 1, "{}"))
            assert ids(store) == [*kept, "q.g1"]
            assert list(store.scrub()) == list(store.check()) == []
        with closing(opened(path)) as store:
            assert ids(store) == [*kept, "q.g1"]


def test_damage_is_told(path: Path) -> None:
    """A page that was overwritten is told by the check, in lines or by refusing the file."""
    with closing(opened(path)) as store:
        write(store, *(Record("goals", f"p{number}.g1", 1, "x" * 2_000) for number in range(500)))
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + os.urandom(40_000) + content[middle + 40_000 :])
    with closing(opened(path)) as store:
        try:
            told = list(store.check())
        except Misconfigured as error:
            told = [str(error)]
    assert told


# --- settings


def test_the_index_on_what_is_listed_says_what_is_listed(store: SqliteStore) -> None:
    """The index that lists whole collections is on exactly those; who lists another one adds a step to the schema."""
    with store.transaction("BEGIN") as connection:
        (laid,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'records_by_collection'").fetchone()
    assert laid.endswith("WHERE collection IN (" + ", ".join(f"'{name}'" for name in LISTED) + ")")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP INDEX keys_by_value", "keys_by_value is missing"),
        ("ALTER TABLE records ADD COLUMN notes TEXT", "records is not as this release lays it"),
        ("CREATE TABLE notes (name TEXT)", ""),
    ],
)
def test_drift_is_told(store: SqliteStore, change: str, told: str) -> None:
    """A table or index that is not as it was laid is told by the check; a table of the host's is the host's."""
    with store.transaction("BEGIN IMMEDIATE") as connection:
        connection.execute(change)
    assert list(store.check()) == [told] * bool(told)


def test_a_file_of_the_first_schema(path: Path) -> None:
    """A file of an earlier schema is brought to this one when it is opened, with all that is in it; once."""
    with closing(opened(path)) as store:
        write(store, canary("p.g1"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP INDEX outbox_by_about")
        connection.execute("PRAGMA user_version = 1")
    for _ in range(2):
        with closing(opened(path)) as store:
            assert ids(store) == ["p.g1"]
            with store.transaction("BEGIN") as connection:
                assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
                names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            assert "outbox_by_about" in names


def test_ours_by_its_header(path: Path) -> None:
    """The file says in its first bytes that it is a SQLite file of ours, and of which schema."""
    opened(path).close()
    header = path.read_bytes()[:100]
    assert header.startswith(b"SQLite format 3\x00")
    assert int.from_bytes(header[68:72]) == APPLICATION_ID
    assert int.from_bytes(header[60:64]) == SCHEMA_VERSION


@pytest.mark.parametrize(("option", "level"), [("", 2), ("?synchronous=full", 2), ("?synchronous=NORMAL", 1)])
def test_settings_on_every_connection(path: Path, option: str, level: int) -> None:
    """Every connection writes a log, flushes at each commit if not told otherwise, and overwrites what is removed."""
    for _ in range(2):  # a new file, and one that is there
        with closing(opened(path, option)) as store, ExitStack() as stack:
            connections = [stack.enter_context(store.transaction("BEGIN")) for _ in range(5)]
            assert len(set(connections)) == 5
            for connection in connections:
                assert pragma(connection, "journal_mode") == "wal"
                assert pragma(connection, "synchronous") == level
                assert pragma(connection, "secure_delete") == 1
                assert pragma(connection, "page_size") == 4096


@pytest.mark.parametrize("key", ["", "team"])
def test_a_stream_left_half_read(store: SqliteStore, path: Path, key: str) -> None:
    """A stream that was not read to its end does not show its old state to the next unit on the same connection."""
    write(store, *(Record("goals", f"p{number}.g1", 1, "{}", (("team", "blue"),)) for number in range(9)))
    with store.reading("acme") as unit:
        stream = unit.find("goals", key, equals="blue")
        next(stream)
    with closing(opened(path)) as other:
        write(other, Record("goals", "q.g1", 1, "{}"))
    assert ids(store)[-1] == "q.g1"
    write(store, Record("goals", "q.g1", 2, "{}"))
    del stream


# --- what is removed


def hits(folder: Path) -> int:
    """Count the canaries in all files of a folder, in whichever they are."""
    return sum(file.read_bytes().count(CANARY) for file in folder.iterdir())


def checkpoint(store: SqliteStore) -> None:
    """Bring the log into the file, and empty it."""
    with closing(sqlite3.connect(store._path, isolation_level=None)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def canary(id_: str, version: int = 1, times: int = 1) -> Record:
    """Make a record with canaries in its text, its key and its owner's id."""
    return Record("goals", id_, version, "canary " * times, (("email", "canary@example.org"),))


@pytest.mark.parametrize("secure", [True, False])
def test_removed_is_overwritten(store: SqliteStore, path: Path, secure: bool) -> None:
    """After removing and a checkpoint nothing is left in any raw file; without ``secure_delete`` much is."""
    if not secure:
        with store.transaction("BEGIN") as connection:
            connection.execute("PRAGMA secure_delete = OFF")
    write(store, *(Record("goals", f"p{number}.g1", 1, "x" * 500) for number in range(9)))
    write(store, canary("p5.g2"), canary("p5.g3", times=300), canary("canary.g1", times=9_000))
    with store.writing("acme") as unit:
        unit.emit([Entry("e1", "mail", "canary.g1", NOON)])
    assert hits(path.parent) > 9_000
    with store.writing("acme") as unit:
        for id_ in ("p5.g2", "p5.g3", "canary.g1"):
            unit.remove("goals", [id_])
    store.outbox("acme").settle(["e1"])
    checkpoint(store)
    assert (hits(path.parent) == 0) is secure


def lived(store: SqliteStore, random: Random) -> None:
    """Let many records be written, changed and moved from page to page, and then remove one person's."""
    versions: dict[str, int] = {}
    for _ in range(40):
        with store.writing("acme") as unit:
            for _ in range(30):
                id_ = f"p{random.randrange(60):02}.g{random.randrange(12):03}"
                versions[id_] = versions.get(id_, 0) + 1
                text = Record("goals", id_, versions[id_], "x" * random.choice([30, 900, 5_000]), (("team", "blue"),))
                unit.put([canary(id_, versions[id_], random.choice([3, 60, 900])) if id_.startswith("p0") else text])
    with store.writing("acme") as unit:
        for id_ in versions:
            if id_.startswith("p0"):
                unit.remove("goals", [id_])


@pytest.mark.parametrize("seed", range(4))
def test_scrubbed_leaves_nothing(path: Path, seed: int) -> None:
    """However a person's records were changed and moved, nothing of them is in any raw file after a scrub."""
    with closing(opened(path, "?synchronous=NORMAL")) as store:
        lived(store, Random(seed))
        kept = ids(store)
        store.scrub()
        assert hits(path.parent) == 0
        assert ids(store) == kept
        assert list(store.check()) == []
    assert hits(path.parent) == 0


def test_overwriting_alone_leaves_copies(tmp_path: Path) -> None:
    """Rows that moved between pages leave copies that ``secure_delete`` does not reach: hence the scrub."""
    left = 0
    for seed in range(4):
        with closing(opened(tmp_path / f"{seed}.db", "?synchronous=NORMAL")) as store:
            lived(store, Random(seed))
            checkpoint(store)
        left += hits(tmp_path)
    assert left


def test_scrub_with_a_reader(store: SqliteStore, path: Path) -> None:
    """While someone reads an older state a scrub is Unavailable, for the log still has what was removed."""
    write(store, canary("p.g1"))
    with closing(opened(path)) as other, other.reading("acme") as unit:
        assert list(unit.get("goals", ["p.g1"]))
        with store.writing("acme") as writing:
            writing.remove("goals", ["p.g1"])
        with pytest.raises(Unavailable, match="being read"):
            store.scrub()
    store.scrub()
    assert hits(path.parent) == 0


# --- kills


def test_a_first_opening_that_was_killed(path: Path) -> None:
    """A process killed while it made the file leaves a page and a journal; the next opening takes it up from there."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("PRAGMA journal_mode = WAL")
    assert path.stat().st_size == 4096
    magic = bytes.fromhex("d9d505f920a163d7")
    numbers = (
        0,
        1,
        0,
        512,
        16_384,
    )  # no pages in the journal, a nonce, no pages in the file before, sector and page size
    journal = magic + b"".join(number.to_bytes(4) for number in numbers)
    path.with_name("store.db-journal").write_bytes(journal.ljust(512, b"\x00"))
    with closing(opened(path)) as store:
        write(store, Record("goals", "p.g1", 1, "{}"))
        assert ids(store) == ["p.g1"]
    assert list(raw(path.parent)) == ["store.db"]


# --- closing


OPEN_AND_WRITE = """if True:
    import sys
    from contextlib import closing
    from ownership.adapters.storage.sqlite import open_sqlite
    from ownership.ports.adapters import Address
    from ownership.ports.storage import Record

    for line in sys.stdin:
        path, id_ = line.split()
        with closing(open_sqlite(Address.parse(f"sqlite:///{path}?busy=60"))) as store:
            with store.writing("acme") as unit:
                unit.put([Record("goals", id_, 1, "{}")])
        print("done", flush=True)
"""


def test_many_processes_open_a_new_file_at_once(tmp_path: Path) -> None:
    """Of several processes that open a new file at once none is refused, and what each writes is there."""
    names = [f"p{number}.g1" for number in range(6)]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", OPEN_AND_WRITE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for _ in names
        ]
        for number in range(15):
            path = tmp_path / f"{number}.db"
            for process, name in zip(processes, names, strict=True):
                print(path, name, file=process.stdin, flush=True)
            told = [process.stdout.readline() for process in processes if process.stdout]
            assert told == ["done\n"] * len(names)
            with closing(opened(path)) as store:
                assert ids(store) == names
                assert list(store.check()) == []


FORKED_IN_USE = """if True:
    import os, sys, threading
    from contextlib import suppress
    from ownership.adapters.storage.sqlite import open_sqlite
    from ownership.errors import Unavailable, Unsupported
    from ownership.ports.adapters import Address
    from ownership.ports.storage import Record

    address = Address.parse(f"sqlite:///{sys.argv[1]}")
    store = open_sqlite(address)
    begun, forked = threading.Event(), threading.Event()

    def work():
        with store.writing("acme") as unit:
            unit.put([Record("goals", "p.g1", 1, "{}")])
            begun.set()
            forked.wait()
            unit.put([Record("goals", "p.g2", 1, "{}")])

    def is_refused(call):
        try:
            call()
        except Unsupported as error:
            return "forked" in str(error)
        return False

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    child = os.fork()
    if child == 0:
        both = is_refused(lambda: store.reading("acme").__enter__()) and is_refused(lambda: open_sqlite(address))
        elsewhere = open_sqlite(Address.parse(f"sqlite:///{sys.argv[1]}.other"))
        os._exit(0 if both else 1)
    _, status = os.waitpid(child, 0)
    forked.set()
    thread.join()
    with store.writing("acme") as unit:  # and a fork within a unit of one's own: the child ends nothing
        unit.put([Record("goals", "p.g3", 1, "{}")])
        child = os.fork()
        if child == 0:
            with suppress(Unavailable):
                unit.__exit__(None, None, None)
                os._exit(1)
            os._exit(0)
        _, status_within = os.waitpid(child, 0)
        unit.put([Record("goals", "p.g4", 1, "{}")])
    store.close()
    sys.exit(status or status_within)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_fork_in_the_midst_of_a_unit(path: Path) -> None:
    """A file that was in use at a fork is refused to the child, for SQLite would lock nothing there."""
    subprocess.run([sys.executable, "-c", FORKED_IN_USE, str(path)], check=True, timeout=60)
    with closing(opened(path)) as store:
        assert ids(store) == ["p.g1", "p.g2", "p.g3", "p.g4"]
        assert list(store.check()) == []


def handles() -> int:
    """Count what this process has open."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("this system does not show what a process has open")
    return len(list(Path("/proc/self/fd").iterdir()))


def test_close_with_connections_of_other_threads(path: Path) -> None:
    """Closing, once or twice, closes the connections of all threads, alive or gone, without a warning."""
    gc.collect()
    before = handles()
    store = opened(path)
    done, ready = Event(), [Event() for _ in range(4)]

    def stay(mine: Event) -> None:
        with store.reading("acme") as unit:
            list(unit.find("goals"))
            mine.set()
            done.wait(60)

    threads = [Thread(target=stay, args=(mine,)) for mine in ready]
    for thread in threads:
        thread.start()
    for mine in ready:
        assert mine.wait(60)
    done.set()
    for thread in threads[:2]:
        thread.join()
    threads[2].join()
    threads[3].join()
    assert handles() > before + 4
    store.close()
    store.close()
    assert handles() == before
    assert sorted(raw(path.parent)) == ["store.db"]
    gc.collect()


def test_threads_come_and_go(store: SqliteStore) -> None:
    """A thread that ends leaves no connection behind: a hundred in a row need no more than one does."""
    write(store, Record("goals", "p.g1", 1, "{}"))
    before = handles()
    for _ in range(100):
        thread = Thread(target=ids, args=(store,))
        thread.start()
        thread.join()
    assert handles() == before


@pytest.mark.parametrize("opening", ["reading", "writing"])
def test_a_store_closed_in_the_midst_of_a_stream(store: SqliteStore, opening: str) -> None:
    """A unit that streams when its store is closed is Unavailable as well, and gives back its turn."""
    write(store, Record("goals", "ada.1", 1, "{}"), Record("goals", "ada.2", 1, "{}"))

    def closed_meanwhile() -> None:
        with getattr(store, opening)("acme") as unit:
            next(unit.find("goals"))
            store.close()

    with pytest.raises(Unavailable, match="closed"):
        closed_meanwhile()
    assert ids(store) == ["ada.1", "ada.2"]


def test_an_interrupt_while_a_writer_waits(store: SqliteStore, path: Path) -> None:
    """Who is interrupted waiting for another writer holds no lock afterwards, though SQLite had just given it."""
    write(store, Record("goals", "ada.1", 1, "{}"))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = Timer(0.4, other.execute, ["ROLLBACK"])
        before = signal.signal(signal.SIGALRM, interrupt)
        done.start()
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            with pytest.raises(KeyboardInterrupt), store.writing("acme"):
                pass
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            done.join()
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    write(store, Record("goals", "ada.2", 1, "{}"))
    assert ids(store) == ["ada.1", "ada.2"]


def test_close_in_the_midst_of_a_unit(store: SqliteStore, path: Path) -> None:
    """A unit whose store is closed under it is Unavailable and leaves nothing."""

    def closed_meanwhile() -> None:
        with store.writing("acme") as unit:
            unit.put([Record("goals", "p.g1", 1, "{}")])
            store.close()
            unit.put([Record("goals", "p.g2", 1, "{}")])

    with pytest.raises(Unavailable, match="closed"):
        closed_meanwhile()
    with closing(opened(path)) as again:
        assert ids(again) == []


@pytest.mark.parametrize("make", [no_database, another_program, newer_schema, a_folder])
def test_a_refused_opening_leaves_nothing_open(make: Callable[[Path], None], path: Path) -> None:
    """A store that could not be opened holds no file."""
    make(path)
    before = handles()
    with pytest.raises(Misconfigured):
        opened(path)
    assert handles() == before


def test_a_locked_opening_leaves_nothing_open(path: Path) -> None:
    """A store that was locked at its opening holds no file."""
    opened(path).close()
    before = handles()
    with locked_by_another(path), pytest.raises(Unavailable):
        opened(path, "?busy=0")
    assert handles() == before


# --- plans

UNIT_CALLS: dict[str, Callable[[Unit], object]] = {
    "get one": lambda unit: unit.get("check_ins", ["p1.k1"]),
    "get many": lambda unit: unit.get("check_ins", [f"p{number}.k1" for number in range(450)]),
    "owned": lambda unit: unit.owned("p1", list(COLLECTIONS)),
    "find all": lambda unit: list(unit.find("people")),
    "find a page": lambda unit: list(unit.find("people", after_id="p2", limit=9)),
    "find equals": lambda unit: list(unit.find("check_ins", "partner_id", equals="p1")),
    "find a page of equals": lambda unit: list(
        unit.find("check_ins", "partner_id", equals="p1", after_id="p", limit=9)
    ),
    "put new": lambda unit: unit.put([Record("check_ins", "new.k1", 1, "{}", (("partner_id", "p1"),))]),
    "put changed": lambda unit: unit.put([Record("check_ins", "p1.k1", 2, "{}", (("partner_id", "p1"),))]),
    "remove": lambda unit: unit.remove("check_ins", ["p1.k1"]),
    "remove many": lambda unit: unit.remove("check_ins", [f"p{number}.k1" for number in range(250)]),
    "emit": lambda unit: unit.emit([Entry("new", "mail", "p1", NOON)]),
}
STORE_CALLS: dict[str, Callable[[SqliteStore], object]] = {
    "claim": lambda store: store.outbox("acme").claim("mail", now=NOON, lease_until=NOON, limit=9),
    "settle": lambda store: store.outbox("acme").settle(["e1", "e2"]),
    "postpone": lambda store: store.outbox("acme").postpone(["e1", "e2"], until=NOON),
    "pending": lambda store: store.outbox("acme").pending("mail"),
}
SORTS = {
    "find before": lambda unit: list(unit.find("check_ins", "open_until", before="2026-02-01")),
    "find a page of before": lambda unit: list(unit.find("check_ins", "open_until", before="2026-02-01", limit=9)),
}


@pytest.fixture(params=["new", "analysed"])
def filled(request: pytest.FixtureRequest, store: SqliteStore) -> SqliteStore:
    """Give a store with some hundred people, as it is and after SQLite has counted what is in it."""
    keys = (("partner_id", "p1"), ("open_until", "2026-01-01"))
    write(store, *(Record("check_ins", f"p{number}.k{k}", 1, "{}", keys) for number in range(300) for k in (1, 2)))
    with store.writing("acme") as unit:
        unit.emit([Entry(f"e{number}", "mail", "p1", NOON) for number in range(300)])
    if request.param == "analysed":
        with store.transaction("BEGIN IMMEDIATE") as connection:
            connection.execute("ANALYZE")
    return store


def plan(store: SqliteStore, call: Callable[[], object]) -> list[str]:
    """Do a call, and give the steps in which SQLite carries out its statements."""
    with store.transaction("BEGIN") as connection:
        statements: list[str] = []
    connection.set_trace_callback(statements.append)
    call()
    connection.set_trace_callback(None)
    ours = {line for line in statements if line.startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"))}
    assert ours
    return [step for line in ours for (*_, step) in connection.execute(f"EXPLAIN QUERY PLAN {line}")]


def in_unit(store: SqliteStore, call: Callable[[Unit], object]) -> Callable[[], object]:
    """Make a call in a unit of its own."""

    def do() -> None:
        with store.writing("acme") as unit:
            call(unit)

    return do


def slow(steps: list[str]) -> list[str]:
    """Give the steps that read a whole table or sort; ``w`` and a co-routine are what was asked for or found so far."""
    short = {f"SCAN {name}" for name in "wk" if any(re.fullmatch(rf"CO-ROUTINE ({name}|wanted)", s) for s in steps)}
    return [s for s in steps if ("SCAN" in s and s not in short and "CONSTANT ROW" not in s) or "TEMP B-TREE" in s]


@pytest.mark.parametrize("name", UNIT_CALLS)
def test_every_statement_of_a_unit_uses_an_index(filled: SqliteStore, name: str) -> None:
    """No statement of a unit reads a whole table or sorts."""
    steps = plan(filled, in_unit(filled, UNIT_CALLS[name]))
    assert slow(steps) == []


@pytest.mark.parametrize("name", STORE_CALLS)
def test_every_statement_of_the_outbox_uses_an_index(filled: SqliteStore, name: str) -> None:
    """No statement of the outbox reads a whole table or sorts."""
    assert slow(plan(filled, lambda: STORE_CALLS[name](filled))) == []


@pytest.mark.parametrize("name", SORTS)
def test_a_range_sorts_only_ids(filled: SqliteStore, name: str) -> None:
    """A range of values reads just that range, and sorts only its ids, which the index has in another order."""
    steps = plan(filled, in_unit(filled, SORTS[name]))
    assert "SEARCH k USING COVERING INDEX keys_by_value (tenant=? AND collection=? AND key=? AND value<?)" in steps
    assert slow(steps) == ["USE TEMP B-TREE FOR GROUP BY"]


def test_a_missing_index_is_seen(filled: SqliteStore) -> None:
    """The tests above see it when an index is missing."""
    with filled.transaction("BEGIN IMMEDIATE") as connection:
        connection.execute("DROP INDEX records_by_collection")
        connection.execute("DROP INDEX outbox_by_due")
    assert slow(plan(filled, in_unit(filled, UNIT_CALLS["find all"])))
    assert slow(plan(filled, lambda: STORE_CALLS["claim"](filled)))


# --- what a change writes


@pytest.mark.parametrize(
    ("keys", "rows"),
    [
        ((("email", "a"), ("team", "x")), 1),
        ((("team", "x"), ("email", "a"), ("team", "x")), 1),
        ((("email", "b"), ("team", "x")), 3),
        ((("email", "a"),), 2),
        ((("email", "a"), ("team", "x"), ("team", "y")), 2),
        ((), 3),
    ],
    ids=["the same", "the same in another order", "another value", "one less", "one more", "none"],
)
def test_a_change_writes_what_is_another(store: SqliteStore, keys: tuple[tuple[str, str], ...], rows: int) -> None:
    """A new version of a record is written, and of its keys only what is another than before."""
    with store.writing("t") as unit:
        unit.put([Record("people", "p", 1, "{}", (("email", "a"), ("team", "x")))])
    with store.turn("BEGIN", "t") as connection:
        before = connection.total_changes
    with store.writing("t") as unit:
        unit.put([Record("people", "p", 2, "{}", keys)])
    with store.turn("BEGIN", "t") as connection:
        assert connection.total_changes - before == rows
        found = connection.execute("SELECT key, value FROM keys ORDER BY key, value").fetchall()
    assert found == sorted(set(keys))
