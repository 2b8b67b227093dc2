"""Goals: drafted in private, moved by their owner only, shared when she wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from ownership.domain.experiments import Experiment, ExperimentId
from ownership.domain.goals import (
    PERCENT,
    Goal,
    GoalFact,
    GoalId,
    GoalUpdate,
    Measure,
    Milestone,
    MilestoneId,
    milestones_titled,
)
from ownership.domain.reminders import ReminderKind
from ownership.domain.suggestions import GoalSuggestion, SuggestionId, SuggestionMove, SuggestionWritten
from ownership.errors import IllegalMove, NotAllowed
from ownership.workspace.desk import find_person
from ownership.workspace.records import id_of
from ownership.workspace.seat import Seat, announce, several
from ownership.workspace.shared import seen_with
from ownership.workspace.sight import Sight

GoalOrId = Goal | GoalId | str
ExperimentOrId = Experiment | ExperimentId | str
SuggestionOrId = GoalSuggestion | SuggestionId | str


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
        skills: Iterable[str] = (),
        strengths: Iterable[str] = (),
        due_on: date | None = None,
        measure: Measure | None = PERCENT,
        milestones: Iterable[str] = (),
    ) -> Goal:
        """Draft a goal; nobody else sees it, and nobody hears of it.

        ``skills`` are what to learn, ``strengths`` what to build on. Without a measure, progress is an estimate in per
        cent; ``measure=None`` is a goal without a figure.

        Raises:
            InvalidInput: a field cannot be kept; the error names it.
        """
        with self._seat.writing() as sight:
            return sight.unit.add(
                Goal(
                    id=self._seat.desk.new_id(self._seat.person_id, Goal),
                    owner_id=self._seat.person_id,
                    title=title,
                    why=why,
                    theme=theme,
                    skills=tuple(several(skills, "goal.skills")),
                    strengths=tuple(several(strengths, "goal.strengths")),
                    due_on=due_on,
                    measure=measure,
                    milestones=milestones_titled(several(milestones, "goal.milestones")),
                    drafted_at=sight.now,
                    version=1,
                )
            )

    def mine(self) -> tuple[Goal, ...]:
        """Give the actor's own goals, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(sight.unit.all_of(self._seat.person_id, Goal))

    def get(self, goal: GoalOrId) -> Goal:
        """Give one goal as it is now, own or shared with the actor."""
        with self._seat.writing() as sight:
            return sight.see(Goal, goal)

    def edit(self, goal: GoalOrId, **changes: Any) -> Goal:
        """Change title, why, theme, skills, strengths, due_on, measure or milestones (their titles).

        A milestone whose title stays keeps its days.
        """
        for name in changes.keys() & {"skills", "strengths", "milestones"}:
            changes[name] = tuple(several(changes[name], f"goal.{name}"))
        return self._move(goal, lambda it, _: it.edit(**_with_milestones_of(it, changes)))

    def start(self, goal: GoalOrId) -> Goal:
        """Set a draft in motion."""
        return self._move(goal, lambda it, sight: it.start(self._seat.today(sight)), GoalFact.STARTED)

    def record(
        self, goal: GoalOrId, *, progress: float | None = None, confidence: int | None = None, note: str = ""
    ) -> Goal:
        """Say how a goal is going: a figure in the unit of its measure, a confidence from 1 to 10, a note.

        Not all are needed.

        Raises:
            InvalidInput: nothing is said, it cannot be kept, or the goal has no figure.
        """
        return self._move(goal, lambda it, sight: it.record(GoalUpdate(sight.now, progress, confidence, note)))

    def add_milestone(self, goal: GoalOrId, title: str, due_on: date | None = None) -> Goal:
        """Add a step on the way."""
        return self._move(goal, lambda it, _: it.add_milestone(title, due_on))

    def finish_milestone(self, goal: GoalOrId, milestone: Milestone | MilestoneId | str) -> Goal:
        """Tick off a milestone."""
        return self._move(
            goal, lambda it, sight: it.finish_milestone(MilestoneId(id_of(milestone)), self._seat.today(sight))
        )

    def try_out(self, goal: GoalOrId, what: str, until: date | None = None) -> Goal:
        """Begin an experiment: a small trial inside a goal, until a day if you like."""
        return self._move(goal, lambda it, sight: it.try_out(what, sight.now, until))

    def keep_experiment(self, goal: GoalOrId, experiment: ExperimentOrId, saw: str = "") -> Goal:
        """Conclude an experiment as kept: I go on with it; ``saw`` is what I saw."""
        id_ = ExperimentId(id_of(experiment))
        return self._move(goal, lambda it, sight: it.keep_experiment(id_, sight.now, saw))

    def drop_experiment(self, goal: GoalOrId, experiment: ExperimentOrId, saw: str = "") -> Goal:
        """Conclude an experiment as dropped: I know now that it is not for me; ``saw`` is what I saw."""
        id_ = ExperimentId(id_of(experiment))
        return self._move(goal, lambda it, sight: it.drop_experiment(id_, sight.now, saw))

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
        """Take an ended goal up again; how it ended, and what was thought of it then, is kept with it."""
        return self._move(goal, lambda it, sight: it.resume(self._seat.today(sight)), GoalFact.STARTED)

    def share(self, goal: GoalOrId, audience: Any) -> Goal:
        """Share a goal from today on: "manager", "partner", "team", "everyone" or a list of people; "only_me" undoes.

        Sharing again hands it over to whoever is the manager or partner now. Taking it back takes it back from its
        supporters too.
        """
        with self._seat.writing() as sight:
            shared: Goal = self._seat.share(sight, self._seat.own(sight, Goal, goal), audience, GoalFact.SHARED)
            return shared

    def invite_supporter(self, goal: GoalOrId, who: str) -> Goal:
        """Let a colleague support a goal: from now on it can be seen there, and the colleague hears of it once.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: it is yourself, or somebody who does not work here now.
        """
        with self._seat.writing() as sight:
            latest = self._seat.own(sight, Goal, goal)
            supporter = self._seat.colleague(sight, who, "supporter")
            if supporter.id in latest.supporter_ids:
                return latest
            self._seat.tell(sight, ReminderKind.SUPPORT_ASKED, latest.id, supporter)
            return sight.unit.save(latest.with_supporter(supporter.id))

    def remove_supporter(self, goal: GoalOrId, who: str) -> Goal:
        """Let a colleague support a goal no more; nobody hears of it."""
        with self._seat.writing() as sight:
            latest = self._seat.own(sight, Goal, goal)
            return _saved_if_other(sight, latest, latest.without_supporter(find_person(sight.unit, who).id))

    def stop_supporting(self, goal: GoalOrId) -> None:
        """Support a colleague's goal no more, without a reason; from then on it is not seen by that."""
        with self._seat.writing() as sight:
            latest = self._seat.latest(sight, Goal, goal)
            _saved_if_other(sight, latest, latest.without_supporter(self._seat.person_id))

    def supported(self) -> tuple[Goal, ...]:
        """Give the goals of colleagues that the actor supports."""
        with self._seat.writing() as sight:
            return tuple(sight.see_all(sight.unit.find(Goal, "supporter_ids", equals=self._seat.person_id)))

    def shared_with_me(self) -> tuple[Goal, ...]:
        """Give the goals that others share with the actor: by name, as manager or partner, or with the team.

        They are those of :meth:`Visibility.shared_with_me`; goals that the actor supports are in :meth:`supported`.
        """
        with self._seat.writing() as sight:
            seen = seen_with(sight, self._seat.person_id, [Goal])
            return tuple(sorted((goal for goal, _ in seen), key=lambda goal: goal.id))

    def suggest(self, who: str, *, title: str, why: str = "", theme: str = "") -> SuggestionWritten:
        """Suggest a goal to a colleague, who hears of it once and does with it what she likes; see :meth:`suggested`.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: it is yourself, somebody who does not work here now, or a text that cannot be kept.
        """
        with self._seat.writing() as sight:
            receiver = self._seat.colleague(sight, who, "suggestion.who")
            suggestion = sight.unit.save(
                GoalSuggestion(
                    id=self._seat.desk.new_id(receiver.id, GoalSuggestion),
                    owner_id=receiver.id,
                    author_id=self._seat.person_id,
                    title=title,
                    why=why,
                    theme=theme,
                    suggested_at=sight.now,
                )
            )
            self._seat.tell(sight, ReminderKind.GOAL_SUGGESTED, suggestion.id, receiver)
            return suggestion.as_written()

    def suggestions(self) -> tuple[GoalSuggestion, ...]:
        """Give what colleagues suggested to the actor and still waits, the oldest first. There is no hurry."""
        with self._seat.reading() as sight:
            received = sight.unit.all_of(self._seat.person_id, GoalSuggestion)
            return tuple(suggestion for suggestion in received if suggestion.is_waiting)

    def suggested(self) -> tuple[SuggestionWritten, ...]:
        """Give what the actor suggested to others: the words, and whether it waits, never what became of it."""
        with self._seat.writing() as sight:
            written = sight.see_all(sight.unit.find(GoalSuggestion, "author_id", equals=self._seat.person_id))
            return tuple(suggestion.as_written() for suggestion in written)

    def accept(self, suggestion: SuggestionOrId, *, title: str | None = None, why: str | None = None) -> Goal:
        """Make a draft of a suggestion, in your own words if you give them; nobody hears of it.

        Raises:
            NotFound: there is no such suggestion to the actor.
            IllegalMove: it does not wait any more.
            InvalidInput: a text cannot be kept.
        """
        with self._seat.writing() as sight:
            latest = self._seat.own(sight, GoalSuggestion, suggestion)
            goal = Goal(
                id=self._seat.desk.new_id(self._seat.person_id, Goal),
                owner_id=self._seat.person_id,
                title=latest.title if title is None else title,
                why=latest.why if why is None else why,
                theme=latest.theme,
                drafted_at=sight.now,
            )
            sight.unit.save(latest.accept(goal.id))
            return sight.unit.save(goal)

    def decline(self, suggestion: SuggestionOrId) -> None:
        """Decline a suggestion; no reason is needed, and nobody hears of it.

        Raises:
            NotFound: there is no such suggestion to the actor.
            IllegalMove: it does not wait any more.
        """
        with self._seat.writing() as sight:
            sight.unit.save(self._seat.own(sight, GoalSuggestion, suggestion).decline())

    def withdraw(self, suggestion: SuggestionWritten | SuggestionId | str) -> SuggestionWritten:
        """Take back a suggestion that still waits.

        Raises:
            NotFound: there is no such suggestion by the actor.
            IllegalMove: it does not wait any more.
        """
        with self._seat.writing() as sight:
            latest = sight.see(GoalSuggestion, id_of(suggestion))
            if latest.author_id != self._seat.person_id:
                raise NotAllowed(f"suggestion {latest.id!r} is somebody else's to withdraw")
            if not latest.is_waiting:  # how it ended is not told
                raise IllegalMove("suggestion", latest.id, "not waiting any more", SuggestionMove.WITHDRAW, ())
            return sight.unit.save(latest.withdraw()).as_written()

    def _move(self, goal: GoalOrId, move: Callable[[Goal, Sight], Goal], fact: str = "") -> Goal:
        with self._seat.writing() as sight:
            moved = sight.unit.save(move(self._seat.own(sight, Goal, goal), sight))
            if fact:
                announce(sight, moved, fact)
            return moved


def _with_milestones_of(goal: Goal, changes: dict[str, Any]) -> dict[str, Any]:
    """Give changes in which titles of milestones are milestones, the known ones as they are."""
    if "milestones" not in changes:
        return changes
    return changes | {"milestones": milestones_titled(changes["milestones"], goal.milestones)}


def _saved_if_other(sight: Sight, before: Goal, after: Goal) -> Goal:
    return before if after is before else sight.unit.save(after)
