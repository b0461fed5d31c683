"""The elements of a segment as rows for people: name, value, meaning, and the findings about each."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from edi.guide.personal import cover, is_no_code
from edi.guide.shape import ElementUse, Loop
from edi.guide.standard import COMPOSITES, ELEMENTS, SEGMENTS
from edi.report.element_meaning import element_meaning, is_payload, payload_summary
from edi.validate.explain import value_faults
from edi.validate.tree import Noted, Shown
from edi.x12.delimiters import Delimiters

MASKED = "•••"
_SEGMENT_ID = re.compile("[A-Z][A-Z0-9]{1,2}")


class ElementRow(NamedTuple):
    """One element or component. `value` is the file's own, or masked; "" where the row is there for a finding alone."""

    ref: str
    name: str
    value: str
    meaning: str
    masked: bool
    noted: tuple[Noted, ...]


class _Source(NamedTuple):
    """A value and its element in the guide; `element` is None where the guide has none."""

    ref: str
    element: ElementUse | None
    value: str
    qualifier: str


def segment_id(shown: Shown, *, mask: bool) -> str:
    """The text before the first element; with `mask`, "?" where it is no segment id."""
    name = (shown.step.text or "").partition(shown.step.delimiters.element)[0]
    return "?" if mask and not _SEGMENT_ID.fullmatch(name) else name


def segment_name(shown: Shown) -> str:
    """The name of the segment by its guide, else by the standard, else ""."""
    if shown.step.use:
        return shown.step.use.name
    known = SEGMENTS.get(segment_id(shown, mask=False))
    return known.name if known else ""


def element_rows(shown: Shown, *, mask: bool) -> tuple[list[ElementRow], list[Noted]]:
    """The rows of all elements that have a value or a finding, and the findings about the segment as a whole. With `mask`, values
    that may identify a person are masked."""
    by_ref: dict[str, list[Noted]] = {}
    for each in shown.noted:
        by_ref.setdefault(each.finding.element or "", []).append(each)
    made: list[ElementRow] = []
    name, own = segment_id(shown, mask=mask), segment_id(shown, mask=False)
    for source in _sources(shown):
        noted = tuple(by_ref.pop(source.ref, ()))
        if source.value or noted:
            ref = f"{name}{source.ref.removeprefix(own)}"
            made.append(_row(source._replace(ref=ref), shown, noted, mask=mask))
    return made, [each for rest in by_ref.values() for each in rest]


def _sources(shown: Shown) -> list[_Source]:
    """Every element in the segment, each component by itself; where the segment has findings, also the guide's elements that it
    leaves out. A composite is one row only where a finding is about the whole composite."""
    step = shown.step
    name, *values = (step.text or "").split(step.delimiters.element)
    elements = step.use.elements if step.use else _standard(name)
    whole = {each.finding.element for each in shown.noted}
    found: list[_Source] = []
    for place in range(max(len(values), len(elements)) if whole else len(values)):
        value = values[place] if place < len(values) else ""
        if not value and not whole:
            continue
        element = elements[place] if place < len(elements) else None
        ref = f"{name}{place + 1:02}"
        if not element or not element.parts or ref in whole:
            found.append(_Source(ref, element, value, values[place - 1] if 0 < place <= len(values) else ""))
        if element and element.parts:
            found += _components(ref, element, value, step.delimiters)
    return found


def _components(ref: str, element: ElementUse, value: str, delimiters: Delimiters) -> list[_Source]:
    values = value.split(delimiters.component)
    found: list[_Source] = []
    for place in range(max(len(values), len(element.parts))):
        part = element.parts[place] if place < len(element.parts) else None
        own = values[place] if place < len(values) else ""
        before = values[place - 1] if 0 < place <= len(values) else ""
        found.append(_Source(f"{ref}-{place + 1}", part, own, before))
    return found


def _row(source: _Source, shown: Shown, noted: tuple[Noted, ...], *, mask: bool) -> ElementRow:
    element, value = source.element, source.value
    if element is None:
        return ElementRow(
            source.ref, "", MASKED if mask and value else value, "", mask and bool(value), noted
        )
    name = element.name
    if element.usage == "N":
        name = f"{_standard_name(element.number)} (not used)"
    if is_payload(element) and value:
        return ElementRow(source.ref, name, "", payload_summary(value, mask=mask), False, noted)
    said = element_meaning(element, value, source.qualifier)
    if not mask or not value.strip():
        return ElementRow(source.ref, name, value, said, False, noted)
    left = _unmasked(source, shown, said)
    masked = left != value
    return ElementRow(source.ref, name, left, "" if masked else said, masked, noted)


def _unmasked(source: _Source, shown: Shown, said: str) -> str:
    """The part of a value that identifies nobody. A value that is wrong in its place may be anything, so it is masked."""
    element, step = source.element, shown.step
    assert element is not None
    loop: Loop | None = step.loop
    wrong = (
        step.use is None
        or element.usage == "N"
        or bool(element.parts)
        or is_no_code(element, source.value)
        or next(value_faults(element, source.value, source.qualifier, step.delimiters), None) is not None
    )
    hidden = "whole" if wrong else cover(loop, element, source.qualifier)
    if hidden == "day" and said:
        return " to ".join(f"{day[:4]}-••-••" for day in said.split(" to "))
    return MASKED if hidden else source.value


@cache
def _standard(segment: str) -> tuple[ElementUse, ...]:
    """The elements of a segment by the standard, for a segment that is in no guide."""
    if segment not in SEGMENTS:
        return ()
    return tuple(
        ElementUse(
            "S",
            _standard_name(number),
            number=number,
            parts=tuple(
                ElementUse("S", _standard_name(part), number=part) for part in COMPOSITES[number].components
            )
            if number in COMPOSITES
            else (),
        )
        for number in SEGMENTS[segment].elements
    )


def _standard_name(number: str) -> str:
    return COMPOSITES[number].name if number in COMPOSITES else ELEMENTS[number].name
