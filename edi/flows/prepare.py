"""Second stage, patient by patient: rules, narrative, paperwork, claim text; or a reject."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from edi.attachments.open import open_attachments
from edi.claim.body import Paperwork, claim_segments, line_control_number, total_charge
from edi.claim.codes import ELECTRONIC, ON_REQUEST, REPORT_TYPE
from edi.claim.interchange import END, ClaimText
from edi.claim.money import dollars
from edi.claim.number import attachment_number, patient_control_number
from edi.claim.parties import billing_segments, patient_segments, subscriber_segments
from edi.finding import Finding, Source, has_error
from edi.flows.examine import SEPARATOR, Reject, counted, findings_json, make_reject
from edi.flows.spool import Kept
from edi.narrative import Narrative, narrate
from edi.rules import DEFAULT, RULES, Profile, judge
from edi.visit.charset import clean_text
from edi.visit.facts import APEXIFICATION, Earlier, Facts, FileFact
from edi.visit.parse import reread
from edi.visit.record import Procedure, Visit

Service = tuple[str, str, str]  # code, tooth, date

NARRATIVE_ID = "narrative"
_MOST_PAPERWORK = 10
_LONGEST_DESCRIPTION = 80


class Ready(NamedTuple):
    """An accepted visit: its claim as text, the start of its payload (a JSON object without its closing brace),
    its charge in cents, what its findings count for, and these as JSON (b"" where there are none)."""

    text: ClaimText
    payload: bytes
    cents: int
    counts: tuple[tuple[str, str], ...]
    findings: bytes


class PrepareChunk(NamedTuple):
    """Records of whole patients, in date order; `clashing` are the numbers of those whose visitId another record had
    with other content; `profiles` by payer id, the default one for all others; `refused` have been rejected before."""

    records: tuple[Kept, ...]
    clashing: frozenset[int]
    as_of: str
    profiles: Mapping[str, Profile]
    refused: frozenset[int] = frozenset()


def prepare(chunk: PrepareChunk) -> list[tuple[int, Ready | Reject]]:
    """Judge and write each record of a chunk; results by the record's number."""
    results: list[tuple[int, Ready | Reject]] = []
    billing = _BillingText()
    patient = ""
    history: list[Earlier] = []
    services: set[Service] = set()
    for kept in chunk.records:
        visit: Visit = reread(kept.data)
        if (who := kept.key.rpartition(SEPARATOR)[0]) != patient:
            patient, history, services = who, [], set()
        if kept.number in chunk.refused:
            _remember(visit, history, accepted=False)
            continue
        facts = Facts(
            visit,
            as_of=chunk.as_of,
            earlier=history,
            files=open_attachments(kept.base, visit["attachments"]) if "attachments" in visit else None,
            same_id_other_content=kept.number in chunk.clashing,
            repeated_lines=[place for place, service in _services(visit) if service in services],
        )
        profile = chunk.profiles.get(visit["payer"]["payerId"], DEFAULT)
        result = _prepare(kept, visit, facts, profile, billing)
        results.append((kept.number, result))
        accepted = isinstance(result, Ready)
        if accepted:
            services.update(service for _, service in _services(visit))
        _remember(visit, history, accepted=accepted)
    return results


def _prepare(
    kept: Kept, visit: Visit, facts: Facts, profile: Profile, billing: _BillingText
) -> Ready | Reject:
    findings = judge(facts, profile)
    if findings and has_error(findings):
        return make_reject(Source(kept.file, kept.line), kept.data, findings, visit["visitId"])
    narrative = narrate(facts)
    control_number = patient_control_number(visit)
    attachments = _manifest(visit, control_number, facts.files or {})
    if narrative.overflow:
        if len(attachments) >= _MOST_PAPERWORK:
            return make_reject(
                Source(kept.file, kept.line), kept.data, [_no_room(visit), *findings], visit["visitId"]
            )
        attachments.append(_narrative_entry(visit, control_number, narrative))
    total = total_charge(visit)
    paperwork = [
        Paperwork(entry["reportType"], entry["transmission"], entry.get("controlNumber", ""))
        for entry in attachments
    ]
    descriptions = [_description(line, plain=facts.plain) for line in visit["procedures"]]
    body = claim_segments(visit, control_number, total, narrative.notes, paperwork, descriptions)
    text = ClaimText(
        kept.number,
        kept.key.partition(SEPARATOR)[0],
        visit.get("claim", {}).get("purpose") == "encounter",
        billing.of(visit),
        _ended(subscriber_segments(visit)),
        _ended(patient_segments(visit["patient"])) if "patient" in visit else "",
        _ended(body),
    )
    claim = visit.get("claim", {})
    payload = orjson.dumps(
        {
            "visitId": visit["visitId"],
            "patientControlNumber": control_number,
            "payerId": visit["payer"]["payerId"],
            "purpose": claim.get("purpose", "claim"),
            "frequency": claim.get("frequency", "original"),
            "totalCharge": f"{total:.2f}",
            "lines": _lines(visit, control_number),
            "narrative": _narrative_json(narrative),
            "attachments": attachments,
            "findings": [finding.as_json() for finding in findings],
        }
    )
    if not findings:
        return Ready(text, payload[:-1], int(total * 100), (), b"")
    noted = findings_json(Source(kept.file, kept.line), findings, visit["visitId"])
    return Ready(text, payload[:-1], int(total * 100), counted(findings), orjson.dumps(noted))


class _BillingText:
    """The billing loops as text; those of one practice follow each other, so the last text mostly serves again."""

    def __init__(self) -> None:
        self._made_of: tuple[object, object] = (None, None)
        self._text = ""

    def of(self, visit: Visit) -> str:
        made_of = (visit["billingProvider"], visit.get("payToAddress"))
        if made_of != self._made_of:
            self._text = _ended(billing_segments(visit))
            self._made_of = made_of
        return self._text


def _no_room(visit: Visit) -> Finding:
    rule = RULES["APX-ATT-COUNT"]
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity="error",
        message="The narrative is longer than the claim's notes can hold and must travel as an attachment, "
        f"but the claim has {_MOST_PAPERWORK} attachments already.",
        fix="Merge two attachments into one file, or give a narrative of at most 400 characters.",
        visit_id=visit["visitId"],
        path="/attachments",
    )


def _description(line: Procedure, *, plain: bool) -> str:
    """SV301-7. Spelling a character out can make a text longer than the element."""
    text = line.get("description", "")
    return text if plain or not text else clean_text(text)[:_LONGEST_DESCRIPTION].rstrip()


def _ended(segments: Sequence[str]) -> str:
    return END.join(segments) + END


def _lines(visit: Visit, control_number: str) -> list[dict[str, Any]]:
    date = visit.get("serviceDate")
    return [
        {
            "lineControlNumber": line_control_number(control_number, number),
            "code": line["code"],
            "toothNumber": line.get("toothNumber"),
            "fee": f"{dollars(line['fee']):.2f}",
            "quantity": line.get("quantity", 1),
            "serviceDate": line.get("serviceDate", date),
            "diagnosisPointers": line.get("diagnosisPointers", []),
        }
        for number, line in enumerate(visit["procedures"], start=1)
    ]


def _narrative_json(narrative: Narrative) -> dict[str, Any] | None:
    if not narrative.text:
        return None
    return {
        "text": narrative.text,
        "source": narrative.source,
        "notes": narrative.notes,
        "attachmentId": NARRATIVE_ID if narrative.overflow else None,
    }


def _manifest(visit: Visit, control_number: str, files: Mapping[str, FileFact]) -> list[dict[str, Any]]:
    """The payload's attachments: one entry for each PWK."""
    entries: list[dict[str, Any]] = []
    for attachment in visit.get("attachments", ()):
        transmission = attachment.get("transmission", ELECTRONIC)
        entry: dict[str, Any] = {"id": attachment["id"], "reportType": REPORT_TYPE[attachment["type"]]}
        if transmission != ON_REQUEST:
            entry["controlNumber"] = attachment.get("controlNumber") or attachment_number(
                visit, control_number, attachment["id"]
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


def _narrative_entry(visit: Visit, control_number: str, narrative: Narrative) -> dict[str, Any]:
    """The whole narrative as an attachment: its text is `narrative.text` of the payload."""
    octets = narrative.text.encode()
    return {
        "id": NARRATIVE_ID,
        "controlNumber": attachment_number(visit, control_number, NARRATIVE_ID),
        "reportType": REPORT_TYPE["narrative"],
        "transmission": ELECTRONIC,
        "mediaType": "text/plain",
        "bytes": len(octets),
        "sha256": hashlib.sha256(octets).hexdigest(),
    }


def _services(visit: Visit) -> Iterator[tuple[int, Service]]:
    """Each procedure on a tooth, with its place: what may not be billed twice. A plan of treatment bills nothing."""
    if visit.get("claim", {}).get("purpose") == "predetermination":
        return
    date = visit.get("serviceDate", "")
    for place, line in enumerate(visit["procedures"]):
        if "toothNumber" in line:
            yield place, (line["code"], line["toothNumber"], line.get("serviceDate", date))


def _remember(visit: Visit, history: list[Earlier], *, accepted: bool) -> None:
    """What this visit adds to the patient's history in the run. Of a rejected one only its place in a course of
    apexification counts: a later visit is not at fault for what else was wrong with it."""
    if visit.get("claim", {}).get("frequency") == "void":
        return
    rationale = visit.get("clinical", {}).get("rationale")
    history.extend(
        Earlier(date, code, tooth, rationale)
        for _, (code, tooth, date) in _services(visit)
        if accepted or code in APEXIFICATION
    )
