"""Every error that this library raises, the tree on top.

    OwnershipError
    ├── InvalidInput      what was given cannot be accepted; ``.problems`` says where and why
    ├── NotFound          there is no such thing, or it is not yours: from outside the two are the same
    ├── NotAllowed        this actor may not do this
    ├── IllegalMove       the status does not allow this move
    ├── Conflict          somebody changed it in the meantime
    ├── PlanHeld          a plan is larger than its guard allows and waits for a person to confirm it
    ├── Misconfigured     a URL, option or installation is not right
    ├── Unsupported       this adapter does not claim that capability
    ├── Unavailable       a store, channel or directory did not answer; try again later
    │   └── Unknown       it may have happened: look before you repeat it
    └── PluginBroken      a plugin failed and was set apart

Messages end up in logs. They carry ids, names of fields and the way out; never what a person wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class OwnershipError(Exception):
    """The root of every error of this library."""


class Problem(NamedTuple):
    """One thing that is wrong with what was given.

    ``path`` names the place (``goal.due_on``, ``people.csv:14:email``), ``message`` the reason and the way out.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class InvalidInput(OwnershipError, ValueError):
    """What was given cannot be accepted, and nothing was changed.

    ``problems`` holds every :class:`Problem` that was found, not only the first.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))

    @classmethod
    def at(cls, path: str, message: str) -> InvalidInput:
        """Build the error for a single problem."""
        return cls([Problem(path, message)])


_AN_ID = re.compile(r"[A-Za-z0-9_./#:+-]{1,200}")


class NotFound(OwnershipError, LookupError):
    """There is no such thing, or it is not yours to see; which of the two is not told.

    ``id`` is empty when there is none of a kind, and when what was given for it is no id but words or an address, which
    end up in no log. ``see`` names the call that tells what there is.
    """

    def __init__(self, noun: str, id_: str = "", *, see: str = "") -> None:
        self.noun = noun
        self.id = id_ if _AN_ID.fullmatch(id_) else ""
        meant = f"{noun} {id_!r}" if self.id else f"{noun} with this id"
        found = f"no {meant} here, or it is not yours to see" if id_ else f"there is no {noun} now"
        super().__init__(f"{found}; see {see}" if see else found)


class NotAllowed(OwnershipError):
    """This actor may not do this."""


class IllegalMove(OwnershipError):
    """The status of a thing does not allow this move.

    ``allowed`` lists the moves that its status does allow.
    """

    def __init__(self, noun: str, id_: str, status: str, move: str, allowed: Iterable[str]) -> None:
        self.noun = noun
        self.id = id_
        self.status = status
        self.move = move
        self.allowed = tuple(sorted(allowed))
        ways = ", ".join(self.allowed) or "nothing any more"
        super().__init__(f"{noun} {id_!r} is {status}: cannot {move}; possible now: {ways}")


class Conflict(OwnershipError):
    """Somebody changed it in the meantime: read it again and decide again."""

    def __init__(self, noun: str, id_: str) -> None:
        self.noun = noun
        self.id = id_
        super().__init__(f"{noun} {id_!r} was changed in the meantime; read it again and repeat your change")


class PlanHeld(OwnershipError):
    """A plan changes more than its guard allows; nothing was applied.

    ``reasons`` says what exceeded which limit.
    """

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("held for a person to confirm: " + "; ".join(self.reasons))


class Misconfigured(OwnershipError, ValueError):
    """A URL, an option or the installation is not right; ``field`` names the part."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(f"{field}: {message}")


class Unsupported(OwnershipError):
    """This adapter does not claim that capability, and nothing was changed."""

    def __init__(self, capability: str, adapter: str) -> None:
        self.capability = capability
        super().__init__(f"{adapter} does not support {capability}")


class Unavailable(OwnershipError):
    """A store, channel or directory did not answer; ``what`` is a sentence to which the way out is added.

    ``retry_after`` is the number of seconds it asked us to wait, or None when it did not say.
    """

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(f"{what}; try again later")


class Unknown(Unavailable):
    """The answer was lost: what was asked may have happened, whole or not at all. Look before you repeat it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.args = (f"{what}: it may have happened; look before you repeat it",)


class PluginBroken(OwnershipError):
    """A plugin failed and was set apart; the rest goes on without it."""

    def __init__(self, plugin: str, stage: str, hint: str) -> None:
        self.plugin = plugin
        self.stage = stage
        super().__init__(f"plugin {plugin!r} is set apart since it was {stage}: {hint}")
