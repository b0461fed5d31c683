"""The X12 place that a rule names is one that the guide has, and a finding splits it rightly."""

from __future__ import annotations

import pytest
from rule_cases import TODAY, base

from edi.guide.registry import guide
from edi.rules import RULES, apply_rules
from edi.visit.facts import Facts

_GUIDE = guide("005010X224A2")
assert _GUIDE is not None
_PLACES = {
    (loop.id, ref)
    for loop in _GUIDE.index.values()
    for use in loop.segments()
    for whole in use.elements
    for ref in (whole.ref[:-2], whole.ref, *(part.ref for part in whole.parts))
}


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule.element))
def test_the_guide_has_the_place(name: str) -> None:
    assert RULES[name].element in _PLACES


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"/procedures/0/fee": "x"}, ("2400", "SV3", "SV302")),
        ({"/procedures/0/code": "X"}, ("2400", "SV3", "SV301-2")),
        ({"/diagnoses": ["K04.0"]}, ("2300", "HI", "HI01-2")),
        ({"/billingProvider/npi": "1234567890"}, ("2010AA", "NM1", "NM109")),
        ({"/attachments": None}, ("2300", "PWK", None)),
        ({"/patient/address/state": "OX"}, ("2010CA", "N4", "N402")),
        ({"/subscriber/address/postalCode": "90210"}, ("2010BA", "N4", "N403")),
        ({"/accident": {"cause": "auto", "date": "2026-06-02", "state": "XX"}}, ("2300", "CLM", "CLM11-4")),
    ],
)
def test_segment_and_element_of_a_finding(
    change: dict[str, object], place: tuple[str, str, str | None]
) -> None:
    found = apply_rules(Facts(base("renewal", change), as_of=TODAY))
    assert place in [(finding.loop, finding.segment, finding.element) for finding in found]
