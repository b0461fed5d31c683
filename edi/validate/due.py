"""Which checks of a loop are worth a look in an instance of it: those that hang on something which stands there.

Most situations are about a segment, an element or a code that most instances do not have. One look at that passes all of them over.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from edi.guide.condition import Situation, Test, Value, place
from edi.validate.frame import Frame
from edi.validate.location import Location
from edi.validate.nodes import LoopNode
from edi.validate.reader import FrameReader

if TYPE_CHECKING:
    from edi.validate.situations import Check


class Gate(NamedTuple):
    """What must stand in an instance: a child; where it has an element `where`, one of `values` in it, or anything where there are none."""

    child: int
    where: str = ""
    values: tuple[str, ...] = ()


ALWAYS = Gate(-1)


def gate_of(situation: Situation, loop: LoopNode) -> Gate:
    """What must stand in an instance of the loop itself for anything to be wrong; what is seldom there before what often is."""
    found: list[tuple[int, Gate]] = []
    for where, values in situation.hinges:
        if place(where).loop:
            continue
        location, element = Location(loop, place(where)), place(where).element
        index, *others = location.indexes
        if others:
            continue
        if values and FrameReader(loop).one(place(where)):
            found.append((0, Gate(index, where, values)))
        elif element and loop.node(index).use.elements[element - 1].usage != "R":
            found.append((1, Gate(index, where)))
        elif index not in loop.required:
            found.append((2, Gate(index)))
    return min(found, key=itemgetter(0), default=(0, ALWAYS))[1]


Look = tuple[int, "Check", Test]
"""A check, its number among those of its loop, and its quick look."""


class ByValue(NamedTuple):
    """The looks that are due where a child came, by what `first` reads: those for a value, and for one that is not named, `otherwise`."""

    child: int
    first: Value
    looks: dict[str, list[Look]]
    otherwise: list[Look]


class Due:
    """The checks of a loop."""

    def __init__(self, checks: list[Check], loop: LoopNode) -> None:
        gated: dict[Gate, list[Look]] = {}
        for number, check in enumerate(checks):
            gated.setdefault(check.gate, []).append((number, check, check.may_fail))
        self._always = gated.pop(ALWAYS, [])
        self._by_child = [(gate.child, looks) for gate, looks in gated.items() if not gate.where]
        elements = dict.fromkeys((gate.child, gate.where) for gate in gated if gate.where)
        self._by_value = [_by_value(child, where, gated, loop) for child, where in elements]

    def failing(self, frame: Frame) -> list[Check]:
        """Those that may find something in an instance, in the order in which the guide has them."""
        have, due = frame.have, self._always.copy()
        for child, looks in self._by_child:
            if child in have:
                due += looks
        for child, first, by_value, otherwise in self._by_value:
            if child in have:
                due += by_value.get(first(frame), otherwise)
        found = [(number, check) for number, check, may_fail in due if may_fail(frame)]
        return [check for _, check in sorted(found, key=itemgetter(0))] if found else []


def _by_value(child: int, where: str, gated: dict[Gate, list[Look]], loop: LoopNode) -> ByValue:
    otherwise = gated.get(Gate(child, where), [])
    by_value: dict[str, list[Look]] = {}
    for gate, looks in gated.items():
        for value in gate.values if gate.where == where else ():
            by_value.setdefault(value, otherwise.copy()).extend(looks)
    return ByValue(child, FrameReader(loop).first(place(where)), by_value | {"": []}, otherwise)
