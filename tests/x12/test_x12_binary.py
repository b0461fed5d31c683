"""Payloads are read by their count: what is in them harms nothing, and a lie about them is one finding at its place."""

from __future__ import annotations

import base64
import binascii
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from folders import GOLDEN, HELPERS
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.attachments.extract import extract
from edi.attachments.segments import X210 as X210_
from edi.attachments.segments import X314 as X314_
from edi.finding import Finding
from edi.flows import validate
from edi.report.inspect_page import PageOptions, tree_section
from edi.validate.tree import Tree
from edi.x12.mime import MimePayload, Part
from edi.x12.reader import read_batches

X210 = (GOLDEN / "film-005010X210.275").read_bytes()
X314 = (GOLDEN / "film-006020X314.275").read_bytes()
HEADER = b"Content-Type: text/plain\r\n\r\n"


def with_payload(octets: bytes, stated: str | None = None) -> bytes:
    """The film's 275 with another payload, which says of itself that it has so many octets."""
    begin = X210.index(b"BIN*")
    end = X210.index(b"~\nSE*")
    said = str(len(octets)) if stated is None else stated
    return X210[:begin] + b"BIN*" + said.encode() + b"*" + octets + X210[end:]


def findings(octets: bytes) -> list[Finding]:
    return validate(io.BytesIO(octets), "x").findings


def rules(octets: bytes) -> list[tuple[str, str | None, int | None]]:
    return [(each.rule, each.element, each.position) for each in findings(octets)]


def taken(octets: bytes, piece: int = 1 << 18) -> list[bytes]:
    """The payloads as their takers got them, with a stream that gives few octets at once."""

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(piece if size is None or size < 0 else min(size, piece))

    got: list[bytes] = []

    class Taker:
        def __init__(self, _head: str) -> None:
            self.pieces: list[bytes] = []

        def take(self, octets: bytes) -> None:
            self.pieces.append(octets)

        def end(self, *, whole: bool) -> str:
            if whole:
                got.append(b"".join(self.pieces))
            return ""

    for _ in read_batches(Slow(octets), "x", Taker):
        pass
    return got


@pytest.mark.parametrize(
    ("payload", "stated", "shown"),
    [
        (b"no header at all", None, "BIN*16*(16 bytes)"),
        (b"no header at all", "20", "BIN*20*(16 bytes)"),
        (b"no header at all", "9000", "BIN*9000*(16 bytes)"),
    ],
)
def test_a_finding_shows_the_size_of_a_payload_and_no_word_of_ours(
    payload: bytes, stated: str | None, shown: str
) -> None:
    excerpts: list[str] = []
    data = with_payload(payload, stated)
    validate(io.BytesIO(data), "x", show=lambda _, excerpt: excerpts.append(excerpt.segment))
    assert excerpts == [shown]
    tree = Tree(io.BytesIO(data), "x")
    page = "".join(tree_section(tree, tree.noted, PageOptions(elements=False)))
    assert "OCTETS" not in page
    assert shown.partition("*(")[2].strip("()") in page


@given(st.binary(min_size=1, max_size=200), st.integers(1, 50))
@settings(max_examples=60)
def test_any_octets_come_through_whole(payload: bytes, piece: int) -> None:
    assert taken(with_payload(payload), piece) == [payload]


@pytest.mark.parametrize(
    "payload",
    [
        b"~SE*1*0001~GE*1*1~IEA*1*000000001~",
        b"~\nISA*00*",
        b"*:^~" * 100,
        b"~BIN*5*12345~",
        bytes(range(256)),
        b"x" * 700_000 + b"~IEA*1*000000002~" + b"y" * 10,
    ],
)
def test_delimiters_in_a_payload_are_harmless(payload: bytes) -> None:
    whole = HEADER + payload
    assert taken(with_payload(whole)) == [whole]
    assert rules(with_payload(whole)) == []


@pytest.mark.parametrize(
    ("payload", "stated", "rule"),
    [
        (b"A" * 100, "99", "X12-BINARY-LENGTH"),
        (b"A" * 100, "101", "X12-BINARY-LENGTH"),
        (b"A" * 100, "0", "X12-BINARY-LENGTH"),
        (b"A" * 100, "150", "X12-BINARY-LENGTH"),
        (b"A" * 100, "5000", "X12-BINARY-LENGTH"),
        (b"A" * 100, "999999999999999", "X12-BINARY-LENGTH"),
        (b"A" * 100, "1234567890123456", "X12-ELEMENT-FORM"),
        (b"A" * 100, "many", "X12-ELEMENT-FORM"),
        (b"A" * 100, "-100", "X12-ELEMENT-FORM"),
        (b"A" * 100, "", "X12-ELEMENT-MISSING"),
        (b"A" * 900_000, "10", "X12-BINARY-LENGTH"),
        (b"A" * 900_000, "600000", "X12-BINARY-LENGTH"),
        (b"A" * 900_000, "900030", "X12-BINARY-LENGTH"),
        (b"A" * 900_000, "999999999999999", "X12-BINARY-LENGTH"),
    ],
)
def test_a_lie_about_the_length_is_one_finding(payload: bytes, stated: str, rule: str) -> None:
    (finding,) = findings(with_payload(payload, stated))
    assert (finding.rule, finding.segment, finding.loop, finding.position) == (rule, "BIN", "2110B", 18)


def test_a_payload_without_octets_is_missing() -> None:
    for octets in (b"BIN*0*~\n", b"BIN*12~\n", b"BIN~\n"):
        begin, end = X210.index(b"BIN*"), X210.index(b"SE*19")
        found = rules(X210[:begin] + octets + X210[end:])
        assert {rule for rule, _, _ in found} == {"X12-ELEMENT-MISSING"}


@pytest.mark.parametrize("left", [0, 1, 100, -1, -2, -10, -40])
def test_a_file_cut_off_in_or_after_a_payload_is_one_finding(left: int) -> None:
    begin = X210.index(b"MIME")
    cut = begin + left if left >= 0 else X210.index(b"~\nSE*") + left + 1
    (finding,) = findings(X210[:cut])
    assert finding.rule in ("X12-BINARY-CUT", "X12-TRUNCATED")


def test_a_stated_length_that_swallows_the_rest_ends_the_reading() -> None:
    tail = b"".join(with_payload(HEADER + b"B" * 5000) for _ in range(200))
    (finding,) = findings(with_payload(b"A" * 10, "600000") + tail)
    assert (finding.rule, finding.element) == ("X12-BINARY-LENGTH", "BIN02")
    assert "Nothing after it was read" in finding.message


def test_every_lie_in_a_row_is_found_in_good_time() -> None:
    one = with_payload(b"AAAA", "50000")
    many = one * 500
    verdict = validate(io.BytesIO(many), "x", lambda _: None)
    assert verdict.errors >= 500


B64 = base64.b64encode


@pytest.mark.parametrize(
    ("octets", "rule"),
    [
        (b"no header at all", "X12-BINARY-UNNAMED"),
        (b"Content-Transfer-Encoding: base64\r\n\r\nAAAA", "X12-BINARY-UNNAMED"),
        (b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAA", "X12-BINARY-ENCODING"),
        (b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nA*~A", "X12-BINARY-ENCODING"),
        (
            b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAA==AAAA",
            "X12-BINARY-ENCODING",
        ),
        (
            b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nA===",
            "X12-BINARY-ENCODING",
        ),
        (b"Content-Type: image/png\r\nContent-Transfer-Encoding: x-zip\r\n\r\nPK", "X12-BINARY-ENCODING"),
    ],
)
def test_a_payload_that_is_not_what_it_says(octets: bytes, rule: str) -> None:
    assert rules(with_payload(octets)) == [(rule, "BIN02", 18)]


def test_a_filter_that_is_not_there() -> None:
    begin, end = X314.index(b"BDS*"), X314.index(b"~\nSE*")
    fake = X314[:begin] + b"BDS*B64*6*AB*~CD" + X314[end:]
    assert rules(fake)[0] == ("X12-BINARY-FILTER", "BDS03", 18)
    plain = HEADER + b"hello"
    fine = X314[:begin] + b"BDS*ASC*%d*" % len(plain) + plain + X314[end:]
    assert rules(fine) == []


def test_the_misprint_of_the_law_is_read() -> None:
    assert [rule for rule, _, _ in rules(X314.replace(b"*006020X314", b"*06020X314"))] == [
        "X12-VERSION-RELATIVE"
    ]


@given(
    st.binary(max_size=300),
    st.sampled_from(["base64", "binary", "quoted-printable"]),
    st.booleans(),
    st.integers(1, 60),
)
@settings(max_examples=80)
def test_files_come_out_of_any_wrapping(data: bytes, encoding: str, filtered: bool, piece: int) -> None:
    coded = {
        "base64": base64.encodebytes(data),
        "binary": data,
        "quoted-printable": binascii.b2a_qp(data, istext=False),
    }
    head = f'Content-Type: image/png; name="../../x"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    whole = head.encode() + coded[encoding]
    octets, segment = (B64(whole), "BDS*B64*1") if filtered else (whole, "BIN*1")
    got: list[tuple[Part, bytes]] = []
    payload = MimePayload(segment, _collect(got))
    for start in range(0, len(octets), piece):
        payload.take(octets[start : start + piece])
    assert payload.end(whole=True) == ""
    assert got == [(Part("image/png", "../../x"), data)]


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=4), st.integers(1, 60))
@settings(max_examples=60)
def test_several_files_in_one_payload(files: list[bytes], piece: int) -> None:
    parts = [
        b"\r\n--b1\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + B64(each)
        for each in files
    ]
    octets = b'Content-Type: multipart/mixed; boundary="b1"\r\n\r\nfor old readers'
    octets += b"".join(parts) + b"\r\n--b1--\r\nepilogue"
    got: list[tuple[Part, bytes]] = []
    payload = MimePayload("BIN*1", _collect(got))
    for start in range(0, len(octets), piece):
        payload.take(octets[start : start + piece])
    assert payload.end(whole=True) == ""
    assert [data for _, data in got] == files


@given(st.binary(max_size=400), st.sampled_from(["BIN*1", "BDS*B64*1"]))
def test_no_payload_breaks_the_reading(octets: bytes, segment: str) -> None:
    for start in (b"", b"Content-Type: multipart/x; boundary=a\n\n--a\n", b"Content-Type: a/b\nX"):
        MimePayload(segment, _collect([])).end(whole=True)
        payload = MimePayload(segment, _collect([]))
        payload.take(start + octets)
        payload.end(whole=True)


def _collect(got: list[tuple[Part, bytes]]) -> Callable[[Part], _Collector]:
    return lambda part: _Collector(part, got)


class _Collector:
    def __init__(self, part: Part, got: list[tuple[Part, bytes]]) -> None:
        self._part, self._got, self._data = part, got, b""

    def take(self, octets: bytes) -> None:
        self._data += octets

    def end(self) -> None:
        self._got.append((self._part, self._data))


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "CON", "a\\..\\b", "", "\u202e"])
def test_a_senders_names_lead_nowhere(tmp_path: Path, name: str) -> None:
    head = f'Content-Type: image/png; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    octets = with_payload(head.encode() + b"film").replace(
        b"TRN*1*BSE-2026-003102-85FFF024F3", b"TRN*1*../../x"
    )
    folder = tmp_path / "files"
    (one,) = extract(io.BytesIO(octets), "x", folder)
    assert one.name == "00001-..-..-x.png"
    assert [path.name for path in tmp_path.rglob("*")] == ["files", one.name]
    assert (folder / one.name).read_bytes() == b"film"


def test_a_lying_payload_leaves_no_file(tmp_path: Path) -> None:
    octets = with_payload(HEADER + b"x" * 900_000, "600000")
    assert extract(io.BytesIO(octets), "x", tmp_path / "files") == []
    assert list((tmp_path / "files").iterdir()) == []


_PEAK = """
import re, sys
sys.path.insert(0, {tests!r})
from peak_275 import write_and_validate
write_and_validate({version!r}, {count}, {size})
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""


@pytest.mark.parametrize(("version", "count", "size"), [(X314_, 1, 64 << 20), (X210_, 10_000, 100)])
def test_memory_stays_flat(version: str, count: int, size: int) -> None:
    code = _PEAK.format(tests=str(HELPERS), version=version, count=count, size=size)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100 << 10
