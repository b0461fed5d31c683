"""Whatever the schema and the rules let through, the writer turns into a claim that the guide accepts.

Each field of a record with everything in it, and of one sample of each kind, gets one odd value after another. A reject with a finding of the
validator (X12-...) would be a hole: something that neither schema nor rules saw.
"""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from schema_record import full_record

from edi.flows import convert, validate
from edi.flows.job import Job
from edi.sample import visits
from edi.visit.schema import is_valid

ODD: tuple[Any, ...] = (
    "x",
    "A B",
    " lead",
    "trail ",
    "a" * 35,
    "1" * 60,
    "W " * 200,
    "José Muñoz",
    "“quoted” – dash…",
    "a*b~c:d^e",
    "line\nbreak\ttab",
    "\u0000",
    "日本語",
    "'",
    "-",
    ".",
    "0",
    "00",
    "D0000",
    "US",
    "GB",
    "2026-02-29",
    "2024-02-29",
    "1900-01-01",
    0,
    1,
    99,
    0.1,
    1e15,
    -1,
    True,
    False,
    [],
    {},
    None,
    "",
)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of every member and entry."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        yield from leaves(member, (*path, key))


def odd_records() -> Iterator[dict[str, Any]]:
    bases = [full_record()]
    kinds = set()
    for record, _ in visits(300, 3):
        claim = record.get("claim", {})
        kind = (claim.get("purpose"), claim.get("frequency"), "patient" in record, "otherInsurance" in record)
        if kind not in kinds:
            kinds.add(kind)
            bases.append(record)
    number = 0
    for base in bases:
        for path in leaves(base):
            if path == ("visitId",):
                continue
            for value in ODD:
                record = copy.deepcopy(base)
                place = record
                for key in path[:-1]:
                    place = place[key]
                place[path[-1]] = value
                if is_valid(record):
                    number += 1
                    record["visitId"] = f"ODD-{number}"
                    yield record


@pytest.mark.slow
def test_nothing_passes_schema_and_rules_that_cannot_be_written(tmp_path: Path) -> None:
    source, out = tmp_path / "odd.ndjson", tmp_path / "out"
    count = 0
    with source.open("w") as stream:
        for record in odd_records():
            stream.write(json.dumps(record) + "\n")
            count += 1
    report = convert(Job(inputs=(str(source),), as_of=datetime.date(2026, 10, 15), jobs=1), out)
    assert count > 3000
    assert report.accepted > count / 10
    holes = [
        (finding["rule"], finding.get("element"), finding["message"], reject["visitId"])
        for reject in map(json.loads, (out / "rejects.ndjson").read_text().splitlines())
        for finding in reject["findings"]
        if finding["rule"].startswith("X12-")
    ]
    assert holes == []
    for file in report.files:
        with (out / file.path).open("rb") as claims:
            assert validate(claims, file.path).valid
