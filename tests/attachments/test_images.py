"""A film is sent when a reader can open it: what is no picture, or only a part of one, is refused."""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from film_maker import dicom, element, grain, gray_tiff, png, saved
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_cases import base

from edi.attachments.files import examine_files
from edi.attachments.image import image_problem
from edi.cli.main import cli
from edi.sample.film import film
from edi.visit.facts import FileFact

TYPES = {"png": "image/png", "jpg": "image/jpeg", "tif": "image/tiff", "dcm": "application/dicom"}
JPEG = saved("JPEG", quality=80)
COLOR = saved("JPEG", grain(mode="RGB"), quality=80)
PROGRESSIVE = saved("JPEG", quality=80, progressive=True)
PNG = saved("PNG")
TIFF = saved("TIFF")
PAGES = saved("TIFF", save_all=True, append_images=[grain(30, 40)], compression="tiff_adobe_deflate")
_SCAN = JPEG.index(b"\xff\xda")
SCAN_DATA = _SCAN + 2 + int.from_bytes(JPEG[_SCAN + 2 : _SCAN + 4], "big")
_HEADER = JPEG.index(b"\xff\xc0")

GOOD: dict[str, tuple[str, bytes]] = {
    "sample": ("png", film("9", "2026-09-14", 1)),
    "png": ("png", PNG),
    "png in color": ("png", saved("PNG", grain(mode="RGBA"))),
    "png of one bit": ("png", saved("PNG", grain().convert("1"))),
    "png, interlaced": ("png", png(9, 9, zlib.compress(bytes(100)), interlaced=True)),
    "jpeg": ("jpg", JPEG),
    "jpeg in color": ("jpg", COLOR),
    "jpeg of one pixel": ("jpg", saved("JPEG", grain(1, 1))),
    "jpeg, flat": ("jpg", saved("JPEG", grain(640, 480).point(lambda _: 0), quality=5)),
    "jpeg for print": ("jpg", saved("JPEG", grain(mode="CMYK"))),
    "jpeg, progressive": ("jpg", PROGRESSIVE),
    "jpeg, progressive, flat": ("jpg", saved("JPEG", grain().point(lambda _: 9), progressive=True)),
    "jpeg with restarts": ("jpg", saved("JPEG", restart_marker_blocks=3)),
    "jpeg, padded": ("jpg", JPEG + bytes(100)),
    "jpeg with fill octets": ("jpg", JPEG[:2] + b"\xff\xff" + JPEG[2:]),
    "tiff": ("tif", TIFF),
    "tiff, packed": ("tif", saved("TIFF", compression="tiff_lzw")),
    "tiff, deflated": ("tif", saved("TIFF", grain(mode="RGB"), compression="tiff_adobe_deflate")),
    "tiff as fax": ("tif", saved("TIFF", grain().convert("1"), compression="group4")),
    "tiff of 16 bits": ("tif", saved("TIFF", grain().convert("I;16"))),
    "tiff of pages": ("tif", saved("TIFF", save_all=True, append_images=[grain(30, 40), grain(9, 9)])),
    "dicom": ("dcm", dicom()),
    "dicom, packed": (
        "dcm",
        dicom(
            b"\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\x00\x00\x00\x00"
            b"\xfe\xff\x00\xe0\x04\x00\x00\x00abcd" + b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
        ),
    ),
    "dicom, implicit": ("dcm", dicom(b"\xe0\x7f\x10\x00\x04\x00\x00\x00abcd", "1.2.840.10008.1.2")),
    "dicom, big endian": (
        "dcm",
        dicom(b"\x7f\xe0\x00\x10OW\x00\x00\x00\x00\x00\x04abcd", "1.2.840.10008.1.2.2"),
    ),
}

BROKEN: dict[str, tuple[str, bytes, str]] = {
    "jpeg, only its marks": ("jpg", b"\xff\xd8\xff\xd9", "does-not-open"),
    "jpeg, a segment that runs past the end": (
        "jpg",
        JPEG[:2] + b"\xff\xe0\xff\xff" + JPEG[4:200] + b"\xff\xd9",
        "does-not-open",
    ),
    "jpeg without a frame": ("jpg", b"\xff\xd8\xff\xe0" + bytes(200) + b"\xff\xd9", "does-not-open"),
    "jpeg without tables": ("jpg", JPEG.replace(b"\xff\xdb", b"\xff\xef"), "does-not-open"),
    "jpeg without image data": ("jpg", JPEG[:SCAN_DATA] + b"\xff\xd9", "truncated"),
    "jpeg, half of it": ("jpg", JPEG[: (SCAN_DATA + len(JPEG)) // 2] + b"\xff\xd9", "truncated"),
    "jpeg in color, half of it": ("jpg", COLOR[: len(COLOR) * 3 // 4] + b"\xff\xd9", "truncated"),
    "jpeg, progressive, without image data": (
        "jpg",
        PROGRESSIVE[: PROGRESSIVE.index(b"\xff\xda") + 10] + b"\xff\xd9",
        "truncated",
    ),
    "jpeg of no height": ("jpg", JPEG[: _HEADER + 5] + b"\x00\x00" + JPEG[_HEADER + 7 :], "does-not-open"),
    "jpeg, too large": ("jpg", JPEG[: _HEADER + 5] + b"\xff\xff\xff\xff" + JPEG[_HEADER + 9 :], "too-many-pixels"),
    "jpeg, endless scans": ("jpg", PROGRESSIVE[:-2] + PROGRESSIVE[PROGRESSIVE.index(b"\xff\xda") : -2] * 50 + b"\xff\xd9", "does-not-open"),
    "png without image data": ("png", png(96, 64), "truncated"),
    "png with too little": ("png", png(96, 64, zlib.compress(bytes(97 * 10))), "truncated"),
    "png, a chunk that runs past the end": (
        "png",
        PNG[:33] + b"\x7f\xff\xff\xff" + PNG[37:],
        "does-not-open",
    ),
    "png of 2^31": ("png", png(2**31, 2**31, b"x"), "too-many-pixels"),
    "png of an empty stream": ("png", png(96, 64, zlib.compress(b"")), "truncated"),
    "png, a row short": ("png", png(96, 64, zlib.compress(bytes(97 * 63))), "truncated"),
    "png, interlaced, a row short": ("png", png(9, 9, zlib.compress(bytes(99)), interlaced=True), "truncated"),
    "png of nothing": ("png", png(0, 0, zlib.compress(b"")), "does-not-open"),
    "png, a changed octet": ("png", PNG[:80] + bytes((PNG[80] ^ 1,)) + PNG[81:], "does-not-open"),
    "tiff, only its mark": ("tif", b"II*\x00" + bytes(50), "does-not-open"),
    "tiff whose directory lies outside": ("tif", b"II*\x00\x00\x10\x00\x00" + bytes(50), "does-not-open"),
    "tiff whose directory is cut": ("tif", b"MM\x00*\x00\x00\x00\x08\x00\x09" + bytes(50), "does-not-open"),
    "tiff whose picture lies outside": ("tif", gray_tiff(10, 10, offset=10_000), "truncated"),
    "tiff of 2^31": ("tif", gray_tiff(2**31, 2**31), "too-many-pixels"),
    "tiff of 2^31 rows": ("tif", gray_tiff(1, 2**31), "too-many-pixels"),
    "tiff of a million strips": ("tif", gray_tiff(1, 10, strips=1_000_000), "does-not-open"),
    "tiff of endless pages": ("tif", saved("TIFF", grain(1, 1), save_all=True, append_images=[grain(1, 1)] * 300), "too-many-pixels"),
    "tiff, its second page broken": ("tif", PAGES[: PAGES.rindex(b"x\x9c")] + bytes(4) + PAGES[PAGES.rindex(b"x\x9c") + 4 :], "does-not-open"),
    "dicom, only its mark": ("dcm", bytes(128) + b"DICM" + bytes(50), "does-not-open"),
    "dicom without a picture": ("dcm", dicom(element(0x10, 0x10, b"PN", b"")), "does-not-open"),
    "dicom, cut": ("dcm", dicom()[:-10], "truncated"),
    "dicom, packed, cut": (
        "dcm",
        dicom(b"\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\x04\x00\x00\x00abcd"),
        "truncated",
    ),
}  # fmt: skip


def fact(folder: Path, name: str) -> FileFact:
    return examine_files(str(folder), [{"id": "a", "type": "radiograph", "file": name}])["a"]


@pytest.mark.parametrize("name", GOOD)
def test_a_film_that_opens_is_sent(tmp_path: Path, name: str) -> None:
    suffix, octets = GOOD[name]
    (tmp_path / f"film.{suffix}").write_bytes(octets)
    found = fact(tmp_path, f"film.{suffix}")
    assert (found.problem, found.media_type) == (None, TYPES[suffix])


@pytest.mark.parametrize("name", BROKEN)
def test_a_film_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    suffix, octets, problem = BROKEN[name]
    (tmp_path / f"film.{suffix}").write_bytes(octets)
    found = fact(tmp_path, f"film.{suffix}")
    assert (found.problem, found.media_type) == (problem, TYPES[suffix])


def test_nothing_is_told_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    _, octets, problem = BROKEN["tiff, its second page broken"]
    assert image_problem(octets, "image/tiff") == problem
    print("heard", file=sys.stderr)
    assert capfd.readouterr().err == "heard\n"


def test_a_claim_is_not_sent_with_a_film_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("film.jpg").write_bytes(b"\xff\xd8\xff\xd9")
    Path("film.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    for name, rule in (("film.jpg", "APX-ATT-DAMAGED"), ("film.pdf", "APX-ATT-NOT-IMAGE")):
        files = [{"id": "x1", "type": "radiograph", "file": name, "date": "2026-09-14"}]
        Path("visit.json").write_text(json.dumps(base("renewal", {"/attachments": files})))
        done = CliRunner().invoke(cli, ["convert", "visit.json", "-o", "out", "--as-of", "2026-09-30"])
        reject = json.loads(Path("out", "rejects.ndjson").read_text())
        assert (done.exit_code, [each["rule"] for each in reject["findings"]]) == (1, [rule])
        assert not list(Path("out").glob("*.275"))


SMALL = {name: content for name, content in GOOD.items() if len(content[1]) < 20_000}


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(SMALL)), st.data())
def test_a_changed_film_opens_or_is_refused(name: str, data: st.DataObject) -> None:
    suffix, octets = SMALL[name]
    changed = bytearray(octets)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = (
        bytes(changed[: data.draw(st.integers(0, len(changed)))])
        if data.draw(st.booleans())
        else bytes(changed)
    )
    assert image_problem(cut, TYPES[suffix]) in (None, "truncated", "does-not-open", "too-many-pixels")
