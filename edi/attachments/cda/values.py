"""Values of clinical documents: the writers' arguments and the reader's result."""

from __future__ import annotations

from typing import NamedTuple

from edi.finding import Finding

XML = "text/xml"
"""The media type of a C-CDA document."""

MEDIA_TYPES = frozenset(
    {
        "application/msword",
        "application/pdf",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "text/html",
        "text/plain",
        "text/rtf",
    }
)
"""What an unstructured document may hold (value set SupportedFileFormats, 2.16.840.1.113883.11.20.7.1)."""


class Stamp(NamedTuple):
    """The root of a document's identifiers, its date, and its version.

    `oid_root` is the OID under which its identifiers are made (`Settings.documents`), `as_of` an ISO date.
    `version` counts from 1; a later one says that it replaces the one before it.
    """

    oid_root: str
    as_of: str
    version: int = 1


class Enclosure(NamedTuple):
    """A file to be held by an unstructured document.

    `id` is unique in the visit, `kind` an attachment type of the visit record ("radiograph"), `media_type` one of
    MEDIA_TYPES. `title` is what a person reads first; "" gives the meaning of the kind's document code. `made` is the
    file's own date (ISO), where it is known.
    """

    id: str
    kind: str
    media_type: str
    title: str = ""
    made: str | None = None


class Section(NamedTuple):
    """A section as it was read: its LOINC code, its title, whether it says of itself that nothing is known (the name
    of the nullFlavor, else ""), and its narrative as HTML, escaped, made of plain elements without attributes."""

    code: str
    title: str
    null_flavor: str
    html: str


class Body(NamedTuple):
    """The file that an unstructured document holds: its media type as the document states it, its size in octets and
    its SHA-256 in hexadecimal after decoding. `reference` is where it lies when it is not inside ("")."""

    media_type: str
    size: int
    sha256: str
    reference: str = ""


class Signer(NamedTuple):
    """Whose certificate signed the document: subject and issuer (RFC 4514), SHA-256 of the certificate in hexadecimal,
    and the first and last day on which it is valid (ISO). That the signature fits says nothing of who is to be
    trusted: compare the fingerprint."""

    subject: str
    issuer: str
    fingerprint: str
    valid_from: str
    valid_to: str


class Document(NamedTuple):
    """A document as it was read.

    `header` holds label and value pairs for people ("Patient", "Author", "Custodian", ...), in order; it is PHI.
    `templates` are the templateIds of the document, "root" or "root:extension". `id`, `set_id` are root and extension.
    `body` is None for a structured document, `sections` are empty for an unstructured one. `signer` is None where
    there is no signature, or one that does not hold (then a finding says so). With an error among the
    `findings` the rest is what could be read.
    """

    code: str
    title: str
    id: tuple[str, str]
    set_id: tuple[str, str]
    version: str
    templates: tuple[str, ...]
    header: tuple[tuple[str, str], ...]
    body: Body | None
    sections: tuple[Section, ...]
    signer: Signer | None
    findings: tuple[Finding, ...]
