"""A visit that no rule refuses becomes a claim: narrative, paperwork, claim text, attachments, payload."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import orjson

from edi.attachments.writer import Rendered
from edi.claim.claim_loop import claim_text, total_charge
from edi.claim.interchange import ClaimText
from edi.claim.number import patient_control_number
from edi.claim.parties import billing_text, patient_text, subscriber_text
from edi.finding import Finding
from edi.flows.conversion.attachment_renderer import AttachmentRenderer
from edi.flows.conversion.ledger_entry import ledger_entry
from edi.flows.conversion.payload import attachment_entries, narrative_entry, payload_start
from edi.flows.conversion.reject import counts_of, findings_json
from edi.flows.conversion.run_context import RunContext
from edi.flows.conversion.run_report import Counts
from edi.flows.conversion.visit_case import ClaimDraft, VisitCase
from edi.flows.kept_line import kept_source
from edi.narrative import narrate
from edi.rules import RULES
from edi.visit.record import Visit


class PreparedClaim(NamedTuple):
    """An accepted visit: its claim as text, the start of its payload (a JSON object without its closing brace), its charge in
    cents, the warnings on it as counts and as JSON (b"" where there are none), what the ledger keeps of it and
    what is kept beside it of the record (b"" without a ledger), and its attachments where some are sent."""

    text: ClaimText
    payload: bytes
    cents: int
    counts: Counts
    findings: bytes
    ledger_entry: bytes
    kept_source: bytes
    attachments: Rendered | None


class ClaimPreparer:
    """Prepares claims one after the other. `ledger_key` is None without a ledger."""

    def __init__(self, context: RunContext, ledger_key: bytes | None) -> None:
        self._context = context
        self._ledger_key = ledger_key
        self._renderer = AttachmentRenderer(context.documents)
        self._billing = _BillingText()

    def prepare(self, case: VisitCase, findings: list[Finding]) -> PreparedClaim | list[Finding]:
        """The claim of a visit; `findings` are the warnings on it. Or all findings, where the claim cannot be written or its
        payer's overlay refuses it."""
        visit, record = case.visit, case.record
        narrative = narrate(case.facts)
        control_number = patient_control_number(visit, case.number)
        entries = attachment_entries(case, control_number)
        clinical_record = None
        if narrative.overflow:
            if len(entries) >= case.profile.attachments:
                return [_no_room(visit, len(entries)), *findings]
            clinical_record = self._renderer.clinical_record(visit, narrative.text, record.receiver)
            entries.append(narrative_entry(case, control_number, narrative, clinical_record))
        draft = ClaimDraft(control_number, total_charge(visit), narrative, entries)
        text = self._text(case, draft)
        if overlays := self._context.overlays:
            payer_id = visit["payer"]["payerId"]
            if refused := overlays.refuse(text, payer_id):
                return [*(replace(each, visit_id=visit["visitId"]) for each in refused), *findings]
            text = overlays.apart(text, payer_id)
        # Before the payload: it numbers the entries that are sent.
        rendered = self._renderer.render(case, draft, clinical_record) if entries else None
        return PreparedClaim(
            text,
            payload_start(case, draft, findings),
            int(draft.total * 100),
            counts_of(findings),
            orjson.dumps(findings_json(record.source, findings, visit["visitId"])) if findings else b"",
            ledger_entry(case, draft, self._ledger_key),
            kept_source(visit, record.base) if self._ledger_key is not None else b"",
            rendered,
        )

    def _text(self, case: VisitCase, draft: ClaimDraft) -> ClaimText:
        visit = case.visit
        # The narrative follows the visit's own attachments.
        types = [*(each["type"] for each in visit.get("attachments", ())), "narrative"]
        attachments = [{**entry, "type": each} for entry, each in zip(draft.attachments, types, strict=False)]
        return ClaimText(
            case.record.number,
            case.record.receiver,
            visit.get("claim", {}).get("purpose") == "encounter",
            self._billing.of(visit),
            subscriber_text(visit),
            patient_text(visit) if "patient" in visit else "",
            claim_text(visit, draft.control_number, draft.total, draft.narrative.notes, attachments),
        )


class _BillingText:
    """The billing loops as text. Visits of one practice follow each other, so the last text mostly serves again."""

    def __init__(self) -> None:
        self._made_of: tuple[object, object] = (None, None)
        self._text = ""

    def of(self, visit: Visit) -> str:
        made_of = (visit["billingProvider"], visit.get("payToAddress"))
        if made_of != self._made_of:
            self._text = billing_text(visit)
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
