"""One use case is one transaction, and as many statements with a long past and many colleagues as with a short one.

Every call is made twice on SQLite: in a past of four months with three colleagues, and in one of eight months with
three times as much in each month and fifteen colleagues. What is counted is what SQLite is handed: a statement, for one
row or for many at once.
"""

from __future__ import annotations

import inspect
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.workspace.conftest import PEOPLE, row
from tests.workspace.test_secrets import VERBS

from ownership import Money, OwnershipError, Progress, Promise
from ownership.adapters.storage.sqlite import connections
from ownership.domain.directory import Snapshot
from ownership.workspace import deliveries, jobs
from ownership.workspace.actor import Actor
from ownership.workspace.people import People
from ownership.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    MakeWorld = Callable[..., World]

SOON = date(2027, 1, 5)
"""A day after all that happened."""

LATER_IN_THE_MONTH, NEXT_MONTH = date(2026, 12, 17), date(2027, 1, 5)

FEW, MANY = 3, 15
"""Colleagues."""

STATEMENTS: list[str] = []
"""What SQLite was handed since it was last emptied."""


class Counted(sqlite3.Connection):
    """A connection that writes down each statement that it is handed."""

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Execute a statement."""
        STATEMENTS.append(statement)
        return super().execute(statement, *values)

    def executemany(self, statement: str, *rows: Any) -> sqlite3.Cursor:
        """Execute a statement for many rows."""
        STATEMENTS.append(statement)
        return super().executemany(statement, *rows)


class Cost(NamedTuple):
    """What a call took: transactions, and statements in them."""

    transactions: int
    statements: int


def cost_of(call: Callable[[], object]) -> Cost:
    """Make a call, and give what it took."""
    STATEMENTS.clear()
    call()
    begun = sum(statement.startswith("BEGIN") for statement in STATEMENTS)
    ended = sum(statement == "COMMIT" for statement in STATEMENTS)
    return Cost(begun, len(STATEMENTS) - begun - ended)


class Measured:
    """What stands for an actor or one of her nouns: a call of it is counted, after what it is given was made."""

    def __init__(self, real: Any, costs: list[Cost]) -> None:
        self._real = real
        self._costs = costs

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return Measured(found, self._costs)
        return lambda *given, **how: self._costs.append(cost_of(lambda: found(*given, **how)))


# --- a past


def live(world: World, colleagues: int, months: int, times: int) -> None:
    """Let people do everything there is, month after month, the last of which is not over."""
    names = [f"c{number}" for number in range(colleagues)]
    world.tell(*PEOPLE, *(row(name, manager="sam") for name in names))
    organiser = world.acting("hr", roles={"organiser"})
    world.start_cycle(open_days=14)
    for name in ("Weekly", "Yearly"):
        organiser.cycles.stop(world.start_cycle(name=name))
    organiser.budgets.grant(money=Money(5000, "EUR"), hours=500)
    organiser.catalogue.retire(organiser.catalogue.add("reading", title="An old book"))
    organiser.catalogue.add("reading", title="A book")
    organiser.catalogue.add("e_learning", title="Safety", is_mandatory=True)
    for name in names:
        _beside(world, name)
    for month in range(13 - months, 13):
        _month(world, names, _first_tuesday(month), times, is_last=month == 12)


def _first_tuesday(month: int) -> date:
    first = date(2026, month, 1)
    return first + timedelta(days=(1 - first.weekday()) % 7)


def _beside(world: World, name: str) -> None:
    """Let a colleague share with everybody, and ask and offer something."""
    her = world.acting(name)
    for audience in ("manager", "team", ["ada", "sam"]):
        her.goals.share(her.goals.start(her.goals.draft(title="Grow")), audience)
        her.reflections.share(her.reflections.write("start-what-i-need", "Time."), audience)
        her.learning.share(her.learning.choose("own", title="A book"), audience)
    her.learning.offer("coaching", title="An hour with me")
    her.goals.invite_supporter(her.goals.start(her.goals.draft(title="Lead")), "ada")
    with suppress(OwnershipError):  # they have enough questions by now
        her.feedback.ask("ada", question="What?")
        her.feedback.ask("sam", question="What?")
    her.needs.raise_need("Time", to="manager")
    her.needs.raise_need("Words", to="ada")
    her.learning_requests.ask("own", title="A course", cost=Money(600, "EUR"))
    her.plan.offer(her.plan.draft())
    her.goals.suggest("ada", title="Write")


def _month(world: World, names: list[str], day: date, times: int, *, is_last: bool) -> None:
    world.clock.set(day.year, day.month, day.day)
    world.work()
    for name in ("ada", "liam", *names):
        _talk(world, name, is_last=is_last)
    for _ in range(times):
        _hers(world)
    sam, ada, hr = world.acting("sam"), world.acting("ada"), world.acting("hr", roles={"organiser"})
    for keep in (True, False):
        decision = sam.leadership.announce(sam.leadership.hand_over_decision("Holidays", to=["ada", "liam"]))
        sam.leadership.keep(decision, "Well") if keep else sam.leadership.take_back(decision, "Too soon")
    sam.leadership.announce(sam.leadership.hand_over_decision("The planning"))
    sam.leadership.self_check({question.id: 3 for question in sam.leadership.self_check_questions()})
    ada.team.hold_moment(ada.team.plan_moment(theme="Growing", on=day), agreements=["Listen"])
    moment = ada.team.plan_moment(theme="Next", on=SOON)
    for actor in (ada, sam, world.acting("liam")):
        with suppress(OwnershipError):  # who is not invited
            actor.team.show(actor.team.bring(moment, "A wish"))
    if not is_last:
        pulse = hr.pulses.open(days=7)
        for name in ("ada", "sam", "liam", "zoe"):
            answering = world.acting(name).pulse
            answering.answer(pulse.id, {question.id: 4 for question in pulse.questions})
        world.clock.move(days=8)
        world.work()
        hr.pulses.respond(pulse.id, we_will="Talk about it")
    else:
        pulse = hr.pulses.open(days=7)
        ada.pulse.answer(pulse.id, {question.id: 4 for question in pulse.questions})


def _talk(world: World, name: str, *, is_last: bool) -> None:
    her = world.acting(name)
    check_in = her.check_ins.prepare(progress="Some", needs="Time", topics=["A", "B"])
    world.acting("sam").check_ins.prepare(check_in.id, progress="Seen", topics=["C"])
    if not is_last:
        promised = her.check_ins.hold(check_in.id, agreements=[Promise("Read"), Promise("Ask", by="sam"), "Write"])
        her.check_ins.keep_promise(promised.agreements[-1].id)


def _hers(world: World) -> None:
    """Let Ada do all that one does with others in a month."""
    ada, liam, sam = world.acting("ada"), world.acting("liam"), world.acting("sam")
    for audience in ("manager", "team", "everyone", ["liam", "zoe"], "only_me"):
        goal = ada.goals.start(ada.goals.draft(title="Grow", milestones=["A step"]))
        ada.goals.record(goal.id, progress=10, note="A note")
        ada.goals.share(goal.id, audience)
        ada.reflections.share(ada.reflections.write("start-what-i-need", "Time."), audience)
        ada.learning.share(ada.learning.complete(ada.learning.choose("own", title="A book")), audience)
        ada.goals.reach(goal.id)
    lead = ada.goals.share(ada.goals.start(ada.goals.draft(title="Lead")), "team")
    ada.goals.invite_supporter(lead, "liam")
    ada.goals.let_go(ada.goals.start(ada.goals.draft(title="Sing")), "Enough")
    ada.goals.accept(liam.goals.suggest("ada", title="Write").id)
    ada.goals.decline(liam.goals.suggest("ada", title="Paint").id)
    with suppress(OwnershipError):  # she asked him enough lately
        liam.feedback.answer(ada.feedback.ask("liam", question="What?"), "That.")
    liam.feedback.give("ada", "You listen well.")
    sam.feedback.give("ada", "You ask well.")
    for given in ada.feedback.received():
        ada.feedback.share(ada.feedback.thank(given), ["zoe"])
    ada.feedback.give("sam", "Thank you.")
    sam.feedback.received()
    need = ada.needs.raise_need("Time", to="manager")
    ada.needs.met(sam.needs.we_will(need, "Fewer meetings", by=SOON))
    ada.needs.raise_need("Quiet", to="liam")
    asked = ada.learning_requests.ask("own", title="A course", cost=Money(600, "EUR"))
    ada.learning.complete(ada.learning_requests.take_up(sam.learning_requests.grant(asked).id))
    plan = ada.plan.offer(ada.plan.draft())
    sam.plan.acknowledge(ada.plan.acknowledge(plan).id)
    for message in ada.inbox.messages()[:1]:
        ada.inbox.read(message)


# --- the calls


class Now:
    """A moment in a world: actors to do what comes before a call, and in capitals those whose call is counted."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.costs: list[Cost] = []

    def __getattr__(self, name: str) -> Any:
        if name == "WS":
            return Measured(self.world.ws, self.costs)
        actor = self.world.acting(name.lower(), roles={"organiser"} if name.lower() == "hr" else ())
        return Measured(actor, self.costs) if name.isupper() else actor

    def goal(self) -> Any:
        """Make a goal of Ada's that is in motion."""
        return self.ada.goals.start(self.ada.goals.draft(title="Grow", milestones=["A step"]))

    def trial(self) -> tuple[str, str]:
        """Make an experiment in a goal."""
        goal = self.ada.goals.try_out(self.goal(), "A week without mail")
        return goal.id, goal.experiments[0].id

    def talk(self) -> str:
        """Give the open check-in of Ada's."""
        return str(self.ada.check_ins.current().id)

    def promise(self, by: str = "ada") -> str:
        """Give a promise that was made to or by Ada now."""
        talk = self.ada.check_ins.hold(self.talk(), agreements=[Promise("Read", by=by)])
        return str(talk.agreements[-1].id)

    def alone(self) -> str:
        """Give a promise to Ada by somebody who is no longer beside her."""
        promised = self.promise(by="sam")
        self.world.tell(row("ada", manager="mia"))
        self.world.start_cycle(name="Another", people=["ada"], cadence="FREQ=DAILY")
        self.world.work()
        return promised

    def question(self) -> Any:
        """Let Ada ask Zoe something."""
        return self.ada.feedback.ask("zoe", question="What?")

    def moment(self) -> str:
        """Plan a moment of Ada's team, to which she brings something."""
        moment = self.ada.team.plan_moment(theme="Now", on=SOON)
        return str(self.ada.team.bring(moment, "A wish").id)

    def decision(self) -> Any:
        """Let Sam name a decision."""
        return self.sam.leadership.hand_over_decision("The budget", to=["ada"])

    def request(self) -> Any:
        """Let Ada ask for a course."""
        return self.ada.learning_requests.ask("own", title="A course", cost=Money(600, "EUR"))

    def choice(self) -> Any:
        """Let Ada choose something to learn."""
        return self.ada.learning.choose("own", title="A book")

    def written(self) -> Any:
        """Let Ada write something."""
        return self.ada.reflections.write("start-what-i-need", "Time.")

    def plan(self) -> str:
        """Let Ada offer a plan."""
        return str(self.ada.plan.offer(self.ada.plan.draft()).id)

    def pulse(self) -> Any:
        """Give the pulse that is open, and answers to it."""
        asked = self.ada.pulse.current()
        return asked.id, {question.id: 3 for question in asked.questions}

    def cycle(self) -> Any:
        """Give the cycle that goes on."""
        return next(cycle for cycle in self.hr.cycles.all() if cycle.name == "Monthly")


Deed = Callable[[Now], Any]

TWICE: Mapping[str, Deed] = {
    "overview with a question": lambda at: (at.zoe.feedback.ask("ada", question="What?"), at.ADA.overview()),
}
"""Calls above in another situation."""

OPERATOR: Mapping[str, Deed] = {
    "acting_as": lambda at: at.WS.acting_as("ada@example.org"),
    "acting_as_leaver": lambda at: (_let_go(at), at.WS.acting_as_leaver("zoe")),
    "dead_letters": lambda at: at.WS.dead_letters(),
    "retry_dead_letters": lambda at: at.WS.retry_dead_letters(),
    "people.find": lambda at: at.WS.people.find("ada"),
    "people.all": lambda at: at.WS.people.all(),
    "people.plan": lambda at: (_tell(at), at.WS.people.plan("rows:")),
    "people.apply": lambda at: at.WS.people.apply(_tell(at)),
    "people.plan_erasure": lambda at: at.WS.people.plan_erasure("zoe"),
    "people.erase": lambda at: at.WS.people.erase(at.world.ws.people.plan_erasure("zoe").confirmed()),
    "people.sync": lambda at: (_tell(at), at.WS.people.sync("rows:")),
    "people.replay_erasures": lambda at: at.WS.people.replay_erasures(),
    "reindex": lambda at: at.WS.reindex(),
    "people.erasures": lambda at: at.WS.people.erasures(),
}
"""The calls of who runs the workspace."""

DEEDS: Mapping[str, Deed] = {
    "profile.use_language": lambda at: at.ADA.profile.use_language("nl"),
    "profile.use_timezone": lambda at: at.ADA.profile.use_timezone("Europe/Paris"),
    "profile.choose_partner": lambda at: at.ADA.profile.choose_partner("liam"),
    "profile.rest": lambda at: at.ADA.profile.rest(),
    "profile.stop_resting": lambda at: (at.ada.profile.rest(), at.ADA.profile.stop_resting()),
    "goals.draft": lambda at: at.ADA.goals.draft(title="Grow"),
    "goals.get": lambda at: at.ADA.goals.get(at.goal().id),
    "goals.edit": lambda at: at.ADA.goals.edit(at.goal(), title="Grow more"),
    "goals.start": lambda at: at.ADA.goals.start(at.ada.goals.draft(title="Grow")),
    "goals.record": lambda at: at.ADA.goals.record(at.goal(), progress=40),
    "goals.add_milestone": lambda at: at.ADA.goals.add_milestone(at.goal(), "Another"),
    "goals.finish_milestone": lambda at: at.ADA.goals.finish_milestone(*_step(at.goal())),
    "goals.try_out": lambda at: at.ADA.goals.try_out(at.goal(), "A week without mail"),
    "goals.keep_experiment": lambda at: at.ADA.goals.keep_experiment(*at.trial()),
    "goals.drop_experiment": lambda at: at.ADA.goals.drop_experiment(*at.trial()),
    "goals.reach": lambda at: at.ADA.goals.reach(at.goal()),
    "goals.learn": lambda at: at.ADA.goals.learn(at.goal()),
    "goals.let_go": lambda at: at.ADA.goals.let_go(at.goal()),
    "goals.resume": lambda at: at.ADA.goals.resume(at.ada.goals.let_go(at.goal())),
    "goals.share": lambda at: at.ADA.goals.share(at.goal(), "manager"),
    "goals.suggest": lambda at: at.SAM.goals.suggest("ada", title="Write"),
    "goals.withdraw": lambda at: at.SAM.goals.withdraw(at.sam.goals.suggest("ada", title="Write").id),
    "goals.accept": lambda at: at.ADA.goals.accept(at.sam.goals.suggest("ada", title="Write").id),
    "goals.decline": lambda at: at.ADA.goals.decline(at.sam.goals.suggest("ada", title="Write").id),
    "goals.invite_supporter": lambda at: at.ADA.goals.invite_supporter(at.goal(), "liam"),
    "goals.remove_supporter": lambda at: at.ADA.goals.remove_supporter(
        at.ada.goals.invite_supporter(at.goal(), "liam"), "liam"
    ),
    "goals.stop_supporting": lambda at: at.LIAM.goals.stop_supporting(
        at.ada.goals.invite_supporter(at.goal(), "liam").id
    ),
    "check_ins.get": lambda at: at.SAM.check_ins.get(at.talk()),
    "check_ins.prepare": lambda at: at.ADA.check_ins.prepare(progress="Some", topics=["D"]),
    "check_ins.hold": lambda at: at.ADA.check_ins.hold(agreements=["Read", Promise("Ask", by="sam")]),
    "check_ins.record": lambda at: at.ADA.check_ins.record(
        challenges="Time", agreements=["Read"], goals=[Progress(at.goal(), 10), Progress(at.goal(), 20)]
    ),
    "check_ins.skip": lambda at: at.ADA.check_ins.skip(),
    "check_ins.bring_up": lambda at: at.SAM.check_ins.bring_up(at.talk(), topics=["D"]),
    "check_ins.arrange": lambda at: at.ADA.check_ins.arrange(order=[at.ada.check_ins.current().agenda[1]]),
    "check_ins.take_off": lambda at: at.ADA.check_ins.take_off(at.ada.check_ins.current().agenda[1]),
    "check_ins.reveal_together": lambda at: at.ADA.check_ins.reveal_together(),
    "check_ins.postpone": lambda at: at.ADA.check_ins.postpone(to=at.world.clock.now.date() + timedelta(days=5)),
    "check_ins.hand_over": lambda at: at.ADA.check_ins.hand_over(),
    "check_ins.keep_promise": lambda at: at.ADA.check_ins.keep_promise(at.promise()),
    "check_ins.release": lambda at: at.SAM.check_ins.release(at.promise()),
    "check_ins.take_over": lambda at: at.ADA.check_ins.take_over(at.alone()),
    "check_ins.ask_to_adopt": lambda at: at.ADA.check_ins.ask_to_adopt(at.alone()),
    "check_ins.adopt": lambda at: at.MIA.check_ins.adopt(at.ada.check_ins.ask_to_adopt(at.alone()).agenda[-1]),
    "check_ins.choose_rhythm": lambda at: at.ADA.check_ins.choose_rhythm(at.cycle(), "FREQ=WEEKLY"),
    "check_ins.follow_rhythm": lambda at: at.ADA.check_ins.follow_rhythm(at.cycle()),
    "start.answer": lambda at: at.ADA.start.answer(at.ada.start.questions()[0], "Here"),
    "start.draft": lambda at: at.ADA.start.draft(at.ada.start.directions()[0]),
    "reflections.get": lambda at: at.ADA.reflections.get(at.written()),
    "reflections.write": lambda at: at.ADA.reflections.write("start-what-i-need", "Time."),
    "reflections.share": lambda at: at.ADA.reflections.share(at.written(), "team"),
    "reflections.to_goal": lambda at: at.ADA.reflections.to_goal(at.written(), title="Grow"),
    "reflections.remove": lambda at: at.ADA.reflections.remove(at.written()),
    "learning.choose": lambda at: at.ADA.learning.choose("own", title="A book"),
    "learning.complete": lambda at: at.ADA.learning.complete(at.choice()),
    "learning.look_back": lambda at: at.ADA.learning.look_back(at.ada.learning.complete(at.choice()), "helped"),
    "learning.was_real_choice": lambda at: at.ADA.learning.was_real_choice(at.choice(), "yes"),
    "learning.stop": lambda at: at.ADA.learning.stop(at.choice()),
    "learning.swap": lambda at: at.ADA.learning.swap(at.choice(), "own", title="Another"),
    "learning.share": lambda at: at.ADA.learning.share(at.choice(), "team"),
    "learning.offer": lambda at: at.ADA.learning.offer("coaching", title="An hour"),
    "learning.withdraw_offer": lambda at: at.ADA.learning.withdraw_offer(
        at.ada.learning.offer("coaching", title="An hour")
    ),
    "learning_requests.ask": lambda at: at.ADA.learning_requests.ask("own", title="A course", cost=Money(9, "EUR")),
    "learning_requests.withdraw": lambda at: at.ADA.learning_requests.withdraw(at.request()),
    "learning_requests.grant": lambda at: at.SAM.learning_requests.grant(at.request()),
    "learning_requests.decline": lambda at: at.SAM.learning_requests.decline(at.request(), because="The year is over"),
    "learning_requests.take_up": lambda at: at.ADA.learning_requests.take_up(
        at.sam.learning_requests.grant(at.request()).id
    ),
    "feedback.ask": lambda at: at.ADA.feedback.ask("zoe", question="What?"),
    "feedback.answer": lambda at: at.ZOE.feedback.answer(at.question(), "That."),
    "feedback.decline": lambda at: at.ZOE.feedback.decline(at.question()),
    "feedback.withdraw": lambda at: at.ADA.feedback.withdraw(at.question()),
    "feedback.give": lambda at: at.LIAM.feedback.give("ada", "Well done."),
    "feedback.take_back": lambda at: at.ZOE.feedback.take_back(at.zoe.feedback.answer(at.question(), "That.")),
    "feedback.thank": lambda at: at.ADA.feedback.thank(at.world.given()),
    "feedback.share": lambda at: at.ADA.feedback.share(at.world.given(), ["sam"]),
    "plan.draft": lambda at: at.ADA.plan.draft(),
    "plan.get": lambda at: at.SAM.plan.get(at.plan()),
    "plan.extract": lambda at: at.ADA.plan.extract(at.plan(), parts=["goals"]),
    "plan.offer": lambda at: at.ADA.plan.offer(at.ada.plan.draft()),
    "plan.ask_to_talk": lambda at: at.SAM.plan.ask_to_talk(at.plan()),
    "plan.acknowledge": lambda at: at.SAM.plan.acknowledge(at.ada.plan.acknowledge(at.plan()).id),
    "plan.withdraw": lambda at: at.ADA.plan.withdraw(at.plan()),
    "needs.raise_need": lambda at: at.ADA.needs.raise_need("Time", to="manager"),
    "needs.we_will": lambda at: at.SAM.needs.we_will(at.ada.needs.raise_need("Time"), "Less", by=SOON),
    "needs.not_now": lambda at: at.SAM.needs.not_now(at.ada.needs.raise_need("Time"), "The year is over"),
    "needs.met": lambda at: at.ADA.needs.met(at.sam.needs.we_will(at.ada.needs.raise_need("Time"), "Less", by=SOON)),
    "needs.withdraw": lambda at: at.ADA.needs.withdraw(at.ada.needs.raise_need("Time")),
    "needs.hand_on": lambda at: at.ADA.needs.hand_on(at.ada.needs.raise_need("Time"), to="liam"),
    "pulse.answer": lambda at: at.ADA.pulse.answer(*at.pulse()),
    "pulse.take_back": lambda at: at.ADA.pulse.take_back(at.pulse()[0]),
    "pulse.trend": lambda at: at.ADA.pulse.trend("autonomy"),
    "pulses.open": lambda at: (at.hr.pulses.call_off(at.pulse()[0]), at.HR.pulses.open()),
    "pulses.respond": lambda at: at.HR.pulses.respond(_over(at), we_will="Talk"),
    "pulses.call_off": lambda at: at.HR.pulses.call_off(at.pulse()[0]),
    "visibility.preview": lambda at: at.ADA.visibility.preview(at.goal(), audience="team"),
    "visibility.share": lambda at: at.ADA.visibility.share(at.goal(), "team"),
    "visibility.who_sees": lambda at: at.ADA.visibility.who_sees(at.ada.goals.share(at.goal(), "team")),
    "visibility.plan_hand_over": lambda at: at.ADA.visibility.plan_hand_over("all"),
    "visibility.hand_over": lambda at: at.ADA.visibility.hand_over("all"),
    "inbox.read": lambda at: at.ADA.inbox.read(next(m for m in at.ada.inbox.messages() if not m.is_read)),
    "pulses.preview": lambda at: (at.hr.pulses.call_off(at.pulse()[0]), at.HR.pulses.preview()),
    "data.import_bundle": lambda at: at.ADA.data.import_bundle(_from_elsewhere(at)),
    "team.plan_moment": lambda at: at.ADA.team.plan_moment(theme="Now", on=SOON),
    "team.moment": lambda at: at.LIAM.team.moment(at.moment()),
    "team.bring": lambda at: at.LIAM.team.bring(at.moment(), "A wish"),
    "team.show": lambda at: at.ADA.team.show(at.moment()),
    "team.take_back": lambda at: at.ADA.team.take_back(at.moment()),
    "team.hold_moment": lambda at: at.ADA.team.hold_moment(at.moment(), agreements=["Listen"]),
    "team.call_off_moment": lambda at: at.ADA.team.call_off_moment(at.moment()),
    "leadership.prepare": lambda at: at.SAM.leadership.prepare(at.talk()),
    "leadership.hand_over_decision": lambda at: at.SAM.leadership.hand_over_decision("The budget", to=["ada"]),
    "leadership.announce": lambda at: at.SAM.leadership.announce(at.sam.leadership.hand_over_decision("The budget")),
    "leadership.drop": lambda at: at.SAM.leadership.drop(at.decision()),
    "leadership.keep": lambda at: at.SAM.leadership.keep(at.sam.leadership.announce(at.decision())),
    "leadership.take_back": lambda at: at.SAM.leadership.take_back(at.sam.leadership.announce(at.decision()), "So"),
    "leadership.self_check": lambda at: at.SAM.leadership.self_check({_habit(at): 3}),
    "cycles.start": lambda at: at.HR.cycles.start(name="Another", cadence="FREQ=MONTHLY"),
    "cycles.stop": lambda at: at.HR.cycles.stop(at.cycle()),
    "cycles.set_rhythm": lambda at: at.HR.cycles.set_rhythm(at.cycle(), cadence="FREQ=WEEKLY", person="ada"),
    "cycles.drop_rhythm": lambda at: at.HR.cycles.drop_rhythm(
        at.hr.cycles.set_rhythm(at.cycle(), cadence="FREQ=WEEKLY", team="Blue"), team="Blue"
    ),
    "catalogue.add": lambda at: at.HR.catalogue.add("reading", title="A new book"),
    "catalogue.retire": lambda at: at.HR.catalogue.retire(at.hr.catalogue.add("reading", title="A new book")),
    "budgets.grant": lambda at: at.HR.budgets.grant(money=Money(10, "EUR"), person="ada"),
}
"""Every call that is given something, or changes something; the others are found by introspection."""


def _let_go(at: Now) -> Any:
    """Let Zoe leave."""
    return at.world.tell(row("zoe", manager="mia", team="Red", end_on=at.world.clock.now.date() - timedelta(days=1)))


def _tell(at: Now) -> Any:
    """Let the directory tell that Ada has another title, and plan to follow it."""
    at.world.snapshot = Snapshot("rows", (row("ada", manager="sam", title="Writer"),))
    return at.world.ws.people.plan("rows:")


def _step(goal: Any) -> tuple[str, str]:
    return goal.id, goal.milestones[0].id


def _habit(at: Now) -> str:
    return str(at.sam.leadership.self_check_questions()[0].id)


def _over(at: Now) -> str:
    """Give a pulse that is over and waits for a reply."""
    pulse = at.pulse()[0]
    at.world.clock.move(days=8)
    at.world.work()
    return str(pulse)


def _from_elsewhere(at: Now) -> Any:
    """Give what Ada took along from an earlier workplace."""
    earlier = type(at.world)(tenant="earlier")
    with earlier:
        earlier.acting("ada").goals.draft(title="Grow")
        return earlier.acting("ada").data.export()


HERS_ALONE = frozenset({"check_ins.show_initiative", "start.directions"})
"""What reads, and is refused to whoever did nothing yet."""

ORGANISERS = frozenset({"cycles", "pulses", "catalogue", "budgets", "figures"})


def calls() -> Iterator[tuple[str, bool]]:
    """Give every public call of an actor by its name, and whether it must be given something."""
    for name, member in vars(Actor).items():
        functions: Mapping[str, Any] = {name: member}
        if isinstance(member, cached_property):
            noun = inspect.get_annotations(member.func, eval_str=True)["return"]
            functions = {f"{name}.{call}": found for call, found in inspect.getmembers(noun, inspect.isfunction)}
        for call, found in functions.items():
            if inspect.isfunction(found) and not call.rpartition(".")[2].startswith("_"):
                parameters = list(inspect.signature(found).parameters.values())[1:]
                yield call, any(parameter.default is parameter.empty for parameter in parameters)


def _plainly(call: str, who: str) -> Deed:
    """Make the deed of a call that is given nothing."""
    noun, _, name = call.rpartition(".")
    return lambda at: getattr(getattr(getattr(at, who), noun) if noun else getattr(at, who), name)()


def deeds() -> dict[str, Deed]:
    """Give every call as a deed: by Ada, what reads by her manager too, and what only organisers do by one of them."""
    found = {**OPERATOR, **DEEDS, **TWICE}
    for call, _ in calls():
        if call in DEEDS:
            continue
        noun, _, name = call.rpartition(".")
        if noun in ORGANISERS:
            found[call] = _plainly(call, "HR")
            continue
        found[call] = _plainly(call, "ADA")
        if name not in VERBS.get(noun, ()) and call not in HERS_ALONE:
            found[f"{call} by her manager"] = _plainly(call, "SAM")
    return found


# --- what is allowed

TRANSACTIONS: Mapping[str, int] = {
    "leadership.self_check_questions": 0,  # these read content, and nothing that is stored
    "leadership.self_check_questions by her manager": 0,
    "pulses.questions": 0,
    "overview with a question": 2,  # it reads first, so that an overview of what is all hers waits for no writer
    "people.sync": 2,  # a plan, which the guard may hold, and then carrying it out
    "people.replay_erasures": 2,  # the ledger, and a look whether there is something to scrub
    "people.erase": 4,  # a look at the keys; after it a scrub, claimed and settled, not to be forgotten
}
"""The calls that are not one transaction, and why."""

MORE_FOR_EACH_COLLEAGUE = frozenset(
    {
        # These read what several people have shared: the things of each lie together, and are one range of the store.
        *("goals.shared_with_me", "goals.shared_with_me by her manager", "team.overview by her manager"),
        *("visibility.shared_with_me", "visibility.shared_with_me by her manager"),
        "figures.publish",  # twice a year, and one range for everyone, so that nobody's things are held in memory
    }
)
"""The calls that take one statement more for each colleague of the team."""

MORE_FOR_EACH_THING = frozenset(
    {
        "people.erase",  # what names her in records of somebody else is written anew, each over its own version
    }
)
"""The calls whose statements grow with what there is."""

# --- counted


@pytest.fixture(scope="module", autouse=True)
def _counting() -> Iterator[None]:
    """Let every connection of the SQLite store be counted."""
    with pytest.MonkeyPatch.context() as patch:
        connect = partial(sqlite3.connect, factory=Counted)
        patch.setattr(connections, "sqlite3", _with(sqlite3, connect=connect))
        yield


def _with(module: Any, **instead: Any) -> Any:
    """Give a module of which some names mean something else."""
    altered = type(module)(module.__name__)
    vars(altered).update(vars(module) | instead)
    return altered


class Counts:
    """What every call takes in one past; each is made in a copy of it."""

    def __init__(self, world: type[World], folder: Path, **how: int) -> None:
        self._world = world
        self._past = folder / "past.db"
        self._copy = folder / "copy.db"
        with world(_address(self._past), people=()) as past:
            live(past, **how)
            self._now = past.clock.now

    def of(self, deed: Deed) -> Cost:
        """Make a call, and give what it took."""
        with self.world() as world:
            at = Now(world)
            deed(at)
            (cost,) = at.costs
            return cost

    def world(self) -> World:
        """Give a copy of the past to go on in."""
        shutil.copyfile(self._past, self._copy)
        world = self._world(_address(self._copy), people=())
        world.clock.now = self._now
        return world


def _address(path: Path) -> str:
    return f"sqlite:///{path}?synchronous=NORMAL"  # what is counted is not what is flushed


@pytest.fixture(scope="module")
def pasts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Counts, Counts]:
    """Give a short past with three colleagues, and one six times as full with five times as many."""
    from tests.workspace.conftest import World

    short, long = tmp_path_factory.mktemp("short"), tmp_path_factory.mktemp("long")
    return Counts(World, short, colleagues=FEW, months=4, times=1), Counts(
        World, long, colleagues=MANY, months=8, times=3
    )


@pytest.mark.parametrize("call", deeds())
def test_one_use_case(pasts: tuple[Counts, Counts], call: str) -> None:
    """A use case is one transaction, with the same number of statements in a short past and in a long one."""
    short, long = (past.of(deeds()[call]) for past in pasts)
    assert (short.transactions, long.transactions) == (TRANSACTIONS.get(call, 1),) * 2
    if call not in MORE_FOR_EACH_THING:
        more = MANY - FEW if call in MORE_FOR_EACH_COLLEAGUE else 0
        assert long.statements - short.statements == more


@pytest.mark.parametrize("day", [LATER_IN_THE_MONTH, NEXT_MONTH], ids=["idle", "busy"])
def test_due_work_of_one_batch(pasts: tuple[Counts, Counts], day: date) -> None:
    """A batch of due work takes as many transactions and statements for ten people as for forty, busy or idle."""

    def work(at: Now) -> None:
        at.world.clock.set(2026, 12, 16)
        at.world.work()
        at.world.work()
        at.world.clock.set(day.year, day.month, day.day)
        at.WS.run_due_work()

    short, long = (past.of(work) for past in pasts)
    assert short == long


def test_due_work_of_many_batches(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each further batch takes what the one before it took."""
    for module in (jobs, deliveries):
        monkeypatch.setattr(module, "BATCH", 5)
    costs = []
    for batches in (2, 3, 4):
        names = ["hr", *(f"c{number}" for number in range(1, 5 * batches))]
        world = make_world(_address(tmp_path / f"{batches}.db"), people=[row(name, manager="") for name in names])
        world.start_cycle()
        world.clock.set(2026, 1, 6)
        costs.append(cost_of(world.work))
    assert costs[1].transactions - costs[0].transactions == costs[2].transactions - costs[1].transactions
    assert costs[1].statements - costs[0].statements == costs[2].statements - costs[1].statements


def test_every_call_is_counted() -> None:
    """A new call is counted without a word here when it needs nothing, and otherwise stands among the deeds."""
    needy = {call for call, needs_something in calls() if needs_something}
    assert needy - deeds().keys() == set()
    assert needy - DEEDS.keys() == set(), "say in DEEDS what it is given"
    assert DEEDS.keys() - dict(calls()).keys() == set()
    named = {name for name, member in vars(Workspace).items() if inspect.isfunction(member) and name[0] != "_"}
    named |= {
        f"people.{name}" for name, member in vars(People).items() if inspect.isfunction(member) and name[0] != "_"
    }
    assert named - OPERATOR.keys() == NOT_COUNTED


NOT_COUNTED = {
    *("joined", "close", "register"),  # these ask nothing of the store
    "check",  # it lets the store examine its file
    "run_due_work",  # it goes in batches, see below
}


def test_the_exceptions_are_calls() -> None:
    """Nothing stays excepted that is not there any more."""
    assert (TRANSACTIONS.keys() | MORE_FOR_EACH_COLLEAGUE | MORE_FOR_EACH_THING) - deeds().keys() == set()
