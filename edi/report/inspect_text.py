"""The tree of a file for a terminal: loops, segments and elements with names and meanings, findings in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edi.finding import Finding
from edi.printable import printable
from edi.report.colours import SEVERITY_COLOURS, Paint, plain
from edi.report.element_rows import ElementRow, element_rows, segment_id, segment_name
from edi.report.level_heading import level_heading
from edi.validate.tree import Missing, Noted, Opened, Part, Shown

_GUTTER = 7  # the segment's number and two blanks
_NAME = 33  # wide enough for nearly every name; a longer one pushes its value to the right
_VALUE = 12  # values up to this length have their meanings in one column


def tree_lines(parts: Iterable[Part], *, mask: bool, paint: Paint = plain) -> Iterator[str]:
    """The lines of the tree, one by one. The left margin has the position of the segment in its transaction set, or for the
    envelope in its interchange. With `mask`, values that may identify a person are masked."""
    for part in parts:
        lead = " " * (_GUTTER + 2 * part.depth)
        if isinstance(part, Opened):
            identity, name = level_heading(part.level, mask=mask)
            if part.level.kind != "loop" or part.level.loop is None or _stands_out(part):
                yield ""
            yield f"{lead}{paint(identity, 'bold')}{f' {name}' if name else ''}"
        elif isinstance(part, Missing):
            yield from _findings(part.noted, lead, paint)
        elif isinstance(part, Shown):
            yield from _segment(part, lead, mask, paint)


def _stands_out(part: Opened) -> bool:
    """Whether an empty line comes before the loop: it is a hierarchical level or a claim."""
    loop = part.level.loop
    return loop is not None and (loop.unit or loop.trigger.segment.id == "HL")


def _segment(shown: Shown, lead: str, mask: bool, paint: Paint) -> Iterator[str]:
    step = shown.step
    made, whole = element_rows(shown, mask=mask)
    known = segment_name(shown)
    identity = paint(printable(segment_id(shown, mask=mask)), "cyan")
    yield f"{paint(f'{step.position:>5}', 'dim')}  {lead[_GUTTER:]}{identity}{f'  {known}' if known else ''}"
    yield from _findings(whole, f"{lead}  ", paint)
    width = max([len(each.value) for each in made if len(each.value) <= _VALUE], default=0)
    for each in made:
        yield _cell(each, f"{lead}  ", width, paint)
        yield from _findings(each.noted, f"{lead}    ", paint)


def _cell(cell: ElementRow, lead: str, width: int, paint: Paint) -> str:
    value = printable(cell.value.rstrip())
    meaning = paint(cell.meaning, "dim") if cell.meaning else ""
    line = f"{lead}{printable(cell.ref):<8} {cell.name:<{_NAME}} {value:<{width}}  {meaning}"
    return line.rstrip()


def _findings(noted: Iterable[Noted], lead: str, paint: Paint) -> Iterator[str]:
    for each in noted:
        yield from _finding(each.finding, lead, paint)


def _finding(finding: Finding, lead: str, paint: Paint) -> Iterator[str]:
    yield f"{lead}{paint(f'^ {finding.severity}', SEVERITY_COLOURS[finding.severity])} {finding.rule}: {finding.message}"
    yield f"{lead}  fix: {finding.fix}"
