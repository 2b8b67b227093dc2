"""Explanations: where a number comes from, as data. What it rests on, with which figures, from which items.

A number in a value is named by its path, such as ``goals[0].progress``. Each has a row in a table of explainers, by its
class and name; one that has none is found by a test. The words for a ground are made where people read them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from attrs import field, fields, frozen, has

from ownership.domain import moments, shapes, texts
from ownership.domain.check_ins import CheckIn
from ownership.domain.cycles import Period
from ownership.domain.goals import Direction, Goal, GoalUpdate, Measure
from ownership.domain.learning import LearningChoice, LearningOption
from ownership.domain.moments import local_day
from ownership.domain.plans import DevelopmentPlan, PlannedGoal
from ownership.domain.pulse import Trend, TrendPoint
from ownership.domain.scales import NotEnoughData
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

Input = float | int | date | str | tuple[str, ...]
"""What goes into a formula."""


class Ground(StrEnum):
    """What a number rests on."""

    SHARE_OF_WAY = "share_of_way"
    IN_BAND = "in_band"
    NO_FIGURE = "no_figure"
    WITHOUT_FIGURE = "without_figure"
    NOTED_CONFIDENCE = "noted_confidence"
    NO_CONFIDENCE = "no_confidence"
    NOTED = "noted"
    WHEN_PLANNED = "when_planned"
    MEASURE = "measure"
    LISTED = "listed"
    GOALS_IN_MOTION = "goals_in_motion"
    DRAFTS = "drafts"
    TALKS_HELD = "talks_held"
    TOPICS_RAISED = "topics_raised"
    OPTIONS_SEEN = "options_seen"
    KINDS_SEEN = "kinds_seen"
    EFFORT = "effort"
    PLACES_LEFT = "places_left"
    PERIOD = "period"
    CHANGES = "changes"
    OWN_ANSWERS = "own_answers"
    OWN_CHANGE = "own_change"
    NOT_ENOUGH = "not_enough"
    MINUTES = "minutes"
    SEEN_BY_RULE = "seen_by_rule"


FORMULAS: Mapping[Ground, str] = {
    Ground.SHARE_OF_WAY: "min(1.0, max(0.0, (last - start) / (target - start)))",
    Ground.IN_BAND: "float(abs(last - target) <= tolerance)",
    Ground.NO_FIGURE: "None",
    Ground.WITHOUT_FIGURE: "None",
    Ground.NOTED_CONFIDENCE: "last",
    Ground.NO_CONFIDENCE: "None",
    Ground.NOTED: "noted",
    Ground.WHEN_PLANNED: "share",
    Ground.MEASURE: "chosen",
    Ground.LISTED: "len(items)",
    Ground.GOALS_IN_MOTION: "len(items)",
    Ground.DRAFTS: "len(items)",
    Ground.TALKS_HELD: "len(items)",
    Ground.TOPICS_RAISED: "topics",
    Ground.OPTIONS_SEEN: "options",
    Ground.KINDS_SEEN: "len(kinds)",
    Ground.EFFORT: "hours",
    Ground.PLACES_LEFT: "places",
    Ground.PERIOD: "ordinal",
    Ground.CHANGES: "changes",
    Ground.OWN_ANSWERS: "mean",
    Ground.OWN_CHANGE: "last - before",
    Ground.NOT_ENOUGH: "amount",
    Ground.MINUTES: "minutes",
    Ground.SEEN_BY_RULE: "seen",
}
"""For each ground how the number follows from the inputs, as an expression that Python can work out."""


_figure = shapes.number(-1e15, 1e15)
_input = shapes.one_of(_figure, moments.day, shapes.each(texts.label), texts.paragraph)


@frozen
class Explanation:
    """Why a number is what it is: its ground, the formula and its inputs, and the items that it comes from."""

    path: str = field(validator=shapes.identifier)
    value: float | int | None = field(validator=optional(_figure))
    ground: Ground = field(validator=shapes.kind_of(Ground))
    inputs: Mapping[str, Input] = field(validator=shapes.by_key(texts.line, _input), repr=False)
    item_ids: tuple[str, ...] = field(validator=shapes.each(shapes.identifier))

    @property
    def formula(self) -> str:
        """How the value follows from the inputs."""
        return FORMULAS[self.ground]


class Place(NamedTuple):
    """Where a number stands: the values from the outermost to the one that holds it, and its key if it is one of many.

    ``zone`` is where the person lives, so that a moment can be told as a day.
    """

    holders: tuple[Any, ...]
    key: Any
    value: Any
    zone: ZoneInfo

    @property
    def holder(self) -> Any:
        """The value that holds the number."""
        return self.holders[-1]

    def within(self, cls: type[Any]) -> Any:
        """Give the innermost value of a class that the number stands in, or None."""
        return next((holder for holder in reversed(self.holders) if isinstance(holder, cls)), None)

    def day_of(self, update: GoalUpdate) -> date:
        """Tell the day of an update where the person is."""
        return local_day(update.at, self.zone.key)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The item that the number stands in: the innermost value with an id."""
        return next(((holder.id,) for holder in reversed(self.holders) if getattr(holder, "id", "")), ())


Basis = tuple[Ground, Mapping[str, Input], tuple[str, ...]]
"""A ground, with its inputs and the ids of the items."""

Explainer = Callable[[Place], Basis]
Explainers = Mapping[tuple[type[Any], str], Explainer]


def share_of_way(place: Place) -> Basis:
    """Explain how far a goal is by the last of its figures, or by the one with a key in its trail."""
    goal: Goal = place.within(Goal) or place.holder.goal
    measure, noted = goal.measure, [update for update in goal.updates if update.progress is not None]
    if measure is None:
        return Ground.WITHOUT_FIGURE, {}, (goal.id,)
    if not noted:
        return Ground.NO_FIGURE, {}, (goal.id,)
    update = noted[-1 if place.key is None else place.key]
    last: dict[str, Input] = {"last": update.progress or 0, "on": place.day_of(update), "target": measure.target}
    if measure.direction is Direction.HOLD:
        return Ground.IN_BAND, last | {"tolerance": measure.tolerance or 0}, (goal.id,)
    return Ground.SHARE_OF_WAY, last | {"start": measure.start}, (goal.id,)


def noted_confidence(place: Place) -> Basis:
    """Explain how sure someone feels about a goal by the last confidence that was noted."""
    goal: Goal = place.within(Goal) or place.holder.goal
    for update in reversed(goal.updates):
        if update.confidence is not None:
            return Ground.NOTED_CONFIDENCE, {"last": update.confidence, "on": place.day_of(update)}, (goal.id,)
    return Ground.NO_CONFIDENCE, {}, (goal.id,)


def _noted(place: Place) -> Basis:
    return Ground.NOTED, {"noted": place.value, "on": place.day_of(place.holder)}, place.item_ids


def _measure(place: Place) -> Basis:
    return Ground.MEASURE, {"chosen": place.value}, place.item_ids


def _when_planned(place: Place) -> Basis:
    plan = place.within(DevelopmentPlan)
    return Ground.WHEN_PLANNED, {"share": place.value, "made_on": plan.made_on}, (plan.id, place.holder.goal_id)


def _period(place: Place) -> Basis:
    period, check_in = place.holder, place.within(CheckIn)
    return Ground.PERIOD, {"ordinal": period.ordinal, "starts_on": period.starts_on}, (check_in.id, check_in.cycle_id)


def _chosen_from(place: Place) -> date:
    return local_day(place.holder.chosen_at, place.zone.key)


def _own_answers(place: Place) -> Basis:
    point = place.within(TrendPoint)
    on = local_day(point.answered_at, place.zone.key)
    return Ground.OWN_ANSWERS, {"mean": place.value, "on": on}, (point.answers_id,)


def _own_change(place: Place) -> Basis:
    before, last = [point for point in place.holder.points if not isinstance(point.value, NotEnoughData)][-2:]
    return Ground.OWN_CHANGE, {"last": last.value, "before": before.value}, (before.answers_id, last.answers_id)


def _not_enough(place: Place) -> Basis:
    return Ground.NOT_ENOUGH, {"amount": place.value}, ()


EXPLAINERS: Explainers = {
    (TrendPoint, "value"): _own_answers,
    (Trend, "change"): _own_change,
    (NotEnoughData, "there"): _not_enough,
    (NotEnoughData, "needed"): _not_enough,
    (Goal, "progress"): share_of_way,
    (Goal, "trail"): share_of_way,
    (Goal, "confidence"): noted_confidence,
    (GoalUpdate, "progress"): _noted,
    (GoalUpdate, "confidence"): _noted,
    (PlannedGoal, "progress"): _when_planned,
    (Measure, "start"): _measure,
    (Measure, "target"): _measure,
    (Measure, "tolerance"): _measure,
    (Period, "ordinal"): _period,
    (CheckIn, "topics_raised"): lambda at: (Ground.TOPICS_RAISED, {"topics": at.value}, at.item_ids),
    (LearningChoice, "options_seen"): lambda at: (
        Ground.OPTIONS_SEEN,
        {"options": at.value, "kind": str(at.key), "on": _chosen_from(at)},
        at.item_ids,
    ),
    (LearningChoice, "had_kinds"): lambda at: (
        Ground.KINDS_SEEN,
        {"kinds": tuple(at.holder.options_seen), "on": _chosen_from(at)},
        at.item_ids,
    ),
    (LearningOption, "hours"): lambda at: (Ground.EFFORT, {"hours": at.value}, at.item_ids),
    (LearningOption, "places_left"): lambda at: (Ground.PLACES_LEFT, {"places": at.value}, at.item_ids),
    (object, "version"): lambda at: (Ground.CHANGES, {"changes": at.value}, at.item_ids),
}
"""How each number of the nouns is explained, by the class that holds it and its name; ``object`` is any class."""


def explain(root: Any, path: str, explainers: Explainers, zone: ZoneInfo) -> Explanation:
    """Explain the number at a path; at the path of a list, how many there are.

    Raises:
        InvalidInput: there is no number at the path.
    """
    try:
        place, name = _place(root, path, zone)
        ground, inputs, item_ids = _explainer(place, name, explainers)(place)
    except (AttributeError, LookupError, TypeError):
        raise InvalidInput.at("path", "names no number here; see numbers()") from None
    value = len(place.value) if ground is Ground.LISTED else place.value
    return Explanation(path, value, ground, inputs, item_ids)


def _explainer(place: Place, name: str, explainers: Explainers) -> Explainer:
    for cls in type(place.holder).__mro__:
        if (cls, name) in explainers and not _is_many(place.value):
            return explainers[cls, name]
    if _is_many(place.value):
        return _listed
    raise LookupError(name)


def _is_many(value: Any) -> bool:
    return isinstance(value, Sequence | Mapping) and not isinstance(value, str)


def _listed(place: Place) -> Basis:
    ids = tuple(str(getattr(thing, "id", "") or f"[{i}]") for i, thing in enumerate(place.value))
    return Ground.LISTED, {"items": ids}, tuple(id_ for id_ in ids if not id_.startswith("["))


_TOKEN = re.compile(r"(?:^|\.)([a-z]\w*)|\[(\d+)\]|\['([^']*)'\]")


def _place(root: Any, path: str, zone: ZoneInfo) -> tuple[Place, str]:
    """Walk a path from the outermost value to a number."""
    holders: tuple[Any, ...] = ()
    value, name, key, reached = root, "", None, 0
    for token in _TOKEN.finditer(path):
        if token.start() != reached:
            break
        reached = token.end()
        attribute, index, word = token.groups()
        if attribute:
            holders, name, key = (*holders, value), attribute, None
            value = getattr(value, attribute)
        else:
            key = word if index is None else int(index)
            value = value[key]
    if reached != len(path) or not name:
        raise LookupError(path)
    return Place(holders, key, value, zone), name


def numbers_in(value: Any, path: str = "") -> Iterator[str]:
    """Give the paths of all numbers in a value of ours: its fields, its properties, and the values in it."""
    if has(type(value)):
        for name in (*(each.name for each in fields(type(value))), *_properties(type(value))):
            yield from numbers_in(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from numbers_in(each, f"{path}['{key}']")
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from numbers_in(each, f"{path}[{index}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


def _properties(cls: type[Any]) -> Iterator[str]:
    """Give the names of the properties of a class that are numbers by their annotation."""
    for name in dir(cls):
        found = getattr(cls, name)
        if isinstance(found, property) and re.match(r"(int|float)\b", str(found.fget.__annotations__.get("return"))):
            yield name
