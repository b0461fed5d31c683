"""The two stages that convert and check share: examine every record, then prepare patient by patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import orjson

from edi.flows.conversion.examine import ExamineChunk, Passed, Reject, examine
from edi.flows.conversion.prepare import PrepareChunk, Ready, Unchanged, prepare
from edi.flows.conversion.record_store import RecordStore, StoredRecord
from edi.flows.conversion.run_context import RunContext
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.flows.ledger_session import Session
from edi.flows.pool import Pool
from edi.visit.identity import SEPARATOR
from edi.visit.intake import RawRecord, Unreadable, read_inputs

_CHUNK = 250


def gather(job: Job, store: RecordStore, pool: Pool, report: RunReport) -> None:
    """First stage: every record of the inputs into the store, as kept or as rejected."""
    waiting: list[tuple[RawRecord, ...]] = []

    def chunks() -> Iterator[ExamineChunk]:
        for records in _chunked(_readable(job, report)):
            waiting.append(records)
            yield ExamineChunk(records, job.settings)

    for results in pool.map(examine, chunks()):
        records = waiting.pop(0)
        kept = []
        for raw, result in zip(records, results, strict=True):
            report.visits += 1
            if isinstance(result, Passed):
                source = raw.source
                kept.append(
                    StoredRecord(report.visits, *result, source.file, source.line, raw.base, raw.data)
                )
            else:
                _refuse(report.visits, result, store, report)
        store.add(kept)
        job.progress("visits read", report.visits)


def ready(
    job: Job,
    store: RecordStore,
    pool: Pool,
    report: RunReport,
    context: RunContext,
    refused: frozenset[int],
    session: Session,
) -> Iterator[Ready]:
    """Second stage: the accepted visits in the order they are written. Rejects go to the store; records
    in `refused` have been rejected already, and only their history counts."""
    clashing, same = _repeats(store)
    report.unchanged = len(same)

    def chunks() -> Iterator[PrepareChunk]:
        for records in _patients(kept for kept in store.in_claim_order() if kept.number not in same):
            numbers = clashing.intersection(kept.number for kept in records) if clashing else clashing
            yield PrepareChunk(records, numbers, context, refused, session.of(records))

    for results in pool.map(prepare, chunks()):
        for number, result in results:
            if isinstance(result, Ready):
                report.accepted += 1
                report.cents += result.cents
                if result.findings:
                    report.count(result.counts)
                    store.set_outcome(number, result.findings, rejected=False)
                yield result
            elif isinstance(result, Unchanged):
                report.unchanged += 1
            else:
                _refuse(number, result, store, report)
        job.progress("visits judged", report.accepted + report.rejected + report.unchanged)


def _refuse(number: int, reject: Reject, store: RecordStore, report: RunReport) -> None:
    report.rejected += 1
    report.count(reject.counts)
    store.set_outcome(number, reject.line, rejected=True)


def _readable(job: Job, report: RunReport) -> Iterator[RawRecord]:
    items = read_inputs(
        job.inputs, format=job.format, columns=job.columns, stdin=job.stdin, leave_out=job.leave_out
    )
    for item in items:
        if isinstance(item, Unreadable):
            report.unreadable.append((item.file, item.message))
        else:
            yield item


def _chunked(records: Iterable[RawRecord]) -> Iterator[tuple[RawRecord, ...]]:
    chunk: list[RawRecord] = []
    for record in records:
        chunk.append(record)
        if len(chunk) == _CHUNK:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)


def _patients(records: Iterable[StoredRecord]) -> Iterator[tuple[StoredRecord, ...]]:
    """Chunks that never part the records of one patient."""
    chunk: list[StoredRecord] = []
    for _, group in groupby(records, key=lambda kept: kept.key.rpartition(SEPARATOR)[0]):
        if len(chunk) >= _CHUNK:
            yield tuple(chunk)
            chunk = []
        chunk.extend(group)
    if chunk:
        yield tuple(chunk)


def _repeats(store: RecordStore) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of the records whose visitId came before: with other content, and with the same."""
    clashing: set[int] = set()
    same: set[int] = set()
    for _, records in groupby(store.repeats(), key=lambda each: each.identity):
        before: set[bytes] = set()
        for each in records:
            content = _sorted(each.data)
            if content in before:
                same.add(each.number)
            elif before:
                clashing.add(each.number)
            before.add(content)
    return frozenset(clashing), frozenset(same)


def _sorted(data: bytes) -> bytes:
    return orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)
