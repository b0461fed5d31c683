"""A segment that has no place where it stands: one finding, and a way to go on without a cascade.

Several things may have happened: the segment does not belong here at all, its qualifier is wrong, it stands too late, or the
segment that opens its loop is lost. Each is tried on the few segments that follow, and the one after which most of them
find their places is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from edi.validate.explain import explain
from edi.validate.frame import Frame, up
from edi.validate.nodes import LoopNode, Node, Step

if TYPE_CHECKING:
    from edi.validate.walk import Walk

_TRIED = 12  # ways looked at, likeliest first
_NOT_A_SEGMENT = frozenset(("", "SE", "GE", "GS", "ST", "IEA", "ISA"))


class Way(NamedTuple):
    """A place for the segment: leave `closes` loops, enter `opens` (outermost first), then `node`. `lost` is the first of the
    segments that should have opened a loop on the way and did not come."""

    node: Node
    closes: int
    opens: tuple[LoopNode, ...]
    lost: Node | None
    missing: int
    backward: bool

    @property
    def rank(self) -> int:
        """How far it is from what the guide says: the lower the likelier."""
        if not self.opens:
            return 0
        return self.missing + (3 if self.backward else 0)


_PASSING = 2  # the rank of passing the segment over


def recover(walk: Walk, segment: str, following: list[str]) -> Step | None:
    """Report a segment without a place; the step that takes it all the same, or None to go on with `following`.

    May move `walk.frame` and `walk.node`; the step is relative to them."""
    fields = segment.split(walk.machine.delimiters.element)
    if fields[0] not in walk.machine.segment_ids:
        _unknown(walk, segment, fields[0], following)
        return None
    if _wrong_qualifier(walk, segment, fields, following):
        return None
    ways = sorted(_ways(walk, fields), key=lambda way: (way.rank, way.closes))[:_TRIED]
    scored = [(_agreeing(way.node if way.opens else walk.node, following)[0], -way.rank) for way in ways]
    best = max(scored, default=(-1, 0))
    if best <= (_agreeing(walk.node, following)[0], -_PASSING):
        _passed_over(walk, segment, fields[0])
        return None
    return _take(walk, ways[scored.index(best)], segment)


def _take(walk: Walk, way: Way, segment: str) -> Step | None:
    name = way.node.use.segment.id
    if not way.opens:
        frame = up(walk.frame, way.closes)
        _report(
            walk,
            "X12-SEGMENT-ORDER",
            f"{_described(way.node)} stands too late.",
            name,
            loop=way.node.loop,
            text=segment,
        )
        found = frame.segments(way.node.index)
        frame.have[way.node.index] = [*found, (walk.position, segment)]
        frame.flag(way.node.index)
        return None
    for _ in range(way.closes):
        walk.frame.whole &= not way.backward
        walk.frame = walk.close(walk.frame, walk.position)
    if way.lost:
        lost = way.lost
        message = f"{_described(lost)}, which opens loop {lost.loop.loop.id}, is missing."
        _report(walk, "X12-SEGMENT-MISSING", message, lost.use.segment.id, loop=lost.loop)
    else:
        message = f"{_described(way.node)} stands too late."
        _report(walk, "X12-SEGMENT-ORDER", message, name, loop=way.node.loop, text=segment)
    if way.backward:
        walk.frame.whole = False
    opening = way.node is way.node.loop.trigger
    for loop in way.opens[:-1] if opening else way.opens:
        _enter(walk, loop)
    return Step(way.node, 0, way.opens[-1] if opening else None)


def _enter(walk: Walk, loop: LoopNode) -> None:
    """Open a loop without the segment that opens it."""
    walk.frame = walk.open(loop, walk.frame, walk.position, "")
    walk.frame.flag(0)
    if loop.trigger.use.segment.id == "HL":
        walk.hierarchy.assume(walk.frame)


def _ways(walk: Walk, fields: list[str]) -> Iterator[Way]:
    """Every place for the segment in the loops that are open and those below them."""
    frame: Frame | None = walk.frame
    closes, position = 0, walk.node.position
    while frame is not None:
        for loop in frame.node.below():
            opens = _path(frame.node, loop)
            for node in loop.children:
                if not isinstance(node, Node) or not fits(node, fields):
                    continue
                opening = node is loop.trigger
                if opens:
                    without = opens[:-1] if opening else opens
                    lost = without[0].trigger if without else None
                    yield Way(node, closes, opens, lost, len(without), opens[0].position < position)
                elif not opening and not _is_full(frame, node):
                    yield Way(node, closes, opens, None, 0, backward=True)
        position = frame.node.position
        frame, closes = frame.parent, closes + 1


def _is_full(frame: Frame, node: Node) -> bool:
    return 0 < node.use.repeat <= len(frame.segments(node.index))


def _path(top: LoopNode, loop: LoopNode) -> tuple[LoopNode, ...]:
    path: list[LoopNode] = []
    while loop is not top:
        path.insert(0, loop)
        assert loop.parent is not None
        loop = loop.parent
    return tuple(path)


Score = tuple[int, int]


def _agreeing(node: Node, following: list[str]) -> Score:
    """How many of the segments that follow find their places from `node`, and how many of these are right in themselves.
    All find theirs when the set ends before one does not."""
    right = 0
    for placed, segment in enumerate(following):
        step = node.step(segment)
        if step is None:
            name = segment.partition(node.delimiters.element)[0]
            return (len(following) if name in _NOT_A_SEGMENT else placed), right
        node = step.node
        right += bool(node.match(segment))
    return len(following), right


def _wrong_qualifier(walk: Walk, segment: str, fields: list[str], following: list[str]) -> bool:
    """The segment is expected here, but the element that tells its uses apart holds none of their codes."""
    name = fields[0]
    same = [node for node in walk.machine.nodes if node.use.segment.id == name]
    key = same[0].use.key
    value = fields[key] if key and key < len(fields) else ""
    expected = [step for step in walk.node.followers() if step.node.use.segment.id == name]
    if not key or not expected or any(value in node.use.keys for node in same):
        return False
    element = f"{name}{key:02}"
    if value:
        allowed = sorted({code for step in expected for code in step.node.use.keys})
        message = f"{element} holds a code that no {name} expected here has; expected {_listed(allowed)}."
        rule = "X12-ELEMENT-CODE"
    else:
        rule, message = "X12-ELEMENT-MISSING", f"{element} is empty; it tells which {name} this is."
    chosen = _likeliest(walk, [step for step in expected if not _came(walk, step)], fields, following)
    loop = chosen.node.loop if chosen else None
    if chosen is None:
        for node in expected:
            if not node.closes and not node.opens:
                walk.frame.flag(node.node.index)
    else:
        walk.move(chosen, segment)
        frame, index = walk.frame, chosen.node.index
        frame.have[index] = [*frame.segments(index), (walk.position, segment)]
        if name == "HL":
            walk.hierarchy.assume(frame)
    _report(walk, rule, message, name, element, loop=loop, text=segment)
    if chosen is not None:
        explain(chosen.node, segment, walk.position, walk.log, walk.frame, skip=element)
        walk.frame.flag(chosen.node.index)
    return True


def _came(walk: Walk, step: Step) -> bool:
    """Whether what a step takes has come as often as it may."""
    frame = up(walk.frame, step.closes)
    if step.opens is None:
        return _is_full(frame, step.node)
    return 0 < step.opens.loop.repeat <= frame.count(step.opens.index)


def _likeliest(walk: Walk, steps: list[Step], fields: list[str], following: list[str]) -> Step | None:
    """Which of several steps was meant; None when the segments that follow find their places without it."""
    best, chosen = (*_agreeing(walk.node, following), 0), None
    for step in steps:
        use = step.node.use
        righted = [*fields, *[""] * (use.key + 1 - len(fields))]
        righted[use.key] = use.keys[0]
        fits = bool(step.node.match(walk.machine.delimiters.element.join(righted)))
        found = (*_agreeing(step.node, following), int(fits))
        if found > best or (found[:2] == best[:2] and chosen is None and _is_due(walk, step)):
            best, chosen = found, step
    return chosen


def _is_due(walk: Walk, step: Step) -> bool:
    """Whether a step takes something that is required and has not come."""
    frame = up(walk.frame, step.closes)
    child = step.opens.index if step.opens else step.node.index
    return child in frame.node.required and child not in frame.have


def _unknown(walk: Walk, segment: str, name: str, following: list[str]) -> None:
    """An id that the guide does not have. When the next segment shows that a required one is lost here, this is that one."""
    plain = 2 <= len(name) <= 3 and name.isalnum() and name.isascii() and name.isupper()
    if segment:
        message = f"{name if plain else 'This'} is not a segment of this transaction."
        _report(walk, "X12-SEGMENT-UNKNOWN", message, name if plain else None, text=segment)
    else:
        message = "This is an empty segment: two segment terminators in a row."
        _report(walk, "X12-SEGMENT-EMPTY", message, None, text=walk.machine.delimiters.terminator)
        return
    due = [step for step in walk.node.followers() if _is_due(walk, step)]
    if not due or not following:
        return
    first = due[0]
    if _may_come(first.node, walk.node, following):
        return
    score = _agreeing(first.node, following)[0]
    if score and score >= _agreeing(walk.node, following)[0]:
        walk.move(first, "")
        walk.frame.have.setdefault(first.node.index, (walk.position, ""))
        walk.frame.flag(first.node.index)
        if first.node.use.segment.id == "HL":
            walk.hierarchy.assume(walk.frame)


def _may_come(wanted: Node, node: Node, following: list[str]) -> bool:
    """Whether `wanted` is among the segments that follow, or may come after those that find their places."""
    for count, segment in enumerate(following):
        step = node.step(segment)
        if step is None:
            return count > 0 and any(step.node is wanted for step in node.followers())
        node = step.node
        if node is wanted:
            return True
    return any(step.node is wanted for step in node.followers())


def _passed_over(walk: Walk, segment: str, name: str) -> None:
    message = f"{name} is not expected here; expected {_expected(walk)}."
    _report(walk, "X12-SEGMENT-UNEXPECTED", message, name, text=segment)
    for child in walk.frame.node.children:
        if isinstance(child, Node) and child.use.segment.id == name:
            walk.frame.flag(child.index)


def fits(node: Node, fields: list[str]) -> bool:
    use = node.use
    if use.segment.id != fields[0]:
        return False
    return not use.key or (use.key < len(fields) and fields[use.key] in use.keys)


def _expected(walk: Walk) -> str:
    """What may come next, up to the first that must."""
    names: list[str] = []
    for step in walk.node.followers():
        if _came(walk, step):
            continue
        name = _key_shown(step.node)
        if name not in names:
            names.append(name)
        if (step.opens.loop.usage if step.opens else step.node.use.usage) == "R":
            break
    return _listed(names[:6])


def _described(node: Node) -> str:
    return f"{_key_shown(node)} ({node.use.name})"


def _key_shown(node: Node) -> str:
    return node.use.address.replace(":", "*") if node.use.key == 1 else f"{node.use.segment.id}"


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)


def _report(
    walk: Walk,
    rule: str,
    message: str,
    segment: str | None,
    element: str | None = None,
    loop: LoopNode | None = None,
    text: str = "",
) -> None:
    walk.log.add(
        rule,
        message,
        position=walk.position,
        segment=segment,
        loop=(loop or walk.frame.node).loop.id,
        element=element,
        text=text,
    )
