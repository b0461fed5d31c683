"""The course of a tooth as a drawing: an axis to scale, then visit by visit what was done and what the films show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html import escape

from edi.report.colours import state_colour
from edi.report.course_text import NAMES, course_title, days_between, numbered_steps, step_source
from edi.visit.timeline import Course, Step

_WIDTH = 860
_LEFT, _RIGHT = 150, 830  # the axis, and where the visits' dots stand
_TEXT = _LEFT + 22
_AXIS_Y, _TOP = 22, 66
_LINE, _GAP = 19, 6
_CHARACTERS = 92  # of a line of text at most
_COLOURS = {"D3351": "#1f5fa8", "D3352": "#a05a00", "D3353": "#1d6b3a"}
_OTHER = "#555"
_STATES = {"green": "#1d6b3a", "red": "#a32020", "yellow": "#a05a00", "blue": "#1f5fa8"}

STYLE = (
    "figure{margin:1.5rem 0}figcaption{font-weight:600}svg{width:100%;height:auto;max-width:54rem}"
    "svg text{font:14px system-ui,sans-serif;fill:#1a1a1a}svg .q{fill:#555}svg .c{font-weight:600}"
    "svg .a{stroke:#888;stroke-width:2}svg .f{fill:none;stroke:#555;stroke-width:1.5}"
)
"""What the page's style sheet needs for these drawings."""


def course_figure(course: Course) -> str:
    """The course as an HTML figure."""
    body, bottom = _visits(course)
    title = escape(course_title(course))
    reason = f"<p>Started again: {escape(course.restart_reason)}</p>" if course.restart_reason else ""
    axis = "".join(_axis(course.steps))
    return (
        f"<figure><figcaption>{title}</figcaption>{reason}"
        f'<svg role="img" viewBox="0 0 {_WIDTH} {bottom}"><title>{title}</title>{axis}{body}</svg></figure>'
    )


def _axis(steps: tuple[Step, ...]) -> Iterator[str]:
    first, length = steps[0].date, max(days_between(steps[0].date, steps[-1].date), 1)
    yield f'<line class="a" x1="{_LEFT}" y1="{_AXIS_Y}" x2="{_RIGHT}" y2="{_AXIS_Y}"/>'
    for step in steps:
        x = _LEFT + days_between(first, step.date) * (_RIGHT - _LEFT) // length
        yield f'<circle cx="{x}" cy="{_AXIS_Y}" r="7" fill="{_colour(step)}"><title>{_named(step)}</title></circle>'


def _visits(course: Course) -> tuple[str, int]:
    """The visits below each other, and how far down they reach."""
    parts: list[str] = []
    y = above = _TOP
    before = ""
    for step, name in numbered_steps(course.steps):
        if before:
            parts.append(_words(_LEFT - 16, y, f"+{days_between(before, step.date)} days", "q", end=True))
            y += _LINE + _GAP
            parts.append(f'<line class="a" x1="{_LEFT}" y1="{above + 6}" x2="{_LEFT}" y2="{y - 16}"/>')
        above = y
        parts.append(_words(_LEFT - 16, y, step.date, "", end=True))
        parts.append(f'<circle cx="{_LEFT}" cy="{y - 5}" r="7" fill="{_colour(step)}"/>')
        parts.append(_head(step, name, y))
        for mark, text in _lines(step):
            y += _LINE
            parts.append(mark.format(x=_TEXT, y=y))
            parts.append(_words(_TEXT + 18, y, text, "q"))
        y += _LINE + _GAP
        before = step.date
    return "".join(parts), y - _LINE


def _head(step: Step, name: str, y: int) -> str:
    colour = _STATES[state_colour(step.state)]
    shown = f'<tspan class="c" fill="{colour}"> {escape(step.state)}</tspan>' if step.state else ""
    return (
        f'<text x="{_TEXT}" y="{y}"><tspan class="c">{escape(f"{step.code} {name}".rstrip())}</tspan>'
        f'<tspan class="q"> {escape(step_source(step))}</tspan>{shown}</text>'
    )


_FILM = '<rect class="f" x="{x}" y="{y}" width="10" height="10" transform="translate(0 -10)"/>'
_MEDICAMENT = '<circle class="f" cx="{x}" cy="{y}" r="5" transform="translate(5 -5)"/>'


def _lines(step: Step) -> Iterator[tuple[str, str]]:
    """The lines below a visit, each with the mark before its first."""
    for film in step.films:
        view = f" ({film.view})" if film.view else ""
        finding = f": {film.finding}" if film.finding else ""
        yield from _wrapped(f"film {film.date}{view}{finding}", _FILM)
    if step.medicament:
        yield from _wrapped(f"medicament: {step.medicament}", _MEDICAMENT)


def _wrapped(text: str, mark: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(textwrap.wrap(" ".join(text.split()), _CHARACTERS)):
        yield ("" if number else mark), line


def _words(x: int, y: int, text: str, style: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x}" y="{y}" class="{style}"{anchor}>{escape(text)}</text>'


def _named(step: Step) -> str:
    return escape(f"{step.date} {step.code} {NAMES.get(step.code, '')}".rstrip())


def _colour(step: Step) -> str:
    return _COLOURS.get(step.code, _OTHER)
