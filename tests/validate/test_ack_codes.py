"""Every finding that validation can make earns one acknowledgment code, and one that its place allows."""

from __future__ import annotations

from itertools import product

import pytest

from edi.finding import Finding
from edi.guide.ack_999 import GUIDE
from edi.guide.condition import Situation, place
from edi.guide.envelope import ENVELOPE
from edi.guide.registry import VERSIONS, guide
from edi.validate.ack_codes import ANY, ROWS, AckCode, ack_code, number_of
from edi.validate.fault import FAULTS
from edi.validate.log import Excerpt
from edi.x12.delimiters import DEFAULT

SITUATIONS = {each.id: each for version in VERSIONS if (found := guide(version)) for each in found.situations}
CODES = {
    "TA105": ENVELOPE["TA1"].elements[4].codes,
    "AK905": GUIDE.find("ST", "AK9").elements[4].codes,
    "IK502": GUIDE.find("2000", "IK5").elements[1].codes,
    "IK304": GUIDE.find("2100", "IK3").elements[3].codes,
    "IK403": GUIDE.find("2110", "IK4").elements[2].codes,
}
SEGMENTS = {
    "ISA": "*".join(["ISA", *map(str, range(16))]),
    "TA1": "TA1*1*2*3*4*5",
    "GS": "GS*1*2*3*4*5*6*7*8",
    "ST": "ST*1*2*3",
    "CLM": "CLM*1*2***11:B:1*6*7*8*9**A:B:C:OH",
    "SE": "SE*1*2",
    "GE": "GE*1*2",
    "IEA": "IEA*1*2",
}
OUTER = {"ISA", "TA1", "GS", "GE", "IEA"}


def code(
    rule: str, segment: str, element: str | None = None, text: str | None = None, **more: object
) -> AckCode:
    fields = {"category": "format", "severity": "error", "message": "M.", "fix": "F.", "position": 1} | more
    finding = Finding(rule=rule, segment=segment, element=element, **fields)  # type: ignore[arg-type]
    return ack_code(finding, Excerpt(SEGMENTS[segment] if text is None else text, DEFAULT))


@pytest.mark.parametrize("rule", FAULTS)
def test_every_fault_earns_a_code_wherever_it_stands(rule: str) -> None:
    on_element = rule.startswith("X12-ELEMENT")
    for segment, text in product(SEGMENTS, ("", None)):
        elements: list[str | None] = [None]
        if on_element:
            elements = [f"{segment}{number:02}" for number in range(1, SEGMENTS[segment].count("*") + 1)]
        for element in elements:
            found = code(rule, segment, element, text)
            assert found.code in CODES[found.element]
            if segment in OUTER and (on_element or rule == "X12-SEGMENT-LONG"):
                assert found.element in ("TA105", "AK905"), segment


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS)
def test_every_situation_earns_a_code_there_and_missing(situation: Situation) -> None:
    where = place(situation.at)
    segment = where.address.partition(":")[0]
    element = f"{segment}{where.element:02}" if where.element else None
    if element and where.component:
        element += f"-{where.component}"
    for text in ("", f"{segment}*1", "*".join([segment, *["A:B:C:D:E"] * 20])):
        finding = Finding(
            rule=situation.id,
            category=situation.category,
            severity=situation.severity,
            message="M.",
            fix="F.",
            segment=segment,
            element=element if text else None,
            position=1,
            snip=situation.snip,
        )
        found = ack_code(finding, Excerpt(text, DEFAULT))
        assert found.element == ("IK403" if element and text else "IK304")
        assert found.code in CODES[found.element]


def test_no_row_is_about_nothing() -> None:
    assert {rule for rule, _ in ROWS} <= {*FAULTS, *SITUATIONS, ANY}


@pytest.mark.parametrize(
    ("rule", "segment", "element", "more", "earns"),
    [
        ("X12-ELEMENT-FORM", "CLM", "CLM02", {"category": "date"}, ("IK403", "8")),
        ("X12-ELEMENT-FORM", "CLM", "CLM02", {"snip": 5}, ("IK403", "7")),
        ("X12-ELEMENT-FORM", "CLM", "CLM02", {"snip": 2}, ("IK403", "I12")),
        ("X12-ELEMENT-FORM", "GS", "GS05", {"category": "date"}, ("TA105", "024")),
        ("X12-ELEMENT-RELATION", "CLM", "CLM02", {}, ("IK403", "10")),
        ("X12-ELEMENT-RELATION", "CLM", "CLM03", {}, ("IK403", "2")),
        ("X12-ELEMENT-EXTRA", "CLM", "CLM05", {}, ("IK403", "13")),
        ("X12-ELEMENT-EXTRA", "CLM", "CLM05", {"text": "CLM" + "*1" * 21}, ("IK403", "3")),
        ("X12-ELEMENT-TRAILING", "CLM", "CLM11", {}, ("IK403", "13")),
        ("X12-ELEMENT-TRAILING", "CLM", "CLM11", {"text": "CLM*1**"}, ("IK403", "3")),
        ("X12-OF-A-PAYER", "CLM", "CLM02", {"snip": 7}, ("IK403", "I12")),
        ("X12-OF-A-PAYER", "CLM", "CLM03", {"snip": 7}, ("IK403", "I9")),
        ("X12-OF-A-PAYER", "CLM", None, {"snip": 7}, ("IK304", "I9")),
        ("X12-OF-A-PAYER", "CLM", None, {"snip": 7, "text": ""}, ("IK304", "I6")),
    ],
)
def test_what_tells_between_two_codes(
    rule: str, segment: str, element: str | None, more: dict[str, object], earns: tuple[str, str]
) -> None:
    assert code(rule, segment, element, **more) == earns  # type: ignore[arg-type]


def test_a_time_earns_the_code_of_times() -> None:
    finding = Finding(
        rule="X12-ELEMENT-FORM",
        category="date",
        severity="error",
        message="M.",
        fix="F.",
        segment="BHT",
        element="BHT05",
        position=2,
        snip=1,
    )
    assert ack_code(finding, Excerpt("BHT*0019*00*1*20260914*2530*CH", DEFAULT)) == ("IK403", "9")


def test_numbers_of_data_elements() -> None:
    assert [number_of(each) for each in ("CLM02", "CLM05", "CLM05-3", "HI02-2")] == [
        "782",
        "C023",
        "1325",
        "1271",
    ]
