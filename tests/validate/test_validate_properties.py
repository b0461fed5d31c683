"""What holds for any input: fast verdict and explanation agree, nothing crashes, nothing personal leaks."""

from __future__ import annotations

import io
import json
import tracemalloc
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_maker import DENTAL, file_of, texts, whole_set

from edi.errors import InputError
from edi.finding import Finding
from edi.validate import trace
from edi.validate.explain import faults
from edi.validate.log import Log
from edi.validate.machine import machine
from edi.validate.nodes import Node
from edi.validate.run import Verdict, validate_stream
from edi.x12 import source
from edi.x12.delimiters import Delimiters
from edi.x12.mime import MimePayload
from edi.x12.reader import read_batches

DELIMITERS = (Delimiters(), Delimiters("|", ">", "!", "\n", ""), Delimiters("*", ":", "", "'", "\r\n"))
VALUES = st.sampled_from(
    [
        "1",
        "2",
        "0",
        "01",
        "18",
        "32",
        "33",
        "A",
        "AA",
        "ZZ",
        "Y",
        "EI",
        "G1",
        "G2",
        "XX",
        "II",
        "D8",
        "RD8",
        "JP",
        "ABK",
        "BK",
        "TQ",
        "BF",
        "K041",
        "K04.1",
        "5220",
        "20260914",
        "20260230",
        "20260101-20260102",
        "20260102-20260101",
        "1.5",
        "1.",
        ".5",
        "-1",
        "--1",
        "1e5",
        "NaN",
        "100.25",
        "12345678901234567",
        "1000000004",
        "1000000005",
        "D3352",
        "122300000X",
        "OH",
        "43215",
        "432150001",
        "é",
        "\x00",
        "\n",
        ":",
        "::",
        "A:",
        ":A",
        "AA:::OH",
        "AD:D3352",
        "1:2:3:4",
        "1:9",
        "M:O",
    ]
) | st.sampled_from(["", "", "", "A B", " ", "A" * 80, "A" * 81, "9" * 4400, "1" * 300])
TEXT = st.text(st.characters(max_codepoint=255), max_size=12)


def verdict(data: bytes) -> Verdict:
    return validate_stream(io.BytesIO(data), "x")


@cache
def whole(full: bool) -> bytes:
    return file_of(texts(whole_set(full=full)))


@cache
def nodes(delimiters: Delimiters) -> list[Node]:
    compiled = machine(DENTAL.version, delimiters)
    assert compiled is not None
    seen: dict[int, Node] = {}
    for node in compiled.nodes:
        seen.setdefault(id(node.use), node)
    return list(seen.values())


@cache
def written(delimiters: Delimiters) -> dict[int, str]:
    """A right segment for each use, by its id."""
    table = str.maketrans("*:", delimiters.element + delimiters.component)
    return {id(seg.use): seg.text.translate(table) for seg in whole_set()}


@settings(max_examples=2500, deadline=None)
@given(st.data())
def test_the_fast_verdict_and_the_explanation_agree(data: st.DataObject) -> None:
    delimiters = data.draw(st.sampled_from(DELIMITERS))
    node = data.draw(st.sampled_from(nodes(delimiters)))
    fields = written(delimiters)[id(node.use)].split(delimiters.element)
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(1, len(node.use.elements) + 1))
        fields += [""] * (place + 1 - len(fields))
        fields[place] = data.draw(VALUES | TEXT).replace(":", delimiters.component)
    while fields and not fields[-1] and data.draw(st.booleans()):
        fields.pop()
    segment = delimiters.element.join(fields)
    if not segment.startswith(node.use.segment.id):
        segment = node.use.segment.id
    found = list(faults(node, segment))
    assert bool(node.match(segment)) is not bool(found), (segment, found)


@pytest.mark.parametrize("delimiters", DELIMITERS)
def test_what_the_guide_writes_is_accepted_and_has_no_fault(delimiters: Delimiters) -> None:
    for node in nodes(delimiters):
        segment = written(delimiters)[id(node.use)]
        assert node.match(segment), segment
        assert not list(faults(node, segment))


EDITS = st.sampled_from(["drop", "double", "swap", "alter", "cut", "insert", "join", "break"])


def edited(data: st.DataObject, segments: list[str]) -> list[str]:
    """Segments with some random edits."""
    segments = list(segments)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(segments) - 1))
        match data.draw(EDITS):
            case "drop":
                del segments[at]
            case "double":
                segments.insert(at, segments[at])
            case "swap":
                other = data.draw(st.integers(0, len(segments) - 1))
                segments[at], segments[other] = segments[other], segments[at]
            case "alter":
                fields = segments[at].split("*")
                place = data.draw(st.integers(0, len(fields) - 1))
                fields[place] = data.draw(VALUES | TEXT)
                segments[at] = "*".join(fields)
            case "cut":
                segments[at] = segments[at][: data.draw(st.integers(0, len(segments[at])))]
            case "insert":
                segments.insert(at, data.draw(TEXT | st.sampled_from(segments)))
            case "join":
                segments[at : at + 2] = ["*".join(segments[at : at + 2])]
            case "break":
                middle = len(segments[at]) // 2
                segments[at : at + 1] = [segments[at][:middle], segments[at][middle:]]
        if not segments:
            segments = ["ISA"]
    return segments


@settings(max_examples=150, deadline=None)
@given(st.data(), st.booleans())
def test_random_edits_never_crash_and_findings_are_whole(data: st.DataObject, full: bool) -> None:
    segments = edited(data, whole(full).decode().split("~\n")[:-1])
    text = "~\n".join([*segments, ""])
    try:
        found = verdict(text.encode("latin-1", "replace"))
    except InputError:  # the first ISA is gone
        return
    for each in found.findings:
        assert each.message.endswith(".")
        assert each.fix
        assert each.position is not None
        assert each.position >= 1
        assert each.snip in range(1, 6)
    assert found.errors == sum(each.severity == "error" for each in found.findings)


def walked(data: bytes) -> list[Finding]:
    """The findings of the plain walk, which remembers no segment and judges each afresh."""
    track = trace._Track()
    found: list[Finding] = []
    track.log = Log(lambda finding, _: found.append(finding))
    envelope = trace._Envelope(track)
    for batch in read_batches(io.BytesIO(data), "x", MimePayload):
        envelope.feed(batch)
    envelope.end()
    return found


@settings(max_examples=60, deadline=None)
@given(st.data(), st.booleans(), st.integers(1, 3))
def test_the_fast_walk_and_the_plain_one_agree(data: st.DataObject, full: bool, times: int) -> None:
    """Whatever is remembered of the claims before: the same segments come several times, some of them changed."""
    segments = whole(full).decode().split("~\n")[:-1]
    segments = edited(data, [*segments[:-3], *segments[10:-3] * (times - 1), *segments[-3:]])
    text = "~\n".join([*segments, ""]).encode("latin-1", "replace")
    with suppress(InputError), pytest.MonkeyPatch.context() as patch:  # where the first ISA is gone
        patch.setattr(source, "CHUNK", data.draw(st.sampled_from([1 << 16, 700, 9])))
        assert verdict(text).findings == walked(text)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_random_characters_never_crash(data: st.DataObject) -> None:
    raw = bytearray(whole(False))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InputError):  # where the first ISA is hit
        verdict(bytes(raw))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_nothing_personal_is_in_a_finding(data: st.DataObject) -> None:
    marks = {
        "last": "QUIXOTE",
        "first": "ALONSO",
        "member": "LAMANCHA1605",
        "birth": "19470929",
        "street": "MILL LANE",
    }
    text = whole(True).decode()
    for old, new in (
        ("2010BANM1XLast or organization name", marks["last"]),
        ("2010BANM1XFirst name", marks["first"]),
        ("2010BANM1XMember identifier", marks["member"]),
        ("DMG*D8*20150314", f"DMG*D8*{marks['birth']}"),
        ("2010BAN3XAddress line 1", marks["street"]),
    ):
        assert old in text
        text = text.replace(old, new)
    segments = edited(data, text.split("~\n")[:-1])
    try:
        found = verdict("~\n".join([*segments, ""]).encode("latin-1", "replace"))
    except InputError:  # the first ISA is gone
        return
    shown = json.dumps([each.as_json() for each in found.findings])
    assert not [mark for mark in marks.values() if mark in shown]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_where_chunks_end_does_not_matter(data: st.DataObject) -> None:
    chunk = data.draw(st.integers(1, 700))
    break_ = data.draw(st.sampled_from(["\n", "\r\n", ""]))
    text = whole(False).decode().replace("~\n", f"~{break_}").replace("11:B:1", "11:B:9", 1)
    text += text.replace("000000001", "000000002").replace("number-", "number-2-") + "JUNK"
    expected = verdict(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "CHUNK", chunk)
        found = verdict(text.encode())
    assert found == expected
    assert [each.rule for each in found.findings] == ["X12-ELEMENT-CODE"] * 2 + ["X12-ENVELOPE"]


@pytest.mark.parametrize("line_break", ["", "\n", "\r\n"])
@pytest.mark.parametrize("full", [True, False])
def test_segments_rewrite_to_the_same_bytes(full: bool, line_break: str) -> None:
    data = file_of(texts(whole_set(full=full)), line_break=line_break)
    made = b""
    for batch in read_batches(io.BytesIO(data), "x"):
        end = batch.delimiters.terminator + batch.delimiters.line_break
        made += "".join(segment + end for segment in batch.segments).encode("latin-1")
    assert made == data


def test_a_huge_segment_takes_little_memory_and_is_one_finding() -> None:
    text = whole(False).replace(b"PAT*01", b"PAT*01" + b"*A" * 5_000_000, 1)
    stream = io.BytesIO(text)
    tracemalloc.start()
    try:
        found = validate_stream(stream, "x")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [each.rule for each in found.findings] == ["X12-SEGMENT-LONG"]
    assert peak < 12_000_000


def test_a_file_without_terminators_takes_little_memory() -> None:
    stream = io.BytesIO(whole(False)[:107] + b"GS*HC" + b"A" * 20_000_000)
    tracemalloc.start()
    try:
        found = validate_stream(stream, "x")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [each.rule for each in found.findings] == ["X12-TRUNCATED"]
    assert peak < 12_000_000


def test_memory_is_flat_over_many_claims() -> None:
    """Ten times the claims take about the memory of one time."""
    peaks = []
    for times in (200, 2000):
        segments = texts(whole_set(full=False))
        billing, subscriber = segments[:10], segments[10:23]
        claims = [
            segment.replace("HL*2*", f"HL*{number}*").replace("number-1*", f"number-{number}*")
            for number in range(2, times + 2)
            for segment in subscriber
        ]
        body = [*billing, *claims, "SE"]
        body[-1] = f"SE*{len(body)}*0001"
        stream = io.BytesIO(file_of(body, line_break=""))
        tracemalloc.start()
        try:
            found = validate_stream(stream, "x")
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert (found.findings, found.claims) == ([], times)
    assert peaks[1] < peaks[0] + 2_500_000
