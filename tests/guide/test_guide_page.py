"""The committed page of each guide is the one that the guide gives, and shows all of it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from folders import REPO

from edi.guide.codes import meanings_of
from edi.guide.page import main, page
from edi.guide.registry import VERSIONS, guide
from edi.guide.shape import Guide

PAGES = REPO / "docs" / "guides"
GUIDES = [found for version in VERSIONS if (found := guide(version))]

each_guide = pytest.mark.parametrize("about", GUIDES, ids=lambda about: about.version)


def test_the_committed_pages_are_current(tmp_path: Path) -> None:
    main(str(tmp_path))
    made = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    committed = {each.name: each.read_bytes() for each in PAGES.iterdir()}
    assert committed == made, "run: python -m edi.guide.page docs/guides"
    assert len(made) == len(VERSIONS)


@each_guide
def test_every_used_element_and_code_is_on_the_page(about: Guide) -> None:
    text = page(about)
    for loop in about.index.values():
        section = text.split(f"\n## {loop.id} ")[1].split("\n## ")[0]
        for use in loop.segments():
            for whole in use.elements:
                for each in (whole, *whole.parts):
                    usage = each.usage if each.repeat == 1 else f"{each.usage}, ×{each.repeat}"
                    shown = f"| {each.ref} | {each.name} | {usage} |" in section
                    assert shown is (each.usage != "N"), (loop.id, each.ref)
                    assert all(f"`{code}` {meanings_of(each)[code]}" in section for code in each.codes)


@each_guide
def test_links_lead_to_headings(about: Guide) -> None:
    text = page(about)
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
    assert set(re.findall(r"\]\(#(.*?)\)", text)) <= anchors


@each_guide
def test_tables_are_whole(about: Guide) -> None:
    tables = re.findall(r"(?:^\|.*\n)+", page(about), re.MULTILINE)
    assert len(tables) >= len(about.index)
    for table in tables:
        assert len({row.count("|") for row in table.splitlines()}) == 1, table


def test_a_code_without_a_meaning_is_named() -> None:
    dental = next(each for each in GUIDES if each.transaction == "837")
    claim = dental.index["2300"]
    head = claim.trigger
    kept, accepts, *rest = head.elements[:6], *head.elements[6:]
    changed = replace(head, elements=(*kept, replace(accepts, codes=("A", "Q")), *rest))
    alone = replace(claim, children=(changed,))
    with pytest.raises(ValueError, match=r"^2300 CLM: CLM07: code Q has no meaning; .* under # 1359$"):
        page(replace(dental, root=alone, situations=(), index={}))
