"""Loops 2000A to 2000D of the request: who asks whom, and about which patient's claims."""

from __future__ import annotations

from edi.guide.notation import R, S, loop, use
from edi.guide.request_277.claim import CLAIM
from edi.guide.segments import contact, level, organization, provider, set_header, set_trailer, submitter
from edi.guide.shape import ElementUse, Guide

_ANY_CODE = "Doubt: no source of the guide gives its codes; any is accepted."


def _below(codes: str) -> ElementUse:
    return S("HL04 Has levels below", codes, note="Doubt: published files leave it out at the patient.")


_PATIENT_LEVEL = loop(
    "2000D R >1 Patient level",
    level("HL 100 R 1 Patient level", "22 23 PT", _below("0")),
    loop(
        "2100D R 1 Patient's name",
        use(
            "NM1 500 R 1 Patient's name",
            R("NM101 Entity", "QC"),
            R("NM102 Person or organization", "1"),
            R("NM103 Last name"),
            S("NM104 First name"),
            S("NM105 Middle name"),
            S("NM107 Suffix"),
            S("NM108 Identifier kind", "II MI"),
            S("NM109 Member identifier"),
        ),
    ),
    CLAIM,
    note="Doubt: the code of the level is told by no source of the guide; PT, 22 and 23 are accepted.",
    at=1700,
)

_PROVIDER_LEVEL = loop(
    "2000C R >1 Provider level",
    level("HL 100 R 1 Provider level", "19", _below("0 1")),
    loop("2100C R 1 Provider's name", provider("NM1 500 R 1 Provider", "1P", "1 2")),
    _PATIENT_LEVEL,
    at=1500,
)

_RECEIVER_LEVEL = loop(
    "2000B R 1 Receiver level",
    level("HL 100 R 1 Receiver level", "21", _below("1")),
    loop(
        "2100B R 1 Receiver's name",
        submitter("NM1 500 R 1 Receiver's name", "Receiver identifier"),
    ),
    _PROVIDER_LEVEL,
    at=1300,
)

_PAYER_LEVEL = loop(
    "2000A R 1 Payer level",
    level("HL 100 R 1 Payer level", "20", _below("1"), top=True),
    loop(
        "2100A R 1 Payer's name",
        organization("NM1 500 R 1 Payer", "PR", "PI XV"),
        contact("PER 900 S 2 Payer's contact", more="UR"),
    ),
    _RECEIVER_LEVEL,
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
            "ST R >1 Transaction set",
            set_header(100, "277"),
            use(
                "BHT 200 R 1 Beginning of the request",
                R("BHT01 Structure", "0085"),
                R("BHT02 Purpose", note=_ANY_CODE),
                R("BHT03 Reference number"),
                R("BHT04 Date written", form="DATE"),
                S("BHT05 Time written", form="TM"),
                S("BHT06 Transaction kind", note=_ANY_CODE),
            ),
            _PAYER_LEVEL,
            set_trailer(2700),
        ),
    )
