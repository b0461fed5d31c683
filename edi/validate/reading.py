"""Readings of segments that do not stand as the guide has them, and what they cost.

A reading gives every segment a place. Most follow from the one before by the guide's order, which costs nothing. The others are moves:
a segment, or a run of them, stands too late or too early; the segment that opens a loop is lost; a segment is unknown, misnamed or
has a wrong qualifier. Each costs about as much as the findings that it makes, and so does what is missing in the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from edi.validate.explain import faults
from edi.validate.machine import Machine
from edi.validate.nodes import LoopNode, Node, Step
from edi.validate.open_loops import Debt, OpenLoop, up

FAULT = 100
"""What a finding costs."""

SWITCH = 90
"""What it costs to go on from one run of segments out of order to another right after it."""

_UNEXPECTED = FAULT + 60  # a segment of this transaction that is given no place: almost any place is better
_AGAIN = 5  # to be in a place that is taken already: a free one is likelier
_WHOLE = 60  # to be a whole level or claim out of order, which are seldom moved
_END = "SE"  # ends the set, wherever it stands
_LOST_AT_MOST = 3  # opening segments, one within the other, that may be lost at once


class Kind(Enum):
    """How a segment got its place."""

    HEADLESS = 1  # in a loop whose opening segment is lost
    OUT_OF_ORDER = 2  # in a loop that is open, in another place than the guide has it
    ASTRAY = 3  # for a loop that is not open
    UNKNOWN = 4  # none: the transaction does not have it
    UNEXPECTED = 5  # none
    MISNAMED = 6  # of a required segment that would be missing otherwise
    MISCODED = 7  # by the segment's id alone: its qualifier is wrong


class Move(NamedTuple):
    """What is done with a segment that does not follow in order. `closes` and `opens` are loops to be left and entered, within the run
    where it is in one. Of a run, `first` is true for its first segment, `depth` tells how far out the loop is that it is for, and `late`
    tells late from early. `owed` is what comes so: the loop, where its instance began, and the child. `early` is the loop that is to open,
    and the child, that came before it."""

    kind: Kind
    node: Node | None = None
    closes: int = 0
    opens: tuple[LoopNode, ...] = ()
    first: bool = False
    depth: int = 0
    late: bool = True
    owed: Debt | None = None
    early: tuple[LoopNode, int] | None = None

    @property
    def is_in_run(self) -> bool:
        return self.kind in (Kind.OUT_OF_ORDER, Kind.ASTRAY)


class Run(NamedTuple):
    """Segments out of order, as far as they have come. They lie in the loop `depth` levels out, or (None) in one that is not
    open, and in loops opened in it since; `node` is the last of them."""

    depth: int | None
    late: bool
    inner: OpenLoop | None
    node: Node

    @property
    def is_at_base(self) -> bool:
        """Whether no loop is open within the one that the run is for."""
        return self.inner is None or (self.depth is None and self.inner.around is None)


class State(NamedTuple):
    """Where a reading stands: the innermost open loop and the last segment in order, the run at hand, what is missing from loops that are
    over, and what came too early for loops that are to open."""

    loops: OpenLoop
    node: Node
    run: Run | None = None
    debts: frozenset[Debt] = frozenset()
    early: frozenset[tuple[LoopNode, int]] = frozenset()

    def without_run(self) -> State:
        """The same after the run at hand."""
        return State(self.loops, self.node, None, self.debts, self.early) if self.run else self

    def outstanding(self) -> int:
        """What it costs besides, were this the end."""
        count = len(self.debts) + len(self.early)
        position = self.node.position
        for level in self.loops.levels():
            count += sum(1 for _ in level.missing(position))
            position = level.loop.position
        return count * FAULT


class Text(NamedTuple):
    """A segment to be read: its elements, the uses that its key selects anywhere in the guide, and those of its id."""

    fields: list[str]
    nodes: list[Node]
    same_id: list[Node]


Option = tuple[int, State, Move]
"""A cost, the state after it, and the move."""


class Readings:
    """What may be done with each of some segments; the first is at position `begin` in its set."""

    def __init__(self, machine: Machine, segments: list[str], begin: int) -> None:
        self._uses = _uses_by_id(machine)
        self._separator = machine.delimiters.element
        self._segments = segments
        self._begin = begin
        self._texts: dict[int, Text] = {}
        self._costs: dict[tuple[int, Node], int] = {}
        self._lasts: dict[Node, int] = {}

    def in_order(self, state: State, index: int) -> tuple[int, State] | None:
        """The segment at an index in its place by the guide's order."""
        step = state.node.step(self._segments[index])
        if step is None:
            return None
        cost, after = self._stepped(state, step, index)
        return cost + self._element_cost(step.node, index), after

    def continued(self, state: State, run: Run, index: int) -> Iterator[Option]:
        """The segment as one more of the run at hand."""
        step = run.node.step(self._segments[index])
        depth = sum(1 for _ in run.inner.levels()) if run.inner else 0
        if step is None or step.closes > depth - (run.depth is None) or step.node.use.segment.id == _END:
            return
        inner = run.inner
        for _ in range(step.closes):
            assert inner is not None
            inner = inner.around  # what it lacks may be elsewhere: it is not missing
        so_far = Run(run.depth, run.late, inner, run.node)
        cost, after, move = self._joined(state, so_far, step.node, step.opens, index)
        yield cost, after, move._replace(closes=step.closes)

    def out_of_order(self, state: State, index: int) -> Iterator[Option]:
        """The segment as the first of a run."""
        price = SWITCH if state.run else FAULT
        plain = state.without_run()
        levels = list(plain.loops.levels())
        depths = {level.loop: depth for depth, level in enumerate(levels)}
        for node in self._text(index).nodes:
            for base, opens in _bases(node) if node.use.segment.id != _END else ():
                for run in self._runs(plain, levels, depths, node, base, opens, index):
                    cost, after, move = self._joined(plain, run, node, opens, index)
                    yield cost + price, after, move._replace(first=True)

    def _runs(
        self,
        state: State,
        levels: list[OpenLoop],
        depths: dict[LoopNode, int],
        node: Node,
        base: LoopNode,
        opens: LoopNode | None,
        index: int,
    ) -> Iterator[Run]:
        """In which ways a segment may begin a run for a loop: where that is open; where it is over; where it is to open later."""
        depth = depths.get(base)
        came = depth is not None
        if depth is not None:
            position = opens.position if opens else node.position
            here = levels[depth - 1].loop.position if depth else state.node.position
            yield Run(depth, position < here, None, node)
        elif base.parent in depths:
            came = levels[depths[base.parent]].count(base.index) > 0
        inner = OpenLoop(base, self._begin + index, 0, None)
        if depth is None and (came or any(debt[0] is base for debt in state.debts)):
            yield Run(None, True, inner, node)
        if (base.loop.repeat != 1 or not came) and self._last_of(base.trigger) > index:
            yield Run(None, False, inner, node)

    def without_order(self, state: State, index: int) -> Iterator[Option]:
        """The segment without one that should stand before it, or by its id alone, or without a place."""
        text, plain = self._text(index), state.without_run()
        if text.fields[0] == _END:
            return
        if not text.same_id:
            yield FAULT, plain, Move(Kind.UNKNOWN)
            yield from self._misnamed(plain, index)
            return
        yield _UNEXPECTED, plain, Move(Kind.UNEXPECTED)
        if text.nodes:
            yield from self._headless(plain, text, index)
        else:
            yield from self._miscoded(plain, text, index)

    def _joined(self, state: State, run: Run, node: Node, opens: LoopNode | None, index: int) -> Option:
        """A segment as part of a run."""
        child = opens.index if opens else node.index
        cost = self._element_cost(node, index)
        loops, debts, early, inner = state.loops, state.debts, state.early, run.inner
        kind = Kind.ASTRAY if run.depth is None else Kind.OUT_OF_ORDER
        move = Move(kind, node, 0, (opens,) if opens else (), False, run.depth or 0, run.late)
        if node.use.segment.id == "HL" or (opens and opens.loop.unit):
            cost += _WHOLE
        if not run.is_at_base:
            assert inner is not None
            cost += FAULT * inner.overflows(child)
            inner = inner.adding(child)
        elif run.depth is not None:
            base = up(loops, run.depth)
            cost += 1 + FAULT * (base.overflows(child) and state.run is not None)
            cost += _AGAIN * base.is_full(child)
            loops = loops.replaced(run.depth, base.adding(child))
            move = move._replace(owed=(base.loop, base.at, child))
        else:
            assert inner is not None
            cost += 2
            if not run.late:
                early = early | {(inner.loop, child)}
                move = move._replace(early=(inner.loop, child))
            elif owed := [debt for debt in debts if (debt[0], debt[2]) == (inner.loop, child)]:
                latest = max(owed, key=_instance)
                debts = debts - {latest}
                move = move._replace(owed=latest)
        if opens:
            inner = OpenLoop(opens, self._begin + index, 1, inner)
        return cost, State(loops, state.node, Run(run.depth, run.late, inner, node), debts, early), move

    def _stepped(self, state: State, step: Step, index: int) -> tuple[int, State]:
        """The state after a step in order."""
        loops, debts = state.loops, state.debts
        for _ in range(step.closes):
            debts = debts.union(loops.missing())
            assert loops.around is not None
            loops = loops.around
        child = step.opens.index if step.opens else step.node.index
        cost = FAULT * loops.overflows(child)
        loops = loops.adding(child)
        early = state.early
        if step.opens:
            loops, early = self._entered(loops, step.opens, 1, early, index)
        return cost, State(loops, step.node, None, debts, early)

    def _entered(
        self,
        around: OpenLoop,
        loop: LoopNode,
        counts: int,
        early: frozenset[tuple[LoopNode, int]],
        index: int,
    ) -> tuple[OpenLoop, frozenset[tuple[LoopNode, int]]]:
        """A loop opened, with what came for it before."""
        made = OpenLoop(loop, self._begin + index, counts, around)
        if not early:
            return made, early
        mine = {each for each in early if each[0] is loop}
        for _, child in mine:
            made = made.adding(child)
        return made, early - mine

    def _headless(self, state: State, text: Text, index: int) -> Iterator[Option]:
        """In order, but for opening segments that are lost."""
        levels = list(state.loops.levels())
        depths = {level.loop: depth for depth, level in enumerate(levels)}
        for node in text.nodes:
            opening = node is node.loop.trigger
            for opens in _ways_in(node.loop, _LOST_AT_MOST + opening):
                around, lost = opens[0].parent, len(opens) - opening
                if around not in depths or not lost:
                    continue
                depth = depths[around]
                if opens[0].position < (levels[depth - 1].loop.position if depth else state.node.position):
                    break
                cost, after = self._stepped_into(state, Step(node, depth, None), opens, index)
                cost += lost * (FAULT + 1) + self._element_cost(node, index)
                yield cost, after, Move(Kind.HEADLESS, node, depth, opens)
                break

    def _stepped_into(
        self, state: State, step: Step, opens: tuple[LoopNode, ...], index: int
    ) -> tuple[int, State]:
        """As `_stepped`, through loops of which at most the last is opened by the segment."""
        loops, debts, early, cost = state.loops, state.debts, state.early, 0
        for _ in range(step.closes):
            debts = debts.union(loops.missing())
            assert loops.around is not None
            loops = loops.around
        for loop in opens:
            cost += FAULT * loops.overflows(loop.index)
            loops, early = self._entered(loops.adding(loop.index), loop, 0, early, index)
        return cost, State(loops.adding(step.node.index), step.node, None, debts, early)

    def _misnamed(self, state: State, index: int) -> Iterator[Option]:
        """As the required segment that would come next."""
        levels = list(state.loops.levels())
        for step in state.node.followers():
            level = levels[step.closes]
            child = step.opens.index if step.opens else step.node.index
            if child in level.loop.required and not level.count(child):
                cost, after = self._stepped(state, step, index)
                opens = (step.opens,) if step.opens else ()
                yield cost + FAULT + 1, after, Move(Kind.MISNAMED, step.node, step.closes, opens)
                return

    def _miscoded(self, state: State, text: Text, index: int) -> Iterator[Option]:
        """As one of the same id that may come next; or as none of them."""
        expected = [step for step in state.node.followers() if step.node in text.same_id]
        if not expected:
            return
        yield FAULT + 10, state, Move(Kind.MISCODED)
        for step in expected:
            cost, after = self._stepped(state, step, index)
            opens = (step.opens,) if step.opens else ()
            cost += self._element_cost(step.node, index)
            yield cost, after, Move(Kind.MISCODED, step.node, step.closes, opens)

    def _text(self, index: int) -> Text:
        if index not in self._texts:
            fields = self._segments[index].split(self._separator)
            same = self._uses.get(fields[0], [])
            self._texts[index] = Text(fields, [node for node in same if fits(node, fields)], same)
        return self._texts[index]

    def _last_of(self, trigger: Node) -> int:
        """The index of the last segment that may select a use; -1 for none."""
        if trigger not in self._lasts:
            found = (at for at in reversed(range(len(self._segments))) if trigger in self._text(at).nodes)
            self._lasts[trigger] = next(found, -1)
        return self._lasts[trigger]

    def nodes(self, index: int) -> list[Node]:
        """The uses that a segment's key selects."""
        return self._text(index).nodes

    def _element_cost(self, node: Node, index: int) -> int:
        key = index, node
        cost = self._costs.get(key)
        if cost is None:
            segment = self._segments[index]
            cost = 0 if node.match(segment) else FAULT * sum(1 for _ in faults(node, segment))
            self._costs[key] = cost
        return cost


def fits(node: Node, fields: list[str]) -> bool:
    """Whether a segment selects a use by its id and key."""
    use = node.use
    if use.segment.id != fields[0]:
        return False
    return not use.key or (use.key < len(fields) and fields[use.key] in use.keys)


@lru_cache(maxsize=8)
def _uses_by_id(machine: Machine) -> dict[str, list[Node]]:
    uses: dict[str, list[Node]] = defaultdict(list)
    for node in machine.nodes:
        uses[node.use.segment.id].append(node)
    return uses


def _ways_in(loop: LoopNode, most: int) -> Iterator[tuple[LoopNode, ...]]:
    """The loop, the loop with the one around it, and so on: up to so many, and not the outermost."""
    way: tuple[LoopNode, ...] = ()
    while loop.parent is not None and len(way) < most:
        way = (loop, *way)
        yield way
        loop = loop.parent


def _bases(node: Node) -> Iterator[tuple[LoopNode, LoopNode | None]]:
    """The loops that a segment out of order may be for, each with the loop that it opens in it."""
    if node is not node.loop.trigger:
        yield node.loop, None
    elif node.loop.parent is not None:
        yield node.loop.parent, node.loop
        yield node.loop, None  # it may come after what it should have opened, or twice


def _instance(debt: Debt) -> int:
    return debt[1]


def has_rival(machine: Machine, node: Node, segment: str) -> bool:
    """Whether another use of the guide takes a segment as it is."""
    fields = segment.split(node.delimiters.element)
    rivals = _uses_by_id(machine).get(fields[0], [])
    return any(each is not node and fits(each, fields) and each.match(segment) for each in rivals)
