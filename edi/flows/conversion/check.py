"""Check: the findings of a convert, with nothing written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from edi.flows.conversion.pipeline import run_job
from edi.flows.conversion.run import Run
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.flows.ledger_session import open_read_only


class VisitFindings(NamedTuple):
    """A visit with findings: where it was read ({"file", "line"}), and its findings in the contract's JSON shape."""

    visit_id: str | None
    source: dict[str, Any]
    rejected: bool
    findings: list[dict[str, Any]]


def check(job: Job, sink: Callable[[VisitFindings], None]) -> RunReport:
    """Judge the job's inputs as a convert does. `sink` gets every visit that has findings, in the order of the input."""

    def pass_on(run: Run, _report: RunReport) -> None:
        for rejected, line in run.store.outcomes():
            outcome = orjson.loads(line)
            sink(VisitFindings(outcome["visitId"], outcome["source"], rejected, outcome["findings"]))

    # In the temporary folder a check stages as a convert does: what a killed one leaves, the next one removes.
    return run_job(job, Path(tempfile.gettempdir()), open_read_only, pass_on)
