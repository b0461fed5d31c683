"""Loops as text: values by their addresses go in, segments in the order of the guide come out.

    write = loop_writer(GUIDE)
    write("2300", {"2310A/PRV PRV03": "1223E0200X", "2310A/NM1:DN NM102=1 NM103": "Vela", "AMT:F5 AMT02": "20"})

gives the segments "AMT*F5*20", "NM1*DN*1*Vela" and "PRV*RF*PXC*1223E0200X", each with its terminator. An address is that of an
element (`edi.x12.address`), with the loop before it where that is one below. It may also stand for a whole: "NTE" for the
text of every NTE, "2400" for the text of every loop 2400. Blanks at the end of an element are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from edi.guide.shape import Guide, Loop
from edi.x12.address import Address, parse_address, segment_use
from edi.x12.envelope import END
from edi.x12.template import COMPONENT, ELEMENT, segment_format

_MOST_LAYOUTS = 4000

_ENDS = f"[{ELEMENT}{COMPONENT}{END}]"
_PADDED = re.compile(f" {_ENDS}")  # quick to look for; to look for several blanks takes ten times as long
_BLANKS = re.compile(f" +(?={_ENDS})")

_Layout = tuple[str, Callable[[Mapping[str, str]], Any]]
"""The text with %s for each value, and a function that takes the values in the order of the text."""

_Position = tuple[int, ...]
"""The way from a loop down to a segment or loop: its place among the children of each loop."""


class _Part(NamedTuple):
    """One segment, or a whole text, at its position."""

    position: _Position
    text: str
    addresses: tuple[str, ...]


def loop_writer(guide: Guide) -> Callable[[str, Mapping[str, str]], str]:
    """A function that writes a loop, and the loops below it, from values by address. No value is empty.

    It raises KeyError or ValueError where the guide has no such address, an element has two values, or a required element has
    none."""
    # Claims fill the same few sets of addresses again and again: each set is laid out once.
    layouts: dict[str, dict[tuple[str, ...], _Layout]] = {loop_id: {} for loop_id in guide.index}

    def write(loop_id: str, values: Mapping[str, str]) -> str:
        addresses = tuple(values)
        known = layouts[loop_id]
        layout = known.get(addresses)
        if layout is None:
            if len(known) >= _MOST_LAYOUTS:
                known.clear()
            layout = known[addresses] = _layout(guide, guide.index[loop_id], addresses)
        text, pick = layout
        written: str = text % pick(values)
        return _BLANKS.sub("", written) if _PADDED.search(written) else written

    return write


def _layout(guide: Guide, root: Loop, addresses: tuple[str, ...]) -> _Layout:
    segments: dict[tuple[_Position, str], dict[str, Address]] = {}
    parts: list[_Part] = []
    for address in addresses:
        loop_id, _, within = address.rpartition("/")
        loop = guide.index[loop_id or root.id]
        if within in guide.index:
            parts.append(_Part(_position(root, guide.index[within]), "%s", (address,)))
            continue
        element = parse_address(guide, loop.id, within) if " " in within else None
        use = element.use if element else segment_use(guide, loop.id, within)[0]
        position = (*_position(root, loop), loop.children.index(use))
        if element:
            segments.setdefault((position, element.code), {})[address] = element
        else:
            parts.append(_Part(position, "%s", (address,)))
    parts += [_segment(position, inside) for (position, _), inside in segments.items()]
    parts.sort(key=lambda part: part.position)
    picked = [address for part in parts for address in part.addresses]
    return "".join(part.text for part in parts), itemgetter(*picked)


def _position(root: Loop, loop: Loop) -> _Position:
    """Raises KeyError when `loop` is not `root`, and not below it."""
    if loop is root:
        return ()
    for place, child in enumerate(root.children):
        if isinstance(child, Loop) and loop in child.loops():
            return (place, *_position(child, loop))
    raise KeyError(f"loop {loop.id} is not below loop {root.id}")


def _segment(position: _Position, inside: Mapping[str, Address]) -> _Part:
    given: dict[str, str] = {}
    by_ref: dict[str, str] = {}
    for address, parsed in inside.items():
        for ref, value in (*parsed.fixed, (parsed.element.ref, "%s")):
            if given.setdefault(ref, value) != value or ref in by_ref:
                raise ValueError(f"{ref} of {parsed.use.address} has two values")
        by_ref[parsed.element.ref] = address
    use, code, *_ = next(iter(inside.values()))
    text, order = segment_format(use, code, given)
    return _Part(position, text + END, tuple(by_ref[ref] for ref in order))
