"""The walk through one transaction set: the fast loop, and what happens around it.

Each segment costs one key, one table look-up and one expression. Whatever these refuse goes to `recover`
(a segment that has no place here) or `explain` (a segment whose elements are wrong), and the walk goes on with the next.
"""

from __future__ import annotations

from edi.guide.shape import SegmentUse
from edi.validate.explain import explain
from edi.validate.frame import Found, Frame
from edi.validate.hierarchy import Hierarchy
from edi.validate.log import Log
from edi.validate.machine import LoopNode, Machine, Node
from edi.validate.recover import recover


class Walk:
    """One transaction set against one guide. Feed it segments from ST; `done` turns true after its SE."""

    def __init__(self, machine: Machine, log: Log) -> None:
        self.machine = machine
        self.log = log
        self.node: Node = machine.start
        self.frame = Frame(machine.root, None, 1)
        self.position = 0
        self.units = 0
        self.done = False
        self.hierarchy = Hierarchy(log)

    def feed(self, segments: list[str], start: int) -> int:
        """Walk from segments[start]; the index after the last one taken (past SE, or the end of the list)."""
        separator = self.machine.delimiters.element
        node, frame, position = self.node, self.frame, self.position
        for index in range(start, len(segments)):
            segment = segments[index]
            position += 1
            cut = segment.find(separator)
            step = node.next.get(segment[:cut] if cut > 0 else segment)
            if step.__class__ is int:
                step = node.next.get(_key(segment, separator, cut, step))
            if step is None:
                self.node, self.frame, self.position = node, frame, position
                if segment[:cut] == "ST":  # the next transaction set begins: this one has lost its end
                    return index
                following = segments[index + 1] if index + 1 < len(segments) else ""
                step = recover(self, segment, following)
                node, frame = self.node, self.frame
                if step is None:
                    continue
            node, closes, opens = step
            while closes:
                frame = self.close(frame)
                closes -= 1
            if opens is not None:
                frame = self.open(opens, frame, position)
            have = frame.have
            place = node.index
            if place not in have:
                have[place] = (position, segment) if node.repeat == 1 else [(position, segment)]
            else:
                self._again(node, frame, position, segment)
            if not node.match(segment) or (node.second and not node.second(segment)):
                explain(node, segment, position, self.log)
            if node.is_hl:
                self.hierarchy.enter(frame, segment, position, separator)
            elif node.use.segment.id == "SE":
                self.node, self.frame, self.position = node, frame, position
                self._finish()
                return index + 1
        self.node, self.frame, self.position = node, frame, position
        return len(segments)

    def open(self, loop: LoopNode, parent: Frame, position: int) -> Frame:
        """Enter a loop: count it, and say so when it comes too often."""
        count = parent.count(loop.index) + 1
        parent.have[loop.index] = count
        if loop.loop.repeat and count == loop.loop.repeat + 1:
            self.log.add(
                "X12-LOOP-REPEAT",
                f"Loop {loop.loop.id} ({loop.loop.name}) may come {_times(loop.loop.repeat)}.",
                position=position,
                segment=loop.trigger.use.segment.id,
                loop=loop.loop.id,
            )
        if loop.loop.unit:
            self.units += 1
        return Frame(loop, parent, position)

    def close(self, frame: Frame) -> Frame:
        """Leave a loop: say what is missing, judge its situations, and return the loop around it."""
        loop = frame.node
        if frame.whole and not loop.required <= frame.have.keys():
            self._missing(frame)
        for situation, when, need, locate in loop.tests:
            if (when is None or when(frame)) and not need(frame):
                position, segment, element = locate(frame)
                self.log.add(
                    situation.id,
                    _sentence(situation.says),
                    position=position,
                    segment=segment,
                    loop=loop.loop.id,
                    element=element,
                    fix=situation.fix,
                    snip=situation.snip,
                    category=situation.category,
                    severity=situation.severity,
                )
        if frame.hl:
            self.hierarchy.leave(frame)
        parent = frame.parent
        assert parent is not None
        if loop.kept:
            parent.kids.append(frame)
        return parent

    def cut_off(self) -> None:
        """The transaction set ended without SE: judge what came."""
        while self.frame.parent is not None:
            self.frame = self.close(self.frame)
        self.done = True

    def _again(self, node: Node, frame: Frame, position: int, segment: str) -> None:
        """A segment use that came before in this loop."""
        found: list[Found] = frame.segments(node.index)
        limit = node.repeat
        frame.have[node.index] = [*found, (position, segment)] if limit != 0 else found
        if limit and len(found) == limit:
            self.log.add(
                "X12-SEGMENT-REPEAT",
                f"{describe(node.use)} may come {_times(limit)} in loop {frame.node.loop.id}.",
                position=position,
                segment=node.use.segment.id,
                loop=frame.node.loop.id,
            )

    def _missing(self, frame: Frame) -> None:
        loop = frame.node
        for child in loop.children:
            if child.index not in loop.required or child.index in frame.have:
                continue
            position = self._noticed_at(frame, child.position)
            if isinstance(child, LoopNode):
                self.log.add(
                    "X12-LOOP-MISSING",
                    f"Loop {child.loop.id} ({child.loop.name}) is missing from loop {loop.loop.id}.",
                    position=position,
                    segment=child.trigger.use.segment.id,
                    loop=child.loop.id,
                )
            else:
                self.log.add(
                    "X12-SEGMENT-MISSING",
                    f"{describe(child.use)} is missing from loop {loop.loop.id} ({loop.loop.name}).",
                    position=position,
                    segment=child.use.segment.id,
                    loop=loop.loop.id,
                )

    def _noticed_at(self, frame: Frame, wanted: int) -> int:
        """The position where a missing segment should have stood: that of the first one that comes after it."""
        later = [
            found[0]
            for child in frame.node.children
            if isinstance(child, Node) and child.position > wanted
            for found in frame.segments(child.index)[:1]
        ]
        return min(later, default=self.position + 1)

    def _finish(self) -> None:
        while self.frame.parent is not None:
            self.frame = self.close(self.frame)
        if not self.frame.node.required <= self.frame.have.keys():
            self._missing(self.frame)
        self.done = True


def _key(segment: str, separator: str, cut: int, element: object) -> str:
    """The key of a segment whose uses are told apart by an element: "REF*G1", "HL*22"."""
    if element == 1:
        end = segment.find(separator, cut + 1)
        return segment if end < 0 else segment[:end]
    fields = segment.split(separator)
    assert isinstance(element, int)
    value = fields[element] if element < len(fields) else ""
    return f"{fields[0]}{separator}{value}"


def describe(use: SegmentUse) -> str:
    """"REF*G1 (Prior authorization)"."""
    return f"{use.address.replace(':', '*')} ({use.name})"


def _times(count: int) -> str:
    return "once" if count == 1 else f"at most {count} times"


def _sentence(text: str) -> str:
    return f"It must be that {text}."
