"""Checks written out as a Python function and compiled: of a loop instance, the numbers of the checks that may find something in it.

Most situations hang on a segment or an element that most instances do not have, so they stand together below one look at that:

    def look(frame):
        have, found = frame.have, []
        e1 = frame.cells.get(1) or frame.elements(1)
        if 4 in have:
            e4 = frame.cells.get(4) or frame.elements(4)
            if e1[5] == 'R' and not (e4[3]): found.append(7)
        return found
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from edi.guide.condition import Condition, Has, Situation, place
from edi.validate.expressions import NOTHING, Expressions, Needed, Things
from edi.validate.frame import Frame
from edi.validate.location import Location, uses
from edi.validate.nodes import LoopNode

Look = Callable[[Frame], list[int]]
_INDENT = "    "


class Gate(NamedTuple):
    """An expression that is true where anything can be wrong, "" where that cannot be told, and the names that it needs."""

    text: str = ""
    needed: tuple[tuple[str, str], ...] = ()


class Written(NamedTuple):
    """A statement behind its gate: what it `does` where the tests are true, of which there may be none, one or two. Each test comes with
    the names that it needs."""

    gate: Gate
    does: str
    first: str = ""
    first_needs: Needed = NOTHING
    second: str = ""
    second_needs: Needed = NOTHING


def compiled(statements: Iterable[Written], things: Things) -> Look:
    """The function that runs statements on an instance. What only those behind a gate need is read behind it, and what only one second
    test needs in front of that."""
    gates: dict[Gate, list[Written]] = {Gate(): []}
    for each in statements:
        gates.setdefault(each.gate, []).append(each)
    free = gates.pop(Gate())
    before = _at_head(free) | _merged(dict(gate.needed) for gate in gates)
    lines = ["have, found = frame.have, []", *_reading(before), *_lines(free, before)]
    for gate, behind in gates.items():
        needed = _at_head(behind)
        lines.append(f"if {gate.text}:")
        lines += [_INDENT + line for line in _reading(_without(needed, before))]
        lines += [_INDENT + line for line in _lines(behind, before | needed)]
    body = "".join(f"{_INDENT}{line}\n" for line in (*lines, "return found"))
    made: dict[str, Look] = {}
    exec(f"def look(frame):\n{body}", things.by_name, made)
    return made["look"]


def _lines(statements: Iterable[Written], read: Needed) -> Iterator[str]:
    """The lines of statements, where some names have been read."""
    for each in statements:
        if needed := _without(each.second_needs, read):
            yield f"if {each.first}:"
            yield from (_INDENT + line for line in (*_reading(needed), f"if {each.second}: {each.does}"))
        else:
            tests = " and ".join(filter(None, (each.first, each.second)))
            yield f"if {tests}: {each.does}" if tests else each.does


def _at_head(statements: list[Written]) -> dict[str, str]:
    """What is read in front of statements: what a first test needs, or several second ones."""
    times = Counter(name for each in statements for name in each.second_needs)
    several = [
        {name: made for name, made in each.second_needs.items() if times[name] > 1} for each in statements
    ]
    return _merged([*(each.first_needs for each in statements), *several])


def _merged(needed: Iterable[Needed]) -> dict[str, str]:
    return {name: made for each in needed for name, made in each.items()}


def _without(needed: Needed, read: Needed) -> Needed:
    return {name: made for name, made in needed.items() if name not in read}


def _reading(needed: Needed) -> Iterator[str]:
    return (f"{name} = {made}" for name, made in needed.items())


def written(situation: Situation, expressions: Expressions, gate: Gate, does: str) -> Written:
    """A statement that does something where a situation does not hold; what is quicker to see stands first."""
    need, needed = expressions.take(situation.need)
    need = f"not ({need})"
    if situation.when is None:
        return Written(gate, does, need, needed)
    when, when_needed = expressions.take(situation.when)
    if isinstance(situation.need, Has) and expressions.is_quick(place(situation.need.where)):
        return Written(gate, does, need, needed, when, when_needed)
    return Written(gate, does, when, when_needed, need, needed)


def condition_test(condition: Condition, loop: LoopNode, things: Things) -> Look:
    """A function that finds something where a condition holds."""
    text, needed = Expressions(loop, things).take(condition)
    return compiled([Written(Gate(), "found.append(0)", text, needed)], things)


def gate_at(index: int) -> Gate:
    """A child must stand there."""
    return Gate(f"{index} in have")


def gate_of(situation: Situation, loop: LoopNode, things: Things) -> Gate:
    """The gate of a situation: a child of the loop itself that not every instance has, or rather an element that may be empty of one that
    each has."""
    certain = loop.required.union(uses(loop, situation.each) if situation.each else ())
    children: list[Gate] = []
    for where in map(place, situation.hinges):
        index, *others = Location(loop, where).indexes
        if where.loop or others:
            continue
        if index not in certain:
            children.append(gate_at(index))
        elif where.element and loop.node(index).use.elements[where.element - 1].usage != "R":
            expressions = Expressions(loop, things, situation.each)
            if one := expressions.one(where):
                return Gate(one, tuple(expressions.needed.items()))
    return children[0] if children else Gate()
