"""The situations of a guide, judged at the end of a loop instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from edi.guide.condition import Situation, place
from edi.validate.check_source import Gate, Look, Written, compiled, condition_test, gate_at, gate_of, written
from edi.validate.expressions import Expressions, Things
from edi.validate.frame import Frame
from edi.validate.location import Location, Route, nearest, uses
from edi.validate.nodes import LoopNode


class Check:
    """A situation that is judged at the end of the instances of `loop`, and is about those of `target`: the same loop, or one
    below, around or beside it; with `each`, those of its segments one by one."""

    def __init__(self, situation: Situation, loop: LoopNode, target: LoopNode, things: Things) -> None:
        self.situation = situation
        self.at = Location(target, place(situation.at))
        self.each = uses(target, situation.each) if situation.each else ()
        self.route = Route(loop, target)
        self.is_shared = bool(self.route.steps)  # several instances of `loop` lead to one of `target`
        self._loop = loop
        self._things = things
        self._expressions = Expressions(target, things, situation.each)

    def written(self, number: int) -> Written:
        """As a statement about an instance of `target`, which finds the check's number."""
        gate = gate_of(self.situation, self.route.target, self._things)
        return written(self.situation, self._expressions, gate, f"found.append({number})")

    @cached_property
    def _look(self) -> Look:
        return compiled([self.written(0)], self._things)

    @cached_property
    def _among(self) -> Look | None:
        among = self.situation.among
        return condition_test(among, self._loop, self._things) if among else None

    def failing(self, frame: Frame) -> Iterator[Frame]:
        """The instances of `target` in which it does not hold; where segments are judged one by one, with the one alone. None in
        which something that it reads has had a finding."""
        if self._among and not self._among(frame):
            return
        for instance in self.route.frames(frame):
            if not instance.whole or (self.is_shared and not self._is_first_look(instance)):
                continue
            for each in instance.one_by_one(self.each) if self.each else [instance]:
                if self._look(each) and not any(read.is_flagged(each) for read in self._expressions.read):
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


class Due:
    """The `checks` of a loop. `look` gives the numbers of those that may find something in an instance."""

    def __init__(self, checks: list[Check], things: Things) -> None:
        self.checks = checks
        numbered = list(enumerate(checks))
        statements = [_statement(number, check) for number, check in numbered if not _is_by_segment(check)]
        for each in dict.fromkeys(check.each for check in checks if _is_by_segment(check)):
            alone = [
                check.written(number)
                for number, check in numbered
                if _is_by_segment(check) and check.each == each
            ]
            statements.append(_segment_by_segment(each, things.name(compiled(alone, things))))
        self.look = compiled(statements, things)

    def numbered(self, found: list[int]) -> list[Check]:
        """The checks that a look has found, in the order in which the guide has them."""
        return [self.checks[number] for number in sorted(set(found))]


def _is_by_segment(check: Check) -> bool:
    """Whether it is about several segments of the loop itself, one by one."""
    return bool(check.each) and not check.is_shared and not check.route.path


def _statement(number: int, check: Check) -> Written:
    """A check of the loop itself as it stands; of one that is about another loop, that it is to be looked at there."""
    if check.is_shared:
        return Written(Gate(), f"found.append({number})")
    if check.route.path:
        return Written(gate_at(check.route.path[0]), f"found.append({number})")
    return check.written(number)


def _segment_by_segment(indexes: tuple[int, ...], look: str) -> Written:
    """A statement that looks at an instance with each of these segments alone."""
    text = f"for each in frame.one_by_one({indexes}): found += {look}(each)"
    return Written(gate_at(indexes[0]) if len(indexes) == 1 else Gate(), text)


class Checks(dict[LoopNode, Due]):
    """The checks at the end of each loop, made when they are first needed. Raises KeyError when a situation names a place that
    the guide does not have."""

    def __init__(self, situations: Mapping[str, list[Situation]]) -> None:
        self._situations = situations
        self._things = Things()

    def __missing__(self, loop: LoopNode) -> Due:
        situations = self._situations.get(loop.loop.id, [])
        checks = [
            Check(each, loop, target, self._things) for each in situations for target in _targets(each, loop)
        ]
        self[loop] = due = Due(checks, self._things)
        return due


def _targets(situation: Situation, loop: LoopNode) -> list[LoopNode]:
    """The loops that a situation is about, seen from the one at whose end it is judged."""
    if not situation.until:
        return [loop]
    below = [each for each in loop.below() if each.loop.id in situation.loops]
    if below or not situation.among:
        return below
    return [nearest(loop, name) for name in situation.loops]
