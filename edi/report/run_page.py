"""report.html: a run for people, on one page that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from edi.report.course_drawing import STYLE, course_figure
from edi.visit.timeline import Course

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:1rem}"
    "dl div{border:1px solid #ccc;border-radius:.4rem;padding:.6rem 1rem}dt{color:#555}dd{margin:0;font-size:1.6rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}"
    "td.n,th.n{text-align:right}code{font-size:.85em;word-break:break-all}"
)


def run_page(report: dict[str, Any], courses: Sequence[Course], *, more: bool) -> str:
    """The page of a report.json. `courses` are drawn; `more` when the run had others."""
    figures = [
        ("Visits", report["visits"]),
        ("Accepted", report["accepted"]),
        ("Rejected", report["rejected"]),
        ("Unchanged", report["unchanged"]),
        ("Total charge", f"${report['totalCharge']}"),
    ]
    findings = [
        (category, rule, count)
        for category, rules in report["findings"].items()
        for rule, count in rules.items()
    ]
    files = [(file["path"], file["claims"], file["sha256"]) for file in report["files"]]
    unreadable = [(each["file"], each["message"]) for each in report["unreadable"]]
    body = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(str(value))}</dd></div>" for name, value in figures
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Claims of {escape(report['asOf'])}</title><style>{_STYLE}{STYLE}</style></head><body>"
        f"<h1>Claims of {escape(report['asOf'])}</h1><dl>{body}</dl>"
        + _table("Findings", ("Category", "Rule", "Times"), findings, "No findings.")
        + _table("Files", ("File", "Claims", "SHA-256"), files, "No claim was written.")
        + (_table("Not read", ("Input", "Why"), unreadable, "") if unreadable else "")
        + _courses(courses, more)
        + "</body></html>\n"
    )


def _courses(courses: Sequence[Course], more: bool) -> str:
    if not courses:
        return ""
    rest = f"<p>The first {len(courses)}; <code>edi episode</code> shows any other.</p>" if more else ""
    return "<h2>Courses</h2>" + rest + "".join(map(course_figure, courses))


def _table(title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]], none: str) -> str:
    if not rows:
        return f"<h2>{title}</h2><p>{none}</p>"
    head = "".join(f"<th{_numeric(rows[0][place])}>{name}</th>" for place, name in enumerate(heads))
    lines = "".join(
        "<tr>" + "".join(f"<td{_numeric(value)}>{_cell(value)}</td>" for value in row) + "</tr>"
        for row in rows
    )
    return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(value: Any) -> str:
    text = escape(str(value))
    return f"<code>{text}</code>" if len(text) == 64 else text


def _numeric(value: Any) -> str:
    return ' class="n"' if isinstance(value, int) else ""
