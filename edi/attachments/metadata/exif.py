"""Exif: whether it tells a place, and the one thing in it that the picture needs, which way up it is.

Source: the Exif standard (CIPA DC-008): a TIFF structure whose first directory has tag 0x0112 for the orientation and
0x8825 for the directory of the place.
"""

from __future__ import annotations

import struct

_ORIENTATION, _PLACE = 0x0112, 0x8825
_UPRIGHT = 1
_TURNED = range(2, 9)


def orientation(block: bytes) -> int:
    """1 (upright) to 8 from an Exif block (without the letters Exif before it); 1 where it does not say."""
    found = _entries(block).get(_ORIENTATION, _UPRIGHT)
    return found if found in _TURNED else _UPRIGHT


def kinds(block: bytes) -> set[str]:
    """The names that a report uses for what is in the block."""
    return {"Exif", "location"} if _PLACE in _entries(block) else {"Exif"}


def minimal(turned: int) -> bytes:
    """An Exif block that holds the orientation alone; empty when the picture is upright."""
    if turned == _UPRIGHT:
        return b""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)


def _entries(block: bytes) -> dict[int, int]:
    """Tags of the first directory, each with its first 16-bit value. None where the block is broken."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 8:
        return {}
    (start,) = struct.unpack_from(order + "I", block, 4)
    if start + 2 > len(block):
        return {}
    (count,) = struct.unpack_from(order + "H", block, start)
    found: dict[int, int] = {}
    for at in range(start + 2, min(start + 2 + 12 * count, len(block) - 11), 12):
        tag, value = struct.unpack_from(order + "H6xH", block, at)
        found.setdefault(tag, value)
    return found
