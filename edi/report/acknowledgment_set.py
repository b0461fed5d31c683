"""The part of a 999 for one transaction set: AK2 to IK5, written while its findings come."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from edi.finding import Finding
from edi.guide.ack_999 import GUIDE
from edi.guide.personal import tells_of_persons
from edi.guide.shape import ElementUse, Guide, SegmentUse
from edi.guide.standard import COMPOSITES
from edi.report.validation import Write
from edi.validate.ack_codes import AckCode, number_of, position_of, value_of
from edi.validate.log import Excerpt, Trigger
from edi.validate.pattern import simple_pattern
from edi.x12.delimiters import DEFAULT
from edi.x12.template import composite, template

Result = Literal["A", "E", "R"]
CodedFinding = tuple[Finding, Excerpt, AckCode]

_AK2, _IK4 = GUIDE.find("2000", "AK2"), GUIDE.find("2110", "IK4")
_CTX = GUIDE.find("2100", "CTX")
_ak2 = template(GUIDE, "2000", "AK2", "AK201", "AK202", "AK203")
_ik3 = template(GUIDE, "2100", "IK3", "IK301", "IK302", "IK303", "IK304")
_ctx = template(GUIDE, "2100", "CTX", "CTX01", "CTX02", "CTX03", "CTX04", "CTX05", "CTX06")
_ik4 = template(GUIDE, "2110", "IK4", "IK401", "IK402", "IK403", "IK404")
_ik5 = template(GUIDE, "2000", "IK5", "IK501", *(f"IK50{place}" for place in range(2, 7)))

_CODES = 5  # that a set may have
_UNITS = {"CLM": 1, "TRN": 2, "ENT": 1}  # where the number of a claim, inquiry or remittance stands
_UNKNOWN_NUMBER = "0000"
_UNKNOWN_SEGMENT = "ZZ"
_STANDARD_LOOP = 4  # characters: "2010" is what the standard calls 2010AA


class SetAnswer:
    """Answers one transaction set: `add` its findings in order, then `close`. `st` holds the elements of its ST, none where the
    ST is lost. A set without a `guide` is rejected. `write` takes segments without terminators."""

    def __init__(self, st: list[str], guide: Guide | None, write: Write) -> None:
        self._write: Write = write
        self._codes: dict[str, None] = {} if guide else {"I6": None}
        self._result: Result = "A" if guide else "R"
        self._pending: list[CodedFinding] = []
        kind = echoed(_AK2, 1, st, 1) or (guide.transaction if guide else "")
        if echoed(_AK2, 1, [kind], 0):
            number = echoed(_AK2, 2, st, 2) or _UNKNOWN_NUMBER
            write(_ak2(kind, number, echoed(_AK2, 3, st, 3)))
        else:
            self._write = _discard  # no code stands for such a set: the group's counts tell of it

    def add(self, finding: Finding, excerpt: Excerpt, code: AckCode) -> None:
        """Add an error or a warning with its acknowledgment code."""
        self._result = "R" if finding.severity == "error" else max(self._result, "E")
        if code.element == "IK502":
            self._codes[code.code] = None
            return
        if self._pending and _place(self._pending[0]) != _place((finding, excerpt, code)):
            self._flush()
        self._pending.append((finding, excerpt, code))
        self._codes["I5" if code.code.startswith("I") else "5"] = None

    def close(self) -> Result:
        """Write the end, and return whether the set is accepted (A), accepted with errors (E) or rejected (R)."""
        self._flush()
        codes = [*self._codes][:_CODES]
        self._write(_ik5(self._result, *codes, *[""] * (_CODES - len(codes))))
        return self._result

    def _flush(self) -> None:
        """Write the findings of one segment: an IK3 for each error of the segment, one IK3 for all errors of its elements."""
        noted, self._pending = self._pending, []
        for code in dict.fromkeys(code for _, _, code in noted if code.element == "IK304"):
            self._segment(code.code, [each for each in noted if each[2] == code])
        elements = [each for each in noted if each[2].element == "IK403"]
        if elements:
            self._segment("8", elements)

    def _segment(self, code: str, noted: list[CodedFinding]) -> None:
        finding, excerpt, earns = noted[0]
        segment = finding.segment or _identifier(excerpt)
        self._write(_ik3(segment, str(finding.position), _loop(finding.loop), code))
        if earns.element == "IK304":
            self._triggers(noted)
        self._unit(excerpt)
        if earns.element == "IK403":
            by_element: dict[tuple[str, str], list[CodedFinding]] = {}
            for each in noted:
                by_element.setdefault((each[0].element or "", each[2].code), []).append(each)
            for (element, element_code), same in by_element.items():
                self._element(element, element_code, same)

    def _element(self, element: str, code: str, noted: list[CodedFinding]) -> None:
        _, place, component = position_of(element)
        number = number_of(element)
        # Others pass acknowledgments on and keep them, so no value that identifies a person is copied.
        copied = "" if tells_of_persons(number) else echoed(_IK4, 4, [value_of(element, noted[0][1])], 0)
        # A composite as a whole has a name and no number.
        self._write(_ik4(_position(place, component), "" if number in COMPOSITES else number, code, copied))
        self._triggers(noted)

    def _triggers(self, noted: list[CodedFinding]) -> None:
        triggers = dict.fromkeys(each.trigger for _, each, _ in noted if each.trigger)
        for trigger in [*triggers][: _CTX.repeat - 1]:  # one is left to name the claim
            self._write(_context(trigger))

    def _unit(self, excerpt: Excerpt) -> None:
        """Write the CTX that names the claim, if CTX allows its number."""
        name = excerpt.unit.partition(excerpt.delimiters.element)[0]
        if name not in _UNITS:
            return
        element = f"{name}{_UNITS[name]:02}"
        value = value_of(element, Excerpt(excerpt.unit, excerpt.delimiters))
        if _fits(_CTX.elements[0].parts[1], value):
            self._write(_ctx(composite(element, value), "", "", "", "", ""))


def echoed(use: SegmentUse, element: int, fields: list[str], place: int) -> str:
    """The received value at `place`, if the given element of our segment allows it; else ""."""
    value = fields[place] if place < len(fields) else ""
    return value if _fits(use.elements[element - 1], value) else ""


def _fits(use: ElementUse, value: str) -> bool:
    return bool(_pattern(use).fullmatch(value))


@lru_cache(maxsize=64)
def _pattern(use: ElementUse) -> re.Pattern[str]:
    return re.compile(simple_pattern(use, DEFAULT))


def _context(trigger: Trigger) -> str:
    place = number = ""
    if trigger.element:
        element = f"{trigger.segment}{trigger.element:02}"
        place = _position(trigger.element, trigger.component)
        number = number_of(element)
        if trigger.component:
            number = composite(number, number_of(f"{element}-{trigger.component}"))
    position, loop = str(trigger.position), _loop(trigger.loop)
    return _ctx("SITUATIONAL TRIGGER", trigger.segment, position, loop, place, number)


def _position(element: int, component: int) -> str:
    return composite(str(element), str(component or ""))


def _loop(loop: str | None) -> str:
    """The loop id as a 999 writes it; "" for the envelope."""
    return loop[:_STANDARD_LOOP] if loop and loop[:1].isdigit() else ""


def _identifier(excerpt: Excerpt) -> str:
    """The start of a malformed segment id that IK301 allows."""
    found = re.match(r"[A-Za-z0-9]{2,3}", excerpt.segment)
    return found[0] if found else _UNKNOWN_SEGMENT


def _place(noted: CodedFinding) -> tuple[int | None, str | None]:
    return noted[0].position, noted[0].segment


def _discard(_segment: str) -> None:
    """Write nothing."""
