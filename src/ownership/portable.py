"""Bundles as text that travels: written, read back with every doubt refused, and described by a published JSON schema.

The digest tells whether a text is as it was written. It is no signature: whoever changes a bundle on purpose can work
out a new one. It keeps accidents and thoughtless edits out, and nobody but herself brings a bundle in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from importlib.resources import files
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Factory, fields, has
from cattrs import BaseValidationError, transform_error

from ownership.codec import converter
from ownership.domain.bundle import Bundle
from ownership.errors import InvalidInput, Problem

KIND = "ownership-bundle"
"""What the text of a bundle says that it is."""

VERSION = 1
"""The version of the format in which bundles are written; a newer one is not read."""

MOST_CHARACTERS = 64_000_000
"""The longest text that is read."""

SCHEMA_FILE = "bundle.schema.json"
SCHEMA_ADDRESS = "urn:ownership:bundle:1"

_HEAD = ("kind", "version", "digest")


def bundle_text(bundle: Bundle) -> str:
    """Write a bundle as JSON, with its format and its digest. Fields that are as the schema's default are left out."""
    body = converter().unstructure(bundle)
    head = {"kind": KIND, "version": VERSION, "digest": _digest(body)}
    return json.dumps(head | body, ensure_ascii=False, indent=1) + "\n"


def digest_of(bundle: Bundle) -> str:
    """Give the digest of a bundle, as its text has it."""
    return _digest(converter().unstructure(bundle))


def _digest(body: Any) -> str:
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def read_bundle(text: str | bytes) -> Bundle:
    """Read a bundle from its text.

    Raises:
        InvalidInput: it is too large, no bundle, of a newer version, changed since it was written, or has a field or a
            collection that does not exist here. Nothing of what somebody wrote is in the error.
    """
    document = _document(text)
    if document.get("kind") != KIND:
        raise InvalidInput.at("bundle.kind", f"is not {KIND!r}; give the JSON file of an export")
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise InvalidInput.at("bundle.version", "is no version of this format")
    if version > VERSION:
        raise InvalidInput.at(
            "bundle.version", f"is {version}, and this release reads up to {VERSION}; bring it in with a newer release"
        )
    body = {name: part for name, part in document.items() if name not in _HEAD}
    if document.get("digest") != _digest(body):
        raise InvalidInput.at(
            "bundle.digest", "does not fit: the bundle was changed after it was made; export it again"
        )
    return _structured(body)


def _document(text: object) -> dict[str, Any]:
    if not isinstance(text, str | bytes):
        raise InvalidInput.at("bundle", "is no text; give the JSON file of an export")
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput.at("bundle", f"is larger than {MOST_CHARACTERS // 1_000_000} MB; no person's bundle is")
    try:
        read = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InvalidInput.at("bundle", "is not JSON in UTF-8; give the file as it was exported") from None
    if not isinstance(read, dict):
        raise InvalidInput.at("bundle", "is no bundle; give the JSON file of an export")
    return read


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name twice")
    return read


def _refuse_constant(_: str) -> Any:
    raise ValueError("not a number")


def _structured(body: dict[str, Any]) -> Bundle:
    try:
        return converter().structure(body, Bundle)
    except BaseValidationError as error:
        raise InvalidInput([_problem(message) for message in transform_error(error)]) from None
    except InvalidInput:
        raise
    except (TypeError, ValueError, AttributeError):
        raise InvalidInput.at("bundle", "has a part of another shape than the schema says") from None


def _problem(message: str) -> Problem:
    what, _, place = message.rpartition(" @ ")
    return Problem(f"bundle{place.removeprefix('$')}", what)


# The schema


def schema() -> dict[str, Any]:
    """Make the JSON schema (draft 2020-12) of the text of a bundle, from the types themselves."""
    parts: dict[str, Any] = {}
    whole = _object_of(Bundle, parts)
    whole["properties"] = {
        "kind": {"const": KIND},
        "version": {"const": VERSION},
        "digest": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    } | whole["properties"]
    whole["required"] = [*_HEAD, *whole["required"]]
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ADDRESS,
        "title": "What somebody takes along from ownership",
    }
    return head | whole | {"$defs": dict(sorted(parts.items()))}


def published_schema() -> str:
    """Give the schema as the package ships it."""
    return files("ownership").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")


def _object_of(cls: type[Any], parts: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    properties: dict[str, Any] = {}
    for attribute in fields(cls):
        described = _described(hints[attribute.name], parts)
        has_default = attribute.default is not NOTHING
        properties[attribute.name] = described | (_default(attribute.default) if has_default else {})
    required = [attribute.name for attribute in fields(cls) if attribute.default is NOTHING]
    return {
        "description": (getdoc(cls) or "").partition("\n")[0],
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _default(default: Any) -> dict[str, Any]:
    value = default.factory() if isinstance(default, Factory) else default  # type: ignore[arg-type]
    return {"default": converter().unstructure(value)}


def _described(hint: Any, parts: dict[str, Any]) -> dict[str, Any]:
    hint = getattr(hint, "__supertype__", hint)  # a NewType is what it is made of
    if isinstance(hint, type) and has(hint):
        if hint.__name__ not in parts:
            parts[hint.__name__] = {}  # so that a class that holds itself ends
            parts[hint.__name__] = _object_of(hint, parts)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [str(member) for member in hint]}
    return _scalar_or_several(hint, parts)


_SCALARS: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$"},
}


def _scalar_or_several(hint: Any, parts: dict[str, Any]) -> dict[str, Any]:
    if hint in _SCALARS:
        return dict(_SCALARS[hint])
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return {"anyOf": [_described(each, parts) for each in inner]}
    if origin in (tuple, frozenset):
        return {"type": "array", "items": _described(inner[0], parts)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {
            "type": "object",
            "propertyNames": _described(inner[0], parts),
            "additionalProperties": _described(inner[1], parts),
        }
    raise TypeError(f"no schema for {hint}")


if __name__ == "__main__":
    print(json.dumps(schema(), ensure_ascii=False, indent=1))
