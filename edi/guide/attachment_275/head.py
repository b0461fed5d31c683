"""The head of a 275: who sends, to whom, and about which claim of which patient (loops 1000A to 1000D)."""

from __future__ import annotations

from edi.guide.notation import loop, use
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
)
from edi.guide.shape import R, S

_EITHER = "Doubt: a vendor requires it, samples send it or not; either is accepted in both guides."

TRANSACTION_HEADER = set_header(100, "275")

BEGINNING = use(
    "BGN",
    200,
    "R",
    1,
    "Beginning of the attachments",
    R("Purpose", "02 11", note="Some payers take 02 only."),
    R("Reference number", note="With 11, a vendor sends the payer's number here too."),
    R("Date written", form="DATE"),
    S("Time written", form="TM"),
    S("Time zone", "CD CS CT ED ES ET GM LT MD MS MT PD PS PT UT"),
    4,
)

PAYER = loop(
    "1000A",
    "R",
    1,
    "Payer",
    organization(500, "PR", "Payer", "PI XV"),
    contact(900, "S", "Payer's contact"),
)

SUBMITTER = loop(
    "1000B",
    "R",
    1,
    "Submitter",
    use(
        "NM1",
        500,
        "R",
        1,
        "Submitter",
        R("Entity", "41"),
        R("Person or organization", "1 2"),
        R("Last or organization name"),
        S("First name"),
        S("Middle name"),
        1,
        S("Suffix"),
        R("Identifier kind", "46"),
        R("Submitter identifier"),
        3,
    ),
    contact(900, "S", "Submitter's contact", "Doubt: in the standard, in no source of the guide."),
)

PROVIDER = loop(
    "1000C",
    "R",
    1,
    "Provider",
    provider(500, "1P", "Provider", "1 2"),
    specialty(800, "S", "BI PE", "Provider's specialty", "Doubt: BI by two vendors; PE is accepted."),
    reference(1000, "S", 5, "0B 1G G2 LU", "Provider's secondary identifier"),
    loop(
        "1100C",
        "S",
        1,
        "Provider's address",
        use("NX1", 1100, "R", 1, "Provider's address", R("Entity", "1P"), 4),
        street(1200),
        city(1300),
        note="Doubt: a vendor demands it; published samples of 006020X314 do without.",
    ),
)

PATIENT = loop(
    "1000D",
    "R",
    1,
    "Patient",
    use(
        "NM1",
        500,
        "R",
        1,
        "Patient",
        R("Entity", "QC"),
        R("Person or organization", "1"),
        R("Last name"),
        S("First name"),
        S("Middle name"),
        1,
        S("Suffix"),
        R("Identifier kind", "MI"),
        R("Member number", note="The subscriber's, of a dependent too."),
        3,
    ),
    reference(
        1000, "S", 1, "EJ", "Patient control number", note=f"CLM01 of the claim in 005010X210. {_EITHER}"
    ),
    reference(
        1000, "S", 1, "X1", "Provider's claim number", note=f"CLM01 of the claim in 006020X314. {_EITHER}"
    ),
    reference(1000, "S", 1, "EA", "Medical record number"),
    reference(1000, "S", 1, "D9", "Clearinghouse's claim number", note="Some keep 20 characters."),
    reference(1000, "S", 1, "BLT", "Type of bill", note="Doubt: by one vendor, for hospitals."),
    date(1050, "S", "472", "Service date of the claim", period=True),
)
