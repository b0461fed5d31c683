"""JSON and NDJSON: records are cut out with their lines, bad ones too, and the rest goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_reading import judged, read, records, refused, write
from schema_record import full_record

from edi.finding import Source
from edi.visit.intake import RawRecord, Unreadable, read_inputs
from edi.visit.intake import json_text as json_reader
from edi.visit.intake.records import Input

PRETTY = json.dumps(full_record(), indent=2)
LINE = json.dumps(full_record())


def test_an_object_is_one_record() -> None:
    (raw,) = records(PRETTY)
    assert raw == RawRecord(Source("-", 1), PRETTY.encode(), ".", None)


def test_an_array_is_its_entries_with_their_lines() -> None:
    taken = records(f"[\n{PRETTY},\n\n{PRETTY}\n]")
    assert [raw.source.line for raw in taken] == [2, 2 + PRETTY.count("\n") + 2]
    assert [json.loads(raw.data) for raw in taken] == [full_record()] * 2


def test_ndjson_skips_blank_lines_and_takes_bom_and_crlf() -> None:
    taken = records(f"\ufeff{LINE}\r\n\r\n  \n{LINE}")
    assert [raw.source.line for raw in taken] == [1, 4]
    assert [judged(raw) for raw in taken] == [[], []]


def test_a_bad_line_or_entry_spoils_no_other() -> None:
    bad = ['{"a":NaN}', '{"visitId":"V1",', "[[]]", '{"a":1,"a":2}', '{"a":"\\x"}', "nonsense"]
    rules = ["FMT-JSON", "FMT-TRUNCATED", "SCH-TYPE", "SCH-DUPLICATE-KEY", "FMT-JSON", "FMT-JSON"]
    taken = records("\n".join([LINE, *bad, LINE]))
    assert [[finding.rule for finding in judged(raw)] for raw in taken] == [
        [],
        *([rule] for rule in rules),
        [],
    ]
    assert [raw.source.line for raw in taken] == list(range(1, 9))
    entries = [entry for entry in bad if entry != '{"visitId":"V1",']
    taken = records(f"[{','.join([LINE, *entries, LINE])}]")
    assert len(taken) == 7
    assert [bool(judged(raw)) for raw in taken] == [False, *[True] * 5, False]


def test_a_cut_off_array_keeps_what_came_before() -> None:
    taken = read(f"[{LINE},{LINE[:100]}")
    assert [isinstance(one, RawRecord) and bool(judged(one)) for one in taken] == [False, True]
    first, rest = read(f"[{LINE},")
    assert isinstance(first, RawRecord)
    assert isinstance(rest, Unreadable)
    assert "does not end" in rest.message


def test_text_after_an_array_is_told() -> None:
    *_, rest = read(f"[{LINE}] {LINE}")
    assert isinstance(rest, Unreadable)


def test_deep_nesting_is_a_finding_of_its_entry() -> None:
    deep = '{"a":' * 5000 + "1" + "}" * 5000
    for text in (f"[{deep},{LINE}]", f"{deep}\n{LINE}\n"):
        first, second = records(text)
        assert [finding.rule for finding in judged(first)] == ["FMT-DEPTH"]
        assert judged(second) == []


@pytest.mark.parametrize("text", ["hello", "5", '"x"', "", "\ufeff"])
def test_what_is_no_json_record_is_unreadable(text: str) -> None:
    assert refused(text, format="json")


def test_nothing_is_no_fault_in_an_array_or_lines() -> None:
    assert read("[]") == []
    assert read("", format="ndjson") == []


def test_utf16_and_binary_are_told() -> None:
    assert "UTF-16" in refused(LINE.encode("utf-16"))
    assert "UTF-16" in refused(LINE.encode("utf-16-le"))
    assert "not text" in refused(b"PK\x03\x04\x14\x00\x00\x00\xff\xfe\x00" + bytes(range(256)))
    assert "not text" in refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), format="ndjson")


def test_a_nul_in_a_record_is_a_finding_of_that_record() -> None:
    first, second = records(LINE.replace("V-2026", "V\0") + "\n" + LINE)
    assert [finding.rule for finding in judged(first)] == ["FMT-CONTROL"]
    assert judged(second) == []


def test_our_rejects_are_taken_again_with_the_place_they_came_from() -> None:
    reject = {
        "visitId": "V1",
        "source": {"file": "in/a.csv", "line": 7},
        "record": full_record(),
        "findings": [{}],
    }
    text = {**reject, "record": '{"visitId":'}
    for written in (
        f"{json.dumps(reject)}\n{json.dumps(text)}\n{LINE}\n",
        json.dumps([reject, text, full_record()]),
    ):
        first, second, third = records(written)
        assert (first.source, first.base) == (Source("in/a.csv", 7), "in")
        assert json.loads(first.data) == full_record()
        assert second.data == b'{"visitId":'
        assert third.source.file == "-"


def test_rejects_without_a_source_come_from_their_own_file() -> None:
    (raw,) = records(json.dumps({"record": full_record(), "findings": []}))
    assert raw.source == Source("-", 1)
    assert json.loads(raw.data) == full_record()


def test_an_endless_line_is_a_finding_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "LARGEST_RECORD", 50_000)
    long = b'{"narrative":"' + b"x" * 200_000 + b'"}\n' + LINE.encode()
    chunks = (long[start : start + 1000] for start in range(0, len(long), 1000))
    first, second = json_reader.read_ndjson(Input("f", ".", chunks))
    assert isinstance(first, RawRecord)
    assert isinstance(second, RawRecord)
    assert first.finding is not None
    assert first.finding.rule == "FMT-SIZE"
    assert isinstance(json.loads(first.data), str)
    assert second.source.line == 2
    assert judged(second) == []
    long = b"[" + long
    chunks = (long[start : start + 1000] for start in range(0, len(long), 1000))
    kinds = [type(one) for one in json_reader.read_json(Input("f", ".", chunks))]
    assert kinds == [RawRecord, Unreadable]


VALUES = st.dictionaries(
    st.text(max_size=5), st.text(max_size=8) | st.lists(st.text(max_size=3), max_size=3), max_size=3
)


@settings(deadline=None)
@given(st.lists(VALUES, max_size=6), st.sampled_from([None, 1]), st.integers(1, 40), st.booleans())
def test_cutting_does_not_depend_on_chunks(
    values: list[Any], indent: int | None, size: int, array: bool
) -> None:
    texts = [json.dumps(value, indent=indent, ensure_ascii=False) for value in values]
    data = (f"[{', '.join(texts)}]" if array else "\n".join(texts)).encode()
    chunks = (data[start : start + size] for start in range(0, len(data), size))
    taken = [one for one in json_reader.read_json(Input("f", ".", chunks)) if isinstance(one, RawRecord)]
    assert [orjson.loads(raw.data) for raw in taken] == values
    lines = [1 + data[: data.index(b"{")].count(b"\n")] if values else []
    assert [raw.source.line for raw in taken][:1] == lines


def test_a_folder_is_its_record_files_by_name(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", b__json=LINE, a__ndjson=f"{LINE}\n{LINE}", notes__txt="x", c__JSON="[]")
    write(folder / "films", d__json=LINE)
    taken = [one for one in read_inputs([str(folder)]) if isinstance(one, RawRecord)]
    assert [(Path(raw.source.file).name, raw.source.line) for raw in taken] == [
        ("a.ndjson", 1),
        ("a.ndjson", 2),
        ("b.json", 1),
    ]
    assert {raw.base for raw in taken} == {str(folder)}


def test_what_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "empty", notes__txt="x")
    good = write(tmp_path / "in", a__json=LINE) / "a.json"
    taken = list(read_inputs([str(tmp_path / "none.json"), str(folder), str(good)]))
    assert [type(one) for one in taken] == [Unreadable, Unreadable, RawRecord]
    assert "no such file" in taken[0].message  # type: ignore[union-attr]
    assert "no record files" in taken[1].message  # type: ignore[union-attr]


def test_a_json_file_with_a_record_a_line_is_read_by_lines(tmp_path: Path) -> None:
    file = write(tmp_path, a__json=f"{LINE}\n{{bad\n{LINE}\n") / "a.json"
    taken = [one for one in read_inputs([str(file)]) if isinstance(one, RawRecord)]
    assert [bool(judged(raw)) for raw in taken] == [False, True, False]


@pytest.mark.parametrize("text", [f"[{LINE},\n{LINE}]", f"{{\n{LINE[1:]}\n{{\n{LINE[1:]}"])
def test_lines_that_turn_out_to_be_spread_records_are_read_as_json(tmp_path: Path, text: str) -> None:
    file = write(tmp_path, a__ndjson=text) / "a.ndjson"
    taken = [one for one in read_inputs([str(file)]) if isinstance(one, RawRecord)]
    assert [judged(raw) for raw in taken] == [[], []]


def test_an_empty_name_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path / "in", a__json=LINE))
    (only,) = read_inputs([""])
    assert isinstance(only, Unreadable)
    assert "no such file" in only.message
