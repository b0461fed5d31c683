"""Where a place of a guide lies in the tree of loops, seen from one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edi.guide.condition import Place
from edi.validate.frame import Found, Frame, up
from edi.validate.nodes import LoopNode, Node


class Route:
    """The way from a loop to another: `steps` loops up, then down by the indexes in `path`."""

    def __init__(self, loop: LoopNode, target: LoopNode) -> None:
        self.target = target
        self.path: list[int] = []
        above = list(_outward(loop))
        while target not in above:
            assert target.parent is not None  # the root is above every loop
            self.path.insert(0, target.index)
            target = target.parent
        self.steps = above.index(target)

    @property
    def is_single(self) -> bool:
        """Whether every loop on the way down comes once."""
        loop, single = self.target, True
        for _ in self.path:
            single &= loop.loop.repeat == 1
            assert loop.parent is not None
            loop = loop.parent
        return single

    def first(self) -> Callable[[Frame], Frame | None]:
        """A function that leads to the first instance where it ends, from one where it begins; to None where there is none."""
        steps, path = self.steps, self.path
        if not path:
            return lambda frame: up(frame, steps)

        def first(frame: Frame) -> Frame | None:
            found = up(frame, steps)
            for index in path:
                below = found.children.get(index)
                if not below:
                    return None
                found = below[0]
            return found

        return first

    def frames(self, frame: Frame) -> list[Frame]:
        """The instances where it ends, from one where it begins."""
        frames = [up(frame, self.steps)]
        for index in self.path:
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
        if self.child or len(self.indexes) > 1 or not self.route.is_single:
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
