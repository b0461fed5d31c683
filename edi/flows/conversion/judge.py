"""Second stage, patient by patient: each record becomes a claim or a reject, or is unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.finding import has_error
from edi.flows.conversion.comparison import ChunkPrior, chunk_prior, compare
from edi.flows.conversion.history import PatientHistory
from edi.flows.conversion.prepare import ClaimPreparer, PreparedClaim
from edi.flows.conversion.read import CHUNK
from edi.flows.conversion.record_store import RecordStore, StoredRecord
from edi.flows.conversion.reject import Reject, make_reject, record_reject
from edi.flows.conversion.run import Run
from edi.flows.conversion.run_context import RunContext
from edi.flows.conversion.run_report import RunReport
from edi.flows.conversion.visit_case import VisitCase, make_case
from edi.rules import apply_rules
from edi.visit.parse import reread
from edi.visit.record import Visit

Outcome = PreparedClaim | Reject | None
"""None: the ledger has the claim of this visit already, unchanged."""


class JudgeChunk(NamedTuple):
    """Records of whole patients, in date order. `repeated_ids` and `defective` are numbers of records: those whose visitId another
    record has with other content, and those that were rejected in an earlier pass. `prior` is what the ledger knows of
    them."""

    records: tuple[StoredRecord, ...]
    repeated_ids: frozenset[int]
    defective: frozenset[int]
    prior: ChunkPrior | None
    context: RunContext


def judge_records(run: Run, report: RunReport, defective: frozenset[int]) -> Iterator[PreparedClaim]:
    """The claims of the accepted visits, in the order they are written; rejects and warnings go to the record store."""
    repeated_ids, same = run.store.repeated_ids()
    report.unchanged = len(same)

    def chunks() -> Iterator[JudgeChunk]:
        for records in _patient_chunks(run.store, without=same):
            repeated = repeated_ids.intersection(each.number for each in records)
            yield JudgeChunk(records, repeated, defective, chunk_prior(run.session, records), run.context)

    for outcomes in run.pool.map(judge_chunk, chunks()):
        for number, outcome in outcomes:
            if isinstance(outcome, PreparedClaim):
                report.accepted += 1
                report.cents += outcome.cents
                report.count(outcome.counts)
                if outcome.findings:
                    run.store.set_outcome(number, outcome.findings, rejected=False)
                yield outcome
            elif outcome:
                record_reject(number, outcome, run.store, report)
            else:
                report.unchanged += 1
        run.job.progress("visits judged", report.accepted + report.rejected + report.unchanged)


def judge_chunk(chunk: JudgeChunk) -> list[tuple[int, Outcome]]:
    """The outcome of each record of a chunk, by the record's number."""
    prior = chunk.prior
    preparer = ClaimPreparer(chunk.context, prior.key if prior else None)
    outcomes: list[tuple[int, Outcome]] = []
    history_key, history = "", PatientHistory()
    for record in chunk.records:
        if record.history_key != history_key:
            history_key = record.history_key
            history = PatientHistory(prior.services.get(record.patient, ()) if prior else ())
        visit: Visit = reread(record.data, exact=record.exact)
        if record.number in chunk.defective:
            history.add(visit, accepted=False)
            continue
        comparison = compare(prior, record, visit) if prior else None
        if comparison and comparison.unchanged:
            outcomes.append((record.number, None))
            continue
        repeated_id = record.number in chunk.repeated_ids
        case = make_case(record, visit, comparison, history, chunk.context, repeated_id=repeated_id)
        outcome = _judge(case, preparer)
        outcomes.append((record.number, outcome))
        history.add(visit, accepted=isinstance(outcome, PreparedClaim))
    return outcomes


def _judge(case: VisitCase, preparer: ClaimPreparer) -> PreparedClaim | Reject:
    findings = apply_rules(case.facts, case.profile)
    claim = findings if has_error(findings) else preparer.prepare(case, findings)
    if isinstance(claim, PreparedClaim):
        return claim
    return make_reject(case.record.source, case.record.data, claim, case.visit["visitId"])


def _patient_chunks(store: RecordStore, *, without: frozenset[int]) -> Iterator[tuple[StoredRecord, ...]]:
    """Chunks that never part the records of one patient."""
    chunk: list[StoredRecord] = []
    for records in store.by_patient():
        if len(chunk) >= CHUNK:
            yield tuple(chunk)
            chunk = []
        chunk += [each for each in records if each.number not in without]
    if chunk:
        yield tuple(chunk)
