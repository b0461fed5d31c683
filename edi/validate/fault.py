"""Every kind of fault that validation reports, once: id, SNIP type, category, severity, what to do.

A finding's message comes from the place; everything else about it stands here. SNIP types as WEDI names them: 1 syntax, 2 guide,
3 balance, 4 situation, 5 external code, 7 trading partner.
"""

from __future__ import annotations

from typing import NamedTuple

from edi.finding import Category, Severity
from edi.guide.registry import VERSIONS


class Fault(NamedTuple):
    """One kind of fault. `fix` may be overruled where the place knows better."""

    snip: int
    fix: str
    severity: Severity = "error"
    category: Category = "format"


FAULTS: dict[str, Fault] = {
    # The envelope
    "X12-ENVELOPE": Fault(
        1, "Send ISA, GS, ST, the transaction, SE, GE, IEA, each opening with its own closing segment."
    ),
    "X12-COUNT": Fault(
        1, "Write the true count; a wrong one means that something was lost or added on the way."
    ),
    "X12-CONTROL-NUMBER": Fault(1, "Repeat the control number of the opening segment in the closing one."),
    "X12-CONTROL-NUMBER-REUSED": Fault(1, "Give each one a control number of its own."),
    "X12-TERMINATOR": Fault(1, "End the last segment as all others end.", "warning"),
    "X12-TERMINATOR-LOST": Fault(1, "End every segment with the terminator that the ISA ends with."),
    "X12-SEGMENT-BLANKS": Fault(1, "Take out the blanks before and after the segments."),
    "X12-SEGMENT-BROKEN": Fault(1, "Send the file without line breaks inside segments."),
    "X12-SEPARATOR-BLANKS": Fault(1, "Take out the blanks beside the separators.", "warning"),
    "X12-GROUP": Fault(1, "Send in GS01 the functional identifier that goes with the guide in GS08."),
    "X12-VERSION": Fault(
        1,
        "Check the file with a program that reads its guide, or send the true guide in GS08 and ST03; read here are "
        f"{', '.join(VERSIONS)}.",
    ),
    "X12-VERSION-RELATIVE": Fault(
        1, "Send the version that stands for it here: it is the one that receivers list.", "warning"
    ),
    "X12-CLAIM-REPEATED": Fault(
        4, "Send a claim once; one that was wrong is replaced or voided (CLM05-3).", "warning", "duplicate"
    ),
    "X12-TRUNCATED": Fault(1, "Send the file again: its end is missing."),
    # Segments
    "X12-SEGMENT-UNKNOWN": Fault(2, "Take the segment out; this transaction does not have it."),
    "X12-SEGMENT-EMPTY": Fault(1, "Take out one of two segment terminators in a row."),
    "X12-SEGMENT-UNEXPECTED": Fault(
        2, "Take the segment out, or send first the segment that opens its loop."
    ),
    "X12-SEGMENT-ORDER": Fault(2, "Move the segment to its place in the loop."),
    "X12-SEGMENT-MISSING": Fault(2, "Send the segment."),
    "X12-SEGMENT-REPEAT": Fault(2, "Send the segment no more often than the guide allows."),
    "X12-SEGMENT-LONG": Fault(1, "Look for a lost segment terminator."),
    "X12-LOOP-MISSING": Fault(2, "Send the loop, beginning with the segment that opens it."),
    "X12-LOOP-REPEAT": Fault(2, "Send the loop no more often than the guide allows."),
    # Elements
    "X12-ELEMENT-MISSING": Fault(2, "Send the element."),
    "X12-ELEMENT-NOT-USED": Fault(2, "Leave the element empty."),
    "X12-ELEMENT-EXTRA": Fault(1, "Take out what comes after the segment's last element."),
    "X12-ELEMENT-TRAILING": Fault(1, "End the segment after its last element that holds something."),
    "X12-ELEMENT-SHORT": Fault(1, "Send the element at its least length."),
    "X12-ELEMENT-LONG": Fault(1, "Shorten the element."),
    "X12-ELEMENT-TYPE": Fault(
        1, "Write a number without signs, spaces or separators other than the decimal point."
    ),
    "X12-AMOUNT-DECIMALS": Fault(2, "Write dollars and cents: at most two decimals.", category="charge"),
    "X12-ELEMENT-CHARACTER": Fault(1, "Use only characters of the X12 basic and extended sets."),
    "X12-ELEMENT-CODE": Fault(2, "Send one of the codes that the guide allows here."),
    "X12-ELEMENT-FORM": Fault(5, "Write the value in the form that its code source gives it."),
    "X12-ELEMENT-REPEAT": Fault(2, "Send the element no more often than the guide allows."),
    "X12-ELEMENT-RELATION": Fault(1, "Send the elements together, as the segment's syntax demands."),
    # Payloads
    "X12-BINARY-LENGTH": Fault(
        1, "State the number of octets of the payload as it is sent, after any filter and encoding."
    ),
    "X12-BINARY-CUT": Fault(1, "Send the file again whole, and state the true number of octets."),
    "X12-BINARY-FILTER": Fault(1, "Send the whole payload in base64, or BDS01 ASC where it is not."),
    "X12-BINARY-ENCODING": Fault(
        1, "Encode the file as its Content-Transfer-Encoding says: base64, or none."
    ),
    "X12-BINARY-UNNAMED": Fault(
        1, "Begin the payload with MIME-Version, Content-Type and Content-Transfer-Encoding.", "warning"
    ),
    # Hierarchy
    "X12-HL-NUMBER": Fault(2, "Number the HL segments 1, 2, 3 through the transaction set."),
    "X12-HL-PARENT": Fault(2, "Name in HL02 the HL01 of the level above."),
    "X12-HL-CHILD": Fault(4, "Set HL04 to 1 when levels below follow, else to 0."),
}
