"""The lines of a file on which its segments begin."""

from __future__ import annotations

from typing import BinaryIO

_BLANKS = "\r\n \t"
_WITHIN = 2000  # characters in which the next segment is looked for, unless the last one was not found
_KEPT = 1 << 20  # characters of a payload that are kept; nothing is looked for in it


class LinedStream:
    """A seekable stream. Once it is set back to its beginning, it is read a second time, and `line_of` then tells of one
    segment after the other on which line it begins."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._again = False
        self._text = ""
        self._at = 0  # where in the text the last segment begins
        self._after = 0  # and where it ends
        self._line = 1
        self._found = True

    def read(self, size: int = -1) -> bytes:
        octets = self._stream.read(size)
        if self._again:
            self._forget(max(self._at, len(self._text) - _KEPT))
            self._text += octets.decode("latin-1")
        return octets

    def seek(self, offset: int) -> int:
        self._again = True
        return self._stream.seek(offset)

    def tell(self) -> int:
        return self._stream.tell()

    def line_of(self, segment: str, terminator: str) -> int:
        """The line of the next segment, from 1; that of the last one where the segment stands differently in the file."""
        place = self._place(segment, terminator)
        self._found = place >= 0
        if self._found:
            self._line += self._text.count("\n", self._at, place)
            self._at, self._after = place, place + len(segment)
        return self._line

    def _place(self, segment: str, terminator: str) -> int:
        end = self._after + len(segment) + _WITHIN if self._found else len(self._text)
        place = self._text.find(segment, self._after, end)
        ends = ("", terminator, *_BLANKS)
        while place >= 0:
            after = place + len(segment)
            if self._text[after : after + 1] in ends and self._text[max(0, place - 1) : place] in ends:
                return place
            place = self._text.find(segment, place + 1, end)
        return -1

    def _forget(self, count: int) -> None:
        self._line += self._text.count("\n", self._at, count)
        self._text = self._text[count:]
        self._after = max(0, self._after - count)
        self._at = 0
