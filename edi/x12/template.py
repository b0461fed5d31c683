"""Segments are written through the guide: a template knows from it every fixed code and every empty place.

    prior = template(GUIDE, "2300", "REF:G1", "REF02")      prior("PA2291174") == "REF*G1*PA2291174"

A template that leaves a required element empty, or fills one that is not used, does not build.
"""

from __future__ import annotations

from collections.abc import Callable

from edi.guide.shape import ElementUse, Guide, SegmentUse
from edi.x12.delimiters import DEFAULT

ELEMENT = DEFAULT.element
COMPONENT = DEFAULT.component


def template(guide: Guide, loop_id: str, address: str, *refs: str) -> Callable[..., str]:
    """A function that writes one segment use from the values of `refs`, in their order ("" leaves one empty).

    A ref is an element ("NM103"), a component ("CLM05-1") or a whole composite that the caller has joined ("SV311").
    Raises ValueError when the refs do not suit the use, KeyError when the guide has no such use."""
    return use_template(guide.find(loop_id, address), address.partition(":")[2], refs)


def use_template(use: SegmentUse, code: str, refs: tuple[str, ...]) -> Callable[..., str]:
    """As `template`, for a use at hand; `code` is the value of its key element ("" where it has no key)."""
    taken: list[str] = []
    parts = [use.segment.id]
    for place, element in enumerate(use.elements, start=1):
        fixed = code if code and place == use.key else ""
        parts.append(fixed or _hole(element, refs, taken))
    if tuple(taken) != refs:
        raise ValueError(f"{use.address} cannot be written from {refs}: it takes {taken}")
    text = ELEMENT.join(parts).rstrip(ELEMENT)
    last_is_certain = _required_last(use.elements, refs)

    def write(*values: str) -> str:
        return text % values

    def write_trimmed(*values: str) -> str:
        return (text % values).rstrip(ELEMENT)

    return write if last_is_certain else write_trimmed


def _hole(element: ElementUse, refs: tuple[str, ...], taken: list[str]) -> str:
    """What stands for one element in the template: a hole, a fixed code, or nothing."""
    if element.ref in refs:
        if element.usage == "N":
            raise ValueError(f"{element.ref} is not used")
        taken.append(element.ref)
        return "%s"
    if element.parts and any(part.ref in refs for part in element.parts):
        return COMPONENT.join(_hole(part, refs, taken) for part in element.parts).rstrip(COMPONENT)
    if element.usage != "R":
        return ""
    if len(element.codes) != 1:
        raise ValueError(f"{element.ref} is required and has no value")
    return element.codes[0]


def _required_last(elements: tuple[ElementUse, ...], refs: tuple[str, ...]) -> bool:
    """Whether the last thing the template writes is always there."""
    written = [
        element
        for element in elements
        if element.usage == "R" or element.ref in refs or any(part.ref in refs for part in element.parts)
    ]
    last = written[-1]
    return last.usage == "R" and not last.parts


def composite(*components: str) -> str:
    """Components joined, without empty ones at the end."""
    return COMPONENT.join(components).rstrip(COMPONENT)
