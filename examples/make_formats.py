"""Write some of the example visits as CSV and XML too: `python examples/make_formats.py` from the repository's root."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from edi.sample import csv_rows, xml_text

HERE = Path(__file__).parent
VISITS = (
    "fall-1-first-visit",
    "fall-2-renewal",
    "fall-5-closing",
    "other-codes",
    "predetermination",
    "secondary",
    "subscriber-is-patient",
)


def formats() -> dict[Path, bytes]:
    """The files of `formats/` that are made from `visits/`, with the films that they name."""
    records: list[dict[str, Any]] = [
        json.loads((HERE / "visits" / f"{name}.json").read_bytes()) for name in VISITS
    ]
    rows, document = io.StringIO(), io.StringIO()
    csv_rows.write(rows, csv_rows.headers(records), records)
    xml_text.write(document, records)
    found = {
        HERE / "formats" / "visits.csv": rows.getvalue().encode(),
        HERE / "formats" / "visits.xml": document.getvalue().encode(),
    }
    for record in records:
        for attachment in record["attachments"]:
            name = attachment["file"]
            found[HERE / "formats" / name] = (HERE / "visits" / name).read_bytes()
    return found


if __name__ == "__main__":
    for path, data in formats().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
