"""The findings of convert, with nothing written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from edi.flows.conversion.record_store import RecordStore
from edi.flows.conversion.run import run
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.flows.ledger_session import open_read_only
from edi.x12.output import Staging


class Judged(NamedTuple):
    """A visit with findings: where it came from ({"file", "line"}), and its findings in the contract's JSON shape."""

    visit_id: str | None
    source: dict[str, Any]
    rejected: bool
    findings: list[dict[str, Any]]


def check(job: Job, sink: Callable[[Judged], None]) -> RunReport:
    """Judge the job's inputs as convert would, in a folder that is thrown away. `sink` gets every visit that has
    findings, in the order of the input."""
    with (
        closing(RecordStore()) as store,
        # As a convert's: what a check that was killed leaves there, the next one removes.
        Staging(Path(tempfile.gettempdir())) as staging,
        open_read_only(job.settings) as session,
    ):
        report = run(job, store, staging, session)
        for rejected, line in store.outcomes():
            outcome = orjson.loads(line)
            sink(Judged(outcome["visitId"], outcome["source"], bool(rejected), outcome["findings"]))
    return report
