"""Small films of every kind that is sent, made with Pillow or by hand, and what can be wrong with one."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

EXPLICIT = "1.2.840.10008.1.2.1"


def grain(width: int = 96, height: int = 64, mode: str = "L") -> Image.Image:
    """A picture that no encoder can make much smaller than it is."""
    octets = bytes((x * x + 7 * x * y + y) % 251 for y in range(height) for x in range(width))
    return Image.frombytes("L", (width, height), octets).convert(mode)


def saved(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    """The picture as PNG, JPEG or TIFF."""
    out = io.BytesIO()
    (image or grain()).save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *data: bytes, interlaced: bool = False) -> bytes:
    """A gray PNG that states a size, with these IDAT chunks."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, interlaced)
    body = b"".join(chunk(b"IDAT", each) for each in data)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def tiff(*entries: tuple[int, int, int, int], at: int = 8, more: bytes = b"", following: int = 0) -> bytes:
    """A little-endian TIFF: entries (tag, type, count, value) of its one directory, then `more`."""
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *each) for each in entries)
    return b"II*\x00" + struct.pack("<I", at) + directory + struct.pack("<I", following) + more


def gray_tiff(width: int, height: int, *, strips: int = 1, offset: int = 8) -> bytes:
    """A gray TIFF without compression whose strips all begin at one offset."""
    end = 8 + 2 + 9 * 12 + 4
    return tiff(
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, strips, offset if strips == 1 else end),
        (277, 3, 1, 1),
        (278, 4, 1, height if strips == 1 else 1),
        (279, 4, strips, width * height % (1 << 31) if strips == 1 else end),
        more=struct.pack("<I", 8) * strips if strips > 1 else bytes(width * height % (1 << 20)),
    )


def element(group: int, number: int, kind: bytes, value: bytes) -> bytes:
    """A DICOM element, explicit VR little endian."""
    head = struct.pack("<HH", group, number) + kind
    if kind in (b"OB", b"OW"):
        return head + b"\x00\x00" + struct.pack("<I", len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def dicom(data: bytes | None = None, syntax: str = EXPLICIT) -> bytes:
    """A DICOM file of one small image, or with other elements after its head."""
    uid = syntax.encode().ljust(len(syntax) + len(syntax) % 2, b"\x00")
    meta = element(2, 1, b"OB", b"\x00\x01") + element(2, 16, b"UI", uid)
    if data is None:
        data = element(0x28, 0x10, b"US", b"\x10\x00") + element(0x28, 0x11, b"US", b"\x10\x00")
        data += element(0x7FE0, 0x10, b"OW", bytes(range(256)))
    return bytes(128) + b"DICM" + element(2, 0, b"UL", struct.pack("<I", len(meta))) + meta + data
