"""Bytes to segments: any number of interchanges, any legal delimiters, any size, in flat memory.

Text is decoded as Latin-1, one character a byte, so that lengths and a rewritten file are exact; what is
not an X12 character is the validator's to report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from edi.errors import InputError
from edi.x12.delimiters import Delimiters

CHUNK = 1 << 18
_ISA_ELEMENTS = 16
_ISA_LONGEST = 400  # an ISA is 106 characters; this leaves room for wrong widths, which the guide reports
_BLANK = "\ufeff\r\n\t \x1a"


class Batch(NamedTuple):
    """Some consecutive segments without their terminators. `begins` is true when the first is an ISA."""

    delimiters: Delimiters
    segments: list[str]
    begins: bool


def read_batches(stream: BinaryIO, name: str) -> Iterator[Batch]:
    """The segments of every interchange in `stream`. Raises InputError when it does not begin as X12."""
    text = ""
    delimiters: Delimiters | None = None
    known: Delimiters | None = None
    done = False
    while True:
        chunk = stream.read(CHUNK)
        done = not chunk
        text += chunk.decode("latin-1")
        while True:
            if delimiters is None:
                text = _without_mark(text)
                if not done and len(text) < _ISA_LONGEST:
                    break
                if not text:
                    break
                delimiters = _isa_delimiters(text)
                if delimiters is None:
                    if known is None:
                        raise InputError(_not_x12(name, text))
                    yield Batch(known, _segments(text, known), begins=False)
                    text = ""
                    break
                known = delimiters
                begins = True
            taken, text, ended = _take(text, delimiters, whole=done)
            if taken or begins:
                yield Batch(delimiters, taken, begins)
                begins = False
            if not ended:
                break
            delimiters = None
        if done:
            break
    if known is None:
        raise InputError(f"{name} is empty: an X12 file begins with an ISA segment.")


def _without_mark(text: str) -> str:
    return text.removeprefix("\xef\xbb\xbf").lstrip(_BLANK)


def _isa_delimiters(text: str) -> Delimiters | None:
    if not text.startswith("ISA") or len(text) < _ISA_ELEMENTS:
        return None
    element = text[3]
    if element.isalnum():
        return None
    fields = text[:_ISA_LONGEST].split(element, _ISA_ELEMENTS)
    if len(fields) <= _ISA_ELEMENTS or len(fields[_ISA_ELEMENTS]) < 2:
        return None
    component, terminator = fields[_ISA_ELEMENTS][:2]
    rest = fields[_ISA_ELEMENTS][2:4]
    line_break = "\r\n" if rest == "\r\n" else "\n" if rest[:1] == "\n" else ""
    if terminator == "\r" and rest[:1] == "\n":
        line_break = "\n"
    repetition = fields[11] if len(fields[11]) == 1 and not fields[11].isalnum() else ""
    return Delimiters(element, component, repetition, terminator, line_break)


def _take(text: str, delimiters: Delimiters, *, whole: bool) -> tuple[list[str], str, bool]:
    """Split off the complete segments, up to and with the interchange's IEA; the rest; whether IEA came."""
    terminator = re.escape(delimiters.terminator)
    end = re.compile(
        rf"(?:^|{terminator})\s*IEA(?:{re.escape(delimiters.element)}[^{terminator}]*)?{terminator}"
    )
    found = end.search(text)
    if found:
        return _segments(text[: found.end()], delimiters), text[found.end() :], True
    if whole:
        return _segments(text, delimiters), "", False
    cut = text.rfind(delimiters.terminator) + 1
    return _segments(text[:cut], delimiters), text[cut:], False


def _segments(text: str, delimiters: Delimiters) -> list[str]:
    separator = delimiters.terminator + delimiters.line_break
    if delimiters.line_break and text.count(delimiters.terminator) == text.count(separator):
        segments = text.split(separator)
    else:
        segments = [segment.lstrip("\r\n") for segment in text.split(delimiters.terminator)]
    if not segments[-1].strip(_BLANK):
        segments.pop()
    return segments


def _not_x12(name: str, text: str) -> str:
    if "\x00" in text[:200] and "I\x00S\x00A" in text[:200]:
        return f"{name} is UTF-16 text: save it as plain ASCII or UTF-8, an X12 file begins with the letters ISA."
    return f"{name} is not an X12 file: it does not begin with a whole ISA segment."
