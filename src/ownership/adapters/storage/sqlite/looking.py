"""A look at a file that is there, before anything opens it to write: it must be ours and of our time."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from ownership.adapters.storage.sqlite.connections import A_MOMENT, PAGE_SIZE
from ownership.adapters.storage.sqlite.schema import count_tables
from ownership.errors import Misconfigured

_FILES = ("", "-wal", "-journal")
"""What SQLite adds to a name for the files that hold data."""


def refuse_strangers(path: Path, busy_seconds: int) -> None:
    """Look at a file that is there, through a connection that cannot change it.

    Another process may be making the file meanwhile, so only what stays the same for a moment is refused.
    """
    while True:
        before = _state(path)
        try:
            return _look(path, busy_seconds, is_whole=not before[-1])
        except (Misconfigured, sqlite3.DatabaseError):
            time.sleep(A_MOMENT)
            if _state(path) == before:
                raise


def _state(path: Path) -> tuple[object, ...]:
    """Tell by what one sees that the file, or what lies beside it, is being changed; the latter comes last."""
    try:
        file, *beside = (_size_and_moment(path.with_name(path.name + end)) for end in _FILES)
    except OSError as error:
        raise Misconfigured("sqlite", f"{path} cannot be reached ({error.strerror})") from error
    return (file, list(filter(None, beside)))


def _size_and_moment(path: Path) -> tuple[int, int] | None:
    """Tell by what one sees that a file is being changed; None when it is not there."""
    try:
        seen = path.stat()
    except (FileNotFoundError, NotADirectoryError):  # asking first would be too early: who makes the file also deletes
        return None
    return seen.st_size, seen.st_mtime_ns


def _look(path: Path, busy_seconds: int, *, is_whole: bool) -> None:
    if not path.exists():
        return
    if not path.is_file():
        raise Misconfigured("sqlite", f"{path} is no file; give the path of one")
    # SQLite says so only at the first write, and leaves a read-only log that stays in the way.
    if not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise Misconfigured("sqlite", f"{path} may not be written; give this user the right to")
    # A read-only connection leaves files beside its own; an immutable one, for a file without a log, does not.
    address = f"{path.as_uri()}?{'immutable=1' if is_whole else 'mode=ro'}"
    size = path.stat().st_size
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=busy_seconds)) as connection:
            connection.execute("BEGIN")  # one state for all questions, whoever lays the tables meanwhile
            count_tables(connection, path)
    except sqlite3.OperationalError as error:
        # A first opening that was killed leaves an empty page and a journal, which only a writer may roll back.
        if size > PAGE_SIZE or getattr(error, "sqlite_errorname", "") != "SQLITE_READONLY_ROLLBACK":
            raise
