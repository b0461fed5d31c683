"""Visit records as XML after `schemas/visit.xsd`: elements named as the JSON keys, a list repeats its element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TextIO
from xml.sax.saxutils import escape

from edi.sample.csv_rows import text

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<visits>\n'
TAIL = "</visits>\n"


def write(out: TextIO, records: Iterable[dict[str, Any]]) -> None:
    """One document with a `visit` for each record."""
    out.write(HEAD)
    for record in records:
        out.writelines(element("visit", record, 1))
    out.write(TAIL)


def element(name: str, value: Any, depth: int) -> Iterator[str]:
    """The lines of one element, indented by `depth` steps; null gives none."""
    indent = "  " * depth
    if isinstance(value, dict):
        yield f"{indent}<{name}>\n"
        for key, item in value.items():
            yield from element(key, item, depth + 1)
        yield f"{indent}</{name}>\n"
    elif isinstance(value, list):
        for item in value:
            yield from element(name, item, depth)
    elif value is not None:
        yield f"{indent}<{name}>{escape(text(value))}</{name}>\n"
