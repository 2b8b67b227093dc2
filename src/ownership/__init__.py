"""Put employees in the lead of their own development, inside the HR tools you already have.

Start with :func:`open_workspace`; act as a person with ``acting_as``; what is due happens in ``run_due_work``.
"""

from ownership.compose import Registry, open_workspace
from ownership.domain.goals import Measure
from ownership.domain.people import Audience
from ownership.errors import (
    Conflict,
    IllegalMove,
    InvalidInput,
    Misconfigured,
    NotAllowed,
    NotFound,
    OwnershipError,
    PlanHeld,
    PluginBroken,
    Problem,
    Unavailable,
    Unsupported,
)
from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Kind
from ownership.workspace.check_ins import Promise
from ownership.workspace.workspace import Workspace

API = (0, 1)
"""The version of hooks and ports, apart from the release's."""

__version__ = "0.1.0.dev0"

__all__ = [
    "API",
    "Adapter",
    "Audience",
    "Conflict",
    "IllegalMove",
    "InvalidInput",
    "Kind",
    "Measure",
    "Misconfigured",
    "NotAllowed",
    "NotFound",
    "OwnershipError",
    "PlanHeld",
    "PluginBroken",
    "Problem",
    "Promise",
    "Registry",
    "Unavailable",
    "Unsupported",
    "Workspace",
    "hookimpl",
    "open_workspace",
]
