"""The claim (loop 2300): CLM and all that is said of the whole claim, then its other payers and lines."""

from __future__ import annotations

from edi.guide.claim_837d.claim_providers import CLAIM_PROVIDERS
from edi.guide.claim_837d.line import LINE
from edi.guide.claim_837d.other_payer import OTHER_SUBSCRIBER
from edi.guide.notation import loop, use
from edi.guide.segments import amount, contract, date, file_information, reference
from edi.guide.shape import R, S

_CAUSES = "AA EM OA"

CLAIM_HEAD = use(
    "CLM",
    1300,
    "R",
    1,
    "Claim",
    R("Patient control number", note="Receivers need to keep 20 characters."),
    R("Total charge", note="The sum of SV302."),
    2,
    R(
        "Place and kind of service",
        parts=(
            R("Place of service", form="POS"),
            R("Facility code qualifier", "B"),
            R("Claim frequency", "1 7 8"),
        ),
    ),
    R("Provider's signature on file", "N Y"),
    R("Provider accepts assignment", "A C"),
    R("Benefits assigned to the provider", "N W Y"),
    R("Release of information", "I Y"),
    1,
    S(
        "Related causes",
        parts=(
            R("Related cause", _CAUSES),
            S("Second related cause", _CAUSES),
            1,
            S("Auto accident state", form="STATE", note="Required for an auto accident."),
            S("Accident country", form="COUNTRY", note="For an auto accident outside the USA."),
        ),
    ),
    S("Special program", "01 02 03 05", note="Doubt: 01 is dental only by one source; it is accepted."),
    6,
    S("Predetermination", "PB"),
    S("Delay reason", "1 2 3 4 5 6 7 8 9 10 11 15"),
)

ORTHODONTICS = use(
    "DN1",
    1450,
    "S",
    1,
    "Orthodontic treatment",
    S("Months in total"),
    S("Months remaining"),
    1,
    S("Orthodontic treatment", "Y"),
    note="One of DN101, DN102 and DN104 is present.",
)

TOOTH_STATUS = use(
    "DN2",
    1500,
    "S",
    35,
    "Tooth missing or to be extracted",
    R("Tooth", form="TOOTH"),
    R("Tooth status", "E M"),
    3,
    R("Tooth numbering", "JP"),
)

PAPERWORK = use(
    "PWK",
    1550,
    "S",
    10,
    "Attachment",
    R("Report type", "B4 DA DG EB OZ P6 RB RR"),
    R("Transmission", "AA BM EL EM FT FX"),
    2,
    S("Identifier kind", "AC"),
    S("Attachment control number", note="Required unless PWK02 is AA; many receivers keep 50 characters."),
    3,
)

NOTE = use("NTE", 1900, "S", 5, "Claim note", R("Note kind", "ADD"), R("Note"))

_DIAGNOSIS_FORM = "ICD10|ICD9|SNODENT"
_OTHER_DIAGNOSIS = S(
    "Other diagnosis",
    parts=(R("Diagnosis kind", "ABF BF TQ"), R("Diagnosis code", form=_DIAGNOSIS_FORM), 7),
)

DIAGNOSES = use(
    "HI",
    2310,
    "S",
    1,
    "Diagnoses",
    R(
        "Principal diagnosis",
        parts=(R("Diagnosis kind", "ABK BK TQ"), R("Diagnosis code", form=_DIAGNOSIS_FORM), 7),
    ),
    _OTHER_DIAGNOSIS,
    _OTHER_DIAGNOSIS,
    _OTHER_DIAGNOSIS,
    8,
    note="Four at most. Doubt: one source leaves HI05 to HI12 open; the dental form has four, so no more are accepted.",
)

PRICING = use(
    "HCP",
    2410,
    "S",
    1,
    "Claim pricing",
    R(
        "Pricing method",
        "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14",
        note="Doubt: one source lacks 06; it is accepted.",
    ),
    R("Repriced amount"),
    S("Repriced saving"),
    S("Repricing organization"),
    S("Rate"),
    S("Approved group", note="Doubt: perhaps institutional only; it is accepted."),
    S("Approved group amount", note="Doubt: perhaps institutional only; it is accepted."),
    5,
    S("Reject reason", "T1 T2 T3 T4 T5 T6"),
    S("Policy compliance", "1 2 3 4 5"),
    S("Pricing exception", "1 2 3 4 5 6"),
)

CLAIM = loop(
    "2300",
    "S",
    100,
    "Claim",
    CLAIM_HEAD,
    date(1350, "S", "439", "Accident date", note="Required for an accident."),
    date(1350, "S", "452", "Appliance placement date"),
    date(1350, "S", "472", "Service date", period=True, note="Never on a predetermination."),
    date(1350, "S", "050", "Repricer's date of receipt"),
    ORTHODONTICS,
    TOOTH_STATUS,
    PAPERWORK,
    contract(1600, "Claim contract"),
    amount(1750, "F5", "Amount the patient paid"),
    reference(
        1800,
        "S",
        1,
        "G3",
        "Predetermination number",
        note="Of services predetermined earlier.",
    ),
    reference(
        1800,
        "S",
        1,
        "4N",
        "Service authorization exception",
        R("Service authorization exception", "1 2 3 4 5 6 7"),
    ),
    reference(
        1800,
        "S",
        1,
        "F8",
        "Payer's claim control number",
        note="Required for a replacement or void.",
    ),
    reference(1800, "S", 1, "9F", "Referral number"),
    reference(1800, "S", 1, "G1", "Prior authorization number"),
    reference(1800, "S", 1, "9A", "Repriced claim number"),
    reference(1800, "S", 1, "9C", "Adjusted repriced claim number"),
    reference(
        1800,
        "S",
        1,
        "D9",
        "Intermediary's claim number",
        R("Intermediary's claim number", high=20),
    ),
    file_information(1850),
    NOTE,
    DIAGNOSES,
    PRICING,
    *CLAIM_PROVIDERS,
    OTHER_SUBSCRIBER,
    LINE,
    unit=True,
    note="Stands under the subscriber who is the patient, or under the patient: exactly one of the two.",
)
