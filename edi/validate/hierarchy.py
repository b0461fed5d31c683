"""The HL tree of a transaction set: numbers, parents and the child flag (an X12 mechanism, the same in every guide)."""

from __future__ import annotations

from edi.validate.frame import Frame
from edi.validate.log import Log

_SHOWN = 12  # digits of a level number; more is no level number


class Hierarchy:
    """Follows HL segments as their loops open and close. A number is right when it says how many HL came, or follows
    the number before, but for levels whose HL is lost: a wrong one is noticed once."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._count = 0
        self._last = 0
        self._lost = 0  # levels since, whose HL is lost

    @property
    def counts(self) -> tuple[int, int, int]:
        """How far it has come, to be set again when the walk goes back."""
        return self._count, self._last, self._lost

    @counts.setter
    def counts(self, counts: tuple[int, int, int]) -> None:
        self._count, self._last, self._lost = counts

    def enter(self, frame: Frame, segment: str, position: int, separator: str) -> None:
        """A loop opened with this HL segment."""
        fields = segment.split(separator)
        number, parent, _, child = (*fields[1:5], "", "", "", "")[:4]
        self._count += 1
        frame.hl = (number, str(self._count), child)
        if number.isdecimal() and len(number) <= _SHOWN:
            if int(number) != self._count and not self._last < int(number) <= self._last + 1 + self._lost:
                self._fault(
                    "X12-HL-NUMBER", f"HL01 is {number}, the next is {self._count}.", frame, position, "HL01"
                )
            self._last, self._lost = int(number), 0
        above = frame.parent
        while above is not None and above.hl is None:
            above = above.parent
        if above is not None and above.hl and parent.isdecimal() and parent not in above.hl[:2]:
            message = f"HL02 does not name the level above, which is HL {above.hl[1]}."
            self._fault("X12-HL-PARENT", message, frame, position, "HL02")

    def pass_over(self) -> None:
        """An HL segment came out of order."""
        self._count += 1

    def assume(self, frame: Frame) -> None:
        """A loop opened whose HL segment is lost."""
        self._count += 1
        self._lost += 1
        frame.hl = (str(self._count), str(self._last + self._lost), "")

    def leave(self, frame: Frame) -> None:
        """The loop of an HL closes: compare HL04 with what came below."""
        assert frame.hl is not None
        flag = frame.hl[2]
        if flag not in ("0", "1"):
            return
        children = [index for index in frame.node.levels if index in frame.have or frame.is_flagged(index, 0)]
        if flag == "1" and not children:
            message = "HL04 is 1, but no level below follows."
        elif flag == "0" and children:
            message = "HL04 is 0, but a level below follows."
        else:
            return
        self._fault("X12-HL-CHILD", message, frame, frame.position, "HL04")

    def _fault(self, rule: str, message: str, frame: Frame, position: int, element: str) -> None:
        frame.flag(0, int(element[2:]))
        found = frame.segments(0)
        self._log.add(
            rule,
            message,
            position=position,
            segment="HL",
            loop=frame.node.loop.id,
            element=element,
            text=found[0][1] if found else "",
        )
