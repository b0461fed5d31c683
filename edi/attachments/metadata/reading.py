"""Reading a stream in chunks, so that no file is ever held whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 1 << 16
"""Bytes that are read at once."""


def chunks(stream: BinaryIO, count: int | None = None) -> Iterator[bytes]:
    """The next `count` bytes of a stream, or as many as there are; without a count all that follow."""
    while chunk := stream.read(CHUNK if count is None else min(count, CHUNK)):
        if count is not None:
            count -= len(chunk)
        yield chunk


def skip(stream: BinaryIO, count: int) -> None:
    """Read past the next `count` bytes, or as many as there are."""
    for _ in chunks(stream, count):
        pass


def leave_out_rest(stream: BinaryIO, removed: set[str]) -> None:
    """What stands behind the end of a picture is no part of it."""
    if stream.read(1):
        removed.add("data behind the picture")
