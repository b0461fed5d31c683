"""How the conditions of situations read the loop instances of a walk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from edi.guide.condition import Place, Test, Values
from edi.validate.frame import Frame
from edi.validate.machine import LoopNode
from edi.validate.route import Frames, Route, child_loop, indexes_of

_STANDS = "present"  # what a loop's own presence reads as
_NO_VALUES: list[str] = []


class Reading(NamedTuple):
    """Something that a situation reads: where, which children and which element of them (0: the segment as such)."""

    route: Route
    indexes: tuple[int, ...]
    element: int

    def is_suppressed(self, frame: Frame) -> bool:
        """Whether it has had a finding, or lies in a loop that is missing."""
        return self.route.is_lost(frame) or any(
            each.is_flagged(index, self.element)
            for each in self.route.frames(frame)
            for index in self.indexes
        )


Rests = frozenset[tuple[int, int, bool]]
"""Children, their elements (0: all), and whether it matters only that something stands there."""


class TreeReach:
    """How the conditions of one situation reach places; it keeps a list of what they read."""

    def __init__(self, loop: LoopNode, each: str) -> None:
        self._loop = loop
        self._each = each
        self._separator = loop.machine.delimiters.element
        self._component = loop.machine.delimiters.component
        self._repetition = loop.machine.delimiters.repetition
        self.reads: list[Reading] = []
        self._rests: set[tuple[int, int, bool]] = set()
        self._wide = False

    @property
    def rests(self) -> Rests | None:
        """The elements of one segment, on whose values alone (and on which children came) the situation rests; None where it
        rests on more."""
        wide = self._wide or len({index for index, _, _ in self._rests}) > 1
        return None if wide else frozenset(self._rests)

    def read(self, where: Place) -> Reading:
        """Where a place lies, noted as read."""
        route = Route(self._loop, where.loop)
        reading = Reading(route, indexes_of(route.target, where.address), where.element)
        self.reads.append(reading)
        return reading

    def values(self, where: Place) -> Values:
        reading = self.read(where)
        self._note(reading, where)
        return self._values(reading, where)

    def _note(self, reading: Reading, where: Place, *, presence: bool = False) -> None:
        """Note on what the situation rests."""
        route, indexes, element = reading
        once = len(indexes) == 1 and not child_loop(route.target, where.address)
        if not self._pins(where):
            once = once and route.target.node(indexes[0]).use.repeat == 1
        if once and not route.steps and not route.path:
            self._rests.add((indexes[0], element, presence))
        else:
            self._wide = True

    def _values(self, reading: Reading, where: Place) -> Values:
        if not where.element or not self._repeats(reading):
            return self._single(reading, where)
        values = self._single(reading, where._replace(component=0))
        separator, component, part = self._repetition, self._component, where.component

        def each(frame: Frame) -> list[str]:
            found = [one for value in values(frame) for one in value.split(separator)]
            return [_value(["", one], component, 1, part) for one in found] if part else found

        return each

    def _repeats(self, reading: Reading) -> bool:
        """Whether it is an element that the guide lets repeat, in a file that can part one from the next."""
        uses = [reading.route.target.node(index).use for index in reading.indexes]
        return bool(self._repetition) and any(use.elements[reading.element - 1].repeat > 1 for use in uses)

    def _single(self, reading: Reading, where: Place) -> Values:
        """As `_values`, of an element that comes once in its place."""
        route, indexes, element = reading
        if child_loop(route.target, where.address):
            frames, index = route.frames, indexes[0]
            return lambda frame: [_STANDS for each in frames(frame) for _ in range(each.count(index))]
        if self._pins(where):
            return self._pinned(where)
        once = len(indexes) == 1 and route.target.node(indexes[0]).use.repeat == 1
        if element and once and not route.path:
            return self._one(route.steps, indexes[0], element, where.component)
        if element and once and not where.component:
            return self._one_each(route.frames, indexes[0], element)
        return self._many(route.frames, indexes, element, where.component)

    def pieces(self, where: Place) -> Values:
        reading = self.read(where)
        route, indexes, element = reading
        if route.path or len(indexes) > 1:
            raise KeyError(f"{where.says} is not one segment of this loop or of one around it")
        self._note(reading, where)
        steps, index = route.steps, indexes[0]
        component = self._component

        def pieces(frame: Frame) -> list[str]:
            for _ in range(steps):
                frame = frame.parent  # type: ignore[assignment]  # that many loops are around
            fields = frame.cells.get(index) or frame.elements(index)
            if not element:
                return fields[1:]
            return fields[element].split(component) if element < len(fields) else _NO_VALUES

        return pieces

    def present(self, where: Place) -> Test:
        reading = self.read(where)
        route, indexes, element = reading
        if element or route.path or len(indexes) > 1 or self._pins(where):
            # That part of an element is there, is more than that the element is.
            self._note(reading, where, presence=not where.component)
            values = self._values(reading, where)
            return lambda frame: any(values(frame))
        steps, index = route.steps, indexes[0]
        self._wide |= steps > 0
        if not steps:
            return lambda frame: index in frame.have

        def stands(frame: Frame) -> bool:
            for _ in range(steps):
                frame = frame.parent  # type: ignore[assignment]  # that many loops are around
            return index in frame.have

        return stands

    def matching(self, where: Place, key: Place, equals: Place) -> Values:
        self._wide = True
        wanted = self.values(equals)
        keyed, found = self.read(key), self.read(where)
        keys = self._many(itself, keyed.indexes, key.element, key.component)
        values = self._many(itself, found.indexes, where.element, where.component)
        frames = found.route.frames

        def matched(frame: Frame) -> list[str]:
            right = set(wanted(frame))
            return [
                text for each in frames(frame) if not right.isdisjoint(keys(each)) for text in values(each)
            ]

        return matched

    def earlier(self, where: Place) -> Values:
        self._wide = True
        values = self.values(where)

        def before(frame: Frame) -> list[str]:
            # From the last on: of very many instances the one before this one is soon found.
            for each in reversed(frame.parent.children if frame.parent else []):
                if each.node is frame.node and each.ordinal < frame.ordinal:
                    return values(each)
            return []

        return before

    def ordinal(self) -> Callable[[Frame], int]:
        self._wide = True
        if not self._each:
            return lambda frame: frame.ordinal
        indexes = indexes_of(self._loop, self._each)

        def ordinal(frame: Frame) -> int:
            found = [each for index in indexes for each in frame.segments(index)]
            return 1 + found.index(frame.pinned)  # type: ignore[arg-type]  # one of them is, while this is judged

        return ordinal

    def _pins(self, where: Place) -> bool:
        """Whether the place lies in the segment that is judged one by one."""
        return bool(self._each) and where.address == self._each and not where.loop

    def _pinned(self, where: Place) -> Values:
        component, element, part = self._component, where.element, where.component

        def value(frame: Frame) -> list[str]:
            fields = frame.fields
            if element >= len(fields):
                return _NO_VALUES
            return [_value(fields, component, element, part) if part else fields[element]]

        return value

    def _one(self, steps: int, index: int, element: int, part: int) -> Values:
        """From a segment that comes once in this loop (steps 0) or one around it."""
        component, alone = self._component, slice(element, element + 1)

        def own(frame: Frame) -> list[str]:
            return (frame.cells.get(index) or frame.elements(index))[alone]

        def value(frame: Frame) -> list[str]:
            for _ in range(steps):
                frame = frame.parent  # type: ignore[assignment]  # that many loops are around
            fields = (frame.cells.get(index) or frame.elements(index))[alone]
            if part and fields:
                parts = fields[0].split(component)
                return [parts[part - 1] if part <= len(parts) else ""]
            return fields

        return value if steps or part else own

    def _one_each(self, frames: Frames, index: int, element: int) -> Values:
        """From a segment that comes once in each of several loops. (Where it came more often, the first counts: that it
        did has had its finding.)"""
        alone = slice(element, element + 1)

        def values(frame: Frame) -> list[str]:
            found: list[str] = []
            for each in frames(frame):
                found += (each.cells.get(index) or each.elements(index))[alone]
            return found

        return values

    def _many(self, frames: Frames, indexes: tuple[int, ...], element: int, part: int) -> Values:
        separator, component = self._separator, self._component

        def values(frame: Frame) -> list[str]:
            found = [
                segment for each in frames(frame) for index in indexes for _, segment in each.segments(index)
            ]
            if not element:
                return found
            return [_value(segment.split(separator), component, element, part) for segment in found]

        return values


def _value(fields: Sequence[str], separator: str, element: int, component: int) -> str:
    if not element:
        return fields[0]
    if element >= len(fields):
        return ""
    if not component:
        return fields[element]
    parts = fields[element].split(separator)
    return parts[component - 1] if component <= len(parts) else ""


def itself(frame: Frame) -> list[Frame]:
    return [frame]
