"""Each way to be denied, put alone into a clean sample record, earns exactly its own finding; two ways earn two.

The rows are those of the table that the rules were written from: category and severity are the table's."""

from __future__ import annotations

import copy
from itertools import combinations
from typing import Any

import pytest
from rule_faults import RECORDS, ROWS, Change, Record, chart, put

from edi.finding import Finding
from edi.rules import RULES, Profile, apply_rules
from edi.visit import feature
from edi.visit.absent import drop_absent
from edi.visit.facts import Facts, FileFact

AS_OF = "2026-10-15"
_PROFILES: dict[str, Profile] = {
    "APX-FREQ-COUNT": Profile(renewals=0),
    "APX-AUTH-PRIOR": Profile(prior_authorization=True),
}

# The table's severities, by rule: what it does not call an error.
WARNINGS = {
    "APX-PROV-BOX",
    "APX-PROV-POSTAL",
    "APX-DOC-CLOSURE",
    "APX-DOC-PULPTEST",
    "APX-DOC-HISTORY",
    "APX-DOC-FOLLOWUP",
    "APX-DOC-COMPLICATIONS",
    "APX-DOC-CLONED",
    "APX-FREQ-INTERVAL",
    "APX-FREQ-COUNT",
    "APX-FREQ-LENGTH",
    "APX-TOOTH-SUPERNUMERARY",
    "APX-TOOTH-SURFACE",
    "APX-TOOTH-THIRD-MOLAR",
    "APX-TOOTH-UNERUPTED",
    "APX-TOOTH-ADULT",
    "APX-DATE-FILING",
    "APX-SUB-CHILD-AGE",
    "APX-SUB-ORDER",
    "APX-CHG-ZERO",
    "APX-ATT-UNUSED",
    "APX-ATT-NO-IMAGE",
}
INFOS = {"APX-DX-UNLISTED", "APX-DX-NONE", "APX-CODE-VITAL-BEFORE", "APX-FMT-TEXT"}
CATEGORIES = {
    "DOC": "documentation",
    "SEQ": "sequence",
    "FREQ": "frequency",
    "DX": "diagnosis",
    "CODE": "code",
    "TOOTH": "tooth",
    "AUTH": "authorization",
    "DATE": "date",
    "PROV": "provider",
    "SUB": "subscriber",
    "CHG": "charge",
    "DUP": "duplicate",
    "ATT": "attachment",
    "FMT": "format",
}


def _expected(rule: str) -> tuple[str, str, str]:
    severity = "warning" if rule in WARNINGS else "info" if rule in INFOS else "error"
    return rule, CATEGORIES[rule.split("-")[1]], severity


def _told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return sorted((finding.rule, finding.category, finding.severity) for finding in findings)


def _with(code: str, *changes: Change) -> Record:
    record = copy.deepcopy(RECORDS["D3352" if code == "D2330" else code])
    if code == "D2330":
        record["procedures"][0].update(code="D2330", diagnosisPointers=[])
    for change in changes:
        change(record)
    return record


def _judge(record: Record, rule: str = "") -> list[Finding]:
    return apply_rules(Facts(drop_absent(record), as_of=AS_OF), _PROFILES.get(rule, Profile()))


@pytest.mark.parametrize("code", sorted(RECORDS))
def test_the_records_are_clean(code: str) -> None:
    assert _judge(_with(code)) == []


@pytest.mark.parametrize(
    ("rule", "code", "change"), ROWS, ids=[f"{n}-{row[0]}" for n, row in enumerate(ROWS)]
)
def test_one_fault_is_one_finding(rule: str, code: str, change: Change) -> None:
    assert _told(_judge(_with(code, change), rule)) == [_expected(rule)]


def test_every_rule_that_a_record_can_break_has_a_row() -> None:
    files = {name for name, rule in RULES.items() if rule.scope.needs & feature.FILES}
    of_other_tests = {
        "APX-DUP-VISIT",
        "APX-DUP-SENT",
        "APX-DATE-PREDETERMINATION",
        "APX-DX-NONE",
        "APX-DX-NONVITAL",
    }
    of_profiles = {name for name, rule in RULES.items() if rule.scope.needs & feature.LIMITS}
    assert set(RULES) - {row[0] for row in ROWS} - files - of_profiles == of_other_tests
    assert files == {f"APX-ATT-{kind}" for kind in _FILES}


_FILES = {
    "MISSING": FileFact("missing", None, 0, None),
    "EMPTY": FileFact("empty", None, 0, None),
    "UNREADABLE": FileFact("unreadable", None, 0, None),
    "OUTSIDE": FileFact("outside", None, 0, None),
    "TYPE": FileFact("not-what-name-says", "image/gif", 9, None),
    "TRUNCATED": FileFact("truncated", "image/png", 9, None),
    "DAMAGED": FileFact("does-not-open", "image/png", 9, None),
    "PIXELS": FileFact("too-many-pixels", "image/png", 9, None),
    "NOT-IMAGE": FileFact(None, "application/pdf", 9, "0"),
    "ENCRYPTED": FileFact("encrypted", "application/pdf", 9, None),
    "METADATA": FileFact(None, "image/png", 9, "0", ("text",)),
    "REDUCED": FileFact(None, "image/png", 9, "0", (), 90),
    "UNKNOWN-TYPE": FileFact("unknown-type", None, 9, None),
    "SIZE": FileFact(None, "image/png", 65 * 2**20, "0"),
}


@pytest.mark.parametrize("kind", sorted(_FILES))
def test_one_bad_file_is_one_finding(kind: str) -> None:
    record = _with("D3352", put("attachments", 0, "file", to="xr.png"))
    facts = Facts(drop_absent(record), as_of=AS_OF, files={record["attachments"][0]["id"]: _FILES[kind]})
    severity = "info" if kind in ("METADATA", "REDUCED") else "error"
    assert _told(apply_rules(facts)) == [(f"APX-ATT-{kind}", "attachment", severity)]


def test_a_visit_id_used_twice_is_one_finding() -> None:
    facts = Facts(drop_absent(_with("D3352")), as_of=AS_OF, same_id_other_content=True)
    assert _told(apply_rules(facts)) == [("APX-DUP-VISIT", "duplicate", "error")]


def test_no_diagnosis_is_pointed_out_or_refused_as_the_payer_wants() -> None:
    record = _with("D3352", put("diagnoses", to=None), put("procedures", 0, "diagnosisPointers", to=None))
    facts = Facts(drop_absent(record), as_of=AS_OF)
    assert _told(apply_rules(facts)) == [("APX-DX-NONE", "diagnosis", "info")]
    assert _told(apply_rules(facts, Profile(diagnosis_required=True))) == [
        ("APX-DX-NONE", "diagnosis", "error")
    ]


def test_an_inflamed_pulp_wants_a_non_vital_plan() -> None:
    vital = [
        put("diagnoses", 0, to="K04.02"),
        chart("diagnosis", "Irreversible pulpitis, open apex"),
        chart("pulpTests", [{"toothNumber": "9", "method": "cold", "result": "lingering pain"}]),
    ]
    assert [rule for rule, *_ in _told(_judge(_with("D3352", *vital)))] == ["APX-DX-NONVITAL"]
    assert _judge(_with("D3352", *vital, chart("treatmentPlan", "Pulpectomy done, barrier awaited"))) == []


def test_a_predetermination_has_no_date() -> None:
    record = _with("D3351", put("claim", to={"purpose": "predetermination"}))
    assert _told(_judge(record)) == [("APX-DATE-PREDETERMINATION", "date", "error")]


def _place(change: Change, code: str) -> set[str]:
    """Paths of the leaves that a change touches."""

    def leaves(value: Any, path: str = "") -> dict[str, Any]:
        if isinstance(value, dict):
            return {k: v for key, item in value.items() for k, v in leaves(item, f"{path}/{key}").items()}
        if isinstance(value, list):
            return {k: v for n, item in enumerate(value) for k, v in leaves(item, f"{path}/{n}").items()}
        return {path: value}

    was, now = leaves(_with(code)), leaves(_with(code, change))
    return {path for path in was.keys() | now.keys() if was.get(path) != now.get(path)}


_APART = (
    "APX-DOC-",
    "APX-DX-",
    "APX-CHG-",
    "APX-PROV-",
    "APX-FREQ-QUANTITY",
    "APX-ATT-NO-IMAGE",
    "APX-FMT-NAME",
)
_PAIRABLE = [
    row
    for row in ROWS
    if row[1] == "D3352"
    and row[0].startswith(_APART)
    and row[0] not in ("APX-DOC-CLINICAL", "APX-DOC-CLONED")
    and not row[0].startswith("APX-CHG-OTHER-")
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (one, other)
        for one, other in combinations(_PAIRABLE, 2)
        if not _place(one[2], "D3352") & _place(other[2], "D3352")
    ],
    ids=lambda row: row[0],
)
def test_two_faults_are_two_findings(one: tuple[str, str, Change], other: tuple[str, str, Change]) -> None:
    record = _with("D3352", one[2], other[2])
    assert _told(_judge(record)) == sorted([_expected(one[0]), _expected(other[0])])
