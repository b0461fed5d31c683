"""Nothing of a patient stands where it need not: not in messages, reports, the ledger, names of files, or what a crash leaves."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from attachment_maker import FILM
from click.testing import CliRunner, Result
from marks import MARK, Marks, findings_of, name_of
from request_maker import film_of, request
from rule_cases import base

from edi.attachments.cda import read_document
from edi.cli.main import cli
from edi.flows.conversion import read
from edi.sample import csv_rows, xml_text

DAY = ("--as-of", "2026-10-15")
ATTACHMENT_NUMBER = ("attachments", 0, "controlNumber")
COURSE = {
    ("clinical", "radiographs"),
    ("clinical", "medicament"),
    ("episode", "restartReason"),
    ("episode", "visits"),
    ("procedures", 0),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder, and the temporary folder beside it."""
    for name in ("work", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def edi(*args: str) -> Result:
    return CliRunner().invoke(cli, args)


def write(records: list[dict[str, Any]], form: str) -> str:
    """The records as a file of a format, as far as it can hold them, with their films beside it."""
    for name in set(re.findall(f"{MARK.pattern}\\.png", json.dumps(records), re.IGNORECASE)):
        Path(name).write_bytes(FILM)
    file = Path(f"visits.{form}")
    with file.open("w", encoding="utf-8") as out:
        if form == "json":
            json.dump(records, out)
        elif form == "ndjson":
            out.writelines(json.dumps(record) + "\n" for record in records)
        elif form == "xml":
            xml_text.write(out, json.loads(json.dumps(records).replace("\\u001b", "")))
        else:
            flat = [each for each in records if isinstance(each["procedures"], list) and each["procedures"]]
            flat = [each for each in flat if all(isinstance(line, dict) for line in each["procedures"])]
            known = set(csv_rows.headers(flat[:4]))
            flat = [each for each in flat if known.issuperset(csv_rows.headers([each]))]
            csv_rows.write(out, csv_rows.headers(flat), flat)
    return str(file)


def assert_private(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "xml"])
def test_a_run_tells_of_nobody(here: Path, form: str) -> None:
    marks = Marks()
    file = write(marks.all(), form)
    made = edi("convert", file, "-o", "out/claims", *DAY, "--jobs", "1")
    assert made.exit_code == 1
    assert marks.found(made.output) == set()
    out = Path("out/claims")
    for name in ("claims.ndjson", "rejects.ndjson"):
        assert marks.found(findings_of((out / name).read_bytes())) == set()
    assert marks.found((out / "report.json").read_bytes()) == set()
    # The page draws the courses: what was done, and what the films show.
    assert {path[:2] for path in marks.found((out / "report.html").read_bytes())} <= COURSE
    assert len(marks.found((out / "claims.ndjson").read_bytes())) > 30  # the marks are read at all
    assert_private(out)
    assert not [path for path in out.rglob("*") if MARK.search(path.name)]
    assert list((here / "tmp").iterdir()) == []


def test_the_ledger_holds_nobody(here: Path, ledger_url: str) -> None:
    marks = Marks()
    Path("edi.toml").write_text(
        f'[receivers.T]\nid = "TEST"\nname = "TEST"\nattachments = "006020X314"\n[ledger]\nurl = "{ledger_url}"\n'
    )
    made = edi("convert", write(marks.all(), "ndjson"), "-o", "out", *DAY, "--jobs", "1")
    assert made.exit_code == 1, made.output
    assert marks.found(made.output) == set()
    told = [
        edi("ledger", "export", "all.jsonl"),
        edi("status"),
        edi("ledger", "check"),
        edi("ledger", "stats"),
    ]
    assert [each.exit_code for each in told] == [0, 0, 0, 0]
    assert marks.found("".join(each.output for each in told)) == set()
    held = [*Path().glob("edi.*"), Path("all.jsonl")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in held if path.name != "edi.toml"} == {0o600}
    found = set().union(*(marks.found(path.read_bytes()) for path in held))
    assert found == {ATTACHMENT_NUMBER}


@pytest.mark.parametrize("field", ["toothNumber", "visits"])
def test_the_ledger_is_not_told_words_of_an_episode(here: Path, field: str) -> None:
    """Where a tooth or a code should stand there may be a name, and nothing refuses the claim for it."""
    record = base("held")
    if field == "visits":
        record["episode"]["visits"].append({"serviceDate": "2026-05-20", "code": "Zqx00001 Marsh"})
        record["episode"]["visits"].sort(key=lambda each: each["serviceDate"])
    else:
        record["episode"]["toothNumber"] = "Zqx00001"
        record["procedures"][0].update(code="D2330", diagnosisPointers=[])
    Path("edi.toml").write_text('[ledger]\nurl = "sqlite:///edi.db"\n')
    assert edi("convert", write([record], "json"), "-o", "out", *DAY).exit_code == 0
    assert edi("ledger", "export", "all.jsonl").exit_code == 0
    assert not MARK.search(Path("all.jsonl").read_text())


@pytest.mark.parametrize("command", ["narrative", "episode", "predetermine"])
def test_commands_that_read_a_visit_say_nothing_of_it_when_it_is_none(here: Path, command: str) -> None:
    marks = Marks()
    options = ("--renewals", "1") if command == "predetermine" else ()
    done = edi(command, write(list(marks.broken(marks.record(base("held")))), "ndjson"), *options)
    assert done.exit_code in (1, 2)
    assert marks.found(done.stderr) == set()


@pytest.mark.parametrize(
    "value", ["Ann", "Zqx00001", "1986-02-11", "19860211", "123-45-6789", "W1234567", "12 Elm"]
)
def test_a_message_repeats_no_word_for_a_code(here: Path, value: str) -> None:
    """A column too far to the left, and a name stands where the code should."""
    record = base("held")
    record["diagnoses"] = [value]
    fee = f"{value}0" if value.isdecimal() else value
    record["procedures"] += [{"code": value, "fee": fee, "toothNumber": value, "diagnosisPointers": [9]}]
    record["episode"]["toothNumber"] = value
    record["clinical"]["radiographs"][0]["toothNumber"] = value
    done = edi("check", write([record], "json"), *DAY)
    assert {"APX-DX-FORM", "APX-CODE-FORM", "APX-CHG-FORM", "APX-TOOTH-FORM"} <= set(done.output.split())
    assert value not in done.output.replace("2026-10-15", "")


def test_a_message_repeats_what_is_nearly_a_code(here: Path) -> None:
    record = base("held")
    record["diagnoses"] = ["K4.1"]
    record["procedures"][0]["fee"] = "215,00"
    record["procedures"] += [{"code": "D33X1", "fee": "60", "toothNumber": "33"}]
    done = edi("check", write([record], "json"), *DAY)
    for value in ("K4.1", "215,00", "D33X1", "33"):
        assert f'"{value}" ' in done.output.replace('",', '" ')


TORN = (
    "<lastName>A &Zqx00001; B</lastName>",
    "<lastName>A <Zqx00001> B</lastName>",
    "<lastName Zqx00001>B</lastName>",
    '<lastName a="&Zqx00001;">B</lastName>',
    '<lastName Zqx00001="1" Zqx00001="2"/>',
    "<lastName><!-- Zqx00001 -- born --></lastName>",
    "<lastName></Zqx00001>",
    "<lastName>Zqx00001 \x01</lastName>",
    "<lastName>Zqx00001 ]]></lastName>",
)


@pytest.mark.parametrize("torn", TORN)
def test_torn_xml_is_not_repeated(here: Path, torn: str) -> None:
    Path("visits.xml").write_text(f"<visits>\n<visit>\n{torn}\n</visit>\n</visits>\n")
    done = edi("convert", "visits.xml", "-o", "out", *DAY)
    assert done.exit_code == 2
    assert "line 3" in done.stderr
    told = done.output + Path("out/report.json").read_text() + Path("out/report.html").read_text()
    assert not MARK.search(told)
    document = read_document(io.BytesIO(f'<ClinicalDocument xmlns="urn:hl7-org:v3">{torn}'.encode()))
    (finding,) = document.findings
    assert finding.rule == "CDA-XML"
    assert not MARK.search(finding.message)


def test_a_film_is_not_called_by_its_file(here: Path) -> None:
    """A practice names films after its patients."""
    record = Marks().record(base("held"))
    film, name = "Zqx00000-marsh.png", record["visitId"]
    record["attachments"] = [{"id": "x1", "type": "radiograph", "file": film}]
    Path(film).write_bytes(FILM)
    assert edi("convert", write([record], "json"), "-o", "out", *DAY).exit_code == 0
    for octets in (FILM[:-4], None):
        if octets is None:
            Path(film).unlink()
        else:
            Path(film).write_bytes(octets)
        done = edi("attach", name, "--unsolicited", "--from", "out", "-o", "later", *DAY)
        assert done.exit_code == 2
        assert done.stderr.startswith("edi: The file of attachment x1 is no longer in ")
        assert not MARK.search(done.stderr)


def test_words_that_a_payer_sends_for_a_code_are_not_kept(here: Path) -> None:
    Path("edi.toml").write_text('[ledger]\nurl = "sqlite:///edi.db"\n')
    record = base("held") | {"visitId": "Q-1"}
    assert edi("convert", write([record], "json"), "-o", "out", *DAY).exit_code == 0
    asks = [each.replace("52040-3", "MARSH THEO") for each in film_of("Q-1")]
    Path("asks.277").write_bytes(request(asks))
    assert edi("ack", "asks.277").exit_code == 0
    shown = edi("status", "Q-1").output
    assert "codes ? 11506-3" in shown
    assert "MARSH" not in shown


# What nobody foresaw


def fails_with(text: str) -> Any:
    def fail(*_: Any) -> Any:
        raise ValueError(text)

    return fail


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_error_that_nobody_foresaw_is_told_without_its_text(
    here: Path, monkeypatch: pytest.MonkeyPatch, jobs: str
) -> None:
    records = [base("held") | {"visitId": f"V-{number}"} for number in range(1 if jobs == "1" else 2000)]
    monkeypatch.setattr(read, "_check", fails_with("Zqx00001 Marsh"))
    done = edi("convert", write(records, "ndjson"), "-o", "out", *DAY, "--jobs", jobs)
    assert done.exit_code == 2
    assert "stopped by an error in edi itself: ValueError" in done.stderr
    assert "in fail" in done.stderr
    assert not MARK.search(done.output)
    assert "Traceback" not in done.output
    assert list(Path("out").iterdir()) == []


KILLED = """
import os, signal, sys
from edi.flows.conversion import pipeline
pipeline.write_reports = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from edi.cli.main import cli
cli(sys.argv[1:])
"""


def test_what_a_killed_check_leaves_is_private_and_soon_gone(here: Path) -> None:
    file = write([base("held")], "json")
    done = subprocess.run([sys.executable, "-c", KILLED, "check", file, "--jobs", "1"], capture_output=True)
    assert done.returncode == -signal.SIGKILL
    (left,) = (here / "tmp").iterdir()
    assert_private(left)
    os.utime(left, (0, 0))
    assert edi("check", file, *DAY).exit_code == 0
    assert list((here / "tmp").iterdir()) == []


def test_every_text_of_the_schema_is_marked() -> None:
    """A field that is new in the record is looked for as well."""
    from schema_record import full_record

    marks = Marks()
    marks.record(full_record())
    marked = {name_of(path) for path in marks.places.values()}
    assert {
        "lastName",
        "memberId",
        "line1",
        "email",
        "rationale",
        "narrative",
        "description",
        "result",
    } <= marked
