"""The organisation's figures: worked out by nobody's eyes, published by the rules, kept as cells."""

from __future__ import annotations

from collections.abc import Iterable

from ownership.domain.check_ins import CheckIn
from ownership.domain.cycles import Cycle
from ownership.domain.figures import (
    FIGURE_STEP,
    WINDOW_DAYS,
    OrganisationFigures,
    Window,
    baselines_of,
    changes_of,
    numbers_of,
    publish_changes,
    refuse_too_soon,
)
from ownership.domain.goals import Goal
from ownership.domain.learning import LearningChoice
from ownership.domain.people import PersonId
from ownership.domain.publication import Answers, publish, usefulness
from ownership.domain.pulse import Pulse, PulseAnswers
from ownership.domain.reminders import Delivery, untouched_periods
from ownership.domain.rests import Rest, is_resting
from ownership.domain.suggestions import GoalSuggestion
from ownership.workspace.records import ORGANISATION, ValueUnit
from ownership.workspace.releases import save_next_plan, standing_now
from ownership.workspace.seat import ORGANISER, Seat
from ownership.workspace.sight import Sight

_OWNER = PersonId(ORGANISATION)

_CLASSES = (CheckIn, Delivery, Goal, GoalSuggestion, LearningChoice, PulseAnswers, Rest)
"""What the numbers of a person are worked out from."""


class Figures:
    """How the organisation does: whether development is a standing subject, chosen, and set going by people themselves.

    Everyone reads them; to publish takes the role of organiser.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def publish(self) -> OrganisationFigures:
        """Publish the figures of the last half year.

        The number of each person is worked out here, goes into a cell of at least five, and is kept nowhere. Nobody
        sees it, so no look is written down. Who rests is not counted.

        Raises:
            NotAllowed: the actor is no organiser.
            InvalidInput: figures were published too short a time ago.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            today = self._seat.today(sight)
            refuse_too_soon(_all(sight.unit), today)
            return sight.unit.save(self._published(sight, Window.before(today)))

    def _published(self, sight: Sight, window: Window) -> OrganisationFigures:
        unit, standing = sight.unit, standing_now(sight.unit, sight.now)
        plan = save_next_plan(unit, standing, sight.now, step=FIGURE_STEP)
        own, changes = self._numbers(unit, standing, window)
        publication = publish(plan, standing, own)
        return OrganisationFigures(
            id=self._seat.desk.new_id(_OWNER, OrganisationFigures),
            owner_id=_OWNER,
            plan_id=plan.id,
            published_on=window.until_on,
            window=window,
            publication=publication,
            usefulness=usefulness(publication, standing),
            changes=publish_changes(plan, standing, changes),
        )

    def _numbers(self, unit: ValueUnit, standing: Iterable[PersonId], window: Window) -> tuple[Answers, Answers]:
        """Work out the numbers of everyone who does not rest, and her changes; they never leave this unit of work."""
        longest_open = max((cycle.open_days for cycle in unit.find(Cycle)), default=0)
        knows_untouched = self._seat.desk.retention.messages >= WINDOW_DAYS + longest_open
        baselines = baselines_of(unit.all_of(ORGANISATION, Pulse))
        figures, changes = {}, {}
        for who in standing:
            hers = unit.owned(who, *_CLASSES)
            if not any(is_resting(rest, window.until_on) for rest in hers[Rest]):
                untouched = untouched_periods(hers[Delivery], hers[CheckIn], window.until_on)
                figures[who] = numbers_of(
                    who,
                    window,
                    check_ins=hers[CheckIn],
                    untouched=untouched if knows_untouched else None,
                    choices=hers[LearningChoice],
                    goals=hers[Goal],
                    suggestions=hers[GoalSuggestion],
                )
                changes[who] = changes_of(hers[PulseAnswers], baselines)
        return _given(figures), _given(changes)

    def latest(self) -> OrganisationFigures | None:
        """Give the figures that were published last, if any were."""
        return next(reversed(self.all()), None)

    def all(self) -> tuple[OrganisationFigures, ...]:
        """Give all figures that were published and are kept, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(_all(sight.unit))


def _all(unit: ValueUnit) -> list[OrganisationFigures]:
    return unit.all_of(ORGANISATION, OrganisationFigures)


def _given(numbers: Answers) -> Answers:
    """Leave out those of whom nothing is known: they gave no answer."""
    return {who: hers for who, hers in numbers.items() if any(number is not None for number in hers.values())}
