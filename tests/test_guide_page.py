"""The committed page of the guide is the one that the guide gives, and shows all of it."""

import re
import subprocess
import sys
from pathlib import Path

from edi.guide.codes import meanings_of
from edi.guide.page import page
from edi.guide.registry import guide

ROOT = Path(__file__).parents[1]
DENTAL = guide("005010X224A2")
assert DENTAL is not None


def test_the_committed_page_is_current() -> None:
    committed = (ROOT / "docs" / "guide-837d.md").read_text(encoding="utf-8")
    assert committed == page(DENTAL), "run: python -m edi.guide.page > docs/guide-837d.md"


def test_the_module_prints_the_page() -> None:
    done = subprocess.run([sys.executable, "-m", "edi.guide.page"], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode("utf-8") == page(DENTAL)


def test_every_used_element_and_code_is_on_the_page() -> None:
    text = page(DENTAL)
    for loop in DENTAL.index.values():
        section = text.split(f"\n## {loop.id} ")[1].split("\n## ")[0]
        for use in loop.segments():
            for whole in use.elements:
                for each in (whole, *whole.parts):
                    shown = f"| {each.ref} | {each.name} | {each.usage} |" in section
                    assert shown is (each.usage != "N"), (loop.id, each.ref)
                    assert all(f"`{code}` {meanings_of(each)[code]}" in section for code in each.codes)


def test_links_lead_to_headings() -> None:
    text = page(DENTAL)
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
    assert set(re.findall(r"\]\(#(.*?)\)", text)) <= anchors


def test_tables_are_whole() -> None:
    tables = re.findall(r"(?:^\|.*\n)+", page(DENTAL), re.MULTILINE)
    assert len(tables) > 100
    for table in tables:
        assert len({row.count("|") for row in table.splitlines()}) == 1, table
