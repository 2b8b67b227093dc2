"""Development goals: what someone wants to grow in, and how it is going.

A goal starts as a draft that nobody else sees. It ends as reached, learned (it taught me something, also when the
figure was not met) or let go: three honourable ends, and any of them can be taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import Any, ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    OTHER_PEOPLE,
    OWN_FACTS,
    OWN_WORDS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    Keeping,
    Purpose,
)
from ownership.domain.experiments import Experiment, ExperimentId
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

GoalId = NewType("GoalId", str)
MilestoneId = NewType("MilestoneId", str)

QUIET_AFTER = timedelta(days=35)
"""Without a word for longer than this a goal has no news.

A month and a few days, so that a monthly talk keeps it fresh.
"""

MAX_LINES = 12
"""Skills, and strengths, that a goal can name."""

MAX_MILESTONES = 100
MAX_EXPERIMENTS = 200
MAX_UPDATES = 2_000
MAX_SUPPORTERS = 20
"""What fits in one goal: far more than anyone needs, so that nothing grows without end."""


class GoalKind(StrEnum):
    """What goals are here: for one's own development. They stand apart from targets of work and feed no rating."""

    DEVELOPMENT = "development"


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
    TRY_OUT = "try_out"
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
        GoalMove.TRY_OUT: GoalStatus.ACTIVE,
        GoalMove.REACH: GoalStatus.REACHED,
        GoalMove.LEARN: GoalStatus.LEARNED,
        GoalMove.LET_GO: GoalStatus.LET_GO,
    },
    GoalStatus.REACHED: _ENDED,
    GoalStatus.LEARNED: _ENDED,
    GoalStatus.LET_GO: _ENDED,
}


ALIVE = frozenset({GoalStatus.DRAFT, GoalStatus.ACTIVE})
"""The statuses of a goal that has not ended."""


class GoalNews(StrEnum):
    """Whether anything was heard of a goal lately; how it goes is for its owner to say, and silence never says "well".

    ``fresh``: something was heard. ``no_news``: it is in motion, and silent. ``at_rest``: a draft or an ended goal, of
    which nobody waits for news.
    """

    FRESH = "fresh"
    NO_NEWS = "no_news"
    AT_REST = "at_rest"


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

    start: float = field(default=0.0, validator=_finite, metadata=OWN_FACTS)
    target: float = field(default=100.0, validator=_finite, metadata=OWN_FACTS)
    unit: str = field(default="%", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    tolerance: float | None = field(default=None, validator=optional(_finite), metadata=OWN_FACTS)

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
"""From 0 to 100 per cent, as its owner estimates it: the measure of a goal that is given no other."""


def _measure(instance: object, attribute: object, value: Any) -> None:
    if not isinstance(value, Measure | None):
        raise InvalidInput.at(texts.path_of(instance, attribute), "is no Measure; None is a goal without a figure")


@frozen
class Milestone:
    """A step on the way to a goal."""

    id: MilestoneId = field(validator=shapes.identifier, metadata=RECORD_ID)
    title: str = field(validator=texts.line, repr=False, metadata=OWN_WORDS)
    due_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    done_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)


def _confidence(instance: object, attribute: object, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10:
        raise InvalidInput.at(texts.path_of(instance, attribute), "is not a whole number from 1 to 10")


@frozen
class GoalUpdate:
    """How a goal was going at one moment: a figure, a confidence from 1 to 10, a note; each may be left out."""

    at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    progress: float | None = field(default=None, validator=optional(_finite), metadata=OWN_FACTS)
    confidence: int | None = field(default=None, validator=optional(_confidence), metadata=OWN_FACTS)
    note: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)

    def __attrs_post_init__(self) -> None:
        if self.progress is None and self.confidence is None and not self.note.strip():
            raise InvalidInput.at("record", "says nothing; give a progress, a confidence or a note")


@frozen
class Ending:
    """An end that a goal came to before it was taken up again: as what, when, and what was thought of it.

    What an earlier release did not keep of an end is None.
    """

    status: GoalStatus | None = field(default=None, validator=optional(shapes.kind_of(GoalStatus)), metadata=OWN_FACTS)
    ended_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    reflection: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)


@frozen
class Goal:
    """Something a person wants to develop, hers from draft to end.

    ``measure`` is None for a goal without a figure. ``supporter_ids`` are colleagues whom she asked to support her:
    they see the goal as long as they are named here.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.DEVELOP)

    id: GoalId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    title: str = field(validator=texts.line, repr=False, metadata=OWN_WORDS)
    drafted_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    why: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    theme: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    skills: tuple[str, ...] = field(
        default=(), validator=shapes.each(texts.line, at_most=MAX_LINES), repr=False, metadata=OWN_WORDS
    )
    strengths: tuple[str, ...] = field(
        default=(), validator=shapes.each(texts.line, at_most=MAX_LINES), repr=False, metadata=OWN_WORDS
    )
    due_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    measure: Measure | None = field(default=PERCENT, validator=_measure)
    milestones: tuple[Milestone, ...] = field(
        default=(), validator=shapes.each(shapes.kind_of(Milestone), at_most=MAX_MILESTONES)
    )
    experiments: tuple[Experiment, ...] = field(
        default=(), validator=shapes.each(shapes.kind_of(Experiment), at_most=MAX_EXPERIMENTS)
    )
    updates: tuple[GoalUpdate, ...] = field(
        default=(), validator=shapes.each(shapes.kind_of(GoalUpdate), at_most=MAX_UPDATES)
    )
    status: GoalStatus = field(default=GoalStatus.DRAFT, validator=shapes.kind_of(GoalStatus), metadata=OWN_FACTS)
    started_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    resumed_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    ended_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    closing_reflection: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    earlier_ends: tuple[Ending, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Ending)))
    supporter_ids: tuple[PersonId, ...] = field(
        default=(), validator=shapes.each(shapes.identifier, at_most=MAX_SUPPORTERS), metadata=OTHER_PEOPLE
    )
    audience: Audience = field(default=ONLY_ME, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        _refuse_doubles("goal.milestones", [milestone.id for milestone in self.milestones])
        _refuse_doubles("goal.experiments", [experiment.id for experiment in self.experiments])
        _refuse_doubles("goal.supporter_ids", self.supporter_ids)
        if self.owner_id in self.supporter_ids:
            raise InvalidInput.at("goal.supporter_ids", "has its owner; a supporter is somebody else")
        if self.ended_on is not None and self.status in ALIVE:
            raise InvalidInput.at("goal.ended_on", f"is a day on which it ended, and the goal is {self.status}")
        if self.closing_reflection and self.status is GoalStatus.DRAFT:
            raise InvalidInput.at("goal.closing_reflection", "is written when a goal ends, and the goal is a draft")

    @property
    def kind(self) -> GoalKind:
        """A development goal; there are no others here."""
        return GoalKind.DEVELOPMENT

    @property
    def party_ids(self) -> frozenset[PersonId]:
        """Who may see this by having a part in it: its supporters."""
        return frozenset(self.supporter_ids)

    @property
    def guest_ids(self) -> frozenset[PersonId]:
        """Those of its parties whom she asked in, which is a way of sharing: it ends when she leaves."""
        return frozenset(self.supporter_ids)

    def may(self, move: GoalMove) -> bool:
        """Whether the status allows a move."""
        return move in MOVES[self.status]

    def _after(self, move: GoalMove) -> GoalStatus:
        return status_after(MOVES, self.status, move, "goal", self.id)

    def edit(self, **changes: Any) -> Goal:
        """Return the goal with another title, why, theme, skills, strengths, due day, measure or milestones.

        Raises:
            InvalidInput: a field cannot be edited, or its new value cannot be kept.
            IllegalMove: the goal has ended.
        """
        status = self._after(GoalMove.EDIT)
        for name in changes.keys() - _EDITABLE:
            raise InvalidInput.at(f"goal.{name}", "cannot be edited")
        return evolve(self, status=status, **changes)

    def start(self, on: date) -> Goal:
        """Return the goal in motion."""
        return evolve(self, status=self._after(GoalMove.START), started_on=on)

    def record(self, update: GoalUpdate) -> Goal:
        """Return the goal with one more word on how it is going.

        Raises:
            InvalidInput: a figure is recorded for a goal without one.
            IllegalMove: the goal is not in motion.
        """
        status = self._after(GoalMove.RECORD)
        if self.measure is None and update.progress is not None:
            raise InvalidInput.at("record.progress", "is a figure, and this goal has none; say it in a note")
        return evolve(self, status=status, updates=(*self.updates, update))

    def try_out(self, what: str, at: datetime, until: date | None = None) -> Goal:
        """Return the goal with one more experiment under way."""
        status = self._after(GoalMove.TRY_OUT)
        experiment = Experiment(ExperimentId(f"x{len(self.experiments) + 1}"), what, at, until)
        return evolve(self, status=status, experiments=(*self.experiments, experiment))

    def keep_experiment(self, experiment_id: ExperimentId, at: datetime, saw: str = "") -> Goal:
        """Return the goal with an experiment kept, also when the goal itself has ended.

        Raises:
            InvalidInput: the goal has no such experiment.
            IllegalMove: the experiment is over.
        """
        return self._concluded(experiment_id, lambda experiment: experiment.keep(at, saw))

    def drop_experiment(self, experiment_id: ExperimentId, at: datetime, saw: str = "") -> Goal:
        """Return the goal with an experiment dropped, also when the goal itself has ended.

        Raises:
            InvalidInput: the goal has no such experiment.
            IllegalMove: the experiment is over.
        """
        return self._concluded(experiment_id, lambda experiment: experiment.drop(at, saw))

    def _concluded(self, experiment_id: ExperimentId, conclude: Callable[[Experiment], Experiment]) -> Goal:
        if experiment_id not in {experiment.id for experiment in self.experiments}:
            raise InvalidInput.at("experiment_id", f"{experiment_id!r:.60} is no experiment of goal {self.id!r}")
        concluded = tuple(conclude(each) if each.id == experiment_id else each for each in self.experiments)
        return evolve(self, experiments=concluded)

    def reach(self, on: date, reflection: str = "") -> Goal:
        """Return the goal as reached."""
        return self._ended(GoalMove.REACH, on, reflection)

    def learn(self, on: date, reflection: str = "") -> Goal:
        """Return the goal as learned: it taught something, whatever the figure says."""
        return self._ended(GoalMove.LEARN, on, reflection)

    def let_go(self, on: date, reflection: str = "") -> Goal:
        """Return the goal as let go."""
        return self._ended(GoalMove.LET_GO, on, reflection)

    def _ended(self, move: GoalMove, on: date, reflection: str) -> Goal:
        status, ends = self._after(move), self.earlier_ends
        if self.closing_reflection:  # an earlier release left it when a goal was taken up again
            ends = (*ends, Ending(reflection=self.closing_reflection))
        return evolve(self, status=status, ended_on=on, closing_reflection=reflection, earlier_ends=ends)

    def resume(self, on: date) -> Goal:
        """Return an ended goal in motion again; the end that it came to is kept among its earlier ends."""
        status = self._after(GoalMove.RESUME)
        end = Ending(self.status, self.ended_on, self.closing_reflection)
        return evolve(
            self,
            status=status,
            started_on=self.started_on or on,
            resumed_on=on,
            ended_on=None,
            closing_reflection="",
            earlier_ends=(*self.earlier_ends, end),
        )

    def add_milestone(self, title: str, due_on: date | None = None) -> Goal:
        """Return the goal with one more step on the way.

        Raises:
            InvalidInput: the title cannot be kept.
            IllegalMove: the goal has ended.
        """
        milestone = Milestone(next(_free_ids(self.milestones)), title, due_on)
        return self.edit(milestones=(*self.milestones, milestone))

    def finish_milestone(self, milestone_id: MilestoneId, on: date) -> Goal:
        """Return the goal with one milestone done.

        Raises:
            InvalidInput: the goal has no such milestone.
            IllegalMove: the goal has ended.
        """
        if milestone_id not in {milestone.id for milestone in self.milestones}:
            raise InvalidInput.at("milestone_id", f"{milestone_id!r:.60} is no milestone of goal {self.id!r}")
        done = tuple(evolve(m, done_on=on) if m.id == milestone_id else m for m in self.milestones)
        return self.edit(milestones=done)

    def with_supporter(self, person_id: PersonId) -> Goal:
        """Return the goal with a colleague who supports it, and so sees it.

        Raises:
            InvalidInput: it is its owner, or there are too many.
        """
        if person_id in self.supporter_ids:
            return self
        return evolve(self, supporter_ids=(*self.supporter_ids, person_id))

    def without_supporter(self, person_id: PersonId) -> Goal:
        """Return the goal without a supporter, who sees it no more by that."""
        if person_id not in self.supporter_ids:
            return self
        return evolve(self, supporter_ids=tuple(id_ for id_ in self.supporter_ids if id_ != person_id))

    def with_audience(self, audience: Audience, on: date) -> Goal:
        """Return the goal shared with an audience from a day on, or taken back: only me, so without supporters too."""
        if audience.is_private:
            return evolve(self, audience=audience, shared_on=None, supporter_ids=())
        return evolve(self, audience=audience, shared_on=on)

    @property
    def trail(self) -> tuple[float, ...]:
        """How far along the goal was at each figure recorded, from 0.0 to 1.0; empty when it has no figure."""
        measure = self.measure
        if measure is None:
            return ()
        return tuple(measure.share_of(update.progress) for update in self.updates if update.progress is not None)

    @property
    def progress(self) -> float | None:
        """How far along the goal is, from 0.0 to 1.0, by the last figure recorded.

        None when there is none yet, and for a goal without a figure.
        """
        figures = (update.progress for update in reversed(self.updates) if update.progress is not None)
        return next(map(self.measure.share_of, figures), None) if self.measure else None

    @property
    def confidence(self) -> int | None:
        """The last confidence recorded, from 1 to 10; None when there is none yet. It says nothing of the progress."""
        return next((update.confidence for update in reversed(self.updates) if update.confidence is not None), None)

    def heard_of_at(self) -> datetime:
        """Give the last moment at which there was any news of the goal: a word on it, or an experiment."""
        said = self.updates[-1].at if self.updates else self.drafted_at
        return max([said, *(experiment.heard_of_at() for experiment in self.experiments)])

    def news(self, now: datetime) -> GoalNews:
        """Tell whether anything was heard of the goal in the last :data:`QUIET_AFTER`.

        A word, an experiment, a milestone ticked off, and that it started or was taken up again are news.
        """
        if self.status is not GoalStatus.ACTIVE:
            return GoalNews.AT_REST
        since = now - QUIET_AFTER
        days = (self.started_on, self.resumed_on, *(milestone.done_on for milestone in self.milestones))
        is_heard = self.heard_of_at() >= since or any(day >= since.date() for day in days if day)
        return GoalNews.FRESH if is_heard else GoalNews.NO_NEWS

    def is_quiet(self, now: datetime) -> bool:
        """Whether a goal in motion has no news."""
        return self.news(now) is GoalNews.NO_NEWS


_EDITABLE = frozenset({"title", "why", "theme", "skills", "strengths", "due_on", "measure", "milestones"})


def _refuse_doubles(path: str, ids: Sequence[str]) -> None:
    if ids and len(set(ids)) < len(ids):
        raise InvalidInput.at(path, "has the same id twice")


def _free_ids(milestones: Iterable[Milestone]) -> Iterator[MilestoneId]:
    taken = {milestone.id for milestone in milestones}
    return (MilestoneId(id_) for number in count(1) if (id_ := f"m{number}") not in taken)


def milestones_titled(titles: Iterable[str], known: Iterable[Milestone] = ()) -> tuple[Milestone, ...]:
    """Give a milestone for each title: the known one of that title with its days, else a new one."""
    left = list(known)
    if not left:
        return tuple([Milestone(MilestoneId(f"m{number}"), title) for number, title in enumerate(titles, start=1)])
    free_ids = _free_ids(left)
    titled: list[Milestone] = []
    for title in titles:
        found = next((milestone for milestone in left if milestone.title == title), None)
        if found is None:
            titled.append(Milestone(next(free_ids), title))
        else:
            left.remove(found)
            titled.append(found)
    return tuple(titled)
