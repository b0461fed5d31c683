"""The guide of the 999: a file in the shape of X12's published example passes, and each demand is seen when it is broken."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from edi.validate.run import Verdict, validate_stream

EXAMPLE = """\
ISA*00*          *00*          *ZZ*PAYER          *ZZ*PRACTICE       *260930*1705*^*00501*000000007*0*T*:~
TA1*000000001*260930*0930*A*000~
GS*FA*PAYER*PRACTICE*20260930*1705*1*X*005010X231A1~
ST*999*0001*005010X231A1~
AK1*HC*17456*005010X224A2~
AK2*837*0001*005010X224A2~
IK5*A~
AK2*837*0002*005010X224A2~
IK3*CLM*22*2300*8~
CTX*CLM01:A17~
IK4*2*782*1~
IK5*R*5~
AK2*837*0003*005010X224A2~
IK3*REF*57*2010AA*I6~
CTX*SITUATIONAL TRIGGER*CLM*43**5:3*C023:1325~
CTX*CLM01:A18~
IK3*NM1*60**8~
IK4*9*67*I9~
CTX*SITUATIONAL TRIGGER*NM1*60**8*66~
IK4*3*1035*5*A NAME~
IK5*R*5*I5~
AK9*P*3*3*1~
SE*20*0001~
GE*1*1~
IEA*1*000000007~
"""


def verdict(text: str) -> Verdict:
    return validate_stream(io.BytesIO(text.encode()), "x")


def test_the_example_has_no_finding() -> None:
    assert verdict(EXAMPLE) == Verdict()


def test_the_guide_before_its_errata_is_read_as_a_relative() -> None:
    assert [each.rule for each in verdict(EXAMPLE.replace("X231A1", "X231")).findings] == [
        "X12-VERSION-RELATIVE"
    ]


@pytest.mark.parametrize(
    ("old", "new", "rule", "position", "element"),
    [
        ("IK3*CLM*22*2300*8", "IK3*CLM*22*2300*9", "X12-ELEMENT-CODE", 6, "IK304"),
        ("IK3*CLM*22*", "IK3*CLM*0A*", "X12-ELEMENT-TYPE", 6, "IK302"),
        ("IK4*2*782*1~", "IK4*2*782~", "X12-ELEMENT-MISSING", 8, "IK403"),
        ("IK4*2*782*1~", "IK4*2*782*11~", "X12-ELEMENT-CODE", 8, "IK403"),
        ("IK4*2*782*1~\n", "", "X12-ACK-ELEMENT", 6, "IK304"),
        ("CTX*CLM01:A17", "CTX*CLM01", "X12-ACK-CONTEXT", 7, "CTX01-2"),
        ("CLM*43**", "*43**", "X12-ACK-TRIGGER", 12, "CTX02"),
        ("CLM*43**", "CLM***", "X12-ACK-TRIGGER-POSITION", 12, "CTX03"),
        ("NM1*60**8*66", "*60**8*66", "X12-ACK-TRIGGER", 16, "CTX02"),
        ("IK5*R*5~", "IK5*R~", "X12-ACK-REASON", 9, "IK502"),
        ("IK5*R*5~", "IK5*P*5~", "X12-ELEMENT-CODE", 9, "IK501"),
        ("IK5*A~\n", "", "X12-SEGMENT-MISSING", 4, None),
        ("AK9*P*3*3*1~\n", "", "X12-SEGMENT-MISSING", 19, None),
        ("AK1*HC*17456*005010X224A2~\n", "", "X12-SEGMENT-MISSING", 2, None),
        ("AK1*HC", "AK1*FA", "X12-ELEMENT-CODE", 2, "AK101"),
        ("AK2*837*0001", "AK2*999*0001", "X12-ELEMENT-CODE", 3, "AK201"),
    ],
)
def test_a_break_is_one_finding(old: str, new: str, rule: str, position: int, element: str | None) -> None:
    assert old in EXAMPLE
    text = EXAMPLE.replace(old, new, 1)
    inside = text[text.index("ST*") : text.index("SE*")].count("~") + 1
    found = verdict(text.replace("SE*20", f"SE*{inside}")).findings
    assert [(each.rule, each.position, each.element) for each in found] == [(rule, position, element)]


def test_an_interchange_of_acknowledgments_alone_is_valid() -> None:
    isa, ta1, *_, iea = EXAMPLE.splitlines()
    assert verdict("\n".join([isa, ta1, ta1, iea.replace("IEA*1", "IEA*0"), ""])) == Verdict()


def test_a_long_acknowledgment_takes_little_memory() -> None:
    segments = EXAMPLE.splitlines()
    answers = segments[12:21] * 3000
    body = [*segments[3:5], *answers, "AK9*R*3000*3000*0~"]
    text = "\n".join([*segments[:3], *body, f"SE*{len(body) + 1}*0001~", *segments[-2:], ""])
    stream = io.BytesIO(text.encode())
    del text
    tracemalloc.start()
    try:
        assert validate_stream(stream, "x") == Verdict()
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
