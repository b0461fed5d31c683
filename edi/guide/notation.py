"""`use` and `loop`: a guide's declarations, checked against the standard while they load."""

from __future__ import annotations

from dataclasses import replace

from edi.guide.shape import ElementUse, Loop, SegmentUse, Usage, spread
from edi.guide.standard import COMPOSITES, SEGMENTS


def use(
    segment_id: str,
    position: int,
    usage: Usage,
    repeat: int,
    name: str,
    *elements: ElementUse | int,
    key: int | None = None,
    note: str = "",
) -> SegmentUse:
    """Declare one use of a standard segment. Raises ValueError when the elements do not add up."""
    segment = SEGMENTS[segment_id]
    declared = spread(elements)
    if len(declared) != len(segment.elements):
        raise ValueError(
            f"{segment_id} at {position}: {len(declared)} elements declared, the standard has {len(segment.elements)}"
        )
    numbered = tuple(
        _numbered(element, number, f"{segment_id}{place:02}")
        for place, (element, number) in enumerate(zip(declared, segment.elements, strict=True), start=1)
    )
    chosen = segment.key if key is None else key
    if chosen > len(numbered):
        raise ValueError(f"{segment_id} at {position}: the key is element {chosen}, which does not exist")
    return SegmentUse(segment, position, usage, repeat, name, numbered, chosen, note)


def _numbered(element: ElementUse, number: str, ref: str) -> ElementUse:
    composite = COMPOSITES.get(number)
    if composite is None or not element.parts:
        return replace(element, number=number, ref=ref)
    if len(element.parts) != len(composite.components):
        raise ValueError(
            f"{ref}: {len(element.parts)} components declared, the standard has {len(composite.components)}"
        )
    parts = tuple(
        replace(part, number=component, ref=f"{ref}-{place}")
        for place, (part, component) in enumerate(
            zip(element.parts, composite.components, strict=True), start=1
        )
    )
    return replace(element, number=number, ref=ref, parts=parts)


def loop(
    loop_id: str,
    usage: Usage,
    repeat: int,
    name: str,
    *children: SegmentUse | Loop,
    unit: bool = False,
    note: str = "",
    at: int = 0,
) -> Loop:
    """Declare a loop; its first child opens it. Raises ValueError when that is no segment."""
    if not children or isinstance(children[0], Loop):
        raise ValueError(f"loop {loop_id} does not begin with a segment")
    return Loop(loop_id, usage, repeat, name, children, unit, note, at)
