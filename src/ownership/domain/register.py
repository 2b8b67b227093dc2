"""The register of processing: what is stored of people, what for, who reads it, how long, and what leaves.

It is worked out from what fields and classes say of themselves, from the settings of a workspace and from what its
adapters declare, so nobody keeps it by hand. It is made of plain words, so that one that was agreed years ago can still
be read, and laid beside the one of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from ownership.domain import shapes, texts
from ownership.domain.classification import (
    MEANINGS,
    FieldClass,
    Holder,
    Keeping,
    Reader,
    Retention,
    Term,
    classified_fields,
)
from ownership.domain.shapes import optional

_WORDS = shapes.each(texts.line)


class DriftKind(StrEnum):
    """How a register differs from the one that was agreed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@frozen
class RegisteredField:
    """A stored field: its path in the record, its class, and what that class says of it.

    Empty words are a field that says nothing.
    """

    path: str = field(validator=texts.line)
    field_class: str = field(default="", validator=texts.label)
    whose: str = field(default="", validator=texts.label)
    exported: str = field(default="", validator=texts.label)
    on_erasure: str = field(default="", validator=texts.label)


@frozen
class RegisteredRecord:
    """A kind of record: what it is for, who owns and reads it, which terms end it, and its fields.

    ``sharing`` is ``chosen`` when its owner shares it with whom she likes, ``offered`` when she can show it to those it
    is for, else ``no``. Each term is a setting of the register (``retention.looks``); ``since`` is the field from which
    its own one counts. An empty purpose is a class that says nothing of itself.
    """

    name: str = field(validator=texts.line)
    purpose: str = field(default="", validator=texts.label)
    holder: str = field(default="", validator=texts.label)
    readers: tuple[str, ...] = field(default=(), validator=_WORDS)
    shows: tuple[str, ...] = field(default=(), validator=_WORDS)
    sharing: str = field(default="", validator=texts.label)
    terms: tuple[str, ...] = field(default=(), validator=_WORDS)
    since: str = field(default="", validator=texts.label)
    fields: tuple[RegisteredField, ...] = field(default=(), validator=shapes.each(shapes.kind_of(RegisteredField)))


@frozen
class RegisteredAdapter:
    """An adapter in use, and the classes of personal data that leave through it; None when it does not say."""

    name: str = field(validator=texts.line)
    summary: str = field(default="", validator=texts.label)
    egress: tuple[str, ...] | None = field(default=None, validator=optional(_WORDS))


@frozen
class Drift:
    """One difference from what was agreed: of what, in which respect, and how it was and is."""

    kind: DriftKind = field(validator=shapes.kind_of(DriftKind))
    subject: str = field(validator=texts.line)
    respect: str = field(default="", validator=texts.label)
    agreed: str = field(default="", validator=texts.paragraph)
    now: str = field(default="", validator=texts.paragraph)


@frozen
class Register:
    """What is stored, with which settings, and what leaves through which adapter."""

    records: tuple[RegisteredRecord, ...] = field(validator=shapes.each(shapes.kind_of(RegisteredRecord)))
    settings: Mapping[str, str] = field(factory=dict, validator=shapes.by_key(texts.line, texts.line))
    adapters: tuple[RegisteredAdapter, ...] = field(
        default=(), validator=shapes.each(shapes.kind_of(RegisteredAdapter))
    )

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is not said, by name: fields without a class, classes without a keeping, adapters without egress."""
        return (
            *(record.name for record in self.records if not record.purpose),
            *(f"{record.name}.{each.path}" for record in self.records for each in record.fields if not each.whose),
            *(adapter.name for adapter in self.adapters if adapter.egress is None),
        )

    def days_of(self, term: str) -> int:
        """Give the days of a term of retention."""
        return int(self.settings[f"{RETENTION}.{term}"])

    def drift_from(self, agreed: Register) -> tuple[Drift, ...]:
        """Tell every difference from a register that was agreed; nothing when they say the same.

        What is new or gone as a whole (a kind of record, an adapter) is one difference, not one for each of its fields.
        """
        was, now = dict(_statements(agreed)), dict(_statements(self))
        return tuple(drift for subject in {**was, **now} for drift in _drifts(subject, was, now))


RETENTION = "retention"
"""What the settings of retention begin with."""

Subject = tuple[str, str]
Statements = Mapping[Subject, Mapping[str, str]]


def _statements(register: Register) -> Iterator[tuple[Subject, Mapping[str, str]]]:
    """Give all that a register says: of each subject, in which respect what."""
    for name, value in register.settings.items():
        yield (name, ""), {"value": value}
    for adapter in register.adapters:
        yield (adapter.name, ""), {"egress": "unsaid" if adapter.egress is None else ", ".join(adapter.egress)}
    for record in register.records:
        yield (
            (record.name, ""),
            {
                "purpose": record.purpose,
                "holder": record.holder,
                "readers": ", ".join(record.readers),
                "shows": ", ".join(record.shows),
                "sharing": record.sharing,
                "terms": ", ".join(record.terms),
                "since": record.since,
            },
        )
        for each in record.fields:
            said = {name: getattr(each, name) for name in ("field_class", "whose", "exported", "on_erasure")}
            yield (record.name, each.path), said


def _drifts(subject: Subject, was: Statements, now: Statements) -> Iterator[Drift]:
    (name, path), whole = subject, (subject[0], "")
    spoken = f"{name}.{path}" if path else name
    if subject in was and subject in now:
        for respect, said in now[subject].items():
            if was[subject][respect] != said:
                yield Drift(DriftKind.CHANGED, spoken, respect, was[subject][respect], said)
    elif not path or (whole in was and whole in now):
        yield Drift(DriftKind.ADDED if subject in now else DriftKind.REMOVED, spoken)


def register_of(
    stored: Mapping[str, type[Any]],
    retention: Retention,
    settings: Mapping[str, str],
    adapters: Iterable[RegisteredAdapter] = (),
) -> Register:
    """Work out the register of what is stored, by name, from what its classes and fields say of themselves."""
    terms = {f"{RETENTION}.{term}": str(retention.days_of(term)) for term in Term}
    records = tuple(_record(name, cls) for name, cls in stored.items())
    return Register(records, {**terms, **settings}, tuple(adapters))


def _record(name: str, cls: type[Any]) -> RegisteredRecord:
    said = tuple(_field(found.path, found.field_class) for found in classified_fields(cls))
    keeping = getattr(cls, "keeping", None)
    if not isinstance(keeping, Keeping):
        return RegisteredRecord(name, fields=said)
    after_leaving = () if keeping.holder is Holder.ORGANISATION else (Term.AFTER_LEAVING.value,)
    return RegisteredRecord(
        name,
        purpose=keeping.purpose.value,
        holder=keeping.holder.value,
        readers=tuple(reader.value for reader in keeping.readers),
        shows=keeping.shows,
        sharing=_sharing(cls, keeping),
        terms=(*after_leaving, *((keeping.term.value,) if keeping.term else ())),
        since=keeping.since,
        fields=said,
    )


def _sharing(cls: type[Any], keeping: Keeping) -> str:
    if hasattr(cls, "with_audience"):
        return "chosen"
    return "offered" if hasattr(cls, "shared_on") and Reader.NOBODY in keeping.readers else "no"


def _field(path: str, field_class: FieldClass | None) -> RegisteredField:
    if field_class is None:
        return RegisteredField(path)
    meaning = MEANINGS[field_class]
    return RegisteredField(
        path, field_class.value, meaning.whose.value, meaning.exported.value, meaning.on_erasure.value
    )
