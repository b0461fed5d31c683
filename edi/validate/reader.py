"""How the conditions of a situation read loop instances (`Reader` in `edi.guide.condition`)."""

from __future__ import annotations

from collections.abc import Callable

from edi.guide.condition import Place, Test, Values
from edi.validate.frame import Frame, up
from edi.validate.location import Location
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
        elements = self._elements(location, where)
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

    def _elements(self, location: Location, where: Place) -> Values:
        """The values of an element, in the order of its segments: "" from one that ends before it; none where only one may come."""
        element, separator = where.element, self._loop.separator
        index, *others = location.indexes
        judged = where.address == self._each and not where.loop and not others
        if not judged and not location.comes_once:
            return lambda frame: [
                fields[element] if element < len(fields) else ""
                for _, segment in location.segments(frame)
                for fields in [segment.split(separator)]
            ]
        alone = slice(element, element + 1)
        if steps := location.route.steps:
            return lambda frame: up(frame, steps).elements(index)[alone]
        # Most of what is read is read here, so that one look at `cells` is saved a call.
        return lambda frame: (frame.cells.get(index) or frame.elements(index))[alone]

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
            values = self.values(where)
            return lambda frame: any(values(frame))
        location = self._locate(where)
        index, *others = location.indexes
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


def _split(values: Values, separator: str) -> Values:
    return lambda frame: [each for text in values(frame) for each in text.split(separator)]
