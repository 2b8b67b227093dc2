"""The declaration of an adapter: what it is, which URLs it answers to, and how to make one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import field, frozen

from ownership.errors import Misconfigured


class Kind(StrEnum):
    """What an adapter is an adapter of."""

    STORAGE = "storage"
    CHANNEL = "channel"
    DIRECTORY = "directory"


class Egress(StrEnum):
    """The classes of personal data that can leave through an adapter: all that a port hands over, and nothing else is.

    ``records`` is everything that a store keeps, when it keeps it elsewhere than in this process.
    """

    PERSON_ID = "person.id"
    DISPLAY_NAME = "person.display_name"
    EMAIL = "person.email"
    LANGUAGE = "person.language"
    MESSAGE_KEY = "message.key"
    MESSAGE_TEXT = "message.text"
    RECORDS = "records"


class Secret:
    """A text that shows itself only when asked to, so that it reaches no log, repr or traceback."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('•••')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@frozen
class Address:
    """A URL taken apart: scheme, host and port, path, user, and options. Prints without credentials.

    The path begins with the slash that ends the host: of ``sqlite:///file.db`` it is ``/file.db``, which by custom is a
    file here, and of ``sqlite:////var/file.db`` it is ``//var/file.db``.

    Secrets are references, ``@env:NAME`` or ``@file:PATH``; :meth:`secret` resolves one.

    Examples:
        >>> address = Address.parse("smtp://mail.example.org:2525?sender=hr@example.org&password=@env:MAIL_PASSWORD")
        >>> address.host, address.port, address.option("sender")
        ('mail.example.org', 2525, 'hr@example.org')
        >>> print(address)
        smtp://mail.example.org:2525
    """

    scheme: str
    host: str = ""
    port: int | None = None
    path: str = ""
    user: str = field(default="", repr=False)
    options: Mapping[str, str] = field(factory=dict, repr=False)
    resolve: Callable[[str], str] | None = field(default=None, repr=False, eq=False)

    @classmethod
    def parse(cls, url: str, resolve: Callable[[str], str] | None = None) -> Address:
        """Take a URL apart.

        Raises:
            Misconfigured: it is no URL with a scheme, or it holds a password in the clear.
        """
        if not isinstance(url, str):
            raise Misconfigured("url", "is no text; write for instance sqlite:///development.db or csv:people.csv")
        scheme, colon, rest = url.partition(":")
        if not colon or not scheme.replace("+", "").replace("-", "").replace(".", "").isalnum():
            raise Misconfigured("url", "has no scheme; write for instance sqlite:///development.db or csv:people.csv")
        try:
            # urlsplit knows which schemes have a host; a scheme of our own does not, so the part after it is read as a
            # bare URL.
            parts = urlsplit(rest, allow_fragments=False)
            port = parts.port
        except ValueError as error:
            raise Misconfigured("url", f"of scheme {scheme} cannot be read ({error})") from None
        if parts.password is not None:
            raise Misconfigured("url", "holds a password; write ?password=@env:NAME or ?password=@file:PATH instead")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        return cls(
            scheme.lower(),
            parts.hostname or "",
            port,
            unquote(parts.path),
            unquote(parts.username or ""),
            options,
            resolve,
        )

    def option(self, name: str, default: str | None = None) -> str:
        """Give an option.

        Raises:
            Misconfigured: it is not there and has no default.
        """
        value = self.options.get(name, default)
        if value is None:
            raise Misconfigured(f"{self.scheme}:?{name}", "is needed")
        return value

    def only(self, *names: str) -> None:
        """Refuse options other than these.

        Raises:
            Misconfigured: an option has another name.
        """
        for name in self.options.keys() - set(names):
            known = ", ".join(sorted(names)) or "none"
            raise Misconfigured(f"{self.scheme}:?{name}", f"is no option here; possible are: {known}")

    def secret(self, name: str) -> Secret | None:
        """Resolve an option that refers to a secret; None when it is not there.

        Raises:
            Misconfigured: it holds the secret itself, or what it refers to is not there.
        """
        reference = self.options.get(name)
        if reference is None:
            return None
        if not reference.startswith("@") or self.resolve is None:
            raise Misconfigured(f"{self.scheme}:?{name}", "holds a secret in the clear; write @env:NAME or @file:PATH")
        return Secret(self.resolve(reference))

    def __str__(self) -> str:
        authority = f"//{self.host}" + (f":{self.port}" if self.port else "") if self.host else ""
        return f"{self.scheme}:{authority}{self.path}"


def _egress(words: Iterable[str] | None) -> frozenset[Egress] | None:
    if words is None:
        return None
    try:
        return frozenset(map(Egress, words))
    except ValueError:
        known = ", ".join(Egress)
        raise Misconfigured("egress", f"of an adapter names what cannot leave through it; known are {known}") from None


@frozen
class Adapter:
    """The declaration of an adapter.

    ``factory`` is a callable that takes an :class:`Address`, or its dotted name (``package.module:name``), imported at
    first use. ``capabilities`` are dotted words; ``extra`` is what to install when an import fails. ``egress`` names
    the classes of personal data that leave through it: none of them is said with an empty set, and None is an adapter
    that does not say, which the register of processing shows. ``keeps`` are classes of its own that it stores, each
    classified as :mod:`ownership.domain.classification` tells. ``migrations``, named or given as the factory is, makes
    what brings the tables of a store to this release; a store that does so itself when it is opened has none.

    Raises:
        Misconfigured: ``egress`` has a word that is not in :class:`Egress`.
    """

    kind: Kind
    schemes: tuple[str, ...]
    factory: str | Callable[[Address], Any]
    summary: str = ""
    capabilities: frozenset[str] = frozenset()
    egress: frozenset[Egress] | None = field(default=None, converter=_egress)
    extra: str = ""
    keeps: tuple[type[Any], ...] = ()
    migrations: str | Callable[[Address], Migrations] = ""


class Migrations(Protocol):
    """What brings the tables of a store to this release."""

    def apply(self) -> None:
        """Do it; nothing happens when they are."""

    def sql(self) -> str:
        """Write the statements that lay them in an empty place, for who carries them out himself."""


class RegisterAdapter(Protocol):
    """What a plugin calls to register an adapter."""

    def __call__(self, adapter: Adapter) -> None:
        """Take an adapter."""
