"""The stages of a convert or a check, one after the other: read, judge, write, verify, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

from edi.flows.conversion.files import ClosedFile
from edi.flows.conversion.judge import judge_records
from edi.flows.conversion.publish import recovered_payloads, write_reports
from edi.flows.conversion.read import read_records
from edi.flows.conversion.record_store import RecordStore
from edi.flows.conversion.run import Run
from edi.flows.conversion.run_context import make_run_context
from edi.flows.conversion.run_report import RunReport
from edi.flows.conversion.verify import reject_defects, verify_files
from edi.flows.conversion.write import write_claims
from edi.flows.job import Job
from edi.flows.ledger_session import NoLedger, Session
from edi.flows.pool import Pool
from edi.ledger.run_files import CLAIMS
from edi.settings import Settings
from edi.x12.output import Staging

OpenSession = Callable[[Settings], AbstractContextManager[Session]]


def run_job(
    job: Job, folder: Path, open_session: OpenSession, finish: Callable[[Run, RunReport], None]
) -> RunReport:
    """Do a job in a staging folder in `folder`, with the ledger that `open_session` opens; `finish` makes of the run what is
    wanted of it before its files are gone. What was counted, as report.json has it."""
    as_of, stamp = job.clock()
    context = make_run_context(job, as_of, stamp)
    with closing(RecordStore()) as store, Staging(folder) as staging, Pool(job.jobs) as pool:
        read = RunReport(as_of)
        read_records(job, store, pool, read)
        # Only now: while inputs are slow nobody else waits for the ledger, and those that cannot be read make none.
        nothing = read.unreadable and not read.visits
        with nullcontext(NoLedger()) if nothing else open_session(job.settings) as session:
            run = Run(
                job=job,
                context=context,
                stamp=stamp,
                store=store,
                pool=pool,
                staging=staging,
                session=session,
            )
            report = _make_claims(run, read)
            finish(run, report)
    return report


def _make_claims(run: Run, read: RunReport) -> RunReport:
    """Judge the records, write their claims and validate them: the files lie staged, and the session knows of them.
    `read` counts what was read. Another pass is made when the validator refuses a claim, and when another run was
    quicker."""
    defective: frozenset[int] = frozenset()
    while True:
        run.session.begin()
        report = read.copy()
        payloads = run.staging.open(CLAIMS)
        payloads.writelines(recovered_payloads(run))
        files = write_claims(judge_records(run, report, defective), run, payloads)
        defects = verify_files(_listed(files, report), run)
        if defects:
            reject_defects(run, read, defects)
            defective |= defects.keys()
        else:
            write_reports(run, report)
            if run.session.record_files(run.staging):
                return report
        run.staging.clear()
        run.store.clear_outcomes(keep=defective)


def _listed(files: Iterable[ClosedFile], report: RunReport) -> Iterator[ClosedFile]:
    for file in files:
        report.files.append(file.written)
        yield file
