"""`edi validate`: what it prints and how it exits."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from folders import X12

from edi.cli.main import cli
from edi.finding import Finding
from edi.report.x12_findings import element_span, finding_text
from edi.validate.log import Excerpt
from edi.x12.delimiters import Delimiters

VALID = str(X12 / "valid" / "dependants.837")
BROKEN = str(X12 / "broken" / "dot-in-diagnosis.837")
WARNED = str(X12 / "broken" / "as-others-write-it.837")


def run(*args: str, stdin: bytes | None = None, colour: bool = False) -> Result:
    return CliRunner().invoke(cli, ["validate", *args], input=stdin, color=colour)


def test_a_valid_file_is_one_line() -> None:
    done = run(VALID)
    assert done.exit_code == 0
    assert done.output == f"{VALID}: valid, no findings in 4 claims\n"


def test_a_finding_shows_segment_and_element() -> None:
    done = run(BROKEN)
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "error X12-ELEMENT-FORM: HI02-2 (Diagnosis code) is not an ICD-10-CM code without its dot.",
        f"  --> {BROKEN}, interchange 000000001, transaction set 0001, segment 28, loop 2300, SNIP 5",
        "   28 | HI*ABK:K041*ABF:S02.5XXA",
        "      |                 ^^^^^^^^",
        "  fix: Write the value in the form that its code source gives it.",
        "",
        f"{BROKEN}: 1 error in 4 claims",
    ]


def test_notes_alone_leave_a_file_valid() -> None:
    done = run(WARNED)
    assert done.exit_code == 0
    assert done.output.startswith("info X12-QUANTITY-ONE")
    assert done.output.endswith("1 info in 1 claim\n")


def test_json_of_one_file_is_an_object() -> None:
    done = run("--format", "json", BROKEN)
    found = json.loads(done.output)
    assert done.exit_code == 1
    assert found == {
        "file": BROKEN,
        "valid": False,
        "claims": 4,
        "findings": [
            {
                "rule": "X12-ELEMENT-FORM",
                "category": "diagnosis",
                "severity": "error",
                "message": "HI02-2 (Diagnosis code) is not an ICD-10-CM code without its dot.",
                "fix": "Write the value in the form that its code source gives it.",
                "snip": 5,
                "loop": "2300",
                "segment": "HI",
                "position": 28,
                "element": "HI02-2",
                "interchange": "000000001",
                "transaction": "0001",
            }
        ],
    }


def test_json_of_several_files_is_an_array() -> None:
    done = run(VALID, BROKEN, "--format", "json")
    assert [(each["file"], each["valid"]) for each in json.loads(done.output)] == [
        (VALID, True),
        (BROKEN, False),
    ]
    empty = run(VALID, "--format", "json")
    assert json.loads(empty.output) == {"file": VALID, "valid": True, "claims": 4, "findings": []}


def test_json_findings_keep_to_the_schema(repo: Path) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((repo / "schemas" / "finding.schema.json").read_text())
    files = [str(path) for path in sorted(X12.glob("broken/*.837"))]
    found = json.loads(run("--format", "json", *files).output)
    findings = [finding for each in found for finding in each["findings"]]
    assert len(findings) >= len(files)
    for finding in findings:
        Draft202012Validator(schema).validate(finding)


def test_standard_input() -> None:
    done = run("-", "--format", "json", stdin=Path(VALID).read_bytes())
    assert (done.exit_code, json.loads(done.output)["file"]) == (0, "-")


def test_what_cannot_be_read_does_not_stop_the_rest(tmp_path: Path) -> None:
    other = tmp_path / "visit.json"
    other.write_text('{"visitId": 1}')
    done = run(str(tmp_path / "none.837"), str(other), str(tmp_path), BROKEN)
    assert done.exit_code == 2
    assert f"edi: {tmp_path / 'none.837'} cannot be read: No such file or directory" in done.stderr
    assert f"edi: {other} is not an X12 file" in done.stderr
    assert f"edi: {tmp_path} is a folder without X12 files." in done.stderr
    assert done.stdout.endswith(f"{BROKEN}: 1 error in 4 claims\n")


@pytest.mark.parametrize("form", ["text", "json", "html", "sarif", "junit", "github"])
def test_a_file_that_cannot_be_read_is_in_every_format_but_text(tmp_path: Path, form: str) -> None:
    missing = str(tmp_path / "none.837")
    done = run(missing, VALID, "--format", form)
    assert done.exit_code == 2
    assert done.stderr == f"edi: {missing} cannot be read: No such file or directory.\n"
    assert ("No such file or directory" in done.stdout) is (form != "text")


def test_json_has_an_object_for_what_cannot_be_read(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.837")
    alone = run(missing, "--format", "json")
    assert (alone.exit_code, json.loads(alone.stdout)) == (
        2,
        {
            "file": missing,
            "valid": False,
            "claims": 0,
            "findings": [
                {
                    "rule": "X12-UNREADABLE",
                    "category": "format",
                    "severity": "error",
                    "message": f"{missing} cannot be read: No such file or directory.",
                    "fix": "Name a file that can be read and that begins with an ISA segment.",
                }
            ],
        },
    )
    several = run(missing, VALID, "", "--format", "json")
    assert [each["file"] for each in json.loads(several.stdout)] == [missing, VALID, ""]


def test_quiet_prints_nothing() -> None:
    for file, code in ((VALID, 0), (BROKEN, 1)):
        for form in ("text", "json", "999", "html", "sarif", "junit", "github"):
            done = run("--quiet", "--format", form, file)
            assert (done.exit_code, done.output) == (code, "")


def test_an_acknowledgment_is_what_the_receiver_would_send() -> None:
    done = run("--format", "999", "--as-of", "2026-09-30", BROKEN)
    assert done.exit_code == 1
    assert done.stdout == (
        "ISA*00*          *00*          *ZZ*EASTPAYER      *ZZ*CLEARWAY       *260930*0000*^*00501*000000001*0*T*:~\n"
        "GS*FA*EASTPAYER*CLEARWAY*20260930*0000*1*X*005010X231A1~\n"
        "ST*999*0001*005010X231A1~\n"
        "AK1*HC*1*005010X224A2~\n"
        "AK2*837*0001*005010X224A2~\n"
        "IK3*HI*28*2300*8~\n"
        "CTX*CLM01:B1~\n"
        "IK4*2:2*1271*7*S02.5XXA~\n"
        "IK5*R*5~\n"
        "AK9*R*1*1*0~\n"
        "SE*9*0001~\n"
        "GE*1*1~\n"
        "IEA*1*000000001~\n"
    )


def test_acknowledgments_of_several_files_are_one_valid_file(tmp_path: Path) -> None:
    nothing = tmp_path / "note.txt"
    nothing.write_text("No X12.")
    done = run(VALID, str(nothing), "-", "--format", "999", stdin=Path(BROKEN).read_bytes())
    assert done.exit_code == 2
    assert f"edi: {nothing} is not an X12 file" in done.stderr
    assert [line[:5] for line in done.stdout.splitlines() if line.startswith("AK9")] == ["AK9*A", "AK9*R"]
    assert run("-", stdin=done.stdout.encode()).output == "-: valid, no findings\n"


def test_an_acknowledgment_is_never_cut_short() -> None:
    done = run("--format", "999", "--max-findings", "1", BROKEN)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--max-findings does not go with --format 999" in done.stderr


class BreaksOff(io.BytesIO):
    """A file on a disk that fails at the third read."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > 2:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_file_that_cannot_be_read_to_its_end_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, plain = Path(BROKEN).read_bytes(), Path.open
    monkeypatch.setattr("edi.x12.source.CHUNK", 500)
    monkeypatch.setattr(
        Path,
        "open",
        lambda file, mode: BreaksOff(broken) if str(file) == BROKEN else plain(file, mode),
    )
    done = run(BROKEN, VALID, BROKEN, "--format", "999")
    assert done.exit_code == 2
    assert done.stderr.count("Input/output error") == 2
    assert done.stdout == run(VALID, "--format", "999").stdout


def test_findings_can_be_limited(tmp_path: Path) -> None:
    file = tmp_path / "many.837"
    file.write_text(Path(VALID).read_text().replace(":B:1*", ":B:9*"))
    shown = run("--max-findings", "1", str(file))
    assert shown.exit_code == 1
    assert shown.output.count("X12-ELEMENT-CODE") == 1
    assert shown.output.endswith("4 errors in 4 claims; 3 findings not shown\n")
    found = json.loads(run("--max-findings", "3", "--format", "json", str(file)).output)
    assert (len(found["findings"]), found["omitted"], found["valid"]) == (3, 1, False)


def test_colours_only_where_they_are_seen() -> None:
    assert "\x1b[" not in run(BROKEN).output
    assert "\x1b[31merror\x1b[0m" in run(BROKEN, colour=True).output


def test_nothing_from_a_file_reaches_the_terminal_as_command(tmp_path: Path) -> None:
    file = tmp_path / "evil.837"
    file.write_bytes(Path(VALID).read_bytes().replace(b"77 LARCH AVE", b"\x1b]0;x\x07\x9b2J", 1))
    done = run(str(file))
    assert "X12-ELEMENT-CHARACTER" in done.output
    assert not [char for char in done.output if not char.isprintable() and char != "\n"]


SEGMENT = "CLM*A1*200***11:B:1*Y*A*Y*Y**AA:::OH"
SPANS = [
    (None, (0, len(SEGMENT))),
    ("CLM01", (4, 2)),
    ("CLM02", (7, 3)),
    ("CLM05", (13, 6)),
    ("CLM05-1", (13, 2)),
    ("CLM05-3", (18, 1)),
    ("CLM11-2", (32, 0)),
    ("CLM11-4", (34, 2)),
    ("CLM11-5", (36, 0)),
    ("CLM03", (11, 0)),
    ("CLM19", (len(SEGMENT), 0)),
]


def finding(element: str | None) -> Finding:
    return Finding(
        rule="X12-T",
        category="format",
        severity="error",
        message="M.",
        fix="F.",
        segment="CLM",
        position=9,
        element=element,
    )


@pytest.mark.parametrize(("element", "where"), SPANS)
def test_where_an_element_stands(element: str | None, where: tuple[int, int]) -> None:
    assert element_span(finding(element), Excerpt(SEGMENT, Delimiters())) == where
    other = Excerpt(SEGMENT.translate(str.maketrans("*:", "|>")), Delimiters("|", ">"))
    assert element_span(finding(element), other) == where


def test_a_long_segment_is_cut_around_its_element() -> None:
    segment = f"CLM*{'A' * 300}*{'B' * 20}*{'C' * 300}"
    line, under = finding_text("f", finding("CLM02"), Excerpt(segment, Delimiters())).splitlines()[2:4]
    assert line[under.index("^") : under.rindex("^") + 1] == "B" * 20
    assert len(line) < 120
    assert line.count("…") == 2
    line, under = finding_text("f", finding("CLM01"), Excerpt(segment, Delimiters())).splitlines()[2:4]
    assert set(line[under.index("^") : under.rindex("^") + 1]) == {"A"}
    assert len(under) < 120
