"""The image data of a PNG (W3C PNG, third edition), and whether rows are missing.

A decoder leaves missing rows black and reports nothing, so this is found by hand.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

_SIGNATURE: Final = 8
_AROUND: Final = 12  # octets of a chunk beside its data: length, kind, checksum
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""The passes of an interlaced image: first column, first row, step to the right, step down."""


def is_cut(octets: bytes) -> bool:
    """Whether a PNG that Pillow opens holds fewer image data than its size takes."""
    header = octets[_SIGNATURE + 8 : _SIGNATURE + 21]
    missing = _raw_size(
        int.from_bytes(header[:4], "big"),
        int.from_bytes(header[4:8], "big"),
        header[8] * _CHANNELS.get(header[9], 1),
        interlaced=header[12] == 1,
    )
    inflate = zlib.decompressobj()
    for data in _image_data(octets):
        while data and missing > 0:
            missing -= len(inflate.decompress(data, 1 << 20))
            data = inflate.unconsumed_tail
    return missing > 0


def _image_data(octets: bytes) -> Iterator[bytes]:
    """The data of each IDAT chunk."""
    at = _SIGNATURE
    while at + _AROUND <= len(octets):
        size = int.from_bytes(octets[at : at + 4], "big")
        if octets[at + 4 : at + 8] == b"IDAT":
            yield octets[at + 8 : at + 8 + size]
        at += _AROUND + size


def _raw_size(width: int, height: int, bits: int, *, interlaced: bool) -> int:
    """The octets of all rows, each with its filter."""
    size = 0
    for left, top, across, down in _ADAM7 if interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            size += rows * (1 + (columns * bits + 7) // 8)
    return size
