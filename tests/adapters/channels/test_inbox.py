"""The inbox channel has nothing to carry: the store already holds the message."""

from __future__ import annotations

import pytest

from ownership.adapters.channels import inbox
from ownership.adapters.channels.inbox import InboxChannel, open_inbox
from ownership.errors import Misconfigured
from ownership.ports.adapters import Adapter, Address, Kind
from ownership.ports.channels import Message, Outcome, Receipt, Receiver


def test_it_registers_as_a_channel_that_lets_nothing_out() -> None:
    """The channel comes in under its scheme, and declares that no personal data leaves through it."""
    found: list[Adapter] = []

    def register(adapter: Adapter) -> None:
        found.append(adapter)

    inbox.ownership_register_adapters(register)
    assert [(adapter.kind, adapter.schemes) for adapter in found] == [(Kind.CHANNEL, ("inbox",))]
    assert found[0].factory == f"{open_inbox.__module__}:{open_inbox.__name__}"
    assert found[0].egress == frozenset()


def test_everybody_has_an_inbox() -> None:
    """A person without an e-mail address can be reached."""
    assert InboxChannel().can_reach(Receiver("p", "Zoë"))


def test_every_message_is_delivered_and_again_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """Each message gets its receipt in the same order, asking again gives the same, and nothing is shown anywhere."""
    channel = open_inbox(Address.parse("inbox:"))
    messages = [Message(key, Receiver(key, "Zoë"), "subject", "body") for key in ("b", "a", "c")]
    receipts = channel.send(messages)
    assert receipts == [Receipt(key, Outcome.DELIVERED) for key in ("b", "a", "c")]
    assert channel.send(messages) == receipts
    assert channel.send([]) == []
    assert capsys.readouterr() == ("", "")
    channel.close()
    channel.close()


def test_it_has_no_options() -> None:
    """An option is refused by its name."""
    with pytest.raises(Misconfigured) as caught:
        open_inbox(Address.parse("inbox:?summary=yes"))
    assert caught.value.field == "inbox:?summary"
