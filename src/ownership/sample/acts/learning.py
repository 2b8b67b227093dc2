"""What people do to learn: choose, with a budget; ask for more; look back; offer something to others."""

from __future__ import annotations

from ownership.domain.budgets import LearningRequestStatus, Means, Money
from ownership.domain.goals import GoalStatus
from ownership.domain.learning import ChoiceStatus, LearningOption
from ownership.sample.turn import Turn
from ownership.sample.voice import script
from ownership.workspace.actor import Actor


def choose(turn: Turn) -> bool:
    """Choose a way of learning for a goal that has none; ask for it where the budget does not reach."""
    served = {choice.goal_id for choice in turn.actor.learning.mine() if choice.status is not ChoiceStatus.STOPPED}
    waiting = any(asked.status is LearningRequestStatus.ASKED for asked in turn.actor.learning_requests.mine())
    for goal in turn.goals(GoalStatus.ACTIVE):
        if goal.id not in served:
            return _choose(turn, _from_menu(turn, goal.id), goal.id, may_ask=not waiting)
    return False


def _from_menu(turn: Turn, goal_id: str) -> LearningOption:
    return turn.voice.one_of(turn.actor.learning.options(goal_id)[:4]).option


def _choose(turn: Turn, option: LearningOption, goal_id: str, *, may_ask: bool) -> bool:
    cost, why = _cost(option), turn.voice.says("why")
    if turn.actor.learning.budget().covers(cost):
        turn.actor.learning.choose(option.id, goal_id=goal_id, why=why, cost=cost.money, hours=cost.hours)
        return True
    if may_ask and turn.person.reporting_line_on(turn.today):
        turn.actor.learning_requests.ask(option.id, cost=cost.money, hours=cost.hours, why=why)
        return True
    return False


def _cost(option: LearningOption) -> Means:
    row = script()["cost"].get(option.kind, {})
    return Means(Money(row["euros"], "EUR") if "euros" in row else None, row.get("hours", 0))


def ask_for_more(turn: Turn) -> bool:
    """Ask the manager for something of one's own that goes beyond the budget."""
    goals = turn.goals(GoalStatus.ACTIVE)
    if not goals or turn.actor.learning_requests.mine() or turn.person.reporting_line_on(turn.today) is None:
        return False
    row = turn.voice.one_of(script()["wish"])
    turn.actor.learning_requests.ask(
        "own",
        title=turn.voice.text(row, "title"),
        why=turn.voice.says("why"),
        cost=Money(row["euros"], "EUR"),
        hours=row["hours"],
    )
    return True


def answer_request(turn: Turn) -> bool:
    """Grant what somebody asks for, or say "not now, because"."""
    for asked in turn.actor.learning_requests.asked_of_me():
        if turn.voice.maybe(0.8):
            turn.actor.learning_requests.grant(asked.id)
        else:
            turn.actor.learning_requests.decline(asked.id, because=turn.voice.says("not_now"))
        return True
    return False


def take_up(turn: Turn) -> bool:
    """Choose with what was granted."""
    for asked in turn.actor.learning_requests.mine():
        if asked.status is LearningRequestStatus.GRANTED and _is_there(turn.actor, asked.option_id):
            goals = turn.goals(GoalStatus.ACTIVE)
            turn.actor.learning_requests.take_up(asked, goal_id=goals[0].id if goals else None, why=asked.why)
            return True
    return False


def _is_there(actor: Actor, option_id: str) -> bool:
    return option_id == "own" or option_id in {entry.option.id for entry in actor.learning.options()}


def finish(turn: Turn) -> bool:
    """Complete what was chosen some weeks ago, or stop it."""
    for choice in turn.actor.learning.mine():
        if choice.status is ChoiceStatus.CHOSEN and choice.chosen_at.date() <= turn.in_days(-14):
            if turn.voice.maybe(0.8):
                turn.actor.learning.complete(choice, turn.voice.says("completed"))
            else:
                turn.actor.learning.stop(choice, turn.voice.says("stopped"))
            return True
    return False


def swap(turn: Turn) -> bool:
    """Choose another way for the same goal, in place of one that does not fit; once."""
    for choice in turn.actor.learning.mine():
        is_first = choice.request_id is None and choice.instead_of_id is None
        if choice.status is ChoiceStatus.CHOSEN and choice.goal_id and is_first:
            free = [e.option for e in turn.actor.learning.options(choice.goal_id) if _cost(e.option).is_nothing]
            if free:
                turn.actor.learning.swap(choice, turn.voice.one_of(free).id, why=turn.voice.says("why"))
            return bool(free)
    return False


def look_back(turn: Turn) -> bool:
    """Say whether what ended has helped."""
    for choice in turn.actor.learning.mine():
        if choice.ended_on and choice.helped is None:
            turn.actor.learning.look_back(choice, turn.voice.one_of(("helped", "helped", "a_bit", "not_for_me")))
            return True
    return False


def say_whether_real(turn: Turn) -> bool:
    """Say to oneself whether it was a real choice."""
    for choice in turn.actor.learning.mine():
        if choice.was_real is None:
            turn.actor.learning.was_real_choice(choice, turn.voice.one_of(("yes", "yes", "yes", "partly", "no")))
            return True
    return False


def offer(turn: Turn) -> bool:
    """Offer colleagues a way to learn, one or two at a time."""
    row = turn.voice.one_of(script()["offer"])
    if len(turn.actor.learning.offered()) >= 2:
        return False
    turn.actor.learning.offer(
        row["kind"],
        title=turn.voice.text(row, "title"),
        themes=row["themes"],
        hours=row["hours"],
        places=row.get("places"),
    )
    return True
