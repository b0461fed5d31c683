"""The fields of the visit record as a tree, read from visit.schema.json: names, kinds, and what is required.

Intake from CSV and XML takes the types from here, and explanations take the names: no other table of fields exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from edi.visit.schema import EDITORS_KEY, visit_schema

Kind = Literal["object", "list", "text", "integer", "boolean"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the record, at one place. `schema` is its part of visit.schema.json with references resolved.

    `path` are the keys that lead to it, without the numbers of list entries. `name` is where the schema states it:
    "subscriber.memberId", or "address.city" for a field of the definition called address. `members` are the fields of an
    object, `item` the entries of a list. `definition` is the definition that it refers to, "" without one. An amount is text
    here: text keeps the decimal places that the amount was written with.
    """

    path: tuple[str, ...]
    name: str
    definition: str
    kind: Kind
    schema: Mapping[str, Any]
    members: Mapping[str, Field]
    item: Field | None
    required: frozenset[str]
    optional: bool

    @property
    def may_be_alone(self) -> bool:
        """Whether one entry of the list may stand without the list."""
        return self.item is not None and self.schema.get("maxLength", 0) > 0

    def below(self) -> Iterator[Field]:
        """This field and every field below it. The entries of a list stand for the list itself where they are objects."""
        yield self
        for member in (self.item or self).members.values():
            yield from member.below()


@cache
def visit_fields() -> Field:
    """The whole record as one field, with all others below it."""
    return _field(visit_schema(), (), "")


def field_at(*path: str) -> Field:
    """The field that the keys of `path` lead to; of a list of objects the object."""
    field = visit_fields()
    for key in path:
        field = field.members[key].item or field.members[key]
    return field


def resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of the schema together with what its $ref refers to. Its own keywords win; what it says of single properties
    is added to what the definition says of them."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    definition = visit_schema()["$defs"][_definition(schema)]
    merged = {**definition, **schema}
    if "properties" in definition and "properties" in schema:
        own = schema["properties"]
        merged["properties"] = {
            name: {**member, **own.get(name, {})} for name, member in definition["properties"].items()
        }
        merged["required"] = [*definition.get("required", ()), *schema.get("required", ())]
    return merged


def _definition(schema: Mapping[str, Any]) -> str:
    """The name of the definition that a part of the schema refers to, "" where it refers to none."""
    name: str = schema.get("$ref", "").rpartition("/")[2]
    return name


def _field(unresolved: Mapping[str, Any], path: tuple[str, ...], name: str) -> Field:
    schema = resolve(unresolved)
    types = schema.get("type", "string")
    kind: Kind = next((kind for each, kind in _KINDS if each in types), "text")
    definition = _definition(unresolved)
    around = definition or name
    return Field(
        path=path,
        name=name,
        definition=definition,
        kind=kind,
        schema=schema,
        members={
            key: _field(member, (*path, key), f"{around}.{key}" if around else key)
            for key, member in schema.get("properties", {}).items()
            if key != EDITORS_KEY
        },
        item=_field(schema["items"], path, name) if "items" in schema else None,
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
    """The path of each field: ("procedures", "fee")."""
    return tuple(field.path for field in visit_fields().below() if field.path)
