"""The register of processing as Markdown for a works council, and what changed since one was agreed, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from ownership.domain.classification import MEANINGS
from ownership.domain.register import Drift, DriftKind, Register, RegisteredAdapter, RegisteredRecord
from ownership.render.words import Words, all_words

WIDTH = 120
"""Characters in a line, where lines can be broken."""


def register_markdown(register: Register, language: str = "en") -> str:
    """Write a register as Markdown in a language."""
    words = Words(language)
    blocks = [
        f"# {words('register.title')}",
        _wrapped(words("register.lead")),
        f"## {words('register.settings')}",
        _table(
            tuple(words(f"register.{head}") for head in ("setting", "value", "says")),
            ((f"`{name}`", value, _said("setting", name, words)) for name, value in register.settings.items()),
        ),
        f"## {words('register.leaves')}",
        words("register.gets"),
        "\n".join(_adapter(adapter, words) for adapter in register.adapters),
        f"## {words('register.classes')}",
        _wrapped(words("register.gone")),
        _table(
            tuple(words(f"register.{head}") for head in ("class", "owned", "in_export", "erased")),
            _classes(words),
        ),
        f"## {words('register.records')}",
        *(block for record in register.records for block in _record(record, register, words)),
    ]
    return "\n\n".join(blocks) + "\n"


def drift_lines(drifts: Iterable[Drift], language: str = "en") -> tuple[str, ...]:
    """Say in a line each what differs from what was agreed."""
    words = Words(language)
    return tuple(_drift(drift, words) for drift in drifts)


def _drift(drift: Drift, words: Words) -> str:
    name, dot, path = drift.subject.partition(".")
    subject = f"{_said('record', name, words)}{dot}{path}"
    if drift.kind is not DriftKind.CHANGED:
        return words(f"register.drift.{drift.kind}", subject=subject)
    agreed, now = (_all_said(drift.respect, value.split(", "), words) for value in (drift.agreed, drift.now))
    respect = words(f"register.respect.{drift.respect}")
    return words("register.drift.changed", subject=subject, respect=respect, agreed=agreed, now=now)


def _said(respect: str, word: str, words: Words) -> str:
    """Give what a word of a register means, in the reader's language; a word that is not known here as it is."""
    key = f"register.said.{respect}.{word}"
    return words(key) if key in all_words() else word


def _all_said(respect: str, said: Iterable[str], words: Words) -> str:
    told = ", ".join(_said(respect, word, words) for word in said if word)
    return told or words("register.all" if respect == "shows" else "register.nothing")


def _adapter(adapter: RegisteredAdapter, words: Words) -> str:
    egress = words("register.unsaid") if adapter.egress is None else _all_said("egress", adapter.egress, words)
    summary = f" ({adapter.summary})" if adapter.summary else ""
    return _item(f"`{adapter.name}`{summary}: {egress}")


def _classes(words: Words) -> Iterator[tuple[str, ...]]:
    for field_class, meaning in MEANINGS.items():
        yield (
            _said("field_class", field_class, words),
            _said("whose", meaning.whose, words),
            _said("exported", meaning.exported, words),
            _said("on_erasure", meaning.on_erasure, words),
        )


def _record(record: RegisteredRecord, register: Register, words: Words) -> Iterator[str]:
    yield f"### {_said('record', record.name, words)}"
    yield "\n".join([*_about(record, register, words), *_fields(record, words)])


def _about(record: RegisteredRecord, register: Register, words: Words) -> Iterator[str]:
    if not record.purpose:
        yield _item(words("register.unsaid"))
        return
    yield _item(words("register.purpose", said=_said("purpose", record.purpose, words)))
    yield _item(words("register.holder", said=_said("holder", record.holder, words)))
    yield _item(words("register.readers", said=_all_said("readers", record.readers, words)))
    if record.shows:
        yield _item(words("register.shows", said=_names(record.shows)))
    if record.sharing != "no":
        yield _item(_said("sharing", record.sharing, words))
    yield _item(words("register.kept", said=_kept(record, register, words)))


def _kept(record: RegisteredRecord, register: Register, words: Words) -> str:
    terms = [_term(term, record, register, words) for term in record.terms]
    if not terms:
        return words("register.kept_for.use")
    return terms[0] if len(terms) == 1 else words("register.kept_for.both", one=terms[0], other=terms[1])


def _term(term: str, record: RegisteredRecord, register: Register, words: Words) -> str:
    days = words.number(register.days_of(term))
    if term == "after_leaving":
        return words("register.kept_for.after_leaving", n=days)
    return words("register.kept_for.since", n=days, since=record.since)


def _fields(record: RegisteredRecord, words: Words) -> Iterator[str]:
    by_class: dict[str, list[str]] = {}
    for each in record.fields:
        by_class.setdefault(each.field_class, []).append(each.path)
    for field_class, paths in by_class.items():
        what = _said("field_class", field_class, words) if field_class else words("register.unsaid")
        yield _item(f"{what}: {_names(paths)}")


def _names(paths: Iterable[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)


def _item(text: str) -> str:
    return "\n".join(wrap(text, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False))


def _wrapped(text: str) -> str:
    return "\n".join(wrap(text, WIDTH, break_on_hyphens=False))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
