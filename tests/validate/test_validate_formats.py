"""`edi validate` for build servers: SARIF, JUnit XML and GitHub's workflow commands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from folders import X12
from jsonschema import Draft202012Validator
from lxml import etree

from edi.cli.main import cli

VALID = str(X12 / "valid" / "dependants.837")
BROKEN = str(X12 / "broken" / "dot-in-diagnosis.837")
WARNED = str(X12 / "broken" / "as-others-write-it.837")
FORMATS = ("sarif", "junit", "github")

_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_RESULT = {
    "type": "object",
    "required": ["ruleId", "level", "message", "locations"],
    "properties": {
        "level": _LEVEL,
        "message": _TEXT,
        "locations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "type": "object",
                        "required": ["artifactLocation"],
                        "properties": {
                            "artifactLocation": {
                                "type": "object",
                                "required": ["uri"],
                                "properties": {"uri": {"type": "string", "pattern": "^[!-~]+$"}},
                            },
                            "region": {
                                "type": "object",
                                "required": ["startLine"],
                                "properties": {"startLine": {"type": "integer", "minimum": 1}},
                            },
                        },
                        "additionalProperties": False,
                    },
                    "logicalLocations": {
                        "type": "array",
                        "items": {"type": "object", "required": ["name", "fullyQualifiedName"]},
                    },
                },
                "additionalProperties": False,
            },
        },
    },
}
SARIF = {
    "type": "object",
    "required": ["version", "runs", "$schema"],
    "properties": {
        "$schema": {
            "const": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
        },
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results", "invocations"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id", "shortDescription", "fullDescription", "help"],
                                            "properties": {
                                                "shortDescription": _TEXT,
                                                "fullDescription": _TEXT,
                                                "help": _TEXT,
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {"type": "array", "items": _RESULT},
                    "invocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "items": {"required": ["message"], "properties": {"message": _TEXT}},
                                },
                            },
                        },
                    },
                },
            },
        },
    },
    "additionalProperties": False,
}


def run(*args: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["validate", *args], input=stdin)


def sarif(*args: str, stdin: bytes | None = None) -> dict[str, Any]:
    log = json.loads(run(*args, "--format", "sarif", stdin=stdin).stdout)
    Draft202012Validator(SARIF).validate(log)
    found: dict[str, Any] = log["runs"][0]
    assert {each["id"] for each in found["tool"]["driver"]["rules"]} == {
        each["ruleId"] for each in found["results"]
    }
    return found


def junit(*args: str) -> Any:
    return etree.fromstring(run(*args, "--format", "junit").stdout_bytes)


def place(result: dict[str, Any]) -> tuple[str, int]:
    physical = result["locations"][0]["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    """A file with four errors, of a name that has to be escaped everywhere."""
    file = tmp_path / "50% <a>,b: c.837"
    file.write_text(Path(VALID).read_text().replace(":B:1*", ":B:9*"))
    return str(file)


def test_sarif_names_rule_place_and_line() -> None:
    found = sarif(VALID, BROKEN)
    (result,) = found["results"]
    line = Path(BROKEN).read_text().splitlines().index("HI*ABK:K041*ABF:S02.5XXA~") + 1
    assert place(result) == (Path(BROKEN).as_uri(), line)
    assert (result["ruleId"], result["level"]) == ("X12-ELEMENT-FORM", "error")
    (logical,) = result["locations"][0]["logicalLocations"]
    assert logical["name"] == "HI02-2"
    assert found["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_sarif_of_all_broken_files_keeps_to_its_structure() -> None:
    files = sorted(map(str, X12.glob("broken/*.837")))
    plain = json.loads(run("--format", "json", *files).stdout)
    found = sarif(*files)["results"]
    assert [each["ruleId"] for each in found] == [
        finding["rule"] for file in plain for finding in file["findings"]
    ]


def test_sarif_says_what_could_not_be_read_and_what_is_not_shown(faulty: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "none")
    found = sarif(missing, faulty, "--max-findings", "1")
    assert [each["ruleId"] for each in found["results"]] == ["X12-UNREADABLE", "X12-ELEMENT-CODE"]
    (invocation,) = found["invocations"]
    assert not invocation["executionSuccessful"]
    notes = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert notes == [
        f"{missing} cannot be read: No such file or directory.",
        f"{faulty}: 3 findings not shown",
    ]


def test_sarif_keeps_relative_paths_and_escapes_them(
    faulty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    uris = {place(each)[0] for each in sarif(Path(faulty).name)["results"]}
    assert uris == {"50%25%20%3Ca%3E%2Cb%3A%20c.837"}
    assert [place(each)[0] for each in sarif("-", stdin=Path(BROKEN).read_bytes())["results"]] == ["-"]


def test_junit_has_a_suite_for_each_file(faulty: str, tmp_path: Path) -> None:
    suites = junit(VALID, faulty, str(tmp_path / "none"), WARNED)
    assert suites.tag == "testsuites"
    counts = [
        (each.get("name"), each.get("tests"), each.get("failures"), each.get("errors")) for each in suites
    ]
    assert counts == [
        (VALID, "1", "0", "0"),
        (faulty, "4", "4", "0"),
        (str(tmp_path / "none"), "1", "0", "1"),
        (WARNED, "1", "0", "0"),
    ]
    for suite in suites:
        cases = suite.findall("testcase")
        assert len(cases) == int(suite.get("tests"))
        assert all(case.get("name") and case.get("classname") == suite.get("name") for case in cases)
        assert len(suite.findall("testcase/failure")) == int(suite.get("failures"))
        assert len(suite.findall("testcase/error")) == int(suite.get("errors"))
    failure = suites.find("testsuite/testcase/failure")
    assert failure.get("type") == "X12-ELEMENT-CODE"
    assert "CLM05-3" in failure.get("message")
    assert "info" in suites[3].findtext("testcase/system-out")


def test_junit_says_what_is_not_shown(faulty: str) -> None:
    (suite,) = junit(faulty, "--max-findings", "1")
    assert (suite.get("tests"), suite.findtext("system-out")) == ("1", "3 findings not shown")
    (suite,) = junit(faulty, "--max-findings", "0")
    assert suite.find("testcase").get("name") == "findings not shown"


def unescaped(text: str) -> str:
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_github_commands_are_escaped(faulty: str) -> None:
    lines = run(faulty, WARNED, "--format", "github").stdout.splitlines()
    command = re.compile(r"::(error|warning|notice) file=([^,:]+),line=(\d+),title=([^,:]+)::(.+)")
    found = [command.fullmatch(line) for line in lines]
    assert all(found)
    first = found[0]
    assert first is not None
    assert (first[1], unescaped(first[2]), first[4]) == ("error", faulty, "X12-ELEMENT-CODE")
    text = Path(faulty).read_text().splitlines()
    assert text[int(first[3]) - 1].startswith("CLM*")
    assert [each[1] for each in found if each] == ["error"] * 4 + ["notice"]


def test_github_says_what_is_not_shown(faulty: str) -> None:
    lines = run(faulty, "--format", "github", "--max-findings", "1").stdout.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("::notice file=")
    assert lines[1].endswith(",title=edi validate::3 findings not shown")


@pytest.mark.parametrize("form", FORMATS)
def test_exit_codes_are_those_of_text(form: str, faulty: str, tmp_path: Path) -> None:
    for files, code in (
        ((VALID, WARNED), 0),
        ((VALID, faulty), 1),
        ((faulty, str(tmp_path / "none")), 2),
    ):
        assert run(*files, "--format", form).exit_code == code
        assert run(*files, "--format", form, "--max-findings", "0").exit_code == code


@pytest.mark.parametrize("form", FORMATS)
def test_no_value_of_a_file_is_shown(form: str, tmp_path: Path) -> None:
    file = tmp_path / "marked.837"
    text = Path(VALID).read_text()
    file.write_text(re.sub(r"(?m)^(NM1\*(?:IL|QC)\*1\*)[^*]*\*[^*]*", r"\1MARKED<NAME\t*MARKED", text))
    done = run(str(file), "--format", form)
    assert done.exit_code == 1
    assert "MARKED" not in done.stdout.replace(str(file), "")


@pytest.mark.parametrize("name", ["one-line", "crlf", "indented", "wrapped"])
def test_a_line_is_the_one_that_an_editor_shows(name: str, tmp_path: Path) -> None:
    text = Path(BROKEN).read_text()
    wanted = text.splitlines().index("HI*ABK:K041*ABF:S02.5XXA~") + 1
    made = {
        "one-line": (text.replace("\n", ""), 1),
        "crlf": (text.replace("\n", "\r\n"), wanted),
        "indented": (text.replace("\n", "\n  "), wanted),
        "wrapped": (text.replace("~\n", "~\n\n"), 2 * wanted - 1),
    }[name]
    file = tmp_path / "a.837"
    file.write_text(made[0], newline="")
    places = {each["ruleId"]: place(each)[1] for each in sarif(str(file))["results"]}
    assert places["X12-ELEMENT-FORM"] == made[1]
