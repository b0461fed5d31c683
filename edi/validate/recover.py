"""Recovery: what a walk does where the guide's order does not say how to read on.

The walk goes back to where all was well, the cheapest reading of the segments around the trouble is looked for, and they are taken again by
that reading. First the segments before the trouble stand as they were taken, and only when this makes several findings are they doubted,
a few and then more. The effort is limited by the length of the file.
"""

from __future__ import annotations

import operator
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from edi.validate.frame import Frame
from edi.validate.mark import Mark
from edi.validate.nodes import LoopNode
from edi.validate.open_loops import open_loops
from edi.validate.placing import end_run, place
from edi.validate.reading import FAULT, Kind, Move, State
from edi.validate.search import Found, Search

if TYPE_CHECKING:
    from edi.validate.walk import Walk

AHEAD = 48
"""Segments that recovery may look at, from the one in trouble on."""

BEHIND = 48
"""Segments before it that may be doubted."""

_BACK = (0, 8, BEHIND)
_SPARE = 16  # segments more that are kept before those, and looked at in disorder all over
_MARKED = 512  # segments from one mark to the next
_GOOD = FAULT + 3  # the cost of a reading with one finding: none is looked for that is better
_NEVER = 1 << 30  # a cost that no reading has
_EFFORT = 600  # states looked at in one search
_EFFORT_AT_FIRST = 6_000  # and in all: so many, and with each segment in order since
_EFFORT_EACH = 12
_EFFORT_LEAST = 8  # and where that is used up, for what is in disorder all over


class _Choice(NamedTuple):
    """A reading, and the position after which it begins."""

    start: int
    found: Found


class Recovery:
    """Of one walk. `decided` is the position up to which it is known how to read, so that what is wrong there can be told."""

    def __init__(self, walk: Walk) -> None:
        self.decided = 0
        self.awaited: dict[LoopNode, set[int]] = {}  # children that came before their loop
        self._walk = walk
        self._mark: Mark | None = None
        self._newer: Mark | None = None
        self._past: list[str] = []  # segments since the mark
        self._last = "ST"  # the one before these
        self._moves: dict[int, Move] = {}  # by position, since the mark
        self._out_of_order: dict[
            tuple[LoopNode, int], set[int]
        ] = {}  # children, by loop and its instance's position
        self._costs: list[tuple[int, int]] = []  # of readings, by the position of their trouble
        self._effort = _EFFORT_AT_FIRST

    def remember(self) -> None:
        """Mark where the walk stands, when it has come far enough since the last mark."""
        walk = self._walk
        if self._mark is None:
            self._mark = self._newer = Mark(walk)
        elif walk.position >= (self._newer or self._mark).position + _MARKED:
            self._advance(self._newer or self._mark)
            self._newer = Mark(walk)

    def _advance(self, mark: Mark) -> None:
        assert self._mark is not None
        if mark.position > self._mark.position:
            self._last = self._past[mark.position - self._mark.position - 1]
        del self._past[: mark.position - self._mark.position]
        self._mark = mark
        self._moves = {at: move for at, move in self._moves.items() if at > mark.position}
        self._costs = [each for each in self._costs if each[0] > mark.position]
        self._out_of_order = _out_of_order(self._moves)

    def passed(self, segments: list[str]) -> None:
        """These have been taken in order."""
        self._past += segments

    @property
    def expects(self) -> bool:
        """Whether any loop that opens must be told to `opened`."""
        return bool(self.awaited or self._out_of_order)

    def opened(self, frame: Frame) -> None:
        """A loop has been opened: what of it came before, or comes later than it should, is not missing."""
        children = self.awaited.pop(frame.node, set()) | self._out_of_order.get(
            (frame.node, frame.position), set()
        )
        for child in children:
            frame.flag(child)

    def is_due(self, loop: LoopNode, position: int) -> bool:
        """Whether the opening segment of a loop that was entered at a position comes later, out of order."""
        return 0 in self._out_of_order.get((loop, position), ())

    def run_length(self, position: int) -> int:
        """How many segments are out of order from a position on; 0 where the one before is as well."""
        if self._is_in_run(position - 1):
            return 0
        length = 1
        while self._is_in_run(position + length):
            length += 1
        return length

    def _is_in_run(self, position: int) -> bool:
        move = self._moves.get(position)
        return move is not None and move.is_in_run

    def continues_empty(self, position: int) -> bool:
        """Whether the empty segment at a position stands after another one."""
        assert self._mark is not None
        index = position - 1 - self._mark.position
        return not (self._past[index - 1] if index else self._last)

    def go_back(self, position: int) -> None:
        """Go back to where the segment at a position had just been taken."""
        self._back_to(position, frozenset())

    def amend(self, position: int, ahead: list[str]) -> int:
        """Decide how to read the segment in trouble at a position, with which `ahead` begins, and those around it; and take them. How many
        of `ahead` have been taken."""
        self._effort = min(self._effort + _EFFORT_EACH * (position - self.decided - 1), _EFFORT_AT_FIRST)
        if ahead[0]:
            states = self._back_to(position - 1, frozenset(position - 1 - back for back in _BACK))
            self._commit(position, self._chosen(position, ahead, states))
        else:
            self.decided = position - 1 + sum(1 for _ in takewhile(operator.not_, ahead))
            self._moves |= dict.fromkeys(range(position, self.decided + 1), Move(Kind.UNKNOWN))
        taken = ahead[: self.decided - position + 1]
        self._past += taken
        self._back_to(self.decided, frozenset())
        return len(taken)

    def _chosen(self, position: int, ahead: list[str], states: dict[int, State]) -> _Choice | None:
        """The best reading that is found; the segments before the trouble are doubted only where it makes several findings."""
        assert self._mark is not None
        best: _Choice | None = None
        if self._effort < _EFFORT_LEAST:
            ahead = ahead[:_SPARE]
        for start in sorted(states, reverse=True):
            before = sum(cost for at, cost in self._costs if at > start)
            below = best.found.cost + before if best else _NEVER
            segments = self._past[start - self._mark.position :] + ahead
            effort = min(max(self._effort, _EFFORT_LEAST), _EFFORT)
            search = Search(self._walk.machine, segments, start + 1, position - start - 1, effort)
            found = search.best(states[start], below)
            self._effort -= effort - search.effort
            if found and found.cost < below:
                best = _Choice(start, found)
            if self._effort < _EFFORT_LEAST or (best and best.found.cost <= _GOOD):
                break
        return best

    def _commit(self, position: int, choice: _Choice | None) -> None:
        if choice is None:
            self._moves[position] = Move(Kind.UNEXPECTED)
            self.decided = position
        else:
            start, (cost, moves) = choice
            self._moves = {at: move for at, move in self._moves.items() if at <= start}
            self._moves |= {start + 1 + index: move for index, move in moves.items()}
            self._costs = [each for each in self._costs if each[0] <= start] + [(position, cost)]
            self.decided = max(position, start + 1 + max(moves, default=0))
        self._out_of_order = _out_of_order(self._moves)

    def _back_to(self, position: int, wanted: frozenset[int]) -> dict[int, State]:
        """Go back to the mark and take again all up to a position; how the walk stood after each of the positions wanted."""
        walk, mark = self._walk, self._mark
        assert mark is not None
        mark.restore(walk)
        self._newer = None
        self.decided = max(self.decided, position)
        frame: Frame | None = walk.frame
        while frame is not None:
            for child in self._out_of_order.get((frame.node, frame.position), ()):
                frame.flag(child)
            frame = frame.parent
        states: dict[int, State] = {}
        later: Mark | None = None
        doubted = position - (BEHIND if self._effort >= _EFFORT_LEAST else 0)
        enough = range(doubted - _SPARE, doubted + 1)
        for segment in self._past[: position - mark.position]:
            # As trouble comes upon trouble, no more is taken again each time than may be doubted.
            if later is None and mark.position < enough.start and walk.position in enough and not walk.run:
                later = Mark(walk)
            if walk.position in wanted and not walk.run:
                states[walk.position] = self._state()
            walk.position += 1
            place(walk, self._moves.get(walk.position), segment)
        self.decided, decided = max(self.decided, position + 1), self.decided
        end_run(walk, position + 1)
        self.decided = decided
        if later is not None:
            self._advance(later)
        if walk.position in wanted:
            states[walk.position] = self._state()
        return states

    def _state(self) -> State:
        walk = self._walk
        early = frozenset((loop, child) for loop, children in self.awaited.items() for child in children)
        return State(open_loops(walk.frame), walk.node, early=early)


def _out_of_order(moves: dict[int, Move]) -> dict[tuple[LoopNode, int], set[int]]:
    """The children that come out of order, by the loop and the position of its instance."""
    found: dict[tuple[LoopNode, int], set[int]] = {}
    for move in moves.values():
        if move.owed:
            loop, at, child = move.owed
            found.setdefault((loop, at), set()).add(child)
    return found
