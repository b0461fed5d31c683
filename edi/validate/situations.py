"""Situations of a guide bound to the tree: tests on a closed loop instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.guide.condition import Condition, Either, Has, Place, Situation, Test, place
from edi.validate.frame import Found, Frame
from edi.validate.machine import LoopNode, Node
from edi.validate.reach import Reading, TreeReach
from edi.validate.route import Route, down, indexes_of


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
        for each in [frame] if frame.node is self.target else down(frame):
            if each.node is not self.target:
                continue
            for found in _pins(each, self.each):
                each.pin(found)
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


class Guarded(NamedTuple):
    """A situation that holds by itself where one of `settling` (children of the loop) is absent, or where `element` (0: none)
    of `child` (-1: none) is empty. `rank` is its place among those of its loop. Where it judges segments one by one, those
    with fewer than `least` elements hold too."""

    settling: frozenset[int]
    child: int
    element: int
    least: int
    rank: int
    bound: Bound


class Plan:
    """What is judged at the end of a loop instance in which certain children came. `missing` tells that one of those required
    is not among them."""

    __slots__ = ("_free", "_guarded", "_pinned", "missing")

    def __init__(self, loop: LoopNode, situations: list[Guarded], came: frozenset[int]) -> None:
        self.missing = not loop.required <= came
        self._free: list[Guarded] = []
        self._guarded: dict[int, list[tuple[int, Test, Guarded]]] = {}
        self._pinned: dict[tuple[int, ...], list[Guarded]] = {}
        for each in situations:
            if not each.settling <= came:
                continue
            if each.bound.each and each.bound.target is loop:
                if not came.isdisjoint(each.bound.each):
                    self._pinned.setdefault(each.bound.each, []).append(each)
            elif each.element:
                entry = (each.element, each.bound.suspects, each)
                self._guarded.setdefault(each.child, []).append(entry)
            else:
                self._free.append(each)

    def suspected(self, frame: Frame) -> list[Bound]:
        """The situations that seem to fail in a loop instance, in the order in which they are to be judged."""
        found = [each for each in self._free if each.bound.suspects(frame)]
        for child, tests in self._guarded.items():
            cells = frame.cells.get(child) or frame.elements(child)
            width = len(cells)
            for element, suspects, each in tests:
                if element < width and cells[element] and suspects(frame):
                    found.append(each)
        for indexes, several in self._pinned.items():
            for index in indexes:
                for segment in frame.segments(index):
                    frame.pin(segment)
                    width = len(frame.fields)
                    found += [each for each in several if each.least < width and each.bound.fails(frame)]
        if len(found) > 1:
            found = sorted({each.rank: each for each in found}.values(), key=_rank)
        return [each.bound for each in found]


def _rank(situation: Guarded) -> int:
    return situation.rank


class Plans(dict[tuple[int, ...], Plan]):
    """The plans of a loop by the children that came, made when first met. Raises KeyError when a situation names a place
    that the guide does not have."""

    def __init__(self, loop: LoopNode) -> None:
        super().__init__()
        self._loop = loop
        self._situations = bind(loop)

    def __missing__(self, came: tuple[int, ...]) -> Plan:
        plan = Plan(self._loop, self._situations, frozenset(came))
        if len(self) < _PLANS_KEPT:
            self[came] = plan
        return plan


_PLANS_KEPT = 1000  # of a loop; files in use have some dozens


def bind(loop: LoopNode) -> list[Guarded]:
    """The situations judged at the end of a loop."""
    bound: list[Guarded] = []
    for situation in loop.machine.situations.get(loop.loop.id, []):
        targets = [loop]
        if situation.until:
            targets = [each for each in loop.below() if each.loop.id in situation.loops]
        bound += [_guarded(situation, loop, target, len(bound)) for target in targets]
    return bound


def _guarded(situation: Situation, loop: LoopNode, target: LoopNode, rank: int) -> Guarded:
    reach = TreeReach(target, situation.each)
    when = situation.when.bind(reach) if situation.when else None
    need = situation.need.bind(reach)
    test = _test(when, need, need_first=_is_presence(situation.need))
    each = indexes_of(target, situation.each) if situation.each else ()
    where = place(situation.at)
    route = Route(target, where.loop)
    at = Reading(route, indexes_of(route.target, where.address), where.element)
    if target is not loop:
        bound = Bound(situation, _anywhere, test, each, target, reach.reads, at)
        return Guarded(frozenset({_toward(loop, target)}), -1, 0, 0, rank, bound)
    bound = Bound(situation, test, test, each, target, reach.reads, at)
    settling, child, element = _guards(situation, loop)
    own = (name.element for name in _settling(situation) if name.address == situation.each)
    return Guarded(settling, child, element, max(own, default=0), rank, bound)


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
