"""The walk through one transaction set: the fast loop, and what happens around it.

Each segment costs one key, one table look-up and one expression, or less when it came here before. Whatever these
refuse goes to `recover` (a segment that has no place here) or `explain` (a segment whose elements are wrong), and the walk goes
on with the next.
"""

from __future__ import annotations

from itertools import islice

from edi.guide.condition import OVERLAY_SNIP
from edi.guide.shape import SegmentUse
from edi.validate.explain import explain
from edi.validate.frame import Frame
from edi.validate.hierarchy import Hierarchy
from edi.validate.log import Log
from edi.validate.machine import Machine
from edi.validate.nodes import REMEMBERED, LoopNode, Node, Step, key_of
from edi.validate.recover import recover
from edi.validate.situations import Check
from edi.validate.trigger import trigger_of

ENVELOPE_IDS = frozenset(("ISA", "TA1", "GS", "ST", "GE", "IEA"))
AHEAD = 6  # segments that recovery may look at
_BEYOND = 100  # instances of a loop that are judged beyond those that the guide allows


class Walk:
    """One transaction set against one guide. Feed it segments from ST; `done` turns true after its SE.

    Where a segment of the envelope comes before SE, `feed` stops in front of it: the set has lost its end."""

    def __init__(self, machine: Machine, log: Log) -> None:
        self.machine = machine
        self.separator = machine.delimiters.element
        self.log = log
        self.node: Node = machine.start
        self.frame = Frame(machine.root, None, 1, 1)
        self.position = 0
        self.units = 0
        self.done = False
        self.hierarchy = Hierarchy(log)

    def feed(self, segments: list[str], start: int) -> int:
        """Walk from segments[start]; the index after the last one taken (past SE, or the end of the list)."""
        separator = self.separator
        node, frame, position = self.node, self.frame, self.position
        lead = start - position - 1  # from a segment's position to its index
        for position, segment in enumerate(islice(segments, start, None), self.position + 1):
            known = node.known
            step = known.get(segment)
            if step is not None:
                node, closes, opens = step
                fine: object = True
            else:
                table = node.next or node.table()
                cut = segment.find(separator)
                found = table.get(segment[:cut] if cut > 0 else segment)
                if found.__class__ is int:
                    if found == 1 and cut > 0:  # as `key_of`, for most segments
                        end = segment.find(separator, cut + 1)
                        found = table.get(segment[:end] if end > 0 else segment)
                    else:
                        found = table.get(key_of(segment, separator, cut, found))
                if found is None:
                    self.node, self.frame, self.position = node, frame, position
                    index = position + lead
                    if segment.partition(separator)[0] in ENVELOPE_IDS:
                        self.position -= 1
                        return index
                    found = recover(self, segment, segments[index + 1 : index + 1 + AHEAD])
                    node, frame = self.node, self.frame
                    if found is None:
                        continue
                    known = {}  # the step leads on from a fault: it is none to remember
                node, closes, opens = found  # type: ignore[misc]  # a key with its code never maps to an int
                fine = node.match(segment)
                if fine and len(known) < REMEMBERED:
                    known[segment] = found  # type: ignore[assignment]
            while closes:
                frame = self.close(frame, position)
                closes -= 1
            if opens is not None:
                frame = self.open(opens, frame, position, segment)
            have = frame.have
            place = node.index
            if place in have:
                self.again(node, frame, position, segment)
            else:
                have[place] = (position, segment)
            if not fine:
                explain(node, segment, position, self.log, frame)
            if node.special:
                if node.use.segment.id == "HL":
                    self.hierarchy.enter(frame, segment, position, separator)
                else:
                    self.node, self.frame, self.position = node, frame, position
                    self.finish()
                    return position + lead + 1
        self.node, self.frame, self.position = node, frame, position
        return len(segments)

    @property
    def trailer(self) -> str:
        """The SE segment, once it has come."""
        return self.frame.segments(self.node.index)[0][1]

    def move(self, step: Step, segment: str) -> None:
        """Go where a step leads, outside the fast loop."""
        for _ in range(step.closes):
            self.frame = self.close(self.frame, self.position)
        if step.opens is not None:
            self.frame = self.open(step.opens, self.frame, self.position, segment)
        self.node = step.node

    def open(self, loop: LoopNode, parent: Frame, position: int, segment: str) -> Frame:
        """Enter a loop: count it, and say so when it comes too often. Instances far beyond are not judged as a whole: each
        looks at all around it, and of very many that would take the square of their number."""
        have, index = parent.have, loop.index
        whole = True
        if index not in have:
            count = 1
            have[index] = (position, 1)
        else:
            first, last = have[index]
            count = last + 1  # type: ignore[operator]  # for a loop `have` holds numbers
            have[index] = (first, count)  # type: ignore[assignment]
            if count > loop.loop.repeat > 0:
                whole = count <= loop.loop.repeat + _BEYOND
                if count == loop.loop.repeat + 1:
                    self._too_often(loop, position, segment)
        if loop.loop.unit:
            self.units += 1
            self.log.where.unit = segment
        frame = Frame(loop, parent, position, count)
        if not whole:
            frame.whole = False
        return frame

    def _too_often(self, loop: LoopNode, position: int, segment: str) -> None:
        self.log.add(
            "X12-LOOP-REPEAT",
            f"Loop {loop.loop.id} ({loop.loop.name}) may come {_times(loop.loop.repeat)}.",
            position=position,
            segment=loop.trigger.use.segment.id,
            loop=loop.loop.id,
            text=segment,
        )

    def close(self, frame: Frame, position: int) -> Frame:
        """Leave a loop: say what is missing, judge its situations, and return the loop around it. `position` is that of
        the first segment after it."""
        loop = frame.node
        frame.end = position
        parent = frame.parent
        assert parent is not None
        if frame.whole:
            self._settle(frame)
        if loop.kept:
            parent.keep(frame)
        else:
            if loop.loop.unit:
                self.log.where.unit = ""
            frame.children = {}  # without this, instance and children would hold each other until garbage collection
        return parent

    def cut_off(self, *, whole: bool) -> None:
        """The transaction set ended without SE: judge what came, unless the file itself was cut (not `whole`), for then
        what is open may be unfinished."""
        while self.frame.parent is not None:
            self.frame.whole &= whole
            self.frame = self.close(self.frame, self.position + 1)
        self.frame.whole &= whole
        self.frame.flag(len(self.frame.node.children) - 1)  # SE, which the envelope has reported
        self._end()

    def finish(self) -> None:
        """SE has come: close what is open."""
        while self.frame.parent is not None:
            self.frame = self.close(self.frame, self.position)
        self._end()

    def _end(self) -> None:
        self.frame.end = self.position + 1
        if self.frame.whole:
            self._settle(self.frame)
        self.done = True

    def _settle(self, frame: Frame) -> None:
        """Judge a loop instance as a whole, once all of it has come."""
        if not frame.node.required <= frame.have.keys():
            self._missing(frame)
        if frame.hl:
            self.hierarchy.leave(frame)
        for check in self.machine.checks[frame.node]:
            if check.may_fail(frame):
                self._judge(check, frame)

    def again(self, node: Node, frame: Frame, position: int, segment: str) -> None:
        """A segment use that came before in this loop."""
        found = frame.have[node.index]
        if not isinstance(found, list):
            found = frame.have[node.index] = [found]  # type: ignore[list-item]  # a segment use holds no numbers
        found.append((position, segment))
        limit = node.use.repeat
        if len(found) == limit + 1:
            frame.flag(node.index)
            self.log.add(
                "X12-SEGMENT-REPEAT",
                f"{describe(node.use)} may come {_times(limit)} in loop {frame.node.loop.id}.",
                position=position,
                segment=node.use.segment.id,
                loop=frame.node.loop.id,
                text=segment,
            )

    def _missing(self, frame: Frame) -> None:
        loop = frame.node
        for child in loop.children:
            if (
                child.index not in loop.required
                or child.index in frame.have
                or frame.is_flagged(child.index, 0)
            ):
                continue
            frame.flag(child.index)
            if isinstance(child, LoopNode):
                rule, segment, place = "X12-LOOP-MISSING", child.trigger.use, child.loop.id
                message = f"Loop {place} ({child.loop.name}) is missing from loop {loop.loop.id}"
            else:
                rule, segment, place = "X12-SEGMENT-MISSING", child.use, loop.loop.id
                message = f"{describe(segment)} is missing from loop {place} ({loop.loop.name})"
            self.log.add(
                rule,
                f"{message}.",
                position=frame.position_of(child.index),
                segment=segment.segment.id,
                loop=place,
            )

    def _judge(self, check: Check, frame: Frame) -> None:
        situation = check.situation
        for place in check.failing(frame):
            position, segment, element, text = check.locate(place)
            self.log.add(
                situation.id,
                f"{situation.says[0].upper()}{situation.says[1:]}.",
                position=position,
                segment=segment,
                loop=check.at.loop.loop.id,
                element=element,
                fix=situation.fix,
                snip=situation.snip,
                category=situation.category,
                severity=situation.severity,
                text=text,
                trigger=trigger_of(situation, place),
            )
            # What a payer asks must not silence a finding of the guide's own.
            if situation.severity == "error" and situation.snip != OVERLAY_SNIP:
                check.at.flag(place)


def describe(use: SegmentUse) -> str:
    """ "REF*G1 (Prior authorization)"."""
    return f"{shown(use)} ({use.name})"


def shown(use: SegmentUse) -> str:
    """ "REF*G1", or "HL" where the code is not the first element's."""
    return use.address.replace(":", "*") if use.key == 1 else use.segment.id


def _times(count: int) -> str:
    return "once" if count == 1 else f"at most {count} times"
