"""Goals: drafted in private, moved by their owner only, shared when she wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from ownership.domain.goals import PERCENT, Goal, GoalFact, GoalId, GoalUpdate, Measure, Milestone, MilestoneId
from ownership.workspace.seat import Seat, announce, several
from ownership.workspace.sight import Sight

GoalOrId = Goal | GoalId | str


class Goals:
    """The goals of the actor, and those that others shared with the actor.

    A verb takes the goal (then it must be the latest version) or its id. Each raises NotFound for a goal that is not
    there or not the actor's to see, NotAllowed for one that belongs to another, and IllegalMove when its status does
    not allow the verb.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def draft(
        self,
        *,
        title: str,
        why: str = "",
        theme: str = "",
        due_on: date | None = None,
        measure: Measure = PERCENT,
        milestones: Iterable[str] = (),
    ) -> Goal:
        """Draft a goal; nobody else sees it, and nobody hears of it.

        Raises:
            InvalidInput: a field cannot be kept; the error names it.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(
                Goal(
                    id=self._seat.desk.new_id(self._seat.person_id, Goal),
                    owner_id=self._seat.person_id,
                    title=title,
                    why=why,
                    theme=theme,
                    due_on=due_on,
                    measure=measure,
                    milestones=tuple(_milestones(milestones)),
                    drafted_at=sight.now,
                )
            )

    def mine(self) -> tuple[Goal, ...]:
        """Give the actor's own goals, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(sight.unit.all_of(self._seat.person_id, Goal))

    def get(self, goal_id: GoalId | str) -> Goal:
        """Give one goal, own or shared with the actor."""
        with self._seat.writing() as sight:
            return sight.see(Goal, goal_id)

    def edit(self, goal: GoalOrId, **changes: Any) -> Goal:
        """Change title, why, theme, due_on, measure or milestones (their titles)."""
        if "milestones" in changes:
            changes["milestones"] = tuple(_milestones(changes["milestones"]))
        return self._move(goal, lambda it, _: it.edit(**changes))

    def start(self, goal: GoalOrId) -> Goal:
        """Set a draft in motion."""
        return self._move(goal, lambda it, sight: it.start(self._seat.today(sight)), GoalFact.STARTED)

    def record(
        self, goal: GoalOrId, *, progress: float | None = None, confidence: int | None = None, note: str = ""
    ) -> Goal:
        """Say how a goal is going: a figure in the unit of its measure, a confidence from 1 to 10, a note.

        Not all are needed.
        """
        return self._move(goal, lambda it, sight: it.record(GoalUpdate(sight.now, progress, confidence, note)))

    def finish_milestone(self, goal: GoalOrId, milestone_id: MilestoneId | str) -> Goal:
        """Tick off a milestone."""
        return self._move(
            goal, lambda it, sight: it.finish_milestone(MilestoneId(milestone_id), self._seat.today(sight))
        )

    def reach(self, goal: GoalOrId, reflection: str = "") -> Goal:
        """End a goal as reached."""
        return self._move(goal, lambda it, sight: it.reach(self._seat.today(sight), reflection), GoalFact.ENDED)

    def learn(self, goal: GoalOrId, reflection: str = "") -> Goal:
        """End a goal as learned: it taught me something."""
        return self._move(goal, lambda it, sight: it.learn(self._seat.today(sight), reflection), GoalFact.ENDED)

    def let_go(self, goal: GoalOrId, reflection: str = "") -> Goal:
        """End a goal as let go."""
        return self._move(goal, lambda it, sight: it.let_go(self._seat.today(sight), reflection), GoalFact.ENDED)

    def resume(self, goal: GoalOrId) -> Goal:
        """Take an ended goal up again."""
        return self._move(goal, lambda it, sight: it.resume(self._seat.today(sight)), GoalFact.STARTED)

    def share(self, goal: GoalOrId, audience: Any) -> Goal:
        """Share a goal from today on: "manager", "partner", "team", "everyone" or a list of people; "only_me" undoes.

        Sharing again hands it over to whoever is the manager or partner now.
        """
        with self._seat.writing() as sight:
            shared: Goal = self._seat.share(sight, self._seat.own(sight, Goal, goal), audience, GoalFact.SHARED)
            return shared

    def _move(self, goal: GoalOrId, move: Callable[[Goal, Sight], Goal], fact: str = "") -> Goal:
        with self._seat.writing() as sight:
            moved = sight.unit.save(move(self._seat.own(sight, Goal, goal), sight))
            if fact:
                announce(sight, moved, fact)
            return moved


def _milestones(titles: Iterable[str]) -> Iterable[Milestone]:
    return (
        Milestone(MilestoneId(f"m{number}"), title)
        for number, title in enumerate(several(titles, "goal.milestones"), start=1)
    )
