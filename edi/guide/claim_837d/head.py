"""The head of an 837D: ST, BHT, submitter and receiver."""

from __future__ import annotations

from edi.guide.notation import R, S, loop, use
from edi.guide.segments import contact, organization, set_header

HEAD = (
    set_header(50, "837"),
    use(
        "BHT 100 R 1 Beginning of the claims",
        R("BHT01 Hierarchical structure", "0019"),
        R("BHT02 Purpose", "00 18"),
        R("BHT03 Batch number", note="Receivers keep 30 characters."),
        R("BHT04 Date written", form="DATE"),
        R("BHT05 Time written", form="TM"),
        R(
            "BHT06 Claims or encounters",
            "31 CH RP",
            note="Doubt: 31 may come from other guides; it is accepted.",
        ),
    ),
    loop(
        "1000A R 1 Submitter",
        use(
            "NM1 200 R 1 Submitter",
            R("NM101 Entity", "41"),
            R("NM102 Person or organization", "1 2"),
            R("NM103 Last or organization name"),
            S("NM104 First name"),
            S("NM105 Middle name"),
            R("NM108 Identifier kind", "46"),
            R("NM109 Submitter identifier"),
        ),
        contact("PER 450 R 2 Submitter's contact"),
    ),
    loop("1000B R 1 Receiver", organization("NM1 200 R 1 Receiver", "40", "46")),
)
