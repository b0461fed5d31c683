"""The HL tree of a transaction set: numbers, parents and the child flag (an X12 mechanism, the same in every guide)."""

from __future__ import annotations

from edi.validate.frame import Frame
from edi.validate.log import Log
from edi.validate.machine import LoopNode


class Hierarchy:
    """Follows HL segments as their loops open and close."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._count = 0

    def enter(self, frame: Frame, segment: str, position: int, separator: str) -> None:
        """A loop opened with this HL segment."""
        fields = (segment + separator * 4).split(separator)
        number, parent, child = fields[1], fields[2], fields[4]
        frame.hl = (number, child)
        self._count += 1
        if number.isdigit() and int(number) != self._count:
            self._fault("X12-HL-NUMBER", f"HL01 is {number}, the next is {self._count}.", frame, position, "HL01")
            self._count = int(number)
        above = frame.parent
        while above is not None and above.hl is None:
            above = above.parent
        if above is not None and above.hl and parent and parent != above.hl[0]:
            message = f"HL02 is {parent}, the level above is HL {above.hl[0]}."
            self._fault("X12-HL-PARENT", message, frame, position, "HL02")

    def leave(self, frame: Frame) -> None:
        """The loop of an HL closes: compare HL04 with what came below."""
        assert frame.hl is not None
        children = sum(
            frame.count(child.index)
            for child in frame.node.children
            if isinstance(child, LoopNode) and child.trigger.is_hl
        )
        if frame.hl[1] == "1" and not children:
            message = "HL04 is 1, but no level below follows."
        elif frame.hl[1] == "0" and children:
            message = "HL04 is 0, but a level below follows."
        else:
            return
        self._fault("X12-HL-CHILD", message, frame, frame.position, "HL04")

    def _fault(self, rule: str, message: str, frame: Frame, position: int, element: str) -> None:
        self._log.add(
            rule, message, position=position, segment="HL", loop=frame.node.loop.id, element=element
        )
