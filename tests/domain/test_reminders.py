"""Reminders: one message per occasion, in the hours of who gets it, and none that is overtaken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.budgets import LearningRequest, LearningRequestStatus
from ownership.domain.check_ins import CheckIn, CheckInId, CheckInStatus, Preparation, check_in_id
from ownership.domain.cycles import CycleId, Period
from ownership.domain.delegations import Delegation, DelegationId, DelegationStatus
from ownership.domain.feedback import Feedback, FeedbackRequest, FeedbackRequestId, RequestStatus
from ownership.domain.goals import Goal, GoalId
from ownership.domain.learning import ChoiceStatus, LearningChoice
from ownership.domain.moments import at_local
from ownership.domain.needs import Need, NeedStatus
from ownership.domain.people import STARTS_AT, Person, PersonId, Shift
from ownership.domain.plans import ON_OFFER, DevelopmentPlan, DevelopmentPlanId, PlanContents, PlannedGoal, PlanStatus
from ownership.domain.pulse import Pulse, PulseStatus
from ownership.domain.reminders import (
    FETCH_DAYS,
    MOVES,
    OFFER_DAYS,
    Delivery,
    DeliveryMove,
    DeliveryStatus,
    ReminderKind,
    delivery_id,
    delivery_to,
    due_from,
    fold,
    is_hushed,
    is_leaving,
    is_overtaken,
    plan_announcement,
    plan_check_in_reminders,
    plan_pulse_invitations,
    untouched_periods,
)
from ownership.domain.rests import Rest, rest_id
from ownership.domain.suggestions import GoalSuggestion, SuggestionId, SuggestionStatus
from ownership.domain.team_moments import MomentStatus, TeamMoment, TeamMomentId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import (
    choices,
    days,
    deliveries,
    feedback,
    instants,
    learning_requests,
    needs,
    people,
    pulses,
)

ADA, SAM = Person(PersonId("ada"), "Ada", timezone="Europe/Amsterdam"), Person(PersonId("sam"), "Sam")
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
TODAY = NOW.date()
TALK = CheckIn(
    CheckInId("ada.k1-0001"),
    ADA.id,
    CycleId("organisation.y1"),
    Period(1, TODAY, TODAY + timedelta(days=30)),
    closes_on=date(2026, 3, 15),
    partner_id=SAM.id,
)
EARLIER = evolve(TALK, period=Period(1, TODAY - timedelta(days=1), TODAY + timedelta(days=30)))
"""A talk that opened yesterday."""
QUESTION = FeedbackRequest(FeedbackRequestId("sam.q1"), SAM.id, ADA.id, "What should I keep doing?", NOW, TODAY)
DECISION = Delegation(DelegationId("sam.h1"), SAM.id, "Who works when", TODAY, look_back_on=date(2026, 5, 1)).announce(
    [ADA.id], TODAY
)
WAITING = Delivery(
    delivery_id(ADA.id, ReminderKind.CHECK_IN_OPEN, TALK.id), ADA.id, ReminderKind.CHECK_IN_OPEN, TALK.id, NOW
)
VERBS: Mapping[DeliveryMove, Callable[[Delivery], Delivery]] = {
    DeliveryMove.SEND: lambda at: at.send("console", NOW),
    DeliveryMove.LAPSE: Delivery.lapse,
    DeliveryMove.BURY: lambda at: at.bury("mailbox full"),
    DeliveryMove.RETRY: Delivery.retry,
}


class TestMoves:
    """The table of legal moves, every status by every verb."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(MOVES) == set(DeliveryStatus)
        assert set(VERBS) == set(DeliveryMove) == {move for row in MOVES.values() for move in row}
        assert {status for row in MOVES.values() for status in row.values()} == set(DeliveryStatus)

    @pytest.mark.parametrize("status", DeliveryStatus)
    @pytest.mark.parametrize("move", DeliveryMove)
    def test_a_verb_does_what_the_table_says(self, status: DeliveryStatus, move: DeliveryMove) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
        at = evolve(WAITING, status=status)
        if move in MOVES[status]:
            assert VERBS[move](at).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove) as refused:
                VERBS[move](at)
            assert refused.value.allowed == tuple(sorted(MOVES[status]))

    @given(st.lists(st.sampled_from(DeliveryMove), max_size=12))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[DeliveryMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
        at, expected = WAITING, DeliveryStatus.WAITING
        for move in moves:
            try:
                at = VERBS[move](at)
            except IllegalMove:
                assert move not in MOVES[expected]
            else:
                expected = MOVES[expected][move]
            assert at.status is expected
            assert bool(at.reason) == (expected is DeliveryStatus.DEAD)

    def test_what_was_sent_is_never_sent_again(self) -> None:
        """No sequence of moves leads from sent to anywhere."""
        assert not MOVES[DeliveryStatus.SENT]

    def test_sending_notes_the_channel_and_the_moment(self) -> None:
        """A delivery that was sent tells how and when."""
        sent = WAITING.send("smtp", NOW)
        assert (sent.channel, sent.sent_at) == ("smtp", NOW)

    @given(deliveries(), days(), days())
    def test_the_first_day_of_reading_counts(self, at: Delivery, first: date, again: date) -> None:
        """Reading a message again leaves the day on which it was first read."""
        read = evolve(at, read_on=None).read(first)
        assert read.read_on == read.read(again).read_on == first

    @pytest.mark.parametrize(
        ("name", "value"), [("due_at", NOW.replace(tzinfo=None)), ("sent_at", TODAY), ("reason", "\x00")]
    )
    def test_what_cannot_be_kept_is_refused(self, name: str, value: Any) -> None:
        """A naive moment, a day for a moment and bad text are refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"delivery\.{name}"):
            evolve(WAITING, **{name: value})


class TestDue:
    """A message comes in the hours of who gets it."""

    @given(people(), instants())
    def test_never_before_now_and_never_before_the_shift_begins(self, person: Person, now: datetime) -> None:
        """A message is due on the same local day, at the start of the shift or, when that is past, now."""
        due = due_from(person, now)
        today = now.astimezone(person.zone).date()
        start = at_local(today, STARTS_AT[person.shift], person.zone.key)
        assert due >= now
        assert due in {now, start}
        assert (due == now) == (start <= now)
        assert due.astimezone(person.zone).date() == today

    @pytest.mark.parametrize(
        ("shift", "hour"), [(Shift.DAY, 9), (Shift.EVENING, 15), (Shift.NIGHT, 22), (Shift.OTHER, 9)]
    )
    def test_each_shift_has_its_hour(self, shift: Shift, hour: int) -> None:
        """Who works at night hears from us at night, by the clock on the wall there."""
        due = due_from(evolve(ADA, shift=shift), NOW)
        assert due.astimezone(ZoneInfo("Europe/Amsterdam")).time() == time(hour)

    def test_ones_own_time_zone_counts(self) -> None:
        """The zone of one's own wish is the one whose clock counts."""
        there = evolve(ADA, timezone_override="America/New_York")
        assert due_from(there, NOW).astimezone(ZoneInfo("America/New_York")).time() == time(9)


def moment_of(hour: int) -> datetime:
    """Give an hour of today in UTC."""
    return NOW.replace(hour=hour)


def told_at(hour: int) -> tuple[Delivery, ...]:
    """Plan, at an hour of today, what both hear of the talk that opens today."""
    return plan_check_in_reminders(TALK, ADA, SAM, moment_of(hour))


class TestPlanning:
    """A reminder is a fact about a period: it exists once, however often it is planned."""

    def test_both_hear_that_a_check_in_is_open(self) -> None:
        """She is asked to prepare and the partner to prepare to listen, each in their own hours."""
        hers, his = plan_check_in_reminders(EARLIER, ADA, SAM, NOW)
        assert (hers.owner_id, hers.kind, hers.other_id) == (ADA.id, ReminderKind.CHECK_IN_OPEN, SAM.id)
        assert (his.owner_id, his.kind, his.other_id) == (SAM.id, ReminderKind.CHECK_IN_PARTNER, ADA.id)
        assert {hers.about_id, his.about_id} == {EARLIER.id}
        assert {hers.until, his.until} == {TALK.closes_on}
        assert (hers.due_at.hour, his.due_at.hour) == (8, 9)

    def test_without_a_partner_she_hears_it_alone(self) -> None:
        """Who has nobody to talk with is told so, and nobody else hears of it."""
        (hers,) = plan_check_in_reminders(EARLIER, ADA, None, NOW)
        assert (hers.owner_id, hers.kind, hers.other_id) == (ADA.id, ReminderKind.CHECK_IN_WITHOUT_PARTNER, None)
        assert plan_check_in_reminders(evolve(EARLIER, version=1), ADA, None, NOW) == ()

    def test_on_the_first_day_both_hear_it_when_they_begin_to_work(self) -> None:
        """Nothing is planned before her first working moment, nor for the partner before his, an hour later."""
        hours = {hour: [it.owner_id for it in told_at(hour)] for hour in (6, 7, 8, 9, 22)}
        assert hours == {6: [], 7: [], 8: [ADA.id], 9: [ADA.id, SAM.id], 22: [ADA.id, SAM.id]}
        assert all(it.due_at == moment_of(hour) for hour in (8, 9, 22) for it in told_at(hour))

    def test_who_is_ready_hears_nothing(self) -> None:
        """Of a check-in that somebody prepared, or that was skipped, that person hears nothing any more."""
        prepared = EARLIER.prepare(Preparation(ADA.id, ready_at=NOW))
        assert [it.owner_id for it in plan_check_in_reminders(prepared, ADA, SAM, NOW)] == [SAM.id]
        assert plan_check_in_reminders(EARLIER.skip(), ADA, SAM, NOW) == ()

    @given(people(), people(), instants(), st.timedeltas(timedelta(0), timedelta(days=400)))
    def test_planning_again_later_makes_the_same_reminder(
        self, person: Person, partner: Person, now: datetime, late: timedelta
    ) -> None:
        """However late it is planned again, the reminder has the same id, which begins with its reader's."""
        person, partner = (evolve(who, on_leave=False) for who in (person, partner))
        long_ago = Period(1, date(1900, 1, 1), date(1901, 1, 1))
        at = evolve(EARLIER, owner_id=person.id, partner_id=partner.id, period=long_ago)
        once, again = (plan_check_in_reminders(at, person, partner, moment) for moment in (now, now + late))
        assert [one.id for one in once] == [one.id for one in again]
        assert all(one.id.startswith(f"{one.owner_id}.d") for one in once)
        assert len({one.id for one in once}) == 2

    def test_a_period_that_left_no_check_in_is_known_by_what_she_heard(self) -> None:
        """Those of which she heard with a partner, that are over, and of which there is no check-in."""
        told = [*plan_check_in_reminders(EARLIER, ADA, SAM, NOW), *plan_check_in_reminders(EARLIER, ADA, None, NOW)]
        assert untouched_periods(told, [], EARLIER.closes_on) == ()
        assert untouched_periods(told, [], EARLIER.closes_on + timedelta(days=1)) == (EARLIER.closes_on,)
        assert untouched_periods(told, [EARLIER], EARLIER.closes_on + timedelta(days=1)) == ()
        assert untouched_periods(told[1:], [], EARLIER.closes_on + timedelta(days=1)) == ()

    @pytest.mark.parametrize(
        ("first", "counted"), [(date(2026, 3, 2), 1), (date(2026, 3, 15), 1), (date(2026, 3, 16), 2)]
    )
    def test_a_period_that_made_room_for_another_is_not_counted_besides_it(self, first: date, counted: int) -> None:
        """Days in which a talk was replaced, by one of another rhythm say, are those of one period, begun or not."""
        cycle_id = CycleId("organisation.y1")
        replaced = evolve(EARLIER, id=check_in_id(ADA.id, cycle_id, EARLIER.period))
        period = Period(1, first, date(2026, 4, 30))
        other = evolve(EARLIER, id=check_in_id(ADA.id, cycle_id, period), period=period, closes_on=date(2026, 4, 1))
        elsewhere = evolve(other, id=check_in_id(ADA.id, CycleId("organisation.y2"), period))
        day, later = date(2026, 5, 1), datetime(2026, 4, 1, tzinfo=UTC)
        told, of_other, of_elsewhere = (
            plan_check_in_reminders(it, ADA, SAM, later)[:1] for it in (replaced, other, elsewhere)
        )
        assert len(untouched_periods([*told, *of_other], [], day)) == counted
        assert len(untouched_periods(told, [other], day)) == counted - 1
        assert len(untouched_periods([*told, *of_elsewhere], [], day)) == 2

    @given(
        st.lists(
            st.tuples(
                st.sampled_from([ADA, SAM]),
                st.sampled_from(ReminderKind),
                st.sampled_from(["ada.k1", "sam.k1", "ada.k2", "ada.q1"]),
            )
        )
    )
    def test_an_id_is_one_person_one_kind_and_one_occasion(self, keys: list[tuple[Person, ReminderKind, str]]) -> None:
        """Two deliveries have the same id exactly when person, kind and occasion are the same."""
        ids = {delivery_to(person, kind, about, now=NOW).id for person, kind, about in keys}
        assert len(ids) == len({(person.id, kind, about) for person, kind, about in keys})


class TestOvertaken:
    """What has no reason any more lapses."""

    @pytest.mark.parametrize(
        "fields",
        [
            {"active": False},
            {"end_on": TODAY - timedelta(days=1)},
            {"start_on": TODAY + timedelta(days=1)},
            {"on_leave": True},
        ],
    )
    @pytest.mark.parametrize("kind", ReminderKind)
    def test_nobody_hears_from_us_who_is_not_at_work(self, kind: ReminderKind, fields: dict[str, Any]) -> None:
        """Who left, has not come yet or is on leave gets no message of any kind."""
        delivery = evolve(WAITING, kind=kind)
        for about in (TALK, QUESTION, None):
            assert is_overtaken(delivery, about, evolve(ADA, **fields), TODAY)

    @pytest.mark.parametrize("status", CheckInStatus)
    def test_a_check_in_that_is_over_reminds_nobody(self, status: CheckInStatus) -> None:
        """Held, skipped or passed: there is nothing left to prepare."""
        about = evolve(TALK, status=status)
        assert is_overtaken(WAITING, about, ADA, TODAY) == (status is not CheckInStatus.OPEN)

    def test_of_a_check_in_hear_she_and_who_is_her_partner_now(self) -> None:
        """Who was told to be the partner hears it when he is; she hears of a partner, or of none, as it is."""
        with_sam, alone = TALK, TALK.without_partner()
        for kind, who, is_so, is_not in [
            (ReminderKind.CHECK_IN_OPEN, ADA, with_sam, alone),
            (ReminderKind.CHECK_IN_PARTNER, SAM, with_sam, alone),
            (ReminderKind.CHECK_IN_PARTNER, SAM, with_sam, evolve(TALK, partner_id=PersonId("zoe"))),
            (ReminderKind.CHECK_IN_WITHOUT_PARTNER, ADA, alone, with_sam),
        ]:
            told = delivery_to(who, kind, TALK.id, now=NOW)
            assert [is_overtaken(told, about, who, TODAY) for about in (is_so, is_not)] == [False, True]

    @pytest.mark.parametrize(("by", "ready", "overtaken"), [(ADA, True, True), (ADA, False, False), (SAM, True, False)])
    def test_who_is_ready_is_not_reminded(self, by: Person, ready: bool, overtaken: bool) -> None:
        """One's own preparation, once ready, overtakes one's own reminder and not the other's."""
        about = TALK.prepare(Preparation(by.id, ready_at=NOW if ready else None))
        assert is_overtaken(WAITING, about, ADA, TODAY) is overtaken

    @pytest.mark.parametrize("status", RequestStatus)
    def test_a_question_that_is_answered_asks_no_more(self, status: RequestStatus) -> None:
        """A question reminds while it waits; that it expired may always be told."""
        about = evolve(QUESTION, status=status)
        asked, expired = (evolve(WAITING, kind=k) for k in (ReminderKind.FEEDBACK_ASKED, ReminderKind.FEEDBACK_EXPIRED))
        assert is_overtaken(asked, about, ADA, TODAY) == (status is not RequestStatus.ASKED)
        assert not is_overtaken(expired, about, ADA, TODAY)

    @pytest.mark.parametrize("status", DelegationStatus)
    def test_a_decision_that_was_looked_back_on_asks_no_more(self, status: DelegationStatus) -> None:
        """Only while a decision is announced is it announced and looked back on; that it went back is told then."""
        about = evolve(DECISION, status=status)
        for kind in (ReminderKind.DECISION_HANDED_OVER, ReminderKind.DECISION_LOOK_BACK):
            overtaken = is_overtaken(evolve(WAITING, kind=kind), about, ADA, TODAY)
            assert overtaken == (status is not DelegationStatus.ANNOUNCED)
        assert not is_overtaken(evolve(WAITING, kind=ReminderKind.DECISION_TAKEN_BACK), about, ADA, TODAY)

    @pytest.mark.parametrize("status", SuggestionStatus)
    def test_a_suggestion_is_told_while_it_waits(self, status: SuggestionStatus) -> None:
        """What she did something with already, or its author took back, is not told any more."""
        goal_id = GoalId("ada.g1") if status is SuggestionStatus.ACCEPTED else None
        about = GoalSuggestion(SuggestionId("ada.s1"), ADA.id, SAM.id, "Try it", NOW, status=status, goal_id=goal_id)
        asked = evolve(WAITING, kind=ReminderKind.GOAL_SUGGESTED)
        assert is_overtaken(asked, about, ADA, TODAY) == (status is not SuggestionStatus.SUGGESTED)

    def test_support_is_asked_of_supporters(self) -> None:
        """Who was removed before the message went out does not hear that support was asked."""
        about = Goal(GoalId("sam.g1"), SAM.id, "Try it", NOW)
        asked = evolve(WAITING, kind=ReminderKind.SUPPORT_ASKED)
        assert is_overtaken(asked, about, ADA, TODAY)
        assert not is_overtaken(asked, about.with_supporter(ADA.id), ADA, TODAY)

    @pytest.mark.parametrize("status", PlanStatus)
    def test_a_plan_is_told_of_while_it_is_on_offer(self, status: PlanStatus) -> None:
        """Who acknowledged it already need not read it; that the partner would like to talk is told all the same."""
        contents = PlanContents((PlannedGoal(GoalId("sam.g1"), "Lead a workshop"),))
        offered = DevelopmentPlan(DevelopmentPlanId("sam.p1"), SAM.id, TODAY, contents).offer(ADA.id, TODAY)
        by_ada = offered.acknowledge(ADA.id, TODAY)
        plan = {
            PlanStatus.OFFERED: offered,
            PlanStatus.ACKNOWLEDGED: by_ada,
            PlanStatus.SETTLED: by_ada.acknowledge(SAM.id, TODAY),
        }.get(status, offered.withdraw())
        read, talk = (evolve(WAITING, kind=k) for k in (ReminderKind.PLAN_OFFERED, ReminderKind.PLAN_TALK_ASKED))
        assert is_overtaken(read, plan, ADA, TODAY) == (status is not PlanStatus.OFFERED)
        assert is_overtaken(talk, plan, ADA, TODAY) == (plan.status not in ON_OFFER)

    @pytest.mark.parametrize("status", MomentStatus)
    @pytest.mark.parametrize("days_later", [0, 1])
    def test_a_team_moment_is_told_of_until_its_day(self, status: MomentStatus, days_later: int) -> None:
        """That it is planned is told while it is, that it is off once it is, and neither when the day is over."""
        planned = TeamMoment(TeamMomentId("sam.m1"), SAM.id, "Learning", TODAY, (SAM.id, ADA.id))
        moment = {
            MomentStatus.PLANNED: planned,
            MomentStatus.HELD: planned.hold(TODAY),
            MomentStatus.CALLED_OFF: planned.call_off(),
        }[status]
        for kind, told in (
            (ReminderKind.TEAM_MOMENT_PLANNED, MomentStatus.PLANNED),
            (ReminderKind.TEAM_MOMENT_CALLED_OFF, MomentStatus.CALLED_OFF),
        ):
            on = TODAY + timedelta(days=days_later)
            assert is_overtaken(evolve(WAITING, kind=kind), moment, ADA, on) == (status is not told or days_later == 1)

    @given(pulses())
    def test_a_pulse_is_told_of_at_its_stage(self, pulse: Pulse) -> None:
        """That it is open is told until its last day; that a reply is due, or there, while that is so."""
        for kind, status in (
            (ReminderKind.PULSE_OPEN, PulseStatus.OPEN),
            (ReminderKind.PULSE_REPLY_DUE, PulseStatus.CLOSED),
            (ReminderKind.PULSE_REPLIED, PulseStatus.ANSWERED),
        ):
            told = evolve(WAITING, kind=kind, until=TODAY)
            assert is_overtaken(told, pulse, ADA, TODAY) == (pulse.status is not status)
            is_late = is_overtaken(told, pulse, ADA, TODAY + timedelta(days=1))
            assert is_late == (pulse.status is not status or kind is ReminderKind.PULSE_OPEN)

    @given(pulses(), instants())
    def test_everyone_at_work_is_invited_until_the_last_day_where_they_are(self, pulse: Pulse, now: datetime) -> None:
        """Who left is not asked; the others hear of the last day as their calendar has it."""
        left, far = evolve(SAM, active=False), evolve(ADA, timezone_override="Pacific/Auckland")
        (told,) = plan_pulse_invitations(pulse, [left, far], now)
        last = pulse.closes_at - timedelta(microseconds=1)
        assert (told.owner_id, told.kind, told.about_id) == (ADA.id, ReminderKind.PULSE_OPEN, pulse.id)
        assert told.until == last.astimezone(ZoneInfo("Pacific/Auckland")).date()

    @pytest.mark.parametrize("kind", ReminderKind)
    def test_what_is_gone_reminds_nobody(self, kind: ReminderKind) -> None:
        """When the occasion is not there any more, there is nothing to tell."""
        assert is_overtaken(evolve(WAITING, kind=kind), None, ADA, TODAY)

    @given(needs(st.just(ADA.id)))
    def test_a_need_is_told_of_while_it_waits(self, need: Need) -> None:
        """Once it is answered or ended its receiver hears no more of it; that there was an answer is always told."""
        for kind in (ReminderKind.NEED_RAISED, ReminderKind.NEED_WAITING, ReminderKind.NEED_WITHOUT_RECEIVER):
            assert is_overtaken(evolve(WAITING, kind=kind), need, ADA, TODAY) == (need.status is not NeedStatus.RAISED)
        assert not is_overtaken(evolve(WAITING, kind=ReminderKind.NEED_ANSWERED), need, ADA, TODAY)

    @given(feedback(st.just(ADA.id)))
    def test_feedback_is_told_of_until_it_is_read(self, given_: Feedback) -> None:
        """Who has read it needs no message that it is there."""
        news = evolve(WAITING, kind=ReminderKind.FEEDBACK_GIVEN)
        assert is_overtaken(news, given_, ADA, TODAY) == given_.is_read


def test_those_concerned_hear_of_a_decision_and_its_owner_on_the_day() -> None:
    """Each who takes the decision hears it now; its owner hears on the day he chose, from his hour on, or never."""
    told, his = plan_announcement(DECISION, [ADA], SAM, NOW)
    assert (told.owner_id, told.kind, told.other_id) == (ADA.id, ReminderKind.DECISION_HANDED_OVER, SAM.id)
    assert (his.owner_id, his.kind) == (SAM.id, ReminderKind.DECISION_LOOK_BACK)
    assert his.due_at == datetime(2026, 5, 1, 9, tzinfo=UTC)
    assert len(plan_announcement(evolve(DECISION, look_back_on=None), [ADA], SAM, NOW)) == 1
    late = plan_announcement(evolve(DECISION, from_on=TODAY, look_back_on=TODAY), [], SAM, NOW + timedelta(days=9))
    assert [delivery.due_at for delivery in late] == [NOW.replace(hour=9) + timedelta(days=9)]


HEARD_WHILE_RESTING = {
    ReminderKind.CHECK_IN_OPEN: False,
    ReminderKind.CHECK_IN_PARTNER: True,
    ReminderKind.CHECK_IN_WITHOUT_PARTNER: False,
    ReminderKind.FEEDBACK_ASKED: True,
    ReminderKind.FEEDBACK_GIVEN: True,
    ReminderKind.FEEDBACK_EXPIRED: False,
    ReminderKind.FEEDBACK_ASKED_LEFT: False,
    ReminderKind.NEED_RAISED: True,
    ReminderKind.NEED_WAITING: True,
    ReminderKind.NEED_ANSWERED: True,
    ReminderKind.NEED_WITHOUT_RECEIVER: False,
    ReminderKind.DECISION_HANDED_OVER: True,
    ReminderKind.DECISION_LOOK_BACK: False,
    ReminderKind.DECISION_TAKEN_BACK: True,
    ReminderKind.PLAN_OFFERED: True,
    ReminderKind.PLAN_TALK_ASKED: True,
    ReminderKind.GOAL_SUGGESTED: False,
    ReminderKind.SUPPORT_ASKED: True,
    ReminderKind.TEAM_MOMENT_PLANNED: True,
    ReminderKind.TEAM_MOMENT_CALLED_OFF: True,
    ReminderKind.OFFER_CHOSEN: True,
    ReminderKind.LEARNING_ASKED: True,
    ReminderKind.LEARNING_WAITING: True,
    ReminderKind.LEARNING_ANSWERED: True,
    ReminderKind.BUNDLE_OFFERED: True,
    ReminderKind.PULSE_OPEN: False,
    ReminderKind.PULSE_REPLY_DUE: True,
    ReminderKind.PULSE_REPLIED: False,
}
"""For every kind: does it reach someone who rests? What another needs or gave does; what can wait does not."""


@pytest.mark.parametrize("kind", ReminderKind)
def test_who_rests_hears_only_what_is_of_others(kind: ReminderKind) -> None:
    """While someone rests what is about her own development is hushed, and nothing else; before and after, nothing."""
    rest = Rest(rest_id(ADA.id), ADA.id, TODAY, TODAY + timedelta(days=7))
    delivery = evolve(WAITING, kind=kind)
    assert is_hushed(delivery, rest, TODAY) is not HEARD_WHILE_RESTING[kind]
    assert not is_hushed(delivery, rest, TODAY + timedelta(days=7))
    assert not is_hushed(delivery, rest.end(TODAY), TODAY)
    assert not is_hushed(delivery, None, TODAY)


@given(choices())
def test_an_offer_that_was_chosen_is_told_until_the_choice_is_stopped(about: LearningChoice) -> None:
    """Who offers something hears that it was chosen, also when it is done by then, and not when it was stopped."""
    delivery = evolve(WAITING, kind=ReminderKind.OFFER_CHOSEN)
    assert is_overtaken(delivery, about, ADA, TODAY) == (about.status is ChoiceStatus.STOPPED)


@given(learning_requests())
def test_a_request_is_told_while_it_waits_and_its_answer_until_it_is_used(about: LearningRequest) -> None:
    """Whoever is asked hears of a request that waits; she hears of an answer that she did not act upon yet."""
    waits = about.status is LearningRequestStatus.ASKED
    is_news = about.status in {LearningRequestStatus.GRANTED, LearningRequestStatus.DECLINED}
    for kind in (ReminderKind.LEARNING_ASKED, ReminderKind.LEARNING_WAITING):
        assert is_overtaken(evolve(WAITING, kind=kind), about, ADA, TODAY) is not waits
    assert is_overtaken(evolve(WAITING, kind=ReminderKind.LEARNING_ANSWERED), about, ADA, TODAY) is not is_news


@given(st.lists(deliveries(st.sampled_from([ADA.id, SAM.id, PersonId("liam")])), max_size=8))
def test_everyone_gets_one_message(due: list[Delivery]) -> None:
    """What is due together is put together by person, in order, with nothing lost and nothing twice."""
    folded = fold(iter(due))
    for person_id, together in folded.items():
        assert list(together) == [one for one in due if one.owner_id == person_id]
    assert sum(map(len, folded.values())) == len(due)


@given(deliveries())
def test_nothing_changes_in_place(at: Delivery) -> None:
    """Every verb makes another value, and no field can be set."""
    before = evolve(at)
    for move in MOVES[at.status]:
        assert VERBS[move](at) is not at
    assert at == before
    with pytest.raises(exceptions.FrozenInstanceError):
        at.status = DeliveryStatus.SENT  # type: ignore[misc]


def test_who_is_leaving_is_so_around_her_last_day() -> None:
    """From two weeks before a last day until thirty days after it, and never without one."""
    last = date(2026, 5, 29)
    leaver = Person(id=PersonId("ada"), display_name="Ada", end_on=last)
    around = {days: is_leaving(leaver, last + timedelta(days=days)) for days in (-15, -14, 0, 30, 31)}
    assert (OFFER_DAYS, FETCH_DAYS) == (14, 30)
    assert around == {-15: False, -14: True, 0: True, 30: True, 31: False}
    assert not is_leaving(evolve(leaver, end_on=None), last)
