"""The words of an overview in the reader's language, and figures and days as people write them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from ownership.content import DEFAULT_LANGUAGE, day_in_words

LANGUAGES = ("en", "nl")
"""The languages that every word is given in."""


class Words:
    """The words in one language; English for a language that there are no words in.

    An unknown key is a mistake in the program and raises KeyError, so that no page ever shows a key.

    Examples:
        >>> Words("nl")("people.and", names="Ada", name="Sam")
        'Ada en Sam'
        >>> Words("tlh").language
        'en'
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE

    def __call__(self, key: str, /, **facts: str) -> str:
        """Give the words under a key, with the facts filled in; a fact is never read as a template itself."""
        return all_words()[key][self.language].format_map(facts)

    def of(self, member: StrEnum, part: str = "", **facts: str) -> str:
        """Give the words for a member of one of the domain's enums, or one part of them such as a title."""
        key = f"{type(member).__name__}.{member.value}"
        return self(f"{key}.{part}" if part else key, **facts)

    def count(self, key: str, n: int) -> str:
        """Say how many there are of something.

        Examples:
            >>> Words("en").count("amount.items", 1), Words("en").count("amount.items", 1200)
            ('1 item', '1,200 items')
        """
        return self(f"{key}.one" if n == 1 else f"{key}.other", n=self.number(n))

    def day(self, day: date) -> str:
        """Write a day: "24 Nov 2026", "24 nov 2026"."""
        return day_in_words(day, self.language)

    def long_day(self, day: date) -> str:
        """Write a day in full: "Tuesday 24 November 2026", "dinsdag 24 november 2026"."""
        weekday = self("when.weekdays").split()[day.weekday()]
        return f"{weekday} {day.day} {self('when.months').split()[day.month - 1]} {day.year}"

    def moment(self, local: datetime) -> str:
        """Write a moment as the clock of its own zone shows it: "24 Nov 2026, 14:05"."""
        return self("when.moment", day=self.day(local.date()), clock=f"{local:%H:%M}")

    def number(self, value: float) -> str:
        """Write a number with at most two decimals and no more than it needs.

        Examples:
            >>> Words("en").number(1234.5), Words("nl").number(1234.5), Words("nl").number(40.0)
            ('1,234.5', '1.234,5', '40')
        """
        whole, _, decimals = f"{abs(value):,.2f}".partition(".")
        text = whole.replace(",", self("amount.thousands_mark"))
        if decimals := decimals.rstrip("0"):
            text += self("amount.decimal_mark") + decimals
        return f"\N{MINUS SIGN}{text}" if value < 0 and text != "0" else text

    def amount(self, value: float, unit: str) -> str:
        """Write a figure with its unit."""
        if unit == "%":
            return self("amount.percent", value=self.number(value))
        return self("amount.with_unit", value=self.number(value), unit=unit) if unit.strip() else self.number(value)

    def percent(self, share: float) -> str:
        """Write a share from 0.0 to 1.0 in whole per cents; 100 only when it is all, so that nearly there is not there.

        Examples:
            >>> Words("en").percent(0.4), Words("en").percent(0.998)
            ('40%', '99%')
        """
        whole = round(share * 100)
        return self("amount.percent", value=self.number(min(whole, 99) if share < 1 else whole))

    def hours(self, hours: float) -> str:
        """Write an effort in hours."""
        if hours == 0.5:
            return self("amount.half_hour")
        return self("amount.hours.one" if hours == 1 else "amount.hours.other", n=self.number(hours))

    def listing(self, names: Sequence[str]) -> str:
        """Write names one after another: "Ada, Liam and Sam"."""
        if len(names) < 2:
            return "".join(names)
        return self("people.and", names=", ".join(names[:-1]), name=names[-1])


@cache
def all_words() -> Mapping[str, Mapping[str, str]]:
    """Read the data file once: for every key, its words by language."""
    tree = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    return dict(_leaves(tree, ""))


def _leaves(tree: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for name, below in tree.items():
        key = f"{path}.{name}" if path else name
        if any(isinstance(value, str) for value in below.values()):
            yield key, below
        else:
            yield from _leaves(below, key)
