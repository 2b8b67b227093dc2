"""The mail channel, against a real mail server on this machine."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from attrs import define, field
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ownership.adapters.channels import smtp
from ownership.adapters.channels.smtp import SmtpChannel, open_smtp
from ownership.errors import Misconfigured
from ownership.ports.adapters import Adapter, Address, Egress, Kind
from ownership.ports.channels import Message, Outcome, Receipt, Receiver

BCC = "=?utf-8?q?Hi=0D=0ABcc:_eve@example.org?="
PASSWORD = "canary-of-a-password"


@define
class Mailbox:
    """What a mail server does: it keeps what it took, and answers and breaks off as it is told.

    ``answers`` gives a reply by command and address, ``breaks`` the commands at which it breaks off, ``breaks_left``
    how many times, and ``waits`` the seconds before it answers to data.
    """

    answers: dict[tuple[str, str], str] = field(factory=dict)
    breaks: set[str] = field(factory=set)
    breaks_left: int = 1_000
    waits: float = 0
    taken: list[Envelope] = field(factory=list)
    said: list[str] = field(factory=list)
    sessions: int = 0
    speaks: type[SMTP] = SMTP

    def answer(self, server: SMTP, command: str, address: str = "") -> str:
        """Note a command, break off if told so, and give the reply."""
        self.said.append(command)
        if command in self.breaks and self.breaks_left:
            self.breaks_left -= 1
            break_off(server)
        return self.answers.get((command, address), "250 OK")

    async def handle_MAIL(self, server: SMTP, _: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """Hear who sends."""
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answer(server, "MAIL", address)

    async def handle_RCPT(self, server: SMTP, _: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """Hear who receives."""
        reply = self.answer(server, "RCPT", address)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply

    async def handle_DATA(self, server: SMTP, _: Any, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        await asyncio.sleep(self.waits)
        reply = self.answer(server, "DATA", envelope.rcpt_tos[0])
        if reply.startswith("2"):
            self.taken.append(envelope)
        return reply

    async def handle_RSET(self, server: SMTP, _session: Any, _envelope: Envelope) -> str:  # noqa: N802
        """Hear that the last mail is off."""
        return self.answer(server, "RSET")

    def mails(self) -> list[EmailMessage]:
        """Read what was taken."""
        return [read(envelope) for envelope in self.taken]

    def only(self) -> EmailMessage:
        """Read the one mail that was taken."""
        (mail,) = self.mails()
        return mail


class Server(Controller):
    """A mail server on a port that the system picks; it counts its sessions in the mailbox."""

    def factory(self) -> SMTP:
        """Begin a session."""
        self.handler.sessions += 1
        speaks: type[SMTP] = self.handler.speaks
        return speaks(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call] # aiosmtpd is typed in part


class Halfway(SMTP):
    """A mail server that breaks off in the middle of the data."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: ARG002, N802
        """Ask for the data, and go away while it comes."""
        await self.push("354 go on")
        await self._reader.readline()
        break_off(self)


def break_off(server: SMTP) -> None:
    """Close a session without a word."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def read(envelope: Envelope) -> EmailMessage:
    """Read a mail as a mail program does."""
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    """Give a mail's text; on the wire every line end is CRLF."""
    return str(mail.get_content()).replace("\r\n", "\n")


@contextmanager
def serving(mailbox: Mailbox, **options: Any) -> Iterator[str]:
    """Run a mail server, and give the URL for it."""
    server = Server(mailbox, hostname="127.0.0.1", port=0, **options)
    server.start()
    mailbox.sessions = 0
    try:
        yield f"smtp://127.0.0.1:{server.port}?sender=hr@example.org&timeout=5"
    finally:
        server.stop()


def channel_to(url: str) -> SmtpChannel:
    """Open the channel, with a password to be found under ``@env:MAIL``."""
    return open_smtp(Address.parse(url, resolve={"@env:MAIL": PASSWORD, "@env:WRONG": PASSWORD[::-1]}.__getitem__))


def message(to: str | None = "ada@example.org", **parts: str) -> Message:
    """Write a message."""
    receiver = Receiver("p1", parts.get("name", "Ada"), to, parts.get("language", "en"))
    return Message(parts.get("key", "k1"), receiver, parts.get("subject", "A subject"), parts.get("body", "A body"))


def outcomes(receipts: object) -> list[Outcome]:
    """Tell what became of messages, after a look that no reason says who they were for."""
    assert isinstance(receipts, list)
    assert all(isinstance(receipt, Receipt) for receipt in receipts)
    reasons = " ".join(receipt.reason for receipt in receipts)
    assert not any(word in reasons for word in ("@", "example", "Ada", "canary", "A body"))
    return [receipt.outcome for receipt in receipts]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Found a private certificate authority."""
    return trustme.CA()


@pytest.fixture
def cafile(authority: trustme.CA, tmp_path: Path) -> Path:
    """Put the authority's certificate in a file."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def server_tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """Give a server's side of TLS, with a certificate for a name."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


# What arrives.


def test_it_registers_as_a_channel() -> None:
    """The channel comes in under its scheme, and declares what leaves through it."""
    found: list[Adapter] = []

    def register(adapter: Adapter) -> None:
        found.append(adapter)

    smtp.ownership_register_adapters(register)
    assert [(adapter.kind, adapter.schemes) for adapter in found] == [(Kind.CHANNEL, ("smtp",))]
    assert found[0].factory == f"{open_smtp.__module__}:{open_smtp.__name__}"
    assert found[0].egress == frozenset({Egress.EMAIL, Egress.DISPLAY_NAME, Egress.LANGUAGE, Egress.MESSAGE_TEXT})


def test_what_it_declares_leaves_and_nothing_else() -> None:
    """Of a message with a canary in each part, the server hears those parts that the declaration names, no other."""
    canaries = {
        Egress.PERSON_ID: "id-canary",
        Egress.DISPLAY_NAME: "name-canary",
        Egress.EMAIL: "mail-canary@example.org",
        Egress.LANGUAGE: "qx",
        Egress.MESSAGE_KEY: "key-canary",
        Egress.MESSAGE_TEXT: "text-canary",
    }
    id_, name, email, language, key, text = canaries.values()
    found: list[Adapter] = []

    def register(adapter: Adapter) -> None:
        found.append(adapter)

    smtp.ownership_register_adapters(register)
    mailbox = Mailbox()
    with serving(mailbox) as url:
        channel_to(url).send([Message(key, Receiver(id_, name, email, language), "A subject", f"A {text}.")])
    told = "".join(f"{mail.rcpt_tos} {mail.content!r}" for mail in mailbox.taken)
    assert frozenset(egress for egress, canary in canaries.items() if canary in told) == found[0].egress


def test_a_message_arrives_as_it_was_written() -> None:
    """Diacritics, emoji, dots and long lines arrive, with the headers of an automatic mail in the reader's language."""
    body = "Hoi Zoë,\n\n.punt\nJe check-in staat open — één minuut 😀\n" + "heel lang " * 300
    mailbox = Mailbox()
    with serving(mailbox) as url:
        receipts = channel_to(url).send(
            [message("zoe@example.org", name="Zoë, de Vries", language="nl", subject="Één check-in 😀", body=body)]
        )
    mail = mailbox.only()
    assert outcomes(receipts) == [Outcome.DELIVERED]
    assert text_of(mail) == body + "\n"
    assert mail["Subject"] == "Één check-in 😀"
    assert [(to.display_name, to.addr_spec) for to in mail["To"].addresses] == [("Zoë, de Vries", "zoe@example.org")]
    assert mail["From"] == "hr@example.org"
    assert mail["Content-Language"] == "nl"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(mail["Date"]).tzinfo is not None
    assert (mailbox.taken[0].mail_from, mailbox.taken[0].rcpt_tos) == ("hr@example.org", ["zoe@example.org"])


def test_the_message_id_stays_at_every_try() -> None:
    """Two tries of one message have one Message-ID, another message has another, and it does not show the key."""
    mailbox = Mailbox()
    with serving(mailbox) as url:
        channel_to(url).send([message(key="p1.check_in_open"), message(key="p2.check_in_open")])
        channel_to(url).send([message(key="p1.check_in_open", body="again")])
    first, other, again = [str(mail["Message-ID"]) for mail in mailbox.mails()]
    assert first == again != other
    assert first.endswith("@example.org>")
    assert "p1" not in first


def test_one_session_serves_all_messages_of_a_send() -> None:
    """A send opens one session, whatever the number of messages; an empty one opens none."""
    mailbox = Mailbox()
    with serving(mailbox) as url:
        channel = channel_to(url)
        assert channel.send([]) == []
        assert mailbox.said == []
        receipts = channel.send([message(key=str(n)) for n in range(20)])
        channel.close()
        channel.close()
    assert outcomes(receipts) == [Outcome.DELIVERED] * 20
    assert [receipt.key for receipt in receipts] == [str(n) for n in range(20)]
    assert mailbox.sessions == 1


def test_an_address_outside_ascii_arrives_where_the_server_takes_it() -> None:
    """An international address is used as it is, and refused when the server does not speak SMTPUTF8."""
    mailbox = Mailbox()
    with serving(mailbox) as url:
        assert outcomes(channel_to(url).send([message("zoë@bücher.example", name="Zoë")])) == [Outcome.DELIVERED]
    assert mailbox.taken[0].rcpt_tos == ["zoë@bücher.example"]
    assert "\r\nTo: Zoë <zoë@bücher.example>\r\n".encode() in (mailbox.taken[0].original_content or b"")
    with serving(mailbox, enable_SMTPUTF8=False) as url:
        receipts = channel_to(url).send([message("zoë@bücher.example"), message()])
    assert outcomes(receipts) == [Outcome.REJECTED, Outcome.DELIVERED]
    assert "outside ASCII" in receipts[0].reason


def test_only_people_with_an_address_can_be_reached() -> None:
    """Someone without an e-mail address cannot be reached, and a message to her is rejected without a connection."""
    channel = channel_to("smtp://mail.example.org?sender=hr@example.org")
    assert channel.can_reach(message().receiver)
    assert not channel.can_reach(message(None).receiver)
    assert not channel.can_reach(message("").receiver)
    assert outcomes(channel.send([message(None)])) == [Outcome.REJECTED]


# What the server answers.


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize(("code", "outcome"), [(450, Outcome.RETRY), (550, Outcome.REJECTED)])
def test_one_refusal_leaves_the_other_messages_alone(command: str, code: int, outcome: Outcome) -> None:
    """A refusal for one of three is that one's receipt; the session is reset and goes on."""
    mailbox = Mailbox({(command, "liam@example.org"): f"{code} liam@example.org is not here"})
    with serving(mailbox) as url:
        receipts = channel_to(url).send([message(f"{name}@example.org") for name in ("ada", "liam", "sam")])
    assert outcomes(receipts) == [Outcome.DELIVERED, outcome, Outcome.DELIVERED]
    assert str(code) in receipts[1].reason
    assert [envelope.rcpt_tos for envelope in mailbox.taken] == [["ada@example.org"], ["sam@example.org"]]
    assert (mailbox.said.count("RSET"), mailbox.sessions) == (1, 1)


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_session_that_breaks_off_is_opened_once_more(command: str) -> None:
    """When the server goes away before the data, a new session takes over and nothing is sent twice."""
    mailbox = Mailbox(breaks={command}, breaks_left=1)
    with serving(mailbox) as url:
        receipts = channel_to(url).send([message(key=key) for key in "abc"])
    assert outcomes(receipts) == [Outcome.DELIVERED] * 3
    assert (len(mailbox.taken), mailbox.sessions) == (3, 2)


def test_a_session_that_keeps_breaking_off_is_not_opened_for_ever() -> None:
    """A server that always goes away gets two sessions in one send, and every message is to be tried again."""
    mailbox = Mailbox(breaks={"MAIL"})
    with serving(mailbox) as url:
        assert outcomes(channel_to(url).send([message(key=key) for key in "abc"])) == [Outcome.RETRY] * 3
    assert (mailbox.taken, mailbox.sessions) == ([], 2)


def test_a_server_that_shuts_down_is_met_again() -> None:
    """A 421 ends the session, so the message goes over a new one."""
    mailbox = Mailbox({("RCPT", "ada@example.org"): "421 shutting down"})
    with serving(mailbox) as url:
        receipts = channel_to(url).send([message("sam@example.org"), message(), message("sam@example.org")])
    assert outcomes(receipts) == [Outcome.DELIVERED, Outcome.RETRY, Outcome.RETRY]
    assert mailbox.sessions == 2


def test_breaking_off_in_the_middle_of_the_data_is_unknown() -> None:
    """When the session breaks off after the data began, nobody knows, and the next message gets a new session."""
    mailbox = Mailbox(speaks=Halfway)
    with serving(mailbox) as url:
        receipts = channel_to(url).send([message(body="body " * 100_000), message(), message()])
    assert outcomes(receipts) == [Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.RETRY]


def test_no_answer_after_the_data_is_unknown() -> None:
    """A message that the server took without a word may have been sent: it is unknown, not to be tried again."""
    mailbox = Mailbox(breaks={"DATA"}, breaks_left=1)
    with serving(mailbox) as url:
        receipts = channel_to(url).send([message(key="lost"), message(key="next")])
    assert outcomes(receipts) == [Outcome.UNKNOWN, Outcome.DELIVERED]
    assert len(mailbox.taken) == 2


def test_a_slow_answer_after_the_data_is_unknown() -> None:
    """When the answer does not come in time, the message may have been sent."""
    mailbox = Mailbox(waits=1.3)
    with serving(mailbox) as url:
        assert outcomes(channel_to(url.replace("timeout=5", "timeout=1")).send([message()])) == [Outcome.UNKNOWN]


def test_a_server_that_is_not_there_means_try_again() -> None:
    """When nothing listens, or no such host can be, every message is to be tried again and nothing is raised."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{bound.getsockname()[1]}?sender=hr@example.org"
        receipts = channel_to(url).send([message(key="a"), message(key="b")])
        assert outcomes(receipts) == [Outcome.RETRY, Outcome.RETRY]
        assert receipts[0].reason == "the mail server could not be reached"
    unthinkable = f"smtp://{'x' * 70}.invalid?sender=hr@example.org"
    assert outcomes(channel_to(unthinkable).send([message()])) == [Outcome.RETRY]


def test_a_server_that_says_nothing_means_try_again() -> None:
    """When the server does not even greet, messages are to be tried again, after one wait for all of them."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}?sender=hr@example.org&timeout=1"
        assert outcomes(channel_to(url).send([message()] * 20)) == [Outcome.RETRY] * 20


# TLS and the log-in.


def authenticator(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
    """Let in who knows the password; ``handled=False`` lets the server say no."""
    return AuthResult(success=login.password == PASSWORD.encode(), handled=False)


def strict(authority: trustme.CA) -> dict[str, Any]:
    """Give the options of a server that wants encryption and a log-in."""
    tls = server_tls(authority, "127.0.0.1")
    return {"tls_context": tls, "require_starttls": True, "auth_required": True, "authenticator": authenticator}


def test_starttls_with_a_private_authority(authority: trustme.CA, cafile: Path) -> None:
    """A session is encrypted with a certificate that is checked, and the log-in goes inside it."""
    mailbox = Mailbox()
    with serving(mailbox, **strict(authority)) as url:
        channel = channel_to(f"{url}&tls=starttls&cafile={cafile}&user=hr&password=@env:MAIL")
        assert outcomes(channel.send([message()])) == [Outcome.DELIVERED]
    assert mailbox.only()["Subject"] == "A subject"


def test_implicit_tls(authority: trustme.CA, cafile: Path) -> None:
    """A session can be encrypted from its first byte."""
    mailbox = Mailbox()
    with serving(mailbox, ssl_context=server_tls(authority, "127.0.0.1")) as url:
        assert outcomes(channel_to(url + f"&tls=implicit&cafile={cafile}").send([message()])) == [Outcome.DELIVERED]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("name", ["127.0.0.1", "other.example.org"])
def test_a_certificate_that_does_not_fit_sends_nothing(
    authority: trustme.CA, cafile: Path, tls: str, name: str
) -> None:
    """A certificate of an unknown authority, or for another host, is refused and messages wait."""
    mailbox = Mailbox()
    known = "" if name == "127.0.0.1" else f"&cafile={cafile}"
    context = server_tls(authority, name)
    with serving(mailbox, **({"tls_context": context} if tls == "starttls" else {"ssl_context": context})) as url:
        receipts = channel_to(f"{url}&tls={tls}{known}").send([message()])
    assert outcomes(receipts) == [Outcome.RETRY]
    assert "certificate" in receipts[0].reason
    assert mailbox.taken == []


def test_a_server_without_starttls_gets_nothing() -> None:
    """When encryption was asked for and is not offered, nothing is sent in the clear."""
    mailbox = Mailbox()
    with serving(mailbox) as url:
        assert outcomes(channel_to(url + "&tls=starttls").send([message(), message()])) == [Outcome.RETRY] * 2
    assert "MAIL" not in mailbox.said


def test_a_log_in_that_fails_loses_no_message(authority: trustme.CA, cafile: Path) -> None:
    """A wrong password is one to repair: every message waits, after a single attempt."""
    mailbox = Mailbox()
    with serving(mailbox, **strict(authority)) as url:
        channel = channel_to(f"{url}&tls=starttls&cafile={cafile}&user=hr&password=@env:WRONG")
        receipts = channel.send([message(), message()])
    assert outcomes(receipts) == [Outcome.RETRY, Outcome.RETRY]
    assert receipts[0].reason == "the mail server did not accept the user and password"
    assert (mailbox.sessions, mailbox.taken) == (1, [])


def test_a_server_that_wants_a_log_in_loses_no_message(authority: trustme.CA, cafile: Path) -> None:
    """When the server asks for a log-in that was not configured, messages wait for someone to repair it."""
    with serving(Mailbox(), **strict(authority)) as url:
        receipts = channel_to(f"{url}&tls=starttls&cafile={cafile}").send([message(), message()])
    assert outcomes(receipts) == [Outcome.RETRY, Outcome.RETRY]


# Hostile text.


def test_an_encoded_newline_in_a_subject_is_rejected() -> None:
    """An encoded word that hides a Bcc header is refused; take the check out, and the mail has that header."""
    mailbox = Mailbox()
    with serving(mailbox) as url:
        receipts = channel_to(url).send(
            [message(subject=f"Your check-in {BCC}"), message(subject="Hi\r\nBcc: eve@x.org")]
        )
    assert outcomes(receipts) == [Outcome.REJECTED, Outcome.REJECTED]
    assert mailbox.taken == []


def test_an_encoded_newline_in_a_name_is_left_out() -> None:
    """A name that hides a Bcc header does not keep someone from her mail: it goes out without the name."""
    mailbox = Mailbox()
    with serving(mailbox) as url:
        assert outcomes(channel_to(url).send([message(name=BCC)])) == [Outcome.DELIVERED]
    assert mailbox.only()["To"] == "ada@example.org"
    assert mailbox.only()["Bcc"] is None
    assert mailbox.taken[0].rcpt_tos == ["ada@example.org"]


@pytest.mark.parametrize(
    "to",
    [
        "ada@example.org>\r\nRCPT TO:<eve@example.org",
        "ada@example.org,eve@example.org",
        "=?utf-8?q?ada=0Aeve?=@example.org",
        "ada@example.org\x85",
        "a\ud800da@example.org",
        "ada\u200b@example.org",
        "ada",
    ],
)
def test_an_address_that_is_none_is_rejected(to: str) -> None:
    """An address with anything else in it is refused before the server hears of it."""
    mailbox = Mailbox()
    with serving(mailbox) as url:
        assert outcomes(channel_to(url).send([message(to)])) == [Outcome.REJECTED]
    assert mailbox.said == []


OURS = ["Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version"]
OURS += ["Message-ID", "Subject", "To"]
AWKWARD = '\r\n\t\0\x85\u2028\u202e\ud800.@<>",\\é😀= ();:'
PHRASES = (BCC, "=?utf-8?q?a=0Ab?=", "=?", "?=", "Bcc: eve@example.org", "From ", "x" * 90, "\r\n", "\r\n.\r\n")
pieces = st.one_of(st.sampled_from(PHRASES), st.sampled_from(AWKWARD), st.text(st.characters(), max_size=20))
hostile = st.lists(pieces, max_size=12).map("".join)


@pytest.fixture(scope="module")
def open_house() -> Iterator[tuple[Mailbox, SmtpChannel]]:
    """Run one mail server for many examples."""
    mailbox = Mailbox()
    with serving(mailbox) as url:
        yield mailbox, channel_to(url)


@settings(deadline=None)
@example(subject=BCC, name="Ada", body="", language="en")
@example(subject="", name=BCC, body="\n.\n.\r\nQUIT", language="en")
@example(subject="", name="Ada", body="", language="nl\r\nBcc: eve@example.org")
@example(subject="", name="Ada", body="\0", language="en")
@example(subject="", name="Ada", body="\ud800", language="en")
@given(subject=st.just("A subject") | hostile, name=hostile, body=hostile, language=st.just("nl") | hostile)
def test_no_text_changes_who_gets_a_mail(
    open_house: tuple[Mailbox, SmtpChannel], subject: str, name: str, body: str, language: str
) -> None:
    """Whatever the texts, a mail has one receiver, our headers only and its body, or it is rejected and not sent."""
    mailbox, channel = open_house
    mailbox.taken.clear()
    mailbox.said.clear()
    receipts = channel.send([message(subject=subject, name=name, body=body, language=language)])
    if outcomes(receipts) == [Outcome.REJECTED]:
        assert mailbox.taken == []
        return
    mail = mailbox.only()
    assert outcomes(receipts) == [Outcome.DELIVERED]
    assert mailbox.taken[0].rcpt_tos == ["ada@example.org"]
    assert [to.addr_spec for to in mail["To"].addresses] == ["ada@example.org"]
    assert sorted(set(mail.keys()) - {"Content-Language"}) == OURS
    assert text_of(mail).rstrip("\n") == body.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


# Configuration and secrets.


@pytest.mark.parametrize(
    ("url", "field_"),
    [
        ("smtp://mail.example.org", "smtp:?sender"),
        ("smtp://mail.example.org?sender=HR", "smtp:?sender"),
        ("smtp://mail.example.org?sender=hr@example.org%0d%0aBcc:eve@example.org", "smtp:?sender"),
        ("smtp://mail.example.org?sender==?utf-8?q?=0a?=@example.org", "smtp:?sender"),
        ("smtp:?sender=hr@example.org", "smtp"),
        ("smtp://mail.example.org/inbox?sender=hr@example.org", "smtp"),
        ("smtp://mail.example.org?sender=hr@example.org&tls=maybe", "smtp:?tls"),
        ("smtp://mail.example.org?sender=hr@example.org&timeout=0", "smtp:?timeout"),
        ("smtp://mail.example.org?sender=hr@example.org&timeout=soon", "smtp:?timeout"),
        ("smtp://mail.example.org?sender=hr@example.org&cafile=/not/there.pem", "smtp:?cafile"),
        ("smtp://mail.example.org?sender=hr@example.org&user=hr", "smtp:?user"),
        ("smtp://mail.example.org?sender=hr@example.org&password=@env:MAIL", "smtp:?user"),
        ("smtp://mail.example.org?sender=hr@example.org&user=hr&password=canary", "smtp:?password"),
        ("smtp://mail.example.org?sender=hr@example.org&user=hé&password=@env:MAIL", "smtp:?password"),
        ("smtp://mail.example.org?sender=hr@example.org&tls=none&user=hr&password=@env:MAIL", "smtp:?tls"),
        ("smtp://mail.example.org?sender=hr@example.org&port=25", "smtp:?port"),
    ],
)
def test_a_wrong_option_is_named(url: str, field_: str) -> None:
    """What is not right in the URL is refused by its name, without showing what it holds."""
    with pytest.raises(Misconfigured) as caught:
        channel_to(url)
    assert caught.value.field == field_
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtp://mail.example.org?sender=hr@example.org", 587),
        ("smtp://mail.example.org?sender=hr@example.org&tls=implicit", 465),
        ("smtp://mail.example.org?sender=hr@example.org&tls=none", 25),
        ("smtp://localhost?sender=hr@example.org", 25),
        ("smtp://[::1]?sender=hr@example.org", 25),
        ("smtp://127.0.0.1?sender=hr@example.org&tls=starttls", 587),
    ],
)
def test_the_port_follows_from_the_encryption(url: str, port: int) -> None:
    """Sessions are encrypted unless told otherwise or on this machine, and each way has its own usual port."""
    assert f"port={port}," in repr(channel_to(url))


def test_secrets_are_shown_nowhere() -> None:
    """Neither the channel nor a message shows a password, a user, an address or a text."""
    channel = channel_to("smtp://mail.example.org?sender=hr@example.org&user=canary-user&password=@env:MAIL")
    letter = smtp._Letter.of(message(body="canary body"), "hr@example.org")
    shown = f"{channel!r} {channel} {vars(channel)} {message()!r} {letter!r}"
    assert "mail.example.org" in shown
    assert not any(secret in shown.replace("'hr@example.org'", "") for secret in ("canary", "ada@", "hr@", "A body"))
