"""Publication: which figures about people may be published, and the only place where one is made.

The cells of one publication are a partition: the answer of a person is in one cell, or in none. What is told of a
department or of everyone is worked out from the cells in it and adds nothing, so there is nothing to subtract. A cell
is made of whole cohorts (see ``cohorts``), and shows a mean only as one of a few bands that were fixed beforehand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import fsum
from typing import Any, ClassVar, NamedTuple, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    GROUP_FIGURES,
    OWNER_ID,
    RECORD_ID,
    VERSION,
    Holder,
    Keeping,
    Purpose,
    Term,
)
from ownership.domain.cohorts import (
    CEILING,
    FLOOR,
    Cohort,
    Group,
    Level,
    common_group,
    joined_upwards,
    plan_release,
)
from ownership.domain.people import PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

ReleasePlanId = NewType("ReleasePlanId", str)

Given = Mapping[str, float | None]
"""What one person answered: for each measure a number from 0 to 100, or None for "not enough data"."""

Answers = Mapping[PersonId, Given]
"""What each person who answered gave."""

HIGHEST = 100.0
"""Answers are numbers from 0 to this."""

STEP = 25.0
"""How far the answers to a question of five points lie apart."""

EDGES: Mapping[float, tuple[float, ...]] = {STEP: (35.0, 50.0, 65.0), 50.0: (35.0, 65.0), HIGHEST: (50.0,)}
"""Where the bands meet, for answers that lie at most so far apart.

Nobody chooses them: bands that differ from one window to the next are finer than either.
"""

LARGE_TEAM = 8
"""From how many people on a team is expected to get a result of its own; see :func:`usefulness`."""


class ClosedReason(StrEnum):
    """Why a group has no cell of its own."""

    TOO_FEW_PEOPLE = "too_few_people"
    """Too few stand in it who may be published together."""

    TOO_FEW_ANSWERS = "too_few_answers"
    """Enough could have answered; their answers, if any, are told with those of a wider group."""

    TAKEN_IN = "taken_in"
    """Enough were there, and are told together with others who were too few on their own."""


class NotCounted(StrEnum):
    """Why an answer would not be counted yet."""

    NOT_HERE = "not_here"
    WAITS_FOR_JOINERS = "waits_for_joiners"
    MOVED = "moved"


@frozen
class Band:
    """A range in which a mean lies: from ``low`` (included) to ``high`` (not included); None at the open ends."""

    low: float | None = field(default=None, validator=optional(shapes.number(0, HIGHEST)), metadata=GROUP_FIGURES)
    high: float | None = field(default=None, validator=optional(shapes.number(0, HIGHEST)), metadata=GROUP_FIGURES)

    def __attrs_post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise InvalidInput.at("band.high", "is not above its low end")

    @property
    def lowest(self) -> float:
        """The lowest that a mean in it can be."""
        return 0.0 if self.low is None else self.low

    @property
    def highest(self) -> float:
        """What no mean in it is above."""
        return HIGHEST if self.high is None else self.high

    def holds(self, mean: float) -> bool:
        """Whether a mean lies in it."""
        return (self.low is None or self.low <= mean) and (self.high is None or mean < self.high)


def bands_between(edges: Sequence[float]) -> tuple[Band, ...]:
    """Give the bands that meet at some edges.

    Examples:
        >>> bands_between([40, 60])
        (Band(low=None, high=40), Band(low=40, high=60), Band(low=60, high=None))
    """
    ends = [None, *edges, None]
    return tuple(Band(low, high) for low, high in pairwise(ends))


def edges_for(step: float) -> tuple[float, ...]:
    """Give the edges of the bands for answers that lie at most so far apart.

    Raises:
        InvalidInput: answers cannot lie so far apart.
    """
    for widest, edges in EDGES.items():
        if 0 < step <= widest:
            return edges
    raise InvalidInput.at("release_plan.step", f"is not above 0 and at most {HIGHEST:g}")


def refuse_edges(edges: Sequence[float], threshold: int, step: float) -> None:
    """Refuse bands by which somebody who knows her own answer could work out one of another.

    In the smallest cell, with her own answer left out, every band that she can see must leave the sum of the others at
    least two values; then each of them may have given at least two answers. In a larger cell there are more.

    Raises:
        InvalidInput: an edge lies too far out, or two lie too close together.
    """
    known = (HIGHEST + step) / threshold  # her own answer at most, and one step of somebody else
    width = 2 * step / threshold
    if not edges or not all(low < high for low, high in pairwise(edges)):
        problem = "are not one or more numbers that go up"
    elif not known < edges[0] or not edges[-1] <= HIGHEST - known:
        problem = (
            f"have to be above {known:g} and at most {HIGHEST - known:g}: further out, all but say what people said"
        )
    elif any(high - low < width for low, high in pairwise(edges)):
        problem = f"lie closer together than {width:g}, which all but says what people said"
    else:
        return
    raise InvalidInput.at("release_plan.edges", problem)


@frozen
class ReleasePlan:
    """What may be published, fixed before anyone answers: who with whom, from how many answers on, in which bands.

    ``step`` is how far apart two answers next to each other can lie. Plans follow each other, ``number`` 1 being the
    first: cohorts only split, and the threshold never goes down.
    """

    keeping: ClassVar[Keeping] = Keeping(
        Purpose.LISTEN, holder=Holder.ORGANISATION, term=Term.PULSES, since="followed_on"
    )

    id: ReleasePlanId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    threshold: int = field(default=FLOOR, validator=shapes.whole(FLOOR, CEILING), metadata=GROUP_FIGURES)
    edges: tuple[float, ...] = field(
        default=EDGES[STEP], validator=shapes.each(shapes.number(0, HIGHEST)), metadata=GROUP_FIGURES
    )
    step: float = field(default=STEP, validator=shapes.number(0, HIGHEST), metadata=GROUP_FIGURES)
    cohorts: tuple[Cohort, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Cohort)), repr=False)
    number: int = field(default=1, validator=shapes.whole(1, 2**31), metadata=GROUP_FIGURES)
    followed_on: date | None = field(default=None, validator=optional(moments.day), metadata=GROUP_FIGURES)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def __attrs_post_init__(self) -> None:
        refuse_edges(self.edges, self.threshold, self.step)
        member_ids = [member_id for cohort in self.cohorts for member_id in cohort.member_ids]
        if len(set(member_ids)) != len(member_ids):
            raise InvalidInput.at("release_plan.cohorts", "have somebody in common")

    @property
    def latest(self) -> str | None:
        """Whether no plan follows this one: the stored key by which that plan is found."""
        return None if self.followed_on else "latest"

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands in which means are published."""
        return bands_between(self.edges)

    def of_everyone(self, threshold: int, edges: tuple[float, ...]) -> ReleasePlan:
        """Return the plan that tells of the organisation as one, from more answers on, for yes or no.

        Its only cell is made of the same cohorts.
        """
        cohorts = tuple(evolve(cohort, home=Group()) for cohort in self.cohorts)
        return evolve(self, threshold=threshold, edges=edges, step=HIGHEST, cohorts=cohorts)

    def followed(self, on: date) -> ReleasePlan:
        """Return the plan as one that another follows since a day."""
        return evolve(self, followed_on=on)


@frozen
class Preview:
    """In which groups an answer could be published, the narrowest first; or in none yet, and why."""

    groups: tuple[Group, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Group)))
    not_counted: NotCounted | None = field(default=None, validator=optional(shapes.kind_of(NotCounted)))

    def __attrs_post_init__(self) -> None:
        if bool(self.groups) == (self.not_counted is not None):
            raise InvalidInput.at("preview.groups", "and a reason why there are none exclude each other")


def _answered(instance: object, attribute: Any, value: Any) -> None:
    shapes.whole(FLOOR, 2**31)(instance, attribute, value)


@frozen
class Finding:
    """What a cell shows of one measure: how many gave enough answers to it, and the band in which their mean lies.

    Without a band too few did, and then ``answered`` is 0: how few is nobody's business.
    """

    measure: str = field(validator=texts.line, metadata=GROUP_FIGURES)
    answered: int = field(default=0, validator=shapes.one_of(_answered, shapes.whole(0, 0)), metadata=GROUP_FIGURES)
    band: Band | None = field(default=None, validator=optional(shapes.kind_of(Band)))

    def __attrs_post_init__(self) -> None:
        if (self.band is None) != (self.answered == 0):
            raise InvalidInput.at("finding.band", "goes with a number of answers, and with none there is no band")


@frozen
class Cell:
    """People whose answers are published together: of a group, or of what is left of it (``is_rest``).

    ``cohorts`` are indexes into the plan, ``answered`` is how many answered anything.
    """

    group: Group = field(validator=shapes.kind_of(Group))
    cohorts: tuple[int, ...] = field(validator=shapes.each(shapes.whole(0, 2**31)), metadata=GROUP_FIGURES)
    answered: int = field(validator=_answered, metadata=GROUP_FIGURES)
    findings: tuple[Finding, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Finding)))
    is_rest: bool = field(default=False, validator=shapes.flag, metadata=GROUP_FIGURES)


@frozen
class BandShare:
    """How many answers lie in cells that show a band."""

    band: Band = field(validator=shapes.kind_of(Band))
    answered: int = field(validator=_answered, metadata=GROUP_FIGURES)


@frozen
class RolledUpFinding:
    """One measure over several cells: the answers in cells of each band, and between what the mean of all lies.

    Without any band too few answered this in each of the cells, and the mean can be anything.
    """

    measure: str = field(validator=texts.line, metadata=GROUP_FIGURES)
    answered: int = field(validator=shapes.whole(0, 2**31), metadata=GROUP_FIGURES)
    bands: tuple[BandShare, ...] = field(default=(), validator=shapes.each(shapes.kind_of(BandShare)))
    lowest: float = field(default=0.0, validator=shapes.number(0, HIGHEST), metadata=GROUP_FIGURES)
    highest: float = field(default=HIGHEST, validator=shapes.number(0, HIGHEST), metadata=GROUP_FIGURES)


@frozen
class RolledUp:
    """A department, or the organisation, as the cells inside it tell of it; nothing that they do not."""

    group: Group = field(validator=shapes.kind_of(Group))
    answered: int = field(validator=_answered, metadata=GROUP_FIGURES)
    findings: tuple[RolledUpFinding, ...] = field(default=(), validator=shapes.each(shapes.kind_of(RolledUpFinding)))


@frozen
class Closed:
    """A group without a cell of its own, and why."""

    group: Group = field(validator=shapes.kind_of(Group))
    reason: ClosedReason = field(validator=shapes.kind_of(ClosedReason), metadata=GROUP_FIGURES)


@frozen
class Publication:
    """All that is published of one window."""

    cells: tuple[Cell, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Cell)))
    rolled_up: tuple[RolledUp, ...] = field(default=(), validator=shapes.each(shapes.kind_of(RolledUp)))
    closed: tuple[Closed, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Closed)))

    def __attrs_post_init__(self) -> None:
        indexes = [index for cell in self.cells for index in cell.cohorts]
        if len(set(indexes)) != len(indexes):
            raise InvalidInput.at("publication.cells", "have a cohort in common")


@frozen
class Usefulness:
    """How many of those groups that may expect a result got one."""

    teams: int = field(validator=shapes.whole(0, 2**31), metadata=GROUP_FIGURES)
    teams_told: int = field(validator=shapes.whole(0, 2**31), metadata=GROUP_FIGURES)
    departments: int = field(validator=shapes.whole(0, 2**31), metadata=GROUP_FIGURES)
    departments_told: int = field(validator=shapes.whole(0, 2**31), metadata=GROUP_FIGURES)


def release_plan_id(owner_id: PersonId, number: int) -> ReleasePlanId:
    """Give the id of a plan by its number: there is one of each, so no two plans can follow the same one."""
    return ReleasePlanId(f"{owner_id}.t{number:021d}")


def first_plan(
    id_: ReleasePlanId,
    owner_id: PersonId,
    standing: Mapping[PersonId, Group],
    *,
    threshold: int = FLOOR,
    step: float = STEP,
) -> ReleasePlan:
    """Make the first plan of an organisation.

    Raises:
        InvalidInput: the threshold is under the floor, or no answers lie so far apart.
    """
    cohorts = plan_release(standing, threshold=threshold)
    return ReleasePlan(id_, owner_id, threshold, edges_for(step), step, cohorts)


def next_plan(
    earlier: ReleasePlan,
    id_: ReleasePlanId,
    standing: Mapping[PersonId, Group],
    *,
    threshold: int | None = None,
    step: float = STEP,
) -> ReleasePlan:
    """Make the plan that follows another.

    Raises:
        InvalidInput: the threshold is under that of the earlier plan, or no answers lie so far apart.
    """
    at_least = earlier.threshold if threshold is None else threshold
    if at_least < earlier.threshold:
        raise InvalidInput.at("release_plan.threshold", f"was {earlier.threshold} before, and never goes down")
    cohorts = plan_release(standing, earlier.cohorts, threshold=at_least)
    return ReleasePlan(id_, earlier.owner_id, at_least, edges_for(step), step, cohorts, earlier.number + 1)


def preview_for(plan: ReleasePlan, person_id: PersonId, standing: Mapping[PersonId, Group]) -> Preview:
    """Tell somebody, before she answers, in which groups her answer could be published."""
    place = standing.get(person_id)
    if place is None:
        return Preview(not_counted=NotCounted.NOT_HERE)
    home = next((cohort.home for cohort in plan.cohorts if person_id in cohort.member_ids), None)
    if home is None:
        return Preview(not_counted=NotCounted.WAITS_FOR_JOINERS)
    return Preview(home.lineage) if home.contains(place) else Preview(not_counted=NotCounted.MOVED)


class _Heap(NamedTuple):
    """Answers on their way to a cell, and the cohorts that they are from."""

    cohorts: tuple[int, ...]
    answers: tuple[Given, ...]


def publish(plan: ReleasePlan, standing: Mapping[PersonId, Group], answers: Answers) -> Publication:
    """Publish what a plan permits of the answers that were given; the only path by which a cell is made.

    A team with too few answers joins those of its department, and a department with too few then joins those of the
    organisation. If these are too few still, they take in the smallest cell that there is.

    Raises:
        InvalidInput: an answer is no number from 0 to 100.
    """
    _refuse_odd(answers)
    measures = sorted({measure for given in answers.values() for measure in given})
    opened, taken = _opened(plan, _heaps(plan, standing, answers))
    cells = _cells(plan, opened, measures)
    return Publication(cells, _rolled_up(cells, measures), _closed(plan, standing, cells, taken))


def _refuse_odd(answers: Answers) -> None:
    for given in answers.values():
        for number in given.values():
            is_number = isinstance(number, int | float) and not isinstance(number, bool)
            if number is not None and not (is_number and 0 <= number <= HIGHEST):
                raise InvalidInput.at("answers", f"are not all numbers from 0 to {HIGHEST:g}, or None")


def _heaps(plan: ReleasePlan, standing: Mapping[PersonId, Group], answers: Answers) -> dict[Group, _Heap]:
    """Put the answers that count on a heap per home; a home without any gets none."""
    cohorts: dict[Group, list[int]] = defaultdict(list)
    counted: dict[Group, list[Given]] = defaultdict(list)
    for index, cohort in enumerate(plan.cohorts):
        cohorts[cohort.home].append(index)
        here = (who for who in cohort.member_ids if who in answers and who in standing)
        counted[cohort.home] += [answers[who] for who in here if cohort.home.contains(standing[who])]
    return {home: _Heap(tuple(cohorts[home]), tuple(given)) for home, given in counted.items() if given}


def _opened(plan: ReleasePlan, heaps: Mapping[Group, _Heap]) -> tuple[dict[Group, _Heap], frozenset[Group]]:
    """Join what is too small upwards until each heap is enough; tell also which group was taken in, if any."""
    opened, left = joined_upwards(heaps, _together, lambda heap: len(heap.answers) >= plan.threshold)
    return _taking_in(plan, opened, left)


def _together(heaps: Iterable[_Heap]) -> _Heap:
    some = list(heaps)
    cohorts = sorted(index for heap in some for index in heap.cohorts)
    return _Heap(tuple(cohorts), tuple(given for heap in some for given in heap.answers))


def _taking_in(
    plan: ReleasePlan, opened: Mapping[Group, _Heap], left: _Heap
) -> tuple[dict[Group, _Heap], frozenset[Group]]:
    if not left.answers or not opened:
        return dict(opened), frozenset()
    smallest = min(opened, key=lambda group: (len(opened[group].answers), group))
    heap = _together([opened[smallest], left])
    group = common_group(plan.cohorts[index].home for index in heap.cohorts)
    others = {g: h for g, h in opened.items() if g != smallest}
    return others | {group: heap}, frozenset({smallest} - {group})


def _cells(plan: ReleasePlan, opened: Mapping[Group, _Heap], measures: Sequence[str]) -> tuple[Cell, ...]:
    wider = {group for narrower in opened for group in narrower.lineage[1:]}
    cells, bands = [], plan.bands
    for group in sorted(opened):
        heap = opened[group]
        is_rest = group in wider or any(plan.cohorts[index].home != group for index in heap.cohorts)
        findings = tuple(_finding(plan.threshold, bands, heap, measure) for measure in measures)
        cells.append(Cell(group, heap.cohorts, len(heap.answers), findings, is_rest))
    return tuple(cells)


def _finding(threshold: int, bands: Sequence[Band], heap: _Heap, measure: str) -> Finding:
    numbers = [number for given in heap.answers if (number := given.get(measure)) is not None]
    if len(numbers) < threshold:
        return Finding(measure)
    mean = round(fsum(numbers) / len(numbers), 9)  # the same in every order, and thirds add up to a whole
    return Finding(measure, len(numbers), next(band for band in bands if band.holds(mean)))


def _rolled_up(cells: Sequence[Cell], measures: Sequence[str]) -> tuple[RolledUp, ...]:
    inside: dict[Group, list[Cell]] = defaultdict(list)
    for cell in cells:
        for group in _wider([cell.group]):
            inside[group].append(cell)
    return tuple(
        RolledUp(group, sum(cell.answered for cell in inside[group]), _summed(inside[group], measures))
        for group in sorted(inside)
    )


def _summed(cells: Sequence[Cell], measures: Sequence[str]) -> tuple[RolledUpFinding, ...]:
    """Add up, measure by measure; every cell shows all measures in the same order."""
    return tuple(_over(measure, [cell.findings[number] for cell in cells]) for number, measure in enumerate(measures))


def _over(measure: str, findings: Sequence[Finding]) -> RolledUpFinding:
    answered: dict[Band, int] = defaultdict(int)
    for finding in findings:
        if finding.band is not None:
            answered[finding.band] += finding.answered
    if not answered:
        return RolledUpFinding(measure, 0)
    total = sum(answered.values())
    shares = tuple(BandShare(band, answered[band]) for band in sorted(answered, key=lambda band: band.lowest))
    lowest = sum(share.band.lowest * share.answered for share in shares) / total
    highest = sum(share.band.highest * share.answered for share in shares) / total
    return RolledUpFinding(measure, total, shares, lowest, highest)


def _closed(
    plan: ReleasePlan, standing: Mapping[PersonId, Group], cells: Sequence[Cell], taken: frozenset[Group]
) -> tuple[Closed, ...]:
    homes = {cohort.home for cohort in plan.cohorts}
    planned = {group for home in homes for group in home.lineage}
    groups = planned | {group for place in set(standing.values()) for group in place.lineage}
    told = {cell.group for cell in cells} | _wider(cell.group for cell in cells)
    among_others = _among_others(plan, standing)

    def reason(group: Group) -> ClosedReason:
        if group in taken or among_others[group] >= plan.threshold:
            return ClosedReason.TAKEN_IN
        return ClosedReason.TOO_FEW_ANSWERS if group in planned else ClosedReason.TOO_FEW_PEOPLE

    return tuple(Closed(group, reason(group)) for group in sorted(groups - told))


def _wider(groups: Iterable[Group]) -> set[Group]:
    """Give the departments and the organisation in which some groups lie, themselves among them if they are such."""
    return {group for narrower in groups for group in narrower.lineage if group.level is not Level.TEAM}


def _among_others(plan: ReleasePlan, standing: Mapping[PersonId, Group]) -> Counter[Group]:
    """Count the people of each group who are published with others, as people of a wider group."""
    counts: Counter[Group] = Counter()
    for cohort in plan.cohorts:
        for place, many in Counter(standing[who] for who in cohort.member_ids if who in standing).items():
            if cohort.home.contains(place):
                for group in place.lineage[: place.lineage.index(cohort.home)]:
                    counts[group] += many
    return counts


def usefulness(publication: Publication, standing: Mapping[PersonId, Group]) -> Usefulness:
    """Count the teams of eight and more, and the departments, that got a result.

    A team got one when it has a cell of its own, a department when there is a cell in it.
    """
    people = Counter(standing.values())
    teams = {place for place, many in people.items() if place.level is Level.TEAM and many >= LARGE_TEAM}
    departments = _wider(people) - {Group()}
    told = {group for cell in publication.cells for group in cell.group.lineage}
    return Usefulness(len(teams), len(teams & told), len(departments), len(departments & told))
