"""Cohorts: people who are always published together, and the groups in which they are.

A cohort has at least the threshold of people and only ever splits into parts that have as many. So of all that is ever
published, whatever the window, two rosters differ by nobody or by at least the threshold. Homes are a matter of use
only: they say which cohorts are published together first, and change with the groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any, TypeVar

from attrs import field, frozen

from ownership.domain import shapes, texts
from ownership.domain.classification import GROUP_FIGURES, ROSTER
from ownership.domain.people import Person, PersonId
from ownership.errors import InvalidInput

Heap = TypeVar("Heap")

FLOOR = 5
"""The fewest people whose answers may be published together; no setting and no plugin lowers it."""

CEILING = 1_000
"""The highest threshold that an organisation may choose."""


class Level(StrEnum):
    """How wide a group is."""

    TEAM = "team"
    DEPARTMENT = "department"
    ORGANISATION = "organisation"


@frozen(order=True)
class Group:
    """A team of a department, a department, or, with both left empty, the organisation.

    Examples:
        >>> [group.level.value for group in Group("Sales", "North").lineage]
        ['team', 'department', 'organisation']
    """

    department: str = field(default="", validator=texts.paragraph, metadata=GROUP_FIGURES)
    team: str = field(default="", validator=texts.paragraph, metadata=GROUP_FIGURES)

    @property
    def level(self) -> Level:
        """How wide it is."""
        if self.team:
            return Level.TEAM
        return Level.DEPARTMENT if self.department else Level.ORGANISATION

    @property
    def parent(self) -> Group:
        """The next wider group; the organisation is its own."""
        return Group(self.department) if self.team else ORGANISATION_GROUP

    @property
    def lineage(self) -> tuple[Group, ...]:
        """The group and every wider one, the narrowest first."""
        return tuple(dict.fromkeys((self, self.parent, ORGANISATION_GROUP)))

    def at(self, level: Level) -> Group:
        """Give the group of a level in which this one lies; itself when it is as wide already."""
        if level is Level.TEAM:
            return self
        return Group(self.department) if level is Level.DEPARTMENT else ORGANISATION_GROUP

    def contains(self, other: Group) -> bool:
        """Whether whoever is in the other group is in this one."""
        if self.team:
            return self == other
        return self.department in {"", other.department}


ORGANISATION_GROUP = Group()
"""The group of everyone."""


def _enough(instance: object, attribute: Any, value: Any) -> None:
    shapes.each(shapes.identifier)(instance, attribute, value)
    if len(set(value)) != len(value):
        raise InvalidInput.at(texts.path_of(instance, attribute), "names somebody twice")
    if len(value) < FLOOR:
        raise InvalidInput.at(texts.path_of(instance, attribute), f"are fewer than {FLOOR}; they have to wait for more")


@frozen
class Cohort:
    """At least five people who are always published together; those who left stay on the list, and do not answer.

    The answer of a member counts while her place is inside ``home``.
    """

    home: Group = field(validator=shapes.kind_of(Group))
    member_ids: tuple[PersonId, ...] = field(validator=_enough, repr=False, metadata=ROSTER)


def standing_at(people: Iterable[Person], now: datetime) -> dict[PersonId, Group]:
    """Tell where everyone who works here now stands; for each it is the day that it is where she is."""
    days = ((person, person.day_of(now)) for person in people)
    return {person.id: _place(person, day) for person, day in days if person.works_on(day)}


def _place(person: Person, day: date) -> Group:
    membership = person.membership_on(day)
    return Group(membership.department, membership.team) if membership else ORGANISATION_GROUP


def common_group(groups: Iterable[Group]) -> Group:
    """Give the narrowest group that contains all of some.

    Examples:
        >>> common_group([Group("Sales", "North"), Group("Sales", "South")])
        Group(department='Sales', team='')
    """
    common: Group | None = None
    for group in set(groups):
        common = group if common is None else next(wider for wider in common.lineage if wider.contains(group))
    return ORGANISATION_GROUP if common is None else common


def plan_release(
    standing: Mapping[PersonId, Group], earlier: Sequence[Cohort] = (), *, threshold: int = FLOOR
) -> tuple[Cohort, ...]:
    """Say which people are published together from now on, from where they stand and who was together before.

    Whoever joined waits until a threshold of joiners stand in one team, or one department, or the organisation. Part of
    a cohort becomes one of its own when it stands together elsewhere, or more closely, and enough are left of the rest.

    Raises:
        InvalidInput: the threshold is under the floor.
    """
    if threshold < FLOOR:
        raise InvalidInput.at("release_plan.threshold", f"is under {FLOOR}, and nothing lowers that")
    known = {member_id for cohort in earlier for member_id in cohort.member_ids}
    formed, waiting = _pooled({who: place for who, place in standing.items() if who not in known}, threshold)
    if not earlier:  # at the first plan nobody need wait for later joiners
        formed = _taken_in(formed, waiting, standing)
    kept = [part for cohort in earlier for part in _continued(cohort, standing, threshold)]
    new = [Cohort(home, tuple(sorted(member_ids))) for home, member_ids in formed.items()]
    return tuple(sorted(kept + new, key=lambda cohort: (cohort.home, cohort.member_ids)))


def joined_upwards(
    by_group: Mapping[Group, Heap], join: Callable[[Iterable[Heap]], Heap], is_enough: Callable[[Heap], bool]
) -> tuple[dict[Group, Heap], Heap]:
    """Join what is too small with its like in the next wider group, until it is enough or is left over.

    The way up is the same for people who are put together beforehand, and for their answers afterwards.
    """
    enough: dict[Group, Heap] = {}
    small: Mapping[Group, Heap] = by_group
    for level in Level:
        at_level: dict[Group, list[Heap]] = defaultdict(list)
        for group, heap in small.items():
            at_level[group.at(level)].append(heap)
        joined = {group: join(heaps) for group, heaps in at_level.items()}
        enough |= {group: heap for group, heap in joined.items() if group.level is level and is_enough(heap)}
        small = {group: heap for group, heap in joined.items() if group not in enough}
    return enough, join(small.values())


def _pooled(places: Mapping[PersonId, Group], threshold: int) -> tuple[dict[Group, list[PersonId]], list[PersonId]]:
    """Put people together by team, those left over by department, and those left then in the organisation."""
    by_group: dict[Group, list[PersonId]] = defaultdict(list)
    for person_id, place in places.items():
        by_group[place].append(person_id)
    return joined_upwards(by_group, lambda heaps: [*chain(*heaps)], lambda people: len(people) >= threshold)


def _taken_in(
    formed: Mapping[Group, list[PersonId]], left: Sequence[PersonId], standing: Mapping[PersonId, Group]
) -> dict[Group, list[PersonId]]:
    """Let those left over take in the smallest that was formed, so that nobody is left over."""
    if not formed or not left:
        return dict(formed)
    smallest = min(formed, key=lambda group: (len(formed[group]), group))
    together = common_group([smallest, *(standing[who] for who in left)])
    others = {group: ids for group, ids in formed.items() if group != smallest}
    return others | {together: [*formed[smallest], *left]}


def _continued(cohort: Cohort, standing: Mapping[PersonId, Group], threshold: int) -> list[Cohort]:
    """Continue a cohort, split where both parts are enough; whoever is in no part stays on the list of one."""
    present = {who: standing[who] for who in cohort.member_ids if who in standing}
    home = _home_now(cohort, present, threshold)
    inside = {who: place for who, place in present.items() if home.contains(place)}
    elsewhere, _ = _pooled({who: place for who, place in present.items() if who not in inside}, threshold)
    staying = _taken_in(*_pooled(inside, threshold), standing) or {home: []}
    counted = {who for ids in (*staying.values(), *elsewhere.values()) for who in ids}
    keeper = max(staying, key=lambda group: (group == home, len(staying[group]), group))
    staying[keeper] = [*staying[keeper], *(who for who in cohort.member_ids if who not in counted)]
    parts = [*staying.items(), *elsewhere.items()]
    return [Cohort(group, tuple(sorted(ids))) for group, ids in parts]


def _home_now(cohort: Cohort, present: Mapping[PersonId, Group], threshold: int) -> Group:
    """Give the narrowest home, from the one it had upwards, in which enough of a cohort still stand."""
    for group in cohort.home.lineage:
        if sum(map(group.contains, present.values())) >= threshold:
            return group
    return common_group(present.values()) if present else cohort.home
