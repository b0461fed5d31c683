"""What samples and examples write, intake reads: the same records in all four formats."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from folders import EXAMPLES

from edi.cli.sample import sample
from edi.rules import apply_rules
from edi.sample import visits
from edi.visit.absent import drop_absent
from edi.visit.facts import Facts
from edi.visit.intake import RawRecord, read_inputs
from edi.visit.schema import is_valid

FORMATS = EXAMPLES / "formats"


def read(path: Path, columns: Path | None = None) -> list[dict[str, Any]]:
    records = []
    for raw in read_inputs([str(path)], columns=columns):
        assert isinstance(raw, RawRecord), raw
        records.append(json.loads(raw.data))
    return records


def with_plain_fees(record: dict[str, Any]) -> dict[str, Any]:
    """CSV and XML know no numbers for fees: 215, 215.0 and "215" are one amount. One area is a list of one there."""
    lines = [{**line, "fee": str(line["fee"])} for line in record["procedures"]]
    for line in lines:
        if line["fee"].replace(".", "", 1).isdigit():
            line["fee"] = Decimal(line["fee"])
        if isinstance(area := line.get("oralCavity"), str):
            line["oralCavity"] = [area]
    return {**record, "procedures": lines}


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "xml"])
@pytest.mark.parametrize("faulty", [0.0, 0.5])
def test_samples_come_back(tmp_path: Path, form: str, faulty: float) -> None:
    side = tmp_path / "side"
    arguments = ["--visits", "400", "--format", form, "--faulty", str(faulty), "--expected", str(side)]
    file = tmp_path / f"visits.{form}"
    file.write_bytes(CliRunner().invoke(sample, arguments, catch_exceptions=False).stdout_bytes)
    came = {record["visitId"]: record for record in read(file)}
    sent = {record["visitId"]: (record, category) for record, category in visits(400, 1, faulty=faulty)}
    assert came.keys() == sent.keys()
    for visit, (record, category) in sent.items():
        assert with_plain_fees(came[visit]) == with_plain_fees(record)
        assert is_valid(came[visit]) == (category != "schema")


@pytest.mark.parametrize("form", ["csv", "xml"])
def test_examples_in_other_formats_are_the_same_visits(form: str) -> None:
    records = {json.loads(p.read_bytes())["visitId"]: p for p in (FORMATS.parent / "visits").glob("*.json")}
    came = read(FORMATS / f"visits.{form}")
    assert len(came) == 7
    for record in came:
        wanted = drop_absent(json.loads(records[record["visitId"]].read_bytes()))
        assert with_plain_fees(drop_absent(record)) == with_plain_fees(wanted)


def test_a_practice_export_is_read_through_its_columns() -> None:
    first, second = read(FORMATS / "practice.csv", FORMATS / "practice.columns.toml")
    assert [line["code"] for line in first["procedures"]] == ["D3353", "D2391"]
    assert [line["code"] for line in second["procedures"]] == ["D3352"]
    assert second["episode"]["visits"][1] == {"serviceDate": "2026-08-13", "code": "D3352"}
    for record in (first, second):
        assert is_valid(record)
        assert apply_rules(Facts(drop_absent(record), as_of="2026-11-01")) == []
