"""PNG: chunks of text, time-stamped notes and Exif are left out. Source: W3C PNG, third edition."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from edi.attachments.metadata import exif
from edi.attachments.metadata.reading import chunks, leave_out_rest, skip

_SIGNATURE = 8
_TEXT = {b"tEXt", b"zTXt", b"iTXt"}
_EXIF = b"eXIf"
_CHECK = 4
_LARGEST_EXIF = 1 << 20


def without_metadata(stream: BinaryIO, removed: set[str]) -> Iterator[bytes]:
    """The file without those chunks; where a picture is to be turned, an Exif chunk that says only that."""
    yield from chunks(stream, _SIGNATURE)
    while len(head := stream.read(8)) == 8:
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind in _TEXT:
            removed.add("text")
            skip(stream, length + _CHECK)
        elif kind == _EXIF and length <= _LARGEST_EXIF:
            yield _turned(stream.read(length), removed)
            skip(stream, _CHECK)
        else:
            yield head
            yield from chunks(stream, length + _CHECK)
        if kind == b"IEND":
            leave_out_rest(stream, removed)
            return
    yield head
    yield from chunks(stream)


def _turned(block: bytes, removed: set[str]) -> bytes:
    kept = exif.minimal(exif.orientation(block))
    if kept != block:
        removed |= exif.kinds(block)
    if not kept:
        return b""
    body = _EXIF + kept
    return len(kept).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(_CHECK, "big")
