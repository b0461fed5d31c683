"""Situations of the acknowledgment: what a 999 needs only in some cases."""

from __future__ import annotations

from edi.guide.comparison import Looks
from edi.guide.condition import Has, Is, Not
from edi.guide.notation import situation

_TRIGGER = Looks(("CTX 01-1",), "^SITUATIONAL TRIGGER$", "SITUATIONAL TRIGGER")
_COMMON = "transcriptions of the guide and the published example agree"

SITUATIONS = (
    situation(
        "X12-ACK-TRIGGER at 2100 2110/CTX 02",
        Has("CTX 02"),
        "Name the segment that the fault hangs on (CTX02).",
        when=_TRIGGER,
        each="CTX",
        source=_COMMON,
    ),
    situation(
        "X12-ACK-TRIGGER-POSITION at 2100 2110/CTX 03",
        Has("CTX 03"),
        "Send the position of the segment that the fault hangs on (CTX03).",
        when=_TRIGGER,
        each="CTX",
        source=_COMMON,
    ),
    situation(
        "X12-ACK-CONTEXT at 2100/CTX 01-2",
        Has("CTX 01-2"),
        "Send the value of the field that CTX01-1 names.",
        when=Not(_TRIGGER),
        each="CTX",
        source=_COMMON,
    ),
    situation(
        "X12-ACK-ELEMENT at 2100/IK3 04",
        Has("2110"),
        "Say which element is in error (IK4).",
        when=Is("IK3 04", "8"),
        words="an element (loop 2110) is named when IK304 is 8",
        severity="warning",
        source="the published example; whether all receivers do so is not known",
    ),
    situation(
        "X12-ACK-REASON at 2000/IK5 02",
        Has("IK5 02"),
        "Say why the transaction set was rejected (IK502).",
        when=Is("IK5 01", "R"),
        severity="warning",
        source="the published example; whether all receivers do so is not known",
    ),
)
