"""A bundle as Markdown, to read: part by part, every field under its own name, people by theirs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from attrs import fields, has

from ownership.content import DEFAULT_LANGUAGE, in_language
from ownership.domain.bundle import Belongings, Bundle
from ownership.domain.classification import FieldClass, class_of_field
from ownership.domain.visibility import title_of
from ownership.render.extract import as_text
from ownership.render.words import LANGUAGES, Words, all_words

_UNSAID = frozenset({FieldClass.RECORD_ID, FieldClass.OWNER_ID, FieldClass.VERSION})
_PEOPLE = frozenset({FieldClass.OTHER_PERSON, FieldClass.OTHER_PEOPLE})


def bundle_markdown(bundle: Bundle, language: str = "") -> str:
    """Write a bundle as Markdown in a language, by default hers; what people wrote stands there as text, not markup."""
    return _Page(bundle, language or bundle.person.language).text()


class _Page:
    def __init__(self, bundle: Bundle, language: str) -> None:
        self._bundle = bundle
        self._words = Words(language if language in LANGUAGES else DEFAULT_LANGUAGE)
        self._language = self._words.language
        self._titles = {thing.id: title_of(thing) for thing in bundle.own.all()}
        for question in (question for answers in bundle.own.pulse_answers for question in answers.questions):
            self._titles[question.id] = in_language(question.texts, self._language)

    def text(self) -> str:
        """Give the whole page."""
        bundle = self._bundle
        day = self._words.day(bundle.made_at.astimezone(bundle.person.zone).date())
        title = self._said("title", name=as_text(bundle.person.display_name))
        made = self._said("made", tenant=as_text(bundle.tenant), day=day)
        blocks = [f"# {title}", made, *self._part("person", [bundle.person])]
        for name in Belongings.classes():
            blocks += self._part(name, list(getattr(bundle.own, name)))
        blocks += self._part("written", list(bundle.written))
        if bundle.is_empty:
            blocks.append(self._said("nothing"))
        return "\n\n".join(blocks) + "\n"

    def _said(self, key: str, **facts: str) -> str:
        template: str = labels()["words"][key][self._language]
        return template.format_map(facts)

    def _part(self, name: str, things: list[Any]) -> Iterator[str]:
        if things:
            yield f"## {labels()['parts'][name][self._language]}"
        for number, thing in enumerate(things, start=1):
            yield f"### {number}. {as_text(title_of(thing).splitlines()[0]) if title_of(thing) else ''}".rstrip()
            yield "\n".join(self._lines(thing, ""))

    def _lines(self, value: Any, indent: str) -> Iterator[str]:
        for attribute in fields(type(value)):
            said, part = class_of_field(attribute), getattr(value, attribute.name)
            if said is FieldClass.LINK:
                part = self._titles_of(part)
            if said not in _UNSAID and part not in (None, "", (), {}):
                yield from self._field(label(attribute.name, self._language), said, part, indent)

    def _titles_of(self, part: Any) -> tuple[str, ...]:
        """Give what the things are called that an id, or several, mean; nothing for what is not hers."""
        ids = part if isinstance(part, tuple) else (part,)
        return tuple(title for id_ in ids if (title := self._titles.get(id_, "")))

    def _field(self, name: str, said: FieldClass | None, part: Any, indent: str) -> Iterator[str]:
        head = f"{indent}- {name}:"
        if isinstance(part, tuple) and part and has(type(part[0])):
            yield head
            for each in part:
                yield f"{indent}    -"
                yield from self._lines(each, f"{indent}        ")
        elif has(type(part)):
            yield head
            yield from self._lines(part, f"{indent}    ")
        else:
            first, *rest = self._written(said, part).splitlines() or [""]
            yield f"{head} {as_text(first)}"
            yield from (f"{indent}  {as_text(line)}" if line.strip() else "" for line in rest)

    def _written(self, said: FieldClass | None, part: Any) -> str:
        if isinstance(part, tuple):
            return ", ".join(self._written(said, each) for each in part)
        if isinstance(part, Mapping):
            return ", ".join(f"{self._written(None, key)}: {self._inner(each)}" for key, each in part.items())
        if isinstance(part, str) and not isinstance(part, StrEnum):
            return self._name_or_text(said, part)
        return self._plainly(part)

    def _inner(self, part: Any) -> str:
        if has(type(part)):
            return "/".join(self._written(None, getattr(part, each.name)) for each in fields(type(part)))
        return self._written(None, part)

    def _name_or_text(self, said: FieldClass | None, part: str) -> str:
        if said in _PEOPLE or self._bundle.name_of(part):
            return self._bundle.name_of(part) or self._said("gone")
        return self._titles.get(part) or part

    def _plainly(self, part: Any) -> str:
        if isinstance(part, bool):
            return self._said("yes" if part else "no")
        if isinstance(part, datetime):
            return self._words.moment(part.astimezone(self._bundle.person.zone))
        if isinstance(part, date):
            return self._words.day(part)
        if isinstance(part, StrEnum):
            known = all_words().get(f"{type(part).__name__}.{part.value}", {})
            return known.get(self._language, str(part).replace("_", " "))
        return self._words.number(part) if isinstance(part, int | float) else str(part)


def label(name: str, language: str) -> str:
    """Give what a field is called."""
    if language == "nl" and name in labels()["velden"]:
        called: str = labels()["velden"][name]
        return called
    return name.removesuffix("_ids").removesuffix("_id").replace("_", " ")


@cache
def labels() -> Mapping[str, Mapping[str, Any]]:
    """Read the data file once."""
    return tomllib.loads(files(__package__).joinpath("bundle.toml").read_text(encoding="utf-8"))
