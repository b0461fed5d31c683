"""JPEG: Exif, XMP, IPTC and comments are left out; what decodes and colours the picture stays.

Source: ITU T.81 (markers), CIPA DC-008 (APP1 holds Exif), Adobe's technical notes (APP1 XMP, APP13 IPTC, APP14 colour).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from edi.attachments.metadata import exif
from edi.attachments.metadata.reading import CHUNK, chunks, leave_out_rest, skip

_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_APP1, _IPTC = 0xE1, 0xED
_EXIF = b"Exif\x00\x00"
_BARE = (0x01, *range(0xD0, 0xD8))  # markers without a length
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def without_metadata(stream: BinaryIO, removed: set[str]) -> Iterator[bytes]:
    """The file without those segments; where a picture is to be turned, an Exif segment that says only that."""
    yield from chunks(stream, 2)
    while True:
        head = stream.read(2)
        while head == b"\xff\xff":  # any number of fill octets may stand before a marker
            yield b"\xff"
            head = b"\xff" + stream.read(1)
        if len(head) < 2 or head[0] != 0xFF:
            yield head
            break
        marker = head[1]
        if marker in _BARE:
            yield head
            continue
        if marker == _END:
            yield head
            leave_out_rest(stream, removed)
            return
        size = stream.read(2)
        length = int.from_bytes(size, "big") - 2
        if len(size) < 2 or length < 0:
            yield head + size
            break
        if marker == _COMMENT:
            removed.add("comment")
            skip(stream, length)
        elif marker == _IPTC:
            removed.add("IPTC")
            skip(stream, length)
        elif marker == _APP1:
            yield _app1(stream.read(length), removed)
        else:
            yield head + size
            yield from chunks(stream, length)
            if marker == _SCAN:
                yield from _scanned(stream)
    yield from chunks(stream)


def _scanned(stream: BinaryIO) -> Iterator[bytes]:
    """The entropy-coded data up to the next marker, at which the stream then stands."""
    while chunk := stream.read(CHUNK):
        if chunk.endswith(b"\xff"):
            chunk += stream.read(1)
        found = _AFTER_SCAN.search(chunk)
        if found:
            stream.seek(found.start() - len(chunk), os.SEEK_CUR)
            yield chunk[: found.start()]
            return
        yield chunk


def _app1(body: bytes, removed: set[str]) -> bytes:
    if not body.startswith(_EXIF):
        removed.add("XMP")
        return b""
    block = body[len(_EXIF) :]
    kept = exif.minimal(exif.orientation(block))
    if kept != block:
        removed |= exif.kinds(block)
    if not kept:
        return b""
    return bytes((0xFF, _APP1)) + (len(_EXIF) + len(kept) + 2).to_bytes(2, "big") + _EXIF + kept
