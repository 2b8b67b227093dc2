"""Development plans (in Dutch a POP): a dated snapshot of goals, ways of learning and agreements, acknowledged by both.

A plan holds copies, so that it stays what the two agreed on whatever becomes of the goals afterwards. It is drafted by
its owner for herself, and her partner sees it once she offers it. What she carries elsewhere is an extract of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.check_ins import Agreement, AgreementId
from ownership.domain.classification import (
    LINK,
    OTHER_PERSON,
    OWN_FACTS,
    OWN_WORDS,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    WORDS_FOR_ANOTHER,
    Keeping,
    Purpose,
)
from ownership.domain.goals import Direction, Goal, GoalId, GoalStatus
from ownership.domain.learning import ChoiceStatus, LearningChoice, LearningChoiceId, LearningKind
from ownership.domain.moves import status_after
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

DevelopmentPlanId = NewType("DevelopmentPlanId", str)

MOST_OF_A_KIND = 50
"""Goals in a plan at most, and so many ways of learning, and so many agreements."""


class PlanStatus(StrEnum):
    """Where a development plan is in its life."""

    DRAFTED = "drafted"
    OFFERED = "offered"
    ACKNOWLEDGED = "acknowledged"
    SETTLED = "settled"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class PlanMove(StrEnum):
    """What the two people can do with a development plan."""

    EDIT = "edit"
    OFFER = "offer"
    ASK_TO_TALK = "ask_to_talk"
    ACKNOWLEDGE = "acknowledge"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


MOVES: Mapping[PlanStatus, Mapping[PlanMove, PlanStatus]] = {
    PlanStatus.DRAFTED: {
        PlanMove.EDIT: PlanStatus.DRAFTED,
        PlanMove.OFFER: PlanStatus.OFFERED,
        PlanMove.WITHDRAW: PlanStatus.WITHDRAWN,
    },
    PlanStatus.OFFERED: {
        PlanMove.ASK_TO_TALK: PlanStatus.OFFERED,
        PlanMove.ACKNOWLEDGE: PlanStatus.ACKNOWLEDGED,
        PlanMove.WITHDRAW: PlanStatus.WITHDRAWN,
    },
    PlanStatus.ACKNOWLEDGED: {
        PlanMove.ASK_TO_TALK: PlanStatus.ACKNOWLEDGED,
        PlanMove.ACKNOWLEDGE: PlanStatus.SETTLED,
        PlanMove.WITHDRAW: PlanStatus.WITHDRAWN,
    },
    PlanStatus.SETTLED: {
        PlanMove.REPLACE: PlanStatus.REPLACED,
        PlanMove.WITHDRAW: PlanStatus.WITHDRAWN,
    },
    PlanStatus.REPLACED: {},
    PlanStatus.WITHDRAWN: {},
}

ON_OFFER = frozenset({PlanStatus.OFFERED, PlanStatus.ACKNOWLEDGED})
"""Between the two, and not settled yet."""

_MAY_BE_SHARED = frozenset({PlanStatus.SETTLED, PlanStatus.REPLACED})
_ALONE = frozenset({PlanStatus.DRAFTED, PlanStatus.WITHDRAWN})
_ACKNOWLEDGED_BY: Mapping[PlanStatus, frozenset[int]] = {
    PlanStatus.DRAFTED: frozenset({0}),
    PlanStatus.OFFERED: frozenset({0}),
    PlanStatus.ACKNOWLEDGED: frozenset({1}),
    PlanStatus.SETTLED: frozenset({2}),
    PlanStatus.REPLACED: frozenset({2}),
    PlanStatus.WITHDRAWN: frozenset({0, 1, 2}),
}
"""How many of the two can have acknowledged a plan of each status."""


class PlanPart(StrEnum):
    """What can be picked for an extract; reasons and progress go along with what they are about."""

    GOALS = "goals"
    CHOICES = "choices"
    AGREEMENTS = "agreements"
    REASONS = "reasons"
    PROGRESS = "progress"


@frozen
class PlannedGoal:
    """A goal as it stood when the plan was made: a copy, which stays as it is.

    ``progress`` is the share of the way, from 0.0 to 1.0; None when there is none yet, and for a figure to hold.
    """

    goal_id: GoalId = field(validator=shapes.identifier, metadata=LINK)
    title: str = field(validator=texts.line, repr=False, metadata=OWN_WORDS)
    why: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    due_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    progress: float | None = field(default=None, validator=optional(shapes.number(0, 1)), metadata=OWN_FACTS)


@frozen
class PlannedChoice:
    """A way of learning as it was chosen when the plan was made: a copy, which stays as it is."""

    choice_id: LearningChoiceId = field(validator=shapes.identifier, metadata=LINK)
    kind: LearningKind = field(validator=shapes.kind_of(LearningKind), metadata=OWN_FACTS)
    title: str = field(validator=texts.line, repr=False, metadata=OWN_WORDS)
    why: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)


@frozen
class PlannedAgreement:
    """An agreement as it stood open when the plan was made, and who promised it: a copy, which stays as it is."""

    agreement_id: AgreementId = field(validator=shapes.identifier, metadata=LINK)
    by_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    text: str = field(validator=texts.written, repr=False, metadata=WORDS_FOR_ANOTHER)
    due_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)


@frozen
class PlanContents:
    """What is in a plan: copies of goals, of ways of learning and of open agreements, exactly those that were picked.

    At most :data:`MOST_OF_A_KIND` of each, each once, and at least one in all.
    """

    goals: tuple[PlannedGoal, ...] = field(default=(), validator=shapes.each(shapes.kind_of(PlannedGoal)))
    choices: tuple[PlannedChoice, ...] = field(default=(), validator=shapes.each(shapes.kind_of(PlannedChoice)))
    agreements: tuple[PlannedAgreement, ...] = field(
        default=(), validator=shapes.each(shapes.kind_of(PlannedAgreement))
    )

    def __attrs_post_init__(self) -> None:
        if not self.ids:
            raise InvalidInput.at("plan_contents", "has nothing in it; pick a goal, a way of learning or an agreement")
        for name in ("goals", "choices", "agreements"):
            if len(getattr(self, name)) > MOST_OF_A_KIND:
                raise InvalidInput.at(
                    f"plan_contents.{name}", f"are more than {MOST_OF_A_KIND}; pick those that matter now"
                )
        if twice := sorted(id_ for id_, times in Counter(self.ids).items() if times > 1):
            raise InvalidInput.at("plan_contents", f"has the same thing twice: {', '.join(twice)}")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of what the copies were made of."""
        return (
            *(goal.goal_id for goal in self.goals),
            *(choice.choice_id for choice in self.choices),
            *(agreement.agreement_id for agreement in self.agreements),
        )

    def only(self, parts: Iterable[str]) -> PlanContents:
        """Return the contents with only what is picked: kinds of parts (:class:`PlanPart`), or single ones by id.

        Raises:
            InvalidInput: something is picked that is not in it, or nothing of it is.
        """
        picked = frozenset(parts)
        if picked - {*PlanPart, *self.ids}:
            kinds = ", ".join(PlanPart)
            raise InvalidInput.at("extract.parts", f"name what is not in the plan; pick from {kinds}, or ids in it")
        has_reasons, has_progress = PlanPart.REASONS in picked, PlanPart.PROGRESS in picked

        def takes(kind: PlanPart, id_: str) -> bool:
            return kind in picked or id_ in picked

        return PlanContents(
            goals=tuple(
                evolve(goal, why=goal.why if has_reasons else "", progress=goal.progress if has_progress else None)
                for goal in self.goals
                if takes(PlanPart.GOALS, goal.goal_id)
            ),
            choices=tuple(
                evolve(choice, why=choice.why if has_reasons else "")
                for choice in self.choices
                if takes(PlanPart.CHOICES, choice.choice_id)
            ),
            agreements=tuple(a for a in self.agreements if takes(PlanPart.AGREEMENTS, a.agreement_id)),
        )


@frozen
class Acknowledgement:
    """That one of the two has read a plan and stands by it, and on which day."""

    by_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    on: date = field(validator=moments.day, metadata=OWN_FACTS)


@frozen
class DevelopmentPlan:
    """A development plan: hers alone as a draft, her partner's to read once offered, settled when both acknowledge it.

    ``partner_id`` is the partner to whom it was offered. Whoever is that no more sees it no more, and that he
    acknowledged it stays recorded. One that was settled at an earlier workplace is shared with nobody.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.DEVELOP)

    id: DevelopmentPlanId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    made_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    contents: PlanContents = field(validator=shapes.kind_of(PlanContents))
    status: PlanStatus = field(default=PlanStatus.DRAFTED, validator=shapes.kind_of(PlanStatus), metadata=OWN_FACTS)
    partner_id: PersonId | None = field(default=None, validator=optional(shapes.identifier), metadata=OTHER_PERSON)
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    talk_asked_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    acknowledgements: tuple[Acknowledgement, ...] = field(
        default=(), validator=shapes.each(shapes.kind_of(Acknowledgement))
    )
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        if self.partner_id == self.owner_id:
            raise InvalidInput.at("development_plan.partner_id", "is the owner; a plan takes two")
        if self.status not in (ON_OFFER | _MAY_BE_SHARED if self.shared_on else _ALONE | _MAY_BE_SHARED):
            raise InvalidInput.at("development_plan.shared_on", f"does not fit a plan that is {self.status}")
        if self.partner_id is None:
            self._check_alone()
        else:
            self._check_between(frozenset({self.owner_id, self.partner_id}))

    def _check_alone(self) -> None:
        if self.status not in {PlanStatus.DRAFTED, PlanStatus.WITHDRAWN} or self.acknowledgements or self.talk_asked_on:
            raise InvalidInput.at("development_plan.partner_id", f"is needed for a plan that is {self.status}")

    def _check_between(self, the_two: frozenset[PersonId]) -> None:
        if self.status is PlanStatus.DRAFTED:
            raise InvalidInput.at(
                "development_plan.partner_id", "is not needed for a draft, which is the owner's alone"
            )
        by = [acknowledgement.by_id for acknowledgement in self.acknowledgements]
        if len(by) not in _ACKNOWLEDGED_BY[self.status] or len(set(by)) < len(by) or not the_two.issuperset(by):
            raise InvalidInput.at(
                "development_plan.acknowledgements", f"do not fit a plan of the two that is {self.status}"
            )
        if not the_two.issuperset(agreement.by_id for agreement in self.contents.agreements):
            raise InvalidInput.at(
                "development_plan.contents", "hold a third person's promise; draft the plan again without it"
            )

    @property
    def mentions(self) -> tuple[str, ...]:
        """Who promised or acknowledged something besides the two: the stored key by which these are found."""
        promised = {agreement.by_id for agreement in self.contents.agreements}
        acknowledged = {signature.by_id for signature in self.acknowledgements}
        return tuple(sorted((promised | acknowledged) - {self.owner_id, self.partner_id}))

    @property
    def audience(self) -> Audience:
        """An offered plan may be seen by the partner, a draft and one that is withdrawn by nobody else."""
        return Audience(AudienceKind.PARTNER) if self.shared_on else ONLY_ME

    def is_acknowledged_by(self, person_id: PersonId) -> bool:
        """Whether someone acknowledged the plan."""
        return person_id in {acknowledgement.by_id for acknowledgement in self.acknowledgements}

    @property
    def settled_on(self) -> date | None:
        """The day on which the second of the two acknowledged; None as long as not both did."""
        return self.acknowledgements[1].on if len(self.acknowledgements) > 1 else None

    def may(self, move: PlanMove) -> bool:
        """Whether the status allows a move."""
        return move in MOVES[self.status]

    def _after(self, move: PlanMove) -> PlanStatus:
        return status_after(MOVES, self.status, move, "development plan", self.id)

    def edit(self, contents: PlanContents, on: date) -> DevelopmentPlan:
        """Return the draft made anew, with other contents."""
        return evolve(self, status=self._after(PlanMove.EDIT), contents=contents, made_on=on)

    def offer(self, partner_id: PersonId, on: date) -> DevelopmentPlan:
        """Return the plan offered to a partner, who may see it from this day on.

        Raises:
            InvalidInput: it is the owner, or the plan holds a promise of a third person.
            IllegalMove: it is no draft.
        """
        return evolve(self, status=self._after(PlanMove.OFFER), partner_id=partner_id, shared_on=on)

    def ask_to_talk(self, by_id: PersonId, on: date) -> DevelopmentPlan:
        """Return the plan with the partner's wish to talk about it first; the first day counts, and no reason is asked.

        Raises:
            InvalidInput: it is not the partner who asks.
            IllegalMove: it is not on offer.
        """
        status = self._after(PlanMove.ASK_TO_TALK)
        if by_id != self.partner_id:
            raise InvalidInput.at(
                "development_plan.ask_to_talk", "is for the partner; its owner can withdraw it or talk any time"
            )
        return evolve(self, status=status, talk_asked_on=self.talk_asked_on or on)

    def acknowledge(self, by_id: PersonId, on: date) -> DevelopmentPlan:
        """Return the plan acknowledged by one of the two; with the second it is settled.

        Raises:
            InvalidInput: it is neither of the two, or this one did already.
            IllegalMove: it is not on offer.
        """
        status = self._after(PlanMove.ACKNOWLEDGE)
        if by_id not in {self.owner_id, self.partner_id}:
            raise InvalidInput.at("development_plan.acknowledge", f"is for the two people of plan {self.id!r}")
        if self.is_acknowledged_by(by_id):
            raise InvalidInput.at("development_plan.acknowledge", "was done by this person; it waits for the other")
        return evolve(self, status=status, acknowledgements=(*self.acknowledgements, Acknowledgement(by_id, on)))

    def replace(self) -> DevelopmentPlan:
        """Return the plan as replaced by a newer one."""
        return evolve(self, status=self._after(PlanMove.REPLACE))

    def withdraw(self) -> DevelopmentPlan:
        """Return the plan as withdrawn; from then on only its owner sees it."""
        return evolve(self, status=self._after(PlanMove.WITHDRAW), shared_on=None)


@frozen
class PlanExtract:
    """What the owner of a plan carries elsewhere: only what she picked of it, and the names of who is mentioned in it.

    It is made when she asks for it, and stored nowhere. ``settled_on`` is None for a plan that is not settled.
    """

    plan_id: DevelopmentPlanId = field(validator=shapes.identifier)
    owner_id: PersonId = field(validator=shapes.identifier)
    made_on: date = field(validator=moments.day)
    settled_on: date | None = field(validator=optional(moments.day))
    contents: PlanContents = field(validator=shapes.kind_of(PlanContents))
    names: Mapping[PersonId, str] = field(validator=shapes.by_key(shapes.identifier, texts.line), repr=False)


def goal_in_plan(goal: Goal) -> PlannedGoal:
    """Copy a goal for a plan.

    Raises:
        InvalidInput: the goal has ended.
    """
    if goal.status not in {GoalStatus.DRAFT, GoalStatus.ACTIVE}:
        raise InvalidInput.at("plan_contents.goals", f"{goal.id!r} has ended; a plan holds what lies ahead")
    is_way = goal.measure is not None and goal.measure.direction is not Direction.HOLD
    progress = goal.progress if is_way else None
    return PlannedGoal(goal.id, goal.title, goal.why, goal.due_on, progress)


def choice_in_plan(choice: LearningChoice) -> PlannedChoice:
    """Copy a way of learning for a plan.

    Raises:
        InvalidInput: the choice has ended.
    """
    if choice.status is not ChoiceStatus.CHOSEN:
        raise InvalidInput.at("plan_contents.choices", f"{choice.id!r} has ended; a plan holds what lies ahead")
    return PlannedChoice(choice.id, choice.kind, choice.title, choice.why)


def agreement_in_plan(agreement: Agreement) -> PlannedAgreement:
    """Copy an agreement for a plan.

    Raises:
        InvalidInput: the agreement is done, or was let go of.
    """
    if not agreement.is_open:
        raise InvalidInput.at("plan_contents.agreements", f"{agreement.id!r} is closed; a plan holds what lies ahead")
    return PlannedAgreement(agreement.id, agreement.holder_id, agreement.text, agreement.due_on)


def extract_of(plan: DevelopmentPlan, parts: Iterable[str], names: Mapping[PersonId, str]) -> PlanExtract:
    """Make an extract of a plan with only the parts that are picked, and only the names of who occurs in them.

    Raises:
        InvalidInput: something is picked that is not in the plan, or nothing of it is.
    """
    contents = plan.contents.only(parts)
    mentioned = {plan.owner_id, *(agreement.by_id for agreement in contents.agreements)}
    return PlanExtract(
        plan_id=plan.id,
        owner_id=plan.owner_id,
        made_on=plan.made_on,
        settled_on=plan.settled_on,
        contents=contents,
        names={id_: name for id_, name in names.items() if id_ in mentioned},
    )
