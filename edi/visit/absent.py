"""Absent fields taken out of a record: null or an empty string in a field means that the field is absent."""

from __future__ import annotations

from typing import Any


def drop_absent(record: Any) -> Any:
    """The record without members that are null or "", at any depth. Entries of lists stay.

    Returns the same object when there is nothing to take out, and never changes the object that it was given.
    """
    if type(record) is dict:
        return _object(record)
    if type(record) is list:
        return _list(record)
    return record


def _object(value: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] | None = None
    for key, member in value.items():
        kind = type(member)
        if kind is str:
            if member:
                continue
            absent = True
        elif kind is dict:
            absent = False
            member = _object(member)
        elif kind is list:
            absent = False
            member = _list(member)
        elif member is None:
            absent = True
        else:
            continue
        if absent or member is not value[key]:
            if out is None:
                out = value.copy()
            if absent:
                del out[key]
            else:
                out[key] = member
    return value if out is None else out


def _list(value: list[Any]) -> list[Any]:
    out: list[Any] | None = None
    for index, entry in enumerate(value):
        kind = type(entry)
        if kind is dict:
            new: Any = _object(entry)
        elif kind is list:
            new = _list(entry)
        else:
            continue
        if new is not entry:
            if out is None:
                out = value.copy()
            out[index] = new
    return value if out is None else out
