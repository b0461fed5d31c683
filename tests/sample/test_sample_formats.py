"""Samples written: the command, its four formats, its films and side files."""

from __future__ import annotations

import csv
import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from edi.cli.sample import sample
from edi.errors import OutputError
from edi.sample import csv_rows, visits, xml_text
from edi.sample.film import film
from edi.visit.schema import is_valid, schema_text


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(sample, arguments)
    assert result.exit_code == 0, result.output
    return result


def expected(count: int, seed: int) -> list[dict[str, Any]]:
    return [record for record, _ in visits(count, seed)]


def test_ndjson_on_stdout_is_the_default() -> None:
    lines = run("--visits", "25", "--seed", "3").stdout.splitlines()
    assert [json.loads(line) for line in lines] == expected(25, 3)
    assert len(run().stdout.splitlines()) == 10


def test_json_is_one_array() -> None:
    assert json.loads(run("--format", "json", "--visits", "7").stdout) == expected(7, 1)
    assert json.loads(run("--format", "json", "--visits", "0").stdout) == []


def test_csv_has_a_row_for_each_procedure() -> None:
    records = expected(60, 1)
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv", "--visits", "60").stdout)))
    lines = [(record["visitId"], line) for record in records for line in record["procedures"]]
    assert len(rows) == len(lines) > 60
    for row, (visit, line) in zip(rows, lines, strict=True):
        assert (row["visitId"], row["procedures.code"]) == (visit, line["code"])
        assert row["procedures.fee"] == str(line["fee"])
        assert row["procedures.surfaces"] == line.get("surfaces", "")


def test_csv_cells() -> None:
    record = {
        "claim": {"ok": True},
        "diagnoses": ["A", "B"],
        "procedures": [{"fee": 2.5, "pointers": [1, 2]}],
    }
    row = {"claim.ok": "true", "diagnoses.0": "A", "diagnoses.1": "B"}
    assert list(csv_rows.rows(record)) == [
        row | {"procedures.fee": "2.5", "procedures.pointers.0": "1", "procedures.pointers.1": "2"}
    ]
    out = io.StringIO()
    csv_rows.write(out, csv_rows.headers([record]), [record])
    assert out.getvalue().count("\n") == 2


def test_xml_keeps_to_the_published_schema() -> None:
    text = run("--format", "xml", "--visits", "300", "--seed", "2").stdout
    document = etree.fromstring(text.encode())
    xsd = etree.XMLSchema(etree.fromstring(schema_text("xsd").encode()))
    assert xsd.validate(document), xsd.error_log
    assert [visit.findtext("visitId") for visit in document] == [
        record["visitId"] for record in expected(300, 2)
    ]


def test_xml_escapes() -> None:
    assert "".join(xml_text.element("a", {"b": ["<&>", True, None]}, 0)) == (
        "<a>\n  <b>&lt;&amp;&gt;</b>\n  <b>true</b>\n</a>\n"
    )


def test_expected_categories_go_to_a_side_file(tmp_path: Path) -> None:
    side = tmp_path / "side.ndjson"
    output = run("--visits", "60", "--faulty", "0.5", "--expected", str(side)).stdout
    told = {line["visitId"]: line["category"] for line in map(json.loads, side.read_text().splitlines())}
    wanted = {record["visitId"]: category for record, category in visits(60, 1, faulty=0.5) if category}
    assert told == wanted
    assert len(output.splitlines()) == 60
    assert side.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "xml"])
def test_folder_holds_visits_films_and_expected(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "new" / "samples"
    for _ in range(2):  # a second time replaces
        run("--visits", "30", "--format", form, "--faulty", "0.3", "-o", str(folder))
    names = {path.name for path in folder.iterdir()}
    assert names == {f"visits.{form}", "films", "visits.expected"}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.rglob("*") if path.is_file())


def test_folder_records_name_their_films(tmp_path: Path) -> None:
    run("--visits", "40", "-o", str(tmp_path))
    named = set()
    for record, plain in zip(
        map(json.loads, (tmp_path / "visits.ndjson").read_bytes().splitlines()), expected(40, 1), strict=True
    ):
        assert is_valid(record)
        for attachment, held in zip(record.get("attachments", ()), plain.get("attachments", ()), strict=True):
            named.add(attachment.pop("file"))
            assert attachment == {k: v for k, v in held.items() if k not in ("controlNumber", "transmission")}
    assert named == {f"films/{path.name}" for path in (tmp_path / "films").iterdir()}
    assert not (tmp_path / "visits.expected").exists()


def test_unwritable_places_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for arguments in (["-o", str(tmp_path / "file" / "x")], ["--expected", str(tmp_path / "no" / "x")]):
        result = CliRunner().invoke(sample, arguments)
        assert isinstance(result.exception, OutputError)


@pytest.mark.parametrize(
    "arguments", [["--visits", "-1"], ["--faulty", "2"], ["--format", "yaml"], ["--seed", "x"]]
)
def test_wrong_use_is_exit_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(sample, arguments).exit_code == 2


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """Chunks of a PNG, their checksums proved."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = [], 8
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", png, at + 8 + size) == (zlib.crc32(kind + data),)
        found.append((kind, data))
        at += 12 + size
    return found


@pytest.mark.parametrize("closing", [False, True])
@pytest.mark.parametrize("tooth", ["8", "25", "AS", ""])
def test_film_is_a_small_whole_png_without_text(tooth: str, closing: bool) -> None:
    png = film(tooth, "2026-09-14", 1, barrier=float(closing), lesion=1.0, filled=closing)
    assert 2_000 < len(png) < 20_000
    (kind, header), (data_kind, data), end = chunks(png)
    assert (kind, data_kind, end) == (b"IHDR", b"IDAT", (b"IEND", b""))
    width, height, depth, color = struct.unpack(">IIBB", header[:10])
    assert (depth, color) == (8, 0)
    raw = zlib.decompress(data)
    assert len(raw) == height * (width + 1)
    assert set(raw[:: width + 1]) == {0}


def test_films_differ_by_tooth_date_seed_and_stage() -> None:
    drawn = {
        film("8", "2026-09-14", 1),
        film("9", "2026-09-14", 1),
        film("8", "2026-09-15", 1),
        film("8", "2026-09-14", 2),
        film("8", "2026-09-14", 1, barrier=0.5),
        film("8", "2026-09-14", 1, filled=True),
        film("8", "2026-09-14", 1, lesion=1.0),
    }
    assert len(drawn) == 7
    assert film("8", "2026-09-14", 1) == film("8", "2026-09-14", 1)


def test_a_barrier_is_light_where_the_apex_was_dark() -> None:
    def lights(png: bytes) -> int:
        return sum(value > 212 for value in zlib.decompress(chunks(png)[1][1]))

    stages = [film("8", "2026-09-14", 1, barrier=share) for share in (0.0, 0.5, 1.0)]
    counts = [lights(stage) for stage in stages]
    assert counts == sorted(set(counts))
