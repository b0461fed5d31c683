"""A walk as it stood at one place, to go back to when trouble shows that something before was taken wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from edi.validate.frame import Frame

if TYPE_CHECKING:
    from edi.validate.walk import Walk


class _Kept(NamedTuple):
    """What changes of an open loop instance. Of lists that only grow, their lengths."""

    frame: Frame
    have: dict[int, Any]
    repeated: list[tuple[list[Any], int]]
    children: dict[int, tuple[list[Frame], int]]
    flags: dict[int, set[int]]
    judged: frozenset[int]
    hl: tuple[str, str, str] | None
    whole: bool


class Mark:
    """Remembers the open loop instances, the counts, and which findings there were. `position` is that of the last segment taken."""

    def __init__(self, walk: Walk) -> None:
        self.position = walk.position
        self._node = walk.node
        self._units = walk.units
        self._levels = walk.hierarchy.counts
        self._findings = walk.log.mark()
        self._progress = walk.progress()
        self._awaited = {loop: set(children) for loop, children in walk.recovery.awaited.items()}
        self._kept: list[_Kept] = []
        frame: Frame | None = walk.frame
        while frame is not None:
            self._kept.append(_keep(frame))
            frame = frame.parent

    def restore(self, walk: Walk) -> None:
        """Make the walk what it was. What was remembered later is worth nothing any more."""
        walk.position = self.position
        walk.node = self._node
        walk.frame = self._kept[0].frame
        walk.units = self._units
        walk.hierarchy.counts = self._levels
        walk.log.go_back(self._findings)
        walk.go_back(self._progress)
        walk.recovery.awaited = {loop: set(children) for loop, children in self._awaited.items()}
        walk.run = None
        walk.done = False
        for kept in self._kept:
            _restore(kept)


def _keep(frame: Frame) -> _Kept:
    return _Kept(
        frame,
        dict(frame.have),
        [(found, len(found)) for found in frame.have.values() if isinstance(found, list)],
        {index: (found, len(found)) for index, found in frame.children.items()},
        {child: set(elements) for child, elements in frame.flags.items()},
        frozenset(frame.judged or ()),
        frame.hl,
        frame.whole,
    )


def _restore(kept: _Kept) -> None:
    frame = kept.frame
    frame.have = dict(kept.have)
    for found, length in kept.repeated:
        del found[length:]
    frame.children = {index: found for index, (found, _) in kept.children.items()}
    for children, length in kept.children.values():
        del children[length:]
    frame.flags = {child: set(elements) for child, elements in kept.flags.items()}
    frame.judged = set(kept.judged) or None
    frame.hl, frame.whole, frame.end = kept.hl, kept.whole, 0
    frame.cells = {}
