"""Development goals: what someone wants to grow in, and how it is going.

A goal starts as a draft that nobody else sees. It ends as reached, learned (it taught me something, also when the
figure was not met) or let go: three honourable ends, and any of them can be taken up again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NewType

from attrs import evolve, field, frozen
from attrs.validators import optional

from ownership.domain import moments, shapes, texts
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, PersonId
from ownership.errors import InvalidInput

GoalId = NewType("GoalId", str)
MilestoneId = NewType("MilestoneId", str)

QUIET_AFTER = timedelta(days=35)
"""Without a word for longer than this a goal has no news.

A month and a few days, so that a monthly talk keeps it fresh.
"""


class GoalStatus(StrEnum):
    """Where a goal is in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    REACHED = "reached"
    LEARNED = "learned"
    LET_GO = "let_go"


class GoalMove(StrEnum):
    """What an owner can do with a goal."""

    EDIT = "edit"
    START = "start"
    RECORD = "record"
    REACH = "reach"
    LEARN = "learn"
    LET_GO = "let_go"
    RESUME = "resume"


_ENDED: Mapping[GoalMove, GoalStatus] = {GoalMove.RESUME: GoalStatus.ACTIVE}

MOVES: Mapping[GoalStatus, Mapping[GoalMove, GoalStatus]] = {
    GoalStatus.DRAFT: {
        GoalMove.EDIT: GoalStatus.DRAFT,
        GoalMove.START: GoalStatus.ACTIVE,
        GoalMove.LET_GO: GoalStatus.LET_GO,
    },
    GoalStatus.ACTIVE: {
        GoalMove.EDIT: GoalStatus.ACTIVE,
        GoalMove.RECORD: GoalStatus.ACTIVE,
        GoalMove.REACH: GoalStatus.REACHED,
        GoalMove.LEARN: GoalStatus.LEARNED,
        GoalMove.LET_GO: GoalStatus.LET_GO,
    },
    GoalStatus.REACHED: _ENDED,
    GoalStatus.LEARNED: _ENDED,
    GoalStatus.LET_GO: _ENDED,
}


class Direction(StrEnum):
    """Which way a figure should go."""

    RAISE = "raise"
    REDUCE = "reduce"
    HOLD = "hold"


class GoalFact(StrEnum):
    """What others may hear of a goal that was shared."""

    SHARED = "GoalShared"
    STARTED = "GoalStarted"
    ENDED = "GoalEnded"


def _finite(instance: object, attribute: object, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e15:
        raise InvalidInput.at(texts.path_of(instance, attribute), "is not a number between -1e15 and 1e15")


@frozen
class Measure:
    """A figure to raise, reduce or hold, from where it starts.

    For a figure to hold, ``target`` is the middle of the band and ``tolerance`` is how far it may stray.
    """

    start: float = field(default=0.0, validator=_finite)
    target: float = field(default=100.0, validator=_finite)
    unit: str = field(default="%", validator=texts.paragraph, repr=False)
    tolerance: float | None = field(default=None, validator=optional(_finite))

    def __attrs_post_init__(self) -> None:
        if self.tolerance is None and self.start == self.target:
            raise InvalidInput.at("measure.target", "equals the start; give a tolerance to hold a figure within a band")
        if self.tolerance is not None and self.tolerance < 0:
            raise InvalidInput.at("measure.tolerance", "is below zero")

    @property
    def direction(self) -> Direction:
        """Which way this figure should go."""
        if self.tolerance is not None:
            return Direction.HOLD
        return Direction.RAISE if self.target > self.start else Direction.REDUCE

    def share_of(self, value: float) -> float:
        """Tell how far along a value is, from 0.0 (at the start, or on the wrong side of it) to 1.0 (at the target).

        A linear scale: (value - start) / (target - start), cut off at both ends. A figure to hold is in its band (1.0)
        or outside it (0.0).

        Examples:
            >>> Measure(start=200, target=0).share_of(100)
            0.5
            >>> Measure(start=50, target=100).share_of(50)
            0.0
            >>> Measure(target=36, tolerance=2).share_of(37)
            1.0
        """
        if self.tolerance is not None:
            return float(abs(value - self.target) <= self.tolerance)
        return min(1.0, max(0.0, (value - self.start) / (self.target - self.start)))


PERCENT = Measure()
"""From 0 to 100 per cent: the measure of a goal that has no figure of its own, as its owner estimates it."""


@frozen
class Milestone:
    """A step on the way to a goal."""

    id: MilestoneId = field(validator=shapes.identifier)
    title: str = field(validator=texts.line, repr=False)
    due_on: date | None = field(default=None, validator=optional(moments.day))
    done_on: date | None = field(default=None, validator=optional(moments.day))


def _confidence(instance: object, attribute: object, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10:
        raise InvalidInput.at(texts.path_of(instance, attribute), "is not a whole number from 1 to 10")


@frozen
class GoalUpdate:
    """How a goal was going at one moment: a figure, a confidence from 1 to 10, a note; each may be left out."""

    at: datetime = field(validator=moments.instant)
    progress: float | None = field(default=None, validator=optional(_finite))
    confidence: int | None = field(default=None, validator=optional(_confidence))
    note: str = field(default="", validator=texts.paragraph, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.progress is None and self.confidence is None and not self.note.strip():
            raise InvalidInput.at("record", "says nothing; give a progress, a confidence or a note")


@frozen
class Goal:
    """Something a person wants to develop, hers from draft to end."""

    id: GoalId = field(validator=shapes.identifier)
    owner_id: PersonId = field(validator=shapes.identifier)
    title: str = field(validator=texts.line, repr=False)
    drafted_at: datetime = field(validator=moments.instant)
    why: str = field(default="", validator=texts.paragraph, repr=False)
    theme: str = field(default="", validator=texts.paragraph, repr=False)
    due_on: date | None = field(default=None, validator=optional(moments.day))
    measure: Measure = field(default=PERCENT, validator=shapes.kind_of(Measure))
    milestones: tuple[Milestone, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Milestone)))
    updates: tuple[GoalUpdate, ...] = field(default=(), validator=shapes.each(shapes.kind_of(GoalUpdate)))
    status: GoalStatus = field(default=GoalStatus.DRAFT, validator=shapes.kind_of(GoalStatus))
    started_on: date | None = field(default=None, validator=optional(moments.day))
    ended_on: date | None = field(default=None, validator=optional(moments.day))
    closing_reflection: str = field(default="", validator=texts.paragraph, repr=False)
    audience: Audience = field(default=ONLY_ME, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day))
    version: int = field(default=0, validator=shapes.version)

    def may(self, move: GoalMove) -> bool:
        """Whether the status allows a move."""
        return move in MOVES[self.status]

    def _after(self, move: GoalMove) -> GoalStatus:
        return status_after(MOVES, self.status, move, "goal", self.id)

    def edit(self, **changes: Any) -> Goal:
        """Return the goal with another title, why, theme, due day, measure or milestones.

        Raises:
            InvalidInput: a field cannot be edited, or its new value cannot be kept.
            IllegalMove: the goal has ended.
        """
        status = self._after(GoalMove.EDIT)
        for name in changes.keys() - {"title", "why", "theme", "due_on", "measure", "milestones"}:
            raise InvalidInput.at(f"goal.{name}", "cannot be edited")
        return evolve(self, status=status, **changes)

    def start(self, on: date) -> Goal:
        """Return the goal in motion."""
        return evolve(self, status=self._after(GoalMove.START), started_on=on)

    def record(self, update: GoalUpdate) -> Goal:
        """Return the goal with one more word on how it is going."""
        return evolve(self, status=self._after(GoalMove.RECORD), updates=(*self.updates, update))

    def reach(self, on: date, reflection: str = "") -> Goal:
        """Return the goal as reached."""
        return self._ended(GoalMove.REACH, on, reflection)

    def learn(self, on: date, reflection: str = "") -> Goal:
        """Return the goal as learned: it taught something, whatever the figure says."""
        return self._ended(GoalMove.LEARN, on, reflection)

    def let_go(self, on: date, reflection: str = "") -> Goal:
        """Return the goal as let go."""
        return self._ended(GoalMove.LET_GO, on, reflection)

    def resume(self, on: date) -> Goal:
        """Return an ended goal in motion again."""
        return evolve(self, status=self._after(GoalMove.RESUME), started_on=self.started_on or on, ended_on=None)

    def _ended(self, move: GoalMove, on: date, reflection: str) -> Goal:
        return evolve(self, status=self._after(move), ended_on=on, closing_reflection=reflection)

    def finish_milestone(self, milestone_id: MilestoneId, on: date) -> Goal:
        """Return the goal with one milestone done.

        Raises:
            InvalidInput: the goal has no such milestone.
            IllegalMove: the goal has ended.
        """
        if milestone_id not in {milestone.id for milestone in self.milestones}:
            raise InvalidInput.at("milestone_id", f"{milestone_id!r} is no milestone of goal {self.id!r}")
        done = tuple(evolve(m, done_on=on) if m.id == milestone_id else m for m in self.milestones)
        return self.edit(milestones=done)

    def with_audience(self, audience: Audience, on: date) -> Goal:
        """Return the goal shared with an audience from a day on, or taken back (only me)."""
        return evolve(self, audience=audience, shared_on=None if audience.is_private else on)

    @property
    def progress(self) -> float | None:
        """How far along the goal is, from 0.0 to 1.0, by the last figure recorded; None when there is none yet."""
        figures = [update.progress for update in self.updates if update.progress is not None]
        return self.measure.share_of(figures[-1]) if figures else None

    @property
    def confidence(self) -> int | None:
        """The last confidence recorded, from 1 to 10; None when there is none yet."""
        return next((update.confidence for update in reversed(self.updates) if update.confidence is not None), None)

    def heard_of_at(self) -> datetime:
        """Give the last moment at which there was any news of the goal."""
        return self.updates[-1].at if self.updates else self.drafted_at

    def is_quiet(self, now: datetime) -> bool:
        """Whether an active goal has had no news for longer than :data:`QUIET_AFTER`; that it started is news too."""
        just_started = self.started_on is not None and now.date() - self.started_on <= QUIET_AFTER
        return self.status is GoalStatus.ACTIVE and not just_started and now - self.heard_of_at() > QUIET_AFTER
