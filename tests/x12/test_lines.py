"""On which line of a file each segment begins."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from edi.x12.lines import LinedStream

segments = st.lists(st.text("AB*1", min_size=1, max_size=6), min_size=1, max_size=30)


def read_again(text: str, chunk: int) -> LinedStream:
    stream = LinedStream(io.BytesIO(text.encode("latin-1")))
    while stream.read(chunk):
        pass
    stream.seek(0)
    return stream


@given(
    segments, st.lists(st.sampled_from(["", "\n", "\r\n", "\n  ", "\n\n"]), min_size=30), st.integers(1, 50)
)
def test_whatever_stands_between_segments(pieces: list[str], between: list[str], chunk: int) -> None:
    text = "".join(f"{each}~{gap}" for each, gap in zip(pieces, between, strict=False))
    stream = read_again(text, chunk)
    while stream.read(chunk):
        pass
    at = 0
    for each, gap in zip(pieces, between, strict=False):
        assert stream.line_of(each, "~") == text.count("\n", 0, at) + 1
        at += len(each) + 1 + len(gap)


def test_a_segment_that_stands_differently_has_the_line_of_the_last() -> None:
    stream = read_again("A*1~\nB * 2~\nC*3~\n", 100)
    stream.read(100)
    assert [stream.line_of(each, "~") for each in ("A*1", "B*2", "C*3")] == [1, 1, 3]


def test_lines_of_a_long_payload_are_counted_and_not_kept() -> None:
    payload = "x\n" * (1 << 20)
    stream = read_again(f"A*1~\nBIN*9*{payload}~\nC*3~\n", 1 << 16)
    assert stream.read(1 << 16)
    assert stream.line_of("A*1", "~") == 1
    while stream.read(1 << 16):
        pass
    stream.line_of("BIN*9*(payload)", "~")
    assert stream.line_of("C*3", "~") == 3 + (1 << 20)
