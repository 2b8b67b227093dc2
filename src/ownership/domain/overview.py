"""The overview: everything that is someone's own, in one typed value, for her to read, print or take along.

It holds facts, not verdicts. Where there is not enough to say something, it says None, and a silent goal is quiet, not
green. Every number in it can be explained: see :meth:`Overview.explain`.

To add a section, add a field to :class:`OwnThings` (with its class, if it is hers), one to :class:`Overview`, and a
line to :func:`compose_overview`. To add a number, add a row to :data:`EXPLAINERS`, here or in ``explanations``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from attrs import field, fields, frozen

from ownership.domain import explanations, moments, shapes, texts
from ownership.domain.agreements import open_agreements, ownerless
from ownership.domain.budgets import LearningRequest, LearningRequestStatus
from ownership.domain.check_ins import Agreement, CheckIn, CheckInId, CheckInStatus
from ownership.domain.delegations import Delegation
from ownership.domain.explanations import (
    Basis,
    Explainer,
    Explainers,
    Explanation,
    Ground,
    Place,
    explain,
    noted_confidence,
    numbers_in,
    share_of_way,
)
from ownership.domain.feedback import Feedback, FeedbackRequest
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.hand_over import HandOverChoice, HandOverPlan, hand_over_to_choose
from ownership.domain.journal import Look
from ownership.domain.learning import LearningChoice, MenuEntry
from ownership.domain.needs import OPEN, Need, NeedStatus
from ownership.domain.next_steps import Because, NextStep, Situation, next_steps
from ownership.domain.people import Audience, Person, PersonId
from ownership.domain.plans import DevelopmentPlan, PlanStatus
from ownership.domain.pulse import Pulse, PulseAnswers, Trend, trends_of
from ownership.domain.reflections import Reflection
from ownership.domain.rests import Rest
from ownership.domain.shapes import optional
from ownership.domain.suggestions import GoalSuggestion
from ownership.domain.visibility import Item, Viewer


@frozen
class GoalStanding:
    """Where a goal stands: how far (0.0 to 1.0, or None), how sure (1 to 10, or None), how it went, who can see it."""

    goal: Goal = field(validator=shapes.kind_of(Goal))
    progress: float | None = field(validator=optional(shapes.number(0, 1)))
    confidence: int | None = field(validator=optional(shapes.whole(1, 10)))
    trail: tuple[float, ...] = field(validator=shapes.each(shapes.number(0, 1)))
    is_quiet: bool = field(validator=shapes.flag)
    viewers: tuple[Viewer, ...] = field(validator=shapes.each(shapes.kind_of(Viewer)))

    @property
    def audience(self) -> Audience:
        """The audience that she chose for the goal."""
        return self.goal.audience


@frozen
class Overview:
    """One person's own overview, as of a moment.

    ``names`` gives the display name of everyone who is mentioned by id, ``construct_titles`` what the constructs of her
    ``trends`` are called in her language.
    """

    person: Person = field(validator=shapes.kind_of(Person))
    as_of: datetime = field(validator=moments.instant)
    goals: tuple[GoalStanding, ...] = field(validator=shapes.each(shapes.kind_of(GoalStanding)))
    ended: tuple[Goal, ...] = field(validator=shapes.each(shapes.kind_of(Goal)))
    check_in: CheckIn | None = field(validator=optional(shapes.kind_of(CheckIn)))
    talk_ids: tuple[CheckInId, ...] = field(validator=shapes.each(shapes.identifier))
    my_promises: tuple[Agreement, ...] = field(validator=shapes.each(shapes.kind_of(Agreement)))
    promised_to_me: tuple[Agreement, ...] = field(validator=shapes.each(shapes.kind_of(Agreement)))
    feedback: tuple[Feedback, ...] = field(validator=shapes.each(shapes.kind_of(Feedback)))
    waiting_for: tuple[FeedbackRequest, ...] = field(validator=shapes.each(shapes.kind_of(FeedbackRequest)))
    asked_of_me: tuple[FeedbackRequest, ...] = field(validator=shapes.each(shapes.kind_of(FeedbackRequest)))
    choices: tuple[LearningChoice, ...] = field(validator=shapes.each(shapes.kind_of(LearningChoice)))
    could_choose: tuple[MenuEntry, ...] = field(validator=shapes.each(shapes.kind_of(MenuEntry)))
    reflections: tuple[Reflection, ...] = field(validator=shapes.each(shapes.kind_of(Reflection)))
    next_steps: tuple[NextStep, ...] = field(validator=shapes.each(shapes.kind_of(NextStep)))
    looks: tuple[Look, ...] = field(validator=shapes.each(shapes.kind_of(Look)))
    delegations: tuple[Delegation, ...] = field(validator=shapes.each(shapes.kind_of(Delegation)))
    ownerless: tuple[Agreement, ...] = field(validator=shapes.each(shapes.kind_of(Agreement)))
    suggestions: tuple[GoalSuggestion, ...] = field(validator=shapes.each(shapes.kind_of(GoalSuggestion)))
    needs: tuple[Need, ...] = field(validator=shapes.each(shapes.kind_of(Need)), repr=False)
    learning_requests: tuple[LearningRequest, ...] = field(validator=shapes.each(shapes.kind_of(LearningRequest)))
    plan: DevelopmentPlan | None = field(validator=optional(shapes.kind_of(DevelopmentPlan)))
    rest: Rest | None = field(validator=optional(shapes.kind_of(Rest)))
    names: Mapping[PersonId, str] = field(validator=shapes.by_key(shapes.identifier, texts.line), repr=False)
    trends: tuple[Trend, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Trend)))
    construct_titles: Mapping[str, str] = field(
        factory=dict, validator=shapes.by_key(shapes.identifier, texts.line), repr=False
    )

    @property
    def talks_held(self) -> int:
        """How many talks she has held."""
        return len(self.talk_ids)

    @property
    def goals_in_motion(self) -> int:
        """How many of her goals are in motion."""
        return len(self._goal_ids(GoalStatus.ACTIVE))

    @property
    def drafts(self) -> int:
        """How many of her goals are drafts."""
        return len(self._goal_ids(GoalStatus.DRAFT))

    def _goal_ids(self, status: GoalStatus) -> tuple[str, ...]:
        return tuple(standing.goal.id for standing in self.goals if standing.goal.status is status)

    def numbers(self) -> tuple[str, ...]:
        """Give the paths of all numbers in the overview, to ask :meth:`explain` about."""
        return tuple(numbers_in(self))

    def explain(self, path: str) -> Explanation:
        """Explain a number by its path, such as ``goals[0].progress``; at the path of a list, how many there are.

        Raises:
            InvalidInput: there is no number at the path.
        """
        return explain(self, path, EXPLAINERS, self.person.zone)

    @property
    def today(self) -> date:
        """The day it is where she is."""
        return self.person.day_of(self.as_of)

    def name_of(self, person_id: PersonId) -> str:
        """Give the name of someone mentioned, or an empty text for someone who is not known any more."""
        return self.names.get(person_id, "")


def _hers(cls: type[Any]) -> Any:
    """Make a field for all that she owns of a class, which is read for her in one go."""
    return field(default=(), validator=shapes.each(shapes.kind_of(cls), Sequence), metadata={"class": cls}, repr=False)


@frozen
class OwnThings:
    """All that an overview is made of, as it lies in the store.

    ``beside`` has the people who count for its rules: her manager, and whoever promised her something.
    """

    goals: Sequence[Goal] = _hers(Goal)
    check_ins: Sequence[CheckIn] = _hers(CheckIn)
    reflections: Sequence[Reflection] = _hers(Reflection)
    choices: Sequence[LearningChoice] = _hers(LearningChoice)
    feedback: Sequence[Feedback] = _hers(Feedback)
    requests: Sequence[FeedbackRequest] = _hers(FeedbackRequest)
    looks: Sequence[Look] = _hers(Look)
    asked_of_me: Sequence[FeedbackRequest] = field(
        default=(), validator=shapes.each(shapes.kind_of(FeedbackRequest), Sequence)
    )
    delegations: Sequence[Delegation] = _hers(Delegation)
    suggestions: Sequence[GoalSuggestion] = _hers(GoalSuggestion)
    needs: Sequence[Need] = _hers(Need)
    learning_requests: Sequence[LearningRequest] = _hers(LearningRequest)
    plans: Sequence[DevelopmentPlan] = _hers(DevelopmentPlan)
    rests: Sequence[Rest] = _hers(Rest)
    pulse_answers: Sequence[PulseAnswers] = _hers(PulseAnswers)
    pulses: Sequence[Pulse] = field(default=(), validator=shapes.each(shapes.kind_of(Pulse), Sequence))
    hand_overs: Sequence[HandOverChoice] = _hers(HandOverChoice)
    beside: Mapping[PersonId, Person] = field(
        factory=dict, validator=shapes.by_key(shapes.identifier, shapes.kind_of(Person))
    )

    @classmethod
    def classes(cls) -> Mapping[str, type[Any]]:
        """Give the classes of what she owns, by the field that holds it."""
        return {each.name: each.metadata["class"] for each in fields(cls) if "class" in each.metadata}

    def rest_on(self, day: date) -> Rest | None:
        """Give the rest that she takes on a day, if any."""
        return next((rest for rest in self.rests if rest.is_on(day)), None)

    def could_move(self, person: Person, day: date) -> HandOverPlan | None:
        """Give what could move along to a new manager, while she has not chosen."""
        line = person.reporting_line_on(day)
        manager = self.beside.get(line.manager_id) if line else None
        items = (*self.goals, *self.check_ins, *self.reflections, *self.choices, *self.feedback)
        return hand_over_to_choose(person, manager, items, self.hand_overs, day)


_NEEDS_SHOWN = OPEN | {NeedStatus.ANSWERED_NOT_NOW}
_REQUESTS_SHOWN = frozenset(LearningRequestStatus) - {LearningRequestStatus.TAKEN_UP, LearningRequestStatus.WITHDRAWN}
_PLANS_SHOWN = frozenset(PlanStatus) - {PlanStatus.REPLACED, PlanStatus.WITHDRAWN}


def situation_of(person: Person, own: OwnThings, now: datetime) -> Situation:
    """Give the rules for the next step what they look at."""
    today = person.day_of(now)
    return Situation(
        person_id=person.id,
        now=now,
        goals=own.goals,
        check_ins=own.check_ins,
        choices=own.choices,
        feedback=own.feedback,
        asked_of_me=own.asked_of_me,
        delegations=own.delegations,
        suggestions=own.suggestions,
        plans=own.plans,
        could_move=own.could_move(person, today),
        pulses=own.pulses,
        pulse_answers=own.pulse_answers,
        rests=own.rest_on(today) is not None,
        timezone=person.zone.key,
    )


def compose_overview(
    person: Person,
    own: OwnThings,
    now: datetime,
    *,
    menu: Sequence[MenuEntry],
    viewers_of: Callable[[Goal], tuple[Viewer, ...]],
    names: Mapping[PersonId, str],
    construct_titles: Mapping[str, str] | None = None,
) -> Overview:
    """Compose the overview of a person from her own things, the newest first."""
    alive = [goal for goal in own.goals if goal.status in {GoalStatus.DRAFT, GoalStatus.ACTIVE}]
    today = person.day_of(now)
    open_ones = [c for c in own.check_ins if c.is_open_on(today)]
    still_open = open_agreements(own.check_ins, person.id)
    promises = [open_one.agreement for open_one in still_open]
    alone = {open_one.id: open_one.agreement for open_one in ownerless(still_open, person, own.beside, today)}
    return Overview(
        person=person,
        as_of=now,
        goals=tuple(_standing(goal, now, viewers_of(goal)) for goal in sorted(alive, key=lambda g: g.status.value)),
        ended=_newest(own.goals, lambda g: g.ended_on, only=lambda g: g.ended_on is not None),
        check_in=open_ones[-1].seen_by(person.id) if open_ones else None,
        talk_ids=tuple(c.id for c in own.check_ins if c.status is CheckInStatus.HELD),
        my_promises=tuple(a for a in promises if a.holder_id == person.id),
        promised_to_me=tuple(a for a in promises if a.holder_id != person.id and a.id not in alone),
        feedback=_newest(own.feedback, lambda f: f.given_at),
        waiting_for=tuple(r for r in own.requests if r.open_until),
        asked_of_me=tuple(r for r in own.asked_of_me if r.open_until),
        choices=_newest(own.choices, lambda c: c.chosen_at),
        could_choose=tuple(menu),
        reflections=_newest(own.reflections, lambda r: r.written_at),
        next_steps=next_steps(situation_of(person, own, now)),
        looks=_newest(own.looks, lambda look: look.at),
        delegations=_newest(own.delegations, lambda delegation: delegation.id),
        ownerless=tuple(alone.values()),
        suggestions=tuple(suggestion for suggestion in own.suggestions if suggestion.is_waiting),
        needs=_newest(own.needs, lambda n: n.raised_at, only=lambda n: n.status in _NEEDS_SHOWN),
        learning_requests=_newest(
            own.learning_requests, lambda r: r.asked_at, only=lambda r: r.status in _REQUESTS_SHOWN
        ),
        plan=next(iter(_newest(own.plans, lambda p: (p.made_on, p.id), only=lambda p: p.status in _PLANS_SHOWN)), None),
        rest=own.rest_on(today),
        names=names,
        trends=trends_of(own.pulse_answers),
        construct_titles=construct_titles or {},
    )


def _standing(goal: Goal, now: datetime, viewers: tuple[Viewer, ...]) -> GoalStanding:
    return GoalStanding(goal, goal.progress, goal.confidence, goal.trail, goal.is_quiet(now), viewers)


def _goals_in(status: GoalStatus, ground: Ground) -> Explainer:
    def counted(place: Place) -> Basis:
        ids = tuple(standing.goal.id for standing in place.holder.goals if standing.goal.status is status)
        return ground, {"items": ids}, ids

    return counted


EXPLAINERS: Explainers = {
    **explanations.EXPLAINERS,
    (Overview, "talks_held"): lambda at: (
        Ground.TALKS_HELD,
        {"items": at.holder.talk_ids},
        at.holder.talk_ids,
    ),
    (Overview, "goals_in_motion"): _goals_in(GoalStatus.ACTIVE, Ground.GOALS_IN_MOTION),
    (Overview, "drafts"): _goals_in(GoalStatus.DRAFT, Ground.DRAFTS),
    (GoalStanding, "progress"): share_of_way,
    (GoalStanding, "trail"): share_of_way,
    (GoalStanding, "confidence"): noted_confidence,
    (NextStep, "minutes"): lambda at: (
        Ground.MINUTES,
        {"minutes": at.value, "rule": str(at.holder.because.rule)},
        tuple(filter(None, [at.holder.about_id])),
    ),
    (Because, "saw"): lambda at: (
        Ground.SEEN_BY_RULE,
        {"seen": at.value, "rule": str(at.holder.rule)},
        tuple(filter(None, [at.within(NextStep).about_id])),
    ),
}
"""How every number of an overview is explained; a test fails for one that has no row here."""


_T = TypeVar("_T")


def _newest(
    things: Iterable[_T], moment: Callable[[_T], Any], only: Callable[[_T], bool] = lambda _: True
) -> tuple[_T, ...]:
    return tuple(sorted(filter(only, things), key=moment, reverse=True))


def people_mentioned(own: OwnThings, menu: Iterable[MenuEntry] = ()) -> frozenset[PersonId]:
    """Collect the ids of everyone whose name an overview shows."""
    ids = {feedback.author_id for feedback in own.feedback}
    ids |= {request.asked_id for request in own.requests} | {request.owner_id for request in own.asked_of_me}
    ids |= {look.viewer_id for look in own.looks}
    ids |= {check_in.partner_id for check_in in own.check_ins if check_in.partner_id}
    agreed = [agreement for check_in in own.check_ins for agreement in check_in.agreements]
    ids |= {id_ for agreement in agreed for id_ in (agreement.by_id, agreement.holder_id)}
    ids |= {suggestion.author_id for suggestion in own.suggestions} | {need.receiver_id for need in own.needs}
    ids |= {request.asked_id for request in own.learning_requests}
    ids |= {plan.partner_id for plan in own.plans if plan.partner_id}
    ids |= {acknowledged.by_id for plan in own.plans for acknowledged in plan.acknowledgements}
    ids |= {agreement.by_id for plan in own.plans for agreement in plan.contents.agreements}
    ids |= {supporter_id for goal in own.goals for supporter_id in goal.supporter_ids}
    ids |= {item.by_id for check_in in own.check_ins for item in check_in.agenda}
    ids |= {preparation.by_id for check_in in own.check_ins for preparation in check_in.preparations}
    ids |= {entry.option.owner_id for entry in menu if entry.option.owner_id}
    shared: list[Item] = [*own.goals, *own.reflections, *own.choices, *own.feedback, *own.delegations]
    shared += [*own.check_ins, *own.needs]
    ids |= {person_id for item in shared for person_id in item.audience.person_ids}
    ids |= {person_id for delegation in own.delegations for person_id in delegation.to.person_ids}
    return frozenset(ids)
