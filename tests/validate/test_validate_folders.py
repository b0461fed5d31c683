"""`edi validate` on folders and in several processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from folders import X12

from edi.cli.main import cli
from edi.errors import EdiError
from edi.flows.validate_files import validate_files
from edi.report.validation.text import Text

VALID, BROKEN = X12 / "valid" / "dependants.837", X12 / "broken" / "dot-in-diagnosis.837"
FORMATS = ("text", "json", "html", "sarif", "junit", "github", "999")
OVERLAY = """\
title = "Example Dental"

[[ask]]
at = "2300/CLM 01"
max_length = 1
source = "Example Dental companion guide"
date = "2026-03"
"""


def run(*args: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["validate", *map(str, args)], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "claims"
    made.mkdir()
    (made / "b.837").write_bytes(VALID.read_bytes())
    (made / "a.txt").write_bytes(b"\r\n" + BROKEN.read_bytes())
    (made / "c.EDI").write_bytes(b"damaged")
    (made / "report.json").write_text("{}")
    (made / ".hidden.837").write_bytes(b"")
    (made / "within").mkdir()
    (made / "within" / "d.837").write_bytes(b"")
    return made


def test_a_folder_is_its_x12_files_by_name(folder: Path) -> None:
    done = run(folder, "--format", "json")
    assert done.exit_code == 2
    found = [(Path(each["file"]).name, each["valid"]) for each in json.loads(done.stdout)]
    assert found == [("a.txt", False), ("b.837", True), ("c.EDI", False)]
    assert f"edi: {folder}: files that are not X12 were left out: 1.\n" in done.stderr
    assert f"edi: {folder / 'c.EDI'} is not an X12 file" in done.stderr
    (folder / "c.EDI").unlink()
    assert run(folder).exit_code == 1
    (folder / "a.txt").unlink()
    quiet = run(folder, "-q")
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_json_of_a_folder_is_an_array_however_many_files_it_has(tmp_path: Path) -> None:
    (tmp_path / "a.837").write_bytes(VALID.read_bytes())
    done = run(tmp_path, "--format", "json")
    assert [each["file"] for each in json.loads(done.stdout)] == [str(tmp_path / "a.837")]


def test_a_folder_without_x12_files_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("No X12.")
    done = run(tmp_path, "--format", "json")
    assert (done.exit_code, done.stderr) == (2, f"edi: {tmp_path} is a folder without X12 files.\n")
    (found,) = json.loads(done.stdout)
    assert (found["file"], found["valid"], len(found["findings"])) == (str(tmp_path), False, 1)


@pytest.mark.parametrize("form", FORMATS)
def test_several_processes_print_what_one_prints(
    form: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "overlay.toml").write_text(OVERLAY)
    (folder / "e.837").write_text(BROKEN.read_text().replace(":B:1*", ":B:9*"))
    monkeypatch.setattr("edi.flows.validate_files._WORTH_SPREADING", 1)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    args = (folder, tmp_path / "none", BROKEN, "--format", form, "--overlay", tmp_path / "overlay.toml")
    dated = (*args, "--as-of", "2026-11-02")
    one, several = run(*dated, "--jobs", "1"), run(*dated, "--jobs", "3")
    assert one.exit_code == 2
    assert one.stdout_bytes == several.stdout_bytes
    assert one.stderr == several.stderr
    assert form in ("999", "html") or "X12-OVERLAY-LONG" in one.stdout
    assert sorted(each.name for each in tmp_path.iterdir()) == ["claims", "overlay.toml"]


def test_what_cannot_be_written_is_told_of_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edi.flows.validate_files._WORTH_SPREADING", 1)

    def write(text: str) -> None:
        if text:
            raise BrokenPipeError(32, "Broken pipe")

    files = [str(folder / "b.837"), str(folder / "a.txt")]
    with pytest.raises(BrokenPipeError):
        validate_files(files, Text(), write, lambda _outcome: None, jobs=2)


def test_small_input_stays_in_this_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    def refuse(jobs: int, **_: object) -> None:
        started.append(jobs)
        raise EdiError("No process may start.")

    monkeypatch.setattr("edi.flows.pool.ProcessPoolExecutor", refuse)
    run(folder, "--jobs", "4")
    assert not started
    (folder / "large.837").write_bytes(VALID.read_bytes() * (2_000_000 // VALID.stat().st_size + 1))
    run(folder, "--jobs", "4")
    assert started == [4]
    alone = run(folder / "large.837", "--jobs", "4", "--format", "json", "--max-findings", "0")
    assert json.loads(alone.stdout)["claims"] > 1000
    run(folder, "-", "--jobs", "4", stdin=VALID.read_bytes())  # which only this process can read
    assert started == [4]
