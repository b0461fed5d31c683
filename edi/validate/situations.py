"""Situations of a guide bound to the tree: tests on a closed loop instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.guide.condition import Condition, Either, Has, Place, Situation, Test, place
from edi.validate.frame import Found, Frame
from edi.validate.machine import LoopNode, Node
from edi.validate.reach import Reading, Rests, TreeReach, itself
from edi.validate.route import Frames, Route, child_loop, down, indexes_of


class Bound(NamedTuple):
    """A situation bound to the loop at whose end it is judged. `fails` tells whether it fails in an instance of `target`, the
    loop it is about, to whose instances `frames` leads. `shared` is true where several instances of the one loop lead to the
    same of the other. `each` are the segment uses that it judges one by one."""

    situation: Situation
    fails: Test
    each: tuple[int, ...]
    target: LoopNode
    reads: list[Reading]
    at: Reading
    frames: Frames
    shared: bool = False

    def violations(self, frame: Frame) -> Iterator[Frame]:
        """The instances in which it does not hold; `pinned` is set where it judges segments one by one."""
        for each in self.frames(frame):
            if not each.whole or (self.shared and not each.judge_once(id(self.situation))):
                continue
            for found in _pins(each, self.each):
                each.pin(found)
                if self.fails(each) and not self.is_suppressed(each):
                    yield each
            each.pinned = None

    def is_suppressed(self, frame: Frame) -> bool:
        """Whether it reads something that has had a finding already."""
        return any(read.is_suppressed(frame) for read in self.reads)

    def locate(self, frame: Frame) -> tuple[int, str, str, str]:
        """Where a finding points: position, segment id, element, and the segment itself; where the segment is missing,
        the position at which it should stand, and no element."""
        where = place(self.situation.at)
        child = child_loop(self.at.route.target, where.address)
        name = child.trigger.use.segment.id if child else where.address.partition(":")[0]
        element = f"{name}{where.element:02}" if where.element else ""
        if where.component:
            element += f"-{where.component}"
        if frame.pinned:
            return frame.pinned[0], name, element, frame.pinned[1]
        route, (index, *_), _ = self.at
        frames = route.frames(frame)
        for each in frames:
            for each_index in self.at.indexes:
                for position, segment in each.segments(each_index):
                    return position, name, element, segment
        return frames[0].position_of(index) if frames else frame.position, name, "", ""

    def mark(self, frame: Frame) -> None:
        """Note that the place it points at has had its finding."""
        for each in self.at.route.frames(frame):
            for index in self.at.indexes:
                each.flag(index, self.at.element)


class Guarded(NamedTuple):
    """A situation as it is judged in instances of one loop. `suspects` tells whether it fails in one; of a situation about
    another loop, whether it is to be judged there at all. It holds by itself where one of `settling`, children of the loop, is
    absent, or `element` (0: none) of `child` (-1: none) is empty. `rests` are the elements on which its verdict rests alone,
    besides the children that came; None where it reads more than one segment of its own loop. `rank` is its place among the
    situations of the loop."""

    bound: Bound
    suspects: Test
    rank: int
    settling: frozenset[int]
    child: int
    element: int
    rests: Rests | None


def bind(loop: LoopNode) -> list[Guarded]:
    """The situations judged at the end of a loop. Raises KeyError when one names a place that the guide does not have."""
    found: list[Guarded] = []
    for situation in loop.machine.situations.get(loop.loop.id, []):
        for target in _targets(situation, loop):
            found.append(_guarded(situation, loop, target, len(found)))
    return found


def _targets(situation: Situation, loop: LoopNode) -> list[LoopNode]:
    """The loops that a situation is about, seen from the one at whose end it is judged."""
    if not situation.until:
        return [loop]
    below = [each for each in loop.below() if each.loop.id in situation.loops]
    if below or not situation.among:
        return below
    return [Route(loop, name).target for name in situation.loops]


def _guarded(situation: Situation, loop: LoopNode, target: LoopNode, rank: int) -> Guarded:
    reach = TreeReach(target, situation.each)
    when = situation.when.bind(reach) if situation.when else None
    need = situation.need.bind(reach)
    fails = _test(when, need, need_first=_is_presence(situation.need))
    each = indexes_of(target, situation.each) if situation.each else ()
    where = place(situation.at)
    route = Route(target, where.loop)
    at = Reading(route, indexes_of(route.target, where.address), where.element)
    among = situation.among.bind(TreeReach(loop, "")) if situation.among else None
    if target is not loop:
        shared = target not in loop.below()
        frames = Route(loop, target.loop.id).frames if shared else _below(target)
        settling = frozenset[int]() if shared else frozenset({_toward(loop, target)})
        bound = Bound(situation, fails, each, target, reach.reads, at, frames, shared)
        return Guarded(bound, among or _anywhere, rank, settling, -1, 0, None)
    bound = Bound(situation, fails, each, target, reach.reads, at, itself)
    suspects = _both(among, fails) if among else fails
    return Guarded(bound, suspects, rank, *_guards(situation, loop), None if among else reach.rests)


def _is_presence(need: Condition) -> bool:
    """Whether it asks only for something to be there, which is quicker to see than anything else."""
    if isinstance(need, Either):
        return all(map(_is_presence, need.conditions))
    return isinstance(need, Has)


def _test(when: Test | None, need: Test, *, need_first: bool) -> Test:
    if when is None:
        return lambda frame: not need(frame)
    if need_first:
        return lambda frame: not need(frame) and when(frame)
    return lambda frame: when(frame) and not need(frame)


def _anywhere(_frame: Frame) -> bool:
    return True  # `violations` looks at each place in turn


def _below(target: LoopNode) -> Frames:
    return lambda frame: [each for each in down(frame) if each.node is target]


def _both(one: Test, other: Test) -> Test:
    return lambda frame: one(frame) and other(frame)


def _pins(frame: Frame, indexes: tuple[int, ...]) -> list[Found | None]:
    """The segments to be judged one by one; one None where the loop is judged as a whole."""
    if not indexes:
        return [None]
    return [found for index in indexes for found in frame.segments(index)]


def _toward(loop: LoopNode, target: LoopNode) -> int:
    """The child of `loop` on the way to a loop below it."""
    while target.parent is not loop:
        assert target.parent is not None
        target = target.parent
    return target.index


def _settling(situation: Situation) -> list[Place]:
    """The places whose absence makes the situation hold."""
    names = situation.need.spares | (situation.when.needs if situation.when else frozenset())
    return [place(name) for name in sorted(names)]


def _guards(situation: Situation, loop: LoopNode) -> tuple[frozenset[int], int, int]:
    """The children whose absence settles the situation; and the child with the element that does, preferably one that is
    likely empty (-1 and 0: none)."""
    settling: set[int] = set()
    elements: list[tuple[int, int, int]] = []
    for where in _settling(situation):
        if where.loop:
            continue
        indexes = indexes_of(loop, where.address)
        if len(indexes) > 1:
            continue
        settling.add(indexes[0])
        child = loop.children[indexes[0]]
        if where.element and isinstance(child, Node) and child.use.repeat == 1:
            likely = child.use.elements[where.element - 1].usage == "S"
            elements.append((not likely, child.index, where.element))
    _, index, element = min(elements, default=(0, -1, 0))
    return frozenset(settling), index, element
