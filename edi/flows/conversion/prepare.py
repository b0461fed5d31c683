"""Second stage, patient by patient: rules, narrative, paperwork, claim text; or a reject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import orjson

from edi.attachments.files import examine_files
from edi.attachments.writer import Rendered
from edi.claim.body import Paperwork, claim_segments, total_charge
from edi.claim.interchange import ClaimText
from edi.claim.number import patient_control_number
from edi.claim.parties import billing_segments, patient_segments, subscriber_segments
from edi.finding import Finding, Source, has_error
from edi.flows.attachment_renderer import AttachmentRenderer, Files
from edi.flows.conversion.examine import Reject, counted, findings_json, make_reject
from edi.flows.conversion.history import History
from edi.flows.conversion.payload import manifest, narrative_entry, payload_start
from edi.flows.conversion.record_store import StoredRecord
from edi.flows.conversion.run_context import RunContext
from edi.flows.prior_claims import ChunkHistory, Keep, compare, patient_key_of, with_payer_number
from edi.narrative import narrate
from edi.rules import DEFAULT, RULES, Profile, apply_rules
from edi.visit.charset import clean_text
from edi.visit.facts import Facts
from edi.visit.identity import SEPARATOR
from edi.visit.parse import reread
from edi.visit.record import Procedure, Visit
from edi.x12.envelope import END

_LONGEST_DESCRIPTION = 80


class Ready(NamedTuple):
    """An accepted visit: its claim as text, the start of its payload (a JSON object without its closing brace),
    its charge in cents, what its findings count for, these as JSON (b"" where there are none), what the ledger
    keeps of it (b"" without one), and its attachments where some travel."""

    text: ClaimText
    payload: bytes
    cents: int
    counts: tuple[tuple[str, str], ...]
    findings: bytes
    entry: bytes
    attachments: Rendered | None


class Unchanged(NamedTuple):
    """A visit that is a claim already, as it stands."""


class PrepareChunk(NamedTuple):
    """Records of whole patients, in date order; `clashing` are the numbers of those whose visitId another record had
    with other content; `refused` have been rejected before;
    `context` are the same for the whole run; `session` is what the ledger knows of them."""

    records: tuple[StoredRecord, ...]
    clashing: frozenset[int]
    context: RunContext
    refused: frozenset[int] = frozenset()
    session: ChunkHistory | None = None


def prepare(chunk: PrepareChunk) -> list[tuple[int, Ready | Reject | Unchanged]]:
    """Judge and write each record of a chunk; results by the record's number."""
    results: list[tuple[int, Ready | Reject | Unchanged]] = []
    billing = _BillingText()
    renderer = AttachmentRenderer(chunk.context.documents)
    patient = ""
    history = History()
    session, context = chunk.session, chunk.context
    for kept in chunk.records:
        exact = kept.exact
        visit: Visit = reread(kept.data, exact=exact)
        if (who := kept.key.rpartition(SEPARATOR)[0]) != patient:
            patient, history = who, History(session.past.get(patient_key_of(kept.key), ()) if session else ())
        if kept.number in chunk.refused:
            history.add(visit, accepted=False)
            continue
        stands = compare(session, kept.number, visit) if session else None
        if stands is not None:
            if stands.unchanged:
                results.append((kept.number, Unchanged()))
                continue
            completed = with_payer_number(visit, stands.payer_number)
            exact, visit = exact and completed is visit, completed
        profile = context.profiles.get(visit["payer"]["payerId"], DEFAULT)
        fit = profile.attachment_bytes if context.fit_images else None
        facts = Facts(
            visit,
            as_of=context.as_of,
            earlier=history.earlier(visit),
            files=examine_files(kept.base, visit["attachments"], fit) if "attachments" in visit else None,
            same_id_other_content=kept.number in chunk.clashing,
            sent_otherwise=stands.differs if stands else (),
            repeated_lines=history.repeated(visit),
            plain=kept.plain if exact else None,
        )
        keep = None
        if session is not None and stands is not None:
            again = kept.number in chunk.clashing
            keep = Keep(
                session.key,
                patient_key_of(kept.key),
                kept.identity,
                stands,
                history.new_episode_visits(visit),
                again,
            )
        result = _prepare(kept, visit, facts, profile, billing, renderer, context, keep, fit)
        results.append((kept.number, result))
        history.add(visit, accepted=isinstance(result, Ready))
    return results


def _prepare(
    kept: StoredRecord,
    visit: Visit,
    facts: Facts,
    profile: Profile,
    billing: _BillingText,
    renderer: AttachmentRenderer,
    context: RunContext,
    keep: Keep | None,
    fit: int | None,
) -> Ready | Reject:
    findings = apply_rules(facts, profile)
    if findings and has_error(findings):
        return make_reject(Source(kept.file, kept.line), kept.data, findings, visit["visitId"])
    narrative = narrate(facts)
    number = keep.compare.number if keep else None
    control_number = patient_control_number(visit, number)
    attachments = manifest(visit, control_number, facts.files or {}, number)
    receiver = kept.key.partition(SEPARATOR)[0]
    record = None
    if narrative.overflow:
        if len(attachments) >= profile.attachments:
            return make_reject(
                Source(kept.file, kept.line),
                kept.data,
                [_no_room(visit, len(attachments)), *findings],
                visit["visitId"],
            )
        record = renderer.record(visit, narrative.text, receiver)
        attachments.append(narrative_entry(visit, control_number, narrative, record, number))
    total = total_charge(visit)
    paperwork = [
        Paperwork(entry["reportType"], entry["transmission"], entry.get("controlNumber", ""))
        for entry in attachments
    ]
    descriptions = [_description(line, plain=facts.plain) for line in visit["procedures"]]
    body = claim_segments(visit, control_number, total, narrative.notes, paperwork, descriptions)
    text = ClaimText(
        kept.number,
        receiver,
        visit.get("claim", {}).get("purpose") == "encounter",
        billing.of(visit),
        _ended(subscriber_segments(visit)),
        _ended(patient_segments(visit["patient"])) if "patient" in visit else "",
        _ended(body),
    )
    if overlays := context.overlays:
        payer_id = visit["payer"]["payerId"]
        refused = overlays.refuse(text, payer_id)
        if refused:
            findings = [*(replace(each, visit_id=visit["visitId"]) for each in refused), *findings]
            return make_reject(Source(kept.file, kept.line), kept.data, findings, visit["visitId"])
        text = overlays.apart(text, payer_id)
    rendered = None
    if attachments:
        source = Files(kept.base, facts.files or {}, fit)
        rendered = renderer.render(visit, control_number, attachments, source, record, receiver)
    origin = Source(kept.file, kept.line)
    payload = payload_start(origin, visit, control_number, total, narrative, attachments, findings)
    entry = keep.entry(visit, control_number, total, attachments) if keep else b""
    if not findings:
        return Ready(text, payload, int(total * 100), (), b"", entry, rendered)
    noted = findings_json(origin, findings, visit["visitId"])
    return Ready(text, payload, int(total * 100), counted(findings), orjson.dumps(noted), entry, rendered)


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
