"""A course of treatment in one run: judged in date order whatever the order of the input, each visit counted once."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from rule_cases import base

from edi.flows import convert
from edi.flows.job import Job
from edi.settings import DEFAULTS, Settings, load_settings

Record = dict[str, Any]
Run = Callable[..., dict[str, list[tuple[str, str]]]]

COURSE = (
    ("2026-01-05", "D3351"),
    ("2026-03-09", "D3352"),
    ("2026-05-11", "D3352"),
    ("2026-07-13", "D3353"),
)


def visit(date: str, code: str, **changes: Any) -> Record:
    """A clean visit of tooth 9 without a word of the visits before it."""
    name = {"D3351": "first", "D3352": "renewal", "D3353": "closing"}[code]
    record: Record = base(
        name, {"/episode": None, "/attachments/0/file": None, "/attachments/0/transmission": "FT"}
    )
    record["clinical"]["radiographs"][0]["date"] = date
    record["clinical"]["rationale"] = f"Barrier looked at on {date}"
    return record | {"visitId": f"{code}-{date}", "serviceDate": date} | changes


def episode(*visits: tuple[str, str], **more: str) -> Record:
    return {
        "toothNumber": "9",
        "visits": [{"serviceDate": date, "code": code} for date, code in visits],
    } | more


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Convert records, each from a file of its own in the order given; (rule, severity) of each visit's findings."""

    def run(*records: Record, settings: Settings = DEFAULTS) -> dict[str, list[tuple[str, str]]]:
        files = []
        for number, record in enumerate(records):
            files.append(tmp_path / f"{number}.json")
            files[-1].write_text(json.dumps(record))
        out = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
        job = Job(inputs=tuple(map(str, files)), settings=settings, as_of=datetime.date(2026, 9, 30), jobs=1)
        convert(job, out)
        outcomes = [
            json.loads(line)
            for name in ("claims.ndjson", "rejects.ndjson")
            for line in (out / name).read_text().splitlines()
        ]
        return {each["visitId"]: [(f["rule"], f["severity"]) for f in each["findings"]] for each in outcomes}

    return run


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5], ids=str)
def test_a_course_is_clean_in_any_order_of_its_files(run: Run, order: tuple[int, ...]) -> None:
    records = [visit(date, code) for date, code in COURSE]
    assert run(*(records[place] for place in order)) == {f"{code}-{date}": [] for date, code in COURSE}


def test_without_the_first_visit_each_later_one_says_so(run: Run) -> None:
    found = run(*(visit(date, code) for date, code in reversed(COURSE[1:])))
    assert found == {f"{code}-{date}": [("APX-SEQ-START", "error")] for date, code in COURSE[1:]}


def test_a_film_is_compared_with_the_visit_before_in_the_run(run: Run) -> None:
    late = visit(*COURSE[2])
    late["clinical"]["radiographs"][0]["date"] = COURSE[1][0]
    found = run(late, visit(*COURSE[0]), visit(*COURSE[1]))
    assert found[late["visitId"]] == [("APX-DOC-PROGRESS", "error")]


def test_a_copied_rationale_is_found_across_the_run(run: Run) -> None:
    records = [visit(date, code) for date, code in COURSE]
    records[2]["clinical"]["rationale"] = records[1]["clinical"]["rationale"].upper()
    assert run(*reversed(records))[records[2]["visitId"]] == [("APX-DOC-CLONED", "warning")]


def counting(folder: Path, renewals: int) -> Settings:
    (folder / "p.toml").write_text(
        f'title = "P"\n[renewals]\nvalue = {renewals}\nsource = "Manual"\ndate = "2026"\n'
    )
    (folder / "edi.toml").write_text('[payers.PAY1]\nprofile = "p.toml"\n')
    return load_settings(folder / "edi.toml", folder)


@pytest.mark.parametrize(("limit", "findings"), [(2, []), (1, [("APX-FREQ-COUNT", "warning")])])
def test_a_visit_that_run_and_record_know_counts_once(
    run: Run, tmp_path: Path, limit: int, findings: list[tuple[str, str]]
) -> None:
    records = [visit(date, code) for date, code in COURSE]
    records[2]["episode"] = episode(*COURSE[:2])
    found = run(*reversed(records), settings=counting(tmp_path, limit))
    assert found[records[2]["visitId"]] == findings


def test_record_and_run_complete_each_other(run: Run) -> None:
    """The record knows the first visit, the run the renewal after it: a film from between them is too old."""
    late = visit(*COURSE[2], episode=episode(COURSE[0]))
    renewal = visit(*COURSE[1], episode=episode(COURSE[0]))
    late["clinical"]["radiographs"][0]["date"] = "2026-02-01"
    assert run(late)[late["visitId"]] == []
    assert run(late, renewal)[late["visitId"]] == [("APX-DOC-PROGRESS", "error")]


def test_another_tooth_is_another_course(run: Run) -> None:
    other = visit(*COURSE[1], visitId="OTHER-TOOTH")
    other["procedures"][0]["toothNumber"] = "8"
    for each in (*other["clinical"]["radiographs"], *other["clinical"]["pulpTests"]):
        each["toothNumber"] = "8"
    assert run(visit(*COURSE[0]), other)["OTHER-TOOTH"] == [("APX-SEQ-START", "error")]


def test_another_patient_is_another_course(run: Run) -> None:
    other = visit(*COURSE[1], visitId="OTHER-CHILD")
    other["patient"] = other["patient"] | {"firstName": "Cy"}
    assert run(visit(*COURSE[0]), other)["OTHER-CHILD"] == [("APX-SEQ-START", "error")]


def test_a_course_started_again_needs_its_reason(run: Run) -> None:
    course = [visit(date, code) for date, code in COURSE]
    again = visit("2026-09-14", "D3351")
    found = run(again, *course)
    assert found.pop(again["visitId"]) == [("APX-SEQ-FIRST-AGAIN", "error")]
    assert not any(found.values())
    again["episode"] = episode(restartReason="New fall on 2026-09-02")
    assert run(again, *course)[again["visitId"]] == [("APX-SEQ-FIRST-AGAIN", "info")]


def test_after_a_new_start_visits_count_anew(run: Run, tmp_path: Path) -> None:
    course = [visit(date, code) for date, code in (*COURSE[:2], ("2026-05-11", "D3353"))]
    again = visit("2026-07-13", "D3351", episode=episode(restartReason="New fall on 2026-07-02"))
    renewal = visit("2026-09-14", "D3352")
    found = run(renewal, again, *course, settings=counting(tmp_path, 1))
    assert found == {each["visitId"]: [] for each in (*course, renewal)} | {
        again["visitId"]: [("APX-SEQ-FIRST-AGAIN", "info")]
    }


def test_a_visit_billed_late_beside_another_takes_its_place(run: Run) -> None:
    """The first visit stands on the claim of the second renewal, under its own date."""
    last = visit(*COURSE[2])
    line = dict(last["procedures"][0])
    last["procedures"].append(line | {"code": "D3351", "serviceDate": COURSE[0][0]})
    assert run(last, visit(*COURSE[1])) == {"D3352-2026-05-11": [], "D3352-2026-03-09": []}


def test_a_rejected_visit_still_took_place(run: Run) -> None:
    first = visit(*COURSE[0])
    first["procedures"][0]["fee"] = "-1"
    found = run(visit(*COURSE[1]), first)
    assert found == {first["visitId"]: [("APX-CHG-NEGATIVE", "error")], "D3352-2026-03-09": []}


def test_a_plan_is_no_history(run: Run) -> None:
    plan = visit(*COURSE[0])
    del plan["serviceDate"]
    plan["claim"] = {"purpose": "predetermination"}
    found = run(visit(*COURSE[1]), plan)
    assert found["D3352-2026-03-09"] == [("APX-SEQ-START", "error")]
