"""`edi guide`: the guides as text, as JSON by a published schema, and as a page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from lxml import html

from edi.cli.main import cli
from edi.guide.description import describe
from edi.guide.registry import VERSIONS, guide
from edi.visit.schema import schema_text

DENTAL = "005010X224A2"


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["guide", *args])


def as_json(*args: str) -> Any:
    done = run(*args, "--format", "json")
    assert done.exit_code == 0
    return json.loads(done.stdout)


def test_all_guides_are_listed() -> None:
    assert [line.split()[0] for line in run().stdout.splitlines()] == [*VERSIONS]
    listed = as_json()
    assert [each["version"] for each in listed] == [*VERSIONS]
    assert listed[0] == {"version": DENTAL, "transaction": "837", "name": "Dental claim"}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_json_keeps_to_its_schema_and_has_every_use(version: str) -> None:
    schema = json.loads(schema_text("guide"))
    Draft202012Validator.check_schema(schema)
    fact = as_json(version)
    Draft202012Validator(schema).validate(fact)
    about = guide(version)
    assert about is not None
    assert fact == describe(about)
    assert [each["id"] for each in fact["loops"]] == [*about.index]
    situations = {each["id"] for loop in fact["loops"] for each in loop["situations"]}
    assert situations == {each.id for each in about.situations}
    for loop in fact["loops"]:
        uses = [*about.index[loop["id"]].segments()]
        segments = [each for each in loop["children"] if each["kind"] == "segment"]
        assert [(each["id"], each["keys"]) for each in segments] == [
            (use.segment.id, [*use.keys]) for use in uses
        ]


def test_a_loop_alone() -> None:
    fact = as_json(DENTAL, "--loop", "2400")
    assert ([each["id"] for each in fact["loops"]], fact["envelope"]) == (["2400"], [])
    Draft202012Validator(json.loads(schema_text("guide"))).validate(fact)
    text = run(DENTAL, "--loop", "2400").stdout
    assert "Loop 2400 Service line" in text
    assert "SV302 R Charge (R 1–18)" in text
    assert "Loop 2300" not in text


@pytest.mark.parametrize("version", VERSIONS)
def test_text_and_page_show_all_that_the_json_has(version: str) -> None:
    fact = as_json(version)
    text = run(version).stdout
    page = html.fromstring(run(version, "--format", "html").stdout_bytes)
    shown = " ".join(page.text_content().split())
    for loop in fact["loops"]:
        assert f"Loop {loop['id']} {loop['name']}" in text
        assert page.xpath(f"//h2[@id='loop-{loop['id']}']")
        for situation in loop["situations"]:
            assert f"{situation['id']}: {situation['says']}." in text
            assert " ".join(situation["says"].split()) in shown
    rows = [each.text for each in page.xpath("//tbody/tr/th")]
    elements = [
        part["ref"]
        for use in [*fact["envelope"], *(each for loop in fact["loops"] for each in loop["children"])]
        for whole in use.get("elements", ())
        for part in (whole, *whole["components"])
    ]
    assert rows == elements
    assert {each[1:] for each in page.xpath("//main//a/@href")} <= set(page.xpath("//@id"))


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("005010X225A2",), "Did you mean 005010X224A2?"),
        (("005010X222A1",), "It would be the professional claim (837P)."),
        (("?",), "There are 005010X224A2, "),
        ((DENTAL, "--loop", "2401"), "005010X224A2 has no such loop. Did you mean 24"),
        ((DENTAL, "--loop", "zz"), "There are ST, "),
        (("--loop", "2400"), "Name the guide to show"),
        (("--format", "html"), "Name the guide to show"),
    ],
)
def test_what_is_unknown_is_told_with_what_is_near(args: tuple[str, ...], told: str) -> None:
    done = run(*args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_near_relative_is_shown_as_the_guide_that_reads_it() -> None:
    assert as_json("005010x224a1", "--loop", "2400")["version"] == DENTAL
