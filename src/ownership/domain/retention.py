"""Retention: nothing is kept longer than its class says, as a plan that can be printed and counted.

How long is told by the classification (:class:`~ownership.domain.classification.Keeping`) and the terms of a workspace.
What is open is never taken from under someone's hands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import field, frozen

from ownership.domain import shapes
from ownership.domain.classification import Retention, Term
from ownership.domain.erasure import Removal, is_waiting
from ownership.domain.people import Person, PersonId
from ownership.domain.reminders import Delivery


@frozen
class RetentionPlan:
    """What is past its term: nothing has been removed yet. ``leavers`` are erased, with all that is theirs."""

    removals: tuple[Removal, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Removal)), repr=False)
    leavers: tuple[PersonId, ...] = field(default=(), validator=shapes.each(shapes.identifier), repr=False)

    @property
    def removed(self) -> Mapping[str, int]:
        """How many records go, by collection; those of leavers are not counted."""
        return dict(sorted(Counter(removal.collection for removal in self.removals).items()))


def begun_before(term: Term, retention: Retention, on: date) -> date:
    """Give the day before which a term must have begun so that it is over.

    Examples:
        >>> begun_before(Term.MESSAGES, Retention(messages=30), date(2026, 3, 31))
        datetime.date(2026, 3, 1)
    """
    return on - timedelta(days=retention.days_of(term))


def plan_retention(
    things: Iterable[tuple[str, Any]], people: Iterable[Person], retention: Retention, on: date
) -> RetentionPlan:
    """Plan what goes on a day: of ``things``, each with its collection, what is past its term; of people, who is.

    Things of a person go with her; ``things`` are those with a term of their own.
    """
    over = [Removal(collection, thing.id) for collection, thing in things if _is_over(thing, retention, on)]
    gone = [person.id for person in people if _is_past_leaving(person, retention, on)]
    return RetentionPlan(tuple(over), tuple(gone))


def _is_over(thing: Any, retention: Retention, on: date) -> bool:
    is_open = isinstance(thing, Delivery) and is_waiting(thing)
    kept_until = thing.keeping.kept_until(thing, None, retention)
    return not is_open and kept_until is not None and kept_until < on


def _is_past_leaving(person: Person, retention: Retention, on: date) -> bool:
    kept_until = person.keeping.kept_until(person, person.left_on, retention)
    return kept_until is not None and kept_until < on
