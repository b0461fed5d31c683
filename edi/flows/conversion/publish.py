"""Last stage: rejects, report and page of a run, and all its files into the output folder."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from edi.flows.conversion.record_store import RecordStore
from edi.flows.conversion.run import Run
from edi.flows.conversion.run_report import RunReport
from edi.flows.courses import earlier_steps
from edi.flows.ledger_session import Session
from edi.ledger.run_files import CLAIMS, PAGE, REJECTS, REPLACED, REPORT
from edi.report.run_page import run_page
from edi.visit.identity import patient_of
from edi.visit.parse import reread
from edi.visit.record import Visit
from edi.visit.timeline import Course, courses

_MOST_COURSES = 50  # so that the page of a million visits can still be opened


def recovered_payloads(run: Run) -> Iterator[bytes]:
    """The payloads of an earlier run into this folder that was cut off and is finished now: nobody has seen them yet."""
    folder = run.staging.target.resolve()
    finished = {name for each in run.session.recovered if each.folder == folder for name in each.placed}
    payloads = folder / CLAIMS
    if finished and payloads.exists():
        with payloads.open("rb") as lines:
            yield from (line for line in lines if orjson.loads(line)["interchange"]["file"] in finished)


def write_reports(run: Run, report: RunReport) -> None:
    """Write what describes the run: rejects, report, page. With a ledger the payloads in the folder stay when the run makes no
    claim: they are still those of the last run that made any."""
    if run.session.key is not None and not report.accepted and (run.staging.target / CLAIMS).exists():
        run.staging.drop(CLAIMS)
    run.staging.open(REJECTS).writelines(run.store.rejects())
    content = report.as_json()
    run.staging.open(REPORT).write(
        orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )
    drawn, more = _courses(run.store, run.session)
    run.staging.open(PAGE).write(run_page(content, drawn, more=more).encode())


def publish(run: Run, report: RunReport) -> None:
    """Move all files into the output folder, and report the earlier runs that were recovered."""
    with run.session.publishing(run.staging):
        run.staging.publish(replace=REPLACED)
    for before in run.session.recovered:
        report.finished += [str(before.folder / name) for name in before.placed]
        report.rolled_back += [str(before.folder / name) for name in before.rolled_back]


def _courses(store: RecordStore, session: Session) -> tuple[list[Course], bool]:
    """The first courses of the run in claim order, with what the ledger knows of their patients, and whether there are
    more. The state of a visit is what became of it in the run: "accepted" or "rejected"."""
    drawn: list[Visit] = []
    states: dict[str, str] = {}
    count = 0
    for records in store.by_patient():
        visits: list[Visit] = [reread(record.data) for record in records]
        if found := len(courses(visits)):
            drawn += visits
            count += found
            for record in records:
                states[record.identity] = "rejected" if store.is_rejected(record.number) else "accepted"
        if count > _MOST_COURSES:
            break
    prior = session.recall((), {patient_of(each) for each in drawn})
    return courses(drawn, earlier_steps(prior.services), states)[:_MOST_COURSES], count > _MOST_COURSES
