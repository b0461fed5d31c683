"""The published schemas agree with each other, with the types in edi.visit.record and with visit.xsd."""

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
from lxml import etree
from schema_record import full_record, places

from edi.cli.schema import schema as command
from edi.errors import SettingsError
from edi.finding import Category, Finding
from edi.visit import record as types_of
from edi.visit.fields import Field, visit_fields
from edi.visit.schema import NAMES, is_valid, schema_text

XS = "{http://www.w3.org/2001/XMLSchema}"
JSON_NAMES = [name for name in NAMES if name != "xsd"]


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from nodes(value)


def fields(field: Field, path: str = "") -> Iterator[tuple[str, Field]]:
    yield path, field
    if field.item is not None:
        yield from fields(field.item, path)
    for name, member in field.members.items():
        yield from fields(member, f"{path}/{name}")


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
    for path, field in fields(visit_fields()):
        assert field.schema.get("description"), path
        if field.members:
            assert field.schema["additionalProperties"] is False, path


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
    used = {
        "/" + "/".join(str(step) for step in path if isinstance(step, str)) for path in places(full_record())
    }
    assert {path for path, _ in fields(visit_fields()) if path} - used == {
        "/billingProvider/organizationName"
    }


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


def fields_of(kind: Any) -> Any:
    """The TypedDict behind NotRequired, a list or a union; None for a scalar."""
    if typing.is_typeddict(kind):
        return kind
    inner = [fields_of(argument) for argument in typing.get_args(kind)]
    return next((found for found in inner if found is not None), None)


def compare_types(kind: Any, field: Field, path: str) -> None:
    hints = typing.get_type_hints(kind, vars(types_of))
    # One type stands for every kind of provider: it knows more than each of them.
    if kind is types_of.Provider:
        assert field.members.keys() <= hints.keys(), path
    else:
        assert hints.keys() == field.members.keys(), path
        marked = typing.get_type_hints(kind, vars(types_of), include_extras=True)
        optional = {name for name, hint in marked.items() if typing.get_origin(hint) is typing.NotRequired}
        assert (hints.keys() - optional if kind.__total__ else set()) == field.required, path
    for name, member in field.members.items():
        inner = fields_of(hints[name])
        below = member.item or member
        assert (inner is not None) == bool(below.members), f"{path}/{name}"
        if inner is not None:
            compare_types(inner, below, f"{path}/{name}")


def test_the_types_have_the_same_fields_and_the_same_required() -> None:
    compare_types(types_of.Visit, visit_fields(), "")


class Xsd:
    """visit.xsd, looked at as the schema's field is."""

    def __init__(self) -> None:
        self.root = etree.fromstring(schema_text("xsd").encode())
        self.named = {node.get("name"): node for node in self.root if node.get("name")}

    def children(self, type_name: str) -> tuple[str, dict[str, Any]]:
        node = self.named[type_name]
        group = node.find(f".//{XS}group")
        if group is not None:
            node = self.named[group.get("ref")]
        model = node.find(f"{XS}all")
        model = node.find(f"{XS}choice") if model is None else model
        return model.tag.removeprefix(XS), {child.get("name"): child for child in model}

    def enumeration(self, element: Any) -> set[str]:
        return {value.get("value") for value in element.iter(f"{XS}enumeration")}

    def length(self, element: Any) -> str | None:
        holder = self.named.get(element.get("type"), element)
        found = holder.find(f".//{XS}maxLength")
        return None if found is None else found.get("value")


def compare_xsd(xsd: Xsd, type_name: str, field: Field, path: str) -> None:
    model, children = xsd.children(type_name)
    assert list(children) == list(field.members), path
    assert (model == "choice") == any(member.kind == "list" for member in field.members.values()), path
    if model == "all":
        assert {
            name for name, child in children.items() if child.get("minOccurs") != "0"
        } == field.required, path
    else:
        words = xsd.named[type_name].findtext(f".//{XS}documentation")
        required = words.partition("Required: ")[2].rstrip(".").split(", ") if "Required" in words else []
        assert set(required) == field.required, path
    for name, child in children.items():
        member = field.members[name]
        assert child.findtext(f"{XS}annotation/{XS}documentation") == member.schema["description"]
        below = member.item or member
        if below.members:
            compare_xsd(xsd, child.get("type"), below, f"{path}/{name}")
        elif "enum" in below.schema:
            assert xsd.enumeration(child) == {value or "" for value in below.schema["enum"]}, f"{path}/{name}"
        elif (
            "pattern" in below.schema and not below.schema["pattern"].startswith("^") and below.kind == "text"
        ):
            assert xsd.length(child) == str(below.schema["maxLength"]), f"{path}/{name}"


def test_the_xsd_has_the_same_names_and_the_same_required() -> None:
    compare_xsd(Xsd(), "Visit", visit_fields(), "")


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
