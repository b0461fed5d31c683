"""Media types of attachments: by the first bytes of a file, by its name, and how a file of each is called.

Signatures: PNG (W3C), JPEG (ITU T.81), TIFF 6.0, PDF (ISO 32000), DICOM part 10.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile("[^A-Za-z0-9._-]")

SUFFIXES = {
    "application/dicom": "dcm",
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/xml": "xml",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "text/html": "html",
    "text/plain": "txt",
    "text/rtf": "rtf",
    "text/xml": "xml",
}

TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".dcm": "application/dicom",
}
"""The media type for the suffix of a file's name; files with another suffix are not taken."""
PDF = b"%PDF-"
"""The first bytes of a PDF."""


def media_type_of(head: bytes, *, text: bool = False) -> str | None:
    """The media type of a file by its first bytes; None when it is unknown. `text` says that all of it is text."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return "image/tiff"
    if head.startswith(PDF):
        return "application/pdf"
    if head[128:132] == b"DICM":
        return "application/dicom"
    if text:
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return "application/xml" if start.startswith(b"<?xml") else "text/plain"
    return None


def file_name(stem: str, media_type: str) -> str:
    """A name that is safe in any folder: letters, digits, `.`, `-` and `_` of `stem`, and the suffix of the media type
    ("bin" where it is none of these)."""
    kept = _UNSAFE.sub("-", stem).lstrip(".")
    return f"{kept or '-'}.{SUFFIXES.get(media_type, 'bin')}"
