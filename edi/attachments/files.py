"""The files that a record names: what they are, what is wrong with them, and the size and digest of what is sent.

A file is read in chunks; an image is also decoded, once, as it is sent.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from edi.attachments.image import CHECKED, FORMATS, LARGEST, image_problem
from edi.attachments.media import PDF, TYPES, media_type_of
from edi.attachments.metadata import without_metadata
from edi.attachments.metadata.reading import chunks
from edi.attachments.reduce import reduced_image
from edi.visit.facts import FileFact, FileProblem
from edi.visit.record import Attachment

_HEAD = 1024
_TAIL = 1024  # where a PDF's trailer must stand

_ENDS = {
    "image/png": b"IEND\xaeB`\x82",
    "image/jpeg": b"\xff\xd9",
    "application/pdf": b"%%EOF",
}
# A PDF's trailer points at its encryption dictionary, or holds it.
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R\b)")
_ENCRYPTED_LONGEST = 64


def examine_files(
    base: str, attachments: Sequence[Attachment], size_limit: int | None = None
) -> dict[str, FileFact]:
    """The facts of every attachment that names a file, by its id. `base` is the folder the names are relative to; an image
    of more than `size_limit` octets is reduced to them (None: never)."""
    return {
        attachment["id"]: _facts(base, attachment["file"], size_limit)
        for attachment in attachments
        if attachment.get("file")
    }


def sent_chunks(
    path: Path, media_type: str | None, size_limit: int | None, removed: set[str]
) -> Iterator[bytes]:
    """The content that is sent of a good file, in chunks: exactly the octets that `FileFact` counts and digests.

    The kinds of metadata left out are added to `removed`. Raises OSError when the file cannot be read any more."""
    with path.open("rb") as stream:
        if size_limit is not None and media_type in FORMATS and path.stat().st_size > size_limit:
            smaller = reduced_image(stream, media_type, size_limit)
            if smaller is not None:
                yield smaller
                return
            stream.seek(0)
        yield from without_metadata(stream, media_type, removed)


def _facts(base: str, name: str, size_limit: int | None) -> FileFact:
    if not _inside(base, name):
        return FileFact("outside", None, 0, None)
    path = Path(base, name)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, and a device may never end
            return FileFact("unreadable", None, 0, None)
        with path.open("rb") as stream:
            size, kind, problem = _look(stream, TYPES.get(path.suffix.lower()))
        if problem == "empty":
            return FileFact("empty", None, 0, None)
        return _as_sent(path, kind, problem, size, size_limit)
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


def _as_sent(
    path: Path, kind: str | None, problem: FileProblem | None, size: int, size_limit: int | None
) -> FileFact:
    digest = hashlib.sha256()
    removed: set[str] = set()
    image = io.BytesIO() if problem is None and kind in CHECKED else None
    count = 0
    for chunk in sent_chunks(path, kind, size_limit, removed):
        digest.update(chunk)
        count += len(chunk)
        if image and count <= LARGEST:
            image.write(chunk)
    if image and kind and count <= LARGEST:
        problem = image_problem(image.getvalue(), kind)
    reduced = size_limit is not None and kind in FORMATS and size > size_limit >= count
    return FileFact(
        problem, kind, count, digest.hexdigest(), tuple(sorted(removed)), size if reduced else None
    )


def _look(stream: BinaryIO, named: str | None) -> tuple[int, str | None, FileProblem | None]:
    """The size of a file, its media type, and its problem."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    head = tail = b""
    size, text, encrypted = 0, True, False
    for chunk in chunks(stream):
        head = head or chunk[:_HEAD]
        if head.startswith(PDF):
            encrypted = encrypted or bool(_ENCRYPTED.search(tail[-_ENCRYPTED_LONGEST:] + chunk))
        tail = (tail + chunk)[-_TAIL:]
        size += len(chunk)
        text = text and _is_text(decoder, chunk)
    if not size:
        return 0, None, "empty"
    kind = media_type_of(head, text=text)
    return size, kind, _problem(kind, named, tail, encrypted=encrypted)


def _problem(kind: str | None, named: str | None, tail: bytes, *, encrypted: bool) -> FileProblem | None:
    if kind is None:
        return "unknown-type"
    if not _whole(kind, tail):
        return "truncated"
    if named != kind:
        return "not-what-name-says"
    return "encrypted" if encrypted else None


def _is_text(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    if b"\x00" in chunk:
        return False
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _whole(kind: str, tail: bytes) -> bool:
    end = _ENDS.get(kind)
    if end is None:
        return True
    # Cameras and scanners pad the end of a JPEG; a PDF may close with line breaks.
    return end in tail if kind != "image/png" else tail.endswith(end)
