"""The ledger of erasures: who must not come back, told in a way that nobody can read.

An entry holds no name and no number, only salted digests: so a store that was restored can tell whom to erase again,
and a synchronisation whom to leave out. Whoever has the ledger *and* a list of people can test who is in it; it is to
be kept as carefully as the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes
from ownership.domain.classification import OWN_FACTS, OWNER_ID, RECORD_ID, VERSION, Holder, Keeping, Purpose
from ownership.domain.people import Person, PersonId
from ownership.domain.shapes import optional

ErasureId = NewType("ErasureId", str)

ORGANISATION = PersonId("organisation")
"""The owner of the ledger."""


def digest(salt: str, *parts: str) -> str:
    """Give the salted digest of some texts: 160 bits, which tell nothing to who does not know what to look for.

    Examples:
        >>> digest("salt", "a", "bc") == digest("salt", "ab", "c")
        False
    """
    told = "\0".join(f"{len(part)}:{part}" for part in parts)
    return blake2b(told.encode(), key=salt.encode()[:64], digest_size=20).hexdigest()


@frozen
class Erasure:
    """That somebody was erased, and when. ``person`` and ``account`` are salted digests of her id and of her account.

    Her account is how the directory knows her: its source and her external id; empty when she had none. With
    ``rehired_on`` a synchronisation may bring the account back, as a new person without a past.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.FORGET, holder=Holder.ORGANISATION)

    id: ErasureId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    salt: str = field(validator=shapes.identifier, repr=False, metadata=OWN_FACTS)
    person: str = field(validator=shapes.identifier, repr=False, metadata=OWN_FACTS)
    erased_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    account: str = field(default="", validator=shapes.identifier_or_empty, repr=False, metadata=OWN_FACTS)
    rehired_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    def rehire(self, on: date) -> Erasure:
        """Return the entry as one that no longer keeps the account out; the first time counts."""
        return evolve(self, rehired_on=self.rehired_on or on)


def erasure_of(person: Person, on: date, salt: str) -> Erasure:
    """Write down that a person is erased."""
    hers = digest(salt, "person", person.id)
    account = digest(salt, "account", person.source, person.external_id) if person.external_id else ""
    return Erasure(ErasureId(f"{ORGANISATION}.9{hers[:21]}"), ORGANISATION, salt, hers, on, account)


@frozen(slots=False)
class Ledger:
    """All erasures of a tenant, and who is among them."""

    entries: tuple[Erasure, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Erasure)))

    @property
    def salt(self) -> str:
        """The salt to go on with; empty when nobody was erased yet."""
        return self.entries[-1].salt if self.entries else ""

    @cached_property
    def _salts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.salt for entry in self.entries))

    @cached_property
    def _people(self) -> Mapping[str, Erasure]:
        return {entry.person: entry for entry in self.entries}

    @cached_property
    def _accounts(self) -> Mapping[str, Erasure]:
        return {entry.account: entry for entry in self.entries if entry.account and entry.rehired_on is None}

    def of_person(self, person_id: PersonId) -> Erasure | None:
        """Give the erasure of a person whose records are here, as after a restore; else None."""
        found = (self._people.get(digest(salt, "person", person_id)) for salt in self._salts)
        return next(filter(None, found), None)

    def of_account(self, source: str, external_id: str) -> Erasure | None:
        """Give the erasure that keeps an account of a directory out; else None."""
        found = (self._accounts.get(digest(salt, "account", source, external_id)) for salt in self._salts)
        return next(filter(None, found), None)

    def missing_in(self, other: Ledger) -> tuple[Erasure, ...]:
        """Give the entries that another ledger has not, or does not yet know as rehired, with its versions."""
        there = {entry.id: entry for entry in other.entries}
        new = [evolve(entry, version=0) for entry in self.entries if entry.id not in there]
        rehired = [
            there[entry.id].rehire(entry.rehired_on)
            for entry in self.entries
            if entry.id in there and entry.rehired_on is not None and there[entry.id].rehired_on is None
        ]
        return (*new, *rehired)


NOBODY_ERASED = Ledger()
