"""Clean sample records, and what can be done to each of them that a rule must find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edi.sample import visits

Record = dict[str, Any]
Change = Callable[[Record], None]


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


RECORDS = {code: _clean(code) for code in ("D3351", "D3352", "D3353")}


def put(*parts: str | int, to: object) -> Change:
    def change(record: Record) -> None:
        at: Any = record
        for part in parts[:-1]:
            at = at[part] if isinstance(at, list) else at.setdefault(part, {})
        if to is None:
            at.pop(parts[-1], None)
        else:
            at[parts[-1]] = to

    return change


def other_payer(paid: str, line_paid: str | None = None) -> Change:
    """A first payer that decided on the claim, without adjustments: it does not add up."""
    line = {"line": 1, "paidAmount": line_paid, "paidDate": "2026-09-20"}
    other = {
        "payer": {"payerId": "PAY2", "name": "Other Dental"},
        "subscriber": {"memberId": "M9", "lastName": "Field", "firstName": "Cy"},
        "paidAmount": paid,
        "lines": [line] if line_paid else [],
    }
    return put("otherInsurance", to=[other])


def another_payer(**said: object) -> Change:
    """Another payer that has not decided on the sum of the claim."""

    def change(record: Record) -> None:
        other_payer("0")(record)
        other = record["otherInsurance"][0]
        del other["paidAmount"], other["lines"]
        other.update(said)

    return change


_CROWD = [{"group": group, "reason": "45", "amount": "1"} for group in ["CO"] * 25 + ["PR"]]


def _two_primary(record: Record) -> None:
    another_payer()(record)
    record["otherInsurance"][0]["subscriber"]["payerResponsibility"] = "primary"


def add_line(**line: object) -> Change:
    def change(record: Record) -> None:
        record["procedures"].append({"fee": "60.00", "toothNumber": "9"} | line)

    return change


def history(*visits: tuple[str, str]) -> Change:
    """The episode: date or "=" for the day of the visit, and code."""

    def change(record: Record) -> None:
        record["episode"]["visits"] = [
            {"serviceDate": record["serviceDate"] if date == "=" else date, "code": code}
            for date, code in visits
        ]

    return change


def chart(field: str, to: object = None) -> Change:
    return put("clinical", field, to=to)


def film(field: str, to: object) -> Change:
    return put("clinical", "radiographs", 0, field, to=to)


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


def _born(years: int) -> Change:
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


def _tooth(number: str) -> Change:
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
ROWS: list[tuple[str, str, Change]] = [
    *(
        (rule, "D3352", chart(field))
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
    ("APX-DOC-CLINICAL", "D3352", put("clinical", to=None)),
    ("APX-DOC-FINDING", "D3351", chart("findings", [])),
    ("APX-DOC-FINDING", "D3351", chart("findings", [" "])),
    ("APX-DOC-MEDICAMENT", "D3351", chart("medicament", {"action": "placed"})),
    ("APX-DOC-RESPONSE", "D3353", chart("response", " ")),
    ("APX-DOC-PROGRESS", "D3352", film("date", "2026-05-01")),
    ("APX-DOC-PROGRESS", "D3353", film("date", "2026-05-01")),
    ("APX-DOC-CLOSURE", "D3353", film("finding", "Apex still open, no barrier")),
    ("APX-DOC-PULPTEST", "D3351", chart("pulpTests")),
    ("APX-DOC-FOLLOWUP", "D3351", chart("followUp")),
    ("APX-DOC-CLONED", "D3352", _cloned),
    ("APX-SEQ-START", "D3352", history()),
    ("APX-SEQ-START", "D3353", put("episode", to=None)),
    ("APX-SEQ-FIRST-AGAIN", "D3351", history(("2026-01-05", "D3351"))),
    ("APX-SEQ-CLOSING-AGAIN", "D3353", history(("2026-05-01", "D3351"), ("2026-06-03", "D3353"))),
    ("APX-SEQ-AFTER-CLOSING", "D3352", history(("2026-05-01", "D3351"), ("2026-05-20", "D3353"))),
    ("APX-SEQ-AFTER-CLOSING", "D3351", history(("2026-04-20", "D3353"))),
    ("APX-SEQ-SAME-DAY", "D3352", add_line(code="D3353")),
    ("APX-SEQ-HISTORY-ORDER", "D3353", history(("2026-06-02", "D3352"), ("2026-05-01", "D3351"))),
    ("APX-SEQ-HISTORY-REPEAT", "D3353", history(("2026-05-01", "D3351"), ("2026-05-01", "D3351"))),
    ("APX-SEQ-HISTORY-DATE", "D3352", history(("2026-05-01", "D3351"), ("=", "D3352"))),
    ("APX-SEQ-HISTORY-DATE", "D3352", history(("2026-05-01", "D3351"), ("2026-10-14", "D3352"))),
    ("APX-SEQ-EPISODE-TOOTH", "D3352", put("episode", "toothNumber", to="8")),
    ("APX-FREQ-QUANTITY", "D3352", put("procedures", 0, "quantity", to=2)),
    ("APX-FREQ-INTERVAL", "D3352", _soon),
    ("APX-FREQ-COUNT", "D3352", lambda record: None),
    ("APX-FREQ-LENGTH", "D3353", history(("2024-02-01", "D3351"))),
    ("APX-DX-FORM", "D3352", put("diagnoses", 0, to="K4.1")),
    ("APX-DX-POINTER", "D3352", put("procedures", 0, "diagnosisPointers", to=[1, 9])),
    ("APX-DX-FIT", "D3352", put("diagnoses", 0, to="K04.01")),
    ("APX-DX-FIT", "D3353", put("diagnoses", 0, to="K02.9")),
    ("APX-DX-HEADER", "D3352", put("diagnoses", 0, to="K04.0")),
    ("APX-DX-UNLISTED", "D3352", put("diagnoses", 0, to="K08.89")),
    ("APX-CODE-ROOT-CANAL", "D3353", add_line(code="D3310")),
    ("APX-CODE-ROOT-CANAL", "D3353", history(("2026-05-01", "D3351"), ("2026-05-20", "D3320"))),
    ("APX-CODE-REGENERATION", "D3352", add_line(code="D3355")),
    ("APX-CODE-REGENERATION", "D3352", history(("2026-05-01", "D3351"), ("2026-05-20", "D3356"))),
    *(
        ("APX-CODE-SAME-DAY", "D3352", add_line(code=code))
        for code in ("D3331", "D3110", "D3120", "D3220", "D3221", "D3222")
    ),
    ("APX-CODE-FORM", "D3352", add_line(code="D33X1")),
    ("APX-CODE-VITAL-BEFORE", "D3352", history(("2026-04-20", "D3222"), ("2026-05-01", "D3351"))),
    ("APX-TOOTH-MISSING", "D3352", put("procedures", 0, "toothNumber", to=None)),
    ("APX-TOOTH-SURFACE", "D3352", add_line(code="D2330", surfaces="M", toothNumber=None)),
    ("APX-TOOTH-FORM", "D3352", put("procedures", 0, "toothNumber", to="33")),
    ("APX-TOOTH-PRIMARY", "D3352", _tooth("E")),
    ("APX-TOOTH-PRIMARY", "D3352", _tooth("ES")),
    ("APX-TOOTH-OTHER-FILM", "D3352", film("toothNumber", "8")),
    (
        "APX-TOOTH-OTHER-TEST",
        "D3351",
        chart("pulpTests", [{"toothNumber": "8", "method": "cold", "result": "none"}]),
    ),
    ("APX-TOOTH-SUPERNUMERARY", "D3352", _tooth("59")),
    ("APX-TOOTH-THIRD-MOLAR", "D3352", _tooth("17")),
    ("APX-TOOTH-UNERUPTED", "D3352", _born(5)),
    ("APX-TOOTH-ADULT", "D3352", _born(26)),
    ("APX-AUTH-PRIOR", "D3352", lambda record: None),
    ("APX-DATE-FUTURE", "D3352", put("serviceDate", to="2026-12-24")),
    ("APX-DATE-BIRTH", "D3352", put("serviceDate", to="1999-12-24")),
    ("APX-DATE-ACCIDENT", "D3352", put("accident", "date", to="2026-10-14")),
    ("APX-DATE-FILM", "D3352", film("date", "2026-10-14")),
    ("APX-DATE-FILING", "D2330", _late),
    ("APX-DATE-MISSING", "D3352", put("serviceDate", to=None)),
    ("APX-PROV-NPI", "D3352", put("billingProvider", "npi", to="1234567890")),
    ("APX-PROV-TAXONOMY", "D3352", put("billingProvider", "taxonomyCode", to="1223E")),
    ("APX-PROV-TAXID", "D3352", put("billingProvider", "taxId", to="12-3456789")),
    ("APX-PROV-POSTAL", "D3352", put("billingProvider", "address", "postalCode", to="43215")),
    ("APX-PROV-BOX", "D3352", put("billingProvider", "address", "line1", to="PO Box 12")),
    ("APX-SUB-CLAIM-NUMBER", "D3352", put("claim", to={"frequency": "replacement"})),
    ("APX-SUB-CLAIM-NUMBER", "D3352", put("claim", to={"frequency": "void"})),
    ("APX-SUB-CHILD-AGE", "D2330", _grown_child),
    ("APX-CHG-FORM", "D3352", put("procedures", 0, "fee", to="215.005")),
    ("APX-CHG-NEGATIVE", "D3352", put("procedures", 0, "fee", to="-1")),
    ("APX-CHG-OTHER-LINE", "D3352", other_payer("100", line_paid="90")),
    ("APX-CHG-OTHER-PAYER", "D3352", other_payer("100")),
    ("APX-CHG-OTHER-FORM", "D3352", another_payer(remainingLiability=20.005)),
    ("APX-CHG-OTHER-ROOM", "D3352", another_payer(adjustments=_CROWD)),
    ("APX-SUB-ORDER", "D3352", _two_primary),
    ("APX-FMT-STATE", "D3352", put("patient", "address", "state", to="ZZ")),
    ("APX-CHG-ZERO", "D3352", put("procedures", 0, "fee", to="0.00")),
    ("APX-DUP-SERVICE", "D3352", add_line(code="D3352")),
    ("APX-ATT-UNLISTED", "D3352", film("attachmentId", "xr-9")),
    ("APX-ATT-ID", "D3352", _other_id),
    ("APX-ATT-CONTROL-NUMBER", "D3352", _other_number),
    ("APX-ATT-COUNT", "D3352", _eleven),
    ("APX-ATT-UNUSED", "D3352", film("attachmentId", None)),
    ("APX-ATT-NO-IMAGE", "D3352", put("attachments", 0, "type", to="report")),
    ("APX-FMT-NAME", "D3352", put("subscriber", "memberId", to="A*1")),
    ("APX-FMT-TEXT", "D3352", chart("history", "Fell: pulp died")),
]
