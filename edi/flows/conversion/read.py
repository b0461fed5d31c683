"""First stage: the records of the inputs, checked by the schema, go into the record store or are rejected."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from edi.finding import Finding
from edi.flows.conversion.record_store import RecordStore, StoredRecord
from edi.flows.conversion.reject import Reject, make_reject, record_reject
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.flows.pool import Pool
from edi.settings import Settings
from edi.visit.identity import SEPARATOR, patient_of, visit_of
from edi.visit.intake import RawRecord, Unreadable, read_inputs
from edi.visit.parse import Parsed, parse_closely
from edi.visit.schema import explain, is_valid, usable_id

CHUNK = 250
_ROUTE = "APX-FORMAT-ROUTE"


class Passed(NamedTuple):
    """Of a record that passes the schema: what `StoredRecord` has under the same names."""

    key: str
    identity: str
    exact: bool
    plain: bool


class ReadChunk(NamedTuple):
    """Raw records, and the settings that name their receivers."""

    records: tuple[RawRecord, ...]
    settings: Settings


def read_records(job: Job, store: RecordStore, pool: Pool, report: RunReport) -> None:
    """Store every record of the inputs, or its reject."""
    waiting: list[tuple[RawRecord, ...]] = []

    def chunks() -> Iterator[ReadChunk]:
        raw_records = _raw_records(job, report)
        while records := tuple(islice(raw_records, CHUNK)):
            waiting.append(records)
            yield ReadChunk(records, job.settings)

    for results in pool.map(check_chunk, chunks()):
        passed = []
        for raw, result in zip(waiting.pop(0), results, strict=True):
            report.visits += 1
            if isinstance(result, Passed):
                passed.append(
                    StoredRecord(report.visits, *result, raw.source.file, raw.source.line, raw.base, raw.data)
                )
            else:
                record_reject(report.visits, result, store, report)
        store.add(passed)
        job.progress("visits read", report.visits)


def check_chunk(chunk: ReadChunk) -> list[Passed | Reject]:
    """Check each record by the schema, and find its receiver."""
    return [_check(raw, chunk.settings) for raw in chunk.records]


def _check(raw: RawRecord, settings: Settings) -> Passed | Reject:
    parsed = parse_closely(raw.data) if raw.finding is None else Parsed(None, raw.finding)
    record, findings = parsed.record, [parsed.finding] if parsed.finding else []
    if not findings and not is_valid(record):
        findings = explain(record)
    receiver = None if findings else _receiver(settings, record["payer"]["payerId"])
    if receiver is not None:
        key = SEPARATOR.join((receiver, patient_of(record), _first_day(record)))
        return Passed(key, visit_of(record), parsed.exact, parsed.plain)
    visit_id = parsed.finding.visit_id if parsed.finding else usable_id(record)
    return make_reject(raw.source, raw.data, findings or [_no_receiver(record["visitId"])], visit_id)


def _first_day(record: dict[str, Any]) -> str:
    """The earliest date of a claim: a procedure's own may lie before the claim's. A predetermination has none."""
    day: str = record.get("serviceDate") or ""
    for line in record["procedures"]:
        own = line.get("serviceDate")
        if own and own < day:
            day = own
    return day


@lru_cache(maxsize=4096)
def _receiver(settings: Settings, payer_id: str) -> str | None:
    receiver = settings.receiver_of(payer_id)
    return receiver.key if receiver else None


def _no_receiver(visit_id: str) -> Finding:
    return Finding(
        rule=_ROUTE,
        category="format",
        severity="error",
        message="No receiver in edi.toml takes the claims of this payer.",
        fix="Add the payer id to the payers of a receiver in edi.toml, or leave one receiver without payers: it takes all others.",
        visit_id=visit_id,
        path="/payer/payerId",
    )


def _raw_records(job: Job, report: RunReport) -> Iterator[RawRecord]:
    items = read_inputs(
        job.inputs, format=job.format, columns=job.columns, stdin=job.stdin, leave_out=job.leave_out
    )
    for item in items:
        if isinstance(item, Unreadable):
            report.unreadable.append((item.file, item.message))
        else:
            yield item
