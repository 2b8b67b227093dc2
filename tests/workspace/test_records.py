"""Values as records: what a body leaves out, its record says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ownership import testing
from ownership.codec import dump
from ownership.domain.goals import Goal, GoalId
from ownership.domain.learning import LearningKind, LearningOption, LearningOptionId
from ownership.domain.people import PersonId
from ownership.errors import InvalidInput
from ownership.ports.storage import Record
from ownership.workspace.records import from_record, to_record

if TYPE_CHECKING:
    from tests.workspace.conftest import World

GOAL = Goal(GoalId("ada.g1"), PersonId("ada"), "Lead a workshop", datetime(2026, 3, 1, tzinfo=UTC), version=3)


@given(st.one_of(testing.goals(), testing.people(), testing.check_ins(), testing.options(), testing.deliveries()))
def test_a_value_comes_back_from_its_record(value: Any) -> None:
    """Whatever its owner and its version, a value is read from its record as it was."""
    assert from_record(to_record(value)) == value


def test_a_body_leaves_out_what_its_record_says() -> None:
    """The id, the owner and the version stand in the record, and nowhere twice."""
    assert json.loads(to_record(GOAL).body).keys() == {"title", "drafted_at", "format"}


@pytest.mark.parametrize("owner_id", ["", "liam"])
def test_an_owner_that_the_id_does_not_say_stays(owner_id: str) -> None:
    """An option of the organisation's catalogue has no owner, whatever its id begins with."""
    option = LearningOption(
        LearningOptionId("organisation.o1"), LearningKind.SHADOWING, "Shadow a colleague", owner_id=PersonId(owner_id)
    )
    assert from_record(to_record(option)) == option


def test_a_body_of_the_first_format_is_read() -> None:
    """A body with all fields in it is read as it stands."""
    body = json.dumps(json.loads(dump(GOAL)) | {"format": 1})
    assert from_record(Record("goals", GOAL.id, GOAL.version, body)) == GOAL


def test_somebody_whom_a_newer_release_wrote_hears_that(world: World) -> None:
    """Who acts, and is stored in a newer format, hears that: that her things are not there would be untrue."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="Stretch")
    with world.ws._desk.store.writing("default") as unit:
        (stored,) = unit.get("people", [goal.owner_id])
        newer = stored.body.replace('"format":2', '"format":3')
        unit.put([Record("people", stored.id, stored.version + 1, newer)])
    with pytest.raises(InvalidInput, match="this release reads 1 and 2"):
        ada.goals.get(goal.id)


def test_a_body_of_a_newer_format_is_refused() -> None:
    """What a newer release wrote is an error, and not a loss."""
    newer = to_record(GOAL).body.replace('"format":2', '"format":3')
    with pytest.raises(InvalidInput, match="format 3; this release reads 1 and 2"):
        from_record(evolve(to_record(GOAL), body=newer))


def test_people_are_read_once_in_a_unit_unless_they_are_written(world: World) -> None:
    """The same value is given for an id again; after it was written, or removed, what is stored."""
    id_ = world.id("ada")
    with world.ws._desk.writing() as unit:
        before = unit.person(id_)
        assert before is not None
        assert unit.people([id_]) == {id_: before}
        assert unit.people([id_])[id_] is before
        saved = unit.save(evolve(before, title="Guide"))
        assert unit.person(id_) == saved != before
        unit.remove(saved)
        assert unit.person(id_) is None
        assert unit.people([id_]) == {}
