"""The claim (loop 2300): CLM and all that is said of the whole claim, then its other payers and lines."""

from __future__ import annotations

from edi.guide.claim_837d.claim_providers import CLAIM_PROVIDERS
from edi.guide.claim_837d.line import LINE
from edi.guide.claim_837d.other_payer import OTHER_SUBSCRIBER
from edi.guide.notation import R, S, loop, use
from edi.guide.segments import PRICING_METHODS, amount, contract, date, file_information, reference
from edi.guide.shape import ElementUse

_CAUSES = "AA EM OA"
_DIAGNOSIS_FORM = "ICD10|ICD9|SNODENT"
_AUTHORIZATION_EXCEPTION = R("REF02 Service authorization exception", "1 2 3 4 5 6 7")
_INTERMEDIARY_NUMBER = R("REF02 Intermediary's claim number", high=20)


def _other_diagnosis(ref: str) -> tuple[ElementUse, ...]:
    return (
        S(f"{ref} Other diagnosis"),
        R(f"{ref}-1 Diagnosis kind", "ABF BF TQ"),
        R(f"{ref}-2 Diagnosis code", form=_DIAGNOSIS_FORM),
    )


CLAIM = loop(
    "2300 S 100 Claim",
    use(
        "CLM 1300 R 1 Claim",
        R("CLM01 Patient control number", note="Receivers need to keep 20 characters."),
        R("CLM02 Total charge", note="The sum of SV302."),
        R("CLM05 Place and kind of service"),
        R("CLM05-1 Place of service", form="POS"),
        R("CLM05-2 Facility code qualifier", "B"),
        R("CLM05-3 Claim frequency", "1 7 8"),
        R("CLM06 Provider's signature on file", "N Y"),
        R("CLM07 Provider accepts assignment", "A C"),
        R("CLM08 Benefits assigned to the provider", "N W Y"),
        R("CLM09 Release of information", "I Y"),
        S("CLM11 Related causes"),
        R("CLM11-1 Related cause", _CAUSES),
        S("CLM11-2 Second related cause", _CAUSES),
        S("CLM11-4 Auto accident state", form="STATE", note="Required for an auto accident."),
        S("CLM11-5 Accident country", form="COUNTRY", note="For an auto accident outside the USA."),
        S(
            "CLM12 Special program",
            "01 02 03 05",
            note="Doubt: 01 is dental only by one source; it is accepted.",
        ),
        S("CLM19 Predetermination", "PB"),
        S("CLM20 Delay reason", "1 2 3 4 5 6 7 8 9 10 11 15"),
    ),
    date("DTP 1350 S 1 Accident date", "439", note="Required for an accident."),
    date("DTP 1350 S 1 Appliance placement date", "452"),
    date("DTP 1350 S 1 Service date", "472", period=True, note="Never on a predetermination."),
    date("DTP 1350 S 1 Repricer's date of receipt", "050"),
    use(
        "DN1 1450 S 1 Orthodontic treatment",
        S("DN101 Months in total"),
        S("DN102 Months remaining"),
        S("DN104 Orthodontic treatment", "Y"),
        note="One of DN101, DN102 and DN104 is present.",
    ),
    use(
        "DN2 1500 S 35 Tooth missing or to be extracted",
        R("DN201 Tooth", form="TOOTH"),
        R("DN202 Tooth status", "E M"),
        R("DN206 Tooth numbering", "JP"),
    ),
    use(
        "PWK 1550 S 10 Attachment",
        R("PWK01 Report type", "B4 DA DG EB OZ P6 RB RR"),
        R("PWK02 Transmission", "AA BM EL EM FT FX"),
        S("PWK05 Identifier kind", "AC"),
        S(
            "PWK06 Attachment control number",
            note="Required unless PWK02 is AA; many receivers keep 50 characters.",
        ),
    ),
    contract("CN1 1600 S 1 Claim contract"),
    amount("AMT 1750 S 1 Amount the patient paid", "F5"),
    reference("REF 1800 S 1 Predetermination number", "G3", note="Of services predetermined earlier."),
    reference("REF 1800 S 1 Service authorization exception", "4N", _AUTHORIZATION_EXCEPTION),
    reference("REF 1800 S 1 Payer's claim control number", "F8", note="Required for a replacement or void."),
    reference("REF 1800 S 1 Referral number", "9F"),
    reference("REF 1800 S 1 Prior authorization number", "G1"),
    reference("REF 1800 S 1 Repriced claim number", "9A"),
    reference("REF 1800 S 1 Adjusted repriced claim number", "9C"),
    reference("REF 1800 S 1 Intermediary's claim number", "D9", _INTERMEDIARY_NUMBER),
    file_information(1850),
    use("NTE 1900 S 5 Claim note", R("NTE01 Note kind", "ADD"), R("NTE02 Note")),
    use(
        "HI 2310 S 1 Diagnoses",
        R("HI01 Principal diagnosis"),
        R("HI01-1 Diagnosis kind", "ABK BK TQ"),
        R("HI01-2 Diagnosis code", form=_DIAGNOSIS_FORM),
        *_other_diagnosis("HI02"),
        *_other_diagnosis("HI03"),
        *_other_diagnosis("HI04"),
        note="Four at most. Doubt: one source leaves HI05 to HI12 open; the dental form has four, so no more are accepted.",
    ),
    use(
        "HCP 2410 S 1 Claim pricing",
        R("HCP01 Pricing method", PRICING_METHODS, note="Doubt: one source lacks 06; it is accepted."),
        R("HCP02 Repriced amount"),
        S("HCP03 Repriced saving"),
        S("HCP04 Repricing organization"),
        S("HCP05 Rate"),
        S("HCP06 Approved group", note="Doubt: perhaps institutional only; it is accepted."),
        S("HCP07 Approved group amount", note="Doubt: perhaps institutional only; it is accepted."),
        S("HCP13 Reject reason", "T1 T2 T3 T4 T5 T6"),
        S("HCP14 Policy compliance", "1 2 3 4 5"),
        S("HCP15 Pricing exception", "1 2 3 4 5 6"),
    ),
    *CLAIM_PROVIDERS,
    OTHER_SUBSCRIBER,
    LINE,
    unit=True,
    note="Stands under the subscriber who is the patient, or under the patient: exactly one of the two.",
)
