"""One record's text: what is read, what is refused and how; absent fields are taken out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from schema_record import full_record

from edi.visit.absent import drop_absent
from edi.visit.charset import is_plain
from edi.visit.parse import parse, parse_closely, reread
from edi.visit.schema import is_valid

GOOD = orjson.dumps(full_record())

BAD = [
    (GOOD[:-20], "FMT-TRUNCATED", "format"),
    (b'{"visitId":"V1","narrative":"abc', "FMT-TRUNCATED", "format"),
    (b"", "FMT-EMPTY", "format"),
    (b"\xef\xbb\xbf", "FMT-EMPTY", "format"),
    (b'{"a":NaN}', "FMT-JSON", "format"),
    (b'{"a":-Infinity}', "FMT-JSON", "format"),
    (b'{"a":1e999}', "FMT-JSON", "format"),
    (b'{"a":1,}', "FMT-JSON", "format"),
    (b"{'a':1}", "FMT-JSON", "format"),
    (b'{"a":"\\ud800"}', "FMT-JSON", "format"),
    (GOOD + b" x", "FMT-JSON", "format"),
    (GOOD + GOOD, "FMT-JSON", "format"),
    (b'{"a":"x\x00"}', "FMT-CONTROL", "format"),
    (b'{"a":"x\ty"}', "FMT-CONTROL", "format"),
    (b'{"a":"\xff"}', "FMT-UTF8", "format"),
    (GOOD.decode().encode("utf-16"), "FMT-UTF16", "format"),
    (b"[" * 5000 + b"]" * 5000, "FMT-DEPTH", "format"),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, "FMT-DEPTH", "format"),
    (b'{"a":' * 300 + b"1" + b"}" * 300, "FMT-DEPTH", "format"),
    (b'{"a":1,"a":2}', "SCH-DUPLICATE-KEY", "schema"),
    (b'{"p":[{"fee":1, "fee" : 2}]}', "SCH-DUPLICATE-KEY", "schema"),
    (b'{"a":1,"\\u0061":1}', "SCH-DUPLICATE-KEY", "schema"),
    (b'{"x":"\\u003a","a":1,"a":2}', "SCH-DUPLICATE-KEY", "schema"),
    (b"[1]", "SCH-TYPE", "schema"),
    (b'"x"', "SCH-TYPE", "schema"),
    (b"null", "SCH-TYPE", "schema"),
]


@pytest.mark.parametrize(("data", "rule", "category"), BAD)
def test_bad_text_is_one_finding(data: bytes, rule: str, category: str) -> None:
    record, finding = parse(data)
    assert record is None
    assert finding is not None
    assert (finding.rule, finding.category, finding.severity) == (rule, category, "error")
    assert finding.message.endswith(".")


@pytest.mark.parametrize("value", ['"\\ud800"', "1e999", "NaN", "-Infinity", '"\t"', "01", "'x'"])
def test_a_finding_says_where_the_text_stops_being_json(value: str) -> None:
    _, finding = parse(b'{"visitId":"V1",\n"narrative":' + value.encode() + b"}")
    assert finding is not None
    assert "(line 2, column 1" in finding.message
    assert finding.message.endswith(" of the record).")


def test_a_finding_names_the_visit_and_the_repeated_key() -> None:
    _, finding = parse(b'{"visitId":"V1","payer":{"name":"a","name":"b"}}')
    assert finding is not None
    assert finding.visit_id == "V1"
    assert '"name"' in finding.message


@pytest.mark.parametrize(
    "text", [GOOD, b"\xef\xbb\xbf" + GOOD, json.dumps(full_record(), indent=2).encode(), GOOD + b"\r"]
)
def test_good_text_is_the_record(text: bytes) -> None:
    assert parse(text) == (full_record(), None)


def test_five_megabytes_of_text_are_read() -> None:
    record, finding = parse(orjson.dumps({"narrative": "x" * 5_000_000}))
    assert finding is None
    assert len(record["narrative"]) == 5_000_000


def test_absent_fields_are_taken_out_and_list_entries_stay() -> None:
    record, _ = parse(b'{"a": null, "b": "", "c": {"d": null, "e": [null, "", {"f": ""}]}, "g": " "}')
    assert record == {"c": {"e": [None, "", {}]}, "g": " "}


def test_whole_numbers_written_with_a_point_become_whole() -> None:
    data = b'{"procedures":[{"quantity":1.0,"fee":2.0,"diagnosisPointers":[1.0,2,2.5,"x"]}],"otherInsurance":[{"lines":[{"line":2.0}]}]}'
    record, _ = parse(data)
    line = record["procedures"][0]
    assert [type(line["quantity"]), type(line["fee"])] == [int, float]
    assert list(map(type, line["diagnosisPointers"])) == [int, int, float, str]
    assert type(record["otherInsurance"][0]["lines"][0]["line"]) is int


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=6) | st.sampled_from(
    [":", '":', '"', "\\u003a", "\\"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.slow
@given(st.dictionaries(TEXT, VALUES, max_size=4), st.booleans(), st.sampled_from([None, 1]))
def test_what_json_writes_is_read_as_it_was(
    value: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert parse(text) == (drop_absent(value), None)


@pytest.mark.slow
@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=4), st.data())
def test_a_key_given_twice_never_passes(value: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(value)))
    again = json.dumps({key: data.draw(VALUES)}, ensure_ascii=data.draw(st.booleans()))
    text = json.dumps(value)[:-1] + "," + again[1:]
    _, finding = parse(text.encode())
    assert finding is not None
    assert finding.rule == "SCH-DUPLICATE-KEY"


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,\\ue0 ntrufalse1.-\n', max_size=40).map(str.encode))
def test_any_bytes_are_a_record_or_a_finding(data: bytes) -> None:
    record, finding = parse(data)
    assert (record is None) != (finding is None)


@given(VALUES)
def test_normal_is_the_same_object_when_nothing_is_absent(value: Any) -> None:
    before = json.dumps(value)
    once = drop_absent(value)
    assert drop_absent(once) is once
    assert json.dumps(value) == before


def test_normal_keeps_a_good_record_good() -> None:
    assert drop_absent(full_record()) == full_record()
    assert is_valid(drop_absent({**full_record(), "narrative": None, "placeOfService": ""}))


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(-9, 9)
    | st.sampled_from(["", "null", "x", '""']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(["procedures", "narrative", "otherInsurance", "claim"]), JSON_VALUES),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.sampled_from([None, 2]),
)
def test_reading_again_gives_the_same(record: dict[str, Any], mark: bytes, indent: int | None) -> None:
    data = mark + json.dumps(record, indent=indent).encode()
    read, finding = parse(data)
    assert finding is None
    assert reread(data) == read
    parsed = parse_closely(data)
    assert parsed[:2] == (read, None)
    if parsed.exact:
        assert reread(data, exact=True) == read
        assert list(map(repr, _leaves(reread(data, exact=True)))) == list(map(repr, _leaves(read)))
        assert parsed.plain == is_plain(read)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    else:
        yield value
