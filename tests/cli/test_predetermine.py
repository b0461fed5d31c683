"""`edi predetermine`: a first visit becomes a plan that convert accepts."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rule_cases import base

from edi.cli.main import cli
from edi.errors import SettingsError
from edi.flows import convert
from edi.flows.job import Job
from edi.sample import visits
from edi.visit.absent import drop_absent
from edi.visit.predetermination import planned_course
from edi.visit.schema import is_valid

Record = dict[str, Any]
FEES = {"D3352": "215.00", "D3353": "690"}


def edi(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ("predetermine", *arguments), input=stdin)


def first(**changes: Any) -> Record:
    record: Record = base("first", {"/attachments/0/file": None, "/attachments/0/transmission": "FT"})
    return record | changes


def converted(folder: Path, records: list[Any]) -> tuple[list[Record], list[Record]]:
    source = folder / "plans.ndjson"
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    out = folder / "out"
    convert(Job(inputs=(str(source),), as_of=datetime.date(2026, 10, 15), jobs=1), out)
    claims, rejects = (
        [json.loads(line) for line in (out / name).read_text().splitlines()]
        for name in ("claims.ndjson", "rejects.ndjson")
    )
    return claims, rejects


def test_the_course_is_one_predetermination(tmp_path: Path) -> None:
    plan = planned_course(drop_absent(first()), 3, FEES)  # type: ignore[arg-type]
    lines = [(line["code"], line["toothNumber"], line["fee"]) for line in plan["procedures"]]
    assert lines == [
        ("D3351", "9", "215.00"),
        *[("D3352", "9", "215.00")] * 3,
        ("D3353", "9", "690"),
    ]
    (claim,), rejects = converted(tmp_path, [plan])
    assert not rejects
    assert (claim["visitId"], claim["purpose"], claim["totalCharge"]) == (
        "T-1-P",
        "predetermination",
        "1550.00",
    )
    assert claim["narrative"]["text"].startswith(
        "Planned course of apexification, tooth 9 - D3351, D3352 x3, D3353."
    )
    assert not [segment for segment in claim["segments"] if segment.startswith("DTP*472")]
    assert claim["findings"] == []


@pytest.mark.parametrize("seed", range(3))
def test_every_first_visit_of_a_sample_can_be_planned(seed: int, tmp_path: Path) -> None:
    starts = [record for record, _ in visits(300, seed) if record["procedures"][0]["code"] == "D3351"]
    starts = [record for record in starts if record.get("claim", {}).get("frequency") != "void"]
    plans = [planned_course(drop_absent(record), 2, FEES) for record in starts]
    assert len(plans) > 20
    assert all(map(is_valid, plans))
    claims, rejects = converted(tmp_path, plans)
    assert not rejects
    assert len(claims) == len(plans)
    assert all(claim["findings"] == [] for claim in claims)


def test_nothing_of_the_visit_itself_is_kept() -> None:
    record = first(
        narrative="Done today.", claim={"frequency": "replacement", "payerClaimControlNumber": "1"}
    )
    plan = planned_course(drop_absent(record), 0, FEES)  # type: ignore[arg-type]
    assert plan["claim"] == {"purpose": "predetermination"}
    assert not plan.keys() & {"serviceDate", "narrative"}
    assert not plan["clinical"].keys() & {"medicament", "response", "complications", "followUp"}
    assert [line["code"] for line in plan["procedures"]] == ["D3351", "D3353"]


def test_what_the_patient_paid_is_not_of_the_plan_and_a_list_of_one_tooth_is() -> None:
    record: Any = drop_absent(first(patientPaid="20.00"))
    line = record["procedures"][0]
    line["teeth"] = [{"toothNumber": line.pop("toothNumber")}]
    plan = planned_course(record, 1, FEES)
    assert "patientPaid" not in plan
    assert [each["teeth"] for each in plan["procedures"]] == [[{"toothNumber": "9"}]] * 3


def test_the_record_is_left_as_it_was() -> None:
    record = drop_absent(first())
    before = json.dumps(record)
    planned_course(record, 2, FEES)  # type: ignore[arg-type]
    assert json.dumps(record) == before


def test_fees_come_from_the_record_or_the_option() -> None:
    record = drop_absent(first())
    record["procedures"] += [
        {"code": "D3352", "fee": 180, "toothNumber": "9"},
        {"code": "D0140", "fee": "50"},
    ]
    plan = planned_course(record, 1, {"D3353": "690", "D3351": "300"})  # type: ignore[arg-type]
    assert [(line["code"], line["fee"]) for line in plan["procedures"]] == [
        ("D3351", "300"),
        ("D3352", 180),
        ("D3353", "690"),
    ]


def test_two_teeth_are_two_courses() -> None:
    record = drop_absent(first())
    record["procedures"].append(record["procedures"][0] | {"toothNumber": "8"})
    plan = planned_course(record, 1, FEES)  # type: ignore[arg-type]
    assert [line["toothNumber"] for line in plan["procedures"]] == ["9"] * 3 + ["8"] * 3


@pytest.mark.parametrize(
    ("record", "renewals", "fees", "message"),
    [
        (base("renewal"), 2, FEES, "has no D3351"),
        (base("first"), 2, {}, "fee of D3352 and D3353 is not known: give it, as in --fee D3352=215"),
        (base("first"), 49, FEES, "51 lines are more than the 50"),
    ],
)
def test_refused(record: Any, renewals: int, fees: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        planned_course(drop_absent(record), renewals, fees)  # type: ignore[arg-type]


def test_a_long_id_keeps_within_its_length() -> None:
    plan = planned_course(drop_absent(first(visitId="V" * 38)), 1, FEES)  # type: ignore[arg-type]
    assert plan["visitId"] == "V" * 36 + "-P"


def test_the_command_prints_or_writes_the_record(tmp_path: Path) -> None:
    source = tmp_path / "first.json"
    source.write_text(json.dumps(base("first")))
    options = (str(source), "--renewals", "2", "--fee", "D3352=215.00", "--fee", "D3353=690")
    printed = edi(*options)
    assert printed.exit_code == 0
    assert json.loads(printed.stdout) == planned_course(drop_absent(base("first")), 2, FEES)  # type: ignore[arg-type]
    plan = tmp_path / "plan.json"
    written = edi(*options, "-o", str(plan))
    assert (written.exit_code, written.stdout, written.stderr) == (0, "", "")
    assert plan.read_text() == printed.stdout
    assert plan.stat().st_mode & 0o777 == 0o600
    elsewhere = edi(*options, "-o", str(tmp_path / "sub" / "plan.json"))
    assert "names files beside" in elsewhere.stderr
    assert "the record of the visit itself" in edi(*options, "-o", str(source)).stderr


@pytest.mark.parametrize("fee", ["D3352", "D3352=1.234", "D3310=5", "D3352=-1"])
def test_a_fee_is_a_code_and_dollars(fee: str) -> None:
    result = edi("-", "--renewals", "1", "--fee", fee, stdin="{}")
    assert result.exit_code == 2
    assert "D3352=215.00" in result.stderr


def test_one_record_is_wanted() -> None:
    two = json.dumps([base("first"), base("first", {"/visitId": "T-2"})])
    result = edi("-", "--renewals", "1", stdin=two)
    assert result.exit_code == 2
    assert "has 2 records" in result.stderr
