"""Situations of a guide bound to the tree: tests on a closed loop instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.guide.condition import ASKED, Condition, Either, Has, Place, Situation, Test, place
from edi.validate.frame import Found, Frame
from edi.validate.machine import LoopNode
from edi.validate.reach import Reading, TreeReach, itself
from edi.validate.route import Frames, Route, child_loop, down, indexes_of


class Bound(NamedTuple):
    """A situation bound to the loop at whose end it is judged. `suspects` tells quickly whether it fails somewhere in an
    instance of that loop, `fails` whether it fails in one of `target`, the loop it is about, to whose instances `frames`
    leads. `shared` is true where several instances of the one loop lead to the same of the other. `each` are the segment
    uses that it judges one by one."""

    situation: Situation
    suspects: Test
    fails: Test
    each: tuple[int, ...]
    target: LoopNode
    reads: list[Reading]
    at: Reading
    frames: Frames
    shared: bool = False

    def violations(self, frame: Frame) -> Iterator[Frame]:
        """The instances in which it does not hold; `pinned` is set where it judges segments one by one."""
        separator = self.target.machine.delimiters.element
        for each in self.frames(frame):
            if not each.whole or (self.shared and not each.judge_once(id(self.situation))):
                continue
            for found in _pins(each, self.each):
                each.pin(found, separator)
                if self.fails(each) and not self.spoiled(each):
                    yield each
            each.pinned = None

    def spoiled(self, frame: Frame) -> bool:
        """Whether it reads something that has had a finding already."""
        return any(read.spoiled(frame) for read in self.reads)

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
        return frames[0].place_of(index) if frames else frame.position, name, "", ""

    def mark(self, frame: Frame) -> None:
        """Note that the place it points at has had its finding."""
        for each in self.at.route.frames(frame):
            for index in self.at.indexes:
                each.mar(index, self.at.element)


class Group(NamedTuple):
    """Situations of a loop that hold by themselves where a child (`guard`; -1: none) is absent, each with the element of
    that child (0: none) without which it holds too."""

    guard: int
    splits: bool
    tests: list[tuple[int, Test, Bound]]


class Guard(NamedTuple):
    """A child of a loop (-1: none), and an element of it (0: none)."""

    child: int
    element: int


_NO_GUARD = Guard(-1, 0)


def bind(loop: LoopNode) -> list[Group]:
    """The tests at the end of a loop. Raises KeyError when a situation names a place that the guide does not have."""
    tests: dict[tuple[bool, int], list[tuple[int, Test, Bound]]] = {}
    for situation in loop.machine.situations.get(loop.loop.id, []):
        for target in _targets(situation, loop):
            guard, bound = _bound(situation, loop, target)
            # What a payer asks comes last: of a place that the guide itself finds wrong there is no more to say.
            key = (situation.snip == ASKED, guard.child)
            tests.setdefault(key, []).append((guard.element, bound.suspects, bound))
    return [Group(index, any(element for element, _, _ in each), each) for (_, index), each in tests.items()]


def _targets(situation: Situation, loop: LoopNode) -> list[LoopNode]:
    """The loops that a situation is about, seen from the one at whose end it is judged."""
    if not situation.until:
        return [loop]
    below = [each for each in loop.below() if each.loop.id in situation.loops]
    if below or not situation.among:
        return below
    return [Route(loop, name).target for name in situation.loops]


def _bound(situation: Situation, loop: LoopNode, target: LoopNode) -> tuple[Guard, Bound]:
    reach = TreeReach(target, situation.each)
    when = situation.when.bind(reach) if situation.when else None
    need = situation.need.bind(reach)

    test = _test(when, need, need_first=_is_presence(situation.need))
    each = indexes_of(target, situation.each) if situation.each else ()
    where = place(situation.at)
    route = Route(target, where.loop)
    at = Reading(route, indexes_of(route.target, where.address), where.element)
    among = situation.among.bind(TreeReach(loop, "")) if situation.among else None
    if target is not loop:
        shared = target not in loop.below()
        frames = Route(loop, target.loop.id).frames if shared else _below(target)
        guard = _NO_GUARD if shared else Guard(_toward(loop, target), 0)
        suspects = among or _anywhere
        return guard, Bound(situation, suspects, test, each, target, reach.reads, at, frames, shared)
    if each:
        least = max(
            (name.element for name in _settling(situation) if name.address == situation.each), default=0
        )
        guard, suspects = Guard(each[0], 0), _any_of(test, each, loop.machine.delimiters.element, least)
    else:
        guard, suspects = _guard(situation, loop), test
    if among:
        suspects = _both(among, suspects)
    return guard, Bound(situation, suspects, test, each, target, reach.reads, at, itself)


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


def _any_of(fails: Test, each: tuple[int, ...], separator: str, least: int) -> Test:
    """Whether one of several segments fails; those with fewer than `least` elements do not."""

    def suspects(frame: Frame) -> bool:
        for index in each:
            for found in frame.segments(index):
                if found[1].count(separator) >= least:
                    frame.pin(found, separator)
                    if fails(frame):
                        return True
        return False

    return suspects


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


def _guard(situation: Situation, loop: LoopNode) -> Guard:
    """What settles the situation by its absence, so that the test is skipped: preferably what is likely absent."""
    guards: list[tuple[int, Guard]] = []
    for where in _settling(situation):
        if where.loop:
            continue
        child, indexes = child_loop(loop, where.address), indexes_of(loop, where.address)
        if len(indexes) > 1:
            continue
        use = None if child else loop.node(indexes[0]).use
        element = where.element if use and use.repeat == 1 else 0
        rank = 0 if use and element and use.elements[element - 1].usage == "S" else 1
        guards.append((rank + (indexes[0] in loop.required), Guard(indexes[0], element)))
    return min(guards, default=(0, _NO_GUARD))[1]
