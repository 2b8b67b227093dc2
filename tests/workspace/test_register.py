"""The register of a workspace: its settings and adapters, and nothing of anybody; a plugin that is silent is heard."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

import pytest
from attrs import field, frozen

from ownership import Adapter, Kind, Misconfigured, Registry, Retention, hookimpl, open_workspace
from ownership.codec import dump, load
from ownership.domain.classification import OWN_WORDS, Keeping, Purpose
from ownership.domain.people import PersonId
from ownership.domain.publication import ReleasePlan, ReleasePlanId
from ownership.domain.register import Drift, DriftKind, Register
from ownership.ports.channels import Message, Receipt, Receiver

MAIL = "smtp://localhost?sender=hr@example.org"


class Silent:
    """A channel that takes messages nowhere."""

    def can_reach(self, receiver: Receiver) -> bool:  # noqa: ARG002 - nobody
        return False

    def send(self, messages: list[Message]) -> list[Receipt]:  # noqa: ARG002 - none come
        return []

    def close(self) -> None:
        """Do nothing."""


@frozen
class Log:
    """What a plugin stores without saying what it is."""

    line: str = ""


@frozen
class Diary:
    """What a plugin stores, and says what it is."""

    keeping: ClassVar[Keeping] = Keeping(Purpose.REMIND)

    line: str = field(metadata=OWN_WORDS)


def plugin(**declared: Any) -> ModuleType:
    """Make a plugin that brings a channel."""

    @hookimpl
    def ownership_register_adapters(register: Any) -> None:
        register(Adapter(Kind.CHANNEL, ("silent",), lambda _: Silent(), **declared))

    module = ModuleType("silent_plugin")
    module.ownership_register_adapters = ownership_register_adapters  # type: ignore[attr-defined]
    return module


def with_plugin(**declared: Any) -> Register:
    """Give the register of a workspace to which a host passes a plugin."""
    with open_workspace(plugins=[plugin(**declared)]) as ws:
        return ws.register()


class TestCoverage:
    def test_all_that_comes_with_the_library_says_what_it_is(self) -> None:
        """No class, no field and no adapter of ours is silent."""
        with open_workspace(channels=["console:", MAIL, "inbox:"]) as ws:
            assert ws.register().gaps == ()

    def test_every_installed_adapter_of_ours_says_what_leaves(self) -> None:
        """Also one that no workspace has in use."""
        registry = Registry()
        assert registry.check() == {}
        assert registry.silent == frozenset()

    def test_sharing_is_as_the_page_of_visibility_tells(self) -> None:
        """What an owner shares with whom she likes, and what she can show to those it is for."""
        with open_workspace() as ws:
            records = ws.register().records
        shared = {how: {record.name for record in records if record.sharing == how} for how in ("chosen", "offered")}
        assert shared == {
            "chosen": {"goal", "check-in", "reflection", "learning option", "learning choice", "feedback"},
            "offered": {"initiative balance", "development plan", "delegation"},
        }

    def test_a_plugin_that_declares_nothing_is_named(self) -> None:
        """Not to say what leaves is not the same as nothing leaving."""
        assert with_plugin().gaps == ("channel.silent",)
        assert with_plugin(egress=frozenset()).gaps == ()

    def test_a_class_that_a_plugin_stores_is_held_to_the_same(self) -> None:
        """A class of an adapter's own is named with its silent fields; one that says what it is is registered."""
        assert with_plugin(egress=(), keeps=(Log,)).gaps == ("channel.silent Log", "channel.silent Log.line")
        register = with_plugin(egress=(), keeps=(Diary,))
        assert register.gaps == ()
        assert register.records[-1].name == "channel.silent Diary"

    def test_what_cannot_leave_is_not_declared(self) -> None:
        """A word that no port hands over is a mistake, and the error names those that there are."""
        with pytest.raises(Misconfigured, match=r"egress.*known are person\.id"):
            Adapter(Kind.CHANNEL, ("x",), "x:y", egress=frozenset({"person.shoe_size"}))


class TestPulse:
    def test_the_threshold_and_bands_are_those_of_the_latest_pulse(self) -> None:
        """An organiser who opens a pulse with other bands than were agreed is heard of."""
        with open_workspace() as ws:
            agreed = ws.register()
            plan = ReleasePlan(ReleasePlanId("organisation.t1"), PersonId("organisation"), threshold=8, edges=(50.0,))
            with ws._desk.writing() as unit:
                unit.save(plan)
            drift = ws.register().drift_from(agreed)
        assert [(each.subject, each.agreed, each.now) for each in drift] == [
            ("pulse.threshold", "5", "8"),
            ("pulse.bands", "35, 50, 65", "50"),
        ]


class TestSettings:
    def test_it_has_the_settings_of_this_workspace(self) -> None:
        """Terms, channels in their order, the threshold and bands of pulses, and the guards of a sync."""
        with open_workspace(channels=["console:", "inbox:"], retention=Retention(looks=400)) as ws:
            settings = ws.register().settings
        assert settings["retention.looks"] == "400"
        assert settings["channels"] == "console, inbox"
        assert (settings["pulse.threshold"], settings["pulse.bands"]) == ("5", "35, 50, 65")
        assert settings["guard.leavers"] == "0.2"

    def test_it_has_the_adapters_in_use(self) -> None:
        """The store and the channels of this workspace, and what its plugins bring; not all that are installed."""
        assert [adapter.name for adapter in with_plugin(egress=()).adapters] == [
            "storage.memory",
            "channel.inbox",
            "channel.silent",
        ]

    def test_a_retention_is_a_retention(self) -> None:
        """Anything else is refused before something is kept by it."""
        with pytest.raises(Misconfigured, match="retention"):
            open_workspace(retention={"looks": 400})  # type: ignore[arg-type]

    def test_nobody_is_in_it(self) -> None:
        """A register is the same whoever works here and whatever they wrote."""
        with open_workspace() as ws:
            before = ws.register()
            ws.people.sync("sample:")
            ws.acting_as("ada@example.org").goals.draft(title="canary")
            assert ws.register() == before


class TestAgreed:
    def test_an_agreed_register_is_read_again(self) -> None:
        """Saved as JSON and loaded, it is the same, and nothing differs."""
        with open_workspace(channels=[MAIL]) as ws:
            now = ws.register()
        agreed = load(Register, dump(now))
        assert agreed == now
        assert now.drift_from(agreed) == ()

    def test_a_setting_that_changed_since_is_told(self) -> None:
        """A term that the host made longer is one difference."""
        with open_workspace(retention=Retention(messages=30)) as agreed, open_workspace() as now:
            drift = now.register().drift_from(agreed.register())
        assert drift == (Drift(DriftKind.CHANGED, "retention.messages", "value", "30", "365"),)
