"""Whole 837D files made from the guide itself: every loop, every segment, every element, with values that agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from edi.guide.forms import npi_check
from edi.guide.registry import guide
from edi.guide.shape import ElementUse, Guide, Loop, SegmentUse
from edi.guide.standard import ELEMENTS

_FOUND = guide("005010X224A2")
assert _FOUND is not None
DENTAL: Guide = _FOUND

FORM_VALUES = {
    "DATE": "20260914",
    "D8": "20260914",
    "D8|RD8": "20260914",
    "TM": "0930",
    "LEVEL": "1",
    "COUNTER": "1",
    "WHOLE": "2",
    "TAXID": "201234567",
    "TAXONOMY": "1223E0200X",
    "STATE": "OH",
    "POSTAL": "432150001",
    "COUNTRY": "US",
    "CURRENCY": "USD",
    "ICD10|ICD9|SNODENT": "K041",
    "CDT": "D0330",  # asks for neither tooth nor area
    "POS": "11",
    "TOOTH": "9",
}
# What a lean file needs beside what the guide requires always: addresses at home, a dated claim, a subscriber known in full.
LEAN = frozenset(
    ("N402", "N403", "2010BA N3", "2010BA N4", "2010BA DMG", "2010BA NM108", "2010BA NM109", "2300 DTP:472")
)
TYPE_VALUES = {"R": "10", "N0": "1"}

# Where the first code or an ordinary value would contradict something else in the file; "" leaves the element out.
VALUES = {
    "2010AC PER03": "TE",
    "DMG02": "20150314",
    "2300 CLM02": "200",
    "2300 HI02-2": "K0401",
    "2300 HI03-2": "K0402",
    "2300 HI04-2": "K045",
    "2300 DN201": "1",
    "2300 CLM19": "",
    "2300 CLM11-2": "OA",
    "2300 DN101": "36",
    "2300 DN102": "24",
    "2320 AMT:D AMT02": "20",
    "2400 SV302": "100",
    "2400 SV303": "22",
    "2400 SV306": "",  # never beside a tooth
    "2400 DTP:472 DTP03": "20260913",
    "2400 TOO02": "3",
    "2400 SV305": "R",
    "2400 SV311-2": "2",
    "2400 SV311-3": "3",
    "2400 SV311-4": "4",
    "2400 TOO03-1": "M",
    "2400 TOO03-2": "O",
    "2400 TOO03-3": "D",
    "2400 TOO03-4": "L",
    "2400 TOO03-5": "B",
    "2430 SVD01": "OTHER1",
    "2430 SVD02": "40",
    "2430 SVD06": "",  # a bundled line does not balance by itself
    "2330B NM109": "OTHER1",
    "2000B SBR01": "P",
    "2320 SBR01": "S",
    "2300 PWK02": "BM",
    "PER05": "EX",
    "PER07": "EM",
    "N407": "",  # never together with N402
    "2000A HL04": "1",
}


@dataclass(frozen=True)
class Seg:
    """A segment of a file, with the use it was made from. `depth` tells the loop instances it lies in, outermost first."""

    use: SegmentUse
    loop: Loop
    fields: tuple[str, ...]
    path: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "*".join(self.fields)

    def put(self, element: int, value: str) -> Seg:
        """The same with another element; empty elements at the end go away."""
        fields = [*self.fields, *[""] * (element + 1 - len(self.fields))]
        fields[element] = value
        while not fields[-1]:
            fields.pop()
        return replace(self, fields=tuple(fields))

    def put_part(self, element: int, part: int, value: str) -> Seg:
        parts = (
            [*self.fields[element].split(":"), *[""] * part] if element < len(self.fields) else [""] * part
        )
        parts[part - 1] = value
        return self.put(element, ":".join(parts).rstrip(":"))


@dataclass
class Maker:
    """Makes segments of loops; counts HL and NPIs as it goes."""

    levels: int = 0
    npis: Iterator[str] = field(
        default_factory=lambda: (f"{n}" for n in range(1000000004, 10**10) if npi_check(str(n)))
    )
    full: bool = True

    def loop(
        self,
        loop: Loop,
        path: tuple[str, ...],
        skip: Callable[[Loop | SegmentUse], bool],
        times: dict[str, int],
    ) -> list[Seg]:
        """One instance of a loop with all below it that `skip` does not leave out."""
        made: list[Seg] = []
        for child in loop.children:
            required = child.usage == "R" or (
                isinstance(child, SegmentUse) and f"{loop.id} {child.address}" in LEAN
            )
            if skip(child) or not (self.full or required):
                continue
            if isinstance(child, Loop):
                for count in range(times.get(child.id, 1)):
                    made += self.loop(child, (*path, f"{child.id}.{count}"), skip, times)
            else:
                made.append(self.segment(child, loop, path))
        return made

    def segment(self, use: SegmentUse, loop: Loop, path: tuple[str, ...] = ()) -> Seg:
        values = [self._element(use, loop, element) for element in use.elements]
        while not values[-1]:
            values.pop()
        return Seg(use, loop, (use.segment.id, *values), path)

    def _element(self, use: SegmentUse, loop: Loop, element: ElementUse) -> str:
        if not self._sends(loop, element):
            return ""
        if element.parts:
            return ":".join(self._value(use, loop, part) for part in element.parts).rstrip(":")
        return self._value(use, loop, element)

    def _sends(self, loop: Loop, element: ElementUse) -> bool:
        if element.usage == "S":
            return self.full or not LEAN.isdisjoint((element.ref, f"{loop.id} {element.ref}"))
        return element.usage == "R"

    def _value(self, use: SegmentUse, loop: Loop, element: ElementUse) -> str:
        if not self._sends(loop, element):
            return ""
        for name in (f"{loop.id} {use.address} {element.ref}", f"{loop.id} {element.ref}", element.ref):
            if name in VALUES:
                return VALUES[name]
        if element.codes:
            return element.codes[0]
        if element.ref == "SV301-2" and self.full:
            return "D4341"  # has an area, and teeth beside it
        if element.form == "NPI":
            return next(self.npis)
        if element.form:
            return FORM_VALUES[element.form]
        standard = ELEMENTS[element.number]
        return TYPE_VALUES.get(standard.type) or f"{loop.id}{use.segment.id}X{element.name}"[
            : element.high or standard.high
        ].strip().replace("*", "").replace("'", "")


def _numbered(segments: list[Seg]) -> list[Seg]:
    """HL and LX numbers, and HL04, as the tree has them."""
    made: list[Seg] = []
    parents: dict[str, str] = {}
    level = line = claim = 0
    for index, seg in enumerate(segments):
        if seg.use.segment.id == "HL":
            level += 1
            kind = seg.fields[3]
            parents[kind] = str(level)
            above = {"22": "20", "23": "22"}.get(kind)
            seg = seg.put(1, str(level)).put(2, parents[above] if above else "")
            below = next(
                (each.fields[3] for each in segments[index + 1 :] if each.use.segment.id == "HL"), ""
            )
            seg = seg.put(4, {"20": "1", "22": "1" if below == "23" else "0", "23": "0"}[kind])
        elif seg.use.segment.id == "CLM":
            line = 0
            claim += 1
            seg = seg.put(1, f"{seg.fields[1]}-{claim}")
        elif seg.use.segment.id == "LX":
            line += 1
            seg = seg.put(1, str(line))
        made.append(seg)
    return made


def whole_set(*, full: bool = True, lines: int = 2) -> list[Seg]:
    """ST to SE. A subscriber who is the patient, one with a patient below, and one with both; each claim with `lines` lines."""
    maker = Maker(full=full)
    root = DENTAL.root
    times = {"2400": lines}
    made: list[Seg] = []
    for child in root.children:
        if not isinstance(child, Loop):
            made.append(maker.segment(child, root))
        elif child.id == "2000A":
            made += _billing(maker, child, times)
        else:
            made += maker.loop(child, (child.id,), lambda _: False, times)
    return _numbered(made)


def _billing(maker: Maker, billing: Loop, times: dict[str, int]) -> list[Seg]:
    level = DENTAL.index["2000B"]
    made = maker.loop(billing, ("2000A",), lambda each: each is level, times)
    for count, (own, patient) in enumerate(((True, False), (False, True), (True, True))):
        made += _subscriber(maker, level, f"2000B.{count}", own, patient, times)
    return made


def _subscriber(
    maker: Maker, level: Loop, name: str, own: bool, patient: bool, times: dict[str, int]
) -> list[Seg]:
    claim, patients = DENTAL.index["2300"], DENTAL.index["2000C"]
    made = maker.loop(level, ("2000A", name), lambda each: each in (claim, patients), times)
    if own:
        made += maker.loop(claim, ("2000A", name, "2300"), lambda _: False, times)
    if patient:
        made += maker.loop(patients, ("2000A", name, "2000C"), lambda each: each is claim, times)
        made += maker.loop(claim, ("2000A", name, "2000C", "2300"), lambda _: False, times)
    fixed = []
    for seg in made:
        if seg.use.segment.id == "SBR" and seg.loop is level:
            seg = seg.put(2, "18" if own else "")
        fixed.append(seg)
    return fixed


ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260914*0930*^*00501*000000001*0*T*:"
GS = "GS*HC*SENDER*RECEIVER*20260914*0930*1*X*005010X224A2"
TAIL = ("GE*1*1", "IEA*1*000000001")


def texts(segments: list[Seg]) -> list[str]:
    """The segments of a set as text, with its own counts and control numbers."""
    return sealed([seg.text for seg in segments])


def sealed(segments: list[str]) -> list[str]:
    """A set's segments with the true count in SE and the numbers of ST."""
    made = list(segments)
    made[0] = "ST*837*0001*005010X224A2" if made[0].startswith("ST*") else made[0]
    if made[-1].startswith("SE*"):
        made[-1] = f"SE*{len(made)}*0001"
    return made


def renumbered(segments: list[str], number: int) -> list[str]:
    """The same, but with numbers of its own for its claims, so that they may stand in a file again."""
    return [re.sub(r"^(CLM\*[^*]*-\d)(?=\*)", rf"\1-{number}", each) for each in segments]


def file_of(*sets: list[str], terminator: str = "~", line_break: str = "\n") -> bytes:
    """One interchange with one group around transaction sets."""
    inner = [segment for each in sets for segment in each]
    whole = [ISA, GS, *inner, f"GE*{len(sets)}*1", TAIL[1]]
    return "".join(f"{segment}{terminator}{line_break}" for segment in whole).encode("latin-1")
