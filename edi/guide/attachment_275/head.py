"""The head of a 275: who sends, to whom, and about which claim of which patient (loops 1000A to 1000D)."""

from __future__ import annotations

from edi.guide.notation import R, S, loop, use
from edi.guide.segments import (
    city,
    contact,
    date,
    organization,
    provider,
    reference,
    set_header,
    specialty,
    street,
    submitter,
)

_EITHER = "Doubt: a vendor requires it, samples send it or not; either is accepted in both guides."
_CLAIM_NUMBER_210 = f"CLM01 of the claim in 005010X210. {_EITHER}"
_CLAIM_NUMBER_314 = f"CLM01 of the claim in 006020X314. {_EITHER}"

HEAD = (
    set_header(100, "275"),
    use(
        "BGN 200 R 1 Beginning of the attachments",
        R("BGN01 Purpose", "02 11", note="Some payers take 02 only."),
        R("BGN02 Reference number", note="With 11, a vendor sends the payer's number here too."),
        R("BGN03 Date written", form="DATE"),
        S("BGN04 Time written", form="TM"),
        S("BGN05 Time zone", "CD CS CT ED ES ET GM LT MD MS MT PD PS PT UT"),
    ),
    loop(
        "1000A R 1 Payer",
        organization("NM1 500 R 1 Payer", "PR", "PI XV"),
        contact("PER 900 S 2 Payer's contact"),
    ),
    loop(
        "1000B R 1 Submitter",
        submitter("NM1 500 R 1 Submitter", "Submitter identifier"),
        contact("PER 900 S 2 Submitter's contact", "Doubt: in the standard, in no source of the guide."),
    ),
    loop(
        "1000C R 1 Provider",
        provider("NM1 500 R 1 Provider", "1P", "1 2"),
        specialty("PRV 800 S 1 Provider's specialty", "BI PE", "Doubt: BI by two vendors; PE is accepted."),
        reference("REF 1000 S 5 Provider's secondary identifier", "0B 1G G2 LU"),
        loop(
            "1100C S 1 Provider's address",
            use("NX1 1100 R 1 Provider's address", R("NX101 Entity", "1P")),
            street(1200),
            city(1300),
            note="Doubt: a vendor demands it; published samples of 006020X314 do without.",
        ),
    ),
    loop(
        "1000D R 1 Patient",
        use(
            "NM1 500 R 1 Patient",
            R("NM101 Entity", "QC"),
            R("NM102 Person or organization", "1"),
            R("NM103 Last name"),
            S("NM104 First name"),
            S("NM105 Middle name"),
            S("NM107 Suffix"),
            R("NM108 Identifier kind", "MI"),
            R("NM109 Member number", note="The subscriber's, of a dependent too."),
        ),
        reference("REF 1000 S 1 Patient control number", "EJ", note=_CLAIM_NUMBER_210),
        reference("REF 1000 S 1 Provider's claim number", "X1", note=_CLAIM_NUMBER_314),
        reference("REF 1000 S 1 Medical record number", "EA"),
        reference("REF 1000 S 1 Clearinghouse's claim number", "D9", note="Some keep 20 characters."),
        reference("REF 1000 S 1 Type of bill", "BLT", note="Doubt: by one vendor, for hospitals."),
        date("DTP 1050 S 1 Service date of the claim", "472", period=True),
    ),
)
