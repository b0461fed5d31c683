"""The same claim twice in a file: told by what the guide says makes two of them the same."""

from __future__ import annotations

from collections.abc import Callable

from edi.guide.condition import place
from edi.validate.frame import Frame
from edi.validate.nodes import LoopNode
from edi.validate.reader import FrameReader

Identity = Callable[[Frame], int]


class Identities(dict[LoopNode, Identity]):
    """For each unit loop a function of its instances: a number that two instances share when all that stands in `places` is
    alike. Made when it is first needed. Raises KeyError when a place is none of the guide."""

    def __init__(self, places: tuple[str, ...]) -> None:
        self._places = places

    def __missing__(self, loop: LoopNode) -> Identity:
        reader = FrameReader(loop)
        values = [reader.values(place(each)) for each in self._places]

        def identity(frame: Frame) -> int:
            return hash(tuple([tuple(each(frame)) for each in values]))

        self[loop] = identity
        return identity
