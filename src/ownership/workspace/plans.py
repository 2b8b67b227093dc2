"""Development plans: drafted and offered by the one whose development it is, acknowledged by both, hers to carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ownership.domain.check_ins import Agreement, AgreementId, CheckIn
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.leadership import open_promises
from ownership.domain.learning import ChoiceStatus, LearningChoice
from ownership.domain.people import Person, PersonId
from ownership.domain.plans import (
    ON_OFFER,
    DevelopmentPlan,
    DevelopmentPlanId,
    PlanContents,
    PlanExtract,
    PlannedAgreement,
    PlannedChoice,
    PlannedGoal,
    PlanStatus,
    agreement_in_plan,
    choice_in_plan,
    extract_of,
    goal_in_plan,
)
from ownership.domain.reminders import ReminderKind
from ownership.errors import InvalidInput, NotAllowed, NotFound
from ownership.workspace.records import id_of
from ownership.workspace.seat import Seat, several
from ownership.workspace.sight import Sight

PlanOrId = DevelopmentPlan | DevelopmentPlanId | str


class DevelopmentPlans:
    """The development plans of the actor, and those that others offered to her as their partner.

    A verb takes a plan (then it must be the latest version) or its id. Each raises NotFound for one that is not there
    or not the actor's to see, and IllegalMove when its status does not allow the verb.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def draft(
        self,
        *,
        goals: Iterable[Goal | str] | None = None,
        choices: Iterable[LearningChoice | str] | None = None,
        agreements: Iterable[Agreement | str] | None = None,
    ) -> DevelopmentPlan:
        """Draft a plan from goals, chosen ways of learning and open agreements: those given, or else all active ones.

        They are copied as they are now, and a goal that is a draft stays one. Nobody else sees the plan, and drafting
        again changes the draft that there is.

        Raises:
            NotFound: something picked is not there, or not the actor's to see.
            NotAllowed: another owns it.
            InvalidInput: it has ended, or is the promise of an earlier partner, or nothing is left to put in.
        """
        with self._seat.writing() as sight:
            contents = PlanContents(
                goals=self._goals(sight, goals),
                choices=self._choices(sight, choices),
                agreements=self._agreements(sight, agreements),
            )
            today = self._seat.today(sight)
            drafts = [plan for plan in self._all(sight) if plan.status is PlanStatus.DRAFTED]
            if drafts:
                return sight.unit.save(drafts[-1].edit(contents, today))
            new_id: DevelopmentPlanId = self._seat.desk.new_id(self._seat.person_id, DevelopmentPlan)
            return sight.unit.save(DevelopmentPlan(new_id, self._seat.person_id, today, contents))

    def _goals(self, sight: Sight, picked: Iterable[Goal | str] | None) -> tuple[PlannedGoal, ...]:
        if picked is None:
            mine = sight.unit.all_of(self._seat.person_id, Goal)
            return tuple(goal_in_plan(goal) for goal in mine if goal.status is GoalStatus.ACTIVE)
        return tuple(goal_in_plan(self._seat.own(sight, Goal, goal)) for goal in several(picked, "plan_contents.goals"))

    def _choices(self, sight: Sight, picked: Iterable[LearningChoice | str] | None) -> tuple[PlannedChoice, ...]:
        if picked is None:
            mine = sight.unit.all_of(self._seat.person_id, LearningChoice)
            return tuple(choice_in_plan(choice) for choice in mine if choice.status is ChoiceStatus.CHOSEN)
        return tuple(
            choice_in_plan(self._seat.own(sight, LearningChoice, choice))
            for choice in several(picked, "plan_contents.choices")
        )

    def _agreements(self, sight: Sight, picked: Iterable[Agreement | str] | None) -> tuple[PlannedAgreement, ...]:
        """Copy agreements of the actor and her partner; what an earlier partner promised stays between those two."""
        talks = sight.unit.all_of(self._seat.person_id, CheckIn)
        the_two = list(dict.fromkeys([self._seat.person_id, *self._partner_id(sight)]))
        if picked is None:
            return tuple(agreement_in_plan(a) for by_id in the_two for a in open_promises(talks, by_id))
        agreed = {agreement.id: agreement for talk in talks for agreement in talk.agreements}
        return tuple(_picked(agreed, the_two, spoken) for spoken in several(picked, "plan_contents.agreements"))

    def _partner_id(self, sight: Sight) -> tuple[PersonId, ...]:
        line = sight.viewer.partner_on(self._seat.today(sight))
        return (line.manager_id,) if line else ()

    def offer(self, plan: PlanOrId) -> DevelopmentPlan:
        """Offer a draft to the actor's conversation partner, who sees these copies from now on and hears of it.

        Another plan that is still on offer is withdrawn by it.

        Raises:
            NotAllowed: it is another's plan.
            InvalidInput: the actor has no conversation partner who works here, or it holds an earlier one's promise.
        """
        with self._seat.writing() as sight:
            own = self._seat.own(sight, DevelopmentPlan, plan)
            partner = self._partner(sight)
            offered = sight.unit.save(own.offer(partner.id, self._seat.today(sight)))
            sight.unit.save_all(other.withdraw() for other in self._all(sight) if self._gives_way(other, offered))
            self._seat.tell(sight, ReminderKind.PLAN_OFFERED, offered.id, partner)
            return offered

    def _gives_way(self, other: DevelopmentPlan, offered: DevelopmentPlan) -> bool:
        return other.id != offered.id and other.status in ON_OFFER

    def _partner(self, sight: Sight) -> Person:
        for partner in sight.people(self._partner_id(sight)).values():
            if partner.works_on(partner.day_of(sight.now)):
                return partner
        raise InvalidInput.at(
            "development_plan.partner_id", "is nobody who works here now; choose one with profile.choose_partner"
        )

    def ask_to_talk(self, plan: PlanOrId) -> DevelopmentPlan:
        """Ask, as the partner, to talk about a plan first; its owner hears of it, and no reason is asked.

        Raises:
            NotAllowed: the plan was not offered to the actor.
        """
        with self._seat.writing() as sight:
            latest = self._latest(sight, plan)
            if latest.partner_id != self._seat.person_id:
                raise NotAllowed(f"development plan {latest.id!r} is your own; talk about it, or withdraw it")
            asked = sight.unit.save(latest.ask_to_talk(self._seat.person_id, self._seat.today(sight)))
            owner = sight.people([asked.owner_id])[asked.owner_id]
            self._seat.tell(sight, ReminderKind.PLAN_TALK_ASKED, asked.id, owner)
            return asked

    def acknowledge(self, plan: PlanOrId) -> DevelopmentPlan:
        """Acknowledge a plan on offer, as one of the two; with the second it is settled and replaces the one before.

        Raises:
            NotAllowed: the plan is between two others.
            InvalidInput: the actor did so already.
        """
        with self._seat.writing() as sight:
            today = self._seat.today(sight)
            acknowledged = sight.unit.save(self._latest(sight, plan).acknowledge(self._seat.person_id, today))
            if acknowledged.status is PlanStatus.SETTLED:
                hers = sight.unit.all_of(acknowledged.owner_id, DevelopmentPlan)
                settled = (other for other in hers if other.status is PlanStatus.SETTLED)
                sight.unit.save_all(other.replace() for other in settled if other.id != acknowledged.id)
            return acknowledged

    def withdraw(self, plan: PlanOrId) -> DevelopmentPlan:
        """Withdraw a plan; from now on only the actor sees it.

        Raises:
            NotAllowed: it is another's plan.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(self._seat.own(sight, DevelopmentPlan, plan).withdraw())

    def current(self) -> DevelopmentPlan | None:
        """Give the actor's plan that is settled now; None when there is none."""
        return next((plan for plan in self.history() if plan.status is PlanStatus.SETTLED), None)

    def history(self) -> tuple[DevelopmentPlan, ...]:
        """Give all the actor's own plans, drafts and withdrawn ones too, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(self._all(sight))

    def with_me(self) -> tuple[DevelopmentPlan, ...]:
        """Give the plans that others offered to the actor: those that wait for the two, and those that are settled."""
        with self._seat.writing() as sight:
            offered = sight.unit.find(DevelopmentPlan, "partner_id", equals=self._seat.person_id)
            live = ON_OFFER | {PlanStatus.SETTLED}
            return tuple(sight.see_all(plan for plan in offered if plan.status in live))

    def get(self, plan: PlanOrId) -> DevelopmentPlan:
        """Give one plan as it is now, own or offered to the actor."""
        with self._seat.writing() as sight:
            return sight.see(DevelopmentPlan, plan)

    def extract(self, plan: PlanOrId, *, parts: Iterable[str]) -> PlanExtract:
        """Take from an own plan what to carry elsewhere: "goals", "choices", "agreements", or single ones by id.

        Reasons and progress stay out unless "reasons" or "progress" is picked too. An extract is stored nowhere.

        Raises:
            NotAllowed: it is another's plan: only its owner carries it elsewhere.
            InvalidInput: something is picked that is not in the plan, or nothing of it is.
        """
        with self._seat.reading() as sight:
            own = sight.own(DevelopmentPlan, plan)
            people = sight.people({own.owner_id, *(agreement.by_id for agreement in own.contents.agreements)})
            names = {person.id: person.display_name for person in people.values()}
            return extract_of(own, several(parts, "extract.parts"), names)

    def _all(self, sight: Sight) -> list[DevelopmentPlan]:
        return sight.unit.all_of(self._seat.person_id, DevelopmentPlan)

    def _latest(self, sight: Sight, spoken: PlanOrId) -> DevelopmentPlan:
        latest = self._seat.latest(sight, DevelopmentPlan, spoken)
        if self._seat.person_id not in {latest.owner_id, latest.partner_id}:
            raise NotAllowed(f"development plan {latest.id!r} is between two other people")
        return latest


def _picked(
    agreed: Mapping[AgreementId, Agreement], the_two: list[PersonId], spoken: Agreement | str
) -> PlannedAgreement:
    agreement_id = AgreementId(id_of(spoken))
    if agreement_id not in agreed:
        raise NotFound("agreement", agreement_id)
    if agreed[agreement_id].by_id not in the_two:
        raise InvalidInput.at(
            "plan_contents.agreements", f"{agreement_id!r} was promised by an earlier partner; leave it out"
        )
    return agreement_in_plan(agreed[agreement_id])
