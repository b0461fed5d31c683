"""An open loop while a transaction set is walked."""

from __future__ import annotations

from edi.validate.machine import LoopNode

Found = tuple[int, str]  # position in the transaction set, segment


class Frame:
    """One instance of a loop. `have` maps a child's index to what came: (position, segment) for a segment use that comes
    once, a list of them for one that repeats, a count for a loop. `whole` is false when the walk entered the loop by
    recovery, so that nothing is said to be missing from it."""

    __slots__ = ("have", "hl", "kids", "node", "parent", "position", "whole")

    def __init__(self, node: LoopNode, parent: Frame | None, position: int) -> None:
        self.node = node
        self.parent = parent
        self.position = position
        self.have: dict[int, Found | list[Found] | int] = {}
        self.kids: list[Frame] = []
        self.hl: tuple[str, str] | None = None  # HL01, HL04 of a hierarchical loop
        self.whole = True

    def segments(self, index: int) -> list[Found]:
        """What came for one segment use, in order."""
        found = self.have.get(index)
        if isinstance(found, list):
            return found
        return [found] if isinstance(found, tuple) else []

    def count(self, index: int) -> int:
        """How often a child loop came."""
        found = self.have.get(index)
        return found if isinstance(found, int) else 0
