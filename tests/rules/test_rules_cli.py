"""`edi rules` and `edi explain`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from edi.cli.rules import explain, rules
from edi.rules import RULES


def test_the_list_has_every_rule() -> None:
    done = CliRunner().invoke(rules, [])
    assert done.exit_code == 0
    assert all(name in done.output for name in RULES)
    assert f"{len(RULES)} rules" in done.output


def test_json_is_a_list_of_whole_rules() -> None:
    listed = json.loads(CliRunner().invoke(rules, ["--format", "json"]).output)
    assert [each["id"] for each in listed] == list(RULES)
    first = next(each for each in listed if each["id"] == "APX-SEQ-FIRST-AGAIN")
    assert first["category"] == "sequence"
    assert first["severity"] == "error"
    assert first["denials"] == {"carc": ["149", "119"], "rarc": ["N117"]}
    assert first["source"]["date"] == "2023"
    assert first["appliesTo"] == "claims with D3351, where the procedure has a tooth number, but not voids"
    assert all(
        each[key] for each in listed for key in ("title", "checks", "why", "fix", "source", "appliesTo")
    )


def test_filters_join() -> None:
    output = (
        CliRunner().invoke(rules, ["--format", "json", "--category", "tooth", "--severity", "warning"]).output
    )
    assert {(each["category"], each["severity"]) for each in json.loads(output)} == {("tooth", "warning")}
    assert CliRunner().invoke(rules, ["--category", "schema"]).output.strip() == "No rule is like that."
    assert CliRunner().invoke(rules, ["--category", "teeth"]).exit_code == 2


@pytest.mark.parametrize("name", sorted(RULES))
def test_each_rule_is_explained(name: str) -> None:
    done = CliRunner().invoke(explain, [name.lower()])
    assert done.exit_code == 0
    lines = " ".join(done.output.split())
    rule = RULES[name]
    for text in (name, rule.title, rule.checks, rule.why, rule.fix, rule.source.text, rule.source.date):
        assert text in lines
    assert max(map(len, done.output.splitlines())) <= 100


def test_a_typo_is_answered_with_the_nearest() -> None:
    done = CliRunner().invoke(explain, ["APX-DOC-FLIM"])
    assert done.exit_code == 2
    assert "Did you mean APX-DOC-FILM?" in done.output
    assert "edi rules" in CliRunner().invoke(explain, ["nothing like it"]).output
