"""What people do with a pulse: ask, answer, think again, say what is done with it, and publish figures of everyone.

Who answers what is drawn apart from everything else, so that a life with pulses is otherwise the same life.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from ownership.domain.pulse import PulseStatus
from ownership.sample.turn import Turn
from ownership.workspace.pulse import AskedQuestion
from ownership.workspace.seat import ORGANISER

BETWEEN_PULSES = timedelta(days=35)
"""Time that passes before people are asked again."""

DAYS_OPEN = 10

ORGANISING_DAY = 1
"""The day of the week on which the organiser looks at pulses: Tuesday."""

PULSES_BEFORE_FIGURES = 3
"""Pulses that people heard on before figures of the whole organisation are published."""


def _organises(turn: Turn) -> bool:
    """Whether somebody is the organiser, on the day of the week for that."""
    return ORGANISER in turn.actor.roles and turn.today.weekday() == ORGANISING_DAY


def ask(turn: Turn) -> bool:
    """Open a pulse, as the organiser, when none is open and the last one is some weeks old."""
    if not _organises(turn) or turn.actor.pulse.current() is not None:
        return False
    asked_on = [outcome.pulse.opened_at.date() for outcome in turn.actor.pulses.results()]
    if any(turn.today - day < BETWEEN_PULSES for day in asked_on):
        return False
    turn.actor.pulses.open(days=DAYS_OPEN)
    return True


def answer(turn: Turn) -> bool:
    """Answer the pulse that is open, unless one did, or would rather not."""
    current = turn.actor.pulse.current()
    if current is None or any(question.answer is not None for question in current.questions):
        return False
    dice = Random(f"{turn.person.external_id}:{turn.today}")
    if dice.random() > 0.6:
        return False
    answers = {q.id: _level(turn, dice, q, place) for place, q in enumerate(current.questions) if dice.random() < 0.95}
    needs = dice.sample([need.id for need in current.needs], dice.randint(0, 2))
    turn.actor.pulse.answer(current, answers, needs=needs, keep=dice.random() < 0.9)
    return True


def think_again(turn: Turn) -> bool:
    """Take back what one answered, once in a while, while the pulse is open."""
    current = turn.actor.pulse.current()
    is_answered = current is not None and any(question.answer is not None for question in current.questions)
    if current is None or not is_answered or Random(f"{turn.person.external_id}:{turn.today}:again").random() > 0.02:
        return False
    turn.actor.pulse.take_back(current)
    return True


def _level(turn: Turn, dice: Random, question: AskedQuestion, place: int) -> int:
    """Draw an answer: how it goes in a team, and for oneself; every other question is put the other way round."""
    group = turn.person.membership_on(turn.today)
    in_the_team = Random(f"{group.team if group else ''}:{question.about}").uniform(-1, 1.2)
    level = min(question.highest, max(question.lowest, round(dice.gauss(3.4 + in_the_team, 0.8))))
    return level if place % 2 == 0 else question.lowest + question.highest - level


def respond(turn: Turn) -> bool:
    """Say, as who opened it, what is done with what people said."""
    if not _organises(turn):
        return False
    for outcome in turn.actor.pulses.results():
        if outcome.pulse.status is PulseStatus.CLOSED:
            turn.actor.pulses.respond(
                outcome.pulse,
                we_will=turn.voice.says("pulse_we_will"),
                not_now=turn.voice.says("pulse_not_now"),
                because=turn.voice.says("pulse_because"),
            )
            return True
    return False


def publish_figures(turn: Turn) -> bool:
    """Publish the organisation's figures, as the organiser, once three pulses were answered, and once only."""
    if not _organises(turn) or turn.actor.figures.latest() is not None:
        return False
    answered = [outcome for outcome in turn.actor.pulses.results() if outcome.pulse.status is PulseStatus.ANSWERED]
    if len(answered) < PULSES_BEFORE_FIGURES:
        return False
    turn.actor.figures.publish()
    return True
