"""The sample organisation comes in as a directory, as its file would."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import pluggy
import pytest
from attrs import evolve

from ownership import hooks
from ownership.adapters.directories.csv import open_csv
from ownership.domain.directory import COLUMNS, Snapshot
from ownership.errors import Misconfigured
from ownership.ports.adapters import Adapter, Address, Kind
from ownership.sample import people
from ownership.sample.directory import FIRST_EXPORT, LATER_EXPORT, open_sample

ON = date(2026, 1, 15)


def read(url: str) -> Snapshot:
    """Read the sample directory of a URL."""
    return open_sample(Address.parse(url)).read(ON)


def test_columns() -> None:
    """The sample file has exactly the columns that a directory can tell."""
    assert people.COLUMNS == COLUMNS


def test_everyone() -> None:
    """The sample directory names 250 people, is complete and has no problems."""
    snapshot = read("sample:")
    assert (snapshot.source, snapshot.is_complete, snapshot.problems) == ("sample", True, ())
    assert len(snapshot.rows) == 250
    assert snapshot.rows[3].display_name == "Ada de Vries"
    assert snapshot == read("sample:?people=250&seed=7&later=no")


@pytest.mark.parametrize("later", ["no", "yes"])
def test_same_as_its_file(tmp_path: Path, later: str) -> None:
    """The rows are those that the CSV directory reads from the sample file, but for their places."""
    rows = people.organisation(60, seed=3, on=FIRST_EXPORT)
    people.write_csv(
        people.later_export(rows, seed=3, on=LATER_EXPORT) if later == "yes" else rows, tmp_path / "people.csv"
    )
    from_file = open_csv(Address.parse(f"csv:{tmp_path}/people.csv")).read(ON).rows
    from_sample = read(f"sample:?people=60&seed=3&later={later}").rows
    assert [evolve(row, place="") for row in from_sample] == [evolve(row, place="") for row in from_file]


def test_later() -> None:
    """Some months later some have left, and as many have joined."""
    first, later = read("sample:?people=200"), read("sample:?people=200&later=yes")
    left = [row for row in later.rows if row.active is False]
    assert left
    assert all(row.end_on for row in left)
    assert len(later.rows) == len(first.rows) + len(left)


@pytest.mark.parametrize("number", [1, 5000])
def test_sizes(number: int) -> None:
    """The smallest and the largest organisation are given without problems."""
    snapshot = read(f"sample:?people={number}")
    assert len(snapshot.rows) == number
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("sample:people", "sample"),
        ("sample://host", "sample"),
        ("sample:?people=0", "sample:?people"),
        ("sample:?people=5001", "sample:?people"),
        ("sample:?people=-1", "sample:?people"),
        ("sample:?people=many", "sample:?people"),
        ("sample:?people=", "sample:?people"),
        ("sample:?people=²", "sample:?people"),
        (f"sample:?people={'1' * 9_999}", "sample:?people"),
        ("sample:?seed=x", "sample:?seed"),
        ("sample:?seed=4294967296", "sample:?seed"),
        ("sample:?later=perhaps", "sample:?later"),
        ("sample:?size=10", "sample:?size"),
    ],
)
def test_wrong_url(url: str, field: str) -> None:
    """An option that is not right is refused by its name."""
    with pytest.raises(Misconfigured) as caught:
        open_sample(Address.parse(url))
    assert caught.value.field == field


def test_registered() -> None:
    """The directory comes in by the door that a vendor's has."""
    door = pluggy.PluginManager(hooks.PROJECT)
    door.add_hookspecs(hooks)
    door.register(import_module(open_sample.__module__))
    adapters: list[Adapter] = []
    door.hook.ownership_register_adapters(register=adapters.append)
    (adapter,) = adapters
    assert (adapter.kind, adapter.schemes) == (Kind.DIRECTORY, ("sample",))
    assert adapter.factory == f"{open_sample.__module__}:{open_sample.__name__}"


def test_reading_another_day_changes_nobody() -> None:
    """The organisation is the same whenever it is read, so that a second sync is empty."""
    assert open_sample(Address.parse("sample:")).read(ON) == open_sample(Address.parse("sample:")).read(
        date(2031, 1, 1)
    )
