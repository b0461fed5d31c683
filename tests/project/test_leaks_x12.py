"""X12 files of strangers with a mark in every text: findings and answers repeat none, `--mask` shows those of businesses alone;
and whatever a payer or a practice writes, a page shows it as text."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest import mock

import pytest
import x12_maker
from acknowledgment import answered
from cda_maker import example, note
from click.testing import CliRunner
from lxml import etree, html
from x12_maker import FORM_VALUES, ISA, Maker, Seg

from edi.attachments.cda import read_document, rendering
from edi.cli.main import cli
from edi.flows import inspect
from edi.guide.registry import VERSIONS, guide
from edi.guide.shape import ElementUse, Loop
from edi.guide.standard import ELEMENTS
from edi.report.inspect_page import PageOptions, tree_section
from edi.report.inspect_text import tree_lines

MARK = re.compile("ZQX[0-9]{4}", re.IGNORECASE)
FORMS = FORM_VALUES | {"OCTETS": "1"}
OPEN_LOOPS = frozenset(("1P", "40", "41", "82", "85", "87", "DD", "DN", "DQ", "P3", "PE", "PR"))
"""By NM101: providers, payers and those who pass a file on may be seen."""
OPEN_REFERENCES = frozenset((("REF", "0B"), ("REF", "1G"), ("REF", "G2"), ("REF", "LU")))
"""Numbers of a license or a place of work."""
CODES = frozenset(
    (
        "Batch number",
        "Category of the request",
        "Context name",
        "Contract version",
        "Document asked for",
        "Format version",
        "Guide version",
        "Modifier of the items",
        "Modifier of the time",
        "Object attribute",
        "Other payer identifier",
        "Procedure code",
        "Remark code",
        "Revenue code",
        "Transaction set control number",
    )
)
"""Other elements of text that may be seen: others keep lists of what stands there."""
STRUCTURE = frozenset(("HL", "LX", "SE", "ST"))
HOSTILE = "<script>alert(1)</script>\"onmouseover=alert(2) x='<img src=//evil.example/x>]]>&lt;"


class Marked:
    """A file of a guide with a mark in every element and component of text: alone ("plain"), one character too long ("over"),
    with a second word, or with what a page must not take for markup ("hostile")."""

    def __init__(self, version: str, kind: str) -> None:
        found = guide(version)
        assert found
        self.places: dict[str, tuple[Seg, ElementUse]] = {}
        self._kind = kind
        with mock.patch.object(x12_maker, "FORM_VALUES", FORMS):
            segments = list(_whole(found.root, Maker()))
        texts = [self._text(each) for each in segments]
        texts[0] = f"ST*{segments[0].fields[1]}*0001*{version}"
        texts[-1] = f"SE*{len(texts)}*0001"
        release = "00602" if version.startswith("006") else "00501"
        head = [
            ISA.replace("00501", release),
            f"GS*{found.functional_id}*SENDER*RECEIVER*20260914*0930*1*X*{version}",
        ]
        whole = [*head, *texts, "GE*1*1", "IEA*1*000000001"]
        self.data = "".join(f"{each}~\n" for each in whole).encode("ascii")

    def _text(self, seg: Seg) -> str:
        if seg.use.segment.id in STRUCTURE:
            return seg.text
        fields = [seg.fields[0]]
        for element, value in zip(seg.use.elements, seg.fields[1:], strict=False):
            parts = zip(element.parts, value.split(":"), strict=False)
            if element.parts:
                fields.append(":".join(self._value(seg, part, each) for part, each in parts))
            else:
                fields.append(self._value(seg, element, value))
        return "*".join(fields)

    def _value(self, seg: Seg, element: ElementUse, value: str) -> str:
        standard = ELEMENTS.get(element.number)
        if not value or element.codes or element.form or not standard or standard.type != "AN":
            return value
        high = element.high or standard.high
        if high < len("ZQX0000 A"):
            return value
        mark = f"ZQX{len(self.places):04}"
        self.places[mark] = seg, element
        more = {"over": "X" * (high + 1 - len(mark)), "words": " A", "hostile": HOSTILE}
        return mark + more.get(self._kind, "")

    def of_persons(self, text: str) -> set[str]:
        """The names of the elements whose marks stand in a text, but for those about businesses."""
        places = [self.places[mark] for mark in set(MARK.findall(text))]
        return {
            element.name
            for seg, element in places
            if not _of_business(seg.loop) and seg.fields[:2] not in OPEN_REFERENCES
        }


def _whole(root: Loop, maker: Maker) -> Iterator[Seg]:
    for child in root.children:
        if isinstance(child, Loop):
            yield from maker.loop(child, (child.id,), lambda _: False, {})
        else:
            yield maker.segment(child, root)


def _of_business(loop: Loop) -> bool:
    trigger = loop.trigger
    return trigger.segment.id == "NM1" and OPEN_LOOPS.issuperset(trigger.keys)


@cache
def marked(version: str, kind: str) -> Marked:
    return Marked(version, kind)


def masked(data: bytes) -> str:
    with inspect(io.BytesIO(data), "file") as tree:
        page = "".join(tree_section(tree, tree.noted, PageOptions(mask=True)))
        return "\n".join([*tree_lines(tree.parts(), mask=True), page])


@pytest.mark.parametrize("kind", ["plain", "over", "words"])
@pytest.mark.parametrize("version", VERSIONS)
def test_findings_answers_and_masked_files_tell_of_nobody(version: str, kind: str) -> None:
    file = marked(version, kind)
    assert len(file.places) > 7
    shown = file.of_persons(masked(file.data))
    if kind == "plain":
        assert shown <= CODES
        assert shown
    else:
        assert shown <= {"Context name"}
    answer, found = answered(file.data)
    assert not MARK.search(json.dumps([each.finding.as_json() for each in found]))
    assert file.of_persons(answer) <= CODES | {"Patient control number"}
    assert "OCTETS" not in answer


def test_the_kind_of_a_payload_may_be_a_name() -> None:
    film = b"Content-Type: image/theo-marsh\r\nContent-Transfer-Encoding: binary\r\n\r\nabc"
    segment = f"BIN*{len(film)}*".encode() + film
    data = marked("005010X210", "plain").data
    start = data.index(b"BIN*")
    text = masked(data[:start] + segment + data[data.index(b"~", start) :])
    assert "binary, 3 bytes" in text
    assert "marsh" not in text


# Pages


def assert_harmless(page: str | bytes) -> None:
    """Nothing that runs, loads or leads elsewhere; what was written as markup is text."""
    found = html.fromstring(page)
    assert not found.xpath(
        "//script | //link | //img | //image | //iframe | //object | //embed | //form | //base | //use"
    )
    for element in found.iter(etree.Element):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name not in ("src", "style", "srcset", "action", "background"), name
            assert "href" not in name or value.startswith("#"), value
    assert "alert(1)" in found.text_content()


@pytest.mark.parametrize("version", VERSIONS)
def test_pages_of_files_show_hostile_texts_as_text(tmp_path: Path, version: str) -> None:
    source, page = tmp_path / "file.edi", tmp_path / "page.html"
    source.write_bytes(marked(version, "hostile").data)
    run = CliRunner().invoke
    assert run(cli, ["inspect", str(source), "--html", str(page)]).exit_code == 1
    assert_harmless(page.read_bytes())
    assert_harmless(run(cli, ["validate", "--format", "html", str(source)]).stdout_bytes)


BLOCK = (
    '<paragraph onclick="alert(1)">alert(1)<linkHtml href="javascript:alert(1)">x</linkHtml>'
    '<renderMultiMedia referencedObject="x"/><content styleCode="Bold&quot; onmouseover=&quot;alert(1)">y</content>'
    '<table><tr><td colspan="1&quot; onclick=&quot;x" style="x">z</td></tr></table><script>alert(1)</script>'
    '<img src="//evil.example/x"/><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script></paragraph>'
)


def test_the_page_of_a_document_shows_hostile_texts_as_text() -> None:
    visit = example()
    for name in ("chiefComplaint", "history", "rationale"):
        visit["clinical"][name] = HOSTILE
    (visit.get("patient") or visit["subscriber"])["lastName"] = HOSTILE
    written = note(visit)
    assert_harmless(rendering(read_document(io.BytesIO(written))))
    hostile = written.replace(b"<text>", b"<text>" + BLOCK.encode(), 1)
    hostile = hostile.replace(b"<title>", b"<title>&lt;script>alert(1)&lt;/script>")
    assert hostile.count(b"alert(1)") > written.count(b"alert(1)") + 4
    assert_harmless(rendering(read_document(io.BytesIO(hostile))))


def test_the_page_of_a_run_shows_hostile_names_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "\"><script>alert(1)<onmouseover=x' x.json"
    Path(name).write_text("hello")
    done = CliRunner().invoke(cli, ["convert", name, "-o", "out"])
    assert done.exit_code == 2
    assert_harmless(Path("out/report.html").read_bytes())
