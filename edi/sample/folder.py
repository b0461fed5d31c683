"""Samples written out: to a stream, or to a folder with their films beside them."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal

import orjson

from edi.errors import OutputError
from edi.sample import markup, table
from edi.sample.film import film
from edi.x12.output import Staging

Format = Literal["json", "ndjson", "csv", "xml"]
Sample = tuple[dict[str, Any], str | None]
Source = Callable[[], Iterable[Sample]]
"""Gives the same samples each time: CSV needs them twice, for its header and for its rows."""


EXPECTED = "visits.expected"
Note = Callable[[bytes], object]
"""Takes the expected category of a faulty sample as a line of NDJSON."""


def write(out: BinaryIO, source: Source, form: Format, note: Note | None = None) -> None:
    """All samples to `out`, and what is wrong with the faulty ones to `note`."""
    records = _records(source(), note)
    if form == "ndjson":
        for record in records:
            out.write(orjson.dumps(record) + b"\n")
    elif form == "json":
        _write_array(out, records)
    else:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        if form == "csv":
            table.write(text, table.headers(record for record, _ in source()), records)
        else:
            markup.write(text, records)
        text.detach()


def write_folder(folder: Path, source: Source, form: Format, note: Note | None, *, faulty: bool) -> None:
    """`visits.<form>` in `folder` and a film for each radiograph in `films/`.

    Films that the records held by control number become files. When `faulty` and there is no `note`, the
    expected categories go to `visits.expected`, whose suffix keeps it from being read as records with the
    folder. All is private (0600); both files are replaced, and appear whole. Raises OutputError when the folder cannot be written.
    """

    def with_films() -> Iterator[Sample]:
        for record, category in source():
            _hold_by_file(record)
            yield record, category

    try:
        (folder / "films").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    for record, _ in with_films():
        for path, data in films_of(record):
            with private(folder / path) as stream:
                stream.write(data)
    name = f"visits.{form}"
    with Staging(folder) as staging:
        out = staging.open(name)
        if faulty and note is None:
            note = staging.open(EXPECTED).write
        write(out, with_films, form, note)
        staging.publish(replace=frozenset((name, EXPECTED)))


def private(path: Path) -> BinaryIO:
    """A file to write that its owner alone can read. Raises OutputError when it cannot be opened."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise _unwritable(path, error) from error
    return os.fdopen(descriptor, "wb")


def films_of(record: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of each film of a record, drawn after the visit: barrier and lesion as the course stands."""
    procedure = record["procedures"][0]
    tooth = procedure.get("toothNumber", "9")
    done = len(record.get("episode", {}).get("visits", ()))
    closing = procedure["code"] == "D3353"
    for place, attachment in enumerate(record.get("attachments", ())):
        if "file" in attachment:
            yield (
                attachment["file"],
                film(
                    tooth,
                    attachment["date"],
                    place,
                    barrier=1.0 if closing else min(done * 0.25, 0.75),
                    lesion=max(4.0 - done, 0.8),
                    filled=closing,
                ),
            )


def _records(samples: Iterable[Sample], note: Note | None) -> Iterator[dict[str, Any]]:
    for record, category in samples:
        if note and category:
            note(orjson.dumps({"visitId": record["visitId"], "category": category}) + b"\n")
        yield record


def _write_array(out: BinaryIO, records: Iterable[dict[str, Any]]) -> None:
    out.write(b"[")
    for place, record in enumerate(records):
        out.write(b",\n" if place else b"\n")
        out.write(orjson.dumps(record, option=orjson.OPT_INDENT_2))
    out.write(b"\n]\n")


def _hold_by_file(record: dict[str, Any]) -> None:
    for place, attachment in enumerate(record.get("attachments", ())):
        if "controlNumber" in attachment:
            del attachment["controlNumber"], attachment["transmission"]
            attachment["file"] = f"films/{record['visitId']}-{place + 1}.png"


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path} cannot be written: {error.strerror or error}.")
