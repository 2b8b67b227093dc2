"""Hypothesis strategies for all types of the domain: values as people make them, each one that may be stored.

``of`` draws whose a thing is; give ``st.just(person.id)`` to make things of one person, or leave it out for someone.
Ids begin with their owner's, as the workspace makes them.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ownership.domain.arrivals import Arrival, ArrivalId, NamedPerson
from ownership.domain.budgets import (
    Budget,
    BudgetId,
    LearningRequest,
    LearningRequestId,
    LearningRequestStatus,
    Means,
    Money,
)
from ownership.domain.bundle import Belongings, Bundle, Written, as_taken_along
from ownership.domain.check_ins import (
    AgendaItem,
    AgendaItemId,
    Agreement,
    AgreementId,
    CheckIn,
    CheckInId,
    CheckInStatus,
    Preparation,
)
from ownership.domain.cohorts import FLOOR, Group
from ownership.domain.cycles import (
    Cadence,
    Cycle,
    CycleId,
    CycleStatus,
    Participation,
    ParticipationId,
    Period,
    Rhythm,
    RhythmScope,
)
from ownership.domain.delegations import Delegation, DelegationId, DelegationStatus
from ownership.domain.directions import Direction, DirectionId, DirectionKind, DirectionText
from ownership.domain.experiments import Experiment, ExperimentId, ExperimentStatus
from ownership.domain.feedback import (
    Feedback,
    FeedbackId,
    FeedbackKind,
    FeedbackRequest,
    FeedbackRequestId,
    RequestStatus,
)
from ownership.domain.figures import (
    CHANGE_EDGES,
    FEWEST_FOR_CHANGES,
    Change,
    FiguresId,
    OrganisationFigures,
    Window,
)
from ownership.domain.goals import ALIVE, Ending, Goal, GoalId, GoalStatus, GoalUpdate, Measure, Milestone, MilestoneId
from ownership.domain.hand_over import HandOver, HandOverChoice, HandOverChoiceId
from ownership.domain.initiative import (
    InitiativeBalance,
    InitiativeKind,
    SharedInitiative,
    Sides,
    shared_initiative_id,
)
from ownership.domain.journal import Look, LookId
from ownership.domain.learning import (
    ChoiceStatus,
    Helped,
    LearningChoice,
    LearningChoiceId,
    LearningKind,
    LearningOption,
    LearningOptionId,
    OptionStatus,
    WasReal,
)
from ownership.domain.ledger import Erasure, erasure_of
from ownership.domain.moments import EARLIEST, LATEST
from ownership.domain.needs import Need, NeedId, NeedStatus
from ownership.domain.people import Audience, AudienceKind, Membership, Person, PersonId, ReportingLine, Shift
from ownership.domain.plans import (
    Acknowledgement,
    DevelopmentPlan,
    DevelopmentPlanId,
    PlanContents,
    PlannedAgreement,
    PlannedChoice,
    PlannedGoal,
    PlanStatus,
)
from ownership.domain.publication import (
    EDGES,
    ReleasePlan,
    bands_between,
    first_plan,
    next_plan,
    publish,
    release_plan_id,
    usefulness,
)
from ownership.domain.pulse import (
    NeedChoice,
    Pulse,
    PulseAnswers,
    PulseId,
    PulseReply,
    PulseResults,
    PulseResultsId,
    PulseStatus,
    open_pulse,
    publish_pulse,
    pulse_answers_id,
)
from ownership.domain.reflections import Context, Prompt, PromptId, PromptRole, Reflection, ReflectionId, Theme
from ownership.domain.reminders import Delivery, DeliveryId, DeliveryStatus, ReminderKind
from ownership.domain.rests import Rest, rest_id
from ownership.domain.scales import Polarity, ScaleQuestion
from ownership.domain.self_checks import SelfCheck, SelfCheckId
from ownership.domain.suggestions import GoalSuggestion, SuggestionId, SuggestionStatus
from ownership.domain.team_moments import (
    Contribution,
    MomentStatus,
    TeamAgreement,
    TeamMoment,
    TeamMomentId,
    TeamQuestion,
)
from ownership.domain.texts import LINE_LIMIT

_ID_LETTERS = string.ascii_lowercase + string.digits
_HIDDEN = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029, 0xFFFE, 0xFFFF)))
_ON_A_LINE = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=_HIDDEN)
_IN_A_TEXT = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=_HIDDEN, include_characters="\n\r\t")
_ZONES = ("UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe")
_RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=10",
    "FREQ=WEEKLY;BYDAY=MO",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=MO",
    "FREQ=MONTHLY;BYDAY=1TU",
    "FREQ=MONTHLY;BYDAY=5TU",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
    "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=15",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=WE",
)

HOSTILE = (
    "",
    "\x00",
    "a\x00b",
    "\x1b[2J",
    "\ud800",
    "\udfff tail",
    "evil\u202etxt.exe",
    "\u2066isolate\u2069",
    "line\u2028separator",
    "\ufffe",
    "\uffff",
    "\r\nBcc: all@example.org",
    "=?utf-8?q?=0ABcc:_all=40example.org?=",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; DROP TABLE records; --",
    "{{ 7 * 7 }}",
    "javascript:alert(1)",
    "../../etc/passwd",
    "é\u0301\u200d\U0001f469\u200d\U0001f680",
    "\u200b",
    "\x85",
    "x" * 10_001,
)
"""Texts that break what is careless.

Controls, surrogates, reordering, markup, formulas, headers, and one that is too long.
"""


def lines(max_size: int = 40) -> SearchStrategy[str]:
    """Draw one line of text with something on it: a title or a name."""
    return st.text(_ON_A_LINE, min_size=1, max_size=min(max_size, LINE_LIMIT)).filter(str.strip)


def paragraphs(max_size: int = 80) -> SearchStrategy[str]:
    """Draw text that may be kept, of any number of lines; it may be empty."""
    return st.text(_IN_A_TEXT, max_size=max_size)


def writings(max_size: int = 80) -> SearchStrategy[str]:
    """Draw text that may be kept and says something."""
    return st.text(_IN_A_TEXT, min_size=1, max_size=max_size).filter(str.strip)


def hostile_texts() -> SearchStrategy[str]:
    """Draw text that breaks what is careless.

    All of Unicode with its surrogates, and the samples of :data:`HOSTILE`.
    """
    return st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=60))


def days(first: date = date(2024, 1, 1), last: date = date(2028, 12, 31)) -> SearchStrategy[date]:
    """Draw a calendar day, by default from a few years around now, so that days often meet."""
    earliest, latest = max(first, EARLIEST), min(last, LATEST)
    return st.integers(earliest.toordinal(), latest.toordinal()).map(date.fromordinal)


def instants(first: date = date(2024, 1, 1), last: date = date(2028, 12, 31)) -> SearchStrategy[datetime]:
    """Draw a moment in UTC, to the microsecond, on the days from the first to the last."""
    midnight = datetime.combine(max(first, EARLIEST), time(), tzinfo=UTC)
    length = (min(last, LATEST) - max(first, EARLIEST) + timedelta(days=1)) // timedelta(microseconds=1)
    return st.integers(0, length - 1).map(lambda passed: midnight + timedelta(microseconds=passed))


def person_ids() -> SearchStrategy[PersonId]:
    """Draw the id of a person."""
    return st.integers(0, 9_999).map(lambda number: PersonId(f"p{number}"))


SOMEONE = person_ids()
"""The id of just anyone."""


def _ids(owner_id: str, letter: str) -> SearchStrategy[str]:
    return st.integers(0, 9_999).map(lambda number: f"{owner_id}.{letter}{number}")


def audiences() -> SearchStrategy[Audience]:
    """Draw an audience of any kind."""
    named = st.lists(person_ids(), min_size=1, max_size=3, unique=True).map(Audience.of)
    kinds = st.sampled_from([kind for kind in AudienceKind if kind is not AudienceKind.PEOPLE])
    return st.one_of(kinds.map(Audience), named)


@st.composite
def _spans(draw: DrawFn) -> list[tuple[date, date | None]]:
    """Draw spans of days that follow each other without overlap; the last may still go on."""
    edges = sorted(draw(st.lists(days(), max_size=4, unique=True)))
    return [(since, until) for since, until in zip_longest(edges, edges[1:]) if draw(st.booleans())]


@st.composite
def reporting_lines(draw: DrawFn, to: SearchStrategy[PersonId] = SOMEONE) -> tuple[ReportingLine, ...]:
    """Draw to whom someone reported over the years: lines that follow each other, with gaps perhaps."""
    return tuple(ReportingLine(draw(to), since, until) for since, until in draw(_spans()))


@st.composite
def memberships(draw: DrawFn) -> tuple[Membership, ...]:
    """Draw the departments and teams that someone was in over the years."""
    groups = st.one_of(st.sampled_from(["", "Sales", "Care"]), lines())
    return tuple(Membership(draw(groups), draw(groups), since, until) for since, until in draw(_spans()))


@st.composite
def people(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Person:
    """Draw a person, with a history of managers and teams."""
    name = draw(st.text(_ID_LETTERS, min_size=1, max_size=8))
    id_ = draw(of)
    others = person_ids().filter(lambda other: other != id_)
    partner_id = draw(st.none() | others)
    return Person(
        id=id_,
        display_name=draw(lines()),
        external_id=draw(paragraphs(12)),
        source=draw(st.sampled_from(["", "csv", "afas"])),
        email=draw(st.none() | st.just(f"{name}@example.org")),
        employee_number=draw(paragraphs(12)),
        title=draw(paragraphs(20)),
        active=draw(st.booleans()),
        on_leave=draw(st.booleans()),
        locale=draw(st.sampled_from(["en", "nl", "nl-BE", "en_GB"])),
        timezone=draw(st.sampled_from(_ZONES)),
        locale_override=draw(st.none() | st.sampled_from(["nl", "en-US"])),
        timezone_override=draw(st.none() | st.sampled_from(_ZONES)),
        shift=draw(st.sampled_from(Shift)),
        start_on=draw(st.none() | days()),
        end_on=draw(st.none() | days()),
        partner_id=partner_id,
        partner_since=draw(days()) if partner_id else None,
        is_without_partner=partner_id is None and draw(st.booleans()),
        reporting_lines=draw(reporting_lines(others)),
        memberships=draw(memberships()),
        version=draw(st.integers(0, 9)),
    )


def figures() -> SearchStrategy[float]:
    """Draw a figure that a goal can have: whole or broken, small or very large."""
    small = st.integers(-1_000, 1_000)
    return st.one_of(small.map(float), st.floats(-1e15, 1e15, allow_nan=False))


@st.composite
def measures(draw: DrawFn) -> Measure:
    """Draw a figure to raise, to reduce or to hold."""
    start, target = draw(figures()), draw(figures())
    is_held = start == target or draw(st.booleans())
    tolerance = draw(st.floats(0, 1e15)) if is_held else None
    return Measure(start, target, draw(paragraphs(6)), tolerance)


@st.composite
def milestones(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Milestone:
    """Draw a step on the way to a goal."""
    return Milestone(
        id=MilestoneId(draw(_ids(draw(of), "m"))),
        title=draw(lines()),
        due_on=draw(st.none() | days()),
        done_on=draw(st.none() | days()),
    )


@st.composite
def experiments(draw: DrawFn) -> Experiment:
    """Draw a small trial inside a goal, under way or over."""
    status = draw(st.sampled_from(ExperimentStatus))
    is_over = status is not ExperimentStatus.TRYING
    return Experiment(
        id=ExperimentId(f"x{draw(st.integers(1, 99))}"),
        what=draw(writings()),
        begun_at=draw(instants()),
        until=draw(st.none() | days()),
        status=status,
        saw=draw(paragraphs()) if is_over else "",
        concluded_at=draw(instants()) if is_over else None,
    )


def endings() -> SearchStrategy[Ending]:
    """Draw how a goal ended before it was taken up again."""
    return st.builds(
        Ending, st.sampled_from([status for status in GoalStatus if status not in ALIVE]), days(), paragraphs()
    )


@st.composite
def goal_updates(draw: DrawFn) -> GoalUpdate:
    """Draw how a goal was going: a figure, a confidence or a note, at least one of them."""
    progress, confidence = draw(st.none() | figures()), draw(st.none() | st.integers(1, 10))
    note = draw(writings() if progress is None and confidence is None else paragraphs())
    return GoalUpdate(draw(instants()), progress, confidence, note)


def _shared(draw: DrawFn) -> dict[str, Any]:
    audience = draw(audiences())
    return {"audience": audience, "shared_on": None if audience.is_private else draw(days())}


@st.composite
def goals(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Goal:
    """Draw a goal in any status, with its milestones and what was recorded, in the order of time."""
    owner_id, status = draw(of), draw(st.sampled_from(GoalStatus))
    has_ended = status not in ALIVE
    is_resumed = status is not GoalStatus.DRAFT and draw(st.booleans())
    several_lines = st.lists(lines(12), max_size=2).map(tuple)
    others = person_ids().filter(lambda id_: id_ != owner_id)
    return Goal(
        id=GoalId(draw(_ids(owner_id, "g"))),
        owner_id=owner_id,
        title=draw(lines()),
        drafted_at=draw(instants()),
        why=draw(paragraphs()),
        theme=draw(paragraphs(12)),
        skills=draw(several_lines),
        strengths=draw(several_lines),
        due_on=draw(st.none() | days()),
        measure=draw(st.none() | measures()),
        milestones=tuple(draw(st.lists(milestones(st.just(owner_id)), max_size=2, unique_by=lambda m: m.id))),
        experiments=tuple(draw(st.lists(experiments(), max_size=2, unique_by=lambda experiment: experiment.id))),
        updates=tuple(sorted(draw(st.lists(goal_updates(), max_size=3)), key=lambda update: update.at)),
        status=status,
        started_on=None if status is GoalStatus.DRAFT else draw(days()),
        ended_on=draw(days()) if has_ended else None,
        closing_reflection=draw(paragraphs()) if has_ended else "",
        resumed_on=draw(days()) if is_resumed else None,
        earlier_ends=tuple(draw(st.lists(endings(), min_size=1, max_size=2))) if is_resumed else (),
        supporter_ids=tuple(draw(st.lists(others, max_size=2, unique=True))),
        version=draw(st.integers(0, 9)),
        **_shared(draw),
    )


@st.composite
def suggestions(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> GoalSuggestion:
    """Draw a goal that a colleague suggests to someone, in any status."""
    owner_id, status = draw(of), draw(st.sampled_from(SuggestionStatus))
    is_accepted = status is SuggestionStatus.ACCEPTED
    return GoalSuggestion(
        id=SuggestionId(draw(_ids(owner_id, "s"))),
        owner_id=owner_id,
        author_id=draw(person_ids().filter(lambda id_: id_ != owner_id)),
        title=draw(lines()),
        suggested_at=draw(instants()),
        why=draw(paragraphs()),
        theme=draw(paragraphs(12)),
        status=status,
        goal_id=GoalId(draw(_ids(owner_id, "g"))) if is_accepted else None,
        version=draw(st.integers(0, 9)),
    )


def cadences() -> SearchStrategy[Cadence]:
    """Draw a rhythm of days, from daily to yearly."""
    return st.builds(Cadence, st.sampled_from(_RULES), days())


@st.composite
def periods(draw: DrawFn) -> Period:
    """Draw one occurrence of a cycle."""
    starts_on = draw(days())
    return Period(draw(st.integers(1, 500)), starts_on, starts_on + timedelta(days=draw(st.integers(1, 366))))


def rhythms() -> SearchStrategy[Rhythm]:
    """Draw a cadence for a department, a team or a person."""
    return st.builds(Rhythm, st.sampled_from(RhythmScope), lines(12), cadences())


@st.composite
def shared_initiatives(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> SharedInitiative:
    """Draw the balance that someone showed her partner, or took back."""
    owner_id = draw(of)
    counts = st.builds(Sides, st.integers(0, 99), st.integers(0, 99))
    return SharedInitiative(
        id=shared_initiative_id(owner_id),
        owner_id=owner_id,
        balance=InitiativeBalance(
            draw(st.integers(0, 99)), draw(st.dictionaries(st.sampled_from(InitiativeKind), counts))
        ),
        shared_on=draw(st.none() | days()),
        version=draw(st.integers(0, 9)),
    )


@st.composite
def participations(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Participation:
    """Draw how someone takes part in a cycle, in her own rhythm or that of her group."""
    owner_id = draw(of)
    return Participation(
        id=ParticipationId(draw(_ids(owner_id, "j"))),
        owner_id=owner_id,
        cycle_id=CycleId(draw(_ids("organisation", "y"))),
        cadence=draw(st.none() | cadences()),
        last=draw(st.none() | periods()),
        version=draw(st.integers(0, 9)),
    )


@st.composite
def cycles(draw: DrawFn) -> Cycle:
    """Draw a programme of check-ins, for everyone or for people that are named."""
    named = st.lists(person_ids(), max_size=3, unique=True).map(tuple)
    open_days = draw(st.integers(1, 366))
    special = st.lists(rhythms(), max_size=2, unique_by=lambda rhythm: (rhythm.scope, rhythm.name))
    return Cycle(
        id=CycleId(draw(_ids("organisation", "y"))),
        name=draw(lines()),
        cadence=draw(cadences()),
        person_ids=draw(st.none() | named),
        open_days=open_days,
        status=draw(st.sampled_from(CycleStatus)),
        prepare_days=draw(st.integers(0, open_days - 1)),
        rhythms=tuple(draw(special)),
        version=draw(st.integers(0, 9)),
    )


def agenda_items(of: SearchStrategy[PersonId] = SOMEONE) -> SearchStrategy[AgendaItem]:
    """Draw something that one of the two wants to talk about."""
    return st.builds(AgendaItem, writings(), of)


def preparations(of: SearchStrategy[PersonId] = SOMEONE) -> SearchStrategy[Preparation]:
    """Draw what one of the two thought of beforehand, ready or not."""
    return st.builds(Preparation, of, paragraphs(), paragraphs(), paragraphs(), st.none() | instants())


@st.composite
def agreements(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Agreement:
    """Draw what one of the two promised."""
    by_id = draw(of)
    return Agreement(
        id=AgreementId(draw(_ids(by_id, "a"))),
        text=draw(writings()),
        by_id=by_id,
        due_on=draw(st.none() | days()),
        done_on=draw(st.none() | days()),
        released_on=draw(st.none() | days()),
        taken_over_by_id=draw(st.none() | person_ids()),
    )


@st.composite
def check_ins(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> CheckIn:
    """Draw a check-in in any status, prepared by neither, one or both of the two."""
    owner_id, partner_id = draw(of), draw(st.none() | person_ids())
    period, status = draw(periods()), draw(st.sampled_from(CheckInStatus))
    the_two = st.sampled_from([owner_id, partner_id or owner_id])
    prepared = st.lists(preparations(the_two), max_size=2, unique_by=lambda preparation: preparation.by_id)
    promised = st.lists(agreements(the_two), max_size=2, unique_by=lambda agreement: agreement.id)
    id_ = draw(_ids(owner_id, "k"))
    topics = draw(st.lists(agenda_items(the_two), max_size=2))
    return CheckIn(
        id=CheckInId(id_),
        owner_id=owner_id,
        cycle_id=CycleId(draw(_ids("organisation", "y"))),
        period=period,
        closes_on=draw(days(period.starts_on, period.ends_on)),
        partner_id=partner_id,
        agenda=tuple(evolve(item, id=AgendaItemId(f"{id_}#{number}")) for number, item in enumerate(topics, start=1)),
        preparations=tuple(draw(prepared)),
        agreements=tuple(draw(promised)) if status is CheckInStatus.HELD else (),
        status=status,
        held_on=draw(days()) if status is CheckInStatus.HELD else None,
        talk_on=draw(st.none() | days(period.starts_on, period.ends_on)),
        reveals_together=draw(st.booleans()),
        topics_raised=len(topics),
        version=draw(st.integers(0, 9)),
        **_shared(draw),
    )


def _translations() -> SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({"en": writings()}, optional={"nl": writings()})


@st.composite
def prompts(draw: DrawFn) -> Prompt:
    """Draw a question to think about, in English and perhaps in Dutch; it may be one to begin with."""
    others = _ids("starter", "").map(PromptId)
    own_id = draw(others)
    return Prompt(
        id=own_id,
        theme=draw(st.sampled_from(Theme)),
        texts=draw(_translations()),
        role=draw(st.sampled_from(PromptRole)),
        need=draw(st.sampled_from(["", "autonomy", "competence", "relatedness"])),
        minutes=draw(st.integers(1, 10)),
        contexts=draw(st.frozensets(st.sampled_from(Context), max_size=2)),
        follow_ups=tuple(id_ for id_ in draw(st.lists(others, max_size=2, unique=True)) if id_ != own_id),
        opening=draw(st.none() | st.integers(1, 9)),
    )


@st.composite
def reflections(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Reflection:
    """Draw an answer to a prompt."""
    owner_id = draw(of)
    return Reflection(
        id=ReflectionId(draw(_ids(owner_id, "r"))),
        owner_id=owner_id,
        prompt_id=PromptId(draw(_ids("starter", ""))),
        question=draw(writings()),
        text=draw(writings()),
        written_at=draw(instants()),
        theme=draw(st.sampled_from(Theme)),
        version=draw(st.integers(0, 9)),
        **_shared(draw),
    )


def _links() -> SearchStrategy[str]:
    return st.text(_ID_LETTERS, min_size=1, max_size=12).map(lambda path: f"https://example.org/{path}")


def _in_languages(texts: SearchStrategy[str]) -> SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(["en", "nl", "de"]), texts, max_size=2)


def money(currency: str = "") -> SearchStrategy[Money]:
    """Draw an amount from zero up, with at most four decimals, in a currency or in any."""
    amounts = st.decimals(0, 10**9, allow_nan=False, places=4) | st.integers(0, 5_000).map(Decimal)
    return st.builds(Money, amounts, st.just(currency) if currency else st.sampled_from(["EUR", "USD", "JPY", "TND"]))


def means(currency: str = "") -> SearchStrategy[Means]:
    """Draw money and hours from zero up; either may be absent."""
    return st.builds(Means, st.none() | money(currency), st.decimals(0, 2_000, allow_nan=False, places=2))


@st.composite
def budgets(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Budget:
    """Draw a budget: of a person, of a group, or of everyone."""
    owner_id = draw(st.just(PersonId("organisation")) | of)
    is_of_a_group = owner_id == "organisation"
    groups = st.sampled_from(["", "Sales", "Care"])
    return Budget(
        id=BudgetId(draw(_ids(owner_id, "b"))),
        owner_id=owner_id,
        year=draw(st.integers(2024, 2028)),
        means=draw(means()),
        department=draw(groups) if is_of_a_group else "",
        team=draw(groups) if is_of_a_group else "",
        version=draw(st.integers(0, 9)),
    )


@st.composite
def learning_requests(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> LearningRequest:
    """Draw a request above the budget, in any status."""
    owner_id, status = draw(of), draw(st.sampled_from(LearningRequestStatus))
    is_answered = status not in {LearningRequestStatus.ASKED, LearningRequestStatus.WITHDRAWN}
    return LearningRequest(
        id=LearningRequestId(draw(_ids(owner_id, "x"))),
        owner_id=owner_id,
        asked_id=draw(person_ids()),
        option_id=draw(_ids("catalogue", "o")),
        title=draw(lines()),
        cost=draw(means().filter(lambda cost: not cost.is_nothing)),
        asked_at=draw(instants()),
        answer_by_on=draw(days()),
        why=draw(paragraphs()),
        status=status,
        answered_on=draw(days()) if is_answered else None,
        because=draw(writings()) if status is LearningRequestStatus.DECLINED else "",
        asked_again_on=draw(st.none() | days()),
        shared_on=draw(st.none() | days()),
        version=draw(st.integers(0, 9)),
    )


@st.composite
def options(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> LearningOption:
    """Draw a way of learning: from a catalogue, or offered by a colleague."""
    owner_id = draw(st.just(PersonId("")) | of)
    return LearningOption(
        id=LearningOptionId(draw(_ids(owner_id or "catalogue", "o"))),
        kind=draw(st.sampled_from(LearningKind)),
        title=draw(lines()),
        description=draw(paragraphs()),
        themes=tuple(draw(st.lists(st.one_of(st.sampled_from(["speaking", "planning"]), lines(12)), max_size=2))),
        hours=draw(st.none() | st.floats(0, 10_000)),
        link=draw(st.just("") | _links()),
        is_mandatory=draw(st.booleans()),
        titles=draw(_in_languages(lines())),
        descriptions=draw(_in_languages(paragraphs())),
        places_left=draw(st.none() | st.integers(0, 3)),
        status=draw(st.sampled_from(OptionStatus)),
        owner_id=owner_id,
        version=draw(st.integers(0, 9)),
        **_shared(draw),
    )


@st.composite
def choices(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> LearningChoice:
    """Draw what someone chose to learn from, for a goal or on its own."""
    owner_id, status = draw(of), draw(st.sampled_from(ChoiceStatus))
    has_ended = status is not ChoiceStatus.CHOSEN
    kinds = st.sampled_from(LearningKind).map(str)
    return LearningChoice(
        id=LearningChoiceId(draw(_ids(owner_id, "l"))),
        owner_id=owner_id,
        option_id=LearningOptionId(draw(_ids("catalogue", "o"))),
        kind=draw(st.sampled_from(LearningKind)),
        title=draw(lines()),
        chosen_at=draw(instants()),
        goal_id=draw(st.none() | _ids(owner_id, "g")),
        why=draw(paragraphs()),
        options_seen=draw(st.dictionaries(kinds, st.integers(1, 9), max_size=4)),
        status=status,
        ended_on=draw(days()) if has_ended else None,
        looking_back=draw(paragraphs()) if has_ended else "",
        helped=draw(st.none() | st.sampled_from(Helped)) if has_ended else None,
        was_real=draw(st.none() | st.sampled_from(WasReal)),
        cost=draw(means()),
        request_id=draw(st.none() | _ids(owner_id, "x").map(LearningRequestId)),
        instead_of_id=draw(st.none() | _ids(owner_id, "l").map(LearningChoiceId)),
        version=draw(st.integers(0, 9)),
        **_shared(draw),
    )


@st.composite
def requests(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> FeedbackRequest:
    """Draw a question for feedback, in any status."""
    owner_id = draw(of)
    return FeedbackRequest(
        id=FeedbackRequestId(draw(_ids(owner_id, "q"))),
        owner_id=owner_id,
        asked_id=draw(person_ids()),
        question=draw(writings()),
        asked_at=draw(instants()),
        expires_on=draw(days()),
        about=draw(paragraphs(12)),
        kind=draw(st.sampled_from(FeedbackKind)),
        status=draw(st.sampled_from(RequestStatus)),
        shared_on=draw(st.none() | days()),
        version=draw(st.integers(0, 9)),
    )


@st.composite
def feedback(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Feedback:
    """Draw what a colleague gave back, asked for or not."""
    owner_id = draw(of)
    return Feedback(
        id=FeedbackId(draw(_ids(owner_id, "f"))),
        owner_id=owner_id,
        author_id=draw(person_ids()),
        text=draw(writings()),
        given_at=draw(instants()),
        question=draw(paragraphs()),
        about=draw(paragraphs(12)),
        request_id=draw(st.none() | _ids(owner_id, "q").map(FeedbackRequestId)),
        kind=draw(st.sampled_from(FeedbackKind)),
        read_on=draw(st.none() | days()),
        thanked_on=draw(st.none() | days()),
        version=draw(st.integers(0, 9)),
        **_shared(draw),
    )


@st.composite
def planned_goals(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> PlannedGoal:
    """Draw the copy of a goal in a plan."""
    return PlannedGoal(
        goal_id=GoalId(draw(_ids(draw(of), "g"))),
        title=draw(lines()),
        why=draw(paragraphs()),
        due_on=draw(st.none() | days()),
        progress=draw(st.none() | st.floats(0, 1)),
    )


@st.composite
def planned_choices(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> PlannedChoice:
    """Draw the copy of a chosen way of learning in a plan."""
    choice_id = LearningChoiceId(draw(_ids(draw(of), "l")))
    return PlannedChoice(choice_id, draw(st.sampled_from(LearningKind)), draw(lines()), draw(paragraphs()))


@st.composite
def planned_agreements(
    draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE, by: SearchStrategy[PersonId] = SOMEONE
) -> PlannedAgreement:
    """Draw the copy of an open agreement in a plan, made in a talk of one person and promised by another perhaps."""
    agreement_id = AgreementId(f"{draw(_ids(draw(of), 'k'))}/{draw(st.integers(1, 99))}")
    return PlannedAgreement(agreement_id, draw(by), draw(writings()), draw(st.none() | days()))


@st.composite
def plan_contents(
    draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE, by: SearchStrategy[PersonId] = SOMEONE
) -> PlanContents:
    """Draw what is in a plan of a person: at least one thing, and agreements that others promised perhaps."""
    owner = st.just(draw(of))
    goals_ = draw(st.lists(planned_goals(owner), max_size=2, unique_by=lambda goal: goal.goal_id))
    choices_ = draw(st.lists(planned_choices(owner), max_size=2, unique_by=lambda choice: choice.choice_id))
    promised = st.lists(
        planned_agreements(owner, by),
        min_size=0 if goals_ or choices_ else 1,
        max_size=2,
        unique_by=lambda agreement: agreement.agreement_id,
    )
    return PlanContents(tuple(goals_), tuple(choices_), tuple(draw(promised)))


@st.composite
def plans(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> DevelopmentPlan:
    """Draw a development plan in any status, offered to nobody yet or to somebody else, acknowledged by who could."""
    owner_id, status = draw(of), draw(st.sampled_from(PlanStatus))
    other_id = draw(person_ids().filter(lambda person_id: person_id != owner_id))
    is_alone = status is PlanStatus.DRAFTED or (status is PlanStatus.WITHDRAWN and draw(st.booleans()))
    signed = {PlanStatus.DRAFTED: 0, PlanStatus.OFFERED: 0, PlanStatus.ACKNOWLEDGED: 1}.get(status, 2)
    if status is PlanStatus.WITHDRAWN:
        signed = 0 if is_alone else draw(st.integers(0, 2))
    in_order = draw(st.permutations([owner_id, other_id]))
    return DevelopmentPlan(
        id=DevelopmentPlanId(draw(_ids(owner_id, "p"))),
        owner_id=owner_id,
        made_on=draw(days()),
        contents=draw(plan_contents(st.just(owner_id), st.sampled_from([owner_id, other_id]))),
        status=status,
        partner_id=None if is_alone else other_id,
        shared_on=None if is_alone or status is PlanStatus.WITHDRAWN else draw(days()),
        talk_asked_on=None if is_alone else draw(st.none() | days()),
        acknowledgements=tuple(Acknowledgement(by_id, draw(days())) for by_id in in_order[:signed]),
        version=draw(st.integers(0, 9)),
    )


@st.composite
def direction_texts(draw: DrawFn) -> DirectionText:
    """Draw the words of a direction, as a pack brings them, for all answers or for some."""
    cues = st.lists(st.text(_ID_LETTERS, min_size=1, max_size=6), min_size=1, max_size=3).map(tuple)
    return DirectionText(
        id=DirectionId(draw(_ids("starter", ""))),
        kind=draw(st.sampled_from(DirectionKind)),
        prompt_id=PromptId(draw(_ids("starter", ""))),
        theme=draw(st.sampled_from(Theme)),
        titles=draw(st.fixed_dictionaries({"en": lines()}, optional={"nl": lines()})),
        reasons=draw(_translations()),
        cues=draw(st.dictionaries(st.sampled_from(["en", "nl"]), cues, max_size=2)),
    )


@st.composite
def directions(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Direction:
    """Draw a way to go, with what someone wrote beside it."""
    return Direction(
        id=DirectionId(draw(_ids("starter", ""))),
        kind=draw(st.sampled_from(DirectionKind)),
        title=draw(lines()),
        because=draw(writings()),
        words=draw(writings()),
        reflection_id=ReflectionId(draw(_ids(draw(of), "r"))),
        theme=draw(st.sampled_from(Theme)),
    )


@st.composite
def rests(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Rest:
    """Draw the rest of a person: with an end or without, ended or not."""
    owner_id, since = draw(of), draw(days())
    return Rest(
        id=rest_id(owner_id),
        owner_id=owner_id,
        since=since,
        until=draw(st.none() | days(since + timedelta(days=1), since + timedelta(days=400))),
        ended_on=draw(st.none() | days(since, since + timedelta(days=400))),
        version=draw(st.integers(0, 9)),
    )


@st.composite
def team_questions(draw: DrawFn) -> TeamQuestion:
    """Draw a question for a team, in English and perhaps in Dutch."""
    translations = {"en": draw(writings())} | ({"nl": draw(writings())} if draw(st.booleans()) else {})
    return TeamQuestion(draw(_ids("starter", "")), translations)


def contributions(of: SearchStrategy[PersonId] = SOMEONE) -> SearchStrategy[Contribution]:
    """Draw what someone brings to a team moment, shown to the others or not."""
    return st.builds(Contribution, of, writings(), st.none() | instants())


def team_agreements(of: SearchStrategy[PersonId] = SOMEONE) -> SearchStrategy[TeamAgreement]:
    """Draw what a team agreed on: all of it, or one of its people."""
    return st.builds(TeamAgreement, writings(), st.none() | of, st.none() | days())


@st.composite
def team_moments(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> TeamMoment:
    """Draw a team moment in any status, to which some bring something."""
    owner_id, status = draw(of), draw(st.sampled_from(MomentStatus))
    others = draw(st.lists(person_ids().filter(lambda id_: id_ != owner_id), min_size=1, max_size=3, unique=True))
    invited = draw(st.permutations([owner_id, *others]))
    one_of_them = st.sampled_from(invited)
    brought = st.lists(contributions(one_of_them), max_size=3, unique_by=lambda contribution: contribution.by_id)
    is_held = status is MomentStatus.HELD
    return TeamMoment(
        id=TeamMomentId(draw(_ids(owner_id, "m"))),
        owner_id=owner_id,
        theme=draw(lines()),
        meets_on=draw(days()),
        participant_ids=tuple(invited),
        department=draw(paragraphs(12)),
        team=draw(paragraphs(12)),
        questions=tuple(draw(st.lists(writings(), max_size=3))),
        contributions=tuple(draw(brought)),
        agreements=tuple(draw(st.lists(team_agreements(one_of_them), max_size=2))) if is_held else (),
        status=status,
        held_on=draw(days()) if is_held else None,
        version=draw(st.integers(0, 9)),
    )


@st.composite
def needs(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Need:
    """Draw what someone needs from someone, in any status."""
    owner_id, status = draw(of), draw(st.sampled_from(NeedStatus))
    is_answered = status in {NeedStatus.ANSWERED_YES, NeedStatus.ANSWERED_NOT_NOW, NeedStatus.MET}
    is_promised = status in {NeedStatus.ANSWERED_YES, NeedStatus.MET}
    return Need(
        id=NeedId(draw(_ids(owner_id, "n"))),
        owner_id=owner_id,
        receiver_id=draw(person_ids().filter(lambda id_: id_ != owner_id)),
        text=draw(writings()),
        raised_at=draw(instants()),
        answer_by_on=draw(days()),
        status=status,
        answer=draw(writings()) if is_answered else "",
        answered_on=draw(days()) if is_answered else None,
        due_on=draw(days()) if is_promised else None,
        met_on=draw(days()) if status is NeedStatus.MET else None,
        asked_again_on=draw(st.none() | days()),
        version=draw(st.integers(0, 9)),
        **_shared(draw),
    )


@st.composite
def deliveries(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Delivery:
    """Draw a message about an occasion: waiting, sent, lapsed or dead."""
    owner_id, status = draw(of), draw(st.sampled_from(DeliveryStatus))
    is_sent = status is DeliveryStatus.SENT
    return Delivery(
        id=DeliveryId(draw(_ids(owner_id, "d"))),
        owner_id=owner_id,
        kind=draw(st.sampled_from(ReminderKind)),
        about_id=draw(_ids(owner_id, "k")),
        due_at=draw(instants()),
        other_id=draw(st.none() | person_ids()),
        until=draw(st.none() | days()),
        status=status,
        channel=draw(st.sampled_from(["console", "smtp"])) if is_sent else "",
        sent_at=draw(instants()) if is_sent else None,
        read_on=draw(st.none() | days()),
        reason=draw(paragraphs()) if status is DeliveryStatus.DEAD else "",
        version=draw(st.integers(0, 9)),
    )


@st.composite
def delegations(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Delegation:
    """Draw a decision that someone hands over, in any status."""
    owner_id, status, from_on = draw(of), draw(st.sampled_from(DelegationStatus)), draw(days())
    is_private = status in {DelegationStatus.NAMED, DelegationStatus.DROPPED}
    has_been_looked_at = status in {DelegationStatus.KEPT, DelegationStatus.TAKEN_BACK}
    by_name = st.lists(person_ids(), min_size=1, max_size=3, unique=True).map(Audience.of)
    on = None if is_private else draw(days())
    return Delegation(
        id=DelegationId(draw(_ids(owner_id, "h"))),
        owner_id=owner_id,
        text=draw(writings()),
        from_on=from_on,
        to=draw(st.one_of(st.just(Audience(AudienceKind.TEAM)), by_name)),
        look_back_on=draw(st.none() | days(from_on)),
        status=status,
        announced_on=on,
        looked_back_on=draw(days()) if has_been_looked_at else None,
        looking_back=draw(writings()) if has_been_looked_at else "",
        audience=Audience() if is_private else draw(by_name),
        shared_on=on,
        version=draw(st.integers(0, 9)),
    )


@st.composite
def self_checks(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> SelfCheck:
    """Draw what someone answered to himself about giving room."""
    owner_id, questions = draw(of), st.integers(1, 12).map(lambda number: f"question-{number}")
    return SelfCheck(
        id=SelfCheckId(draw(_ids(owner_id, "c"))),
        owner_id=owner_id,
        answered_at=draw(instants()),
        answers=draw(st.dictionaries(questions, st.integers(1, 5), min_size=1, max_size=8)),
        version=draw(st.integers(0, 9)),
    )


@st.composite
def looks(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Look:
    """Draw a line of the read journal."""
    owner_id = draw(of)
    return Look(
        id=LookId(draw(_ids(owner_id, "v"))),
        owner_id=owner_id,
        viewer_id=draw(person_ids()),
        at=draw(instants()),
        item_ids=tuple(draw(st.lists(_ids(owner_id, "g"), max_size=3))),
        on_behalf_of=draw(st.just("") | lines(12)),
        version=draw(st.integers(0, 9)),
    )


@st.composite
def hand_over_choices(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> HandOverChoice:
    """Draw what someone chose at a change of manager."""
    owner_id = draw(of)
    return HandOverChoice(
        id=HandOverChoiceId(draw(_ids(owner_id, "w"))),
        owner_id=owner_id,
        what=draw(st.sampled_from(HandOver)),
        manager_id=draw(person_ids()),
        since=draw(days()),
        chosen_on=draw(days()),
        version=draw(st.integers(0, 9)),
    )


def groups() -> SearchStrategy[Group]:
    """Draw a team, a department or the organisation, of a small one."""
    departments = st.sampled_from(["Sales", "Care", "Works"])
    teams = st.tuples(departments, st.sampled_from(["Blue", "Green", "Red", "Night"]))
    named = teams.map(lambda names: Group(*names)) | departments.map(Group)
    return named | st.just(Group()) | st.just(Group(team="Board"))


@st.composite
def standings(draw: DrawFn, most: int = 60) -> dict[PersonId, Group]:
    """Draw where people stand: in groups of all sizes, too small ones among them."""
    places = draw(st.lists(groups(), max_size=6, unique=True))
    sizes = draw(st.lists(st.integers(1, most // 4), min_size=len(places), max_size=len(places)))
    everyone = [place for place, size in zip(places, sizes, strict=True) for _ in range(size)][:most]
    return {PersonId(f"p{number}"): place for number, place in enumerate(everyone)}


@st.composite
def changed_standings(draw: DrawFn, standing: Mapping[PersonId, Group]) -> dict[PersonId, Group]:
    """Draw where people stand some time later: after joiners, movers, leavers, returns and reorganisations."""
    renamed = draw(st.dictionaries(st.sampled_from([*standing.values(), Group()]), groups(), max_size=2))
    now = {who: renamed.get(place, place) for who, place in standing.items()}
    for who in draw(st.lists(st.sampled_from(sorted(now)), max_size=8)) if now else ():
        now.pop(who, None)
    return now | draw(st.dictionaries(_person_numbers(), groups(), max_size=12))


def _person_numbers() -> SearchStrategy[PersonId]:
    """Draw the id of one of a hundred people, so that the same ones come and go."""
    return st.integers(0, 99).map(lambda number: PersonId(f"p{number}"))


@st.composite
def answers_of(draw: DrawFn, standing: Mapping[PersonId, Group]) -> dict[PersonId, dict[str, float | None]]:
    """Draw what people answered: some nothing, some not to every measure."""
    numbers = st.none() | st.sampled_from([0.0, 25.0, 50.0, 75.0, 100.0]) | st.floats(0, 100)
    given = st.fixed_dictionaries({}, optional={"room": numbers, "workload": numbers})
    answered = {who: draw(st.none() | given) for who in sorted(standing)}
    return {who: numbers_of for who, numbers_of in answered.items() if numbers_of is not None}


@st.composite
def release_plans(draw: DrawFn) -> ReleasePlan:
    """Draw a release plan, the first or one that follows others."""
    owner_id, standing = PersonId("organisation"), draw(standings())
    threshold, step = draw(st.integers(FLOOR, 8)), draw(st.sampled_from([*EDGES]))
    plan = first_plan(release_plan_id(owner_id, 1), owner_id, standing, threshold=threshold, step=step)
    for number in range(2, draw(st.integers(2, 4))):
        standing = draw(changed_standings(standing))
        plan = next_plan(plan, release_plan_id(owner_id, number), standing, step=step)
    followed_on = draw(st.none() | days())
    return evolve(plan, followed_on=followed_on, version=draw(st.integers(0, 9)))


def scale_questions() -> SearchStrategy[ScaleQuestion]:
    """Draw a question of a pulse, of five points or of more."""
    return st.builds(
        ScaleQuestion,
        st.integers(1, 99).map(lambda number: f"question-{number}"),
        st.sampled_from(["autonomy", "workload", "recovery"]),
        st.sampled_from(Polarity),
        _translated(),
        st.integers(0, 1),
        st.integers(5, 10),
    )


def need_choices() -> SearchStrategy[NeedChoice]:
    """Draw something that would help."""
    return st.builds(NeedChoice, st.integers(1, 99).map(lambda number: f"need-{number}"), _translated())


def _translated() -> SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({"en": writings(20)}, optional={"nl": paragraphs(20)})


@st.composite
def pulse_replies(draw: DrawFn) -> PulseReply:
    """Draw what people hear on a pulse."""
    is_for_later = draw(st.booleans())
    return PulseReply(
        by_id=draw(SOMEONE),
        on=draw(days()),
        we_will=draw(paragraphs() if is_for_later else writings()),
        not_now=draw(writings()) if is_for_later else "",
        because=draw(writings()) if is_for_later else "",
    )


@st.composite
def pulses(draw: DrawFn, plan: SearchStrategy[ReleasePlan] | None = None) -> Pulse:
    """Draw a pulse in any status, of a plan of any kind or of one that is given."""
    of_plan, opened_at, status = (
        draw(release_plans() if plan is None else plan),
        draw(instants()),
        draw(st.sampled_from(PulseStatus)),
    )
    closes_at = opened_at + timedelta(days=draw(st.integers(2, 60)))
    pulse = Pulse(
        id=PulseId(draw(_ids(of_plan.owner_id, "u"))),
        owner_id=of_plan.owner_id,
        opened_by_id=draw(SOMEONE),
        opened_at=opened_at,
        closes_at=closes_at,
        plan_id=of_plan.id,
        questions=tuple(draw(st.lists(scale_questions(), min_size=1, max_size=4, unique_by=lambda q: q.id))),
        need_choices=tuple(draw(st.lists(need_choices(), max_size=3, unique_by=lambda need: need.id))),
        version=draw(st.integers(0, 9)),
    )
    return evolve(
        open_pulse(pulse, of_plan, ()),
        status=status,
        closed_at=None if status is PulseStatus.OPEN else closes_at,
        reply=draw(pulse_replies()) if status is PulseStatus.ANSWERED else None,
    )


@st.composite
def pulse_answers(
    draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE, pulse: SearchStrategy[Pulse] | None = None
) -> PulseAnswers:
    """Draw what somebody answered to a pulse, some of it perhaps not."""
    owner_id, asked = draw(of), draw(pulses() if pulse is None else pulse)
    return PulseAnswers(
        id=pulse_answers_id(owner_id, asked.id),
        owner_id=owner_id,
        pulse_id=asked.id,
        answered_at=draw(instants()),
        answers={q.id: draw(st.integers(q.lowest, q.highest)) for q in asked.questions if draw(st.booleans())},
        needs=draw(st.none() | st.just(tuple(need.id for need in asked.need_choices if draw(st.booleans())))),
        keeps=draw(st.booleans()),
        questions=asked.questions,
        version=draw(st.integers(0, 9)),
    )


@st.composite
def pulse_results(draw: DrawFn) -> PulseResults:
    """Draw what was published of a pulse: as it is published, and in no other way."""
    plan, standing = draw(release_plans()), draw(standings())
    pulse = draw(pulses(st.just(plan)))
    answered = draw(st.lists(st.sampled_from([*standing]), unique=True)) if standing else []
    given = [draw(pulse_answers(st.just(person_id), st.just(pulse))) for person_id in answered]
    figures_, needs = publish_pulse(pulse, plan, standing, given)
    return PulseResults(
        id=PulseResultsId(draw(_ids(plan.owner_id, "e"))),
        owner_id=plan.owner_id,
        pulse_id=pulse.id,
        published_at=pulse.closes_at,
        figures=figures_,
        need_figures=needs,
        version=draw(st.integers(0, 9)),
    )


@st.composite
def erasures(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Erasure:
    """Draw an entry of the ledger of erasures: of someone with an account or without, rehired or not."""
    salt = draw(st.integers(0, 2**128 - 1).map(lambda bits: f"{bits:032x}"))
    entry = erasure_of(draw(people(of)), draw(days()), salt)
    return evolve(entry, rehired_on=draw(st.none() | days()), version=draw(st.integers(0, 9)))


@st.composite
def named_people(draw: DrawFn) -> tuple[NamedPerson, ...]:
    """Draw people of an earlier workplace, each with a name."""
    ids = draw(st.lists(person_ids(), max_size=3, unique=True))
    return tuple(NamedPerson(id_, draw(lines())) for id_ in ids)


@st.composite
def arrivals(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Arrival:
    """Draw what someone brought along from an earlier workplace."""
    owner_id = draw(of)
    return Arrival(
        id=ArrivalId(draw(_ids(owner_id, "6"))),
        owner_id=owner_id,
        tenant=draw(lines(12)),
        earlier_id=draw(person_ids()),
        digest="sha256:" + draw(st.text("0123456789abcdef", min_size=64, max_size=64)),
        made_at=draw(instants()),
        arrived_at=draw(instants()),
        records=draw(st.integers(0, 999)),
        people=draw(named_people()),
        version=draw(st.integers(0, 9)),
    )


@st.composite
def belongings(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Belongings:
    """Draw what one person owns: a few things of some classes, which may be any."""
    owner_id = draw(of)
    owner, classes = st.just(owner_id), Belongings.classes()
    drawn = {
        name: draw(st.lists(_OWNED[classes[name]](owner), min_size=1, max_size=2, unique_by=lambda thing: thing.id))
        for name in sorted(draw(st.sets(st.sampled_from([*classes]), max_size=12)))
    }
    hers = {name: [thing for thing in things if thing.owner_id == owner_id] for name, things in drawn.items()}
    return Belongings(**{name: tuple(sorted(things, key=lambda thing: thing.id)) for name, things in hers.items()})


_OWNED: Mapping[type[Any], Callable[[SearchStrategy[PersonId]], SearchStrategy[Any]]] = {
    Goal: goals,
    GoalSuggestion: suggestions,
    CheckIn: check_ins,
    SharedInitiative: shared_initiatives,
    Participation: participations,
    Reflection: reflections,
    LearningOption: options,
    LearningChoice: choices,
    LearningRequest: learning_requests,
    Budget: budgets,
    FeedbackRequest: requests,
    Feedback: feedback,
    Need: needs,
    DevelopmentPlan: plans,
    TeamMoment: team_moments,
    Delivery: deliveries,
    Look: looks,
    HandOverChoice: hand_over_choices,
    Delegation: delegations,
    SelfCheck: self_checks,
    Rest: rests,
    PulseAnswers: pulse_answers,
    Arrival: arrivals,
}
"""How each class that a person can own is drawn."""


@st.composite
def writings_for_others(draw: DrawFn) -> Written:
    """Draw words in what is another's."""
    owner_id = draw(person_ids())
    return Written("feedback", draw(_ids(owner_id, "f")), owner_id, draw(writings()), draw(st.none() | days()))


@st.composite
def bundles(draw: DrawFn, of: SearchStrategy[PersonId] = SOMEONE) -> Bundle:
    """Draw all that is one person's, as she would take it along: without versions."""
    person = draw(people(of))
    own = draw(belongings(st.just(person.id)))
    things = {
        name: tuple(as_taken_along(thing, person.id) for thing in getattr(own, name)) for name in Belongings.classes()
    }
    return Bundle(
        tenant=draw(lines(12)),
        made_at=draw(instants()),
        person=as_taken_along(person, person.id),
        own=Belongings(**things),
        names=draw(named_people()),
        written=tuple(draw(st.lists(writings_for_others(), max_size=2))),
    )


@st.composite
def organisation_figures(draw: DrawFn) -> OrganisationFigures:
    """Draw figures as they are published of a few dozen people."""
    owner_id, plan = PersonId("organisation"), draw(release_plans())
    standing = {who: cohort.home for cohort in plan.cohorts for who in cohort.member_ids}
    publication = publish(plan, standing, draw(answers_of(standing)))
    window = Window.before(draw(days(date(2000, 1, 1))))
    band = st.sampled_from(bands_between(CHANGE_EDGES))
    changes = st.builds(Change, lines(), st.integers(FEWEST_FOR_CHANGES, 500), band, band)
    return OrganisationFigures(
        id=FiguresId(draw(_ids(owner_id, "2"))),
        owner_id=owner_id,
        plan_id=plan.id,
        published_on=window.until_on,
        window=window,
        publication=publication,
        usefulness=usefulness(publication, standing),
        changes=tuple(draw(st.lists(changes, max_size=3))),
        version=draw(st.integers(0, 9)),
    )
