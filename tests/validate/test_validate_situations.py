"""Each situation and balance of the guide: a break of it earns its finding and no other, and what it spares earns none."""

from __future__ import annotations

import io
from functools import cache
from typing import NamedTuple

import pytest
from growth import growth
from x12_maker import DENTAL, file_of, sealed, texts, whole_set

from edi.finding import Finding
from edi.validate.run import validate_stream

Edit = str | tuple[str, ...] | None  # another segment, several, or none in the place of one


class Case(NamedTuple):
    """Edits of a base file by position (ST is 1), and the findings that they earn: (rule, position, element, loop)."""

    base: str
    edits: dict[int, Edit]
    findings: tuple[tuple[str, int, str | None, str], ...] = ()


@cache
def base(name: str) -> tuple[str, ...]:
    """lean: what must be there, four claims; full: everything that can be, four claims."""
    return tuple(texts(whole_set(full=name == "full")))


def found(case: Case) -> list[Finding]:
    segments: list[str] = []
    for position, segment in enumerate(base(case.base), start=1):
        edit = case.edits.get(position, segment)
        segments += () if edit is None else (edit,) if isinstance(edit, str) else edit
    return validate_stream(io.BytesIO(file_of(sealed(segments))), "x").findings


def broken(
    name: str, edits: dict[int, Edit], rule: str, position: int, element: str | None, loop: str
) -> Case:
    return Case(name, edits, ((rule, position, element, loop),))


CLM = "CLM*A1*200***11:B:{}*N*A*N*I{}"
SV3 = "SV3*AD:D0330*100{}"
DATE = "DTP*472*D8*20260914"
COB = ("SBR*S*18*******CI", "AMT*D*150", "OI***N***I", "NM1*IL*1*B*****MI*M1", "NM1*PR*2*B*****PI*OTHER1")


def paid(amount: str, adjusted: str) -> tuple[str, ...]:
    return f"SVD*OTHER1*{amount}***1", f"CAS*PR*2*{adjusted}", "DTP*573*D8*20260914"


BROKEN = [
    # Levels
    broken(
        "lean",
        dict.fromkeys(range(18, 24)) | {11: "HL*2*1*22*0"},
        "X12-CLAIM-MISSING",
        11,
        None,
        "2000B",
    ),
    broken("lean", dict.fromkeys(range(62, 68)), "X12-PATIENT-CLAIM-MISSING", 56, None, "2000C"),
    broken("lean", {12: "SBR*P"}, "X12-SUBSCRIBER-SELF", 12, "SBR02", "2000B"),
    broken("lean", {25: "SBR*P*18"}, "X12-SUBSCRIBER-NOT-SELF", 25, "SBR02", "2000B"),
    broken("lean", {14: None}, "X12-SUBSCRIBER-ADDRESS", 14, None, "2010BA"),
    broken("lean", {15: None}, "X12-SUBSCRIBER-CITY", 15, None, "2010BA"),
    broken("lean", {16: None}, "X12-SUBSCRIBER-BIRTH", 16, None, "2010BA"),
    broken("lean", {13: "NM1*IL*1*A"}, "X12-SUBSCRIBER-MEMBER", 13, "NM109", "2010BA"),
    # Addresses
    broken("lean", {9: "N4*COLUMBUS**432150001"}, "X12-STATE-MISSING", 9, "N402", "2010AA"),
    broken("lean", {35: "N4*COLUMBUS**43215"}, "X12-STATE-MISSING", 35, "N402", "2010CA"),
    broken("full", {66: "N4*COLUMBUS*OH**US"}, "X12-POSTAL-MISSING", 66, "N403", "2310C"),
    broken("full", {135: "N4*TORONTO*ON**CA"}, "X12-POSTAL-MISSING", 135, "N403", "2420D"),
    broken("lean", {9: "N4*COLUMBUS*OH*43215"}, "X12-BILLING-POSTAL", 9, "N403", "2010AA"),
    broken("lean", {8: "N3*P.O. BOX 12"}, "X12-BILLING-BOX", 8, "N301", "2010AA"),
    broken("lean", {8: "N3*410 BRIGHT ST*PO Box 12"}, "X12-BILLING-BOX", 8, "N301", "2010AA"),
    # The claim
    broken("lean", {18: CLM.format(7, "")}, "X12-PAYER-CLAIM-NUMBER", 20, None, "2300"),
    broken("lean", {37: CLM.format(8, "")}, "X12-PAYER-CLAIM-NUMBER", 39, None, "2300"),
    broken("lean", {18: CLM.format(1, "**OA")}, "X12-ACCIDENT-DATE", 19, None, "2300"),
    broken("lean", {18: CLM.format(1, "**EM:AA::OH")}, "X12-ACCIDENT-DATE", 19, None, "2300"),
    broken("full", {36: CLM.format(1, "**AA")}, "X12-ACCIDENT-STATE", 36, "CLM11-4", "2300"),
    broken("lean", {18: CLM.format(1, "*" * 10 + "PB")}, "X12-PREDETERMINATION-DATE", 19, None, "2300"),
    broken("full", {41: "DN1***X"}, "X12-ELEMENT-NOT-USED", 41, "DN103", "2300"),
    broken("full", {41: "DN1"}, "X12-ORTHODONTICS-EMPTY", 41, None, "2300"),
    broken("full", {41: "DN1*24*36"}, "X12-ORTHODONTICS-MONTHS", 41, "DN102", "2300"),
    broken(
        "full", {43: ("PWK*B4*BM***AC*N1", "PWK*RB*FT")}, "X12-ATTACHMENT-NUMBER", 44, "PWK06", "2300"
    ),
    broken("full", {43: "PWK*B4*AA***AC*N1"}, "X12-ATTACHMENT-NUMBER-UNUSED", 43, "PWK06", "2300"),
    broken("full", {56: "HI*ABK:K041*BF:5220*ABF:K042*ABF:K045"}, "X12-DIAGNOSIS-MIX", 56, None, "2300"),
    broken("full", {56: "HI*ABK:K041*ABF:K042*ABF:K045*BF:5220"}, "X12-DIAGNOSIS-MIX", 56, None, "2300"),
    broken("full", {46: "REF*G3*N1", 50: "REF*G1*N1"}, "X12-PREDETERMINATION-NUMBER", 50, "REF02", "2300"),
    broken("full", {73: "SBR*P*18"}, "X12-PAYER-TURNS", 73, "SBR01", "2320"),
    broken("full", {61: "NM1*82*1*A*****XX*1000000004"}, "X12-RENDERING-SAME", 61, "NM109", "2310B"),
    # Lines
    broken("lean", {22: "LX*3"}, "X12-LINE-NUMBER", 22, "LX01", "2400"),
    broken("lean", {20: "LX*2"}, "X12-LINE-NUMBER", 20, "LX01", "2400"),
    broken(
        "lean",
        {19: None, 21: (SV3.format(""), "DTP*472*D8*20260914")},
        "X12-SERVICE-DATE",
        19,
        None,
        "2300",
    ),
    broken(
        "lean",
        {18: CLM.format(1, "*" * 10 + "PB"), 19: None, 21: (SV3.format(""), "DTP*472*D8*20260914")},
        "X12-PREDETERMINATION-LINE-DATE",
        21,
        None,
        "2400",
    ),
    broken("full", {110: None}, "X12-PRIOR-PLACEMENT", 110, None, "2400"),
    broken("lean", {21: SV3.format("*" * 9 + "1")}, "X12-DIAGNOSIS-POINTER", 21, "SV311", "2400"),
    broken("full", {56: "HI*ABK:K041*ABF:K045*ABF:K042", 142: SV3.format("*" * 9 + "1:3")},
           "X12-DIAGNOSIS-POINTER", 107, "SV311", "2400"),
    broken("lean", {21: SV3.format("****1")}, "X12-QUANTITY-ONE", 21, "SV306", "2400"),
    broken("full", {107: "SV3*AD:D4341*100*22*10*R*2", 108: ("TOO*JP*3", "TOO*JP*4")},
            "X12-QUANTITY-TEETH", 108, None, "2400"),
    broken("full", {108: "TOO*JP*3*M:O:M"}, "X12-SURFACE-TWICE", 108, "TOO03", "2400"),
    broken("lean", {21: SV3.format("*11")}, "X12-LINE-PLACE", 21, "SV303", "2400"),
    broken("full", {137: "SVD*OTHER2*40***10"}, "X12-ADJUDICATION-PAYER", 137, "SVD01", "2430"),
    # Balances
    broken("lean", {21: "SV3*AD:D0330*100.01"}, "X12-BALANCE-CLAIM", 18, "CLM02", "2300"),
    broken("full", {75: "AMT*D*20.5"}, "X12-BALANCE-OTHER-PAYER", 75, "AMT02", "2320"),
    broken("full", {137: "SVD*OTHER1*39***10"}, "X12-BALANCE-LINE", 137, "SVD02", "2430"),
    # What payers refuse: dates
    broken("lean", {19: "DTP*472*D8*20991231"}, "X12-DATE-FUTURE", 19, "DTP03", "2300"),
    broken("lean", {21: (SV3.format(""), "DTP*472*D8*20991231")}, "X12-LINE-DATE-FUTURE", 22, "DTP03", "2400"),
    broken("lean", {16: "DMG*D8*20991231*F", 18: CLM.format(1, "*" * 10 + "PB"), 19: None},
           "X12-BIRTH-FUTURE", 16, "DMG02", "2010BA"),
    broken("lean", {19: "DTP*472*D8*20140101"}, "X12-DATE-BEFORE-BIRTH", 19, "DTP03", "2300"),
    broken("lean", {38: "DTP*472*RD8*20140101-20140301"}, "X12-DATE-BEFORE-BIRTH", 38, "DTP03", "2300"),
    broken("lean", {21: (SV3.format(""), "DTP*472*D8*20140101")}, "X12-DATE-BEFORE-BIRTH", 22, "DTP03", "2400"),
    broken("lean", {21: (SV3.format(""), "DTP*472*D8*20260914")}, "X12-LINE-DATE-SAME", 22, "DTP03", "2400"),
    # diagnoses
    broken("lean", {19: (DATE, "HI*BK:5220")}, "X12-DIAGNOSIS-ICD9", 20, "HI01-1", "2300"),
    broken("lean", {19: ("DTP*472*D8*20150930", "HI*ABK:K041")}, "X12-DIAGNOSIS-ICD10", 20, "HI01-1", "2300"),
    broken("lean", {19: (DATE, "HI*ABK:K041*ABF:K041")}, "X12-DIAGNOSIS-TWICE", 20, None, "2300"),
    # payers, providers and addresses
    broken("lean", {12: "SBR*S*18"}, "X12-OTHER-PAYER", 20, None, "2300"),
    broken("full", {64: "NM1*77*2*A*****XX*1000000004"}, "X12-FACILITY-BILLING", 64, "NM109", "2310C"),
    broken("full", {61: "NM1*82*1*A"}, "X12-RENDERING-NPI", 61, "NM109", "2310B"),
    broken("lean", {4: "PER*IC*DESK*TE*(614) 555-0100"}, "X12-PHONE", 4, None, "1000A"),
    broken("lean", {4: "PER*IC*DESK*EM*A@B*FX*614555010"}, "X12-PHONE", 4, None, "1000A"),
    broken("lean", {9: "N4*COLUMBUS*OH*902100001"}, "X12-POSTAL-STATE", 9, "N403", "2010AA"),
    # charges
    Case("lean", {18: CLM.format(1, "").replace("*200*", "*-200*"), 21: SV3.format("").replace("100", "-100"),
                  23: SV3.format("").replace("100", "-100")},
         (("X12-AMOUNT-NEGATIVE", 18, "CLM02", "2300"), ("X12-AMOUNT-NEGATIVE", 21, "SV302", "2400"),
          ("X12-AMOUNT-NEGATIVE", 23, "SV302", "2400"))),
    broken("lean", {19: (DATE, "AMT*F5*-5")}, "X12-AMOUNT-NEGATIVE", 20, "AMT02", "2300"),
    broken("lean", {21: (SV3.format("****2"), "TOO*JP*9")}, "X12-QUANTITY-TOOTH", 21, "SV306", "2400"),
    # teeth and areas
    broken("lean", {21: (SV3.format(""), "TOO*JP*9", "TOO*JP*9")}, "X12-TOOTH-TWICE", 22, "TOO02", "2400"),
    broken("lean", {21: (SV3.format(""), "TOO*JP*9*O")}, "X12-TOOTH-OCCLUSAL", 22, "TOO03", "2400"),
    broken("lean", {21: (SV3.format(""), "TOO*JP*A*M:I")}, "X12-TOOTH-INCISAL", 22, "TOO03", "2400"),
    broken("lean", {19: (DATE, "DN2*9*M****JP", "DN2*8*E****JP"), 21: (SV3.format(""), "TOO*JP*9", "TOO*JP*8")},
           "X12-TOOTH-MISSING", 24, "TOO02", "2400"),
    broken("lean", {21: (SV3.format("**10"), "TOO*JP*9")}, "X12-AREA-TOOTH", 21, "SV304", "2400"),
    # what a procedure asks for
    broken("lean", {21: "SV3*AD:D3352*100"}, "X12-PROCEDURE-TOOTH", 22, None, "2400"),
    broken("lean", {21: ("SV3*AD:D2391*100", "TOO*JP*3")}, "X12-PROCEDURE-SURFACE", 22, "TOO03", "2400"),
    broken("lean", {21: "SV3*AD:D4341*100"}, "X12-PROCEDURE-AREA", 21, "SV304", "2400"),
    broken("lean", {21: ("SV3*AD:D2740*100", "TOO*JP*3")}, "X12-PROCEDURE-PLACEMENT", 21, "SV305", "2400"),
    broken("lean", {21: "SV3*AD:D8080*100"}, "X12-PROCEDURE-ORTHODONTICS", 21, "SV301-2", "2400"),
    broken("lean", {21: ("SV3*AD:D3310*100", "TOO*JP*3")}, "X12-PROCEDURE-FRONT", 22, "TOO02", "2400"),
    broken("lean", {21: ("SV3*AD:D2391*100", "TOO*JP*8*M")}, "X12-PROCEDURE-BACK", 22, "TOO02", "2400"),
]  # fmt: skip

SPARED = [
    Case("lean", {}),
    Case("full", {}),
    # Abroad there are addresses without state and postal code; NM109 of an organization may be absent.
    Case("lean", {9: "N4*HAMBURG***DE", 26: "NM1*IL*2*A FIRM"}),
    Case("lean", {8: "N3*12 BOXWOOD LANE"}),
    # A replacement with the payer's number; an accident abroad; employment alone.
    Case("lean", {18: CLM.format(7, ""), 19: ("DTP*472*D8*20260914", "REF*F8*N1")}),
    Case("lean", {18: CLM.format(1, "**AA::::MX"), 19: ("DTP*439*D8*20260914", "DTP*472*D8*20260914")}),
    Case("lean", {18: CLM.format(1, "**EM")}),
    # A predetermination has no date; an orthodontic claim is dated by its appliance; each line may be dated itself.
    Case("lean", {18: CLM.format(1, "*" * 10 + "PB"), 19: None}),
    Case("lean", {19: ("DTP*452*D8*20260901", "DN1*36")}),
    Case("lean", {19: None, 21: (SV3.format(""), "DTP*472*D8*20260914"), 23: (SV3.format(""), "DTP*472*D8*20260913")}),
    Case("full", {43: "PWK*B4*AA", 46: "REF*G3*N1", 50: "REF*G1*N2", 73: "SBR*U*18"}),
    # ICD-9 alone; a pointer to the last diagnosis; more than one tooth without a quantity.
    Case("lean", {19: ("DTP*472*D8*20150914", "HI*BK:5220*BF:5221")}),
    Case("lean", {19: ("DTP*472*D8*20260914", "HI*ABK:K041*ABF:K042"), 21: SV3.format("*" * 9 + "2:1")}),
    Case("lean", {21: (SV3.format(""), "TOO*JP*8*M", "TOO*JP*9*M")}),
    Case("lean", {21: ("SV3*AD:D0230*100****2", "TOO*JP*9")}),  # films of one tooth are counted
    Case("lean", {21: "SV3*AD:D0330*99.50", 23: "SV3*AD:D0330*100.5"}),
    # A line may cost nothing.
    Case("lean", {20: ("LX*1", SV3.format("").replace("100", "0"), "LX*2"), 22: "LX*3"}),
    # Two other payers balance each for itself; without what it paid nothing is balanced; a bundled line need not.
    Case("lean", {19: ("DTP*472*D8*20260914", *COB, "DTP*573*D8*20260914"),
                  21: (SV3.format(""), *paid("100", "0")),
                  23: (SV3.format(""), *paid("50", "50"))}),
    Case("lean", {19: ("DTP*472*D8*20260914", *(each for each in COB if "AMT" not in each))}),
    Case("full", {137: "SVD*OTHER1*39***10*2"}),
    # A pontic stands for a missing tooth; scaling names its quadrant and teeth; abroad a postal code has another form.
    Case("lean", {19: (DATE, "DN2*9*M****JP"), 21: ("SV3*AD:D6240*100***I", "TOO*JP*9")}),
    Case("lean", {21: ("SV3*AD:D4341*100**10", "TOO*JP*3", "TOO*JP*4")}),
    Case("lean", {9: "N4*TORONTO*ON*M5V 2T6*CA"}),
    # A tooth to be extracted is not missing yet.
    Case("lean", {19: (DATE, "DN2*8*E****JP"), 21: ("SV3*AD:D7140*100", "TOO*JP*8")}),
]  # fmt: skip


def _name(case: Case) -> str:
    return case.findings[0][0] if case.findings else "-".join(map(str, case.edits)) or case.base


@pytest.mark.parametrize("case", BROKEN, ids=_name)
def test_a_break_earns_exactly_its_finding(case: Case) -> None:
    assert tuple((each.rule, each.position, each.element, each.loop) for each in found(case)) == case.findings


@pytest.mark.parametrize("case", SPARED, ids=_name)
def test_what_is_allowed_earns_none(case: Case) -> None:
    assert found(case) == []


def test_every_situation_is_broken_somewhere() -> None:
    assert {each.id for each in DENTAL.situations} <= {case.findings[0][0] for case in BROKEN}


def test_a_finding_says_what_the_situation_says() -> None:
    case = broken("lean", {18: CLM.format(7, "")}, "X12-PAYER-CLAIM-NUMBER", 20, None, "2300")
    (finding,) = found(case)
    assert finding.message == "REF*F8 is required when CLM05-3 is 7 or 8."
    assert (finding.snip, finding.severity, finding.category) == (4, "error", "format")
    situation = next(each for each in DENTAL.situations if each.id == finding.rule)
    assert finding.fix == situation.fix


def test_every_situation_reads_as_a_sentence() -> None:
    for each in DENTAL.situations:
        assert each.says
        assert not each.says.endswith(".")
        assert each.fix.endswith(".")
        assert each.source
        assert each.id.startswith("X12-")


def test_a_lost_line_number_is_noticed_once() -> None:
    edits: dict[int, Edit] = {20: ("LX*2", SV3.format("").replace("100", "0"), "LX*3"), 22: "LX*4"}
    rules = [(each.rule, each.position) for each in found(Case("lean", edits))]
    assert rules == [("X12-LINE-NUMBER", 20)]


def test_a_wrong_line_number_is_noticed_once() -> None:
    edits: dict[int, Edit] = {20: "LX*7"}
    assert [(each.rule, each.position) for each in found(Case("lean", edits))] == [("X12-LINE-NUMBER", 20)]


HL_CASES = [
    ({24: "HL*9*1*22*1", 31: "HL*4*9*23*0"}, [("X12-HL-NUMBER", 24, "HL01")]),
    ({24: "HL*9*1*22*1"}, [("X12-HL-NUMBER", 24, "HL01")]),
    ({31: "HL*4*2*23*0"}, [("X12-HL-PARENT", 31, "HL02")]),
    ({24: "HL*3*1*22*0"}, [("X12-HL-CHILD", 24, "HL04")]),
    ({11: "HL*2*1*22*1"}, [("X12-HL-CHILD", 11, "HL04")]),
    # A level is lost with all that lies below it: the numbers show it once.
    (dict.fromkeys(range(11, 24)), [("X12-HL-NUMBER", 11, "HL01")]),
]


@pytest.mark.parametrize(("edits", "findings"), HL_CASES)
def test_levels(edits: dict[int, Edit], findings: list[tuple[str, int, str]]) -> None:
    assert [(each.rule, each.position, each.element) for each in found(Case("lean", edits))] == findings


@pytest.mark.parametrize(
    ("before", "loop"),
    [
        ("SE*", ["LX*1", "SV3*AD:D1110*1"]),
        ("LX*1", ["SBR*P*18*******CI", "CAS*CO*45*1", "AMT*D*1", "OI***Y***Y", "NM1*IL*1*A*B****MI*M1", "NM1*PR*2*P*****PI*P1"]),
    ],
    ids=["lines", "other payers"],
)  # fmt: skip
def test_very_many_of_one_loop_take_no_square_of_time(before: str, loop: list[str]) -> None:
    lean = base("lean")
    at = next(place for place, segment in enumerate(lean) if segment.startswith(before))

    def judge(count: int) -> None:
        segments = sealed([*lean[:at], *loop * count, *lean[at:]])
        findings: list[Finding] = []
        validate_stream(io.BytesIO(file_of(segments)), "x", findings.append)
        assert any(finding.rule == "X12-LOOP-REPEAT" for finding in findings)

    assert growth(judge, 2_000) < 8


def test_loops_beyond_those_allowed_are_one_finding() -> None:
    lines = [segment for number in range(3, 54) for segment in (f"LX*{number}", "SV3*AD:D0330*0")]
    case = broken("lean", {23: (SV3.format(""), *lines)}, "X12-LOOP-REPEAT", 120, None, "2400")  # LX*51
    test_a_break_earns_exactly_its_finding(case)
