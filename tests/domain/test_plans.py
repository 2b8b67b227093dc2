"""Development plans: a dated snapshot that both acknowledge and that stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.check_ins import Agreement, AgreementId
from ownership.domain.goals import Goal, GoalId, GoalStatus, Measure
from ownership.domain.learning import ChoiceStatus, LearningChoice, LearningChoiceId, LearningKind, LearningOptionId
from ownership.domain.people import ONLY_ME, AudienceKind, PersonId
from ownership.domain.plans import (
    MOST_OF_A_KIND,
    MOVES,
    ON_OFFER,
    Acknowledgement,
    DevelopmentPlan,
    DevelopmentPlanId,
    PlanContents,
    PlanMove,
    PlannedAgreement,
    PlannedChoice,
    PlannedGoal,
    PlanPart,
    PlanStatus,
    agreement_in_plan,
    choice_in_plan,
    extract_of,
    goal_in_plan,
)
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import agreements, choices, goals, plan_contents, plans

ADA, SAM, LIAM = PersonId("ada"), PersonId("sam"), PersonId("liam")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY, LATER = NOW.date(), date(2026, 3, 8)
GOAL = PlannedGoal(GoalId("ada.g1"), "Lead a workshop", "I want to grow", date(2027, 6, 1), 0.4)
CHOICE = PlannedChoice(LearningChoiceId("ada.l1"), LearningKind.COACHING, "A coach", "To practise")
HERS = PlannedAgreement(AgreementId("ada.k1/1"), ADA, "I ask for feedback")
HIS = PlannedAgreement(AgreementId("ada.k1/2"), SAM, "I free up Friday afternoons", LATER)
CONTENTS = PlanContents((GOAL,), (CHOICE,), (HERS, HIS))
OTHER = PlanContents((evolve(GOAL, title="Lead two workshops"),))
DRAFTED = DevelopmentPlan(DevelopmentPlanId("ada.p1"), ADA, TODAY, CONTENTS)
OFFERED = DRAFTED.offer(SAM, TODAY)
ACKNOWLEDGED = OFFERED.acknowledge(ADA, TODAY)
SETTLED = ACKNOWLEDGED.acknowledge(SAM, LATER)
AT: Mapping[PlanStatus, DevelopmentPlan] = {
    PlanStatus.DRAFTED: DRAFTED,
    PlanStatus.OFFERED: OFFERED,
    PlanStatus.ACKNOWLEDGED: ACKNOWLEDGED,
    PlanStatus.SETTLED: SETTLED,
    PlanStatus.REPLACED: SETTLED.replace(),
    PlanStatus.WITHDRAWN: SETTLED.withdraw(),
}
VERBS: Mapping[PlanMove, Callable[[DevelopmentPlan], DevelopmentPlan]] = {
    PlanMove.EDIT: lambda at: at.edit(OTHER, LATER),
    PlanMove.OFFER: lambda at: at.offer(SAM, LATER),
    PlanMove.ASK_TO_TALK: lambda at: at.ask_to_talk(SAM, LATER),
    PlanMove.ACKNOWLEDGE: lambda at: at.acknowledge(ADA if not at.is_acknowledged_by(ADA) else SAM, LATER),
    PlanMove.REPLACE: DevelopmentPlan.replace,
    PlanMove.WITHDRAW: DevelopmentPlan.withdraw,
}


class TestMoves:
    """The table of legal moves, every status by every verb."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(MOVES) == set(AT) == set(PlanStatus)
        assert set(VERBS) == set(PlanMove) == {move for row in MOVES.values() for move in row}
        assert {end for row in MOVES.values() for end in row.values()} | {PlanStatus.DRAFTED} == set(PlanStatus)

    @pytest.mark.parametrize("status", PlanStatus)
    @pytest.mark.parametrize("move", PlanMove)
    def test_a_verb_does_what_the_table_says(self, status: PlanStatus, move: PlanMove) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
        at = AT[status]
        assert at.status is status
        assert at.may(move) == (move in MOVES[status])
        if at.may(move):
            assert VERBS[move](at).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove) as refused:
                VERBS[move](at)
            assert refused.value.allowed == tuple(sorted(MOVES[status]))

    @given(st.lists(st.sampled_from(PlanMove), max_size=12))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[PlanMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
        at, expected = DRAFTED, PlanStatus.DRAFTED
        for move in moves:
            try:
                at = VERBS[move](at)
            except IllegalMove:
                assert move not in MOVES[expected]
            else:
                expected = MOVES[expected][move]
            assert at.status is expected

    @given(plans(), st.lists(st.sampled_from(PlanMove), max_size=8))
    def test_what_was_offered_stays_as_it_is(self, plan: DevelopmentPlan, moves: list[PlanMove]) -> None:
        """No verb changes the contents or the day of a plan that is not a draft any more."""
        at = plan
        for move in moves:
            was_draft = at.status is PlanStatus.DRAFTED
            before = at
            try:
                at = VERBS[move](at)
            except (IllegalMove, InvalidInput):  # the verbs are Ada's and Sam's, the plan is somebody else's
                continue
            assert was_draft or (at.contents, at.made_on, at.id) == (before.contents, before.made_on, before.id)
        assert plan == evolve(plan)


class TestTheTwo:
    """A draft is hers; what is offered is between the two."""

    def test_a_draft_is_hers_alone(self) -> None:
        """A draft names no partner and has no audience; offering it notes both and the day."""
        assert (DRAFTED.partner_id, DRAFTED.audience, DRAFTED.shared_on) == (None, ONLY_ME, None)
        assert (OFFERED.partner_id, OFFERED.audience.kind, OFFERED.shared_on) == (SAM, AudienceKind.PARTNER, TODAY)

    def test_drafting_again_makes_the_draft_anew(self) -> None:
        """An edited draft has the new contents and the new day."""
        assert DRAFTED.edit(OTHER, LATER) == evolve(DRAFTED, contents=OTHER, made_on=LATER)

    @pytest.mark.parametrize("order", [(ADA, SAM), (SAM, ADA)])
    def test_both_acknowledge_in_either_order(self, order: tuple[PersonId, PersonId]) -> None:
        """With the second of the two it is settled, on that day."""
        first, second = order
        once = OFFERED.acknowledge(first, TODAY)
        assert (once.status, once.settled_on) == (PlanStatus.ACKNOWLEDGED, None)
        assert once.is_acknowledged_by(first)
        assert not once.is_acknowledged_by(second)
        both = once.acknowledge(second, LATER)
        assert (both.status, both.settled_on) == (PlanStatus.SETTLED, LATER)
        assert both.acknowledgements == (Acknowledgement(first, TODAY), Acknowledgement(second, LATER))

    def test_one_cannot_acknowledge_for_two(self) -> None:
        """The same person a second time, and a third person, are refused."""
        with pytest.raises(InvalidInput, match="waits for the other"):
            ACKNOWLEDGED.acknowledge(ADA, LATER)
        with pytest.raises(InvalidInput, match="two people"):
            OFFERED.acknowledge(LIAM, LATER)

    def test_the_partner_may_ask_to_talk_first(self) -> None:
        """That he asked is noted with its first day and without a reason; nobody else asks."""
        asked = OFFERED.ask_to_talk(SAM, TODAY)
        assert asked == evolve(OFFERED, talk_asked_on=TODAY)
        assert asked.ask_to_talk(SAM, LATER) == asked
        for person_id in (ADA, LIAM):
            with pytest.raises(InvalidInput, match="for the partner"):
                OFFERED.ask_to_talk(person_id, TODAY)

    @pytest.mark.parametrize("status", [PlanStatus.OFFERED, PlanStatus.ACKNOWLEDGED, PlanStatus.SETTLED])
    def test_a_withdrawn_plan_is_hers_alone_again(self, status: PlanStatus) -> None:
        """Who acknowledged it stays recorded, and nobody but the owner may see it."""
        withdrawn = AT[status].withdraw()
        assert (withdrawn.audience, withdrawn.shared_on) == (ONLY_ME, None)
        assert withdrawn.acknowledgements == AT[status].acknowledgements

    def test_a_replaced_plan_can_still_be_read(self) -> None:
        """Replacing changes the status alone."""
        assert SETTLED.replace() == evolve(SETTLED, status=PlanStatus.REPLACED)

    def test_a_plan_takes_two(self) -> None:
        """It cannot be offered to oneself."""
        with pytest.raises(InvalidInput, match=r"development_plan\.partner_id"):
            DRAFTED.offer(ADA, TODAY)

    def test_a_third_persons_promise_is_not_offered(self) -> None:
        """What an earlier partner promised is not shown to the next."""
        with pytest.raises(InvalidInput, match=r"development_plan\.contents"):
            DRAFTED.offer(LIAM, TODAY)

    @given(plans())
    def test_who_may_see_it_follows_its_status(self, plan: DevelopmentPlan) -> None:
        """Its partner may see a plan exactly while it is on offer, settled or replaced."""
        is_open = plan.status in ON_OFFER | {PlanStatus.SETTLED, PlanStatus.REPLACED}
        assert (plan.audience.kind is AudienceKind.PARTNER) == is_open
        assert plan.audience.is_private != is_open


class TestNonsense:
    """Constructors refuse what cannot be."""

    @pytest.mark.parametrize(
        ("at", "changes", "path"),
        [
            (DRAFTED, {"shared_on": TODAY}, "shared_on"),
            (OFFERED, {"shared_on": None}, "shared_on"),
            (OFFERED, {"status": PlanStatus.WITHDRAWN}, "shared_on"),
            (OFFERED, {"partner_id": None}, "partner_id"),
            (OFFERED, {"partner_id": ADA}, "partner_id"),
            (DRAFTED, {"partner_id": SAM}, "partner_id"),
            (DRAFTED, {"talk_asked_on": TODAY}, "partner_id"),
            (DRAFTED, {"acknowledgements": (Acknowledgement(ADA, TODAY),)}, "partner_id"),
            (OFFERED, {"acknowledgements": (Acknowledgement(ADA, TODAY),)}, "acknowledgements"),
            (OFFERED, {"status": PlanStatus.SETTLED}, "acknowledgements"),
            (ACKNOWLEDGED, {"acknowledgements": (Acknowledgement(LIAM, TODAY),)}, "acknowledgements"),
            (SETTLED, {"acknowledgements": (Acknowledgement(ADA, TODAY),) * 2}, "acknowledgements"),
            (SETTLED, {"acknowledgements": ACKNOWLEDGED.acknowledgements}, "acknowledgements"),
            (OFFERED, {"partner_id": LIAM}, "contents"),
        ],
    )
    def test_a_plan_fits_its_status(self, at: DevelopmentPlan, changes: dict[str, Any], path: str) -> None:
        """Partner, sharing and acknowledgements are those that a plan of this status can have."""
        with pytest.raises(InvalidInput, match=rf"development_plan\.{path}"):
            evolve(at, **changes)

    @pytest.mark.parametrize("name", ["made_on", "shared_on", "talk_asked_on"])
    def test_days_are_days(self, name: str) -> None:
        """A day that is no day, or is far away, is refused under its name."""
        wrongs: tuple[Any, ...] = (NOW, "today", date(1, 1, 1))
        for wrong in wrongs:
            with pytest.raises(InvalidInput, match=rf"development_plan\.{name}"):
                evolve(OFFERED, **{name: wrong})
        with pytest.raises(InvalidInput, match=r"acknowledgement\.on"):
            Acknowledgement(ADA, NOW)

    @pytest.mark.parametrize("progress", [-0.1, 1.1, float("nan"), True, "half"])
    def test_progress_is_a_share(self, progress: Any) -> None:
        """What is no number from 0 to 1 is refused."""
        with pytest.raises(InvalidInput, match=r"planned_goal\.progress"):
            evolve(GOAL, progress=progress)

    @pytest.mark.parametrize(
        ("value", "name"),
        [(GOAL, "title"), (GOAL, "why"), (CHOICE, "title"), (CHOICE, "why"), (HERS, "text")],
    )
    @pytest.mark.parametrize("text", ["\x00", "a\u202eb", "x" * 10_001, None])
    def test_text_that_cannot_be_kept_is_refused(self, value: Any, name: str, text: Any) -> None:
        """NUL, bidi overrides and what is too long are refused under the field's name, and never told."""
        with pytest.raises(InvalidInput, match=rf"planned_\w+\.{name}"):
            evolve(value, **{name: text})

    @pytest.mark.parametrize(("value", "name"), [(GOAL, "due_on"), (HIS, "due_on")])
    def test_a_due_day_is_a_day(self, value: Any, name: str) -> None:
        """A moment is no day."""
        with pytest.raises(InvalidInput, match=r"due_on"):
            evolve(value, **{name: NOW})

    def test_a_plan_has_something_in_it(self) -> None:
        """An empty plan is refused."""
        with pytest.raises(InvalidInput, match="nothing in it"):
            PlanContents()

    def test_nothing_is_in_it_twice(self) -> None:
        """The same goal twice is refused with its id."""
        with pytest.raises(InvalidInput, match=r"ada\.g1"):
            PlanContents((GOAL, GOAL))

    @pytest.mark.parametrize(
        ("name", "one", "key"),
        [("goals", GOAL, "goal_id"), ("choices", CHOICE, "choice_id"), ("agreements", HERS, "agreement_id")],
    )
    def test_a_plan_has_an_end(self, name: str, one: Any, key: str) -> None:
        """As many of a kind as the limit says, and not one more."""
        many = [evolve(one, **{key: f"ada.x{number}"}) for number in range(MOST_OF_A_KIND + 1)]
        assert len(PlanContents(**{name: tuple(many[1:])}).ids) == MOST_OF_A_KIND
        with pytest.raises(InvalidInput, match=rf"plan_contents\.{name}"):
            PlanContents(**{name: tuple(many)})


class TestCopies:
    """A plan holds copies of what lies ahead."""

    @given(goals())
    def test_a_goal_is_copied_as_it_stands(self, goal: Goal) -> None:
        """Title, reason, day and progress are the goal's; one that has ended is refused by its id."""
        if goal.status in {GoalStatus.DRAFT, GoalStatus.ACTIVE}:
            copy = goal_in_plan(goal)
            assert (copy.goal_id, copy.title, copy.why, copy.due_on) == (goal.id, goal.title, goal.why, goal.due_on)
            is_held = goal.measure is not None and goal.measure.tolerance is not None
            assert copy.progress == (None if is_held else goal.progress)
        else:
            with pytest.raises(InvalidInput, match="lies ahead"):
                goal_in_plan(goal)

    def test_a_figure_to_hold_has_no_share_of_the_way(self) -> None:
        """In or out of a band is no progress."""
        goal = Goal(GoalId("ada.g1"), ADA, "Sleep well", NOW, measure=Measure(target=8, tolerance=1))
        assert goal_in_plan(goal).progress is None

    @given(choices())
    def test_a_choice_is_copied_as_it_stands(self, choice: LearningChoice) -> None:
        """Kind, title and reason are the choice's; one that has ended is refused by its id."""
        if choice.status is ChoiceStatus.CHOSEN:
            assert choice_in_plan(choice) == PlannedChoice(choice.id, choice.kind, choice.title, choice.why)
        else:
            with pytest.raises(InvalidInput, match="lies ahead"):
                choice_in_plan(choice)

    @given(agreements())
    def test_an_agreement_is_copied_as_it_stands(self, agreement: Agreement) -> None:
        """Text, day and who does it are the agreement's; one that is closed is refused by its id."""
        if agreement.is_open:
            copy = agreement_in_plan(agreement)
            assert (copy.by_id, copy.text, copy.due_on) == (agreement.holder_id, agreement.text, agreement.due_on)
        else:
            with pytest.raises(InvalidInput, match="lies ahead"):
                agreement_in_plan(agreement)

    def test_a_copy_of_a_choice_names_no_goal(self) -> None:
        """That a goal exists which she did not pick cannot be read from a plan."""
        choice = LearningChoice(
            LearningChoiceId("ada.l1"), ADA, LearningOptionId("own"), LearningKind.OWN, "Mine", NOW, goal_id="ada.g9"
        )
        assert "ada.g9" not in repr(choice_in_plan(choice))


class TestExtract:
    """Only what she picks, and nothing that is a rating."""

    def test_reasons_and_progress_stay_out_unless_picked(self) -> None:
        """Goals alone are titles and days; the reason and the progress come along when they are picked too."""
        bare = CONTENTS.only(["goals"])
        assert bare == PlanContents((evolve(GOAL, why="", progress=None),))
        assert CONTENTS.only(["goals", "reasons"]).goals == (evolve(GOAL, progress=None),)
        assert CONTENTS.only(["goals", "progress"]).goals == (evolve(GOAL, why=""),)
        assert CONTENTS.only(["choices"]).choices == (evolve(CHOICE, why=""),)
        assert CONTENTS.only(PlanPart) == CONTENTS

    def test_single_parts_are_picked_by_id(self) -> None:
        """One agreement of two, and one goal, and nothing else."""
        assert CONTENTS.only([HIS.agreement_id]) == PlanContents(agreements=(HIS,))
        assert CONTENTS.only([GOAL.goal_id, CHOICE.choice_id]).ids == (GOAL.goal_id, CHOICE.choice_id)

    @pytest.mark.parametrize("parts", [["secret words"], ["goals", "ada.g2"]])
    def test_what_is_not_in_the_plan_cannot_be_picked(self, parts: list[str]) -> None:
        """Something else is refused, and what was written is not told."""
        with pytest.raises(InvalidInput) as refused:
            CONTENTS.only(parts)
        assert "secret" not in str(refused.value)

    @pytest.mark.parametrize("parts", [[], ["reasons"], ["progress", "reasons"]])
    def test_an_extract_has_something_in_it(self, parts: list[str]) -> None:
        """Reasons and progress alone are about nothing."""
        with pytest.raises(InvalidInput, match="nothing in it"):
            CONTENTS.only(parts)

    @given(plan_contents(), st.data())
    def test_what_is_picked_is_what_is_in_it(self, contents: PlanContents, data: st.DataObject) -> None:
        """An extract by ids has exactly those ids, in the order of the plan."""
        picked = data.draw(st.lists(st.sampled_from(contents.ids), min_size=1, unique=True))
        assert contents.only(picked).ids == tuple(id_ for id_ in contents.ids if id_ in picked)

    def test_names_are_those_that_occur(self) -> None:
        """Who promised nothing that she picked is not named."""
        names = {ADA: "Ada", SAM: "Sam", LIAM: "Liam"}
        assert extract_of(SETTLED, ["goals"], names).names == {ADA: "Ada"}
        extract = extract_of(SETTLED, [HIS.agreement_id], names)
        assert extract.names == {ADA: "Ada", SAM: "Sam"}
        assert (extract.plan_id, extract.owner_id, extract.made_on) == (SETTLED.id, ADA, TODAY)
        assert (extract.settled_on, extract_of(OFFERED, ["goals"], names).settled_on) == (LATER, None)


@given(plans())
def test_nothing_changes_in_place(plan: DevelopmentPlan) -> None:
    """No field of a plan can be set."""
    with pytest.raises(exceptions.FrozenInstanceError):
        plan.status = PlanStatus.SETTLED  # type: ignore[misc]
