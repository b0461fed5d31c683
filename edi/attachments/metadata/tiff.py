"""TIFF: entries of the directories that describe, name or place are taken out where they stand, and their data zeroed.

The file keeps its length and every other octet its place, so no offset changes. Source: TIFF 6.0, and CIPA DC-008 for the
directories of Exif and place.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from edi.attachments.metadata.reading import CHUNK

_KINDS = {
    269: "text",  # document name
    270: "text",  # image description
    285: "text",  # page name
    315: "text",  # artist
    316: "text",  # host computer
    700: "XMP",
    33432: "text",  # copyright
    33723: "IPTC",
    34377: "IPTC",  # Photoshop's own block, which holds IPTC
    34665: "Exif",
    34853: "location",
}
_DIRECTORIES = (34665, 34853)
_SIZES = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8)  # octets of a value, by the type's number
_MOST_PAGES = 4096


class _Entry(NamedTuple):
    tag: int
    octets: int  # of its data
    value: int  # the data's offset where they have more than four octets
    raw: bytes


Patches = dict[int, bytes]


def without_metadata(stream: BinaryIO, removed: set[str]) -> Iterator[bytes]:
    """The file with those entries taken out."""
    patches = sorted(_patches(stream, removed).items())
    stream.seek(0)
    at = 0
    while chunk := stream.read(CHUNK):
        changed = bytearray(chunk)
        for start, octets in patches:
            first, last = max(start, at), min(start + len(octets), at + len(chunk))
            if first < last:
                changed[first - at : last - at] = octets[first - start : last - start]
        at += len(chunk)
        yield bytes(changed)


def _patches(stream: BinaryIO, removed: set[str]) -> Patches:
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    head = stream.read(8)
    order = "<" if head.startswith(b"II") else ">"
    patches: Patches = {}
    if len(head) < 8:
        return patches
    (at,) = struct.unpack_from(order + "I", head, 4)
    seen: set[int] = set()
    while at and at not in seen and len(seen) < _MOST_PAGES:
        seen.add(at)
        entries, following = _directory(stream, at, order)
        kept = [entry for entry in entries if entry.tag not in _KINDS]
        for entry in entries:
            if kind := _KINDS.get(entry.tag):
                removed.add(kind)
                _wipe(stream, entry, order, size, patches)
        if len(kept) < len(entries):
            octets = struct.pack(order + "H", len(kept)) + b"".join(entry.raw for entry in kept)
            octets += struct.pack(order + "I", following)
            patches[at] = octets.ljust(2 + 12 * len(entries) + 4, b"\x00")
        at = following
    return patches


def _directory(stream: BinaryIO, at: int, order: str) -> tuple[list[_Entry], int]:
    """The entries of a directory, and where the next one stands (0: none)."""
    stream.seek(at)
    head = stream.read(2)
    if len(head) < 2:
        return [], 0
    (count,) = struct.unpack(order + "H", head)
    body = stream.read(12 * count + 4)
    if len(body) < 12 * count + 4:
        return [], 0
    entries = []
    for start in range(0, 12 * count, 12):
        tag, kind, values, value = struct.unpack_from(order + "HHII", body, start)
        octets = (_SIZES[kind] if kind < len(_SIZES) else 0) * values
        entries.append(_Entry(tag, octets, value, body[start : start + 12]))
    return entries, struct.unpack_from(order + "I", body, 12 * count)[0]


def _wipe(stream: BinaryIO, entry: _Entry, order: str, size: int, patches: Patches) -> None:
    """Zero an entry's data, and where it names a directory also that and its data. The entry itself goes with its own
    directory. Only what lies inside the file, and no more of it than a note can be, is touched."""
    if entry.tag in _DIRECTORIES:
        inner, _ = _directory(stream, entry.value, order)
        for each in inner:
            if each.tag not in _DIRECTORIES:
                _zero(each, size, patches)
        if inner:
            patches[entry.value] = bytes(2 + 12 * len(inner) + 4)
    _zero(entry, size, patches)


def _zero(entry: _Entry, size: int, patches: Patches) -> None:
    if 4 < entry.octets <= size - entry.value:
        patches[entry.value] = bytes(entry.octets)
