"""What people do with what they need: raise it, answer it, say that it was met, hand it on."""

from __future__ import annotations

from ownership.domain.needs import OPEN, NeedStatus
from ownership.sample.turn import Turn


def raise_need(turn: Turn) -> bool:
    """Put a need to one's partner or manager, when none waits."""
    if any(need.status in OPEN for need in turn.actor.needs.mine()):
        return False
    turn.actor.needs.raise_need(turn.voice.says("need"), to=turn.voice.one_of(("partner", "manager")))
    return True


def answer(turn: Turn) -> bool:
    """Answer what one will do about a need of somebody else, or why nothing can be done now."""
    for need in turn.actor.needs.asked_of_me():
        if need.status is NeedStatus.RAISED:
            if turn.voice.maybe(0.75):
                turn.actor.needs.we_will(need.id, turn.voice.says("we_will"), by=turn.in_days(14))
            else:
                turn.actor.needs.not_now(need.id, turn.voice.says("need_not_now"))
            return True
    return False


def say_met(turn: Turn) -> bool:
    """Say that a need was met, as promised."""
    for need in turn.actor.needs.mine():
        if need.status is NeedStatus.ANSWERED_YES:
            turn.actor.needs.met(need)
            return True
    return False


def hand_on(turn: Turn) -> bool:
    """Put a need that nobody looks after now, or that was answered with "not now", to a colleague."""
    left = turn.actor.needs.without_receiver()
    refused = [need for need in turn.actor.needs.mine() if need.status is NeedStatus.ANSWERED_NOT_NOW]
    who = turn.colleague(but_not=[need.receiver_id for need in refused]) if left or refused else None
    if who is None:
        return False
    turn.actor.needs.hand_on((*left, *refused)[0], to=who)
    return True
