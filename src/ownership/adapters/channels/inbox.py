"""The inbox channel (``inbox:``): reaches people who have no e-mail, inside the application itself.

A message is committed to the store together with its delivery, before any channel sees it, and that stored message is
what an inbox shows. So there is nothing left to carry: when this channel is asked, the message already is where its
reader finds it. The channel answers ``DELIVERED`` for everyone, keeps nothing, and no personal data leaves through it.
It reaches everybody, so it comes after the channels that should be tried first.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Kind, RegisterAdapter
from ownership.ports.channels import Message, Outcome, Receipt, Receiver


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register the channel under ``inbox:``."""
    register(
        Adapter(
            kind=Kind.CHANNEL,
            schemes=("inbox",),
            factory="ownership.adapters.channels.inbox:open_inbox",
            summary="leaves messages in the inbox that the application shows",
            capabilities=frozenset({"receipts", "send.idempotent"}),
            egress=frozenset(),
        )
    )


def open_inbox(address: Address) -> InboxChannel:
    """Make the channel; it has no options."""
    address.only()
    return InboxChannel()


@frozen
class InboxChannel:
    """Answers that messages are delivered, as the store already holds them."""

    def can_reach(self, receiver: Receiver) -> bool:  # noqa: ARG002 - whoever it is
        """Say yes: everybody has an inbox."""
        return True

    def send(self, messages: Sequence[Message]) -> Sequence[Receipt]:
        """Answer ``DELIVERED`` for each, as often as it is asked."""
        return [Receipt(message.key, Outcome.DELIVERED) for message in messages]

    def close(self) -> None:
        """Do nothing: nothing is held."""
