"""Visits become claims: from input files to a folder of interchanges, payloads, rejects and a report."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from edi.errors import OutputError
from edi.flows.conversion.record_store import RecordStore
from edi.flows.conversion.run import CLAIMS, PAGE, REJECTS, REPORT, run
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.flows.ledger_session import open_session
from edi.x12.output import Staging

_OF_THE_LAST_RUN = frozenset({CLAIMS, REJECTS, REPORT, PAGE})


def convert(job: Job, out: Path) -> RunReport:
    """Convert the job's inputs into `out`; what was counted, as report.json has it.

    Where `out` is also a folder of inputs, what the last run wrote there is none of them. Files appear whole and together,
    readable by their owner alone. Raises OutputError when `out` cannot be written or holds other claims under a name that
    this run would use, and nothing is written then."""
    written = frozenset(out.resolve() / name for name in _OF_THE_LAST_RUN)
    job = replace(job, leave_out=job.leave_out | written)
    try:
        with (
            open_session(job.settings) as session,
            closing(RecordStore()) as store,
            Staging(out) as staging,
        ):
            report = run(job, store, staging, session)
            with session.publishing(staging):
                staging.publish(replace=_OF_THE_LAST_RUN)
            for before in session.recovered:
                report.finished += [str(before.folder / name) for name in before.placed]
                report.rolled_back += [str(before.folder / name) for name in before.rolled_back]
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}. Nothing was.") from error
    except sqlite3.Error as error:
        raise OutputError(f"The temporary folder cannot hold the run: {error}. Make room in it.") from error
    return report
