"""The fast check, plain jsonschema with the published text, and the explanation agree on generated records."""

from __future__ import annotations

import copy
import json
from functools import cache
from itertools import cycle, islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schema_record import drop, full_record, places, put

from edi.visit.absent import drop_absent
from edi.visit.schema import explain, is_valid, schema_text

ODD = [
    None, "", " ", "\n", "x", "F", "US", "CA", "DE", "auto", "predetermination", "AA", "EL", "2026-09-14\n", "2026-02-30",
    "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2026-9-14", "09/14/2026", "٢٠٢٦-٠٩-١٤", "432150001", "43215\n",
    "43215-0001", "K1A 0B1", "BB", "mod", "-1.50", "1.234", "V\u00a01", "a" * 36, "a" * 61, "a" * 10001, "\u2028", "ß" * 60,
    0, 1, -1, 2, 51, 1000, 10**30, 1.0, 1.5, -0.0, 1e15, True, False, [], {}, [None], [""], ["x"], [1], [1.0], [{}],
    ["x"] * 5, [1] * 51, {"x": 1}, {"type": "x"}, {"required": []},
]  # fmt: skip
KEYS = [
    "visitId",
    "visitID",
    "name",
    "firstName",
    "lastName",
    "state",
    "patient",
    "npi",
    "then",
    "if",
    "$ref",
    "",
    "é~/",
]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 120) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@cache
def plain() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text("visit")))


def agree(record: Any) -> bool:
    """All three agree; says on what."""
    verdict = is_valid(record)
    assert plain().is_valid(record) == verdict
    findings = explain(record)
    assert (findings == []) == verdict, findings
    for finding in findings:
        assert finding.category == "schema"
        assert finding.severity == "error"
        assert finding.message.endswith(".")
        assert finding.fix.endswith(".")
    return verdict


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """The full record after one to four changes anywhere in it."""
    record = full_record()
    for _ in range(draw(st.integers(1, 4))):
        spots = list(places(record))
        if not spots:
            break
        path = draw(st.sampled_from(spots))
        change = draw(st.sampled_from(("put", "odd", "drop", "rename", "add", "repeat")))
        parent: Any = record
        for step in path[:-1]:
            parent = parent[step]
        if change == "put":
            put(record, path, draw(JSON_VALUES))
        elif change == "odd":
            put(record, path, copy.deepcopy(draw(st.sampled_from(ODD))))
        elif change == "drop":
            drop(record, path)
        elif change == "rename" and isinstance(parent, dict):
            parent[draw(st.sampled_from(KEYS))] = parent.pop(path[-1])
        elif change == "add" and isinstance(parent, dict):
            parent[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(st.sampled_from(ODD)))
        elif change == "repeat" and isinstance(parent, list):
            parent.extend(parent[:1] * draw(st.integers(1, 60)))
    return record


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_they_agree_on_changed_records(record: dict[str, Any]) -> None:
    agree(record)
    agree(drop_absent(record))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(JSON_VALUES)
def test_they_agree_on_any_json(value: Any) -> None:
    agree(value)


@pytest.mark.slow
def test_they_agree_on_each_field_absent_null_empty_and_odd() -> None:
    verdicts = []
    odds = cycle(ODD)  # each value meets every kind of field, each field some of the values
    for path in places(full_record()):
        dropped = full_record()
        drop(dropped, path)
        verdicts.append(agree(dropped))
        for odd in islice(odds, 11):
            record = full_record()
            put(record, path, odd)
            verdicts.append(agree(record))
    assert len(verdicts) > 2000
    assert 0 < sum(verdicts) < len(verdicts)


def test_null_and_empty_are_absent_in_every_optional_field() -> None:
    for path in places(full_record()):
        dropped = full_record()
        drop(dropped, path)
        if isinstance(path[-1], int):
            continue
        for absent in (None, ""):
            record = full_record()
            put(record, path, absent)
            assert is_valid(record) == is_valid(dropped), path
            assert is_valid(drop_absent(record)) == is_valid(dropped), path


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("2024-02-29", True), ("2023-02-29", False), ("2000-02-29", True), ("1900-02-29", False), ("2026-04-31", False),
        ("2026-12-31", True), ("2026-13-01", False), ("2026-00-10", False), ("1899-12-31", False), ("2026-1-01", False),
    ],
)  # fmt: skip
def test_dates_are_days_of_the_calendar(value: str, valid: bool) -> None:
    record = full_record()
    record["serviceDate"] = value
    assert is_valid(record) == valid


def test_every_day_from_1900_to_2099_and_no_other_is_a_date() -> None:
    import datetime
    import re

    pattern = re.compile(json.loads(schema_text("visit"))["$defs"]["date"]["pattern"])
    for year in range(1895, 2105):
        for month in range(14):
            for day in range(33):
                text = f"{year:04}-{month:02}-{day:02}"
                try:
                    datetime.date(year, month, day)
                    real = 1900 <= year <= 2099
                except ValueError:
                    real = False
                assert (pattern.search(text) is not None) == real, text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {1: 2}, b"x", {"a"}])
def test_what_json_cannot_hold_is_refused_with_a_finding(value: Any) -> None:
    record = full_record()
    record["procedures"][0]["fee"] = value
    assert not is_valid(record)
    assert explain(record)
