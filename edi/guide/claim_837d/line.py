"""The service line (loop 2400), its providers (2420A to 2420D) and what other payers decided on it (2430)."""

from __future__ import annotations

from edi.guide.notation import R, S, loop, use
from edi.guide.segments import (
    ADJUSTED,
    PRICING_METHODS,
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

_AREAS = "00 01 02 03 04 05 06 07 08 09 10 20 30 40 L R"
_SURFACES = "B D F I L M O"
_NUMBERS = "0B 1G G2 LU"
_ONE_PROCEDURE = "Absent means 1. The guide forbids to send 1, but all the world does."
_NO_OWNER = "REF04 is not used with 0B or 1G."
_THREE_TIMES = "Doubt: three times by one source; 20 are accepted."
_TWO_OF_THREE = "Doubt: two of three sources have D8 only; RD8 is accepted."

_LINE_PROVIDERS = (
    loop(
        "2420A S 1 Line's rendering provider",
        provider("NM1 5000 R 1 Line's rendering provider", "82", "1 2"),
        specialty("PRV 5050 R 1 Line's rendering provider's specialty", "PE"),
        payer_reference("REF 5250 S 20 Secondary identifier", _NUMBERS, _NO_OWNER),
    ),
    loop(
        "2420B S 1 Line's assistant surgeon",
        provider("NM1 5000 R 1 Line's assistant surgeon", "DD"),
        specialty("PRV 5050 S 1 Line's assistant surgeon's specialty", "AS"),
        payer_reference("REF 5250 S 20 Secondary identifier", _NUMBERS, _NO_OWNER),
    ),
    loop(
        "2420C S 1 Line's supervising provider",
        provider("NM1 5000 R 1 Line's supervising provider", "DQ"),
        payer_reference("REF 5250 S 20 Secondary identifier", _NUMBERS, _NO_OWNER),
    ),
    loop(
        "2420D S 1 Line's service facility",
        facility("NM1 5000 R 1 Line's service facility"),
        street(5140),
        city(5200),
        payer_reference("REF 5250 S 20 Secondary identifier", "1G G2 LU", _THREE_TIMES),
    ),
)

_ADJUDICATION = loop(
    "2430 S 15 Line adjudication",
    use(
        "SVD 5400 R 1 Line adjudication",
        R("SVD01 Other payer identifier", note="NM109 of a loop 2330B of the claim."),
        R("SVD02 Amount the other payer paid"),
        S("SVD03 Procedure", note="Doubt: required by one source; it may be absent."),
        R("SVD03-1 Code set", "AD ER"),
        R("SVD03-2 Procedure code"),
        *(S(f"SVD03-{part} Modifier") for part in range(3, 7)),
        S("SVD03-7 Procedure description"),
        R("SVD05 Paid quantity"),
        S("SVD06 Bundled into line"),
    ),
    adjustments(f"CAS 5450 S {ADJUSTED} Line adjustments"),
    date("DTP 5500 R 1 Adjudication date", "573"),
    amount("AMT 5505 S 1 Patient's remaining liability", "EAF"),
)

LINE = loop(
    "2400 R 50 Service line",
    use("LX 3650 R 1 Service line", R("LX01 Line number", form="COUNTER", note="1, 2, 3 ...")),
    use(
        "SV3 3800 R 1 Dental service",
        R("SV301 Procedure"),
        R("SV301-1 Code set", "AD"),
        R("SV301-2 Procedure code", form="CDT"),
        *(S(f"SV301-{part} Modifier") for part in range(3, 7)),
        S("SV301-7 Procedure description"),
        R("SV302 Charge", note="May be 0."),
        S("SV303 Place of service", form="POS", note="Only where it differs from CLM05-1."),
        S("SV304 Oral cavity areas"),
        R("SV304-1 Oral cavity area", _AREAS),
        *(S(f"SV304-{part} Oral cavity area", _AREAS) for part in range(2, 6)),
        S("SV305 Initial or replacement", "I R"),
        S("SV306 Number of procedures", form="WHOLE", note=_ONE_PROCEDURE),
        S("SV311 Diagnosis pointers", note="Only with diagnoses on the claim."),
        R("SV311-1 Diagnosis pointer", "1 2 3 4"),
        *(S(f"SV311-{part} Diagnosis pointer", "1 2 3 4") for part in range(2, 5)),
    ),
    use(
        "TOO 3820 S 32 Tooth",
        R("TOO01 Tooth numbering", "JP"),
        R(
            "TOO02 Tooth",
            form="TOOTH",
            note="Doubt: situational by one source; P0102 asks for it all the same.",
        ),
        S("TOO03 Surfaces"),
        R("TOO03-1 Surface", _SURFACES),
        *(S(f"TOO03-{part} Surface", _SURFACES) for part in range(2, 6)),
        note="May repeat only while SV306 is absent or 1.",
    ),
    date("DTP 4550 S 1 Service date", "472", period=True, note=f"Only where it differs. {_TWO_OF_THREE}"),
    date("DTP 4550 S 1 Prior placement date", "139 441", note="Required with SV305 R; 139 is an estimate."),
    date("DTP 4550 S 1 Appliance placement date", "452"),
    date("DTP 4550 S 1 Replacement date", "446"),
    date("DTP 4550 S 1 Treatment start date", "196"),
    date("DTP 4550 S 1 Treatment completion date", "198"),
    contract("CN1 4650 S 1 Line contract"),
    payer_reference("REF 4700 S 5 Predetermination number", "G3"),
    payer_reference("REF 4700 S 5 Prior authorization number", "G1"),
    reference("REF 4700 S 1 Line control number", "6R", note="Receivers need to keep 30 characters."),
    reference("REF 4700 S 1 Repriced line number", "9A"),
    reference("REF 4700 S 1 Adjusted repriced line number", "9C"),
    payer_reference("REF 4700 S 5 Referral number", "9F"),
    amount("AMT 4750 S 1 Sales tax", "T"),
    file_information(4800, "Doubt: five times by one source; ten are accepted."),
    use(
        "HCP 4920 S 1 Line pricing",
        R("HCP01 Pricing method", PRICING_METHODS),
        R("HCP02 Repriced amount"),
        S("HCP03 Repriced saving"),
        S("HCP04 Repricing organization"),
        S("HCP05 Rate"),
        S("HCP09 Code set", "AD"),
        S("HCP10 Repriced procedure code", form="CDT"),
        S("HCP11 Unit", "UN"),
        S("HCP12 Repriced quantity"),
        S("HCP13 Reject reason", "T1 T2 T3 T4 T5 T6"),
        S("HCP14 Policy compliance", "1 2 3 4 5"),
        S("HCP15 Pricing exception", "1 2 3 4 5 6"),
    ),
    *_LINE_PROVIDERS,
    _ADJUDICATION,
)
