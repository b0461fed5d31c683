"""`edi episode`: the course of a tooth from records and episodes, each visit once, in order."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rule_cases import base

from edi.cli.main import cli
from edi.report.course_text import course_text
from edi.sample import visits
from edi.visit.absent import drop_absent
from edi.visit.facts import APEXIFICATION
from edi.visit.timeline import Film, Step, courses

FALL = ("fall-1-first-visit", "fall-2-renewal", "fall-3-renewal", "fall-4-renewal", "fall-5-closing")


def edi(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ("episode", *arguments), input=stdin)


def example(repo: Path, name: str) -> Any:
    return drop_absent(json.loads((repo / "examples" / "visits" / f"{name}.json").read_text()))


@pytest.mark.parametrize("order", list(permutations(range(5)))[::17], ids=str)
def test_records_in_any_order_make_one_course(repo: Path, order: tuple[int, ...]) -> None:
    records = [example(repo, FALL[place]) for place in order]
    (course,) = courses(records)
    assert [step.date for step in course.steps] == sorted(record["serviceDate"] for record in records)
    assert {step.visit_id for step in course.steps} == {record["visitId"] for record in records}
    assert all(step.films and step.medicament for step in course.steps)


def test_the_last_record_alone_knows_the_others_from_its_episode(repo: Path) -> None:
    (alone,) = courses([example(repo, FALL[-1])])
    (whole,) = courses(example(repo, name) for name in FALL)
    assert [(step.date, step.code) for step in alone.steps] == [
        (step.date, step.code) for step in whole.steps
    ]
    assert [step.visit_id for step in alone.steps[:-1]] == [None] * 4
    assert alone.steps[0] == Step("2026-05-04", "D3351")


def test_films_and_medicament_are_the_record_s() -> None:
    (course,) = courses([base("renewal")])
    assert course.steps[-1] == Step(
        "2026-09-14",
        "D3352",
        "T-1",
        (Film("2026-09-14", "periapical", "Apex open, lesion smaller"),),
        "calcium hydroxide, replaced",
    )


def test_a_replacement_stands_for_the_visit_and_voids_and_plans_for_none() -> None:
    again = base("replacement", {"/visitId": "T-1-R", "/clinical/medicament/name": "MTA"})
    (course,) = courses([base("renewal"), again, base("void"), base("plan"), base("filling")])
    assert [(step.code, step.visit_id) for step in course.steps] == [("D3351", None), ("D3352", "T-1-R")]
    assert course.steps[-1].medicament == "MTA, replaced"


def test_teeth_and_patients_are_kept_apart() -> None:
    other = base("renewal", {"/patient/firstName": "Cy"})
    tooth = base("first", {"/procedures/0/toothNumber": "8"})
    assert [(course.tooth, len(course.steps)) for course in courses([base("renewal"), other, tooth])] == [
        ("9", 2),
        ("9", 2),
        ("8", 1),
    ]


@pytest.mark.parametrize("path", ["/payer/payerId", "/billingProvider/npi", "/subscriber/memberId"])
def test_a_patient_is_who_the_rules_take_for_one(path: str) -> None:
    """Two payers may give out the same member number: theirs are two people, of whom the rules never make one either."""
    other = base("closing", {"/episode": None, path: "1245319599"})
    first, second = courses([base("first"), other])
    assert [[step.code for step in course.steps] for course in (first, second)] == [["D3351"], ["D3353"]]


@pytest.mark.parametrize("seed", range(3))
def test_any_sample_can_be_shown(seed: int) -> None:
    records: list[Any] = [drop_absent(record) for record, _ in visits(200, seed)]
    found = courses(records)
    shown = [step.visit_id for course in found for step in course.steps if step.visit_id]
    assert len(shown) == len(set(shown))
    for course in found:
        text = course_text(course)
        assert max(map(len, text.splitlines())) <= 96
        assert all(step.date in text for step in course.steps)
        assert any(step.code in APEXIFICATION for step in course.steps)


def test_the_command_draws_it(repo: Path) -> None:
    folder = repo / "examples" / "visits"
    result = edi(str(folder / "fall-5-closing.json"), str(folder / "fall-1-first-visit.json"))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Tooth 9: 5 visits, 2026-05-04 to 2026-10-20, 169 days"
    axis = lines[2].strip()
    assert (axis[0], axis[-1], axis.count("2"), len(axis)) == ("1", "3", 3, 73)
    assert "  2026-05-04 o D3351 first visit  (BSE-2026-003102)" in lines
    assert "    +42 days |" in lines
    assert "  2026-09-08 o D3352 renewal 3  (known from an episode only)" in lines
    assert "             | medicament: calcium hydroxide, removed" in lines


def test_a_restart_says_why_and_counts_anew() -> None:
    past = [("2025-01-05", "D3351"), ("2025-03-05", "D3352"), ("2026-06-15", "D3351")]
    episode = {
        "toothNumber": "9",
        "restartReason": "New fall",
        "visits": [{"serviceDate": date, "code": code} for date, code in past],
    }
    output = edi("-", stdin=json.dumps(base("renewal", {"/episode": episode}))).stdout
    assert "started again: New fall" in output
    assert output.count("D3352 renewal 1") == 2


def test_no_person_is_named_and_nothing_to_show_is_said() -> None:
    output = edi("-", stdin=json.dumps(base("renewal"))).stdout
    assert not [name for name in ("Field", "Ana", "Bo", "M1", "2017-05-30") if name in output.split()]
    assert "No visit" in edi("-", stdin=json.dumps(base("filling"))).stdout
