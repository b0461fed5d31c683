"""Open the files that a record names: what their bytes are, how many, and their digest. Nothing is judged here.

File signatures: PNG (W3C), JPEG (ITU T.81), TIFF 6.0, PDF (ISO 32000), DICOM part 10. A file is read once, in pieces.
"""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from edi.visit.facts import FileFact, FileProblem
from edi.visit.record import Attachment

_PIECE = 1 << 16
_TAIL = 1024  # where a PDF's trailer must stand

_SUFFIXES = {
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
_ENDS = {
    "image/png": b"IEND\xaeB`\x82",
    "image/jpeg": b"\xff\xd9",
    "application/pdf": b"%%EOF",
}


def open_attachments(base: str, attachments: Sequence[Attachment]) -> dict[str, FileFact]:
    """The facts of every attachment that names a file, by its id. `base` is the folder the names are relative to."""
    return {
        attachment["id"]: _facts(base, attachment["file"])
        for attachment in attachments
        if attachment.get("file")
    }


def _facts(base: str, name: str) -> FileFact:
    if not _inside(base, name):
        return FileFact("outside", None, 0, None)
    try:
        with Path(base, name).open("rb") as stream:
            return _read(stream, _SUFFIXES.get(Path(name).suffix.lower()))
    except (FileNotFoundError, NotADirectoryError):
        return FileFact("missing", None, 0, None)
    except (OSError, ValueError):
        return FileFact("unreadable", None, 0, None)


def _inside(base: str, name: str) -> bool:
    """Whether a name stays in the record's folder, links followed."""
    if "\x00" in name:
        return True  # no such file can exist: opening it says so
    folder = os.path.realpath(base)
    return os.path.realpath(os.path.join(folder, name)).startswith(folder.rstrip(os.sep) + os.sep)  # noqa: PTH118


def _read(stream: BinaryIO, named: str | None) -> FileFact:
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    head = tail = b""
    size, text = 0, True
    while piece := stream.read(_PIECE):
        head = head or piece[:1024]
        tail = (tail + piece)[-_TAIL:]
        size += len(piece)
        digest.update(piece)
        if text:
            text = _is_text(decoder, piece)
    if not size:
        return FileFact("empty", None, 0, None)
    kind = media_type(head, text=text)
    return FileFact(_problem(kind, named, tail), kind, size, digest.hexdigest())


def _problem(kind: str | None, named: str | None, tail: bytes) -> FileProblem | None:
    if kind is None:
        return "unknown-type"
    if not _whole(kind, tail):
        return "truncated"
    return None if named == kind else "not-what-name-says"


def _is_text(decoder: codecs.IncrementalDecoder, piece: bytes) -> bool:
    if b"\x00" in piece:
        return False
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True


def media_type(head: bytes, *, text: bool = False) -> str | None:
    """What a file is by its first bytes, whose `text` is a fact about all of it; None when nothing tells."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return "image/tiff"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head[128:132] == b"DICM":
        return "application/dicom"
    if text:
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return "application/xml" if start.startswith(b"<?xml") else "text/plain"
    return None


def _whole(kind: str, tail: bytes) -> bool:
    end = _ENDS.get(kind)
    if end is None:
        return True
    # Cameras and scanners pad the end of a JPEG; a PDF may close with line breaks.
    return end in tail if kind != "image/png" else tail.endswith(end)
