"""Visits and their findings, for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from edi.printable import printable
from edi.report.colours import SEVERITY_COLOURS, Paint, plain


def visit_text(
    visit_id: str | None,
    source: Mapping[str, Any],
    rejected: bool,
    findings: Sequence[Mapping[str, Any]],
    paint: Paint = plain,
) -> str:
    """One visit with its findings: the file and line it comes from, what is wrong, how to fix it."""
    where = printable(source["file"]) + (f":{source['line']}" if source["line"] else "")
    head = f"{visit_id or '(no visitId)'}  {'rejected' if rejected else 'accepted'}  {where}"
    lines = [paint(head, "bold")]
    for finding in findings:
        place = finding.get("path") or finding.get("element") or ""
        severity = paint(finding["severity"], SEVERITY_COLOURS[finding["severity"]])
        lines.append(f"  {severity} {finding['rule']} {printable(place)}".rstrip())
        lines.append(f"    {printable(finding['message'])}")
        lines.append(f"    fix: {printable(finding['fix'])}")
    return "\n".join(lines)


def counts_text(visits: int, accepted: int, rejected: int, unchanged: int) -> str:
    """ "12 visits: 10 accepted, 2 rejected"."""
    text = f"{visits:,} visit{'' if visits == 1 else 's'}: {accepted:,} accepted, {rejected:,} rejected"
    return f"{text}, {unchanged:,} unchanged" if unchanged else text
