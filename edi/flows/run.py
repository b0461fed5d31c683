"""The run that convert and check share: inputs to a staging folder full of validated files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson

from edi.finding import Finding, Source
from edi.flows.assemble import Finished, assemble, refusals
from edi.flows.courses import drawn_courses
from edi.flows.examine import make_reject
from edi.flows.job import Job
from edi.flows.memory import Memory
from edi.flows.pool import Pool
from edi.flows.spool import Spool
from edi.flows.stages import gather, ready
from edi.flows.tally import Tally
from edi.flows.terms import terms_of
from edi.flows.verify import Verifier, serve
from edi.report.run_page import run_page
from edi.x12.output import Staging

CLAIMS, REJECTS, REPORT, PAGE = "claims.ndjson", "rejects.ndjson", "report.json", "report.html"


def run(job: Job, spool: Spool, staging: Staging, memory: Memory) -> Tally:
    """Read, judge, write and validate all of a job; the files lie in `staging`, not yet published, and `memory` knows
    of them."""
    as_of, stamp = job.clock()
    terms = terms_of(job, as_of, stamp)
    read = Tally(as_of)
    refused: frozenset[int] = frozenset()
    with Pool(job.jobs, serve) as pool:
        verifier = Verifier(pool)
        gather(job, spool, pool, read)
        while True:
            memory.begin()
            payloads = staging.open(CLAIMS)
            payloads.writelines(_finished_payloads(memory, staging))
            tally = read.copy()
            accepted = ready(job, spool, pool, tally, terms, refused, memory)
            finished = _noted(assemble(accepted, job, payloads, staging, stamp, memory, verifier), tally)
            defects = dict(refusals(verifier, finished))
            if defects:
                # A claim that the validator refuses is a defect of ours: it is rejected, and the rest written anew.
                _reject_defects(spool, read, defects)
                refused |= defects.keys()
            else:
                _describe(spool, staging, tally, memory)
                if memory.intend(staging):
                    return tally
                # Another run has recorded claims of the same visits or patients meanwhile: judge with them in mind.
            staging.clear()
            spool.forget(refused)


def _finished_payloads(memory: Memory, staging: Staging) -> Iterator[bytes]:
    """The payloads of a run that was cut off here and is finished now: nobody had the time to look at them."""
    folder = staging.target.resolve()
    finished = {name for run in memory.settled if run.folder == folder for name in run.placed}
    payloads = folder / CLAIMS
    if finished and payloads.exists():
        with payloads.open("rb") as lines:
            yield from (line for line in lines if orjson.loads(line)["interchange"]["file"] in finished)


def _describe(spool: Spool, staging: Staging, tally: Tally, memory: Memory) -> None:
    rejects = staging.open(REJECTS)
    for line in spool.rejects():
        rejects.write(line)
    report = tally.as_json()
    staging.open(REPORT).write(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    courses, more = drawn_courses(spool, memory)
    staging.open(PAGE).write(run_page(report, courses, more=more).encode())


def _noted(finished: Iterator[Finished], tally: Tally) -> Iterator[Finished]:
    for each in finished:
        tally.files.append(each.written)
        yield each


def _reject_defects(spool: Spool, tally: Tally, defects: dict[int, list[Finding]]) -> None:
    for kept in spool.ordered():
        if kept.number in defects:
            findings = [
                replace(each, category="format", interchange=None, transaction=None)
                for each in defects[kept.number]
            ]
            visit_id = orjson.loads(kept.data).get("visitId")
            reject = make_reject(Source(kept.file, kept.line), kept.data, findings, visit_id)
            spool.note(kept.number, reject.line, rejected=True)
            tally.rejected += 1
            tally.count(reject.counts)
