"""Small visits with films, and what became of them: shared by the tests of attachments."""

from __future__ import annotations

import base64
import datetime
import json
from pathlib import Path
from typing import Any

from folders import REPO

from edi.flows import convert
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.settings import Receiver, Settings, Submitter

AS_OF = datetime.date(2026, 11, 2)
FILM = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
"""A PNG of one grey pixel."""


def settings(attachments: str = "005010X210") -> Settings:
    """One receiver of all payers, with the guide of its attachments."""
    return Settings(
        Submitter("BRIGHTST", "Bright Street Endodontics", "Billing Office", phone="6145550142"),
        (Receiver("clearinghouse", "CLEARHOUSE01", "Example Clearinghouse", attachments=attachments),),
    )


def visit(name: str = "fall-1-first-visit", **changes: Any) -> dict[str, Any]:
    """An example record, with keys of its own."""
    record: dict[str, Any] = json.loads((REPO / "examples" / "visits" / f"{name}.json").read_text())
    return record | changes


def film(**changes: Any) -> dict[str, Any]:
    """An attachment of a film, with keys of its own; None takes one out."""
    entry = {
        "id": "xr-1",
        "type": "radiograph",
        "file": "film.png",
        "date": "2026-05-04",
        "description": "Periapical radiograph, tooth 9",
    } | changes
    return {key: value for key, value in entry.items() if value is not None}


def converted(folder: Path, records: list[dict[str, Any]], **job: Any) -> tuple[Path, RunReport]:
    """Convert records that lie in a folder with film.png; the folder of what was written."""
    (folder / "film.png").write_bytes(FILM)
    (folder / "visits.ndjson").write_text("".join(json.dumps(each) + "\n" for each in records))
    job = {"settings": settings(), "as_of": AS_OF, "jobs": 1} | job
    out = folder / "out"
    return out, convert(Job(inputs=(str(folder / "visits.ndjson"),), **job), out)


def payloads(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "claims.ndjson").read_text().splitlines()]


def attachment_file(out: Path) -> Path:
    (found,) = out.glob("*.275")
    return found


def segments(path: Path) -> list[str]:
    """The lines of a file, as segments: payloads of these tests hold no terminator."""
    return path.read_bytes().decode("ascii").split("~\n")[:-1]
