"""Convert once, at the edge: values to stored JSON text and back, through the one converter.

Every stored body says in which format it was written (``"format"``). Fields that this version does not know are
refused, never dropped in silence: a record of a newer release is an error, not a loss.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args

from cattrs import BaseValidationError, Converter, transform_error
from cattrs.cols import list_structure_factory

from ownership.errors import InvalidInput, Problem

FORMAT = 2
"""The format in which bodies are written now: from 2 on, a body may leave out what stands beside it."""

_READ = frozenset({1, FORMAT})
"""The formats that this release reads."""

T = TypeVar("T")
Hook = Callable[[Any, Any], Any]

_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_DECODER = json.JSONDecoder()


@cache
def converter() -> Converter:
    """Give the one converter; it is built when it is first needed."""
    made = Converter(forbid_extra_keys=True, omit_if_default=True)
    made.register_unstructure_hook(datetime, lambda moment: moment.astimezone(UTC).isoformat())
    made.register_structure_hook(datetime, _instant)
    made.register_unstructure_hook(date, lambda day: day.isoformat())
    made.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    made.register_unstructure_hook(Decimal, lambda number: format(number, "f"))
    made.register_structure_hook(Decimal, _decimal)
    for cls, accepted in _SCALARS.items():
        made.register_structure_hook(cls, _scalar(accepted))
    made.register_structure_hook_factory(lambda cls: get_args(cls)[1:] == (NoneType,), _optional)
    made.register_structure_hook_factory(lambda cls: get_args(cls)[1:] == (Ellipsis,), _several)
    return made


_SCALARS: Mapping[type, frozenset[type]] = {
    str: frozenset({str}),
    bool: frozenset({bool}),
    int: frozenset({int}),
    float: frozenset({float, int}),
}
"""What JSON may hold for a field of each type: nothing is turned into a text or a number on the way."""


def _scalar(accepted: frozenset[type]) -> Hook:
    def read(value: Any, cls: type) -> Any:
        if type(value) not in accepted:
            raise TypeError(f"{cls.__name__} needed, {type(value).__name__} stored")
        return cls(value)

    return read


def _optional(cls: Any, made: Converter) -> Hook:
    some, _ = get_args(cls)
    read = made.get_structure_hook(some)
    return lambda value, _: None if value is None else read(value, some)


def _several(cls: Any, made: Converter) -> Hook:
    read = list_structure_factory(cls, made)
    return lambda values, _: tuple(read(values, cls))


def _instant(text: str, _: object) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("instant without an offset")
    return moment


def _decimal(text: object, _: object) -> Decimal:
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise ValueError("decimal number needed, as text without an exponent")
    return Decimal(text)


def plain(value: object) -> Any:
    """Turn a value into what JSON knows, for machines to read.

    Fields that are as their class makes them are left out.
    """
    return converter().unstructure(value)


@cache
def _writer(cls: Any) -> Callable[[Any], dict[str, Any]]:
    return converter().get_unstructure_hook(cls)


def dump(value: Any, without: Iterable[str] = ()) -> str:
    """Write a value as JSON text, without those fields that are kept beside it."""
    body = _writer(value.__class__)(value)
    for name in without:
        body.pop(name, None)
    body["format"] = FORMAT
    return _ENCODER.encode(body)


def load(cls: type[T], text: str, beside: Mapping[str, Any] = {}) -> T:
    """Read a value from the JSON text that :func:`dump` wrote, and from what is kept beside it.

    Raises:
        InvalidInput: it is not such a text, or it was written by a newer release.
    """
    body = {**beside, **_checked(cls, text)}
    try:
        return converter().structure(body, cls)
    except BaseValidationError as error:
        problems = [Problem(cls.__name__, message) for message in transform_error(error)]
        raise InvalidInput(problems) from None


def _checked(cls: type[Any], text: str) -> dict[str, Any]:
    try:
        body = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise InvalidInput.at(cls.__name__, "is not stored as JSON") from None
    written_in = body.pop("format", None) if isinstance(body, dict) else None
    if type(written_in) is not int or written_in not in _READ:
        reads = " and ".join(map(str, sorted(_READ)))
        raise InvalidInput.at(cls.__name__, f"is stored in format {written_in!r}; this release reads {reads}")
    checked: dict[str, Any] = body
    return checked
