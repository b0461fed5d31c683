"""The subscriber's level (2000B) and the patient's (2000C), around the claims they carry."""

from __future__ import annotations

from edi.guide.claim_837d.claim import CLAIM
from edi.guide.notation import loop, use
from edi.guide.segments import (
    FILING_INDICATORS,
    INSURANCE_TYPES,
    RELATIONSHIPS,
    RESPONSIBILITIES,
    city,
    demographics,
    organization,
    reference,
    street,
)
from edi.guide.shape import R, S

_WHEN_PATIENT = "Required when the subscriber is the patient."

SUBSCRIBER = use(
    "SBR",
    50,
    "R",
    1,
    "Subscriber",
    R("Payer's turn", RESPONSIBILITIES),
    S("Relationship", "18", note="Present when the subscriber is the patient."),
    S("Group or policy number"),
    S("Group name", note="Only when there is no group number."),
    S(
        "Insurance type",
        INSURANCE_TYPES,
        note="Where Medicare is not primary. Doubt: one source has it not used; it is accepted.",
    ),
    3,
    S("Claim filing indicator", FILING_INDICATORS, note="In practice always sent."),
)

SUBSCRIBER_NAME = loop(
    "2010BA",
    "R",
    1,
    "Subscriber's name",
    use(
        "NM1",
        150,
        "R",
        1,
        "Subscriber's name",
        R("Entity", "IL"),
        R("Person or organization", "1 2"),
        R("Last or organization name"),
        S("First name", note="Required for a person."),
        S("Middle name"),
        1,
        S("Suffix"),
        S("Identifier kind", "II MI", note="Required for a person."),
        S("Member identifier", note="Required for a person."),
        3,
    ),
    street(250, "S", _WHEN_PATIENT),
    city(300, "S", _WHEN_PATIENT),
    demographics("S", _WHEN_PATIENT),
    reference(
        350,
        "S",
        1,
        "SY",
        "Subscriber's social security number",
        R("Social security number", form="TAXID"),
    ),
    reference(350, "S", 1, "Y4", "Property and casualty claim number"),
)

PAYER = loop(
    "2010BB",
    "R",
    1,
    "Payer",
    organization(150, "PR", "Payer", "PI XV"),
    street(250, "S"),
    city(300, "S"),
    reference(350, "S", 3, "2U EI FY NF", "Payer's secondary number"),
    reference(
        350,
        "S",
        1,
        "G2 LU",
        "Billing provider's number at the payer",
        note="Meant for providers without an NPI.",
    ),
)

PATIENT_NAME = loop(
    "2010CA",
    "R",
    1,
    "Patient's name",
    use(
        "NM1",
        150,
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
        5,
    ),
    street(250),
    city(300),
    demographics("R"),
    reference(350, "S", 1, "Y4", "Property and casualty claim number"),
    reference(
        350,
        "S",
        1,
        "1W SY",
        "Property and casualty patient number",
        note="Doubt: two of five sources lack it; it is accepted.",
    ),
)

PATIENT_LEVEL = loop(
    "2000C",
    "S",
    0,
    "Patient level",
    use(
        "HL",
        10,
        "R",
        1,
        "Patient level",
        R("Level number", form="LEVEL"),
        R("Parent's level number", form="LEVEL"),
        R("Level", "23"),
        R("Has levels below", "0"),
    ),
    use("PAT", 70, "R", 1, "Patient", R("Relationship to the subscriber", RELATIONSHIPS), 8),
    PATIENT_NAME,
    CLAIM,
    at=1400,
    note="A patient who is not the subscriber.",
)

SUBSCRIBER_LEVEL = loop(
    "2000B",
    "R",
    0,
    "Subscriber level",
    use(
        "HL",
        10,
        "R",
        1,
        "Subscriber level",
        R("Level number", form="LEVEL"),
        R("Parent's level number", form="LEVEL"),
        R("Level", "22"),
        R(
            "Has levels below",
            "0 1",
            note="1 when patient levels follow; the subscriber may have claims too.",
        ),
    ),
    SUBSCRIBER,
    SUBSCRIBER_NAME,
    PAYER,
    CLAIM,
    PATIENT_LEVEL,
    at=200,
)
