"""The service line (loop 2400), its providers (2420A to 2420D) and what other payers decided on it (2430)."""

from __future__ import annotations

from edi.guide.notation import loop, use
from edi.guide.segments import (
    adjustments,
    amount,
    city,
    contract,
    date,
    facility,
    file_information,
    payer_reference,
    provider,
    reference,
    specialty,
    street,
)
from edi.guide.shape import R, S, SegmentUse

_AREAS = "00 01 02 03 04 05 06 07 08 09 10 20 30 40 L R"
_SURFACES = "B D F I L M O"
_MODIFIERS = tuple(S("Modifier") for _ in range(4))

LINE_NUMBER = use("LX", 3650, "R", 1, "Service line", R("Line number", form="COUNTER", note="1, 2, 3 ..."))

SERVICE = use(
    "SV3",
    3800,
    "R",
    1,
    "Dental service",
    R(
        "Procedure",
        parts=(
            R("Code set", "AD"),
            R("Procedure code", form="CDT"),
            *_MODIFIERS,
            S("Procedure description"),
            1,
        ),
    ),
    R("Charge", note="May be 0."),
    S("Place of service", form="POS", note="Only where it differs from CLM05-1."),
    S(
        "Oral cavity areas",
        parts=(R("Oral cavity area", _AREAS), *(S("Oral cavity area", _AREAS) for _ in range(4))),
    ),
    S("Initial or replacement", "I R"),
    S(
        "Number of procedures",
        form="WHOLE",
        note="Absent means 1. The guide forbids to send 1, but all the world does.",
    ),
    4,
    S(
        "Diagnosis pointers",
        parts=(
            R("Diagnosis pointer", "1 2 3 4"),
            *(S("Diagnosis pointer", "1 2 3 4") for _ in range(3)),
        ),
        note="Only with diagnoses on the claim.",
    ),
)

TOOTH = use(
    "TOO",
    3820,
    "S",
    32,
    "Tooth",
    R("Tooth numbering", "JP"),
    R("Tooth", form="TOOTH", note="Doubt: situational by one source; P0102 asks for it all the same."),
    S(
        "Surfaces",
        parts=(R("Surface", _SURFACES), *(S("Surface", _SURFACES) for _ in range(4))),
    ),
    note="May repeat only while SV306 is absent or 1.",
)

PRICING = use(
    "HCP",
    4920,
    "S",
    1,
    "Line pricing",
    R("Pricing method", "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14"),
    R("Repriced amount"),
    S("Repriced saving"),
    S("Repricing organization"),
    S("Rate"),
    3,
    S("Code set", "AD"),
    S("Repriced procedure code", form="CDT"),
    S("Unit", "UN"),
    S("Repriced quantity"),
    S("Reject reason", "T1 T2 T3 T4 T5 T6"),
    S("Policy compliance", "1 2 3 4 5"),
    S("Pricing exception", "1 2 3 4 5 6"),
)


def _secondary(codes: str, note: str = "") -> SegmentUse:
    return payer_reference(5250, 20, codes, "Secondary identifier", note)


_IDS = "0B 1G G2 LU"
_NO_OWNER = "REF04 is not used with 0B or 1G."

LINE_PROVIDERS = (
    loop(
        "2420A",
        "S",
        1,
        "Line's rendering provider",
        provider(5000, "82", "Line's rendering provider", "1 2"),
        specialty(5050, "R", "PE", "Line's rendering provider's specialty"),
        _secondary(_IDS, _NO_OWNER),
    ),
    loop(
        "2420B",
        "S",
        1,
        "Line's assistant surgeon",
        provider(5000, "DD", "Line's assistant surgeon"),
        specialty(5050, "S", "AS", "Line's assistant surgeon's specialty"),
        _secondary(_IDS, _NO_OWNER),
    ),
    loop(
        "2420C",
        "S",
        1,
        "Line's supervising provider",
        provider(5000, "DQ", "Line's supervising provider"),
        _secondary(_IDS, _NO_OWNER),
    ),
    loop(
        "2420D",
        "S",
        1,
        "Line's service facility",
        facility(5000, "Line's service facility"),
        street(5140),
        city(5200),
        _secondary("1G G2 LU", "Doubt: three times by one source; 20 are accepted."),
    ),
)

ADJUDICATION = loop(
    "2430",
    "S",
    15,
    "Line adjudication",
    use(
        "SVD",
        5400,
        "R",
        1,
        "Line adjudication",
        R("Other payer identifier", note="NM109 of a loop 2330B of the claim."),
        R("Amount the other payer paid"),
        S(
            "Procedure",
            parts=(
                R("Code set", "AD ER"),
                R("Procedure code"),
                *_MODIFIERS,
                S("Procedure description"),
                1,
            ),
            note="Doubt: required by one source; it may be absent.",
        ),
        1,
        R("Paid quantity"),
        S("Bundled into line"),
    ),
    adjustments(5450, "Line adjustments"),
    date(5500, "R", "573", "Adjudication date"),
    amount(5505, "EAF", "Patient's remaining liability"),
)

_TWO_OF_THREE = "Doubt: two of three sources have D8 only; RD8 is accepted."

LINE = loop(
    "2400",
    "R",
    50,
    "Service line",
    LINE_NUMBER,
    SERVICE,
    TOOTH,
    date(4550, "S", "472", "Service date", period=True, note=f"Only where it differs. {_TWO_OF_THREE}"),
    date(4550, "S", "139 441", "Prior placement date", note="Required with SV305 R; 139 is an estimate."),
    date(4550, "S", "452", "Appliance placement date"),
    date(4550, "S", "446", "Replacement date"),
    date(4550, "S", "196", "Treatment start date"),
    date(4550, "S", "198", "Treatment completion date"),
    contract(4650, "Line contract"),
    payer_reference(4700, 5, "G3", "Predetermination number"),
    payer_reference(4700, 5, "G1", "Prior authorization number"),
    reference(
        4700,
        "S",
        1,
        "6R",
        "Line control number",
        note="Receivers need to keep 30 characters.",
    ),
    reference(4700, "S", 1, "9A", "Repriced line number"),
    reference(4700, "S", 1, "9C", "Adjusted repriced line number"),
    payer_reference(4700, 5, "9F", "Referral number"),
    amount(4750, "T", "Sales tax"),
    file_information(4800, "Doubt: five times by one source; ten are accepted."),
    PRICING,
    *LINE_PROVIDERS,
    ADJUDICATION,
)
