"""The attachments themselves (loop 2000A and below), and a 275 guide made of head, body and the loop of the payload.

Positions of the standard's second table are counted on from 2000.
"""

from __future__ import annotations

from edi.guide.attachment_275.head import (
    BEGINNING,
    PATIENT,
    PAYER,
    PROVIDER,
    SUBMITTER,
    TRANSACTION_HEADER,
)
from edi.guide.attachment_275.situations import SITUATIONS
from edi.guide.notation import loop, use
from edi.guide.segments import date, reference, set_trailer
from edi.guide.shape import ElementUse, Guide, Loop, R, S, SegmentUse

_TRACE = use(
    "TRN",
    2150,
    "R",
    1,
    "Control number of the attachment or the request",
    R("Trace kind", "1 2"),
    R(
        "Control number",
        note="With 1 the number in PWK06 of the claim, with 2 the payer's from TRN02 of its 277. "
        "Doubt: later releases allow 80 characters; PWK06 holds 50.",
    ),
    2,
)


def _question(name: str) -> tuple[ElementUse | int, ...]:
    return (
        R("Category of the request"),
        R(
            name,
            note="Doubt: one table puts it into the first component; samples and the 277 into the second.",
        ),
        1,
        S("Code list", "LOI", note="Absent where the code is a status code."),
    )


_ASKED = use(
    "STC",
    2175,
    "S",
    3,
    "What was asked",
    R("Question", parts=_question("Document asked for")),
    S("Status date", form="DATE", note="Doubt: in samples of the request, in none of the answer."),
    7,
    S("Time window", parts=_question("Modifier of the time")),
    S("Item selection", parts=_question("Modifier of the items")),
    1,
    note="As it stands in the 277 that asked.",
)

_SERVICE_LINE = loop(
    "2100A",
    "S",
    1,
    "Service line's date",
    date(2600, "R", "472", "Service date of the line", period=True),
)


def payload(length: str, binary: str) -> tuple[ElementUse, ElementUse]:
    """The two elements of a payload: its length, and its octets."""
    return (
        R(length, form="OCTETS", note="Octets as sent, after any filter."),
        R(binary, note="Read by the count before it: it may hold delimiters."),
    )


def attachment_guide(version: str, interchange: str, object_kind: SegmentUse, octets: SegmentUse) -> Guide:
    """A 275 guide: `object_kind` opens the loop of the payload, `octets` holds it."""
    return Guide(
        version=version,
        transaction="275",
        functional_id="PI",
        name="Attachment to a claim",
        interchange=interchange,
        unit="attachment",
        root=loop(
            "ST",
            "R",
            0,
            "Transaction set",
            TRANSACTION_HEADER,
            BEGINNING,
            PAYER,
            SUBMITTER,
            PROVIDER,
            PATIENT,
            _attachment(object_kind, octets),
            set_trailer(3100),
        ),
        situations=SITUATIONS,
    )


def _attachment(object_kind: SegmentUse, octets: SegmentUse) -> Loop:
    return loop(
        "2000A",
        "R",
        0,
        "Attachment",
        use("LX", 2100, "R", 1, "Attachment", R("Attachment number", form="COUNTER", note="1, 2, 3 ...")),
        _TRACE,
        _ASKED,
        reference(2500, "S", 1, "FJ 6R", "Line's number", note="FJ is the payer's, 6R the provider's."),
        reference(
            2500,
            "S",
            3,
            "CPT F8 FO PRT RB SK VP YJ ZZ",
            "Line's procedure",
            note="Doubt: the codes are one vendor's.",
        ),
        _SERVICE_LINE,
        loop(
            "2100B",
            "R",
            1,
            "Attachment's date and format",
            date(2600, "R", "368", "Date submitted"),
            use(
                "CAT",
                2700,
                "R",
                1,
                "Format of the attachment",
                R("Kind of report", "AE"),
                R(
                    "Format of the attachment",
                    "AC HL IA MB TX",
                    note="HL in 006020X314 by law and Medicare, IA by one payer; TX and IA in 005010X210.",
                ),
                S("Format version"),
                4,
            ),
            loop("2110B", "R", 1, "Payload", object_kind, octets),
            note="Doubt: a sister guide (006020X316) calls it 2100A.",
        ),
        unit=True,
    )
