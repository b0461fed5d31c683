"""The committed page of the rules is the one that the rules give, and shows all of them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from edi.rules import RULES
from edi.rules.page import page


def test_the_committed_page_is_current(repo: Path) -> None:
    committed = (repo / "docs" / "rules.md").read_text(encoding="utf-8")
    assert committed == page(), "run: python -m edi.rules.page > docs/rules.md"


def test_the_module_prints_the_page(repo: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "edi.rules.page"], cwd=repo, capture_output=True, check=True)
    assert done.stdout.decode("utf-8") == page()


def test_every_rule_has_its_section_and_its_line() -> None:
    text = page()
    for rule in RULES.values():
        section = text.split(f"\n## {rule.id}\n")[1].split("\n## ")[0]
        for words in (rule.title, rule.checks, rule.why, rule.fix, rule.source.text, rule.source.date):
            assert words in section, rule.id
        assert all(code in section for code in (*rule.denials, *rule.remarks))
        assert f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity} | {rule.title} |" in text


def test_each_category_stands_once() -> None:
    headings = re.findall(r"^### (.*)$", page(), re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert set(headings) == {rule.category for rule in RULES.values()}
