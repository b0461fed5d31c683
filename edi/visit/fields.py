"""The fields of the visit record as a tree, read from visit.schema.json: names, kinds, and what is required.

Intake from CSV and XML takes the types from here, and explanations take the names: no other table of fields exists.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from edi.visit.schema import schema_text

Kind = Literal["object", "list", "text", "integer", "boolean"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the record. `schema` is its part of visit.schema.json with references resolved.

    `members` are the fields of an object, `item` the entries of a list. An amount is text here: text keeps the
    decimal places that the amount was written with.
    """

    kind: Kind
    schema: Mapping[str, Any]
    members: Mapping[str, Field]
    item: Field | None
    required: frozenset[str]
    optional: bool


@cache
def visit_schema() -> Mapping[str, Any]:
    """visit.schema.json, parsed."""
    schema: Mapping[str, Any] = json.loads(schema_text("visit"))
    return schema


@cache
def visit_fields() -> Field:
    """The whole record as one field, with all others below it."""
    return _field(visit_schema())


def resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of the schema together with what its $ref refers to. Its own keywords win."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return {**visit_schema()["$defs"][reference.rpartition("/")[2]], **schema}


def _field(unresolved: Mapping[str, Any]) -> Field:
    schema = resolve(unresolved)
    types = schema.get("type", "string")
    kind: Kind = next((kind for name, kind in _KINDS if name in types), "text")
    return Field(
        kind=kind,
        schema=schema,
        members={name: _field(member) for name, member in schema.get("properties", {}).items()},
        item=_field(schema["items"]) if "items" in schema else None,
        required=frozenset(schema.get("required", ())),
        optional="null" in types or None in schema.get("enum", ()),
    )


_KINDS: tuple[tuple[str, Kind], ...] = (
    ("object", "object"),
    ("array", "list"),
    ("integer", "integer"),
    ("boolean", "boolean"),
)


@cache
def field_paths() -> tuple[tuple[str, ...], ...]:
    """The names that lead to each field, without the numbers of list entries: ("procedures", "fee")."""
    return tuple(_paths(visit_fields(), ()))


def _paths(field: Field, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if field.item is not None:
        yield from _paths(field.item, path)
    for name, member in field.members.items():
        yield (*path, name)
        yield from _paths(member, (*path, name))
