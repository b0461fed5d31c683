"""What the form of the dental claim allows and payers refuse: dates, teeth, areas, amounts and names that cannot be right.

All are warnings, for no guide makes them errors. What the sources are: `situations` beside this. "edits" are the published claim
edits of clearinghouses and practice systems (NextGen 87 to 89, Henry Schein eTrans, topsOrtho).
"""

from __future__ import annotations

from functools import partial

from edi.guide import procedure
from edi.guide.comparison import Comes, Differs, Distinct, Exceeds, Looks
from edi.guide.condition import All, Either, Has, Is, Not
from edi.guide.notation import situation
from edi.guide.plausibility import DiffersWhere, LiesIn, NotAfter
from edi.guide.teeth import BACK_TEETH, FRONT_TEETH

ADDRESS_LOOPS = "2010AA 2010AB 2010AC 2010BA 2010BB 2010CA 2310C 2330A 2330B 2420D"
"""The loops that have an address."""
_LATER = "S T A B C D E F G H"
_ICD9_ENDED = r"\A(?:201510|20151[12]|201[6-9]|20[2-9]|2[1-9])"
_BEFORE_ICD10 = r"\A(?:1|200|201[0-4]|20150)"
_NEGATIVE = r"\A-"
_PUNCTUATED = r"([^A-Za-z0-9 ])(?:TE|FX)\1(?![0-9]{10}(?:\1|\Z))"
_DIAGNOSES = tuple(f"HI {number:02}-2" for number in range(1, 5))

refused = partial(situation, severity="warning")


def _codes(values: frozenset[str]) -> str:
    return " ".join(sorted(values))


_REPLACES_TEETH = Is("SV3 01-2", _codes(procedure.REPLACES_TEETH))
_FRONT, _BACK = _codes(FRONT_TEETH), _codes(BACK_TEETH)

DATES = (
    refused(
        "X12-DATE-FUTURE at 2300/DTP:472 03",
        NotAfter("DTP:472 03", "ST/BHT 04"),
        "Send the day on which the service was given; a plan of treatment is a predetermination (CLM19 PB).",
        words="the service date must not be after the day on which the claim was made (BHT04)",
        category="date",
        source="edits",
    ),
    refused(
        "X12-LINE-DATE-FUTURE at 2400/DTP:472 03",
        NotAfter("DTP:472 03", "ST/BHT 04"),
        "Send the day on which the service was given; a plan of treatment is a predetermination (CLM19 PB).",
        words="the service date must not be after the day on which the claim was made (BHT04)",
        category="date",
        source="edits",
    ),
    refused(
        "X12-BIRTH-FUTURE at 2010BA 2010CA/DMG 02",
        NotAfter("DMG 02", "ST/BHT 04"),
        "Send the right birth date.",
        words="the birth date must not be after the day on which the claim was made (BHT04)",
        category="date",
        source="edits",
    ),
    *(
        refused(
            f"X12-DATE-BEFORE-BIRTH at {loop}/DTP:472 03",
            NotAfter(f"{person}/DMG 02", "DTP:472 03"),
            "Send the right service date, or the right birth date.",
            when=when,
            words=f"the service date must not be before the {who}'s birth date",
            category="date",
            source="edits",
        )
        for loop in ("2300", "2400")
        for person, who, when in (
            ("2010BA", "subscriber", Is("2000B/SBR 02", "18")),
            ("2010CA", "patient", Has("DTP:472")),
        )
    ),
    refused(
        "X12-LINE-DATE-SAME at 2400/DTP:472 03",
        Differs("DTP:472 03", "2300/DTP:472 03"),
        "Leave the line's date out where it is the claim's.",
        words="a line's service date is sent only where it differs from the claim's",
        category="date",
        source="writer",
    ),
)

DIAGNOSES = (
    refused(
        "X12-DIAGNOSIS-ICD9 at 2300/HI 01-1",
        Not(
            Either(
                Looks(("DTP:472 03",), _ICD9_ENDED, "after 2015-09-30"),
                Looks(("2400/DTP:472 03",), _ICD9_ENDED, "after 2015-09-30"),
            )
        ),
        "Send the diagnosis in ICD-10-CM, with ABK and ABF.",
        when=Is("HI 01-1", "BK"),
        words="services after 2015-09-30 have diagnoses in ICD-10-CM (ABK), not in ICD-9-CM (BK)",
        category="diagnosis",
        source="45 CFR 162.1002(c)",
    ),
    refused(
        "X12-DIAGNOSIS-ICD10 at 2300/HI 01-1",
        Not(Looks(("DTP:472 03",), _BEFORE_ICD10, "before 2015-10-01")),
        "Send the diagnosis in ICD-9-CM, with BK and BF.",
        when=Is("HI 01-1", "ABK"),
        words="services before 2015-10-01 have diagnoses in ICD-9-CM (BK), not in ICD-10-CM (ABK)",
        category="diagnosis",
        source="45 CFR 162.1002(c)",
    ),
    refused(
        "X12-DIAGNOSIS-TWICE at 2300/HI",
        Distinct(_DIAGNOSES),
        "Name each diagnosis once, and point at it from all its lines.",
        when=Has("HI 02"),
        words="the diagnoses of a claim must differ from each other",
        category="diagnosis",
        source="edits",
    ),
)

PARTIES = (
    refused(
        "X12-OTHER-PAYER at 2300/2320",
        Has("2320"),
        "Send the payers that come before this one (loop 2320) with what they paid, or P in SBR01.",
        when=Is("2000B/SBR 01", _LATER),
        words="loop 2320 is required when SBR01 says that another payer comes first",
        category="subscriber",
        source="the guide's situation of loop 2320",
    ),
    refused(
        "X12-FACILITY-BILLING at 2310C/NM1 09",
        Differs("NM1 09", "2010AA/NM1 09"),
        "Leave loop 2310C out when the service was given at the billing provider's own place.",
        words="loop 2310C is sent only when the service facility is not the billing provider",
        category="provider",
        source="writer",
    ),
    refused(
        "X12-RENDERING-NPI at 2310B 2420A/NM1 09",
        Has("NM1 09"),
        "Send XX and the rendering provider's NPI in NM108 and NM109.",
        words="the rendering provider has an NPI (NM109)",
        category="provider",
        source="45 CFR 162.412; edits",
    ),
    refused(
        "X12-PHONE at 1000A 2010AA/PER",
        Not(Looks(("PER",), _PUNCTUATED, "other than ten digits")),
        "Send ten digits: area code and number, without punctuation.",
        when=Has("PER"),
        words="a telephone or fax number has ten digits and no punctuation",
        category="provider",
        source="the guide's note on PER04",
    ),
    refused(
        f"X12-POSTAL-STATE at {ADDRESS_LOOPS}/N4 03",
        LiesIn("N4 02", "N4 03"),
        "Check the postal code and the state: one of them is wrong.",
        when=Either(Not(Has("N4 04")), Is("N4 04", "US")),
        words="a US postal code lies in the state beside it",
        source="three-digit ranges of the US Postal Service",
    ),
)

CHARGES = (
    *(
        refused(
            f"X12-AMOUNT-NEGATIVE at {loops}/{where}",
            Not(Looks((where,), _NEGATIVE, "negative")),
            "Send an amount of zero or more; a claim that was wrong is replaced or voided (CLM05-3).",
            words=f"{where.replace(' ', '')} must not be negative",
            category="charge",
            source="edits",
        )
        for loops, where in (("2300", "CLM 02"), ("2400", "SV3 02"), ("2430", "SVD 02"))
    ),
    *(
        refused(
            f"X12-AMOUNT-NEGATIVE at {loops}/AMT:{code} 02",
            Not(Looks((f"AMT:{code} 02",), _NEGATIVE, "negative")),
            "Send an amount of zero or more.",
            words=f"the amount in AMT*{code} must not be negative",
            category="charge",
            source="edits",
        )
        for loops, code in (
            ("2300", "F5"),
            ("2320", "D"),
            ("2320 2430", "EAF"),
            ("2320", "A8"),
            ("2400", "T"),
        )
    ),
    refused(
        "X12-QUANTITY-TOOTH at 2400/SV3 06",
        Either(Not(Has("TOO")), Not(Comes("TOO", 1))),
        "Send one service line for each tooth, without SV306.",
        when=All(Exceeds("SV3 06", 1), Not(Is("SV3 01-2", _codes(procedure.FILMS)))),
        words="SV306 is sent only where no tooth must be named, and for films of one tooth",
        category="tooth",
        source="RFI",
    ),
)

TEETH = (
    refused(
        "X12-TOOTH-TWICE at 2400/TOO 02",
        Distinct(("TOO 02",)),
        "Name each tooth of a line once.",
        when=Not(Comes("TOO", 1)),
        words="the teeth of a line must differ from each other",
        category="tooth",
        source="edits",
    ),
    refused(
        "X12-TOOTH-OCCLUSAL at 2400/TOO 03",
        Not(Looks(("TOO 03",), "O", "occlusal")),
        "Send I (incisal) for the edge of a front tooth.",
        when=Is("TOO 02", _FRONT),
        each="TOO",
        words="a front tooth has no occlusal surface",
        category="tooth",
        source="edits",
    ),
    refused(
        "X12-TOOTH-INCISAL at 2400/TOO 03",
        Not(Looks(("TOO 03",), "I", "incisal")),
        "Send O (occlusal) for the chewing surface of a back tooth.",
        when=Is("TOO 02", _BACK),
        each="TOO",
        words="a back tooth has no incisal edge",
        category="tooth",
        source="edits",
    ),
    refused(
        "X12-TOOTH-MISSING at 2400/TOO 02",
        DiffersWhere("TOO 02", "2300/DN2 01", "2300/DN2 02", "M"),
        "Take the tooth out of the missing ones (DN2), or name the tooth that was treated.",
        when=All(Has("2300/DN2"), Has("TOO"), Not(_REPLACES_TEETH)),
        words="a tooth that is told to be missing (DN2) is not treated",
        category="tooth",
        source="writer",
    ),
    refused(
        "X12-AREA-TOOTH at 2400/SV3 04",
        Not(Has("TOO")),
        "Leave SV304 out where the teeth are named.",
        when=All(Has("SV3 04"), Not(Is("SV3 01-2", _codes(procedure.QUADRANT)))),
        words="SV304 is not sent for single teeth (TOO)",
        category="tooth",
        source="writer; edits",
    ),
)

PROCEDURES = (
    refused(
        "X12-PROCEDURE-TOOTH at 2400/TOO",
        Has("TOO"),
        "Name the tooth in TOO02.",
        when=Is("SV3 01-2", _codes(procedure.TOOTH)),
        words="TOO is required for a procedure of one tooth",
        category="tooth",
        source="writer; edits",
    ),
    refused(
        "X12-PROCEDURE-SURFACE at 2400/TOO 03",
        Has("TOO 03"),
        "Name the surfaces in TOO03.",
        when=All(Has("TOO"), Is("SV3 01-2", _codes(procedure.SURFACES))),
        words="TOO03 is required for a procedure on surfaces of a tooth",
        category="tooth",
        source="writer; edits",
    ),
    refused(
        "X12-PROCEDURE-AREA at 2400/SV3 04",
        Has("SV3 04"),
        "Name the quadrant or the arch in SV304.",
        when=Is("SV3 01-2", _codes(procedure.QUADRANT | procedure.ARCH)),
        words="SV304 is required for a procedure of a quadrant or an arch",
        category="tooth",
        source="writer; edits",
    ),
    refused(
        "X12-PROCEDURE-PLACEMENT at 2400/SV3 05",
        Has("SV3 05"),
        "Send I in SV305 for an initial placement, or R and the date of the one before.",
        when=Is("SV3 01-2", _codes(procedure.PROSTHESIS)),
        words="SV305 is required for a crown, a denture or a bridge",
        category="code",
        source="writer",
    ),
    refused(
        "X12-PROCEDURE-ORTHODONTICS at 2400/SV3 01-2",
        Has("2300/DN1"),
        "Send the months of treatment in DN1.",
        when=Is("SV3 01-2", _codes(procedure.ORTHODONTICS)),
        words="DN1 is required for orthodontic treatment",
        category="code",
        source="writer",
    ),
    refused(
        "X12-PROCEDURE-FRONT at 2400/TOO 02",
        Is("TOO 02", _FRONT),
        "Send the code for back teeth, or the front tooth that was treated.",
        when=All(Has("TOO 02"), Is("SV3 01-2", _codes(procedure.FRONT_TEETH_ONLY))),
        each="TOO",
        words="the procedure is one of front teeth",
        category="tooth",
        source="edits",
    ),
    refused(
        "X12-PROCEDURE-BACK at 2400/TOO 02",
        Is("TOO 02", _BACK),
        "Send the code for front teeth, or the back tooth that was treated.",
        when=All(Has("TOO 02"), Is("SV3 01-2", _codes(procedure.BACK_TEETH_ONLY))),
        each="TOO",
        words="the procedure is one of back teeth",
        category="tooth",
        source="edits",
    ),
)

PRACTICE = (*DATES, *DIAGNOSES, *PARTIES, *CHARGES, *TEETH, *PROCEDURES)
