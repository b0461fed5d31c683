"""The HTML pages: values stay text, nothing is left out in silence, and each is good to read in a real browser."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import CONTRAST, Browser, browser
from cda_maker import enclosed, example, note
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from rule_cases import base

from edi.attachments.cda import Document, read_document, rendering
from edi.cli.main import cli
from edi.pages import render, stream


@given(st.text(max_size=60))
def test_a_value_is_text_without_control_characters(value: str) -> None:
    page = html.fromstring(render("start.html", title=value, kind="run"))
    shown = "".join(each if each.isprintable() else "·" for each in value)
    assert page.findtext(".//title") == shown
    assert page.findtext(".//h1") == shown
    assert not page.xpath("//h1/* | //title/*")


def test_a_value_that_lacks_is_an_error() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError, match="title"):
        render("start.html", kind="run")


def test_a_page_is_passed_on_while_its_values_are_taken() -> None:
    taken = 0

    def rows() -> Iterator[tuple[str, int]]:
        nonlocal taken
        for taken in range(1, 5001):
            yield "Row", taken

    report = {"asOf": "2026-11-02", "findings": {}, "files": [], "unreadable": []}
    parts = stream("run.html", report=report, figures=rows(), courses=[], more=False)
    next(parts)
    assert 0 < taken < 500
    assert "".join(parts).endswith("</html>\n")
    assert taken == 5000


def test_jinja2_is_loaded_for_a_page_and_not_before() -> None:
    script = (
        "import sys, edi.cli.convert, edi.cli.validate, edi.flows, edi.report.run_page, edi.report.inspect_page;"
        "before = 'jinja2' in sys.modules; edi.report.inspect_page.page_end();"
        "print(before, 'jinja2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


# In a browser


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def run_report(folder: Path) -> Path:
    """The page of a run with a good visit, a rejected one, and a file that is none."""
    (folder / "good.json").write_text(json.dumps(base("renewal")))
    (folder / "bad.json").write_text(
        json.dumps(base("renewal", {"/visitId": "T-2", "/clinical/rationale": None}))
    )
    (folder / f"{'long-' * 30}name.txt").write_text("")
    inputs = [str(each) for each in folder.iterdir()]
    CliRunner().invoke(cli, ["convert", *inputs, "-o", str(folder / "out"), "--as-of", "2026-11-02"])
    return folder / "out" / "report.html"


def document(folder: Path) -> Path:
    """The page of a clinical document."""
    out = folder / "document.html"
    out.write_text(rendering(read(note(example(), "Told."))))
    return out


def broken_document(folder: Path) -> Path:
    out = folder / "broken.html"
    out.write_text(rendering(read(enclosed(example(), b"GIF").replace(b"custodian>", b"x>"))))
    return out


def read(octets: bytes) -> Document:
    return read_document(io.BytesIO(octets))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("make", [run_report, document, broken_document])
def test_text_has_contrast_and_fits_a_phone(make: Any, scheme: str, window: Browser, tmp_path: Path) -> None:
    """WCAG 2.2 AA in either scheme, and no scrolling sideways at 390 pixels."""
    window.open(make(tmp_path))
    assert window.complaints() == []
    window.media(prefers_color_scheme=scheme)
    window.resize(390, 800)
    found = window.run(CONTRAST)
    fits = window.run("return document.documentElement.scrollWidth <= innerWidth")
    window.media()
    window.resize(1100, 800)
    assert len(found) > 3
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}
    assert fits
