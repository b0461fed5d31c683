"""report.html: a run of convert, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edi.pages import render
from edi.report.course_drawing import drawing
from edi.visit.timeline import Course


def run_page(report: dict[str, Any], courses: Sequence[Course], *, more: bool) -> str:
    """The page of a report.json with the courses drawn; `more` when the run had other courses."""
    figures = [
        ("Visits", report["visits"]),
        ("Accepted", report["accepted"]),
        ("Rejected", report["rejected"]),
        ("Unchanged", report["unchanged"]),
        ("Total charge", f"${report['totalCharge']}"),
    ]
    return render("run.html", report=report, figures=figures, courses=list(map(drawing, courses)), more=more)
