"""Segments taken by the moves of a reading, with the findings that these make."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from edi.validate.explain import explain
from edi.validate.frame import Frame, up
from edi.validate.nodes import LoopNode, Node, Step
from edi.validate.reading import Kind, Move

if TYPE_CHECKING:
    from edi.validate.walk import Walk


class OpenRun(NamedTuple):
    """A run of segments out of order in the loop instance `base`; the walk goes on from `frame` and `node` after it. `unit` is the segment
    that opened the claim around."""

    base: Frame
    frame: Frame
    node: Node
    unit: str


def place(walk: Walk, move: Move | None, segment: str) -> None:
    """Take the segment at the walk's position: by a move, or (None) in order."""
    if move is None or not move.is_in_run or (move.first and walk.run):
        end_run(walk, walk.position)
    if move is None:
        step = walk.node.step(segment)
        assert step is not None
        walk.take(step, segment)
        walk.noted(segment, step.node)
    else:
        _TAKERS[move.kind](walk, move, segment)
        walk.noted(segment, move.node)


def end_run(walk: Walk, position: int) -> None:
    """Go on where the run began, at the position of the first segment after it."""
    run = walk.run
    if run is None:
        return
    while walk.frame is not run.base:
        _close(walk, position)
    walk.frame, walk.node, walk.log.where.unit = run.frame, run.node, run.unit
    walk.run = None


def _out_of_order(walk: Walk, move: Move, segment: str) -> None:
    node = move.node
    assert node is not None
    if move.first:
        base = up(walk.frame, move.depth)
        walk.run = OpenRun(base, walk.frame, walk.node, walk.log.where.unit)
        walk.frame = base
        child = move.opens[0].index if move.opens else node.index
        if not base.is_full(child):
            _tell_order(walk, move, segment)
    for _ in range(move.closes):
        _close(walk, walk.position)
    walk.take(Step(node, 0, move.opens[0] if move.opens else None), segment)


def _close(walk: Walk, position: int) -> None:
    """Leave a loop opened out of order. One that lacks something is not judged: the rest of it may be elsewhere."""
    frame = walk.frame
    frame.whole = not any(
        index not in frame.have and not frame.is_flagged(index, 0) for index in frame.node.required
    )
    walk.frame = walk.close(frame, position)


def _astray(walk: Walk, move: Move, segment: str) -> None:
    node = move.node
    assert node is not None
    if move.first:
        _tell_order(walk, move, segment)
    if move.early:
        loop, child = move.early
        walk.recovery.awaited.setdefault(loop, set()).add(child)
    walk.units += node.loop.loop.unit and node is node.loop.trigger
    if node.use.segment.id == "HL":
        walk.hierarchy.pass_over()
    if not node.match(segment):
        explain(node, segment, walk.position, walk.log)


def _tell_order(walk: Walk, move: Move, segment: str) -> None:
    length = walk.recovery.run_length(walk.position)
    if not length:
        return
    assert move.node is not None
    name, more = described(move.node), length - 1
    if more:
        name += f" and the {'segment' if more == 1 else f'{more} segments'} after it"
    message = f"{name} {'stand' if more else 'stands'} too {'late' if move.late else 'early'}."
    _report(walk, "X12-SEGMENT-ORDER", message, move.node.use.segment.id, loop=move.node.loop, text=segment)


def _headless(walk: Walk, move: Move, segment: str) -> None:
    node = move.node
    assert node is not None
    for _ in range(move.closes):
        walk.frame = walk.close(walk.frame, walk.position)
    opening = node is node.loop.trigger
    for loop in move.opens[:-1] if opening else move.opens:
        _enter(walk, loop)
    walk.take(Step(node, 0, move.opens[-1] if opening else None), segment)


def _enter(walk: Walk, loop: LoopNode) -> None:
    """Open a loop whose opening segment is lost, or comes later."""
    walk.frame = walk.open(loop, walk.frame, walk.position, "")
    if loop.trigger.use.segment.id == "HL":
        walk.hierarchy.assume(walk.frame)
    if walk.frame.is_flagged(0, 0):
        return
    walk.frame.flag(0)
    lost = loop.trigger
    message = f"{described(lost)}, which opens loop {loop.loop.id}, is missing."
    _report(walk, "X12-SEGMENT-MISSING", message, lost.use.segment.id, loop=loop)


def _unknown(walk: Walk, _move: Move, segment: str) -> None:
    if not segment:
        if walk.recovery.continues_empty(walk.position):
            return
        message = "This is an empty segment: two segment terminators in a row."
        _report(walk, "X12-SEGMENT-EMPTY", message, None, text=walk.machine.delimiters.terminator)
        return
    name = segment.partition(walk.separator)[0]
    plain = 2 <= len(name) <= 3 and name.isalnum() and name.isascii() and name.isupper()
    message = f"{name if plain else 'This'} is not a segment of this transaction."
    _report(walk, "X12-SEGMENT-UNKNOWN", message, name if plain else None, text=segment)


def _misnamed(walk: Walk, move: Move, segment: str) -> None:
    _unknown(walk, move, segment)
    _stand_in(walk, move, "")


def _stand_in(walk: Walk, move: Move, segment: str) -> None:
    """Go on as after the segment that was meant."""
    node = move.node
    assert node is not None
    walk.move(Step(node, move.closes, move.opens[0] if move.opens else None), segment)
    frame, index = walk.frame, node.index
    frame.have[index] = [*frame.segments(index), (walk.position, segment)]
    frame.flag(index)
    if node.use.segment.id == "HL":
        walk.hierarchy.assume(frame)


def _miscoded(walk: Walk, move: Move, segment: str) -> None:
    name, *fields = segment.split(walk.separator)
    expected = [step.node for step in walk.node.followers() if step.node.use.segment.id == name]
    key = expected[0].use.key
    value = fields[key - 1] if key <= len(fields) else ""
    element = f"{name}{key:02}"
    if value:
        allowed = sorted({code for node in expected for code in node.use.keys})
        message = f"{element} holds a code that no {name} expected here has; expected {_listed(allowed)}."
        rule = "X12-ELEMENT-CODE"
    else:
        rule, message = "X12-ELEMENT-MISSING", f"{element} is empty; it tells which {name} this is."
    node = move.node
    loop = node.loop if node else None
    if node:
        _stand_in(walk, move, segment)
    else:
        _flag_alike(walk, name)
    _report(walk, rule, message, name, element, loop=loop, text=segment)
    if node:
        explain(node, segment, walk.position, walk.log, walk.frame, skip=element)


def _unexpected(walk: Walk, _move: Move, segment: str) -> None:
    name = segment.partition(walk.separator)[0]
    message = f"{name} is not expected here; expected {_expected(walk)}."
    _report(walk, "X12-SEGMENT-UNEXPECTED", message, name, text=segment)
    walk.units += name in walk.machine.unit_ids
    _flag_alike(walk, name)


def _flag_alike(walk: Walk, name: str) -> None:
    """Let nothing be said to be missing from this loop that the segment may have been."""
    for child in walk.frame.node.children:
        if isinstance(child, Node) and child.use.segment.id == name:
            walk.frame.flag(child.index)


_TAKERS = {
    Kind.OUT_OF_ORDER: _out_of_order,
    Kind.ASTRAY: _astray,
    Kind.HEADLESS: _headless,
    Kind.UNKNOWN: _unknown,
    Kind.MISNAMED: _misnamed,
    Kind.MISCODED: _miscoded,
    Kind.UNEXPECTED: _unexpected,
}


def _expected(walk: Walk) -> str:
    """What may come next, up to the first that must."""
    names: list[str] = []
    for step in walk.node.followers():
        frame = up(walk.frame, step.closes)
        if frame.is_full(step.opens.index if step.opens else step.node.index):
            continue
        name = _key_shown(step.node)
        if name not in names:
            names.append(name)
        if (step.opens.loop.usage if step.opens else step.node.use.usage) == "R":
            break
    return _listed(names[:6])


def described(node: Node) -> str:
    """ "REF*G1 (Prior authorization)"."""
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
