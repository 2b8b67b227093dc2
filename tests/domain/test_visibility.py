"""Who may see what, against an oracle that was written from the promises and not from the code.

The oracle asks of every single day what was true that day. Guards are taken out of the decision one by one, and each
time the same probes must notice.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from random import Random
from types import ModuleType
from typing import Any, NamedTuple, cast

import pytest
from attrs import evolve, exceptions, frozen
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain import visibility
from ownership.domain.check_ins import WITH_PARTNER
from ownership.domain.feedback import Feedback, FeedbackId, FeedbackRequest, FeedbackRequestId
from ownership.domain.goals import Goal, GoalId
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, Membership, Person, PersonId, ReportingLine
from ownership.domain.visibility import Allowed, Decision, Denied, Reason, Relations, Viewer, decide, preview
from ownership.testing import audiences, days, feedback, goals, people, reflections, requests, suggestions

Decide = Callable[[Person, Any, Relations], Decision]

FIRST = date(2026, 1, 1)
DAYS = 12
NAMES = tuple(PersonId(name) for name in ("ada", "sam", "liam", "noor", "mila"))


@frozen
class Thing:
    """Anything with an owner and an audience, and sometimes people who have a part in it."""

    owner_id: PersonId
    audience: Audience
    shared_on: date | None
    party_ids: frozenset[PersonId]
    guest_ids: frozenset[PersonId] = frozenset()


class Probe(NamedTuple):
    """One question: may this viewer see that thing, with what is known of its owner?"""

    viewer: Person
    thing: Thing
    relations: Relations


def day(number: int) -> date:
    """Give one of the days that all of this happens on."""
    return FIRST + timedelta(days=number)


# The promises, day by day


def manager_that_day(person: Person, on: date) -> set[PersonId]:
    """Give the manager that someone has on a day."""
    return {
        line.manager_id
        for line in person.reporting_lines
        if line.since <= on and (line.until is None or line.until > on)
    }


def partner_that_day(person: Person, on: date) -> set[PersonId]:
    """Give whom someone holds check-ins with on a day: whom she chose, else the manager; nobody if that is her wish."""
    if person.is_without_partner:
        return set()
    if person.partner_id is None:
        return manager_that_day(person, on)
    return {person.partner_id} if person.partner_since is None or person.partner_since <= on else set()


def team_that_day(person: Person, on: date) -> set[tuple[str, str]]:
    """Give the team that someone is in on a day, by department and name; to be in no team is no team."""
    return {
        (held.department, held.team)
        for held in person.memberships
        if held.team and held.since <= on and (held.until is None or held.until > on)
    }


def is_employed(person: Person, on: date) -> bool:
    """Tell whether someone has come and has not left."""
    has_come = person.start_on is None or on >= person.start_on
    has_left = not person.active or (person.end_on is not None and on > person.end_on)
    return has_come and not has_left


def related_on(viewer: Person, owner: Person, kind: AudienceKind, then: date, today: date) -> bool:
    """Tell whether on a day the viewer stood to the owner as an audience says; a team is the owner's team of today."""
    match kind:
        case AudienceKind.MANAGER:
            return viewer.id in manager_that_day(owner, then)
        case AudienceKind.PARTNER:
            return viewer.id in partner_that_day(owner, then)
        case _:
            now = team_that_day(owner, today)
            return bool(now) and now == team_that_day(owner, then) == team_that_day(viewer, then)


def promised(viewer: Person, thing: Thing, owner: Person, today: date) -> Reason:
    """Say who may see a thing and why, from the promises: hers is hers, and what she shared is for those she chose."""
    is_draft = thing.audience.kind is AudienceKind.ONLY_ME or thing.shared_on is None or today < thing.shared_on
    if owner.id != thing.owner_id:  # somebody else's relations give no rights
        return Reason.NOT_IN_AUDIENCE
    if viewer.id == owner.id:
        return Reason.OWNER
    if not is_employed(viewer, today):  # leavers see nothing
        return Reason.NOT_HERE
    has_left = not is_employed(owner, today)
    if viewer.id in thing.party_ids - (thing.guest_ids if has_left else frozenset()):
        return Reason.PARTY
    if has_left:  # what she shared, guests included, ends with her last day
        return Reason.NOT_HERE
    return Reason.PRIVATE if is_draft else promised_to_audience(viewer, thing, owner, today)


def promised_to_audience(viewer: Person, thing: Thing, owner: Person, today: date) -> Reason:
    """Say who may see what was shared: everyone, the named, or who stood to her as she chose, since then and still."""
    kind, shared = thing.audience.kind, thing.shared_on or today
    if kind is AudienceKind.EVERYONE:
        return Reason.EVERYONE
    if kind is AudienceKind.PEOPLE:
        return Reason.NAMED if viewer.id in thing.audience.person_ids else Reason.NOT_IN_AUDIENCE
    if not related_on(viewer, owner, kind, today, today):  # who was it before sees nothing any more
        return Reason.NOT_IN_AUDIENCE
    since_then = [shared + timedelta(days=n) for n in range((today - shared).days + 1)]
    if all(related_on(viewer, owner, kind, then, today) for then in since_then):
        return Reason(kind.value)
    return Reason.BEFORE_THEIR_TIME  # who became it later sees nothing from before


ALLOWING = {
    Reason.OWNER,
    Reason.PARTY,
    Reason.PARTNER,
    Reason.MANAGER,
    Reason.NAMED,
    Reason.TEAM,
    Reason.EVERYONE,
}

# Random worlds of five people and twelve days, small enough that everything meets


def spans(random: Random) -> Iterator[tuple[date, date | None]]:
    """Draw spans of days that follow each other, with gaps, the last one perhaps still going on."""
    edges = sorted(random.sample(range(DAYS), random.choice([0, 1, 1, 1, 2, 3])))
    for number, edge in enumerate(edges):
        if random.random() < 0.9:
            until = edges[number + 1] if number + 1 < len(edges) else None
            yield day(edge), None if until is None else day(until)


def lines(random: Random, whose: PersonId) -> tuple[ReportingLine, ...]:
    """Draw managers, never the same one twice in a row: that would be one line."""
    drawn: list[ReportingLine] = []
    for since, until in spans(random):
        others = [name for name in NAMES if name != whose and (not drawn or name != drawn[-1].manager_id)]
        drawn.append(ReportingLine(random.choice(others), since, until))
    return tuple(drawn)


def teams(random: Random) -> tuple[Membership, ...]:
    """Draw teams, never the same one twice in a row: that would be one membership."""
    drawn: list[Membership] = []
    groups = [("Sales", "North")] * 4 + [("Sales", "South"), ("Care", "North"), ("Sales", "")]
    for since, until in spans(random):
        other = [group for group in groups if not drawn or group != (drawn[-1].department, drawn[-1].team)]
        drawn.append(Membership(*random.choice(other), since, until))
    return tuple(drawn)


def somebody(random: Random, name: PersonId) -> Person:
    """Draw someone: most work here all the time, some come later, leave or were made inactive."""
    others = [other for other in NAMES if other != name]
    partner_id = random.choice([None, None, *others])
    return Person(
        id=name,
        display_name=name.title(),
        active=random.random() < 0.95,
        start_on=random.choice([None] * 7 + [day(random.randrange(DAYS))]),
        end_on=random.choice([None] * 7 + [day(random.randrange(DAYS))]),
        partner_id=partner_id,
        partner_since=random.choice([None, day(random.randrange(DAYS // 2))]) if partner_id else None,
        is_without_partner=partner_id is None and random.random() < 0.2,
        reporting_lines=lines(random, name),
        memberships=teams(random),
    )


def something(random: Random, owner_id: PersonId) -> Thing:
    """Draw a thing, shared on some day or not."""
    kind = random.choice([*AudienceKind, AudienceKind.MANAGER, AudienceKind.TEAM, AudienceKind.TEAM])
    named = tuple(random.sample(NAMES, random.randint(1, 3))) if kind is AudienceKind.PEOPLE else ()
    shared_on = day(min(random.randrange(DAYS + 2), random.randrange(DAYS + 2))) if random.random() < 0.9 else None
    parties = random.sample(NAMES, 1) if random.random() < 0.1 else []
    guests = parties if random.random() < 0.3 else []
    return Thing(owner_id, Audience(kind, named), shared_on, frozenset(parties), frozenset(guests))


def probes(seed: int) -> Iterator[Probe]:
    """Draw questions without end, some of them with the relations of somebody else than the owner."""
    random = Random(seed)
    while True:
        everyone = [somebody(random, name) for name in NAMES]
        for _ in range(50):
            owner, viewer = random.sample(everyone, 2) if random.random() < 0.9 else [random.choice(everyone)] * 2
            known = owner if random.random() < 0.95 else random.choice(everyone)
            today = day(random.randrange(DAYS // 2, DAYS))
            yield Probe(viewer, something(random, owner.id), Relations(known, today))


def agrees(probe: Probe, deciding: Decide) -> bool:
    """Tell whether a decision and its reason are what was promised."""
    viewer, thing, relations = probe
    reason = promised(viewer, thing, relations.owner, relations.on)
    try:
        decision = deciding(viewer, thing, relations)
    except TypeError:  # a planted fault may go on with a day that is not there
        return False
    return bool(decision) == (reason in ALLOWING) and decision.reason.value == reason.value


class TestOracle:
    """The decision equals the promises on every probe, and no weaker decision does."""

    def test_every_decision_is_what_was_promised(self, request: pytest.FixtureRequest) -> None:
        """On 50,000 random probes (1,000,000 in CI and nightly) decision and reason equal those of the oracle."""
        count = request.getfixturevalue("effort").probes
        wrong = (probe for probe in islice(probes(2026), count) if not agrees(probe, decide))
        assert next(wrong, None) is None

    def test_the_probes_meet_every_reason_often(self) -> None:
        """Each reason, for and against, is asked for at least fifty times, so that none is untested."""
        met = dict.fromkeys(Reason, 0)
        for viewer, thing, relations in islice(probes(2026), 20_000):
            met[promised(viewer, thing, relations.owner, relations.on)] += 1
        assert min(met.values()) >= 50, met

    @pytest.mark.parametrize(
        ("guard", "weaker"),
        [
            ("if item.owner_id != owner.id:", "if False:"),
            ("if viewer.id == owner.id:", "if False:"),
            ("if not viewer.works_on(relations.on):", "if False:"),
            ("if not viewer.works_on(relations.on):", "if not viewer.active:"),
            ('if viewer.id in getattr(item, "party_ids", ()) and', "if False and"),
            ('(is_here or viewer.id not in getattr(item, "guest_ids", ()))', "True"),
            ('(is_here or viewer.id not in getattr(item, "guest_ids", ()))', "is_here"),
            ("if is_here else Denied(Reason.NOT_HERE)", ""),
            ("is_here = owner.works_on(relations.on)", "is_here = owner.active"),
            ("item.audience.is_private or", ""),
            (
                "item.shared_on is None or relations.on < item.shared_on",
                "(item.shared_on or relations.on) > relations.on",
            ),
            ("or relations.on < item.shared_on", ""),
            ("case AudienceKind.PEOPLE if viewer.id in item.audience.person_ids:", "case AudienceKind.PEOPLE:"),
            ("owner.reporting_line_on(on)", "owner.reporting_line_on(shared_on)"),
            ("owner.partner_on(on)", "owner.partner_on(shared_on)"),
            ("owner.partner_on(on)", "owner.reporting_line_on(on)"),
            ("if line is None or viewer.id != line.manager_id:", "if line is None:"),
            ("Allowed(reason) if line.since <= shared_on else", "Allowed(reason) if True else"),
            ("Allowed(reason) if line.since <= shared_on else", "Allowed(reason) if line.since < shared_on else"),
            (
                "viewer.membership_on(on), owner.membership_on(on)",
                "viewer.membership_on(shared_on), owner.membership_on(on)",
            ),
            (
                "viewer.membership_on(on), owner.membership_on(on)",
                "viewer.membership_on(on), owner.membership_on(shared_on)",
            ),
            ("or not mine.team", ""),
            ("(mine.department, mine.team) != (theirs.department, theirs.team)", "mine.team != theirs.team"),
            (
                "(mine.department, mine.team) != (theirs.department, theirs.team)",
                "mine.department != theirs.department",
            ),
            ("if max(mine.since, theirs.since) <= shared_on:", "if mine.since <= shared_on:"),
            ("if max(mine.since, theirs.since) <= shared_on:", "if theirs.since <= shared_on:"),
            ("if max(mine.since, theirs.since) <= shared_on:", "if True:"),
        ],
    )
    def test_a_guard_taken_out_is_noticed(self, guard: str, weaker: str) -> None:
        """Each guard of the decision, taken out or made weaker, makes the same probes fail."""
        deciding = decision_with(guard, weaker)
        assert not all(agrees(probe, deciding) for probe in some_probes())

    def test_a_decision_rewritten_without_a_change_is_not_noticed(self) -> None:
        """The same source read again agrees on every probe, so what the faults show is due to the faults."""
        deciding = decision_with("if viewer.id == owner.id:", "if owner.id == viewer.id:")
        assert all(agrees(probe, deciding) for probe in some_probes())


@cache
def some_probes() -> tuple[Probe, ...]:
    """Give the probes that the planted faults are held against."""
    return tuple(islice(probes(2026), 20_000))


def decision_with(guard: str, weaker: str) -> Decide:
    """Give the decision as it would be with one guard replaced, everything else as it stands in the source."""
    source = inspect.getsource(visibility)
    assert source.count(guard) == 1, "this guard is not in the source any more: plant the fault where it is now"
    planted = ModuleType("planted")
    exec(compile(source.replace(guard, weaker), "planted", "exec"), planted.__dict__)
    return cast("Decide", planted.__dict__["decide"])


# Examples to read

TODAY = date(2026, 6, 1)
LAST_MONTH, LAST_YEAR = date(2026, 5, 1), date(2025, 6, 1)
ADA = Person(PersonId("ada"), "Ada").reporting_to(PersonId("sam"), since=LAST_YEAR)
SAM, LIAM, NOOR = (Person(PersonId(name), name.title()) for name in ("sam", "liam", "noor"))


def goal(audience: Audience, shared_on: date | None = LAST_MONTH) -> Goal:
    """Make a goal of Ada that was shared."""
    drafted_at = datetime(2026, 1, 1, tzinfo=UTC)
    return Goal(GoalId("ada.g1"), ADA.id, "Lead a workshop", drafted_at, audience=audience, shared_on=shared_on)


def seen(viewer: Person, item: Any, owner: Person = ADA, on: date = TODAY) -> Reason:
    """Give the reason of a decision, after checking that it answers yes or no as its reason says."""
    decision = decide(viewer, item, Relations(owner, on))
    assert isinstance(decision, Allowed if decision.reason in ALLOWING else Denied)
    assert bool(decision) == (decision.reason in ALLOWING)
    return decision.reason


FOR_MANAGER = Audience(AudienceKind.MANAGER)


class TestExamples:
    """The promises, one at a time."""

    def test_a_draft_is_nobodys_but_the_owners(self) -> None:
        """What was not shared is seen by its owner alone, whatever audience it has."""
        for draft in (goal(ONLY_ME, None), goal(ONLY_ME), goal(FOR_MANAGER, None), goal(Audience.of("everyone"), None)):
            assert seen(ADA, draft) is Reason.OWNER
            assert seen(SAM, draft) is Reason.PRIVATE

    def test_a_manager_sees_what_was_shared_with_the_manager(self) -> None:
        """The manager of the day sees it, and a colleague does not."""
        assert seen(SAM, goal(FOR_MANAGER)) is Reason.MANAGER
        assert seen(LIAM, goal(FOR_MANAGER)) is Reason.NOT_IN_AUDIENCE

    def test_a_new_manager_sees_nothing_from_before_and_the_old_one_nothing_any_more(self) -> None:
        """When the manager changes, what was shared waits until it is shared again."""
        moved = ADA.reporting_to(LIAM.id, since=date(2026, 5, 20))
        assert seen(LIAM, goal(FOR_MANAGER), moved) is Reason.BEFORE_THEIR_TIME
        assert seen(SAM, goal(FOR_MANAGER), moved) is Reason.NOT_IN_AUDIENCE
        again = goal(FOR_MANAGER).with_audience(FOR_MANAGER, TODAY)
        assert seen(LIAM, again, moved) is Reason.MANAGER
        assert seen(SAM, again, moved) is Reason.NOT_IN_AUDIENCE

    def test_a_manager_sees_from_the_very_day(self) -> None:
        """What is shared on the first day of a manager is seen by that manager."""
        moved = ADA.reporting_to(LIAM.id, since=TODAY)
        assert seen(LIAM, goal(FOR_MANAGER, TODAY), moved) is Reason.MANAGER
        assert seen(LIAM, goal(FOR_MANAGER, TODAY - timedelta(days=1)), moved) is Reason.BEFORE_THEIR_TIME

    def test_a_manager_who_returns_begins_anew(self) -> None:
        """Having been manager before gives no right to what was shared in between, or before."""
        returned = ADA.reporting_to(LIAM.id, since=date(2026, 4, 1)).reporting_to(SAM.id, since=date(2026, 5, 20))
        assert seen(SAM, goal(FOR_MANAGER, date(2026, 3, 1)), returned) is Reason.BEFORE_THEIR_TIME
        assert seen(SAM, goal(FOR_MANAGER), returned) is Reason.BEFORE_THEIR_TIME

    def test_a_reporting_line_gives_rights_to_one_step_only(self) -> None:
        """The manager's manager sees nothing, and two who report to each other see only what was shared with them."""
        ada, sam = ADA, SAM.reporting_to(ADA.id, since=LAST_YEAR)
        sams = evolve(goal(FOR_MANAGER), owner_id=sam.id)
        assert seen(sam, goal(FOR_MANAGER), ada) is Reason.MANAGER
        assert seen(ada, sams, sam) is Reason.MANAGER
        above = Person(PersonId("vera"), "Vera")
        assert seen(above, goal(FOR_MANAGER), ADA) is Reason.NOT_IN_AUDIENCE

    def test_the_partner_is_the_one_she_chose(self) -> None:
        """With a partner of her own choice the manager is no partner, and the partner sees nothing from before."""
        chosen = ADA.with_partner(NOOR.id, since=LAST_MONTH)
        assert seen(NOOR, goal(WITH_PARTNER), chosen) is Reason.PARTNER
        assert seen(SAM, goal(WITH_PARTNER), chosen) is Reason.NOT_IN_AUDIENCE
        assert seen(NOOR, goal(WITH_PARTNER, LAST_YEAR), chosen) is Reason.BEFORE_THEIR_TIME
        assert seen(SAM, goal(WITH_PARTNER)) is Reason.PARTNER
        assert seen(SAM, goal(WITH_PARTNER), Person(ADA.id, "Ada")) is Reason.NOT_IN_AUDIENCE

    def test_named_people_see_and_others_do_not(self) -> None:
        """Exactly those who are named see it, whoever their manager is."""
        named = goal(Audience.of([LIAM.id, NOOR.id]))
        assert [seen(viewer, named) for viewer in (LIAM, NOOR, SAM)] == [
            Reason.NAMED,
            Reason.NAMED,
            Reason.NOT_IN_AUDIENCE,
        ]

    def test_a_team_is_those_who_were_in_it_together_when_it_was_shared(self) -> None:
        """A colleague of the team sees it, a later one does not, nor one of a team of that name elsewhere."""
        ada, liam = (person.joining("Sales", "North", since=LAST_YEAR) for person in (ADA, LIAM))
        with_team = goal(Audience.of("team"))
        assert seen(liam, with_team, ada) is Reason.TEAM
        assert seen(NOOR.joining("Sales", "North", since=TODAY), with_team, ada) is Reason.BEFORE_THEIR_TIME
        assert seen(NOOR.joining("Care", "North", since=LAST_YEAR), with_team, ada) is Reason.NOT_IN_AUDIENCE
        assert seen(liam.joining("Sales", "South", since=TODAY), with_team, ada) is Reason.NOT_IN_AUDIENCE
        assert seen(liam, with_team, ada.joining("Sales", "South", since=TODAY)) is Reason.NOT_IN_AUDIENCE
        assert seen(liam, with_team, ADA) is Reason.NOT_IN_AUDIENCE
        assert seen(NOOR, with_team, ada) is Reason.NOT_IN_AUDIENCE

    def test_to_be_in_no_team_is_no_team(self) -> None:
        """Two people without a team are not in one together."""
        ada, liam = (person.joining("Sales", "", since=LAST_YEAR) for person in (ADA, LIAM))
        assert seen(liam, goal(Audience.of("team")), ada) is Reason.NOT_IN_AUDIENCE

    @pytest.mark.parametrize(
        "fields", [{"active": False}, {"end_on": date(2026, 5, 31)}, {"start_on": date(2026, 6, 2)}], ids=str
    )
    @pytest.mark.parametrize("audience", [FOR_MANAGER, Audience.of("everyone"), Audience.of(["sam"]), WITH_PARTNER])
    def test_a_leaver_sees_nothing(self, fields: dict[str, Any], audience: Audience) -> None:
        """Whoever left, or has not come yet, sees nothing of others, whatever the audience."""
        assert seen(evolve(SAM, **fields), goal(audience)) is Reason.NOT_HERE

    @pytest.mark.parametrize("fields", [{"active": False}, {"end_on": date(2026, 5, 31)}], ids=str)
    @pytest.mark.parametrize("audience", [FOR_MANAGER, Audience.of("everyone"), Audience.of(["sam"]), WITH_PARTNER])
    def test_what_a_leaver_shared_nobody_sees(self, fields: dict[str, Any], audience: Audience) -> None:
        """When the owner has left, her last manager sees nothing that she shared, nor does anybody else."""
        left = evolve(ADA, **fields)
        assert seen(SAM, goal(audience), left) is Reason.NOT_HERE
        assert seen(SAM, evolve(goal(audience), supporter_ids=(SAM.id,)), left) is Reason.NOT_HERE

    def test_who_wrote_for_a_leaver_still_reads_it(self) -> None:
        """The author of feedback has a part in it that its owner did not give, and keeps it when she left."""
        given_ = Feedback(FeedbackId("ada.f1"), ADA.id, LIAM.id, "Well done.", datetime(2026, 1, 1, tzinfo=UTC))
        assert seen(LIAM, given_, evolve(ADA, active=False)) is Reason.PARTY

    def test_the_last_day_of_work_counts(self) -> None:
        """On the last day a manager still sees what was shared, be it his last day or hers."""
        assert seen(evolve(SAM, end_on=TODAY), goal(FOR_MANAGER)) is Reason.MANAGER
        assert seen(SAM, goal(FOR_MANAGER), evolve(ADA, end_on=TODAY)) is Reason.MANAGER

    def test_a_leaver_keeps_what_is_her_own(self) -> None:
        """Her own things stay hers after she left."""
        left = evolve(ADA, active=False)
        assert seen(left, goal(ONLY_ME), left) is Reason.OWNER

    def test_who_has_a_part_in_it_sees_it(self) -> None:
        """The author of feedback sees it, private or not, as long as the author works here; others do not."""
        given_ = Feedback(FeedbackId("ada.f1"), ADA.id, LIAM.id, "Well done.", datetime(2026, 1, 1, tzinfo=UTC))
        assert seen(LIAM, given_) is Reason.PARTY
        assert seen(SAM, given_) is Reason.PRIVATE
        assert seen(evolve(LIAM, active=False), given_) is Reason.NOT_HERE

    def test_a_question_is_seen_by_who_is_asked(self) -> None:
        """The colleague who is asked sees the question from the day it was asked."""
        asked_at = datetime(2026, 5, 1, tzinfo=UTC)
        asked = FeedbackRequest(FeedbackRequestId("ada.q1"), ADA.id, LIAM.id, "How?", asked_at, TODAY)
        assert seen(LIAM, evolve(asked, shared_on=LAST_MONTH)) is Reason.NAMED
        assert seen(SAM, evolve(asked, shared_on=LAST_MONTH)) is Reason.NOT_IN_AUDIENCE

    def test_what_is_shared_from_a_later_day_waits_for_it(self) -> None:
        """Sharing holds from its day on, and not before."""
        assert seen(SAM, goal(FOR_MANAGER, TODAY + timedelta(days=1))) is Reason.PRIVATE

    def test_the_relations_of_somebody_else_give_nothing(self) -> None:
        """With the wrong person as its owner a thing is shown to nobody, not even to that person."""
        assert seen(SAM, goal(FOR_MANAGER), evolve(ADA, id=LIAM.id)) is Reason.NOT_IN_AUDIENCE
        assert seen(LIAM, goal(Audience.of("everyone")), LIAM) is Reason.NOT_IN_AUDIENCE

    def test_an_organiser_is_a_colleague_like_any_other(self) -> None:
        """The decision is given a viewer, a thing and relations; there is no way to tell it of a role."""
        assert list(inspect.signature(decide).parameters) == ["viewer", "item", "relations"]
        assert "role" not in "".join(name for name in dir(ADA) if not name.startswith("_"))
        organiser = Person(PersonId("hr"), "HR", title="Head of HR")
        assert seen(organiser, goal(FOR_MANAGER)) is Reason.NOT_IN_AUDIENCE


class TestPreview:
    """Who would see this?"""

    def test_it_names_who_would_see_and_why(self) -> None:
        """The preview gives everyone but the owner who would see it, by name, with the reason."""
        everyone = [SAM, NOOR, ADA, LIAM]
        assert preview(goal(ONLY_ME), Audience.of([NOOR.id, LIAM.id, ADA.id]), everyone, Relations(ADA, TODAY)) == (
            Viewer(LIAM.id, "Liam", Reason.NAMED),
            Viewer(NOOR.id, "Noor", Reason.NAMED),
        )
        assert str(Viewer(NOOR.id, "Noor", Reason.NAMED)) == "Noor (named)"
        assert preview(goal(ONLY_ME), FOR_MANAGER, everyone, Relations(ADA, TODAY)) == (
            Viewer(SAM.id, "Sam", Reason.MANAGER),
        )
        assert preview(goal(FOR_MANAGER), ONLY_ME, everyone, Relations(ADA, TODAY)) == ()

    def test_who_has_a_part_in_it_is_named_too(self) -> None:
        """The author of feedback is named, also when it would be shared with nobody."""
        given_ = Feedback(FeedbackId("ada.f1"), ADA.id, LIAM.id, "Well done.", datetime(2026, 1, 1, tzinfo=UTC))
        assert preview(given_, ONLY_ME, [SAM, LIAM], Relations(ADA, TODAY)) == (Viewer(LIAM.id, "Liam", Reason.PARTY),)

    @given(st.integers(), audiences())
    def test_the_list_is_the_check_applied_to_each(self, seed: int, audience: Audience) -> None:
        """The preview is exactly those whom the decision lets see the thing once it is shared that day."""
        random = Random(seed)
        everyone = [somebody(random, name) for name in NAMES]
        owner, today = everyone[0], day(random.randrange(DAYS // 2, DAYS))
        thing = something(random, owner.id)
        named = audience if not audience.person_ids else Audience.of(random.sample(NAMES, 2))
        shared = evolve(thing, audience=named, shared_on=today)
        relations = Relations(owner, today)
        expected = {viewer.id for viewer in everyone[1:] if decide(viewer, shared, relations)}
        assert {viewer.person_id for viewer in preview(thing, named, everyone, relations)} == expected


def with_one_of_theirs(*nouns: Callable[..., st.SearchStrategy[Any]]) -> st.SearchStrategy[tuple[Person, Any]]:
    """Draw someone, with one thing of theirs."""
    return people().flatmap(
        lambda owner: st.tuples(st.just(owner), st.one_of(*(noun(st.just(owner.id)) for noun in nouns)))
    )


@given(with_one_of_theirs(goals), people(), days())
def test_a_decision_does_not_depend_on_what_was_written(whose: tuple[Person, Goal], viewer: Person, on: date) -> None:
    """Two worlds that differ in one secret text give the same decision."""
    owner, hers = whose
    other = evolve(hers, title="Another title", why="A secret", strengths=("Another secret",))
    relations = Relations(owner, on)
    assert decide(viewer, hers, relations) == decide(viewer, other, relations)


@given(with_one_of_theirs(goals, reflections, feedback, requests, suggestions), people(), days())
def test_every_noun_is_decided_upon_as_promised(whose: tuple[Person, Any], viewer: Person, on: date) -> None:
    """Goals, reflections, feedback, questions and suggestions are things like any other to the decision."""
    owner, item = whose
    thing = Thing(item.owner_id, item.audience, item.shared_on, getattr(item, "party_ids", frozenset()))
    assert decide(viewer, item, Relations(owner, on)) == decide(viewer, thing, Relations(owner, on))


def test_nothing_changes_in_place() -> None:
    """Decisions, relations and viewers cannot be set."""
    decision = decide(SAM, goal(FOR_MANAGER), Relations(ADA, TODAY))
    frozen: list[Any] = [decision, Relations(ADA, TODAY), Viewer(SAM.id, "Sam", Reason.MANAGER)]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.reason = Reason.OWNER
