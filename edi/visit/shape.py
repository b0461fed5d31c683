"""The record's fields as a tree, read from visit.schema.json once: names, kinds and what is required.

Intake from CSV and XML takes its types from here, and explanations their names, so that no second table of
fields exists.
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
class Shape:
    """One place in the record. `node` is its schema with references resolved.

    `members` are the keys of an object, `item` the entries of a list. An amount is text here: as text it keeps
    the places that it was written with.
    """

    kind: Kind
    node: Mapping[str, Any]
    members: Mapping[str, Shape]
    item: Shape | None
    required: frozenset[str]
    optional: bool


@cache
def visit_schema() -> Mapping[str, Any]:
    """visit.schema.json as parsed."""
    schema: Mapping[str, Any] = json.loads(schema_text("visit"))
    return schema


@cache
def visit_shape() -> Shape:
    """The shape of a whole record."""
    return _shape(visit_schema())


def resolve(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node, with what it refers to under its own keywords."""
    reference = node.get("$ref")
    if reference is None:
        return node
    return {**visit_schema()["$defs"][reference.rpartition("/")[2]], **node}


def _shape(raw: Mapping[str, Any]) -> Shape:
    node = resolve(raw)
    types = node.get("type", "string")
    kind: Kind = next((kind for name, kind in _KINDS if name in types), "text")
    return Shape(
        kind=kind,
        node=node,
        members={name: _shape(member) for name, member in node.get("properties", {}).items()},
        item=_shape(node["items"]) if "items" in node else None,
        required=frozenset(node.get("required", ())),
        optional="null" in types or None in node.get("enum", ()),
    )


_KINDS: tuple[tuple[str, Kind], ...] = (
    ("object", "object"),
    ("array", "list"),
    ("integer", "integer"),
    ("boolean", "boolean"),
)


@cache
def known_paths() -> tuple[tuple[str, ...], ...]:
    """The names on the way to each field, lists passed through: ("procedures", "fee")."""
    return tuple(_paths(visit_shape(), ()))


def _paths(shape: Shape, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if shape.item is not None:
        yield from _paths(shape.item, path)
    for name, member in shape.members.items():
        yield (*path, name)
        yield from _paths(member, (*path, name))
