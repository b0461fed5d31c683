"""The walk through one transaction set: the fast loop, and what happens around it.

Each segment costs one key, one table look-up and one expression, or less when it came here before. Where a segment has no place, or
something is missing or too much, the walk goes back and `recover` decides how the segments there are to be read.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from edi.guide.condition import OVERLAY_SNIP
from edi.guide.shape import SegmentUse
from edi.validate.explain import explain
from edi.validate.frame import Frame
from edi.validate.hierarchy import Hierarchy
from edi.validate.log import Log
from edi.validate.machine import Machine
from edi.validate.nodes import REMEMBERED, LoopNode, Node, Step, key_of
from edi.validate.placing import OpenRun
from edi.validate.reading import has_rival
from edi.validate.recover import AHEAD, BEHIND, Recovery
from edi.validate.situations import Check
from edi.validate.trigger import trigger_of

ENVELOPE_IDS = frozenset(("ISA", "TA1", "GS", "ST", "GE", "IEA"))
_ENDS = ENVELOPE_IDS | {"SE"}
_BEYOND = 100  # instances of a loop that are judged beyond those that the guide allows
_LEG = 512  # segments walked at once


class Trouble(Exception):  # noqa: N818 - no error: it is caught here
    """At a position, the guide's order does not say how to read on, or not well enough."""

    def __init__(self, position: int) -> None:
        self.position = position


class Walk:
    """One transaction set against one guide. Feed it segments from ST; `done` turns true after its SE.

    Where a segment of the envelope comes before SE, `feed` stops in front of it: the set has lost its end. Where it must see more
    segments to know how to read one, it stops in front of that and `waits`."""

    def __init__(self, machine: Machine, log: Log) -> None:
        self.machine = machine
        self.separator = machine.delimiters.element
        self.log = log
        self.node: Node = machine.start
        self.frame = Frame(machine.root, None, 1, 1)
        self.run: OpenRun | None = None
        self.position = 0
        self.units = 0
        self.done = False
        self.waits = False
        self.hierarchy = Hierarchy(log)
        self.recovery = Recovery(self)
        self._segments: list[str] = []  # those at hand,
        self._lead = 0  # and how much their indexes are more than their positions
        self._more = False

    def feed(self, segments: list[str], start: int, *, more: bool = False) -> int:
        """Walk from segments[start]; the index after the last one taken. With `more`, others will follow."""
        index, self._segments, self._more, self.waits = start, segments, more, False
        while index < len(segments) and not self.done:
            self.recovery.remember()
            self._lead = index - self.position - 1
            try:
                end = self.walk(segments, index, min(index + _LEG, len(segments)))
            except Trouble as trouble:
                here = trouble.position + self._lead
                self.recovery.passed(segments[index:here])
                ahead = segments[here : here + AHEAD]
                if more and len(ahead) < AHEAD and not self._has_end(ahead):
                    self.recovery.go_back(trouble.position - 1)
                    self.waits = True
                    return here
                index = here + self.recovery.amend(trouble.position, self._until_end(ahead))
                continue
            self.recovery.passed(segments[index:end])
            if end == index:
                break  # a segment of the envelope
            index = end
        return index

    def _has_end(self, ahead: list[str]) -> bool:
        return any(segment.partition(self.separator)[0] in _ENDS for segment in ahead)

    def _until_end(self, ahead: list[str]) -> list[str]:
        """Of segments, those up to the end of the set."""
        for index, segment in enumerate(ahead):
            name = segment.partition(self.separator)[0]
            if name in _ENDS and index:
                return ahead[: index + (name == "SE")]
        return ahead

    def walk(self, segments: list[str], start: int, end: int) -> int:
        """Walk in order from segments[start] to before segments[end]; the index after the last one taken. Raises Trouble, and leaves
        the walk in between, where that will not do."""
        separator = self.separator
        node, frame, position = self.node, self.frame, self.position
        for position, segment in enumerate(islice(segments, start, end), self.position + 1):
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
                        after = segment.find(separator, cut + 1)
                        found = table.get(segment[:after] if after > 0 else segment)
                    else:
                        found = table.get(key_of(segment, separator, cut, found))
                if found is None:
                    if segment.partition(separator)[0] not in ENVELOPE_IDS:
                        raise Trouble(position)
                    self.node, self.frame, self.position = node, frame, position - 1
                    return position + self._lead
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
                self.refused(node, segment, position, frame)
            if node.special:
                if node.use.segment.id == "HL":
                    self.hierarchy.enter(frame, segment, position, separator)
                else:
                    self.node, self.frame, self.position = node, frame, position
                    self.finish()
                    return position + self._lead + 1
        self.node, self.frame, self.position = node, frame, position
        return end

    def take(self, step: Step, segment: str) -> None:
        """Take the segment at `position` where a step leads, outside the fast loop."""
        self.move(step, segment)
        node, frame = self.node, self.frame
        if step.opens is None and node.loop.loop.unit and node is node.loop.trigger:
            self.units += 1  # out of order: its loop has been opened before
        if node.index in frame.have:
            self.again(node, frame, self.position, segment)
        else:
            frame.have[node.index] = (self.position, segment)
        if not node.match(segment):
            self.refused(node, segment, self.position, frame)
        if node.use.segment.id == "HL":
            if self.run:
                self.hierarchy.pass_over()
            else:
                self.hierarchy.enter(frame, segment, self.position, self.separator)
        elif node.special:
            self.finish()

    def noted(self, segment: str, node: Node | None) -> None:
        """A segment has been taken outside the fast loop, for a use or (None) for none."""

    def progress(self) -> Any:
        """What whoever listens needs to `go_back` with the walk."""
        return None

    def go_back(self, progress: Any) -> None:
        """The walk goes back to where it made this `progress`."""

    def refused(self, node: Node, segment: str, position: int, frame: Frame) -> None:
        """A segment whose elements are wrong for its use: perhaps it is for another."""
        if position > self.recovery.decided and has_rival(self.machine, node, segment):
            raise Trouble(position)
        explain(node, segment, position, self.log, frame)

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
            self.units += bool(segment)
            self.log.where.unit = segment
        frame = Frame(loop, parent, position, count)
        if not whole:
            frame.whole = False
        if self.recovery.expects:
            self.recovery.opened(frame)
        return frame

    def _too_often(self, loop: LoopNode, position: int, segment: str) -> None:
        if position > self.recovery.decided:
            raise Trouble(position)
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
            self._settle(frame, position)
            if loop.loop.unit and self.machine.guide.same:
                self._look_for_repeated(frame)
        if loop.kept:
            parent.keep(frame)
        else:
            if loop.loop.unit:
                self.log.where.unit = ""
            frame.children = {}  # without this, instance and children would hold each other until garbage collection
        return parent

    def _look_for_repeated(self, frame: Frame) -> None:
        """Say so when the same claim came before in the file."""
        opening = frame.segments(0)
        if opening and self.log.units.stands_again(self.machine.identities[frame.node](frame)):
            position, segment = opening[0]
            self.log.add(
                "X12-CLAIM-REPEATED",
                f"The same {self.machine.guide.unit} stands before in this file.",
                position=position,
                segment=frame.node.trigger.use.segment.id,
                loop=frame.node.loop.id,
                text=segment,
            )

    def cut_off(self, *, whole: bool) -> None:
        """The transaction set ended without SE: judge what came, unless the file itself was cut (not `whole`), for then
        what is open may be unfinished."""
        self.recovery.decided = self.position + 1
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
            self._settle(self.frame, self.position)
        self.done = True

    def _settle(self, frame: Frame, position: int) -> None:
        """Judge a loop instance as a whole, once all of it has come, at the position at which this shows."""
        if not frame.have.keys() >= frame.node.required:
            self._missing(frame, position)
        if frame.hl:
            self.hierarchy.leave(frame)
        due = self.machine.checks[frame.node]
        if found := due.look(frame):
            for check in due.numbered(found):
                self._judge(check, frame)

    def again(self, node: Node, frame: Frame, position: int, segment: str) -> None:
        """A segment use that came before in this loop."""
        found = frame.have[node.index]
        if not isinstance(found, list):
            found = frame.have[node.index] = [found]  # type: ignore[list-item]  # a segment use holds no numbers
        found.append((position, segment))
        limit = node.use.repeat
        if len(found) == limit + 1:
            if position > self.recovery.decided:
                raise Trouble(position)
            frame.flag(node.index)
            self.log.add(
                "X12-SEGMENT-REPEAT",
                f"{describe(node.use)} may come {_times(limit)} in loop {frame.node.loop.id}.",
                position=position,
                segment=node.use.segment.id,
                loop=frame.node.loop.id,
                text=segment,
            )

    def _missing(self, frame: Frame, position: int) -> None:
        loop = frame.node
        for child in loop.children:
            if (
                child.index not in loop.required
                or child.index in frame.have
                or frame.is_flagged(child.index, 0)
            ):
                continue
            if position > self.recovery.decided and self._may_stand_near(child, position):
                raise Trouble(position)
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

    def _may_stand_near(self, child: Node | LoopNode, position: int) -> bool:
        """Whether what is missing may be out of order: a segment not far away is one of that kind, or not all are in sight."""
        node = child.trigger if isinstance(child, LoopNode) else child
        here = position + self._lead
        behind, ahead = max(here - BEHIND, self._lead + 1), here + AHEAD
        if (self._more and ahead > len(self._segments)) or behind < 0:
            return True
        keys = tuple(node.keys) if node.use.key == 1 else (node.use.segment.id,)
        return any(segment.startswith(keys) for segment in self._segments[behind:ahead])

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
