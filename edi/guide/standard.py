"""The X12 standard's layer, version 005010: data elements, composites and segments, each stated once."""

from __future__ import annotations

from edi.guide.shape import Composite, Element, Segment

_ELEMENTS = """
66    ID 1/2   Identification code qualifier
67    AN 2/80  Identification code
98    ID 2/3   Entity identifier code
1035  AN 1/60  Last or organization name
"""

_COMPOSITES: dict[str, tuple[str, str]] = {}

_SEGMENTS = """
NM1 1 | Individual or organizational name | 98 1065 1035 1036 1037 1038 1039 66 67 706 98 1035 | P0809 C1110 C1203
"""


def _element(line: str) -> Element:
    number, kind, size, name = line.split(None, 3)
    low, high = size.split("/")
    return Element(number, kind, int(low), int(high), name)


def _segment(line: str) -> Segment:
    head, name, elements, *notes = (part.strip() for part in line.split("|"))
    segment_id, key = head.split()
    syntax = tuple(notes[0].split()) if notes else ()
    return Segment(segment_id, name, tuple(elements.split()), syntax, int(key))


ELEMENTS: dict[str, Element] = {
    element.number: element for element in map(_element, _ELEMENTS.strip().splitlines())
}
COMPOSITES: dict[str, Composite] = {
    number: Composite(number, name, tuple(components.split()))
    for number, (name, components) in _COMPOSITES.items()
}
SEGMENTS: dict[str, Segment] = {
    segment.id: segment for segment in map(_segment, _SEGMENTS.strip().splitlines())
}
