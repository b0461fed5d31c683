"""Situations of a guide bound to the tree: tests on a closed loop instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.guide.condition import Situation, Test, place
from edi.validate.frame import Found, Frame
from edi.validate.machine import LoopNode
from edi.validate.reach import Reading, TreeReach, child_loop, down, frames_of, indexes_of


class Bound(NamedTuple):
    """A situation of one loop. `guard` is a child without which it holds (-1: none); `suspects` tells quickly whether it fails
    somewhere in a loop instance. `target` is the loop it is about, which lies below where `until` names another, and `each`
    are the segment uses that it judges one by one."""

    situation: Situation
    guard: int
    suspects: Test
    fails: Test
    each: tuple[int, ...]
    target: LoopNode
    reads: list[Reading]
    at: Reading

    def violations(self, frame: Frame) -> Iterator[Frame]:
        """The instances in which it does not hold; `pinned` is set where it judges segments one by one."""
        for each in [frame] if frame.node is self.target else down(frame):
            if each.node is not self.target:
                continue
            pins: list[Found | None] = [found for index in self.each for found in each.segments(index)]
            for found in pins or [None]:
                each.pinned = found
                if self.fails(each) and not self.spoiled(each):
                    yield each
            each.pinned = None

    def spoiled(self, frame: Frame) -> bool:
        """Whether it reads something that has had a finding already."""
        return any(
            each.spoiled(index, read.element)
            for read in self.reads
            for each in read.frames(frame)
            for index in read.indexes
        )

    def locate(self, frame: Frame) -> tuple[int, str, str, str]:
        """Where a finding points: position, segment id, element, and the segment itself; where the segment is missing,
        the position at which it should stand."""
        where = place(self.situation.at)
        name = where.address.partition(":")[0]
        element = f"{name}{where.element:02}" if where.element else ""
        if where.component:
            element += f"-{where.component}"
        if frame.pinned:
            return frame.pinned[0], name, element, frame.pinned[1]
        frames = self.at.frames(frame) or [frame]
        for each in frames:
            for index in self.at.indexes:
                for position, segment in each.segments(index):
                    return position, name, element, segment
        return frames[0].place_of(self.at.indexes[0]), name, "", ""


def bind(loop: LoopNode) -> list[Bound]:
    """The tests at the end of a loop. Raises KeyError when a situation names a place that the guide does not have."""
    bound = []
    for situation in loop.machine.situations.get(loop.loop.id, []):
        targets = [loop]
        if situation.until:
            targets = [each for each in loop.below() if each.loop.id in situation.loops]
        bound += [_bound(situation, loop, target) for target in targets]
    return bound


def _bound(situation: Situation, loop: LoopNode, target: LoopNode) -> Bound:
    reach = TreeReach(target, situation.each)
    when = situation.when.bind(reach) if situation.when else None
    need = situation.need.bind(reach)

    def fails(frame: Frame) -> bool:
        return (when is None or when(frame)) and not need(frame)

    each = indexes_of(target, situation.each) if situation.each else ()
    where = place(situation.at)
    frames, there = frames_of(target, where.loop)
    at = Reading(frames, indexes_of(there, where.address), where.element)
    suspects: Test = _anywhere
    if target is not loop:
        guard = _toward(loop, target)
    elif each:
        guard = each[0]
    else:
        guard, suspects = _guard(situation, loop), fails
    return Bound(situation, guard, suspects, fails, each, target, reach.reads, at)


def _anywhere(_frame: Frame) -> bool:
    return True  # `violations` looks at each place in turn


def _toward(loop: LoopNode, target: LoopNode) -> int:
    """The child of `loop` on the way to a loop below it."""
    while target.parent is not loop:
        assert target.parent is not None
        target = target.parent
    return target.index


def _guard(situation: Situation, loop: LoopNode) -> int:
    """A child whose absence settles the situation: the test is then skipped."""
    settles = situation.need.spares | (situation.when.needs if situation.when else frozenset())
    for name in sorted(settles):
        where = place(name)
        if not where.loop:
            child = child_loop(loop, where.address)
            indexes = (child.index,) if child else indexes_of(loop, where.address)
            if len(indexes) == 1 and indexes[0] not in loop.required:
                return indexes[0]
    return -1
