"""How the conditions of a situation read loop instances (`Reader` in `edi.guide.condition`)."""

from __future__ import annotations

from collections.abc import Callable

from edi.guide.condition import Place, Test, Value, Values
from edi.validate.frame import Frame, up
from edi.validate.location import Location, uses
from edi.validate.nodes import LoopNode

_STANDS = "present"  # what a loop's own presence reads as


class FrameReader:
    """Reads from instances of a loop. `read` lists the places that are read. `each` is the address of the segments that are
    judged one by one, "" for none: an instance then has only the one that is judged."""

    def __init__(self, loop: LoopNode, each: str = "") -> None:
        self.read: list[Location] = []
        self._loop = loop
        self._each = each

    def values(self, where: Place) -> Values:
        location = self._locate(where)
        if location.child:
            index = location.child.index
            return lambda frame: [
                _STANDS for each in location.frames(frame) for _ in range(each.count(index))
            ]
        if not where.element:
            return lambda frame: [segment for _, segment in location.segments(frame)]
        if one := self._one(location, where):
            return lambda frame: [text] if (text := one(frame)) else []
        elements = _each_element(location, where.element, self._loop.separator)
        if location.repeats and self._loop.delimiters.repetition:
            elements = _split(elements, self._loop.delimiters.repetition)
        if not where.component:
            return elements
        separator, place = self._loop.delimiters.component, where.component - 1
        return lambda frame: [
            parts[place] if place < len(parts) else ""
            for text in elements(frame)
            for parts in [text.split(separator)]
        ]

    def one(self, where: Place) -> Value | None:
        location = Location(self._loop, where)
        one = self._one(location, where)
        if one:
            self.read.append(location)
        return one

    def _one(self, location: Location, where: Place) -> Value | None:
        if not where.element or (location.repeats and self._loop.delimiters.repetition):
            return None
        judged = where.address == self._each and not where.loop and len(location.indexes) == 1
        if not judged and not location.comes_once:
            return None
        index, element, route = location.indexes[0], where.element, location.route
        separator, before = self._loop.delimiters.component, where.component - 1

        def whole(frame: Frame) -> str:
            fields = frame.cells.get(index)
            if fields is None:
                fields = frame.elements(index)
            return fields[element] if element < len(fields) else ""

        def component(frame: Frame) -> str:
            fields = frame.cells.get(index)
            if fields is None:
                fields = frame.elements(index)
            if element >= len(fields):
                return ""
            parts = fields[element].split(separator)
            return parts[before] if before < len(parts) else ""

        read = component if where.component else whole
        if route.path:
            first = route.first()
            return lambda frame: read(found) if (found := first(frame)) else ""
        if route.steps == 1:
            return lambda frame: read(frame.parent)
        if steps := route.steps:
            return lambda frame: read(up(frame, steps))
        return read

    def first(self, where: Place) -> Value:
        """A function that reads the first value that stands at an element of a segment of the loop itself, "" for none."""
        if one := self._one(Location(self._loop, where), where):
            return one
        (index, *_), element, values = uses(self._loop, where.address), where.element, self.values(where)

        def first(frame: Frame) -> str:
            found = frame.have.get(index)
            if found.__class__ is tuple and not where.component:
                fields = frame.cells.get(index) or frame.elements(index)
                return fields[element] if element < len(fields) else ""
            return next(filter(None, values(frame)), "")

        return first

    def count(self, where: Place) -> Callable[[Frame], int]:
        location = self._locate(where)
        if location.child:
            index = location.child.index
            return lambda frame: sum(each.count(index) for each in location.frames(frame))
        index, *others = location.indexes
        if others or location.route.path or location.route.steps:
            return lambda frame: len(location.segments(frame))

        def count(frame: Frame) -> int:
            found = frame.have.get(index)
            return len(found) if found.__class__ is list else 0 if found is None else 1

        return count

    def pieces(self, where: Place) -> Values:
        location = self._locate(where)
        steps, index = location.route.steps, location.indexes[0]
        element, separator = where.element, self._loop.delimiters.component

        def pieces(frame: Frame) -> list[str]:
            fields = up(frame, steps).elements(index)
            if not element:
                return fields[1:]
            return fields[element].split(separator) if element < len(fields) else []

        return pieces

    def present(self, where: Place) -> Test:
        if where.element:
            if one := self.one(where):
                return lambda frame: one(frame) != ""
            values = self.values(where)
            return lambda frame: any(values(frame))
        location = self._locate(where)
        index, *others = location.indexes
        if location.route.path and location.route.is_single and not others:
            first = location.route.first()
            return lambda frame: (found := first(frame)) is not None and index in found.have
        if location.route.path or others:
            return lambda frame: any(
                index in each.have for each in location.frames(frame) for index in location.indexes
            )
        if steps := location.route.steps:
            return lambda frame: index in up(frame, steps).have
        return lambda frame: index in frame.have

    def matching(self, where: Place, key: Place, equals: Place) -> Values:
        wanted, location = self.values(equals), self._locate(where)
        self._locate(key)
        inside = FrameReader(location.loop)
        keys, values = inside.values(key._replace(loop="")), inside.values(where._replace(loop=""))

        def matched(frame: Frame) -> list[str]:
            right = set(wanted(frame))
            return [
                text
                for each in location.frames(frame)
                if not right.isdisjoint(keys(each))
                for text in values(each)
            ]

        return matched

    def earlier(self, where: Place) -> Values:
        values = self.values(where)

        def before(frame: Frame) -> list[str]:
            same = frame.parent.children.get(frame.node.index, []) if frame.parent else []
            return [text for each in same[frame.ordinal - 2 : frame.ordinal - 1] for text in values(each)]

        return before

    def ordinal(self) -> Callable[[Frame], int]:
        return (lambda frame: frame.turn) if self._each else (lambda frame: frame.ordinal)

    def _locate(self, where: Place) -> Location:
        location = Location(self._loop, where)
        self.read.append(location)
        return location


def _each_element(location: Location, element: int, separator: str) -> Values:
    """The values of an element in the order of its segments: "" from one that ends before it."""
    return lambda frame: [
        fields[element] if element < len(fields) else ""
        for _, segment in location.segments(frame)
        for fields in [segment.split(separator)]
    ]


def _split(values: Values, separator: str) -> Values:
    return lambda frame: [each for text in values(frame) for each in text.split(separator)]
