"""A turn: one person's chance, on one day, to do something for her development or somebody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from random import Random

from attrs import frozen

from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.people import Person
from ownership.errors import InvalidInput
from ownership.sample.voice import Voice
from ownership.workspace.actor import Actor
from ownership.workspace.workspace import Workspace


@frozen
class Turn:
    """Who acts, how she speaks, which day it is, and whether people report to her."""

    actor: Actor
    person: Person
    voice: Voice
    today: date
    is_lead: bool = False

    def in_days(self, days: int) -> date:
        """Give a day to come, or with a negative number one that is past."""
        return self.today + timedelta(days=days)

    def goals(self, *statuses: GoalStatus) -> list[Goal]:
        """Give her goals of some statuses."""
        return [goal for goal in self.actor.goals.mine() if goal.status in statuses]

    def somebody(self, person_ids: Iterable[str]) -> str | None:
        """Draw one of some people; None when there is nobody."""
        people = sorted(set(person_ids))
        return self.voice.one_of(people) if people else None

    def colleague(self, but_not: Iterable[str] = ()) -> str | None:
        """Draw somebody of her team, as the preview of a goal of hers names them; None when there is nobody."""
        goals = self.actor.goals.mine()[:1]
        team = {seen.person_id for goal in goals for seen in self.actor.visibility.preview(goal.id, audience="team")}
        return self.somebody(team.difference(but_not))

    def first_of(self, acts: Sequence[Act]) -> list[str]:
        """Do the first of some acts that there is reason for, and tell its name; nothing when there is none."""
        return next(([name_of(act)] for act in acts if self._does(act)), [])

    def _does(self, act: Act) -> bool:
        """Do an act if there is reason to; not today if whoever it is for has left, or has enough questions."""
        try:
            return act(self)
        except InvalidInput:
            return False


Act = Callable[[Turn], bool]
"""Something that a person can do; it tells whether there was reason to, and so whether it was done."""


Farewell = Callable[[Workspace, Person, date, Random], bool]
"""Something that a person can do who left; it tells whether it was done."""


def name_of(act: Act | Farewell) -> str:
    """Name an act by its noun and verb, such as ``goals.share``."""
    return f"{act.__module__.rpartition('.')[2]}.{act.__name__}"
