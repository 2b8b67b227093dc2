"""An actor: a person at work in the workspace, with every use case that is open to them."""

from __future__ import annotations

from functools import cached_property

from ownership.domain.next_steps import NextStep
from ownership.domain.overview import Overview
from ownership.domain.people import Person
from ownership.workspace.budgets import Budgets
from ownership.workspace.catalogue import Catalogue
from ownership.workspace.check_ins import CheckIns
from ownership.workspace.cycles import Cycles
from ownership.workspace.data import DataRights, Takeaway
from ownership.workspace.feedback import FeedbackRounds
from ownership.workspace.figures import Figures
from ownership.workspace.goals import Goals
from ownership.workspace.inbox import Inbox
from ownership.workspace.leadership import Leadership
from ownership.workspace.learning import Learning
from ownership.workspace.learning_requests import LearningRequests
from ownership.workspace.needs import Needs
from ownership.workspace.overview import next_steps_of, overview_of
from ownership.workspace.plans import DevelopmentPlans
from ownership.workspace.profile import Profile
from ownership.workspace.pulse import PulseAnswering
from ownership.workspace.pulses import Pulses
from ownership.workspace.reflections import Reflections
from ownership.workspace.seat import Seat
from ownership.workspace.start import Start
from ownership.workspace.team import Team
from ownership.workspace.visibility import Visibility


class Actor:
    """A person at work, as :meth:`Workspace.acting_as` gives it. Each noun below has its use cases."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    @property
    def person(self) -> Person:
        """The person who acts, as known now."""
        with self._seat.reading() as sight:
            return sight.viewer

    @property
    def roles(self) -> frozenset[str]:
        """The roles in which the person acts."""
        return self._seat.roles

    @cached_property
    def profile(self) -> Profile:
        """Her own settings: language, time zone, conversation partner; and whether she rests."""
        return Profile(self._seat)

    @cached_property
    def goals(self) -> Goals:
        """Her development goals: drafted in private, moved by her, with experiments, supporters and suggestions."""
        return Goals(self._seat)

    @cached_property
    def check_ins(self) -> CheckIns:
        """Her talks, and those in which she is the partner: agenda, preparation, agreements, her own rhythm."""
        return CheckIns(self._seat)

    @cached_property
    def start(self) -> Start:
        """The way in: three questions, three directions, the draft of a goal."""
        return Start(self._seat)

    @cached_property
    def reflections(self) -> Reflections:
        """Prompts to think about, and what she wrote."""
        return Reflections(self._seat)

    @cached_property
    def learning(self) -> Learning:
        """Ways of learning to choose from, and her choices."""
        return Learning(self._seat)

    @cached_property
    def learning_requests(self) -> LearningRequests:
        """What goes beyond her budget: asked by her, and asked of her."""
        return LearningRequests(self._seat)

    @cached_property
    def feedback(self) -> FeedbackRounds:
        """Feedback asked, given and received."""
        return FeedbackRounds(self._seat)

    @cached_property
    def plan(self) -> DevelopmentPlans:
        """Her development plans, and those offered to her as a partner."""
        return DevelopmentPlans(self._seat)

    @cached_property
    def needs(self) -> Needs:
        """What she needs from others, and what others need from her."""
        return Needs(self._seat)

    @cached_property
    def pulse(self) -> PulseAnswering:
        """The pulse that is open, what she answers, her own trend, and what came out for everyone."""
        return PulseAnswering(self._seat)

    @cached_property
    def visibility(self) -> Visibility:
        """Who would see an item, sharing it, what others share with her, what moves along to a new manager."""
        return Visibility(self._seat)

    @cached_property
    def inbox(self) -> Inbox:
        """Messages to her, in the tool that she works in."""
        return Inbox(self._seat)

    @cached_property
    def data(self) -> DataRights:
        """Her rights on her own data: who looked."""
        return DataRights(self._seat)

    @cached_property
    def team(self) -> Team:
        """What her people shared with her, moments of the team, decisions handed over to her."""
        return Team(self._seat)

    @cached_property
    def leadership(self) -> Leadership:
        """How she supports others: the next talk prepared, decisions to hand over, a path of her own."""
        return Leadership(self._seat)

    @cached_property
    def cycles(self) -> Cycles:
        """The programme of check-ins; takes the role of organiser."""
        return Cycles(self._seat)

    @cached_property
    def pulses(self) -> Pulses:
        """The pulses of the organisation, to open and to reply to; takes the role of organiser."""
        return Pulses(self._seat)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The organisation's own ways of learning; takes the role of organiser."""
        return Catalogue(self._seat)

    @cached_property
    def budgets(self) -> Budgets:
        """What people may spend on learning without asking; takes the role of organiser."""
        return Budgets(self._seat)

    @cached_property
    def figures(self) -> Figures:
        """How the organisation does, in figures that anyone may read; to publish them takes the role of organiser."""
        return Figures(self._seat)

    def next_step(self) -> NextStep:
        """Give the next small step: the first of :meth:`next_steps`."""
        return self.next_steps()[0]

    def next_steps(self) -> tuple[NextStep, ...]:
        """Give the next small steps, at most three, the first one first."""
        return next_steps_of(self._seat)

    def overview(self) -> Overview:
        """Give all that is her own, in one value."""
        return overview_of(self._seat)


class Leaver:
    """A person who left, as :meth:`Workspace.acting_as_leaver` gives it: all she can do is take along what is hers."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    @cached_property
    def data(self) -> Takeaway:
        """Her own data: who looked, and all of it to take along."""
        return Takeaway(self._seat)
