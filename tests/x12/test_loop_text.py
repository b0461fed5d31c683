"""Loops written from addressed values come in the order of the guide, however the values come."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.guide.claim_837d import GUIDE
from edi.x12 import loop_text
from edi.x12.loop_text import loop_writer

VALUES = {
    "REF:G1 REF02": "PA1",
    "DTP:472 DTP02=D8 DTP03": "20261102",
    "HI HI02-1=ABF HI02-2": "K042",
    "HI HI01-1=ABK HI01-2": "K041",
    "NTE": "NTE*ADD*one~\nNTE*ADD*two~\n",
    "2310B/PRV PRV03": "1223E0200X",
    "2310B/NM1 NM102=1 NM103": "Vela",
    "2310A/NM1:P3 NM103": "Marsh",
    "2400": "LX*1~\n",
    "AMT:F5 AMT02": "20",
}
TEXT = """\
DTP*472*D8*20261102~
AMT*F5*20~
REF*G1*PA1~
NTE*ADD*one~
NTE*ADD*two~
HI*ABK:K041*ABF:K042~
NM1*P3*1*Marsh~
NM1*82*1*Vela~
PRV*PE*PXC*1223E0200X~
LX*1~
"""
write = loop_writer(GUIDE)


@given(st.permutations(list(VALUES)))
def test_the_order_of_the_values_does_not_matter(order: list[str]) -> None:
    assert write("2300", {address: VALUES[address] for address in order}) == TEXT


def test_a_code_of_the_key_element_can_be_a_value() -> None:
    assert write("2010AA", {"REF:EI REF02": "1", "REF:EI REF01": "SY"}) == "REF*SY*1~\n"


def test_segments_of_one_use_with_two_codes_stand_apart() -> None:
    values = {"REF:1G REF02": "U1", "REF:0B REF02": "L1"}
    assert sorted(write("2010AA", values).split("~\n")) == ["", "REF*0B*L1", "REF*1G*U1"]


def test_blanks_at_the_end_of_an_element_are_left_out() -> None:
    values = {
        "NM1 NM102=1 NM103": "VELA  ",
        "NM1 NM104": " ANA ",
        "NM1 NM108=MI NM109": "W1  ",
        "N3 N301": "1 ELM ST ",
    }
    assert write("2010BA", values) == "NM1*IL*1*VELA* ANA****MI*W1~\nN3*1 ELM ST~\n"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"REF:ZZ REF02": "1"}, "has no REF:ZZ"),
        ({"2010BB/N3 N301": "1"}, "loop 2010BB is not below loop 2300"),
        ({"CLM CLM01": "1"}, "CLM02 is required"),
        ({"NM1 NM103": "1"}, "has no NM1"),
        ({"REF REF02": "1"}, "several REF"),
        ({"HI HI01-1=ABK HI01-2": "1", "HI HI01-1=TQ HI01-2": "2"}, "HI01-1 of HI has two values"),
        ({"2310A/NM1 NM103": "1", "2310A/NM1:DN NM103": "2"}, "NM103 of NM1:DN has two values"),
    ],
)
def test_values_that_the_guide_has_no_place_for_are_refused(values: dict[str, str], words: str) -> None:
    with pytest.raises((KeyError, ValueError), match=words):
        write("2300", values)


def test_more_sets_of_addresses_than_are_kept_are_written_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_text, "_MOST_LAYOUTS", 3)
    optional = {"NM1 NM104": "B", "NM1 NM105": "C", "NM1 NM107": "D", "NM1 NM108=XX NM109": "E"}
    for _ in range(2):
        for size in range(5):
            for chosen in combinations(optional, size):
                values = {"NM1 NM102=1 NM103": "A"} | {address: optional[address] for address in chosen}
                letters = write("2310B", values).replace("XX", "").removeprefix("NM1*82*1*").rstrip("~\n")
                assert letters.replace("*", "") == "".join(values.values())
