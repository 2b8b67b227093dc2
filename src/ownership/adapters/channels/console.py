"""The console channel (``console:``): prints messages to standard output, for trying things out.

It reaches everybody. What people wrote is printed as text and nothing else: no character in it can steer the terminal.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence

from attrs import frozen

from ownership.errors import Misconfigured
from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Kind, RegisterAdapter
from ownership.ports.channels import Message, Outcome, Receipt, Receiver

# Controls but tab and newline, and what reorders a line: terminals obey them.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register the channel under ``console:``."""
    register(
        Adapter(
            kind=Kind.CHANNEL,
            schemes=("console",),
            factory="ownership.adapters.channels.console:open_console",
            summary="prints messages to standard output",
            egress=frozenset({"person.display_name", "person.language", "message.text"}),
        )
    )


def open_console(address: Address) -> ConsoleChannel:
    """Make the channel. Option: ``summary=yes`` prints one line for each ``send``, without names and texts."""
    address.only("summary")
    summary = address.option("summary", "no")
    if summary not in {"yes", "no"}:
        raise Misconfigured("console:?summary", "is yes or no")
    return ConsoleChannel(summary=summary == "yes")


@frozen
class ConsoleChannel:
    """Prints each message, or with ``summary`` only how many there were."""

    summary: bool = False

    def can_reach(self, receiver: Receiver) -> bool:  # noqa: ARG002 - whoever it is
        """Say yes: what is printed is for everybody."""
        return True

    def send(self, messages: Sequence[Message]) -> Sequence[Receipt]:
        """Print messages to what standard output is at this moment."""
        if self.summary:
            printed = not messages or _print(_summary(messages))
            return [_receipt(message, printed=printed) for message in messages]
        return [_receipt(message, printed=_print(_block(message))) for message in messages]

    def close(self) -> None:
        """Do nothing: standard output belongs to the process."""


def _summary(messages: Sequence[Message]) -> str:
    languages = Counter(message.receiver.language for message in messages)
    counts = ", ".join(f"{language} {count}" for language, count in sorted(languages.items()))
    return f"console: {len(messages)} {'message' if len(messages) == 1 else 'messages'} ({counts})"


def _block(message: Message) -> str:
    receiver = message.receiver
    return f"── {receiver.display_name} ({receiver.language}): {message.subject}\n{message.body.strip()}\n"


def _print(text: str) -> bool:
    """Print inert text; False when there is no standard output that takes it."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    inert = _STEERING.sub("\N{REPLACEMENT CHARACTER}", text).encode(encoding, "replace").decode(encoding)
    try:
        print(inert, flush=True)
    except (OSError, ValueError):  # a broken pipe, a closed file
        return False
    return sys.stdout is not None


def _receipt(message: Message, *, printed: bool) -> Receipt:
    if printed:
        return Receipt(message.key, Outcome.DELIVERED)
    return Receipt(message.key, Outcome.RETRY, "standard output is closed")
