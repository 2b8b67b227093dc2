"""Explanations: every number of an overview says where it comes from, and the formula gives that number."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from ownership.domain.check_ins import CheckIn, CheckInId, CheckInStatus
from ownership.domain.cycles import CycleId, Period
from ownership.domain.explanations import FORMULAS, Explanation, Ground, numbers_in
from ownership.domain.goals import Goal, GoalId, GoalStatus, GoalUpdate, Measure
from ownership.domain.learning import Because, MenuEntry
from ownership.domain.overview import EXPLAINERS, Overview, OwnThings, compose_overview
from ownership.domain.people import Person, PersonId
from ownership.domain.plans import DevelopmentPlan, DevelopmentPlanId, PlanContents, PlannedGoal
from ownership.errors import InvalidInput
from ownership.testing import (
    check_ins,
    choices,
    delegations,
    feedback,
    goals,
    looks,
    options,
    plans,
    pulse_answers,
    pulses,
    reflections,
    requests,
)

ADA = Person(PersonId("ada"), "Ada", timezone="Pacific/Auckland")
NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
TODAY = NOW.date()
FEWER = settings(max_examples=max(10, settings.default.max_examples // 4))  # type: ignore[union-attr]
"""All that is someone's takes a while to draw, and to explain."""
GOAL = Goal(GoalId("ada.g1"), ADA.id, "Plan", NOW, status=GoalStatus.ACTIVE, started_on=TODAY)
DRAFT = evolve(GOAL, id=GoalId("ada.g2"), status=GoalStatus.DRAFT)


def overview(**own: Any) -> Overview:
    """Compose an overview of Ada's."""
    return compose_overview(ADA, OwnThings(**own), NOW, menu=(), viewers_of=lambda _: (), names={})


@st.composite
def overviews(draw: st.DrawFn) -> Overview:
    """Draw an overview of Ada's."""
    hers = st.just(ADA.id)
    own = OwnThings(
        draw(st.lists(goals(hers), max_size=2)),
        draw(st.lists(check_ins(hers), max_size=2)),
        draw(st.lists(reflections(hers), max_size=1)),
        draw(st.lists(choices(hers), max_size=2)),
        draw(st.lists(feedback(hers), max_size=1)),
        draw(st.lists(requests(hers), max_size=1)),
        draw(st.lists(looks(hers), max_size=1)),
        draw(st.lists(requests(), max_size=1)),
        draw(st.lists(delegations(hers), max_size=1)),
        plans=draw(st.lists(plans(hers), max_size=1)),
        pulses=(asked := draw(st.lists(pulses(), max_size=2, unique_by=lambda pulse: pulse.id))),
        pulse_answers=[draw(pulse_answers(hers, st.just(pulse))) for pulse in asked],
    )
    menu = [MenuEntry(option, Because.ANOTHER_KIND) for option in draw(st.lists(options(), max_size=1))]
    return compose_overview(ADA, own, NOW, menu=menu, viewers_of=lambda _: (), names={})


def test_a_goal_in_a_plan_says_how_far_it_was_then() -> None:
    """The progress in a plan is that of the day on which the plan was made, whatever the goal does afterwards."""
    contents = PlanContents(goals=(PlannedGoal(GoalId("ada.g1"), "Grow", progress=0.4),))
    plan = DevelopmentPlan(DevelopmentPlanId("ada.p1"), ADA.id, date(2026, 3, 1), contents)
    made = compose_overview(ADA, OwnThings(plans=[plan]), NOW, menu=(), viewers_of=lambda _: (), names={})
    path = "plan.contents.goals[0].progress"
    inputs: dict[str, float | date] = {"share": 0.4, "made_on": date(2026, 3, 1)}
    assert made.explain(path) == Explanation(path, 0.4, Ground.WHEN_PLANNED, inputs, ("ada.p1", "ada.g1"))


def work_out(explanation: Explanation) -> Any:
    """Work a formula out with its inputs and nothing else but plain arithmetic."""
    known = {"min": min, "max": max, "abs": abs, "len": len, "float": float, "__builtins__": {}}
    return eval(explanation.formula, known, dict(explanation.inputs))


def is_number(hint: Any) -> bool:
    """Whether an annotation says that there may be a number."""
    if get_origin(hint) in {Union, types.UnionType}:
        return any(map(is_number, get_args(hint)))
    return hint in {int, float}


def classes_in(hint: Any) -> Iterator[type[Any]]:
    """Give the classes of values of ours that an annotation names."""
    if inspect.isclass(hint) and attrs.has(hint):
        yield hint
    for argument in get_args(hint):
        yield from classes_in(argument)


def places(cls: type[Any], met: set[type[Any]]) -> Iterator[tuple[type[Any], str]]:
    """Give every place where a class, or one that can be in it, may hold a number: by field or property."""
    met.add(cls)
    hints = get_type_hints(cls)
    for name, found in inspect.getmembers(cls, lambda member: isinstance(member, property)):
        if is_number(get_type_hints(found.fget).get("return")):
            yield cls, name
    for name in (field.name for field in attrs.fields(cls)):
        hint = hints[name]
        origin = get_origin(hint)
        of_many = get_args(hint) if isinstance(origin, type) and issubclass(origin, Sequence | Mapping) else ()
        if is_number(hint) or any(map(is_number, of_many)):
            yield cls, name
        for inner in classes_in(hint):
            if inner not in met:
                yield from places(inner, met)


def test_every_number_that_an_overview_can_hold_has_an_explanation() -> None:
    """By the types alone: each field and property that may hold a number has a row, whatever is added later."""
    found = set(places(Overview, set()))
    assert (Measure, "tolerance") in found
    assert [
        f"{cls.__name__}.{name}"
        for cls, name in sorted(found, key=str)
        if not any((base, name) in EXPLAINERS for base in cls.__mro__)
    ] == []


@given(overviews())
@FEWER
def test_every_formula_gives_its_number(made: Overview) -> None:
    """Each number of any overview is explained, and its formula with its inputs gives exactly that number."""
    for path in made.numbers():
        explanation = made.explain(path)
        assert explanation.path == path
        assert work_out(explanation) == explanation.value == eval(path, {}, Reading(made))


class Reading(dict[str, Any]):
    """The names that a path can begin with."""

    def __init__(self, made: Overview) -> None:
        super().__init__({name: getattr(made, name) for name in dir(made) if name[0] != "_"})


@given(overviews())
@FEWER
def test_nothing_written_is_in_the_repr_of_an_explanation(made: Overview) -> None:
    """An explanation that ends up in a log has ids and the number, and no inputs."""
    for path in made.numbers():
        assert "inputs" not in repr(made.explain(path))


def test_every_ground_has_a_formula() -> None:
    """No ground is without the formula by which its number follows."""
    assert set(FORMULAS) == set(Ground)


def test_progress_is_explained_by_the_last_figure() -> None:
    """Start, target and last figure, the day it was noted where she is, and the goal."""
    said = (GoalUpdate(NOW - timedelta(days=9), 150), GoalUpdate(NOW, 100, 7), GoalUpdate(NOW, note="Hm"))
    made = overview(goals=[evolve(GOAL, measure=Measure(200, 0), updates=said)])
    noted: dict[str, Any] = {"last": 100, "on": date(2026, 3, 3), "start": 200, "target": 0}
    expected = Explanation("goals[0].progress", 0.5, Ground.SHARE_OF_WAY, noted, ("ada.g1",))
    assert made.explain("goals[0].progress") == expected
    assert made.explain("goals[0].goal.progress").inputs == noted
    assert made.explain("goals[0].trail[0]").inputs == noted | {"last": 150, "on": date(2026, 2, 22)}
    assert made.explain("goals[0].confidence") == Explanation(
        "goals[0].confidence", 7, Ground.NOTED_CONFIDENCE, {"last": 7, "on": date(2026, 3, 3)}, ("ada.g1",)
    )


def test_a_figure_to_hold_is_explained_by_its_band() -> None:
    """For a figure to hold it is the band that explains."""
    said = (GoalUpdate(NOW, 39),)
    made = overview(goals=[evolve(GOAL, measure=Measure(36, 36, "h", tolerance=2), updates=said)])
    explanation = made.explain("goals[0].progress")
    assert (explanation.ground, explanation.value) == (Ground.IN_BAND, 0.0)
    assert explanation.inputs == {"last": 39, "on": date(2026, 3, 3), "target": 36, "tolerance": 2}


def test_not_enough_data_is_explained_too() -> None:
    """Where there is nothing to say, that is what is explained."""
    made = overview(goals=[GOAL])
    assert made.explain("goals[0].progress") == Explanation(
        "goals[0].progress", None, Ground.NO_FIGURE, {}, ("ada.g1",)
    )
    assert made.explain("goals[0].confidence").ground is Ground.NO_CONFIDENCE
    without = overview(goals=[evolve(GOAL, measure=None)])
    assert without.explain("goals[0].progress").ground is Ground.WITHOUT_FIGURE


def test_counts_are_explained_by_what_was_counted() -> None:
    """How many goals, drafts and talks there are, with the ids of each."""
    held = CheckIn(
        CheckInId("ada.k1"),
        ADA.id,
        CycleId("organisation.y1"),
        Period(1, TODAY, TODAY),
        TODAY,
        status=CheckInStatus.HELD,
    )
    made = overview(goals=[GOAL, DRAFT], check_ins=[held])
    assert (made.goals_in_motion, made.drafts, made.talks_held) == (1, 1, 1)
    assert made.explain("goals_in_motion").item_ids == ("ada.g1",)
    assert made.explain("drafts").item_ids == ("ada.g2",)
    assert made.explain("talks_held").item_ids == ("ada.k1",)


def test_a_list_is_explained_by_how_many_there_are() -> None:
    """At the path of a list it is the number of its items that is explained."""
    made = overview(goals=[GOAL, DRAFT])
    listed = made.explain("goals")
    assert (listed.ground, listed.value, work_out(listed)) == (Ground.LISTED, 2, 2)
    assert made.explain("feedback").value == 0
    assert made.explain("next_steps[0].because.saw").value == 1


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nonsense",
        "person.display_name",
        "goals[7].progress",
        "goals[0]",
        "goals[0].title",
        "_goal_ids",
        "goals[0",
        "today",
        "goals.progress",
        "name_of",
        "goals[0].progress.real",
        "goals--[0].progress",
        "[0]",
        "goals['x']",
        "names['nobody']",
        "__class__",
    ],
)
def test_what_is_no_number_is_refused(path: str) -> None:
    """A path that leads to no number says how to find those that do, and repeats nothing."""
    with pytest.raises(InvalidInput, match=r"see numbers\(\)"):
        overview(goals=[GOAL]).explain(path)


def test_numbers_are_found_in_all_corners() -> None:
    """The paths of all numbers: fields, properties, lists, mappings; yes and no are no numbers."""
    paths = overview(goals=[evolve(GOAL, updates=(GoalUpdate(NOW, 3),))]).numbers()
    assert {
        "person.version",
        "talks_held",
        "goals[0].progress",
        "goals[0].trail[0]",
        "goals[0].goal.measure.target",
        "goals[0].goal.updates[0].progress",
        "next_steps[0].minutes",
        "next_steps[0].because.saw['goals']",
    } <= set(paths)
    assert not {path for path in paths if path.endswith("is_quiet")}
    assert list(numbers_in([True, 1, {"a": [2.0]}])) == ["[1]", "[2]['a'][0]"]
