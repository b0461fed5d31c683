"""Octets on their way into a transaction: how many they are is known before the first is read, and no more than a
piece of them is ever in memory."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from edi.errors import InputError

_PIECE = 57 << 12  # octets read at once: whole lines of base64
_LINE = 57  # octets that make a line of 76 characters (RFC 2045)
_END = b"\r\n"


class Content(Protocol):
    """Octets of a known number, to be read in pieces and as often as wanted."""

    @property
    def size(self) -> int: ...

    def pieces(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Octets:
    """Octets at hand."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def pieces(self) -> Iterator[bytes]:
        yield self.data


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was measured before: `sha256` in hexadecimal. `pieces` raises InputError when it is no longer
    the file that was measured, after its octets have been given, and OSError when it cannot be read."""

    path: Path
    size: int
    sha256: str

    def pieces(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        left = self.size
        with self.path.open("rb", buffering=0) as stream:
            while left > 0 and (piece := stream.read(min(_PIECE, left))):
                digest.update(piece)
                left -= len(piece)
                yield piece
            if left or stream.read(1) or digest.hexdigest() != self.sha256:
                raise InputError(f"{self.path} was changed while it was read. Run again.")


@dataclass(frozen=True, slots=True)
class Joined:
    """Contents one after the other."""

    parts: tuple[Content, ...]

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    def pieces(self) -> Iterator[bytes]:
        for part in self.parts:
            yield from part.pieces()


@dataclass(frozen=True, slots=True)
class Base64:
    """A content in base64: in lines as mail has them, or without any line break."""

    of: Content
    lines: bool = False

    @property
    def size(self) -> int:
        characters = -(-self.of.size // 3) * 4
        return characters + (-(-self.of.size // _LINE) * len(_END) if self.lines else 0)

    def pieces(self) -> Iterator[bytes]:
        rest = b""
        for piece in self.of.pieces():
            piece = rest + piece if rest else piece
            cut = len(piece) - len(piece) % _LINE
            rest = piece[cut:]
            if cut:
                yield self._encoded(piece[:cut] if rest else piece)
        if rest:
            yield self._encoded(rest)

    def _encoded(self, piece: bytes) -> bytes:
        text = binascii.b2a_base64(piece, newline=False)
        if not self.lines:
            return text
        return _END.join([text[start : start + 76] for start in range(0, len(text), 76)]) + _END


def entity(content: Content, media_type: str, name: str) -> Joined:
    """A MIME entity (RFC 2045): its headers, a blank line, and the content in base64. `name` is the file's, of
    letters, digits, `.`, `-` and `_`."""
    head = (
        "MIME-Version: 1.0\r\n"
        f'Content-Type: {media_type}; name="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n'
        "\r\n"
    )
    return Joined((Octets(head.encode("ascii")), Base64(content, lines=True)))
