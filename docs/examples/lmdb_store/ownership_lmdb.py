"""A store on LMDB: a memory-mapped tree in a folder. Who reads shares it, and who writes has it to himself.

LMDB orders keys by their bytes, and they are short. So a record lies under a digest of its name, and what can be looked
for is a line of one index: the scope in which it is looked for (a digest), the beginning of the value in the order of
code points, and a digest that keeps lines apart. The whole value stands in the line.
"""

import fcntl
import json
import os
import time
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import lmdb
from attrs import evolve

from ownership import Adapter, Conflict, Kind, Misconfigured, Unavailable, Unknown, hookimpl
from ownership.ports.storage import Changes, Entry, Record, Turns, refuse_half_characters, refuse_nameless, stamp

ADAPTER = "lmdb"
SIZE = 2**36  # bytes of addresses, not of disk
PATIENCE = 30.0  # seconds
INDEX, THING = b"index", b"thing"


@contextmanager
def _told(error=Unavailable):
    """Translate what LMDB and the system raise; their messages go no further."""
    try:
        yield
    except (lmdb.Error, OSError):
        raise error("the LMDB store did not answer") from None


def _digest(*texts):
    refuse_half_characters(*texts)
    return blake2b(json.dumps(texts).encode(), digest_size=16).digest()


def _beginning(value):
    return value[:100].encode().replace(b"\0", b"\0\xff") + b"\0\0"


def _lines(member, found_by):
    """Write the lines of the index for what is found by some values, each in a scope."""
    refuse_half_characters(member, *(value for _, value in found_by))
    return {
        INDEX + _digest(*scope) + _beginning(value) + _digest(value, member): json.dumps([value, member]).encode()
        for scope, value in found_by
    }


class _Unit:
    """A unit, in a transaction of LMDB."""

    def __init__(self, txn, tenant, *, writes=False):
        self.txn, self.tenant, self.changes = txn, tenant, Changes(ADAPTER, writes=writes)

    def get(self, collection, ids):
        found = (self.load("record", collection, id_) for id_ in sorted(set(ids)))
        return [Record(*stored) for stored in found if stored]

    def owned(self, owner_id, collections):
        found = ((name, self.members("owner", name, owner_id)) for name in sorted(set(collections)))
        return [record for name, ids in found for record in self.get(name, ids)]

    def find(self, collection, key="", *, equals=None, before=None, after_id="", limit=None):
        refuse_half_characters(equals or "", before or "", after_id)
        if key:
            there = self.members("key", collection, key, equals=equals, before=before)
        else:
            there = self.members("all", collection)
        ids = sorted(id_ for id_ in set(there) if id_ > after_id or not after_id)
        return (record for id_ in ids[:limit] for record in self.get(collection, [id_]))

    def load(self, *name):
        """Give what stands under a name, such as an entry and its id; None when there is nothing."""
        stored = self.stored(THING + _digest(self.tenant, *name))
        return stored and stored["is"]

    def stored(self, key):
        with _told():
            value = self.txn.get(key)
        return value and json.loads(value)

    def members(self, *scope, equals=None, before=None):
        """Give the members of a scope: all of them, those of one value, or those of the values below one."""
        start = INDEX + _digest(self.tenant, *scope)
        end = start + (b"\xff" if before is None else _beginning(before))
        if equals is not None:
            start = end = start + _beginning(equals)
            before = None  # the value decides alone
        members = []
        with _told(), self.txn.cursor() as cursor:
            there = cursor.set_range(start)
            while there and cursor.key()[:-16] <= end:
                value, member = json.loads(cursor.value())
                if equals in {None, value} and (before is None or value < before):
                    members.append(member)
                there = cursor.next()
        return members

    def put(self, records):
        with self.changes:
            for record in records:
                refuse_half_characters(record.body)
                name, id_ = record.collection, record.id
                former = self.get(name, [id_])
                if record.version != (former[0].version if former else 0) + 1:
                    raise Conflict(name, id_)
                found_by = {(("all", name), ""), (("owner", name, record.owner_id), "")}
                found_by |= {(("key", name, key), value) for key, value in record.keys}
                self.save(("record", name, id_), id_, [name, id_, record.version, record.body], found_by)

    def remove(self, collection, ids):
        with self.changes:
            for id_ in ids:
                self.save(("record", collection, id_))
                self.settle(self.members("about", id_))

    def emit(self, entries):
        with self.changes:
            for entry in entries:
                if not self.load("entry", entry.id):
                    self.schedule(entry, entry.due_at)

    def schedule(self, entry, free_at):
        """Write an entry, to be claimed from a moment on."""
        written = [entry.id, entry.topic, entry.about, stamp(entry.due_at), entry.attempts]
        found_by = {(("topic", entry.topic), stamp(free_at)), (("about", entry.about), "")}
        self.save(("entry", entry.id), entry.id, written, found_by)

    def settle(self, ids):
        for id_ in ids:
            self.save(("entry", id_))

    def entries(self, ids):
        """Give entries, the oldest due first."""
        stored = filter(None, [self.load("entry", id_) for id_ in ids])
        entries = [Entry(*name, datetime.fromisoformat(due_at), attempts) for *name, due_at, attempts in stored]
        return sorted(entries, key=lambda entry: (entry.due_at, entry.id))

    def save(self, name, member="", written=None, found_by=()):
        """Write what stands under a name and by what it is found, or nothing, in place of what stood there."""
        key = THING + _digest(self.tenant, *name)
        found_by = [((self.tenant, *scope), value) for scope, value in found_by]
        lines, former = _lines(member, found_by), self.stored(key)
        with _told():
            for line in _lines(former["id"], former["by"]) if former else ():
                self.txn.delete(line)
            for line, value in lines.items():
                self.txn.put(line, value)
            self.txn.delete(key)
            if written:
                stored = json.dumps({"id": member, "by": found_by, "is": written})
                self.txn.put(key, stored.encode())


class _Outbox:
    """The outbox of a tenant; each call is a unit."""

    def __init__(self, unit):
        self._unit = unit

    def claim(self, topic, *, now, lease_until, limit):
        with self._unit() as unit:
            due = unit.entries(unit.members("topic", topic, before=stamp(now) + "\0"))[:limit]
            claimed = [evolve(entry, attempts=entry.attempts + 1) for entry in due]
            for entry in claimed:
                unit.schedule(entry, max(lease_until, entry.due_at))
            return claimed

    def settle(self, ids):
        with self._unit() as unit:
            unit.settle(ids)

    def postpone(self, ids, *, until):
        with self._unit() as unit:
            for entry in unit.entries(ids):
                unit.schedule(evolve(entry, due_at=until), until)

    def pending(self, topic):
        with self._unit() as unit:
            return len(unit.members("topic", topic))


@contextmanager
def _locked(path, kind=fcntl.LOCK_EX):
    """Hold a lock of the system: a process that is killed gives its locks back."""
    process, until = os.getpid(), time.monotonic() + PATIENCE
    with _told():
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    with file:
        while True:
            try:
                fcntl.flock(file, kind | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Unavailable("the LMDB store is in use and") from None
                time.sleep(0.001)
        try:
            yield
        finally:
            if os.getpid() == process:  # a fork has the file open too: it gives back nothing, and closing is not enough
                fcntl.flock(file, fcntl.LOCK_UN)


class _Environment:
    """LMDB in a file, and how many units of this process are at work in it: it may be open once, so they share it.

    It goes without its own locks: these leave who waits for a process that is killed waiting for ever.
    """

    def __init__(self, file):
        self.lmdb = lmdb.open(str(file), map_size=SIZE, subdir=False, lock=False)
        self.process, self.units = os.getpid(), 0


_OPEN, _GATE = {}, Lock()
os.register_at_fork(before=_GATE.acquire, after_in_parent=_GATE.release, after_in_child=_GATE.release)


@contextmanager
def _shared(file):
    with _GATE, _told():
        there = _OPEN[file] = _OPEN.get(file) or _Environment(file)
        if there.process != os.getpid():
            raise Unavailable("the LMDB store was in the midst of a unit when this process was forked, and here it")
        there.units += 1
    try:
        yield there.lmdb
    finally:
        with _GATE:
            there.units -= 1
            if not there.units:
                _OPEN.pop(file).lmdb.close()


class LmdbStore:
    """A folder, with a file of LMDB's and one to lock."""

    def __init__(self, folder):
        self._file, self._turns = folder.resolve() / "data.mdb", Turns(ADAPTER)

    @contextmanager
    def reading(self, tenant):
        with self._turns.taken(tenant, reads=True), self._opened() as env, self._begin(env) as txn:
            yield _Unit(txn, tenant)

    @contextmanager
    def writing(self, tenant):
        with self._turns.taken(tenant), self._opened(fcntl.LOCK_EX) as env:
            txn = self._begin(env, write=True)
            try:
                unit = _Unit(txn, tenant, writes=True)
                yield unit
                unit.changes.confirm()
                with _told(Unknown):
                    txn.commit()
            finally:
                txn.abort()  # which does nothing after a commit

    def outbox(self, tenant):
        refuse_nameless(tenant)
        return _Outbox(lambda: self.writing(tenant))

    def check(self):
        found, expected = set(), {}
        with self._opened() as env, self._begin(env) as txn, _told():
            for key, value in txn.cursor():
                if key.startswith(INDEX):
                    found.add((key, value))
                else:
                    stored = json.loads(value)
                    expected |= _lines(stored["id"], stored["by"])
        differing = found ^ expected.items()
        return [f"{len(differing)} lines of the index are not as what they lead to"] if differing else []

    def scrub(self):
        """Copy what is there, value by value, to a new file: LMDB's pages keep what was removed."""
        new = self._file.with_name("new.mdb")
        with self._opened(fcntl.LOCK_EX) as env, _told():
            new.unlink(missing_ok=True)
            with closing(_Environment(new).lmdb) as copy, env.begin() as source, copy.begin(write=True) as target:
                for key, value in source.cursor():
                    target.put(key, value, append=True)
            new.replace(self._file)
            os.sync()  # the name of the file too
        return []

    def close(self):
        """Nothing is held between units."""

    @contextmanager
    def _opened(self, kind=fcntl.LOCK_SH):
        """Hold the file, to read in it as others do, or for oneself: to change it, or to make it."""
        with _told():
            kind = kind if self._file.exists() else fcntl.LOCK_EX
        with _locked(self._file.with_name("lock"), kind), _shared(self._file) as env:
            yield env

    def _begin(self, env, *, write=False):
        with _told():
            return env.begin(write=write)


def open_store(address):
    address.only()
    if address.host or not address.path.strip("/"):
        raise Misconfigured("lmdb:", "names no folder; lmdb:///folder is one here, lmdb:////folder one from the root")
    return LmdbStore(Path(address.path[1:]))  # the path begins with the third slash


@hookimpl
def ownership_register_adapters(register):
    claimed = frozenset({"durable", "outbox.claim", "units.serial"})
    summary = "keeps everything in a folder, with LMDB"
    register(Adapter(Kind.STORAGE, (ADAPTER,), open_store, summary, claimed, egress={"records"}))
