"""The same claim twice in a file earns one warning where it stands again; what differs in a date, a line or a person does not."""

from __future__ import annotations

import io

import pytest
from x12_maker import file_of, sealed, texts, whole_set

from edi.finding import Finding
from edi.validate.run import validate_stream

CLAIM = slice(17, 23)  # the first claim of a lean set, from CLM to its last line


def found(*sets: list[str]) -> list[Finding]:
    return validate_stream(io.BytesIO(file_of(*sets)), "x").findings


def lean() -> list[str]:
    return texts(whole_set(full=False))


def test_a_claim_that_stands_twice_is_told_once() -> None:
    segments = lean()
    segments[CLAIM] = [*segments[CLAIM], *segments[CLAIM]]
    (finding,) = found(sealed(segments))
    assert (finding.rule, finding.position, finding.severity) == ("X12-CLAIM-REPEATED", 24, "warning")


def test_a_claim_of_an_earlier_transaction_set_is_known() -> None:
    second = [each.replace("*0001", "*0002") for each in lean()]
    rules = [each.rule for each in found(lean(), second)]
    assert rules == ["X12-CLAIM-REPEATED"] * 4


@pytest.mark.parametrize(
    "change", [("CLM*", "-1*", "-X*"), ("DTP*472", "20260914", "20260913"), ("SV3*", "D0330", "D0120")]
)
def test_a_claim_that_differs_is_another(change: tuple[str, str, str]) -> None:
    name, old, new = change
    segments = lean()
    again = [each.replace(old, new) if each.startswith(name) else each for each in segments[CLAIM]]
    assert again != segments[CLAIM]
    segments[CLAIM] = [*segments[CLAIM], *again]
    assert found(sealed(segments)) == []
