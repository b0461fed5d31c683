"""An X12 file as a tree on an HTML page, with its findings in place.

The page is written while the file is read, so that a large file takes no more memory than a small one. It has no script:
folding, links and search are the browser's own, so all of it works by keyboard, and on paper everything is unfolded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from edi.finding import Finding
from edi.pages import render, stream
from edi.report.element_rows import ElementRow, element_rows, segment_id, segment_name
from edi.report.level_heading import level_heading
from edi.report.x12_findings import element_span, location
from edi.validate.log import Excerpt
from edi.validate.tree import EVERYTHING, Closed, Missing, Noted, Opened, Shown, Tree
from edi.x12.binary import without_stand_in

_FOLDED_ABOVE = 20  # claims; a page of more opens with each claim folded
_HEADINGS = {"interchange": "h4", "set": "h5"}
_CLAIM_HEADING = "h6"
_SEVERITIES = {"error": "Error", "warning": "Warning", "info": "Note"}


class PageOptions(NamedTuple):
    """How a file is shown: each segment with its elements, or (not `elements`) as it stands in the file with its faults marked.
    `mask` masks values that may identify a person, and always shows elements. `file` is the file's number on the page."""

    elements: bool = True
    mask: bool = False
    file: int = 1


class _Opened(NamedTuple):
    """An interchange, group, transaction set or loop begins; `outer` is one that is more than a loop inside a claim."""

    outer: bool
    folded: bool
    heading: str
    identity: str
    name: str
    kind: str = "opened"


class _Segment(NamedTuple):
    """A segment with its elements."""

    position: int
    id: str
    name: str
    rows: list[ElementRow]
    noted: Iterable[Noted]
    kind: str = "segment"


class _Line(NamedTuple):
    """A segment as it stands in the file, in pieces, each with whether it is marked as wrong."""

    position: int
    pieces: list[tuple[str, bool]]
    noted: Iterable[Noted]
    kind: str = "line"


class _Missing(NamedTuple):
    """Findings about a segment that should be here."""

    noted: Iterable[Noted]
    kind: str = "missing"


class _Closed(NamedTuple):
    """What was opened last and is still open ends."""

    kind: str = "closed"


def page_start(title: str) -> str:
    """The page before its first file."""
    return render("start.html", title=title, kind="x12")


def page_end() -> str:
    """The page after its last file."""
    return render("end.html", kind="x12")


def tree_section(tree: Tree, noted: list[Noted], options: PageOptions) -> Iterator[str]:
    """One file, in parts: its figures, its findings (those that its tree will show), and its tree."""
    return stream(
        "x12_file.html",
        file=options.file,
        name=tree.name,
        severities=_SEVERITIES,
        figures=[
            ("", "Claims", tree.verdict.claims),
            *((kind, f"{word}s", tree.counts[kind]) for kind, word in _SEVERITIES.items()),
        ],
        remarks=list(_remarks(tree, options)),
        contents=_contents(noted, options),
        parts=_parts(tree, options),
    )


def _remarks(tree: Tree, options: PageOptions) -> Iterator[str]:
    if tree.only != EVERYTHING:
        yield "Only a part of the file is shown; the figures are of the whole."
    if options.mask:
        yield "What may tell who a person is is covered."
    if tree.left_out:
        yield f"Findings counted and not shown: {tree.left_out:,}."


def _contents(noted: list[Noted], options: PageOptions) -> Iterator[tuple[int, Finding, str]]:
    """The number of each finding, the finding, and where it is."""
    for number, finding, missing in noted:
        where = location(_uncontrolled(finding) if options.mask else finding, missing=missing)
        yield number, finding, ", ".join(where)


def _uncontrolled(finding: Finding) -> Finding:
    """The finding without control numbers that are no numbers: they may be anything."""
    interchange, transaction = (
        each if each and each.isdecimal() else None for each in (finding.interchange, finding.transaction)
    )
    return replace(finding, interchange=interchange, transaction=transaction)


def _parts(tree: Tree, options: PageOptions) -> Iterator[_Opened | _Segment | _Line | _Missing | _Closed]:
    fold_claims = tree.verdict.claims > _FOLDED_ABOVE and tree.only.claim is None
    for part in tree.parts():
        if isinstance(part, Opened):
            yield _opened(part, options, fold_claims=fold_claims)
        elif isinstance(part, Closed):
            yield _Closed()
        elif isinstance(part, Missing):
            yield _Missing(part.noted)
        elif options.elements or options.mask:
            rows, noted = element_rows(part, mask=options.mask)
            identity = segment_id(part, mask=options.mask)
            yield _Segment(part.step.position, identity, segment_name(part), rows, noted)
        else:
            yield _Line(part.step.position, list(_pieces(part)), part.noted)


def _opened(part: Opened, options: PageOptions, *, fold_claims: bool) -> _Opened:
    level = part.level
    identity, name = level_heading(level, mask=options.mask)
    unit = level.loop is not None and level.loop.unit
    heading = _HEADINGS.get(level.kind) or (_CLAIM_HEADING if unit else "span")
    return _Opened(level.kind != "loop" or unit, fold_claims and unit, heading, identity, name)


def _pieces(shown: Shown) -> Iterator[tuple[str, bool]]:
    text = without_stand_in(shown.step.text or "", shown.step.delimiters)
    excerpt = Excerpt(text, shown.step.delimiters)
    done = 0
    for start, length in sorted({element_span(each.finding, excerpt) for each in shown.noted}):
        if start >= done:
            yield text[done:start], False
            yield text[start : start + length], True
            done = start + length
    yield text[done:], False
