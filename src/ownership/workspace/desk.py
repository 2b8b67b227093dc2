"""The desk: what all use cases share. A store and tenant, a clock, a source of chance, content, and channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ownership.domain.people import Person, PersonId
from ownership.errors import Conflict, InvalidInput, NotFound, Unsupported
from ownership.ports.storage import joined_to
from ownership.workspace.records import ValueUnit, new_id, new_person_id

if TYPE_CHECKING:  # what a desk is handed; what it never gets need not be loaded
    from random import Random

    from ownership.content import Content
    from ownership.domain.classification import Retention
    from ownership.ports.adapters import Adapter
    from ownership.ports.channels import Channel
    from ownership.ports.directories import Directory
    from ownership.ports.storage import Store


class Desk:
    """What all use cases of one tenant share.

    ``clock`` gives the present moment, ``random`` the ids and draws, ``directory`` opens a directory by URL,
    ``load_content`` collects all packs when they are first needed; ``channels`` are tried in this order; ``adapters``
    are the declarations of what is in use; ``retention`` says how long what is kept. With ``is_joined`` all units are
    part of a transaction of the host.
    """

    def __init__(
        self,
        *,
        store: Store,
        tenant: str,
        clock: Callable[[], datetime],
        random: Random,
        load_content: Callable[[], Content],
        directory: Callable[[str], Directory],
        channels: Sequence[tuple[str, Channel]],
        retention: Retention,
        adapters: Sequence[Adapter],
        is_joined: bool = False,
    ) -> None:
        self.store = store
        self.tenant = tenant
        self.clock = clock
        self.random = random
        self.load_content = load_content
        self.directory = directory
        self.channels = channels
        self.retention = retention
        self.adapters = adapters
        self.is_joined = is_joined

    @cached_property
    def content(self) -> Content:
        """All packs together."""
        return self.load_content()

    def now(self) -> datetime:
        """Give the present moment, in UTC.

        Raises:
            InvalidInput: the clock gives a moment without a time zone.
        """
        moment = self.clock()
        if moment.tzinfo is None:
            raise InvalidInput.at("clock", "gives a moment without a time zone; use datetime.now(UTC)")
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)

    def joined(self, connection: object) -> Desk:
        """Give this desk inside a transaction of the host's; from there, nothing is sent."""
        inside = copy(self)
        inside.store = joined_to(self.store, connection)
        inside.channels = ()
        inside.is_joined = True
        return inside

    def require_own_transaction(self, what: str) -> None:
        """Refuse what must not wait for a host to commit, or be undone by it.

        Raises:
            Unsupported: this desk works inside a transaction of the host's.
        """
        if self.is_joined:
            raise Unsupported(f"{what} inside a transaction of the host's", "a joined workspace")

    def reading(self) -> ValueUnit:
        """Open a unit that only reads."""
        return ValueUnit(self.store.reading(self.tenant))

    def writing(self) -> ValueUnit:
        """Open a unit that writes whole or not at all."""
        return ValueUnit(self.store.writing(self.tenant))

    def new_id(self, owner_id: str, cls: type[Any]) -> Any:
        """Make an id for a value of a class."""
        return new_id(owner_id, cls, self.now(), self.random)

    def new_person_id(self) -> PersonId:
        """Make an id for a person."""
        return PersonId(new_person_id(self.random))


def repeatedly(attempt: Callable[[], int]) -> int:
    """Do a piece of work again when someone else changed the same things meanwhile.

    What they did is then seen and left alone.
    """
    for _ in range(3):
        try:
            return attempt()
        except Conflict:
            continue
    return attempt()


def find_person(unit: ValueUnit, who: object) -> Person:
    """Find the person that an id, an external id or an e-mail address means.

    Raises:
        NotFound: it means nobody.
        InvalidInput: it means more than one person, or is no text.
    """
    if not isinstance(who, str):
        raise InvalidInput.at("person", "is no text; give an id, an external id or an e-mail address")
    if by_id := unit.many(Person, [who]):
        return by_id[who]
    spoken = who.casefold() if "@" in who else who  # as keys are stored: an external id can look like an address
    found = list(unit.find(Person, "external_id", equals=spoken)) or list(unit.find(Person, "email", equals=spoken))
    at_work = [person for person in found if person.active] or found
    if not at_work:
        raise _nobody(who)
    if len(at_work) > 1:
        ids = ", ".join(person.id for person in at_work)
        raise InvalidInput.at("person", f"is ambiguous; use the id of the one you mean: {ids}")
    return at_work[0]


def _nobody(who: str) -> NotFound:
    """Say that someone is not here. An address or a name, spoken for an id, is not repeated: errors end up in logs."""
    if "@" in who:
        return NotFound("person with this e-mail address")
    return NotFound("person", who)
