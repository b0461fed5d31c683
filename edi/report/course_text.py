"""The course of treatment of a tooth as a timeline for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date

from edi.printable import printable
from edi.report.colours import Paint, plain, state_colour
from edi.visit.facts import APEXIFICATION
from edi.visit.timeline import Course, Step

_WIDTH = 96
_AXIS = 72
_LEAD = " " * 13 + "| "
_NAMES = {"D3351": "first visit", "D3352": "renewal", "D3353": "closing visit"}
_COLOURS = {"D3351": "blue", "D3352": "yellow", "D3353": "green"}


def course_text(course: Course, paint: Paint = plain) -> str:
    """A title, a time axis to scale, then for each visit the treatment, the films and the medicament."""
    steps = course.steps
    lines = [paint(course_title(course), "bold")]
    if len(steps) > 1:
        lines += ["", "  " + _axis(steps, paint)]
    if course.restart_reason:
        lines += ["", *_wrapped(f"started again: {course.restart_reason}", "  ")]
    lines.append("")
    before = None
    for step, name in numbered_steps(steps):
        if before:
            lines.append(f"  {'+' + str(days_between(before, step.date)) + ' days':>10} |")
        lines += _step(step, name, paint)
        before = step.date
    return "\n".join(lines)


def course_title(course: Course) -> str:
    """ "Tooth 9: 3 visits, 2026-05-04 to 2026-09-14, 133 days"."""
    steps = course.steps
    visits = sum(step.code in APEXIFICATION for step in steps)
    title = f"Tooth {printable(course.tooth)}: {visits} visit{'' if visits == 1 else 's'}, {steps[0].date}"
    if len(steps) > 1:
        title += f" to {steps[-1].date}, {days_between(steps[0].date, steps[-1].date)} days"
    return title


def numbered_steps(steps: tuple[Step, ...]) -> Iterator[tuple[Step, str]]:
    """Each step with its name: "first visit", "renewal 2", "" for another treatment."""
    renewals = 0
    for step in steps:
        renewals = 0 if step.code == "D3351" else renewals + (step.code == "D3352")
        name = _NAMES.get(step.code, "")
        yield step, f"{name} {renewals}" if step.code == "D3352" else name


def step_source(step: Step) -> str:
    """The visitId of a step, or where the step is known from if no record of the run has it."""
    if step.visit_id is None:
        return "known from an episode only"
    name = printable(step.visit_id)
    return f"{name}, from the ledger" if step.remembered else name


def _axis(steps: tuple[Step, ...], paint: Paint) -> str:
    """A time axis to scale with a mark for each visit: the last digit of its code, x for another treatment."""
    first, length = steps[0].date, max(days_between(steps[0].date, steps[-1].date), 1)
    cells = ["-"] * (_AXIS + 1)
    for step in steps:
        mark = step.code[-1] if step.code in APEXIFICATION else "x"
        colour = _COLOURS.get(step.code)
        cells[days_between(first, step.date) * _AXIS // length] = paint(mark, colour) if colour else mark
    return "".join(cells)


def _step(step: Step, name: str, paint: Paint) -> list[str]:
    what = paint(printable(f"{step.code} {name}".rstrip()), _COLOURS.get(step.code, "bold"))
    lines = [f"  {step.date} o {what}  ({step_source(step)})"]
    if step.state:
        lines.append(f"{_LEAD}claim: {paint(printable(step.state), state_colour(step.state))}")
    for film in step.films:
        view = f" ({film.view})" if film.view else ""
        finding = f": {film.finding}" if film.finding else ""
        lines += _wrapped(f"film {film.date}{view}{finding}", _LEAD)
    if step.medicament:
        lines += _wrapped(f"medicament: {step.medicament}", _LEAD)
    return lines


def _wrapped(text: str, lead: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), _WIDTH, initial_indent=lead, subsequent_indent=lead + "  ")


def days_between(first: str, last: str) -> int:
    """Days from one ISO date to another."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
