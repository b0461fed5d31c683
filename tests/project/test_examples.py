"""The examples: valid, clean, complete, and as their scripts make them."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from folders import EXAMPLES

from edi.attachments.files import examine_files
from edi.rules import apply_rules
from edi.settings import load_settings
from edi.visit.absent import drop_absent
from edi.visit.facts import Facts
from edi.visit.schema import is_valid

VISITS = sorted((EXAMPLES / "visits").glob("*.json"))
EXPECTED: dict[str, str | None] = json.loads((EXAMPLES / "expected.json").read_bytes())


def load(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_bytes())
    return record


def judged(path: Path, as_of: str) -> list[tuple[str, str]]:
    """Category and severity of what the rules find in a valid example and its files."""
    record = drop_absent(load(path))
    files = examine_files(str(path.parent), record.get("attachments", []))
    return [
        (finding.category, finding.severity)
        for finding in apply_rules(Facts(record, as_of=as_of, files=files))
    ]


@pytest.mark.parametrize("path", VISITS, ids=lambda path: path.stem)
@pytest.mark.parametrize("as_of", ["2026-11-01", "2027-04-30"])
def test_visit_is_valid_and_clean(path: Path, as_of: str) -> None:
    assert is_valid(load(path))
    assert judged(path, as_of) == []


def test_every_kind_is_shown() -> None:
    records = {path.stem: load(path) for path in VISITS}
    assert len(records) >= 14
    for name in ("fall", "crash"):
        course = [record for stem, record in sorted(records.items()) if stem.startswith(name)]
        assert [record["procedures"][0]["code"] for record in course] == ["D3351", *["D3352"] * 3, "D3353"]
        told = [
            [*(v["serviceDate"] for v in r.get("episode", {}).get("visits", ())), r["serviceDate"]]
            for r in course
        ]
        assert told == [told[-1][: place + 1] for place in range(5)]
    assert [v["code"] for v in records["mta-barrier"]["episode"]["visits"]] == ["D3351"]
    assert "patient" not in records["subscriber-is-patient"]
    assert records["predetermination"]["claim"]["purpose"] == "predetermination"
    assert records["encounter"]["claim"]["purpose"] == "encounter"
    for name in ("replacement", "void"):
        assert records[name]["claim"]["frequency"] == name
    assert records["secondary"]["otherInsurance"]
    assert len(records["other-codes"]["procedures"]) > 3
    assert len(records["four-diagnoses"]["diagnoses"]) == 4
    assert 0 < len(records["own-narrative"]["narrative"]) <= 400 < len(records["long-narrative"]["narrative"])


def test_visit_ids_are_unique() -> None:
    ids = [load(path)["visitId"] for path in [*VISITS, *(EXAMPLES / "faulty").glob("*.json")]]
    assert len(set(ids)) == len(ids)


def test_every_faulty_file_has_its_expectation() -> None:
    assert set(EXPECTED) == {f"faulty/{path.name}" for path in (EXAMPLES / "faulty").glob("*.json")}


@pytest.mark.parametrize("name", EXPECTED)
def test_faulty_visit_earns_its_category_alone(name: str) -> None:
    category = EXPECTED[name]
    assert is_valid(load(EXAMPLES / name)) == (category != "schema")
    if category != "schema":
        # A repetition is found by the run, not in the record.
        wanted = [(category, "error")] if category not in (None, "duplicate") else []
        assert judged(EXAMPLES / name, "2026-11-01") == wanted


def test_the_pair_is_one_service_twice() -> None:
    first, second = (
        load(EXAMPLES / "faulty" / f"{name}.json") for name in ("repeated-1-sent", "repeated-2-sent-again")
    )
    assert first.pop("visitId") != second.pop("visitId")
    assert first == second


def test_only_the_missing_film_is_missing() -> None:
    missing = set()
    for path in [*VISITS, *(EXAMPLES / "faulty").glob("*.json")]:
        for attachment in load(path).get("attachments", []):
            if "file" in attachment and not (path.parent / attachment["file"]).is_file():
                missing.add(path.name)
    assert missing == {"film-not-there.json"}


@pytest.mark.parametrize(("script", "made"), [("make_films", "films"), ("make_formats", "formats")])
def test_made_files_are_as_the_script_makes_them(script: str, made: str) -> None:
    files: dict[Path, bytes] = runpy.run_path(str(EXAMPLES / f"{script}.py"))[made]()
    assert files
    for path, data in files.items():
        assert path.read_bytes() == data, f"{path.name} is stale: run python examples/{script}.py"


def test_no_film_is_left_over() -> None:
    used = {each["file"] for path in VISITS for each in load(path).get("attachments", [])}
    assert {f"films/{path.name}" for path in (EXAMPLES / "visits" / "films").iterdir()} == used


def test_readme_names_every_example() -> None:
    text = (EXAMPLES / "README.md").read_text()
    stems = [path.stem for path in VISITS if not path.stem.startswith("crash-")] + [
        Path(name).stem for name in EXPECTED
    ]
    assert [stem for stem in stems if f"`{stem}`" not in text] == []
    formats = [path.name for path in (EXAMPLES / "formats").iterdir() if path.is_file()]
    assert [name for name in formats if f"`{name}`" not in text] == []


def test_settings_cover_the_payers() -> None:
    settings = load_settings(EXAMPLES / "edi.toml", EXAMPLES)
    assert {receiver.usage for receiver in settings.receivers} == {"T"}
    payers = {payer for receiver in settings.receivers for payer in receiver.payers}
    assert payers == {load(path)["payer"]["payerId"] for path in VISITS}


def test_made_up_numbers_look_made_up() -> None:
    """Telephone numbers are of the 555-01xx kind that belongs to nobody."""
    for path in VISITS:
        phones = re.findall(r'"(?:phone|fax)": "(\d+)"', path.read_text())
        assert all(re.fullmatch(r"\d{3}55501\d\d", phone) for phone in phones)
