"""The mail channel (``smtp://host:port?sender=hr@example.org``), on the standard library alone.

Each ``send`` has one session with the mail server, opened at its first message, and once more when the server breaks it
off; between two of them nothing is held. TLS with a verified certificate is the default, except on this machine.

What goes into a header is checked here, since the standard library lets an encoded word with a newline in it become a
header of its own (a Bcc, for instance). Reasons on receipts name the step and the server's code; never an address, nor
the server's words, which may quote one.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import closing, suppress
from email import headerregistry, policy
from email.message import EmailMessage
from email.utils import localtime
from enum import StrEnum
from ipaddress import ip_address
from typing import Final

from attrs import field, frozen

from ownership.domain.texts import is_email
from ownership.errors import Misconfigured
from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Kind, RegisterAdapter, Secret
from ownership.ports.channels import Message, Outcome, Receipt, Receiver

# Controls, line and paragraph separators, lone surrogates, and the start of an encoded word, which hides any of them.
_UNSAFE_IN_HEADER = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|=[?]")
_UNSAFE_IN_BODY = re.compile("[\x00\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")

# 7bit: any server takes it, whatever it says that it can do.
_POLICY = policy.SMTP.clone(cte_type="7bit")

_LOGIN_WANTED = frozenset({530, 534, 535, 538})
_SHUTTING_DOWN = 421

# The first that fits counts. smtplib's own errors are OSErrors too.
_WHY_NO_SESSION: Final = (
    (smtplib.SMTPAuthenticationError, "the mail server did not accept the user and password"),
    (smtplib.SMTPNotSupportedError, "the mail server offers no STARTTLS, or no way to log in that is known here"),
    (smtplib.SMTPException, "the mail server did not open a session"),
    (ssl.SSLCertVerificationError, "the certificate of the mail server could not be verified"),
    (ssl.SSLError, "no TLS could be agreed on with the mail server"),
    (TimeoutError, "the mail server did not answer in time"),
)


class Tls(StrEnum):
    """When a session is encrypted: after it opened, from its first byte, or never."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


_PORTS: Final = {Tls.STARTTLS: 587, Tls.IMPLICIT: 465, Tls.NONE: 25}


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register the channel under ``smtp:``."""
    register(
        Adapter(
            kind=Kind.CHANNEL,
            schemes=("smtp",),
            factory="ownership.adapters.channels.smtp:open_smtp",
            summary="sends messages as e-mail",
            capabilities=frozenset({"receipts"}),
            egress=frozenset({"person.email", "person.display_name", "person.language", "message.text"}),
        )
    )


def open_smtp(address: Address) -> SmtpChannel:
    """Prepare the channel; nothing is connected before the first message.

    Options: ``sender`` is the address that mail comes from. ``tls`` is ``starttls`` (when left out), ``implicit`` or
    ``none`` (when left out for a server on this machine). ``cafile`` holds the certificates of a private authority.
    ``user`` and ``password`` log in. ``timeout`` is the number of seconds to wait for each answer (10).

    Raises:
        Misconfigured: an option is not right, or a password would travel unencrypted.
    """
    address.only("cafile", "password", "sender", "timeout", "tls", "user")
    if not address.host or address.path.strip("/"):
        raise Misconfigured("smtp", "needs a server and no path, as in smtp://mail.example.org?sender=hr@example.org")
    sender = address.option("sender")
    if not _is_mailbox(sender):
        raise Misconfigured("smtp:?sender", "is not an e-mail address such as hr@example.org")
    timeout = address.option("timeout", "10")
    if not re.fullmatch("[1-9][0-9]{0,3}", timeout):
        raise Misconfigured("smtp:?timeout", "is a whole number of seconds, 1 or more")
    tls = _tls(address)
    user, password = _login(address, tls)
    port = address.port or _PORTS[tls]
    return SmtpChannel(_Server(address.host, port, tls, _context(address), int(timeout), user, password), sender)


def _tls(address: Address) -> Tls:
    try:
        return Tls(address.option("tls", Tls.NONE if _is_loopback(address.host) else Tls.STARTTLS))
    except ValueError:
        raise Misconfigured("smtp:?tls", f"is one of {', '.join(Tls)}") from None


def _login(address: Address, tls: Tls) -> tuple[str, Secret | None]:
    user, password = address.option("user", address.user), address.secret("password")
    if bool(user) != bool(password):
        raise Misconfigured("smtp:?user", "and password belong together; give both, or neither")
    if password and tls is Tls.NONE and not _is_loopback(address.host):
        raise Misconfigured("smtp:?tls", "is none, and the password could be read on its way; use starttls or implicit")
    if password and not (user + password.reveal()).isascii():
        raise Misconfigured("smtp:?password", "or user has characters outside ASCII; mail servers take none of those")
    return user, password


def _context(address: Address) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=address.option("cafile", "") or None)
    except OSError:
        raise Misconfigured("smtp:?cafile", "is no file of certificates (PEM) that can be read") from None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_mailbox(address: str | None) -> bool:
    return is_email(address) and address is not None and address.isprintable() and not _UNSAFE_IN_HEADER.search(address)


@frozen
class _Server:
    """Where the mail server is, and how it is spoken to."""

    host: str
    port: int
    tls: Tls
    context: ssl.SSLContext = field(repr=False)
    timeout: int
    user: str = field(repr=False)
    password: Secret | None

    def connect(self) -> smtplib.SMTP:
        """Open a session: connect, encrypt, log in."""
        if self.tls is Tls.IMPLICIT:
            client: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.context)
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.tls is Tls.STARTTLS:
                client.starttls(context=self.context)
            client.ehlo_or_helo_if_needed()
            if self.password:
                client.login(self.user, self.password.reveal())
        except BaseException:
            client.close()
            raise
        client.command_encoding = "utf-8"
        return client


class SmtpChannel:
    """Sends messages as mail, from one sender, through one server."""

    def __init__(self, server: _Server, sender: str) -> None:
        self._server = server
        self._sender = sender

    def can_reach(self, receiver: Receiver) -> bool:
        """Whether someone has an e-mail address."""
        return bool(receiver.email)

    def send(self, messages: Sequence[Message]) -> Sequence[Receipt]:
        """Send messages in one session, and say for each what became of it."""
        with closing(_Session(self._server)) as session:
            return [self._sent(message, session) for message in messages]

    def close(self) -> None:
        """Do nothing: between two calls nothing is held."""

    def _sent(self, message: Message, session: _Session) -> Receipt:
        try:
            session.deliver(_Letter.of(message, self._sender))
        except _Undelivered as undelivered:
            return Receipt(message.key, undelivered.outcome, undelivered.reason)
        return Receipt(message.key, Outcome.DELIVERED)

    def __repr__(self) -> str:
        return f"SmtpChannel({self._server!r})"


class _Undelivered(Exception):
    """A message was not delivered, or perhaps not."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        self.outcome = outcome
        self.reason = reason
        super().__init__(reason)


@frozen
class _Letter:
    """A message as it travels: the commands that announce it, and its bytes."""

    commands: tuple[tuple[str, str], ...] = field(repr=False)
    content: bytes = field(repr=False)
    needs_utf8: bool

    @classmethod
    def of(cls, message: Message, sender: str) -> _Letter:
        """Write a message as a letter; refused when a header or the body holds what mail cannot carry."""
        email = _checked(message)
        needs_utf8 = not (sender + email).isascii()
        content = _composed(message, sender, email).as_bytes(policy=_POLICY.clone(utf8=needs_utf8))
        stuffed = re.sub(rb"(?m)^\.", b"..", content)
        commands = (
            ("the sender", f"MAIL FROM:<{sender}>{' SMTPUTF8 BODY=8BITMIME' if needs_utf8 else ''}"),
            ("the receiver", f"RCPT TO:<{email}>"),
            ("the message", "DATA"),
        )
        return cls(commands, stuffed + b".\r\n", needs_utf8)


def _checked(message: Message) -> str:
    """Give the receiver's address when it, the subject and the body can be mailed."""
    email = message.receiver.email
    if email is None or not _is_mailbox(email):
        raise _Undelivered(Outcome.REJECTED, "the receiver has no address that mail can be sent to")
    if _UNSAFE_IN_HEADER.search(message.subject):
        raise _Undelivered(Outcome.REJECTED, "the subject has a line break, a control character or an encoded word")
    if _UNSAFE_IN_BODY.search(message.body):
        raise _Undelivered(Outcome.REJECTED, "the body has characters that mail cannot carry")
    return email


def _composed(message: Message, sender: str, email: str) -> EmailMessage:
    receiver = message.receiver
    local, _, domain = email.rpartition("@")
    # A name comes from elsewhere and is a courtesy: when it is unsafe, the mail goes out without it.
    name = "" if _UNSAFE_IN_HEADER.search(receiver.display_name) else receiver.display_name
    letter = EmailMessage(_POLICY)
    letter.set_content(message.body)  # first, as it takes every Content header away
    letter["From"] = sender
    letter["To"] = headerregistry.Address(name, local, domain)
    letter["Subject"] = message.subject
    letter["Date"] = localtime()
    letter["Message-ID"] = _message_id(message.key, sender)
    letter["Auto-Submitted"] = "auto-generated"
    if _LANGUAGE.fullmatch(receiver.language):
        letter["Content-Language"] = receiver.language
    return letter


def _message_id(key: str, sender: str) -> str:
    """Make an id that is the same at every try, so that a mailbox can tell a double; it does not show the key."""
    digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
    return f"<{digest[:40]}@{sender.rpartition('@')[2]}>"


class _Session:
    """The session of one ``send``."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None
        self._connections_left = 2
        self._why_none = "the mail server broke off the session"

    def deliver(self, letter: _Letter) -> None:
        """Hand over a letter; when it returns, the server took it."""
        client = self._announced(letter)
        try:
            client.send(letter.content)
            code, _ = client.getreply()
        except OSError:
            self._hang_up()
            raise _Undelivered(Outcome.UNKNOWN, "the session broke off before the mail server answered") from None
        self._judge(code, 2, "the message", otherwise=Outcome.UNKNOWN)

    def close(self) -> None:
        """Take leave of the server."""
        if self._client:
            with suppress(OSError):
                self._client.quit()
            self._hang_up()

    def _announced(self, letter: _Letter) -> smtplib.SMTP:
        """Give the session once the server waits for the letter's content: until then, nothing can have been sent."""
        while True:
            client = self._connected()
            if letter.needs_utf8 and not client.has_extn("smtputf8"):
                raise _Undelivered(Outcome.REJECTED, "the mail server takes no addresses outside ASCII")
            try:
                for what, command in letter.commands:
                    code, _ = client.docmd(command)
                    if code == _SHUTTING_DOWN:
                        raise smtplib.SMTPServerDisconnected
                    self._judge(code, 3 if command == "DATA" else 2, what, otherwise=Outcome.RETRY)
            except OSError:
                self._hang_up()
            else:
                return client

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            if not self._connections_left:
                raise _Undelivered(Outcome.RETRY, self._why_none)
            self._connections_left -= 1
            try:
                self._client = self._server.connect()
            except (OSError, ValueError) as error:  # ValueError: a host name that none can have
                self._connections_left = 0
                self._why_none = _why_no_session(error)
                raise _Undelivered(Outcome.RETRY, self._why_none) from None
        return self._client

    def _judge(self, code: int, wanted: int, what: str, *, otherwise: Outcome) -> None:
        """Go on when the first digit of a reply is the one that was wanted."""
        answer = code // 100
        if answer == wanted:
            return
        self._reset()
        if code in _LOGIN_WANTED:
            raise _Undelivered(Outcome.RETRY, f"the mail server wants another log-in ({code})")
        outcome = {4: Outcome.RETRY, 5: Outcome.REJECTED}.get(answer, otherwise)
        raise _Undelivered(outcome, f"the mail server refused {what} ({code})")

    def _reset(self) -> None:
        try:
            if self._client:
                self._client.rset()
        except OSError:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._client:
            self._client.close()
            self._client = None


def _why_no_session(error: Exception) -> str:
    for kind, reason in _WHY_NO_SESSION:
        if isinstance(error, kind):
            return reason
    return "the mail server could not be reached"
