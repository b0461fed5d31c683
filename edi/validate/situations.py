"""The situations of a guide, judged at the end of a loop instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edi.guide.condition import Has, Situation, Test, place
from edi.validate.due import ALWAYS, Due, Gate, gate_of
from edi.validate.frame import Frame
from edi.validate.location import Location, Route, nearest, uses
from edi.validate.nodes import LoopNode
from edi.validate.reader import FrameReader


class Check:
    """A situation that is judged at the end of the instances of `loop`, and is about those of `target`: the same loop, or one
    below, around or beside it. `may_fail` is a quick look at an instance of `loop`: `failing` finds something only where it is
    true. `gate` tells where that look is due at all."""

    def __init__(self, situation: Situation, loop: LoopNode, target: LoopNode) -> None:
        reader = FrameReader(target, situation.each)
        self.situation = situation
        self.at = Location(target, place(situation.at))
        self._fails = _fails(situation, reader)
        self._read = reader.read
        self._each = uses(target, situation.each) if situation.each else ()
        self._route = Route(loop, target)
        self._shared = bool(self._route.steps)  # several instances of `loop` lead to one of `target`
        self.may_fail = self._quick_look()
        if situation.among:
            self.may_fail = _both(situation.among.bind(FrameReader(loop)), self.may_fail)
        self.gate = self._gate(loop)

    def _gate(self, loop: LoopNode) -> Gate:
        if self._shared:
            return ALWAYS
        return Gate(self._route.path[0]) if self._route.path else gate_of(self.situation, loop)

    def _quick_look(self) -> Test:
        if self._shared or self._route.path:
            return lambda _frame: True
        fails = self._fails
        if self._each:
            first = self._each[0] if len(self._each) == 1 else None

            def look(frame: Frame) -> bool:
                if frame.have.get(first).__class__ is tuple:  # type: ignore[arg-type]  # of one there is no need to make copies
                    return fails(frame)
                return any(map(fails, frame.one_by_one(self._each)))

            return look
        return fails

    def failing(self, frame: Frame) -> Iterator[Frame]:
        """The instances of `target` in which it does not hold; where segments are judged one by one, with the one alone. None in
        which something that it reads has had a finding."""
        for instance in self._route.frames(frame):
            if not instance.whole or (self._shared and not self._is_first_look(instance)):
                continue
            for each in instance.one_by_one(self._each) if self._each else [instance]:
                if self._fails(each) and not any(location.is_flagged(each) for location in self._read):
                    yield each

    def _is_first_look(self, instance: Frame) -> bool:
        if instance.judged is None:
            instance.judged = set()
        first = id(self.situation) not in instance.judged
        instance.judged.add(id(self.situation))
        return first

    def locate(self, frame: Frame) -> tuple[int, str, str, str]:
        """Where a finding points: position, segment id, element, and the segment itself; where the segment is missing,
        the position at which it should stand, and no element."""
        where, child = place(self.situation.at), self.at.child
        name = child.trigger.use.segment.id if child else where.address.partition(":")[0]
        for position, segment in self.at.segments(frame):
            element = f"{name}{where.element:02}" if where.element else ""
            return position, name, f"{element}-{where.component}" if where.component else element, segment
        frames = self.at.frames(frame)
        return frames[0].position_of(self.at.indexes[0]) if frames else frame.position, name, "", ""


class Checks(dict[LoopNode, Due]):
    """The checks at the end of each loop, made when they are first needed. Raises KeyError when a situation names a place that
    the guide does not have."""

    def __init__(self, situations: Mapping[str, list[Situation]]) -> None:
        self._situations = situations

    def __missing__(self, loop: LoopNode) -> Due:
        situations = self._situations.get(loop.loop.id, [])
        checks = [Check(each, loop, target) for each in situations for target in _targets(each, loop)]
        self[loop] = due = Due(checks, loop)
        return due


def _targets(situation: Situation, loop: LoopNode) -> list[LoopNode]:
    """The loops that a situation is about, seen from the one at whose end it is judged."""
    if not situation.until:
        return [loop]
    below = [each for each in loop.below() if each.loop.id in situation.loops]
    if below or not situation.among:
        return below
    return [nearest(loop, name) for name in situation.loops]


def _fails(situation: Situation, reader: FrameReader) -> Test:
    when = situation.when.bind(reader) if situation.when else None
    need = situation.need.bind(reader)
    if when is None:
        return lambda frame: not need(frame)
    if (
        isinstance(situation.need, Has) and not place(situation.need.where).element
    ):  # quicker to see than anything else
        return lambda frame: not need(frame) and when(frame)
    return lambda frame: when(frame) and not need(frame)


def _both(one: Test, other: Test) -> Test:
    return lambda frame: one(frame) and other(frame)
