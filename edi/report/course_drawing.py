"""The course of treatment of a tooth as a drawing: a time axis to scale, then for each visit the treatment, the films and the
medicament."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from edi.pages import render
from edi.report.colours import state_colour
from edi.report.course_text import course_title, days_between, numbered_steps, step_source
from edi.visit.timeline import Course, Step

_TOP = 66
_LINE, _GAP = 19, 6
_CHARACTERS = 92  # of a line of text at most
_STYLES = {"D3351": "first", "D3352": "renewal", "D3353": "closing"}


class Line(NamedTuple):
    """A line below a visit. `mark` is "film" or "medicament" on the first line of a text, else ""."""

    y: int
    mark: str
    text: str


class Visit(NamedTuple):
    """A visit: its place `x` on the axis, `y` below it, and the `gap` to the visit `above`, told at `gap_y` ("" for the first)."""

    x: int
    y: int
    date: str
    style: str
    treatment: str
    source: str
    state: str
    state_colour: str
    above: int
    gap: str
    gap_y: int
    lines: list[Line]


class Drawing(NamedTuple):
    """A course with the place of everything in the drawing."""

    title: str
    restart_reason: str
    visits: list[Visit]
    height: int
    width: int = 860
    axis: int = 22
    left: int = 150  # ends of the axis; the visits are below its left one
    right: int = 830
    text: int = 172


def course_figure(course: Course) -> str:
    """The course as an HTML figure."""
    return render("course.html", course=drawing(course))


def drawing(course: Course) -> Drawing:
    """What the template of a course needs."""
    drawn = Drawing(course_title(course), course.restart_reason, [], 0)
    first, last = course.steps[0].date, course.steps[-1].date
    y = above = _TOP
    before = ""
    for step, name in numbered_steps(course.steps):
        gap_y = y
        if before:
            y += _LINE + _GAP
        lines = [Line(y + _LINE * count, *each) for count, each in enumerate(_lines(step), start=1)]
        x = days_between(first, step.date) * (drawn.right - drawn.left) // max(days_between(first, last), 1)
        drawn.visits.append(
            Visit(
                x=drawn.left + x,
                y=y,
                date=step.date,
                style=_STYLES.get(step.code, "other"),
                treatment=f"{step.code} {name}".rstrip(),
                source=step_source(step),
                state=step.state,
                state_colour=state_colour(step.state),
                above=above,
                gap=f"+{days_between(before, step.date)} days" if before else "",
                gap_y=gap_y,
                lines=lines,
            )
        )
        above, before = y, step.date
        y += _LINE * (len(lines) + 1) + _GAP
    return drawn._replace(height=y - _LINE)


def _lines(step: Step) -> Iterator[tuple[str, str]]:
    """Mark and text of each line below a visit."""
    for film in step.films:
        view = f" ({film.view})" if film.view else ""
        finding = f": {film.finding}" if film.finding else ""
        yield from _wrapped("film", f"film {film.date}{view}{finding}")
    if step.medicament:
        yield from _wrapped("medicament", f"medicament: {step.medicament}")


def _wrapped(mark: str, text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(textwrap.wrap(" ".join(text.split()), _CHARACTERS)):
        yield ("" if number else mark), line
