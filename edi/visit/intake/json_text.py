"""JSON: an object, an array of them, or objects in a row; NDJSON: one a line; our own rejects in either.

Text is cut into records here and parsed later (`edi.visit.parse`), so that a bad record is a finding of its own
and the others go on. Both readers hold one record and one chunk at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import orjson

from edi.finding import Source
from edi.visit.intake.records import LARGEST_RECORD, Input, RawRecord, Unreadable, as_json, refusal

_BOM = b"\xef\xbb\xbf"
_KEPT = 1000
# Up to the next bracket outside of strings, and in the outermost array to the next comma too. Possessive, so that
# text without one is given up at once: the end is then in the next chunk.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_INNER = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+([\[\]{}])", re.DOTALL)
_OUTER = re.compile(rb'(?:[^"\[\]{},]++|' + _STRING + rb")*+([\[\]{},])", re.DOTALL)


def read_ndjson(source: Input) -> Iterator[RawRecord | Unreadable]:
    """One record from each line that is not blank."""
    number = 0
    rest = b""
    too_long = False
    for chunk in source.chunks:
        if number == 0 and not rest:
            chunk = chunk.removeprefix(_BOM)
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        for line in lines:
            number += 1
            if too_long:
                too_long = False
                continue
            line = line.strip()
            if line:
                yield _record(source, line, number)
        if len(rest) > LARGEST_RECORD:
            if not too_long:
                yield _too_long(source, rest, number + 1)
            too_long = True
            rest = b" "
    rest = rest.strip()
    if rest and not too_long:
        yield _record(source, rest, number + 1)


def read_json(source: Input) -> Iterator[RawRecord | Unreadable]:
    """Each entry of an array, or each value of a text that is no array."""
    splitter = _Splitter()
    for chunk in source.chunks:
        for data, line in splitter.feed(chunk):
            yield _record(source, data, line)
        if len(splitter.buffer) > LARGEST_RECORD:
            yield _too_long(source, splitter.buffer, splitter.line)
            yield source.unreadable(
                f"The text after line {splitter.line} was left out: no record ends in it."
            )
            return
    rest = splitter.buffer.strip()
    if splitter.closed:
        if rest:
            yield source.unreadable("Text follows the end of the array, and was left out. Take it out.")
    elif splitter.array is None or (not splitter.array and not splitter.found and rest[:1] != b"{"):
        yield source.unreadable("It is not JSON: it begins with neither { nor [.")
    elif rest:
        blank = len(splitter.buffer) - len(splitter.buffer.lstrip())
        yield _record(source, rest, splitter.line + splitter.buffer.count(b"\n", 0, blank))
    elif splitter.array:
        yield source.unreadable("The array does not end; was the file cut off? The records in it were taken.")


class _Splitter:
    """Cuts JSON text at the commas of its outermost array, or after each outermost value.

    Only strings and brackets are looked at, so that an entry that is not JSON is cut out like any other.
    """

    def __init__(self) -> None:
        self.buffer = b""  # what is not yet cut off
        self.line = 1  # where the buffer begins
        self.array: bool | None = None
        self.closed = False
        self.found = False
        self._depth = 0
        self._position = 0

    def feed(self, chunk: bytes) -> Iterator[tuple[bytes, int]]:
        """The records that end in this chunk, each with its first line."""
        self.buffer += chunk
        if self.array is None and not self._begin():
            return
        start = 0
        while not self.closed:
            found = (_INNER if self._depth else _OUTER).match(self.buffer, self._position)
            if found is None:
                break
            self._position = found.end()
            end = self._end(found[1], found.end())
            if end is None:
                continue
            if found[1] == b"," or self.buffer[start:end].strip():
                yield self._cut(start, end)
            self.line += self.buffer.count(b"\n", start, self._position)
            start = self._position
        self.buffer = self.buffer[start:]
        self._position -= start

    def _begin(self) -> bool:
        text = self.buffer.removeprefix(_BOM).lstrip()
        if not text:
            return False
        self.array = text.startswith(b"[")
        skipped = len(self.buffer) - len(text) + (1 if self.array else 0)
        self.line += self.buffer.count(b"\n", 0, skipped)
        self.buffer = self.buffer[skipped:]
        return True

    def _end(self, char: bytes, end: int) -> int | None:
        """Where the record ends, when this bracket or comma, which ends at `end`, ends one."""
        if char in b"[{":
            self._depth += 1
        elif char in b"]}" and self._depth:
            self._depth -= 1
            if self._depth == 0 and not self.array:
                return end
        elif self.array and self._depth == 0 and char in b",]":
            self.closed = char == b"]"
            return end - 1
        return None

    def _cut(self, start: int, end: int) -> tuple[bytes, int]:
        self.found = True
        text = self.buffer[start:end]
        blank = len(text) - len(text.lstrip())
        return text.strip(), self.line + text.count(b"\n", 0, blank)


def _record(source: Input, data: bytes, line: int) -> RawRecord:
    data = data.removeprefix(_BOM)  # files written one behind the other bring one along in the middle
    if data.rfind(b'"record"') >= 0 and data.rfind(b'"findings"') >= 0:
        return _unwrapped(source, data, line)
    return source.record(data, line)


def _unwrapped(source: Input, data: bytes, line: int) -> RawRecord:
    """The record inside one of our rejects, with the place it first came from; anything else as it is."""
    try:
        reject = orjson.loads(data)
    except orjson.JSONDecodeError:
        return source.record(data, line)
    if not isinstance(reject, dict) or not {"record", "findings"} <= reject.keys():
        return source.record(data, line)
    record = reject["record"]
    inner = record.encode() if isinstance(record, str) else orjson.dumps(record)
    origin = reject.get("source")
    if not isinstance(origin, dict) or not isinstance(origin.get("file"), str):
        return source.record(inner, line)
    file, first = origin["file"], origin.get("line")
    # Attachments are still where the first file was: later rejects must know that too.
    return RawRecord(Source(file, first if isinstance(first, int) else None), inner, folder_of(file), None)


def folder_of(file: str) -> str:
    """The folder that an input's attachments are relative to; the working directory for standard input."""
    return str(Path(file).parent)


def _too_long(source: Input, data: bytes, line: int) -> RawRecord:
    finding = refusal(
        "FMT-SIZE",
        f"The record is longer than {LARGEST_RECORD // 1024 // 1024} MB; only its beginning was kept.",
        "Send one visit a record, and files as attachments.",
        category="format",
    )
    return source.record(as_json(data[:_KEPT].decode("utf-8", "replace")), line, finding)
