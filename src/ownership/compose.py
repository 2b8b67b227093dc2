"""Composition: where ports meet adapters. The registry of plugins, and :func:`open_workspace`.

Nothing is looked up before a workspace is opened, and then no more than its URLs need: the *name* of an entry point in
the group ``ownership`` carries kind and scheme (``storage.sqlite``), so listing imports nothing and opening a URL
imports one module.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import pluggy

from ownership import hooks
from ownership.content import Content, check_references
from ownership.domain.classification import Retention
from ownership.errors import Misconfigured, OwnershipError, PluginBroken, Unsupported
from ownership.ports.adapters import Adapter, Address, Kind, Migrations
from ownership.workspace.desk import Desk
from ownership.workspace.workspace import Workspace

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from random import Random

    from ownership.ports.content import Pack

STARTER = "content.ownership"
"""The name of the pack that ships with the library."""

CONTENT_KINDS = ("content", "plugin")
"""The kinds of entry points that may bring content."""

DEFAULT_RETENTION = Retention()


class Announced(NamedTuple):
    """A plugin as its package announces it: nothing of it is imported."""

    name: str
    module: str
    distribution: str
    version: str


class Registry:
    """Which plugins there are, and what they bring. An ordinary object: each workspace can have its own.

    ``plugins`` are modules or objects with hook implementations; what they register goes before what is installed.
    """

    def __init__(self, plugins: Iterable[object] = ()) -> None:
        self._manager = pluggy.PluginManager(hooks.PROJECT)
        self._manager.add_hookspecs(hooks)
        self._adapters: dict[tuple[Kind, str], Adapter] = {}
        self._installed: dict[tuple[Kind, str], str] = {}
        self.set_apart: dict[str, PluginBroken] = {}
        self._opened: dict[tuple[Kind, str], Adapter] = {}
        for plugin in plugins:
            self._register(plugin, self._name_of(plugin), installed=False)

    @staticmethod
    def _name_of(plugin: object) -> str:
        return (
            plugin.__name__
            if isinstance(plugin, ModuleType)
            else f"{type(plugin).__module__}.{type(plugin).__qualname__}"
        )

    @cached_property
    def _entry_points(self) -> Mapping[str, Sequence[EntryPoint]]:
        from importlib.metadata import entry_points  # noqa: PLC0415 - importing this module must not load what looks around

        by_name: dict[str, list[EntryPoint]] = {}
        for entry_point in entry_points(group=hooks.PROJECT):
            by_name.setdefault(entry_point.name, []).append(entry_point)
        return by_name

    def announced(self) -> tuple[Announced, ...]:
        """List every installed plugin, importing none."""
        return tuple(
            Announced(
                name, point.value, point.dist.name if point.dist else "", point.dist.version if point.dist else ""
            )
            for name, points in sorted(self._entry_points.items())
            for point in points
        )

    def check(self) -> Mapping[str, PluginBroken]:
        """Import and register every installed plugin; gives those that had to be set apart, by name."""
        for name in self._entry_points:
            if not self._manager.has_plugin(name):
                with suppress(OwnershipError):
                    self._load(name)
        return self.set_apart

    @property
    def silent(self) -> frozenset[str]:
        """The adapters, of those that were loaded, that do not say what leaves through them, as kind and scheme."""
        return frozenset(f"{kind}.{scheme}" for (kind, scheme), found in self._adapters.items() if found.egress is None)

    def add(self, adapter: Adapter) -> None:
        """Register an adapter without packaging it: for notebooks, tests and hosts."""
        for scheme in adapter.schemes:
            self._adapters[adapter.kind, scheme] = adapter

    @property
    def in_use(self) -> tuple[Adapter, ...]:
        """The adapters that were opened, and all that plugins passed by the host brought."""
        passed = {place: adapter for place, adapter in self._adapters.items() if place not in self._installed}
        return tuple(dict.fromkeys((self._opened | passed).values()))

    def open(self, kind: Kind, url: str) -> Any:
        """Open what a URL means.

        Raises:
            Misconfigured: no adapter answers to the scheme, two packages claim it, or an option is wrong.
            PluginBroken: the plugin that answers to it cannot be used.
        """
        address = Address.parse(url, resolve_secret)
        adapter = self.declaration(kind, address.scheme)
        self._opened[kind, address.scheme] = adapter
        return self._made_by(adapter.factory, adapter, f"{kind}.{address.scheme}")(address)

    def migrations(self, url: str) -> Migrations:
        """Give what brings the tables of a store to this release.

        Raises:
            Misconfigured: no adapter answers to the scheme, or an option is wrong.
            Unsupported: the store brings its tables to this release when it is opened.
        """
        address = Address.parse(url, resolve_secret)
        adapter = self.declaration(Kind.STORAGE, address.scheme)
        if not adapter.migrations:
            raise Unsupported("migrating: it brings its tables to this release when it is opened", f"{address.scheme}:")
        made: Migrations = self._made_by(adapter.migrations, adapter, f"{Kind.STORAGE}.{address.scheme}")(address)
        return made

    def declaration(self, kind: Kind, scheme: str) -> Adapter:
        """Give what the adapter that answers to a scheme says of itself.

        Raises:
            Misconfigured: no adapter answers to the scheme, or two packages claim it.
            PluginBroken: the plugin that answers to it cannot be used.
        """
        if (kind, scheme) not in self._adapters:
            self._load(f"{kind}.{scheme}")
        if (kind, scheme) not in self._adapters:
            raise Misconfigured("url", self._unknown(kind, scheme))
        return self._adapters[kind, scheme]

    def _unknown(self, kind: Kind, scheme: str) -> str:
        installed = {name.partition(".")[2] for name in self._entry_points if name.startswith(f"{kind}.")}
        known = sorted(installed | {scheme for of_kind, scheme in self._adapters if of_kind is kind})
        return (
            f"no {kind} answers to {scheme!r}; known are {', '.join(known)}."
            f" Install the package that announces {kind}.{scheme}, or pass the adapter's module with plugins=[...]"
        )

    def _made_by(self, spoken: str | Callable[[Address], Any], adapter: Adapter, name: str) -> Callable[[Address], Any]:
        if not isinstance(spoken, str):
            return spoken
        module, _, attribute = spoken.partition(":")
        try:
            factory: Callable[[Address], Any] = getattr(import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            hint = f"install {adapter.extra}" if adapter.extra else f"{type(error).__name__}"
            raise self._apart(name, "imported", hint) from error
        return factory

    def _load(self, name: str) -> None:
        """Import and register the one plugin of a name, if there is one."""
        if name in self.set_apart:
            raise self.set_apart[name]
        points = self._entry_points.get(name, ())
        if len(points) > 1:
            owners = " and ".join(sorted(point.dist.name for point in points if point.dist))
            raise Misconfigured(
                "plugins",
                f"{owners} both announce {name}; uninstall one, or pass the module you mean with plugins=[...]",
            )
        for point in points:
            try:
                plugin = point.load()
            except Exception as error:
                raise self._apart(name, "imported", f"{type(error).__name__} while importing {point.value}") from error
            self._register(plugin, name, installed=True)

    def _register(self, plugin: object, name: str, *, installed: bool) -> None:
        if self._manager.is_registered(plugin):
            return  # one module can be announced under several names
        try:
            self._manager.register(plugin, name)
            self._manager.check_pending()
            self._refuse_uncallable(plugin)
            self._collect_adapters(plugin, name, installed=installed)
        except Exception as error:
            if self._manager.get_plugin(name) is plugin:
                self._manager.unregister(plugin)
            raise self._apart(name, "registered", _hint(error)) from error

    def _refuse_uncallable(self, plugin: object) -> None:
        """Refuse hooks whose call would not run them: nobody awaits or iterates what they give back."""
        for caller in self._manager.get_hookcallers(plugin) or ():
            for found in caller.get_hookimpls():
                never_runs = iscoroutinefunction, isasyncgenfunction, isgeneratorfunction
                is_wrapper = found.wrapper or found.hookwrapper
                if found.plugin is plugin and not is_wrapper and any(test(found.function) for test in never_runs):
                    raise Misconfigured("plugins", f"{caller.name} is async or a generator; write a plain function")

    def _collect_adapters(self, plugin: object, name: str, *, installed: bool) -> None:
        """Call the hook of this plugin alone; all of its adapters are taken, or none.

        What a host passed goes before what is installed; of two plugins of the same rank neither silently wins.
        """
        others = [other for other in self._manager.get_plugins() if other is not plugin]
        found: list[Adapter] = []
        self._manager.subset_hook_caller("ownership_register_adapters", others)(register=found.append)
        offered = {(adapter.kind, scheme): adapter for adapter in found for scheme in adapter.schemes}
        for kind, scheme in offered.keys() & (self._installed.keys() if installed else self._adapters.keys()):
            other = self._installed.get((kind, scheme), "another of plugins=[...]")
            raise Misconfigured("plugins", f"{other} and {name} both bring {kind}.{scheme}; use one of them")
        if installed:
            self._installed |= dict.fromkeys(offered, name)
        self._adapters = offered | self._adapters

    def content(self) -> Content:
        """Collect the content of every plugin that brings any; one that fails is set apart and the rest goes on."""
        for name in self._entry_points:
            if name.partition(".")[0] in CONTENT_KINDS and not self._manager.has_plugin(name):
                with suppress(OwnershipError):
                    self._load(name)
        packs: list[Pack] = []
        for name, plugin in sorted(self._manager.list_name_plugin(), key=self._precedence):
            packs += self._packs_of(name, plugin, {prompt.id for pack in packs for prompt in pack.prompts})
        return Content(packs)

    def _precedence(self, named: tuple[str, object]) -> tuple[bool, bool, str]:
        """Later packs replace earlier ones: ours, then those installed by name, then what the host passes."""
        name, _ = named
        return (name not in self._entry_points, name != STARTER, name)

    def _packs_of(self, name: str, plugin: object, known: Iterable[str]) -> list[Pack]:
        """Ask one plugin for its packs. They may name their own prompts, and those that are ``known`` before them."""
        others = [other for other in self._manager.get_plugins() if other is not plugin]
        packs: list[Pack] = []
        try:
            self._manager.subset_hook_caller("ownership_register_content", others)(register=packs.append)
            check_references(packs, known)
        except Exception as error:  # noqa: BLE001 - a plugin may fail in any way; it is set apart
            self._apart(name, "asked for content", _hint(error))
            return []
        return packs

    def _apart(self, name: str, stage: str, hint: str) -> PluginBroken:
        self.set_apart[name] = PluginBroken(name, stage, hint)
        return self.set_apart[name]


def _hint(error: Exception) -> str:
    """Say what went wrong; only our own and pluggy's messages are known to hold no secrets."""
    known = isinstance(error, OwnershipError | pluggy.PluginValidationError)
    return f"{type(error).__name__}: {error}" if known else type(error).__name__


def resolve_secret(reference: str) -> str:
    """Give the secret that a reference means: ``@env:NAME`` or ``@file:PATH``.

    Raises:
        Misconfigured: it is no reference, or what it refers to is not there.
    """
    scheme, _, name = reference.removeprefix("@").partition(":")
    if scheme == "env":
        if name not in os.environ:
            raise Misconfigured("@env", f"the environment has no {name}")
        return os.environ[name]
    if scheme == "file":
        try:
            return Path(name).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured("@file", f"{name} cannot be read") from error
    raise Misconfigured("secret", "is neither @env:NAME nor @file:PATH")


def system_clock() -> datetime:
    """Give the present moment by the clock of this machine."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock that everything else is given


def open_workspace(
    url: str = "memory:",
    *,
    tenant: str = "default",
    channels: Sequence[str] = ("inbox:",),
    clock: Callable[[], datetime] = system_clock,
    random: Random | None = None,
    plugins: Iterable[object] = (),
    retention: Retention = DEFAULT_RETENTION,
) -> Workspace:
    """Open a workspace: people and their development, in the store that a URL means.

    ``sqlite:///development.db`` is a file; without a URL everything is kept in memory. Messages go through the first of
    ``channels`` that reaches a person. ``tenant`` keeps organisations in one store apart. ``clock`` gives the present
    moment (aware), ``random`` the ids and draws; tests and simulations pass their own. ``plugins`` are modules or
    objects with hook implementations. ``retention`` says how many days what is kept, within the bounds of
    :class:`~ownership.domain.classification.Retention`.

    Raises:
        Misconfigured: a URL or an option is not right; the error names it and the way out.
        PluginBroken: a plugin that is needed cannot be used.
        Unavailable: the store does not answer.

    Examples:
        >>> from ownership import open_workspace
        >>> with open_workspace() as ws:
        ...     plan = ws.people.sync("sample:")
        ...     ada = ws.acting_as("ada@example.org")
        ...     goal = ada.goals.draft(title="Lead a client workshop")
        >>> len(plan.joiners), goal.status
        (250, <GoalStatus.DRAFT: 'draft'>)
    """
    from random import SystemRandom  # noqa: PLC0415 - only who opens a workspace draws ids

    if not tenant:
        raise Misconfigured("tenant", "is empty; leave it out or give a name")
    if isinstance(channels, str):
        raise Misconfigured("channels", "is one text; give a list, also for one")
    if not isinstance(retention, Retention):
        raise Misconfigured("retention", "is no Retention; write for instance retention=Retention(messages=90)")
    if not callable(clock):
        raise Misconfigured("clock", "is nothing to call; give a function, such as lambda: datetime.now(UTC)")
    registry = Registry(plugins)
    store = registry.open(Kind.STORAGE, url)
    opened: list[tuple[str, Any]] = []
    try:
        for channel_url in channels:
            channel = registry.open(Kind.CHANNEL, channel_url)
            opened.append((Address.parse(channel_url).scheme, channel))
    except BaseException:
        for _, channel in opened:
            channel.close()
        store.close()
        raise
    return Workspace(
        Desk(
            store=store,
            tenant=tenant,
            clock=clock,
            random=random or SystemRandom(),
            load_content=registry.content,
            directory=lambda directory_url: registry.open(Kind.DIRECTORY, directory_url),
            channels=opened,
            retention=retention,
            adapters=registry.in_use,
        )
    )
