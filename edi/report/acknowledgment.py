"""The acknowledgment of a file: a 999 for each functional group, and a TA1 where the envelope is wrong.

It repeats to the sender what the sender's own file holds: control numbers, claim numbers (CTX) and copies of wrong
elements (IK404), but no element that identifies a person.
"""

from __future__ import annotations

import tempfile
from typing import IO

from edi.finding import Finding
from edi.guide.ack_999 import GUIDE
from edi.guide.envelope import ENVELOPE
from edi.guide.shape import Guide
from edi.report.acknowledgment_set import SetAnswer, echoed
from edi.report.validation import Write
from edi.validate.ack_codes import ack_code, ack_code_of
from edi.validate.listener import Listener
from edi.validate.log import Excerpt
from edi.x12.delimiters import DEFAULT
from edi.x12.envelope import (
    END,
    Party,
    Stamp,
    group_closing,
    group_opening,
    interchange_closing,
    interchange_opening,
)
from edi.x12.template import template, use_template

_ST02 = "0001"  # a group of ours holds one 999
_CODES = 5  # that a group may have
_IN_MEMORY = 1 << 20
_PIECE = 1 << 16

_AK1, _AK9 = GUIDE.find("ST", "AK1"), GUIDE.find("ST", "AK9")
_ta1 = use_template(ENVELOPE["TA1"], "", ("TA101", "TA102", "TA103", "TA104", "TA105"))
_st = template(GUIDE, "ST", "ST", "ST02", "ST03")
_ak1 = template(GUIDE, "ST", "AK1", "AK101", "AK102", "AK103")
_ak9 = template(GUIDE, "ST", "AK9", *(f"AK90{place}" for place in range(1, 10)))
_se = template(GUIDE, "ST", "SE", "SE01", "SE02")


class _Faults:
    """The error codes of one interchange or group, in order, and whether any of them rejects it."""

    def __init__(self) -> None:
        self.codes: dict[str, None] = {}
        self.errors = False

    def add(self, code: str, *, error: bool) -> None:
        # The first code that rejects comes before codes that only warn.
        first = error and not self.errors
        self.codes = {code: None} | self.codes if first else self.codes | {code: None}
        self.errors |= error


class _Group:
    """The 999 for one functional group, written to `stream` while the group is read."""

    def __init__(self, gs: list[str], stream: IO[str]) -> None:
        self.faults = _Faults()
        self.set: SetAnswer | None = None
        self._stream = stream
        self._segments = 0
        self._results = {"A": 0, "E": 0, "R": 0}
        self.write(_st(_ST02, GUIDE.version))
        self.write(_ak1(*_group_identity(gs)))

    def write(self, segment: str) -> None:
        self._segments += 1
        self._stream.write(segment + END)

    def end_set(self) -> None:
        assert self.set is not None
        self._results[self.set.close()] += 1
        self.set = None

    def close(self, ge: list[str]) -> None:
        received = sum(self._results.values())
        accepted = 0 if self.faults.errors else received - self._results["R"]
        if self.faults.errors or (received and not accepted):
            result = "R"
        elif self._results["R"]:
            result = "P"
        else:
            result = "E" if self.faults.codes or self._results["E"] else "A"
        codes = [*self.faults.codes][:_CODES]
        stated = echoed(_AK9, 2, ge, 1) or str(received)
        self.write(_ak9(result, stated, str(received), str(accepted), *codes, *[""] * (_CODES - len(codes))))
        self.write(_se(str(self._segments + 1), _ST02))


class _Interchange:
    """The answer to one interchange. Whether its groups are acknowledged is known only at the end of the interchange."""

    def __init__(self, isa: list[str]) -> None:
        self.isa = isa
        self.faults = _Faults()
        self.group: _Group | None = None
        self.groups = 0
        self.over = False
        # Closed when the answer is written.
        self.stream = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="ascii", newline="")  # noqa: SIM115


class Acknowledger(Listener):
    """Answers each interchange of a file with an interchange, which goes to `write` in pieces. Pass `show` and the listener
    itself to `validate_stream`, then call `finish`. `stamp` is the date and time of the answer.

    An interchange that the TA1 rejects gets no 999. A group of acknowledgments is not acknowledged. Control numbers repeat
    those of the file, or are the next free ones."""

    def __init__(self, write: Write, stamp: Stamp) -> None:
        self._write = write
        self._stamp = stamp
        self._used: set[int] = set()
        self._free = 1
        self._interchange: _Interchange | None = None

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        """Take a finding and the segment that it is about."""
        if finding.severity == "info" or not self._interchange:
            return
        code = ack_code(finding, excerpt)
        group = self._interchange.group
        if code.element == "TA105":
            self._interchange.faults.add(code.code, error=finding.severity == "error")
        elif not group:
            return
        elif code.element == "AK905":
            group.faults.add(code.code, error=finding.severity == "error")
        elif group.set:
            group.set.add(finding, excerpt, code)

    def begin_interchange(self, isa: list[str]) -> None:
        self.finish()
        self._interchange = _Interchange(isa)

    def begin_group(self, gs: list[str]) -> None:
        interchange = self._open
        if gs[1:2] == [GUIDE.functional_id]:
            return
        if not all(_group_identity(gs)):
            if gs:  # a lost GS has its own finding
                interchange.faults.add(_UNNAMED_GROUP, error=True)
            return
        interchange.groups += 1
        sender, receiver = (_application(gs, place, interchange.isa) for place in (3, 2))
        interchange.stream.write(group_opening(GUIDE, sender, receiver, interchange.groups, self._stamp))
        interchange.group = _Group(gs, interchange.stream)

    def begin_set(self, st: list[str], guide: Guide | None) -> None:
        group = self._open.group
        if group:
            group.set = SetAnswer(st, guide, group.write)

    def end_set(self) -> None:
        group = self._open.group
        if group:
            group.end_set()

    def end_group(self, ge: list[str]) -> None:
        interchange = self._open
        if interchange.group:
            interchange.group.close(ge)
            interchange.stream.write(group_closing(1, interchange.groups))
            interchange.group = None

    def end_interchange(self, *, whole: bool) -> None:
        self._open.over = True
        if not whole:
            self._open.faults.add(ack_code_of("X12-TRUNCATED", "IEA").code, error=True)

    def finish(self) -> None:
        """End of the file: write the answer to the last interchange, unless it could not be read to its end."""
        interchange, self._interchange = self._interchange, None
        if not interchange:
            return
        with interchange.stream as stream:
            faults, asked = interchange.faults, interchange.isa[14:15] == ["1"]
            groups = 0 if faults.errors else interchange.groups
            if not interchange.over or not (groups or faults.codes or asked):
                return
            number = self._number(interchange.isa)
            self._write(self._opening(interchange.isa, number))
            if faults.codes or asked:
                self._write(self._ta1(interchange.isa, faults) + END)
            if groups:
                stream.seek(0)
                for piece in iter(lambda: stream.read(_PIECE), ""):
                    self._write(piece)
            self._write(interchange_closing(groups, number))

    @property
    def _open(self) -> _Interchange:
        assert self._interchange is not None
        return self._interchange

    def _opening(self, isa: list[str], number: int) -> str:
        usage = _echoed("ISA", 15, isa, 15) or "T"
        sender, receiver = (_party(isa, place) for place in (7, 5))
        return interchange_opening(GUIDE, sender, receiver, usage, number, self._stamp)

    def _ta1(self, isa: list[str], faults: _Faults) -> str:
        return _ta1(
            _echoed("TA1", 1, isa, 13) or "0" * 9,
            _echoed("TA1", 2, isa, 9) or self._stamp.date[2:],
            _echoed("TA1", 3, isa, 10) or self._stamp.time,
            "R" if faults.errors else "E" if faults.codes else "A",
            next(iter(faults.codes), "000"),
        )

    def _number(self, isa: list[str]) -> int:
        """The control number of the interchange answered, or the first free one."""
        stated = int(_echoed("TA1", 1, isa, 13) or 0)
        while self._free in self._used:
            self._free += 1
        number = stated if stated > 0 and stated not in self._used else self._free
        self._used.add(number)
        return number


def _group_identity(gs: list[str]) -> list[str]:
    """AK101 to AK103, which name the group; "" for each value that its GS lacks or that AK1 does not allow."""
    return [echoed(_AK1, element, gs, place) for element, place in ((1, 1), (2, 6), (3, 8))]


_UNNAMED_GROUP = ack_code_of("*", "GS").code  # a group that no 999 can name


def _echoed(segment: str, element: int, fields: list[str], place: int) -> str:
    """The value at `place` of a received segment, if that element of our envelope allows it; else ""."""
    return echoed(ENVELOPE[segment], element, fields, place)


def _party(isa: list[str], place: int) -> Party:
    """Sender (5) or receiver (7) of an ISA, without the characters that our ISA does not allow."""
    text = isa[place + 1] if place + 1 < len(isa) else ""
    plain = "".join(char for char in text if char in DEFAULT.text_characters)
    return Party(_echoed("ISA", place, isa, place) or "ZZ", plain.rstrip()[:15])


def _application(gs: list[str], place: int, isa: list[str]) -> str:
    """Sender (2) or receiver (3) of a GS, or that of its ISA where our GS does not allow the value."""
    party = _party(isa, 5 if place == 2 else 7).id
    return _echoed("GS", place, gs, place) or _echoed("GS", place, ["", party], 1) or "UNKNOWN"
