"""One loop instance of a transaction set: what has come in it."""

from __future__ import annotations

from edi.validate.nodes import LoopNode

Found = tuple[int, str]  # position in the transaction set, segment
Counted = tuple[int, int]  # position of the first, how many


class Frame:
    """One instance of a loop.

    `have` maps a child's index to what came: for a segment use (position, segment), or a list of them once it
    repeats; for a loop the position of its first instance and their number. `ordinal` counts the instances of this loop
    in the one around, from 1. `children` are the instances of loops right below that have closed and are kept, by index.
    `flags` are the elements with faults, by child (0: the segment itself is faulty or lost): what reads them is not judged.
    `cells` are the elements of segments that were asked for, by index."""

    # What most instances never change stands here once and not in each of them.
    hl: tuple[str, str, str] | None = None  # HL01, the number it should have, HL04
    end = 0  # the position of the first segment after it, 0 while it is open
    whole = True  # False when part of it may be lost: nothing is said to be missing from it
    turn = 1  # of segments that are judged one by one: which one this is
    judged: set[int] | None = None  # situations judged from elsewhere that have been judged here

    def __init__(self, node: LoopNode, parent: Frame | None, position: int, ordinal: int) -> None:
        self.node = node
        self.parent = parent
        self.position = position
        self.ordinal = ordinal
        self.have: dict[int, Found | list[Found] | Counted] = {}
        self.children: dict[int, list[Frame]] = {}
        self.flags: dict[int, set[int]] = {}
        self.cells: dict[int, list[str]] = {}

    def keep(self, child: Frame) -> None:
        """Keep a loop instance that has closed."""
        self.children.setdefault(child.node.index, []).append(child)

    def segments(self, index: int) -> list[Found]:
        """What came for one segment use, in order."""
        found = self.have.get(index)
        if found is None:
            return []
        return found if isinstance(found, list) else [found]  # type: ignore[list-item]  # a segment use holds no numbers

    def count(self, index: int) -> int:
        """How often a child loop came."""
        found = self.have.get(index)
        return found[1] if isinstance(found, tuple) else 0  # type: ignore[return-value]  # a loop holds numbers

    def is_full(self, index: int) -> bool:
        """Whether a child has come as often as it may."""
        child = self.node.children[index]
        if isinstance(child, LoopNode):
            return 0 < child.loop.repeat <= self.count(index)
        return 0 < child.use.repeat <= len(self.segments(index))

    def elements(self, index: int) -> list[str]:
        """The elements of the first segment that came for a use, its id at 0, and "" after its last for as many as the use has. Whoever
        reads often looks into `cells` first."""
        found, blank = self.have.get(index), self.node.blanks[index]
        if found is None:
            return blank
        segment: str = found[1] if found.__class__ is tuple else found[0][1]  # type: ignore[assignment,index]  # a segment use holds no numbers
        fields = self.cells[index] = segment.split(self.node.separator)
        fields += blank
        return fields

    def text(self, index: int) -> str:
        """The first segment that came for a use, "" without one."""
        found = self.have.get(index)
        if found is None:
            return ""
        return found[0][1] if found.__class__ is list else found[1]  # type: ignore[return-value]  # a segment use holds no numbers

    def one_by_one(self, indexes: tuple[int, ...]) -> list[Frame]:
        """This instance once for each segment that came for these uses, as if no other had."""
        if len(indexes) == 1 and self.have.get(indexes[0]).__class__ is tuple:
            return [self]  # as nearly always
        found = [(index, each) for index in indexes for each in self.segments(index)]
        if len(found) < 2:
            return [self] * len(found)
        others = self.have.copy()
        for index in indexes:
            others.pop(index, None)
        alone: list[Frame] = []
        for turn, (index, each) in enumerate(found, start=1):
            frame = Frame(self.node, self.parent, self.position, self.ordinal)
            frame.have = others.copy()
            frame.have[index] = each
            frame.children, frame.flags, frame.end, frame.turn = self.children, self.flags, self.end, turn
            alone.append(frame)
        return alone

    def flag(self, index: int, element: int = 0) -> None:
        """Note a fault in an element of a child, or (0) of the child as such."""
        self.flags.setdefault(index, set()).add(element)

    def is_flagged(self, index: int, element: int) -> bool:
        """Whether a reading of that element, or (0) of the whole segment, would rest on a fault."""
        faults = self.flags.get(index, ())
        return bool(faults) and (not element or 0 in faults or element in faults)

    def position_of(self, index: int) -> int:
        """Where a child stands, or should have stood: at the first that comes after it, else after the loop; where this
        is still open, at its start."""
        found = self.have.get(index)
        if found is None:
            later = [self.have[each] for each in self.have if each > index]
            return min((_position(each) for each in later), default=self.end or self.position)
        return _position(found)


def up(frame: Frame, steps: int) -> Frame:
    """The instance of the loop so many steps around."""
    for _ in range(steps):
        assert frame.parent is not None
        frame = frame.parent
    return frame


def _position(found: Found | list[Found] | Counted) -> int:
    return found[0][0] if isinstance(found, list) else found[0]
