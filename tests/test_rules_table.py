"""Each way to be denied, put alone into a clean sample record, earns exactly its own finding; two ways earn two.

The rows are those of the table that the rules were written from: category and severity are the table's."""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from edi.finding import Finding
from edi.rules import RULES, Profile, judge
from edi.sample import visits
from edi.visit.facts import Facts, FileFact
from edi.visit.normal import normal

Record = dict[str, Any]
AS_OF = "2026-10-15"
_PROFILES: dict[str, Profile] = {
    "APX-FREQ-COUNT": Profile(renewals=0),
    "APX-AUTH-PRIOR": Profile(prior_authorization=True),
}


def _clean(code: str) -> Record:
    """The first plain sample claim for `code`: a child of the subscriber, an accident, an upper incisor, own history."""
    for record, _ in visits(2000, 3):
        first = record["procedures"][0]
        if (
            (first["code"], first.get("toothNumber")) == (code, "9")
            and len(record["procedures"]) == 1
            and not record.keys() & {"claim", "otherInsurance", "narrative"}
            and record.get("patient", {}).get("relationshipToSubscriber") == "child"
            and "accident" in record
        ):
            record["episode"] = record.get("episode", {"toothNumber": "9", "visits": []})
            record.pop("authorization", None)
            return record
    raise LookupError(code)


_RECORDS = {code: _clean(code) for code in ("D3351", "D3352", "D3353")}


def _set(*parts: str | int, to: object) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        at: Any = record
        for part in parts[:-1]:
            at = at[part] if isinstance(at, list) else at.setdefault(part, {})
        if to is None:
            at.pop(parts[-1], None)
        else:
            at[parts[-1]] = to

    return change


def _line(**line: object) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        record["procedures"].append({"fee": "60.00", "toothNumber": "9"} | line)

    return change


def _before(*visits: tuple[str, str]) -> Callable[[Record], None]:
    """The episode: date or "=" for the day of the visit, and code."""

    def change(record: Record) -> None:
        record["episode"]["visits"] = [
            {"serviceDate": record["serviceDate"] if date == "=" else date, "code": code}
            for date, code in visits
        ]

    return change


def _chart(field: str, to: object = None) -> Callable[[Record], None]:
    return _set("clinical", field, to=to)


def _film(field: str, to: object) -> Callable[[Record], None]:
    return _set("clinical", "radiographs", 0, field, to=to)


def _cloned(record: Record) -> None:
    record["episode"]["visits"][-1]["rationale"] = record["clinical"]["rationale"].upper() + "."


def _soon(record: Record) -> None:
    day = record["serviceDate"]
    record["episode"]["visits"] = [
        {"serviceDate": "2026-05-01", "code": "D3351"},
        {"serviceDate": f"{day[:8]}{int(day[8:]) - 1:02d}", "code": "D3352"},
    ]


def _other_id(record: Record) -> None:
    record["attachments"].append(record["attachments"][0] | {"controlNumber": "NEA999"})


def _other_number(record: Record) -> None:
    record["attachments"][0]["controlNumber"] = "NEA1"
    record["attachments"].append({"id": "d-1", "type": "report", "controlNumber": "NEA1"})


def _eleven(record: Record) -> None:
    record["attachments"] += [{"id": f"d-{n}", "type": "report"} for n in range(10)]


def _born(years: int) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        record["patient"]["birthDate"] = f"{int(record['serviceDate'][:4]) - years}-01-01"

    return change


def _grown_child(record: Record) -> None:
    """Over 26 is over 25 too: two facts, so the procedure here is another one."""
    _born(30)(record)
    record["procedures"][0].update(code="D2330", diagnosisPointers=[])


def _late(record: Record) -> None:
    record.pop("accident")
    record["serviceDate"] = "2025-05-20"


def _tooth(number: str) -> Callable[[Record], None]:
    """The same tooth at every place, so that only its kind is at fault."""

    def change(record: Record) -> None:
        _born(25)(record)
        record["patient"]["relationshipToSubscriber"] = "other"
        for at in (
            record["procedures"][0],
            record["episode"],
            *record["clinical"]["radiographs"],
            *record["clinical"].get("pulpTests", ()),
        ):
            at["toothNumber"] = number

    return change


# Rule, code of the record, what is done to it, severity where it is not the rule's own.
ROWS: list[tuple[str, str, Callable[[Record], None]]] = [
    *(
        (rule, "D3352", _chart(field))
        for rule, field in (
            ("APX-DOC-COMPLAINT", "chiefComplaint"),
            ("APX-DOC-DIAGNOSIS", "diagnosis"),
            ("APX-DOC-FINDING", "findings"),
            ("APX-DOC-RATIONALE", "rationale"),
            ("APX-DOC-PLAN", "treatmentPlan"),
            ("APX-DOC-MEDICAMENT", "medicament"),
            ("APX-DOC-RESPONSE", "response"),
            ("APX-DOC-FILM", "radiographs"),
            ("APX-DOC-HISTORY", "history"),
            ("APX-DOC-FOLLOWUP", "followUp"),
            ("APX-DOC-COMPLICATIONS", "complications"),
        )
    ),
    ("APX-DOC-CLINICAL", "D3352", _set("clinical", to=None)),
    ("APX-DOC-FINDING", "D3351", _chart("findings", [])),
    ("APX-DOC-FINDING", "D3351", _chart("findings", [" "])),
    ("APX-DOC-MEDICAMENT", "D3351", _chart("medicament", {"action": "placed"})),
    ("APX-DOC-RESPONSE", "D3353", _chart("response", " ")),
    ("APX-DOC-PROGRESS", "D3352", _film("date", "2026-05-01")),
    ("APX-DOC-PROGRESS", "D3353", _film("date", "2026-05-01")),
    ("APX-DOC-CLOSURE", "D3353", _film("finding", "Apex still open, no barrier")),
    ("APX-DOC-PULPTEST", "D3351", _chart("pulpTests")),
    ("APX-DOC-FOLLOWUP", "D3351", _chart("followUp")),
    ("APX-DOC-CLONED", "D3352", _cloned),
    ("APX-SEQ-START", "D3352", _before()),
    ("APX-SEQ-START", "D3353", _set("episode", to=None)),
    ("APX-SEQ-FIRST-AGAIN", "D3351", _before(("2026-01-05", "D3351"))),
    ("APX-SEQ-CLOSING-AGAIN", "D3353", _before(("2026-05-01", "D3351"), ("2026-06-03", "D3353"))),
    ("APX-SEQ-AFTER-CLOSING", "D3352", _before(("2026-05-01", "D3351"), ("2026-05-20", "D3353"))),
    ("APX-SEQ-AFTER-CLOSING", "D3351", _before(("2026-04-20", "D3353"))),
    ("APX-SEQ-SAME-DAY", "D3352", _line(code="D3353")),
    ("APX-SEQ-HISTORY-ORDER", "D3353", _before(("2026-06-02", "D3352"), ("2026-05-01", "D3351"))),
    ("APX-SEQ-HISTORY-REPEAT", "D3353", _before(("2026-05-01", "D3351"), ("2026-05-01", "D3351"))),
    ("APX-SEQ-HISTORY-DATE", "D3352", _before(("2026-05-01", "D3351"), ("=", "D3352"))),
    ("APX-SEQ-HISTORY-DATE", "D3352", _before(("2026-05-01", "D3351"), ("2026-10-14", "D3352"))),
    ("APX-SEQ-EPISODE-TOOTH", "D3352", _set("episode", "toothNumber", to="8")),
    ("APX-FREQ-QUANTITY", "D3352", _set("procedures", 0, "quantity", to=2)),
    ("APX-FREQ-INTERVAL", "D3352", _soon),
    ("APX-FREQ-COUNT", "D3352", lambda record: None),
    ("APX-FREQ-LENGTH", "D3353", _before(("2024-02-01", "D3351"))),
    ("APX-DX-FORM", "D3352", _set("diagnoses", 0, to="K4.1")),
    ("APX-DX-POINTER", "D3352", _set("procedures", 0, "diagnosisPointers", to=[1, 9])),
    ("APX-DX-FIT", "D3352", _set("diagnoses", 0, to="K04.01")),
    ("APX-DX-FIT", "D3353", _set("diagnoses", 0, to="K02.9")),
    ("APX-DX-HEADER", "D3352", _set("diagnoses", 0, to="K04.0")),
    ("APX-DX-UNLISTED", "D3352", _set("diagnoses", 0, to="K08.89")),
    ("APX-CODE-ROOT-CANAL", "D3353", _line(code="D3310")),
    ("APX-CODE-ROOT-CANAL", "D3353", _before(("2026-05-01", "D3351"), ("2026-05-20", "D3320"))),
    ("APX-CODE-REGENERATION", "D3352", _line(code="D3355")),
    ("APX-CODE-REGENERATION", "D3352", _before(("2026-05-01", "D3351"), ("2026-05-20", "D3356"))),
    *(
        ("APX-CODE-SAME-DAY", "D3352", _line(code=code))
        for code in ("D3331", "D3110", "D3120", "D3220", "D3221", "D3222")
    ),
    ("APX-CODE-FORM", "D3352", _line(code="D33X1")),
    ("APX-CODE-VITAL-BEFORE", "D3352", _before(("2026-04-20", "D3222"), ("2026-05-01", "D3351"))),
    ("APX-TOOTH-MISSING", "D3352", _set("procedures", 0, "toothNumber", to=None)),
    ("APX-TOOTH-FORM", "D3352", _set("procedures", 0, "toothNumber", to="33")),
    ("APX-TOOTH-PRIMARY", "D3352", _tooth("E")),
    ("APX-TOOTH-PRIMARY", "D3352", _tooth("ES")),
    ("APX-TOOTH-OTHER-FILM", "D3352", _film("toothNumber", "8")),
    (
        "APX-TOOTH-OTHER-TEST",
        "D3351",
        _chart("pulpTests", [{"toothNumber": "8", "method": "cold", "result": "none"}]),
    ),
    ("APX-TOOTH-SUPERNUMERARY", "D3352", _tooth("59")),
    ("APX-TOOTH-THIRD-MOLAR", "D3352", _tooth("17")),
    ("APX-TOOTH-UNERUPTED", "D3352", _born(5)),
    ("APX-TOOTH-ADULT", "D3352", _born(26)),
    ("APX-AUTH-PRIOR", "D3352", lambda record: None),
    ("APX-DATE-FUTURE", "D3352", _set("serviceDate", to="2026-12-24")),
    ("APX-DATE-BIRTH", "D3352", _set("serviceDate", to="1999-12-24")),
    ("APX-DATE-ACCIDENT", "D3352", _set("accident", "date", to="2026-10-14")),
    ("APX-DATE-FILM", "D3352", _film("date", "2026-10-14")),
    ("APX-DATE-FILING", "D2330", _late),
    ("APX-DATE-MISSING", "D3352", _set("serviceDate", to=None)),
    ("APX-PROV-NPI", "D3352", _set("billingProvider", "npi", to="1234567890")),
    ("APX-PROV-TAXONOMY", "D3352", _set("billingProvider", "taxonomyCode", to="1223E")),
    ("APX-PROV-TAXID", "D3352", _set("billingProvider", "taxId", to="12-3456789")),
    ("APX-SUB-CLAIM-NUMBER", "D3352", _set("claim", to={"frequency": "replacement"})),
    ("APX-SUB-CLAIM-NUMBER", "D3352", _set("claim", to={"frequency": "void"})),
    ("APX-SUB-CHILD-AGE", "D2330", _grown_child),
    ("APX-CHG-FORM", "D3352", _set("procedures", 0, "fee", to="215.005")),
    ("APX-CHG-NEGATIVE", "D3352", _set("procedures", 0, "fee", to="-1")),
    ("APX-CHG-ZERO", "D3352", _set("procedures", 0, "fee", to="0.00")),
    ("APX-DUP-SERVICE", "D3352", _line(code="D3352")),
    ("APX-ATT-UNLISTED", "D3352", _film("attachmentId", "xr-9")),
    ("APX-ATT-ID", "D3352", _other_id),
    ("APX-ATT-CONTROL-NUMBER", "D3352", _other_number),
    ("APX-ATT-COUNT", "D3352", _eleven),
    ("APX-ATT-UNUSED", "D3352", _film("attachmentId", None)),
    ("APX-ATT-NO-IMAGE", "D3352", _set("attachments", 0, "type", to="report")),
    ("APX-FMT-NAME", "D3352", _set("subscriber", "memberId", to="A*1")),
    ("APX-FMT-TEXT", "D3352", _chart("history", "Fell: pulp died")),
]

# The table's severities, by rule: what it does not call an error.
WARNINGS = set(
    [
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
        "APX-TOOTH-THIRD-MOLAR",
        "APX-TOOTH-UNERUPTED",
        "APX-TOOTH-ADULT",
        "APX-DATE-FILING",
        "APX-SUB-CHILD-AGE",
        "APX-CHG-ZERO",
        "APX-ATT-UNUSED",
        "APX-ATT-NO-IMAGE",
    ]
)
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


def _with(code: str, *changes: Callable[[Record], None]) -> Record:
    record = copy.deepcopy(_RECORDS["D3352" if code == "D2330" else code])
    if code == "D2330":
        record["procedures"][0].update(code="D2330", diagnosisPointers=[])
    for change in changes:
        change(record)
    return record


def _judge(record: Record, rule: str = "") -> list[Finding]:
    return judge(Facts(normal(record), as_of=AS_OF), _PROFILES.get(rule, Profile()))


@pytest.mark.parametrize("code", sorted(_RECORDS))
def test_the_records_are_clean(code: str) -> None:
    assert _judge(_with(code)) == []


@pytest.mark.parametrize(
    ("rule", "code", "change"), ROWS, ids=[f"{n}-{row[0]}" for n, row in enumerate(ROWS)]
)
def test_one_fault_is_one_finding(rule: str, code: str, change: Callable[[Record], None]) -> None:
    assert _told(_judge(_with(code, change), rule)) == [_expected(rule)]


def test_every_rule_that_a_record_can_break_has_a_row() -> None:
    files = {name for name in RULES if name.startswith("APX-ATT-")} - {row[0] for row in ROWS}
    of_other_tests = {"APX-DUP-VISIT", "APX-DATE-PREDETERMINATION", "APX-DX-NONE", "APX-DX-NONVITAL"}
    assert set(RULES) - {row[0] for row in ROWS} - files == of_other_tests
    assert files == {f"APX-ATT-{kind}" for kind in _FILES}


_FILES = {
    "MISSING": FileFact("missing", None, 0, None),
    "EMPTY": FileFact("empty", None, 0, None),
    "UNREADABLE": FileFact("unreadable", None, 0, None),
    "OUTSIDE": FileFact("outside", None, 0, None),
    "TYPE": FileFact("not-what-name-says", "image/gif", 9, None),
    "TRUNCATED": FileFact("truncated", "image/png", 9, None),
    "UNKNOWN-TYPE": FileFact("unknown-type", None, 9, None),
    "SIZE": FileFact(None, "image/png", 65 * 2**20, "0"),
}


@pytest.mark.parametrize("kind", sorted(_FILES))
def test_one_bad_file_is_one_finding(kind: str) -> None:
    record = _with("D3352", _set("attachments", 0, "file", to="xr.png"))
    facts = Facts(normal(record), as_of=AS_OF, files={record["attachments"][0]["id"]: _FILES[kind]})
    assert _told(judge(facts)) == [(f"APX-ATT-{kind}", "attachment", "error")]


def test_a_visit_id_used_twice_is_one_finding() -> None:
    facts = Facts(normal(_with("D3352")), as_of=AS_OF, same_id_other_content=True)
    assert _told(judge(facts)) == [("APX-DUP-VISIT", "duplicate", "error")]


def test_no_diagnosis_is_pointed_out_or_refused_as_the_payer_wants() -> None:
    record = _with("D3352", _set("diagnoses", to=None), _set("procedures", 0, "diagnosisPointers", to=None))
    facts = Facts(normal(record), as_of=AS_OF)
    assert _told(judge(facts)) == [("APX-DX-NONE", "diagnosis", "info")]
    assert _told(judge(facts, Profile(diagnosis_required=True))) == [("APX-DX-NONE", "diagnosis", "error")]


def test_an_inflamed_pulp_wants_a_non_vital_plan() -> None:
    vital = [
        _set("diagnoses", 0, to="K04.02"),
        _chart("diagnosis", "Irreversible pulpitis, open apex"),
        _chart("pulpTests", [{"toothNumber": "9", "method": "cold", "result": "lingering pain"}]),
    ]
    assert [rule for rule, *_ in _told(_judge(_with("D3352", *vital)))] == ["APX-DX-NONVITAL"]
    assert _judge(_with("D3352", *vital, _chart("treatmentPlan", "Pulpectomy done, barrier awaited"))) == []


def test_a_predetermination_has_no_date() -> None:
    record = _with("D3351", _set("claim", to={"purpose": "predetermination"}))
    assert _told(_judge(record)) == [("APX-DATE-PREDETERMINATION", "date", "error")]


def _place(change: Callable[[Record], None], code: str) -> set[str]:
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
def test_two_faults_are_two_findings(
    one: tuple[str, str, Callable[[Record], None]], other: tuple[str, str, Callable[[Record], None]]
) -> None:
    record = _with("D3352", one[2], other[2])
    assert _told(_judge(record)) == sorted([_expected(one[0]), _expected(other[0])])
