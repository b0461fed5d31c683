"""Second stage, patient by patient: rules, narrative, paperwork, claim text; or a reject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import orjson

from edi.attachments.open import open_attachments
from edi.claim.body import Paperwork, claim_segments, total_charge
from edi.claim.interchange import END, ClaimText
from edi.claim.number import patient_control_number
from edi.claim.parties import billing_segments, patient_segments, subscriber_segments
from edi.finding import Finding, Source, has_error
from edi.flows.examine import SEPARATOR, Reject, counted, findings_json, make_reject
from edi.flows.history import History
from edi.flows.payload import manifest, narrative_entry, payload_start
from edi.flows.spool import Kept
from edi.narrative import narrate
from edi.rules import DEFAULT, RULES, Profile, judge
from edi.visit.charset import clean_text
from edi.visit.facts import Facts
from edi.visit.parse import reread
from edi.visit.record import Procedure, Visit

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
    history = History()
    for kept in chunk.records:
        visit: Visit = reread(kept.data, exact=kept.exact)
        if (who := kept.key.rpartition(SEPARATOR)[0]) != patient:
            patient, history = who, History()
        if kept.number in chunk.refused:
            history.add(visit, accepted=False)
            continue
        facts = Facts(
            visit,
            as_of=chunk.as_of,
            earlier=history.earlier,
            files=open_attachments(kept.base, visit["attachments"]) if "attachments" in visit else None,
            same_id_other_content=kept.number in chunk.clashing,
            repeated_lines=history.repeated(visit),
            plain=bool(kept.plain) if kept.exact else None,
        )
        profile = chunk.profiles.get(visit["payer"]["payerId"], DEFAULT)
        result = _prepare(kept, visit, facts, profile, billing)
        results.append((kept.number, result))
        history.add(visit, accepted=isinstance(result, Ready))
    return results


def _prepare(
    kept: Kept, visit: Visit, facts: Facts, profile: Profile, billing: _BillingText
) -> Ready | Reject:
    findings = judge(facts, profile)
    if findings and has_error(findings):
        return make_reject(Source(kept.file, kept.line), kept.data, findings, visit["visitId"])
    narrative = narrate(facts)
    control_number = patient_control_number(visit)
    attachments = manifest(visit, control_number, facts.files or {})
    if narrative.overflow:
        if len(attachments) >= profile.attachments:
            return make_reject(
                Source(kept.file, kept.line),
                kept.data,
                [_no_room(visit, len(attachments)), *findings],
                visit["visitId"],
            )
        attachments.append(narrative_entry(visit, control_number, narrative))
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
    payload = payload_start(visit, control_number, total, narrative, attachments, findings)
    if not findings:
        return Ready(text, payload, int(total * 100), (), b"")
    noted = findings_json(Source(kept.file, kept.line), findings, visit["visitId"])
    return Ready(text, payload, int(total * 100), counted(findings), orjson.dumps(noted))


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


def _no_room(visit: Visit, count: int) -> Finding:
    rule = RULES["APX-ATT-COUNT"]
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity="error",
        message="The narrative is longer than the claim's notes can hold and must travel as an attachment, "
        f"but the claim has {count} attachments already, as many as it may have.",
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
