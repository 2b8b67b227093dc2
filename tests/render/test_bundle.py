"""A bundle to read: everything in it, in two languages, and what people wrote as text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import pytest
from attrs import evolve, fields, has
from hypothesis import given

from ownership.domain.bundle import Belongings, Bundle, Written
from ownership.domain.classification import FieldClass, class_of_field
from ownership.domain.goals import Goal, GoalId
from ownership.domain.people import Person, PersonId
from ownership.render.bundle import bundle_markdown, label, labels
from ownership.testing import bundles

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA = Person(PersonId("ada"), "Ada", locale="nl-NL")
GOAL = Goal(GoalId("ada.g1"), ADA.id, "Leren", NOW, why="<b>ja</b>\n# nee")
SMALL = Bundle("acme", NOW, ADA, Belongings(goals=(GOAL,)))


@pytest.mark.parametrize("language", ["en", "nl"])
@given(bundle=bundles())
def test_everything_can_be_read(language: str, bundle: Bundle) -> None:
    """Whatever is in a bundle has its heading, and as many entries as there are things."""
    page = bundle_markdown(bundle, language)
    for name, many in bundle.own.counts().items():
        heading = f"## {labels()['parts'][name][language]}\n"
        assert f"\n{heading}" in page
        assert f"### {many}." in page.partition(heading)[2].partition("\n## ")[0]


def test_it_is_in_her_language() -> None:
    """Without being told, it is written in the language that she reads; in English for one without words."""
    assert bundle_markdown(SMALL).startswith("# Alles wat van jou is: Ada")
    assert bundle_markdown(SMALL, "tlh").startswith("# All that is yours: Ada")
    assert "Verder is er nog niets" in bundle_markdown(evolve(SMALL, own=Belongings()))


def test_what_people_wrote_is_no_markup() -> None:
    """Text stands there as text, whatever it looks like."""
    page = bundle_markdown(SMALL)
    assert "\\<b\\>ja\\</b\\>" in page
    assert "\n# nee" not in page


def visible(cls: type[Any]) -> set[str]:
    """Give the names of all fields that can be read, however deep they lie."""
    hints, found = get_type_hints(cls), set()
    for attribute in fields(cls):
        said = class_of_field(attribute)
        if said not in {FieldClass.RECORD_ID, FieldClass.OWNER_ID, FieldClass.VERSION}:
            found.add(attribute.name)
            found |= {name for inner in classes_in(hints[attribute.name]) for name in visible(inner)}
    return found


def classes_in(hint: Any) -> list[type[Any]]:
    """Give our own classes that a type speaks of."""
    if isinstance(hint, type) and has(hint):
        return [hint]
    return [cls for inner in get_args(hint) for cls in classes_in(inner)]


@pytest.mark.parametrize("cls", [Person, Written, *Belongings.classes().values()], ids=lambda cls: cls.__name__)
def test_every_field_has_its_name_in_dutch(cls: type[Any]) -> None:
    """No field is called by its English name in Dutch."""
    assert visible(cls) <= labels()["velden"].keys()
    assert label("answered_on", "en") == "answered on"


def test_every_collection_has_its_heading() -> None:
    """Each part of a bundle has a heading in both languages."""
    assert labels()["parts"].keys() == {"person", "written", *Belongings.classes()}
    assert all(set(said) == {"en", "nl"} for said in labels()["parts"].values())
