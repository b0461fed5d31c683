"""C-CDA documents from anyone: read back, shown, and never more than a finding when they lie."""

from __future__ import annotations

import base64
import hashlib
import io
import tracemalloc
from html.parser import HTMLParser
from pathlib import Path

import pytest
from cda_maker import FILM, STAMP, enclosed, example, note
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.attachments.cda import FAULTS, Document, read_document, rendering

HEAD = '<ClinicalDocument xmlns="urn:hl7-org:v3">'
TAIL = "</ClinicalDocument>"


def read(document: bytes | str) -> tuple[Document, bytes]:
    sink = io.BytesIO()
    octets = document if isinstance(document, bytes) else document.encode()
    return read_document(io.BytesIO(octets), sink), sink.getvalue()


def rules(document: Document) -> list[str]:
    """What was found, but for what a bare document lacks in its header."""
    return [each.rule for each in document.findings if each.rule not in ("CDA-HEADER", "CDA-TEMPLATE")]


def holding(text: str, attributes: str = 'mediaType="image/png" representation="B64"') -> str:
    return f"{HEAD}<component><nonXMLBody><text {attributes}>{text}</text></nonXMLBody></component>{TAIL}"


def section(text: str) -> str:
    return (
        f"{HEAD}<component><structuredBody><component><section><title>T</title><text>{text}</text></section>"
        f"</component></structuredBody></component>{TAIL}"
    )


def test_the_film_comes_back_and_the_header_with_it() -> None:
    octets = FILM.read_bytes()
    document, inside = read(enclosed(example(), octets))
    assert inside == octets
    assert document.body
    assert (document.body.media_type, document.body.size) == ("image/png", len(octets))
    assert document.body.sha256 == hashlib.sha256(octets).hexdigest()
    assert document.findings == document.sections == ()
    assert document.signer is None
    assert (document.code, document.version) == ("52040-3", "1")
    assert document.id == (f"{STAMP.oid_root}.1", "2005100013/nsp.2026.0511.0007/file/xr-1/1")
    assert "2.16.840.1.113883.10.20.22.1.10:2015-08-01" in document.templates
    assert dict(document.header) == {
        "Patient": "Hanna E Lindgren",
        "Born": "2017-03-02",
        "Sex": "F",
        "Address": "9 Agate Ln, Two Harbors, MN, 55616-0009, US",
        "Service": "2026-05-11",
        "Author": "Ingrid M Solberg",
        "Authenticated by": "Ingrid M Solberg",
        "Performed by": "Ingrid M Solberg",
        "Kept by": "North Shore Pediatric Dentistry LLC",
        "At": "2214 Harbor View Rd, Duluth, MN, 55802-0119, US",
        "Written": "2026-11-30",
        "Document": f"{STAMP.oid_root}.1 2005100013/nsp.2026.0511.0007/file/xr-1/1",
        "Version": "1",
    }


def test_the_clinical_record_comes_back_section_by_section() -> None:
    document, inside = read(
        note(example(), "A <b>bold</b> narrative.\nIts second line.", STAMP._replace(version=2))
    )
    assert inside == b""
    assert document.findings == ()
    assert document.body is None
    assert dict(document.header)["Replaces"].endswith("/note/1")
    found = {each.code: each for each in document.sections}
    assert found["29554-3"].html == "<p>A &lt;b&gt;bold&lt;/b&gt; narrative.<br>Its second line.</p>"
    assert "<li>Mobility grade 1</li>" in found["61149-1"].html
    assert "<td>no response</td>" in found["30954-2"].html
    assert found["51847-2"].html.startswith("<p><strong>Plan:</strong> Disinfect the canal")
    silent, _ = read(note({**example(), "clinical": {}}, ""))
    assert {each.code for each in silent.sections if each.null_flavor == "NI"} >= {"55109-3", "59768-2"}


class _Page(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs if tag != "meta"}
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


HOSTILE = (
    "<paragraph>&lt;script&gt;alert(1)&lt;/script&gt;</paragraph>"
    '<script xmlns="http://www.w3.org/1999/xhtml">alert(2)</script>'
    '<linkHtml href="javascript:alert(3)">here</linkHtml><renderMultiMedia referencedObject="x"/>'
    '<table onload="alert(4)"><tbody><tr><td colspan="2" rowspan="999999" style="x">cell</td></tr></tbody></table>'
    '<list listType="ordered"><item><caption>head</caption>one</item></list><content styleCode="Bold xItalics">b</content>'
    "<?php evil ?><!-- comment -->tail"
)


def test_the_page_is_self_contained_and_escaped() -> None:
    document, _ = read(section(HOSTILE))
    html = document.sections[0].html
    assert html == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>alert(2)here"
        '<table><tbody><tr><td colspan="2">cell</td></tr></tbody></table>'
        "<ol><li><p>head</p>one</li></ol><strong>b</strong>tail"
    )
    page = _Page()
    page.feed(rendering(document))
    assert page.open == []
    assert page.tags.isdisjoint({"script", "img", "a", "link", "iframe", "object"})
    assert page.attributes <= {"lang", "class", "colspan"}


def test_the_page_of_every_kind_of_document() -> None:
    for octets in (
        note(example(), "Told."),
        enclosed(example(), b"GIF"),
        b"<broken",
        HEAD.encode() + TAIL.encode(),
    ):
        document, _ = read(octets)
        html = rendering(document)
        page = _Page()
        page.feed(html)
        assert page.open == []
        assert all(finding.rule in FAULTS for finding in document.findings)
    assert "Procedure note (LOINC 28570-0)" in rendering(read(note(example()))[0])


@pytest.mark.parametrize(
    ("text", "inside", "found"),
    [
        ("QUJD", b"ABC", []),
        (" QU\n  JD\tRA== ", b"ABCD", []),
        ("", b"", ["CDA-BODY"]),
        ("QUJ", b"", ["CDA-BASE64"]),
        ("QUJDR", b"", ["CDA-BASE64"]),
        ("QUJDRA=", b"", ["CDA-BASE64"]),
        ("QUJDRA==QUJD", b"", ["CDA-BASE64"]),
        ("QUJD*", b"", ["CDA-BASE64"]),
        ("====", b"", ["CDA-BASE64"]),
        ("QUJDé", b"", ["CDA-BASE64"]),
    ],
)
def test_base64_that_lies_is_a_finding(text: str, inside: bytes, found: list[str]) -> None:
    document, octets = read(holding(text))
    assert (octets, rules(document)) == (inside, found)


def test_base64_that_lies_late_gives_what_came_before() -> None:
    whole = base64.b64encode(b"x" * 300_000).decode()
    for text in (whole + "Q", whole + "=" * 4 + whole, whole[:200_000] + "é" + whole):
        document, octets = read(holding(text))
        assert rules(document) == ["CDA-BASE64"]
        assert set(octets) == {ord("x")}


@pytest.mark.parametrize(
    ("text", "attributes", "found"),
    [
        ("hello", "", ["CDA-BODY"]),
        ("hello", 'mediaType="text/plain"', ["CDA-BODY"]),
        ('<reference value="film.png"/>', 'mediaType="image/png"', ["CDA-BODY"]),
        ("QUJD", 'mediaType="image/bmp" representation="B64"', ["CDA-MEDIA-TYPE"]),
        ("QUJD", 'mediaType="image/png" representation="B64" compression="DF"', ["CDA-COMPRESSED"]),
    ],
)
def test_a_file_that_no_reader_should_trust(text: str, attributes: str, found: list[str]) -> None:
    document, _ = read(holding(text, attributes))
    assert rules(document) == found


BOMB = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ("", ["CDA-XML"]),
        ("hello", ["CDA-XML"]),
        ("\0\1\2", ["CDA-XML"]),
        (HEAD, ["CDA-XML"]),
        (HEAD + "<title>" + TAIL, ["CDA-XML"]),
        (HEAD + "<:title/>" + TAIL, ["CDA-XML"]),
        (HEAD + "<title>&undeclared;</title>" + TAIL, ["CDA-XML"]),
        (HEAD + f'<title a="{"x" * 11_000_000}"/>' + TAIL, ["CDA-XML"]),
        ("<ClinicalDocument/>", ["CDA-ROOT"]),
        ("<!DOCTYPE ClinicalDocument>" + HEAD + TAIL, ["CDA-DOCTYPE"]),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd">' + HEAD + TAIL, ["CDA-DOCTYPE"]),
        (BOMB + "]>" + HEAD + "<title>&i;</title>" + TAIL, ["CDA-DOCTYPE"]),
        (HEAD + TAIL, ["CDA-BODY"]),
        (HEAD + "<id/>" * 200_001 + TAIL, ["CDA-SIZE"]),
        (section("x" * (17 << 20)), ["CDA-SIZE"]),
        (HEAD + "".join(f'<id xmlns="{"x" * 9_000_000}{n}"/>' for n in range(2)) + TAIL, ["CDA-SIZE"]),
        (section("<content>" * 5_000 + "</content>" * 5_000), ["CDA-SIZE"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_clinical_document_is_a_finding(document: str, found: list[str]) -> None:
    assert rules(read(document)[0]) == found


def test_a_bare_document_tells_what_its_header_lacks() -> None:
    document, _ = read(section("x"))
    assert {each.rule for each in document.findings} == {"CDA-HEADER", "CDA-TEMPLATE"}
    assert {each.severity for each in document.findings} == {"warning"}
    told = " ".join(each.message for each in document.findings)
    for tag in ("id", "code", "recordTarget", "author", "custodian", "legalAuthenticator"):
        assert f"no {tag}." in told


def test_other_encodings_are_read() -> None:
    text = section("<paragraph>Zürich</paragraph>")
    for name in ("utf-16", "iso-8859-1"):
        document, _ = read(f'<?xml version="1.0" encoding="{name}"?>{text}'.encode(name))
        assert document.sections[0].html == "<p>Zürich</p>"


GOOD = (note(example()), enclosed(example(), FILM.read_bytes()))


@settings(max_examples=150, deadline=None)
@given(
    good=st.sampled_from(GOOD),
    start=st.floats(0, 1),
    length=st.integers(0, 40),
    instead=st.one_of(
        st.binary(max_size=20), st.sampled_from([b"<", b"</text>", b"<text>", b"&lt;", b"&x;", b"="])
    ),
)
def test_no_damage_is_more_than_a_finding(good: bytes, start: float, length: int, instead: bytes) -> None:
    place = int(start * len(good))
    document, _ = read(good[:place] + instead + good[place + length :])
    rendering(document)
    assert all(each.rule in FAULTS for each in document.findings)
    assert "Lindgren" not in repr(document.findings)


@pytest.mark.parametrize("cut", [1, 300, 4_000, 9_000])
def test_a_document_cut_off_is_damaged(cut: int) -> None:
    assert rules(read(GOOD[1][:-cut])[0])[-1] == "CDA-XML"


def test_a_large_film_is_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "film.xml"
    with path.open("wb") as out:
        head, _, tail = GOOD[1].rpartition(b'representation="B64">')
        out.write(head + b'representation="B64">')
        for _ in range(64):
            out.write(b"QUJD" * (1 << 18))
        out.write(tail[tail.index(b"</text>") :])
    with path.open("rb") as source, (tmp_path / "film").open("wb") as sink:
        tracemalloc.start()
        try:
            document = read_document(source, sink)
            assert tracemalloc.get_traced_memory()[1] < 15 << 20
        finally:
            tracemalloc.stop()
    assert document.findings == ()
    assert document.body
    assert document.body.size == 48 << 20


def test_a_sink_that_is_full_is_the_callers_to_know_of() -> None:
    class Full(io.BytesIO):
        def write(self, octets: object, /) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        read_document(io.BytesIO(GOOD[1]), Full())
