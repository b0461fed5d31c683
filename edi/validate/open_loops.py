"""Open loops as plain values: what came in each, and what is missing, so that several readings of a file can be compared.

`edi.validate.frame` holds the loop instances of the walk itself; these hold only what tells a better reading from a worse one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.validate.frame import Frame
from edi.validate.nodes import LoopNode

_BITS = 8  # of a count
_MOST = (1 << _BITS) - 1

Debt = tuple[LoopNode, int, int]
"""Something required that did not come: the loop, where in the set its instance began, and the child."""


class OpenLoop(NamedTuple):
    """A loop instance that began with the segment at position `at`. `counts` says how often each child came, in a few bits for each
    child; `around` is the loop around it."""

    loop: LoopNode
    at: int
    counts: int
    around: OpenLoop | None

    def count(self, index: int) -> int:
        return self.counts >> _BITS * index & _MOST

    def adding(self, index: int) -> OpenLoop:
        """The same after one more of a child."""
        if self.count(index) == _MOST:
            return self
        return OpenLoop(self.loop, self.at, self.counts + (1 << _BITS * index), self.around)

    def is_full(self, index: int) -> bool:
        """Whether a child has come as often as it may."""
        child = self.loop.children[index]
        limit = child.loop.repeat if isinstance(child, LoopNode) else child.use.repeat
        return 0 < limit <= self.count(index)

    def overflows(self, index: int) -> bool:
        """Whether one more of a child is the first too many."""
        child = self.loop.children[index]
        limit = child.loop.repeat if isinstance(child, LoopNode) else child.use.repeat
        return 0 < limit == self.count(index)

    def missing(self, before: int | None = None) -> Iterator[Debt]:
        """The required children that did not come, but for the first, whose loss is told at once; with `before`, only those whose place is
        before that position."""
        for index in self.loop.required:
            due = before is None or self.loop.children[index].position < before
            if index and due and not self.count(index):
                yield self.loop, self.at, index

    def levels(self) -> Iterator[OpenLoop]:
        """This one and those around it, from the inside out."""
        level: OpenLoop | None = self
        while level is not None:
            yield level
            level = level.around

    def replaced(self, depth: int, other: OpenLoop) -> OpenLoop:
        """The same with another loop `depth` levels further out."""
        if not depth:
            return other
        assert self.around is not None
        return OpenLoop(self.loop, self.at, self.counts, self.around.replaced(depth - 1, other))


def up(level: OpenLoop, depth: int) -> OpenLoop:
    """The loop that is `depth` levels further out."""
    for _ in range(depth):
        assert level.around is not None
        level = level.around
    return level


def open_loops(frame: Frame) -> OpenLoop:
    """The loops that are open in a walk."""
    counts = 0
    for index in frame.node.required:
        if index and frame.is_flagged(index, 0):
            counts |= 1 << _BITS * index  # its loss has been told
    for index, found in frame.have.items():
        is_loop = isinstance(frame.node.children[index], LoopNode)
        count = found[1] if is_loop else len(found) if isinstance(found, list) else 1
        counts &= ~(_MOST << _BITS * index)
        counts |= min(count, _MOST) << _BITS * index  # type: ignore[operator]  # for a loop, `found` holds numbers
    around = open_loops(frame.parent) if frame.parent else None
    return OpenLoop(frame.node, frame.position, counts, around)
