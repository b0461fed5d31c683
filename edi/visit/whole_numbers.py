"""Whole numbers of a record that are written with a point: JSON Schema takes 1.0 for a whole number."""

from __future__ import annotations

from functools import cache
from typing import Any

from edi.visit.fields import Field, visit_fields

_Keys = tuple[tuple[str, "_Keys | None"], ...]
"""The keys of an object that lead to whole numbers: to one or a list of them (None), or to objects that have some."""


def make_whole(record: dict[str, Any]) -> bool:
    """Make such numbers whole, in the fields that the schema wants whole. True when there was a number with a point."""
    return _make_whole(record, _keys())


@cache
def _keys() -> _Keys:
    return _keys_of(visit_fields())


def _keys_of(field: Field) -> _Keys:
    keys: list[tuple[str, _Keys | None]] = []
    for key, member in field.members.items():
        entry = member.item or member
        if entry.kind == "integer":
            keys.append((key, None))
        elif below := _keys_of(entry):
            keys.append((key, below))
    return tuple(keys)


def _make_whole(value: dict[str, Any], keys: _Keys) -> bool:
    found = False
    for key, below in keys:
        member: Any = value.get(key)
        kind = type(member)
        if kind is float and below is None:
            value[key] = _whole(member)
            found = True
        elif kind is list and below is None:
            if float in map(type, member):
                value[key] = [_whole(entry) for entry in member]
                found = True
        elif kind is list and below:
            for entry in member:
                if type(entry) is dict:
                    found |= _make_whole(entry, below)
        elif kind is dict and below:
            found |= _make_whole(member, below)
    return found


def _whole(value: Any) -> Any:
    return int(value) if type(value) is float and value.is_integer() else value
