"""Convert: visit records become a folder of interchanges, payloads, rejects and a report."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

from edi.errors import OutputError
from edi.flows.conversion.pipeline import run_job
from edi.flows.conversion.publish import publish
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.flows.ledger_session import open_session
from edi.ledger.run_files import REPLACED


def convert(job: Job, out: Path) -> RunReport:
    """Convert the job's inputs into `out`; what was counted, as report.json has it.

    Where `out` is also a folder of inputs, the files of the last run are none of them. Files appear whole and together,
    readable by their owner alone. Raises OutputError when `out` cannot be written or holds other claims under a name that
    this run would use; nothing is written then."""
    last_run = frozenset(Path(os.path.realpath(out)) / name for name in REPLACED)
    try:
        return run_job(replace(job, leave_out=job.leave_out | last_run), out, open_session, publish)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}. Nothing was.") from error
    except sqlite3.Error as error:
        raise OutputError(f"The temporary folder cannot hold the run: {error}. Make room in it.") from error
