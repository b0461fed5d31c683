"""Plain claims in the two forms that validators read: 837 Dental, and 837 Professional for those without a dental guide."""

from __future__ import annotations

import random
from collections.abc import Iterator

from edi.guide.forms import npi_check

DENTAL, PROFESSIONAL = "005010X224A2", "005010X222A1"
_ISA = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261015*0930*^*00501*{0:09}*0*T*:"
)


def interchange(claims: int, version: str = DENTAL, number: int = 1) -> str:
    """An interchange of so many subscribers with one claim of two lines each; names, dates, amounts and control numbers vary.
    The same `number` gives the same claims in either version."""
    chance = random.Random(number)
    body = [
        *_head(version),
        *(segment for level in range(2, claims + 2) for segment in _claim(level, version, chance)),
    ]
    body.append(f"SE*{len(body) + 1}*0001")
    group = f"GS*HC*SENDER*RECEIVER*20261015*0930*{number}*X*{version}"
    return "~\n".join([_ISA.format(number), group, *body, f"GE*1*{number}", f"IEA*1*{number:09}", ""])


def _npi(stem: int) -> str:
    return next(str(number) for number in range(stem * 10, stem * 10 + 10) if npi_check(str(number)))


def _head(version: str) -> list[str]:
    return [
        f"ST*837*0001*{version}",
        "BHT*0019*00*0001*20261015*0930*CH",
        "NM1*41*2*EXAMPLE BILLING*****46*SENDER",
        "PER*IC*CLAIMS DESK*TE*6145550100",
        "NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*RECEIVER",
        "HL*1**20*1",
        f"NM1*85*2*EXAMPLE DENTAL ASSOCIATES*****XX*{_npi(123456789)}",
        "N3*12 SAMPLE STREET",
        "N4*COLUMBUS*OH*432150001",
        "REF*EI*201234567",
    ]


def _claim(level: int, version: str, chance: random.Random) -> Iterator[str]:
    day = f"2026{chance.randint(1, 9):02}{chance.randint(1, 28):02}"
    amounts = [chance.randint(40, 900), chance.randint(40, 900)]
    yield f"HL*{level}*1*22*0"
    yield "SBR*P*18*******CI"
    yield f"NM1*IL*1*FAMILY{level}*GIVEN{chance.randint(1, 200)}****MI*MEMBER{level:06}"
    yield f"N3*{chance.randint(1, 9999)} EXAMPLE AVENUE"
    yield f"N4*COLUMBUS*OH*{chance.randint(43001, 43299)}"
    yield f"DMG*D8*{chance.randint(1940, 2020)}0{chance.randint(1, 9)}{chance.randint(10, 28)}*{chance.choice('FM')}"
    yield "NM1*PR*2*EXAMPLE DENTAL PLAN*****PI*12345"
    yield f"CLM*CLAIM{level}*{sum(amounts)}***11:B:1*Y*A*Y*Y"
    if version == DENTAL:
        yield f"DTP*472*D8*{day}"
    yield "HI*ABK:K041"
    yield f"NM1*82*1*DENTIST*EXAMPLE****XX*{_npi(100000000 + chance.randint(1, 40))}"
    yield "PRV*PE*PXC*1223E0200X"
    for line, amount in enumerate(amounts, start=1):
        yield f"LX*{line}"
        if version == DENTAL:
            yield f"SV3*AD:D{chance.randint(2910, 2957)}*{amount}*********1"
            yield f"TOO*JP*{chance.randint(1, 32)}"
        else:
            yield f"SV1*HC:{chance.randint(99202, 99215)}*{amount}*UN*1***1"
            yield f"DTP*472*D8*{day}"
        yield f"REF*6R*CLAIM{level}-{line}"
