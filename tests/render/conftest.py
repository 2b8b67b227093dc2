"""Two overviews, composed by the domain as it does in earnest: one full of life, one with nothing in it yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from ownership.domain.budgets import LearningRequest, LearningRequestId, Means
from ownership.domain.check_ins import Agreement, AgreementId, CheckIn, Preparation, open_check_in
from ownership.domain.cycles import Cadence, Cycle, CycleId
from ownership.domain.delegations import Delegation, DelegationId
from ownership.domain.experiments import Experiment, ExperimentId
from ownership.domain.feedback import Feedback, FeedbackId, FeedbackRequest, FeedbackRequestId
from ownership.domain.goals import Goal, GoalId, GoalUpdate, Measure, Milestone, MilestoneId
from ownership.domain.journal import Look, LookId
from ownership.domain.learning import (
    LearningChoice,
    LearningChoiceId,
    LearningKind,
    LearningOption,
    LearningOptionId,
    MenuEntry,
    menu,
)
from ownership.domain.needs import Need, NeedId
from ownership.domain.overview import Overview, OwnThings, compose_overview
from ownership.domain.people import Audience, Membership, Person, PersonId, ReportingLine
from ownership.domain.plans import DevelopmentPlan, DevelopmentPlanId, PlanContents, PlannedGoal
from ownership.domain.publication import ReleasePlanId
from ownership.domain.pulse import Pulse, PulseAnswers, PulseId, pulse_answers_id
from ownership.domain.reflections import PromptId, Reflection, ReflectionId, Theme
from ownership.domain.scales import Polarity, ScaleQuestion
from ownership.domain.suggestions import GoalSuggestion, SuggestionId
from ownership.domain.visibility import Reason, Relations, Viewer, preview

NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LONG_AGO = date(2024, 1, 1)
MANAGER = Audience.of("manager")


def person(name: str, locale: str = "en") -> Person:
    """Make a colleague of the team Learning, all of whom report to Sam but Sam."""
    id_ = PersonId(name.split(maxsplit=1)[0].lower())
    lines = () if id_ == "sam" else (ReportingLine(PersonId("sam"), LONG_AGO),)
    return Person(
        id_,
        name,
        locale=locale,
        timezone="Europe/Amsterdam",
        reporting_lines=lines,
        memberships=(Membership("People", "Learning", LONG_AGO),),
    )


COLLEAGUES = (person("Sam Okafor"), person("Liam de Boer"), person("Noor el Amrani"), person("Yuki Tanaka"))
SAM, LIAM = COLLEAGUES[0].id, COLLEAGUES[1].id
NAMES = {colleague.id: colleague.display_name for colleague in COLLEAGUES}


def days_ago(days: int, hour: int = 9) -> datetime:
    """Give a moment some days before now."""
    return (NOW - timedelta(days=days)).replace(hour=hour, minute=30)


def drafted(goal_id: str, title: str, why: str, measure: Measure | None = None, due_on: date | None = None) -> Goal:
    """Draft a goal of Ada's."""
    id_, owner = GoalId(f"ada.{goal_id}"), PersonId("ada")
    return Goal(id_, owner, title, days_ago(190), why=why, measure=measure or Measure(), due_on=due_on)


def recorded(goal: Goal, *updates: tuple[int, float | None, int | None, str]) -> Goal:
    """Start a goal and record what was said of it, each with the days ago."""
    goal = goal.start(date(2026, 6, 1))
    for days, progress, confidence, note in updates:
        goal = goal.record(GoalUpdate(days_ago(days), progress, confidence, note))
    return goal


def goals() -> tuple[Goal, ...]:
    """Give a goal of every kind and mood."""
    workshop = evolve(
        drafted(
            "g1",
            "Lead a client workshop",
            "I want to grow as a facilitator, and find out if I enjoy it.",
            due_on=date(2027, 6, 1),
        ),
        milestones=(
            Milestone(MilestoneId("m1"), "Watch Noor lead one", done_on=date(2026, 9, 3)),
            Milestone(MilestoneId("m2"), "Dry run with my own team", date(2026, 11, 1), date(2026, 11, 12)),
            Milestone(MilestoneId("m3"), "Half a day with a friendly client", date(2027, 2, 1)),
            Milestone(MilestoneId("m4"), "Tell others what I learned"),
        ),
        experiments=(
            Experiment(ExperimentId("e1"), "Open with a question instead of slides", days_ago(30)).keep(
                days_ago(12), "They talked to each other."
            ),
        ),
    )
    return (
        recorded(
            workshop,
            (120, 5, 4, ""),
            (90, 10, 4, ""),
            (60, 20, 5, ""),
            (40, 20, 5, ""),
            (12, 40, 7, "Dry run with my own team. More fun than I thought, and I talked too much."),
        ).with_audience(MANAGER, date(2026, 10, 1)),
        recorded(
            drafted(
                "g2",
                "Fewer evenings with mail",
                "Evenings are for my family and my piano.",
                Measure(20, 4, "evenings a month"),
            ),
            (90, 18, 5, ""),
            (60, 15, 6, ""),
            (20, 9, 8, "Phone in the drawer works."),
        ),
        recorded(
            drafted("g3", "Keep my working week around 36 hours", "", Measure(40, 36, "hours", tolerance=2)),
            (80, 41, None, ""),
            (60, 37, None, ""),
            (30, 38, None, ""),
            (9, 36.5, 6, ""),
        ).with_audience(Audience.of(["noor", "yuki"]), date(2026, 11, 2)),
        recorded(
            drafted(
                "g4", "Read Spanish well enough for our Valencia colleagues", "So that I can follow their meetings."
            ),
            (100, 10, 6, ""),
            (70, 25, 6, "Finished the first reader."),
        ).with_audience(Audience.of("team"), date(2026, 8, 1)),
        recorded(
            drafted("g5", "Find my voice in large meetings", "My ideas arrive an hour too late."), (3, None, 4, "")
        ),
        drafted("g6", "A half year in another country?", "Just an idea for now."),
        recorded(drafted("g7", "Learn to estimate", "")).reach(
            date(2026, 7, 3), "Giving a range took the fear out of it."
        ),
        recorded(drafted("g8", "Become a team lead", "")).let_go(
            date(2026, 9, 18), "I like the coaching part, not the planning part. Good to know, and a relief."
        ),
        recorded(drafted("g9", "Public speaking at a conference", "")).learn(
            date(2026, 10, 9), "Small rooms suit me better."
        ),
    )


def check_ins(ada: Person) -> tuple[CheckIn, ...]:
    """Give one talk held, with promises, and one that is open."""
    sam = Person(PersonId("sam"), "Sam")
    cycle = Cycle(CycleId("org.monthly"), "Monthly", Cadence("FREQ=MONTHLY;BYDAY=3TU", date(2026, 1, 1)))
    before, now = (cycle.cadence.period_on(day) for day in (date(2026, 10, 22), TODAY))
    assert before is not None
    assert now is not None
    held = open_check_in(cycle, ada, before, before.starts_on, sam).hold(
        date(2026, 10, 23),
        [
            Agreement(
                AgreementId("a1"), "Ask two clients if they would host a trial workshop", ada.id, date(2026, 11, 20)
            ),
            Agreement(AgreementId("a2"), "Keep Fridays free of meetings for my team", PersonId("sam")),
            Agreement(AgreementId("a3"), "Introduce me to the Valencia office", PersonId("sam"), date(2026, 12, 1)),
        ],
    )
    current = open_check_in(cycle, ada, now, now.starts_on, sam)
    current = current.prepare(
        Preparation(
            ada.id, "The dry run went well.", "I still talk too much.", "A second pair of eyes at the next one."
        ),
        ["Which client could host a trial?", "More room on Fridays"],
    )
    theirs = Preparation(
        PersonId("sam"), "I saw you enjoy the dry run.", "", "To hear what you want next.", days_ago(1)
    )
    return held, current.prepare(theirs, ["What may I stop doing?"])


def choices() -> tuple[LearningChoice, ...]:
    """Give a choice under way, one completed and one set aside."""
    seen = {"shadowing": 2, "coaching": 1, "external_course": 1, "reading": 2}

    def choice(n: str, kind: LearningKind, title: str, *, days: int, goal: str, why: str) -> LearningChoice:
        ids = LearningChoiceId(f"ada.{n}"), PersonId("ada"), LearningOptionId(n)
        return LearningChoice(*ids, kind, title, days_ago(days), goal_id=f"ada.{goal}", why=why, options_seen=seen)

    walk = choice(
        "c1",
        LearningKind.SHADOWING,
        "Watch along with Noor at three workshops",
        days=60,
        goal="g1",
        why="I learn most by watching first.",
    )
    own = choice(
        "c2",
        LearningKind.OWN,
        "Phone-free evenings with a friend who does the same",
        days=90,
        goal="g2",
        why="Two can keep it up.",
    )
    course = choice("c3", LearningKind.EXTERNAL_COURSE, "Spanish for work, level B1", days=110, goal="g4", why="")
    return (
        walk.with_audience(MANAGER, date(2026, 10, 1)),
        own.complete(date(2026, 11, 1), "It works because we tell each other in the morning."),
        course.stop(date(2026, 9, 30), "Too fast for me. Reading suits me better."),
    )


def options() -> tuple[MenuEntry, ...]:
    """Give a menu of several kinds."""

    def option(
        n: str, kind: LearningKind, title: str, hours: float | None, *, link: str = "", by: str = ""
    ) -> LearningOption:
        about = "You see how it is done, and try one thing yourself afterwards."
        return LearningOption(
            LearningOptionId(n), kind, title, about, ("facilitation",), hours, link, owner_id=PersonId(by)
        )

    return menu(
        (
            option("o1", LearningKind.COACHING, "Three talks with a colleague as your coach", 3),
            option(
                "o2",
                LearningKind.E_LEARNING,
                "Asking better questions",
                0.5,
                link="https://learning.example.org/questions?a=1&b=2",
            ),
            option("o3", LearningKind.TASK_ROTATION, "Chair the Monday meeting for a month", 4, by="yuki"),
            option("o4", LearningKind.COMMUNITY, "A table of facilitators, every second Thursday", 1),
            option("o5", LearningKind.READING, "Two books on facilitation, and a walk to talk them over", None),
        ),
        theme="facilitation",
    )


def feedback() -> tuple[Feedback, ...]:
    """Give feedback from colleagues, one of whom has left."""

    def piece(n: int, author: str, text: str, question: str = "", about: str = "") -> Feedback:
        ids = FeedbackId(f"ada.f{n}"), PersonId("ada"), PersonId(author)
        return Feedback(*ids, text, days_ago(7 * n), question, about)

    return (
        piece(
            1,
            "liam",
            "You make it safe to say “I do not know”. Keep that.\nOne wish: pause a little longer after a question.",
            "What should I keep doing when I lead a workshop?",
            "ada.g1",
        ),
        piece(2, "noor", "Your summary at the end brought the room together.", about="facilitation").thank(
            date(2026, 11, 11)
        ),
        *(piece(n, "zoe", f"Thank you for thinking along, time {n}.") for n in range(3, 9)),
    )


def requests(ada: Person) -> tuple[tuple[FeedbackRequest, ...], tuple[FeedbackRequest, ...]]:
    """Give what Ada asked, and what was asked of her."""
    mine = FeedbackRequest(
        FeedbackRequestId("ada.r1"),
        ada.id,
        PersonId("yuki"),
        "Where did I lose you on Monday?",
        days_ago(4),
        date(2026, 12, 11),
    )
    of_me = FeedbackRequest(
        FeedbackRequestId("yuki.r1"),
        PersonId("yuki"),
        ada.id,
        "How clear was my handover?",
        days_ago(2),
        date(2026, 12, 13),
    )
    return (mine,), (of_me,)


def reflections(ada: Person) -> tuple[Reflection, ...]:
    """Give reflections, of which one is shared."""
    first = Reflection(
        ReflectionId("ada.t1"),
        ada.id,
        PromptId("p1"),
        "When did you last forget the time?",
        "Preparing the dry run with Noor. Two hours felt like ten minutes.",
        days_ago(12),
        Theme.ENERGY,
    )
    shared = evolve(
        first,
        id=ReflectionId("ada.t2"),
        question="What are people glad to ask you?",
        text="To listen.",
        theme=Theme.STRENGTHS,
    )
    return first, shared.with_audience(Audience.of("partner"), date(2026, 11, 20))


def looks(ada: Person) -> tuple[Look, ...]:
    """Give who looked, once through someone who acted as another."""
    return (
        Look(LookId("ada.l1"), ada.id, PersonId("sam"), days_ago(1, 15), ("ada.g1", "ada.c1", "ada.t2")),
        Look(LookId("ada.l2"), ada.id, PersonId("noor"), days_ago(6, 11), ("ada.g3",)),
        Look(LookId("ada.l3"), ada.id, PersonId("sam"), days_ago(9, 10), ("ada.g1",), on_behalf_of="yuki"),
    )


def delegations(ada: Person) -> list[Delegation]:
    """Hand over some decisions of Ada's: one named, one announced, one taken back."""
    named = Delegation(DelegationId("ada.h1"), ada.id, "The order of the demo", TODAY)
    rota = Delegation(DelegationId("ada.h2"), ada.id, "Who is on call", date(2026, 9, 1), look_back_on=date(2027, 1, 4))
    announced = rota.announce([COLLEAGUES[1].id, COLLEAGUES[2].id], date(2026, 9, 1))
    back = evolve(announced, id=DelegationId("ada.h3"), text="The budget for books", look_back_on=None)
    return [named, announced, back.take_back(date(2026, 11, 2), "There is one budget for all teams now")]


def needs(ada: Person) -> list[Need]:
    """Raise some needs of Ada's: one that waits, one that is answered, one not now."""
    room = Need(NeedId("ada.n1"), ada.id, SAM, "Fridays to practise", days_ago(4), date(2026, 12, 4))
    client = evolve(room, id=NeedId("ada.n2"), text="A friendly client")
    course = evolve(room, id=NeedId("ada.n3"), text="A course")
    return [
        room,
        client.we_will("ask the client in Delft", date(2026, 12, 1), TODAY),
        course.not_now("the money is spent this year", TODAY),
    ]


def asked_for(ada: Person) -> LearningRequest:
    """Ask for what goes beyond Ada's budget."""
    cost = Means(hours=Decimal(40))
    return LearningRequest(
        LearningRequestId("ada.x1"), ada.id, SAM, "o9", "A week of improvisation", cost, days_ago(2), date(2026, 12, 8)
    )


def planned(ada: Person) -> DevelopmentPlan:
    """Settle a plan of Ada's with Sam."""
    contents = PlanContents(goals=(PlannedGoal(GoalId("ada.g1"), "Lead a client workshop", progress=0.4),))
    drafted_plan = DevelopmentPlan(DevelopmentPlanId("ada.p1"), ada.id, date(2026, 11, 2), contents)
    return drafted_plan.offer(SAM, date(2026, 11, 3)).acknowledge(SAM, TODAY).acknowledge(ada.id, TODAY)


def pulse(days: int) -> Pulse:
    """Make a pulse about autonomy and recovery that closed some days ago."""
    asked = (
        ScaleQuestion("q1", "autonomy", Polarity.POSITIVE, {"en": "I choose."}),
        ScaleQuestion("q2", "recovery", Polarity.POSITIVE, {"en": "I rest."}),
    )
    owner, plan_id = PersonId("organisation"), ReleasePlanId("organisation.t1")
    id_ = PulseId(f"organisation.u{days}")
    opened = Pulse(id_, owner, SAM, days_ago(days + 7), days_ago(days), plan_id, asked)
    return opened.close(days_ago(days))


PULSES = [pulse(40), pulse(5)]
TITLES = {"autonomy": "Autonomy", "recovery": "Recovery"}


def answered(ada: Person, pulse: Pulse, level: int) -> PulseAnswers:
    """Answer the one question of a pulse, and skip the other."""
    return PulseAnswers(
        pulse_answers_id(ada.id, pulse.id), ada.id, pulse.id, pulse.opened_at, {"q1": level}, questions=pulse.questions
    )


def viewers_for(ada: Person) -> Callable[[Goal], tuple[Viewer, ...]]:
    """Let the domain decide who sees a goal of Ada's."""
    return lambda goal: preview(goal, goal.audience, (*COLLEAGUES, ada), Relations(ada, TODAY))


def rich(locale: str) -> Overview:
    """Compose the overview of Ada, who has a bit of everything."""
    ada = person("Ada Vermeer", locale)
    asked, asked_of_me = requests(ada)
    things = (goals(), check_ins(ada), reflections(ada), choices(), feedback(), asked, looks(ada), asked_of_me)
    own = OwnThings(
        *things,
        delegations(ada),
        suggestions=[GoalSuggestion(SuggestionId("ada.s1"), ada.id, LIAM, "Write for the whole company", days_ago(3))],
        needs=needs(ada),
        learning_requests=[asked_for(ada)],
        plans=[planned(ada)],
        rests=[],
        pulses=PULSES,
        pulse_answers=[answered(ada, pulse, level) for pulse, level in zip(PULSES, (3, 4), strict=True)],
        beside={colleague.id: colleague for colleague in COLLEAGUES},
    )
    return compose_overview(
        ada, own, NOW, menu=options(), viewers_of=viewers_for(ada), names=NAMES, construct_titles=TITLES
    )


def empty(locale: str) -> Overview:
    """Compose the overview of Ada on her first day."""
    ada = person("Ada Vermeer", locale)
    return compose_overview(ada, OwnThings(), NOW, menu=(), viewers_of=lambda _: (), names={})


@pytest.fixture(params=["en", "nl"])
def locale(request: pytest.FixtureRequest) -> str:
    """Give each language in turn."""
    return str(request.param)


@pytest.fixture
def overview() -> Overview:
    """Give a rich overview in English."""
    return rich("en")


@pytest.fixture
def rich_in() -> Callable[[str], Overview]:
    """Compose the rich overview in a language."""
    return rich


@pytest.fixture
def empty_in() -> Callable[[str], Overview]:
    """Compose the empty overview in a language."""
    return empty


@pytest.fixture
def everyone_sees() -> tuple[Viewer, ...]:
    """Give more viewers than one wants to read."""
    return tuple(Viewer(PersonId(f"p{n}"), f"Colleague {n}", Reason.EVERYONE) for n in range(1, 301))
