"""report.html: the run for people, with the courses of its teeth drawn."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree, html
from rule_cases import base

from edi.cli.main import cli
from edi.report.course_drawing import course_figure
from edi.sample import visits
from edi.visit.timeline import Course, Film, Step, courses

AS_OF = ("--as-of", "2026-11-02")


def page(tmp_path: Path, *inputs: Path) -> Any:
    done = CliRunner().invoke(cli, ["convert", *map(str, inputs), "-o", str(tmp_path / "out"), *AS_OF])
    assert done.exit_code in (0, 1), done.output
    return html.fromstring((tmp_path / "out" / "report.html").read_bytes())


def records(count: int, seed: int) -> list[Any]:
    return [record for record, _ in visits(count, seed=seed)]


def texts(figure: Any) -> list[str]:
    return ["".join(each.itertext()) for each in figure.iter("text")]


def test_a_course_shows_visits_films_medicament_and_what_became_of_each(repo: Path, tmp_path: Path) -> None:
    folder = repo / "examples" / "visits"
    figures = page(tmp_path, folder).findall(".//figure")
    (fall,) = [each for each in figures if "2026-05-04 to 2026-10-20" in each.findtext("figcaption")]
    shown = texts(fall)
    assert "D3351 first visit BSE-2026-003102 accepted" in shown
    assert "D3352 renewal 3 BSE-2026-004391 accepted" in shown
    assert "D3353 closing visit BSE-2026-004876 accepted" in shown
    assert "medicament: calcium hydroxide, removed" in shown
    assert any(each.startswith("film 2026-07-27 (periapical): Thin calcific bridge") for each in shown)
    assert shown.count("+42 days") == 3


def test_a_rejected_visit_is_drawn_as_rejected(tmp_path: Path) -> None:
    record = tmp_path / "visit.json"
    record.write_text(json.dumps(base("renewal", {"/clinical/rationale": None})))
    (figure,) = page(tmp_path, record).findall(".//figure")
    assert "D3352 renewal 1 T-1 rejected" in texts(figure)


def test_a_long_run_draws_the_first_courses_and_says_so(tmp_path: Path) -> None:
    record = tmp_path / "visits.ndjson"
    record.write_bytes(b"\n".join(json.dumps(each).encode() for each in records(300, seed=3)))
    found = page(tmp_path, record)
    assert len(found.findall(".//figure")) == 50
    assert any("The first 50" in "".join(each.itertext()) for each in found.iter("p"))


def test_without_apexification_there_is_no_chapter(tmp_path: Path) -> None:
    record = tmp_path / "visit.json"
    record.write_text(json.dumps(base("filling")))
    found = page(tmp_path, record)
    assert not found.findall(".//figure")
    assert "Courses" not in [each.text for each in found.iter("h2")]


def test_what_a_record_says_stays_text() -> None:
    evil = '<script>alert("&")</script>'
    step = Step("2026-01-02", "D3351", evil, (Film("2026-01-02", evil, evil),), evil, evil)
    drawn = course_figure(Course("9", (step,), evil))
    assert "<script" not in drawn
    assert evil in "".join(etree.fromstring(drawn).itertext())


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_drawn_outside_or_over_another(seed: int) -> None:
    for course in courses(records(20, seed=seed)):
        svg = etree.fromstring(course_figure(course)).find("svg")
        width, height = map(int, svg.get("viewBox").split()[2:])
        lines = [(int(each.get("x")), int(each.get("y"))) for each in svg.iter("text")]
        assert all(0 <= x < width and 0 < y <= height for x, y in lines)
        assert len(lines) == len(set(lines))
        rows = sorted({y for _, y in lines})
        assert all(lower - upper >= 19 for upper, lower in pairwise(rows))
