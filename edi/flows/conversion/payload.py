"""What claims.ndjson says of an accepted visit, all but where its claim was written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from edi.attachments.packaging import Package
from edi.claim.body import line_control_number
from edi.claim.codes import ELECTRONIC, ON_REQUEST, REPORT_TYPE
from edi.claim.number import attachment_number
from edi.finding import Finding, Source
from edi.narrative import Narrative
from edi.visit.facts import FileFact
from edi.visit.money import dollars, two_places
from edi.visit.record import Visit

_NARRATIVE_ID = "narrative"


def payload_start(
    source: Source,
    visit: Visit,
    control_number: str,
    total: Decimal,
    narrative: Narrative,
    attachments: Sequence[Mapping[str, Any]],
    findings: Sequence[Finding],
) -> bytes:
    """A JSON object without its closing brace: `interchange` and `segments` follow when the claim is written."""
    claim = visit.get("claim", {})
    return orjson.dumps(
        {
            "visitId": visit["visitId"],
            "source": {"file": source.file, "line": source.line},
            "patientControlNumber": control_number,
            "payerId": visit["payer"]["payerId"],
            "purpose": claim.get("purpose", "claim"),
            "frequency": claim.get("frequency", "original"),
            "totalCharge": two_places(total),
            "lines": _lines(visit, control_number),
            "narrative": _narrative(narrative),
            "attachments": attachments,
            "findings": [finding.as_json() for finding in findings],
        }
    )[:-1]


def manifest(
    visit: Visit, control_number: str, files: Mapping[str, FileFact], number: int | None = None
) -> list[dict[str, Any]]:
    """The payload's attachments: one entry for each PWK; `number` is the ledger's for this claim."""
    entries: list[dict[str, Any]] = []
    for attachment in visit.get("attachments", ()):
        transmission = attachment.get("transmission", ELECTRONIC)
        entry: dict[str, Any] = {"id": attachment["id"], "reportType": REPORT_TYPE[attachment["type"]]}
        if transmission != ON_REQUEST:
            entry["controlNumber"] = attachment.get("controlNumber") or attachment_number(
                visit, control_number, attachment["id"], number
            )
        entry["transmission"] = transmission
        fact = files.get(attachment["id"])
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
    visit: Visit, control_number: str, narrative: Narrative, record: Package | None, number: int | None = None
) -> dict[str, Any]:
    """The whole narrative as an attachment: in the clinical record of the visit where that is sent, else its text,
    which is `narrative.text` of the payload."""
    media_type, octets = "text/plain", narrative.text.encode()
    if record is not None:
        media_type, octets = record.media_type, b"".join(record.content.chunks())
    return {
        "id": _NARRATIVE_ID,
        "controlNumber": attachment_number(visit, control_number, _NARRATIVE_ID, number),
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
