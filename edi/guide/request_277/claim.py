"""The claim that is asked about (loop 2200D), its lines, and the questions."""

from __future__ import annotations

from edi.guide.notation import R, S, loop, use
from edi.guide.segments import city, contact, date, reference, street
from edi.guide.shape import ElementUse, SegmentUse

_ANY_CODE = "Doubt: no source of the guide gives its codes; any is accepted."
_REPEATED = "The answer repeats it. Doubt: by one source it is the payer's claim number."


def _question(ref: str, name: str) -> tuple[ElementUse, ...]:
    doubt = "Doubt: not used by one source; status codes of other guides have it."
    return (
        R(f"{ref}-1 Category of the request"),
        R(f"{ref}-2 {name}"),
        S(f"{ref}-3 Entity", note=doubt),
        S(f"{ref}-4 Code list", "LOI", note="Absent where the code is a status code."),
    )


def _questions(position: int) -> SegmentUse:
    """STC: what the payer asks for."""
    return use(
        f"STC {position} R >1 What is asked",
        R("STC01 Question"),
        *_question("STC01", "Document asked for"),
        S("STC02 Status date", form="DATE", note="Doubt: one sample has the day until which to answer here."),
        S("STC04 Charge"),
        S("STC10 Time window"),
        *_question("STC10", "Modifier of the time"),
        S("STC11 Item selection"),
        *_question("STC11", "Modifier of the items"),
        S("STC12 Message"),
    )


def _paperwork(position: int) -> SegmentUse:
    return use(
        f"PWK {position} R 1 How to answer",
        R("PWK01 Report type", note=_ANY_CODE),
        S("PWK02 Transmission", note="Doubt: likewise."),
        S("PWK05 Identifier kind", "AC"),
        S("PWK06 Attachment control number"),
    )


_LINE = loop(
    "2220D S >1 Service line that is asked about",
    use(
        "SVC 1800 R 1 Service line",
        R("SVC01 Procedure"),
        R("SVC01-1 Code kind", "AD ER HC HP IV NU WK"),
        R("SVC01-2 Procedure code"),
        *(S(f"SVC01-{part} Modifier") for part in range(3, 7)),
        S("SVC02 Charge"),
        S("SVC04 Revenue code"),
        S("SVC07 Quantity"),
    ),
    _questions(1900),
    reference("REF 2000 S 1 Line's number", "FJ 6R", note="FJ is the payer's, 6R the provider's."),
    date("DTP 2100 S 1 Service date of the line", "472", period=True),
    date("DTP 2100 S 1 Line's day of answer", "106"),
    loop("2225D S 1 How to answer for the line", _paperwork(2300)),
)

CLAIM = loop(
    "2200D R >1 Claim that is asked about",
    use(
        "TRN 900 R 1 Payer's number of the request",
        R("TRN01 Trace kind", "1"),
        R("TRN02 Request number", note=_REPEATED),
    ),
    _questions(1000),
    reference("REF 1100 S 1 Payer's claim control number", "1K"),
    reference("REF 1100 S 1 Type of bill", "BLT"),
    reference("REF 1100 S 1 Clearinghouse's claim number", "D9"),
    reference("REF 1100 S 1 Medical record number", "EA"),
    reference("REF 1100 S 1 Patient control number", "EJ"),
    reference("REF 1100 S 1 Provider's claim number", "X1"),
    date("DTP 1200 S 1 Service date of the claim", "472", period=True),
    date("DTP 1200 S 1 Day of answer", "106", note="Until when the payer waits."),
    loop(
        "2210D S 1 Where to answer",
        _paperwork(1300),
        contact("PER 1400 S 2 Whom to ask", more="UR"),
        use(
            "N1 1500 S 1 Where to answer",
            R("N101 Entity", note=_ANY_CODE),
            S("N102 Name"),
            S("N103 Identifier kind"),
            S("N104 Identifier"),
        ),
        street(1600, "S"),
        city(1700, "S"),
    ),
    _LINE,
    unit=True,
    note="CLM01 stands in REF*EJ or in REF*X1: sources of the two releases name either.",
)
