"""The organisation's figures: whether development is a standing subject, chosen, and set going by people themselves.

The number of one person is worked out in one unit of work and goes nowhere but through ``publication``. Nothing of it
is kept: the organisation keeps cells, in bands. Figures say what is; they never say what caused it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from typing import ClassVar, NewType

from attrs import field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.classification import (
    GROUP_FIGURES,
    LINK,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    Holder,
    Keeping,
    Purpose,
    Reader,
    Term,
)
from ownership.domain.cohorts import FLOOR, Group
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.initiative import InitiativeBalance, Sides, initiative_balance
from ownership.domain.learning import LearningChoice, WasReal
from ownership.domain.people import PersonId
from ownership.domain.publication import (
    HIGHEST,
    Answers,
    Band,
    Publication,
    ReleasePlan,
    ReleasePlanId,
    Usefulness,
    publish,
)
from ownership.domain.pulse import Pulse, PulseAnswers, PulseId, PulseStatus
from ownership.domain.scales import NotEnoughData, scale_mean
from ownership.domain.suggestions import GoalSuggestion
from ownership.errors import InvalidInput

FiguresId = NewType("FiguresId", str)

FEWEST = 2
"""Occasions that a person needs before a share of them is counted; with one, her number would be all or nothing."""

FIGURE_STEP = HIGHEST / FEWEST
"""How far the numbers of figures can lie apart: half of two occasions, and nothing."""

WINDOW_DAYS = 183
"""Figures tell of the half year before them, and no two tell of the same day: so each stands for itself."""

FEWEST_FOR_CHANGES = 5 * FLOOR
"""The fewest people of whom changes are told: all of the organisation together, and no part of it."""

CHANGE_EDGES = (25.0, 50.0, 75.0)
"""Where the bands of shares of so many people meet."""

_ROSE, _FELL = "rose: ", "fell: "

_OVER = {PulseStatus.CLOSED, PulseStatus.ANSWERED}

_REAL: Mapping[WasReal, float] = {WasReal.YES: HIGHEST, WasReal.PARTLY: HIGHEST / 2, WasReal.NO: 0.0}


class Figure(StrEnum):
    """What is told of an organisation. Changes since a baseline are told per measure of the pulse, besides these."""

    RHYTHM = "rhythm"
    REAL_CHOICE = "real_choice"
    INITIATIVE = "initiative"


def rhythm_of(check_ins: Iterable[CheckIn], untouched: int = 0) -> float | None:
    """Give the share of her periods with a partner in which a talk was held; ``untouched`` ones left no check-in."""
    with_partner = [check_in for check_in in check_ins if check_in.partner_id]
    held = sum(check_in.status is CheckInStatus.HELD for check_in in with_partner)
    return _share(held, len(with_partner) + untouched)


def real_choice_of(choices: Iterable[LearningChoice]) -> float | None:
    """Give how real her choices were, as she judged them herself; "partly" is half.

    What was mandatory is no choice and is not among them, and a choice that she did not judge is not counted.
    """
    judged = [_REAL[choice.was_real] for choice in choices if choice.was_real]
    return sum(judged) / len(judged) if len(judged) >= FEWEST else None


def initiative_of(balance: InitiativeBalance) -> float | None:
    """Give the share that she set going herself, of all that she and her partner did; None after too few talks."""
    hers = sum(sides.hers for sides in balance.sides.values())
    partners = sum(sides.partners for sides in balance.sides.values())
    return _share(hers, hers + partners)


def sides_of_goals(goals: Iterable[Goal], suggestions: Iterable[GoalSuggestion]) -> Sides:
    """Count the goals that were begun: those that she set herself, and those that came from a suggestion."""
    begun = {goal.id for goal in goals if goal.status is not GoalStatus.DRAFT}
    suggested = begun & {suggestion.goal_id for suggestion in suggestions}
    return Sides(len(begun - suggested), len(suggested))


@frozen
class Window:
    """The half year that figures tell of: from a day until a day, both included."""

    since_on: date = field(validator=moments.day)
    until_on: date = field(validator=moments.day)

    def __attrs_post_init__(self) -> None:
        if self.until_on <= self.since_on:
            raise InvalidInput.at("window.until_on", "is not after the day on which it begins")

    @classmethod
    def before(cls, until: date) -> Window:
        """Give the half year before a day, the day itself included."""
        return cls(until - timedelta(days=WINDOW_DAYS), until)

    def holds(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.since_on <= day <= self.until_on


def numbers_of(
    owner_id: PersonId,
    window: Window,
    *,
    check_ins: Iterable[CheckIn],
    untouched: Iterable[date] | None,
    choices: Iterable[LearningChoice],
    goals: Iterable[Goal],
    suggestions: Iterable[GoalSuggestion],
) -> dict[str, float | None]:
    """Work out the numbers of one person from her own records, to be published with those of others and dropped.

    ``untouched`` has the last days of her periods with a partner in which nobody did anything; where these are not
    known (None), nothing is told of her rhythm.
    """
    over = [c for c in check_ins if c.owner_id == owner_id and c.status is not CheckInStatus.OPEN]
    recent = [check_in for check_in in over if window.holds(check_in.closes_on)]
    begun = [goal for goal in goals if window.holds(goal.drafted_at.date())]
    balance = initiative_balance(recent, owner_id, sides_of_goals(begun, suggestions))
    return {
        Figure.RHYTHM.value: None if untouched is None else rhythm_of(recent, sum(map(window.holds, untouched))),
        Figure.REAL_CHOICE.value: real_choice_of(c for c in choices if window.holds(c.chosen_at.date())),
        Figure.INITIATIVE.value: initiative_of(balance),
    }


def _share(part: int, whole: int) -> float | None:
    return HIGHEST * part / whole if whole >= FEWEST else None


@frozen
class Baseline:
    """A measure of the pulse at two pulses that asked about it: the first of all, and the last."""

    measure: str = field(validator=texts.line)
    first: Pulse = field(validator=shapes.kind_of(Pulse))
    last: Pulse = field(validator=shapes.kind_of(Pulse))


def baselines_of(pulses: Iterable[Pulse]) -> tuple[Baseline, ...]:
    """Give each measure that two pulses or more asked about that are over, work demands among them."""
    by_measure: dict[str, list[Pulse]] = defaultdict(list)
    for pulse in sorted(pulses, key=lambda pulse: (pulse.opened_at, pulse.id)):
        for measure in pulse.constructs if pulse.status in _OVER else ():
            by_measure[measure].append(pulse)
    return tuple(Baseline(name, some[0], some[-1]) for name, some in sorted(by_measure.items()) if len(some) > 1)


def changes_of(answers: Iterable[PulseAnswers], baselines: Iterable[Baseline]) -> dict[str, float | None]:
    """Turn what she kept of her own answers into whether each measure rose since its baseline, and whether it fell."""
    hers = {one.pulse_id: one for one in answers}
    numbers: dict[str, float | None] = {}
    for baseline in baselines:
        before, after = (_value(baseline.measure, pulse, hers) for pulse in (baseline.first, baseline.last))
        change = None if before is None or after is None else after - before
        numbers[_ROSE + baseline.measure] = None if change is None else HIGHEST * (change > 0)
        numbers[_FELL + baseline.measure] = None if change is None else HIGHEST * (change < 0)
    return numbers


def _value(measure: str, pulse: Pulse, hers: Mapping[PulseId, PulseAnswers]) -> float | None:
    if pulse.id not in hers:
        return None
    mean = scale_mean(pulse.questions, measure, hers[pulse.id].answers)
    return None if isinstance(mean, NotEnoughData) else mean


@frozen
class Change:
    """Of a measure, which part of those who answered both times rose since the baseline, and which part fell.

    Both are bands of a share of a hundred; ``give_or_take`` is how many of a hundred chance alone easily makes of it,
    with so many people. Nothing here says why.
    """

    measure: str = field(validator=texts.line)
    answered: int = field(validator=shapes.whole(FEWEST_FOR_CHANGES, 2**31))
    rose: Band = field(validator=shapes.kind_of(Band))
    fell: Band = field(validator=shapes.kind_of(Band))

    @property
    def give_or_take(self) -> float:
        """Twice the standard error of a share of so many people, at its largest; the same whatever they answered."""
        return HIGHEST / sqrt(self.answered)


def publish_changes(plan: ReleasePlan, standing: Mapping[PersonId, Group], numbers: Answers) -> tuple[Change, ...]:
    """Publish how measures changed since their baseline, of everyone together.

    What a pulse told of a team, then and last, and how the same team changed could be put side by side, and at the
    extremes that gives somebody away. So changes are told of the whole organisation, and of enough people only.
    """
    threshold = max(plan.threshold, FEWEST_FOR_CHANGES)
    published = publish(plan.of_everyone(threshold, CHANGE_EDGES), standing, numbers)
    findings = [finding for cell in published.cells for finding in cell.findings]
    told = {finding.measure: (finding.answered, finding.band) for finding in findings if finding.band}
    return tuple(
        Change(name.removeprefix(_ROSE), answered, rose, told[_FELL + name.removeprefix(_ROSE)][1])
        for name, (answered, rose) in told.items()
        if name.startswith(_ROSE)
    )


@frozen
class OrganisationFigures:
    """The figures of a half year as they were published: cells, and nothing from which a person could be read.

    ``changes`` tell of pulses, since the baseline of each measure, for everyone together.
    """

    keeping: ClassVar[Keeping] = Keeping(
        Purpose.LISTEN, (Reader.EVERYONE,), Holder.ORGANISATION, Term.PULSES, "published_on"
    )

    id: FiguresId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    plan_id: ReleasePlanId = field(validator=shapes.identifier, metadata=LINK)
    published_on: date = field(validator=moments.day, metadata=GROUP_FIGURES)
    window: Window = field(validator=shapes.kind_of(Window), metadata=GROUP_FIGURES)
    publication: Publication = field(validator=shapes.kind_of(Publication), metadata=GROUP_FIGURES)
    usefulness: Usefulness = field(validator=shapes.kind_of(Usefulness), metadata=GROUP_FIGURES)
    changes: tuple[Change, ...] = field(
        default=(), validator=shapes.each(shapes.kind_of(Change)), metadata=GROUP_FIGURES
    )
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)


def refuse_too_soon(earlier: Iterable[OrganisationFigures], today: date) -> None:
    """Refuse figures of days of which others told already.

    Raises:
        InvalidInput: it is too soon; the error says from when on.
    """
    last = max((figures.published_on for figures in earlier), default=None)
    if last is not None and Window.before(today).holds(last):
        again = last + timedelta(days=WINDOW_DAYS + 1)
        raise InvalidInput.at("figures", f"were published on {last}; they can be again from {again} on")
