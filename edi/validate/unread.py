"""A transaction set whose guide is not read here."""

from __future__ import annotations

from edi.validate.walk import ENVELOPE_IDS
from edi.x12.delimiters import Delimiters


class Unread:
    """Counts the segments of such a set and judges none. Fed as a `Walk` is."""

    def __init__(self, delimiters: Delimiters) -> None:
        self._separator = delimiters.element
        self.position = 0
        self.done = False
        self.waits = False
        self.trailer = ""

    def feed(self, segments: list[str], start: int, *, more: bool = False) -> int:
        for index in range(start, len(segments)):
            name = segments[index].partition(self._separator)[0]
            if name in ENVELOPE_IDS and self.position:
                return index
            self.position += 1
            if name == "SE":
                self.trailer, self.done = segments[index], True
                return index + 1
        return len(segments)

    def cut_off(self, *, whole: bool) -> None:
        self.done = True
