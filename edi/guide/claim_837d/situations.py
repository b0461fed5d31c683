"""Situations of the dental claim: what an 837D needs only in some cases, and what must balance.

An error is what sources agree that the guide demands. What published samples or common practice do otherwise, or what
rests on general knowledge of the guide alone, is a warning or a note, and `source` says so. Sources are named as in the guide's
own notes: "writer" is a claim writer in wide use that quotes the guide, "RFI" an official X12 interpretation.
"""

from __future__ import annotations

from edi.guide.claim_837d.balances import BALANCES
from edi.guide.claim_837d.practice import ADDRESS_LOOPS, PRACTICE
from edi.guide.comparison import (
    AtMost,
    Comes,
    CountsUp,
    Differs,
    Distinct,
    Exceeds,
    Looks,
    OneOf,
    PointsInto,
)
from edi.guide.condition import All, Either, Has, Is, Not
from edi.guide.notation import situation
from edi.guide.plausibility import AsMany

_DOMESTIC = Either(Not(Has("N4 04")), Is("N4 04", "US CA"))
_PREDETERMINATION = Is("2300/CLM 19", "PB")
_ACCIDENT = Either(Is("CLM 11-1", "AA OA"), Is("CLM 11-2", "AA OA"))
_AUTO = Either(Is("CLM 11-1", "AA"), Is("CLM 11-2", "AA"))

NINE_DIGITS = r"\A(?:[0-9]{9}|.*[A-Za-z ].*|)\Z"
"""A US postal code of ZIP+4; what is of another country, or missing, passes."""
BOX = r"(?i)\b(?:p\.? ?o\.? ?box|post office box|lock ?box)\b"
"""A PO box or lock box in a line of an address."""

HIERARCHY = (
    situation(
        "X12-CLAIM-MISSING at 2000B/HL",
        Either(Has("2300"), Has("2000C")),
        "Send the subscriber's claim (CLM), or the patient's level (HL*23) with its claim.",
        when=Not(Is("HL 04", "1")),
        words="a subscriber level holds a claim or a patient level",
        source="sources agree",
    ),
    situation(
        "X12-PATIENT-CLAIM-MISSING at 2000C/HL",
        Has("2300"),
        "Send the patient's claim (CLM), or leave the patient level out.",
        words="a patient level holds a claim",
        source="sources agree",
    ),
    situation(
        "X12-SUBSCRIBER-SELF at 2000B/SBR 02",
        Is("SBR 02", "18"),
        "Send 18 in SBR02 when the subscriber is the patient; else put the claim under a patient level (HL*23).",
        when=Has("2300"),
        words="SBR02 must be 18 when a claim stands right under the subscriber",
        category="subscriber",
        source="sources agree",
    ),
    situation(
        "X12-SUBSCRIBER-NOT-SELF at 2000B/SBR 02",
        Has("2300"),
        "Put the claim under the subscriber level, or leave SBR02 empty.",
        when=All(Is("SBR 02", "18"), Has("2000C")),
        words="a claim stands right under the subscriber when SBR02 is 18",
        category="subscriber",
        source="sources agree",
    ),
    *(
        situation(
            f"X12-SUBSCRIBER-{what} at 2000B/2010BA/{address}",
            Has(f"2010BA/{address}"),
            f"Send the subscriber's {fix}, for the subscriber is the patient.",
            when=Is("SBR 02", "18"),
            category="subscriber",
            source="sources agree",
        )
        for what, address, fix in (
            ("ADDRESS", "N3", "street address"),
            ("CITY", "N4", "city, state and postal code"),
            ("BIRTH", "DMG", "birth date and gender"),
        )
    ),
    situation(
        "X12-SUBSCRIBER-MEMBER at 2010BA/NM1 09",
        Has("NM1 09"),
        "Send MI and the member number in NM108 and NM109.",
        when=Is("NM1 02", "1"),
        category="subscriber",
        source="sources agree",
    ),
)

CLAIM = (
    situation(
        "X12-PAYER-CLAIM-NUMBER at 2300/REF:F8",
        Has("REF:F8"),
        "Send the payer's own number of the claim that is replaced or voided in REF*F8.",
        when=Is("CLM 05-3", "7 8"),
        source="writer",
    ),
    situation(
        "X12-ACCIDENT-DATE at 2300/DTP:439",
        Has("DTP:439"),
        "Send the accident's date.",
        # An accident at work (EM) has a date by general knowledge only.
        when=_ACCIDENT,
        words="DTP*439 (the accident date) is required when CLM11 tells of an auto or other accident",
        category="date",
        source="writer",
    ),
    situation(
        "X12-ACCIDENT-STATE at 2300/CLM 11-4",
        Either(Has("CLM 11-4"), Has("CLM 11-5")),
        "Send the state in which the accident happened.",
        when=_AUTO,
        words="CLM11-4 (the state of the accident) is required when CLM11 tells of an auto accident",
        source="writer; abroad the country stands for it",
    ),
    situation(
        "X12-SERVICE-DATE at 2300/DTP:472",
        Either(
            Has("DTP:472"), AsMany("2400/DTP:472", "2400/LX"), Is("CLM 19", "PB"), Has("DN1"), Has("DTP:452")
        ),
        "Send the service date on the claim, or on each line where they differ.",
        words=(
            "DTP*472 (the service date) is required on the claim or on each of its lines, unless CLM19 is PB or "
            "orthodontic data (DN1, DTP*452) stand for it"
        ),
        category="date",
        source="writer; orthodontic samples are dated by the appliance, and pass",
    ),
    situation(
        "X12-PREDETERMINATION-DATE at 2300/DTP:472",
        Not(Has("DTP:472")),
        "Take the service date out: on a predetermination nothing has been done yet.",
        when=Is("CLM 19", "PB"),
        category="date",
        source="writer; an RFI says only that none is required",
    ),
    situation(
        "X12-ORTHODONTICS-EMPTY at 2300/DN1",
        Either(Has("DN1 01"), Has("DN1 02"), Has("DN1 04")),
        "Send the months of treatment, or Y in DN104.",
        when=Has("DN1"),
        severity="warning",
        source="the guide before this one, by analogy",
    ),
    situation(
        "X12-ORTHODONTICS-MONTHS at 2300/DN1 02",
        AtMost("DN1 02", "DN1 01"),
        "Send the months of the whole treatment in DN101 and those that remain in DN102.",
        source="writer",
    ),
    situation(
        "X12-ATTACHMENT-NUMBER at 2300/PWK 06",
        Has("PWK 06"),
        "Send AC in PWK05 and the attachment's control number in PWK06.",
        when=Is("PWK 02", "BM EL EM FT FX"),
        each="PWK",
        category="attachment",
        source="writer",
    ),
    situation(
        "X12-ATTACHMENT-NUMBER-UNUSED at 2300/PWK 06",
        Not(Has("PWK 06")),
        "Leave PWK05 and PWK06 out: what is available on request is not sent under a number.",
        when=Is("PWK 02", "AA"),
        each="PWK",
        severity="warning",
        category="attachment",
        source="general knowledge",
    ),
    situation(
        "X12-DIAGNOSIS-MIX at 2300/HI",
        Not(Looks(("HI",), r"\AHI\W(?:ABK\b.*\WBF|BK\b.*\WABF)\b", "of two code sets")),
        "Send all diagnoses in one code set: ABK with ABF, or BK with BF.",
        when=Has("HI 02"),
        words="ICD-10 and ICD-9 diagnoses must not stand on one claim",
        severity="warning",
        category="diagnosis",
        source="general knowledge",
    ),
    situation(
        "X12-PREDETERMINATION-NUMBER at 2300/REF:G1 02",
        Differs("REF:G1 02", "REF:G3 02"),
        "Send a predetermination's number in REF*G3 only.",
        words="the number of a predetermination (REF*G3) is not a prior authorization (REF*G1)",
        severity="warning",
        category="authorization",
        source="writer",
    ),
    situation(
        "X12-PAYER-TURNS at 2300/2320/SBR 01",
        Distinct(("2000B/SBR 01", "2320/SBR 01"), free="U"),
        "Give each payer of the claim its own turn: P, S, T, A to H.",
        when=Has("2320"),
        words="SBR01 must differ between the payers of a claim",
        severity="warning",
        category="subscriber",
        source="general knowledge",
    ),
    situation(
        "X12-RENDERING-SAME at 2310B/NM1 09",
        Differs("NM1 09", "2010AA/NM1 09"),
        "Leave loop 2310B out when the billing provider renders the service; loop 2000A then has the PRV segment.",
        words="loop 2310B is sent only when the rendering provider is not the billing provider",
        severity="info",
        category="provider",
        source="writer; published samples do otherwise",
    ),
)

LINE = (
    situation(
        "X12-LINE-NUMBER at 2400/LX 01",
        CountsUp("LX 01"),
        "Number the service lines of a claim 1, 2, 3.",
        source="sources agree",
    ),
    situation(
        "X12-PREDETERMINATION-LINE-DATE at 2400/DTP:472",
        Not(Has("DTP:472")),
        "Take the service date out: on a predetermination nothing has been done yet.",
        when=_PREDETERMINATION,
        category="date",
        source="writer; an RFI says only that none is required",
    ),
    situation(
        "X12-PRIOR-PLACEMENT at 2400/DTP:139",
        Has("DTP:139"),
        "Send when the prosthesis was placed before: DTP*441, or DTP*139 for an estimate.",
        when=Is("SV3 05", "R"),
        words="DTP*441 or DTP*139 (the prior placement) is required when SV305 is R",
        category="date",
        source="writer",
    ),
    situation(
        "X12-DIAGNOSIS-POINTER at 2400/SV3 11",
        PointsInto("SV3 11", "2300/HI"),
        "Point at a diagnosis that HI has, by its number.",
        words="SV311 must point at diagnoses that the claim's HI has",
        category="diagnosis",
        source="sources agree",
    ),
    situation(
        "X12-QUANTITY-ONE at 2400/SV3 06",
        Not(Is("SV3 06", "1")),
        "Leave SV306 empty for one procedure.",
        words="SV306 is not sent when it is 1",
        severity="info",
        category="charge",
        source="RFI; published samples and most writers send it all the same",
    ),
    situation(
        "X12-QUANTITY-TEETH at 2400/TOO",
        Comes("TOO", 1),
        "Send one service line for each tooth, without SV306.",
        when=Exceeds("SV3 06", 1),
        category="tooth",
        source="RFI",
    ),
    situation(
        "X12-SURFACE-TWICE at 2400/TOO 03",
        Distinct(tuple(f"TOO 03-{place}" for place in range(1, 6))),
        "Name each surface once.",
        when=Has("TOO 03"),
        each="TOO",
        words="the surfaces in TOO03 must differ from each other",
        severity="warning",
        category="tooth",
        source="general knowledge",
    ),
    situation(
        "X12-LINE-PLACE at 2400/SV3 03",
        Differs("SV3 03", "2300/CLM 05-1"),
        "Leave SV303 empty where the place of service is the claim's.",
        when=Has("SV3 03"),
        words="SV303 is sent only when it differs from CLM05-1",
        severity="info",
        source="writer",
    ),
    situation(
        "X12-ADJUDICATION-PAYER at 2430/SVD 01",
        OneOf("SVD 01", "2330B/NM1 09"),
        "Send in SVD01 the identifier (NM109) of one of the claim's other payers.",
        source="sources agree",
    ),
)

ADDRESSES = (
    situation(
        f"X12-STATE-MISSING at {ADDRESS_LOOPS}/N4 02",
        Has("N4 02"),
        "Send the state or province.",
        when=All(Has("N4"), _DOMESTIC),
        words="N402 is required in the USA and Canada",
        source="sources agree",
    ),
    situation(
        f"X12-POSTAL-MISSING at {ADDRESS_LOOPS}/N4 03",
        Has("N4 03"),
        "Send the postal code.",
        when=All(Has("N4"), _DOMESTIC),
        words="N403 is required in the USA and Canada",
        source="sources agree",
    ),
    situation(
        "X12-BILLING-POSTAL at 2010AA/N4 03",
        Looks(("N4 03",), NINE_DIGITS, "nine digits"),
        "Send the nine digits of ZIP+4.",
        when=Either(Not(Has("N4 04")), Is("N4 04", "US")),
        words="a US billing address has a postal code of nine digits",
        severity="warning",
        source="writer; published samples send five",
    ),
    situation(
        "X12-BILLING-BOX at 2010AA/N3 01",
        Not(Looks(("N3 01", "N3 02"), BOX, "a PO box or lock box")),
        "Send the street address; a PO box belongs into the pay-to address (2010AB).",
        words="the billing provider's address is a street, not a PO box or lock box",
        severity="warning",
        source="general knowledge",
    ),
)

SITUATIONS = (*HIERARCHY, *ADDRESSES, *CLAIM, *LINE, *BALANCES, *PRACTICE)
