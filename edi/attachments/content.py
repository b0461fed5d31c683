"""Content of a payload: its size is known before it is read, and only a chunk of it is in memory at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import Struct
from typing import ClassVar, Protocol

import pybase64

from edi.attachments.files import sent_chunks
from edi.errors import InputError

_LINE = 57  # octets that make a line of base64 (RFC 2045)
_LETTERS = 76  # letters of such a line
_END = b"\r\n"
_AT_ONCE = 256  # lines; of more the chunks fall out of the processor's cache


class Content(Protocol):
    """Octets of a known number, to be read in chunks and as often as wanted."""

    @property
    def size(self) -> int: ...

    @property
    def in_memory(self) -> bool:
        """Whether the octets are in memory, and no file has to be read."""

    def chunks(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Octets:
    """Octets in memory."""

    data: bytes
    in_memory: ClassVar = True

    @property
    def size(self) -> int:
        return len(self.data)

    def chunks(self) -> Iterator[bytes]:
        yield self.data


@dataclass(frozen=True, slots=True)
class SentFile:
    """What is sent of a file that was found good: `size` octets of the digest `sha256`, as `edi.attachments.files` counted
    them; `size_limit` is the limit to which an image was reduced.

    `chunks` raises InputError when the file is no longer what it was, and OSError when it cannot be read."""

    path: Path
    media_type: str
    size: int
    sha256: str
    size_limit: int | None = None
    in_memory: ClassVar = False

    def chunks(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        left = self.size
        for chunk in sent_chunks(self.path, self.media_type, self.size_limit, set()):
            digest.update(chunk)
            left -= len(chunk)
            if left < 0:
                break
            yield chunk
        if left or digest.hexdigest() != self.sha256:
            # Without its name: a practice calls films after its patients.
            raise InputError("The file of an attachment was changed while it was read. Run again.")


@dataclass(frozen=True, slots=True)
class Joined:
    """Several contents, one after the other."""

    parts: tuple[Content, ...]

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    @property
    def in_memory(self) -> bool:
        return all(part.in_memory for part in self.parts)

    def chunks(self) -> Iterator[bytes]:
        for part in self.parts:
            yield from part.chunks()


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
    def in_memory(self) -> bool:
        return self.of.in_memory

    def chunks(self) -> Iterator[bytes]:
        rest = b""
        for chunk in self.of.chunks():
            chunk = rest + chunk if rest else chunk
            cut = len(chunk) - len(chunk) % _LINE
            rest = chunk[cut:]
            if cut:
                yield self._encoded(chunk[:cut] if rest else chunk)
        if rest:
            yield self._encoded(rest)

    def _encoded(self, chunk: bytes) -> bytes:
        letters: bytes = pybase64.b64encode(chunk)
        return _in_lines(letters) if self.lines else letters


def _in_lines(letters: bytes) -> bytes:
    """Base64 in lines, each with its line end."""
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


def mime_entity(content: Content, media_type: str, name: str) -> Joined:
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
