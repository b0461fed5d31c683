"""Where a place of a guide lies in the tree of loops, seen from one of them."""

from __future__ import annotations

from collections.abc import Iterator

from edi.guide.condition import Place
from edi.validate.frame import Found, Frame, up
from edi.validate.nodes import LoopNode, Node


class Route:
    """The way from a loop to another: `steps` loops up, then down through `loops_down`, whose indexes are in `path`."""

    def __init__(self, loop: LoopNode, target: LoopNode) -> None:
        self.target = target
        self.loops_down: list[LoopNode] = []
        above = list(_outward(loop))
        while target not in above:
            assert target.parent is not None  # the root is above every loop
            self.loops_down.insert(0, target)
            target = target.parent
        self.path = [each.index for each in self.loops_down]
        self.steps = above.index(target)

    @property
    def is_single(self) -> bool:
        """Whether every loop on the way down comes once."""
        return all(each.loop.repeat == 1 for each in self.loops_down)

    @property
    def is_kept(self) -> bool:
        """Whether instances of every loop on the way down are kept when they have closed."""
        return all(each.kept for each in self.loops_down)

    def frames(self, frame: Frame) -> list[Frame]:
        """The instances where it ends, from one where it begins."""
        frame = up(frame, self.steps)
        if not self.path:
            return [frame]
        first, *rest = self.path
        frames = frame.children.get(first, [])
        for index in rest:
            frames = _below(frames, index)
        return frames

    def is_lost(self, frame: Frame) -> bool:
        """Whether a loop on the way down has been said to be missing."""
        frames = [up(frame, self.steps)]
        for index in self.path:
            if any(each.is_flagged(index, 0) for each in frames):
                return True
            frames = _below(frames, index)
        return False


class Location:
    """A place of a guide, seen from a loop: the `route` to the loop it lies in, and there the `indexes` of the children that it
    means: several uses of a segment, or the one loop `child`. Raises KeyError when the guide has no such place."""

    def __init__(self, loop: LoopNode, where: Place) -> None:
        self.route = Route(loop, nearest(loop, where.loop) if where.loop else loop)
        self.loop = self.route.target
        self.frames = self.route.frames
        self.element = where.element
        loops = [each for each in self.loop.children if isinstance(each, LoopNode)]
        self.child = next((each for each in loops if each.loop.id == where.address), None)
        self.indexes = (self.child.index,) if self.child else uses(self.loop, where.address)

    @property
    def comes_once(self) -> bool:
        """Whether it lies in a segment that comes once, in this loop, in one around it, or in loops of these that come once."""
        return self.route.is_single and self._is_once

    @property
    def comes_once_each(self) -> bool:
        """Whether it lies in a segment that comes once in each of several loops, in an element that does not repeat."""
        return bool(self.route.path) and self._is_once and not self.repeats

    @property
    def _is_once(self) -> bool:
        if self.child or len(self.indexes) > 1:
            return False
        return self.loop.node(self.indexes[0]).use.repeat == 1

    @property
    def repeats(self) -> bool:
        """Whether it is an element that the guide lets repeat."""
        return any(self.loop.node(each).use.elements[self.element - 1].repeat > 1 for each in self.indexes)

    def segments(self, frame: Frame) -> list[Found]:
        """What stands there in all instances of its loop; nothing where it is a loop itself."""
        if self.child:
            return []
        return [
            found for each in self.frames(frame) for index in self.indexes for found in each.segments(index)
        ]

    def is_flagged(self, frame: Frame) -> bool:
        """Whether it has had a finding, or lies in a loop that is missing."""
        return self.route.is_lost(frame) or any(
            each.is_flagged(index, self.element) for each in self.frames(frame) for index in self.indexes
        )

    def flag(self, frame: Frame) -> None:
        """Note that it has had its finding."""
        for each in self.frames(frame):
            for index in self.indexes:
                each.flag(index, self.element)


def nearest(loop: LoopNode, name: str) -> LoopNode:
    """The loop of that id that is nearest: the loop itself or one below it, else around it or below one around. Raises KeyError
    when there is none."""
    for top in _outward(loop):
        for each in top.below():
            if each.loop.id == name:
                return each
    raise KeyError(f"from {loop.loop.id} there is no loop {name}")


def uses(loop: LoopNode, address: str) -> tuple[int, ...]:
    """The indexes of the segment uses that an address means: "REF:G1", or all of "REF". Raises KeyError when there are none."""
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


def _outward(loop: LoopNode | None) -> Iterator[LoopNode]:
    """A loop and those around it."""
    while loop is not None:
        yield loop
        loop = loop.parent


def _below(frames: list[Frame], index: int) -> list[Frame]:
    return [child for each in frames for child in each.children.get(index, ())]
