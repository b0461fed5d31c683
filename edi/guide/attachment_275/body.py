"""The attachments themselves (loop 2000A and below), and a 275 guide made of head, body and the loop of the payload.

Positions of the standard's second table are counted on from 2000.
"""

from __future__ import annotations

from edi.guide.attachment_275.head import HEAD
from edi.guide.attachment_275.situations import SITUATIONS
from edi.guide.notation import R, S, loop, use
from edi.guide.segments import date, reference, set_trailer
from edi.guide.shape import ElementUse, Guide, Loop, SegmentUse

_PROCEDURES = "CPT F8 FO PRT RB SK VP YJ ZZ"


def attachment_guide(version: str, interchange: str, object_kind: SegmentUse, octets: SegmentUse) -> Guide:
    """A 275 guide: `object_kind` opens the loop of the payload, `octets` holds it."""
    return Guide(
        version=version,
        transaction="275",
        functional_id="PI",
        name="Attachment to a claim",
        interchange=interchange,
        unit="attachment",
        root=loop("ST R >1 Transaction set", *HEAD, _attachment(object_kind, octets), set_trailer(3100)),
        situations=SITUATIONS,
    )


def payload(length_ref: str, payload_ref: str) -> tuple[ElementUse, ElementUse]:
    """The two elements of a payload: its length, and its octets."""
    return (
        R(f"{length_ref} Length of the payload", form="OCTETS", note="Octets as sent, after any filter."),
        R(f"{payload_ref} Payload", note="Read by the count before it: it may hold delimiters."),
    )


def _question(ref: str, name: str) -> tuple[ElementUse, ...]:
    doubt = "Doubt: one table puts it into the first component; samples and the 277 into the second."
    return (
        R(f"{ref}-1 Category of the request"),
        R(f"{ref}-2 {name}", note=doubt),
        S(f"{ref}-4 Code list", "LOI", note="Absent where the code is a status code."),
    )


def _attachment(object_kind: SegmentUse, octets: SegmentUse) -> Loop:
    return loop(
        "2000A R >1 Attachment",
        use("LX 2100 R 1 Attachment", R("LX01 Attachment number", form="COUNTER", note="1, 2, 3 ...")),
        use(
            "TRN 2150 R 1 Control number of the attachment or the request",
            R("TRN01 Trace kind", "1 2"),
            R(
                "TRN02 Control number",
                note="With 1 the number in PWK06 of the claim, with 2 the payer's from TRN02 of its 277. "
                "Doubt: later releases allow 80 characters; PWK06 holds 50.",
            ),
        ),
        use(
            "STC 2175 S 3 What was asked",
            R("STC01 Question"),
            *_question("STC01", "Document asked for"),
            S(
                "STC02 Status date",
                form="DATE",
                note="Doubt: in samples of the request, in none of the answer.",
            ),
            S("STC10 Time window"),
            *_question("STC10", "Modifier of the time"),
            S("STC11 Item selection"),
            *_question("STC11", "Modifier of the items"),
            note="As it stands in the 277 that asked.",
        ),
        reference("REF 2500 S 1 Line's number", "FJ 6R", note="FJ is the payer's, 6R the provider's."),
        reference("REF 2500 S 3 Line's procedure", _PROCEDURES, note="Doubt: the codes are one vendor's."),
        loop(
            "2100A S 1 Service line's date",
            date("DTP 2600 R 1 Service date of the line", "472", period=True),
        ),
        loop(
            "2100B R 1 Attachment's date and format",
            date("DTP 2600 R 1 Date submitted", "368"),
            use(
                "CAT 2700 R 1 Format of the attachment",
                R("CAT01 Kind of report", "AE"),
                R(
                    "CAT02 Format of the attachment",
                    "AC HL IA MB TX",
                    note="HL in 006020X314 by law and Medicare, IA by one payer; TX and IA in 005010X210.",
                ),
                S("CAT03 Format version"),
            ),
            loop("2110B R 1 Payload", object_kind, octets),
            note="Doubt: a sister guide (006020X316) calls it 2100A.",
        ),
        unit=True,
    )
