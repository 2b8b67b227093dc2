"""What people do with feedback: ask it, give it, think again, read it, thank for it, share it."""

from __future__ import annotations

from ownership.domain.goals import GoalStatus
from ownership.sample.turn import Turn


def ask(turn: Turn) -> bool:
    """Ask a colleague one question about a goal, looking back or forward."""
    goals = turn.goals(GoalStatus.ACTIVE)
    who = turn.colleague() if goals else None
    if who is None:
        return False
    about, kind = turn.voice.one_of(goals).id, turn.voice.one_of(("feedback", "feedback", "feed_forward"))
    turn.actor.feedback.ask(who, question=turn.voice.says(f"question_{kind}"), about=about, kind=kind)
    return True


def answer(turn: Turn) -> bool:
    """Answer a question that a colleague put to one, or decline it."""
    for asked in turn.actor.feedback.asked_of_me():
        if turn.voice.maybe(0.15):
            turn.actor.feedback.decline(asked.id)
        else:
            turn.actor.feedback.answer(asked.id, turn.voice.says("answer"))
        return True
    return False


def give(turn: Turn) -> bool:
    """Give a colleague feedback unasked."""
    who = turn.colleague()
    if who is not None:
        turn.actor.feedback.give(who, turn.voice.says("answer"))
    return who is not None


def think_again(turn: Turn) -> bool:
    """Take back the last feedback that one gave, if it was not read yet."""
    unread = [given for given in turn.actor.feedback.given() if not given.is_read]
    if unread:
        turn.actor.feedback.take_back(unread[-1])
    return bool(unread)


def read(turn: Turn) -> bool:
    """Read what came in, and thank for the first that was not thanked for yet."""
    for given in turn.actor.feedback.received():
        if given.thanked_on is None:
            turn.actor.feedback.thank(given)
            return True
    return False


def share(turn: Turn) -> bool:
    """Share feedback that one is glad of with one's manager."""
    for given in turn.actor.feedback.received():
        if given.thanked_on and given.audience.is_private:
            turn.actor.feedback.share(given, "manager")
            return True
    return False
