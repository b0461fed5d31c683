"""CSV: headers to fields, rows to visits, contradictions and torn rows to findings."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from intake_reading import as_text, judged, read, records, refused, write
from schema_record import full_record

from edi.errors import SettingsError
from edi.visit.fields import field_paths
from edi.visit.intake import Unreadable, csv_rows, read_inputs
from edi.visit.intake.columns import place
from edi.visit.intake.csv_rows import read_csv
from edi.visit.intake.records import LARGEST_RECORD, Input


def cells(value: Any, path: str = "") -> dict[str, str]:
    """A record as one row: dotted headers, lists by number, procedures as the row's own."""
    if isinstance(value, dict):
        return {
            header: cell
            for key, member in value.items()
            for header, cell in cells(member, f"{path}.{key}".strip(".")).items()
        }
    if isinstance(value, list):
        numbers = [""] if path == "procedures" else [f".{number}" for number in range(len(value))]
        return {
            header: cell
            for number, entry in zip(numbers, value, strict=True)
            for header, cell in cells(entry, path + number).items()
        }
    return {path: str(value).lower() if isinstance(value, bool) else str(value)}


def as_csv(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(key for row in rows for key in row)), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def loaded(text: str | bytes, **options: Any) -> list[Any]:
    return [json.loads(raw.data) for raw in records(text, **options)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_every_field_comes_through(delimiter: str, bom: str) -> None:
    (raw,) = records(bom + as_csv([cells(full_record())], delimiter))
    assert json.loads(raw.data) == as_text(full_record())
    assert judged(raw) == []


def test_rows_are_grouped_by_visit_wherever_they_stand() -> None:
    text = (
        "visitId,payer.name,procedures.code,procedures.fee\n"
        'V1,"Plan, ""A""\nof Ohio",D0120,50\n'
        "V2,Plan B,D0220,\n"
        "\n"
        ",,,\n"
        "V1,,D0230,25.5\n"
        'V2,Plan B,D0230,"1,5"\n'
    )
    one, two = records(text)
    assert [one.source.line, two.source.line] == [2, 4]
    assert json.loads(one.data) == {
        "visitId": "V1",
        "payer": {"name": 'Plan, "A"\nof Ohio'},
        "procedures": [{"code": "D0120", "fee": "50"}, {"code": "D0230", "fee": "25.5"}],
    }
    assert json.loads(two.data)["procedures"] == [{"code": "D0220"}, {"code": "D0230", "fee": "1,5"}]


def test_types_come_from_the_schema_and_what_does_not_fit_stays_text() -> None:
    header = "visitId,procedures.quantity,claim.assignmentOfBenefits,subscriber.memberId,patient.firstName"
    (record,) = loaded(f"{header}\n V1 ,2,Yes,0012,  Theo \n")
    assert record["procedures"] == [{"quantity": 2}]
    assert record["claim"] == {"assignmentOfBenefits": True}
    assert record["subscriber"] == {"memberId": "0012"}
    assert record["patient"] == {"firstName": "Theo"}
    (raw,) = records(f"{header}\nV1,two,perhaps,1,x\n")
    paths = {finding.path for finding in judged(raw)}
    assert {"/procedures/0/quantity", "/claim/assignmentOfBenefits"} <= paths


def test_lists_of_texts_come_in_one_cell_or_in_several() -> None:
    (record,) = loaded("visitId,diagnoses,procedures.diagnosisPointers\nV1,K04.1 | S02.5XXA,1|2\n")
    assert record["diagnoses"] == ["K04.1", "S02.5XXA"]
    assert record["procedures"] == [{"diagnosisPointers": [1, 2]}]
    (record,) = loaded("visitId,diagnoses.0,diagnoses.1,diagnoses.2\nV1,K04.1,,S02.5XXA\n")
    assert record["diagnoses"] == ["K04.1", "", "S02.5XXA"], "a gap may not move what pointers count"
    (record,) = loaded("visitId,attachments.0.id,attachments.1.id\nV1,,x\n")
    assert record["attachments"] == [{"id": "x"}]


def test_rows_that_contradict_each_other_are_a_finding_and_stay_refused() -> None:
    (raw,) = records("visitId,payer.name,procedures.code\nV1,A,D0120\nV1,,D0120\nV1,B,D0120\n")
    assert raw.finding is not None
    assert (raw.finding.rule, raw.finding.category, raw.finding.path) == (
        "SCH-CSV-CONFLICT",
        "schema",
        "/payer/name",
    )
    assert '"payer.name" (lines 2, 4)' in raw.finding.message
    assert raw.finding.visit_id == "V1"
    assert json.loads(raw.data)["payer"] == {"name": ["A", "B"]}


def test_a_row_without_visit_is_a_finding_and_nothing_is_lost() -> None:
    raw, good = records("visitId,patient.firstName\n,Theo\nV1,Dana\n")
    assert raw.source.line == 2
    assert [finding.rule for finding in judged(raw)] == ["SCH-REQUIRED"]
    assert json.loads(raw.data) == {"patient.firstName": "Theo"}
    assert json.loads(good.data) == {"visitId": "V1", "patient": {"firstName": "Dana"}}


def test_one_bad_row_spoils_its_whole_visit() -> None:
    text = b"visitId,payer.name,procedures.code\nV1,A,D0120\nV2,B,D0120\nV1,,D0\xf1\nV3,A,D0120,more\nV4,A,D0120\n"
    one, two, three, four = records(text)
    assert [raw.finding and raw.finding.rule for raw in (one, two, three, four)] == [
        "FMT-UTF8",
        None,
        "SCH-CSV-WIDTH",
        None,
    ]
    assert one.finding is not None
    assert (one.finding.category, one.finding.visit_id) == ("format", "V1")
    assert len(json.loads(one.data)["procedures"]) == 2
    assert json.loads(three.data)["column 4"] == "more"


def test_a_torn_row_spoils_the_visits_whose_rows_it_may_hold() -> None:
    text = 'visitId,payer.name,procedures.code\nV1,A,D0120\nV2,B,D0120\nV3,"A,D0120\nV1,,D0220\n'
    torn, one, two = records(text)
    assert [raw.finding and raw.finding.rule for raw in (torn, one, two)] == ["FMT-CSV", "FMT-CSV", None]
    assert "V1,,D0220" in json.loads(torn.data)
    assert torn.source.line == 4
    text = 'visitId,payer.name\nV1,"A"x\nV2,B\n'
    torn, two = records(text)
    assert json.loads(two.data)["visitId"] == "V2"


def test_nul_and_five_megabytes_in_a_cell() -> None:
    (raw,) = records(f"visitId,narrative\nV1,{'x' * 5_000_000}\n")
    assert len(json.loads(raw.data)["narrative"]) == 5_000_000
    raw, other = records("visitId,narrative\nV\0,a\nV1,b\n")
    assert "/visitId" in {finding.path for finding in judged(raw)}
    assert json.loads(other.data)["visitId"] == "V1"


@pytest.mark.slow
def test_a_row_larger_than_any_record_is_refused_alone() -> None:
    torn, one, rest, other = records(
        f"visitId,narrative\nV1,a\nV2,{'x' * (LARGEST_RECORD + 5_000_000)}\nV3,b\n"
    )
    assert [finding.rule for finding in judged(torn)] == ["FMT-CSV"]
    assert judged(rest)
    assert [json.loads(raw.data)["visitId"] for raw in (one, other)] == ["V1", "V3"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("visitId,patient.lastNam", '"patient.lastName"'),
        ("visitid,payer.name", '"visitId"'),
        ("visitId,attachments.id", '"attachments.0.id"'),
        ("visitId,Procedure Code", "Procedure Code"),
        ("visitId,procedures.0.code", '"procedures.code"'),
        ("visitId,attachments.100.id", '"attachments.0.id"'),
        ("visitId,patient", '"patient"'),
        ("visitId,payer.name,payer.name", "same field"),
        ("payer.name", "visitId"),
        ('visitId,"payer', "header row"),
        ("", "no header row"),
    ],
)
def test_a_header_that_cannot_be_used_is_told(header: str, words: str) -> None:
    assert words in refused(f"{header}\nV1,x,y\n" if header else "", format="csv")


def test_utf16_is_told() -> None:
    assert "CSV UTF-8" in refused("visitId\nV1\n".encode("utf-16"))


def test_every_scalar_field_has_a_header() -> None:
    headers = cells(full_record())
    assert all(place(header) is not None for header in headers)
    assert {".".join(step for step in header.split(".") if not step.isdigit()) for header in headers} <= {
        ".".join(path) for path in field_paths()
    }


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_columns_map_a_practices_own_headers(tmp_path: Path, suffix: str) -> None:
    mapping = {"Visit No": "visitId", "Code": "procedures.code", "Memo": ""}
    toml = "".join(f'"{key}" = "{value}"\n' for key, value in mapping.items())
    write(tmp_path, **{f"map__{suffix}": toml if suffix == "toml" else json.dumps(mapping)})
    text = "Visit No;Code;Memo;payer.name\nV1;D0120;private;A\n"
    assert loaded(text, columns=tmp_path / f"map.{suffix}") == [
        {"visitId": "V1", "payer": {"name": "A"}, "procedures": [{"code": "D0120"}]}
    ]


@pytest.mark.parametrize("text", ["nonsense", '"a" = 1', '"a" = "payer.nam"', "\xff"])
def test_columns_that_cannot_be_used_are_a_setting_fault(tmp_path: Path, text: str) -> None:
    file = tmp_path / "map.toml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError):
        read("visitId\nV1\n", columns=file)
    with pytest.raises(SettingsError):
        read("visitId\nV1\n", columns=tmp_path / "none.toml")


def test_a_value_under_no_header_is_not_lost() -> None:
    (raw,) = records("visitId,,payer.name\nV1,x,A\n")
    assert raw.finding is not None
    assert raw.finding.rule == "SCH-CSV-WIDTH"
    assert records("visitId,,payer.name\nV1,,A\n")[0].finding is None


def test_a_broken_csv_stops_no_other_input(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a__csv="visitId,nonsense\n", b__csv="visitId\nV1\n")
    bad, good = read_inputs([str(folder)])
    assert isinstance(bad, Unreadable)
    assert not isinstance(good, Unreadable)
    assert good.base == str(folder)


def test_a_file_without_line_breaks_is_refused_before_all_of_it_is_read() -> None:
    read_so_far = 0

    def zeros() -> Iterator[bytes]:
        nonlocal read_so_far
        while read_so_far < 1 << 30:
            read_so_far += 1 << 20
            yield bytes(1 << 20)

    (found,) = read_csv(Input("zeros.csv", ".", zeros()), {})
    assert isinstance(found, Unreadable)
    assert "field larger than field limit" in found.message
    assert read_so_far < 2 * LARGEST_RECORD


def test_a_visit_in_place_of_headers_is_not_repeated() -> None:
    told = refused("V1,Marsh,Dana,2016-02-03\nV2,Lindgren,Hanna,2017-03-02\n", format="csv")
    assert "header row" in told
    assert not any(name in told for name in ("V1", "Marsh", "Dana", "2016"))


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_rows_end_as_the_first_does(end: str) -> None:
    text = f'visitId,payer.name,procedures.code{end}V1,"Plan\nof Ohio",D0120{end}V1,,D0220{end}V2,B,D0230'
    one, two = records(text)
    assert [one.source.line, two.source.line] == [2, 4] if end == "\r" else [2, 5]
    assert json.loads(one.data) == {
        "visitId": "V1",
        "payer": {"name": "Plan\nof Ohio"},
        "procedures": [{"code": "D0120"}, {"code": "D0220"}],
    }
    assert json.loads(two.data)["payer"] == {"name": "B"}


@pytest.mark.parametrize("line", ["sep=;", "\ufeffSEP=;\r"])
def test_the_line_in_which_excel_names_the_delimiter_is_no_header(line: str) -> None:
    (raw,) = records(f"{line}\nvisitId;payer.name\nV1;Plan, of Ohio, Inc\n")
    assert json.loads(raw.data) == {"visitId": "V1", "payer": {"name": "Plan, of Ohio, Inc"}}
    assert raw.source.line == 3


def test_what_stands_in_quotes_is_no_delimiter(tmp_path: Path) -> None:
    columns = write(tmp_path, c__toml='"Plan, name, as printed" = "payer.name"') / "c.toml"
    (record,) = loaded('visitId;"Plan, name, as printed"\nV1;A, B\n', columns=columns)
    assert record == {"visitId": "V1", "payer": {"name": "A, B"}}


@pytest.mark.parametrize("cell", ["1.23457E+09", "1,23E+12", " 4E+10 "])
def test_a_number_that_a_spreadsheet_shortened_is_told(cell: str) -> None:
    (raw,) = records(f'visitId,subscriber.memberId,payer.name\nV1,"{cell}",Plan E+\n')
    (finding,) = judged(raw)
    assert finding.rule == "SCH-CSV-NUMBER"
    assert finding.path == "/subscriber/memberId"
    assert cell.strip() not in finding.message


def test_a_number_shortened_where_nothing_is_read_is_let_be(tmp_path: Path) -> None:
    columns = write(tmp_path, c__toml='"chart" = ""') / "c.toml"
    (raw,) = records("visitId,chart,payer.name\nV1,1.2E+09,Plan\n", columns=columns)
    assert raw.finding is None


def test_very_many_contradictions_are_not_all_named() -> None:
    rows = "".join(f"V1,{number}\n" for number in range(1000))
    (raw,) = records(f"visitId,payer.name\n{rows}")
    (finding,) = judged(raw)
    assert '"payer.name" (lines 2, 3, 4 and 997 more)' in finding.message


def test_of_rows_without_end_the_first_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "LARGEST_RECORD", 5000)
    (alone,) = records(f"visitId,narrative,payer.name\nV1,{'x' * 4000},{'y' * 4000}\n")
    assert alone.finding is None
    rows = "".join(f"V1,{'x' * 90}\nV{number + 2},Plan\n" for number in range(100))
    first, *others = records(f"visitId,payer.name\n{rows}")
    (finding,) = judged(first)
    assert (finding.rule, finding.visit_id, finding.path) == ("FMT-SIZE", "V1", "/visitId")
    assert finding.message.startswith("100 rows")
    assert len(first.data) < 5000
    assert [raw.finding for raw in others] == [None] * 100
