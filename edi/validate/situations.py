"""Situations of a guide bound to the tree: tests on a closed loop instance."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from edi.guide.condition import Place, Situation, Test, Values, place
from edi.validate.frame import Frame
from edi.validate.machine import LoopNode, Node

_STANDS = "present"  # what a loop's own presence reads as


class Bound(NamedTuple):
    """A situation of one loop: when it applies, what must hold, and where a finding points."""

    situation: Situation
    when: Test | None
    need: Test
    locate: Callable[[Frame], tuple[int, str, str]]


def bind(loop: LoopNode) -> list[Bound]:
    """The tests of a loop. Raises KeyError when a situation names a place that the guide does not have."""
    machine = loop.machine
    bound = []
    for situation in machine.situations.get(loop.loop.id, []):
        bound.append(
            Bound(
                situation,
                situation.when.bind(lambda where: _reader(loop, where)) if situation.when else None,
                situation.need.bind(lambda where: _reader(loop, where)),
                _locator(loop, place(situation.at)),
            )
        )
    return bound


def _reader(loop: LoopNode, where: Place) -> Values:
    reach, target = _frames(loop, where.loop)
    if not where.address:
        return lambda frame: [_STANDS for _ in reach(frame)]
    if ":" not in where.address and (child := _child_loop(target, where.address)):
        index = child.index
        return lambda frame: [_STANDS for each in reach(frame) for _ in range(each.count(index))]
    indexes = _indexes(target, where.address)
    element, component = where.element, where.component
    separator, sub = loop.machine.delimiters.element, loop.machine.delimiters.component

    def values(frame: Frame) -> list[str]:
        segments = [
            segment for each in reach(frame) for index in indexes for _, segment in each.segments(index)
        ]
        if not element:
            return segments
        return [_value(segment, separator, sub, element, component) for segment in segments]

    return values


def _value(segment: str, separator: str, sub: str, element: int, component: int) -> str:
    fields = segment.split(separator, element + 1)
    if element >= len(fields):
        return ""
    if not component:
        return fields[element]
    parts = fields[element].split(sub)
    return parts[component - 1] if component <= len(parts) else ""


def _frames(loop: LoopNode, wanted: str) -> tuple[Callable[[Frame], list[Frame]], LoopNode]:
    """How to get from an instance of `loop` to the instances of the loop a place lies in."""
    if not wanted:
        return lambda frame: [frame], loop
    steps, ancestor = 1, loop.parent
    while ancestor is not None:
        if ancestor.loop.id == wanted:
            return lambda frame: [_up(frame, steps)], ancestor
        steps, ancestor = steps + 1, ancestor.parent
    target = next(each for each in loop.below() if each.loop.id == wanted)
    return lambda frame: [each for each in _down(frame) if each.node is target], target


def _up(frame: Frame, steps: int) -> Frame:
    for _ in range(steps):
        assert frame.parent is not None
        frame = frame.parent
    return frame


def _down(frame: Frame) -> list[Frame]:
    return [each for kid in frame.kids for each in (kid, *_down(kid))]


def _child_loop(loop: LoopNode, name: str) -> LoopNode | None:
    return next(
        (child for child in loop.children if isinstance(child, LoopNode) and child.loop.id == name), None
    )


def _indexes(loop: LoopNode, address: str) -> list[int]:
    segment, _, code = address.partition(":")
    found = [
        child.index
        for child in loop.children
        if isinstance(child, Node) and child.use.segment.id == segment and (not code or code in child.use.keys)
    ]
    if not found:
        raise KeyError(f"loop {loop.loop.id} has no {address}")
    return found


def _locator(loop: LoopNode, where: Place) -> Callable[[Frame], tuple[int, str, str]]:
    """Where a finding points: (position, segment id, element). The loop's first segment when the place is empty."""
    segment_id = where.address.partition(":")[0]
    element = f"{segment_id}{where.element:02}" if where.element else ""
    if where.component:
        element += f"-{where.component}"
    reach, target = _frames(loop, where.loop)
    indexes = _indexes(target, where.address)

    def locate(frame: Frame) -> tuple[int, str, str]:
        for each in reach(frame):
            for index in indexes:
                for position, _ in each.segments(index):
                    return position, segment_id, element
        return frame.position, segment_id, element

    return locate
