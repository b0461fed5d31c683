"""CSV: one row per procedure, rows of one visit grouped by visitId wherever they stand.

The rows wait in a temporary database on disk until the last is read, so memory stays flat.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby

import orjson

from edi.finding import Finding
from edi.visit.intake.columns import Column, bind
from edi.visit.intake.records import BLANKS, LARGEST_RECORD, Input, RawRecord, Unreadable, as_json, refusal
from edi.visit.intake.rows import assemble
from edi.visit.suggestion import printable

_DELIMITERS = ",;\t|"
_QUOTED = re.compile('"[^"]*"')
_SEP = re.compile("sep=([,;\t|])[\r\n]*", re.IGNORECASE)
_LINE_END = re.compile(rb"\r\n?|\n")
_SHORTENED = re.compile("-?[0-9](?:[.,][0-9]+)?E[+][0-9]{2,3}")
_KEPT = 100_000


def read_csv(source: Input, mapping: Mapping[str, str]) -> Iterator[RawRecord | Unreadable]:
    """One record from all rows with one visitId, in the order of each visit's first row."""
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_RECORD))
    lines = _Lines(source.chunks)
    header = lines.header()
    told = _SEP.fullmatch(header)  # Excel's own first line
    if told:
        header = lines.header()
    if not header.strip(BLANKS):
        yield source.unreadable("There is no header row.")
        return
    delimiter = told[1] if told else max(_DELIMITERS, key=_QUOTED.sub("", header).count)
    try:
        headers = next(csv.reader([header], delimiter=delimiter, strict=True))
    except csv.Error as error:
        yield source.unreadable(f"The header row cannot be read: {error}.")
        return
    columns = bind(headers, mapping)
    if isinstance(columns, str):
        yield source.unreadable(columns)
        return
    with closing(sqlite3.connect("")) as database:
        database.execute(
            "CREATE TABLE rows (id INTEGER PRIMARY KEY, visit TEXT, line INTEGER, cells BLOB, fault BLOB)"
        )
        yield from _store(source, database, lines, _Table(headers, columns), delimiter)
        yield from _visits(source, database, columns, len(headers))


class _Lines:
    """The text's lines with their ends, and those that the row being read has taken so far."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._lines = _decoded(chunks)
        self._fresh = True
        self.number = 0
        self.pending: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += self._fresh
        self._fresh = line.endswith("\n")
        self.pending.append(line)
        return line

    def header(self) -> str:
        """The first line that is not blank."""
        return next((line for line in self if line.strip(BLANKS)), "")


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    """Lines as text; bytes that are not UTF-8 stay recognizable (surrogate escapes) and spoil only their row. A line
    longer than any record comes in pieces."""
    begun: list[bytes] = []
    length = 0
    encoding = "utf-8-sig"
    end = b""
    for chunk in chunks:
        # Rows end as the first one does; some spreadsheets write a carriage return alone.
        end = end or _row_end(chunk)
        *lines, rest = chunk.split(end)
        for line in lines:
            yield b"".join((*begun, line)).decode(encoding, "surrogateescape") + "\n"
            begun, length, encoding = [], 0, "utf-8"
        begun.append(rest)
        length += len(rest)
        if length > LARGEST_RECORD:
            yield b"".join(begun).decode(encoding, "surrogateescape")
            begun, length, encoding = [], 0, "utf-8"
    if length:
        yield b"".join(begun).decode(encoding, "surrogateescape")


def _row_end(head: bytes) -> bytes:
    first = _LINE_END.search(head)
    return b"\r" if first and first[0] == b"\r" else b"\n"


class _Table:
    """What the header row says, and how one row is judged by it."""

    def __init__(self, headers: Sequence[str], columns: Sequence[Column]) -> None:
        self.headers = headers
        self._columns = columns
        self._id = next(column.number for column in columns if column.steps == ("visitId",))
        self._nameless = {index for index, header in enumerate(headers) if not header.strip(BLANKS)}

    def named(self, cells: Sequence[str]) -> dict[str, str]:
        """A row that belongs to no visit, as an object."""
        more = (f"column {index + 1}" for index in range(len(self.headers), len(cells)))
        return {name: cell for name, cell in zip([*self.headers, *more], cells, strict=False) if cell}

    def fault(self, cells: Sequence[str]) -> Finding | None:
        """Why the row cannot be used."""
        for index, cell in enumerate(cells):
            if index >= len(self.headers) or index in self._nameless:
                if cell.strip(BLANKS):
                    return refusal(
                        "SCH-CSV-WIDTH",
                        f"Cell {index + 1} of the row stands under no header.",
                        "Name the column, or take the cell out; look for a delimiter inside a value without quotes.",
                    )
            elif not _is_utf8(cell):
                return refusal(
                    "FMT-UTF8",
                    f'The cell under "{printable(self.headers[index])}" is not UTF-8.',
                    "Save the file as UTF-8 (in Excel: CSV UTF-8).",
                    category="format",
                )
        if not self.id(cells):
            return refusal(
                "SCH-REQUIRED",
                "The row has no visitId, so it belongs to no visit.",
                "Write the visitId of its visit into each row.",
                path=("visitId",),
            )
        return None

    def shortened(self, cells: Sequence[str]) -> Finding | None:
        """The first cell that is read and holds a number without its last digits."""
        for column in self._columns:
            if column.number < len(cells) and _SHORTENED.fullmatch(cells[column.number].strip(BLANKS)):
                return refusal(
                    "SCH-CSV-NUMBER",
                    f'The cell under "{printable(column.header)}" is a number that a spreadsheet has shortened (E+): its '
                    "digits are lost.",
                    "Make the column text in the spreadsheet, write the whole number, and save the file anew.",
                    path=() if column.in_line else column.steps,
                )
        return None

    def id(self, cells: Sequence[str]) -> str:
        """The row's visitId; empty when it has none that can be read."""
        cell = cells[self._id].strip(BLANKS) if self._id < len(cells) else ""
        return cell if _is_utf8(cell) else ""

    def ids(self, lines: Sequence[str], delimiter: str) -> set[str]:
        """The visitIds in torn text, each line read for itself."""
        cells = (line.rstrip("\r\n").split(delimiter, self._id + 1) for line in lines)
        return {self.id(each) for each in cells} - {""}


def _is_utf8(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= char <= "\udfff" for char in cell)


def _store(
    source: Input, database: sqlite3.Connection, lines: _Lines, table: _Table, delimiter: str
) -> Iterator[RawRecord]:
    """Puts the rows of visits into the database; yields the rows that belong to none."""
    insert = "INSERT INTO rows (visit, line, cells, fault) VALUES (?, ?, ?, ?)"
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.pending.clear()
        first = lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield _torn(source, lines, first, error)
            # The torn text may hold rows of other visits: those must not pass without them.
            for visit_id in table.ids(lines.pending, delimiter):
                database.execute(insert, (visit_id, first, None, _MISSING_ROW))
            continue
        if cells is None:
            return
        if not any(cell.strip(BLANKS) for cell in cells):
            continue
        finding = table.fault(cells)
        visit_id = table.id(cells)
        if visit_id:
            data = as_json(cells)
            if finding is None and b"E+" in data:
                finding = table.shortened(cells)
            fault = orjson.dumps(finding.as_json()) if finding else None
            database.execute(insert, (visit_id, first, data, fault))
        else:
            yield source.record(as_json(table.named(cells)), first, finding)


def _torn(source: Input, lines: _Lines, first: int, error: csv.Error) -> RawRecord:
    """A row that csv refused, as text."""
    text = "".join(lines.pending)
    finding = refusal(
        "FMT-CSV",
        f"The row is not CSV: {error}.",
        "Close the quotes of each cell, and write a quote inside a cell twice.",
        category="format",
    )
    return source.record(as_json(text[:_KEPT]), first, finding)


_MISSING_ROW = orjson.dumps(
    refusal(
        "FMT-CSV",
        "A row of this visit could not be read.",
        "Correct that row in the file and convert the file again.",
        category="format",
    ).as_json()
)


def _too_many(visit_id: str, count: int) -> Finding:
    return refusal(
        "FMT-SIZE",
        f"{count} rows have this visitId, more than {LARGEST_RECORD // 1024 // 1024} MB of them; only the first were kept.",
        "Look whether the column of visitId names one visit, and not the practice or the patient.",
        {"visitId": visit_id},
        ("visitId",),
        category="format",
    )


def _visits(
    source: Input, database: sqlite3.Connection, columns: Sequence[Column], width: int
) -> Iterator[RawRecord]:
    rows = database.execute(
        "SELECT visit, line, cells, fault, MIN(id) OVER (PARTITION BY visit) AS first FROM rows ORDER BY first, id"
    )
    for visit_id, group in groupby(rows, key=lambda row: row[0]):
        taken: list[tuple[int, list[str]]] = []
        faults: list[Finding] = []
        count = size = 0
        for _, line, cells, fault, _ in group:
            if cells is not None:
                count += 1
                size += len(cells)
                if size <= LARGEST_RECORD or not taken:
                    taken.append((line, orjson.loads(cells)))
            if fault is not None and not faults:
                faults.append(Finding(**{**orjson.loads(fault), "visit_id": visit_id}))
        if not taken:
            continue
        if count > len(taken):
            faults = [_too_many(visit_id, count)]
        record, finding = assemble(columns, taken, width)
        yield source.record(as_json(record), taken[0][0], faults[0] if faults else finding)
