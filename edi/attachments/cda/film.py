"""Unstructured documents: one film, PDF or text in base64 behind a US Realm header, in memory that stays flat."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from edi.attachments.cda.codes import document_code
from edi.attachments.cda.header import Kind, header
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.markup import END
from edi.attachments.cda.sign import LARGEST, SigningKey, signed
from edi.attachments.cda.values import MEDIA_TYPES, XML, Enclosure, Made, Stamp
from edi.visit.record import Visit

TEMPLATE = "2.16.840.1.113883.10.20.22.1.10"
_PIECE = 3 << 18  # a multiple of three, so that pieces of base64 join without padding between them
_TAIL = f"</text></nonXMLBody></component>{END}".encode()


def unstructured(
    visit: Visit,
    enclosure: Enclosure,
    stamp: Stamp,
    source: BinaryIO | Path,
    out: BinaryIO,
    key: SigningKey | None = None,
) -> Made:
    """Write a C-CDA R2.1 Unstructured Document that holds the octets of `source` to `out`.

    `source` is read once, in pieces; an open stream is left open. With a `key` the document is signed, unless it is
    larger than `LARGEST` octets: then `Made.signed` is False. Raises ValueError when the media type is none that such a
    document may hold, KeyError for an unknown kind; OSError when reading or writing fails.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return unstructured(visit, enclosure, stamp, stream, out, key)
    head, tail, own_id, code = frame(visit, enclosure, stamp)
    pieces: Iterator[bytes] = iter(partial(source.read, _PIECE), b"")
    document: Iterable[bytes] = chain((head,), _base64(pieces), (tail,))
    if key:
        document, is_whole = _start(document)
        if is_whole:
            document = (signed(b"".join(document), key),)
    else:
        is_whole = False
    digest = hashlib.sha256()
    size = 0
    for piece in document:
        digest.update(piece)
        size += len(piece)
        out.write(piece)
    return Made(XML, size, digest.hexdigest(), own_id, code, is_whole)


class Frame(NamedTuple):
    """What stands before the base64 of the file and after it, the document's own identifier and its LOINC code."""

    head: bytes
    tail: bytes
    id: tuple[str, str]
    code: str


def frame(visit: Visit, enclosure: Enclosure, stamp: Stamp) -> Frame:
    """The document around a file that is not at hand yet, for who writes both himself. Raises as `unstructured`."""
    if enclosure.media_type not in MEDIA_TYPES:
        raise ValueError(f"A C-CDA document cannot hold {enclosure.media_type}.")
    identity = Identity(stamp.oid_root, visit, f"file/{enclosure.id}")
    code = document_code(enclosure.kind)
    title = enclosure.title or code.meaning
    if enclosure.made and enclosure.made not in title:
        title = f"{title}, {enclosure.made}"
    head = header(visit, Kind(TEMPLATE, code.code, title), identity, stamp)
    body = f'<component><nonXMLBody><text mediaType="{enclosure.media_type}" representation="B64">'
    return Frame(f"{head}{body}".encode(), _TAIL, identity.document(stamp.version), code.code)


def _base64(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Base64 without line breaks. What a short read leaves is carried over: only three octets make four letters."""
    rest = b""
    for piece in pieces:
        data = rest + piece if rest else piece
        whole = len(data) // 3 * 3
        rest = data[whole:]
        yield binascii.b2a_base64(data[:whole], newline=False)
    yield binascii.b2a_base64(rest, newline=False)


def _start(document: Iterable[bytes]) -> tuple[Iterable[bytes], bool]:
    """The pieces again, and whether they are the whole of a document that is small enough to be signed."""
    pieces = iter(document)
    taken: list[bytes] = []
    size = 0
    for piece in pieces:
        taken.append(piece)
        size += len(piece)
        if size > LARGEST:
            return chain(taken, pieces), False
    return taken, True
