"""What people do with their own thoughts and goals, and with what colleagues suggest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ownership.domain.experiments import ExperimentStatus
from ownership.domain.goals import Goal, GoalStatus, Measure
from ownership.sample.turn import Turn

MOST_GOALS = 3
"""Goals that somebody has in hand at one time."""


def begin(turn: Turn) -> bool:
    """Answer the three questions to begin with, and draft a goal from one of the directions."""
    start = turn.actor.start
    openings = start.questions()
    if any(opening.answer for opening in openings):
        return False
    for opening in openings:
        start.answer(opening.prompt.id, turn.voice.answers(opening.prompt.id))
    start.draft(turn.voice.one_of(start.directions()).id)
    return True


def reflect(turn: Turn) -> bool:
    """Answer the next prompt."""
    turn.actor.reflections.write(turn.actor.reflections.next_prompt().id, turn.voice.says("reflection"))
    return True


def _has_enough(turn: Turn) -> bool:
    return len(turn.goals(GoalStatus.DRAFT, GoalStatus.ACTIVE)) >= MOST_GOALS


def grow_a_reflection(turn: Turn) -> bool:
    """Make the draft of a goal out of something that was written before, unless it became one already."""
    if _has_enough(turn):
        return False
    known = {goal.title for goal in turn.actor.goals.mine()}
    for written in reversed(turn.actor.reflections.mine()):
        title = turn.voice.makes_of(written.text)
        if title and title not in known:
            turn.actor.reflections.to_goal(written, title=title)
            return True
    return False


def dream(turn: Turn) -> bool:
    """Draft a goal about something that none of one's goals is about yet, unless there is enough to do."""
    if _has_enough(turn):
        return False
    row = turn.voice.row("goal", but_not=[goal.theme for goal in turn.actor.goals.mine()])
    turn.actor.goals.draft(
        title=turn.voice.text(row, "title"),
        why=turn.voice.text(row, "why"),
        theme=row["theme"],
        skills=turn.voice.text(row, "skills"),
        strengths=turn.voice.text(row, "strengths"),
        measure=_measure(row, turn),
        due_on=turn.person.end_on,
        milestones=turn.voice.text(row, "milestones"),
    )
    return True


def _measure(row: Mapping[str, Any], turn: Turn) -> Measure | None:
    if "target" not in row:
        return Measure() if row.get("has_figure", True) else None
    return Measure(float(row["start"]), float(row["target"]), turn.voice.text(row, "unit"), row.get("tolerance"))


def start(turn: Turn) -> bool:
    """Set a draft in motion, beside one other at most."""
    drafts, active = turn.goals(GoalStatus.DRAFT), turn.goals(GoalStatus.ACTIVE)
    if not drafts or len(active) > 1:
        return False
    turn.actor.goals.start(drafts[0])
    return True


def say_how_it_goes(turn: Turn) -> bool:
    """Record how it goes with the goal that was quiet longest: a figure where it has one, a confidence, a note."""
    goals = sorted(turn.goals(GoalStatus.ACTIVE), key=lambda goal: goal.heard_of_at())
    for goal in goals[:1]:
        confidence, note = turn.voice.random.randint(4, 9), turn.voice.says("note")
        turn.actor.goals.record(goal, progress=_figure(turn, goal), confidence=confidence, note=note)
    return bool(goals)


def _figure(turn: Turn, goal: Goal) -> float | None:
    if goal.measure is None:
        return None
    measure, so_far = goal.measure, goal.progress or 0.0
    if measure.tolerance is not None:
        return round(measure.target + turn.voice.one_of((-1.5, -0.5, 0.0, 0.5, 1.0)) * measure.tolerance)
    share = min(1.0, max(0.0, so_far + turn.voice.random.uniform(-0.05, 0.5)))
    return round(measure.start + share * (measure.target - measure.start))


def finish_milestone(turn: Turn) -> bool:
    """Tick off the next milestone of a goal."""
    for goal in turn.goals(GoalStatus.ACTIVE):
        for milestone in goal.milestones:
            if milestone.done_on is None:
                turn.actor.goals.finish_milestone(goal, milestone.id)
                return True
    return False


def reach(turn: Turn) -> bool:
    """End a goal that has come where it was to come."""
    for goal in turn.goals(GoalStatus.ACTIVE):
        if _is_there(goal):
            turn.actor.goals.reach(goal, turn.voice.says("reached"))
            return True
    return False


def _is_there(goal: Goal) -> bool:
    if goal.measure is None:
        return bool(goal.milestones) and all(milestone.done_on for milestone in goal.milestones)
    return goal.progress is not None and goal.progress >= 0.9


def end_otherwise(turn: Turn) -> bool:
    """End a goal of some weeks as one that taught something, or let it go."""
    for goal in turn.goals(GoalStatus.ACTIVE):
        if goal.started_on and goal.started_on <= turn.in_days(-35):
            if turn.voice.maybe(0.5):
                turn.actor.goals.learn(goal, turn.voice.says("learned"))
            else:
                turn.actor.goals.let_go(goal, turn.voice.says("let_go"))
            return True
    return False


def take_up_again(turn: Turn) -> bool:
    """Take up a goal again that was let go."""
    let_go = turn.goals(GoalStatus.LET_GO)
    if not let_go or _has_enough(turn):
        return False
    turn.actor.goals.resume(let_go[-1])
    return True


def try_out(turn: Turn) -> bool:
    """Begin a small experiment inside a goal that has none under way."""
    goals = [goal for goal in turn.goals(GoalStatus.ACTIVE) if not _under_way(goal)]
    if goals:
        turn.actor.goals.try_out(turn.voice.one_of(goals), turn.voice.says("experiment"), turn.in_days(14))
    return bool(goals)


def _under_way(goal: Goal) -> list[str]:
    return [experiment.id for experiment in goal.experiments if experiment.status is ExperimentStatus.TRYING]


def conclude(turn: Turn) -> bool:
    """Say what an experiment taught, and go on with it or not."""
    for goal in turn.actor.goals.mine():
        for experiment_id in _under_way(goal):
            if turn.voice.maybe(0.7):
                turn.actor.goals.keep_experiment(goal, experiment_id, turn.voice.says("saw_kept"))
            else:
                turn.actor.goals.drop_experiment(goal, experiment_id, turn.voice.says("saw_dropped"))
            return True
    return False


def share(turn: Turn) -> bool:
    """Share one goal that is in motion and still private."""
    private = [goal for goal in turn.goals(GoalStatus.ACTIVE) if goal.audience.is_private]
    if private:
        turn.actor.goals.share(private[0], turn.voice.one_of(("manager", "manager", "partner", "team")))
    return bool(private)


def share_a_reflection(turn: Turn) -> bool:
    """Share the last reflection, if it is private."""
    private = [written for written in turn.actor.reflections.mine()[-1:] if written.audience.is_private]
    for written in private:
        turn.actor.reflections.share(written, turn.voice.one_of(("manager", "partner", "team")))
    return bool(private)


def invite_supporter(turn: Turn) -> bool:
    """Ask a colleague to support a goal that nobody supports yet."""
    alone = [goal for goal in turn.goals(GoalStatus.ACTIVE) if not goal.supporter_ids]
    who = turn.colleague() if alone else None
    if who is None:
        return False
    turn.actor.goals.invite_supporter(alone[0], who)
    return True


def suggest(turn: Turn) -> bool:
    """Suggest a goal to somebody whose goals one knows, or to another colleague."""
    known = {written.receiver_id for written in turn.actor.goals.suggested()}
    who = turn.somebody(goal.owner_id for goal in turn.actor.goals.shared_with_me() if goal.owner_id not in known)
    who = who or turn.colleague(but_not=known)
    if who is None:
        return False
    row = turn.voice.row("suggestion")
    turn.actor.goals.suggest(
        who, title=turn.voice.text(row, "title"), why=turn.voice.text(row, "why"), theme=row["theme"]
    )
    return True


def consider_suggestion(turn: Turn) -> bool:
    """Make a draft of what a colleague suggested, in one's own words if one has them, or decline it."""
    for suggestion in turn.actor.goals.suggestions():
        if turn.voice.maybe(0.6):
            row = turn.voice.row_titled("suggestion", suggestion.title)
            own = {part: turn.voice.text(row, part) for part in ("title", "why")} if row else {}
            turn.actor.goals.accept(suggestion, **own)
        else:
            turn.actor.goals.decline(suggestion)
        return True
    return False


def cheer(turn: Turn) -> bool:
    """Be a supporter: one word for next time about a goal that one supports."""
    cheered = {given.about for given in turn.actor.feedback.given()}
    for goal in turn.actor.goals.supported():
        if goal.id not in cheered:
            word = turn.voice.says("feed_forward")
            turn.actor.feedback.give(goal.owner_id, word, about=goal.id, kind="feed_forward")
            return True
    return False
