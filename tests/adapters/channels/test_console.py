"""The console channel shows messages, and nothing in them can do more than be shown."""

from __future__ import annotations

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownership.adapters.channels import console
from ownership.adapters.channels.console import ConsoleChannel, open_console
from ownership.errors import Misconfigured
from ownership.ports.adapters import Adapter, Address, Egress, Kind
from ownership.ports.channels import Message, Outcome, Receiver


def message(key: str = "k", *, language: str = "nl", name: str = "Zoë", subject: str = "S", body: str = "B") -> Message:
    """Write a message."""
    return Message(key, Receiver(key, name, language=language), subject, body)


def test_it_registers_as_a_channel() -> None:
    """The channel comes in under its scheme, by a name that is imported at first use."""
    found: list[Adapter] = []

    def register(adapter: Adapter) -> None:
        found.append(adapter)

    console.ownership_register_adapters(register)
    assert [(adapter.kind, adapter.schemes) for adapter in found] == [(Kind.CHANNEL, ("console",))]
    assert found[0].factory == f"{open_console.__module__}:{open_console.__name__}"
    assert found[0].egress == frozenset({Egress.DISPLAY_NAME, Egress.LANGUAGE, Egress.MESSAGE_TEXT})


def test_what_it_declares_is_printed_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a message with a canary in each part, those parts are printed that the declaration names, and no other."""
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

    console.ownership_register_adapters(register)
    receiver = Receiver(id_, name, email, language)
    open_console(Address.parse("console:")).send([Message(key, receiver, "S", f"A {text}.")])
    told = capsys.readouterr().out
    assert frozenset(egress for egress, canary in canaries.items() if canary in told) == found[0].egress


def test_a_message_is_one_short_block(capsys: pytest.CaptureFixture[str]) -> None:
    """Each message is printed with its reader's name, its subject and its body."""
    channel = open_console(Address.parse("console:"))
    (receipt,) = channel.send([message(subject="Je check-in staat open", body="\nHoi Zoë 😀\n\nTot dan")])
    assert receipt.key == "k"
    assert receipt.outcome is Outcome.DELIVERED
    assert capsys.readouterr().out == "── Zoë (nl): Je check-in staat open\nHoi Zoë 😀\n\nTot dan\n\n"


def test_a_summary_is_one_line_for_each_send(capsys: pytest.CaptureFixture[str]) -> None:
    """With a summary, a send prints how many messages there were in which language, and no name or text."""
    channel = open_console(Address.parse("console:?summary=yes"))
    messages = [message(f"nl{n}") for n in range(25)] + [message(f"en{n}", language="en") for n in range(12)]
    receipts = channel.send(messages)
    channel.send(messages[:1])
    channel.send([])
    assert [receipt.key for receipt in receipts] == [message.key for message in messages]
    assert {receipt.outcome for receipt in receipts} == {Outcome.DELIVERED}
    assert capsys.readouterr().out == "console: 37 messages (en 12, nl 25)\nconsole: 1 message (nl 1)\n"


def test_everybody_can_be_reached() -> None:
    """A person without an e-mail address is reached like any other."""
    channel = ConsoleChannel()
    assert channel.can_reach(Receiver("p", "Zoë"))
    channel.close()
    channel.close()


def test_standard_output_is_found_when_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output goes to what standard output is at that moment, not at the moment the channel was made."""
    channel = ConsoleChannel()
    later = io.StringIO()
    monkeypatch.setattr(sys, "stdout", later)
    channel.send([message(body="later")])
    assert "later" in later.getvalue()


@pytest.mark.parametrize("summary", [True, False])
def test_closed_output_means_try_again(monkeypatch: pytest.MonkeyPatch, *, summary: bool) -> None:
    """When standard output takes nothing, no message is said to be delivered, and nothing is raised."""
    closed = io.StringIO()
    closed.close()
    for stream in (closed, None):
        monkeypatch.setattr(sys, "stdout", stream)
        receipts = ConsoleChannel(summary=summary).send([message("a"), message("b")])
        assert [receipt.outcome for receipt in receipts] == [Outcome.RETRY, Outcome.RETRY]


def test_a_narrow_terminal_still_gets_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Characters that the terminal's encoding does not know are replaced, not raised."""
    raw = io.BytesIO()
    narrow = io.TextIOWrapper(raw, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    (receipt,) = ConsoleChannel().send([message(body="Hoi Zoë 😀")])
    assert receipt.outcome is Outcome.DELIVERED
    assert b"Hoi Zo? ?" in raw.getvalue()


@given(text=st.text(st.characters()))
def test_no_text_steers_the_terminal(text: str) -> None:
    """Whatever people wrote, no escape or reordering character reaches the terminal."""
    stream = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        (receipt,) = ConsoleChannel().send([message(name=text, subject=text, body=text + "\x1b[2J\u202e")])
    assert receipt.outcome is Outcome.DELIVERED
    assert all(char in "\n\t" or (char >= " " and char not in "\x7f\x9b\u202e\u2066") for char in stream.getvalue())


@pytest.mark.parametrize(("url", "field"), [("console:?summary=perhaps", "summary"), ("console:?color=no", "color")])
def test_a_wrong_option_is_named(url: str, field: str) -> None:
    """An option that is not right is refused by its name."""
    with pytest.raises(Misconfigured) as caught:
        open_console(Address.parse(url))
    assert caught.value.field == f"console:?{field}"
