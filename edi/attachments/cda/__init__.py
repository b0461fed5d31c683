"""HL7 C-CDA R2.1 documents: written from a visit and its files, read back, shown to people, signed.

Writers take values, and never look at settings or folders:

    stamp = Stamp(settings.documents.oid_root, as_of)
    head, tail, *_ = frame(visit, Enclosure("xr-1", "radiograph", "image/png"), stamp)  # around a film in base64
    note = structured(visit, narrative.text, stamp)             # the clinical record, and the narrative in it
    document = read_document(stream, sink)                      # facts and findings; the file inside goes to `sink`
    page = rendering(document)                                  # HTML for people

The same arguments give the same bytes. `signed` signs one, and `read_document` always verifies.
`DOCUMENTS` is the one table that ties kinds of attachment to LOINC document codes.
"""

from __future__ import annotations

from edi.attachments.cda.codes import DOCUMENTS, NOTE, DocumentCode, document_code, kinds_for
from edi.attachments.cda.faults import FAULTS
from edi.attachments.cda.film import Frame, frame
from edi.attachments.cda.note import structured
from edi.attachments.cda.page import rendering
from edi.attachments.cda.read import read_document
from edi.attachments.cda.sign import LARGEST, SigningKey, signed, signing_key
from edi.attachments.cda.values import (
    MEDIA_TYPES,
    XML,
    Body,
    Document,
    Enclosure,
    Section,
    Signer,
    Stamp,
)

__all__ = [
    "DOCUMENTS",
    "FAULTS",
    "LARGEST",
    "MEDIA_TYPES",
    "NOTE",
    "XML",
    "Body",
    "Document",
    "DocumentCode",
    "Enclosure",
    "Frame",
    "Section",
    "Signer",
    "SigningKey",
    "Stamp",
    "document_code",
    "frame",
    "kinds_for",
    "read_document",
    "rendering",
    "signed",
    "signing_key",
    "structured",
]
