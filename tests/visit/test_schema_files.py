"""The published schemas agree with each other, and say something of every field."""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from schema_record import full_record, places

from edi.cli.schema import schema as command
from edi.errors import SettingsError
from edi.finding import Category, Finding
from edi.visit.fields import field_paths, visit_fields
from edi.visit.schema import NAMES, is_valid, schema_text

JSON_NAMES = [name for name in NAMES if name != "xsd"]


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from nodes(value)


@pytest.mark.parametrize("name", JSON_NAMES)
def test_each_is_a_2020_12_schema_with_its_own_id(name: str) -> None:
    schema = json.loads(schema_text(name))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:edi:schema:{name}"


@pytest.mark.parametrize("name", JSON_NAMES)
def test_objects_are_closed_and_fields_described(name: str) -> None:
    schema = json.loads(schema_text(name))
    for node in nodes(schema):
        if node.get("type") == "object" and "properties" in node and "description" in node:
            assert node.get("additionalProperties") is False
    for field in visit_fields().below():
        for each in (field, field.item or field):
            assert each.schema.get("description"), field.name
            if each.members:
                assert each.schema["additionalProperties"] is False, field.name


@pytest.mark.parametrize("name", JSON_NAMES)
def test_anchored_patterns_mean_the_same_everywhere(name: str) -> None:
    for node in nodes(json.loads(schema_text(name))):
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            assert "$" not in pattern
            assert "\\d" not in pattern
            assert "\\s" not in pattern.replace("[\\s\\S]", "")
            assert not pattern.startswith("^") or "(?![\\s\\S])" in pattern


def test_the_contract_record_is_valid_with_plain_jsonschema(shared: Path) -> None:
    record = json.loads((shared / "contract" / "visit.json").read_text(encoding="utf-8"))
    Draft202012Validator(json.loads(schema_text("visit"))).validate(record)
    assert is_valid(record)


def test_the_full_record_has_every_field() -> None:
    assert is_valid(full_record())
    used = {tuple(step for step in path if isinstance(step, str)) for path in places(full_record())}
    instead = [path for path in field_paths() if path[-1] == "organizationName" or "teeth" in path]
    assert set(field_paths()) - used <= set(instead)


def test_others_hold_the_same_finding_as_finding_schema() -> None:
    finding = json.loads(schema_text("finding"))
    body = {key: value for key, value in finding.items() if key not in ("$schema", "$id", "title")}
    for name in ("payload", "reject"):
        assert json.loads(schema_text(name))["$defs"]["finding"] == body


def test_a_finding_is_valid_and_its_categories_are_the_published_ones() -> None:
    schema = json.loads(schema_text("finding"))
    assert tuple(schema["properties"]["category"]["enum"]) == typing.get_args(Category)
    finding = Finding(
        rule="X-1", category="code", severity="error", message="m", fix="f", visit_id="V1", path="/a", snip=1,
        loop="2300", segment="CLM", position=1, element="CLM01", interchange="000000001", transaction="0001",
    )  # fmt: skip
    assert set(finding.as_json()) == set(schema["properties"])
    assert len(finding.as_json()) == len(dataclasses.fields(finding))
    Draft202012Validator(schema).validate(finding.as_json())


def test_reject_and_report_examples_are_valid() -> None:
    finding = Finding(rule="X-1", category="code", severity="error", message="m", fix="f").as_json()
    reject = {
        "visitId": None,
        "source": {"file": "a.csv", "line": None},
        "record": "{bad",
        "findings": [finding],
    }
    Draft202012Validator(json.loads(schema_text("reject"))).validate(reject)
    report = {
        "visits": 2, "accepted": 1, "rejected": 1, "unchanged": 0, "findings": {"code": {"X-1": 1}}, "totalCharge": "215.5",
        "files": [{"path": "a.837", "sha256": "0" * 64, "claims": 1}], "unreadable": [{"file": "x", "message": "m"}],
        "version": "0", "asOf": "2026-09-14",
    }  # fmt: skip
    validator = Draft202012Validator(json.loads(schema_text("report")))
    validator.validate(report)
    assert not validator.is_valid({**report, "findings": {"nonsense": {"X-1": 1}}})


@pytest.mark.parametrize("name", NAMES)
def test_the_command_prints_each(name: str) -> None:
    result = CliRunner().invoke(command, [name])
    assert result.exit_code == 0
    assert result.output == schema_text(name)


def test_the_command_prints_the_visit_by_default_and_knows_no_other() -> None:
    assert CliRunner().invoke(command, []).output == schema_text("visit")
    assert CliRunner().invoke(command, ["nothing"]).exit_code == 2
    with pytest.raises(SettingsError):
        schema_text("nothing")
