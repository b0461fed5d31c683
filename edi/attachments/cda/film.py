"""Unstructured documents: one film, PDF or text in base64 behind a US Realm header, in memory that stays flat."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from edi.attachments.cda.codes import document_code
from edi.attachments.cda.header import Kind, header
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.tree import child, serialized
from edi.attachments.cda.values import MEDIA_TYPES, XML, Enclosure, Made, Stamp
from edi.visit.record import Visit

TEMPLATE = "2.16.840.1.113883.10.20.22.1.10"
_PIECE = 3 << 18  # a multiple of three, so that pieces of base64 join without padding between them
_HERE = "-"


def unstructured(
    visit: Visit, enclosure: Enclosure, stamp: Stamp, source: BinaryIO | Path, out: BinaryIO
) -> Made:
    """Write a C-CDA R2.1 Unstructured Document that holds the octets of `source` to `out`.

    `source` is read once, in pieces; an open stream is left open. Raises ValueError when the media type is none that
    such a document may hold, KeyError for an unknown kind; OSError when reading or writing fails.
    """
    if enclosure.media_type not in MEDIA_TYPES:
        raise ValueError(f"A C-CDA document cannot hold {enclosure.media_type}.")
    identity = Identity(stamp.oid_root, visit, f"file/{enclosure.id}")
    code = document_code(enclosure.kind)
    title = enclosure.title or code.meaning
    if enclosure.made and enclosure.made not in title:
        title = f"{title}, {enclosure.made}"
    head, tail = _around(visit, Kind(TEMPLATE, code.code, title), identity, stamp, enclosure.media_type)
    digest = hashlib.sha256()
    size = 0

    def write(piece: bytes) -> None:
        nonlocal size
        digest.update(piece)
        size += len(piece)
        out.write(piece)

    write(head)
    if isinstance(source, Path):
        with source.open("rb") as stream:
            _encode(stream, write)
    else:
        _encode(source, write)
    write(tail)
    return Made(XML, size, digest.hexdigest(), identity.document(stamp.version), code.code)


def _around(
    visit: Visit, kind: Kind, identity: Identity, stamp: Stamp, media_type: str
) -> tuple[bytes, bytes]:
    """What stands before the base64, and what after it."""
    document = header(visit, kind, identity, stamp)
    body = child(child(document, "component"), "nonXMLBody")
    child(body, "text", _HERE, mediaType=media_type, representation="B64")
    head, _, tail = serialized(document).rpartition(f">{_HERE}<".encode())
    return head + b">", b"<" + tail


def _encode(source: BinaryIO, write: Callable[[bytes], object]) -> None:
    """Base64 without line breaks. A short read is carried over, for only three octets make four letters."""
    rest = b""
    while piece := source.read(_PIECE):
        if rest:
            piece = rest + piece
        whole = len(piece) // 3 * 3
        rest = piece[whole:]
        write(binascii.b2a_base64(piece[:whole], newline=False))
    write(binascii.b2a_base64(rest, newline=False))
