"""Addresses of elements within a loop of a guide, as text.

"REF:G1 REF02" is element 2 of the REF whose key element is G1. "CLM CLM05-1" is a component. In "NM1:85 NM108=XX NM109"
a code stands before the element: NM108 is XX wherever NM109 has a value.
"""

from __future__ import annotations

from typing import NamedTuple

from edi.guide.shape import ElementUse, Guide, SegmentUse


class Address(NamedTuple):
    """An address that the guide has. `code` is the value of the segment's key element, "" without a key."""

    use: SegmentUse
    code: str
    fixed: tuple[tuple[str, str], ...]
    element: ElementUse


def segment_use(guide: Guide, loop_id: str, address: str) -> tuple[SegmentUse, str]:
    """The use called "REF:G1" or "CLM", and the value of its key element. Without a code the segment must have one use in
    the loop, and the first code of the use is meant. Raises KeyError when the guide has no such use, ValueError when it has
    several."""
    segment_id, _, code = address.partition(":")
    use = guide.find(loop_id, address)
    if not code and sum(each.segment.id == segment_id for each in guide.index[loop_id].segments()) > 1:
        raise ValueError(f"loop {loop_id} has several {segment_id}: name the code of one")
    return use, code or next(iter(use.keys), "")


def parse_address(guide: Guide, loop_id: str, text: str) -> Address:
    """The address in a loop. Raises KeyError when the guide has no such segment, ValueError when the segment has no such
    element or code."""
    segment, *fixed, ref = text.split(" ")
    use, code = segment_use(guide, loop_id, segment)
    codes = []
    for each in fixed:
        fixed_ref, _, value = each.partition("=")
        if value not in _element(use, fixed_ref).codes:
            raise ValueError(f"{fixed_ref} of {use.address} in loop {loop_id} cannot be {value}")
        codes.append((fixed_ref, value))
    return Address(use, code, tuple(codes), _element(use, ref))


def _element(use: SegmentUse, ref: str) -> ElementUse:
    for element in use.elements:
        for each in (element, *element.parts):
            if each.ref == ref and "N" not in (element.usage, each.usage):
                return each
    raise ValueError(f"{use.address} has no {ref}, or the guide does not use it")
