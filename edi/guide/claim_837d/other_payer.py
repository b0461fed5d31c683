"""Another payer of the claim: its subscriber (2320), and the parties of its claim (2330A to 2330H)."""

from __future__ import annotations

from edi.guide.notation import loop, use
from edi.guide.segments import (
    FILING_INDICATORS,
    INSURANCE_TYPES,
    RELATIONSHIPS,
    RESPONSIBILITIES,
    adjustments,
    amount,
    city,
    date,
    organization,
    reference,
    street,
)
from edi.guide.shape import Loop, R, S

_IDS = "0B 1G G2 LU"

OTHER_SUBSCRIBER_HEAD = use(
    "SBR",
    2900,
    "R",
    1,
    "Other subscriber",
    R("Payer's turn", RESPONSIBILITIES),
    R("Relationship", f"18 {RELATIONSHIPS}"),
    S("Group or policy number"),
    S("Group name"),
    S(
        "Insurance type",
        INSURANCE_TYPES,
        note="Where Medicare is not primary. Doubt: one source has it not used; it is accepted.",
    ),
    3,
    S("Claim filing indicator", FILING_INDICATORS),
)

COVERAGE = use(
    "OI",
    3100,
    "R",
    1,
    "Other coverage",
    2,
    R("Benefits assigned to the provider", "N W Y"),
    2,
    R("Release of information", "I Y"),
)

OUTPATIENT = use(
    "MOA",
    3200,
    "S",
    1,
    "Outpatient adjudication",
    S("Reimbursement rate"),
    S("Payable amount"),
    *(S("Remark code") for _ in range(5)),
    1,
    S("Non-payable professional amount"),
)

OTHER_SUBSCRIBER_NAME = loop(
    "2330A",
    "R",
    1,
    "Other subscriber's name",
    use(
        "NM1",
        3250,
        "R",
        1,
        "Other subscriber's name",
        R("Entity", "IL"),
        R("Person or organization", "1 2"),
        R("Last or organization name"),
        S("First name"),
        S("Middle name"),
        1,
        S("Suffix"),
        R("Identifier kind", "II MI"),
        R("Member identifier"),
        3,
    ),
    street(3320, "S"),
    city(3400, "S"),
    reference(
        3550,
        "S",
        2,
        "SY",
        "Other subscriber's social security number",
        R("Social security number", form="TAXID"),
        note="Doubt: once by one source; twice is accepted.",
    ),
)

OTHER_PAYER = loop(
    "2330B",
    "R",
    1,
    "Other payer",
    organization(3250, "PR", "Other payer", "PI XV"),
    street(3320, "S"),
    city(3400, "S"),
    date(3450, "S", "573", "Adjudication date", note="When no line has one."),
    reference(3550, "S", 3, "2U EI FY NF", "Other payer's secondary number"),
    reference(3550, "S", 1, "G1", "Other payer's prior authorization number"),
    reference(3550, "S", 1, "9F", "Other payer's referral number"),
    reference(3550, "S", 1, "T4", "Other payer's adjustment mark", R("Claim was adjusted", "Y")),
    reference(3550, "S", 1, "G3", "Other payer's predetermination number"),
    reference(3550, "S", 1, "F8", "Other payer's claim control number"),
)


def _party(
    loop_id: str,
    repeat: int,
    code: str,
    kinds: str,
    name: str,
    references: str,
    doubt: str = "",
    *,
    number_doubt: str = "",
) -> Loop:
    """A provider as the other payer knows it: who, and that payer's numbers for it, never a name."""
    head = use(
        "NM1",
        3250,
        "R",
        1,
        name,
        R("Entity", code),
        R("Person or organization", kinds, note=doubt),
        10,
    )
    numbers = reference(3550, "R", 3, references, "Secondary identifier", note=number_doubt)
    return loop(loop_id, "S", repeat, name, head, numbers)


OTHER_PARTIES = (
    _party("2330C", 2, "DN P3", "1", "Other payer's referring provider", "0B 1G G2"),
    _party(
        "2330D",
        1,
        "82",
        "1 2",
        "Other payer's rendering provider",
        _IDS,
        "Doubt: sources have 1 only; 2 is accepted as in loop 2310B.",
    ),
    _party(
        "2330E",
        1,
        "DQ",
        "1 2",
        "Other payer's supervising provider",
        _IDS,
        "Doubt: sources have 1 only; 2 is accepted.",
    ),
    _party(
        "2330F",
        1,
        "85",
        "1 2",
        "Other payer's billing provider",
        "G2 LU",
        number_doubt="Doubt: twice by one source; three times are accepted.",
    ),
    _party(
        "2330G",
        1,
        "77",
        "2",
        "Other payer's service facility",
        "0B G2 LU",
        number_doubt="Doubt: one source lacks 0B; it is accepted.",
    ),
    _party(
        "2330H",
        1,
        "DD",
        "1 2",
        "Other payer's assistant surgeon",
        _IDS,
        "Doubt: one source has 2 only; both are accepted.",
    ),
)

OTHER_SUBSCRIBER = loop(
    "2320",
    "S",
    10,
    "Other subscriber",
    OTHER_SUBSCRIBER_HEAD,
    adjustments(2950, "Claim adjustments"),
    amount(3000, "D", "Amount the other payer paid"),
    amount(3000, "EAF", "Patient's remaining liability"),
    amount(3000, "A8", "Non-covered amount"),
    COVERAGE,
    OUTPATIENT,
    OTHER_SUBSCRIBER_NAME,
    OTHER_PAYER,
    *OTHER_PARTIES,
)
