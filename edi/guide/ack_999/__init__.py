"""The acknowledgment of a functional group, 999 by guide 005010X231A1, as data. Where public sources disagree, the reading
that accepts more stands here and a note beside it says "Doubt"; the licensed guide itself was not read."""

from __future__ import annotations

from edi.guide.ack_999.situations import SITUATIONS
from edi.guide.notation import loop, use
from edi.guide.segments import set_header, set_trailer
from edi.guide.shape import ElementUse, Guide, R, S, SegmentUse

_ACKNOWLEDGED = "A E M P R W X"
_SET_FAULTS = "1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18 19 23 24 25 26 27 I5 I6"
_GROUP_FAULTS = "1 2 3 4 5 6 10 11 12 13 14 15 16 17 18 19 23 24 25 26"
_LOOP = S("Loop", note="Doubt: the standard has 4 characters, the ids of guides up to 6; both are accepted.")
_POSITION = (R("Element"), S("Component"), S("Repetition"))


def _context(position: int, repeat: int, name: str, note: str = "") -> SegmentUse:
    """CTX: what the fault hangs on."""
    return use(
        "CTX",
        position,
        "S",
        repeat,
        name,
        R(
            "Context",
            parts=(
                R("Context name", note='"SITUATIONAL TRIGGER", or the field that names the claim: "CLM01".'),
                S("Context value"),
            ),
        ),
        S("Segment"),
        S("Segment position"),
        _LOOP,
        S("Position in segment", parts=_POSITION),
        S(
            "Data element number",
            parts=(
                R("Number", note="Doubt: of a composite where the second is one of its components."),
                S("Number of a component"),
            ),
        ),
        note=note,
    )


def _faults(name: str, codes: str, times: int) -> tuple[ElementUse, ...]:
    return tuple(S(name, codes) for _ in range(times))


ELEMENT_NOTE = loop(
    "2110",
    "S",
    0,
    "Element in error",
    use(
        "IK4",
        600,
        "R",
        1,
        "Element in error",
        R("Position in segment", parts=_POSITION),
        S("Data element number"),
        R("Element fault", "1 2 3 4 5 6 7 8 9 10 12 13 I6 I9 I10 I11 I12 I13"),
        S("Copy of the bad element", note="Left out where the value is too long or holds a delimiter."),
    ),
    _context(700, 10, "Context of the element"),
)

SEGMENT_NOTE = loop(
    "2100",
    "S",
    0,
    "Segment in error",
    use(
        "IK3",
        400,
        "R",
        1,
        "Segment in error",
        R("Segment"),
        R("Segment position", note="ST is 1. Of a missing segment: where it should stand."),
        _LOOP,
        S("Segment fault", "1 2 3 4 5 6 7 8 I4 I6 I7 I8 I9"),
    ),
    _context(500, 10, "Context of the segment", "Up to nine triggers and one that names the claim."),
    ELEMENT_NOTE,
)

SET_RESPONSE = loop(
    "2000",
    "S",
    0,
    "Transaction set answered",
    use(
        "AK2",
        300,
        "R",
        1,
        "Transaction set answered",
        R(
            "Transaction set",
            "270 271 275 276 277 278 820 834 835 837",
            note="Doubt: 275 is in no list seen.",
        ),
        R("Transaction set control number", note="ST02 of the set answered."),
        S("Guide version", note="ST03 of the set answered."),
    ),
    SEGMENT_NOTE,
    use(
        "IK5",
        800,
        "R",
        1,
        "Transaction set result",
        R("Result", " ".join(code for code in _ACKNOWLEDGED.split() if code != "P")),
        *_faults("Transaction set fault", _SET_FAULTS, 5),
    ),
)

GUIDE = Guide(
    version="005010X231A1",
    transaction="999",
    functional_id="FA",
    name="Implementation acknowledgment",
    root=loop(
        "ST",
        "R",
        0,
        "Transaction set",
        set_header(100, "999"),
        use(
            "AK1",
            200,
            "R",
            1,
            "Functional group answered",
            R("Functional identifier", "BE HB HC HI HN HP HR HS PI RA", note="Doubt: PI is in no list seen."),
            R("Group control number", note="GS06 of the group answered."),
            R("Guide version", note="GS08 of the group answered."),
        ),
        SET_RESPONSE,
        use(
            "AK9",
            900,
            "R",
            1,
            "Functional group result",
            R("Result", _ACKNOWLEDGED),
            R("Sets stated", note="GE01 of the group answered."),
            R("Sets received"),
            R("Sets accepted"),
            *_faults("Functional group fault", _GROUP_FAULTS, 5),
        ),
        set_trailer(1000),
    ),
    situations=SITUATIONS,
)
