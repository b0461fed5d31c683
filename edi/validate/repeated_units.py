"""The same claim twice in a file: told by the segments that the guide says make two of them the same."""

from __future__ import annotations

from collections.abc import Callable

from edi.guide.condition import place
from edi.validate.frame import Frame
from edi.validate.location import Location, Route
from edi.validate.nodes import LoopNode

Identity = Callable[[Frame], int]


class Identities(dict[LoopNode, Identity]):
    """For each unit loop a function of its instances: a number that two instances share when all that stands in `places` is
    alike. Made when it is first needed. Raises KeyError when a place is none of the guide."""

    def __init__(self, places: tuple[str, ...]) -> None:
        self._places = places

    def __missing__(self, loop: LoopNode) -> Identity:
        by_loop: dict[LoopNode, tuple[Route, list[int]]] = {}
        for each in self._places:
            location = Location(loop, place(each))
            if location.route.is_kept:
                by_loop.setdefault(location.loop, (location.route, []))[1].extend(location.indexes)

        def identity(frame: Frame) -> int:
            texts: list[object] = []
            for route, indexes in by_loop.values():
                for instance in route.frames(frame):
                    have = instance.have
                    for index in indexes:
                        found = have.get(index)
                        if found.__class__ is tuple:
                            texts.append(found[1])
                        elif found is not None:
                            texts.extend([text for _, text in instance.segments(index)])
            return hash(tuple(texts))

        self[loop] = identity
        return identity


class UnitsSeen:
    """The claims of a file so far, a number for each. Those of a walk that goes back are forgotten."""

    def __init__(self) -> None:
        self._numbers: set[int] = set()
        self._fresh: list[int] = []  # those that a walk may still take back

    def stands_again(self, number: int) -> bool:
        """Whether a claim came before, and take it in."""
        if number in self._numbers:
            return True
        self._numbers.add(number)
        self._fresh.append(number)
        return False

    def mark(self) -> int:
        """Where to go back to."""
        return len(self._fresh)

    def go_back(self, mark: int) -> None:
        """Forget the claims since."""
        self._numbers.difference_update(self._fresh[mark:])
        del self._fresh[mark:]

    def settle(self) -> None:
        """No walk goes back to before this."""
        self._fresh.clear()
