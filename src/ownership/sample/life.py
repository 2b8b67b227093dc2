"""Months in the life of the sample organisation: people take their next small step, or rest, through the front door.

Nothing is written past the workspace: every act below is a call that a real person's tool would make. What a day brings
is drawn from (seed, day, person), so a life can be interrupted and gone on with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from attrs import define, field

from ownership.domain.people import Person, PersonId
from ownership.sample import acts
from ownership.sample.people import NAMED, ORGANISER
from ownership.sample.turn import Turn, name_of
from ownership.sample.voice import Voice
from ownership.workspace.jobs import WorkReport
from ownership.workspace.seat import ORGANISER as ORGANISER_ROLE
from ownership.workspace.workspace import Workspace

DAY_STARTS_AT = time(7, 30)
DAY_ENDS_AT = time(21, 30)
BETWEEN_ACTS = timedelta(seconds=20)


class Temperament(StrEnum):
    """How someone goes about their development; drawn once per person."""

    EAGER = "eager"
    OPEN = "open"
    QUIET = "quiet"
    RESTING = "resting"


CHANCE_TO_ACT: Mapping[Temperament, float] = {
    Temperament.EAGER: 0.95,
    Temperament.OPEN: 0.3,
    Temperament.QUIET: 0.15,
    Temperament.RESTING: 0.05,
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
    """What a life held, as counts; ``done`` by the name of the act."""

    days: int = 0
    done: Counter[str] = field(factory=Counter)
    work: WorkReport = field(factory=WorkReport)

    @property
    def acts(self) -> int:
        """How many things people did."""
        return self.done.total()

    def add(self, work: WorkReport) -> None:
        """Add a run of due work."""
        self.work.opened += work.opened
        self.work.passed += work.passed
        self.work.expired += work.expired
        self.work.pulses += work.pulses
        self.work.let_go += work.let_go
        for name in ("messages", "sent", "lapsed", "postponed", "dead"):
            total = getattr(self.work.deliveries, name) + getattr(work.deliveries, name)
            setattr(self.work.deliveries, name, total)


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
            people = self._workspace.people.all()
            leads = _leads(people, day)
            for person in people:
                self._live(person, day, is_lead=person.id in leads)
            for person in people:
                if not person.active:
                    self._say_goodbye(person, day)
        self._clock.move_to(datetime.combine(day, DAY_ENDS_AT, tzinfo=UTC))
        self.report.add(self._workspace.run_due_work())

    def _live(self, person: Person, day: date, *, is_lead: bool) -> None:
        random = Random(f"{self._seed}:{day}:{person.external_id}")
        if person.on_leave or not person.works_on(day) or random.random() > self._chance(person):
            return
        roles = {ORGANISER_ROLE} if person.email == ORGANISER["email"] else ()
        actor = self._workspace.acting_as(person.id, roles=roles)
        turn = Turn(actor, person, Voice.of(person, random), day, is_lead)
        self.report.done.update(_take(turn, self.temperament_of(person)))
        self._clock.move_to(self._clock() + BETWEEN_ACTS)

    def _say_goodbye(self, leaver: Person, day: date) -> None:
        """Let somebody who left do what she still can."""
        random = Random(f"{self._seed}:{day}:{leaver.external_id}:left")
        done = next((act for act in acts.LEAVING if act(self._workspace, leaver, day, random)), None)
        if done is not None:
            self.report.done[name_of(done)] += 1

    def _chance(self, person: Person) -> float:
        return CHANCE_TO_ACT[self.temperament_of(person)]

    def temperament_of(self, person: Person) -> Temperament:
        """Tell how someone goes about their development.

        Those of whom the documentation speaks are eager: there is much to show.
        """
        if person.email in {named["email"] for named in (*NAMED, ORGANISER)}:
            return Temperament.EAGER
        drawn = Random(f"{self._seed}:{person.external_id}").random()
        return Temperament.RESTING if drawn < 0.2 else Temperament.QUIET if drawn < 0.6 else Temperament.OPEN


def _leads(people: Iterable[Person], day: date) -> frozenset[PersonId]:
    """Give everyone to whom somebody reports who works on a day."""
    lines = (person.reporting_line_on(day) for person in people if person.works_on(day))
    return frozenset(line.manager_id for line in lines if line)


def _take(turn: Turn, temperament: Temperament) -> list[str]:
    """Take a turn, and tell what was done: something for somebody else, the next small step, or what one likes."""
    if arrived := acts.arrive(turn):
        return arrived
    if temperament is Temperament.RESTING or turn.actor.profile.is_resting():
        return acts.rest_a_while(turn)
    listened = acts.listen(turn)
    if temperament is Temperament.EAGER:
        return [*listened, *acts.support(turn), *acts.follow_next_step(turn), *acts.go_round(turn)]
    if turn.voice.maybe(0.3) and (done := acts.support(turn)):
        return [*listened, *done]
    if turn.voice.maybe(0.65) and (done := acts.follow_next_step(turn)):
        return [*listened, *done]
    return [*listened, *acts.do_as_one_likes(turn)]
