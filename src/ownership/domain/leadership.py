"""Supportive leadership: the next talk prepared with questions, not answers, and a path from instructor to guide.

A preparation is made from shared things only. Which questions it offers follows from :data:`FITS` and from the number
of the talk, so that it can be explained and the next talk has others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar
from zlib import crc32

from attrs import field, frozen

from ownership.domain import shapes
from ownership.domain.check_ins import AgendaItem, Agreement, CheckIn, Preparation
from ownership.domain.delegations import Delegation, DelegationStatus
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.initiative import SharedInitiative
from ownership.domain.people import Person, PersonId
from ownership.domain.self_checks import HabitReading
from ownership.domain.shapes import optional
from ownership.domain.texts import translated

OFFERED = 3
"""Questions to choose from, for each step of a talk."""

JUST = timedelta(days=35)
"""How long something that started or ended is news in a talk: a month and a few days."""


class Step(StrEnum):
    """The steps of a coaching talk in the GROW order (Whitmore, Coaching for Performance, 1992)."""

    GOAL = "goal"
    REALITY = "reality"
    OPTIONS = "options"
    WILL = "will"


class Fit(StrEnum):
    """Why a question fits a talk: what she shared or wrote for it, or nothing in particular."""

    ALWAYS = "always"
    GOAL_QUIET = "goal_quiet"
    GOAL_STARTED = "goal_started"
    GOAL_ENDED = "goal_ended"
    HARD = "hard"
    NEED = "need"


class Stage(StrEnum):
    """The stages of the path from instructor to guide."""

    TELLS = "tells"
    EXPLAINS = "explains"
    ASKS = "asks"
    STEPS_BACK = "steps_back"


class PathMove(StrEnum):
    """What someone could do next on the path."""

    SHARE_A_GOAL = "share_a_goal"
    NAME_A_DECISION = "name_a_decision"
    LOOK_BACK = "look_back"
    ANNOUNCE = "announce"
    CHECK_YOURSELF = "check_yourself"
    LISTEN = "listen"


@frozen
class GuideQuestion:
    """An open question that asks before it tells; without ``fits`` it fits always."""

    id: str = field(validator=shapes.identifier)
    step: Step = field(validator=shapes.kind_of(Step))
    texts: Mapping[str, str] = field(validator=translated)
    fits: frozenset[Fit] = field(default=frozenset(), validator=shapes.each(shapes.kind_of(Fit), frozenset))


@frozen
class LettingGo:
    """One thing to let go of in a talk."""

    id: str = field(validator=shapes.identifier)
    texts: Mapping[str, str] = field(validator=translated)


@frozen
class OfferedQuestion:
    """A question to choose, and why it is offered."""

    question: GuideQuestion = field(validator=shapes.kind_of(GuideQuestion), repr=False)
    because: Fit = field(validator=shapes.kind_of(Fit))


@frozen
class StepQuestions:
    """The questions to choose from in one step of a talk."""

    step: Step = field(validator=shapes.kind_of(Step))
    offered: tuple[OfferedQuestion, ...] = field(validator=shapes.each(shapes.kind_of(OfferedQuestion)))


@frozen
class TalkPreparation:
    """What a manager or peer needs before the next talk.

    What she wants to talk about, what he promised, what to ask. ``share_first`` says that he shared no goal of his own
    with her so far: doing so first makes it easier for her. ``initiative`` is her balance, if she chose to show it.
    """

    check_in: CheckIn = field(validator=shapes.kind_of(CheckIn))
    person: Person = field(validator=shapes.kind_of(Person))
    topics: tuple[AgendaItem, ...] = field(validator=shapes.each(shapes.kind_of(AgendaItem)))
    her_preparation: Preparation | None = field(validator=optional(shapes.kind_of(Preparation)))
    your_promises: tuple[Agreement, ...] = field(validator=shapes.each(shapes.kind_of(Agreement)))
    shared_goals: tuple[Goal, ...] = field(validator=shapes.each(shapes.kind_of(Goal)))
    guide: tuple[StepQuestions, ...] = field(validator=shapes.each(shapes.kind_of(StepQuestions)))
    let_go: LettingGo | None = field(validator=optional(shapes.kind_of(LettingGo)))
    share_first: bool = field(default=False, validator=shapes.flag)
    her_promises: tuple[Agreement, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Agreement)))
    initiative: SharedInitiative | None = field(default=None, validator=optional(shapes.kind_of(SharedInitiative)))

    @property
    def questions(self) -> tuple[GuideQuestion, ...]:
        """Three open questions in GROW order, one of each step: the first that is offered."""
        return tuple(step.offered[0].question for step in self.guide)[:OFFERED]


@frozen
class PathStage:
    """A stage of the path in words: what one does there, and what helps to take the next step."""

    stage: Stage = field(validator=shapes.kind_of(Stage))
    titles: Mapping[str, str] = field(validator=translated)
    texts: Mapping[str, str] = field(validator=translated)


@frozen
class LeadershipPath:
    """One's own way from instructor to guide, for oneself alone.

    The stages in words, the decisions and where each stands, what one's own answers tell, and what could be next.
    """

    stages: tuple[PathStage, ...] = field(validator=shapes.each(shapes.kind_of(PathStage)))
    decisions: tuple[Delegation, ...] = field(validator=shapes.each(shapes.kind_of(Delegation)))
    to_look_back_on: tuple[Delegation, ...] = field(validator=shapes.each(shapes.kind_of(Delegation)))
    habits: tuple[HabitReading, ...] = field(validator=shapes.each(shapes.kind_of(HabitReading)))
    share_first: bool = field(validator=shapes.flag)
    next_moves: tuple[PathMove, ...] = field(validator=shapes.each(shapes.kind_of(PathMove)))


class _Material(NamedTuple):
    """What the rules for questions look at."""

    preparation: Preparation | None
    goals: Sequence[Goal]
    now: datetime

    def is_just(self, day: date | None) -> bool:
        """Whether a day is recent enough to be news in this talk."""
        return day is not None and self.now.date() - day <= JUST

    def wrote(self, part: str) -> bool:
        """Whether she wrote something under a heading of her preparation that is ready."""
        return self.preparation is not None and bool(getattr(self.preparation, part).strip())


FITS: Mapping[Fit, Callable[[_Material], bool]] = {
    Fit.GOAL_QUIET: lambda at: any(goal.is_quiet(at.now) for goal in at.goals),
    Fit.GOAL_STARTED: lambda at: any(g.status is GoalStatus.ACTIVE and at.is_just(g.started_on) for g in at.goals),
    Fit.GOAL_ENDED: lambda at: any(at.is_just(goal.ended_on) for goal in at.goals),
    Fit.HARD: lambda at: at.wrote("challenges"),
    Fit.NEED: lambda at: at.wrote("needs"),
}
"""When a question fits a talk in particular; the first that holds is the reason that is given."""


def prepare_talk(
    check_in: CheckIn,
    person: Person,
    reader_id: PersonId,
    *,
    now: datetime,
    earlier: Iterable[CheckIn],
    shared_goals: Iterable[Goal],
    questions: Iterable[GuideQuestion],
    letting_go: Iterable[LettingGo],
    share_first: bool = False,
    initiative: SharedInitiative | None = None,
) -> TalkPreparation:
    """Prepare one of the two for a check-in: three questions for each step to choose from, one thing to let go of."""
    seen, goals = check_in.seen_by(reader_id), tuple(shared_goals)
    material = _Material(seen.preparation_of(person.id), goals, now)
    return TalkPreparation(
        check_in=seen,
        person=person,
        topics=tuple(sorted(seen.agenda, key=lambda item: item.by_id != person.id)),
        her_preparation=material.preparation,
        your_promises=open_promises((*earlier, check_in), reader_id),
        her_promises=open_promises((*earlier, check_in), person.id),
        shared_goals=goals,
        guide=_guide(seen, material, tuple(questions)),
        let_go=next(iter(_turn(seen, tuple(letting_go), lambda item: item.id, 1)), None),
        share_first=share_first,
        initiative=initiative,
    )


def _guide(check_in: CheckIn, material: _Material, questions: Sequence[GuideQuestion]) -> tuple[StepQuestions, ...]:
    holding = [fit for fit, holds in FITS.items() if holds(material)]
    steps = (StepQuestions(step, _offered(check_in, step, holding, questions)) for step in Step)
    return tuple(step for step in steps if step.offered)


def _offered(
    check_in: CheckIn, step: Step, holding: Sequence[Fit], questions: Sequence[GuideQuestion]
) -> tuple[OfferedQuestion, ...]:
    """Offer one question that fits in particular, if there is one, and fill up with those that fit always."""
    of_step = [question for question in questions if question.step is step]
    always = [OfferedQuestion(question, Fit.ALWAYS) for question in of_step if not question.fits]
    fitting = [
        OfferedQuestion(question, next(fit for fit in holding if fit in question.fits))
        for question in of_step
        if question.fits & set(holding)
    ]
    first = _turn(check_in, fitting, lambda offer: offer.question.id, 1)
    return (*first, *_turn(check_in, always, lambda offer: offer.question.id, OFFERED))[:OFFERED]


_T = TypeVar("_T")


def _turn(check_in: CheckIn, things: Sequence[_T], id_of: Callable[[_T], str], count: int) -> Sequence[_T]:
    """Take the next few, in an order of her own, so that the next talk has others as long as there are."""
    own_order = sorted(things, key=lambda thing: crc32(f"{check_in.owner_id}:{id_of(thing)}".encode()))
    start = check_in.period.ordinal * count % len(own_order) if own_order else 0
    return (own_order[start:] + own_order[:start])[:count]


def open_promises(check_ins: Iterable[CheckIn], person_id: PersonId) -> tuple[Agreement, ...]:
    """Collect what someone promised in talks and has not done yet, the first due on top, those without a day last."""
    promised = [
        agreement
        for check_in in check_ins
        for agreement in check_in.agreements
        if agreement.holder_id == person_id and agreement.is_open
    ]
    return tuple(sorted(promised, key=lambda a: (a.due_on is None, str(a.due_on), a.id)))


def walk_path(
    stages: Iterable[PathStage],
    decisions: Iterable[Delegation],
    habits: Iterable[HabitReading],
    *,
    on: date,
    share_first: bool,
    has_checked: bool,
) -> LeadershipPath:
    """Lay out one's own path: all decisions that one handed over, and what could be next."""
    own = tuple(decisions)
    ripe = tuple(decision for decision in own if decision.is_ripe(on))
    possible = {
        PathMove.SHARE_A_GOAL: share_first,
        PathMove.LOOK_BACK: bool(ripe),
        PathMove.ANNOUNCE: any(decision.status is DelegationStatus.NAMED for decision in own),
        PathMove.NAME_A_DECISION: not any(d.status is not DelegationStatus.DROPPED for d in own),
        PathMove.CHECK_YOURSELF: not has_checked,
    }
    moves = tuple(move for move, holds in possible.items() if holds)
    return LeadershipPath(tuple(stages), own, ripe, tuple(habits), share_first, moves or (PathMove.LISTEN,))
