"""Findings on payloads: the rule and the message for each stand-in that the reader puts in place of a payload
(`edi.x12.binary`, `edi.x12.mime`)."""

from __future__ import annotations

from edi.x12 import mime
from edi.x12.binary import COUNTED, CUT, LOST

_FAULTS = {
    CUT: ("X12-BINARY-CUT", "ends with the file: there are fewer octets than stated."),
    LOST: (
        "X12-BINARY-LENGTH",
        "is shorter than stated: the segments after it would be taken for it. Nothing after it was read.",
    ),
    mime.NOT_FILTERED: ("X12-BINARY-FILTER", "is not base64, as the filter before it says."),
    mime.NOT_ENCODED: ("X12-BINARY-ENCODING", "holds a file that is not encoded as its own header says."),
    mime.UNNAMED: (
        "X12-BINARY-UNNAMED",
        "does not say what is in it: it has no MIME header with a Content-Type.",
    ),
}


def payload_fault(stand_in: str) -> tuple[str, str]:
    """The rule, and what the payload does, for a stand-in other than that of a whole payload."""
    if stand_in.startswith(COUNTED):
        return (
            "X12-BINARY-LENGTH",
            f"has {stand_in.removeprefix(COUNTED)} octets, which is not what is stated.",
        )
    return _FAULTS[stand_in]
