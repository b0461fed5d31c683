"""Overlays at work: `edi validate` by file and by settings, and `edi convert`, each payer's claims by its own."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from folders import EXAMPLES
from x12_maker import file_of, sealed, texts, whole_set

from edi.cli.main import cli
from edi.errors import SettingsError
from edi.flows import convert
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.sample import visits
from edi.settings import load_settings
from edi.visit.schema import schema_text

VISITS = EXAMPLES / "visits"
AS_OF = datetime.date(2026, 10, 15)
RECEIVER = '[receivers.ch]\nid = "TESTCH01"\n'
SAID = 'source = "Guide 2.1"\ndate = "2026"\n'
DIAGNOSIS = f'title = "Example Dental"\n[[ask]]\nat = "2300/HI"\nusage = "required"\n{SAID}'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with an overlay and a file whose second subscriber has another payer."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asks.toml").write_text(DIAGNOSIS)
    payers = iter(("CX014", "CX021", "CX014"))
    segments = [
        text.replace("2010BBNM1XPayer identifier", next(payers)) if text.startswith("NM1*PR*") else text
        for text in texts(whole_set(full=False))
    ]
    (tmp_path / "claims.837").write_bytes(file_of(sealed(segments)))
    return tmp_path


def settings(folder: Path, *overlays: tuple[str, str]) -> Path:
    path = folder / "edi.toml"
    path.write_text(RECEIVER + "".join(f'[payers.{payer}]\noverlay = "{file}"\n' for payer, file in overlays))
    return path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["validate", *args])


def positions(*args: str) -> list[int]:
    return [each["position"] for each in json.loads(run(*args, "--format", "json").output)["findings"]]


def test_without_an_overlay_the_file_is_valid() -> None:
    assert run("claims.837").exit_code == 0


def test_an_overlay_by_name_judges_every_claim() -> None:
    assert positions("claims.837", "--overlay", "asks.toml") == [20, 39, 52, 64]


def test_an_overlay_of_a_payer_judges_its_claims(folder: Path) -> None:
    settings(folder, ("CX021", "asks.toml"))
    assert positions("claims.837") == [39]
    settings(folder, ("CX014", "asks.toml")).rename(folder / "other.toml")
    assert positions("claims.837") == []
    assert positions("claims.837", "--config", "other.toml") == [20, 52, 64]


def test_an_overlay_of_a_receiver_judges_what_it_is_sent(folder: Path) -> None:
    receiver = '[receivers.{}]\nid = "{}"\noverlay = "asks.toml"\n'
    octets = (folder / "claims.837").read_bytes().replace(b"1000BNM1XReceiver identifier", b"CH1")
    (folder / "claims.837").write_bytes(octets)
    (folder / "edi.toml").write_text(receiver.format("ch", "CH1"))
    assert positions("claims.837") == [20, 39, 52, 64]
    (folder / "edi.toml").write_text(receiver.format("ch", "CH2"))
    assert positions("claims.837") == []
    head = "".join(
        f'[[ask]]\nat = "{at}"\ncodes = ["{code}"]\n{SAID}'
        for at, code in (("ST/BHT 02", "18"), ("1000A/PER 03", "TE"))
    )
    (folder / "asks.toml").write_text(f'title = "P"\n{head}')
    assert positions("claims.837", "--overlay", "asks.toml") == [2, 4]
    (folder / "edi.toml").write_text(receiver.format("ch", "CH1"))
    assert positions("claims.837") == [2, 4]


def test_several_overlays_at_once(folder: Path) -> None:
    (folder / "more.toml").write_text(
        DIAGNOSIS.replace("2300/HI", "2300/REF:G1").replace("Example", "Second")
    )
    settings(folder, ("CX021", "asks.toml"), ("CX014", "more.toml"))
    assert positions("claims.837") == [20, 39, 52, 64]
    assert positions("claims.837", "--overlay", "more.toml", "--overlay", "asks.toml").count(39) == 2


def test_an_overlay_given_twice_is_asked_once(folder: Path) -> None:
    settings(folder, ("CX021", "asks.toml"))
    assert positions("claims.837", "--overlay", "asks.toml", "--overlay", "./asks.toml") == [20, 39, 52, 64]


def test_two_payers_may_share_an_overlay(folder: Path) -> None:
    settings(folder, ("CX021", "asks.toml"), ("CX014", "asks.toml"))
    assert positions("claims.837") == [20, 39, 52, 64]


def test_what_is_printed(folder: Path) -> None:
    settings(folder, ("CX021", "asks.toml"))
    done = run("claims.837")
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "error X12-OVERLAY-REQUIRED: Example Dental asks: HI is required (Guide 2.1, 2026).",
        "  --> claims.837, interchange 000000001, transaction set 0001, before segment 39, loop 2300, SNIP 7",
        "  fix: Send HI.",
        "",
        "claims.837: 1 error in 4 claims",
    ]
    (finding,) = json.loads(run("claims.837", "--format", "json").output)["findings"]
    assert finding == {
        "rule": "X12-OVERLAY-REQUIRED",
        "category": "format",
        "severity": "error",
        "message": "Example Dental asks: HI is required (Guide 2.1, 2026).",
        "fix": "Send HI.",
        "snip": 7,
        "loop": "2300",
        "segment": "HI",
        "position": 39,
        "interchange": "000000001",
        "transaction": "0001",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            DIAGNOSIS.replace("2300/HI", "2300/HJ"),
            "edi.toml: overlay of CX021: overlay asks.toml: ask 1 (2300/HJ):",
        ),
        (
            None,
            "edi.toml: overlay of CX021: asks.toml cannot be read: No such file or directory.",
        ),
    ],
)
def test_an_overlay_that_cannot_be_used(folder: Path, text: str | None, says: str) -> None:
    settings(folder, ("CX021", "asks.toml"))
    (folder / "asks.toml").unlink()
    if text:
        (folder / "asks.toml").write_text(text)
    for arguments in (["validate", "claims.837"], ["convert", "claims.837", "-o", "out"]):
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 2
        assert says in done.stderr.replace(f"{folder}/", "")
    assert not (folder / "out").exists() or not list((folder / "out").iterdir())


@pytest.mark.parametrize(("value", "says"), [("3", "must be a TOML file"), ('"geha"', "must be a TOML file")])
def test_a_setting_that_is_no_file(folder: Path, value: str, says: str) -> None:
    (folder / "edi.toml").write_text(f"[payers.CX021]\noverlay = {value}\n")
    with pytest.raises(SettingsError, match=says):
        load_settings(None, folder)


def test_a_payer_id_with_a_blank(folder: Path) -> None:
    (folder / "edi.toml").write_text('[payers."CX 21"]\noverlay = "asks.toml"\n')
    with pytest.raises(SettingsError, match="may hold no blank"):
        load_settings(None, folder)


def converted(folder: Path, records: list[dict[str, Any]], *overlays: tuple[str, str]) -> RunReport:
    (folder / "visits.ndjson").write_text("".join(json.dumps(record) + "\n" for record in records))
    loaded = load_settings(settings(folder, *overlays), folder)
    return convert(Job(inputs=("visits.ndjson",), settings=loaded, as_of=AS_OF, jobs=1), folder / "out")


def rejected(folder: Path) -> dict[str, list[dict[str, Any]]]:
    lines = (folder / "out" / "rejects.ndjson").read_text().splitlines()
    return {each["visitId"]: each["findings"] for each in map(json.loads, lines)}


def written(folder: Path) -> str:
    (file,) = (folder / "out").glob("*.837")
    assert run(str(file)).output == f"{file}: valid, no findings in {file.read_text().count('CLM*')} claims\n"
    return file.read_text()


RECORDS = [record for record, _ in visits(40, 1)]


def test_convert_rejects_what_a_payer_refuses(folder: Path) -> None:
    (folder / "asks.toml").write_text(DIAGNOSIS.replace("2300/HI", "2300/REF:G1"))
    report = converted(folder, RECORDS, ("CX058", "asks.toml"))
    mine = [each for each in RECORDS if each["payer"]["payerId"] == "CX058"]
    without = {
        each["visitId"] for each in mine if "priorAuthorizationNumber" not in each.get("authorization", {})
    }
    assert rejected(folder).keys() == without
    assert 0 < len(without) < len(RECORDS)
    assert report.accepted == len(RECORDS) - len(without)
    assert written(folder).count("CLM*") == report.accepted
    shape = json.loads(schema_text("finding"))
    for findings in rejected(folder).values():
        (finding,) = findings
        jsonschema.validate(finding, shape)
        assert (finding["rule"], finding["snip"], finding["loop"]) == ("X12-OVERLAY-REQUIRED", 7, "2300")
        assert "position" not in finding


def test_convert_rejects_what_a_receiver_refuses(folder: Path) -> None:
    (folder / "asks.toml").write_text(DIAGNOSIS.replace("2300/HI", "2300/REF:G1"))
    (folder / "visits.ndjson").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    (folder / "edi.toml").write_text(
        f'{RECEIVER}overlay = "asks.toml"\npayers = ["CX058"]\n[receivers.other]\nid = "OTHER"\n'
    )
    job = Job(inputs=("visits.ndjson",), settings=load_settings(None, folder), as_of=AS_OF, jobs=1)
    report = convert(job, folder / "out")
    refused = [each for each in RECORDS if each["visitId"] in rejected(folder)]
    assert {each["payer"]["payerId"] for each in refused} == {"CX058"}
    assert report.rejected == len(refused) > 0
    for file in (folder / "out").glob("*.837"):
        assert run(str(file)).exit_code == 0


def test_check_finds_the_same(folder: Path) -> None:
    (folder / "asks.toml").write_text(DIAGNOSIS.replace("2300/HI", "2300/REF:G1"))
    converted(folder, RECORDS, ("CX058", "asks.toml"))
    done = CliRunner().invoke(cli, ["check", "visits.ndjson", "--as-of", AS_OF.isoformat()])
    assert done.exit_code == 1
    assert done.output.count("X12-OVERLAY-REQUIRED") == len(rejected(folder))


def test_a_fault_in_a_shared_loop_is_found_with_each_claim(folder: Path) -> None:
    (folder / "asks.toml").write_text(DIAGNOSIS.replace("2300/HI", "2000A/PRV"))
    payer = RECORDS[0]["payer"]
    records = [json.loads(json.dumps(each)) | {"payer": payer} for each in RECORDS[:6]]
    for each in records:
        each["billingProvider"] = records[0]["billingProvider"] | {"taxonomyCode": "1223E0200X"}
    del records[0]["billingProvider"]["taxonomyCode"]
    records[1]["billingProvider"] = records[0]["billingProvider"]
    converted(folder, records, (payer["payerId"], "asks.toml"))
    assert rejected(folder).keys() == {each["visitId"] for each in records[:2]}
    written(folder)


def test_claims_stand_apart_where_a_payer_takes_one_at_a_time(folder: Path) -> None:
    course = tuple(str(path) for path in sorted(VISITS.glob("fall-*.json")))
    payer_id = json.loads(Path(course[0]).read_text())["payer"]["payerId"]
    (folder / "asks.toml").write_text(f'title = "P"\n[[ask]]\nat = "2300"\nrepeat = 2\n{SAID}')
    day = datetime.date(2026, 11, 20)
    for out, overlays, levels in (("one", (), 3), ("two", ((payer_id, "asks.toml"),), 5)):
        loaded = load_settings(settings(folder, *overlays), folder)
        report = convert(Job(inputs=course, settings=loaded, as_of=day, jobs=1), folder / out)
        (file,) = (folder / out).glob("*.837")
        assert (report.accepted, file.read_text().count("HL*")) == (5, levels)
        assert run(str(file)).exit_code == 0


def test_more_processes_write_the_same(folder: Path) -> None:
    (folder / "asks.toml").write_text(DIAGNOSIS.replace("2300/HI", "2300/REF:G1"))
    converted(folder, RECORDS, ("CX058", "asks.toml"))
    one = written(folder)
    (folder / "out").rename(folder / "one")
    loaded = load_settings(None, folder)
    convert(Job(inputs=("visits.ndjson",), settings=loaded, as_of=AS_OF, jobs=2), folder / "out")
    assert written(folder) == one
