"""The command line as scripts meet it: exit codes, what goes to stdout and what to stderr."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from folders import GOLDEN

from edi import __version__
from edi.cli.main import cli
from edi.sample import visits

AS_OF = ("--as-of", "2026-10-15")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test in an empty folder, where no edi.toml is found."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edi(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(cli, arguments, input=stdin, catch_exceptions=False)


def write(name: str, count: int = 3, *, faulty: float = 0.0, seed: int = 1) -> str:
    Path(name).write_text(
        "".join(json.dumps(record) + "\n" for record, _ in visits(count, seed, faulty=faulty))
    )
    return name


def test_help_names_every_command() -> None:
    result = edi("--help")
    assert result.exit_code == 0
    for command in cli.list_commands(None):  # type: ignore[arg-type]
        assert f"\n  {command} " in result.stdout
        assert edi(command, "--help").exit_code == 0


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from edi.cli.main import cli;"
        "CliRunner().invoke(cli, ['--help']);"
        "print([m for m in ('jinja2', 'jsonschema', 'jsonschema_rs', 'lxml', 'orjson', 'sqlite3', 'edi.guide') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_version_and_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "edi", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"edi, version {__version__}"


@pytest.mark.parametrize("option", ["-o", "--config"])
def test_an_empty_name_is_not_this_folder(option: str, folder: Path) -> None:
    result = edi("convert", "-o", "out", option, "", write("visits.ndjson"))
    assert result.exit_code == 2
    assert "name is empty" in result.stderr
    assert [path.name for path in folder.iterdir()] == ["visits.ndjson"]


def test_shell_completion_knows_the_commands() -> None:
    environment = os.environ | {"_EDI_COMPLETE": "bash_complete", "COMP_WORDS": "edi con", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from edi.cli.main import cli; cli(prog_name='edi')"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert "convert" in done.stdout


class TestConvert:
    def test_all_accepted(self) -> None:
        result = edi("convert", write("v.ndjson"), "-o", "out", *AS_OF)
        assert result.exit_code == 0
        assert result.stdout.splitlines() == [
            str(Path("out", "TEST-000000001.837")),
            str(Path("out", "TEST-000000002.275")),
        ]
        assert "3 visits: 3 accepted, 0 rejected" in result.stderr
        assert result.stderr.count("test-mode defaults") == 1

    def test_some_rejected(self) -> None:
        result = edi("convert", write("v.ndjson", 40, faulty=0.5), "-o", "out", *AS_OF)
        assert result.exit_code == 1

    def test_something_unreadable(self) -> None:
        result = edi("convert", write("v.ndjson"), "absent.json", "-o", "out", *AS_OF)
        assert result.exit_code == 2
        assert "absent.json" in result.stderr
        assert Path("out", "TEST-000000001.837").exists()

    @pytest.mark.parametrize(
        "arguments",
        [
            ("convert", "-o", "out"),
            ("convert", "v.ndjson"),
            ("convert", "v.ndjson", "-o", "out", "--as-of", "yesterday"),
            ("convert", "v.ndjson", "-o", "out", "--claims-per-file", "5001"),
            ("convert", "v.ndjson", "-o", "out", "--config", "absent.toml"),
            ("convert", "v.ndjson", "-o", "v.ndjson"),
            ("conver", "v.ndjson"),
        ],
    )
    def test_usage(self, arguments: tuple[str, ...]) -> None:
        write("v.ndjson")
        assert edi(*arguments).exit_code == 2
        assert not Path("out").exists()

    def test_standard_input(self) -> None:
        data = Path(write("v.ndjson")).read_bytes()
        assert edi("convert", "-", "-o", "out", *AS_OF, stdin=data).exit_code == 0

    def test_settings_of_the_folder_are_found(self) -> None:
        Path("edi.toml").write_text('[receivers.house]\nid = "HOUSE1"\n')
        result = edi("convert", write("v.ndjson"), "-o", "out", *AS_OF)
        assert result.exit_code == 0
        assert "test-mode" not in result.stderr
        assert Path("out", "house-000000001.837").exists()

    def test_no_name_of_a_person_reaches_the_terminal(self) -> None:
        write("v.ndjson", 60, faulty=0.6)
        people = {
            record[who]["lastName"]
            for record, _ in visits(60, 1, faulty=0.6)
            for who in ("subscriber", "patient")
            if isinstance(record.get(who), dict) and len(record[who].get("lastName") or "") > 3
        }
        result = edi("convert", "v.ndjson", "-o", "out", *AS_OF)
        checked = edi("check", "v.ndjson", *AS_OF)
        shown = result.stdout + result.stderr + checked.stdout + checked.stderr
        assert people
        assert [name for name in sorted(people) if name in shown] == []


class TestCheck:
    def test_text(self) -> None:
        result = edi("check", write("v.ndjson", 20, faulty=0.5), *AS_OF)
        assert result.exit_code == 1
        assert "rejected  v.ndjson:" in result.stdout
        assert "fix: " in result.stdout
        assert [path.name for path in Path().iterdir()] == ["v.ndjson"]

    def test_json_is_the_findings_of_convert(self) -> None:
        write("v.ndjson", 60, faulty=0.4)
        result = edi("check", "v.ndjson", "--format-out", "json", *AS_OF)
        found = json.loads(result.stdout)
        edi("convert", "v.ndjson", "-o", "out", *AS_OF)
        rejects = [json.loads(line) for line in Path("out", "rejects.ndjson").read_text().splitlines()]
        expected = [
            finding | {"source": reject["source"]} for reject in rejects for finding in reject["findings"]
        ]
        assert found == expected

    def test_quiet_prints_nothing_of_the_findings(self) -> None:
        result = edi("check", write("v.ndjson", 20, faulty=0.5), "-q", *AS_OF)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "rejected" not in result.stderr

    def test_findings_of_a_file_can_be_limited(self) -> None:
        file = write("a.ndjson", 20, faulty=0.5)
        found = json.loads(edi("check", file, "--format-out", "json", *AS_OF).stdout)
        left_out = f"a.ndjson: {len(found) - 2} findings not shown\n"
        assert len(found) > 3
        text = edi("check", file, "--max-findings", "2", *AS_OF)
        assert (text.exit_code, text.stdout.count("    fix: ")) == (1, 2)
        assert text.stdout.endswith(left_out)
        limited = edi("check", file, "--max-findings", "2", "--format-out", "json", *AS_OF)
        assert json.loads(limited.stdout) == found[:2]
        assert left_out in limited.stderr
        assert edi("check", file, "--max-findings", "0", *AS_OF).exit_code == 1

    def test_nothing_found(self) -> None:
        result = edi("check", write("v.ndjson"), "--format-out", "json", *AS_OF)
        assert (result.exit_code, json.loads(result.stdout)) == (0, [])


GOOD = json.dumps(next(iter(visits(1, 1)))[0]).encode()
BAD_INPUTS = {
    "truncated": GOOD[:-40],
    "wrong types": b'{"visitId": 7, "procedures": "D3351", "payer": []}',
    "not an object": b"[[1, 2], 3]",
    "nested": b'{"visitId": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "NaN": GOOD.replace(b'"procedures"', b'"placeOfService": NaN, "procedures"', 1),
    "NUL": GOOD.replace(b'"visitId": "', b'"visitId": "\x00', 1),
    "escaped NUL": GOOD.replace(b'"lastName": "', b'"lastName": "\\u0000', 1),
    "control character": GOOD.replace(b'"lastName": "', b'"lastName": "\\u0007', 1),
    "huge text": GOOD.replace(b'"lastName": "', b'"lastName": "' + b"x" * 5_000_000, 1),
    "duplicate key": GOOD.replace(b'{"visitId"', b'{"visitId": "A", "visitId"', 1),
    "delimiter in a name": GOOD.replace(b'"lastName": "', b'"lastName": "A*B~', 1),
    "surrogate": GOOD.replace(b'"lastName": "', b'"lastName": "\\ud800', 1),
    "infinite fee": GOOD.replace(b'"fee": ', b'"fee": 1e999, "x": ', 1),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_bad_input_is_a_finding_and_the_rest_goes_on(name: str) -> None:
    good = [json.dumps(record).encode() for record, _ in visits(4, 2)]
    Path("v.ndjson").write_bytes(b"\n".join([good[0], good[1], BAD_INPUTS[name], good[2], good[3]]) + b"\n")
    result = edi("convert", "v.ndjson", "-o", "out", *AS_OF)
    assert result.exit_code == 1
    report = json.loads(Path("out", "report.json").read_text())
    assert (report["accepted"], report["rejected"]) == (4, 1)
    (reject,) = [json.loads(line) for line in Path("out", "rejects.ndjson").read_text().splitlines()]
    assert reject["source"] == {"file": "v.ndjson", "line": 3}
    assert reject["findings"]
    assert all(finding["message"] and finding["fix"] for finding in reject["findings"])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (GOOD.decode().encode("utf-16"), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ""),
        (b"\x1f\x8b\x08\x00", ""),
    ],
    ids=["utf-16", "png", "gzip"],
)
def test_what_cannot_be_read_at_all_is_exit_2(data: bytes, says: str) -> None:
    Path("v.json").write_bytes(data)
    result = edi("convert", "v.json", "-o", "out", *AS_OF)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["with BOM", "with CRLF", "with blank lines"])
def test_harmless_oddities_are_accepted(name: str) -> None:
    lines = [json.dumps(record).encode() for record, _ in visits(2, 2)]
    data = {
        "with BOM": b"\xef\xbb\xbf" + b"\n".join(lines),
        "with CRLF": b"\r\n".join(lines) + b"\r\n",
        "with blank lines": b"\n\n".join(lines) + b"\n\n",
    }[name]
    Path("v.ndjson").write_bytes(data)
    assert edi("convert", "v.ndjson", "-o", "out", *AS_OF).exit_code == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["rules"], ["schema", "visit"]])
def test_no_room_behind_standard_output_is_a_sentence(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "edi", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "edi: standard output: No space left on device.\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    "command", ["convert v.ndjson -o out", "check v.ndjson", "sample", "validate -q a.837"]
)
def test_closed_standard_streams_stop_nothing(closed: str, command: str, repo: Path) -> None:
    write("v.ndjson")
    Path("a.837").write_bytes((GOLDEN / "void.837").read_bytes())
    line = f"{sys.executable} -m edi {command} {closed}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_closed_standard_input_is_empty() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m edi inspect - <&-"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "edi: standard input is empty: an X12 file begins with an ISA segment.\n"


@pytest.mark.parametrize("form", ["text", "json", "html", "999"])
def test_a_reader_that_has_seen_enough_is_no_fault_of_the_file(form: str, repo: Path) -> None:
    file = GOLDEN / "void.837"
    line = f"{sys.executable} -u -m edi validate --format {form} {' '.join([str(file)] * 40)} | head -c 1"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2100-01-01", "9999-12-31", "2026-02-29"])
@pytest.mark.parametrize(
    "command",
    [
        ("convert", "v", "-o", "out"),
        ("check", "v"),
        ("validate", "v"),
        ("attach", "A", "--from", ".", "-o", "out"),
    ],
)
def test_a_day_that_no_interchange_is_made_on_is_refused(command: tuple[str, ...], day: str) -> None:
    result = edi(*command, "--as-of", day)
    assert result.exit_code == 2
    assert "Invalid value for '--as-of'" in result.stderr


@pytest.mark.parametrize("inside", ["", "/night"])
@pytest.mark.parametrize(
    "command",
    [("convert", "v.ndjson", "-o"), ("init",), ("attach", "S1", "--unsolicited", "--from", ".", "-o")],
    ids=" ".join,
)
def test_a_loop_of_links_is_no_folder(command: tuple[str, ...], inside: str) -> None:
    write("v.ndjson", 1)
    Path("a").symlink_to("b")
    Path("b").symlink_to("a")
    result = edi(*command, f"a{inside}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"a{inside} leads nowhere: Too many levels of symbolic links" in result.stderr


def test_a_library_call_into_a_loop_of_links_is_told() -> None:
    from edi.errors import OutputError
    from edi.flows import convert
    from edi.flows.job import Job

    Path("a").symlink_to("a")
    with pytest.raises(OutputError, match="a cannot be written"):
        convert(Job(inputs=(write("v.ndjson", 1),), jobs=1), Path("a"))


@pytest.mark.parametrize("command", [("convert", "-o", "out"), ("check",)], ids=" ".join)
def test_a_signing_key_that_is_none_is_told_before_anything_is_read(command: tuple[str, ...]) -> None:
    """Also when no visit has an attachment."""
    Path("a.key").write_text("no key")
    Path("a.crt").write_text("no certificate")
    Path("edi.toml").write_text('[documents]\nsigningKey = "a.key"\nsigningCertificate = "a.crt"\n')
    result = edi(command[0], write("v.ndjson", 1), *command[1:], *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a.key holds no private key" in result.stderr
    assert not Path("out").exists()
