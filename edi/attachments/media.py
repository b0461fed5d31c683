"""Media types of attachments, and how files of each are called."""

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


def file_name(stem: str, media_type: str) -> str:
    """A name that is safe in any folder: letters, digits, `.`, `-` and `_` of `stem`, and the suffix of the media type
    ("bin" where it is none of these)."""
    kept = _UNSAFE.sub("-", stem).lstrip(".")
    return f"{kept or '-'}.{SUFFIXES.get(media_type, 'bin')}"
