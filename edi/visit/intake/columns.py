"""CSV headers to places in the record: dotted paths, or a practice's own headers through a mapping file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from edi.errors import SettingsError
from edi.settings import read_text
from edi.visit.fields import Field, field_paths, visit_fields
from edi.visit.intake.records import BLANKS
from edi.visit.suggestion import nearest_name, printable

Steps = tuple[str | int, ...]

LINE = "procedures"
"""The list of which each row holds one entry."""


class Column(NamedTuple):
    """One column that is read: its number from 0, its header, its place (below the row's procedure when `in_line`), its field."""

    number: int
    header: str
    steps: Steps
    field: Field
    in_line: bool


def read_columns(file: Path) -> Mapping[str, str]:
    """The mapping {"their header": "our.path"} from a TOML or (suffix .json) JSON file; "" leaves a column out.

    Raises SettingsError when the file cannot be read or names a path that the record does not have.
    """
    text = read_text(file).removeprefix("\ufeff")
    try:
        mapping = json.loads(text) if file.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"The columns file is not TOML or JSON in UTF-8: {error}.") from None
    if not isinstance(mapping, dict) or not all(isinstance(path, str) for path in mapping.values()):
        raise SettingsError('The columns file is not a table of headers: "their header" = "our.path".')
    for path in mapping.values():
        fault = path and _fault(path)
        if fault:
            raise SettingsError(f"The columns file names what is no field. {fault}.")
    return {header.strip(BLANKS): path for header, path in mapping.items()}


def bind(headers: Sequence[str], mapping: Mapping[str, str]) -> list[Column] | str:
    """The columns of a header row, or a sentence that says why it cannot be used."""
    if not any(place(mapping.get(header, header)) for header in (raw.strip(BLANKS) for raw in headers)):
        # What stands in its place may be a visit: it is not repeated.
        return (
            "The first row names no field of the visit record. Write a header row above the visits, "
            "or map yours with --columns."
        )
    columns: list[Column] = []
    taken: dict[Steps, str] = {}
    for index, raw in enumerate(headers):
        header = raw.strip(BLANKS)
        path = mapping.get(header, header)
        if not path:
            continue
        found = place(path)
        if found is None:
            return f'{_fault(path)}. Correct the header, or map it with --columns (to "" to leave it out).'
        steps, field = found
        if steps in taken:
            return f'The columns "{printable(taken[steps])}" and "{printable(header)}" are the same field. Take one out.'
        taken[steps] = header
        in_line = steps[0] == LINE
        columns.append(Column(index, header, steps[1:] if in_line else steps, field, in_line))
    if ("visitId",) not in taken:
        return "No column is visitId, which says which rows are one visit. Add it, or map it with --columns."
    return columns


@cache
def place(path: str) -> tuple[Steps, Field] | None:
    """The steps of a dotted path and the field at its end; None when a cell cannot stand there."""
    field = visit_fields()
    steps: list[str | int] = []
    for step in path.split("."):
        if field.item is not None and step.isascii() and step.isdigit():
            if int(step) >= field.schema["maxItems"] or steps == [LINE]:
                return None
            steps.append(int(step))
            field = field.item
            continue
        if steps == [LINE] and field.item is not None:
            field = field.item
        if step not in field.members:
            return None
        steps.append(step)
        field = field.members[step]
    scalars = field.item is not None and not field.item.members
    return (tuple(steps), field) if field.kind not in ("object", "list") or scalars else None


def _fault(path: str) -> str | None:
    if place(path) is not None:
        return None
    plain = ".".join(step for step in path.split(".") if not step.isdigit())
    near = nearest_name(plain, _headers())
    hint = f'; the nearest is "{_headers()[near]}"' if near else ""
    return f'The column "{printable(path)}" is not a field of the visit record{hint}'


@cache
def _headers() -> dict[str, str]:
    """Every header that may stand, lists at their first entry, by the same without numbers."""
    out = {}
    for path in field_paths():
        steps: list[str] = []
        field = visit_fields()
        for step in path:
            if field.item is not None:
                field = field.item
                if steps != [LINE]:
                    steps.append("0")
            steps.append(step)
            field = field.members[step]
        if place(".".join(steps)) is not None:
            out[".".join(path)] = ".".join(steps)
    return out
