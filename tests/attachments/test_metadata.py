"""What is sent of an image: its picture, octet for octet, and nothing that a camera or a program noted beside it."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin, TiffImagePlugin
from rule_cases import base

from edi.attachments.files import examine_files, sent_chunks
from edi.attachments.metadata import without_metadata
from edi.cli.main import cli
from edi.sample.film import film

NAME = "Marsh Theo 2017-05-30"
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff"}


def picture(width: int = 96, height: int = 64) -> Image.Image:
    return Image.frombytes(
        "L", (width, height), bytes((x * y) % 251 for y in range(height) for x in range(width))
    )


def exif(orientation: int = 1) -> Image.Exif:
    notes = Image.Exif()
    notes[ExifTags.Base.Artist] = NAME
    notes[ExifTags.Base.Orientation] = orientation
    notes.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (39.0, 57.0, 40.0), 3: "W", 4: (82.0, 59.0, 55.0)})
    notes.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = NAME.encode()
    return notes


def saved(kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture().save(out, kind, **options)
    return out.getvalue()


def noted(kind: str, orientation: int = 1) -> bytes:
    """An image with a name and a place in every corner that its format has for them."""
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Description", NAME)
        text.add_text("Comment", NAME, zip=True)
        text.add_itxt("XML:com.adobe.xmp", NAME)
        return saved(kind, pnginfo=text, exif=exif(orientation)) + NAME.encode()
    if kind == "JPEG":
        plain = saved(kind, exif=exif(orientation), comment=NAME, icc_profile=b"profile" * 20, quality=95)
        more = segment(0xED, b"Photoshop 3.0\x00" + NAME.encode())
        more += segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + NAME.encode())
        return plain[:2] + more + plain[2:] + saved(kind, comment=NAME)  # a second picture, as cameras add
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270], tags[33432], tags[700], tags[274] = NAME, NAME, NAME.encode(), orientation
    tags[ExifTags.IFD.GPSInfo] = exif().get_ifd(ExifTags.IFD.GPSInfo)
    tags[ExifTags.IFD.Exif] = exif().get_ifd(ExifTags.IFD.Exif)
    return saved(kind, tiffinfo=tags)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def clean(content: bytes, media_type: str) -> tuple[bytes, set[str]]:
    removed: set[str] = set()
    return b"".join(without_metadata(io.BytesIO(content), media_type, removed)), removed


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_and_no_place_is_left_and_the_picture_is_the_same(kind: str) -> None:
    content = noted(kind)
    assert NAME.encode() in content
    found, removed = clean(content, KINDS[kind])
    assert NAME.encode() not in found
    assert zlib.compress(NAME.encode()) not in found
    assert {"location"} < removed
    with Image.open(io.BytesIO(content)) as before, Image.open(io.BytesIO(found)) as after:
        assert after.tobytes() == before.tobytes()
        assert not after.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert after.info.get("icc_profile") == before.info.get("icc_profile")


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1 << 16])
@pytest.mark.parametrize("progressive", [True, False])
def test_where_chunks_end_in_a_scan_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, chunk: int, progressive: bool
) -> None:
    content = saved("JPEG", progressive=progressive, restart_marker_blocks=2)
    monkeypatch.setattr("edi.attachments.metadata.jpeg.CHUNK", chunk)
    assert clean(content, "image/jpeg") == (content, set())
    assert clean(content + NAME.encode(), "image/jpeg") == (content, {"data behind the picture"})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_which_way_up_it_is_stays(kind: str, orientation: int) -> None:
    found, removed = clean(noted(kind, orientation), KINDS[kind])
    with Image.open(io.BytesIO(found)) as after:
        assert after.getexif().get(ExifTags.Base.Orientation, 1) == orientation
    assert removed
    assert clean(found, KINDS[kind]) == (found, set())


@pytest.mark.parametrize("content", [film("9", "2026-09-14", 1), saved("JPEG"), saved("TIFF"), saved("PNG")])
def test_what_says_nothing_more_passes_as_it_is(content: bytes) -> None:
    kind = {b"\x89P": "image/png", b"\xff\xd8": "image/jpeg"}.get(content[:2], "image/tiff")
    assert clean(content, kind) == (content, set())


@pytest.mark.parametrize("media_type", [None, "application/pdf", "text/plain", "application/dicom"])
def test_documents_pass_as_they_are(media_type: str | None) -> None:
    assert clean(noted("PNG"), media_type or "") == (noted("PNG"), set())


def test_every_page_of_a_tiff_is_cleaned() -> None:
    out = io.BytesIO()
    pages = [picture(40, 30), picture(30, 40)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], tiffinfo={270: NAME})
    found, removed = clean(out.getvalue(), "image/tiff")
    assert NAME.encode() not in found
    assert removed == {"text"}
    with Image.open(io.BytesIO(found)) as after:
        assert after.n_frames == 2
        for number, page in enumerate(pages):
            after.seek(number)
            assert after.tobytes() == page.tobytes()


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_no_broken_image_stops_it_and_none_grows_much(data: st.DataObject, kind: str) -> None:
    content = bytearray(noted(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    found, _ = clean(cut, KINDS[kind])
    assert len(found) <= len(cut) + 64


def test_the_facts_are_of_what_is_sent(tmp_path: Path) -> None:
    (tmp_path / "film.jpg").write_bytes(noted("JPEG"))
    fact = examine_files(str(tmp_path), [{"id": "a", "type": "radiograph", "file": "film.jpg"}])["a"]
    octets = b"".join(sent_chunks(tmp_path / "film.jpg", fact.media_type, None, set()))
    assert (fact.size, fact.sha256) == (len(octets), hashlib.sha256(octets).hexdigest())
    assert fact.removed == ("Exif", "IPTC", "XMP", "comment", "data behind the picture", "location")


NOISE = Image.effect_noise((900, 700), 80)


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("TIFF", "a.tif")])
def test_a_large_image_is_reduced_only_when_asked_to(tmp_path: Path, kind: str, name: str) -> None:
    NOISE.save(tmp_path / name, kind)
    size = (tmp_path / name).stat().st_size
    entry: Any = [{"id": "a", "type": "radiograph", "file": name}]
    assert examine_files(str(tmp_path), entry)["a"].size >= size
    limit = 90_000
    fact = examine_files(str(tmp_path), entry, limit)["a"]
    octets = b"".join(sent_chunks(tmp_path / name, fact.media_type, limit, set()))
    assert fact.size == len(octets) <= limit < size == fact.reduced_from
    assert fact == examine_files(str(tmp_path), entry, limit)["a"]
    with Image.open(io.BytesIO(octets)) as after:
        assert after.format == kind
        assert 0.98 < (after.width / after.height) / (900 / 700) < 1.02


def test_what_cannot_be_reduced_is_sent_to_be_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(film("9", "2026-09-14", 1)[:40] + bytes(5000))
    entry: Any = [{"id": "a", "type": "radiograph", "file": "broken.png"}]
    fact = examine_files(str(tmp_path), entry, 1000)["a"]
    assert (fact.problem, fact.reduced_from) == ("truncated", None)
    NOISE.save(tmp_path / "tiny.png")
    assert examine_files(str(tmp_path), [entry[0] | {"file": "tiny.png"}], 500)["a"].size > 500


@pytest.mark.parametrize(
    ("trailer", "problem"),
    [
        (b"trailer << /Size 9 /Root 1 0 R /Encrypt 8 0 R >>", "encrypted"),
        (b"9 0 obj << /Type /XRef /Encrypt << /Filter /Standard >> >>", "encrypted"),
        (b"trailer << /Size 9 /Root 1 0 R >> (/Encrypted words)", None),
    ],
)
def test_an_encrypted_pdf_is_told(tmp_path: Path, trailer: bytes, problem: str | None) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * 65_510 + trailer + b"\n%%EOF\n")
    assert (
        examine_files(str(tmp_path), [{"id": "a", "type": "report", "file": "a.pdf"}])["a"].problem == problem
    )


def test_convert_reduces_what_the_payer_finds_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    NOISE.save("film.png")
    Path("small.toml").write_text(
        'title = "Small"\nabout = "Takes little."\n[attachment_bytes]\nvalue = 90000\nsource = "Provider manual, page 12"\ndate = "2026-01"\n'
    )
    Path("edi.toml").write_text('[payers.PAY1]\nprofile = "small.toml"\n')
    files = [{"id": "x1", "type": "radiograph", "file": "film.png", "date": "2026-09-14"}]
    Path("visit.json").write_text(json.dumps(base("renewal", {"/attachments": files})))

    def convert(*more: str) -> tuple[int, dict[str, Any]]:
        arguments = ["convert", "visit.json", "-o", "out", "--as-of", "2026-09-30", *more]
        done = CliRunner().invoke(cli, arguments)
        name = "claims" if done.exit_code == 0 else "rejects"
        return done.exit_code, json.loads(Path("out", f"{name}.ndjson").read_text())

    code, reject = convert()
    assert (code, [each["rule"] for each in reject["findings"]]) == (1, ["APX-ATT-SIZE"])
    code, payload = convert("--fit-images")
    assert (code, [each["rule"] for each in payload["findings"]]) == (0, ["APX-ATT-REDUCED"])
    assert payload["attachments"][0]["bytes"] <= 90_000
