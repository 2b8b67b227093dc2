"""What a contract for stores stands on: a place of its own for every law, opened, closed and opened again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import ClassVar

import pytest

from ownership.compose import Registry
from ownership.ports.adapters import Address, Kind
from ownership.ports.storage import Store
from ownership.testing.efforts import Effort, effort_asked_for
from ownership.testing.laws import NOT_CLAIMED, Lawful


class Place:
    """An empty place for records, known by its URL, or by the store itself when it has no URL."""

    def __init__(self, given: str | Store, registry: Registry) -> None:
        self._registry = registry
        self._opened: list[Store] = []
        self.url = given if isinstance(given, str) else ""
        if not isinstance(given, str):
            self._opened.append(given)

    @property
    def store(self) -> Store:
        """The store here, opened when it is first asked for."""
        return self._opened[0] if self._opened else self.open()

    def open(self) -> Store:
        """Open the place once more: another store on the same records, when the place is durable."""
        self.refuse_no_url()
        store: Store = self._registry.open(Kind.STORAGE, self.url)
        self._opened.append(store)
        return store

    def refuse_no_url(self) -> None:
        """Skip a law that opens a place again, or elsewhere, when it has no URL."""
        if not self.url:
            pytest.skip(f"{NOT_CLAIMED}: fresh() gives a store without a URL, whose place cannot be opened again")

    def reopen(self) -> Store:
        """Close every store here, and open the place again."""
        self.close()
        return self.open()

    def close(self) -> None:
        """Close every store here; the last to be opened goes first."""
        while self._opened:
            self._opened.pop().close()


class StoreLaws(Lawful):
    """What all laws about stores have in common; :class:`~ownership.testing.StoreContract` says how to use them."""

    plugins: ClassVar[Sequence[object]] = ()
    """Modules with the hook that registers the adapter, when its package is not installed."""

    capabilities: ClassVar[frozenset[str]] = frozenset()
    """What the store claims, when :meth:`fresh` gives a store instead of a URL."""

    effort: ClassVar[Effort] = effort_asked_for()

    def fresh(self) -> AbstractContextManager[str | Store]:
        """Give the URL of an empty place, or an empty store, and clear it away at the end."""
        msg = f"{type(self).__name__} needs fresh(): a context manager that yields a URL or a store"
        raise NotImplementedError(msg)

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Give an empty place, and close in the end what was opened there."""
        with self.fresh() as given:
            place = Place(given, self._registry())
            try:
                yield place
            finally:
                place.close()

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Give the store in an empty place."""
        with self.place() as place:
            yield place.store

    @classmethod
    @cache
    def _registry(cls) -> Registry:
        return Registry(cls.plugins)

    @classmethod
    def particulars(cls) -> Mapping[str, str]:
        """Give what the store claims, and how hard it was looked at."""
        looked = ", ".join(f"{number} {what}" for what, number in cls.effort._asdict().items())
        return {"Claims": ", ".join(sorted(_CLAIMED.get(cls, frozenset()))) or "nothing", "Tried with": looked}

    def claimed(self) -> frozenset[str]:
        """Give the capabilities that the adapter declares, or that this class says of a store without a URL."""
        if type(self) not in _CLAIMED:
            with self.fresh() as given:
                _CLAIMED[type(self)] = (
                    self._registry().declaration(Kind.STORAGE, Address.parse(given).scheme).capabilities
                    if isinstance(given, str)
                    else self.capabilities
                )
        return _CLAIMED[type(self)]


_CLAIMED: dict[type[StoreLaws], frozenset[str]] = {}
