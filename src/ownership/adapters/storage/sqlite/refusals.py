"""What SQLite says, in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ownership.errors import Misconfigured, OwnershipError, Unavailable
from ownership.ports.storage import half_a_character

ADAPTER = "SQLite store"


def in_our_words(error: sqlite3.Error, path: Path) -> OwnershipError:
    """Say what SQLite says in our words."""
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, sqlite3.ProgrammingError):
        return Unavailable(f"{path} was closed meanwhile")
    if not isinstance(error, sqlite3.OperationalError):
        return Misconfigured(
            "sqlite", f"{path} is no SQLite database, or a damaged one; give another file or restore it"
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return Misconfigured(
            "sqlite", f"{path} cannot be opened for writing; see that its folder is there and writable"
        )
    unknown = f"could not be used ({name or 'SQLite error'})"
    words = next((words for codes, words in _UNAVAILABLE.items() if name.startswith(codes)), None)
    return Unavailable(f"{path} {words or unknown}")


_UNAVAILABLE = {
    ("SQLITE_BUSY", "SQLITE_LOCKED"): "is being written by someone else",
    ("SQLITE_FULL",): "cannot grow: its disk is full",
    ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"): "cannot grow: its disk is full or broken, or a quota is reached",
}
"""What goes over, by how SQLite's names for it begin."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Translate what SQLite raises in a block."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise in_our_words(error, path) from error


@contextmanager
def whole_characters() -> Iterator[None]:
    """Say in our words that SQLite has no place for half a character."""
    try:
        yield
    except UnicodeEncodeError:
        raise half_a_character() from None  # the error of Python holds the text
