"""Unstructured documents: one film, PDF or text in base64 behind a US Realm header."""

from __future__ import annotations

from typing import NamedTuple

from edi.attachments.cda.codes import document_code
from edi.attachments.cda.header import Kind, header
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.markup import END
from edi.attachments.cda.values import MEDIA_TYPES, Enclosure, Stamp
from edi.visit.record import Visit

TEMPLATE = "2.16.840.1.113883.10.20.22.1.10"
_TAIL = f"</text></nonXMLBody></component>{END}".encode()


class Frame(NamedTuple):
    """The document before the base64 of the file, and after it."""

    head: bytes
    tail: bytes


def frame(visit: Visit, enclosure: Enclosure, stamp: Stamp) -> Frame:
    """A C-CDA R2.1 Unstructured Document without the file that it holds. Raises ValueError when such a document may not hold
    the media type, KeyError for an unknown kind."""
    if enclosure.media_type not in MEDIA_TYPES:
        raise ValueError(f"A C-CDA document cannot hold {enclosure.media_type}.")
    identity = Identity(stamp.oid_root, visit, f"file/{enclosure.id}")
    code = document_code(enclosure.kind)
    title = enclosure.title or code.meaning
    if enclosure.made and enclosure.made not in title:
        title = f"{title}, {enclosure.made}"
    head = header(visit, Kind(TEMPLATE, code.code, title), identity, stamp)
    body = f'<component><nonXMLBody><text mediaType="{enclosure.media_type}" representation="B64">'
    return Frame(f"{head}{body}".encode(), _TAIL)
