"""Names on the command line to open inputs: folders, standard input, formats told from suffix and content."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from edi.errors import SettingsError
from edi.visit.intake.json_text import folder_of, read_json, read_ndjson
from edi.visit.intake.records import Input, RawRecord, Unreadable

FORMATS: Final = ("auto", "json", "ndjson", "csv", "xml")

_SUFFIXES: Final = {".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv", ".xml": "xml"}
_HEAD = 64 * 1024
_CHUNK = 1024 * 1024
_UTF16 = re.compile(rb"\xff\xfe|\xfe\xff|[^\0]\0|\0[^\0]")
_STARTS: Final = {b"{": "json", b"[": "json", b"<": "xml"}


def read_inputs(
    inputs: Sequence[str],
    *,
    format: str = "auto",  # noqa: A002  (the name of the option)
    columns: Path | None = None,
    stdin: BinaryIO | None = None,
    leave_out: Collection[Path] = (),
) -> Iterator[RawRecord | Unreadable]:
    """The records of all inputs in order; what cannot be read comes as Unreadable and stops nothing.

    An input is a file, a folder (its record files by name, not those of folders in it) or "-", standard input.
    `format` is one of FORMATS, `columns` a TOML or JSON file that maps a CSV's headers to field paths; the files in
    `leave_out`, resolved, are not taken from a folder.
    Raises SettingsError when `format` or `columns` cannot be used.
    """
    if format not in FORMATS:
        raise SettingsError(f"There is no input format of that name; there are {', '.join(FORMATS)}.")
    mapping = _columns(columns)
    for name in inputs:
        for file in _files(name, format, leave_out):
            if isinstance(file, Unreadable):
                yield file
            else:
                yield from _read(file, format, mapping, stdin)


def _columns(columns: Path | None) -> Mapping[str, str]:
    if columns is None:
        return {}
    from edi.visit.intake.columns import read_columns

    return read_columns(columns)


def _files(name: str, format_: str, leave_out: Collection[Path]) -> Iterator[str | Unreadable]:
    path = Path(name)
    # An empty name, as an unset variable of a shell gives it, is not the working folder.
    if name in ("-", "") or not path.is_dir():
        yield name
        return
    wanted = {suffix for suffix, known in _SUFFIXES.items() if format_ in ("auto", known)}
    try:
        files = sorted(
            file.name
            for file in path.iterdir()
            if file.suffix.lower() in wanted and file.is_file() and file.resolve() not in leave_out
        )
    except OSError as error:
        yield Unreadable(shown_name(name), _reason(error))
        return
    if not files:
        yield Unreadable(shown_name(name), f"The folder has no record files ({', '.join(sorted(wanted))}).")
    for file in files:
        yield str(path / file)


def _read(
    name: str, format_: str, mapping: Mapping[str, str], stdin: BinaryIO | None
) -> Iterator[RawRecord | Unreadable]:
    try:
        if name == "-":
            yield from _records("-", stdin or sys.stdin.buffer, format_, mapping)
        else:
            with open(name, "rb") as stream:  # noqa: PTH123  (Path would take "" for the working folder)
                yield from _records(name, stream, format_, mapping)
    except OSError as error:
        yield Unreadable(shown_name(name), _reason(error))


def shown_name(name: str) -> str:
    """A file's name as text: what in it is no UTF-8 is replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no such file or folder."
    return f"It cannot be read: {error.strerror or type(error).__name__}."


def _records(
    name: str, stream: BinaryIO, format_: str, mapping: Mapping[str, str]
) -> Iterator[RawRecord | Unreadable]:
    head = stream.read(_HEAD)
    if _UTF16.match(head):
        yield Unreadable(shown_name(name), "The text is UTF-16. Save it as UTF-8 (in Excel: CSV UTF-8).")
        return
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] not in _STARTS and _is_binary(head):
        yield Unreadable(
            shown_name(name), "It is not text. Visits come as JSON, NDJSON, CSV or XML in UTF-8."
        )
        return
    told = format_ if format_ != "auto" else _told(name, start)
    source = Input(shown_name(name), folder_of(name), chain((head,), iter(lambda: stream.read(_CHUNK), b"")))
    if told == "ndjson":
        yield from read_ndjson(source)
    elif told == "json":
        yield from read_json(source)
    elif told == "xml":
        from edi.visit.intake.xml_text import read_xml

        yield from read_xml(source)
    else:
        from edi.visit.intake.csv_rows import read_csv

        yield from read_csv(source, mapping)


def _told(name: str, start: bytes) -> str:
    """The format by suffix, and by content where the suffix says nothing or JSON turns out to be lines of it, or not."""
    told = _SUFFIXES.get(Path(name).suffix.lower()) if name != "-" else None
    if told is None:
        told = _STARTS.get(start[:1], "csv")
    if told == "json" and start.startswith(b"{") and _has_lines(start):
        return "ndjson"
    if told == "ndjson" and _is_spread(start):
        return "json"
    return told


def _is_spread(start: bytes) -> bool:
    """True when a record cannot be one line: an array of them, or one whose first line only opens it."""
    return start.startswith(b"[") or start.partition(b"\n")[0].strip() == b"{"


def _has_lines(start: bytes) -> bool:
    """True when a first line is a whole object: then each line is one."""
    import orjson

    line, _, rest = start.partition(b"\n")
    if not rest.strip():
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        # A first record that is not JSON must not hide the lines after it.
        return line.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
    return True


def _is_binary(head: bytes) -> bool:
    try:
        head[:-4].decode("utf-8")  # the last character may be cut in two
    except UnicodeDecodeError:
        return b"\0" in head
    return False
