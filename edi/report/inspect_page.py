"""The tree of a file as one page that needs nothing from elsewhere: no script, no font, no picture, and a policy that lets none in.

It is written piece by piece, so that a large file takes no more memory than a small one. Folding, links and finding text are the
browser's own, so all of it works by keyboard; on paper everything is unfolded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from typing import NamedTuple

from edi.finding import Finding
from edi.printable import printable
from edi.report.element_rows import ElementRow, element_rows, segment_id, segment_name
from edi.report.inspect_style import STYLE
from edi.report.level_heading import level_heading
from edi.report.x12_findings import element_span, location
from edi.validate.log import Excerpt
from edi.validate.tree import EVERYTHING, Closed, Missing, Noted, Opened, Shown, Tree
from edi.x12.binary import without_stand_in

_FOLDED_ABOVE = 20  # claims; a page of more opens with each claim folded
_HEADINGS = {"interchange": "h4", "set": "h5"}
_CLAIM_HEADING = "h6"
_SEVERITIES = {"error": "Error", "warning": "Warning", "info": "Note"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class PageOptions(NamedTuple):
    """How a file is shown: each segment with its elements, or (not `elements`) as it stands in the file with what is wrong marked.
    `mask` covers what may tell who a person is, and shows elements in any case. `file` counts the files of the page."""

    elements: bool = True
    mask: bool = False
    file: int = 1


def page_start(title: str) -> str:
    """What comes before the first file; `title` says what the page is."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{_text(title)}</title><style>{STYLE}</style></head><body>"
        '<a class="skip" href="#segments1">Skip to the segments</a>'
        f"<header><h1>{_text(title)}</h1></header><main>\n"
    )


def page_end() -> str:
    """What comes after the last file."""
    return "</main><footer>This page may hold personal health data: keep it where such data may be.</footer></body></html>\n"


def tree_section(tree: Tree, noted: list[Noted], options: PageOptions) -> Iterator[str]:
    """One file: its figures, its findings (those that its parts will show), and its tree, piece by piece."""
    yield f'<article aria-labelledby="file{options.file}">'
    yield f'<h2 id="file{options.file}">{_text(tree.name)}</h2>{_figures(tree)}'
    yield from (f'<p class="remark">{remark}</p>' for remark in _remarks(tree, options))
    yield from _contents(noted, options)
    yield f'<section aria-labelledby="segments{options.file}"><h3 id="segments{options.file}">Segments</h3>\n'
    folded = tree.verdict.claims > _FOLDED_ABOVE and tree.only.claim is None
    for part in tree.parts():
        if isinstance(part, Opened):
            yield _opened(part, options, folded=folded)
        elif isinstance(part, Closed):
            yield "</details>\n"
        elif isinstance(part, Missing):
            yield f'<div class="missing">{_findings(part.noted, options)}</div>'
        elif isinstance(part, Shown):
            yield _segment(part, options) if options.elements or options.mask else _line(part, options)
    yield "</section></article>\n"


def _text(text: str) -> str:
    return escape(printable(text))


def _figures(tree: Tree) -> str:
    figures = [("", "Claims", tree.verdict.claims)]
    figures += [(severity, f"{words}s", tree.counts[severity]) for severity, words in _SEVERITIES.items()]
    cells = (
        f'<div class="{kind if count else ""}"><dt>{name}</dt><dd>{count:,}</dd></div>'
        for kind, name, count in figures
    )
    return f'<dl class="figures">{"".join(cells)}</dl>'


def _remarks(tree: Tree, options: PageOptions) -> Iterator[str]:
    if tree.only != EVERYTHING:
        yield "Only a part of the file is shown; the figures are of the whole."
    if options.mask:
        yield "What may tell who a person is is covered."
    if tree.left_out:
        yield f"Findings counted and not shown: {tree.left_out:,}."


def _contents(noted: list[Noted], options: PageOptions) -> Iterator[str]:
    yield f'<nav aria-labelledby="found{options.file}"><h3 id="found{options.file}">Findings</h3>'
    yield '<ol class="found">' if noted else "<p>None.</p>"
    for number, finding, missing in noted:
        name = f"{options.file}-{number}"
        where = ", ".join(location(_uncontrolled(finding) if options.mask else finding, missing=missing))
        yield (
            f'<li class="{finding.severity}" id="l{name}"><span class="severity">{_SEVERITIES[finding.severity]}</span>'
            f'<a href="#f{name}">{_text(finding.message)}</a><small>{_text(where)}</small></li>\n'
        )
    yield f"{'</ol>' if noted else ''}</nav>\n"


def _uncontrolled(finding: Finding) -> Finding:
    """The finding without control numbers that are no numbers: they may be anything."""
    interchange, transaction = (
        each if each and each.isdecimal() else None for each in (finding.interchange, finding.transaction)
    )
    return replace(finding, interchange=interchange, transaction=transaction)


def _opened(part: Opened, options: PageOptions, *, folded: bool) -> str:
    level = part.level
    identity, name = level_heading(level, mask=options.mask)
    unit = level.kind == "loop" and level.loop is not None and level.loop.unit
    heading = _HEADINGS.get(level.kind) or (_CLAIM_HEADING if unit else "span")
    words = f'<{heading} class="kind">{_text(identity)}</{heading}> <span class="of">{_text(name)}</span>'
    shut = folded and unit
    return f'<details class="{"loop" if level.kind == "loop" and not unit else "level"}"{"" if shut else " open"}><summary>{words}</summary>'


def _segment(shown: Shown, options: PageOptions) -> str:
    """A segment with its elements in a table."""
    made, whole = element_rows(shown, mask=options.mask)
    head = f'<span class="id">{_text(segment_id(shown, mask=options.mask))}</span><span>{escape(segment_name(shown))}</span>'
    rows = "".join(_row(each, options) for each in made)
    table = f"<table>{rows}</table>" if rows else ""
    return f'<div class="segment"><p>{_number(shown)}{head}</p>{_findings(whole, options)}{table}</div>\n'


def _number(shown: Shown) -> str:
    return f'<span class="number">{shown.step.position}</span>'


def _row(cell: ElementRow, options: PageOptions) -> str:
    kind = f' class="{cell.noted[0].finding.severity}"' if cell.noted else ""
    value = '<td class="value covered"><span title="covered">' if cell.masked else '<td class="value"><span>'
    row = (
        f'<tr{kind}><th scope="row">{_text(cell.ref)}</th><td class="name">{escape(cell.name)}</td>'
        f'{value}{_text(cell.value)}</span></td><td class="meaning">{escape(cell.meaning)}</td></tr>'
    )
    return f'{row}<tr><td colspan="4">{_findings(cell.noted, options)}</td></tr>' if cell.noted else row


def _line(shown: Shown, options: PageOptions) -> str:
    """A segment as it stands in the file, with what is wrong marked."""
    text = without_stand_in(shown.step.text or "", shown.step.delimiters)
    excerpt = Excerpt(text, shown.step.delimiters)
    spans = sorted({element_span(each.finding, excerpt) for each in shown.noted})
    marked, done = "", 0
    for start, length in spans:
        if start >= done:
            marked += f"{_text(text[done:start])}<mark>{_text(text[start : start + length])}</mark>"
            done = start + length
    code = f'<code class="value">{marked}{_text(text[done:])}</code>'
    return f'<div class="segment line"><p>{_number(shown)}{code}</p>{_findings(shown.noted, options)}</div>\n'


def _findings(noted: Iterable[Noted], options: PageOptions) -> str:
    return "".join(_finding(each, options) for each in noted)


def _finding(noted: Noted, options: PageOptions) -> str:
    finding, name = noted.finding, f"{options.file}-{noted.number}"
    snip = f", SNIP {finding.snip}" if finding.snip else ""
    return (
        f'<div class="finding {finding.severity}" id="f{name}"><span class="severity">{_SEVERITIES[finding.severity]}</span> '
        f'{_text(finding.message)} <span class="fix">{_text(finding.fix)}</span>'
        f'<small>{_text(finding.rule)}{snip}</small> <a class="back" href="#l{name}">Back to the list</a></div>'
    )
