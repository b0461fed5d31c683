"""Samples written to a stream, or to a folder with their films beside them."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from edi.errors import OutputError
from edi.sample import csv_rows, xml_text
from edi.sample.film import film
from edi.x12.output import Staging

Record = dict[str, Any]
Source = Callable[[], Iterable[tuple[Record, str | None]]]
"""Gives the same samples each time: CSV needs them twice, for its header and for its rows."""

EXPECTED = "visits.expected"
"""Categories of the faulty samples. Its suffix keeps the file from being read as records with its folder."""


def write(out: BinaryIO, source: Source, form: str, expected: BinaryIO | None = None) -> None:
    """All samples to `out` ("json", "ndjson", "csv" or "xml"), and a line for each faulty one to `expected`."""
    records = _records(source, expected)
    if form == "ndjson":
        out.writelines(orjson.dumps(record) + b"\n" for record in records)
    elif form == "json":
        out.write(b"[")
        for place, record in enumerate(records):
            out.write(b",\n" if place else b"\n")
            out.write(orjson.dumps(record, option=orjson.OPT_INDENT_2))
        out.write(b"\n]\n")
    else:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        if form == "csv":
            csv_rows.write(text, csv_rows.headers(record for record, _ in source()), records)
        else:
            xml_text.write(text, records)
        text.detach()


def write_folder(folder: Path, source: Source, form: str, expected: BinaryIO | None, *, faulty: bool) -> None:
    """`visits.<form>` in `folder` and a film for each radiograph in `films/`; where some are `faulty` and there is no `expected`,
    a `visits.expected`. Raises OutputError when the folder cannot be written.

    All is private (0600); files of these names are replaced, and appear whole."""

    def with_films() -> Iterator[tuple[Record, str | None]]:
        for record, category in source():
            for place, attachment in enumerate(record.get("attachments", ()), start=1):
                if attachment.pop("transmission", None):
                    del attachment["controlNumber"]
                    attachment["file"] = f"films/{record['visitId']}-{place}.png"
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
        write(
            staging.open(name),
            with_films,
            form,
            staging.open(EXPECTED) if faulty and not expected else expected,
        )
        staging.publish(replace=frozenset((name, EXPECTED)))


def private(path: Path) -> BinaryIO:
    """A file to write that its owner alone can read. Raises OutputError when it cannot be opened."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    except OSError as error:
        raise _unwritable(path, error) from error


def films_of(record: Record) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of each film of a record, drawn after the visit: barrier and lesion as the course stands."""
    line = record["procedures"][0]
    done = len(record.get("episode", {}).get("visits", ()))
    closing = line["code"] == "D3353"
    barrier = 1.0 if closing else min(done * 0.25, 0.75)
    for place, attachment in enumerate(record.get("attachments", ())):
        if "file" in attachment:
            tooth, lesion = line.get("toothNumber", "9"), max(4.0 - done, 0.8)
            drawn = film(tooth, attachment["date"], place, barrier=barrier, lesion=lesion, filled=closing)
            yield attachment["file"], drawn


def _records(source: Source, expected: BinaryIO | None) -> Iterator[Record]:
    for record, category in source():
        if expected and category:
            expected.write(orjson.dumps({"visitId": record["visitId"], "category": category}) + b"\n")
        yield record


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path} cannot be written: {error.strerror or error}.")
