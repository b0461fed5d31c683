"""Findings on an X12 file, for a terminal: what is wrong, where, the segment with the fault underlined, the fix."""

from __future__ import annotations

from edi.finding import Finding
from edi.guide.standard import SEGMENTS
from edi.printable import printable
from edi.report.colours import SEVERITY_COLOURS, Paint, plain
from edi.validate.log import Excerpt
from edi.validate.run import Verdict

_WIDTH = 100  # characters of a segment shown; a longer one is cut around what is underlined
_BEFORE = 30  # of these, those before it
_ENVELOPE = frozenset(("ISA", "TA1", "GS", "GE", "IEA"))


def finding_text(file: str, finding: Finding, excerpt: Excerpt, paint: Paint = plain) -> str:
    """One finding in a few lines. It shows the segment, so show it only to those who have the file."""
    severity = paint(finding.severity, SEVERITY_COLOURS[finding.severity])
    lines = [
        f"{severity} {finding.rule}: {finding.message}",
        f"  --> {', '.join([printable(file), *location(finding, missing=not excerpt.segment)])}",
    ]
    if excerpt.segment:
        lines += _shown(finding, excerpt, paint)
    return "\n".join([*lines, f"  fix: {finding.fix}", ""])


def verdict_text(file: str, verdict: Verdict, counts: dict[str, int], left_out: int) -> str:
    """ "claims.837: 2 errors, 1 warning in 12 claims"; a file without claims names none."""
    found = [_count(counts[each], each) for each in ("error", "warning") if counts.get(each)]
    found += [f"{counts['info']} info"] if counts.get("info") else []
    units = {"claim": verdict.claims, "attachment": verdict.attachments}
    held = [_count(count, unit) for unit, count in units.items() if count]
    text = f"{printable(file)}: {', '.join(found) or 'valid, no findings'}"
    text += f" in {' and '.join(held)}" if held else ""
    return f"{text}; {_count(left_out, 'finding')} not shown" if left_out else text


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def location(finding: Finding, *, missing: bool) -> list[str]:
    """Where in its file a finding is, from the outside in; `missing` when its segment is not there."""
    where: list[str] = []
    if finding.interchange:
        where.append(f"interchange {printable(finding.interchange)}")
    if finding.transaction and finding.segment not in _ENVELOPE:
        where.append(f"transaction set {printable(finding.transaction)}")
    # A missing segment belongs before the segment at that position, except at the end of a file.
    before = missing and finding.rule != "X12-TRUNCATED"
    where.append(f"{'before ' if before else ''}segment {finding.position}")
    if finding.loop:
        where.append(f"loop {finding.loop}")
    if finding.snip:
        where.append(f"SNIP {finding.snip}")
    return where


def _shown(finding: Finding, excerpt: Excerpt, paint: Paint) -> list[str]:
    start, length = element_span(finding, excerpt)
    text = printable(excerpt.segment)
    first = max(0, start - _BEFORE) if len(text) > _WIDTH and start > _WIDTH - _BEFORE else 0
    cut = text[first : first + _WIDTH]
    text = ("…" if first else "") + cut + ("…" if first + len(cut) < len(text) else "")
    under = " " * (start - first + (1 if first else 0)) + "^" * max(1, min(length, first + _WIDTH - start))
    number = f"{finding.position:>5} | "
    blank = " " * (len(number) - 2) + "| "
    return [number + text, blank + paint(under, SEVERITY_COLOURS[finding.severity])]


def element_span(finding: Finding, excerpt: Excerpt) -> tuple[int, int]:
    """Index and length of the finding's element in the segment; length 0 where it is empty. Without an element, the whole segment."""
    segment, delimiters = excerpt.segment, excerpt.delimiters
    if not finding.element or not finding.segment:
        return 0, len(segment)
    number, _, component = finding.element.removeprefix(finding.segment).partition("-")
    fields = segment.split(delimiters.element)
    place = int(number)
    if place >= len(fields):
        return len(segment), 0
    start = sum(len(field) + 1 for field in fields[:place])
    if place == len(SEGMENTS[finding.segment].elements) < len(fields) - 1:
        end = start + len(fields[place])
        return end, len(segment) - end  # what comes after the last element that there is
    if not component:
        return start, len(fields[place])
    parts = fields[place].split(delimiters.component)
    if int(component) > len(parts):
        return start + len(fields[place]), 0
    start += sum(len(part) + 1 for part in parts[: int(component) - 1])
    return start, len(parts[int(component) - 1])
