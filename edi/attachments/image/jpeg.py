"""The segments and scans of a JPEG (ITU T.81), and whether image data are missing.

A decoder paints missing data gray and reports nothing, so this is found by hand.
"""

from __future__ import annotations

import re
from math import ceil
from typing import Final, NamedTuple

_SCAN, _END = 0xDA, 0xD9
_BARE: Final = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a length
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL: Final = (0xC0, 0xC1)
_PROGRESSIVE: Final = 0xC2
_MARKER = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_MOST_SEGMENTS: Final = 10_000
_MOST_SCANS: Final = 50  # programs write some ten; each may cost as much as decoding the whole picture
_FILLER: Final = bytes(16)  # what a decoder may read ahead of what it needs


class _Frame(NamedTuple):
    """What SOF says: its marker, the size in pixels, and the sampling factors of each component."""

    marker: int
    height: int
    width: int
    sampling: tuple[tuple[int, int], ...]


class Layout(NamedTuple):
    """A frame, and for each scan where its entropy-coded data begin and end, and how many components are in it."""

    frame: _Frame
    scans: list[tuple[int, int, int]]


def layout(octets: bytes) -> Layout | None:
    """The parts of a JPEG; None when a segment runs past the end, when there is no picture in it, or out of bounds."""
    at, frame, scans = 2, None, []
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.match(octets, at)
        if found is None or found[1][0] == _END:
            break
        marker, at = found[1][0], found.end()
        if marker in _BARE:
            continue
        length = int.from_bytes(octets[at : at + 2], "big")
        body = octets[at + 2 : at + length]
        if length < 2 or len(body) < length - 2:
            return None
        at += length
        if marker in _FRAMES:
            frame = _frame(marker, body)
        elif marker == _SCAN:
            end = _SCAN_END.search(octets, at)
            if end is None or not body:
                return None
            scans.append((at, end.start(), body[0]))
            at = end.start()
    if frame is None or not scans or len(scans) > _MOST_SCANS:
        return None
    return Layout(frame, scans)


def _frame(marker: int, body: bytes) -> _Frame | None:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        return None
    sampling = tuple((body[at] >> 4, body[at] & 15) for at in range(7, 6 + 3 * body[5], 3))
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    if not sampling or not all(across and down for across, down in sampling):
        return None
    return _Frame(marker, height, width, sampling)


def bare_scan(octets: bytes, parts: Layout) -> bytes:
    """The file to decode in place of `octets`: where one scan holds the whole picture, what follows the scan is left out.
    A decoder that needs more of the picture then misses it, instead of finding the end."""
    _, end, components = parts.scans[0]
    if parts.frame.marker in _SEQUENTIAL and components == len(parts.frame.sampling):
        return octets[:end] + _FILLER
    return octets


def is_cut(parts: Layout) -> bool:
    """Whether the first scan has fewer octets than the least that the picture can be told in. Of arithmetic coding no least
    is known."""
    marker, height, width, sampling = parts.frame
    begin, end, components = parts.scans[0]
    if marker not in (*_SEQUENTIAL, _PROGRESSIVE):
        return end == begin
    across, down = max(each[0] for each in sampling), max(each[1] for each in sampling)
    units = ceil(width / (8 * across)) * ceil(height / (8 * down))
    bits = 1 if marker == _PROGRESSIVE else 2  # of a block: a code for its mean, and one for the rest
    return (end - begin) * 8 < units * components * bits
