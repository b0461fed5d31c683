"""An open loop while a transaction set is walked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from edi.validate.machine import LoopNode

Found = tuple[int, str]  # position in the transaction set, segment
Counted = tuple[int, int]  # position of the first, how many


class Frame:
    """One instance of a loop.

    `have` maps a child's index to what came: for a segment use (position, segment), or a list of them once it
    repeats; for a loop the position of its first instance and their number. `ordinal` counts the instances of this loop
    in the one around, from 1. `end` is the position of the first segment after it, 0 while it is open. `whole` is false when part of it may
    be lost, so that nothing is said to be missing from it. `flags` are the elements with faults, by child
    (0: the segment itself is faulty or lost): what reads them is not judged."""

    # What most frames never change stands here once and not in each of them.
    hl: tuple[str, str, str] | None = None  # HL01, the number it should have, HL04
    pinned: Found | None = None  # the one segment that a situation looks at,
    fields: Sequence[str] = ()  # and its elements
    flags: dict[int, set[int]] | None = None
    whole = True
    end = 0
    children: Sequence[Frame] = ()
    cells: Mapping[int, list[str]] = MappingProxyType({})  # elements of first segments, once asked for
    judged: set[int] | None = None  # situations judged from elsewhere that have been judged here

    def __init__(self, node: LoopNode, parent: Frame | None, position: int, ordinal: int) -> None:
        self.node = node
        self.parent = parent
        self.position = position
        self.ordinal = ordinal
        self.have: dict[int, Found | list[Found] | Counted] = {}

    def keep(self, child: Frame) -> None:
        """Keep a loop instance that has closed."""
        if self.children:
            self.children.append(child)  # type: ignore[attr-defined]  # a list from the first on
        else:
            self.children = [child]

    def segments(self, index: int) -> list[Found]:
        """What came for one segment use, in order."""
        found = self.have.get(index)
        if found is None:
            return []
        return found if isinstance(found, list) else [found]  # type: ignore[list-item]

    def count(self, index: int) -> int:
        """How often a child loop came."""
        found = self.have.get(index)
        return found[1] if isinstance(found, tuple) else 0  # type: ignore[return-value]

    def elements(self, index: int) -> list[str]:
        """The elements of the first segment that came for a use, none without one. They then stand in `cells`, where whoever
        reads them looks first."""
        found = self.have.get(index)
        if found is None:
            return []
        segment: str = found[1] if found.__class__ is tuple else found[0][1]  # type: ignore[assignment,index]
        fields = segment.split(self.node.separator)
        if self.cells:
            self.cells[index] = fields  # type: ignore[index]  # a dict from the first on
        else:
            self.cells = {index: fields}
        return fields

    def pin(self, found: Found | None) -> None:
        """Let a situation look at one segment of several."""
        self.pinned = found
        if found:
            self.fields = found[1].split(self.node.separator)

    def flag(self, index: int, element: int = 0) -> None:
        """Note a fault in an element of a child, or (0) of the child as such."""
        if self.flags is None:
            self.flags = {}
        self.flags.setdefault(index, set()).add(element)

    def judge_once(self, situation: int) -> bool:
        """Whether a situation, by a number of its own, is judged here for the first time."""
        if self.judged is None:
            self.judged = set()
        first = situation not in self.judged
        self.judged.add(situation)
        return first

    def is_flagged(self, index: int, element: int) -> bool:
        """Whether a reading of that element, or (0) of the whole segment, would rest on a fault."""
        faults = self.flags.get(index) if self.flags else None
        return bool(faults) and (not element or 0 in faults or element in faults)  # type: ignore[operator]

    def position_of(self, index: int) -> int:
        """Where a child stands, or should have stood: at the first that comes after it, else after the loop; where this
        is still open, at its start."""
        found = self.have.get(index)
        if found is None:
            later = [self.have[each] for each in self.have if each > index]
            return min((_position(each) for each in later), default=self.end or self.position)
        return _position(found)


def _position(found: Found | list[Found] | Counted) -> int:
    return found[0][0] if isinstance(found, list) else found[0]
