"""Agreements: what was promised in talks and is still open, carried over until somebody closes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from attrs import field, frozen

from ownership.domain import moments, shapes
from ownership.domain.check_ins import Agreement, AgreementId, CheckIn, CheckInId
from ownership.domain.people import Person, PersonId
from ownership.domain.shapes import optional


@frozen
class OpenAgreement:
    """A promise that is still open: to whom it was made, and in which talk."""

    agreement: Agreement = field(validator=shapes.kind_of(Agreement))
    to_id: PersonId = field(validator=shapes.identifier)
    check_in_id: CheckInId = field(validator=shapes.identifier)
    held_on: date | None = field(default=None, validator=optional(moments.day))

    @property
    def id(self) -> AgreementId:
        """The id of the agreement."""
        return self.agreement.id


def open_agreements(check_ins: Iterable[CheckIn], person_id: PersonId) -> tuple[OpenAgreement, ...]:
    """Collect what is open between a person and others: hers to do, or promised to her; the first due on top."""
    found = [
        OpenAgreement(agreement, to_id, check_in.id, check_in.held_on)
        for check_in in check_ins
        for agreement in check_in.agreements
        if agreement.is_open and person_id in {to_id := check_in.promised_to(agreement), agreement.holder_id}
    ]
    return tuple(sorted(found, key=lambda o: (o.agreement.due_on or date.max, o.agreement.id)))


def ownerless(
    still_open: Collection[OpenAgreement], owner: Person, others: Mapping[PersonId, Person], on: date
) -> tuple[OpenAgreement, ...]:
    """Pick, of what is open, what somebody promised a person who is no longer beside her, after a new manager say."""
    holder_ids = {o.agreement.holder_id for o in still_open} - {owner.id}
    gone = {id_ for id_ in holder_ids if not is_beside(owner, others.get(id_), on)}
    return tuple(o for o in still_open if o.agreement.holder_id in gone)


def is_beside(owner: Person, other: Person | None, on: date) -> bool:
    """Whether somebody works here on a day, and is then a person's conversation partner or manager."""
    if other is None or not other.works_on(on):
        return False
    lines = (owner.partner_on(on), owner.reporting_line_on(on))
    return other.id in {line.manager_id for line in lines if line}
