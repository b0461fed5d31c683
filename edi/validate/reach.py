"""How the conditions of situations read the loop instances of a walk."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from edi.guide.condition import Place, Test, Values
from edi.validate.frame import PINNED, Frame
from edi.validate.machine import LoopNode, Node

_STANDS = "present"  # what a loop's own presence reads as
_NO_VALUES: list[str] = []
Frames = Callable[[Frame], list[Frame]]


class Reading(NamedTuple):
    """Something that a situation reads: the frames, their loop, the children and the element."""

    frames: Frames
    loop: str
    indexes: tuple[int, ...]
    element: int


class TreeReach:
    """How the conditions of one situation read the frames of a walk; it keeps a list of what they read."""

    def __init__(self, loop: LoopNode, each: str) -> None:
        self._loop = loop
        self._each = each
        self._separator = loop.machine.delimiters.element
        self._component = loop.machine.delimiters.component
        self.reads: list[Reading] = []

    def values(self, where: Place) -> Values:
        frames, target = frames_of(self._loop, where.loop)
        if child := child_loop(target, where.address):
            return self._stands(frames, child)
        indexes = indexes_of(target, where.address)
        self.reads.append(Reading(frames, target.loop.id, indexes, where.element))
        if self._each and where.address == self._each and not where.loop:
            return self._pinned(where)
        steps = _steps(self._loop, where.loop)
        if steps >= 0 and where.element and len(indexes) == 1 and target.node(indexes[0]).use.repeat == 1:
            return self._one(steps, indexes[0], where.element, where.component)
        return self._many(frames, indexes, where.element, where.component)

    def pieces(self, where: Place) -> Values:
        steps = _steps(self._loop, where.loop)
        frames, target = frames_of(self._loop, where.loop)
        indexes = indexes_of(target, where.address)
        if steps < 0 or len(indexes) > 1:
            raise KeyError(f"{where.says} is not one segment of this loop or of one around it")
        self.reads.append(Reading(frames, target.loop.id, indexes, where.element))
        index, separator, component, element = indexes[0], self._separator, self._component, where.element

        def pieces(frame: Frame) -> list[str]:
            for _ in range(steps):
                frame = frame.parent  # type: ignore[assignment]  # that many loops are around
            if index not in frame.have:
                return _NO_VALUES
            fields = frame.elements(index, separator)
            if not element:
                return fields[1:]
            return fields[element].split(component) if element < len(fields) else _NO_VALUES

        return pieces

    def present(self, where: Place) -> Test:
        values = self.values(where)
        steps = _steps(self._loop, where.loop)
        if not where.element and steps >= 0 and where.address != self._each:
            _, around = frames_of(self._loop, where.loop)
            child = child_loop(around, where.address)
            indexes = (child.index,) if child else indexes_of(around, where.address)
            if len(indexes) == 1:
                return _is_there(steps, indexes[0])
        return lambda frame: any(values(frame))

    def matching(self, where: Place, key: Place, equals: Place) -> Values:
        frames, target = frames_of(self._loop, where.loop)
        keys = self._many(_itself, indexes_of(target, key.address), key.element, key.component)
        wanted = self.values(equals)
        indexes = indexes_of(target, where.address)
        self.reads.append(Reading(frames, target.loop.id, indexes, where.element))
        values = self._many(_itself, indexes, where.element, where.component)

        def matched(frame: Frame) -> list[str]:
            right = set(wanted(frame))
            return [
                text for each in frames(frame) if not right.isdisjoint(keys(each)) for text in values(each)
            ]

        return matched

    def earlier(self, where: Place) -> Values:
        values = self.values(where)

        def before(frame: Frame) -> list[str]:
            around = frame.parent.kids if frame.parent else []
            same = [each for each in around if each.node is frame.node and each.ordinal < frame.ordinal]
            return values(same[-1]) if same else []

        return before

    def ordinal(self, frame: Frame) -> int:
        return frame.ordinal

    def _stands(self, frames: Frames, child: LoopNode) -> Values:
        index, around = child.index, child.parent
        assert around is not None
        self.reads.append(Reading(frames, around.loop.id, (index,), 0))
        return lambda frame: [_STANDS for each in frames(frame) for _ in range(each.count(index))]

    def _pinned(self, where: Place) -> Values:
        separator, component = self._separator, self._component
        return lambda frame: [
            _value(frame.elements(PINNED, separator), component, where.element, where.component)
        ]

    def _one(self, steps: int, index: int, element: int, place_in: int) -> Values:
        """From a segment that comes once in this loop (steps 0) or one around it."""
        separator, component = self._separator, self._component

        def value(frame: Frame) -> list[str]:
            for _ in range(steps):
                frame = frame.parent  # type: ignore[assignment]  # that many loops are around
            if index not in frame.have:
                return _NO_VALUES
            fields = frame.elements(index, separator)
            if element >= len(fields):
                return _NO_VALUES
            return [_value(fields, component, element, place_in) if place_in else fields[element]]

        return value

    def _many(self, frames: Frames, indexes: tuple[int, ...], element: int, place_in: int) -> Values:
        separator = self._separator
        if element and len(indexes) == 1 and not place_in:
            index = indexes[0]

            def elements(frame: Frame) -> list[str]:
                found = []
                for each in frames(frame):
                    came = each.have.get(index)
                    if came.__class__ is tuple:
                        fields = each.elements(index, separator)
                        found.append(fields[element] if element < len(fields) else "")
                    elif came is not None:
                        found += several(each)
                return found

            several = self._segments(_itself, indexes, element, 0)
            return elements
        return self._segments(frames, indexes, element, place_in)

    def _segments(self, frames: Frames, indexes: tuple[int, ...], element: int, place_in: int) -> Values:
        separator, component = self._separator, self._component

        def values(frame: Frame) -> list[str]:
            found = [
                segment for each in frames(frame) for index in indexes for _, segment in each.segments(index)
            ]
            if not element:
                return found
            return [_value(segment.split(separator), component, element, place_in) for segment in found]

        return values


def _value(fields: list[str], separator: str, element: int, component: int) -> str:
    if not element:
        return fields[0]
    if element >= len(fields):
        return ""
    if not component:
        return fields[element]
    parts = fields[element].split(separator)
    return parts[component - 1] if component <= len(parts) else ""


def _is_there(steps: int, index: int) -> Test:
    def test(frame: Frame) -> bool:
        for _ in range(steps):
            frame = frame.parent  # type: ignore[assignment]  # that many loops are around
        return index in frame.have

    return test


def _steps(loop: LoopNode, wanted: str) -> int:
    """How many loops up a loop around this one is; 0 for this one itself, -1 when it is not around."""
    steps, top = 0, loop
    while wanted and top.loop.id != wanted:
        if top.parent is None:
            return -1
        steps, top = steps + 1, top.parent
    return steps


def _itself(frame: Frame) -> list[Frame]:
    return [frame]


def frames_of(loop: LoopNode, wanted: str) -> tuple[Frames, LoopNode]:
    """How to get from an instance of `loop` to the instances of the loop a place lies in."""
    if not wanted:
        return _itself, loop
    steps, top = 0, loop
    while True:
        below = next((each for each in top.below() if each.loop.id == wanted), None)
        if below is not None:
            break
        if top.parent is None:
            raise KeyError(f"from {loop.loop.id} there is no loop {wanted}")
        steps, top = steps + 1, top.parent
    path = [below]
    while path[0].parent is not top and path[0] is not top:
        path.insert(0, path[0].parent)  # type: ignore[arg-type]  # top is above
    if below is top:
        return (lambda frame: [_up(frame, steps)]), top
    if len(path) == 1:
        return (lambda frame: [kid for kid in _up(frame, steps).kids if kid.node is below]), below
    return (lambda frame: _descend(_up(frame, steps), path)), below


def _descend(frame: Frame, path: list[LoopNode]) -> list[Frame]:
    frames = [frame]
    for step in path:
        frames = [kid for each in frames for kid in each.kids if kid.node is step]
    return frames


def _up(frame: Frame, steps: int) -> Frame:
    for _ in range(steps):
        assert frame.parent is not None
        frame = frame.parent
    return frame


def down(frame: Frame) -> list[Frame]:
    return [each for kid in frame.kids for each in (kid, *down(kid))]


def child_loop(loop: LoopNode, name: str) -> LoopNode | None:
    return next(
        (child for child in loop.children if isinstance(child, LoopNode) and child.loop.id == name), None
    )


def indexes_of(loop: LoopNode, address: str) -> tuple[int, ...]:
    segment, _, code = address.partition(":")
    found = tuple(
        child.index
        for child in loop.children
        if isinstance(child, Node)
        and child.use.segment.id == segment
        and (not code or code in child.use.keys)
    )
    if not found:
        raise KeyError(f"loop {loop.loop.id} has no {address}")
    return found
