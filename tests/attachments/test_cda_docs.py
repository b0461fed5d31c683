"""docs/documents.md tells every document code, every finding and every section, and its example runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from edi.attachments.cda import DOCUMENTS, FAULTS
from edi.attachments.cda.note import SECTIONS


@pytest.fixture
def page(repo: Path) -> str:
    return (repo / "docs" / "documents.md").read_text()


def rows(page: str, heading: str) -> list[str]:
    """The rows of the table whose heads these are."""
    table = page.partition(f"{heading}\n")[2].partition("\n\n")[0]
    return table.splitlines()[1:]


def test_every_document_code_is_told(page: str) -> None:
    assert rows(page, "| LOINC | meaning | answered by |") == [
        f"| {each.code} | {each.meaning} | {', '.join(f'`{kind}`' for kind in each.kinds)} |"
        for each in DOCUMENTS.values()
    ]


def test_every_finding_is_told(page: str) -> None:
    assert rows(page, "| rule | severity | what to do |") == [
        f"| {rule} | {fault.severity} | {fault.fix} |" for rule, fault in FAULTS.items()
    ]


def test_every_section_is_told(page: str) -> None:
    told = " ".join(rows(page, "| section | filled from |")).lower()
    for parts in SECTIONS.values():
        for part in parts:
            assert part.title.lower() in told


def test_the_example_runs(page: str, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(repo / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(block, "docs/documents.md", "exec"), {})
