"""The text of a bundle: written and read back equal, described by its schema, and refused where there is any doubt."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from ownership import InvalidInput
from ownership.domain.bundle import Belongings, Bundle
from ownership.domain.classification import Holder
from ownership.domain.people import Person, PersonId
from ownership.portable import _HEAD, VERSION, _digest, bundle_text, digest_of, published_schema, read_bundle, schema
from ownership.testing import bundles
from ownership.workspace.records import SHELVES

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHECKED = Draft202012Validator(json.loads(published_schema()), format_checker=FormatChecker())


def with_body(change: Callable[[dict[str, Any]], Any]) -> str:
    """Give the text of a bundle that was changed by somebody who worked out a new digest."""
    document = json.loads(SMALL)
    change(document)
    body = {name: part for name, part in document.items() if name not in _HEAD}
    return json.dumps(document | {"digest": _digest(body)})


@given(bundles())
def test_written_equals_read(bundle: Bundle) -> None:
    """What was written is read back equal, under the same digest, and fits the published schema."""
    text = bundle_text(bundle)
    assert read_bundle(text) == read_bundle(text.encode()) == bundle
    assert json.loads(text)["digest"] == digest_of(bundle)
    assert [error.message for error in CHECKED.iter_errors(json.loads(text))] == []


def test_every_collection_is_in_it_or_nobodys() -> None:
    """Each stored class that a person can own has its place under its collection's name; a new one fails without."""
    hers = {
        collection: cls
        for cls, (collection, _) in SHELVES.items()
        if cls is not Person and cls.keeping.holder is not Holder.ORGANISATION
    }
    assert Belongings.classes() == hers


def test_the_schema_is_the_one_of_the_types() -> None:
    """The schema that the package ships, and that of the docs, are those of the types: python -m ownership.portable."""
    Draft202012Validator.check_schema(schema())
    assert json.loads(published_schema()) == schema()
    assert (DOCS / "reference" / "bundle.schema.json").read_text(encoding="utf-8") == published_schema()


SMALL = bundle_text(Bundle("acme", NOW, Person(PersonId("ada"), "Ada", email="ada@old.example"), Belongings()))

REFUSED: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "bundle"),
    "no text": (b"\xff\xfe\xfa", "bundle"),
    "deep": ("[" * 200_000, "bundle"),
    "a list": ("[]", "bundle"),
    "no number": (SMALL.replace('"acme"', "NaN"), "bundle"),
    "twice": (SMALL.replace('"tenant"', '"tenant": "x", "tenant"'), "bundle"),
    "another kind": (SMALL.replace("ownership-bundle", "overview"), "bundle.kind"),
    "no version": (SMALL.replace('"version": 1', '"version": "1"'), "bundle.version"),
    "no version either": (SMALL.replace('"version": 1', '"version": true'), "bundle.version"),
    "version zero": (SMALL.replace('"version": 1', '"version": 0'), "bundle.version"),
    "newer": (SMALL.replace('"version": 1', f'"version": {VERSION + 1}'), "bundle.version"),
    "tampered": (SMALL.replace("acme", "evil"), "bundle.digest"),
    "no digest": (SMALL.replace('"digest"', '"digests"'), "bundle.digest"),
    "no file": (None, "bundle"),
    "surrogate": (SMALL.replace("acme", "\\ud800"), "bundle.digest"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_bundle_is_refused(name: str) -> None:
    """Each text that is not exactly what was written is refused with the part that is wrong."""
    text, path = REFUSED[name]
    with pytest.raises(InvalidInput) as refused:
        read_bundle(text)
    assert [problem.path for problem in refused.value.problems] == [path]


def test_a_text_that_is_too_long_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of more than the limit is refused before it is read."""
    monkeypatch.setattr("ownership.portable.MOST_CHARACTERS", 10)
    with pytest.raises(InvalidInput, match="is larger than"):
        read_bundle("[" * 11)


def _set(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        for name in path[:-1]:
            document = document[name]
        document[path[-1]] = to

    return change


SHAPES: dict[str, Callable[[dict[str, Any]], None]] = {
    "a field that is not there": _set("person", "salary", to=1),
    "a field on top": _set("salary", to=1),
    "a collection that is not there": _set("own", "ratings", to=[]),
    "another shape": _set("own", "goals", to=[{"id": 3}]),
    "no list": _set("own", "goals", to=7),
    "nothing": _set("own", to=None),
    "a text for a number": _set("names", to="secret"),
    "what may not be kept": _set("tenant", to="a\u202eb"),
    "a number that is none": _set("person", "active", to=1e999),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_does_not_exist_here_is_refused(name: str) -> None:
    """Fields, collections and shapes that this release does not know are refused, with no word of what was written."""
    with pytest.raises(InvalidInput) as refused:
        read_bundle(with_body(SHAPES[name]))
    assert refused.value.problems
    assert all(problem.path.startswith("bundle") for problem in refused.value.problems)
    assert "secret" not in str(refused.value)


@given(bundles(), st.data())
def test_any_change_is_noticed(bundle: Bundle, data: st.DataObject) -> None:
    """Whatever part of a bundle is changed, its digest does not fit any more."""
    document = json.loads(bundle_text(bundle))
    name = data.draw(st.sampled_from(sorted(document.keys() - {"digest"})))
    document[name] = [document[name]]
    with pytest.raises(InvalidInput):
        read_bundle(json.dumps(document))
    assert digest_of(evolve(bundle, tenant=bundle.tenant + "x")) != digest_of(bundle)
