"""The register in words: complete in both languages, the page in the docs as it is printed, drift in plain lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from attrs import evolve

from ownership import Retention, open_workspace
from ownership.domain.classification import (
    Exported,
    FieldClass,
    Holder,
    OnErasure,
    Purpose,
    Reader,
    Term,
    Whose,
)
from ownership.domain.classification import (
    Retention as Terms,
)
from ownership.domain.register import Drift, DriftKind, Register, RegisteredAdapter, RegisteredRecord, register_of
from ownership.ports.adapters import Egress
from ownership.render.register import drift_lines, register_markdown
from ownership.render.words import all_words
from ownership.workspace.records import NOUNS
from ownership.workspace.register import OUTBOX_ENTRY

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "register.md"
WRITE_IT = "ownership register -w memory: --channel 'smtp://localhost?sender=hr@example.org' --channel inbox: > {}"
SAID: Mapping[str, Iterable[str]] = {
    "purpose": Purpose,
    "holder": Holder,
    "readers": Reader,
    "terms": Term,
    "field_class": FieldClass,
    "whose": Whose,
    "exported": Exported,
    "on_erasure": OnErasure,
    "egress": Egress,
    "record": [*NOUNS.values(), OUTBOX_ENTRY],
}


def a_register() -> Register:
    """Give the register of a workspace with mail."""
    with open_workspace(channels=["smtp://localhost?sender=hr@example.org", "inbox:"]) as ws:
        return ws.register()


@pytest.mark.parametrize("respect", SAID)
def test_every_word_of_a_register_is_said_in_words(respect: str) -> None:
    """Whatever a register of today says, there are words for it in both languages."""
    assert {f"register.said.{respect}.{word}" for word in SAID[respect]} <= all_words().keys()


def test_every_setting_is_explained() -> None:
    """Nobody has to guess what a setting is for."""
    assert {f"register.said.setting.{name}" for name in a_register().settings} <= all_words().keys()


def test_the_page_in_the_docs_is_what_is_printed() -> None:
    """Nobody writes that page by hand."""
    assert PAGE.read_text(encoding="utf-8") == register_markdown(a_register()), WRITE_IT.format(PAGE)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_everything_in_a_register_is_on_the_page(language: str) -> None:
    """Each setting, adapter and field is there, in lines that fit."""
    register, text = a_register(), register_markdown(a_register(), language)
    names = [*register.settings, *(adapter.name for adapter in register.adapters)]
    fields = [each.path for record in register.records for each in record.fields]
    assert all(f"`{name}`" in text for name in [*names, *fields])
    assert max(map(len, text.splitlines())) <= 140 or language == "nl"


def test_the_page_is_in_the_language_that_is_asked_for() -> None:
    """A works council reads Dutch, with the days as the setting says."""
    register = evolve(a_register(), settings={**a_register().settings, "retention.looks": "1000"})
    text = register_markdown(register, "nl")
    assert text.startswith("# Verwerkingsregister\n")
    kept = "tot 90 dagen na de laatste werkdag van de eigenaar, of 1.000 dagen vanaf `at`, wat het eerst komt"
    assert kept in text.replace("\n  ", " ")


def test_silence_is_shown() -> None:
    """A class and an adapter that do not say stand there as such."""
    register = register_of({}, Terms(), {}, [RegisteredAdapter("channel.x")])
    text = register_markdown(evolve(register, records=(RegisteredRecord("diary"),)))
    assert "- `channel.x`: not declared" in text
    assert "### diary\n\n- not declared" in text


@pytest.mark.parametrize(
    ("drift", "english", "dutch"),
    [
        (
            Drift(DriftKind.CHANGED, "goal", "readers", "nobody", "everyone, organiser"),
            "goal: who reads it was nobody, and is everyone who works here, the organiser of the programme",
            "doel: wie het leest was niemand, en is iedereen die hier werkt, de organisator van het programma",
        ),
        (
            Drift(DriftKind.CHANGED, "person", "shows", "display_name", ""),
            "person: what readers see of it was display_name, and is all of it",
            "persoon: wat lezers ervan zien was display_name, en is alles",
        ),
        (
            Drift(DriftKind.CHANGED, "channel.x", "egress", "unsaid", ""),
            "channel.x: what leaves through it was not declared, and is nothing",
            "channel.x: wat erdoor naar buiten gaat was niet opgegeven, en is niets",
        ),
        (
            Drift(DriftKind.ADDED, "goal.mood"),
            "goal.mood: is new since it was agreed",
            "doel.mood: is nieuw sinds de afspraak",
        ),
        (
            Drift(DriftKind.REMOVED, "diary"),
            "diary: was agreed, and is there no more",
            "diary: was afgesproken, en is er niet meer",
        ),
    ],
    ids=str,
)
def test_a_difference_is_a_plain_line(drift: Drift, english: str, dutch: str) -> None:
    """What was agreed and what is now, in words; what is not known any more by its own name."""
    assert drift_lines([drift]) == (english,)
    assert drift_lines([drift], "nl") == (dutch,)


def test_a_longer_term_is_heard_of() -> None:
    """The line names the setting and both days."""
    with open_workspace(retention=Retention(looks=400)) as agreed, open_workspace() as now:
        assert drift_lines(now.register().drift_from(agreed.register())) == (
            "retention.looks: the setting was 400, and is 1095",
        )
