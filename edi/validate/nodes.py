"""The segment uses and loops of a guide as a tree, with the segments that may follow each.

A node is one segment use at one place in the tree of loops; `node.next` maps a segment's key ("CLM", "REF*G1") to
the step it takes. Tables and expressions are made at first use, so that a small file does not pay for the whole guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.guide.shape import Loop, SegmentUse
from edi.validate.pattern import SegmentTest, segment_test
from edi.x12.delimiters import Delimiters

REMEMBERED = 512  # segments a node keeps in mind as right


class Step(NamedTuple):
    """How a segment moves the walk: to a node, after closing `closes` loops, opening `opens` when not None."""

    node: Node
    closes: int
    opens: LoopNode | None


class Node:
    """One segment use at one place. `match` tests a segment; `special` is true where more than the tables must
    be told of it (HL, SE). `known` are segments that came right after this one and were found right, with their steps."""

    __slots__ = ("delimiters", "index", "known", "loop", "match", "next", "special", "use")

    next: dict[str, Step | int] | None

    # Expression and table are made at first use, and not in `__getattr__`, which would slow every look at any attribute.
    def __init__(self, use: SegmentUse, loop: LoopNode, index: int) -> None:
        self.use = use
        self.loop = loop
        self.index = index
        self.delimiters = loop.delimiters
        self.special = use.segment.id in ("HL", "SE")
        self.known: dict[str, Step] = {}
        self.match: SegmentTest = self._first_match
        self.next = None

    def _first_match(self, segment: str) -> object:
        self.match = segment_test(self.use, self.delimiters)
        return self.match(segment)

    @property
    def keys(self) -> list[str]:
        """The keys by which a segment selects this use, as they stand in a segment of this machine."""
        tag = self.use.segment.id
        return [f"{tag}{self.delimiters.element}{code}" for code in self.use.keys] or [tag]

    def table(self) -> dict[str, Step | int]:
        """Make `next`."""
        table: dict[str, Step | int] = {}
        for node, closes, opens in self.followers():
            for key in node.keys:
                table.setdefault(key, Step(node, closes, opens))
            if node.use.key:
                table.setdefault(node.use.segment.id, node.use.key)
        self.next = table
        return table

    def followers(self) -> Iterator[Step]:
        """What may come next, nearest first: the rest of this loop, then of the loops around it."""
        loop: LoopNode | None = self.loop
        position, closes = self.use.position, 0
        while loop is not None:
            for child in loop.children:
                if child.position < position:
                    continue
                if isinstance(child, LoopNode):
                    yield Step(child.trigger, closes, child)
                elif child is not loop.trigger:
                    yield Step(child, closes, None)
            position, closes, loop = loop.position, closes + 1, loop.parent

    def step(self, segment: str) -> Step | None:
        """The step that a segment takes from here by its key; None when it has no place."""
        separator = self.delimiters.element
        cut = segment.find(separator)
        table = self.next or self.table()
        step = table.get(segment[:cut] if cut > 0 else segment)
        if step.__class__ is int:
            step = table.get(key_of(segment, separator, cut, step))
        return step  # type: ignore[return-value]  # a key with its code never maps to an int

    @property
    def position(self) -> int:
        return self.use.position


def key_of(segment: str, separator: str, cut: int, element: object) -> str:
    """The key of a segment whose uses are told apart by an element: "REF*G1", "HL*22"."""
    if cut < 0:
        return segment + separator  # the id alone: no code
    if element == 1:
        end = segment.find(separator, cut + 1)
        return segment if end < 0 else segment[:end]
    fields = segment.split(separator)
    assert isinstance(element, int)
    value = fields[element] if element < len(fields) else ""
    return f"{fields[0]}{separator}{value}"


class Start(Node):
    """Where a walk stands before its first segment: only ST may come."""

    __slots__ = ()

    def __init__(self, root: LoopNode) -> None:
        super().__init__(root.trigger.use, root, 0)

    def followers(self) -> Iterator[Step]:
        yield Step(self.loop.trigger, 0, None)


class LoopNode:
    """One loop at one place in the tree. `keeps` tells that situations of the guide look at loop instances that have closed. `blanks`
    are for each child the elements of a segment that has not come."""

    __slots__ = (
        "blanks",
        "children",
        "delimiters",
        "index",
        "kept",
        "levels",
        "loop",
        "parent",
        "required",
        "separator",
    )

    def __init__(
        self, loop: Loop, parent: LoopNode | None, index: int, delimiters: Delimiters, *, keeps: bool
    ) -> None:
        self.loop = loop
        self.parent = parent
        self.index = index
        self.delimiters = delimiters
        self.separator = delimiters.element
        self.children: list[Node | LoopNode] = [
            LoopNode(child, self, place, delimiters, keeps=keeps)
            if isinstance(child, Loop)
            else Node(child, self, place)
            for place, child in enumerate(loop.children)
        ]
        self.blanks = [
            [""] * (len(child.use.elements) + 1) if isinstance(child, Node) else [] for child in self.children
        ]
        self.required = frozenset(
            child.index
            for child in self.children
            if (child.loop.usage if isinstance(child, LoopNode) else child.use.usage) == "R"
        )
        self.levels = [
            child.index
            for child in self.children
            if isinstance(child, LoopNode) and child.trigger.use.segment.id == "HL"
        ]
        # Of a loop that holds claims no instances are kept: they would last as long as the file.
        self.kept = keeps and not any(each.unit for each in loop.loops())

    @property
    def trigger(self) -> Node:
        return self.node(0)

    def node(self, index: int) -> Node:
        """The segment use at a place among the children."""
        child = self.children[index]
        assert isinstance(child, Node)
        return child

    @property
    def position(self) -> int:
        return self.loop.position

    def below(self) -> Iterator[LoopNode]:
        """This loop and every loop below it."""
        yield self
        for child in self.children:
            if isinstance(child, LoopNode):
                yield from child.below()

    def nodes(self) -> Iterator[Node]:
        """The segment uses of this loop and of every loop below it."""
        for loop in self.below():
            yield from (child for child in loop.children if isinstance(child, Node))
