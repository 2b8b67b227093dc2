"""What people do with their check-ins, what was promised in them, and their development plans."""

from __future__ import annotations

from datetime import timedelta

from ownership.domain.check_ins import CheckIn
from ownership.domain.goals import GoalStatus
from ownership.domain.plans import ON_OFFER, PlanStatus
from ownership.sample.turn import Turn
from ownership.workspace.check_ins import Promise


def prepare(turn: Turn) -> bool:
    """Prepare one's own check-in, and sometimes hold it at once."""
    check_in = turn.actor.check_ins.current()
    if check_in is None or check_in.preparation_of(turn.person.id):
        return False
    turn.actor.check_ins.prepare(
        check_in.id,
        progress=turn.voice.says("progress"),
        challenges=turn.voice.says("challenge"),
        needs=turn.voice.says("need") if turn.voice.maybe(0.6) else "",
        topics=[turn.voice.says("topic")],
    )
    if turn.voice.maybe(0.4):
        hold_talk(turn)
    return True


def hold_talk(turn: Turn) -> bool:
    """Note that one's own talk was held, once somebody prepared it."""
    check_in = turn.actor.check_ins.current()
    if check_in is None or not check_in.preparations:
        return False
    hold(turn, check_in)
    return True


def hold(turn: Turn, check_in: CheckIn) -> None:
    """Note that a talk was held, with what the two promised each other."""
    due_on = check_in.period.ends_on
    promises = [Promise(turn.voice.says("my_promise"), by=check_in.owner_id, due_on=due_on)]
    if check_in.partner_id and turn.voice.maybe(0.6):
        promises.append(Promise(turn.voice.says("their_promise"), by=check_in.partner_id, due_on=due_on))
    turn.actor.check_ins.hold(check_in.id, agreements=promises)


def set_the_agenda(turn: Turn) -> bool:
    """Bring up a topic for one's own talk, and put it on top."""
    check_in = turn.actor.check_ins.current()
    if check_in is None or len(check_in.agenda) > 2:
        return False
    with_topic = turn.actor.check_ins.bring_up(check_in.id, topics=[turn.voice.says("topic")])
    turn.actor.check_ins.arrange(check_in.id, order=[with_topic.agenda[-1].id])
    return True


def reveal_together(turn: Turn) -> bool:
    """Choose that neither reads what the other prepared before both are ready."""
    check_in = turn.actor.check_ins.current()
    if check_in is None or check_in.reveals_together or check_in.preparations:
        return False
    turn.actor.check_ins.reveal_together(check_in.id)
    return True


def postpone(turn: Turn) -> bool:
    """Move one's own talk to a later day of its period, once."""
    check_in = turn.actor.check_ins.current()
    if check_in is None or check_in.talk_on:
        return False
    to = min(turn.in_days(9), check_in.period.ends_on - timedelta(days=1))
    if to <= turn.in_days(1):
        return False
    turn.actor.check_ins.postpone(check_in.id, to=to)
    return True


def skip(turn: Turn) -> bool:
    """Skip a check-in that nobody prepared yet."""
    check_in = turn.actor.check_ins.current()
    if check_in is None or check_in.preparations:
        return False
    turn.actor.check_ins.skip(check_in.id)
    return True


def choose_rhythm(turn: Turn) -> bool:
    """Choose a rhythm of one's own, or follow that of the group again."""
    check_in = turn.actor.check_ins.current()
    if check_in is None:
        return False
    if turn.voice.maybe(0.7):
        turn.actor.check_ins.choose_rhythm(
            check_in.cycle_id, turn.voice.one_of(("FREQ=WEEKLY;INTERVAL=3", "FREQ=MONTHLY"))
        )
    else:
        turn.actor.check_ins.follow_rhythm(check_in.cycle_id)
    return True


def choose_partner(turn: Turn) -> bool:
    """Choose a colleague as conversation partner, the manager again, or nobody."""
    match turn.voice.one_of(("colleague", "colleague", "manager", "nobody")):
        case "colleague" if who := turn.colleague():
            turn.actor.profile.choose_partner(who)
        case "nobody":
            turn.actor.profile.go_without_partner()
        case _:
            turn.actor.profile.choose_partner(None)
    return True


def show_initiative(turn: Turn) -> bool:
    """Show one's partner who set things going so far, or take it back."""
    if not turn.actor.check_ins.initiative().has_enough:
        return False
    if turn.voice.maybe(0.8):
        turn.actor.check_ins.show_initiative()
    else:
        turn.actor.check_ins.take_back_initiative()
    return True


def keep_promise(turn: Turn) -> bool:
    """Do one of the things that one promised."""
    mine = [o.agreement for o in turn.actor.check_ins.agreements() if o.agreement.holder_id == turn.person.id]
    if mine:
        turn.actor.check_ins.keep_promise(mine[0].id)
    return bool(mine)


def let_go_of_promise(turn: Turn) -> bool:
    """Let go of something that was promised to one and was meant for a day long past."""
    for opened in turn.actor.check_ins.agreements():
        agreement, last = opened.agreement, turn.today
        if opened.to_id == turn.person.id != agreement.holder_id and agreement.due_on and agreement.due_on < last:
            turn.actor.check_ins.release(agreement.id)
            return True
    return False


def meet_new_manager(turn: Turn) -> bool:
    """Choose what moves along to a new manager, with the talk that is open."""
    if len(turn.person.reporting_lines) < 2 or turn.actor.visibility.hand_over_to_choose() is None:
        return False
    turn.actor.visibility.hand_over(turn.voice.one_of(("all", "all", "goals_only", "fresh_start")))
    check_in, line = turn.actor.check_ins.current(), turn.person.partner_on(turn.today)
    if check_in and line and check_in.partner_id != line.manager_id:
        turn.actor.check_ins.hand_over(check_in.id)
    return True


def pick_up_promises(turn: Turn) -> bool:
    """Take over what somebody promised who is gone, or ask the partner of the open talk to adopt it."""
    left = turn.actor.check_ins.ownerless() if len(turn.person.reporting_lines) > 1 else ()
    if not left:
        return False
    check_in = turn.actor.check_ins.current()
    if check_in and check_in.partner_id and not any(item.agreement_id for item in check_in.agenda):
        turn.actor.check_ins.ask_to_adopt(left[0].agreement.id)
    else:
        turn.actor.check_ins.take_over(left[0].agreement.id)
    return True


def plan(turn: Turn) -> bool:
    """Draft a development plan of what is in motion, and offer it to one's partner; without one it stays a draft."""
    live = ON_OFFER | {PlanStatus.SETTLED}
    if any(plan.status in live for plan in turn.actor.plan.history()):
        return False
    if not turn.goals(GoalStatus.ACTIVE):
        return False
    turn.actor.plan.offer(turn.actor.plan.draft())
    return True


def stand_by_plan(turn: Turn) -> bool:
    """Acknowledge a plan of one's own, or one that was offered to one; now and then after a talk about it."""
    for plan in (*turn.actor.plan.history(), *turn.actor.plan.with_me()):
        if plan.status in ON_OFFER and not plan.is_acknowledged_by(turn.person.id):
            if plan.owner_id != turn.person.id and plan.talk_asked_on is None and turn.voice.maybe(0.2):
                turn.actor.plan.ask_to_talk(plan)
            else:
                turn.actor.plan.acknowledge(plan)
            return True
    return False


def be_a_partner(turn: Turn) -> bool:
    """Be a good partner: prepare for a talk, adopt what waits for somebody, hold the talk when both have prepared."""
    talks = turn.actor.check_ins.with_me()
    if not talks:
        return False
    check_in = turn.voice.one_of(talks)
    turn.actor.leadership.prepare(check_in.id)
    if check_in.preparation_of(turn.person.id) is None:
        turn.actor.check_ins.prepare(check_in.id, progress=turn.voice.says("listening"))
    for item in check_in.agenda:
        if item.agreement_id:
            turn.actor.check_ins.adopt(item.id, due_on=check_in.period.ends_on)
    if check_in.preparation_of(check_in.owner_id) is not None:
        hold(turn, check_in)
    return True
