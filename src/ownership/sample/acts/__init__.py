"""What people in the sample organisation do, as tables: each act with how much it weighs beside the others.

An act is a function of a :class:`~ownership.sample.turn.Turn` that says whether there was reason to do it. Nothing is
written past the calls that a real person's tool would make.
"""

from __future__ import annotations

from collections.abc import Mapping

from ownership.domain.next_steps import StepKind
from ownership.sample.acts import feedback, goals, learning, moves, needs, pulse, talks, together
from ownership.sample.turn import Act, Farewell, Turn, name_of

STEPS: Mapping[StepKind, Act] = {
    StepKind.START_GOAL: goals.start,
    StepKind.PREPARE_CHECK_IN: talks.prepare,
    StepKind.GIVE_FEEDBACK: feedback.answer,
    StepKind.SAY_HOW_IT_GOES: goals.say_how_it_goes,
    StepKind.CHOOSE_LEARNING: learning.choose,
    StepKind.READ_FEEDBACK: feedback.read,
    StepKind.LOOK_BACK: together.look_back_on_decision,
    StepKind.CHOOSE_WHAT_MOVES: talks.meet_new_manager,
    StepKind.ACKNOWLEDGE_PLAN: talks.stand_by_plan,
    StepKind.READ_SUGGESTION: goals.consider_suggestion,
    StepKind.ANSWER_PULSE: pulse.answer,
    StepKind.RESPOND_TO_PULSE: pulse.respond,
}
"""What someone does who follows the next small step."""

BEGINNINGS: Mapping[Act, float] = {
    goals.begin: 100,
    goals.consider_suggestion: 10,
    goals.dream: 3,
    goals.grow_a_reflection: 1,
}
"""How someone comes to a direction who has none."""

FOR_OTHERS: Mapping[Act, float] = {
    talks.be_a_partner: 6,
    talks.stand_by_plan: 3,
    learning.answer_request: 3,
    needs.answer: 3,
    goals.cheer: 1,
}
"""What someone does for somebody else, when there is reason."""

USUAL: Mapping[Act, float] = {
    goals.reflect: 3,
    goals.share_a_reflection: 0.5,
    goals.grow_a_reflection: 1,
    goals.dream: 2,
    goals.start: 1,
    goals.say_how_it_goes: 7,
    goals.finish_milestone: 5,
    goals.try_out: 2,
    goals.conclude: 1,
    goals.reach: 5,
    goals.end_otherwise: 1,
    goals.take_up_again: 2,
    goals.share: 3,
    goals.invite_supporter: 1,
    goals.suggest: 1,
    goals.consider_suggestion: 4,
    talks.set_the_agenda: 2,
    talks.reveal_together: 2,
    talks.postpone: 1,
    talks.hold_talk: 6,
    talks.show_initiative: 1,
    talks.keep_promise: 3,
    talks.let_go_of_promise: 1,
    talks.meet_new_manager: 100,
    talks.pick_up_promises: 100,
    talks.plan: 2,
    talks.stand_by_plan: 2,
    needs.raise_need: 1,
    needs.say_met: 2,
    needs.hand_on: 1,
    learning.ask_for_more: 1,
    learning.take_up: 4,
    learning.swap: 0.5,
    learning.finish: 3,
    learning.look_back: 2,
    learning.say_whether_real: 1,
    learning.offer: 1,
    feedback.think_again: 0.5,
    feedback.ask: 3,
    feedback.give: 1,
    feedback.share: 1,
    together.call_for_a_moment: 1,
    together.bring_something: 3,
    together.hold_moment: 3,
}
"""What someone does of her own accord; those who are eager go round all of it."""

SELDOM: Mapping[Act, float] = {
    talks.skip: 1,
    talks.choose_rhythm: 1,
    talks.choose_partner: 0.3,
    together.rest: 0.3,
}
"""What someone does once in a while; whoever is eager rather goes on."""

LEADING: Mapping[Act, float] = {
    together.hand_over_decision: 3,
    together.look_back_on_decision: 5,
    together.look_at_oneself: 1,
}
"""What else someone does to whom people report."""

RESTING: Mapping[Act, float] = {together.rest: 1, together.stop_resting: 1}
"""What someone does who develops nothing for now: hardly anything, and that is a full choice."""

LISTENING: tuple[Act, ...] = (pulse.ask, pulse.respond, pulse.think_again, pulse.answer, pulse.publish_figures)
"""What someone does with a pulse before anything else: the organiser asks, says what is done and publishes
figures, everyone answers."""

ARRIVING: tuple[Act, ...] = (moves.bring_along,)
"""What someone does who is new here, before anything else."""

LEAVING: tuple[Farewell, ...] = (moves.take_along, moves.ask_to_be_erased)
"""What someone does who left."""

ACTS: frozenset[str] = frozenset(
    name_of(act)
    for table in (STEPS.values(), BEGINNINGS, FOR_OTHERS, USUAL, SELDOM, LEADING, RESTING, LISTENING, ARRIVING, LEAVING)
    for act in table
)
"""The names of all that people do."""


def arrive(turn: Turn) -> list[str]:
    """Bring something along, or nothing."""
    return turn.first_of(ARRIVING)


def rest_a_while(turn: Turn) -> list[str]:
    """Rest, or come back from it."""
    return turn.first_of(turn.voice.in_drawn_order(RESTING))


def listen(turn: Turn) -> list[str]:
    """Ask, answer, or say what is done with what people answered."""
    return turn.first_of(LISTENING)


def support(turn: Turn) -> list[str]:
    """Do something for somebody else."""
    return turn.first_of(turn.voice.in_drawn_order(FOR_OTHERS))


def follow_next_step(turn: Turn) -> list[str]:
    """Follow the next small step."""
    step = turn.actor.next_step()
    if step.kind is StepKind.FIND_DIRECTION:
        return turn.first_of(turn.voice.in_drawn_order(BEGINNINGS))
    return turn.first_of([STEPS[step.kind]]) if step.kind in STEPS else []


def do_as_one_likes(turn: Turn) -> list[str]:
    """Do something of one's own accord."""
    return turn.first_of(turn.voice.in_drawn_order({**USUAL, **SELDOM, **(LEADING if turn.is_lead else {})}))


def go_round(turn: Turn) -> list[str]:
    """Do the next of all that people usually do, so that in some weeks each has its turn; or another one instead."""
    acts = [*USUAL, *(LEADING if turn.is_lead else ())]
    weeks, weekday = divmod(turn.today.toordinal() - 1, 7)
    return turn.first_of([acts[(weeks * 5 + weekday) % len(acts)], *turn.voice.in_drawn_order(USUAL)])
