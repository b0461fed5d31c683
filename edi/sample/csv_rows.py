"""Visit records as CSV: dotted headers, one row for each procedure, lists by index (`diagnoses.0`)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

Record = dict[str, Any]


def headers(records: Iterable[Record]) -> list[str]:
    """Every column that the records need, in the order of their first appearance."""
    return list(dict.fromkeys(name for record in records for row in rows(record) for name in row))


def rows(record: Record) -> Iterator[dict[str, str]]:
    """One flat row for each procedure of the record; each repeats the rest of the visit."""
    shared = dict(_cells("", {key: value for key, value in record.items() if key != "procedures"}))
    for procedure in record["procedures"]:
        yield shared | dict(_cells("procedures", procedure))


def write(out: TextIO, columns: list[str], records: Iterable[Record]) -> None:
    """Header and rows, a line feed after each. `columns` must hold every header of the records."""
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerows(rows(record))


def _cells(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _cells(f"{path}.{key}" if path else str(key), item)
    elif value is not None:
        yield path, text(value)


def text(value: str | int | float | bool) -> str:
    """A JSON value as a cell: booleans are true and false, numbers as JSON writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)
