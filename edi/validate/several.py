"""What stands at places of which a loop instance may have several: read when a condition asks, by the functions of a `Several`."""

from __future__ import annotations

from edi.guide.condition import Place
from edi.validate.frame import Frame
from edi.validate.location import Location
from edi.validate.nodes import LoopNode

_STANDS = "present"  # what a loop's own presence reads as


class Several:
    """A place seen from a loop."""

    def __init__(self, loop: LoopNode, where: Place) -> None:
        self.location = location = Location(loop, where)
        self._element = where.element
        self._component = where.component
        self._delimiters = loop.delimiters
        repetition = location.repeats if where.element and not location.child else False
        self._repetition = loop.delimiters.repetition if repetition else ""

    def values(self, frame: Frame) -> list[str]:
        """A list of what stands there: whole segments, elements or components; "" where empty."""
        location, element = self.location, self._element
        if location.child:
            return [_STANDS] * self.count(frame)
        if not element:
            return [segment for _, segment in location.segments(frame)]
        separator = self._delimiters.element
        texts = [
            fields[element] if element < len(fields) else ""
            for _, segment in location.segments(frame)
            for fields in [segment.split(separator)]
        ]
        if self._repetition:
            texts = [each for text in texts for each in text.split(self._repetition)]
        return [self._part(text) for text in texts] if self._component else texts

    def _part(self, text: str) -> str:
        parts = text.split(self._delimiters.component)
        return parts[self._component - 1] if self._component <= len(parts) else ""

    def count(self, frame: Frame) -> int:
        """How many segments, or loops, stand there."""
        child = self.location.child
        if child:
            return sum(each.count(child.index) for each in self.location.frames(frame))
        return len(self.location.segments(frame))

    def stands(self, frame: Frame) -> bool:
        """Whether anything stands there."""
        if self._element:
            return any(self.values(frame))
        indexes = self.location.indexes
        return any(index in each.have for each in self.location.frames(frame) for index in indexes)

    def earlier(self, frame: Frame) -> list[str]:
        """As `values`, from the instance of the same loop before this one."""
        same = frame.parent.children.get(frame.node.index, []) if frame.parent else []
        return [text for each in same[frame.ordinal - 2 : frame.ordinal - 1] for text in self.values(each)]


class Matching:
    """As `Several`, but only in the instances of the place's loop whose `key` has a value that is wanted."""

    def __init__(self, location: Location, where: Place, key: Place) -> None:
        self._frames = location.frames
        self._keys = Several(location.loop, key._replace(loop="")).values
        self._values = Several(location.loop, where._replace(loop="")).values

    def values(self, frame: Frame, wanted: list[str]) -> list[str]:
        """A list of what stands there."""
        right = set(wanted)
        return [
            text
            for each in self._frames(frame)
            if not right.isdisjoint(self._keys(each))
            for text in self._values(each)
        ]
