"""Erasure: what has to happen so that nothing of a person is left, as a plan that can be printed and counted.

All that is hers goes. What she wrote for others is theirs and stays, and its author becomes someone who left: an id
that belongs to nobody and differs from owner to owner, so that it links nothing. What a team did together in a moment
that she called for passes on to a colleague who was in it. Which field is which is told by its classification alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

from attrs import evolve, field, fields, frozen, has

from ownership.domain import shapes, texts
from ownership.domain.classification import MEANINGS, FieldClass, OnErasure, class_of_field
from ownership.domain.ledger import Erasure
from ownership.domain.people import Audience, Person, PersonId, whose
from ownership.domain.reminders import Delivery, DeliveryId, DeliveryStatus
from ownership.domain.team_moments import TeamMoment, TeamMomentId

LEFT = "left"
"""With this begin the ids of those who left; no id of a person does, for it holds an l."""


def stand_in(seed: str, owner_id: str) -> PersonId:
    """Give the id that takes a person's place in the records of one owner: nobody's, the same in all of them.

    ``seed`` is drawn for one erasure and then forgotten, so that nothing leads back to her.

    Examples:
        >>> stand_in("seed", "p1") == stand_in("seed", "p1"), stand_in("seed", "p1") == stand_in("seed", "p2")
        (True, False)
    """
    return PersonId(LEFT + blake2b(owner_id.encode(), key=seed.encode()[:64], digest_size=6).hexdigest())


def is_someone_who_left(person_id: str) -> bool:
    """Whether an id stands in for somebody who was erased."""
    return len(person_id) == 16 and person_id.startswith(LEFT)


@frozen
class Removal:
    """One record of hers, or about what was hers, that goes."""

    collection: str = field(validator=shapes.identifier)
    id: str = field(validator=shapes.identifier)


@frozen
class ErasureReport:
    """What erasing a person would do, or did, as counts: of her records by collection, and of others' by class.

    ``holds`` says what makes the plan wait for a person; it is carried out once it is :meth:`confirmed`.
    """

    person_id: PersonId = field(validator=shapes.identifier)
    removed: Mapping[str, int] = field(validator=shapes.by_key(texts.line, shapes.whole(1, 2**63 - 1)))
    kept_for_others: Mapping[str, int] = field(validator=shapes.by_key(texts.line, shapes.whole(1, 2**63 - 1)))
    holds: tuple[str, ...] = field(default=(), validator=shapes.each(texts.line))
    is_confirmed: bool = field(default=False, validator=shapes.flag)

    def confirmed(self) -> ErasureReport:
        """Return the plan as confirmed by a person who read what holds it."""
        return evolve(self, holds=(), is_confirmed=True)


class ErasurePlan(NamedTuple):
    """The instructions to erase a person: nothing has been done yet.

    ``removals`` go; ``changed`` are records of others in which someone who left takes her place; ``passed_on`` are team
    moments of hers, now a colleague's, and ``told_anew`` what their people hear of them. ``entry`` is for the ledger.
    """

    person_id: PersonId
    entry: Erasure
    removals: tuple[Removal, ...]
    changed: tuple[Any, ...] = ()
    passed_on: tuple[TeamMoment, ...] = ()
    told_anew: tuple[Delivery, ...] = ()
    holds: tuple[str, ...] = ()

    @property
    def report(self) -> ErasureReport:
        """The plan as counts: who looks at it reads nobody's words."""
        removed = Counter(removal.collection for removal in self.removals)
        kept = Counter(type(value).__name__ for value in (*self.changed, *self.passed_on))
        return ErasureReport(self.person_id, dict(sorted(removed.items())), dict(sorted(kept.items())), self.holds)


def plan_erasure(
    person: Person,
    on: date,
    *,
    own: Iterable[Removal],
    own_moments: Iterable[TeamMoment],
    others: Iterable[Any],
    entry: Erasure,
    seed: str,
) -> ErasurePlan:
    """Plan the erasure of a person on a day.

    ``own`` names all records that she owns, ``own_moments`` are the team moments among them, and ``others`` all records
    of others that may mention her; those that do not are left as they are.
    """
    passed_on = [heirs for moment in own_moments if (heirs := _passed_on(moment, person, seed))]
    moved = {old.id: new for old, new in passed_on}
    gone: list[Removal] = []
    told_anew: list[Delivery] = []
    changed: list[Any] = []
    for value in others:
        if isinstance(value, Delivery) and whose(value.about_id) == person.id:
            gone.append(Removal("deliveries", value.id))
            if value.about_id in moved:
                told_anew.append(_told_anew(_without(value, person, seed), value, moved[TeamMomentId(value.about_id)]))
            continue
        after = _without(value, person, seed)
        if after != value:
            changed.append(after)
    return ErasurePlan(
        person_id=person.id,
        entry=entry,
        removals=(*own, *gone),
        changed=tuple(changed),
        passed_on=tuple(new for _, new in passed_on),
        told_anew=tuple(told_anew),
        holds=(f"person {person.id!r} still works here",) if _is_employed(person, on) else (),
    )


def _is_employed(person: Person, on: date) -> bool:
    return person.active and (person.end_on is None or on <= person.end_on)


def _passed_on(moment: TeamMoment, person: Person, seed: str) -> tuple[TeamMoment, TeamMoment] | None:
    """Give a moment of hers and what it is as a colleague's; None when nobody is left who was in it."""
    colleagues = (id_ for id_ in moment.participant_ids if id_ != person.id and not is_someone_who_left(id_))
    heir_id = next(colleagues, None)
    if heir_id is None:
        return None
    id_ = TeamMomentId(f"{heir_id}.{moment.id.partition('.')[2]}")
    return moment, _Forgetting(person, stand_in(seed, heir_id)).of(evolve(moment, id=id_, owner_id=heir_id, version=0))


def _told_anew(after: Delivery, before: Delivery, moment: TeamMoment) -> Delivery:
    """Give what somebody hears of a moment that passed on, in place of what she heard of it as it was."""
    id_ = DeliveryId(before.id.replace(f"-{whose(before.about_id)}-", f"-{moment.owner_id}-"))
    return evolve(after, id=id_, about_id=moment.id, version=0)


def is_waiting(delivery: Delivery) -> bool:
    """Whether a message is still to be sent."""
    return delivery.status is DeliveryStatus.WAITING


def _without(value: Any, person: Person, seed: str) -> Any:
    return _Forgetting(person, stand_in(seed, whose(value.id))).of(value)


@cache
def _treatments(cls: Any) -> tuple[tuple[str, FieldClass | None], ...]:
    return tuple((attribute.name, class_of_field(attribute)) for attribute in fields(cls))


class _Forgetting:
    """Takes one person out of values of one other owner."""

    def __init__(self, person: Person, instead: PersonId) -> None:
        self._person_id = person.id
        self._instead = instead
        names = (person.id, person.external_id, person.email, person.display_name)
        self._names = {name.casefold() for name in names if name}

    def of(self, value: Any) -> Any:
        """Give a value without the person; the same one when she is not in it."""
        changes = {
            name: after
            for name, said in _treatments(value.__class__)
            if (after := self._field(said, before := getattr(value, name))) != before
        }
        if isinstance(value, Audience) and changes.get("person_ids") == ():  # it names somebody: so it names nobody
            changes["person_ids"] = (self._instead,)
        return evolve(value, **changes) if changes else value

    def _field(self, said: FieldClass | None, value: Any) -> Any:
        if said is None:
            return self._inside(value)
        if said is FieldClass.REAL_USER:
            return self._instead if value.casefold() in self._names else value
        if MEANINGS[said].on_erasure in {OnErasure.REPLACED, OnErasure.UNLINKED}:
            return self._replaced(value)
        if MEANINGS[said].on_erasure is OnErasure.DROPPED:
            return tuple(id_ for id_ in value if id_ != self._person_id) if value else value
        return value

    def _inside(self, value: Any) -> Any:
        if has(type(value)):
            return self.of(value)
        if isinstance(value, tuple):
            return tuple(self._inside(part) for part in value if not self._is_unshown(part))
        if isinstance(value, Mapping):
            return {name: self._inside(part) for name, part in value.items()}
        return value

    def _is_unshown(self, part: Any) -> bool:
        """Whether a part is hers and nobody else has read it."""
        return getattr(part, "by_id", "") == self._person_id and not getattr(part, "is_shown", True)

    def _replaced(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(self._replaced(id_) for id_ in value)
        if not isinstance(value, str) or whose(value) != self._person_id:
            return value
        return self._instead + value.removeprefix(self._person_id)
