"""Octets passed on in pieces, so that no file is ever held whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

PIECE = 1 << 16


def rest(stream: BinaryIO) -> Iterator[bytes]:
    """All that is left of a stream."""
    while piece := stream.read(PIECE):
        yield piece


def next_octets(stream: BinaryIO, count: int) -> Iterator[bytes]:
    """The next `count` octets, or as many as there are."""
    while count and (piece := stream.read(min(count, PIECE))):
        count -= len(piece)
        yield piece


def skip(stream: BinaryIO, count: int) -> None:
    """Leave the next `count` octets out, or as many as there are."""
    for _ in next_octets(stream, count):
        pass
