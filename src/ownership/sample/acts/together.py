"""What teams and their leads do: moments to talk together, decisions handed over, a look at oneself; and rest."""

from __future__ import annotations

from datetime import timedelta

from ownership.domain.team_moments import MomentStatus, TeamMoment
from ownership.sample.turn import Turn

MOST_DECISIONS = 3
"""Decisions that somebody hands over in these months."""

BETWEEN_CHECKS = timedelta(weeks=5)
"""Time that passes before somebody looks at himself again."""


def _planned(turn: Turn) -> list[TeamMoment]:
    return [moment for moment in turn.actor.team.moments() if moment.status is MomentStatus.PLANNED]


def call_for_a_moment(turn: Turn) -> bool:
    """Plan a moment of one's team, if none is planned."""
    group = turn.person.membership_on(turn.today)
    if group is None or not group.team or _planned(turn) or turn.colleague() is None:
        return False
    turn.actor.team.plan_moment(theme=turn.voice.says("moment"), on=turn.in_days(10))
    return True


def bring_something(turn: Turn) -> bool:
    """Bring something to a moment, and mostly show it."""
    for moment in _planned(turn):
        if moment.contribution_of(turn.person.id) is None:
            turn.actor.team.bring(moment.id, turn.voice.says("contribution"))
            if turn.voice.maybe(0.7):
                turn.actor.team.show(moment.id)
            return True
    return False


def hold_moment(turn: Turn) -> bool:
    """Note that the team talked, with what it agreed on."""
    for moment in _planned(turn):
        if moment.meets_on <= turn.today:
            turn.actor.team.hold_moment(moment.id, agreements=[turn.voice.says("team_agreement")])
            return True
    return False


def hand_over_decision(turn: Turn) -> bool:
    """Hand a decision over to the people who report to one, and say so."""
    leadership = turn.actor.leadership
    if len(leadership.path().decisions) >= MOST_DECISIONS:
        return False
    decision = leadership.hand_over_decision(turn.voice.says("decision"), look_back_on=turn.in_days(28))
    leadership.announce(decision)
    return True


def look_back_on_decision(turn: Turn) -> bool:
    """Look back on a decision when its day has come: keep it where it is, or take it back with a reason."""
    leadership = turn.actor.leadership
    for decision in leadership.path().to_look_back_on:
        if turn.voice.maybe(0.85):
            leadership.keep(decision, turn.voice.says("kept"))
        else:
            leadership.take_back(decision, turn.voice.says("taken_back"))
        return True
    return False


def look_at_oneself(turn: Turn) -> bool:
    """Answer the questions about giving room, for oneself alone; not every week."""
    if any(turn.today - check.answered_at.date() < BETWEEN_CHECKS for check in turn.actor.leadership.self_checks()):
        return False
    questions = turn.actor.leadership.self_check_questions()
    turn.actor.leadership.self_check({question.id: turn.voice.random.randint(2, 5) for question in questions})
    return True


def rest(turn: Turn) -> bool:
    """Rest: until a day, or until further notice."""
    if turn.actor.profile.is_resting():
        return False
    turn.actor.profile.rest(turn.in_days(turn.voice.random.randint(14, 60)) if turn.voice.maybe(0.5) else None)
    return True


def stop_resting(turn: Turn) -> bool:
    """Take one's development up again, now and then."""
    if not turn.actor.profile.is_resting() or not turn.voice.maybe(0.2):
        return False
    turn.actor.profile.stop_resting()
    return True
