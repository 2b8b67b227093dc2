"""What an erasure plans: hers goes, what she wrote for others stays, and whoever does not name her is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from attrs import evolve

from ownership.domain.classification import Retention
from ownership.domain.erasure import ErasurePlan, Removal, is_someone_who_left, plan_erasure, stand_in
from ownership.domain.feedback import Feedback, FeedbackId
from ownership.domain.initiative import InitiativeBalance, InitiativeKind, SharedInitiative, Sides, shared_initiative_id
from ownership.domain.journal import Look, LookId
from ownership.domain.ledger import Ledger, erasure_of
from ownership.domain.people import Person, PersonId
from ownership.domain.reminders import Delivery, DeliveryId, ReminderKind
from ownership.domain.retention import RetentionPlan, plan_retention
from ownership.domain.team_moments import Contribution, TeamMoment, TeamMomentId

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA, LIAM = PersonId("ada"), PersonId("liam")
PERSON = Person(ADA, "Ada", external_id="E1", source="csv", end_on=date(2026, 1, 31))
MOMENT = TeamMoment(
    TeamMomentId("ada.m1"), ADA, "Learning", TODAY, (ADA, LIAM), contributions=(Contribution(ADA, "shown", NOW),)
)
TOLD = Delivery(DeliveryId("liam.dm1-ada-team_moment_planned"), LIAM, ReminderKind.TEAM_MOMENT_PLANNED, MOMENT.id, NOW)


def planned(others: Iterable[Any] = (), moments: Iterable[TeamMoment] = (), person: Person = PERSON) -> ErasurePlan:
    """Plan the erasure of Ada."""
    own = [Removal("people", ADA), Removal("goals", "ada.g1")]
    entry = erasure_of(person, TODAY, "salt")
    return plan_erasure(person, TODAY, own=own, own_moments=moments, others=others, entry=entry, seed="seed")


def test_a_report_counts() -> None:
    """The report of a plan counts what goes and what stays, and is confirmed by who read what holds it."""
    given = Feedback(FeedbackId("liam.f1"), LIAM, ADA, "Thanks.", NOW)
    report = planned([given], person=evolve(PERSON, end_on=None)).report
    assert (report.removed, report.kept_for_others) == ({"goals": 1, "people": 1}, {"Feedback": 1})
    assert (len(report.holds), report.confirmed().holds, report.confirmed().is_confirmed) == (1, (), True)


def test_who_is_not_named_is_left_alone() -> None:
    """A record that does not name her is not in the plan, whatever is inside it."""
    balance = InitiativeBalance(1, {kind: Sides(1, 0) for kind in InitiativeKind})
    assert planned([SharedInitiative(shared_initiative_id(LIAM), LIAM, balance)]).changed == ()


def test_a_message_about_what_was_hers_goes() -> None:
    """A message to another about something of hers goes; about a moment that passes on, it is told anew."""
    assert planned([evolve(TOLD, about_id="ada.k1")], [MOMENT]).told_anew == ()
    plan = planned([TOLD], [MOMENT])
    (told,), (moment,) = plan.told_anew, plan.passed_on
    assert (told.about_id, told.id, moment.owner_id) == (moment.id, "liam.dm1-liam-team_moment_planned", LIAM)
    assert Removal("deliveries", TOLD.id) in plan.removals


def test_a_moment_without_a_colleague_left_goes() -> None:
    """When everybody else in a moment was erased as well, nobody is left to whom it could pass."""
    left = stand_in("earlier", ADA)
    assert planned([], [evolve(MOMENT, participant_ids=(ADA, left))]).passed_on == ()


def test_stand_ins_link_nothing() -> None:
    """Someone who left has one id with one owner, another with the next, and another after another erasure."""
    ids = {stand_in(seed, owner) for seed in ("one", "two") for owner in ("ada", "liam")}
    assert len(ids) == 4
    assert all(map(is_someone_who_left, ids))
    assert not is_someone_who_left("leftover")


def test_the_real_user_is_replaced() -> None:
    """Where she acted as another she is told of by no name, whatever the case it was written in."""
    look = Look(LookId("liam.v1"), LIAM, PersonId("sam"), NOW, on_behalf_of="ADA")
    (changed,) = planned([look]).changed
    assert is_someone_who_left(changed.on_behalf_of)


class TestLedger:
    def test_who_is_in_it(self) -> None:
        """A ledger knows a person by her id and an account until it is rehired; somebody without one has none."""
        entry = erasure_of(PERSON, TODAY, "salt")
        assert Ledger((entry,)).of_person(ADA) == entry
        assert Ledger((entry,)).of_person(LIAM) is None
        assert Ledger((entry,)).of_account("csv", "E1") == entry
        assert Ledger((entry.rehire(TODAY),)).of_account("csv", "E1") is None
        assert Ledger((entry.rehire(TODAY),)).of_person(ADA)
        assert erasure_of(evolve(PERSON, external_id=""), TODAY, "salt").account == ""

    def test_ledgers_are_put_together(self) -> None:
        """What one ledger has and the other has not is told once, rehires too; with itself there is nothing."""
        entry = evolve(erasure_of(PERSON, TODAY, "salt"), version=3)
        kept, store = Ledger((entry.rehire(TODAY),)), Ledger((entry,))
        assert [(e.version, e.rehired_on) for e in kept.missing_in(Ledger())] == [(0, TODAY)]
        assert [(e.version, e.rehired_on) for e in kept.missing_in(store)] == [(3, TODAY)]
        assert kept.missing_in(kept) == ()
        assert store.missing_in(kept) == ()


def test_a_retention_plan_counts() -> None:
    """What is past its term is counted by collection, and a leaver past hers is named apart."""
    look = Look(LookId("liam.v1"), LIAM, ADA, datetime(2020, 1, 1, tzinfo=UTC))
    plan = plan_retention([("looks", look)], [PERSON, evolve(PERSON, id=LIAM, end_on=None)], Retention(), TODAY)
    assert (plan.removed, plan.leavers) == ({"looks": 1}, ())
    later = plan_retention([], [PERSON], Retention(), date(2026, 6, 1))
    assert later == RetentionPlan(leavers=(ADA,))
