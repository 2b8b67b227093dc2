"""Months in the life of the sample organisation: people take their next small step, or rest, through the front door.

Nothing is written past the workspace: every act below is a call that a real person's tool would make. What a day brings
is drawn from (seed, day, person), so a life can be interrupted and gone on with.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from attrs import define, field, frozen

from ownership.domain.check_ins import CheckIn
from ownership.domain.goals import PERCENT, Goal, GoalStatus, Measure
from ownership.domain.learning import ChoiceStatus
from ownership.domain.next_steps import NextStep, StepKind
from ownership.domain.people import Person
from ownership.sample.people import NAMED
from ownership.workspace.actor import Actor
from ownership.workspace.check_ins import Promise
from ownership.workspace.jobs import WorkReport
from ownership.workspace.workspace import Workspace

DAY_STARTS_AT = time(7, 30)
DAY_ENDS_AT = time(21, 30)
BETWEEN_ACTS = timedelta(seconds=20)

MOST_GOALS = 3
"""Goals that somebody has in hand at one time."""


class Temperament(StrEnum):
    """How someone goes about their development; drawn once per person."""

    EAGER = "eager"
    OPEN = "open"
    QUIET = "quiet"
    RESTING = "resting"


CHANCE_TO_ACT: Mapping[Temperament, float] = {
    Temperament.EAGER: 0.8,
    Temperament.OPEN: 0.3,
    Temperament.QUIET: 0.15,
    Temperament.RESTING: 0.0,
}
"""The chance that someone does something for their development on a working day."""


class LifeClock:
    """The clock of a life: it stands still until it is moved, and never goes back."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """Give the moment at which it stands."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Move on to a moment; one in the past changes nothing."""
        self._now = max(self._now, moment)


@define
class LifeReport:
    """What a life held, as counts."""

    days: int = 0
    acts: int = 0
    work: WorkReport = field(factory=WorkReport)

    def add(self, work: WorkReport) -> None:
        """Add a run of due work."""
        self.work.opened += work.opened
        self.work.passed += work.passed
        self.work.expired += work.expired
        for name in ("messages", "sent", "lapsed", "postponed", "dead"):
            total = getattr(self.work.deliveries, name) + getattr(work.deliveries, name)
            setattr(self.work.deliveries, name, total)


@cache
def _script() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("life.toml").read_text(encoding="utf-8"))


@frozen
class _Voice:
    """What someone says, in a language that the script knows."""

    language: str
    random: Random

    @classmethod
    def of(cls, person: Person, random: Random) -> _Voice:
        """Give somebody a voice: Dutch for who speaks it, English for everyone else."""
        return cls("nl" if person.language == "nl" else "en", random)

    def says(self, what: str) -> str:
        """Say something of a kind."""
        return str(self.random.choice(_script()["says"][what][self.language]))

    def text(self, row: Mapping[str, Any], name: str) -> Any:
        """Give a part of the script in this language."""
        return row[name][self.language]

    def maybe(self, chance: float) -> bool:
        """Draw whether something happens."""
        return self.random.random() < chance


class Life:
    """The life of an organisation in a workspace whose clock is ``clock``."""

    def __init__(self, workspace: Workspace, clock: LifeClock, *, seed: int = 7) -> None:
        self._workspace = workspace
        self._clock = clock
        self._seed = seed
        self.report = LifeReport()

    def live_day(self, day: date) -> None:
        """Live one day: due work in the morning, what people do on a working day, due work in the evening."""
        self._clock.move_to(datetime.combine(day, DAY_STARTS_AT, tzinfo=UTC))
        self.report.days += 1
        if day.weekday() < 5:
            self.report.add(self._workspace.run_due_work())
            for person in self._workspace.people.all():
                self._live(person, day)
        self._clock.move_to(datetime.combine(day, DAY_ENDS_AT, tzinfo=UTC))
        self.report.add(self._workspace.run_due_work())

    def _live(self, person: Person, day: date) -> None:
        random = Random(f"{self._seed}:{day}:{person.external_id}")
        if person.on_leave or not person.works_on(day) or random.random() > self._chance(person):
            return
        actor = self._workspace.acting_as(person.id)
        _act(actor, _Voice.of(person, random), self.temperament_of(person))
        self._clock.move_to(self._clock() + BETWEEN_ACTS)
        self.report.acts += 1

    def _chance(self, person: Person) -> float:
        return CHANCE_TO_ACT[self.temperament_of(person)]

    def temperament_of(self, person: Person) -> Temperament:
        """Tell how someone goes about their development.

        Those of whom the documentation speaks are eager: there is much to show.
        """
        if person.email in {named["email"] for named in NAMED}:
            return Temperament.EAGER
        drawn = Random(f"{self._seed}:{person.external_id}").random()
        return Temperament.RESTING if drawn < 0.2 else Temperament.QUIET if drawn < 0.6 else Temperament.OPEN


def _act(actor: Actor, voice: _Voice, temperament: Temperament) -> None:
    """Do one thing: support somebody else, follow the next small step, or something of one's own."""
    if voice.maybe(0.3) and _support(actor, voice):
        return
    step = actor.next_step()
    if step.kind is StepKind.NOTHING or voice.maybe(0.35):
        voice.random.choice(_OWN_ACTS)(actor, voice)
    else:
        _STEPS[step.kind](actor, voice, step)
    if temperament in {Temperament.EAGER, Temperament.OPEN}:
        _share_something(actor, voice)


def _find_direction(actor: Actor, voice: _Voice, _: NextStep) -> None:
    _reflect(actor, voice)
    _dream(actor, voice)


def _dream(actor: Actor, voice: _Voice) -> None:
    """Draft a goal about something that none of one's goals is about yet, unless there is enough to do."""
    goals = actor.goals.mine()
    if sum(goal.ended_on is None for goal in goals) >= MOST_GOALS:
        return
    themes = {goal.theme for goal in goals}
    row = voice.random.choice([row for row in _script()["goal"] if row["theme"] not in themes] or _script()["goal"])
    actor.goals.draft(
        title=voice.text(row, "title"),
        why=voice.text(row, "why"),
        theme=row["theme"],
        measure=_measure(row, voice),
        due_on=actor.person.end_on,
        milestones=voice.text(row, "milestones"),
    )


def _measure(row: Mapping[str, Any], voice: _Voice) -> Measure:
    if "target" not in row:
        return Measure()
    return Measure(float(row["start"]), float(row["target"]), voice.text(row, "unit"), row.get("tolerance"))


def _start_goal(actor: Actor, _: _Voice, step: NextStep) -> None:
    actor.goals.start(step.about_id)


def _prepare(actor: Actor, voice: _Voice, step: NextStep) -> None:
    actor.check_ins.prepare(
        step.about_id,
        progress=voice.says("progress"),
        challenges=voice.says("challenge"),
        needs=voice.says("need") if voice.maybe(0.6) else "",
        topics=[voice.says("topic")],
    )
    if voice.maybe(0.4):
        _hold_talk(actor, voice)


def _give_feedback(actor: Actor, voice: _Voice, step: NextStep) -> None:
    if voice.maybe(0.15):
        actor.feedback.decline(step.about_id)
    else:
        actor.feedback.answer(step.about_id, voice.says("answer"))


def _say_how_it_goes(actor: Actor, voice: _Voice, step: NextStep) -> None:
    _record(actor, voice, actor.goals.get(step.about_id))


def _record(actor: Actor, voice: _Voice, goal: Goal) -> None:
    measure, so_far = goal.measure or PERCENT, goal.progress or 0.0
    if measure.tolerance is not None:
        figure = measure.target + voice.random.choice((-1.5, -0.5, 0.0, 0.5, 1.0)) * measure.tolerance
    else:
        share = min(1.0, max(0.0, so_far + voice.random.uniform(-0.05, 0.25)))
        figure = measure.start + share * (measure.target - measure.start)
    actor.goals.record(goal, progress=round(figure), confidence=voice.random.randint(4, 9), note=voice.says("note"))


def _choose_learning(actor: Actor, voice: _Voice, step: NextStep) -> None:
    menu = actor.learning.options(step.about_id)
    entry = voice.random.choice(menu[:4])
    actor.learning.choose(entry.option.id, goal_id=step.about_id, why=voice.says("why"))


def _thank(actor: Actor, _: _Voice, step: NextStep) -> None:
    actor.feedback.thank(step.about_id)


_STEPS: Mapping[StepKind, Callable[[Actor, _Voice, NextStep], None]] = {
    StepKind.FIND_DIRECTION: _find_direction,
    StepKind.START_GOAL: _start_goal,
    StepKind.PREPARE_CHECK_IN: _prepare,
    StepKind.GIVE_FEEDBACK: _give_feedback,
    StepKind.SAY_HOW_IT_GOES: _say_how_it_goes,
    StepKind.CHOOSE_LEARNING: _choose_learning,
    StepKind.READ_FEEDBACK: _thank,
}


def _reflect(actor: Actor, voice: _Voice) -> None:
    actor.reflections.write(actor.reflections.next_prompt().id, voice.says("reflection"))


def _active_goals(actor: Actor) -> list[Goal]:
    return [goal for goal in actor.goals.mine() if goal.status is GoalStatus.ACTIVE]


def _move_a_goal(actor: Actor, voice: _Voice) -> None:
    goals = _active_goals(actor)
    if goals:
        goal = voice.random.choice(goals)
        open_milestones = [milestone for milestone in goal.milestones if milestone.done_on is None]
        if goal.progress is not None and goal.progress >= 0.95:
            actor.goals.reach(goal, voice.says("closing"))
        elif voice.maybe(0.08):
            voice.random.choice((actor.goals.learn, actor.goals.let_go))(goal, voice.says("closing"))
        elif open_milestones and voice.maybe(0.3):
            actor.goals.finish_milestone(goal, open_milestones[0].id)
        else:
            _record(actor, voice, goal)


def _ask_feedback(actor: Actor, voice: _Voice) -> None:
    goals = _active_goals(actor)
    if not goals:
        return
    goal = voice.random.choice(goals)
    if colleagues := actor.visibility.preview(goal.id, audience="team"):
        asked = voice.random.choice(colleagues)
        actor.feedback.ask(asked.person_id, question=voice.says("question"), about=goal.id)


def _finish_learning(actor: Actor, voice: _Voice) -> None:
    for choice in actor.learning.mine():
        if choice.status is ChoiceStatus.CHOSEN:
            end = actor.learning.complete if voice.maybe(0.8) else actor.learning.stop
            end(choice, voice.says("looking_back"))
            return


def _offer(actor: Actor, voice: _Voice) -> None:
    if voice.maybe(0.3):
        row = voice.random.choice(_script()["offer"])
        actor.learning.offer(row["kind"], title=voice.text(row, "title"), themes=row["themes"], hours=row["hours"])


def _hold_talk(actor: Actor, voice: _Voice) -> None:
    check_in = actor.check_ins.current()
    if check_in is not None and check_in.preparations:
        _hold(actor, voice, check_in)


def _hold(actor: Actor, voice: _Voice, check_in: CheckIn) -> None:
    due_on = check_in.period.ends_on
    promises = [Promise(voice.says("my_promise"), by=check_in.owner_id, due_on=due_on)]
    if check_in.partner_id and voice.maybe(0.6):
        promises.append(Promise(voice.says("their_promise"), by=check_in.partner_id, due_on=due_on))
    actor.check_ins.hold(check_in.id, agreements=promises)


def _keep_promise(actor: Actor, _: _Voice) -> None:
    for agreement in (*actor.team.overview().your_promises, *actor.overview().my_promises)[:2]:
        actor.check_ins.keep_promise(agreement.id)


_OWN_ACTS: tuple[Callable[[Actor, _Voice], None], ...] = (
    _reflect,
    _dream,
    _move_a_goal,
    _move_a_goal,
    _move_a_goal,
    _hold_talk,
    _hold_talk,
    _ask_feedback,
    _finish_learning,
    _keep_promise,
    _offer,
)


def _share_something(actor: Actor, voice: _Voice) -> None:
    private = [goal for goal in actor.goals.mine() if goal.audience.is_private and goal.status is GoalStatus.ACTIVE]
    if private and voice.maybe(0.3):
        actor.goals.share(private[0], voice.random.choice(("manager", "manager", "partner", "team")))


def _support(actor: Actor, voice: _Voice) -> bool:
    """Be a good partner: prepare for a talk, or hold one that both have prepared; False when there is none."""
    talks = actor.check_ins.with_me()
    if not talks:
        return False
    check_in = voice.random.choice(talks)
    actor.leadership.prepare(check_in.id)
    if check_in.preparation_of(actor.person.id) is None:
        actor.check_ins.prepare(check_in.id, progress=voice.says("listening"))
    if check_in.preparation_of(check_in.owner_id) is not None:
        _hold(actor, voice, check_in)
    return True
