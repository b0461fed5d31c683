"""What intake yields, and what its readers share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from edi.finding import Category, Finding, Source, pointer
from edi.visit.schema import usable_id

LARGEST_RECORD = 32 * 1024 * 1024
"""No record's text may be longer, in bytes: a visit is some kilobytes, and memory stays flat."""

BLANKS = " \t\r\n"
"""What JSON, XML and CSV alike regard as white space around a value."""


class RawRecord(NamedTuple):
    """One record's JSON text, UTF-8, not yet parsed.

    `base` is the folder that its attachments' files are relative to. `finding` is set when the record could not
    be taken apart; `data` then holds what was read, as a JSON object or string, so that nothing is lost.
    """

    source: Source
    data: bytes
    base: str
    finding: Finding | None = None


class Unreadable(NamedTuple):
    """An input, or the rest of one, that cannot be read at all; the run goes on with the others."""

    file: str
    message: str


class Input(NamedTuple):
    """One open input: its name as the user gave it, its folder, and its bytes in chunks."""

    file: str
    base: str
    chunks: Iterator[bytes]

    def record(self, data: bytes, line: int | None, finding: Finding | None = None) -> RawRecord:
        return RawRecord(Source(self.file, line), data, self.base, finding)

    def unreadable(self, message: str) -> Unreadable:
        return Unreadable(self.file, message)


def refusal(
    rule: str,
    message: str,
    fix: str,
    record: Any = None,
    path: tuple[str | int, ...] = (),
    category: Category = "schema",
) -> Finding:
    """The finding for a record that could not be taken apart."""
    return Finding(
        rule=rule,
        category=category,
        severity="error",
        message=message,
        fix=fix,
        visit_id=usable_id(record),
        path=pointer(*path),
    )


def as_json(value: Any) -> bytes:
    """JSON text of what was read; bytes that were not UTF-8 (surrogate escapes) become replacement characters."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return orjson.dumps(_printable(value))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(value, dict):
        return {_printable(key): _printable(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_printable(entry) for entry in value]
    return value
