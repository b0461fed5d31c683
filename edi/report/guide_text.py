"""A guide, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from edi.guide.description import ElementFact, GuideFact, LoopFact, SegmentFact, segment_heading, times
from edi.report.colours import Paint, plain


def guide_text(fact: GuideFact, paint: Paint = plain) -> Iterator[str]:
    """Its lines: each loop with its segments and their elements, its situations, and the doubts."""
    yield paint(f"{fact['version']}  {fact['transaction']}  {fact['name']}", "bold")
    yield fact["origin"]
    yield "R required, S situational; ×N at most N times, >1 without limit. What is not listed is not used."
    for use in fact["envelope"]:
        yield from _segment(use, paint)
    for loop in fact["loops"]:
        yield from _loop(loop, paint)
    if fact["doubts"]:
        yield ""
        yield paint("Doubts", "bold")
    for doubt in fact["doubts"]:
        yield f"  {doubt['loop']} {doubt['place']}: {doubt['note']}"


def _loop(loop: LoopFact, paint: Paint) -> Iterator[str]:
    yield ""
    below = f", below {' and '.join(loop['parents'])}" if loop["parents"] else ""
    yield paint(f"Loop {loop['id']} {loop['name']}", "bold") + f"  {times(loop)}{below}"
    if loop["note"]:
        yield f"  {loop['note']}"
    for child in loop["children"]:
        if child["kind"] == "loop":
            yield f"  loop {child['id']} {child['name']}  {times(child)}"
        else:
            yield from _segment(child, paint)
    for situation in loop["situations"]:
        yield f"  {situation['severity']} {situation['id']}: {situation['says']}."
        yield f"    source: {situation['source']}"


def _segment(use: SegmentFact, paint: Paint) -> Iterator[str]:
    yield f"  {paint(segment_heading(use), 'bold')} {use['name']}  {times(use)}"
    notes = [*([f"Syntax: {' '.join(use['syntax'])}."] if use["syntax"] else []), use["note"]]
    yield from (f"    {note}" for note in notes if note)
    for element in use["elements"]:
        yield from _element(element)


def _element(use: ElementFact) -> Iterator[str]:
    indent = " " * (6 if "-" in use["ref"] else 4)
    length = "" if use["minLength"] is None else f" {use['minLength']}–{use['maxLength']}"
    repeat = "" if use["repeat"] == 1 else f" ×{use['repeat']}"
    forms = f": {', or '.join(use['forms'])}" if use["forms"] else ""
    yield f"{indent}{use['ref']} {use['usage']}{repeat} {use['name']} ({use['type']}{length}){forms}"
    if use["note"]:
        yield f"{indent}  {use['note']}"
    for code in use["codes"]:
        yield f"{indent}  {code['code']} {code['meaning']}"
    for part in use["components"]:
        yield from _element(part)
