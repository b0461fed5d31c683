"""Fourth stage: every file is validated once it is written, and its findings are brought home to the claims."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

import orjson

from edi.errors import OutputError
from edi.finding import Finding
from edi.flows.conversion.files import ClosedFile
from edi.flows.conversion.reject import make_reject, record_reject
from edi.flows.conversion.run import Run
from edi.flows.conversion.run_report import RunReport
from edi.flows.validation import errors_in

Defects = dict[int, list[Finding]]
"""The claims that the guide refuses, by number, with the findings on each."""
Starts = dict[str | None, list[tuple[int, int]]]
"""Of each transaction set of a file, where its claims begin, and their numbers."""


def verify_files(files: Iterable[ClosedFile], run: Run) -> Defects:
    """Validate the files as they come. Raises OutputError when the guide refuses what is outside of the claims."""
    written: list[ClosedFile] = []

    def paths() -> Iterator[Path]:
        for file in files:
            written.append(file)
            yield run.staging.path(file.written.path)

    defects: Defects = {}
    for errors in run.pool.map(errors_in, paths()):
        file = written.pop(0)
        starts: Starts = {}
        for transaction, position, number in file.starts if errors else ():
            starts.setdefault(transaction, []).append((position, number))
        for finding in errors:
            defects.setdefault(_claim_of(finding, file, starts), []).append(finding)
    return defects


def _claim_of(finding: Finding, file: ClosedFile, starts: Starts) -> int:
    """The number of the claim that a finding is about."""
    claims = starts.get(finding.transaction, [])
    place = bisect_right(claims, finding.position or 0, key=itemgetter(0)) - 1
    if place < 0:
        raise OutputError(
            f"{file.written.path} was not written: its header does not keep to the guide "
            f"({finding.rule}: {finding.message}) Check [submitter] and [receivers] in edi.toml."
        )
    return claims[place][1]


def reject_defects(run: Run, report: RunReport, defects: Defects) -> None:
    """Reject the visits of these claims: what the validator refuses is a defect of ours, and is never sent."""
    for record in run.store.in_claim_order():
        if record.number in defects:
            findings = [
                replace(each, category="format", interchange=None, transaction=None)
                for each in defects[record.number]
            ]
            visit_id = orjson.loads(record.data).get("visitId")
            record_reject(
                record.number,
                make_reject(record.source, record.data, findings, visit_id),
                run.store,
                report,
            )
