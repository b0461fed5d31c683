"""The search for the reading with the fewest faults: Dijkstra's, over the states that readings pass through."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from edi.validate.machine import Machine
from edi.validate.nodes import Node
from edi.validate.reading import FAULT, SWITCH, Move, Readings, State

_QUIET = 12  # segments in order after which all is taken to be well again


class Trail(NamedTuple):
    """A move, the index of its segment, and the moves before."""

    at: int
    move: Move
    before: Trail | None


class Found(NamedTuple):
    """A reading: its cost, and its moves by the index of their segments."""

    cost: int
    moves: dict[int, Move]


class _Entry(NamedTuple):
    """A reading that has come to an index. `over` where it is complete, `otherwise` where its next segment is to be read otherwise than
    in order."""

    cost: int
    at: int
    state: State
    trail: Trail | None
    over: bool = False
    otherwise: bool = False


class Search:
    """For the best reading of segments, of which the first is at position `begin` in its set. Trouble arose at the index `trouble`; before
    it, all stands in order, but may be doubted. After it, order is followed as far as it goes. `effort` is how many states may be looked
    at, and then how many are left."""

    def __init__(self, machine: Machine, segments: list[str], begin: int, trouble: int, effort: int) -> None:
        self.effort = effort
        self._segments = segments
        self._readings = Readings(machine, segments, begin)
        self._end = len(segments)
        self._trouble = trouble
        self._heap: list[tuple[int, int, int, _Entry]] = []
        self._ticket = count()
        self._ahead: dict[tuple[Node, int], int] = {}
        self._after: dict[int, int] = {}
        self._below = 0

    def best(self, start: State, below: int) -> Found | None:
        """The cheapest reading from a state on that costs less than `below`. Where the effort is not enough to find it, what came
        furthest, and None where that is nowhere."""
        self._below = below
        self._push(_Entry(0, 0, start, None))
        seen: set[tuple[int, State]] = set()
        furthest: _Entry | None = None
        while self._heap and self.effort > 0:
            *_, entry = heappop(self._heap)
            cost, index, state, trail, over, otherwise = entry
            if over:
                return Found(cost, _moves(trail))
            if otherwise:
                self._otherwise(entry)
            elif (index, state) not in seen:
                seen.add((index, state))
                self.effort -= 1
                if furthest is None or index > furthest.at:
                    furthest = entry
                if index == self._end or (state.run is None and index >= self._settled(trail)):
                    self._push(entry._replace(cost=cost + state.without_run().outstanding(), over=True))
                else:
                    self._advance(entry)
        if not self._heap or furthest is None or furthest.at <= self._trouble:
            return None
        return Found(furthest.cost + FAULT, _moves(furthest.trail))

    def _settled(self, trail: Trail | None) -> int:
        """The index at which a reading is over if no more happens."""
        return min(self._end, max(self._trouble, trail.at if trail else 0) + _QUIET + 1)

    def _push(self, entry: _Entry, extra: int = 0) -> None:
        """Keep a reading to be gone on with: the cheapest first, of these the furthest."""
        if entry.over:
            least, far = entry.cost, self._end + 1
            self._below = min(self._below, least + 1)
        else:
            least, far = entry.cost + max(extra, self._least(entry)), entry.at
        if least < self._below:
            heappush(self._heap, (least, -far, next(self._ticket), entry))

    def _least(self, entry: _Entry) -> int:
        """What it costs at least to bring a reading to its end: a run leaves the order twice, where it begins and where it ends."""
        state, index = entry.state, entry.at
        settled = self._settled(entry.trail)
        leaps = self._leaps(state.node, index, settled)
        if state.run:
            leaps = max(min(leaps, self._leaps(state.run.node, index, settled) - 1), 0)
        return FAULT * max(bool(state.debts), (leaps + 1) // 2)

    def _leaps(self, node: Node, index: int, settled: int) -> int:
        """How often at least the order must be left from a use on."""
        stop = self._reach(node, index)
        return 0 if stop >= settled else 1 + self._leaps_after(stop)

    def _leaps_after(self, index: int) -> int:
        """How often after the segment at an index, whatever place it is given."""
        leaps = self._after.get(index)
        if leaps is None:
            stop = max(
                (self._reach(node, index + 1) for node in self._readings.nodes(index)), default=index + 1
            )
            over = stop >= min(self._end, max(index, self._trouble) + _QUIET + 1)
            leaps = self._after[index] = 0 if over else 1 + self._leaps_after(stop)
        return leaps

    def _reach(self, node: Node, index: int) -> int:
        """The index of the first segment that the order does not lead to from a use on."""
        passed: list[tuple[Node, int]] = []
        while index < self._end:
            found = self._ahead.get((node, index))
            if found is not None:
                index = found
                break
            passed.append((node, index))
            step = node.step(self._segments[index])
            if step is None:
                break
            node, index = step.node, index + 1
        self._ahead.update(dict.fromkeys(passed, index))
        return index

    def _advance(self, entry: _Entry) -> None:
        """Read the next segment in order, or as one more of a run."""
        cost, index, state, trail, *_ = entry
        if state.run:
            for more, after, move in self._readings.continued(state, state.run, index):
                self._push(_Entry(cost + more, index + 1, after, Trail(index, move, trail)))
        plain = state.without_run()
        smooth = False
        if found := self._readings.in_order(plain, index):
            more, after = found
            smooth = not more and after.debts == plain.debts
            self._push(_Entry(cost + more, index + 1, after, trail))
        if index <= self._trouble or not smooth:
            self._push(entry._replace(otherwise=True), SWITCH if state.run else FAULT)

    def _otherwise(self, entry: _Entry) -> None:
        cost, index, state, trail, *_ = entry
        for more, after, move in self._readings.out_of_order(state, index):
            if index >= self._trouble or self._helps(after, index):
                self._push(_Entry(cost + more, index + 1, after, Trail(index, move, trail)))
        if index >= self._trouble:
            for more, after, move in self._readings.without_order(state, index):
                self._push(_Entry(cost + more, index + 1, after, Trail(index, move, trail)))

    def _helps(self, state: State, index: int) -> bool:
        """Whether a run that begins before the trouble leads past it: the run itself, or what is in order after it."""
        assert state.run is not None
        end = self._reach(state.run.node, index + 1)
        return end > self._trouble or any(
            self._reach(state.node, after) > self._trouble for after in range(index + 1, end + 1)
        )


def _moves(trail: Trail | None) -> dict[int, Move]:
    moves: dict[int, Move] = {}
    while trail:
        moves[trail.at] = trail.move
        trail = trail.before
    return moves
