"""Visits with one fault in their form, each of which earns the warning that says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edi.rules import apply_rules
from edi.visit.absent import drop_absent
from edi.visit.facts import Facts


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("crown-without-tooth", ["APX-TOOTH-NEEDED"]),
        ("filling-without-surface", ["APX-TOOTH-SURFACE-NEEDED"]),
        ("scaling-without-quadrant", ["APX-TOOTH-AREA-NEEDED"]),
        ("posterior-composite-on-incisor", ["APX-TOOTH-OCCLUSAL", "APX-TOOTH-BACK"]),
        ("secondary-without-other", ["APX-SUB-OTHER"]),
        ("injury-without-accident", ["APX-DX-ACCIDENT"]),
    ],
)
def test_a_visit_earns_the_warning_of_its_fault(shared: Path, name: str, expected: list[str]) -> None:
    record = json.loads((shared / "cases" / "visits" / f"{name}.json").read_text(encoding="utf-8"))
    found = apply_rules(Facts(drop_absent(record), as_of="2026-11-01"))
    assert sorted((each.rule, each.severity) for each in found) == sorted(
        (rule, "warning") for rule in expected
    )


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("chart-says-nothing", "documentation"),
        ("chart-contradicts", "diagnosis"),
        ("root-canal-after-closing", "code"),
    ],
)
def test_a_visit_is_rejected_for_its_chart(shared: Path, name: str, category: str) -> None:
    record = json.loads((shared / "cases" / "visits" / f"{name}.json").read_text(encoding="utf-8"))
    found = apply_rules(Facts(drop_absent(record), as_of="2026-11-01"))
    assert {each.category for each in found if each.severity == "error"} == {category}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("onevisit-D3353-alone", "APX-SEQ-START"),
        ("onevisit-D3351-and-D3353", "APX-SEQ-SAME-DAY"),
        ("regeneration-failed-restart", None),
        ("adult-resorption", None),
        ("two-incisors-first", None),
    ],
)
def test_a_good_visit_is_accepted(shared: Path, name: str, rule: str | None) -> None:
    record = json.loads((shared / "cases" / "visits" / f"{name}.json").read_text(encoding="utf-8"))
    found = apply_rules(Facts(drop_absent(record), as_of="2026-11-01"))
    assert not [each for each in found if each.severity == "error"]
    assert rule is None or rule in [each.rule for each in found if each.severity == "warning"]
