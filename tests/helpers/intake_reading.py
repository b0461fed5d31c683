"""Reading through intake in tests."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from edi.finding import Finding
from edi.visit.intake import RawRecord, Unreadable, read_inputs
from edi.visit.parse import parse
from edi.visit.schema import explain


def read(text: str | bytes, **options: Any) -> list[RawRecord | Unreadable]:
    """What intake makes of text on standard input."""
    data = text.encode() if isinstance(text, str) else text
    return list(read_inputs(["-"], stdin=io.BytesIO(data), **options))


def records(text: str | bytes, **options: Any) -> list[RawRecord]:
    """The same, when all of it is records."""
    taken = read(text, **options)
    assert all(isinstance(one, RawRecord) for one in taken), taken
    return [one for one in taken if isinstance(one, RawRecord)]


def refused(text: str | bytes, **options: Any) -> str:
    """The message when nothing but Unreadable comes of it."""
    (only,) = read(text, **options)
    assert isinstance(only, Unreadable), only
    return only.message


def judged(raw: RawRecord) -> list[Finding]:
    """All findings of a record up to the schema check."""
    if raw.finding is not None:
        return [raw.finding]
    record, finding = parse(raw.data)
    return [finding] if finding is not None else explain(record)


def as_xml(tag: str, value: Any) -> str:
    """A value as XML elements: a list is its element repeated."""
    if isinstance(value, list):
        return "".join(as_xml(tag, entry) for entry in value)
    if isinstance(value, dict):
        return f"<{tag}>\n{''.join(as_xml(name, member) for name, member in value.items())}</{tag}>\n"
    if isinstance(value, bool):
        return f"<{tag}>{str(value).lower()}</{tag}>\n"
    return f"<{tag}/>\n" if value is None else f"<{tag}>{escape(str(value))}</{tag}>\n"


AMOUNTS = {"fee", "amount", "paidAmount", "nonCoveredAmount", "remainingLiability"}


def as_text(value: Any) -> Any:
    """A record as formats without numbers give it back: amounts are text, whole numbers stay."""
    if isinstance(value, dict):
        return {key: str(member) if key in AMOUNTS else as_text(member) for key, member in value.items()}
    return [as_text(entry) for entry in value] if isinstance(value, list) else value


def write(folder: Path, **files: str) -> Path:
    """Files in a folder; two underscores stand for the point of a suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder
