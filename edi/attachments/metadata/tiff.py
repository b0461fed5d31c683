"""TIFF: entries of the directories that describe, name or place are taken out where they stand, and their data zeroed.

The file keeps its length and every other octet its place, so no offset changes. Source: TIFF 6.0, and CIPA DC-008 for the
directories of Exif and place.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from edi.attachments.image.tiff import Directories, Directory, Entry
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
    40965: "Exif",
}
_DIRECTORIES = (34665, 34853, 40965)


def without_metadata(stream: BinaryIO, removed: set[str]) -> Iterator[bytes]:
    """The file with those entries taken out."""
    patches = _Patches(stream, removed)
    stream.seek(0)
    at = 0
    while chunk := stream.read(CHUNK):
        yield patches.applied(chunk, at)
        at += len(chunk)


class _Patches:
    """What is changed in a file: octets that are put in another's place, and stretches of zeros."""

    def __init__(self, stream: BinaryIO, removed: set[str]) -> None:
        self._octets: dict[int, bytes] = {}
        self._zeros: dict[int, int] = {}
        self._directories = Directories(stream)
        for page in self._directories.pages():
            self._clean(page, removed)

    def applied(self, chunk: bytes, at: int) -> bytes:
        """A chunk of the file that stands at an offset, with what is changed in it."""
        changed = bytearray(chunk)
        for start, size in self._zeros.items():
            first, last = max(start, at), min(start + size, at + len(chunk))
            if first < last:
                changed[first - at : last - at] = bytes(last - first)
        for start, octets in self._octets.items():
            first, last = max(start, at), min(start + len(octets), at + len(chunk))
            if first < last:
                changed[first - at : last - at] = octets[first - start : last - start]
        return bytes(changed)

    def _clean(self, page: Directory, removed: set[str]) -> None:
        order = self._directories.order
        kept = [entry for entry in page.entries if entry.tag not in _KINDS]
        if len(kept) == len(page.entries):
            return
        for entry in page.entries:
            if kind := _KINDS.get(entry.tag):
                removed.add(kind)
                self._wipe(entry)
        octets = struct.pack(order + "H", len(kept)) + b"".join(entry.raw for entry in kept)
        octets += struct.pack(order + "I", page.following)
        self._octets[page.at] = octets.ljust(page.size, b"\x00")

    def _wipe(self, entry: Entry) -> None:
        """Zero an entry's data, and where it names a directory also that and its data. The entry itself goes with its own
        directory. Only what lies inside the file, and no more of it than a note can be, is touched."""
        if entry.tag in _DIRECTORIES and (inner := self._directories.directory(entry.value)):
            for each in inner.entries:
                self._zero(each)
            self._zeros[inner.at] = inner.size
        self._zero(entry)

    def _zero(self, entry: Entry) -> None:
        if entry.tag not in _DIRECTORIES and 4 < entry.octets <= self._directories.size - entry.value:
            self._zeros[entry.value] = entry.octets
