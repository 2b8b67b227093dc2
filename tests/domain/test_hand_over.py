"""What moves along at a change of manager: planned item by item, and nothing by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.check_ins import CheckIn, CheckInId, CheckInStatus
from ownership.domain.cycles import CycleId, Period
from ownership.domain.feedback import Feedback, FeedbackId
from ownership.domain.goals import Goal, GoalId
from ownership.domain.hand_over import (
    HandOver,
    HandOverChoice,
    HandOverChoiceId,
    HandOverPlan,
    MovingItem,
    hand_over_to_choose,
    plan_hand_over,
)
from ownership.domain.people import Audience, Person, PersonId, ReportingLine
from ownership.domain.reflections import PromptId, Reflection, ReflectionId
from ownership.domain.shapes import member_of
from ownership.domain.visibility import Allowed, Reason, Relations, decide
from ownership.errors import InvalidInput, NotAllowed
from ownership.testing import choices, days, feedback, goals, hand_over_choices, people, reflections

MARCH, APRIL, MAY, JUNE = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SAM, LIAM, NOOR = (Person(PersonId(name), name.title()) for name in ("sam", "liam", "noor"))
ADA = Person(PersonId("ada"), "Ada").reporting_to(SAM.id, since=MARCH).reporting_to(LIAM.id, since=MAY)
"""Ada, whose manager was Sam from March and is Liam from May."""


def goal(audience: str | list[str] = "manager", shared_on: date | None = APRIL) -> Goal:
    """Make a goal of Ada."""
    return Goal(GoalId("ada.g1"), ADA.id, "Lead a workshop", NOW, audience=Audience.of(audience), shared_on=shared_on)


def reflection(audience: str = "partner") -> Reflection:
    """Make a reflection of Ada."""
    id_, prompt = ReflectionId("ada.r1"), PromptId("p")
    shared = {"audience": Audience.of(audience), "shared_on": APRIL}
    return Reflection(id_, ADA.id, prompt, "What gives you energy?", "Mornings.", NOW, **shared)  # type: ignore[arg-type]


def check_in(status: CheckInStatus) -> CheckIn:
    """Make a check-in that Ada had, or has, with Sam."""
    period = Period(1, APRIL, MAY)
    id_ = CheckInId("ada.k1")
    return CheckIn(id_, ADA.id, CycleId("organisation.y1"), period, APRIL, SAM.id, status=status, shared_on=APRIL)


def moved(what: HandOver, *items: Any, owner: Person = ADA, on: date = JUNE) -> list[str]:
    """Give the ids of what would move."""
    return [moving.item_id for moving in plan_hand_over(owner, LIAM, items, what, on).items]


class TestPlan:
    """What the new manager would see."""

    def test_all_is_everything_shared_with_the_manager_or_the_partner_before_his_time(self) -> None:
        """A plan names what would open, since when it is shared, and as whom he would see it."""
        plan = plan_hand_over(ADA, LIAM, [goal(), reflection()], HandOver.ALL, JUNE)
        assert plan == HandOverPlan(
            HandOver.ALL,
            LIAM.id,
            MAY,
            JUNE,
            (
                MovingItem("ada.g1", "Lead a workshop", APRIL, Reason.MANAGER),
                MovingItem("ada.r1", "What gives you energy?", APRIL, Reason.PARTNER),
            ),
        )
        assert not plan.is_empty

    def test_goals_only_leaves_the_rest_behind(self) -> None:
        """Only goals move."""
        everything = (goal(), reflection(), check_in(CheckInStatus.HELD))
        assert moved(HandOver.GOALS_ONLY, *everything) == ["ada.g1"]

    def test_fresh_start_moves_nothing(self) -> None:
        """A fresh start is an empty plan."""
        plan = plan_hand_over(ADA, LIAM, [goal(), reflection()], HandOver.FRESH_START, JUNE)
        assert plan.is_empty
        assert plan.what is HandOver.FRESH_START

    @pytest.mark.parametrize("audience", ["only_me", "team", "everyone", ["sam", "liam"]], ids=str)
    def test_other_audiences_stay_as_they_are(self, audience: str | list[str]) -> None:
        """What is shared with others than the manager or partner does not depend on who the manager is."""
        assert moved(HandOver.ALL, goal(audience)) == []

    @pytest.mark.parametrize("shared_on", [None, MAY, JUNE])
    def test_what_he_sees_already_or_was_never_shared_does_not_move(self, shared_on: date | None) -> None:
        """What was shared in his time, from its very first day, is open to him; a draft is to nobody."""
        assert moved(HandOver.ALL, goal("manager", shared_on)) == []

    def test_with_a_partner_of_her_own_only_the_managers_things_move(self) -> None:
        """Whoever holds her talks stays the partner when the manager changes."""
        ada = ADA.with_partner(NOOR.id, since=MARCH)
        assert moved(HandOver.ALL, goal(), reflection(), owner=ada) == ["ada.g1"]

    def test_a_manager_chosen_as_partner_later_gets_what_was_for_the_partner_before_that(self) -> None:
        """As the partner he counts from the day she chose him."""
        ada = ADA.with_partner(LIAM.id, since=JUNE)
        between = evolve(reflection(), shared_on=date(2026, 5, 15))
        assert moved(HandOver.ALL, between, owner=ADA) == []
        assert moved(HandOver.ALL, between, owner=ada) == ["ada.r1"]

    def test_an_open_check_in_is_handed_over_by_itself(self) -> None:
        """Talks that are over move with everything else; the open one does not."""
        assert moved(HandOver.ALL, check_in(CheckInStatus.OPEN)) == []
        for status in set(CheckInStatus) - {CheckInStatus.OPEN}:
            assert moved(HandOver.ALL, check_in(status)) == ["ada.k1"]

    def test_what_he_wrote_himself_he_sees_already(self) -> None:
        """Feedback by the new manager is his to see, so it does not move."""
        given_ = Feedback(FeedbackId("ada.f1"), ADA.id, LIAM.id, "Well done.", NOW)
        for author_id, moving in ((LIAM.id, []), (NOOR.id, ["ada.f1"])):
            shared = evolve(given_, author_id=author_id, audience=Audience.of("manager"), shared_on=APRIL)
            assert moved(HandOver.ALL, shared) == moving

    def test_to_a_manager_who_is_not_here_nothing_moves(self) -> None:
        """Who left, or has not come yet, would see nothing: so nothing moves."""
        for away in (evolve(LIAM, active=False), evolve(LIAM, start_on=date(2026, 7, 1))):
            assert plan_hand_over(ADA, away, [goal()], HandOver.ALL, JUNE).is_empty
            assert hand_over_to_choose(ADA, away, [goal()], [], JUNE) is None

    @pytest.mark.parametrize(
        ("manager", "on"), [(LIAM, date(2026, 2, 1)), (None, JUNE), (SAM, JUNE)], ids=["none", "unknown", "another"]
    )
    def test_without_a_manager_there_is_nobody_to_hand_over_to(self, manager: Person | None, on: date) -> None:
        """Who reports to nobody, or to somebody else, is told so by id."""
        with pytest.raises(NotAllowed, match="'ada' has no manager here"):
            plan_hand_over(ADA, manager, [goal()], HandOver.ALL, on)

    @given(
        people(st.just(PersonId("p1"))),
        people(st.just(PersonId("p2"))),
        st.lists(st.one_of(*(of(st.just(PersonId("p1"))) for of in (goals, reflections, feedback, choices)))),
        days(),
        st.sampled_from(HandOver),
    )
    def test_a_plan_says_exactly_what_would_open(
        self, owner: Person, somebody: Person, items: list[Any], on: date, what: HandOver
    ) -> None:
        """What is in the plan is closed to the manager now and open, as it says, once it is carried out."""
        owner = owner.reporting_to(somebody.id, since=on)
        relations = Relations(owner, on)
        plan = plan_hand_over(owner, somebody, items, what, on)
        opening = [item for item in items if what.includes(item) and opens(somebody, item, relations)]
        assert [moving.item_id for moving in plan.items] == [item.id for item in opening]
        for item, moving in zip(opening, plan.items, strict=True):
            assert moving.reason is decide(somebody, shared_again(item, on), relations).reason
            assert moving.shared_on == item.shared_on


def shared_again(item: Any, on: date) -> Any:
    """Give an item shared again on a day, with the audience it had."""
    return item.with_audience(item.audience, on)


def opens(manager: Person, item: Any, relations: Relations) -> bool:
    """Tell whether sharing again what is shared opens it to the manager as such, or as the partner."""
    if decide(manager, item, relations) or item.shared_on is None or item.shared_on > relations.on:
        return False
    then = decide(manager, shared_again(item, relations.on), relations)
    return then in {Allowed(Reason.MANAGER), Allowed(Reason.PARTNER)}


class TestChoosing:
    """Her choice, offered once for each new manager."""

    def test_the_words_are_read(self) -> None:
        """The three words are read, and another is refused with what is possible."""
        assert [member_of(HandOver, word, "hand_over") for word in ("all", "goals_only", "fresh_start")] == list(
            HandOver
        )
        with pytest.raises(InvalidInput, match=r"^hand_over: .*all, goals_only, fresh_start"):
            member_of(HandOver, "everything", "hand_over")

    def test_it_is_offered_while_she_has_not_chosen(self) -> None:
        """With something to move and no choice for this manager she is asked; she is shown all that could move."""
        assert hand_over_to_choose(ADA, LIAM, [goal()], [], JUNE) == plan_hand_over(
            ADA, LIAM, [goal()], HandOver.ALL, JUNE
        )

    def test_a_choice_settles_it_for_that_manager_and_that_time(self) -> None:
        """Chosen is chosen; a choice for an earlier manager, or an earlier time with him, settles nothing."""
        chosen = HandOverChoice(HandOverChoiceId("ada.w1"), ADA.id, HandOver.FRESH_START, LIAM.id, MAY, JUNE)
        assert hand_over_to_choose(ADA, LIAM, [goal()], [chosen], JUNE) is None
        for earlier in (evolve(chosen, manager_id=SAM.id), evolve(chosen, since=MARCH)):
            assert hand_over_to_choose(ADA, LIAM, [goal()], [earlier], JUNE) is not None

    def test_nothing_to_choose_is_not_offered(self) -> None:
        """With nothing that could move, or without a manager, she is not asked."""
        assert hand_over_to_choose(ADA, LIAM, [goal("team")], [], JUNE) is None
        assert hand_over_to_choose(ADA, LIAM, [goal()], [], date(2026, 2, 1)) is None
        assert hand_over_to_choose(ADA, None, [goal()], [], JUNE) is None

    @given(hand_over_choices())
    def test_a_choice_is_about_its_own_line(self, choice: HandOverChoice) -> None:
        """A choice knows its reporting line by manager and first day."""
        assert choice.is_about(ReportingLine(choice.manager_id, choice.since))
        assert not choice.is_about(ReportingLine(PersonId("somebody-else"), choice.since))


def test_days_are_days() -> None:
    """What is no day is refused, naming the field."""
    for name in ("since", "chosen_on"):
        fields: dict[str, Any] = {"since": MAY, "chosen_on": JUNE} | {name: "yesterday"}
        with pytest.raises(InvalidInput, match=name):
            HandOverChoice(HandOverChoiceId("ada.w1"), ADA.id, HandOver.ALL, LIAM.id, **fields)


def test_nothing_changes_in_place() -> None:
    """Choices and plans cannot be set, and a plan shows no titles in its repr."""
    plan = plan_hand_over(ADA, LIAM, [goal()], HandOver.ALL, JUNE)
    frozen: list[Any] = [plan, *plan.items]
    for value in frozen:
        assert "workshop" not in repr(value)
        with pytest.raises(exceptions.FrozenInstanceError):
            value.reason = Reason.OWNER
