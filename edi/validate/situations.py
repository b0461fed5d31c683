"""Situations of a guide bound to the tree: tests on a closed loop instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.guide.condition import Condition, Either, Has, Place, Situation, Test, place
from edi.validate.frame import Found, Frame
from edi.validate.machine import LoopNode
from edi.validate.reach import Reading, TreeReach
from edi.validate.route import Route, child_loop, down, indexes_of


class Bound(NamedTuple):
    """A situation bound to the loop at whose end it is judged. `suspects` tells quickly whether it fails somewhere in an
    instance of that loop, `fails` whether it fails in one of `target`, the loop it is about, which lies below where `until`
    names another. `each` are the segment uses that it judges one by one."""

    situation: Situation
    suspects: Test
    fails: Test
    each: tuple[int, ...]
    target: LoopNode
    reads: list[Reading]
    at: Reading

    def violations(self, frame: Frame) -> Iterator[Frame]:
        """The instances in which it does not hold; `pinned` is set where it judges segments one by one."""
        separator = self.target.machine.delimiters.element
        for each in [frame] if frame.node is self.target else down(frame):
            if each.node is not self.target:
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
        name = where.address.partition(":")[0]
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
    tests: dict[int, list[tuple[int, Test, Bound]]] = {}
    for situation in loop.machine.situations.get(loop.loop.id, []):
        targets = [loop]
        if situation.until:
            targets = [each for each in loop.below() if each.loop.id in situation.loops]
        for target in targets:
            guard, bound = _bound(situation, loop, target)
            tests.setdefault(guard.child, []).append((guard.element, bound.suspects, bound))
    return [Group(index, any(element for element, _, _ in each), each) for index, each in tests.items()]


def _bound(situation: Situation, loop: LoopNode, target: LoopNode) -> tuple[Guard, Bound]:
    reach = TreeReach(target, situation.each)
    when = situation.when.bind(reach) if situation.when else None
    need = situation.need.bind(reach)

    test = _test(when, need, need_first=_is_presence(situation.need))
    each = indexes_of(target, situation.each) if situation.each else ()
    where = place(situation.at)
    route = Route(target, where.loop)
    at = Reading(route, indexes_of(route.target, where.address), where.element)
    if target is not loop:
        return Guard(_toward(loop, target), 0), Bound(
            situation, _anywhere, test, each, target, reach.reads, at
        )
    if not each:
        return _guard(situation, loop), Bound(situation, test, test, each, target, reach.reads, at)
    least = max((name.element for name in _settling(situation) if name.address == situation.each), default=0)
    suspects = _any_of(test, each, loop.machine.delimiters.element, least)
    return Guard(each[0], 0), Bound(situation, suspects, test, each, target, reach.reads, at)


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
