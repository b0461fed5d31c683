"""What an unknown name probably means is suggested, and nothing where no known name is near."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from schema_record import changed

from edi.visit.schema import explain
from edi.visit.suggestion import nearest_name
from edi.visit.tooth import plain_tooth, teeth_named

_KEYS = ("serviceDate", "placeOfService", "subscriber", "billingProvider", "payer", "patient")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("service_date", "serviceDate"),
        ("Service Date", "serviceDate"),
        ("subscribr", "subscriber"),
        ("pateint", "patient"),
        ("dateOfService", None),
        ("provider", None),
        ("notes", None),
        ("pay", "payer"),
        ("", None),
    ],
)
def test_a_known_name_is_suggested_or_none(name: str, meant: str | None) -> None:
    assert nearest_name(name, _KEYS) == meant


@pytest.mark.parametrize(
    ("name", "known", "likeness", "is_near"),
    [
        ("abcd", "abcx", 0.75, True),
        ("abcdefgpqr", "abcdefgxy", 0.737, False),
        ("abcdx", "abcdyz", 0.727, False),
    ],
)
def test_three_quarters_alike_is_near_and_less_is_not(
    name: str, known: str, likeness: float, is_near: bool
) -> None:
    assert round(SequenceMatcher(None, name, known).ratio(), 3) == likeness
    assert (nearest_name(name, [known]) == known) is is_near


def test_a_key_like_no_other_is_not_renamed() -> None:
    record = changed(lambda record: record.update(dateOfService=record.pop("serviceDate")))
    unknown, missing = explain(record)
    assert unknown.path == "/dateOfService"
    assert "nearest" not in unknown.message
    assert unknown.fix.startswith('Take "dateOfService" out. Known keys here: ')
    assert missing.path == "/serviceDate"


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("predeterminaton", "Write predetermination, if that is meant."),
        ("bill", "Write one of claim, predetermination, encounter."),
    ],
)
def test_a_choice_is_suggested_only_where_one_is_near(value: str, fix: str) -> None:
    (finding,) = explain(changed(lambda record: record["claim"].update(purpose=value)))
    assert finding.fix == fix


@pytest.mark.parametrize(
    ("text", "tooth"),
    [
        ("#09", "9"),
        (" 9 ", "9"),
        ("as", "AS"),
        ("t", "T"),
        ("33", None),
        ("0", None),
        ("9/10", None),
        ("UL1", None),
    ],
)
def test_a_tooth_is_made_out_or_not(text: str, tooth: str | None) -> None:
    assert plain_tooth(text) == tooth


@pytest.mark.parametrize(
    ("text", "teeth"),
    [
        ("9", ("9",)),
        ("8, 9", ("8", "9")),
        ("#8 and #9", ("8", "9")),
        ("7-10", ("7", "8", "9", "10")),
        ("tooth 9", ("9",)),
        ("tooth 19", ("19",)),
        ("10-7", ()),
        ("2026-09-14", ()),
        ("99-1", ()),
        ("upper left", ()),
    ],
)
def test_a_film_s_teeth_are_made_out_or_not(text: str, teeth: tuple[str, ...]) -> None:
    assert teeth_named(text) == teeth
