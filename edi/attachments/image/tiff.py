"""The directories of a TIFF (TIFF 6.0), read within bounds: offsets and counts in a file may be wrong."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

MOST_PAGES: Final = 200
_MOST_ENTRIES: Final = 20_000  # in the whole file
_MOST_VALUES: Final = 65_536  # of an entry that is no string of octets; a large film has some thousand strips
_SIZES: Final = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8)  # octets of a value, by the type's number


class Entry(NamedTuple):
    """An entry of a directory. `octets` is the size of its data, which `value` holds where they are at most four, and
    else is the offset of; `raw` is the entry as it stands in the file."""

    tag: int
    octets: int
    value: int
    raw: bytes


class Directory(NamedTuple):
    """A directory at the offset `at`, and the offset of the page after it (0: none)."""

    at: int
    entries: list[Entry]
    following: int

    @property
    def size(self) -> int:
        """Its octets in the file."""
        return 2 + 12 * len(self.entries) + 4


class Directories:
    """Reads the directories of a file. `within_bounds` turns false when it has more entries than a picture needs, or one
    with more values."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = _MOST_ENTRIES
        self.within_bounds = True
        self.size = stream.seek(0, 2)
        stream.seek(0)
        self._head = stream.read(8)
        self.order = "<" if self._head.startswith(b"II") else ">"

    def pages(self) -> Iterator[Directory]:
        """The directory of each page, and of one page more than MOST_PAGES where there are so many."""
        if len(self._head) < 8:
            return
        (at,) = struct.unpack_from(self.order + "I", self._head, 4)
        seen: set[int] = set()
        while at and at not in seen and len(seen) <= MOST_PAGES:
            seen.add(at)
            directory = self.directory(at)
            if directory is None:
                return
            yield directory
            at = directory.following

    def directory(self, at: int) -> Directory | None:
        """The directory at an offset; None when the file ends before it does, or when it is out of bounds."""
        self._stream.seek(at)
        head = self._stream.read(2)
        if len(head) < 2:
            return None
        (count,) = struct.unpack(self.order + "H", head)
        self._left -= count
        if self._left < 0:
            self.within_bounds = False
            return None
        body = self._stream.read(12 * count + 4)
        if len(body) < 12 * count + 4:
            return None
        entries = []
        for start in range(0, 12 * count, 12):
            tag, kind, values, value = struct.unpack_from(self.order + "HHII", body, start)
            size = _SIZES[kind] if kind < len(_SIZES) else 0
            if values > _MOST_VALUES and size != 1:
                self.within_bounds = False
            entries.append(Entry(tag, size * values, value, body[start : start + 12]))
        return Directory(at, entries, struct.unpack_from(self.order + "I", body, 12 * count)[0])
