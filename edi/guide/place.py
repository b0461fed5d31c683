"""Places of a guide as payers' overlays name them, and the loop at whose end each can be judged.

The notation is that of situations: "2310B" is a loop, "2300/REF:G1" a segment, "2300/CLM 05-3" an element. Where
several uses of a segment share a loop, the code tells them apart; a code of a use that takes several means the segments
with that code alone.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from edi.errors import SettingsError
from edi.guide.condition import Is, Place, place
from edi.guide.shape import ElementUse, Guide, Loop, SegmentUse

_FORM = re.compile(r"(?:[0-9A-Z]+/)?[0-9A-Z]+(?::[0-9A-Z]+)?(?: \d\d(?:-\d\d?)?)?")


class FoundPlace(NamedTuple):
    """A place that the guide has: the loop `child`, or the segment `use`, or an `element` of that segment.

    `loops` are the loops it lies in (several where a loop hangs in several), `text` is the place in such a loop as situations
    write it, `says` the same in words. Where only some segments of a use are meant, `only` holds for these."""

    loops: tuple[str, ...]
    text: str
    says: str
    child: Loop | None = None
    use: SegmentUse | None = None
    element: ElementUse | None = None
    only: Is | None = None

    @property
    def segment(self) -> str:
        """Its segment as situations write it."""
        return self.text.partition(" ")[0]


def find_place(text: str, guide: Guide, home: str = "") -> FoundPlace:
    """The place called `text`, in loop `home` where it names no loop. Raises SettingsError when there is none, with the nearest
    name that there is."""
    if not _FORM.fullmatch(text):
        raise SettingsError(
            f'"{text[:40]}" is no place: write "2310B" for a loop, "2300/REF:G1" for a segment, '
            '"2300/CLM 05-3" for an element.'
        )
    where = place(text)
    loop_id = where.loop or home
    if where.address in guide.index and not where.element:
        parents = tuple(
            each.id for each in guide.index.values() if guide.index[where.address] in each.children
        )
        if where.loop:
            raise SettingsError(f'write loop {where.address} without another around it: "{where.address}".')
        return FoundPlace(parents, where.address, f"loop {where.address}", child=guide.index[where.address])
    if not loop_id and not where.address[0].isdigit():
        raise SettingsError(f'a segment has its loop in front, as in "2300/{where.address}".')
    if loop_id not in guide.index:
        raise SettingsError(unknown("loop", loop_id or where.address, guide.index))
    return _in_segment(where, guide.index[loop_id])


def _in_segment(where: Place, loop: Loop) -> FoundPlace:
    tag, _, code = where.address.partition(":")
    uses = [use for use in loop.segments() if use.segment.id == tag]
    fitting = [use for use in uses if code in use.keys] if code else uses
    names = [name for use in loop.segments() for name in _names(use)]
    if not fitting:
        raise SettingsError(unknown(f"segment of loop {loop.id}", where.address, names))
    if len(fitting) > 1:
        several = ", ".join(name for use in uses for name in _names(use)[1:])
        raise SettingsError(f"loop {loop.id} has several {tag}: name one of {several}.")
    use = fitting[0]
    address = use.address if len(uses) > 1 else tag
    only = Is(f"{address} {use.key:02}", code) if code and len(use.keys) > 1 else None
    says = where.address.replace(":", "*")
    if not where.element:
        return FoundPlace((loop.id,), address, says, use=use, only=only)
    element = _element(where, use)
    text = f"{address} {where.element:02}" + (f"-{where.component}" if where.component else "")
    return FoundPlace(
        (loop.id,), text, f"{element.ref} of {says}" if code else element.ref, None, use, element, only
    )


def _names(use: SegmentUse) -> list[str]:
    return [use.segment.id, *(f"{use.segment.id}:{code}" for code in use.keys)]


def _element(where: Place, use: SegmentUse) -> ElementUse:
    if where.element > len(use.elements):
        raise SettingsError(f"{use.segment.id} has {len(use.elements)} elements.")
    element = use.elements[where.element - 1] if where.element else None
    if element and where.component:
        if where.component > len(element.parts):
            raise SettingsError(f"{element.ref} has {len(element.parts) or 'no'} components.")
        element = element.parts[where.component - 1]
    if element is None or element.usage == "N":
        raise SettingsError("the guide does not use this element.")
    return element


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """The message about a name that the guide does not have, with the nearest that it has."""
    near = difflib.get_close_matches(name, list(known), 1, 0.4)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"the guide has no {what} called {name[:40]}.{hint}"


def judged_at(guide: Guide, loop_id: str, reads: Iterable[str]) -> str | None:
    """The loop at whose end a situation of `loop_id` can be judged: all loops in `reads` have come by then, and its own
    instances are still in memory. "" is `loop_id` itself. None: there is no such loop, for a claim is dropped as soon as it ends."""
    wanted = set(reads)
    for path in _paths(guide.root, loop_id):
        depths = [_depth_to_wait(path, list(_paths(guide.root, name))) for name in wanted]
        if None not in depths:
            outer = [depth for depth in depths if depth]
            return path[min(outer) - 1].id if outer else ""
    return None


def _depth_to_wait(path: tuple[Loop, ...], others: list[tuple[Loop, ...]]) -> int | None:
    """How many loops of `path` are open when the other loop has come, by whichever way is the shortest to wait for: 0 when it
    has come before the last loop of `path` ends. None when it never can be seen."""
    depths = [depth for other in others if (depth := _depth(path, other)) is not None]
    return min(depths, default=None)


def _depth(path: tuple[Loop, ...], other: tuple[Loop, ...]) -> int | None:
    """The same for one way to the other loop."""
    common = next(
        (count for count, pair in enumerate(zip(path, other, strict=False)) if pair[0] is not pair[1]),
        min(len(path), len(other)),
    )
    if any(_is_dropped(each) for each in other[common:]):
        return None
    if common in (len(path), len(other)):
        return 0
    children = path[common - 1].children
    if children.index(other[common]) < children.index(path[common]):
        return 0
    return None if any(_is_dropped(each) for each in path[common:]) else common


def _is_dropped(loop: Loop) -> bool:
    """Whether claims lie in the loop, so that no instance of it is kept."""
    return any(each.unit for each in loop.loops())


def _paths(loop: Loop, wanted: str) -> Iterator[tuple[Loop, ...]]:
    """Every way from a loop down to the one called `wanted`, both included."""
    if loop.id == wanted:
        yield (loop,)
    for child in loop.children:
        if isinstance(child, Loop):
            yield from ((loop, *rest) for rest in _paths(child, wanted))
