"""The subscriber's level (2000B) and the patient's (2000C), around the claims they carry."""

from __future__ import annotations

from edi.guide.claim_837d.claim import CLAIM
from edi.guide.notation import R, S, loop, use
from edi.guide.segments import (
    FILING_INDICATORS,
    INSURANCE_TYPE,
    RELATIONSHIPS,
    RESPONSIBILITIES,
    SOCIAL_SECURITY_NUMBER,
    city,
    demographics,
    level,
    organization,
    reference,
    street,
)

_WHEN_PATIENT = "Required when the subscriber is the patient."
_NO_NPI = "Meant for providers without an NPI."
_TWO_OF_FIVE = "Doubt: two of five sources lack it; it is accepted."

_SUBSCRIBER_NAME = loop(
    "2010BA R 1 Subscriber's name",
    use(
        "NM1 150 R 1 Subscriber's name",
        R("NM101 Entity", "IL"),
        R("NM102 Person or organization", "1 2"),
        R("NM103 Last or organization name"),
        S("NM104 First name", note="Required for a person."),
        S("NM105 Middle name"),
        S("NM107 Suffix"),
        S("NM108 Identifier kind", "II MI", note="Required for a person."),
        S("NM109 Member identifier", note="Required for a person."),
    ),
    street(250, "S", _WHEN_PATIENT),
    city(300, "S", _WHEN_PATIENT),
    demographics(320, "S", _WHEN_PATIENT),
    reference("REF 350 S 1 Subscriber's social security number", "SY", SOCIAL_SECURITY_NUMBER),
    reference("REF 350 S 1 Property and casualty claim number", "Y4"),
)

_PAYER = loop(
    "2010BB R 1 Payer",
    organization("NM1 150 R 1 Payer", "PR", "PI XV"),
    street(250, "S"),
    city(300, "S"),
    reference("REF 350 S 3 Payer's secondary number", "2U EI FY NF"),
    reference("REF 350 S 1 Billing provider's number at the payer", "G2 LU", note=_NO_NPI),
)

_PATIENT_NAME = loop(
    "2010CA R 1 Patient's name",
    use(
        "NM1 150 R 1 Patient's name",
        R("NM101 Entity", "QC"),
        R("NM102 Person or organization", "1"),
        R("NM103 Last name"),
        S("NM104 First name"),
        S("NM105 Middle name"),
        S("NM107 Suffix"),
    ),
    street(250),
    city(300),
    demographics(320),
    reference("REF 350 S 1 Property and casualty claim number", "Y4"),
    reference("REF 350 S 1 Property and casualty patient number", "1W SY", note=_TWO_OF_FIVE),
)

_PATIENT_LEVEL = loop(
    "2000C S >1 Patient level",
    level("HL 10 R 1 Patient level", "23", "0"),
    use("PAT 70 R 1 Patient", R("PAT01 Relationship to the subscriber", RELATIONSHIPS)),
    _PATIENT_NAME,
    CLAIM,
    at=1400,
    note="A patient who is not the subscriber.",
)

_PATIENTS_FOLLOW = "1 when patient levels follow; the subscriber may have claims too."

SUBSCRIBER_LEVEL = loop(
    "2000B R >1 Subscriber level",
    level("HL 10 R 1 Subscriber level", "22", R("HL04 Has levels below", "0 1", note=_PATIENTS_FOLLOW)),
    use(
        "SBR 50 R 1 Subscriber",
        R("SBR01 Payer's turn", RESPONSIBILITIES),
        S("SBR02 Relationship", "18", note="Present when the subscriber is the patient."),
        S("SBR03 Group or policy number"),
        S("SBR04 Group name", note="Only when there is no group number."),
        INSURANCE_TYPE,
        S("SBR09 Claim filing indicator", FILING_INDICATORS, note="In practice always sent."),
    ),
    _SUBSCRIBER_NAME,
    _PAYER,
    CLAIM,
    _PATIENT_LEVEL,
    at=200,
)
