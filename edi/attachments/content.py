"""Octets on their way into a transaction: how many they are is known before the first is read, and no more than a
piece of them is ever in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import Struct
from typing import ClassVar, Protocol

import pybase64

from edi.attachments.open import sent
from edi.errors import InputError

_LINE = 57  # octets that make a line of base64 (RFC 2045)
_LETTERS = 76  # letters of such a line
_END = b"\r\n"
_AT_ONCE = 256  # lines; of more the pieces fall out of the processor's cache


class Content(Protocol):
    """Octets of a known number, to be read in pieces and as often as wanted."""

    @property
    def size(self) -> int: ...

    @property
    def at_hand(self) -> bool:
        """Whether the octets are in memory, so that it takes no file to read them."""

    def pieces(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Octets:
    """Octets at hand."""

    data: bytes
    at_hand: ClassVar = True

    @property
    def size(self) -> int:
        return len(self.data)

    def pieces(self) -> Iterator[bytes]:
        yield self.data


@dataclass(frozen=True, slots=True)
class SentFile:
    """What is sent of a file that was found good: `size` octets of the digest `sha256`, as `edi.attachments.open` counted
    them; `fit` is the limit to which an image was reduced.

    `pieces` raises InputError when the file is no longer what it was, and OSError when it cannot be read."""

    path: Path
    media_type: str
    size: int
    sha256: str
    fit: int | None = None
    at_hand: ClassVar = False

    def pieces(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        left = self.size
        for piece in sent(self.path, self.media_type, self.fit, set()):
            digest.update(piece)
            left -= len(piece)
            if left < 0:
                break
            yield piece
        if left or digest.hexdigest() != self.sha256:
            # Without its name: a practice calls films after its patients.
            raise InputError("The file of an attachment was changed while it was read. Run again.")


@dataclass(frozen=True, slots=True)
class Joined:
    """Contents one after the other."""

    parts: tuple[Content, ...]

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    @property
    def at_hand(self) -> bool:
        return all(part.at_hand for part in self.parts)

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

    @property
    def at_hand(self) -> bool:
        return self.of.at_hand

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
        letters: bytes = pybase64.b64encode(piece)
        return _in_lines(letters) if self.lines else letters


def _in_lines(letters: bytes) -> bytes:
    """Base64 in lines, all of them ended."""
    whole = len(letters) // _LETTERS
    blocks = [
        _END.join(_parting(min(whole - at, _AT_ONCE)).unpack_from(letters, at * _LETTERS))
        for at in range(0, whole, _AT_ONCE)
    ]
    if rest := letters[whole * _LETTERS :]:
        blocks.append(rest)
    return _END.join((*blocks, b""))


@cache  # of at most so many as lines are taken at once
def _parting(lines: int) -> Struct:
    return Struct(f"{_LETTERS}s" * lines)


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
