"""The hooks that a plugin can implement, prefix ``ownership_``.

Mark a function with :data:`hookimpl`. Each hook says below what happens when an implementation raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

from ownership.ports.adapters import RegisterAdapter

if TYPE_CHECKING:
    from ownership.ports.content import RegisterContent

PROJECT = "ownership"
"""The name of the hooks' project, and of the entry-point group in which plugins announce themselves."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register adapters: call ``register(Adapter(...))`` for each.

    When it raises, the plugin is set apart and named; the rest goes on.
    """


@hookspec
def ownership_register_content(register: RegisterContent) -> None:
    """Register packs of prompts, guides, learning options and message texts: call ``register(Pack(...))``.

    When it raises, the plugin is set apart and named; the rest goes on.
    """
