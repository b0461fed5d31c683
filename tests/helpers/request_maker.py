"""Requests of a payer (277), written as a payer would."""

from __future__ import annotations

from edi.guide.registry import guide
from edi.x12.envelope import END, Party, Stamp, closing, opening

HEAD = [
    "BHT*0085*13*RQ1*20261001*1200",
    "HL*1**20*1",
    "NM1*PR*2*EXAMPLE DENTAL PLAN*****PI*CX014",
    "PER*IC*CLAIMS*TE*6145550100",
    "HL*2*1*21*1",
    "NM1*41*2*EXAMPLE BILLING*****46*BRIGHT01",
    "HL*3*2*19*1",
    "NM1*1P*2*BRIGHT STREET ENDODONTICS*****XX*1234567893",
    "HL*4*3*PT",
    "NM1*QC*1*MARSH*THEO****MI*EDP8842017",
]


def request(*claims: list[str], version: str = "006020X313") -> bytes:
    """An interchange with one set that asks about each of the claims: their segments from TRN on."""
    about = guide(version)
    assert about is not None
    segments = [f"ST*277*0001*{version}", *HEAD, *(each for claim in claims for each in claim)]
    segments.append(f"SE*{len(segments) + 1}*0001")
    payer, practice = Party("ZZ", "CX014"), Party("ZZ", "BRIGHT01")
    text = opening(about, payer, practice, "T", 7, Stamp("20261001", "1200"))
    return (text + END.join(segments) + END + closing(1, 7)).encode("ascii")


def film_of(claim: str, number: str = "PAY778", kind: str = "EJ") -> list[str]:
    """The segments that ask for the films of a claim, and for the note of its first line."""
    return [
        f"TRN*1*{number}",
        "STC*R4:52040-3::LOI*20261001********R4:18803-7::LOI",
        "REF*1K*PCN99",
        f"REF*{kind}*{claim}",
        "DTP*472*D8*20260914",
        "DTP*106*D8*20261020",
        "SVC*AD:D3352*215",
        "STC*R4:11506-3::LOI*20261001**********Why was it renewed",
        f"REF*FJ*{claim}-1",
    ]
