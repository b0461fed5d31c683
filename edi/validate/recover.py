"""A segment that has no place where it stands: one finding, and a way to go on without a cascade.

In order: an id that the guide does not know at all is passed over; a wrong qualifier on a segment that is expected here is
taken as that segment; a segment that belongs earlier in an open loop is noted there; a segment that opens a loop elsewhere moves the
walk there, and what lies between is not said to be missing; anything else is passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from edi.validate.frame import Frame
from edi.validate.machine import LoopNode, Node, Step

if TYPE_CHECKING:
    from edi.validate.walk import Walk

_UNPRINTABLE = "?"


class Outcome(NamedTuple):
    """What an attempt made of the segment: the step that takes it, or None when it is dealt with already."""

    step: Step | None


def recover(walk: Walk, segment: str, following: str) -> Step | None:
    """Report a segment without a place; the step that takes it all the same, or None to go on with `following`.

    May move `walk.frame` and `walk.node`; the step is relative to them."""
    fields = segment.split(walk.machine.delimiters.element)
    name = fields[0]
    if name not in walk.machine.segment_ids:
        _report(walk, "X12-SEGMENT-UNKNOWN", f"{_shown(name)} is not a segment of this transaction.", name)
        return None
    outcome = (
        _wrong_qualifier(walk, fields, following)
        or _out_of_order(walk, segment, fields)
        or _elsewhere(walk, fields)
        or _passed_over(walk, fields)
    )
    return outcome.step


def _wrong_qualifier(walk: Walk, fields: list[str], following: str) -> Outcome | None:
    """The segment is expected here, but the element that tells its uses apart holds none of their codes."""
    name = fields[0]
    uses = [node for loop in walk.machine.root.below() for node in loop.children if isinstance(node, Node)]
    same = [node for node in uses if node.use.segment.id == name]
    key = next((node.use.key for node in same if node.use.key), 0)
    value = fields[key] if key and key < len(fields) else ""
    expected = [step for step in walk.node.followers() if step[0].use.segment.id == name]
    if not key or not expected or any(value in node.use.keys for node in same):
        return None
    allowed = sorted({code for node, _, _ in expected for code in node.use.keys})
    _report(
        walk,
        "X12-ELEMENT-CODE",
        f"{name}{key:02} holds a code that no {name} expected here has; expected {_listed(allowed)}.",
        name,
        f"{name}{key:02}",
    )
    fresh = [step for step in expected if step[2] is not None or step[0].index not in walk.frame.have]
    chosen = next((step for step in fresh if _leads_to(step[0], following)), None)
    chosen = chosen or next((step for step in fresh if step[0].use.usage == "R" or step[2]), None)
    if chosen:
        _take_silently(walk, *chosen)
    return Outcome(None)


def _leads_to(node: Node, following: str) -> bool:
    """Whether the next segment stands in the same loop after `node`."""
    fields = following.split(node.machine.delimiters.element)
    return any(not closes and opens is None and _fits(each, fields) for each, closes, opens in node.followers())


def _take_silently(walk: Walk, node: Node, closes: int, opens: LoopNode | None) -> None:
    """Take the segment as `node` without judging its elements again."""
    for _ in range(closes):
        walk.frame = walk.close(walk.frame)
    if opens is not None:
        walk.frame = walk.open(opens, walk.frame, walk.position)
    walk.frame.have.setdefault(node.index, (walk.position, ""))
    walk.node = node


def _out_of_order(walk: Walk, segment: str, fields: list[str]) -> Outcome | None:
    """The segment has a place earlier in a loop that is open."""
    frame: Frame | None = walk.frame
    while frame is not None:
        for child in frame.node.children:
            if isinstance(child, Node) and child is not frame.node.trigger and _fits(child, fields):
                _report(
                    walk,
                    "X12-SEGMENT-ORDER",
                    f"{_key_shown(child)} ({child.use.name}) stands too late in loop {frame.node.loop.id}.",
                    fields[0],
                    loop=frame.node.loop.id,
                )
                frame.have.setdefault(child.index, (walk.position, segment))
                return Outcome(None)
        frame = frame.parent
    return None


def _elsewhere(walk: Walk, fields: list[str]) -> Outcome | None:
    """The segment opens a loop below or beside an open one, but the way there is missing."""
    around: Frame | None = walk.frame
    closes = 0
    while around is not None:
        for loop in around.node.below():
            if loop is around.node or not _fits(loop.trigger, fields):
                continue
            _report(
                walk,
                "X12-SEGMENT-UNEXPECTED",
                f"{_key_shown(loop.trigger)} opens loop {loop.loop.id} ({loop.loop.name}), "
                f"which cannot begin here; expected {_expected(walk)}.",
                fields[0],
                loop=loop.loop.id,
            )
            _go_around(walk, closes)
            for between in _path(around.node, loop)[:-1]:
                walk.frame = walk.open(between, walk.frame, walk.position)
                walk.frame.whole = False
            return Outcome(Step(loop.trigger, 0, loop))
        around, closes = around.parent, closes + 1
    return None


def _go_around(walk: Walk, closes: int) -> None:
    """Close loops without saying what they lack: the segment that was refused explains it."""
    for _ in range(closes):
        walk.frame.whole = False
        walk.frame = walk.close(walk.frame)
    walk.frame.whole = False


def _path(top: LoopNode, loop: LoopNode) -> list[LoopNode]:
    path: list[LoopNode] = []
    each: LoopNode | None = loop
    while each is not None and each is not top:
        path.insert(0, each)
        each = each.parent
    return path


def _passed_over(walk: Walk, fields: list[str]) -> Outcome:
    message = f"{_shown(fields[0])} is not expected here; expected {_expected(walk)}."
    _report(walk, "X12-SEGMENT-UNEXPECTED", message, fields[0])
    return Outcome(None)


def _fits(node: Node, fields: list[str]) -> bool:
    use = node.use
    if use.segment.id != fields[0]:
        return False
    return not use.key or (use.key < len(fields) and fields[use.key] in use.keys)


def _expected(walk: Walk) -> str:
    """What may come next, up to the first that must."""
    names: list[str] = []
    for node, _, opens in walk.node.followers():
        if opens is None and node.index in walk.frame.have:
            continue
        if _key_shown(node) not in names:
            names.append(_key_shown(node))
        if (opens.loop.usage if opens else node.use.usage) == "R":
            break
    return _listed(names[:6])


def _key_shown(node: Node) -> str:
    return node.use.address.replace(":", "*")


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)


def _shown(name: str) -> str:
    """A segment id as a message may show it: short and plain, for what stands there may be anything."""
    return name if len(name) <= 3 and name.isalnum() and name.isascii() else _UNPRINTABLE


def _report(
    walk: Walk, rule: str, message: str, segment: str, element: str | None = None, loop: str | None = None
) -> None:
    walk.log.add(
        rule,
        message,
        position=walk.position,
        segment=_shown(segment),
        loop=loop or walk.frame.node.loop.id,
        element=element,
    )
