"""Small drawings in the manner of a periapical film, as grayscale PNG; no picture of anybody.

The image data is stored, not compressed, so that the bytes do not depend on the zlib that a Python has.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

from edi.sample.chance import Chance

WIDTH, HEIGHT = 96, 128
_NOISE = 4096

# Levels of gray: the denser, the lighter.
_AIR, _LESION, _BONE, _CANAL, _DENTIN, _ENAMEL, _BARRIER, _FILLING = 14, 42, 96, 70, 158, 205, 222, 240

_CROWN, _NECK, _APEX = 26, 48, 102


def film(
    tooth: str, date: str, seed: int, *, barrier: float = 0.0, lesion: float = 3.0, filled: bool = False
) -> bytes:
    """A PNG of some 12 kB: one root with an open apex in a gray field.

    `tooth` turns lower teeth root down; `date` (ISO) and `seed` change grain and outline, so that no two
    films are the same. `barrier` is the share of the apex that is closed (0 to 1), `lesion` the width of the
    dark area around it in millimetres, `filled` draws the root filling of a closing visit.
    """
    chance = Chance(int.from_bytes(f"{seed}|{tooth}|{date}".encode(), "big"))
    middle = WIDTH // 2 + chance.between(-5, 5)
    half = chance.between(15, 18)
    rows = [
        _row(chance, _edges(y, middle, half, barrier, lesion, filled)) for y in range(HEIGHT)
    ]  # crown at the top
    if not (tooth.isdigit() and int(tooth) > 16):
        rows.reverse()
    return _png(b"".join(rows))


def _edges(
    y: int, middle: int, half: int, barrier: float, lesion: float, filled: bool
) -> list[tuple[int, int]]:
    """Where each level of gray ends in a row of the drawing, from left to right."""
    radius = 2.0 + lesion * 3.2
    reach = radius * radius - (y - _APEX - 2) ** 2
    dark = int(reach**0.5) if reach > 0 else 0
    if y > _APEX:
        return [(middle - dark, _BONE), (middle + dark, _LESION), (WIDTH, _BONE)]
    field = _BONE if y > _NECK - 6 else _AIR
    if y < _CROWN:
        return [(WIDTH, _AIR)]
    if y < _NECK:
        width = half + (3 if y > _CROWN + 4 else 0)
        return [(middle - width, field), (middle + width, _ENAMEL), (WIDTH, field)]
    outer = half - (y - _NECK) * 6 // (_APEX - _NECK)
    # The canal of an unfinished root opens towards the apex.
    canal = 3 + (y - _NECK) * 6 // (_APEX - _NECK)
    inside = [(middle + canal, _FILLING if filled else _CANAL)]
    if barrier > 0 and y > _APEX - 6:
        closed = int(canal * min(barrier, 1.0))
        inside = [
            (middle - canal + closed, _BARRIER),
            (middle + canal - closed, _CANAL),
            (middle + canal, _BARRIER),
        ]
    dark = max(dark, outer)
    return [
        (middle - dark, field),
        (middle - outer, _LESION),
        (middle - canal, _DENTIN),
        *inside,
        (middle + outer, _DENTIN),
        (middle + dark, _LESION),
        (WIDTH, field),
    ]


def _row(chance: Chance, edges: list[tuple[int, int]]) -> bytes:
    """Filter byte and pixels of one row, each stretch cut from the grain of its level."""
    pieces, start = [b"\0"], 0
    at = chance.below(_NOISE - WIDTH)
    for end, level in edges:
        if end > start:
            pieces.append(_grain(level)[at + start : at + end])
            start = end
    return b"".join(pieces)


@lru_cache(maxsize=16)
def _grain(level: int) -> bytes:
    """A long stretch of one level of gray with the grain of a film."""
    chance = Chance(level)
    return bytes(min(255, max(0, level + chance.between(-9, 9))) for _ in range(_NOISE))


def _png(raw: bytes) -> bytes:
    """PNG of 8-bit gray rows: signature, IHDR, one IDAT with a stored deflate block, IEND."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    size = len(raw)
    stored = struct.pack("<BHH", 1, size, size ^ 0xFFFF) + raw
    data = b"\x78\x01" + stored + struct.pack(">I", zlib.adler32(raw))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
