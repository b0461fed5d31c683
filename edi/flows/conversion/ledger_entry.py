"""Ledger entries: what the ledger keeps of a claim."""

from __future__ import annotations

from edi.flows.conversion.visit_case import ClaimDraft, VisitCase
from edi.ledger.entry import ClaimEntry
from edi.ledger.keys import patient_hash, practice_hash
from edi.visit.identity import SEPARATOR
from edi.visit.money import dollars
from edi.visit.tooth import only_tooth


def ledger_entry(case: VisitCase, draft: ClaimDraft, key: bytes | None) -> bytes:
    """The entry of a claim as `edi.ledger.pending` takes it; b"" without a ledger. `key` is the ledger's."""
    if key is None or case.prior is None:
        return b""
    visit = case.visit
    claim = visit.get("claim", {})
    practice, _, visit_id = case.record.identity.partition(SEPARATOR)
    date = visit.get("serviceDate")
    return ClaimEntry(
        practice=practice_hash(key, practice),
        visit_id=visit_id,
        generation=case.prior.generation,
        repeated_id=case.repeated_id,
        purpose=claim.get("purpose", "claim"),
        frequency=claim.get("frequency", "original"),
        patient=patient_hash(key, case.record.patient),
        payer_id=visit["payer"]["payerId"],
        control_number=draft.control_number,
        corrects=case.prior.corrects,
        corrects_number=claim.get("payerClaimControlNumber"),
        service_date=date,
        cents=int(draft.total * 100),
        fingerprint=case.prior.fingerprint.hex(),
        lines=[
            (
                line["code"],
                only_tooth(line),
                line.get("serviceDate", date),
                int(dollars(line["fee"]) * 100),
                line.get("quantity", 1),
            )
            for line in visit["procedures"]
        ],
        attachments=[entry["controlNumber"] for entry in draft.attachments if "controlNumber" in entry],
        episode_visits=case.episode_visits,
    ).dump()
