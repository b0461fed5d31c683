"""The package that a file or a clinical record travels in, as each guide wants it.

006020X314 carries HL7 documents (45 CFR 162.2002(a)): a film, PDF or text goes inside an unstructured C-CDA document.
005010X210 carries the files themselves, as clearinghouses take them. The clinical record of the visit is a structured
document in both. What a document cannot hold (DICOM, XML) goes as it is.
"""

from __future__ import annotations

from typing import NamedTuple

from edi.attachments.cda import (
    LARGEST,
    MEDIA_TYPES,
    XML,
    Enclosure,
    SigningKey,
    Stamp,
    frame,
    signed,
    structured,
)
from edi.attachments.content import Base64, Content, Joined, Octets
from edi.attachments.segments import X314
from edi.attachments.transaction import Form
from edi.visit.record import Visit

DOCUMENT: Form = "HL"
_TEXTS = ("text/", "application/xml")


class Package(NamedTuple):
    """The content that travels, its media type, and its form (CAT02)."""

    content: Content
    media_type: str
    form: Form


def package_file(
    version: str, visit: Visit, enclosure: Enclosure, content: Content, stamp: Stamp, key: SigningKey | None
) -> Package:
    """The package of a file by the guide `version`. With a `key`, documents that are small enough are signed.

    Raises KeyError for an unknown kind of enclosure, and what reading the content raises."""
    media_type = enclosure.media_type
    if version != X314 or media_type not in MEDIA_TYPES:
        return Package(content, media_type, "TX" if media_type.startswith(_TEXTS) else "IA")
    around = frame(visit, enclosure, stamp)
    document = Joined((Octets(around.head), Base64(content), Octets(around.tail)))
    if key is not None and document.size <= LARGEST:
        return Package(Octets(signed(b"".join(document.chunks()), key)), XML, DOCUMENT)
    return Package(document, XML, DOCUMENT)


def package_record(visit: Visit, narrative: str, stamp: Stamp, key: SigningKey | None) -> Package:
    """The package of the visit's clinical record with its whole narrative; the same by either guide."""
    return Package(Octets(structured(visit, narrative, stamp, key)), XML, DOCUMENT)
