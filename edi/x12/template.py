"""Templates of segments: the guide gives every fixed code and every empty element.

    prior = template(GUIDE, "2300", "REF:G1", "REF02")      prior("PA2291174") == "REF*G1*PA2291174"

A template that leaves a required element empty, or fills an element that is not used, cannot be built. Blanks at the end of
a segment are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from edi.guide.shape import ElementUse, Guide, SegmentUse
from edi.x12.delimiters import DEFAULT

ELEMENT = DEFAULT.element
COMPONENT = DEFAULT.component


def template(guide: Guide, loop_id: str, address: str, *refs: str) -> Callable[..., str]:
    """A function that writes one segment from the values of `refs`, in their order. "" leaves an element empty.

    A ref is an element ("NM103"), a component ("CLM05-1"), or a whole composite whose components the caller has joined
    ("SV311"). Raises ValueError when the refs do not suit the segment, KeyError when the guide has no such segment."""
    return use_template(guide.find(loop_id, address), address.partition(":")[2], refs)


def use_template(use: SegmentUse, code: str, refs: tuple[str, ...]) -> Callable[..., str]:
    """As `template`, for a segment use at hand. `code` is the value of its key element, "" where it has no key."""
    text, order = segment_format(use, code, dict.fromkeys(refs, "%s"))
    if order != refs:
        raise ValueError(f"{use.address} cannot be written from {refs}: it takes {order}")
    last_is_certain = _required_last(use.elements, refs)

    def write(*values: str) -> str:
        return (text % values).rstrip(" ")

    def write_trimmed(*values: str) -> str:
        return (text % values).rstrip(f"{ELEMENT} ")

    return write if last_is_certain else write_trimmed


def segment_format(use: SegmentUse, code: str, given: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """A segment's text with what is given for its elements and components by ref ("%s", or a code), and the refs of each
    "%s" in their order. Raises ValueError when an element given is not used, or a required one has no value."""
    order: list[str] = []
    parts = [use.segment.id]
    for place, element in enumerate(use.elements, start=1):
        fixed = code if place == use.key and element.ref not in given else ""
        parts.append(fixed or _part(element, given, order))
    return ELEMENT.join(parts).rstrip(ELEMENT), tuple(order)


def _part(element: ElementUse, given: Mapping[str, str], order: list[str]) -> str:
    """The text of one element: what is given for it, a fixed code, or nothing."""
    if element.ref in given:
        if element.usage == "N":
            raise ValueError(f"{element.ref} is not used")
        if given[element.ref] == "%s":
            order.append(element.ref)
        return given[element.ref]
    if element.parts and any(part.ref in given for part in element.parts):
        return COMPONENT.join(_part(part, given, order) for part in element.parts).rstrip(COMPONENT)
    if element.usage != "R":
        return ""
    if len(element.codes) != 1:
        raise ValueError(f"{element.ref} is required and has no value")
    return element.codes[0]


def _required_last(elements: tuple[ElementUse, ...], refs: tuple[str, ...]) -> bool:
    """Whether the last element that the template writes always has a value."""
    written = [
        element
        for element in elements
        if element.usage == "R" or element.ref in refs or any(part.ref in refs for part in element.parts)
    ]
    last = written[-1]
    return last.usage == "R" and not last.parts


def composite(*components: str) -> str:
    """Components joined, without the empty ones at the end."""
    return COMPONENT.join(components).rstrip(COMPONENT)
