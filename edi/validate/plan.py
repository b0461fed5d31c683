"""Which situations are to be judged at the end of a loop instance: a plan by the children that came in it, so that most are
settled before their turn.

A verdict that rests on a few elements of one segment is remembered by their values: a file has few of these, and many lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

from edi.guide.condition import Test
from edi.validate.frame import Frame
from edi.validate.machine import REMEMBERED, LoopNode
from edi.validate.reach import Rests
from edi.validate.situations import Bound, Guarded, bind

_PLANS_KEPT = 1000  # of a loop; files in use have some dozens
_NONE: Sequence[Bound] = ()


class Plan:
    """What is judged at the end of an instance of a loop in which certain children came. `missing` tells that one of those
    required is not among them; `asks`, that there is anything to be judged."""

    __slots__ = ("_by_child", "_each", "_free", "asks", "missing")

    def __init__(self, loop: LoopNode, situations: Sequence[Guarded], came: frozenset[int]) -> None:
        self.missing = not loop.required <= came
        self._free: list[tuple[Test, Guarded]] = []
        guarded: dict[int, list[tuple[int, Test, Guarded]]] = {}
        by_value: dict[int, list[Guarded]] = {}
        each: dict[tuple[tuple[int, ...], bool], list[Guarded]] = {}
        for one in situations:
            bound = one.bound
            if not one.settling <= came:
                continue
            if bound.target is not loop:
                self._free.append((one.suspects, one))
            elif bound.each:
                each.setdefault((bound.each, one.rests is None), []).append(one)
            elif one.rests is not None:
                by_value.setdefault(next((child for child, _, _ in one.rests), 0), []).append(one)
            elif one.element:
                guarded.setdefault(one.child, []).append((one.element, one.suspects, one))
            else:
                self._free.append((one.suspects, one))
        self._by_child = [
            (child, Memory(by_value.get(child, [])), guarded.get(child, ()))
            for child in {**by_value, **guarded}
        ]
        self._each = [(index, Memory(several)) for (indexes, _), several in each.items() for index in indexes]
        self.asks = bool(self._free or self._by_child or self._each)

    def suspected(self, frame: Frame) -> Sequence[Bound]:
        """The situations that fail in a loop instance, or may in another, in the order in which they are to be judged."""
        found: list[Guarded] = []
        for suspects, one in self._free:
            if suspects(frame):
                found.append(one)
        for child, memory, guarded in self._by_child:
            cells = frame.cells.get(child) or frame.elements(child)
            if memory.tests:
                failing = memory.known.get(memory.key(cells))
                if failing is None:
                    failing = memory.learn(cells, frame)
                if failing:
                    found += failing
            if guarded:
                width = len(cells)
                for element, suspects, one in guarded:
                    if element < width and cells[element] and suspects(frame):
                        found.append(one)
        for index, memory in self._each:
            for segment in frame.segments(index):
                frame.pin(segment)
                failing = memory.known.get(memory.key(frame.fields))
                if failing is None:
                    failing = memory.learn(frame.fields, frame)
                if failing:
                    found += failing
        if len(found) > 1:
            found = sorted({one.rank: one for one in found}.values(), key=_rank)
        return [one.bound for one in found] if found else _NONE


class Memory:
    """Situations that rest on elements of one segment, and which of them fail: `known`, by the `key` of a segment's elements."""

    __slots__ = ("_kept", "key", "known", "tests")

    def __init__(self, situations: list[Guarded]) -> None:
        self.tests = [(one.suspects, one) for one in situations]
        rests = [one.rests for one in situations]
        self._kept = REMEMBERED * (None not in rests)
        self.key = _key(frozenset().union(*filter(None, rests)))
        self.known: dict[object, list[Guarded]] = {}

    def learn(self, cells: Sequence[str], frame: Frame) -> list[Guarded]:
        """Those that fail in a loop instance, whose segment has these elements."""
        failing = [one for suspects, one in self.tests if suspects(frame)]
        if len(self.known) < self._kept:
            self.known[self.key(cells)] = failing
        return failing


def _key(rests: Rests) -> Callable[[Sequence[str]], object]:
    """A function of a segment's elements: what the verdict rests on."""
    values = sorted({element for _, element, present in rests if not present})
    presences = sorted({element for _, element, present in rests if present} - set(values))
    if 0 in values:
        return tuple
    if not values and not presences:
        return lambda _cells: ()
    first, width = min(values + presences), max(values + presences)
    blank = [""] * (width + 1)
    pick, there = itemgetter(0, *values), itemgetter(0, *presences)  # with the id, so that they pick several

    def key(cells: Sequence[str]) -> object:
        count = len(cells)
        if count <= first:
            return None
        if count <= width:
            cells = [*cells, *blank]
        return (pick(cells), *map(bool, there(cells))) if presences else pick(cells)

    return key


def _rank(situation: Guarded) -> int:
    return situation.rank


def plan_of(loop: LoopNode, came: tuple[int, ...]) -> Plan:
    """Make the plan for instances of a loop in which these children came. Raises KeyError as `bind`."""
    if loop.situations is None:
        loop.situations = bind(loop)
    plan = Plan(loop, loop.situations, frozenset(came))
    if len(loop.plans) < _PLANS_KEPT:
        loop.plans[came] = plan
    return plan
