"""The channel port: carries messages to people, and answers with a receipt for each."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from attrs import field, frozen


@frozen
class Receiver:
    """To whom a message goes: an id, a name, a language, and an address where there is one."""

    person_id: str
    display_name: str = field(repr=False)
    email: str | None = field(default=None, repr=False)
    language: str = "en"


@frozen
class Message:
    """A message, ready to send. ``key`` is the same for every try, so that a channel that takes keys sends it once."""

    key: str
    receiver: Receiver
    subject: str = field(repr=False)
    body: str = field(repr=False)


class Outcome(StrEnum):
    """What became of a message."""

    DELIVERED = "delivered"
    RETRY = "retry"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@frozen
class Receipt:
    """What became of one message. ``reason`` holds no address and no text of the message.

    ``RETRY`` means it certainly was not sent, ``REJECTED`` that trying again is of no use, ``UNKNOWN`` that it may have
    been sent. ``retry_after`` is in seconds.
    """

    key: str
    outcome: Outcome
    reason: str = ""
    retry_after: float | None = None


class Channel(Protocol):
    """A way to reach people."""

    def can_reach(self, receiver: Receiver) -> bool:
        """Whether this channel has a way to someone (an address, for instance)."""

    def send(self, messages: Sequence[Message]) -> Sequence[Receipt]:
        """Send messages and give a receipt for each, in the same order.

        Raises nothing for a message that cannot be sent: its receipt says so. A channel that cannot be reached at all
        answers ``RETRY`` for each.
        """

    def close(self) -> None:
        """Release what is held; can be called twice."""
