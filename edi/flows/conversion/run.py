"""The run that convert and check share: inputs to a staging folder full of validated files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson

from edi.finding import Finding, Source
from edi.flows.conversion.examine import make_reject
from edi.flows.conversion.record_store import RecordStore
from edi.flows.conversion.run_context import make_run_context
from edi.flows.conversion.run_report import RunReport
from edi.flows.conversion.stages import gather, ready
from edi.flows.conversion.verify import Verifier, serve
from edi.flows.conversion.write import Finished, assemble, refusals
from edi.flows.courses import drawn_courses
from edi.flows.job import Job
from edi.flows.ledger_session import Session
from edi.flows.pool import Pool
from edi.report.run_page import run_page
from edi.x12.output import Staging

CLAIMS, REJECTS, REPORT, PAGE = "claims.ndjson", "rejects.ndjson", "report.json", "report.html"


def run(job: Job, store: RecordStore, staging: Staging, session: Session) -> RunReport:
    """Read, judge, write and validate all of a job; the files lie in `staging`, not yet published, and `session` knows
    of them."""
    as_of, stamp = job.clock()
    context = make_run_context(job, as_of, stamp)
    read = RunReport(as_of)
    refused: frozenset[int] = frozenset()
    with Pool(job.jobs, serve) as pool:
        verifier = Verifier(pool)
        gather(job, store, pool, read)
        while True:
            session.begin()
            payloads = staging.open(CLAIMS)
            payloads.writelines(_finished_payloads(session, staging))
            report = read.copy()
            accepted = ready(job, store, pool, report, context, refused, session)
            finished = _noted(assemble(accepted, job, payloads, staging, stamp, session, verifier), report)
            defects = dict(refusals(verifier, finished))
            if defects:
                # A claim that the validator refuses is a defect of ours: it is rejected, and the rest written anew.
                _reject_defects(store, read, defects)
                refused |= defects.keys()
            else:
                _describe(store, staging, report, session)
                if session.intend(staging):
                    return report
                # Another run has recorded claims of the same visits or patients meanwhile: judge with them in mind.
            staging.clear()
            store.clear_outcomes(refused)


def _finished_payloads(session: Session, staging: Staging) -> Iterator[bytes]:
    """The payloads of a run that was cut off here and is finished now: nobody had the time to look at them."""
    folder = staging.target.resolve()
    finished = {name for run in session.recovered if run.folder == folder for name in run.placed}
    payloads = folder / CLAIMS
    if finished and payloads.exists():
        with payloads.open("rb") as lines:
            yield from (line for line in lines if orjson.loads(line)["interchange"]["file"] in finished)


def _describe(store: RecordStore, staging: Staging, report: RunReport, session: Session) -> None:
    rejects = staging.open(REJECTS)
    for line in store.rejects():
        rejects.write(line)
    data = report.as_json()
    staging.open(REPORT).write(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    courses, more = drawn_courses(store, session)
    staging.open(PAGE).write(run_page(data, courses, more=more).encode())


def _noted(finished: Iterator[Finished], report: RunReport) -> Iterator[Finished]:
    for each in finished:
        report.files.append(each.written)
        yield each


def _reject_defects(store: RecordStore, report: RunReport, defects: dict[int, list[Finding]]) -> None:
    for kept in store.in_claim_order():
        if kept.number in defects:
            findings = [
                replace(each, category="format", interchange=None, transaction=None)
                for each in defects[kept.number]
            ]
            visit_id = orjson.loads(kept.data).get("visitId")
            reject = make_reject(Source(kept.file, kept.line), kept.data, findings, visit_id)
            store.set_outcome(kept.number, reject.line, rejected=True)
            report.rejected += 1
            report.count(reject.counts)
