"""The rows of one visit to one record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edi.finding import Finding
from edi.visit.fields import Field, visit_fields
from edi.visit.intake.columns import LINE, Column, Steps
from edi.visit.intake.records import BLANKS, refusal
from edi.visit.intake.typed import typed
from edi.visit.suggestion import printable

Row = tuple[int, list[str]]
_MOST_NAMED = 3


def assemble(
    columns: Sequence[Column], rows: Sequence[Row], width: int
) -> tuple[dict[str, Any], Finding | None]:
    """The record of rows (line number, cells) that share a visitId, and the finding when they contradict.

    Fields of the visit may be repeated or left empty in later rows. Where they contradict, the record holds the
    list of what was said, so that it stays refused until somebody chose; so does a cell beyond the header row,
    which has `width` cells.
    """
    tree: dict[Any, Any] = {}
    procedures: list[dict[Any, Any]] = [{} for _ in rows]
    conflicts: list[tuple[Column, list[int]]] = []
    for column in columns:
        said: dict[str, int] = {}
        for (line, cells), procedure in zip(rows, procedures, strict=True):
            cell = cells[column.number].strip(BLANKS) if column.number < len(cells) else ""
            if cell and column.in_line:
                _plant(procedure, column.steps, _value(cell, column.field))
            elif cell:
                said.setdefault(cell, line)
        if said:
            values = [_value(cell, column.field) for cell in said]
            _plant(tree, column.steps, values[0] if len(values) == 1 else values)
        if len(said) > 1:
            conflicts.append((column, list(said.values())))
    record: dict[str, Any] = _grown(tree, visit_fields())
    for _, cells in rows:
        for number in range(width, len(cells)):
            if cells[number].strip(BLANKS):
                record[f"column {number + 1}"] = cells[number]
    filled = [_grown(procedure, _LINE_FIELD) for procedure in procedures if procedure]
    if filled:
        record[LINE] = filled
    return record, _conflict(conflicts, record) if conflicts else None


def _line_field() -> Field:
    field = visit_fields().members[LINE].item
    assert field is not None, "the schema has a list there"
    return field


_LINE_FIELD = _line_field()


def _value(cell: str, field: Field) -> Any:
    if field.item is None:
        return typed(cell, field)
    entries = [typed(part, field.item) for part in cell.split("|")]
    return entries[0] if field.may_be_alone and len(entries) == 1 else entries


def _plant(tree: dict[Any, Any], steps: Steps, value: Any) -> None:
    """Puts a value into nested dictionaries; entries of lists are keyed by number until all are known."""
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = value


def _grown(tree: Any, field: Field) -> Any:
    """The tree with lists made of numbered entries. A missing entry of texts stays as an empty one, because
    diagnosisPointers count them; missing objects close up."""
    if not isinstance(tree, dict):
        return tree
    if field.item is None:
        return {key: _grown(member, field.members[key]) for key, member in tree.items()}
    if field.item.members:
        return [_grown(tree[index], field.item) for index in sorted(tree)]
    return [tree.get(index, "") for index in range(max(tree) + 1)]


def _named(lines: Sequence[int]) -> str:
    named = ", ".join(map(str, lines[:_MOST_NAMED]))
    return f"{named} and {len(lines) - _MOST_NAMED} more" if len(lines) > _MOST_NAMED else named


def _conflict(conflicts: Sequence[tuple[Column, list[int]]], record: dict[str, Any]) -> Finding:
    parts = [
        f'"{printable(column.header)}" (lines {_named(lines)})' for column, lines in conflicts[:_MOST_NAMED]
    ]
    more = f" and {len(conflicts) - _MOST_NAMED} more columns" if len(conflicts) > _MOST_NAMED else ""
    return refusal(
        "SCH-CSV-CONFLICT",
        f"Rows of this visit contradict each other in {', '.join(parts)}{more}.",
        "Write the same value in each row of the visit, or leave it empty in all but one.",
        record,
        conflicts[0][0].steps,
    )
