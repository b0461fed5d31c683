"""The claim that is asked about (loop 2200D), its lines, and the questions."""

from __future__ import annotations

from edi.guide.notation import loop, use
from edi.guide.segments import city, contact, date, reference, street
from edi.guide.shape import ElementUse, R, S, SegmentUse

_TRACE = use(
    "TRN",
    900,
    "R",
    1,
    "Payer's number of the request",
    R("Trace kind", "1"),
    R("Request number", note="The answer repeats it. Doubt: by one source it is the payer's claim number."),
    2,
)


def _question(name: str) -> tuple[ElementUse | int, ...]:
    return (
        R("Category of the request"),
        R(name),
        S("Entity", note="Doubt: not used by one source; status codes of other guides have it."),
        S("Code list", "LOI", note="Absent where the code is a status code."),
    )


def _asked(position: int) -> SegmentUse:
    return use(
        "STC",
        position,
        "R",
        0,
        "What is asked",
        R("Question", parts=_question("Document asked for")),
        S("Status date", form="DATE", note="Doubt: one sample has the day until which to answer here."),
        1,
        S("Charge"),
        5,
        S("Time window", parts=_question("Modifier of the time")),
        S("Item selection", parts=_question("Modifier of the items")),
        S("Message"),
    )


def _paperwork(position: int) -> SegmentUse:
    return use(
        "PWK",
        position,
        "R",
        1,
        "How to answer",
        R("Report type", note="Doubt: no source of the guide gives its codes; any is accepted."),
        S("Transmission", note="Doubt: likewise."),
        2,
        S("Identifier kind", "AC"),
        S("Attachment control number"),
        3,
    )


_ANSWER_TO = loop(
    "2210D",
    "S",
    1,
    "Where to answer",
    _paperwork(1300),
    contact(1400, "S", "Whom to ask", more="UR"),
    use(
        "N1",
        1500,
        "S",
        1,
        "Where to answer",
        R("Entity", note="Doubt: no source of the guide gives its codes; any is accepted."),
        S("Name"),
        S("Identifier kind"),
        S("Identifier"),
        2,
    ),
    street(1600, "S"),
    city(1700, "S"),
)

_LINE = loop(
    "2220D",
    "S",
    0,
    "Service line that is asked about",
    use(
        "SVC",
        1800,
        "R",
        1,
        "Service line",
        R(
            "Procedure",
            parts=(R("Code kind", "AD ER HC HP IV NU WK"), R("Procedure code"), *[S("Modifier")] * 4, 2),
        ),
        S("Charge"),
        1,
        S("Revenue code"),
        2,
        S("Quantity"),
    ),
    _asked(1900),
    reference(2000, "S", 1, "FJ 6R", "Line's number", note="FJ is the payer's, 6R the provider's."),
    date(2100, "S", "472", "Service date of the line", period=True),
    date(2100, "S", "106", "Line's day of answer"),
    loop("2225D", "S", 1, "How to answer for the line", _paperwork(2300)),
)

CLAIM = loop(
    "2200D",
    "R",
    0,
    "Claim that is asked about",
    _TRACE,
    _asked(1000),
    *(
        reference(1100, "S", 1, code, name)
        for code, name in (
            ("1K", "Payer's claim control number"),
            ("BLT", "Type of bill"),
            ("D9", "Clearinghouse's claim number"),
            ("EA", "Medical record number"),
            ("EJ", "Patient control number"),
            ("X1", "Provider's claim number"),
        )
    ),
    date(1200, "S", "472", "Service date of the claim", period=True),
    date(1200, "S", "106", "Day of answer", note="Until when the payer waits."),
    _ANSWER_TO,
    _LINE,
    unit=True,
    note="CLM01 stands in REF*EJ or in REF*X1: sources of the two releases name either.",
)
