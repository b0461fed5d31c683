"""MIME entities (RFC 2045, 2046) in the payloads of binary segments, read as their octets come.

A payload is a file behind a MIME header, several such (multipart), or octets without a header; in a BDS with the filter
B64 all of that is in base64 once more. Each file goes to a sink, or (without a sink) is only checked against its header. A
part within a part goes on as it is; nothing else is unpacked.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

import pybase64

from edi.x12.binary import DESCRIBED

NOT_FILTERED = "OCTETSFILTER"
"""The stand-in (`edi.x12.binary`) for a payload that is not in base64 though its segment says so."""

NOT_ENCODED = "OCTETSENCODING"
"""The stand-in for a payload with a file that is not encoded as its header says."""

UNNAMED = "OCTETSUNNAMED"
"""The stand-in for a payload without a media type."""

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BLANKS = b"\r\n\t "
_LONGEST_HEADER = 1 << 16
_LONGEST_TYPE = 255  # characters of a media type that are kept: twice 127 and a slash (RFC 6838)
_HEADER = re.compile(rb"\s*[A-Za-z][A-Za-z0-9-]*:")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]+)')
_AS_IT_IS = ("", "7bit", "8bit", "binary")


class Part(NamedTuple):
    """A file by its header: the media type ("" when there is none), and the name, which is not to be trusted."""

    media_type: str
    name: str


class Stage(Protocol):
    """Takes octets, until `end` says that all have come."""

    def take(self, octets: bytes) -> None: ...

    def end(self) -> None: ...


Sink = Callable[[Part], Stage]
"""Makes the stage that takes one file's decoded octets."""


class MimePayload:
    """A payload while it is read (see `edi.x12.binary`). `head` is its segment up to the octets."""

    def __init__(self, head: str, sink: Sink | None = None) -> None:
        self._trouble: dict[str, None] = {}
        entity = _Entity(sink, self._note, 0)
        filtered = head[:3] == "BDS" and head[4:7] == "B64"
        self._first: Stage = _Base64(entity, self._note, NOT_FILTERED) if filtered else entity

    def take(self, octets: bytes) -> None:
        self._first.take(octets)

    def end(self, *, whole: bool) -> str:
        if whole:
            self._first.end()
        return next(iter(self._trouble), "")

    def _note(self, word: str) -> None:
        self._trouble[word] = None


class DescribedPayload:
    """A payload whose first file is described: `end` gives a stand-in from which `description_of` reads it."""

    def __init__(self, head: str) -> None:
        self._files: list[tuple[Part, list[int]]] = []
        self._payload = MimePayload(head, self._begun)

    def take(self, octets: bytes) -> None:
        self._payload.take(octets)

    def end(self, *, whole: bool) -> str:
        trouble = self._payload.end(whole=whole)
        if not whole or not self._files:
            return trouble
        part, sizes = self._files[0]
        return (
            DESCRIBED + f"{sum(sizes)} {part.media_type[:_LONGEST_TYPE]}".encode("latin-1", "replace").hex()
        )

    def _begun(self, part: Part) -> Stage:
        sizes = [0]
        self._files.append((part, sizes))
        return _Measured(sizes)


class _Measured:
    """Counts octets."""

    def __init__(self, sizes: list[int]) -> None:
        self._sizes = sizes

    def take(self, octets: bytes) -> None:
        self._sizes[0] += len(octets)

    def end(self) -> None:
        pass


def description_of(stand_in: str) -> tuple[str, int] | None:
    """The media type ("" unknown) and size of the file in a payload; None for a stand-in without a description."""
    if not stand_in.startswith(DESCRIBED):
        return None
    size, _, media_type = bytes.fromhex(stand_in.removeprefix(DESCRIBED)).decode("latin-1").partition(" ")
    return media_type, int(size)


Note = Callable[[str], None]


class _Entity:
    """Headers, then the body that they describe."""

    def __init__(self, sink: Sink | None, note: Note, depth: int) -> None:
        self._sink, self._note, self._depth = sink, note, depth
        self._head = b""
        self._body: Stage | None = None

    def take(self, octets: bytes) -> None:
        if self._body is not None:
            self._body.take(octets)
            return
        self._head += octets
        blank = _BLANK_LINE.search(self._head)
        if blank or len(self._head) > _LONGEST_HEADER or not _may_be_header(self._head):
            self._begin(blank)

    def end(self) -> None:
        if self._body is None:
            self._begin(_BLANK_LINE.search(self._head))
        assert self._body is not None
        self._body.end()

    def _begin(self, blank: re.Match[bytes] | None) -> None:
        """The header is complete: what follows it goes to the body."""
        fields: dict[str, str] = {}
        rest = self._head
        if blank and _HEADER.match(self._head):
            fields, rest = _fields(self._head[: blank.start()]), self._head[blank.end() :]
        self._head = b""
        content = fields.get("content-type", "")
        media_type = content.partition(";")[0].strip().lower()
        if not media_type:
            self._note(UNNAMED)
        boundary = (
            "" if self._depth or media_type[:10] != "multipart/" else _parameters(content).get("boundary")
        )
        self._body = _Parts(boundary, self._sink, self._note) if boundary else self._file(media_type, fields)
        self._body.take(rest)

    def _file(self, media_type: str, fields: dict[str, str]) -> Stage:
        encoding = fields.get("content-transfer-encoding", "").strip().lower()
        target = None
        if self._sink:
            name = _parameters(fields.get("content-disposition", "")).get("filename")
            name = name or _parameters(fields.get("content-type", "")).get("name", "")
            target = self._sink(Part(media_type, name))
        if encoding == "base64":
            return _Base64(target, self._note, NOT_ENCODED) if target else _Alphabet(self._note, NOT_ENCODED)
        if encoding == "quoted-printable":
            return _Quoted(target) if target else _Nothing()
        if encoding not in _AS_IT_IS:
            self._note(NOT_ENCODED)
        return target or _Nothing()


def _may_be_header(head: bytes) -> bool:
    """Whether octets begin as a header does, or are too few to tell."""
    return bool(_HEADER.match(head)) or (len(head) < 80 and head.isascii() and b"\n" not in head.strip())


def _fields(head: bytes) -> dict[str, str]:
    """Header fields by their name in small letters; the first of each."""
    fields: dict[str, str] = {}
    text = head.decode("latin-1")
    for line in (_FOLD.sub(" ", text) if "\n " in text or "\n\t" in text else text).splitlines():
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _parameters(value: str) -> dict[str, str]:
    """The parameters of a header value, their names in small letters."""
    return {
        name.lower(): re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
        for name, text in _PARAMETER.findall(value)
    }


class _Nothing:
    """Drops a file."""

    def take(self, octets: bytes) -> None:
        pass

    def end(self) -> None:
        pass


class _Base64:
    """Decodes; after the first octet that is no base64 nothing more comes out."""

    def __init__(self, target: Stage, note: Note, word: str) -> None:
        self._target, self._note, self._word = target, note, word
        self._rest = b""
        self._over = self._bad = False

    def take(self, octets: bytes) -> None:
        blank = any(each in octets for each in (b"\n", b"\r", b" ", b"\t"))
        text = octets.translate(None, _BLANKS) if blank else octets
        if self._bad or not text:
            return
        text = self._rest + text
        cut = len(text) - len(text) % 4
        whole, self._rest = text[:cut], text[cut:]
        try:
            if self._over:
                raise binascii.Error
            piece = pybase64.b64decode(whole, validate=True)
        except binascii.Error:
            self._bad = True
            self._note(self._word)
            return
        self._over = whole.endswith(b"=")
        self._target.take(piece)

    def end(self) -> None:
        if self._rest and not self._bad:
            self._note(self._word)
        self._target.end()


class _Alphabet:
    """Checks whether octets are base64 without decoding them, in a third of the time."""

    def __init__(self, note: Note, word: str) -> None:
        self._note, self._word = note, word
        self._letters = self._padding = 0
        self._bad = False

    def take(self, octets: bytes) -> None:
        others = octets.translate(None, _ALPHABET)
        self._letters += len(octets) - len(others)
        others = others.translate(None, _BLANKS)
        if self._padding and len(octets) > len(others):
            self._bad |= bool(octets.translate(None, _BLANKS).strip(b"="))
        elif others:
            self._bad |= bool(octets[octets.find(b"=") :].translate(None, _BLANKS).strip(b"="))
        self._padding += len(others)

    def end(self) -> None:
        if self._bad or self._padding > 2 or (self._letters + self._padding) % 4:
            self._note(self._word)


class _Quoted:
    """Decodes quoted-printable, by whole lines."""

    def __init__(self, target: Stage) -> None:
        self._target = target
        self._rest = b""

    def take(self, octets: bytes) -> None:
        text = self._rest + octets
        cut = text.rfind(b"\n") + 1 or (len(text) if len(text) > _LONGEST_HEADER else 0)
        self._rest = text[cut:]
        self._target.take(binascii.a2b_qp(text[:cut]))

    def end(self) -> None:
        self._target.take(binascii.a2b_qp(self._rest))
        self._target.end()


class _Parts:
    """Several entities between boundary lines; what stands before the first and after the last boundary is dropped."""

    def __init__(self, boundary: str, sink: Sink | None, note: Note) -> None:
        self._mark = b"\n--" + boundary.encode("latin-1")
        self._sink, self._note = sink, note
        self._text = b"\n"  # the first boundary may stand at the very beginning
        self._part: _Entity | None = None
        self._over = False

    def take(self, octets: bytes) -> None:
        if self._over:
            return
        self._text += octets
        while (found := self._text.find(self._mark)) >= 0:
            after = found + len(self._mark)
            line = self._text.find(b"\n", after)
            last = self._text.startswith(b"--", after)
            if line < 0 and not last:
                if len(self._text) - after < _LONGEST_HEADER:
                    return
                last = True  # a line without end: nothing that follows it can be told apart
            self._close(self._text[:found].removesuffix(b"\r"))
            if last:
                self._over, self._text = True, b""
                return
            self._part, self._text = _Entity(self._sink, self._note, 1), self._text[line + 1 :]
        certain = len(self._text) - len(self._mark) - 1
        if certain > 0:
            if self._part:
                self._part.take(self._text[:certain])
            self._text = self._text[certain:]

    def end(self) -> None:
        self._close(self._text)

    def _close(self, rest: bytes) -> None:
        if self._part:
            self._part.take(rest)
            self._part.end()
            self._part = None
