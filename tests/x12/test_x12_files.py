"""A file dropped into tests/data/x12 is a test: valid ones have no finding and are rewritten byte for byte; a broken one has
exactly the findings in the .json beside it, as [rule, position, element]."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from folders import X12

from edi.validate.run import validate_stream
from edi.x12.reader import read_batches

VALID = sorted(X12.glob("valid/*.837"))
BROKEN = sorted(X12.glob("broken/*.837"))


def test_there_are_files() -> None:
    assert len(VALID) >= 12
    assert len(BROKEN) >= 25
    assert {path.stem for path in BROKEN} == {path.stem for path in X12.glob("broken/*.json")}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_file_has_no_finding(path: Path) -> None:
    with path.open("rb") as stream:
        verdict = validate_stream(stream, path.name)
    assert verdict.findings == []
    assert verdict.valid
    assert verdict.claims


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_file_is_rewritten_byte_for_byte(path: Path) -> None:
    data = path.read_bytes()
    made = b""
    for batch in read_batches(io.BytesIO(data), path.name):
        end = batch.delimiters.terminator + batch.delimiters.line_break
        made += "".join(segment + end for segment in batch.segments).encode("latin-1")
    assert made == data


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_has_exactly_its_findings(path: Path) -> None:
    with path.open("rb") as stream:
        verdict = validate_stream(stream, path.name)
    found = [[each.rule, each.position, each.element] for each in verdict.findings]
    assert found == json.loads(path.with_suffix(".json").read_text())
