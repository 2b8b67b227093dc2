"""Stored equals read: every type of the domain goes to text and back, and what is not ours is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from attrs import evolve, fields, has
from hypothesis import given, settings
from hypothesis import strategies as st

from ownership import testing
from ownership.codec import FORMAT, dump, load, plain
from ownership.domain.arrivals import Arrival
from ownership.domain.budgets import Budget, LearningRequest, Means, Money
from ownership.domain.check_ins import CheckIn
from ownership.domain.cycles import Cadence, Cycle, Participation, Period
from ownership.domain.delegations import Delegation
from ownership.domain.facts import Fact
from ownership.domain.feedback import Feedback, FeedbackRequest
from ownership.domain.figures import OrganisationFigures
from ownership.domain.goals import Goal, GoalId, GoalStatus, GoalUpdate, Measure
from ownership.domain.hand_over import HandOverChoice
from ownership.domain.initiative import SharedInitiative
from ownership.domain.journal import Look
from ownership.domain.learning import LearningChoice, LearningOption
from ownership.domain.ledger import Erasure
from ownership.domain.needs import Need
from ownership.domain.people import Audience, Membership, Person, PersonId, ReportingLine
from ownership.domain.plans import DevelopmentPlan
from ownership.domain.publication import ReleasePlan
from ownership.domain.pulse import Pulse, PulseAnswers, PulseResults
from ownership.domain.reflections import Reflection
from ownership.domain.reminders import Delivery
from ownership.domain.rests import Rest
from ownership.domain.self_checks import SelfCheck
from ownership.domain.suggestions import GoalSuggestion
from ownership.domain.team_moments import TeamMoment
from ownership.errors import InvalidInput
from ownership.workspace.records import SHELVES

DRAWN: dict[type[Any], st.SearchStrategy[Any]] = {
    Arrival: testing.arrivals(),
    Audience: testing.audiences(),
    Budget: testing.budgets(),
    Cadence: testing.cadences(),
    CheckIn: testing.check_ins(),
    Cycle: testing.cycles(),
    Delegation: testing.delegations(),
    Delivery: testing.deliveries(),
    DevelopmentPlan: testing.plans(),
    Erasure: testing.erasures(),
    Feedback: testing.feedback(),
    Need: testing.needs(),
    FeedbackRequest: testing.requests(),
    Goal: testing.goals(),
    OrganisationFigures: testing.organisation_figures(),
    HandOverChoice: testing.hand_over_choices(),
    GoalSuggestion: testing.suggestions(),
    GoalUpdate: testing.goal_updates(),
    LearningChoice: testing.choices(),
    LearningOption: testing.options(),
    LearningRequest: testing.learning_requests(),
    Look: testing.looks(),
    Means: testing.means(),
    Measure: testing.measures(),
    Money: testing.money(),
    Participation: testing.participations(),
    SharedInitiative: testing.shared_initiatives(),
    Period: testing.periods(),
    Person: testing.people(),
    ReleasePlan: testing.release_plans(),
    Pulse: testing.pulses(),
    PulseAnswers: testing.pulse_answers(),
    PulseResults: testing.pulse_results(),
    Reflection: testing.reflections(),
    TeamMoment: testing.team_moments(),
    SelfCheck: testing.self_checks(),
    Rest: testing.rests(),
}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOAL = Goal(GoalId("ada.g1"), PersonId("ada"), "Lead a workshop", NOW, why="I want to grow", due_on=date(2027, 6, 1))


def types_in(value: Any) -> list[type[Any]]:
    """Give the type of every field of a value, and of the values in it."""
    found = [getattr(value, each.name) for each in fields(type(value))]
    return [kind for each in found for kind in (types_in(each) if has(type(each)) else [type(each)])]


def with_changes(value: Any, **changes: Any) -> str:
    """Give the stored text of a value with some of its fields changed by hand."""
    return json.dumps(json.loads(dump(value)) | changes)


def problems_of(cls: type[Any], text: Any) -> str:
    """Give what is said when a text is refused."""
    with pytest.raises(InvalidInput) as refused:
        load(cls, text)
    assert all(problem.path == cls.__name__ for problem in refused.value.problems)
    return str(refused.value)


def test_everything_that_is_stored_is_drawn() -> None:
    """Each class that has a shelf in the store is among those tried here."""
    assert set(SHELVES) <= set(DRAWN)


@pytest.mark.parametrize("cls", DRAWN, ids=lambda cls: cls.__name__)
@given(data=st.data())
def test_stored_equals_read(cls: type[Any], data: st.DataObject) -> None:
    """What was written is read back equal, as the same type in every field, and written again as the same text."""
    value = data.draw(DRAWN[cls])
    text = dump(value)
    read = load(cls, text)
    assert read == value
    assert type(read) is cls
    assert types_in(read) == types_in(value)
    assert dump(read) == text
    assert json.loads(text)["format"] == FORMAT


@given(testing.instants(), st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_stored_in_utc(moment: datetime, minutes: int) -> None:
    """Whatever its offset, an instant is the same instant when it is read, and stands in UTC."""
    there = moment.astimezone(timezone(timedelta(minutes=minutes)))
    read = load(Goal, dump(evolve(GOAL, drafted_at=there)))
    assert read.drafted_at == moment
    assert read.drafted_at.utcoffset() == timedelta(0)


@given(testing.hostile_texts(), st.sampled_from(["title", "why", "theme", "closing_reflection"]))
def test_hostile_text_is_read_as_it_was_written_or_refused(text: Any, name: str) -> None:
    """A text that the domain accepts comes back to the letter, and can be written as UTF-8."""
    try:
        hostile = evolve(GOAL, status=GoalStatus.LEARNED, **{name: text})
    except InvalidInput:
        assert problems_of(Goal, with_changes(GOAL, status="learned", **{name: text}))
    else:
        stored = dump(hostile)
        assert getattr(load(Goal, stored.encode().decode()), name) == text


@given(testing.hostile_texts())
def test_the_names_in_a_persons_history_are_kept_or_refused(text: Any) -> None:
    """A department comes back to the letter, and one that could not be stored is no department."""
    try:
        person = Person(PersonId("ada"), "Ada", memberships=(Membership(text, text, date(2026, 1, 1)),))
    except InvalidInput:
        return
    assert load(Person, dump(person).encode().decode()) == person


def test_what_is_as_its_class_makes_it_takes_no_room() -> None:
    """Only fields that say something are written."""
    assert json.loads(dump(GOAL)) == {
        "id": "ada.g1",
        "owner_id": "ada",
        "title": "Lead a workshop",
        "drafted_at": "2026-03-01T12:00:00+00:00",
        "why": "I want to grow",
        "due_on": "2027-06-01",
        "format": FORMAT,
    }
    assert plain(GOAL) == {name: value for name, value in json.loads(dump(GOAL)).items() if name != "format"}


def test_a_value_does_not_change_by_being_written() -> None:
    """Writing leaves the value as it was."""
    before = evolve(GOAL)
    dump(GOAL)
    assert before == GOAL


@pytest.mark.parametrize("written_in", [0, FORMAT + 1, 99, -1, "1", True, 1.0, None, [], {}])
def test_another_format_is_refused(written_in: object) -> None:
    """What a newer release wrote, or something else, is an error and not a loss."""
    assert "this release reads" in problems_of(Goal, with_changes(GOAL, format=written_in))


def test_a_text_without_a_format_is_refused() -> None:
    """What does not say how it was written is not read."""
    body = json.loads(dump(GOAL))
    del body["format"]
    assert "format None" in problems_of(Goal, json.dumps(body))


@pytest.mark.parametrize("cls", DRAWN, ids=lambda cls: cls.__name__)
@given(data=st.data())
@settings(max_examples=5)
def test_an_unknown_field_is_refused(cls: type[Any], data: st.DataObject) -> None:
    """A field that this release does not know is refused, never dropped."""
    assert "mood" in problems_of(cls, with_changes(data.draw(DRAWN[cls]), mood="blue"))


def test_an_unknown_field_deep_inside_is_refused() -> None:
    """A field that is not known in a part of a value is refused too."""
    told = with_changes(GOAL, measure={"start": 1, "target": 2, "weight": 3})
    assert "weight" in problems_of(Goal, told)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "{",
        "{'id': 1}",
        dump(GOAL)[:-1],
        dump(GOAL) + "x",
        "\ufeff" + dump(GOAL),
        "\x00",
        '{"format":' + "9" * 5_000 + "}",
        "[" * 100_000,
    ],
    ids=range(10),
)
def test_what_is_not_json_is_refused(text: Any) -> None:
    """Cut off, nested without end or no JSON at all: it is refused with the name of what was asked for."""
    assert "JSON" in problems_of(Goal, text)


@pytest.mark.parametrize("text", ["null", "[]", "1", '"format"', "true", "{}"])
def test_json_of_something_else_is_refused(text: Any) -> None:
    """JSON that is no stored value is refused."""
    assert problems_of(Goal, text)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": None},
        {"title": 7},
        {"why": "\x00"},
        {"why": "\ud800"},
        {"why": "x" * 10_001},
        {"status": "paused"},
        {"drafted_at": "2026-03-01T12:00:00"},
        {"drafted_at": "yesterday"},
        {"drafted_at": 1_700_000_000},
        {"due_on": "2027-02-30"},
        {"due_on": "9999-01-01"},
        {"due_on": 20270101},
        {"measure": {"start": float("nan")}},
        {"measure": {"start": float("inf")}},
        {"measure": {"target": 1e300}},
        {"measure": {"start": 5, "target": 5}},
        {"measure": 7},
        {"audience": {"kind": "people"}},
        {"audience": "manager"},
        {"updates": [{"at": "2026-03-01T12:00:00+00:00"}]},
        {"updates": 7},
        {"version": "x"},
        {"version": 1.9},
    ],
    ids=str,
)
def test_the_rules_hold_when_reading_too(changes: dict[str, Any]) -> None:
    """What the domain would not accept is not accepted from a store either, and the secret text is not told."""
    said = problems_of(Goal, with_changes(GOAL, **changes))
    assert "I want to grow" not in said


@given(testing.money())
def test_a_decimal_is_stored_as_text_to_the_last_digit(amount: Money) -> None:
    """An amount is written as plain text, and read back with the digits that it had."""
    stored = json.loads(dump(amount))["amount"]
    assert (type(stored), stored) == (str, format(amount.amount, "f"))
    assert load(Money, dump(amount)).amount.as_tuple() == amount.amount.as_tuple()


@pytest.mark.parametrize(
    "amount",
    [
        *(
            [
                "NaN",
                "sNaN",
                "Infinity",
                "-Infinity",
                "1E+2",
                "1e2",
                "1E-7",
                "0.00001",
                "1_000",
                "+1",
                ".5",
                "5.",
                "0x1",
                "1,5",
            ]
        ),
        *(" 1", "1 ", "", "\u0661", "1" * 40, 1, 1.5, True, None, [], {}),
    ],
    ids=repr,
)
def test_what_is_no_plain_decimal_is_refused(amount: object) -> None:
    """Without an end, with an exponent, with more decimals than money has, or not as text: it is refused."""
    assert problems_of(Money, with_changes(Money("1.50", "EUR"), amount=amount))


def test_what_an_earlier_release_wrote_is_read() -> None:
    """A resumed goal and a person, as they were stored before, are the same now."""
    stored = (
        '{"id":"ada.g1","owner_id":"ada","title":"Lead a workshop","drafted_at":"2026-03-01T12:00:00+00:00",'
        '"milestones":[{"id":"m1","title":"Ask"}],"updates":[{"at":"2026-03-02T12:00:00+00:00","progress":40.0}],'
        '"status":"active","started_on":"2026-03-01","closing_reflection":"As I saw it then","version":5,"format":1}'
    )
    goal = load(Goal, stored)
    assert (goal.progress, goal.closing_reflection, goal.earlier_ends) == (0.4, "As I saw it then", ())
    assert json.loads(dump(goal)) == json.loads(stored) | {"format": FORMAT}
    person = (
        '{"id":"ada","display_name":"Ada","partner_id":"liam","partner_since":"2026-01-05","reporting_lines":'
        '[{"manager_id":"sam","since":"2026-01-05","until":"2026-02-01"},{"manager_id":"zoe","since":"2026-02-01"}],'
        '"version":3,"format":1}'
    )
    assert json.loads(dump(load(Person, person))) == json.loads(person) | {"format": FORMAT}


def test_what_is_kept_beside_a_body_need_not_stand_in_it() -> None:
    """A body can leave fields out, and is then read with them; what stands in a body itself goes first."""
    body = dump(GOAL, ("id", "owner_id", "version"))
    assert json.loads(body).keys() == {"title", "drafted_at", "why", "due_on", "format"}
    assert load(Goal, body, {"id": "ada.g1", "owner_id": "ada", "version": 0}) == GOAL
    assert load(Goal, dump(GOAL), {"id": "ada.g2"}) == GOAL
    assert "owner_id" in problems_of(Goal, body)


def test_a_missing_field_is_refused() -> None:
    """What every value of a class has is needed."""
    body = json.loads(dump(GOAL))
    del body["title"]
    assert "title" in problems_of(Goal, json.dumps(body))


def test_every_problem_is_told() -> None:
    """Not only the first problem is told but all of them."""
    with pytest.raises(InvalidInput) as refused:
        load(Goal, with_changes(GOAL, due_on="x", drafted_at="y", status="z"))
    assert len(refused.value.problems) == 3


def test_parts_of_values_can_be_written_alone() -> None:
    """Lines, memberships and facts go to text and back like whole values."""
    for value in (
        ReportingLine(PersonId("sam"), date(2026, 1, 1), date(2026, 2, 1)),
        Membership("Sales", "North", date(2026, 1, 1)),
        Fact("GoalShared", PersonId("ada"), "ada.g1", NOW),
    ):
        assert has(type(value))
        assert fields(type(value))
        assert load(type(value), dump(value)) == value
