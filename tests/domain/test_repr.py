"""No personal text in a repr: reprs end up in logs and tracebacks."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ownership.domain
import ownership.ports
import ownership.workspace
from ownership.domain.cohorts import Cohort, Group
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.people import Person, PersonId
from ownership.testing.strategies import goals

WRITTEN = {
    "title",
    "why",
    "note",
    "text",
    "question",
    "closing_reflection",
    "looking_back",
    "skills",
    "strengths",
    "saw",
    "reflection",
    "description",
    "challenges",
    "needs",
    "display_name",
    "email",
    "subject",
    "body",
    "names",
    "employee_number",
}
"""Names of fields that hold what people write, or who they are."""

CONTENT = {"Prompt", "GuideQuestion", "TeamQuestion", "LettingGo", "CatalogueOption", "MessageText", "Pack"}
"""Classes that hold what packs bring, which is nobody's."""

REGISTER = {"Drift", "RegisteredAdapter", "RegisteredField", "RegisteredRecord"}
"""Classes that hold names of the code: of kinds of records, their fields, adapters and settings."""

SPOKEN = {"external_id", "reason", "measure"}
"""Fields that hold ids, our own words, and what a pulse asks about."""

NAMES_OF_GROUPS = {"Group": {"department", "team"}}
"""What is published is published to everyone under the name of its group. Who is in one is never shown beside it."""


def value_classes() -> list[type[Any]]:
    """Give every attrs class of the domain, the ports and the workspace."""
    modules = [
        import_module(f"{package.__name__}.{module.name}")
        for package in (ownership.domain, ownership.ports, ownership.workspace)
        for module in iter_modules(package.__path__)
    ]
    found = {cls for module in modules for _, cls in inspect.getmembers(module, inspect.isclass) if attrs.has(cls)}
    return sorted((cls for cls in found if cls.__name__ not in CONTENT | REGISTER), key=lambda cls: cls.__qualname__)


@pytest.mark.parametrize("cls", value_classes(), ids=lambda cls: cls.__name__)
def test_what_people_write_is_not_in_a_repr(cls: type[Any]) -> None:
    """Every field that is checked as text or bears the name of one is left out of the repr."""
    shown = {field.name for field in attrs.fields(cls) if field.repr and (field.name in WRITTEN or _is_text(field))}
    assert shown <= SPOKEN | NAMES_OF_GROUPS.get(cls.__name__, set())


def _is_text(field: attrs.Attribute[Any]) -> bool:
    """Whether a field is checked as text, also as one of several or as one that may be left out."""
    return any(f"<function {check} at" in repr(field.validator) for check in ("line", "paragraph", "written", "email"))


def test_a_repr_never_lays_a_person_beside_her_group() -> None:
    """The repr of a cohort has the name of its home, and nobody who is in it."""
    home = Group("Works", "Blue")
    told = repr(Cohort(home, tuple(PersonId(f"p{number}") for number in range(5))))
    assert "Blue" in told
    assert "p1" not in told


@given(goals())
def test_the_repr_of_a_goal_names_it_by_its_id(goal: Goal) -> None:
    """The repr of a goal has its id, and none of a canary put into each of its texts."""
    canary = "c4n4ry"
    said: dict[str, Any] = {
        "title": canary,
        "why": canary,
        "closing_reflection": canary,
        "skills": (canary,),
        "strengths": (canary,),
    }
    told = attrs.evolve(goal, status=GoalStatus.LEARNED, **said)
    assert goal.id in repr(told)
    assert canary not in repr(told)


@given(st.text(min_size=1, max_size=20, alphabet="abcdefgh"))
def test_the_repr_of_a_person_names_nobody(name: str) -> None:
    """The repr of a person has ids, no name and no address."""
    person = Person(id=PersonId("p1"), display_name=f"N{name}N", email=f"N{name}N@example.org")
    assert f"N{name}N" not in repr(person)
