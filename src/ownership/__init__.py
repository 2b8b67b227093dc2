"""Put employees in the lead of their own development, inside the HR tools you already have.

Start with :func:`open_workspace`; act as a person with ``acting_as``; what is due happens in ``run_due_work``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ownership.compose import Registry, open_workspace
    from ownership.domain.budgets import Money
    from ownership.domain.bundle import Bundle
    from ownership.domain.classification import Retention
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
        Unknown,
        Unsupported,
    )
    from ownership.hooks import hookimpl
    from ownership.portable import bundle_text, read_bundle
    from ownership.ports.adapters import Adapter, Kind
    from ownership.render.bundle import bundle_markdown
    from ownership.workspace.check_ins import Progress, Promise
    from ownership.workspace.workspace import Workspace

API = (0, 1)
"""The version of hooks and ports, apart from the release's."""

__version__ = "0.1.0.dev0"

__all__ = [
    "API",
    "Adapter",
    "Audience",
    "Bundle",
    "Conflict",
    "IllegalMove",
    "InvalidInput",
    "Kind",
    "Measure",
    "Misconfigured",
    "Money",
    "NotAllowed",
    "NotFound",
    "OwnershipError",
    "PlanHeld",
    "PluginBroken",
    "Problem",
    "Progress",
    "Promise",
    "Registry",
    "Retention",
    "Unavailable",
    "Unknown",
    "Unsupported",
    "Workspace",
    "bundle_markdown",
    "bundle_text",
    "hookimpl",
    "open_workspace",
    "read_bundle",
]

_HOMES = {
    "compose": ("Registry", "open_workspace"),
    "domain.budgets": ("Money",),
    "domain.bundle": ("Bundle",),
    "domain.classification": ("Retention",),
    "domain.goals": ("Measure",),
    "domain.people": ("Audience",),
    "hooks": ("hookimpl",),
    "portable": ("bundle_text", "read_bundle"),
    "render.bundle": ("bundle_markdown",),
    "ports.adapters": ("Adapter", "Kind"),
    "workspace.check_ins": ("Progress", "Promise"),
    "workspace.workspace": ("Workspace",),
}
"""Where a public name lives; all others in ``errors``."""

if not TYPE_CHECKING:  # a checker would take any name for one of ours

    def __getattr__(name):
        """Load a public name from its home when it is first used (PEP 562): whoever imports one room loads no other."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = next((home for home, names in _HOMES.items() if name in names), "errors")
        value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
        return value

    def __dir__():
        return sorted({*globals(), *__all__})
