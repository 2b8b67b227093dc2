"""What a database, its driver or SQLAlchemy says, in our words: no statement, no value, no credentials."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from ownership.errors import Conflict, InvalidInput, Misconfigured, OwnershipError, Unavailable, Unknown

LOST = ("08", "57P")
"""How the states begin that mean the connection is gone."""

SERIALIZATION = "40001"
"""Others changed meanwhile what this unit had read or written: as if alone it could not have been."""

_TOO_LONG = ("54000",)

_UNAVAILABLE = {
    "40001": "others changed {where} at the same moment",
    "40P01": "two writers waited for each other in {where}",
    "53100": "the disk of {where} is full",
    "53200": "{where} is out of memory",
    "53300": "{where} has no connection left",
    "55P03": "{where} is being written by someone else",
    "57014": "{where} took too long",
}
_MISCONFIGURED = {
    "25006": "{where} only reads; give the address of the primary, and a user who may write",
    "28000": "{where} refuses this user; check user, password and pg_hba.conf",
    "28P01": "{where} refuses this user; check user, password and pg_hba.conf",
    "3D000": "{where} is not there; create the database first",
    "3F000": "{where} has no such schema; run ownership migrate",
    "42501": "this user may not do that in {where}; grant it, or let an owner run ownership migrate",
    "42P01": "{where} lacks our tables; run ownership migrate",
    "42703": "{where} has tables that are not as this release needs them; see what check() tells",
}
_REFUSED = ("password", "authentication", "pg_hba", "does not exist", "not permitted", "ssl")
"""Words of a refusal for good; a failed connection has no state, only the words of the server."""


def _state(error: exc.DBAPIError) -> str:
    """Give the SQLSTATE; empty when there was no server to give one."""
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or ""


def in_our_words(error: exc.SQLAlchemyError, where: str, about: tuple[str, str] | None = None) -> OwnershipError:
    """Say what a statement met; ``about`` is the collection and id of what was being written."""
    if not isinstance(error, exc.DBAPIError):
        is_full = isinstance(error, exc.TimeoutError)
        said = f"all connections to {where} are in use" if is_full else f"{where} could not be used"
        return Unavailable(said)
    state = _state(error)
    if state == SERIALIZATION and about:
        return Conflict(*about)
    if state in _TOO_LONG:
        return InvalidInput.at("record", "has an id or a key that is too long for an index; shorten it")
    if state in _MISCONFIGURED:
        return Misconfigured("postgresql", _MISCONFIGURED[state].format(where=where))
    otherwise = "the connection to {where} was lost" if _is_lost(error) else f"{{where}} could not be used ({state})"
    return Unavailable(_UNAVAILABLE.get(state, otherwise).format(where=where))


def _is_lost(error: exc.DBAPIError) -> bool:
    """Whether there is no connection any more: the server said so, or says nothing."""
    state = _state(error)
    return error.connection_invalidated or not state or state.startswith(LOST)


def at_connecting(error: exc.SQLAlchemyError, where: str) -> OwnershipError:
    """Say why no connection was made."""
    said = str(error.orig).lower() if isinstance(error, exc.DBAPIError) else ""
    if any(word in said for word in _REFUSED):
        return Misconfigured("postgresql", f"{where} refuses this user or database; check user, password and names")
    if isinstance(error, exc.DBAPIError) and not _state(error):
        return Unavailable(f"{where} does not answer")
    return in_our_words(error, where)


def at_commit(error: exc.SQLAlchemyError, where: str, about: tuple[str, str] | None) -> OwnershipError:
    """Say why a commit did not answer; when the connection is lost, nobody here knows whether it happened."""
    if isinstance(error, exc.DBAPIError) and _is_lost(error):
        return Unknown(f"the connection to {where} was lost at the commit")
    return in_our_words(error, where, about)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise in our words, without what was said: that holds the statement and what was to be stored."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        raise in_our_words(error, where) from None
