"""Payloads: lines of claims.ndjson, without the place of the claim in its file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson

from edi.attachments.packaging import Package
from edi.claim.claim_loop import line_control_number
from edi.claim.codes import ELECTRONIC, ON_REQUEST, REPORT_TYPE
from edi.claim.number import attachment_number
from edi.finding import Finding
from edi.flows.conversion.visit_case import ClaimDraft, VisitCase
from edi.narrative import Narrative
from edi.visit.money import dollars, two_places
from edi.visit.record import Visit
from edi.visit.tooth import treated_teeth

_NARRATIVE_ID = "narrative"


def payload_start(case: VisitCase, draft: ClaimDraft, findings: Sequence[Finding]) -> bytes:
    """A JSON object without its closing brace: `interchange` and `segments` follow when the claim is written."""
    visit, claim = case.visit, case.visit.get("claim", {})
    return orjson.dumps(
        {
            "visitId": visit["visitId"],
            "source": {"file": case.record.file, "line": case.record.line},
            "patientControlNumber": draft.control_number,
            "payerId": visit["payer"]["payerId"],
            "purpose": claim.get("purpose", "claim"),
            "frequency": claim.get("frequency", "original"),
            "totalCharge": two_places(draft.total),
            "lines": _lines(visit, draft.control_number),
            "narrative": _narrative(draft.narrative),
            "attachments": draft.attachments,
            "findings": [finding.as_json() for finding in findings],
        }
    )[:-1]


def attachment_entries(case: VisitCase, control_number: str) -> list[dict[str, Any]]:
    """The payload's attachments: one entry for each PWK."""
    entries: list[dict[str, Any]] = []
    for attachment in case.visit.get("attachments", ()):
        transmission = attachment.get("transmission", ELECTRONIC)
        entry: dict[str, Any] = {"id": attachment["id"], "reportType": REPORT_TYPE[attachment["type"]]}
        if transmission != ON_REQUEST:
            entry["controlNumber"] = attachment.get("controlNumber") or attachment_number(
                case.visit, control_number, attachment["id"], case.number
            )
        entry["transmission"] = transmission
        fact = case.files.get(attachment["id"])
        if fact is not None:
            entry |= {
                "file": attachment["file"],
                "mediaType": fact.media_type,
                "bytes": fact.size,
                "sha256": fact.sha256,
            }
        entries.append(entry)
    return entries


def narrative_entry(
    case: VisitCase, control_number: str, narrative: Narrative, clinical_record: Package | None
) -> dict[str, Any]:
    """The entry of the whole narrative: in the clinical record of the visit where that is sent, else its text, which is
    `narrative.text` of the payload."""
    media_type, octets = "text/plain", narrative.text.encode()
    if clinical_record is not None:
        media_type, octets = clinical_record.media_type, b"".join(clinical_record.content.chunks())
    return {
        "id": _NARRATIVE_ID,
        "controlNumber": attachment_number(case.visit, control_number, _NARRATIVE_ID, case.number),
        "reportType": REPORT_TYPE["narrative"],
        "transmission": ELECTRONIC,
        "mediaType": media_type,
        "bytes": len(octets),
        "sha256": hashlib.sha256(octets).hexdigest(),
    }


def _lines(visit: Visit, control_number: str) -> list[dict[str, Any]]:
    date = visit.get("serviceDate")
    return [
        {
            "lineControlNumber": line_control_number(control_number, number),
            "code": line["code"],
            "toothNumber": line.get("toothNumber"),
            **({"teeth": [tooth for tooth, *_ in treated_teeth(line)]} if "teeth" in line else {}),
            **({"modifiers": line["modifiers"]} if line.get("modifiers") else {}),
            "fee": two_places(dollars(line["fee"])),
            "quantity": line.get("quantity", 1),
            "serviceDate": line.get("serviceDate", date),
            "diagnosisPointers": line.get("diagnosisPointers", []),
        }
        for number, line in enumerate(visit["procedures"], start=1)
    ]


def _narrative(narrative: Narrative) -> dict[str, Any] | None:
    if not narrative.text:
        return None
    return {
        "text": narrative.text,
        "source": narrative.source,
        "notes": narrative.notes,
        "attachmentId": _NARRATIVE_ID if narrative.overflow else None,
    }
