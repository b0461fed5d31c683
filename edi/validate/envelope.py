"""The envelope around transaction sets: ISA, GS, ST ... SE, GE, IEA, with its counts and control numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from edi.guide.envelope import ENVELOPE
from edi.guide.registry import match
from edi.guide.shape import Guide, Loop
from edi.validate.explain import explain
from edi.validate.log import Log
from edi.validate.machine import LoopNode, Machine, Node, machine
from edi.validate.walk import Walk
from edi.x12.delimiters import Delimiters

_NONE = ""


@lru_cache(maxsize=8)
def _nodes(delimiters: Delimiters) -> dict[str, Node]:
    """The envelope's segments as nodes, so that the same code judges their elements."""
    root = Loop("", "R", 1, "Envelope", tuple(ENVELOPE.values()))
    frame = LoopNode(root, None, 0, Machine(Guide("", "", "", "Envelope", root), delimiters))
    return {child.use.segment.id: child for child in frame.children if isinstance(child, Node)}


class Envelope:
    """Follows interchanges, groups and transaction sets; hands the inside of a set to a `Walk`."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.claims = 0
        self._walk: Walk | None = None
        self._position = 0  # in the interchange
        self._open: dict[str, list[str]] = {}  # "ISA", "GS", "ST": the elements of those that are open
        self._sets = self._groups = 0
        self._numbers: dict[str, set[str]] = {"ISA": set(), "GS": set(), "ST": set()}

    def feed(self, delimiters: Delimiters, segments: list[str], *, begins: bool) -> None:
        """Take the next segments of the file; `begins` when the first is an ISA."""
        if begins:
            self.end()
            self._delimiters = delimiters
            self._position = 0
        index = 0
        while index < len(segments):
            if self._walk:
                before = self._walk.position
                index = self._walk.feed(segments, index)
                self._position += self._walk.position - before
                if self._walk.done:
                    self._end_set()
                elif index < len(segments):
                    self._cut_off("ST")
                continue
            self._position += 1
            self._outside(segments[index])
            # An ST is the walk's own first segment: it is fed again.
            index += 0 if self._walk else 1
            self._position -= 1 if self._walk else 0

    def end(self) -> None:
        """The file, or the interchange, is over: whatever is open was cut off."""
        for name in ("ST", "GS", "ISA"):
            if name in self._open:
                self._cut_off(name)
        self.log.release()

    def _outside(self, segment: str) -> None:
        fields = segment.split(self._delimiters.element)
        act: dict[str, Callable[[str, list[str]], None]] = {
            "ISA": self._isa,
            "TA1": self._plain,
            "GS": self._gs,
            "ST": self._st,
            "GE": self._ge,
            "IEA": self._iea,
        }
        step = act.get(fields[0])
        if step is None:
            where = "ST and SE" if "GS" in self._open else "GS and GE" if "ISA" in self._open else "ISA and IEA"
            self._fault("X12-ENVELOPE", f"A segment stands outside {where}.", fields[0][:3])
        else:
            step(segment, fields)

    def _plain(self, segment: str, fields: list[str]) -> None:
        node = _nodes(self._delimiters)[fields[0]]
        if not node.match(segment) or (node.second and not node.second(segment)):
            explain(node, segment, self._position, self.log)

    def _isa(self, segment: str, fields: list[str]) -> None:
        self._open["ISA"] = fields
        self.log.where.interchange = _at(fields, 13)
        self._groups = 0
        self._numbers["GS"].clear()
        self._plain(segment, fields)
        self._unused("ISA", fields, 13)

    def _gs(self, segment: str, fields: list[str]) -> None:
        if "GS" in self._open:
            self._cut_off("GS")
        self._open["GS"] = fields
        self._groups += 1
        self._sets = 0
        self._numbers["ST"].clear()
        self._plain(segment, fields)
        self._unused("GS", fields, 6)

    def _st(self, segment: str, fields: list[str]) -> None:
        group = self._open.get("GS")
        if group is None:
            self._fault("X12-ENVELOPE", "ST stands outside GS and GE.", "ST")
        self._sets += 1
        self._open["ST"] = fields
        self.log.where.transaction = _at(fields, 2)
        self._unused("ST", fields, 2)
        version = _at(fields, 3) or _at(group or [], 8)
        compiled = machine(version, self._delimiters)
        found = match(version)
        if compiled is None or found is None:
            compiled = machine("005010X224A2", self._delimiters)
            shown = version if version.isalnum() and len(version) < 13 else "that"
            self._fault("X12-VERSION", f"No guide {shown} is known here; it is read as 005010X224A2.", "ST", "ST03")
        elif not found.exact:
            message = f"{version} is a relative of 005010X224A2, and read as that."
            self._fault("X12-VERSION-RELATIVE", message, "ST", "ST03")
        elif group and _at(group, 8) != version:
            self._fault("X12-VERSION", f"ST03 is {version}, but GS08 is not.", "ST", "ST03")
        if group and found and _at(group, 1) != found.guide.functional_id:
            message = f"GS01 is not {found.guide.functional_id}, the functional group of this transaction."
            self._fault("X12-ENVELOPE", message, "GS", "GS01")
        assert compiled is not None
        self._walk = Walk(compiled, self.log)

    def _end_set(self) -> None:
        """SE has been walked over: its count and control number."""
        walk, start = self._walk, self._open.pop("ST")
        assert walk is not None
        (_, trailer), *_ = walk.frame.segments(walk.node.index) or [(0, "SE")]
        fields = trailer.split(self._delimiters.element)
        self._count("SE", fields, walk.position, "segments", position=walk.position)
        self._same("SE", fields, start, 2, position=walk.position)
        self._close_walk(walk)

    def _close_walk(self, walk: Walk) -> None:
        self.claims += walk.units
        self._walk = None
        self.log.release()
        self.log.where.transaction = None

    def _ge(self, segment: str, fields: list[str]) -> None:
        start = self._open.pop("GS", None)
        if start is None:
            self._fault("X12-ENVELOPE", "GE stands without its GS.", "GE")
            return
        self._plain(segment, fields)
        self._count("GE", fields, self._sets, "transaction sets")
        self._same("GE", fields, start, 6)

    def _iea(self, segment: str, fields: list[str]) -> None:
        if "GS" in self._open:
            self._cut_off("GS")
        start = self._open.pop("ISA", None)
        if start is None:
            self._fault("X12-ENVELOPE", "IEA stands without its ISA.", "IEA")
            return
        self._plain(segment, fields)
        self._count("IEA", fields, self._groups, "functional groups")
        self._same("IEA", fields, start, 13)
        self.log.release()
        self.log.where.interchange = None

    def _cut_off(self, name: str) -> None:
        del self._open[name]
        last = {"ST": "SE", "GS": "GE", "ISA": "IEA"}[name]
        position = self._walk.position if self._walk else self._position
        self.log.add(
            "X12-TRUNCATED", f"{name} has no {last}.", position=max(position, 1), segment=last
        )
        if name == "ST" and self._walk:
            self._walk.cut_off()
            self._close_walk(self._walk)

    def _count(self, name: str, fields: list[str], count: int, what: str, position: int = 0) -> None:
        stated = _at(fields, 1)
        if stated.isdigit() and int(stated) != count:
            message = f"{name}01 says {int(stated)} {what}; there are {count}."
            self._fault("X12-COUNT", message, name, f"{name}01", position)

    def _same(self, name: str, fields: list[str], start: list[str], place: int, position: int = 0) -> None:
        first, last = _at(start, place), _at(fields, 2)
        if last and (first.lstrip("0") != last.lstrip("0") if name != "SE" else first != last):
            message = f"{name}02 is not the control number in {start[0]}{place:02}."
            self._fault("X12-CONTROL-NUMBER", message, name, f"{name}02", position)

    def _unused(self, name: str, fields: list[str], place: int) -> None:
        number = _at(fields, place)
        if number in self._numbers[name]:
            message = f"{name}{place:02} has the control number of an earlier {name}."
            self._fault("X12-CONTROL-NUMBER-REUSED", message, name, f"{name}{place:02}")
        self._numbers[name].add(number)

    def _fault(
        self, rule: str, message: str, segment: str, element: str | None = None, position: int = 0
    ) -> None:
        if segment == "ST" and not position:
            position = 1
        self.log.add(rule, message, position=position or self._position, segment=segment, element=element)


def _at(fields: list[str], place: int) -> str:
    return fields[place] if place < len(fields) else _NONE
