"""The acknowledgment of a functional group, 999 by guide 005010X231A1, as data.

Where public sources disagree, the reading that accepts more stands here and a note beside it says "Doubt"; the licensed
guide itself was not read.
"""

from __future__ import annotations

from edi.guide.ack_999.situations import SITUATIONS
from edi.guide.notation import R, S, loop, use
from edi.guide.segments import set_header, set_trailer
from edi.guide.shape import ElementUse, Guide, SegmentUse

_SET_RESULTS = "A E M R W X"
_GROUP_RESULTS = "A E M P R W X"
_SET_FAULTS = "1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18 19 23 24 25 26 27 I5 I6"
_GROUP_FAULTS = "1 2 3 4 5 6 10 11 12 13 14 15 16 17 18 19 23 24 25 26"
_SETS = "270 271 275 276 277 278 820 834 835 837"
_GROUPS = "BE HB HC HI HN HP HR HS PI RA"
_LOOP_LENGTH = "Doubt: the standard has 4 characters, the ids of guides up to 6; both are accepted."
_CONTEXTS = "Doubt: the guide lists it once, the standard ten times, and some send it so; it is accepted."


def _position(ref: str) -> tuple[ElementUse, ...]:
    """The components of a position in a segment."""
    return R(f"{ref}-1 Element"), S(f"{ref}-2 Component"), S(f"{ref}-3 Repetition")


def _context(header: str, note: str = "") -> SegmentUse:
    """CTX: what the fault hangs on."""
    return use(
        header,
        R("CTX01 Context", repeat=10, note=_CONTEXTS),
        R("CTX01-1 Context name", note='"SITUATIONAL TRIGGER", or the field that names the claim: "CLM01".'),
        S("CTX01-2 Context value"),
        S("CTX02 Segment"),
        S("CTX03 Segment position"),
        S("CTX04 Loop", note=_LOOP_LENGTH),
        S("CTX05 Position in segment"),
        *_position("CTX05"),
        S("CTX06 Data element number"),
        R("CTX06-1 Number", note="Doubt: of a composite where the second is one of its components."),
        S("CTX06-2 Number of a component"),
        note=note,
    )


_ELEMENT_IN_ERROR = loop(
    "2110 S >1 Element in error",
    use(
        "IK4 600 R 1 Element in error",
        R("IK401 Position in segment"),
        *_position("IK401"),
        S("IK402 Data element number"),
        R("IK403 Element fault", "1 2 3 4 5 6 7 8 9 10 12 13 I6 I9 I10 I11 I12 I13"),
        S("IK404 Copy of the bad element", note="Left out where the value is too long or holds a delimiter."),
    ),
    _context("CTX 700 S 10 Context of the element"),
)

_SEGMENT_IN_ERROR = loop(
    "2100 S >1 Segment in error",
    use(
        "IK3 400 R 1 Segment in error",
        R("IK301 Segment"),
        R("IK302 Segment position", note="ST is 1. Of a missing segment: where it should stand."),
        S("IK303 Loop", note=_LOOP_LENGTH),
        S("IK304 Segment fault", "1 2 3 4 5 6 7 8 I4 I6 I7 I8 I9"),
    ),
    _context("CTX 500 S 10 Context of the segment", "Up to nine triggers and one that names the claim."),
    _ELEMENT_IN_ERROR,
)

_SET_RESPONSE = loop(
    "2000 S >1 Transaction set answered",
    use(
        "AK2 300 R 1 Transaction set answered",
        R("AK201 Transaction set", _SETS, note="Doubt: 275 is in no list seen."),
        R("AK202 Transaction set control number", note="ST02 of the set answered."),
        S("AK203 Guide version", note="ST03 of the set answered."),
    ),
    _SEGMENT_IN_ERROR,
    use(
        "IK5 800 R 1 Transaction set result",
        R("IK501 Result", _SET_RESULTS),
        *(S(f"IK5{place:02} Transaction set fault", _SET_FAULTS) for place in range(2, 7)),
    ),
)

GUIDE = Guide(
    version="005010X231A1",
    transaction="999",
    functional_id="FA",
    name="Implementation acknowledgment",
    root=loop(
        "ST R >1 Transaction set",
        set_header(100, "999"),
        use(
            "AK1 200 R 1 Functional group answered",
            R("AK101 Functional identifier", _GROUPS, note="Doubt: PI is in no list seen."),
            R("AK102 Group control number", note="GS06 of the group answered."),
            R("AK103 Guide version", note="GS08 of the group answered."),
        ),
        _SET_RESPONSE,
        use(
            "AK9 900 R 1 Functional group result",
            R("AK901 Result", _GROUP_RESULTS),
            R("AK902 Sets stated", note="GE01 of the group answered."),
            R("AK903 Sets received"),
            R("AK904 Sets accepted"),
            *(S(f"AK9{place:02} Functional group fault", _GROUP_FAULTS) for place in range(5, 10)),
        ),
        set_trailer(1000),
    ),
    situations=SITUATIONS,
)
