"""Another payer of the claim: its subscriber (2320), and the parties of its claim (2330A to 2330H)."""

from __future__ import annotations

from edi.guide.notation import R, S, loop, use
from edi.guide.segments import (
    ADJUSTED,
    FILING_INDICATORS,
    INSURANCE_TYPE,
    RELATIONSHIPS,
    RESPONSIBILITIES,
    SOCIAL_SECURITY_NUMBER,
    adjustments,
    amount,
    city,
    date,
    organization,
    reference,
    street,
)
from edi.guide.shape import SegmentUse

_NUMBERS = "0B 1G G2 LU"
_PERSON_ONLY = "Doubt: sources have 1 only; 2 is accepted."
_AS_2310B = "Doubt: sources have 1 only; 2 is accepted as in loop 2310B."
_EITHER = "Doubt: one source has 2 only; both are accepted."
_TWICE = "Doubt: twice by one source; three times are accepted."
_LICENSE = "Doubt: one source lacks 0B; it is accepted."
_ONCE = "Doubt: once by one source; twice is accepted."

_OTHER_SUBSCRIBER_NAME = loop(
    "2330A R 1 Other subscriber's name",
    use(
        "NM1 3250 R 1 Other subscriber's name",
        R("NM101 Entity", "IL"),
        R("NM102 Person or organization", "1 2"),
        R("NM103 Last or organization name"),
        S("NM104 First name"),
        S("NM105 Middle name"),
        S("NM107 Suffix"),
        R("NM108 Identifier kind", "II MI"),
        R("NM109 Member identifier"),
    ),
    street(3320, "S"),
    city(3400, "S"),
    reference(
        "REF 3550 S 2 Other subscriber's social security number", "SY", SOCIAL_SECURITY_NUMBER, note=_ONCE
    ),
)

_OTHER_PAYER = loop(
    "2330B R 1 Other payer",
    organization("NM1 3250 R 1 Other payer", "PR", "PI XV"),
    street(3320, "S"),
    city(3400, "S"),
    date("DTP 3450 S 1 Adjudication date", "573", note="When no line has one."),
    reference("REF 3550 S 3 Other payer's secondary number", "2U EI FY NF"),
    reference("REF 3550 S 1 Other payer's prior authorization number", "G1"),
    reference("REF 3550 S 1 Other payer's referral number", "9F"),
    reference("REF 3550 S 1 Other payer's adjustment mark", "T4", R("REF02 Claim was adjusted", "Y")),
    reference("REF 3550 S 1 Other payer's predetermination number", "G3"),
    reference("REF 3550 S 1 Other payer's claim control number", "F8"),
)


def _party(header: str, entity: str, kinds: str, doubt: str = "") -> SegmentUse:
    """NM1 of a provider as the other payer knows it: never a name."""
    return use(header, R("NM101 Entity", entity), R("NM102 Person or organization", kinds, note=doubt))


def _numbers(codes: str, doubt: str = "") -> SegmentUse:
    """REF: the other payer's numbers for the provider."""
    return reference("REF 3550 R 3 Secondary identifier", codes, note=doubt)


_OTHER_PARTIES = (
    loop(
        "2330C S 2 Other payer's referring provider",
        _party("NM1 3250 R 1 Other payer's referring provider", "DN P3", "1"),
        _numbers("0B 1G G2"),
    ),
    loop(
        "2330D S 1 Other payer's rendering provider",
        _party("NM1 3250 R 1 Other payer's rendering provider", "82", "1 2", _AS_2310B),
        _numbers(_NUMBERS),
    ),
    loop(
        "2330E S 1 Other payer's supervising provider",
        _party("NM1 3250 R 1 Other payer's supervising provider", "DQ", "1 2", _PERSON_ONLY),
        _numbers(_NUMBERS),
    ),
    loop(
        "2330F S 1 Other payer's billing provider",
        _party("NM1 3250 R 1 Other payer's billing provider", "85", "1 2"),
        _numbers("G2 LU", _TWICE),
    ),
    loop(
        "2330G S 1 Other payer's service facility",
        _party("NM1 3250 R 1 Other payer's service facility", "77", "2"),
        _numbers("0B G2 LU", _LICENSE),
    ),
    loop(
        "2330H S 1 Other payer's assistant surgeon",
        _party("NM1 3250 R 1 Other payer's assistant surgeon", "DD", "1 2", _EITHER),
        _numbers(_NUMBERS),
    ),
)

OTHER_SUBSCRIBER = loop(
    "2320 S 10 Other subscriber",
    use(
        "SBR 2900 R 1 Other subscriber",
        R("SBR01 Payer's turn", RESPONSIBILITIES),
        R("SBR02 Relationship", f"18 {RELATIONSHIPS}"),
        S("SBR03 Group or policy number"),
        S("SBR04 Group name"),
        INSURANCE_TYPE,
        S("SBR09 Claim filing indicator", FILING_INDICATORS),
    ),
    adjustments(f"CAS 2950 S {ADJUSTED} Claim adjustments"),
    amount("AMT 3000 S 1 Amount the other payer paid", "D"),
    amount("AMT 3000 S 1 Patient's remaining liability", "EAF"),
    amount("AMT 3000 S 1 Non-covered amount", "A8"),
    use(
        "OI 3100 R 1 Other coverage",
        R("OI03 Benefits assigned to the provider", "N W Y"),
        R("OI06 Release of information", "I Y"),
    ),
    use(
        "MOA 3200 S 1 Outpatient adjudication",
        S("MOA01 Reimbursement rate"),
        S("MOA02 Payable amount"),
        *(S(f"MOA{place:02} Remark code") for place in range(3, 8)),
        S("MOA09 Non-payable professional amount"),
    ),
    _OTHER_SUBSCRIBER_NAME,
    _OTHER_PAYER,
    *_OTHER_PARTIES,
)
