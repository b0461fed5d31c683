"""Visit records as CSV: dotted headers, one row per procedure, lists by index (`diagnoses.0`).

Only `procedures` has no index: each procedure is a row, and every row repeats the rest of its visit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

Record = dict[str, Any]


def headers(records: Iterable[Record]) -> list[str]:
    """Every column that the records need, in the order of their first appearance."""
    names: dict[str, None] = {}
    for record in records:
        for row in rows(record):
            names.update(dict.fromkeys(row))
    return list(names)


def rows(record: Record) -> Iterator[dict[str, str]]:
    """One flat row for each procedure of the record."""
    shared = dict(_flat("", {key: value for key, value in record.items() if key != "procedures"}))
    for procedure in record["procedures"]:
        yield shared | dict(_flat("procedures.", procedure))


def write(out: TextIO, columns: list[str], records: Iterable[Record]) -> None:
    """Header and rows, a line feed after each. `columns` must hold every header of the records."""
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerows(rows(record))


def _flat(prefix: str, value: Record) -> Iterator[tuple[str, str]]:
    for key, item in value.items():
        yield from _cells(prefix + key, item)


def _cells(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from _flat(path + ".", value)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _cells(f"{path}.{index}", item)
    elif value is not None:
        yield path, text(value)


def text(value: str | int | float | bool) -> str:
    """A JSON value as a cell: booleans are true and false, numbers as JSON writes them."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
