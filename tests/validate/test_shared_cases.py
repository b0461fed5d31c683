"""The shared cases: small files with one fault each, and the findings that it earns, as rule, segment and position."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from acknowledgment import answered, faults_of

from edi.validate.run import validate_stream
from edi.validate.tree import Tree


class Case(NamedTuple):
    """What a file has: findings, and claims."""

    name: str
    findings: list[tuple[str, str | None, int | None]]
    claims: int = 1


CASES = [
    Case("00-valid", []),
    Case("01-two-pwk-after-hi", [("X12-SEGMENT-ORDER", "PWK", 25)]),
    Case("04-hi-before-clm", [("X12-SEGMENT-ORDER", "HI", 18)]),
    Case("05-refei-before-n3", [("X12-SEGMENT-ORDER", "N3", 9)]),
    Case("07-no-payer-nm1-but-address", [("X12-SEGMENT-MISSING", "NM1", 17)]),
    Case("08-hl1-before-submitter", [("X12-SEGMENT-ORDER", "NM1", 4)]),
    Case("10-2320-after-lines", [("X12-SEGMENT-ORDER", "SBR", 31)]),
    Case("12-prv-before-82", [("X12-SEGMENT-ORDER", "PRV", 25)]),
    Case("13-indented", [("X12-SEGMENT-BLANKS", "GS", 2)]),
    Case("15-wrapped-80", [("X12-SEGMENT-BROKEN", "ISA", 1)]),
    Case("16-999-ctx-repeats", [], claims=0),
    Case("17-empty-segment", [("X12-SEGMENT-EMPTY", None, 27)]),
    Case("18-icd9-2026", [("X12-DIAGNOSIS-ICD9", "HI", 24)]),
    Case("19-negative-charge", [("X12-AMOUNT-NEGATIVE", "CLM", 18), ("X12-AMOUNT-NEGATIVE", "SV3", 28)]),
    Case("21-three-decimals", [("X12-AMOUNT-DECIMALS", "CLM", 18), ("X12-AMOUNT-DECIMALS", "SV3", 28)]),
    Case("22-future-service-date", [("X12-DATE-FUTURE", "DTP", 19)]),
    Case("23-service-before-birth", [("X12-BIRTH-FUTURE", "DMG", 16), ("X12-DATE-BEFORE-BIRTH", "DTP", 19)]),
    Case("26-quadrant-and-tooth", [("X12-AREA-TOOTH", "SV3", 28)]),
    Case("27-occlusal-on-incisor", [("X12-PROCEDURE-BACK", "TOO", 29), ("X12-TOOTH-OCCLUSAL", "TOO", 29)]),
    Case("29-same-tooth-twice", [("X12-TOOTH-TWICE", "TOO", 29)]),
    Case("30-quantity-2-one-tooth", [("X12-QUANTITY-TOOTH", "SV3", 28)]),
    Case("33-phone-punctuation", [("X12-PHONE", "PER", 4)]),
    Case("35-duplicate-claim", [("X12-CLAIM-REPEATED", "CLM", 31)], claims=2),
    Case("36-secondary-without-2320", [("X12-OTHER-PAYER", "SBR", 27)]),
    Case("37-dx-and-missing-isa16", [("X12-ELEMENT-MISSING", "ISA", 1)]),
    Case("39-payload-shown-as-marker", [("X12-BINARY-UNNAMED", "BIN", 14)], claims=0),
]


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def path_of(case: Case, shared: Path) -> Path:
    return shared / "cases" / "x12" / f"{case.name}.edi"


def test_a_case_has_exactly_its_findings(case: Case, shared: Path) -> None:
    with path_of(case, shared).open("rb") as stream:
        verdict = validate_stream(stream, case.name)
    assert [(each.rule, each.segment, each.position) for each in verdict.findings] == case.findings
    assert verdict.claims == case.claims


def test_the_inspector_has_the_same(case: Case, shared: Path) -> None:
    with path_of(case, shared).open("rb") as stream:
        tree = Tree(stream, case.name)
        shown = [each.finding for part in tree.parts() for each in getattr(part, "noted", ())]
    assert [(each.rule, each.segment, each.position) for each in shown] == case.findings


def test_the_answer_is_valid_and_rejects_what_has_errors(case: Case, shared: Path) -> None:
    text, found = answered(path_of(case, shared).read_bytes())
    assert faults_of(text) == []
    errors = any(each.finding.severity == "error" for each in found)
    assert errors is any(mark in text for mark in ("*R*", "AK9*P"))
    assert "OCTETS" not in text
