"""Loops 2000A to 2000D of the request: who asks whom, and about which patient's claims."""

from __future__ import annotations

from edi.guide.notation import loop, use
from edi.guide.request_277.claim import CLAIM
from edi.guide.segments import contact, organization, provider, set_header, set_trailer
from edi.guide.shape import Guide, R, S, SegmentUse

_HEADER = (
    set_header(100, "277"),
    use(
        "BHT",
        200,
        "R",
        1,
        "Beginning of the request",
        R("Structure", "0085"),
        R("Purpose", note="Doubt: no source of the guide gives its codes; any is accepted."),
        R("Reference number"),
        R("Date written", form="DATE"),
        S("Time written", form="TM"),
        S("Transaction kind", note="Doubt: no source of the guide gives its codes; any is accepted."),
    ),
)


def _level(code: str, name: str, children: str) -> SegmentUse:
    parent = 1 if code == "20" else R("Parent level", form="LEVEL")
    return use(
        "HL",
        100,
        "R",
        1,
        name,
        R("Level number", form="LEVEL", note="1, 2, 3 ... through the transaction set."),
        parent,
        R("Level", code),
        S("Levels below", children, note="Doubt: published files leave it out at the patient."),
    )


_PATIENT = loop(
    "2000D",
    "R",
    0,
    "Patient level",
    _level("22 23 PT", "Patient level", "0"),
    loop(
        "2100D",
        "R",
        1,
        "Patient's name",
        use(
            "NM1",
            500,
            "R",
            1,
            "Patient's name",
            R("Entity", "QC"),
            R("Person or organization", "1"),
            R("Last name"),
            S("First name"),
            S("Middle name"),
            1,
            S("Suffix"),
            S("Identifier kind", "II MI"),
            S("Member identifier"),
            3,
        ),
    ),
    CLAIM,
    note="Doubt: the code of the level is told by no source of the guide; PT, 22 and 23 are accepted.",
    at=1700,
)

_PROVIDER = loop(
    "2000C",
    "R",
    0,
    "Provider level",
    _level("19", "Provider level", "0 1"),
    loop("2100C", "R", 1, "Provider's name", provider(500, "1P", "Provider", "1 2")),
    _PATIENT,
    at=1500,
)

_RECEIVER = loop(
    "2000B",
    "R",
    1,
    "Receiver level",
    _level("21", "Receiver level", "1"),
    loop(
        "2100B",
        "R",
        1,
        "Receiver's name",
        use(
            "NM1",
            500,
            "R",
            1,
            "Receiver's name",
            R("Entity", "41"),
            R("Person or organization", "1 2"),
            R("Last or organization name"),
            S("First name"),
            S("Middle name"),
            1,
            S("Suffix"),
            R("Identifier kind", "46"),
            R("Receiver identifier"),
            3,
        ),
    ),
    _PROVIDER,
    at=1300,
)

_PAYER = loop(
    "2000A",
    "R",
    1,
    "Payer level",
    _level("20", "Payer level", "1"),
    loop(
        "2100A",
        "R",
        1,
        "Payer's name",
        organization(500, "PR", "Payer", "PI XV"),
        contact(900, "S", "Payer's contact", more="UR"),
    ),
    _RECEIVER,
    at=1100,
)


def request_guide(version: str, interchange: str) -> Guide:
    """The guide of one release."""
    return Guide(
        version=version,
        transaction="277",
        functional_id="HN",
        name="Request for more about a claim",
        interchange=interchange,
        root=loop(
            "ST",
            "R",
            0,
            "Transaction set",
            *_HEADER,
            _PAYER,
            set_trailer(2700),
        ),
    )
