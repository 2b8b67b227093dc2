"""The overview: everything of hers, as facts, with not enough said as such."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions, fields
from hypothesis import given, settings
from hypothesis import strategies as st

from ownership.domain.budgets import LearningRequest, LearningRequestStatus
from ownership.domain.check_ins import Agreement, AgreementId, CheckIn, CheckInId, CheckInStatus
from ownership.domain.cycles import CycleId, Period
from ownership.domain.feedback import FeedbackRequest, FeedbackRequestId
from ownership.domain.goals import Goal, GoalId, GoalStatus, GoalUpdate, Measure
from ownership.domain.hand_over import HandOver, HandOverChoice, HandOverChoiceId
from ownership.domain.journal import Look
from ownership.domain.needs import Need, NeedStatus
from ownership.domain.next_steps import StepKind, next_steps
from ownership.domain.overview import (
    GoalStanding,
    Overview,
    OwnThings,
    compose_overview,
    people_mentioned,
    situation_of,
)
from ownership.domain.people import Audience, AudienceKind, Person, PersonId, ReportingLine
from ownership.domain.plans import DevelopmentPlan, PlanStatus
from ownership.domain.rests import Rest, rest_id
from ownership.domain.suggestions import GoalSuggestion
from ownership.domain.visibility import Reason, Viewer
from ownership.errors import InvalidInput
from ownership.testing import (
    check_ins,
    choices,
    delegations,
    feedback,
    goals,
    learning_requests,
    looks,
    needs,
    plans,
    reflections,
    requests,
    suggestions,
)

SAM = PersonId("sam")
ADA = Person(
    PersonId("ada"), "Ada", timezone="Pacific/Auckland", reporting_lines=(ReportingLine(SAM, date(2025, 1, 1)),)
)
BESIDE = {SAM: Person(SAM, "Sam")}
NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
TODAY = NOW.date()
FEWER = settings(max_examples=settings.default.max_examples // 2)  # type: ignore[union-attr]
"""All that is someone's takes a while to draw."""
SAM_SEES = (Viewer(SAM, "Sam", Reason.MANAGER),)


def overview(own: OwnThings, **given_: Any) -> Overview:
    """Compose Ada's overview."""
    material: dict[str, Any] = {"menu": (), "viewers_of": lambda _: SAM_SEES, "names": {SAM: "Sam"}}
    return compose_overview(ADA, own, NOW, **material | given_)


def own_things() -> st.SearchStrategy[OwnThings]:
    """Draw all that is Ada's."""
    hers = st.just(ADA.id)
    return st.builds(
        OwnThings,
        st.lists(goals(hers), max_size=3),
        st.lists(check_ins(hers), max_size=3),
        st.lists(reflections(hers), max_size=2),
        st.lists(choices(hers), max_size=2),
        st.lists(feedback(hers), max_size=2),
        st.lists(requests(hers), max_size=2),
        st.lists(looks(hers), max_size=2),
        st.lists(requests(), max_size=2),
        st.lists(delegations(hers), max_size=2),
    )


def are_the_same(shown: Sequence[object], owned: Sequence[object]) -> bool:
    """Tell whether two lists hold the same things, in whatever order."""
    return len(shown) == len(owned) and all(shown.count(thing) == owned.count(thing) for thing in owned)


def goal(**made: Any) -> Goal:
    """Make a goal in motion."""
    some: dict[str, Any] = {"id": GoalId("ada.g1"), "owner_id": ADA.id, "title": "Plan", "drafted_at": NOW}
    return Goal(**some | {"status": GoalStatus.ACTIVE, "started_on": TODAY} | made)


def talk(number: int, **made: Any) -> CheckIn:
    """Make a check-in."""
    period = Period(number, TODAY, TODAY + timedelta(days=30))
    some: dict[str, Any] = {"id": CheckInId(f"ada.k{number}"), "owner_id": ADA.id, "partner_id": SAM}
    return CheckIn(**some | {"cycle_id": CycleId("organisation.y1"), "period": period, "closes_on": TODAY} | made)


def test_from_an_empty_history_there_is_an_overview() -> None:
    """With nothing there yet, the overview is empty and says what the first step could be."""
    empty = overview(OwnThings())
    assert (empty.goals, empty.ended, empty.check_in, empty.talks_held) == ((), (), None, 0)
    assert empty.next_steps == next_steps(situation_of(ADA, OwnThings(), NOW))


def test_a_goal_stands_where_its_figures_say() -> None:
    """How far, how sure and the way it went come from what was recorded, on the goal's own scale."""
    said = [GoalUpdate(NOW, 150, 4), GoalUpdate(NOW, note="Hm"), GoalUpdate(NOW, 100, 7)]
    hers = goal(measure=Measure(200, 0), updates=tuple(said), audience=Audience(AudienceKind.MANAGER))
    (standing,) = overview(OwnThings(goals=[hers])).goals
    assert standing == GoalStanding(hers, 0.5, 7, (0.25, 0.5), is_quiet=False, viewers=SAM_SEES)
    assert standing.audience == Audience(AudienceKind.MANAGER)


def test_a_silent_goal_is_quiet_and_not_on_track() -> None:
    """Without a figure there is no progress, and without news a goal is quiet."""
    silent = goal(drafted_at=NOW - timedelta(days=90), started_on=TODAY - timedelta(days=90))
    (standing,) = overview(OwnThings(goals=[silent])).goals
    assert (standing.progress, standing.confidence, standing.trail, standing.is_quiet) == (None, None, (), True)


def test_goals_in_motion_stand_above_drafts_and_ended_ones_apart() -> None:
    """What goes on comes first, then drafts; ended goals are a list of their own, the newest first."""
    draft, active = goal(id=GoalId("d"), status=GoalStatus.DRAFT), goal(id=GoalId("a"))
    old = goal(id=GoalId("o"), status=GoalStatus.LEARNED, ended_on=date(2025, 9, 1))
    new = goal(id=GoalId("n"), status=GoalStatus.LET_GO, ended_on=date(2026, 2, 1))
    made = overview(OwnThings(goals=[draft, old, active, new]))
    assert [standing.goal for standing in made.goals] == [active, draft]
    assert made.ended == (new, old)


def test_promises_are_told_apart_by_who_made_them() -> None:
    """What I promised and what was promised to me are two lists, without what is done."""
    mine = Agreement(AgreementId("1"), "Ask Noor", ADA.id)
    his = Agreement(AgreementId("2"), "Make room", SAM)
    done = evolve(mine, id=AgreementId("3"), done_on=TODAY)
    talks = [talk(1, status=CheckInStatus.HELD, agreements=(mine, his, done))]
    made = overview(OwnThings(check_ins=talks, beside=BESIDE))
    assert (made.my_promises, made.promised_to_me, made.talks_held) == ((mine,), (his,), 1)
    assert made.ownerless == ()


def test_a_promise_of_someone_who_left_stands_apart() -> None:
    """What was promised by someone who is no longer beside her is not lost, and is nobody's fault."""
    his = Agreement(AgreementId("2"), "Make room", SAM)
    talks = [talk(1, status=CheckInStatus.HELD, agreements=(his,))]
    made = overview(OwnThings(check_ins=talks, beside={SAM: evolve(BESIDE[SAM], active=False)}))
    assert (made.promised_to_me, made.ownerless) == ((), (his,))


@given(st.lists(needs(st.just(ADA.id)), max_size=4), st.lists(learning_requests(st.just(ADA.id)), max_size=4))
def test_needs_and_requests_that_still_matter(her_needs: list[Need], asked: list[LearningRequest]) -> None:
    """A need and a request are shown until they are met, taken up, handed on or withdrawn."""
    made = overview(OwnThings(needs=her_needs, learning_requests=asked))
    over = {NeedStatus.MET, NeedStatus.HANDED_ON, NeedStatus.WITHDRAWN}
    assert sorted(n.id for n in made.needs) == sorted(n.id for n in her_needs if n.status not in over)
    done = {LearningRequestStatus.TAKEN_UP, LearningRequestStatus.WITHDRAWN}
    assert sorted(r.id for r in made.learning_requests) == sorted(r.id for r in asked if r.status not in done)


@given(st.lists(plans(st.just(ADA.id)), max_size=4))
@FEWER
def test_the_newest_plan_that_holds(hers: list[DevelopmentPlan]) -> None:
    """The plan in an overview is the newest that was neither replaced nor withdrawn."""
    made = overview(OwnThings(plans=hers))
    alive = [plan for plan in hers if plan.status not in {PlanStatus.REPLACED, PlanStatus.WITHDRAWN}]
    assert made.plan == max(alive, key=lambda plan: (str(plan.made_on), plan.id), default=None)


@given(st.lists(suggestions(st.just(ADA.id)), max_size=4))
def test_suggestions_that_wait(hers: list[GoalSuggestion]) -> None:
    """A suggestion is shown as long as it waits for her."""
    assert overview(OwnThings(suggestions=hers)).suggestions == tuple(s for s in hers if s.is_waiting)


def test_who_rests_hears_of_nothing_but_what_others_need() -> None:
    """While she rests her overview says so, and the only next step is one that somebody else waits for."""
    rest = Rest(rest_id(ADA.id), ADA.id, date(2026, 3, 1))
    asked = FeedbackRequest(FeedbackRequestId("sam.q1"), SAM, ADA.id, "How was it?", NOW, date(2026, 4, 1))
    made = overview(OwnThings(rests=[rest], asked_of_me=[asked]))
    assert made.rest == rest
    assert [step.kind for step in made.next_steps] == [StepKind.GIVE_FEEDBACK]
    assert [step.kind for step in overview(OwnThings(rests=[rest])).next_steps] == [StepKind.NOTHING]
    over = rest.end(date(2026, 3, 2))
    assert [step.kind for step in overview(OwnThings(rests=[over])).next_steps] == [StepKind.FIND_DIRECTION]


def test_a_new_manager_and_things_to_decide_about() -> None:
    """After a change of manager a next step asks what moves along, until she has chosen."""
    lines = (ReportingLine(PersonId("old"), date(2025, 1, 1), date(2026, 2, 1)), ReportingLine(SAM, date(2026, 2, 1)))
    ada = evolve(ADA, reporting_lines=lines)
    shared = Goal(GoalId("ada.g1"), ADA.id, "Grow", NOW, audience=Audience.of("manager"), shared_on=date(2026, 1, 5))
    own = OwnThings(goals=[shared], beside=BESIDE)
    kinds = {step.kind for step in next_steps(situation_of(ada, own, NOW))}
    assert StepKind.CHOOSE_WHAT_MOVES in kinds
    chosen = HandOverChoice(HandOverChoiceId("ada.w1"), ADA.id, HandOver.FRESH_START, SAM, lines[1].since, TODAY)
    decided = evolve(own, hand_overs=[chosen])
    assert StepKind.CHOOSE_WHAT_MOVES not in {s.kind for s in next_steps(situation_of(ada, decided, NOW))}


def test_the_last_open_check_in_is_the_one_to_prepare() -> None:
    """With several open, the last is shown; one that is over is not, whether it was let pass or not."""
    one, two, held = (talk(number, closes_on=TODAY + timedelta(days=1)) for number in (1, 2, 3))
    made = overview(OwnThings(check_ins=[one, two, evolve(held, status=CheckInStatus.HELD), talk(4)]))
    assert made.check_in == two


def test_the_day_is_the_day_where_she_is() -> None:
    """Across the date line it is tomorrow already."""
    assert overview(OwnThings()).today == date(2026, 3, 3)


def test_someone_who_is_not_known_any_more_has_no_name() -> None:
    """A name that is not there is an empty text and no error."""
    made = overview(OwnThings())
    assert (made.name_of(SAM), made.name_of(PersonId("gone"))) == ("Sam", "")


@given(own_things())
@FEWER
def test_nothing_of_hers_is_left_out(own: OwnThings) -> None:
    """Every goal, reflection, choice, piece of feedback, look and decision is in the overview exactly once."""
    made = overview(own)
    alive = [standing.goal for standing in made.goals]
    assert are_the_same((*alive, *made.ended), own.goals)
    assert are_the_same(made.reflections, own.reflections)
    assert are_the_same(made.choices, own.choices)
    assert are_the_same(made.feedback, own.feedback)
    assert are_the_same(made.looks, own.looks)
    assert are_the_same(made.delegations, own.delegations)


@given(own_things())
@FEWER
def test_the_newest_comes_first(own: OwnThings) -> None:
    """What has a moment stands in the order of time, the newest on top."""
    made = overview(own)
    for moments in (
        [item.given_at for item in made.feedback],
        [item.chosen_at for item in made.choices],
        [item.written_at for item in made.reflections],
        [item.at for item in made.looks],
        [item.ended_on for item in made.ended],
    ):
        assert moments == sorted(moments, key=str, reverse=True)


@given(own_things())
@FEWER
def test_only_what_waits_is_waited_for(own: OwnThings) -> None:
    """Questions in the overview are those without an answer yet, hers and those put to her."""
    made = overview(own)
    assert list(made.waiting_for) == [request for request in own.requests if request.open_until]
    assert list(made.asked_of_me) == [request for request in own.asked_of_me if request.open_until]


@given(own_things())
@FEWER
def test_a_partner_preparation_that_is_not_ready_is_not_in_it(own: OwnThings) -> None:
    """The overview shows the other's preparation only once it is ready."""
    shown = overview(own).check_in
    if shown is not None:
        assert all(p.by_id == ADA.id or p.ready_at for p in shown.preparations)


@given(own_things())
@FEWER
def test_everyone_who_is_shown_can_be_named(own: OwnThings) -> None:
    """The ids that need a name are those of everyone that the overview mentions."""
    mentioned = people_mentioned(own)
    made = overview(own)
    assert {item.author_id for item in made.feedback} <= mentioned
    assert {look.viewer_id for look in made.looks} <= mentioned
    assert {request.asked_id for request in made.waiting_for} <= mentioned
    assert {person_id for decision in made.delegations for person_id in decision.audience.person_ids} <= mentioned
    assert {request.owner_id for request in made.asked_of_me} <= mentioned
    assert {agreement.by_id for agreement in (*made.my_promises, *made.promised_to_me)} <= mentioned
    if made.check_in is not None and made.check_in.partner_id is not None:
        assert made.check_in.partner_id in mentioned


def test_a_look_names_the_real_user_in_text_that_can_be_kept() -> None:
    """Who acted for another is kept as text, so what cannot be kept is refused under the field's name."""
    with pytest.raises(InvalidInput, match=r"look\.on_behalf_of"):
        Look("ada.v1", ADA.id, SAM, NOW, on_behalf_of="\ud800")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"look\.at"):
        Look("ada.v1", ADA.id, SAM, NOW.replace(tzinfo=None))  # type: ignore[arg-type]


def test_nothing_changes_in_place() -> None:
    """An overview cannot be set, and holds a field for everything that is hers."""
    made = overview(OwnThings())
    with pytest.raises(exceptions.FrozenInstanceError):
        made.goals = ()  # type: ignore[misc]
    assert {field.name for field in fields(OwnThings)} - {field.name for field in fields(Overview)} == {
        "beside",
        "check_ins",
        "hand_overs",
        "plans",
        "pulse_answers",
        "pulses",
        "requests",
        "rests",
    }
