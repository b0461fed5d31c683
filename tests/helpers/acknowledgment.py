"""Answers to files, taken apart for tests."""

from __future__ import annotations

import datetime
import io
from typing import NamedTuple

from edi.finding import Finding
from edi.guide.envelope import ENVELOPE
from edi.report.acknowledgment import Acknowledger
from edi.validate.ack_codes import AckCode, ack_code
from edi.validate.log import Excerpt
from edi.validate.run import validate_stream
from edi.x12.envelope import Stamp

STAMP = Stamp.at(datetime.datetime(2026, 9, 30, 17, 5))


class Note(NamedTuple):
    """A segment (IK3) or an element (IK4) that an answer names, by the ST02 of its set."""

    transaction: str
    segment: str
    position: int
    element: str
    code: str


class Found(NamedTuple):
    """A finding, and the segment shown with it."""

    finding: Finding
    excerpt: Excerpt

    @property
    def code(self) -> AckCode:
        return ack_code(self.finding, self.excerpt)

    @property
    def note(self) -> Note:
        """How a 999 names it."""
        finding = self.finding
        element = (finding.element or "").removeprefix(finding.segment or "").lstrip("0").replace("-", ":")
        position = finding.position or 0
        return Note(finding.transaction or "0000", finding.segment or "ZZ", position, element, self.code.code)


def answered(*files: bytes) -> tuple[str, list[Found]]:
    """What is answered to some files, one after the other, and what was found in them."""
    pieces: list[str] = []
    found: list[Found] = []
    acknowledger = Acknowledger(pieces.append, STAMP)

    def show(finding: Finding, excerpt: Excerpt) -> None:
        found.append(Found(finding, excerpt))
        acknowledger.show(finding, excerpt)

    for data in files:
        validate_stream(io.BytesIO(data), "x", show=show, listener=acknowledger)
        acknowledger.finish()
    return "".join(pieces), found


def answer(text: str) -> str:
    """What is answered to a file, without its envelope and line breaks."""
    outer = {*ENVELOPE, "ST", "SE"} - {"TA1"}
    return " ".join(
        segment
        for segment in answered(text.encode("latin-1"))[0].split("~\n")[:-1]
        if segment.split("*")[0] not in outer
    )


def faults_of(text: str) -> list[Finding]:
    """What is wrong with an answer, warnings and notes included."""
    return validate_stream(io.BytesIO(text.encode("ascii")), "x").findings if text else []


def notes(text: str) -> list[Note]:
    """Every segment and element that an answer names; for a segment whose elements are named, those alone."""
    made: list[Note] = []
    transaction, segment, position = "", "", 0
    for line in text.split("~\n"):
        name, *fields = line.split("*")
        if name == "AK2":
            transaction = fields[1]
        elif name == "IK3":
            segment, position = fields[0], int(fields[1])
            if fields[3] != "8":
                made.append(Note(transaction, segment, position, "", fields[3]))
        elif name == "IK4":
            made.append(Note(transaction, segment, position, fields[0], fields[2]))
    return made
