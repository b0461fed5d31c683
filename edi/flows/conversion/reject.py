"""Rejects: lines of rejects.ndjson."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from edi.finding import Finding, Source
from edi.flows.conversion.record_store import RecordStore
from edi.flows.conversion.run_report import Counts, RunReport


class Reject(NamedTuple):
    """A line of rejects.ndjson, and what its findings count for in the run report."""

    line: bytes
    counts: Counts


def make_reject(source: Source, data: bytes, findings: Sequence[Finding], visit_id: str | None) -> Reject:
    """A reject as the contract has it. `data` is the record as it was read, so that nothing is lost."""
    try:
        orjson.loads(data)
        # In JSON a line break can only be between values; a reject is one line.
        record: object = orjson.Fragment(data.strip().replace(b"\n", b" ").replace(b"\r", b" "))
    except orjson.JSONDecodeError:
        record = data.decode("utf-8", "replace")
    outcome = findings_json(source, findings, visit_id) | {"record": record}
    return Reject(orjson.dumps(outcome, option=orjson.OPT_APPEND_NEWLINE), counts_of(findings))


def record_reject(number: int, reject: Reject, store: RecordStore, report: RunReport) -> None:
    """Keep and count the reject of the record with this number."""
    store.set_outcome(number, reject.line, rejected=True)
    report.rejected += 1
    report.count(reject.counts)


def findings_json(source: Source, findings: Sequence[Finding], visit_id: str | None) -> dict[str, Any]:
    """A visit's findings and where its record was read: a reject without the record."""
    return {
        "visitId": visit_id,
        "source": {"file": source.file, "line": source.line},
        "findings": [finding.as_json() for finding in findings],
    }


def counts_of(findings: Sequence[Finding]) -> Counts:
    """The category and rule of each finding."""
    return tuple((finding.category, finding.rule) for finding in findings)
