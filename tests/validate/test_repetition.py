"""Elements that repeat: read as often as a guide has them, and told where it has them less often."""

from __future__ import annotations

import io

import pytest
from acknowledgment import answered
from x12_maker import ISA, file_of, texts, whole_set

from edi.finding import Finding
from edi.guide.notation import R
from edi.guide.registry import VERSIONS, guide
from edi.guide.shape import NOT_USED
from edi.validate.pattern import element_pattern
from edi.validate.run import validate_stream
from edi.x12.delimiters import DEFAULT, Delimiters

ACKNOWLEDGMENT = [
    ISA,
    "GS*FA*RECEIVER*SENDER*20260914*0930*1*X*005010X231A1",
    "ST*999*0001*005010X231A1",
    "AK1*HC*1*005010X224A2",
    "AK2*837*0001*005010X224A2",
    "IK3*CLM*18*2300*8",
    "CTX*{context}*CLM*18*2300*5:3",
    "IK4*2*782*1",
    "IK5*R*5",
    "AK9*R*1*1*0",
    "SE*9*0001",
    "GE*1*1",
    "IEA*1*000000001",
]


def acknowledgment(context: str) -> list[Finding]:
    text = "".join(f"{each}~\n" for each in ACKNOWLEDGMENT).replace("{context}", context)
    return validate_stream(io.BytesIO(text.encode()), "x").findings


def claim(old: str, new: str, repetition: str = "^") -> bytes:
    text = file_of(texts(whole_set())).decode()
    assert old in text
    return text.replace(old, new, 1).replace("*^*00501", f"*{repetition}*00501").encode()


@pytest.mark.parametrize(
    "context",
    ["CLM01:A1", "SITUATIONAL TRIGGER", "SITUATIONAL TRIGGER^CLM01:A1", "^".join(["CLM01:A1"] * 10)],
)
def test_what_may_repeat_does(context: str) -> None:
    assert acknowledgment(context) == []


@pytest.mark.parametrize(
    ("context", "rule", "element"),
    [
        ("^".join(["CLM01:A1"] * 11), "X12-ELEMENT-REPEAT", "CTX01"),
        ("CLM01:A1^", "X12-ELEMENT-MISSING", "CTX01-1"),
        ("CLM01:A1^CLM01:A1:A", "X12-ELEMENT-EXTRA", "CTX01"),
        ("CLM01:A1^CLM01:\xe9", "X12-ELEMENT-CHARACTER", "CTX01-2"),
    ],
)
def test_each_repetition_is_judged(context: str, rule: str, element: str) -> None:
    found = acknowledgment(context)
    assert [(each.rule, each.element) for each in found] == [(rule, element)]


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        ("*F~", "*F^M~", "DMG03"),
        ("AD:D4341:", "AD:D4341^AD:D3353:", "SV301"),
        ("*JP*3*", "*JP*3^10*", "TOO02"),
        ("HI*ABK:K041", "HI*ABK:K041^ABK:K042", "HI01"),
    ],
)
def test_what_may_not_repeat_is_told_so(old: str, new: str, element: str) -> None:
    text, found = answered(claim(old, new))
    assert [(each.finding.rule, each.finding.element) for each in found] == [("X12-ELEMENT-REPEAT", element)]
    assert "comes 2 times" in found[0].finding.message
    assert "the guide has it once" in found[0].finding.message
    assert "*12" in text.partition("~\nIK4*")[2]


def test_the_separator_is_the_one_of_the_file() -> None:
    """Where ISA11 declares another one or none, this is a character as any other."""
    for repetition in ("!", "U"):
        found = validate_stream(io.BytesIO(claim("AD:D4341:", "AD:D4341^X:", repetition)), "x").findings
        assert {each.rule for each in found} >= {"X12-ELEMENT-FORM"}, repetition
        assert not [each for each in found if each.rule == "X12-ELEMENT-REPEAT"]


def test_every_element_that_repeats_in_a_guide_can_be_judged() -> None:
    uses = [
        element
        for version in VERSIONS
        if (found := guide(version))
        for loop in found.index.values()
        for use in loop.segments()
        for element in use.elements
        if element.repeat > 1
    ]
    assert uses
    for element in uses:
        assert element_pattern(element, NOT_USED, DEFAULT)


def test_a_form_that_no_pattern_can_judge_does_not_repeat() -> None:
    element = R("NM109 NPI", form="NPI", repeat=2)
    with pytest.raises(ValueError, match="NM109"):
        element_pattern(element, NOT_USED, DEFAULT)
    assert element_pattern(element, NOT_USED, Delimiters(repetition=""))
