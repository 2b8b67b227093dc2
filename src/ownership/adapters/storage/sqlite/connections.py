"""Connections to a file: lent to whoever needs one, as many as were ever needed at once, and none at a fork.

SQLite takes a file's locks once for a process, and a fork does not inherit them. A child that inherits an open
connection has no lock, and what it writes later is lost when the parent closes the file. So none is open at a fork.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from weakref import WeakSet

from ownership.adapters.storage.sqlite.refusals import ADAPTER
from ownership.errors import Unsupported

PAGE_SIZE = 4096
"""Bytes. A row longer than a quarter of a page goes on in pages of its own, and most changes write one small page."""

_CACHE_KIBIBYTES = 8192
"""What a connection keeps of the file at most: the pages of many people are changed in turns."""

_LOG_PAGES = 4000
"""The log goes over into the file when it has grown to so many pages, 16 MB."""

A_MOMENT = 0.02
"""Seconds in which somebody who makes a file changes it at least once."""

LENDERS: WeakSet[Connections] = WeakSet()
"""All that lend connections in this process, for a fork."""

_OF_ANOTHER_PROCESS: dict[Path, list[sqlite3.Connection]] = {}
"""Connections that came along with a fork all the same, in the midst of a unit: kept, so that nothing closes them."""


class Connections:
    """The connections of this process to a file, of which each is lent for one transaction."""

    def __init__(self, path: Path, *, busy_seconds: int, synchronous: str) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._synchronous = synchronous
        self._begin_in_this_process()
        LENDERS.add(self)
        _mind_forks()

    def _begin_in_this_process(self) -> None:
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._open: list[sqlite3.Connection] = []
        self._idle: list[sqlite3.Connection] = []

    def before_fork(self) -> None:
        """Close every connection that nobody uses, and open none until the fork is over."""
        self._opening.acquire()
        with self._lock:
            for connection in self._idle:
                connection.close()
                self._open.remove(connection)
            self._idle.clear()

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self._opening.release()

    def after_fork_in_child(self) -> None:
        """Leave the parent what is the parent's."""
        if self._open:
            _OF_ANOTHER_PROCESS.setdefault(self._path.resolve(), []).extend(self._open)
        self._begin_in_this_process()

    def _refuse_what_was_forked_in_use(self) -> None:
        if _OF_ANOTHER_PROCESS and self._path.resolve() in _OF_ANOTHER_PROCESS:
            raise Unsupported("a file that another thread was using when this process was forked", ADAPTER)

    def after(self, look: Callable[[], None]) -> None:
        """Look at the file before there is a connection to it, while nothing forks."""
        with self._opening:
            self._refuse_what_was_forked_in_use()
            look()

    def lend(self) -> sqlite3.Connection:
        """Lend a connection: as many are open as were ever needed at once, however many threads come and go."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        with self._opening:
            self._refuse_what_was_forked_in_use()
            connection = self._connect()
            with self._lock:
                self._open.append(connection)
        return connection

    def take_back(self, connection: sqlite3.Connection) -> None:
        """Keep a lent connection for who needs one next."""
        with self._lock:
            if connection in self._open:  # and not closed in the meantime
                self._idle.append(connection)

    def is_open(self, connection: sqlite3.Connection) -> bool:
        """Whether a connection is one of these in this process, and was not closed meanwhile."""
        return connection in self._open

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
            self._idle.clear()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            for pragma in (
                f"page_size = {PAGE_SIZE}",
                "journal_mode = WAL",
                f"synchronous = {self._synchronous}",
                "secure_delete = ON",
                "temp_store = MEMORY",
                f"cache_size = -{_CACHE_KIBIBYTES}",
                f"wal_autocheckpoint = {_LOG_PAGES}",
            ):
                self._set(connection, pragma)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set(self, connection: sqlite3.Connection, pragma: str) -> None:
        """Set what a connection keeps to. SQLite does not wait for who else turns a new file to WAL, so we do."""
        patience = time.monotonic() + self._busy_seconds
        while True:
            try:
                connection.execute(f"PRAGMA {pragma}")
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorname", "") != "SQLITE_BUSY" or time.monotonic() > patience:
                    raise
                time.sleep(A_MOMENT)
            else:
                return


@cache
def _mind_forks() -> None:
    """Have all connections of this process ready at each fork, from the first on."""
    if not hasattr(os, "register_at_fork"):
        return
    one_at_a_time = threading.Lock()
    ready: list[Connections] = []

    def before() -> None:
        one_at_a_time.acquire()
        ready[:] = LENDERS
        for each in ready:
            each.before_fork()

    def after(what: Callable[[Connections], None]) -> None:
        for each in ready:
            what(each)
        ready.clear()
        one_at_a_time.release()

    os.register_at_fork(
        before=before,
        after_in_parent=lambda: after(Connections.after_fork_in_parent),
        after_in_child=lambda: after(Connections.after_fork_in_child),
    )
