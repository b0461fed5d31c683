"""From a loop instance to the instances of another loop around it, below it, or below one around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edi.validate.frame import Frame
from edi.validate.machine import LoopNode, Node

Frames = Callable[[Frame], list[Frame]]


class Route:
    """`frames` leads from an instance of a loop to those of `target`, the nearest loop called `wanted` ("" for the same):
    `steps` loops up, then down along `path`."""

    def __init__(self, loop: LoopNode, wanted: str) -> None:
        self.steps, top = 0, loop
        found = loop if not wanted else next(_called(wanted, top), None)
        while found is None:
            if top.parent is None:
                raise KeyError(f"from {loop.loop.id} there is no loop {wanted}")
            self.steps, top = self.steps + 1, top.parent
            found = next(_called(wanted, top), None)
        self.target = found
        self.path: list[LoopNode] = []
        while found is not top:
            self.path.insert(0, found)
            assert found.parent is not None
            found = found.parent
        self.frames = self._frames()

    def _frames(self) -> Frames:
        steps, path, target = self.steps, self.path, self.target
        if not path:
            return lambda frame: [up(frame, steps)]
        if len(path) == 1 and not steps:
            return lambda frame: [child for child in frame.children if child.node is target]
        if len(path) == 1:
            return lambda frame: [child for child in up(frame, steps).children if child.node is target]
        return lambda frame: self._descend(frame)[-1]

    def _descend(self, frame: Frame) -> list[list[Frame]]:
        """The instances at each step of the way down."""
        ways = [[up(frame, self.steps)]]
        for step in self.path:
            ways.append([child for each in ways[-1] for child in each.children if child.node is step])
        return ways

    def is_lost(self, frame: Frame) -> bool:
        """Whether a loop on the way has been said to be missing."""
        return any(
            each.is_flagged(step.index, 0)
            for step, frames in zip(self.path, self._descend(frame), strict=False)
            for each in frames
        )


def _called(wanted: str, top: LoopNode) -> Iterator[LoopNode]:
    return (each for each in top.below() if each.loop.id == wanted)


def up(frame: Frame, steps: int) -> Frame:
    for _ in range(steps):
        assert frame.parent is not None
        frame = frame.parent
    return frame


def down(frame: Frame) -> list[Frame]:
    """All kept instances below one."""
    return [each for child in frame.children for each in (child, *down(child))]


def child_loop(loop: LoopNode, name: str) -> LoopNode | None:
    """The loop called `name` right below another."""
    return next(
        (child for child in loop.children if isinstance(child, LoopNode) and child.loop.id == name), None
    )


def indexes_of(loop: LoopNode, address: str) -> tuple[int, ...]:
    """The children that an address means: the segment uses of "REF:G1" or "CLM", or the loop "2300". KeyError when the
    guide has none."""
    if child := child_loop(loop, address):
        return (child.index,)
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
