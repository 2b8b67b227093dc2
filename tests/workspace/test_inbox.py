"""The inbox: every message to a person, without an e-mail address."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ownership import NotFound

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def test_everyone_has_one(world: World) -> None:
    """Who has no e-mail address reads every message in the inbox, in her own language, with what it is about."""
    world.open_check_in("noor")
    noor = world.acting("noor")
    assert noor.inbox.messages() == ()  # her shift has not begun
    world.clock.set(2026, 1, 6, 21, 0)
    world.work()
    (message,) = noor.inbox.messages()
    assert message.subject == "Je check-in staat open"
    assert "19 jan 2026" in message.body
    assert message.delivery.channel == "pigeon"


def test_newest_first(world: World) -> None:
    """The newest message comes first, and what waits or was overtaken is not a message."""
    for _ in range(3):
        world.given()
        world.work()
        world.clock.move(hours=1)
    ada = world.acting("ada")
    sent = [message.delivery.sent_at for message in ada.inbox.messages()]
    assert sent == sorted(sent, key=str, reverse=True)
    world.given()
    assert len(ada.inbox.messages()) == len(sent) == 3


def test_mark_as_read(world: World) -> None:
    """A message is marked as read on the first day, by its reader only."""
    world.given()
    world.work()
    ada = world.acting("ada")
    (message,) = ada.inbox.messages()
    assert not message.is_read
    assert ada.inbox.read(message).read_on == date(2026, 1, 5)
    world.clock.move(days=3)
    assert ada.inbox.read(message.delivery.id).read_on == date(2026, 1, 5)
    assert ada.inbox.messages()[0].is_read
    for id_ in (message.delivery.id, f"{message.delivery.id}x", "x"):
        with pytest.raises(NotFound):
            world.acting("liam").inbox.read(id_)


def test_language_of_the_day(world: World) -> None:
    """A message is shown in the language that its reader chose, whenever it was sent."""
    world.given()
    world.work()
    ada = world.acting("ada")
    english = ada.inbox.messages()[0].subject
    ada.profile.use_language("nl")
    assert ada.inbox.messages()[0].subject != english
