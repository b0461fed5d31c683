"""The envelope around transaction sets: ISA, GS, ST ... SE, GE, IEA, with its counts and control numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from edi.guide.envelope import ENVELOPE
from edi.guide.registry import Match, match, unread
from edi.guide.shape import Loop
from edi.validate.explain import explain
from edi.validate.layout_findings import LayoutFindings
from edi.validate.listener import Listener
from edi.validate.log import Log
from edi.validate.machine import Machine, machine
from edi.validate.nodes import LoopNode, Node
from edi.validate.unread import Unread
from edi.validate.walk import ENVELOPE_IDS, Walk
from edi.x12.binary import CUT, LOST
from edi.x12.delimiters import Delimiters
from edi.x12.reader import Batch

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules

_LAST = {"ST": "SE", "GS": "GE", "ISA": "IEA"}
_WHAT = {"ST": "transaction set", "GS": "functional group", "ISA": "interchange"}
_LONGEST_NUMBER = 12


@lru_cache(maxsize=8)
def _nodes(delimiters: Delimiters) -> dict[str, Node]:
    """The envelope's segments as nodes, so that the same code judges their elements."""
    root = Loop("", "R", 1, "Envelope", tuple(ENVELOPE.values()))
    return {node.use.segment.id: node for node in LoopNode(root, None, 0, delimiters, keeps=False).nodes()}


class Envelope:
    """Follows interchanges, groups and transaction sets; hands the inside of a set to a `Walk`, or to what `walk` and `unread`
    make in its place."""

    def __init__(
        self,
        log: Log,
        overlay_rules: OverlayRules | None = None,
        listener: Listener | None = None,
        walk: Callable[[Machine, Log], Walk] = Walk,
        unread: Callable[[Delimiters], Unread] = Unread,
    ) -> None:
        self.log = log
        self.counts: Counter[str] = Counter()  # units of the guides: claims, attachments
        self._new_walk, self._new_unread = walk, unread
        self._overlay_rules = overlay_rules
        self._listener = listener or Listener()
        self._walk: Walk | Unread | None = None
        self._position = 0  # in the interchange
        self._open: dict[str, list[str]] = {}  # "ISA", "GS", "ST": the elements of those that are open
        self._sets = self._groups = 0
        self._numbers: dict[str, set[str]] = {"ISA": set(), "GS": set(), "ST": set()}
        self._astray = False
        self._waiting: list[str] = []  # segments that the walk reads once it has seen those after them
        self._layout = LayoutFindings(log)
        self._machines: set[Machine] = set()

    def feed(self, batch: Batch) -> None:
        """Take the next segments of the file."""
        if batch.begins:
            self.end()
            self.log.where.delimiters = self._delimiters = batch.delimiters
            self.log.where.interchanges += 1
            self._position = 0
        self._layout.add(batch, len(self._waiting))
        segments = self._waiting + batch.segments
        self._waiting = []
        lost = batch.cut and segments[-1].endswith((CUT, LOST))
        # What there is of a segment tells nothing; that the file was cut is said at its end.
        piece = segments.pop() if batch.cut and not lost and not self._is_last(segments[-1]) else ""
        self._take(segments, more=not batch.cut)
        if piece:
            self._pass_over(piece)
        if lost:
            self._abandon()

    def _pass_over(self, piece: str) -> None:
        """The file ends within a segment."""

    def _take(self, segments: list[str], *, more: bool) -> None:
        """Take segments; with `more`, those that a walk cannot read without the next ones wait."""
        index = 0
        while index < len(segments):
            if self._walk:
                before, begun = self._walk.position, index
                index = self._walk.feed(segments, index, more=more)
                self._layout.report(segments, begun, index, before + 1)
                self._position += self._walk.position - before
                if self._walk.done:
                    self._end_set()
                elif self._walk.waits:
                    self._waiting = segments[index:]
                    self._layout.shift(index)
                    return
                elif index < len(segments):
                    self._cut_off("ST", whole=True)
                continue
            self._position += 1
            if segments[index][:3] == "IEA":  # after it, nothing is in the interchange
                self._layout.report(segments, index, index + 1, self._position)
            self._outside(segments[index])
            if not self._walk:
                self._layout.report(segments, index, index + 1, self._position)
            # An ST is the walk's own first segment: it is fed again.
            index += 0 if self._walk else 1
            self._position -= 1 if self._walk else 0

    def through(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Judge every batch of a file, and hand it on; after the last the file is over and nothing of it is kept in mind."""
        try:
            for batch in batches:
                self.feed(batch)
                yield batch
            self.end()
        finally:
            for used in self._machines:
                used.forget()

    def end(self) -> None:
        """The file, or the interchange, is over: what is open was cut off. One finding says so."""
        waiting, self._waiting = self._waiting, []
        self._take(waiting, more=False)
        name = next((name for name in ("ST", "GS", "ISA") if name in self._open), None)
        if name:
            self._cut_off(name, whole=False)
        if "GS" in self._open:
            self._leave_group([])
        if "ISA" in self._open:
            self._leave_interchange(whole=False)
        self._open.clear()
        self.log.release()
        self.log.where.interchange = None

    def _abandon(self) -> None:
        """The finding on a payload has said why nothing after it can be read: what is open has no further one."""
        if self._walk:
            self._walk.cut_off(whole=False)
            self._close_set(self._walk)
        self._open.clear()

    def _is_last(self, segment: str) -> bool:
        """Whether a segment without terminator is the interchange's last, which is let pass."""
        if self._walk or "ISA" not in self._open or segment.split(self._delimiters.element)[0] != "IEA":
            return False
        self._fault("X12-TERMINATOR", "IEA has no segment terminator.", "IEA", position=self._position + 1)
        return True

    def _outside(self, segment: str) -> None:
        fields = segment.split(self._delimiters.element)
        match fields[0]:
            case "ISA" if self._position == 1:
                self._isa(segment, fields)
            case "TA1" if "ISA" in self._open:
                self._plain(segment, fields)
            case "GS" if "ISA" in self._open:
                self._gs(segment, fields)
            case "ST" if "ISA" in self._open:
                self._st(fields)
            case "BHT" if "GS" in self._open:
                self._headless()
            case "GE" if "GS" in self._open:
                self._ge(segment, fields)
            case "IEA" if "ISA" in self._open:
                self._iea(segment, fields)
            case name:
                self._stray(name, segment)
                return
        self._astray = False

    def _stray(self, name: str, segment: str) -> None:
        """One finding for all that stands in a row where nothing may."""
        if not self._astray:
            inner = "GS" if "GS" in self._open else "ISA" if "ISA" in self._open else ""
            where = {"GS": "ST and SE", "ISA": "GS and GE", "": "ISA and IEA"}[inner]
            known = name in ENVELOPE_IDS or name == "SE"
            what = "A segment" if segment else "An empty segment (two terminators in a row)"
            self._fault(
                "X12-ENVELOPE",
                f"{what} stands outside {where}.",
                name if known else None,
                text=segment or self._delimiters.terminator,
            )
        self._astray = True

    def _plain(self, segment: str, fields: list[str]) -> None:
        node = _nodes(self._delimiters)[fields[0]]
        if not node.match(segment):
            explain(node, segment, self._position, self.log)

    def _isa(self, segment: str, fields: list[str]) -> None:
        self._listener.begin_interchange(fields)
        self._open["ISA"] = fields
        self.log.where.interchange = _at(fields, 13)[:_LONGEST_NUMBER] or None
        self._groups = 0
        self._numbers["GS"].clear()
        self._plain(segment, fields)
        self._unused("ISA", fields, 13, segment)

    def _gs(self, segment: str, fields: list[str]) -> None:
        if "GS" in self._open:
            self._cut_off("GS", whole=True)
        self._open_group(fields)
        self._plain(segment, fields)
        self._unused("GS", fields, 6, segment)
        version = _at(fields, 8)
        found = match(version)
        if not found:
            plain = version.isalnum() and version.isascii() and len(version) <= _LONGEST_NUMBER
            shown = version if plain else "of that name"
            if version:
                name = unread(version)
                message = f"{shown} is {name}" if name else f"No guide {shown} is known here"
                message += ", which is not read here." if name else "; what it is around is not read."
                self._fault("X12-VERSION", message, "GS", "GS08", text=segment)
            return
        if not found.exact:
            message = f"{version} is a relative of {found.guide.version}, and read as that."
            self._fault("X12-VERSION-RELATIVE", message, "GS", "GS08", text=segment)
        if _at(fields, 1) not in ("", found.guide.functional_id):
            message = f"GS01 is not {found.guide.functional_id}, which groups this transaction."
            self._fault("X12-GROUP", message, "GS", "GS01", text=segment)

    def _open_group(self, fields: list[str]) -> None:
        self._listener.begin_group(fields)
        self._open["GS"] = fields
        self._groups += 1
        self._sets = 0
        self._numbers["ST"].clear()

    def _st(self, fields: list[str]) -> None:
        if "GS" not in self._open:
            self._fault("X12-ENVELOPE", "GS is missing: a transaction set stands outside a group.", "GS")
            self._open_group([])
        self.log.release()
        self._open_set(fields)
        text = self._delimiters.element.join(fields)
        self._unused("ST", fields, 2, text, position=1)
        own, group = _at(fields, 3), _at(self._open["GS"], 8)
        found: Match | None = match(own) or match(group)
        if group and own and own != group and match(group):
            self._fault("X12-VERSION", "ST03 is not the guide in GS08.", "ST", "ST03", 1, text)
        elif not group and own and not found:
            self._fault("X12-VERSION", "The guide in ST03 is not known here.", "ST", "ST03", 1, text)
        self._walk = self._reader(found)
        self._listener.begin_set(fields, found.guide if found else None)

    def _headless(self) -> None:
        """A transaction set whose ST is lost: it is read by the group's guide."""
        self.log.release()
        self._open_set([])
        found = match(_at(self._open["GS"], 8))
        self._walk = self._reader(found)
        self._listener.begin_set([], found.guide if found else None)
        self._fault(
            "X12-SEGMENT-MISSING", "ST is missing: a transaction set begins with it.", "ST", position=1
        )
        if found:
            lost = ("ST", found.guide.transaction, "0000", found.guide.version)
            self._walk.feed([self._delimiters.element.join(lost)], 0)

    def _reader(self, found: Match | None) -> Walk | Unread:
        compiled = machine(found.guide.version, self._delimiters, self._overlay_rules) if found else None
        if not compiled:
            return self._new_unread(self._delimiters)
        self._machines.add(compiled)
        return self._new_walk(compiled, self.log)

    def _open_set(self, fields: list[str]) -> None:
        self._sets += 1
        self._open["ST"] = fields
        self.log.where.transaction = _at(fields, 2)[:_LONGEST_NUMBER] or None
        self.log.where.sets += 1
        self.log.where.inside = True

    def _end_set(self) -> None:
        """SE has been walked over: its count and control number."""
        walk, start = self._walk, self._open.pop("ST")
        assert walk is not None
        fields = walk.trailer.split(self._delimiters.element)
        self._count("SE", fields, walk.position, "segments", position=walk.position)
        self._same("SE", fields, "ST", start, 2, position=walk.position)
        self._close_set(walk)

    def _close_set(self, walk: Walk | Unread) -> None:
        if isinstance(walk, Walk):
            self.counts[walk.machine.guide.unit] += walk.units
        self._walk = None
        self.log.release()
        self.log.units.settle()
        self.log.where.transaction = None
        self.log.where.inside = False
        self._listener.end_set()

    def _leave_group(self, ge: list[str]) -> None:
        self.log.release()
        self._listener.end_group(ge)

    def _leave_interchange(self, *, whole: bool) -> None:
        self.log.release()
        self._listener.end_interchange(whole=whole)

    def _ge(self, segment: str, fields: list[str]) -> None:
        start = self._open.pop("GS")
        self._plain(segment, fields)
        self._count("GE", fields, self._sets, "transaction sets")
        self._same("GE", fields, "GS", start, 6)
        self._leave_group(fields)

    def _iea(self, segment: str, fields: list[str]) -> None:
        if "GS" in self._open:
            self._cut_off("GS", whole=True)
        start = self._open.pop("ISA")
        self._plain(segment, fields)
        self._count("IEA", fields, self._groups, "functional groups")
        self._same("IEA", fields, "ISA", start, 13)
        self._leave_interchange(whole=True)
        if self._walk is None:
            self.log.where.interchange = None

    def _cut_off(self, name: str, *, whole: bool) -> None:
        """Something open has lost its end; `whole` when only its closing segment is lost."""
        del self._open[name]
        position = self._walk.position if self._walk else self._position - whole
        lost = [
            _LAST[each] for each in ("ST", "GS", "ISA") if each == name or (not whole and each in self._open)
        ]
        listed = " and ".join(filter(None, (", ".join(lost[:-1]), lost[-1])))
        reason = "" if whole else ": the file is cut off"
        self.log.add(
            "X12-TRUNCATED",
            f"The {_WHAT[name]} has no {listed}{reason}.",
            position=position + 1,
            segment=lost[0],
        )
        if name == "ST" and self._walk:
            self._walk.cut_off(whole=whole)
            self._close_set(self._walk)
        elif name == "GS":
            self._leave_group([])
        elif name == "ISA":
            self._leave_interchange(whole=False)

    def _count(self, name: str, fields: list[str], count: int, what: str, position: int = 0) -> None:
        stated = _at(fields, 1)
        # X12 lets a whole number have a sign; one of too many digits is a finding of its own.
        if stated.removeprefix("-").isdecimal() and len(stated) <= _LONGEST_NUMBER and int(stated) != count:
            message = f"{name}01 says {int(stated)} {what}; there are {count}."
            self._fault(
                "X12-COUNT", message, name, f"{name}01", position, self._delimiters.element.join(fields)
            )

    def _same(
        self, name: str, fields: list[str], opening: str, start: list[str], place: int, position: int = 0
    ) -> None:
        first, last = _at(start, place), _at(fields, 2)
        # Leading zeros count in SE02 and IEA02, which are written at a fixed length, and not in GE02.
        same = first == last or (name == "GE" and first.lstrip("0") == last.lstrip("0"))
        if first and last and not same:
            message = f"{name}02 is not the control number in {opening}{place:02}."
            text = self._delimiters.element.join(fields)
            self._fault("X12-CONTROL-NUMBER", message, name, f"{name}02", position, text)

    def _unused(self, name: str, fields: list[str], place: int, text: str, position: int = 0) -> None:
        number = _at(fields, place)
        if number in self._numbers[name]:
            message = f"{name}{place:02} has the control number of an earlier {name}."
            self._fault("X12-CONTROL-NUMBER-REUSED", message, name, f"{name}{place:02}", position, text)
        elif number:
            self._numbers[name].add(number)

    def _fault(
        self,
        rule: str,
        message: str,
        segment: str | None,
        element: str | None = None,
        position: int = 0,
        text: str = "",
    ) -> None:
        place = position or max(self._position, 1)
        self.log.add(rule, message, position=place, segment=segment, element=element, text=text)


def _at(fields: list[str], place: int) -> str:
    return fields[place] if place < len(fields) else ""
