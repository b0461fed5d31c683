"""`edi narrative`: the text, the notes, the fields behind each sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rule_cases import base

from edi.cli.main import cli
from edi.narrative import compose, narrate
from edi.visit.facts import Facts


def edi(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ("narrative", *arguments), input=stdin)


@pytest.fixture
def renewal(tmp_path: Path) -> str:
    path = tmp_path / "renewal.json"
    path.write_text(json.dumps(base("renewal")))
    return str(path)


def test_text_and_notes_are_those_of_the_claim(renewal: str) -> None:
    told = narrate(Facts(base("renewal"), as_of="2026-09-30"))
    result = edi(renewal)
    assert result.exit_code == 0
    assert result.stdout.startswith("T-1\n\n")
    text, notes = result.stdout.split("\nNotes of the claim")
    assert " ".join(text.split()) == "T-1 " + told.text
    assert [line.strip() for line in notes.splitlines()[1:]] == list(told.notes)
    assert "the full text travels as an attachment" in notes


def test_sources_name_the_fields_of_each_sentence(renewal: str) -> None:
    lines = edi(renewal, "--sources").stdout.splitlines()
    for sentence in compose(Facts(base("renewal"), as_of="2026-09-30")):
        words = sentence.text.split()
        place = next(n for n, line in enumerate(lines) if line.split()[:3] == words[:3])
        assert f"    {' '.join(sentence.sources)}" in lines[place : place + 4]


def test_an_own_narrative_is_its_own_source() -> None:
    result = edi("-", "--sources", stdin=json.dumps(base("renewal", {"/narrative": "Short and own."})))
    assert "Short and own.\n    /narrative\n" in result.stdout
    assert "they hold the full text" in result.stdout


def test_other_codes_have_none() -> None:
    assert "No narrative" in edi("-", stdin=json.dumps(base("filling"))).stdout


def test_what_is_no_visit_is_told_and_the_others_printed() -> None:
    bad = base("renewal", {"/payer": None, "/visitId": "T-2"})
    result = edi("-", stdin="".join(json.dumps(each) + "\n" for each in (bad, base("renewal"))))
    assert result.exit_code == 1
    assert "T-2  rejected" in result.stderr
    assert "payer" in result.stderr
    assert "T-1\n" in result.stdout
    assert edi("not-there.json").exit_code == 2
