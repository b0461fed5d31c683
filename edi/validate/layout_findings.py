"""Findings on the layout of a file: blanks and line breaks where X12 has none."""

from __future__ import annotations

from collections import deque

from edi.guide.standard import SEGMENTS
from edi.validate.log import Log
from edi.x12.layout import Flaw, LayoutFault
from edi.x12.reader import Batch

_RULES = {
    Flaw.AROUND_SEGMENT: (
        "X12-SEGMENT-BLANKS",
        "Blanks stand before or after segments, here first; all are read without them.",
    ),
    Flaw.AROUND_ELEMENT: (
        "X12-SEPARATOR-BLANKS",
        "Blanks stand beside separators, here first; all elements are read without them.",
    ),
    Flaw.BREAK_WITHIN: (
        "X12-SEGMENT-BROKEN",
        "Line breaks stand inside segments, here first; all are read without them.",
    ),
    Flaw.BREAK_AS_END: (
        "X12-TERMINATOR-LOST",
        "A segment ends in a line break and not in the terminator of the ISA, here first; it is read as ended.",
    ),
}


class LayoutFindings:
    """Reports each where its segment stands in its transaction set or interchange."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._separator = ""
        self._waiting: deque[LayoutFault] = deque()

    def add(self, batch: Batch, before: int) -> None:
        """Take those of a batch, before whose segments so many others stand."""
        self._separator = batch.delimiters.element
        self._waiting += (each._replace(place=each.place + before) for each in batch.layout)

    def shift(self, count: int) -> None:
        """So many segments are no longer among those at hand."""
        self._waiting = deque(each._replace(place=each.place - count) for each in self._waiting)

    def report(self, segments: list[str], first: int, end: int, position: int) -> None:
        """Report what begins in the segments from index `first` up to `end`; `position` is that of the first."""
        while self._waiting and self._waiting[0].place < end:
            flaw, place, raw = self._waiting.popleft()
            rule, message = _RULES[flaw]
            name = segments[place].partition(self._separator)[0]
            self._log.add(
                rule,
                message,
                position=position + place - first,
                segment=name if name in SEGMENTS else None,
                text=raw,
                firm=True,
            )
